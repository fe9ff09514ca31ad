"""Which flight is in which cell, band and slot, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.density.grid import Grid
from lowalt.errors import InvalidInputError
from lowalt.paths import IntArray, Paths
from lowalt.terrain import FloatArray

SLOT, BAND, ROW, COLUMN, PLAN = range(5)
"""Columns of the keys of presences, in the order that they are sorted by."""

MOST_PRESENCES: Final = 50_000_000
"""More are refused: they are gigabytes, and no one looks at so fine a grid of so many flights."""

_LEAST_S: Final = 1e-6
"""Shorter stays are the rounding of a crossing: times of plans have microseconds."""


@dataclass(frozen=True, slots=True)
class Presences:
    """Flights in places: each key once.

    Attributes
    ----------
    keys
        Number of slot, band, row, column and plan, ``(P, 5)``, sorted.
    stay_s
        How long the flight is there in that slot, ``(P,)``.
    """

    keys: IntArray
    stay_s: FloatArray

    @classmethod
    def gathered(cls, keys: IntArray, stay_s: FloatArray) -> Presences:
        """Sort keys, and add up the stays of one flight in one place."""
        order = np.lexsort(keys.T[::-1])
        keys, stay_s = keys[order], stay_s[order]
        first = firsts(keys)
        return cls(keys[first], np.add.reduceat(stay_s, first) if len(first) else stay_s)

    @classmethod
    def all_of(cls, parts: Sequence[Presences]) -> Presences:
        """Put presences of different flights together."""
        none = np.zeros((0, 5), dtype=np.int64)
        keys = np.concatenate([none, *(part.keys for part in parts)])
        return cls.gathered(keys, np.concatenate([np.zeros(0), *(part.stay_s for part in parts)]))


def firsts(keys: IntArray) -> NDArray[np.intp]:
    """Where each of some sorted rows first stands."""
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return np.flatnonzero(new)


def refuse_too_many(count: float) -> None:
    """Refuse a grid that is too fine for the flights."""
    if count > MOST_PRESENCES:
        raise InvalidInputError(
            f"the flights pass {count:.3g} times from one cell, band or slot to another, and at"
            f" most {MOST_PRESENCES:g} are counted: take wider cells (cell_m=, or --cell of the"
            " command line), or fewer plans"
        )


def of_paths(paths: Paths, grid: Grid) -> Presences:
    """Cut paths where they pass to another cell, band or slot, and see where each part is.

    A piece is straight and uniform, so that place, height and time are linear along it: between
    two neighbouring cuts it is in one cell, one band and one slot, those of its middle.
    """
    piece = paths.begins_piece
    start_s = paths.epoch_us[paths.owner[piece]] / 1e6
    zero_slot = int(start_s.min() // grid.slot_s)
    since_s = start_s - float(zero_slot * grid.slot_s)
    xy, t_s = paths.xy / grid.cell_m, paths.t_s
    height_m = paths.heights(grid.reference)[piece].T
    ends = {
        COLUMN: (xy[piece, 0], xy[piece + 1, 0]),
        ROW: (xy[piece, 1], xy[piece + 1, 1]),
        SLOT: ((since_s + t_s[piece]) / grid.slot_s, (since_s + t_s[piece + 1]) / grid.slot_s),
        BAND: (height_m[0], height_m[1]),
    }
    part, share, width = _parts(ends, np.array(grid.bands_m))
    stay_s = width * (t_s[piece + 1] - t_s[piece])[part]
    kept = stay_s > _LEAST_S
    part, share, stay_s = part[kept], share[kept], stay_s[kept]
    keys = np.empty((len(part), 5), dtype=np.int64)
    for column, (begin, end) in ends.items():
        middle = begin[part] + share * (end - begin)[part]
        keys[:, column] = grid.bands_of(middle) if column == BAND else np.floor(middle)
    keys[:, SLOT] += zero_slot
    keys[:, PLAN] = paths.plan[paths.owner[piece]][part]
    return Presences.gathered(keys, stay_s)


def _parts(
    ends: dict[int, tuple[FloatArray, FloatArray]], edges_m: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut pieces at whole numbers of their coordinates, and at the edges of bands.

    Returns
    -------
    tuple
        Number of the piece that each part is of, where in it the part has its middle, and what
        share of it the part is.
    """
    count = len(ends[BAND][0])
    every = np.arange(count)
    crossings = {
        column: _at_edges(*pair, edges_m) if column == BAND else _at_whole(*pair)
        for column, pair in ends.items()
    }
    refuse_too_many(count + sum(float(n.sum()) for _, n in crossings.values()))
    pieces, shares = [every, every], [np.zeros(count), np.ones(count)]
    for column, (first, number) in crossings.items():
        at = np.repeat(every, number)
        line = np.repeat(first - (np.cumsum(number) - number), number) + np.arange(len(at))
        begin, end = (values[at] for values in ends[column])
        value = edges_m[line] if column == BAND else line
        pieces.append(at)
        shares.append(np.clip((value - begin) / (end - begin), 0.0, 1.0))
    piece, share = np.concatenate(pieces), np.concatenate(shares)
    order = np.lexsort((share, piece))
    piece, share = piece[order], share[order]
    inner = piece[1:] == piece[:-1]
    before, after = share[:-1][inner], share[1:][inner]
    return piece[:-1][inner], (before + after) / 2.0, after - before


def _at_whole(begin: FloatArray, end: FloatArray) -> tuple[IntArray, IntArray]:
    """Find the first whole number strictly between two numbers, and how many there are."""
    first = np.floor(np.minimum(begin, end)) + 1.0
    number = np.maximum(np.ceil(np.maximum(begin, end)) - first, 0.0)
    return first.astype(np.int64), number.astype(np.int64)


def _at_edges(begin: FloatArray, end: FloatArray, edges: FloatArray) -> tuple[IntArray, IntArray]:
    """Find the number of the first edge strictly between two heights, and how many there are.

    Of heights that are not known none: NaN is sorted behind all edges.
    """
    first = np.searchsorted(edges, np.minimum(begin, end), side="right")
    last = np.searchsorted(edges, np.maximum(begin, end), side="left")
    return first.astype(np.int64), np.maximum(last - first, 0).astype(np.int64)
