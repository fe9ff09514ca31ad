"""What flights do within slabs of time, as boxes: the array side of ``native/index.h``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, runs
from lowalt.conflicts.index.flights import Flights, span_of
from lowalt.conflicts.index.layout import Float32Array, Int32Array, Layout
from lowalt.conflicts.index.pieces import let_others_in

SLACK_S: Final = 1e-4
"""Times are compared with the borders of slabs only after rounding; this covers it."""

_FEW_SLABS = 64
_FLIGHTS_AT_ONCE = 1 << 9
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

    def take(self, rows: NDArray[np.uint32]) -> Passages:
        """Give some of them."""
        return Passages(
            self.slab.take(rows), self.boxes.take(rows, axis=0), self.links.take(rows, axis=0)
        )


class _Spans(NamedTuple):
    """When flights are in slabs, and on which legs: one row a passage.

    Times are those of the flight; legs are numbered by the vertices that they begin at.
    """

    flight: IntArray
    slab: IntArray
    first: IntArray
    last: IntArray
    from_s: FloatArray
    to_s: FloatArray


def counted(flights: Flights, layout: Layout) -> tuple[IntArray, IntArray]:
    """Give the first slab of each flight, and how many passages it has within the layout."""
    early_s, late_s = span_of(flights)
    first = np.maximum(layout.slab(early_s), 0)
    last = np.minimum(layout.slab(late_s), layout.slabs - 1)
    return first, np.maximum(last - first + 1, 0)


def passages(flights: Flights, layout: Layout, tolerance_m: float) -> Passages:
    """Cut flights by the slabs of a layout."""
    if len(flights.offsets) == 2:
        one = _passages_of_one(flights, layout, tolerance_m)
        if one is not None:
            return one
    first, count = counted(flights, layout)
    total = int(count.sum())
    cut = Passages(
        np.empty(total, np.int32), np.empty((total, 6), np.float32), np.empty((total, 3), np.uint32)
    )
    done = 0
    for begin, end in _batches(flights):
        shift = int(flights.offsets[begin])
        columns = np.ascontiguousarray(flights.vertices[shift : int(flights.offsets[end])].T)
        slabs = first[begin:end], count[begin:end]
        spans = _spans(flights, columns, begin, slabs, layout)
        part = _cut(flights, columns, spans, layout, shift=shift, tolerance_m=tolerance_m)
        rows = slice(done, done + len(part))
        cut.slab[rows], cut.boxes[rows], cut.links[rows] = part.slab, part.boxes, part.links
        done += len(part)
    return cut


def _batches(flights: Flights) -> Iterator[tuple[int, int]]:
    """Split flights into runs that together do not last too long to be added up."""
    early_s, late_s = span_of(flights)
    upto = np.cumsum(late_s - early_s)
    begin = 0
    while begin < len(upto):
        done = upto[begin - 1] if begin else 0.0
        end = int(np.searchsorted(upto, done + _LONGEST_S, side="right"))
        end = min(max(end, begin + 1), begin + _FLIGHTS_AT_ONCE)
        yield begin, end
        begin = end
        let_others_in()


def _spans(
    flights: Flights,
    columns: FloatArray,
    begin: int,
    slabs: tuple[IntArray, IntArray],
    layout: Layout,
) -> _Spans:
    """Find the passages of the flights from one on, given their vertices and :func:`counted`."""
    first_slab, count = slabs
    end = begin + len(count)
    flight = np.repeat(np.arange(begin, end), count)
    slab, _ = runs(first_slab, count)
    offsets = flights.offsets[begin : end + 1] - int(flights.offsets[begin])
    starts, ends = offsets[:-1], offsets[1:] - 1
    # One axis of time on which the flights follow one another.
    after = np.cumsum(columns[T, ends] - columns[T, starts] + 1.0)
    onto = np.concatenate(([0.0], after[:-1])) - columns[T, starts]
    along = columns[T] + np.repeat(onto, np.diff(offsets))
    local = flight - begin
    earliest, latest, shift_s = starts.take(local), ends.take(local) - 1, onto.take(local)
    from_s, to_s = _window(slab, flights.time_uncertainty_s.take(flight), layout)
    first, last = (
        np.minimum(np.maximum(np.searchsorted(along, t_s + shift_s, "right") - 1, earliest), latest)
        for t_s in (from_s, to_s)
    )
    return _Spans(flight, slab, first, last, from_s, to_s)


def _passages_of_one(flights: Flights, layout: Layout, tolerance_m: float) -> Passages | None:
    """Do what :func:`_cut` does, number by number: for one flight of few slabs the faster way.

    Gives nothing where there are many slabs.
    """
    t_s, *axes = flights.vertices.T.tolist()
    uncertainty_s = float(flights.time_uncertainty_s[0])
    slabs = range(
        max(layout.slab_at(t_s[0] - uncertainty_s), 0),
        min(layout.slab_at(t_s[-1] + uncertainty_s), layout.slabs - 1) + 1,
    )
    if len(slabs) > _FEW_SLABS:
        return None
    margin = uncertainty_s + SLACK_S
    boxes, links = [], []
    end = len(t_s) - 1
    for slab in slabs:
        from_s = layout.epoch_s + slab * layout.slab_s - margin
        to_s = from_s + layout.slab_s + 2.0 * margin
        # Of a leg that there would be before the first vertex, the first one; and so at the end.
        first = bisect_right(t_s, from_s, 1, end) - 1
        last = bisect_right(t_s, to_s, first + 1, end) - 1
        begins, ends = _share(t_s, first, from_s), _share(t_s, last, to_s)
        low, high = [], []
        for at in axes:
            reached = at[first + 1 : last + 1]
            reached.append(at[first] + begins * (at[first + 1] - at[first]))
            reached.append(at[last] + ends * (at[last + 1] - at[last]))
            low.append(min(reached))
            high.append(max(reached))
        boxes.append(low + high)
        links.append((0, first, last))
    grown_m = tolerance_m + layout.grown_m
    across_m = float(flights.horizontal_radius_m[0]) + grown_m
    above_m = float(flights.vertical_radius_m[0]) + grown_m
    west_m, south_m = layout.west_m, layout.south_m
    placed = np.array(boxes).reshape(-1, 6)
    placed[:, :3] -= west_m + across_m, south_m + across_m, above_m
    placed[:, 3:] += across_m - west_m, across_m - south_m, above_m
    return Passages(
        np.array(slabs, dtype=np.int32),
        placed.astype(np.float32),
        np.array(links, dtype=np.uint32).reshape(-1, 3),
    )


def _share(t_s: list[float], leg: int, at_s: float) -> float:
    """Give the share of a leg that has been flown at some time: none before, all after it."""
    share = (at_s - t_s[leg]) / (t_s[leg + 1] - t_s[leg])
    return 0.0 if share < 0.0 else min(share, 1.0)


def _window(
    slab: IntArray, uncertainty_s: FloatArray | float, layout: Layout
) -> tuple[FloatArray, FloatArray]:
    """Give the times that flights may be at in a slab."""
    margin: FloatArray = np.asarray(uncertainty_s + SLACK_S)
    from_s: FloatArray = slab * layout.slab_s + (layout.epoch_s - margin)
    return from_s, from_s + (layout.slab_s + 2.0 * margin)


def _cut(
    flights: Flights,
    columns: FloatArray,
    spans: _Spans,
    layout: Layout,
    *,
    shift: int,
    tolerance_m: float,
) -> Passages:
    """Put boxes around passages; ``shift`` is the number of the first vertex that is given."""
    low, high = _extent(columns, spans)
    across_m, above_m = (
        radius_m.take(spans.flight) + (tolerance_m + layout.grown_m)
        for radius_m in (flights.horizontal_radius_m, flights.vertical_radius_m)
    )
    grown = np.stack((across_m, across_m, above_m))
    corner = layout.corner
    boxes = np.empty((len(spans.flight), 6), dtype=np.float32)
    boxes[:, :3] = (low - corner - grown).T
    boxes[:, 3:] = (high - corner + grown).T
    links = np.empty((len(spans.flight), 3), dtype=np.uint32)
    links[:, 0], links[:, 1], links[:, 2] = spans.flight, spans.first + shift, spans.last + shift
    return Passages(spans.slab.astype(np.int32), boxes, links)


def _extent(columns: FloatArray, spans: _Spans) -> tuple[FloatArray, FloatArray]:
    """Give the least and greatest x, y and z of passages, ``(3, P)`` each."""
    count = len(spans.slab)
    ends = _at(
        columns,
        np.concatenate((spans.first, spans.last)),
        np.concatenate((spans.from_s, spans.to_s)),
    )
    low = np.minimum(ends[:, :count], ends[:, count:])
    high = np.maximum(ends[:, :count], ends[:, count:])
    inner = np.flatnonzero(spans.last > spans.first)
    if len(inner):
        within = np.empty(2 * len(inner), dtype=np.intp)
        within[::2], within[1::2] = spans.first.take(inner) + 1, spans.last.take(inner) + 1
        places = columns[X:]
        least = np.minimum.reduceat(places, within, axis=1)[:, ::2]
        greatest = np.maximum.reduceat(places, within, axis=1)[:, ::2]
        low[:, inner] = np.minimum(low.take(inner, axis=1), least)
        high[:, inner] = np.maximum(high.take(inner, axis=1), greatest)
    return low, high


def _at(columns: FloatArray, leg: IntArray, t_s: FloatArray) -> FloatArray:
    """Give x, y and z on legs at some times, at an end of the leg for times beyond it."""
    start, end = columns.take(leg, axis=1), columns.take(leg + 1, axis=1)
    end -= start
    share = (t_s - start[T]) / end[T]
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    places = end[X:]
    places *= share
    places += start[X:]
    return places
