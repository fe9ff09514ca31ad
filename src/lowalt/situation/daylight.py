"""Daylight where and when a flight, or a part of it, is flown."""

from __future__ import annotations

from itertools import product

import numpy as np

from lowalt.situation.path import HeldArea, Path
from lowalt.temporal import TimeInterval, overlaps_night

Places = tuple[tuple[float, float], ...]


def corners(path: Path | HeldArea, period: TimeInterval) -> Places:
    """Return places between which the part of a flight lies that is flown in a period.

    They are the corners, longitude and latitude in degrees, of a box: over so small a stretch of
    the earth the sun sets first, and rises last, over one of them.
    """
    if isinstance(path, Path) and period == path.period:
        box = path.among.boxes_deg[path.number]
    else:
        places = path.places_within(period)
        box = np.hstack((places.min(axis=0), places.max(axis=0)))
    west, south, east, north = box.tolist()
    return tuple(product({west, east}, {south, north}))


def is_partly_at_night(period: TimeInterval, places: Places) -> bool:
    """Whether any part of a period lies between sunset and sunrise at one of the places."""
    return any(overlaps_night(period, lon_deg=lon, lat_deg=lat) for lon, lat in places)
