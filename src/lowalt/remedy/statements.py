"""What a plan leaves out, filled in: a question put to the operator, never an answer for them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from lowalt.regulations.conditions import Compare, Condition, Holds, OneOf
from lowalt.remedy import costs
from lowalt.remedy.awaited import WEATHER
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.quantities import edge, in_plan
from lowalt.remedy.steps import STEPS
from lowalt.truth import Truth
from lowalt.vocabulary import Measure
from lowalt.wording import both

_MOST_UNKNOWN = 8
"""A plan that leaves out more is a form to fill in, and the verdict lists what is missing."""

_TOGETHER = 3


def statements(causes: Causes) -> Iterator[tuple[Change, ...]]:
    """Yield single statements either way, and all of them together where they are few."""
    unknown = {
        condition.fact.name: condition
        for leaf in causes.leaves
        if leaf.truth is Truth.UNKNOWN
        and isinstance(condition := leaf.condition, Holds | OneOf | Compare)
        and condition.fact.field
        and "," not in condition.fact.field  # several fields make it up
        and condition.fact.name not in STEPS
        and condition.fact.name not in WEATHER
    }
    if len(unknown) > _MOST_UNKNOWN:
        return
    found = [list(_either_way(condition)) for condition in unknown.values()]
    for changes in found:
        yield from ((change,) for change in changes)
    stated = [changes for changes in found if changes]
    if 1 < len(stated) <= _TOGETHER:
        yield from product(*stated)


def _either_way(condition: Holds | OneOf | Compare) -> Iterator[Change]:
    for holds in (True, False):
        value = _value(condition, holds=holds)
        if value is not None:
            yield _change(condition, condition.fact.field, value, holds=holds)


def _value(condition: Holds | OneOf | Compare, *, holds: bool) -> object:
    """Find a value of the plan's field with which the condition holds, or does not, if any."""
    if isinstance(condition, Holds):
        return holds
    if isinstance(condition, OneOf):
        every = list(type(condition.words[0]))
        return next((w.value for w in every if (w in condition.words) is holds), None)
    fact = condition.fact
    if fact.measure is not Measure.QUANTITY or fact.unit is None:
        return None
    return in_plan(fact, edge(condition, holds=holds))


def _change(condition: Condition, path: str, value: object, *, holds: bool) -> Change:
    shown = str(value).lower() if isinstance(value, bool) else value
    zh, en = (condition.sentence(lang, negated=not holds) for lang in ("zh", "en"))
    return Change(
        kind=Kind.STATE,
        text=both(
            f"补充填写 {path} = {shown}（须属实）：{zh}",
            f"fill in {path} = {shown}, if it is true: {en}",
        ),
        cost=costs.STATE,
        apply=lambda plan: with_values(plan, {path: value}),
    )
