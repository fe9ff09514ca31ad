"""A long day in stretches that fit in a cache: which legs of which flights each needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, runs
from lowalt.conflicts.search.bisection import first_not
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.tracks import TrackArray


@dataclass(frozen=True, slots=True)
class Stretch:
    """The legs that flights fly within some slabs, whole.

    Attributes
    ----------
    slabs
        Number of the first slab, and of the first after.
    flights
        Numbers of the flights among all, increasing, ``(N,)``.
    skipped
        How many legs of each come before, ``(N,)``.
    t_s
        Times of the vertices, ``(V,)``.
    places
        Vertices from the corner of the grid, ``(V, 4)`` float32.
    offsets
        Flight ``n`` has the vertices ``offsets[n]:offsets[n + 1]``, ``(N + 1,)``.
    ahead
        What to add to the number of a vertex of each for its number among all, ``(N,)``.
    horizontal_radius_m, vertical_radius_m, time_uncertainty_s
        Of each flight, ``(N,)``.
    growth
        How far each reaches in time, east, north and up, ``(N, 4)`` float32.
    tolerance_m
        Of all pairs.
    exact_radii
        Whose radii add up without rounding, ``(N,)``.
    """

    slabs: tuple[int, int]
    flights: IntArray
    skipped: IntArray
    t_s: FloatArray
    places: NDArray[np.float32]
    offsets: IntArray
    ahead: IntArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray
    time_uncertainty_s: FloatArray
    growth: NDArray[np.float32]
    tolerance_m: float
    exact_radii: BoolArray

    @property
    def is_uncertain(self) -> bool:
        """Whether any flight may be early or late."""
        return bool(self.time_uncertainty_s.any())

    @classmethod
    def of(
        cls,
        tracks: TrackArray,
        grid: Grid,
        flights: IntArray,
        slabs: tuple[int, int],
        *,
        across: BoolArray,
        exact: BoolArray,
    ) -> Stretch:
        """Take from some flights the legs that they may fly in some slabs, each at least one.

        Parameters
        ----------
        across
            Which of the flights are under way before the slabs or after, ``(N,)``.
        exact
            Whose radii add up without rounding, of all flights.
        """
        begin, after = tracks.offsets[flights], tracks.offsets[flights + 1]
        late_s = tracks.time_uncertainty_s[flights]
        skipped = np.zeros_like(begin)
        if across.any():
            rows = np.flatnonzero(across)
            some = begin.take(rows), after.take(rows)
            skipped[rows], after[rows] = _within(slabs, tracks, grid, some, late_s.take(rows))
        begin += skipped
        count = after - begin
        offsets = np.zeros(len(count) + 1, dtype=np.intp)
        np.cumsum(count, out=offsets[1:])
        t_s, places = _from(grid.corner, tracks.vertices, begin, count)
        horizontal_m = tracks.horizontal_radius_m[flights]
        vertical_m = tracks.vertical_radius_m[flights]
        pad_m = 0.5 * tracks.tolerance_m + grid.pad_m
        wide_m, high_m = horizontal_m + pad_m, vertical_m + pad_m
        growth = np.column_stack((late_s + grid.pad_s, wide_m, wide_m, high_m))
        return cls(
            slabs=slabs,
            flights=flights,
            skipped=skipped,
            t_s=t_s,
            places=places,
            offsets=offsets,
            ahead=begin - offsets[:-1],
            horizontal_radius_m=horizontal_m,
            vertical_radius_m=vertical_m,
            time_uncertainty_s=late_s,
            growth=growth.astype(np.float32),
            tolerance_m=tracks.tolerance_m,
            exact_radii=exact[flights],
        )


def _within(
    slabs: tuple[int, int],
    tracks: TrackArray,
    grid: Grid,
    flights: tuple[IntArray, IntArray],
    late_s: FloatArray,
) -> tuple[IntArray, IntArray]:
    """Give how many legs come before some slabs, and where the vertices of the last one end.

    ``flights`` are given by their first vertex and the first after, ``(N,)`` each.
    """
    numbers = tracks.vertices.reshape(-1)  # gathered faster than from a column
    begin, after = flights

    def first_from(slab: int, delay_s: FloatArray) -> IntArray:
        """First vertex of each, so much later, that is not before a slab."""

        def is_before(rows: IntArray, vertex: IntArray) -> BoolArray:
            return grid.slab(numbers.take(4 * vertex + T) + delay_s.take(rows)) < slab

        return first_not(is_before, begin, after)

    skipped = np.maximum(first_from(slabs[0], late_s) - begin - 1, 0)
    return skipped, np.minimum(first_from(slabs[1], -late_s) + 1, after)


def _from(
    corner: FloatArray, vertices: FloatArray, begin: IntArray, count: IntArray
) -> tuple[FloatArray, NDArray[np.float32]]:
    """Give runs of vertices from a corner, and their times, piece by piece: rows stay in the cache.

    Long rows, many vertices each, are subtracted several times faster than rows of four.
    """
    total = int(count.sum())
    follow = bool((begin[1:] == begin[:-1] + count[:-1]).all())  # as where all are at hand
    rows = None if follow else runs(begin, count)[0]
    corners = np.tile(corner, _ROWS_AT_ONCE)
    t_s, places = np.empty(total), np.empty((total, 4), dtype=np.float32)
    for start in range(0, total, _ROWS_AT_ONCE):
        stop = min(start + _ROWS_AT_ONCE, total)
        if rows is None:
            piece = vertices[begin[0] + start : begin[0] + stop]
        else:
            piece = vertices.take(rows[start:stop], axis=0)
        t_s[start:stop] = piece[:, T]
        places[start:stop] = (piece.reshape(-1) - corners[: piece.size]).reshape(-1, 4)
    return t_s, places


_ROWS_AT_ONCE = 4096

_MOST_SLABS = 1 << 20
"""More do not fit in the keys of :mod:`lowalt.conflicts.search.screening`."""


def stretches(tracks: TrackArray, grid: Grid, *, passages: int) -> Iterator[tuple[float, Stretch]]:
    """Split the slabs, in order, so that no more passages than so many lie in each stretch.

    A slab with more is a stretch of its own, and where fewer than two flights are there is none.

    Yields
    ------
    tuple
        The share of all passages that is done, and the next stretch.
    """
    late_s = tracks.time_uncertainty_s
    first, last = grid.slab(tracks.starts_s - late_s), grid.slab(tracks.ends_s + late_s)
    slabs = int(last.max()) + 1
    change = np.bincount(first, minlength=slabs + 1) - np.bincount(last + 1, minlength=slabs + 1)
    upto = np.concatenate(([0], np.cumsum(np.cumsum(change[:slabs]))))  # passages before each slab
    order = np.argsort(first, kind="stable")
    in_order = first[order]
    exact = tracks.exact_radii
    begin = joined = 0
    under_way = order[:0]
    while begin < slabs:
        end = int(np.searchsorted(upto, upto[begin] + passages, side="right")) - 1
        end = min(max(end, begin + 1), begin + _MOST_SLABS, slabs)
        more = int(np.searchsorted(in_order, end))
        flights = np.sort(np.concatenate((under_way, order[joined:more])))
        joined = more
        if len(flights) > 1:
            across = (first[flights] < begin) | (last[flights] >= end)
            part = Stretch.of(tracks, grid, flights, (begin, end), across=across, exact=exact)
            yield upto[begin] / upto[-1], part
        under_way = flights[last[flights] >= end]
        begin = end
