"""Our reading of Shenzhen's notice of June 2022."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import MissionKind, Notice, OperatorKind, ZoneKind
from lowalt.vocabulary import Scope


def _under_notice() -> Condition:
    temporary = F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL)
    return temporary & F.zone_notice.in_(Notice.HANDOVER_2022)


def _excepted() -> Condition:
    task = F.mission_kind.in_(
        MissionKind.EVENT_SUPPORT,
        MissionKind.COUNTER_TERROR,
        MissionKind.DISASTER_RELIEF,
        MissionKind.FIREFIGHTING,
        MissionKind.MEDICAL_RESCUE,
        MissionKind.PATROL,
    )
    return task | F.operator_kind.in_(OperatorKind.POLICE)


@reading("para_2", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def only_excepted_flights(_: Parameters) -> Norm:
    """Only the flights excepted take place."""
    return when(_under_notice()).must(_excepted())


@reading("para_2__approval", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def excepted_flights_approved(_: Parameters) -> Norm:
    """Excepted flights are approved."""
    approved = F.holds_zone_approval | F.holds_flight_approval | F.holds_long_term_approval
    return when(_under_notice() & _excepted()).must(approved)
