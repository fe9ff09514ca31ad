"""Strategies for what law is asked of, and in what words: facts and conditions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from lowalt.errors import CalendarYearError
from lowalt.facts import Facts, Instance
from lowalt.regulations.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Compare,
    CompareTimes,
    Condition,
    Holds,
    Not,
    OneOf,
    Some,
    Unclear,
)
from lowalt.regulations.model import (
    Deadline,
    Quantity,
    Span,
    SpanUnit,
)
from lowalt.regulations.rulebook import load_rulebook
from lowalt.temporal import TimeInterval, epoch_ms
from lowalt.terms import Term
from lowalt.testing.ordinary_facts import ordinary_value
from lowalt.testing.values import BEIJING, YEAR, moments, require_kind, require_range
from lowalt.truth import Truth
from lowalt.units import SHOWN_UNIT, FactUnit, factor
from lowalt.vocabulary import VOCABULARY, Fact, FactValue, Measure, Scope
from lowalt.working_days import shift_working_days

# Values ------------------------------------------------------------------------------------------

_LAW_DAYS = (date(2024, 6, 1), date(2025, 11, 21), date(2026, 6, 1), date(2026, 8, 1))
"""Days on which the Shenzhen rulebook differs."""

# Shifts from take-off that deadlines of law use, and the moments beside them, milliseconds.
_MINUTE_MS = 60_000
_SHIFTS_MS = tuple(
    sign * minutes * _MINUTE_MS + beside
    for minutes in (0, 30, 60, 120, 720, 1440, 10_080)
    for sign in (-1, 1)
    for beside in (-1, 0, 1)
)
_SHIFTS_DAYS = tuple(
    -days + beside for days in (0, 1, 30, 60, 90, 365, 730, 2190) for beside in (-1, 0, 1)
)


def _walk(node: object) -> Iterator[Condition]:
    """Every condition inside a condition, itself first."""
    if isinstance(node, Condition):
        yield node
        for field in dataclasses.fields(node):  # type: ignore[arg-type]  # every node is one
            yield from _walk(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from _walk(item)


def _held() -> Iterator[Condition]:
    """Every condition inside the law of Shenzhen, on days on which it differs."""
    for on in _LAW_DAYS:
        book = load_rulebook("shenzhen", on=on)
        yield from _walk(tuple(book.definitions.values()))
        for rule in book.rules:
            yield from _walk((rule.applies, rule.satisfied))


@lru_cache
def _limits() -> Mapping[str, tuple[int, ...]]:
    """Numbers that the law of Shenzhen compares each fact with, and those beside them."""
    found: dict[str, set[int]] = {}
    for node in _held():
        if isinstance(node, Compare):
            whole = int(node.limit)
            found.setdefault(node.fact.name, set()).update((whole - 1, whole, whole + 1))
    return MappingProxyType({name: tuple(sorted(values)) for name, values in found.items()})


@cache
def _numbers(fact: Fact) -> st.SearchStrategy[int]:
    common = st.sampled_from((0, 1, *_limits().get(fact.name, ())))
    return common | st.integers(0, 10**8)


@dataclass(frozen=True, slots=True)
class _FromTakeOff:
    """A time that is drawn before the take-off is known: so long after it."""

    shift: int


@cache
def _values(fact: Fact) -> st.SearchStrategy[FactValue | _FromTakeOff]:
    """Values of a fact; one strategy a fact, since making and checking it costs most."""
    if fact.kind is bool:
        return st.booleans()
    if fact.measure is Measure.INSTANT:
        return st.sampled_from(_SHIFTS_MS).map(_FromTakeOff)
    if fact.measure is Measure.DAY:
        near = st.sampled_from(_SHIFTS_DAYS).map(_FromTakeOff)
        limits = _limits().get(fact.name)
        return near | st.sampled_from(limits) if limits else near
    if fact.kind is int:
        return _numbers(fact)
    return st.sampled_from(_words(fact))


@dataclass(frozen=True, slots=True)
class _TakeOff:
    """When a drawn flight takes off, in both ways of counting."""

    at_ms: int
    day: int

    def placed(self, name: str, drawn: FactValue | _FromTakeOff) -> FactValue:
        """Place a drawn time in relation to it."""
        if not isinstance(drawn, _FromTakeOff):
            return drawn
        known = VOCABULARY[name]
        return drawn.shift + (self.day if known.measure is Measure.DAY else self.at_ms)


@cache
def _instances(
    scope: Scope, most: int, kind: str
) -> st.SearchStrategy[list[tuple[Truth, dict[str, FactValue | _FromTakeOff]]]]:
    every = {fact.name: _values(fact) for fact in facts_asked(scope)}
    values = st.fixed_dictionaries(every)
    exists = st.just(Truth.TRUE)
    if kind != "complete":
        values = values | st.fixed_dictionaries({}, optional=every)
        exists = st.sampled_from([Truth.TRUE, Truth.UNKNOWN, Truth.FALSE])
    return st.lists(st.tuples(exists, values), max_size=most)


def _words(fact: Fact) -> list[Term]:
    """Words of a fact of a closed vocabulary."""
    assert issubclass(fact.kind, Term)
    return list(fact.kind)


def facts_asked(scope: Scope) -> list[Fact]:
    """Facts of a scope that a situation supplies."""
    return [f for f in VOCABULARY.values() if f.scope is scope and not f.defined]


# Facts -------------------------------------------------------------------------------------------


@st.composite
def _facts(
    draw: st.DrawFn, kind: str, period: TimeInterval, max_legs: int, max_encounters: int
) -> Facts:
    take_off = draw(moments(period=period))
    off = _TakeOff(epoch_ms(take_off), take_off.astimezone(BEIJING).date().toordinal())
    names = _names(Scope.FLIGHT)
    # A flight wholly at random breaks a dozen rules, which hides what one fact does; so most are
    # an ordinary one with some facts drawn anew.
    few = _some_of(names, 12)
    changed = draw(st.one_of(few, few, st.just(names)))
    flight = {
        name: ordinary_value(VOCABULARY[name], at_ms=off.at_ms, day=off.day) for name in names
    }
    for name in changed:
        if name not in ("departure_at", "departure_on"):
            flight[name] = off.placed(name, draw(_values(VOCABULARY[name])))
    if kind == "any":
        for name in draw(_some_of(names, draw(st.sampled_from([2, 8, 60])))):
            del flight[name]
    for name in _undated(flight):
        del flight[name]
    drawn = [
        draw(_instances(Scope.LEG, max_legs, kind)),
        draw(_instances(Scope.ENCOUNTER, max_encounters, kind)),
    ]
    legs, encounters = (
        tuple(
            Instance(exists, {name: off.placed(name, value) for name, value in values.items()})
            for exists, values in found
        )
        for found in drawn
    )
    return Facts(flight, legs, encounters)


@cache
def _names(scope: Scope) -> tuple[str, ...]:
    return tuple(fact.name for fact in facts_asked(scope))


@cache
def _some_of(names: tuple[str, ...], most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), max_size=most, unique=True)


@lru_cache
def _in_working_days() -> frozenset[tuple[str, str]]:
    """Facts that some law counts in working days, each with the day it is counted from."""
    return frozenset(
        (node.fact.name, node.base.name)
        for node in _held()
        if isinstance(node, CompareTimes)
        and isinstance(node.offset, Span)
        and node.offset.unit is SpanUnit.WORKDAY
    )


def _undated(flight: Mapping[str, FactValue]) -> set[str]:
    """Facts that would be counted in working days of a year whose calendar is not known."""
    found = set()
    for name, base in _in_working_days():
        if name in flight and base in flight:
            try:
                shift_working_days(date.fromordinal(int(flight[base])), by=-30)
            except CalendarYearError:
                found.add(name)
    return found


def facts(
    *,
    kind: str = "any",
    period: TimeInterval = YEAR,
    max_legs: int = 2,
    max_encounters: int = 3,
) -> st.SearchStrategy[Facts]:
    """Facts as the vocabulary allows them, close to the limits of law.

    Parameters
    ----------
    kind
        ``complete``: every fact is known and every leg and encounter certain; ``any``: some are
        not.
    period
        When the flight departs.
    max_legs, max_encounters
        Greatest numbers of those.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, database=None)
    ... @given(facts(kind="complete"))
    ... def test_nothing_is_left_out(facts):
    ...     assert "is_indoor" in facts.flight
    >>> test_nothing_is_left_out()
    """
    require_kind(kind, ("any", "complete"))
    require_range(0, max_legs, names="0 and max_legs")
    require_range(0, max_encounters, names="0 and max_encounters")
    return _facts(kind, period, max_legs, max_encounters)


# Conditions --------------------------------------------------------------------------------------


@st.composite
def _leaf(draw: st.DrawFn, askable: _Askable) -> Condition:
    known = askable.names
    if not known or draw(st.integers(0, 19)) == 0:
        return draw(_OPEN_LEAVES)
    fact = VOCABULARY[draw(_one_of(known))]
    if fact.kind is bool:
        return Holds(fact)
    if fact.measure is not Measure.QUANTITY:
        same = tuple(name for name in known if VOCABULARY[name].measure is fact.measure)
        return CompareTimes(
            fact,
            draw(st.sampled_from(["<", "<=", ">", ">="])),
            VOCABULARY[draw(_one_of(same))],
            draw(_offsets(fact.measure)),
            "test/law#rule.offset",
        )
    if fact.kind is int:
        value = draw(_numbers(fact))
        unit = fact.unit or FactUnit.COUNT
        written = Quantity(value / factor(SHOWN_UNIT[unit], to=unit), SHOWN_UNIT[unit])
        comparison = draw(st.sampled_from(["<", "<=", ">", ">=", "=="]))
        return Compare(fact, comparison, Fraction(value), written, "test/law#rule.limit")
    chosen = draw(st.lists(st.sampled_from(_words(fact)), min_size=1, max_size=4, unique=True))
    return OneOf(fact, tuple(chosen))


_OPEN_LEAVES = st.sampled_from([ALWAYS, Unclear(("未定", "left open"))])


@dataclass(frozen=True, repr=False)
class _Askable:
    """Facts that a leaf may ask for; Hypothesis writes strategies out, so it has a short name."""

    names: tuple[str, ...]


def _askable(scope: Scope, names: tuple[str, ...]) -> _Askable:
    asked = (name for name in names if VOCABULARY[name].scope in (scope, Scope.FLIGHT))
    return _Askable(tuple(asked))


@cache
def _one_of(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


@cache
def _offsets(measure: Measure) -> st.SearchStrategy[Span | Deadline]:
    if measure is Measure.DAY:
        units = st.sampled_from([SpanUnit.DAY, SpanUnit.MONTH, SpanUnit.YEAR])
        return st.builds(Span, st.integers(-24, 24), units)
    spans = st.builds(Span, st.sampled_from([-120, -60, -30, 0, 60]), st.just(SpanUnit.MINUTE))
    return spans | st.just(Deadline(-1, time(12), ZoneInfo("Asia/Shanghai")))


def conditions(
    *,
    scope: Scope = Scope.FLIGHT,
    names: Sequence[str] = tuple(VOCABULARY),
    max_leaves: int = 6,
) -> st.SearchStrategy[Condition]:
    """Conditions of every node there is, over facts of a scope.

    Parameters
    ----------
    scope
        Of what they speak. Conditions on flights may range over legs and encounters.
    names
        Facts and legal terms that they may ask for.
    max_leaves
        About how many leaves they have.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(conditions(names=["is_indoor"]), lambda c: isinstance(c, Holds)).sentence("en")
    'flown wholly indoors'
    """
    if strangers := [name for name in names if name not in VOCABULARY]:
        raise InvalidArgument(f"names: {strangers[:3]} are no facts of the vocabulary")
    return _conditions(scope, tuple(names), max_leaves)


@cache
def _conditions(
    scope: Scope, names: tuple[str, ...], max_leaves: int
) -> st.SearchStrategy[Condition]:
    leaves: st.SearchStrategy[Condition] = _leaf(_askable(scope, names))
    if scope is Scope.FLIGHT:
        for of in (Scope.LEG, Scope.ENCOUNTER):
            leaves |= st.builds(Some, st.just(of), _tree(_leaf(_askable(of, names)), 3))
    return _tree(leaves, max_leaves)


def _tree(leaves: st.SearchStrategy[Condition], max_leaves: int) -> st.SearchStrategy[Condition]:
    def grow(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(several.map(All), several.map(AnyOf), parts.map(Not))

    return st.recursive(leaves, grow, max_leaves=max_leaves)
