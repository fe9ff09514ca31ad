"""Zones of airspace, in the words of EUROCAE ED-318, with how well each is known.

A zone's limits may be typed from an official publication, constructed from one, or drawn by us;
places nearer to a limit than it is known for are neither inside nor outside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.features import Feature, require_accuracy
from lowalt.airspace.shapes import Circle
from lowalt.airspace.volumes import Volume3D, require_polygon
from lowalt.errors import InvalidInputError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame, geodesic_distance_m
from lowalt.terms import Notice, ZoneKind

FOREIGN_JURISDICTIONS = ("HKG", "MAC")
"""Countries whose jurisdiction polygons a dataset may hold; elsewhere Mainland law applies."""

# Edges are cut to about 200 m before they are projected: straight in longitude and latitude (RFC
# 7946) and straight in the plane then agree to 0.4 mm, little beside the boundary tolerance.
_EDGE_STEP_DEG = 0.002


class Restriction(StrEnum):
    """What the zone asks of an unmanned aircraft, in ED-318's words."""

    PROHIBITED = "PROHIBITED"
    REQ_AUTHORIZATION = "REQ_AUTHORIZATION"
    CONDITIONAL = "CONDITIONAL"
    NO_RESTRICTION = "NO_RESTRICTION"


class Containment(StrEnum):
    """Whether a place is in a zone, as far as the zone's limits are known."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    WITHIN_TOLERANCE = "within_tolerance"
    """So near to the boundary that either may be true."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone(Feature):
    """Airspace with a rule, an owner and a degree of certainty.

    Parameters
    ----------
    kind
        What it is in the words of the instrument that creates it.
    restriction
        What it asks, in ED-318's words.
    volumes
        Where it is: one volume, or several where limits or heights differ from place to place.
    micro_volumes
        Where it binds micro UAV, if it keeps them at another distance; ``None``: where it binds
        everybody. An empty tuple spares them.
    less_accurate
        Stretches of the boundary known less well than ``accuracy_m``.
    notice, published_at
        For a temporary zone, the notice it rests on and when that was published, if known.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.airspace.features import BasisVerification, FeatureStatus
    >>> zone = Zone(
    ...     identifier="ZGNT01", volumes=(Volume3D.of(Circle(113.9248, 22.5590, 3000.0)),),
    ...     name={"zh": "南头直升机场", "en": "Nantou heliport"},
    ...     kind=ZoneKind.AERODROME_SURROUNDINGS, restriction=Restriction.REQ_AUTHORIZATION,
    ...     country="CHN", status=FeatureStatus.DERIVED, basis=BasisVerification.PARTLY,
    ...     accuracy_m=20.0, citation="2019 measures", sources=("S3",), as_of=date(2019, 3, 1))
    >>> zone.containment(lon_deg=113.95, lat_deg=22.56)
    <Containment.INSIDE: 'inside'>
    """

    kind: ZoneKind
    restriction: Restriction
    volumes: tuple[Volume3D, ...]
    micro_volumes: tuple[Volume3D, ...] | None = None
    less_accurate: tuple[BoundaryPart, ...] = ()
    notice: Notice | None = None
    published_at: datetime | None = None
    geometry: Polygon | MultiPolygon = field(init=False, repr=False, compare=False)
    """Covering polygon or polygons of all volumes, degrees."""

    def __post_init__(self) -> None:
        Feature.__post_init__(self)
        if self.kind is ZoneKind.JURISDICTION and self.country not in FOREIGN_JURISDICTIONS:
            raise InvalidInputError(
                f"{self.label}: a jurisdiction beside the Mainland's is"
                f" {' or '.join(FOREIGN_JURISDICTIONS)}, given {self.country!r}"
            )
        if not self.volumes:
            raise InvalidInputError(f"{self.label}: has no volume; give it one at least")
        for volume in (*self.volumes, *(self.micro_volumes or ())):
            require_polygon(volume.geometry, where=self.label)
        shapes = [volume.geometry for volume in self.volumes]
        joined = shapes[0] if len(shapes) == 1 else shapely.union_all(shapes)
        object.__setattr__(self, "geometry", joined)

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of the zone's box, longitude and latitude in degrees."""
        west, south, east, north = self.geometry.bounds
        return (west + east) / 2.0, (south + north) / 2.0

    @property
    def reach_m(self) -> float:
        """How far outside the geometry a place can be and still not surely be outside."""
        parts = [part.accuracy_m for part in self.less_accurate]
        return max([BOUNDARY_TOLERANCE_M, self.uncertainty_m, *parts])

    def containment(self, *, lon_deg: float, lat_deg: float) -> Containment:
        """Tell whether a place is inside, outside, or too near to the boundary to say.

        A place is *within tolerance* when its distance to the boundary is no more than
        ``BOUNDARY_TOLERANCE_M`` or the uncertainty of that boundary. Circles are judged by
        geodesic distance, not by the covering polygon. Heights are left aside.

        Parameters
        ----------
        lon_deg, lat_deg
            The place, WGS 84 degrees.

        Raises
        ------
        InvalidInputError
            If that is no place on earth.
        """
        require_place(lon_deg=lon_deg, lat_deg=lat_deg)
        if self._is_far(lon_deg=lon_deg, lat_deg=lat_deg):
            return Containment.OUTSIDE
        return union(
            self.containment_in(volume, lon_deg=lon_deg, lat_deg=lat_deg) for volume in self.volumes
        )

    def containment_in(self, volume: Volume3D, *, lon_deg: float, lat_deg: float) -> Containment:
        """Tell whether a place lies in one of the zone's volumes, heights left aside."""
        place = np.array([[lon_deg, lat_deg]])
        tolerance_m = max(BOUNDARY_TOLERANCE_M, self.uncertainty_m)
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
            for part in self.less_accurate
        )
        return _judge(inside=bool(outline.contains(point)), near=near)

    def _is_far(self, *, lon_deg: float, lat_deg: float) -> bool:
        # 100 km a degree is less than there are, so the box comes out too large, never too small.
        margin_deg = self.reach_m / 100_000.0
        margin_lon_deg = margin_deg / max(math.cos(math.radians(lat_deg)), 0.01)
        west, south, east, north = self.geometry.bounds
        return not (
            west - margin_lon_deg <= lon_deg <= east + margin_lon_deg
            and south - margin_deg <= lat_deg <= north + margin_deg
        )


def project(geometry: BaseGeometry, *, frame: LocalFrame) -> BaseGeometry:
    """Bring a geometry of degrees into a plane, its edges straight in degrees (RFC 7946)."""
    return shapely.transform(shapely.segmentize(geometry, _EDGE_STEP_DEG), frame.to_plane)


def union(answers: Iterator[Containment]) -> Containment:
    """Whether a place is in any of several volumes, by its answer for each."""
    found = set(answers)
    for answer in (Containment.INSIDE, Containment.WITHIN_TOLERANCE):
        if answer in found:
            return answer
    return Containment.OUTSIDE


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
