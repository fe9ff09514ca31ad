"""Temporary control over areas and places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airspace_data.shenzhen.recipes.facts import Facts, circle, described, vertical_layer

from lowalt.airspace.aerodromes import ring_polygon
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.terms import Notice


def temporary_zones(temporary: Facts, *, areas: Mapping[str, Zone]) -> Iterator[Zone]:
    """Temporary control: first over the outlines of areas, then over places of its own."""
    for identifier, facts in temporary["over_areas"].items():
        notice, area = temporary["notices"][facts["notice"]], areas[facts["area"]]
        name = {
            "zh": f"{notice['name']['zh']}({facts['where']['zh']})",
            "en": f"{notice['name']['en']}: {facts['where']['en']}",
        }
        outline = {"name": name, "accuracy_m": area.accuracy_m}
        yield Zone(
            volumes=area.volumes,
            less_accurate=area.less_accurate,
            notice=Notice[facts["notice"].upper()],
            **described(identifier, temporary, notice, facts, outline),
        )
    for identifier, facts in temporary["over_places"].items():
        yield Zone(
            volumes=(_volume(facts),),
            notice=Notice[facts["notice"].upper()],
            **described(identifier, temporary, facts),
        )


def _volume(facts: Facts) -> Volume3D:
    layer = vertical_layer(facts.get("layer"))
    if "ring" in facts:
        return Volume3D(ring_polygon(facts["ring"]), layer)
    return Volume3D.of(circle(facts["place"], facts["radius_m"]), layer=layer)
