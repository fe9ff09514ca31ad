"""Exact factors between the units of law and the integers of facts.

Facts are integers in small units (mm, mm/h, g, ms), so a limit such as 40 km/h or 0.25 kg is met or
broken exactly. A measured float becomes such an integer by rounding to the unfavourable side.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from lowalt.errors import InvalidInputError

METRES_PER_FOOT = 0.3048
METRES_PER_NAUTICAL_MILE = 1852.0
METRES_PER_STATUTE_MILE = 1609.344

# Floats such as 40 / 3.6 miss their decimal meaning by a few units in the sixteenth digit. A
# millionth of the fact's unit (a nanometre, a microgram) is far above that and far below meaning.
_FLOAT_NOISE = Fraction(1, 10**6)


class FactUnit(StrEnum):
    """Unit in which an integer fact counts."""

    MILLIMETRE = "mm"
    MILLIMETRE_PER_HOUR = "mm/h"
    GRAM = "g"
    MILLISECOND = "ms"
    PARTS_PER_MILLION = "ppm"
    COUNT = "count"
    JOULE = "J"
    PER_KM2 = "/km2"
    PER_GIGAHOUR = "/Gh"
    HONG_KONG_DOLLAR = "HKD"


_FACTORS: dict[FactUnit, dict[str, Fraction]] = {
    FactUnit.MILLIMETRE: {
        "mm": Fraction(1),
        "m": Fraction(1000),
        "km": Fraction(1_000_000),
        "ft": Fraction(3048, 10),
    },
    FactUnit.MILLIMETRE_PER_HOUR: {
        "km/h": Fraction(1_000_000),
        "m/s": Fraction(3_600_000),
        "kt": Fraction(1_852_000),
    },
    FactUnit.GRAM: {"g": Fraction(1), "kg": Fraction(1000)},
    FactUnit.MILLISECOND: {
        "ms": Fraction(1),
        "s": Fraction(1000),
        "min": Fraction(60_000),
        "h": Fraction(3_600_000),
    },
    FactUnit.PARTS_PER_MILLION: {"%": Fraction(10_000), "ppm": Fraction(1)},
    FactUnit.COUNT: {"count": Fraction(1)},
    FactUnit.JOULE: {"J": Fraction(1), "kJ": Fraction(1000)},
    FactUnit.PER_KM2: {"/km2": Fraction(1)},
    FactUnit.PER_GIGAHOUR: {"/h": Fraction(1_000_000_000)},
    FactUnit.HONG_KONG_DOLLAR: {"HKD": Fraction(1)},
}

SHOWN_UNIT = {
    FactUnit.MILLIMETRE: "m",
    FactUnit.MILLIMETRE_PER_HOUR: "km/h",
    FactUnit.GRAM: "kg",
    FactUnit.MILLISECOND: "s",
    FactUnit.PARTS_PER_MILLION: "%",
    FactUnit.COUNT: "count",
    FactUnit.JOULE: "kJ",
    FactUnit.PER_KM2: "/km2",
    FactUnit.PER_GIGAHOUR: "/h",
    FactUnit.HONG_KONG_DOLLAR: "HKD",
}
"""Unit in which a fact is shown to people."""


def factor(unit: str, *, to: FactUnit) -> Fraction:
    """Exact number of fact units in one unit of law.

    Raises
    ------
    InvalidInputError
        If the unit does not measure what the fact counts.

    Examples
    --------
    >>> factor("km/h", to=FactUnit.MILLIMETRE_PER_HOUR)
    Fraction(1000000, 1)
    >>> factor("km", to=FactUnit.GRAM)
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: unit 'km' does not fit a fact counted in g; use one of g, kg
    """
    known = _FACTORS[to]
    if unit not in known:
        raise InvalidInputError(
            f"unit {unit!r} does not fit a fact counted in {to.value}; use one of"
            f" {', '.join(known)}"
        )
    return known[unit]


def measures_the_same(unit: str, other: str) -> bool:
    """Whether two units of law measure the same, so that one can stand for the other.

    Examples
    --------
    >>> measures_the_same("ft", "m"), measures_the_same("kg", "m")
    (True, False)
    """
    return unit == other or any({unit, other} <= set(known) for known in _FACTORS.values())


def at_least(value: float, unit: str, *, to: FactUnit) -> int:
    """Smallest integer of fact units that is not below the value: for what must not be too big.

    Examples
    --------
    >>> at_least(120.01, "m", to=FactUnit.MILLIMETRE)
    120010
    >>> at_least(40 / 3.6, "m/s", to=FactUnit.MILLIMETRE_PER_HOUR)
    40000000
    """
    return -_floor(-value, unit, to)


def at_most(value: float, unit: str, *, to: FactUnit) -> int:
    """Largest integer of fact units that is not above the value: for what must not be too small.

    Examples
    --------
    >>> at_most(7.9999, "h", to=FactUnit.MILLISECOND)
    28799640
    """
    return _floor(value, unit, to)


@lru_cache(maxsize=4096)
def _floor(value: float, unit: str, to: FactUnit) -> int:
    """Round down to a whole fact unit; what falls short of one by noise alone reaches it.

    Plans are converted value by value, and many have values in common.
    """
    numerator, denominator = value.as_integer_ratio()
    times, noise = factor(unit, to=to), _FLOAT_NOISE
    amount = numerator * times.numerator * noise.denominator
    amount += noise.numerator * denominator * times.denominator
    return amount // (denominator * times.denominator * noise.denominator)


def shown(value: int, unit: FactUnit) -> str:
    """Write an integer fact for people, without trailing zeros.

    Examples
    --------
    >>> shown(120_010, FactUnit.MILLIMETRE)
    '120.01 m'
    """
    amount = Fraction(value) / factor(SHOWN_UNIT[unit], to=unit)
    text = f"{float(amount):.6f}".rstrip("0").rstrip(".")
    return text if unit is FactUnit.COUNT else f"{text} {SHOWN_UNIT[unit]}"
