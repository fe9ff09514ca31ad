"""The compiled kernels of volumes, where they were built: the same answers, to the bit."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.tracks import IntArray, T, TrackArray
from lowalt.conflicts.volumes.boxes import Boxes
from lowalt.conflicts.volumes.passages import PASSAGE, Reaches
from lowalt.conflicts.volumes.shapes import Shapes

with suppress(ImportError):  # lowalt.conflicts.engines says whether it is built
    from lowalt.conflicts import _native


def passages(
    tracks: TrackArray, shapes: Shapes, reaches: Reaches, first: int, last: int
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Find the passages of flights from the first up to the last."""
    found = _native.volume_passages(
        first,
        last,
        tracks.vertices,
        tracks.offsets,
        reaches.across_m,
        reaches.height_m,
        reaches.early_s,
        shapes.x_m,
        shapes.y_m,
        shapes.radius_m,
        shapes.rings,
        shapes.offsets,
        shapes.boxes.low,
        shapes.boxes.high,
        _by_start(shapes.boxes),
    )
    return np.frombuffer(found, dtype=PASSAGE)


def _by_start(boxes: Boxes) -> IntArray:
    """Numbers of boxes, the earliest start first."""
    return np.argsort(boxes.low[:, T])


def overlapping(
    boxes: Boxes, intent: IntArray, own: int, most: int
) -> tuple[IntArray, IntArray] | None:
    """Find pairs of boxes that overlap or touch; ``None`` where there are more than ``most``.

    Pairs of one intent are left out. The first ``own`` boxes are put against those after them; all
    against one another where they are all.
    """
    found = _native.volume_overlapping(boxes.low, boxes.high, _by_start(boxes), intent, own, most)
    if found is None:
        return None
    pairs = np.frombuffer(found, dtype=np.int32).reshape(-1, 2)
    return pairs[:, 0].astype(np.intp), pairs[:, 1].astype(np.intp)


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
