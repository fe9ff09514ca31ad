"""Airspace as a planner divides it: suitable airspace, test areas, grid cells. All are examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import shapely
from airspace_data.shenzhen.recipes.facts import Facts, circle, described, vertical_layer
from shapely.geometry import MultiPolygon, box
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Restriction, Zone
from lowalt.geodesy import LocalFrame
from lowalt.gridcodes import decode
from lowalt.terms import ZoneKind


def planned_zones(planned: Facts, *, zones: Iterable[Zone], frame: LocalFrame) -> Iterator[Zone]:
    """Yield all of it; suitable airspace is what the zones given leave over."""
    yield from _suitable(planned, [*zones], frame=frame)
    tests = planned["test_areas"]
    for identifier, facts in tests["zones"].items():
        area = circle(facts["place"], facts["radius_m"])
        yield Zone(
            volumes=(Volume3D.of(area, layer=vertical_layer(tests["layer"])),),
            **described(identifier, planned, tests, facts),
        )
    yield _grid(planned)


def _suitable(planned: Facts, zones: Sequence[Zone], *, frame: LocalFrame) -> Iterator[Zone]:
    rule = planned["suitable"]
    (area,) = (zone for zone in zones if zone.identifier == rule["area"])
    bound = [zone for zone in zones if _asks_always(zone)]
    for identifier, facts in rule["zones"].items():
        for_micro = facts.get("for_micro", False)
        taken = [v.geometry for zone in bound for v in _volumes(zone, for_micro=for_micro)]
        rest = shapely.difference(area.geometry, shapely.union_all(taken))
        coarse = _coarsened(rest, rule, frame=frame)
        volume = Volume3D(coarse, vertical_layer(facts["layer"]))
        yield Zone(volumes=(volume,), **described(identifier, planned, rule, facts))


def _asks_always(zone: Zone) -> bool:
    return (
        zone.restriction is not Restriction.NO_RESTRICTION
        and zone.kind is not ZoneKind.TEMPORARY_CONTROL
        and not zone.example
    )


def _volumes(zone: Zone, *, for_micro: bool) -> Iterable[Volume3D]:
    if for_micro and zone.micro_volumes is not None:
        return zone.micro_volumes
    return zone.volumes


def _coarsened(free: BaseGeometry, rule: Facts, *, frame: LocalFrame) -> MultiPolygon:
    """Draw an area with few corners, nowhere outside itself."""
    coarse_m = rule["coarseness_m"]
    plane = shapely.transform(free, frame.to_plane).buffer(-coarse_m, join_style="mitre")
    parts = [
        part
        for part in shapely.get_parts(plane.simplify(0.9 * coarse_m))
        if part.area >= rule["least_area_m2"]
    ]
    drawn = shapely.transform(MultiPolygon(parts), frame.to_lonlat)
    coarse = shapely.orient_polygons(drawn)
    assert isinstance(coarse, MultiPolygon)
    return coarse


def _grid(planned: Facts) -> Zone:
    facts = planned["grid"]
    cells = [decode(code) for code in facts["cells"]]
    squares = [box(c.west_deg, c.south_deg, c.east_deg, c.north_deg) for c in cells]
    return Zone(
        volumes=tuple(
            Volume3D(square, vertical_layer(limits))
            for square in squares
            for limits in facts["layers"]
        ),
        **described(facts["identifier"], planned, facts),
    )
