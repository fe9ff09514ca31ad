"""Meetings of legs whose flights may be early or late, against plain meetings of shifted flights.

A flight that is late by ``x`` has the vertices of its plan, ``x`` later. So the real times at which
two flights may be in conflict are those of plain conflicts, over all pairs of shifts. The oracle
here solves the plain case in its own way and searches the shifts for the earliest and the latest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from lowalt.conflicts import uncertainty
from lowalt.conflicts.encounters import Meetings, meet
from lowalt.conflicts.tracks import ERROR_M, X, Y, Z
from lowalt.conflicts.uncertainty import meet_within

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
        vertices = np.concatenate((pairs.first, pairs.second)).reshape(-1, 4)
        a = np.arange(0, 2 * count, 2)
        return meet_within(
            vertices, a, a + 2 * count, exact=False,
            radius_m=pairs.radius_m, height_m=pairs.height_m,
            first_uncertainty_s=pairs.first_s, second_uncertainty_s=pairs.second_s,
        )  # fmt: skip

    def take(self, rows: NDArray[np.intp]) -> Pairs:
        return Pairs(*(column[rows] for column in self))


def one(
    first: list[list[float]], second: list[list[float]], *, first_s: float, second_s: float,
    radius_m: float = 50.0, height_m: float = 15.0,
) -> Pairs:  # fmt: skip
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
        low, high = (np.sort([(-height - z) / w, (height - z) / w], axis=0))
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
