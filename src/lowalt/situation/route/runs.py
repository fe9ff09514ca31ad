"""Runs of true values in a mask."""

from __future__ import annotations

import numpy as np

from lowalt.paths import BoolArray


def runs(mask: BoolArray) -> list[tuple[int, int]]:
    """First and last number of each run.

    Examples
    --------
    >>> runs(np.array([True, False, True, True]))
    [(0, 0), (2, 3)]
    """
    steps = np.diff(np.concatenate(([0], mask.astype(np.int64), [0])))
    first, beyond = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return list(zip(first.tolist(), (beyond - 1).tolist(), strict=True))
