"""Which accepted flights new ones meet, with numpy: what ``native/index.c`` does in C.

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
from lowalt.conflicts.index.candidates import Candidates, among, ends_of, in_cells
from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.latest import Latest
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.index.leg_by_leg import are_few, meetings_of_few
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.rows import each_of, search_within
from lowalt.conflicts.search.encounters import ENCOUNTER, UNDECIDED, Encounters, Meetings, meet
from lowalt.conflicts.tracks import TrackArray

FLIGHTS_UNCERTAIN: Final = -2
"""Instead of flags: two flights of which one is uncertain, and whose boxes touch."""


_CLEAR_M = 1e-3
"""Legs that far beyond their radii do not meet, whatever rounding did."""

_STILL_M2_S2 = 1e-30

_COLUMNS = np.arange(8)[:, None]

_NO_ENCOUNTERS: Final = np.zeros(0, dtype=ENCOUNTER)


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
        found = in_cells(level, version, tracks)
        if found is not None:
            parts += _meetings(level.flights, found, tracks, level.layout, base=base, exact=exact)
        base += len(level)
    found = among(latest, count, version, tracks)
    if found is not None:
        parts += _meetings(latest, found, tracks, None, base=base, exact=exact)
    return np.concatenate(parts) if parts else _NO_ENCOUNTERS


def _meetings(
    accepted: Flights,
    found: Candidates,
    tracks: TrackArray,
    layout: Layout | None,
    *,
    base: int,
    exact: bool,
) -> list[Encounters]:
    """Find the meetings of the legs of candidates; in a level each in the slab it begins in."""
    uncertain_s = accepted.time_uncertainty_s.take(found.accepted)
    uncertain_s += tracks.time_uncertainty_s.take(found.asked)
    parts = []
    if uncertain_s.any():
        parts.append(_uncertain(found.take(np.flatnonzero(uncertain_s)), base))
        found = found.take(np.flatnonzero(uncertain_s == 0.0))
        if not len(found.accepted):
            return parts
    exact = exact and tracks.has_exact_radii
    if are_few(found):
        rows = meetings_of_few(accepted, found, tracks, layout, base=base, exact=exact)
        return parts if rows is None else [*parts, rows]
    sizes_m = np.stack(
        [
            theirs.take(found.accepted) + own.take(found.asked)
            for theirs, own in (
                (accepted.horizontal_radius_m, tracks.horizontal_radius_m),
                (accepted.vertical_radius_m, tracks.vertical_radius_m),
            )
        ]
    )
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
            exact=exact,
        )
        a -= accepted.offsets.take(found.accepted)
        b -= tracks.offsets.take(found.asked)
        parts.append(_rows(met, found, (a, b), layout, base=base))
    return parts


def _uncertain(found: Candidates, base: int) -> Encounters:
    rows = np.zeros(len(found.accepted), dtype=ENCOUNTER)
    rows["first"], rows["second"] = found.accepted + base, found.asked
    rows["inside"] = FLIGHTS_UNCERTAIN
    return rows


def _rows(
    met: Meetings,
    found: Candidates,
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
    accepted: Flights, found: Candidates, tracks: TrackArray, sizes_m: FloatArray
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
    _, last = ends_of(before.flights, before.flight)
    first, _ = ends_of(after.flights, after.flight)
    end_s, begin_s = (
        before.flights.vertices[before.leg + 1, T],
        after.flights.vertices[after.leg, T],
    )
    relieves: BoolArray = (before.leg == last) & (after.leg == first) & (end_s <= begin_s)
    return relieves


def _legs_while(
    tracks: TrackArray, found: Candidates, pair: IntArray, begin_s: FloatArray, end_s: FloatArray
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
