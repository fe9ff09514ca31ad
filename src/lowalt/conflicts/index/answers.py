"""What an index answers: the conflicts of new flights with accepted ones, as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray
from lowalt.conflicts.index.names import Name
from lowalt.conflicts.search.encounters import Encounters
from lowalt.conflicts.table import ConflictTable, time_of
from lowalt.conflicts.tracks import TrackArray

CONFLICT: Final = np.dtype(
    [
        ("t_in_s", "f8"),
        ("t_out_s", "f8"),
        ("t_cpa_s", "f8"),
        ("d_cpa_m", "f8"),
        ("first", "i4"),
        ("second", "i4"),
        ("legs_in", "i4", 2),
        ("legs_cpa", "i4", 2),
        ("legs_out", "i4", 2),
    ]
)
"""One conflict, as the C core gives it."""


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
    asked_ids
        Identifiers of all new flights asked about; ``None``: they have none.
    epoch
        Instant of second 0; ``None``: unknown.
    """

    accepted: tuple[Name, ...]
    asked: NDArray[np.int32]
    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray
    legs_in: NDArray[np.int32]
    legs_cpa: NDArray[np.int32]
    legs_out: NDArray[np.int32]
    asked_ids: tuple[str, ...] | None = None
    epoch: datetime | None = None

    def __len__(self) -> int:
        return len(self.accepted)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give conflicts one by one, as :meth:`lowalt.conflicts.ConflictTable.rows` does.

        Flights are named by identifier where they have one, else by number, and times are those of
        the epoch, as RFC 3339 has them, where it is known, else seconds.
        """
        columns = (self.asked, self.t_in_s, self.t_out_s, self.t_cpa_s, self.d_cpa_m)
        for accepted, asked, t_in_s, t_out_s, t_cpa_s, distance_m in zip(
            self.accepted, *(column.tolist() for column in columns), strict=True
        ):
            yield {
                "accepted": accepted,
                "asked": asked if self.asked_ids is None else self.asked_ids[asked],
                "t_in": time_of(t_in_s, self.epoch),
                "t_out": time_of(t_out_s, self.epoch),
                "t_cpa": time_of(t_cpa_s, self.epoch),
                "d_cpa_m": distance_m,
            }


def conflict_rows(table: ConflictTable) -> NDArray[np.void]:
    """Give conflicts as rows."""
    rows = np.zeros(len(table), dtype=CONFLICT)
    rows["first"], rows["second"] = table.pairs.T
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "legs_in", "legs_cpa", "legs_out"):
        rows[name] = getattr(table, name)
    return rows


def conflict_of(meeting: Encounters) -> NDArray[np.void]:
    """Give a single meeting of legs as the conflict that it is."""
    rows = np.zeros(1, dtype=CONFLICT)
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "first", "second"):
        rows[name] = meeting[name]
    for name in ("legs_in", "legs_cpa", "legs_out"):
        rows[name] = meeting["first_leg"][0], meeting["second_leg"][0]
    return rows


def answer(
    rows: NDArray[np.void], accepted: tuple[Name, ...], asked: TrackArray | None = None
) -> IndexConflicts:
    """Give rows, and what the accepted flights in them are called, as columns."""
    return IndexConflicts(
        accepted=accepted,
        asked=rows["second"],
        t_in_s=rows["t_in_s"],
        t_out_s=rows["t_out_s"],
        t_cpa_s=rows["t_cpa_s"],
        d_cpa_m=rows["d_cpa_m"],
        legs_in=rows["legs_in"],
        legs_cpa=rows["legs_cpa"],
        legs_out=rows["legs_out"],
        asked_ids=None if asked is None else asked.ids,
        epoch=None if asked is None else asked.epoch,
    )


NO_CONFLICTS: Final = answer(np.frombuffer(b"", dtype=CONFLICT), ())
"""The answer for flights that meet none."""
