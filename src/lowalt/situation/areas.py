"""Flights that hold an area, and the volumes of zones they meet.

Such a flight may be anywhere in its area between its two levels, and it meets what any part of
that airspace meets.
"""

from __future__ import annotations

from collections.abc import Iterable

from lowalt.airspace.regions import Limits
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import Level
from lowalt.situation.path import HeldArea
from lowalt.truth import Truth


def meets_any(area: HeldArea, volumes: Iterable[Limits]) -> Truth:
    """Whether an area meets any of some volumes; touching is meeting."""
    return Truth.any_of(_meets(area, limits) for limits in volumes)


def is_inside_any(area: HeldArea, volumes: Iterable[Limits]) -> bool:
    """Whether an area surely does more than touch one of some volumes."""
    deep_m = -BOUNDARY_TOLERANCE_M * area.scale
    return any(
        _meets(area, limits) is Truth.TRUE and limits.surely.is_within(deep_m, of=area.footprint)
        for limits in volumes
    )


def _meets(area: HeldArea, limits: Limits) -> Truth:
    layer = limits.layer
    # Its ceiling reaches the floor of the volume, and its floor the ceiling.
    at_height = _reaches(area, area.ceiling, layer.floor, sign=1.0) & _reaches(
        area, area.floor, layer.ceiling, sign=-1.0
    )
    touch_m = BOUNDARY_TOLERANCE_M * area.scale
    if at_height is Truth.FALSE or not limits.possibly.is_within(touch_m, of=area.footprint):
        return Truth.FALSE
    surely = limits.surely.is_within(touch_m, of=area.footprint)
    return at_height & (Truth.TRUE if surely else Truth.UNKNOWN)


def _reaches(area: HeldArea, level: Level, limit: Level | None, *, sign: float) -> Truth:
    """Whether a level of the area is above a limit, or by the sign below it, where they meet.

    Which ground lies there is not asked; above all of it is above any.
    """
    if limit is None:
        return Truth.TRUE
    lowest_m, highest_m = area.range_m(level, limit.reference)
    least_m, most_m = sorted(
        (sign * (lowest_m - limit.value_m), sign * (highest_m - limit.value_m))
    )
    if least_m >= -BOUNDARY_TOLERANCE_M:
        return Truth.TRUE
    return Truth.FALSE if most_m < -BOUNDARY_TOLERANCE_M else Truth.UNKNOWN
