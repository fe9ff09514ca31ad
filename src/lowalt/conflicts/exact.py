"""The meeting of two legs in exact arithmetic, for the few that float64 cannot decide.

Every float64 is a fraction. Places and velocities at a common instant are fractions too, and so is
the time of closest approach; whether flights meet is therefore decided without any rounding. Only
the times at which a circle is entered and left are roots; they are taken to fifty digits and then
rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

from lowalt.conflicts.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, Encounters
from lowalt.conflicts.tracks import TrackArray

_DIGITS = 50

_Vertex = tuple[Fraction, Fraction, Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class _Line:
    """A quantity that changes uniformly with time, exactly."""

    at_start: Fraction
    rate: Fraction

    def at(self, after: Fraction) -> Fraction:
        return self.at_start + self.rate * after


def settle(tracks: TrackArray, pairs: Encounters) -> Encounters:
    """Decide pairs of legs exactly.

    Parameters
    ----------
    tracks
        The flights.
    pairs
        The legs: flights, and numbers of the legs within them. The same may be given twice.

    Returns
    -------
    numpy.ndarray
        Those that meet, with times and flags.
    """
    names = ["first", "second", "first_leg", "second_leg"]
    legs = np.unique(np.stack([pairs[name] for name in names], axis=1), axis=0)
    found = np.zeros(len(legs), dtype=ENCOUNTER)
    count = 0
    for one, other, leg, other_leg in legs.tolist():
        radius, height = (
            Fraction(float(sizes[one]))
            + Fraction(float(sizes[other]))
            + Fraction(tracks.tolerance_m)
            for sizes in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
        )
        met = _meeting(_leg(tracks, one, leg), _leg(tracks, other, other_leg), radius, height)
        if met is not None:
            *numbers, inside = met
            found[count] = (*numbers, one, other, leg, other_leg, inside)
            count += 1
    return found[:count]


def _leg(tracks: TrackArray, flight: int, leg: int) -> tuple[_Vertex, _Vertex]:
    begin = int(tracks.offsets[flight]) + leg
    start, end = (tuple(map(Fraction, row)) for row in tracks.vertices[begin : begin + 2].tolist())
    return start, end  # type: ignore[return-value]  # rows have four numbers


def _meeting(
    a: tuple[_Vertex, _Vertex], b: tuple[_Vertex, _Vertex], radius: Fraction, height: Fraction
) -> tuple[float, float, float, float, int] | None:
    """Give when two legs meet, how close and when, and the flags; ``None`` where they do not."""
    start, end = max(a[0][0], b[0][0]), min(a[1][0], b[1][0])
    duration = end - start
    x, y, z = (_difference(_line(a, axis, start), _line(b, axis, start)) for axis in (1, 2, 3))

    def excess(after: Fraction) -> Fraction:
        """Square of the distance beyond that of the radius; convex in time."""
        return x.at(after) ** 2 + y.at(after) ** 2 - radius**2

    def is_inside(after: Fraction) -> bool:
        return abs(z.at(after)) < height and excess(after) < 0

    if z.rate:
        low, high = sorted((side - z.at_start) / z.rate for side in (-height, height))
        low, high = max(low, Fraction(0)), min(high, duration)
    else:
        low, high = Fraction(0), duration
    if low > high or not (abs(z.at((low + high) / 2)) < height):
        return None
    speed2 = x.rate**2 + y.rate**2
    closing = x.at_start * x.rate + y.at_start * y.rate
    closest = min(max(-closing / speed2, low), high) if speed2 else low
    # Inside the circle at an end of the interval that height leaves open means inside before it.
    if excess(closest) >= 0:
        return None
    with localcontext() as context:
        context.prec = _DIGITS
        entry, exit_ = _decimal(low), _decimal(high)
        if speed2:
            half = (_decimal(closing**2 - speed2 * excess(Fraction(0)))).sqrt()
            entry = max(entry, (-_decimal(closing) - half) / _decimal(speed2))
            exit_ = min(exit_, (-_decimal(closing) + half) / _decimal(speed2))
        epoch = _decimal(start)
        t_in, t_out = float(epoch + entry), float(epoch + exit_)
        distance = float(_decimal(excess(closest) + radius**2).sqrt())
    starts, ends = is_inside(Fraction(0)), is_inside(duration)
    inside = starts * STARTS_INSIDE + ends * ENDS_INSIDE
    return t_in, t_out, float(start + closest), distance, inside


def _line(leg: tuple[_Vertex, _Vertex], axis: int, start: Fraction) -> _Line:
    before, after = leg
    rate = (after[axis] - before[axis]) / (after[0] - before[0])
    return _Line(before[axis] + rate * (start - before[0]), rate)


def _difference(one: _Line, other: _Line) -> _Line:
    return _Line(one.at_start - other.at_start, one.rate - other.rate)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
