"""Our reading of Decree 371, the flight-control regulations of general aviation."""

from __future__ import annotations

from lowalt.missions import PUBLIC_TASKS, with_parts
from lowalt.regulations.authoring import (
    F,
    Norm,
    definition,
    must,
    reading,
    some,
    unclear,
    when,
)
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, MissionKind, OperatorKind, Urgency, ZoneKind
from lowalt.vocabulary import Scope

_PLAN_APPROVALS = ("art_9", "art_16__para_1", "art_16__para_2")
_PLAN = ("art_16__para_1", "art_16__para_2")
"""The plan, ordinary or urgent, with which documents are handed in."""

_OUTSIDE_GENERAL_AVIATION = "outside_general_aviation"
"""Derived fact: these regulations do not speak of the flight, and others do."""


def _approved() -> Condition:
    return F.holds_flight_approval | F.holds_long_term_approval


def _filed_as_urgent() -> Condition:
    return F.urgency.in_(Urgency.URGENT, Urgency.SPECIALLY_URGENT)


# Chapter 1: scope


@reading(
    "art_3",
    waives=(
        "art_9",
        "art_10",
        "art_13",
        "art_14__item_1",
        "art_14__item_2__prohibited",
        "art_14__item_2__border",
        "art_14__item_3",
        "art_14__item_4",
        "art_14__item_5",
        "art_16__para_1",
        "art_16__para_1__time",
        "art_16__para_2",
        "art_16__para_2__claim",
        "art_16__para_2__time",
        "art_17",
        "art_18",
        "cn/ga_task_rule_2013#art_4__foreign",
        "cn/ga_task_rule_2013#art_6__hong_kong_macao",
        "cn/ga_task_rule_2013#art_6__item_3",
        "cn/ga_task_rule_2013#art_6__item_3__sudden",
        "cn/ga_task_rule_2013#lead_time",
    ),
    derives=(_OUTSIDE_GENERAL_AVIATION,),
)
def not_general_aviation(_: Parameters) -> Norm:
    """Police, customs against smuggling and public air transport are not general aviation."""
    customs = F.operator_kind.in_(OperatorKind.CUSTOMS) & F.is_anti_smuggling
    transport = F.is_commercial & F.is_public_air_transport
    return when(F.operator_kind.in_(OperatorKind.POLICE) | customs | transport)


@reading("art_3__other_rules", effect=Effect.PROHIBITS, needs=(_OUTSIDE_GENERAL_AVIATION,))
def other_rules_allow_it(_: Parameters) -> Norm:
    """Other flights have rules of their own, which are not held here."""
    return must(
        unclear(
            zh="警务、海关缉私或者公共航空运输飞行所适用的规定是否准许",
            en="whether the rules for police, customs or public transport flights allow it",
        )
    )


# Chapter 2: temporary airspace


@reading(
    "art_9",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="request_lead",
    answer="answer_lead",
)
def airspace_requested_in_time(p: Parameters) -> Norm:
    """Temporary airspace not yet approved was asked for in time."""
    lead = p.art_9.request_lead
    return when(F.uses_temporary_airspace & ~_approved()).must(
        F.airspace_requested_on <= F.departure_on.shifted(lead)
    )


@reading("art_10", effect=Effect.REQUIRES_APPROVAL, accompanies=("art_9",))
def airspace_not_too_long(p: Parameters) -> Norm:
    """Temporary airspace is asked for no longer than the usual period."""
    end = F.airspace_first_day.shifted(p.art_10.longest)
    return when(F.uses_temporary_airspace & ~_approved()).must(F.airspace_last_day < end)


# Chapter 3: the plan and the task


@reading("art_13", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def plan_complete(_: Parameters) -> Norm:
    """Plans still to be decided say everything they must."""
    contents = (
        F.plan_names_unit
        & F.plan_names_task
        & F.plan_names_crew
        & F.plan_names_type
        & F.plan_names_communication
        & F.application_names_sites
        & F.application_names_period
        & F.plan_names_weather
        & F.plan_names_route
        & F.application_names_special_support
    )
    return when(~_approved()).must(contents)


@definition("art_14", term="needs_task_document")
def needs_task_document(p: Parameters) -> Condition:
    """Any of the cases that the items list."""
    return (
        _crosses_border()
        | some(Scope.ENCOUNTER, _is_prohibited_area())
        | _is_near_border(p)
        | _surveys()
        | F.flies_beyond_coast_line
        | _has_foreigners()
    )


def _crosses_border() -> Condition:
    return F.crosses_national_airspace & ~F.is_business_flight


def _is_prohibited_area() -> Condition:
    verified = F.zone_is_verified | unclear(
        zh="该空域范围是否与空中交通管理机构核实一致",
        en="whether the ATM unit confirms the zone's limits",
    )
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    return here & F.zone_kind.in_(ZoneKind.PROHIBITED_AREA) & verified


def _is_near_border(p: Parameters) -> Condition:
    return F.land_border_distance_mm <= p.art_14__item_2__border.width


def _surveys() -> Condition:
    return F.mission_kind.in_(MissionKind.SURVEY, MissionKind.AERIAL_PHOTOGRAPHY)


def _has_foreigners() -> Condition:
    return F.is_foreign_aircraft | F.pilot_is_foreign


@reading("art_14__item_1", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def task_over_the_border_approved(_: Parameters) -> Norm:
    """Entering or leaving the national airspace is an approved task, business flights apart."""
    return when(_crosses_border()).must(F.holds_task_approval)


@reading(
    "art_14__item_2__prohibited",
    scope=Scope.ENCOUNTER,
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_PLAN,
)
def task_in_prohibited_area_approved(_: Parameters) -> Norm:
    """Entering a prohibited area is an approved task."""
    return when(_is_prohibited_area()).must(F.holds_task_approval)


@reading("art_14__item_2__border", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def task_by_the_border_approved(p: Parameters) -> Norm:
    """Flying along a land border is an approved task."""
    return when(_is_near_border(p)).must(F.holds_task_approval)


@reading("art_14__item_3", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def survey_task_approved(_: Parameters) -> Norm:
    """Survey and aerial photography are approved tasks."""
    return when(_surveys()).must(F.holds_task_approval)


@reading("art_14__item_4", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def task_beyond_the_coast_approved(_: Parameters) -> Norm:
    """Flights beyond the line of sea or coast are approved tasks."""
    return when(F.flies_beyond_coast_line).must(F.holds_task_approval)


@reading("art_14__item_5", effect=Effect.REQUIRES_APPROVAL, accompanies=_PLAN)
def task_of_foreigners_approved(_: Parameters) -> Norm:
    """Foreign aircraft, and foreigners in Chinese aircraft, fly approved tasks."""
    return when(_has_foreigners()).must(F.holds_task_approval)


@reading("art_15__item_2", addresses=_PLAN_APPROVALS)
def inside_one_subzone(_: Parameters) -> Norm:
    """Inside one sub-zone its unit approves."""
    return when(F.is_within_one_control_subzone)


@reading("art_15__item_3", addresses=_PLAN_APPROVALS)
def inside_one_zone(_: Parameters) -> Norm:
    """Across sub-zones the unit of the zone approves."""
    return when(~F.is_within_one_control_subzone & F.is_within_one_control_zone)


@reading("art_15__item_4", addresses=_PLAN_APPROVALS)
def across_zones(_: Parameters) -> Norm:
    """Across zones the Air Force approves."""
    return when(~F.is_within_one_control_zone)


@reading(
    "art_16__para_1",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="application_deadline",
    answer="answer_deadline",
)
def plan_approved(_: Parameters) -> Norm:
    """Flights that are not urgent have an approved plan."""
    return when(~F.is_urgent_ga_task).must(_approved())


@reading(
    "art_16__para_1__time",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="art_16__para_1.application_deadline",
    answer="art_16__para_1.answer_deadline",
)
def plan_filed_in_time(p: Parameters) -> Norm:
    """Plans not yet approved were filed before the deadline."""
    deadline = p.art_16__para_1.application_deadline
    return when(~F.is_urgent_ga_task & ~_approved()).must(
        F.submitted_at < F.departure_at.shifted(deadline)
    )


@definition("art_16__para_2", term="is_urgent_ga_task")
def is_urgent_ga_task(_: Parameters) -> Condition:
    """Urgent is what the operator calls so, is of a kind that can be, and was given to it."""
    named = F.mission_kind.in_(
        MissionKind.MEDICAL_RESCUE,
        MissionKind.DISASTER_RELIEF,
        *with_parts(MissionKind.FIREFIGHTING),
    )
    similar = F.mission_kind.in_(
        MissionKind.BLOOD_TRANSPORT,
        MissionKind.COUNTER_TERROR,
        *with_parts(MissionKind.PATROL),
        MissionKind.OTHER,
    ) & unclear(
        zh="飞行管制部门是否认可该任务属于紧急任务",
        en="whether the flight-control unit accepts the task as urgent",
    )
    return _filed_as_urgent() & (named | similar) & F.task_is_assigned


@reading(
    "art_16__para_2",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="application_lead",
    answer="answer_lead",
)
def urgent_plan_approved(_: Parameters) -> Norm:
    """Urgent flights have an approved temporary plan."""
    return when(F.is_urgent_ga_task).must(_approved())


@reading("art_16__para_2__claim", effect=Effect.ADVISES)
def claimed_task_was_given(_: Parameters) -> Norm:
    """Public tasks, and all that is filed as urgent, were given: by an office or an order."""
    claimed = _filed_as_urgent() | F.mission_kind.in_(*PUBLIC_TASKS)
    return when(claimed).must(F.task_is_assigned)


@reading(
    "art_16__para_2__time",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="art_16__para_2.application_lead",
    answer="art_16__para_2.answer_lead",
)
def urgent_plan_filed_in_time(p: Parameters) -> Norm:
    """Urgent plans not yet approved were filed in time."""
    lead = p.art_16__para_2.application_lead
    return when(F.is_urgent_ga_task & ~_approved()).must(
        F.submitted_at <= F.departure_at.shifted(lead)
    )


@reading("art_17", effect=Effect.REQUIRES_APPROVAL, accompanies=("art_9",))
def short_term_plan_not_too_long(p: Parameters) -> Norm:
    """Short-term plans are short."""
    end = F.short_term_plan_first_day.shifted(p.art_17.longest)
    return when(F.is_under_short_term_plan & ~_approved()).must(F.short_term_plan_last_day < end)


@reading(
    "art_18",
    effect=Effect.REQUIRES_APPROVAL,
    deadline="application_lead",
    answer="answer_deadline",
)
def temporary_route_filed_in_time(p: Parameters) -> Norm:
    """Transfer flights along a temporary route not yet approved were filed earlier."""
    lead = p.art_18.application_lead
    return when(F.uses_temporary_route & ~_approved()).must(
        F.submitted_at <= F.departure_at.shifted(lead)
    )
