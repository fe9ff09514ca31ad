"""Whether a flight keeps to what the airspace dataset knows: the whole of it, and each leg."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset
from lowalt.airspace.regions import grow
from lowalt.situation.path import HeldArea, Path
from lowalt.situation.reach import are_within
from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction, ZoneKind

_SLIVER_M = 1.0
"""An area and the extent along its boundary are drawn apart by their rounding, never so far."""


def is_within(path: Path | HeldArea, airspace: AirspaceDataset) -> bool:
    """Whether the airspace around a flight lies inside what the dataset knows."""
    (within,) = are_within(
        airspace,
        np.array([path.footprint], dtype=np.object_),
        width_m=np.array([path.width_m]),
        periods=[path.period],
    )
    return bool(within)


def is_leg_within(
    path: Path | HeldArea,
    airspace: AirspaceDataset,
    *,
    jurisdiction: Jurisdiction,
    period: TimeInterval,
) -> bool:
    """Whether the airspace around one leg does, as far as it may belong to its jurisdiction.

    What lies around it across the boundary is for the law on the other side, and so for the legs
    there.
    """
    drawn = np.isfinite(path.bounds).all()  # the plane does not go round the earth
    if not (drawn and airspace.valid.covers(period)):
        return False
    unknown = shapely.difference(_airspace(path, period), airspace.planar_extent)
    if _is_sliver(unknown):
        return True
    return _is_sliver(_of_jurisdiction(unknown, path, airspace, jurisdiction))


def _is_sliver(geometry: BaseGeometry) -> bool:
    return bool(shapely.is_empty(shapely.buffer(geometry, -_SLIVER_M)))


def _airspace(path: Path | HeldArea, period: TimeInterval) -> BaseGeometry:
    """Draw the airspace around a flight while it is on a leg."""
    if isinstance(path, HeldArea):
        return path.footprint
    # Broader than a sliver even where the plan states no breadth.
    return grow(path.footprint_within(period), path.width_m + 2.0 * _SLIVER_M)


def _of_jurisdiction(
    around: BaseGeometry,
    path: Path | HeldArea,
    airspace: AirspaceDataset,
    jurisdiction: Jurisdiction,
) -> BaseGeometry:
    """Cut what surely is under another law from airspace around a flight."""
    abroad = [
        (airspace.zones[number].jurisdiction, limits)
        for number in airspace.near(path.bounds)
        if airspace.zones[number].kind is ZoneKind.JURISDICTION
        for limits in airspace.limits(number)
    ]
    if jurisdiction is Jurisdiction.MAINLAND:
        surely = [limits.surely.drawn() for _, limits in abroad]
        return shapely.difference(around, shapely.union_all(surely))
    possibly = [limits.possibly.drawn() for home, limits in abroad if home is jurisdiction]
    return shapely.intersection(around, shapely.union_all(possibly))
