"""Zones of airspace, in the words of EUROCAE ED-318, with how well each is known.

A zone's limits may be typed from an official publication, constructed from one, or drawn by us;
places nearer to a limit than it is known for are neither inside nor outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import shapely
from shapely.geometry import MultiPolygon, Polygon

from lowalt.airspace.containment import BoundaryPart, Containment, place_in_any
from lowalt.airspace.features import Feature
from lowalt.airspace.volumes import Volume3D, require_polygon
from lowalt.errors import InvalidInputError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.terms import Notice, ZoneKind

FOREIGN_JURISDICTIONS = ("HKG", "MAC")
"""Countries whose jurisdiction polygons a dataset may hold; elsewhere Mainland law applies."""


class Restriction(StrEnum):
    """What the zone asks of an unmanned aircraft, in ED-318's words."""

    PROHIBITED = "PROHIBITED"
    REQ_AUTHORIZATION = "REQ_AUTHORIZATION"
    CONDITIONAL = "CONDITIONAL"
    NO_RESTRICTION = "NO_RESTRICTION"


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
    >>> from lowalt.airspace.shapes import Circle
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

    middle: tuple[float, float] = field(init=False, repr=False, compare=False)
    """Middle of the zone's box, longitude and latitude in degrees."""

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
        west, south, east, north = joined.bounds
        object.__setattr__(self, "middle", ((west + east) / 2.0, (south + north) / 2.0))

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
        return place_in_any(
            self.volumes,
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            uncertainty_m=self.uncertainty_m,
            less_accurate=self.less_accurate,
        )
