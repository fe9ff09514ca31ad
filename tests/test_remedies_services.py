"""Remedies of services across the boundary and of public tasks: each is what one can really do."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import lowalt as la
from lowalt.geodesy import geodesic_distance_m
from lowalt.missions import can_order
from lowalt.remedy import Kind
from lowalt.remedy.documents import with_values
from lowalt.remedy.own_ground import way_into
from lowalt.terms import MissionKind, OrderingBody, Urgency

PLANS = Path(__file__).parent.parent / "examples" / "plans"
BAOAN, SHEKOU, GAMES, POLICE, AIR_120 = "25", "26", "17", "12", "27"

Document = dict[str, Any]
Change = Callable[[Document], None]


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def changed(number: str, *changes: Change) -> la.FlightPlan:
    (path,) = PLANS.glob(f"{number}_*.json")
    document = json.loads(path.read_text("utf-8"))
    for change in changes:
        change(document)
    return la.parse_plan(document)


def decision(plan: la.FlightPlan) -> la.Decision:
    return la.assess(plan, airspace=airspace()).decision


def offered(plan: la.FlightPlan) -> tuple[la.Remedy, ...]:
    """Ask for remedies, each of which is as good as it says."""
    found = la.remedies(plan, airspace=airspace(), limit=6)
    before = la.assess(plan, airspace=airspace())
    for remedy in found:
        verdict = remedy.verdict
        assert remedy.passes is (verdict.decision is la.Decision.PERMITTED)
        assert (remedy.provided is None) or not remedy.passes
        better = verdict.worst.rank < before.worst.rank
        assert better or (remedy.provided is not None and verdict.best.rank <= before.best.rank)
        assert all(remedy.text[lang].strip() for lang in ("zh", "en"))
    return found


def one(found: Sequence[la.Remedy], words: str) -> la.Remedy:
    (remedy,) = (remedy for remedy in found if words in remedy.text["en"])
    return remedy


def at(clock: str) -> Change:
    """Take off at another time, with nothing else moved."""

    def change(plan: Document) -> None:
        later = datetime.fromisoformat(clock) - datetime.fromisoformat(plan["waypoints"][0]["time"])
        for point in plan["waypoints"]:
            point["time"] = (datetime.fromisoformat(point["time"]) + later).isoformat()

    return change


# The prescribed route ---------------------------------------------------------------------------


def beside_the_route(plan: Document) -> None:
    """Pass by the middle of the long leg 600 m to the west, where the route is 500 m wide."""
    a, b = plan["waypoints"][1:3]
    start, end = (datetime.fromisoformat(point["time"]) for point in (a, b))
    lon_deg, lat_deg = ((a[name] + b[name]) / 2.0 for name in ("lon_deg", "lat_deg"))
    aside = {**a, "lon_deg": lon_deg - 0.006, "lat_deg": lat_deg}
    plan["waypoints"].insert(2, {**aside, "time": (start + (end - start) / 2.0).isoformat()})


def room_m(plan: la.FlightPlan) -> float:
    """Least room to the side of the prescribed route, with buffer, by shapely in the plane."""
    assert plan.crossing is not None
    route, to_plane = plan.crossing.prescribed_route, airspace().frame.to_plane
    assert route is not None
    flown = shapely.LineString(to_plane([(w.lon_deg, w.lat_deg) for w in plan.waypoints or ()]))
    places = shapely.points(shapely.get_coordinates(shapely.segmentize(flown, 10.0)))
    far_m = shapely.distance(shapely.LineString(to_plane(route.points)), places).max()
    return route.half_width_m - (plan.route_buffer_m or 0.0) - float(far_m)


def test_a_departure_from_the_route_is_flown_within_it_and_never_stated_away() -> None:
    plan = changed(BAOAN, beside_the_route)
    assert room_m(plan) < -100.0
    found = offered(plan)
    within, another = found
    assert (within.kind, another.kind) == (Kind.SIDEWAYS, Kind.OBTAIN)
    assert within.passes
    assert 0.0 < room_m(within.plan) < 5.0
    for remedy in found:
        assert remedy.plan.crossing is not None
        assert remedy.plan.crossing.keeps_prescribed_route is None
    old, new = plan.waypoints or (), within.plan.waypoints or ()
    assert [a == b for a, b in zip(old, new, strict=True)][:2] == [True, True]
    assert [(w.lon_deg, w.lat_deg) for w in old[3:]] == [(w.lon_deg, w.lat_deg) for w in new[3:]]
    # Or another route is prescribed, which is the way as it is flown.
    assert another.passes
    assert another.plan.waypoints == plan.waypoints
    assert room_m(another.plan) > 0.0


@pytest.mark.parametrize(("level_m", "kept_m"), [(200.0, 270.0), (345.0, 330.0)])
def test_a_departure_in_height_is_brought_to_the_limit_with_its_buffer(
    level_m: float, kept_m: float
) -> None:
    def off_level(plan: Document) -> None:
        plan["waypoints"][3]["level"]["value_m"] = level_m

    remedy = one(offered(changed(BAOAN, off_level)), "keep within the prescribed route")
    assert remedy.passes
    levels_m = [w.level.value_m for w in remedy.plan.waypoints or ()]
    assert levels_m == [0.0, 300.0, 300.0, kept_m, *[300.0] * 5, 0.0]


def test_a_flight_wider_than_its_route_fits_nowhere_in_it() -> None:
    def too_wide(plan: Document) -> None:
        plan["route_buffer_m"] = 600.0

    (remedy,) = offered(changed(BAOAN, too_wide))
    assert remedy.kind is Kind.OBTAIN


def test_where_nothing_is_measured_the_operator_undertakes_to_keep_to_it() -> None:
    def only_stated(plan: Document) -> None:
        del plan["crossing"]["prescribed_route"]
        plan["crossing"]["keeps_prescribed_route"] = False

    (remedy,) = offered(changed(BAOAN, only_stated))
    assert (remedy.kind, remedy.passes) == (Kind.DROP, True)


# Ports ------------------------------------------------------------------------------------------


def before_shekou_opened(plan: Document) -> None:
    """Fly on the last day before, with papers of that day."""
    at("2025-11-05T10:00:00+08:00")(plan)
    for approval in plan["approvals"]:
        approval["valid_from"] = "2025-11-05T08:00:00+08:00"
        approval["valid_until"] = "2025-11-05T12:00:00+08:00"
    plan["approvals"][0]["valid_until"] = "2025-12-01T00:00:00+08:00"
    plan["submission"] = {"submitted_at": "2025-11-04T14:00:00+08:00"}
    for name in ("border_inspection_told_at", "customs_told_at"):
        plan["crossing"][name] = "2025-11-05T07:00:00+08:00"
    plan["hong_kong"]["plan_filed_at"] = "2025-11-05T08:00:00+08:00"
    plan["manned"]["task_requested_on"] = "2025-10-06"
    plan["aircraft"]["insurance"]["valid_from"] = "2025-01-01"
    for report in plan["weather"]["reports"]:
        report["text"] = report["text"].replace(" 120130Z", " 050130Z")


@cache
def remedies_before_shekou_opened() -> tuple[la.Remedy, ...]:
    return offered(changed(SHEKOU, before_shekou_opened))


def test_a_port_not_yet_open_is_waited_for_until_the_day_that_it_opens() -> None:
    steps = [r for r in remedies_before_shekou_opened() if r.parts[0] is Kind.LATER]
    assert [r.parts for r in steps] == [(Kind.LATER,), (Kind.LATER, Kind.OBTAIN)]
    opening = datetime.fromisoformat("2025-11-06T10:00:00+08:00")
    assert {r.plan.departure for r in steps} == {opening}


def test_what_is_offered_was_judged_as_anybody_would() -> None:
    for remedy in remedies_before_shekou_opened():
        assert la.assess(remedy.plan, airspace=airspace()) == remedy.verdict


def test_or_the_flight_takes_off_from_a_port_that_is_open() -> None:
    plan = changed(SHEKOU, before_shekou_opened)
    remedy = one(remedies_before_shekou_opened(), "take off from another port")
    assert remedy.passes
    assert "宝安" in remedy.text["zh"]
    (port,) = (p for p in airspace().ports if p.port.value == "baoan_airport")
    first, second, third = (remedy.plan.waypoints or ())[:3]
    assert {(w.lon_deg, w.lat_deg) for w in (first, second)} == {(port.lon_deg, port.lat_deg)}
    assert remedy.plan.departure == plan.departure
    assert remedy.plan.crossing is not None
    assert remedy.plan.crossing.exit_port is port.port
    # As fast as it was planned, and from there on the same way.
    old = (plan.waypoints or ())[1:3]
    speeds_m_s = [
        float(geodesic_distance_m([(a.lon_deg, a.lat_deg)], [(b.lon_deg, b.lat_deg)])[0])
        / (b.time - a.time).total_seconds()
        for a, b in ((second, third), old)
    ]
    assert speeds_m_s[0] == pytest.approx(speeds_m_s[1], rel=1e-6)
    assert (third.lon_deg, third.lat_deg) == (old[1].lon_deg, old[1].lat_deg)


def test_a_port_where_it_does_not_take_off_is_replaced_by_the_one_where_it_does() -> None:
    def elsewhere(plan: Document) -> None:
        plan["crossing"]["exit_port"] = "shekou"

    plan = changed(BAOAN, elsewhere)
    remedy = offered(plan)[0]
    assert (remedy.kind, remedy.passes) == (Kind.FILE, True)
    assert remedy.plan == changed(BAOAN)


# Weather ----------------------------------------------------------------------------------------


def visibility(metres: int) -> Change:
    def change(plan: Document) -> None:
        report = plan["weather"]["reports"][1]
        report["text"] = report["text"].replace("9999", str(metres))

    return change


def reported(plan: la.FlightPlan, issued: str, visibility_m: str) -> la.FlightPlan:
    """Give the reports of another time to a plan."""
    reports = [
        {"text": f"METAR {station} {issued} 18004MPS {visibility_m} SCT040 29/24 Q1007"}
        for station in ("ZGSZ", "VHHH")
    ]
    plan_then = with_values(plan, {"weather.reports": reports})
    assert plan_then is not None
    return plan_then


def stated_weather(plan: la.FlightPlan) -> Document:
    weather = plan.weather
    return {} if weather is None else weather.model_dump(mode="json", exclude_none=True)


def test_too_bad_weather_is_waited_for_cleared_or_flown_by_instruments_but_never_filled_in() -> (
    None
):
    plan = changed(BAOAN, visibility(4900))
    special, instruments, wait = offered(plan)
    assert (special.passes, instruments.passes, wait.passes) == (True, True, False)
    assert special.plan.hong_kong is not None
    assert special.plan.hong_kong.special_vfr_clearance is True
    assert instruments.plan.manned is not None
    assert instruments.plan.manned.visual_flight is False
    assert wait.kind is Kind.LATER
    assert wait.verdict.decision is la.Decision.INDETERMINATE
    assert wait.provided is not None
    assert "visibility 5000 m" in wait.provided["en"]
    assert "能见度 5000 m" in wait.text["zh"]
    before = stated_weather(plan)
    for remedy in (special, instruments, wait):
        assert stated_weather(remedy.plan).items() <= before.items()
    # Once it is reported it decides.
    for seen, expected in (("5000", True), ("4900", False)):
        assert (decision(reported(wait.plan, "120200Z", seen)) is la.Decision.PERMITTED) is expected


def test_weather_not_stated_is_stated_if_it_is_true_and_no_better_than_the_law_asks() -> None:
    def without(plan: Document) -> None:
        del plan["weather"]

    (remedy,) = offered(changed(BAOAN, without))
    assert (remedy.kind, remedy.passes) == (Kind.STATE, True)
    assert "METAR, TAF" in remedy.text["en"]
    assert "须属实" in remedy.text["zh"]
    for name, value in stated_weather(remedy.plan).items():
        worse = value - 0.001 if isinstance(value, float) else False
        plan = with_values(remedy.plan, {f"weather.{name}": worse})
        assert plan is not None
        assert decision(plan) is not la.Decision.PERMITTED


def test_reports_that_leave_weather_open_are_not_made_good_by_numbers() -> None:
    def too_short(plan: Document) -> None:
        plan["weather"]["reports"] = [{"text": "TAF ZGSZ 120000Z 1200/1201 18004MPS 9999 SCT040"}]

    plan = changed(BAOAN, too_short)
    (remedy,) = offered(plan)
    assert (remedy.kind, remedy.passes, remedy.plan) == (Kind.STATE, False, plan)
    assert remedy.to_dict()["provided"] == dict(remedy.provided or {})


def test_cloud_too_low_is_flown_below_where_a_lower_flight_may() -> None:
    def below_cloud(plan: Document) -> None:
        plan["weather"]["reports"][1]["text"] = "METAR VHHH 120130Z 17009KT 9999 BKN023 29/25 Q1007"
        del plan["crossing"]["prescribed_route"]
        plan["crossing"]["keeps_prescribed_route"] = True

    plan = changed(BAOAN, below_cloud)
    base_m = 2300 * 0.3048 + 8.5 - 120.0
    remedy = one(offered(plan), "fly lower")
    assert remedy.passes
    top_m = max(w.level.value_m for w in remedy.plan.waypoints or ())
    # 1,000 ft below the cloud, with the buffer, to the millimetre.
    assert top_m + 20.0 == pytest.approx(base_m - 304.8, abs=2e-3)


# Night and deadlines ----------------------------------------------------------------------------


def at_night(plan: Document) -> None:
    at("2026-06-12T19:30:00+08:00")(plan)
    plan["approvals"][-1]["valid_until"] = "2026-06-12T22:00:00+08:00"
    for report in plan["weather"]["reports"]:
        report["text"] = report["text"].replace(" 120130Z", " 121130Z")


def test_at_night_in_hong_kong_it_is_cleared_flown_by_instruments_or_by_day() -> None:
    plan = changed(BAOAN, at_night)
    found = offered(plan)
    assert [r.kind for r in found if r.passes] == [Kind.FILE, Kind.DROP]
    earlier = next(r for r in found if r.kind is Kind.EARLIER)
    # The sun sets there at about 19:10 in June; the Mainland's leg may be flown after that.
    assert earlier.plan.arrival.strftime("%H:%M") in ("19:06", "19:07", "19:08", "19:09")
    assert earlier.provided is not None


def filed_at(clock: str) -> Change:
    def change(plan: Document) -> None:
        plan["submission"] = {"submitted_at": f"2026-06-11T{clock}:00+08:00"}
        plan["approvals"] = [a for a in plan["approvals"] if a["kind"] == "task"]

    return change


def test_filed_a_minute_late_it_flies_the_day_after_if_the_weather_then_allows() -> None:
    (remedy,) = offered(changed(BAOAN, filed_at("15:01")))
    assert remedy.parts == (Kind.LATER, Kind.OBTAIN)
    assert remedy.plan.departure == datetime.fromisoformat("2026-06-13T10:00:00+08:00")
    assert remedy.provided is not None
    for seen, expected in (("9999", True), ("4000", False)):
        then = decision(reported(remedy.plan, "130130Z", seen))
        assert (then is la.Decision.PERMITTED) is expected


def test_filed_a_minute_earlier_it_asks_for_its_approval() -> None:
    (remedy,) = offered(changed(BAOAN, filed_at("14:59")))
    assert (remedy.parts, remedy.passes) == ((Kind.OBTAIN,), True)


def test_authorities_told_too_late_are_told_in_time() -> None:
    def told_late(plan: Document) -> None:
        for name in ("border_inspection_told_at", "customs_told_at"):
            plan["crossing"][name] = "2026-06-12T11:00:00+08:00"

    (remedy,) = offered(changed(BAOAN, told_late))
    assert (remedy.parts, remedy.passes) == ((Kind.FILE, Kind.FILE), True)


def test_a_liver_crosses_with_the_approval_of_customs() -> None:
    def liver(plan: Document) -> None:
        plan["payload"]["biological_material"] = True
        plan["crossing"] |= {"regulated_as_drug_or_device": False, "quarantine_approval": False}

    (remedy,) = offered(changed(BAOAN, liver))
    assert (remedy.kind, remedy.passes) == (Kind.OBTAIN, True)
    assert "检疫审批" in remedy.text["zh"]


def test_too_near_to_people_in_hong_kong_it_keeps_500_ft_away() -> None:
    def near(plan: Document) -> None:
        plan["hong_kong"]["low_flying"]["distance_to_people_or_structures_m"] = 100.0

    (remedy,) = offered(changed(BAOAN, near))
    assert (remedy.kind, remedy.passes) == (Kind.DISTANCE, True)
    assert "152.4 m" in remedy.text["en"]


# Tasks ------------------------------------------------------------------------------------------


def unordered(plan: Document) -> None:
    plan["mission"]["task_order"] = {"held": False}


def rescue_on_a_games_day(plan: Document) -> None:
    at("2025-11-21T17:50:00+08:00")(plan)
    plan["mission"]["kind"] = "medical_rescue"
    plan["approvals"][0] |= {
        "valid_from": "2025-11-21T00:00:00+08:00",
        "valid_until": "2025-11-22T00:00:00+08:00",
        "missions": ["medical_rescue"],
    }


def test_a_rescue_that_nobody_ordered_obtains_an_order_or_waits_for_another_day() -> None:
    order, *others = offered(changed(GAMES, rescue_on_a_games_day, unordered))
    assert (order.kind, order.passes) == (Kind.OBTAIN, True)
    assert order.plan.mission is not None
    held = order.plan.mission.task_order
    assert held is not None
    assert held.issued_by is not None
    assert can_order(held.issued_by, MissionKind.MEDICAL_RESCUE)
    for body in OrderingBody:
        named = body.en in order.text["en"]
        assert named is (can_order(body, MissionKind.MEDICAL_RESCUE) is True)
        assert (body.zh in order.text["zh"]) is named
    assert {r.kind for r in others} == {Kind.LATER}


def test_moved_to_another_day_a_false_claim_is_filed_as_an_ordinary_task() -> None:
    found = offered(changed("11", unordered))
    later = [r for r in found if Kind.LATER in r.parts]
    assert later
    for remedy in later:
        assert remedy.plan.mission is not None
        assert remedy.plan.mission.urgency is Urgency.NORMAL
        assert "as an ordinary task" in remedy.text["en"]
        assert "按普通任务" in remedy.text["zh"]


def forest_fire(plan: Document) -> None:
    issued_at = plan["mission"]["task_order"]["issued_at"]
    kind = "forest_firefighting"
    plan["mission"] |= {
        "kind": kind,
        "urgency": "urgent",
        "task_order": {
            "held": True,
            "issued_by": "fire_and_rescue",
            "issued_at": issued_at,
            "mission": kind,
        },
    }
    plan["manned"]["distance_to_land_border_m"] = 9_999.0


def test_a_forest_fire_in_the_border_strip_says_whom_to_ask() -> None:
    (remedy,) = offered(changed(AIR_120, forest_fire))
    assert remedy.passes
    assert "from: unit of the flight-control sub-zone" in remedy.text["en"]
    assert "向所在飞行管制分区申请" in remedy.text["zh"]


def test_no_approval_is_left_to_a_plan_that_only_an_order_makes_timely() -> None:
    """It was filed too late for an ordinary task, so the order cannot be left out again."""
    (remedy,) = offered(changed(AIR_120, forest_fire, unordered))
    assert remedy.passes
    assert remedy.parts == (Kind.OBTAIN,) * 3
    assert remedy.plan.mission is not None
    assert remedy.plan.mission.task_order is not None
    assert remedy.plan.mission.task_order.held is True


# Own grounds ------------------------------------------------------------------------------------


def a_kilometre_away(plan: Document) -> None:
    for point in plan["waypoints"]:
        point["lon_deg"] += 0.01


def test_police_training_away_from_its_ground_is_flown_over_it() -> None:
    plan = changed(POLICE, a_kilometre_away)
    found = offered(plan)
    remedy = one(found, "over the operator's own ground")
    assert (remedy, remedy.passes) == (found[0], True)
    to_plane = airspace().frame.to_plane
    assert remedy.plan.operator is not None
    (ground,) = remedy.plan.operator.own_grounds or ()
    assert ground.polygon is not None
    flown = shapely.LineString(
        to_plane([(w.lon_deg, w.lat_deg) for w in remedy.plan.waypoints or ()])
    )
    outline = shapely.Polygon(to_plane(ground.polygon))
    assert outline.contains(flown.buffer(remedy.plan.route_buffer_m or 0.0))
    # Or it waits for the day that it can still apply for.
    assert any(r.parts == (Kind.LATER,) for r in found)


@settings(max_examples=20)
@given(
    *(st.tuples(st.floats(-1e4, 1e4), st.floats(1.0, 500.0), st.floats(1.0, 500.0)),) * 2,
)
def test_the_way_of_a_box_into_a_box_is_the_gap_on_each_axis(
    horizontal: tuple[float, float, float], vertical: tuple[float, float, float]
) -> None:
    (x_m, width_m, room_x_m), (y_m, height_m, room_y_m) = horizontal, vertical
    box = shapely.box(x_m, y_m, x_m + width_m, y_m + height_m)
    way = way_into(box, shapely.box(0.0, 0.0, width_m + room_x_m, height_m + room_y_m))
    expected = [min(max(x, 0.0), most) - x for x, most in ((x_m, room_x_m), (y_m, room_y_m))]
    assert way is not None
    assert way.tolist() == pytest.approx(expected, abs=1e-6)
    assert way_into(box, shapely.box(0.0, 0.0, width_m / 2.0, height_m + room_y_m)) is None


def test_of_several_grounds_the_nearest_with_room_counts() -> None:
    line = shapely.LineString([(0.0, 0.0), (50.0, 0.0)])
    grounds = shapely.MultiPolygon(
        [shapely.box(10, 10, 40, 40), shapely.box(-80, -80, -10, -10), shapely.box(0, 300, 99, 400)]
    )
    way = way_into(line, grounds)
    assert way is not None
    assert math.dist(way, (-60.0, -10.0)) < 1e-9


# Documents --------------------------------------------------------------------------------------


def test_one_more_of_a_list_leaves_the_others() -> None:
    plan = changed(BAOAN)
    approval = plan.model_dump(mode="json", exclude_none=True)["approvals"][0]
    more = with_values(plan, {"approvals[+]": approval})
    assert more is not None
    assert (more.approvals or ())[:-1] == plan.approvals
    first = with_values(changed(BAOAN, lambda p: p.pop("approvals")), {"approvals[+]": approval})
    assert first is not None
    assert len(first.approvals or ()) == 1


def test_a_drone_for_hong_kong_is_never_kept_out_of_hong_kong() -> None:
    plan = changed("23")
    for remedy in offered(plan):
        assert (remedy.plan.waypoints or ())[-1] == (plan.waypoints or ())[-1]
        assert remedy.plan.departure - plan.departure <= timedelta(days=14)
