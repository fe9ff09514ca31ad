"""Polygons that flights stay in for a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from shapely.geometry import Polygon

from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.kml.figures import MODES, ON_GROUND, Figure, figures_in
from lowalt.formats.plans.exchange import Draft, Need, Told, refuse_missing
from lowalt.formats.plans.identifiers import PlanIdentifiers
from lowalt.formats.plans.kml.tracks import period_of, text_of
from lowalt.levels import Level, VerticalReference

_REFERENCES: Final = {mode: reference for reference, mode in MODES.items()}
_GROUND: Final = Level(0.0, VerticalReference.AGL)


def area_draft(
    placemark: Element, *, identifiers: PlanIdentifiers, told: Told, where: str
) -> Iterator[Draft]:
    """Draft the flights that stay in the polygons of a placemark, between the ground and a height.

    Parameters
    ----------
    placemark
        The element.
    identifiers
        What the plans of the file are called.
    told
        The level up to which a polygon on the ground reaches.
    where
        What messages call the placemark.

    Raises
    ------
    InvalidInputError
        If the placemark does not say from when until when, or a polygon not how high.
    GeometryError
        If a polygon is not sound.
    """
    namespace = placemark.tag.rpartition("Placemark")[0]
    figures, _ = figures_in(placemark, namespace=namespace, where=where)
    polygons = [figure for figure in figures if isinstance(figure.shape, Polygon)]
    if not polygons:
        return
    period = period_of(placemark, where=where)
    if period.begin is None or period.end is None:
        raise InvalidInputError(
            f"{where}: a polygon is where a flight stays only for a time; give it a TimeSpan with"
            " begin and end"
        )
    for figure in polygons:
        ceiling = _ceiling(figure, told=told, where=where)
        plan_id = identifiers.take(text_of(placemark, "name"))
        assert isinstance(figure.shape, Polygon)
        losses = []
        if figure.shape.interiors:
            losses.append(Loss(plan_id, "area", "its holes are covered: a plan's area has none"))
        if figure.lowest_m != figure.highest_m:
            losses.append(
                Loss(plan_id, "heights", f"a roof that slopes: read as level at {ceiling}")
            )
        area = {
            "polygon": [list(corner) for corner in figure.shape.exterior.coords],
            "floor": _GROUND,
            "ceiling": ceiling,
            "start": period.begin,
            "end": period.end,
        }
        document = {"plan_id": plan_id, "datum": "WGS84", "operating_area": area}
        yield Draft(document, tuple(losses))


def _ceiling(figure: Figure, *, told: Told, where: str) -> Level:
    if figure.mode == ON_GROUND or figure.mode not in _REFERENCES:
        if told.level is None:
            refuse_missing([Need.LEVEL], name=where)
        assert told.level is not None
        return told.level
    ceiling = Level(figure.highest_m, _REFERENCES[figure.mode])
    if not figure.has_curtain:
        raise InvalidInputError(
            f"{where}: a plate at {ceiling} with nothing below it; extrude it down to the ground,"
            " which is where a flight's area begins"
        )
    return ceiling
