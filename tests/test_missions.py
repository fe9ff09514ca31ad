"""Mission classes: who may claim one, what a true or a false claim changes, and who goes first."""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
from lowalt import testing
from lowalt.airspace import BasisVerification, Circle, FeatureStatus, Restriction, Volume3D
from lowalt.facts import Facts, Instance
from lowalt.judgement import Judgement
from lowalt.missions import (
    LEISURE,
    MISSIONS,
    NEVER_CHANGES,
    ORDER_HOLDS_FOR,
    PUBLIC_TASKS,
    RANKS,
    KnownFrom,
    Rank,
    Reach,
    can_order,
    is_order_for,
    is_own_office,
    rank_of,
)
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.report.missions import missions_page
from lowalt.situation.declared import plan_facts
from lowalt.terms import Jurisdiction, MissionKind, Notice, OperatorKind, OrderingBody, Urgency
from lowalt.terms import ZoneKind as Zone
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.vocabulary import FactValue

ROOT = Path(__file__).parents[1]
PLANS = ROOT / "examples" / "plans"
DECREE = "cn/order_761_2023#"
Document = dict[str, Any]

UNIT, POLICE = OperatorKind.UNIT, OperatorKind.POLICE
CUSTOMS, EMERGENCY = OperatorKind.CUSTOMS, OperatorKind.EMERGENCY_MANAGEMENT
URGENT = (Urgency.URGENT, Urgency.SPECIALLY_URGENT)


@cache
def book(day: str = "2026-11-24") -> Rulebook:
    return load_rulebook("shenzhen", on=date.fromisoformat(day))


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def _example(number: str) -> str:
    (path,) = PLANS.glob(f"{number}_*.json")
    return path.read_text("utf-8")


def example(number: str, **mission: Any) -> Document:
    document: Document = json.loads(_example(number))
    document["mission"] |= mission
    return document


def assess(document: Document, over: la.AirspaceDataset | None = None) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=over or airspace())


def status(verdict: Verdict, citation: str) -> Status:
    return next(f.status for f in verdict.findings if f.citation == citation)


# The catalogue


def test_every_kind_of_mission_has_an_entry_and_no_entry_is_of_another() -> None:
    assert list(MISSIONS) == [entry.kind for entry in MISSIONS.values()]
    assert set(MISSIONS) == set(MissionKind)


def test_every_citation_is_of_a_provision_that_is_held() -> None:
    cited = {c for rank in RANKS for c in rank.citations}
    cited |= {c for part in NEVER_CHANGES for c in part.citations}
    for citation in cited:
        book().provision(citation)  # refuses what it does not know


def test_a_part_of_a_mission_lacks_nothing_of_the_whole() -> None:
    parts = [entry for entry in MISSIONS.values() if entry.part_of is not None]
    assert {entry.kind.value for entry in parts} == {
        *("forest_firefighting", "city_firefighting", "marine_patrol", "forest_patrol")
    }
    for entry in parts:
        assert entry.part_of is not None
        whole = MISSIONS[entry.part_of]
        assert entry.rank == whole.rank
        assert entry.urgent_unmanned is whole.urgent_unmanned
        assert entry.urgent_manned is whole.urgent_manned
        assert entry.excepted_by == whole.excepted_by
        assert entry.ordered_by <= whole.ordered_by
        assert entry.offices <= whole.offices


@pytest.mark.parametrize("kind", PUBLIC_TASKS)
def test_a_public_task_can_be_ordered_by_some_and_not_by_all(kind: MissionKind) -> None:
    told = {can_order(body, kind) for body in OrderingBody if body is not OrderingBody.OTHER}
    assert told == {True, False}
    assert can_order(OrderingBody.OTHER, kind) is None
    assert not is_own_office(kind, UNIT)
    assert not is_own_office(kind, OperatorKind.INDIVIDUAL)


def test_only_120_and_the_blood_centre_order_by_published_practice() -> None:
    practised = {
        (kind, body)
        for kind, entry in MISSIONS.items()
        for body in entry.ordered_by
        if entry.known_from(body) is KnownFrom.PRACTICE
    }
    assert practised == {
        (MissionKind.MEDICAL_RESCUE, OrderingBody.EMERGENCY_CENTRE),
        (MissionKind.BLOOD_TRANSPORT, OrderingBody.BLOOD_CENTRE),
    }


@pytest.mark.parametrize("kind", [k for k in MissionKind if k not in PUBLIC_TASKS])
def test_nobody_orders_what_anybody_may_fly(kind: MissionKind) -> None:
    told = {can_order(body, kind) for body in OrderingBody}
    assert told == {None if kind is MissionKind.OTHER else False}


def test_the_page_is_the_one_that_is_generated() -> None:
    page = (ROOT / "docs" / "missions.md").read_text("utf-8")
    assert page == missions_page(), "regenerate it with: make docs-law"
    assert all(f"| `{kind.value}`" in page for kind in MissionKind)


# Who goes first, as the end of the catalogue of rules orders it

ORDER = (
    {(MissionKind.COUNTER_TERROR, UNIT), (MissionKind.PATROL, POLICE)},
    {(MissionKind.MEDICAL_RESCUE, UNIT), (MissionKind.MEDICAL_RESCUE, EMERGENCY)},
    {
        (MissionKind.FIREFIGHTING, UNIT),
        (MissionKind.FOREST_FIREFIGHTING, EMERGENCY),
        (MissionKind.CITY_FIREFIGHTING, UNIT),
        (MissionKind.DISASTER_RELIEF, CUSTOMS),
    },
    {(MissionKind.BLOOD_TRANSPORT, UNIT)},
    {
        (MissionKind.INSPECTION, CUSTOMS),
        (MissionKind.SURVEY, EMERGENCY),
        (MissionKind.MARINE_PATROL, UNIT),
    },
    {(MissionKind.DELIVERY, UNIT), (MissionKind.PASSENGER, UNIT)},
    {(MissionKind.INSPECTION, UNIT), (MissionKind.OTHER, OperatorKind.INDIVIDUAL)},
    {(MissionKind.RECREATION, OperatorKind.INDIVIDUAL), (MissionKind.TRAINING, POLICE)},
)
LINES = {MissionKind.DELIVERY, MissionKind.PASSENGER}


def test_missions_rank_in_the_order_of_the_catalogue() -> None:
    places = [{rank_of(kind, operator).place for kind, operator in row} for row in ORDER]
    assert places == [{place} for place in range(2, 10)]


def test_the_places_are_one_order_without_gaps_and_military_tasks_go_first() -> None:
    assert [rank.place for rank in RANKS] == list(range(1, 10))
    assert all(first < second for first, second in pairwise(RANKS))
    assert [rank.place for rank in RANKS if not rank.is_inference] == [1]


@pytest.mark.parametrize("kind", MissionKind)
def test_an_office_only_ever_lifts_a_mission_and_a_false_claim_only_lowers_it(
    kind: MissionKind,
) -> None:
    alone = rank_of(kind)
    for operator in OperatorKind:
        assert rank_of(kind, operator) <= alone
        assert rank_of(kind, operator, is_assigned=False) >= rank_of(kind, operator)
    false: Rank = rank_of(kind, is_assigned=False)
    assert false == (LEISURE if kind in PUBLIC_TASKS else alone)


@pytest.mark.parametrize("kind", MissionKind)
def test_goods_and_passengers_without_a_line_are_other_work_whoever_carries_them(
    kind: MissionKind,
) -> None:
    for operator in (None, *OperatorKind):
        other_work = rank_of(MissionKind.INSPECTION, operator)
        on_a_line = rank_of(kind, operator)
        without = rank_of(kind, operator, is_on_approved_line=False)
        assert without == (other_work if kind in LINES else on_a_line)


@pytest.mark.parametrize("kind", PUBLIC_TASKS)
@pytest.mark.parametrize("operator", OperatorKind)
def test_an_unsupported_claim_has_the_last_place_whoever_makes_it(
    kind: MissionKind, operator: OperatorKind
) -> None:
    false = rank_of(kind, operator, is_assigned=False)
    assert all(false >= rank_of(honest, operator) for honest in MissionKind)
    assert false == RANKS[-1]


# Whether a task is given: the fact

ORDER_HELD: Document = {
    "held": True,
    "issued_by": "emergency_centre",
    "issued_at": "2026-06-20T10:20:00+08:00",
    "mission": "medical_rescue",
}


@pytest.mark.parametrize(
    ("operator", "mission", "assigned"),
    [
        # by an order that fits
        ("unit", {"task_order": ORDER_HELD}, True),
        ("individual", {"task_order": ORDER_HELD}, True),
        # nothing is said of an order, or not enough
        ("unit", {"task_order": None}, None),
        ("unit", {"task_order": {"held": True}}, None),
        ("unit", {"task_order": {**ORDER_HELD, "issued_by": "other"}}, None),
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": None}}, None),
        ("unit", {"task_order": {**ORDER_HELD, "mission": None}}, None),
        # the order contradicts the claim
        ("unit", {"task_order": {"held": False}}, False),
        ("unit", {"task_order": {**ORDER_HELD, "mission": "training"}}, False),
        ("unit", {"task_order": {**ORDER_HELD, "issued_by": "event_organiser"}}, False),
        # given before take-off at 11:00, or not
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": "2026-06-20T10:59:59+08:00"}}, True),
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": "2026-06-20T11:00:00+08:00"}}, False),
        # by the operator's own office
        ("emergency_management", {"task_order": {"held": False}}, True),
        ("police", {"task_order": {"held": False}}, False),
        ("police", {"kind": "counter_terror", "task_order": None}, True),
        ("police", {"kind": "blood_transport", "task_order": {"held": False}}, False),
        (None, {"task_order": {"held": False}}, None),
        (None, {"kind": "blood_transport", "task_order": {"held": False}}, False),
        (None, {"task_order": ORDER_HELD}, True),
        # what anybody may fly, and what is filed as urgent
        ("unit", {"kind": "inspection", "urgency": "normal", "task_order": {"held": False}}, True),
        ("unit", {"kind": "inspection", "urgency": "urgent", "task_order": {"held": False}}, False),
        ("unit", {"kind": "inspection", "urgency": None, "task_order": {"held": False}}, None),
        ("unit", {"kind": "other", "task_order": {**ORDER_HELD, "mission": "other"}}, None),
        ("unit", {"kind": "delivery", "task_order": {**ORDER_HELD, "mission": "delivery"}}, False),
        ("unit", {"kind": "delivery", "task_order": {
            **ORDER_HELD, "mission": "delivery", "issued_by": "other"}}, False),
        # an order that stands for many flights, or is too old to be one for this
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": "2026-05-21T11:00:01+08:00"}}, True),
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": "2026-05-21T11:00:00+08:00"}}, None),
        ("unit", {"task_order": {**ORDER_HELD, "issued_at": "2019-01-01T00:00:00+08:00",
            "valid_until": "2026-06-20T11:00:01+08:00"}}, True),
        ("unit", {"task_order": {**ORDER_HELD,
            "valid_until": "2026-06-20T11:00:00+08:00"}}, None),
        ("unit", {"task_order": {**ORDER_HELD, "mission": "training",
            "issued_at": "2019-01-01T00:00:00+08:00"}}, False),
        # a part is the whole, and the whole leaves open which part
        ("unit", {"kind": "firefighting", "task_order": {
            **ORDER_HELD, "issued_by": "forestry", "mission": "forest_firefighting"}}, True),
        ("unit", {"kind": "forest_firefighting", "task_order": {
            **ORDER_HELD, "issued_by": "forestry", "mission": "firefighting"}}, None),
        ("unit", {"kind": "city_firefighting", "task_order": {
            **ORDER_HELD, "issued_by": "government", "mission": "forest_firefighting"}}, False),
        ("unit", {"kind": None, "task_order": ORDER_HELD}, None),
    ],
)  # fmt: skip
def test_a_task_is_given_by_an_office_or_by_an_order_that_fits(
    operator: str | None, mission: Document, assigned: bool | None
) -> None:
    document = example("10", **mission)
    document["operator"]["kind"] = operator
    assert plan_facts(la.parse_plan(document))["task_is_assigned"] is assigned


def test_an_order_is_valid_after_it_is_given() -> None:
    order = {**ORDER_HELD, "valid_until": ORDER_HELD["issued_at"]}
    with pytest.raises(la.InvalidInputError, match="an order is valid after it is given"):
        la.parse_plan(example("10", task_order=order))


def test_an_order_that_states_no_validity_holds_for_thirty_days() -> None:
    assert timedelta(days=30) == ORDER_HOLDS_FOR
    assert "30 days" in missions_page()


def test_an_order_that_is_not_held_says_nothing_more() -> None:
    document = example("10", task_order={"held": False, "issued_by": "police"})
    with pytest.raises(la.InvalidInputError, match="what is not held has no details"):
        la.parse_plan(document)


def test_orders_are_for_their_kind_alone_but_for_wholes_and_parts() -> None:
    fires = {MissionKind.FIREFIGHTING, MissionKind.FOREST_FIREFIGHTING}
    for ordered in MissionKind:
        for kind in MissionKind:
            if {ordered, kind} != fires and MISSIONS[kind].part_of is not ordered:
                fits = ordered is kind or MISSIONS[ordered].part_of is kind
                assert is_order_for(ordered, kind) is fits


# What a claim changes: the table against the readings


def judged(known: dict[str, FactValue], *, day: str, notice: Notice | None = None) -> Judgement:
    leg = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})
    met: dict[str, FactValue] = {
        "zone_jurisdiction": Jurisdiction.MAINLAND,
        "zone_kind": Zone.TEMPORARY_CONTROL,
        "zone_is_verified": True,
        "holds_zone_approval": False,
    }
    zones = () if notice is None else (Instance(Truth.TRUE, {**met, "zone_notice": notice}),)
    plain: dict[str, FactValue] = {"is_indoor": False, "operator_kind": UNIT}
    facts = Facts({**plain, "task_is_assigned": True, **known}, (leg,), zones)
    return la.judge(facts, rulebook=book(day))


APPLIES = {
    Status.MET: Reach.NAMED,
    Status.REQUIRED: Reach.NAMED,
    Status.MISSING_INFO: Reach.UNSETTLED,
    Status.NOT_APPLICABLE: Reach.NONE,
}


@pytest.mark.parametrize("kind", MissionKind)
def test_the_table_of_urgent_procedures_is_that_of_the_readings(kind: MissionKind) -> None:
    claim: dict[str, FactValue] = {"mission_kind": kind, "urgency": Urgency.URGENT}
    unmanned = judged({**claim, "is_unmanned": True}, day="2026-11-24")
    assert APPLIES[unmanned.status_of(f"{DECREE}art_29")] is MISSIONS[kind].urgent_unmanned
    no = ("is_unmanned", "is_commercial", "holds_flight_approval", "holds_long_term_approval")
    manned = judged({**claim, **dict.fromkeys(no, False)}, day="2026-11-24")
    found = manned.status_of("cn/order_371_2003#art_16__para_2")
    assert APPLIES[found] is MISSIONS[kind].urgent_manned


NOTICES = {
    Notice.HANDOVER_2022: ("2022-06-30", ("sz/handover_notice_2022#para_2",)),
    Notice.NATIONAL_GAMES_2025: ("2025-11-15", ("sz/games_notice_2025#prohibition",)),
    Notice.NATIONAL_GAMES_2025_CLOSING: (
        "2025-11-21",
        ("sz/games_notice_2025#prohibition", "sz/games_notice_2025#closing_evenings"),
    ),
}


@pytest.mark.parametrize("notice", NOTICES)
def test_the_table_of_exceptions_is_that_of_the_notices(notice: Notice) -> None:
    day, citations = NOTICES[notice]
    for kind in MissionKind:
        answer = judged({"mission_kind": kind, "is_unmanned": True}, day=day, notice=notice)
        found = {answer.status_of(citation) for citation in citations}
        excepted = MISSIONS[kind].excepted_by.get(notice, Reach.NONE)
        assert (excepted is Reach.NONE) == (Status.BREACHED in found), kind
        assert (excepted is Reach.UNSETTLED) == (Status.MISSING_INFO in found), kind


# What a false claim changes: nothing for the better


def changed(facts: Facts, **values: FactValue) -> Facts:
    return dataclasses.replace(facts, flight={**facts.flight, **values})


@st.composite
def tempted(draw: st.DrawFn) -> Facts:
    """Facts of a flight that a mission, were it given, would free of something."""
    facts = draw(testing.facts())
    june = {"departure_at": 1_780_000_000_000, "departure_on": date(2026, 6, 1).toordinal()}
    at, on = (facts.flight.get(name, value) for name, value in june.items())  # may be left out
    assert isinstance(at, int)
    assert isinstance(on, int)
    late = {
        "submitted_at": at - draw(st.integers(0, 7_200_000)),
        "holds_flight_approval": False,
        "holds_long_term_approval": False,
        "is_public_air_transport": False,
    }
    tempting = {
        "max_true_height_mm": 150_000,
        "drops_objects": True,
        "is_public_welfare": draw(st.booleans()),
        "dropping_serves_safety": False,
        "land_border_distance_mm": 5_000_000,
        "task_requested_on": on,
        "holds_task_approval": False,
    }
    chosen = draw(st.sets(st.sampled_from(sorted(tempting)), min_size=3))
    return changed(facts, **late, **{name: tempting[name] for name in chosen})


def owes_no_less(claimed: Facts, plain: Facts) -> bool:
    """Whether the decision is no better and every duty that one owes, the other owes too."""
    one, other = (la.judge(facts, rulebook=book()) for facts in (claimed, plain))
    owed = {
        result.rule.citation: result.status
        for result in other.results
        if result.status in (Status.BREACHED, Status.REQUIRED)
    }
    return (
        one.best.rank >= other.best.rank
        and one.worst.rank >= other.worst.rank
        and {citation: one.status_of(citation) for citation in owed} == owed
    )


@given(
    facts=tempted(),
    kind=st.sampled_from(PUBLIC_TASKS),
    urgency=st.sampled_from(Urgency),
    operator=st.sampled_from(OperatorKind),
)
def test_a_false_claim_is_never_better_than_none(
    facts: Facts, kind: MissionKind, urgency: Urgency, operator: OperatorKind
) -> None:
    claim = changed(
        facts, mission_kind=kind, urgency=urgency, operator_kind=operator, task_is_assigned=False
    )
    plain = changed(
        claim, mission_kind=MissionKind.OTHER, urgency=Urgency.NORMAL, task_is_assigned=True
    )
    assert owes_no_less(claim, plain)


@given(facts=tempted(), kind=st.sampled_from(MissionKind), urgency=st.sampled_from(URGENT))
def test_a_false_claim_of_urgency_is_never_better_than_none(
    facts: Facts, kind: MissionKind, urgency: Urgency
) -> None:
    claim = changed(facts, mission_kind=kind, urgency=urgency, task_is_assigned=False)
    plain = changed(claim, urgency=Urgency.NORMAL, task_is_assigned=kind not in PUBLIC_TASKS)
    assert owes_no_less(claim, plain)


@pytest.mark.parametrize("number", ["10", "17"])
@pytest.mark.parametrize("kind", PUBLIC_TASKS)
def test_a_claim_of_which_nobody_says_who_ordered_it_permits_nothing(
    number: str, kind: MissionKind
) -> None:
    plan = example(number, kind=kind.value, task_order=None)
    approvals: list[Document] = plan["approvals"]
    plan["approvals"] = [{**each, "missions": [kind.value]} for each in approvals]
    assert assess(plan).decision is not Decision.PERMITTED


@pytest.mark.parametrize(
    ("order", "decision", "time"),
    [
        (ORDER_HELD, Decision.APPROVAL_REQUIRED, Status.WAIVED),
        ({"held": False}, Decision.PROHIBITED, Status.BREACHED),
        (None, Decision.INDETERMINATE, Status.MISSING_INFO),
    ],
)
def test_a_rescue_35_minutes_ahead_is_in_time_only_if_somebody_ordered_it(
    order: Document | None, decision: Decision, time: Status
) -> None:
    verdict = assess(example("10", task_order=order))
    assert verdict.decision is decision
    assert status(verdict, f"{DECREE}art_26__para_1__time") is time


def test_no_order_makes_a_delivery_urgent() -> None:
    order = {**ORDER_HELD, "mission": "delivery", "issued_by": "government"}
    verdict = assess(example("10", kind="delivery", task_order=order))
    assert verdict.decision is Decision.PROHIBITED
    assert status(verdict, f"{DECREE}art_29__claim") is Status.BREACHED


def test_an_order_of_years_ago_permits_nothing() -> None:
    order = {**ORDER_HELD, "issued_at": "2019-06-20T10:20:00+08:00"}
    assert assess(example("10", task_order=order)).decision is Decision.INDETERMINATE


def test_a_false_claim_is_said_to_be_one_in_both_languages() -> None:
    verdict = assess(example("10", task_order={"held": False}))
    assert status(verdict, f"{DECREE}art_29__claim") is Status.BREACHED
    told = {lang: "".join(la.explain(verdict, lang=lang).split()) for lang in ("zh", "en")}
    assert "aclaimthatthefactscontradictbringsnoneofthebenefits" in told["en"]
    assert "事实与此不符的，不享有任务带来的便利" in told["zh"]


def test_who_ordered_it_is_asked_for_where_it_is_not_stated() -> None:
    verdict = assess(example("10", task_order=None))
    assert "mission.task_order" in {missing.field for missing in verdict.missing}


# What no mission changes


@given(
    facts=testing.facts(),
    kinds=st.tuples(st.sampled_from(MissionKind), st.sampled_from(MissionKind)),
    urgencies=st.tuples(st.sampled_from(Urgency), st.sampled_from(Urgency)),
    assigned=st.tuples(st.booleans(), st.booleans()),
)
def test_no_mission_changes_airspace_airworthiness_ports_or_quarantine(
    facts: Facts,
    kinds: tuple[MissionKind, MissionKind],
    urgencies: tuple[Urgency, Urgency],
    assigned: tuple[bool, bool],
) -> None:
    one, other = (
        la.judge(
            changed(facts, mission_kind=kind, urgency=urgency, task_is_assigned=given_it),
            rulebook=book(),
        )
        for kind, urgency, given_it in zip(kinds, urgencies, assigned, strict=True)
    )
    for part in NEVER_CHANGES:
        for citation in part.citations:
            assert one.status_of(citation) is other.status_of(citation)


# Own grounds

WEST, SOUTH, EAST, NORTH = 113.8698, 22.7, 113.872, 22.7017
"""Outline of the training ground of the police example; the flight keeps 20 m inside."""


def box(west: float, south: float, east: float, north: float) -> Document:
    return {"polygon": [[west, south], [east, south], [east, north], [west, north]]}


def training(*grounds: Document, stated: bool | None = True, buffer_m: float = 20.0) -> Verdict:
    plan = example("12", over_own_ground=stated)
    plan["operator"]["own_grounds"] = list(grounds)
    plan["route_buffer_m"] = buffer_m
    return assess(plan)


def is_own(verdict: Verdict) -> bool:
    return status(verdict, f"{DECREE}art_31__para_1__item_3") is Status.MET


def test_police_train_over_the_ground_they_outline_and_not_over_a_foreign_one() -> None:
    own = training(box(WEST, SOUTH, EAST, NORTH))
    assert own.decision is Decision.PERMITTED
    foreign = training(box(WEST, SOUTH + 0.01, EAST, NORTH + 0.01))
    assert foreign.decision is Decision.PROHIBITED
    claim = f"{DECREE}art_31__para_1__item_3__claim"
    assert (status(own, claim), status(foreign, claim)) == (Status.MET, Status.BREACHED)


def test_outlines_go_before_what_the_plan_says_of_them() -> None:
    assert is_own(training(box(WEST, SOUTH, EAST, NORTH), stated=None))
    assert is_own(training(box(WEST, SOUTH, EAST, NORTH), stated=False))
    assert not is_own(training(box(WEST, SOUTH, 113.8705, NORTH), stated=True))
    assert not is_own(training(stated=True))


@pytest.mark.parametrize("stated", [True, False])
def test_without_outlines_what_the_plan_says_stands(stated: bool) -> None:
    plan = example("12", over_own_ground=stated)
    del plan["operator"]["own_grounds"]
    assert is_own(assess(plan)) is stated


def test_grounds_that_meet_count_as_one_and_grounds_apart_do_not() -> None:
    middle = 113.8709
    west, east = box(WEST, SOUTH, middle, NORTH), box(middle, SOUTH, EAST, NORTH)
    assert is_own(training(west, east))
    assert not is_own(training(west, box(middle + 1e-6, SOUTH, EAST, NORTH)))


def test_the_airspace_around_the_route_counts_to_the_centimetre() -> None:
    # The route runs along 22.7003; a degree of latitude there is 110.747 km.
    to_the_edge_m = (22.7003 - SOUTH) * 110_747.0
    ground = box(WEST - 0.01, SOUTH, EAST + 0.01, NORTH + 0.01)
    assert is_own(training(ground, buffer_m=to_the_edge_m - 0.1))
    assert not is_own(training(ground, buffer_m=to_the_edge_m + 0.1))


def test_a_volume_that_fills_the_ground_is_over_it() -> None:
    ground = {"circle": {"lon_deg": 113.8709, "lat_deg": 22.7008, "radius_m": 150.0}}
    plan = example("12")
    plan |= {
        "operating_area": {
            **copy.deepcopy(ground),
            "floor": {"value_m": 0.0, "reference": "AGL"},
            "ceiling": {"value_m": 100.0, "reference": "AGL"},
            "start": "2026-06-17T09:30:00+08:00",
            "end": "2026-06-17T09:40:00+08:00",
        }
    }
    for name in ("waypoints", "route_buffer_m", "vertical_buffer_m"):
        del plan[name]
    plan["operator"]["own_grounds"] = [ground]
    assert is_own(assess(plan))
    plan["operating_area"]["circle"]["radius_m"] = 150.1
    assert not is_own(assess(plan))


# Work for an airport

AIRPORT_WORK = (MissionKind.INSPECTION, MissionKind.SURVEY, MissionKind.CALIBRATION)
EXEMPT, CLAIM = f"{DECREE}art_31__para_1__item_4", f"{DECREE}art_31__para_1__item_4__claim"


def beside_the_airport(kind: str, *, claims: bool | None = True) -> Document:
    """A flight beside Bao'an airport, filed too late, but filed for the period and confirmed."""
    plan = example("04", kind=kind, airport_facility_work=claims)
    ready = datetime.fromisoformat(plan["waypoints"][0]["time"]) - timedelta(minutes=70)
    plan["submission"] |= {
        "periodic_filing_made": True,
        "take_off_confirmed": True,
        "readiness_reported_at": ready.isoformat(),
    }
    return plan


def with_control_zone(radius_m: float, *, accuracy_m: float = 1.0, country: str = "CHN") -> Any:
    """The dataset with a control zone round the first waypoint of that flight."""
    first = beside_the_airport("calibration")["waypoints"][0]
    zone = la.Zone(
        identifier="CTR",
        name={"zh": "管制地带", "en": "control zone"},
        kind=Zone.AIRPORT_CONTROL_ZONE,
        restriction=Restriction.REQ_AUTHORIZATION,
        country=country,
        volumes=(Volume3D.of(Circle(first["lon_deg"], first["lat_deg"], radius_m)),),
        status=FeatureStatus.AUTHORITATIVE,
        basis=BasisVerification.VERIFIED,
        accuracy_m=accuracy_m,
        citation="test",
        sources=("test",),
        as_of=date(2026, 1, 1),
    )
    return dataclasses.replace(airspace(), features=(*airspace().features, zone))


@pytest.mark.parametrize(
    "kind", [*AIRPORT_WORK, MissionKind.DELIVERY, MissionKind.RECREATION, MissionKind.PASSENGER]
)
def test_only_inspection_survey_and_calibration_are_work_for_an_airport(kind: MissionKind) -> None:
    serves = kind in AIRPORT_WORK
    verdict = assess(beside_the_airport(kind.value))
    assert (status(verdict, EXEMPT) is Status.MET) is serves
    assert status(verdict, CLAIM) is (Status.MET if serves else Status.BREACHED)
    if not serves:
        honest = assess(beside_the_airport(kind.value, claims=False))
        assert verdict.decision is honest.decision is Decision.PROHIBITED


def test_calibration_beside_the_airport_needs_no_application_and_a_delivery_does() -> None:
    assert assess(beside_the_airport("calibration")).decision is Decision.PERMITTED
    assert assess(beside_the_airport("delivery")).decision is Decision.PROHIBITED


@pytest.mark.parametrize(
    ("zone", "answer"),
    [
        ({"radius_m": 30_000.0}, Status.MET),
        ({"radius_m": 200.0}, Status.NOT_APPLICABLE),
        # limits that are not known leave it to the plan, as does a zone of another jurisdiction
        ({"radius_m": 30_000.0, "accuracy_m": 30_000.0}, Status.MET),
        ({"radius_m": 200.0, "country": "MAC"}, Status.MET),
    ],
)
def test_the_control_zone_of_the_dataset_goes_before_what_the_plan_says(
    zone: Document, answer: Status
) -> None:
    verdict = assess(beside_the_airport("calibration"), with_control_zone(**zone))
    assert status(verdict, EXEMPT) is answer
    is_false = answer is Status.NOT_APPLICABLE
    assert status(verdict, CLAIM) is (Status.BREACHED if is_false else Status.MET)


def test_a_control_zone_makes_no_airport_work_of_what_does_not_claim_it() -> None:
    zone = with_control_zone(30_000.0)
    for claims, answer in ((False, Status.NOT_APPLICABLE), (None, Status.MISSING_INFO)):
        verdict = assess(beside_the_airport("calibration", claims=claims), zone)
        assert status(verdict, EXEMPT) is answer
