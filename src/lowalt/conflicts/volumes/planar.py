"""Whether the insides of two shapes overlap in the plane: certain by floats, or left open.

Convex polygons are apart where an edge of one has the other on its outer side (the separating
axis). Others overlap where edges cross, or where none touch and a vertex of one lies in the other;
one vertex of each ring is enough. Discs are asked for distances. What rounding leaves open, shapes
that touch among it, is for :mod:`lowalt.conflicts.volumes.rational`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, runs
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.volumes.boxes import portions
from lowalt.conflicts.volumes.shapes import Shapes
from lowalt.conflicts.volumes.turns import turns

Answers = NDArray[np.uint8]

APART: Final = 0
OVERLAP: Final = 1
UNDECIDED: Final = 2

_AT_ONCE = 1 << 18
"""Combinations of edges and vertices looked at together."""


def decide(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Decide about pairs of polygons.

    Returns
    -------
    numpy.ndarray
        ``APART``, ``OVERLAP`` or ``UNDECIDED`` for each pair, ``(K,)``.
    """
    answers = np.empty(len(one), dtype=np.uint8)
    are_convex = shapes.is_convex[one] & shapes.is_convex[other]
    for rows, answer in (
        (np.flatnonzero(are_convex), decide_convex),
        (np.flatnonzero(~are_convex), decide_dented),
    ):
        answers[rows] = answer(shapes, one[rows], other[rows])
    return answers


def decide_convex(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Decide about pairs of convex polygons; as :func:`decide`."""
    answers = np.empty(len(one), dtype=np.uint8)
    for part in portions(shapes.size[one] * shapes.size[other], _AT_ONCE):
        a, b = one[part], other[part]
        is_parted, may_touch = (
            first | second
            for first, second in zip(_parted(shapes, a, b), _parted(shapes, b, a), strict=True)
        )
        answers[part] = np.where(is_parted, APART, np.where(may_touch, UNDECIDED, OVERLAP))
    return answers


def decide_dented(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Decide about pairs of polygons of any kind; as :func:`decide`."""
    answers = np.empty(len(one), dtype=np.uint8)
    for part in portions(shapes.size[one] * shapes.size[other], _AT_ONCE):
        answers[part] = _crossing(shapes, one[part], other[part])
    # Where edges neither cross nor touch, each ring is all inside the other shape or all outside.
    clear = np.flatnonzero(answers == APART)
    if len(clear):
        held = np.zeros(len(clear), dtype=np.uint8)
        for a, b in ((one[clear], other[clear]), (other[clear], one[clear])):
            held = _either(held, _any_ring_in(shapes, a, b))
        answers[clear] = held
    return answers


def decide_with_disc(shapes: Shapes, disc: IntArray, other: IntArray) -> Answers:
    """Decide about pairs of a disc and a disc or polygon; as :func:`decide`."""
    answers = np.empty(len(disc), dtype=np.uint8)
    centre = shapes.begins[disc]
    for part in portions(shapes.size[other], _AT_ONCE):
        x, y = shapes.x_m[centre[part]], shapes.y_m[centre[part]]
        distance, is_in = _distances(shapes, other[part], x, y)
        radius = shapes.radius_m[disc[part]] + shapes.radius_m[other[part]]
        gap = np.where(is_in, 0.0, distance) - radius
        answers[part] = np.where(gap > ERROR_M, APART, np.where(gap < -ERROR_M, OVERLAP, UNDECIDED))
    return answers


def are_within(shapes: Shapes, one: IntArray, other: IntArray, distance_m: float) -> BoolArray:
    """Whether shapes whose insides do not overlap for certain are no further apart than that.

    Their boundaries are nearest at a vertex of one or the other.
    """
    near = np.zeros(len(one), dtype=bool)
    for a, b in ((one, other), (other, one)):
        for part in portions(shapes.size[a] * shapes.size[b], _AT_ONCE):
            size = shapes.size[a[part]]
            vertex, begins = runs(shapes.begins[a[part]], size)
            distance, _ = _distances(
                shapes, np.repeat(b[part], size), shapes.x_m[vertex], shapes.y_m[vertex]
            )
            least = np.minimum.reduceat(distance, begins[:-1])
            radius = shapes.radius_m[a[part]] + shapes.radius_m[b[part]]
            near[part] |= least - radius <= distance_m
    return near


def _either(a: Answers, b: Answers) -> Answers:
    """Tell whether one or the other overlaps."""
    sure = (a == OVERLAP) | (b == OVERLAP)
    return np.where(sure, np.uint8(OVERLAP), np.maximum(a, b))


def _sides(shapes: Shapes, edge: IntArray, x: FloatArray, y: FloatArray) -> NDArray[np.int8]:
    """Side of points from edges: 1 to the left, -1 to the right, 0 where it is left open."""
    after = edge + shapes.step[edge]
    a = np.column_stack((shapes.x_m[edge], shapes.y_m[edge]))
    b = np.column_stack((shapes.x_m[after], shapes.y_m[after]))
    area, error = turns(a, b, np.column_stack((x, y)))
    return (area > error).astype(np.int8) - (area < -error).astype(np.int8)


def _parted(shapes: Shapes, one: IntArray, other: IntArray) -> tuple[BoolArray, BoolArray]:
    """Whether an edge of one certainly has the other outside, and whether one perhaps has."""
    edge, edge_begins = runs(shapes.begins[one], shapes.size[one])
    pair = np.repeat(np.arange(len(one)), shapes.size[one])
    points = shapes.size[other[pair]]
    vertex, begins = runs(shapes.begins[other[pair]], points)
    side = _sides(shapes, np.repeat(edge, points), shapes.x_m[vertex], shapes.y_m[vertex])
    greatest = np.maximum.reduceat(side, begins[:-1])
    is_parted, may_touch = (
        np.logical_or.reduceat(found, edge_begins[:-1]) for found in (greatest < 0, greatest == 0)
    )
    return is_parted, may_touch


def _crossing(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Whether edges of pairs cross; left open where they may touch."""
    edges, _ = runs(shapes.begins[one], shapes.size[one])
    owner = np.repeat(np.arange(len(one)), shapes.size[one])
    facing = shapes.size[other[owner]]
    second, _ = runs(shapes.begins[other[owner]], facing)
    first, pair = np.repeat(edges, facing), np.repeat(owner, facing)
    for at in (shapes.x_m, shapes.y_m):
        (low, high), (other_low, other_high) = (_extent(shapes, at, e) for e in (first, second))
        near = np.flatnonzero((low <= other_high) & (other_low <= high))
        first, second, pair = first[near], second[near], pair[near]
    is_sure = np.ones(len(pair), dtype=bool)
    for line, ends in ((0, 1), (1, 0)):
        both = (first, second)
        begin = both[ends]
        sides = [
            _sides(shapes, both[line], shapes.x_m[end], shapes.y_m[end])
            for end in (begin, begin + shapes.step[begin])
        ]
        kept = np.flatnonzero(sides[0] * sides[1] <= 0)
        is_sure = (is_sure & (sides[0] != 0) & (sides[1] != 0))[kept]
        first, second, pair = first[kept], second[kept], pair[kept]
    answers = np.zeros(len(one), dtype=np.uint8)
    answers[pair] = UNDECIDED
    answers[pair[is_sure]] = OVERLAP
    return answers


def _extent(shapes: Shapes, at: FloatArray, edge: IntArray) -> tuple[FloatArray, FloatArray]:
    begin, end = at[edge], at[edge + shapes.step[edge]]
    return np.minimum(begin, end), np.maximum(begin, end)


def _any_ring_in(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Whether the first vertex of a ring of one lies in the other shape."""
    ring, _ = runs(shapes.offsets[one], np.diff(shapes.offsets)[one])
    pair = np.repeat(np.arange(len(one)), np.diff(shapes.offsets)[one])
    first = shapes.rings[ring]
    held = _holds(shapes, other[pair], shapes.x_m[first], shapes.y_m[first])
    answers = np.zeros(len(one), dtype=np.uint8)
    answers[pair[held == UNDECIDED]] = UNDECIDED
    answers[pair[held == OVERLAP]] = OVERLAP
    return answers


def _holds(shapes: Shapes, volume: IntArray, x: FloatArray, y: FloatArray) -> Answers:
    """Whether places lie in shapes, told by the edges that rays to the east cross."""
    edge, _ = runs(shapes.begins[volume], shapes.size[volume])
    owner = np.repeat(np.arange(len(volume)), shapes.size[volume])
    begins_above = shapes.y_m[edge] > y[owner]
    ends_above = shapes.y_m[edge + shapes.step[edge]] > y[owner]
    rows = np.flatnonzero(begins_above != ends_above)
    edge, owner, ends_above = edge[rows], owner[rows], ends_above[rows]
    side = _sides(shapes, edge, x[owner], y[owner])
    crossed = np.bincount(owner[(side > 0) == ends_above], minlength=len(volume))
    answers = (crossed % 2).astype(np.uint8)  # OVERLAP is 1, APART is 0
    answers[owner[side == 0]] = UNDECIDED
    return answers


def _distances(
    shapes: Shapes, volume: IntArray, x: FloatArray, y: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """Distance of places from the boundaries of shapes, and whether they are within them.

    Both to a few 1e-9 m: which side of a boundary nearer than that is not certain.
    """
    edge, begins = runs(shapes.begins[volume], shapes.size[volume])
    owner = np.repeat(np.arange(len(volume)), shapes.size[volume])
    after = edge + shapes.step[edge]
    ax, ay = shapes.x_m[edge] - x[owner], shapes.y_m[edge] - y[owner]
    bx, by = shapes.x_m[after] - x[owner], shapes.y_m[after] - y[owner]
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(length2 > 0.0, -(ax * dx + ay * dy) / length2, 0.0).clip(0.0, 1.0)
    distance = np.hypot(ax + share * dx, ay + share * dy)
    crosses = ((ay > 0.0) != (by > 0.0)) & ((ax * dy - ay * dx > 0.0) == (dy > 0.0))
    crossed = np.add.reduceat(crosses.astype(np.intp), begins[:-1])
    return np.minimum.reduceat(distance, begins[:-1]), crossed % 2 == 1
