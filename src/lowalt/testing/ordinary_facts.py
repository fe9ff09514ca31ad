"""Facts of an ordinary flight: a light aircraft, low and in sight, with every paper in order."""

from __future__ import annotations

from lowalt.terms import Term
from lowalt.vocabulary import Fact, FactValue, Measure

_ADVERSE = (
    *("is_modified", "has_other_nationality", "is_foreign_aircraft", "identifies_by_adsb"),
    *("identification_can_be_switched_off", "pilot_is_foreign", "pilot_is_impaired"),
    *("is_indoor", "requests_fusion", "is_special_ga_task", "carries_people"),
    *("relays_by_network", "carries_dangerous_goods_or_drops", "overflies_crowd"),
    *("is_flown_from_moving_vehicle", "is_distributed_or_swarm", "is_agricultural_uav"),
    *("is_over_own_ground", "claims_own_ground"),
    *("is_airport_work_in_control_zone", "claims_airport_work", "is_international_ifr"),
    *("is_over_dense_population", "has_nationality_registration", "is_over_farmland"),
    *("is_partly_at_night", "is_in_low_visibility", "is_flying_toy", "is_public_welfare"),
    *("airworthiness_rests_on_transition", "identification_is_retrofitted", "drops_objects"),
    *("fuses_with_own_aircraft_only", "is_on_public_route", "shares_site"),
    *("is_beside_residential_area", "pilot_flies_several", "hands_over_control"),
    *("is_in_isolated_area", "is_helicopter", "is_public_air_transport", "is_anti_smuggling"),
    *("is_business_flight", "crosses_national_airspace", "flies_beyond_coast_line"),
    *("uses_temporary_airspace", "is_under_short_term_plan", "uses_temporary_route"),
    *("overflies_city", "carries_between_mainland_points", "carries_biological_material"),
    *("biological_material_is_medicine", "is_under_a1_exemption", "is_in_enclosed_area"),
    *("is_in_restricted_flying_zone", "dimension_is_over_rotor_tips", "carries_animals"),
    *("uses_macao_helicopter_route", "is_in_macao_flight_path", "is_under_macao_ban"),
    *("flies_over_water", "flies_over_congested_area", "low_flying_saves_life"),
    *("is_macao_government_flight", "leg_is_partly_at_night"),
    *("exit_port_is_closed", "entry_port_is_closed", "is_off_named_corridor"),
)
"""Booleans that are false of an ordinary flight; all others are true of it."""

_ORDINARY_NUMBERS = {
    "empty_mass_g": 3000,
    "max_takeoff_mass_g": 5000,
    "capable_height_mm": 300_000,
    "capable_speed_mm_h": 60_000_000,
    "capable_radius_mm": 5_000_000,
    "identification_interval_ms": 1000,
    "uom_interval_ms": 1000,
    "uom_delay_ms": 500,
    "time_since_alcohol_ms": 3_600_000_000,
    "blood_alcohol_ppm": 0,
    "max_true_height_mm": 100_000,
    "max_altitude_mm": 150_000,
    "takeoff_mass_g": 4000,
    "max_dimension_mm": 900,
    "kinetic_energy_j": 5000,
    "vertex_count": 12,
    "planned_speed_mm_h": 40_000_000,
    "operation_control_interval_ms": 1000,
    "max_distance_from_pilot_mm": 300_000,
    "population_density_per_km2": 100,
    "exit_rate_per_gh": 10_000,
    "ground_buffer_ratio_ppm": 1_200_000,
    "air_buffer_mm": 6_000_000,
    "descent_time_ms": 30_000,
    "obstacle_distance_mm": 30_000,
    "obstacle_height_mm": 15_000,
    "height_above_obstacle_mm": 20_000,
    "isolated_area_gap_mm": 11_000_000,
    "isolated_area_vertical_gap_mm": 700_000,
    "isolated_area_margin_mm": 6_000_000,
    "land_border_distance_mm": 400_000_000,
    "prescribed_route_margin_mm": 300_000,
    "height_over_population_mm": 200_000,
    "fuel_reserve_ms": 3_600_000,
    "highest_altitude_mm": 150_000,
    "time_from_land_ms": 60_000,
    "height_above_obstacles_mm": 600_000,
    "distance_to_people_mm": 300_000,
    "crowd_distance_mm": 5_000_000,
    "distance_to_uninvolved_mm": 50_000,
    "insured_sum_hkd": 10_000_000,
    "macao_aerodrome_distance_mm": 3_000_000,
    "macao_building_distance_mm": 500_000,
}
_ORDINARY_WORDS = {
    "registration_state": "normal",
    "airworthiness_document": "none",
    "operator_kind": "unit",
    "pilot_capacity": "full",
    "licence_class": "large",
    "mission_kind": "delivery",
    "urgency": "normal",
    "control_mode": "vlos",
    "standard_scenario": "none",
    "adjacent_air_risk": "a",
    "flight_approval_class": "large",
    "long_term_approval_class": "large",
    "exit_port": "baoan_airport",
    "entry_port": "baoan_airport",
    "hong_kong_airspace_class": "g",
    "performance_class": "class_1",
}


def ordinary_value(fact: Fact, *, at_ms: int, day: int) -> FactValue:
    """Value of a fact for a light aircraft on a flight that nothing speaks against.

    Parameters
    ----------
    at_ms, day
        When it takes off: the moment in epoch milliseconds, and the day as an ordinal.
    """
    if fact.kind is bool:
        return fact.name not in _ADVERSE
    if fact.measure is Measure.INSTANT:
        return at_ms - (0 if fact.name == "departure_at" else 3 * 86_400_000)
    if fact.measure is Measure.DAY:
        return day - (0 if fact.name == "departure_on" else 20)
    if fact.kind is int:
        return _ORDINARY_NUMBERS[fact.name]
    assert issubclass(fact.kind, Term)
    return next(word for word in fact.kind if word.value == _ORDINARY_WORDS[fact.name])
