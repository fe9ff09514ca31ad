"""Encounters of many flights at once: the same as one by one, however they are put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import LineString

from lowalt import testing
from lowalt.airspace import AirspaceDataset, BoundaryPart, Strip, Volume3D, Zone, load_airspace
from lowalt.datums import gcj02_from_wgs84
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.geodesy import geodesic_direct
from lowalt.situation import EncounterTable, encounter_table, lay
from lowalt.situation.stays.cells import Cells
from lowalt.situation.stays.claims import axis_near
from lowalt.situation.stays.hours import cut, is_open_within, periods_of, windows_of
from lowalt.situation.stays.spans import between, join, overlap
from lowalt.temporal import Schedule, TimeInterval, epoch_ms
from lowalt.terrain import SyntheticTerrain, TerrainModel, UniformTerrain, load_geoid
from lowalt.testing.airspaces import dataset_of

Array = NDArray[np.float64]
CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 6, 1, 9, tzinfo=CHINA)
CENTRE = (114.20, 22.65)
HERE = testing.Region(114.18, 22.63, 114.22, 22.67)
DAYS = TimeInterval(START - timedelta(days=1), START + timedelta(days=1))
SHENZHEN = load_airspace("shenzhen")
few = settings(max_examples=40)


# Zones of every sort, and flights through them


@st.composite
def zones_of_every_sort(draw: st.DrawFn) -> list[Zone]:
    """Zones of one volume or two, some for micro UAV apart, some with doubtful stretches."""
    drawn = draw(st.lists(testing.zones(region=HERE, period=DAYS, max_radius_m=2500.0), max_size=6))
    spare = draw(testing.zones(region=HERE, period=DAYS, max_radius_m=800.0)).volumes
    found = []
    for number, zone in enumerate(drawn):
        (volume,) = zone.volumes
        west, south, east, north = volume.geometry.bounds
        strip = Strip(((west, south), (east, north)), draw(st.sampled_from([30.0, 400.0])))
        corners = shapely.get_coordinates(volume.geometry)
        doubtful = BoundaryPart(LineString(corners[:2]), 120.0)
        found.append(
            dataclasses.replace(
                zone,
                identifier=f"Z{number}",
                volumes=draw(
                    st.sampled_from(
                        [(volume,), (volume, *spare), (Volume3D.of(strip, layer=volume.layer),)]
                    )
                ),
                micro_volumes=draw(st.sampled_from([None, (), spare])),
                less_accurate=draw(st.sampled_from([(), (), (doubtful,)])),
            )
        )
    return found


places_m = st.tuples(st.integers(-4000, 4000), st.integers(-4000, 4000))


def at(east_m: float, north_m: float) -> tuple[float, float]:
    azimuth_deg = float(np.degrees(np.arctan2(east_m, north_m)))
    ((lon_deg, lat_deg),) = geodesic_direct(
        [CENTRE], azimuth_deg=azimuth_deg, distance_m=float(np.hypot(east_m, north_m))
    ).tolist()
    return lon_deg, lat_deg


def route(
    points: Sequence[tuple[float, float]], *, buffer_m: float = 0.0, **changes: Any
) -> FlightPlan:
    level = changes.pop("level", {"value_m": 50.0, "reference": "AGL"})
    waypoints = [
        {
            "lon_deg": lon,
            "lat_deg": lat,
            "level": level,
            "time": (START + timedelta(seconds=300 * i)).isoformat(),
        }
        for i, (lon, lat) in enumerate(points)
    ]
    plan = {"plan_id": "p", "datum": "WGS84", "route_buffer_m": buffer_m, "waypoints": waypoints}
    return parse_plan({"vertical_buffer_m": 5.0, **plan, **changes})


@st.composite
def flights(draw: st.DrawFn) -> FlightPlan:
    """Routes with hovers, climbs and levels of every reference; areas now and then."""
    if draw(st.integers(0, 6)) == 0:
        return area_flight(draw(places_m), float(draw(st.integers(10, 2000))))
    points = draw(st.lists(places_m, min_size=2, max_size=5))
    waypoints: list[dict[str, Any]] = []
    passed_s = draw(st.integers(-80_000, 80_000))
    one = draw(st.none() | st.sampled_from(["AGL", "AMSL"]))
    for point in points:
        if draw(st.booleans()) and waypoints:
            point = points[0]  # noqa: PLW2901 - coming back makes hovers and climbs
        lon, lat = at(*point)
        reference = one or draw(st.sampled_from(["AGL", "AMSL", "HAE", "ATO"]))
        waypoints.append(
            {
                "lon_deg": lon,
                "lat_deg": lat,
                "level": {"value_m": float(draw(st.integers(0, 300))), "reference": reference},
                "time": (START + timedelta(seconds=passed_s)).isoformat(),
            }
        )
        passed_s += draw(st.integers(1, 900))
    return parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "route_buffer_m": float(draw(st.sampled_from([0, 20, 300, 3000]))),
            "vertical_buffer_m": draw(st.none() | st.just(10.0)),
            "take_off_elevation_amsl_m": draw(st.none() | st.just(40.0)),
            "waypoints": waypoints,
        }
    )


def area_flight(point: tuple[int, int], radius_m: float) -> FlightPlan:
    lon, lat = at(*point)
    return parse_plan(
        {
            "plan_id": "a",
            "datum": "WGS84",
            "operating_area": {
                "circle": {"lon_deg": lon, "lat_deg": lat, "radius_m": radius_m},
                "floor": {"value_m": 0, "reference": "AGL"},
                "ceiling": {"value_m": 80, "reference": "AGL"},
                "start": START.isoformat(),
                "end": (START + timedelta(minutes=5)).isoformat(),
            },
        }
    )


terrains: st.SearchStrategy[TerrainModel | None] = st.sampled_from(
    [None, UniformTerrain(30.0), SyntheticTerrain()]
)


# The promise


@few
@given(st.lists(flights(), max_size=5), zones_of_every_sort(), terrains, st.booleans())
def test_a_table_holds_what_flights_meet_one_by_one(
    plans: list[FlightPlan], zones: list[Zone], terrain: TerrainModel | None, sea: bool
) -> None:
    airspace = dataset_of(zones, period=DAYS)
    models: dict[str, Any] = {"terrain": terrain, "geoid": load_geoid() if sea else None}
    table = encounter_table(plans, airspace=airspace, **models)
    singly = [lay(plan, airspace=airspace, **models).encounters for plan in plans]
    assert [table.of_plan(number) for number in range(len(plans))] == singly
    assert len(table) == sum(map(len, singly))
    assert [encounter for found in singly for encounter in found] == list(table)


@few
@given(st.lists(testing.plans(), max_size=3), testing.datasets())
def test_so_it_does_for_plans_and_datasets_of_users(
    plans: list[FlightPlan], airspace: AirspaceDataset
) -> None:
    table = encounter_table(plans, airspace=airspace)
    for number, plan in enumerate(plans):
        assert table.of_plan(number) == lay(plan, airspace=airspace).encounters


def shenzhen_flights(count: int) -> list[FlightPlan]:
    """Routes all over Shenzhen, some of many pieces, some with a wide airspace."""
    random = np.random.default_rng(3)
    places = np.column_stack(
        (random.uniform(113.8, 114.5, 4 * count), random.uniform(22.45, 22.75, 4 * count))
    )
    routes = places.reshape(count, 4, 2)
    # Most stay near their first place; one in five crosses the city.
    near = random.random(count) < 0.8
    routes[near] = routes[near, :1] + 0.1 * (routes[near] - routes[near, :1])
    return [
        route(
            points.tolist(),
            buffer_m=float(random.choice([0.0, 30.0, 2000.0])),
            coordinates_checked=True,
        )
        for points in routes
    ]


@pytest.mark.parametrize("pieces_at_once", [1, 7, 100])
def test_the_answer_does_not_depend_on_the_batches(pieces_at_once: int) -> None:
    plans = shenzhen_flights(40)
    whole = encounter_table(plans, airspace=SHENZHEN)
    parts = encounter_table(plans, airspace=SHENZHEN, pieces_at_once=pieces_at_once)
    assert len(whole) > 50
    assert_same(parts, whole)


def assert_same(a: EncounterTable, b: EncounterTable) -> None:
    """Tables are equal to the last bit."""
    for field in dataclasses.fields(EncounterTable):
        assert np.array_equal(getattr(a, field.name), getattr(b, field.name)), field.name


def test_the_answer_does_not_depend_on_the_order_of_plans() -> None:
    plans = shenzhen_flights(40)
    order = np.random.default_rng(5).permutation(len(plans))
    table = encounter_table(plans, airspace=SHENZHEN)
    shuffled = encounter_table([plans[i] for i in order], airspace=SHENZHEN)
    for place, number in enumerate(order.tolist()):
        assert shuffled.of_plan(place) == table.of_plan(number)


def test_nor_on_other_plans_years_away() -> None:
    """Hours are worked out for all flights together."""
    ((lon, lat),) = [SHENZHEN["TMP01"].middle]
    plan = route([(lon, lat), (lon + 0.02, lat)], coordinates_checked=True)
    days = [plan_on(plan, timedelta(days=shift)) for shift in (-5000, -1434, -203, 0, 9000)]
    table = encounter_table(days, airspace=SHENZHEN)
    for number, one in enumerate(days):
        assert table.of_plan(number) == lay(one, airspace=SHENZHEN).encounters
    kinds = [{e.zone.kind.value for e in table.of_plan(n)} for n in range(len(days))]
    assert len(set(map(frozenset, kinds))) > 1, "some day a temporary zone is active"


def plan_on(plan: FlightPlan, shift: timedelta) -> FlightPlan:
    assert plan.waypoints is not None
    moved = tuple(w.model_copy(update={"time": w.time + shift}) for w in plan.waypoints)
    return plan.model_copy(update={"waypoints": moved})


def test_columns_say_in_their_own_words_what_encounters_say() -> None:
    table = encounter_table(shenzhen_flights(40), airspace=SHENZHEN)
    assert (np.diff(table.plan) >= 0).all()
    for row, encounter in enumerate(table):
        start, end = encounter.period.start, encounter.period.end
        assert table.zone[row] is encounter.zone
        assert table.exists[row] is encounter.exists
        assert table.containment[row] is encounter.containment
        assert table.binds_micro[row] is encounter.binds_micro
        for moment, column in ((start, table.entered), (end, table.left)):
            assert column[row].astype("datetime64[ms]").astype(int) == epoch_ms(moment)
        assert (table.lon_deg[row], table.lat_deg[row]) == (encounter.lon_deg, encounter.lat_deg)


def test_no_plans_and_no_zones_make_an_empty_table() -> None:
    plan = route([at(0, 0), at(500, 0)])
    assert len(encounter_table([], airspace=SHENZHEN)) == 0
    assert len(encounter_table([plan], airspace=dataset_of([]))) == 0
    assert encounter_table([plan], airspace=dataset_of([])).of_plan(0) == ()


def test_one_plan_drawn_on_a_gcj02_map_refuses_the_table_by_its_name() -> None:
    known = next(iter(SHENZHEN.known_points.values()))
    lon, lat = gcj02_from_wgs84([known])[0].tolist()
    plans = shenzhen_flights(3)
    drawn = route([(lon, lat), (lon + 0.01, lat)], plan_id="drawn-in-gcj02")
    with pytest.raises(InvalidInputError, match=r"drawn-in-gcj02.*\n?.*waypoints\[0\]"):
        encounter_table([*plans, drawn], airspace=SHENZHEN)
    checked = drawn.model_copy(update={"coordinates_checked": True})
    assert encounter_table([*plans, checked], airspace=SHENZHEN) is not None


@pytest.mark.parametrize(
    "points",
    [
        [(24.0, 0.0), (24.1, 0.0)],
        [(114.0, 22.6), (24.0, 0.0)],
        [(24.0, 0.0), (114.05, 22.55)],
        [(-50.0, -10.0), (-50.1, -10.0)],
    ],
)
def test_a_flight_on_the_far_side_of_the_earth_is_laid_like_any(
    points: list[tuple[float, float]],
) -> None:
    """The plane does not reach there; what is in it still counts."""
    plan = route(points, coordinates_checked=True)
    table = encounter_table([plan, *shenzhen_flights(3)], airspace=SHENZHEN)
    situation = lay(plan, airspace=SHENZHEN)
    assert table.of_plan(0) == situation.encounters
    assert bool(situation.encounters) == any(lon > 100 for lon, _ in points)
    assert not situation.is_within_dataset


def test_an_airspace_wider_than_the_dataset_meets_every_zone_from_end_to_end() -> None:
    plan = route([at(0, 0), at(900, 0)], buffer_m=1e6, coordinates_checked=True)
    found = encounter_table([plan], airspace=SHENZHEN).of_plan(0)
    always = [e for e in found if e.zone.schedule.windows is None]
    asked = {z.identifier for z in SHENZHEN.zones if z.restriction.value != "NO_RESTRICTION"}
    assert {e.zone.identifier for e in found} <= asked
    assert len(always) > 30
    for encounter in always:
        assert encounter.period.start == plan.departure
        assert encounter.period.end == plan.arrival


# The parts, each against something slower


coordinates = st.integers(-50, 50).map(float)
# No radius is the distance of a point of whole numbers, so that nothing just touches.
radii = st.sampled_from([-1.0, 0.013, 1.017, 20.019])
segments = st.lists(st.tuples(*[coordinates] * 4, radii), min_size=1, max_size=8)


@given(segments)
def test_the_axis_is_near_a_segment_where_its_points_are(
    drawn: list[tuple[float, float, float, float, float]],
) -> None:
    x0, y0, x1, y1, radius = np.array(drawn).T
    low, high = axis_near(np.array([x0, x1]), np.array([y0, y1]), radius)
    step = 0.05
    axis = np.arange(-75.0, 75.0, step)
    along = np.array([x1 - x0, y1 - y0])
    length_2 = (along**2).sum(axis=0)
    for i in range(len(drawn)):
        share = ((axis - x0[i]) * along[0, i] - y0[i] * along[1, i]) / max(length_2[i], 1e-12)
        share = np.clip(share, 0.0, 1.0)
        apart = np.hypot(x0[i] + share * along[0, i] - axis, y0[i] + share * along[1, i])
        near = axis[apart <= radius[i]]
        if np.isnan(low[i]):
            assert not len(near)
            continue
        # Where the axis grazes the segment's surroundings it may do so between two points.
        assert apart[(axis >= low[i]) & (axis <= high[i])].max(initial=0.0) <= radius[i] + 1e-9
        if len(near):
            assert -1e-9 <= near[0] - low[i] < step + 1e-9
            assert -1e-9 <= high[i] - near[-1] < step + 1e-9


spans = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 9)), max_size=25
).map(lambda found: [(group, low, low + length) for group, low, length in found])


@given(spans, st.sampled_from([0, 2]))
def test_spans_are_joined_where_they_share_a_point_or_nearly(
    found: list[tuple[int, int, int]], gap: int
) -> None:
    group, low, high = np.array(found, dtype=np.int64).reshape(-1, 3).T
    order, begins = join(group, low.astype(float), high.astype(float), gap=gap)
    joined = list(
        zip(
            group[order][begins].tolist(),
            np.minimum.reduceat(low[order], begins).tolist(),
            np.maximum.reduceat(high[order], begins).tolist(),
            strict=True,
        )
    )
    expected: list[tuple[int, int, int]] = []
    for number, first, last in sorted(found):
        if expected and expected[-1][0] == number and first <= expected[-1][2] + gap:
            expected[-1] = (number, expected[-1][1], max(expected[-1][2], last))
        else:
            expected.append((number, first, last))
    assert joined == expected


@given(spans)
def test_what_is_between_joined_spans_is_the_rest(found: list[tuple[int, int, int]]) -> None:
    group, low, high = np.array(found, dtype=np.int64).reshape(-1, 3).T
    order, begins = join(group, low.astype(float), high.astype(float))
    groups = np.arange(4)
    end = np.full(4, 60.0)
    gaps = between(
        group[order][begins],
        np.minimum.reduceat(low[order], begins).astype(float),
        np.maximum.reduceat(high[order], begins).astype(float),
        groups=groups,
        end=end,
    )
    for number in range(4):
        halves = np.arange(0.25, 60.0, 0.5)
        spanned = np.zeros(len(halves), dtype=bool)
        for g, a, b in found:
            spanned |= (g == number) & (halves > a) & (halves < b)
        free = np.zeros(len(halves), dtype=bool)
        for g, a, b in zip(*(column.tolist() for column in gaps), strict=True):
            free |= (g == number) & (halves > a) & (halves < b)
        assert (free != spanned).all()


@given(spans, spans)
def test_spans_overlap_others_of_their_group_that_share_a_point(
    found: list[tuple[int, int, int]], others: list[tuple[int, int, int]]
) -> None:
    (group, low, high), (of, other_low, other_high) = (
        np.array(drawn, dtype=np.int64).reshape(-1, 3).T for drawn in (found, others)
    )
    rest = (of, other_low.astype(float), other_high.astype(float))
    shared = overlap(group, low.astype(float), high.astype(float), others=rest)
    assert shared.tolist() == [
        any(g == other and a <= last and first <= b for other, first, last in others)
        for g, a, b in found
    ]


boxes = st.lists(st.tuples(*[st.integers(-1000, 1000)] * 2, *[st.integers(0, 300)] * 2), max_size=9)


@given(boxes, boxes)
def test_cells_never_count_too_few_boxes(
    known: list[tuple[int, int, int, int]], asked: list[tuple[int, int, int, int]]
) -> None:
    a, b = (
        np.array([(x, y, x + w, y + h) for x, y, w, h in drawn], dtype=float).reshape(-1, 4)
        for drawn in (known, asked)
    )
    most = Cells(a).at_most(b)
    for box, count in zip(b, most.tolist(), strict=True):
        assert count >= sum((one[:2] <= box[2:]).all() and (one[2:] >= box[:2]).all() for one in a)


def test_cells_see_that_there_is_nothing_far_from_all_boxes() -> None:
    corners = np.array([[0.0, 0.0, 1.0, 1.0], [1000.0, 1000.0, 1001.0, 1001.0]])
    assert Cells(corners).at_most(np.array([[400.0, 600.0, 410.0, 610.0]])).tolist() == [0]


hours_s = st.lists(st.tuples(st.integers(-500, 500), st.integers(1, 300)), max_size=5)


@given(hours_s, st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 400)), max_size=6))
@example([(0, 100)], [(100, 50), (50, 50), (-50, 50), (100, 0), (0, 0)])
def test_spans_cut_to_windows_are_what_the_schedule_says(
    windows: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    schedule = Schedule.of(
        TimeInterval(START + timedelta(seconds=a), START + timedelta(seconds=a + n))
        for a, n in windows
    )
    zone = dataclasses.replace(SHENZHEN["LP01"], schedule=schedule)
    # Each span has an origin of its own, half a second off.
    origin_us = np.array([epoch_ms(START) * 1000 + 500_000 * (i % 2) for i in range(len(asked))])
    start_s, length_s = np.array(asked, dtype=float).reshape(-1, 2).T
    start_s -= 0.5 * (np.arange(len(asked)) % 2)
    end_s = start_s + length_s
    start_us = origin_us + (start_s * 1e6).astype(np.int64)
    end_us = origin_us + (end_s * 1e6).astype(np.int64)
    found = windows_of(zone, periods_of(start_us, end_us))
    assert found is not None
    span, low_s, high_s = cut(found, origin_us, start_s, end_s)
    is_open = is_open_within(found, start_us, end_us)
    for i, (first, length) in enumerate(asked):
        kept = sorted(zip(low_s[span == i], high_s[span == i], strict=True))
        shift = 0.5 * (i % 2)
        expected = []
        for window in schedule.windows or ():
            opens, closes = ((t - START).total_seconds() for t in (window.start, window.end))
            low, high = max(float(first), opens), min(float(first + length), closes)
            if low <= high and low < closes:
                expected.append((low - shift, high - shift))
        assert [tuple(map(float, s)) for s in kept] == expected
        assert bool(is_open[i]) == bool(expected)


def test_flights_a_day_apart_share_a_period_and_years_apart_do_not() -> None:
    day = 86_400_000_000
    starts = np.array([0, day, 400 * day])
    periods = periods_of(starts, starts + day // 2)
    assert len(periods) == 2
    for start, end in zip(starts, starts + day // 2, strict=True):
        assert any(a < start and end < b for a, b in periods.tolist())
