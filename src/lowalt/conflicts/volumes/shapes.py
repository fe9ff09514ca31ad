"""Volumes as the kernels read them: columns of vertices, and boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lowalt.conflicts.tracks import BoolArray, FloatArray, IntArray
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.boxes import Boxes
from lowalt.conflicts.volumes.rings import following


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of volumes as edges: each vertex, and how many rows on the one after it is.

    Attributes
    ----------
    x_m, y_m
        Vertices, ``(V,)`` each.
    step
        Rows from each vertex to the next one of its ring, ``(V,)``.
    rings, offsets, radius_m, is_convex
        As in :class:`~lowalt.conflicts.volumes.array.VolumeArray`.
    begins, size
        Where each volume's vertices begin, ``(N + 1,)``, and how many they are, ``(N,)``.
    boxes
        In time and space.
    """

    x_m: FloatArray
    y_m: FloatArray
    step: IntArray
    rings: IntArray
    offsets: IntArray
    radius_m: FloatArray
    is_convex: BoolArray
    begins: IntArray
    size: IntArray
    boxes: Boxes

    @classmethod
    def of(cls, *arrays: VolumeArray) -> Shapes:
        """Read one array of volumes, or several one after another."""
        vertices = np.concatenate([a.vertices for a in arrays])
        rings = _chained([a.rings for a in arrays])
        offsets = _chained([a.offsets for a in arrays])
        boxes = [a.boxes() for a in arrays]
        return cls(
            x_m=np.ascontiguousarray(vertices[:, 0]),
            y_m=np.ascontiguousarray(vertices[:, 1]),
            step=following(rings) - np.arange(len(vertices)),
            rings=rings,
            offsets=offsets,
            radius_m=np.concatenate([a.radius_m for a in arrays]),
            is_convex=np.concatenate([a.is_convex for a in arrays]),
            begins=rings[offsets],
            size=np.diff(rings[offsets]),
            boxes=Boxes(*(np.concatenate(ends) for ends in zip(*boxes, strict=True))),
        )

    def by_start(self) -> IntArray:
        """Numbers of the volumes, the earliest start first."""
        return np.argsort(self.boxes.low[:, 0])


def _chained(begins: list[IntArray]) -> IntArray:
    """Let each list of beginnings go on where the one before ends."""
    shifts = np.cumsum([0, *(b[-1] for b in begins)])
    parts = [b[:-1] + shift for b, shift in zip(begins, shifts[:-1], strict=True)]
    return np.concatenate([*parts, shifts[-1:]]).astype(np.intp)
