"""Whether a place is in a volume: inside, outside, or nearer to its boundary than that is known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.features import require_accuracy
from lowalt.airspace.shapes import Circle
from lowalt.airspace.volumes import Volume3D
from lowalt.errors import InvalidInputError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame, geodesic_distance_m
from lowalt.truth import Truth

EDGE_STEP_DEG: Final = 0.002
"""Edges are cut to about 200 m before they are projected: straight in longitude and latitude (RFC
7946) and straight in the plane then agree to 0.4 mm, little beside the boundary tolerance."""


class Containment(StrEnum):
    """Whether a place is in a zone, as far as the zone's limits are known."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    WITHIN_TOLERANCE = "within_tolerance"
    """So near to the boundary that either may be true."""

    def at_height(self, within: Truth) -> Containment:
        """Join where a place is with whether its height is between floor and ceiling.

        Examples
        --------
        >>> Containment.INSIDE.at_height(Truth.UNKNOWN)
        <Containment.WITHIN_TOLERANCE: 'within_tolerance'>
        """
        if self is Containment.OUTSIDE or within is Truth.FALSE:
            return Containment.OUTSIDE
        return self if within is Truth.TRUE else Containment.WITHIN_TOLERANCE

    @classmethod
    def in_any(cls, answers: Iterable[Containment]) -> Containment:
        """Whether a place is in any of several volumes, by its answer for each."""
        found = set(answers)
        for answer in (cls.INSIDE, cls.WITHIN_TOLERANCE):
            if answer in found:
                return answer
        return cls.OUTSIDE


@dataclass(frozen=True, slots=True)
class BoundaryPart:
    """A stretch of a zone's boundary that is known less well than the rest.

    Parameters
    ----------
    line
        The stretch, longitude and latitude in degrees.
    accuracy_m
        How far off it may be.
    """

    line: LineString
    accuracy_m: float

    def __post_init__(self) -> None:
        require_accuracy(self.accuracy_m, where="less accurate part")


def project(geometry: BaseGeometry, *, frame: LocalFrame) -> BaseGeometry:
    """Bring a geometry of degrees into a plane, its edges straight in degrees (RFC 7946)."""
    return shapely.transform(shapely.segmentize(geometry, EDGE_STEP_DEG), frame.to_plane)


def place_in_any(
    volumes: Sequence[Volume3D],
    *,
    lon_deg: float,
    lat_deg: float,
    uncertainty_m: float,
    less_accurate: Sequence[BoundaryPart] = (),
) -> Containment:
    """Tell whether a place is in any of several volumes, heights left aside."""
    return Containment.in_any(
        place_in(
            volume,
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            uncertainty_m=uncertainty_m,
            less_accurate=less_accurate,
        )
        for volume in volumes
    )


def place_in(
    volume: Volume3D,
    *,
    lon_deg: float,
    lat_deg: float,
    uncertainty_m: float,
    less_accurate: Sequence[BoundaryPart] = (),
) -> Containment:
    """Tell whether a place is in a volume, heights left aside.

    Parameters
    ----------
    volume
        The volume. A circle is judged by geodesic distance, not by its covering polygon.
    lon_deg, lat_deg
        The place, WGS 84 degrees.
    uncertainty_m
        How far off the boundary may be; ``BOUNDARY_TOLERANCE_M`` at least is taken.
    less_accurate
        Stretches of the boundary known less well.

    Raises
    ------
    InvalidInputError
        If that is no place on earth.
    """
    require_place(lon_deg=lon_deg, lat_deg=lat_deg)
    tolerance_m = max(BOUNDARY_TOLERANCE_M, uncertainty_m)
    reach_m = max([tolerance_m, *(part.accuracy_m for part in less_accurate)])
    if _is_far(volume.geometry, lon_deg=lon_deg, lat_deg=lat_deg, reach_m=reach_m):
        return Containment.OUTSIDE
    place = np.array([[lon_deg, lat_deg]])
    if isinstance(volume.shape, Circle):
        circle = volume.shape
        distance_m = float(geodesic_distance_m([(circle.lon_deg, circle.lat_deg)], place)[0])
        return _judge(
            inside=distance_m < circle.radius_m,
            near=abs(distance_m - circle.radius_m) <= tolerance_m,
        )
    frame = LocalFrame(float(round(lon_deg)))
    outline = project(volume.geometry, frame=frame)
    xy = frame.to_plane(place)
    point = Point(xy[0])
    # Near a boundary its distance is short, and the scale at the place is that of the way.
    scale = float(frame.scale(xy)[0])
    near = outline.boundary.distance(point) / scale <= tolerance_m or any(
        project(part.line, frame=frame).distance(point) / scale
        <= max(BOUNDARY_TOLERANCE_M, part.accuracy_m)
        for part in less_accurate
    )
    return _judge(inside=bool(outline.contains(point)), near=near)


def _is_far(geometry: BaseGeometry, *, lon_deg: float, lat_deg: float, reach_m: float) -> bool:
    # 100 km a degree is less than there are, so the box comes out too large, never too small.
    margin_deg = reach_m / 100_000.0
    margin_lon_deg = margin_deg / max(math.cos(math.radians(lat_deg)), 0.01)
    west, south, east, north = geometry.bounds
    return not (
        west - margin_lon_deg <= lon_deg <= east + margin_lon_deg
        and south - margin_deg <= lat_deg <= north + margin_deg
    )


def _judge(*, inside: bool, near: bool) -> Containment:
    if near:
        return Containment.WITHIN_TOLERANCE
    return Containment.INSIDE if inside else Containment.OUTSIDE


def require_place(*, lon_deg: float, lat_deg: float) -> None:
    """Refuse what is no place on earth.

    Raises
    ------
    InvalidInputError
        If longitude or latitude are not degrees in range.
    """
    if not (abs(lon_deg) <= 180.0 and abs(lat_deg) <= 90.0):
        raise InvalidInputError(
            f"place at longitude {lon_deg}, latitude {lat_deg}: expected degrees, at most 180 and"
            " 90 of them"
        )
