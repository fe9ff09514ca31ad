"""Facts of what the flight is for and how it is flown."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import Known, any_of, get


def mission_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of mission, payload and ways of flying."""
    mission, special, payload = plan.mission, plan.special_operations, plan.payload
    stated = get(special, "dangerous_goods_or_dropping")
    carried = (get(payload, "dangerous_goods"), get(payload, "drops_objects"))
    return {
        "mission_kind": get(mission, "kind"),
        "urgency": get(mission, "urgency"),
        "is_commercial": get(mission, "commercial"),
        "is_indoor": get(mission, "indoor"),
        "control_mode": get(mission, "control_mode"),
        "requests_fusion": get(mission, "requests_fusion"),
        "is_over_own_ground": get(mission, "over_own_ground"),
        "is_airport_work_in_control_zone": get(mission, "airport_facility_work"),
        "is_over_farmland": get(mission, "over_farmland"),
        "is_in_low_visibility": get(mission, "low_visibility"),
        "is_special_ga_task": get(mission, "is_special_ga_task"),
        "is_over_dense_population": get(mission, "over_dense_population"),
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
