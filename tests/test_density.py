"""Flights present by cell, height band and time slot, against counting second by second."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj

from lowalt.density import Cell, DensityTable, Grid, density_table
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.geodesy import LocalFrame
from lowalt.levels import VerticalReference
from lowalt.terrain import UniformTerrain

NOON = datetime(2026, 6, 9, 4, 0, tzinfo=UTC)
WGS84 = Geod(ellps="WGS84")
HEAD = {"datum": "WGS84", "coordinates_checked": True}

Point = tuple[float, float, float, float]
"""Longitude, latitude, height, and seconds after noon."""


def route(name: str, *points: Point, reference: str = "AGL", **more: Any) -> FlightPlan:
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": height_m, "reference": reference},
            "time": (NOON + timedelta(seconds=t_s)).isoformat(),
        }
        for lon_deg, lat_deg, height_m, t_s in points
    ]
    return parse_plan(
        {**HEAD, "plan_id": name, "waypoints": waypoints, "route_buffer_m": 30.0, **more}
    )


def area(
    name: str, ring: Sequence[Sequence[float]], *, minutes: float, **levels: float
) -> FlightPlan:
    floor_m, ceiling_m = levels.get("floor_m", 0.0), levels.get("ceiling_m", 60.0)
    return parse_plan(
        {
            **HEAD,
            "plan_id": name,
            "operating_area": {
                "polygon": [list(corner) for corner in ring],
                "floor": {"value_m": floor_m, "reference": "AGL"},
                "ceiling": {"value_m": ceiling_m, "reference": "AGL"},
                "start": NOON.isoformat(),
                "end": (NOON + timedelta(minutes=minutes)).isoformat(),
            },
        }
    )


def seconds_of(
    plan: FlightPlan, middle_s: float = 0.5
) -> Iterator[tuple[float, float, float, float]]:
    """Where a flight is in the middle of each second: time since 1970, lon, lat, height."""
    assert plan.waypoints is not None
    for a, b in zip(plan.waypoints, plan.waypoints[1:], strict=False):
        azimuth, _, length_m = WGS84.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)
        span_s = (b.time - a.time).total_seconds()
        for second in range(round(span_s)):
            share = (second + middle_s) / span_s
            lon, lat, _ = WGS84.fwd(a.lon_deg, a.lat_deg, azimuth, share * length_m)
            height_m = a.level.value_m + share * (b.level.value_m - a.level.value_m)
            yield a.time.timestamp() + second + middle_s, lon, lat, height_m


def counted_by_seconds(
    plans: Sequence[FlightPlan], table: DensityTable
) -> dict[tuple[int, ...], dict[str, int]]:
    """Seconds of each flight by slot, band, column and row, one second after another."""
    grid = table.grid
    plane = Proj(proj="tmerc", lon_0=grid.frame.central_meridian_deg, ellps="WGS84")
    found: dict[tuple[int, ...], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for plan in plans:
        for t_s, lon, lat, height_m in seconds_of(plan):
            x_m, y_m = plane(lon, lat)
            band = sum(height_m >= edge for edge in grid.bands_m) - 1
            key = math.floor(t_s / grid.slot_s), band, x_m // grid.cell_m, y_m // grid.cell_m
            found[key][plan.plan_id] += 1
    return found


PLACES = st.tuples(st.floats(113.9, 114.0), st.floats(22.5, 22.58), st.floats(-20.0, 400.0))


@st.composite
def days(draw: st.DrawFn) -> list[FlightPlan]:
    plans = []
    for number in range(draw(st.integers(1, 3))):
        t_s, points = float(draw(st.integers(0, 2000))), []
        for lon_deg, lat_deg, height_m in draw(st.lists(PLACES, min_size=2, max_size=4)):
            points.append((lon_deg, lat_deg, height_m, t_s))
            t_s += draw(st.integers(20, 600))
        plans.append(route(f"P{number}", *points))
    return plans


@settings(max_examples=25)
@given(plans=days())
def test_presence_is_what_counting_every_second_finds(plans: list[FlightPlan]) -> None:
    table = density_table(plans)
    by_second = counted_by_seconds(plans, table)
    rows = {
        (int(table.slot[row]), int(table.band[row]), *table.cells[row].tolist()): row
        for row in range(len(table))
    }
    assert set(by_second) <= set(rows)
    for key, row in rows.items():
        seen = by_second.get(key, {})
        assert set(seen) <= set(table.plans_in(row))
        # A stay is cut at its two ends, each to half a second; a flight may come back.
        slack_s = 4.0 * int(table.flights[row])
        assert abs(float(table.stay_s[row]) - sum(seen.values())) <= slack_s
        assert int(table.flights[row]) == len(set(table.plans_in(row)))


@settings(max_examples=25)
@given(plans=days())
def test_no_second_of_a_flight_is_lost_or_counted_twice(plans: list[FlightPlan]) -> None:
    flown_s = sum(
        (p.waypoints[-1].time - p.waypoints[0].time).total_seconds() for p in plans if p.waypoints
    )
    assert float(density_table(plans).stay_s.sum()) == pytest.approx(flown_s, abs=1e-3)


def test_a_flight_due_east_along_known_cells_is_counted_in_each() -> None:
    # On the equator and its meridian, cells are at 0, 500, 1000 m: 0.004491576 degrees are 500 m.
    step = 500.0 / 111_319.490793
    plan = route("east", (0.0, step / 2, 30.0, 0.0), (2.5 * step, step / 2, 30.0, 250.0))
    table = density_table([plan])
    assert table.cells.tolist() == [[0, 0], [1, 0], [2, 0]]
    assert table.band.tolist() == [0, 0, 0]
    assert table.stay_s.round(2).tolist() == [100.0, 100.0, 50.0]
    assert table.begins(int(table.slot[0])) == NOON


def test_a_climb_passes_through_the_bands_and_a_line_belongs_to_the_band_above() -> None:
    here = (113.95, 22.55)
    climb = route("climb", (*here, 0.0, 0.0), (*here, 400.0, 400.0))
    table = density_table([climb])
    assert table.band.tolist() == [0, 1, 2, 3]
    assert table.stay_s.round(6).tolist() == [60.0, 60.0, 180.0, 100.0]
    hover = route("hover", (*here, 60.0, 0.0), (*here, 60.0, 60.0))
    assert density_table([hover]).band.tolist() == [1]


def test_the_end_of_a_flight_at_the_beginning_of_a_slot_is_not_in_that_slot() -> None:
    here = (113.95, 22.55, 30.0)
    table = density_table([route("quarter", (*here, 0.0), (*here, 900.0))])
    assert (len(table), float(table.stay_s[0])) == (1, 900.0)


def test_a_flight_that_comes_back_within_a_slot_counts_once() -> None:
    away, home = (113.98, 22.55, 30.0), (113.95, 22.55, 30.0)
    table = density_table([route("shuttle", (*home, 0.0), (*away, 200.0), (*home, 400.0))])
    assert set(table.flights.tolist()) == {1}
    assert len({tuple(cell) for cell in table.cells.tolist()}) == len(table)


def test_heights_that_are_not_known_have_a_band_of_their_own() -> None:
    points = ((113.95, 22.55, 100.0, 0.0), (113.951, 22.55, 100.0, 60.0))
    plan = route("amsl", *points, reference="AMSL")
    unknown = density_table([plan])
    assert set(unknown.band.tolist()) == {unknown.grid.unknown_band}
    assert float(unknown.stay_s.sum()) == pytest.approx(60.0)
    known = density_table([plan], terrain=UniformTerrain(70.0))
    assert set(known.band.tolist()) == {0}  # 30 m above ground
    above_sea = density_table([plan], reference=VerticalReference.AMSL)
    assert set(above_sea.band.tolist()) == {1}
    below = density_table([plan], terrain=UniformTerrain(130.0))
    assert set(below.band.tolist()) == {-1}


def test_an_area_counts_in_every_cell_band_and_slot_it_reaches_into_and_no_other() -> None:
    step = 500.0 / 111_319.490793
    # From the middle of cell 0 to the middle of cell 2 along x, and within row 0 along y.
    x_deg, y_deg = (0.5 * step, 2.5 * step), (0.1 * step, 0.9 * step)
    ring = [(x_deg[0], y_deg[0]), (x_deg[1], y_deg[0]), (x_deg[1], y_deg[1]), (x_deg[0], y_deg[1])]
    table = density_table([area("show", ring, minutes=20.0, ceiling_m=60.0)])
    assert sorted({tuple(cell) for cell in table.cells.tolist()}) == [(0, 0), (1, 0), (2, 0)]
    assert set(table.band.tolist()) == {0}  # its ceiling touches the next band
    first = int(NOON.timestamp()) // 900
    assert sorted(set(table.slot.tolist())) == [first, first + 1]
    stays = {slot: set(table.stay_s[table.slot == slot].tolist()) for slot in (first, first + 1)}
    assert stays == {first: {900.0}, first + 1: {300.0}}
    high = density_table([area("high", ring, minutes=20.0, floor_m=50.0, ceiling_m=60.5)])
    assert set(high.band.tolist()) == {0, 1}


def test_the_hours_above_a_capacity_name_cell_band_time_and_plans() -> None:
    here = (113.95, 22.55, 30.0)
    plans = [route(f"P{n}", (*here, 60.0 * n), (*here, 60.0 * n + 1800.0)) for n in range(3)]
    table = density_table([*plans, route("late", (*here, 7200.0), (*here, 7260.0))])
    (crowd,) = table.above(2)
    assert (crowd.most, crowd.band, crowd.plans) == (3, 0, ("P0", "P1", "P2"))
    assert (crowd.start, crowd.end) == (NOON, NOON + timedelta(minutes=30))
    assert (crowd.lon_deg, crowd.lat_deg) == pytest.approx((113.95, 22.55), abs=0.005)
    assert table.above(3) == ()
    (rising,) = density_table([route("first", (*here, -900.0), (*here, 0.0)), *plans]).above(0)
    assert (rising.start, rising.peak) == (NOON - timedelta(minutes=15), NOON)
    # A gap of empty slots parts two crowdings of one cell.
    assert [c.start for c in sorted(table.above(0), key=lambda c: c.start)] == [
        NOON,
        NOON + timedelta(hours=2),
    ]
    first = int(NOON.timestamp()) // 900
    by_slot = [(first, 3, 3), (first + 1, 3, 3), (first + 2, 2, 2), (first + 8, 1, 1)]
    assert list(map(tuple, table.by_slot.tolist())) == by_slot


def test_flights_under_way_are_counted_once_though_they_pass_many_cells() -> None:
    plan = route("far", (113.9, 22.5, 30.0, 0.0), (114.0, 22.58, 30.0, 800.0))
    table = density_table([plan])
    assert len(table) > 20
    assert table.by_slot[:, 1].tolist() == [1]


def test_cells_are_the_same_squares_whatever_else_flies() -> None:
    here = route("here", (113.95, 22.55, 30.0, 0.0), (113.951, 22.55, 30.0, 60.0))
    there = route("there", (114.3, 22.7, 30.0, 0.0), (114.301, 22.7, 30.0, 60.0))
    alone = {tuple(cell) for cell in density_table([here]).cells.tolist()}
    assert alone <= {tuple(cell) for cell in density_table([here, there]).cells.tolist()}


def test_corners_of_a_cell_are_a_square_of_its_size_around_its_centre() -> None:
    grid = Grid(LocalFrame(114.0), cell_m=500.0)
    cells = np.array([Cell(-11, 4987)])
    corners = grid.corners(cells)[0]
    sides_m = WGS84.inv(*corners.T, *np.roll(corners, -1, axis=0).T)[2]
    assert np.abs(np.array(sides_m) - 500.0).max() < 0.05
    assert corners.mean(axis=0) == pytest.approx(grid.centres(cells)[0], abs=1e-7)


def test_no_plans_make_an_empty_table() -> None:
    table = density_table([])
    assert (len(table), table.above(0), table.by_slot.shape) == (0, (), (0, 3))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"cell_m": 0.0}, "cell_m: given 0.0"),
        ({"cell_m": math.nan}, "cell_m: given nan"),
        ({"bands_m": (0.0, 0.0)}, "bands_m"),
        ({"bands_m": ()}, "bands_m"),
        ({"slot_s": 0}, "slot_s: given 0"),
        ({"slot_s": True}, "slot_s: given True"),
    ],
)
def test_a_grid_that_counts_nothing_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInputError, match=said.replace(".", r"\.")):
        density_table([], **options)


def test_a_grid_too_fine_for_an_area_is_refused_before_it_takes_memory() -> None:
    ring = [(113.0, 22.0), (114.0, 22.0), (114.0, 23.0), (113.0, 23.0)]
    with pytest.raises(InvalidInputError, match="take wider cells"):
        density_table([area("vast", ring, minutes=20.0)], cell_m=1.0)


def test_plans_on_two_continents_have_no_grid() -> None:
    points = [(lon, 22.55, 30.0) for lon in (2.0, 114.0)]
    plans = [route(f"P{n}", (*p, 0.0), (*p, 60.0)) for n, p in enumerate(points)]
    with pytest.raises(GeometryError, match="region by region"):
        density_table(plans)


@pytest.mark.parametrize("capacity", [-1, 1.5, True])
def test_a_capacity_is_a_whole_number_of_flights(capacity: Any) -> None:
    with pytest.raises(InvalidInputError, match="capacity"):
        density_table([]).above(capacity)


def test_what_is_no_list_of_plans_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="expected a list of FlightPlan"):
        density_table(7)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r"plans\[0\]"):
        density_table([1])  # type: ignore[list-item]
