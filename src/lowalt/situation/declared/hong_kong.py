"""Facts that the law of Hong Kong asks for."""

from __future__ import annotations

import numpy as np

from lowalt.flights import Aircraft, FlightPlan, Payload
from lowalt.flights.hong_kong import HongKong, LowFlying
from lowalt.geodesy import geodesic_distance_m
from lowalt.situation.declared.permissions import permission_facts
from lowalt.situation.declared.values import (
    HKD,
    MM,
    MM_H,
    Known,
    day,
    down,
    instant,
    part,
    up,
)


def hong_kong_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated for Hong Kong."""
    stated = plan.hong_kong
    facts: dict[str, Known] = {
        "each_pilot_flies_one": _each_pilot_flies_one(plan),
        "carries_animals": part(plan.payload, Payload).carries_animals,
    }
    if stated is None:
        return facts
    return {
        **facts,
        **permission_facts(
            stated.cad_permission,
            last_day=plan.arrival.date(),
            operation="holds_cad_permission",
            crossing="holds_cad_crossing_permission",
        ),
        **_manned_facts(stated),
        **_low_flying_facts(part(stated.low_flying, LowFlying)),
        "is_under_a1_exemption": stated.a1_exemption,
        "is_in_enclosed_area": stated.enclosed_area,
        "is_in_restricted_flying_zone": stated.restricted_flying_zone,
        "planned_speed_mm_h": up(_planned_speed_m_s(plan, stated), "m/s", MM_H),
        "distance_to_uninvolved_mm": down(stated.distance_to_uninvolved_m, "m", MM),
        "dimension_is_over_rotor_tips": stated.dimension_over_rotor_tips,
        "is_registered_in_hong_kong": stated.registered,
        "is_labelled_in_hong_kong": stated.labelled,
        "insured_sum_hkd": down(stated.insurance_hkd, "HKD", HKD),
        "flight_data_kept_until": day(stated.flight_data_kept_until),
        "flight_data_is_accessible": stated.flight_data_accessible,
        "is_excepted_by_cap_448e": stated.cap_448e_exception,
    }


def _manned_facts(stated: HongKong) -> dict[str, Known]:
    return {
        "has_hong_kong_clearance": stated.atc_clearance,
        "has_special_vfr_clearance": stated.special_vfr_clearance,
        "hong_kong_airspace_class": stated.airspace_class,
        "max_altitude_mm": up(stated.max_altitude_amsl_m, "m", MM),
        "hong_kong_plan_filed_at": instant(stated.plan_filed_at),
        "uses_macao_helicopter_route": stated.macao_route,
        "is_authorised_for_macao_route": stated.macao_route_authorised,
    }


def _low_flying_facts(low: LowFlying) -> dict[str, Known]:
    return {
        "flies_over_congested_area": low.over_congested_area,
        "height_above_obstacles_mm": down(low.height_above_obstacles_m, "m", MM),
        "clears_congested_area": low.clears_congested_area,
        "distance_to_people_mm": down(low.distance_to_people_or_structures_m, "m", MM),
        "crowd_distance_mm": down(low.distance_to_crowd_m, "m", MM),
        "low_flying_saves_life": low.saves_life,
    }


def _each_pilot_flies_one(plan: FlightPlan) -> bool | None:
    count = part(plan.aircraft, Aircraft).count
    if count is None or plan.pilots is None:
        return None
    return count <= len(plan.pilots)


def _planned_speed_m_s(plan: FlightPlan, stated: HongKong) -> float | None:
    """Greatest speed over the ground: as stated, or as the waypoints ask for if that is more."""
    if plan.waypoints is None:
        return stated.max_speed_m_s
    lon_lat = np.array([(w.lon_deg, w.lat_deg) for w in plan.waypoints])
    time_s = np.array([(w.time - plan.departure).total_seconds() for w in plan.waypoints])
    distance_m = geodesic_distance_m(lon_lat[:-1], lon_lat[1:])
    return max(stated.max_speed_m_s or 0.0, float((distance_m / np.diff(time_s)).max()))
