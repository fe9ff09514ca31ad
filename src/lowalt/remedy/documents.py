"""Changing a plan: as a document, read again by the strict rules of every plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan

Values = Mapping[str, Any]
"""Values by path, as ``mission.control_mode``, ``pilots[].licence.night_rating`` of every pilot, or
``approvals[+]`` for one more; ``None`` takes away what stands there."""


def with_values(plan: FlightPlan, values: Values) -> FlightPlan | None:
    """State values in a plan.

    Parameters
    ----------
    plan
        The plan, which stays as it is.
    values
        What to state, by path; ``[]`` in a path is every one of a list, ``[+]`` a new one.

    Returns
    -------
    FlightPlan or None
        The changed plan; ``None`` where the values contradict what else it says, or where a path
        leads through a list that it does not have.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/02_light_show_swarm.json")
    >>> with_values(plan, {"aircraft.count": 1}).aircraft.count
    1
    """
    document = plan.model_dump(mode="json", exclude_none=True)
    for path, value in values.items():
        if not _put(document, path.split("."), value):
            return None
    try:
        return parse_plan(document)
    except InvalidInputError:
        return None


def _put(document: dict[str, Any], path: list[str], value: Any) -> bool:
    name, *rest = path
    if name.endswith("[+]"):
        document.setdefault(name[:-3], []).append(value)
        return True
    if name.endswith("[]"):
        items = document.get(name[:-2])
        return bool(items) and all(_put(item, rest, value) for item in items or ())
    if rest:
        return _put(document.setdefault(name, {}), rest, value)
    document[name] = value
    return True
