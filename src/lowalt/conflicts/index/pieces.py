"""Long work on arrays in pieces between which other threads come to their turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_TURN_S: Final = 1e-5
"""Long enough for a thread that waits for the interpreter to get it.

One that is not handed over takes it only after 5 ms, the interpreter's switch interval.
"""

_NUMBERS_AT_ONCE = 1 << 17


def let_others_in() -> None:
    """Hand the interpreter over, if anybody waits for it."""
    time.sleep(_TURN_S)


def pieces(count: int, size: int) -> Iterator[slice]:
    """Split rows into runs of some size; whoever works on them lets others in after each.

    Examples
    --------
    >>> list(pieces(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    for begin in range(0, count, size):
        yield slice(begin, min(begin + size, count))
        let_others_in()


def add_up(counts: NDArray[Any]) -> None:
    """Put running totals in the place of numbers."""
    total = counts.dtype.type(0)
    for some in pieces(len(counts), _NUMBERS_AT_ONCE):
        part = counts[some]
        part[0] += total
        np.cumsum(part, dtype=counts.dtype, out=part)
        total = part[-1]
