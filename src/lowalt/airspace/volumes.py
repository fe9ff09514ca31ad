"""Volumes of airspace: a shape on the ground between two levels (ASTM F3548's Volume3D)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.shapes import Shape
from lowalt.errors import GeometryError
from lowalt.levels import VerticalLayer

EVERY_HEIGHT = VerticalLayer()
"""From the surface to no upper limit."""


@dataclass(frozen=True, slots=True)
class Volume3D:
    """A shape on the ground between a floor and a ceiling.

    Parameters
    ----------
    geometry
        Polygon or polygons, degrees; edges are straight in longitude and latitude. Where there is
        an exact shape they only cover it.
    layer
        Floor and ceiling; by default every height.
    shape
        The exact shape, where it is known as more than a polygon.

    Examples
    --------
    >>> from lowalt.airspace.shapes import Circle
    >>> Volume3D.of(Circle(114.0, 22.5, 500.0)).layer.ceiling is None
    True
    """

    geometry: Polygon | MultiPolygon
    layer: VerticalLayer = EVERY_HEIGHT
    shape: Shape | None = None

    @classmethod
    def of(cls, shape: Shape, *, layer: VerticalLayer = EVERY_HEIGHT) -> Volume3D:
        """Make a volume of an exact shape."""
        return cls(shape.covering_polygon(), layer, shape)


def require_polygon(geometry: BaseGeometry, *, where: str) -> None:
    """Refuse what is no sound polygon of degrees.

    Raises
    ------
    GeometryError
        If it is another type, empty, crosses itself, or has a corner that is no place on earth;
        the message begins with ``where``.
    """
    if not isinstance(geometry, Polygon | MultiPolygon) or geometry.is_empty:
        raise GeometryError(
            f"{where}: a {geometry.geom_type}{' without points' if geometry.is_empty else ''}:"
            " expected a polygon, a multipolygon or a circle"
        )
    coordinates = shapely.get_coordinates(geometry)
    if not np.isfinite(coordinates).all():
        raise GeometryError(f"{where}: a coordinate is not a finite number")
    largest_deg = np.abs(coordinates).max(axis=0)
    if largest_deg[0] > 180.0 or largest_deg[1] > 90.0:
        hint = "; they look swapped" if largest_deg[0] <= 90.0 and largest_deg[1] <= 180.0 else ""
        raise GeometryError(
            f"{where}: longitude up to {largest_deg[0]:g} and latitude up to {largest_deg[1]:g}:"
            f" expected longitude first, at most 180 and 90 degrees{hint}"
        )
    if not geometry.is_valid:
        raise GeometryError(
            f"{where}: {shapely.is_valid_reason(geometry)}: the rings of a polygon may not cross"
            " themselves or each other"
        )
