"""Rings made tidy: no vertex twice in a row, outer ones to the left and holes to the right."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray
from lowalt.conflicts.volumes.checking import Naming, refuse
from lowalt.conflicts.volumes.turns import exact_signs
from lowalt.errors import Problem

_PLACE = re.compile(r"\[(\S+) (\S+)\]")
"""How shapely's reasons say where."""


class Rings(NamedTuple):
    """Rings as :class:`~lowalt.conflicts.volumes.array.VolumeArray` keeps them."""

    vertices: FloatArray
    rings: IntArray
    is_convex: BoolArray


def tidy(x_m: FloatArray, y_m: FloatArray, naming: Naming) -> Rings:
    """Make rings tidy.

    Parameters
    ----------
    x_m, y_m
        Vertices as given, ``(V,)`` each.
    naming
        How messages call them, and where rings and volumes begin.

    Raises
    ------
    InvalidInputError
        If a ring has no area or crosses itself, or rings of a volume cross or overlap.
    """
    given = np.column_stack((x_m, y_m))
    vertices, rings = _without_repeats(given, naming.rings)
    size = np.diff(rings)
    is_polygon = np.diff(naming.rings) > 1  # by ring; a disc is a ring of one vertex
    refuse(
        [
            Problem(naming.ring(ring), f"{size[ring]} different places", "3 or more")
            for ring in np.flatnonzero(is_polygon & (size < 3)).tolist()
        ]
    )
    is_outer = np.zeros(len(size), dtype=bool)
    is_outer[naming.offsets[:-1]] = True
    is_wrong = np.zeros(len(size), dtype=bool)
    shapes = _ring_shapes(vertices, rings, np.flatnonzero(is_polygon))
    is_wrong[is_polygon] = shapely.is_ccw(shapes) != is_outer[is_polygon]
    vertices = _turned(vertices, rings, is_wrong)
    first_ring = naming.offsets[:-1]
    is_area = is_polygon[first_ring]
    is_convex = is_area & (np.diff(naming.offsets) == 1)
    is_convex &= _are_convex(vertices, rings)[first_ring] if len(rings) > 1 else False
    dented = np.flatnonzero(is_area & ~is_convex)
    _refuse_crossing(polygons(vertices, rings, naming.offsets, dented), dented, given, naming)
    return Rings(vertices, rings, is_convex)


def following(rings: IntArray) -> IntArray:
    """For each vertex, the row of the next one of its ring, ``(V,)``."""
    rows = np.arange(1, rings[-1] + 1, dtype=np.intp)
    rows[rings[1:] - 1] = rings[:-1]
    return rows


def _ring_shapes(vertices: FloatArray, rings: IntArray, numbers: IntArray) -> NDArray[np.object_]:
    """Give some rings, of three vertices or more, as shapely's."""
    size = np.diff(rings)[numbers]
    begins = np.cumsum(size) - size
    rows = np.arange(size.sum()) + np.repeat(rings[numbers] - begins, size)
    owner = np.repeat(np.arange(len(numbers)), size)
    return np.asarray(shapely.linearrings(vertices[rows], indices=owner), dtype=np.object_)


def polygons(
    vertices: FloatArray, rings: IntArray, offsets: IntArray, numbers: IntArray
) -> NDArray[np.object_]:
    """Give some volumes that are polygons as shapely's."""
    count = np.diff(offsets)[numbers]
    begins = np.cumsum(count) - count
    chosen = np.arange(count.sum()) + np.repeat(offsets[numbers] - begins, count)
    owner = np.repeat(np.arange(len(numbers)), count)
    shapes = _ring_shapes(vertices, rings, chosen)
    return np.asarray(shapely.polygons(shapes, indices=owner), dtype=np.object_)


def _without_repeats(vertices: FloatArray, rings: IntArray) -> tuple[FloatArray, IntArray]:
    """Drop vertices that the next one of their ring repeats, its closing one among them."""
    kept = (vertices != vertices[following(rings)]).any(axis=1)
    kept[rings[:-1][np.diff(rings) == 1]] = True
    before = np.concatenate(([0], np.cumsum(kept)))
    return vertices[kept], before[rings].astype(np.intp)


def _turned(vertices: FloatArray, rings: IntArray, wrong: BoolArray) -> FloatArray:
    """Let some rings go round the other way, from the same first vertex."""
    size = np.diff(rings)
    first, last = np.repeat(rings[:-1], size), np.repeat(rings[1:] - 1, size)
    row = np.arange(len(vertices))
    back = np.where(row == first, first, last + first + 1 - row)
    return vertices[np.where(np.repeat(wrong, size), back, row)]


def _are_convex(vertices: FloatArray, rings: IntArray) -> BoolArray:
    """Whether each ring turns left or not at all at every vertex, and once round in all."""
    after = following(rings)
    beyond = after[after]
    step, next_step = vertices[after] - vertices, vertices[beyond] - vertices[after]
    sign = exact_signs(vertices, vertices[after], vertices[beyond])
    goes_on = (sign > 0) | ((sign == 0) & ((step * next_step).sum(axis=1) > 0.0))
    # The heading passes due east once in one turn.
    is_up, is_next_up = (
        (s[:, 1] > 0.0) | ((s[:, 1] == 0.0) & (s[:, 0] > 0.0)) for s in (step, next_step)
    )
    turns = np.add.reduceat((~is_up & is_next_up).astype(np.intp), rings[:-1])
    return np.asarray(np.logical_and.reduceat(goes_on, rings[:-1]) & (turns == 1))


class Fault(NamedTuple):
    """Why rings bound no area, and beside which of some vertices, where that is known."""

    reason: str
    vertex: int | None


def fault_of(shape: shapely.Polygon, vertices: FloatArray) -> Fault:
    """Tell why a polygon is not valid, and which of some vertices is nearest to where it is not."""
    reason = str(shapely.is_valid_reason(shape))
    place = _PLACE.search(reason)
    if place is None:
        return Fault(reason, None)
    there = np.array([float(place[1]), float(place[2])])
    return Fault(reason, int(np.hypot(*(vertices - there).T).argmin()))


def _refuse_crossing(
    shapes: NDArray[np.object_], numbers: IntArray, given: FloatArray, naming: Naming
) -> None:
    problems = []
    for at in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        number = int(numbers[at])
        first, last = naming.rings[naming.offsets[number : number + 2]]
        reason, nearest = fault_of(shapes[at], given[first:last])
        where = naming.volume(number)
        if nearest is not None:
            where = f"{naming.vertex(int(first) + nearest)} or beside it"
        expected = "rings that neither cross nor overlap, holes inside the outer one"
        problems.append(Problem(where, reason, expected))
    refuse(problems)
