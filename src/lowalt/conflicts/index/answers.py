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
from lowalt.conflicts.search.encounters import ENDS_INSIDE, STARTS_INSIDE, Encounters
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


@dataclass(slots=True)
class _Conflict:
    """A conflict as far as its meetings of legs are known."""

    flights: list[int]
    t_in: float
    t_out: float
    t_cpa: float
    d_cpa: float
    legs_in: tuple[int, int]
    legs_cpa: tuple[int, int]
    legs_out: tuple[int, int]

    def goes_on(self, t_out: float, t_cpa: float, d_cpa: float, legs: tuple[int, int]) -> None:
        """Take in a later meeting."""
        if t_out >= self.t_out:
            self.t_out, self.legs_out = t_out, legs
        if (d_cpa, t_cpa) < (self.d_cpa, self.t_cpa):
            self.d_cpa, self.t_cpa, self.legs_cpa = d_cpa, t_cpa, legs

    @property
    def row(self) -> tuple[Any, ...]:
        """What :data:`CONFLICT` has."""
        times = (self.t_in, self.t_out, self.t_cpa, self.d_cpa)
        return (*times, *self.flights, self.legs_in, self.legs_cpa, self.legs_out)


def conflicts_of_few(meetings: Encounters) -> NDArray[np.void]:
    """Join meetings of legs of which none is in doubt, row by row.

    :func:`lowalt.conflicts.search.joining.joined` does the same for many, and says how.
    """
    rows = sorted(
        (first, second, t_in, t_out, leg, other_leg, t_cpa, d_cpa, inside)
        for t_in, t_out, t_cpa, d_cpa, first, second, leg, other_leg, inside in meetings.tolist()
    )
    found: list[_Conflict] = []
    pair, legs, ended_inside = None, None, False
    for *flights, t_in, t_out, leg, other_leg, t_cpa, d_cpa, inside in rows:
        same, repeats = flights == pair, (leg, other_leg) == legs
        pair, legs = flights, (leg, other_leg)
        if same and repeats:
            continue
        last = found[-1] if same else None
        if last is not None and (
            t_in < last.t_out or (t_in == last.t_out and ended_inside and inside & STARTS_INSIDE)
        ):
            last.goes_on(t_out, t_cpa, d_cpa, legs)
        else:
            found.append(_Conflict(flights, t_in, t_out, t_cpa, d_cpa, legs, legs, legs))
        ended_inside = bool(inside & ENDS_INSIDE)
    return np.array([conflict.row for conflict in found], dtype=CONFLICT)


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
