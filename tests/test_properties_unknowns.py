"""The central law: not knowing never helps, and knowing more never makes the answer vaguer.

Facts are removed one by one from random facts, on the law of Shenzhen and on rulebooks made up at
random; and everything optional is removed, one by one, from whole plans.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from lowalt import testing
from lowalt.airspace import load_airspace
from lowalt.assessment import assess
from lowalt.facts import Facts, Instance
from lowalt.flights import FlightPlan
from lowalt.judgement import Judgement, judge
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
"""For tests that judge once for each of a hundred facts."""


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


def assert_no_narrower(less: Judgement | Verdict, more: Judgement | Verdict, what: str) -> None:
    """Knowing less leaves at least the outcomes possible that knowing more did."""
    assert less.worst.rank >= more.worst.rank, f"not knowing {what} helped at the worst end"
    assert less.best.rank <= more.best.rank, f"knowing {what} widened the answer"


@FEW
@given(testing.facts(), testing.rulebooks(kind="shenzhen"))
def test_knowing_less_never_narrows_the_judgement_of_shenzhen(facts: Facts, book: Rulebook) -> None:
    more = judge(facts, rulebook=book)
    event(f"decision {more.decision.value}")
    for what, known in knowing_less(facts):
        assert_no_narrower(judge(known, rulebook=book), more, what)


@pytest.mark.parametrize("year", [2022, 2024, 2025, 2026])
@FEW
@given(data=st.data())
def test_nor_on_the_law_of_other_years(year: int, data: st.DataObject) -> None:
    period = TimeInterval(datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 1, tzinfo=UTC))
    facts = data.draw(testing.facts(period=period))
    book = data.draw(testing.rulebooks(kind="shenzhen", period=period))
    more = judge(facts, rulebook=book)
    for what, known in knowing_less(facts):
        assert_no_narrower(judge(known, rulebook=book), more, what)


@given(testing.facts(), testing.rulebooks(kind="synthetic"))
def test_knowing_less_never_narrows_the_judgement_of_any_rulebook(
    facts: Facts, book: Rulebook
) -> None:
    more = judge(facts, rulebook=book)
    event(f"decision {more.decision.value}")
    for what, known in knowing_less(facts):
        assert_no_narrower(judge(known, rulebook=book), more, what)


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


def judged(plan: FlightPlan) -> Verdict:
    return assess(plan, airspace=SHENZHEN)


@given(testing.plans(), st.data())
def test_leaving_anything_out_of_a_plan_never_helps(plan: FlightPlan, data: st.DataObject) -> None:
    more = judged(plan)
    event(f"decision {more.decision.value}")
    stated = list(testing.facts_stated(plan))
    for field in data.draw(st.lists(st.sampled_from(stated), max_size=15, unique=True)):
        assert_no_narrower(judged(testing.without(plan, field)), more, str(field))


@pytest.mark.parametrize("citation", [breach.citation for breach in BREACHES])
@settings(max_examples=max(8, settings().max_examples // 20))
@given(data=st.data())
def test_nor_does_leaving_out_a_whole_part_of_an_unlawful_plan(
    citation: str, data: st.DataObject
) -> None:
    plan = data.draw(testing.plan_cases(kind="unlawful", breaks=citation)).plan
    more = judged(plan)
    for field in testing.facts_stated(plan):
        if len(field) == 1:
            assert_no_narrower(judged(testing.without(plan, field)), more, str(field))


@pytest.mark.parametrize("citation", [breach.citation for breach in BREACHES])
@settings(max_examples=1)
@given(data=st.data())
def test_nor_does_leaving_out_each_thing_in_turn(citation: str, data: st.DataObject) -> None:
    plan = data.draw(testing.plan_cases(kind="unlawful", breaks=citation)).plan
    more = judged(plan)
    for field in testing.facts_stated(plan):
        assert_no_narrower(judged(testing.without(plan, field)), more, str(field))


@given(testing.plans(), st.data())
def test_leaving_out_more_and_more_widens_step_by_step(
    plan: FlightPlan, data: st.DataObject
) -> None:
    stated = list(testing.facts_stated(plan))
    order = data.draw(st.lists(st.sampled_from(stated), max_size=8, unique=True))
    verdict = judged(plan)
    for count in range(1, len(order) + 1):
        less = judged(testing.without(plan, *order[:count]))
        assert_no_narrower(less, verdict, str(order[count - 1]))
        verdict = less
