"""Exact shapes on the ground: what a publication states, not the polygon that stands for it.

A shape keeps centres, radii and centre lines. The polygon it makes *covers* it, by at most
``COVERING_OVERSHOOT_M`` along arcs and round ends, so that nothing which is inside the shape is
outside the polygon. Lines between corners are geodesics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Polygon
from shapely.geometry.polygon import orient

from lowalt.errors import GeometryError
from lowalt.geodesy import (
    COVERING_OVERSHOOT_M,
    FloatArray,
    LocalFrame,
    arc_points,
    circle_ring,
    densify_geodesic,
    geodesic_azimuth_deg,
    geodesic_distance_m,
)

Place = tuple[float, float]
"""Longitude and latitude, WGS 84 degrees."""

EDGE_STEP_M: Final = 200.0
"""Edges are cut to this length: a geodesic and a line straight in degrees then agree to 0.4 mm."""

_STRIP_MARGIN_M = 0.001
"""By which strips are made wider, to cover those 0.4 mm and the rounding of coordinates."""

_GREATEST_RADIUS_M = 1e6
_ARC_CLOSURE_M = 30.0
"""How far the two ends of an arc may differ in their distance from its centre: publications round
centres and ends to seconds of arc, each to some 15 m."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle; the radius is measured along geodesics."""

    lon_deg: float
    lat_deg: float
    radius_m: float

    def __post_init__(self) -> None:
        _require_radius(self.radius_m, self.lon_deg, self.lat_deg, what="circle")

    def covering_polygon(self) -> Polygon:
        """Polygon of degrees that covers the circle, at most 5 mm larger."""
        return Polygon(
            circle_ring(lon_deg=self.lon_deg, lat_deg=self.lat_deg, radius_m=self.radius_m)
        )


@dataclass(frozen=True, slots=True)
class Sector:
    """The part of a circle between two directions, seen from its centre.

    Parameters
    ----------
    lon_deg, lat_deg, radius_m
        The circle.
    start_azimuth_deg, end_azimuth_deg
        Directions of its sides, degrees clockwise from true north; the sector lies clockwise of
        the start, and its sides are geodesics.
    inner_radius_m
        Radius of the circle that is cut out of the middle, if any.

    Examples
    --------
    The western sector of prohibited area VHP8 (Hong Kong AIP, ENR 5.1):

    >>> west = Sector(114.217778, 22.198333, 914.4, 230.0, 270.0)
    >>> west.covering_polygon().contains(shapely.Point(114.2125, 22.1960))
    True
    """

    lon_deg: float
    lat_deg: float
    radius_m: float
    start_azimuth_deg: float
    end_azimuth_deg: float
    inner_radius_m: float = 0.0

    def __post_init__(self) -> None:
        _require_radius(self.radius_m, self.lon_deg, self.lat_deg, what="sector")
        if not 0.0 <= self.inner_radius_m < self.radius_m:
            raise GeometryError(
                f"sector of {self.radius_m} m: inner radius {self.inner_radius_m} m: expected"
                " metres, 0 or more and less than the outer radius"
            )
        if not 0.0 < self.sweep_deg < 360.0:
            raise GeometryError(
                f"sector from {self.start_azimuth_deg} to {self.end_azimuth_deg} degrees: expected"
                " two different directions; a whole circle is a Circle"
            )

    @property
    def sweep_deg(self) -> float:
        """Angle between the sides, degrees."""
        return (self.end_azimuth_deg - self.start_azimuth_deg) % 360.0

    def covering_polygon(self) -> Polygon:
        """Polygon of degrees that covers the sector, at most 5 mm larger along its arcs."""
        centre = (self.lon_deg, self.lat_deg)
        outer = arc_points(
            centre,
            radius_m=self.radius_m,
            start_azimuth_deg=self.start_azimuth_deg,
            end_azimuth_deg=self.end_azimuth_deg,
        )
        inner = np.array([centre])
        if self.inner_radius_m > 0.0:
            inner = arc_points(
                centre,
                radius_m=self.inner_radius_m,
                start_azimuth_deg=self.end_azimuth_deg,
                end_azimuth_deg=self.start_azimuth_deg,
                clockwise=False,
                from_outside=False,
            )
        sides = (_geodesic([outer[-1], inner[0]]), _geodesic([inner[-1], outer[0]]))
        return orient(Polygon(np.vstack((outer, sides[0][1:], inner[1:], sides[1][1:]))))


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc from one corner of an outline to the next, by its centre and the way round."""

    lon_deg: float
    lat_deg: float
    clockwise: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A ring of corners joined by geodesics and arcs.

    Parameters
    ----------
    corners
        Longitude and latitude of three corners or more, the first not repeated; two will do where
        an arc joins them.
    arcs
        Arcs by the number of the corner at which they begin; the other edges are geodesics.

    Raises
    ------
    GeometryError
        If there are too few corners, an arc belongs to none, its ends are not equally far from its
        centre, or the ring crosses itself.

    Examples
    --------
    A half disc of 1 km, north of its diameter:

    >>> half = Outline(
    ...     ((113.99028, 22.5), (114.00972, 22.5)), arcs={0: Arc(114.0, 22.5, clockwise=True)})
    >>> half.covering_polygon().contains(shapely.Point(114.0, 22.508))
    True
    """

    corners: tuple[Place, ...]
    arcs: Mapping[int, Arc] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.corners)
        if count < (3 if not self.arcs else 2):
            raise GeometryError(
                f"outline of {count} corners: expected three, or two where an arc joins them"
            )
        for number in self.arcs:
            if not 0 <= number < count:
                raise GeometryError(
                    f"outline of {count} corners: an arc begins at corner {number}; corners are"
                    f" numbered from 0 to {count - 1}"
                )
        for corner in self.corners:
            _require_radius(1.0, *corner, what="corner of an outline")

    def covering_polygon(self) -> Polygon:
        """Polygon of degrees that covers the outline, at most 5 mm larger along its arcs."""
        drawn = shapely.linearrings(self._ring(inside_is_right=True))
        clockwise = not shapely.is_ccw(drawn)
        polygon = orient(Polygon(self._ring(inside_is_right=clockwise)))
        if not polygon.is_valid:
            raise GeometryError(
                f"outline of {len(self.corners)} corners: {shapely.is_valid_reason(polygon)}: its"
                " edges may not cross each other"
            )
        return polygon

    def _ring(self, *, inside_is_right: bool) -> FloatArray:
        """Draw the closed ring, its arcs covered from the side that is to be covered."""
        corners, parts, begun = np.array(self.corners), [], 0
        for number in sorted(self.arcs):
            arc = self._arc(number, inside_is_right=inside_is_right)
            parts += [corners[begun:number], arc[:-1]]
            begun = number + 1
        return _geodesic(np.vstack((*parts, corners[begun:], corners[:1])))

    def _arc(self, number: int, *, inside_is_right: bool) -> FloatArray:
        start, end = self.corners[number], self.corners[(number + 1) % len(self.corners)]
        arc = self.arcs[number]
        centre = (arc.lon_deg, arc.lat_deg)
        ends = np.array([start, end])
        radii_m = geodesic_distance_m([centre], ends)
        if abs(radii_m[0] - radii_m[1]) > _ARC_CLOSURE_M:
            raise GeometryError(
                f"arc from corner {number}: it begins {radii_m[0]:.1f} m and ends {radii_m[1]:.1f}"
                f" m from its centre; expected the same distance to {_ARC_CLOSURE_M:g} m"
            )
        azimuths = geodesic_azimuth_deg([centre], ends)
        points = arc_points(
            centre,
            # Where rounding made the two ends differ, the larger circle covers the other.
            radius_m=float(radii_m.max() if arc.clockwise is inside_is_right else radii_m.min()),
            start_azimuth_deg=float(azimuths[0]),
            end_azimuth_deg=float(azimuths[1]),
            clockwise=arc.clockwise,
            from_outside=arc.clockwise is inside_is_right,
        )
        points[[0, -1]] = ends
        return points


@dataclass(frozen=True, slots=True)
class Strip:
    """Everything within a distance of a line: a corridor, a road, a band along a boundary.

    Parameters
    ----------
    line
        Longitude and latitude of two points or more, joined by geodesics.
    half_width_m
        The distance to either side, and beyond both ends.

    Examples
    --------
    >>> Strip(((114.0, 22.5), (114.1, 22.5)), 500.0).covering_polygon().contains(
    ...     shapely.Point(114.05, 22.504))
    True
    """

    line: tuple[Place, ...]
    half_width_m: float

    def __post_init__(self) -> None:
        if len(self.line) < 2 or len(set(self.line)) < 2:
            raise GeometryError(
                f"strip along {len(self.line)} points: expected two different points or more"
            )
        for place in self.line:
            _require_radius(self.half_width_m, *place, what="strip")

    def covering_polygon(self) -> Polygon:
        """Polygon of degrees that covers the strip.

        It is at most 5 mm larger, and 3e-5 of the half-width more for each 50 km of longitude that
        the line spans.
        """
        points = _geodesic(self.line)
        frame = LocalFrame(float(np.round(points[:, 0].mean(), 2)))
        xy = frame.to_plane(points)
        width_m = (self.half_width_m + _STRIP_MARGIN_M) * float(frame.scale(xy).max())
        half_step = math.acos(width_m / (width_m + COVERING_OVERSHOOT_M))
        segments = max(8, math.ceil(math.pi / 4.0 / half_step))
        grown = shapely.buffer(
            LineString(xy), width_m / math.cos(math.pi / 4.0 / segments), quad_segs=segments
        )
        return orient(shapely.transform(shapely.segmentize(grown, EDGE_STEP_M), frame.to_lonlat))


Shape = Circle | Sector | Outline | Strip


def _geodesic(points: ArrayLike) -> FloatArray:
    return densify_geodesic(points, max_step_m=EDGE_STEP_M)


def _require_radius(radius_m: float, lon_deg: float, lat_deg: float, *, what: str) -> None:
    sound = abs(lon_deg) <= 180.0 and abs(lat_deg) <= 90.0
    if not (sound and 0.0 < radius_m < _GREATEST_RADIUS_M):
        raise GeometryError(
            f"{what} of {radius_m} m at longitude {lon_deg}, latitude {lat_deg}: the place must be"
            " longitude then latitude in degrees, the distance more than 0 and less than 1000 km"
        )
