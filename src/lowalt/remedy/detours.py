"""The shortest way round obstacles in the plane, and the shortest way off them."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt.geodesy import FloatArray

_MOST_CORNERS = 160
"""A way has to be looked for between any two corners."""

_INSIDE_M = 1e-3
"""A way may run along the outline; it is barred from what lies this deep."""

_DIRECTIONS = 72


def simplified(obstacle: BaseGeometry) -> BaseGeometry:
    """Draw obstacles with few corners; what is left out is made good, so that they are covered."""
    tolerance_m = 0.125
    outline = obstacle
    while shapely.get_num_coordinates(outline) > _MOST_CORNERS:
        tolerance_m *= 2.0
        grown = shapely.buffer(obstacle, tolerance_m, join_style="mitre")
        outline = shapely.simplify(grown, tolerance_m)
    return outline


def way_round(start: ArrayLike, end: ArrayLike, obstacle: BaseGeometry) -> FloatArray | None:
    """Find the shortest way between two places that stays out of obstacles.

    The corners of a shortest way are corners of the obstacles, so it is looked for among these, by
    Dijkstra's method on the lines between corners that see one another (de Berg, Cheong, van
    Kreveld and Overmars, *Computational Geometry*, 3rd ed. 2008, chapter 15).

    Parameters
    ----------
    start, end
        Places in the plane, metres, ``(2,)`` each, on no obstacle or on its outline.
    obstacle
        Polygons.

    Returns
    -------
    (N, 2) float64 or None
        The way, both ends included; ``None`` where there is none.

    Examples
    --------
    >>> wall = shapely.box(4.0, -3.0, 6.0, 3.0)
    >>> way_round((0.0, 0.0), (10.0, 0.0), wall).tolist()
    [[0.0, 0.0], [4.0, -3.0], [6.0, -3.0], [10.0, 0.0]]
    """
    ends = np.asarray([start, end], dtype=np.float64)
    if (ends[0] == ends[1]).all():
        return ends
    places = np.vstack((ends, np.unique(shapely.get_coordinates(obstacle), axis=0)))
    barred = shapely.buffer(obstacle, -_INSIDE_M, join_style="mitre")
    shapely.prepare(barred)
    # The ends come first, so that a free line between them is found at once.
    reached = {0: 0.0}
    came_from: dict[int, int] = {}
    queue, done = [(0.0, 0)], set[int]()
    while queue:
        length_m, at = heapq.heappop(queue)
        if at == 1:
            return places[_back(came_from)]
        if at in done:
            continue
        done.add(at)
        lines = shapely.linestrings(
            np.stack((np.broadcast_to(places[at], places.shape), places), axis=1)
        )
        steps_m = np.hypot(*(places - places[at]).T)
        for to in np.flatnonzero(~shapely.intersects(barred, lines) & (steps_m > 0.0)).tolist():
            total_m = length_m + float(steps_m[to])
            if total_m < reached.get(to, math.inf):
                reached[to], came_from[to] = total_m, at
                heapq.heappush(queue, (total_m, to))
    return None


def _back(came_from: dict[int, int]) -> list[int]:
    way = [1]
    while way[-1] != 0:
        way.append(came_from[way[-1]])
    return way[::-1]


def nearest_outside(place: ArrayLike, obstacle: BaseGeometry) -> FloatArray:
    """Bring a place that is in an obstacle to the nearest place of its outline, ``(2,)``."""
    point = Point(np.asarray(place, dtype=np.float64))
    if not shapely.intersects(obstacle, point):
        return np.asarray(place, dtype=np.float64)
    outline = shapely.boundary(obstacle)
    line = shapely.shortest_line(outline, point)
    return np.asarray(shapely.get_coordinates(line)[0])


def way_off(shape: BaseGeometry, obstacle: BaseGeometry, *, most_m: float) -> FloatArray | None:
    """Find the shortest way to move a shape off obstacles, of all directions tried.

    Parameters
    ----------
    shape
        A point, line or polygon of the plane.
    obstacle
        Polygons.
    most_m
        The farthest to look.

    Returns
    -------
    (2,) float64 or None
        The move, metres; ``None`` where none is short enough.

    Examples
    --------
    >>> west = way_off(shapely.Point(1.0, 5.0), shapely.box(0, 0, 10, 10), most_m=100.0)
    >>> west.round(2).tolist()
    [-1.0, 0.0]
    """
    shapely.prepare(obstacle)
    shortest = None
    for number in range(_DIRECTIONS):
        angle = 2.0 * math.pi * number / _DIRECTIONS
        unit = np.array([math.cos(angle), math.sin(angle)])

        def is_off(by_m: float, unit: FloatArray = unit) -> bool:
            moved = shapely.transform(shape, lambda xy: xy + by_m * unit)
            return not shapely.intersects(obstacle, moved)

        by_m = _least_m(is_off, most_m)
        if by_m is not None and (shortest is None or by_m < most_m):
            shortest, most_m = by_m * unit, by_m  # no other has to be looked for farther
    return shortest


def _least_m(is_off: Callable[[float], bool], most_m: float) -> float | None:
    """Double the distance until it is enough, then halve what is left open to a millimetre."""
    low_m, high_m = 0.0, min(1.0, most_m)
    while not is_off(high_m):
        if high_m >= most_m:
            return None
        low_m, high_m = high_m, min(2.0 * high_m, most_m)
    while high_m - low_m > 1e-3:
        middle_m = (low_m + high_m) / 2.0
        low_m, high_m = (low_m, middle_m) if is_off(middle_m) else (middle_m, high_m)
    return high_m


def length_m(way: FloatArray) -> float:
    """Length of a way, metres."""
    return float(LineString(way).length)
