"""How far the airspace of many routes reaches: out of the dataset, and up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from lowalt.airspace import AirspaceDataset
from lowalt.airspace.regions import prepared_copy
from lowalt.levels import VerticalReference
from lowalt.paths import BoolArray, Paths
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray

_MORE = 1.001
"""What is farther than so many times a distance is surely farther, however it is rounded."""


_FEW = 16
"""Of so few footprints it is quicker to ask than to prepare first."""


def are_within(
    airspace: AirspaceDataset,
    footprints: NDArray[Any],
    *,
    width_m: FloatArray,
    periods: Sequence[TimeInterval],
) -> BoolArray:
    """Whether the airspace of flights lies inside what a dataset knows, in place and time.

    Parameters
    ----------
    airspace
        The dataset.
    footprints
        Where they are in its plane, ``(N,)`` geometries.
    width_m
        How far their airspace reaches beyond that, in the plane, ``(N,)``.
    periods
        When they are there.
    """
    extent, edge = airspace.planar_extent, airspace.planar_edge
    if len(footprints) > _FEW:
        extent, edge = prepared_copy(extent), prepared_copy(edge)
    inside = shapely.covers(extent, footprints)
    inside &= [airspace.valid.covers(period) for period in periods]
    # To ask who is near is quick, of a prepared boundary; to ask how near is not.
    with np.errstate(invalid="ignore"):  # of what the plane does not reach, which is not inside
        near = inside & shapely.dwithin(  # type: ignore[call-overload]  # a distance for each
            edge, footprints, width_m * _MORE + 1.0
        )
    room_m = shapely.distance(edge, footprints[near])
    inside[near] = room_m >= width_m[near]
    return np.asarray(inside)


def true_heights_m(paths: Paths) -> FloatArray:
    """Greatest true height of each path, ``(P,)``, vertical buffer included; NaN: not known."""
    # One unknown piece makes the greatest height unknown: numpy passes NaN on.
    heights_m = paths.heights(VerticalReference.AGL).max(axis=1)
    return paths.per_path(np.maximum, heights_m) + paths.vertical_m
