"""Facts of the corridor that a plan names: what the map shows, whatever the plan states."""

from __future__ import annotations

from lowalt.airspace import Containment, Corridor, RoutePoint
from lowalt.flights import Crossing
from lowalt.route_keeping import RouteSource
from lowalt.situation.declared.values import Known
from lowalt.situation.laying import Situation
from lowalt.situation.path import Path
from lowalt.terms import CorridorUsers, Jurisdiction


def corridor_facts(situation: Situation) -> dict[str, Known]:
    """Say whether the flight is off the corridor that it names, and whose corridor that is."""
    if situation.plan.crossing is None:
        return {}
    corridor = _named(situation, situation.plan.crossing)
    facts: dict[str, Known] = {"is_off_named_corridor": _is_off(situation, corridor)}
    if corridor is not None and _is_for_macao(corridor, situation):
        # A plan that names the corridor uses it, whatever else it states.
        facts["uses_macao_helicopter_route"] = True
    return facts


def _named(situation: Situation, crossing: Crossing) -> Corridor | None:
    corridors = situation.airspace.corridors
    return next((c for c in corridors if c.identifier == crossing.corridor), None)


def _is_off(situation: Situation, corridor: Corridor | None) -> bool | None:
    """Whether the track is farther off a corridor that only shows than that is known.

    One that is certain decides by itself, and a prescribed route goes before any.
    """
    route = situation.route
    if corridor is None or route is None or route.source is not RouteSource.CORRIDOR:
        return False
    if route.is_certain:
        return False
    if route.lateral is None or not isinstance(situation.path, Path):
        return None
    # The margin is that of the airspace around the track, and what is asked of is the track.
    return route.lateral.value_m + situation.path.horizontal_m < -corridor.uncertainty_m


def _is_for_macao(corridor: Corridor, situation: Situation) -> bool:
    """Whether it is a route that Hong Kong authorises operators for, between there and Macao."""
    if corridor.users is not CorridorUsers.AUTHORISED_HELICOPTERS or corridor.example:
        return False
    ends = {_home(point, situation) for point in (corridor.points[0], corridor.points[-1])}
    return ends == {Jurisdiction.HONG_KONG, Jurisdiction.MACAO}


def _home(point: RoutePoint, situation: Situation) -> Jurisdiction | None:
    """Under whose law the port lies at which a corridor ends; ``None`` where it ends at none."""
    place = {"lon_deg": point.lon_deg, "lat_deg": point.lat_deg}
    homes = (
        port.jurisdiction
        for port in situation.airspace.ports
        if port.containment(**place) is not Containment.OUTSIDE
    )
    return next(homes, None)
