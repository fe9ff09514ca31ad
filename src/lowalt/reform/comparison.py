"""What a change of the law does to plans: whose decision changes, and by which article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lowalt.reform.difference import State
from lowalt.reform.words import words_of
from lowalt.regulations.model import Bilingual
from lowalt.report.law_words import ANSWERS, Language
from lowalt.report.lines import wrap
from lowalt.verdicts import Decision, Status

_SHOWN = 10
"""Plans that a text names; all of them are in ``changes``."""


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
        name = self.decision.label(lang)
        if self.decision is not Decision.INDETERMINATE:
            return name
        best, worst = (end.label(lang) for end in (self.best, self.worst))
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
            names = (decision.label(self.lang) for decision in (old, new))
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
