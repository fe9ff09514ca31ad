"""From what a document states to what a fact counts.

What is not stated stays unknown, and a rounded number is rounded to the side that is unfavourable
to the flight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import TypeVar

from lowalt.flights.documents import Document
from lowalt.temporal import epoch_ms
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.units import FactUnit, at_least, at_most
from lowalt.vocabulary import FactValue

CHINA = "CHN"

MM, MM_H, G = FactUnit.MILLIMETRE, FactUnit.MILLIMETRE_PER_HOUR, FactUnit.GRAM
MS, PPM = FactUnit.MILLISECOND, FactUnit.PARTS_PER_MILLION
J, KM2, GH = FactUnit.JOULE, FactUnit.PER_KM2, FactUnit.PER_GIGAHOUR
HKD = FactUnit.HONG_KONG_DOLLAR

Known = FactValue | None
Word = TypeVar("Word", bound=Term)
Part = TypeVar("Part", bound=Document)


def stated(*values: object) -> bool | None:
    """Whether everything asked for is stated; what is left out is unknown, never false."""
    return None if None in values else True


def known(values: Mapping[str, Known]) -> dict[str, FactValue]:
    """Leave out what is not known."""
    return {name: value for name, value in values.items() if value is not None}


def part(given: Part | None, kind: type[Part]) -> Part:
    """Part of a plan; one that is not stated is as one in which nothing is."""
    return _blank(kind) if given is None else given


@cache
def _blank(kind: type[Part]) -> Part:
    return kind()


def up(value: float | None, unit: str, to: FactUnit) -> int | None:
    """Round up to a whole fact unit: for what must not be too big."""
    return None if value is None else at_least(value, unit, to=to)


def down(value: float | None, unit: str, to: FactUnit) -> int | None:
    """Round down to a whole fact unit: for what must not be too small."""
    return None if value is None else at_most(value, unit, to=to)


def day(value: date | None) -> int | None:
    """Count a calendar day."""
    return None if value is None else value.toordinal()


def instant(value: datetime | None) -> int | None:
    """Count a moment."""
    return None if value is None else epoch_ms(value)


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Whether all hold: one false settles it, one unknown leaves it open."""
    found = set(values)
    return False if False in found else None if None in found else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Whether any holds: one true settles it, one unknown leaves it open."""
    found = set(values)
    return True if True in found else None if None in found else False


def settled(truth: Truth) -> bool | None:
    """Turn an unknown into an absent fact."""
    return None if truth is Truth.UNKNOWN else truth is Truth.TRUE


def least(values: Collection[int | None]) -> int | None:
    """Least value; unknown where one of them is."""
    return None if None in values else min(v for v in values if v is not None)


def most(values: Collection[int | None]) -> int | None:
    """Greatest value; unknown where one of them is."""
    return None if None in values else max(v for v in values if v is not None)


def lowest(order: tuple[Word, ...], words: Collection[Word | None]) -> Word | None:
    """Lowest word of an order; the very lowest settles it even beside unknowns."""
    if None in words and order[0] not in words:
        return None
    return min((w for w in words if w is not None), key=order.index)
