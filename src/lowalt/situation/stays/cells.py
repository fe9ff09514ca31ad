"""A coarse first answer to how many boxes lie near each of many others."""

from __future__ import annotations

import numpy as np

from lowalt.paths import IntArray
from lowalt.terrain import FloatArray

_MOST_CELLS = 1024
"""Along one side; more would cost more than they save."""


class Cells:
    """A grid that knows how many boxes there are in each of its cells.

    Parameters
    ----------
    boxes
        West, south, east and north of each box, metres, ``(K, 4)``.

    Examples
    --------
    >>> cells = Cells(np.array([[0.0, 0.0, 1.0, 1.0], [9.0, 9.0, 10.0, 10.0]]))
    >>> cells.at_most(np.array([[0.5, 0.5, 0.6, 0.6], [4.0, 4.0, 5.0, 5.0]]))
    array([1, 0])
    """

    def __init__(self, boxes: FloatArray) -> None:
        self._count = len(boxes)
        self._corner = boxes[:, :2].min(axis=0, initial=0.0)
        extent_m = boxes[:, 2:].max(axis=0, initial=0.0) - self._corner
        self._side = int(np.clip(4.0 * np.sqrt(len(boxes)), 1, _MOST_CELLS))
        self._cell_m = np.maximum(extent_m / self._side, 1.0)
        first, last = self._range(boxes)
        # Sums from the corner up to each cell, of what is added at a box's first cell and taken
        # away behind its last ones, count the boxes in that cell.
        changes = np.zeros((self._side + 2, self._side + 2), dtype=np.int64)
        for row, column, change in (
            (first, first, 1), (last + 1, first, -1), (first, last + 1, -1), (last + 1, last + 1, 1)
        ):  # fmt: skip
            np.add.at(changes, (row[:, 0] + 1, column[:, 1] + 1), change)
        # Summed once more, a difference of four sums counts the boxes in a rectangle of cells.
        self._before = changes.cumsum(axis=0).cumsum(axis=1).cumsum(axis=0).cumsum(axis=1)

    def at_most(self, boxes: FloatArray) -> IntArray:
        """Count for each box, ``(N, 4)``, as many boxes of the grid as it meets, or more."""
        first, last = self._range(boxes)
        (west, south), (east, north) = first.T, last.T + 1
        sums = self._before
        count = sums[east, north] - sums[west, north] - sums[east, south] + sums[west, south]
        return np.asarray(np.minimum(count, self._count))

    def _range(self, boxes: FloatArray) -> tuple[IntArray, IntArray]:
        """Numbers of the first and last cells that boxes meet; what is outside is at the border."""
        first, last = (
            np.clip((ends - self._corner) / self._cell_m, 0, self._side - 1).astype(np.int64)
            for ends in (boxes[:, :2], boxes[:, 2:])
        )
        return first, last
