"""Every conflict among many flights, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray
from lowalt.conflicts.tracks import TrackArray


@dataclass(frozen=True, slots=True, eq=False)
class ConflictTable:
    """Conflicts, one row a pair of flights and longest interval without a break.

    Attributes
    ----------
    tracks
        The flights.
    pairs
        Numbers of the two flights, ``(K, 2)`` intp, the lower first; rows are sorted by them and
        then by time.
    t_in_s, t_out_s
        When the interval begins and ends, seconds of the tracks' epoch, ``(K,)`` float64.
    t_cpa_s, d_cpa_m
        When within it the flights are closest, and their horizontal distance then, ``(K,)``.
    legs_in, legs_cpa, legs_out
        Which legs the two fly at these times, counted from 0 within each flight, ``(K, 2)`` int32.
    """

    tracks: TrackArray
    pairs: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray
    legs_in: NDArray[np.int32]
    legs_cpa: NDArray[np.int32]
    legs_out: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.pairs)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give conflicts one by one, as ``lowalt conflicts --format json`` prints them.

        Flights are named by identifier where they have one, and times are those of the epoch where
        it is known, else seconds.
        """
        ids, epoch = self.tracks.ids, self.tracks.epoch
        columns = (self.t_in_s, self.t_out_s, self.t_cpa_s, self.d_cpa_m)
        for (first, second), *numbers in zip(
            self.pairs.tolist(), *(column.tolist() for column in columns), strict=True
        ):
            *times_s, distance_m = numbers
            t_in, t_out, t_cpa = (time_of(t_s, epoch) for t_s in times_s)
            yield {
                "first": first if ids is None else ids[first],
                "second": second if ids is None else ids[second],
                "t_in": t_in,
                "t_out": t_out,
                "t_cpa": t_cpa,
                "d_cpa_m": distance_m,
            }


def time_of(t_s: float, epoch: datetime | None) -> str | float:
    """Give a time as RFC 3339 has it where the epoch is known, else in seconds."""
    return t_s if epoch is None else (epoch + timedelta(seconds=t_s)).isoformat()
