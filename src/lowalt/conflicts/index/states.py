"""One version of an index: what a query looks at from beginning to end, whatever changes meanwhile.

Flights are added behind those that a version counts, and a flight that leaves is only marked with
the version at which it does. So an older version still shows what it did, without a lock.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import IntArray, runs
from lowalt.conflicts.index.answers import (
    CONFLICT,
    NO_CONFLICTS,
    IndexConflicts,
    answer,
    conflict_rows,
    conflicts_of_few,
)
from lowalt.conflicts.index.asking import FLIGHTS_UNCERTAIN, ask
from lowalt.conflicts.index.damage import damage_is_told
from lowalt.conflicts.index.flights import Accepted
from lowalt.conflicts.index.latest import Latest
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.may_meet import may_meet
from lowalt.conflicts.index.names import Name
from lowalt.conflicts.search.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters
from lowalt.conflicts.search.joining import joined
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import TrackArray

with suppress(ImportError):  # installed where there was no compiler
    from lowalt.conflicts import _native


_FEW_MEETINGS: Final = 64
"""Meetings of legs up to which it does not pay to join them in arrays."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One version of an index.

    Attributes
    ----------
    version
        Counts the changes.
    levels
        Merged flights, the largest level first.
    latest, count
        Flights accepted since, and how many of them there are.
    is_exact
        Whether sums of two radii and the tolerance carry no rounding.
    tolerance_m
        Added to the sum of two flights' radii.
    handles
        Levels and latest flights for the C core; ``None`` where numpy serves.
    """

    version: int
    levels: tuple[Level, ...]
    latest: Latest
    count: int
    is_exact: bool
    tolerance_m: float
    handles: tuple[object, ...] | None

    @classmethod
    def of(
        cls, version: int, levels: tuple[Level, ...], latest: Latest, count: int, *,
        is_exact: bool, tolerance_m: float,
    ) -> State:  # fmt: skip
        """Make a version; the C core serves where the latest flights are known to it."""
        handles = None
        if latest.handle is not None:
            handles = (*(level.handle for level in levels), latest.handle)
        return cls(version, levels, latest, count, is_exact, tolerance_m, handles)

    def find(self, name: Name) -> tuple[Accepted | Latest, int] | None:
        """Find a flight that is accepted now, and its row; only for who changes the index."""
        held: list[Accepted | Latest] = [level.flights for level in self.levels]
        with damage_is_told():
            for flights in reversed([*held, self.latest]):
                row = flights.find(name)
                if row is not None:
                    return flights, row
        return None

    @property
    def is_merged(self) -> bool:
        """Whether all flights are in one level, and none has left it."""
        only = self.levels[0].flights if self.levels else None
        return self.count == 0 and len(self.levels) < 2 and (only is None or not only.gone.any())

    def merged(self, first: int) -> tuple[Accepted, list[IntArray]]:
        """Put together the flights of the levels from some one on, and the latest.

        Returns
        -------
        tuple
            The flights, and the rows of each level and of the latest that they are.
        """
        sources = [*(level.flights for level in self.levels[first:]), self.latest.first(self.count)]
        rows = [flights.rows_at(self.version) for flights in sources]
        return Accepted.merged(list(zip(sources, rows, strict=True))), rows

    def query(self, tracks: TrackArray) -> IndexConflicts:
        """Give the conflicts of some flights with the accepted ones."""
        with damage_is_told():
            found = (
                self._ask(tracks) if self.handles is None else self._ask_core(self.handles, tracks)
            )
            return NO_CONFLICTS if found is None else self._answer(found, tracks)

    def _ask_core(self, handles: tuple[object, ...], tracks: TrackArray) -> NDArray[np.void] | None:
        found = _native.index_query(
            handles, self.count, self.version, self.is_exact, self.tolerance_m,
            tracks.vertices, tracks.offsets, tracks.horizontal_radius_m,
            tracks.vertical_radius_m, tracks.time_uncertainty_s,
        )  # fmt: skip
        if found is None:
            return None
        if isinstance(found, bytes):
            return np.frombuffer(found, dtype=CONFLICT)
        return conflict_rows(self._joined(np.frombuffer(found[0], dtype=ENCOUNTER), tracks))

    def _ask(self, tracks: TrackArray) -> NDArray[np.void] | None:
        found = ask(
            self.levels, self.latest, tracks,
            count=self.count, version=self.version, exact=self.is_exact,
        )  # fmt: skip
        if not len(found):
            return None
        if len(found) <= _FEW_MEETINGS and not _is_in_doubt(found):
            return conflicts_of_few(found)
        return conflict_rows(self._joined(found, tracks))

    def _joined(self, rows: Encounters, tracks: TrackArray) -> ConflictTable:
        """Join meetings of legs into conflicts, with the flights at hand where one is in doubt."""
        if not _is_in_doubt(rows):
            return joined(tracks, [rows])
        rows = rows.copy()
        chosen, first = np.unique(rows["first"], return_inverse=True)
        both = self._together(chosen.astype(np.intp), tracks)
        rows["first"], rows["second"] = first, rows["second"] + len(chosen)
        is_pair = rows["inside"] == FLIGHTS_UNCERTAIN
        parts = [rows.compress(~is_pair), may_meet(both, rows.compress(is_pair))]
        table = joined(both, parts)
        first, second = table.pairs.T
        pairs = np.column_stack((chosen.take(first), second - len(chosen)))
        return replace(table, pairs=pairs)

    def _together(self, rows: IntArray, tracks: TrackArray) -> TrackArray:
        """Take some accepted flights, and behind them all new ones."""
        parts: list[Accepted | Latest | TrackArray] = []
        vertices, counts, chosen = [], [], []
        for row in rows.tolist():
            flights, at = self._at(row)
            begin, end = flights.offsets[at : at + 2].tolist()
            vertices.append(flights.vertices[begin:end])
            counts.append(end - begin)
            parts.append(flights)
            chosen.append(at)

        def column(name: str) -> np.ndarray:
            accepted = [getattr(part, name)[at] for part, at in zip(parts, chosen, strict=True)]
            return np.concatenate((np.array(accepted), getattr(tracks, name)))

        _, offsets = runs(np.zeros(len(counts), np.intp), np.array(counts, np.intp))
        return replace(
            tracks,
            vertices=np.concatenate((*vertices, tracks.vertices)),
            offsets=np.concatenate((offsets[:-1], tracks.offsets + offsets[-1])),
            horizontal_radius_m=column("horizontal_radius_m"),
            vertical_radius_m=column("vertical_radius_m"),
            time_uncertainty_s=column("time_uncertainty_s"),
            ids=None,
        )

    def _at(self, row: int) -> tuple[Accepted | Latest, int]:
        """Find a flight by its row among all levels."""
        for level in self.levels:
            if row < len(level):
                return level.flights, row
            row -= len(level)
        return self.latest, row

    def _answer(self, rows: NDArray[np.void], tracks: TrackArray) -> IndexConflicts:
        found = [self._at(row) for row in rows["first"].tolist()]
        if len(found) > 1:
            numbers = [int(flights.numbers[row]) for flights, row in found]
            order = np.lexsort((rows["t_in_s"], np.array(numbers), rows["second"]))
            rows, found = rows.take(order), [found[at] for at in order.tolist()]
        return answer(rows, tuple(flights.name(row) for flights, row in found), tracks)


def _is_in_doubt(rows: Encounters) -> bool:
    """Tell whether any row is no meeting, or whether its flags are in doubt."""
    return bool((rows["inside"] & ~(STARTS_INSIDE | ENDS_INSIDE)).any())
