"""Which pairs of legs may meet at all: time slabs, strips and sorted runs.

Time is cut into slabs. The part of a flight within a slab, its *passage*, has a box, grown by the
flight's own cylinder: two flights that meet have passages of one slab whose boxes touch. The plane
is cut into strips along x. A passage is entered in every strip that its box touches; entries are
sorted by slab, strip and western edge, all in one integer, so that those that one entry can touch
are the run from it to the last that begins before its eastern edge. A pair that shares several
strips is taken in the first that it shares, so nothing is looked at twice.

Legs of passages that touch are compared in the same way, box by box, first each with the passage
of the other flight and then with its legs. What is left is few, and looked at closely.

How long a slab and how wide a strip are decides how long screening takes, never what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray
from lowalt.conflicts.search.bisection import first_not
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.passages import (
    Float32Array,
    Int32Array,
    Passages,
    boxes_of,
    touch,
    turned,
)
from lowalt.conflicts.search.stretches import Stretch

_X_BITS: Final = 15
"""Bits of a key that tell western edges apart, where there are so many."""

_KEY_BITS: Final = 63

_LAST_KEY: Final = np.iinfo(np.int64).max

_FEW_ENTRIES: Final = 512
"""Fewer entries look for all their partners at once, more for one after another."""

_FEW_PAIRS: Final = 1024
"""Pairs of the legs of two passages that are cheaper dropped than looked for."""

_LEGS_AT_ONCE: Final = 8192


@dataclass(frozen=True, slots=True)
class _Entries:
    """Passages in the strips that they touch, sorted by slab, strip and western edge.

    Attributes
    ----------
    passage
        Number of the passage, ``(E,)``.
    is_first
        Whether the strip is the passage's first, ``(E,)``.
    key
        Slab, strip and western edge, ``(E + 1,)``; the last is beyond all limits.
    limit
        Greatest key of those that begin before the eastern edge, ``(E,)``.
    """

    passage: IntArray
    is_first: BoolArray
    key: NDArray[np.int64]
    limit: NDArray[np.int64]

    @classmethod
    def of(cls, p: Passages, grid: Grid) -> _Entries:
        """Enter passages in all strips that they touch."""
        first, last = (
            np.clip(edge * np.float32(1.0 / grid.strip_m), 0, grid.strips - 1).astype(np.int32)
            for edge in (p.south, p.north)
        )
        slab = p.slab - p.slab.min()
        low_bits = int(len(p) - 1).bit_length() + 1
        strip_bits = (int(slab.max() + 1) * grid.strips).bit_length()
        x_bits = min(_X_BITS, _KEY_BITS - strip_bits - low_bits)
        x_mask = (1 << x_bits) - 1
        west, east = (
            np.clip(edge * np.float32(x_mask / grid.width_m), 0, x_mask).astype(np.int64)
            for edge in (p.west, p.east)
        )
        place = (((slab.astype(np.int64) * grid.strips + first) << x_bits) | west) << low_bits
        keys = [place | np.arange(0, 2 * len(p), 2, dtype=np.int64)]
        wide = np.flatnonzero(last > first)
        step = np.int64(1) << (x_bits + low_bits)
        further = 1
        while len(wide):  # the second strip of those that have one, then the third
            keys.append((place.take(wide) + further * step) | (wide << 1) | 1)
            further += 1
            wide = wide[last.take(wide) - first.take(wide) >= further]
        keys.append(np.array([_LAST_KEY]))
        key = np.concatenate(keys)
        key.sort()
        low = key[:-1] & ((1 << low_bits) - 1)
        key >>= low_bits
        passage = low >> 1
        limit = (key[:-1] & ~np.int64(x_mask)) | east.take(passage)
        return cls(passage, (low & 1) == 0, key, limit)

    def pairs(self, *, at_once: int) -> Iterator[tuple[IntArray, IntArray]]:
        """Pair each with those after it up to its limit: with the next, with the next but one..."""
        step, one = 1, np.flatnonzero(self.key[1:] <= self.limit)
        while len(one) > _FEW_ENTRIES:
            for start in range(0, len(one), at_once):
                part = one[start : start + at_once]
                yield part, part + step
            step += 1
            one = one.compress(self.key.take(one + step) <= self.limit.take(one))
        beyond = np.searchsorted(self.key, self.limit.take(one), side="right")
        for group, within in _portions(beyond - (one + step), at_once=at_once):
            part = one.take(group)
            yield part, part + step + within


def touching(p: Passages, grid: Grid, *, at_once: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair passages of one slab whose boxes touch, each pair once.

    Yields
    ------
    tuple
        Numbers of the passages, that of the flight with the lower number first.
    """
    if len(p) < 2:
        return
    entries = _Entries.of(p, grid)
    passage, is_first = entries.passage, entries.is_first
    turned_boxes = turned(p.boxes)
    for entry, later in entries.pairs(at_once=at_once):
        one, other = passage.take(entry), passage.take(later)
        kept = touch(p.boxes.take(one, axis=0), turned_boxes.take(other, axis=0))
        kept &= is_first.take(entry) | is_first.take(later)
        one, other = one.compress(kept), other.compress(kept)
        swap = p.flight.take(one) > p.flight.take(other)
        yield np.where(swap, other, one), np.where(swap, one, other)


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
    stretch: Stretch,
    p: Passages,
    touched: Iterable[tuple[IntArray, IntArray]],
    *,
    at_once: int,
) -> Iterator[LegPairs]:
    """Pair the legs of pairs of passages that may meet, as far as boxes tell.

    Where one leg begins at the instant at which the other ends, their neighbours share that instant
    too; it counts only where the one flight begins and the other ends.
    """
    legs = _boxes_of_legs(stretch.places)
    near = (
        part
        for one, other in _gathered(touched, at_once=at_once)
        for part in _near_legs(stretch, p, legs, one, other, at_once=at_once)
    )
    for one, other, a, b in _gathered(near, at_once=at_once):
        first, second = p.flight.take(one), p.flight.take(other)
        kept = np.flatnonzero(_are_together(stretch, first, second, a, b))
        yield LegPairs(
            p.slab.take(one.take(kept)), first.take(kept), second.take(kept),
            a.take(kept), b.take(kept),
        )  # fmt: skip


def _boxes_of_legs(places: Float32Array) -> Float32Array:
    """Give the box of the leg that begins at each vertex but the last, not grown."""
    boxes = np.empty((len(places) - 1, 8), dtype=np.float32)
    for start in range(0, len(boxes), _LEGS_AT_ONCE):  # what is between stays in the cache
        ends = places[start : start + _LEGS_AT_ONCE + 1]
        low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
        boxes[start : start + _LEGS_AT_ONCE] = boxes_of(low, high)
    return boxes


def _gathered(
    parts: Iterable[tuple[IntArray, ...]], *, at_once: int
) -> Iterator[tuple[IntArray, ...]]:
    """Put rows of columns together until there are as many as are worth a round of calls."""
    held: list[tuple[IntArray, ...]] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part[0])
        if count >= at_once // 2:
            yield tuple(map(np.concatenate, zip(*held, strict=True)))
            held, count = [], 0
    if count:
        yield tuple(map(np.concatenate, zip(*held, strict=True)))


def _near_legs(
    stretch: Stretch,
    p: Passages,
    legs: Float32Array,
    one: IntArray,
    other: IntArray,
    *,
    at_once: int,
) -> Iterator[tuple[IntArray, IntArray, IntArray, IntArray]]:
    """Pair each leg of one passage with those of the other whose boxes touch its own.

    Passages with few legs, as nearly all have, are paired whole: it is faster to drop pairs than to
    look for them. Of the others each leg looks for its partners.

    Yields
    ------
    tuple
        Numbers of the passages, and of the vertices that the legs begin at.
    """
    begin, count = p.begin.take(one), p.end.take(one) - p.begin.take(one) + 1
    growth = stretch.growth.take(p.flight.take(one), axis=0)
    growth += stretch.growth.take(p.flight.take(other), axis=0)
    growth = np.concatenate((growth, growth), axis=1)
    others = turned(p.boxes.take(other, axis=0))
    for pair, within in _portions(count, at_once=at_once):
        a = begin.take(pair) + within
        boxes = legs.take(a, axis=0)
        boxes -= growth.take(pair, axis=0)
        kept = np.flatnonzero(touch(boxes, others.take(pair, axis=0)))
        a, boxes, which = a.take(kept), turned(boxes.take(kept, axis=0)), pair.take(kept)
        p_one, p_other = one.take(which), other.take(which)
        b_begin, b_count = _partners(stretch, p, p_one, p_other, a)
        for leg, step in _portions(b_count, at_once=at_once):
            b = b_begin.take(leg) + step
            near = np.flatnonzero(touch(legs.take(b, axis=0), boxes.take(leg, axis=0)))
            which = leg.take(near)
            yield p_one.take(which), p_other.take(which), a.take(which), b.take(near)


def _are_together(
    stretch: Stretch, first: Int32Array, second: Int32Array, a: IntArray, b: IntArray
) -> BoolArray:
    """Tell which legs may be flown at one instant."""
    t_s, late_s = stretch.t_s, stretch.time_uncertainty_s
    since = np.maximum(t_s.take(a), t_s.take(b))
    until = np.minimum(t_s.take(a + 1), t_s.take(b + 1))
    together: BoolArray = since < until
    instant = np.flatnonzero(since == until)
    if len(instant):
        together[instant] = _relieves(
            stretch, first.take(instant), second.take(instant), a.take(instant), b.take(instant)
        )
    if stretch.is_uncertain:
        apart_s = _apart_s(late_s.take(first), late_s.take(second))
        together |= (since <= until + apart_s) & (apart_s > 0.0)
    return together


def _apart_s(first_s: FloatArray, second_s: FloatArray) -> FloatArray:
    """Give how far apart legs may be planned that are flown at one time.

    A hair more than the sum, which is rounded: what is too far apart is told later.
    """
    return (first_s + second_s) * (1.0 + 2.0**-50)


def _partners(
    stretch: Stretch, p: Passages, one: IntArray, other: IntArray, a: IntArray
) -> tuple[IntArray, IntArray]:
    """Give the first leg of the other passage that a leg may overlap in time, and how many follow.

    Of few, all are given.
    """
    begin, end = p.begin.take(other), p.end.take(other)
    count = end - begin + 1
    many = np.flatnonzero(count * (p.end.take(one) - p.begin.take(one) + 1) > _FEW_PAIRS)
    if not len(many):
        return begin, count
    late_s, t_s = stretch.time_uncertainty_s, stretch.t_s
    apart_s = _apart_s(
        late_s.take(p.flight.take(one.take(many))), late_s.take(p.flight.take(other.take(many)))
    )
    leg, least, most = a.take(many), begin.take(many), end.take(many) + 1
    since_s, until_s = t_s.take(leg) - apart_s, t_s.take(leg + 1) + apart_s
    first = first_not(lambda rows, at: t_s.take(at) < since_s.take(rows), least, most + 1)
    after = first_not(lambda rows, at: t_s.take(at) <= until_s.take(rows), least, most + 1)
    first = np.maximum(first - 1, least)
    begin[many] = first
    count[many] = np.maximum(np.minimum(after, most) - first, 0)
    return begin, count


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
        within -= begins.take(group)
        yield group, within
        start = stop


def _relieves(
    stretch: Stretch, first: Int32Array, second: Int32Array, a: IntArray, b: IntArray
) -> BoolArray:
    """Tell where one flight ends with its leg as the other begins with the other leg."""
    # Where a stretch leaves legs out, the instant lies outside its slabs, and the other flight with
    # it: the first and the last leg at hand are those of the flight.
    begins, ends, t_s = stretch.offsets[:-1], stretch.offsets[1:] - 2, stretch.t_s
    forward: BoolArray = (a == ends.take(first)) & (b == begins.take(second))
    back: BoolArray = (b == ends.take(second)) & (a == begins.take(first))
    forward &= t_s.take(a + 1) == t_s.take(b)
    back &= t_s.take(b + 1) == t_s.take(a)
    return forward | back
