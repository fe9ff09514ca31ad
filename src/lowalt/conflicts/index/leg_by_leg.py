"""Meetings of the legs of few candidates, number by number: faster than arrays of a few each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lowalt.conflicts.index.candidates import Candidates
from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.search.encounters import ENCOUNTER, Encounters
from lowalt.conflicts.search.one_encounter import Vertex, meet_one
from lowalt.conflicts.tracks import TrackArray

_MOST_LEGS: Final = 400
"""Legs of candidates, of both flights together, up to which they are looked at one by one."""

Row = tuple[float, float, float, float, int, int, int, int, int]
"""What :data:`~lowalt.conflicts.search.encounters.ENCOUNTER` has."""


def are_few(found: Candidates) -> bool:
    """Tell whether candidates have so few legs that arrays do not pay."""
    if len(found.accepted) > _MOST_LEGS:
        return False
    legs = found.last_leg - found.first_leg
    legs += found.asked_last_leg
    legs -= found.asked_first_leg
    return int(legs.sum()) + 2 * len(legs) <= _MOST_LEGS


def meetings_of_few(
    accepted: Flights,
    found: Candidates,
    tracks: TrackArray,
    layout: Layout | None,
    *,
    base: int,
    exact: bool,
) -> Encounters | None:
    """Find the meetings of the legs of candidates that are certain of their times.

    In a level each is found in the slab that it begins in. Gives nothing where there are none.
    """
    rows: list[Row] = []
    own = tracks.vertices.tolist()
    for one, other, first, last, own_first, own_last, slab in zip(
        *(column.tolist() for column in found), strict=True
    ):
        begin, own_begin = accepted.offsets.item(one), tracks.offsets.item(other)
        theirs = accepted.vertices[first : last + 2].tolist()
        radius_m, height_m = (
            theirs_m.item(one) + own_m.item(other) + tracks.tolerance_m
            for theirs_m, own_m in (
                (accepted.horizontal_radius_m, tracks.horizontal_radius_m),
                (accepted.vertical_radius_m, tracks.vertical_radius_m),
            )
        )
        relieves = (
            own_first == own_begin and last == accepted.offsets.item(one + 1) - 2,
            first == begin and own_last == tracks.offsets.item(other + 1) - 2,
        )
        mine = own[own_first : own_last + 2]
        for a, b in _together(theirs, mine, *relieves):
            met = meet_one(
                (theirs[a], theirs[a + 1]),
                (mine[b], mine[b + 1]),
                radius_m=radius_m,
                height_m=height_m,
                exact=exact,
            )
            if met is not None and (layout is None or layout.slab_at(met[0]) == slab):
                legs = (first + a - begin, own_first + b - own_begin)
                rows.append((*met[:4], one + base, other, *legs, met[4]))
    if not rows:
        return None
    if layout is not None and layout.buckets:  # slabs share places: another may tell the same
        rows = list(dict.fromkeys(rows))
    return np.array(rows, dtype=ENCOUNTER)


def _together(
    one: list[Vertex], other: list[Vertex], relieved: bool, relieves: bool
) -> Iterator[tuple[int, int]]:
    """Pair the legs of two flights that share more than an instant.

    An instant is enough where it ends one flight and begins the other: whether those given are the
    last ones of the one flight and the first ones of the other is said, and the reverse.
    """
    b, last_a, last_b = 0, len(one) - 2, len(other) - 2
    for a in range(last_a + 1):
        begin_s, end_s = one[a][0], one[a + 1][0]
        while b < last_b and other[b + 1][0] < begin_s:
            b += 1
        for leg in range(b, last_b + 1):
            from_s, to_s = max(begin_s, other[leg][0]), min(end_s, other[leg + 1][0])
            if from_s > to_s:
                break
            if (
                from_s < to_s
                or (relieved and a == last_a and leg == 0 and end_s <= from_s)
                or (relieves and a == 0 and leg == last_b and other[leg + 1][0] <= begin_s)
            ):
                yield a, leg
