"""The same plans before two states of the law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from lowalt.airspace import AirspaceDataset
from lowalt.assessment.many import VerdictTable, tabulate
from lowalt.flights import FlightPlan
from lowalt.judgement import CONSEQUENCE
from lowalt.judgement_table import DECISIONS, STATUSES, Codes
from lowalt.reform.comparison import ArticleChange, Change, Comparison, Outcome
from lowalt.reform.difference import State
from lowalt.regulations.model import Bilingual
from lowalt.regulations.rulebook import Rulebook
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Decision, Status
from lowalt.wording import both

_AGAINST = [
    STATUSES.index(status) for status in (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
]


def compare(
    plans: Iterable[FlightPlan],
    *,
    airspace: AirspaceDataset,
    before: Rulebook,
    after: Rulebook,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Comparison:
    """Judge plans by two states of the law and say what differs.

    Parameters
    ----------
    plans
        Plans, each with an identifier of its own. All are judged by the two rulebooks, whatever
        the day on which they depart.
    airspace
        Zones and jurisdictions, the same for both.
    before, after
        The law as it is and as it would be, or of two days.
    submitted_at, terrain, geoid
        As for :func:`~lowalt.assessment.assess`.

    Returns
    -------
    Comparison
        False where no decision changes.

    Raises
    ------
    InvalidInputError
        If two plans share an identifier, or a plan cannot be judged.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> from lowalt.regulations.rulebook import amend, load_rulebook
    >>> book = load_rulebook("shenzhen", on=date(2026, 6, 9))
    >>> higher = amend(book, parameters={"cn/order_761_2023#art_19__para_2.ceiling": "150 m"})
    >>> plan = read_plan("examples/plans/06_exactly_120_m.json")
    >>> found = compare([plan], airspace=load_airspace("shenzhen"), before=book, after=higher)
    >>> [(change.plan_id, change.before.decision.value) for change in found.changes]
    [('pingshan-roof-120m', 'approval_required')]
    >>> found.by_article()["cn/order_761_2023#art_19__para_2__height"].total()
    1
    """
    given = tuple(plans)
    tabulated = tabulate(
        given, airspace=airspace, submitted_at=submitted_at, terrain=terrain, geoid=geoid
    )
    then, now = map(tabulated.judge, (before, after))
    citations = tuple(dict.fromkeys((*now.citations, *then.citations)))
    old, new = (_aligned(table, citations) for table in (then, now))
    differs = old != new
    decided = (then.best != now.best) | (then.worst != now.worst)
    against = _against(old, citations, before) | _against(new, citations, after)

    def change(row: int) -> Change:
        articles = (
            ArticleChange(
                citations[column],
                STATUSES[old[row, column]],
                STATUSES[new[row, column]],
                bool(against[row, column]),
            )
            for column in np.flatnonzero(differs[row]).tolist()
        )
        return Change(given[row].plan_id, _outcome(then, row), _outcome(now, row), tuple(articles))

    changes = tuple(change(row) for row in np.flatnonzero(decided).tolist())
    touched = np.flatnonzero(differs.any(axis=1) & ~decided).tolist()
    counts = Counter(zip(then.decisions, now.decisions, strict=True))
    cited = {article.citation for change in changes for article in change.articles}
    return Comparison(
        before=State.of(before),
        after=State.of(after),
        total=len(given),
        counts=MappingProxyType(dict(sorted(counts.items(), key=_strictness))),
        changes=changes,
        touched=tuple(given[row].plan_id for row in touched),
        cited=MappingProxyType({c: _cited(c, before, after) for c in cited}),
    )


def _aligned(table: VerdictTable, citations: tuple[str, ...]) -> Codes:
    """Spread a table over the citations of two; what it does not hold is not in force."""
    column = {citation: number for number, citation in enumerate(citations)}
    status = np.full((len(table), len(citations)), STATUSES.index(Status.NOT_IN_FORCE), np.int8)
    status[:, [column[citation] for citation in table.citations]] = table.status
    return status


def _against(status: Codes, citations: tuple[str, ...], book: Rulebook) -> NDArray[np.bool_]:
    """Whether each rule stands against each plan, or may."""
    asks = {r.citation for r in book.rules if CONSEQUENCE[r.effect] is not Decision.PERMITTED}
    asked = np.array([citation in asks for citation in citations], dtype=np.bool_)
    return np.logical_and(np.isin(status, _AGAINST), asked)


def _outcome(table: VerdictTable, row: int) -> Outcome:
    codes = (table.decision[row], table.best[row], table.worst[row])
    return Outcome(*(DECISIONS[code] for code in codes))


def _strictness(counted: tuple[tuple[Decision, Decision], int]) -> tuple[int, ...]:
    order = list(Decision)
    return tuple(order.index(decision) for decision in counted[0])


def _cited(citation: str, *books: Rulebook) -> Bilingual:
    """Cite a provision for people, by whichever rulebook holds it."""
    identifier, _, key = citation.partition("#")
    instrument = next(i for b in books for i in b.instruments if i.identifier == identifier)
    title, label = instrument.short_title, instrument.provision(key).label
    return both(f"{title['zh']}{label['zh']}", f"{title['en']} {label['en']}")
