"""The same plans before two states of the law: whose decision changes, and by which article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.airspace import AirspaceDataset
from lowalt.assessment.many import VerdictTable, assess_many
from lowalt.flights import FlightPlan
from lowalt.judgement import CONSEQUENCE
from lowalt.judgement_table import DECISIONS, STATUSES, Codes
from lowalt.reform.difference import State
from lowalt.reform.words import words_of
from lowalt.regulations.model import Bilingual
from lowalt.regulations.rulebook import Rulebook
from lowalt.report.law_words import ANSWERS, Language
from lowalt.report.lines import wrap
from lowalt.report.words import EN, ZH
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Decision, Status
from lowalt.wording import both

_AGAINST = [
    STATUSES.index(status) for status in (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
]
_SHOWN = 10
"""Plans that a text names; all of them are in ``changes``."""


def _decision(decision: Decision, lang: Language) -> str:
    return (ZH if lang == "zh" else EN).decisions[decision][0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A decision with both its ends."""

    decision: Decision
    best: Decision
    worst: Decision

    def to_dict(self) -> dict[str, str]:
        """Return the outcome as JSON values."""
        return {name: getattr(self, name).value for name in ("decision", "best", "worst")}

    def named(self, lang: Language) -> str:
        """Name it for people, with both ends where it is indeterminate."""
        name = _decision(self.decision, lang)
        if self.decision is not Decision.INDETERMINATE:
            return name
        best, worst = (_decision(end, lang) for end in (self.best, self.worst))
        return f"{name} ({best} – {worst})"


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What became of one rule before the change of law, and what becomes of it after.

    Attributes
    ----------
    citation
        The provision.
    before, after
        Status; ``NOT_IN_FORCE`` also where a rulebook does not hold it.
    decides
        Whether it stands against the flight, or may, in one of the two; the others follow, or
        exempt.
    """

    citation: str
    before: Status
    after: Status
    decides: bool

    def to_dict(self) -> dict[str, str]:
        """Return the change as JSON values."""
        return {
            "citation": self.citation,
            "before": self.before.value,
            "after": self.after.value,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A plan on which the decision changes.

    Attributes
    ----------
    plan_id
        The plan.
    before, after
        Decision, with both ends: an indeterminate one may become a narrower one.
    articles
        Every rule whose status differs, in the order of the law.
    """

    plan_id: str
    before: Outcome
    after: Outcome
    articles: tuple[ArticleChange, ...]

    @property
    def direction(self) -> int:
        """Say -1 where the outcome is eased, 1 where it is tightened, 0 where it is neither."""
        before, after = (
            (outcome.best.rank, outcome.worst.rank) for outcome in (self.before, self.after)
        )
        pairs = list(zip(before, after, strict=True))
        eased, tightened = any(a < b for b, a in pairs), any(a > b for b, a in pairs)
        return tightened - eased

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "plan_id": self.plan_id,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "articles": [article.to_dict() for article in self.articles],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a change of law does to plans.

    Attributes
    ----------
    before, after
        The two states of the law.
    total
        Number of plans.
    counts
        How many plans go from which decision to which, those that stay included.
    changes
        Plans on which the decision, or an end of it, changes, in the order given.
    touched
        Identifiers of the plans on which it does not, though the status of some rule differs.
    cited
        Provisions named in ``changes``, as people cite them.
    """

    before: State
    after: State
    total: int
    counts: Mapping[tuple[Decision, Decision], int]
    changes: tuple[Change, ...]
    touched: tuple[str, ...]
    cited: Mapping[str, Bilingual] = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.changes)

    def by_article(self, *, decides: bool = True) -> dict[str, Counter[tuple[Status, Status]]]:
        """Count the changes of status of each rule over the plans changed, most first.

        Parameters
        ----------
        decides
            Whether to count rules that stand against a plan, or may, before or after; or those
            that do not.
        """
        found: dict[str, Counter[tuple[Status, Status]]] = {}
        for change in self.changes:
            for article in change.articles:
                if article.decides is not decides:
                    continue
                counter = found.setdefault(article.citation, Counter())
                counter[article.before, article.after] += 1
        order = sorted(found, key=lambda citation: (-found[citation].total(), citation))
        return {citation: found[citation] for citation in order}

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as JSON values."""
        return {
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "total": self.total,
            "counts": [
                {"from": old.value, "to": new.value, "plans": count}
                for (old, new), count in self.counts.items()
            ],
            "articles": [
                {
                    "citation": citation,
                    "decides": decides,
                    "plans": counter.total(),
                    "changes": [
                        {"from": old.value, "to": new.value, "plans": count}
                        for (old, new), count in sorted(counter.items())
                    ],
                }
                for decides in (True, False)
                for citation, counter in self.by_article(decides=decides).items()
            ],
            "changes": [change.to_dict() for change in self.changes],
            "touched": list(self.touched),
        }

    def text(self, lang: Language = "en", *, width: int = 100) -> str:
        """Say the comparison to a person.

        Raises
        ------
        InvalidInputError
            If the language is neither ``zh`` nor ``en``.
        """
        return "\n".join(_Page(self, lang, width).lines())


class _Page:
    """Lays a comparison out in one language."""

    def __init__(self, comparison: Comparison, lang: Language, width: int) -> None:
        self.comparison, self.lang, self.width = comparison, lang, width
        self.words = words_of(lang)

    def lines(self) -> Iterator[str]:
        it, words = self.comparison, self.words
        yield words.law.format(before=it.before, after=it.after)
        directions = Counter(change.direction for change in it.changes)
        yield from self.wrap(
            words.counts.format(
                total=it.total, changed=len(it.changes), eased=directions[-1],
                tightened=directions[1], other=directions[0],
            )
        )  # fmt: skip
        if it.changes:
            yield from self.section(words.matrix, self.matrix())
            yield from self.section(words.articles, self.articles(decides=True))
            yield from self.section(words.others, self.articles(decides=False))
            yield from self.section(words.plans, self.plans())
        if it.touched:
            yield ""
            yield from self.wrap(words.touched.format(count=len(it.touched)))

    def matrix(self) -> Iterator[str]:
        for (old, new), count in self.comparison.counts.items():
            names = (_decision(decision, self.lang) for decision in (old, new))
            yield f"{count:>6}  {self.step(*names)}"

    def articles(self, *, decides: bool) -> Iterator[str]:
        for citation, counter in self.comparison.by_article(decides=decides).items():
            steps = (
                self.step(ANSWERS[old][self.lang], ANSWERS[new][self.lang])
                + (f" ({count})" if len(counter) > 1 else "")
                for (old, new), count in sorted(counter.items())
            )
            name = self.comparison.cited[citation][self.lang]
            said = f"{name}{self.words.colon}{self.words.comma.join(steps)}"
            yield f"{counter.total():>6}  {said}"

    def plans(self) -> Iterator[str]:
        changes = self.comparison.changes
        for change in changes[:_SHOWN]:
            outcomes = (outcome.named(self.lang) for outcome in (change.before, change.after))
            yield f"{change.plan_id}{self.words.colon}{self.step(*outcomes)}"
        if len(changes) > _SHOWN:
            yield self.words.more.format(count=len(changes) - _SHOWN)

    def section(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        for number, line in enumerate(lines):
            if number == 0:
                yield from ("", title)
            yield from self.wrap(line, "  ")

    def wrap(self, text: str, indent: str = "") -> Iterator[str]:
        return wrap(text, width=self.width, first=indent, rest=f"{indent}  ")

    def step(self, old: str, new: str) -> str:
        return f"{old} → {new}"


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
    then, now = (
        assess_many(
            given,
            airspace=airspace,
            rulebook=book,
            submitted_at=submitted_at,
            terrain=terrain,
            geoid=geoid,
        )
        for book in (before, after)
    )
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
