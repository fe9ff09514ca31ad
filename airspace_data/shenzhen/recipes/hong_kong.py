"""Airspace of Hong Kong and Macao: areas of the AIP, visual zones, aerodromes, terminal area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from airspace_data.shenzhen.recipes.boundaries import boundary_lines, jurisdiction_zones
from airspace_data.shenzhen.recipes.facts import Facts, described, places, read, vertical_layer
from airspace_data.shenzhen.recipes.sites import place, sites
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.containment import BoundaryPart
from lowalt.airspace.features import Feature
from lowalt.airspace.shapes import Circle, Place, Sector
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.geodesy import LocalFrame, geodesic_direct
from lowalt.units import METRES_PER_FOOT


def features() -> Iterator[Feature]:
    """Yield every zone."""
    facts = read("hong_kong")
    for group in facts["groups"]:
        for identifier, zone in group["zones"].items():
            yield _zone(identifier, {**group, **zone})
    yield _terminal_area(facts["terminal_area"])


def _zone(identifier: str, facts: Facts) -> Zone:
    return Zone(
        volumes=tuple(_volumes(facts)),
        less_accurate=tuple(_doubtful_sides(facts)),
        **described(identifier, facts),
    )


def _volumes(facts: Facts) -> Iterator[Volume3D]:
    layer = vertical_layer(facts.get("layer"))
    if "corners" in facts:
        yield Volume3D(ring_polygon(map(place, facts["corners"])), layer)
    elif "sectors" in facts:
        for sector in _sectors(facts):
            yield Volume3D.of(sector, layer=layer)
    elif "within" in facts:
        yield Volume3D(_within(facts), layer)
    else:
        yield Volume3D.of(_circle(facts), layer=layer)


def _circle(facts: Facts) -> Circle:
    return Circle(*place(facts["centre"]), facts["radius_m"])


def _sectors(facts: Facts) -> list[Sector]:
    radius_m = facts["radius_ft"] * METRES_PER_FOOT
    return [Sector(*place(facts["centre"]), radius_m, *sides) for sides in facts["sectors"]]


def _doubtful_sides(facts: Facts) -> Iterator[BoundaryPart]:
    """Yield the straight sides of sectors, where it is not said from which north they count."""
    for sector in _sectors(facts) if "sectors" in facts else ():
        centre = (sector.lon_deg, sector.lat_deg)
        for azimuth_deg in (sector.start_azimuth_deg, sector.end_azimuth_deg):
            rim = geodesic_direct([centre], azimuth_deg=azimuth_deg, distance_m=sector.radius_m)
            yield BoundaryPart(LineString([centre, *rim]), facts["sides_accuracy_m"])


def _within(facts: Facts) -> Polygon:
    """Cut a drawing to the jurisdiction that makes the rule."""
    zones = jurisdiction_zones(read("boundaries"))
    (jurisdiction,) = (z.geometry for z in zones if z.country == facts["within"])
    if "runways" in facts:
        drawn = _round_runways(facts["runways"], radius_m=facts["radius_m"])
    else:
        drawn = _circle(facts).covering_polygon()
    return _polygon(drawn.intersection(jurisdiction))


def _round_runways(runways: Sequence[Sequence[Place]], *, radius_m: float) -> BaseGeometry:
    """Give what lies within a distance of runways; it is only a drawing, so a few corners do."""
    frame = LocalFrame(read("dataset")["central_meridian_deg"])
    lines = MultiLineString([LineString(frame.to_plane(ends)) for ends in runways])
    return shapely.transform(lines.buffer(radius_m, quad_segs=8), frame.to_lonlat)


def _polygon(shape: BaseGeometry) -> Polygon:
    assert isinstance(shape, Polygon)
    return orient(shape)


# The terminal area


def _terminal_area(facts: Facts) -> Zone:
    """Make the part between two meridians of the area south of the FIR boundary."""
    corners = [place(corner) for corner in facts["corners"]]
    west, hong_kong, east = _fir_boundary(facts)
    meridians = shapely.box(facts["west_deg"], -90.0, facts["east_deg"], 90.0)
    outline = ring_polygon([*corners, *west, *hong_kong, *east]).intersection(meridians)
    drawn = (
        ([*west, hong_kong[0]], facts["west_accuracy_m"]),
        ([hong_kong[-1], *east, corners[0]], facts["east_accuracy_m"]),
    )
    return Zone(
        volumes=(Volume3D(_polygon(outline)),),
        less_accurate=tuple(
            BoundaryPart(_line(LineString(stretch).intersection(meridians)), accuracy_m)
            for stretch, accuracy_m in drawn
        ),
        **described(facts["identifier"], facts),
    )


def _line(shape: BaseGeometry) -> LineString:
    assert isinstance(shape, LineString)
    return shape


def _fir_boundary(facts: Facts) -> tuple[list[Place], list[Place], list[Place]]:
    """Follow the boundary of the flight information regions eastwards.

    Returns
    -------
    west, hong_kong, east
        From its western corner past Macao, along the north of Hong Kong, and on from there.
    """
    boundaries = read("boundaries")
    at = {site.identifier: (site.lon_deg, site.lat_deg) for site in sites()}

    def listed(entries: Sequence[Any]) -> list[Place]:
        return [at[entry] if isinstance(entry, str) else place(entry) for entry in entries]

    macao = places(boundaries["macao"]["points"])
    # By the west and the north, from the south-western corner of its sea to the north-eastern.
    round_macao = [macao[number] for number in (*range(55, 0, -1), *range(63, 58, -1))]
    west = [*listed(facts["before_macao"]), *round_macao, *listed(facts["before_hong_kong"])]
    (line,) = (f.line for f in boundary_lines(boundaries) if f.identifier == facts["follows"])
    assert isinstance(line, MultiLineString)
    along_hong_kong = [(lon, lat) for lon, lat in line.geoms[0].coords]
    return west, along_hong_kong[::-1], listed(facts["after_hong_kong"])
