"""Remedies: each really helps, asks only for what an operator can do, and for no more of it."""

from __future__ import annotations

import json
import math
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import lowalt as la
from lowalt import testing
from lowalt.airspace import BasisVerification, FeatureStatus, Restriction, Volume3D
from lowalt.airspace.shapes import Circle
from lowalt.cli import app
from lowalt.cli.check import asked
from lowalt.geodesy import geodesic_distance_m
from lowalt.regulations.conditions import Compare
from lowalt.regulations.model import Quantity
from lowalt.remedy import Kind
from lowalt.remedy.detours import length_m, nearest_outside, simplified, way_off, way_round
from lowalt.remedy.hearing import WHERE_AND_WHEN
from lowalt.remedy.numbers import least
from lowalt.remedy.quantities import edge
from lowalt.report.remedies import explain_remedies
from lowalt.report.text import Language
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import ZoneKind
from lowalt.testing.breaches import BREACHES
from lowalt.vocabulary import fact

EXAMPLES = Path(__file__).parent.parent / "examples"
PLANS, SCRIPT = EXAMPLES / "plans", EXAMPLES / "what_would_make_it_legal.py"
EXPECTED = Path(__file__).parent / "expected" / "what_would_make_it_legal.txt"
Document = dict[str, Any]


@cache
def shenzhen() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def example(number: str) -> la.FlightPlan:
    (file,) = PLANS.glob(f"{number}_*.json")
    return la.read_plan(file)


def document_of(plan: la.FlightPlan) -> Document:
    return plan.model_dump(mode="json", exclude_none=True)


def ends(verdict: la.Verdict) -> tuple[int, int]:
    return verdict.best.rank, verdict.worst.rank


def is_as_good(verdict: la.Verdict, as_: la.Verdict) -> bool:
    return all(a <= b for a, b in zip(ends(verdict), ends(as_), strict=True))


def is_better(verdict: la.Verdict, than: la.Verdict) -> bool:
    """Better for sure: a chance of a better end is none while the worse one still threatens."""
    return is_as_good(verdict, than) and verdict.worst.rank < than.worst.rank


def judged(plan: la.FlightPlan, **options: Any) -> la.Verdict:
    return la.assess(plan, airspace=options.pop("airspace", shenzhen()), **options)


# The stories of the example plans ---------------------------------------------------------------


@cache
def offered(number: str) -> tuple[la.Remedy, ...]:
    return la.remedies(example(number), airspace=shenzhen(), limit=50)


def best(number: str) -> la.Remedy:
    return offered(number)[0]


def step(number: str) -> la.Remedy:
    """Return the first that is a single change and does not pass with that alone."""
    return next(r for r in offered(number) if not r.passes)


@pytest.mark.parametrize("number", ["06", "07"])
def test_at_or_above_120_m_the_remedy_is_to_stay_a_millimetre_below(number: str) -> None:
    remedy = best(number)
    assert remedy.kind is Kind.LOWER
    top_m = max(w.level.value_m for w in remedy.plan.waypoints or ())
    assert top_m + (remedy.plan.vertical_buffer_m or 0.0) == pytest.approx(119.999, abs=1e-9)
    assert remedy.verdict.decision is la.Decision.PERMITTED
    assert "cn/order_761_2023#art_19__para_2__height" in remedy.cures


def test_filed_after_noon_the_first_step_is_the_same_hour_of_the_day_after() -> None:
    remedy = step("04")
    assert remedy.parts == (Kind.LATER,)
    assert remedy.plan.departure == datetime.fromisoformat("2026-06-11T10:00:00+08:00")
    assert "the same hour of the next possible day" in remedy.text["en"]
    assert "同一时刻" in remedy.text["zh"]
    assert remedy.verdict.best.rank < la.Decision.PROHIBITED.rank
    assert remedy.cures[0] == "cn/order_761_2023#art_26__para_1__time"


def test_the_earliest_moment_of_that_day_is_offered_too_though_it_is_night() -> None:
    by_day, by_night = (r for r in offered("04") if r.parts == (Kind.LATER,))
    assert by_night.plan.departure == datetime.fromisoformat("2026-06-11T00:00:00+08:00")
    assert by_day.cost < by_night.cost
    assert ends(by_day.verdict) == ends(by_night.verdict)


def test_no_approval_is_offered_that_was_applied_for_too_late() -> None:
    for remedy in offered("04"):
        if "approval" in remedy.text["en"]:
            assert remedy.parts[0] is Kind.LATER


def test_an_urgent_task_filed_20_minutes_before_waits_for_10_more() -> None:
    for remedy in (best("11"), step("11")):
        assert remedy.parts[0] is Kind.LATER
        assert remedy.plan.departure - example("11").departure == timedelta(minutes=10)
    assert step("11").parts == (Kind.LATER,)


PASSING = {
    "02": ("approvals", "submission.take_off_confirmed", "submission.readiness_reported_at"),
    "03": ("approvals", "submission.take_off_confirmed", "submission.readiness_reported_at"),
    "04": (
        "waypoints",
        "approvals",
        "submission.take_off_confirmed",
        "submission.readiness_reported_at",
    ),
    "08": ("approvals", "submission.take_off_confirmed", "submission.readiness_reported_at"),
    "10": ("approvals", "submission.take_off_confirmed"),
    "11": ("waypoints", "approvals", "submission.take_off_confirmed"),
}


@pytest.mark.parametrize("number", PASSING)
def test_approval_and_confirmation_are_offered_as_the_chain_that_passes(number: str) -> None:
    remedy = best(number)
    assert remedy.passes
    assert remedy.kind is Kind.COMBINATION
    assert len(remedy.parts) == len(PASSING[number])
    assert remedy.verdict.decision is la.Decision.PERMITTED
    assert remedy.cost < min((r.cost for r in offered(number)[1:] if r.passes), default=math.inf)


@pytest.mark.parametrize(
    ("number", "path"), [(number, path) for number, paths in PASSING.items() for path in paths]
)
def test_without_any_one_of_its_parts_the_chain_does_not_pass(number: str, path: str) -> None:
    changed, old = document_of(best(number).plan), document_of(example(number))
    *parents, name = path.split(".")
    for parent in parents:
        changed, old = changed[parent], old.get(parent, {})
    assert changed[name] != old.get(name)
    whole = document_of(best(number).plan)
    part = whole
    for parent in parents:
        part = part[parent]
    part.pop(name)
    part |= {name: old[name]} if name in old else {}
    assert judged(la.parse_plan(whole)).decision is not la.Decision.PERMITTED


@pytest.mark.parametrize("number", ["10", "11"])
def test_antivenom_is_never_left_at_home(number: str) -> None:
    assert offered(number)
    for remedy in offered(number):
        assert Kind.DROP not in remedy.parts
        assert remedy.plan.payload == example(number).payload
        assert remedy.plan.special_operations == example(number).special_operations


def test_a_swarm_asks_for_approval_or_flies_alone() -> None:
    assert step("02").kind is Kind.OBTAIN
    (alone,) = (remedy for remedy in offered("02") if remedy.kind is Kind.DROP)
    assert alone.plan.aircraft is not None
    assert alone.plan.aircraft.count == 1
    assert alone.verdict.decision is la.Decision.PERMITTED


def test_near_an_airport_the_remedy_is_its_approval() -> None:
    remedy = step("03")
    assert remedy.kind is Kind.OBTAIN
    assert [a.kind.value for a in remedy.plan.approvals or ()] == ["flight_activity"]


def test_unconfirmed_police_training_is_reported_and_confirmed_in_time() -> None:
    remedy = best("13")
    assert remedy.kind is Kind.FILE
    submission = remedy.plan.submission
    assert submission is not None
    assert submission.take_off_confirmed is True
    assert submission.readiness_reported_at == datetime.fromisoformat("2026-06-17T08:30:00+08:00")


def test_a_patrol_that_strays_into_hong_kong_keeps_out_of_it_from_the_same_place() -> None:
    before, remedy = example("15"), best("15")
    assert remedy.kind is Kind.SIDEWAYS
    old, new = before.waypoints or (), remedy.plan.waypoints or ()
    assert (old[0], old[-1].lon_deg, old[-1].lat_deg) == (
        new[0],
        new[-1].lon_deg,
        new[-1].lat_deg,
    )
    legs = la.lay(remedy.plan, airspace=shenzhen()).legs
    assert [leg.jurisdiction.value for leg in legs] == ["CN"]


def test_photography_on_a_day_of_the_games_waits_for_the_day_after() -> None:
    next_day, at_midnight = offered("16")
    assert (next_day.kind, at_midnight.kind) == (Kind.LATER, Kind.LATER)
    assert next_day.plan.departure == datetime.fromisoformat("2025-11-22T10:00:00+08:00")
    assert at_midnight.plan.departure == datetime.fromisoformat("2025-11-22T00:00:00+08:00")


def test_a_permitted_plan_needs_no_remedy() -> None:
    assert la.remedies(example("01"), airspace=shenzhen()) == ()


# Every remedy, whatever the plan ----------------------------------------------------------------

_NOT_TO_CHOOSE = (
    "aircraft.empty_mass_kg",
    "aircraft.max_takeoff_mass_kg",
    "aircraft.takeoff_mass_kg",
    "aircraft.max_dimension_m",
    "aircraft.max_true_height_m",
    "aircraft.max_level_speed_m_s",
    "aircraft.max_radius_m",
    "aircraft.max_kinetic_energy_j",
    "aircraft.micro_power_radio",
    "aircraft.keeps_airspace",
    "aircraft.reliably_surveilled",
    "aircraft.is_unmanned",
    "aircraft.is_toy",
    "aircraft.is_agricultural",
    "aircraft.modified",
    "aircraft.produced_on",
    "aircraft.sold_on",
    "aircraft.registration.country",
    "aircraft.registration.other_nationality",
    "mission.kind",
    "mission.commercial",
    "operator.kind",
    "operator.name",
    "operator.nationality",
    "operator.is_for_profit_legal_person",
    "payload.carries_people",
    "payload.mass_kg",
    "submission.submitted_at",
)
_NOT_TO_CHOOSE_OF_A_PILOT = ("name", "nationality", "capacity", "impaired")


def _at(document: Document, path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def not_chosen(plan: la.FlightPlan) -> dict[str, Any]:
    """What the plan states of all that no operator can choose."""
    document = document_of(plan)
    stated = {path: _at(document, path) for path in _NOT_TO_CHOOSE}
    for number, pilot in enumerate(document.get("pilots", ())):
        for name in _NOT_TO_CHOOSE_OF_A_PILOT:
            stated[f"pilots.{number}.{name}"] = pilot.get(name)
    return {path: value for path, value in stated.items() if value is not None}


def urgency(plan: la.FlightPlan) -> object:
    return _at(document_of(plan), "mission.urgency")


def slightly_less(before: la.FlightPlan, remedy: la.Remedy) -> la.FlightPlan | None:
    """Make the same change by a step less: a millimetre, a second or day, or over a decimetre."""
    changed, old = document_of(remedy.plan), document_of(before)
    if len(remedy.parts) > 1:
        return None
    if remedy.kind is Kind.LOWER:
        return _higher(old, changed)
    if remedy.kind in (Kind.EARLIER, Kind.LATER):
        least = timedelta(days=1) if "same hour" in remedy.text["en"] else timedelta(seconds=1)
        return _moved_back(changed, least if remedy.kind is Kind.EARLIER else -least)
    if remedy.kind is Kind.SIDEWAYS and remedy.text["en"].startswith("move"):
        return _nearer(old, changed)
    return None


def _levels(document: Document) -> Iterator[tuple[Document, str]]:
    for waypoint in document.get("waypoints", ()):
        yield waypoint, "level"
    if "operating_area" in document:
        yield document["operating_area"], "ceiling"
        yield document["operating_area"], "floor"


def _higher(old: Document, changed: Document) -> la.FlightPlan:
    for (part, name), (before, _) in zip(_levels(changed), _levels(old), strict=True):
        level, original = part[name], before[name]
        if level["value_m"] < original["value_m"]:
            # Capped: a millimetre higher, unless that is more than it was.
            level["value_m"] = min(round(level["value_m"] + 0.001, 9), original["value_m"])
    return la.parse_plan(changed)


def _moved_back(changed: Document, by: timedelta) -> la.FlightPlan:
    moments = [(w, "time") for w in changed.get("waypoints", ())]
    if "operating_area" in changed:
        moments = [(changed["operating_area"], name) for name in ("start", "end")]
    for part, name in moments:
        part[name] = (datetime.fromisoformat(part[name]) + by).isoformat()
    for pilot in changed.get("pilots", ()):
        if "hours_since_alcohol" in pilot:
            pilot["hours_since_alcohol"] += by / timedelta(hours=1)
    return la.parse_plan(changed)


def _nearer(old: Document, changed: Document) -> la.FlightPlan:
    for before, after in zip(_places(old), _places(changed), strict=True):
        pairs = [tuple(p[name] for name in ("lon_deg", "lat_deg")) for p in (before, after)]
        (moved_m,) = geodesic_distance_m([pairs[0]], [pairs[1]])
        left = max(0.0, 1.0 - 0.12 / float(moved_m))
        for name in ("lon_deg", "lat_deg"):
            after[name] = before[name] + left * (after[name] - before[name])
    if "polygon" in changed.get("operating_area", {}):
        area = changed["operating_area"]
        area["polygon"] = [(p["lon_deg"], p["lat_deg"]) for p in area.pop("_places")]
    old.get("operating_area", {}).pop("_places", None)
    return la.parse_plan(changed)


def _places(document: Document) -> list[Document]:
    area = document.get("operating_area", {})
    if "circle" in area:
        return [area["circle"]]
    if "polygon" in area:
        area["_places"] = [{"lon_deg": x, "lat_deg": y} for x, y in area["polygon"]]
        return list(area["_places"])
    return list(document["waypoints"])


def check_remedies(
    plan: la.FlightPlan, airspace: la.AirspaceDataset, filed: datetime | None
) -> None:
    options: dict[str, Any] = {"submitted_at": filed, "airspace": airspace}
    before = judged(plan, **options)
    found = la.remedies(plan, budget=25, limit=5, **options)
    in_order = [(not r.passes, r.cost) for r in found]
    assert in_order == sorted(in_order)
    assert before.decision is not la.Decision.PERMITTED or found == ()
    for remedy in found:
        again = judged(remedy.plan, **options)
        assert again == remedy.verdict
        assert remedy.passes is (again.decision is la.Decision.PERMITTED)
        assert is_better(again, before)
        stated, kept = not_chosen(plan), not_chosen(remedy.plan)
        assert {path: kept.get(path) for path in stated} == stated
        assert kept.keys() == stated.keys() or set(remedy.parts) & {Kind.STATE, Kind.FILE}
        assert filed is None or remedy.plan.departure >= min(filed, plan.departure)
        moves = [part for part in remedy.parts if part in (Kind.EARLIER, Kind.LATER)]
        assert len(moves) <= 1
        assert len(remedy.parts) - len(moves) <= 3
        # Only a flight that is moved is no longer urgent, and only weather can be waited for.
        assert urgency(remedy.plan) == urgency(plan) or (moves and urgency(remedy.plan) == "normal")
        assert remedy.provided is None or not remedy.passes
        less = slightly_less(plan, remedy)
        assert less is None or not is_as_good(judged(less, **options), again)


def filed_before(plan: la.FlightPlan, hours: float | None) -> datetime | None:
    return None if hours is None else plan.departure - timedelta(hours=hours)


HOURS = st.sampled_from([None, 0.75, 30.0])
TOO_HIGH = "cn/order_761_2023#art_19__para_2__height"


def plans_in_need() -> st.SearchStrategy[la.FlightPlan]:
    too_high = testing.plan_cases(kind="unlawful", breaks=TOO_HIGH).map(lambda case: case.plan)
    unlawful = testing.plans(kind="unlawful")
    return st.one_of(too_high, unlawful, testing.plans(kind="incomplete"), testing.plans())


@settings(max_examples=15)
@given(plans_in_need(), HOURS)
def test_every_remedy_helps_and_asks_only_for_what_an_operator_can_choose_and_no_more(
    plan: la.FlightPlan, hours: float | None
) -> None:
    check_remedies(plan, shenzhen(), filed_before(plan, hours))


@settings(max_examples=6)
@given(st.integers(100, 1500), st.integers(-400, 400), st.booleans(), HOURS)
def test_so_does_every_remedy_of_a_flight_through_a_zone(
    half_m: int, side_m: int, has_hours: bool, hours: float | None
) -> None:
    plan = straight(half_m=float(half_m), side_m=float(side_m))
    airspace = with_hours() if has_hours else with_zone()
    check_remedies(plan, airspace, filed_before(plan, hours))


@settings(max_examples=10)
@given(testing.plans(kind="lawful"))
def test_a_plan_with_nothing_against_it_gets_no_remedy(plan: la.FlightPlan) -> None:
    assume(judged(plan).decision is la.Decision.PERMITTED)
    assert la.remedies(plan, airspace=shenzhen(), budget=5) == ()


# Breaches of what an operator can put right, with a kind of remedy that does.
_CURED_BY = {
    "art_19__para_2__height": Kind.LOWER,
    "art_10__para_1": Kind.OBTAIN,
    "art_12": Kind.OBTAIN,
    "art_15": Kind.OBTAIN,
    "art_14__para_2": Kind.FILE,
    "art_24__para_2": Kind.OBTAIN,
    "art_32__item_8": Kind.OBTAIN,
}


@pytest.mark.parametrize("article", _CURED_BY)
@settings(max_examples=3)
@given(data=st.data())
def test_each_single_breach_that_can_be_put_right_is(article: str, data: st.DataObject) -> None:
    citation = f"cn/order_761_2023#{article}"
    assert citation in {breach.citation for breach in BREACHES}
    case = data.draw(testing.plan_cases(kind="unlawful", breaks=citation))
    # Other rules may ask for the same thing, so that several have to be cured together.
    offered = la.remedies(case.plan, airspace=shenzhen(), limit=20, budget=20)
    assert _CURED_BY[article] in {kind for remedy in offered for kind in remedy.parts}


@pytest.mark.parametrize("article", ["art_17__para_2", "art_32__item_9"])
@settings(max_examples=3)
@given(data=st.data())
def test_no_pilot_is_made_older_or_sober_by_a_form(article: str, data: st.DataObject) -> None:
    case = data.draw(testing.plan_cases(kind="unlawful", breaks=f"cn/order_761_2023#{article}"))
    for remedy in la.remedies(case.plan, airspace=shenzhen(), limit=20, budget=20):
        was, now = (p.pilots or () for p in (case.plan, remedy.plan))
        assert [(p.capacity, p.impaired) for p in was] == [(p.capacity, p.impaired) for p in now]


def test_two_breaches_at_once_are_cured_by_two_changes_and_neither_is_too_much() -> None:
    document = document_of(example("01"))
    document["aircraft"]["insurance"] = {"held": False}
    document["aircraft"]["registration"]["state"] = "suspended"
    plan = la.parse_plan(document)
    (remedy,) = la.remedies(plan, airspace=shenzhen())
    assert remedy.parts == (Kind.OBTAIN, Kind.OBTAIN)
    assert remedy.verdict.decision is la.Decision.PERMITTED
    cured = document_of(remedy.plan)["aircraft"]
    for name in ("insurance", "registration"):
        half = json.loads(json.dumps(document))
        half["aircraft"][name] = cured[name]
        assert judged(la.parse_plan(half)).decision is la.Decision.PROHIBITED


def test_what_a_plan_leaves_out_is_offered_as_a_statement_to_make_if_true() -> None:
    document = document_of(example("01"))
    del document["special_operations"]["over_assembled_crowd"]
    offered = la.remedies(la.parse_plan(document), airspace=shenzhen())
    assert offered[0].kind is Kind.STATE
    assert offered[0].verdict.decision is la.Decision.PERMITTED
    assert "if it is true" in offered[0].text["en"]
    assert "须属实" in offered[0].text["zh"]


# Deadlines --------------------------------------------------------------------------------------


@settings(max_examples=6)
@given(st.integers(-20 * 60, 20 * 60))
def test_a_late_application_is_in_time_for_the_first_day_whose_noon_before_is_still_to_come(
    minutes: int,
) -> None:
    noon = datetime.fromisoformat("2026-06-09T12:00:00+08:00")
    filed = noon + timedelta(minutes=minutes)
    plan = example("04")
    assume(filed < plan.departure)
    later = [
        remedy
        for remedy in la.remedies(
            plan, airspace=shenzhen(), submitted_at=filed, limit=20, budget=10
        )
        if remedy.parts == (Kind.LATER,)
    ]
    if filed < noon:
        assert later == []
        return
    days = (filed.date() - date(2026, 6, 9)).days + (filed.hour >= 12) + 1
    same_hour, earliest = later
    assert same_hour.plan.departure.isoformat() == f"2026-06-{9 + days:02d}T10:00:00+08:00"
    assert earliest.plan.departure.isoformat() == f"2026-06-{9 + days:02d}T00:00:00+08:00"


def test_not_yet_applied_for_says_by_when() -> None:
    document = document_of(example("04"))
    del document["submission"]["submitted_at"]
    plan = la.parse_plan(document)
    remedy = next(r for r in la.remedies(plan, airspace=shenzhen()) if not r.passes)
    assert remedy.kind is Kind.FILE
    assert "before 2026-06-09 12:00" in remedy.text["en"]
    submission = remedy.plan.submission
    assert submission is not None
    assert submission.submitted_at is not None
    noon = datetime.fromisoformat("2026-06-09T12:00:00+08:00")
    assert noon - submission.submitted_at == timedelta(milliseconds=1)


def test_a_confirmation_of_the_old_take_off_does_not_move_with_the_flight() -> None:
    document = document_of(example("04"))
    document["submission"]["take_off_confirmed"] = True
    remedy = next(
        r
        for r in la.remedies(la.parse_plan(document), airspace=shenzhen())
        if r.parts == (Kind.LATER,)
    )
    assert remedy.plan.submission is not None
    assert remedy.plan.submission.take_off_confirmed is False


def test_a_flight_is_judged_by_the_law_of_the_day_to_which_it_moves() -> None:
    plan = example("04")
    book = la.load_rulebook("shenzhen", on=plan.departure.date())
    remedy = la.remedies(plan, airspace=shenzhen(), rulebook=book)[0]
    assert remedy.verdict.on == date(2026, 6, 11)


def test_rules_of_ones_own_and_amendments_go_with_it() -> None:
    plan, own = example("04"), EXAMPLES / "rules" / "own" / "acme_manual.yaml"
    day = plan.departure.date()
    book = la.amend(
        la.load_rulebook("shenzhen", on=day, own_rules=own),
        parameters={"cn/order_761_2023#art_19__para_2.ceiling": "119 m"},
    )
    verdict = la.remedies(plan, airspace=shenzhen(), rulebook=book)[0].verdict
    assert verdict.on == date(2026, 6, 11) != day
    assert verdict.record.rulebook == book.of_day(verdict.on).digest
    assert verdict.record.own_rules == ((book.own_rules[0].identifier, book.own_rules[0].digest),)
    assert verdict.record.amendments == (book.amendments[0].recorded,)


def test_a_flight_is_not_moved_under_a_law_that_is_known_of_another_day_alone() -> None:
    plan = example("04")
    day = plan.departure.date()

    def days(on: date) -> set[date]:
        book = la.load_rulebook("shenzhen", on=on)
        found = la.remedies(plan, airspace=shenzhen(), rulebook=book)
        return {remedy.plan.departure.date() for remedy in found}

    assert days(day) - {day}
    assert not days(day - timedelta(days=1)) - {day}


# Round a zone -----------------------------------------------------------------------------------

RADIUS_M, BUFFER_M = 300.0, 20.0
START = datetime.fromisoformat("2026-06-09T10:00:00+08:00")


@cache
def middle() -> tuple[float, float]:
    """A place far from every zone, in the middle of the straight route."""
    waypoint = (example("01").waypoints or ())[0]
    places = testing.suitable_places()
    return min(places, key=lambda p: math.dist(p, (waypoint.lon_deg, waypoint.lat_deg)))


@cache
def with_zone() -> la.AirspaceDataset:
    return with_changed_zone()


def with_changed_zone(**changes: Any) -> la.AirspaceDataset:
    lon_deg, lat_deg = middle()
    zone = la.Zone(
        identifier="TEST",
        name={"zh": "试验空域", "en": "a test zone"},
        volumes=(Volume3D.of(Circle(lon_deg, lat_deg, RADIUS_M)),),
        kind=ZoneKind.AERODROME_SURROUNDINGS,
        restriction=Restriction.REQ_AUTHORIZATION,
        country="CHN",
        status=FeatureStatus.AUTHORITATIVE,
        basis=BasisVerification.VERIFIED,
        accuracy_m=0.0,
        citation="made up for this test",
        sources=("test",),
        as_of=date(2026, 1, 1),
    )
    return replace(shenzhen(), features=(*shenzhen().features, replace(zone, **changes)))


OPEN = TimeInterval(START - timedelta(minutes=30), START + timedelta(minutes=30))


@cache
def with_hours() -> la.AirspaceDataset:
    return with_changed_zone(schedule=Schedule.of([OPEN]))


def straight(*, half_m: float, side_m: float = 0.0) -> la.FlightPlan:
    """The plan of the first example on a straight route past the middle."""
    frame, document = shenzhen().frame, document_of(example("01"))
    ((x_m, y_m),) = frame.to_plane([middle()])
    places = frame.to_lonlat([(x_m - half_m, y_m + side_m), (x_m + half_m, y_m + side_m)])
    document["route_buffer_m"] = BUFFER_M
    document["waypoints"] = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": 80.0, "reference": "AGL"},
            "time": (START + number * timedelta(minutes=4)).isoformat(),
        }
        for number, (lon_deg, lat_deg) in enumerate(places.tolist())
    ]
    return la.parse_plan(document)


@settings(max_examples=4)
@given(st.integers(-250, 250))
def test_the_way_round_a_circle_is_its_two_tangents_and_the_arc_between(side_m: int) -> None:
    half_m, dataset = 1200.0, with_zone()
    plan = straight(half_m=half_m, side_m=float(side_m))
    remedy = next(
        r
        for r in la.remedies(plan, airspace=dataset, budget=12)
        if r.text["en"].startswith("go round")
    )
    assert remedy.verdict.decision is la.Decision.PERMITTED
    xy = dataset.frame.to_plane([(w.lon_deg, w.lat_deg) for w in remedy.plan.waypoints or ()])
    (centre,) = dataset.frame.to_plane([middle()])
    nearest_m = shapely.LineString(xy).distance(shapely.Point(centre))
    assert RADIUS_M + BUFFER_M < nearest_m < RADIUS_M + BUFFER_M + 1.0
    expected_m = _round_a_circle_m(half_m, abs(float(side_m)), RADIUS_M + BUFFER_M)
    assert length_m(xy) == pytest.approx(expected_m, rel=2e-3)
    # As fast as planned, and where it begins and ends.
    assert np.hypot(*(xy[[0, -1]] - centre - [[-half_m, side_m], [half_m, side_m]]).T).max() < 0.01
    planned_m_s = 2.0 * half_m / 240.0
    for (a, b), (p, q) in zip(pairwise(remedy.plan.waypoints or ()), pairwise(xy), strict=True):
        speed_m_s = float(np.hypot(*(q - p))) / (b.time - a.time).total_seconds()
        assert speed_m_s == pytest.approx(planned_m_s, rel=1e-3)


def _round_a_circle_m(half_m: float, side_m: float, radius_m: float) -> float:
    """Shortest way between two places beside a circle, symmetric to it, by its formula."""
    far_m = math.hypot(half_m, side_m)
    tangent_m = math.sqrt(far_m**2 - radius_m**2)
    between = 2.0 * math.atan2(half_m, side_m)
    arc = between - 2.0 * math.acos(radius_m / far_m)
    return 2.0 * tangent_m + radius_m * arc


def test_a_take_off_inside_a_zone_moves_the_whole_flight_off() -> None:
    dataset, plan = with_zone(), straight(half_m=250.0)
    offered = la.remedies(plan, airspace=dataset, limit=20, budget=20)
    assert not any(r.text["en"].startswith("go round") for r in offered)
    (moved,) = (r for r in offered if r.kind is Kind.SIDEWAYS)
    assert moved.verdict.decision is la.Decision.PERMITTED
    (centre,) = dataset.frame.to_plane([middle()])
    xy = dataset.frame.to_plane([(w.lon_deg, w.lat_deg) for w in moved.plan.waypoints or ()])
    # The shortest way off is square to the route.
    away_m = shapely.LineString(xy).distance(shapely.Point(centre))
    assert RADIUS_M + BUFFER_M < away_m < RADIUS_M + BUFFER_M + 0.5
    site, first = moved.plan.departure_site, (moved.plan.waypoints or ())[0]
    assert site is not None
    assert (site.lon_deg, site.lat_deg) == (first.lon_deg, first.lat_deg)
    # What was known of the old place is not of the new one.
    assert moved.plan.take_off_elevation_amsl_m is None


def test_an_area_gives_up_the_part_inside_a_zone_and_no_more() -> None:
    dataset, document = with_zone(), document_of(straight(half_m=100.0))
    ((x_m, y_m),) = dataset.frame.to_plane([middle()])
    # A square whose left edge lies in the zone.
    square = np.array([(200, -400), (1000, -400), (1000, 400), (200, 400)]) + np.array((x_m, y_m))
    for name in ("waypoints", "route_buffer_m", "vertical_buffer_m"):
        document.pop(name, None)
    document["operating_area"] = {
        "polygon": dataset.frame.to_lonlat(square).tolist(),
        "floor": {"value_m": 0.0, "reference": "AGL"},
        "ceiling": {"value_m": 80.0, "reference": "AGL"},
        "start": START.isoformat(),
        "end": (START + timedelta(minutes=10)).isoformat(),
    }
    plan = la.parse_plan(document)
    remedy = next(r for r in la.remedies(plan, airspace=dataset) if r.kind is Kind.SIDEWAYS)
    assert remedy.verdict.decision is la.Decision.PERMITTED
    assert remedy.plan.operating_area is not None
    ring = dataset.frame.to_plane(remedy.plan.operating_area.polygon or ())
    # The circle's segment right of x = 200 within the square: r^2 (a - sin a cos a).
    angle = math.acos(200.0 / RADIUS_M)
    lost_m2 = RADIUS_M**2 * (angle - math.sin(angle) * math.cos(angle))
    assert shapely.Polygon(ring).area == pytest.approx(800.0**2 - lost_m2, abs=150.0)


def test_a_zone_with_a_floor_is_passed_below() -> None:
    lon_deg, lat_deg = middle()
    floor = la.VerticalLayer(floor=la.Level(60.0, la.VerticalReference.AGL))
    volume = Volume3D.of(Circle(lon_deg, lat_deg, RADIUS_M), layer=floor)
    remedy = next(
        r
        for r in la.remedies(straight(half_m=1200.0), airspace=with_changed_zone(volumes=(volume,)))
        if r.kind is Kind.LOWER
    )
    buffer_m = remedy.plan.vertical_buffer_m or 0.0
    top_m = max(w.level.value_m for w in remedy.plan.waypoints or ()) + buffer_m
    # Touching is meeting: a centimetre below its floor, to the millimetre.
    assert 59.98 < top_m < 59.991


def test_a_zone_with_hours_is_flown_before_or_after_them() -> None:
    filed = START - timedelta(days=2)
    plan = straight(half_m=250.0)
    offered = la.remedies(plan, airspace=with_hours(), submitted_at=filed, limit=20, budget=20)
    (later,) = (r for r in offered if r.kind is Kind.LATER)
    (earlier,) = (r for r in offered if r.kind is Kind.EARLIER)
    assert later.plan.departure == OPEN.end
    assert OPEN.start - timedelta(seconds=1) <= earlier.plan.arrival < OPEN.start


def test_nothing_is_flown_before_it_is_applied_for() -> None:
    offered = la.remedies(
        straight(half_m=250.0),
        airspace=with_hours(),
        submitted_at=START - timedelta(minutes=20),
        limit=20,
    )
    assert offered
    assert all(r.kind is not Kind.EARLIER for r in offered)


# Hong Kong --------------------------------------------------------------------------------------


def in_hong_kong(*, seconds: int) -> la.FlightPlan:
    """A drone of less than 250 g on two legs of some 200 m, each flown in so many seconds."""
    document = document_of(example("21"))
    for name in ("operating_area", "departure_site", "landing_site"):
        document.pop(name, None)
    document |= {"route_buffer_m": 5.0, "vertical_buffer_m": 1.0, "coordinates_checked": True}
    document["waypoints"] = [
        {
            "lon_deg": 114.25 + 0.002 * number,
            "lat_deg": 22.40,
            "level": {"value_m": 20.0, "reference": "AGL"},
            "time": (START + number * timedelta(seconds=seconds)).isoformat(),
        }
        for number in range(3)
    ]
    document["aircraft"] |= {"max_takeoff_mass_kg": 0.249, "takeoff_mass_kg": 0.249}
    document["payload"]["carries_animals"] = False
    document["hong_kong"] = {
        "a1_exemption": False,
        "enclosed_area": False,
        "restricted_flying_zone": False,
        "max_speed_m_s": 1.0,
        "distance_to_uninvolved_m": 60.0,
        "cad_permission": {"held": False},
        "registered": True,
        "labelled": True,
        "cap_448e_exception": False,
    }
    return la.parse_plan(document)


def test_too_fast_for_its_category_it_takes_longer_for_the_same_way() -> None:
    plan = in_hong_kong(seconds=20)
    remedy = next(r for r in la.remedies(plan, airspace=shenzhen()) if r.kind is Kind.SLOWER)
    assert "20 km/h" in remedy.text["en"]
    assert remedy.cures == ("hk/cap_448g#operating__speed_a1",)
    assert remedy.passes
    for a, b in pairwise(remedy.plan.waypoints or ()):
        (distance_m,) = geodesic_distance_m([(a.lon_deg, a.lat_deg)], [(b.lon_deg, b.lat_deg)])
        # The time is the least, to the millisecond, in which the leg can be flown so slowly.
        least_s = float(distance_m) / (20.0 / 3.6)
        assert least_s <= (b.time - a.time).total_seconds() < least_s + 0.002


def test_slow_enough_it_need_not_be_slower() -> None:
    offered = la.remedies(in_hong_kong(seconds=60), airspace=shenzhen(), limit=20, budget=20)
    assert all(remedy.kind is not Kind.SLOWER for remedy in offered)


def test_too_near_to_people_it_keeps_the_distance_of_the_law_to_the_millimetre() -> None:
    document = document_of(in_hong_kong(seconds=60))
    document["hong_kong"]["distance_to_uninvolved_m"] = 1.0
    plan = la.parse_plan(document)
    offered = la.remedies(plan, airspace=shenzhen(), limit=20, budget=20)
    remedy = next(r for r in offered if r.kind is Kind.DISTANCE)
    kept = document_of(remedy.plan)
    assert kept["hong_kong"]["distance_to_uninvolved_m"] > 1.0
    kept["hong_kong"]["distance_to_uninvolved_m"] -= 0.001
    assert not is_better(judged(la.parse_plan(kept)), judged(plan))


# The parts of the search ------------------------------------------------------------------------


@given(st.integers(1, 300), st.integers(0, 300), st.integers(-5, 320))
def test_least_finds_the_first_number_whatever_the_guess(first: int, most: int, guess: int) -> None:
    expected = next((n for n in range(1, most + 1) if n >= first), None)
    assert least(lambda n: n >= first, most=most, guess=guess) == expected


@given(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-40, 40), st.booleans())
def test_the_edge_of_a_comparison_is_its_last_number(
    comparison: str, halves: int, holds: bool
) -> None:
    limit = Fraction(halves, 2)
    condition = Compare(
        fact("max_true_height_mm"), comparison, limit, Quantity(limit, "mm", None), "x#y"
    )
    outcome = {
        n: {"<": n < limit, "<=": n <= limit, ">": n > limit, ">=": n >= limit}[comparison]
        for n in range(-30, 31)
    }
    last = edge(condition, holds=holds)
    assert outcome[last] is holds
    assert holds in (outcome[last - 1], outcome[last + 1])
    assert outcome[last - 1] is not outcome[last + 1]


def test_the_way_off_a_disc_from_inside_is_along_the_radius() -> None:
    disc = shapely.Point(0.0, 0.0).buffer(100.0, quad_segs=64)
    shortest = way_off(shapely.Point(30.0, 0.0), disc, most_m=1000.0)
    assert shortest is not None
    assert shortest == pytest.approx((70.0, 0.0), abs=0.05)
    outside = nearest_outside((30.0, 0.0), disc)
    assert math.dist(outside, (30.0, 0.0)) == pytest.approx(70.0, abs=0.05)
    assert way_off(shapely.Point(0.0, 0.0), disc, most_m=50.0) is None


def test_there_is_no_way_out_of_a_ring_and_a_free_line_is_straight() -> None:
    ring = shapely.Point(0, 0).buffer(50.0).difference(shapely.Point(0, 0).buffer(40.0))
    assert way_round((0.0, 0.0), (100.0, 0.0), ring) is None
    way = way_round((60.0, 0.0), (100.0, 0.0), ring)
    assert way is not None
    assert way.tolist() == [[60.0, 0.0], [100.0, 0.0]]


@given(st.integers(3, 8), st.floats(50.0, 5000.0))
def test_fewer_corners_still_cover_what_they_stand_for(lobes: int, size_m: float) -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 400, endpoint=False)
    radius_m = size_m * (1.0 + 0.3 * np.cos(lobes * angle))
    star = shapely.Polygon(np.column_stack((radius_m * np.cos(angle), radius_m * np.sin(angle))))
    outline = simplified(star)
    assert shapely.get_num_coordinates(outline) <= 160
    assert outline.buffer(1e-6).covers(star)
    assert outline.area < 1.2 * star.area


@pytest.mark.parametrize("number", ["01", "15", "19", "20", "25"])
def test_papers_change_nothing_of_how_a_plan_lies(number: str) -> None:
    """Else a plan with other papers could not be judged where the first one was laid."""
    plan = example(number)
    stated = document_of(plan)
    bare = {name: value for name, value in stated.items() if name in (*WHERE_AND_WHEN, "plan_id")}
    assert len(bare) < len(stated)
    other = la.parse_plan(bare)
    found, expected = (la.lay(p, airspace=shenzhen()) for p in (other, plan))
    for name in ("legs", "encounters", "route", "is_within_dataset", "max_true_height_m"):
        assert getattr(found, name) == getattr(expected, name)


# The door ---------------------------------------------------------------------------------------


def test_the_search_is_bounded_repeatable_and_refuses_nonsense() -> None:
    plan = example("07")
    assert la.remedies(plan, airspace=shenzhen()) == la.remedies(plan, airspace=shenzhen())
    assert la.remedies(plan, airspace=shenzhen(), budget=1) == ()
    assert len(la.remedies(plan, airspace=shenzhen(), limit=1)) == 1
    for wrong in ({"limit": 0}, {"budget": 0}):
        with pytest.raises(la.InvalidInputError, match="from 1 up"):
            la.remedies(plan, airspace=shenzhen(), **wrong)  # type: ignore[arg-type]
    naive = datetime(2026, 6, 9, 12)  # noqa: DTZ001
    with pytest.raises(la.LowaltError, match="submitted_at"):
        la.remedies(plan, airspace=shenzhen(), submitted_at=naive)


def test_the_plan_itself_stays_as_it_is() -> None:
    plan = example("04")
    before = plan.digest
    la.remedies(plan, airspace=shenzhen(), budget=10)
    assert plan.digest == before


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand the airspace that is loaded already to the command line and the example."""
    dataset = shenzhen()
    monkeypatch.setattr(asked, "open_airspace", lambda _name: dataset)
    monkeypatch.setattr(la, "load_airspace", lambda _name: dataset)


@pytest.mark.usefixtures("loaded_once")
@pytest.mark.parametrize(("lang", "words"), [("en", "fly lower"), ("zh", "降低飞行高度")])
def test_the_command_line_says_remedies_in_both_languages(lang: str, words: str) -> None:
    (file,) = PLANS.glob("07_*.json")
    result = CliRunner().invoke(app, ["check", str(file), "--remedies", "--lang", lang])
    assert result.exit_code == 0
    assert words in result.stdout


@pytest.mark.usefixtures("loaded_once")
def test_the_command_line_gives_remedies_as_json_with_the_whole_changed_plan() -> None:
    (file,) = PLANS.glob("07_*.json")
    result = CliRunner().invoke(app, ["check", str(file), "--remedies", "--format", "json"])
    first = json.loads(result.stdout)["remedies"][0]
    assert first["kind"] == "lower"
    assert first["decision"] == "permitted"
    assert first["passes"] is True
    assert set(first["text"]) == {"zh", "en"}
    changed = la.parse_plan(first["plan"])
    assert judged(changed).decision is la.Decision.PERMITTED


@pytest.mark.usefixtures("loaded_once")
def test_the_example_prints_what_is_expected(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, lang in (("04", "en"), ("11", "zh")):
        (file,) = PLANS.glob(f"{number}_*.json")
        monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(file), "--lang", lang])
        with pytest.raises(SystemExit) as exited:
            runpy.run_path(str(SCRIPT), run_name="__main__")
        assert exited.value.code == 0
    assert capsys.readouterr().out == EXPECTED.read_text(encoding="utf-8"), (
        "if the change is meant: python examples/what_would_make_it_legal.py of plans 04 (en) and"
        " 11 (--lang zh), one after the other, > tests/expected/what_would_make_it_legal.txt"
    )


def test_the_example_writes_a_plan_that_passes(tmp_path: Path) -> None:
    (file,) = PLANS.glob("07_*.json")
    target = tmp_path / "changed.json"
    command = [sys.executable, str(SCRIPT), str(file), "--take", "1", "--to", str(target)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "waypoints[1].level.value_m: 120.01 -> 119.999" in result.stdout
    assert judged(la.read_plan(target)).decision is la.Decision.PERMITTED


def test_the_example_refuses_what_is_no_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    command = [sys.executable, str(SCRIPT), str(tmp_path / "plan.json")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "not JSON" in result.stderr


@pytest.mark.parametrize(
    ("lang", "passes", "helps"),
    [("en", "What passes", "A next step"), ("zh", "怎样改可以通过", "下一步")],
)
def test_what_passes_stands_apart_from_what_only_helps(
    lang: Language, passes: str, helps: str
) -> None:
    head, tail = explain_remedies(offered("04"), lang=lang).split(helps)
    assert head.startswith(passes)
    assert "1. " in head
    assert "2. " in tail
    assert "2. " not in head
    alone = explain_remedies([step("04")], lang=lang).split(helps)[0]
    assert {"en": "passes for sure", "zh": "肯定能通过"}[lang] in alone
    assert helps not in explain_remedies([best("04")], lang=lang)


def test_that_nothing_was_found_is_said_too() -> None:
    assert "no change was found" in explain_remedies((), lang="en")
    assert "未找到" in explain_remedies((), lang="zh")
