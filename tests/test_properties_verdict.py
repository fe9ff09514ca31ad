"""What a verdict is made of, whatever the facts and whatever the law."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from lowalt import testing
from lowalt.airspace import EVERY_HEIGHT, AirspaceDataset, Zone, load_airspace
from lowalt.assessment import assess
from lowalt.engine import InferenceRule
from lowalt.facts import Facts, Instance
from lowalt.flights import FlightPlan, parse_plan
from lowalt.judgement import CONSEQUENCE, Judgement, judge
from lowalt.regulations.conditions import ALWAYS, Holds, Not
from lowalt.regulations.model import Effect
from lowalt.regulations.rulebook import Rule, Rulebook, load_rulebook
from lowalt.temporal import TimeInterval
from lowalt.terms import ControlMode, Jurisdiction, ZoneKind
from lowalt.testing.airspaces import dataset_of
from lowalt.testing.rulebooks import rulebook_of, synthetic_rule
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.vocabulary import FactValue, fact

SHENZHEN = load_airspace("shenzhen")
HARMED = {Status.BREACHED, Status.REQUIRED}

# The law has one duty that a flight sheds by flying higher or nearer to a zone: the certificate for
# routine agriculture, which there is only in suitable airspace. Nothing grows more lenient beside
# it, so agricultural aircraft are left out where strictness is compared.
NOT_AGRICULTURAL = {"is_agricultural_uav": False}


IN_SCOPE: Mapping[str, FactValue] = {"is_within_dataset": True, "is_unmanned": True}
"""Without these nothing is permitted, whatever the rules say."""

# Only micro aircraft must stay in sight (decree 761 art. 32(5)), and in Hong Kong the lightest have
# the lowest ceiling; nothing else asks more of a lighter aircraft.
IN_SIGHT_ON_THE_MAINLAND: Mapping[str, FactValue] = {"control_mode": ControlMode.VLOS}
MAINLAND_LEG = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})

WITHOUT_CAMPS = tuple(kind for kind in ZoneKind if kind is not ZoneKind.AVIATION_CAMP)
"""A camp is where model aircraft may fly: the one kind of zone that allows."""


def strictest(outcomes: list[Decision]) -> Decision:
    return max(outcomes, key=lambda d: d.rank, default=Decision.PERMITTED)


# One may fly over a zone with a ceiling, which is more lenient.
NO_CEILINGS = dataclasses.replace(
    SHENZHEN,
    features=tuple(z for z in SHENZHEN.zones if all(v.layer == EVERY_HEIGHT for v in z.volumes)),
)


def judged(plan: FlightPlan, **kwargs: object) -> Verdict:
    return assess(plan, airspace=SHENZHEN, **kwargs)  # type: ignore[arg-type]  # checked where called


def no_more_lenient(stricter: Judgement | Verdict, other: Judgement | Verdict) -> None:
    assert stricter.worst.rank >= other.worst.rank
    assert stricter.best.rank >= other.best.rank


# The decision


@given(testing.facts(), testing.rulebooks())
def test_the_decision_is_the_join_of_what_its_rules_ask(facts: Facts, book: Rulebook) -> None:
    judgement = judge(facts, rulebook=book)
    event(f"decision {judgement.decision.value}")
    certain = [CONSEQUENCE[r.rule.effect] for r in judgement.results if r.status in HARMED]
    possible = [CONSEQUENCE[r.rule.effect] for r in judgement.results if r.violations]
    assert judgement.best is strictest(certain)
    if judgement.ungoverned or judgement.outside_dataset:
        assert judgement.worst is Decision.PROHIBITED
    else:
        assert judgement.worst is strictest(possible)
    assert judgement.best.rank <= judgement.worst.rank
    settled = judgement.best is judgement.worst
    assert judgement.decision is (judgement.best if settled else Decision.INDETERMINATE)


@given(testing.facts(), testing.rulebooks())
def test_every_rule_gets_exactly_one_status_that_fits_its_violations(
    facts: Facts, book: Rulebook
) -> None:
    judgement = judge(facts, rulebook=book)
    assert [r.rule for r in judgement.results] == list(book.rules)
    for result in judgement.results:
        certain = any(v.certain for v in result.violations)
        barred = result.rule.effect in (Effect.PROHIBITS, Effect.ADVISES)
        assert (result.status is Status.BREACHED) == (certain and barred)
        assert (result.status is Status.REQUIRED) == (certain and not barred)
        if result.violations and not certain:
            assert result.status is Status.MISSING_INFO
        if result.status is Status.WAIVED:
            assert result.waived_by
        if result.status in (Status.MET, Status.WAIVED, Status.NOT_APPLICABLE):
            assert not result.violations
        assert judgement.status_of(result.rule.citation) is result.status


@given(testing.plans())
def test_the_findings_of_a_plan_say_what_its_decision_says(plan: FlightPlan) -> None:
    verdict = judged(plan)
    harmed = [f.consequence for f in verdict.findings if f.status in HARMED]
    assert verdict.best is strictest([c for c in harmed if c is not None])
    book = load_rulebook("shenzhen", on=plan.departure.date())
    cited = {f.citation for f in verdict.findings}
    assert cited == {r.citation for r in book.rules} | {p.citation for p in book.dormant}
    if verdict.decision is Decision.INDETERMINATE:
        assert verdict.missing


@given(testing.plans())
def test_findings_come_worst_first(plan: FlightPlan) -> None:
    binding = [f for f in judged(plan).findings if f.consequence is not None]
    order = list(Status)
    assert all(order.index(a.status) <= order.index(b.status) for a, b in pairwise(binding))


# Order and names


def rebuilt(book: Rulebook, rules: list[Rule], table: list[InferenceRule]) -> Rulebook:
    return rulebook_of(
        rules, table, definitions=book.definitions, on=book.on, governed=book.governed
    )


@given(testing.facts(), testing.rulebooks(kind="synthetic"), st.randoms(use_true_random=False))
def test_the_order_of_rules_never_matters(facts: Facts, book: Rulebook, random: Random) -> None:
    rules, table = list(book.rules), list(book.engine._rules)  # type: ignore[attr-defined]  # the table it was made of
    random.shuffle(rules)
    random.shuffle(table)
    first = judge(facts, rulebook=book)
    second = judge(facts, rulebook=rebuilt(book, rules, table))
    assert (first.best, first.worst) == (second.best, second.worst)
    for result in first.results:
        assert second.status_of(result.rule.citation) is result.status


@given(testing.facts(), testing.rulebooks(kind="synthetic"))
def test_what_provisions_are_called_never_matters(facts: Facts, book: Rulebook) -> None:
    names = {rule.citation: f"test/law#条{99 - i}" for i, rule in enumerate(book.rules)}
    table = [
        dataclasses.replace(
            entry, name=names[entry.name], waives=tuple(names[w] for w in entry.waives)
        )
        for entry in book.engine._rules  # type: ignore[attr-defined]  # the table it was made of
    ]
    rules = [dataclasses.replace(rule, citation=names[rule.citation]) for rule in book.rules]
    first = judge(facts, rulebook=book)
    second = judge(facts, rulebook=rebuilt(book, rules, table))
    assert (first.best, first.worst) == (second.best, second.worst)
    assert [r.status for r in first.results] == [r.status for r in second.results]


@pytest.mark.parametrize("count", [64, 65, 200])
@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_many_rules_may_be_broken_at_once(count: int, engine: str) -> None:
    if engine == "durable":
        pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    hover = Holds(fact("is_indoor"))
    effects = [Effect.REQUIRES_FILING] * (count - 1) + [Effect.PROHIBITS]
    rules = [
        synthetic_rule(f"art_{i}", effect=effect, applies=ALWAYS, satisfied=Not(hover))
        for i, effect in enumerate(effects)
    ]
    book = rulebook_of(rules, prefer="durable" if engine == "durable" else "reference")
    facts = Facts({**IN_SCOPE, "is_indoor": True})
    judgement = judge(facts, rulebook=book)
    assert judgement.decision is Decision.PROHIBITED
    assert [r.status for r in judgement.results].count(Status.REQUIRED) == count - 1
    assert judgement.results[-1].status is Status.BREACHED
    kept = Facts({**IN_SCOPE, "is_indoor": False})
    assert judge(kept, rulebook=book).decision is Decision.PERMITTED


# Engines


@given(testing.facts(), st.dates(date(2022, 6, 28), date(2027, 6, 1)))
def test_both_engines_judge_alike_under_the_law_of_shenzhen(facts: Facts, on: date) -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    durable = load_rulebook("shenzhen", on=on, engine="durable")
    reference = load_rulebook("shenzhen", on=on, engine="reference")
    one, other = judge(facts, rulebook=durable), judge(facts, rulebook=reference)
    assert (one.best, one.worst) == (other.best, other.worst)
    for a, b in zip(one.results, other.results, strict=True):
        assert (a.rule.citation, a.status, a.fires, a.waived_by) == (
            b.rule.citation,
            b.status,
            b.fires,
            b.waived_by,
        )


# More of it is never more lenient


def changed(facts: Facts, **values: FactValue) -> Facts:
    return dataclasses.replace(facts, flight={**facts.flight, **values})


def on_every_leg(facts: Facts, **values: FactValue) -> Facts:
    legs = tuple(Instance(leg.exists, {**leg.values, **values}) for leg in facts.legs)
    return dataclasses.replace(facts, legs=legs)


@given(
    testing.facts(),
    testing.rulebooks(kind="shenzhen"),
    st.integers(0, 10**6) | st.sampled_from([1, 60_000, 86_400_000, 10**9]),
)
def test_filing_later_is_never_more_lenient(facts: Facts, book: Rulebook, later_ms: int) -> None:
    departure = facts.flight.get("departure_at")
    filed = facts.flight.get("submitted_at", departure)
    if filed is None:
        return
    early = changed(facts, submitted_at=filed)
    late = changed(facts, submitted_at=int(filed) + later_ms)
    no_more_lenient(judge(late, rulebook=book), judge(early, rulebook=book))


@given(testing.facts(), testing.rulebooks(kind="shenzhen"), st.data())
def test_flying_higher_is_never_more_lenient(
    facts: Facts, book: Rulebook, data: st.DataObject
) -> None:
    limits = st.sampled_from(
        [0, 49_999, 50_000, 119_999, 120_000, 120_001, 300_000, 300_001, 400_000]
    )
    low, high = sorted(data.draw(st.tuples(limits, limits)))
    base = data.draw(st.sampled_from([200_000, 340_000, 350_000, 900_000]))
    lower, higher = (
        changed(
            on_every_leg(facts, cloud_base_mm=base, cloud_clearance_mm=base - height),
            max_true_height_mm=height,
            **NOT_AGRICULTURAL,
        )
        for height in (low, high)
    )
    no_more_lenient(judge(higher, rulebook=book), judge(lower, rulebook=book))


@given(testing.facts(), testing.rulebooks(kind="shenzhen"), st.data())
def test_more_mass_is_never_more_lenient(facts: Facts, book: Rulebook, data: st.DataObject) -> None:
    limits = [0, 249, 250, 4_000, 4_001, 7_000, 7_001, 15_001, 25_001, 150_000, 150_001]
    empty, laden = (sorted(data.draw(st.tuples(*[st.sampled_from(limits)] * 2))) for _ in "el")
    facts = changed(facts, **NOT_AGRICULTURAL, **IN_SIGHT_ON_THE_MAINLAND)
    facts = dataclasses.replace(facts, legs=(MAINLAND_LEG,))
    lighter, heavier = (
        changed(facts, empty_mass_g=e, max_takeoff_mass_g=m)
        for e, m in zip(empty, laden, strict=True)
    )
    no_more_lenient(judge(heavier, rulebook=book), judge(lighter, rulebook=book))


@given(testing.facts(), testing.rulebooks(kind="shenzhen"))
def test_more_zones_are_never_more_lenient(facts: Facts, book: Rulebook) -> None:
    facts = changed(facts, **NOT_AGRICULTURAL)
    for count in range(len(facts.encounters)):
        fewer = dataclasses.replace(facts, encounters=facts.encounters[:count])
        more = dataclasses.replace(facts, encounters=facts.encounters[: count + 1])
        no_more_lenient(judge(more, rulebook=book), judge(fewer, rulebook=book))


@given(testing.plans(), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_filing_a_plan_later_is_never_more_lenient(plan: FlightPlan, later: timedelta) -> None:
    filed = plan.departure - timedelta(days=2)
    early, late = judged(plan, submitted_at=filed), judged(plan, submitted_at=filed + later)
    no_more_lenient(late, early)


@given(testing.plans(kind="lawful") | testing.plans(), st.integers(0, 300))
def test_flying_a_plan_higher_above_ground_is_never_more_lenient(
    plan: FlightPlan, more_m: int
) -> None:
    document = plan.model_dump(mode="json", exclude_none=True)
    for waypoint in document.get("waypoints", ()):
        waypoint["level"]["value_m"] += more_m
    if area := document.get("operating_area"):
        area["ceiling"]["value_m"] += more_m
    higher, lower = (assess(p, airspace=NO_CEILINGS) for p in (parse_plan(document), plan))
    no_more_lenient(higher, lower)


@given(testing.plans(), testing.datasets(kinds=WITHOUT_CAMPS, max_zones=4))
def test_a_dataset_with_more_zones_is_never_more_lenient(
    plan: FlightPlan, airspace: AirspaceDataset
) -> None:
    period = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))

    def with_zones(zones: tuple[Zone, ...]) -> Verdict:
        return assess(plan, airspace=dataset_of(zones, period=period))

    for count in range(len(airspace.zones)):
        fewer, more = airspace.zones[:count], airspace.zones[: count + 1]
        no_more_lenient(with_zones(more), with_zones(fewer))


def test_the_join_knows_a_case_by_hand() -> None:
    """One duty of each kind, filed, unknown and breached: the join is the strictest."""
    flag = Holds(fact("is_indoor"))
    rules = [
        synthetic_rule("art_1", effect=Effect.REQUIRES_FILING, satisfied=flag),
        synthetic_rule("art_2", effect=Effect.PROHIBITS, satisfied=Holds(fact("is_activated"))),
        synthetic_rule("art_3", effect=Effect.ADVISES, satisfied=flag),
    ]
    book = rulebook_of(rules)
    known: Mapping[str, FactValue] = {**IN_SCOPE, "is_indoor": False}
    open_ = judge(Facts(known), rulebook=book)
    assert (open_.best, open_.worst) == (Decision.FILING_REQUIRED, Decision.PROHIBITED)
    assert [r.status for r in open_.results] == ["required", "missing_info", "breached"]
    settled = judge(Facts({**known, "is_activated": True}), rulebook=book)
    assert settled.decision is Decision.FILING_REQUIRED
    abroad = Facts({**known, "is_activated": True}, legs=(Instance(Truth.TRUE, {}),))
    assert judge(abroad, rulebook=book).decision is Decision.FILING_REQUIRED
