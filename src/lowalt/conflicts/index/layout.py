"""How an index cuts time and the plane: slabs, cells, and where the entries of a cell are."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.tracks import FloatArray, IntArray

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
_MOST_SLABS = 1 << 30
_DENSE = 4  # places for each passage up to which every cell has one of its own
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
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
    def over(cls, low: FloatArray, high: FloatArray, *, slab_s: float) -> Layout:
        """Cut all that lies between two corners, ``t, x, y`` each, into slabs of one cell."""
        return cls(
            epoch_s=float(low[0]),
            slab_s=max(slab_s, SHORTEST_SLAB_S, float(high[0] - low[0]) / _MOST_SLABS),
            west_m=float(low[1]),
            south_m=float(low[2]),
            grown_m=_PAD_M + 2.0**-22 * float((high - low)[1:].max()),
            cell_m=2.0 * float((high - low)[1:].max()) + 1.0,
            slabs=1 + int((high[0] - low[0]) / max(slab_s, SHORTEST_SLAB_S)),
            columns=1,
            rows=1,
            buckets=0,
        )

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

    def columns_of(self, edge: Float32Array) -> Int32Array:
        """Give the column of places east of the corner, the first or the last for those outside."""
        return self._cell(edge, self.columns)

    def rows_of(self, edge: Float32Array) -> Int32Array:
        """Give the row of places north of the corner, the first or the last for those outside."""
        return self._cell(edge, self.rows)

    def _cell(self, edge: Float32Array, cells: int) -> Int32Array:
        last = np.float32(cells - 1)
        cell = np.minimum(np.maximum(edge * np.float32(1.0 / self.cell_m), np.float32(0)), last)
        return cell.astype(np.int32)

    def place(self, slab: IntArray, row: Int32Array) -> IntArray:
        """Give the place of the westernmost cell of rows."""
        number = slab * self.rows + row
        if not self.buckets:
            return number * self.columns
        spread = number.astype(np.uint64) * _SPREAD >> _HALF
        return (spread * np.uint64(self.buckets) >> _HALF).astype(np.intp)
