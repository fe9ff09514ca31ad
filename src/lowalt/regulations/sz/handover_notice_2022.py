"""Our reading of Shenzhen's notice of June 2022."""

from __future__ import annotations

from lowalt.missions import with_parts
from lowalt.regulations.authoring import F, Norm, reading, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import MissionKind, Notice, OperatorKind, ZoneKind
from lowalt.vocabulary import Scope


def _under_notice() -> Condition:
    temporary = F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL)
    return temporary & F.zone_notice.in_(Notice.HANDOVER_2022)


def _is_low_slow_small() -> Condition:
    return F.is_unmanned | unclear(
        zh="该有人驾驶航空器是否属于“低慢小”航空器（轻型直升机属于）",
        en="whether the manned aircraft counts as low, slow and small, as light helicopters do",
    )


def _excepted() -> Condition:
    task = F.mission_kind.in_(
        MissionKind.EVENT_SUPPORT,
        MissionKind.DISASTER_RELIEF,
        *with_parts(MissionKind.FIREFIGHTING),
        MissionKind.MEDICAL_RESCUE,
    )
    like_rescue = F.mission_kind.in_(MissionKind.BLOOD_TRANSPORT) & unclear(
        zh="血液运输是否属于通告豁免的应急救援",
        en="whether carrying blood counts as the emergency rescue that the notice excepts",
    )
    assigned = (task | like_rescue) & F.task_is_assigned
    return assigned | F.operator_kind.in_(OperatorKind.POLICE)


@reading("para_2", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def only_excepted_flights(_: Parameters) -> Norm:
    """Only the flights excepted take place."""
    return when(_under_notice() & _is_low_slow_small()).must(_excepted())


@reading("para_2__approval", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def excepted_flights_approved(_: Parameters) -> Norm:
    """Excepted flights are approved.

    The classes of aircraft, and with them the terms of approval that reckon with class, are the
    decree's of 2024; here an approval that covers the flight is all that can be asked.
    """
    approved = F.holds_zone_approval | F.holds_flight_approval | F.holds_long_term_approval
    return when(_under_notice() & _is_low_slow_small() & _excepted()).must(approved)
