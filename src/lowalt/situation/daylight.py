"""Daylight where and when a flight, or a part of it, is flown."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

import shapely

from lowalt.flights import FlightPlan
from lowalt.situation.path import HeldArea, Path
from lowalt.temporal import TimeInterval, overlaps_night

Places = tuple[tuple[float, float], ...]


def places_flown(plan: FlightPlan, path: Path | HeldArea) -> Places:
    """Return places between which all of a flight lies.

    They are the corners, longitude and latitude in degrees, of a box: over so small a stretch of
    the earth the sun sets first, and rises last, over one of them.
    """
    if isinstance(path, HeldArea):
        return _corners(path.frame.to_lonlat(shapely.get_coordinates(path.footprint)).tolist())
    return _corners((w.lon_deg, w.lat_deg) for w in plan.waypoints or ())


def places_within(
    plan: FlightPlan, path: Path | HeldArea, period: TimeInterval, begin: tuple[float, float]
) -> Places:
    """Return places between which a part of a flight lies, that begins at a known one."""
    if isinstance(path, HeldArea) or period == path.period:
        return places_flown(plan, path)
    within = (w for w in plan.waypoints or () if period.start <= w.time <= period.end)
    places = [begin, *((w.lon_deg, w.lat_deg) for w in within)]
    if period.end < path.period.end:
        places.append(path.place((period.end - path.epoch).total_seconds()))
    return _corners(places)


def _corners(places: Iterable[Iterable[float]]) -> Places:
    lon_deg, lat_deg = zip(*places, strict=True)
    return tuple(product({min(lon_deg), max(lon_deg)}, {min(lat_deg), max(lat_deg)}))


def is_partly_at_night(period: TimeInterval, places: Places) -> bool:
    """Whether any part of a period lies between sunset and sunrise at one of the places."""
    return any(overlaps_night(period, lon_deg=lon, lat_deg=lat) for lon, lat in places)
