"""What files of others leave open: flight levels and identifiers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.airspace import EVERY_HEIGHT
from lowalt.errors import InvalidInputError
from lowalt.formats.adoption import Identifiers
from lowalt.formats.limits import PressureAltitude, layer_between
from lowalt.levels import Level, VerticalLayer, VerticalReference

AMSL = VerticalReference.AMSL


def altitude_m(pressure_hpa: float, *, sea_level_hpa: float, warmer_k: float) -> float:
    """Altitude of a pressure, climbing through air warmer than standard, a hundredth hPa a step."""
    steps = np.linspace(sea_level_hpa, pressure_hpa, 4000)
    altitude = 0.0
    for below, above in itertools.pairwise(steps):
        kelvin = max(288.15 - 0.0065 * altitude, 216.65) + warmer_k
        altitude += 287.05287 * kelvin / 9.80665 * math.log(below / above)
    return altitude


@pytest.mark.parametrize(
    ("level", "pressure_hpa"),  # ICAO Doc 7488
    [(30, 908.12), (65, 796.0), (100, 696.82), (180, 505.99), (300, 300.90), (450, 147.48)],
)
@pytest.mark.parametrize("sea_level_hpa", [875.0, 953.2, 1013.25, 1040.0, 1080.0])
@pytest.mark.parametrize("warmer_k", [-45.0, 0.0, 25.0])
def test_in_any_weather_a_flight_level_lies_between_its_bounds(
    level: int, pressure_hpa: float, sea_level_hpa: float, warmer_k: float
) -> None:
    altitude = altitude_m(pressure_hpa, sea_level_hpa=sea_level_hpa, warmer_k=warmer_k)
    pressure = PressureAltitude(level * 30.48)
    assert pressure.lowest_amsl_m < altitude < pressure.highest_amsl_m


def test_the_standard_pressure_of_a_flight_level_is_that_of_the_tables() -> None:
    # Where the sea-level pressure is a bound, the bound is the plain hypsometric equation.
    for level, pressure_hpa in [(100, 696.82), (300, 300.90), (450, 147.48)]:
        expected = 287.05287 * 200.0 / 9.80665 * math.log(870.0 / pressure_hpa)
        assert PressureAltitude(level * 30.48).lowest_amsl_m == pytest.approx(expected, abs=0.5)


@given(st.floats(-900.0, 100_000.0), st.floats(0.0, 20_000.0))
def test_a_higher_flight_level_has_higher_bounds(value: float, more: float) -> None:
    low, high = PressureAltitude(value), PressureAltitude(value + more)
    assert low.lowest_amsl_m <= high.lowest_amsl_m
    assert low.highest_amsl_m <= high.highest_amsl_m
    assert low.lowest_amsl_m < low.highest_amsl_m


def test_limits_of_pressure_make_a_layer_larger_and_say_so() -> None:
    layer, losses = layer_between(
        PressureAltitude(1981.2), PressureAltitude(5943.6), feature="TMA1"
    )
    assert layer == VerticalLayer(Level(514.0, AMSL), Level(7727.0, AMSL))
    assert [(loss.feature, loss.what) for loss in losses] == [("TMA1", "reference")] * 2
    assert "FL65" in losses[0].how
    assert "514 m AMSL, the lowest" in losses[0].how
    assert "FL195" in losses[1].how


def test_a_floor_that_can_lie_below_the_sea_is_the_surface() -> None:
    layer, losses = layer_between(PressureAltitude(304.8), None, feature="A")
    assert layer == EVERY_HEIGHT
    assert "the surface" in losses[0].how


@pytest.mark.parametrize(
    ("floor", "ceiling", "message"),
    [
        (Level(2e5, AMSL), None, "floor at 200000 m: expected at most 100000 m"),
        (None, PressureAltitude(1e9), "ceiling at 1e.09 m"),
        (PressureAltitude(math.nan), None, "floor at nan m"),
        (PressureAltitude(3048.0), PressureAltitude(1524.0), "from FL100 to FL50: the ceiling"),
        (Level(300.0, AMSL), Level(200.0, AMSL), "the ceiling lies below the floor"),
    ],
)
def test_limits_that_make_no_layer_are_refused(
    floor: Level | PressureAltitude | None,
    ceiling: Level | PressureAltitude | None,
    message: str,
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        layer_between(floor, ceiling, feature="A")


@given(st.lists(st.tuples(st.text("ABab1 -禁", max_size=9), st.text("ABab1 -禁", max_size=9))))
def test_identifiers_are_short_and_unique_and_the_same_again(pairs: list[tuple[str, str]]) -> None:
    def take() -> list[str]:
        identifiers = Identifiers()
        return [identifiers.take(stated, name=name) for stated, name in pairs]

    taken = take()
    assert taken == take()
    assert len(set(taken)) == len(taken)
    assert all(1 <= len(identifier) <= 7 for identifier in taken)


def test_an_identifier_that_will_do_is_kept_and_others_are_made_of_the_name() -> None:
    identifiers = Identifiers()
    assert identifiers.take("EAR1", name="x") == "EAR1"
    assert identifiers.take("EAR1", name="EAR 1") == "EAR12"
    assert identifiers.take("64b7c5d0e1f2", name="ED-R 10B Putlos") == "EDR10BP"
    assert identifiers.take("64b7c5d0e1f2", name="禁区") == "64B7C5D"
    assert identifiers.take("", name="禁区") == "Z"
    assert identifiers.take("", name="限制区") == "Z2"
