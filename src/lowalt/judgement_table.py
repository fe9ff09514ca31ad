"""The law half for many flights at once: columns of facts in, a status of every rule for each out.

It says of every flight what :func:`lowalt.judgement.judge` says of it, without the reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.engine.batch_engine import BatchEngine, BatchInference
from lowalt.errors import InvalidInputError
from lowalt.fact_table import BoolArray, FactTable, codes
from lowalt.judgement import CONSEQUENCE, judge
from lowalt.regulations.masks import Answers, KeptConditions, Mask
from lowalt.regulations.model import Craft, Effect
from lowalt.regulations.rulebook import Rule, Rulebook
from lowalt.terms import Jurisdiction
from lowalt.verdicts import Decision, Status
from lowalt.vocabulary import Scope

ROWS_AT_ONCE = 1 << 15
"""So many flights at once: the masks of one rule stay in the processor's cache."""

Codes = NDArray[np.int8]

STATUSES = tuple(Status)
"""Statuses by their codes."""

DECISIONS = tuple(Decision)
"""Decisions by their codes, which are the ranks of those that have one."""

_NOT_APPLICABLE = STATUSES.index(Status.NOT_APPLICABLE)
_SEVERITY = {status: np.int8(_NOT_APPLICABLE - code) for code, status in enumerate(STATUSES)}
"""How far above a rule that does not apply each status stands; the worst is the highest."""

_INDETERMINATE = DECISIONS.index(Decision.INDETERMINATE)

CRAFT_ABROAD = tuple(
    (home, craft) for home in Jurisdiction for craft in Craft if craft is not Craft.ALL
)
"""Where a flight may be, and as what: the columns of what no law governs."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgementTable:
    """What the law says of N flights.

    Attributes
    ----------
    rulebook
        The law.
    citations
        Its R rules in force, in their order.
    status
        Code of the status (`STATUSES`) of each flight and rule, ``(N, R)``.
    best, worst
        Code of the most lenient and strictest outcome (`DECISIONS`), ``(N,)`` each.
    ungoverned
        Whether the flight is, or may be, somewhere as a craft (`CRAFT_ABROAD`) for which the
        rulebook holds no law there, ``(N, 6)``.
    outside_dataset
        Whether it may leave what the airspace dataset knows, ``(N,)``.
    """

    rulebook: Rulebook
    citations: tuple[str, ...]
    status: Codes
    best: Codes
    worst: Codes
    ungoverned: BoolArray
    outside_dataset: BoolArray

    @property
    def decision(self) -> Codes:
        """Code of the decision, indeterminate where the ends differ, ``(N,)``."""
        return np.where(self.best == self.worst, self.best, np.int8(_INDETERMINATE))


def judge_many(
    table: FactTable, *, rulebook: Rulebook, rows_at_once: int = ROWS_AT_ONCE
) -> JudgementTable:
    """Judge the facts of many flights by the law of one day.

    Parameters
    ----------
    table
        What is known of the flights.
    rulebook
        The law.
    rows_at_once
        Flights are worked on in batches of so many. The answers do not depend on it.

    Returns
    -------
    JudgementTable
        With a status of every rule in force for every flight.

    Raises
    ------
    InvalidInputError
        If something else than a table is given, or batches of no flights are asked for.
    CalendarYearError
        If a rule that applies, or may, and does more than advise hangs on working days of a year
        whose holidays are not known; for the first such flight.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.facts import Facts
    >>> from lowalt.regulations.rulebook import load_rulebook
    >>> table = FactTable.of([Facts({}), Facts({"is_indoor": True})])
    >>> judged = judge_many(table, rulebook=load_rulebook(on=date(2026, 6, 1)))
    >>> [DECISIONS[code].value for code in judged.decision]
    ['indeterminate', 'indeterminate']
    """
    if not isinstance(table, FactTable):
        raise InvalidInputError(
            f"table: given {type(table).__name__}, expected a FactTable; FactTable.of makes one"
        )
    if rows_at_once < 1:
        raise InvalidInputError(f"rows_at_once: given {rows_at_once}, expected 1 or more")
    flights, bench = len(table), _Bench(rulebook)
    severity = np.zeros((len(rulebook.rules), flights), dtype=np.int8)
    best, worst = np.zeros((2, flights), dtype=np.int8)
    ungoverned = np.zeros((flights, len(CRAFT_ABROAD)), dtype=bool)
    for start in range(0, flights, rows_at_once):
        rows = slice(start, min(start + rows_at_once, flights))
        part = table.part(rows.start, rows.stop)
        bench.judge(part, severity[:, rows], best[rows], worst[rows])
        ungoverned[rows] = _ungoverned(part, rulebook)
    outside = ~_column(table, "is_within_dataset", value=True)
    # Where no law or no map is known, nothing is known to be allowed.
    worst[ungoverned.any(axis=1) | outside] = Decision.PROHIBITED.rank
    return JudgementTable(
        rulebook,
        tuple(rule.citation for rule in rulebook.rules),
        np.subtract(np.int8(_NOT_APPLICABLE), severity, out=severity).T,
        best,
        worst,
        ungoverned,
        outside,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule, with the numbers of its conditions."""

    rule: Rule
    addressed: int
    applies: int
    satisfied: int | None
    last: tuple[int, ...]
    """Conditions that no later rule asks for."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """Flights that a rule reaches, before waivers, and those of them that do not meet it.

    Attributes
    ----------
    surely, possibly
        Whether it applies.
    surely_unmet, possibly_unmet
        Whether it does and what it asks for does not hold; ``None``: for no flight.
    """

    surely: BoolArray
    possibly: BoolArray
    surely_unmet: BoolArray | None
    possibly_unmet: BoolArray | None


class _Bench:
    """A rulebook, laid out to judge many flights."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._engine = BatchEngine(rulebook.engine.rules)
        self._kept = KeptConditions(rulebook.definitions)
        self._asked = list(self._laid_out(rulebook.rules))

    def _laid_out(self, rules: tuple[Rule, ...]) -> Iterator[_Asked]:
        numbers = [
            (
                self._kept.keep(rule.addressed, Scope.FLIGHT),
                self._kept.keep(rule.applies, rule.scope),
                None if rule.satisfied is None else self._kept.keep(rule.satisfied, rule.scope),
            )
            for rule in rules
        ]
        last = {
            number: position
            for position, asked in enumerate(numbers)
            for root in asked
            if root is not None
            for number in self._kept.within(root)
        }
        ending: dict[int, list[int]] = {}
        for number, position in last.items():
            ending.setdefault(position, []).append(number)
        for position, (rule, asked) in enumerate(zip(rules, numbers, strict=True)):
            yield _Asked(rule, *asked, tuple(ending.get(position, ())))

    def judge(self, table: FactTable, severity: Codes, best: Codes, worst: Codes) -> None:
        """Judge the flights of a table: raise the severity of rules, and both ends."""
        answers = Answers(self._kept, table)
        undated = np.zeros(len(table), dtype=bool)
        reaches: dict[str, _Reach] = {}
        for asked in self._asked:
            reach = _reach(asked, answers, undated)
            if reach is not None:
                reaches[asked.rule.citation] = reach
            answers.forget(asked.last)
        for number in np.flatnonzero(undated).tolist():
            # It says so itself, unless another part of the condition settles the question.
            judge(table.facts(number), rulebook=self._rulebook)
        inference = self._engine.infer(
            {name: reach.surely for name, reach in reaches.items()},
            {name: reach.possibly for name, reach in reaches.items()},
        )
        for row, asked in zip(severity, self._asked, strict=True):
            reach = reaches.get(asked.rule.citation)
            if reach is not None:
                _settle(asked.rule, reach, inference, severity=row, best=best, worst=worst)


def _reach(asked: _Asked, answers: Answers, undated: BoolArray) -> _Reach | None:
    """Say which flights a rule reaches; add those whose working days are not known."""
    addressed = answers[asked.addressed]
    if addressed.false.all():
        return None
    rows, flights = answers.table.rows(asked.rule.scope), len(answers.table)
    if asked.rule.scope is not Scope.FLIGHT:
        addressed = addressed.at(rows.owner)
    applies = answers[asked.applies]
    possibly = rows.possibly & ~(addressed.false | applies.false)
    if not possibly.any():
        return None
    surely = rows.surely & addressed.true & applies.true

    def of_flights(mask: BoolArray) -> BoolArray:
        return mask if rows is answers.table.flights else rows.any_of(mask, flights=flights)

    def note(mask: Mask) -> None:
        # To advice such working days are unknown, which is what the other two masks say.
        if mask.undated is not None and asked.rule.effect is not Effect.ADVISES:
            undated[:] |= of_flights(mask.undated & possibly)

    note(applies)
    if asked.satisfied is None:
        return _Reach(of_flights(surely), of_flights(possibly), None, None)
    met = answers[asked.satisfied]
    note(met)
    return _Reach(
        of_flights(surely),
        of_flights(possibly),
        of_flights(surely & met.false),
        of_flights(possibly & ~met.true),
    )


def _settle(
    rule: Rule,
    reach: _Reach,
    inference: BatchInference,
    *,
    severity: Codes,
    best: Codes,
    worst: Codes,
) -> None:
    """Raise the severity of a rule that reaches some flights, and what follows from it."""
    waived = inference.waived(rule.citation)
    if waived is not None:
        _raise(severity, waived & reach.possibly, _SEVERITY[Status.WAIVED])
    fires = inference.possible.get(rule.citation)
    if fires is None:
        return
    surely = inference.certain.get(rule.citation, np.zeros_like(fires))
    # What possibly fires is not surely waived, so no flight has both.
    _raise(severity, fires, _SEVERITY[Status.MET])
    if rule.effect is Effect.NONE:
        _raise(severity, fires & ~surely, _SEVERITY[Status.MISSING_INFO])
    if reach.surely_unmet is None or reach.possibly_unmet is None:
        return
    rank = np.int8(CONSEQUENCE[rule.effect].rank)
    barred = rule.effect in (Effect.PROHIBITS, Effect.ADVISES)
    for unmet, status, outcome in (
        (fires & reach.possibly_unmet, Status.MISSING_INFO, worst),
        (surely & reach.surely_unmet, Status.BREACHED if barred else Status.REQUIRED, best),
    ):
        _raise(severity, unmet, _SEVERITY[status])
        _raise(outcome, unmet, rank)


def _raise(numbers: Codes, where: BoolArray, to: np.int8) -> None:
    """Raise numbers to another where they are below it."""
    np.maximum(numbers, where.view(np.int8) * to, out=numbers)


def _ungoverned(table: FactTable, rulebook: Rulebook) -> BoolArray:
    flights, legs = len(table), table.legs
    column = legs.columns.get("jurisdiction")
    somewhere = np.zeros(len(legs), dtype=bool) if column is None else column.known
    without_legs = np.ones(flights, dtype=bool)
    without_legs[legs.owner] = False
    maybe = {
        Craft.UNMANNED: ~_column(table, "is_unmanned", value=False),
        Craft.MANNED: ~_column(table, "is_unmanned", value=True),
    }
    result = np.zeros((flights, len(CRAFT_ABROAD)), dtype=bool)
    for number, (home, craft) in enumerate(CRAFT_ABROAD):
        if craft in rulebook.governed.get(home, ()):
            continue
        # A leg of unknown jurisdiction may be under any.
        here = ~somewhere
        if column is not None:
            here = here | (column.values == codes(Jurisdiction)[home])
        touched = legs.any_of(here & legs.possibly, flights=flights)
        if home is Jurisdiction.MAINLAND:
            touched |= without_legs
        result[:, number] = touched & maybe[craft]
    return result


def _column(table: FactTable, name: str, *, value: bool) -> BoolArray:
    """Flights for which a boolean is known and has a value."""
    column = table.flights.columns.get(name)
    if column is None:
        return np.zeros(len(table), dtype=bool)
    return np.asarray(column.known & (column.values == value))
