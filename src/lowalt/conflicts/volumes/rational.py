"""Whether the insides of two shapes overlap, in exact rationals: for what floats leave open.

Rings go round with the inside of their shape on the left. Two polygons overlap inside if and only
if

- an edge of one crosses an edge of the other, or
- a piece of an edge of one lies inside the other, or
- edges of both share a piece and run along it in the same direction, so that both insides lie on
  the same side of it,

where the pieces of an edge are what the other polygon's boundary cuts it into. (Without the first
two no boundary enters the other's inside; two connected parts of the insides that meet are then
one and the same, and so is their boundary.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lowalt.conflicts.arrays import IntArray
from lowalt.conflicts.volumes.planar import Answers
from lowalt.conflicts.volumes.shapes import Shapes


class _Point(NamedTuple):
    x: Fraction
    y: Fraction


class _Edge(NamedTuple):
    a: _Point
    b: _Point

    def at(self, share: Fraction) -> _Point:
        return _Point(
            self.a.x + share * (self.b.x - self.a.x), self.a.y + share * (self.b.y - self.a.y)
        )

    def turn(self, p: _Point) -> Fraction:
        """Twice the area of the triangle with a point: positive to the left, 0 on the line."""
        a, b = self.a, self.b
        return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)

    def share(self, p: _Point) -> Fraction:
        """How far along the edge the foot of a point lies: 0 at its beginning, 1 at its end."""
        dx, dy = self.b.x - self.a.x, self.b.y - self.a.y
        return ((p.x - self.a.x) * dx + (p.y - self.a.y) * dy) / (dx * dx + dy * dy)

    def goes_along(self, other: _Edge) -> bool:
        return (self.b.x - self.a.x) * (other.b.x - other.a.x) + (self.b.y - self.a.y) * (
            other.b.y - other.a.y
        ) > 0


_Polygon = Sequence[_Edge]


def settle(shapes: Shapes, one: IntArray, other: IntArray) -> Answers:
    """Decide whether the insides of pairs of volumes overlap, for certain.

    Returns
    -------
    numpy.ndarray
        1 where they overlap, 0 where they are apart or touch, ``(K,)``.
    """
    answers = [_overlap(shapes, a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    return np.array(answers, dtype=np.uint8)


def _overlap(shapes: Shapes, one: int, other: int) -> bool:
    a, b = _edges(shapes, one), _edges(shapes, other)
    if len(b) == 1:
        a, b = b, a
    if len(a) > 1:
        return _enters(a, b) or _enters(b, a)
    radius = Fraction(shapes.radius_m[one]) + Fraction(shapes.radius_m[other])
    centre = a[0].a
    return _holds(b, centre) or any(_distance2(edge, centre) < radius * radius for edge in b)


def _edges(shapes: Shapes, number: int) -> list[_Edge]:
    begin, end = shapes.begins[number], shapes.begins[number + 1]
    points = [
        _Point(Fraction(x), Fraction(y))
        for x, y in zip(shapes.x_m[begin:end].tolist(), shapes.y_m[begin:end].tolist(), strict=True)
    ]
    return [
        _Edge(point, points[i + step])
        for i, (point, step) in enumerate(zip(points, shapes.step[begin:end].tolist(), strict=True))
    ]


def _distance2(edge: _Edge, p: _Point) -> Fraction:
    foot = (
        edge.a if edge.a == edge.b else edge.at(min(max(edge.share(p), Fraction(0)), Fraction(1)))
    )
    return (foot.x - p.x) ** 2 + (foot.y - p.y) ** 2


def _holds(polygon: _Polygon, p: _Point) -> bool:
    """Whether a point that is on no edge lies inside."""
    inside = False
    for edge in polygon:
        if (edge.a.y > p.y) != (edge.b.y > p.y):
            inside ^= (edge.turn(p) > 0) == (edge.b.y > edge.a.y)
    return inside


def _enters(a: _Polygon, b: _Polygon) -> bool:
    """Whether the boundary of a enters the inside of b, or shares a piece with insides alike."""
    return any(_edge_enters(edge, b) for edge in a)


def _edge_enters(edge: _Edge, b: _Polygon) -> bool:
    cuts = {Fraction(0), Fraction(1)}
    along: list[tuple[Fraction, Fraction, bool]] = []
    for other in b:
        c, d = edge.turn(other.a), edge.turn(other.b)
        if c == 0 == d:
            first, last = sorted((edge.share(other.a), edge.share(other.b)))
            along.append((first, last, edge.goes_along(other)))
            cuts.update((first, last))
        elif c * d <= 0:
            begin, end = other.turn(edge.a), other.turn(edge.b)
            if begin * end < 0 and c * d < 0:
                return True
            if begin * end <= 0:
                cuts.add(begin / (begin - end))
    return any(_piece_enters(edge, middle, along, b) for middle in _middles(cuts))


def _middles(cuts: set[Fraction]) -> Iterator[Fraction]:
    within = sorted(cut for cut in cuts if 0 <= cut <= 1)
    for one, other in pairwise(within):
        yield (one + other) / 2


def _piece_enters(
    edge: _Edge, middle: Fraction, along: list[tuple[Fraction, Fraction, bool]], b: _Polygon
) -> bool:
    shared = [alike for first, last, alike in along if first < middle < last]
    return any(shared) if shared else _holds(b, edge.at(middle))
