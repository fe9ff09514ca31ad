"""How the notice for the marathon, which is made up, is read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import MissionKind, Notice, ZoneKind
from lowalt.vocabulary import Scope


def _under_notice() -> Condition:
    return F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL) & F.zone_notice.in_(Notice.OTHER)


def _excepted() -> Condition:
    task = F.mission_kind.in_(MissionKind.EVENT_SUPPORT, MissionKind.MEDICAL_RESCUE)
    return task & F.task_is_assigned


@reading("control", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def only_excepted_tasks(_: Parameters) -> Norm:
    """Only tasks excepted fly in the temporary airspace."""
    return when(_under_notice()).must(_excepted())


@reading("exception", waives=("cn/order_761_2023#art_20",))
def approved_tasks_enter(_: Parameters) -> Norm:
    """Let an approved task excepted in without more."""
    return when(some(Scope.ENCOUNTER, _under_notice()) & _excepted() & F.is_flight_approved)
