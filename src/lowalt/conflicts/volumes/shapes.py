"""Volumes as the kernels read them: columns of vertices, and boxes."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.boxes import Boxes
from lowalt.conflicts.volumes.rings import following


class Shapes:
    """The shapes of volumes in one array, or in several one after another.

    Attributes
    ----------
    x_m, y_m
        Vertices, ``(V,)`` each.
    rings, offsets, radius_m, is_convex, boxes
        As in :class:`~lowalt.conflicts.volumes.array.VolumeArray`.
    begins, size
        Where each volume's vertices begin, ``(N + 1,)``, and how many they are, ``(N,)``.
    """

    def __init__(self, *arrays: VolumeArray) -> None:
        self.x_m: FloatArray = np.concatenate([a.vertices[:, 0] for a in arrays])
        self.y_m: FloatArray = np.concatenate([a.vertices[:, 1] for a in arrays])
        self.rings: IntArray = _chained([a.rings for a in arrays])
        self.offsets: IntArray = _chained([a.offsets for a in arrays])
        self.radius_m: FloatArray = _together([a.radius_m for a in arrays])
        self.is_convex: BoolArray = _together([a.is_convex for a in arrays])
        self.boxes = Boxes(
            _together([a.boxes.low for a in arrays]), _together([a.boxes.high for a in arrays])
        )
        self.begins: IntArray = self.rings[self.offsets]
        self.size: IntArray = np.diff(self.begins)

    @cached_property
    def step(self) -> IntArray:
        """Rows from each vertex to the next one of its ring, ``(V,)``."""
        return following(self.rings) - np.arange(len(self.x_m))


def _together(parts: list[NDArray[Any]]) -> NDArray[Any]:
    """Put arrays one after another; a single one is no copy."""
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _chained(begins: list[IntArray]) -> IntArray:
    """Let each list of beginnings go on where the one before ends."""
    if len(begins) == 1:
        return begins[0]
    shifts = np.cumsum([0, *(b[-1] for b in begins)])
    parts = [b[:-1] + shift for b, shift in zip(begins, shifts[:-1], strict=True)]
    return np.concatenate([*parts, shifts[-1:]]).astype(np.intp)
