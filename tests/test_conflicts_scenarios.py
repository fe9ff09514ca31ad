"""The shipped scenarios: the same everywhere, and how many pairs of flights conflict in each."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from lowalt import InvalidInputError
from lowalt.conflicts import TrackArray
from lowalt.conflicts.detection import detect_conflicts
from lowalt.conflicts.scenarios import WIDTH_M, scenario, shipped
from lowalt.conflicts.scenarios.shipped import Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


def pairs_by_brute_force(tracks: TrackArray) -> set[tuple[int, int]]:
    """Every pair of legs: boxes that are clearly apart are passed over, the rest are fractions."""
    v = tracks.vertices
    flight = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets) - 1)
    begin = np.arange(len(flight)) + flight
    order = np.argsort(v[begin, 0])
    flight, begin = flight[order], begin[order]
    radii = np.array([tracks.horizontal_radius_m] * 2 + [tracks.vertical_radius_m]).T
    grown = np.column_stack((np.zeros(len(tracks)), radii + 0.001))[flight]
    low = (np.minimum(v[begin], v[begin + 1]) - grown).T.copy()
    high = (np.maximum(v[begin], v[begin + 1]) + grown).T.copy()
    until = np.searchsorted(low[0], high[0], side="right")  # legs that begin before this one ends
    pairs: set[tuple[int, int]] = set()
    for leg, stop in enumerate(until.tolist()):
        later = slice(leg + 1, stop)
        near = flight[later] != flight[leg]
        for axis in (1, 2, 3):
            near &= (low[axis, later] <= high[axis, leg]) & (high[axis, later] >= low[axis, leg])
        for other in (np.flatnonzero(near) + leg + 1).tolist():
            pair = (int(min(flight[leg], flight[other])), int(max(flight[leg], flight[other])))
            if pair not in pairs and legs_meet(tracks, pair, int(begin[leg]), int(begin[other])):
                pairs.add(pair)
    return pairs


def legs_meet(tracks: TrackArray, pair: tuple[int, int], a: int, b: int) -> bool:
    """Whether two legs are ever inside the cylinders, in rationals and without a root.

    While the flights are within height, a convex parabola tells the square of their distance: it
    is below that of the radius somewhere if and only if it is where it is least.
    """
    first, second = (
        [list(map(Fraction, row)) for row in tracks.vertices[k : k + 2].tolist()] for k in (a, b)
    )
    radius, height = (
        sum(Fraction(size[n]) for n in pair)
        for size in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
    )
    since, until = max(first[0][0], second[0][0]), min(first[1][0], second[1][0])
    if since > until:
        return False

    def apart(t: Fraction) -> list[Fraction]:
        at = []
        for start, end in (first, second):
            share = (t - start[0]) / (end[0] - start[0])
            at.append([p + (q - p) * share for p, q in zip(start[1:], end[1:], strict=True)])
        return [p - q for p, q in zip(*at, strict=True)]

    here, there = apart(since), apart(until)
    climb = there[2] - here[2]
    low, high = Fraction(0), Fraction(1)  # share of the time that both legs last
    if climb:
        ends = sorted((side - here[2]) / climb for side in (-height, height))
        low, high = max(low, ends[0]), min(high, ends[1])
    middle = (low + high) / 2
    if low > high or not abs(here[2] + climb * middle) < height:
        return False
    east, north = there[0] - here[0], there[1] - here[1]
    square = east**2 + north**2
    nearest = -(here[0] * east + here[1] * north) / square if square else low
    nearest = min(max(nearest, low), high)
    return (here[0] + east * nearest) ** 2 + (here[1] + north * nearest) ** 2 < radius**2


Counted = tuple[Kind, int, float, int]

SMALL: tuple[Counted, ...] = (
    ("city", 300, 300.0, 4),
    ("hub", 60, 300.0, 15),
    ("corridor", 100, 900.0, 38),
    ("hops", 1500, 60.0, 2),
    ("lattice", 80, 60.0, 23),
    ("swarm", 24, 20.0, 18),
)

LARGER: tuple[Counted, ...] = (
    ("city", 10_000, 3600.0, 694),
    ("hub", 1000, 3600.0, 822),
    ("corridor", 2000, 3600.0, 6248),
    ("hops", 20_000, 3600.0, 27),
    ("crossers", 5000, 3600.0, 165),
    ("lattice", 5000, 3600.0, 3250),
    ("swarm", 200, 60.0, 159),
)
"""Counts that the brute force above has confirmed; it takes two minutes over them."""


def pairs_found(tracks: TrackArray) -> set[tuple[int, int]]:
    return {(i, j) for i, j in detect_conflicts(tracks).pairs.tolist()}


@pytest.mark.parametrize(("kind", "flights", "window_s", "pairs"), SMALL)
def test_brute_force_and_screening_find_the_same_pairs(
    kind: Kind, flights: int, window_s: float, pairs: int
) -> None:
    tracks = scenario(kind, flights, window_s=window_s)
    by_brute_force = pairs_by_brute_force(tracks)
    assert len(by_brute_force) == pairs
    assert pairs_found(tracks) == by_brute_force


@pytest.mark.parametrize(("kind", "flights", "window_s", "pairs"), LARGER)
def test_so_many_pairs_conflict_in_the_shipped_scenarios(
    kind: Kind, flights: int, window_s: float, pairs: int
) -> None:
    assert len(pairs_found(scenario(kind, flights, window_s=window_s))) == pairs


BITS = {
    "city": "26224eef1c85460c",
    "hub": "c6b11545cfbc2405",
    "corridor": "5a03aa2e72c08441",
    "hops": "29e90d8f3af81b44",
    "crossers": "7033ffe134b0ee00",
    "lattice": "641d53259e754ad1",
    "swarm": "ba219037b24d2ea2",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_scenario_has_the_same_bits_everywhere(kind: Kind) -> None:
    tracks = scenario(kind, 300, window_s=600.0)
    bits = hashlib.sha256(tracks.vertices.astype("<f8").tobytes())
    for array in (tracks.horizontal_radius_m, tracks.vertical_radius_m):
        bits.update(array.astype("<f8").tobytes())
    bits.update(tracks.offsets.astype("<i8").tobytes())
    assert bits.hexdigest()[:16] == BITS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_scenario_is_sound_input(kind: Kind) -> None:
    made = scenario(kind, 2500, window_s=60.0)
    t_s, x_m, y_m, z_m = made.vertices.T
    read = TrackArray.from_local(
        made.offsets,
        x_m=x_m,
        y_m=y_m,
        z_m=z_m,
        t_s=t_s,
        horizontal_radius_m=made.horizontal_radius_m,
        vertical_radius_m=made.vertical_radius_m,
    )
    assert len(read) == 2500
    assert 0.0 <= made.starts_s.min() <= made.starts_s.max() <= 60.0


@pytest.mark.parametrize("kind", KINDS)
def test_a_scenario_begins_with_the_flights_of_a_smaller_one_however_many_are_made_at_once(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = scenario(kind, 1100, window_s=900.0)
    monkeypatch.setattr(shipped, "_BATCH", 64)
    small = scenario(kind, 200, window_s=900.0)
    assert np.array_equal(small.offsets, large.offsets[:201])
    assert np.array_equal(small.vertices, large.vertices[: small.offsets[-1]])
    assert np.array_equal(small.horizontal_radius_m, large.horizontal_radius_m[:200])
    assert np.array_equal(small.vertical_radius_m, large.vertical_radius_m[:200])


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_makes_other_traffic(kind: Kind) -> None:
    one, other = (scenario(kind, 50, window_s=900.0, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.starts_s, other.starts_s)


@pytest.mark.parametrize(("kind", "least"), [("lattice", 10), ("swarm", 100)])
def test_pairs_touch_exactly_where_that_is_what_a_scenario_is_for(kind: Kind, least: int) -> None:
    tracks = scenario(kind, 200, window_s=60.0)
    a_micron_wider = replace(tracks, tolerance_m=1e-6)
    assert len(pairs_found(a_micron_wider)) - len(pairs_found(tracks)) >= least


def test_one_flight_of_a_thousand_crosses_the_whole_region() -> None:
    tracks = scenario("crossers", 2001, window_s=60.0)
    assert np.flatnonzero(np.diff(tracks.offsets) == 2).tolist() == [0, 1000, 2000]
    assert tracks.vertices[tracks.offsets[1000], 1] == 0.0
    assert tracks.vertices[tracks.offsets[1001] - 1, 1] == WIDTH_M


def test_a_city_is_like_that_of_the_study() -> None:
    tracks = scenario("city", 20_000, window_s=3600.0)
    assert np.diff(tracks.offsets).mean() == pytest.approx(25.0, abs=0.1)
    assert (tracks.ends_s - tracks.starts_s).mean() == pytest.approx(430.0, abs=10.0)
    assert (tracks.horizontal_radius_m == 150.0).mean() == pytest.approx(0.03, abs=0.004)
    assert tracks.starts_s.mean() == pytest.approx(1800.0, abs=20.0)


def test_what_is_no_scenario_is_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        scenario("village", 0, window_s=float("nan"), seed=-1)  # type: ignore[arg-type]
    assert [problem.where for problem in refusal.value.problems] == [
        "kind", "flights", "window_s", "seed",
    ]  # fmt: skip
    assert "city, hub" in str(refusal.value)
