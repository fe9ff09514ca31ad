"""Conditions asked of many flights at once: for each node of the tree, two masks.

One mask says for which rows a condition certainly holds, the other for which it certainly does
not; strong Kleene logic is then plain logic on pairs of masks. The answers are those of
:meth:`lowalt.regulations.conditions.Condition.truth`, row by row.

The conditions of a rulebook repeat themselves, so each is kept once and has a number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

import numpy as np

from lowalt.errors import CalendarYearError, RegulationError
from lowalt.fact_table import BoolArray, Column, FactTable, IntArray, Values
from lowalt.regulations.conditions import (
    All,
    Always,
    AnyOf,
    Compare,
    CompareTimes,
    Condition,
    FliesUnder,
    Holds,
    Not,
    OneOf,
    Some,
    Unclear,
)
from lowalt.regulations.model import Deadline, Span, SpanUnit
from lowalt.terms import Term
from lowalt.vocabulary import Fact, Measure, Scope

_QUARTER_MS = 900_000
_QUARTERS_SINCE_MS = 63_072_000_000
"""Since 1972 the clocks of all time zones have been whole quarters of an hour off UTC."""

_COMPARISONS: Mapping[str, tuple[Callable[..., BoolArray], Callable[[Fraction], int]]] = {
    "<": (np.less, math.ceil),
    "<=": (np.less_equal, math.floor),
    ">": (np.greater, math.floor),
    ">=": (np.greater_equal, math.ceil),
    "==": (np.equal, math.floor),
}
"""How an integer compares with a fraction: as with the integer that the fraction is rounded to."""

_UNDEFINED = Unclear(("无定义", "not defined"))
"""Stands for a legal term that no law in force defines."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The truth of a condition for many rows, ``(M,)`` each.

    Attributes
    ----------
    true, false
        Where it certainly holds, and where it certainly does not.
    undated
        Where it hangs on working days of a year whose calendar is not known; ``None``: nowhere.
        Such rows are unknown in the other two masks.
    """

    true: BoolArray
    false: BoolArray
    undated: BoolArray | None = None

    def __invert__(self) -> Mask:
        return Mask(self.false, self.true, self.undated)

    def at(self, owner: IntArray) -> Mask:
        """Return the mask of what belongs to the rows, each known by the number of its owner."""
        undated = None if self.undated is None else self.undated[owner]
        return Mask(self.true[owner], self.false[owner], undated)


@dataclass(frozen=True, slots=True)
class Shifted:
    """Times shifted by a span or deadline of law, ``(M,)`` each.

    Attributes
    ----------
    values, known
        As of a `Column`.
    undated
        As of a `Mask`.
    """

    values: Values
    known: BoolArray
    undated: BoolArray | None = None


class Answers:
    """What the conditions answer for one table, each worked out when it is first asked.

    Parameters
    ----------
    kept
        The conditions.
    table
        The flights.
    """

    def __init__(self, kept: KeptConditions, table: FactTable) -> None:
        self.table = table
        self._kept = kept
        self._masks: dict[int, Mask] = {}
        self._nothing = {s: np.zeros(len(table.rows(s)), dtype=bool) for s in Scope}
        self._shifted: dict[tuple[Fact, Span | Deadline, Scope], Shifted] = {}

    def __getitem__(self, number: int) -> Mask:
        """Mask of the condition of a number."""
        if number not in self._masks:
            self._masks[number] = self._kept.answer(number, self)
        return self._masks[number]

    def forget(self, numbers: Iterable[int]) -> None:
        """Let go of masks that are asked no more, for the memory they take."""
        for number in numbers:
            self._masks.pop(number, None)

    def nothing(self, scope: Scope) -> BoolArray:
        """Return a mask that holds nowhere; it is shared, so not to be written to."""
        return self._nothing[scope]

    def column(self, fact: Fact, scope: Scope) -> Column:
        """Values of a fact as the rows of a scope see them."""
        column = self.table.rows(fact.scope).columns.get(fact.name)
        if column is None:
            nothing = self.nothing(scope)
            return Column(np.broadcast_to(np.int64(0), nothing.shape), nothing)
        if fact.scope is scope:
            return column
        owner = self.table.rows(scope).owner
        return Column(column.values[owner], column.known[owner])

    def shifted(self, base: Fact, offset: Span | Deadline, scope: Scope) -> Shifted:
        """Values of an instant or day, shifted by a span or deadline of law."""
        key = (base, offset, scope)
        if key not in self._shifted:
            self._shifted[key] = _shifted(self.column(base, scope), base.measure, offset)
        return self._shifted[key]


Answer: TypeAlias = Callable[[Answers], Mask]
"""Works a mask out."""


class KeptConditions:
    """Conditions of a rulebook, each kept once under a number.

    Parameters
    ----------
    definitions
        Legal terms by name.

    Examples
    --------
    >>> from lowalt.facts import Facts
    >>> from lowalt.regulations.authoring import F
    >>> kept = KeptConditions({})
    >>> number = kept.keep(~F.is_indoor, Scope.FLIGHT)
    >>> table = FactTable.of([Facts({"is_indoor": True}), Facts({"is_indoor": False}), Facts({})])
    >>> mask = Answers(kept, table)[number]
    >>> mask.true, mask.false
    (array([False,  True, False]), array([ True, False, False]))
    """

    def __init__(self, definitions: Mapping[str, Condition]) -> None:
        self._definitions = definitions
        self._numbers: dict[tuple[Scope, Condition], int] = {}
        self._answers: list[Answer] = []
        self._parts: list[tuple[int, ...]] = []

    def keep(self, condition: Condition, scope: Scope) -> int:
        """Keep a condition that is asked of the rows of a scope; return its number."""
        key = (scope, condition)
        if key not in self._numbers:
            self._numbers[key] = self._keep(condition, scope)
        return self._numbers[key]

    def _keep(self, condition: Condition, scope: Scope) -> int:
        home = _home(condition, scope)
        if home is not scope:
            if home is not Scope.FLIGHT:
                raise RegulationError(
                    f"facts {', '.join(condition.facts())} of a {home} were asked of a {scope}"
                )
            inner = self.keep(condition, home)
            return self._add((inner,), lambda a: a[inner].at(a.table.rows(scope).owner))
        if isinstance(condition, Holds) and condition.fact.defined:
            return self.keep(self._definitions.get(condition.fact.name, _UNDEFINED), scope)
        return self._add(*self._way(condition, scope))

    def _add(self, parts: tuple[int, ...], answer: Answer) -> int:
        self._parts.append(parts)
        self._answers.append(answer)
        return len(self._answers) - 1

    def _way(self, condition: Condition, scope: Scope) -> tuple[tuple[int, ...], Answer]:
        """Say of what parts a condition is made, and how its mask is worked out."""
        match condition:
            case Always() | All(parts=()):
                return (), lambda a: Mask(~a.nothing(scope), a.nothing(scope))
            case AnyOf(parts=()):
                return (), lambda a: Mask(a.nothing(scope), ~a.nothing(scope))
            case Unclear():
                return (), lambda a: Mask(a.nothing(scope), a.nothing(scope))
            case All() | AnyOf():
                parts = tuple(self.keep(part, scope) for part in condition.parts)
                if isinstance(condition, All):
                    return parts, lambda a: _all([a[part] for part in parts])
                return parts, lambda a: ~_all([~a[part] for part in parts])
            case Not():
                part = self.keep(condition.part, scope)
                return (part,), lambda a: ~a[part]
            case Some():
                part = self.keep(condition.part, condition.scope)
                return (part,), _some(condition.scope, part)
            case FliesUnder():
                part = self.keep(condition.here, Scope.LEG)
                return (part,), _flies_under(part)
            case Holds():
                return (), _holds(condition.fact, scope)
            case OneOf():
                return (), _one_of(condition, scope)
            case Compare():
                return (), _compare(condition, scope)
            case CompareTimes():
                return (), _compare_times(condition, scope)
        raise RegulationError(f"a condition of class {type(condition).__name__} has no mask")

    def answer(self, number: int, answers: Answers) -> Mask:
        """Work out the mask of a condition."""
        return self._answers[number](answers)

    def within(self, number: int) -> set[int]:
        """Return the numbers of a condition and of all that it is made of."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting.extend(self._parts[number])
        return found


def _home(condition: Condition, scope: Scope) -> Scope:
    """Whose rows a condition is asked of, so that it is asked of no more than it need be."""
    match condition:
        case Holds() | OneOf() | Compare():
            return condition.fact.scope
        case Always() | Unclear() | Some() | FliesUnder():
            return Scope.FLIGHT
    return scope


def _some(scope: Scope, part: int) -> Answer:
    def answer(a: Answers) -> Mask:
        mask, rows, flights = a[part], a.table.rows(scope), len(a.table)
        undated = mask.undated
        return Mask(
            rows.any_of(rows.surely & mask.true, flights=flights),
            ~rows.any_of(rows.possibly & ~mask.false, flights=flights),
            None if undated is None else rows.any_of(undated, flights=flights),
        )

    return answer


def _flies_under(part: int) -> Answer:
    some_leg = _some(Scope.LEG, part)

    def answer(a: Answers) -> Mask:
        mask, legs = some_leg(a), a.table.rows(Scope.LEG)
        has_legs = legs.any_of(np.ones(len(legs), dtype=bool), flights=len(a.table))
        return Mask(mask.true | ~has_legs, mask.false & has_legs, mask.undated)

    return answer


def _holds(fact: Fact, scope: Scope) -> Answer:
    if fact.kind is not bool:
        raise RegulationError(f"fact {fact.name} is not a boolean; compare it")

    def answer(a: Answers) -> Mask:
        column = a.column(fact, scope)
        return _settled(column.values.astype(bool, copy=False), column.known)

    return answer


def _one_of(condition: OneOf, scope: Scope) -> Answer:
    kind = condition.fact.kind
    assert issubclass(kind, Term)  # of other facts one does not ask for a word
    chosen = [number for number, word in enumerate(kind) if word in condition.words]

    def answer(a: Answers) -> Mask:
        column = a.column(condition.fact, scope)
        # To compare with a few numbers is quicker than to look each number up.
        found = reduce(
            np.logical_or, [column.values == number for number in chosen], a.nothing(scope)
        )
        return _settled(found & column.known, column.known)

    return answer


def _compare(condition: Compare, scope: Scope) -> Answer:
    compare, rounded = _COMPARISONS[condition.comparison]
    whole = rounded(condition.limit)
    if condition.comparison == "==" and whole != condition.limit:
        return lambda a: _settled(a.nothing(scope), a.column(condition.fact, scope).known)

    def answer(a: Answers) -> Mask:
        column = a.column(condition.fact, scope)
        return _settled(compare(column.values, whole) & column.known, column.known)

    return answer


def _compare_times(condition: CompareTimes, scope: Scope) -> Answer:
    compare, _ = _COMPARISONS[condition.comparison]

    def answer(a: Answers) -> Mask:
        column = a.column(condition.fact, scope)
        limit = a.shifted(condition.base, condition.offset, scope)
        known = column.known & limit.known
        mask = _settled(compare(column.values, limit.values) & known, known)
        # What is not known is not compared, and then no limit is asked for.
        undated = None if limit.undated is None else limit.undated & column.known
        return Mask(mask.true, mask.false, undated)

    return answer


def _settled(true: BoolArray, known: BoolArray) -> Mask:
    # What is true is known.
    return Mask(true, known ^ true)


def _all(masks: list[Mask]) -> Mask:
    undated = [mask.undated for mask in masks if mask.undated is not None]
    return Mask(
        # numpy's own reduce would first copy them into one array.
        reduce(np.logical_and, [mask.true for mask in masks]),
        reduce(np.logical_or, [mask.false for mask in masks]),
        reduce(np.logical_or, undated) if undated else None,
    )


def _shifted(base: Column, measure: Measure, offset: Span | Deadline) -> Shifted:
    values, known, of_days = base.values, base.known, measure is Measure.DAY
    shift: Callable[[int], int] = offset.from_day if of_days else offset.from_instant
    if isinstance(offset, Span) and (offset.unit is SpanUnit.DAY if of_days else offset.is_exact):
        return Shifted(shift(values), known)  # type: ignore[arg-type]  # a sum, of arrays too
    if not of_days:
        # A deadline hangs on the local day alone, which no quarter of an hour shares with another.
        whole = values // _QUARTER_MS * _QUARTER_MS
        values = np.where(values >= _QUARTERS_SINCE_MS, whole, values)
    found, number = np.unique(values[known], return_inverse=True)
    limits = [_limit(shift, value) for value in found.tolist()]
    shifted, dated = np.zeros_like(values), known.copy()
    shifted[known] = np.array([limit or 0 for limit in limits], dtype=values.dtype)[number]
    dated[known] = np.array([limit is not None for limit in limits], dtype=bool)[number]
    return Shifted(shifted, dated, None if (dated == known).all() else known & ~dated)


def _limit(shift: Callable[[int], int], value: int) -> int | None:
    try:
        return shift(value)
    except CalendarYearError:
        return None
