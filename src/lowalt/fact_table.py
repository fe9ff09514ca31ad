"""The waist, wide: the facts of many flights in columns.

What :class:`lowalt.facts.Facts` is to one flight, a table is to many. Legs and encounters of all
flights follow one another, in the order of the flights, and each knows whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.errors import InvalidInputError
from lowalt.facts import Facts, Instance
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.vocabulary import VOCABULARY, Fact, FactValue, Scope, fact

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Values = NDArray[Any]

_STAND_IN = 0
"""Value of what is not known. Nothing may hang on it, but that it is false of a boolean."""

_ROOMY = 1 << 62
"""Below this a machine word still has room for a span of law to be added."""


@cache
def codes(kind: type[Term]) -> Mapping[Term | None, int]:
    """Return the number of each word of a closed vocabulary, and of what is not known.

    Examples
    --------
    >>> from lowalt.terms import Jurisdiction
    >>> codes(Jurisdiction)[Jurisdiction.HONG_KONG]
    1
    """
    return {None: _STAND_IN, **{word: number for number, word in enumerate(kind)}}


@dataclass(frozen=True, slots=True)
class Column:
    """One fact of many flights, legs or encounters, ``(M,)`` each.

    Attributes
    ----------
    values
        ``bool``, ``int64`` or, of a closed vocabulary, the number of the word (`codes`). Integers
        too big for a machine word are Python's own (``object``).
    known
        Where the value is known; where not, a boolean is false.
    """

    values: Values
    known: BoolArray

    @classmethod
    def of(cls, word: Fact, given: Sequence[FactValue | None]) -> Column:
        """Make a column of values; ``None`` is not known.

        Raises
        ------
        InvalidInputError
            If a value has the wrong type.
        """
        for kind in set(map(type, given)) - {word.kind, type(None)}:
            word.check(next(value for value in given if type(value) is kind))  # type: ignore[arg-type]  # not None
        known = np.array([value is not None for value in given], dtype=bool)
        if word.kind is bool:
            return cls(np.array([value is True for value in given], dtype=bool), known)
        if issubclass(word.kind, Term):
            number = codes(word.kind)
            return cls(np.array([*map(number.__getitem__, given)], dtype=np.int8), known)  # type: ignore[arg-type]  # words only
        whole = [_STAND_IN if value is None else int(value) for value in given]
        fits = not whole or (min(whole) > -_ROOMY and max(whole) < _ROOMY)
        return cls(np.array(whole, dtype=np.int64 if fits else np.object_), known)

    def value(self, word: Fact, number: int) -> FactValue | None:
        """Return the value of a fact in one row."""
        if not self.known[number]:
            return None
        value: int = self.values[number]
        if issubclass(word.kind, Term):
            return list(word.kind)[value]
        return bool(value) if word.kind is bool else int(value)

    def rows(self, start: int, stop: int) -> Column:
        """Return some rows, without copying them."""
        return Column(self.values[start:stop], self.known[start:stop])

    def take(self, numbers: IntArray) -> Column:
        """Return rows by their numbers, in any order."""
        return Column(self.values[numbers], self.known[numbers])


@dataclass(frozen=True, slots=True)
class Rows:
    """The flights, the legs or the encounters of a table, M of them.

    Attributes
    ----------
    columns
        By the name of the fact; a fact without a column is known of none.
    owner
        Number of the flight that each belongs to, ``(M,)``, in order.
    surely, possibly
        Whether it exists, and whether it may, ``(M,)`` each.
    """

    columns: Mapping[str, Column]
    owner: IntArray
    surely: BoolArray
    possibly: BoolArray

    def __len__(self) -> int:
        return len(self.owner)

    def any_of(self, mask: BoolArray, *, flights: int) -> BoolArray:
        """Whether a mask holds for any that belongs to each flight, ``(flights,)``."""
        found = np.zeros(flights, dtype=bool)
        found[self.owner[mask]] = True
        return found

    def of_flights(self, start: int, stop: int) -> Rows:
        """Return those of a range of flights, numbered from its start."""
        first, beyond = np.searchsorted(self.owner, (start, stop)).tolist()
        return Rows(
            {name: column.rows(first, beyond) for name, column in self.columns.items()},
            self.owner[first:beyond] - start,
            self.surely[first:beyond],
            self.possibly[first:beyond],
        )

    def take(self, flights: IntArray) -> Rows:
        """Return those of flights by their numbers, numbered anew in that order."""
        first, beyond = (np.searchsorted(self.owner, flights, side=s) for s in ("left", "right"))
        many = beyond - first
        owner = np.repeat(np.arange(len(flights)), many)
        at = np.arange(len(owner)) + np.repeat(first - np.cumsum(many) + many, many)
        return Rows(
            {name: column.take(at) for name, column in self.columns.items()},
            owner,
            self.surely[at],
            self.possibly[at],
        )

    def facts(self, number: int) -> dict[str, FactValue]:
        """Return what is known of one."""
        found = {name: c.value(VOCABULARY[name], number) for name, c in self.columns.items()}
        return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True, slots=True)
class FactTable:
    """What is known of many flights.

    Attributes
    ----------
    flights, legs, encounters
        Each flight's facts, and those of its legs and encounters in the order of the path.

    Examples
    --------
    >>> table = FactTable.of([Facts({"is_indoor": False}), Facts({})])
    >>> table.flights.columns["is_indoor"].known
    array([ True, False])
    """

    flights: Rows
    legs: Rows
    encounters: Rows

    @classmethod
    def of(cls, facts: Iterable[Facts]) -> FactTable:
        """Tabulate the facts of flights."""
        found = list(facts)
        if strangers := {type(f).__name__ for f in found} - {Facts.__name__}:
            raise InvalidInputError(
                f"facts: given {', '.join(sorted(strangers))}, expected the Facts of each flight"
            )
        return cls.of_values(
            [f.flight for f in found], [f.legs for f in found], [f.encounters for f in found]
        )

    @classmethod
    def of_values(
        cls,
        flights: Sequence[Mapping[str, FactValue | None]],
        legs: Iterable[Iterable[Instance]],
        encounters: Iterable[Iterable[Instance]],
    ) -> FactTable:
        """Tabulate what is known of flights, legs and encounters; ``None`` is not known.

        Raises
        ------
        InvalidInputError
            If a value has the wrong type or stands in the wrong scope.
        """
        every = [[Instance(Truth.TRUE, values)] for values in flights]  # type: ignore[arg-type]  # None
        return cls(
            _rows(Scope.FLIGHT, every),
            _rows(Scope.LEG, legs),
            _rows(Scope.ENCOUNTER, encounters),
        )

    def __len__(self) -> int:
        return len(self.flights)

    def rows(self, scope: Scope) -> Rows:
        """Return the flights, the legs or the encounters."""
        if scope is Scope.FLIGHT:
            return self.flights
        return self.legs if scope is Scope.LEG else self.encounters

    def part(self, start: int, stop: int) -> FactTable:
        """Return the table of a range of flights, without copying any column."""
        return FactTable(*(self.rows(scope).of_flights(start, stop) for scope in Scope))

    def take(self, flights: Sequence[int] | IntArray) -> FactTable:
        """Return the table of flights by their numbers, in any order and as often as given.

        Examples
        --------
        >>> table = FactTable.of([Facts({"is_indoor": False}), Facts({})])
        >>> table.take([1, 0]).flights.columns["is_indoor"].known
        array([False,  True])
        """
        numbers = np.asarray(flights, dtype=np.int64)
        return FactTable(*(self.rows(scope).take(numbers) for scope in Scope))

    def facts(self, number: int) -> Facts:
        """Return the facts of one flight.

        Examples
        --------
        >>> FactTable.of([Facts({"is_indoor": False})]).facts(0).flight["is_indoor"]
        False
        """
        one = self.part(number, number + 1)

        def instances(scope: Scope) -> tuple[Instance, ...]:
            rows = one.rows(scope)
            exists = zip(rows.surely.tolist(), rows.possibly.tolist(), strict=True)
            return tuple(Instance(_exists(*how), rows.facts(row)) for row, how in enumerate(exists))

        (flight,) = instances(Scope.FLIGHT)
        return Facts(flight.values, instances(Scope.LEG), instances(Scope.ENCOUNTER))


def _exists(surely: bool, possibly: bool) -> Truth:
    if surely:
        return Truth.TRUE
    return Truth.UNKNOWN if possibly else Truth.FALSE


def _rows(scope: Scope, instances: Iterable[Iterable[Instance]]) -> Rows:
    of_flights = [list(some) for some in instances]
    every = list(chain.from_iterable(of_flights))
    # Many have the same names, so that each set of them is gone through once.
    shapes = dict.fromkeys(tuple(instance.values) for instance in every)
    names = dict.fromkeys(chain.from_iterable(shapes))
    words = [_word(name, scope) for name in names]
    # Rows of the same names in the same order turn into columns at once.
    given = zip(*(tuple(map(instance.values.get, names)) for instance in every), strict=True)
    return Rows(
        {
            word.name: Column.of(word, column)
            for word, column in zip(words, given, strict=True)
            if column.count(None) < len(every)
        },
        np.repeat(np.arange(len(of_flights)), list(map(len, of_flights))),
        np.array([instance.exists is Truth.TRUE for instance in every], dtype=bool),
        np.array([instance.exists is not Truth.FALSE for instance in every], dtype=bool),
    )


def _word(name: str, scope: Scope) -> Fact:
    word = fact(name)
    if word.scope is not scope or word.defined:
        raise InvalidInputError(
            f"fact {name} is {'defined by law' if word.defined else f'of a {word.scope}'};"
            f" it cannot be given for a {scope}"
        )
    return word
