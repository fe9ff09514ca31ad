"""From meetings of legs to conflicts of flights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts import exact
from lowalt.conflicts.encounters import (
    ENCOUNTER,
    ENDS_IN_DOUBT,
    ENDS_INSIDE,
    STARTS_IN_DOUBT,
    STARTS_INSIDE,
    UNDECIDED,
    Encounters,
)
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import BoolArray, FloatArray, IntArray, TrackArray


def joined(tracks: TrackArray, parts: Sequence[Encounters]) -> ConflictTable:
    """Join meetings of legs that continue one another into conflicts.

    What float64 could not decide is decided first: which legs meet, and for pairs with several
    meetings whether the flights are in conflict where one pair of legs follows another.

    Two meetings of one pair are one conflict where the second begins before the first has ended, or
    as it ends and the flights are in conflict at that instant. A meeting that is given twice counts
    once.
    """
    rows = _settled(tracks, np.concatenate(parts) if parts else np.zeros(0, dtype=ENCOUNTER))
    if not len(rows):
        return _table(tracks, rows, rows, rows)
    t_in, t_out, inside = rows["t_in_s"], rows["t_out_s"], rows["inside"]
    same = _of_one_pair(rows)
    latest = _latest(t_out, same)
    until = t_out.take(latest)
    goes_on = same & (
        (t_in[1:] < until[:-1])
        | (
            (t_in[1:] == until[:-1])
            & ((inside[1:] & STARTS_INSIDE) != 0)
            & ((inside[:-1] & ENDS_INSIDE) != 0)
        )
    )
    begin = np.flatnonzero(np.concatenate(([True], ~goes_on)))
    end = np.append(begin[1:], len(rows)) - 1
    near = _nearest(rows["d_cpa_m"], rows["t_cpa_s"], begin)
    return _table(tracks, rows.take(begin), rows.take(near), rows.take(latest.take(end)))


def _settled(tracks: TrackArray, rows: Encounters) -> Encounters:
    """Sort meetings, and decide exactly those that float64 left open and that matter."""
    undecided = rows["inside"] == UNDECIDED
    if undecided.any():
        rows = np.concatenate(
            (rows.compress(~undecided), exact.settle(tracks, rows.compress(undecided)))
        )
    rows = rows.take(_in_order(rows))
    doubt = np.flatnonzero((rows["inside"] & (STARTS_IN_DOUBT | ENDS_IN_DOUBT)) != 0)
    if len(doubt):
        same = _of_one_pair(rows)
        several = np.concatenate(([False], same)) | np.concatenate((same, [False]))
        doubt = doubt.compress(several.take(doubt))
        rows[doubt] = exact.settle(tracks, rows.take(doubt))
    return rows


def _of_one_pair(rows: Encounters) -> BoolArray:
    """Tell which rows are of the same flights as the row before, from the second on."""
    first, second = rows["first"], rows["second"]
    same: BoolArray = (first[1:] == first[:-1]) & (second[1:] == second[:-1])
    return same


def _in_order(rows: Encounters) -> IntArray:
    """Sort by flights and then by time; most pairs have one row, and nothing more to sort."""
    pair = (rows["first"].astype(np.int64) << 32) | rows["second"]
    order = np.argsort(pair)
    same = np.diff(pair.take(order)) == 0
    several = np.flatnonzero(np.concatenate((same, [False])) | np.concatenate(([False], same)))
    chosen = order.take(several)
    keys = ("second_leg", "first_leg", "t_out_s", "t_in_s")
    within = np.lexsort((*(rows[key].take(chosen) for key in keys), pair.take(chosen)))
    order[several] = chosen.take(within)
    return order


def _latest(t_out: FloatArray, same: BoolArray) -> IntArray:
    """Give for each row the one of its pair, up to it, that ends last."""
    number = np.arange(len(t_out))
    if not (same & (t_out[1:] < t_out[:-1])).any():  # legs follow one another
        return number
    by_end = np.argsort(t_out, kind="stable")
    rank = np.empty_like(by_end)
    rank[by_end] = number
    pair = np.concatenate(([0], np.cumsum(~same)))
    return by_end.take(np.maximum.accumulate(pair * len(rank) + rank) % len(rank))


def _nearest(distance: FloatArray, time: FloatArray, begin: IntArray) -> IntArray:
    """Give for each run of rows the one of least distance, and of those the earliest."""
    size = np.diff(begin, append=len(distance))
    least = distance == np.repeat(np.minimum.reduceat(distance, begin), size)
    time = np.where(least, time, np.inf)
    first = np.flatnonzero(time == np.repeat(np.minimum.reduceat(time, begin), size))
    return first.take(np.searchsorted(first, begin))


def _table(
    tracks: TrackArray, head: Encounters, near: Encounters, tail: Encounters
) -> ConflictTable:
    def both(rows: Encounters, first: str, second: str) -> NDArray[np.int32]:
        columns: NDArray[np.int32] = np.column_stack((rows[first], rows[second]))
        return columns

    return ConflictTable(
        tracks=tracks,
        pairs=both(head, "first", "second").astype(np.intp),
        t_in_s=head["t_in_s"].copy(),
        t_out_s=tail["t_out_s"].copy(),
        t_cpa_s=near["t_cpa_s"].copy(),
        d_cpa_m=near["d_cpa_m"].copy(),
        legs_in=both(head, "first_leg", "second_leg"),
        legs_cpa=both(near, "first_leg", "second_leg"),
        legs_out=both(tail, "first_leg", "second_leg"),
    )
