"""Which accepted flights new ones meet, in arrays: what ``native/index.c`` does in C.

Both give the meetings of legs found in the cells that a new flight passes, and among the flights
accepted last. A pair of passages that shares several cells is taken in the first, and a meeting in
the slab in which it begins, so none is found twice. Only where slabs share places may a passage of
another slab find the same meeting again; here that is left out, and behind the C core when meetings
are joined. Accepted flights are numbered through all levels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T
from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.latest import Latest, sides_of
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.passages import Passages, passages
from lowalt.conflicts.index.rows import each_of, each_once, search_within
from lowalt.conflicts.search.encounters import ENCOUNTER, UNDECIDED, Encounters, Meetings, meet
from lowalt.conflicts.tracks import TrackArray

FLIGHTS_UNCERTAIN: Final = -2
"""Instead of flags: two flights of which one is uncertain, and whose boxes touch."""


_CLEAR_M = 1e-3
"""Legs that far beyond their radii do not meet, whatever rounding did."""

_STILL_M2_S2 = 1e-30

_COLUMNS = np.arange(8)[:, None]

_NO_ROWS: Final = np.zeros(0, dtype=np.intp)
_NO_ENCOUNTERS: Final = np.zeros(0, dtype=ENCOUNTER)


class _Candidates(NamedTuple):
    """Pairs of flights that may meet: which legs of each, by the vertices that they begin at."""

    accepted: IntArray
    asked: IntArray
    first_leg: IntArray
    last_leg: IntArray
    asked_first_leg: IntArray
    asked_last_leg: IntArray
    slab: IntArray

    def take(self, rows: IntArray) -> _Candidates:
        return _Candidates(*(column.take(rows) for column in self))


class _Legs(NamedTuple):
    """Legs by the vertices that they begin at, and the flights that they are of."""

    flights: Flights
    flight: IntArray
    leg: IntArray


def ask(
    levels: Sequence[Level],
    latest: Latest,
    tracks: TrackArray,
    *,
    count: int,
    version: int,
    exact: bool,
) -> Encounters:
    """Find the meetings of legs of accepted flights with those of new ones.

    Pairs of legs that float64 does not decide are marked
    :data:`~lowalt.conflicts.search.encounters.UNDECIDED`, pairs of flights that are left to
    :mod:`lowalt.conflicts.search.uncertainty` are marked :data:`FLIGHTS_UNCERTAIN`.
    """
    parts = []
    base = 0
    for level in levels:
        found = _in_cells(level, version, tracks)
        if found is not None:
            parts.append(
                _meetings(level.flights, found, tracks, level.layout, base=base, exact=exact)
            )
        base += len(level)
    found = _among(latest, count, version, tracks)
    if found is not None:
        parts.append(_meetings(latest, found, tracks, None, base=base, exact=exact))
    return np.concatenate(parts) if parts else _NO_ENCOUNTERS


def _in_cells(level: Level, version: int, tracks: TrackArray) -> _Candidates | None:
    """Find passages of accepted flights whose boxes touch those of new ones, each pair once."""
    cut = passages(tracks, level.layout, tracks.tolerance_m)
    passage, own = _entries(level, cut)
    mine, theirs = cut.boxes.take(own, axis=0), level.boxes.take(passage, axis=0)
    touch = (mine[:, :3] <= theirs[:, 3:]) & (theirs[:, :3] <= mine[:, 3:])
    kept = np.flatnonzero(np.logical_and.reduce(touch, axis=1))
    if not len(kept):
        return None
    pair = own.take(kept) * len(level.boxes) + passage.take(kept)
    if len(kept) > 1:  # a pair of passages may share several cells
        pair = each_once(pair)
    own = pair // len(level.boxes)
    passage = pair - own * len(level.boxes)
    accepted, first_leg, last_leg = level.links.take(passage, axis=0).T.astype(np.intp)
    asked, asked_first_leg, asked_last_leg = cut.links.take(own, axis=0).T.astype(np.intp)
    begins, ends = _ends(level.flights, accepted)
    if not ((begins <= first_leg) & (first_leg <= last_leg) & (last_leg <= ends)).all():
        raise IndexError("legs of another flight")  # only in a damaged file
    found = _Candidates(
        accepted,
        asked,
        first_leg,
        last_leg,
        asked_first_leg,
        asked_last_leg,
        cut.slab.take(own).astype(np.intp),
    )
    gone = level.flights.gone.take(accepted)
    return found.take(np.flatnonzero((gone == 0) | (gone > version))) if gone.any() else found


def _entries(level: Level, cut: Passages) -> tuple[IntArray, IntArray]:
    """Give the entries of all cells that passages reach: accepted passages, and which is near each.

    Cells are counted one by one: a flight has a dozen rows of them, for which that is faster.
    """
    layout, where = level.layout, level.starts.item
    entered, many, owners = [], [], []
    for owner, (slab, west, south, east, north) in enumerate(
        zip(cut.slab.tolist(), *layout.cells(cut.boxes).tolist(), strict=True)
    ):
        for row in range(south, north + 1):
            place = layout.place_at(slab, row)
            begin, end = where(place + west), where(place + east + 1)
            if begin < end:
                entered.append(level.entries[begin:end])
                many.append(end - begin)
                owners.append(owner)
    if not entered:
        return _NO_ROWS, _NO_ROWS
    passage = np.concatenate(entered, dtype=np.intp)
    return passage, np.array(owners).repeat(many)


def _among(latest: Latest, count: int, version: int, tracks: TrackArray) -> _Candidates | None:
    """Find flights accepted last whose boxes touch those of new ones."""
    if not count:
        return None
    sides, gone = latest.sides[:, :count], latest.gone[:count]
    is_here = (gone == 0) | (gone > version)
    pairs = []
    for asked, own in enumerate(sides_of(tracks, tracks.tolerance_m).T.tolist()):
        near = is_here & (sides[0] <= own[1])
        for side in range(1, 8):
            near &= sides[side] >= own[side - 1] if side % 2 else sides[side] <= own[side + 1]
        rows = np.flatnonzero(near)
        pairs.append((rows, np.full(len(rows), asked, dtype=np.intp)))
    accepted, asked_ = (np.concatenate(column) for column in zip(*pairs, strict=True))
    if not len(accepted):
        return None
    return _Candidates(
        accepted,
        asked_,
        latest.offsets.take(accepted),
        latest.offsets.take(accepted + 1) - 2,
        tracks.offsets.take(asked_),
        tracks.offsets.take(asked_ + 1) - 2,
        np.zeros(len(accepted), dtype=np.intp),
    )


def _meetings(
    accepted: Flights,
    found: _Candidates,
    tracks: TrackArray,
    layout: Layout | None,
    *,
    base: int,
    exact: bool,
) -> Encounters:
    """Find the meetings of the legs of candidates; in a level each in the slab it begins in."""
    uncertain_s = accepted.time_uncertainty_s.take(found.accepted)
    uncertain_s += tracks.time_uncertainty_s.take(found.asked)
    parts = []
    if uncertain_s.any():
        parts.append(_uncertain(found.take(np.flatnonzero(uncertain_s)), base))
        found = found.take(np.flatnonzero(uncertain_s == 0.0))
    sizes_m = np.empty((2, len(found.accepted)))
    for size_m, theirs, own in (
        (sizes_m[0], accepted.horizontal_radius_m, tracks.horizontal_radius_m),
        (sizes_m[1], accepted.vertical_radius_m, tracks.vertical_radius_m),
    ):
        np.add(theirs.take(found.accepted), own.take(found.asked), out=size_m)
    sizes_m += tracks.tolerance_m
    pair, a, b = _near(accepted, found, tracks, sizes_m)
    if len(pair):
        radius_m, height_m = sizes_m.take(pair, axis=1)
        found = found.take(pair)
        # The legs looked at, and behind them all new flights.
        ends = np.column_stack((a, a + 1)).ravel()
        columns = np.concatenate((accepted.vertices.take(ends, axis=0), tracks.vertices)).T
        met = meet(
            np.ascontiguousarray(columns),
            np.arange(0, 2 * len(a), 2),
            2 * len(a) + b,
            radius_m=radius_m,
            height_m=height_m,
            exact=exact and tracks.has_exact_radii,
        )
        a -= accepted.offsets.take(found.accepted)
        b -= tracks.offsets.take(found.asked)
        parts.append(_rows(met, found, (a, b), layout, base=base))
    return np.concatenate(parts) if parts else _NO_ENCOUNTERS


def _uncertain(found: _Candidates, base: int) -> Encounters:
    rows = np.zeros(len(found.accepted), dtype=ENCOUNTER)
    rows["first"], rows["second"] = found.accepted + base, found.asked
    rows["inside"] = FLIGHTS_UNCERTAIN
    return rows


def _rows(
    met: Meetings,
    found: _Candidates,
    legs: tuple[IntArray, IntArray],
    layout: Layout | None,
    *,
    base: int,
) -> Encounters:
    """Give the meetings of numbered legs as rows, but for those that begin in another slab."""
    certain, undecided = np.arange(len(met.rows)), np.arange(len(met.undecided))
    if layout is not None:
        certain, undecided = (
            np.flatnonzero(layout.slab(t_s) == found.slab.take(pairs))
            for t_s, pairs in ((met.t_in_s, met.rows), (met.undecided_s, met.undecided))
        )
    of = np.concatenate((met.rows.take(certain), met.undecided.take(undecided)))
    rows = np.zeros(len(of), dtype=ENCOUNTER)
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside"):
        rows[name][: len(certain)] = getattr(met, name).take(certain)
    rows["t_in_s"][len(certain) :] = met.undecided_s.take(undecided)
    rows["inside"][len(certain) :] = UNDECIDED
    rows["first"], rows["second"] = found.accepted.take(of) + base, found.asked.take(of)
    rows["first_leg"], rows["second_leg"] = (leg.take(of) for leg in legs)
    shares_places = layout is not None and layout.buckets
    return np.unique(rows) if shares_places and len(rows) > 1 else rows


def _near(
    accepted: Flights, found: _Candidates, tracks: TrackArray, sizes_m: FloatArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Pair the legs of candidates that share an instant, but for those that are clearly apart.

    The same closed form as that of ``meet``, roughly: distances while both legs last. Nearly all
    legs are apart, and ``meet`` takes its time.

    Returns
    -------
    tuple
        Candidates, and where the legs of each begin.
    """
    a, pair = each_of(found.first_leg, found.last_leg - found.first_leg + 1)
    one = _ends_of_legs(accepted, a)
    b, of = _legs_while(tracks, found, pair, one[T], one[4 + T])
    pair = pair.take(of)
    across_m, up_m = sizes_m.take(pair, axis=1) + _CLEAR_M
    legs = np.concatenate((one.take(of, axis=1), _ends_of_legs(tracks, b))).reshape(2, 8, -1)
    begins, ends = legs[:, :4], legs[:, 4:]
    start_s = np.maximum(*begins[:, T])
    lasts_s = np.minimum(*ends[:, T]) - start_s
    speed = ends - begins
    speed /= speed[:, :1]
    place = begins + speed * (start_s - begins[:, T])[:, None]
    _, x, y, z = place[0] - place[1]
    _, u, v, w = speed[1] - speed[0]  # that of the new flight, seen from the other
    after_s = (x * u + y * v) / np.maximum(u * u + v * v, _STILL_M2_S2)
    after_s = np.minimum(np.maximum(after_s, 0.0), lasts_s)
    x -= u * after_s
    y -= v * after_s
    later = z - w * lasts_s
    is_near = x * x + y * y <= across_m * across_m
    is_near &= np.minimum(z, later) <= up_m
    is_near &= np.maximum(z, later) >= -up_m
    kept = is_near.nonzero()[0]
    pair, a, b = pair.take(kept), a.take(of.take(kept)), b.take(kept)
    is_together = lasts_s.take(kept) > 0.0
    if not is_together.all():
        former = _Legs(accepted, found.accepted.take(pair), a)
        latter = _Legs(tracks, found.asked.take(pair), b)
        is_together |= _relieve(former, latter) | _relieve(latter, former)
        pair, a, b = (column.compress(is_together) for column in (pair, a, b))
    return pair, a, b


def _ends_of_legs(flights: Flights, legs: IntArray) -> FloatArray:
    """Give t, x, y and z of both ends of legs, ``(8, N)``: vertices follow one another."""
    return flights.vertices.ravel().take(4 * legs + _COLUMNS)


def _relieve(before: _Legs, after: _Legs) -> BoolArray:
    """Tell last legs of a flight that end as, or before, the first one of another begins."""
    _, last = _ends(before.flights, before.flight)
    first, _ = _ends(after.flights, after.flight)
    end_s, begin_s = (
        before.flights.vertices[before.leg + 1, T],
        after.flights.vertices[after.leg, T],
    )
    relieves: BoolArray = (before.leg == last) & (after.leg == first) & (end_s <= begin_s)
    return relieves


def _legs_while(
    tracks: TrackArray, found: _Candidates, pair: IntArray, begin_s: FloatArray, end_s: FloatArray
) -> tuple[IntArray, IntArray]:
    """Give the legs of new flights flown at some time between two, as :func:`each_of` does."""
    times_s = tracks.vertices[:, T]
    least, most = found.asked_first_leg.take(pair), found.asked_last_leg.take(pair) + 1
    if len(tracks) == 1:
        least = np.maximum(least, times_s[1:].searchsorted(begin_s))
        most = np.minimum(most, times_s.searchsorted(end_s, "right"))
    else:
        least, most = (
            search_within(times_s[1:], least, most, begin_s, side="left"),
            search_within(times_s, least, most, end_s, side="right"),
        )
    return each_of(least, np.maximum(most - least, 0))


def _ends(flights: Flights, numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Give where the first leg of flights begins, and where the last one does."""
    return flights.offsets.take(numbers), flights.offsets.take(numbers + 1) - 2
