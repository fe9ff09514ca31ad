"""The boundaries of Hong Kong and Macao."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from airspace_data.shenzhen.recipes.facts import Facts, described, places
from shapely.geometry import LineString

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.shapes import Place
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import BoundaryPart, Zone
from lowalt.geodesy import densify_geodesic


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
