"""Meetings of legs whose flights may be early or late, against plain meetings of shifted flights.

A flight that is late by ``x`` has the vertices of its plan, ``x`` later. So the real times at which
two flights may be in conflict are those of plain conflicts, over all pairs of shifts. The oracle
here solves the plain case in its own way and searches the shifts for the earliest and the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from lowalt.conflicts.arrays import X, Y, Z
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.search import uncertainty
from lowalt.conflicts.search.encounters import ENDS_INSIDE, STARTS_INSIDE, Meetings, meet
from lowalt.conflicts.search.uncertainty import meet_within

FloatArray = NDArray[np.float64]


class Pairs(NamedTuple):
    """Pairs of legs: leg ``n`` of the first flight goes from ``first[n, 0]`` to ``first[n, 1]``."""

    first: FloatArray
    second: FloatArray
    radius_m: FloatArray
    height_m: FloatArray
    first_s: FloatArray
    second_s: FloatArray

    def within(self, **changes: FloatArray) -> Meetings:
        pairs = self._replace(**changes)
        count = len(pairs.first)
        columns = np.concatenate((pairs.first, pairs.second)).reshape(-1, 4).T
        a = np.arange(0, 2 * count, 2)
        return meet_within(
            columns, a, a + 2 * count, exact=False,
            radius_m=pairs.radius_m, height_m=pairs.height_m,
            first_uncertainty_s=pairs.first_s, second_uncertainty_s=pairs.second_s,
        )  # fmt: skip

    def take(self, rows: NDArray[np.intp]) -> Pairs:
        return Pairs(*(column[rows] for column in self))


def one(
    first: Sequence[Sequence[float]],
    second: Sequence[Sequence[float]],
    *,
    first_s: float,
    second_s: float,
    radius_m: float = 50.0,
    height_m: float = 15.0,
) -> Pairs:
    numbers = (np.array([value]) for value in (radius_m, height_m, first_s, second_s))
    return Pairs(np.array([first], dtype=float), np.array([second], dtype=float), *numbers)


def drawn(
    count: int, seed: int, *, span_m: float = 300.0, most_s: float = 10.0, grid: float = 0.0
) -> Pairs:
    """Draw legs of all kinds: level and climbing, flown and hovered, alike and across."""
    random = np.random.default_rng(seed)
    legs = np.empty((2, count, 2, 4))
    legs[..., 0, 0] = random.uniform(0.0, 30.0, (2, count))
    legs[..., 1, 0] = legs[..., 0, 0] + random.uniform(5.0, 40.0, (2, count))
    legs[..., X : Y + 1] = random.uniform(-span_m, span_m, (2, count, 2, 2))
    legs[..., Z] = random.uniform(60.0, 120.0, (2, count, 2))
    sizes = [
        random.uniform(10.0, 100.0, count),
        random.uniform(5.0, 40.0, count),
        random.uniform(0.0, most_s, count) * (random.random(count) < 0.8),
        random.uniform(0.0, most_s, count) * (random.random(count) < 0.8),
    ]
    if grid:  # many exact coincidences
        legs = np.round(legs / grid) * grid
        legs[..., 1, 0] = np.maximum(legs[..., 1, 0], legs[..., 0, 0] + grid)
        sizes = [np.round(size / grid) * grid for size in sizes]
    level, hover = random.random((2, 2, count))
    legs[..., 1, Z] = np.where(level < 0.5, legs[..., 0, Z], legs[..., 1, Z])
    legs[..., 1, X] = np.where(hover < 0.15, legs[..., 0, X], legs[..., 1, X])
    legs[..., 1, Y] = np.where(hover < 0.2, legs[..., 0, Y], legs[..., 1, Y])
    alike = random.random(count) < 0.15  # one velocity, some way off
    legs[1, alike] = legs[0, alike] + random.uniform(-20.0, 20.0, (alike.sum(), 1, 4)).round()
    return Pairs(legs[0], legs[1], *sizes)


def plain(pairs: Pairs, late_first_s: FloatArray, late_second_s: FloatArray) -> FloatArray:
    """Give entry, exit and least distance of flights that are late, ``nan`` where they are clear.

    Shifts are ``(N, K)``, and so are the three columns of the answer.
    """
    a0, a1 = (pairs.first[:, end, :, None] for end in (0, 1))
    b0, b1 = (pairs.second[:, end, :, None] for end in (0, 1))
    begins = np.maximum(a0[:, 0] + late_first_s, b0[:, 0] + late_second_s)
    ends = np.minimum(a1[:, 0] + late_first_s, b1[:, 0] + late_second_s)
    rate_a, rate_b = (a1 - a0) / (a1 - a0)[:, :1], (b1 - b0) / (b1 - b0)[:, :1]
    place = [
        (a0[:, k] + rate_a[:, k] * (begins - a0[:, 0] - late_first_s))
        - (b0[:, k] + rate_b[:, k] * (begins - b0[:, 0] - late_second_s))
        for k in (X, Y, Z)
    ]
    x, y, z = place
    u, v, w = ((rate_a - rate_b)[:, k] for k in (X, Y, Z))
    radius, height = pairs.radius_m[:, None], pairs.height_m[:, None]
    with np.errstate(all="ignore"):
        low, high = np.sort([(-height - z) / w, (height - z) / w], axis=0)
        level = np.where(np.abs(z) <= height, np.inf, -np.inf)
        low, high = np.where(w == 0.0, -level, low), np.where(w == 0.0, level, high)
        low, high = np.maximum(low, 0.0), np.minimum(high, ends - begins)
        speed = np.hypot(u, v)
        nearest = np.where(speed > 0.0, -(x * u + y * v) / speed**2, low)
        aside = np.where(speed > 0.0, np.abs(x * v - y * u) / speed, np.hypot(x, y))
        half = np.sqrt(radius**2 - aside**2) / speed
        half = np.where((speed == 0.0) & (aside <= radius), np.inf, half)
        closest = np.clip(nearest, low, high)
        low, high = np.maximum(low, nearest - half), np.minimum(high, nearest + half)
        clear = ~(low <= high)
        distance = np.hypot(x + u * closest, y + v * closest)
    return np.where(clear, np.nan, [begins + low, begins + high, distance])


class Searched(NamedTuple):
    """What the oracle found, ``nan`` where no shift that it tried lets flights meet."""

    t_in_s: FloatArray
    t_out_s: FloatArray
    d_cpa_m: FloatArray


def searched(pairs: Pairs, *, wider_m: float = 0.0) -> Searched:
    """Search the shifts for the earliest entry, the latest exit and the least distance.

    Shifting both flights alike only shifts the times. So for each difference of the shifts it is
    known which shift gives the earliest entry, and entry, exit and distance are convex functions of
    that difference: a grid is tried, and again around the best of it, until it is fine enough.
    """
    pairs = pairs._replace(radius_m=pairs.radius_m + wider_m, height_m=pairs.height_m + wider_m)
    one, other = pairs.first_s[:, None], pairs.second_s[:, None]
    found = []
    for what, early in ((0, True), (1, False), (2, True)):
        low, high = -(one + other), one + other
        for count in (257, *[17] * 11):
            ahead = low + (high - low) * np.linspace(0.0, 1.0, count)
            second = np.maximum(-other, -one - ahead) if early else np.minimum(other, one - ahead)
            values = plain(pairs, np.clip(second + ahead, -one, one), second)[what]
            values = np.where(np.isnan(values), np.inf, values if early else -values)
            best = values.argmin(axis=1)[:, None]
            low, high = (
                np.take_along_axis(ahead, np.clip(best + step, 0, count - 1), axis=1)
                for step in (-1, 1)
            )
        least = values.min(axis=1)
        found.append(np.where(np.isinf(least), np.nan, least if early else -least))
    return Searched(*found)


def nearest_at(pairs: Pairs, at_s: FloatArray) -> FloatArray:
    """Give the least distance that flights may have at a real time, ``inf`` where they have none.

    For each planned time of the first flight, the best of the second is that of a quadratic over an
    interval; over those of the first, the least distance is convex, and searched as above.
    """
    (a0, a1), (b0, b1) = ((leg[:, 0, :, None], leg[:, 1, :, None]) for leg in pairs[:2])
    rate_a, rate_b = (a1 - a0) / (a1 - a0)[:, :1], (b1 - b0) / (b1 - b0)[:, :1]
    at, one, other = at_s[:, None], pairs.first_s[:, None], pairs.second_s[:, None]
    low, high = np.maximum(a0[:, 0], at - one), np.minimum(a1[:, 0], at + one)
    absent = (low > high)[:, 0]
    for count in (257, *[17] * 11):
        s = low + (high - low) * np.linspace(0.0, 1.0, count)
        x, y, z = (a0[:, k] + rate_a[:, k] * (s - a0[:, 0]) - b0[:, k] for k in (X, Y, Z))
        u, v, w = (rate_b[:, k] for k in (X, Y, Z))
        height = pairs.height_m[:, None]
        with np.errstate(all="ignore"):
            bottom, top = np.sort([(z - height) / w, (z + height) / w], axis=0)
            speed = u * u + v * v
            best_u = np.where(speed > 0.0, (x * u + y * v) / speed, 0.0)
            level = np.where(np.abs(z) <= height, np.inf, -np.inf)
            bottom, top = np.where(w == 0.0, -level, bottom), np.where(w == 0.0, level, top)
            begins = np.maximum(np.maximum(b0[:, 0], at - other) - b0[:, 0], bottom)
            ends = np.minimum(np.minimum(b1[:, 0], at + other) - b0[:, 0], top)
            best_u = np.clip(best_u, begins, ends)
            distance = np.hypot(x - u * best_u, y - v * best_u)
        distance = np.where(begins <= ends, distance, np.inf)
        best = distance.argmin(axis=1)[:, None]
        low, high = (
            np.take_along_axis(s, np.clip(best + step, 0, count - 1), axis=1) for step in (-1, 1)
        )
    return np.where(absent, np.inf, distance.min(axis=1))


class Told(NamedTuple):
    """What is told of each pair, ``nan`` where it does not meet."""

    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray


def told(pairs: Pairs) -> Told:
    found = pairs.within()
    columns = np.full((4, len(pairs.first)), np.nan)
    columns[:, found.rows] = found.t_in_s, found.t_out_s, found.t_cpa_s, found.d_cpa_m
    return Told(*columns)


KINDS = pytest.mark.parametrize(
    "pairs",
    [
        pytest.param(drawn(400, 1), id="some seconds"),
        pytest.param(drawn(400, 2, most_s=100.0), id="more than the legs last"),
        pytest.param(drawn(400, 3, most_s=0.01), id="hardly any"),
        pytest.param(drawn(400, 4, grid=5.0), id="coincidences"),
    ],
)


@KINDS
def test_meets_where_some_shift_meets_and_tells_the_hull_of_all_shifts(pairs: Pairs) -> None:
    found, least, most = told(pairs), searched(pairs), searched(pairs, wider_m=ERROR_M)
    meets = ~np.isnan(least.t_in_s)
    assert meets.sum() > 20
    assert not np.isnan(found.t_in_s[meets]).any()
    # Nothing that a shift allows is left out, and nothing is told that no shift allows.
    assert (found.t_in_s - least.t_in_s)[meets].max() < 1e-12
    assert (least.t_out_s - found.t_out_s)[meets].max() < 1e-12
    assert (most.t_in_s - found.t_in_s)[meets].max() < 1e-8
    assert (found.t_out_s - most.t_out_s)[meets].max() < 1e-8
    assert (found.d_cpa_m - least.d_cpa_m)[meets].max() < 1e-9
    assert (most.d_cpa_m - found.d_cpa_m)[meets].max() < 1e-7
    # A grid of shifts misses flights that meet for a moment; then they are near all the same.
    told_only = np.flatnonzero(~meets & ~np.isnan(found.t_in_s))
    assert len(told_only) < 10
    wider = slightly_wider(pairs.take(told_only))
    assert (nearest_at(wider, found.t_cpa_s[told_only]) <= wider.radius_m).all()


def slightly_wider(pairs: Pairs) -> Pairs:
    return pairs._replace(
        radius_m=pairs.radius_m + ERROR_M,
        height_m=pairs.height_m + ERROR_M,
        first_s=pairs.first_s + 1e-12,
        second_s=pairs.second_s + 1e-12,
    )


@KINDS
def test_flights_are_closest_at_the_time_told_and_never_before(pairs: Pairs) -> None:
    found = pairs.within()
    wider = slightly_wider(pairs.take(found.rows))
    assert np.abs(nearest_at(wider, found.t_cpa_s) - found.d_cpa_m).max() < 1e-7
    assert (nearest_at(wider, found.t_cpa_s - 0.001) > found.d_cpa_m + 1e-12).all()
    assert (found.t_in_s <= found.t_cpa_s).all()
    assert (found.t_cpa_s <= found.t_out_s).all()
    assert (found.d_cpa_m <= pairs.radius_m[found.rows]).all()


@KINDS
def test_no_time_is_told_at_which_a_flight_cannot_be_on_its_leg(pairs: Pairs) -> None:
    found = told(pairs)
    meets = ~np.isnan(found.t_in_s)
    for leg, late_s in ((pairs.first, pairs.first_s), (pairs.second, pairs.second_s)):
        assert (found.t_in_s >= leg[:, 0, 0] - late_s)[meets].all()
        assert (found.t_out_s <= leg[:, 1, 0] + late_s)[meets].all()


def test_every_shift_alone_lies_within_what_is_told() -> None:
    pairs = drawn(300, 5)
    found, steps = told(pairs), np.linspace(-1.0, 1.0, 11)
    for first in steps:
        shift = np.multiply.outer(pairs.first_s, [first] * len(steps))
        t_in, t_out, distance = plain(pairs, shift, np.multiply.outer(pairs.second_s, steps))
        row, _ = np.nonzero(~np.isnan(t_in))
        meets = ~np.isnan(t_in)
        assert len(row) > 100
        assert (found.t_in_s[row] <= t_in[meets] + 1e-12).all()
        assert (found.t_out_s[row] >= t_out[meets] - 1e-12).all()
        assert (found.d_cpa_m[row] <= distance[meets] + 1e-9).all()


def test_without_uncertainty_it_is_the_plain_meeting() -> None:
    pairs = drawn(2000, 6, most_s=0.0)
    begins = np.maximum(pairs.first[:, 0, 0], pairs.second[:, 0, 0])
    ends = np.minimum(pairs.first[:, 1, 0], pairs.second[:, 1, 0])
    pairs = pairs.take(np.flatnonzero(begins < ends))
    count = len(pairs.first)
    columns = np.concatenate((pairs.first, pairs.second)).reshape(-1, 4).T
    a = np.arange(0, 2 * count, 2)
    expected = meet(
        columns, a, a + 2 * count,
        radius_m=pairs.radius_m, height_m=pairs.height_m, exact=False,
    )  # fmt: skip
    found = pairs.within()
    assert len(expected.rows) > 100
    assert len(expected.undecided) == 0
    np.testing.assert_array_equal(found.rows, expected.rows)
    for name in ("t_in_s", "t_out_s", "d_cpa_m"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=0.0, atol=1e-5, err_msg=name
        )
    # Wider by what the error takes, along slopes; never narrower, to the bit.
    assert (found.t_in_s <= expected.t_in_s).all()
    assert (found.t_out_s >= expected.t_out_s).all()
    # Where flights keep their distance for a while it may be had at another time; it is the same.
    rows = pairs.take(found.rows)
    apart = [
        ends[:, 0, 1:3] + (ends[:, 1] - ends[:, 0])[:, 1:3] * share[:, None]
        for ends in (rows.first, rows.second)
        for share in [(found.t_cpa_s - ends[:, 0, 0]) / (ends[:, 1] - ends[:, 0])[:, 0]]
    ]
    distance_m = np.hypot(*(apart[0] - apart[1]).T)
    np.testing.assert_allclose(distance_m, expected.d_cpa_m, rtol=0.0, atol=1e-5)


def test_more_uncertainty_only_widens() -> None:
    pairs = drawn(1000, 7)
    less = told(pairs)
    meets = ~np.isnan(less.t_in_s)
    for first_s, second_s in ((0.5, 0.0), (0.0, 3.0), (20.0, 20.0)):
        more = told(
            pairs._replace(first_s=pairs.first_s + first_s, second_s=pairs.second_s + second_s)
        )
        assert not np.isnan(more.t_in_s[meets]).any()
        assert (more.t_in_s <= less.t_in_s + 1e-12)[meets].all()
        assert (more.t_out_s >= less.t_out_s - 1e-12)[meets].all()
        assert (more.d_cpa_m <= less.d_cpa_m + 1e-9)[meets].all()


def exchanged(pairs: Pairs) -> Pairs:
    return Pairs(
        pairs.second, pairs.first, pairs.radius_m, pairs.height_m, pairs.second_s, pairs.first_s
    )


def moved(pairs: Pairs) -> Pairs:
    """Move everything to where the domain ends, by what float64 adds without rounding."""
    by = np.array([2.0**33 - 2.0**20, 2.0**21, -(2.0**21), 2.0**16])
    return pairs._replace(first=pairs.first + by, second=pairs.second + by)


def turned(pairs: Pairs) -> Pairs:
    """Turn by 90 degrees and upside down."""
    by = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, -1.0]])
    return pairs._replace(first=pairs.first @ by, second=pairs.second @ by)


@pytest.mark.parametrize(("change", "error"), [(exchanged, 1e-10), (turned, 1e-10), (moved, 1e-5)])
def test_it_is_the_same_seen_from_elsewhere(change: Callable[[Pairs], Pairs], error: float) -> None:
    pairs = drawn(1000, 8, grid=0.125)
    other, found = told(change(pairs)), told(pairs)
    later = 2.0**33 - 2.0**20 if change is moved else 0.0
    assert (~np.isnan(found.t_in_s)).sum() > 100
    for name in ("t_in_s", "t_out_s", "t_cpa_s"):
        expected = getattr(found, name) + later
        np.testing.assert_allclose(getattr(other, name), expected, rtol=0.0, atol=error)
    np.testing.assert_allclose(other.d_cpa_m, found.d_cpa_m, rtol=0.0, atol=1e-7)


def test_backwards_in_time_entry_is_exit() -> None:
    pairs = drawn(500, 9)
    back = np.array([-1.0, 1.0, 1.0, 1.0])
    found = told(pairs)
    other = told(
        pairs._replace(first=pairs.first[:, ::-1] * back, second=pairs.second[:, ::-1] * back)
    )
    np.testing.assert_allclose(-other.t_out_s, found.t_in_s, rtol=0.0, atol=1e-10)
    np.testing.assert_allclose(-other.t_in_s, found.t_out_s, rtol=0.0, atol=1e-10)


def test_a_leg_in_two_pieces_tells_the_same_and_the_pieces_overlap() -> None:
    pairs = drawn(1000, 10)
    middle = pairs.first.mean(axis=1, keepdims=True)
    whole = told(pairs)
    before = told(pairs._replace(first=np.concatenate((pairs.first[:, :1], middle), axis=1)))
    after = told(pairs._replace(first=np.concatenate((middle, pairs.first[:, 1:]), axis=1)))
    np.testing.assert_allclose(np.fmin(before.t_in_s, after.t_in_s), whole.t_in_s, atol=1e-7)
    np.testing.assert_allclose(np.fmax(before.t_out_s, after.t_out_s), whole.t_out_s, atol=1e-7)
    np.testing.assert_allclose(np.fmin(before.d_cpa_m, after.d_cpa_m), whole.d_cpa_m, atol=1e-7)
    both = ~np.isnan(before.t_in_s) & ~np.isnan(after.t_in_s)
    assert both.sum() > 50
    # To the bit, for they have to be one conflict: also where the first flight is never late.
    ends = np.minimum(before.t_out_s, after.t_out_s)
    assert (np.maximum(before.t_in_s, after.t_in_s) <= ends)[both].all()
    assert (pairs.first_s[both] == 0.0).any()


def test_the_answer_does_not_depend_on_what_is_looked_at_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = drawn(300, 11)
    whole = told(pairs)
    monkeypatch.setattr(uncertainty, "PAIRS_AT_ONCE", 7)
    for one_column, other in zip(whole, told(pairs), strict=True):
        np.testing.assert_array_equal(one_column, other)


ACROSS = ([[0, -1000, 0, 100], [200, 1000, 0, 100]], [[60, 0, -1000, 100], [260, 0, 1000, 100]])
"""Both at 10 m/s: over the origin at 100 s and at 160 s."""


def test_paths_that_cross_with_known_times() -> None:
    # In conflict while the first is planned at 95 to 105 s and the second at 155 to 165 s, each up
    # to 40 s off: the earliest is the second 40 s early, at 115 s; the latest the first, late.
    found = one(*ACROSS, first_s=40.0, second_s=40.0).within()
    assert found.t_in_s == pytest.approx([115.0], abs=1e-7)
    assert found.t_out_s == pytest.approx([145.0], abs=1e-7)
    assert found.t_cpa_s == pytest.approx([120.0], abs=1e-9)
    assert found.d_cpa_m == pytest.approx([0.0], abs=1e-9)
    # 60 s apart at the crossing, 53.0 s where they are 50 m apart: 50 * sqrt(2) / 10 less.
    nearest_s = 60.0 - 50.0 * 2.0**0.5 / 10.0
    assert len(one(*ACROSS, first_s=nearest_s - 1.001, second_s=1.0).within().rows) == 0
    found = one(*ACROSS, first_s=nearest_s - 0.999, second_s=1.0).within()
    assert found.d_cpa_m == pytest.approx([50.0], abs=0.01)


def test_hovers_at_one_place_after_one_another() -> None:
    first, second = [[0, 5, 5, 100], [10, 5, 5, 100]], [[30, 5, 8, 100], [50, 5, 8, 100]]
    found = one(first, second, first_s=5.0, second_s=20.0).within()
    assert found.t_in_s == pytest.approx([10.0], abs=1e-12)
    assert found.t_cpa_s == pytest.approx([10.0], abs=1e-12)
    assert found.t_out_s == pytest.approx([15.0], abs=1e-12)
    assert found.d_cpa_m == pytest.approx([3.0], abs=1e-12)
    # Twenty seconds lie between: no more than that is needed, and no less.
    found = one(first, second, first_s=5.0, second_s=15.0).within()
    assert found.t_in_s == pytest.approx([15.0], abs=1e-12)
    assert found.t_out_s == pytest.approx([15.0], abs=1e-12)
    assert len(one(first, second, first_s=5.0, second_s=14.999999).within().rows) == 0


def test_a_lift_meets_a_hover_while_it_is_within_the_height() -> None:
    lift, hover = [[0, 0, 0, 0], [100, 0, 0, 100]], [[0, 30, 40, 60], [300, 30, 40, 60]]
    found = one(lift, hover, first_s=10.0, second_s=0.0, radius_m=51.0).within()
    assert found.t_in_s == pytest.approx([35.0], abs=1e-6)
    assert found.t_out_s == pytest.approx([85.0], abs=1e-6)
    assert found.d_cpa_m == pytest.approx([50.0], abs=1e-12)
    assert found.inside.tolist() == [STARTS_INSIDE | ENDS_INSIDE]  # joined to what it touches
    assert len(one(lift, hover, first_s=10.0, second_s=0.0, radius_m=49.99).within().rows) == 0


@pytest.mark.parametrize(
    ("second_height_m", "meets"), [(115.0, False), (114.99, True), (85.0, False), (85.01, True)]
)
def test_heights_that_exactly_touch_are_clear(second_height_m: float, meets: bool) -> None:
    pairs = one(*ACROSS, first_s=40.0, second_s=40.0)
    pairs.second[..., Z] = second_height_m
    columns = np.concatenate((pairs.first, pairs.second)).reshape(-1, 4).T
    found = meet_within(
        columns, np.array([0]), np.array([2]), exact=True,
        radius_m=pairs.radius_m, height_m=pairs.height_m,
        first_uncertainty_s=pairs.first_s, second_uncertainty_s=pairs.second_s,
    )  # fmt: skip
    assert len(found.rows) == meets


def test_what_rounding_leaves_open_meets() -> None:
    # The same line, one second apart, and never nearer than the sum of the radii: touching.
    leg = [[0, 0, 0, 100], [100, 300, 400, 100]]
    ahead = [[0, 30, 40, 100], [100, 330, 440, 100]]
    for radius_m in (45.0, 45.0 - ERROR_M / 2.0):
        found = one(leg, ahead, first_s=1.0, second_s=0.0, radius_m=radius_m).within()
        assert found.d_cpa_m == pytest.approx([radius_m], abs=1e-11)
    assert len(one(leg, ahead, first_s=1.0, second_s=0.0, radius_m=44.99).within().rows) == 0


def test_uncertainties_that_just_bridge_the_time_between_flights_are_not_rounded_away() -> None:
    random = np.random.default_rng(13)
    ends, first_s, second_s = random.uniform(0.0, 1.0, (3, 500)).round(2)
    begins = []
    for terms in zip(ends, first_s, second_s, strict=True):
        latest = sum(map(Fraction, terms))
        begin = float(latest)
        begins.append(begin if Fraction(begin) <= latest else np.nextafter(begin, -np.inf))
    assert len(hovering(ends, np.array(begins), first_s, second_s).rows) == 500
    # Later by what rounding may hide, they may be told as an instant, never as less.
    found = hovering(ends, begins + 3.0 * np.spacing(begins), first_s, second_s)
    assert len(found.rows) > 0
    assert (found.t_in_s <= found.t_cpa_s).all()
    assert (found.t_cpa_s <= found.t_out_s).all()


def hovering(
    ends: FloatArray, begins: FloatArray, first_s: FloatArray, second_s: FloatArray
) -> Meetings:
    """Let flights hover at one place, until some time and from a later time on."""
    count = len(ends)
    hovers = np.full((2, count, 2, 4), 50.0)
    hovers[0, :, :, 0] = np.stack((ends - 1.0, ends), axis=1)
    hovers[1, :, :, 0] = np.stack((begins, begins + 1.0), axis=1)
    size = np.full(count, 10.0)
    return Pairs(hovers[0], hovers[1], size, size, first_s, second_s).within()


def test_flights_without_a_cylinder_never_meet() -> None:
    for radius_m, height_m in ((0.0, 15.0), (50.0, 0.0)):
        pairs = one(*ACROSS, first_s=40.0, second_s=40.0, radius_m=radius_m, height_m=height_m)
        assert len(pairs.within().rows) == 0


def test_no_pairs_no_meetings() -> None:
    found = drawn(10, 12).take(np.arange(0)).within()
    assert len(found.rows) == len(found.t_in_s) == len(found.undecided) == 0
