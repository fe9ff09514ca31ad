"""The shipped scenarios: the same everywhere, and how many pairs of flights conflict in each."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from lowalt import InvalidInputError
from lowalt.conflicts import TrackArray
from lowalt.conflicts.detection import detect_conflicts
from lowalt.conflicts.scenarios import Kind, scenario
from lowalt.conflicts.tracks import IntArray

KINDS: tuple[Kind, ...] = get_args(Kind)


def pairs_by_brute_force(tracks: TrackArray) -> set[tuple[int, int]]:
    """Every pair of legs: boxes that are clearly apart are passed over, the rest are fractions."""
    v, offsets = tracks.vertices, tracks.offsets
    counts = np.diff(offsets) - 1
    flight = np.repeat(np.arange(len(tracks)), counts)
    begin = np.arange(len(flight)) + flight
    radii = np.array([tracks.horizontal_radius_m] * 2 + [tracks.vertical_radius_m]).T
    grown = np.column_stack((np.zeros(len(tracks)), radii + 0.001))[flight]
    low = (np.minimum(v[begin], v[begin + 1]) - grown).T.copy()
    high = (np.maximum(v[begin], v[begin + 1]) + grown).T.copy()
    pairs: set[tuple[int, int]] = set()
    for leg in range(len(flight)):
        later = slice(leg + 1, None)
        near = flight[later] != flight[leg]
        for axis in range(4):
            near &= low[axis, later] <= high[axis, leg]
            near &= high[axis, later] >= low[axis, leg]
        for other in (np.flatnonzero(near) + leg + 1).tolist():
            pair = (int(flight[leg]), int(flight[other]))
            if pair not in pairs and legs_meet(tracks, pair, begin[leg], begin[other]):
                pairs.add(pair)
    return pairs


def legs_meet(tracks: TrackArray, pair: tuple[int, int], a: int, b: int) -> bool:
    """Whether two legs are ever inside the cylinders, in rationals and without a root.

    While the flights are within height, a convex parabola tells the square of their distance: it
    is below that of the radius somewhere if and only if it is where it is least.
    """
    first, second = ([list(map(Fraction, row)) for row in tracks.vertices[k : k + 2].tolist()] for k in (a, b))
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
