"""What the table of a day says of each plan, in few bytes: texts are told once and numbered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Final

from lowalt.assessment.many import VerdictTable
from lowalt.flights import FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.judgement_table import DECISIONS, STATUSES
from lowalt.regulations.model import Bilingual, Effect
from lowalt.regulations.rulebook import Rulebook
from lowalt.report.conflicts import PlanConflict
from lowalt.report.day.words import STATUS_WORDS, STRICTEST_FIRST
from lowalt.timelines import RowState, TimelineRow, timeline
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.wording import both

MOST_LISTED: Final = 5000
"""So many plans are listed at most, for a page that opens at once."""

_MOST_FINDINGS: Final = 3
_LONGEST_NAME: Final = 60

_CODES = {STATUSES.index(status): number for number, status in enumerate(STATUS_WORDS)}
_ADVICE = frozenset({Effect.ADVISES, Effect.NONE})
_OWED = frozenset({RowState.OPEN, RowState.LATE, RowState.UNKNOWN})


@dataclass(slots=True)
class Texts:
    """Texts in both languages, each told once."""

    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, text: Bilingual) -> int:
        """Give the number of a text."""
        return self.numbers.setdefault((text["zh"], text["en"]), len(self.numbers))

    def told(self) -> list[list[str]]:
        """Chinese and English of each, in the order of their numbers."""
        return [list(pair) for pair in self.numbers]


@dataclass(frozen=True, slots=True)
class Due:
    """The first thing to see to for a plan."""

    plan_id: str
    row: TimelineRow
    time: datetime

    @property
    def is_late(self) -> bool:
        """Whether its time has passed."""
        return self.row.state is RowState.LATE


def shortened(name: str) -> str:
    """Write a name that somebody chose in no more than a line.

    Examples
    --------
    >>> shortened("x" * 100)[-3:], len(shortened("x" * 100))
    ('xx…', 60)
    """
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def strictest_first(table: VerdictTable) -> list[int]:
    """Numbers of the plans, those that need attention first, then in order of departure."""
    place = {decision: number for number, decision in enumerate(STRICTEST_FIRST)}
    decisions = table.decisions
    return sorted(
        range(len(table)),
        key=lambda n: (place[decisions[n]], table.plans[n].departure, table.plans[n].plan_id),
    )


def first_due(verdict: Verdict, *, now: datetime | None) -> Due | None:
    """Find what has to be seen to first of what is owed for sure and has a time."""
    for row in timeline(verdict, now=now).rows:
        if row.time is not None and row.certain and row.binding and row.state in _OWED:
            return Due(verdict.plan_id, row, row.time)
    return None


class Labels:
    """How lawyers write citations, and which only advise, as far as verdicts or a rulebook tell."""

    def __init__(self, verdicts: Mapping[str, Verdict], rulebook: Rulebook | None) -> None:
        rules = () if rulebook is None else rulebook.rules
        self._advising = {rule.citation for rule in rules if rule.effect in _ADVICE}
        self._labels = {
            rule.citation: both(
                f"{rule.instrument.short_title['zh']}{rule.provision.label['zh']}",
                f"{rule.instrument.short_title['en']} {rule.provision.label['en']}",
            )
            for rule in rules
        }
        for verdict in verdicts.values():
            for found in verdict.findings:
                if found.citation not in self._labels:
                    label = both(found.cited("zh"), found.cited("en"))
                    self._labels[found.citation] = label

    def __getitem__(self, citation: str) -> Bilingual:
        """Label of a provision; its citation where nothing tells."""
        return self._labels.get(citation) or both(citation, citation)

    def advises(self, citation: str) -> bool:
        """Whether a provision cannot change a decision."""
        return citation in self._advising


def frequent(table: VerdictTable, labels: Labels, *, most: int) -> list[dict[str, Any]]:
    """List what most often stands against the plans, breaches before what is required."""
    return [
        {"status": STATUS_WORDS[status], "css": _css(status), "label": labels[citation], "count": n}
        for status in STATUS_WORDS
        for citation, n in islice(
            (pair for pair in table.most_frequent(status) if not labels.advises(pair[0])), most
        )
    ]


def _css(status: Status) -> str:
    return "is-" + status.value.replace("_", "-")


def listed_rows(
    table: VerdictTable,
    numbers: Sequence[int],
    *,
    verdicts: Mapping[str, Verdict],
    dues: Mapping[str, Due],
    conflicts: Sequence[PlanConflict] | None,
    pages: Mapping[str, str],
    labels: Labels,
) -> dict[str, Any]:
    """Write the rows of plans.

    Returns
    -------
    dict
        ``texts``, ``operators`` and ``plans``, each plan as a list: identifier, operator,
        departure (minutes since 1970), decision, best, worst, findings (status and text in turn),
        first deadline (minutes, text and whether late; empty for none), conflicts, page.
    """
    texts, operators = Texts(), Texts()
    meetings = Counter(name for found in conflicts or () for name in found.between)
    best, worst, decision = (
        column.tolist() for column in (table.best, table.worst, table.decision)
    )
    rows = []
    for number in numbers:
        plan = table.plans[number]
        name = _operator(plan)
        found = [
            code
            for status, text in _unmet(table, number, verdicts.get(plan.plan_id), labels)
            for code in (status, texts.number(text))
        ]
        due = dues.get(plan.plan_id)
        rows.append(
            [
                shortened(plan.plan_id),
                operators.number(both(name, name)),
                _minutes(plan.departure),
                *(_place(codes[number]) for codes in (decision, best, worst)),
                found,
                [] if due is None else _due(due, texts),
                meetings[plan.plan_id],
                pages.get(plan.plan_id, ""),
            ]
        )
    return {"texts": texts.told(), "operators": [zh for zh, _ in operators.told()], "plans": rows}


def _place(code: int) -> int:
    """Find the number of a decision among those of the page."""
    return STRICTEST_FIRST.index(DECISIONS[code])


def _minutes(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _due(due: Due, texts: Texts) -> list[int]:
    said = both(
        f"{due.row.addressee['zh']}：{due.row.label['zh']}",
        f"{due.row.addressee['en']}: {due.row.label['en']}",
    )
    return [_minutes(due.time), texts.number(said), int(due.is_late)]


def _operator(plan: FlightPlan) -> str:
    name = None if plan.operator is None else plan.operator.name
    return shortened(name or "")


def _unmet(
    table: VerdictTable, number: int, verdict: Verdict | None, labels: Labels
) -> list[tuple[int, Bilingual]]:
    """Code and text of what stands against a plan most, without advice; then what is missing."""
    if verdict is None:
        statuses = zip(table.status[number].tolist(), table.citations, strict=True)
        pairs = [
            (_CODES[status], citation)
            for status, citation in statuses
            if status in _CODES and not labels.advises(citation)
        ]
        missing: list[tuple[int, Bilingual]] = []
    else:
        pairs = [
            (list(STATUS_WORDS).index(found.status), found.citation)
            for found in verdict.findings
            if found.status in STATUS_WORDS and found.consequence not in (None, Decision.PERMITTED)
        ]
        code = list(STATUS_WORDS).index(Status.MISSING_INFO)
        missing = [(code, unknown.text) for unknown in verdict.missing]
    worst = sorted(dict.fromkeys(pairs), key=lambda pair: pair[0])
    said = [(code, labels[citation]) for code, citation in worst]
    return [*said, *missing][:_MOST_FINDINGS]


def clock(moment: datetime) -> str:
    """Write a moment in UTC+8, to the minute."""
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
