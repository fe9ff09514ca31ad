"""Flying lower: every level capped, by no more millimetres than it takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

from lowalt.airspace import Zone
from lowalt.flights import FlightPlan
from lowalt.levels import Level, VerticalReference
from lowalt.regulations.case import Case
from lowalt.regulations.conditions import Compare, Leaf
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Court, Hearing
from lowalt.remedy.numbers import least
from lowalt.remedy.offers import Change, Kind
from lowalt.situation import Situation
from lowalt.units import FactUnit, shown
from lowalt.wording import both

_HEIGHT, _BELOW_CLOUD = "max_true_height_mm", "cloud_clearance_mm"
Goal = Callable[[Situation], bool]


def lower(court: Court, hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield the least losses of height that settle a comparison, or pass below a zone."""
    room_mm = _room_mm(hearing.plan)
    for goal, guess_mm in _goals(court, hearing, causes):

        def reached(by_mm: int, goal: Goal = goal) -> bool:
            plan = capped(hearing.plan, by_mm=by_mm)
            return plan is not None and goal(court.lay(plan))

        by_mm = least(reached, most=room_mm, guess=guess_mm)
        if by_mm is not None and (change := _change(hearing, by_mm)) is not None:
            yield change


def _goals(court: Court, hearing: Hearing, causes: Causes) -> Iterator[tuple[Goal, int]]:
    """Yield what has to come out, and the millimetres that the number of law says it takes."""
    for leaf in causes.leaves:
        condition = leaf.condition
        if not isinstance(condition, Compare):
            continue
        if condition.fact.name not in (_HEIGHT, _BELOW_CLOUD):
            continue
        value_mm = leaf.view.value(condition.fact.name)
        if isinstance(value_mm, int):
            sign = 1 if condition.fact.name == _HEIGHT else -1  # lower is farther below cloud
            guess_mm = math.ceil(sign * (Fraction(value_mm) - condition.limit))
            yield _turns(court, leaf), max(1, guess_mm)
    for zone in hearing.zones(causes.encounters):
        floors = [v.layer.floor for v in zone.volumes]
        if all(floor is not None and floor.value_m > 0.0 for floor in floors):
            yield _misses(zone), 1


def _misses(zone: Zone) -> Goal:
    return lambda situation: all(e.zone is not zone for e in situation.encounters)


def _turns(court: Court, leaf: Leaf) -> Goal:
    """Whether a comparison comes out the other way."""

    def goal(situation: Situation) -> bool:
        views = Case(court.facts(situation), {}).views(leaf.view.scope)
        return any(
            view.index == leaf.view.index and leaf.condition.truth(view) is ~leaf.truth
            for _, view in views
        )

    return goal


def _change(hearing: Hearing, by_mm: int) -> Change | None:
    plan = capped(hearing.plan, by_mm=by_mm)
    if plan is None:
        return None
    before, after = _highest(hearing.plan), _highest(plan)
    lost = shown(by_mm, FactUnit.MILLIMETRE)
    return Change(
        kind=Kind.LOWER,
        text=both(
            f"降低飞行高度：最高高度由 {before} 降至 {after}（降低 {lost}），各处均不超过此高度",
            f"fly lower: cap the greatest level of {before} at {after} ({lost} lower), and every"
            " other level with it",
        ),
        cost=costs.LOWER + costs.LOWER_PER_M * by_mm / 1000.0,
        apply=lambda plan: capped(plan, by_mm=by_mm),
        series="lower",
        amount=by_mm,
        sized=lambda amount: _change(hearing, amount),
    )


def capped(plan: FlightPlan, *, by_mm: int) -> FlightPlan | None:
    """Take height off the top of a plan.

    Parameters
    ----------
    plan
        The plan.
    by_mm
        By how much its greatest level is lowered, in each reference that it uses; levels that lie
        below the new greatest one stay as they are.

    Returns
    -------
    FlightPlan or None
        The plan; ``None`` where nothing above its reference would be left of a level.
    """
    greatest = _greatest_m(plan)
    # Millimetres taken off a decimal number leave one; the rest is noise of the last bits.
    caps = {ref: round(value_m - by_mm / 1000.0, 9) for ref, value_m in greatest.items()}
    if min(caps.values()) <= 0.0:
        return None

    def cap(level: Level) -> dict[str, object]:
        value_m = min(level.value_m, caps.get(level.reference, level.value_m))
        return {"value_m": value_m, "reference": level.reference.value}

    if plan.operating_area is not None:
        area = plan.operating_area
        return with_values(
            plan,
            {
                "operating_area.floor": cap(area.floor),
                "operating_area.ceiling": cap(area.ceiling),
            },
        )
    waypoints = [{**w.model_dump(mode="json"), "level": cap(w.level)} for w in plan.waypoints or ()]
    return with_values(plan, {"waypoints": waypoints})


def _levels(plan: FlightPlan) -> list[Level]:
    if plan.operating_area is not None:
        return [plan.operating_area.ceiling]
    return [waypoint.level for waypoint in plan.waypoints or ()]


def _greatest_m(plan: FlightPlan) -> dict[VerticalReference, float]:
    found: dict[VerticalReference, float] = {}
    for level in _levels(plan):
        found[level.reference] = max(level.value_m, found.get(level.reference, level.value_m))
    return found


def _highest(plan: FlightPlan) -> str:
    greatest = _greatest_m(plan)
    return " / ".join(str(Level(value_m, ref)) for ref, value_m in greatest.items())


def _room_mm(plan: FlightPlan) -> int:
    """How far all the levels can come down."""
    return max(0, int(min(_greatest_m(plan).values()) * 1000.0))
