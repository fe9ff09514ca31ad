"""Our reading of the rules of 2013 on general-aviation tasks, as far as they were read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, MissionKind
from lowalt.vocabulary import Scope

_SAME_DUTY = "cn/order_371_2003#art_14__item_2__border"
"""Decree 371 asks the document of the border strip; these rules say who gives it."""

_PLAN = ("cn/order_371_2003#art_16__para_1", "cn/order_371_2003#art_16__para_2")
"""The document is handed in with the flight plan."""


def _sudden() -> Condition:
    named = F.mission_kind.in_(
        MissionKind.FOREST_FIREFIGHTING, MissionKind.MEDICAL_RESCUE, MissionKind.DISASTER_RELIEF
    )
    perhaps = F.mission_kind.in_(MissionKind.FIREFIGHTING) & unclear(
        zh="该灭火任务是否为森林灭火",
        en="whether the fire to be fought is a forest fire",
    )
    return F.is_urgent_ga_task & (named | perhaps)


@reading("art_4__foreign", effect=Effect.PROHIBITS)
def no_foreign_survey(_: Parameters) -> Norm:
    """No foreigner photographs, maps or surveys."""
    surveying = F.mission_kind.in_(MissionKind.SURVEY, MissionKind.AERIAL_PHOTOGRAPHY)
    return when(surveying).must(~F.is_foreign_aircraft & ~F.pilot_is_foreign)


@reading(
    "art_6__hong_kong_macao",
    scope=Scope.LEG,
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_PLAN,
)
def task_to_hong_kong_or_macao_approved(_: Parameters) -> Norm:
    """Flying into Hong Kong or Macao is an approved task."""
    return when(_is_beyond()).must(F.holds_task_approval)


def _is_beyond() -> Condition:
    return F.jurisdiction.in_(Jurisdiction.HONG_KONG, Jurisdiction.MACAO)


@reading(
    "art_6__item_3",
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_PLAN,
    addresses=(_SAME_DUTY,),
)
def task_by_the_border_approved(p: Parameters) -> Norm:
    """Flying along a land border is an approved task."""
    near = F.land_border_distance_mm <= p.art_6__item_3.width
    return when(near & ~_sudden()).must(F.holds_task_approval)


@reading(
    "art_6__item_3__sudden",
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_PLAN,
    addresses=(_SAME_DUTY,),
)
def sudden_task_by_the_border_approved(p: Parameters) -> Norm:
    """Sudden rescue along a land border is approved nearby."""
    near = F.land_border_distance_mm <= p.art_6__item_3__sudden.width
    return when(near & _sudden()).must(F.holds_task_approval)


@reading("lead_time", effect=Effect.REQUIRES_APPROVAL, deadline="request_lead")
def task_requested_in_time(p: Parameters) -> Norm:
    """Tasks are approved, or were asked for in time, unless they are urgent."""
    special = F.needs_task_document | some(Scope.LEG, _is_beyond())
    latest = F.departure_on.shifted(p.lead_time.request_lead)
    return when(special & ~F.is_urgent_ga_task).must(
        F.holds_task_approval | (F.task_requested_on <= latest)
    )
