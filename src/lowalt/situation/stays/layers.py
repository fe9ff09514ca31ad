"""When paths are between floors and ceilings.

Levels are linear along a piece, so each limit keeps one stretch of it. Where a level is not known
in the reference of a limit, the path may be within the layer and is not surely so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.paths import BoolArray, IntArray, Paths
from lowalt.terrain import FloatArray

_REFERENCES = tuple(VerticalReference)


@dataclass(frozen=True, slots=True)
class _Limits:
    """The floors or the ceilings of some layers, the latter upside down: within is above.

    Attributes
    ----------
    sign
        1 for floors, -1 for ceilings.
    value_m
        Sign times level, ``(R,)``; minus infinity where a layer is open.
    reference
        Number of the level's reference, ``(R,)``.
    """

    sign: float
    value_m: FloatArray
    reference: IntArray

    @classmethod
    def of(cls, levels: Sequence[Level | None], *, sign: float) -> _Limits:
        values = [-np.inf if level is None else sign * level.value_m for level in levels]
        numbers = [0 if level is None else _REFERENCES.index(level.reference) for level in levels]
        return cls(sign, np.array(values, np.float64), np.array(numbers, np.int64))

    @property
    def used(self) -> list[int]:
        """Numbers of the references that limits are in."""
        return sorted(set(self.reference[np.isfinite(self.value_m)].tolist()))

    def limits(self, reference: int) -> NDArray[np.intp]:
        """Numbers of the limits that are in a reference."""
        return np.flatnonzero(np.isfinite(self.value_m) & (self.reference == reference))


@dataclass(frozen=True, slots=True)
class Layers:
    """Floors and ceilings of some layers."""

    sides: tuple[_Limits, _Limits]

    @classmethod
    def of(cls, layers: Sequence[VerticalLayer]) -> Layers:
        """Gather the limits of layers."""
        floors = _Limits.of([layer.floor for layer in layers], sign=1.0)
        ceilings = _Limits.of([layer.ceiling for layer in layers], sign=-1.0)
        return cls((floors, ceilings))


class Heights:
    """How some paths lie to some layers.

    Parameters
    ----------
    paths
        P paths of V vertices.
    layers
        R layers.
    """

    def __init__(self, paths: Paths, layers: Layers) -> None:
        self._paths = paths
        self._layers = layers
        self._slack_m = paths.vertical_m + BOUNDARY_TOLERANCE_M
        self._levels_m = np.full((len(_REFERENCES), *paths.level_m.shape), np.nan)
        for number in {number for side in layers.sides for number in side.used}:
            self._levels_m[number] = paths.heights(_REFERENCES[number])

    def reach(self) -> tuple[BoolArray, BoolArray]:
        """Compare whole paths with layers.

        Returns
        -------
        somewhere : (P, R) bool
            Whether some part of a path may be within a layer.
        throughout : (P, R) bool
            Whether all of it surely is.
        """
        first = self._paths.first[:-1] - np.arange(len(self._paths.plan))
        shape = (len(self._paths.plan), len(self._layers.sides[0].value_m))
        somewhere, throughout = np.ones(shape, dtype=bool), np.ones(shape, dtype=bool)
        for side in self._layers.sides:
            for number in side.used:
                # One piece of unknown level makes the extremes unknown: numpy passes NaN on.
                levels_m = side.sign * self._levels_m[number][self._paths.begins_piece]
                least_m = np.minimum.reduceat(np.minimum(*levels_m.T), first) + self._slack_m
                most_m = np.maximum.reduceat(np.maximum(*levels_m.T), first) + self._slack_m
                ours = side.limits(number)
                somewhere[:, ours] &= ~(most_m[:, None] < side.value_m[ours])
                throughout[:, ours] &= least_m[:, None] >= side.value_m[ours]
        return somewhere, throughout

    def cut(
        self, piece: IntArray, region: IntArray, low: FloatArray, high: FloatArray
    ) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Cut parts of pieces to what is within layers.

        Parameters
        ----------
        piece, region
            Numbers of pieces and of layers, ``(N,)`` each.
        low, high
            Where the parts begin and end, as shares of the piece, ``(N,)`` each.

        Returns
        -------
        low, high : (N,) float64
            The same of what is within; ``low`` exceeds ``high`` where nothing is.
        known : (N,) bool
            Whether the levels are known. Where they are not, all that may be within is kept.
        """
        known = np.ones(len(piece), dtype=bool)
        slack_m = self._slack_m[self._paths.owner[piece]]
        for side in self._layers.sides:
            levels_m = side.sign * self._levels_m[side.reference[region], piece]
            above_m = levels_m + (slack_m - side.value_m[region])[:, None]
            above_m[np.isinf(side.value_m[region])] = np.inf
            unknown = np.isnan(above_m).any(axis=1)
            keep_low, keep_high = _where_not_negative(*above_m.T)
            low = np.maximum(low, np.where(unknown, 0.0, keep_low))
            high = np.minimum(high, np.where(unknown, 1.0, keep_high))
            known &= ~unknown
        return low, high, known


def _where_not_negative(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Stretch of [0, 1] on which the line from a to b is not negative; empty: (2, 1)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        root = a / (a - b)
    low = np.where(a >= 0, 0.0, np.where(b >= 0, root, 2.0))
    high = np.where(b >= 0, 1.0, np.where(a >= 0, root, 1.0))
    return low, high
