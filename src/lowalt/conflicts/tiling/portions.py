"""Traffic cut into tiles of space and time that can be searched one by one, anywhere.

A tile is a *core*: an interval of time, of x and of y. The cores of a tiling cover everything and
share nothing. The *portion* of a tile is what has to be known to search it: every leg whose box,
grown by the flight's own cylinder and uncertainty, touches the core, whole. A leg is never clipped,
so that every number that its meetings come from stays as it is, to the bit.

Where two legs meet, their grown boxes overlap. The corner where the overlap begins, in time, x and
y, is the *home* of their meeting: it lies in one core, whose portion has both legs, since it lies
in both of their boxes. Each portion keeps the meetings that are at home in its core, which are all
of them, each once. The home depends on the two legs alone, and is worked out from them by
subtractions and comparisons that give the same bits everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from math import ceil, sqrt
from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, runs
from lowalt.conflicts.search import exact
from lowalt.conflicts.search.encounters import UNDECIDED, Encounters
from lowalt.conflicts.tracks import TrackArray

Tiling = tuple[int, int, int]
"""Into how many intervals time is cut, and each of these along x, and each of those along y."""

LEGS_A_TILE: Final = 250_000
"""Legs of a tile, where nobody says otherwise: 8 MB, and some tenths of a second of work."""

_LEGS_LONG = 8.0
"""A tile lasts so many times as long as a leg, at least: shorter ones share most of their legs."""

_PAD_M = 2.0**-10
_PAD_S = 2.0**-10
"""Boxes are grown by these too: a hundred times what rounding may let meetings reach beyond."""

_SAMPLE = 1 << 20
"""Vertices whose times decide where time is cut; of more, so many evenly."""


class Boxes(NamedTuple):
    """Boxes in time, x and y, ``(3, N)`` each."""

    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, tracks: TrackArray, flight: IntArray, begin: IntArray) -> Boxes:
        """Give the boxes of legs: of which flight each is, and the vertex that it begins at."""
        one, other = (tracks.vertices.take(at, axis=0)[:, [T, X, Y]].T for at in (begin, begin + 1))
        late = (tracks.time_uncertainty_s + _PAD_S).take(flight)
        around = (tracks.horizontal_radius_m + (tracks.tolerance_m + _PAD_M)).take(flight)
        grown = np.stack((late, around, around))
        return cls(np.minimum(one, other) - grown, np.maximum(one, other) + grown)


class Core(NamedTuple):
    """What a tile is responsible for, half open: from ``low`` until ``high``, time, x and y."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]

    def touches(self, boxes: Boxes) -> BoolArray:
        """Tell which boxes have something of the core."""
        return self._spans(boxes.low, boxes.high)

    def holds(self, places: FloatArray) -> BoolArray:
        """Tell which places, ``(3, N)``, lie in the core."""
        return self._spans(places, places)

    def _spans(self, low: FloatArray, high: FloatArray) -> BoolArray:
        spans = np.ones(low.shape[1], dtype=bool)
        for axis in range(3):
            spans &= (low[axis] < self.high[axis]) & (high[axis] >= self.low[axis])
        return spans


@dataclass(frozen=True, slots=True)
class Portion:
    """What has to be known to search a tile.

    Attributes
    ----------
    core
        The tile.
    tracks
        The flights with the legs that matter, from the first to the last of each and one more
        either side, which tells where the flight itself begins and ends.
    flights
        Their numbers among all, increasing, ``(N,)``.
    skipped
        How many legs of each come before, ``(N,)``.
    """

    core: Core
    tracks: TrackArray
    flights: IntArray
    skipped: IntArray

    def at_home(self, rows: Encounters) -> Encounters:
        """Keep the meetings that are at home here, settle what is undecided, and number as all do.

        Parameters
        ----------
        rows
            Meetings of legs, flights and legs numbered as in ``tracks``.
        """
        tracks = self.tracks
        named = (("first", "first_leg"), ("second", "second_leg"))
        one, other = (
            Boxes.of(tracks, rows[flight], tracks.offsets.take(rows[flight]) + rows[leg])
            for flight, leg in named
        )
        rows = rows.compress(self.core.holds(np.maximum(one.low, other.low)))
        undecided = rows["inside"] == UNDECIDED
        if undecided.any():
            settled = exact.settle(tracks, rows.compress(undecided))
            rows = np.concatenate((rows.compress(~undecided), settled))
        for flight, leg in named:
            rows[leg] += self.skipped.take(rows[flight]).astype(np.int32)
            rows[flight] = self.flights.take(rows[flight])
        return rows


def tiling_for(tracks: TrackArray, *, legs: int = LEGS_A_TILE) -> Tiling:
    """Choose into how many tiles traffic is cut, about so many legs in each.

    Time is cut first: a flight is in few intervals of time, and in many places.

    Examples
    --------
    >>> from lowalt.conflicts.scenarios import scenario
    >>> tiling_for(scenario("city", 1000, window_s=86_400.0), legs=2_000)
    (12, 1, 1)
    """
    count = len(tracks.vertices) - len(tracks)
    wanted = ceil(count / legs)
    if wanted < 2:
        return 1, 1, 1
    horizon_s = float(tracks.ends_s.max() - tracks.starts_s.min())
    leg_s = float((tracks.ends_s - tracks.starts_s + 2.0 * tracks.time_uncertainty_s).sum()) / count
    in_time = max(1, min(wanted, int(horizon_s / (_LEGS_LONG * leg_s))))
    aside = sqrt(wanted / in_time)
    return in_time, ceil(aside), ceil(aside)


def portions(tracks: TrackArray, tiling: Tiling) -> Iterator[Portion]:
    """Cut traffic into tiles and give the portions, one after another, earlier ones first.

    Cuts are laid so that as many legs lie between one and the next, wherever the traffic is. Tiles
    with fewer than two flights are left out. What is made at one time are the boxes of the legs of
    the flights of one interval of time.
    """
    if len(tracks) < 2:
        return
    in_time, along_x, along_y = tiling
    every = -(-len(tracks.vertices) // _SAMPLE)
    late = tracks.time_uncertainty_s + _PAD_S
    begins, ends = tracks.starts_s - late, tracks.ends_s + late
    for since, until in pairwise(_cuts(tracks.vertices[::every, T], in_time)):
        flights = np.flatnonzero((begins < until) & (ends >= since))
        legs = _Legs.within(tracks, flights, since, until)
        whole = Core((since, -np.inf, -np.inf), (until, np.inf, np.inf))
        for core, near in _in_space(tracks, legs, whole, along_x, along_y):
            portion = _portion(tracks, near, core)
            if portion is not None:
                yield portion


def _in_space(
    tracks: TrackArray, legs: _Legs, whole: Core, along_x: int, along_y: int
) -> Iterator[tuple[Core, _Legs]]:
    """Cut an interval of time along x, and each part along y."""
    if along_x == along_y == 1:
        yield whole, legs
        return
    (since, *_), (until, *_) = whole
    boxes = Boxes.of(tracks, *legs)
    for west, east in pairwise(_cuts(boxes.low[1], along_x)):
        column = Core((since, west, -np.inf), (until, east, np.inf)).touches(boxes)
        for south, north in pairwise(_cuts(boxes.low[2].compress(column), along_y)):
            core = Core((since, west, south), (until, east, north))
            yield core, legs.compress(core.touches(boxes))


def _cuts(values: FloatArray, count: int) -> list[float]:
    """Cut a line so that as many values lie in each of so many intervals, all of it in them."""
    if not len(values):
        return [-np.inf, np.inf]
    ordered = np.sort(values)
    inner = np.unique(ordered[np.arange(1, count) * len(ordered) // count])
    return [-np.inf, *inner.tolist(), np.inf]


class _Legs(NamedTuple):
    """Legs of some flights: of which flight each is, and the vertex that it begins at."""

    flight: IntArray
    begin: IntArray

    @classmethod
    def within(cls, tracks: TrackArray, flights: IntArray, since: float, until: float) -> _Legs:
        """Take the legs that some flights may be on in an interval of time."""
        count = tracks.offsets[flights + 1] - tracks.offsets[flights] - 1
        begin, _ = runs(tracks.offsets[flights], count)
        legs = cls(np.repeat(flights, count), begin)
        margin = (tracks.time_uncertainty_s + _PAD_S).take(legs.flight)
        kept = tracks.vertices[begin, T] - margin < until
        kept &= tracks.vertices[begin + 1, T] + margin >= since
        return legs.compress(kept)

    def compress(self, kept: BoolArray) -> _Legs:
        return _Legs(self.flight.compress(kept), self.begin.compress(kept))


def _portion(tracks: TrackArray, legs: _Legs, core: Core) -> Portion | None:
    flight, begin = legs.flight, legs.begin
    if not len(flight):
        return None
    edge = np.flatnonzero(np.diff(flight))
    first, last = np.concatenate(([0], edge + 1)), np.append(edge, len(flight) - 1)
    flights = flight[first]
    if len(flights) < 2:
        return None
    start = np.maximum(begin[first] - 1, tracks.offsets[flights])
    stop = np.minimum(begin[last] + 3, tracks.offsets[flights + 1])
    rows, offsets = runs(start, stop - start)
    shipped = {field.name: getattr(tracks, field.name) for field in fields(tracks)}
    shipped |= {"vertices": tracks.vertices.take(rows, axis=0), "offsets": offsets}
    for name in ("horizontal_radius_m", "vertical_radius_m", "time_uncertainty_s"):
        shipped[name] = shipped[name][flights]
    for name in ("ids", "epoch", "frame", "surface"):  # nothing that a search looks at
        shipped[name] = None
    return Portion(core, TrackArray(**shipped), flights, skipped=start - tracks.offsets[flights])
