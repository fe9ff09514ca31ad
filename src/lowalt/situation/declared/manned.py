"""Facts of manned aircraft: crew, weather, fuel and what general aviation files."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import MM, MS, Known, day, down, get, stated, up


def manned_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of a manned flight."""
    manned, weather = plan.manned, plan.weather
    return {
        "is_helicopter": get(manned, "helicopter"),
        "is_visual_flight": get(manned, "visual_flight"),
        "is_public_air_transport": get(manned, "public_air_transport"),
        "is_anti_smuggling": get(manned, "anti_smuggling"),
        "is_business_flight": get(manned, "business_flight"),
        "crosses_national_airspace": get(manned, "crosses_national_airspace"),
        "flies_beyond_coast_line": get(manned, "beyond_coast_line"),
        "land_border_distance_mm": down(get(manned, "distance_to_land_border_m"), "m", MM),
        "visibility_mm": down(get(weather, "visibility_m"), "m", MM),
        "weather_meets_minima": get(weather, "meets_commander_minima"),
        "stays_clear_of_cloud": get(weather, "surface_stays_in_sight"),
        "height_over_population_mm": down(get(manned, "min_height_over_population_m"), "m", MM),
        "fuel_reserve_ms": _fuel_reserve_ms(plan),
        "overflies_city": get(manned, "overflies_city"),
        "city_overflight_is_needed": get(manned, "city_overflight_needed"),
        "clears_city_in_emergency": get(manned, "clears_city_in_emergency"),
        "has_city_overflight_approval": get(manned, "city_overflight_approved"),
        "drops_objects": get(plan.payload, "drops_objects"),
        "dropping_serves_safety": get(manned, "dropping_for_safety"),
        "is_public_welfare": get(plan.mission, "is_public_welfare"),
        "has_foreign_aircraft_approval": get(manned, "foreign_aircraft_approved"),
        "carries_between_mainland_points": get(manned, "carries_between_mainland_points"),
        **_filing_facts(plan),
        **_plan_contents(plan),
    }


def _filing_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what else was asked for beside the plan itself, and when."""
    airspace, short_term = (
        get(plan.manned, "temporary_airspace"),
        get(plan.manned, "short_term_plan"),
    )
    return {
        "task_requested_on": day(get(plan.manned, "task_requested_on")),
        "uses_temporary_airspace": get(airspace, "held"),
        "airspace_requested_on": day(get(airspace, "requested_on")),
        "airspace_first_day": day(get(airspace, "first_day")),
        "airspace_last_day": day(get(airspace, "last_day")),
        "is_under_short_term_plan": get(short_term, "held"),
        "short_term_plan_first_day": day(get(short_term, "first_day")),
        "short_term_plan_last_day": day(get(short_term, "last_day")),
        "uses_temporary_route": get(plan.manned, "temporary_route"),
    }


def _plan_contents(plan: FlightPlan) -> dict[str, Known]:
    """Which items of a general-aviation flight plan it states; the others are of every plan."""
    aircraft, manned, weather = plan.aircraft, plan.manned, plan.weather
    crew = ("commander", "call_sign", "crew_count")
    return {
        "plan_names_unit": stated(get(plan.operator, "name")),
        "plan_names_task": stated(get(plan.mission, "kind")),
        "plan_names_crew": stated(*(get(manned, name) for name in crew)),
        "plan_names_type": stated(get(aircraft, "model"), get(aircraft, "count")),
        "plan_names_communication": stated(
            get(plan.communication, "means"), get(manned, "transponder_code")
        ),
        "plan_names_weather": stated(
            get(weather, "visibility_m"), get(weather, "cloud_base_agl_m")
        ),
        "plan_names_route": True,  # there is no plan without a route or an area, and its levels
    }


def _fuel_reserve_ms(plan: FlightPlan) -> int | None:
    endurance_s, route_s = get(plan.manned, "fuel_endurance_s"), get(plan.manned, "route_time_s")
    if endurance_s is None or route_s is None:
        return None
    return down(endurance_s - route_s, "s", MS)


def cloud_facts(plan: FlightPlan, max_true_height_m: float | None) -> dict[str, Known]:
    """How far below the cloud base the flight stays, at its highest."""
    base_mm = down(get(plan.weather, "cloud_base_agl_m"), "m", MM)
    top_mm = up(max_true_height_m, "m", MM)
    if base_mm is None or top_mm is None:
        return {}
    return {"cloud_clearance_mm": base_mm - top_mm}
