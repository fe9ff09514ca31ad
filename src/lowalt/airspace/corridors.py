"""Corridors: a line through named points, a width, and heights that change from leg to leg.

What a publication says of a route beside its course stands here too: which way it is flown, who may
use it, which flight information regions it leads through and where control passes between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from lowalt.airspace.containment import Containment, place_in_any
from lowalt.airspace.features import Feature, FeatureStatus
from lowalt.airspace.shapes import Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.errors import GeometryError, InvalidInputError, shown
from lowalt.levels import VerticalLayer
from lowalt.terms import CorridorDirection, CorridorKind, CorridorUsers


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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A place where control of a flight passes from one flight information region to the next.

    Parameters
    ----------
    point
        Name of the published hand-over point; ``None`` where none is published, and the place is
        only where the line meets the boundary of the regions.
    lon_deg, lat_deg
        Where it is, WGS 84 degrees.
    fir_from, fir_to
        ICAO location indicators of the two regions, for a flight in the order of the corridor's
        points; the other way round they change places.
    status
        Whether the place was published, follows from what was, or rests on a line drawn by us.
    unit_from, unit_to
        Who controls on either side, by language; empty where that is not published.
    remarks
        How the place was found, by language.

    Raises
    ------
    GeometryError
        If that is no place on earth.
    InvalidInputError
        If the regions are not two different location indicators.

    Examples
    --------
    >>> HandOver(point=None, lon_deg=113.947806, lat_deg=22.472358, fir_from="ZGZU",
    ...          fir_to="VHHK", status=FeatureStatus.ILLUSTRATIVE).unit_to
    {}
    """

    point: str | None
    lon_deg: float
    lat_deg: float
    fir_from: str
    fir_to: str
    status: FeatureStatus
    unit_from: Mapping[str, str] = field(default_factory=dict)
    unit_to: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (abs(self.lon_deg) <= 180.0 and abs(self.lat_deg) <= 90.0):
            raise GeometryError(
                f"hand-over at longitude {self.lon_deg}, latitude {self.lat_deg}: expected"
                " longitude first, at most 180 and 90 degrees"
            )
        require_firs((self.fir_from, self.fir_to), where="hand-over")


def require_firs(firs: tuple[str, ...], *, where: str) -> None:
    """Refuse flight information regions that are no location indicators, or repeat.

    Raises
    ------
    InvalidInputError
        The message begins with ``where``.
    """
    sound = all(len(f) == 4 and f.isascii() and f.isalpha() and f.isupper() for f in firs)
    if not sound or any(before == after for before, after in pairwise(firs)):
        raise InvalidInputError(
            f"{where}: flight information regions: given {shown(firs)}, expected location"
            " indicators of four capital letters, such as 'ZGZU', each other than the one before"
        )


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
    direction
        Which way it is flown; ``None`` where that is not published.
    users
        Who may fly along it; ``None`` where that is not published.
    firs
        Flight information regions it leads through, ICAO location indicators in the order of the
        points; empty where that is not known.
    hand_overs
        Where control passes from one of them to the next, in order. It may hold fewer than the
        regions ask for: where that is not known, nothing is said.

    Raises
    ------
    InvalidInputError
        If points and layers do not go together, or a hand-over is between regions that do not
        follow each other.

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
    direction: CorridorDirection | None = None
    users: CorridorUsers | None = None
    firs: tuple[str, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()

    def __post_init__(self) -> None:
        Feature.__post_init__(self)
        if len(self.points) < 2 or len(self.layers) != len(self.points) - 1:
            raise InvalidInputError(
                f"{self.label}: {len(self.points)} points and {len(self.layers)} layers: expected"
                " two points or more, and one layer for each segment between them"
            )

        require_firs(self.firs, where=self.label)
        changes = iter(pairwise(self.firs))
        for passed in self.hand_overs:
            if (passed.fir_from, passed.fir_to) not in changes:  # takes them in their order
                raise InvalidInputError(
                    f"{self.label}: handed over from {passed.fir_from} to {passed.fir_to}, expected"
                    f" hand-overs in the order of its regions: {shown(self.firs)}"
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
