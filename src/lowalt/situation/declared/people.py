"""Facts of the operator and the pilots."""

from __future__ import annotations

from collections.abc import Callable

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
    get,
    least,
    lowest,
    most,
    up,
)
from lowalt.terms import Capacity, LicenceClass

_CAPACITIES = (Capacity.NONE, Capacity.LIMITED, Capacity.FULL)
_LICENCES = (LicenceClass.NONE, LicenceClass.SMALL, LicenceClass.MEDIUM, LicenceClass.LARGE)


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
    pilots = plan.pilots
    if not pilots:
        return {}

    def every(fact: Callable[[Pilot], bool | None]) -> bool | None:
        return all_of(map(fact, pilots))

    def licence(fact: Callable[[Licence], bool | None]) -> bool | None:
        return all_of(None if p.licence is None else fact(p.licence) for p in pilots)

    foreign = (None if p.nationality is None else p.nationality != CHINA for p in pilots)
    return {
        "pilot_capacity": lowest(_CAPACITIES, (p.capacity for p in pilots)),
        "pilot_is_foreign": any_of(foreign),
        "adult_is_on_site": every(lambda p: p.competent_adult_on_site),
        "licence_class": lowest(_LICENCES, (_licence_class(p.licence) for p in pilots)),
        "licence_issued_on": least(day(get(p.licence, "issued_on")) for p in pilots),
        "licence_checked_on": least(day(get(p.licence, "last_check_on")) for p in pilots),
        "licence_proficiency_checked_on": least(
            day(get(p.licence, "last_proficiency_check_on")) for p in pilots
        ),
        "has_bvlos_rating": licence(lambda held: held.bvlos_rating),
        "has_night_rating": licence(_covers_night),
        "has_radio_qualification": licence(lambda held: held.language_and_radio_qualification),
        "has_theory_certificate": every(lambda p: p.theory_certificate),
        "has_agricultural_certificate": every(lambda p: p.agricultural_certificate),
        "time_since_alcohol_ms": down(least(p.hours_since_alcohol for p in pilots), "h", MS),
        "blood_alcohol_ppm": most(up(p.blood_alcohol_percent, "%", PPM) for p in pilots),
        "pilot_is_impaired": any_of(p.impaired for p in pilots),
    }


def _covers_night(licence: Licence) -> bool | None:
    """Whether a licence covers night flight; one that is not there covers nothing."""
    return False if licence.largest_class is LicenceClass.NONE else licence.night_rating


def _licence_class(licence: Licence | None) -> LicenceClass | None:
    """Class of a licence for this aircraft: one that does not cover the aircraft is none."""
    if licence is None or licence.largest_class is LicenceClass.NONE:
        return None if licence is None else LicenceClass.NONE
    if licence.covers_aircraft is None:
        return None
    return licence.largest_class if licence.covers_aircraft else LicenceClass.NONE
