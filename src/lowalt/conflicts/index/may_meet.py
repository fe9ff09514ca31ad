"""Meetings of flights that may be early or late, leg by leg."""

from __future__ import annotations

from typing import Final

import numpy as np

from lowalt.conflicts.arrays import IntArray, T
from lowalt.conflicts.index.passages import SLACK_S
from lowalt.conflicts.index.rows import each_of, search_within
from lowalt.conflicts.search.encounters import ENCOUNTER, Encounters
from lowalt.conflicts.search.uncertainty import meet_within
from lowalt.conflicts.tracks import TrackArray

_PAIRS_AT_ONCE: Final = 64


def may_meet(tracks: TrackArray, pairs: Encounters) -> Encounters:
    """Find when the legs of pairs of flights may meet; the same pair may be given twice."""
    chosen = np.unique(pairs[["first", "second"]])
    first, second = (chosen[name].astype(np.intp) for name in ("first", "second"))
    found = [np.zeros(0, dtype=ENCOUNTER)]
    for begin in range(0, len(chosen), _PAIRS_AT_ONCE):
        some = slice(begin, begin + _PAIRS_AT_ONCE)
        found.append(_legs_that_may(tracks, first[some], second[some]))
    return np.concatenate(found)


def _legs_that_may(tracks: TrackArray, first: IntArray, second: IntArray) -> Encounters:
    a, b, pair = _leg_pairs(tracks, first, second)
    first, second = first.take(pair), second.take(pair)
    radius_m, height_m = (
        (size_m.take(first) + size_m.take(second)) + tracks.tolerance_m
        for size_m in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
    )
    exact = tracks.exact_radii
    met = meet_within(
        np.ascontiguousarray(tracks.vertices.T),
        a,
        b,
        radius_m=radius_m,
        height_m=height_m,
        first_uncertainty_s=tracks.time_uncertainty_s.take(first),
        second_uncertainty_s=tracks.time_uncertainty_s.take(second),
        exact=exact.take(first) & exact.take(second),
    )
    rows = np.zeros(len(met.rows), dtype=ENCOUNTER)
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside"):
        rows[name] = getattr(met, name)
    for flights, flight, legs, leg in (
        (first, "first", a, "first_leg"), (second, "second", b, "second_leg"),
    ):  # fmt: skip
        rows[flight] = flights.take(met.rows)
        rows[leg] = (legs - tracks.offsets.take(flights)).take(met.rows)
    return rows


def _leg_pairs(
    tracks: TrackArray, first: IntArray, second: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Pair legs that may share an instant: where those of both flights begin, and of which pair."""
    offsets, times_s = tracks.offsets, tracks.vertices[:, T]
    a, pair = each_of(offsets.take(first), offsets.take(first + 1) - offsets.take(first) - 1)
    uncertain_s = tracks.time_uncertainty_s
    margin_s = (uncertain_s.take(first) + uncertain_s.take(second) + SLACK_S).take(pair)
    begins, ends = (offsets.take(second + n).take(pair) for n in (0, 1))
    early_s, late_s = times_s.take(a) - margin_s, times_s.take(a + 1) + margin_s
    least = search_within(times_s, begins, ends, early_s, side="left") - 1
    most = search_within(times_s, begins, ends, late_s, side="right")
    least, most = np.maximum(least, begins), np.minimum(most, ends - 1)
    b, of = each_of(least, np.maximum(most - least, 0))
    return a.take(of), b, pair.take(of)
