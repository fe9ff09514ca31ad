"""Times of routes whose files have none."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.formats.plans.exchange import Need, Told
from lowalt.formats.plans.flown import MOST_WAYPOINTS, Move, flown
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.levels import Level, VerticalReference

START = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
AGL, AMSL, ATO, HAE = (VerticalReference(word) for word in ("AGL", "AMSL", "ATO", "HAE"))
HOME = (113.9502, 22.5431)
NORTH = (113.9502, 22.5521)  # 996.7 m away


def told(**performance: float) -> Told:
    return Told(
        departure=START,
        profile=OperatorProfile(
            route=RouteRules(buffer_m=20.0), performance=Performance(**performance)
        ),
    )


def to(
    place: tuple[float, float],
    up_m: float,
    reference: VerticalReference = ATO,
    *,
    where: str = "",
    **more: float,
) -> Move:
    level = Level(up_m, reference)
    return Move(lon_deg=place[0], lat_deg=place[1], level=level, where=where, **more)


def seconds(waypoints: Iterable[Mapping[str, Any]]) -> list[float]:
    return [(waypoint["time"] - START).total_seconds() for waypoint in waypoints]


def fly(*moves: Move, **performance: float) -> tuple[list[float], list[str]]:
    waypoints, losses = flown(moves, plan_id="p", told=told(**performance))
    return seconds(waypoints), [f"{loss.what}: {loss.how}" for loss in losses]


def test_a_climb_a_leg_a_wait_and_a_descent_take_their_time() -> None:
    times, told_of = fly(
        to(HOME, 0),
        to(HOME, 80),
        to(NORTH, 80, speed_m_s=10.0, hold_s=7.0),
        to(NORTH, 0),
        climb_m_s=4.0,
        descent_m_s=2.0,
    )
    length_m = Geod(ellps="WGS84").inv(*HOME, *NORTH)[2]
    expected = [0, 20, 20 + length_m / 10, 27 + length_m / 10, 67 + length_m / 10]
    assert times == pytest.approx(expected, abs=1e-5)
    assert length_m == pytest.approx(996.7, abs=0.1)
    assert told_of == ["times: worked out from 10 m/s and the departure given; the file has none"]


def test_a_leg_takes_as_long_as_the_slower_of_climb_and_way() -> None:
    slow, _ = fly(to(HOME, 0), to(NORTH, 500), cruise_m_s=10.0, climb_m_s=2.0)
    fast, _ = fly(to(HOME, 0), to(NORTH, 500), cruise_m_s=10.0, climb_m_s=20.0)
    assert slow[1] == 250.0
    assert fast[1] == pytest.approx(99.67, abs=0.01)


def test_the_speed_of_the_file_goes_before_the_operators() -> None:
    times, _ = fly(to(HOME, 80), to(NORTH, 80, speed_m_s=20.0), cruise_m_s=10.0)
    assert times[1] == pytest.approx(49.83, abs=0.01)


def test_without_a_rate_of_climb_a_gentle_slope_is_flown_at_the_speed_along_it() -> None:
    times, told_of = fly(to(HOME, 0), to(NORTH, 500, speed_m_s=10.0))
    assert times[1] == pytest.approx(math.hypot(996.7, 500.0) / 10.0, abs=0.01)
    assert told_of[1].startswith("climbs: on 1 leg flown at the speed along the slope")


def test_without_a_rate_of_climb_a_steep_leg_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="rate of climb: given nothing; say it: climb_m_s"):
        fly(to(HOME, 0), to(NORTH, 1000, speed_m_s=10.0))


def test_all_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        flown(
            [to(HOME, 0), to(HOME, 80), to(NORTH, 80), to(NORTH, 0)],
            plan_id="survey",
            told=Told(),
            needs=[Need.RETURN_HEIGHT],
        )
    message = str(refused.value)
    assert message.startswith("survey: it leaves open what a plan must say")
    for words in (
        "--departure TIME",
        "--buffer M, or buffer_m under [route]",
        "return_height_ato_m under [route]",
        "cruise_m_s under [performance]",
        "climb_m_s under [performance]",
        "descent_m_s under [performance]",
    ):
        assert words in message
    assert len(refused.value.problems) == 6


def test_a_file_that_says_its_buffer_needs_none() -> None:
    waypoints, _ = flown(
        [to(HOME, 80), to(NORTH, 80, speed_m_s=10.0)],
        plan_id="p",
        told=Told(departure=START),
        states_buffer=True,
    )
    assert len(waypoints) == 2


def test_moves_that_go_nowhere_are_one_and_their_waits_add_up() -> None:
    times, _ = fly(
        to(HOME, 80, hold_s=1.0),
        to(HOME, 80.0005, hold_s=2.0),
        to((113.950200001, 22.5431), 80),
        to(NORTH, 80, speed_m_s=996.7),
    )
    assert times == pytest.approx([0.0, 3.0, 4.0], abs=1e-3)


def test_a_wait_in_one_place_is_a_flight() -> None:
    times, told_of = fly(to(HOME, 80, hold_s=60.0))
    assert times == [0.0, 60.0]
    assert told_of == ["times: worked out from the departure given; the file has none"]


def test_a_wait_shorter_than_times_are_told_apart_by_is_none() -> None:
    times, _ = fly(to(HOME, 80), to(NORTH, 80, speed_m_s=996.7, hold_s=5e-324))
    assert times == pytest.approx([0.0, 1.0], abs=1e-3)
    with pytest.raises(InvalidInputError, match="p: it goes nowhere"):
        fly(to(HOME, 80, hold_s=9e-4))


@pytest.mark.parametrize("moves", [[], [to(HOME, 80)], [to(HOME, 80), to(HOME, 80)]])
def test_a_route_that_goes_nowhere_is_refused(moves: Sequence[Move]) -> None:
    with pytest.raises(InvalidInputError, match="p: it goes nowhere"):
        fly(*moves)


def test_levels_above_take_off_are_brought_to_sea_level_where_the_file_says_how() -> None:
    waypoints, losses = flown(
        [to(HOME, 0), to(HOME, 50), to(NORTH, 90.0, AMSL, speed_m_s=10.0)],
        plan_id="p",
        told=told(climb_m_s=5.0),
        take_off_amsl_m=12.0,
    )
    assert [waypoint["level"] for waypoint in waypoints] == [
        Level(12.0, AMSL), Level(62.0, AMSL), Level(90.0, AMSL),
    ]  # fmt: skip
    assert [loss.what for loss in losses] == ["times"]


def test_levels_above_take_off_alone_stay_so() -> None:
    waypoints, _ = flown(
        [to(HOME, 50), to(NORTH, 50, speed_m_s=10.0)],
        plan_id="p",
        told=told(),
        take_off_amsl_m=12.0,
    )
    assert {waypoint["level"] for waypoint in waypoints} == {Level(50.0, ATO)}


def test_of_a_leg_between_two_references_the_heights_are_said_to_be_unknown() -> None:
    times, told_of = fly(to(HOME, 80, HAE), to(NORTH, 80, AGL, speed_m_s=10.0, where="item 4"))
    assert times[1] == pytest.approx(99.67, abs=0.01)
    assert told_of[1] == (
        "reference: heights on 1 leg, the first before item 4 are not known: the ends have two"
        " references; they take as long as the way across, though climbs may take longer"
    )


def test_how_far_it_climbs_between_two_references_in_one_place_is_not_guessed() -> None:
    with pytest.raises(InvalidInputError, match="p: item 4: from 80 m AMSL to 60 m AGL at one"):
        fly(to(HOME, 80, AMSL), to(HOME, 60, AGL, where="item 4"), climb_m_s=4.0, descent_m_s=4.0)


def test_above_ground_and_above_take_off_are_timed_as_one_where_it_climbs_straight_up() -> None:
    times, told_of = fly(to(HOME, 50, AGL), to(HOME, 60, ATO), climb_m_s=2.0)
    assert times == [0.0, 5.0]
    assert "climbs: 50 m AGL to 60 m ATO timed as if measured from one place" in told_of


@pytest.mark.parametrize(
    ("move", "message"),
    [
        (to((200.0, 22.5), 80), "longitudes within 180"),
        (to((22.5, 113.9), 80), "are the two exchanged?"),
        (to((math.nan, 22.5), 80), "item 4: longitude nan"),
        (to(NORTH, 80, speed_m_s=0.0), "a speed of 0 m/s"),
        (to(NORTH, 80, speed_m_s=-5.0), "a speed of -5 m/s"),
        (to(NORTH, 80, speed_m_s=math.inf), "a speed of inf m/s"),
        (to(NORTH, 80, hold_s=-1.0), "a wait of -1 s"),
        (to(NORTH, 80, hold_s=math.nan), "a wait of nan s"),
        (to(NORTH, 80, speed_m_s=1e-9), "more than 30 years"),
    ],
)
def test_a_move_that_is_none_is_refused_by_its_name(move: Move, message: str) -> None:
    named = Move(
        lon_deg=move.lon_deg, lat_deg=move.lat_deg, level=move.level, speed_m_s=move.speed_m_s,
        hold_s=move.hold_s, where="item 4",
    )  # fmt: skip
    with pytest.raises(InvalidInputError) as refused:
        fly(to(HOME, 80), named)
    assert message in str(refused.value)


def test_repeats_without_end_are_refused_while_they_are_unrolled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert MOST_WAYPOINTS == 1_000_000
    monkeypatch.setattr("lowalt.formats.plans.flown.MOST_WAYPOINTS", 10_000)
    with pytest.raises(InvalidInputError, match="p: more than 10,000 waypoints: item 4"):
        flown(repeat(to(HOME, 80, where="item 4")), plan_id="p", told=told())


def test_waits_without_end_are_refused() -> None:
    endless = (to((113.9 + n % 2 / 100, 22.5), 80, hold_s=1e6) for n in count())
    with pytest.raises(InvalidInputError, match="it waits for more than 30 years"):
        flown(endless, plan_id="p", told=told())


def test_a_departure_without_offset_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError, match="needs its offset"):
        Told(departure=datetime(2026, 6, 10, 10, 0))  # noqa: DTZ001 - that is the point


@given(
    st.lists(
        st.tuples(
            st.floats(22.4, 22.7),
            st.floats(0, 120),
            st.floats(0.1, 40.0),
            st.sampled_from([0.0, 0.5, 30.0]),
        ),
        min_size=2,
        max_size=6,
    )
)
def test_every_leg_takes_the_longest_of_way_climb_and_descent(
    legs: list[tuple[float, float, float, float]],
) -> None:
    moves = [
        to((113.8 + at / 1000.0, lat_deg), up_m, speed_m_s=speed_m_s, hold_s=hold_s)
        for at, (lat_deg, up_m, speed_m_s, hold_s) in enumerate(legs)
    ]
    waypoints, _ = flown(moves, plan_id="p", told=told(climb_m_s=3.0, descent_m_s=1.5))
    expected, now_s = [], 0.0
    for at, move in enumerate(moves):
        if at:
            before = moves[at - 1]
            ends = before.lon_deg, before.lat_deg, move.lon_deg, move.lat_deg
            across_m = Geod(ellps="WGS84").inv(*ends)[2]
            up_m = move.level.value_m - before.level.value_m
            now_s += max(across_m / move.speed_m_s, up_m / 3.0, -up_m / 1.5)
        expected.append(now_s)
        if move.hold_s:
            expected.append(now_s := now_s + move.hold_s)
    assert seconds(waypoints) == pytest.approx(expected, rel=1e-9, abs=1e-4)
