"""The geoid of the region against the full model, and heights above the ellipsoid through it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
from lowalt.errors import InvalidInputError
from lowalt.temporal import TimeInterval
from lowalt.terrain import RegionalGeoid, UniformTerrain, load_geoid
from lowalt.testing.airspaces import dataset_of

EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
START = datetime(2026, 6, 1, 1, tzinfo=UTC)
GEOID = load_geoid()

PLACES = {  # longitude, latitude, undulation of the full EGM2008 grid
    "Shenzhen airport": (113.81167, 22.63833, -4.31),
    "Nantou heliport": (113.924824, 22.558993, -3.76),
    "Futian CBD": (114.05028, 22.53667, -3.24),
    "Luohu port": (114.1133, 22.5322, -3.00),
    "Yantian container port": (114.275, 22.575, -2.36),
    "Daya Bay power station": (114.543, 22.597, -1.30),
    "Guangming": (113.93, 22.77, -3.94),
    "Shun Tak heliport": (114.152369, 22.288868, -2.34),
    "Macau airport": (113.5920, 22.1496, -4.39),
    "Zhuhai airport": (113.375999, 22.006399, -4.77),
}


def undulation_m(lon_deg: float, lat_deg: float) -> float:
    return float(GEOID.undulation_m(np.array([[lon_deg, lat_deg]]))[0])


@pytest.mark.parametrize("place", PLACES)
def test_it_is_within_a_decimetre_of_the_full_model(place: str) -> None:
    lon_deg, lat_deg, expected_m = PLACES[place]
    assert undulation_m(lon_deg, lat_deg) == pytest.approx(expected_m, abs=0.1)


def test_the_table_is_whole_and_says_where_it_is_from() -> None:
    file = resources.files("lowalt") / "airspace_data/geoid/egm2008_pearl_river_delta.csv"
    lines = file.read_text("utf-8").splitlines()
    rows = [tuple(map(float, line.split(","))) for line in lines if not line.startswith("#")]
    assert [row[:2] for row in rows] == [
        (lon / 10, lat / 10) for lat in range(217, 233) for lon in range(1130, 1151)
    ]
    assert len(rows) == 336
    assert rows[0] == (113.0, 21.7, -5.27)
    head = " ".join(line for line in lines if line.startswith("#"))
    assert "EGM2008" in head
    assert "public domain" in head
    for lon_deg, lat_deg, expected_m in rows:
        assert undulation_m(lon_deg, lat_deg) == pytest.approx(expected_m, abs=1e-9)


@given(st.integers(0, 19), st.integers(0, 14), st.floats(0, 1), st.floats(0, 1))
def test_between_nodes_it_lies_between_their_values_and_is_bilinear(
    column: int, row: int, right: float, up: float
) -> None:
    west, south = 113.0 + column / 10, 21.7 + row / 10
    corners = [undulation_m(west + i / 10, south + j / 10) for j in (0, 1) for i in (0, 1)]
    weights = [(1 - right) * (1 - up), right * (1 - up), (1 - right) * up, right * up]
    found = undulation_m(min(west + right / 10, 115.0), min(south + up / 10, 23.2))
    # Within the float noise of dividing degrees by tenths.
    assert found == pytest.approx(float(np.dot(corners, weights)), abs=1e-9)


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg"),
    [(112.999, 22.5), (115.001, 22.5), (114.0, 21.699), (114.0, 23.201), (22.5, 114.0)],
)
def test_outside_its_table_it_is_not_known(lon_deg: float, lat_deg: float) -> None:
    assert np.isnan(undulation_m(lon_deg, lat_deg))


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "values"),
    [
        ([114.0, 113.0], [22.0, 23.0], np.zeros((2, 2))),  # runs west
        ([22.0, 23.0], [113.0, 114.0], np.zeros((2, 2))),  # axes swapped
        ([113.0, 114.0], [22.0, 23.0, 23.5], np.zeros((2, 3))),  # transposed
        ([113.0], [22.0, 23.0], np.zeros((2, 1))),  # one column
        ([113.0, np.nan], [22.0, 23.0], np.zeros((2, 2))),
        ([113.0, 114.0], [22.0, 23.0], np.full((2, 2), np.inf)),
    ],
)
def test_a_table_that_does_not_fit_its_axes_is_refused(
    lon_deg: list[float], lat_deg: list[float], values: Any
) -> None:
    with pytest.raises(InvalidInputError, match=r"my geoid.*expected"):
        RegionalGeoid(values, lon_deg=lon_deg, lat_deg=lat_deg, name="my geoid")


def gnss_flight(altitude_hae_m: float, *, lon_deg: float) -> la.FlightPlan:
    waypoints = [
        {
            "lon_deg": lon_deg + 0.01 * i,
            "lat_deg": 22.63833,
            "level": {"value_m": altitude_hae_m, "reference": "HAE"},
            "time": (START + timedelta(minutes=i)).isoformat(),
        }
        for i in (0, 1)
    ]
    return la.parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "route_buffer_m": 0.0,
            "vertical_buffer_m": 0.0,
            "coordinates_checked": True,
            "waypoints": waypoints,
        }
    )


def test_a_gnss_height_is_known_above_ground_only_when_the_geoid_is_given() -> None:
    """At Shenzhen airport 100 m on a GNSS receiver is 104.3 m above the sea, 100.3 above ground."""
    airspace = dataset_of((), period=EVER)
    flight, ground = gnss_flight(100.0, lon_deg=113.80167), UniformTerrain(4.0)
    assert la.lay(flight, airspace=airspace, terrain=ground).max_true_height_m is None
    found = la.lay(flight, airspace=airspace, terrain=ground, geoid=la.load_geoid())
    assert found.max_true_height_m == pytest.approx(100.34, abs=0.1)


def test_a_gnss_height_outside_the_table_stays_unknown() -> None:
    airspace = dataset_of((), period=EVER)
    flight = gnss_flight(100.0, lon_deg=114.995)
    found = la.lay(flight, airspace=airspace, terrain=UniformTerrain(4.0), geoid=la.load_geoid())
    assert found.max_true_height_m is None
