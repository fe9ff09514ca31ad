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

from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.latest import Latest, sides_of
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.passages import passages
from lowalt.conflicts.search.encounters import ENCOUNTER, UNDECIDED, Encounters, Meetings, meet
from lowalt.conflicts.tracks import FloatArray, IntArray, T, TrackArray, X, Y, Z, runs

FLIGHTS_UNCERTAIN: Final = -2
"""Instead of flags: two flights of which one is uncertain, and whose boxes touch."""


_CLEAR_M = 1e-3
"""Legs that far beyond their radii do not meet, whatever rounding did."""

_STILL_M2_S2 = 1e-30


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
    return np.concatenate(parts) if parts else np.zeros(0, dtype=ENCOUNTER)


def _in_cells(level: Level, version: int, tracks: TrackArray) -> _Candidates | None:
    """Find passages of accepted flights whose boxes touch those of new ones, each pair once."""
    layout = level.layout
    cut = passages(tracks, layout, tracks.tolerance_m)
    west, south, east, north = layout.cells(cut.boxes)
    row, begins = runs(south, north - south + 1)
    owner = np.arange(len(cut), dtype=np.intp).repeat(begins[1:] - begins[:-1])  # of rows of cells
    place = layout.place(cut.slab.take(owner).astype(np.intp), row)
    starts = level.starts.take(place + west.take(owner)).astype(np.intp)
    many = level.starts.take(place + (east + 1).take(owner)) - starts
    entry, _ = runs(starts, many)
    passage = level.entries.take(entry).astype(np.intp)
    own = owner.repeat(many)
    mine, theirs = cut.boxes.take(own, axis=0), level.boxes.take(passage, axis=0)
    apart = (mine[:, :3] > theirs[:, 3:]) | (theirs[:, :3] > mine[:, 3:])
    kept = np.flatnonzero(~apart.any(axis=1))
    if not len(kept):
        return None
    own, passage = own.take(kept), passage.take(kept)
    if len(kept) > 1:  # a pair of passages may share several cells
        both = np.unique(own * len(level.boxes) + passage)
        own, passage = both // len(level.boxes), both % len(level.boxes)
    accepted, first_leg, last_leg = level.links.take(passage, axis=0).astype(np.intp).T
    asked, asked_first_leg, asked_last_leg = cut.links.take(own, axis=0).astype(np.intp).T
    begins, ends = _ends(level.flights, accepted)
    if ((first_leg < begins) | (last_leg < first_leg) | (ends < last_leg)).any():
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
    is_uncertain = uncertain_s + tracks.time_uncertainty_s.take(found.asked) > 0.0
    parts = []
    if is_uncertain.any():
        parts.append(_uncertain(found.take(np.flatnonzero(is_uncertain)), base))
        found = found.take(np.flatnonzero(~is_uncertain))
    pair, a, b = _legs(accepted, found, tracks)
    found = found.take(pair)
    radius_m, height_m = (
        (theirs.take(found.accepted) + own.take(found.asked)) + tracks.tolerance_m
        for theirs, own in (
            (accepted.horizontal_radius_m, tracks.horizontal_radius_m),
            (accepted.vertical_radius_m, tracks.vertical_radius_m),
        )
    )
    near = _near(accepted, a, tracks, b, sizes_m=(radius_m, height_m))
    if len(near):
        found, a, b = found.take(near), a.take(near), b.take(near)
        # The legs looked at, and behind them all new flights.
        ends = np.column_stack((a, a + 1)).ravel()
        columns = np.concatenate((accepted.vertices.take(ends, axis=0), tracks.vertices)).T
        met = meet(
            np.ascontiguousarray(columns),
            np.arange(0, 2 * len(a), 2),
            2 * len(a) + b,
            radius_m=radius_m.take(near),
            height_m=height_m.take(near),
            exact=exact and tracks.has_exact_radii,
        )
        a -= accepted.offsets.take(found.accepted)
        b -= tracks.offsets.take(found.asked)
        parts.append(_rows(met, found, (a, b), layout, base=base))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=ENCOUNTER)


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
    return np.unique(rows) if layout is not None and layout.buckets else rows


def _near(
    accepted: Flights,
    a: IntArray,
    tracks: TrackArray,
    b: IntArray,
    *,
    sizes_m: tuple[FloatArray, FloatArray],
) -> IntArray:
    """Leave out legs that are clearly apart, which is nearly all: ``meet`` takes its time.

    The same closed form, roughly: distances while both legs last.
    """
    a0, a1 = accepted.vertices.take(a, axis=0).T, accepted.vertices.take(a + 1, axis=0).T
    b0, b1 = tracks.vertices.take(b, axis=0).T, tracks.vertices.take(b + 1, axis=0).T
    start = np.maximum(a0[T], b0[T])
    lasts = np.minimum(a1[T], b1[T]) - start
    a_speed, b_speed = (a1 - a0) / (a1[T] - a0[T]), (b1 - b0) / (b1[T] - b0[T])
    speed = a_speed - b_speed
    place = a0 + a_speed * (start - a0[T]) - b0 - b_speed * (start - b0[T])
    u, v, x, y = speed[X], speed[Y], place[X], place[Y]
    after = -(x * u + y * v) / np.maximum(u * u + v * v, _STILL_M2_S2)
    after = np.minimum(np.maximum(after, 0.0), lasts)
    x, y = x + u * after, y + v * after
    across, up = (size_m + _CLEAR_M for size_m in sizes_m)
    above, later = place[Z], place[Z] + speed[Z] * lasts
    is_near = x * x + y * y <= across * across
    is_near &= (np.minimum(above, later) <= up) & (np.maximum(above, later) >= -up)
    return np.flatnonzero(is_near)


def _legs(
    accepted: Flights, found: _Candidates, tracks: TrackArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Pair the legs of candidates that are flown at one time: candidate, and where legs begin.

    Legs that only share an instant count where one flight ends and the other begins then.
    """
    a, begins = runs(found.first_leg, found.last_leg - found.first_leg + 1)
    pair = np.repeat(np.arange(len(found.accepted)), np.diff(begins))
    begin_s, end_s = accepted.vertices[a, T], accepted.vertices[a + 1, T]
    first_leg, beyond = found.asked_first_leg.take(pair), found.asked_last_leg.take(pair) + 1
    times_s = tracks.vertices[:, T]
    least = _search(times_s[1:], first_leg, beyond, begin_s, side="left")
    beyond = _search(times_s, first_leg, beyond, end_s, side="right")
    b, begins = runs(least, np.maximum(beyond - least, 0))
    pair, a = (column.repeat(np.diff(begins)) for column in (pair, a))
    begins_s, ends_s = accepted.vertices[a, T], accepted.vertices[a + 1, T]
    asked_begins_s, asked_ends_s = tracks.vertices[b, T], tracks.vertices[b + 1, T]
    since, until = np.maximum(begins_s, asked_begins_s), np.minimum(ends_s, asked_ends_s)
    together = since < until
    instant = np.flatnonzero(since == until)
    if len(instant):
        first, last = _ends(accepted, found.accepted.take(pair.take(instant)))
        asked_first, asked_last = _ends(tracks, found.asked.take(pair.take(instant)))
        one, other, until = a.take(instant), b.take(instant), until.take(instant)
        follows = (one == last) & (other == asked_first) & (until == ends_s.take(instant))
        leads = (other == asked_last) & (one == first) & (until == asked_ends_s.take(instant))
        together[instant] = follows | leads
    kept = np.flatnonzero(together)
    return pair.take(kept), a.take(kept), b.take(kept)


def _search(
    sorted_s: FloatArray, low: IntArray, high: IntArray, t_s: FloatArray, *, side: str
) -> IntArray:
    """Do what :func:`numpy.searchsorted` does, for each time between two rows of its own."""
    while (is_open := low < high).any():
        half = (low + high) // 2
        at = sorted_s.take(half, mode="clip")
        is_before = at < t_s if side == "left" else at <= t_s
        low = np.where(is_open & is_before, half + 1, low)
        high = np.where(is_open & ~is_before, half, high)
    return low


def _ends(flights: Flights, numbers: IntArray) -> tuple[IntArray, IntArray]:
    """Give where the first leg of flights begins, and where the last one does."""
    return flights.offsets.take(numbers), flights.offsets.take(numbers + 1) - 2
