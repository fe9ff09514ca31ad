"""Where two straight, uniform legs come closer than their cylinders allow: the closed form.

Seen from the second flight the first moves uniformly, ``place + velocity * t``, from the first
instant that both legs have in common. It is within the height of the cylinder for an interval of
time, whose ends are roots of a linear equation, and within the radius for another, whose ends are
roots of a quadratic. The legs meet where the two and the duration of the common flight overlap.

The equations are solved in float64, and what rounding may have done is kept apart from what is
certain. Legs meet for certain where, half way through the interval found, the flights are inside
the cylinder by more than :data:`~lowalt.conflicts.limits.ERROR_M`; for certain they do not where
not even a cylinder larger by that much is entered. What lies between is left to
:mod:`lowalt.conflicts.search.exact`. Legs whose boxes are a radius or a height apart, exactly
touching included, are told first: heights of flight are round numbers, and exact touches are
common.

The quadratic is solved without cancellation: its discriminant is that of the distance at closest
approach, ``speed**2 radius**2 - (place x velocity)**2``, and the root that would lose digits comes
from the product of the two.

No operation depends on which other pairs are looked at: the answer of a pair is the same to the
bit in every chunk. ``native/encounter.h`` is the same, operation by operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, Z
from lowalt.conflicts.limits import ERROR_M

ENCOUNTER: Final = np.dtype(
    [
        ("t_in_s", "f8"),
        ("t_out_s", "f8"),
        ("t_cpa_s", "f8"),
        ("d_cpa_m", "f8"),
        ("first", "i4"),
        ("second", "i4"),
        ("first_leg", "i4"),
        ("second_leg", "i4"),
        ("inside", "i4"),
    ],
    align=True,
)
"""One meeting of two legs: times, flights, numbers of the legs within them, and flags."""

Encounters = NDArray[np.void]

STARTS_INSIDE: Final = 1
"""Flag: the flights are in conflict at the first instant that the two legs have in common."""

ENDS_INSIDE: Final = 2
"""Flag: they are in conflict at the last such instant."""

STARTS_IN_DOUBT: Final = 4
"""Flag: the first such instant is too near the edge of the cylinder for float64."""

ENDS_IN_DOUBT: Final = 8
"""Flag: the last such instant is."""

UNDECIDED: Final = -1
"""In place of flags: whether the legs meet is left to :mod:`lowalt.conflicts.search.exact`."""

STILL_M2: Final = 2.0**-54
"""Flights that move less than 2**-27 m against each other while both legs last stand still."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """What :func:`meet` found.

    Attributes
    ----------
    rows
        Numbers of the pairs that meet for certain, ``(M,)``.
    t_in_s, t_out_s, t_cpa_s, d_cpa_m
        When, and how close, ``(M,)`` each.
    inside
        Flags, ``(M,)`` int32.
    undecided
        Numbers of the pairs that float64 cannot decide, ``(U,)``.
    undecided_s
        An instant for each of them before which they do not meet, ``(U,)``.
    """

    rows: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray
    inside: NDArray[np.int32]
    undecided: IntArray
    undecided_s: FloatArray


@dataclass(frozen=True, slots=True)
class _Motion:
    """Motion of the first flight seen from the second, one row a pair."""

    x: FloatArray
    y: FloatArray
    z: FloatArray
    u: FloatArray
    v: FloatArray
    w: FloatArray
    duration: FloatArray
    speed2: FloatArray
    closing: FloatArray
    distance2: FloatArray
    moment: FloatArray
    still: BoolArray

    def take(self, rows: IntArray) -> _Motion:
        return _Motion(*(getattr(self, name)[rows] for name in self.__slots__))


def meet(
    columns: FloatArray,
    a: IntArray,
    b: IntArray,
    *,
    radius_m: FloatArray,
    height_m: FloatArray,
    exact: BoolArray | bool,
) -> Meetings:
    """Find which pairs of legs meet, and when.

    Parameters
    ----------
    columns
        Times, x, y and z of the vertices, ``(4, V)``.
    a, b
        Numbers of the vertices that the legs begin at, ``(N,)`` each; ``a`` of the flight with the
        lower number. Every pair has an instant in common.
    radius_m, height_m
        Sum of the flights' radii, and of their half heights, ``(N,)`` each.
    exact
        Whether those sums carry no rounding, ``(N,)`` or one for all.
    """
    rows = near(columns, a, b, radius_m=radius_m, height_m=height_m, exact=exact)
    if not len(rows):  # as of most flights that are asked about one by one
        return _NONE
    a, b, radius, height = a[rows], b[rows], radius_m[rows], height_m[rows]
    start, end, motion = _motion(columns, a, b)
    # Most are told by this window alone: whoever never enters the larger cylinder.
    earliest, _, may = _window(motion, radius + ERROR_M, height + ERROR_M)
    near_rows = np.flatnonzero(may)
    rows, motion = rows.take(near_rows), motion.take(near_rows)
    radius, height, earliest, start, end = (
        column.take(near_rows) for column in (radius, height, earliest, start, end)
    )
    from_, to, is_open = _window(motion, radius, height)
    from_, to = np.maximum(from_, 0.0), np.minimum(to, motion.duration)
    with np.errstate(invalid="ignore"):  # where there is no window, its ends mean nothing
        within, _ = _sides(motion, 0.5 * (from_ + to), radius, height)
    certain = is_open & within
    undecided = np.flatnonzero(~certain)
    earliest = np.maximum(earliest.take(undecided), 0.0)
    undecided_s = np.minimum(start.take(undecided) + earliest, end.take(undecided))
    k = np.flatnonzero(certain)
    m, start, end, from_, to = motion.take(k), start[k], end[k], from_[k], to[k]
    starts, not_starts = _sides(m, np.zeros(len(k)), radius[k], height[k])
    ends, not_ends = _sides(m, m.duration, radius[k], height[k])
    with np.errstate(divide="ignore", invalid="ignore"):
        closest = np.minimum(np.maximum(-m.closing / m.speed2, from_), to)
    closest = np.where(m.speed2 > 0.0, closest, from_)
    x, y = m.x + m.u * closest, m.y + m.v * closest
    inside = starts * np.int32(STARTS_INSIDE) + ends * np.int32(ENDS_INSIDE)
    inside += ~(starts | not_starts) * np.int32(STARTS_IN_DOUBT)
    inside += ~(ends | not_ends) * np.int32(ENDS_IN_DOUBT)
    return Meetings(
        rows=rows[k],
        t_in_s=np.where(starts, start, np.minimum(start + from_, end)),
        t_out_s=np.where(ends, end, np.minimum(start + to, end)),
        t_cpa_s=np.minimum(start + closest, end),
        d_cpa_m=np.sqrt(x * x + y * y),
        inside=inside,
        undecided=rows.take(undecided),
        undecided_s=undecided_s,
    )


_NONE = Meetings(
    rows=np.zeros(0, dtype=np.intp),
    t_in_s=np.zeros(0),
    t_out_s=np.zeros(0),
    t_cpa_s=np.zeros(0),
    d_cpa_m=np.zeros(0),
    inside=np.zeros(0, dtype=np.int32),
    undecided=np.zeros(0, dtype=np.intp),
    undecided_s=np.zeros(0),
)


def near(
    columns: FloatArray,
    a: IntArray,
    b: IntArray,
    *,
    radius_m: FloatArray,
    height_m: FloatArray,
    exact: BoolArray | bool,
) -> IntArray:
    """Give the pairs of legs whose boxes are less than a radius and a height apart; see `meet`."""
    rows = np.arange(len(a), dtype=np.intp)
    exact = np.broadcast_to(exact, len(a))
    for column, size in ((Z, height_m), (X, radius_m), (Y, radius_m)):
        at, a_at, b_at = columns[column], a.take(rows), b.take(rows)
        apart = _is_apart(
            (at.take(a_at), at.take(a_at + 1)),
            (at.take(b_at), at.take(b_at + 1)),
            size.take(rows),
            exact.take(rows),
        )
        rows = rows.compress(~apart)
    return rows


def _is_apart(
    a: tuple[FloatArray, FloatArray],
    b: tuple[FloatArray, FloatArray],
    size: FloatArray,
    exact: BoolArray,
) -> BoolArray:
    """Tell extents, each between two ends, that a whole size or more lies between.

    Touching is included. Where the size carries rounding only those are told that are apart
    whatever it did.
    """
    a_low, a_high = np.minimum(*a), np.maximum(*a)
    b_low, b_high = np.minimum(*b), np.maximum(*b)
    above, below = b_low - a_high, a_low - b_high
    limit = size if exact.all() else np.where(exact, size, size + ERROR_M)
    apart = (above > limit) | (below > limit)
    for low, high, gap in ((b_low, a_high, above), (a_low, b_high, below)):
        touch = np.flatnonzero((gap == size) & exact)
        apart[touch] |= _lost(low[touch], high[touch], gap[touch]) >= 0.0
    return apart


def _lost(a: FloatArray, b: FloatArray, difference: FloatArray) -> FloatArray:
    """Give what rounding took from ``a - b``: the true difference is the given one plus this."""
    part = difference - a
    whole = difference - part
    return (a - whole) + (-b - part)


def _motion(
    columns: FloatArray, a: IntArray, b: IntArray
) -> tuple[FloatArray, FloatArray, _Motion]:
    """Give the first and the last common instant of each pair, and the motion between them."""
    a0, a1, b0, b1 = (columns.take(at, axis=1) for at in (a, a + 1, b, b + 1))
    start, end = np.maximum(a0[T], b0[T]), np.minimum(a1[T], b1[T])
    along_a, along_b = a1[T] - a0[T], b1[T] - b0[T]
    since_a, since_b = start - a0[T], start - b0[T]
    places, velocities = [], []
    for column in (X, Y, Z):
        rate_a = (a1[column] - a0[column]) / along_a
        rate_b = (b1[column] - b0[column]) / along_b
        places.append((a0[column] + rate_a * since_a) - (b0[column] + rate_b * since_b))
        velocities.append(rate_a - rate_b)
    (x, y, z), (u, v, w) = places, velocities
    duration, speed2 = end - start, u * u + v * v
    motion = _Motion(
        x, y, z, u, v, w,
        duration=duration,
        speed2=speed2,
        closing=x * u + y * v,
        distance2=x * x + y * y,
        moment=x * v - y * u,
        still=(speed2 * duration) * duration <= STILL_M2,
    )  # fmt: skip
    return start, end, motion


def _window(
    m: _Motion, radius: FloatArray, height: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Give when the flights are inside a cylinder, and whether that is ever during the legs."""
    square = radius * radius
    with np.errstate(all="ignore"):  # rows without such an interval are told apart below
        p, q = (-height - m.z) / m.w, (height - m.z) / m.w
        level = m.w == 0.0
        z_from = np.where(level, -np.inf, np.minimum(p, q))
        z_to = np.where(level, np.inf, np.maximum(p, q))
        excess = m.speed2 * square - m.moment * m.moment
        root = np.sqrt(excess)  # no sign of zero: it would tell the flights apart
        q = np.where(m.closing < 0.0, root - m.closing, -(m.closing + root))
        p, r = q / m.speed2, (m.distance2 - square) / q
        from_ = np.where(m.still, z_from, np.maximum(z_from, np.minimum(p, r)))
        to = np.where(m.still, z_to, np.minimum(z_to, np.maximum(p, r)))
        is_open = (from_ < to) & (from_ < m.duration) & (to > 0.0)
    is_open &= ~level | (np.abs(m.z) < height)
    is_open &= np.where(m.still, m.distance2 < square, excess > 0.0)
    return from_, to, is_open


def _sides(
    m: _Motion, after: FloatArray, radius: FloatArray, height: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Tell who is inside, and who outside, by more than the error, so many seconds later."""
    x, y, z = m.x + m.u * after, m.y + m.v * after, np.abs(m.z + m.w * after)
    square = x * x + y * y
    inner, outer = radius - ERROR_M, radius + ERROR_M
    inside = (inner > 0.0) & (square < inner * inner) & (z < height - ERROR_M)
    return inside, (square > outer * outer) | (z > height + ERROR_M)
