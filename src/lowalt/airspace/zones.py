"""Zones of airspace, in the words of EUROCAE ED-318, with how well each is known.

A zone's limits may be typed from an official publication, constructed from one, or drawn by us;
places nearer to a limit than it is known for are neither inside nor outside.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.errors import GeometryError, InvalidInputError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame, circle_ring, geodesic_distance_m
from lowalt.levels import VerticalLayer
from lowalt.temporal import ALWAYS, Schedule, TimeInterval, require_aware
from lowalt.terms import Notice, ZoneKind

IDENTIFIER_LENGTH = 7
"""Longest identifier ED-318 allows."""

FOREIGN_JURISDICTIONS = ("HKG", "MAC")
"""Countries whose jurisdiction polygons a dataset may hold; elsewhere Mainland law applies."""

EVERY_HEIGHT = VerticalLayer()
"""From the surface to no upper limit."""

# Edges are cut to about 200 m before they are projected: straight in longitude and latitude (RFC
# 7946) and straight in the plane then agree to 0.4 mm, little beside the boundary tolerance.
_EDGE_STEP_DEG = 0.002


class FeatureStatus(StrEnum):
    """Where the lateral limits of a zone come from."""

    AUTHORITATIVE = "authoritative"
    """Typed from an official publication."""

    DERIVED = "derived"
    """Constructed from a published rule around cited points."""

    ILLUSTRATIVE = "illustrative"
    """Drawn by us: it shows that something is there, not where it ends."""


class BasisVerification(StrEnum):
    """How far the legal basis of the zone's limits was read at its source."""

    VERIFIED = "verified"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


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
        _require_accuracy(self.accuracy_m, where="less accurate part")


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the ground; the radius is measured along geodesics."""

    lon_deg: float
    lat_deg: float
    radius_m: float

    def __post_init__(self) -> None:
        sound = abs(self.lon_deg) <= 180.0 and abs(self.lat_deg) <= 90.0
        if not (sound and 0.0 < self.radius_m < 1e6):
            raise GeometryError(
                f"circle of {self.radius_m} m at longitude {self.lon_deg}, latitude"
                f" {self.lat_deg}: the centre must be longitude then latitude in degrees, the"
                " radius more than 0 and less than 1000 km"
            )

    def covering_polygon(self) -> Polygon:
        """Polygon of degrees that covers the circle, at most 5 mm larger."""
        return Polygon(
            circle_ring(lon_deg=self.lon_deg, lat_deg=self.lat_deg, radius_m=self.radius_m)
        )


@dataclass(frozen=True, slots=True)
class Zone:
    """A volume of airspace with a rule, an owner and a degree of certainty.

    Parameters
    ----------
    identifier
        Short code, 7 characters at most, unique in its dataset.
    name
        Name by language: ``zh`` and ``en``.
    kind
        What it is in the words of the instrument that creates it.
    restriction
        What it asks, in ED-318's words.
    country
        ``CHN``, ``HKG`` or ``MAC``.
    geometry
        Covering polygon or polygons, degrees. Edges are straight in longitude and latitude.
    status, basis
        Where the limits come from, and how far their legal basis was read.
    accuracy_m
        How far the lateral limits may be off; for an authoritative zone the rounding of the
        published numbers.
    citation
        The provision or notice the zone rests on.
    sources
        Where the facts were read.
    as_of
        Date for which the facts hold.
    circle
        The exact shape, where it is one; ``geometry`` then only covers it.
    layer, schedule
        Vertical and temporal limits; by default all heights, always.
    less_accurate
        Stretches of the boundary known less well than ``accuracy_m``.
    authority
        Who answers for the zone, by language.
    notice, published_at
        For a temporary zone, the notice it rests on and when that was published, if known.
    remarks
        What a reader should know, by language.

    Examples
    --------
    >>> circle = Circle(113.9248, 22.5590, 3000.0)
    >>> zone = Zone(
    ...     identifier="ZGNT01", circle=circle, geometry=circle.covering_polygon(),
    ...     name={"zh": "南头直升机场", "en": "Nantou heliport"},
    ...     kind=ZoneKind.AERODROME_SURROUNDINGS, restriction=Restriction.REQ_AUTHORIZATION,
    ...     country="CHN", status=FeatureStatus.DERIVED, basis=BasisVerification.PARTLY,
    ...     accuracy_m=20.0, citation="2019 measures", sources=("S3",), as_of=date(2019, 3, 1))
    >>> zone.containment(lon_deg=113.95, lat_deg=22.56)
    <Containment.INSIDE: 'inside'>
    """

    identifier: str
    name: Mapping[str, str]
    kind: ZoneKind
    restriction: Restriction
    country: str
    geometry: Polygon | MultiPolygon
    status: FeatureStatus
    basis: BasisVerification
    accuracy_m: float
    citation: str
    sources: tuple[str, ...]
    as_of: date
    circle: Circle | None = None
    layer: VerticalLayer = EVERY_HEIGHT
    schedule: Schedule = ALWAYS
    less_accurate: tuple[BoundaryPart, ...] = ()
    authority: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None
    published_at: datetime | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < len(self.identifier) <= IDENTIFIER_LENGTH:
            raise InvalidInputError(
                f"zone {self.identifier!r}: an identifier has 1 to {IDENTIFIER_LENGTH} characters"
            )
        if self.kind is ZoneKind.JURISDICTION and self.country not in FOREIGN_JURISDICTIONS:
            raise InvalidInputError(
                f"zone {self.identifier}: a jurisdiction beside the Mainland's is"
                f" {' or '.join(FOREIGN_JURISDICTIONS)}, given {self.country!r}"
            )
        _require_accuracy(self.accuracy_m, where=f"zone {self.identifier}")
        _require_polygon(self.geometry, where=f"zone {self.identifier}")

    @property
    def uncertainty_m(self) -> float:
        """How far the legal boundary may be from the one given here.

        Zero for an authoritative zone: the published points are the boundary.
        """
        return 0.0 if self.status is FeatureStatus.AUTHORITATIVE else self.accuracy_m

    @property
    def reach_m(self) -> float:
        """How far outside the geometry a place can be and still not surely be outside."""
        parts = [part.accuracy_m for part in self.less_accurate]
        return max([BOUNDARY_TOLERANCE_M, self.uncertainty_m, *parts])

    def active_within(self, interval: TimeInterval) -> Sequence[TimeInterval]:
        """Return the parts of an interval in which the zone is in force, in order.

        Hours that follow the sun are those of the middle of the zone.
        """
        lon_deg, lat_deg = self._middle
        return self.schedule.active_within(interval, lon_deg=lon_deg, lat_deg=lat_deg)

    def is_active_at(self, when: datetime) -> bool:
        """Whether the zone is in force at a time; its windows are half-open."""
        moment = require_aware(when, field="when").astimezone(UTC)
        return bool(self.active_within(TimeInterval(moment, moment + timedelta.resolution)))

    @property
    def takes_effect_at(self) -> datetime | None:
        """When the zone is in force for the first time; ``None`` if it always was, or never is."""
        lon_deg, lat_deg = self._middle
        return self.schedule.first_start(lon_deg=lon_deg, lat_deg=lat_deg)

    @property
    def _middle(self) -> tuple[float, float]:
        west, south, east, north = self.geometry.bounds
        return (west + east) / 2.0, (south + north) / 2.0

    def containment(self, *, lon_deg: float, lat_deg: float) -> Containment:
        """Tell whether a place is inside, outside, or too near to the boundary to say.

        A place is *within tolerance* when its distance to the boundary is no more than
        ``BOUNDARY_TOLERANCE_M`` or the uncertainty of that boundary. Circles are judged by
        geodesic distance, not by the covering polygon.

        Parameters
        ----------
        lon_deg, lat_deg
            The place, WGS 84 degrees.

        Raises
        ------
        InvalidInputError
            If that is no place on earth.
        """
        _require_place(lon_deg=lon_deg, lat_deg=lat_deg)
        if self._is_far(lon_deg=lon_deg, lat_deg=lat_deg):
            return Containment.OUTSIDE
        place = np.array([[lon_deg, lat_deg]])
        tolerance_m = max(BOUNDARY_TOLERANCE_M, self.uncertainty_m)
        if self.circle is not None:
            centre = [(self.circle.lon_deg, self.circle.lat_deg)]
            distance_m = float(geodesic_distance_m(centre, place)[0])
            return _judge(
                inside=distance_m < self.circle.radius_m,
                near=abs(distance_m - self.circle.radius_m) <= tolerance_m,
            )
        frame = LocalFrame(float(round(lon_deg)))
        outline = project(self.geometry, frame=frame)
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


def _judge(*, inside: bool, near: bool) -> Containment:
    if near:
        return Containment.WITHIN_TOLERANCE
    return Containment.INSIDE if inside else Containment.OUTSIDE


def _require_place(*, lon_deg: float, lat_deg: float) -> None:
    if not (abs(lon_deg) <= 180.0 and abs(lat_deg) <= 90.0):
        raise InvalidInputError(
            f"place at longitude {lon_deg}, latitude {lat_deg}: expected degrees, at most 180 and"
            " 90 of them"
        )


def _require_accuracy(accuracy_m: float, *, where: str) -> None:
    if not 0.0 <= accuracy_m < 1e6:
        raise InvalidInputError(
            f"{where}: accuracy {accuracy_m} m: expected metres, 0 or more; say how far off the"
            " limits may be"
        )


def _require_polygon(geometry: BaseGeometry, *, where: str) -> None:
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
