"""What a verdict says beyond its decision: places, numbers, deadlines; and what it never does."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lowalt import assess, facts_of, lay, load_airspace, load_rulebook, parse_plan
from lowalt.datums import gcj02_from_wgs84
from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.verdicts import Decision, Finding, Status, Verdict

PLANS = Path(__file__).parent.parent / "examples" / "plans"
DECREE = "cn/order_761_2023#"


@cache
def _text(name: str) -> str:
    (path,) = PLANS.glob(f"{name}_*.json")
    return path.read_text("utf-8")


def document(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(_text(name))
    return loaded


def verdict_of(plan: dict[str, Any], **options: Any) -> Verdict:
    return assess(parse_plan(plan), airspace=load_airspace("shenzhen"), **options)


def finding(verdict: Verdict, key: str) -> Finding:
    return next(f for f in verdict.findings if f.citation == DECREE + key)


@pytest.mark.parametrize("is_unmanned", [False, None])
def test_what_is_or_may_be_manned_is_never_permitted_on_the_papers_of_a_uav(
    is_unmanned: bool | None,
) -> None:
    plan = document("01")
    plan["aircraft"]["is_unmanned"] = is_unmanned
    verdict = verdict_of(plan)
    assert verdict.worst is Decision.PROHIBITED
    assert verdict.decision is not Decision.PERMITTED
    if is_unmanned is None:
        assert "aircraft.is_unmanned" in {m.field for m in verdict.missing}


def test_leaving_the_mainland_is_no_exempt_flight_whatever_its_nationality() -> None:
    plan = document("15")
    plan["aircraft"]["registration"]["nationality_registered"] = True
    verdict = verdict_of(plan)
    assert verdict.best.rank >= Decision.APPROVAL_REQUIRED.rank
    crossing = next(
        f for f in verdict.findings if f.citation == "cn/public_security_law_2025#art_46"
    )
    assert crossing.status is Status.BREACHED
    assert crossing.consequence is None, "its term is from memory, so it only warns"
    assert finding(verdict, "art_26__para_1").status is Status.REQUIRED


def test_crossing_the_boundary_is_told_with_place_and_time() -> None:
    found = finding(verdict_of(document("15")), "art_10__para_2")
    assert found.status is Status.BREACHED
    assert found.where is not None
    assert found.when is not None
    assert found.where.text["en"] == "Hong Kong"
    # Order 221 draws the sea boundary here between its points 26 and 31, at 114.23 to 114.46 E.
    assert 114.2 < found.where.lon_deg < 114.5
    assert 22.53 < found.where.lat_deg < 22.58


def test_an_urgent_task_is_due_half_an_hour_before_take_off() -> None:
    verdict = verdict_of(document("10"))
    application = next(o for o in verdict.obligations if o.citation == f"{DECREE}art_26__para_1")
    assert application.due is not None
    assert (verdict.departure - application.due).total_seconds() == 30 * 60
    assert application.reachable is True


def test_an_ordinary_task_is_due_at_noon_of_the_day_before_in_beijing_time() -> None:
    verdict = verdict_of(document("03"))
    application = next(o for o in verdict.obligations if o.citation == f"{DECREE}art_26__para_1")
    assert application.due == datetime.fromisoformat("2026-06-09T12:00:00+08:00")
    assert str(application.due.tzinfo) == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("plan", "observed", "margin"), [("06", "120 m", "0"), ("07", "120.01 m", "-0.01 m")]
)
def test_height_findings_carry_value_limit_and_margin(
    plan: str, observed: str, margin: str
) -> None:
    found = finding(verdict_of(document(plan)), "art_19__para_2__height")
    assert found.status is Status.REQUIRED
    assert (found.observed, found.margin) == (observed, margin)
    assert found.limit is not None
    assert found.limit.startswith("120 m")


def test_room_left_below_the_ceiling_is_positive() -> None:
    found = finding(verdict_of(document("01")), "art_19__para_2__height")
    assert found.status is Status.NOT_APPLICABLE
    assert found.margin == "+20 m"


def test_a_report_less_than_an_hour_before_leaves_the_confirmation_open() -> None:
    plan = document("12")
    late = datetime.fromisoformat(plan["waypoints"][0]["time"]).replace(second=59)
    plan["submission"]["readiness_reported_at"] = late.isoformat()
    assert verdict_of(plan).decision is Decision.CONFIRMATION_REQUIRED


def test_a_flight_outside_the_dataset_is_never_permitted() -> None:
    plan = document("01")
    for waypoint in plan["waypoints"]:
        waypoint["lon_deg"] += 1.5
    for name in ("departure_site", "landing_site"):
        plan.pop(name, None)
    verdict = verdict_of(plan)
    assert verdict.worst is Decision.PROHIBITED
    assert "airspace dataset" in verdict.missing[0].text["en"]


def test_a_plan_of_2023_is_not_judged_by_a_decree_of_2024() -> None:
    verdict = verdict_of(document("18"))
    assert {f.status for f in verdict.findings if f.citation.startswith(DECREE)} == {
        Status.NOT_IN_FORCE
    }
    assert verdict.decision is Decision.INDETERMINATE


def test_a_rulebook_of_another_day_can_be_asked_what_it_would_say() -> None:
    plan = parse_plan(document("01"))
    airspace = load_airspace("shenzhen")
    before = assess(plan, airspace=airspace, rulebook=load_rulebook(on=date(2023, 6, 1)))
    assert before.decision is Decision.INDETERMINATE
    assert before.on.year == 2023


def test_coordinates_read_off_a_chinese_web_map_are_refused_by_field() -> None:
    plan = document("01")
    port = load_airspace("shenzhen").known_points
    lon, lat = gcj02_from_wgs84([next(iter(port.values()))])[0]
    plan["waypoints"][0] |= {"lon_deg": lon, "lat_deg": lat}
    plan["departure_site"] |= {"lon_deg": lon, "lat_deg": lat}
    with pytest.raises(InvalidInputError, match=r"waypoints\[0\].*GCJ-02|GCJ-02.*\n.*waypoints"):
        verdict_of(plan)
    plan["coordinates_checked"] = True
    assert verdict_of(plan).decision is not None


def test_a_naive_time_of_submission_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError, match="submitted_at"):
        verdict_of(document("01"), submitted_at=datetime(2026, 6, 1))  # noqa: DTZ001 - the point


def test_json_is_canonical_and_says_everything_in_both_languages() -> None:
    verdict = verdict_of(document("03"))
    text = verdict.to_json()
    again = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again == text
    assert verdict_of(document("03")).to_json() == text
    for found in verdict.findings:
        assert found.text["zh"]
        assert found.text["en"]
        assert found.text["zh"] != found.text["en"]


def test_dropping_stated_and_denied_is_a_contradiction_not_a_choice() -> None:
    plan = document("01")
    plan["special_operations"]["dangerous_goods_or_dropping"] = True
    plan["payload"] |= {"dangerous_goods": False, "drops_objects": False}
    with pytest.raises(InvalidInputError, match=r"special_operations\.dangerous_goods_or_dropping"):
        parse_plan(plan)


def test_nobody_at_the_controls_names_no_pilot() -> None:
    plan = document("03")
    plan["pilots"] = []
    verdict = verdict_of(plan)
    assert finding(verdict, "art_27").status is Status.MISSING_INFO


@pytest.mark.parametrize(
    ("path", "fact"),
    [
        ("aircraft.radio_type_approved", "uses_designated_frequencies"),
        ("aircraft.designated_frequency", "uses_designated_frequencies"),
        ("aircraft.insurance.valid_until", "is_insured"),
        ("aircraft.insurance.valid_from", "is_insured"),
        ("aircraft.electronic_fence.data_current", "has_working_e_fence"),
        ("pilots.0.theory_certificate", "has_theory_certificate"),
    ],
)
def test_what_rests_on_several_statements_is_unknown_without_one_of_them(
    path: str, fact: str
) -> None:
    plan = document("03")
    plan["aircraft"]["electronic_fence"] = {"fitted": True, "in_use": True, "data_current": True}
    plan["pilots"][0]["theory_certificate"] = True
    airspace = load_airspace("shenzhen")
    assert facts_of(lay(parse_plan(plan), airspace=airspace)).flight[fact] is True
    *parents, last = path.split(".")
    part: Any = plan
    for name in parents:
        part = part[int(name) if name.isdigit() else name]
    part[last] = None
    assert fact not in facts_of(lay(parse_plan(plan), airspace=airspace)).flight


def test_while_the_urgency_is_unknown_the_earlier_deadline_is_the_one_to_keep() -> None:
    plan = document("10")
    plan["mission"]["urgency"] = None
    verdict = verdict_of(plan)
    application = next(o for o in verdict.obligations if o.citation == f"{DECREE}art_26__para_1")
    assert application.due == datetime.fromisoformat("2026-06-19T12:00:00+08:00")
