"""Meetings of flights that may be early or late, leg by leg."""

from __future__ import annotations

import numpy as np

from lowalt.conflicts.index.passages import SLACK_S
from lowalt.conflicts.search.encounters import ENCOUNTER, Encounters
from lowalt.conflicts.search.uncertainty import meet_within
from lowalt.conflicts.tracks import T, TrackArray, runs


def may_meet(tracks: TrackArray, pairs: Encounters) -> Encounters:
    """Find when the legs of pairs of flights may meet; the same pair may be given twice."""
    found = [_legs_that_may(tracks, *pair) for pair in np.unique(pairs[["first", "second"]])]
    return np.concatenate(found) if found else np.zeros(0, dtype=ENCOUNTER)


def _legs_that_may(tracks: TrackArray, first: int, second: int) -> Encounters:
    uncertain_s = tracks.time_uncertainty_s[[first, second]]
    begins, ends = (
        tracks.vertices[tracks.offsets[at] : tracks.offsets[at + 1], T] for at in (first, second)
    )
    # For each leg of the first flight, those of the second that it may share an instant with.
    margin = uncertain_s.sum() + SLACK_S
    least = np.maximum(np.searchsorted(ends, begins[:-1] - margin) - 1, 0)
    most = np.minimum(np.searchsorted(ends, begins[1:] + margin, side="right"), len(ends) - 1)
    many = np.maximum(most - least, 0)
    other_leg, _ = runs(least, many)
    leg = np.repeat(np.arange(len(many)), many)
    radii_m, heights_m = (
        sizes[[first, second]].tolist()
        for sizes in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
    )
    sizes_m = (*radii_m, *heights_m, tracks.tolerance_m)
    met = meet_within(
        np.ascontiguousarray(tracks.vertices.T),
        tracks.offsets[first] + leg,
        tracks.offsets[second] + other_leg,
        radius_m=np.full(len(leg), sum(radii_m) + tracks.tolerance_m),
        height_m=np.full(len(leg), sum(heights_m) + tracks.tolerance_m),
        first_uncertainty_s=np.full(len(leg), uncertain_s[0]),
        second_uncertainty_s=np.full(len(leg), uncertain_s[1]),
        exact=all((size_m * 2.0**20).is_integer() for size_m in sizes_m),
    )
    rows = np.zeros(len(met.rows), dtype=ENCOUNTER)
    for name in ("t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "inside"):
        rows[name] = getattr(met, name)
    rows["first"], rows["second"] = first, second
    rows["first_leg"], rows["second_leg"] = leg.take(met.rows), other_leg.take(met.rows)
    return rows
