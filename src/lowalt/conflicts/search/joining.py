"""From meetings of legs to conflicts of flights."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray
from lowalt.conflicts.search import exact
from lowalt.conflicts.search.encounters import (
    ENCOUNTER,
    ENDS_IN_DOUBT,
    ENDS_INSIDE,
    STARTS_IN_DOUBT,
    STARTS_INSIDE,
    UNDECIDED,
    Encounters,
)
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import TrackArray


def joined(tracks: TrackArray, parts: Iterable[Encounters]) -> ConflictTable:
    """Join meetings of legs that continue one another into conflicts.

    What float64 could not decide is decided first: which legs meet, and for pairs with several
    meetings whether the flights are in conflict where one pair of legs follows another.

    Two meetings of one pair are one conflict where the second begins before the first has ended, or
    as it ends and the flights are in conflict at that instant. A meeting that is given twice counts
    once.
    """
    rows, order = _settled(tracks, np.concatenate([np.zeros(0, dtype=ENCOUNTER), *parts]))
    t_in, t_out, inside = (rows[name].take(order) for name in ("t_in_s", "t_out_s", "inside"))
    same = _of_one_pair(rows, order)
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
    begin = np.flatnonzero(np.concatenate(([True], ~goes_on))[: len(order)])
    end = np.append(begin[1:], len(order))[: len(begin)] - 1
    near = _nearest(rows["d_cpa_m"].take(order), rows["t_cpa_s"].take(order), begin)
    first, nearest, last = order.take(begin), order.take(near), order.take(latest.take(end))

    def both(one: str, other: str, at: IntArray) -> NDArray[np.int32]:
        columns: NDArray[np.int32] = np.column_stack((rows[one].take(at), rows[other].take(at)))
        return columns

    return ConflictTable(
        tracks=tracks,
        pairs=both("first", "second", first).astype(np.intp),
        t_in_s=rows["t_in_s"].take(first),
        t_out_s=rows["t_out_s"].take(last),
        t_cpa_s=rows["t_cpa_s"].take(nearest),
        d_cpa_m=rows["d_cpa_m"].take(nearest),
        legs_in=both("first_leg", "second_leg", first),
        legs_cpa=both("first_leg", "second_leg", nearest),
        legs_out=both("first_leg", "second_leg", last),
    )


def _settled(tracks: TrackArray, rows: Encounters) -> tuple[Encounters, IntArray]:
    """Decide exactly what float64 left open and what matters; give meetings and their order."""
    undecided = rows["inside"] == UNDECIDED
    if undecided.any():
        rows = np.concatenate(
            (rows.compress(~undecided), exact.settle(tracks, rows.compress(undecided)))
        )
    order = _without_repeats(rows, _in_order(rows))
    inside = rows["inside"].take(order)
    doubt = np.flatnonzero((inside & (STARTS_IN_DOUBT | ENDS_IN_DOUBT)) != 0)
    if len(doubt):
        same = _of_one_pair(rows, order)
        chosen = order.take(doubt.compress(_either(same).take(doubt)))
        rows[chosen] = exact.settle_ends(tracks, rows.take(chosen))
    return rows, order


def _without_repeats(rows: Encounters, order: IntArray) -> IntArray:
    """Leave out meetings of the same legs as the one before."""
    before = np.flatnonzero(_of_one_pair(rows, order))
    one, other = order.take(before), order.take(before + 1)
    repeats = np.ones(len(before), dtype=bool)
    for leg in ("first_leg", "second_leg"):
        repeats &= rows[leg].take(one) == rows[leg].take(other)
    return np.delete(order, before.compress(repeats) + 1)


def _of_one_pair(rows: Encounters, order: IntArray) -> BoolArray:
    """Tell, in order, which rows are of the flights of the row before, from the second on."""
    first, second = rows["first"].take(order), rows["second"].take(order)
    same: BoolArray = (first[1:] == first[:-1]) & (second[1:] == second[:-1])
    return same


def _in_order(rows: Encounters) -> IntArray:
    """Sort by flights and then by time; most pairs have one row, and nothing more to sort."""
    pair = (rows["first"].astype(np.int64) << 32) | rows["second"]
    order = np.argsort(pair)
    several = np.flatnonzero(_either(np.diff(pair.take(order)) == 0))
    chosen = order.take(several)
    pairs, t_in = pair.take(chosen), rows["t_in_s"].take(chosen)
    within = np.lexsort((t_in, pairs))
    # Few begin at one instant; only they are sorted by all there is.
    at_once = (np.diff(pairs.take(within)) == 0) & (np.diff(t_in.take(within)) == 0.0)
    tied = np.flatnonzero(_either(at_once))
    rest = within.take(tied)
    keys = (rows[key].take(chosen.take(rest)) for key in ("second_leg", "first_leg", "t_out_s"))
    within[tied] = rest.take(np.lexsort((*keys, t_in.take(rest), pairs.take(rest))))
    order[several] = chosen.take(within)
    return order


def _either(same: BoolArray) -> BoolArray:
    """Tell which rows are the same as the one before or the one after."""
    either: BoolArray = np.concatenate(([False], same)) | np.concatenate((same, [False]))
    return either


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
