"""Facts of the aircraft and its papers."""

from __future__ import annotations

import re
from datetime import date

from lowalt.flights import Aircraft, FlightPlan
from lowalt.situation.declared.values import (
    CHINA,
    MM,
    MM_H,
    MS,
    G,
    J,
    Known,
    all_of,
    day,
    part,
    up,
)

# AP-45-01R6 1.5: UAS and eight digits or capitals without B, I and O.
_MARK = re.compile(r"UAS[0-9AC-HJ-NP-Z]{8}")


def aircraft_facts(aircraft: Aircraft | None) -> dict[str, Known]:
    """Say what is stated of the aircraft."""
    if aircraft is None:
        return {}
    return {
        "empty_mass_g": up(aircraft.empty_mass_kg, "kg", G),
        "max_takeoff_mass_g": up(aircraft.max_takeoff_mass_kg, "kg", G),
        "takeoff_mass_g": up(aircraft.takeoff_mass_kg, "kg", G),
        "capable_height_mm": up(aircraft.max_true_height_m, "m", MM),
        "capable_speed_mm_h": up(aircraft.max_level_speed_m_s, "m/s", MM_H),
        "capable_radius_mm": up(aircraft.max_radius_m, "m", MM),
        "max_dimension_mm": up(aircraft.max_dimension_m, "m", MM),
        "kinetic_energy_j": up(aircraft.max_kinetic_energy_j, "J", J),
        "has_micro_power_radio": aircraft.micro_power_radio,
        "human_can_intervene": aircraft.human_can_intervene,
        "keeps_airspace": aircraft.keeps_airspace,
        "is_reliably_surveilled": aircraft.reliably_surveilled,
        "has_altitude_hold": aircraft.altitude_hold,
        "has_position_hold": aircraft.position_hold,
        "is_agricultural_uav": aircraft.is_agricultural,
        "is_flying_toy": aircraft.is_toy,
        "is_modified": aircraft.modified,
        "performance_is_updated": aircraft.performance_updated,
        "built_on": day(aircraft.produced_on),
        "sold_on": day(aircraft.sold_on),
        "is_activated": aircraft.activated,
        "is_unmanned": aircraft.is_unmanned,
        "has_lights": aircraft.lights_working,
        "has_green_strobe": aircraft.green_strobe,
        "uses_designated_frequencies": all_of(
            (aircraft.designated_frequency, aircraft.radio_type_approved)
        ),
        "has_radio_licence": aircraft.radio_licence,
        **_registration_facts(aircraft),
        **_identification_facts(aircraft),
    }


def _registration_facts(aircraft: Aircraft) -> dict[str, Known]:
    registration = aircraft.registration
    if registration is None:
        return {}
    mark, country = registration.mark, registration.country
    return {
        "registration_state": registration.state,
        "registration_mark_is_well_formed": None if mark is None else bool(_MARK.fullmatch(mark)),
        "registered_on": day(registration.registered_on),
        "registration_confirmed_on": day(registration.last_confirmed_on),
        "has_nationality_registration": registration.nationality_registered,
        "has_other_nationality": registration.other_nationality,
        "is_foreign_aircraft": None if country is None else country != CHINA,
    }


def _identification_facts(aircraft: Aircraft) -> dict[str, Known]:
    identification, fence = aircraft.identification, aircraft.electronic_fence
    facts: dict[str, Known] = {}
    if fence is not None:
        parts = (fence.fitted, fence.in_use, fence.data_current)
        facts["has_working_e_fence"] = all_of(parts)
    if identification is not None:
        facts |= {
            "has_broadcast_identification": identification.broadcast,
            "has_network_identification": identification.network,
            "identification_interval_ms": up(identification.interval_s, "s", MS),
            "identifies_by_adsb": identification.uses_adsb,
            "identification_can_be_switched_off": identification.can_be_switched_off,
            "identification_is_retrofitted": identification.retrofitted,
            "reports_identification_automatically": identification.reports_automatically,
            "reports_to_uom": identification.reports_to_uom,
            "uom_interval_ms": up(identification.uom_interval_s, "s", MS),
            "uom_delay_ms": up(identification.uom_delay_s, "s", MS),
        }
    return facts


def paper_facts(plan: FlightPlan) -> dict[str, Known]:
    """Papers with a period of validity, asked of every day of the flight."""
    first, last = plan.departure.date(), plan.arrival.date()
    aircraft = part(plan.aircraft, Aircraft)
    airworthiness, insurance = aircraft.airworthiness, aircraft.insurance
    facts: dict[str, Known] = {}
    if airworthiness is not None:
        facts["airworthiness_document"] = airworthiness.document
        facts["airworthiness_is_current"] = _covers(
            first, last, since=airworthiness.issued_on, until=airworthiness.valid_until
        )
        facts["airworthiness_rests_on_transition"] = airworthiness.by_transition_assessment
        facts["has_type_certificate"] = airworthiness.type_certificate
    if insurance is not None:
        facts["is_insured"] = insurance.held and _covers(
            first, last, since=insurance.valid_from, until=insurance.valid_until
        )
    return facts


def _covers(first: date, last: date, *, since: date | None, until: date | None) -> bool | None:
    """Whether a paper is valid on every day from the first to the last."""
    begun = None if since is None else since <= first
    return all_of((begun, None if until is None else last <= until))
