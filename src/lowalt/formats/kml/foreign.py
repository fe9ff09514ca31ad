"""Placemarks of other programs, read as zones.

KML does not say what a figure means. One that encloses an area becomes a UAS zone that asks for
authorization, at the heights that its figure surely has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from shapely.geometry import Polygon

from lowalt.airspace import EVERY_HEIGHT, Restriction, Volume3D, Zone
from lowalt.errors import naming
from lowalt.formats.adoption import Identifiers, adopt
from lowalt.formats.exchange import Loss, Origin, everywhere
from lowalt.formats.kml.figures import MODES, ON_GROUND, Figure
from lowalt.formats.kml.times import schedule_of
from lowalt.formats.limits import layer_between
from lowalt.levels import Level, VerticalLayer
from lowalt.terms import ZoneKind

_REFERENCES: Final = {mode: reference for reference, mode in MODES.items()}

# Walls of a building stand upright on less than a square millimetre.
_LEAST_AREA_DEG2: Final = 1e-16


def zone_of(
    placemark: Element,
    figures: Sequence[Figure],
    others: Sequence[str],
    *,
    title: str,
    namespace: str,
    origin: Origin,
    identifiers: Identifiers,
    where: str,
) -> tuple[Zone | None, list[Loss]]:
    """Read a placemark as a zone; ``None`` if none of its figures encloses an area.

    Parameters
    ----------
    placemark
        The element.
    figures, others
        Its figures, and names of those that are not read.
    title
        Its name.
    namespace
        Namespace of the file's elements, in braces.
    origin, identifiers
        What the file does not say, and what its zones are called.
    where
        What messages call the placemark.

    Raises
    ------
    InvalidInputError
        If anything of it cannot be read; the message begins with ``where``.
    GeometryError
        If a figure is not sound.
    """
    areas = [(figure, area) for figure in figures if (area := _area(figure)) is not None]
    if not areas:
        return None, list(_left_out(figures, others, title))
    identifier = identifiers.take(placemark.get("id", ""), name=title)
    losses = list(_left_out(figures, others, identifier))
    volumes = []
    for figure, area in areas:
        with naming(where):
            layer, how = _layer(figure)
        volumes.append(Volume3D(area, layer))
        losses += [Loss(identifier, "limits", how)] if how else []
    with naming(where):
        schedule, how = schedule_of(placemark, namespace=namespace)
    losses += [Loss(identifier, "hours", how)] if how else []
    if placemark.find(f"{namespace}ExtendedData") is not None:
        losses.append(Loss(identifier, "data", "ExtendedData of another program: left out"))
    text = (placemark.findtext(f"{namespace}description") or "").strip()
    zone = adopt(
        origin,
        identifier=identifier,
        name=title or identifier,
        kind=ZoneKind.UAS_ZONE,
        restriction=Restriction.REQ_AUTHORIZATION,
        volumes=volumes,
        schedule=schedule,
        remarks=everywhere(text) if text else {},
        where=where,
    )
    return zone, losses


def _area(figure: Figure) -> Polygon | None:
    """Return the polygon of a figure, unless it stands upright."""
    shape = figure.shape
    if not isinstance(shape, Polygon):
        return None
    # The hull, because the loops of a ring that crosses itself cancel each other's area.
    return shape if shape.convex_hull.area > _LEAST_AREA_DEG2 else None


def _left_out(figures: Sequence[Figure], others: Sequence[str], feature: str) -> Iterator[Loss]:
    flat = [figure.shape.geom_type for figure in figures if _area(figure) is None]
    for word in dict.fromkeys((*flat, *others)):
        what = "an upright polygon" if word == "Polygon" else word
        yield Loss(feature, "figure", f"{what}: encloses no area; left out")


def _layer(figure: Figure) -> tuple[VerticalLayer, str]:
    """Heights that a figure stands for, and what had to be read more widely, if anything."""
    if figure.mode == ON_GROUND or figure.highest_m <= 0.0:
        return EVERY_HEIGHT, ""
    if figure.mode not in _REFERENCES:
        return EVERY_HEIGHT, f"{figure.mode[:40]}: read as every height"
    top = Level(figure.highest_m, _REFERENCES[figure.mode])
    if not figure.has_curtain:
        return EVERY_HEIGHT, f"a plate at {top} with no curtain: read as every height"
    layer, _ = layer_between(None, top, feature="")
    if figure.lowest_m == figure.highest_m:
        return layer, ""
    return layer, f"a roof that slopes from {figure.lowest_m:g} m: read as level at {top}"
