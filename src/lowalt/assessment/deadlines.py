"""When a duty is to be met and by when it is answered, counted from the flight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from lowalt.errors import CalendarYearError
from lowalt.judgement import Judgement
from lowalt.regulations.conditions import CompareTimes, Condition
from lowalt.regulations.model import Bilingual, Deadline, Effect, Span, TimeLimit
from lowalt.regulations.rulebook import Rule
from lowalt.temporal import TimeInterval, epoch_ms, from_epoch_ms
from lowalt.truth import Truth
from lowalt.wording import both


@dataclass(frozen=True, slots=True)
class Due:
    """The time of law for a duty, and for the answer to it.

    Attributes
    ----------
    at, lead
        Latest time, and the same as the law counts it; ``None`` and empty where it sets none. A
        lead without a time cannot be counted: the holidays of the year are not announced.
    ends_before
        Whether it is to be done before that time, not at it.
    asked
        Whether the operator's own part was done in time.
    answer_at, answer_lead
        The same of the answer.
    """

    at: datetime | None
    lead: Bilingual
    ends_before: bool
    asked: bool | None
    answer_at: datetime | None
    answer_lead: Bilingual


_NO_LEAD = both("", "")
_NO_TIME = Due(None, _NO_LEAD, False, None, None, _NO_LEAD)


def due_of(rule: Rule, judgement: Judgement, flight: TimeInterval) -> Due:
    """Time for a duty: its own, else of the time limits, or of the duties, that stand for it.

    Which stands may hang on what is missing; then the earliest that may is the one to keep.
    """
    if limits := _limits(rule, judgement):
        return _earliest(limits, flight, judgement)
    accompanied = [r for r in judgement.results if r.rule.citation in rule.accompanies]
    for standing in (Truth.TRUE, Truth.UNKNOWN):
        limits = [
            limit
            for result in accompanied
            if result.fires is standing
            for limit in _limits(result.rule, judgement)
        ]
        if limits:
            found = _earliest(limits, flight, judgement)
            # What goes with an application was not done by making that.
            return replace(found, asked=None, answer_at=None, answer_lead=_NO_LEAD)
    return _NO_TIME


def _limits(rule: Rule, judgement: Judgement) -> list[Rule]:
    """Rules whose time is a duty's: its own, else prohibitions of what comes too late for it."""
    if rule.deadline is not None:
        return [rule]
    for standing in (Truth.TRUE, Truth.UNKNOWN):
        found = [
            result.rule
            for result in judgement.results
            if result.rule.deadline is not None
            and result.rule.effect is Effect.PROHIBITS
            and result.fires is standing
            and set(result.rule.needs) & set(rule.derives)
        ]
        if found:
            return found
    return []


def _earliest(limits: list[Rule], flight: TimeInterval, judgement: Judgement) -> Due:
    dues = [_due(limit, flight, judgement) for limit in limits]
    return min(dues, key=lambda due: (due.at is None, due.at))


def _due(limit: Rule, flight: TimeInterval, judgement: Judgement) -> Due:
    assert limit.deadline is not None
    offset, zone = limit.deadline.offset, limit.instrument.time_zone
    at = time_of(offset, flight, zone)
    asked = _asked(limit.deadline, judgement)
    # "Before noon" ends before noon, and a count of days with its last day; "an hour before" is
    # kept by exactly an hour.
    ends_before = isinstance(offset, Deadline) or not offset.is_exact
    if limit.answer is None:
        return Due(at, lead_of(offset), ends_before, asked, None, _NO_LEAD)
    answer = limit.answer.offset
    return Due(
        at, lead_of(offset), ends_before, asked, time_of(answer, flight, zone), lead_of(answer)
    )


def lead_of(offset: Span | Deadline) -> Bilingual:
    """Write a time of law as it is counted."""
    return both(offset.lead("zh"), offset.lead("en"))


def time_of(offset: Span | Deadline, flight: TimeInterval, zone: ZoneInfo) -> datetime | None:
    """Count from take-off, or from landing what comes after; ``None`` without a calendar."""
    after = isinstance(offset, Span) and offset.amount > 0
    moment = flight.end if after else flight.start
    if isinstance(offset, Deadline) or offset.is_exact:
        return from_epoch_ms(offset.from_instant(epoch_ms(moment))).astimezone(zone)
    # Counted in days of a calendar, it runs to the end of its last day.
    day = moment.astimezone(zone).date()
    try:
        last = day.fromordinal(offset.from_day(day.toordinal()))
    except CalendarYearError:
        return None
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)


def _asked(limit: TimeLimit, judgement: Judgement) -> bool | None:
    """Whether a time stated is within a limit, by the comparison that some rule makes with it."""
    for result in judgement.results:
        rule = result.rule
        if rule.deadline is None or rule.deadline.citation != limit.citation:
            continue
        for test in _time_tests(rule.satisfied):
            if test.citation == limit.citation:
                return _known(test, judgement)
    return None


def _time_tests(condition: Condition | None) -> Iterator[CompareTimes]:
    if isinstance(condition, CompareTimes):
        yield condition
    for part in getattr(condition, "parts", ()):
        yield from _time_tests(part)


def _known(test: CompareTimes, judgement: Judgement) -> bool | None:
    try:
        truth = test.truth(judgement.grounds.case.flight)
    except CalendarYearError:
        return None
    return None if truth is Truth.UNKNOWN else truth is Truth.TRUE
