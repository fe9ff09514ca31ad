"""What an index answers: the conflicts of new flights with accepted ones, as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.index.names import Name
from lowalt.conflicts.tracks import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class IndexConflicts:
    """Conflicts of new flights with accepted ones, one row each longest interval without a break.

    Attributes
    ----------
    accepted
        Identifier of each accepted flight, or its number in an index without identifiers.
    asked
        Number of the new flight among those asked about, ``(K,)``; rows are sorted by it, then by
        when the accepted flight was first added, then by time.
    t_in_s, t_out_s
        When the interval begins and ends, seconds of the tracks' epoch, ``(K,)`` float64.
    t_cpa_s, d_cpa_m
        When within it the flights are closest, and their horizontal distance then, ``(K,)``.
    legs_in, legs_cpa, legs_out
        Which legs the two fly at these times, counted from 0 within each flight, ``(K, 2)`` int32,
        the accepted flight's first.
    """

    accepted: tuple[Name, ...]
    asked: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray
    legs_in: NDArray[np.int32]
    legs_cpa: NDArray[np.int32]
    legs_out: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.accepted)


_NO_TIMES = np.zeros(0)
_NO_LEGS = np.zeros((0, 2), dtype=np.int32)
_NO_FLIGHTS = np.zeros(0, dtype=np.intp)
for _array in (_NO_TIMES, _NO_LEGS, _NO_FLIGHTS):
    _array.flags.writeable = False

NO_CONFLICTS = IndexConflicts(
    (), _NO_FLIGHTS, _NO_TIMES, _NO_TIMES, _NO_TIMES, _NO_TIMES, _NO_LEGS, _NO_LEGS, _NO_LEGS
)
"""The answer for flights that meet none."""
