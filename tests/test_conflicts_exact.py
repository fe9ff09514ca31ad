"""Decisions without rounding: many at once and one by one, held against fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import nextafter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.conflict_answers import tracks_of

from lowalt.conflicts import TrackArray, detect_conflicts
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.search import exact
from lowalt.conflicts.search.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters
from lowalt.conflicts.search.expansions import Expansion
from lowalt.conflicts.search.signs import Ways, can_be_told
from lowalt.conflicts.search.whole_numbers import Relative

PAIRS = 150

values = st.floats(-1e9, 1e9).filter(lambda x: x == 0.0 or abs(x) > 1e-30)


def sums_of(expansion: Expansion) -> list[Fraction]:
    """Add the parts of each of some numbers, without rounding."""
    return [sum(map(Fraction, parts), Fraction(0)) for parts in expansion.parts.T.tolist()]


@given(st.lists(st.tuples(*[values] * 4), min_size=1, max_size=5))
def test_sums_and_products_of_expansions_lose_nothing(rows: list[tuple[float, ...]]) -> None:
    a, b, c, d = (Expansion.of(column) for column in zip(*rows, strict=True))
    found = (a * b - c * d) * (a + c - d) - b * b * d
    expected = [
        (p * q - r * s) * (p + r - s) - q * q * s
        for p, q, r, s in (map(Fraction, row) for row in rows)
    ]
    assert sums_of(found) == expected
    assert found.sign().tolist() == [(x > 0) - (x < 0) for x in expected]


def test_parts_of_an_expansion_do_not_overlap_and_the_last_is_the_greatest() -> None:
    rng = np.random.default_rng(5)
    a, b = (Expansion.of(rng.normal(size=40) * 10.0 ** rng.integers(-9, 9, 40)) for _ in "ab")
    cube = (a + b) * (a - b) * (a * b + a)
    assert len(cube.parts) > 3
    for parts in cube.parts.T.tolist():
        filled = [Fraction(part) for part in parts if part]
        assert filled == [Fraction(part) for part in parts[len(parts) - len(filled) :]]
        for smaller, larger in pairwise(filled):
            lowest_bit = Fraction(larger.numerator & -larger.numerator, larger.denominator)
            assert abs(smaller) < lowest_bit


def test_expansions_of_unlike_shapes_are_broadcast_even_where_all_is_zero() -> None:
    column, row = Expansion.of(np.zeros((3, 1))), Expansion.of(np.zeros(4))
    assert (column + row).sign().shape == (column * row).sign().shape == (3, 4)
    assert (Expansion.of(np.ones((3, 1))) - Expansion.of(np.ones(4))).sign().tolist() == [
        [0] * 4
    ] * 3


def legs_of(kind: str, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Make up flights of one leg, two by two, so that many touch as exactly as numbers can."""
    flights = []
    for _ in range(PAIRS):
        anchor = rng.integers(-3, 4, 2) * 100.0
        for _ in range(2):
            start, last = rng.integers(0, 3), rng.integers(1, 4)
            here, there = rng.integers(-5, 6, (2, 3)) * np.array([1.0, 1.0, 2.0])
            if rng.random() < 0.4:
                there = here
            leg = np.array([(start, *here), (start + last, *there)], dtype=float)
            leg[:, 1:3] += anchor
            flights.append(leg)
    legs = np.stack(flights)
    if kind == "tenths":
        legs *= 0.1
    if kind == "nudged":
        nudged = rng.random(legs.shape) < 0.15
        legs[nudged] = np.nextafter(legs[nudged], rng.choice([-np.inf, np.inf], nudged.sum()))
    if kind == "far":
        legs[:, :, 0] += 2.0**32
        legs[:, :, 1:3] += 2.0**21
    if kind == "tiny":
        legs[:, :, 1:] *= 2.0 ** rng.choice([-1074.0, -600.0, -90.0], (len(legs), 1, 1))
    return list(legs)


def one_leg_pairs(count: int) -> Encounters:
    """Name each two flights that follow one another, on their first legs."""
    pairs = np.zeros(count, dtype=ENCOUNTER)
    pairs["first"], pairs["second"] = np.arange(0, 2 * count, 2), np.arange(1, 2 * count, 2)
    return pairs


def with_an_instant_in_common(tracks: TrackArray) -> Encounters:
    """Of those, give the pairs that can meet at all."""
    pairs = one_leg_pairs(len(tracks) // 2)
    start = np.maximum(tracks.starts_s[::2], tracks.starts_s[1::2])
    return pairs[start <= np.minimum(tracks.ends_s[::2], tracks.ends_s[1::2])]


def in_conflict(tracks: TrackArray, pair: Any, *, last: bool) -> bool:
    """Work out whether flights of one leg are in conflict at an end of what they have in common."""
    legs = [
        [[Fraction(x) for x in row] for row in tracks.vertices[2 * n : 2 * n + 2].tolist()]
        for n in (int(pair["first"]), int(pair["second"]))
    ]
    t = min(leg[1][0] for leg in legs) if last else max(leg[0][0] for leg in legs)
    places = [
        [p + (q - p) * (t - a[0]) / (b[0] - a[0]) for p, q in zip(a[1:], b[1:], strict=True)]
        for a, b in legs
    ]
    x, y, z = (p - q for p, q in zip(*places, strict=True))
    radius, height = (
        sum((Fraction(float(of[pair[name]])) for name in ("first", "second")), Fraction(0))
        + Fraction(tracks.tolerance_m)
        for of in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
    )
    return bool(x * x + y * y < radius * radius and abs(z) < height)


SIZES = {"tenths": (0.25, 0.1), "tiny": (0.0, 5e-324)}


@pytest.mark.parametrize("kind", ["whole", "tenths", "nudged", "far", "tiny"])
def test_many_at_once_are_decided_as_one_by_one_in_whole_numbers(kind: str) -> None:
    rng = np.random.default_rng(11)
    radius, height = SIZES.get(kind, (2.5, 1.0))
    tracks = tracks_of(legs_of(kind, rng), horizontal_radius_m=radius, vertical_radius_m=height)
    pairs = with_an_instant_in_common(tracks)
    alone = [
        Relative.of(tracks, (int(p["first"]), int(p["second"])), (0, 0)).meeting() for p in pairs
    ]
    settled = exact.settle(tracks, pairs)
    meets = np.array([met is not None for met in alone])
    assert settled["first"].tolist() == pairs["first"][meets].tolist()
    assert [tuple(row)[:4] for row in settled.tolist()] == [met[:4] for met in alone if met]
    ended = exact.settle_ends(tracks, settled)
    assert (ended["inside"] == settled["inside"]).all()
    for pair in ended:
        assert in_conflict(tracks, pair, last=False) == bool(pair["inside"] & STARTS_INSIDE)
        assert in_conflict(tracks, pair, last=True) == bool(pair["inside"] & ENDS_INSIDE)
    starts = (ended["inside"] & STARTS_INSIDE) != 0
    begins = np.maximum(tracks.starts_s[ended["first"]], tracks.starts_s[ended["second"]])
    assert (ended["t_in_s"][starts] == begins[starts]).all()
    assert kind == "tiny" or 5 < meets.sum() < len(pairs) - 5


def asked(tracks: TrackArray) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Name the first flight and the second, on their first legs."""
    flights = np.array([0]), np.array([1])
    return flights, (tracks.offsets[flights[0]], tracks.offsets[flights[1]])


def hovers(
    x: float,
    y: float,
    *,
    radius: float,
    other_radius: float | None = None,
    tolerance_m: float = 0.0,
) -> TrackArray:
    """One flight hovers at zero and another beside it."""
    return tracks_of(
        [[(0.0, 0.0, 0.0, 50.0), (9.0, 0.0, 0.0, 50.0)], [(3.0, x, y, 50.0), (7.0, x, y, 50.0)]],
        horizontal_radius_m=[radius, radius if other_radius is None else other_radius],
        tolerance_m=tolerance_m,
    )


@pytest.mark.parametrize(
    ("x", "y", "radius", "tolerance_m"),
    [(3.0, 4.0, 2.5, 0.0), (30.0, 40.0, 24.0, 2.0), (0.75, 1.0, 0.625, 0.0), (5.0, 12.0, 6.5, 0.0)],
)
def test_hovers_that_touch_off_the_axes_are_told_apart_from_one_ulp_nearer(
    x: float, y: float, radius: float, tolerance_m: float
) -> None:
    for at, clear in ((x, True), (nextafter(x, 0.0), False), (nextafter(x, 99.0), True)):
        tracks = hovers(at, y, radius=radius, tolerance_m=tolerance_m)
        ways = Ways.of(tracks, *asked(tracks))
        assert ways.are_clear().tolist() == [clear]
        assert ways.conflict_at_ends().tolist() == [[not clear]] * 2
        assert len(detect_conflicts(tracks)) == (not clear)


def test_radii_that_do_not_add_up_without_rounding_are_added_without() -> None:
    radius = 0.1 + 0.2  # more than three tenths, and than the true sum of the two
    for x, conflicts in ((radius, 0), (nextafter(radius, 0.0), 1)):
        tracks = hovers(x, 0.0, radius=0.1, other_radius=0.2)
        true = Fraction(0.1) + Fraction(0.2)
        assert (Fraction(x) < true) == bool(conflicts)
        assert Ways.of(tracks, *asked(tracks)).are_clear().tolist() == [not conflicts]
        assert len(detect_conflicts(tracks)) == conflicts


def test_numbers_too_small_for_signs_are_left_to_whole_numbers() -> None:
    for x, told in ((2.0**-80, True), (2.0**-89, False), (5e-324, False)):
        tracks = hovers(x, 0.0, radius=0.0)
        assert can_be_told(tracks, *asked(tracks)).tolist() == [told]
    thin = hovers(1.0, 1.0, radius=1e-30)
    assert not can_be_told(thin, *asked(thin)).any()


def test_hardly_any_of_a_swarm_is_left_to_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    left = []
    seen = Relative.of

    def watched(*asked: Any) -> Relative:
        left.append(asked)
        return seen(*asked)

    monkeypatch.setattr(Relative, "of", watched)
    for tracks in (scenario("swarm", 300, window_s=60.0), scenario("lattice", 300, window_s=900.0)):
        assert len(detect_conflicts(tracks)) > 50
    assert len(left) <= 3
