"""Turns, loiters and curves against dense sampling of what is flown."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.bends import (
    catmull_rom,
    corner_buffer_m,
    loiter,
    passing_buffer_m,
    sagitta_m,
    spline,
)
from lowalt.formats.plans.flown import Move
from lowalt.geodesy import FloatArray, LocalFrame
from lowalt.levels import Level, VerticalReference

Place = tuple[float, float]

FRAME = LocalFrame(113.95)
X_M, Y_M = FRAME.to_plane([(113.95, 22.54)])[0].tolist()
ATO = VerticalReference.ATO


def at(
    east_m: float,
    north_m: float,
    up_m: float = 80.0,
    *,
    reference: VerticalReference = ATO,
    where: str = "item 1",
    **more: float,
) -> Move:
    """Stand somewhere near a place in Shenzhen."""
    lon_deg, lat_deg = FRAME.to_lonlat([(X_M + east_m, Y_M + north_m)])[0].tolist()
    level = Level(up_m, reference)
    return Move(lon_deg=lon_deg, lat_deg=lat_deg, level=level, where=where, **more)


def plane(moves: Sequence[Move]) -> FloatArray:
    """Metres east and north of that place, ``(N, 2)``."""
    places_m = FRAME.to_plane([(move.lon_deg, move.lat_deg) for move in moves])
    away_m: FloatArray = places_m - (X_M, Y_M)
    return away_m


def farthest_m(places: FloatArray, line: ArrayLike) -> float:
    return float(
        shapely.distance(shapely.points(places), shapely.LineString(np.asarray(line, float))).max()
    )


metres = st.floats(-300.0, 300.0).map(lambda value: round(value, 1))
places = st.tuples(metres, metres)


# Corners


@given(
    turn_deg=st.floats(1.0, 179.0),
    begins_m=st.floats(1.0, 200.0),
    ends_m=st.floats(1.0, 200.0),
)
def test_no_place_of_a_cut_corner_is_farther_from_both_legs_and_one_is_as_far(
    turn_deg: float, begins_m: float, ends_m: float
) -> None:
    angle = math.radians(turn_deg)
    out = np.array([math.sin(angle), math.cos(angle)])
    before, after = np.array([0.0, 201.0]), 201.0 * out
    allowed_m = corner_buffer_m(at(*before), at(0, 0), at(*after), begins_m=begins_m, ends_m=ends_m)

    legs = shapely.MultiLineString(
        [[(0.0, begins_m), (0.0, 0.0)], [(0.0, 0.0), (ends_m * out).tolist()]]
    )
    third = np.linspace((0.0, begins_m), ends_m * out, 2001)
    within = np.vstack([third * share for share in (0.3, 0.7, 1.0)])
    strays_m = shapely.distance(shapely.points(within), legs).max()

    assert strays_m <= allowed_m + 1e-3
    assert strays_m >= allowed_m - 0.2


def test_a_turn_begun_10_m_before_a_right_angle_strays_5_m() -> None:
    assert corner_buffer_m(at(0, -90), at(0, 0), at(90, 0), begins_m=10.0) == pytest.approx(5.0)


def test_of_a_turn_that_begins_before_its_leg_only_the_distance_to_the_corner_is_known() -> None:
    assert corner_buffer_m(at(0, -9), at(0, 0), at(90, 0), begins_m=10.0) == 10.0


def test_straight_on_there_is_no_corner() -> None:
    assert corner_buffer_m(at(0, -90), at(0, 0), at(0, 90), begins_m=10.0) < 1e-3


def test_tangents_past_a_waypoint_stay_within_its_radius() -> None:
    radius_m = 30.0
    before, corner, after = np.array([0.0, -200.0]), np.zeros(2), np.array([150.0, 0.0])
    t = math.acos(radius_m / 200.0)
    touch_in = radius_m * np.array([-math.sin(t), -math.cos(t)])  # seen from the south, left of it
    t = math.acos(radius_m / 150.0)
    touch_out = radius_m * np.array([math.cos(t), math.sin(t)])
    turn = np.linspace(math.atan2(*touch_in[::-1]) + 2 * math.pi, math.atan2(*touch_out[::-1]), 99)
    arc = radius_m * np.column_stack((np.cos(turn), np.sin(turn)))
    path = np.vstack((np.linspace(before, touch_in, 99), arc, np.linspace(touch_out, after, 99)))
    assert farthest_m(path, [before, corner, after]) <= passing_buffer_m(-radius_m) + 1e-6


# Loiters


@given(
    before=places,
    after=places,
    radius_m=st.floats(5.0, 150.0),
    sagitta=st.floats(0.2, 5.0),
    clockwise=st.booleans(),
)
def test_a_loiter_covers_its_circle_and_every_way_to_it_and_from_it(
    before: Place, after: Place, radius_m: float, sagitta: float, clockwise: bool
) -> None:
    bent = loiter(
        at(0, 0), radius_m=radius_m, turns=1.0, clockwise=clockwise, sagitta_m=sagitta,
        before=at(*before), after=at(*after),
    )  # fmt: skip
    line = np.vstack((before, plane(bent.moves), after))
    turn = np.linspace(0.0, 2.0 * math.pi, 721)
    circle = radius_m * np.column_stack((np.cos(turn), np.sin(turn)))
    assert farthest_m(circle, line) <= sagitta + 1e-3
    for place, way_round in ((before, clockwise), (after, not clockwise)):
        ways = _ways_to_the_circle(np.array(place), radius_m, clockwise=way_round)
        assert farthest_m(ways, line) <= bent.buffer_m + 1e-2


def _ways_to_the_circle(place: FloatArray, radius_m: float, *, clockwise: bool) -> FloatArray:
    """Places on straight ways between the one over the centre and the tangent."""
    away_m = float(np.hypot(*place))
    if away_m <= radius_m:
        share = np.linspace(0.0, 1.0, 9)[:, None, None]
        turn = np.linspace(0.0, 2.0 * math.pi, 73)
        circle = radius_m * np.column_stack((np.cos(turn), np.sin(turn)))
        return (share * circle).reshape(-1, 2)
    # Clockwise round a centre ahead means passing it on the left.
    widest = math.asin(radius_m / away_m) * (1.0 if clockwise else -1.0)
    ways = []
    for beside in np.linspace(0.0, widest, 9):
        ahead = -place / away_m
        c, s = math.cos(beside), math.sin(beside)
        ahead = np.array([c * ahead[0] - s * ahead[1], s * ahead[0] + c * ahead[1]])
        nearest = away_m * math.cos(beside)
        inside = max(radius_m**2 - (away_m * math.sin(beside)) ** 2, 0.0)
        ways.append(place + np.linspace(0.0, nearest - math.sqrt(inside), 200)[:, None] * ahead)
    return np.vstack(ways)


def test_a_loiter_of_one_turn_goes_round_twice_and_the_way_asked() -> None:
    for clockwise, sign in ((True, -1.0), (False, 1.0)):
        bent = loiter(at(0, 0), radius_m=50.0, turns=1.0, clockwise=clockwise, sagitta_m=0.5)
        turned = np.unwrap(np.arctan2(*plane(bent.moves).T[::-1]))
        assert turned[-1] - turned[0] == pytest.approx(sign * 4.0 * math.pi, abs=1e-4)


def test_a_helix_climbs_evenly_and_stays_up_for_the_turn_more() -> None:
    centre = at(0, 0, 100.0)
    bent = loiter(
        centre, radius_m=50.0, turns=2.0, clockwise=True, sagitta_m=0.5,
        climbs_from=Level(40.0, ATO),
    )  # fmt: skip
    levels_m = np.array([move.level.value_m for move in bent.moves])
    assert levels_m[0] == 40.0
    assert levels_m[len(levels_m) // 3] == pytest.approx(70.0)
    assert np.allclose(np.diff(levels_m, 2)[:40], 0.0)
    assert (levels_m[2 * (len(levels_m) - 1) // 3 :] == 100.0).all()


def test_the_wait_of_a_loiter_is_at_its_end() -> None:
    bent = loiter(at(0, 0, hold_s=9.0), radius_m=50.0, turns=1.0, clockwise=True, sagitta_m=0.5)
    assert [move.hold_s for move in bent.moves if move.hold_s] == [9.0]
    assert bent.moves[-1].hold_s == 9.0


@pytest.mark.parametrize(
    ("radius_m", "turns"),
    [(0.0, 1.0), (-5.0, 1.0), (math.nan, 1.0), (50.0, -1.0), (50.0, math.nan), (50.0, math.inf)],
)
def test_a_loiter_that_is_none_is_refused(radius_m: float, turns: float) -> None:
    with pytest.raises(InvalidInputError, match="item 7: a loiter of"):
        loiter(
            at(0, 0, where="item 7"), radius_m=radius_m, turns=turns, clockwise=True, sagitta_m=0.5
        )


def test_a_loiter_of_a_million_turns_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(InvalidInputError, match="more than 100,000 corners"):
        loiter(at(0, 0), radius_m=50.0, turns=1e6, clockwise=True, sagitta_m=0.5)


# Curves


def _cubic(start: ArrayLike, end: ArrayLike, leaves: ArrayLike, arrives: ArrayLike) -> FloatArray:
    """Sample a cubic Hermite curve by its Bezier points: another form of the same."""
    a, d = np.array(start, float), np.array(end, float)
    b, c = a + np.array(leaves) / 3.0, d - np.array(arrives) / 3.0
    t = np.linspace(0.0, 1.0, 2001)[:, None]
    curve: FloatArray = (
        (1 - t) ** 3 * a + 3 * t * (1 - t) ** 2 * b + 3 * t * t * (1 - t) * c + t**3 * d
    )
    return curve


@given(before=places, end=places, after=places, sagitta=st.floats(0.2, 5.0))
def test_a_catmull_rom_curve_strays_by_less_than_the_sagitta_and_its_leg_is_covered(
    before: Place, end: Place, after: Place, sagitta: float
) -> None:
    bent = catmull_rom(at(*before), at(0, 0), at(*end), at(*after), sagitta_m=sagitta)
    line = np.vstack(((0.0, 0.0), plane(bent.moves)))
    leaves, arrives = (np.array(end) - before) / 2.0, np.array(after) / 2.0
    assert farthest_m(_cubic((0, 0), end, leaves, arrives), line) <= sagitta + 1e-3
    assert farthest_m(np.linspace((0, 0), end, 201), line) <= bent.buffer_m + 1e-3


@given(before=places, end=places, after=places, sagitta=st.floats(0.2, 5.0))
def test_a_spline_has_the_directions_of_its_neighbours_no_longer_than_four_legs(
    before: Place, end: Place, after: Place, sagitta: float
) -> None:
    bent = spline(at(*before), at(0, 0), at(*end), at(*after), sagitta_m=sagitta)
    line = np.vstack(((0.0, 0.0), plane(bent.moves)))
    leaves, arrives = np.array(end) - before, np.array(after)
    length, leg = math.hypot(*leaves) + math.hypot(*arrives), math.hypot(*end)
    factor = min(1.0, 4.0 * leg / length) if length else 1.0
    curve = _cubic((0, 0), end, factor * leaves, factor * arrives)
    assert farthest_m(curve, line) <= sagitta + 1e-3
    assert bent.buffer_m == sagitta


def test_a_spline_from_stop_to_stop_is_straight() -> None:
    bent = spline(None, at(0, 0), at(100, 0), None, sagitta_m=0.5)
    assert farthest_m(plane(bent.moves), [(0, 0), (100, 0)]) < 1e-3


def test_a_curve_climbs_along_with_its_waypoints_and_ends_with_the_wait() -> None:
    bent = catmull_rom(
        at(-100, 0, 40.0), at(0, 0, 60.0), at(100, 50, 80.0, hold_s=3.0), at(200, 50, 100.0),
        sagitta_m=0.5,
    )  # fmt: skip
    levels_m = [move.level.value_m for move in bent.moves]
    assert len(bent.moves) > 2
    assert levels_m == sorted(levels_m)
    assert levels_m[-1] == 80.0
    assert [move.hold_s for move in bent.moves] == [0.0] * (len(bent.moves) - 1) + [3.0]


def test_a_curve_between_two_references_is_straight_in_a_wider_airspace() -> None:
    ends = at(0, -100), at(0, 0), at(100, 0, 80.0, reference=VerticalReference.AGL), at(100, 90)
    bent = spline(*ends, sagitta_m=0.5)
    drawn = spline(*ends[:2], at(100, 0), ends[3], sagitta_m=0.5)
    assert bent.moves == (ends[2],)
    assert farthest_m(plane(drawn.moves), [(0, 0), (100, 0)]) <= bent.buffer_m


def test_a_curve_to_another_continent_is_refused() -> None:
    far = Move(lon_deg=-66.0, lat_deg=-22.0, level=Level(80.0, ATO), where="item 9")
    with pytest.raises(
        InvalidInputError, match="item 9: a curve to a waypoint more than 150 km away"
    ):
        spline(None, at(0, 0), far, None, sagitta_m=0.5)


def test_a_curve_is_drawn_to_a_tenth_of_its_airspace() -> None:
    assert [sagitta_m(b) for b in (None, 0.0, 0.2, 3.0, 40.0)] == [0.5, 0.5, 0.2, 0.5, 4.0]
