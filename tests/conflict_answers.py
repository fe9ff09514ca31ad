"""What the engines answer, and where that is not what arithmetic without rounding finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from importlib.util import find_spec
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike
from tests.conflict_oracle import Conflict, Floats, Oracle, near_pairs

from lowalt.conflicts import TrackArray
from lowalt.conflicts.detection import detect_conflicts
from lowalt.conflicts.table import ConflictTable

ENGINES: Final[tuple[Literal["numpy", "native"], ...]] = (
    ("numpy", "native") if find_spec("lowalt.conflicts._native") else ("numpy",)
)

_FINEST = Fraction(1, 1 << 60)
"""Seconds or metres that mean nothing, whatever the numbers."""

Vertex = tuple[float, float, float, float]
"""Time, x, y and z."""

_EPSILON = Fraction(1, 1 << 53)
"""What rounding changes a number by, at most, as a part of it."""


def tracks_of(
    flights: Sequence[Sequence[Vertex] | Floats],
    *,
    horizontal_radius_m: ArrayLike = 25.0,
    vertical_radius_m: ArrayLike = 10.0,
    **more: Any,
) -> TrackArray:
    """Take flights as lists of vertices."""
    columns = np.concatenate(
        [np.zeros((0, 4)), *(np.reshape(flight, (-1, 4)) for flight in flights)]
    )
    return TrackArray.from_local(
        np.cumsum([0, *map(len, flights)]),
        columns[:, 1],
        columns[:, 2],
        columns[:, 3],
        columns[:, 0],
        horizontal_radius_m=horizontal_radius_m,
        vertical_radius_m=vertical_radius_m,
        **more,
    )


def answer(tracks: TrackArray) -> ConflictTable:
    """Ask every engine there is; they must agree to the last bit."""
    first, *others = (detect_conflicts(tracks, engine=engine) for engine in ENGINES)
    for engine, other in zip(ENGINES[1:], others, strict=True):
        assert as_bytes(other) == as_bytes(first), f"{engine} differs from {ENGINES[0]}"
    return first


def as_bytes(table: ConflictTable) -> dict[str, bytes]:
    """Give the columns of a table, bit for bit."""
    names = ("pairs", "t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "legs_in", "legs_cpa", "legs_out")
    return {name: getattr(table, name).tobytes() for name in names}


def disagreements(table: ConflictTable) -> list[str]:
    """Say where a table is not what arithmetic without rounding finds, pair for pair.

    There must be the same intervals. Rounding may do to their instants and distances what moving
    the flights, or the radii, by ``_reach_m`` could do: they lie between those of a cylinder that
    much larger and one that much smaller. That is as exact as float64 can be, and where a
    cylinder is grazed it allows what the square root in it makes of it, no more.
    """
    tracks = table.tracks
    oracle = Oracle(tracks)
    expected = oracle.conflicts(near_pairs(tracks))
    given = [(int(a), int(b)) for a, b in table.pairs]
    if given != [c.pair for c in expected]:
        return [f"intervals {given}, expected {[_brief(c) for c in expected]}"]
    found = sorted({c.pair for c in expected})
    reach = {pair: _reach_m(tracks, pair) for pair in found}
    wider = {p: oracle.conflicts([p], wider_m=reach[p]) for p in found}
    narrower = {p: oracle.conflicts([p], wider_m=-reach[p]) for p in found}
    return [
        f"{_brief(c)}: {fault}"
        for row, c in enumerate(expected)
        for fault in _faults(
            oracle,
            table,
            row,
            c,
            wider=next(w for w in wider[c.pair] if _overlap(w, c)),
            narrower=[n for n in narrower[c.pair] if _overlap(n, c)],
            reach_m=reach[c.pair],
        )
    ]


def _faults(
    oracle: Oracle,
    table: ConflictTable,
    row: int,
    true: Conflict,
    *,
    wider: Conflict,
    narrower: Sequence[Conflict],
    reach_m: Fraction,
) -> Iterator[str]:
    """Say what of a row is out of bounds."""
    tracks = table.tracks
    slack_s = max(_FINEST, 4 * _EPSILON * max(abs(wider.t_in_s), abs(wider.t_out_s)))
    t_in, t_out, t_cpa, d_cpa = (
        Fraction(float(column[row]))
        for column in (table.t_in_s, table.t_out_s, table.t_cpa_s, table.d_cpa_m)
    )
    last_in = min((n.t_in_s for n in narrower), default=wider.t_out_s)
    first_out = max((n.t_out_s for n in narrower), default=wider.t_in_s)
    if not wider.t_in_s - slack_s <= t_in <= last_in + slack_s:
        yield f"t_in {float(t_in)!r}"
    if not first_out - slack_s <= t_out <= wider.t_out_s + slack_s:
        yield f"t_out {float(t_out)!r}"
    if not t_in <= t_cpa <= t_out:
        yield f"t_cpa {float(t_cpa)!r} not from {float(t_in)!r} to {float(t_out)!r}"
    greatest = min((n.d_cpa_m for n in narrower), default=true.d_cpa_m + reach_m)
    if not wider.d_cpa_m - reach_m <= d_cpa <= greatest + reach_m:
        yield f"d_cpa {float(d_cpa)!r}"
    apart = oracle.distance_m(true.pair, t_cpa)
    if abs(d_cpa - apart) > reach_m + slack_s * _fastest_m_s(tracks, true.pair):
        yield f"d_cpa {float(d_cpa)!r}, but {float(apart)!r} at t_cpa"
    for name, legs, t in (
        ("in", table.legs_in, t_in), ("cpa", table.legs_cpa, t_cpa), ("out", table.legs_out, t_out),
    ):  # fmt: skip
        for flight, leg in zip(true.pair, legs[row].tolist(), strict=True):
            first, last = tracks.offsets[flight : flight + 2].tolist()
            if not 0 <= leg < last - first - 1:
                yield f"legs_{name}: flight {flight} has no leg {leg}"
                continue
            start, end = (Fraction(tracks.vertices[first + leg + k, 0]) for k in (0, 1))
            if not start - slack_s <= t <= end + slack_s:
                yield f"legs_{name}: flight {flight} is not on leg {leg} at {float(t)!r}"


def _overlap(a: Conflict, b: Conflict) -> bool:
    return a.t_in_s <= b.t_out_s and b.t_in_s <= a.t_out_s


def _reach_m(tracks: TrackArray, pair: tuple[int, int]) -> Fraction:
    """How far rounding may move one of two flights: 64 times that of the greatest length."""
    lengths = [abs(Fraction(tracks.tolerance_m))]
    for flight in pair:
        first, last = tracks.offsets[flight : flight + 2]
        lengths.append(Fraction(float(np.abs(tracks.vertices[first:last, 1:]).max())))
        lengths.append(Fraction(float(tracks.horizontal_radius_m[flight])))
        lengths.append(Fraction(float(tracks.vertical_radius_m[flight])))
    return max(_FINEST, 64 * _EPSILON * max(lengths))


def _fastest_m_s(tracks: TrackArray, pair: tuple[int, int]) -> Fraction:
    """Bound how fast two flights may near each other: the sum of their greatest speeds."""
    total = Fraction(0)
    for flight in pair:
        first, last = tracks.offsets[flight : flight + 2]
        t, x, y, _ = np.diff(tracks.vertices[first:last], axis=0).T
        total += Fraction(float(((np.abs(x) + np.abs(y)) / t).max()))
    return total


def _brief(c: Conflict) -> str:
    times = f"{float(c.t_in_s)!r} to {float(c.t_out_s)!r}"
    return f"{c.pair}, {times}, {float(c.d_cpa_m)!r} m at {float(c.t_cpa_s)!r}"
