"""Flying the same at another time: after a deadline's reach, out of a zone's hours, in daylight."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lowalt.facts import Facts
from lowalt.flights import FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.regulations.case import Case
from lowalt.regulations.conditions import Compare, CompareTimes, Holds, Leaf
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.awaited import carried
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.numbers import least
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.ports import while_open
from lowalt.remedy.tasks import is_falsely_urgent
from lowalt.situation import Encounter
from lowalt.situation.daylight import corners, is_partly_at_night
from lowalt.temporal import DaylightEvent, Schedule, TimeInterval, WeeklyHours, epoch_ms
from lowalt.terms import Urgency
from lowalt.vocabulary import Scope
from lowalt.wording import both

REACH = timedelta(days=14)
"""Later than this it is another flight."""

SAME_HOURS = timedelta(hours=6)
"""Moved by more than a crew's shift, a flight is at another time of day."""

_MOVING = frozenset({"departure_at", "departure_on"})
_AT_NIGHT = frozenset({"is_partly_at_night", "leg_is_partly_at_night"})
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_DAY_S = int(_DAY / _SECOND)


def shift(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield the moves in time that settle one of the causes, the nearest first.

    Beside a move to another time of day stands that to the same hour of the next possible day.
    """
    earliest_s = _earliest_s(hearing)
    most_s = int(REACH.total_seconds())
    found = {
        by_s
        for by_s in (
            *_by_rules(hearing, causes),
            *_by_zones(hearing, causes),
            *_by_ports(hearing, causes),
        )
        if earliest_s <= by_s <= most_s and by_s != 0
    }
    others = {by_s for by_s in found if _is_at_other_hours(hearing, by_s)}
    whole = {by_s for by_s in found if by_s % _DAY_S == 0}
    days = {math.copysign(math.ceil(abs(by_s) / _DAY_S), by_s) for by_s in others | whole}
    moves = [
        *(_change(hearing, by_s, at_other_hours=by_s in others) for by_s in found - whole),
        *(_by_days(hearing, int(n)) for n in days if earliest_s <= n * _DAY_S <= most_s),
    ]
    yield from sorted(filter(None, moves), key=lambda change: change.cost)


def _earliest_s(hearing: Hearing) -> int:
    """No flight departs before it is applied for; not known when, none departs a day earlier."""
    submitted_ms = hearing.submitted_at_ms
    if submitted_ms is None:
        return -int(costs.DAY * 60.0)
    return min(0, -((epoch_ms(hearing.plan.departure) - submitted_ms) // 1000))


def _is_at_other_hours(hearing: Hearing, by_s: int) -> bool:
    """Whether a move takes a flight out of its part of the day, or its daylight."""
    by, situation = by_s * _SECOND, hearing.situation
    if abs(by) % _DAY == timedelta():
        return False
    if abs(by) > SAME_HOURS:
        return True
    period = situation.path.period
    moved = TimeInterval(period.start + by, period.end + by)
    places = corners(situation.path, period)
    return not situation.is_partly_at_night and is_partly_at_night(moved, places)


def _by_rules(hearing: Hearing, causes: Causes) -> Iterator[int]:
    """Seconds after which a comparison with the time of departure turns, and night ends."""
    for leaf in causes.leaves:
        condition = leaf.condition
        if isinstance(condition, Holds) and condition.fact.name in _AT_NIGHT:
            yield from _into_daylight(hearing, leaf)
        elif _MOVING.intersection(condition.facts()):
            yield from _turning(hearing, leaf)
        elif isinstance(condition, Compare) and condition.fact.name == "time_since_alcohol_ms":
            passed_ms = leaf.view.value("time_since_alcohol_ms")
            if passed_ms is not None:
                yield -int((int(passed_ms) - condition.limit) // 1000)


def _turning(hearing: Hearing, leaf: Leaf) -> Iterator[int]:
    if not isinstance(leaf.condition, Compare | CompareTimes):
        return
    known = dict(hearing.facts.flight)
    departure = hearing.plan.departure

    def turned(by_s: int) -> bool:
        moved = departure + by_s * _SECOND
        moving = {"departure_at": epoch_ms(moved), "departure_on": moved.date().toordinal()}
        view = Case(Facts({**known, **moving}), {}).flight
        return leaf.condition.truth(view) is ~leaf.truth

    most_s = int(REACH.total_seconds())
    for sign in (1, -1):
        by_s = least(lambda n, sign=sign: turned(sign * n), most=most_s)  # type: ignore[misc]
        if by_s is not None:
            yield sign * by_s


def _into_daylight(hearing: Hearing, leaf: Leaf) -> Iterator[int]:
    """From the first sunrise after it begins, or, seen back, up to the last sunset before it ends.

    Of the flight, or of the leg on which night counts.
    """
    situation = hearing.situation
    is_of_leg = leaf.view.scope is Scope.LEG
    period = (situation.legs[leaf.view.index] if is_of_leg else situation.path).period
    around = TimeInterval(period.start - 2 * _DAY, period.end + 2 * _DAY)
    daylight = Schedule.of(weekly=[WeeklyHours(DaylightEvent.SR, DaylightEvent.SS, BEIJING)])
    for lon_deg, lat_deg in corners(situation.path, period):
        light = daylight.active_within(around, lon_deg=lon_deg, lat_deg=lat_deg)
        yield from (_seconds(w.start - period.start) for w in light if w.start > period.start)
        yield from (_seconds(w.end - period.end) for w in light if w.end < period.end)


def _by_zones(hearing: Hearing, causes: Causes) -> Iterator[int]:
    """Seconds that bring the whole flight, or its stay in a zone, out of the zone's hours."""
    plan = hearing.plan
    around = TimeInterval(plan.departure - REACH, plan.arrival + REACH)
    for number in causes.encounters:
        encounter = hearing.situation.encounters[number]
        for window in encounter.zone.active_within(around):
            yield from _out_of(window, plan, encounter)


def _by_ports(hearing: Hearing, causes: Causes) -> Iterator[int]:
    """Seconds after which a port is open that it uses."""
    around = TimeInterval(hearing.plan.departure - REACH, hearing.plan.arrival + REACH)
    yield from map(_seconds, while_open(hearing, causes, around=around))


def _out_of(window: TimeInterval, plan: FlightPlan, encounter: Encounter) -> Iterator[int]:
    stay = encounter.period
    for entry in (stay.start, plan.departure):
        yield _seconds(window.end - entry)
    for leaving in (stay.end, plan.arrival):
        # Hours hold their first moment: the flight is over a moment before it.
        yield _seconds(window.start - leaving - _SECOND / 1000)


def _seconds(span: timedelta) -> int:
    """Whole seconds, away from where the flight is now."""
    whole, rest = divmod(span, _SECOND)
    return whole + 1 if rest and span > timedelta() else whole


def _change(hearing: Hearing, by_s: int, *, at_other_hours: bool) -> Change | None:
    """Move a plan by some seconds."""
    sign, by = (1 if by_s > 0 else -1), _span(abs(by_s))
    zh, en = ("推迟", "later") if by_s > 0 else ("提前", "earlier")
    change = _move(hearing, by_s * _SECOND, both(f"{zh} {by['zh']}", f"{by['en']} {en}"))
    return change and replace(
        change,
        cost=change.cost + (costs.OTHER_HOURS if at_other_hours else 0.0),
        series=en,
        amount=abs(by_s),
        sized=lambda amount: _change(hearing, sign * amount, at_other_hours=at_other_hours),
    )


def _by_days(hearing: Hearing, days: int) -> Change | None:
    """Move a plan to the same hour of another day."""
    sign = 1 if days > 0 else -1
    zh, en = ("此后第一个", "next") if days > 0 else ("此前最后一个", "last")
    which = both(f"{zh}可行之日的同一时刻", f"the same hour of the {en} possible day")
    change = _move(hearing, days * _DAY, which)
    return change and replace(
        change,
        series=f"by days {en}",
        amount=abs(days),
        sized=lambda amount: _by_days(hearing, sign * amount),
    )


def _move(hearing: Hearing, by: timedelta, which: Bilingual) -> Change | None:
    """Move a plan; what it claims to be without being it does not go with it."""
    plan, as_ordinary = hearing.plan, is_falsely_urgent(hearing)

    def apply(plan: FlightPlan) -> FlightPlan | None:
        moved = shifted(plan, by=by)
        values = {"mission.urgency": Urgency.NORMAL.value} if as_ordinary else {}
        return moved and with_values(moved, values)

    moved = apply(plan)
    if moved is None:
        return None
    before, after = _clock(plan.departure), _clock(moved.departure)
    zh, en = ("推迟", "later") if by > timedelta() else ("提前", "earlier")
    filed_zh, filed_en = (
        ("，改按普通任务提交", ", filed as an ordinary task") if as_ordinary else ("", "")
    )
    return Change(
        kind=Kind.LATER if by > timedelta() else Kind.EARLIER,
        text=both(
            f"{zh}飞行：起飞时间由 {before} 改为 {after}（{which['zh']}）{filed_zh}，其余不变",
            f"fly {en}: depart at {after} instead of {before} ({which['en']}){filed_en}, all else"
            " the same",
        ),
        cost=costs.SHIFT + costs.SHIFT_PER_MIN * (abs(by) / timedelta(minutes=1)),
        apply=apply,
        supposes=carried(hearing),
    )


def shifted(plan: FlightPlan, *, by: timedelta) -> FlightPlan | None:
    """Move a whole plan in time, and with it what it states relative to its departure.

    A confirmation of the old take-off is none of the new one, and the pilots have gone longer, or
    less long, without alcohol; how much of it is in their blood is not known earlier.

    Parameters
    ----------
    plan
        The plan.
    by
        How much later; negative, earlier.

    Returns
    -------
    FlightPlan or None
        The plan; ``None`` where it would leave the calendar, or begin before a pilot's last drink.
    """
    values: dict[str, Any] = {}
    if plan.operating_area is not None:
        values["operating_area.start"] = (plan.operating_area.start + by).isoformat()
        values["operating_area.end"] = (plan.operating_area.end + by).isoformat()
    else:
        values["waypoints"] = [
            {**w.model_dump(mode="json"), "time": (w.time + by).isoformat()}
            for w in plan.waypoints or ()
        ]
    if plan.submission is not None and plan.submission.take_off_confirmed:
        values["submission.take_off_confirmed"] = False
    if plan.pilots:
        values["pilots"] = [
            _later(p.model_dump(mode="json", exclude_none=True), by) for p in plan.pilots
        ]
    return with_values(plan, values)


def _later(pilot: dict[str, Any], by: timedelta) -> dict[str, Any]:
    hours, blood = pilot.get("hours_since_alcohol"), pilot.get("blood_alcohol_percent")
    if hours is not None:
        pilot["hours_since_alcohol"] = round(hours + by / timedelta(hours=1), 9)
    if blood and by < timedelta():
        pilot["blood_alcohol_percent"] = None
    return pilot


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _span(seconds: int) -> dict[str, str]:
    minutes, rest_s = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "小时", "h"), (minutes, "分钟", "min"), (rest_s, "秒", "s")]
    said = [p for p in parts if p[0]]
    return {
        "zh": "".join(f"{n} {zh} " for n, zh, _ in said).strip(),
        "en": " ".join(f"{n} {en}" for n, _, en in said),
    }
