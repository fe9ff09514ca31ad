"""How an index cuts time and the plane: slabs, cells, and where the entries of a cell are."""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray, X, Y
from lowalt.conflicts.index.flights import Flights, span_of
from lowalt.conflicts.index.pieces import pieces

Float32Array = NDArray[np.float32]
Int32Array = NDArray[np.int32]

PASSAGES_A_FLIGHT: Final = 7.0
"""Slabs are so long that a flight crosses so many on average.

With the one it begins in, and at most four cells for each on average, this is what bounds the
memory of an index, whatever the flights are like.
"""

SHORTEST_SLAB_S: Final = 8.0

_SMALLEST_CELL_M = 50.0
_PAD_M = 0.05
_MOST_SLABS = 1 << 16  # a flight of years passes all of them
_MOST_ASIDE = 1 << 10  # columns, or rows; and one of great speed may pass all of these
_DENSE = 4  # places for each passage up to which every cell has one of its own
_ROWS_AT_ONCE = 1 << 15
_EDGES = np.array([0, 1, 3, 4])
_SPREAD = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Layout:
    """How time and the plane are cut, and where each cell of each slab has its place.

    Cells of one row, from west to east, have places one after another. Where flights are so few, or
    so scattered, that most cells are empty, rows begin at places that a hash spreads over
    ``buckets``; they may then overlap, which costs time and changes nothing, as boxes are compared.

    Attributes
    ----------
    epoch_s, slab_s
        Where the first slab begins, and how long each is.
    west_m, south_m
        Corner of the area.
    grown_m
        How much boxes are larger than what flights need, for the rounding of float32.
    cell_m
        Length of the side of a cell.
    slabs, columns, rows
        How many there are.
    buckets
        Places where rows may begin; 0: each cell of each slab has its own.
    """

    epoch_s: float
    slab_s: float
    west_m: float
    south_m: float
    grown_m: float
    cell_m: float
    slabs: int
    columns: int
    rows: int
    buckets: int

    @classmethod
    def over(cls, flights: Flights) -> Layout:
        """Cut all that flights reach, the plane into one cell."""
        early_s, late_s = span_of(flights)
        epoch_s, all_s = float(early_s.min()), float(late_s.max() - early_s.min())
        slab_s = max(float((late_s - early_s).mean()) / PASSAGES_A_FLIGHT, SHORTEST_SLAB_S)
        slab_s = max(slab_s, all_s / _MOST_SLABS)
        low, high = _extent(flights.vertices)
        width_m = float((high - low)[X : Y + 1].max())
        return cls(
            epoch_s=epoch_s,
            slab_s=slab_s,
            west_m=float(low[X]),
            south_m=float(low[Y]),
            grown_m=_PAD_M + 2.0**-22 * width_m,
            cell_m=1.0,
            slabs=int(all_s * (1.0 / slab_s)) + 1,
            columns=1,
            rows=1,
            buckets=0,
        )

    def with_cells_for(self, boxes: Float32Array) -> Layout:
        """Cut the plane so that boxes touch four cells or so each on average, and at most nine."""
        width, depth, area = (total / len(boxes) for total in _sizes(boxes))
        _, (_, _, _, east, north, _) = map(np.ndarray.tolist, _extent(boxes))
        least_m = max(_SMALLEST_CELL_M, max(east, north) / (_MOST_ASIDE - 1))
        cell_m = max(width, depth, area**0.5, least_m)
        laid = replace(
            self, cell_m=cell_m, columns=int(east / cell_m) + 1, rows=int(north / cell_m) + 1
        )
        if laid.places > _DENSE * len(boxes):
            return replace(laid, buckets=2 * len(boxes))
        return laid

    @property
    def numbers(self) -> FloatArray:
        """All of it, for the C core, ``(10,)``."""
        return np.array(astuple(self), dtype=np.float64)

    @property
    def places(self) -> int:
        """How many places there are."""
        if self.buckets:
            return self.buckets + self.columns
        return self.slabs * self.rows * self.columns

    def slab(self, t_s: FloatArray) -> IntArray:
        """Give the slab of times, -1 before the first, ``slabs`` after the last."""
        slab = np.floor((t_s - self.epoch_s) * (1.0 / self.slab_s))
        return np.clip(slab, -1, self.slabs).astype(np.intp)

    def slab_at(self, t_s: float) -> int:
        """Give the slab of one time."""
        slab = math.floor((t_s - self.epoch_s) * (1.0 / self.slab_s))
        return min(max(slab, -1), self.slabs)

    @property
    def corner(self) -> FloatArray:
        """Where boxes are measured from, ``(3, 1)``."""
        return np.array([[self.west_m], [self.south_m], [0.0]])

    def cells(self, boxes: Float32Array) -> IntArray:
        """Give the columns and rows that boxes reach: west, south, east and north, ``(4, N)``.

        What is outside is in the nearest cell.
        """
        cell = boxes.take(_EDGES, axis=1) * np.float32(1.0 / self.cell_m)
        np.maximum(cell, np.float32(0), out=cell)
        last = np.array([self.columns - 1, self.rows - 1] * 2, dtype=np.float32)
        cells: IntArray = np.minimum(cell, last, out=cell).T.astype(np.intp)
        return cells

    def place_at(self, slab: int, row: int) -> int:
        """Give the place of the westernmost cell of one row."""
        number = slab * self.rows + row
        if not self.buckets:
            return number * self.columns
        return ((number * _SPREAD & _WORD) >> 32) * self.buckets >> 32

    def place(self, slab: IntArray, row: IntArray) -> IntArray:
        """Give the place of the westernmost cell of rows."""
        number = slab * self.rows + row
        if not self.buckets:
            return number * self.columns
        spread = number.astype(np.uint64) * np.uint64(_SPREAD) >> _HALF
        return (spread * np.uint64(self.buckets) >> _HALF).astype(np.intp)


def _extent(rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the least and the greatest of each column."""
    blocks = (rows[some] for some in pieces(len(rows), _ROWS_AT_ONCE))
    ends = [(block.min(axis=0), block.max(axis=0)) for block in blocks]
    low, high = zip(*ends, strict=True)
    return np.min(low, axis=0), np.max(high, axis=0)


def _sizes(boxes: Float32Array) -> list[float]:
    """Add up the widths of boxes, their depths and their areas."""
    totals = np.zeros(3)
    for some in pieces(len(boxes), _ROWS_AT_ONCE):
        width, depth = (boxes[some, 3:5] - boxes[some, :2]).T
        totals += [part.sum(dtype=np.float64) for part in (width, depth, width * depth)]
    return totals.tolist()
