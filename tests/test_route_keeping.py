"""How a flight keeps to its route: margins along the whole track, departures, what they decide."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import lowalt as la
from lowalt.airspace import (
    AirspaceDataset,
    BasisVerification,
    Corridor,
    FeatureStatus,
    RoutePoint,
)
from lowalt.errors import InvalidInputError
from lowalt.geodesy import (
    densify_geodesic,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.route_keeping import DepartureKind, RouteKeeping, RouteSource
from lowalt.situation import Path as FlightPath
from lowalt.situation import Situation, facts_of, lay
from lowalt.situation.many import lay_many
from lowalt.temporal import Schedule, TimeInterval, WeeklyHours
from lowalt.terms import CorridorDirection, CorridorKind
from lowalt.terrain import UniformTerrain
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth

Document = dict[str, Any]
Place = tuple[float, float]

PLANS = Path(__file__).parent.parent / "examples" / "plans"
BEIJING = timezone(timedelta(hours=8))
START = datetime(2026, 6, 9, 10, tzinfo=BEIJING)
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
EMPTY = dataset_of((), period=EVER)
WEST, EAST = (113.95, 22.5), (114.25, 22.5)
NORTH = (114.25, 22.8)
ROUTE = "cn/border_inspection_regulation_1995#art_19__route"
CUSTOMS_ROUTE = "cn/customs_law_2021#art_15"


@cache
def shenzhen() -> AirspaceDataset:
    return la.load_airspace("shenzhen")


# A track by what it does beside a straight line


def beside(start: Place, end: Place, along_m: float, right_m: float = 0.0) -> Place:
    """The place so far along a geodesic and then to its right, by geodesics."""
    azimuth_deg = geodesic_azimuth_deg([start], [end])
    foot = geodesic_direct([start], azimuth_deg=azimuth_deg, distance_m=along_m)
    onward_deg = geodesic_azimuth_deg(foot, [end])
    ((lon_deg, lat_deg),) = geodesic_direct(
        foot, azimuth_deg=onward_deg + 90.0, distance_m=right_m
    ).tolist()
    return lon_deg, lat_deg


def level(value_m: float, reference: str = "AMSL") -> Document:
    return {"value_m": value_m, "reference": reference}


def waypoint(place: Place, after_s: float, height: Document | None = None) -> Document:
    return {
        "lon_deg": place[0],
        "lat_deg": place[1],
        "level": height or level(300.0),
        "time": (START + timedelta(seconds=after_s)).isoformat(),
    }


def prescribed(*points: Place, half_width_m: float = 1000.0, **limits: Document) -> Document:
    return {"points": [list(p) for p in points], "half_width_m": half_width_m, **limits}


def plan(waypoints: Sequence[Document], buffer_m: float = 0.0, **crossing: Any) -> la.FlightPlan:
    document = {
        "plan_id": "route",
        "datum": "WGS84",
        "waypoints": list(waypoints),
        "route_buffer_m": buffer_m,
        "vertical_buffer_m": 20.0,
        "crossing": crossing,
    }
    return la.parse_plan(document)


def laid(flight: la.FlightPlan, airspace: AirspaceDataset = EMPTY, **models: Any) -> Situation:
    return lay(flight, airspace=airspace, **models)


def keeping(
    flight: la.FlightPlan, airspace: AirspaceDataset = EMPTY, **models: Any
) -> RouteKeeping:
    found = laid(flight, airspace, **models).route
    assert found is not None
    return found


def swerve(start: Place, end: Place, out_m: float, *, flown_m: float = 10_000.0) -> list[Document]:
    """Along a line at 50 m/s, out to a side in the middle and straight back, and on."""
    steps = [(0.0, 0.0), (5000.0, 0.0), (5000.0 + flown_m / 2.0, out_m)]
    steps += [(5000.0 + flown_m, 0.0), (10_000.0 + flown_m, 0.0)]
    return [waypoint(beside(start, end, at_m, off_m), at_m / 50.0) for at_m, off_m in steps]


# What was asked for: 50 m for 20 s


@pytest.mark.parametrize("east_deg", [0.0, 0.7], ids=["near the meridian", "80 km from it"])
@pytest.mark.parametrize("side", [1.0, -1.0], ids=["right", "left"])
def test_leaving_by_fifty_metres_for_twenty_seconds(east_deg: float, side: float) -> None:
    start, end = (WEST[0] + east_deg, WEST[1]), (EAST[0] + east_deg, EAST[1])
    # 950 m out within 9,500 m of line: beyond the edge, at 900 m, for the last 500 m each way.
    track = swerve(start, end, 950.0 * side, flown_m=19_000.0)
    found = keeping(plan(track, 100.0, prescribed_route=prescribed(start, end)))
    (departure,) = found.departures
    assert departure.kind is DepartureKind.LATERAL
    assert departure.excursion_m == pytest.approx(50.0, abs=0.05)
    leaves = START + timedelta(seconds=(5000.0 + 9000.0) / 50.0)
    assert abs(departure.period.start - leaves) < timedelta(seconds=0.05)
    assert abs(departure.period.end - leaves - timedelta(seconds=20)) < timedelta(seconds=0.05)
    place = (departure.lon_deg, departure.lat_deg)
    assert geodesic_distance_m([place], [beside(start, end, 14_000.0, 900.0 * side)]) < 0.5
    assert found.lateral is not None
    assert found.lateral.value_m == pytest.approx(-50.0, abs=0.05)
    assert abs(found.lateral.time - leaves - timedelta(seconds=10)) < timedelta(seconds=0.05)
    assert (found.keeps, found.is_certain) == (Truth.FALSE, True)


@pytest.mark.parametrize(("buffer_m", "margin_m"), [(0.0, 50.0), (50.0, 0.0), (60.0, -10.0)])
def test_the_airspace_around_the_track_counts(buffer_m: float, margin_m: float) -> None:
    route = prescribed(WEST, EAST)
    found = keeping(plan(swerve(WEST, EAST, 950.0), buffer_m, prescribed_route=route))
    assert found.least_margin_m == pytest.approx(margin_m, abs=0.002)
    assert found.keeps is Truth.of(margin_m >= 0.0)
    assert len(found.departures) == (margin_m < 0.0)


def test_touching_the_edge_all_along_is_keeping_to_the_route_but_heights_still_count() -> None:
    line = [waypoint(beside(WEST, EAST, at_m), at_m / 50.0) for at_m in (0.0, 20_000.0)]
    within = prescribed(WEST, EAST, ceiling=level(400.0))
    assert keeping(plan(line, 1000.0, prescribed_route=within)).least_margin_m == 0.0
    below = prescribed(WEST, EAST, ceiling=level(310.0))
    found = keeping(plan(line, 1000.0, prescribed_route=below))
    assert [d.kind for d in found.departures] == [DepartureKind.VERTICAL]


def test_airspace_wider_than_the_route_is_never_on_it() -> None:
    line = [waypoint(beside(WEST, EAST, at_m), at_m / 50.0) for at_m in (0.0, 20_000.0)]
    route = prescribed(WEST, EAST, floor=level(500.0))
    found = keeping(plan(line, 1200.0, prescribed_route=route))
    (departure,) = found.departures
    assert departure.period == TimeInterval(START, START + timedelta(seconds=400))
    assert departure.excursion_m == pytest.approx(200.0, abs=0.01)
    assert (found.vertical, found.is_height_known) == (None, True)


def test_a_hover_beside_the_route_is_a_departure_as_long_as_it_lasts() -> None:
    out = beside(WEST, EAST, 9000.0, 1200.0)
    on = beside(WEST, EAST, 9000.0)
    track = [waypoint(WEST, 0), waypoint(on, 180), waypoint(out, 240), waypoint(out, 300)]
    found = keeping(plan([*track, waypoint(on, 360)], prescribed_route=prescribed(WEST, EAST)))
    (departure,) = found.departures
    # The last 200 m of 1,200 in a minute, the hover, and back.
    assert abs(departure.period.start - START - timedelta(seconds=230)) < timedelta(seconds=0.01)
    assert abs(departure.period.end - START - timedelta(seconds=310)) < timedelta(seconds=0.01)


def test_inside_a_bend_the_track_is_farthest_where_both_legs_are_equally_near() -> None:
    corner = (114.0, 22.6)  # on the meridian of the plane, where a right angle is one
    east = beside(corner, (114.3, 22.6), 8000.0)
    north = beside(corner, (114.0, 22.9), 8000.0)
    short_cut = [
        waypoint(beside(corner, north, 3000.0), 0),
        waypoint(beside(corner, east, 4500.0), 100),
    ]
    route = prescribed(north, corner, east, half_width_m=1500.0)
    found = keeping(plan(short_cut, prescribed_route=route))
    # 3000 * 4500 / (3000 + 4500) m from both, at 3000 / (3000 + 4500) of the way.
    assert found.least_margin_m == pytest.approx(1500.0 - 1800.0, abs=0.02)
    assert found.lateral is not None
    assert abs(found.lateral.time - START - timedelta(seconds=40)) < timedelta(seconds=0.01)
    (departure,) = found.departures
    # 1,500 m from the first leg at a third of the way, and from the second at half of it.
    assert abs(departure.period.start - START - timedelta(seconds=100 / 3)) < timedelta(
        seconds=0.01
    )
    assert abs(departure.period.end - START - timedelta(seconds=50)) < timedelta(seconds=0.01)


# Against an oracle that samples


@st.composite
def places(draw: st.DrawFn, count: int) -> list[Place]:
    """Different places in a box of 20 km, on a grid of about a hundred metres."""
    grid = st.tuples(st.integers(0, 200), st.integers(0, 180))
    found = draw(st.lists(grid, min_size=2, max_size=count, unique=True))
    return [(113.9 + x / 1000.0, 22.5 + y / 1000.0) for x, y in found]


def sampled_m(points: Sequence[Place], track: np.ndarray) -> np.ndarray:
    """Distance of places from a line, each in a picture that keeps distances from that place."""
    line = densify_geodesic(points, max_step_m=4000.0)
    pairs = np.repeat(track, len(line), axis=0), np.tile(line, (len(track), 1))
    bearing = np.radians(geodesic_azimuth_deg(*pairs))
    away_m = geodesic_distance_m(*pairs)
    seen = np.column_stack((away_m * np.sin(bearing), away_m * np.cos(bearing)))
    lines = shapely.linestrings(seen.reshape(len(track), len(line), 2))
    return np.asarray(shapely.distance(lines, shapely.Point(0.0, 0.0)))


@given(places(4), places(5), st.sampled_from([300.0, 2000.0, 6000.0]))
def test_margin_and_departures_are_those_of_a_dense_sampling(
    points: list[Place], stops: list[Place], half_width_m: float
) -> None:
    track = [waypoint(stop, 200.0 * number) for number, stop in enumerate(stops)]
    route = prescribed(*points, half_width_m=half_width_m)
    situation = laid(plan(track, 100.0, prescribed_route=route))
    found, path = situation.route, situation.path
    assert found is not None
    assert found.lateral is not None
    assert isinstance(path, FlightPath)
    times_s = np.linspace(0.0, path.duration_s, 80)
    places = path.among.places(np.zeros(len(times_s), np.int64), times_s)
    margin_m = half_width_m - 100.0 - sampled_m(points, places)
    # To 20 km from the line the scale of the plane is good to 1e-5.
    tolerance_m = 0.01 + 1e-5 * np.abs(margin_m - half_width_m)
    step_m = geodesic_distance_m(places[1:], places[:-1]).max()
    assert (margin_m >= found.lateral.value_m - tolerance_m).all()
    assert margin_m.min() <= found.lateral.value_m + step_m / 2.0 + tolerance_m.max()
    left = [d for d in found.departures if d.kind is DepartureKind.LATERAL]
    assert bool(left) is (found.lateral.value_m < 0.0)
    begins, ends = (
        np.array([(getattr(d.period, end) - START).total_seconds() for d in left])
        for end in ("start", "end")
    )
    inside = (begins[:, None] <= times_s) & (times_s <= ends[:, None])
    clear = np.abs(margin_m) > tolerance_m
    assert (inside.any(axis=0) == (margin_m < 0.0))[clear].all()
    for number, departure in enumerate(left):
        assert departure.excursion_m is not None
        deepest_m = -margin_m[inside[number]].min(initial=0.0)
        assert deepest_m - tolerance_m.max() <= departure.excursion_m
        assert departure.excursion_m <= deepest_m + step_m + tolerance_m.max()


@settings(max_examples=30)
@given(places(3), places(4))
def test_a_line_and_a_track_turned_round_have_the_same_margins(
    points: list[Place], stops: list[Place]
) -> None:
    track = [waypoint(stop, 200.0 * n) for n, stop in enumerate(stops)]
    back = [waypoint(stop, 200.0 * n) for n, stop in enumerate(reversed(stops))]
    there = keeping(plan(track, prescribed_route=prescribed(*points, half_width_m=3000.0)))
    again = keeping(plan(back, prescribed_route=prescribed(*points[::-1], half_width_m=3000.0)))
    assert there.lateral is not None
    assert again.lateral is not None
    assert again.lateral.value_m == pytest.approx(there.lateral.value_m, abs=0.01)
    sideways = [
        [d.excursion_m for d in found.departures if d.kind is DepartureKind.LATERAL]
        for found in (there, again)
    ]
    assert sideways[1] == pytest.approx(sideways[0][::-1], abs=0.01)


# Heights


def flown(*steps: tuple[float, float, float]) -> list[Document]:
    """Along the line: metres flown, seconds, height."""
    return [waypoint(beside(WEST, EAST, at_m), t, level(h)) for at_m, t, h in steps]


BETWEEN: Document = {"floor": level(200.0), "ceiling": level(400.0)}


def test_a_dip_below_the_floor_is_a_vertical_departure_from_crossing_to_crossing() -> None:
    # Down by 100 m in 100 s: the airspace, 20 m below, is at the floor 80 m down.
    track = flown((0, 0, 300), (5000, 100, 300), (10_000, 200, 200), (15_000, 300, 300))
    track += flown((20_000, 400, 300))
    found = keeping(plan(track, prescribed_route=prescribed(WEST, EAST, **BETWEEN)))
    (departure,) = found.departures
    assert (departure.kind, departure.excursion_m) == (DepartureKind.VERTICAL, 20.0)
    assert departure.period.start == START + timedelta(seconds=180)
    assert departure.period.end == START + timedelta(seconds=220)
    assert geodesic_distance_m(
        [(departure.lon_deg, departure.lat_deg)], [beside(WEST, EAST, 9000.0)]
    ) == pytest.approx(0.0, abs=0.01)
    assert found.vertical is not None
    assert (found.vertical.value_m, found.least_margin_m) == (-20.0, -20.0)
    assert found.vertical.time == START + timedelta(seconds=200)


@given(
    st.lists(st.integers(0, 600), min_size=3, max_size=5),
    st.tuples(*[st.integers(0, 300), st.integers(0, 300)] * 2),
)
def test_vertical_margins_are_those_of_a_dense_sampling(
    heights: list[int], limits: tuple[int, ...]
) -> None:
    amsl = VerticalReference.AMSL
    low, high, other_low, other_high = map(float, limits)
    layers = [(low, low + high), (other_low, other_low + other_high)]
    middle = beside(WEST, EAST, 10_000.0)
    airspace = with_corridor(
        WEST,
        middle,
        EAST,
        layers=tuple(VerticalLayer(Level(a, amsl), Level(b, amsl)) for a, b in layers),
    )
    at_s = np.linspace(0.0, 400.0, len(heights))
    # Level first and last, so that every floor binds.
    times_s, heights_m = [-10.0, *at_s, 410.0], [heights[0], *heights, heights[-1]]
    track = [
        waypoint(beside(WEST, EAST, t * 50.0), t, level(h))
        for t, h in zip(times_s, map(float, heights_m), strict=True)
    ]
    found = keeping(plan(track, corridor="TEST1"), airspace)
    samples_s = np.linspace(-10.0, 410.0, 2000)
    height_m = np.interp(samples_s, times_s, heights_m)
    along_m = samples_s * 50.0
    reached = along_m <= 11_000.0, along_m >= 9000.0
    rooms_m = [
        np.where(there, np.minimum(height_m - a, b - height_m) - 20.0, -np.inf)
        for there, (a, b) in zip(reached, layers, strict=True)
    ]
    room_m = np.maximum(*rooms_m)
    # Where a leg begins to hold the room jumps; half a sample, a few metres of height, is missed.
    step_m = np.abs(np.diff(height_m)).max() + 0.01
    assert found.vertical is not None
    assert found.vertical.value_m <= room_m.min() + 0.01
    assert room_m.min() - step_m <= found.vertical.value_m
    left_s = [
        ((d.period.start - START).total_seconds(), (d.period.end - START).total_seconds())
        for d in found.departures
    ]
    is_out = np.array([any(a <= t <= b for a, b in left_s) for t in samples_s])
    edges_s = np.array([*times_s, 180.0, 220.0])
    clear = (np.abs(room_m) > step_m) & (np.abs(samples_s[:, None] - edges_s) > 0.3).all(axis=1)
    assert (is_out == (room_m < 0.0))[clear].all()


def test_beside_the_route_no_limit_of_height_is_asked_about() -> None:
    # Too low from 100 s on, and from about 180 s on beside the route as well.
    track = [waypoint(WEST, 0), waypoint(beside(WEST, EAST, 4900.0), 98)]
    low = level(100.0)
    track.append(waypoint(beside(WEST, EAST, 5000.0), 100, low))
    track.append(waypoint(beside(WEST, EAST, 9000.0), 180, low))
    track.append(waypoint(beside(WEST, EAST, 9500.0, 2000.0), 220, low))
    track.append(waypoint(beside(WEST, EAST, 9500.0, 2000.0), 260))
    found = keeping(plan(track, prescribed_route=prescribed(WEST, EAST, **BETWEEN)))
    vertical, lateral = found.departures
    assert (vertical.kind, vertical.excursion_m) == (DepartureKind.VERTICAL, 120.0)
    assert (lateral.kind, lateral.period.start) == (DepartureKind.LATERAL, vertical.period.end)


def test_a_floor_does_not_bind_the_climb_and_the_descent_but_a_ceiling_does() -> None:
    take_off = flown((0, 0, 5), (0, 30, 5), (3000, 90, 300), (15_000, 330, 300), (18_000, 420, 5))
    route = prescribed(WEST, EAST, **BETWEEN)
    assert keeping(plan(take_off, prescribed_route=route)).keeps is Truth.TRUE
    low = flown((0, 0, 5), (3000, 60, 150), (9000, 180, 150), (12_000, 240, 5))
    (departure,) = keeping(plan(low, prescribed_route=route)).departures
    assert departure.period == TimeInterval(
        START + timedelta(seconds=60), START + timedelta(seconds=180)
    )
    high = flown((0, 0, 5), (3000, 60, 500), (9000, 180, 300), (12_000, 240, 5))
    (departure,) = keeping(plan(high, prescribed_route=route)).departures
    assert departure.excursion_m == pytest.approx(120.0)


def test_a_height_that_cannot_be_compared_is_unknown_and_never_inside() -> None:
    track = flown((0, 0, 300), (20_000, 400, 300))
    above_ground = prescribed(WEST, EAST, ceiling=level(400.0, "AGL"))
    found = keeping(plan(track, prescribed_route=above_ground))
    assert (found.keeps, found.is_height_known) == (Truth.UNKNOWN, False)
    assert (found.vertical, found.least_margin_m) == (None, None)
    over_sea = keeping(plan(track, prescribed_route=above_ground), terrain=UniformTerrain(50.0))
    assert (over_sea.keeps, over_sea.least_margin_m) == (Truth.TRUE, 400.0 - 250.0 - 20.0)
    touching = prescribed(WEST, EAST, floor=level(280.0), ceiling=level(400.0, "AGL"))
    assert keeping(plan(track, prescribed_route=touching)).keeps is Truth.UNKNOWN
    too_low = prescribed(WEST, EAST, floor=level(290.0), ceiling=level(400.0, "AGL"))
    assert keeping(plan(track, prescribed_route=too_low)).keeps is Truth.FALSE
    # Beside the route it is a departure whatever the height.
    astray = swerve(WEST, EAST, 1100.0)
    found = keeping(plan(astray, prescribed_route=above_ground))
    assert found.keeps is Truth.FALSE
    assert found.least_margin_m == pytest.approx(-100.0, abs=0.01)


def test_without_a_vertical_buffer_nothing_is_known_of_limits() -> None:
    document = plan(flown((0, 0, 300), (20_000, 400, 300))).model_dump(mode="json")
    document["vertical_buffer_m"] = None
    document["crossing"] = {"prescribed_route": prescribed(WEST, EAST)}
    assert keeping(la.parse_plan(document)).keeps is Truth.TRUE
    document["crossing"] = {"prescribed_route": prescribed(WEST, EAST, **BETWEEN)}
    assert keeping(la.parse_plan(document)).keeps is Truth.UNKNOWN


# Corridors of a dataset


def corridor(*points: Place, **details: Any) -> Corridor:
    status = details.get("status", FeatureStatus.AUTHORITATIVE)
    named = tuple(RoutePoint(str(n), *place, status) for n, place in enumerate(points))
    given: dict[str, Any] = {
        "identifier": "TEST1",
        "name": {"zh": "试验航线", "en": "test corridor"},
        "country": "CHN",
        "kind": CorridorKind.CROSS_BORDER_ROUTE,
        "points": named,
        "half_width_m": 1000.0,
        "layers": (VerticalLayer(),) * (len(points) - 1),
        "status": FeatureStatus.AUTHORITATIVE,
        "basis": BasisVerification.VERIFIED,
        "accuracy_m": 30.0,
        "citation": "made up",
        "sources": ("none",),
        "as_of": date(2026, 1, 1),
    }
    return Corridor(**given | details)


def with_corridor(*points: Place, **details: Any) -> AirspaceDataset:
    return replace(EMPTY, features=(corridor(*points, **details),))


STRAIGHT = [waypoint(beside(WEST, EAST, at_m), at_m / 50.0) for at_m in (0.0, 20_000.0)]
ASTRAY = swerve(WEST, EAST, 1100.0)


def test_the_limits_of_each_leg_hold_on_it_and_either_will_do_where_legs_meet() -> None:
    amsl = VerticalReference.AMSL
    low = VerticalLayer(None, Level(400.0, amsl))
    high = VerticalLayer(Level(350.0, amsl), None)
    middle = beside(WEST, EAST, 10_000.0)
    airspace = with_corridor(WEST, middle, EAST, layers=(low, high))

    def track(climb_from_m: float) -> la.FlightPlan:
        steps = [(0.0, 0.0, 300.0), (climb_from_m, climb_from_m / 50.0, 300.0)]
        steps += [(climb_from_m + 500.0, climb_from_m / 50.0 + 10.0, 500.0), (20_000, 400, 500.0)]
        return plan(flown(*steps), corridor="TEST1")

    # The strips overlap by 1,000 m to either side of the point; 320 m up to 380 m fit neither.
    both = keeping(track(9500.0), airspace)
    assert both.keeps is Truth.TRUE
    # At 375 m it is 25 m below the one ceiling and above the other floor, of which 20 m count.
    assert both.least_margin_m == pytest.approx(5.0, abs=1e-6)
    early = keeping(track(8000.0), airspace)
    late = keeping(track(11_500.0), airspace)
    assert [d.kind for d in (*early.departures, *late.departures)] == [DepartureKind.VERTICAL] * 2
    # Up at 20 m/s, above 380 m after 4 s; on the high leg's strip from 9,000 m of line on.
    (departure,) = early.departures
    assert abs(departure.period.start - START - timedelta(seconds=164)) < timedelta(seconds=0.01)
    assert abs(departure.period.end - START - timedelta(seconds=180)) < timedelta(seconds=0.01)


@pytest.mark.parametrize(
    ("details", "decides"),
    [
        ({}, True),
        ({"status": FeatureStatus.ILLUSTRATIVE}, False),
        ({"status": FeatureStatus.DERIVED}, False),
        ({"example": True}, False),
    ],
)
@pytest.mark.parametrize("stated", [True, False, None])
@pytest.mark.parametrize(("track", "keeps"), [(STRAIGHT, True), (ASTRAY, False)])
def test_only_a_published_corridor_decides_and_then_whatever_is_stated(
    details: Document, decides: bool, stated: bool | None, track: list[Document], keeps: bool
) -> None:
    airspace = with_corridor(WEST, EAST, **details)
    flight = plan(track, corridor="TEST1", keeps_prescribed_route=stated)
    found = keeping(flight, airspace)
    assert (found.is_certain, found.keeps) == (decides, Truth.of(keeps))
    facts = facts_of(laid(flight, airspace)).flight
    assert facts.get("keeps_prescribed_route") is (keeps if decides else stated)
    assert ("prescribed_route_margin_mm" in facts) is decides


def test_what_the_approval_prescribes_goes_before_a_corridor() -> None:
    route = prescribed(WEST, EAST) | {"number": "HX-7"}
    found = keeping(plan(ASTRAY, prescribed_route=route, corridor="nowhere"))
    assert (found.source, found.identifier) == (RouteSource.PRESCRIBED_ROUTE, "HX-7")
    assert found.name == {"zh": "规定航线 HX-7", "en": "prescribed route HX-7"}


def test_where_the_height_is_not_known_what_is_stated_stands() -> None:
    route = prescribed(WEST, EAST, ceiling=level(400.0, "AGL"))
    for stated in (True, False, None):
        flight = plan(STRAIGHT, prescribed_route=route, keeps_prescribed_route=stated)
        facts = facts_of(laid(flight)).flight
        assert facts.get("keeps_prescribed_route") is stated
        assert "prescribed_route_margin_mm" not in facts


def test_the_margin_is_rounded_to_the_unfavourable_side() -> None:
    for out_m in (1100.0004, 949.9996):
        situation = laid(plan(swerve(WEST, EAST, out_m), prescribed_route=prescribed(WEST, EAST)))
        assert situation.route is not None
        assert situation.route.least_margin_m is not None
        margin_mm = facts_of(situation).flight["prescribed_route_margin_mm"]
        assert 0.0 <= situation.route.least_margin_m * 1000.0 - int(margin_mm) < 1.0


def test_a_flight_outside_the_hours_of_a_corridor_does_not_keep_to_it() -> None:
    hours = WeeklyHours(time(9), time(10, 5), BEIJING)
    airspace = with_corridor(WEST, EAST, schedule=Schedule(windows=None, weekly=(hours,)))
    found = keeping(plan(STRAIGHT, corridor="TEST1"), airspace)
    (departure,) = found.departures
    assert (departure.kind, departure.excursion_m) == (DepartureKind.HOURS, None)
    assert departure.period == TimeInterval(
        START + timedelta(minutes=5), START + timedelta(seconds=400)
    )
    assert found.least_margin_m == pytest.approx(1000.0, abs=0.01)


BACK = [waypoint(beside(WEST, EAST, at_m), (20_000.0 - at_m) / 50.0) for at_m in (20_000.0, 0.0)]


@pytest.mark.parametrize(
    ("direction", "departures"),
    [
        (CorridorDirection.IN_ORDER, 1),
        (CorridorDirection.BOTH_WAYS, 0),
        (CorridorDirection.ONE_AT_A_TIME, 0),
        (None, 0),
    ],
)
def test_a_corridor_of_one_way_is_flown_in_the_order_of_its_points(
    direction: CorridorDirection | None, departures: int
) -> None:
    airspace = with_corridor(WEST, EAST, direction=direction)
    assert keeping(plan(STRAIGHT, corridor="TEST1"), airspace).keeps is Truth.TRUE
    found = keeping(plan(BACK, corridor="TEST1"), airspace)
    assert [d.kind for d in found.departures] == [DepartureKind.DIRECTION] * departures


def test_a_prescribed_route_is_flown_in_order_over_a_place_twice_if_it_leads_there_twice() -> None:
    there_and_back = [*STRAIGHT, waypoint(WEST, 800)]
    once = keeping(plan(there_and_back, prescribed_route=prescribed(WEST, EAST)))
    assert [d.kind for d in once.departures] == [DepartureKind.DIRECTION]
    turned, back = START + timedelta(seconds=400), START + timedelta(seconds=800)
    assert once.departures[0].period == TimeInterval(turned, back)
    turn = beside(WEST, EAST, 20_000.0)
    twice = keeping(plan(there_and_back, prescribed_route=prescribed(WEST, turn, WEST)))
    assert twice.keeps is Truth.TRUE
    # To turn within the width is not to fly back.
    wiggle = flown((0, 0, 300), (8000, 160, 300), (7200, 180, 300), (20_000, 500, 300))
    assert keeping(plan(wiggle, prescribed_route=prescribed(WEST, EAST))).keeps is Truth.TRUE


def test_a_corridor_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match=r"crossing\.corridor.*\"NOPE\".*TEST1") as refused:
        laid(plan(STRAIGHT, corridor="NOPE"), with_corridor(WEST, EAST))
    assert refused.value.problems[0].where == "crossing.corridor"


# Areas, and plans that state no route


def area(radius_m: float, **crossing: Any) -> la.FlightPlan:
    document = {
        "plan_id": "area",
        "datum": "WGS84",
        "operating_area": {
            "circle": {"lon_deg": 114.1, "lat_deg": 22.5, "radius_m": radius_m},
            "floor": level(250.0),
            "ceiling": level(350.0),
            "start": START.isoformat(),
            "end": (START + timedelta(hours=1)).isoformat(),
        },
        "crossing": crossing,
    }
    return la.parse_plan(document)


def test_an_area_within_the_route_keeps_to_it_and_any_other_may_not() -> None:
    inside = {"prescribed_route": prescribed(WEST, EAST, **BETWEEN)}
    found = keeping(area(900.0, **inside))
    assert (found.keeps, found.lateral, found.departures) == (Truth.TRUE, None, ())
    assert keeping(area(1100.0, **inside)).keeps is Truth.UNKNOWN
    low = {"prescribed_route": prescribed(WEST, EAST, ceiling=level(340.0))}
    assert keeping(area(900.0, **low)).keeps is Truth.UNKNOWN
    shut = WeeklyHours(time(9), time(10, 30), BEIJING)
    airspace = with_corridor(WEST, EAST, schedule=Schedule(windows=None, weekly=(shut,)))
    assert keeping(area(900.0, corridor="TEST1"), airspace).keeps is Truth.UNKNOWN


def test_a_plan_that_states_no_route_has_none() -> None:
    assert laid(plan(STRAIGHT, keeps_prescribed_route=True)).route is None
    verdict = la.assess(plan(STRAIGHT), airspace=EMPTY)
    assert verdict.route is None
    assert verdict.to_dict()["route"] is None


def test_on_the_far_side_of_the_earth_nothing_is_known() -> None:
    far = [waypoint((24.0, 0.1), 0), waypoint((24.1, 0.1), 600)]
    found = keeping(plan(far, prescribed_route=prescribed(WEST, EAST)))
    assert (found.keeps, found.least_margin_m) == (Truth.UNKNOWN, None)


# Refusals


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        ({"points": [[114.0, 22.5]]}, "points", "at least 2 points"),
        ({"points": [[114.0, 22.5], [114.0, 22.5]]}, "points[1]", "remove the repeated one"),
        ({"points": [[114.0, 22.5], [22.6, 114.1]]}, "points[1]", "look swapped"),
        ({"half_width_m": 0.0}, "half_width_m", ""),
        ({"floor": level(500.0), "ceiling": level(400.0)}, "ceiling", "exchange the two"),
        ({"ceiling": {"value_m": 400.0}}, "ceiling.reference", ""),
    ],
)
def test_what_is_no_route_is_refused_with_the_place_and_what_to_do(
    change: Document, where: str, said: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        plan(STRAIGHT, prescribed_route=prescribed(WEST, EAST) | change)
    (problem,) = refused.value.problems
    assert problem.where == f"crossing.prescribed_route.{where}"
    assert said in problem.expected


# What becomes of it in the verdict


SHEKOU, SHUN_TAK = (113.9050, 22.4710), (114.1524, 22.2889)


def crossing(out_m: float, **stated: Any) -> la.FlightPlan:
    track = swerve(SHEKOU, SHUN_TAK, out_m)
    route = prescribed(SHEKOU, SHUN_TAK, **BETWEEN)
    return plan(track, 100.0, prescribed_route=route, **stated)


def test_a_departure_is_found_with_value_limit_margin_place_and_time() -> None:
    flight = crossing(950.0, keeps_prescribed_route=True)  # stated, and not so
    verdict = la.assess(flight, airspace=shenzhen())
    assert verdict.route is not None
    for citation in (ROUTE, CUSTOMS_ROUTE):
        finding = next(f for f in verdict.findings if f.citation == citation)
        assert finding.status is la.Status.BREACHED
        assert finding.limit == "0 m"
        assert finding.observed == finding.margin
        assert finding.margin is not None
        assert float(finding.margin.removesuffix(" m")) == pytest.approx(-50.0, abs=0.05)
        assert finding.where is not None
        assert finding.where.zone is None
        assert finding.where.text["en"] == "prescribed route"
        assert finding.when == verdict.route.departures[0].period


def test_a_route_that_is_kept_is_met_with_its_margin_whatever_is_stated() -> None:
    verdict = la.assess(crossing(700.0, keeps_prescribed_route=False), airspace=shenzhen())
    finding = next(f for f in verdict.findings if f.citation == ROUTE)
    assert (finding.status, finding.limit) == (la.Status.MET, "0 m")
    # 80 m below the ceiling: less than the 200 m to the sides.
    assert (finding.observed, finding.margin) == ("80 m", "+80 m")


def test_a_drawn_corridor_is_shown_and_leaves_the_question_open() -> None:
    flight = plan(swerve(SHEKOU, SHUN_TAK, 950.0), corridor="HELSH3")
    verdict = la.assess(flight, airspace=shenzhen())
    assert verdict.route is not None
    assert not verdict.route.is_certain
    finding = next(f for f in verdict.findings if f.citation == ROUTE)
    assert (finding.status, finding.where) == (la.Status.MISSING_INFO, None)


def test_json_and_text_tell_margin_and_departure_in_both_languages() -> None:
    verdict = la.assess(crossing(950.0), airspace=shenzhen())
    told = verdict.to_dict()["route"]
    assert json.loads(verdict.to_json())["route"] == told
    assert (told["source"], told["keeps"], told["is_certain"]) == ("prescribed_route", False, True)
    assert told["lateral"]["margin_m"] == pytest.approx(-50.0, abs=0.05)
    assert [left["kind"] for left in told["departures"]] == ["lateral"]
    english, chinese = (la.explain(verdict, lang=lang, width=200) for lang in ("en", "zh"))
    assert "prescribed route, the route prescribed, which decides: left" in english
    assert "to the side by up to 50.00 m" in english
    assert "规定航线，规定的航线，据此判定：偏离" in chinese
    assert "侧向偏出最多 50.00 米" in chinese
    drawn = la.assess(plan(STRAIGHT, corridor="HELSH3"), airspace=shenzhen())
    assert "drawn only" in la.explain(drawn)


def test_many_plans_at_once_are_measured_as_each_by_itself() -> None:
    documents = [plan(STRAIGHT), crossing(950.0), crossing(700.0), area(900.0, corridor="HELSH1")]
    flights = [flight.model_copy(update={"plan_id": str(n)}) for n, flight in enumerate(documents)]
    together = lay_many(flights, airspace=shenzhen())
    assert [s.route for s in together] == [laid(f, shenzhen()).route for f in flights]
    table = la.assess_many(flights, airspace=shenzhen())
    singly = [la.assess(flight, airspace=shenzhen()) for flight in flights]
    for citation in (ROUTE, CUSTOMS_ROUTE):
        assert table.status_of(citation) == [
            next(f.status for f in verdict.findings if f.citation == citation) for verdict in singly
        ]


def test_a_verdict_with_a_route_is_recorded_and_replayed() -> None:
    flight = crossing(950.0)
    verdict = la.assess(flight, airspace=shenzhen())
    assert la.replay(la.record(verdict, plan=flight)) == verdict


def test_the_plan_says_the_same_after_it_was_written_down() -> None:
    flight = crossing(950.0)
    assert la.parse_plan(copy.deepcopy(flight.model_dump(mode="json"))) == flight


# What the corridor named shows, where it only shows


NAMED = "cn/border_inspection_regulation_1995#art_19__named_corridor"
TO_MACAO = "hk/aip_hong_kong#enr_3_4"


def helicopter(**crossing_of: Any) -> Document:
    """From Bao'an to Hong Kong, with its route as the plan states it."""
    text = (PLANS / "25_helicopter_baoan_to_shun_tak.json").read_text("utf-8")
    document: Document = json.loads(text)
    del document["crossing"]["prescribed_route"]
    document["crossing"] |= {"keeps_prescribed_route": True, **crossing_of}
    return document


def statuses(document: Document) -> dict[str, str]:
    verdict = la.assess(la.parse_plan(document), airspace=shenzhen())
    return {finding.citation: finding.status.value for finding in verdict.findings}


@pytest.mark.parametrize(
    ("corridor", "status"), [(None, "met"), ("HELSH1", "met"), ("HELSM1", "breached")]
)
def test_a_statement_that_the_map_contradicts_is_advised_against(
    corridor: str | None, status: str
) -> None:
    document = helicopter(**({} if corridor is None else {"corridor": corridor}))
    found = statuses(document)
    assert found[NAMED] == status
    assert found[ROUTE] == "met"  # the operator's word decides: the map only shows
    if status == "breached":
        verdict = la.assess(la.parse_plan(document), airspace=shenzhen())
        (finding,) = (f for f in verdict.findings if f.citation == NAMED)
        assert finding.where is not None
        document["crossing"]["keeps_prescribed_route"] = False
        assert statuses(document)[NAMED] == "not_applicable"


@pytest.mark.parametrize(("out_m", "is_off"), [(0.0, False), (1499.0, False), (1501.0, True)])
def test_a_track_is_off_a_corridor_beyond_its_half_width_and_accuracy(
    out_m: float, is_off: bool
) -> None:
    drawn = {"status": FeatureStatus.ILLUSTRATIVE, "half_width_m": 1000.0, "accuracy_m": 500.0}
    track = swerve(WEST, EAST, out_m)
    # The airspace around the track does not count.
    flight = plan(track, buffer_m=400.0, corridor="TEST1")
    facts = facts_of(laid(flight, with_corridor(WEST, EAST, **drawn))).flight
    assert facts["is_off_named_corridor"] is is_off
    # What is measured, or prescribed, decides by itself.
    facts = facts_of(laid(flight, with_corridor(WEST, EAST))).flight
    assert facts["is_off_named_corridor"] is False
    flight = plan(track, corridor="TEST1", prescribed_route=prescribed(WEST, NORTH))
    facts = facts_of(laid(flight, with_corridor(WEST, EAST, **drawn))).flight
    assert facts["is_off_named_corridor"] is False


@pytest.mark.parametrize(
    ("corridor", "authorised", "status"),
    [("HELHM", False, "breached"), ("HELHM", True, "met"), ("HELVH", False, "not_applicable")],
)
def test_whoever_names_the_corridor_to_macao_uses_it_whatever_is_stated(
    corridor: str, authorised: bool, status: str
) -> None:
    document = helicopter(corridor=corridor)
    document["hong_kong"] |= {"macao_route": False, "macao_route_authorised": authorised}
    assert statuses(document)[TO_MACAO] == status
