"""The central law: not knowing never helps, and knowing more never makes the answer vaguer.

Facts are removed one by one from random facts, on the law of Shenzhen and on rulebooks made up at
random; and everything optional is removed, one by one, from whole plans. What is left is judged
many at once where the law is that of Shenzhen, which test_batch_law and test_assess_many prove to
be the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from lowalt import testing
from lowalt.airspace import load_airspace
from lowalt.assessment import assess
from lowalt.assessment.many import assess_many
from lowalt.fact_table import FactTable
from lowalt.facts import Facts, Instance
from lowalt.flights import FlightPlan
from lowalt.judgement import Judgement, judge
from lowalt.judgement_table import DECISIONS, judge_many
from lowalt.regulations.model import Craft
from lowalt.regulations.rulebook import Rulebook
from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction
from lowalt.testing.breaches import BREACHES
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.vocabulary import FactValue

SHENZHEN = load_airspace("shenzhen")
FEW = settings(max_examples=max(10, settings().max_examples // 5))
"""For tests that judge once for each of a hundred facts or fields."""

Ends = tuple[Decision, Decision]
"""Best and worst."""


def without(values: Mapping[str, FactValue], name: str) -> dict[str, FactValue]:
    return {other: value for other, value in values.items() if other != name}


def knowing_less(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """Every way to know one thing less: a fact, or whether a leg or encounter exists."""
    for name in facts.flight:
        yield name, dataclasses.replace(facts, flight=without(facts.flight, name))
    for scope in ("legs", "encounters"):
        instances: tuple[Instance, ...] = getattr(facts, scope)
        for i, instance in enumerate(instances):
            vaguer = [
                (name, Instance(instance.exists, without(instance.values, name)))
                for name in instance.values
            ]
            if instance.exists is not Truth.UNKNOWN:
                vaguer.append(("exists", Instance(Truth.UNKNOWN, instance.values)))
            for name, changed in vaguer:
                others = (*instances[:i], changed, *instances[i + 1 :])
                replaced = {scope: others}
                yield f"{scope}[{i}].{name}", dataclasses.replace(facts, **replaced)  # type: ignore[arg-type]  # one of the two


def ends(of: Judgement | Verdict) -> Ends:
    return of.best, of.worst


def assert_no_narrower(less: Ends, more: Ends, what: str) -> None:
    """Knowing less leaves at least the outcomes possible that knowing more did."""
    assert less[1].rank >= more[1].rank, f"not knowing {what} helped at the worst end"
    assert less[0].rank <= more[0].rank, f"knowing {what} widened the answer"


def assert_knowing_less_never_narrows(facts: Facts, book: Rulebook) -> None:
    """Ask it of every fact, of all at once."""
    what, known = zip(*knowing_less(facts), strict=True) if facts.flight else ((), ())
    table = judge_many(FactTable.of([facts, *known]), rulebook=book)
    more, *less = zip(table.best.tolist(), table.worst.tolist(), strict=True)
    for name, found in zip(what, less, strict=True):
        assert_no_narrower(decoded(found), decoded(more), name)


def decoded(codes: tuple[int, int]) -> Ends:
    return DECISIONS[codes[0]], DECISIONS[codes[1]]


@FEW
@given(testing.facts(), testing.rulebooks(kind="shenzhen"))
def test_knowing_less_never_narrows_the_judgement_of_shenzhen(facts: Facts, book: Rulebook) -> None:
    event(f"decision {judge(facts, rulebook=book).decision.value}")
    assert_knowing_less_never_narrows(facts, book)


@pytest.mark.parametrize("year", [2022, 2024, 2025, 2026])
@FEW
@given(data=st.data())
def test_nor_on_the_law_of_other_years(year: int, data: st.DataObject) -> None:
    period = TimeInterval(datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 1, tzinfo=UTC))
    facts = data.draw(testing.facts(period=period))
    book = data.draw(testing.rulebooks(kind="shenzhen", period=period))
    assert_knowing_less_never_narrows(facts, book)


@given(testing.facts(), testing.rulebooks(kind="synthetic"))
def test_knowing_less_never_narrows_the_judgement_of_any_rulebook(
    facts: Facts, book: Rulebook
) -> None:
    more = judge(facts, rulebook=book)
    event(f"decision {more.decision.value}")
    for what, known in knowing_less(facts):
        assert_no_narrower(ends(judge(known, rulebook=book)), ends(more), what)


@FEW
@given(testing.facts(), testing.rulebooks(kind="any"))
def test_a_settled_status_stays_settled_when_more_is_known(facts: Facts, book: Rulebook) -> None:
    """Status by status: only what was open may change."""
    settled = {Status.BREACHED, Status.REQUIRED, Status.MET, Status.NOT_APPLICABLE, Status.WAIVED}
    more = judge(facts, rulebook=book)
    for what, known in knowing_less(facts):
        less = judge(known, rulebook=book)
        for before, after in zip(less.results, more.results, strict=True):
            harmed = {Status.BREACHED, Status.REQUIRED}
            if before.status in harmed:
                assert after.status in harmed, (what, before.rule.citation)
            elif before.status in settled:
                assert after.status in settled - harmed, (what, before.rule.citation)


@given(testing.facts(kind="complete"), testing.rulebooks(kind="shenzhen"))
def test_with_everything_known_only_the_law_itself_leaves_anything_open(
    facts: Facts, book: Rulebook
) -> None:
    judgement = judge(facts, rulebook=book)
    for result in judgement.results:
        leaves = judgement.grounds.open_leaves(result)
        assert not [leaf for leaf in leaves if list(leaf.condition.facts())], result.rule.citation


@FEW
@given(testing.rulebooks(kind="shenzhen"))
def test_nothing_known_is_nothing_permitted(book: Rulebook) -> None:
    judgement = judge(Facts({}), rulebook=book)
    assert judgement.worst is Decision.PROHIBITED
    assert judgement.best is Decision.PERMITTED


@given(testing.rulebooks(kind="any"), st.sampled_from(Jurisdiction))
def test_a_jurisdiction_without_law_permits_nothing(book: Rulebook, where: Jurisdiction) -> None:
    leg = Instance(Truth.UNKNOWN, {"jurisdiction": where})
    in_scope = {"is_within_dataset": True, "is_unmanned": True}
    worst = judge(Facts(in_scope, legs=(leg,)), rulebook=book).worst
    if Craft.UNMANNED not in book.governed.get(where, ()):
        assert worst is Decision.PROHIBITED


# Whole plans


def judged(plan: FlightPlan) -> Ends:
    return ends(assess(plan, airspace=SHENZHEN))


Omission = tuple[tuple[str | int, ...], ...]


def assert_leaving_out_never_helps(plan: FlightPlan, omissions: Sequence[Omission]) -> None:
    """Ask it of each of several omissions, of all at once."""
    left = [
        testing.without(plan, *fields).model_copy(update={"plan_id": f"{number}"})
        for number, fields in enumerate(omissions)
    ]
    more = judged(plan)
    table = assess_many(left, airspace=SHENZHEN)
    codes = zip(table.best.tolist(), table.worst.tolist(), strict=True)
    for fields, found in zip(omissions, codes, strict=True):
        assert_no_narrower(decoded(found), more, str(fields))


@FEW
@given(testing.plans())
def test_leaving_anything_out_of_a_plan_never_helps(plan: FlightPlan) -> None:
    assert_leaving_out_never_helps(plan, [(field,) for field in testing.facts_stated(plan)])


@FEW
@given(testing.plans(), st.data())
def test_nor_does_it_where_plans_are_judged_one_by_one(
    plan: FlightPlan, data: st.DataObject
) -> None:
    more = judged(plan)
    stated = list(testing.facts_stated(plan))
    for field in data.draw(st.lists(st.sampled_from(stated), max_size=15, unique=True)):
        assert_no_narrower(judged(testing.without(plan, field)), more, str(field))


@pytest.mark.parametrize("citation", [breach.citation for breach in BREACHES])
@settings(max_examples=max(2, settings().max_examples // 40))
@given(data=st.data())
def test_nor_does_leaving_out_each_thing_of_an_unlawful_plan(
    citation: str, data: st.DataObject
) -> None:
    plan = data.draw(testing.plan_cases(kind="unlawful", breaks=citation)).plan
    assert_leaving_out_never_helps(plan, [(field,) for field in testing.facts_stated(plan)])


@given(testing.plans(), st.data())
def test_leaving_out_more_and_more_widens_step_by_step(
    plan: FlightPlan, data: st.DataObject
) -> None:
    stated = list(testing.facts_stated(plan))
    order = data.draw(st.lists(st.sampled_from(stated), max_size=8, unique=True))
    left = [
        testing.without(plan, *order[:count]).model_copy(update={"plan_id": f"{count}"})
        for count in range(len(order) + 1)
    ]
    table = assess_many(left, airspace=SHENZHEN)
    steps = [decoded(c) for c in zip(table.best.tolist(), table.worst.tolist(), strict=True)]
    for less, more, field in zip(steps[1:], steps, order, strict=False):
        assert_no_narrower(less, more, str(field))
