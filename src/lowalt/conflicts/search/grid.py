"""How time and the plane are cut to find what may meet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, T, X, Y
from lowalt.conflicts.search.crowding import crowding_per_km2
from lowalt.conflicts.tracks import TrackArray

_PAD_M = 0.05
"""Boxes are grown by this much too, for the rounding of times."""

_PAD = 2.0**-21
"""And by this share of the area, four units in the last place of float32: 0.05 m in 100 km. Where a
flight is as a slab begins is right to three: two roundings of places, three of the way between."""

_PAD_S = 2.0**-16
"""And times by this much, of which float64 can take a quarter."""

_MOST_SLABS = 4_000_000

_VERTICES_A_ROW, _ROWS_AT_ONCE = 64, 128
"""How vertices are compared: 256 kB of them at once."""


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
    pad_m, pad_s
        How much boxes are grown beyond the cylinders, and in time.
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
    pad_s: float

    @classmethod
    def over(
        cls, tracks: TrackArray, *, slab_s: float | None = None, strip_m: float | None = None
    ) -> Grid:
        """Lay a grid over all that flights may reach, fitted to the traffic where nothing is given.

        The fewer flights see one another the longer slabs may be; strips are as wide as a flight
        gets in a slab, and a little more.
        """
        (since, west, south, lowest), (until, east, north, highest) = _extremes(tracks.vertices)
        reach = float(tracks.horizontal_radius_m.max()) + tracks.tolerance_m + 1.0
        above = float(tracks.vertical_radius_m.max()) + tracks.tolerance_m + 1.0
        width, depth = east - west + 2.0 * reach, north - south + 2.0 * reach
        height = highest - lowest + 2.0 * above
        late = float(tracks.time_uncertainty_s.max())
        speed = max(_speed_m_s(tracks), 1.0)
        if slab_s is None:
            slab_s = float(
                np.clip(45.0 * crowding_per_km2(tracks) ** (-1 / 3) * 17.0 / speed, 8.0, 240.0)
            )
            # Flights that may be late are looked at in every slab that they may be in.
            slab_s += 2.0 * late
        if strip_m is None:
            around = 4.0 * float(tracks.horizontal_radius_m.mean())
            strip_m = float(np.clip(1.3 * speed * slab_s + around, 300.0, 4000.0 + around))
        return cls(
            epoch_s=since - late,
            slab_s=max(slab_s, (until - since + 2.0 * late) / _MOST_SLABS),
            west_m=west - reach,
            south_m=south - reach,
            floor_m=lowest - above,
            width_m=width,
            depth_m=depth,
            strip_m=strip_m,
            pad_m=_PAD_M + _PAD * max(width, depth, height),
            pad_s=_PAD_S + _PAD * (until - since + 2.0 * late),
        )

    @property
    def corner(self) -> FloatArray:
        """Where the first slab begins in the corner of the area: what rows of vertices have."""
        return np.array([self.epoch_s, self.west_m, self.south_m, self.floor_m])

    @property
    def strips(self) -> int:
        """How many strips there are."""
        return int(self.depth_m / self.strip_m) + 1

    def slab(self, t_s: FloatArray) -> NDArray[np.int32]:
        """Give the number of the slab that holds each time."""
        return ((t_s - self.epoch_s) * (1.0 / self.slab_s)).astype(np.int32)


def _extremes(vertices: FloatArray) -> tuple[list[float], list[float]]:
    """Least and greatest of each column, piece by piece, so that both are taken from the cache.

    Long rows, many vertices each, are compared many times faster than rows of four.
    """
    even = len(vertices) - len(vertices) % _VERTICES_A_ROW
    rows = vertices[:even].reshape(-1, 4 * _VERTICES_A_ROW)
    lowest, highest = [vertices[even:]], [vertices[even:]]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        piece = rows[start : start + _ROWS_AT_ONCE]
        lowest.append(np.minimum.reduce(piece).reshape(-1, 4))
        highest.append(np.maximum.reduce(piece).reshape(-1, 4))
    return (
        np.minimum.reduce(np.concatenate(lowest)).tolist(),
        np.maximum.reduce(np.concatenate(highest)).tolist(),
    )


def _speed_m_s(tracks: TrackArray) -> float:
    """Mean speed over ground of vertices taken evenly; of a flight's last, of the leg before."""
    vertex = np.linspace(0, len(tracks.vertices) - 1, 1024).astype(np.intp)
    flight = np.searchsorted(tracks.offsets, vertex, side="right")
    leg = np.minimum(vertex, tracks.offsets[flight] - 2)
    step = tracks.vertices.take(leg + 1, axis=0) - tracks.vertices.take(leg, axis=0)
    return float(np.hypot(step[:, X], step[:, Y]).sum() / step[:, T].sum())
