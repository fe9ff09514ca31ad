"""The waist's supply: from a plan and its situation to facts.

One line a fact. A fact that the plan does not state is left out, and a rounded one is rounded to
the side that is unfavourable to the flight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from lowalt.airspace import BasisVerification
from lowalt.facts import Facts, Instance
from lowalt.flights import Aircraft, FlightPlan, Licence, Pilot
from lowalt.situation.approvals import holds, holds_for_period, holds_for_zone
from lowalt.situation.encounters import Encounter
from lowalt.situation.laying import Situation
from lowalt.temporal import epoch_ms
from lowalt.terms import ApprovalKind, Capacity, LicenceClass, Term
from lowalt.truth import Truth
from lowalt.units import FactUnit, at_least, at_most
from lowalt.vocabulary import FactValue

# AP-45-01R6 1.5: UAS and eight digits or capitals without B, I and O.
_MARK = re.compile(r"UAS[0-9AC-HJ-NP-Z]{8}")
_CHINA = "CHN"

_MM, _MM_H, _G = FactUnit.MILLIMETRE, FactUnit.MILLIMETRE_PER_HOUR, FactUnit.GRAM
_MS, _PPM = FactUnit.MILLISECOND, FactUnit.PARTS_PER_MILLION

_CAPACITIES = (Capacity.NONE, Capacity.LIMITED, Capacity.FULL)
_LICENCES = (LicenceClass.NONE, LicenceClass.SMALL, LicenceClass.MEDIUM, LicenceClass.LARGE)

Known = FactValue | None
_Number = TypeVar("_Number", int, float)
_Word = TypeVar("_Word", bound=Term)


def facts_of(situation: Situation, *, submitted_at: datetime | None = None) -> Facts:
    """Derive the facts of a flight.

    Parameters
    ----------
    situation
        The plan laid over the world.
    submitted_at
        When the application is or was made, if it is not what the plan states.

    Returns
    -------
    Facts
        What is known; the rest is absent.
    """
    plan = situation.plan
    flight: dict[str, Known] = {
        **_aircraft_facts(plan.aircraft),
        **_paper_facts(plan),
        **_operator_facts(plan),
        **_pilot_facts(plan),
        **_mission_facts(plan),
        **_filing_facts(plan, submitted_at),
        **_application_facts(plan),
        "holds_flight_approval": _bool(holds(situation, ApprovalKind.FLIGHT_ACTIVITY)),
        "holds_long_term_approval": _bool(holds(situation, ApprovalKind.LONG_TERM)),
        "holds_task_approval": _bool(holds_for_period(situation, ApprovalKind.TASK)),
        "holds_fusion_approval": _bool(holds_for_period(situation, ApprovalKind.FUSION)),
        **_place_facts(situation),
    }
    legs = (Instance(leg.exists, {"jurisdiction": leg.jurisdiction}) for leg in situation.legs)
    encounters = (
        Instance(e.exists, _known(_encounter_facts(situation, e))) for e in situation.encounters
    )
    return Facts(_known(flight), tuple(legs), tuple(encounters))


def _known(values: Mapping[str, Known]) -> dict[str, FactValue]:
    return {name: value for name, value in values.items() if value is not None}


def _get(document: object | None, *path: str) -> Any:
    """Value at a path of optional parts, or ``None`` where one of them is not stated."""
    for name in path:
        if document is None:
            return None
        document = getattr(document, name)
    return document


def _up(value: float | None, unit: str, to: FactUnit) -> int | None:
    return None if value is None else at_least(value, unit, to=to)


def _down(value: float | None, unit: str, to: FactUnit) -> int | None:
    return None if value is None else at_most(value, unit, to=to)


def _day(value: date | None) -> int | None:
    return None if value is None else value.toordinal()


def _instant(value: datetime | None) -> int | None:
    return None if value is None else epoch_ms(value)


def _all(values: Iterable[bool | None]) -> bool | None:
    """Whether all hold: one false settles it, one unknown leaves it open."""
    return _bool(Truth.all_of(map(Truth.of, values)))


def _any(values: Iterable[bool | None]) -> bool | None:
    return _bool(Truth.any_of(map(Truth.of, values)))


def _bool(truth: Truth) -> bool | None:
    return None if truth is Truth.UNKNOWN else truth is Truth.TRUE


def _aircraft_facts(aircraft: Aircraft | None) -> dict[str, Known]:
    if aircraft is None:
        return {}
    return {
        "empty_mass_g": _up(aircraft.empty_mass_kg, "kg", _G),
        "max_takeoff_mass_g": _up(aircraft.max_takeoff_mass_kg, "kg", _G),
        "capable_height_mm": _up(aircraft.max_true_height_m, "m", _MM),
        "capable_speed_mm_h": _up(aircraft.max_level_speed_m_s, "m/s", _MM_H),
        "capable_radius_mm": _up(aircraft.max_radius_m, "m", _MM),
        "has_micro_power_radio": aircraft.micro_power_radio,
        "human_can_intervene": aircraft.human_can_intervene,
        "keeps_airspace": aircraft.keeps_airspace,
        "is_reliably_surveilled": aircraft.reliably_surveilled,
        "has_altitude_hold": aircraft.altitude_hold,
        "has_position_hold": aircraft.position_hold,
        "is_agricultural_uav": aircraft.is_agricultural,
        "is_modified": aircraft.modified,
        "performance_is_updated": aircraft.performance_updated,
        "built_on": _day(aircraft.produced_on),
        "sold_on": _day(aircraft.sold_on),
        "is_activated": aircraft.activated,
        "is_unmanned": aircraft.is_unmanned,
        "has_lights": aircraft.lights_working,
        "uses_designated_frequencies": _all(
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
        "registered_on": _day(registration.registered_on),
        "registration_confirmed_on": _day(registration.last_confirmed_on),
        "has_nationality_registration": registration.nationality_registered,
        "has_other_nationality": registration.other_nationality,
        "is_foreign_aircraft": None if country is None else country != _CHINA,
    }


def _identification_facts(aircraft: Aircraft) -> dict[str, Known]:
    identification, fence = aircraft.identification, aircraft.electronic_fence
    facts: dict[str, Known] = {}
    if fence is not None:
        parts = (fence.fitted, fence.in_use, fence.data_current)
        facts["has_working_e_fence"] = _all(parts)
    if identification is not None:
        facts |= {
            "has_broadcast_identification": identification.broadcast,
            "has_network_identification": identification.network,
            "identification_interval_ms": _up(identification.interval_s, "s", _MS),
            "identifies_by_adsb": identification.uses_adsb,
            "identification_can_be_switched_off": identification.can_be_switched_off,
            "reports_identification_automatically": identification.reports_automatically,
            "reports_to_uom": identification.reports_to_uom,
            "uom_interval_ms": _up(identification.uom_interval_s, "s", _MS),
            "uom_delay_ms": _up(identification.uom_delay_s, "s", _MS),
        }
    return facts


def _paper_facts(plan: FlightPlan) -> dict[str, Known]:
    """Papers with a period of validity, asked of every day of the flight."""
    first, last = plan.departure.date(), plan.arrival.date()
    airworthiness = _get(plan.aircraft, "airworthiness")
    insurance = _get(plan.aircraft, "insurance")
    facts: dict[str, Known] = {}
    if airworthiness is not None:
        until = airworthiness.valid_until
        facts["airworthiness_document"] = airworthiness.document
        facts["airworthiness_is_current"] = None if until is None else last <= until
    if insurance is not None:
        since, until = insurance.valid_from, insurance.valid_until
        begun = None if since is None else since <= first
        ends = None if until is None else last <= until
        facts["is_insured"] = _all((insurance.held, begun, ends)) if insurance.held else False
    return facts


def _operator_facts(plan: FlightPlan) -> dict[str, Known]:
    operator = plan.operator
    if operator is None:
        return {}
    facts: dict[str, Known] = {
        "operator_kind": operator.kind,
        "operator_is_for_profit": operator.is_for_profit_legal_person,
        "last_operation_of_kind_on": _day(operator.last_operation_of_kind_on),
        "resumption_notice_given": operator.resumption_notice_given,
        "has_surveying_qualification": operator.surveying_qualification,
    }
    certificate = operator.certificate
    if certificate is not None:
        until = certificate.valid_until
        current = None if until is None else plan.arrival.date() <= until
        held = certificate.held
        facts["has_operator_certificate"] = current if held else False
        facts["certificate_covers_operation"] = certificate.covers_operation if held else False
        facts["operator_certificate_issued_on"] = _day(certificate.issued_on)
    return facts


def _pilot_facts(plan: FlightPlan) -> dict[str, Known]:
    """Facts of the pilots, each taken from the pilot who is worst placed."""
    pilots = plan.pilots
    if not pilots:
        return {}

    def every(fact: Callable[[Pilot], bool | None]) -> bool | None:
        return _all(map(fact, pilots))

    def licence(fact: Callable[[Licence], bool | None]) -> bool | None:
        return _all(None if p.licence is None else fact(p.licence) for p in pilots)

    foreign = (None if p.nationality is None else p.nationality != _CHINA for p in pilots)
    return {
        "pilot_capacity": _lowest(_CAPACITIES, (p.capacity for p in pilots)),
        "pilot_is_foreign": _any(foreign),
        "adult_is_on_site": every(lambda p: p.competent_adult_on_site),
        "licence_class": _lowest(_LICENCES, (_licence_class(p.licence) for p in pilots)),
        "licence_issued_on": _least(_day(_get(p.licence, "issued_on")) for p in pilots),
        "licence_checked_on": _least(_day(_get(p.licence, "last_check_on")) for p in pilots),
        "licence_proficiency_checked_on": _least(
            _day(_get(p.licence, "last_proficiency_check_on")) for p in pilots
        ),
        "has_bvlos_rating": licence(lambda held: held.bvlos_rating),
        "has_radio_qualification": licence(lambda held: held.language_and_radio_qualification),
        "has_theory_certificate": every(lambda p: p.theory_certificate),
        "has_agricultural_certificate": every(lambda p: p.agricultural_certificate),
        "time_since_alcohol_ms": _down(_least(p.hours_since_alcohol for p in pilots), "h", _MS),
        "blood_alcohol_ppm": _most(_up(p.blood_alcohol_percent, "%", _PPM) for p in pilots),
        "pilot_is_impaired": _any(p.impaired for p in pilots),
    }


def _least(values: Iterable[_Number | None]) -> _Number | None:
    known = list(values)
    return None if None in known else min(v for v in known if v is not None)


def _most(values: Iterable[int | None]) -> int | None:
    known = list(values)
    return None if None in known else max(v for v in known if v is not None)


def _lowest(order: tuple[_Word, ...], words: Iterable[_Word | None]) -> _Word | None:
    """Lowest word of an order; the very lowest settles it even beside unknowns."""
    known = list(words)
    if None in known and order[0] not in known:
        return None
    return min((w for w in known if w is not None), key=order.index)


def _licence_class(licence: Licence | None) -> LicenceClass | None:
    """Class of a licence for this aircraft: one that does not cover the aircraft is none."""
    if licence is None or licence.largest_class is LicenceClass.NONE:
        return None if licence is None else LicenceClass.NONE
    if licence.covers_aircraft is None:
        return None
    return licence.largest_class if licence.covers_aircraft else LicenceClass.NONE


def _mission_facts(plan: FlightPlan) -> dict[str, Known]:
    mission, special, payload = plan.mission, plan.special_operations, plan.payload
    stated = _get(special, "dangerous_goods_or_dropping")
    carried = (_get(payload, "dangerous_goods"), _get(payload, "drops_objects"))
    return {
        "mission_kind": _get(mission, "kind"),
        "urgency": _get(mission, "urgency"),
        "is_commercial": _get(mission, "commercial"),
        "is_indoor": _get(mission, "indoor"),
        "control_mode": _get(mission, "control_mode"),
        "requests_fusion": _get(mission, "requests_fusion"),
        "is_over_own_ground": _get(mission, "over_own_ground"),
        "is_airport_work_in_control_zone": _get(mission, "airport_facility_work"),
        "is_over_farmland": _get(mission, "over_farmland"),
        "is_in_low_visibility": _get(mission, "low_visibility"),
        "is_special_ga_task": _get(mission, "is_special_ga_task"),
        "is_over_dense_population": _get(mission, "over_dense_population"),
        "has_avoidance_measure": _get(mission, "avoidance_measure"),
        "has_traffic_service": _get(mission, "traffic_service"),
        "is_international_ifr": _get(mission, "international_ifr"),
        "carries_people": _get(payload, "carries_people"),
        "carries_dangerous_goods": _get(payload, "dangerous_goods"),
        "relays_by_network": _get(special, "relay_by_base_station_or_internet"),
        "carries_dangerous_goods_or_drops": _any(carried) if stated is None else stated,
        "overflies_crowd": _get(special, "over_assembled_crowd"),
        "is_flown_from_moving_vehicle": _get(special, "from_moving_vehicle"),
        "is_distributed_or_swarm": _get(special, "distributed_or_swarm"),
    }


def _filing_facts(plan: FlightPlan, submitted_at: datetime | None) -> dict[str, Known]:
    submission = plan.submission
    return {
        "departure_at": epoch_ms(plan.departure),
        "departure_on": plan.departure.date().toordinal(),
        "submitted_at": _instant(submitted_at or _get(submission, "submitted_at")),
        "readiness_reported_at": _instant(_get(submission, "readiness_reported_at")),
        "take_off_is_confirmed": _get(submission, "take_off_confirmed"),
        "periodic_filing_is_made": _get(submission, "periodic_filing_made"),
    }


def _application_facts(plan: FlightPlan) -> dict[str, Known]:
    """Which of the thirteen items of art. 27 the plan states; what it leaves out is unknown."""

    def stated(*values: object) -> bool | None:
        return True if all(v is not None for v in values) else None

    aircraft, communication = plan.aircraft, plan.communication
    return {
        "application_names_organiser": stated(_get(plan.operator, "name"), plan.pilots or None),
        "application_names_aircraft": stated(
            _get(aircraft, "model"), _get(aircraft, "count"), _get(aircraft, "registration", "mark")
        ),
        "application_names_task": stated(
            _get(plan.mission, "kind"), _get(plan.mission, "control_mode")
        ),
        "application_names_sites": stated(
            plan.departure_site, plan.landing_site, plan.alternate_sites
        ),
        "application_names_communication": stated(_get(communication, "means")),
        "application_names_entry_exit": stated(plan.entry_exit_method),
        "application_names_c2_link": stated(
            _get(communication, "c2_frequency_mhz"), _get(communication, "c2_bandwidth_mhz")
        ),
        "application_names_surveillance": stated(
            _get(communication, "navigation_means"), _get(communication, "surveillance_means")
        ),
        "application_names_transponder": stated(_get(communication, "surveillance_code_requested")),
        "application_names_emergency": _get(plan.emergency_plan, "has_procedures"),
        "application_names_special_support": stated(plan.special_support),
    }


def _place_facts(situation: Situation) -> dict[str, Known]:
    return {
        "is_within_dataset": situation.is_within_dataset,
        "max_true_height_mm": _up(situation.max_true_height_m, "m", _MM),
        "is_partly_at_night": situation.is_partly_at_night,
        "is_wholly_in_aviation_camp": _bool(situation.is_in_camp),
    }


def _encounter_facts(situation: Situation, encounter: Encounter) -> dict[str, Known]:
    zone = encounter.zone
    return {
        "zone_jurisdiction": zone.jurisdiction,
        "zone_kind": zone.kind,
        "zone_notice": zone.notice,
        "zone_binds_micro": _bool(encounter.binds_micro),
        "zone_is_verified": zone.basis is BasisVerification.VERIFIED,
        "holds_zone_approval": _bool(holds_for_zone(situation, encounter)),
        "zone_starts_at": _instant(zone.takes_effect_at),
        "zone_published_at": _instant(zone.published_at),
    }
