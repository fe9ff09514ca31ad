"""What the parts of a picture share: the window of the map, polygons, and marks of a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from shapely.geometry.base import BaseGeometry

from lowalt.terrain import FloatArray

METRES_PER_DEGREE = 111_195.0
"""Along a meridian, for margins and the scale bar; a picture needs no better."""

_LEAST_M = 1200.0
"""A picture shows at least so much from side to side, however short the flight."""

_MARGIN = 0.14
"""Room round the flights, as a share of their extent."""

HALO = (withStroke(linewidth=2.4, foreground="white"),)
"""Keeps text readable over lines."""

HEADING = Patch(facecolor="none", edgecolor="none")
"""Stands in the legend beside a heading, in the place of a mark."""

Marks = list[tuple[Artist, str]]
"""What is drawn, and what it means."""


@dataclass(frozen=True, slots=True)
class Window:
    """What the map shows, degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def round(cls, shapes: Sequence[BaseGeometry], *, width_to_height: float) -> Window:
        """Choose a window of a form round some shapes."""
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=np.object_))
        lon_deg, lat_deg = (west + east) / 2.0, (south + north) / 2.0
        shrink = math.cos(math.radians(lat_deg))
        grown = 1.0 + 2.0 * _MARGIN
        wide_m = max((east - west) * shrink * METRES_PER_DEGREE * grown, _LEAST_M)
        high_m = max((north - south) * METRES_PER_DEGREE * grown, _LEAST_M)
        wide_m, high_m = (
            max(wide_m, high_m * width_to_height),
            max(high_m, wide_m / width_to_height),
        )
        half_lon = wide_m / 2.0 / METRES_PER_DEGREE / shrink
        half_lat = high_m / 2.0 / METRES_PER_DEGREE
        return cls(lon_deg - half_lon, lat_deg - half_lat, lon_deg + half_lon, lat_deg + half_lat)

    @property
    def box(self) -> BaseGeometry:
        """The window as a polygon."""
        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def metres_per_degree_lon(self) -> float:
        """Length of a degree of longitude in its middle."""
        return METRES_PER_DEGREE * math.cos(math.radians((self.south + self.north) / 2.0))

    def at(self, right: float, up: float) -> tuple[float, float]:
        """Place at shares of its width and height."""
        return (
            self.west + right * (self.east - self.west),
            self.south + up * (self.north - self.south),
        )

    def shares(self, places: FloatArray) -> FloatArray:
        """Where places are, as shares of its width and height, shape ``(N, 2)``."""
        low, high = np.array((self.west, self.south)), np.array((self.east, self.north))
        return np.asarray((places - low) / (high - low), dtype=np.float64)

    def holds(self, lon_deg: float, lat_deg: float) -> bool:
        """Whether a place is in it."""
        return self.west < lon_deg < self.east and self.south < lat_deg < self.north


def fill(axes: Axes, shape: BaseGeometry, **style: Any) -> None:
    """Draw a polygon or several, with their holes."""
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors]
        outline = Outline.make_compound_path(*(Outline(shapely.get_coordinates(r)) for r in rings))
        axes.add_patch(PathPatch(outline, **style))
