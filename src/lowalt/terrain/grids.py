"""Values on a grid of longitude and latitude, and the ground as such a grid."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowalt.errors import InvalidInputError
from lowalt.terrain.ground import FloatArray

_EQUATOR_DEGREE_M = 111_319.0
_SHORTEST_MERIDIAN_DEGREE_M = 110_574.0
GREATEST_LATITUDE_DEG = 85.0
"""Nearer to the poles a grid of longitude and latitude is of no use as terrain. The limit also
refuses axes given in the wrong order: no longitude of this region passes for a latitude."""


def bilinear(
    values: NDArray[np.number], row: FloatArray, column: FloatArray, *, void: int | None = None
) -> FloatArray:
    """Interpolate between the four nodes around each place.

    A node that does not count (weight zero) need not be known, so that places on the edge of an
    unknown part are known where the nodes of that edge are.

    Parameters
    ----------
    values
        Nodes, ``(R, C)`` with at least two each way. Only the nodes needed are read, so that a
        memory map serves.
    row, column
        Places in steps of the grid, ``(N,)``, NaN where there is none.
    void
        Value of the nodes that are not known, besides NaN.

    Returns
    -------
    numpy.ndarray
        ``(N,)``, NaN outside the grid and next to unknown nodes.

    Examples
    --------
    >>> nodes = np.array([[0.0, 10.0], [20.0, np.nan]])
    >>> bilinear(nodes, np.array([0.0, 0.5, 0.5]), np.array([0.25, 0.0, 0.5]))
    array([ 2.5, 10. ,  nan])
    """
    rows, columns = values.shape
    inside = (row >= 0.0) & (row <= rows - 1) & (column >= 0.0) & (column <= columns - 1)
    row, column = row[inside], column[inside]
    top = np.minimum(row.astype(np.intp), rows - 2)
    left = np.minimum(column.astype(np.intp), columns - 2)
    down, right = row - top, column - left
    total = np.zeros(len(row))
    for step_down, step_right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        weight = (down if step_down else 1.0 - down) * (right if step_right else 1.0 - right)
        node = values[top + step_down, left + step_right].astype(np.float64)
        if void is not None:
            node[node == void] = np.nan
        total += np.where(weight == 0.0, 0.0, weight * node)
    result = np.full(len(inside), np.nan)
    result[inside] = total
    return result


def steps_along(axis: FloatArray, at: FloatArray) -> FloatArray:
    """Place coordinates along an ascending axis, in steps from its first; NaN outside it.

    Examples
    --------
    >>> steps_along(np.array([10.0, 20.0, 40.0]), np.array([10.0, 30.0, 40.0, 41.0]))
    array([0. , 1.5, 2. , nan])
    """
    return np.interp(at, axis, np.arange(len(axis), dtype=np.float64), left=np.nan, right=np.nan)


def shorter_side_m(*, lon_step_deg: float, lat_step_deg: float, lat_deg: float) -> float:
    """Shorter side of a cell of a grid, metres, not above the true one.

    Parameters
    ----------
    lat_deg
        Latitude of the grid farthest from the equator.
    """
    return min(
        lon_step_deg * _EQUATOR_DEGREE_M * math.cos(math.radians(lat_deg)),
        lat_step_deg * _SHORTEST_MERIDIAN_DEGREE_M,
    )


class LonLatGrid:
    """Values at the nodes of a grid of longitude and latitude, bilinear between them.

    Parameters
    ----------
    values
        Metres at the nodes, ``(R, C)``, NaN where not known; copied.
    lon_deg, lat_deg
        Axes in WGS 84 degrees, ascending, ``(C,)`` and ``(R,)``; copied.
    name
        Name of the grid, for messages.

    Raises
    ------
    InvalidInputError
        If an axis is not two or more ascending degrees, or the shapes do not fit.
    """

    def __init__(
        self, values: ArrayLike, *, lon_deg: ArrayLike, lat_deg: ArrayLike, name: str
    ) -> None:
        self._lon_deg = _axis(lon_deg, where=f"{name}: lon_deg", limit_deg=180.0)
        self._lat_deg = _axis(lat_deg, where=f"{name}: lat_deg", limit_deg=GREATEST_LATITUDE_DEG)
        self._values = np.array(values, dtype=np.float64)
        expected = (len(self._lat_deg), len(self._lon_deg))
        if self._values.shape != expected or np.isinf(self._values).any():
            raise InvalidInputError(
                f"{name}: given values of shape {self._values.shape}; expected shape {expected},"
                " a row for each latitude and a column for each longitude, of finite metres or NaN"
            )

    def at(self, lon_lat: FloatArray) -> FloatArray:
        """Interpolate at places ``(N, 2)`` in degrees: ``(N,)``, NaN outside the grid."""
        return bilinear(
            self._values,
            steps_along(self._lat_deg, lon_lat[:, 1]),
            steps_along(self._lon_deg, lon_lat[:, 0]),
        )

    @property
    def shortest_side_m(self) -> float:
        """Shortest side of a cell, metres."""
        return shorter_side_m(
            lon_step_deg=float(np.diff(self._lon_deg).min()),
            lat_step_deg=float(np.diff(self._lat_deg).min()),
            lat_deg=float(np.abs(self._lat_deg).max()),
        )


def _axis(values: ArrayLike, *, where: str, limit_deg: float) -> FloatArray:
    axis = np.array(values, dtype=np.float64)
    ascends = axis.ndim == 1 and len(axis) >= 2 and bool((np.diff(axis) > 0.0).all())
    if not (ascends and bool((np.abs(axis) <= limit_deg).all())):
        raise InvalidInputError(
            f"{where}: given an array of shape {axis.shape}; expected two or more degrees,"
            f" ascending, from {-limit_deg:g} to {limit_deg:g}; turn rows that run from north to"
            " south round, axis and values alike"
        )
    return axis


class GridTerrain:
    """Ground on a grid of longitude and latitude, bilinear between its nodes.

    A raster that is no GeoTIFF, read by a library of the user's, becomes terrain this way: take
    the positions of the *centres* of its cells as axes, and put NaN where it has no data.

    Parameters
    ----------
    elevation_amsl_m
        Metres above mean sea level at the nodes, ``(R, C)``, NaN where not known.
    lon_deg, lat_deg
        Axes in WGS 84 degrees, ascending, ``(C,)`` and ``(R,)``.
    name
        Which grid it is, for records.

    Attributes
    ----------
    name
        As given.
    spacing_m
        The shortest side of a cell.

    Raises
    ------
    InvalidInputError
        If an axis is not two or more ascending degrees, or the shapes do not fit.

    Examples
    --------
    >>> slope = GridTerrain(
    ...     [[0.0, 100.0], [0.0, 100.0]], lon_deg=[113.8, 113.9], lat_deg=[22.5, 22.6])
    >>> slope.elevation_amsl_m(np.array([[113.825, 22.55], [114.0, 22.55]])).round(6)
    array([25., nan])
    """

    def __init__(
        self,
        elevation_amsl_m: ArrayLike,
        *,
        lon_deg: ArrayLike,
        lat_deg: ArrayLike,
        name: str = "grid",
    ) -> None:
        self._grid = LonLatGrid(elevation_amsl_m, lon_deg=lon_deg, lat_deg=lat_deg, name=name)
        self.name = name
        self.spacing_m = self._grid.shortest_side_m

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)`` in degrees: ``(N,)``, NaN outside the grid."""
        return self._grid.at(lon_lat)
