"""Build ``zones.geojson`` and ``dataset.yaml`` from the typed facts in ``sources/``.

``python -m airspace_data.shenzhen.build`` writes the files; ``--check`` says whether they are
current. The facts stand in YAML with their sources; the recipes that make features of them in
``recipes/``. ``zones.geojson`` is what is read at run time. ``dataset.yaml`` is for people: what
the dataset is, and where every feature comes from and how sure it is, without the coordinates.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely
import yaml
from airspace_data.shenzhen.recipes import hong_kong, obstacles, ports, routes, sites
from airspace_data.shenzhen.recipes.aerodromes import aerodrome_zones, runways
from airspace_data.shenzhen.recipes.areas import area_zones
from airspace_data.shenzhen.recipes.boundaries import (
    boundary_lines,
    boundary_strips,
    jurisdiction_zones,
)
from airspace_data.shenzhen.recipes.facts import Facts, local_time, places, read
from airspace_data.shenzhen.recipes.planned import planned_zones
from airspace_data.shenzhen.recipes.surroundings import surroundings
from airspace_data.shenzhen.recipes.temporary import temporary_zones
from shapely.geometry import MultiPolygon, Polygon, mapping

from lowalt.airspace.features import Feature
from lowalt.airspace.geojson import to_geojson
from lowalt.airspace.geojson.texts import texts
from lowalt.airspace.landmarks import Site
from lowalt.airspace.zones import Zone
from lowalt.geodesy import LocalFrame
from lowalt.terms import SiteKind

TARGET = Path(__file__).parent / "zones.geojson"
PROVENANCE = TARGET.with_name("dataset.yaml")

_KNOWN_TO_M = 100.0


def build_features() -> list[Feature]:
    """Make every feature, in the order of the file."""
    boundaries = read("boundaries")
    areas = list(area_zones(read("areas")))
    zones = [
        *aerodrome_zones(read("aerodromes")),
        *surroundings(read("surroundings")),
        *jurisdiction_zones(boundaries),
        *boundary_strips(boundaries),
        *areas,
        *temporary_zones(read("temporary"), areas={area.identifier: area for area in areas}),
    ]
    return [
        *zones,
        *planned_zones(read("planned"), zones=zones, frame=frame()),
        *boundary_lines(boundaries),
        *hong_kong.features(),
        *routes.features(),
        *sites.features(),
        *ports.features(),
        *obstacles.features(),
    ]


def frame() -> LocalFrame:
    """Return the plane of the dataset."""
    return LocalFrame(read("dataset")["central_meridian_deg"])


def build_extent(zones: Mapping[str, Zone]) -> Polygon | MultiPolygon:
    """Where the dataset may be asked: the grown city, its sea, Hong Kong and Macao."""
    boundaries = read("boundaries")
    plane = frame()
    city = zones["BDY10"]
    outline = shapely.transform(city.geometry, plane.to_plane)
    # Few corners and rounded ones: this is the rim of a drawing known to 1.6 km.
    grown = shapely.transform(
        outline.buffer(city.accuracy_m, quad_segs=2).simplify(50.0), plane.to_lonlat
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


def known_points(features: Sequence[Feature]) -> dict[str, list[float]]:
    """List places people fly from, known well enough to be told from their GCJ-02 images.

    Chinese maps draw the Mainland in GCJ-02, some 600 m off. Navigation aids, power stations and
    the like are left out, well known or not: nobody takes off there.
    """
    known: dict[str, list[float]] = dict(read("aerodromes")["known_points"])
    for site in features:
        if isinstance(site, Site) and _is_flown_from(site):
            known[site.identifier] = [site.lon_deg, site.lat_deg]
    for name, port in read("surroundings")["groups"]["land_ports"]["sites"].items():
        if port["point_error_m"] <= _KNOWN_TO_M:
            known[name] = port["place"]
    return known


def _is_flown_from(site: Site) -> bool:
    lands = site.kind is SiteKind.LANDING_SITE
    return lands and site.country == "CHN" and site.accuracy_m <= _KNOWN_TO_M


def build_document(features: Sequence[Feature]) -> Facts:
    """Make the whole document."""
    facts = read("dataset")
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
                "known_points": known_points(features),
                "runways": runways(read("aerodromes")),
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


def build_provenance(features: Sequence[Feature], *, content: bytes) -> bytes:
    """Make the sheet of where every feature comes from."""
    facts = read("dataset")
    sheet = {
        **{key: facts[key] for key in ("name", "title", "issued", "valid", "provider")},
        **{key: facts[key] for key in ("coverage", "disclaimer", "remarks", "left_out")},
        "zones_geojson": {
            "sha256": hashlib.sha256(content).hexdigest(),
            "features": len(features),
            "by_status": dict(sorted(Counter(f.status.value for f in features).items())),
            "examples": sum(f.example for f in features),
        },
        "features": [
            {
                "identifier": feature.identifier,
                "sort": type(feature).__name__.lower(),
                "name": dict(feature.name),
                "status": feature.status.value,
                "basis": feature.basis.value,
                "accuracy_m": feature.accuracy_m,
                "as_of": feature.as_of,
                "citation": feature.citation,
                "sources": list(feature.sources),
                **({"example": True} if feature.example else {}),
            }
            for feature in features
        ],
    }
    head = "# Made by build.py of the facts in sources/: change those, not this.\n"
    # Anchors would make readers jump; width keeps a text on its line.
    dumper = type("Plain", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
    text = yaml.dump(sheet, Dumper=dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return (head + text).encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args(arguments)
    features = build_features()
    zones = serialise(build_document(features))
    made = {TARGET: zones, PROVENANCE: build_provenance(features, content=zones)}
    differs = False
    for path, content in made.items():
        current = path.exists() and path.read_bytes() == content
        differs = differs or not current
        if options.check:
            print(f"{path.name}: {'current' if current else 'differs from the sources'}")
        else:
            path.write_bytes(content)
            print(f"{path.name}: {len(content)} bytes")
    return 1 if options.check and differs else 0


if __name__ == "__main__":
    sys.exit(main())
