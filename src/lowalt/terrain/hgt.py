"""Ground from SRTM tiles in the HGT form, which the user brings."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lowalt.errors import InvalidInputError
from lowalt.terrain.grids import bilinear, shorter_side_m
from lowalt.terrain.ground import FloatArray

_NAME = re.compile(r"([NS])(\d{2})([EW])(\d{3})\.hgt", re.IGNORECASE)
_SAMPLE = np.dtype(">i2")
_VOID = -32768
_SIDES = (1201, 3601)
"""Samples along a side: three seconds of arc, and one."""


class _Tile(NamedTuple):
    """A file that covers one degree north and east of its south-western corner."""

    file: Path
    side: int

    def samples(self) -> NDArray[np.int16]:
        """Open the samples, first row in the north; the system reads those that are asked for."""
        return np.memmap(self.file, dtype=_SAMPLE, mode="r", shape=(self.side, self.side))


class HgtTerrain:
    """Ground from a folder of SRTM tiles such as ``N22E114.hgt``, bilinear between samples.

    Tiles are opened when a place in them is first asked for. Where there is no tile, and next to
    voids, the ground is not known; many collections have no tile where there is only sea.

    Parameters
    ----------
    folder
        Folder of the tiles: squares of 1201 or 3601 samples, big-endian 16-bit metres above mean
        sea level, not compressed. The name of a tile is the latitude and longitude of its
        south-western corner. Files that do not end in ``.hgt`` are left alone.

    Attributes
    ----------
    name
        Folder and number of its tiles, for records.
    spacing_m
        The shortest side of a cell of the finest tile.

    Raises
    ------
    InvalidInputError
        If the folder holds no tile, or one whose name or size is not that of a tile; all such
        files are listed.
    """

    def __init__(self, folder: str | Path) -> None:
        folder = Path(folder)
        self._tiles = _tiles_of(folder)
        self.name = f"HGT tiles of {folder.name} ({len(self._tiles)})"
        self.spacing_m = min(
            shorter_side_m(
                lon_step_deg=1.0 / (tile.side - 1),
                lat_step_deg=1.0 / (tile.side - 1),
                lat_deg=max(abs(south), abs(south + 1)),
            )
            for (_, south), tile in self._tiles.items()
        )

    @cached_property
    def _opened(self) -> dict[tuple[int, int], NDArray[np.int16]]:
        return {}

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)`` in degrees: ``(N,)``, NaN where not known."""
        result = np.full(len(lon_lat), np.nan)
        corner = np.floor(lon_lat)
        # The edge that two tiles share is in both: a place on it is asked of its own tile first,
        # then of those to the west and south.
        for back in ((0, 0), (1, 0), (0, 1), (1, 1)):
            may_ask = np.isnan(result) & ((corner == lon_lat) | ~np.array(back, bool)).all(axis=1)
            places = np.flatnonzero(may_ask & np.isfinite(lon_lat).all(axis=1))
            corners, which = np.unique(corner[places] - back, axis=0, return_inverse=True)
            for index, (west, south) in enumerate(corners):
                if (int(west), int(south)) in self._tiles:
                    own = places[which.ravel() == index]
                    result[own] = self._in_tile(int(west), int(south), lon_lat[own])
        return result

    def _in_tile(self, west: int, south: int, lon_lat: FloatArray) -> FloatArray:
        if (west, south) not in self._opened:
            self._opened[west, south] = self._tiles[west, south].samples()
        samples = self._opened[west, south]
        steps = len(samples) - 1
        row = (south + 1 - lon_lat[:, 1]) * steps
        column = (lon_lat[:, 0] - west) * steps
        return bilinear(samples, row, column, void=_VOID)


def _tiles_of(folder: Path) -> Mapping[tuple[int, int], _Tile]:
    """Find the tiles of a folder by the longitude and latitude of their south-western corners."""
    if not folder.is_dir():
        raise InvalidInputError(f"{folder}: not a folder; expected a folder of .hgt tiles")
    tiles: dict[tuple[int, int], _Tile] = {}
    faults: list[str] = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() != ".hgt":
            continue
        corner, side = _corner_of(file.name), _side_of(file)
        if corner is None:
            faults.append(f"{file.name}: expected a name such as N22E114.hgt, south-west corner")
        elif side is None:
            faults.append(_wrong_size(file))
        elif corner in tiles:
            faults.append(f"{file.name}: the same tile as {tiles[corner].file.name}; keep one")
        else:
            tiles[corner] = _Tile(file, side)
    if faults:
        raise InvalidInputError("\n  ".join([f"{folder}: not all of it can be read", *faults]))
    if not tiles:
        raise InvalidInputError(f"{folder}: no .hgt tile in it; expected one such as N22E114.hgt")
    return tiles


def _corner_of(name: str) -> tuple[int, int] | None:
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    south = int(match[2]) * (1 if match[1].upper() == "N" else -1)
    west = int(match[4]) * (1 if match[3].upper() == "E" else -1)
    return (west, south) if -180 <= west < 180 and -90 <= south < 90 else None


def _side_of(file: Path) -> int | None:
    side = math.isqrt(file.stat().st_size // _SAMPLE.itemsize)
    fits = side in _SIDES and side * side * _SAMPLE.itemsize == file.stat().st_size
    return side if fits else None


def _wrong_size(file: Path) -> str:
    sizes = " or ".join(f"{side * side * _SAMPLE.itemsize} ({side} squared)" for side in _SIDES)
    return (
        f"{file.name}: {file.stat().st_size} bytes; expected {sizes}; is it cut short, or still"
        " compressed?"
    )
