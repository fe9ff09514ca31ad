"""What a sky is counted by: square cells of a plane, height bands, time slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from lowalt.errors import GeometryError, InvalidInputError, Problem, shown
from lowalt.geodesy import LocalFrame
from lowalt.levels import VerticalReference
from lowalt.paths import IntArray
from lowalt.terrain import FloatArray

CELL_M: Final = 500.0
BANDS_M: Final = (0.0, 60.0, 120.0, 300.0)
SLOT_S: Final = 900
"""A quarter of an hour; slots begin on the hour in every time zone of whole quarters."""

MOST_HALF_WIDTH_M: Final = 300_000.0
"""Farthest from the central meridian that cells are laid: they are true squares to 0.2 % there."""


class Cell(NamedTuple):
    """One square of the grid: how many cells east of the meridian and north of the equator."""

    column: int
    row: int


def is_count(value: object, *, least: int) -> bool:
    """Tell a whole number that is large enough."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells, height bands and time slots.

    All are half-open: what is exactly on a line between two belongs to the one to the east, to the
    north, above and later.

    Attributes
    ----------
    frame
        Plane of the cells. Their corners are whole multiples of `cell_m` in it, so that they are
        the same for every day in one frame.
    cell_m
        Side of a cell, metres of the plane.
    bands_m
        Where each height band begins, metres, increasing. The last is open above.
    reference
        What heights are above.
    slot_s
        Length of a time slot, whole seconds; slots are counted from 1970-01-01T00:00Z.

    Raises
    ------
    InvalidInputError
        If a size is no positive number, or the bands do not increase.

    Examples
    --------
    >>> grid = Grid(LocalFrame(114.0))
    >>> [grid.band_name(band) for band in (-1, 0, 3, grid.unknown_band)]
    ['below 0 m AGL', '0 to 60 m AGL', '300 m AGL and above', 'height unknown']
    """

    frame: LocalFrame
    cell_m: float = CELL_M
    bands_m: tuple[float, ...] = BANDS_M
    reference: VerticalReference = VerticalReference.AGL
    slot_s: int = SLOT_S

    def __post_init__(self) -> None:
        """Refuse what counts nothing."""
        problems = []
        if not (np.isfinite(self.cell_m) and self.cell_m >= 1.0):
            problems.append(Problem("cell_m", shown(self.cell_m), "metres, 1 or more"))
        bands = np.asarray(self.bands_m, dtype=np.float64)
        if not (len(bands) and np.isfinite(bands).all() and (np.diff(bands) > 0.0).all()):
            expected = "where bands begin, increasing metres such as (0, 60, 120, 300)"
            problems.append(Problem("bands_m", shown(self.bands_m), expected))
        if not is_count(self.slot_s, least=1):
            problems.append(Problem("slot_s", shown(self.slot_s), "whole seconds, 1 or more"))
        if problems:
            raise InvalidInputError("nothing can be counted by these:", problems=problems)

    @classmethod
    def over(
        cls,
        lon_lat: FloatArray,
        *,
        cell_m: float = CELL_M,
        bands_m: Sequence[float] = BANDS_M,
        reference: VerticalReference = VerticalReference.AGL,
        slot_s: int = SLOT_S,
    ) -> Grid:
        """Lay a grid over places, degrees ``(N, 2)``: its meridian is a whole degree amid them."""
        lon_deg = lon_lat[:, 0] if len(lon_lat) else np.zeros(1)
        meridian_deg = round(float(lon_deg.min() + lon_deg.max()) / 2.0)
        frame = LocalFrame(float(meridian_deg))
        xy = frame.to_plane(lon_lat)
        # The plane does not go round the earth: beyond its end there are no numbers.
        if not np.isfinite(xy).all() or np.abs(xy[:, 0]).max(initial=0.0) > MOST_HALF_WIDTH_M:
            raise GeometryError(
                f"plans that reach more than {MOST_HALF_WIDTH_M / 1000.0:.0f} km from"
                f" {meridian_deg} degrees east, the middle of all: no grid of squares spans them."
                " Count region by region, and look for coordinates that are wrong"
            )
        bands = tuple(float(edge) for edge in bands_m)
        return cls(frame, float(cell_m), bands, VerticalReference(reference), slot_s)

    @property
    def unknown_band(self) -> int:
        """Number of the band of heights that are not known."""
        return len(self.bands_m)

    def bands_of(self, heights_m: FloatArray) -> IntArray:
        """Give the number of each height's band; -1 below the first, `unknown_band` for NaN."""
        band = np.searchsorted(np.array(self.bands_m), heights_m, side="right") - 1
        band[np.isnan(heights_m)] = self.unknown_band
        return band.astype(np.int64)

    def band_name(self, band: int, lang: str = "en") -> str:
        """Name a band for people, in ``"zh"`` or ``"en"``."""
        chinese = lang == "zh"
        if band == self.unknown_band:
            return "高度未知" if chinese else "height unknown"
        reference = self.reference.value
        if chinese and self.reference is VerticalReference.AGL:
            reference = "真高"
        unit = f"m {reference}" if not chinese else f"m（{reference}）"
        if band < 0:
            return (
                f"低于{self.bands_m[0]:g} {unit}"
                if chinese
                else f"below {self.bands_m[0]:g} {unit}"
            )
        floor_m = self.bands_m[band]
        if band + 1 == len(self.bands_m):
            return f"{floor_m:g} {unit}及以上" if chinese else f"{floor_m:g} {unit} and above"
        return f"{floor_m:g}{'–' if chinese else ' to '}{self.bands_m[band + 1]:g} {unit}"

    def corners(self, cells: IntArray) -> FloatArray:
        """Corners of cells ``(K, 2)``, from the south-west round by the east, ``(K, 4, 2)``."""
        steps = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
        xy = (cells[:, None, :] + steps) * self.cell_m
        return self.frame.to_lonlat(xy.reshape(-1, 2)).reshape(-1, 4, 2)

    def centres(self, cells: IntArray) -> FloatArray:
        """Middles of cells ``(K, 2)`` in degrees, ``(K, 2)``."""
        return self.frame.to_lonlat((cells + 0.5) * self.cell_m)
