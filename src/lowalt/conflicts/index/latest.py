"""The flights accepted last, few enough to be looked through."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray
from lowalt.conflicts.index.flights import Accepted, Flights
from lowalt.conflicts.index.names import Name, Names, directory, key_of
from lowalt.conflicts.index.passages import SLACK_S

with suppress(ImportError):  # installed where there was no compiler
    from lowalt.conflicts import _native

_FLIGHTS = 256
_VERTICES = 8192
_MARGIN_M = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """Flights in arrays with room for more.

    How many there are is not said here but by the version of the index that is looked at: more are
    written behind those that anybody looks at, and only then does a new version count them in. So
    adding one neither copies the others nor disturbs a query.

    Attributes
    ----------
    vertices, offsets, horizontal_radius_m, vertical_radius_m, time_uncertainty_s, numbers, gone
        As in :class:`~lowalt.conflicts.index.flights.Accepted`.
    sides
        Boxes of the flights, grown by their own cylinders and uncertainties: least and greatest
        time, x, y and z, ``(8, room)``.
    ids
        Identifiers; ``None``: the flights are known by number.
    rows
        The row of each name, the last one where several had it. Only who changes the index looks.
    handle
        The same for the C core; ``None`` where numpy serves.
    """

    vertices: FloatArray
    offsets: IntArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray
    time_uncertainty_s: FloatArray
    numbers: NDArray[np.int64]
    gone: NDArray[np.int64]
    sides: FloatArray
    ids: list[str] | None
    rows: dict[Name, int]
    handle: object | None

    @classmethod
    def empty(
        cls, *, named: bool, native: bool, flights: int = _FLIGHTS, vertices: int = _VERTICES
    ) -> Latest:
        """Make room for some flights."""
        arrays = (
            np.zeros((vertices, 4)), np.zeros(flights + 1, dtype=np.intp), np.zeros(flights),
            np.zeros(flights), np.zeros(flights),
        )  # fmt: skip
        gone, sides = np.zeros(flights, dtype=np.int64), np.zeros((8, flights))
        handle = _native.index_level((*arrays, gone, sides)) if native else None
        numbers = np.zeros(flights, dtype=np.int64)
        return cls(*arrays, numbers, gone, sides, [] if named else None, {}, handle)

    def with_more(
        self, count: int, tracks: Flights, numbers: NDArray[np.int64], ids: tuple[str, ...] | None,
        tolerance_m: float,
    ) -> Latest:  # fmt: skip
        """Write flights behind the first ``count``: here where there is room, else in a copy."""
        end, begin = count + len(numbers), int(self.offsets[count])
        end_vertex = begin + len(tracks.vertices)
        if end > len(self.numbers) or end_vertex > len(self.vertices):
            larger = self.copy(0, count, flights=end, vertices=end_vertex)
            return larger.with_more(count, tracks, numbers, ids, tolerance_m)
        rows = slice(count, end)
        self.vertices[begin:end_vertex] = tracks.vertices
        self.offsets[count + 1 : end + 1] = tracks.offsets[1:] + begin
        self.horizontal_radius_m[rows] = tracks.horizontal_radius_m
        self.vertical_radius_m[rows] = tracks.vertical_radius_m
        self.time_uncertainty_s[rows] = tracks.time_uncertainty_s
        self.numbers[rows] = numbers
        self.sides[:, rows] = sides_of(tracks, tolerance_m)
        names = numbers.tolist() if ids is None else ids
        if self.ids is not None and ids is not None:
            self.ids[count:] = ids
        self.rows.update(zip(names, range(count, end), strict=True))
        return self

    def copy(self, begin: int, end: int, *, flights: int = 0, vertices: int = 0) -> Latest:
        """Copy the flights from one up to another, with room for so many or twice as many."""
        first, last = (int(self.offsets[at]) for at in (begin, end))
        count = end - begin
        copy = Latest.empty(
            named=self.ids is not None,
            native=self.handle is not None,
            flights=max(_FLIGHTS, flights, 2 * count),
            vertices=max(_VERTICES, vertices, 2 * (last - first)),
        )
        copy.vertices[: last - first] = self.vertices[first:last]
        copy.offsets[: count + 1] = self.offsets[begin : end + 1] - first
        copy.sides[:, :count] = self.sides[:, begin:end]
        for name in (
            "horizontal_radius_m", "vertical_radius_m", "time_uncertainty_s", "numbers", "gone",
        ):  # fmt: skip
            getattr(copy, name)[:count] = getattr(self, name)[begin:end]
        if copy.ids is not None and self.ids is not None:
            copy.ids.extend(self.ids[begin:end])
        copy.rows.update((copy.name(row), row) for row in range(count))
        return copy

    def name(self, row: int) -> Name:
        """Give the identifier of a flight, or its number where it has none."""
        return int(self.numbers[row]) if self.ids is None else self.ids[row]

    def find(self, name: Name) -> int | None:
        """Give the row of a flight that is still accepted."""
        row = self.rows.get(name)
        return row if row is not None and self.gone[row] == 0 else None

    def first(self, count: int) -> Accepted:
        """Give the first flights as they are merged."""
        numbers = self.numbers[:count]
        ids = None if self.ids is None else self.ids[:count]
        return Accepted(
            vertices=self.vertices[: int(self.offsets[count])],
            offsets=self.offsets[: count + 1],
            horizontal_radius_m=self.horizontal_radius_m[:count],
            vertical_radius_m=self.vertical_radius_m[:count],
            time_uncertainty_s=self.time_uncertainty_s[:count],
            numbers=numbers,
            gone=self.gone[:count],
            names=None if ids is None else Names.of(ids),
            directory=directory(map(key_of, numbers.tolist() if ids is None else ids), count),
        )


def sides_of(tracks: Flights, tolerance_m: float) -> FloatArray:
    """Give the least and greatest t, x, y and z of flights and what is around them, ``(8, N)``."""
    begins = tracks.offsets[:-1]
    low = np.minimum.reduceat(tracks.vertices, begins, axis=0).T
    high = np.maximum.reduceat(tracks.vertices, begins, axis=0).T
    across_m = tracks.horizontal_radius_m + (tolerance_m + _MARGIN_M)
    above_m = tracks.vertical_radius_m + (tolerance_m + _MARGIN_M)
    grown = np.array([tracks.time_uncertainty_s + SLACK_S, across_m, across_m, above_m])
    sides = np.empty((8, low.shape[1]))
    sides[::2], sides[1::2] = low - grown, high + grown
    return sides
