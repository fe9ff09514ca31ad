"""Levels of an index: many flights that never change, each found by the cells that it passes.

A flight's passage of a slab is entered in every cell that its box touches. Passages lie in the
order of their south-western cells, so those of a neighbourhood are near one another in memory;
``entries`` lists them cell by cell, and ``starts`` says where the entries of each cell begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import IntArray, runs
from lowalt.conflicts.index.flights import Accepted
from lowalt.conflicts.index.layout import Float32Array, Layout
from lowalt.conflicts.index.passages import Passages, counted, passages
from lowalt.conflicts.index.pieces import add_up, pieces
from lowalt.errors import InvalidInputError

with suppress(ImportError):  # installed where there was no compiler
    from lowalt.conflicts import _native

UInt32Array = NDArray[np.uint32]

MOST: Final = (1 << 32) - 1
"""Vertices, passages or entries of one level are counted in 32 bits."""

_PASSAGES_AT_ONCE = 1 << 12
_PLACES_AT_ONCE = 1 << 17


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Flights and where to find them.

    Attributes
    ----------
    flights
        The flights.
    layout
        How time and the plane are cut.
    starts
        Where the entries of each place begin, and where the last ones end, ``(places + 1,)``.
    entries
        Rows of passages, ``(E,)``.
    boxes, links
        As in :class:`~lowalt.conflicts.index.passages.Passages`, ``(P, 6)`` and ``(P, 3)``.
    handle
        The same for the C core; ``None`` where numpy serves.
    """

    flights: Accepted
    layout: Layout
    starts: UInt32Array
    entries: UInt32Array
    boxes: Float32Array
    links: UInt32Array
    handle: object | None

    @classmethod
    def of(cls, flights: Accepted, *, tolerance_m: float, native: bool) -> Level:
        """Enter flights in cells."""
        _require_room("vertices", len(flights.vertices))
        layout = Layout.over(flights)
        cut = _cut(flights, layout, tolerance_m, native=native)
        _require_room("passages of slabs", len(cut))
        layout = layout.with_cells_for(cut.boxes)
        enter = _enter_native if native else _enter
        _, order = enter(cut, layout, home=True)
        cut = cut.take(order)
        starts, entries = enter(cut, layout, home=False)
        return cls.over(
            flights, layout, starts=starts, entries=entries, boxes=cut.boxes, links=cut.links,
            native=native,
        )  # fmt: skip

    @classmethod
    def over(
        cls,
        flights: Accepted,
        layout: Layout,
        *,
        starts: UInt32Array,
        entries: UInt32Array,
        boxes: Float32Array,
        links: UInt32Array,
        native: bool,
    ) -> Level:
        """Make a level of its arrays."""
        arrays = (
            flights.vertices, flights.offsets, flights.horizontal_radius_m,
            flights.vertical_radius_m, flights.time_uncertainty_s, flights.gone,
            layout.numbers, starts, entries, boxes, links,
        )  # fmt: skip
        handle = _native.index_level(arrays) if native else None
        return cls(flights, layout, starts, entries, boxes, links, handle)

    def __len__(self) -> int:
        return len(self.flights)


def _require_room(what: str, count: int) -> None:
    if count > MOST:
        raise InvalidInputError(
            f"{count} {what} are more than an index can hold, {MOST}; split the flights by day or"
            " region, with an index for each"
        )


def _cut(flights: Accepted, layout: Layout, tolerance_m: float, *, native: bool) -> Passages:
    if not native:
        return passages(flights, layout, tolerance_m)
    total = int(counted(flights, layout)[1].sum())
    cut = Passages(
        np.empty(total, np.int32), np.empty((total, 6), np.float32), np.empty((total, 3), np.uint32)
    )
    _native.index_passages(
        flights.vertices, flights.offsets, flights.horizontal_radius_m, flights.vertical_radius_m,
        flights.time_uncertainty_s, tolerance_m, layout.numbers, cut.slab, cut.boxes, cut.links,
    )  # fmt: skip
    return cut


def _enter_native(cut: Passages, layout: Layout, *, home: bool) -> tuple[UInt32Array, UInt32Array]:
    """Do what :func:`_enter` does, in C."""
    numbers = layout.numbers
    # Counts stand two places on, so that once added up and moved on they say where each begins.
    starts = np.zeros(layout.places + 2, dtype=np.uint32)
    none = np.empty(0, dtype=np.uint32)
    _native.index_enter(cut.slab, cut.boxes, numbers, home, starts[2:], none)
    total = int(starts.sum(dtype=np.uint64))
    _require_room("entries", total)
    add_up(starts)
    entries = np.empty(total, dtype=np.uint32)
    _native.index_enter(cut.slab, cut.boxes, numbers, home, starts[1:], entries)
    return starts[:-1], entries


def _enter(cut: Passages, layout: Layout, *, home: bool) -> tuple[UInt32Array, UInt32Array]:
    """Enter passages in the cells that they touch, or each in its south-western one.

    Returns
    -------
    tuple
        Where the entries of each place begin, ``(places + 1,)``, and rows of passages.
    """
    keys = []
    bits = np.uint64(max(len(cut) - 1, 1).bit_length())
    for begin, place in _places(cut, layout, home=home):
        row, at = place
        keys.append(at.astype(np.uint64) << bits | (row + begin).astype(np.uint64))
    key = np.concatenate(keys)
    _require_room("entries", len(key))
    key.sort()
    entries = (key & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.uint32)
    key >>= bits
    starts = np.empty(layout.places + 1, dtype=np.uint32)
    for some in pieces(len(starts), _PLACES_AT_ONCE):
        starts[some] = key.searchsorted(np.arange(some.start, some.stop, dtype=np.uint64))
    return starts, entries


def _places(
    cut: Passages, layout: Layout, *, home: bool
) -> Iterator[tuple[int, tuple[IntArray, IntArray]]]:
    """Give the places of passages, some at a time: their first row, and rows and places."""
    for some in pieces(len(cut), _PASSAGES_AT_ONCE):
        boxes, slab = cut.boxes[some], cut.slab[some].astype(np.intp)
        west, south, east, north = layout.cells(boxes)
        if home:
            yield some.start, (np.arange(len(boxes)), layout.place(slab, south) + west)
            continue
        row, _ = runs(south, north - south + 1)
        owner = np.repeat(np.arange(len(boxes)), north - south + 1)
        across = (east - west + 1).take(owner)
        place, _ = runs(layout.place(slab.take(owner), row) + west.take(owner), across)
        yield some.start, (np.repeat(owner, across), place)
