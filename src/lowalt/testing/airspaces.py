"""Strategies for zones and datasets of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from shapely.geometry import Polygon, box

from lowalt.airspace import (
    AirspaceDataset,
    BasisVerification,
    Circle,
    FeatureStatus,
    Restriction,
    Volume3D,
    Zone,
)
from lowalt.geodesy import LocalFrame, geodesic_direct
from lowalt.levels import VerticalReference
from lowalt.temporal import TimeInterval
from lowalt.terms import Notice, ZoneKind
from lowalt.testing.values import (
    EVERY_REFERENCE,
    REGION,
    YEAR,
    Region,
    metres,
    moments,
    places,
    require_range,
    schedules,
    vertical_layers,
)

# ED-318 has no word for levels above take-off, and a zone has no take-off point.
ZONE_REFERENCES = tuple(r for r in EVERY_REFERENCE if r is not VerticalReference.ATO)
EVERY_KIND: tuple[ZoneKind, ...] = tuple(ZoneKind)


@st.composite
def _star(draw: st.DrawFn, centre: tuple[float, float], radius_m: float) -> Polygon:
    """Polygon round a centre, each corner in its own direction: it never crosses itself."""
    corners = draw(st.integers(3, 7))
    turn_deg = draw(st.integers(0, 359))
    azimuth_deg = turn_deg + np.arange(corners) * 360.0 / corners
    shares = [draw(st.integers(40, 100)) / 100.0 for _ in range(corners)]
    ring = geodesic_direct(
        np.repeat([centre], corners, axis=0),
        azimuth_deg=azimuth_deg,
        distance_m=radius_m * np.array(shares),
    )
    return Polygon(ring.round(8))


@st.composite
def _zones(
    draw: st.DrawFn,
    region: Region,
    period: TimeInterval,
    references: tuple[VerticalReference, ...],
    kinds: tuple[ZoneKind, ...],
    *,
    radius_m: tuple[float, float],
    identifiers: st.SearchStrategy[str],
) -> Zone:
    kind = draw(st.sampled_from(kinds))
    status = draw(st.sampled_from(FeatureStatus))
    centre, radius = draw(places(region=region)), draw(metres(*radius_m))
    layer = draw(vertical_layers(references=references))
    if draw(st.booleans()):
        volume = Volume3D.of(Circle(*centre, radius), layer=layer)
    else:
        volume = Volume3D(draw(_star(centre, radius)), layer)
    identifier = draw(identifiers)
    temporary = kind is ZoneKind.TEMPORARY_CONTROL
    return Zone(
        identifier=identifier,
        name={"zh": f"试验区{identifier}", "en": f"test zone {identifier}"},
        kind=kind,
        restriction=draw(st.sampled_from(Restriction)),
        country=draw(st.sampled_from(["HKG", "MAC"])) if kind is ZoneKind.JURISDICTION else "CHN",
        volumes=(volume,),
        status=status,
        basis=draw(st.sampled_from(BasisVerification)),
        accuracy_m=draw(st.sampled_from([0.0, 0.5, 10.0, 200.0])),
        citation="made up for a test",
        sources=("a test",),
        as_of=date(2026, 1, 1),
        schedule=draw(schedules(period=period, max_duration=timedelta(days=2))),
        notice=draw(st.sampled_from(Notice)) if temporary else None,
        published_at=draw(st.none() | moments(period=period)) if temporary else None,
    )


def zones(
    *,
    region: Region = REGION,
    period: TimeInterval = YEAR,
    references: Sequence[VerticalReference] = ZONE_REFERENCES,
    kinds: Sequence[ZoneKind] = EVERY_KIND,
    min_radius_m: float = 50.0,
    max_radius_m: float = 5000.0,
    identifiers: st.SearchStrategy[str] | None = None,
) -> st.SearchStrategy[Zone]:
    """Zones: exact circles and polygons, with heights, hours and every degree of certainty.

    Parameters
    ----------
    region
        Where their centres lie.
    period
        When those that have hours are active.
    references
        References of floors and ceilings.
    kinds
        Kinds to draw from. A zone of kind ``JURISDICTION`` is Hong Kong's or Macao's.
    min_radius_m, max_radius_m
        How far they reach from their centre.
    identifiers
        Strategy for identifiers of at most 7 characters.

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> first = settings(phases=[Phase.generate])
    >>> find(zones(kinds=[ZoneKind.PROHIBITED_AREA]), lambda zone: True, settings=first).kind
    <ZoneKind.PROHIBITED_AREA: 'prohibited_area'>
    """
    if not kinds or not references:
        raise InvalidArgument("kinds, references: name at least one of each")
    require_range(min_radius_m, max_radius_m, names="min_radius_m and max_radius_m")
    if min_radius_m <= 0:
        raise InvalidArgument(f"min_radius_m={min_radius_m}: a zone has a size")
    own = st.integers(0, 99_999).map(lambda n: f"T{n:05d}")
    band = (min_radius_m, max_radius_m)
    return _zones(
        region,
        period,
        tuple(references),
        tuple(kinds),
        radius_m=band,
        identifiers=own if identifiers is None else identifiers,
    )


def datasets(
    *,
    region: Region = REGION,
    period: TimeInterval = YEAR,
    references: Sequence[VerticalReference] = ZONE_REFERENCES,
    kinds: Sequence[ZoneKind] = EVERY_KIND,
    max_zones: int = 5,
) -> st.SearchStrategy[AirspaceDataset]:
    """Small datasets of zones that speak for a region and a period.

    Parameters
    ----------
    region
        Extent of the dataset, and where the zones' centres lie.
    period
        Validity of the dataset, and when zones are active.
    references
        References of floors and ceilings.
    kinds
        Kinds of zone to draw from.
    max_zones
        Greatest number of zones; there may be none.

    Examples
    --------
    >>> from hypothesis import Phase, find, settings
    >>> first = settings(phases=[Phase.generate])
    >>> len(find(datasets(), lambda airspace: len(airspace.zones) > 1, settings=first).zones) > 1
    True
    """
    if max_zones < 0:
        raise InvalidArgument(f"max_zones={max_zones}: 0 or more")

    def build(found: list[Zone]) -> AirspaceDataset:
        return dataset_of(found, region=region, period=period)

    one = zones(region=region, period=period, references=references, kinds=kinds)
    return st.lists(one, max_size=max_zones, unique_by=lambda zone: zone.identifier).map(build)


def dataset_of(
    found: Sequence[Zone], *, region: Region = REGION, period: TimeInterval = YEAR
) -> AirspaceDataset:
    """Make a dataset of zones at hand, for a region and a period."""
    return AirspaceDataset(
        name="test",
        title={"zh": "试验", "en": "test"},
        features=tuple(found),
        extent=box(region.west_deg, region.south_deg, region.east_deg, region.north_deg),
        valid=period,
        coverage={},
        known_points={},
        frame=LocalFrame(float(round((region.west_deg + region.east_deg) / 2.0))),
        digest=hashlib.sha256(repr(found).encode()).hexdigest(),
        disclaimer={},
        remarks={},
    )
