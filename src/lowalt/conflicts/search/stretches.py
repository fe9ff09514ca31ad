"""A long day in stretches that fit in a cache: which legs of which flights each needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.tracks import BoolArray, FloatArray, IntArray, T, TrackArray, runs


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
    columns
        Times, x, y and z of the vertices, ``(4, V)``.
    offsets
        Flight ``n`` has the vertices ``offsets[n]:offsets[n + 1]``, ``(N + 1,)``.
    horizontal_radius_m, vertical_radius_m, time_uncertainty_s
        Of each flight, ``(N,)``.
    tolerance_m
        Of all pairs.
    exact_radii
        Whose radii add up without rounding, ``(N,)``.
    """

    slabs: tuple[int, int]
    flights: IntArray
    skipped: IntArray
    columns: FloatArray
    offsets: IntArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray
    time_uncertainty_s: FloatArray
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
        count = after - begin
        skipped = np.zeros_like(count)
        if across.any():
            rows, starts = runs(begin[across], count[across])
            late_s = np.repeat(tracks.time_uncertainty_s[flights[across]], count[across])
            t_s = tracks.vertices[rows, T]
            before, within = (
                np.add.reduceat(grid.slab(at_s) < slab, starts[:-1], dtype=np.intp)
                for at_s, slab in zip((t_s + late_s, t_s - late_s), slabs, strict=True)
            )
            skipped[across] = np.maximum(before - 1, 0)
            count[across] = np.minimum(within + 1, count[across]) - skipped[across]
        rows, offsets = runs(begin + skipped, count)
        return cls(
            slabs=slabs,
            flights=flights,
            skipped=skipped,
            columns=_columns(tracks.vertices, rows),
            offsets=offsets,
            horizontal_radius_m=tracks.horizontal_radius_m[flights],
            vertical_radius_m=tracks.vertical_radius_m[flights],
            time_uncertainty_s=tracks.time_uncertainty_s[flights],
            tolerance_m=tracks.tolerance_m,
            exact_radii=exact[flights],
        )


def _columns(vertices: FloatArray, rows: IntArray) -> FloatArray:
    """Take rows as columns, piece by piece: what is turned over has to stay in the cache."""
    columns = np.empty((4, len(rows)))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        piece = rows[start : start + _ROWS_AT_ONCE]
        columns[:, start : start + _ROWS_AT_ONCE] = vertices.take(piece, axis=0).T
    return columns


_ROWS_AT_ONCE = 8192

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
