"""Changes that are a line of the plan: another way of flying, a paper, a service, a report.

The tables say which facts an operator can choose. What is in none of them, such as mass,
capability, nationality, age or kind of operator, is not to be had by filling in a form otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from lowalt.regulations.conditions import Holds, Leaf, OneOf
from lowalt.remedy import costs
from lowalt.remedy.across_the_boundary import BORDER, HONG_KONG, MACAO
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.papers import PAPERS, REPORTS_AND_APPROVALS
from lowalt.remedy.tasks import TASKS
from lowalt.remedy.ways_of_flying import FITTINGS_AND_SERVICES, WAYS_OF_FLYING
from lowalt.truth import Truth
from lowalt.wording import both

STEPS = MappingProxyType(
    {
        **WAYS_OF_FLYING,
        **FITTINGS_AND_SERVICES,
        **PAPERS,
        **REPORTS_AND_APPROVALS,
        **TASKS,
        **HONG_KONG,
        **MACAO,
        **BORDER,
    }
)
"""What an operator can do, by the name of the fact that it changes."""


def steps(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield the changes of one line that bear on the causes."""
    for leaf in causes.leaves:
        change = step(hearing, causes, leaf)
        if change is not None:
            yield change


def step(hearing: Hearing, causes: Causes, leaf: Leaf) -> Change | None:
    """Find what an operator can do about one leaf; unknown, it may be so already."""
    condition = leaf.condition
    if not isinstance(condition, Holds | OneOf) or condition.fact.name not in STEPS:
        return None
    found = STEPS[condition.fact.name]
    if isinstance(condition, Holds) and leaf.truth is Truth.of(found.wants):
        return None
    values = found.values(hearing, causes, leaf)
    if values is None:
        return None
    whom = both("", "") if found.whom is None else found.whom(hearing, leaf)
    kind, cost = found.kind, found.cost
    text = both(found.zh + whom["zh"], found.en + whom["en"])
    if leaf.truth is Truth.UNKNOWN:
        kind, cost = Kind.STATE, costs.STATE
        zh, en = found.zh, found.en
        if isinstance(condition, Holds):
            zh, en = (condition.sentence(lang, negated=not found.wants) for lang in ("zh", "en"))
        text = both(f"补充填写（须属实）：{zh}", f"fill in, if it is true: {en}")
    return Change(kind, text, cost, apply=lambda plan: with_values(plan, values))
