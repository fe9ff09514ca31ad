"""Decisions in exact arithmetic, for the few that float64 cannot take.

Signs decide nearly all of them at once (:mod:`lowalt.conflicts.search.signs`): which legs only
touch, and whether flights are in conflict where legs begin and end. What is left, and when legs
meet, is found in whole numbers, pair by pair (:mod:`lowalt.conflicts.search.whole_numbers`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lowalt.conflicts.arrays import IntArray, T
from lowalt.conflicts.search.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters
from lowalt.conflicts.search.signs import Both, Ways, can_be_told
from lowalt.conflicts.search.whole_numbers import Relative
from lowalt.conflicts.tracks import TrackArray

_AT_ONCE: Final = 1 << 10
"""Pairs decided together: their columns stay in the cache of a core."""


def settle(tracks: TrackArray, pairs: Encounters) -> Encounters:
    """Decide whether legs meet.

    Parameters
    ----------
    tracks
        The flights.
    pairs
        Flights, and the numbers of the legs within them.

    Returns
    -------
    numpy.ndarray
        Those that meet, in the order given, with times and flags.
    """
    open_ = np.ones(len(pairs), dtype=bool)
    for rows, ways in _ways(tracks, pairs):
        open_[rows] = ~ways.are_clear()
    pairs = pairs.compress(open_)
    found = np.zeros(len(pairs), dtype=ENCOUNTER)
    count = 0
    for flights, legs in _one_by_one(pairs):
        met = Relative.of(tracks, flights, legs).meeting()
        if met is not None:
            *numbers, inside = met
            found[count] = (*numbers, *flights, *legs, inside)
            count += 1
    return found[:count]


def settle_ends(tracks: TrackArray, met: Encounters) -> Encounters:
    """Decide, of legs that meet, whether flights are in conflict as both begin and as one ends.

    Returns
    -------
    numpy.ndarray
        The same, with flags that leave nothing in doubt. What goes on beyond the legs begins and
        ends with them, to the bit.
    """
    inside = np.zeros((2, len(met)), dtype=bool)
    left = np.ones(len(met), dtype=bool)
    for rows, ways in _ways(tracks, met):
        inside[:, rows] = ways.conflict_at_ends()
        left[rows] = False
    for row, (flights, legs) in zip(
        np.flatnonzero(left).tolist(), _one_by_one(met.compress(left)), strict=True
    ):
        seen = Relative.of(tracks, flights, legs)
        inside[:, row] = seen.is_inside(0), seen.is_inside(seen.duration)
    times = tracks.vertices[:, T]
    _, (a, b) = _flights_and_begins(tracks, met)
    settled = met.copy()
    settled["t_in_s"] = np.where(inside[0], np.maximum(times[a], times[b]), met["t_in_s"])
    settled["t_out_s"] = np.where(inside[1], np.minimum(times[a + 1], times[b + 1]), met["t_out_s"])
    settled["inside"] = inside[0] * STARTS_INSIDE + inside[1] * ENDS_INSIDE
    return settled


def _ways(tracks: TrackArray, pairs: Encounters) -> Iterator[tuple[IntArray, Ways]]:
    """Give rows of pairs of which signs can be told, some at a time, and the ways to ask."""
    (one, other), (a, b) = _flights_and_begins(tracks, pairs)
    told = np.flatnonzero(can_be_told(tracks, (one, other), (a, b)))
    for start in range(0, len(told), _AT_ONCE):
        rows = told[start : start + _AT_ONCE]
        yield rows, Ways.of(tracks, (one[rows], other[rows]), (a[rows], b[rows]))


def _flights_and_begins(tracks: TrackArray, pairs: Encounters) -> tuple[Both, Both]:
    """Give the flights of pairs, and the vertices that their legs begin at."""
    one, other = (pairs[name].astype(np.intp) for name in ("first", "second"))
    return (one, other), (
        tracks.offsets.take(one) + pairs["first_leg"],
        tracks.offsets.take(other) + pairs["second_leg"],
    )


def _one_by_one(pairs: Encounters) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Give the flights and the legs of pairs."""
    names = ("first", "second", "first_leg", "second_leg")
    columns = (pairs[name].tolist() for name in names)
    for first, second, first_leg, second_leg in zip(*columns, strict=True):
        yield (first, second), (first_leg, second_leg)
