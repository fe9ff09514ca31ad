"""Outlines of the city and its districts, and temporary control over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airspace_data.shenzhen.recipes.facts import Facts, described, local_time
from shapely.geometry import LineString, MultiPolygon

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import BoundaryPart, Zone
from lowalt.geodesy import densify_geodesic
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import Notice


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
