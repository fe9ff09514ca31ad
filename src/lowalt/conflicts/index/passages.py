"""What flights do within slabs of time, as boxes: the array side of ``native/index.h``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.index.flights import Flights
from lowalt.conflicts.index.layout import Float32Array, Int32Array, Layout
from lowalt.conflicts.tracks import FloatArray, IntArray, T, X, Z

SLACK_S: Final = 1e-4
"""Times are compared with the borders of slabs only after rounding; this covers it."""

_FLIGHTS_AT_ONCE = 1 << 13
_LONGEST_S = 2.0**36  # added up, times of flights looked at together keep the slack's precision


@dataclass(frozen=True, slots=True)
class Passages:
    """Flights within slabs.

    Attributes
    ----------
    slab
        Numbers of the slabs, ``(P,)``.
    boxes
        ``west, south, bottom, east, north, top`` from the corner of the layout, each grown by the
        flight's own cylinder, ``(P, 6)``.
    links
        Numbers of the flight and of the vertices that its first and its last leg in the slab begin
        at, ``(P, 3)``.
    """

    slab: Int32Array
    boxes: Float32Array
    links: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.slab)


def counted(flights: Flights, layout: Layout) -> tuple[IntArray, IntArray]:
    """Give the first slab of each flight, and how many passages it has within the layout."""
    uncertainty = flights.time_uncertainty_s
    first = np.maximum(layout.slab(flights.starts_s - uncertainty), 0)
    last = np.minimum(layout.slab(flights.ends_s + uncertainty), layout.slabs - 1)
    return first, np.maximum(last - first + 1, 0)


def passages(flights: Flights, layout: Layout, tolerance_m: float) -> Passages:
    """Cut flights by the slabs of a layout."""
    first, count = counted(flights, layout)
    total = int(count.sum())
    cut = Passages(
        np.empty(total, np.int32), np.empty((total, 6), np.float32), np.empty((total, 3), np.uint32)
    )
    done = 0
    for begin, end in _batches(flights):
        part = _cut(flights, layout, tolerance_m, np.arange(begin, end), first, count)
        rows = slice(done, done + len(part))
        cut.slab[rows], cut.boxes[rows], cut.links[rows] = part.slab, part.boxes, part.links
        done += len(part)
    return cut


def _batches(flights: Flights) -> Iterator[tuple[int, int]]:
    """Split flights into runs that together do not last too long to be added up."""
    upto = np.cumsum(flights.ends_s - flights.starts_s)
    begin = 0
    while begin < len(upto):
        done = upto[begin - 1] if begin else 0.0
        end = int(np.searchsorted(upto, done + _LONGEST_S, side="right"))
        end = min(max(end, begin + 1), begin + _FLIGHTS_AT_ONCE)
        yield begin, end
        begin = end


def _cut(
    flights: Flights,
    layout: Layout,
    tolerance_m: float,
    numbers: IntArray,
    first: IntArray,
    count: IntArray,
) -> Passages:
    begin, end = int(numbers[0]), int(numbers[-1]) + 1
    count = count[begin:end]
    flight = np.repeat(numbers, count)
    slab = np.arange(len(flight)) + np.repeat(first[begin:end] - (np.cumsum(count) - count), count)
    shift = int(flights.offsets[begin])
    columns = flights.vertices[shift : int(flights.offsets[end])].T.copy()
    offsets = flights.offsets[begin : end + 1] - shift
    starts, ends = offsets[:-1], offsets[1:] - 1
    # One axis of time on which the flights follow one another.
    after = np.cumsum(columns[T, ends] - columns[T, starts] + 1.0)
    onto = np.concatenate(([0.0], after[:-1])) - columns[T, starts]
    along = columns[T] + np.repeat(onto, np.diff(offsets))
    local = flight - begin
    margin = flights.time_uncertainty_s.take(flight) + SLACK_S
    from_s = layout.epoch_s + slab * layout.slab_s - margin
    to_s = layout.epoch_s + (slab + 1) * layout.slab_s + margin
    latest = ends.take(local) - 1
    shift_s = onto.take(local)
    first_leg = np.searchsorted(along, from_s + shift_s, side="right") - 1
    first_leg = np.minimum(np.maximum(first_leg, starts.take(local)), latest)
    last_leg = np.searchsorted(along, to_s + shift_s, side="right") - 1
    last_leg = np.minimum(np.maximum(last_leg, first_leg), latest)
    low, high = _extent(columns, first_leg, from_s, last_leg, to_s)
    grown = np.empty((3, len(flight)))
    grown[:2] = flights.horizontal_radius_m.take(flight) + tolerance_m + layout.grown_m
    grown[2] = flights.vertical_radius_m.take(flight) + tolerance_m + layout.grown_m
    corner = np.array([[layout.west_m], [layout.south_m], [0.0]])
    boxes = np.empty((len(flight), 6), np.float32)
    boxes[:, :3] = (low - corner - grown).T
    boxes[:, 3:] = (high - corner + grown).T
    links = np.column_stack((flight, first_leg + shift, last_leg + shift)).astype(np.uint32)
    return Passages(slab.astype(np.int32), boxes, links)


def _extent(
    columns: FloatArray, first: IntArray, from_s: FloatArray, last: IntArray, to_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Give the least and greatest x, y and z from a time on one leg to a time on a later one."""
    places = columns[X : Z + 1]
    enters, leaves = _at(columns, first, from_s), _at(columns, last, to_s)
    low, high = np.minimum(enters, leaves), np.maximum(enters, leaves)
    inner = np.flatnonzero(last > first)
    if len(inner):
        spans = np.column_stack((first[inner] + 1, last[inner] + 1)).ravel()
        for axis, column in enumerate(places):
            least = np.minimum.reduceat(column, spans)[::2]
            greatest = np.maximum.reduceat(column, spans)[::2]
            low[axis, inner] = np.minimum(low[axis, inner], least)
            high[axis, inner] = np.maximum(high[axis, inner], greatest)
    return low, high


def _at(columns: FloatArray, leg: IntArray, t_s: FloatArray) -> FloatArray:
    """Give x, y and z on legs at some times, at an end of the leg for times beyond it."""
    start, end = columns.take(leg, axis=1), columns.take(leg + 1, axis=1)
    share = np.minimum(np.maximum((t_s - start[T]) / (end[T] - start[T]), 0.0), 1.0)
    return start[X:] + (end[X:] - start[X:]) * share
