"""Handing in and reporting in time: at the last moment that the law allows."""

from __future__ import annotations

from collections.abc import Iterator

from lowalt.regulations.conditions import CompareTimes, Leaf, instant_text
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.temporal import from_epoch_ms
from lowalt.wording import both

_FILED = {
    "submitted_at": (
        "submission.submitted_at",
        costs.SUBMIT,
        ("提交飞行活动申请", "submit the application"),
    ),
    "customs_told_at": (
        "crossing.customs_told_at",
        costs.REPORT,
        ("将时间、停留、人员和货物告知海关", "tell customs times, stop, people and cargo"),
    ),
    "hong_kong_plan_filed_at": (
        "hong_kong.plan_filed_at",
        costs.REPORT,
        ("向香港空中交通管制提交飞行计划", "file the plan with Hong Kong air traffic control"),
    ),
    "readiness_reported_at": (
        "submission.readiness_reported_at",
        costs.REPORT,
        ("报告起飞时间和准备情况", "report take-off time and readiness"),
    ),
}


def file(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield what can still be handed in or reported in time."""
    for leaf in causes.leaves:
        change = file_in_time(hearing, leaf)
        if change is not None:
            yield change


def file_in_time(hearing: Hearing, leaf: Leaf) -> Change | None:
    """Find by when something that is not done yet has to be; ``None`` once that is past."""
    condition = leaf.condition
    if not isinstance(condition, CompareTimes) or condition.fact.name not in _FILED:
        return None
    path, cost, (zh, en) = _FILED[condition.fact.name]
    limit_ms = condition.limit(leaf.view)
    if limit_ms is None or condition.comparison not in ("<", "<="):
        return None
    now_ms, done_ms = hearing.submitted_at_ms, leaf.view.value(condition.fact.name)
    before = condition.comparison == "<"
    last_ms = limit_ms - before
    if condition.fact.name == "submitted_at" and done_ms is not None:
        return None  # it is made already, in time or not
    if now_ms is not None and now_ms > last_ms:
        return None
    when = instant_text(limit_ms)
    return Change(
        kind=Kind.FILE,
        text=both(
            f"于 {when} {'之前' if before else '或之前'}{zh}",
            f"{en} {'before' if before else 'no later than'} {when}",
        ),
        cost=cost,
        apply=lambda plan: with_values(plan, {path: from_epoch_ms(last_ms).isoformat()}),
    )
