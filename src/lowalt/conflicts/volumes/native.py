"""The compiled kernels of volumes, where they were built: the same answers, to the bit."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import IntArray, T
from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes.boxes import Boxes
from lowalt.conflicts.volumes.passages import PASSAGE, Reaches
from lowalt.conflicts.volumes.shapes import Shapes

with suppress(ImportError):  # lowalt.conflicts.engines says whether it is built
    from lowalt.conflicts import _native


class Passages:
    """Finds passages of flights through volumes, whose cells it lays out once."""

    def __init__(self, tracks: TrackArray, shapes: Shapes, reaches: Reaches) -> None:
        low, high = shapes.boxes
        self._cells = _native.volume_cells(low, high, _by_start(shapes.boxes))
        self._arrays = (
            *(tracks.vertices, tracks.offsets),
            *(reaches.across_m, reaches.height_m, reaches.early_s),
            *(shapes.x_m, shapes.y_m, shapes.radius_m, shapes.rings, shapes.offsets, low, high),
        )

    def __call__(self, first: int, last: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
        """Find the passages of flights from the first up to the last."""
        found = _native.volume_passages(self._cells, first, last, *self._arrays)
        return np.frombuffer(found, dtype=PASSAGE)


def _by_start(boxes: Boxes) -> IntArray:
    """Numbers of boxes, the earliest start first."""
    return np.argsort(boxes.low[:, T])


def overlapping(boxes: Boxes, party: IntArray, most: int) -> IntArray | None:
    """Find pairs of boxes that overlap or touch; ``None`` where there are more than ``most``.

    Pairs of one party are left out. A pair is one number: its lower member times 2**32, plus the
    other one.
    """
    found = _native.volume_overlapping(boxes.low, boxes.high, _by_start(boxes), party, most)
    return (
        None if found is None else np.frombuffer(found, dtype=np.int64).astype(np.intp, copy=False)
    )


def decide(shapes: Shapes, one: IntArray, other: IntArray) -> NDArray[np.uint8]:
    """Decide whether pairs of polygons overlap, as the functions of ``planar`` do."""
    answers = np.empty(len(one), dtype=np.uint8)
    _native.volume_decide(
        one,
        other,
        shapes.x_m,
        shapes.y_m,
        shapes.rings,
        shapes.offsets,
        shapes.boxes.low,
        shapes.boxes.high,
        shapes.is_convex,
        answers,
    )
    return answers
