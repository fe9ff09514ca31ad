"""The sweep in numpy: stretch by stretch, in arrays that fit in a cache."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lowalt.conflicts.encounters import ENCOUNTER, UNDECIDED, Encounters, meet
from lowalt.conflicts.grid import Grid
from lowalt.conflicts.screening import Passages, leg_pairs, passages, touching
from lowalt.conflicts.stretches import Stretch, stretches
from lowalt.conflicts.tracks import IntArray, TrackArray

PASSAGES_AT_ONCE: Final = 400_000
"""Passages that are screened together: more of them cost memory and gain nothing."""

PAIRS_AT_ONCE: Final = 1 << 15
"""Pairs looked at together: their columns stay in the cache of a core."""


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
    exact = tracks.has_exact_radii
    for done, stretch in stretches(tracks, grid, passages=passages_at_once):
        p = passages(stretch, grid)
        for one, other in touching(p, grid, at_once=pairs_at_once):
            for pair, a, b in leg_pairs(stretch, p, one, other, at_once=pairs_at_once):
                yield (
                    done,
                    _meetings(
                        stretch, grid, p, one.take(pair), other.take(pair), a, b, exact=exact
                    ),
                )


def _meetings(
    stretch: Stretch,
    grid: Grid,
    p: Passages,
    one: IntArray,
    other: IntArray,
    a: IntArray,
    b: IntArray,
    *,
    exact: bool,
) -> Encounters:
    """Find the meetings of pairs of legs, each in the slab in which it begins.

    Parameters
    ----------
    one, other
        Numbers of the passages that the legs belong to, ``(N,)``.
    a, b
        Numbers of the vertices that the legs begin at, ``(N,)``.
    """
    first, second = p.flight.take(one), p.flight.take(other)
    radius_m, height_m = (
        (size.take(first) + size.take(second)) + stretch.tolerance_m
        for size in (stretch.horizontal_radius_m, stretch.vertical_radius_m)
    )
    met = meet(stretch.columns, a, b, radius_m=radius_m, height_m=height_m, exact=exact)
    home = np.flatnonzero(grid.slab(met.t_in_s) == p.slab.take(one.take(met.rows)))
    certain = met.rows.take(home)
    found = np.zeros(len(certain) + len(met.undecided), dtype=ENCOUNTER)
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside"):
        found[name][: len(certain)] = getattr(met, name).take(home)
    found["inside"][len(certain) :] = UNDECIDED
    rows = np.concatenate((certain, met.undecided))
    for flights, begins, flight, leg in (
        (first.take(rows), a, "first", "first_leg"),
        (second.take(rows), b, "second", "second_leg"),
    ):
        found[flight] = stretch.flights.take(flights)
        passed = stretch.skipped.take(flights) - stretch.offsets.take(flights)
        found[leg] = begins.take(rows) + passed
    return found
