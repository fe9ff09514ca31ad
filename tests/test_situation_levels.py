"""Heights of a plan over ground that is known, partly known, or not."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from lowalt import testing
from lowalt.airspace import Zone
from lowalt.flights import FlightPlan, parse_plan
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.situation import facts_of, lay
from lowalt.temporal import ALWAYS, TimeInterval
from lowalt.terms import ZoneKind
from lowalt.terrain import GeoidModel, TerrainModel, UniformTerrain
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth

START = datetime(2026, 6, 1, 1, tzinfo=UTC)
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
EMPTY = dataset_of((), period=EVER)
AGL, AMSL, HAE, ATO = VerticalReference
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Hill:
    """Flat ground at 10 m with a ridge of 200 m along 114.205 E; nothing known north of 22.7."""

    spacing_m: float = 50.0
    name: str = "a hill"

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        ground = np.where(np.abs(lon_lat[:, 0] - 114.205) < 0.001, 200.0, 10.0)
        return np.where(lon_lat[:, 1] > 22.7, np.nan, ground)


@dataclass(frozen=True)
class FlatGeoid:
    """The geoid a few metres below the ellipsoid everywhere."""

    undulation: float = -3.5

    def undulation_m(self, lon_lat: FloatArray) -> FloatArray:
        return np.full(len(lon_lat), self.undulation)


def plan(
    levels: list[tuple[float, VerticalReference]],
    *,
    lat_deg: float = 22.65,
    vertical_m: float | None = 0.0,
    take_off_m: float | None = None,
) -> FlightPlan:
    document: dict[str, Any] = {
        "plan_id": "p",
        "datum": "WGS84",
        "route_buffer_m": 0.0,
        "waypoints": [
            {
                "lon_deg": 114.2 + 0.01 * i,
                "lat_deg": lat_deg,
                "level": {"value_m": value_m, "reference": reference.value},
                "time": (START + timedelta(minutes=i)).isoformat(),
            }
            for i, (value_m, reference) in enumerate(levels)
        ],
    }
    if vertical_m is not None:
        document["vertical_buffer_m"] = vertical_m
    if take_off_m is not None:
        document["take_off_elevation_amsl_m"] = take_off_m
    return parse_plan(document)


def highest(
    flight: FlightPlan, *, terrain: TerrainModel | None = None, geoid: GeoidModel | None = None
) -> float | None:
    return lay(flight, airspace=EMPTY, terrain=terrain, geoid=geoid).max_true_height_m


def level_at(value_m: float, reference: VerticalReference) -> FlightPlan:
    return plan([(value_m, reference), (value_m, reference)])


def test_heights_above_ground_need_no_model() -> None:
    assert highest(plan([(30.0, AGL), (90.0, AGL), (60.0, AGL)])) == 90.0


def test_an_altitude_over_unknown_ground_has_no_true_height() -> None:
    assert highest(level_at(100.0, AMSL)) is None
    assert "max_true_height_mm" not in facts_of(lay(level_at(100.0, AMSL), airspace=EMPTY)).flight


@given(st.floats(-40, 400), st.floats(-10, 1000))
def test_over_uniform_ground_true_height_is_altitude_less_elevation(
    ground_m: float, altitude_m: float
) -> None:
    found = highest(level_at(altitude_m, AMSL), terrain=UniformTerrain(ground_m))
    assert found == pytest.approx(altitude_m - ground_m, abs=1e-9)


def test_the_vertical_buffer_is_added_to_the_greatest_height() -> None:
    assert highest(plan([(30.0, AGL), (90.0, AGL)], vertical_m=12.5)) == 102.5


def test_a_vertical_buffer_that_is_not_stated_leaves_the_height_open() -> None:
    assert highest(plan([(30.0, AGL), (90.0, AGL)], vertical_m=None)) is None


def test_the_height_counts_where_the_ground_is_lowest() -> None:
    """Level at 250 m AMSL, it is 50 m above the ridge and 240 m above the rest."""
    assert highest(level_at(250.0, AMSL), terrain=Hill()) == 240.0


def test_ground_falling_away_between_waypoints_is_not_overlooked() -> None:
    """An altitude is judged against the ground below the whole leg, not below its ends."""

    @dataclass(frozen=True)
    class Gorge:
        spacing_m: float = 50.0
        name: str = "a gorge"

        def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
            return np.where(np.abs(lon_lat[:, 0] - 114.205) < 0.001, 0.0, 100.0)

    assert highest(level_at(150.0, AMSL), terrain=Gorge()) == 150.0


def test_one_stretch_of_unknown_ground_leaves_the_greatest_height_open() -> None:
    assert highest(level_at(100.0, AMSL), terrain=Hill()) == 90.0
    north = plan([(100.0, AMSL), (100.0, AMSL)], lat_deg=22.71)
    assert highest(north, terrain=Hill()) is None


def test_a_height_above_the_ellipsoid_needs_ground_and_geoid() -> None:
    flight = level_at(100.0, HAE)
    assert highest(flight) is None
    assert highest(flight, terrain=UniformTerrain(20.0)) is None
    assert highest(flight, geoid=FlatGeoid()) is None
    # 100 m above the ellipsoid is 103.5 m above a geoid 3.5 m below it: 83.5 m above ground.
    assert highest(flight, terrain=UniformTerrain(20.0), geoid=FlatGeoid()) == 83.5


def test_a_height_above_take_off_needs_its_elevation() -> None:
    flight = plan([(0.0, ATO), (80.0, ATO)])
    known = plan([(0.0, ATO), (80.0, ATO)], take_off_m=35.0)
    assert highest(flight, terrain=UniformTerrain(20.0)) is None
    assert highest(known) is None
    assert highest(known, terrain=UniformTerrain(20.0)) == 95.0


def test_between_waypoints_of_different_reference_no_level_is_known() -> None:
    flight = plan([(50.0, AGL), (70.0, AMSL)])
    assert highest(flight, terrain=UniformTerrain(20.0)) is None


def test_levels_of_several_references_each_count_in_their_own() -> None:
    flight = plan([(50.0, AGL), (60.0, AGL), (60.0, AGL)])
    assert highest(flight, terrain=UniformTerrain(20.0)) == 60.0
    mixed = plan([(50.0, AGL), (50.0, AGL), (70.0, AMSL), (140.0, AMSL)])
    assert highest(mixed, terrain=UniformTerrain(20.0)) is None  # the leg between the references


@pytest.mark.parametrize(
    ("ceiling", "reference", "expected"),
    [(90.0, AGL, 90.0), (90.0, AMSL, 70.0), (90.0, HAE, None), (90.0, ATO, None)],
)
def test_of_an_area_heights_are_known_where_both_references_are(
    ceiling: float, reference: VerticalReference, expected: float | None
) -> None:
    area = parse_plan(
        {
            "plan_id": "a",
            "datum": "WGS84",
            "operating_area": {
                "circle": {"lon_deg": 114.2, "lat_deg": 22.65, "radius_m": 100.0},
                "floor": {"value_m": 0.0, "reference": reference.value},
                "ceiling": {"value_m": ceiling, "reference": reference.value},
                "start": START.isoformat(),
                "end": (START + timedelta(minutes=5)).isoformat(),
            },
        }
    )
    assert highest(area, terrain=UniformTerrain(20.0)) == expected


@given(st.integers(0, 200_000), st.integers(0, 50_000))
def test_the_greatest_true_height_as_a_fact_is_never_rounded_down(
    micrometres: int, buffer_mm: int
) -> None:
    value_m = 100.0 + micrometres / 1e6
    flight = plan([(value_m, AGL), (value_m, AGL)], vertical_m=buffer_mm / 1000.0)
    fact_mm = facts_of(lay(flight, airspace=EMPTY)).flight["max_true_height_mm"]
    exact_mm = 100_000 + micrometres / 1000 + buffer_mm
    assert isinstance(fact_mm, int)
    assert -1e-6 <= fact_mm - exact_mm < 1.0


@given(testing.plans(), st.floats(-20, 300))
def test_a_terrain_model_only_ever_settles_what_was_open(
    flight: FlightPlan, ground_m: float
) -> None:
    without = highest(flight)
    known = highest(flight, terrain=UniformTerrain(ground_m))
    assert without is None or known == without


@given(
    testing.zones(region=testing.Region(114.2, 22.64, 114.21, 22.66), period=EVER),
    st.integers(0, 150),
    st.integers(-50, 200),
    st.integers(0, 150),
)
def test_a_zone_above_the_sea_is_met_where_ground_and_height_reach_it(
    drawn: Zone, height_m: int, ground_m: int, floor_m: int
) -> None:
    layer = VerticalLayer(floor=Level(float(floor_m), AMSL))
    (volume,) = drawn.volumes
    everywhere = dataclasses.replace(
        drawn,
        kind=ZoneKind.DANGER_AREA,
        country="CHN",
        schedule=ALWAYS,
        volumes=(dataclasses.replace(volume, layer=VerticalLayer()),),
    )
    zone = dataclasses.replace(everywhere, volumes=(dataclasses.replace(volume, layer=layer),))
    flight = level_at(float(height_m), AGL)
    airspace = dataset_of([zone], period=EVER)
    over_all = dataset_of([everywhere], period=EVER)
    found = lay(flight, airspace=airspace, terrain=UniformTerrain(ground_m)).encounters
    if ground_m + height_m >= floor_m:
        every = lay(flight, airspace=over_all).encounters
        assert [e.period for e in found] == [e.period for e in every]
    else:
        assert not found
    unknown = lay(flight, airspace=airspace).encounters
    assert all(e.exists is Truth.UNKNOWN for e in unknown)
    assert len(unknown) >= len(found)


@pytest.mark.parametrize("reference", list(VerticalReference))
def test_a_level_is_read_with_each_reference_as_people_write_it(
    reference: VerticalReference,
) -> None:
    assert Level.parse(f" 500ft {reference.lower()} ") == Level(152.4, reference)
