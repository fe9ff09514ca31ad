"""The whole chain for many plans: plans and airspace in, a table of verdicts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

import numpy as np

from lowalt.airspace import AirspaceDataset
from lowalt.assessment.verdict import assess
from lowalt.data_frames import data_frame
from lowalt.errors import InvalidInputError, Problem, UnknownNameError
from lowalt.fact_table import FactTable
from lowalt.flights import FlightPlan
from lowalt.judgement import Judgement, judge
from lowalt.judgement_table import DECISIONS, STATUSES, Codes, judge_many
from lowalt.markup import MOST_ROWS, Said, html_table
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.situation import values_of
from lowalt.situation.many import lay_many
from lowalt.temporal import require_aware
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Decision, Status, Verdict

PLANS_AT_ONCE = 4096
"""So many plans at once, for the memory that their geometry takes."""

_NOT_IN_FORCE = np.int8(STATUSES.index(Status.NOT_IN_FORCE))


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of every plan, but for the law."""

    airspace: AirspaceDataset
    submitted_at: datetime | None
    terrain: TerrainModel | None
    geoid: GeoidModel | None


@dataclass(frozen=True, slots=True, eq=False)
class VerdictTable:
    """The answers for N plans, in columns.

    Attributes
    ----------
    plans
        The plans, in the order given.
    citations
        Every provision with a reading, R of them: those in force on the day of some plan, in the
        order of the rulebook, then the others.
    status
        Code of the status of each plan and provision, ``(N, R)``; the codes number
        `lowalt.Status`.
    best, worst
        Code of the most lenient and strictest outcome that the unknowns allow, ``(N,)`` each; the
        codes number `lowalt.Decision`.
    """

    plans: tuple[FlightPlan, ...] = field(repr=False)
    citations: tuple[str, ...] = field(repr=False)
    status: Codes
    best: Codes
    worst: Codes
    _question: _Question = field(repr=False)
    _rulebook: Rulebook | None = field(repr=False)

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def plan_ids(self) -> tuple[str, ...]:
        """Identifiers of the plans."""
        return tuple(plan.plan_id for plan in self.plans)

    @property
    def decision(self) -> Codes:
        """Code of the decision, indeterminate where the ends differ, ``(N,)``."""
        open_ = np.int8(DECISIONS.index(Decision.INDETERMINATE))
        return np.where(self.best == self.worst, self.best, open_)

    @property
    def decisions(self) -> list[Decision]:
        """The decision for each plan."""
        return [DECISIONS[code] for code in self.decision.tolist()]

    def status_of(self, citation: str) -> list[Status]:
        """Status of one provision for each plan.

        Raises
        ------
        UnknownNameError
            If no provision with a reading is cited so.
        """
        if citation not in self.citations:
            raise UnknownNameError(
                f"the table has no provision {citation!r}; its citations look like"
                f" {', '.join(map(repr, self.citations[:3]))}"
            )
        column = self.status[:, self.citations.index(citation)]
        return [STATUSES[code] for code in column.tolist()]

    def counts(self) -> dict[Decision, int]:
        """Count the plans of each decision, the most lenient first."""
        found = np.bincount(self.decision, minlength=len(DECISIONS)).tolist()
        return {decision: n for decision, n in zip(DECISIONS, found, strict=True) if n}

    def most_frequent(self, status: Status = Status.BREACHED) -> list[tuple[str, int]]:
        """List the provisions that have a status for some plan, the most frequent first.

        Returns
        -------
        list of (str, int)
            Citation, and the number of plans.
        """
        found = (self.status == STATUSES.index(status)).sum(axis=0).tolist()
        return Counter(
            {citation: n for citation, n in zip(self.citations, found, strict=True) if n}
        ).most_common()

    def verdict(self, number: int) -> Verdict:
        """Assess one plan in full: findings with reasons, obligations, what is missing.

        Raises
        ------
        InvalidInputError
            If there is no plan of that number.
        """
        if not -len(self) <= number < len(self):
            raise InvalidInputError(f"number: given {number}, expected one below {len(self)}")
        asked = self._question
        return assess(
            self.plans[number],
            airspace=asked.airspace,
            rulebook=self._rulebook,
            submitted_at=asked.submitted_at,
            terrain=asked.terrain,
            geoid=asked.geoid,
        )

    def columns(self) -> dict[str, list[str]]:
        """Write the table out as words, one list a column, for a data frame or a file.

        Examples
        --------
        >>> from lowalt.airspace import load_airspace
        >>> table = assess_many([], airspace=load_airspace("shenzhen"))
        >>> list(table.columns())[:4]
        ['plan_id', 'decision', 'best', 'worst']
        """
        outcomes = np.array([decision.value for decision in DECISIONS], dtype=np.object_)
        statuses = np.array([status.value for status in STATUSES], dtype=np.object_)
        return {
            "plan_id": list(self.plan_ids),
            "decision": outcomes[self.decision].tolist(),
            "best": outcomes[self.best].tolist(),
            "worst": outcomes[self.worst].tolist(),
            **{
                citation: statuses[self.status[:, column]].tolist()
                for column, citation in enumerate(self.citations)
            },
        }

    def to_pandas(self) -> Any:
        """Give the table as a data frame, one row a plan.

        Returns
        -------
        pandas.DataFrame
            The columns of :meth:`columns`.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return data_frame(self.columns())

    def _repr_html_(self) -> str:
        """Show in a notebook how many plans have which decision, and the rules most breached."""
        breached = self.most_frequent()
        rows: list[tuple[Said, str]] = [
            *(
                ({lang: decision.label(lang) for lang in ("zh", "en")}, f"{count:,}")
                for decision, count in self.counts().items()
            ),
            *((f"✕ {citation}", f"{count:,}") for citation, count in breached[:MOST_ROWS]),
        ]
        title = {"zh": f"{len(self):,} 份计划的结论", "en": f"decisions on {len(self):,} plans"}
        return html_table(title, (), rows, more=max(len(breached) - MOST_ROWS, 0))


def assess_many(
    plans: Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    rulebook: Rulebook | None = None,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> VerdictTable:
    """Judge many plans; every one as :func:`lowalt.assess` does, in far less time.

    Parameters
    ----------
    plans
        The plans; no two of one identifier.
    airspace, submitted_at, terrain, geoid
        As for :func:`lowalt.assess`.
    rulebook
        The law; by default that of Shenzhen on the local day of departure, each plan's own.

    Returns
    -------
    VerdictTable
        Decision, both ends and the status of every rule for every plan.

    Raises
    ------
    NaiveDatetimeError
        If ``submitted_at`` has no time zone.
    InvalidInputError
        If something else than plans is given, two plans share an identifier, or the coordinates
        of a plan look like GCJ-02.
    CalendarYearError
        If a rule that concerns a plan, or may, and does more than advise hangs on working days
        that are not known.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> assess_many([plan], airspace=load_airspace("shenzhen")).counts()
    {<Decision.PERMITTED: 'permitted'>: 1}
    """
    tabulated = tabulate(
        plans, airspace=airspace, submitted_at=submitted_at, terrain=terrain, geoid=geoid
    )
    return tabulated.judge(rulebook)


@dataclass(frozen=True, slots=True, eq=False)
class TabulatedPlans:
    """The facts of N plans: the world is gone through once, and any law may be asked then.

    Attributes
    ----------
    plans
        The plans, in the order given.
    tables
        Their facts, in as many tables as they were laid over the world in parts.
    """

    plans: tuple[FlightPlan, ...] = field(repr=False)
    tables: tuple[FactTable, ...] = field(repr=False)
    _question: _Question = field(repr=False)

    def judge(self, rulebook: Rulebook | None = None) -> VerdictTable:
        """Judge the plans; by default by the law of Shenzhen on the day of each."""
        books = _rulebooks(self.plans, rulebook)
        citations = _citations(books.values())
        column = {citation: number for number, citation in enumerate(citations)}
        status = np.full((len(self.plans), len(citations)), _NOT_IN_FORCE)
        best, worst = np.zeros((2, len(self.plans)), dtype=np.int8)
        start = 0
        for table in self.tables:
            part = self.plans[start : start + len(table)]
            for book, numbers in _by_book(part, books):
                whole = len(numbers) == len(table)
                judged = judge_many(table if whole else table.take(numbers), rulebook=book)
                rows = start + np.array(numbers)
                columns = [column[citation] for citation in judged.citations]
                status[rows[:, None], columns] = judged.status
                best[rows], worst[rows] = judged.best, judged.worst
            start += len(table)
        return VerdictTable(self.plans, citations, status, best, worst, self._question, rulebook)

    def judgement(self, number: int, *, rulebook: Rulebook) -> Judgement:
        """Judge one plan so that it can be asked what decided each rule, and what is owed.

        Examples
        --------
        >>> from lowalt.airspace import load_airspace
        >>> from lowalt.flights import read_plan
        >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
        >>> book = load_rulebook("shenzhen", on=plan.departure.date())
        >>> tabulated = tabulate([plan], airspace=load_airspace("shenzhen"))
        >>> tabulated.judgement(0, rulebook=book).best
        <Decision.PERMITTED: 'permitted'>
        """
        table, row = divmod(number, PLANS_AT_ONCE)
        return judge(self.tables[table].facts(row), rulebook=rulebook)


def tabulate(
    plans: Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> TabulatedPlans:
    """Lay many plans over the world and derive their facts, to be judged by one law or several.

    Parameters and errors are those of :func:`assess_many`, but for the law.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> tabulate([plan], airspace=load_airspace("shenzhen")).judge().decisions
    [<Decision.PERMITTED: 'permitted'>]
    """
    given = _checked(plans)
    if submitted_at is not None:
        require_aware(submitted_at, field="submitted_at")
    asked = _Question(airspace, submitted_at, terrain, geoid)
    parts = (given[at : at + PLANS_AT_ONCE] for at in range(0, len(given), PLANS_AT_ONCE))
    return TabulatedPlans(given, tuple(_table(part, asked) for part in parts), asked)


def _checked(plans: object) -> tuple[FlightPlan, ...]:
    """Refuse what is no list of plans, each of its own name."""
    # A plan can be gone through too, field by field.
    if isinstance(plans, FlightPlan) or not isinstance(plans, Iterable):
        raise InvalidInputError(
            f"plans: given {type(plans).__name__}, expected a list of FlightPlan"
        )
    given = tuple(plans)
    problems = [
        Problem(
            f"plans[{number}]", type(plan).__name__, "expected a FlightPlan; read_plan makes one"
        )
        for number, plan in enumerate(given)
        if not isinstance(plan, FlightPlan)
    ]
    if problems:
        raise InvalidInputError("not all of them are plans", problems=problems)
    first: dict[str, int] = {}
    for number, plan in enumerate(given):
        if first.setdefault(plan.plan_id, number) != number:
            problems.append(
                Problem(
                    f"plans[{number}].plan_id",
                    plan.plan_id,
                    f"plans[{first[plan.plan_id]}] has it too: give each plan its own",
                )
            )
    if problems:
        raise InvalidInputError("two plans share an identifier", problems=problems)
    return given


def _rulebooks(plans: Iterable[FlightPlan], rulebook: Rulebook | None) -> dict[date, Rulebook]:
    """Find the law of each day on which a plan departs."""
    days = sorted({plan.departure.date() for plan in plans})
    return {day: rulebook or load_rulebook("shenzhen", on=day) for day in days}


def _citations(books: Iterable[Rulebook]) -> tuple[str, ...]:
    """List provisions with a reading: those in force first."""
    found = list(books)
    in_force = (rule.citation for book in found for rule in book.rules)
    dormant = (provision.citation for book in found for provision in book.dormant)
    return tuple(dict.fromkeys(chain(in_force, dormant)))


def _table(plans: Sequence[FlightPlan], asked: _Question) -> FactTable:
    situations = lay_many(plans, airspace=asked.airspace, terrain=asked.terrain, geoid=asked.geoid)
    return FactTable.of_values(
        *zip(*(values_of(s, submitted_at=asked.submitted_at) for s in situations), strict=True)
    )


def _by_book(
    plans: Sequence[FlightPlan], books: Mapping[date, Rulebook]
) -> list[tuple[Rulebook, list[int]]]:
    """Group the numbers of plans by the law that they are judged by."""
    found: dict[int, tuple[Rulebook, list[int]]] = {}
    for number, plan in enumerate(plans):
        book = books[plan.departure.date()]
        found.setdefault(id(book), (book, []))[1].append(number)
    return list(found.values())
