"""Boxes of passages hold where their flights are, to the last digit, wherever and whenever that is.

The oracle is exact: places of flights come from rational numbers, and so do the edges of boxes.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.conflicts import TrackArray
from lowalt.conflicts.search import passages as boxing
from lowalt.conflicts.search.bisection import first_not
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.passages import Passages, passages, touch, turned, wide_passages
from lowalt.conflicts.search.stretches import Stretch, stretches


def flights(
    seed: int, *, count: int, most: int, reach_m: float, since_s: float, late_s: float = 0.0
) -> TrackArray:
    """Flights that go to and fro, some over the whole area, of 2 vertices up to so many."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(2, most + 1, count)
    total = int(sizes.sum())
    steps_s = draw.choice([0.25, 1.0, 7.3, 60.0], total) * draw.uniform(0.5, 1.5, total)
    first = np.repeat(np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    t_s = np.cumsum(steps_s)
    t_s = t_s - t_s[first] + np.repeat(draw.uniform(0.0, 300.0, count), sizes) + since_s
    x, y = (
        np.repeat(draw.uniform(-reach_m, reach_m, count), sizes) + (walked - walked[first])
        for walked in (np.cumsum(6_500.0 * steps_s * draw.uniform(-1.0, 1.0, total)) for _ in "xy")
    )
    return TrackArray.from_local(
        np.concatenate(([0], np.cumsum(sizes))),
        np.clip(x, -reach_m, reach_m), np.clip(y, -reach_m, reach_m),
        draw.uniform(-60.0, 300.0, total), t_s,
        horizontal_radius_m=draw.choice([0.0, 15.0, 131_072.0], count),
        vertical_radius_m=draw.choice([0.0, 7.5], count),
        time_uncertainty_s=late_s * draw.integers(0, 3, count), tolerance_m=0.01,
    )  # fmt: skip


def place(tracks: TrackArray, flight: int, t_s: Fraction) -> list[Fraction]:
    """Where a flight is by its plan, in rational numbers."""
    rows = tracks.vertices[tracks.offsets[flight] : tracks.offsets[flight + 1]].tolist()
    leg = max(0, min(sum(Fraction(row[0]) <= t_s for row in rows) - 1, len(rows) - 2))
    start, end = ([Fraction(number) for number in row] for row in rows[leg : leg + 2])
    share = (t_s - start[0]) / (end[0] - start[0])
    return [a + (b - a) * share for a, b in zip(start[1:], end[1:], strict=True)]


def holds(p: Passages, row: int, tracks: TrackArray, grid: Grid, t_s: float) -> bool:
    """Whether the box of a passage holds its flight and its cylinder at a time of its plan."""
    flight = int(p.flight[row])
    corner = [Fraction(number) for number in grid.corner.tolist()]
    box = [Fraction(number) for number in p.boxes[row].tolist()]
    radius_m = Fraction(float(tracks.horizontal_radius_m[flight]))
    height_m = Fraction(float(tracks.vertical_radius_m[flight]))
    around = Fraction(tracks.tolerance_m) / 2
    grown = [Fraction(0), radius_m + around, radius_m + around, height_m + around]
    at = [Fraction(t_s), *place(tracks, flight, Fraction(t_s))]
    return all(
        low + edge <= number - size and number + size <= edge - high
        for low, high, edge, number, size in zip(box[:4], box[4:], corner, at, grown, strict=True)
    )


def cut(tracks: TrackArray, grid: Grid, *, at_once: int) -> list[tuple[Stretch, Passages]]:
    """Give the passages of all stretches, with flights numbered as in the tracks."""
    parts = []
    for _, stretch in stretches(tracks, grid, passages=at_once):
        p = (wide_passages if stretch.is_uncertain else passages)(stretch, grid)
        flight = stretch.flights[p.flight].astype(np.int32)
        parts.append((stretch, Passages(p.slab, flight, p.begin, p.end, p.boxes)))
    return parts


@given(
    seed=st.integers(0, 2**32 - 1),
    reach_m=st.sampled_from([300.0, 40_000.0, 2.0**22]),
    since_s=st.sampled_from([0.0, -(2.0**33), 1.7e9]),
    slab_s=st.sampled_from([3.0, 40.0, 1_000.0]),
    at_once=st.sampled_from([3, 20, 10_000]),
)
def test_boxes_hold_flights_wherever_they_are(
    seed: int, reach_m: float, since_s: float, slab_s: float, at_once: int
) -> None:
    tracks = flights(seed, count=5, most=6, reach_m=reach_m, since_s=since_s)
    grid = Grid.over(tracks, slab_s=slab_s)
    draw = np.random.default_rng(seed)
    for stretch, p in cut(tracks, grid, at_once=at_once):
        for row in draw.permutation(len(p))[:6].tolist():
            flight, slab = int(p.flight[row]), int(p.slab[row])
            begins_s = grid.epoch_s + slab * grid.slab_s
            asked = [begins_s, begins_s + slab_s * draw.random(), begins_s + slab_s]
            asked += stretch.t_s[p.begin[row] : p.end[row] + 2].tolist()
            for t_s in np.clip(asked, tracks.starts_s[flight], tracks.ends_s[flight]).tolist():
                if int(grid.slab(np.array([t_s]))[0]) == slab:
                    assert holds(p, row, tracks, grid, t_s)


@given(seed=st.integers(0, 2**32 - 1), at_once=st.sampled_from([3, 20, 10_000]))
def test_boxes_hold_flights_however_late_they_are(seed: int, at_once: int) -> None:
    tracks = flights(seed, count=5, most=6, reach_m=40_000.0, since_s=0.0, late_s=8.0)
    grid = Grid.over(tracks, slab_s=20.0)
    draw = np.random.default_rng(seed)
    for _, p in cut(tracks, grid, at_once=at_once):
        for row in draw.permutation(len(p))[:6].tolist():
            flight = int(p.flight[row])
            late_s = float(tracks.time_uncertainty_s[flight])
            begins_s = grid.epoch_s + int(p.slab[row]) * grid.slab_s
            for now_s in (begins_s + 0.01, begins_s + 19.99):
                planned_s = now_s + draw.uniform(-late_s, late_s)
                if tracks.starts_s[flight] <= planned_s <= tracks.ends_s[flight]:
                    assert holds(p, row, tracks, grid, planned_s)


@pytest.mark.parametrize("at_once", [3, 50, 10_000])
def test_a_flight_has_one_passage_a_slab_from_its_first_to_its_last(at_once: int) -> None:
    tracks = flights(5, count=40, most=12, reach_m=9_000.0, since_s=0.0)
    grid = Grid.over(tracks, slab_s=25.0)
    first, last = grid.slab(tracks.starts_s), grid.slab(tracks.ends_s)
    expected = {(n, k) for n in range(40) for k in range(first[n], last[n] + 1)}
    alone = {pair for pair in expected if sum(k == pair[1] for _, k in expected) == 1}
    rows = [
        pair
        for _, p in cut(tracks, grid, at_once=at_once)
        for pair in zip(p.flight.tolist(), p.slab.tolist(), strict=True)
    ]
    assert len(rows) == len(set(rows))
    assert expected - alone <= set(rows) <= expected  # a stretch of one flight is left out


@pytest.mark.parametrize("few", [1, 7, 1_000])
def test_boxes_of_many_vertices_are_those_of_their_vertices(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(boxing, "_FEW", few)
    monkeypatch.setattr(boxing, "_MOST_STEPS", 20)
    tracks = flights(9, count=60, most=50, reach_m=9_000.0, since_s=0.0)
    grid = Grid.over(tracks, slab_s=1e6)
    ((stretch, p),) = cut(tracks, grid, at_once=100)
    assert sorted(p.flight.tolist()) == list(range(60))
    growth = stretch.growth[p.flight].astype(float)
    for row, flight in enumerate(p.flight.tolist()):
        own = stretch.places[tracks.offsets[flight] : tracks.offsets[flight + 1]].astype(float)
        expected = np.concatenate((own.min(axis=0) - growth[row], -own.max(axis=0) - growth[row]))
        assert p.boxes[row] == pytest.approx(expected, rel=1e-6)


def test_boxes_touch_where_no_dimension_parts_them() -> None:
    draw = np.random.default_rng(3)
    low = draw.integers(0, 6, (2, 5_000, 4)).astype(np.float32)
    high = low + draw.integers(0, 3, (2, 5_000, 4)).astype(np.float32)
    one, other = np.concatenate((low, -high), axis=2)
    expected = ((low[0] <= high[1]) & (low[1] <= high[0])).all(axis=1)
    assert 100 < expected.sum() < 4_900
    assert touch(one, turned(other)).tolist() == expected.tolist()


def test_bisections_find_what_a_search_finds() -> None:
    draw = np.random.default_rng(4)
    numbers = np.sort(draw.integers(0, 50, 200))
    low = draw.integers(0, 201, 300)
    high = np.minimum(low + draw.integers(0, 40, 300), 200)
    limits = draw.integers(-1, 52, 300)
    found = first_not(lambda rows, at: numbers[at] < limits[rows], low, high)
    expected = [
        a + int(np.searchsorted(numbers[a:b], limit, side="left"))
        for a, b, limit in zip(low.tolist(), high.tolist(), limits.tolist(), strict=True)
    ]
    assert found.tolist() == expected
