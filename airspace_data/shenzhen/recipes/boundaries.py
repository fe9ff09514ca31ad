"""The boundaries of Hong Kong and Macao as areas, lines and strips; and limits of the sea."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from airspace_data.shenzhen.recipes.facts import Facts, described, places
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.containment import BoundaryPart
from lowalt.airspace.landmarks import Line
from lowalt.airspace.shapes import Place, Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.geodesy import densify_geodesic

# A strip's outer edge beside a stretch of the boundary is found by what is so little further off.
_BESIDE_M = 1.0
_ON_THE_LINE_DEG = 1e-7


def jurisdiction_zones(boundaries: Facts) -> Iterator[Zone]:
    """Hong Kong and Macao."""
    for of in ("hong_kong", "macao"):
        facts = boundaries[of]
        _, ring = _boundary_ring(facts)
        parts = [
            BoundaryPart(
                LineString(densify_geodesic(_stretch(boundaries, {"of": of, **part}))),
                part["accuracy_m"],
            )
            for part in facts.get("less_accurate", ())
        ]
        yield Zone(
            volumes=(Volume3D(ring_polygon(ring)),),
            less_accurate=tuple(parts),
            **described(facts["identifier"], boundaries, facts),
        )


def boundary_lines(boundaries: Facts) -> Iterator[Line]:
    """Yield the same boundaries as lines, that of the FIRs, and the limits of the city's sea."""
    for identifier, facts in boundaries["lines"].items():
        lines = [
            LineString(densify_geodesic(_stretch(boundaries, stretch)))
            for stretch in facts["stretches"]
        ]
        yield Line(
            line=lines[0] if len(lines) == 1 else MultiLineString(lines),
            **described(identifier, facts),
        )
    sea = boundaries["sea"]
    ends = {"west": _stretch(boundaries, {"of": "hong_kong", "from": 8, "to": 12})[::-1]}
    for identifier, facts in sea["limits"].items():
        corners = [*sea[facts["side"]], *ends.get(facts["side"], ())]
        yield Line(line=LineString(densify_geodesic(corners)), **described(identifier, sea, facts))


def boundary_strips(boundaries: Facts) -> Iterator[Zone]:
    """Yield what lies within a distance of Hong Kong on this side."""
    rule = boundaries["strips"]
    line = tuple(_stretch(boundaries, rule["along"]))
    hong_kong = ring_polygon(_boundary_ring(boundaries["hong_kong"])[1])
    for identifier, facts in rule["zones"].items():
        distance_m = facts["distance_m"]
        strip = Strip(line, distance_m).covering_polygon().difference(hong_kong)
        assert isinstance(strip, Polygon | MultiPolygon)
        yield Zone(
            volumes=(Volume3D(strip),),
            micro_volumes=() if facts.get("spares_micro") else None,
            less_accurate=tuple(_blurred(strip, boundaries, distance_m=distance_m)),
            **described(identifier, rule, facts),
        )


def _blurred(
    strip: BaseGeometry, boundaries: Facts, *, distance_m: float
) -> Iterator[BoundaryPart]:
    """Give both edges of a strip the accuracy of the boundary that they follow."""
    hong_kong = ring_polygon(_boundary_ring(boundaries["hong_kong"])[1])
    outer = strip.boundary.difference(hong_kong.boundary.buffer(_ON_THE_LINE_DEG))
    for part in boundaries["hong_kong"]["less_accurate"]:
        line = tuple(_stretch(boundaries, {"of": "hong_kong", **part}))
        beside = Strip(line, distance_m + _BESIDE_M).covering_polygon()
        edges = shapely.line_merge(outer.intersection(beside))
        yield BoundaryPart(LineString(densify_geodesic(line)), part["accuracy_m"])
        for edge in shapely.get_parts(edges):
            yield BoundaryPart(edge, part["accuracy_m"])


def _stretch(boundaries: Facts, facts: Facts) -> list[Place]:
    """Follow a boundary from one of its points to another; from one to itself is all round."""
    names, ring = _boundary_ring(boundaries[facts["of"]])
    first, last = names.index(facts["from"]), names.index(facts["to"])
    if last <= first:
        last += len(ring)
    return [ring[number % len(ring)] for number in range(first, last + 1)]


def _boundary_ring(facts: Facts) -> tuple[Sequence[Any], list[Place]]:
    """Put the points of a river between those of a boundary; the last of them has a name too."""
    names: list[Any] = []
    ring: list[Place] = []
    for number, place in places(facts["points"]).items():
        between = facts.get(f"after_point_{number}", [])
        names += [number, *(None for _ in between[:-1]), *("river_mouth" for _ in between[-1:])]
        ring += [place, *((lon, lat) for lon, lat in between)]
    return names, ring
