"""Protection ranges, clear zones and the surroundings of aerodromes and heliports."""

from __future__ import annotations

from collections.abc import Iterator

import shapely
from airspace_data.shenzhen.recipes.facts import (
    Facts,
    circle,
    described,
    honest_status,
    metres,
    places,
    vertical_layer,
)
from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from lowalt.airspace.aerodromes import Runway, protection_outline
from lowalt.airspace.shapes import Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone


def aerodrome_zones(aerodromes: Facts) -> Iterator[Zone]:
    """Everything round the aerodromes of the Mainland."""
    yield from _protection_zones(aerodromes)
    yield from _clear_zones(aerodromes)
    yield from _near_runways(aerodromes)
    yield from _examples(aerodromes)
    yield from _heliport_zones(aerodromes["heliports"])


def runways(aerodromes: Facts) -> list[Facts]:
    """Runways in the form in which the document lists them."""
    return [
        {
            "name": name,
            "aerodrome": aerodrome,
            "low": facts["low"],
            "high": facts["high"],
            "elevation_amsl_m": metres(of_aerodrome["elevation_amsl"]),
            "code_number": of_aerodrome["code_number"],
            "classification": of_aerodrome["classification"],
        }
        for aerodrome, of_aerodrome in aerodromes["aerodromes"].items()
        for name, facts in of_aerodrome["runways"].items()
    ]


def _runways(aerodromes: Facts, facts: Facts) -> list[Runway]:
    """Read the runways that a zone names, or all of its aerodrome's."""
    known = aerodromes["aerodromes"][facts["aerodrome"]]["runways"]
    return [
        Runway(tuple(known[name]["low"]), tuple(known[name]["high"]))
        for name in facts.get("runways", known)
    ]


def _opened(aerodromes: Facts, facts: Facts) -> Facts:
    """Date a zone from the opening of its last runway; most were open before the facts begin."""
    known = aerodromes["aerodromes"][facts["aerodrome"]]["runways"]
    return {"since": known[facts["runways"][-1]].get("opened")}


def _protection_zones(aerodromes: Facts) -> Iterator[Zone]:
    """Announced protection ranges, and the third runway's by analogy."""
    rule = aerodromes["protection"]
    radius_m = rule["arc_radius_m"]
    for identifier, facts in rule["announced"].items():
        outline = protection_outline(places(facts["points"]), arc_radius_m=radius_m)
        yield Zone(volumes=(Volume3D.of(outline),), **described(identifier, rule, facts))
    facts = rule["template"]
    (runway,) = _runways(aerodromes, facts)
    points = runway.protection_points(facts["corners"])
    yield Zone(
        volumes=(Volume3D.of(protection_outline(points, arc_radius_m=radius_m)),),
        **described(facts["identifier"], rule, facts, _opened(aerodromes, facts)),
    )


def _clear_zones(aerodromes: Facts) -> Iterator[Zone]:
    """Rectangles round the runways, joined where they have always been there together."""
    rule = aerodromes["clear_zones"]
    for identifier, facts in rule["zones"].items():
        rectangles = [
            runway.rectangle(beyond_m=facts["beyond_m"], aside_m=facts["aside_m"])
            for runway in _runways(aerodromes, facts)
        ]
        outline = shapely.union_all(rectangles)
        assert isinstance(outline, Polygon)  # the runways lie side by side
        yield Zone(
            volumes=(Volume3D(orient(outline)),),
            **described(identifier, rule, facts, _opened(aerodromes, facts)),
        )


def _near_runways(aerodromes: Facts) -> Iterator[Zone]:
    """Yield what lies within a distance of runways."""
    rule = aerodromes["near_runways"]
    for identifier, zone in rule["zones"].items():
        facts = {**rule, **zone}
        yield Zone(
            volumes=tuple(
                Volume3D.of(Strip((runway.low, runway.high), rule["within_m"]))
                for runway in _runways(aerodromes, facts)
            ),
            **described(identifier, facts, _opened(aerodromes, facts)),
        )


def _examples(aerodromes: Facts) -> Iterator[Zone]:
    """Yield a control zone and runway cores, both made up."""
    rule = aerodromes["examples"]
    facts = rule["control_zone"]
    control_zone = circle(facts["place"], facts["radius_m"])
    yield Zone(
        volumes=(Volume3D.of(control_zone, layer=vertical_layer(facts["layer"])),),
        **described(facts["identifier"], rule, facts),
    )
    facts = rule["runway_cores"]
    yield Zone(
        volumes=tuple(
            Volume3D(runway.rectangle(beyond_m=facts["beyond_m"], aside_m=facts["aside_m"]))
            for runway in _runways(aerodromes, facts)
        ),
        **described(facts["identifier"], rule, facts),
    )


def _heliport_zones(heliports: Facts) -> Iterator[Zone]:
    """Circles round heliports; the status of one is no better than its point."""
    for identifier, facts in heliports.items():
        description = described(identifier, facts)
        status = honest_status(
            description["status"],
            point_error_m=facts["point_error_m"],
            radius_m=facts["radius_m"],
        )
        surroundings = circle(facts["place"], facts["radius_m"])
        yield Zone(volumes=(Volume3D.of(surroundings),), **{**description, "status": status})
