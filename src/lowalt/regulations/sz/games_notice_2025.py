"""Our reading of Shenzhen's notice for the 15th National Games."""

from __future__ import annotations

from lowalt.missions import with_parts
from lowalt.regulations.authoring import F, Norm, reading, some, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, MissionKind, Notice, OperatorKind, ZoneKind
from lowalt.vocabulary import Scope

_NOTICES = (Notice.NATIONAL_GAMES_2025, Notice.NATIONAL_GAMES_2025_CLOSING)


def _temporary() -> Condition:
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    return here & F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL)


def _under_notice() -> Condition:
    return _temporary() & F.zone_notice.in_(*_NOTICES)


def _is_low_slow_small() -> Condition:
    return F.is_unmanned | unclear(
        zh="该有人驾驶航空器是否属于“低慢小”航空器（轻型直升机属于）",
        en="whether the manned aircraft counts as low, slow and small, as light helicopters do",
    )


def _closing_evening() -> Condition:
    return _temporary() & F.zone_notice.in_(Notice.NATIONAL_GAMES_2025_CLOSING)


def _delivery() -> Condition:
    return F.mission_kind.in_(MissionKind.DELIVERY)


def _event_rescue_or_police() -> Condition:
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


def _approved() -> Condition:
    # Only unmanned aircraft have classes that an approval could leave out.
    manned = ~F.is_unmanned & (F.holds_flight_approval | F.holds_long_term_approval)
    return F.is_flight_approved | F.is_long_term_approved | manned


@reading("prohibition", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def only_excepted_tasks(_: Parameters) -> Norm:
    """Only the tasks excepted fly."""
    caught = _under_notice() & _is_low_slow_small()
    return when(caught).must(_event_rescue_or_police() | _delivery())


@reading("prohibition__approval", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def excepted_tasks_approved(_: Parameters) -> Norm:
    """Excepted tasks are lawfully approved."""
    excepted = _event_rescue_or_police() | _delivery()
    return when(_under_notice() & _is_low_slow_small() & excepted).must(
        F.holds_zone_approval | _approved()
    )


@reading("closing_evenings", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def deliveries_pause(_: Parameters) -> Norm:
    """Deliveries pause while the games close."""
    caught = _closing_evening() & _is_low_slow_small()
    return when(caught).must(_event_rescue_or_police() | ~_delivery())


@reading("exception", waives=("cn/order_761_2023#art_20",))
def excepted_from_temporary_airspace(_: Parameters) -> Norm:
    """Approved tasks that the notice excepts need no other leave to enter."""
    delivery = _delivery() & ~some(Scope.ENCOUNTER, _closing_evening())
    elsewhere = some(Scope.ENCOUNTER, _temporary() & ~F.zone_notice.in_(*_NOTICES))
    return when(
        some(Scope.ENCOUNTER, _under_notice())
        & ~elsewhere
        & (_event_rescue_or_police() | delivery)
        & _approved()
    )
