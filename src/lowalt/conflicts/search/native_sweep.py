"""The sweep in C: the same answers as ``numpy_sweep``, several times faster."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.engines import IS_BUILT
from lowalt.conflicts.search.encounters import ENCOUNTER, Encounters
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.tracks import TrackArray

if IS_BUILT:
    from lowalt.conflicts import _native

_MOST_CELLS = 1 << 22
_MOST_CELLS_ASIDE = 1 << 15

_STRIPS_A_CELL = 2.0
"""A comparison of boxes costs less than an entry in one more cell."""

_PASSAGES_AT_ONCE = 500_000
"""Passages swept between two reports of progress: a tenth of a second or so."""


@dataclass(frozen=True, slots=True)
class _Schedule:
    """Flights in order of the slab that they begin in."""

    order: NDArray[np.int32]
    joining: NDArray[np.int64]
    last_slab: NDArray[np.int32]

    def cuts(self, slabs: int, *, passages: int) -> NDArray[np.intp]:
        """Cut the slabs so that no more passages than so many lie between two cuts."""
        first = np.diff(self.joining[: slabs + 1])
        leaving = np.bincount(self.last_slab + 1, minlength=slabs + 1)[: slabs + 1]
        upto = np.cumsum(np.cumsum(first - leaving[:slabs]))
        # One cut for each multiple of the number that is passed.
        chunk = upto // passages
        return np.concatenate(([0], np.flatnonzero(np.diff(chunk)) + 1, [slabs]))


def sweep(
    tracks: TrackArray, grid: Grid, *, threads: int, most: int
) -> Iterator[tuple[float, Encounters | None]]:
    """Find the meetings of legs; those that float64 cannot decide are marked ``UNDECIDED``.

    Yields
    ------
    tuple
        The share of the slabs that is done, and what was found in the next ones; ``None`` where
        they alone hold more than ``most``.
    """
    slabs = int(grid.slab(tracks.ends_s).max()) + 1
    schedule = _Schedule(
        order=np.empty(len(tracks), dtype=np.int32),
        joining=np.empty(slabs + 2, dtype=np.int64),
        last_slab=np.empty(len(tracks), dtype=np.int32),
    )
    offsets = tracks.offsets.astype(np.int64, copy=False)  # they are, but on 32 bits
    _native.schedule(
        tracks.vertices, offsets, grid.epoch_s, grid.slab_s, slabs,
        schedule.order, schedule.joining, schedule.last_slab,
    )  # fmt: skip
    cell_m, columns, rows = _cells(grid)
    exact, stop = tracks.has_exact_radii, np.zeros(1, dtype=np.uint8)
    plane = np.array([grid.epoch_s, grid.slab_s, grid.west_m, grid.south_m, cell_m, grid.pad_m])

    def part(begin: int, end: int) -> Encounters | None:
        found = _native.sweep(
            tracks.vertices, offsets, tracks.horizontal_radius_m, tracks.vertical_radius_m,
            tracks.tolerance_m, exact, schedule.order, schedule.joining,
            schedule.last_slab, plane, columns, rows, begin, end, most, stop,
        )  # fmt: skip
        return None if found is None else np.frombuffer(memoryview(found), dtype=ENCOUNTER)

    cuts = schedule.cuts(slabs, passages=_PASSAGES_AT_ONCE).tolist()
    pieces = list(pairwise(cuts))
    if threads == 1 or len(pieces) == 1:
        for begin, end in pieces:
            yield end / slabs, part(begin, end)
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            futures = [pool.submit(part, begin, end) for begin, end in pieces]
            for (_, end), future in zip(pieces, futures, strict=True):
                yield end / slabs, future.result()
        finally:
            stop[0] = True
            pool.shutdown(cancel_futures=True)


def _cells(grid: Grid) -> tuple[float, int, int]:
    """Give the size of a cell, and how many there are east and north."""
    cell_m = _STRIPS_A_CELL * grid.strip_m
    while True:
        columns, rows = int(grid.width_m / cell_m) + 1, int(grid.depth_m / cell_m) + 1
        if max(columns, rows) <= _MOST_CELLS_ASIDE and columns * rows <= _MOST_CELLS:
            return cell_m, columns, rows
        cell_m *= 1.25
