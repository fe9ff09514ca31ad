"""Accepted flights in flat arrays: what a level of an index holds, and how levels are merged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray, T, runs
from lowalt.conflicts.index.names import Name, Names, directory, key_of, rows_with
from lowalt.conflicts.index.pieces import add_up, pieces
from lowalt.conflicts.tracks import TrackArray

_FLIGHTS_AT_ONCE = 1 << 10
"""Flights copied together when levels are merged: no query waits long for the interpreter."""


class Flights(Protocol):
    """Flights in flat arrays, as :class:`~lowalt.conflicts.tracks.TrackArray` describes them."""

    @property
    def vertices(self) -> FloatArray:
        """Rows ``t_s, x_m, y_m, z_m``."""
        ...

    @property
    def offsets(self) -> IntArray:
        """Where each flight's vertices begin."""
        ...

    @property
    def horizontal_radius_m(self) -> FloatArray:
        """Of the cylinder around each flight."""
        ...

    @property
    def vertical_radius_m(self) -> FloatArray:
        """Half height of the cylinder."""
        ...

    @property
    def time_uncertainty_s(self) -> FloatArray:
        """How much earlier or later each flight may be."""
        ...


def span_of(flights: Flights) -> tuple[FloatArray, FloatArray]:
    """Give the earliest and the latest time at which each flight may be on its way."""
    offsets, uncertain_s = flights.offsets, flights.time_uncertainty_s
    # take() on one axis lets other threads go on; so many at once are only asked for in merging.
    times_s = flights.vertices.ravel()
    starts_s, ends_s = times_s.take(4 * offsets[:-1] + T), times_s.take(4 * (offsets[1:] - 1) + T)
    return starts_s - uncertain_s, ends_s + uncertain_s


@dataclass(frozen=True, slots=True, eq=False)
class Accepted:
    """Flights that an index has accepted.

    All but ``gone`` never changes.

    Attributes
    ----------
    vertices, offsets, horizontal_radius_m, vertical_radius_m, time_uncertainty_s
        As in :class:`~lowalt.conflicts.tracks.TrackArray`.
    numbers
        Number of each flight, counted over all that the index was ever given, ``(N,)``.
    gone
        Version of the index at which each flight was removed or replaced, 0: it was not, ``(N,)``.
    names
        Identifiers; ``None``: the flights are known by number.
    directory
        Where flights are found by name, sorted, ``(N,)``.
    """

    vertices: FloatArray
    offsets: IntArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray
    time_uncertainty_s: FloatArray
    numbers: NDArray[np.int64]
    gone: NDArray[np.int64]
    names: Names | None
    directory: NDArray[np.uint64]

    @classmethod
    def of(cls, tracks: TrackArray, numbers: NDArray[np.int64]) -> Accepted:
        """Accept tracks."""
        names = None if tracks.ids is None else Names.of(tracks.ids)
        keys = numbers.tolist() if tracks.ids is None else map(key_of, tracks.ids)
        return cls(
            vertices=tracks.vertices,
            offsets=tracks.offsets,
            horizontal_radius_m=tracks.horizontal_radius_m,
            vertical_radius_m=tracks.vertical_radius_m,
            time_uncertainty_s=tracks.time_uncertainty_s,
            numbers=numbers,
            gone=np.zeros(len(numbers), dtype=np.int64),
            names=names,
            directory=directory(keys, len(numbers)),
        )

    @classmethod
    def merged(cls, parts: Sequence[tuple[Accepted, IntArray]]) -> Accepted:
        """Put together some flights of each part, in their order."""
        counts = [len(rows) for _, rows in parts]
        begins = np.concatenate(([0], np.cumsum(counts))).astype(np.intp)
        offsets = np.zeros(begins[-1] + 1, dtype=np.intp)
        for (part, rows), (begin, end) in zip(parts, pairwise(begins.tolist()), strict=True):
            offsets[begin + 1 : end + 1] = np.diff(part.offsets).take(rows)
        add_up(offsets)

        def column(name: str) -> NDArray[Any]:
            return np.concatenate([getattr(part, name).take(rows) for part, rows in parts])

        return cls(
            vertices=_merged_vertices(parts, offsets),
            offsets=offsets,
            horizontal_radius_m=column("horizontal_radius_m"),
            vertical_radius_m=column("vertical_radius_m"),
            time_uncertainty_s=column("time_uncertainty_s"),
            numbers=column("numbers"),
            gone=np.zeros(len(offsets) - 1, dtype=np.int64),
            names=_merged_names(parts),
            directory=_merged_directory(parts),
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def name(self, row: int) -> Name:
        """Give the identifier of a flight, or its number where it has none."""
        return int(self.numbers[row]) if self.names is None else self.names[row]

    def find(self, name: Name) -> int | None:
        """Give the row of a flight that is still accepted."""
        for row in rows_with(self.directory, key_of(name)):
            if self.gone[row] == 0 and self.name(row) == name:
                return row
        return None

    def leave_as(
        self, gone: Sequence[NDArray[np.int64]], parts: Sequence[IntArray], *, since: int
    ) -> None:
        """Mark what left its part while the parts were put together, as it is marked there.

        Whoever adds a flight waits for this, so that all others are passed over.

        Parameters
        ----------
        gone
            That of each part, where there may be more flights by now.
        parts
            The rows of each part that were put together, in order.
        since
            The version that was put together.
        """
        begin = 0
        for left_at, rows in zip(gone, parts, strict=True):
            upto = int(rows[-1]) + 1 if len(rows) else 0
            left = np.flatnonzero(left_at[:upto] > since)
            self.gone[begin + rows.searchsorted(left)] = left_at.take(left)
            begin += len(rows)

    def rows_at(self, version: int) -> IntArray:
        """Give the flights that are accepted at some version."""
        return np.flatnonzero((self.gone == 0) | (self.gone > version))


def _merged_vertices(parts: Sequence[tuple[Accepted, IntArray]], offsets: IntArray) -> FloatArray:
    vertices = np.empty((int(offsets[-1]), 4))
    done = 0
    for part, rows in parts:
        for some in _batches(rows):
            begins = part.offsets.take(some)
            ends = part.offsets.take(some + 1)
            if ends[-1] - begins[0] == (ends - begins).sum():  # neighbours, none left out
                block = part.vertices[begins[0] : ends[-1]]
            else:
                block = part.vertices.take(runs(begins, ends - begins)[0], axis=0)
            vertices[done : done + len(block)] = block
            done += len(block)
    return vertices


def _merged_names(parts: Sequence[tuple[Accepted, IntArray]]) -> Names | None:
    taken = [
        part.names.take(some)
        for part, rows in parts
        if part.names is not None
        for some in _batches(rows)
    ]
    return Names.joined(taken) if taken else None


def _merged_directory(parts: Sequence[tuple[Accepted, IntArray]]) -> NDArray[np.uint64]:
    """Sort the keys of the flights kept, without looking at their names again."""
    row_of = np.uint64(0xFFFFFFFF)
    found = []
    begin = 0
    for part, rows in parts:
        moved = np.full(len(part), -1, dtype=np.int64)  # rows by which they are known from now on
        moved[rows] = np.arange(begin, begin + len(rows))
        begin += len(rows)
        now = moved.take((part.directory & row_of).astype(np.intp))
        kept = np.flatnonzero(now >= 0)
        found.append((part.directory.take(kept) & ~row_of) | now.take(kept).astype(np.uint64))
    packed = np.concatenate(found)
    packed.sort()
    return packed


def _batches(rows: IntArray) -> Iterator[IntArray]:
    return (rows[some] for some in pieces(len(rows), _FLIGHTS_AT_ONCE))
