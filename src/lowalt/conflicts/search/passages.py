"""Flights within slabs of time, and the boxes that hold them there.

A box has four dimensions: time, east, north and up, from the corner of the grid, in float32. It is
kept as eight numbers in a row, the least of each dimension and then the greatest, negated. So two
boxes touch where none of eight sums is positive, and one that holds two others is the lesser of
their rows, number by number. Rows of 16 and 32 bytes are gathered as fast as single numbers.

Boxes are grown by more than float32 may have taken from them; what meets has boxes that touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, X, Y, Z, runs
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.stretches import Stretch

Float32Array = NDArray[np.float32]
Int32Array = NDArray[np.int32]

_HALF: Final = np.dtype("V16")
"""Half a box, to move as a whole."""

_ALL_EIGHT: Final = 0x0101_0101_0101_0101
"""Eight comparisons that hold, as one number."""

_MOST_STEPS: Final = (1 << 16) - 1
"""Greatest number of vertices that boxes are ordered by: what is sorted fastest."""

_FEW: Final = 256
"""So many boxes and more are widened step by step, by one vertex each; fewer are finished whole."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Flights within slabs.

    Attributes
    ----------
    slab, flight
        Number of the slab, and of the flight, ``(P,)`` int32 each.
    begin, end
        Numbers of the vertices that the first and the last leg touched begin at, ``(P,)`` each.
    boxes
        Box of each, grown, ``(P, 8)``.
    """

    slab: Int32Array
    flight: Int32Array
    begin: IntArray
    end: IntArray
    boxes: Float32Array

    def __len__(self) -> int:
        return len(self.slab)

    @property
    def west(self) -> Float32Array:
        """Western edges, from the corner of the grid, ``(P,)``."""
        return self.boxes[:, X]

    @property
    def east(self) -> Float32Array:
        """Eastern edges, ``(P,)``."""
        return -self.boxes[:, 4 + X]

    @property
    def south(self) -> Float32Array:
        """Southern edges, ``(P,)``."""
        return self.boxes[:, Y]

    @property
    def north(self) -> Float32Array:
        """Northern edges, ``(P,)``."""
        return -self.boxes[:, 4 + Y]

    @property
    def bottom(self) -> Float32Array:
        """Lower edges, ``(P,)``."""
        return self.boxes[:, Z]

    @property
    def top(self) -> Float32Array:
        """Upper edges, ``(P,)``."""
        return -self.boxes[:, 4 + Z]


def boxes_of(low: Float32Array, high: Float32Array) -> Float32Array:
    """Give boxes between corners, ``(N, 4)`` each. The greater ones are negated where they are."""
    halves = low.view(_HALF), np.negative(high, out=high).view(_HALF)
    return np.concatenate(halves, axis=1).view(np.float32)


def turned(boxes: Float32Array) -> Float32Array:
    """Give boxes, ``(N, 8)``, with their halves exchanged, as :func:`touch` wants them."""
    return boxes.view(_HALF).take(np.arange(2 * len(boxes)) ^ 1).view(np.float32).reshape(-1, 8)


def touch(one: Float32Array, other_turned: Float32Array) -> BoolArray:
    """Tell which boxes touch, ``(N, 8)`` each."""
    # Whether a sum is positive float32 tells without error.
    touching: BoolArray = (one + other_turned <= 0.0).view(np.uint64)[:, 0] == _ALL_EIGHT
    return touching


def passages(stretch: Stretch, grid: Grid) -> Passages:
    """Cut the legs of some flights by the slabs that they were chosen for."""
    first, base, own = _cut(stretch, grid)
    count = np.diff(base)
    flight = np.repeat(np.arange(len(first), dtype=np.int32), count)
    slab = np.arange(len(own), dtype=np.int32)
    slab += np.repeat(first - base[:-1].astype(np.int32), count)
    vertex = np.cumsum(own) - own  # first vertex within each passage
    enters, leaves = np.ones(len(own), dtype=bool), np.zeros(len(own), dtype=bool)
    enters[base[:-1]] = False
    leaves[base[1:] - 1] = True
    begin = vertex - enters  # the leg under way when the slab begins
    end = np.maximum(vertex + own - 1 - leaves, begin)
    low, high = _ends(stretch, begin, _share(stretch, grid, slab, begin, enters), base[1:] - 1)
    order = _most_first(own)
    since, until = stretch.slabs
    if slab.min() < since or slab.max() >= until:
        order = order.compress(((slab >= since) & (slab < until)).take(order))
    low, high = low.take(order, axis=0), high.take(order, axis=0)
    _include(low, high, stretch.places, vertex.take(order), own.take(order))
    flight = flight.take(order)
    return Passages(
        slab.take(order), flight, begin.take(order), end.take(order),
        _grown(low, high, stretch, flight),
    )  # fmt: skip


def _cut(stretch: Stretch, grid: Grid) -> tuple[Int32Array, IntArray, IntArray]:
    """Count the vertices of each flight in each slab from its first to its last.

    Returns
    -------
    tuple
        First slab of each flight, ``(N,)``; flight ``n`` has the passages ``base[n]:base[n + 1]``,
        ``(N + 1,)``; and how many vertices lie in each, ``(P,)``. Slabs before those of the stretch
        are one passage, and so are those after.
    """
    since, until = stretch.slabs
    offsets, slab = stretch.offsets, grid.slab(stretch.t_s)
    np.clip(slab, since - 1, until, out=slab)
    first, last = slab.take(offsets[:-1]), slab.take(offsets[1:] - 1)
    base = np.zeros(len(offsets), dtype=np.intp)
    np.cumsum(last - first + 1, out=base[1:])
    # Vertices count into the passages of their flights without a search.
    passage = slab + np.repeat(base[:-1] - first, np.diff(offsets))
    return first, base, np.bincount(passage, minlength=int(base[-1]))


def _share(
    stretch: Stretch, grid: Grid, slab: Int32Array, begin: IntArray, enters: BoolArray
) -> FloatArray:
    """Give the share of its first leg that is flown as each passage begins."""
    t_s = stretch.t_s.take(begin)
    share: FloatArray = np.multiply(slab, grid.slab_s, dtype=np.float64)
    share += grid.epoch_s
    share -= t_s
    share /= stretch.t_s.take(begin + 1) - t_s
    share *= enters  # a flight begins with none
    return share


def _ends(
    stretch: Stretch, begin: IntArray, share: FloatArray, last: IntArray
) -> tuple[Float32Array, Float32Array]:
    """Give the corners of boxes around where flights enter slabs and leave them.

    Parameters
    ----------
    begin, share
        Where each passage begins: a leg, and the share of it that is flown.
    last
        The last passage of each flight.
    """
    places = stretch.places
    entry = places.take(begin, axis=0)
    way = places.take(begin + 1, axis=0)
    way -= entry
    way *= np.repeat(share.astype(np.float32), 4).reshape(-1, 4)
    entry += way
    exit_ = way  # of which nothing is wanted any more
    exit_[:-1] = entry[1:]
    exit_[last] = places.take(stretch.offsets[1:] - 1, axis=0)
    return np.minimum(entry, exit_), np.maximum(entry, exit_, out=exit_)


def _most_first(count: IntArray) -> IntArray:
    """Order by count, the greatest first, as far as :func:`_include` needs it."""
    fewer = _MOST_STEPS - np.minimum(count, _MOST_STEPS)
    return np.argsort(fewer.astype(np.uint16), kind="stable")


def _include(
    low: Float32Array, high: Float32Array, places: Float32Array, first: IntArray, count: IntArray
) -> None:
    """Widen boxes, those of the most vertices first, to hold so many vertices each."""
    holding = np.cumsum(np.bincount(count)[::-1])[::-1]  # how many have 0, 1, 2 ... or more
    steps = int((holding[1:_MOST_STEPS] >= _FEW).sum())
    for step, boxes in enumerate(holding[1 : steps + 1].tolist()):
        at = places.take(first[:boxes] + step, axis=0)
        np.minimum(low[:boxes], at, out=low[:boxes])
        np.maximum(high[:boxes], at, out=high[:boxes])
    rest = int((count > steps).sum())
    if rest:
        members, begins = runs(first[:rest] + steps, count[:rest] - steps)
        at = places.take(members, axis=0)
        for corner, bound in ((low, np.minimum), (high, np.maximum)):
            bound(corner[:rest], bound.reduceat(at, begins[:-1], axis=0), out=corner[:rest])


def _grown(
    low: Float32Array, high: Float32Array, stretch: Stretch, flight: IntArray | Int32Array
) -> Float32Array:
    """Give boxes between corners, grown by what their flights need."""
    growth = stretch.growth.take(flight, axis=0)
    return boxes_of(np.subtract(low, growth, out=low), np.add(high, growth, out=high))


def wide_passages(stretch: Stretch, grid: Grid) -> Passages:
    """Cut flights that may be early or late: whatever they may be at in a slab belongs to it.

    Legs are taken whole, so boxes are larger than need be; neighbouring slabs share legs.
    """
    offsets, late_s = stretch.offsets, stretch.time_uncertainty_s
    first_slab, after_slab = stretch.slabs
    owner = np.repeat(np.arange(len(late_s)), np.diff(offsets))
    earliest, latest = (
        np.clip(grid.slab(stretch.t_s + side * late_s[owner]), first_slab - 1, after_slab)
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
    order = _most_first(last - begin)
    slab, flight, begin, last = (each.take(order) for each in (slab, flight, begin, last))
    low = stretch.places.take(begin, axis=0)
    high = low.copy()
    _include(low, high, stretch.places, begin + 1, last - begin)
    return Passages(
        slab.astype(np.int32), flight.astype(np.int32), begin, last - 1,
        _grown(low, high, stretch, flight),
    )  # fmt: skip
