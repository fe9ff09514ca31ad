"""Whole plans of manned helicopters, end to end: from the document to the verdict and its law."""

from __future__ import annotations

import copy
import dataclasses
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import lowalt as la
from lowalt.airspace import (
    AirspaceDataset,
    BasisVerification,
    Circle,
    FeatureStatus,
    Restriction,
    Volume3D,
    Zone,
)
from lowalt.errors import CalendarYearError, InvalidInputError
from lowalt.situation import facts_of, lay
from lowalt.terms import ZoneKind
from lowalt.verdicts import Decision, Finding, Obligation, Status, Verdict
from lowalt.vocabulary.manned import MANNED

SHENZHEN = la.load_airspace("shenzhen")
CENTRE = {"lon_deg": 114.20, "lat_deg": 22.66}
"""Over the hills between Longgang and Yantian."""
ORDERED_RESCUE = {
    "kind": "medical_rescue",
    "urgency": "urgent",
    "task_order": {
        "held": True,
        "issued_by": "emergency_centre",
        "issued_at": "2026-06-04T08:30:00+08:00",
        "mission": "medical_rescue",
    },
}


def document(departure: str, **parts: Any) -> dict[str, Any]:
    """Document of a day flight by a company's helicopter with every paper in order.

    Each of ``parts`` replaces keys of that part, or the part itself where it is no mapping.
    """
    start = datetime.fromisoformat(departure)
    until = (start + timedelta(days=400)).date().isoformat()
    since = (start - timedelta(days=30)).date().isoformat()
    plan: dict[str, Any] = {
        "plan_id": "helicopter",
        "datum": "WGS84",
        "operating_area": {
            "circle": {**CENTRE, "radius_m": 1000.0},
            "floor": {"value_m": 0.0, "reference": "AGL"},
            "ceiling": {"value_m": 250.0, "reference": "AGL"},
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
        },
        "departure_site": {"name": "南头直升机场"},
        "landing_site": {"name": "南头直升机场"},
        "alternate_sites": [],
        "operator": {"name": "深圳某通用航空公司", "kind": "unit"},
        "pilots": [{"name": "机长", "nationality": "CHN"}],
        "aircraft": {
            "is_unmanned": False,
            "model": "AW139",
            "count": 1,
            "registration": {"state": "normal", "country": "CHN", "nationality_registered": True},
            "airworthiness": {"document": "certificate", "issued_on": since, "valid_until": until},
            "insurance": {"held": True, "valid_from": since, "valid_until": until},
        },
        "mission": {
            "kind": "inspection",
            "urgency": "normal",
            "commercial": True,
            "over_dense_population": False,
            "is_public_welfare": False,
            "control_area": "one_subzone",
        },
        "payload": {"drops_objects": False, "biological_material": False},
        "approvals": [],
        "submission": {"submitted_at": (start - timedelta(days=2)).isoformat()},
        "communication": {"means": "甚高频"},
        "special_support": "无",
        "weather": {
            "visibility_m": 8000.0,
            "cloud_base_agl_m": 900.0,
            "meets_commander_minima": True,
            "surface_stays_in_sight": True,
        },
        "manned": {
            "helicopter": True,
            "visual_flight": True,
            "commander": "机长",
            "call_sign": "B7001",
            "crew_count": 2,
            "transponder_code": "2000",
            "public_air_transport": False,
            "crosses_national_airspace": False,
            "beyond_coast_line": False,
            "distance_to_land_border_m": 300_000.0,
            "temporary_airspace": {"held": False},
            "short_term_plan": {"held": False},
            "temporary_route": False,
            "overflies_city": False,
            "fuel_endurance_s": 7200.0,
            "route_time_s": 3600.0,
        },
    }
    for name, part in parts.items():
        plan[name] = {**plan[name], **part} if isinstance(part, dict) else part
    return plan


def approved(plan: dict[str, Any]) -> dict[str, Any]:
    """Give a plan an approval that covers all of it."""
    area = plan["operating_area"]
    approval = {
        "kind": "flight_activity",
        "number": "1",
        "authority": "飞行管制分区",
        "valid_from": area["start"],
        "valid_until": area["end"],
        "area": {"circle": {**CENTRE, "radius_m": 5000.0}},
        "ceiling": {"value_m": 300.0, "reference": "AGL"},
        "missions": [plan["mission"]["kind"]],
    }
    return {**copy.deepcopy(plan), "approvals": [*plan["approvals"], approval]}


def verdict(plan: dict[str, Any]) -> Verdict:
    return la.assess(la.parse_plan(plan), airspace=SHENZHEN)


def finding(of: Verdict, citation: str) -> Finding:
    (found,) = (f for f in of.findings if f.citation == citation)
    return found


def obligation(of: Verdict, citation: str) -> Obligation:
    (found,) = (o for o in of.obligations if o.citation == citation)
    return found


DAY = "2026-06-04T10:00:00+08:00"
DECREE = "cn/order_371_2003"


def test_a_helicopter_with_everything_in_order_is_permitted() -> None:
    answer = verdict(approved(document(DAY)))
    assert answer.decision is Decision.PERMITTED, [m.text["en"] for m in answer.missing]


def test_without_its_approval_it_is_not() -> None:
    answer = verdict(document(DAY))
    assert answer.decision is Decision.APPROVAL_REQUIRED
    duty = obligation(answer, f"{DECREE}#art_16__para_1")
    assert duty.due == datetime.fromisoformat("2026-06-03T15:00:00+08:00")
    assert duty.reachable is True
    assert "sub-zone" in duty.addressee["en"]
    assert [item.met for item in obligation(answer, f"{DECREE}#art_13").items] == [True] * 10


@pytest.mark.parametrize(
    ("filed", "status", "reachable"),
    [
        ("2026-06-03T14:59:00+08:00", Status.MET, True),
        ("2026-06-03T15:00:00+08:00", Status.REQUIRED, False),
        ("2026-06-03T15:01:00+08:00", Status.REQUIRED, False),
    ],
)
def test_the_plan_is_filed_before_15_00_on_the_day_before(
    filed: str, status: Status, reachable: bool
) -> None:
    answer = verdict(document(DAY, submission={"submitted_at": filed}))
    assert finding(answer, f"{DECREE}#art_16__para_1__time").status is status
    assert obligation(answer, f"{DECREE}#art_16__para_1").reachable is reachable
    # The noon of unmanned aircraft is not put to it.
    unmanned = finding(answer, "cn/order_761_2023#art_26__para_1__time")
    assert unmanned.status is Status.NOT_APPLICABLE


@pytest.mark.parametrize(("minutes", "status"), [(60, Status.MET), (59, Status.REQUIRED)])
def test_urgent_rescue_is_filed_sixty_minutes_before(minutes: int, status: Status) -> None:
    filed = (datetime.fromisoformat(DAY) - timedelta(minutes=minutes)).isoformat()
    rescue = {**ORDERED_RESCUE, "commercial": False}
    answer = verdict(document(DAY, mission=rescue, submission={"submitted_at": filed}))
    assert finding(answer, f"{DECREE}#art_16__para_2__time").status is status
    assert finding(answer, f"{DECREE}#art_16__para_1__time").status is Status.NOT_APPLICABLE
    duty = obligation(answer, f"{DECREE}#art_16__para_2")
    assert duty.due == datetime.fromisoformat("2026-06-04T09:00:00+08:00")
    assert answer.decision is Decision.APPROVAL_REQUIRED


def test_urgency_changes_deadlines_and_nothing_else() -> None:
    rescue = {**ORDERED_RESCUE, "commercial": False}
    uninsured = {"insurance": {"held": False}}
    plan = approved(document(DAY, mission=rescue, aircraft=uninsured))
    assert verdict(plan).decision is Decision.PROHIBITED


@pytest.mark.parametrize(
    ("day", "cited", "silent"),
    [
        ("2026-06-30", "cn/civil_aviation_law_2021#art_150", "cn/civil_aviation_law_2025#art_161"),
        ("2026-07-01", "cn/civil_aviation_law_2025#art_161", "cn/civil_aviation_law_2021#art_150"),
    ],
)
def test_the_civil_aviation_law_is_cited_by_the_numbers_of_the_day(
    day: str, cited: str, silent: str
) -> None:
    uninsured = {"insurance": {"held": False}}
    answer = verdict(approved(document(f"{day}T10:00:00+08:00", aircraft=uninsured)))
    assert answer.decision is Decision.PROHIBITED
    assert finding(answer, cited).status is Status.BREACHED
    said = {f.citation for f in answer.findings if f.status is not Status.NOT_IN_FORCE}
    assert silent not in said
    other = silent.partition("#")[0]
    assert not [c for c in said if c.startswith(other)]


def _airspace(requested: str, used: str) -> dict[str, Any]:
    held = {"held": True, "requested_on": requested, "first_day": used, "last_day": used}
    return {"temporary_airspace": held}


@pytest.mark.parametrize(
    ("requested", "status"),
    [
        # Sunday 20 September 2026 is worked for National Day; were it not, Friday 18 would be the
        # last day in time.
        ("2026-09-20", Status.MET),
        ("2026-09-21", Status.REQUIRED),
    ],
)
def test_temporary_airspace_is_asked_for_seven_working_days_before(
    requested: str, status: Status
) -> None:
    # Back from Wednesday 30 September: 29, 28, 24, 23, 22, 21 and, made up, Sunday 20.
    answer = verdict(
        document("2026-09-30T10:00:00+08:00", manned=_airspace(requested, "2026-09-30"))
    )
    assert finding(answer, f"{DECREE}#art_9").status is status


def test_a_year_whose_holidays_are_not_announced_is_an_error_and_no_guess() -> None:
    plan = document("2032-03-01T10:00:00+08:00", manned=_airspace("2032-01-05", "2032-03-01"))
    with pytest.raises(CalendarYearError, match="2032"):
        verdict(plan)


def test_a_flight_that_counts_no_working_days_needs_no_calendar() -> None:
    answer = verdict(document("2032-03-01T10:00:00+08:00"))
    assert finding(answer, f"{DECREE}#art_9").status is Status.NOT_APPLICABLE
    assert finding(answer, "cn/ga_task_rule_2013#lead_time").status is Status.NOT_APPLICABLE


def test_advice_in_working_days_of_such_a_year_is_unknown() -> None:
    manned = {"beyond_coast_line": True, "task_requested_on": "2031-11-03"}
    plan = la.parse_plan(document("2032-01-05T10:00:00+08:00", manned=manned))
    lead = "cn/ga_task_rule_2013#lead_time"
    answer = la.assess(plan, airspace=SHENZHEN)
    assert finding(answer, lead).status is Status.MISSING_INFO
    many = la.assess_many([plan], airspace=SHENZHEN)
    assert many.status_of(lead) == [Status.MISSING_INFO]
    assert many.decisions == [answer.decision]
    (row,) = (row for row in la.timeline(answer).rows if row.citation == lead)
    assert row.is_uncounted


@pytest.mark.parametrize(
    ("paper", "stated"),
    [
        ("registration", {"state": "cancelled", "nationality_registered": True}),
        ("registration", {"state": "normal", "nationality_registered": False}),
        ("airworthiness", {"document": "none"}),
        ("airworthiness", {"document": "certificate", "valid_until": "2026-06-03"}),
        ("airworthiness", {"document": "certificate", "issued_on": "2026-07-02"}),
    ],
)
@pytest.mark.parametrize("on", ["2026-06-04", "2026-07-01"])
def test_a_helicopter_without_the_papers_it_carries_is_prohibited(
    paper: str, stated: dict[str, Any], on: str
) -> None:
    plan = approved(document(f"{on}T10:00:00+08:00", aircraft={}))
    assert verdict(plan).decision is Decision.PERMITTED
    plan["aircraft"][paper] = stated
    assert verdict(plan).decision is Decision.PROHIBITED


@pytest.mark.parametrize("paper", ["registration", "airworthiness"])
def test_papers_that_are_not_stated_are_missing(paper: str) -> None:
    plan = approved(document(DAY))
    del plan["aircraft"][paper]
    answer = verdict(plan)
    assert answer.decision is Decision.INDETERMINATE
    assert any(m.field.startswith(f"aircraft.{paper}") for m in answer.missing)


def test_a_commercial_operator_without_a_certificate_is_advised() -> None:
    plan = approved(document(DAY, operator={"certificate": {"held": False}}))
    assert finding(verdict(plan), "cn/ccar_135#certificate").status is Status.BREACHED


def test_a_police_helicopter_is_not_permitted_by_rules_that_leave_it_out() -> None:
    police = {"kind": "police"}
    answer = verdict(approved(document(DAY, operator=police, mission={"commercial": False})))
    assert answer.decision is Decision.INDETERMINATE
    assert answer.worst is Decision.PROHIBITED
    assert finding(answer, f"{DECREE}#art_3__other_rules").status is Status.MISSING_INFO


@pytest.mark.parametrize(
    ("weather", "decision"),
    [
        ({"cloud_base_agl_m": 300.0}, Decision.PERMITTED),
        ({"cloud_base_agl_m": 299.0}, Decision.PROHIBITED),
        ({"cloud_base_agl_m": None}, Decision.INDETERMINATE),
        ({"visibility_m": 800.0}, Decision.PERMITTED),
        ({"visibility_m": 799.0}, Decision.PROHIBITED),
        ({"surface_stays_in_sight": False}, Decision.PROHIBITED),
    ],
)
def test_weather_decides_a_visual_flight(weather: dict[str, Any], decision: Decision) -> None:
    # The area reaches 250 m above ground, and 50 m to the cloud base are asked.
    assert verdict(approved(document(DAY, weather=weather))).decision is decision


def test_little_fuel_only_warns_because_its_rule_was_not_read_as_it_stands_today() -> None:
    answer = verdict(approved(document(DAY, manned={"fuel_endurance_s": 3600.0})))
    assert answer.decision is Decision.PERMITTED
    assert finding(answer, "cn/ccar_135#art_135_219__b").status is Status.BREACHED


def test_silence_on_any_part_never_permits_a_helicopter() -> None:
    """Leaving out a part of a permitted plan may only open the answer."""
    whole = approved(document(DAY))
    for part in ("operator", "aircraft", "mission", "payload", "weather", "manned", "approvals"):
        plan = {name: value for name, value in whole.items() if name != part}
        assert verdict(plan).decision is Decision.INDETERMINATE, part


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    period = {"held": True, "first_day": "2026-06-05", "last_day": "2026-06-04"}
    plan = document(DAY, manned={"short_term_plan": period})
    with pytest.raises(InvalidInputError, match="2026-06-04, before the first day 2026-06-05"):
        la.parse_plan(plan)


def test_what_is_not_used_has_no_days() -> None:
    airspace = {"held": False, "requested_on": "2026-06-01"}
    plan = document(DAY, manned={"temporary_airspace": airspace})
    with pytest.raises(InvalidInputError, match="requested_on"):
        la.parse_plan(plan)


def test_before_2003_no_law_here_lets_a_helicopter_fly() -> None:
    answer = verdict(approved(document("2002-06-04T10:00:00+08:00")))
    assert answer.decision is not Decision.PERMITTED
    assert date(2002, 6, 4) == answer.on


@pytest.mark.parametrize(
    ("part", "value", "fact", "expected"),
    [
        ("weather", {"visibility_m": 799.9999}, "visibility_mm", 799_999),
        ("weather", {"visibility_m": 800.0}, "visibility_mm", 800_000),
        ("weather", {"cloud_base_agl_m": 299.9999}, "cloud_clearance_mm", 49_999),
        ("weather", {"cloud_base_agl_m": 200.0}, "cloud_clearance_mm", -50_000),
        ("manned", {"min_height_over_population_m": 89.9999}, "height_over_population_mm", 89_999),
        ("manned", {"distance_to_land_border_m": 9999.9999}, "land_border_distance_mm", 9_999_999),
        ("manned", {"fuel_endurance_s": 4799.9999}, "fuel_reserve_ms", 1_199_999),
        ("manned", {"fuel_endurance_s": 3000.0}, "fuel_reserve_ms", -600_000),
    ],
)
def test_what_must_not_be_too_small_is_rounded_down(
    part: str, value: dict[str, float], fact: str, expected: int
) -> None:
    known = facts_of(lay(la.parse_plan(document(DAY, **{part: value})), airspace=SHENZHEN))
    (leg,) = known.legs
    assert {**known.flight, **leg.values}[fact] == expected


def test_a_plan_without_its_manned_part_supplies_none_of_its_facts() -> None:
    plan = {k: v for k, v in document(DAY).items() if k not in ("manned", "weather")}
    known = facts_of(lay(la.parse_plan(plan), airspace=SHENZHEN)).flight
    stated = {f.name for f in MANNED if f.field.startswith(("manned.", "weather."))}
    assert not stated & set(known)


# Who approves, and the tasks that need a document of their own


@pytest.mark.parametrize(
    ("reached", "addressee"),
    [
        ("one_subzone", "unit of the flight-control sub-zone"),
        ("one_zone", "unit of the flight-control zone"),
        ("several", "Air Force of the PLA"),
    ],
)
def test_the_plan_goes_to_the_level_that_the_flight_reaches(reached: str, addressee: str) -> None:
    answer = verdict(document(DAY, mission={"control_area": reached}))
    assert obligation(answer, f"{DECREE}#art_16__para_1").addressee["en"].startswith(addressee)


def test_aerial_photography_needs_a_task_approval_and_warns_of_its_working_days() -> None:
    mission, manned = {"kind": "aerial_photography"}, {"task_requested_on": "2026-05-19"}
    answer = verdict(approved(document(DAY, mission=mission, manned=manned)))
    assert answer.decision is Decision.APPROVAL_REQUIRED
    assert obligation(answer, f"{DECREE}#art_14__item_3").kind == "approval"
    # Twelve working days before 4 June where thirteen are asked, from memory: it decides nothing.
    late = finding(answer, "cn/ga_task_rule_2013#lead_time")
    assert late.status is Status.BREACHED
    assert late.consequence is None


def test_a_task_approval_and_an_approval_of_the_flight_suffice_for_it() -> None:
    plan = approved(document(DAY, mission={"kind": "aerial_photography"}))
    task = {**plan["approvals"][0], "kind": "task", "number": "2", "authority": "民航局"}
    answer = verdict({**plan, "approvals": [*plan["approvals"], task]})
    assert answer.decision is Decision.PERMITTED, [m.text["en"] for m in answer.missing]


# Shenzhen's measures of 2019, which may or may not be in force

DRONE = "examples/plans/01_light_uav_suitable_airspace.json"


def _with_helipad(radius_m: float) -> AirspaceDataset:
    """Lay an active landing site near the drone's place over the airspace of Shenzhen."""
    site = Zone(
        identifier="HPTEST1",
        volumes=(Volume3D.of(Circle(114.36, 22.69, radius_m)),),
        name={"zh": "临时起降点", "en": "temporary landing site"},
        kind=ZoneKind.TEMPORARY_LANDING_SITE,
        restriction=Restriction.REQ_AUTHORIZATION,
        country="CHN",
        status=FeatureStatus.DERIVED,
        basis=BasisVerification.PARTLY,
        accuracy_m=20.0,
        citation="2019 measures",
        sources=("made up",),
        as_of=date(2026, 6, 1),
    )
    return dataclasses.replace(SHENZHEN, features=(*SHENZHEN.features, site))


def test_a_drone_near_an_active_landing_site_is_neither_permitted_nor_refused() -> None:
    plan = la.read_plan(DRONE)
    assert la.assess(plan, airspace=_with_helipad(1000.0)).decision is Decision.PERMITTED
    answer = la.assess(plan, airspace=_with_helipad(3000.0))
    assert answer.decision is Decision.INDETERMINATE
    assert (answer.best, answer.worst) == (Decision.PERMITTED, Decision.APPROVAL_REQUIRED)
    open_point = finding(answer, "sz/micro_light_measures_2019#both_lists__landing_sites")
    assert open_point.status is Status.MISSING_INFO
    assert "still hold" in open_point.note["en"]
