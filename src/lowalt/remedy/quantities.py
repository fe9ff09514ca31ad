"""From a number of law to the value that a plan would state."""

from __future__ import annotations

import math

from lowalt.errors import InvalidInputError
from lowalt.regulations.conditions import Compare, value_text
from lowalt.units import factor
from lowalt.vocabulary import Fact

_UNITS = {
    "_m_s": "m/s",
    "_per_km2": "/km2",
    "_per_h": "/h",
    "_percent": "%",
    "_hkd": "HKD",
    "_kg": "kg",
    "_m": "m",
    "_s": "s",
    "_j": "J",
    "hours_since_alcohol": "h",
}
"""Units by the end of a plan's field, the longer ends first."""


def edge(condition: Compare, *, holds: bool) -> int:
    """Last value, in fact units, with which a comparison holds, or does not.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.regulations.rulebook import load_rulebook
    >>> ceiling = load_rulebook(on=date(2026, 6, 1)).definitions["is_above_ceiling"]
    >>> edge(ceiling, holds=True), edge(ceiling, holds=False)
    (120000, 119999)
    """
    at_most = condition.comparison in ("<", "<=")
    includes = condition.comparison in ("<=", ">=", "==")
    limit = condition.limit
    if at_most is holds:
        # The greatest on the side below.
        whole = math.floor(limit)
        return whole - (whole == limit and includes is not holds)
    whole = math.ceil(limit)
    return whole + (whole == limit and includes is not holds)


def in_plan(fact: Fact, value: int) -> float | int | None:
    """Bring fact units to the unit of the plan's field.

    ``None`` for a fact that is worked out from other things than one field of its own.

    Examples
    --------
    >>> from lowalt.vocabulary import fact
    >>> in_plan(fact("max_distance_from_pilot_mm"), 500_000)
    500.0
    >>> in_plan(fact("max_true_height_mm"), 119_999) is None
    True
    """
    unit = next((unit for end, unit in _UNITS.items() if fact.field.endswith(end)), None)
    if unit is None or fact.unit is None or "," in fact.field:
        return None
    try:
        exact = value / factor(unit, to=fact.unit)
    except InvalidInputError:  # a ratio of the field to something else
        return None
    # Money is counted in whole dollars.
    return int(exact) if unit == "HKD" else float(exact)


def written(fact: Fact, value: int) -> str:
    """Write a value for people."""
    return value_text(fact, value, "en")
