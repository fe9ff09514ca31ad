"""Stretches of paths, each in one region.

A place on a path is its number of pieces: 2.25 is a quarter of the third piece.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lowalt.paths import BoolArray, IntArray
from lowalt.situation.columns import Columns
from lowalt.situation.stays.spans import join
from lowalt.terrain import FloatArray

_ROWS_AT_ONCE = 1 << 17
"""Bounds the memory."""


@dataclass(frozen=True, slots=True)
class Stretches(Columns):
    """Stretches of paths, each in one region, ``(N,)`` each.

    Attributes
    ----------
    path, region
        Their numbers.
    low, high
        Places on the path.
    deep
        Whether the airspace around the path does more there than touch the region.
    """

    path: IntArray
    region: IntArray
    low: FloatArray
    high: FloatArray
    deep: BoolArray

    def joined(self) -> Stretches:
        """Join stretches of one path in one region that overlap or meet; by path and region."""
        pair = self.path * (self.region.max(initial=0) + 1) + self.region
        order, begins = join(pair, self.low, self.high)
        first = order[begins]
        return Stretches(
            self.path[first],
            self.region[first],
            np.minimum.reduceat(self.low[order], begins),
            np.maximum.reduceat(self.high[order], begins),
            np.logical_or.reduceat(self.deep[order], begins),
        )


def gathered(first: Stretches, others: Iterable[Stretches]) -> Stretches:
    """Join batches of stretches, now and then on the way, so that they do not pile up."""
    found, room = [first], _ROWS_AT_ONCE
    for part in others:
        found.append(part)
        room -= len(part.path)
        if room < 0:
            found = [Stretches.together(found).joined()]
            # As much again, so that the work stays in proportion.
            room = max(_ROWS_AT_ONCE, len(found[0].path))
    return Stretches.together(found).joined()
