"""Turns, loiters and curves: drawn, or covered by a wider airspace, and never cut.

A plan is straight from waypoint to waypoint. What an autopilot flies otherwise is drawn as a line
with corners, from which the curve strays by no more than its *sagitta*; what nobody publishes is
covered by the half-width of the airspace. Each function says how wide that has to be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.flown import Move
from lowalt.geodesy import (
    FloatArray,
    LocalFrame,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)
from lowalt.levels import Level

MOST_CORNERS: Final = 100_000
"""Most corners of one loiter or curve."""

_FEWEST_CORNERS = 8  # of a turn
_HERE_M = 1e-3
_LONGEST_CURVE_M = 150_000.0  # as far as a plane is true


@dataclass(frozen=True, slots=True)
class Bent:
    """What is flown instead of a straight leg.

    Parameters
    ----------
    moves
        Along it, without the place that it begins at.
    buffer_m
        Half-width of airspace around them that covers it: a reader hands the largest on as
        ``Draft.least_buffer_m``.
    """

    moves: tuple[Move, ...]
    buffer_m: float


def sagitta_m(buffer_m: float | None) -> float:
    """Say how far a curve may stray from the line that is drawn for it.

    A tenth of the half-width of the airspace, but no less than half a metre where there is so
    much: more corners would tell nothing.

    Examples
    --------
    >>> [sagitta_m(buffer_m) for buffer_m in (None, 0.0, 0.2, 3.0, 20.0)]
    [0.5, 0.5, 0.2, 0.5, 2.0]
    """
    return min(buffer_m, max(0.5, buffer_m / 10.0)) if buffer_m else 0.5


# Corners


def corner_buffer_m(
    before: Move, at: Move, after: Move, *, begins_m: float, ends_m: float | None = None
) -> float:
    """Half-width that covers a corner which is cut.

    Any path is covered that leaves the one leg for the other and stays in the triangle of the
    corner, the place where it leaves and the place where it arrives. Its farthest place from both
    legs lies on the third side of that triangle; where it arrives as far after the corner as it
    left before, that is ``begins_m / 2 * sin(angle)``. If a leg is shorter than that the corner
    before may be cut away too, and all that is left is that the path passes every corner within
    the distance at which it turns.

    Parameters
    ----------
    before, at, after
        The corner and its neighbours.
    begins_m
        How far before the corner the turn begins.
    ends_m
        How far after the corner it ends; as far as it began before, unless given.

    Returns
    -------
    float
        Metres.

    Examples
    --------
    >>> from lowalt.levels import VerticalReference
    >>> level = Level(80.0, VerticalReference.ATO)
    >>> south, corner, east = (
    ...     Move(lon_deg=lon, lat_deg=lat, level=level)
    ...     for lon, lat in ((113.95, 22.54), (113.95, 22.55), (113.96, 22.55))
    ... )
    >>> round(corner_buffer_m(south, corner, east, begins_m=10.0), 3)
    5.0
    """
    ends_m = begins_m if ends_m is None else ends_m
    centre = [(at.lon_deg, at.lat_deg)]
    ends = [(before.lon_deg, before.lat_deg), (after.lon_deg, after.lat_deg)]
    in_m, out_m = geodesic_distance_m(centre, ends).tolist()
    if begins_m > in_m or ends_m > out_m:
        return max(begins_m, ends_m)
    azimuth_in, azimuth_out = geodesic_azimuth_deg(centre, ends).tolist()
    return _farthest_from_two_sides(begins_m, ends_m, math.radians(azimuth_out - azimuth_in))


def _farthest_from_two_sides(a_m: float, b_m: float, angle: float) -> float:
    """Greatest distance of a triangle's places from the nearer of two sides at an angle."""
    near, far = sorted((a_m, b_m))
    if near <= 0.0:
        return 0.0
    sine, cosine = abs(math.sin(angle)), math.cos(angle)
    if far * cosine <= near:  # where their bisector meets the third side
        return near * far * sine / (near + far)
    # The shorter side ends before that: as far from its end as from the longer side.
    third = math.sqrt(near * near + far * far - 2.0 * near * far * cosine)
    return near * sine * third / (third + near * sine)


def passing_buffer_m(radius_m: float) -> float:
    """Half-width that covers a waypoint passed at a distance, on either side.

    The way there and the way on are tangents of the circle that is passed, from the neighbouring
    waypoints: they come away from the legs steadily, and no farther than the circle.
    """
    return abs(radius_m)


# Loiters


def loiter(
    centre: Move,
    *,
    radius_m: float,
    turns: float,
    clockwise: bool,
    sagitta_m: float,
    before: Move | None = None,
    after: Move | None = None,
    climbs_from: Level | None = None,
) -> Bent:
    """Draw a loiter: a circle, or a helix where it climbs or descends.

    The line has its corners on the circle, as many as the sagitta needs. It goes round once more
    than asked, since autopilots leave a loiter only when they head for the next waypoint. They
    come to the circle and leave it in ways that no document tells, somewhere between the straight
    line over the centre and the tangent: the line keeps to the middle of the two, and the buffer
    covers both.

    Parameters
    ----------
    centre
        The centre, with the level at which the loiter ends, and the speed on it.
    radius_m, turns, clockwise
        The circle, how often round, and which way.
    sagitta_m
        How far the circle may stray from the line, :func:`sagitta_m`.
    before, after
        Where it comes from and where it goes next, if anywhere.
    climbs_from
        Level at which it arrives, if the turns asked for bring it to that of the centre.

    Returns
    -------
    Bent
        From where it comes to the circle to where it leaves it; the last move has the centre's
        wait.

    Raises
    ------
    InvalidInputError
        If the radius or the turns are no such numbers, or there are more than
        :data:`MOST_CORNERS` corners.

    Examples
    --------
    >>> from lowalt.levels import VerticalReference
    >>> centre = Move(
    ...     lon_deg=113.95, lat_deg=22.54, level=Level(80.0, VerticalReference.ATO)
    ... )
    >>> bent = loiter(centre, radius_m=50.0, turns=1.0, clockwise=True, sagitta_m=0.5)
    >>> len(bent.moves), bent.buffer_m  # 23 sides a turn, and a turn more
    (47, 0.5)
    """
    named = f"{centre.where}: " if centre.where else ""
    if not (0.0 < radius_m < math.inf and 0.0 <= turns < math.inf and sagitta_m > 0.0):
        raise InvalidInputError(
            f"{named}a loiter of {turns:g} turns with a radius of {radius_m:g} m: expected a radius"
            " of more than 0, and no fewer than 0 turns"
        )
    entry_deg, entry_buffer_m = _way_to(centre, before, radius_m, clockwise=clockwise)
    exit_deg, exit_buffer_m = _way_to(centre, after, radius_m, clockwise=not clockwise)
    exit_deg = entry_deg if after is None else exit_deg
    entry_deg = exit_deg if before is None else entry_deg
    onward = 1.0 if clockwise else -1.0
    sweep_deg = 360.0 * (turns + 1.0) + (onward * (exit_deg - entry_deg)) % 360.0
    sides = max(_FEWEST_CORNERS, _sides(radius_m, sagitta_m))
    if sweep_deg / 360.0 * sides > MOST_CORNERS:
        raise InvalidInputError(
            f"{named}a loiter of {turns:g} turns with a radius of {radius_m:g} m has more than"
            f" {MOST_CORNERS:,} corners: ask for fewer turns, or a wider buffer"
        )
    swept_deg = np.linspace(0.0, sweep_deg, math.ceil(sweep_deg / 360.0 * sides) + 1)
    corners = geodesic_direct(
        [(centre.lon_deg, centre.lat_deg)],
        azimuth_deg=entry_deg + onward * swept_deg,
        distance_m=radius_m,
    )
    moves = [
        replace(centre, lon_deg=lon_deg, lat_deg=lat_deg, level=level, hold_s=0.0)
        for (lon_deg, lat_deg), level in zip(
            corners.tolist(), _rising(swept_deg, turns, centre.level, climbs_from), strict=True
        )
    ]
    moves[-1] = replace(moves[-1], hold_s=centre.hold_s)
    return Bent(tuple(moves), sagitta_m + max(entry_buffer_m, exit_buffer_m))


def _sides(radius_m: float, sagitta_m: float) -> int:
    return math.ceil(math.pi / math.acos(1.0 - min(sagitta_m / radius_m, 1.0)))


def _way_to(
    centre: Move, place: Move | None, radius_m: float, *, clockwise: bool
) -> tuple[float, float]:
    """Where the way from a place comes to the circle, degrees; and what covers all such ways."""
    if place is None:
        return 0.0, 0.0
    ends = [(centre.lon_deg, centre.lat_deg)], [(place.lon_deg, place.lat_deg)]
    away_m = float(geodesic_distance_m(*ends)[0])
    azimuth_deg = float(geodesic_azimuth_deg(*ends)[0]) if away_m > _HERE_M else 0.0
    if away_m <= radius_m:
        # No place of the disc is farther from both the circle and where it comes from.
        return azimuth_deg, (radius_m + away_m) / 2.0
    # Half of the angle between the centre and the tangent, seen from the place; and where the line
    # in that direction meets the circle. All ways between lie within half that angle of it, and
    # none goes on for longer than the tangent.
    half = math.asin(radius_m / away_m) / 2.0
    beside = math.asin(away_m * math.sin(half) / radius_m) - half
    tangent_m = math.sqrt(away_m * away_m - radius_m * radius_m)
    onward = 1.0 if clockwise else -1.0
    return azimuth_deg + onward * math.degrees(beside), tangent_m * math.sin(half)


def _rising(swept_deg: FloatArray, turns: float, last: Level, first: Level | None) -> list[Level]:
    if first is None or first.reference is not last.reference or not turns:
        return [last] * len(swept_deg)
    share = np.minimum(swept_deg / (360.0 * turns), 1.0)
    values_m = first.value_m + share * (last.value_m - first.value_m)
    return [Level(value_m, last.reference) for value_m in values_m.tolist()]


# Curves


def spline(
    before: Move | None, start: Move, end: Move, after: Move | None, *, sagitta_m: float
) -> Bent:
    """Draw a curve as ArduPilot's spline waypoints make it.

    A cubic in time whose directions at both ends point from the waypoint before to the one after,
    and together are no longer than four times the leg; how long exactly depends on the speeds
    flown, which no file tells.

    Parameters
    ----------
    before, after
        The neighbours; ``None`` where it stops.
    start, end
        The leg.
    sagitta_m
        How far the curve may stray from the line.

    Returns
    -------
    Bent
        Its moves up to ``end``; the buffer covers what the line strays.
    """
    curve = _Curve.between(before, start, end, after, share=1.0).no_wider_than(4.0)
    corners = curve.corners(sagitta_m, where=end.where)
    if start.level.reference is not end.level.reference:
        return Bent((end,), sagitta_m + curve.strays_m(corners))
    return Bent(curve.moves(corners, end), sagitta_m)


def catmull_rom(
    before: Move | None, start: Move, end: Move, after: Move | None, *, sagitta_m: float
) -> Bent:
    """Draw a curve through waypoints that a maker does not publish.

    The curve drawn is a Catmull-Rom cubic, the usual one through given places. The buffer covers
    the straight leg as well, and as much on the other side of the curve.

    Parameters
    ----------
    before, after
        The neighbours; ``None`` where it begins or ends there.
    start, end
        The leg.
    sagitta_m
        How far the curve may stray from the line.
    """
    curve = _Curve.between(before, start, end, after, share=0.5)
    corners = curve.corners(sagitta_m, where=end.where)
    one_reference = start.level.reference is end.level.reference
    moves = curve.moves(corners, end) if one_reference else (end,)
    return Bent(moves, sagitta_m + curve.strays_m(corners))


@dataclass(frozen=True, slots=True)
class _Curve:
    """A cubic by its ends and its directions there: metres east, north and up."""

    frame: LocalFrame
    start: FloatArray
    chord: FloatArray
    leaves: FloatArray
    arrives: FloatArray

    @classmethod
    def between(
        cls, before: Move | None, start: Move, end: Move, after: Move | None, *, share: float
    ) -> _Curve:
        """Take as directions a share of the way from each end's neighbour to the other's."""
        frame = LocalFrame(start.lon_deg)
        a, b = (_placed(frame, move, like=start) for move in (start, end))
        leaves = np.zeros(3) if before is None else b - _placed(frame, before, like=start)
        arrives = np.zeros(3) if after is None else _placed(frame, after, like=start) - a
        return cls(frame, a, b - a, share * leaves, share * arrives)

    def no_wider_than(self, times: float) -> _Curve:
        """Shorten the directions until together they are so many times the chord."""
        length = float(np.linalg.norm(self.leaves) + np.linalg.norm(self.arrives))
        longest = times * float(np.linalg.norm(self.chord))
        if length <= longest:
            return self
        factor = longest / length
        return replace(self, leaves=factor * self.leaves, arrives=factor * self.arrives)

    def corners(self, sagitta_m: float, *, where: str) -> FloatArray:
        """Places between the ends, ``(N, 3)``, at equal times, as many as the sagitta needs."""
        # A chord strays from its piece by an eighth of the square of the piece's duration times
        # the acceleration, which of a cubic is greatest at one of its ends.
        first = 6.0 * self.chord - 4.0 * self.leaves - 2.0 * self.arrives
        last = -6.0 * self.chord + 2.0 * self.leaves + 4.0 * self.arrives
        greatest = max(float(np.linalg.norm(bend)) for bend in (first, last))
        pieces = max(1, math.ceil(math.sqrt(greatest / (8.0 * sagitta_m))))
        if pieces > MOST_CORNERS:
            raise InvalidInputError(
                f"{where}: a curve with more than {MOST_CORNERS:,} corners; check its waypoints"
            )
        t = np.arange(1, pieces)[:, None] / pieces
        return np.asarray(
            self.start
            + t * t * (3.0 - 2.0 * t) * self.chord
            + t * (1.0 - t) ** 2 * self.leaves
            - t * t * (1.0 - t) * self.arrives
        )

    def strays_m(self, corners: FloatArray) -> float:
        """How far over ground the farthest corner is from the straight leg."""
        if not len(corners):
            return 0.0
        chord, away = self.chord[:2], (corners - self.start)[:, :2]
        share = np.clip(away @ chord / max(float(chord @ chord), _HERE_M**2), 0.0, 1.0)
        return float(np.hypot(*(away - share[:, None] * chord).T).max())

    def moves(self, corners: FloatArray, end: Move) -> tuple[Move, ...]:
        """Move from corner to corner, and to the end."""
        lon_lat = self.frame.to_lonlat(corners[:, :2])
        between = [
            replace(
                end,
                lon_deg=lon_deg,
                lat_deg=lat_deg,
                level=Level(value_m, end.level.reference),
                hold_s=0.0,
            )
            for (lon_deg, lat_deg), value_m in zip(
                lon_lat.tolist(), corners[:, 2].tolist(), strict=True
            )
        ]
        return (*between, end)


def _placed(frame: LocalFrame, move: Move, *, like: Move) -> FloatArray:
    """Metres east, north and up; of another reference, up is as ``like``."""
    places = [(like.lon_deg, like.lat_deg), (move.lon_deg, move.lat_deg)]
    xy = frame.to_plane(places)
    if not math.dist(*xy) <= _LONGEST_CURVE_M:
        raise InvalidInputError(
            f"{move.where}: a curve to a waypoint more than {_LONGEST_CURVE_M / 1000.0:g} km away;"
            " check their places"
        )
    level = move.level if move.level.reference is like.level.reference else like.level
    return np.array([*xy[1], level.value_m])
