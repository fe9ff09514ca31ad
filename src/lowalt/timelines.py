"""Who must be told or asked what, by when, in whose time and language, and what became of it.

A verdict says what is owed; its timeline puts that in order of time, with the answers of the
authorities, for the people who have to see to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from lowalt.regulations.model import Bilingual, Verification
from lowalt.temporal import require_aware, rfc3339
from lowalt.terms import Jurisdiction
from lowalt.verdicts import NotHeld, Obligation, Verdict, json_values
from lowalt.wording import both

_NOBODY = both("", "")
_CORRESPONDENCE = {
    None: _NOBODY,
    Jurisdiction.MAINLAND: both("简体中文", "Simplified Chinese"),
    Jurisdiction.HONG_KONG: both("英文或者中文", "English or Chinese"),
    Jurisdiction.MACAO: both(
        "葡文或者中文，航空事务可用英文", "Portuguese or Chinese; English for aviation"
    ),
}
_ANSWER = both("答复应已作出；取得后方可飞行", "Its answer is due; fly only once it is given")


class Step(StrEnum):
    """What happens: the operator asks, files or tells, has confirmed; the authority answers.

    A ``REPORT`` is told after the flight, if something went wrong in it.
    """

    ASK = "ask"
    FILE = "file"
    CONFIRM = "confirm"
    ANSWER = "answer"
    REPORT = "report"


_STEP = {
    "approval": Step.ASK,
    "advice": Step.ASK,
    "filing": Step.FILE,
    "confirmation": Step.CONFIRM,
    "report": Step.REPORT,
}


class RowState(StrEnum):
    """What became of a row.

    ``PLANNED`` where the plan meets it at a time that is not known to have come; ``LATE`` where
    its time has passed, as far as is known without it being met, or where the plan states a later
    one; ``UNKNOWN`` where the plan does not say whether it is met.
    """

    MET = "met"
    PLANNED = "planned"
    OPEN = "open"
    LATE = "late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing to see to.

    Attributes
    ----------
    time
        Latest time, in the time zone of the law; ``None`` where the law sets none, and where it
        cannot be counted yet.
    lead
        The same as the law counts it, such as "13 working days before"; empty where it sets none.
    kind
        What happens.
    addressee
        To whom it is owed; who answers, in a row of an answer.
    action
        What to do.
    jurisdiction
        Whose law asks for it; ``None`` for a standard or a rule of one's own.
    correspondence
        Language to write in; empty where there is no authority.
    citation, label
        Provision it rests on, and the same for people.
    certain
        Whether it is owed whatever the unknowns turn out to be.
    binding
        False for a time limit that is known from memory only and is no more than advice.
    verification
        How far the provision's text was read.
    state
        What became of it.
    done_at
        When the plan says that it was or will be done, in the time zone of the law; ``None`` where
        it does not say, so that what is met is met at any moment.
    """

    time: datetime | None
    lead: Bilingual
    kind: Step
    addressee: Bilingual
    action: Bilingual
    jurisdiction: Jurisdiction | None
    correspondence: Bilingual
    citation: str
    label: Bilingual
    certain: bool
    binding: bool
    verification: Verification
    state: RowState
    done_at: datetime | None

    @property
    def is_uncounted(self) -> bool:
        """Whether the law sets a time that cannot be counted until a year's holidays are out."""
        return self.time is None and bool(self.lead["en"])

    def to_dict(self) -> dict[str, Any]:
        """Write the row as JSON values."""
        return {
            "time": rfc3339(self.time) if self.time else None,
            "lead": dict(self.lead) if self.lead["en"] else None,
            "uncounted": self.is_uncounted,
            "kind": self.kind.value,
            "addressee": dict(self.addressee),
            "action": dict(self.action),
            "jurisdiction": self.jurisdiction.value if self.jurisdiction else None,
            "correspondence": dict(self.correspondence) if self.correspondence["en"] else None,
            "citation": self.citation,
            "label": dict(self.label),
            "certain": self.certain,
            "binding": self.binding,
            "verification": self.verification.value,
            "state": self.state.value,
            "done_at": rfc3339(self.done_at) if self.done_at else None,
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """What there is to see to for one plan, in order of time.

    Attributes
    ----------
    plan_id
        The plan.
    departure
        Planned take-off.
    as_of
        Moment for which the states are said; ``None`` where neither it nor the time of the
        application is known, so that no time can be said to have come.
    rows
        In order of time. What needs an answer and has no time in law stands before all that the
        same law dates, since nobody knows how long it takes; all else without a time stands just
        before take-off.
    not_held
        Law that is not held and may ask for more.
    """

    plan_id: str
    departure: datetime
    as_of: datetime | None
    rows: tuple[TimelineRow, ...]
    not_held: tuple[NotHeld, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the timeline as JSON values, as ``lowalt check --timeline --format json`` does."""
        return {
            "departure": rfc3339(self.departure),
            "as_of": rfc3339(self.as_of) if self.as_of else None,
            "rows": [row.to_dict() for row in self.rows],
            "not_held": [json_values.of_not_held(gap) for gap in self.not_held],
        }


def timeline(verdict: Verdict, *, now: datetime | None = None) -> Timeline:
    """Put what a verdict asks for, and the answers to it, in order of time.

    Parameters
    ----------
    verdict
        The verdict.
    now
        Moment for which to say what is open and what is late, with a time zone; by default the
        time at which the application is made.

    Returns
    -------
    Timeline
        A row for every obligation and every answer that the law dates.

    Raises
    ------
    NaiveDatetimeError
        If ``now`` has no time zone.

    Examples
    --------
    A delivery applied for the evening before is too late for the noon of Decree 761, art. 26:

    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.assessment import assess
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/04_delivery_near_airport_filed_late.json")
    >>> verdict = assess(plan, airspace=load_airspace("shenzhen"))
    >>> for row in timeline(verdict).rows:
    ...     if row.citation == "cn/order_761_2023#art_26__para_1":
    ...         print(f"{row.time:%d %B %H:%M}", row.kind, row.state)
    09 June 12:00 ask late
    09 June 21:00 answer late
    """
    as_of = verdict.submitted_at if now is None else require_aware(now, field="now")
    return Timeline(
        plan_id=verdict.plan_id,
        departure=verdict.departure,
        as_of=as_of,
        rows=rows_of(verdict.obligations, departure=verdict.departure, as_of=as_of),
        not_held=verdict.not_held,
    )


def rows_of(
    obligations: Iterable[Obligation], *, departure: datetime, as_of: datetime | None
) -> tuple[TimelineRow, ...]:
    """Put obligations and the answers to them in order of time, for whoever has no verdict.

    Parameters
    ----------
    obligations
        What one plan owes.
    departure
        When it takes off.
    as_of
        Moment for which to say what is open and what is late; ``None`` where it is not known.
    """
    rows = [
        row
        for duty in obligations
        if duty.certain or not duty.met
        for row in _rows(duty, departure, as_of)
    ]
    return tuple(_in_order(rows, departure))


def _in_order(rows: list[TimelineRow], departure: datetime) -> list[TimelineRow]:
    """Sort rows by their times, and those without one to where they are best seen to."""
    first: dict[Jurisdiction | None, datetime] = {}
    for row in rows:
        if row.time is not None and row.kind is not Step.REPORT:
            first[row.jurisdiction] = min(row.time, first.get(row.jurisdiction, row.time))

    def place(row: TimelineRow) -> tuple[datetime, int]:
        if row.time is not None:
            return row.time, 0
        if row.kind is Step.ASK or row.is_uncounted:
            return first.get(row.jurisdiction, datetime.min.replace(tzinfo=UTC)), -1
        return departure, 1 + list(Step).index(row.kind)

    return sorted(rows, key=place)


def _rows(duty: Obligation, departure: datetime, as_of: datetime | None) -> Iterator[TimelineRow]:
    asked = _state(duty, departure, as_of)
    row = TimelineRow(
        time=duty.due,
        lead=duty.lead,
        kind=_STEP[duty.kind],
        addressee=duty.addressee,
        action=duty.action,
        jurisdiction=duty.jurisdiction,
        correspondence=_CORRESPONDENCE[duty.jurisdiction],
        citation=duty.citation,
        label=both(duty.cited("zh"), duty.cited("en")),
        certain=duty.certain,
        binding=duty.kind != "advice",
        verification=duty.verification,
        state=asked,
        done_at=duty.done_at,
    )
    yield row
    if _has_answer(duty):
        yield replace(
            row,
            time=duty.answer_by,
            lead=duty.answer_lead,
            kind=Step.ANSWER,
            action=_ANSWER,
            state=_answer_state(duty, asked, as_of),
            done_at=duty.answered_at,
        )


def _has_answer(duty: Obligation) -> bool:
    """Whether an answer is waited for apart from asking: a dated one, or one to take off on."""
    return bool(duty.answer_lead["en"] or (duty.kind == "confirmation" and duty.lead["en"]))


def _state(duty: Obligation, departure: datetime, as_of: datetime | None) -> RowState:
    if duty.kind == "report":
        return RowState.UNKNOWN  # whether there is anything to report, no plan says
    if duty.met or (duty.asked and _has_answer(duty)):
        return _met_from(duty.done_at, as_of)
    too_late = as_of is not None and (
        as_of >= departure if duty.due is None else not duty.in_time(as_of)
    )
    planned_too_late = duty.asked is False or (
        duty.due is None and duty.done_at is not None and duty.done_at >= departure
    )
    if too_late or planned_too_late:
        return RowState.LATE
    return RowState.UNKNOWN if duty.met is None else RowState.OPEN


def _met_from(moment: datetime | None, as_of: datetime | None) -> RowState:
    """Say whether the time that the plan states for what it meets, if it does, has come."""
    has_come = moment is None or (as_of is not None and as_of >= moment)
    return RowState.MET if has_come else RowState.PLANNED


def _answer_state(duty: Obligation, asked: RowState, as_of: datetime | None) -> RowState:
    if duty.answered:
        # Nothing is answered before it is asked. An answer that is itself late still counts.
        return asked if asked is RowState.PLANNED else _met_from(duty.answered_at, as_of)
    overdue = as_of is not None and duty.answer_by is not None and as_of >= duty.answer_by
    # No answer is owed to what came too late.
    if overdue or asked is RowState.LATE:
        return RowState.LATE
    return RowState.UNKNOWN if duty.answered is None else RowState.OPEN
