"""Who yields where two plans conflict, against an order written down by hand."""

from __future__ import annotations

import dataclasses
import itertools
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
from lowalt.errors import InvalidInputError, NaiveDatetimeError, UnknownNameError
from lowalt.priority import Outcome
from lowalt.regulations.sources import held_sources
from lowalt.report.precedence import explain_precedence
from lowalt.verdicts import Decision, Status

PLANS = Path(__file__).parent.parent / "examples" / "plans"
MORNING = datetime(2026, 6, 1, 9, tzinfo=UTC)

# Facts file, section 13, end; written out here so that the library's table is not its own witness.
ORDER = [
    ["counter_terror"],
    ["medical_rescue"],
    ["disaster_relief", "firefighting", "forest_firefighting"],
    ["blood_transport"],
    ["marine_patrol"],
    ["delivery"],
    ["inspection", "aerial_photography"],
    ["recreation"],
]
NEED_AN_ORDER = {kind for kinds in ORDER[:5] for kind in kinds}
OTHER_WORK = 6
CAN_ORDER_ALL = {
    "counter_terror": "police",
    "medical_rescue": "emergency_centre",
    "disaster_relief": "emergency_management",
    "firefighting": "fire_and_rescue",
    "forest_firefighting": "forestry",
    "blood_transport": "blood_centre",
    "marine_patrol": "maritime",
}


class Flight(NamedTuple):
    """What of a plan the order looks at; times are minutes."""

    is_unmanned: bool | None = True
    kind: str | None = "inspection"
    ordered: bool | None = True
    filed: int | None = 0
    accepted: int | None = None
    prohibited: bool = False


def plan(name: str, flight: Flight) -> la.FlightPlan:
    order: dict[str, Any] | None = None
    if flight.ordered is not None:
        order = {"held": flight.ordered}
    if flight.ordered and flight.kind in NEED_AN_ORDER:
        order = {
            "held": True,
            "issued_by": CAN_ORDER_ALL[flight.kind],
            "issued_at": (MORNING - timedelta(days=3)).isoformat(),
            "mission": flight.kind,
        }
    filed = None if flight.filed is None else moment(flight.filed).isoformat()
    return la.parse_plan(
        {
            "plan_id": name,
            "datum": "WGS84",
            "operating_area": {
                "circle": {"lon_deg": 114.2, "lat_deg": 22.66, "radius_m": 100.0},
                "floor": {"value_m": 0.0, "reference": "AGL"},
                "ceiling": {"value_m": 50.0, "reference": "AGL"},
                "start": MORNING.isoformat(),
                "end": (MORNING + timedelta(hours=1)).isoformat(),
            },
            "operator": {"name": "例", "kind": "unit"},
            "aircraft": {"is_unmanned": flight.is_unmanned},
            "mission": {"kind": flight.kind, "urgency": "normal", "task_order": order},
            "submission": {"submitted_at": filed},
        }
    )


def moment(minutes: int) -> datetime:
    return MORNING - timedelta(days=2) + timedelta(minutes=minutes)


@cache
def some_verdict() -> la.Verdict:
    return la.assess(
        la.read_plan(PLANS / "01_light_uav_suitable_airspace.json"),
        airspace=la.load_airspace("shenzhen"),
    )


def verdict(of: la.FlightPlan, decision: Decision) -> la.Verdict:
    """Verdict of a plan with a decision; nothing else in it is looked at."""
    record = dataclasses.replace(some_verdict().record, plan=of.digest)
    return dataclasses.replace(some_verdict(), plan_id=of.plan_id, decision=decision, record=record)


def settle(*flights: Flight) -> dict[tuple[str, str], la.Precedence]:
    """Settle every pair of flights called a, b, c ..."""
    plans = [plan(chr(ord("a") + i), flight) for i, flight in enumerate(flights)]
    pairs = list(itertools.combinations(range(len(plans)), 2))
    known = list(zip(plans, flights, strict=True))
    found = la.settle(
        plans,
        pairs,
        verdicts=[verdict(p, Decision.PROHIBITED) for p, f in known if f.prohibited],
        accepted_at={p.plan_id: moment(f.accepted) for p, f in known if f.accepted is not None},
    )
    return {each.between: each for each in found}


def yields(first: Flight, second: Flight) -> str | None:
    (found,) = settle(first, second).values()
    return found.yields


# The oracle


def place(flight: Flight) -> int:
    if flight.kind is None:
        return len(ORDER) - 1
    if flight.kind in NEED_AN_ORDER and not flight.ordered:
        return OTHER_WORK
    return next(i for i, kinds in enumerate(ORDER) if flight.kind in kinds)


def expected(a: Flight, b: Flight) -> tuple[Outcome, str | None]:
    """Outcome and the name of the one that yields, by the rules as a person would read them."""
    if a.prohibited or b.prohibited:
        if a.prohibited and b.prohibited:
            return Outcome.NEITHER, None
        return Outcome.ONE_YIELDS, "a" if a.prohibited else "b"
    if a.is_unmanned is None or b.is_unmanned is None:
        return Outcome.UNDECIDED, None
    if a.is_unmanned != b.is_unmanned:
        return Outcome.SEPARATE, None
    if place(a) != place(b):
        return Outcome.ONE_YIELDS, "a" if place(a) > place(b) else "b"
    if (a.accepted is None) != (b.accepted is None):
        return Outcome.ONE_YIELDS, "a" if a.accepted is None else "b"
    came = (a.accepted, b.accepted) if a.accepted is not None else (a.filed, b.filed)
    if None in came or came[0] == came[1]:
        return Outcome.UNDECIDED, None
    return Outcome.ONE_YIELDS, "a" if came[0] > came[1] else "b"  # type: ignore[operator]


FLIGHTS = st.builds(
    Flight,
    is_unmanned=st.sampled_from([True, True, False, None]),
    kind=st.sampled_from([*(kind for kinds in ORDER for kind in kinds), None]),
    ordered=st.sampled_from([True, True, False, None]),
    filed=st.sampled_from([0, 1, 2, None]),
    accepted=st.sampled_from([None, None, 3, 4]),
    prohibited=st.sampled_from([False, False, False, True]),
)


@given(FLIGHTS, FLIGHTS)
def test_it_decides_as_the_order_written_by_hand(a: Flight, b: Flight) -> None:
    (found,) = settle(a, b).values()
    assert (found.outcome, found.yields) == expected(a, b)
    assert found.keeps == {"a": "b", "b": "a"}.get(found.yields or "")
    assert (found.isolates is not None) == (found.outcome is Outcome.SEPARATE)
    assert found.citations or found.outcome in {Outcome.NEITHER, Outcome.ONE_YIELDS}


@given(st.lists(FLIGHTS, min_size=3, max_size=4))
def test_yielding_goes_one_way_over_any_number_of_flights(flights: list[Flight]) -> None:
    found = settle(*flights)
    given_way = {(e.yields, e.keeps) for e in found.values() if e.yields and e.keeps}
    for (a, b), (c, d) in itertools.product(given_way, repeat=2):
        if b == c:
            assert a != d
            between = found[min(a, d), max(a, d)]
            assert between.yields != d
            if between.outcome is Outcome.ONE_YIELDS:
                assert between.yields == a


def test_it_does_not_matter_which_is_named_first() -> None:
    a, b = plan("a", Flight(kind="delivery")), plan("b", Flight(kind="blood_transport"))
    assert la.precedence(a, b) == la.precedence(b, a)
    plans = [a, b, plan("c", Flight(is_unmanned=False))]
    by_number = la.settle(plans, np.array([[2, 0], [1, 0]], dtype=np.intp))
    assert by_number == la.settle(plans, [("c", "a"), ("b", "a")])
    assert [each.between for each in by_number] == [("a", "c"), ("a", "b")]


# What each question turns on


@pytest.mark.parametrize(
    ("ordered", "said"), [(False, "contradict"), (None, "not stated who ordered")]
)
def test_a_claim_that_the_facts_do_not_bear_out_has_no_rank(
    ordered: bool | None, said: str
) -> None:
    claim = Flight(kind="medical_rescue", ordered=ordered)
    assert yields(Flight(kind="medical_rescue"), Flight(kind="delivery")) == "b"
    (found,) = settle(claim, Flight(kind="delivery")).values()
    assert found.yields == "a"
    assert said in found.reason["en"]
    assert "medical rescue" in found.reason["en"]


def test_police_need_no_order_for_what_is_their_office() -> None:
    document = json.loads(plan("a", Flight(kind="patrol", ordered=None)).model_dump_json())
    document["operator"]["kind"] = "police"
    rescue = plan("b", Flight(kind="medical_rescue"))
    assert la.precedence(la.parse_plan(document), rescue).yields == "b"


def test_an_unmanned_rescue_is_kept_apart_from_any_helicopter() -> None:
    rescue, tour = Flight(kind="medical_rescue"), Flight(False, "recreation")
    for flights in ((rescue, tour), (tour, rescue)):
        (found,) = settle(*flights).values()
        assert found.outcome is Outcome.SEPARATE
        assert found.isolates == ("a" if flights[0] is rescue else "b")
        assert (found.yields, found.keeps, found.is_inference) == (None, None, False)


def test_what_may_fly_together_gives_way_to_the_helicopter_instead() -> None:
    document = json.loads((PLANS / "01_light_uav_suitable_airspace.json").read_text("utf-8"))
    helicopter = plan("helicopter", Flight(False, "recreation"))
    for requested, outcome in ((True, Outcome.ONE_YIELDS), (False, Outcome.SEPARATE)):
        document["mission"]["requests_fusion"] = requested
        drone = la.parse_plan(document)
        judged = la.assess(drone, airspace=la.load_airspace("shenzhen"))
        found = la.precedence(drone, helicopter, verdicts=[judged])
        assert (found.outcome, found.keeps) == (outcome, "helicopter" if requested else None)
        # Without the verdict nothing shows that it may.
        assert la.precedence(drone, helicopter).outcome is Outcome.SEPARATE


def test_priority_cures_no_prohibition_and_names_the_breach() -> None:
    rescue = la.read_plan(PLANS / "11_urgent_antivenom_20_minutes.json")
    judged = la.assess(rescue, airspace=la.load_airspace("shenzhen"))
    assert judged.decision is Decision.PROHIBITED
    found = la.precedence(rescue, plan("a", Flight(kind="recreation")), verdicts=[judged])
    assert found.yields == rescue.plan_id
    breached = {f.citation for f in judged.findings if f.status is Status.BREACHED}
    assert found.citations
    assert set(found.citations) <= breached


def test_an_open_decision_keeps_its_place() -> None:
    rescue, tour = plan("a", Flight(kind="medical_rescue")), plan("b", Flight(kind="recreation"))
    for decision in (Decision.INDETERMINATE, Decision.APPROVAL_REQUIRED):
        assert la.precedence(rescue, tour, verdicts=[verdict(rescue, decision)]).yields == "b"


def test_two_helicopters_that_meet_are_told_of_the_500_metres() -> None:
    (found,) = settle(Flight(False, "inspection"), Flight(False, "medical_rescue")).values()
    assert (found.yields, found.in_the_air) == ("a", ("cn/order_288_2007#art_71",))
    assert "500 m" in explain_precedence([found])


def test_only_the_order_of_missions_and_of_filing_is_our_inference() -> None:
    cases = {
        (Flight(kind="delivery"), Flight(kind="recreation")): True,
        (Flight(filed=1), Flight(filed=2)): True,
        (Flight(), Flight(False)): False,
        (Flight(prohibited=True), Flight()): False,
    }
    for flights, is_inference in cases.items():
        (found,) = settle(*flights).values()
        assert found.is_inference is is_inference


# What is said


@pytest.mark.parametrize(
    ("lang", "apart", "inferred"),
    [("en", "kept apart", "our inference"), ("zh", "隔离飞行", "我们的推论")],
)
def test_conflicts_are_explained_in_both_languages(lang: Any, apart: str, inferred: str) -> None:
    found = settle(
        Flight(kind="delivery"),
        Flight(kind="blood_transport"),
        Flight(False, "medical_rescue", ordered=False),
        Flight(False, None, filed=None),
        Flight(filed=None),
        Flight(None),
    )
    text = explain_precedence(found.values(), lang=lang)
    assert apart in text
    assert inferred in text
    assert "cn/order_761_2023" not in text  # every citation is written as people cite
    assert all(each.plan_id in text for each in (plan("a", Flight()), plan("f", Flight())))
    assert explain_precedence([], lang=lang)


@given(st.lists(FLIGHTS, min_size=2, max_size=3))
def test_every_citation_is_a_provision_that_there_is(flights: list[Flight]) -> None:
    found = settle(*flights).values()
    cited = {c for each in found for c in (*each.citations, *each.in_the_air)}
    sources, _ = held_sources("shenzhen")
    assert cited <= {
        p.citation for source in sources for p in source.instrument.provisions.values()
    }
    assert all(each.reason["zh"] and each.reason["en"] for each in found)


@pytest.mark.parametrize(
    ("options", "said"), [({"lang": "fr"}, "'zh' and 'en'"), ({"width": 20}, "40 columns")]
)
def test_no_other_language_and_no_narrower_page(options: Any, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        explain_precedence([], **options)


# Wrong input


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ((0, 0), "two different plans"),
        ((0, 2), "position 2 in a pair: expected 0 to 1"),
        ((-1, 0), "position -1"),
        ((0,), "two different plans"),
        ((0, 1, 0), "two different plans"),
        ((0.0, 1.0), "position of a plan or its identifier"),
    ],
)
def test_a_pair_that_is_none_is_refused(pair: Any, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        la.settle([plan("a", Flight()), plan("b", Flight())], [pair])


def test_a_plan_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"'c'.*there are a, b"):
        la.settle([plan("a", Flight()), plan("b", Flight())], [("a", "c")])


def test_two_plans_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"'a'.*one each"):
        la.precedence(plan("a", Flight()), plan("a", Flight(kind="delivery")))


def test_a_verdict_of_another_version_of_the_plan_is_refused() -> None:
    old, new = plan("a", Flight()), plan("a", Flight(kind="delivery"))
    with pytest.raises(InvalidInputError, match="another version"):
        la.precedence(new, plan("b", Flight()), verdicts=[verdict(old, Decision.PERMITTED)])


def test_a_time_of_acceptance_has_a_zone() -> None:
    with pytest.raises(NaiveDatetimeError, match=r"accepted_at\['a'\]"):
        la.precedence(
            plan("a", Flight()),
            plan("b", Flight()),
            accepted_at={"a": datetime(2026, 6, 1)},  # noqa: DTZ001 - the fault meant
        )
