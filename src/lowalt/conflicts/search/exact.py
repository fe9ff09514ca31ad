"""The meeting of two legs in exact arithmetic, for the few that float64 cannot decide.

Every float64 is a whole multiple of a power of two. Places and velocities at a common instant are
fractions of whole numbers then, and so is the time of closest approach; whether flights meet is
therefore decided without any rounding. Only the times at which a circle is entered and left are
roots; they are taken to fifty digits and then rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from lowalt.conflicts.search.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters
from lowalt.conflicts.tracks import TrackArray

_DIGITS = 50

_Leg = tuple[list[int], list[int]]
"""The two vertices of a leg: time, x, y and z in units in which all are whole."""


def settle(tracks: TrackArray, pairs: Encounters) -> Encounters:
    """Decide pairs of legs exactly.

    Parameters
    ----------
    tracks
        The flights.
    pairs
        Flights, and the numbers of the legs within them.

    Returns
    -------
    numpy.ndarray
        Those that meet, in the order given, with times and flags.
    """
    names = ["first", "second", "first_leg", "second_leg"]
    found = np.zeros(len(pairs), dtype=ENCOUNTER)
    count = 0
    for one, other, leg, other_leg in zip(*(pairs[name].tolist() for name in names), strict=True):
        rows = [int(tracks.offsets[flight]) + n for flight, n in ((one, leg), (other, other_leg))]
        vertices = [tracks.vertices[row : row + 2].ravel().tolist() for row in rows]
        sizes = [
            (float(radii[one]), float(radii[other]), tracks.tolerance_m)
            for radii in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
        ]
        whole, unit = _whole([*vertices[0], *vertices[1], *sizes[0], *sizes[1]])
        met = _meeting(
            (whole[0:4], whole[4:8]), (whole[8:12], whole[12:16]),
            radius=sum(whole[16:19]), height=sum(whole[19:22]), unit=unit,
        )  # fmt: skip
        if met is not None:
            *numbers, inside = met
            found[count] = (*numbers, one, other, leg, other_leg, inside)
            count += 1
    return found[:count]


def _whole(values: Sequence[float]) -> tuple[list[int], int]:
    """Write float64 numbers as whole multiples of one over a power of two; give that power."""
    ratios = [value.as_integer_ratio() for value in values]
    unit = max(denominator for _, denominator in ratios)
    return [numerator * (unit // denominator) for numerator, denominator in ratios], unit


def _meeting(
    a: _Leg, b: _Leg, *, radius: int, height: int, unit: int
) -> tuple[float, float, float, float, int] | None:
    """Give when two legs meet, how close and when, and the flags; ``None`` where they do not.

    Places and rates are multiplied by both durations, which makes them whole: with ``x`` and ``u``
    a coordinate of the one flight seen from the other is ``(x + u t) / scale`` at the time ``t``
    after the first instant in common.
    """
    start, end = max(a[0][0], b[0][0]), min(a[1][0], b[1][0])
    last_a, last_b = a[1][0] - a[0][0], b[1][0] - b[0][0]
    scale, duration = last_a * last_b, end - start

    def seen(axis: int) -> tuple[int, int]:
        far_a, far_b = a[1][axis] - a[0][axis], b[1][axis] - b[0][axis]
        place_a = a[0][axis] * last_a + far_a * (start - a[0][0])
        place_b = b[0][axis] * last_b + far_b * (start - b[0][0])
        return place_a * last_b - place_b * last_a, far_a * last_b - far_b * last_a

    (x, u), (y, v), (z, w) = seen(1), seen(2), seen(3)
    reach, rise = radius * scale, height * scale
    speed2, closing, distance2 = u * u + v * v, x * u + y * v, x * x + y * y

    def excess(t: Fraction | int) -> Fraction | int:
        """Square of the distance beyond that of the radius; convex in time."""
        return distance2 - reach * reach + (2 * closing + speed2 * t) * t

    def is_inside(t: int) -> bool:
        return abs(z + w * t) < rise and excess(t) < 0

    low, high = Fraction(0), Fraction(duration)
    if w:
        enter, leave = sorted((Fraction(-rise - z, w), Fraction(rise - z, w)))
        low, high = max(low, enter), min(high, leave)
    if low > high or not abs(z + w * (low + high) / 2) < rise:
        return None
    closest = min(max(Fraction(-closing, speed2), low), high) if speed2 else low
    # Where it is closest only as height ends to allow it, it is nearly as close just before.
    if excess(closest) >= 0:
        return None
    starts, ends = is_inside(0), is_inside(duration)
    with localcontext() as context:
        # The first instant in common may be far from the epoch, and the meeting near to it.
        context.prec = _DIGITS + (abs(start) | abs(end)).bit_length() // 3
        entry, exit_ = _decimal(low), _decimal(high)
        if speed2:
            half = Decimal(closing * closing - speed2 * (distance2 - reach * reach)).sqrt()
            entry = max(entry, (-closing - half) / speed2)
            exit_ = min(exit_, (-closing + half) / speed2)
        # What goes on beyond the legs begins and ends with them, to the bit.
        t_in = start / unit if starts else float((start + entry) / unit)
        t_out = end / unit if ends else float((start + exit_) / unit)
        distance = float(_decimal(excess(closest) + reach * reach).sqrt() / (scale * unit))
    inside = starts * STARTS_INSIDE + ends * ENDS_INSIDE
    return t_in, t_out, float((start + closest) / unit), distance, inside


def _decimal(value: Fraction | int) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
