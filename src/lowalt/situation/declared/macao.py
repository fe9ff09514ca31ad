"""Facts that the law of Macao asks for."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.permissions import permission_facts
from lowalt.situation.declared.values import MM, Known, down


def macao_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated for Macao."""
    stated = plan.macao
    if stated is None:
        return {}
    return {
        **permission_facts(
            stated.authorisation,
            last_day=plan.arrival.date(),
            operation="holds_aacm_authorisation",
            crossing="holds_aacm_crossing_authorisation",
        ),
        "macao_aerodrome_distance_mm": down(stated.distance_to_aerodrome_m, "m", MM),
        "is_in_macao_flight_path": stated.in_flight_path_polygon,
        "macao_building_distance_mm": down(stated.distance_to_listed_building_m, "m", MM),
        "keeps_macao_limits": stated.within_published_limits,
        "is_registered_in_macao": stated.registered,
        "is_labelled_in_macao": stated.labelled,
        "is_notified_in_macao": stated.flight_notified,
        "has_macao_operator_permit": stated.operator_permit,
        "has_macao_activity_permit": stated.activity_permit,
        "has_macao_insurance": stated.insured,
        "is_under_macao_ban": stated.temporary_ban,
        "is_macao_government_flight": stated.government_flight,
    }
