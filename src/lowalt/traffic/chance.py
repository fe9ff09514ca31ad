"""Chance that falls the same everywhere: every draw comes from the raw bits of one stream.

NumPy promises the bits of its generators from version to version, not its distributions, so the
few that traffic needs are worked out here. What depends on the last digit of a logarithm is rounded
to whole seconds, where platforms agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Hours:
    """When of a day a service flies: from an hour on, a weight for each hour.

    Parameters
    ----------
    opens
        First hour, local time.
    weights
        How busy each hour is beside the others, from that hour on.
    """

    opens: int
    weights: tuple[float, ...]

    def second_of_day(self, share: float) -> int:
        """Second of the day by which a share (from 0 to 1) of the day's traffic has departed."""
        until = list(accumulate(self.weights, initial=0.0))
        hours = np.interp(share * until[-1], until, range(len(until)))
        return int((self.opens + float(hours)) * 3600.0)


class Chance:
    """A stream of draws.

    Parameters
    ----------
    key
        Numbers that name the stream, each 0 or more; equal keys give equal draws.

    Examples
    --------
    >>> Chance(7).uniform(0.0, 10.0) == Chance(7).uniform(0.0, 10.0)
    True
    """

    def __init__(self, *key: int) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence(key))
        self._block: list[float] = []

    def _shares(self, count: int) -> NDArray[np.float64]:
        """Draw numbers from 0 up to 1, 1 left out: the first 53 of 64 bits each."""
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return np.asarray((raw >> np.uint64(11)) * 2.0**-53, dtype=np.float64)

    def share(self) -> float:
        """Draw a number from 0 up to 1, 1 left out."""
        if not self._block:  # one number alone costs as much as a hundred
            self._block = self._shares(1024).tolist()
        return self._block.pop()

    def uniform(self, low: float, high: float) -> float:
        """Draw a number between two."""
        return low + (high - low) * self.share()

    def whole(self, low: int, high: int) -> int:
        """Draw a whole number from ``low`` up to ``high``, ``high`` left out."""
        return low + int(self.share() * (high - low))

    def pick(self, items: Sequence[Item]) -> Item:
        """Draw one of several, each as likely."""
        return items[self.whole(0, len(items))]

    def calls_s(self, mean: float, hours: Hours) -> list[int]:
        """Draw when a Poisson process calls during a day, seconds of the day, in order.

        A process of rate one is run until it has gone ``mean`` far, and its time is then stretched
        by the hours of the service.
        """
        # The number of calls is beyond ten standard deviations once in 10**20 days.
        room = int(mean + 10.0 * mean**0.5) + 30
        reached = np.cumsum(-np.log1p(-self._shares(room)))
        return [hours.second_of_day(at / mean) for at in reached[reached < mean].tolist()]
