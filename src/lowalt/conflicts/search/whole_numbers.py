"""The meeting of two legs in whole numbers.

Every float64 is a whole multiple of a power of two. Places and velocities at a common instant are
fractions of whole numbers then, and so is the time of closest approach; whether flights meet is
therefore decided without any rounding. Only the times at which a circle is entered and left are
roots; they are taken to fifty digits and then rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from lowalt.conflicts.search.encounters import ENDS_INSIDE, STARTS_INSIDE
from lowalt.conflicts.tracks import TrackArray

_DIGITS = 50

_Leg = tuple[list[int], list[int]]
"""The two vertices of a leg: time, x, y and z in units in which all are whole."""


class Meeting(NamedTuple):
    """When two legs meet, and the flags of :mod:`lowalt.conflicts.search.encounters`."""

    t_in_s: float
    t_out_s: float
    t_cpa_s: float
    d_cpa_m: float
    inside: int


@dataclass(frozen=True, slots=True)
class Relative:
    """Motion of the one flight seen from the other, while both legs last.

    Places and rates are multiplied by both durations, which makes them whole: with ``x`` and ``u``
    a coordinate is ``(x + u t) / scale`` at the time ``t`` after the first instant in common. All
    lengths and times are multiples of ``1 / unit``.
    """

    x: int
    y: int
    z: int
    u: int
    v: int
    w: int
    reach: int
    rise: int
    scale: int
    start: int
    end: int
    unit: int

    @classmethod
    def of(cls, tracks: TrackArray, flights: tuple[int, int], legs: tuple[int, int]) -> Relative:
        """See the first of two flights from the second, each on its leg of that number."""
        begins = tracks.offsets.take(flights) + legs
        vertices = [tracks.vertices[at : at + 2].ravel().tolist() for at in begins.tolist()]
        sizes = [
            (*(float(radii[flight]) for flight in flights), tracks.tolerance_m)
            for radii in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
        ]
        whole, unit = _whole([*vertices[0], *vertices[1], *sizes[0], *sizes[1]])
        a, b = (whole[0:4], whole[4:8]), (whole[8:12], whole[12:16])
        start, end = max(a[0][0], b[0][0]), min(a[1][0], b[1][0])
        (x, u), (y, v), (z, w) = (_seen(a, b, axis, start) for axis in (1, 2, 3))
        scale = (a[1][0] - a[0][0]) * (b[1][0] - b[0][0])
        radius, height = sum(whole[16:19]), sum(whole[19:22])
        return cls(x, y, z, u, v, w, radius * scale, height * scale, scale, start, end, unit)

    @property
    def duration(self) -> int:
        """How long both legs last."""
        return self.end - self.start

    def is_inside(self, t: Fraction | int) -> bool:
        """Whether the flights are in conflict at a time."""
        return self.is_level(t) and self.excess(t) < 0

    def is_level(self, t: Fraction | int) -> bool:
        """Whether they are less than the height apart."""
        return -self.rise < self.z + self.w * t < self.rise

    def excess(self, t: Fraction | int) -> Fraction | int:
        """Square of the distance beyond that of the radius; convex in time."""
        x, y = self.x + self.u * t, self.y + self.v * t
        return x * x + y * y - self.reach * self.reach

    def meeting(self) -> Meeting | None:
        """Tell when the flights meet; ``None`` where they do not."""
        low, high = self._level()
        if low > high or not self.is_level((low + high) / 2):
            return None
        speed2, closing = self._speed2(), self.x * self.u + self.y * self.v
        closest = min(max(Fraction(-closing, speed2), low), high) if speed2 else low
        # Where it is closest only as height ends to allow it, it is nearly as close just before.
        excess = self.excess(closest)
        if excess >= 0:
            return None
        starts, ends = self.is_inside(0), self.is_inside(self.duration)
        with localcontext() as context:
            # The first instant in common may be far from the epoch, and the meeting near to it.
            context.prec = _DIGITS + (abs(self.start) | abs(self.end)).bit_length() // 3
            entry, exit_ = self._crossings(low, high)
            # What goes on beyond the legs begins and ends with them, to the bit.
            t_in = self.start / self.unit if starts else float((self.start + entry) / self.unit)
            t_out = self.end / self.unit if ends else float((self.start + exit_) / self.unit)
            distance = _decimal(excess + self.reach * self.reach).sqrt()
            d_cpa = float(distance / (self.scale * self.unit))
        inside = starts * STARTS_INSIDE + ends * ENDS_INSIDE
        return Meeting(t_in, t_out, float((self.start + closest) / self.unit), d_cpa, inside)

    def _speed2(self) -> int:
        return self.u * self.u + self.v * self.v

    def _level(self) -> tuple[Fraction, Fraction]:
        """Between which times height allows a meeting, if at all."""
        low, high = Fraction(0), Fraction(self.duration)
        if not self.w:
            return low, high
        bounds = (Fraction(side - self.z, self.w) for side in (-self.rise, self.rise))
        enter, leave = sorted(bounds)
        return max(low, enter), min(high, leave)

    def _crossings(self, low: Fraction, high: Fraction) -> tuple[Decimal, Decimal]:
        """Between which times, of those that height allows, the flights are within the radius."""
        speed2, closing = self._speed2(), self.x * self.u + self.y * self.v
        if not speed2:
            return _decimal(low), _decimal(high)
        half = Decimal(closing * closing - speed2 * int(self.excess(0))).sqrt()
        return (
            max(_decimal(low), (-closing - half) / speed2),
            min(_decimal(high), (-closing + half) / speed2),
        )


def _whole(values: Sequence[float]) -> tuple[list[int], int]:
    """Write float64 numbers as whole multiples of one over a power of two; give that power."""
    ratios = [value.as_integer_ratio() for value in values]
    unit = max(denominator for _, denominator in ratios)
    return [numerator * (unit // denominator) for numerator, denominator in ratios], unit


def _seen(a: _Leg, b: _Leg, axis: int, start: int) -> tuple[int, int]:
    """Give place and rate along an axis, multiplied by both durations."""
    last_a, last_b = a[1][0] - a[0][0], b[1][0] - b[0][0]
    far_a, far_b = a[1][axis] - a[0][axis], b[1][axis] - b[0][axis]
    place_a = a[0][axis] * last_a + far_a * (start - a[0][0])
    place_b = b[0][axis] * last_b + far_b * (start - b[0][0])
    return place_a * last_b - place_b * last_a, far_a * last_b - far_b * last_a


def _decimal(value: Fraction | int) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
