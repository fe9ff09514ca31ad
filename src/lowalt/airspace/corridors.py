"""Corridors: a line through named points, a width, and heights that change from leg to leg."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from lowalt.airspace.containment import Containment, place_in_any
from lowalt.airspace.features import Feature, FeatureStatus
from lowalt.airspace.shapes import Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.errors import InvalidInputError
from lowalt.levels import VerticalLayer
from lowalt.terms import CorridorKind


@dataclass(frozen=True, slots=True)
class RoutePoint:
    """A point that a corridor leads through.

    Parameters
    ----------
    name
        Its name in the publication, or a place's name where it has none.
    lon_deg, lat_deg
        Where it is, WGS 84 degrees.
    status
        Whether the point was published, or drawn by us; a corridor may join points of both kinds.
    """

    name: str
    lon_deg: float
    lat_deg: float
    status: FeatureStatus


@dataclass(frozen=True, kw_only=True)  # no slots: volumes are worked out once, on first use
class Corridor(Feature):
    """A route with a width and heights.

    Parameters
    ----------
    kind
        Who flies there.
    points
        Two points or more, in order; a segment is the geodesic between neighbours.
    half_width_m
        How far the corridor reaches to either side of its line, and beyond both ends.
    layers
        Floor and ceiling of each segment.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.airspace.features import BasisVerification
    >>> from lowalt.levels import Level, VerticalReference
    >>> below = VerticalLayer(None, Level(609.6, VerticalReference.AMSL))
    >>> henga = RoutePoint("HENGA", 114.2, 22.65, FeatureStatus.AUTHORITATIVE)
    >>> pingshan = RoutePoint("PINGSHAN", 114.35, 22.691667, FeatureStatus.AUTHORITATIVE)
    >>> track = Corridor(
    ...     identifier="HELVH", name={"en": "Track VH", "zh": "VH航线"}, country="CHN",
    ...     kind=CorridorKind.HELICOPTER_ROUTE, points=(henga, pingshan), half_width_m=1000.0,
    ...     layers=(below,), status=FeatureStatus.ILLUSTRATIVE,
    ...     basis=BasisVerification.VERIFIED, accuracy_m=1000.0, citation="HK AIP ENR 3.4",
    ...     sources=("S12",), as_of=date(2025, 2, 20))
    >>> len(track.volumes)
    1
    """

    kind: CorridorKind
    points: tuple[RoutePoint, ...]
    half_width_m: float
    layers: tuple[VerticalLayer, ...]

    def __post_init__(self) -> None:
        Feature.__post_init__(self)
        if len(self.points) < 2 or len(self.layers) != len(self.points) - 1:
            raise InvalidInputError(
                f"{self.label}: {len(self.points)} points and {len(self.layers)} layers: expected"
                " two points or more, and one layer for each segment between them"
            )

    @cached_property
    def volumes(self) -> tuple[Volume3D, ...]:
        """One volume for each segment, in order."""
        return tuple(
            Volume3D.of(
                Strip(((a.lon_deg, a.lat_deg), (b.lon_deg, b.lat_deg)), self.half_width_m),
                layer=layer,
            )
            for (a, b), layer in zip(pairwise(self.points), self.layers, strict=True)
        )

    def containment(self, *, lon_deg: float, lat_deg: float) -> Containment:
        """Tell whether a place is in the corridor, heights left aside.

        Raises
        ------
        InvalidInputError
            If that is no place on earth.
        """
        return place_in_any(
            self.volumes, lon_deg=lon_deg, lat_deg=lat_deg, uncertainty_m=self.uncertainty_m
        )

    @property
    def middle(self) -> tuple[float, float]:
        """Place half way through its points, longitude and latitude in degrees."""
        point = self.points[len(self.points) // 2]
        return point.lon_deg, point.lat_deg
