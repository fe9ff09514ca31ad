"""Many bisections at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lowalt.conflicts.arrays import BoolArray, IntArray


def first_not(
    holds: Callable[[IntArray, IntArray], BoolArray], low: IntArray, high: IntArray
) -> IntArray:
    """Find in many runs of numbers the first for which something no longer holds.

    Parameters
    ----------
    holds
        Called with some runs and a number of each, never the last; in each run it holds up to some
        number, and from there on no more.
    low, high
        First number of each run, and what is given where it holds for all before, ``(N,)`` each.

    Examples
    --------
    >>> squares, limits = np.array([0, 1, 4, 9, 16, 25]), np.array([5, 100])
    >>> def is_less(rows, numbers):
    ...     return squares[numbers] < limits[rows]
    >>> first_not(is_less, np.array([0, 2]), np.array([6, 6])).tolist()
    [3, 6]
    """
    low, high = low.copy(), high.copy()
    rows = np.flatnonzero(low < high)
    while len(rows):
        least, most = low.take(rows), high.take(rows)
        middle = (least + most) // 2
        goes_on = holds(rows, middle)
        low[rows] = least = np.where(goes_on, middle + 1, least)
        high[rows] = most = np.where(goes_on, most, middle)
        rows = rows.compress(least < most)
    return low
