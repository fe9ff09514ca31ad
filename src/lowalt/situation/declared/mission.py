"""Facts of what the flight is for and how it is flown."""

from __future__ import annotations

from lowalt.flights import EmergencyPlan, FlightPlan, Mission, Payload, SpecialOperations
from lowalt.situation.declared.values import KM2, MM, Known, any_of, part, up


def mission_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of mission, payload and ways of flying."""
    mission, payload = part(plan.mission, Mission), part(plan.payload, Payload)
    special = part(plan.special_operations, SpecialOperations)
    stated = special.dangerous_goods_or_dropping
    carried = (payload.dangerous_goods, payload.drops_objects)
    return {
        "vertex_count": _vertex_count(plan),
        "mission_kind": mission.kind,
        "urgency": mission.urgency,
        "is_commercial": mission.commercial,
        "is_indoor": mission.indoor,
        "control_mode": mission.control_mode,
        "max_distance_from_pilot_mm": up(mission.max_distance_from_pilot_m, "m", MM),
        "requests_fusion": mission.requests_fusion,
        "fuses_with_own_aircraft_only": mission.with_own_manned_aircraft,
        "claims_own_ground": mission.over_own_ground,
        "claims_airport_work": mission.airport_facility_work,
        "is_over_farmland": mission.over_farmland,
        "is_in_low_visibility": mission.low_visibility,
        "is_special_ga_task": mission.is_special_ga_task,
        "is_over_dense_population": mission.over_dense_population,
        "has_emergency_plan": part(plan.emergency_plan, EmergencyPlan).has_procedures,
        "population_density_per_km2": up(mission.population_density_per_km2, "/km2", KM2),
        "has_population_data_service": mission.population_data_service,
        "is_on_public_route": mission.on_public_route,
        "shares_site": mission.shares_site,
        "has_separation_service": mission.separation_service,
        "has_flow_service": mission.flow_service,
        "has_avoidance_measure": mission.avoidance_measure,
        "has_traffic_service": mission.traffic_service,
        "is_international_ifr": mission.international_ifr,
        "carries_people": payload.carries_people,
        "carries_dangerous_goods": payload.dangerous_goods,
        "relays_by_network": special.relay_by_base_station_or_internet,
        "carries_dangerous_goods_or_drops": any_of(carried) if stated is None else stated,
        "overflies_crowd": special.over_assembled_crowd,
        "is_flown_from_moving_vehicle": special.from_moving_vehicle,
        "is_distributed_or_swarm": special.distributed_or_swarm,
    }


def _vertex_count(plan: FlightPlan) -> int:
    """Count what is drawn: the waypoints, the corners of the area, or the centre of a circle."""
    if plan.waypoints is not None:
        return len(plan.waypoints)
    polygon = None if plan.operating_area is None else plan.operating_area.polygon
    return 1 if polygon is None else len(set(polygon))  # a ring repeats its first corner
