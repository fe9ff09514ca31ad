"""Lines of a map as few numbers: for display only, simplified, rounded and told by differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import shapely

from lowalt.airspace import AirspaceDataset
from lowalt.flights import FlightPlan
from lowalt.held_areas import area_outline
from lowalt.terms import ZoneKind

UNITS_PER_DEGREE: Final = 1e5
"""A unit is a metre or so."""

_METRES_PER_DEGREE: Final = 111_195.0
_TOLERANCES_M: Final = (10.0, 30.0, 100.0, 300.0, 1000.0)
_MOST_POINTS: Final = 100_000
"""As many points as routes may have together before they are drawn coarser."""

_ROOM: Final = 0.15
"""Airspace is drawn so large a share of the day's extent beyond it."""

_BACKGROUND = frozenset(
    {
        ZoneKind.JURISDICTION,
        ZoneKind.ADMINISTRATIVE_AREA,
        ZoneKind.GRID_CELLS,
        ZoneKind.TERMINAL_AREA,
        ZoneKind.OBSTACLE,
    }
)
"""Zones that cover a whole city, or a rooftop: lines of their own would hide the flights."""

Coded = list[int]
"""Longitude and latitude of the first point in units, then the differences from point to point."""


def coded(lon_lat: Any) -> Coded:
    """Write a line as whole numbers.

    Examples
    --------
    >>> coded([[114.0, 22.5], [114.00001, 22.5], [114.00001, 22.49999]])
    [11400000, 2250000, 1, 0, 0, -1]
    """
    units = np.rint(np.asarray(lon_lat) * UNITS_PER_DEGREE).astype(np.int64)
    differences: Coded = np.diff(units, axis=0, prepend=0).ravel().tolist()
    return differences


def routes_of(plans: Sequence[FlightPlan]) -> tuple[list[Coded], list[int]]:
    """Draw the routes and areas of plans; many plans fly one and the same.

    Returns
    -------
    tuple
        The shapes, an area as a ring, and the number of each plan's among them.
    """
    outlines = [_outline(plan) for plan in plans]
    for tolerance_m in _TOLERANCES_M:
        number: dict[tuple[int, ...], int] = {}
        of_plan = [
            number.setdefault(tuple(coded(_simplified(outline, tolerance_m))), len(number))
            for outline in outlines
        ]
        if sum(map(len, number)) <= 2 * _MOST_POINTS:
            break
    return [list(shape) for shape in number], of_plan


def _outline(plan: FlightPlan) -> Any:
    if plan.operating_area is not None:
        return shapely.LineString(area_outline(plan.operating_area))
    assert plan.waypoints is not None  # a plan has one of the two
    return shapely.LineString([(point.lon_deg, point.lat_deg) for point in plan.waypoints])


def _simplified(line: Any, tolerance_m: float) -> Any:
    return shapely.get_coordinates(line.simplify(tolerance_m / _METRES_PER_DEGREE))


def bounds_of(shapes: Iterable[Coded]) -> tuple[float, float, float, float] | None:
    """West, south, east and north of shapes in degrees; ``None`` of no shapes."""
    points = [np.cumsum(np.array(shape).reshape(-1, 2), axis=0) for shape in shapes]
    if not points:
        return None
    every = np.concatenate(points) / UNITS_PER_DEGREE
    west, south = every.min(axis=0)
    east, north = every.max(axis=0)
    return float(west), float(south), float(east), float(north)


def surroundings(
    airspace: AirspaceDataset, bounds: tuple[float, float, float, float]
) -> dict[str, list[dict[str, Any]]]:
    """Draw zones and boundaries of a dataset near a day's flights."""
    west, south, east, north = bounds
    room = _ROOM * max(east - west, north - south) + 0.03
    frame = shapely.box(west - room, south - room, east + room, north + room)
    finest = max(30.0 / _METRES_PER_DEGREE, room / 400.0)

    def drawn(geometry: Any) -> list[Coded]:
        seen = shapely.clip_by_rect(geometry.simplify(finest), *frame.bounds)
        parts = shapely.get_parts(shapely.boundary(seen) if seen.area else seen)
        lines = [shapely.get_coordinates(part) for part in parts]
        return [coded(line) for line in lines if len(line) > 1]

    zones = [
        {
            "name": {lang: f"{zone.name[lang]} · {zone.kind.label(lang)}" for lang in zone.name},
            "asks": zone.restriction.value,
            "status": zone.status.value,
            "lines": drawn(zone.geometry),
        }
        for zone in airspace.zones
        if zone.kind not in _BACKGROUND and zone.geometry.intersects(frame)
    ]
    lines = [
        {"name": dict(line.name), "lines": drawn(line.line)}
        for line in airspace.lines
        if line.line.intersects(frame)
    ]
    return {
        "zones": [zone for zone in zones if zone["lines"]],
        "lines": [line for line in lines if line["lines"]],
    }
