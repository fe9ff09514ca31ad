"""When a leg is in a volume or within reach of it: a closed form, on many pairs at once.

A leg is seen along its own line: every vertex of the shape lies some way along it and some way
across. Two things are asked of each edge:

- *Where does it cross the line?* Between the first and the second crossing, the third and the
  fourth, and so on, the line is inside; holes and dents need no care of their own.
- *Where is the line within reach of it?* What is within reach of an edge is convex, so that this is
  one span, from two discs and a rectangle. A disc is an edge of no length.

The union of both, clipped to what height and time leave of the leg, is the answer. Reach is never
nothing (:data:`~lowalt.conflicts.limits.ERROR_M` at least), and every crossing lies within reach
of its edge: what rounding does to a crossing changes nothing. Nor does it matter which direction a
leg that stays at one place looks along; it looks east, and is inside if its own place is in a span.

How exact that is: seen along the leg, vertices are off by a few times 2**-53 of their distance,
less than 1e-8 m. All later steps are exact for vertices that are moved by no more than that. Reach
grown by ``ERROR_M`` = 6e-8 m therefore finds whatever is within reach, and nothing that is further
than 2e-7 m beyond it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, Y, Z, runs
from lowalt.conflicts.volumes.boxes import portions
from lowalt.conflicts.volumes.shapes import Shapes

PASSAGE: Final = np.dtype(
    [
        ("flight", "i4"),
        ("leg", "i4"),
        ("volume", "i4"),
        ("unused", "i4"),
        ("t_in_s", "f8"),
        ("t_out_s", "f8"),
    ]
)
"""A leg in a volume without a break; the native engine's struct."""

EDGES_AT_ONCE: Final = 1 << 17
"""Edges looked at together: few enough for their columns to stay in the cache of a core."""

_STILL_M = 1e-9


@dataclass(frozen=True, slots=True)
class Reaches:
    """What each flight reaches beyond its place, ``(N,)`` each."""

    across_m: FloatArray
    height_m: FloatArray
    early_s: FloatArray


class Pairs(NamedTuple):
    """Legs, by the rows of their first vertices, and what they are put against."""

    flight: IntArray
    row: IntArray
    volume: IntArray

    def take(self, rows: IntArray) -> Pairs:
        """Give some of the pairs."""
        return Pairs(self.flight.take(rows), self.row.take(rows), self.volume.take(rows))


class _Spans(NamedTuple):
    """Spans of lines or shares of legs, and the rows of those that they belong to."""

    owner: IntArray
    low: FloatArray
    high: FloatArray

    def take(self, rows: IntArray) -> _Spans:
        return _Spans(self.owner.take(rows), self.low.take(rows), self.high.take(rows))


class _Legs(NamedTuple):
    """Legs with both ends, and the shares of them that may count."""

    pairs: Pairs
    a: FloatArray
    b: FloatArray
    begin: FloatArray
    until: FloatArray

    def take(self, rows: IntArray | slice) -> _Legs:
        pairs = Pairs(*(column[rows] for column in self.pairs))
        return _Legs(pairs, self.a[rows], self.b[rows], self.begin[rows], self.until[rows])


def _legs_within(vertices: FloatArray, pairs: Pairs, shapes: Shapes, reaches: Reaches) -> _Legs:
    """Clip legs to the height and time of volumes; drop those whose boxes are out of reach."""
    pairs = _near(vertices, pairs, shapes, reaches)
    a, b = vertices.take(pairs.row, axis=0), vertices.take(pairs.row + 1, axis=0)
    low, high = (at.take(pairs.volume, axis=0) for at in shapes.boxes)
    height, early = (at.take(pairs.flight) for at in (reaches.height_m, reaches.early_s))
    start, end = low[:, T] - early, high[:, T] + early
    near = (b[:, T] >= start) & (a[:, T] <= end)
    with np.errstate(divide="ignore", invalid="ignore"):
        duration = b[:, T] - a[:, T]
        begin = np.where(start > a[:, T], (start - a[:, T]) / duration, 0.0)
        until = np.where(end < b[:, T], (end - a[:, T]) / duration, 1.0)
        bottom, top, rise = low[:, Z] - height, high[:, Z] + height, b[:, Z] - a[:, Z]
        m, n = (bottom - a[:, Z]) / rise, (top - a[:, Z]) / rise
        is_level = np.abs(rise) < _STILL_M
        near &= ~is_level | ((a[:, Z] >= bottom) & (a[:, Z] <= top))
        begin = np.where(is_level, begin, np.maximum(begin, np.minimum(m, n)))
        until = np.where(is_level, until, np.minimum(until, np.maximum(m, n)))
    left = np.flatnonzero(near & (begin <= until))
    return _Legs(pairs, a, b, begin, until).take(left)


def _near(vertices: FloatArray, pairs: Pairs, shapes: Shapes, reaches: Reaches) -> Pairs:
    """Drop legs whose boxes are out of reach in the plane, column by column."""
    for k in (X, Y):
        column, low, high = vertices[:, k], shapes.boxes.low[:, k], shapes.boxes.high[:, k]
        a, b = column.take(pairs.row), column.take(pairs.row + 1)
        reach = reaches.across_m.take(pairs.flight)
        near = np.maximum(a, b) + reach >= low.take(pairs.volume)
        near &= np.minimum(a, b) - reach <= high.take(pairs.volume)
        pairs = pairs.take(np.flatnonzero(near))
    return pairs


def passages(
    vertices: FloatArray, offsets: IntArray, pairs: Pairs, shapes: Shapes, reaches: Reaches
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Find when legs are in volumes or within reach of them.

    Parameters
    ----------
    vertices, offsets
        Of all the flights, as in :class:`~lowalt.conflicts.tracks.TrackArray`.
    pairs
        Which leg is put against which volume.
    shapes
        The volumes.
    reaches
        How far each flight reaches, ``ERROR_M`` at least across and in height.

    Returns
    -------
    numpy.ndarray
        Rows of :data:`PASSAGE`, those of one leg and volume in order of time.
    """
    legs = _legs_within(vertices, pairs, shapes, reaches)
    volume = legs.pairs.volume
    reach = shapes.radius_m.take(volume) + reaches.across_m.take(legs.pairs.flight)
    found: list[_Spans] = []
    for part in portions(shapes.size.take(volume), EDGES_AT_ONCE):
        some = legs.take(part)
        lines = _Lines.of(some.a, some.b)
        spans = _spans(lines, volume[part], reach[part], shapes)
        owner, low, high = _joined(_clipped(spans, lines.length_m, some.begin, some.until))
        found.append(_Spans(owner + part.start, low, high))
    if not found:
        return np.zeros(0, dtype=PASSAGE)
    owner, low, high = (np.concatenate(column) for column in zip(*found, strict=True))
    stays = legs.take(owner)._replace(begin=low, until=high)
    return _timed(stays, offsets, shapes, reaches)


class _Lines(NamedTuple):
    """The lines of legs: where they begin, where to, and how far until they end."""

    x_m: FloatArray
    y_m: FloatArray
    u: FloatArray
    v: FloatArray
    length_m: FloatArray  # 0 of a leg that stays at one place

    @classmethod
    def of(cls, a: FloatArray, b: FloatArray) -> _Lines:
        dx, dy = b[:, X] - a[:, X], b[:, Y] - a[:, Y]
        length = np.sqrt(dx * dx + dy * dy)
        moves = length >= _STILL_M
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v = np.where(moves, dx / length, 1.0), np.where(moves, dy / length, 0.0)
        return cls(a[:, X], a[:, Y], u, v, np.where(moves, length, 0.0))


def _spans(lines: _Lines, volume: IntArray, reach: FloatArray, shapes: Shapes) -> _Spans:
    """Where each line is in or within reach of its shape: spans along it, which may overlap."""
    size = shapes.size.take(volume)
    vertex, _ = runs(shapes.begins.take(volume), size)
    y = shapes.y_m.take(vertex) - np.repeat(lines.y_m, size)
    x = shapes.x_m.take(vertex) - np.repeat(lines.x_m, size)
    across = np.repeat(lines.u, size) * y - np.repeat(lines.v, size) * x
    after = np.arange(len(vertex)) + shapes.step.take(vertex)
    next_across, near = across.take(after), np.repeat(reach, size)
    edge = np.flatnonzero(
        (np.minimum(across, next_across) <= near) & (np.maximum(across, next_across) >= -near)
    )
    owner, near, after = (
        np.repeat(np.arange(len(size)), size).take(edge),
        near.take(edge),
        after.take(edge),
    )
    u, v = lines.u.take(owner), lines.v.take(owner)
    p0, p1 = (u * x.take(at) + v * y.take(at) for at in (edge, after))
    q0, q1 = across.take(edge), next_across.take(edge)
    crossing = np.flatnonzero((q0 >= 0.0) != (q1 >= 0.0))
    inside = _inside(owner.take(crossing), *(at.take(crossing) for at in (p0, q0, p1, q1)))
    low, high = _near_edges(p0, q0, p1, q1, near)
    kept = np.flatnonzero(low <= high)
    within = _Spans(owner, low, high).take(kept)
    return _Spans(*(np.concatenate(both) for both in zip(inside, within, strict=True)))


def _inside(
    owner: IntArray, p0: FloatArray, q0: FloatArray, p1: FloatArray, q1: FloatArray
) -> _Spans:
    """Spans between each line's odd and even crossings, an even number of them."""
    at = p0 + (p1 - p0) * (q0 / (q0 - q1))
    order = np.lexsort((at, owner))
    at = at.take(order)
    return _Spans(owner.take(order)[::2], at[::2], at[1::2])


def _near_edges(
    p0: FloatArray, q0: FloatArray, p1: FloatArray, q1: FloatArray, reach: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Where lines are within reach of edges from (p0, q0) to (p1, q1), along and across."""
    low, high = np.full(len(p0), np.inf), np.full(len(p0), -np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        for p, q in ((p0, q0), (p1, q1)):
            half = np.sqrt((reach - q) * (reach + q))
            is_in = np.abs(q) <= reach
            low = np.where(is_in, np.minimum(low, p - half), low)
            high = np.where(is_in, np.maximum(high, p + half), high)
        dp, dq = p1 - p0, q1 - q0
        length2 = dp * dp + dq * dq
        wide, mid, turn = reach * np.sqrt(length2), q0 * dp, q0 * dq
        m, n = (-mid - wide) / dq, (-mid + wide) / dq
        begin, until = np.minimum(m, n), np.maximum(m, n)
        m, n = turn / dp, (turn + length2) / dp
        begin = np.where(dp != 0.0, np.maximum(begin, np.minimum(m, n)), begin)
        until = np.where(dp != 0.0, np.minimum(until, np.maximum(m, n)), until)
        # Where an edge goes along the line, both discs reach it or none does.
        meets = (dq != 0.0) & (begin <= until)
        meets &= (dp != 0.0) | ((turn <= 0.0) & (turn >= -length2))
        low = np.where(meets, np.minimum(low, p0 + begin), low)
        high = np.where(meets, np.maximum(high, p0 + until), high)
    return low, high


def _clipped(spans: _Spans, length_m: FloatArray, begin: FloatArray, until: FloatArray) -> _Spans:
    """Turn spans along lines into shares of legs, and clip them to the shares that count."""
    owner, low, high = spans
    length = length_m.take(owner)
    moves = length > 0.0
    is_here = (low <= 0.0) & (high >= 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(moves, low / length, np.where(is_here, -np.inf, np.inf))
        high = np.where(moves, high / length, np.where(is_here, np.inf, -np.inf))
    low, high = np.maximum(low, begin.take(owner)), np.minimum(high, until.take(owner))
    kept = np.flatnonzero(low <= high)
    return _Spans(owner, low, high).take(kept)


def _joined(spans: _Spans) -> _Spans:
    """Join spans of one owner that overlap or touch, and put them in order."""
    owner, low, high = spans
    # Walking along, the number of spans entered and not yet left is 0 only between the wholes.
    order = np.lexsort(
        (
            np.repeat([0, 1], len(owner)),
            np.concatenate((low, high)),
            np.concatenate((owner, owner)),
        )
    )
    is_end = order >= len(owner)
    within = np.cumsum(np.where(is_end, -1, 1))
    leaves = np.flatnonzero(is_end & (within == 0))
    enters = np.concatenate(([0], leaves + 1))[:-1].astype(np.intp)
    first, last = order.take(enters), order.take(leaves) - len(owner)
    return _Spans(owner.take(first), low.take(first), high.take(last))


def _timed(
    stays: _Legs, offsets: IntArray, shapes: Shapes, reaches: Reaches
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Tell when shares of legs begin and end, exactly so at vertices and at limits of time."""
    pairs, a, b, begin, until = stays
    early = reaches.early_s.take(pairs.flight)
    first = np.maximum(a[:, T], shapes.boxes.low[:, T].take(pairs.volume) - early)
    last = np.minimum(b[:, T], shapes.boxes.high[:, T].take(pairs.volume) + early)
    duration = b[:, T] - a[:, T]
    t_in, t_out = a[:, T] + begin * duration, a[:, T] + until * duration
    t_in = np.where(begin <= (first - a[:, T]) / duration, first, t_in)
    t_out = np.where(until >= (last - a[:, T]) / duration, last, t_out)
    rows = np.zeros(len(pairs.row), dtype=PASSAGE)
    rows["flight"], rows["volume"] = pairs.flight, pairs.volume
    rows["leg"] = pairs.row - offsets[pairs.flight]
    rows["t_in_s"] = np.minimum(np.maximum(t_in, first), last)
    rows["t_out_s"] = np.minimum(np.maximum(t_out, first), last)
    return rows
