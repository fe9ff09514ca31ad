"""The plan as geometry: a 4D path in the plane, or an area held for a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from shapely.geometry import LineString, Point

from lowalt.flights import FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame
from lowalt.held_areas import HeldArea, area_shape
from lowalt.levels import VerticalReference
from lowalt.paths import Bounds, Paths, Routes
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray, GeoidModel, TerrainModel

__all__ = ["HeldArea", "Path", "area_shape", "path_of"]


@dataclass(frozen=True)  # no slots: what is derived is worked out once, on first use
class Path:
    """A flight along a route.

    Attributes
    ----------
    among, number
        The paths of flights that were laid out together, and which of them it is.
    epoch
        When it begins.
    start, end
        Longitude and latitude where it begins and ends.
    """

    among: Paths
    number: int
    epoch: datetime
    start: tuple[float, float]
    end: tuple[float, float]

    @classmethod
    def each(cls, paths: Paths, plans: Sequence[FlightPlan]) -> Iterator[Path]:
        """Take each of some paths by itself; the plans are those that `Paths.plan` numbers."""
        every, ends_s = np.arange(len(paths.plan)), paths.t_s[paths.first[1:] - 1]
        starts = map(tuple, paths.places(every, np.zeros(len(every))).tolist())
        ends = map(tuple, paths.places(every, ends_s).tolist())
        for number, (plan, start, end) in enumerate(
            zip(paths.plan.tolist(), starts, ends, strict=True)
        ):
            waypoints = plans[plan].waypoints
            assert waypoints is not None  # it has a path
            yield cls(paths, number, waypoints[0].time, start, end)

    @cached_property
    def paths(self) -> Paths:
        """Its pieces, as those of the only path."""
        return self.among.one(self.number)

    @property
    def frame(self) -> LocalFrame:
        """The plane."""
        return self.among.frame

    @property
    def horizontal_m(self) -> float:
        """Half-width of the airspace around the path."""
        return float(self.among.horizontal_m[self.number])

    @property
    def vertical_m(self) -> float:
        """Half-height of the airspace around the path; NaN where the plan does not state it."""
        return float(self.among.vertical_m[self.number])

    @property
    def duration_s(self) -> float:
        """Seconds from the first to the last vertex."""
        return float(self.among.t_s[self.among.first[self.number + 1] - 1])

    @property
    def scale(self) -> float:
        """Greatest scale of the plane along the path: ground metres become at most this long."""
        return float(self.among.scales[self.number])

    @property
    def width_m(self) -> float:
        """How far the airspace reaches to either side of the footprint, in the plane."""
        return self.horizontal_m * self.scale

    @property
    def footprint(self) -> LineString | Point:
        """The path on the ground, in the plane; of a flight that stays in place, a point."""
        footprint: LineString | Point = self.among.footprints[self.number]
        return footprint

    def footprint_within(self, period: TimeInterval) -> LineString | Point:
        """Its part that is flown in a period, in the plane."""
        pieces = self.paths
        start_s, end_s = ((end - self.epoch).total_seconds() for end in (period.start, period.end))
        t_s = np.unique(np.clip(pieces.t_s, start_s, end_s))
        xy = np.column_stack([np.interp(t_s, pieces.t_s, along) for along in pieces.xy.T])
        stays = bool((xy == xy[0]).all())
        return Point(xy[0]) if stays else LineString(xy)

    def places_within(self, period: TimeInterval) -> FloatArray:
        """Places, degrees ``(N, 2)``, between which its part that is flown in a period lies."""
        path = slice(*self.among.first[self.number : self.number + 2])
        t_s, lon_lat = self.among.t_s[path], self.among.lon_lat[path]
        ends_s = [(end - self.epoch).total_seconds() for end in (period.start, period.end)]
        ends = self.among.places(np.full(2, self.number), np.array(ends_s))
        inner = (ends_s[0] < t_s) & (t_s < ends_s[1])
        return np.vstack((ends, lon_lat[inner]))

    @cached_property
    def bounds(self) -> Bounds:
        """Box of the plane that holds the airspace around the path."""
        west, south, east, north = self.among.boxes[self.number].tolist()
        reach = (self.horizontal_m + BOUNDARY_TOLERANCE_M) * self.scale
        return west - reach, south - reach, east + reach, north + reach

    def heights(self, reference: VerticalReference) -> FloatArray:
        """Level at the two ends of each piece in a reference, ``(N, 2)``; NaN: not known."""
        return self.paths.heights(reference)[:-1]

    def time(self, t_s: float) -> datetime:
        """Time of so many seconds after the epoch."""
        return self.epoch + timedelta(seconds=t_s)

    def place(self, t_s: float) -> tuple[float, float]:
        """Longitude and latitude at so many seconds after the epoch."""
        ((lon_deg, lat_deg),) = self.among.places(np.array([self.number]), np.array([t_s])).tolist()
        return lon_deg, lat_deg

    @cached_property
    def period(self) -> TimeInterval:
        """From the first to the last vertex."""
        return TimeInterval(self.epoch, self.time(self.duration_s))


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
        return HeldArea.of(plan, frame=frame, terrain=terrain, geoid=geoid)
    routes = Routes.of([plan], terrain=terrain)
    paths = Paths.of(routes, frame=frame, terrain=terrain, geoid=geoid)
    (path,) = Path.each(paths, [plan])
    return path
