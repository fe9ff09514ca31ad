"""Protection ranges, clear zones and the surroundings of heliports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shapely
from airspace_data.shenzhen.recipes.facts import Facts, described, honest_status, places, since
from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from lowalt.airspace.aerodromes import Runway, protection_outline
from lowalt.airspace.shapes import Circle
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone


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


def heliport_zones(heliports: Facts) -> Iterator[Zone]:
    """Circles round heliports."""
    for identifier, facts in heliports.items():
        yield circle_zone(
            described(identifier, facts),
            place=facts["place"],
            radius_m=facts["radius_m"],
            point_error_m=facts["point_error_m"],
        )


def circle_zone(
    description: Facts, *, place: Sequence[float], radius_m: float, point_error_m: float
) -> Zone:
    """Make a circular zone; its status is no better than its point."""
    lon_deg, lat_deg = place
    circle = Circle(lon_deg, lat_deg, radius_m)
    status = honest_status(description["status"], point_error_m=point_error_m, radius_m=radius_m)
    return Zone(volumes=(Volume3D.of(circle),), **{**description, "status": status})
