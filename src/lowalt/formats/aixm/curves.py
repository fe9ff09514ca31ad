"""Curves of GML in aviation data: positions, and rings of lines and arcs.

Arcs are read as EUROCONTROL's coding guidelines interpret GML ("Arc by Centre Point"): angles count
from the first axis towards the second, and the arc runs from the start to the end angle in the
direction in which the numbers run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from enum import Enum
from typing import Final
from xml.etree.ElementTree import Element

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from lowalt.airspace import Circle, Outline
from lowalt.airspace.capacity import require_few_points
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.formats.aixm.elements import child, children, local
from lowalt.formats.rings import ROUNDING_M, Corner, Place, Ring, arc_ends
from lowalt.units import METRES_PER_FOOT, METRES_PER_NAUTICAL_MILE


class Axes(Enum):
    """Which of longitude and latitude comes first."""

    LAT_LON = "latitude, longitude"
    LON_LAT = "longitude, latitude"


_LAT_LON = re.compile(
    r"urn:(x-)?ogc:def:crs:EPSG:[\d.]*:4326|https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/4326"
)
_LON_LAT = re.compile(
    r"urn:(x-)?ogc:def:crs:OGC:[\d.]*:CRS84|https?://www\.opengis\.net/def/crs/OGC/[\d.]+/CRS84"
)

METRES: Final = {
    "M": 1.0,
    "KM": 1000.0,
    "NM": METRES_PER_NAUTICAL_MILE,
    "[NMI_I]": METRES_PER_NAUTICAL_MILE,
    "FT": METRES_PER_FOOT,
    "[FT_I]": METRES_PER_FOOT,
}
"""Metres in a unit of distance, AIXM's and UCUM's, in capitals."""

# A straight line in degrees is drawn as geodesics of that length: the two differ by 2 mm.
_STEP_DEG = 0.005


def axes_in(element: Element, inherited: Axes | None) -> Axes | None:
    """Return the axes that an element states, or those of the elements round it.

    Raises
    ------
    GeometryError
        If it states others than WGS 84 degrees in a known order.
    """
    srs = element.get("srsName")
    if srs is None:
        return inherited
    if _LAT_LON.fullmatch(srs):
        return Axes.LAT_LON
    if _LON_LAT.fullmatch(srs):
        return Axes.LON_LAT
    raise GeometryError(
        f"srsName {srs[:80]!r}: expected urn:ogc:def:crs:EPSG::4326 (latitude first) or"
        " urn:ogc:def:crs:OGC:1.3:CRS84 (longitude first); others leave the order of axes open"
    )


def positions(curve: Element, axes: Axes | None) -> list[Place]:
    """Read the positions of a curve or a point.

    Raises
    ------
    GeometryError
        If there are others than pairs of degrees in range, or their order is not known.
    """
    found: list[Place] = []
    for part in curve:
        name = local(part)
        if name in ("pos", "posList"):
            found.extend(_pairs(part, axes_in(part, axes)))
        elif name == "pointProperty":
            point = next(iter(part), None)
            if point is None:
                raise GeometryError(
                    "a position by reference (xlink) to a point of another feature is not read;"
                    " expected its coordinates"
                )
            found.extend(positions(point, axes_in(point, axes)))
    return found


def _pairs(element: Element, axes: Axes | None) -> Iterator[Place]:
    if axes is None:
        raise GeometryError("positions without srsName: the order of their axes is not known")
    text = element.text or ""
    try:
        numbers = np.array(text.split(), dtype=np.float64)
    except ValueError:
        raise GeometryError(f"given {text.strip()[:60]!r}, expected numbers") from None
    if len(numbers) % 2 or element.get("srsDimension", "2") != "2":
        raise GeometryError(f"{len(numbers)} numbers in a {local(element)}: expected pairs")
    if not np.isfinite(numbers).all():
        raise GeometryError(f"a {local(element)} with a coordinate that is not a finite number")
    for first, second in numbers.reshape(-1, 2).tolist():
        lon, lat = (second, first) if axes is Axes.LAT_LON else (first, second)
        if abs(lon) > 180.0 or abs(lat) > 90.0:
            hint = "; they look swapped" if abs(lon) <= 90.0 and abs(lat) <= 180.0 else ""
            raise GeometryError(
                f"longitude {lon:g}, latitude {lat:g}: expected {axes.value}, at most 180 and 90"
                f" degrees{hint}"
            )
        yield lon, lat


# Rings


def ring_in(boundary: Element, axes: Axes | None) -> Circle | Outline | Polygon:
    """Read the ring of an ``exterior`` or an ``interior``.

    Returns
    -------
    Circle, Outline or Polygon
        A polygon for a LinearRing, whose edges are straight in degrees.

    Raises
    ------
    GeometryError
        If it is not closed, or of curves that are not read.
    """
    for found in boundary:
        if local(found) == "LinearRing":
            return _linear_ring(positions(found, axes_in(found, axes)))
        if local(found) == "Ring":
            return _curve_ring(found, axes_in(found, axes))
    raise GeometryError(f"an {local(boundary)} without a Ring or LinearRing")


def _linear_ring(places: list[Place]) -> Polygon:
    if len(places) < 4 or places[0] != places[-1]:
        ends = f", first {places[0]}, last {places[-1]}" if places else ""
        raise GeometryError(
            f"a ring of {len(places)} points{ends}: a ring has at least 4 and ends where it began"
        )
    return Polygon(places)


def _curve_ring(element: Element, axes: Axes | None) -> Circle | Outline:
    segments = list(segments_in(element, axes))
    if len(segments) == 1 and local(segments[0][0]) == "CircleByCenterPoint":
        circle, axes = segments[0]
        lon_deg, lat_deg = _centre(circle, axes)
        return Circle(lon_deg, lat_deg, _radius_m(circle))
    ring = Ring()
    for segment, axes in segments:
        _draw(ring, segment, axes)
    if ring.opening_m() > ROUNDING_M:
        raise GeometryError(
            f"a ring that ends {ring.opening_m():.0f} m from where it began; expected it closed"
        )
    return ring.outline()


def segments_in(element: Element, axes: Axes | None) -> Iterator[tuple[Element, Axes | None]]:
    """Find the segments of the curves of a ring, with their axes.

    Raises
    ------
    GeometryError
        If a curve is not there but only referred to, or is none that is read.
    """
    for member in children(element, "curveMember"):
        curve = next(iter(member), None)
        if curve is None:
            raise GeometryError(
                "a border by reference (xlink) to another feature is not read; expected its"
                " coordinates"
            )
        yield from segments_of(curve, axes_in(curve, axes))


def segments_of(curve: Element, axes: Axes | None) -> Iterator[tuple[Element, Axes | None]]:
    """Find the segments of a curve, with their axes."""
    if local(curve) == "LineString":
        yield curve, axes
    elif local(curve) in ("Curve", "ElevatedCurve"):
        for segments in children(curve, "segments"):
            yield from ((segment, axes) for segment in segments)
    else:
        raise GeometryError(f"a {local(curve)[:40]} is not read; expected a Curve")


def _draw(ring: Ring, segment: Element, axes: Axes | None) -> None:
    match local(segment):
        case "GeodesicString" | "Geodesic":
            _draw_line(ring, positions(segment, axes))
        case "LineStringSegment" | "LineString":
            _draw_line(ring, _cut(positions(segment, axes)))
        case "ArcByCenterPoint":
            _draw_arc(ring, segment, axes)
        case other:
            raise GeometryError(
                f"a {other[:40]} is not read; expected GeodesicString, LineStringSegment,"
                " ArcByCenterPoint, or CircleByCenterPoint alone"
            )


def _draw_line(ring: Ring, places: list[Place]) -> None:
    for number, place in enumerate(places):
        corner = Corner(place)
        if number == 0:
            _require_joint(ring, corner)
        ring.add(corner)


def _cut(places: list[Place]) -> list[Place]:
    if len(places) < 2:
        return places
    line = LineString(places)
    require_few_points(int(line.length / _STEP_DEG), where="a LineStringSegment")
    return [(lon, lat) for lon, lat in shapely.segmentize(line, _STEP_DEG).coords]


def _draw_arc(ring: Ring, arc: Element, axes: Axes | None) -> None:
    centre, radius_m = _centre(arc, axes), _radius_m(arc)
    start_deg, end_deg = _angle_deg(arc, "startAngle"), _angle_deg(arc, "endAngle")
    if abs(end_deg - start_deg) >= 360.0:
        raise GeometryError(f"an arc from {start_deg:g} to {end_deg:g} degrees: more than a circle")
    clockwise = start_deg < end_deg
    if axes is Axes.LON_LAT:
        # From the east towards the north, where bearings run from the north towards the east.
        start_deg, end_deg, clockwise = 90.0 - start_deg, 90.0 - end_deg, not clockwise
    start, end = arc_ends(
        centre,
        radius_m=radius_m,
        start_deg=start_deg,
        end_deg=end_deg,
        # Angles come rounded to whole degrees at worst.
        slack_m=max(ROUNDING_M, radius_m * math.radians(0.5)),
    )
    _require_joint(ring, start)
    ring.add_arc(start, end, centre=centre, clockwise=clockwise)


def _require_joint(ring: Ring, corner: Corner) -> None:
    gap_m = ring.gap_m(corner)
    if gap_m > ROUNDING_M:
        raise GeometryError(
            f"a segment begins {gap_m:.0f} m from where the one before it ends; expected the same"
            " place (do the angles of an arc count as those of its srsName?)"
        )


def _centre(arc: Element, axes: Axes | None) -> Place:
    places = positions(arc, axes)
    if len(places) != 1:
        raise GeometryError(f"a {local(arc)} with {len(places)} centres; expected one")
    return places[0]


def _radius_m(arc: Element) -> float:
    radius = child(arc, "radius")
    if radius is None:
        raise GeometryError(f"a {local(arc)} without radius")
    return distance_m(radius)


def distance_m(element: Element) -> float:
    """Read a distance with its unit.

    Raises
    ------
    InvalidInputError
        If the number or the unit cannot be read.
    """
    unit = element.get("uom", "")
    if unit.upper() not in METRES:
        raise InvalidInputError(
            f"{local(element)} in {unit[:20]!r}: expected a unit of {', '.join(METRES)}"
        )
    return number_in(element) * METRES[unit.upper()]


def _angle_deg(arc: Element, name: str) -> float:
    angle = child(arc, name)
    if angle is None or angle.get("uom", "deg") != "deg":
        unit = "nothing" if angle is None else repr(angle.get("uom"))[:20]
        raise GeometryError(f"{name} in {unit}: expected degrees, uom='deg'")
    return number_in(angle)


def number_in(element: Element) -> float:
    """Read a number.

    Raises
    ------
    InvalidInputError
        If it is none, or not finite.
    """
    text = (element.text or "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InvalidInputError(f"{local(element)}: given {text[:40]!r}, expected a number")
    return value
