"""Build ``zones.geojson`` from the typed facts in ``sources/``.

``python airspace_data/shenzhen/build.py`` writes the file; ``--check`` says whether it is current.
The facts stand in YAML, with their sources; the recipes that make shapes of them stand here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry import LineString, MultiPolygon, Polygon, mapping

from lowalt.airspace.features import OPEN_END, texts, zone_to_feature
from lowalt.airspace.zones import (
    BasisVerification,
    BoundaryPart,
    Circle,
    FeatureStatus,
    Restriction,
    Zone,
)
from lowalt.geodesy import (
    LocalFrame,
    arc_between,
    densify_geodesic,
    geodesic_azimuth_deg,
    geodesic_direct,
)
from lowalt.temporal import ALWAYS, Schedule, TimeInterval
from lowalt.terms import Notice, ZoneKind

HERE = Path(__file__).parent
TARGET = HERE / "zones.geojson"
CHINA_TIME = timezone(timedelta(hours=8))
FRAME = LocalFrame(114.0)

Facts = dict[str, Any]
Place = tuple[float, float]

PROTECTION_RING = ("A1", "A2", "C2", "B2", "B3", "C3", "A3", "A4", "C4", "B4", "B1", "C1")
PROTECTION_ARCS = {("C2", "B2"), ("B3", "C3"), ("C4", "B4"), ("B1", "C1")}


def read(name: str) -> Facts:
    """Read one file of facts."""
    with (HERE / "sources" / f"{name}.yaml").open(encoding="utf-8") as file:
        facts: Facts = yaml.load(file, Loader=yaml.CSafeLoader)
    return facts


# Recipes


def degrees(text: str) -> float:
    """Read degrees-minutes or degrees-minutes-seconds, such as ``113-55.2``."""
    return sum(float(part) / 60.0**power for power, part in enumerate(text.split("-")))


def places(points: Mapping[Any, Sequence[str]]) -> dict[Any, Place]:
    """Read named points, longitude then latitude."""
    return {name: (degrees(lon), degrees(lat)) for name, (lon, lat) in points.items()}


def ring_polygon(ring: Iterable[Sequence[float]]) -> Polygon:
    """Polygon whose edges are geodesics, from an open ring; counter-clockwise."""
    corners = np.array([*ring], dtype=float)
    closed = densify_geodesic(np.vstack((corners, corners[:1])))
    return shapely.geometry.polygon.orient(Polygon(closed))


def protection_polygon(points: Mapping[str, Place], *, arc_radius_m: float) -> Polygon:
    """Protection range from its twelve points: straight edges and four outward arcs."""
    # The announced order runs clockwise, so outward is to the left.
    edges = []
    for name, after in zip(PROTECTION_RING, PROTECTION_RING[1:] + PROTECTION_RING[:1], strict=True):
        start, end = points[name], points[after]
        if (name, after) in PROTECTION_ARCS:
            edges.append(arc_between(start, end, radius_m=arc_radius_m, bulges="left")[:-1])
        else:
            edges.append(densify_geodesic([start, end])[:-1])
    ring = np.vstack(edges)
    return shapely.geometry.polygon.orient(Polygon(ring))


def beside_runway(ends: Sequence[Place], *, at: int, beyond_m: float, aside_m: float) -> Place:
    """Place reached by going on past a runway end, then turning right (left if negative)."""
    end, other = ends[at], ends[1 - at]
    outbound = float(geodesic_azimuth_deg([other], [end])[0])
    abeam = geodesic_direct([end], azimuth_deg=outbound, distance_m=beyond_m)
    # The direction has turned a little on the way.
    onward = float(geodesic_azimuth_deg(abeam, [other])[0]) + 180.0
    corner = geodesic_direct(abeam, azimuth_deg=onward + 90.0, distance_m=aside_m)
    return float(corner[0, 0]), float(corner[0, 1])


def template_points(ends: Sequence[Place], corners: Mapping[str, Facts]) -> dict[str, Place]:
    """Give the twelve points of a protection range from the shape of the announced ones."""
    south = 1  # the high-numbered end of these runways
    sides = {"1": (south, -1.0), "2": (south, 1.0), "3": (1 - south, -1.0), "4": (1 - south, 1.0)}
    return {
        letter + number: beside_runway(
            ends, at=end, beyond_m=corner["beyond_m"], aside_m=turn * corner["aside_m"]
        )
        for letter, corner in corners.items()
        for number, (end, turn) in sides.items()
    }


def runway_rectangle(ends: Sequence[Place], *, beyond_m: float, aside_m: float) -> Polygon:
    """Rectangle round a runway."""
    return ring_polygon(
        beside_runway(ends, at=end, beyond_m=beyond_m, aside_m=turn * aside_m)
        for end, turn in ((0, -1.0), (0, 1.0), (1, -1.0), (1, 1.0))
    )


def honest_status(status: FeatureStatus, *, point_error_m: float, radius_m: float) -> FeatureStatus:
    """Demote a derived zone whose point may lie outside its own radius to illustrative."""
    if status is FeatureStatus.DERIVED and point_error_m > radius_m:
        return FeatureStatus.ILLUSTRATIVE
    return status


def local_time(value: date | datetime) -> datetime:
    """Read a time; a bare date is its first moment in China."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA_TIME)
    return datetime(value.year, value.month, value.day, tzinfo=CHINA_TIME)


def since(opened: datetime | None) -> Schedule:
    """Active from a time on, or always."""
    if opened is None:
        return ALWAYS
    return Schedule.of([TimeInterval(local_time(opened), OPEN_END)])


# Zones, file by file


def protection_zones(facts: Facts, *, sources: Facts) -> list[Zone]:
    """Two announced protection ranges, and the third runway's by analogy."""
    rule = facts["protection"]
    common: Facts = {
        "kind": ZoneKind.AERODROME_PROTECTION,
        "restriction": Restriction.REQ_AUTHORIZATION,
        "country": "CHN",
        "authority": facts["authority"],
    }
    zones = [
        Zone(
            identifier=identifier,
            name=zone["name"],
            geometry=protection_polygon(places(zone["points"]), arc_radius_m=rule["arc_radius_m"]),
            status=FeatureStatus.AUTHORITATIVE,
            basis=BasisVerification.VERIFIED,
            accuracy_m=zone["accuracy_m"],
            citation=rule["citation"],
            sources=cited(rule, sources),
            as_of=rule["as_of"],
            remarks=rule["remarks"],
            **common,
        )
        for identifier, zone in rule["announced"].items()
    ]
    third = rule["template"]
    runway = facts["runways"][third["runway"]]
    points = template_points(runway["ends"], third["corners"])
    zones.append(
        Zone(
            identifier=third["identifier"],
            name=third["name"],
            geometry=protection_polygon(points, arc_radius_m=rule["arc_radius_m"]),
            schedule=since(runway["opened"]),
            status=FeatureStatus.DERIVED,
            basis=BasisVerification.UNVERIFIED,
            accuracy_m=third["accuracy_m"],
            citation=third["citation"],
            sources=cited(third, sources),
            as_of=third["as_of"],
            remarks=third["remarks"],
            **common,
        )
    )
    return zones


def clear_zones(facts: Facts, *, sources: Facts) -> list[Zone]:
    """Make the clear zone: rectangles round the runways."""
    rule = facts["clear_zone"]
    zones = []
    for identifier, zone in rule["zones"].items():
        runways = [facts["runways"][name] for name in zone["runways"]]
        rectangles = [
            runway_rectangle(runway["ends"], beyond_m=rule["beyond_m"], aside_m=rule["aside_m"])
            for runway in runways
        ]
        outline = shapely.union_all(rectangles)
        assert isinstance(outline, Polygon)  # the runways lie side by side
        opened = max((r["opened"] for r in runways if "opened" in r), default=None)
        zones.append(
            Zone(
                identifier=identifier,
                name=zone["name"],
                kind=ZoneKind.CLEAR_ZONE,
                restriction=Restriction.CONDITIONAL,
                country="CHN",
                geometry=shapely.geometry.polygon.orient(outline),
                schedule=since(opened),
                status=FeatureStatus.DERIVED,
                basis=BasisVerification.VERIFIED,
                accuracy_m=rule["accuracy_m"],
                citation=rule["citation"],
                sources=cited(rule, sources),
                as_of=zone["as_of"],
                authority=facts["authority"],
                remarks=rule["remarks"],
            )
        )
    return zones


def circle_zone(place: Place, *, radius_m: float, point_error_m: float, **rest: Any) -> Zone:
    """Circular zone; its status is no better than its point."""
    circle = Circle(*place, radius_m)
    status = honest_status(rest.pop("status"), point_error_m=point_error_m, radius_m=radius_m)
    return Zone(
        circle=circle,
        geometry=circle.covering_polygon(),
        status=status,
        restriction=Restriction.REQ_AUTHORIZATION,
        country="CHN",
        basis=BasisVerification.PARTLY,
        **rest,
    )


def heliport_zones(facts: Facts, *, sources: Facts) -> list[Zone]:
    """Circles round heliports."""
    return [
        circle_zone(
            tuple(site["place"]),
            identifier=identifier,
            name=site["name"],
            kind=ZoneKind.AERODROME_SURROUNDINGS,
            radius_m=site["radius_m"],
            point_error_m=site["accuracy_m"],
            accuracy_m=site["accuracy_m"],
            status=FeatureStatus.DERIVED,
            citation=site["citation"],
            sources=cited(site, sources),
            as_of=site["as_of"],
            authority=site["authority"],
            remarks=site["remarks"],
        )
        for identifier, site in facts["heliports"].items()
    ]


def port_zones(facts: Facts, *, sources: Facts) -> list[Zone]:
    """Circles round land ports."""
    return [
        circle_zone(
            tuple(port["place"]),
            identifier=identifier,
            name={
                "zh": f"{port['name']['zh']}及周边{facts['distance_m']:.0f}米",
                "en": f"{port['name']['en']} and {facts['distance_m']:.0f} m around it",
            },
            kind=ZoneKind.LAND_PORT,
            radius_m=facts["site_radius_m"] + facts["distance_m"],
            point_error_m=port["point_error_m"],
            accuracy_m=port["point_error_m"] + facts["site_radius_error_m"],
            status=FeatureStatus(port["status"]),
            citation=facts["citation"],
            sources=cited(facts, sources),
            as_of=facts["as_of"],
            authority=facts["authority"],
            remarks=facts["remarks"],
        )
        for identifier, port in facts["ports"].items()
    ]


def jurisdiction_ring(facts: Facts) -> list[tuple[Any, Place]]:
    """Named points of a jurisdiction's boundary, in order, with those put between them."""
    ring: list[tuple[Any, Place]] = []
    for number, place in places(facts["points"]).items():
        ring.append((number, place))
        between = [tuple(p) for p in facts.get(f"after_point_{number}", ())]
        ring.extend((None, place) for place in between[:-1])
        ring.extend(("river_mouth", place) for place in between[-1:])
    return ring


def jurisdiction_zone(facts: Facts, *, sources: Facts) -> Zone:
    """Area of another jurisdiction."""
    ring = jurisdiction_ring(facts)
    index = {name: position for position, (name, _) in enumerate(ring) if name is not None}
    parts = [
        BoundaryPart(
            LineString(
                densify_geodesic(
                    [place for _, place in ring[index[part["from"]] : index[part["to"]] + 1]]
                )
            ),
            part["accuracy_m"],
        )
        for part in facts.get("less_accurate", ())
    ]
    return Zone(
        identifier=facts["identifier"],
        name=facts["name"],
        kind=ZoneKind.JURISDICTION,
        restriction=Restriction.CONDITIONAL,
        country=facts["country"],
        geometry=ring_polygon(place for _, place in ring),
        status=FeatureStatus(facts["status"]),
        basis=BasisVerification(facts["basis"]),
        accuracy_m=facts["accuracy_m"],
        less_accurate=tuple(parts),
        citation=facts["citation"],
        sources=cited(facts, sources),
        as_of=facts["as_of"],
        authority=facts["authority"],
        remarks=facts["remarks"],
    )


def area_zones(facts: Facts, *, sources: Facts) -> list[Zone]:
    """Outlines of the city and its districts."""
    zones = []
    for identifier, area in facts["areas"].items():
        polygons = [ring_polygon(ring) for ring in area["rings"]]
        parts = tuple(
            BoundaryPart(LineString(densify_geodesic(part["line"])), part["accuracy_m"])
            for part in area.get("less_accurate", ())
        )
        zones.append(
            Zone(
                identifier=identifier,
                name=area["name"],
                kind=ZoneKind.ADMINISTRATIVE_AREA,
                restriction=Restriction.NO_RESTRICTION,
                country="CHN",
                geometry=polygons[0] if len(polygons) == 1 else MultiPolygon(polygons),
                status=FeatureStatus.ILLUSTRATIVE,
                basis=BasisVerification.UNVERIFIED,
                accuracy_m=area["accuracy_m"],
                less_accurate=parts,
                citation=facts["citation"],
                sources=cited(facts, sources),
                as_of=facts["as_of"],
                authority=facts["authority"],
                remarks=facts["remarks"],
            )
        )
    return zones


def temporary_zones(facts: Facts, *, areas: Mapping[str, Zone], sources: Facts) -> list[Zone]:
    """Temporary control over the outlines of areas."""
    zones = []
    for identifier, zone in facts["zones"].items():
        notice, area = facts["notices"][zone["notice"]], areas[zone["area"]]
        windows = [TimeInterval(local_time(a), local_time(b)) for a, b in zone["windows"]]
        zones.append(
            Zone(
                identifier=identifier,
                name={
                    "zh": f"{notice['name']['zh']}({zone['where']['zh']})",
                    "en": f"{notice['name']['en']}: {zone['where']['en']}",
                },
                kind=ZoneKind.TEMPORARY_CONTROL,
                restriction=Restriction.PROHIBITED,
                country="CHN",
                geometry=area.geometry,
                schedule=Schedule.of(windows),
                status=FeatureStatus.ILLUSTRATIVE,
                basis=BasisVerification.VERIFIED,
                accuracy_m=area.accuracy_m,
                less_accurate=area.less_accurate,
                citation=notice["citation"],
                sources=(*cited(notice, sources), *area.sources),
                as_of=notice["as_of"],
                authority=facts["authority"],
                notice=Notice[zone["notice"].upper()],
                remarks=notice["remarks"],
            )
        )
    return zones


def cited(facts: Facts, sources: Facts) -> tuple[str, ...]:
    """Write out the sources a fact names."""
    return tuple(sources[key] for key in facts["sources"])


# The dataset


def build_zones() -> list[Zone]:
    """Make every zone, in the order of the file."""
    sources = read("dataset")["sources"]
    aerodromes, boundaries = read("aerodromes"), read("boundaries")
    areas = area_zones(read("areas"), sources=sources)
    return [
        *protection_zones(aerodromes, sources=sources),
        *clear_zones(aerodromes, sources=sources),
        *heliport_zones(aerodromes, sources=sources),
        *port_zones(read("ports"), sources=sources),
        *(jurisdiction_zone(boundaries[name], sources=sources) for name in ("hong_kong", "macao")),
        *areas,
        *temporary_zones(
            read("temporary"), areas={zone.identifier: zone for zone in areas}, sources=sources
        ),
    ]


def build_extent(zones: Mapping[str, Zone]) -> Polygon | MultiPolygon:
    """Where the dataset may be asked: the grown city, its sea, Hong Kong and Macao."""
    boundaries = read("boundaries")
    city = zones["BDY10"]
    outline = shapely.transform(city.geometry, FRAME.to_plane)
    grown = shapely.transform(
        outline.buffer(city.accuracy_m, quad_segs=2), FRAME.to_lonlat
    ).simplify(0.0005)
    hong_kong = places(boundaries["hong_kong"]["points"])
    # The sea polygons are closed over land, inside the grown outline.
    west = [*boundaries["sea"]["west"], *(hong_kong[n] for n in range(12, 5, -1)), (114.0, 22.60)]
    east = [
        *boundaries["sea"]["east"],
        *(hong_kong[n] for n in range(21, 32)),
        (114.25, 22.60),
        (114.42, 22.65),
    ]
    parts = [Polygon(west), Polygon(east), zones["BDY06"].geometry, zones["BDY07"].geometry]
    extent = shapely.set_precision(shapely.union_all([grown, *parts]), 1e-6)
    assert isinstance(extent, Polygon | MultiPolygon)
    return extent


def build_document() -> Facts:
    """Make the whole document."""
    facts = read("dataset")
    zones = build_zones()
    extent = build_extent({zone.identifier: zone for zone in zones})
    valid_from, valid_to = (local_time(day).isoformat() for day in facts["valid"])
    known = {name: list(place) for name, place in read("aerodromes")["known_points"].items()}
    # A port counts where its point is known well enough to be told from its GCJ-02 image.
    for name, port in read("ports")["ports"].items():
        if port["point_error_m"] <= 100.0:
            known[name] = port["place"]
    return {
        "type": "FeatureCollection",
        "name": facts["title"]["en"],
        "metadata": {
            "validFrom": valid_from,
            "validTo": valid_to,
            "issued": local_time(facts["issued"]).isoformat(),
            "provider": texts(facts["provider"]),
            "description": texts(facts["title"]),
            "extendedProperties": {
                "name": facts["name"],
                "central_meridian_deg": facts["central_meridian_deg"],
                "coverage": facts["coverage"],
                "disclaimer": facts["disclaimer"],
                "remarks": facts["remarks"],
                "known_points": known,
                "extent": mapping(extent),
            },
        },
        "features": [zone_to_feature(zone) for zone in zones],
    }


def serialise(document: Facts) -> bytes:
    """Write the document, one feature a line, always the same bytes."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    features = ",\n".join(compact(feature) for feature in document["features"])
    head = ",\n".join(
        f'"{key}":{compact(value)}' for key, value in document.items() if key != "features"
    )
    return f'{{{head},\n"features":[\n{features}\n]}}\n'.encode()


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    content = serialise(build_document())
    if parser.parse_args().check:
        current = TARGET.exists() and TARGET.read_bytes() == content
        print(f"{TARGET.name}: {'current' if current else 'differs from the sources'}")
        return 0 if current else 1
    TARGET.write_bytes(content)
    print(f"{TARGET.name}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
