"""The surroundings of sites that flight keeps away from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import shapely
from airspace_data.shenzhen.recipes.facts import (
    Facts,
    circle,
    described,
    honest_status,
    vertical_layer,
)
from shapely.geometry import Polygon, box

from lowalt.airspace.shapes import Place, Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone


def surroundings(facts: Facts) -> Iterator[Zone]:
    """Yield every site with the distance that is kept from it."""
    for group in facts["groups"].values():
        for identifier, site in group["sites"].items():
            yield _zone(identifier, {**facts, **group, **site})


def _zone(identifier: str, facts: Facts) -> Zone:
    light_m, micro_m = facts["distance_m"]["light"], facts["distance_m"]["micro"]
    description = described(identifier, facts, _derived(facts, light_m))
    if "place" in facts:
        status = honest_status(
            description["status"],
            point_error_m=facts["point_error_m"],
            radius_m=facts["site_radius_m"] + light_m,
        )
        description["status"] = status
    return Zone(
        volumes=(_volume(facts, light_m),),
        micro_volumes=(_volume(facts, micro_m),) if micro_m != light_m else None,
        **description,
    )


def _derived(facts: Facts, distance_m: float) -> Facts:
    """Name the distance in the site's name, and add up what makes its limits uncertain."""
    name = facts["name"]
    if distance_m:
        name = {
            "zh": f"{name['zh']}及周边{distance_m:.0f}米",
            "en": f"{name['en']} and {distance_m:.0f} m around it",
        }
    return {"name": name, "accuracy_m": facts["point_error_m"] + facts["site_error_m"]}


def _volume(facts: Facts, distance_m: float) -> Volume3D:
    layer = vertical_layer(facts.get("layer"))
    if "place" in facts:
        radius_m = facts["site_radius_m"] + distance_m
        return Volume3D.of(circle(facts["place"], radius_m), layer=layer)
    if "line" in facts:
        return Volume3D.of(Strip(_places(facts["line"]), distance_m), layer=layer)
    site = box(*facts["box"])
    rim = Strip(_places(site.exterior.coords), distance_m).covering_polygon()
    grown = shapely.union_all([site, rim])
    assert isinstance(grown, Polygon)
    return Volume3D(shapely.orient_polygons(grown), layer)


def _places(points: Iterable[Sequence[float]]) -> tuple[Place, ...]:
    return tuple((lon_deg, lat_deg) for lon_deg, lat_deg in points)
