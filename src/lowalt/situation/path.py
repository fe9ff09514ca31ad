"""The plan as geometry: a 4D path in the plane, or an area held for a time.

Between two waypoints the flight is the geodesic, flown uniformly; it is cut into pieces short
enough that straight in the plane is the geodesic to well below a centimetre. What comes out is the
arrays that the crossings with zones are computed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.flights import Area, FlightPlan, Waypoint
from lowalt.geodesy import LocalFrame, circle_ring, cut_geodesic, densify_geodesic
from lowalt.levels import Level, VerticalReference
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray, GeoidModel, Ground, TerrainModel

_STEP_M = 1000.0
_STILL_M = 1e-6
"""A piece shorter than this is a hover or a vertical leg."""


@dataclass(frozen=True)  # no slots: derived arrays are worked out once, on first use
class Path:
    """A flight as pieces, each straight and uniform in place, height and time.

    Attributes
    ----------
    xy
        Vertices in the frame, ``(N, 2)`` metres. An area flight has one vertex a corner.
    t_s
        Seconds after ``epoch`` at the vertices, ``(N,)``.
    level_m
        Level at the two ends of each piece, ``(N - 1, 2)``.
    references
        Vertical reference of each piece's levels, ``(N - 1,)`` of ``VerticalReference``;
        ``None`` where the two ends have different ones.
    leg
        Number of the waypoint each piece leaves, ``(N - 1,)``.
    ground
        What is known below the vertices.
    horizontal_m, vertical_m
        Half-width and half-height of the airspace around the path. The half-height is NaN where
        the plan does not state it: how high the airspace reaches is then not known.
    """

    frame: LocalFrame
    epoch: datetime
    lon_lat: FloatArray
    xy: FloatArray
    t_s: FloatArray
    level_m: FloatArray
    references: tuple[VerticalReference | None, ...]
    leg: NDArray[np.intp]
    ground: Ground
    horizontal_m: float
    vertical_m: float

    @cached_property
    def scale(self) -> float:
        """Greatest scale of the plane along the path: ground metres become at most this long."""
        return float(self.frame.scale(self.xy).max())

    @cached_property
    def pieces(self) -> NDArray[np.object_]:
        """Pieces as planar lines, ``(N - 1,)``; hovers and vertical legs as points."""
        ends = np.stack((self.xy[:-1], self.xy[1:]), axis=1)
        lines = np.asarray(shapely.linestrings(ends), dtype=np.object_)
        still = np.hypot(*(self.xy[1:] - self.xy[:-1]).T) < _STILL_M
        lines[still] = shapely.points(self.xy[:-1][still])
        return lines

    @cached_property
    def footprint(self) -> BaseGeometry:
        """The path on the ground, in the plane."""
        return shapely.union_all(self.pieces)

    def heights(self, reference: VerticalReference) -> FloatArray:
        """Level at the two ends of each piece in a reference, ``(N - 1, 2)``; NaN: not known."""
        result = np.full(self.level_m.shape, np.nan)
        present = {r for r in self.references if r is not None}
        for source in present:
            own = np.array([r is source for r in self.references])
            for end, at in ((0, slice(0, -1)), (1, slice(1, None))):
                ground = Ground(
                    self.ground.elevation_amsl_m[at],
                    self.ground.undulation_m[at],
                    self.ground.take_off_amsl_m,
                )
                converted = ground.convert(self.level_m[:, end], source=source, target=reference)
                result[own, end] = converted[own]
        return result

    def time(self, t_s: float) -> datetime:
        """Time of so many seconds after the epoch."""
        return self.epoch + timedelta(seconds=t_s)

    def place(self, t_s: float) -> tuple[float, float]:
        """Longitude and latitude at so many seconds after the epoch."""
        xy = [np.interp(t_s, self.t_s, self.xy[:, axis]) for axis in (0, 1)]
        lon_deg, lat_deg = self.frame.to_lonlat([xy])[0]
        return float(lon_deg), float(lat_deg)

    @property
    def period(self) -> TimeInterval:
        """From the first to the last vertex."""
        return TimeInterval(self.time(float(self.t_s[0])), self.time(float(self.t_s[-1])))


@dataclass(frozen=True)  # no slots: the scale is worked out once
class HeldArea:
    """A flight that may be anywhere in an area, between two levels, for a time."""

    frame: LocalFrame
    footprint: BaseGeometry
    floor: Level
    ceiling: Level
    period: TimeInterval
    ground: Ground
    centre: tuple[float, float]

    @cached_property
    def scale(self) -> float:
        """Greatest scale of the plane over the area."""
        return float(self.frame.scale(shapely.get_coordinates(self.footprint)).max())

    def extreme(self, level: Level, reference: VerticalReference) -> float:
        """Return a level of the area in another reference; NaN where the ground is not known."""
        values = self.ground.convert(
            np.array([level.value_m]), source=level.reference, target=reference
        )
        return float(values[0])


def path_of(
    plan: FlightPlan,
    *,
    frame: LocalFrame,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
) -> Path | HeldArea:
    """Lay a plan into the plane of a dataset.

    Parameters
    ----------
    plan
        The plan.
    frame
        The plane.
    terrain, geoid
        Models to convert levels with; without them such levels are not known.
    """
    if plan.waypoints is None:
        return _held_area(plan, frame)
    step_m = _STEP_M if terrain is None else min(_STEP_M, terrain.spacing_m)
    waypoints = plan.waypoints
    epoch = waypoints[0].time
    lon_lat, t_s, share, leg = _cut(waypoints, epoch=epoch, step_m=step_m)
    value = np.array([w.level.value_m for w in waypoints])
    first, last = value[leg], value[leg + 1]
    same = np.array([a.level.reference is b.level.reference for a, b in pairwise(waypoints)])
    return Path(
        frame=frame,
        epoch=epoch,
        lon_lat=lon_lat,
        xy=frame.to_plane(lon_lat),
        t_s=t_s,
        level_m=first[:, None] + share * (last - first)[:, None],
        references=tuple(waypoints[i].level.reference if same[i] else None for i in leg.tolist()),
        leg=leg,
        ground=Ground.below(
            lon_lat,
            terrain=terrain,
            geoid=geoid,
            take_off_amsl_m=plan.take_off_elevation_amsl_m,
        ),
        horizontal_m=plan.route_buffer_m or 0.0,
        vertical_m=np.nan if plan.vertical_buffer_m is None else plan.vertical_buffer_m,
    )


def _cut(
    waypoints: Sequence[Waypoint], *, epoch: datetime, step_m: float
) -> tuple[FloatArray, FloatArray, FloatArray, NDArray[np.intp]]:
    """Cut legs into pieces: vertices, times, share of the leg at both ends, leg numbers."""
    places = np.array([(w.lon_deg, w.lat_deg) for w in waypoints])
    at_s = np.array([(w.time - epoch).total_seconds() for w in waypoints])
    starts, leg, before = cut_geodesic(places, max_step_m=step_m)
    last_of_leg = np.append(leg[1:] != leg[:-1], True)
    after = np.where(last_of_leg, 1.0, np.append(before[1:], 1.0))
    return (
        np.vstack((starts, places[-1:])),
        np.append(at_s[leg] + before * (at_s[leg + 1] - at_s[leg]), at_s[-1]),
        np.column_stack((before, after)),
        leg,
    )


def area_outline(area: Area) -> FloatArray:
    """Ring of an area in degrees, ``(N, 2)``; of a circle, a polygon that covers it."""
    if area.circle is not None:
        circle = area.circle
        return circle_ring(lon_deg=circle.lon_deg, lat_deg=circle.lat_deg, radius_m=circle.radius_m)
    return densify_geodesic(np.array(area.polygon, dtype=np.float64), max_step_m=_STEP_M)


def _held_area(plan: FlightPlan, frame: LocalFrame) -> HeldArea:
    area = plan.operating_area
    assert area is not None  # a plan has exactly one of the two
    ring = area_outline(area)
    # Ground differs over an area, so only levels of one reference are ever known in it.
    unknown = np.array([np.nan])
    take_off = plan.take_off_elevation_amsl_m
    return HeldArea(
        frame=frame,
        footprint=Polygon(frame.to_plane(ring)),
        floor=area.floor,
        ceiling=area.ceiling,
        period=TimeInterval(area.start, area.end),
        ground=Ground(unknown, unknown, np.nan if take_off is None else take_off),
        centre=(float(ring[:, 0].mean()), float(ring[:, 1].mean())),
    )
