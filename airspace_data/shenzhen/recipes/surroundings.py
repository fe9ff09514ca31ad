"""The surroundings of sites that flight keeps away from."""

from __future__ import annotations

from collections.abc import Iterator

from airspace_data.shenzhen.recipes.aerodromes import circle_zone
from airspace_data.shenzhen.recipes.facts import Facts, described

from lowalt.airspace.zones import Zone


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
