"""Where a zone is in the plane of a dataset, as far as its limits are known.

Every volume has two regions: where it *surely* is and where it *may* be. They are the same where
the zone's limits are known, and part by the accuracy of its boundary where they are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.containment import BoundaryPart, project
from lowalt.airspace.shapes import Circle, Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.geodesy import (
    COVERING_OVERSHOOT_M,
    FloatArray,
    LocalFrame,
    densify_geodesic,
    geodesic_direct,
)
from lowalt.levels import VerticalLayer

ComplexArray = NDArray[np.complex128]

# Chords of a buffer's round corners lie inside the circle by r (1 - cos(pi / 4q)): with 64 to a
# quarter and 1 km that is 7.5 cm, made good by the factor below so that buffers cover.
_QUARTER_SEGMENTS = 64
_COVERING = 1.0 / np.cos(np.pi / (4 * _QUARTER_SEGMENTS))

_RUN_EDGES = 16
_RUN_M = 250.0
"""A run of edges has no more of them, and is about this long: its box then says where it is."""

_CIRCLE_POINTS = 64


def prepared_copy(geometry: BaseGeometry) -> BaseGeometry:
    """Copy a geometry and prepare the copy for being asked often.

    GEOS keeps working state in a prepared geometry, so threads must not share one.
    """
    copy = shapely.from_wkb(shapely.to_wkb(geometry))
    shapely.prepare(copy)
    return copy


@dataclass(frozen=True)  # no slots: edges are worked out once, on first use
class Region:
    """All places of a plane within a distance of a geometry.

    A circle is its centre and the radius, a strip its line and the half-width. Nothing of the
    distance is drawn, so nothing of it is lost.

    Attributes
    ----------
    geometry
        A point, a line, or polygons, metres; it may be empty, and so then is the region.
    by_m
        The distance, 0 or more.
    """

    geometry: BaseGeometry
    by_m: float = 0.0

    def is_within(self, distance_m: float, *, of: BaseGeometry) -> bool:
        """Whether some place of the region is no farther than a distance from a geometry.

        A negative distance asks for a place of it that lies so deep in the region.
        """
        if self.by_m + distance_m >= 0.0:
            return bool(shapely.dwithin(self.prepared, of, self.by_m + distance_m))
        return bool(shapely.intersects(self.drawn(grown_by_m=distance_m), of))

    def drawn(self, *, grown_by_m: float = 0.0) -> BaseGeometry:
        """Draw the region grown, or shrunk, by a distance; where it is grown, covering it."""
        return grow(self.geometry, self.by_m + grown_by_m)

    @cached_property
    def edges(self) -> ComplexArray:
        """Both ends of every edge, ``(E, 2)``, as x + iy; a point is an edge of no length."""
        return self._edges_and_lines[0]

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """Number of the first edge of each run of neighbouring edges, ``(K,)``."""
        edges, line = self._edges_and_lines
        lengths_m = np.abs(edges[:, 1] - edges[:, 0])
        stretch = (np.cumsum(lengths_m) - lengths_m) // _RUN_M
        group = np.arange(len(edges)) // _RUN_EDGES
        marks = np.column_stack((line, stretch, group))
        begins = np.ones(len(edges), dtype=bool)
        begins[1:] = (marks[1:] != marks[:-1]).any(axis=1)
        return np.flatnonzero(begins)

    @cached_property
    def boxes(self) -> FloatArray:
        """West, south, east and north of each run, the distance included, ``(K, 4)``."""
        if not len(self.edges):
            return np.empty((0, 4))
        ends = self.edges.view(np.float64).reshape(-1, 2, 2)
        least = np.minimum.reduceat(ends.min(axis=1), self.runs) - self.by_m
        greatest = np.maximum.reduceat(ends.max(axis=1), self.runs) + self.by_m
        return np.hstack((least, greatest))

    @cached_property
    def drawn_boxes(self) -> NDArray[np.object_]:
        """The same boxes as polygons, ``(K,)``, for an index: making them takes longest."""
        return np.asarray(shapely.box(*self.boxes.T), dtype=np.object_)

    @cached_property
    def bounds(self) -> FloatArray:
        """West, south, east and north, the distance included; NaN of an empty region."""
        far = np.array([-self.by_m, -self.by_m, self.by_m, self.by_m])
        return np.asarray(shapely.bounds(self.geometry) + far)

    @cached_property
    def prepared(self) -> BaseGeometry:
        """A copy of the geometry, prepared: to be asked whether it holds or is near a place.

        What GEOS builds when it is first asked is built here, so that threads may ask together;
        of nothing else may they ask a prepared geometry that they share.
        """
        copy = prepared_copy(self.geometry)
        if not copy.is_empty:
            somewhere = shapely.box(*copy.bounds).centroid
            shapely.contains_xy(copy, somewhere.x, somewhere.y)
            shapely.dwithin(copy, somewhere, 0.0)
        return copy

    @property
    def has_interior(self) -> bool:
        """Whether the geometry itself, not only what is near it, holds more than edges."""
        return not self.geometry.is_empty and shapely.get_dimensions(self.geometry) == 2

    @cached_property
    def _edges_and_lines(self) -> tuple[ComplexArray, NDArray[np.intp]]:
        """Edges, and the number of the ring or line that each belongs to."""
        lines = shapely.get_parts(self.geometry)
        if shapely.get_dimensions(self.geometry) == 2:
            lines = shapely.get_rings(lines)
        xy, line = shapely.get_coordinates(lines, return_index=True)
        places = xy.view(np.complex128)[:, 0]
        if isinstance(self.geometry, Point):
            return np.column_stack((places, places)), line
        same = line[1:] == line[:-1]
        return np.column_stack((places[:-1], places[1:]))[same], line[:-1][same]


_NOWHERE = Region(Polygon())


@dataclass(frozen=True, slots=True)
class Limits:
    """Where one volume of a zone is.

    Attributes
    ----------
    layer
        Between which heights.
    surely, possibly
        Where it is as far as its limits are known, and where it may be; the same object where
        they are the same. ``possibly`` covers ``surely``.
    """

    layer: VerticalLayer
    surely: Region
    possibly: Region

    @property
    def regions(self) -> tuple[tuple[Region, bool], ...]:
        """Its regions that are not empty, each once, and whether the volume surely is there."""
        both = ((self.surely, True), (self.possibly, False))
        found = both[:1] if self.surely is self.possibly else both
        return tuple((region, sure) for region, sure in found if not region.geometry.is_empty)


def limits_of(zone: Zone, volume: Volume3D, *, frame: LocalFrame) -> Limits:
    """Work out where a volume of a zone surely is and where it may be.

    Parameters
    ----------
    zone
        The zone, which says how well its limits are known.
    volume
        One of its volumes.
    frame
        The plane. Distances are brought to it by the greatest scale over the volume, which in the
        region of Shenzhen makes them too long by less than a ten-thousandth.
    """
    scale = _scale(volume, frame)
    unsure = zone.uncertainty_m * scale
    known = _known(volume, frame=frame, scale=scale)
    if not unsure and not zone.less_accurate:
        return Limits(volume.layer, known, known)
    if not known.has_interior and not zone.less_accurate:
        core = Region(known.geometry, known.by_m - unsure) if known.by_m >= unsure else _NOWHERE
        return Limits(volume.layer, core, Region(known.geometry, known.by_m + unsure))
    doubtful = shapely.union_all([_blur(part, frame=frame) for part in zone.less_accurate])
    return Limits(
        volume.layer,
        surely=Region(shapely.difference(known.drawn(grown_by_m=-unsure), doubtful)),
        possibly=Region(shapely.union(known.drawn(grown_by_m=unsure), doubtful)),
    )


def _blur(part: BoundaryPart, *, frame: LocalFrame) -> BaseGeometry:
    line = project(part.line, frame=frame)
    scale = float(frame.scale(shapely.get_coordinates(line)).max())
    return grow(line, part.accuracy_m * scale)


def _scale(volume: Volume3D, frame: LocalFrame) -> float:
    """Greatest length in the plane of a ground metre: lengths grow away from the meridian."""
    west, south, east, north = volume.geometry.bounds
    corners = frame.to_plane([(west, south), (west, north), (east, south), (east, north)])
    return float(frame.scale(corners).max())


def _known(volume: Volume3D, *, frame: LocalFrame, scale: float) -> Region:
    """Bring a volume to the plane as it was published."""
    disc = _disc(volume.shape, frame) if isinstance(volume.shape, Circle) else None
    if disc is not None:
        return disc
    if isinstance(volume.shape, Strip):
        line = LineString(frame.to_plane(densify_geodesic(volume.shape.line)))
        return Region(line, volume.shape.half_width_m * scale)
    return Region(project(volume.geometry, frame=frame))


def _disc(circle: Circle, frame: LocalFrame) -> Region | None:
    """Find a disc of the plane that covers a circle as closely as its polygon does, if any.

    A conformal plane makes circles of circles up to the third order of the radius: near Shenzhen
    4 mm are lost at 10 km, and a larger circle keeps its polygon.
    """
    ring = frame.to_plane(
        geodesic_direct(
            [(circle.lon_deg, circle.lat_deg)],
            azimuth_deg=np.arange(_CIRCLE_POINTS) * 360.0 / _CIRCLE_POINTS,
            distance_m=circle.radius_m,
        )
    )
    middle = ring.mean(axis=0)
    around = ring - middle
    # Points of a circle fulfil x^2 + y^2 = 2 a x + 2 b y + c, linear in its centre (a, b).
    unknowns = np.column_stack((2.0 * around, np.ones(len(around))))
    shift = np.linalg.lstsq(unknowns, (around**2).sum(axis=1), rcond=None)[0][:2]
    radii_m = np.hypot(*(around - shift).T)
    if not radii_m.max() - radii_m.min() <= COVERING_OVERSHOOT_M:
        return None
    return Region(Point(middle + shift), float(radii_m.max()))


def grow(geometry: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Buffer a planar geometry so that it covers; shrink it, by a negative distance, enough."""
    if distance_m == 0.0:
        return geometry
    grown: BaseGeometry = shapely.buffer(
        geometry, distance_m * _COVERING, quad_segs=_QUARTER_SEGMENTS
    )
    return grown
