"""Facts of the operator and the pilots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from lowalt.flights import FlightPlan, Licence, Pilot
from lowalt.situation.declared.values import (
    CHINA,
    MS,
    PPM,
    Known,
    all_of,
    any_of,
    day,
    down,
    least,
    lowest,
    most,
    up,
)
from lowalt.terms import Capacity, LicenceClass


def operator_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of the operator."""
    operator = plan.operator
    if operator is None:
        return {}
    facts: dict[str, Known] = {
        "operator_kind": operator.kind,
        "operator_is_for_profit": operator.is_for_profit_legal_person,
        "last_operation_of_kind_on": day(operator.last_operation_of_kind_on),
        "resumption_notice_given": operator.resumption_notice_given,
        "resumption_notice_on": day(operator.resumption_notice_on),
        "operation_control_interval_ms": up(operator.operation_control_interval_s, "s", MS),
        "has_surveying_qualification": operator.surveying_qualification,
    }
    certificate = operator.certificate
    if certificate is not None:
        until = certificate.valid_until
        current = None if until is None else plan.arrival.date() <= until
        held = certificate.held
        facts["has_operator_certificate"] = current if held else False
        facts["certificate_covers_operation"] = certificate.covers_operation if held else False
        facts["operator_certificate_issued_on"] = day(certificate.issued_on)
    return facts


def pilot_facts(plan: FlightPlan) -> dict[str, Known]:
    """Facts of the pilots, each taken from the pilot who is worst placed."""
    each = [_facts_of_one(pilot) for pilot in plan.pilots or ()]
    if len(each) < 2:
        return each[0] if each else {}
    return {name: worst([facts.get(name) for facts in each]) for name, worst in _WORST.items()}


def _facts_of_one(pilot: Pilot) -> dict[str, Known]:
    nationality = pilot.nationality
    return {
        "pilot_capacity": pilot.capacity,
        "pilot_is_foreign": None if nationality is None else nationality != CHINA,
        "adult_is_on_site": pilot.competent_adult_on_site,
        "has_theory_certificate": pilot.theory_certificate,
        "has_agricultural_certificate": pilot.agricultural_certificate,
        "time_since_alcohol_ms": down(pilot.hours_since_alcohol, "h", MS),
        "blood_alcohol_ppm": up(pilot.blood_alcohol_percent, "%", PPM),
        "pilot_is_impaired": pilot.impaired,
        **_licence_facts(pilot.licence),
    }


def _licence_facts(licence: Licence | None) -> dict[str, Known]:
    if licence is None:
        return {}
    return {
        "licence_class": _licence_class(licence),
        "licence_issued_on": day(licence.issued_on),
        "licence_checked_on": day(licence.last_check_on),
        "licence_proficiency_checked_on": day(licence.last_proficiency_check_on),
        "has_bvlos_rating": licence.bvlos_rating,
        "has_night_rating": _covers_night(licence),
        "has_radio_qualification": licence.language_and_radio_qualification,
    }


def _covers_night(licence: Licence) -> bool | None:
    """Whether a licence covers night flight; one that is not there covers nothing."""
    return False if licence.largest_class is LicenceClass.NONE else licence.night_rating


def _licence_class(licence: Licence) -> LicenceClass | None:
    """Class of a licence for this aircraft: one that does not cover the aircraft is none."""
    if licence.largest_class is LicenceClass.NONE or licence.covers_aircraft is False:
        return LicenceClass.NONE
    return None if licence.covers_aircraft is None else licence.largest_class


_WORST: dict[str, Callable[[list[Any]], Known]] = {
    "pilot_capacity": partial(lowest, (Capacity.NONE, Capacity.LIMITED, Capacity.FULL)),
    "pilot_is_foreign": any_of,
    "adult_is_on_site": all_of,
    "has_theory_certificate": all_of,
    "has_agricultural_certificate": all_of,
    "time_since_alcohol_ms": least,
    "blood_alcohol_ppm": most,
    "pilot_is_impaired": any_of,
    "licence_class": partial(lowest, tuple(LicenceClass)),
    "licence_issued_on": least,
    "licence_checked_on": least,
    "licence_proficiency_checked_on": least,
    "has_bvlos_rating": all_of,
    "has_night_rating": all_of,
    "has_radio_qualification": all_of,
}
"""Which of several values is worst for the flight."""
