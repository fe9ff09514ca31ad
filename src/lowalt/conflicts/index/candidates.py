"""Which accepted flights new ones may meet: those in the same cells, and among those added last.

Accepted flights are looked for passage by passage of a slab: only where boxes touch are legs of
interest, and which those are a passage says.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import IntArray
from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.latest import Latest, sides_of
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.passages import Passages, passages
from lowalt.conflicts.index.rows import each_once
from lowalt.conflicts.tracks import TrackArray

_SIGNS: Final = np.array([1, 1, 1, -1, -1, -1], dtype=np.float32)
_TURNED: Final = np.array([3, 4, 5, 0, 1, 2])
"""Boxes as low corner and high one negated; they touch where no sum with a turned one is over 0."""

_NO_ROWS: Final = np.zeros(0, dtype=np.intp)


class Candidates(NamedTuple):
    """Pairs of flights that may meet: which legs of each, by the vertices that they begin at."""

    accepted: IntArray
    asked: IntArray
    first_leg: IntArray
    last_leg: IntArray
    asked_first_leg: IntArray
    asked_last_leg: IntArray
    slab: IntArray

    def take(self, rows: IntArray) -> Candidates:
        """Give some of them."""
        return Candidates(*(column.take(rows) for column in self))


def in_cells(level: Level, version: int, tracks: TrackArray) -> Candidates | None:
    """Find passages of accepted flights whose boxes touch those of new ones, each pair once."""
    cut = passages(tracks, level.layout, tracks.tolerance_m)
    passage, many = _entries(level, cut)
    if not len(passage):
        return None
    sums = level.boxes.take(passage, axis=0)
    sums *= _SIGNS
    sums += (cut.boxes * _SIGNS).take(_TURNED, axis=1).repeat(many, axis=0)
    kept = (sums.max(axis=1) <= 0.0).nonzero()[0]
    if not len(kept):
        return None
    own = np.arange(len(cut)).repeat(many).take(kept)
    pair = own * len(level.boxes) + passage.take(kept)
    if len(kept) > 1:  # a pair of passages may share several cells
        pair = each_once(pair)
    own = pair // len(level.boxes)
    passage = pair - own * len(level.boxes)
    accepted, first_leg, last_leg = level.links.take(passage, axis=0).T.astype(np.intp)
    asked, asked_first_leg, asked_last_leg = cut.links.take(own, axis=0).T.astype(np.intp)
    begins, ends = ends_of(level.flights, accepted)
    if not ((begins <= first_leg) & (first_leg <= last_leg) & (last_leg <= ends)).all():
        raise IndexError("legs of another flight")  # only in a damaged file
    found = Candidates(
        accepted,
        asked,
        first_leg,
        last_leg,
        asked_first_leg,
        asked_last_leg,
        cut.slab.take(own).astype(np.intp),
    )
    gone = level.flights.gone.take(accepted)
    return found.take(np.flatnonzero((gone == 0) | (gone > version))) if gone.any() else found


def _entries(level: Level, cut: Passages) -> tuple[IntArray, IntArray]:
    """Give the entries of all cells that passages reach, and how many of them are for each.

    Cells are counted one by one: a flight has a dozen rows of them, for which that is faster.
    """
    layout, where = level.layout, level.starts.item
    entered, many = [], []
    for slab, west, south, east, north in zip(
        cut.slab.tolist(), *layout.cells(cut.boxes).tolist(), strict=True
    ):
        count = 0
        for row in range(south, north + 1):
            place = layout.place_at(slab, row)
            begin, end = where(place + west), where(place + east + 1)
            if begin < end:
                entered.append(level.entries[begin:end])
                count += end - begin
        many.append(count)
    if not entered:
        return _NO_ROWS, _NO_ROWS
    return np.concatenate(entered, dtype=np.intp), np.array(many)


def among(latest: Latest, count: int, version: int, tracks: TrackArray) -> Candidates | None:
    """Find flights accepted last whose boxes touch those of new ones."""
    if not count:
        return None
    sides = latest.sides[:, :count]
    found, asked = [], []
    for number, own in enumerate(sides_of(tracks, tracks.tolerance_m).T):
        # By time alone most are told.
        rows = ((sides[0] <= own[1]) & (sides[1] >= own[0])).nonzero()[0]
        places, low, high = sides[2:].take(rows, axis=1), own[2::2, None], own[3::2, None]
        touch = ((places[::2] <= high) & (places[1::2] >= low)).all(axis=0)
        gone = latest.gone.take(rows)
        rows = rows.compress(touch & ((gone == 0) | (gone > version)))
        if len(rows):
            found.append(rows)
            asked.append(np.full(len(rows), number, dtype=np.intp))
    if not found:
        return None
    accepted, of = np.concatenate(found), np.concatenate(asked)
    return Candidates(
        accepted,
        of,
        *ends_of(latest, accepted),
        *ends_of(tracks, of),
        np.zeros(len(accepted), dtype=np.intp),
    )


def ends_of(flights: Flights, numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Give where the first leg of flights begins, and where the last one does."""
    return flights.offsets.take(numbers), flights.offsets.take(numbers + 1) - 2
