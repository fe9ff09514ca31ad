"""How crowded traffic is, by looks at a few instants: what a search may cost before it begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, Y, Z
from lowalt.conflicts.search.bisection import first_not
from lowalt.conflicts.tracks import TrackArray

_LOOKS: Final = 5
"""Instants at which the traffic is looked at."""

_SEEN_AT_ONCE = 1_000
"""Flights looked at in one instant; of more, so many evenly."""

_COMPARED_AT_ONCE = 200
"""Flights compared with one another in one instant."""

_CELL_M = 1000.0
"""Cells in which flights are counted."""


def crowding_per_km2(tracks: TrackArray) -> float:
    """Mean number of other flights per square kilometre around a flight."""
    around = seen = 0.0
    for _, flights, every, places in _looks(tracks, _SEEN_AT_ONCE):
        x, y = np.floor(places[X] / _CELL_M), np.floor(places[Y] / _CELL_M)
        cell = np.sort(x * 2.0**16 + y)
        begins = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
        count = np.diff(begins, append=len(flights))
        around += float((count * (count - 1)).sum()) * every * every
        seen += float(len(flights)) * every
    return max(around / seen / (_CELL_M / 1000.0) ** 2, 1e-4)


def most_at_once(tracks: TrackArray) -> tuple[float, float]:
    """Estimate how many pairs are in conflict at the worst of a few instants; give it and when."""
    worst = 0.0, 0.0
    for now_s, flights, every, places in _looks(tracks, _COMPARED_AT_ONCE):
        one, other = np.triu_indices(len(flights), 1)
        radius_m, height_m = (
            size[flights[one]] + size[flights[other]] + tracks.tolerance_m
            for size in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
        )
        apart = np.abs(places[:, one] - places[:, other])
        near = (np.hypot(apart[X], apart[Y]) < radius_m) & (apart[Z] < height_m)
        worst = max(worst, (float(near.sum()) * every * every, now_s))
    return worst


def _looks(tracks: TrackArray, at_once: int) -> Iterator[tuple[float, IntArray, int, FloatArray]]:
    """Look at the traffic at a few instants: half way through flights taken evenly.

    Yields
    ------
    tuple
        The instant, the flights looked at, of how many each is one, and their places, ``(4, N)``.
    """
    starts, ends = tracks.starts_s, tracks.ends_s
    looks = np.linspace(0, len(tracks) - 1, _LOOKS + 2)[1:-1].astype(np.intp)
    nows = ((starts[looks] + ends[looks]) / 2.0).tolist()
    under_way = [np.flatnonzero((starts <= now) & (ends >= now)) for now in nows]
    every = [-(-len(flights) // at_once) for flights in under_way]
    chosen = [flights[::step] for flights, step in zip(under_way, every, strict=True)]
    counts = [len(flights) for flights in chosen]
    places = _places(tracks, np.concatenate(chosen), np.repeat(nows, counts))
    cuts = np.cumsum(counts)[:-1]
    yield from zip(nows, chosen, every, np.split(places, cuts, axis=1), strict=True)


def _places(tracks: TrackArray, flights: IntArray, t_s: FloatArray) -> FloatArray:
    """Where flights are at times at which they are under way: times, x, y and z."""
    v, t = tracks.vertices, tracks.vertices[:, T]
    begin, arrival = tracks.offsets[flights], tracks.offsets[flights + 1] - 1
    begun = first_not(lambda rows, vertex: t[vertex] <= t_s.take(rows), begin + 1, arrival)
    before, after = v.take(begun - 1, axis=0).T, v.take(begun, axis=0).T
    places: FloatArray = before + (after - before) * ((t_s - before[T]) / (after[T] - before[T]))
    return places
