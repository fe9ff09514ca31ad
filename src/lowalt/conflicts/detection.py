"""Every conflict among many flights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from lowalt.conflicts import exact
from lowalt.conflicts.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters, meet
from lowalt.conflicts.screening import (
    PAIRS_AT_ONCE,
    Grid,
    leg_pairs,
    passages,
    touching,
)
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import IntArray, T, TrackArray, runs
from lowalt.errors import LowaltError

Engine = Literal["auto", "numpy", "native"]
Progress = Callable[[float], None]

MAX_ENCOUNTERS: Final = 100_000_000
"""More meetings of two legs than this are refused: their table would take 6 GB."""

_PASSAGES_AT_ONCE = 400_000
"""Passages that numpy screens together: more of them cost memory and gain nothing."""


class TooManyConflictsError(LowaltError, MemoryError):
    """More flights meet than a table can hold."""


def detect_conflicts(
    tracks: TrackArray,
    *,
    engine: Engine = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
) -> ConflictTable:
    """Find every conflict among some flights.

    Two flights conflict where at one time their horizontal distance is below the sum of their
    horizontal radii and their vertical distance below that of their vertical radii, the tolerance
    of the tracks added to both. Exactly touching is no conflict.
    """
    grid = _grid(tracks)
    found, undecided = [], []
    for part, doubt in _numpy(tracks, grid, progress or (lambda share: None)):
        found.append(part)
        undecided.append(doubt)
    return table_of(tracks, found, undecided)


def table_of(
    tracks: TrackArray, found: Sequence[Encounters], undecided: Sequence[IntArray]
) -> ConflictTable:
    doubt = np.unique(np.concatenate([*undecided, np.zeros((0, 4), np.intp)]), axis=0)
    settled = exact.settle(tracks, doubt[:, 0], doubt[:, 1], doubt[:, 2:])
    return merged(tracks, np.concatenate([*found, settled]))


def merged(tracks: TrackArray, rows: Encounters) -> ConflictTable:
    """Join meetings of legs that continue one another into conflicts."""
    pair = (rows["first"].astype(np.int64) << 32) | rows["second"]
    order = np.lexsort((rows["t_out_s"], rows["t_in_s"], pair))
    rows, pair = rows[order], pair[order]
    count = len(rows)
    begins = np.ones(count, dtype=bool)
    begins[1:] = (
        (pair[1:] != pair[:-1])
        | (rows["t_in_s"][1:] > rows["t_out_s"][:-1])
        | (
            (rows["t_in_s"][1:] == rows["t_out_s"][:-1])
            & (
                (rows["inside"][1:] & STARTS_INSIDE == 0)
                | (rows["inside"][:-1] & ENDS_INSIDE == 0)
            )
        )
    )
    start = np.flatnonzero(begins)
    size = np.diff(start, append=count)
    closest = np.lexsort((rows["t_cpa_s"], rows["d_cpa_m"], np.repeat(np.arange(len(start)), size)))[start]
    stop = start + size - 1
    head, near, tail = rows[start], rows[closest], rows[stop]
    return ConflictTable(
        tracks=tracks,
        pairs=np.column_stack((head["first"], head["second"])).astype(np.intp),
        t_in_s=head["t_in_s"].copy(),
        t_out_s=tail["t_out_s"].copy(),
        t_cpa_s=near["t_cpa_s"].copy(),
        d_cpa_m=near["d_cpa_m"].copy(),
        legs_in=np.column_stack((head["first_leg"], head["second_leg"])),
        legs_cpa=np.column_stack((near["first_leg"], near["second_leg"])),
        legs_out=np.column_stack((tail["first_leg"], tail["second_leg"])),
    )


def _grid(tracks: TrackArray) -> Grid:
    return Grid.over(tracks, slab_s=60.0, strip_m=1600.0)


@dataclass(frozen=True, slots=True)
class _Window:
    """Flights over some slabs: their legs there, and which they are."""

    slabs: tuple[int, int]
    tracks: TrackArray
    flights: IntArray
    skipped: IntArray
    done: float


def _windows(tracks: TrackArray, grid: Grid) -> Iterator[_Window]:
    first, last = grid.slab(tracks.starts_s), grid.slab(tracks.ends_s)
    slabs = int(last.max()) + 1
    change = np.bincount(first, minlength=slabs + 1) - np.bincount(last + 1, minlength=slabs + 1)
    upto = np.concatenate(([0], np.cumsum(np.cumsum(change[:slabs]))))  # passages before each slab
    order = np.argsort(first, kind="stable")
    first = first[order]
    begin = joined = 0
    under_way = order[:0]
    while begin < slabs:
        end = int(np.searchsorted(upto, upto[begin] + _PASSAGES_AT_ONCE, side="right")) - 1
        end = min(max(end, begin + 1), slabs)
        more = int(np.searchsorted(first, end))
        flights = np.sort(np.concatenate((under_way, order[joined:more])))
        joined = more
        if len(flights) > 1:
            part, skipped = _legs_within(tracks, grid, flights, (begin, end))
            yield _Window((begin, end), part, flights, skipped, upto[begin] / upto[-1])
        under_way = flights[last[flights] >= end]
        begin = end


def _legs_within(
    tracks: TrackArray, grid: Grid, flights: IntArray, slabs: tuple[int, int]
) -> tuple[TrackArray, IntArray]:
    """Keep of some flights the legs flown within slabs; say how many come before."""
    begin, count = tracks.offsets[flights], tracks.offsets[flights + 1] - tracks.offsets[flights]
    rows, starts = runs(begin, count)
    slab = grid.slab(tracks.vertices[:, T].take(rows))
    before = np.add.reduceat(slab < slabs[0], starts[:-1], dtype=np.intp)
    within = np.add.reduceat(slab < slabs[1], starts[:-1], dtype=np.intp)
    skipped = np.maximum(before - 1, 0)
    rows, starts = runs(begin + skipped, np.minimum(within + 1, count) - skipped)
    return replace(
        tracks,
        vertices=tracks.vertices.take(rows, axis=0),
        offsets=starts,
        horizontal_radius_m=tracks.horizontal_radius_m[flights],
        vertical_radius_m=tracks.vertical_radius_m[flights],
        time_uncertainty_s=tracks.time_uncertainty_s[flights],
        ids=None,
    ), skipped


def _numpy(
    tracks: TrackArray, grid: Grid, progress: Progress
) -> Iterator[tuple[Encounters, IntArray]]:
    sizes = np.concatenate((tracks.horizontal_radius_m, tracks.vertical_radius_m, [tracks.tolerance_m]))
    is_exact = bool((np.rint(sizes * 2.0**20) == sizes * 2.0**20).all())
    for window in _windows(tracks, grid):
        progress(window.done)
        part = window.tracks
        p = passages(part, grid, slabs=window.slabs)
        t_s = np.ascontiguousarray(part.vertices[:, T])
        for one, other in touching(p, grid, at_once=PAIRS_AT_ONCE):
            for pair, a, b in leg_pairs(part, t_s, p, one, other, at_once=PAIRS_AT_ONCE):
                i, j = p.flight.take(one.take(pair)), p.flight.take(other.take(pair))
                radius, height = (
                    (r.take(i) + r.take(j)) + part.tolerance_m
                    for r in (part.horizontal_radius_m, part.vertical_radius_m)
                )
                m = meet(part.vertices, a, b, radius_m=radius, height_m=height, exact=is_exact)
                slab = p.slab.take(one.take(pair.take(m.rows)))
                home = np.flatnonzero(grid.slab(m.t_in_s) == slab)
                rows = m.rows.take(home)
                found = np.zeros(len(rows), dtype=ENCOUNTER)
                for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside"):
                    found[name] = getattr(m, name).take(home)
                legs = []
                for begin, flight in ((a, i), (b, j)):
                    legs.append(begin - part.offsets.take(flight) + window.skipped.take(flight))
                found["first"], found["second"] = window.flights[i.take(rows)], window.flights[j.take(rows)]
                found["first_leg"], found["second_leg"] = legs[0].take(rows), legs[1].take(rows)
                u = m.undecided
                yield found, np.column_stack((window.flights[i.take(u)], window.flights[j.take(u)], legs[0].take(u), legs[1].take(u)))
    progress(1.0)
