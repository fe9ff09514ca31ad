"""Tracks that are flown again and again: places, levels, and seconds after departure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from lowalt.flights import Waypoint
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalReference

Position = tuple[float, float]
"""Longitude and latitude, degrees."""

# A loaded multicopter of delivery size: assumed, within what makers of such aircraft state.
CLIMB_M_S = 3.0
DESCENT_M_S = 2.5

# How far a helicopter flies until it is at its height, and how long it takes: 300 m at 5 m/s.
_CLIMB_ALONG_M = 1_500.0
_CLIMB_TIME_S = 60

_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a track is so many seconds after departure."""

    lon_deg: float
    lat_deg: float
    level: Level
    after_s: int


@dataclass(frozen=True, slots=True)
class Track:
    """A flight without its date; between fixes it is straight and uniform."""

    fixes: tuple[Fix, ...]

    @property
    def duration_s(self) -> int:
        """Seconds from departure to arrival."""
        return self.fixes[-1].after_s

    @property
    def positions(self) -> tuple[Position, ...]:
        """Places it leads over, in order, each once where it stays."""
        places = [(fix.lon_deg, fix.lat_deg) for fix in self.fixes]
        return (places[0], *(b for a, b in pairwise(places) if a != b))

    @property
    def top_m(self) -> float:
        """Highest level it reaches, metres in the reference of that level."""
        return max(fix.level.value_m for fix in self.fixes)

    def paced(self, pace: float) -> Track:
        """Fly it slower (above 1) or faster, as the wind has it."""
        return Track(tuple(replace(f, after_s=round(f.after_s * pace)) for f in self.fixes))

    def astray(self, *, away_m: float, above_m: float) -> Track:
        """Leave the longest leg half way, to the right and upwards, and come back to it.

        The detour is flown at the speed of the leg, so that everything behind it is later.
        """
        legs = list(pairwise(self.fixes))
        lengths = lengths_m([(fix.lon_deg, fix.lat_deg) for fix in self.fixes])
        at = max(range(len(legs)), key=lengths.__getitem__)
        (a, b), length_m = legs[at], lengths[at]
        bearing = math.atan2(
            (b.lon_deg - a.lon_deg) * math.cos(math.radians(a.lat_deg)), b.lat_deg - a.lat_deg
        )
        middle = ((a.lon_deg + b.lon_deg) / 2.0, (a.lat_deg + b.lat_deg) / 2.0)
        lon_deg, lat_deg = stepped(middle, bearing + math.pi / 2.0, away_m)
        leg_s = b.after_s - a.after_s
        half_s = math.ceil(leg_s * math.hypot(0.5, away_m / length_m))
        level = Level((a.level.value_m + b.level.value_m) / 2.0 + above_m, a.level.reference)
        later_s = 2 * half_s - leg_s
        return Track(
            (
                *self.fixes[: at + 1],
                Fix(lon_deg, lat_deg, level, a.after_s + half_s),
                *(replace(f, after_s=f.after_s + later_s) for f in self.fixes[at + 1 :]),
            )
        )

    def waypoints(self, departure: datetime) -> tuple[Waypoint, ...]:
        """Date the track."""
        return tuple(
            Waypoint(
                lon_deg=fix.lon_deg,
                lat_deg=fix.lat_deg,
                level=fix.level,
                time=departure + timedelta(seconds=fix.after_s),
            )
            for fix in self.fixes
        )


def above_ground(height_m: float) -> Level:
    """Level of a true height."""
    return Level(height_m, VerticalReference.AGL)


def stepped(place: Position, bearing: float, distance_m: float) -> Position:
    """Place so many metres away, to the metre; the bearing in radians from north to the east."""
    north_deg = distance_m * math.cos(bearing) / _METRES_PER_DEGREE
    east_deg = distance_m * math.sin(bearing) / _METRES_PER_DEGREE
    east_deg /= math.cos(math.radians(place[1]))
    return round(place[0] + east_deg, 6), round(place[1] + north_deg, 6)


def multicopter(
    places: Sequence[Position],
    *,
    height_m: float,
    speed_m_s: float,
    hover_s: int = 0,
) -> Track:
    """Rise at the first place, fly from place to place at one height, and come down at the last.

    Parameters
    ----------
    places
        Two or more, in degrees.
    height_m
        Height of the cruise above ground.
    speed_m_s
        Ground speed of the cruise.
    hover_s
        How long it hovers at each place between the first and the last.
    """
    ground, cruise = above_ground(0.0), above_ground(height_m)
    at_s = math.ceil(height_m / CLIMB_M_S)
    fixes = [Fix(*places[0], ground, 0), Fix(*places[0], cruise, at_s)]
    for number, (place, length_m) in enumerate(zip(places[1:], lengths_m(places), strict=True), 2):
        at_s += math.ceil(length_m / speed_m_s)
        fixes.append(Fix(*place, cruise, at_s))
        if hover_s and number < len(places):
            at_s += hover_s
            fixes.append(Fix(*place, cruise, at_s))
    fixes.append(Fix(*places[-1], ground, at_s + math.ceil(height_m / DESCENT_M_S)))
    return Track(tuple(fixes))


def lengths_m(places: Sequence[Position]) -> list[float]:
    """Lengths between neighbours along the ground, metres."""
    return [float(length) for length in geodesic_distance_m(places[:-1], places[1:])]


def helicopter(places: Sequence[Position], *, height_m: float, duration_s: int) -> Track:
    """Climb away from the first place, follow the others at one height, come down to the last.

    Parameters
    ----------
    places
        Two or more, in degrees.
    height_m
        Height of the cruise above ground.
    duration_s
        Time from take-off to landing; the speed follows from it.
    """
    ground, cruise = above_ground(0.0), above_ground(height_m)
    top = _between(places[0], places[1])
    begin = _between(places[-1], places[-2])
    route = [top, *places[1:-1], begin]
    lengths = lengths_m(route)
    speed_m_s = sum(lengths) / (duration_s - 2 * _CLIMB_TIME_S)
    fixes = [Fix(*places[0], ground, 0), Fix(*top, cruise, _CLIMB_TIME_S)]
    flown_m = 0.0
    for place, length_m in zip(route[1:], lengths, strict=True):
        flown_m += length_m
        fixes.append(Fix(*place, cruise, _CLIMB_TIME_S + round(flown_m / speed_m_s)))
    fixes.append(Fix(*places[-1], ground, duration_s))
    return Track(tuple(fixes))


def _between(end: Position, neighbour: Position) -> Position:
    """Place on the way from an end to its neighbour where the climb ends or the descent begins."""
    (length_m,) = lengths_m([end, neighbour])
    share = min(_CLIMB_ALONG_M / length_m, 0.4)
    return (
        round(end[0] + share * (neighbour[0] - end[0]), 6),
        round(end[1] + share * (neighbour[1] - end[1]), 6),
    )
