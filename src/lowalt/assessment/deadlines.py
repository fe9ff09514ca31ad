"""When a duty is to be met and answered, counted from the flight, and when the plan says it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lowalt.errors import CalendarYearError
from lowalt.judgement import Judgement, RuleResult
from lowalt.regulations.conditions import CompareTimes, Condition
from lowalt.regulations.model import Bilingual, Deadline, Effect, Span, TimeLimit
from lowalt.regulations.rulebook import Rule
from lowalt.temporal import TimeInterval, epoch_ms, from_epoch_ms
from lowalt.truth import Truth
from lowalt.vocabulary import Fact, Measure, fact
from lowalt.wording import both

_NO_LEAD = both("", "")


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
    done_at
        When it was or will be done, as the plan states it.
    answer_at, answer_lead
        Latest time of the answer.
    answered_at
        When it was or will be given, as the plan states it.
    """

    at: datetime | None
    lead: Bilingual
    ends_before: bool
    asked: bool | None = None
    done_at: datetime | None = None
    answer_at: datetime | None = None
    answer_lead: Bilingual = field(default_factory=lambda: _NO_LEAD)
    answered_at: datetime | None = None


_ANSWERED = {"submitted_at": "answered_at"}
"""A plan dates one answer: that to its application."""


def due_of(result: RuleResult, judgement: Judgement, flight: TimeInterval) -> Due:
    """Time for a duty: its own, else of the time limits, or of the duties, that stand for it.

    Which stands may hang on what is missing; then the earliest that may is the one to keep.
    """
    rule = result.rule
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
            # What goes with an application is handed in with it, if it is there.
            done_at = found.done_at if result.satisfied is Truth.TRUE else None
            return Due(found.at, found.lead, found.ends_before, done_at=done_at)
    return Due(None, _NO_LEAD, False, done_at=_told_at(rule, judgement))


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
    test = _test_of(limit.deadline, judgement)
    # "Before noon" ends before noon, and a count of days with its last day; "an hour before" is
    # kept by exactly an hour.
    ends_before = isinstance(offset, Deadline) or not offset.is_exact
    due = Due(at, lead_of(offset), ends_before)
    if test is not None:
        due = replace(
            due, asked=_known(test, judgement), done_at=_stated(test.fact, judgement, zone)
        )
    if limit.answer is None:
        return due
    answer = limit.answer.offset
    given = _ANSWERED.get(test.fact.name) if test is not None else None
    return replace(
        due,
        answer_at=time_of(answer, flight, zone),
        answer_lead=lead_of(answer),
        answered_at=_stated(fact(given), judgement, zone) if given else None,
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
        return _end_of(offset.from_day(day.toordinal()), zone)
    except CalendarYearError:
        return None


def _end_of(ordinal: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(date.fromordinal(ordinal) + timedelta(days=1), time(), tzinfo=zone)


def _told_at(rule: Rule, judgement: Judgement) -> datetime | None:
    """When what has no time in law is done, the last of it, by the times that the plan states."""
    asked = [] if rule.satisfied is None else [fact(name) for name in rule.satisfied.facts()]
    zone = rule.instrument.time_zone
    told = (_stated(fact(a.dated_by), judgement, zone) for a in asked if a.dated_by)
    return max(filter(None, told), default=None)


def _stated(when: Fact, judgement: Judgement, zone: ZoneInfo) -> datetime | None:
    """Return a time of the plan; a day of it is over only at its end."""
    value = judgement.grounds.case.flight.value(when.name)
    if not isinstance(value, int):
        return None
    if when.measure is Measure.DAY:
        return _end_of(value, zone)
    return from_epoch_ms(value).astimezone(zone)


def _test_of(limit: TimeLimit, judgement: Judgement) -> CompareTimes | None:
    """Find the comparison of a time stated with a limit, which some rule makes."""
    for result in judgement.results:
        rule = result.rule
        if rule.deadline is None or rule.deadline.citation != limit.citation:
            continue
        for test in _time_tests(rule.satisfied):
            if test.citation == limit.citation:
                return test
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
