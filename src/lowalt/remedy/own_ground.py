"""Over the operator's own ground: the shortest move that brings the whole flight there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lowalt.geodesy import FloatArray
from lowalt.regulations.conditions import Holds
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.sideways import moved
from lowalt.situation import Path
from lowalt.situation.path import area_shape
from lowalt.truth import Truth
from lowalt.wording import both

_FACT = "is_over_own_ground"

_ROOM_M = 0.1
"""Left to the outline, so that what rounding a coordinate moves stays in."""


def over_own_ground(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to fly over the grounds that the operator outlines, where a flight is off them."""
    operator = hearing.plan.operator
    off = any(
        isinstance(leaf.condition, Holds)
        and leaf.condition.fact.name == _FACT
        and leaf.truth is Truth.FALSE
        for leaf in causes.leaves
    )
    if not off or operator is None or not operator.own_grounds:
        return
    path = hearing.situation.path
    width_m = path.horizontal_m if isinstance(path, Path) else 0.0
    room = shapely.buffer(
        shapely.union_all([area_shape(area, path.frame) for area in operator.own_grounds]),
        -(width_m + _ROOM_M) * path.scale,
        join_style="mitre",
    )
    by = way_into(path.footprint, room)
    if by is None:
        return
    distance_m = float(np.hypot(*by))
    azimuth_deg = float(np.degrees(np.arctan2(by[0], by[1]))) % 360.0
    yield Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"改在本单位自有场地上方飞行：整体向方位 {azimuth_deg:.0f}° 移动 {distance_m:.0f} m",
            f"fly over the operator's own ground: the whole flight {distance_m:.0f} m towards"
            f" {azimuth_deg:.0f} degrees",
        ),
        cost=costs.OWN_PLACE + costs.DETOUR_PER_M * distance_m,
        apply=lambda plan: moved(plan, by, path),
    )


def way_into(shape: BaseGeometry, room: BaseGeometry) -> FloatArray | None:
    """Find the shortest way to move a shape into one of some polygons.

    A shape lies in a convex polygon where its corners do, and each corner allows the moves that
    bring it there. In a polygon that is not convex the corners may be in it and the shape not.

    Parameters
    ----------
    shape
        A line or polygon of the plane.
    room
        Polygons.

    Returns
    -------
    (2,) float64 or None
        The move, metres; ``None`` where the shape has no room.

    Examples
    --------
    >>> square = shapely.box(0.0, 0.0, 2.0, 2.0)
    >>> way_into(square, shapely.box(10.0, 0.0, 15.0, 5.0)).tolist()
    [10.0, 0.0]
    >>> way_into(square, shapely.box(10.0, 0.0, 11.0, 5.0)) is None
    True
    """
    corners = np.unique(shapely.get_coordinates(shapely.convex_hull(shape)), axis=0)
    nearest = []
    for part in shapely.get_parts(room):
        allowed = shapely.intersection_all([translate(part, *-corner) for corner in corners])
        if not shapely.is_empty(allowed):
            line = shapely.shortest_line(Point(0.0, 0.0), allowed)
            nearest.append(np.asarray(shapely.get_coordinates(line)[-1]))
    return min(nearest, key=lambda by: float(np.hypot(*by)), default=None)
