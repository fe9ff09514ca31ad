"""The engines against arithmetic without rounding, on random flights and on such as just touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conflict_answers import Vertex, answer, disagreements, tracks_of
from tests.conflict_oracle import Oracle, near_pairs

from lowalt.conflicts import TrackArray
from lowalt.errors import InvalidInputError

NUDGES_M = (0.0, 1e-3, -1e-3, 2.0**-23, -(2.0**-23), 2.0**-25, -(2.0**-25), 2.0**-48, -(2.0**-48))
"""Changes of a radius between 16 and 32 m: none, 1 mm, around the error band, and one ulp."""

EPOCHS_S = (0.0, 1_764_000_000.0, -8_000_000_000.0)
"""Local time, Unix time, and as early as can be."""

PLACES_M = ((0.0, 0.0, 0.0), (2_500_000.0, -4_000_000.0, 130_000.0))

WAYS = ((1, 0, 1), (0, 1, 1), (4, 3, 5), (-3, 4, 5), (5, -12, 13), (-15, -8, 17))
"""Directions in whole numbers, and the length of each, which is whole too."""


def agrees(tracks: TrackArray) -> int:
    """Hold the engines against the oracle, and count the intervals."""
    table = answer(tracks)
    assert disagreements(table) == []
    return len(table)


# ---------------------------------------------------------------------------- the oracle itself


def test_the_oracle_finds_a_crossing_worked_out_by_hand() -> None:
    # Seen from the second, the first passes at 45 degrees, with 10 sqrt(2) m/s, through it.
    eastward = [(0, 0, 0, 100), (100, 1000, 0, 100)]
    northward = [(0, 500, -500, 100), (100, 500, 500, 100)]
    (found,) = Oracle(tracks_of([eastward, northward])).conflicts()
    assert float(found.t_in_s) == pytest.approx(50 - 50 / (10 * 2**0.5), abs=1e-14)
    assert float(found.t_out_s) == pytest.approx(50 + 50 / (10 * 2**0.5), abs=1e-14)
    assert (float(found.t_cpa_s), float(found.nearest_m2)) == (50.0, 0.0)


def test_the_oracle_finds_a_climb_through_a_level_worked_out_by_hand() -> None:
    # 30 m apart in a cylinder of 50 m; within 20 m of height from 80 to 120 m, at 1 m/s.
    climb = tracks_of([[(0, 0, 0, 0), (200, 0, 0, 200)], [(0, 30, 0, 100), (200, 30, 0, 100)]])
    (found,) = Oracle(climb).conflicts()
    assert [float(x) for x in (found.t_in_s, found.t_out_s, found.d_cpa_m)] == [80.0, 120.0, 30.0]


def test_the_oracle_parts_an_interval_where_the_cylinder_is_touched_from_inside() -> None:
    hover = [(0, 0, 0, 0), (200, 0, 0, 0)]
    there_and_back = [(0, 0, 0, 0), (100, 50, 0, 0), (200, 0, 0, 0)]
    oracle = Oracle(tracks_of([hover, there_and_back]))
    found = oracle.conflicts()
    assert [(round(c.t_in_s), round(c.t_out_s)) for c in found] == [(0, 100), (100, 200)]
    assert [c.nearest_m2 for c in found] == [0, 0]
    assert len(oracle.conflicts(wider_m=Fraction(1, 10**30))) == 1


@pytest.mark.parametrize(
    ("column", "change"),
    [("t_in_s", 1e-11), ("t_out_s", -1e-11), ("t_cpa_s", 1e-4), ("d_cpa_m", 1e-9),
     ("legs_in", 1), ("legs_cpa", -1), ("legs_out", 1), ("pairs", 1)],
)  # fmt: skip
def test_a_table_that_is_off_by_little_is_found_out(column: str, change: float) -> None:
    table = answer(random_flights("town", 20, seed=1))
    assert disagreements(table) == []
    off = getattr(table, column).copy()
    off[len(off) // 2] += change
    assert disagreements(replace(table, **{column: off})) != []


# ------------------------------------------------------------------------------- random flights


@st.composite
def lattice_flights(draw: st.DrawFn) -> TrackArray:
    """Flights on a coarse grid: hovers, vertical legs, shared places and exact touches abound."""
    steps = st.tuples(st.integers(1, 3), *[st.integers(-2, 2)] * 3)
    starts = st.tuples(*[st.integers(-3, 3)] * 4)
    grid = np.array([4.0, 20.0, 20.0, 10.0])
    flights = []
    for _ in range(draw(st.integers(2, 4))):
        moves = [draw(starts), *draw(st.lists(steps, min_size=1, max_size=4))]
        vertices = np.cumsum(moves, axis=0) * grid
        flights.append([tuple(vertex) for vertex in vertices.tolist()])
    radii = [
        draw(st.lists(st.sampled_from(of), min_size=len(flights), max_size=len(flights)))
        for of in ((10.0, 20.0, 0.0), (5.0, 10.0, 0.0))
    ]
    return tracks_of(
        flights,
        horizontal_radius_m=radii[0],
        vertical_radius_m=radii[1],
        tolerance_m=draw(st.sampled_from((0.0, 0.01))),
    )


@given(lattice_flights())
def test_flights_on_a_lattice_conflict_as_the_oracle_says(tracks: TrackArray) -> None:
    agrees(tracks)


@st.composite
def unruly_flights(draw: st.DrawFn) -> TrackArray:
    """Flights of any numbers that a float can hold, close enough to meet."""
    near = st.floats(-100.0, 100.0)
    flights = []
    for _ in range(draw(st.integers(2, 3))):
        last = draw(st.floats(-20.0, 3.0))
        flight = []
        for gap in draw(st.lists(st.floats(0.1, 10.0), min_size=2, max_size=5)):
            last += gap
            flight.append((last, draw(near), draw(near), draw(st.floats(-30.0, 30.0))))
        flights.append(flight)
    radii = st.lists(st.floats(0.0, 40.0), min_size=len(flights), max_size=len(flights))
    return tracks_of(flights, horizontal_radius_m=draw(radii), vertical_radius_m=draw(radii))


@given(unruly_flights())
def test_flights_of_any_numbers_conflict_as_the_oracle_says(tracks: TrackArray) -> None:
    agrees(tracks)


def random_flights(kind: str, count: int, seed: int) -> TrackArray:
    """Many flights at once, in a town, around one hub, along one corridor or on a lattice."""
    rng = np.random.default_rng(seed)
    flights = []
    for _ in range(count):
        size = int(rng.integers(2, 8))
        t = rng.uniform(0.0, 300.0) + np.cumsum(rng.uniform(5.0, 40.0, size))
        z = rng.choice([60.0, 70.0, 80.0, 90.0], size)
        if kind == "lattice":
            t = np.round(t) + np.arange(size)
            x, y = (np.cumsum(rng.integers(-2, 3, size)) * 20.0 + 20.0 * rng.integers(-9, 9)
                    for _ in range(2))  # fmt: skip
        elif kind == "corridor":
            x, y = np.cumsum(rng.uniform(50.0, 500.0, size)), rng.choice([0.0, 50.0, 49.99], size)
        else:
            reach = 1500.0 if kind == "town" else 300.0
            x, y = rng.uniform(-reach, reach, (2, size))
            if kind == "hub":
                x[0] = y[-1] = 0.0
        flights.append(list(zip(*(c.tolist() for c in (t, x, y, z)), strict=True)))
    return tracks_of(
        flights,
        horizontal_radius_m=rng.choice([10.0, 15.0, 25.0], count),
        vertical_radius_m=rng.choice([5.0, 10.0], count),
    )


@pytest.mark.parametrize(
    ("kind", "count", "least"),
    [("town", 150, 40), ("hub", 70, 100), ("corridor", 70, 100), ("lattice", 100, 90)],
)
def test_many_flights_conflict_as_the_oracle_says(kind: str, count: int, least: int) -> None:
    assert agrees(random_flights(kind, count, seed=6)) > least


def test_what_is_left_out_before_the_oracle_is_asked_is_in_no_conflict() -> None:
    tracks = random_flights("lattice", 25, seed=8)
    oracle = Oracle(tracks)
    assert oracle.conflicts() == oracle.conflicts(near_pairs(tracks))


# ---------------------------------------------------------------------- flights that just touch


@dataclass(frozen=True)
class Passing:
    """Two flights that pass one another in the distance of their radii, but for a nudge.

    All numbers are whole, so that without the nudge they touch exactly, wherever and however they
    fly.
    """

    way: tuple[int, int, int]
    speed: int
    times: int
    own: tuple[int, int]
    nudge_m: float
    epoch_s: float
    place_m: tuple[float, float, float]
    cuts: frozenset[int]

    @property
    def tracks(self) -> TrackArray:
        dx, dy, length = self.way
        x0, y0, z0 = self.place_m
        radius = self.times * length
        ahead = [(t - 50) * self.speed for t in (0, 100)]
        first = [(t, x0 + self.own[0] * t, y0 + self.own[1] * t) for t in (0, *self.cuts, 100)]
        second = [
            (t, first_x - dy * self.times + dx * along, first_y + dx * self.times + dy * along)
            for (t, first_x, first_y), along in zip((first[0], first[-1]), ahead, strict=True)
        ]
        # One radius takes the nudge, and is between 16 and 32 m for the nudge to be exact.
        return tracks_of(
            [[(self.epoch_s + t, x, y, z0) for t, x, y in sorted(f)] for f in (first, second)],
            horizontal_radius_m=[20.0 + self.nudge_m, radius - 20.0],
        )


passings = st.builds(
    Passing,
    way=st.sampled_from(WAYS),
    speed=st.sampled_from((0, 1, 3, 20)),
    times=st.integers(20, 25),
    own=st.tuples(st.integers(-20, 20), st.integers(-20, 20)),
    nudge_m=st.sampled_from(NUDGES_M),
    epoch_s=st.sampled_from(EPOCHS_S),
    place_m=st.sampled_from(PLACES_M),
    cuts=st.frozensets(st.integers(1, 99), max_size=3),
)


@given(passings)
@example(Passing((4, 3, 5), 0, 20, (7, -3), 0.0, 0.0, (0.0, 0.0, 0.0), frozenset()))
@example(Passing((4, 3, 5), 0, 20, (7, -3), 2.0**-48, 0.0, (0.0, 0.0, 0.0), frozenset()))
@example(Passing((1, 0, 1), 20, 20, (0, 0), 2.0**-48, 0.0, (0.0, 0.0, 0.0), frozenset({50})))
@example(Passing((5, -12, 13), 3, 25, (9, 9), -(2.0**-48), 0.0, PLACES_M[1], frozenset({50, 51})))
def test_flights_that_pass_at_their_radii_conflict_only_if_nearer(passing: Passing) -> None:
    assert agrees(passing.tracks) == (passing.nudge_m > 0.0)


@dataclass(frozen=True)
class Wedge:
    """A flight that turns back where it is as far from another as the radii say, but for a nudge.

    It comes to there from within or from without, level or upright.
    """

    axis: str
    way: tuple[int, int, int]
    comes_from_within: bool
    drift: int
    nudge_m: float
    epoch_s: float

    @property
    def tracks(self) -> TrackArray:
        dx, dy, length = self.way
        base = 0.0 if self.comes_from_within else 80.0
        straight, wedge = [], []
        for t, apart in ((0, base), (64, 40.0), (128, base)):
            x, y, z = (dx, dy, 0.0) if self.axis == "level" else (0.0, 0.0, 1.0)
            straight.append((self.epoch_s + t, self.drift * t, 0.0, 0.0))
            wedge.append((self.epoch_s + t, self.drift * t + x * apart, y * apart, z * apart))
        level, upright = (self.nudge_m, 0.0) if self.axis == "level" else (0.0, self.nudge_m)
        return tracks_of(
            [straight[::2], wedge],
            horizontal_radius_m=[20.0 + level, 40.0 * length - 20.0],
            vertical_radius_m=[20.0 + upright, 20.0],
        )


@given(
    st.builds(
        Wedge,
        axis=st.sampled_from(("level", "upright")),
        way=st.sampled_from(WAYS),
        comes_from_within=st.booleans(),
        drift=st.integers(-9, 9),
        nudge_m=st.sampled_from(NUDGES_M),
        epoch_s=st.sampled_from(EPOCHS_S),
    )
)
@example(Wedge("level", (4, 3, 5), True, 0, 0.0, 0.0))
@example(Wedge("level", (4, 3, 5), True, 0, 2.0**-48, 0.0))
@example(Wedge("upright", (1, 0, 1), True, 3, 0.0, 0.0))
@example(Wedge("upright", (1, 0, 1), False, 3, 2.0**-48, 0.0))
def test_a_flight_that_turns_back_where_it_touches_is_not_in_conflict_there(wedge: Wedge) -> None:
    touches = wedge.nudge_m <= 0.0
    without, within = (0, 2) if touches else (1, 1)
    assert agrees(wedge.tracks) == (within if wedge.comes_from_within else without)


@pytest.mark.parametrize("epoch_s", EPOCHS_S)
@pytest.mark.parametrize("moves", [0.0, 7.0])
def test_flights_of_which_one_ends_where_the_other_begins_conflict_for_that_instant(
    epoch_s: float, moves: float
) -> None:
    until, since = epoch_s + 100.0, epoch_s + 300.0
    earlier = [(epoch_s, 0.0, 0.0, 0.0), (until, moves * 100.0, 0.0, 0.0)]
    for begins, apart_m, expected in (
        (until, 0.0, 1), (until, 49.999, 1), (until, 50.0, 0), (until, 50.001, 0),
        (np.nextafter(until, -np.inf), 0.0, 1), (np.nextafter(until, np.inf), 0.0, 0),
    ):  # fmt: skip
        x, y = moves * 100.0 + apart_m * 0.0, apart_m
        tracks = tracks_of([earlier, [(begins, x, y, 0.0), (since, x, y + 1000.0, 0.0)]])
        assert agrees(tracks) == expected
    table = answer(tracks_of([earlier, [(until, x, 0.0, 0.0), (since, x, 900.0, 0.0)]]))
    assert (table.t_in_s.tolist(), table.t_out_s.tolist()) == ([until], [until])


def test_flights_that_meet_in_one_instant_on_the_border_of_the_cylinder_do_not_conflict() -> None:
    for radius in (25.0, np.nextafter(25.0, 0.0), np.nextafter(25.0, 99.0)):
        one = [(0.0, 0.0, 0.0, 0.0), (100.0, 0.0, 0.0, 0.0)]
        other = [(100.0, 30.0, 40.0, 0.0), (200.0, 0.0, 0.0, 0.0)]
        tracks = tracks_of([one, other], horizontal_radius_m=[25.0, radius])
        assert agrees(tracks) == (radius > 25.0)


SHAPES: dict[str, Sequence[Vertex]] = {
    "hover": [(0.0, 5.0, 5.0, 5.0), (100.0, 5.0, 5.0, 5.0)],
    "vertical leg": [(0.0, 0.0, 0.0, 0.0), (50.0, 0.0, 0.0, 60.0), (90.0, 0.0, 0.0, 0.0)],
    "there and back": [(0.0, 0.0, 0.0, 0.0), (50.0, 300.0, 0.0, 0.0), (100.0, 0.0, 0.0, 0.0)],
    "with a pause": [(0.0, 0.0, 0.0, 9.0), (10.0, 99.0, 0.0, 9.0), (60.0, 99.0, 0.0, 9.0),
                     (99.0, 0.0, 0.0, 9.0)],
    "uneven": [(0.1, 0.1, 0.3, 0.7), (33.3, 199.9, -77.7, 11.1), (77.7, -0.1, 0.2, 0.3)],
}  # fmt: skip


@pytest.mark.parametrize("epoch_s", EPOCHS_S)
@pytest.mark.parametrize("shape", SHAPES)
def test_identical_flights_conflict_all_the_time_and_at_no_distance(
    shape: str, epoch_s: float
) -> None:
    flight = [(epoch_s + t, x, y, z) for t, x, y, z in SHAPES[shape]]
    tracks = tracks_of([flight, flight])
    assert agrees(tracks) == 1
    table = answer(tracks)
    assert (table.t_in_s[0], table.t_out_s[0]) == (flight[0][0], flight[-1][0])
    assert table.d_cpa_m[0] == 0.0


def test_every_shape_of_flight_meets_every_other_as_the_oracle_says() -> None:
    assert agrees(tracks_of(list(SHAPES.values()), horizontal_radius_m=15.0)) >= 5


@pytest.mark.parametrize("radii", [(0.0, 0.0), (0.0, 10.0), (25.0, 0.0)])
def test_a_cylinder_without_width_or_height_is_in_no_conflict(radii: tuple[float, float]) -> None:
    level, upright = radii
    flight = SHAPES["uneven"]
    tracks = tracks_of([flight, flight], horizontal_radius_m=level, vertical_radius_m=upright)
    assert agrees(tracks) == 0


def test_radii_are_added_without_rounding() -> None:
    """1 + 2**-60 is no float64, and is more than the distance of one metre all the same."""
    flights = [[(0.0, at, 0.0, 0.0), (9.0, at, 0.0, 0.0)] for at in (0.0, 1.0)]
    for extra, expected in ((0.0, 0), (2.0**-60, 1)):
        assert agrees(tracks_of(flights, horizontal_radius_m=[1.0, extra])) == expected
        tolerant = tracks_of(flights, horizontal_radius_m=[1.0, 0.0], tolerance_m=extra)
        assert agrees(tolerant) == expected


def test_a_tolerance_widens_every_cylinder() -> None:
    flights = [[(0.0, at, 0.0, 0.0), (9.0, at, 0.0, 0.0)] for at in (0.0, 50.005)]
    assert agrees(tracks_of(flights)) == 0
    assert agrees(tracks_of(flights, tolerance_m=0.01)) == 1


# ---------------------------------------------------------------------------------- hostile bits


def flights_of_bits(rng: np.random.Generator, count: int) -> list[list[Vertex]]:
    """Flights of random bits, of every power of two, as far as one may fly them."""
    flights = []
    for _ in range(count):
        t = np.sort(np.ldexp(rng.uniform(-1.0, 1.0, 5), rng.integers(-1074, 33, 5)))
        places = np.ldexp(rng.uniform(-1.0, 1.0, (5, 3)), rng.integers(-1074, 17, (5, 3)))
        places[rng.random((5, 3)) < 0.3] = 0.0
        flight = [(float(t[0]), *places[0].tolist())]
        for when, place in zip(t[1:].tolist(), places[1:].tolist(), strict=True):
            last, *before = flight[-1]
            gap = when - last
            steps = [abs(a - b) for a, b in zip(place, before, strict=True)]
            if gap > 0.0 and max(steps) <= 9_999.0 * gap:
                flight.append((when, *place))
        if len(flight) > 1:
            flights.append(flight)
    return flights


@given(st.integers(0, 2**32))
def test_flights_of_all_magnitudes_conflict_as_the_oracle_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    flights = flights_of_bits(rng, 4)
    radii = np.ldexp(rng.uniform(0.5, 1.0, (2, len(flights))), rng.integers(-1074, 17))
    agrees(tracks_of(flights, horizontal_radius_m=radii[0], vertical_radius_m=radii[1]))


@given(st.integers(0, 2**32), st.sampled_from((np.uint8, np.uint64)))
def test_bits_of_any_kind_are_refused_or_answered(seed: int, of: type) -> None:
    rng = np.random.default_rng(seed)
    flights = int(rng.integers(1, 4))
    numbers = rng.integers(0, np.iinfo(of).max, (flights * 2, 4), dtype=of, endpoint=True)
    columns = numbers.view(np.float64) if of is np.uint64 else numbers.astype(np.float64)
    try:
        tracks = tracks_of(np.split(columns, flights))
    except InvalidInputError:
        return
    agrees(tracks)
