"""A day of services is the same for a seed, near the published numbers, and physically possible."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import runpy
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

import lowalt as la
from lowalt import Decision, FlightPlan
from lowalt.errors import InvalidInputError, LowaltError, OutsideDatasetError
from lowalt.flights import Waypoint, canonical_json
from lowalt.situation.declared.tasks import task_facts
from lowalt.terms import OperatorKind
from lowalt.traffic import Services, day_of_services
from lowalt.traffic.chance import Chance, Hours

BEIJING = timezone(timedelta(hours=8))
DAY = date(2026, 6, 9)
IN_ORDER: dict[str, Any] = {"filed_late": 0.0, "paper_missing": 0.0, "strays": 0.0}
NOTHING: dict[str, Any] = {
    "blood_flights": 0.0,
    "uav_flights": 0.0,
    "patrol_flights": 0.0,
    "marine_patrols": 0.0,
    "forest_patrols": 0.0,
    "helicopter_flights": 0.0,
    "shuttle_flights": 0.0,
    "rescue_calls": 0.0,
    "fire_calls": 0.0,
}

# Their illustrative tracks leave the extent of the dataset: over Dongguan, and over the estuary.
BEYOND_THE_EXTENT = ("helicopter-HELLG1", "crossing-HELSM1")

# The same on every platform. It changes when the dataset's sites or corridors do, or the services.
DIGEST = "f77734c91cb102486940c0f52468cb395988f72b27c209b768eeaa3c472c7bbd"


@cache
def shenzhen() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def day() -> tuple[FlightPlan, ...]:
    return la.day_of_services(DAY, seed=7, airspace=shenzhen())


def some(on: date = DAY, *, seed: Any = 7, scale: Any = 1.0, **much: Any) -> list[FlightPlan]:
    """Make a day of the services named and of nothing else."""
    services = Services(**{**NOTHING, **much})
    return list(day_of_services(on, seed=seed, airspace=shenzhen(), scale=scale, services=services))


def service(plan: FlightPlan) -> str:
    return plan.plan_id.partition("-")[0]


def route(plan: FlightPlan) -> str:
    return "-".join(plan.plan_id.split("-")[:2])


def waypoints(plan: FlightPlan) -> tuple[Waypoint, ...]:
    assert plan.waypoints is not None
    return plan.waypoints


# The same for a seed


def test_the_plans_of_a_seed_are_the_same_to_the_byte() -> None:
    rare = [plan for plan in day() if service(plan) not in ("delivery", "patrol")]
    fires = some(seed=3, fire_calls=4.0)  # an ordinary day often sees none
    plans = [*day()[::20], *rare, *fires]
    assert set(map(service, plans)) == {*map(service, day()), "fire"}
    assert len({route(plan) for plan in plans if service(plan) == "crossing"}) == 6  # both ways
    written = b"\n".join(canonical_json(plan) for plan in plans)
    assert hashlib.sha256(written).hexdigest() == DIGEST


def test_another_seed_is_another_day_over_the_same_routes() -> None:
    one, other = (some(seed=seed, blood_flights=200.0, **IN_ORDER) for seed in (1, 2))
    assert [p.departure for p in one] != [p.departure for p in other]
    assert _ends_by_route(one) == _ends_by_route(other)


def _ends_by_route(plans: list[FlightPlan]) -> dict[str, frozenset[tuple[float, float]]]:
    return {
        route(plan): frozenset((w.lon_deg, w.lat_deg) for w in waypoints(plan)) for plan in plans
    }


def test_a_service_does_not_change_the_others() -> None:
    alone = some(blood_flights=40.0, **IN_ORDER)
    beside = some(blood_flights=40.0, helicopter_flights=30.0, **IN_ORDER)
    assert alone == [plan for plan in beside if service(plan) == "blood"]


# As much as was published


def test_there_are_about_as_many_flights_as_were_published() -> None:
    found = Counter(map(service, day()))
    # Flights come in pairs, out and back, so that their number varies twice as much.
    for count, published in (
        (found["delivery"] + found["inspection"], 776_000 / 366),
        (found["helicopter"] + found["crossing"], 28_000 / 366),
        (found["patrol"], 178.0),
    ):
        assert abs(count - published) < 4.0 * math.sqrt(2.0 * published)
    assert min(found.values()) > 0


def test_sixteen_blood_routes_are_flown_7070_times_a_year() -> None:
    two_months = some(scale=366 / 6, blood_flights=Services().blood_flights)
    assert abs(len(two_months) - 7_070 / 6) < 4.0 * math.sqrt(2.0 * 7_070 / 6)
    each = Counter(map(route, two_months))
    assert len(each) == 16
    assert min(each.values()) > 0.6 * len(two_months) / 16


def test_traffic_grows_with_the_scale() -> None:
    tenth, whole = (len(some(scale=scale, helicopter_flights=200.0)) for scale in (0.1, 1.0))
    assert abs(tenth - 20) < 4.0 * math.sqrt(2.0 * 20.0)
    assert abs(whole - 200) < 4.0 * math.sqrt(2.0 * 200.0)


def test_meals_make_two_peaks_and_few_lanes_most_of_the_traffic() -> None:
    orders = [p for p in day() if service(p) == "delivery"]
    hours = Counter(p.departure.hour for p in orders)
    assert {hour for hour, _ in hours.most_common(4)} == {11, 12, 17, 18}
    assert hours[15] < 0.6 * hours[12]
    lanes = sorted(Counter(map(route, orders)).values())
    assert lanes[-1] > 5 * lanes[len(lanes) // 2]


def test_calls_follow_the_hours_of_a_service() -> None:
    calls = Chance(3).calls_s(10_000.0, Hours(6, (1.0, 0.0, 3.0)))
    assert calls == sorted(calls)
    each = Counter(second // 3600 for second in calls)
    assert set(each) == {6, 8}
    assert abs(each[6] / len(calls) - 0.25) < 0.02
    assert Chance(3).calls_s(0.0, Hours(6, (1.0,))) == []


# Plans


def test_a_sample_of_the_plans_is_what_its_document_reads_as() -> None:
    for plan in day()[::40]:
        assert la.parse_plan(canonical_json(plan)) == plan


def test_plans_come_in_order_of_departure_within_the_day_and_name_their_service() -> None:
    departures = [plan.departure for plan in day()]
    assert departures == sorted(departures)
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=BEIJING)
    assert all(midnight <= p.departure < p.arrival <= midnight + timedelta(days=1) for p in day())
    identifiers = [plan.plan_id for plan in day()]
    assert len(set(identifiers)) == len(identifiers)
    assert {i.split("-")[2] for i in identifiers} == {"20260609"}


def test_no_aircraft_flies_twice_at_once_and_each_leaves_where_it_landed() -> None:
    flights: dict[str, list[FlightPlan]] = defaultdict(list)
    for plan in day():
        assert plan.aircraft is not None
        assert plan.aircraft.serial_number is not None
        flights[plan.aircraft.serial_number].append(plan)
    again = [pair for own in flights.values() for pair in pairwise(own)]
    assert len(again) > 500
    for before, after in again:
        assert before.arrival < after.departure
        landed, left = waypoints(before)[-1], waypoints(after)[0]
        assert (landed.lon_deg, landed.lat_deg) == (left.lon_deg, left.lat_deg)


def _legs(plan: FlightPlan) -> Iterator[tuple[float, float, float]]:
    """Length, rise (metres) and time (seconds) of each leg, the earth taken as a sphere."""
    for a, b in pairwise(waypoints(plan)):
        north = math.radians(b.lat_deg - a.lat_deg)
        east = math.radians(b.lon_deg - a.lon_deg) * math.cos(math.radians(a.lat_deg))
        rise_m = b.level.value_m - a.level.value_m
        yield 6_371_000.0 * math.hypot(north, east), rise_m, (b.time - a.time).total_seconds()


def test_speeds_climbs_and_ranges_are_possible() -> None:
    for plan in day():
        legs = list(_legs(plan))
        assert plan.aircraft is not None
        fastest = max(length_m / time_s for length_m, _, time_s in legs)
        steepest = max(abs(rise_m) / time_s for _, rise_m, time_s in legs)
        if plan.aircraft.is_unmanned:
            assert plan.aircraft.max_level_speed_m_s is not None
            assert fastest < min(18.0, plan.aircraft.max_level_speed_m_s)
            assert sum(length_m for length_m, _, _ in legs) < 15_000.0
        else:
            assert 25.0 < fastest < 250.0 / 3.6 + 1.0
        assert steepest < 6.5


def test_flights_begin_and_end_on_the_ground() -> None:
    ground = la.Level(0.0, la.VerticalReference.AGL)
    for plan in day():
        assert waypoints(plan)[0].level == waypoints(plan)[-1].level == ground


def test_blood_is_flown_below_120_m_to_hospital_pads_among_others() -> None:
    plans = some(blood_flights=200.0, **IN_ORDER)
    heights = {w.level.value_m for plan in plans for w in waypoints(plan)}
    assert max(heights) < 120.0
    pads = {plan.landing_site.identifier for plan in plans if plan.landing_site}
    assert {"HP02", "HP08", "HP12"} <= pads
    carried = Counter(p.payload.biological_material for p in plans if p.payload)
    assert carried[True] == carried[False] == len(plans) // 2
    drawn = [p.landing_site.name for p in plans if p.landing_site and not p.landing_site.identifier]
    assert all(name is not None and "illustrative" in name for name in drawn)


def test_helicopters_follow_the_corridors_of_the_dataset_between_their_heights() -> None:
    plans = some(date(2026, 6, 9), helicopter_flights=150.0, shuttle_flights=70.0, **IN_ORDER)
    flown = set()
    for plan in plans:
        corridor = shenzhen().feature(plan.plan_id.split("-")[1][:-1])
        assert isinstance(corridor, la.airspace.Corridor)
        over = {(w.lon_deg, w.lat_deg) for w in waypoints(plan)}
        assert {(round(p.lon_deg, 6), round(p.lat_deg, 6)) for p in corridor.points} <= over
        limits = plan.crossing.prescribed_route if plan.crossing else corridor.layers[0]
        assert limits is not None
        floor, ceiling = limits.floor, limits.ceiling
        assert floor is not None
        assert ceiling is not None
        assert all(floor < w.level < ceiling for w in waypoints(plan)[1:-1])
        flown.add(corridor.identifier)
    assert flown == {"HELPS1", "HELPS2", "HELLG1", "HELSH1", "HELSH3", "HELSM1"}


@pytest.mark.parametrize(
    ("first", "begun"),
    [
        (date(2023, 3, 2), {"HELPS1", "HELPS2"}),
        (date(2023, 8, 15), {"HELLG1"}),
        (date(2025, 11, 6), {"HELSH3", "HELSM1"}),
    ],
)
def test_services_begin_on_their_first_day(first: date, begun: set[str]) -> None:
    before, from_then = (
        {
            plan.plan_id.split("-")[1][:-1]
            for plan in some(on, helicopter_flights=120.0, shuttle_flights=60.0)
        }
        for on in (first - timedelta(days=1), first)
    )
    assert from_then - before == begun
    assert before < from_then
    assert "HELSH1" in before


def test_flights_stay_in_the_dataset_and_on_the_mainland_but_for_those_that_cross() -> None:
    frame = shenzhen().frame
    abroad = shapely.union_all(
        [shenzhen().planar(shenzhen().zones.index(zone))[0] for zone in shenzhen().jurisdictions]
    )
    extent = shenzhen().planar_extent
    shapely.prepare(extent)
    shapely.prepare(abroad)
    for plan in day():
        line = shapely.LineString(frame.to_plane([(w.lon_deg, w.lat_deg) for w in waypoints(plan)]))
        if not plan.plan_id.startswith(BEYOND_THE_EXTENT):
            assert extent.covers(line), plan.plan_id
        assert abroad.intersects(line) is (service(plan) == "crossing"), plan.plan_id


def test_on_18_january_2026_a_helicopter_is_at_meishajian_in_four_minutes() -> None:
    on = date(2026, 1, 18)
    (plan,) = some(on, rescue_calls=1e-9)
    assert plan.departure == datetime(2026, 1, 18, 12, 51, tzinfo=BEIJING)
    fastest_m_s = max(length_m / time_s for length_m, _, time_s in _legs(plan))
    assert fastest_m_s < 250.0 / 3.6 + 1.0
    landing = next(w for w in waypoints(plan)[1:] if w.level.value_m == 0.0)
    assert landing.time - plan.departure == timedelta(minutes=4)
    assert some(date(2026, 1, 19), rescue_calls=1e-9) == []


# Judged


def test_without_faults_nothing_is_prohibited_and_with_them_it_is() -> None:
    much: dict[str, Any] = {"uav_flights": 20.0, "patrol_flights": 3.0, "helicopter_flights": 8.0}
    groups = [
        some(**much, blood_flights=20.0, **IN_ORDER),
        some(blood_flights=24.0, **(IN_ORDER | {"filed_late": 1.0})),
        some(blood_flights=24.0, **(IN_ORDER | {"paper_missing": 1.0})),
        some(blood_flights=24.0, **(IN_ORDER | {"strays": 1.0})),
    ]
    plans = [
        plan.model_copy(update={"plan_id": f"{number}-{plan.plan_id}"})
        for number, group in enumerate(groups)
        for plan in group
    ]
    decided = iter(la.assess_many(plans, airspace=shenzhen()).decisions)
    sound, late, papers, strays = ([next(decided) for _ in group] for group in groups)
    drones = [d for d, plan in zip(sound, groups[0], strict=True) if plan.manned is None]
    assert set(drones) == {Decision.PERMITTED}
    assert Decision.PROHIBITED not in sound
    assert Decision.PROHIBITED in late  # over free ground nothing needs to be filed
    assert Counter(papers)[Decision.PROHIBITED] > 0.8 * len(papers)
    assert Counter(strays)[Decision.APPROVAL_REQUIRED] > 0.8 * len(strays)


def test_shuttles_to_hong_kong_are_permitted_and_those_to_macao_stay_open() -> None:
    plans = {route(p): p for p in some(helicopter_flights=30.0, shuttle_flights=30.0, **IN_ORDER)}
    for code in ("HELSH1A", "HELSH1B", "HELSH3A", "HELSH3B"):
        plan = plans[f"crossing-{code}"]
        assert plan.hong_kong is not None
        assert plan.hong_kong.cap_448e_exception is False  # Penny's Bay is flown round
        verdict = la.assess(plan, airspace=shenzhen())
        assert verdict.decision is Decision.PERMITTED
        assert verdict.route is not None
        assert verdict.route.is_certain
        assert verdict.route.departures == ()
        assert verdict.route.lateral is not None
        assert verdict.route.lateral.value_m > 250.0  # of the half-width of 500 m, less the buffer
    macao = la.assess(plans["crossing-HELSM1A"], airspace=shenzhen())
    assert macao.decision is Decision.INDETERMINATE


def test_what_is_filed_late_reports_no_readiness_for_want_of_an_approval() -> None:
    late = some(blood_flights=10.0, patrol_flights=4.0, **(IN_ORDER | {"filed_late": 1.0}))
    sound = some(blood_flights=10.0, patrol_flights=4.0, **IN_ORDER)
    for plans, reported in ((late, False), (sound, True)):
        assert plans
        for plan in plans:
            assert plan.submission is not None
            assert (plan.submission.readiness_reported_at is not None) is reported
            assert (plan.submission.answered_at is not None) is reported
            assert reported or plan.approvals == ()


def test_public_tasks_of_the_day_are_really_given() -> None:
    plans = some(
        rescue_calls=6.0,
        fire_calls=4.0,
        blood_flights=8.0,
        patrol_flights=4.0,
        marine_patrols=4.0,
        forest_patrols=4.0,
        **IN_ORDER,
    )
    by_office = {"marine": OperatorKind.CUSTOMS, "forest": OperatorKind.EMERGENCY_MANAGEMENT}
    assert {"rescue", "fire", "blood", "patrol", *by_office} == set(map(service, plans))
    for plan, decision in zip(
        plans, la.assess_many(plans, airspace=shenzhen()).decisions, strict=True
    ):
        assert decision is Decision.PERMITTED, plan.plan_id
        assert task_facts(plan)["task_is_assigned"] is True, plan.plan_id
        assert plan.operator is not None
        assert plan.mission is not None
        assert plan.submission is not None
        if service(plan) in by_office:
            assert plan.operator.kind is by_office[service(plan)]
        else:
            order, filed = plan.mission.task_order, plan.submission.submitted_at
            assert order is not None
            assert order.issued_at is not None
            assert filed is not None
            assert order.issued_at < filed < plan.departure


def test_rescue_goes_before_blood_and_blood_before_delivery() -> None:
    plans = some(rescue_calls=8.0, blood_flights=8.0, uav_flights=8.0, **IN_ORDER)
    first = {service(plan): plan for plan in reversed(plans) if service(plan) != "inspection"}
    # Between a helicopter and a drone it is not the mission that decides, but that they be kept
    # apart: rescue by drone stands for it here.
    assert first["rescue"].aircraft is not None
    drone = first["blood"].aircraft
    rescue = first["rescue"].model_copy(update={"aircraft": drone})
    pairs = [(0, 1), (1, 2), (0, 2)]
    found = la.settle((rescue, first["blood"], first["delivery"]), pairs)
    assert [each.yields for each in found] == [
        first["blood"].plan_id,
        first["delivery"].plan_id,
        first["delivery"].plan_id,
    ]
    (apart,) = la.settle((first["rescue"], first["blood"]), [(0, 1)])
    assert apart.yields is None


def test_the_games_leave_no_rescue_open() -> None:
    plans = some(date(2025, 11, 21), rescue_calls=6.0, fire_calls=4.0, **IN_ORDER)
    assert set(la.assess_many(plans, airspace=shenzhen()).decisions) == {Decision.PERMITTED}


def test_the_example_tells_of_sixteen_routes_and_draws_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    airspace = shenzhen()
    monkeypatch.setattr(la, "load_airspace", lambda _: airspace)
    script = Path(__file__).parent.parent / "examples" / "blood_delivery_network.py"
    arguments = ["--seed", "6", "--lang", "zh", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", [str(script), *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f"\nR{number:02d} " in said for number in range(1, 17))
    assert "不得飞行" in said
    assert "已迟" in said  # of the flight looked at closely
    assert said.count("今日无航班") == 2
    assert "无法确定 1" in said
    assert said.count("尚不能定，未知:\n  ? ") == 1  # what is left open is explained
    (picture,) = tmp_path.iterdir()
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_the_example_refuses_what_is_no_seed(
    seed: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = Path(__file__).parent.parent / "examples" / "blood_delivery_network.py"
    monkeypatch.setattr("sys.argv", [str(script), "--seed", seed])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(script), run_name="__main__")
    assert ended.value.code == 2
    assert "a whole number, 0 or more" in capsys.readouterr().err


# Wrong input


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"scale": 0.0}, InvalidInputError, "scale: given 0.0: expected a finite number above 0"),
        ({"scale": -1.0}, InvalidInputError, "scale: given -1.0"),
        ({"scale": math.nan}, InvalidInputError, "scale: given nan"),
        ({"scale": math.inf}, InvalidInputError, "scale: given inf"),
        ({"scale": "2"}, InvalidInputError, "scale: given '2'"),
        ({"scale": 1e6}, InvalidInputError, "1,000,000 at most"),
        ({"seed": -1}, InvalidInputError, "seed: given -1"),
        ({"seed": 1.5}, InvalidInputError, "seed: given 1.5"),
        ({"seed": True}, InvalidInputError, "seed: given True"),
        ({"scale": True}, InvalidInputError, "scale: given True"),
        ({"airspace": "shenzhen"}, InvalidInputError, "airspace: given 'shenzhen': expected a"),
        ({"airspace": None}, InvalidInputError, "airspace: given nothing"),
        ({"services": None}, InvalidInputError, "services: given nothing"),
        ({"on": datetime(2026, 6, 9, tzinfo=BEIJING)}, InvalidInputError, "on: given datetime"),
        ({"on": "2026-06-09"}, InvalidInputError, "on: given '2026-06-09'"),
        ({"on": date(2022, 6, 27)}, OutsideDatasetError, "on: given 2022-06-27"),
        ({"on": date(2027, 1, 1)}, OutsideDatasetError, "until before 2027-01-01"),
    ],
)
def test_what_is_wrong_is_refused(
    wrong: dict[str, Any], error: type[LowaltError], message: str
) -> None:
    right: dict[str, Any] = {"on": DAY, "seed": 7, "airspace": shenzhen()}
    given = right | wrong
    with pytest.raises(error, match=message):
        day_of_services(given.pop("on"), **given)


def test_numbers_of_numpy_are_numbers() -> None:
    with_numpy = some(seed=np.int64(7), scale=np.float64(1.0), rescue_calls=np.int64(2))
    assert with_numpy == some(rescue_calls=2.0)


def test_a_dataset_without_corridors_is_refused_by_what_it_lacks() -> None:
    zones_only = dataclasses.replace(shenzhen(), features=shenzhen().zones)
    with pytest.raises(InvalidInputError, match=r"lacks HP02, .*HELPS1.*: a day of services"):
        day_of_services(DAY, seed=7, airspace=zones_only)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"blood_flights": -1.0}, r"blood_flights: given -1\.0; 0 or more"),
        ({"blood_flights": "a"}, "blood_flights: given 'a'; 0 or more"),
        ({"rescue_calls": None}, "rescue_calls: given nothing; 0 or more"),
        ({"fire_calls": True}, "fire_calls: given True; 0 or more"),
        ({"uav_flights": math.nan}, "uav_flights: given nan"),
        ({"strays": 1.5}, "strays: given 1.5; a share from 0 to 1"),
        ({"filed_late": 0.5, "strays": 0.6}, "filed_late: given 1.11 with the other two"),
    ],
)
def test_services_that_cannot_be_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        Services(**wrong)
