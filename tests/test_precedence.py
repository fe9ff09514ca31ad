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
    ["delivery", "passenger"],
    ["inspection", "aerial_photography"],
    ["recreation"],
]
NEED_AN_ORDER = {kind for kinds in ORDER[:5] for kind in kinds}
LINES, OTHER_WORK, LAST = 5, 6, 7
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
    on_a_line: bool = True


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
            "mission": {
                "kind": flight.kind,
                "urgency": "normal",
                "task_order": order,
                "on_public_route": flight.on_a_line,
            },
            "submission": {"submitted_at": filed},
        }
    )


def moment(minutes: int) -> datetime:
    return MORNING - timedelta(days=2) + timedelta(minutes=minutes)


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def some_verdict() -> la.Verdict:
    return la.assess(
        la.read_plan(PLANS / "01_light_uav_suitable_airspace.json"), airspace=airspace()
    )


@cache
def asking_to_share(
    requests: bool = True, own_only: bool = False, body: str | None = "the same body"
) -> la.FlightPlan:
    """A light aircraft in suitable airspace, which may share it with manned ones if it asks."""
    document = json.loads((PLANS / "01_light_uav_suitable_airspace.json").read_text("utf-8"))
    document["operator"]["name"] = body
    document["mission"] |= {"requests_fusion": requests, "with_own_manned_aircraft": own_only}
    return la.parse_plan(document)


@cache
def on_sharing(
    requests: bool = True, own_only: bool = False, body: str | None = "the same body"
) -> la.Verdict:
    return la.assess(asking_to_share(requests, own_only, body), airspace=airspace())


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
    if flight.kind is None or (flight.kind in NEED_AN_ORDER and not flight.ordered):
        return LAST
    if flight.kind == "passenger":  # in an area: it is carried nowhere
        return OTHER_WORK
    found = next(i for i, kinds in enumerate(ORDER) if flight.kind in kinds)
    return OTHER_WORK if found == LINES and not flight.on_a_line else found


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
    on_a_line=st.booleans(),
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
    claim = Flight(kind="medical_rescue", ordered=ordered, filed=0)
    assert yields(Flight(kind="medical_rescue"), Flight(kind="delivery")) == "b"
    (found,) = settle(claim, Flight(kind="inspection", filed=1)).values()
    assert found.yields == "a"
    assert said in found.reason["en"]
    assert "medical rescue" in found.reason["en"]


@pytest.mark.parametrize("honest", ["recreation", None])
def test_a_false_claim_goes_before_no_honest_flight_filed_earlier(honest: str | None) -> None:
    for kind in NEED_AN_ORDER:
        claim = Flight(kind=kind, ordered=False, filed=1)
        assert yields(claim, Flight(kind=honest, filed=0)) == "a"


def test_police_have_the_last_place_too_with_a_claim_that_is_false() -> None:
    document = json.loads(
        plan("a", Flight(kind="blood_transport", ordered=False)).model_dump_json()
    )
    document["operator"]["kind"] = "police"
    assert la.precedence(la.parse_plan(document), plan("b", Flight())).yields == "a"


def test_a_delivery_goes_before_other_work_only_on_an_approved_line() -> None:
    document = json.loads((PLANS / "05_delivery_near_airport_approved.json").read_text("utf-8"))
    other = plan("inspection", Flight(filed=-9_999_999))
    delivery = la.parse_plan(document)
    approved = la.assess(delivery, airspace=airspace())
    assert la.precedence(delivery, other, verdicts=[approved]).yields == "inspection"
    unseen = la.precedence(delivery, other)
    assert unseen.yields == delivery.plan_id
    assert "not shown to fly an approved route" in unseen.reason["en"]
    document["approvals"] = []
    refused = la.parse_plan(document)
    judged = la.assess(refused, airspace=airspace())
    assert la.precedence(refused, other, verdicts=[judged]).yields == refused.plan_id
    document["mission"]["on_public_route"] = True
    assert la.precedence(la.parse_plan(document), other).yields == "inspection"


@pytest.mark.parametrize(("lon_deg", "keeps"), [(114.21, True), (114.2097, False)])
def test_passengers_brought_back_are_sightseers(lon_deg: float, keeps: bool) -> None:
    # From 114.2 E to 114.21 E along 22.66 N it is 1 028 m, to 114.2097 E 997 m.
    round_trip = at("shuttle", MORNING, (114.2, 22.66), (114.3, 22.66), (lon_deg, 22.66))
    document = json.loads(round_trip.model_dump_json())
    document["mission"]["kind"] = "passenger"
    found = la.precedence(la.parse_plan(document), plan("inspection", Flight(filed=-1)))
    assert found.keeps == ("shuttle" if keeps else "inspection")


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
    helicopter = plan("helicopter", Flight(False, "recreation"))
    for requested, outcome in ((True, Outcome.ONE_YIELDS), (False, Outcome.SEPARATE)):
        drone = asking_to_share(requested)
        found = la.precedence(drone, helicopter, verdicts=[on_sharing(requested)])
        assert (found.outcome, found.keeps) == (outcome, "helicopter" if requested else None)
        # Without the verdict nothing shows that it may.
        assert la.precedence(drone, helicopter).outcome is Outcome.SEPARATE


@pytest.mark.parametrize(
    ("own_only", "bodies", "outcome"),
    [
        (False, ("one body", "another"), Outcome.ONE_YIELDS),
        (True, ("one body", "another"), Outcome.SEPARATE),
        (True, ("one body", None), Outcome.SEPARATE),
        (True, (None, None), Outcome.SEPARATE),
        (True, ("one body", "one body"), Outcome.ONE_YIELDS),
    ],
)
def test_leave_to_fly_among_ones_own_aircraft_is_none_for_those_of_others(
    own_only: bool, bodies: tuple[str | None, str | None], outcome: Outcome
) -> None:
    of_body = json.loads(plan("helicopter", Flight(False)).model_dump_json())
    unmanned, of_body["operator"]["name"] = bodies
    found = la.precedence(
        asking_to_share(own_only=own_only, body=unmanned),
        la.parse_plan(of_body),
        verdicts=[on_sharing(own_only=own_only, body=unmanned)],
    )
    assert found.outcome is outcome
    assert ("of others" in found.reason["en"]) is (outcome is Outcome.SEPARATE)


@pytest.mark.parametrize("duty", ["art_22__para_2", "art_22__para_2__cases"])
def test_among_helicopters_both_duties_of_flying_together_are_settled(duty: str) -> None:
    drone, judged = asking_to_share(), on_sharing()
    unsettled = dataclasses.replace(
        judged,
        findings=tuple(
            dataclasses.replace(f, status=Status.MISSING_INFO)
            if f.citation == f"cn/order_761_2023#{duty}"
            else f
            for f in judged.findings
        ),
    )
    helicopter = plan("helicopter", Flight(False))
    assert la.precedence(drone, helicopter, verdicts=[judged]).outcome is Outcome.ONE_YIELDS
    assert la.precedence(drone, helicopter, verdicts=[unsettled]).outcome is Outcome.SEPARATE


# By what law


def at(name: str, start: datetime, *places: tuple[float, float]) -> la.FlightPlan:
    """A flight from place to place, 22.66 N 114.2 E and a kilometre on where none are given."""
    document = json.loads(plan(name, Flight()).model_dump_json())
    del document["operating_area"]
    document["route_buffer_m"] = 20.0
    document["waypoints"] = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": 50.0, "reference": "AGL"},
            "time": (start + timedelta(minutes=10 * number)).isoformat(),
        }
        for number, (lon_deg, lat_deg) in enumerate(places or ((114.2, 22.66), (114.21, 22.66)))
    ]
    return la.parse_plan(document)


def test_before_the_decree_nothing_is_decided() -> None:
    source = next(s for s in held_sources("shenzhen")[0] if "order_761" in s.instrument.identifier)
    assert source.instrument.in_force.start.isoformat() == "2024-01-01"
    new_year = datetime.fromisoformat("2024-01-01T00:00:00+08:00")
    last_year = (new_year - timedelta(seconds=1)).astimezone(UTC)
    before = la.precedence(at("a", last_year), at("b", new_year))
    assert (before.outcome, before.yields, before.in_the_air) == (Outcome.UNDECIDED, None, ())
    assert "Decree 761, in force from 2024-01-01; before that fly: a" in before.reason["en"]
    assert "rests on: " not in explain_precedence([before])
    after = la.precedence(at("a", new_year.astimezone(UTC)), at("b", new_year))
    assert "equal in rank" in after.reason["en"]


def test_outside_the_mainland_nothing_is_decided_and_where_it_is_not_known_it_is_said() -> None:
    here, there = at("here", MORNING), at("there", MORNING, (114.1, 22.37), (114.11, 22.37))
    verdicts = {
        each.plan_id: dataclasses.replace(
            la.assess(each, airspace=airspace()), decision=Decision.INDETERMINATE
        )
        for each in (here, there)
    }
    abroad = la.precedence(here, there, verdicts=verdicts.values())
    assert (abroad.outcome, abroad.yields, abroad.in_the_air) == (Outcome.UNDECIDED, None, ())
    assert "wholly outside it fly: there" in abroad.reason["en"]
    unseen = la.precedence(here, there, verdicts=[verdicts["here"]])
    assert "equal in rank" in unseen.reason["en"]
    assert "taken to be over the Mainland, as no verdict shows where: there" in unseen.reason["en"]
    beside = at("beside", MORNING)
    seen = [verdicts["here"], verdict(beside, Decision.INDETERMINATE)]  # that of a flight at home
    assert "Mainland" not in la.precedence(here, beside, verdicts=seen).reason["en"]


def test_priority_cures_no_prohibition_and_names_the_breach() -> None:
    rescue = la.read_plan(PLANS / "11_urgent_antivenom_20_minutes.json")
    judged = la.assess(rescue, airspace=airspace())
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
        ((True, False), "True in a pair: expected the position of a plan or its identifier"),
        ((np.array([0, 1]), 1), "position of a plan or its identifier"),
        ("ab", "'ab': expected two different plans"),
        (0, "pair 0: expected two different plans"),
        (None, "pair nothing: expected two different plans"),
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


def test_a_flat_list_of_numbers_is_no_list_of_pairs() -> None:
    plans = [plan("a", Flight()), plan("b", Flight())]
    for pairs in ([0, 1], np.array([0, 1])):
        with pytest.raises(InvalidInputError, match=r"pair .*0.*: expected two different plans"):
            la.settle(plans, pairs)  # type: ignore[arg-type]
    for wrong in (5, "ab", {0: 1}, None):
        with pytest.raises(InvalidInputError, match=r"pairs: given .*; expected pairs of two"):
            la.settle(plans, wrong)  # type: ignore[arg-type]


def test_what_is_no_plan_is_refused() -> None:
    one = plan("a", Flight())
    document: Any = json.loads(one.model_dump_json())
    with pytest.raises(InvalidInputError, match=r"plans\[1\]: given .*; .* lowalt.parse_plan"):
        la.precedence(one, document)
    with pytest.raises(InvalidInputError, match=r"plans: given .*; expected a sequence"):
        la.settle({"a": one}, [])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (lambda v: v, "verdicts: given Verdict.*; expected a list of verdicts"),
        (lambda v: {v.plan_id: v}, "verdicts: given .*; expected a list of verdicts"),
        (lambda v: [v.to_dict()], r"verdicts\[0\]: given .*; expected a verdict of lowalt.assess"),
        (lambda v: [v, v], r"verdicts\[1\]: a second verdict of plan 'a'"),
        (
            lambda v: [dataclasses.replace(v, plan_id="c")],
            r"verdicts\[0\]: of plan 'c', which is not among those given; there are a, b",
        ),
    ],
)
def test_what_is_no_verdict_of_the_plans_is_refused(verdicts: Any, said: str) -> None:
    one = plan("a", Flight())
    with pytest.raises(InvalidInputError, match=said):
        la.precedence(one, plan("b", Flight()), verdicts=verdicts(verdict(one, Decision.PERMITTED)))


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"c": MORNING}, r"accepted_at\['c'\]: of plan 'c', .*; there are a, b"),
        ({"a": "2026-06-01"}, r"accepted_at\['a'\]: given '2026-06-01'; expected a datetime"),
        ({"a": None}, r"accepted_at\['a'\]: given nothing; expected a datetime"),
        ([MORNING], "accepted_at: given .*; expected times by the identifier"),
    ],
)
def test_what_is_no_time_of_acceptance_is_refused(times: Any, said: str) -> None:
    with pytest.raises(InvalidInputError, match=said):
        la.precedence(plan("a", Flight()), plan("b", Flight()), accepted_at=times)
