"""Corridors of helicopters and of unmanned aircraft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from airspace_data.shenzhen.recipes import ports
from airspace_data.shenzhen.recipes.facts import Facts, described, places, read, vertical_layer
from airspace_data.shenzhen.recipes.hand_overs import hand_overs
from airspace_data.shenzhen.recipes.sites import place, sites

from lowalt.airspace.corridors import Corridor, RoutePoint
from lowalt.airspace.features import Feature, FeatureStatus
from lowalt.airspace.geojson.members import read_word
from lowalt.terms import CorridorDirection, CorridorUsers

_WORST_FIRST = (FeatureStatus.ILLUSTRATIVE, FeatureStatus.DERIVED, FeatureStatus.AUTHORITATIVE)


def features() -> Iterator[Feature]:
    """Tracks of the Hong Kong AIP, helicopter services, examples of UAV routes."""
    routes = read("routes")
    known = route_points(routes["points"])
    shared = routes["corridors"]
    for group in shared["groups"]:
        for identifier, route in group["routes"].items():
            facts = {key: value for layer in (shared, group, route) for key, value in layer.items()}
            yield _corridor(identifier, facts, known)


def route_points(points: Facts) -> dict[str, RoutePoint]:
    """Points by name: sites, ports, points of the Hong Kong boundary, and places of their own."""
    at = {site.identifier: site for site in (*sites(), *ports.features())}
    boundary = places(read("boundaries")["hong_kong"]["points"])

    def point(name: str, facts: Facts) -> RoutePoint:
        if "site" in facts:
            site = at[facts["site"]]
            return RoutePoint(name, site.lon_deg, site.lat_deg, site.status)
        if "boundary_point" in facts:
            return RoutePoint(name, *boundary[facts["boundary_point"]], FeatureStatus.AUTHORITATIVE)
        return RoutePoint(name, *place(facts["place"]), FeatureStatus(facts["status"]))

    return {name: point(name, facts) for name, facts in points.items()}


def _corridor(identifier: str, facts: Facts, known: Mapping[str, RoutePoint]) -> Corridor:
    """Make a corridor, known no better than the worst of its points."""
    points = tuple(known[name] for name in facts["through"])
    stated = described(identifier, facts)
    status = min((stated["status"], *(p.status for p in points)), key=_WORST_FIRST.index)
    layer_after = facts.get("layer_after", {})
    return Corridor(
        points=points,
        half_width_m=facts["half_width_m"],
        layers=tuple(
            vertical_layer(layer_after.get(point.name, facts["layer"])) for point in points[:-1]
        ),
        direction=read_word(CorridorDirection, facts, "direction", where=identifier)
        if "direction" in facts
        else None,
        users=read_word(CorridorUsers, facts, "users", where=identifier),
        firs=tuple(facts["firs"]),
        hand_overs=hand_overs(facts, points),
        **{**stated, "status": status},
    )
