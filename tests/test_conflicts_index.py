"""An index answers what looking at all flights together answers, whatever was done to it before."""

from __future__ import annotations

import json
import struct
import threading
import time
import tracemalloc
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.conflict_answers import ENGINES, Vertex, tracks_of

from lowalt.conflicts import TrackArray
from lowalt.conflicts.detection import detect_conflicts
from lowalt.conflicts.index import ConflictIndex, IndexConflicts, leg_by_leg, merging
from lowalt.conflicts.index.asking import ask
from lowalt.conflicts.index.latest import Latest
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.may_meet import may_meet
from lowalt.conflicts.index.names import key_of
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.scenarios.shipped import Kind
from lowalt.conflicts.search.encounters import ENCOUNTER
from lowalt.errors import InvalidInputError, UnknownNameError

COLUMNS = ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "legs_in", "legs_cpa", "legs_out")

Answer = list[tuple[Any, ...]]
"""Accepted flight, flight asked about, and the bytes of every number, row by row."""


def rows_of(found: IndexConflicts) -> Answer:
    columns = [getattr(found, name) for name in COLUMNS]
    return [
        (name, asked, *(column[row].tobytes() for column in columns))
        for row, (name, asked) in enumerate(zip(found.accepted, found.asked.tolist(), strict=True))
    ]


def together(parts: Sequence[TrackArray]) -> TrackArray:
    """Put flights behind one another."""
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    offsets = [part.offsets[1:] + start for part, start in zip(parts, starts, strict=False)]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in (
            "vertices", "horizontal_radius_m", "vertical_radius_m", "time_uncertainty_s",
        )
    }  # fmt: skip
    return replace(parts[0], offsets=np.concatenate(([0], *offsets)), ids=None, **columns)


def expected(accepted: dict[Any, TrackArray], asked: TrackArray) -> Answer:
    """Look at each accepted flight with each flight asked about, the two by themselves."""
    rows: Answer = []
    for number in range(len(asked)):
        for name, one in accepted.items():
            table = detect_conflicts(together([one, asked.take([number])]))
            columns = [getattr(table, column) for column in COLUMNS]
            rows += [
                (name, number, *(column[row].tobytes() for column in columns))
                for row in range(len(table))
            ]
    return rows


def some_flights(seed: int, ids: Sequence[str] | None, count: int) -> TrackArray:
    """Make flights that are often near one another, exactly touch, hover, or may be late."""
    chance = np.random.default_rng(seed)
    flights = []
    for _ in range(count):
        legs = int(chance.integers(1, 6))
        flight = np.zeros((legs + 1, 4))
        flight[:, 0] = chance.integers(0, 300) + np.cumsum(chance.integers(1, 60, legs + 1))
        step = chance.choice([1.0, 10.0, 40.0, 300.0])
        flight[:, 1:3] = np.cumsum(chance.integers(-3, 4, (legs + 1, 2)), axis=0) * step
        flight[:, 3] = chance.integers(0, 4, legs + 1) * 20.0
        flights.append(flight)
    return tracks_of(
        flights,
        horizontal_radius_m=chance.choice([10.0, 20.0, 25.3], count),
        vertical_radius_m=chance.choice([10.0, 15.0], count),
        time_uncertainty_s=chance.choice([0.0, 0.0, 0.0, 30.0], count),
        ids=ids,
    )


class IndexChanges(RuleBasedStateMachine):
    """Anything done to an index, beside the same done to a dictionary of flights."""

    def __init__(self) -> None:
        super().__init__()
        self.made = 0
        self.accepted: dict[str, TrackArray] = {}

    def names(self, count: int) -> tuple[str, ...]:
        self.made += count
        return tuple(f"航班 {n}" for n in range(self.made - count, self.made))

    @initialize(seed=st.integers(0, 999), count=st.integers(0, 12))
    def begin(self, seed: int, count: int) -> None:
        first = some_flights(seed, self.names(count), count)
        self.indexes = [ConflictIndex(first, engine=engine) for engine in ENGINES]
        self.keep(first)

    def keep(self, tracks: TrackArray) -> None:
        for number, name in enumerate(tracks.ids or ()):
            self.accepted[name] = tracks.take([number])

    @rule(seed=st.integers(0, 999), count=st.integers(0, 6))
    def add(self, seed: int, count: int) -> None:
        more = some_flights(seed, self.names(count), count)
        for index in self.indexes:
            index.add(more)
        self.keep(more)

    @precondition(lambda self: self.accepted)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        names = st.lists(st.sampled_from(list(self.accepted)), min_size=1, max_size=3, unique=True)
        chosen = data.draw(names)
        for index in self.indexes:
            index.remove(chosen)
        for name in chosen:
            del self.accepted[name]

    @precondition(lambda self: self.accepted)
    @rule(data=st.data(), seed=st.integers(0, 999))
    def replace(self, data: st.DataObject, seed: int) -> None:
        names = st.lists(st.sampled_from(list(self.accepted)), min_size=1, max_size=3, unique=True)
        other = some_flights(seed, chosen := data.draw(names), len(chosen))
        for index in self.indexes:
            index.replace(other)
        self.keep(other)  # a flight keeps its place in the order

    @rule()
    def merge(self) -> None:
        for index in self.indexes:
            index.merge()

    @rule(seed=st.integers(0, 999), count=st.integers(1, 3))
    def query(self, seed: int, count: int) -> None:
        asked = some_flights(seed, None, count)
        late = {name for name, one in self.accepted.items() if one.time_uncertainty_s[0] > 0.0}

        def settled(rows: Answer) -> Answer:
            # At a vertex flights that may be late are on two legs at once; either will do.
            return [
                row[:6] if row[0] in late or asked.time_uncertainty_s[row[1]] > 0.0 else row
                for row in rows
            ]

        right = settled(expected(self.accepted, asked))
        for index in self.indexes:
            assert settled(rows_of(index.query(asked))) == right

    @invariant()
    def counts(self) -> None:
        for index in getattr(self, "indexes", ()):
            assert len(index) == len(self.accepted)


@pytest.fixture
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Merge and make levels after few flights already."""
    monkeypatch.setattr(merging, "LATEST_MOST", 5)
    monkeypatch.setattr(merging, "_GROWTH", 2)


@pytest.mark.usefixtures("small_levels")
def test_any_changes_leave_the_answers_of_looking_at_all_flights() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        IndexChanges, settings=settings(max_examples=8, stateful_step_count=12, deadline=None)
    )


@pytest.mark.parametrize("kind", ["city", "hub", "lattice", "swarm", "crossers"])
@pytest.mark.parametrize("legs_one_by_one", [0, 400])
def test_made_up_traffic_is_answered_to_the_bit(
    kind: Kind, legs_one_by_one: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leg_by_leg, "_MOST_LEGS", legs_one_by_one)
    tracks = scenario(kind, 240, window_s=300.0)
    table = detect_conflicts(tracks)
    asked = range(200, 240)
    right = [
        (first, second - 200, *(getattr(table, name)[row].tobytes() for name in COLUMNS))
        for row, (first, second) in enumerate(table.pairs.tolist())
        if first < 200 <= second
    ]
    right.sort(key=lambda row: row[1])
    for engine in ENGINES:
        index = ConflictIndex(tracks.take(range(150)), engine=engine)
        index.merge()
        index.add(tracks.take(range(150, 200)))
        assert rows_of(index.query(tracks.take(asked))) == right
        one_by_one = [rows_of(index.query(tracks.take([n]))) for n in asked]
        assert [row[2:] for rows in one_by_one for row in rows] == [row[2:] for row in right]


FAR = [
    [(-100.0, -4e6, -4e6, 0.0), (1100.0, 4e6, 4e6, 1000.0)],  # across all there is, at 9 km/s
    [(-1e6, 100.0, 100.0, 50.0), (1e6, 100.0, 100.0, 50.0)],  # a balloon for three weeks
    [(500.0, 0.0, 0.0, 500.0), (510.0, 10.0, 0.0, 500.0)],
    [(8e9, 3e6, -3e6, 60.0), (8e9 + 60.0, 3e6 + 600.0, -3e6, 60.0)],
    [(100.0, 0.0, 100.0, 60.0), (130.0, 300.0, 100.0, 60.0)],
    [(130.0, 300.0, 100.0, 60.0), (160.0, 300.0, 400.0, 60.0)],  # begins as the last one ends
]


@pytest.mark.parametrize(("asked", "uncertain_s"), [(0, 0.0), (1, 5.0), (4, 1e5), (5, 0.0)])
def test_flights_of_any_size_and_place_find_one_another(asked: int, uncertain_s: float) -> None:
    tracks = tracks_of(FAR, time_uncertainty_s=np.array([0, 0, 0, 0, uncertain_s, 0]))
    others, one = tracks.take([n for n in range(len(FAR)) if n != asked]), tracks.take([asked])
    right = expected({n: others.take([n]) for n in range(len(others))}, one)
    assert right
    for engine in ENGINES:
        index = ConflictIndex(others, engine=engine)
        assert rows_of(index.query(one)) == right
        index.merge()
        assert rows_of(index.query(one)) == right


def test_scattered_flights_share_places_and_are_still_found() -> None:
    chance = np.random.default_rng(5)
    corner = np.column_stack((chance.uniform(0, 1e6, 60), chance.uniform(-4e6, 4e6, (60, 2))))
    flights = [[(t, x, y, 100.0), (t + 60.0, x + 500.0, y, 100.0)] for t, x, y in corner.tolist()]
    across = [[(t, x, y, 100.0), (t + 60.0, x, y + 500.0, 100.0)] for t, x, y in corner.tolist()]
    accepted, asked = tracks_of(flights), tracks_of(across)
    for engine in ENGINES:
        index = ConflictIndex(accepted, engine=engine)
        index.merge()
        (level,) = index._state.levels
        assert level.layout.buckets  # else this shows nothing
        assert list(index.query(asked).accepted) == list(range(60))


def test_both_engines_enter_the_same_passages_in_the_same_cells() -> None:
    if len(ENGINES) < 2:
        pytest.skip("the C core is not built")
    tracks = scenario("city", 300, window_s=600.0)
    levels = []
    for engine in ENGINES:
        index = ConflictIndex(tracks, engine=engine)
        index.merge()
        levels.append(index._state.levels[0])
    one, other = levels
    for name in ("boxes", "links", "entries", "starts"):
        same = np.asarray(getattr(one, name)).shape == np.asarray(getattr(other, name)).shape
        assert same, name
    assert np.allclose(one.boxes, other.boxes, atol=0.02)


def test_a_cell_is_not_missed_by_rounding() -> None:
    layout = Layout(0.0, 60.0, 0.0, 0.0, 0.05, 333.3, 10, 7, 7, 0)
    edges = np.float32(333.3) * np.arange(1, 6, dtype=np.float32)
    near = np.concatenate((np.nextafter(edges, np.float32(0)), edges))
    boxes = np.zeros((len(near), 6), np.float32)
    boxes[:, [0, 1, 3, 4]] = near[:, None]
    west, south, east, north = layout.cells(boxes)
    assert (west == east).all()
    assert (south == west).all()
    assert (north == west).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_slabs_that_share_all_their_places_find_a_meeting_once(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Layout, "with_cells_for", lambda self, _: replace(self, buckets=1))
    tracks = tracks_of([
        [(0.0, 500.0, 0.0, 100.0), (1000.0, 500.0, 0.0, 100.0)],  # hovers, in many slabs
        [(0.0, 500.0, -500.0, 100.0), (1000.0, 500.0, 500.0, 100.0)],
    ])  # fmt: skip
    index, asked = ConflictIndex(tracks.take([0]), engine=engine), tracks.take([1])
    index.merge()
    assert rows_of(index.query(asked)) == expected({0: tracks.take([0])}, asked)
    state = index._state
    assert len(ask(state.levels, state.latest, asked, count=0, version=9, exact=True)) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_flights_of_many_legs_are_asked_leg_by_leg_in_little_memory(engine: str) -> None:
    t_s = np.arange(6001.0)
    zero = np.zeros_like(t_s)
    one = np.column_stack((t_s, t_s, zero, zero + 100.0))
    other = np.column_stack((t_s + 0.5, zero + 3000.0, t_s - 3000.0, zero + 100.0))
    accepted, asked = (tracks_of([flight.tolist()]) for flight in (one, other))
    index = ConflictIndex(accepted, engine=engine)
    tracemalloc.start()
    found = rows_of(index.query(asked))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == expected({0: accepted}, asked)
    assert most < 20e6  # each leg with each would be 288 MB for one column


# Many batches


@pytest.mark.parametrize("engine", ENGINES)
def test_large_batches_are_merged_by_whoever_adds_them_if_nobody_else_does(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LATEST_MOST", 1)

    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    tracks = scenario("hub", 140, window_s=60.0)
    index = ConflictIndex(tracks.take(range(2)), engine=engine)
    for begin in range(2, 140, 2):
        index.add(tracks.take(range(begin, begin + 2)))
        assert len(index._state.levels) <= merging.LEVELS_LIMIT
    asked = scenario("hub", 1, window_s=60.0, seed=2)
    plain = ConflictIndex(tracks, engine=engine)
    assert len(index) == 140
    assert rows_of(index.query(asked)) == rows_of(plain.query(asked))


def test_a_thread_merges_levels_where_there_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LATEST_MOST", 1)
    tracks = scenario("hub", 60, window_s=60.0)
    index = ConflictIndex(tracks.take(range(2)))
    for begin in range(2, 60, 2):
        index.add(tracks.take(range(begin, begin + 2)))
    with index._changing:
        assert index._changing.wait_for(lambda: not index._is_merging, timeout=5.0)
    assert len(index._state.levels) <= merging.LEVELS_MOST


def test_levels_that_all_flights_have_left_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "LATEST_MOST", 1)
    index = ConflictIndex(named("a", "b"))
    for _ in range(10):
        index.replace(named("a", "b"))
    assert len(index._state.levels) <= 2
    assert len(index) == 2


@pytest.mark.parametrize("most", [1, 1024])
def test_a_replacement_that_fails_leaves_the_flights(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "LATEST_MOST", most)
    index = ConflictIndex(named("a", "b"))

    def no_memory(*given: object, **more: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(Level, "of", no_memory)
        patched.setattr(Latest, "with_more", no_memory)
        with pytest.raises(MemoryError):
            index.replace(named("a", "b"))
    index.add(named("c"))
    asked = scenario("hub", 1, window_s=60.0, seed=2)
    right = ConflictIndex(named("a", "b"))
    right.add(named("c"))
    assert len(index) == 3
    assert rows_of(index.query(asked)) == rows_of(right.query(asked))


# Many threads


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize("engine", ENGINES)
def test_a_query_sees_all_of_a_change_or_nothing(engine: str) -> None:
    """Two flights change places again and again: one of them is always in the way."""
    in_the_way: list[Vertex] = [(0.0, 0.0, 0.0, 100.0), (100.0, 1000.0, 0.0, 100.0)]
    aside: list[Vertex] = [(0.0, 0.0, 9e3, 100.0), (100.0, 1000.0, 9e3, 100.0)]
    states = [
        tracks_of(pair, ids=["a", "b"]) for pair in ([in_the_way, aside], [aside, in_the_way])
    ]
    asked = tracks_of([[(0.0, 500.0, -500.0, 100.0), (100.0, 500.0, 500.0, 100.0)]])
    index = ConflictIndex(states[0], engine=engine)
    stop, seen = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            seen.append(index.query(asked).accepted)

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    end = time.monotonic() + 0.4
    turn = 0
    while time.monotonic() < end:
        turn += 1
        index.replace(states[turn % 2])
    stop.set()
    for reader in readers:
        reader.join()
    assert set(seen) == {("a",), ("b",)}
    index.merge()
    assert len(index) == 2


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize("engine", ENGINES)
def test_threads_that_change_an_index_lose_nothing(engine: str) -> None:
    tracks = scenario("hub", 120, window_s=60.0)
    named = replace(tracks, ids=tuple(f"F{n}" for n in range(120)))
    index = ConflictIndex(named.take(range(0)), engine=engine)

    def add(begin: int) -> None:
        for number in range(begin, 120, 3):
            index.add(named.take([number]))
            if number % 5 == 0:
                index.remove([f"F{number}"])

    writers = [threading.Thread(target=add, args=(begin,)) for begin in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    left = [number for number in range(120) if number % 5]
    assert len(index) == len(left)
    assert [f"F{number}" in index for number in range(120)] == [n % 5 != 0 for n in range(120)]
    asked = scenario("hub", 3, window_s=60.0, seed=2)
    plain = ConflictIndex(named.take(left), engine=engine)
    assert sorted(rows_of(index.query(asked))) == sorted(rows_of(plain.query(asked)))


@pytest.mark.usefixtures("small_levels")
def test_a_merge_that_fails_leaves_the_index_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    tracks = scenario("hub", 30, window_s=60.0)
    index = ConflictIndex(tracks.take(range(4)))

    def no_memory(*given: object, **more: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Level, "of", no_memory)
    with pytest.raises(MemoryError):
        index.merge()
    monkeypatch.undo()
    assert rows_of(index.query(tracks.take([20]))) == expected(
        {n: tracks.take([n]) for n in range(4)}, tracks.take([20])
    )
    index.merge()
    assert index._state.is_merged


@pytest.mark.parametrize("engine", ENGINES)
def test_what_leaves_during_a_merge_has_left_what_was_merged(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = replace(scenario("hub", 32, window_s=60.0), ids=tuple(f"F{n}" for n in range(32)))
    index = ConflictIndex(tracks.take(range(10)), engine=engine)
    index.merge()
    index.add(tracks.take(range(10, 20)))
    index.remove(["F2", "F12"])  # before: these are not merged at all
    build = Level.of

    def build_meanwhile(*given: Any, **more: Any) -> Level:
        index.remove(["F3", "F19"])
        index.add(tracks.take(range(20, 30)))
        index.remove(["F4", "F11", "F25"])
        return build(*given, **more)

    monkeypatch.setattr(Level, "of", build_meanwhile)
    index.merge()
    left = [n for n in range(30) if n not in {2, 3, 4, 11, 12, 19, 25}]
    assert [n for n in range(30) if f"F{n}" in index] == left
    plain = ConflictIndex(tracks.take(left), engine=engine)
    asked = tracks.take([30, 31])
    assert rows_of(index.query(asked)) == rows_of(plain.query(asked)) != []


# Many legs


def test_pairs_that_may_be_late_are_looked_at_together_as_one_by_one() -> None:
    tracks = some_flights(3, None, 40)
    pairs = np.zeros(300, dtype=ENCOUNTER)
    chance = np.random.default_rng(1)
    pairs["first"], pairs["second"] = np.sort(chance.integers(0, 40, (300, 2)), axis=1).T
    pairs = pairs[pairs["first"] < pairs["second"]]
    found = may_meet(tracks, pairs)
    one_by_one = [
        may_meet(tracks, pairs[n : n + 1]) for n in np.unique(pairs, return_index=True)[1]
    ]
    assert found.tolist() == np.concatenate(one_by_one).tolist()
    assert len(found) > 64  # more than one helping


# Numbers instead of identifiers


def test_flights_without_identifiers_are_known_by_number() -> None:
    tracks = scenario("hub", 6, window_s=30.0)
    index = ConflictIndex(tracks.take(range(3)))
    assert index.add(tracks.take([3])).tolist() == [3]
    index.remove([1])
    assert index.add(tracks.take([4])).tolist() == [4]
    index.replace(tracks.take([5]), numbers=[0])
    assert [number in index for number in range(6)] == [True, False, True, True, True, False]
    right = expected(
        {0: tracks.take([5]), 2: tracks.take([2]), 3: tracks.take([3]), 4: tracks.take([4])},
        tracks.take([1]),
    )
    assert rows_of(index.query(tracks.take([1]))) == right
    index.merge()
    assert rows_of(index.query(tracks.take([1]))) == right


def test_identifiers_that_share_a_checksum_are_told_apart() -> None:
    one, other = "plumless", "buckeroo"
    assert key_of(one) == key_of(other)
    tracks = replace(scenario("hub", 2, window_s=1.0), ids=(one, other))
    index = ConflictIndex(tracks)
    index.merge()
    index.remove([one])
    assert one not in index
    assert other in index


# Files


@pytest.fixture
def saved(tmp_path: Path) -> tuple[ConflictIndex, Path]:
    tracks = scenario("corridor", 40, window_s=60.0)
    index = ConflictIndex(replace(tracks, ids=tuple(f"航班{n}" for n in range(40))))
    index.remove(["航班7"])
    path = tmp_path / "accepted.index"
    index.save(path)
    return index, path


@pytest.mark.parametrize("engine", ENGINES)
def test_a_saved_index_answers_and_changes_as_before(
    saved: tuple[ConflictIndex, Path], engine: str
) -> None:
    index, path = saved
    again = ConflictIndex.load(path, engine=engine, verify=True)
    asked = scenario("corridor", 20, window_s=60.0, seed=3)
    assert len(rows_of(index.query(asked)))
    assert rows_of(again.query(asked)) == rows_of(index.query(asked))
    assert "航班7" not in again
    again.remove(["航班8"])
    again.add(replace(asked.take([0]), ids=("new",)))
    assert len(again) == 39
    again.save(path)  # over the file that it is mapped from
    assert rows_of(ConflictIndex.load(path).query(asked)) == rows_of(again.query(asked))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_index_of_no_flights_is_saved_and_loaded(tmp_path: Path) -> None:
    tracks = scenario("hub", 3, window_s=60.0)
    ConflictIndex(tracks.take(range(0))).save(tmp_path / "none")
    index = ConflictIndex.load(tmp_path / "none")
    assert len(index.query(tracks)) == len(index) == 0
    index.add(tracks)
    assert len(index) == 3


def test_numbers_go_on_where_they_ended(tmp_path: Path) -> None:
    tracks = scenario("hub", 4, window_s=60.0)
    index = ConflictIndex(tracks.take(range(3)))
    index.remove([2])
    index.save(tmp_path / "index")
    assert ConflictIndex.load(tmp_path / "index").add(tracks.take([3])).tolist() == [3]


def cut_short(content: bytes) -> bytes:
    return content[:-100]


def of_another_version(content: bytes) -> bytes:
    return content[:13] + b"\x02\0\0" + content[16:]


def of_another_kind(content: bytes) -> bytes:
    return b"%PDF-1.7" + content


def with_a_bit_changed_in_the_head(content: bytes) -> bytes:
    return content[:40] + bytes([content[40] ^ 1]) + content[41:]


def with_the_head_rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def rewritten(content: bytes) -> bytes:
        (length,) = struct.unpack_from("<I", content, 16)
        head = json.loads(content[24 : 24 + length])
        change(head)
        text = json.dumps(head).encode().ljust(length)
        assert len(text) == length
        return (
            content[:16] + struct.pack("<II", length, crc32(text)) + text + content[24 + length :]
        )

    return rewritten


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        (lambda content: content[:0], "it is no index"),
        (of_another_kind, "it is no index"),
        (of_another_version, "version 2 of the format, not 1"),
        (lambda content: content[:300], "its head is damaged or cut short"),
        (with_a_bit_changed_in_the_head, "its head is damaged or cut short"),
        (cut_short, "were written"),
        (lambda content: content + b"more", "were written"),
        (with_the_head_rewritten(lambda head: head.pop("layout")), "its head is not that"),
        (with_the_head_rewritten(lambda head: head["arrays"].pop("links")), "its head is not that"),
        (
            with_the_head_rewritten(lambda head: head["arrays"]["numbers"].__setitem__(1, 9)),
            "where 10 belong",
        ),
    ],
)
def test_a_file_that_is_no_whole_index_is_refused(
    saved: tuple[ConflictIndex, Path], damaged: Callable[[bytes], bytes], message: str
) -> None:
    _, path = saved
    path.write_bytes(damaged(path.read_bytes()))
    with pytest.raises(InvalidInputError, match=message) as refusal:
        ConflictIndex.load(path)
    assert path.name in str(refusal.value)


def test_damage_in_the_arrays_is_found_where_it_is_looked_for_and_never_crashes(
    saved: tuple[ConflictIndex, Path],
) -> None:
    _, path = saved
    whole = path.read_bytes()
    asked = scenario("corridor", 20, window_s=60.0, seed=3)
    chance = np.random.default_rng(1)
    (length,) = struct.unpack_from("<I", whole, 16)
    arrays = json.loads(whole[24 : 24 + length])["arrays"]
    data = -(-(24 + length) // 64) * 64
    for name in ("offsets", "starts", "entries", "links"):
        begin, rows, _ = arrays[name]
        content = bytearray(whole)
        for at in data + begin + chance.integers(8, 4 * (rows - 2), 6):
            content[at] ^= 0xFF
        path.write_bytes(content)
        with pytest.raises(InvalidInputError, match=f"its {name} are damaged"):
            ConflictIndex.load(path, verify=True)
        for engine in ENGINES:
            with suppress(InvalidInputError):  # or an answer, where the damage is elsewhere
                ConflictIndex.load(path, engine=engine).query(asked)


def array_of(content: bytes | bytearray, name: str) -> tuple[int, int]:
    """Give where an array of a file begins, and how many rows it has."""
    (length,) = struct.unpack_from("<I", content, 16)
    begin, rows, _ = json.loads(content[24 : 24 + length])["arrays"][name]
    return -(-(24 + length) // 64) * 64 + begin, rows


def test_ends_of_names_out_of_order_are_refused(saved: tuple[ConflictIndex, Path]) -> None:
    _, path = saved
    content = bytearray(path.read_bytes())
    begin, _ = array_of(content, "ends")
    struct.pack_into("<q", content, begin + 16, 1)
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match="its ends are damaged"):
        ConflictIndex.load(path)


@pytest.mark.parametrize("engine", ENGINES)
def test_damage_is_told_whatever_is_done(saved: tuple[ConflictIndex, Path], engine: str) -> None:
    _, path = saved
    content = bytearray(path.read_bytes())
    begin, size = array_of(content, "text")
    content[begin : begin + size] = b"\xff" * size
    begin, rows = array_of(content, "directory")
    for row in range(1, rows):
        struct.pack_into("<I", content, begin + 8 * row, 1 << 31)
    path.write_bytes(content)
    index = ConflictIndex.load(path, engine=engine)
    asked = scenario("corridor", 20, window_s=60.0, seed=3)
    told: list[Callable[[], object]] = [
        lambda: index.query(asked),
        lambda: [f"航班{n}" in index for n in range(40)],
        lambda: index.remove([f"航班{n}" for n in range(8, 40)]),
        index.merge,
    ]
    index.add(replace(asked, ids=tuple(map(str, range(20)))))
    for done in told:
        with pytest.raises(InvalidInputError, match="the file of this index is damaged"):
            done()


def test_a_place_that_cannot_be_written_is_named_as_given(
    index: ConflictIndex, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError) as refusal:
        index.save(tmp_path / "none" / "x")
    assert refusal.value.filename == str(tmp_path / "none" / "x")
    with pytest.raises(IsADirectoryError) as refused:
        index.save(tmp_path)
    assert refused.value.filename == str(tmp_path)


def test_what_cannot_be_written_leaves_the_old_file(
    saved: tuple[ConflictIndex, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, path = saved
    before = path.read_bytes()

    def disk_full(self: Path, target: Path) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", disk_full)
    with pytest.raises(OSError, match="no space"):
        index.save(path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


# Wrong inputs


@pytest.fixture
def index() -> ConflictIndex:
    return ConflictIndex(replace(scenario("hub", 2, window_s=60.0), ids=("a", "b")))


def named(*ids: str) -> TrackArray:
    return replace(scenario("hub", len(ids), window_s=60.0, seed=2), ids=ids)


def test_a_flight_is_accepted_once(index: ConflictIndex) -> None:
    with pytest.raises(InvalidInputError, match=r"ids\[1\]: given 'b'"):
        index.add(named("c", "b"))
    assert len(index) == 2
    assert "c" not in index


@pytest.mark.parametrize("names", ["ab", b"ab", 3])
def test_names_are_a_sequence_of_them(index: ConflictIndex, names: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"names: given .* a sequence of names"):
        index.remove(names)
    assert len(index) == 2


def test_rows_name_flights_and_instants() -> None:
    crossing = tracks_of(
        [
            [(0.0, 0.0, 0.0, 100.0), (100.0, 1000.0, 0.0, 100.0)],
            [(0.0, 500.0, -500.0, 100.0), (100.0, 500.0, 500.0, 100.0)],
        ],
        ids=("east", "north"),
    )
    dated = replace(crossing, epoch=datetime(2026, 5, 1, 8, tzinfo=UTC))
    (row,) = ConflictIndex(dated.take([0])).query(dated.take([1])).rows()
    assert (row["accepted"], row["asked"]) == ("east", "north")
    assert row["t_cpa"] == "2026-05-01T08:00:50+00:00"
    assert row["d_cpa_m"] == 0.0
    plain = replace(crossing, ids=None)
    (row,) = ConflictIndex(plain.take([0])).query(plain.take([1])).rows()
    assert (row["accepted"], row["asked"], row["t_cpa"]) == (0, 0, 50.0)


@pytest.mark.parametrize("names", [["x"], ["a", "x"], [3], [-1], [1 << 40]])
def test_what_is_not_accepted_is_not_removed(index: ConflictIndex, names: list[Any]) -> None:
    with pytest.raises(UnknownNameError, match="nothing is changed"):
        index.remove(names)
    assert "a" in index


def test_a_flight_is_removed_once(index: ConflictIndex) -> None:
    with pytest.raises(InvalidInputError, match="'a' more than once"):
        index.remove(["a", "a"])
    index.remove(["a"])
    with pytest.raises(UnknownNameError):
        index.remove(["a"])


def test_only_accepted_flights_are_replaced(index: ConflictIndex) -> None:
    with pytest.raises(UnknownNameError, match="'x'"):
        index.replace(named("a", "x"))
    with pytest.raises(InvalidInputError, match="identifiers"):
        index.replace(named("a"), numbers=[0])
    numbered = ConflictIndex(scenario("hub", 2, window_s=60.0))
    with pytest.raises(InvalidInputError, match="numbers"):
        numbered.replace(scenario("hub", 2, window_s=60.0), numbers=[0])
    with pytest.raises(UnknownNameError, match="7"):
        numbered.replace(scenario("hub", 1, window_s=60.0), numbers=[7])


def test_flights_of_another_basis_are_refused(index: ConflictIndex) -> None:
    other = replace(named("c"), tolerance_m=0.01, origin_m=(1.0, 2.0))
    for asked in (index.query, index.add):
        with pytest.raises(InvalidInputError, match=r"tolerance_m: given 0\.01; 0\.0") as refusal:
            asked(other)
        assert "origin_m" in str(refusal.value)
    with pytest.raises(InvalidInputError, match="ids: given none"):
        index.add(scenario("hub", 1, window_s=60.0))


def test_an_engine_that_there_is_not_is_named() -> None:
    with pytest.raises(UnknownNameError, match="'fortran'"):
        ConflictIndex(scenario("hub", 2, window_s=60.0), engine="fortran")
