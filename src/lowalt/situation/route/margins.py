"""The margin of a flight to the edge of a route, along the whole track, in closed form.

A piece of the track is straight and uniform. Its distance from one segment of the line is therefore
convex in time, its distance from the line the least of those, and its room to a floor or ceiling
linear. So the track is cut into cells at

- the ends of its pieces,
- the moments at which two segments are equally far, roots of quadratics,
- the moments at which it crosses the edge of a segment's strip, the same,
- the moments at which it crosses a limit of height, or two limits are equally far, roots of lines.

Within a cell nothing changes sides, one segment is nearest and one limit closest, and no margin is
less than at both ends of the cell. Nothing is sampled. Against geodesics on the ellipsoid, what is
found is good to 1 mm and, 100 km from the central meridian of the plane, to another 3 mm where it
is a kilometre from the line; farther off that grows with the square of the distance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import Level
from lowalt.paths import BoolArray, ComplexArray, IntArray
from lowalt.route_keeping import Departure, DepartureKind, RouteMargin
from lowalt.situation.columns import Columns
from lowalt.situation.path import Path
from lowalt.situation.route.line import RouteLine
from lowalt.situation.route.runs import runs
from lowalt.situation.stays.claims import axis_near
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray

_AT_ONCE = 1 << 22
"""So many triples of a piece and two segments at once, for the memory."""


@dataclass(frozen=True, slots=True)
class RouteMargins:
    """How a flight lies to a route.

    Attributes
    ----------
    lateral, vertical
        Least margins; no vertical one where no known limit of height binds.
    is_height_known
        Whether the height is known wherever the flight is on the route and a limit binds.
    departures
        To the side and in height, in order of time.
    """

    lateral: RouteMargin
    vertical: RouteMargin | None
    is_height_known: bool
    departures: tuple[Departure, ...]


def margins_of(path: Path, line: RouteLine) -> RouteMargins:
    """Measure a flight against a route.

    Parameters
    ----------
    path
        The flight; all of it in the plane. Its buffers count: the airspace around it has the
        margin.
    line
        The route, in the plane of the path.
    """
    track = _Track.of(path, line)
    size = max(1, _AT_ONCE // len(line.length_m) ** 2)
    pieces = np.arange(len(track.start))
    cells = _Cells.together(
        track.cells(pieces[at : at + size]) for at in range(0, len(pieces), size)
    )
    sideways = _departures(DepartureKind.LATERAL, cells, cells.is_beside, cells.lateral_m, path)
    upright = _departures(DepartureKind.VERTICAL, cells, cells.is_off, cells.vertical_m, path)
    lateral = _least(cells, cells.lateral_m, path)
    assert lateral is not None  # a path has a piece
    return RouteMargins(
        lateral=lateral,
        vertical=_least(cells, cells.vertical_m, path),
        is_height_known=not cells.is_open.any(),
        departures=tuple(sorted((*sideways, *upright), key=lambda d: d.period.start)),
    )


@dataclass(frozen=True, slots=True)
class _Cells(Columns):
    """Parts of the track in which nothing changes sides, in order of time.

    Attributes
    ----------
    time_s
        Seconds after the start of the path at both ends, ``(N, 2)``.
    lateral_m, vertical_m
        Margins at both ends, ``(N, 2)``. The vertical one is NaN beside the route and where it is
        not known, infinite where no limit of height binds.
    is_beside
        Whether it is beyond the edge to the side, ``(N,)``.
    is_off, is_open
        Whether it is on the route, and beyond a limit of height, or may be, ``(N,)``.
    """

    time_s: FloatArray
    lateral_m: FloatArray
    vertical_m: FloatArray
    is_beside: BoolArray
    is_off: BoolArray
    is_open: BoolArray


@dataclass(frozen=True, slots=True)
class _Track:
    """The pieces of a flight beside a route.

    Attributes
    ----------
    line
        The route.
    start, along
        Where each piece begins in the plane, and from there to its end, ``(N,)``.
    time_s
        Seconds after the start of the path at both ends, ``(N, 2)``.
    scale
        Length in the plane of a ground metre in the middle of each piece, ``(N,)``.
    room_m
        How far from the line the path may be, on the ground; negative where it is too wide.
    rooms_m
        Room to each limit of height at both ends of each piece, ``(L, 2, N, 2)``: floor and
        ceiling of each layer. NaN where not known, infinite where there is none.
    """

    line: RouteLine
    start: ComplexArray
    along: ComplexArray
    time_s: FloatArray
    scale: FloatArray
    room_m: float
    rooms_m: FloatArray

    @classmethod
    def of(cls, path: Path, line: RouteLine) -> _Track:
        place, t_s = path.paths.place, path.paths.t_s
        scale = path.frame.scale(path.paths.xy)
        return cls(
            line,
            place[:-1],
            np.diff(place),
            np.column_stack((t_s[:-1], t_s[1:])),
            (scale[:-1] + scale[1:]) / 2.0,
            line.half_width_m - path.horizontal_m,
            _rooms(path, line),
        )

    def cells(self, pieces: IntArray) -> _Cells:
        """Cut some pieces into cells."""
        piece, low, high = _between(*self._cuts(pieces))
        middle = (low + high) / 2.0
        from_middle_m = self._distances(piece, middle)
        on_route = from_middle_m <= self.room_m + BOUNDARY_TOLERANCE_M  # touching is on it
        vertical_m, is_off, is_open = self._vertical(piece, low, high, self.line.holds(on_route))
        lateral_m = [self.room_m - self._distances(piece, at).min(axis=1) for at in (low, high)]
        first_s, last_s = self.time_s[piece].T
        lasts_s = last_s - first_s
        return _Cells(
            time_s=np.column_stack((first_s + low * lasts_s, first_s + high * lasts_s)),
            lateral_m=np.column_stack(lateral_m),
            vertical_m=vertical_m,
            is_beside=from_middle_m.min(axis=1) > self.room_m,
            is_off=is_off,
            is_open=is_open,
        )

    def _distances(self, piece: IntArray, share: FloatArray) -> FloatArray:
        """Distance on the ground from every segment at shares of pieces, ``(N, K)``."""
        places = self.start[piece] + share * self.along[piece]
        return np.asarray(self.line.distances(places) / self.scale[piece][:, None])

    def _cuts(self, pieces: IntArray) -> tuple[IntArray, FloatArray]:
        """Where cells begin and end: pieces, and shares of them."""
        ends = (pieces, np.zeros(len(pieces))), (pieces, np.ones(len(pieces)))
        piece, share = zip(
            *ends, self._ties(pieces), self._edges(pieces), self._limits(pieces), strict=True
        )
        return np.concatenate(piece), np.concatenate(share)

    def _near(self, pieces: IntArray) -> tuple[FloatArray, FloatArray]:
        """How near each segment comes to a piece at least, and at most, in the plane, ``(N, K)``.

        The greatest distance is that of an end; from there it falls no faster than one flies.
        """
        first_m = self.line.distances(self.start[pieces])
        last_m = self.line.distances(self.start[pieces] + self.along[pieces])
        flown_m = np.abs(self.along[pieces])[:, None]
        return (first_m + last_m - flown_m) / 2.0, np.maximum(first_m, last_m)

    def _ties(self, pieces: IntArray) -> tuple[IntArray, FloatArray]:
        """Where two segments are equally far, of those that may be nearest somewhere."""
        least_m, most_m = self._near(pieces)
        may_be = least_m <= most_m.min(axis=1)[:, None]
        both = np.triu(may_be[:, :, None] & may_be[:, None, :], 1)
        number, one, other = np.nonzero(both)
        piece = pieces[number]
        difference = (
            self._squares(piece, one)[:, :, None, :] - self._squares(piece, other)[:, None, :, :]
        )
        return _inside(piece, _roots(*np.moveaxis(difference.reshape(len(piece), 9, 3), 2, 0)))

    def _squares(self, piece: IntArray, segment: IntArray) -> FloatArray:
        """Squared distances from both ends of a segment and from its whole line, ``(N, 3, 3)``.

        Coefficients of s squared, s and 1, for the share s of the piece. One of the three is the
        squared distance from the segment; which one changes with s, and need not be known, since
        a cut too many does no harm.
        """
        along, unit = self.along[piece], self.line.along[segment] / self.line.length_m[segment]
        first, last = (self.start[piece] - self.line.vertices[at] for at in (segment, segment + 1))
        beside_m, turn_m = (unit.conj() * first).imag, (unit.conj() * along).imag
        found = [
            (np.abs(along) ** 2, 2.0 * (along * offset.conj()).real, np.abs(offset) ** 2)
            for offset in (first, last)
        ]
        found.append((turn_m**2, 2.0 * turn_m * beside_m, beside_m**2))
        return np.moveaxis(np.array(found), 2, 0)

    def _edges(self, pieces: IntArray) -> tuple[IntArray, FloatArray]:
        """Where pieces cross the edge of a segment's strip."""
        reach_m = self.room_m * self.scale[pieces]
        number, segment = np.nonzero(self._near(pieces)[0] <= reach_m[:, None])
        piece = pieces[number]
        length_m = np.abs(self.along[piece])
        moving = length_m > 0.0  # a hover crosses nothing
        piece, segment, length_m = piece[moving], segment[moving], length_m[moving]
        vertices = self.line.vertices[np.stack((segment, segment + 1))] - self.start[piece]
        seen = vertices * (self.along[piece] / length_m).conj()
        low, high = axis_near(seen.real, seen.imag, self.room_m * self.scale[piece])
        return _inside(piece, np.column_stack((low, high)) / length_m[:, None])

    def _limits(self, pieces: IntArray) -> tuple[IntArray, FloatArray]:
        """Where pieces cross a limit of height, or two limits are equally far."""
        rooms_m = self.rooms_m[:, :, pieces].reshape(-1, len(pieces), 2)
        one, other = np.triu_indices(len(rooms_m), 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            lines = np.concatenate((rooms_m, rooms_m[one] - rooms_m[other]))
            shares = lines[:, :, 0] / (lines[:, :, 0] - lines[:, :, 1])
        return _inside(pieces, shares.T)

    def _vertical(
        self, piece: IntArray, low: FloatArray, high: FloatArray, holds: BoolArray
    ) -> tuple[FloatArray, BoolArray, BoolArray]:
        """Vertical margins of cells at both ends, and whether they are off the route, or may be.

        It is enough to be within one of the layers that the route has there, ``(N, L)``.
        """
        middle_m, *ends_m = (
            self._rooms_at(piece, share) for share in ((low + high) / 2.0, low, high)
        )
        least_m = np.fmin(*middle_m).T
        # One limit surely exceeded is enough, the other known or not; but touching is not that.
        unknown = np.isnan(middle_m).any(axis=0).T & ~(least_m < -BOUNDARY_TOLERANCE_M)
        outside = (least_m < 0.0) & ~unknown
        inside = ~(outside | unknown)
        is_in = (holds & inside).any(axis=1)
        is_open = (holds & unknown).any(axis=1) & ~is_in
        is_off = holds.any(axis=1) & ~is_in & ~is_open
        # Of the layers that hold it the roomiest counts, or else of those that do not.
        counts = holds & (inside | is_off[:, None]) & ~is_open[:, None]
        margins_m = [np.where(counts, np.fmin(*end_m).T, -np.inf).max(axis=1) for end_m in ends_m]
        vertical_m = np.column_stack(margins_m)
        vertical_m[~counts.any(axis=1)] = np.nan
        return vertical_m, is_off, is_open

    def _rooms_at(self, piece: IntArray, share: FloatArray) -> FloatArray:
        """Room to floor and to ceiling of each layer at shares of pieces, ``(2, L, N)``."""
        first_m, last_m = np.moveaxis(self.rooms_m[:, :, piece], 3, 0)
        with np.errstate(invalid="ignore"):
            rooms_m = first_m + share * (last_m - first_m)
        return np.moveaxis(np.where(np.isposinf(first_m), np.inf, rooms_m), 1, 0)


def _rooms(path: Path, line: RouteLine) -> FloatArray:
    climbs = _climbs_or_descends(path)

    def room(limit: Level | None, sign: float) -> FloatArray:
        if limit is None:
            return np.full((len(climbs), 2), np.inf)
        levels_m = path.heights(limit.reference)
        return np.asarray(sign * (levels_m - limit.value_m) - path.vertical_m)

    rooms_m = np.array(
        [(room(layer.floor, 1.0), room(layer.ceiling, -1.0)) for layer in line.layers]
    )
    rooms_m[:, 0, climbs] = np.inf
    return rooms_m


def _climbs_or_descends(path: Path) -> BoolArray:
    """Whether each piece belongs to the climb after take-off or to the descent to land.

    A flight comes from the ground and goes back to it, so there a floor does not bind: until it
    first stops climbing, and from where it last begins to descend. Waiting at either end counts.
    """
    low_m, high_m = path.paths.level_m[:-1].T
    waits = (low_m == high_m) & (np.diff(path.paths.place) == 0.0)
    climbs = np.logical_and.accumulate(waits | (high_m > low_m))
    descends = np.logical_and.accumulate((waits | (high_m < low_m))[::-1])[::-1]
    return np.asarray(climbs | descends)


def _roots(a: FloatArray, b: FloatArray, c: FloatArray) -> FloatArray:
    """Real roots of quadratics a s^2 + b s + c, ``(N, M)`` each, as ``(N, 2 M)``; NaN: none."""
    with np.errstate(invalid="ignore", divide="ignore"):
        # The sum of two numbers of one sign loses no digits; the other root follows from the first.
        q = -(b + np.copysign(np.sqrt(b * b - 4.0 * a * c), b)) / 2.0
        return np.concatenate((q / a, c / q), axis=1)


def _inside(piece: IntArray, shares: FloatArray) -> tuple[IntArray, FloatArray]:
    """Of shares of pieces, ``(N, M)``, those that lie between both ends."""
    kept = (shares > 0.0) & (shares < 1.0)
    return np.broadcast_to(piece[:, None], shares.shape)[kept], shares[kept]


def _between(piece: IntArray, share: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """From cuts to what lies between: pieces, and shares where it begins and ends, in order."""
    order = np.lexsort((share, piece))
    piece, share = piece[order], share[order]
    kept = (piece[1:] == piece[:-1]) & (share[1:] > share[:-1])
    return piece[:-1][kept], share[:-1][kept], share[1:][kept]


def _least(cells: _Cells, margins_m: FloatArray, path: Path) -> RouteMargin | None:
    """Find the least of the margins of cells, and when it is first met."""
    found = np.where(np.isfinite(margins_m), margins_m, np.inf).ravel()
    at = int(found.argmin())
    if np.isinf(found[at]):
        return None
    value_m, time_s = float(found[at]), float(cells.time_s.ravel()[at])
    # Nearer to the edge than places are known, it touches it.
    touches = -BOUNDARY_TOLERANCE_M <= value_m < 0.0
    return RouteMargin(0.0 if touches else value_m, path.time(time_s), *path.place(time_s))


def _departures(
    kind: DepartureKind, cells: _Cells, left: BoolArray, margins_m: FloatArray, path: Path
) -> Iterator[Departure]:
    """Join cells that follow each other off the route; what only touches the edge is none."""
    for first, last in runs(left):
        excursion_m = -float(margins_m[first : last + 1].min())
        start_s, end_s = float(cells.time_s[first, 0]), float(cells.time_s[last, 1])
        if excursion_m > BOUNDARY_TOLERANCE_M:
            period = TimeInterval(path.time(start_s), path.time(end_s))
            yield Departure(kind, period, *path.place(start_s), excursion_m)
