"""Facts of manned aircraft: crew, weather, fuel and what general aviation files."""

from __future__ import annotations

from lowalt.flights import (
    Aircraft,
    Communication,
    FlightPlan,
    MannedFlight,
    Mission,
    Operator,
    Payload,
    Weather,
)
from lowalt.situation.declared.values import MM, MS, Known, day, down, part, stated, up


def manned_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of a manned flight."""
    manned, weather = part(plan.manned, MannedFlight), part(plan.weather, Weather)
    return {
        "is_helicopter": manned.helicopter,
        "is_visual_flight": manned.visual_flight,
        "is_public_air_transport": manned.public_air_transport,
        "is_anti_smuggling": manned.anti_smuggling,
        "is_business_flight": manned.business_flight,
        "crosses_national_airspace": manned.crosses_national_airspace,
        "flies_beyond_coast_line": manned.beyond_coast_line,
        "land_border_distance_mm": down(manned.distance_to_land_border_m, "m", MM),
        "visibility_mm": down(weather.visibility_m, "m", MM),
        "cloud_base_mm": down(weather.cloud_base_agl_m, "m", MM),
        "weather_meets_minima": weather.meets_commander_minima,
        "stays_clear_of_cloud": weather.surface_stays_in_sight,
        "height_over_population_mm": down(manned.min_height_over_population_m, "m", MM),
        "fuel_reserve_ms": _fuel_reserve_ms(manned),
        "overflies_city": manned.overflies_city,
        "city_overflight_is_needed": manned.city_overflight_needed,
        "clears_city_in_emergency": manned.clears_city_in_emergency,
        "has_city_overflight_approval": manned.city_overflight_approved,
        "drops_objects": part(plan.payload, Payload).drops_objects,
        "dropping_serves_safety": manned.dropping_for_safety,
        "is_public_welfare": part(plan.mission, Mission).is_public_welfare,
        "has_foreign_aircraft_approval": manned.foreign_aircraft_approved,
        "carries_between_mainland_points": manned.carries_between_mainland_points,
        **_filing_facts(manned),
        **_plan_contents(plan, manned, weather),
    }


def _filing_facts(manned: MannedFlight) -> dict[str, Known]:
    """Say what else was asked for beside the plan itself, and when."""
    airspace, short_term = manned.temporary_airspace, manned.short_term_plan
    facts: dict[str, Known] = {
        "task_requested_on": day(manned.task_requested_on),
        "uses_temporary_route": manned.temporary_route,
    }
    if airspace is not None:
        facts |= {
            "uses_temporary_airspace": airspace.held,
            "airspace_requested_on": day(airspace.requested_on),
            "airspace_first_day": day(airspace.first_day),
            "airspace_last_day": day(airspace.last_day),
        }
    if short_term is not None:
        facts |= {
            "is_under_short_term_plan": short_term.held,
            "short_term_plan_first_day": day(short_term.first_day),
            "short_term_plan_last_day": day(short_term.last_day),
        }
    return facts


def _plan_contents(plan: FlightPlan, manned: MannedFlight, weather: Weather) -> dict[str, Known]:
    """Which items of a general-aviation flight plan it states; the others are of every plan."""
    aircraft, communication = part(plan.aircraft, Aircraft), plan.communication
    return {
        "plan_names_unit": stated(part(plan.operator, Operator).name),
        "plan_names_task": stated(part(plan.mission, Mission).kind),
        "plan_names_crew": stated(manned.commander, manned.call_sign, manned.crew_count),
        "plan_names_type": stated(aircraft.model, aircraft.count),
        "plan_names_communication": stated(
            part(communication, Communication).means, manned.transponder_code
        ),
        "plan_names_weather": stated(weather.visibility_m, weather.cloud_base_agl_m),
        "plan_names_route": True,  # there is no plan without a route or an area, and its levels
    }


def _fuel_reserve_ms(manned: MannedFlight) -> int | None:
    endurance_s, route_s = manned.fuel_endurance_s, manned.route_time_s
    if endurance_s is None or route_s is None:
        return None
    return down(endurance_s - route_s, "s", MS)


def cloud_facts(plan: FlightPlan, max_true_height_m: float | None) -> dict[str, Known]:
    """How far below the cloud base the flight stays, at its highest."""
    base_mm = down(part(plan.weather, Weather).cloud_base_agl_m, "m", MM)
    top_mm = up(max_true_height_m, "m", MM)
    if base_mm is None or top_mm is None:
        return {}
    return {"cloud_clearance_mm": base_mm - top_mm}
