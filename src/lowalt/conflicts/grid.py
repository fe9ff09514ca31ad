"""How time and the plane are cut to find what may meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.tracks import FloatArray, IntArray, T, TrackArray, X, Y

_PAD_M = 0.05
"""Boxes are grown by this much too, for the rounding of times, and by two units in the last place
that float32 has for the whole area: 0.024 m in 100 km."""

_LOOKS: Final = 8
"""Instants at which the traffic is looked at to choose a grid."""

_SEEN_AT_ONCE = 2_000
"""Flights looked at in one instant; of more, so many evenly."""

_CELL_M = 1000.0
"""Cells in which flights are counted."""

_MOST_SLABS = 4_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """Slabs of time and strips of the plane.

    They decide how long a search takes, never what it finds.

    Attributes
    ----------
    epoch_s
        Where the first slab begins.
    slab_s
        Length of a slab.
    west_m, south_m, floor_m
        Corner of the area, below all that flies.
    width_m, depth_m
        How far it reaches east and north.
    strip_m
        Width of a strip.
    pad_m
        How much boxes are grown beyond the cylinders.
    """

    epoch_s: float
    slab_s: float
    west_m: float
    south_m: float
    floor_m: float
    width_m: float
    depth_m: float
    strip_m: float
    pad_m: float

    @classmethod
    def over(
        cls, tracks: TrackArray, *, slab_s: float | None = None, strip_m: float | None = None
    ) -> Grid:
        """Lay a grid over all that flights may reach, fitted to the traffic where nothing is given.

        The fewer flights see one another the longer slabs may be; strips are as wide as a flight
        gets in a slab, and a little more.
        """
        (since, west, south, lowest), (until, east, north, _) = (
            _per_column(bound, tracks.vertices) for bound in (np.minimum, np.maximum)
        )
        reach = float(tracks.horizontal_radius_m.max()) + tracks.tolerance_m + 1.0
        width, depth = east - west + 2.0 * reach, north - south + 2.0 * reach
        late = float(tracks.time_uncertainty_s.max())
        speed = max(_speed_m_s(tracks), 1.0)
        if slab_s is None:
            slab_s = float(np.clip(45.0 * _crowding(tracks) ** (-1 / 3) * 17.0 / speed, 8.0, 240.0))
        if strip_m is None:
            around = 4.0 * float(tracks.horizontal_radius_m.mean())
            strip_m = float(np.clip(1.3 * speed * slab_s + around, 300.0, 4000.0 + around))
        return cls(
            epoch_s=since - late,
            slab_s=max(slab_s, (until - since + 2.0 * late) / _MOST_SLABS),
            west_m=west - reach,
            south_m=south - reach,
            floor_m=lowest - float(tracks.vertical_radius_m.max()) - tracks.tolerance_m - 1.0,
            width_m=width,
            depth_m=depth,
            strip_m=strip_m,
            pad_m=_PAD_M + 2.0**-22 * max(width, depth),
        )

    @property
    def strips(self) -> int:
        """How many strips there are."""
        return int(self.depth_m / self.strip_m) + 1

    def slab(self, t_s: FloatArray) -> NDArray[np.int32]:
        """Give the number of the slab that holds each time."""
        return ((t_s - self.epoch_s) * (1.0 / self.slab_s)).astype(np.int32)


def _per_column(bound: np.ufunc, vertices: FloatArray) -> list[float]:
    """Least or greatest of each column: of long rows first, which is many times faster."""
    even = len(vertices) - len(vertices) % 64
    longer = bound.reduce(vertices[:even].reshape(-1, 256)).reshape(-1, 4) if even else vertices[:1]
    values: list[float] = bound.reduce(np.concatenate((longer, vertices[even:]))).tolist()
    return values


def _speed_m_s(tracks: TrackArray) -> float:
    """Mean speed over ground of vertices taken evenly; of a flight's last, of the leg before."""
    vertex = np.linspace(0, len(tracks.vertices) - 1, 4096).astype(np.intp)
    flight = np.searchsorted(tracks.offsets, vertex, side="right")
    leg = np.minimum(vertex, tracks.offsets[flight] - 2)
    step = tracks.vertices.take(leg + 1, axis=0) - tracks.vertices.take(leg, axis=0)
    return float(np.hypot(step[:, X], step[:, Y]).sum() / step[:, T].sum())


def _crowding(tracks: TrackArray) -> float:
    """Mean number of other flights per square kilometre around a flight, at sampled instants."""
    starts, ends = tracks.starts_s, tracks.ends_s
    looks = np.linspace(0, len(tracks) - 1, _LOOKS + 2)[1:-1].astype(np.intp)
    now_s = (starts[looks] + ends[looks]) / 2.0
    under_way = [np.flatnonzero((starts <= now) & (ends >= now)) for now in now_s]
    every = [-(-len(flights) // _SEEN_AT_ONCE) for flights in under_way]
    chosen = [flights[::step] for flights, step in zip(under_way, every, strict=True)]
    look = np.repeat(np.arange(_LOOKS), [len(flights) for flights in chosen])
    x, y = (
        np.floor(at / _CELL_M) for at in _places(tracks, np.concatenate(chosen), now_s.take(look))
    )
    cell = np.sort((look * 2.0**16 + x) * 2.0**16 + y)
    begins = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
    # Those of one look come one after another, and its cells hold as many more as are passed over.
    count = np.diff(begins, append=len(cell)) * np.array(every, dtype=np.float64)[look[begins]]
    per_km2 = float((count * (count - 1.0)).sum() / count.sum()) / (_CELL_M / 1000.0) ** 2
    return max(per_km2, 1e-4)


def _places(
    tracks: TrackArray, flights: IntArray, t_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where flights are at times at which they are under way."""
    v, t = tracks.vertices, tracks.vertices[:, T]
    low, high = tracks.offsets[flights], tracks.offsets[flights + 1] - 2
    while (low < high).any():  # bisection in all flights at once: the last leg that has begun
        middle = (low + high + 1) // 2
        begun = t[middle] <= t_s
        low, high = np.where(begun, middle, low), np.where(begun, high, middle - 1)
    before, after = v.take(low, axis=0).T, v.take(low + 1, axis=0).T
    share = (t_s - before[T]) / (after[T] - before[T])
    x, y = (before[column] + (after[column] - before[column]) * share for column in (X, Y))
    return x, y
