"""Outlines of the city and its districts."""

from __future__ import annotations

from collections.abc import Iterator

from airspace_data.shenzhen.recipes.facts import Facts, described
from shapely.geometry import LineString, MultiPolygon

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.containment import BoundaryPart
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.geodesy import densify_geodesic


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
