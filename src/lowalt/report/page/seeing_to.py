"""What is to be seen to, row by row: by when, how long before take-off, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lowalt.regulations.model import Bilingual, Verification
from lowalt.report.clock import latest, offset
from lowalt.report.page.words import NOTHING, WORDS, each, filled
from lowalt.report.timeline import TIMELINE_WORDS
from lowalt.timelines import RowState, Step, Timeline, TimelineRow
from lowalt.wording import both


@dataclass(frozen=True, slots=True)
class Duty:
    """A row of the timeline.

    Attributes
    ----------
    css, state
        Style and name of what became of it.
    time, ahead
        By when, and how long that is before take-off; empty where no time is set.
    at
        Where it stands between the first deadline and take-off, percent; ``None`` off that line.
    lead, step, action, basis
        What the law counts, whom to ask or tell, what to do, and what that rests on.
    jurisdiction, citation
        Whose law asks for it, and where.
    is_certain
        Whether it is owed whatever the unknowns turn out to be.
    """

    css: str
    state: Bilingual
    time: str
    ahead: Bilingual
    at: float | None
    lead: Bilingual
    step: Bilingual
    action: Bilingual
    basis: tuple[Bilingual, ...]
    jurisdiction: Bilingual
    citation: str
    is_certain: bool


_OPEN = (RowState.LATE, RowState.OPEN, RowState.UNKNOWN, RowState.PLANNED)


def duties_of(timeline: Timeline) -> tuple[Duty, ...]:
    """Put the rows of a timeline into words."""
    times = [row.time for row in timeline.rows if row.time is not None]
    first = min([*times, timeline.departure])
    return tuple(_duty(row, timeline, first) for row in timeline.rows)


def first_deadline(timeline: Timeline, duties: Sequence[Duty]) -> Duty | None:
    """Find what is due first and not done; what is too late comes before what is open."""
    waiting = [
        (row.state is not RowState.LATE, not row.certain, row.time, number)
        for number, row in enumerate(timeline.rows)
        if row.time is not None and row.state in _OPEN and row.kind is not Step.REPORT
    ]
    return duties[min(waiting)[-1]] if waiting else None


def _duty(row: TimelineRow, timeline: Timeline, first: datetime) -> Duty:
    at = None
    if row.time is not None and row.time <= timeline.departure:
        span = timeline.departure - first
        at = round(100.0 * ((row.time - first) / span), 2) if span else 100.0
    return Duty(
        css=f"is-{row.state.value}",
        state=each(lambda lang: TIMELINE_WORDS[lang].states[row.state]),
        time="" if row.time is None else f"{latest(row.time)} {offset(row.time)}",
        ahead=NOTHING if row.time is None else _ahead(timeline.departure - row.time),
        at=at,
        lead=each(lambda lang: row.lead[lang] or TIMELINE_WORDS[lang].no_time),
        step=each(
            lambda lang: (
                TIMELINE_WORDS[lang]
                .steps[row.kind]
                .format(row.addressee[lang] or TIMELINE_WORDS[lang].somebody)
            )
        ),
        action=NOTHING if row.kind is Step.ANSWER else row.action,
        basis=tuple(_basis(row)),
        jurisdiction=NOTHING
        if row.jurisdiction is None
        else both(row.jurisdiction.zh, row.jurisdiction.en),
        citation=row.citation,
        is_certain=row.certain,
    )


def _basis(row: TimelineRow) -> Iterator[Bilingual]:
    yield row.label
    if row.done_at is not None:
        done = f"{latest(row.done_at)} {offset(row.done_at)}"
        yield each(lambda lang: TIMELINE_WORDS[lang].stated.format(done))
    if not row.certain and row.kind is not Step.REPORT:
        yield each(lambda lang: TIMELINE_WORDS[lang].perhaps)
    if row.verification is not Verification.VERIFIED:
        yield each(lambda lang: TIMELINE_WORDS[lang].unverified[row.verification])
    if row.is_uncounted:
        yield each(lambda lang: TIMELINE_WORDS[lang].uncounted)


def _ahead(before: timedelta) -> Bilingual:
    """Say how long before or after take-off something is.

    Examples
    --------
    >>> _ahead(timedelta(hours=22))["en"], _ahead(timedelta(minutes=-30))["en"]
    ('22 h before take-off', '30 min after take-off')
    """
    minutes = abs(round(before / timedelta(minutes=1)))
    if minutes >= 2 * 24 * 60:
        long = filled(WORDS["days"], f"{minutes / 1440:.3g}")
    elif minutes >= 90:
        long = filled(WORDS["hours"], f"{minutes / 60:.3g}")
    else:
        long = filled(WORDS["minutes"], minutes)
    return filled(WORDS["after_take_off" if before < timedelta() else "before_take_off"], long)
