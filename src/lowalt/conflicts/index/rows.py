"""Rows of flat arrays: counted in runs, searched within runs, each taken once."""

from __future__ import annotations

from typing import Literal

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray


def each_of(starts: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """Count through runs of whole numbers, and tell of which run each member is.

    Examples
    --------
    >>> members, run = each_of(np.array([10, 40]), np.array([3, 2]))
    >>> members.tolist(), run.tolist()
    ([10, 11, 12, 40, 41], [0, 0, 0, 1, 1])
    """
    ends = counts.cumsum()
    run = np.arange(len(counts)).repeat(counts)
    return np.arange(len(run)) + (starts - ends + counts).take(run), run


def search_within(
    sorted_s: FloatArray,
    low: IntArray,
    high: IntArray,
    t_s: FloatArray,
    *,
    side: Literal["left", "right"],
) -> IntArray:
    """Do what :func:`numpy.searchsorted` does, for each time between two rows of its own."""
    while (is_open := low < high).any():
        half = (low + high) // 2
        at = sorted_s.take(half, mode="clip")
        is_before = at < t_s if side == "left" else at <= t_s
        low = np.where(is_open & is_before, half + 1, low)
        high = np.where(is_open & ~is_before, half, high)
    return low


def each_once(keys: IntArray) -> IntArray:
    """Do what :func:`numpy.unique` does, for few numbers in a fraction of the time."""
    keys.sort()
    kept = np.empty(len(keys), dtype=bool)
    kept[0] = True
    np.not_equal(keys[1:], keys[:-1], out=kept[1:])
    return keys.compress(kept)
