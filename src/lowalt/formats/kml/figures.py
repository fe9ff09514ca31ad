"""Figures of KML: polygons, lines and points, each at one height.

A zone between the surface and a ceiling is its ceiling with a curtain down to the ground. Where its
floor is above the ground, floor and ceiling hang in the air: KML has no curtain that ends there.
Heights above the ellipsoid KML does not know; they are drawn on the ground.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import shapely
from shapely.coords import CoordinateSequence
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.polygon import orient

from lowalt.airspace import Corridor, Feature, Line, Site, Volume3D, Zone
from lowalt.airspace.capacity import require_few_points
from lowalt.airspace.geojson.geometry import COORDINATE_DECIMALS
from lowalt.errors import GeometryError
from lowalt.geodesy import FloatArray
from lowalt.levels import Level, VerticalLayer, VerticalReference

NAMESPACE: Final = "http://www.opengis.net/kml/2.2"

ON_GROUND: Final = "clampToGround"
MODES: Final = {VerticalReference.AGL: "relativeToGround", VerticalReference.AMSL: "absolute"}
"""KML's words for vertical references."""

_KINDS: Final = ("Polygon", "LineString", "Point")
_OTHERS: Final = ("LinearRing", "Model", "Track", "MultiTrack")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and where it is in height.

    Parameters
    ----------
    shape
        Longitude and latitude, degrees.
    mode
        What its height is measured from, in KML's words.
    lowest_m, highest_m
        Heights of its lowest and highest point.
    has_curtain
        Whether it is joined to the ground (``extrude``).
    """

    shape: Polygon | LineString | Point
    mode: str = ON_GROUND
    lowest_m: float = 0.0
    highest_m: float = 0.0
    has_curtain: bool = False


# What features look like


def figures_of(feature: Feature) -> list[Figure]:
    """Draw a feature."""
    if isinstance(feature, Site):
        return [Figure(Point(feature.lon_deg, feature.lat_deg))]
    if isinstance(feature, Line):
        return [Figure(part) for part in shapely.get_parts(feature.line)]
    assert isinstance(feature, Zone | Corridor)
    figures = [figure for volume in feature.volumes for figure in _figures_of_volume(volume)]
    if isinstance(feature, Corridor):
        line = [(point.lon_deg, point.lat_deg) for point in feature.points]
        figures.append(Figure(LineString(line)))
    return figures


def _figures_of_volume(volume: Volume3D) -> Iterator[Figure]:
    for polygon in shapely.get_parts(volume.geometry):
        for level, has_curtain in _plates(volume.layer):
            if level is None:
                yield Figure(polygon)
            else:
                height_m = level.value_m
                yield Figure(polygon, MODES[level.reference], height_m, height_m, has_curtain)


def _plates(layer: VerticalLayer) -> list[tuple[Level | None, bool]]:
    """Heights at which a volume is drawn, and whether with a curtain; ``None`` is the ground."""
    floor, ceiling = (
        level if level is not None and level.reference in MODES else None
        for level in (layer.floor, layer.ceiling)
    )
    if layer.floor is None and ceiling is not None:
        return [(ceiling, True)]
    return [(level, False) for level in (floor, ceiling) if level is not None] or [(None, False)]


def require_same(drawn: Sequence[Figure], feature: Feature, *, where: str) -> None:
    """Refuse figures that are not those of the feature beside them.

    Raises
    ------
    GeometryError
        If they differ by more than rounding explains: somebody changed one of the two.
    """
    expected = figures_of(feature)
    if len(drawn) != len(expected) or not all(
        _is_same(one, other) for one, other in zip(drawn, expected, strict=True)
    ):
        raise GeometryError(
            f"{where}: its figures are not those of the feature in its ExtendedData: one of the two"
            " was changed; change both, or remove the element 'feature'"
        )


_SAME_DEG = 1e-7


def _is_same(one: Figure, other: Figure) -> bool:
    heights = np.array([one.lowest_m - other.lowest_m, one.highest_m - other.highest_m])
    boxes = np.array(one.shape.bounds) - np.array(other.shape.bounds)
    # Rounded corners move each stretch of a boundary by less than that, and the area with it.
    areas = one.shape.area - other.shape.area
    return (
        (one.mode, one.has_curtain) == (other.mode, other.has_curtain)
        and one.shape.geom_type == other.shape.geom_type
        and bool((np.abs(heights) < 1e-3).all() and (np.abs(boxes) < _SAME_DEG).all())
        and abs(areas) <= _SAME_DEG * other.shape.length
    )


# Writing


def add_figures(parent: Element, figures: Sequence[Figure]) -> None:
    """Put figures into a placemark."""
    if len(figures) > 1:
        parent = SubElement(parent, "MultiGeometry")
    for figure in figures:
        element = SubElement(parent, figure.shape.geom_type)
        if figure.has_curtain:
            SubElement(element, "extrude").text = "1"
        SubElement(element, "altitudeMode").text = figure.mode
        if isinstance(figure.shape, Polygon):
            polygon = orient(figure.shape)
            for tag, rings in (
                ("outerBoundaryIs", [polygon.exterior]),
                ("innerBoundaryIs", polygon.interiors),
            ):
                for ring in rings:
                    boundary = SubElement(SubElement(element, tag), "LinearRing")
                    _add_coordinates(boundary, ring.coords, figure.highest_m)
        else:
            _add_coordinates(element, figure.shape.coords, figure.highest_m)


def _add_coordinates(parent: Element, points: CoordinateSequence, height_m: float) -> None:
    height = np.format_float_positional(height_m, trim="-")
    SubElement(parent, "coordinates").text = " ".join(
        f"{_degrees(point[0])},{_degrees(point[1])},{height}" for point in points
    )


def _degrees(value: float) -> str:
    return f"{value:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".")


# Reading


def figures_in(placemark: Element, *, namespace: str, where: str) -> tuple[list[Figure], list[str]]:
    """Read the figures of a placemark.

    Parameters
    ----------
    placemark
        The element.
    namespace
        Namespace of the file's elements, in braces; empty if they have none.
    where
        What messages call the placemark.

    Returns
    -------
    figures
        Its polygons, lines and points, those of MultiGeometries included.
    others
        Names of geometries of other sorts.

    Raises
    ------
    GeometryError
        If a ring is not closed or a coordinate is none; the message begins with ``where``.
    """
    figures, others = [], []
    waiting = [placemark]
    while waiting:
        element = waiting.pop()
        word = element.tag.rpartition("}")[2]
        if element is placemark or word == "MultiGeometry":
            waiting.extend(reversed(element))
        elif element.tag == namespace + word and word in _KINDS:
            figures.append(_figure(element, word, namespace=namespace, where=where))
        elif word in _OTHERS:
            others.append(word)
    return figures, others


def _figure(element: Element, kind: str, *, namespace: str, where: str) -> Figure:
    shape: Polygon | LineString | Point
    if kind == "Polygon":
        outer, *others = _rings(element, "outerBoundaryIs", namespace=namespace, where=where)
        if others:
            raise GeometryError(f"{where}: a polygon with {1 + len(others)} outer boundaries")
        holes = _rings(element, "innerBoundaryIs", namespace=namespace, where=where, least=0)
        rings = [outer, *holes]
        shape = Polygon(outer[:, :2], [hole[:, :2] for hole in holes])
    else:
        points = _coordinates(element, namespace=namespace, where=where)
        rings = [points]
        if len(points) < (1 if kind == "Point" else 2):
            raise GeometryError(f"{where}: a {kind} of {len(points)} points")
        shape = Point(points[0, :2]) if kind == "Point" else LineString(points[:, :2])
    heights_m = np.concatenate([ring[:, 2] for ring in rings])
    return Figure(
        shape,
        _mode(element),
        float(heights_m.min()),
        float(heights_m.max()),
        (element.findtext(f"{namespace}extrude") or "").strip() in ("1", "true"),
    )


def _mode(element: Element) -> str:
    """Return KML's own word, or Google's for the sea floor, which has a namespace of its own."""
    for child in element:
        if child.tag.rpartition("}")[2] == "altitudeMode":
            return (child.text or "").strip() or ON_GROUND
    return ON_GROUND


def _rings(
    polygon: Element, tag: str, *, namespace: str, where: str, least: int = 1
) -> list[FloatArray]:
    path = f"{namespace}{tag}/{namespace}LinearRing"
    rings = [
        _coordinates(ring, namespace=namespace, where=where) for ring in polygon.iterfind(path)
    ]
    if len(rings) < least:
        raise GeometryError(f"{where}: a polygon without an {tag}")
    for ring in rings:
        if len(ring) < 4 or (ring[0, :2] != ring[-1, :2]).any():
            first, last = (ring[0].tolist(), ring[-1].tolist()) if len(ring) else (None, None)
            raise GeometryError(
                f"{where}: a ring of {len(ring)} points, first {first}, last {last}: a ring has at"
                " least 4 points and ends where it began"
            )
    return rings


def _coordinates(element: Element, *, namespace: str, where: str) -> FloatArray:
    """Read points of longitude, latitude and, if stated, height, ``(N, 3)``."""
    text = element.findtext(f"{namespace}coordinates") or ""
    values = array("d")
    for number, found in enumerate(re.finditer(r"\S+", text)):
        require_few_points(number, where=where)
        parts = found[0].split(",", 3)
        try:
            values.extend(map(float, parts if len(parts) == 3 else (*parts, "0")))
        except ValueError:
            values.append(math.nan)
        if len(parts) not in (2, 3) or not all(map(math.isfinite, values[-3:])):
            raise GeometryError(
                f"{where}: given {found[0][:60]!r}, expected longitude,latitude or"
                " longitude,latitude,height, without blanks between them"
            )
    points = np.array(values).reshape(-1, 3)
    if len(points):
        lon_deg, lat_deg, _ = np.abs(points).max(axis=0)
        if lon_deg > 180.0 or lat_deg > 90.0:
            hint = "; they look swapped" if lon_deg <= 90.0 and lat_deg <= 180.0 else ""
            raise GeometryError(
                f"{where}: longitude up to {lon_deg:g} and latitude up to {lat_deg:g}: expected"
                f" longitude first, at most 180 and 90 degrees{hint}"
            )
    return points
