"""Positions, levels and parts of plans out of GeoJSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from lowalt.errors import InvalidInputError, naming, shown
from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.cells import CellError, number
from lowalt.levels import Level, VerticalReference

_PLAN_KEYS = [key for key in FlightPlan.model_fields if key not in ("waypoints", "operating_area")]
_MOST_TOLD = 20  # of properties that are not of a plan
_DATUMS = {"agl": VerticalReference.AGL, "w84": VerticalReference.HAE}


def one_part(geometry: Mapping[str, Any]) -> tuple[Any, list[Any]]:
    """Give kind and coordinates; a multiple one of one part is that part."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise InvalidInputError(f"coordinates: given {shown(coordinates)}, expected a list")
    if kind in ("MultiLineString", "MultiPolygon", "MultiPoint"):
        if len(coordinates) != 1 or not isinstance(coordinates[0], list):
            raise InvalidInputError(
                f"a {kind} of {len(coordinates)} parts: a plan is one line or one area; make each"
                " a feature"
            )
        return kind.removeprefix("Multi"), coordinates[0]
    return kind, coordinates


def as_numbers(values: Any, *, what: str) -> list[float]:
    """Read a list of finite numbers."""
    if not isinstance(values, list):
        raise InvalidInputError(f"{what}: given {shown(values)}, expected a list of numbers")
    try:
        return [number(None if isinstance(value, str) else value) for value in values]
    except CellError as error:
        raise InvalidInputError(f"{what}: given {shown(values)}, {error}") from None


def as_position(position: Any, *, what: str) -> list[float]:
    """Read longitude, latitude and perhaps a height."""
    values = as_numbers(position, what=what)
    if not 2 <= len(values) <= 3:
        raise InvalidInputError(
            f"{what}: given {shown(values)}, expected [lon, lat] or a height too"
        )
    return values


def as_reference(word: Any) -> VerticalReference:
    """Read what a height is measured from."""
    if word not in list(VerticalReference):
        raise InvalidInputError(
            f"reference: given {shown(word)}, expected one of {', '.join(VerticalReference)}"
        )
    return VerticalReference(word)


def as_level(level: Any, *, what: str) -> Level:
    """Read a level as a plan has it, as people write it, or as metres and datum."""
    if isinstance(level, str):
        with naming(what):
            return Level.parse(level)
    if isinstance(level, Mapping) and "meters" in level:
        datum = _DATUMS.get(str(level.get("datum")).lower())
        if datum is None:
            given = shown(level.get("datum"))
            raise InvalidInputError(f"{what}: datum: given {given}, expected agl or w84")
        [value_m] = as_numbers([level["meters"]], what=what)
        return Level(value_m, datum)
    if not isinstance(level, Mapping) or level.keys() != {"value_m", "reference"}:
        raise InvalidInputError(f"{what}: given {shown(level)}, expected one such as '120 m AGL'")
    [value_m] = as_numbers([level["value_m"]], what=what)
    return Level(value_m, as_reference(level["reference"]))


def parts_of_a_plan(
    properties: Mapping[str, Any], read_already: Sequence[str], *, plan_id: str
) -> tuple[dict[str, Any], list[Loss]]:
    """Give the parts of a plan among properties, and tell of those that are none."""
    parts = {key: properties[key] for key in _PLAN_KEYS if key in properties}
    others = [key for key in properties if key not in parts and key not in read_already]
    losses = []
    for key in others[:_MOST_TOLD]:
        close = get_close_matches(key, [*_PLAN_KEYS, *read_already], n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        losses.append(Loss(plan_id, f"property {shown(key)}", f"left out: not of a plan{hint}"))
    if len(others) > _MOST_TOLD:
        more = f"{len(others) - _MOST_TOLD} more properties"
        losses.append(Loss(plan_id, more, "left out: not of a plan"))
    return {"plan_id": plan_id, "datum": "WGS84", **parts}, losses
