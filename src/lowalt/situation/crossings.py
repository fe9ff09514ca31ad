"""Which stretches of many paths are in which of many regions: in closed form, all at once.

A path is in a region while the airspace around it meets the region, so while the path is no
farther from it than the half-width of that airspace. Regions grown so far are never drawn. Every
edge of a region claims the stretch of a piece of path that is near enough to it, an interval with
a closed form. Between the stretches claimed a path is wholly inside or wholly outside, and one
point decides which; it is farther than the boundary tolerance from every edge, so that rounding
has no say.

A place on a path is its number of pieces: 2.25 is a quarter of the third piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from lowalt.airspace.regions import Region
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.situation.cells import Cells
from lowalt.situation.columns import Columns
from lowalt.situation.paths import BoolArray, Bounds, ComplexArray, IntArray, Paths
from lowalt.situation.spans import between, expand, join
from lowalt.terrain import FloatArray

_PAIRS_AT_ONCE = 1 << 17
"""Bounds the memory; more would also leave the processor's cache."""

_WIDE_M = 1000.0
"""Half-width from which it pays to ask first whether all of a path is near all of a region."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The edges of many regions, in runs of neighbours with a box round each.

    Attributes
    ----------
    regions, bounds
        The regions and their boxes, ``(R, 4)``.
    edges
        Both ends of each edge, ``(E, 2)``, as x + iy.
    places, by_m
        A place on some edge of each region, and how far the region reaches beyond its edges,
        ``(R,)`` each.
    first, count, owner
        Number of each run's first edge, of its edges, and of its region, ``(K,)`` each.
    boxes, cells, tree
        West, south, east and north of each run, ``(K, 4)``, and a coarse and an exact index.
    """

    regions: tuple[Region, ...]
    bounds: FloatArray
    edges: ComplexArray
    places: ComplexArray
    by_m: FloatArray
    first: IntArray
    count: IntArray
    owner: IntArray
    boxes: FloatArray
    cells: Cells
    tree: shapely.STRtree

    @classmethod
    def of(cls, regions: Sequence[Region], *, within: Bounds) -> Boundaries:
        """Put the boundaries of some regions together, as far as they reach into a box.

        None of the regions may be empty.
        """
        edges = [np.empty((0, 2), np.complex128), *(region.edges for region in regions)]
        before = np.cumsum([len(own) for own in edges])
        runs = [np.append(r.runs, len(r.edges)) + n for r, n in zip(regions, before, strict=False)]
        owner = np.repeat(np.arange(len(regions)), [len(run) - 1 for run in runs])
        boxes = np.vstack([np.empty((0, 4)), *(region.boxes for region in regions)])
        west, south, east, north = within
        near = (boxes[:, 0] <= east) & (boxes[:, 1] <= north)
        near &= (boxes[:, 2] >= west) & (boxes[:, 3] >= south)
        drawn = np.concatenate([np.empty(0, np.object_), *(r.drawn_boxes for r in regions)])
        return cls(
            regions=tuple(regions),
            bounds=np.array([region.bounds for region in regions]).reshape(-1, 4),
            edges=np.vstack(edges),
            places=np.array([region.edges[0, 0] for region in regions], dtype=np.complex128),
            by_m=np.array([region.by_m for region in regions]),
            first=_column([run[:-1] for run in runs])[near],
            count=_column([np.diff(run) for run in runs])[near],
            owner=owner[near],
            boxes=boxes[near],
            cells=Cells(np.clip(boxes[near], (west, south) * 2, (east, north) * 2)),
            tree=shapely.STRtree(drawn[near]),
        )


def _column(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate((np.empty(0, dtype=np.int64), *parts))


@dataclass(frozen=True, slots=True)
class Stretches(Columns):
    """Stretches of paths, each in one region, ``(N,)`` each.

    Attributes
    ----------
    path, region
        Their numbers.
    low, high
        Places on the path.
    deep
        Whether the airspace around the path does more there than touch the region.
    """

    path: IntArray
    region: IntArray
    low: FloatArray
    high: FloatArray
    deep: BoolArray

    def joined(self) -> Stretches:
        """Join stretches of one path in one region that overlap or meet; by path and region."""
        pair = self.path * (self.region.max(initial=0) + 1) + self.region
        order, begins = join(pair, self.low, self.high)
        first = order[begins]
        return Stretches(
            self.path[first],
            self.region[first],
            np.minimum.reduceat(self.low[order], begins),
            np.maximum.reduceat(self.high[order], begins),
            np.logical_or.reduceat(self.deep[order], begins),
        )


def cross(paths: Paths, boundaries: Boundaries, asked: BoolArray) -> Stretches:
    """Find the stretches of paths that are in regions.

    Parameters
    ----------
    paths
        The paths.
    boundaries
        The regions.
    asked
        Which pairs of a path and a region are asked about, ``(P, R)``.

    Returns
    -------
    Stretches
        Disjoint, by path, region and place.
    """
    throughout = _near_throughout(paths, boundaries, asked)
    asked = asked.copy()
    asked[throughout.path, throughout.region] = False
    pieces = _Pieces.of(paths)
    claims = _gathered(throughout, _claims(pieces, boundaries, asked))
    return Stretches.together((claims, _inside(paths, boundaries, asked, claims))).joined()


def _gathered(first: Stretches, others: Iterable[Stretches]) -> Stretches:
    """Join batches of stretches, now and then on the way, so that they do not pile up."""
    found, room = [first], _PAIRS_AT_ONCE
    for part in others:
        found.append(part.joined())
        room -= len(found[-1].path)
        if room < 0:
            found = [Stretches.together(found).joined()]
            # As much again, so that the work stays in proportion.
            room = max(_PAIRS_AT_ONCE, len(found[0].path))
    return Stretches.together(found).joined()


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
        length_m = np.abs(along)
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


def _near_throughout(paths: Paths, boundaries: Boundaries, asked: BoolArray) -> Stretches:
    """Find wide paths all of which is near to one place of a region."""
    wide = np.flatnonzero(paths.horizontal_m > _WIDE_M)
    west, south, east, north = (bound[wide, None] for bound in paths.boxes.T)
    x, y = boundaries.places.real, boundaries.places.imag
    far_m = np.hypot(np.maximum(x - west, east - x), np.maximum(y - south, north - y))
    deep_m = (paths.horizontal_m[wide] - BOUNDARY_TOLERANCE_M)[:, None]
    path, region = np.nonzero(asked[wide] & (far_m <= deep_m + boundaries.by_m))
    low = np.zeros(len(path))
    return Stretches(
        wide[path], region, low, low + (np.diff(paths.first) - 1)[wide[path]], low == 0.0
    )


def _claims(pieces: _Pieces, boundaries: Boundaries, asked: BoolArray) -> Iterator[Stretches]:
    """Find the stretches of pieces that are near enough to edges, in batches."""
    for piece, run in _near(pieces, boundaries, asked):
        region = boundaries.owner[run]
        # A place near to both ends of a piece is near to all of it, and nothing adds to that.
        place = boundaries.edges[boundaries.first[run], 0] - pieces.start[piece]
        end = pieces.length_m[piece] * pieces.unit[piece]
        far_m = np.maximum(np.abs(place), np.abs(place - end))
        pair = piece * len(boundaries.regions) + region
        whole = np.unique(pair[far_m <= pieces.deep_m[piece] + boundaries.by_m[region]])
        yield _whole(pieces, *np.divmod(whole, len(boundaries.regions) or 1))
        rest = ~np.isin(pair, whole)
        yield from _claims_of_edges(pieces, boundaries, piece[rest], run[rest])


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
    # In each piece's own plane the piece runs from 0 along the real axis.
    ends = pieces.unit[piece, None].conj() * (boundaries.edges[edge] - pieces.start[piece, None])
    low, high = axis_near(ends, pieces.touch_m[piece] + boundaries.by_m[region])
    low, high = np.maximum(low, 0.0), np.minimum(high, pieces.length_m[piece])
    kept = low <= high
    piece, region, low, high = piece[kept], region[kept], low[kept], high[kept]
    length_m = pieces.length_m[piece]
    deep_low, deep_high = axis_near(ends[kept], pieces.deep_m[piece] + boundaries.by_m[region])
    deep = np.maximum(deep_low, 0.0) <= np.minimum(deep_high, length_m)
    # A hover is at a place of its piece from the first to the last.
    still = length_m == 0.0
    length_m[still], high[still] = 1.0, 1.0
    number = pieces.number[piece].astype(np.float64)
    return Stretches(
        pieces.path[piece], region, number + low / length_m, number + high / length_m, deep
    )


def _inside(paths: Paths, boundaries: Boundaries, asked: BoolArray, claims: Stretches) -> Stretches:
    """Find the stretches between claims that are inside their region."""
    regions = boundaries.regions
    has_inside = np.array([region.interior is not None for region in regions], dtype=bool)
    path, region = np.nonzero(asked & has_inside & _boxes_meet(paths, boundaries))
    claimed = has_inside[claims.region]
    pair, low, high = between(
        (claims.path * len(regions) + claims.region)[claimed],
        claims.low[claimed],
        claims.high[claimed],
        groups=path * len(regions) + region,
        end=(np.diff(paths.first) - 1.0)[path],
    )
    path, region = np.divmod(pair, max(len(regions), 1))
    middle = (low + high) / 2.0
    number = middle.astype(np.int64)
    at = paths.first[path] + number
    with np.errstate(invalid="ignore"):  # of pieces that leave the plane
        place = paths.place[at] + (middle - number) * (paths.place[at + 1] - paths.place[at])
    inside = _contain(regions, region, place)
    return Stretches(
        path[inside], region[inside], low[inside], high[inside], np.ones(inside.sum(), dtype=bool)
    )


def _boxes_meet(paths: Paths, boundaries: Boundaries) -> BoolArray:
    """Whether the box round each path's airspace meets that round each region, ``(P, R)``."""
    grown = paths.horizontal_m + BOUNDARY_TOLERANCE_M
    grown *= np.maximum.reduceat(paths.scale, paths.first[:-1])
    west, south = (paths.boxes[:, :2].T - grown)[:, :, None]
    east, north = (paths.boxes[:, 2:].T + grown)[:, :, None]
    region_west, region_south, region_east, region_north = boundaries.bounds.T
    return np.asarray(
        (west <= region_east)
        & (east >= region_west)
        & (south <= region_north)
        & (north >= region_south)
    )


def _contain(regions: Sequence[Region], region: IntArray, place: ComplexArray) -> BoolArray:
    """Whether regions hold places that are not near their edges, ``(N,)``."""
    found = np.zeros(len(place), dtype=bool)
    for number in np.unique(region).tolist():
        ours = region == number
        found[ours] = shapely.contains_xy(
            regions[number].interior, place[ours].real, place[ours].imag
        )
    return found


def axis_near(ends: ComplexArray, radius_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Find the stretch of the real axis within a radius of segments.

    Parameters
    ----------
    ends
        Both ends of each segment, ``(N, 2)``, as complex numbers.
    radius_m
        The radius, ``(N,)``; within a negative one there is nothing.

    Returns
    -------
    low, high : (N,) float64
        Where the stretch begins and ends; NaN where there is none.

    Examples
    --------
    A segment across the axis, and one that the axis passes at a distance:

    >>> axis_near(np.array([[2 - 5j, 2 + 5j], [0 + 3j, 8 + 3j]]), np.array([1.0, 5.0]))
    (array([ 1., -4.]), array([ 3., 12.]))
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        # Round both ends a disc. The root of a negative number is NaN, and so is that of a
        # negative radius made one.
        half = np.sqrt(np.copysign(radius_m**2, radius_m)[:, None] - ends.imag**2)
        discs_low, discs_high = (ends.real - half).T, (ends.real + half).T
        # Between the ends a strip, in a plane whose real axis is the segment: there the axis runs
        # from -turn * start in the direction of turn.
        segment = ends[:, 1] - ends[:, 0]
        length_m = np.abs(segment)
        turn = (segment / length_m).conj()
        start = turn * ends[:, 0]
        along = start.real / turn.real, (start.real + length_m) / turn.real
        across = (start.imag - radius_m) / turn.imag, (start.imag + radius_m) / turn.imag
        strip_low = np.maximum(np.minimum(*along), np.minimum(*across))
        strip_high = np.minimum(np.maximum(*along), np.maximum(*across))
        missed = ~(strip_low <= strip_high) | (radius_m < 0.0)
        strip_low[missed] = strip_high[missed] = np.nan
    low = np.fmin(np.fmin(*discs_low), strip_low)
    high = np.fmax(np.fmax(*discs_high), strip_high)
    return low, high
