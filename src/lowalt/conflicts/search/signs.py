"""Whether legs meet, and are in conflict at their ends, by signs that no rounding touches.

Seen from the second flight the first goes in a straight line from where it is at the first instant
that two legs have in common to where it is at the last. With both places multiplied by the
durations of the legs, all questions are about signs of sums and products of the numbers given,
which :mod:`lowalt.conflicts.search.expansions` tells of many pairs at once. None is about a
quotient or a root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X
from lowalt.conflicts.search.expansions import Expansion
from lowalt.conflicts.tracks import TrackArray

Both = tuple[IntArray, IntArray]
"""Numbers of the one and of the other of each pair, ``(N,)`` each."""

_GRAIN: Final = 2.0**-88
"""Signs are told of whole multiples of it only: of every float64 from 2**-36 on, and of zero.

They are signs of sums of products of at most twelve of the numbers given. Those are multiples of
2**-1056, and less than 2**400, as no coordinate is greater than 2**22 and no time than 2**33: so
nothing overflows, and no part of a product falls below the smallest float64, 2**-1074.
"""


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways of some flights seen from others, straight between two instants.

    Attributes
    ----------
    place
        x, y and z at the first and the last instant, ``(3, 2, N)``, times a positive number.
    sizes
        Sum of the radii, and of the half heights, times that number, ``(2, N)``.
    """

    place: Expansion
    sizes: Expansion

    @classmethod
    def of(
        cls,
        tracks: TrackArray,
        flights: tuple[IntArray, IntArray],
        begins: tuple[IntArray, IntArray],
    ) -> Ways:
        """See flights from others while legs that begin at some vertices last, ``(N,)`` each."""
        a, b = (_legs(tracks, begin) for begin in begins)
        start, end = np.maximum(a[0][T], b[0][T]), np.minimum(a[1][T], b[1][T])
        here, scale = _flown(*a, start, end)
        there, other_scale = _flown(*b, start, end)
        radii = np.stack((tracks.horizontal_radius_m, tracks.vertical_radius_m))
        one, other = (Expansion.of(radii.take(flight, axis=1)) for flight in flights)
        sizes = one + other + Expansion.of(tracks.tolerance_m)
        return cls(here * other_scale - there * scale, sizes * (scale * other_scale))

    def conflict_at_ends(self) -> BoolArray:
        """Tell who is in conflict at the first and at the last instant, ``(2, N)``."""
        height = self.sizes[1]
        is_level = (self.place[2] * self.place[2] - height * height).sign() < 0
        inside: BoolArray = is_level & (self._excess().sign() < 0)
        return inside

    def are_clear(self) -> BoolArray:
        """Tell, of flights that are never in conflict on the way, nearly all, ``(N,)``.

        Those are: outside of the radius and moving away from the first instant on, or nearing up to
        the last; on a line that passes by at the radius or farther; or above, or below, at both
        instants. Not told are flights within the radius only while height keeps them apart.
        """
        x, y, z = self.place[0], self.place[1], self.place[2]
        u, v = x[1] - x[0], y[1] - y[0]
        outside = self._excess().sign() >= 0
        drift = (x * u + y * v).sign()  # how the distance changes
        clear: BoolArray = (outside[0] & (drift[0] >= 0)) | (outside[1] & (drift[1] <= 0))
        above, below = ((side - self.sizes[1]).sign() >= 0 for side in (z, -z))
        clear |= above.all(axis=0) | below.all(axis=0)
        moment, radius = x[0] * y[1] - y[0] * x[1], self.sizes[0]
        speed2 = u * u + v * v
        passes = (moment * moment - radius * radius * speed2).sign() >= 0
        clear |= passes & (speed2.sign() > 0)
        return clear

    def _excess(self) -> Expansion:
        """Square of the distance beyond that of the radius, ``(2, N)``."""
        x, y, radius = self.place[0], self.place[1], self.sizes[0]
        return x * x + y * y - radius * radius


def can_be_told(tracks: TrackArray, flights: Both, begins: Both) -> BoolArray:
    """Tell pairs whose numbers are all multiples that signs can be told of, ``(N,)``."""
    told = np.full(len(flights[0]), _is_whole(np.float64(tracks.tolerance_m)))
    for begin in begins:
        told &= _is_whole(np.concatenate(_legs(tracks, begin))).all(axis=0)
    for flight in flights:
        for radii in (tracks.horizontal_radius_m, tracks.vertical_radius_m):
            told &= _is_whole(radii.take(flight))
    return told


def _is_whole(values: FloatArray | np.float64) -> BoolArray:
    grains = values / _GRAIN
    whole: BoolArray = np.rint(grains) == grains
    return whole


def _legs(tracks: TrackArray, begin: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give the first and the last vertex of legs, ``(4, N)`` each."""
    return tracks.vertices.take(begin, axis=0).T, tracks.vertices.take(begin + 1, axis=0).T


def _flown(
    first: FloatArray, last: FloatArray, start: FloatArray, end: FloatArray
) -> tuple[Expansion, Expansion]:
    """Give places on legs at two instants, ``(3, 2, N)``, and what they are multiplied by.

    Where a flight hovers, or is at its vertices at these instants, its places are those, times 1:
    it may as well fly from second 0 to second 1.
    """
    stays = (first[X:] == last[X:]).all(axis=0)
    plain = stays | ((start == first[T]) & (end == last[T]))
    begin, finish = (
        Expansion.of(np.where(plain, plainly, t))
        for plainly, t in ((0.0, first[T]), (1.0, last[T]))
    )
    at = Expansion.of(np.stack((np.where(plain, 0.0, start), np.where(plain, 1.0, end))))
    from_, to = Expansion.of(first[X:, np.newaxis]), Expansion.of(last[X:, np.newaxis])
    return from_ * (finish - at) + to * (at - begin), finish - begin
