"""The golden scenarios of cross-border helicopters and public-welfare missions.

Each varies one thing in a plan that has every paper in order, and says what becomes of it: the
decision, the rule that decides, and the number it turns on.
"""

from __future__ import annotations

import copy
import json
import re
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la
from lowalt import Decision, Status, Verdict
from lowalt.geodesy import geodesic_azimuth_deg, geodesic_direct, geodesic_distance_m

PLANS = Path(__file__).parent.parent / "examples" / "plans"
DECREE, GA, TASKS = "cn/order_761_2023#", "cn/order_371_2003#", "cn/ga_task_rule_2013#"
GAMES = "sz/games_notice_2025#"
BORDER = "cn/border_inspection_regulation_1995#"
AIP = "hk/aip_hong_kong#"
BAOAN, SHEKOU = "25", "26"

Document = dict[str, Any]


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def _example(number: str) -> Document:
    (path,) = PLANS.glob(f"{number}_*.json")
    found: Document = json.loads(path.read_text("utf-8"))
    return found


def example(number: str, **parts: Any) -> Document:
    """Document of an example plan; each of ``parts`` replaces keys of that part, or the part."""
    plan = copy.deepcopy(_example(number))
    for name, part in parts.items():
        plan[name] = {**plan.get(name, {}), **part} if isinstance(part, dict) else part
    return plan


def at(clock: datetime, plan: Document) -> Document:
    """Move a plan, and nothing that was said of it, to another take-off time."""
    moved = copy.deepcopy(plan)
    later = clock - datetime.fromisoformat(plan["waypoints"][0]["time"])
    for point in moved["waypoints"]:
        point["time"] = (datetime.fromisoformat(point["time"]) + later).isoformat()
    return moved


def assess(plan: Document) -> Verdict:
    return la.assess(la.parse_plan(plan), airspace=airspace())


def status(verdict: Verdict, citation: str) -> Status:
    """Status of a provision: the worst of its findings."""
    found = [f.status for f in verdict.findings if f.citation == citation]
    return min(found, key=list(Status).index)


def standing(verdict: Verdict) -> set[str]:
    """Provisions that are breached, owed or open, advice apart."""
    bad = (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
    return {f.citation for f in verdict.findings if f.status in bad and f.consequence}


# Helicopters to Hong Kong


@pytest.mark.parametrize("number", [BAOAN, SHEKOU])
def test_with_every_paper_it_is_permitted_by_both_laws(number: str) -> None:
    verdict = assess(example(number))
    assert verdict.decision is Decision.PERMITTED, standing(verdict)
    assert [leg.jurisdiction.value for leg in verdict.legs] == ["CN", "HK"]
    assert {leg.decision for leg in verdict.legs} == {Decision.PERMITTED}


def on_day(plan: Document, day: str) -> Document:
    """Move a flight with all its papers, notices and reports to another day, at the same time."""
    first = datetime.fromisoformat(plan["waypoints"][0]["time"]).date()
    by = date.fromisoformat(day) - first

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(item) for key, item in value.items()}
        if isinstance(value, list):
            return [moved(item) for item in value]
        if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d(T|$)", value):
            return (date.fromisoformat(value[:10]) + by).isoformat() + value[10:]
        return value

    changed: Document = moved(plan)
    for report in changed["weather"]["reports"]:
        report["text"] = report["text"].replace(f" {first:%d}", f" {first + by:%d}")
    return changed


@pytest.mark.parametrize(
    ("day", "decision"),
    [("2025-11-05", Decision.PROHIBITED), ("2025-11-06", Decision.PERMITTED)],
)
def test_shekou_opened_on_the_6th_of_november_2025(day: str, decision: Decision) -> None:
    verdict = assess(on_day(example(SHEKOU), day))
    assert verdict.decision is decision, standing(verdict)
    if decision is Decision.PROHIBITED:
        assert standing(verdict) == {f"{BORDER}art_16__exit"}


@pytest.mark.parametrize(("clock", "in_time"), [("14:59", True), ("15:01", False)])
def test_the_plan_is_filed_before_15_00_on_the_day_before(clock: str, in_time: bool) -> None:
    plan = example(BAOAN)
    plan["submission"] = {"submitted_at": f"2026-06-11T{clock}:00+08:00"}
    plan["approvals"] = [a for a in plan["approvals"] if a["kind"] == "task"]
    verdict = assess(plan)
    assert verdict.decision is Decision.APPROVAL_REQUIRED
    late = status(verdict, f"{GA}art_16__para_1__time")
    assert late is (Status.MET if in_time else Status.REQUIRED)
    (duty,) = (o for o in verdict.obligations if o.citation == f"{GA}art_16__para_1")
    assert duty.due == datetime.fromisoformat("2026-06-11T15:00:00+08:00")
    assert duty.reachable is in_time


def test_by_night_hong_kong_has_no_visual_flight() -> None:
    """The sun sets there at about 19:10 in June."""
    night = datetime.fromisoformat("2026-06-12T19:30:00+08:00")
    plan = at(night, example(BAOAN))
    plan["approvals"][-1]["valid_until"] = "2026-06-12T22:00:00+08:00"
    for report in plan["weather"]["reports"]:
        report["text"] = report["text"].replace(" 120130Z", " 121130Z")
    verdict = assess(plan)
    assert verdict.decision is Decision.PROHIBITED
    assert standing(verdict) == {f"{AIP}enr_1_2__night"}
    (found,) = (f for f in verdict.findings if f.citation == f"{AIP}enr_1_2__night")
    assert found.where is not None
    assert found.where.text["en"] == "Hong Kong"
    mainland, hong_kong = verdict.legs
    assert mainland.decision is Decision.PERMITTED
    assert hong_kong.decision is Decision.PROHIBITED
    plan["hong_kong"]["special_vfr_clearance"] = True
    assert assess(plan).decision is Decision.PERMITTED


@pytest.mark.parametrize(
    ("visibility_m", "expected"),
    [(4900, Status.BREACHED), (5000, Status.MET)],
)
def test_visibility_in_hong_kong_is_that_of_its_metar(visibility_m: int, expected: Status) -> None:
    plan = example(BAOAN)
    report = plan["weather"]["reports"][1]
    assert "VHHH" in report["text"]
    report["text"] = report["text"].replace("9999", f"{visibility_m}")
    verdict = assess(plan)
    (found,) = (f for f in verdict.findings if f.citation == f"{AIP}enr_1_2__minima")
    assert found.status is expected
    if expected is Status.BREACHED:
        assert (found.observed, found.limit) == ("4900 m", "5 km")
        assert standing(verdict) == {f"{AIP}enr_1_2__minima"}


def test_without_any_weather_nothing_is_permitted() -> None:
    plan = example(BAOAN)
    del plan["weather"]
    verdict = assess(plan)
    assert verdict.decision is Decision.INDETERMINATE
    assert verdict.worst is Decision.PROHIBITED
    assert any(m.field.startswith("weather") for m in verdict.missing)


def leaving_the_route(out_m: float, out_s: float) -> Document:
    """Let the airspace of a flight be out to the right by so much, and out for so long."""
    plan = example(BAOAN)
    a, b = plan["waypoints"][1:3]
    start, end = (datetime.fromisoformat(point["time"]) for point in (a, b))
    ends = [(p["lon_deg"], p["lat_deg"]) for p in (a, b)]
    room_m = plan["crossing"]["prescribed_route"]["half_width_m"] - plan["route_buffer_m"]
    peak_m = room_m + out_m
    half_s = peak_m / (out_m / (out_s / 2.0))
    line = geodesic_azimuth_deg(ends[:1], ends[1:])
    length_m = float(geodesic_distance_m(ends[:1], ends[1:])[0])
    middle = start + (end - start) / 2.0
    drift = []
    for after_s, aside_m in ((-half_s, 0.0), (0.0, peak_m), (half_s, 0.0)):
        share = 0.5 + after_s / (end - start).total_seconds()
        on_line = geodesic_direct(ends[:1], azimuth_deg=line, distance_m=share * length_m)
        # A geodesic turns on its way: to the right is taken anew, looking on to its end.
        right_deg = geodesic_azimuth_deg(on_line, ends[1:]) + 90.0
        ((lon_deg, lat_deg),) = geodesic_direct(on_line, azimuth_deg=right_deg, distance_m=aside_m)
        when = middle + timedelta(seconds=after_s)
        drift.append({**a, "lon_deg": lon_deg, "lat_deg": lat_deg, "time": when.isoformat()})
    plan["waypoints"][2:2] = drift
    return plan


def test_leaving_the_route_by_50_m_for_20_s_is_found_to_the_metre_and_the_second() -> None:
    verdict = assess(leaving_the_route(50.0, 20.0))
    assert verdict.decision is Decision.PROHIBITED
    assert f"{BORDER}art_19__route" in standing(verdict)
    assert verdict.route is not None
    (departure,) = verdict.route.departures
    period = departure.period
    assert departure.excursion_m == pytest.approx(50.0, abs=0.05)
    assert (period.end - period.start).total_seconds() == pytest.approx(20.0, abs=0.05)
    middle = period.start + (period.end - period.start) / 2
    # Half way between 10:01:00 and 10:05:19.
    expected = datetime.fromisoformat("2026-06-12T10:03:09.500+08:00")
    assert abs((middle - expected).total_seconds()) < 0.05


def test_the_operator_cannot_talk_it_away() -> None:
    plan = leaving_the_route(50.0, 20.0)
    plan["crossing"]["keeps_prescribed_route"] = True
    assert assess(plan).decision is Decision.PROHIBITED


def test_a_metre_inside_the_edge_keeps_the_route() -> None:
    verdict = assess(leaving_the_route(-1.0, -20.0 / 301.0))
    assert verdict.decision is Decision.PERMITTED, standing(verdict)


@pytest.mark.parametrize(
    ("approved", "decision"),
    [
        (True, Decision.PERMITTED),
        (False, Decision.APPROVAL_REQUIRED),
        (None, Decision.INDETERMINATE),
    ],
)
def test_a_liver_crosses_with_the_approval_of_customs(
    approved: bool | None, decision: Decision
) -> None:
    plan = example(BAOAN, payload={"biological_material": True})
    plan["crossing"] |= {"regulated_as_drug_or_device": False, "quarantine_approval": approved}
    verdict = assess(plan)
    assert verdict.decision is decision
    if approved is not True:
        assert standing(verdict) == {"cn/quarantine_law_2024#art_22"}


def test_no_rescue_frees_a_liver_from_quarantine() -> None:
    """Urgency changes deadlines and priority, never port or quarantine."""
    order = {
        "held": True,
        "issued_by": "emergency_centre",
        "number": "EXAMPLE-120-2",
        "issued_at": "2026-06-11T09:00:00+08:00",
        "mission": "medical_rescue",
    }
    rescue = {"kind": "medical_rescue", "urgency": "specially_urgent", "task_order": order}
    plan = example(BAOAN, payload={"biological_material": True}, mission=rescue)
    plan["crossing"] |= {"regulated_as_drug_or_device": False, "quarantine_approval": False}
    verdict = assess(plan)
    assert status(verdict, "cn/quarantine_law_2024#art_22") is Status.REQUIRED


# The Games days, in Nanshan: 2025-11-21 is the closing day, whose evening is shut to logistics

CLOSING_DAY = datetime.fromisoformat("2025-11-21T00:00:00+08:00")
LANDS_AT = {"17:59": timedelta(hours=17, minutes=59), "18:01": timedelta(hours=18, minutes=1)}
DELIVERY = {"kind": "delivery", "task_order": None, "scenario": {"kind": "none"}}
RESCUE = {
    "kind": "medical_rescue",
    "task_order": {
        "held": True,
        "issued_by": "emergency_centre",
        "number": "EXAMPLE-120-1",
        "issued_at": "2025-11-18T09:00:00+08:00",
        "mission": "medical_rescue",
    },
}


def games_flight(mission: Document, lands: timedelta) -> Verdict:
    """Judge a flight of under three minutes that lands at a time of the closing day."""
    plan = example("17", mission=mission)
    (approval,) = plan["approvals"]
    approval |= {
        "valid_from": CLOSING_DAY.isoformat(),
        "valid_until": (CLOSING_DAY + timedelta(days=1)).isoformat(),
        "missions": [plan["mission"]["kind"]],
    }
    first, last = (datetime.fromisoformat(plan["waypoints"][i]["time"]) for i in (0, -1))
    return assess(at(CLOSING_DAY + lands - (last - first), plan))


@pytest.mark.parametrize("clock", LANDS_AT)
@pytest.mark.parametrize("mission", [{}, RESCUE], ids=["event support", "rescue"])
def test_event_support_and_rescue_fly_on_the_closing_evening(mission: Document, clock: str) -> None:
    verdict = games_flight(mission, LANDS_AT[clock])
    assert verdict.decision is Decision.PERMITTED, standing(verdict)
    assert status(verdict, f"{GAMES}closing_evenings") is not Status.BREACHED


def test_logistics_fly_until_18_00_and_no_minute_longer() -> None:
    before, after = (games_flight(DELIVERY, lands) for lands in LANDS_AT.values())
    assert before.decision is Decision.PERMITTED, standing(before)
    assert after.decision is Decision.PROHIBITED
    (evening,) = (f for f in after.findings if f.citation == f"{GAMES}closing_evenings")
    assert evening.when is not None
    assert evening.when.start == CLOSING_DAY + timedelta(hours=18)


def test_a_rescue_that_nobody_ordered_is_no_rescue_on_a_games_day() -> None:
    verdict = games_flight({**RESCUE, "task_order": {"held": False}}, LANDS_AT["17:59"])
    assert verdict.decision is Decision.PROHIBITED
    assert status(verdict, f"{DECREE}art_29__claim") is Status.BREACHED


# Police training

AWAY_DEG = 0.01
"""About a kilometre, at that latitude."""


def test_police_training_over_its_own_ground_needs_no_application() -> None:
    verdict = assess(example("12"))
    assert verdict.decision is Decision.PERMITTED, standing(verdict)
    assert status(verdict, f"{DECREE}art_26__para_1") is Status.WAIVED


def test_over_a_foreign_site_it_needs_one_whatever_the_operator_claims() -> None:
    plan = example("12")
    for point in plan["waypoints"]:
        point["lon_deg"] += AWAY_DEG
    assert plan["mission"]["over_own_ground"] is True
    verdict = assess(plan)
    assert verdict.decision is not Decision.PERMITTED
    assert status(verdict, f"{DECREE}art_26__para_1") is Status.REQUIRED
    assert status(verdict, f"{DECREE}art_31__para_1__item_3__claim") is Status.BREACHED


# A forest fire by the land border. It lies far from Shenzhen, so the distance is what is stated.


def fire_flight(kind: str, border_m: float, urgency: str = "urgent") -> Verdict:
    document = example("27")  # the air-120 helicopter
    document["mission"] |= {
        "kind": kind,
        "urgency": urgency,
        "task_order": {
            "held": True,
            "issued_by": "fire_and_rescue",
            "number": "EXAMPLE-119-7",
            "issued_at": document["mission"]["task_order"]["issued_at"],
            "mission": kind,
        },
    }
    document["manned"]["distance_to_land_border_m"] = border_m
    return assess(document)


def who_approves(verdict: Verdict) -> str:
    (duty,) = (o for o in verdict.obligations if o.citation == f"{GA}art_14__item_2__border")
    return duty.addressee["en"]


def test_a_sudden_forest_fire_in_the_strip_is_approved_by_the_sub_zone() -> None:
    verdict = fire_flight("forest_firefighting", 9_999.0)
    assert status(verdict, f"{TASKS}art_6__item_3__sudden") is Status.REQUIRED
    assert status(verdict, f"{TASKS}art_6__item_3") is Status.NOT_APPLICABLE
    assert "sub-zone" in who_approves(verdict)


def test_a_city_fire_there_is_approved_by_the_region() -> None:
    verdict = fire_flight("city_firefighting", 9_999.0)
    assert status(verdict, f"{TASKS}art_6__item_3") is Status.REQUIRED
    assert "CAAC" in who_approves(verdict)


@pytest.mark.parametrize(("border_m", "inside"), [(10_000.0, True), (10_000.001, False)])
def test_the_strip_is_ten_kilometres_wide(border_m: float, inside: bool) -> None:
    verdict = fire_flight("forest_firefighting", border_m)
    expected = Status.REQUIRED if inside else Status.NOT_APPLICABLE
    assert status(verdict, f"{TASKS}art_6__item_3__sudden") is expected
