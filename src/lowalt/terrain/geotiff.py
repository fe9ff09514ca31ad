"""Ground from a GeoTIFF that the user brings, read in windows by rasterio.

rasterio (with GDAL inside) is large and of use to few, so it is an extra, ``pip install
lowalt[gis]``, and is imported when a file is opened.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lowalt.errors import InvalidInputError, LowaltError, MissingExtraError, Problem
from lowalt.geodesy import geodesic_distance_m
from lowalt.terrain.grids import GREATEST_LATITUDE_DEG, bilinear
from lowalt.terrain.ground import FloatArray
from lowalt.units import FactUnit, factor

if TYPE_CHECKING:
    from rasterio.crs import CRS
    from rasterio.io import DatasetReader

_WINDOW = 256
"""Cells along a side of what is read at once."""

_MOST_BLOCK_BYTES = 64 * 2**20
"""The library reads whole blocks of a file; a file can declare one block of any size."""

_LOWEST_GROUND_M, _HIGHEST_GROUND_M = -500.0, 9000.0
"""No ground on earth is outside: numbers that are stand for what is not known."""

_METRES = ("", "m", "metre", "metres", "meter", "meters")
_FEET = ("ft", "foot", "feet")


class _Layout(NamedTuple):
    """How the numbers of a file become elevations of places.

    Attributes
    ----------
    rows, columns
        Cells each way.
    origin, step_right, step_down
        Corner of the first cell in the coordinate reference system, and what a column and a row
        add to it.
    crs
        Coordinate reference system.
    factor, offset_m
        Elevation in metres is the number in the file times the one plus the other.
    """

    rows: int
    columns: int
    origin: tuple[float, float]
    step_right: tuple[float, float]
    step_down: tuple[float, float]
    crs: CRS
    factor: float
    offset_m: float

    @classmethod
    def of(cls, dataset: DatasetReader) -> _Layout:
        unit_m = _metres_of(dataset.units[0])
        assert unit_m is not None  # files in other units were refused
        placed = dataset.transform
        return cls(
            rows=dataset.height,
            columns=dataset.width,
            origin=(placed.c, placed.f),
            step_right=(placed.a, placed.d),
            step_down=(placed.b, placed.e),
            crs=dataset.crs,
            factor=dataset.scales[0] * unit_m,
            offset_m=dataset.offsets[0] * unit_m,
        )

    def to_lonlat(self, steps: FloatArray) -> FloatArray:
        """Places ``(N, 2)`` in degrees, of rows and columns from the centre of the first cell."""
        xy = self.origin + (steps + 0.5) @ (self.step_down, self.step_right)
        return _brought(xy, source=self.crs, target="EPSG:4326")

    def to_steps(self, lon_lat: FloatArray) -> FloatArray:
        """Rows and columns ``(N, 2)`` from the centre of the first cell, of places in degrees."""
        xy = _brought(lon_lat, source="EPSG:4326", target=self.crs)
        matrix = np.column_stack((self.step_down, self.step_right))
        steps = np.linalg.solve(matrix, (xy - self.origin).T).T - 0.5
        # A billionth of a cell means nothing; but without it what the transforms lose would put
        # a place on an outermost centre outside.
        return np.asarray(np.round(steps, 9))

    def to_metres(self, numbers: FloatArray) -> FloatArray:
        """Elevations of the numbers of cells, NaN where they are none."""
        elevation_m = numbers * self.factor + self.offset_m
        is_ground = (elevation_m >= _LOWEST_GROUND_M) & (elevation_m <= _HIGHEST_GROUND_M)
        return np.where(is_ground, elevation_m, np.nan)


class GeoTiffTerrain:
    """Ground from a GeoTIFF, bilinear between the centres of its cells.

    The file is opened for each question and closed after it, so that there is nothing to close,
    and a terrain can be shared by threads and pickled. Only the cells around the places that are
    asked for are read: in windows of at most 257 by 257 cells, and within the library in blocks
    of at most 64 MiB, of which it keeps some until the file is closed (``GDAL_CACHEMAX``).

    Where the file marks cells as void (no-data value, mask, NaN), beside such cells, beyond the
    outermost centres and north and south of 85 degrees, the ground is not known. Neither is it
    where a number is no elevation on earth, which is how files mark voids without saying so.

    Any coordinate reference system will do, any orientation, and cells that stand for areas or
    for points; places are brought to it by the library, with the shift of datum that it knows.
    Heights are taken to be above mean sea level, unless the system says that they are above the
    ellipsoid or are depths. They are metres unless the band says feet, which are converted; other
    units are refused.

    Parameters
    ----------
    file
        A GeoTIFF of one band.
    spacing_m
        Distance at which legs and areas sample the ground, metres; the shorter side of a cell
        unless given. Where cells are a metre or less, a longer one saves time, and areas over
        which the ground is too much to sample become known.

    Attributes
    ----------
    name
        ``GeoTIFF`` and the file's name, for records.
    spacing_m
        As given, or the shortest side of a cell on the ground.

    Raises
    ------
    InvalidInputError
        If the file is not a GeoTIFF of elevations; all that is wrong with it is listed. Asking
        for elevations raises it too where the file is cut short or was exchanged.
    MissingExtraError
        If rasterio is not installed.

    Examples
    --------
    >>> GeoTiffTerrain("nowhere.tif")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: nowhere.tif: no such file; expected a GeoTIFF of elevations
    """

    def __init__(self, file: str | Path, *, spacing_m: float | None = None) -> None:
        self._file = Path(file)
        if spacing_m is not None and not 0.0 < spacing_m < math.inf:
            raise InvalidInputError(f"spacing_m: given {spacing_m}; expected metres above zero")
        with _opened(self._file) as dataset:
            problems = list(_problems(dataset))
            if problems:
                raise InvalidInputError(f"{file}: not elevations as expected", problems=problems)
            self._stamp = _stamp(self._file)
            self._layout = _Layout.of(dataset)
            lon_lat, shortest_side_m = _measured(self._layout)
        self.name = f"GeoTIFF {self._file.name}"
        self.spacing_m = shortest_side_m if spacing_m is None else spacing_m
        # Half as much again on either side: the edges bulge between the places measured.
        margin_deg = 0.5 * np.ptp(lon_lat, axis=0)
        self._near_deg = (lon_lat.min(axis=0) - margin_deg, lon_lat.max(axis=0) + margin_deg)

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)`` in degrees: ``(N,)``, NaN where not known."""
        result = np.full(len(lon_lat), np.nan)
        least_deg, greatest_deg = self._near_deg
        near = ((lon_lat >= least_deg) & (lon_lat <= greatest_deg)).all(axis=1)
        near &= np.abs(lon_lat[:, 1]) <= GREATEST_LATITUDE_DEG
        if not near.any():
            return result
        with _opened(self._file) as dataset:
            if _stamp(self._file) != self._stamp:
                raise InvalidInputError(
                    f"{self._file}: changed since it was opened; make a new GeoTiffTerrain of it"
                )
            result[near] = _interpolated(dataset, self._layout, lon_lat[near])
        return result


@contextmanager
def _opened(file: Path) -> Iterator[DatasetReader]:
    if not file.is_file():
        raise InvalidInputError(f"{file}: no such file; expected a GeoTIFF of elevations")
    try:
        import rasterio  # noqa: PLC0415 -- an extra
    except ImportError:
        raise MissingExtraError(
            f"{file}: reading a GeoTIFF needs rasterio: pip install lowalt[gis]"
        ) from None
    try:
        with rasterio.open(file, driver="GTiff", sharing=False) as dataset:
            yield dataset
    except LowaltError:
        raise
    except Exception as error:  # of a broken file the library says so in classes of all kinds
        reason = str(error.__cause__ or error).rstrip(".")
        raise InvalidInputError(
            f"{file}: {reason}; expected a whole GeoTIFF of elevations on the earth"
        ) from error


def _stamp(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def _problems(dataset: DatasetReader) -> Iterator[Problem]:
    """Say what keeps a file from being elevations of places."""
    if dataset.count != 1:
        yield Problem(
            "bands", str(dataset.count), "expected one, of elevations; take it out of the file"
        )
    if dataset.colorinterp[0].name == "palette" or np.dtype(dataset.dtypes[0]).kind not in "iuf":
        given = f"{dataset.dtypes[0]}, {dataset.colorinterp[0].name}"
        yield Problem("numbers", given, "expected elevations, not colours or complex numbers")
    if min(dataset.shape) < 2:
        given = f"{dataset.height} by {dataset.width}"
        yield Problem("cells", given, "expected two or more each way")
    yield from _reference_problems(dataset)
    if _metres_of(dataset.units[0]) is None:
        expected = "expected metres or feet; convert the elevations to metres"
        yield Problem("unit", repr(dataset.units[0]), expected)
    block_bytes = math.prod(dataset.block_shapes[0]) * np.dtype(dataset.dtypes[0]).itemsize
    if block_bytes > _MOST_BLOCK_BYTES:
        expected = (
            f"expected at most {_MOST_BLOCK_BYTES:,}; write the file in tiles"
            " (gdal_translate -co TILED=YES)"
        )
        yield Problem("bytes of a block", f"{block_bytes:,}", expected)


def _reference_problems(dataset: DatasetReader) -> Iterator[Problem]:
    """Say what keeps the cells from being places, and the numbers from being AMSL."""
    crs, transform = dataset.crs, dataset.transform
    if transform.is_identity or transform.is_degenerate:
        given = "none" if transform.is_identity else "one that maps the cells to a line"
        yield Problem("georeference", given, "expected the place of the first cell and the size")
    if crs is None or not (crs.is_geographic or crs.is_projected):
        given = "none" if crs is None else crs.to_string()
        expected = "expected one on the earth; state it (gdal_edit.py -a_srs EPSG:4326)"
        yield Problem("coordinate reference system", given, expected)
        return
    described = crs.to_dict(projjson=True)
    # The vertical system, if there is one, is the last of the parts.
    part = described.get("components", [described])[-1]
    axes = part.get("coordinate_system", {}).get("axis", [])
    if len(axes) == 3:
        expected = "heights above the ellipsoid; expected heights above mean sea level"
        yield Problem("coordinate reference system", crs.to_string(), expected)
    if axes and axes[-1].get("direction") == "down":
        expected = "depths; expected heights above mean sea level"
        yield Problem("coordinate reference system", crs.to_string(), expected)


def _metres_of(unit: str | None) -> float | None:
    """Metres of a unit of elevation, ``None`` if it is neither metre nor foot."""
    name = (unit or "").strip().lower()
    if name not in _METRES + _FEET:
        return None
    to = FactUnit.MILLIMETRE
    return float(factor("m" if name in _METRES else "ft", to=to) / factor("m", to=to))


def _measured(layout: _Layout) -> tuple[FloatArray, float]:
    """Measure cells all over a file: their places, and the shortest side.

    Returns
    -------
    lon_lat : (M, 2) float64
        Corners of the cells measured; those of the outermost are among them.
    shortest_side_m : float
        On the ground, of cells no nearer to the poles than terrain is known.
    """
    axes = (np.linspace(0.0, cells - 2, 5) for cells in (layout.rows, layout.columns))
    first = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
    corner, right, below, across = (
        layout.to_lonlat(first + step) for step in ((0, 0), (0, 1), (1, 0), (1, 1))
    )
    sides_m = np.minimum(geodesic_distance_m(corner, right), geodesic_distance_m(corner, below))
    is_known = np.abs(corner[:, 1]) <= GREATEST_LATITUDE_DEG
    shortest_m = float(sides_m[is_known].min(initial=np.inf))
    lon_lat = np.concatenate((corner, right, below, across))
    if not (np.isfinite(lon_lat).all() and 0.0 < shortest_m < math.inf):
        raise ValueError("cells that lie nowhere between 85 degrees south and north")
    return lon_lat, shortest_m


def _brought(xy: FloatArray, *, source: CRS | str, target: CRS | str) -> FloatArray:
    """Bring places ``(N, 2)`` from one coordinate reference system to another."""
    from rasterio.warp import transform  # noqa: PLC0415 -- an extra

    return np.column_stack(transform(source, target, *xy.T))


def _interpolated(dataset: DatasetReader, layout: _Layout, lon_lat: FloatArray) -> FloatArray:
    """Elevations at places ``(N, 2)`` in degrees: ``(N,)``, read window by window."""
    steps = layout.to_steps(lon_lat)
    result = np.full(len(steps), np.nan)
    last = np.subtract(dataset.shape, 1)
    places = np.flatnonzero(((steps >= 0.0) & (steps <= last)).all(axis=1))
    _, window = np.unique(steps[places] // _WINDOW, axis=0, return_inverse=True)
    order = np.argsort(window.ravel(), kind="stable")
    ends = np.cumsum(np.bincount(window.ravel()))
    for own in np.split(places[order], ends[:-1]) if len(places) else ():
        top, left = np.minimum(steps[own].min(axis=0).astype(int), last - 1)
        # Two more than the last place: it leans on the centre after it, and ends are not read.
        bottom, right = np.minimum(steps[own].max(axis=0).astype(int) + 2, last + 1)
        numbers = dataset.read(1, window=((top, bottom), (left, right)), masked=True)
        nodes_m = layout.to_metres(numbers.astype(np.float64).filled(np.nan))
        result[own] = bilinear(nodes_m, *(steps[own] - (top, left)).T)
    return result
