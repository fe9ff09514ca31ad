"""Build ``zones.geojson`` from the typed facts in ``sources/``.

``python airspace_data/shenzhen/build.py`` writes the file; ``--check`` says whether it is current.
The facts stand in YAML with their sources; the recipes that make zones of them stand here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import shapely
import yaml
from shapely.geometry import LineString, MultiPolygon, Polygon, mapping
from shapely.geometry.polygon import orient

from lowalt.airspace.aerodromes import Runway, protection_outline, ring_polygon
from lowalt.airspace.features import BasisVerification, Feature, FeatureStatus
from lowalt.airspace.geojson import texts, to_geojson
from lowalt.airspace.hours import OPEN_END
from lowalt.airspace.shapes import Circle, Place
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import BoundaryPart, Restriction, Zone
from lowalt.geodesy import LocalFrame, densify_geodesic
from lowalt.temporal import ALWAYS, Schedule, TimeInterval
from lowalt.terms import Notice, ZoneKind

HERE = Path(__file__).parent
TARGET = HERE / "zones.geojson"
CHINA_TIME = timezone(timedelta(hours=8))

Facts = dict[str, Any]


def build_features() -> list[Feature]:
    """Make every feature, in the order of the file."""
    aerodromes, boundaries = read("aerodromes"), read("boundaries")
    areas = list(area_zones(read("areas")))
    return [
        *protection_zones(aerodromes),
        *clear_zones(aerodromes),
        *heliport_zones(aerodromes["heliports"]),
        *port_zones(read("ports")),
        *jurisdiction_zones(boundaries),
        *areas,
        *temporary_zones(read("temporary"), areas={area.identifier: area for area in areas}),
    ]


# Facts


@cache
def read(name: str) -> Facts:
    """Read one file of facts."""
    with (HERE / "sources" / f"{name}.yaml").open(encoding="utf-8") as file:
        facts: Facts = yaml.load(file, Loader=yaml.CSafeLoader)
    return facts


def degrees(text: str) -> float:
    """Read degrees-minutes or degrees-minutes-seconds, such as ``113-55.2``."""
    return sum(float(part) / 60.0**power for power, part in enumerate(text.split("-")))


def places(points: Mapping[Any, Sequence[str]]) -> dict[Any, Place]:
    """Read named points, longitude then latitude."""
    return {name: (degrees(lon), degrees(lat)) for name, (lon, lat) in points.items()}


def local_time(value: date | datetime) -> datetime:
    """Read a time; a bare date is its first moment in China."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA_TIME)
    return datetime(value.year, value.month, value.day, tzinfo=CHINA_TIME)


def since(opened: date | None) -> Schedule:
    """Active from a day on, or always."""
    if opened is None:
        return ALWAYS
    return Schedule.of([TimeInterval(local_time(opened), OPEN_END)])


def described(identifier: str, *layers: Facts) -> Facts:
    """Collect what a zone is and where that was read; a later layer overrides an earlier one."""
    facts = {key: value for layer in layers for key, value in layer.items()}
    sources = read("dataset")["sources"]
    return {
        "identifier": identifier,
        "country": facts.get("country", "CHN"),
        "kind": ZoneKind[facts["kind"].upper()],
        "restriction": Restriction(facts["restriction"]),
        "status": FeatureStatus(facts["status"]),
        "basis": BasisVerification(facts["basis"]),
        "sources": tuple(sources[key] for key in facts["sources"]),
        **{
            key: facts[key]
            for key in ("name", "authority", "accuracy_m", "citation", "as_of", "remarks")
        },
    }


def honest_status(status: FeatureStatus, *, point_error_m: float, radius_m: float) -> FeatureStatus:
    """Demote a derived zone whose point may lie outside its own radius to illustrative."""
    if status is FeatureStatus.DERIVED and point_error_m > radius_m:
        return FeatureStatus.ILLUSTRATIVE
    return status


# Zones


def protection_zones(aerodromes: Facts) -> Iterator[Zone]:
    """Two announced protection ranges, and the third runway's by analogy."""
    rule = aerodromes["protection"]
    radius_m = rule["arc_radius_m"]
    for identifier, facts in rule["announced"].items():
        outline = protection_outline(places(facts["points"]), arc_radius_m=radius_m)
        yield Zone(volumes=(Volume3D.of(outline),), **described(identifier, rule, facts))
    facts = rule["template"]
    runway = aerodromes["runways"][facts["runway"]]
    points = to_runway(runway).protection_points(facts["corners"])
    yield Zone(
        volumes=(Volume3D.of(protection_outline(points, arc_radius_m=radius_m)),),
        schedule=since(runway["opened"]),
        **described(facts["identifier"], rule, facts),
    )


def to_runway(facts: Facts) -> Runway:
    """Read a runway."""
    return Runway(tuple(facts["low"]), tuple(facts["high"]))


def clear_zones(aerodromes: Facts) -> Iterator[Zone]:
    """Rectangles round the runways, joined where they have always been there together."""
    rule = aerodromes["clear_zone"]
    for identifier, facts in rule["zones"].items():
        runways = [aerodromes["runways"][name] for name in facts["runways"]]
        rectangles = [
            to_runway(runway).rectangle(beyond_m=rule["beyond_m"], aside_m=rule["aside_m"])
            for runway in runways
        ]
        outline = shapely.union_all(rectangles)
        assert isinstance(outline, Polygon)  # the runways lie side by side
        yield Zone(
            volumes=(Volume3D(orient(outline)),),
            schedule=since(runways[-1].get("opened")),
            **described(identifier, rule, facts),
        )


def circle_zone(
    description: Facts, *, place: Sequence[float], radius_m: float, point_error_m: float
) -> Zone:
    """Make a circular zone; its status is no better than its point."""
    lon_deg, lat_deg = place
    circle = Circle(lon_deg, lat_deg, radius_m)
    status = honest_status(description["status"], point_error_m=point_error_m, radius_m=radius_m)
    return Zone(volumes=(Volume3D.of(circle),), **{**description, "status": status})


def heliport_zones(heliports: Facts) -> Iterator[Zone]:
    """Circles round heliports."""
    for identifier, facts in heliports.items():
        yield circle_zone(
            described(identifier, facts),
            place=facts["place"],
            radius_m=facts["radius_m"],
            point_error_m=facts["point_error_m"],
        )


def port_zones(ports: Facts) -> Iterator[Zone]:
    """Circles round land ports."""
    distance_m = ports["distance_m"]
    for identifier, facts in ports["ports"].items():
        name = {
            "zh": f"{facts['name']['zh']}及周边{distance_m:.0f}米",
            "en": f"{facts['name']['en']} and {distance_m:.0f} m around it",
        }
        accuracy_m = facts["point_error_m"] + ports["site_radius_error_m"]
        yield circle_zone(
            described(identifier, ports, facts, {"name": name, "accuracy_m": accuracy_m}),
            place=facts["place"],
            radius_m=ports["site_radius_m"] + distance_m,
            point_error_m=facts["point_error_m"],
        )


def jurisdiction_zones(boundaries: Facts) -> Iterator[Zone]:
    """Hong Kong and Macao."""
    for facts in (boundaries["hong_kong"], boundaries["macao"]):
        names, ring = boundary_ring(facts)
        parts = [
            BoundaryPart(
                LineString(
                    densify_geodesic(ring[names.index(part["from"]) : names.index(part["to"]) + 1])
                ),
                part["accuracy_m"],
            )
            for part in facts.get("less_accurate", ())
        ]
        yield Zone(
            volumes=(Volume3D(ring_polygon(ring)),),
            less_accurate=tuple(parts),
            **described(facts["identifier"], boundaries, facts),
        )


def boundary_ring(facts: Facts) -> tuple[list[Any], list[Place]]:
    """Put the points of a river between those of a boundary; the last of them has a name too."""
    names: list[Any] = []
    ring: list[Place] = []
    for number, place in places(facts["points"]).items():
        between = facts.get(f"after_point_{number}", [])
        names += [number, *(None for _ in between[:-1]), *("river_mouth" for _ in between[-1:])]
        ring += [place, *((lon, lat) for lon, lat in between)]
    return names, ring


def area_zones(areas: Facts) -> Iterator[Zone]:
    """Outlines of the city and its districts."""
    for identifier, facts in areas["areas"].items():
        polygons = [ring_polygon(ring) for ring in facts["rings"]]
        parts = [
            BoundaryPart(LineString(densify_geodesic(part["line"])), part["accuracy_m"])
            for part in facts.get("less_accurate", ())
        ]
        yield Zone(
            volumes=(Volume3D(polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)),),
            less_accurate=tuple(parts),
            **described(identifier, areas, facts),
        )


def temporary_zones(temporary: Facts, *, areas: Mapping[str, Zone]) -> Iterator[Zone]:
    """Temporary control over the outlines of areas."""
    for identifier, facts in temporary["zones"].items():
        notice, area = temporary["notices"][facts["notice"]], areas[facts["area"]]
        name = {
            "zh": f"{notice['name']['zh']}({facts['where']['zh']})",
            "en": f"{notice['name']['en']}: {facts['where']['en']}",
        }
        outline = {"name": name, "accuracy_m": area.accuracy_m}
        yield Zone(
            volumes=area.volumes,
            less_accurate=area.less_accurate,
            schedule=Schedule.of(
                TimeInterval(local_time(start), local_time(end)) for start, end in facts["windows"]
            ),
            notice=Notice[facts["notice"].upper()],
            **described(identifier, temporary, notice, outline),
        )


# The dataset


def build_extent(zones: Mapping[str, Zone]) -> Polygon | MultiPolygon:
    """Where the dataset may be asked: the grown city, its sea, Hong Kong and Macao."""
    boundaries = read("boundaries")
    frame = LocalFrame(read("dataset")["central_meridian_deg"])
    city = zones["BDY10"]
    outline = shapely.transform(city.geometry, frame.to_plane)
    # Few corners and rounded ones: this is the rim of a drawing known to 1.6 km.
    grown = shapely.transform(
        outline.buffer(city.accuracy_m, quad_segs=2).simplify(50.0), frame.to_lonlat
    )
    hong_kong = places(boundaries["hong_kong"]["points"])
    sea = boundaries["sea"]
    # Both parts of the sea are closed over land, within the outline.
    west = [*sea["west"], *(hong_kong[n] for n in range(12, 5, -1)), (114.00, 22.60)]
    east = [*sea["east"], *(hong_kong[n] for n in range(21, 32)), (114.25, 22.60), (114.42, 22.65)]
    parts = [zones[key].geometry for key in ("BDY06", "BDY07", "BDY11")]
    joined = shapely.union_all([grown, Polygon(west), Polygon(east), *parts])
    extent = shapely.orient_polygons(shapely.set_precision(joined, 1e-6))
    assert isinstance(extent, Polygon | MultiPolygon)
    return extent


def known_points() -> dict[str, list[float]]:
    """Places people fly from, known well enough to be told from their GCJ-02 images."""
    known: dict[str, list[float]] = dict(read("aerodromes")["known_points"])
    for name, port in read("ports")["ports"].items():
        if port["point_error_m"] <= 100.0:
            known[name] = port["place"]
    return known


def build_document() -> Facts:
    """Make the whole document."""
    facts = read("dataset")
    features = build_features()
    zones = {f.identifier: f for f in features if isinstance(f, Zone)}
    extent = build_extent(zones)
    valid_from, valid_to = (local_time(day).isoformat() for day in facts["valid"])
    kept = ("name", "central_meridian_deg", "coverage", "disclaimer", "remarks")
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
                **{key: facts[key] for key in kept},
                "known_points": known_points(),
                "extent": mapping(extent),
            },
        },
        "features": [to_geojson(feature) for feature in features],
    }


def serialise(document: Facts) -> bytes:
    """Write the document, one feature a line, always the same bytes."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    head = [f'"{key}":{compact(value)}' for key, value in document.items() if key != "features"]
    features = ",\n".join(compact(feature) for feature in document["features"])
    body = ",\n".join([*head, f'"features":[\n{features}\n]'])
    return f"{{{body}}}\n".encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args(arguments)
    content = serialise(build_document())
    if options.check:
        current = TARGET.exists() and TARGET.read_bytes() == content
        print(f"{TARGET.name}: {'current' if current else 'differs from the sources'}")
        return 0 if current else 1
    TARGET.write_bytes(content)
    print(f"{TARGET.name}: {len(content)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
