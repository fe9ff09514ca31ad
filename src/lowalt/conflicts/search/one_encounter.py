"""Where one leg comes closer to another than their cylinders allow: :mod:`.encounters` for one.

Operation by operation the same, number by number and not in arrays. Both give the same bits. For a
few legs this takes a tenth of the time, as hardly any pair needs more than the first comparisons.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from lowalt.conflicts.arrays import X, Y, Z
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.search.encounters import (
    ENDS_IN_DOUBT,
    ENDS_INSIDE,
    STARTS_IN_DOUBT,
    STARTS_INSIDE,
    STILL_M2,
    UNDECIDED,
)

Vertex = Sequence[float]
"""Time, x, y and z."""

Meeting = tuple[float, float, float, float, int]
"""When it begins, ends and is closest, the distance then, and flags.

Where float64 cannot decide: an instant before which the legs do not meet, three times 0, and
:data:`~lowalt.conflicts.search.encounters.UNDECIDED`.
"""


class _Motion(NamedTuple):
    """Motion of the first flight seen from the second, from their first common instant on."""

    duration: float
    x: float
    y: float
    z: float
    u: float
    v: float
    w: float

    def sides(self, after: float, radius: float, height: float) -> tuple[bool, bool]:
        """Tell whether it is inside, and whether outside, by more than the error, at a time."""
        x, y, z = self.x + self.u * after, self.y + self.v * after, abs(self.z + self.w * after)
        square = x * x + y * y
        inner, outer = radius - ERROR_M, radius + ERROR_M
        inside = inner > 0.0 and square < inner * inner and z < height - ERROR_M
        return inside, square > outer * outer or z > height + ERROR_M


def meet_one(
    a: tuple[Vertex, Vertex],
    b: tuple[Vertex, Vertex],
    *,
    radius_m: float,
    height_m: float,
    exact: bool,
) -> Meeting | None:
    """Find when two legs meet that have an instant in common.

    Parameters
    ----------
    a, b
        Both ends of each; ``a`` of the flight with the lower number.
    radius_m, height_m
        Sum of the flights' radii, and of their half heights.
    exact
        Whether those sums carry no rounding.

    Returns
    -------
    tuple or None
        None: for certain they do not.
    """
    (a0, a1), (b0, b1) = a, b
    if (
        _are_apart((a0[Z], a1[Z]), (b0[Z], b1[Z]), height_m, exact)
        or _are_apart((a0[X], a1[X]), (b0[X], b1[X]), radius_m, exact)
        or _are_apart((a0[Y], a1[Y]), (b0[Y], b1[Y]), radius_m, exact)
    ):
        return None
    start, end = max(a0[0], b0[0]), min(a1[0], b1[0])
    motion = _motion(a, b, start, end)
    larger = _window(motion, radius_m + ERROR_M, height_m + ERROR_M)
    if larger is None:  # as most: whoever never enters the larger cylinder
        return None
    window = _window(motion, radius_m, height_m)
    if window is not None:
        from_, to = max(window[0], 0.0), min(window[1], motion.duration)
        within, _ = motion.sides(0.5 * (from_ + to), radius_m, height_m)
        if within:
            return _meeting(motion, (start, end), (from_, to), radius_m, height_m)
    return min(start + max(larger[0], 0.0), end), 0.0, 0.0, 0.0, UNDECIDED


def _meeting(
    m: _Motion,
    legs: tuple[float, float],
    inside: tuple[float, float],
    radius_m: float,
    height_m: float,
) -> Meeting:
    """Describe a certain meeting, between two times that count from the common start."""
    (start, end), (from_, to) = legs, inside
    starts, not_starts = m.sides(0.0, radius_m, height_m)
    ends, not_ends = m.sides(m.duration, radius_m, height_m)
    speed2 = m.u * m.u + m.v * m.v
    closest = from_
    if speed2 > 0.0:
        closest = min(max(-(m.x * m.u + m.y * m.v) / speed2, from_), to)
    x, y = m.x + m.u * closest, m.y + m.v * closest
    flags = starts * STARTS_INSIDE + ends * ENDS_INSIDE
    flags += (not (starts or not_starts)) * STARTS_IN_DOUBT
    flags += (not (ends or not_ends)) * ENDS_IN_DOUBT
    return (
        start if starts else min(start + from_, end),
        end if ends else min(start + to, end),
        min(start + closest, end),
        math.sqrt(x * x + y * y),
        flags,
    )


def _are_apart(a: tuple[float, float], b: tuple[float, float], size: float, exact: bool) -> bool:
    """Tell extents, each between two ends, that a whole size or more lies between."""
    a_low, a_high = a if a[0] < a[1] else a[::-1]
    b_low, b_high = b if b[0] < b[1] else b[::-1]
    above, below = b_low - a_high, a_low - b_high
    if above < size and below < size:
        return False
    if not exact:
        return above > size + ERROR_M or below > size + ERROR_M
    return (
        above > size
        or below > size
        or (above == size and _lost(b_low, a_high, above) >= 0.0)
        or (below == size and _lost(a_low, b_high, below) >= 0.0)
    )


def _lost(a: float, b: float, difference: float) -> float:
    """Give what rounding took from ``a - b``: the true difference is the given one plus this."""
    part = difference - a
    whole = difference - part
    return (a - whole) + (-b - part)


def _motion(
    a: tuple[Vertex, Vertex], b: tuple[Vertex, Vertex], start: float, end: float
) -> _Motion:
    (ta, xa, ya, za), (ta1, xa1, ya1, za1) = a
    (tb, xb, yb, zb), (tb1, xb1, yb1, zb1) = b
    along_a, along_b, since_a, since_b = ta1 - ta, tb1 - tb, start - ta, start - tb
    ua, va, wa = (xa1 - xa) / along_a, (ya1 - ya) / along_a, (za1 - za) / along_a
    ub, vb, wb = (xb1 - xb) / along_b, (yb1 - yb) / along_b, (zb1 - zb) / along_b
    return _Motion(
        end - start,
        (xa + ua * since_a) - (xb + ub * since_b),
        (ya + va * since_a) - (yb + vb * since_b),
        (za + wa * since_a) - (zb + wb * since_b),
        ua - ub,
        va - vb,
        wa - wb,
    )


def _window(m: _Motion, radius: float, height: float) -> tuple[float, float] | None:
    """Give when the flights are inside a cylinder, if that is ever during the legs."""
    duration, x, y, z, u, v, w = m
    # What asks for no division first: most are told by it.
    square, speed2, moment = radius * radius, u * u + v * v, x * v - y * u
    excess, distance2 = speed2 * square - moment * moment, x * x + y * y
    is_still = (speed2 * duration) * duration <= STILL_M2
    if distance2 >= square if is_still else excess <= 0.0:
        return None
    from_, to = -math.inf, math.inf
    if w != 0.0:
        p, q = (-height - z) / w, (height - z) / w
        from_, to = (p, q) if p < q else (q, p)
    elif abs(z) >= height:
        return None
    if not is_still:
        root, closing = math.sqrt(excess), x * u + y * v
        q = root - closing if closing < 0.0 else -(closing + root)
        p, r = q / speed2, (distance2 - square) / q
        from_, to = max(from_, min(p, r)), min(to, max(p, r))
    return (from_, to) if from_ < to and from_ < duration and to > 0.0 else None
