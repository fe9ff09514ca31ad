"""Chance by the million that falls the same everywhere.

NumPy promises the bits of its generators from version to version, not its distributions, so every
draw is worked out here from raw bits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray


class Draws:
    """Streams of chance, one for each quantity that is drawn.

    Parameters
    ----------
    seed
        Names them, 0 or more.

    Examples
    --------
    >>> draw = Draws(7)
    >>> draw.whole("height", 3, 13, 4).tolist(), draw.whole("width", 3, 13, 4).tolist()
    ([7, 9, 11, 4], [3, 9, 10, 4])
    >>> Draws(7).whole("height", 3, 13, 6).tolist()
    [7, 9, 11, 4, 5, 4]
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, np.random.PCG64] = {}

    def _words(self, quantity: str, count: int) -> NDArray[np.uint64]:
        stream = self._streams.get(quantity)
        if stream is None:
            key = np.random.SeedSequence((self._seed, *quantity.encode()))
            stream = self._streams[quantity] = np.random.PCG64(key)
        return np.asarray(stream.random_raw(count), dtype=np.uint64)

    def share(self, quantity: str, count: int) -> FloatArray:
        """Draw from 0 up to 1, 1 left out: the first 53 of 64 bits."""
        return (self._words(quantity, count) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def uniform(self, quantity: str, low: float, high: float, count: int) -> FloatArray:
        """Draw between two numbers."""
        return low + (high - low) * self.share(quantity, count)

    def whole(self, quantity: str, low: int, high: int, count: int) -> IntArray:
        """Draw whole numbers from ``low`` up to ``high``, ``high`` left out."""
        return low + (self.share(quantity, count) * (high - low)).astype(np.intp)

    def pick(self, quantity: str, values: Sequence[float], count: int) -> FloatArray:
        """Draw one of several values, each as likely."""
        return np.asarray(values, dtype=np.float64)[self.whole(quantity, 0, len(values), count)]

    def bell(self, quantity: str, count: int) -> FloatArray:
        """Draw about a normal distribution, mean 0 and deviation 1: the sum of a word's quarters.

        It ends at 3.5 deviations, and takes no function that platforms round in their own ways.
        """
        words = self._words(quantity, count)
        quarter = np.uint64(0xFFFF)
        total = words & quarter
        for shift in (16, 32, 48):
            total += (words >> np.uint64(shift)) & quarter
        return (total.astype(np.float64) - 131_070.0) / 37_837.0
