"""Whether a task is really given to the operator: by its own office, or by an order.

No text that was read asks for an order in so many words. That a public task which nobody gave is
none is our inference; who gives which is in :mod:`lowalt.missions`.
"""

from __future__ import annotations

from datetime import datetime

from lowalt.flights import FlightPlan, Mission, Operator, TaskOrder
from lowalt.missions import MISSIONS, ORDER_HOLDS_FOR, can_order, is_order_for, is_own_office
from lowalt.situation.declared.values import Known, all_of, any_of, part
from lowalt.terms import MissionKind, OperatorKind, Urgency


def task_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say whether the task that the plan claims is the operator's."""
    mission = part(plan.mission, Mission)
    kind, urgency = mission.kind, mission.urgency
    return {
        "task_is_assigned": None
        if kind is None
        else any_of(
            (
                _needs_no_order(kind, urgency),
                _is_own_office(kind, part(plan.operator, Operator).kind),
                _is_ordered(kind, plan, mission.task_order),
            )
        )
    }


def _needs_no_order(kind: MissionKind, urgency: Urgency | None) -> bool | None:
    """Whether anybody may fly it unordered; what is filed as urgent claims more than its kind."""
    if MISSIONS[kind].needs_order:
        return False
    return None if urgency is None else urgency is Urgency.NORMAL


def _is_own_office(kind: MissionKind, operator_kind: OperatorKind | None) -> bool | None:
    if not MISSIONS[kind].offices:
        return False
    return None if operator_kind is None else is_own_office(kind, operator_kind)


def _is_ordered(kind: MissionKind, plan: FlightPlan, order: TaskOrder | None) -> bool | None:
    """Whether an order is held that fits the mission and the day, given by one who can."""
    if order is None:
        return None
    by, mission = order.issued_by, order.mission
    return all_of(
        (
            order.held,
            None if by is None else can_order(by, kind),
            None if mission is None else is_order_for(mission, kind),
            _is_of_the_day(order, plan.departure),
        )
    )


def _is_of_the_day(order: TaskOrder, departure: datetime) -> bool | None:
    """Whether it was given before take-off; one that is no longer valid leaves open for what."""
    if order.issued_at is None:
        return None
    if order.issued_at >= departure:
        return False
    holds_until = order.valid_until or order.issued_at + ORDER_HOLDS_FOR
    return True if departure < holds_until else None
