"""Conflict detection: what may not change an answer, planned conflicts, refusals, interruption."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import combinations, pairwise, product
from math import cos, pi, radians, sin, sqrt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conflict_answers import ENGINES, answer, as_bytes, tracks_of
from tests.conflict_oracle import Floats

from lowalt.conflicts import (
    ConflictTable,
    TooManyConflictsError,
    detect_conflicts,
    detection,
)
from lowalt.conflicts.search import numpy_sweep
from lowalt.conflicts.search.grid import Grid
from lowalt.errors import UnknownNameError

Flights = list[Floats]
"""Vertices of each flight, rows ``t, x, y, z``."""


@st.composite
def flights(draw: st.DrawFn) -> Flights:
    """Some flights on a coarse grid: even whole numbers, which halve and shift without rounding."""
    found = []
    for _ in range(draw(st.integers(2, 3))):
        steps = st.tuples(st.integers(1, 3), *[st.integers(-2, 2)] * 3)
        moves = draw(st.lists(steps, min_size=2, max_size=5))
        moves[0] = draw(st.tuples(st.integers(-3, 3), *[st.integers(-2, 2)] * 3))
        found.append(np.cumsum(moves, axis=0) * [4.0, 20.0, 20.0, 10.0])
    return found


def traffic(count: int = 60, seed: int = 3) -> Flights:
    """Flights of ordinary numbers around one place, many of which conflict."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        size = int(rng.integers(2, 9))
        t = rng.uniform(0.0, 400.0) + np.cumsum(rng.uniform(2.0, 50.0, size))
        x, y = rng.uniform(-400.0, 400.0, (2, size))
        z = rng.choice([60.0, 70.0, 80.0, 90.0], size)
        found.append(np.column_stack((t, x, y, z)))
    return found


def conflicts(of: Flights, **more: Any) -> ConflictTable:
    return answer(tracks_of(of, **more))


Rows = list[tuple[Any, ...]]


def rows_of(table: ConflictTable, numbers: Any = None) -> Rows:
    """Give the rows of a table, whichever of two flights comes first, by other numbers if asked."""
    numbers = np.arange(len(table.tracks)) if numbers is None else np.asarray(numbers)
    rows = []
    for row in range(len(table)):
        legs = (table.legs_in[row], table.legs_cpa[row], table.legs_out[row])
        each = zip(
            numbers[table.pairs[row]].tolist(), *(both.tolist() for both in legs), strict=True
        )
        times = (table.t_in_s[row], table.t_out_s[row], table.t_cpa_s[row], table.d_cpa_m[row])
        rows.append((*sorted(each), *map(float, times)))
    return sorted(rows)


def assert_alike(table: ConflictTable, other: ConflictTable, *, shift_s: float = 0.0) -> None:
    """Hold two tables to the same intervals, but for rounding; legs may differ.

    When flights are closest is not compared: it is undetermined where they stay at one distance.
    """
    assert table.pairs.tolist() == other.pairs.tolist()
    assert table.t_in_s + shift_s == pytest.approx(other.t_in_s, rel=0.0, abs=1e-9)
    assert table.t_out_s + shift_s == pytest.approx(other.t_out_s, rel=0.0, abs=1e-9)
    assert table.d_cpa_m == pytest.approx(other.d_cpa_m, rel=0.0, abs=1e-9)


# ------------------------------------------------------------------- what may not change answers


@given(flights(), st.randoms(use_true_random=False))
def test_the_order_of_flights_changes_no_bit(some: Flights, random: Any) -> None:
    order = list(range(len(some)))
    random.shuffle(order)
    assert rows_of(conflicts([some[n] for n in order]), order) == rows_of(conflicts(some))


def test_the_order_of_flights_that_start_at_one_place_changes_no_bit() -> None:
    """What they near one another by is zero, and of either sign."""
    some = [np.array([(0.0, 0, 0, 0), (4.0, x, y, 0)]) for x, y in ((0, 0), (40, 40), (40, -7))]
    order = [2, 1, 0]
    assert rows_of(conflicts([some[n] for n in order]), order) == rows_of(conflicts(some))


def test_the_order_of_many_flights_changes_no_bit() -> None:
    some = traffic()
    order = np.random.default_rng(5).permutation(len(some)).tolist()
    expected = rows_of(conflicts(some))
    assert len(expected) > 50
    assert rows_of(conflicts([some[n] for n in order]), order) == expected


def test_names_of_flights_change_nothing() -> None:
    some = traffic(20)
    names = [f"flight {n}" for n in range(len(some))]
    assert as_bytes(conflicts(some, ids=names[::-1])) == as_bytes(conflicts(some))


TURNS: dict[str, Callable[[Floats], Floats]] = {
    "a quarter turn": lambda f: f[:, [0, 2, 1, 3]] * [1.0, -1.0, 1.0, 1.0],
    "half a turn": lambda f: f * [1.0, -1.0, -1.0, 1.0],
    "in a mirror": lambda f: f * [1.0, -1.0, 1.0, 1.0],
    "upside down": lambda f: f * [1.0, 1.0, 1.0, -1.0],
}


@pytest.mark.parametrize("turn", TURNS)
def test_turning_all_flights_by_right_angles_changes_no_bit(turn: str) -> None:
    some = traffic()
    turned = [TURNS[turn](flight) for flight in some]
    assert as_bytes(conflicts(turned)) == as_bytes(conflicts(some))


@pytest.mark.parametrize("angle_deg", [17.0, 123.4])
def test_turning_all_flights_by_any_angle_changes_an_answer_by_rounding_only(
    angle_deg: float,
) -> None:
    c, s = cos(radians(angle_deg)), sin(radians(angle_deg))
    turn = np.array([[1, 0, 0, 0], [0, c, s, 0], [0, -s, c, 0], [0, 0, 0, 1.0]])
    some = traffic()
    assert_alike(conflicts([flight @ turn for flight in some]), conflicts(some))


@given(flights(), st.integers(-(2**20), 2**20), st.tuples(*[st.integers(-(2**16), 2**16)] * 3))
def test_shifting_all_flights_by_whole_numbers_changes_no_interval(
    some: Flights, shift_s: int, shift_m: tuple[int, int, int]
) -> None:
    shifted = [flight + np.array([shift_s, *shift_m], dtype=float) for flight in some]
    assert_alike(conflicts(some), conflicts(shifted), shift_s=shift_s)


@given(flights(), st.integers(0, 2))
def test_legs_that_are_halved_are_the_same_flight(some: Flights, flight: int) -> None:
    chosen = some[flight % len(some)]
    halves = np.empty((2 * len(chosen) - 1, 4))
    halves[::2], halves[1::2] = chosen, (chosen[:-1] + chosen[1:]) / 2.0
    split = [halves if f is chosen else f for f in some]
    assert_alike(conflicts(split), conflicts(some))


@given(flights())
def test_flights_flown_backwards_conflict_backwards(some: Flights) -> None:
    back = conflicts([flight[::-1] * [-1.0, 1.0, 1.0, 1.0] for flight in some])
    forth = conflicts(some)
    order = np.lexsort((-forth.t_out_s, forth.pairs[:, 1], forth.pairs[:, 0]))
    assert back.pairs.tolist() == forth.pairs[order].tolist()
    assert -back.t_out_s == pytest.approx(forth.t_in_s[order], rel=0.0, abs=1e-9)
    assert -back.t_in_s == pytest.approx(forth.t_out_s[order], rel=0.0, abs=1e-9)
    assert back.d_cpa_m == pytest.approx(forth.d_cpa_m[order], rel=0.0, abs=1e-9)


@given(flights(), st.sampled_from((0, 1, 2)))
def test_making_everything_twice_as_large_and_slow_changes_no_interval(
    some: Flights, powers: int
) -> None:
    by = 2.0**powers
    larger = conflicts([flight * by for flight in some], horizontal_radius_m=25.0 * by,
                       vertical_radius_m=10.0 * by)  # fmt: skip
    table = conflicts(some)
    assert larger.pairs.tolist() == table.pairs.tolist()
    assert larger.t_in_s / by == pytest.approx(table.t_in_s, rel=0.0, abs=1e-9)
    assert larger.d_cpa_m / by == pytest.approx(table.d_cpa_m, rel=0.0, abs=1e-9)


@pytest.mark.parametrize("far_m", [1e4, 4e6])
def test_flights_far_away_in_place_or_time_change_no_bit(far_m: float) -> None:
    some = traffic(30)
    expected = as_bytes(conflicts(some))
    away = [f + np.array([0.0, far_m, far_m, 0.0]) for f in traffic(5, seed=9)]
    away += [f + np.array([1e5 * far_m / 1e4, 0.0, 0.0, 0.0]) for f in traffic(5, seed=10)]
    away = [f for n, f in enumerate(away) if n in {0, 5}]
    assert as_bytes(conflicts([*some, *away])) == expected
    # The first flights, and not the last: others have other numbers now, and the same rows.
    numbers = np.arange(len(some) + 2) - 2
    assert rows_of(conflicts([*away, *some]), numbers) == rows_of(conflicts(some))


# -------------------------------------------------------------------------- inside of the search


@contextmanager
def searched(
    monkeypatch: pytest.MonkeyPatch, *, slab_s: float, strip_m: float, at_once: int
) -> Iterator[None]:
    """Cut time and plane otherwise than the search would, and go in other portions."""
    with monkeypatch.context() as patch:
        over = partial(Grid.over, slab_s=slab_s, strip_m=strip_m)
        patch.setattr(detection, "Grid", SimpleNamespace(over=over))
        sweep = partial(numpy_sweep.sweep, passages_at_once=at_once, pairs_at_once=at_once)
        patch.setattr(detection, "numpy_sweep", SimpleNamespace(sweep=sweep))
        yield


@pytest.mark.parametrize("kind", ["traffic", "lattice"])
def test_however_time_and_plane_are_cut_no_bit_changes(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = traffic(40)
    if kind == "lattice":  # vertices lie on the borders of slabs and strips
        some = [np.round(flight / 20.0) * 20.0 for flight in some]
        some = [flight[np.concatenate(([True], np.diff(flight[:, 0]) > 0))] for flight in some]
        some = [flight for flight in some if len(flight) > 1]
    expected = as_bytes(conflicts(some))
    for slab_s, strip_m, at_once in product((3.0, 20.0, 1e4), (20.0, 77.7, 1e5), (50, 1 << 15)):
        with searched(monkeypatch, slab_s=slab_s, strip_m=strip_m, at_once=at_once):
            assert as_bytes(conflicts(some)) == expected, (slab_s, strip_m, at_once)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_number_of_threads_changes_no_bit(engine: Any) -> None:
    tracks = tracks_of(traffic(80))
    expected = as_bytes(detect_conflicts(tracks, engine=engine, threads=1))
    for threads in (2, 3, 7):
        assert as_bytes(detect_conflicts(tracks, engine=engine, threads=threads)) == expected


def test_the_engine_of_choice_is_one_of_those_there_are() -> None:
    tracks = tracks_of(traffic(20))
    assert as_bytes(detect_conflicts(tracks)) == as_bytes(answer(tracks))
    with pytest.raises(UnknownNameError, match=r"'fortran'.*numpy"):
        detect_conflicts(tracks, engine="fortran")  # type: ignore[arg-type]


# ----------------------------------------------------------------------------- planned conflicts


def test_crossing_lanes_conflict_where_and_when_the_timetable_says() -> None:
    """Flights at 10 m/s along lanes 600 m apart: one is at the next crossing a minute later.

    Only those that are at a crossing at the same time come nearer than 50 m: ten seconds apart
    they pass at 100 / sqrt(2) m. Every third flies above the others.
    """
    lanes = 7
    leaves = [60.0 * n + 10.0 * (n % 2) for n in range(lanes)]
    level = [130.0 if n % 3 == 0 else 100.0 for n in range(lanes)]
    ends = np.array([-60.0, 60.0 * lanes])
    still = np.ones(2)
    some = [
        np.column_stack((leaves[n] + ends, 10.0 * ends, 600.0 * n * still, level[n] * still))
        for n in range(lanes)
    ]
    some += [
        np.column_stack((leaves[n] + ends, 600.0 * n * still, 10.0 * ends, level[n] * still))
        for n in range(lanes)
    ]
    planned = [
        (east, lanes + north, leaves[east] + 60.0 * north)
        for east, north in product(range(lanes), range(lanes))
        if leaves[east] + 60.0 * north == leaves[north] + 60.0 * east
        and level[east] == level[north]
    ]
    table = conflicts(some)
    times = table.t_cpa_s.tolist()
    found = [(a, b, t) for (a, b), t in zip(table.pairs.tolist(), times, strict=True)]
    assert len(planned) == 13
    assert [(a, b) for a, b, _ in found] == [(a, b) for a, b, _ in planned]
    assert [t for *_, t in found] == pytest.approx([t for *_, t in planned], abs=1e-9)
    assert table.t_out_s - table.t_in_s == pytest.approx(2 * 50.0 / (10.0 * sqrt(2.0)), abs=1e-9)
    assert table.d_cpa_m == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("count", [2, 40])
def test_all_flights_through_one_hub_at_one_time_conflict_there(count: int) -> None:
    ways = [pi * k / count for k in range(count)]
    some = [np.array([(0.0, -500 * cos(a), -500 * sin(a), 90.0),
                      (100.0, 500 * cos(a), 500 * sin(a), 90.0)]) for a in ways]  # fmt: skip
    table = conflicts(some)
    assert table.pairs.tolist() == [list(pair) for pair in combinations(range(count), 2)]
    assert table.t_cpa_s == pytest.approx(50.0, abs=1e-9)
    # Two that turn by an angle from one another part at 2 sin(angle / 2) times their speed.
    apart = np.array([ways[b] - ways[a] for a, b in combinations(range(count), 2)])
    lasts = np.minimum(100.0, 2.0 * 50.0 / (2.0 * np.sin(apart / 2.0) * 10.0))
    assert table.t_out_s - table.t_in_s == pytest.approx(lasts, abs=1e-9)


def test_flights_one_behind_the_other_overtake_in_the_order_of_their_speeds() -> None:
    """Flight ``n`` leaves ``n`` minutes later at twice the speed, on one line."""
    count = 5
    some = []
    for n in range(count):
        speed = 4.0 * 2**n
        some.append(
            np.array([(60.0 * n, 0.0, 0.0, 80.0), (1000.0, speed * (1000.0 - 60.0 * n), 0.0, 80.0)])
        )
    table = conflicts(some)
    for (a, b), t in zip(table.pairs.tolist(), table.t_cpa_s.tolist(), strict=True):
        va, vb = 4.0 * 2**a, 4.0 * 2**b
        meets = (vb * 60.0 * b - va * 60.0 * a) / (vb - va)
        assert t == pytest.approx(meets, abs=1e-9)
    assert len(table) == count * (count - 1) // 2


def test_a_shuttle_conflicts_with_a_hover_each_time_it_comes_by() -> None:
    rounds = 50
    shuttle = [(20.0 * k, 200.0 * (-1.0) ** k, 10.0, 50.0) for k in range(rounds + 1)]
    table = conflicts([np.array(shuttle), np.array([(0.0, 0, 0, 50), (20.0 * rounds, 0, 0, 50)])])
    assert table.t_cpa_s == pytest.approx([10.0 + 20.0 * k for k in range(rounds)], abs=1e-9)
    assert table.legs_cpa.tolist() == [[k, 0] for k in range(rounds)]
    assert table.d_cpa_m == pytest.approx(10.0, abs=1e-12)
    assert table.t_out_s - table.t_in_s == pytest.approx(2 * sqrt(50**2 - 10**2) / 20.0, abs=1e-9)


# ------------------------------------------------------------------------------ little and much


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_flights_are_in_no_conflict(count: int) -> None:
    table = conflicts(traffic(count))
    assert len(table) == 0
    assert (table.pairs.shape, table.legs_in.shape) == ((0, 2), (0, 2))
    assert list(table.rows()) == []


@contextmanager
def at_most_mib_more(mib: int) -> Iterator[None]:
    """Let the process have so much memory beyond what it has; more is a ``MemoryError``."""
    resource = pytest.importorskip("resource")
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (pages * resource.getpagesize() + (mib << 20), limits[1])
    )
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


@pytest.mark.skipif(sys.platform != "linux", reason="reads how much memory a process has on Linux")
@pytest.mark.parametrize("engine", ENGINES)
def test_too_many_conflicts_are_refused_before_memory_is_full(engine: Any) -> None:
    """50,000 flights at one place are 1.25e9 pairs in conflict."""
    hover = np.array([(0.0, 0.0, 0.0, 50.0), (60.0, 0.0, 0.0, 50.0)])
    tracks = tracks_of([hover] * 50_000)
    with (
        at_most_mib_more(512),
        pytest.raises(TooManyConflictsError, match=r"about 1e\+09 pairs .* at once"),
    ):
        detect_conflicts(tracks, engine=engine, threads=1, most=100_000)


@pytest.mark.parametrize("engine", ENGINES)
def test_as_many_meetings_as_allowed_are_found(engine: Any) -> None:
    hover = np.array([(0.0, 0.0, 0.0, 50.0), (60.0, 0.0, 0.0, 50.0)])
    tracks = tracks_of([hover] * 30)
    assert len(detect_conflicts(tracks, engine=engine, most=435)) == 435
    with pytest.raises(TooManyConflictsError):
        detect_conflicts(tracks, engine=engine, most=434)


@pytest.mark.parametrize("engine", ENGINES)
def test_progress_grows_to_one(engine: Any) -> None:
    told: list[float] = []
    detect_conflicts(tracks_of(traffic()), engine=engine, progress=told.append)
    assert told[-1] == 1.0
    assert all(0.0 <= a <= b <= 1.0 for a, b in pairwise(told))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_progress_raises_ends_the_search_and_the_next_one_works(
    engine: Any, error: type[BaseException]
) -> None:
    def interrupt(share: float) -> None:
        raise error

    tracks = tracks_of(traffic())
    expected = as_bytes(detect_conflicts(tracks, engine=engine))
    for threads in (1, 2):
        with pytest.raises(error):
            detect_conflicts(tracks, engine=engine, threads=threads, progress=interrupt)
        again = detect_conflicts(tracks, engine=engine, threads=threads)
        assert as_bytes(again) == expected


def test_a_search_leaves_the_flights_as_they_were() -> None:
    tracks = tracks_of(traffic())
    before = tracks.vertices.tobytes(), tracks.horizontal_radius_m.tobytes()
    answer(tracks)
    assert (tracks.vertices.tobytes(), tracks.horizontal_radius_m.tobytes()) == before
