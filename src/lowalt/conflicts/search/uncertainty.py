"""Where two legs may meet when their flights may be early or late: a closed form.

A flight that may be up to ``d`` early or late as a whole is, at a real time, where it is planned to
be at some time no further than ``d`` from it. Take a planned time of one flight and one of the
other: two numbers, a place in a plane. Both flights can be there at one instant where the two times
differ by no more than both uncertainties together; so the places that count make up

- the square of both legs, each from its beginning (0) to its end (1),
- cut by the strip where the planned times are near enough to each other,
- cut by the strip where the heights are, and
- cut by the ellipse where the horizontal distance is, for that is the length of a vector which
  changes uniformly along each leg.

This *region* is convex, whence the real times at which the flights may be in conflict are one
interval. It begins with the least of ``max(s - d_first, u - d_second)`` over the planned times
``s, u`` of the region and ends with the greatest of ``min(s + d_first, u + d_second)``. Such
extremes, and the least distance, lie on twelve straight lines, at the ends of what the region
leaves of each, or where distance is least along it:

- the eight borders of the square and of the strips,
- the two lines along which both terms of the maximum, or of the minimum, are equal,
- the two lines along which distance is least while one of the planned times stays the same; the
  ellipse reaches furthest on them.

Each line is clipped like a ray by the square and the strips, then by the ellipse, which asks for
the root of one quadratic. No polygon is built, and every case, parallel legs and hovers included,
takes the same steps.

Legs whose boxes are a radius or a height apart, exactly touching included, never meet. All else
that rounding leaves open meets: radius and height are taken larger by
:data:`~lowalt.conflicts.limits.ERROR_M`, uncertainty by a few units in the last place of the times,
and the interval is rounded outwards, yet not beyond what the legs and the uncertainty allow. So
the intervals of legs that continue one another touch at least, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, Z
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.search.encounters import ENDS_INSIDE, STARTS_INSIDE, Meetings, near

PAIRS_AT_ONCE: Final = 1 << 11
"""Pairs looked at together: twelve lines each, whose columns stay in the cache of a core."""

_ROUNDING = 2.0**-50
"""Bound of what rounding can do to a sum of times, as a part of the sum of their sizes."""

_STILL_M2 = 2.0**-80
"""Square of the change of distance a step, up to which it does not change along a line."""

_LINES = 12

_SPAN = 2.0
"""Steps, of length 1, from the place of a line to further than any of the square."""

_OUTSIDE = 2.0
"""A place outside of the square, for lines that are nowhere."""


class _Lines(NamedTuple):
    """Straight lines in the plane of two planned times, ``(12, N)``: a place and a step of each.

    Planned times are parts of a leg, from 0 where it begins to 1 where it ends. A step is 1 long.
    """

    first: FloatArray
    second: FloatArray
    first_step: FloatArray
    second_step: FloatArray


class _Affine(NamedTuple):
    """A quantity that changes uniformly along both legs, ``(N,)``."""

    at_start: FloatArray
    by_first: FloatArray
    by_second: FloatArray

    def at(self, first: FloatArray | float, second: FloatArray | float) -> FloatArray:
        return self.at_start + first * self.by_first + second * self.by_second

    def on(self, lines: _Lines) -> tuple[FloatArray, FloatArray]:
        """Give the quantity at the place of each line, and its change a step."""
        change = lines.first_step * self.by_first + lines.second_step * self.by_second
        return self.at(lines.first, lines.second), change


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of legs, ``(N,)``: the first flight as it is seen from the second.

    Attributes
    ----------
    start_s
        Planned time at which the first leg begins.
    lag_s
        Planned time of the first flight less that of the second.
    east_m, north_m, up_m
        Place of the first flight less that of the second.
    lag_limit_s, radius_m, height_m
        Limits of the region, rounding included.
    first_s, second_s
        Uncertainty of the first flight and of the second.
    begin_s, end_s
        Real times at which both flights can be on these legs at all.
    rounding_s
        What rounding can do to a real time.
    """

    start_s: FloatArray
    lag_s: _Affine
    east_m: _Affine
    north_m: _Affine
    up_m: _Affine
    lag_limit_s: FloatArray
    radius_m: FloatArray
    height_m: FloatArray
    first_s: FloatArray
    second_s: FloatArray
    begin_s: FloatArray
    end_s: FloatArray
    rounding_s: FloatArray


class _Approach(NamedTuple):
    """Distance along lines: its square is ``least + rate * (steps - closest)**2``."""

    closest: FloatArray
    least_m2: FloatArray
    rate_m2: FloatArray


def meet_within(
    columns: FloatArray,
    a: IntArray,
    b: IntArray,
    *,
    radius_m: FloatArray,
    height_m: FloatArray,
    first_uncertainty_s: FloatArray,
    second_uncertainty_s: FloatArray,
    exact: BoolArray | bool,
) -> Meetings:
    """Find which pairs of legs may meet, and when, if the flights may be early or late.

    Parameters
    ----------
    columns
        Times, x, y and z of the vertices, ``(4, V)``.
    a, b
        Numbers of the vertices that the legs begin at, ``(N,)`` each; ``a`` of the flight with the
        lower number. They may have no instant in common.
    radius_m, height_m
        Sum of the flights' radii, and of their half heights, ``(N,)`` each.
    first_uncertainty_s, second_uncertainty_s
        How much earlier or later than planned each flight may be, ``(N,)`` each.
    exact
        Whether those radii and heights carry no rounding, ``(N,)`` or one for all.

    Returns
    -------
    Meetings
        The interval of real times at which the flights may be in conflict on these legs; the least
        distance that they may have there, and the earliest real time at which they may have it.
        None is undecided. Both flags are set: meetings that touch in time are one conflict.

    Examples
    --------
    Two flights cross the same place 60 s apart, each up to 20 s, then up to 40 s off.

    >>> columns = np.array([[0, 200, 60, 260], [-1000, 1000, 0, 0],
    ...                     [0, 0, -1000, 1000], [100, 100, 100, 100.0]])
    >>> for uncertainty in 20.0, 40.0:
    ...     found = meet_within(
    ...         columns, np.array([0]), np.array([2]), exact=True,
    ...         radius_m=np.array([50.0]), height_m=np.array([15.0]),
    ...         first_uncertainty_s=np.array([uncertainty]),
    ...         second_uncertainty_s=np.array([uncertainty]),
    ...     )
    ...     print(found.t_in_s.round(2), found.t_out_s.round(2), found.d_cpa_m)
    [] [] []
    [115.] [145.] [0.]
    """
    close = near(columns, a, b, radius_m=radius_m, height_m=height_m, exact=exact)
    close = close.compress((radius_m.take(close) > 0.0) & (height_m.take(close) > 0.0))
    a, b, first_uncertainty_s, second_uncertainty_s = _in_one_order(
        columns, a, b, first_uncertainty_s, second_uncertainty_s
    )
    parts = []
    for rows in np.split(close, range(PAIRS_AT_ONCE, len(close), PAIRS_AT_ONCE)):
        pairs = _pairs(
            columns,
            a.take(rows),
            b.take(rows),
            radius_m=radius_m.take(rows),
            height_m=height_m.take(rows),
            first_s=first_uncertainty_s.take(rows),
            second_s=second_uncertainty_s.take(rows),
        )
        met, *found = _meet(pairs)
        parts.append((rows.take(met), *found))
    rows, t_in, t_out, t_cpa, d_cpa = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Meetings(
        rows=rows,
        t_in_s=t_in,
        t_out_s=t_out,
        t_cpa_s=t_cpa,
        d_cpa_m=np.minimum(d_cpa, radius_m.take(rows)),
        inside=np.full(len(rows), STARTS_INSIDE | ENDS_INSIDE, dtype=np.int32),
        undecided=np.empty(0, dtype=np.intp),
        undecided_s=np.empty(0),
    )


def _in_one_order(
    columns: FloatArray, a: IntArray, b: IntArray, first_s: FloatArray, second_s: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Put first, of each pair, what comes first by its own numbers.

    Rounding would else tell which flight has the lower number, and that is only how they are given.
    """
    later = np.zeros(len(a), dtype=bool)
    alike = np.ones(len(a), dtype=bool)
    keys = [(column.take(a + end), column.take(b + end)) for end in (0, 1) for column in columns]
    for one, other in (*keys, (first_s, second_s)):
        later |= alike & (one > other)
        alike &= one == other
    return (
        np.where(later, b, a),
        np.where(later, a, b),
        np.where(later, second_s, first_s),
        np.where(later, first_s, second_s),
    )


def _pairs(
    columns: FloatArray,
    a: IntArray,
    b: IntArray,
    *,
    radius_m: FloatArray,
    height_m: FloatArray,
    first_s: FloatArray,
    second_s: FloatArray,
) -> _Pairs:
    a0, a1, b0, b1 = (columns.take(numbers, axis=1) for numbers in (a, a + 1, b, b + 1))
    lag, east, north, up = (
        _Affine(a0[column] - b0[column], a1[column] - a0[column], b0[column] - b1[column])
        for column in (T, X, Y, Z)
    )
    limit = first_s + second_s
    rounding = _ROUNDING * (np.abs(lag.at_start) + lag.by_first - lag.by_second + limit)
    return _Pairs(
        start_s=a0[T],
        lag_s=lag,
        east_m=east,
        north_m=north,
        up_m=up,
        lag_limit_s=limit + rounding,
        radius_m=radius_m + ERROR_M,
        height_m=height_m + ERROR_M,
        first_s=first_s,
        second_s=second_s,
        begin_s=np.maximum(a0[T] - first_s, b0[T] - second_s),
        end_s=np.minimum(a1[T] + first_s, b1[T] + second_s),
        rounding_s=rounding + _ROUNDING * np.abs(a0[T]),
    )


def _lines(pairs: _Pairs) -> _Lines:
    """Give the twelve lines, the borders first."""
    lines = _Lines(*np.zeros((4, _LINES, len(pairs.start_s))))
    lines.first[1] = lines.second[3] = 1.0
    lines.second_step[0:2] = lines.first_step[2:4] = 1.0
    east, north, unequal = pairs.east_m, pairs.north_m, pairs.first_s - pairs.second_s
    # Half of how fast the square of the distance changes along one leg.
    change_first, change_second = (
        _Affine(*(e * east_step + n * north_step for e, n in zip(east, north, strict=True)))
        for east_step, north_step in (
            (east.by_first, north.by_first),
            (east.by_second, north.by_second),
        )
    )
    zero = np.zeros(len(unequal))
    for row, quantity, levels in (
        (4, pairs.lag_s, (-pairs.lag_limit_s, pairs.lag_limit_s)),
        (6, pairs.up_m, (-pairs.height_m, pairs.height_m)),
        (8, pairs.lag_s, (-unequal, unequal)),
        (10, change_first, (zero,)),
        (11, change_second, (zero,)),
    ):
        rows = slice(row, row + len(levels))
        for column, values in zip(lines, _where(quantity, np.stack(levels)), strict=True):
            column[rows] = values
    return lines


def _where(quantity: _Affine, levels: FloatArray) -> _Lines:
    """Give the lines on which a quantity has some values, by their places nearest the centre."""
    _, first, second = quantity
    square = first * first + second * second
    constant = square == 0.0
    square = np.where(constant, 1.0, square)
    steps = (levels - quantity.at(0.5, 0.5)) / square
    length = np.sqrt(square)
    return _Lines(
        np.where(constant, _OUTSIDE, 0.5 + first * steps),
        0.5 + second * steps,
        -second / length,
        first / length,
    )


def _within_strips(pairs: _Pairs, lines: _Lines) -> tuple[FloatArray, FloatArray]:
    """Give the part of each line, in steps, in the square and both strips; empty if it ends first.

    A line is not cut by itself, where it is a border. Where it lies on a border, rounding decides
    whether anything is left, and does not matter: the border is a line too.
    """
    from_, to = (np.full(lines.first.shape, steps) for steps in (-_SPAN, _SPAN))
    for own, value, slope, least, most in (
        (0, lines.first, lines.first_step, 0.0, 1.0),
        (2, lines.second, lines.second_step, 0.0, 1.0),
        (4, *pairs.lag_s.on(lines), -pairs.lag_limit_s, pairs.lag_limit_s),
        (6, *pairs.up_m.on(lines), -pairs.height_m, pairs.height_m),
    ):
        enters, leaves = (least - value) / slope, (most - value) / slope
        low, high = np.minimum(enters, leaves), np.maximum(enters, leaves)
        low[own : own + 2], high[own : own + 2] = -np.inf, np.inf
        np.fmax(from_, low, out=from_)
        np.fmin(to, high, out=to)
    return from_, to


def _approach(pairs: _Pairs, lines: _Lines) -> _Approach:
    x, u = pairs.east_m.on(lines)
    y, v = pairs.north_m.on(lines)
    rate = u * u + v * v
    still = rate <= _STILL_M2
    rate[still] = 1.0
    closest = (x * u + y * v) / -rate
    rate[still] = closest[still] = 0.0
    x += u * closest
    y += v * closest
    return _Approach(closest, x * x + y * y, rate)


def _meet(pairs: _Pairs) -> tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Give the numbers of the pairs that meet, and of each meeting what :class:`Meetings` has."""
    with np.errstate(all="ignore"):  # lines that are nowhere, or along a strip, come out empty
        lines = _lines(pairs)
        from_, to = _within_strips(pairs, lines)
        approach = _approach(pairs, lines)
        excess = pairs.radius_m * pairs.radius_m - approach.least_m2
        reach = np.sqrt(excess / approach.rate_m2)
        np.maximum(from_, approach.closest - reach, out=from_)
        np.minimum(to, approach.closest + reach, out=to)
        pair, line = np.nonzero((from_ <= to).T)
    # From here on, only the lines of which something is left, those of one pair together.
    at = line * from_.shape[1] + pair
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    from_, to, closest, least, rate = (part.take(at) for part in (from_, to, *approach))
    steps = np.stack((from_, np.minimum(np.maximum(closest, from_), to), to))
    earliest, latest = _instants(pairs, _Lines(*(part.take(at) for part in lines)), pair, steps)
    distance = np.sqrt(least + rate * (steps - closest) ** 2)
    met = pair.take(begins)
    d_cpa = _least(distance, begins)
    as_near = distance <= np.repeat(d_cpa + ERROR_M, np.diff(begins, append=len(pair)))
    t_cpa = _least(np.where(as_near, earliest, np.inf), begins)
    start, rounding = pairs.start_s.take(met), pairs.rounding_s.take(met)
    t_in = start + _least(earliest, begins) - rounding
    t_out = start - _least(-latest, begins) + rounding
    t_in = np.maximum(t_in, pairs.begin_s.take(met))
    t_out = np.maximum(np.minimum(t_out, pairs.end_s.take(met)), t_in)  # an instant, if rounded
    return met, t_in, t_out, np.minimum(np.maximum(start + t_cpa, t_in), t_out), d_cpa


def _least(values: FloatArray, begins: IntArray) -> FloatArray:
    """Give the least of each pair, whose lines begin where said."""
    return np.minimum.reduceat(values.min(axis=0), begins)


def _instants(
    pairs: _Pairs, lines: _Lines, pair: IntArray, steps: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the first and the last real time, after the first leg begins, at places on the lines."""
    lag, from_first, minus_second = (part.take(pair) for part in pairs.lag_s)
    s = (lines.first + steps * lines.first_step) * from_first
    u = -lag - (lines.second + steps * lines.second_step) * minus_second
    d_first, d_second = pairs.first_s.take(pair), pairs.second_s.take(pair)
    return np.maximum(s - d_first, u - d_second), np.minimum(s + d_first, u + d_second)
