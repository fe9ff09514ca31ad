"""Which pairs of legs may meet at all: time slabs, strips and sorted runs.

Time is cut into slabs. The part of a flight within a slab, its *passage*, has a box, grown by the
flight's own cylinder: two flights that meet have passages of one slab whose boxes touch. The plane
is cut into strips along x. A passage is entered in every strip that its box touches; entries are
sorted by slab, strip and western edge, all in one integer, so that those that one entry can touch
are the run from it to the last that begins before its eastern edge. A pair that shares several
strips is taken in the first that it shares, so nothing is looked at twice.

How long a slab and how wide a strip are decides how long screening takes, never what is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.stretches import Stretch
from lowalt.conflicts.tracks import BoolArray, FloatArray, IntArray, T, X, Y, Z, runs

Float32Array = NDArray[np.float32]
Int32Array = NDArray[np.int32]

_X_BITS = 15
"""Bits of a key that tell western edges apart, where there are so many."""

_KEY_BITS = 63

_FEW_PAIRS = 1024
"""Pairs of the legs of two passages that are cheaper dropped than looked for."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Flights within slabs.

    Attributes
    ----------
    slab, flight
        Number of the slab, and of the flight, ``(P,)`` int32 each.
    begin, end
        Numbers of the vertices that the first and the last leg touched begin at, ``(P,)`` each.
    west, south, bottom, east, north, top
        Box of each, from the corner of the grid, grown, ``(P,)`` float32 each.
    """

    slab: Int32Array
    flight: Int32Array
    begin: IntArray
    end: IntArray
    west: Float32Array
    south: Float32Array
    bottom: Float32Array
    east: Float32Array
    north: Float32Array
    top: Float32Array

    def __len__(self) -> int:
        return len(self.slab)

    def take(self, rows: IntArray) -> Passages:
        """Give some of them."""
        return Passages(*(getattr(self, name).take(rows) for name in self.__slots__))


def passages(stretch: Stretch, grid: Grid) -> Passages:
    """Cut the legs of some flights by the slabs that they were chosen for."""
    columns, offsets = stretch.columns, stretch.offsets
    first_slab, after_slab = stretch.slabs
    t = columns[T]
    slab_of = np.clip(grid.slab(t), first_slab - 1, after_slab)
    first, last = slab_of[offsets[:-1]], slab_of[offsets[1:] - 1]
    count = (last - first + 1).astype(np.intp)
    base = np.zeros(len(count) + 1, dtype=np.intp)
    np.cumsum(count, out=base[1:])
    total = int(base[-1])
    # Passage n is slab n + shift of its flight; vertices count into theirs without a search.
    shift = base[:-1] - first
    holder = slab_of + np.repeat(shift, np.diff(offsets))
    vertex = np.zeros(total + 1, dtype=np.intp)  # first vertex within each passage
    np.cumsum(np.bincount(holder, minlength=total), out=vertex[1:])
    slab = np.arange(total, dtype=np.int32)
    slab -= np.repeat(shift.astype(np.int32), count)
    begins, ends = np.zeros(total, dtype=bool), np.zeros(total, dtype=bool)
    begins[base[:-1]] = True
    ends[base[1:] - 1] = True
    begin = vertex[:-1] - ~begins  # the leg under way when the slab begins
    end = np.maximum(vertex[1:] - 1 - ends, begin)
    inner = np.flatnonzero(vertex[1:] > vertex[:-1])  # passages with vertices of their own
    t_begin = t.take(begin)
    share = (grid.epoch_s + slab * grid.slab_s - t_begin) / (t.take(begin + 1) - t_begin)
    share[begins] = 0.0
    flight = np.repeat(np.arange(len(count), dtype=np.int32), count)
    kept = np.flatnonzero((slab >= first_slab) & (slab < after_slab))
    horizontal, vertical = (
        (radius_m + (stretch.tolerance_m + grid.pad_m)).take(flight.take(kept))
        for radius_m in (stretch.horizontal_radius_m, stretch.vertical_radius_m)
    )
    boxes = []
    for column, corner, grown in (
        (X, grid.west_m, horizontal),
        (Y, grid.south_m, horizontal),
        (Z, grid.floor_m, vertical),
    ):
        at = columns[column]
        entry = at.take(begin)
        entry += (at.take(begin + 1) - entry) * share
        exit_ = np.empty_like(entry)
        exit_[:-1] = entry[1:]
        exit_[base[1:] - 1] = at.take(offsets[1:] - 1)
        low, high = np.minimum(entry, exit_) - corner, np.maximum(entry, exit_) - corner
        if len(inner):
            # Positive floats are in the order of their bits, and whole numbers are compared faster.
            bits = (at - corner).astype(np.float32).view(np.int32)
            for edge, bound in ((low, np.minimum), (high, np.maximum)):
                extreme = bound.reduceat(bits, vertex[inner]).view(np.float32)
                edge[inner] = bound(edge.take(inner), extreme)
        boxes.append((low.take(kept) - grown).astype(np.float32))
        boxes.append((high.take(kept) + grown).astype(np.float32))
    west, east, south, north, bottom, top = boxes
    return Passages(
        slab.take(kept), flight.take(kept), begin.take(kept), end.take(kept),
        west, south, bottom, east, north, top,
    )  # fmt: skip


def wide_passages(stretch: Stretch, grid: Grid) -> Passages:
    """Cut flights that may be early or late: whatever they may be at in a slab belongs to it.

    Legs are taken whole, so boxes are larger than need be; neighbouring slabs share legs.
    """
    columns, offsets, late_s = stretch.columns, stretch.offsets, stretch.time_uncertainty_s
    first_slab, after_slab = stretch.slabs
    owner = np.repeat(np.arange(len(late_s)), np.diff(offsets))
    earliest, latest = (
        np.clip(grid.slab(columns[T] + side * late_s[owner]), first_slab - 1, after_slab)
        for side in (-1.0, 1.0)
    )
    first = np.maximum(earliest[offsets[:-1]], first_slab)
    count = np.minimum(latest[offsets[1:] - 1], after_slab - 1) - first + 1
    slab, base = runs(first.astype(np.intp), np.maximum(count, 0).astype(np.intp))
    flight = np.repeat(np.arange(len(late_s)), np.diff(base))
    # Slabs counted through all flights increase from vertex to vertex.
    span = after_slab - first_slab + 2
    asked = flight * span + slab
    passed = np.searchsorted(owner * span + latest, asked, side="left")
    reached = np.searchsorted(owner * span + earliest, asked, side="right")
    begin = np.maximum(passed - 1, offsets[flight])
    last = np.minimum(reached, offsets[flight + 1] - 1)
    horizontal, vertical = (
        (radius_m + (stretch.tolerance_m + grid.pad_m)).take(flight)
        for radius_m in (stretch.horizontal_radius_m, stretch.vertical_radius_m)
    )
    # From each first vertex to each last: every second run, the others go back and mean nothing.
    ends = np.column_stack((begin, last + 1)).ravel()
    boxes = []
    for column, corner, grown in (
        (X, grid.west_m, horizontal),
        (Y, grid.south_m, horizontal),
        (Z, grid.floor_m, vertical),
    ):
        at = np.append(columns[column], 0.0)  # a run may end with the last vertex
        low, high = (bound.reduceat(at, ends)[::2] for bound in (np.minimum, np.maximum))
        boxes.append((low - corner - grown).astype(np.float32))
        boxes.append((high - corner + grown).astype(np.float32))
    west, east, south, north, bottom, top = boxes
    return Passages(
        slab.astype(np.int32), flight.astype(np.int32), begin, last - 1,
        west, south, bottom, east, north, top,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entries:
    """Passages in the strips that they touch, sorted by slab, strip and western edge.

    Attributes
    ----------
    passage
        Number of the passage, ``(E,)``.
    strip
        Number of the strip, ``(E,)``.
    partners
        How many entries after each one begin before its eastern edge in its slab and strip.
    """

    passage: IntArray
    strip: Int32Array
    partners: IntArray

    @classmethod
    def of(cls, p: Passages, grid: Grid, first: Int32Array, last: Int32Array) -> _Entries:
        """Enter passages in their first to their last strip."""
        slab = p.slab - p.slab.min()
        passage_bits = int(len(p) - 1).bit_length()
        strip_bits = (int(slab.max() + 1) * grid.strips).bit_length()
        x_bits = min(_X_BITS, _KEY_BITS - strip_bits - passage_bits)
        x_mask = (1 << x_bits) - 1
        west, east = (
            np.clip(edge * np.float32(x_mask / grid.width_m), 0, x_mask).astype(np.int64)
            for edge in (p.west, p.east)
        )
        place = (((slab.astype(np.int64) * grid.strips + first) << x_bits) | west) << passage_bits
        keys = [place | np.arange(len(p), dtype=np.int64)]
        wide = np.flatnonzero(last > first)
        step = np.int64(1) << (x_bits + passage_bits)
        further = 1
        while len(wide):  # the second strip of those that have one, then the third
            keys.append((place.take(wide) + further * step) | wide)
            further += 1
            wide = wide[last.take(wide) - first.take(wide) >= further]
        key = np.concatenate(keys) if len(keys) > 1 else keys[0]
        key.sort()
        passage = key & ((1 << passage_bits) - 1)
        key >>= passage_bits
        strip = ((key >> x_bits) % grid.strips).astype(np.int32)
        beyond = np.searchsorted(key, (key & ~np.int64(x_mask)) | east.take(passage), side="right")
        return cls(passage, strip, beyond - np.arange(1, len(key) + 1))


def touching(p: Passages, grid: Grid, *, at_once: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair passages of one slab whose boxes touch, each pair once.

    Yields
    ------
    tuple
        Numbers of the passages, that of the flight with the lower number first.
    """
    if len(p) < 2:
        return
    first, last = (
        np.clip(edge * np.float32(1.0 / grid.strip_m), 0, grid.strips - 1).astype(np.int32)
        for edge in (p.south, p.north)
    )
    entries = _Entries.of(p, grid, first, last)
    passage = entries.passage
    bottom, top = p.bottom.take(passage), p.top.take(passage)
    south, north = p.south.take(passage), p.north.take(passage)
    home, flight = first.take(passage), p.flight.take(passage)
    for entry, within in _portions(entries.partners, at_once=at_once):
        one, other = entry, entry + 1 + within
        kept = np.flatnonzero(
            (bottom.take(one) <= top.take(other)) & (bottom.take(other) <= top.take(one))
        )
        one, other = one.take(kept), other.take(kept)
        kept = np.flatnonzero(
            (south.take(one) <= north.take(other))
            & (south.take(other) <= north.take(one))
            & (np.maximum(home.take(one), home.take(other)) == entries.strip.take(one))
        )
        if not len(kept):
            continue
        one, other = one.take(kept), other.take(kept)
        swap = flight.take(one) > flight.take(other)
        yield passage.take(np.where(swap, other, one)), passage.take(np.where(swap, one, other))


class LegPairs(NamedTuple):
    """Pairs of legs that may be flown at one time.

    Attributes
    ----------
    slab
        Number of the slab in which they were found, ``(N,)``.
    first, second
        Numbers of the flights, ``(N,)`` each, the lower first.
    a, b
        Numbers of the vertices that the legs begin at, ``(N,)`` each.
    """

    slab: Int32Array
    first: Int32Array
    second: Int32Array
    a: IntArray
    b: IntArray


def leg_pairs(
    stretch: Stretch, p: Passages, one: IntArray, other: IntArray, *, at_once: int
) -> Iterator[LegPairs]:
    """Pair the legs of pairs of passages that may be flown at one time.

    Where one leg begins at the instant at which the other ends, their neighbours share that instant
    too; it counts only where the one flight begins and the other ends.
    """
    t_s, late_s = stretch.columns[T], stretch.time_uncertainty_s
    slab, first, second = p.slab.take(one), p.flight.take(one), p.flight.take(other)
    # A hair more than the sum, which is rounded: what is too far apart is told later.
    apart_s = (late_s.take(first) + late_s.take(second)) * (1.0 + 2.0**-50)
    for pair, a, b in _overlapping_legs(t_s, p, one, other, apart_s, at_once=at_once):
        since = np.maximum(t_s.take(a), t_s.take(b))
        until = np.minimum(t_s.take(a + 1), t_s.take(b + 1))
        together = since < until
        instant = np.flatnonzero(since == until)
        if len(instant):
            relieved = _relieves(stretch, first.take(pair), second.take(pair), a, b)
            together[instant] = relieved.take(instant)
        if stretch.is_uncertain:
            apart = apart_s.take(pair)
            together |= (since <= until + apart) & (apart > 0.0)
        kept = np.flatnonzero(together)
        which = pair.take(kept)
        yield LegPairs(
            slab.take(which), first.take(which), second.take(which), a.take(kept), b.take(kept)
        )


def _overlapping_legs(
    t_s: FloatArray,
    p: Passages,
    one: IntArray,
    other: IntArray,
    apart_s: FloatArray,
    *,
    at_once: int,
) -> Iterator[tuple[IntArray, IntArray, IntArray]]:
    """Pair each leg of one passage with those of the other that it may overlap in time.

    Passages with few legs, as nearly all have, are paired whole: it is faster to drop pairs than to
    look for them. Of the others each leg looks for its partners.
    """
    a_begin, b_begin = p.begin.take(one), p.begin.take(other)
    a_count, b_count = p.end.take(one) - a_begin + 1, p.end.take(other) - b_begin + 1
    few = a_count * b_count <= _FEW_PAIRS
    for pairs, a_legs in ((np.flatnonzero(few), None), (np.flatnonzero(~few), a_count)):
        if a_legs is None:
            pair, a = pairs, a_begin.take(pairs)
            b, count = b_begin.take(pairs), b_count.take(pairs)
            repeats = a_count.take(pairs)
        else:
            a, begins = runs(a_begin.take(pairs), a_count.take(pairs))
            pair = np.repeat(pairs, np.diff(begins))
            b, count = _partners(t_s, a, b_begin.take(pair), b_count.take(pair), apart_s.take(pair))
            repeats = np.ones_like(count)
        for chosen, within in _portions(count * repeats, at_once=at_once):
            a_step, b_step = np.divmod(within, count.take(chosen))
            yield pair.take(chosen), a.take(chosen) + a_step, b.take(chosen) + b_step


def _partners(
    t_s: FloatArray, a: IntArray, begin: IntArray, count: IntArray, apart_s: FloatArray
) -> tuple[IntArray, IntArray]:
    """Give the first leg of a passage that a leg may overlap in time, and how many from it on."""

    def search(vertex: IntArray, limit_s: FloatArray, *, past: bool) -> IntArray:
        """First vertex at or past a time, or behind the last, in all passages at once."""
        low, high = vertex, vertex + count + 1
        while (low < high).any():
            middle = np.minimum((low + high) // 2, len(t_s) - 1)
            at = t_s.take(middle)
            before = (at <= limit_s if past else at < limit_s) & (low < high)
            low = np.where(before, middle + 1, low)
            high = np.where(before, high, np.minimum(middle, high))
        return low

    first = np.maximum(search(begin, t_s.take(a) - apart_s, past=False) - 1, begin)
    after = np.minimum(search(begin, t_s.take(a + 1) + apart_s, past=True), begin + count)
    return first, np.maximum(after - first, 0)


def _portions(count: IntArray, *, at_once: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Count through groups, so many members or one group at a time: groups, and numbers within."""
    begins = np.zeros(len(count) + 1, dtype=np.intp)
    np.cumsum(count, out=begins[1:])
    start = 0
    while start < len(count):
        stop = int(np.searchsorted(begins, begins[start] + at_once, side="right")) - 1
        stop = max(stop, start + 1)
        group = np.repeat(np.arange(start, stop), count[start:stop])
        within = np.arange(begins[start], begins[stop])
        within -= np.repeat(begins[start:stop], count[start:stop])
        yield group, within
        start = stop


def _relieves(
    stretch: Stretch, first: Int32Array, second: Int32Array, a: IntArray, b: IntArray
) -> BoolArray:
    """Tell where one flight ends with its leg as the other begins with the other leg."""
    # Where a stretch leaves legs out, the instant lies outside its slabs, and the other flight with
    # it: the first and the last leg at hand are those of the flight.
    begins, ends, t_s = stretch.offsets[:-1], stretch.offsets[1:] - 2, stretch.columns[T]
    forward: BoolArray = (a == ends.take(first)) & (b == begins.take(second))
    back: BoolArray = (b == ends.take(second)) & (a == begins.take(first))
    forward &= t_s.take(a + 1) == t_s.take(b)
    back &= t_s.take(b + 1) == t_s.take(a)
    return forward | back
