"""Flying slower, where it is the speed of the flight and not of the aircraft that counts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

from lowalt.flights import FlightPlan
from lowalt.geodesy import geodesic_distance_m
from lowalt.regulations.conditions import Compare
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.quantities import edge, written
from lowalt.truth import Truth
from lowalt.wording import both

_FACT = "planned_speed_mm_h"
_MM_H = 3_600_000.0
_MILLISECOND = timedelta(milliseconds=1)


def slower(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield the greatest speed that settles a comparison with the speed planned."""
    for leaf in causes.leaves:
        condition = leaf.condition
        known = isinstance(condition, Compare) and leaf.truth is not Truth.UNKNOWN
        if known and isinstance(condition, Compare) and condition.fact.name == _FACT:
            value = edge(condition, holds=leaf.truth is Truth.FALSE)
            change = _change(hearing.plan, value / _MM_H, written(condition.fact, value))
            if change is not None:
                yield change


def _change(plan: FlightPlan, most_m_s: float, said: str) -> Change | None:
    slowed = slowed_to(plan, most_m_s=most_m_s)
    if slowed is None:
        return None
    longer_min = (slowed.arrival - plan.arrival) / timedelta(minutes=1)
    return Change(
        kind=Kind.SLOWER,
        text=both(
            f"降低飞行速度至不超过 {said}，飞行时间增加 {longer_min:.1f} 分钟",
            f"fly no faster than {said}, which takes {longer_min:.1f} min longer",
        ),
        cost=costs.SLOWER + longer_min,
        apply=lambda plan: slowed_to(plan, most_m_s=most_m_s),
    )


def slowed_to(plan: FlightPlan, *, most_m_s: float) -> FlightPlan | None:
    """Fly every leg of a plan no faster than a speed.

    Parameters
    ----------
    plan
        The plan.
    most_m_s
        The speed over the ground.

    Returns
    -------
    FlightPlan or None
        The plan, which takes off when it did and lands no earlier; ``None`` for a speed of 0.
    """
    if most_m_s <= 0.0:
        return None
    values: dict[str, Any] = {"hong_kong.max_speed_m_s": most_m_s}
    if plan.waypoints is not None:
        at = plan.waypoints[0].time
        slowed = [plan.waypoints[0].model_dump(mode="json")]
        for a, b in pairwise(plan.waypoints):
            distance_m = geodesic_distance_m([(a.lon_deg, a.lat_deg)], [(b.lon_deg, b.lat_deg)])
            least_ms = math.ceil(1000.0 * float(distance_m[0]) / most_m_s)
            at += max(b.time - a.time, least_ms * _MILLISECOND)
            slowed.append({**b.model_dump(mode="json"), "time": at.isoformat()})
        values["waypoints"] = slowed
    return with_values(plan, values)
