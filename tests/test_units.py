"""Numbers of plans become whole fact units, exactly, and rounded against the flight."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.units import FactUnit, at_least, at_most, factor

UNITS = [
    ("m", FactUnit.MILLIMETRE),
    ("km/h", FactUnit.MILLIMETRE_PER_HOUR),
    ("m/s", FactUnit.MILLIMETRE_PER_HOUR),
    ("kg", FactUnit.GRAM),
    ("h", FactUnit.MILLISECOND),
    ("%", FactUnit.PARTS_PER_MILLION),
]
NOISE = Fraction(1, 1_000_000)
"""So much of a fact unit is taken for the noise of a float."""

numbers = (
    st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(10**12), 10**12)
    | st.integers(0, 10**7).map(lambda hundredths: hundredths / 100)
)


@given(numbers, st.sampled_from(UNITS))
def test_rounding_is_that_of_exact_fractions(value: float, unit: tuple[str, FactUnit]) -> None:
    exact = Fraction(value) * factor(unit[0], to=unit[1])
    assert at_least(value, unit[0], to=unit[1]) == math.ceil(exact - NOISE)
    assert at_most(value, unit[0], to=unit[1]) == math.floor(exact + NOISE)


def test_a_limit_of_law_is_met_exactly() -> None:
    assert at_least(120.0, "m", to=FactUnit.MILLIMETRE) == 120_000
    assert at_least(120.0001, "m", to=FactUnit.MILLIMETRE) == 120_001
    assert at_most(119.9999, "m", to=FactUnit.MILLIMETRE) == 119_999
    assert at_least(0.1 + 0.2, "kg", to=FactUnit.GRAM) == 300


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_what_is_no_number_has_no_whole_number(value: float) -> None:
    with pytest.raises((OverflowError, ValueError)):
        at_least(value, "m", to=FactUnit.MILLIMETRE)
