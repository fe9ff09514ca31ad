"""What a fact of the law half is, and short ways to write one down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from lowalt.errors import InvalidInputError
from lowalt.terms import Term
from lowalt.units import FactUnit

FactValue = bool | int | Term
"""Value of a known fact; instants are epoch milliseconds, days are proleptic ordinals."""


class Scope(StrEnum):
    """What a fact, and a reading, speaks of."""

    FLIGHT = "flight"
    LEG = "leg"
    ENCOUNTER = "encounter"


class Measure(StrEnum):
    """What an integer fact is, beside a plain quantity."""

    QUANTITY = "quantity"
    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the law half's vocabulary.

    Attributes
    ----------
    name
        Its name; the unit ends it where it has one.
    scope
        What it speaks of.
    kind
        ``bool``, ``int`` or the closed vocabulary its value is taken from.
    unit
        Unit of an integer quantity.
    reference
        What a height is counted from: ``AGL``, the ground, or ``AMSL``, mean sea level. ``None``
        for all else. A limit must be counted from the same.
    measure
        Whether an integer is a quantity, an instant or a day.
    zh, en
        What it is, for people.
    field
        Path in the plan that supplies it, shown when it is missing; empty where it is derived
        from place and time.
    defined
        Whether an article defines it (a legal term) instead of the situation supplying it.
    measured_by
        Of something true or false, the quantity that says by how much: 0 or more where it is true,
        less where it is false. Empty where there is none.
    dated_by
        Of a deed done or not, the instant or day at which it is; empty where the plan states none.
    """

    name: str
    scope: Scope
    kind: type[bool | int | Term]
    zh: str
    en: str
    unit: FactUnit | None = None
    measure: Measure = Measure.QUANTITY
    field: str = ""
    defined: bool = False
    reference: str | None = None
    measured_by: str = ""
    dated_by: str = ""

    def check(self, value: FactValue) -> None:
        """Refuse a value of the wrong type; ``True`` is not 1 here."""
        if type(value) is not self.kind:
            raise InvalidInputError(
                f"fact {self.name}: given {value!r} ({type(value).__name__}), expected"
                f" {self.kind.__name__}"
            )

    def label(self, lang: str) -> str:
        """Name of the fact in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


def flag(
    name: str,
    zh: str,
    en: str,
    path: str = "",
    scope: Scope = Scope.FLIGHT,
    *,
    measured_by: str = "",
    dated_by: str = "",
) -> Fact:
    """Write down a fact that is true or false, with what says by how much, or when it is done."""
    return Fact(name, scope, bool, zh, en, field=path, measured_by=measured_by, dated_by=dated_by)


def quantity(
    name: str,
    unit: FactUnit,
    zh: str,
    en: str,
    path: str = "",
    *,
    reference: str | None = None,
    scope: Scope = Scope.FLIGHT,
) -> Fact:
    """Write down a fact that counts something in a unit, a height from its reference."""
    return Fact(name, scope, int, zh, en, unit=unit, field=path, reference=reference)


def word(
    name: str, kind: type[Term], zh: str, en: str, path: str = "", *, scope: Scope = Scope.FLIGHT
) -> Fact:
    """Write down a fact whose value is a word of a closed vocabulary."""
    return Fact(name, scope, kind, zh, en, field=path)


def instant(name: str, zh: str, en: str, path: str = "", scope: Scope = Scope.FLIGHT) -> Fact:
    """Write down a fact that is a moment."""
    return Fact(name, scope, int, zh, en, measure=Measure.INSTANT, field=path)


def day(name: str, zh: str, en: str, path: str = "") -> Fact:
    """Write down a fact that is a calendar day."""
    return Fact(name, Scope.FLIGHT, int, zh, en, measure=Measure.DAY, field=path)


def term(name: str, zh: str, en: str, scope: Scope = Scope.FLIGHT) -> Fact:
    """Write down a legal term, which an article defines."""
    return Fact(name, scope, bool, zh, en, defined=True)
