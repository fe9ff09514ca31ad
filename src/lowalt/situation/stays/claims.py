"""Which stretches of many pieces of path are near enough to which edges: in closed form.

In a plane of its own a piece runs along the axis from 0; there, two discs and a strip bound the
stretch of the axis that is near an edge. What decides is worked out by single operations on real
numbers, so that rounding does not depend on what else is worked on at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.paths import BoolArray, ComplexArray, IntArray, Paths
from lowalt.situation.stays.boundaries import Boundaries
from lowalt.situation.stays.spans import expand
from lowalt.situation.stays.stretches import Stretches
from lowalt.terrain import FloatArray

FAR_M = 1000.0
"""Distance from which it pays to ask first whether something is near throughout."""

_PAIRS_AT_ONCE = 1 << 17
"""Bounds the memory; more would also leave the processor's cache."""


def claims(paths: Paths, boundaries: Boundaries, asked: BoolArray) -> Iterator[Stretches]:
    """Find the stretches of paths that are near enough to edges of regions, in batches.

    Parameters
    ----------
    paths
        The paths.
    boundaries
        The regions.
    asked
        Which pairs of a path and a region are asked about, ``(P, R)``.
    """
    pieces = _Pieces.of(paths)
    for piece, run in _near(pieces, boundaries, asked):
        pair = piece * len(boundaries.regions) + boundaries.owner[run]
        whole = np.unique(pair[_is_near_throughout(pieces, boundaries, piece, run)])
        yield _whole(pieces, *np.divmod(whole, max(len(boundaries.regions), 1)))
        # Nothing adds to what is claimed whole.
        rest = ~np.isin(pair, whole) if len(whole) else np.ones(len(pair), dtype=bool)
        yield from _claims_of_edges(pieces, boundaries, piece[rest], run[rest])


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pieces of some paths, ``(N,)``, but for those that leave the plane.

    Attributes
    ----------
    path, number
        Each piece's path, and its number in it.
    start, unit, length_m
        Where it begins, its direction as a number of modulus 1, and its length in the plane. A
        hover is a piece of no length in any direction.
    touch_m, deep_m
        How near a place the piece must come for the airspace around it to touch that place, and to
        hold it by more than touching.
    """

    path: IntArray
    number: IntArray
    start: ComplexArray
    unit: ComplexArray
    length_m: FloatArray
    touch_m: FloatArray
    deep_m: FloatArray

    @classmethod
    def of(cls, paths: Paths) -> _Pieces:
        at = paths.begins_piece
        at = at[np.isfinite(paths.place[at]) & np.isfinite(paths.place[at + 1])]
        path = paths.owner[at]
        along = paths.place[at + 1] - paths.place[at]
        length_m = np.hypot(along.real, along.imag)
        still = length_m == 0.0
        width_m, scale = paths.horizontal_m[path], paths.scale[at]
        return cls(
            path,
            at - paths.first[path],
            paths.place[at],
            np.where(still, 1.0, along / np.where(still, 1.0, length_m)),
            length_m,
            (width_m + BOUNDARY_TOLERANCE_M) * scale,
            (width_m - BOUNDARY_TOLERANCE_M) * scale,
        )

    @property
    def boxes(self) -> FloatArray:
        """West, south, east and north of the airspace of each piece, ``(N, 4)``."""
        ends = self.start, self.start + self.length_m * self.unit
        low, high = (
            pick(ends[0].real, ends[1].real) + 1j * pick(ends[0].imag, ends[1].imag)
            for pick in (np.minimum, np.maximum)
        )
        reach = self.touch_m * (1.0 + 1.0j)
        return np.stack((low - reach, high + reach), axis=1).view(np.float64)


def _is_near_throughout(
    pieces: _Pieces, boundaries: Boundaries, piece: IntArray, run: IntArray
) -> BoolArray:
    """Whether both ends of a piece, and so all of it, are near to one place of a run."""
    near_m = pieces.deep_m[piece] + boundaries.by_m[boundaries.owner[run]]
    far = np.flatnonzero(near_m >= FAR_M)
    piece, run = piece[far], run[far]
    place = boundaries.edges[boundaries.first[run], 0] - pieces.start[piece]
    onward = place - pieces.length_m[piece] * pieces.unit[piece]
    result = np.zeros(len(near_m), dtype=bool)
    result[far] = np.maximum(np.abs(place), np.abs(onward)) <= near_m[far]
    return result


def _whole(pieces: _Pieces, piece: IntArray, region: IntArray) -> Stretches:
    number = pieces.number[piece].astype(np.float64)
    deep = np.ones(len(piece), dtype=bool)
    return Stretches(pieces.path[piece], region, number, number + 1.0, deep)


def _near(
    pieces: _Pieces, boundaries: Boundaries, asked: BoolArray
) -> Iterator[tuple[IntArray, IntArray]]:
    """List pieces and runs of edges that may be near each other, in batches."""
    boxes = pieces.boxes
    most = boundaries.cells.at_most(boxes)
    most[~np.any(asked, axis=1)[pieces.path]] = 0
    few = np.flatnonzero(most)
    for first, beyond in _batches(most[few], _PAIRS_AT_ONCE):
        some = few[first:beyond]
        number, run = boundaries.tree.query(np.asarray(shapely.box(*boxes[some].T)))
        piece = some[number]
        kept = asked[pieces.path[piece], boundaries.owner[run]]
        piece, run = piece[kept], run[kept]
        # The line of the piece must come near the box of the run.
        west, south, east, north = boundaries.boxes[run].T
        middle = (west + east) / 2.0 + 0.5j * (south + north) - pieces.start[piece]
        half = (east - west) / 2.0 + 0.5j * (north - south)
        unit = pieces.unit[piece]
        beside_m = np.abs((unit.conj() * middle).imag)
        reach_m = np.abs(unit.real) * half.imag + np.abs(unit.imag) * half.real
        kept = beside_m <= reach_m + pieces.touch_m[piece]
        yield piece[kept], run[kept]


def _claims_of_edges(
    pieces: _Pieces, boundaries: Boundaries, piece: IntArray, run: IntArray
) -> Iterator[Stretches]:
    count = boundaries.count[run]
    for first, beyond in _batches(count, _PAIRS_AT_ONCE):
        owner, step = expand(count[first:beyond])
        owner += first
        edge = boundaries.first[run[owner]] + step
        yield _claimed(pieces, boundaries, piece[owner], edge, boundaries.owner[run[owner]])


def _batches(count: IntArray, most: int) -> Iterator[tuple[int, int]]:
    """Split a list into batches in which counts sum up to about so many; one batch at least."""
    breaks = np.flatnonzero(np.diff(np.cumsum(count) // most)) + 1
    yield from pairwise([0, *breaks.tolist(), len(count)])


def _claimed(
    pieces: _Pieces, boundaries: Boundaries, piece: IntArray, edge: IntArray, region: IntArray
) -> Stretches:
    """Work out the stretch of each piece that is near enough to an edge."""
    ends = boundaries.edges[edge].T - pieces.start[piece]
    unit = pieces.unit[piece]
    along_m = ends.real * unit.real + ends.imag * unit.imag
    beside_m = ends.imag * unit.real - ends.real * unit.imag
    low, high = axis_near(along_m, beside_m, pieces.touch_m[piece] + boundaries.by_m[region])
    low, high = np.maximum(low, 0.0), np.minimum(high, pieces.length_m[piece])
    kept = low <= high
    piece, region, low, high = piece[kept], region[kept], low[kept], high[kept]
    length_m = pieces.length_m[piece]
    deep_m = pieces.deep_m[piece] + boundaries.by_m[region]
    deep_low, deep_high = axis_near(along_m[:, kept], beside_m[:, kept], deep_m)
    deep = np.maximum(deep_low, 0.0) <= np.minimum(deep_high, length_m)
    # A hover is at a place of its piece from the first to the last.
    still = length_m == 0.0
    length_m[still], high[still] = 1.0, 1.0
    number = pieces.number[piece].astype(np.float64)
    return Stretches(
        pieces.path[piece], region, number + low / length_m, number + high / length_m, deep
    )


def axis_near(
    along_m: FloatArray, beside_m: FloatArray, radius_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Find the stretch of an axis within a radius of segments.

    Parameters
    ----------
    along_m, beside_m
        Coordinates of both ends of each segment along and beside the axis, ``(2, N)`` each.
    radius_m
        The radius, ``(N,)``; within a negative one there is nothing.

    Returns
    -------
    low, high : (N,) float64
        Where the stretch begins and ends; NaN where there is none.

    Examples
    --------
    A segment across the axis, and one that the axis passes at a distance:

    >>> along_m, beside_m = np.array([[2.0, 0.0], [2.0, 8.0]]), np.array([[-5.0, 3.0], [5.0, 3.0]])
    >>> axis_near(along_m, beside_m, np.array([1.0, 5.0]))
    (array([ 1., -4.]), array([ 3., 12.]))
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        # Discs round the ends. The root of a negative number is NaN, so that what is not there
        # drops out; a negative radius is made to have one.
        half_m = np.sqrt(np.copysign(radius_m**2, radius_m) - beside_m**2)
        low, high = np.fmin(*(along_m - half_m)), np.fmax(*(along_m + half_m))
        # Between the ends a strip: there, t of the axis is at t cos - first along the segment, and
        # at t sin - side beside it. Of a segment of no length all of this is NaN.
        step_m, rise_m = along_m[1] - along_m[0], beside_m[1] - beside_m[0]
        length_m = np.hypot(step_m, rise_m)
        cos, sin = step_m / length_m, rise_m / length_m
        first = along_m[0] * cos + beside_m[0] * sin
        side = along_m[0] * sin - beside_m[0] * cos
        within = first / cos, (first + length_m) / cos
        near = (side - radius_m) / sin, (side + radius_m) / sin
        strip_low = np.maximum(np.minimum(*within), np.minimum(*near))
        strip_high = np.minimum(np.maximum(*within), np.maximum(*near))
        missed = ~(strip_low <= strip_high) | (radius_m < 0.0)
        strip_low[missed] = strip_high[missed] = np.nan
    return np.fmin(low, strip_low), np.fmax(high, strip_high)
