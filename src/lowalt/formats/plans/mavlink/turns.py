"""From the places that items lead to, to what is flown between them: loiters, splines, corners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np

from lowalt.formats.plans.bends import loiter, spline
from lowalt.formats.plans.flown import Move
from lowalt.geodesy import FloatArray, as_points, geodesic_azimuth_deg, geodesic_distance_m
from lowalt.levels import Level

_HERE_M: Final = 1e-3  # less is no way between two places


@dataclass(frozen=True, slots=True, kw_only=True)
class Loiter:
    """Circling round a place.

    Parameters
    ----------
    radius_m, turns, clockwise
        The circle.
    climbs_from
        Level at which it comes there, if it climbs or descends to the place's on the circle.
    """

    radius_m: float
    turns: float
    clockwise: bool
    climbs_from: Level | None = None


@dataclass(slots=True, kw_only=True)
class Course:
    """Places in order, and what is not straight between them.

    Parameters
    ----------
    moves
        The places.
    loiters
        By the index of their centre.
    splines
        Indices of places that are reached on a curve.
    accepted_m
        By the index of a place, how near it counts as reached.
    turn_radius_m
        Radius in which it turns, if it cannot turn on the spot.
    sagitta_m
        How far a curve may stray from the line drawn for it.
    buffer_m
        Half-width of airspace that covers what was drawn so far.
    """

    moves: Sequence[Move]
    loiters: Mapping[int, Loiter] = field(default_factory=dict)
    splines: AbstractSet[int] = frozenset()
    accepted_m: Mapping[int, float] = field(default_factory=dict)
    turn_radius_m: float = 0.0
    sagitta_m: float = 0.5
    buffer_m: float = 0.0

    def drawn(self) -> Iterator[Move]:
        """Give what is flown move by move; the buffer grows meanwhile."""
        self._cover(self._corners_m())
        last: Move | None = None
        for index in range(len(self.moves)):
            for move in self._drawn(index, last):
                yield move
                last = move

    def _cover(self, buffer_m: float) -> None:
        self.buffer_m = max(self.buffer_m, buffer_m)

    def _at(self, index: int) -> Move | None:
        return self.moves[index] if 0 <= index < len(self.moves) else None

    def _drawn(self, index: int, last: Move | None) -> Sequence[Move]:
        move, after = self.moves[index], self._at(index + 1)
        circle = self.loiters.get(index)
        if circle is not None:
            bent = loiter(
                move,
                radius_m=circle.radius_m,
                turns=circle.turns,
                clockwise=circle.clockwise,
                sagitta_m=self.sagitta_m,
                before=last,
                after=after,
                climbs_from=circle.climbs_from,
            )
        elif index in self.splines and last is not None:
            bent = spline(
                None if self._stops(index - 1) else self._at(index - 2),
                last,
                move,
                None if self._stops(index) else after,
                sagitta_m=self.sagitta_m,
            )
        else:
            return (move,)
        self._cover(bent.buffer_m)
        return bent.moves

    def _stops(self, index: int) -> bool:
        """Whether it comes to rest at a place: it waits, or goes on straight up or down."""
        before, move, after = (self._at(index + step) for step in (-1, 0, 1))
        return (
            before is None
            or move is None
            or after is None
            or move.hold_s > 0.0
            or any(
                (one.lon_deg, one.lat_deg) == (other.lon_deg, other.lat_deg)
                for one, other in pairwise((before, move, after))
            )
        )

    def _corners_m(self) -> float:
        """Half-width that covers all corners that are cut or overshot."""
        if len(self.moves) < 3 or not (self.accepted_m or self.turn_radius_m):
            return 0.0
        places = as_points([(move.lon_deg, move.lat_deg) for move in self.moves])
        accepted_m = np.zeros(len(places))
        accepted_m[list(self.accepted_m)] = list(self.accepted_m.values())
        turn_radius_m = np.full(len(places), self.turn_radius_m)
        for index in {*self.loiters, *self.splines}:
            accepted_m[index] = turn_radius_m[index] = 0.0
        return float(
            corner_buffers_m(
                places, accepted_m=accepted_m[1:-1], turn_radius_m=turn_radius_m[1:-1]
            ).max()
        )


def corner_buffers_m(
    lon_lat: FloatArray, *, accepted_m: FloatArray, turn_radius_m: FloatArray
) -> FloatArray:
    """Half-width that covers each inner corner of a line.

    A corner that counts as reached from a distance is cut: as in
    :func:`lowalt.formats.plans.bends.corner_buffer_m` what is flown stays in the triangle that is
    cut off. One that is flown over and turned at is overshot: a turn through an angle ``a`` on a
    circle of radius ``r`` that begins at the corner is never farther than ``r * (1 - cos(a))`` from
    the leg after it, and that far when it flies along it.

    Parameters
    ----------
    lon_lat
        Degrees, ``(N, 2)``.
    accepted_m, turn_radius_m
        Metres, ``(N - 2,)``.

    Returns
    -------
    numpy.ndarray
        Metres, ``(N - 2,)``.

    Examples
    --------
    >>> line = as_points([(113.95, 22.54), (113.95, 22.55), (113.96, 22.55)])
    >>> corner_buffers_m(line, accepted_m=[10.0], turn_radius_m=[0.0]).round(3)
    array([5.])
    >>> corner_buffers_m(line, accepted_m=[0.0], turn_radius_m=[30.0]).round(2)
    array([30.])
    """
    before, at, after = lon_lat[:-2], lon_lat[1:-1], lon_lat[2:]
    shorter_m = np.minimum(geodesic_distance_m(at, before), geodesic_distance_m(at, after))
    back, onward = geodesic_azimuth_deg(at, before), geodesic_azimuth_deg(at, after)
    between = np.radians(onward - back)
    accepted, radius = np.asarray(accepted_m), np.asarray(turn_radius_m)
    cut_m = np.where(accepted > shorter_m, accepted, accepted / 2.0 * np.abs(np.sin(between)))
    overshot_m = np.where(shorter_m > _HERE_M, radius * (1.0 + np.cos(between)), 0.0)
    return np.asarray(np.maximum(cut_m, overshot_m))
