"""The sweep in numpy: stretch by stretch, in arrays that fit in a cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray
from lowalt.conflicts.search.encounters import ENCOUNTER, UNDECIDED, Encounters, Meetings, meet
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.passages import passages, wide_passages
from lowalt.conflicts.search.screening import LegPairs, leg_pairs, touching
from lowalt.conflicts.search.stretches import Stretch, stretches
from lowalt.conflicts.search.uncertainty import meet_within
from lowalt.conflicts.tracks import TrackArray

PASSAGES_AT_ONCE: Final = 120_000
"""Passages screened together: of more, arrays are too long for the cache and for malloc's heap."""

PAIRS_AT_ONCE: Final = 1 << 15
"""Pairs looked at together: their columns stay in the cache of a core."""

_MEASURES = ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside")


def sweep(
    tracks: TrackArray,
    grid: Grid,
    *,
    passages_at_once: int = PASSAGES_AT_ONCE,
    pairs_at_once: int = PAIRS_AT_ONCE,
) -> Iterator[tuple[float, Encounters]]:
    """Find the meetings of legs; those that float64 cannot decide are marked ``UNDECIDED``.

    Yields
    ------
    tuple
        The share of the passages that is done, and what was found among the next pairs.
    """
    for done, stretch in stretches(tracks, grid, passages=passages_at_once):
        p = (wide_passages if stretch.is_uncertain else passages)(stretch, grid)
        touched = touching(p, grid, at_once=pairs_at_once)
        for pairs in leg_pairs(stretch, p, touched, at_once=pairs_at_once):
            yield done, _meetings(tracks.vertices, stretch, grid, pairs)


def _meetings(vertices: FloatArray, stretch: Stretch, grid: Grid, pairs: LegPairs) -> Encounters:
    """Find the meetings of pairs of legs, each in the slab in which it begins."""
    met = _met(vertices, stretch, pairs)
    home = np.flatnonzero(grid.slab(met.t_in_s) == pairs.slab.take(met.rows))
    doubt = np.flatnonzero(grid.slab(met.undecided_s) == pairs.slab.take(met.undecided))
    rows = np.concatenate((met.rows.take(home), met.undecided.take(doubt)))
    found = np.zeros(len(rows), dtype=ENCOUNTER)
    for name in _MEASURES:
        found[name][: len(home)] = getattr(met, name).take(home)
    found["t_in_s"][len(home) :] = met.undecided_s.take(doubt)
    found["inside"][len(home) :] = UNDECIDED
    for flights, begins, flight, leg in (
        (pairs.first.take(rows), pairs.a, "first", "first_leg"),
        (pairs.second.take(rows), pairs.b, "second", "second_leg"),
    ):
        found[flight] = stretch.flights.take(flights)
        passed = stretch.skipped.take(flights) - stretch.offsets.take(flights)
        found[leg] = begins.take(rows) + passed
    return found


def _met(vertices: FloatArray, stretch: Stretch, pairs: LegPairs) -> Meetings:
    """Find the meetings of legs; flights that may be early or late have a closed form of theirs."""
    radius_m, height_m = (
        (size.take(pairs.first) + size.take(pairs.second)) + stretch.tolerance_m
        for size in (stretch.horizontal_radius_m, stretch.vertical_radius_m)
    )
    exact = stretch.exact_radii.take(pairs.first) & stretch.exact_radii.take(pairs.second)
    columns, a, b = _legs(vertices, stretch, pairs)
    if not stretch.is_uncertain:
        return meet(columns, a, b, radius_m=radius_m, height_m=height_m, exact=exact)
    first_s, second_s = (
        stretch.time_uncertainty_s.take(one) for one in (pairs.first, pairs.second)
    )
    is_late = first_s + second_s > 0.0
    late, punctual = np.flatnonzero(is_late), np.flatnonzero(~is_late)
    plain = meet(
        columns, a.take(punctual), b.take(punctual),
        radius_m=radius_m.take(punctual), height_m=height_m.take(punctual),
        exact=exact.take(punctual),
    )  # fmt: skip
    wide = meet_within(
        columns, a.take(late), b.take(late),
        radius_m=radius_m.take(late), height_m=height_m.take(late), exact=exact.take(late),
        first_uncertainty_s=first_s.take(late), second_uncertainty_s=second_s.take(late),
    )  # fmt: skip
    return Meetings(
        rows=np.concatenate((punctual.take(plain.rows), late.take(wide.rows))),
        undecided=punctual.take(plain.undecided),
        undecided_s=plain.undecided_s,
        **{name: np.concatenate((getattr(plain, name), getattr(wide, name))) for name in _MEASURES},
    )


def _legs(
    vertices: FloatArray, stretch: Stretch, pairs: LegPairs
) -> tuple[FloatArray, IntArray, IntArray]:
    """Give the vertices of all legs as columns, and where the legs begin among them."""
    a = pairs.a + stretch.ahead.take(pairs.first)
    b = pairs.b + stretch.ahead.take(pairs.second)
    rows = np.repeat(np.concatenate((a, b)), 2)
    rows[1::2] += 1
    numbers = np.arange(0, len(rows), 2)
    columns = np.ascontiguousarray(vertices.take(rows, axis=0).T)
    return columns, numbers[: len(a)], numbers[len(a) :]
