"""Missions: each command moves the aircraft as an autopilot would, and bends are covered."""

from __future__ import annotations

import math
import time
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, Point, Polygon

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.bends import corner_buffer_m
from lowalt.formats.plans.exchange import Need, Told
from lowalt.formats.plans.flown import Move, flown
from lowalt.formats.plans.mavlink import jumps
from lowalt.formats.plans.mavlink.commands import UNFORESEEN, WITHOUT_MOVEMENT
from lowalt.formats.plans.mavlink.fences import fence_of
from lowalt.formats.plans.mavlink.items import Item
from lowalt.formats.plans.mavlink.jumps import in_order
from lowalt.formats.plans.mavlink.manoeuvres import MANOEUVRES
from lowalt.formats.plans.mavlink.missions import Flight, Mission, fly
from lowalt.formats.plans.mavlink.patterns import items_of_pattern
from lowalt.formats.plans.mavlink.turns import Course, corner_buffers_m
from lowalt.formats.plans.mavlink.vehicles import Vehicle
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.geodesy import LocalFrame
from lowalt.levels import Level, VerticalReference

KARNEY = Geod(ellps="WGS84")
FRAME = LocalFrame(113.95)
AGL, AMSL, ATO = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.ATO
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")
HOME = (113.9500, 22.5400)
NORTH, EAST = (113.9500, 22.5500), (113.9600, 22.5500)


def told(**performance: float) -> Told:
    rates = {"climb_m_s": 3.0, "descent_m_s": 2.0, **performance}
    rules = RouteRules(buffer_m=20.0, return_height_ato_m=60.0, unlimited_loiter_s=120.0)
    profile = OperatorProfile(route=rules, performance=Performance(**rates))
    return Told(departure=DEPARTURE, profile=profile)


def item(
    command: int,
    place: tuple[float, float] | None = None,
    height_m: float | None = None,
    *,
    frame: int = 3,
    number: int | None = None,
    **params: float,
) -> Item:
    lon_deg, lat_deg = place or (None, None)
    first = [params.get(f"p{n}") for n in range(1, 5)]
    return Item(
        command=command,
        frame=frame,
        params=(*first, lat_deg, lon_deg, height_m),
        where=f"item {number or command}",
        jump_id=number,
    )


UP = item(22, HOME, 50.0)
DOWN = item(21, None, 0.0)


def flight_of(
    *items: Item,
    vehicle: Vehicle | None = Vehicle.MULTIROTOR,
    home_amsl_m: float | None = 12.0,
    rules: Told | None = None,
    **mission: Any,
) -> Flight:
    speeds = {"cruise_m_s": 20.0, "hover_m_s": 5.0, **mission}
    made = Mission(items=items, home=HOME, home_amsl_m=home_amsl_m, vehicle=vehicle, **speeds)
    return fly(made, told=rules or told())


def path_of(flight: Flight) -> list[tuple[float, float, str]]:
    places = [(move.lon_deg, move.lat_deg, str(move.level)) for move in flight.course.moves]
    return [place for place, _ in groupby(places)]


def drawn(flight: Flight) -> list[Move]:
    return list(flight.course.drawn())


# What commands do


def test_that_corners_are_cut_by_what_the_autopilot_is_set_to_is_told() -> None:
    def tells(*items: Item) -> bool:
        return "turns" in dict(flight_of(UP, *items, DOWN).losses)

    assert tells(item(16, NORTH, 50.0))
    assert not tells(item(16, NORTH, 50.0, p2=3.0))
    assert not tells(item(16, NORTH, 50.0, p1=5.0))


def test_a_multirotor_climbs_straight_up_goes_across_and_comes_straight_down() -> None:
    flight = flight_of(item(22, NORTH, 50.0), item(16, EAST, 80.0), DOWN)
    assert path_of(flight) == [
        (*HOME, "0 m ATO"),
        (*HOME, "50 m ATO"),
        (*NORTH, "50 m ATO"),
        (*EAST, "80 m ATO"),
        (*EAST, "0 m ATO"),
    ]
    assert flight.landing == EAST


def test_under_ardupilot_a_multirotor_takes_off_where_it_stands() -> None:
    flight = flight_of(item(22, NORTH, 50.0), item(16, EAST, 50.0), is_ardupilot=True)
    assert path_of(flight)[1:3] == [(*HOME, "50 m ATO"), (*EAST, "50 m ATO")]


def test_a_fixed_wing_climbs_and_lands_on_a_slope() -> None:
    flight = flight_of(item(22, NORTH, 50.0), item(21, EAST, 0.0), vehicle=Vehicle.FIXED_WING)
    assert path_of(flight) == [(*HOME, "0 m ATO"), (*NORTH, "50 m ATO"), (*EAST, "0 m ATO")]
    assert [move.speed_m_s for move in flight.course.moves][1:] == [20.0, 20.0]


def test_a_vtol_hovers_up_flies_forward_and_lands_from_its_approach_height() -> None:
    items = (item(84, NORTH, 50.0), item(16, EAST, 80.0), item(85, HOME, 0.0, p3=40.0))
    flight = flight_of(*items, vehicle=None)
    assert path_of(flight)[1:] == [
        (*HOME, "50 m ATO"),
        (*NORTH, "50 m ATO"),
        (*EAST, "80 m ATO"),
        (*HOME, "40 m ATO"),
        (*HOME, "0 m ATO"),
    ]
    assert [move.speed_m_s for move in flight.course.moves][1:] == [5.0, 20.0, 20.0, 20.0, 5.0]


def test_a_plan_without_take_off_begins_straight_up_and_says_so() -> None:
    flight = flight_of(item(16, NORTH, 70.0))
    assert path_of(flight) == [(*HOME, "0 m ATO"), (*HOME, "70 m ATO"), (*NORTH, "70 m ATO")]
    losses = dict(flight.losses)
    assert "straight up" in losses["take-off"]
    assert "does not land" in losses["landing"]


def test_a_return_is_never_lower_than_the_aircraft_and_ends_the_mission() -> None:
    low = flight_of(UP, item(16, NORTH, 50.0), item(20, frame=2), item(16, EAST, 50.0))
    assert path_of(low)[-3:] == [(*NORTH, "60 m ATO"), (*HOME, "60 m ATO"), (*HOME, "0 m ATO")]
    assert low.landing == HOME
    assert "not flown" in dict(low.losses)["mission"]
    high = flight_of(UP, item(16, NORTH, 90.0), item(20, frame=2))
    assert path_of(high)[-2:] == [(*HOME, "90 m ATO"), (*HOME, "0 m ATO")]
    sea = flight_of(UP, item(16, NORTH, 112.0, frame=0), item(20, frame=2))
    assert path_of(sea)[-2:] == [(*HOME, "100 m ATO"), (*HOME, "0 m ATO")]


def test_how_high_a_return_from_a_height_above_ground_is_stays_unknown() -> None:
    items = (item(22, HOME, 50.0, frame=10), item(16, NORTH, 50.0, frame=10), item(20, frame=2))
    flight = flight_of(*items)
    assert path_of(flight) == [
        (*HOME, "0 m AGL"),
        (*HOME, "50 m AGL"),
        (*NORTH, "50 m AGL"),
        (*HOME, "60 m ATO"),
        (*HOME, "0 m AGL"),
    ]
    _, losses = flown(drawn(flight), plan_id="p", told=told())
    assert any("two references" in loss.how for loss in losses)


def test_a_return_with_a_landing_in_the_mission_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="which of the two is flown"):
        flight_of(UP, item(20, frame=2), item(189, frame=2), item(21, HOME, 0.0))


def test_a_fixed_wing_returns_to_circle_for_as_long_as_the_operator_says() -> None:
    items = (item(22, NORTH, 50.0), item(16, EAST, 50.0), item(20, frame=2))
    flight = flight_of(*items, vehicle=Vehicle.FIXED_WING, rules=told(loiter_radius_m=80.0))
    circle = flight.course.loiters[len(flight.course.moves) - 1]
    assert circle.turns == math.ceil(120.0 * 20.0 / (2 * math.pi * 80.0)) == 5
    assert flight.landing is None


def test_a_wait_is_a_hover_of_a_multirotor_and_a_circle_of_a_fixed_wing() -> None:
    wait = item(19, NORTH, 50.0, p1=60.0, p3=-100.0)
    hover = flight_of(UP, wait)
    assert hover.course.moves[-1].hold_s == 60.0
    assert not hover.course.loiters
    circle = flight_of(UP, wait, vehicle=Vehicle.FIXED_WING)
    (loiter,) = circle.course.loiters.values()
    assert (loiter.radius_m, loiter.clockwise) == (100.0, False)
    assert loiter.turns == math.ceil(60.0 * 20.0 / (2 * math.pi * 100.0)) == 2


def test_a_loiter_to_a_height_goes_round_as_often_as_the_climb_takes() -> None:
    climb = item(31, NORTH, 170.0, p2=100.0)
    (helix,) = flight_of(UP, climb, vehicle=Vehicle.FIXED_WING).course.loiters.values()
    assert helix.climbs_from == Level(50.0, ATO)
    assert helix.turns == math.ceil(120.0 / 3.0 * 20.0 / (2 * math.pi * 100.0)) == 2
    straight = path_of(flight_of(UP, climb))
    assert straight[-2:] == [(*NORTH, "50 m ATO"), (*NORTH, "170 m ATO")]


def test_a_load_is_placed_no_lower_than_the_item_says() -> None:
    flight = flight_of(UP, item(94, NORTH, 50.0, p1=30.0))
    assert [level for *_, level in path_of(flight)][-3:] == ["50 m ATO", "20 m ATO", "50 m ATO"]
    assert "drops_objects" in dict(flight.losses)["payload"]
    assert [level for *_, level in path_of(flight_of(UP, item(94, NORTH, 50.0)))][-2] == "0 m ATO"


def test_speeds_hold_until_they_are_changed_or_taken_back() -> None:
    flight = flight_of(
        item(178, frame=2, p1=1.0, p2=12.0),
        UP,
        item(16, NORTH, 50.0),
        item(178, frame=2, p1=1.0, p2=-1.0),
        item(178, frame=2, p1=2.0, p2=1.0),
        item(16, EAST, 50.0),
        item(178, frame=2, p1=1.0, p2=-2.0),
        item(16, HOME, 50.0),
    )
    assert [move.speed_m_s for move in flight.course.moves][-3:] == [12.0, 12.0, 5.0]


def test_what_is_neither_in_the_file_nor_told_is_asked_for() -> None:
    items = (item(22, NORTH, 50.0), item(31, EAST, 80.0), item(17, EAST, 80.0))
    flight = flight_of(*items, vehicle=Vehicle.FIXED_WING, cruise_m_s=None, rules=Told())
    assert flight.needs == {Need.LOITER_RADIUS, Need.UNLIMITED_LOITER}
    flight = flight_of(
        item(22, NORTH, 50.0),
        item(31, EAST, 80.0, p2=80.0),
        vehicle=Vehicle.FIXED_WING,
        cruise_m_s=None,
        rules=Told(),
    )
    assert flight.needs == {Need.CLIMB, Need.CRUISE}
    assert flight_of(UP, item(20, frame=2), rules=Told()).needs == {Need.RETURN_HEIGHT}


def test_altitudes_need_the_elevation_of_home() -> None:
    up = item(22, HOME, 62.0, frame=0)
    assert path_of(flight_of(up))[1] == (*HOME, "62 m AMSL")
    with pytest.raises(InvalidInputError, match="set the altitude of the launch"):
        flight_of(up, home_amsl_m=None)


def test_heights_above_a_home_that_was_moved_in_flight_are_refused() -> None:
    moved = item(179, frame=2)
    assert len(path_of(flight_of(UP, moved, item(16, NORTH, 50.0, frame=0)))) == 3
    for relative in (item(16, NORTH, 50.0), item(20, frame=2)):
        with pytest.raises(InvalidInputError, match="moves in flight"):
            flight_of(UP, moved, relative)


def test_commands_about_cameras_leave_the_aircraft_on_its_way() -> None:
    cameras = [item(command, frame=2) for command in sorted(WITHOUT_MOVEMENT)]
    unknown = item(40_000, frame=2)
    flight = flight_of(UP, *cameras[:-1], unknown, item(16, NORTH, 50.0))
    assert len(path_of(flight)) == 3
    assert "left out" in dict(flight.losses)["command 40000"]


def test_each_command_moves_or_does_not_or_is_refused() -> None:
    assert not MANOEUVRES.keys() & WITHOUT_MOVEMENT
    assert not MANOEUVRES.keys() & UNFORESEEN.keys()
    assert not WITHOUT_MOVEMENT & UNFORESEEN.keys()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (item(1), "command 1 is not known"),
        (item(30, NORTH, 50.0), "keeps its course"),
        (item(40_000, NORTH, 50.0), "command 40000 is not known"),
        (item(16, NORTH, 50.0, frame=8), "frame 8 has no place on earth"),
        (item(16, NORTH), "no height"),
        (item(18, NORTH, 50.0, p1=-1.0, p3=50.0), "-1 turns"),
        (item(18, NORTH, 50.0, p1=1.0, p3=1e9), "a radius of 1e+09 m"),
        (item(18, NORTH, 50.0, p1=1.0, p3=1e-300), "a circle of radius 1e-300 m"),
        (item(19, NORTH, 50.0, p1=-5.0), "waits for -5 s"),
        (item(93, frame=2, p1=-1.0), "a time of day"),
        (item(178, frame=2, p1=1.0, p2=-7.0), "a speed of -7 m/s"),
        (item(3000, frame=2, p1=1.0), "changes into state 1.0"),
    ],
)
def test_what_nobody_could_foretell_is_refused(given: Item, says: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        flight_of(UP, given)
    assert str(refusal.value).startswith(f"{given.where}: ")
    assert says in str(refusal.value)


def test_a_landing_before_any_take_off_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="plan a take-off first"):
        flight_of(item(21, HOME, 0.0))


# Jumps


def _jump(number: int, target: float, repeats: float) -> Item:
    return item(177, frame=2, number=number, p1=float(target), p2=float(repeats))


def _numbers(*items: Item) -> list[int | None]:
    return [step.jump_id for step in in_order(items)]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 4)), max_size=4),
    st.integers(0, 2),
)
def test_loops_one_after_the_other_go_round_once_more_than_they_repeat(
    loops: list[tuple[int, int, int]], after: int
) -> None:
    items: list[Item] = []
    expected: list[int] = []

    def add(count: int) -> list[int]:
        numbers = list(range(len(items) + 1, len(items) + 1 + count))
        items.extend(item(16, NORTH, 50.0, number=number) for number in numbers)
        return numbers

    for before, body, repeats in loops:
        expected += add(before)
        numbers = add(body)
        items.append(_jump(len(items) + 1, numbers[0], repeats))
        expected += numbers * (repeats + 1)
    expected += add(after)
    assert _numbers(*items) == expected


def test_jumps_forward_leave_items_out_and_a_jump_in_a_loop_counts_on() -> None:
    points = [item(16, NORTH, 50.0, number=number) for number in (1, 2, 3)]
    assert _numbers(points[0], _jump(4, 3.0, 1.0), points[1], points[2]) == [1, 3]
    inner, outer = _jump(4, 2.0, 1.0), _jump(5, 1.0, 1.0)
    assert _numbers(points[0], points[1], inner, outer) == [1, 2, 2, 1, 2]


@pytest.mark.parametrize(
    ("jump", "says"),
    [
        (_jump(2, 9.0, 1.0), "jumps to 9, which is no item's number"),
        (_jump(2, 1.0, -1.0), "jumps for ever"),
        (_jump(2, 1.5, 1.0), "the item to jump to: given 1.5"),
        (item(177, frame=2, number=2, p1=1.0), "how often it repeats: given None"),
        (_jump(1, 1.0, 1.0), "is the number of several items"),
    ],
)
def test_a_jump_that_leads_nowhere_is_refused(jump: Item, says: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        _numbers(item(16, NORTH, 50.0, number=1), jump)
    assert says in str(refusal.value)


def test_loops_in_loops_end_in_a_refusal_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    assert jumps.MOST_STEPS == 100_000
    monkeypatch.setattr(jumps, "MOST_STEPS", 10_000)
    items = [item(16, NORTH, 50.0, number=1)]
    items += [_jump(number, 1.0, 32_767.0) for number in range(2, 60)]
    began = time.process_time()
    with pytest.raises(InvalidInputError, match="more than 10,000 steps"):
        flight_of(UP, *items)
    assert time.process_time() - began < 5.0


# Bends


def _line(*lon_lat: tuple[float, float]) -> LineString:
    return LineString(FRAME.to_plane(lon_lat))


def test_the_circle_of_a_loiter_lies_within_the_buffer_of_what_is_drawn() -> None:
    flight = flight_of(
        item(22, NORTH, 50.0),
        item(18, EAST, 50.0, p1=2.0, p3=60.0),
        item(16, HOME, 50.0),
        vehicle=Vehicle.FIXED_WING,
    )
    moves = drawn(flight)
    line = _line(*((move.lon_deg, move.lat_deg) for move in moves))
    azimuths = np.arange(0.0, 360.0, 0.5)
    centres = np.full(720, EAST[0]), np.full(720, EAST[1])
    lon, lat, _ = KARNEY.fwd(*centres, azimuths, np.full(720, 60.0))
    circle = shapely.points(FRAME.to_plane(np.column_stack((lon, lat))))
    sagitta_m = 2.0
    assert shapely.distance(circle, line).max() <= sagitta_m
    assert sagitta_m < flight.course.buffer_m < 60.0
    # Every straight way to the circle is covered too, from over the centre to the tangent.
    ways = LineString([*FRAME.to_plane([NORTH, EAST])])
    away = ways.length
    before_the_circle = shapely.segmentize(
        LineString([ways.interpolate(0.0), ways.interpolate(away - 60.0)]), 5.0
    )
    covered = line.buffer(flight.course.buffer_m + 0.01)
    assert covered.covers(before_the_circle)


turn_angles = st.floats(-math.pi, math.pi)


@given(turn_angles, st.floats(1.0, 200.0))
def test_a_turn_begun_over_a_corner_stays_within_its_buffer(angle: float, radius_m: float) -> None:
    length_m = 1500.0
    onward = np.array([math.cos(angle), math.sin(angle)])
    legs = np.array([[-length_m, 0.0], [0.0, 0.0], length_m * onward])
    swept = np.linspace(0.0, abs(angle), 200)
    side = math.copysign(1.0, angle)
    path = radius_m * np.column_stack((np.sin(swept), side * (1.0 - np.cos(swept))))
    strays = shapely.distance(shapely.points(path), LineString(legs)).max()
    x_m, y_m = FRAME.to_plane([(113.95, 22.55)])[0]
    places = FRAME.to_lonlat(legs + np.array([x_m, y_m]))
    (buffer_m,) = corner_buffers_m(
        places, accepted_m=np.zeros(1), turn_radius_m=np.array([radius_m])
    )
    assert strays <= buffer_m + 0.01
    # No wider than needed: the turn ends that far from the leg it turns to, or its extension.
    assert buffer_m == pytest.approx(radius_m * (1.0 - math.cos(angle)), abs=0.1)


@pytest.mark.parametrize("angle", [-3.1, -1.5, -0.2, 0.01, 0.7, 1.6, 2.9])
@pytest.mark.parametrize(("accepted_m", "length_m"), [(0.1, 2000.0), (30.0, 100.0), (300.0, 0.5)])
def test_a_corner_accepted_from_afar_is_covered_as_one_that_is_cut(
    angle: float, accepted_m: float, length_m: float
) -> None:
    x_m, y_m = FRAME.to_plane([(113.95, 22.55)])[0]
    plane = np.array([[-500.0, 0.0], [0.0, 0.0], [math.cos(angle), math.sin(angle)]])
    plane[2] *= length_m
    places = FRAME.to_lonlat(plane + np.array([x_m, y_m]))
    level = Level(50.0, ATO)
    corner = [Move(lon_deg=lon, lat_deg=lat, level=level) for lon, lat in places.tolist()]
    (ours,) = corner_buffers_m(places, accepted_m=np.array([accepted_m]), turn_radius_m=np.zeros(1))
    assert ours == pytest.approx(corner_buffer_m(*corner, begins_m=accepted_m), abs=1e-6)


def test_a_course_is_as_wide_as_its_widest_corner() -> None:
    corner = flight_of(UP, item(16, NORTH, 50.0, p2=40.0), item(16, EAST, 50.0), DOWN)
    drawn(corner)
    assert corner.course.buffer_m == pytest.approx(20.0, abs=0.01)
    passed = flight_of(UP, item(16, NORTH, 50.0, p3=-35.0), item(16, EAST, 50.0))
    assert passed.course.buffer_m == 35.0
    wing = flight_of(
        item(22, NORTH, 50.0),
        item(16, EAST, 50.0),
        item(16, HOME, 50.0),
        vehicle=Vehicle.FIXED_WING,
        rules=told(turn_radius_m=30.0),
    )
    drawn(wing)
    legs = KARNEY.inv(*EAST, *NORTH)[0] - KARNEY.inv(*EAST, *HOME)[0]
    assert wing.course.buffer_m == pytest.approx(
        30.0 * (1.0 + math.cos(math.radians(legs))), abs=0.01
    )


def test_a_spline_leaves_its_waypoints_where_they_are_and_strays_from_the_leg() -> None:
    flight = flight_of(
        UP, item(16, NORTH, 50.0), item(82, EAST, 50.0), item(82, (113.97, 22.54), 50.0), DOWN
    )
    moves = drawn(flight)
    places = [(move.lon_deg, move.lat_deg) for move in moves]
    assert {HOME, NORTH, EAST, (113.97, 22.54)} <= set(places)
    corner = places.index(EAST)
    bend = [KARNEY.inv(*places[i], *places[i + 1])[0] for i in (corner - 1, corner)]
    assert abs(bend[1] - bend[0]) < 20.0  # it goes on as it came: the legs turn by 47 degrees
    on_curve = places[places.index(NORTH) : places.index(EAST) + 1]
    assert len(on_curve) > 4
    strays = _line(*on_curve).hausdorff_distance(_line(NORTH, EAST))
    assert 50.0 < strays < 16.0 / 27.0 * KARNEY.inv(*NORTH, *EAST)[2]


def test_a_course_without_bends_is_its_places() -> None:
    moves = [Move(lon_deg=lon, lat_deg=lat, level=Level(5.0, AGL)) for lon, lat in (HOME, EAST)]
    course = Course(moves=moves)
    assert list(course.drawn()) == moves
    assert course.buffer_m == 0.0


# Patterns and fences


def _structure(corners: list[tuple[float, float]], **changes: Any) -> dict[str, Any]:
    return {
        "complexItemType": "StructureScan",
        "version": 3,
        "CameraCalc": {"DistanceToSurface": 20.0, "AdjustedFootprintFrontal": 8.0},
        "EntranceAltitude": 70.0,
        "Layers": 3,
        "ScanBottomAlt": 10.0,
        "StructureHeight": 50.0,
        "StartFromTop": False,
        "polygon": [[lat, lon] for lon, lat in corners],
        **changes,
    }


def _nothing(what: str, how: str) -> None:
    raise AssertionError((what, how))


@given(
    st.lists(st.floats(0.0, 2 * math.pi), min_size=3, max_size=7, unique=True),
    st.floats(30.0, 300.0),
    st.booleans(),
)
def test_a_structure_is_gone_round_where_a_mitred_buffer_has_its_corners(
    angles: list[float], radius_m: float, backwards: bool
) -> None:
    x_m, y_m = FRAME.to_plane([(113.95, 22.54)])[0]
    corners = [
        (x_m + radius_m * math.cos(a), y_m + radius_m * math.sin(a))
        for a in sorted(angles, reverse=backwards)
    ]
    polygon = Polygon(corners)
    gaps = np.diff(sorted(angles), append=min(angles) + 2 * math.pi)
    if gaps.min() < 0.2 or gaps.max() > 2.9:
        return  # a corner so sharp that a mitred buffer cuts it off
    expected = polygon.buffer(20.0, join_style="mitre", mitre_limit=1e3)
    structure = _structure([(lon, lat) for lon, lat in FRAME.to_lonlat(corners).tolist()])
    items = list(items_of_pattern(structure, where="item 1", tell=_nothing))
    places = FRAME.to_plane([one.place for one in items if one.place])
    around = places[1 : 2 + len(corners)]
    assert Polygon(around).symmetric_difference(expected).area < 0.01 * expected.length
    assert all(Point(place).distance(expected.exterior) < 0.01 for place in places)


def test_layers_go_up_from_the_bottom_or_down_from_the_top() -> None:
    corners = [(113.95, 22.54), (113.951, 22.54), (113.951, 22.541)]

    def heights(**changes: Any) -> list[float | None]:
        structure = _structure(corners, **changes)
        items = items_of_pattern(structure, where="item 1", tell=_nothing)
        return [height_m for height_m, _ in groupby(one.param(7) for one in items)]

    assert heights() == [70.0, 14.0, 22.0, 30.0, 70.0]
    assert heights(StartFromTop=True) == [70.0, 46.0, 38.0, 30.0, 70.0]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": 2}, "version 2, expected 3"),
        ({"Layers": 0}, "0 layers"),
        ({"Layers": 10**9}, "layers of 3 corners"),
        ({"polygon": [[22.54, 113.95]] * 2}, "2 corners, expected 3"),
        ({"polygon": [[22.54, 113.95]] * 5}, "in one or two places"),
        ({"polygon": [[22.54, 113.95], [22.55, 113.95], [22.56, 113.95]]}, "turns back"),
        ({"CameraCalc": None}, "CameraCalc: given nothing"),
    ],
)
def test_a_structure_that_cannot_be_gone_round_is_refused(
    changes: dict[str, Any], says: str
) -> None:
    corners = [(113.95, 22.54), (113.951, 22.54), (113.951, 22.541)]
    with pytest.raises(InvalidInputError) as refusal:
        list(items_of_pattern(_structure(corners, **changes), where="item 1", tell=_nothing))
    assert says in str(refusal.value)


def test_a_landing_without_a_circle_passes_its_approach() -> None:
    landing = {
        "complexItemType": "fwLandingPattern",
        "version": 1,
        "loiterAltitudeRelative": False,
        "landAltitudeRelative": True,
        "loiterCoordinate": [22.5451, 113.9572, 52.5],
        "landCoordinate": [22.5431, 113.9502, 0],
        "loiterRadius": 75,
        "useLoiterToAlt": False,
    }
    items = list(items_of_pattern(landing, where="item 1", tell=_nothing))
    assert [(one.command, one.frame, one.param(7)) for one in items] == [
        (189, 2, None),
        (16, 0, 52.5),
        (21, 3, 0.0),
    ]
    del landing["landAltitudeRelative"]
    with pytest.raises(InvalidInputError, match="altitudesAreRelative to say from where"):
        list(items_of_pattern(landing, where="item 1", tell=_nothing))


@pytest.mark.parametrize(
    ("fence", "says"),
    [
        ({"circles": [{"circle": {"center": [22, 113], "radius": 0}}]}, "a radius of 0 m"),
        ({"circles": [{"circle": {"center": [22, 113], "radius": 5}}]}, "inclusion"),
        ({"polygons": [{"inclusion": True, "polygon": [[22, 113]] * 3}]}, "draw it once round"),
        ({"polygons": [{"inclusion": True, "polygon": [[22, 113]] * 10_001}]}, "10001 corners"),
        ({"polygons": {}}, None),
    ],
)
def test_a_fence_that_cannot_be_read_is_refused(fence: dict[str, Any], says: str | None) -> None:
    if says is None:
        assert fence_of(fence, where="geoFence").inside == ()
        return
    with pytest.raises(InvalidInputError) as refusal:
        fence_of(fence, where="geoFence")
    assert says in str(refusal.value)
