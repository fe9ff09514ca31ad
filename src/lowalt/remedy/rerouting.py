"""A route drawn anew so that it stays out of obstacles, its ends where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.flights import FlightPlan
from lowalt.geodesy import FloatArray
from lowalt.levels import Level
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.detours import length_m, nearest_outside, simplified, way_round
from lowalt.situation import HeldArea, Path
from lowalt.wording import both

DIGITS = 8
"""Of coordinates in degrees: a millimetre."""


@dataclass(frozen=True, slots=True)
class Rerouted:
    """A route drawn anew.

    Attributes
    ----------
    waypoints
        As a plan states them; each leg is flown as fast as it was planned.
    moved, added
        How many waypoints.
    longer_m
        How much longer the route is; negative: shorter.
    """

    waypoints: Sequence[dict[str, Any]]
    moved: int
    added: int
    longer_m: float

    @property
    def cost(self) -> float:
        """Minutes of work and of flight."""
        return costs.DETOUR + costs.DETOUR_PER_M * abs(self.longer_m)

    @property
    def said(self) -> Bilingual:
        """What was changed."""
        is_longer, by_m = self.longer_m >= 0.0, abs(self.longer_m)
        zh, en = ("增加", "longer") if is_longer else ("减少", "shorter")
        return both(
            f"移动 {self.moved} 个、新增 {self.added} 个航路点，起降点不变，航程{zh} {by_m:.0f} m",
            f"waypoints moved: {self.moved}, added: {self.added}, take-off and landing where they"
            f" are, {by_m:.0f} m {en}",
        )


def rerouted(plan: FlightPlan, path: Path | HeldArea, obstacle: BaseGeometry) -> Rerouted | None:
    """Draw the route of a plan out of obstacles.

    Parameters
    ----------
    plan
        The plan.
    path
        Its geometry, for the plane.
    obstacle
        Where in the plane the centre line must not be.

    Returns
    -------
    Rerouted or None
        ``None`` where there is no way, where an end lies in an obstacle, and of an area.
    """
    if plan.waypoints is None or len({w.level.reference for w in plan.waypoints}) > 1:
        return None  # between two references no level can be given to a corner
    xy = path.frame.to_plane([(w.lon_deg, w.lat_deg) for w in plan.waypoints])
    outline = simplified(obstacle)
    if shapely.intersects_xy(outline, *xy[[0, -1]].T).any():
        return None
    stations = [nearest_outside(place, outline) for place in xy]
    legs = [way_round(a, b, outline) for a, b in pairwise(stations)]
    if any(leg is None for leg in legs):
        return None
    ways = [leg for leg in legs if leg is not None]
    document = _flown(plan, xy, ways, path)
    return Rerouted(
        document,
        moved=int((np.hypot(*(np.array(stations) - xy).T) > 0.0).sum()),
        added=len(document) - len(plan.waypoints),
        longer_m=sum(map(length_m, ways)) - length_m(xy),
    )


def _flown(
    plan: FlightPlan, xy: FloatArray, ways: list[FloatArray], path: Path | HeldArea
) -> list[dict[str, Any]]:
    """Set waypoints along the ways, each leg flown as fast as it was planned."""
    waypoints = plan.waypoints or ()
    at = waypoints[0].time
    flown = [_waypoint(path, ways[0][0], waypoints[0].level, at)]
    for number, ((a, b), way) in enumerate(zip(pairwise(waypoints), ways, strict=True)):
        planned_m, along_m = length_m(xy[number : number + 2]), _along_m(way)
        duration = b.time - a.time
        if planned_m > 0.0:
            duration *= float(along_m[-1]) / planned_m
        for place, share in zip(way[1:], along_m[1:] / max(along_m[-1], 1e-9), strict=True):
            last = share >= 1.0 or along_m[-1] == 0.0
            value_m = a.level.value_m + float(share) * (b.level.value_m - a.level.value_m)
            level = b.level if last else Level(round(value_m, 3), a.level.reference)
            time = at + duration * (1.0 if last else float(share))
            flown.append(_waypoint(path, place, level, time))
        at += duration
    return flown


def _along_m(way: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))))


def _waypoint(
    path: Path | HeldArea, place: FloatArray, level: Level, time: datetime
) -> dict[str, Any]:
    ((lon_deg, lat_deg),) = path.frame.to_lonlat([place]).round(DIGITS).tolist()
    return {
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "level": {"value_m": level.value_m, "reference": level.reference.value},
        "time": time.isoformat(timespec="milliseconds"),
    }
