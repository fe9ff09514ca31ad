"""The condition tree: what a reading tests, with its truth, its deciding leaves and its sentence.

A condition over facts is true, false or unknown in strong Kleene logic, so an absent fact makes
exactly those conditions unknown that it could still turn either way. The tree is data: the same
one is evaluated, explained, and listed for the law-coverage page.

Readings write conditions with the words of :mod:`lowalt.regulations.authoring`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Protocol

from lowalt.errors import CalendarYearError, RegulationError
from lowalt.regulations.case import View
from lowalt.regulations.model import Deadline, Quantity, Span
from lowalt.temporal import from_epoch_ms
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.units import shown
from lowalt.vocabulary import Fact, FactValue, Measure, Scope

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}
_WORDS = {
    "<": ("低于", "below"),
    "<=": ("不超过", "not above"),
    ">": ("超过", "above"),
    ">=": ("达到或超过", "at or above"),
    "==": ("为", "is"),
}
_NEGATED = {
    "<": ("达到或超过", "at or above"),
    "<=": ("超过", "above"),
    ">": ("不超过", "not above"),
    ">=": ("低于", "below"),
    "==": ("不为", "is not"),
}
_TIME_WORDS = {
    "<": ("早于", "earlier than"),
    "<=": ("不晚于", "not later than"),
    ">": ("晚于", "later than"),
    ">=": ("不早于", "not earlier than"),
}
_TIME_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf of a condition that decided its truth.

    Attributes
    ----------
    condition
        The leaf itself.
    truth
        Its own truth.
    view
        The leg, encounter or flight it was asked of.
    """

    condition: Condition
    truth: Truth
    view: View


class Conditional(Protocol):
    """What can stand in a condition: a condition, or a fact as readings write it."""

    def as_condition(self) -> Condition:
        """Return it as a condition."""


class Condition:
    """A node of the tree. Build conditions with :data:`F`, not from this class."""

    __slots__ = ()

    def truth(self, view: View) -> Truth:
        """Truth of the condition where the view stands."""
        raise NotImplementedError

    def deciding(self, view: View) -> Iterator[Leaf]:
        """Leaves that make the condition have the truth it has, in order."""
        yield Leaf(self, self.truth(view), view)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        """Say the condition, or its contrary, in ``zh`` or ``en``."""
        raise NotImplementedError

    def facts(self) -> Iterator[str]:
        """Names of the facts and terms it asks for."""
        return iter(())

    def as_condition(self) -> Condition:
        """Return the condition itself; a bare fact becomes the condition that it holds."""
        return self

    def __and__(self, other: Conditional) -> Condition:
        return All((*self._parts(All), *other.as_condition()._parts(All)))

    def __or__(self, other: Conditional) -> Condition:
        return AnyOf((*self._parts(AnyOf), *other.as_condition()._parts(AnyOf)))

    def __invert__(self) -> Condition:
        return self.part if isinstance(self, Not) else Not(self)

    def _parts(self, kind: type[All | AnyOf]) -> tuple[Condition, ...]:
        return self.parts if isinstance(self, All | AnyOf) and type(self) is kind else (self,)

    def __bool__(self) -> bool:
        raise RegulationError(
            "a condition has no truth of its own; join conditions with & | ~, not and/or/not"
        )


@dataclass(frozen=True, slots=True)
class Always(Condition):
    """Holds for every flight."""

    def truth(self, view: View) -> Truth:
        return Truth.TRUE

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        return ("所有飞行" if lang == "zh" else "every flight") if not negated else "-"


ALWAYS = Always()


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def truth(self, view: View) -> Truth:
        result = Truth.TRUE
        for part in self.parts:
            result = result & part.truth(view)
            if result is Truth.FALSE:
                break
        return result

    def deciding(self, view: View) -> Iterator[Leaf]:
        yield from _deciding(self.parts, self.truth(view), view)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        return _joined(self.parts, lang, negated=negated, word="or" if negated else "and")

    def facts(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.facts()


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def truth(self, view: View) -> Truth:
        result = Truth.FALSE
        for part in self.parts:
            result = result | part.truth(view)
            if result is Truth.TRUE:
                break
        return result

    def deciding(self, view: View) -> Iterator[Leaf]:
        yield from _deciding(self.parts, self.truth(view), view)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        return _joined(self.parts, lang, negated=negated, word="and" if negated else "or")

    def facts(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.facts()


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def truth(self, view: View) -> Truth:
        return ~self.part.truth(view)

    def deciding(self, view: View) -> Iterator[Leaf]:
        yield from self.part.deciding(view)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        return self.part.sentence(lang, negated=not negated)

    def facts(self) -> Iterator[str]:
        return self.part.facts()


@dataclass(frozen=True, slots=True)
class Some(Condition):
    """Holds for at least one leg, or at least one encounter."""

    scope: Scope
    part: Condition

    def truth(self, view: View) -> Truth:
        result = Truth.FALSE
        for exists, instance in view.instances(self.scope):
            result = result | (exists & self.part.truth(instance))
        return result

    def deciding(self, view: View) -> Iterator[Leaf]:
        truth = self.truth(view)
        for exists, instance in view.instances(self.scope):
            own = self.part.truth(instance)
            if exists & own is truth:
                # An instance that may not exist is itself the open question.
                if truth is Truth.UNKNOWN and own is Truth.TRUE:
                    yield Leaf(self, truth, instance)
                else:
                    yield from self.part.deciding(instance)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        inner = self.part.sentence(lang)
        if self.scope is Scope.LEG:
            zh = "无一航段" if negated else "有航段"
            en = "on no leg" if negated else "on some leg"
        else:
            zh = "未遇" if negated else "遇有"
            en = "meets no zone where" if negated else "meets a zone where"
        return f"{zh}（{inner}）" if lang == "zh" else f"{en} {inner}"

    def facts(self) -> Iterator[str]:
        return self.part.facts()


@dataclass(frozen=True, slots=True)
class FliesUnder(Condition):
    """Some leg is flown under a law; so is a flight of which no leg is known."""

    here: Condition
    place: tuple[str, str]

    def truth(self, view: View) -> Truth:
        legs = list(view.instances(Scope.LEG))
        if not legs:
            return Truth.TRUE
        return Truth.any_of(exists & self.here.truth(leg) for exists, leg in legs)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        zh, en = self.place
        if lang == "zh":
            return f"飞行{'不' if negated else ''}在{zh}进行"
        return f"it is {'not ' if negated else ''}flown in {en}"

    def facts(self) -> Iterator[str]:
        return self.here.facts()


@dataclass(frozen=True, slots=True)
class Unclear(Condition):
    """A question that the law or its published data leaves open; always unknown."""

    question: tuple[str, str]

    def truth(self, view: View) -> Truth:
        return Truth.UNKNOWN

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        return self.question[0] if lang == "zh" else self.question[1]


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """A boolean fact or legal term holds."""

    fact: Fact

    def truth(self, view: View) -> Truth:
        value = view.value(self.fact.name)
        return Truth.of(None if value is None else bool(value))

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        label = self.fact.label(lang)
        if not negated:
            return label
        return f"否：{label}" if lang == "zh" else f"not: {label}"

    def facts(self) -> Iterator[str]:
        yield self.fact.name


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """A word of a closed vocabulary is one of those named."""

    fact: Fact
    words: tuple[Term, ...]

    def truth(self, view: View) -> Truth:
        value = view.value(self.fact.name)
        return Truth.UNKNOWN if value is None else Truth.of(value in self.words)

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        words = _listed([w.label(lang) for w in self.words], lang)
        if lang == "zh":
            return f"{self.fact.zh}{'不' if negated else ''}为{words}"
        return f"{self.fact.en} is {'not ' if negated else ''}{words}"

    def facts(self) -> Iterator[str]:
        yield self.fact.name


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """A quantity compared with a number of law, both exact."""

    fact: Fact
    comparison: str
    limit: Fraction
    written: Quantity | date
    citation: str

    def truth(self, view: View) -> Truth:
        value = view.value(self.fact.name)
        if value is None:
            return Truth.UNKNOWN
        return Truth.of(_OPERATORS[self.comparison](value, self.limit))

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        zh, en = (_NEGATED if negated else _WORDS)[self.comparison]
        limit = self.limit_text(lang)
        return f"{self.fact.zh}{zh}{limit}" if lang == "zh" else f"{self.fact.en} is {en} {limit}"

    def limit_text(self, lang: str) -> str:
        """Write the limit as the law writes it."""
        written = self.written
        return written.isoformat() if isinstance(written, date) else written.text(lang)

    def facts(self) -> Iterator[str]:
        yield self.fact.name


@dataclass(frozen=True, slots=True)
class CompareTimes(Condition):
    """An instant or day compared with another, shifted by a span or deadline of law."""

    fact: Fact
    comparison: str
    base: Fact
    offset: Span | Deadline
    citation: str

    def truth(self, view: View) -> Truth:
        value = view.value(self.fact.name)
        # Asked for only then: a limit in working days needs a calendar of the year.
        limit = None if value is None else self.limit(view)
        if value is None or limit is None:
            return Truth.UNKNOWN
        return Truth.of(_OPERATORS[self.comparison](value, limit))

    def limit(self, view: View) -> int | None:
        """Return the shifted time that the fact is compared with, ``None`` where it is not known.

        Raises
        ------
        CalendarYearError
            If it hangs on working days of a year whose calendar is not known, and the view does
            not take those for unknown.
        """
        base = view.value(self.base.name)
        if base is None:
            return None
        days = self.base.measure is Measure.DAY
        shift = self.offset.from_day if days else self.offset.from_instant
        try:
            return shift(int(base))
        except CalendarYearError:
            if view.undated_is_unknown:
                return None
            raise

    def sentence(self, lang: str, *, negated: bool = False) -> str:
        comparison = _TIME_NEGATED[self.comparison] if negated else self.comparison
        zh, en = _TIME_WORDS[comparison]
        limit = self.offset.text(lang)
        if isinstance(self.offset, Deadline):
            return f"{self.fact.zh}{zh}{limit}" if lang == "zh" else f"{self.fact.en} {en} {limit}"
        side = ("前", "before") if self.offset.amount < 0 else ("后", "after")
        if lang == "zh":
            return f"{self.fact.zh}{zh}{self.base.zh}{side[0]}{limit}"
        return f"{self.fact.en} {en} {limit} {side[1]} {self.base.en}"

    def facts(self) -> Iterator[str]:
        yield self.fact.name
        yield self.base.name


def expanded(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Replace each legal term by the facts that make it true, false or open."""
    for leaf in leaves:
        condition = leaf.condition
        definition = (
            leaf.view.definition(condition.fact.name) if isinstance(condition, Holds) else None
        )
        if definition is None:
            yield leaf
        else:
            yield from expanded(definition.deciding(leaf.view))


def _deciding(parts: tuple[Condition, ...], truth: Truth, view: View) -> Iterator[Leaf]:
    for part in parts:
        if part.truth(view) is truth:
            yield from part.deciding(view)


def _listed(words: list[str], lang: str) -> str:
    *most, last = words
    comma, joint = ("、", "或") if lang == "zh" else (", ", " or ")
    return f"{comma.join(most)}{joint}{last}" if most else last


def _joined(parts: tuple[Condition, ...], lang: str, *, negated: bool, word: str) -> str:
    joint = {"zh": {"and": "，且", "or": "，或"}, "en": {"and": ", and ", "or": ", or "}}[lang][
        word
    ]
    return joint.join(part.sentence(lang, negated=negated) for part in parts)


def value_text(known: Fact, value: FactValue | None, lang: str, *, zone: str = "+08:00") -> str:
    """Write the value of a fact for people."""
    if value is None:
        return "未知" if lang == "zh" else "unknown"
    if isinstance(value, Term):
        return value.label(lang)
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[lang][value]
    if known.measure is Measure.DAY:
        return date.fromordinal(value).isoformat()
    if known.measure is Measure.INSTANT:
        return instant_text(value, zone=zone)
    return shown(value, known.unit) if known.unit is not None else str(value)


def instant_text(instant_ms: int, *, zone: str = "+08:00") -> str:
    """Write an instant in the time of a zone offset, to the minute or second."""
    moment = from_epoch_ms(instant_ms).astimezone(
        datetime.fromisoformat(f"2000-01-01T00:00{zone}").tzinfo
    )
    return moment.strftime("%Y-%m-%d %H:%M" + (":%S" if moment.second else ""))
