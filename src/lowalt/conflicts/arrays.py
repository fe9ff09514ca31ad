"""The arrays that flights are held in: their types, their columns, and runs of rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

T, X, Y, Z = range(4)
"""Columns of the vertices."""


def runs(starts: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """Count through runs of whole numbers, one run after another.

    Returns
    -------
    tuple
        All members, run by run, and where each run begins among them, one more at the end.

    Examples
    --------
    >>> members, begins = runs(np.array([10, 40]), np.array([3, 2]))
    >>> members.tolist(), begins.tolist()
    ([10, 11, 12, 40, 41], [0, 3, 5])
    """
    begins = np.zeros(len(counts) + 1, dtype=np.intp)
    np.cumsum(counts, out=begins[1:])
    members = np.arange(begins[-1], dtype=np.intp)
    members += np.repeat(starts - begins[:-1], counts)
    return members, begins
