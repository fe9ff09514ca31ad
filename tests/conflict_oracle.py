"""Conflicts decided in whole numbers: what the engines are held against, sharing nothing with them.

float64 numbers are whole multiples of some power of two. Times and lengths of all flights are
brought to such multiples, and the motion of two flights between two neighbouring vertices of either
is multiplied by the lengths of both legs. What is left is a line with whole coefficients, and every
question about it has an exact answer. Only the instants at which a circle is entered or left are
irrational in general: they are halved out to 2**-64 seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil, floor, isqrt, lcm
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

_FINE = 64
"""Instants are found to within 2**-64 s."""

Floats = NDArray[np.float64]


class Tracks(Protocol):
    """What is read of a ``TrackArray``."""

    @property
    def vertices(self) -> Floats: ...
    @property
    def offsets(self) -> NDArray[np.intp]: ...
    @property
    def horizontal_radius_m(self) -> Floats: ...
    @property
    def vertical_radius_m(self) -> Floats: ...
    @property
    def tolerance_m(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Conflict:
    """A maximal interval during which two flights are in conflict.

    Both ends belong to it only where a flight starts or ends there: a cylinder is open.
    ``nearest_m2`` is the square of the least horizontal distance, which is rational.
    """

    first: int
    second: int
    t_in_s: Fraction
    t_out_s: Fraction
    t_cpa_s: Fraction
    nearest_m2: Fraction

    @property
    def pair(self) -> tuple[int, int]:
        return self.first, self.second

    @property
    def d_cpa_m(self) -> Fraction:
        return root(self.nearest_m2)


def near_pairs(tracks: Tracks, *, margin_m: float = 1e-3) -> list[tuple[int, int]]:
    """Leave out pairs that are too far apart by more than rounding, leg by leg against all others.

    No order, no grid and no time slabs: nothing that could lose a pair.
    """
    v, offsets = tracks.vertices, tracks.offsets
    is_leg = np.ones(max(len(v) - 1, 0), dtype=bool)
    is_leg[offsets[1:-1] - 1] = False
    legs = np.flatnonzero(is_leg)
    flight = np.searchsorted(offsets, legs, side="right") - 1
    start, end = v[legs], v[legs + 1]
    level = tracks.horizontal_radius_m[flight] + (tracks.tolerance_m + margin_m) / 2
    upright = tracks.vertical_radius_m[flight] + (tracks.tolerance_m + margin_m) / 2
    found = set()
    for a in range(len(legs)):
        since, until = np.maximum(start[a, 0], start[:, 0]), np.minimum(end[a, 0], end[:, 0])
        others = np.flatnonzero((since <= until) & (flight > flight[a]))
        here, there = (
            _place(start[a], end[a], t[others]) - _place(start[others], end[others], t[others])
            for t in (since, until)
        )
        keep = _least_level(here, there) < level[a] + level[others]
        keep &= _least_upright(here, there) < upright[a] + upright[others]
        found |= {(int(flight[a]), int(flight[b])) for b in others[keep]}
    return sorted(found)


def root(square: Fraction) -> Fraction:
    """Take a square root to 2**-80 or so of itself, and of one."""
    scale = 1 << 160
    return Fraction(isqrt(square.numerator * scale // square.denominator), 1 << 80)


class Oracle:
    """Answers about some flights, which are held on a grid of powers of two that loses nothing."""

    def __init__(self, tracks: Tracks) -> None:
        radii = np.concatenate((tracks.horizontal_radius_m, tracks.vertical_radius_m))
        self._per_second = _steps(tracks.vertices[:, 0])
        self._per_metre = _steps(tracks.vertices[:, 1:], radii, np.array([tracks.tolerance_m]))
        rows = [
            (_whole(t, self._per_second), *(_whole(c, self._per_metre) for c in place))
            for t, *place in tracks.vertices.tolist()
        ]
        self._flights = [rows[a:b] for a, b in pairwise(tracks.offsets.tolist())]
        self._times = [[row[0] for row in flight] for flight in self._flights]
        self._radii = [
            tuple(_whole(r, self._per_metre) for r in both)
            for both in zip(
                tracks.horizontal_radius_m.tolist(), tracks.vertical_radius_m.tolist(), strict=True
            )
        ]
        self._tolerance = _whole(tracks.tolerance_m, self._per_metre)

    def conflicts(
        self, pairs: Iterable[tuple[int, int]] | None = None, *, wider_m: Fraction = Fraction(0)
    ) -> list[Conflict]:
        """Find the conflicts of some pairs, or of all, in order of flights and time.

        ``wider_m`` is added to the distances to be kept, level and upright.
        """
        every = combinations(range(len(self._flights)), 2) if pairs is None else sorted(pairs)
        return [c for first, second in every for c in self._of_pair(first, second, wider_m)]

    def distance_m(self, pair: tuple[int, int], t_s: Fraction) -> Fraction:
        """Give the horizontal distance at an instant, or the nearest one that both fly at."""
        flights, times = [self._flights[n] for n in pair], [self._times[n] for n in pair]
        since, until = max(t[0] for t in times), min(t[-1] for t in times)
        t = min(max(t_s * self._per_second, Fraction(since)), Fraction(until))
        motion = _Motion(*(_leg(f, of, floor(t)) for f, of in zip(flights, times, strict=True)))
        return root(motion.level_square(t) / (motion.magnified * self._per_metre) ** 2)

    def _of_pair(self, first: int, second: int, wider_m: Fraction) -> Iterator[Conflict]:
        joined: list[_Piece] = []
        for piece in self._pieces(first, second, wider_m):
            if joined and not (joined[-1].ends_inside and piece.starts_inside):
                yield self._conflict(first, second, joined)
                joined = []
            joined.append(piece)
        if joined:
            yield self._conflict(first, second, joined)

    def _pieces(self, first: int, second: int, wider_m: Fraction) -> Iterator[_Piece]:
        a, b = self._flights[first], self._flights[second]
        times = self._times[first], self._times[second]
        since = max(times[0][0], times[1][0])
        until = min(times[0][-1], times[1][-1])
        if since > until:
            return
        level, upright = (
            self._radii[first][k] + self._radii[second][k] + self._tolerance
            + wider_m * self._per_metre
            for k in (0, 1)
        )  # fmt: skip
        cuts = sorted({since, until, *(t for of in times for t in of if since < t < until)})
        for start, end in pairwise(cuts) if len(cuts) > 1 else [(since, since)]:
            p, q = (_leg(flight, of, start) for flight, of in ((a, times[0]), (b, times[1])))
            piece = _meeting(
                _Motion(p, q), start, end, level=level, upright=upright, per_second=self._per_second
            )
            if piece is not None:
                yield piece

    def _conflict(self, first: int, second: int, pieces: Sequence[_Piece]) -> Conflict:
        nearest = min(pieces, key=lambda piece: piece.nearest)
        return Conflict(
            first,
            second,
            pieces[0].t_in / self._per_second,
            pieces[-1].t_out / self._per_second,
            nearest.t_nearest / self._per_second,
            nearest.nearest / self._per_metre**2,
        )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A conflict between two neighbouring vertices, in steps of the grid."""

    t_in: Fraction
    t_out: Fraction
    t_nearest: Fraction
    nearest: Fraction
    starts_inside: bool
    ends_inside: bool


class _Motion:
    """One flight seen from another, both on straight legs, magnified so as to be whole.

    Along each axis it is ``place + speed * t``, and ``magnified`` times what it is in fact.
    """

    def __init__(self, p: tuple[_Vertex, _Vertex], q: tuple[_Vertex, _Vertex]) -> None:
        lasts = [end[0] - start[0] for start, end in (p, q)]
        self.magnified = lasts[0] * lasts[1]
        self.place = [0, 0, 0]
        self.speed = [0, 0, 0]
        for (start, end), by in ((p, lasts[1]), (q, -lasts[0])):
            for axis in range(3):
                step = end[axis + 1] - start[axis + 1]
                self.place[axis] += by * (start[axis + 1] * (end[0] - start[0]) - step * start[0])
                self.speed[axis] += by * step

    def height(self, t: int) -> int:
        return self.place[2] + self.speed[2] * t

    def level_square(self, t: Fraction) -> Fraction:
        n, d = t.numerator, t.denominator
        x, y = (self.place[axis] * d + self.speed[axis] * n for axis in (0, 1))
        return Fraction(x * x + y * y, d * d)

    def is_within(self, t: Fraction, square: Fraction) -> bool:
        return self.level_square(t) < square

    def nearest(self, since: Fraction, until: Fraction) -> Fraction:
        """When the horizontal distance is least; the first time, where it stays the same."""
        u, v = self.speed[:2]
        if u == v == 0:
            return since
        t = Fraction(-(self.place[0] * u + self.place[1] * v), u * u + v * v)
        return min(max(t, since), until)

    def crossing(
        self, outside: Fraction, inside: Fraction, square: Fraction, per_second: int
    ) -> Fraction:
        """Find when a circle is crossed, by halving the way from an instant out of it to one in it.

        All in whole numbers again: ``k`` counts equal steps from the one to the other.
        """
        finest = abs(inside - outside) * (1 << _FINE) / per_second
        steps = 1 << int(finest).bit_length()
        by = lcm(outside.denominator, inside.denominator)
        first, last = int(outside * by), int(inside * by)
        lines = [
            ((self.place[axis] * by + self.speed[axis] * first) * steps,
             self.speed[axis] * (last - first))
            for axis in (0, 1)
        ]  # fmt: skip
        limit = ceil(square * (by * steps) ** 2)
        out, k = 0, steps
        while k - out > 1:
            middle = (out + k) // 2
            if sum((place + speed * middle) ** 2 for place, speed in lines) < limit:
                k = middle
            else:
                out = middle
        return outside + (inside - outside) * Fraction(k, steps)


_Vertex = tuple[int, ...]


def _meeting(
    motion: _Motion, start: int, end: int, *, level: Fraction, upright: Fraction, per_second: int
) -> _Piece | None:
    """Find when one flight is in the cylinder around the other, from one vertex to the next."""
    if level <= 0 or upright <= 0:
        return None
    square = (level * motion.magnified) ** 2
    limit = upright * motion.magnified
    since, until = _lower_than(motion, limit, start, end)
    low = [abs(motion.height(t)) < limit for t in (start, end)]
    if since > until or (since == until and not (start == end and low[0])):
        return None
    nearest = motion.nearest(since, until)
    if not motion.is_within(nearest, square):
        return None
    t_in, t_out = since, until
    if not motion.is_within(since, square):
        t_in = motion.crossing(since, nearest, square, per_second)
    if not motion.is_within(until, square):
        t_out = motion.crossing(until, nearest, square, per_second)
    return _Piece(
        t_in,
        t_out,
        nearest,
        motion.level_square(nearest) / motion.magnified**2,
        starts_inside=low[0] and motion.is_within(Fraction(start), square),
        ends_inside=low[1] and motion.is_within(Fraction(end), square),
    )


def _lower_than(
    motion: _Motion, limit: Fraction, start: int, end: int
) -> tuple[Fraction, Fraction]:
    """Find between which instants the difference in height is within a limit; open at both."""
    since, until = Fraction(start), Fraction(end)
    climb = motion.speed[2]
    if climb == 0:
        return (since, until) if abs(motion.place[2]) < limit else (until + 1, since)
    limits = sorted((side - motion.place[2]) / climb for side in (-limit, limit))
    return max(since, limits[0]), min(until, limits[1])


def _leg(flight: Sequence[_Vertex], times: Sequence[int], t: int) -> tuple[_Vertex, _Vertex]:
    """Give the leg that a flight is on at an instant, the later one at a vertex."""
    k = min(bisect_right(times, t), len(times) - 1)
    return flight[k - 1], flight[k]


def _steps(*numbers: Floats) -> int:
    """Give how many steps to the unit make all numbers whole."""
    flat = np.unique(np.concatenate([n.ravel() for n in numbers]))
    return max((x.as_integer_ratio()[1] for x in flat.tolist()), default=1)


def _whole(number: float, steps: int) -> int:
    numerator, denominator = number.as_integer_ratio()
    return numerator * (steps // denominator)


def _place(start: Floats, end: Floats, t_s: Floats) -> Floats:
    """Place of flights at some instants on their legs, ``(N, 3)``."""
    part = (t_s - start[..., 0]) / (end[..., 0] - start[..., 0])
    place: Floats = start[..., 1:] + (end[..., 1:] - start[..., 1:]) * part[:, None]
    return place


def _least_level(here: Floats, there: Floats) -> Floats:
    """Least horizontal distance from the origin on straight ways, ``(N,)``."""
    x, y = here[:, 0], here[:, 1]
    u, v = there[:, 0] - x, there[:, 1] - y
    square = u * u + v * v
    part = np.clip(-(x * u + y * v) / np.where(square > 0.0, square, 1.0), 0.0, 1.0)
    least: Floats = np.hypot(x + u * part, y + v * part)
    return least


def _least_upright(here: Floats, there: Floats) -> Floats:
    """Least difference in height on straight ways, ``(N,)``."""
    z, w = here[:, 2], there[:, 2]
    least: Floats = np.where(z * w < 0.0, 0.0, np.minimum(np.abs(z), np.abs(w)))
    return least
