"""The words readings are written in.

A reading is one function per provision, in article order, without a number in it: it takes the
parameters in force and says *when* a duty stands and what *must* then hold::

    @reading("art_10__para_1", effect=Effect.PROHIBITS)
    def registered(p: Parameters) -> Norm:
        return when(~F.is_public_body).must(F.registration_state.in_(RegistrationState.NORMAL))

Facts are asked for by name with :data:`F`, compared with the parameters of law, and joined with
``&``, ``|`` and ``~``; :func:`some` ranges over legs or encounters; :func:`unclear` stands for a
question that the law itself leaves open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import import_module
from operator import attrgetter
from pickle import PicklingError
from typing import NoReturn

from lowalt.errors import RegulationError
from lowalt.regulations.conditions import (
    ALWAYS,
    Compare,
    CompareTimes,
    Condition,
    Conditional,
    Holds,
    OneOf,
    Some,
    Unclear,
)
from lowalt.regulations.model import Cited, Deadline, Effect, Parameters, Quantity, Span
from lowalt.terms import Term
from lowalt.units import factor
from lowalt.vocabulary import VOCABULARY, Fact, Measure, Scope, fact

WHOLE_INSTRUMENT = "*"
"""Stands in ``waives`` for every other duty and exemption of the same instrument."""


@dataclass(frozen=True, slots=True)
class ShiftedFact:
    """An instant or day shifted by a span or deadline of law."""

    fact: Fact
    offset: Span | Deadline
    citation: str


class FactRef:
    """A fact as readings write it; comparing it builds a condition."""

    __slots__ = ("fact",)

    def __init__(self, known: Fact) -> None:
        self.fact = known

    def as_condition(self) -> Condition:
        """Build the condition that a boolean fact or term holds."""
        if self.fact.kind is not bool:
            raise RegulationError(f"fact {self.fact.name} is not a boolean; compare it")
        return Holds(self.fact)

    def __and__(self, other: Conditional) -> Condition:
        return self.as_condition() & other

    def __or__(self, other: Conditional) -> Condition:
        return self.as_condition() | other

    def __invert__(self) -> Condition:
        return ~self.as_condition()

    def __bool__(self) -> bool:
        raise RegulationError(
            f"fact {self.fact.name} has no truth of its own; join with & | ~, not and/or/not"
        )

    def in_(self, *words: Term) -> Condition:
        """Build the condition that the fact is one of the words."""
        strangers = [w for w in words if type(w) is not self.fact.kind]
        if strangers or not words:
            raise RegulationError(
                f"fact {self.fact.name} is a {self.fact.kind.__name__}; given {strangers or 'none'}"
            )
        return OneOf(self.fact, words)

    def shifted(self, offset: Cited) -> ShiftedFact:
        """Shift an instant or day by a span or deadline of law."""
        if not isinstance(offset.value, Span | Deadline):
            raise RegulationError(f"{offset.citation} is not a span or deadline")
        return ShiftedFact(self.fact, offset.value, offset.citation)

    def __lt__(self, other: Cited | ShiftedFact) -> Condition:
        return self._compare("<", other)

    def __le__(self, other: Cited | ShiftedFact) -> Condition:
        return self._compare("<=", other)

    def __gt__(self, other: Cited | ShiftedFact) -> Condition:
        return self._compare(">", other)

    def __ge__(self, other: Cited | ShiftedFact) -> Condition:
        return self._compare(">=", other)

    def __eq__(self, other: object) -> NoReturn:
        raise RegulationError(
            f"fact {self.fact.name} is compared with ==; ask for words with"
            f" F.{self.fact.name}.in_(...), and compare numbers with <, <=, > or >="
        )

    __hash__ = object.__hash__

    def _compare(self, comparison: str, other: Cited | ShiftedFact) -> Condition:
        if not isinstance(other, Cited | ShiftedFact):
            raise RegulationError(
                f"fact {self.fact.name} is compared with {other!r}, which no law says; write the"
                " number as a parameter of its provision and compare with p.<provision>.<name>"
            )
        if isinstance(other, ShiftedFact):
            if other.fact.measure is not self.fact.measure or self.fact.kind is not int:
                raise RegulationError(
                    f"{self.fact.name} and {other.fact.name} are not times of one kind"
                )
            return CompareTimes(self.fact, comparison, other.fact, other.offset, other.citation)
        value = other.value
        if isinstance(value, date) and self.fact.measure is Measure.DAY:
            limit = Fraction(value.toordinal())
            return Compare(self.fact, comparison, limit, value, other.citation)
        if isinstance(value, Quantity) and self.fact.unit is not None:
            limit = value.value * factor(value.unit, to=self.fact.unit)
            _require_reference(self.fact, value, other.citation)
            return Compare(self.fact, comparison, limit, value, other.citation)
        raise RegulationError(
            f"{other.citation} does not fit fact {self.fact.name}, a {self.fact.measure} counted"
            f" in {self.fact.unit or 'no unit'}"
        )


def _require_reference(known: Fact, limit: Quantity, citation: str) -> None:
    """Refuse a limit that is counted from elsewhere than the fact: they are two heights."""
    if limit.reference == known.reference:
        return
    given = f"is counted from {limit.reference}" if limit.reference else "has no reference"
    fitting = [f.name for f in VOCABULARY.values() if f.unit and f.reference == limit.reference]
    raise RegulationError(
        f"{citation} {given}, and fact {known.name} is counted from"
        f" {known.reference or 'no level'}; "
        + (
            f"write 'reference: {known.reference}' beside its unit if that is what the law means"
            if known.reference
            else "leave its reference out if the law means no height above a level"
        )
        + (f", or compare it with {' or '.join(fitting)}" if limit.reference and fitting else "")
    )


class _Facts:
    """Facts by name, for readings: ``F.is_indoor``."""

    def __getattr__(self, name: str) -> FactRef:
        if name.startswith("__"):
            raise AttributeError(name)
        return FactRef(fact(name))


F = _Facts()


def some(scope: Scope, part: Conditional) -> Condition:
    """Build a condition that holds where some leg, or some encounter, meets the part."""
    return Some(scope, part.as_condition())


def unclear(*, zh: str, en: str) -> Condition:
    """Build a condition that is never settled by facts, only by asking an authority."""
    return Unclear((zh, en))


@dataclass(frozen=True, slots=True)
class Norm:
    """When a duty stands, and what must then hold.

    Attributes
    ----------
    applies
        When the duty stands.
    satisfied
        What must hold; ``None`` for a reading that only derives or waives.
    """

    applies: Condition
    satisfied: Condition | None = None

    def must(self, satisfied: Conditional) -> Norm:
        """Say what must hold where the duty stands."""
        return Norm(self.applies, satisfied.as_condition())


def when(applies: Conditional) -> Norm:
    """Begin a norm with the condition under which it applies."""
    return Norm(applies.as_condition())


def must(satisfied: Conditional) -> Norm:
    """Build a norm that applies to every flight."""
    return Norm(ALWAYS, satisfied.as_condition())


class _Mark:
    """What stands at the place of a function once it is marked; pickled by name as one."""

    __slots__ = ()
    write: Callable[[Parameters], object]

    def __reduce__(self) -> tuple[Callable[[str, str], object], tuple[str, str]]:
        home, name = self.write.__module__, self.write.__qualname__
        try:
            found = _marked(home, name)
        except (ImportError, AttributeError):
            found = None
        if found is not self:
            raise PicklingError(
                f"{name} of {home} does not stand at the top of a module, where another process"
                " could find it; move it there"
            )
        return _marked, (home, name)


def _marked(home: str, name: str) -> object:
    return attrgetter(name)(import_module(home))


@dataclass(frozen=True, slots=True)
class Reading(_Mark):
    """Our reading of one provision.

    Attributes
    ----------
    key
        Provision it reads, within its own instrument.
    write
        Builds the norm from the parameters in force.
    scope
        Whether it is asked once per flight, per leg or per encounter.
    effect
        What follows where the duty stands and is not met.
    deadline
        Parameter that says by when the duty is to be met: its name, or ``key.name`` where it
        stands in another provision of the instrument.
    answer
        Parameter that says by when the authority answers, named like ``deadline``.
    accompanies
        Provisions with whose duty this one is met together, such as the application that a
        document goes with: keys of its own instrument, or whole citations. Where it has no
        deadline of its own, theirs that stands is the time for it.
    needs, derives
        Facts between readings: it applies only where those it needs were derived.
    waives
        Provisions whose duties it takes away: keys of its own instrument, or whole citations.
    addresses
        Provisions whose duties, where it applies, are owed to the addressee of its own: keys of
        its own instrument, or whole citations.
    """

    key: str
    write: Callable[[Parameters], Norm]
    scope: Scope = Scope.FLIGHT
    effect: Effect = Effect.NONE
    deadline: str = ""
    answer: str = ""
    accompanies: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    waives: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


def reading(
    key: str,
    *,
    scope: Scope = Scope.FLIGHT,
    effect: Effect = Effect.NONE,
    deadline: str = "",
    answer: str = "",
    accompanies: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    derives: tuple[str, ...] = (),
    waives: tuple[str, ...] = (),
    addresses: tuple[str, ...] = (),
) -> Callable[[Callable[[Parameters], Norm]], Reading]:
    """Mark a function as the reading of a provision; see :class:`Reading` for the words."""

    def mark(write: Callable[[Parameters], Norm]) -> Reading:
        return Reading(
            key, write, scope, effect, deadline, answer, accompanies, needs, derives, waives,
            addresses,
        )  # fmt: skip

    return mark


@dataclass(frozen=True, slots=True)
class Definition(_Mark):
    """The definition of a legal term by a provision."""

    key: str
    term: str
    write: Callable[[Parameters], Condition]


def definition(key: str, *, term: str) -> Callable[[Callable[[Parameters], Condition]], Definition]:
    """Mark a function as the definition of a legal term of the vocabulary."""
    if not fact(term).defined:
        raise RegulationError(f"{term} is a fact of the situation, not a legal term")

    def mark(write: Callable[[Parameters], Condition]) -> Definition:
        return Definition(key, term, write)

    return mark
