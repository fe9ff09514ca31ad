"""Facts of what the flight is for and how it is flown."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import KM2, MM, Known, any_of, get, up


def mission_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of mission, payload and ways of flying."""
    mission, special, payload = plan.mission, plan.special_operations, plan.payload
    stated = get(special, "dangerous_goods_or_dropping")
    carried = (get(payload, "dangerous_goods"), get(payload, "drops_objects"))
    return {
        "vertex_count": _vertex_count(plan),
        "mission_kind": get(mission, "kind"),
        "urgency": get(mission, "urgency"),
        "is_commercial": get(mission, "commercial"),
        "is_indoor": get(mission, "indoor"),
        "control_mode": get(mission, "control_mode"),
        "max_distance_from_pilot_mm": up(get(mission, "max_distance_from_pilot_m"), "m", MM),
        "requests_fusion": get(mission, "requests_fusion"),
        "fuses_with_own_aircraft_only": get(mission, "with_own_manned_aircraft"),
        "is_over_own_ground": get(mission, "over_own_ground"),
        "is_airport_work_in_control_zone": get(mission, "airport_facility_work"),
        "is_over_farmland": get(mission, "over_farmland"),
        "is_in_low_visibility": get(mission, "low_visibility"),
        "is_special_ga_task": get(mission, "is_special_ga_task"),
        "is_over_dense_population": get(mission, "over_dense_population"),
        "has_emergency_plan": get(plan.emergency_plan, "has_procedures"),
        "population_density_per_km2": up(get(mission, "population_density_per_km2"), "/km2", KM2),
        "has_population_data_service": get(mission, "population_data_service"),
        "is_on_public_route": get(mission, "on_public_route"),
        "shares_site": get(mission, "shares_site"),
        "has_separation_service": get(mission, "separation_service"),
        "has_flow_service": get(mission, "flow_service"),
        "has_avoidance_measure": get(mission, "avoidance_measure"),
        "has_traffic_service": get(mission, "traffic_service"),
        "is_international_ifr": get(mission, "international_ifr"),
        "carries_people": get(payload, "carries_people"),
        "carries_dangerous_goods": get(payload, "dangerous_goods"),
        "relays_by_network": get(special, "relay_by_base_station_or_internet"),
        "carries_dangerous_goods_or_drops": any_of(carried) if stated is None else stated,
        "overflies_crowd": get(special, "over_assembled_crowd"),
        "is_flown_from_moving_vehicle": get(special, "from_moving_vehicle"),
        "is_distributed_or_swarm": get(special, "distributed_or_swarm"),
    }


def _vertex_count(plan: FlightPlan) -> int:
    """Count what is drawn: the waypoints, the corners of the area, or the centre of a circle."""
    if plan.waypoints is not None:
        return len(plan.waypoints)
    polygon = get(plan.operating_area, "polygon")
    return 1 if polygon is None else len(set(polygon))  # a ring repeats its first corner
