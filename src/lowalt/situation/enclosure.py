"""Whether all the airspace of a flight lies in a volume: buffers count against it."""

from __future__ import annotations

import numpy as np

from lowalt.airspace.regions import Limits
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import Level
from lowalt.situation.path import HeldArea, Path
from lowalt.truth import Truth


def lies_in(flight: Path | HeldArea, limits: Limits) -> Truth:
    """Whether all the airspace of a flight lies in a volume; touching its limits is in it."""
    width_m = flight.horizontal_m if isinstance(flight, Path) else 0.0
    room_m = (BOUNDARY_TOLERANCE_M - width_m) * flight.scale
    if not limits.possibly.drawn(grown_by_m=room_m).covers(flight.footprint):
        return Truth.FALSE
    surely = limits.surely.drawn(grown_by_m=room_m).covers(flight.footprint)
    return (
        (Truth.TRUE if surely else Truth.UNKNOWN)
        & keeps_to(flight, limits.layer.floor, sign=1.0)
        & keeps_to(flight, limits.layer.ceiling, sign=-1.0)
    )


def keeps_to(flight: Path | HeldArea, limit: Level | None, *, sign: float) -> Truth:
    """Whether a flight keeps above a floor throughout, or, by the sign, below a ceiling."""
    if limit is None:
        return Truth.TRUE
    if isinstance(flight, HeldArea):
        level = flight.floor if sign > 0 else flight.ceiling
        lowest_m, highest_m = flight.range_m(level, limit.reference)
        least_m = lowest_m if sign > 0 else -highest_m
    else:
        least_m = float((sign * flight.heights(limit.reference)).min()) - flight.vertical_m
    room_m = least_m - sign * limit.value_m
    return Truth.of(None if np.isnan(room_m) else room_m >= -BOUNDARY_TOLERANCE_M)
