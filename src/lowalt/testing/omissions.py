"""Leaving facts out of plans, one by one."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from lowalt.flights import FlightPlan, parse_plan

Field = tuple[str | int, ...]
"""Where something stands in a plan's document, such as ``("pilots", 0, "licence")``."""


# Not facts: what a plan must have in one way or another, and what has a default.
_FIXED = {"waypoints", "operating_area", "route_buffer_m", "coordinates_checked"}
_ONE_OF_TWO = {"polygon", "circle", "lon_deg", "lat_deg"}


def facts_stated(plan: FlightPlan) -> Iterator[Field]:
    """List where a plan states something that it need not: what could be left out.

    Parameters
    ----------
    plan
        Any plan.

    Examples
    --------
    >>> from lowalt.flights import parse_plan
    >>> plan = parse_plan('''{
    ...     "plan_id": "p", "datum": "WGS84", "mission": {"indoor": true},
    ...     "operating_area": {
    ...         "circle": {"lon_deg": 114.05, "lat_deg": 22.54, "radius_m": 200},
    ...         "floor": {"value_m": 0, "reference": "AGL"},
    ...         "ceiling": {"value_m": 100, "reference": "AGL"},
    ...         "start": "2026-03-01T09:00:00+08:00", "end": "2026-03-01T09:20:00+08:00"
    ...     }
    ... }''')
    >>> list(facts_stated(plan))
    [('mission',), ('mission', 'indoor')]
    """
    yield from _stated(plan, ())


def _stated(part: object, at: Field) -> Iterator[Field]:
    if isinstance(part, tuple):
        for index, item in enumerate(part):
            yield from _stated(item, (*at, index))
    if not isinstance(part, BaseModel):
        return
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if value is None or name in _ONE_OF_TWO or (not at and name in _FIXED):
            continue
        if not field.is_required():
            yield (*at, name)
        yield from _stated(value, (*at, name))


def without(plan: FlightPlan, *fields: Field) -> FlightPlan:
    """Leave facts out of a plan: they are then unknown.

    Parameters
    ----------
    plan
        Any plan.
    fields
        Where they stand; one inside another that is left out too is passed over.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from lowalt.testing import plans
    >>> @settings(max_examples=3, database=None)
    ... @given(plans(kind="lawful"))
    ... def test_what_is_left_out_is_unknown(plan):
    ...     assert without(plan, ("aircraft", "empty_mass_kg")).aircraft.empty_mass_kg is None
    >>> test_what_is_left_out_is_unknown()
    """
    document = copy.deepcopy(plan.model_dump(mode="json", exclude_none=True))
    for field in fields:
        holder: Any = document
        for key in field[:-1]:
            if isinstance(holder, dict) and key not in holder:
                break
            holder = holder[key]
        else:
            holder.pop(field[-1], None)
    return parse_plan(document)
