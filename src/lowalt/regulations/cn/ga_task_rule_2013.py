"""Our reading of the rules of 2013 on general-aviation tasks, as far as they were read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, MissionKind, Urgency
from lowalt.vocabulary import Scope

_SAME_DUTY = "cn/order_371_2003#art_14__item_2__border"
"""Decree 371 asks the document of the border strip; these rules say who gives it."""


def _urgent() -> Condition:
    return F.urgency.in_(Urgency.URGENT, Urgency.SPECIALLY_URGENT)


def _sudden() -> Condition:
    return _urgent() & F.mission_kind.in_(
        MissionKind.FIREFIGHTING, MissionKind.MEDICAL_RESCUE, MissionKind.DISASTER_RELIEF
    )


@reading("art_4__foreign", effect=Effect.PROHIBITS)
def no_foreign_survey(_: Parameters) -> Norm:
    """No foreigner photographs, maps or surveys."""
    surveying = F.mission_kind.in_(MissionKind.SURVEY, MissionKind.AERIAL_PHOTOGRAPHY)
    return when(surveying).must(~F.is_foreign_aircraft & ~F.pilot_is_foreign)


@reading("art_6__hong_kong_macao", scope=Scope.LEG, effect=Effect.REQUIRES_APPROVAL)
def task_to_hong_kong_or_macao_approved(_: Parameters) -> Norm:
    """Flying into Hong Kong or Macao is an approved task."""
    return when(_is_beyond()).must(F.holds_task_approval)


def _is_beyond() -> Condition:
    return F.jurisdiction.in_(Jurisdiction.HONG_KONG, Jurisdiction.MACAO)


@reading("art_6__item_3", effect=Effect.REQUIRES_APPROVAL, addresses=(_SAME_DUTY,))
def task_by_the_border_approved(p: Parameters) -> Norm:
    """Flying along a land border is an approved task."""
    near = F.land_border_distance_mm <= p.art_6__item_3.width
    return when(near & ~_sudden()).must(F.holds_task_approval)


@reading("art_6__item_3__sudden", effect=Effect.REQUIRES_APPROVAL, addresses=(_SAME_DUTY,))
def sudden_task_by_the_border_approved(p: Parameters) -> Norm:
    """Sudden rescue along a land border is approved nearby."""
    near = F.land_border_distance_mm <= p.art_6__item_3__sudden.width
    return when(near & _sudden()).must(F.holds_task_approval)


@reading("lead_time", effect=Effect.REQUIRES_APPROVAL)
def task_requested_in_time(p: Parameters) -> Norm:
    """Tasks not yet approved were asked for in time, unless they are urgent."""
    special = F.needs_task_document | some(Scope.LEG, _is_beyond())
    return when(special & ~_urgent() & ~F.holds_task_approval).must(
        F.task_requested_on <= F.departure_on.shifted(p.lead_time.request_lead)
    )
