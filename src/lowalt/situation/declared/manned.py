"""Facts of manned aircraft: crew, fuel, equipment and what general aviation files."""

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
        "height_over_population_mm": down(manned.min_height_over_population_m, "m", MM),
        "highest_altitude_mm": up(manned.max_altitude_amsl_m, "m", MM),
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
        **_over_water_facts(manned),
        **_filing_facts(manned),
        **_plan_contents(plan, manned, weather),
    }


def _over_water_facts(manned: MannedFlight) -> dict[str, Known]:
    """Say how far over water it goes, and what is on board for that."""
    if manned.over_water is None:
        return {}
    over = manned.over_water
    return {
        "flies_over_water": over.held,
        "performance_class": over.performance_class,
        "time_from_land_ms": up(over.max_time_from_land_s, "s", MS),
        "stays_in_autorotation_reach": over.within_autorotation_distance,
        "has_life_jackets": over.life_jackets,
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
        "plan_names_weather": _states_weather(weather),
        "plan_names_route": True,  # there is no plan without a route or an area, and its levels
    }


def _states_weather(weather: Weather) -> bool | None:
    """Whether weather is stated, be it by reports."""
    return bool(weather.reports) or stated(weather.visibility_m, weather.cloud_base_agl_m)


def _fuel_reserve_ms(manned: MannedFlight) -> int | None:
    endurance_s, route_s = manned.fuel_endurance_s, manned.route_time_s
    if endurance_s is None or route_s is None:
        return None
    return down(endurance_s - route_s, "s", MS)
