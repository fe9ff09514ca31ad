"""Pairs of boxes in time and space that overlap, among many.

Time is cut into slabs and the plane into strips from west to east, both about as wide as the boxes
are (root mean square, so that a box enters four of them on average, whatever the boxes are like).
Within each slab and strip the boxes are sorted by their western ends; those that may overlap one
are a run from its western to its eastern end. A pair that shares several slabs or strips is taken
in the last of its first ones.

The worst that can be done to it is to let all boxes overlap in time and plane, and not in height:
every pair is then looked at. They are looked at in portions, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, Y, Z, runs

PAIRS_AT_ONCE: Final = 1 << 17
"""Pairs looked at together: few enough for their columns to stay in the cache of a core."""

_MOST_CELLS = 1 << 24
_KEY_BITS = 62


class Boxes(NamedTuple):
    """Boxes, or what they are made of.

    Attributes
    ----------
    low, high
        Least and greatest ``t_s, x_m, y_m, z_m``, ``(N, 4)`` each, infinite where open.
    """

    low: FloatArray
    high: FloatArray


def overlapping_among(boxes: Boxes) -> Iterator[tuple[IntArray, IntArray]]:
    """Find pairs among some boxes that overlap or touch.

    Yields
    ------
    tuple of numpy.ndarray
        Numbers of the two boxes, the lower first; each pair once, in no order.

    Examples
    --------
    >>> low = np.array([[0.0, 0.0, 0.0, 0.0], [5.0, 5.0, 5.0, 5.0], [20.0, 0.0, 0.0, 0.0]])
    >>> [(i.tolist(), j.tolist()) for i, j in overlapping_among(Boxes(low, low + 10.0))]
    [([0], [1])]
    """
    if len(boxes.low) < 2:
        return
    cut = _Cut.fitting(boxes, boxes)
    entries = cut.entries(boxes)
    after = np.arange(1, len(entries.number) + 1)
    until = np.searchsorted(entries.key, entries.last_key, side="right")
    for one, other in _pairs(cut, entries, entries, after, until):
        yield np.minimum(one, other), np.maximum(one, other)


def overlapping_between(boxes: Boxes, others: Boxes) -> Iterator[tuple[IntArray, IntArray]]:
    """Find pairs of a box and another that overlap or touch.

    Yields
    ------
    tuple of numpy.ndarray
        Numbers of the box and of the other one; each pair once, in no order.
    """
    if not len(boxes.low) or not len(others.low):
        return
    cut = _Cut.fitting(boxes, others)
    mine, theirs = cut.entries(boxes), cut.entries(others)
    # Those that begin no further west than the box looked from, then those that begin further.
    after = np.searchsorted(theirs.key, mine.key, side="left")
    until = np.searchsorted(theirs.key, mine.last_key, side="right")
    yield from _pairs(cut, mine, theirs, after, until)
    after = np.searchsorted(mine.key, theirs.key, side="right")
    until = np.searchsorted(mine.key, theirs.last_key, side="right")
    for other, one in _pairs(cut, theirs, mine, after, until):
        yield one, other


def portions(sizes: IntArray, most: int) -> Iterator[slice]:
    """Cut things in a row into portions that are no larger than so much, single ones apart.

    Examples
    --------
    >>> [(p.start, p.stop) for p in portions(np.array([3, 4, 9, 1]), 8)]
    [(0, 2), (2, 3), (3, 4)]
    """
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        before = int(ends[begin] - sizes[begin])
        end = max(int(np.searchsorted(ends, before + most, side="right")), begin + 1)
        yield slice(begin, end)
        begin = end


class _Entries(NamedTuple):
    """Boxes in every slab and strip that they lie in, sorted from west to east in each."""

    number: IntArray
    key: IntArray  # slab, strip and western end
    last_key: IntArray  # slab, strip and eastern end
    first_slab: IntArray
    first_strip: IntArray
    low: FloatArray  # (4, E): columns are compared one by one
    high: FloatArray


@dataclass(frozen=True, slots=True)
class _Cut:
    """How time and plane are cut."""

    least: FloatArray
    greatest: FloatArray
    slab_s: float
    strip_m: float
    strips: int
    x_bits: int
    number_bits: int

    @classmethod
    def fitting(cls, boxes: Boxes, others: Boxes) -> _Cut:
        both = np.concatenate((boxes.low, boxes.high, others.low, others.high))
        finite = np.isfinite(both)
        least = np.where(finite, both, np.inf).min(axis=0)
        greatest = np.where(finite, both, -np.inf).max(axis=0)
        least, greatest = (np.where(np.isfinite(at), at, 0.0) for at in (least, greatest))
        sizes = [
            (b.high.clip(least, greatest) - b.low.clip(least, greatest)) for b in (boxes, others)
        ]
        size = np.sqrt(sum((s * s).mean(axis=0) for s in sizes))
        span = greatest - least
        slabs, strips = (
            float(np.clip(span[k] / max(size[k], 1e-3), 1.0, most))
            for k, most in ((T, 1 << 13), (Y, 1 << 11))
        )
        number_bits = int(max(len(boxes.low), len(others.low))).bit_length()
        cell_bits = int((slabs + 2.0) * (strips + 2.0)).bit_length()
        return cls(
            least=least,
            greatest=greatest,
            slab_s=max(span[T] / slabs, 1e-3),
            strip_m=max(span[Y] / strips, 1e-3),
            strips=int(strips) + 2,
            x_bits=min(_KEY_BITS - number_bits - cell_bits, 16),
            number_bits=number_bits,
        )

    def entries(self, boxes: Boxes) -> _Entries:
        low, high = (at.clip(self.least, self.greatest) - self.least for at in boxes)
        slab, last_slab = ((at[:, T] / self.slab_s).astype(np.intp) for at in (low, high))
        strip, last_strip = ((at[:, Y] / self.strip_m).astype(np.intp) for at in (low, high))
        per_m = ((1 << self.x_bits) - 1) / max(self.greatest[X] - self.least[X], 1e-3)
        west, east = ((at[:, X] * per_m).astype(np.intp) for at in (low, high))
        strips_in = last_strip - strip + 1
        count = (last_slab - slab + 1) * strips_in
        place, _ = runs(np.zeros_like(count), count)
        number = np.repeat(np.arange(len(count)), count)
        over = strips_in[number]
        cell = (slab[number] + place // over) * self.strips + strip[number] + place % over
        packed = (((cell << self.x_bits) | west[number]) << self.number_bits) | number
        packed.sort()
        number = packed & ((1 << self.number_bits) - 1)
        key = packed >> self.number_bits
        cell = key >> self.x_bits
        return _Entries(
            number=number,
            key=key,
            last_key=(cell << self.x_bits) | east[number],
            first_slab=slab[number],
            first_strip=strip[number],
            low=np.ascontiguousarray(boxes.low.T).take(number, axis=1),
            high=np.ascontiguousarray(boxes.high.T).take(number, axis=1),
        )


def _pairs(
    cut: _Cut, mine: _Entries, theirs: _Entries, after: IntArray, until: IntArray
) -> Iterator[tuple[IntArray, IntArray]]:
    """Go through the runs of some entries, and keep pairs that overlap where they are at home."""
    count = np.maximum(until - after, 0)
    for part in portions(count, PAIRS_AT_ONCE):
        other, _ = runs(after[part], count[part])
        one = np.repeat(np.arange(part.start, part.stop), count[part])
        for column in (Z, Y, T, X):
            both = mine.low[column].take(one) <= theirs.high[column].take(other)
            both &= theirs.low[column].take(other) <= mine.high[column].take(one)
            kept = np.flatnonzero(both)
            one, other = one.take(kept), other.take(kept)
        slab = np.maximum(mine.first_slab.take(one), theirs.first_slab.take(other))
        strip = np.maximum(mine.first_strip.take(one), theirs.first_strip.take(other))
        cell = mine.key.take(one) >> cut.x_bits
        home = np.flatnonzero(slab * cut.strips + strip == cell)
        yield mine.number.take(one.take(home)), theirs.number.take(other.take(home))
