"""Tasks and their documents: who can order or approve what a flight claims to be."""

from __future__ import annotations

from datetime import timedelta

from lowalt.missions import MISSIONS
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Kind
from lowalt.remedy.step import Step
from lowalt.terms import OrderingBody, Urgency
from lowalt.truth import Truth
from lowalt.wording import both


def _bodies(hearing: Hearing) -> list[OrderingBody]:
    mission = hearing.plan.mission
    if mission is None or mission.kind is None:
        return []
    return [body for body in OrderingBody if body in MISSIONS[mission.kind].ordered_by]


def _order(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values | None:
    """State an order given before take-off; ordinary tasks are ordered by nobody in particular."""
    bodies, mission = _bodies(hearing), hearing.plan.mission
    if not bodies or mission is None or mission.kind is None:
        return None
    issued_at = hearing.plan.departure - timedelta(minutes=1)
    return {
        "mission.task_order": {
            "held": True,
            "issued_by": bodies[0].value,
            "issued_at": issued_at.isoformat(),
            "mission": mission.kind.value,
        }
    }


def _who_orders(hearing: Hearing, _leaf: Leaf) -> Bilingual:
    bodies = _bodies(hearing)
    zh, en = ([body.label(lang) for body in bodies] for lang in ("zh", "en"))
    return both(f"（可由{'、'.join(zh)}下达）", f", which can be given by: {', '.join(en)}")


TASKS = {
    "task_is_assigned": Step(
        Kind.OBTAIN,
        costs.ORDER,
        "起飞前取得有权机关的任务指令",
        "obtain before take-off an order of a body that can order the task",
        _order,
        whom=_who_orders,
    )
}
"""By the name of the fact that holds afterwards."""


def is_falsely_urgent(hearing: Hearing) -> bool:
    """Whether a plan is filed as urgent for a task that surely nobody gave to its operator."""
    mission = hearing.plan.mission
    is_urgent = mission is not None and mission.urgency in (
        Urgency.URGENT,
        Urgency.SPECIALLY_URGENT,
    )
    return is_urgent and hearing.facts.flight.get("task_is_assigned") is False


def who_approves(hearing: Hearing, leaf: Leaf) -> Bilingual:
    """Say to whom the law has a document applied for, in this case."""
    asking = [
        result.rule
        for result in hearing.judgement.results
        if result.violations
        and result.fires is not Truth.FALSE
        and result.rule.satisfied is not None
        and set(leaf.condition.facts()) & set(result.rule.satisfied.facts())
    ]
    # A rule that only says to whom the duty of another is owed goes before that other.
    addressed = {citation for rule in asking for citation in rule.addresses}
    named = [rule.provision.addressee for rule in asking if rule.citation not in addressed]
    zh, en = (list(dict.fromkeys(n[lang] for n in named if n[lang])) for lang in ("zh", "en"))
    return both(f"（向{'、'.join(zh)}申请）", f" from: {'; '.join(en)}") if en else both("", "")
