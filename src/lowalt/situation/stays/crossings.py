"""Which stretches of many paths are in which of many regions, all at once.

A path is in a region while the airspace around it meets the region, so while the path is no
farther from it than the half-width of that airspace. Regions grown so far are never drawn. Every
edge of a region claims the stretches of path that are near enough to it. Between the stretches
claimed a path is wholly inside or wholly outside, and one point decides which; it is farther than
the boundary tolerance from every edge, so that rounding has no say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from lowalt.airspace.regions import Region
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.paths import BoolArray, ComplexArray, IntArray, Paths
from lowalt.situation.stays.boundaries import Boundaries
from lowalt.situation.stays.claims import FAR_M, claims
from lowalt.situation.stays.spans import between
from lowalt.situation.stays.stretches import Stretches, gathered


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
    claimed = gathered(throughout, claims(paths, boundaries, asked))
    inside = _inside_between(claimed, paths, boundaries, asked)
    return Stretches.together((claimed, inside)).joined()


def _near_throughout(paths: Paths, boundaries: Boundaries, asked: BoolArray) -> Stretches:
    """Find wide paths all of which is near to one place of a region."""
    wide = np.flatnonzero(paths.horizontal_m >= FAR_M)
    west, south, east, north = (bound[wide, None] for bound in paths.boxes.T)
    x, y = boundaries.places.real, boundaries.places.imag
    far_m = np.hypot(np.maximum(x - west, east - x), np.maximum(y - south, north - y))
    deep_m = (paths.horizontal_m[wide] - BOUNDARY_TOLERANCE_M)[:, None]
    path, region = np.nonzero(asked[wide] & (far_m <= deep_m + boundaries.by_m))
    low = np.zeros(len(path))
    return Stretches(
        wide[path], region, low, low + (np.diff(paths.first) - 1)[wide[path]], low == 0.0
    )


def _inside_between(
    claimed: Stretches, paths: Paths, boundaries: Boundaries, asked: BoolArray
) -> Stretches:
    """Find the stretches between those claimed that are inside their region."""
    count = len(paths.plan)
    may_be = asked & boundaries.has_interior & _boxes_meet(paths, boundaries)
    region, path = np.nonzero(may_be.T)
    claimed = claimed.rows(boundaries.has_interior[claimed.region])
    pair, low, high = between(
        claimed.region * count + claimed.path,
        claimed.low,
        claimed.high,
        groups=region * count + path,
        end=(np.diff(paths.first) - 1.0)[path],
    )
    region, path = np.divmod(pair, count)
    middle = (low + high) / 2.0
    number = middle.astype(np.int64)
    at = paths.first[path] + number
    with np.errstate(invalid="ignore"):  # of pieces outside the plane
        place = paths.place[at] + (middle - number) * (paths.place[at + 1] - paths.place[at])
    inside = _contain(boundaries.regions, region, place)
    return Stretches(
        path[inside], region[inside], low[inside], high[inside], np.ones(inside.sum(), dtype=bool)
    )


def _boxes_meet(paths: Paths, boundaries: Boundaries) -> BoolArray:
    """Whether the box round each path meets that round each region, ``(P, R)``."""
    west, south, east, north = (bound[:, None] for bound in paths.boxes.T)
    region_west, region_south, region_east, region_north = boundaries.bounds.T
    return np.asarray(
        (west <= region_east)
        & (east >= region_west)
        & (south <= region_north)
        & (north >= region_south)
    )


def _contain(regions: Sequence[Region], region: IntArray, place: ComplexArray) -> BoolArray:
    """Whether regions, in order, hold places that are not near their edges, ``(N,)``."""
    found = np.zeros(len(place), dtype=bool)
    numbers, starts = np.unique(region, return_index=True)
    for number, first, beyond in zip(numbers, starts, [*starts[1:], len(place)], strict=False):
        some = place[first:beyond]
        found[first:beyond] = shapely.contains_xy(regions[number].prepared, some.real, some.imag)
    return found
