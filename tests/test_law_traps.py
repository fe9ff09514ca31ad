"""The thirteen mistakes that are easily made with this law, each caught.

They are those that the research behind the rulebook lists; each test would fail if the rulebook
made the mistake.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la
from lowalt.errors import CalendarYearError, InvalidInputError
from lowalt.facts import Facts, Instance
from lowalt.judgement import judge
from lowalt.regulations.cases import cases_of
from lowalt.regulations.conditions import CompareTimes, Condition
from lowalt.regulations.model import Quantity, Span, SpanUnit
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.temporal import epoch_ms
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.vocabulary import FactValue

PLANS = Path(__file__).parents[1] / "examples" / "plans"
DECREE = "cn/order_761_2023#"
GA = "cn/order_371_2003#"
DAY = date(2026, 6, 10)
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def example(number: str) -> dict[str, Any]:
    (path,) = PLANS.glob(f"{number}_*.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def assess(document: dict[str, Any]) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=airspace())


def status(verdict: Verdict, citation: str) -> Status:
    return next(f.status for f in verdict.findings if f.citation == citation)


def book(day: date = DAY) -> Rulebook:
    return load_rulebook("shenzhen", on=day)


def told(citation: str, expected: Status, **changes: FactValue) -> Facts:
    """Facts of a golden case, with some changed."""
    instrument = citation.partition("#")[0]
    facts = next(
        c.facts for c in cases_of(instrument) if c.asked == citation and c.expected == expected
    )
    return dataclasses.replace(facts, flight={**facts.flight, **changes})


def status_of(citation: str, facts: Facts, day: date = DAY) -> Status:
    return judge(facts, rulebook=book(day)).status_of(citation)


def filed(text: str) -> dict[str, FactValue]:
    return {
        "departure_at": epoch_ms(DEPARTURE),
        "departure_on": DAY.toordinal(),
        "submitted_at": epoch_ms(datetime.fromisoformat(text)),
    }


# 1. Noon for unmanned, 15:00 for manned; 30 minutes for the one where urgent, 60 for the other.


@pytest.mark.parametrize(
    ("citation", "in_time", "late"),
    [
        (f"{DECREE}art_26__para_1__time", "2026-06-09T11:59:59+08:00", "2026-06-09T12:00:00+08:00"),
        (f"{DECREE}art_26__para_1__time", "2026-06-09T11:59:59+08:00", "2026-06-09T14:59:59+08:00"),
        (f"{GA}art_16__para_1__time", "2026-06-09T14:59:59+08:00", "2026-06-09T15:00:00+08:00"),
        (f"{DECREE}art_29__time", "2026-06-10T09:30:00+08:00", "2026-06-10T09:30:01+08:00"),
        (f"{GA}art_16__para_2__time", "2026-06-10T09:00:00+08:00", "2026-06-10T09:00:01+08:00"),
        (f"{GA}art_16__para_2__time", "2026-06-10T09:00:00+08:00", "2026-06-10T09:29:59+08:00"),
    ],
)
def test_trap_1_each_aircraft_has_deadlines_of_its_own(
    citation: str, in_time: str, late: str
) -> None:
    assert status_of(citation, told(citation, Status.MET, **filed(in_time))) is Status.MET
    late_status = status_of(citation, told(citation, Status.MET, **filed(late)))
    assert late_status in (Status.BREACHED, Status.REQUIRED)


# 2. "Below 120 m no approval" holds for micro, light and small, in suitable airspace, unflagged.


def test_trap_2_a_medium_aircraft_applies_however_low_it_flies() -> None:
    low = assess(example("01"))
    assert low.decision is Decision.PERMITTED
    medium = example("08")
    for waypoint in medium["waypoints"]:
        waypoint["level"]["value_m"] = min(waypoint["level"]["value_m"], 50.0)
    assert assess(medium).best.rank >= Decision.APPROVAL_REQUIRED.rank


@pytest.mark.parametrize(
    "flag",
    [
        "relay_by_base_station_or_internet",
        "over_assembled_crowd",
        "from_moving_vehicle",
        "distributed_or_swarm",
    ],
)
def test_trap_2_each_flag_takes_the_exemption_away(flag: str) -> None:
    plan = example("01")
    plan["special_operations"][flag] = True
    verdict = assess(plan)
    assert status(verdict, f"{DECREE}art_26__para_1") is Status.REQUIRED
    assert verdict.best.rank >= Decision.APPROVAL_REQUIRED.rank


# 3. An exemption from applying is none from anything else.


@pytest.mark.parametrize(
    ("change", "citation"),
    [
        (("aircraft", "registration", {"state": "not_registered"}), f"{DECREE}art_10__para_1"),
        (("aircraft", "insurance", {"held": False}), f"{DECREE}art_12"),
        (("operator", "certificate", {"held": False}), f"{DECREE}art_11__para_1"),
        (("aircraft", "identification", {"network": False}), f"{DECREE}art_24__para_1"),
    ],
)
def test_trap_3_an_exempt_flight_still_needs_its_papers(
    change: tuple[str, str, dict[str, Any]], citation: str
) -> None:
    part, name, value = change
    plan = example("01")
    plan[part][name] = {**plan[part][name], **value} if "held" not in value else value
    verdict = assess(plan)
    assert status(verdict, f"{DECREE}art_26__para_1") is Status.WAIVED
    assert status(verdict, citation) is Status.BREACHED
    assert verdict.decision is Decision.PROHIBITED


# 4. An assembled crowd is not a densely populated area.


def test_trap_4_a_dense_quarter_is_no_assembled_crowd() -> None:
    plan = example("01")
    plan["mission"]["over_dense_population"] = True
    verdict = assess(plan)
    assert status(verdict, f"{DECREE}art_31__para_2__item_3") is Status.NOT_APPLICABLE
    assert status(verdict, f"{DECREE}art_26__para_1") is Status.WAIVED
    plan["special_operations"]["over_assembled_crowd"] = True
    assert status(assess(plan), f"{DECREE}art_26__para_1") is Status.REQUIRED


# 5. The 10 km strip runs along national land borders, not along the boundary with Hong Kong.


def test_trap_5_the_boundary_with_hong_kong_is_no_national_border() -> None:
    strip = f"{GA}art_14__item_2__border"
    beside_hong_kong = told(strip, Status.REQUIRED, land_border_distance_mm=400_000_000)
    assert status_of(strip, beside_hong_kong) is Status.NOT_APPLICABLE
    for zone in airspace().zones:
        if zone.kind is ZoneKind.BOUNDARY_STRIP:
            assert zone.geometry.buffer(0).area < 0.05, "strips of 100 and 500 m, none of 10 km"


# 6. Hong Kong's order reaches 150 kg, and crossing flights of every mass.


def test_trap_6_hong_kong_asks_leave_of_heavy_and_of_crossing_aircraft() -> None:
    (order,) = (i for i in book().instruments if i.identifier == "hk/cap_448g")
    provisions = order.provisions.values()
    limits = [
        value.value
        for provision in provisions
        for parameter in provision.parameters.values()
        for _, value in parameter.values
        if isinstance(value, Quantity) and value.unit == "kg"
    ]
    assert max(limits) == 150
    (crossing,) = (p for p in provisions if "HK-UAV-08" in p.catalogue)
    assert crossing.in_force.start == date(2025, 7, 18)
    tiny = told(crossing.citation, Status.REQUIRED, takeoff_mass_g=100)
    assert status_of(crossing.citation, tiny) is Status.REQUIRED


# 7. GB 46750 asks identification of micro aircraft too, and ADS-B is none.


@pytest.mark.parametrize(
    "change", [{"broadcast": False}, {"network": False}, {"uses_adsb": True}], ids=str
)
def test_trap_7_even_a_micro_aircraft_identifies_itself_and_not_by_adsb(
    change: dict[str, bool],
) -> None:
    plan = example("01")
    plan["aircraft"] |= {
        "empty_mass_kg": 0.2,
        "max_takeoff_mass_kg": 0.24,
        "max_true_height_m": 50.0,
        "max_level_speed_m_s": 10.0,
        "micro_power_radio": True,
    }
    for waypoint in plan["waypoints"]:
        waypoint["level"]["value_m"] = min(waypoint["level"]["value_m"], 45.0)
    assert assess(plan).decision is Decision.PERMITTED
    plan["aircraft"]["identification"] |= change
    verdict = assess(plan)
    breached = [f.citation for f in verdict.findings if f.status is Status.BREACHED]
    assert any(c.startswith("cn/gb_46750_2025#") for c in breached)
    assert verdict.decision is Decision.PROHIBITED


# 8. Law is cited as it stands on the day.


@pytest.mark.parametrize(
    ("instrument", "last", "first"),
    [
        ("cn/civil_aviation_law_2021", "2026-06-30", None),
        ("cn/civil_aviation_law_2025", None, "2026-07-01"),
        ("cn/gb_46750_2025", None, "2026-05-01"),
        ("cn/ac_92_aa_2024_01", None, "2026-11-26"),
    ],
)
def test_trap_8_nothing_is_cited_on_a_day_on_which_it_is_not_in_force(
    instrument: str, last: str | None, first: str | None
) -> None:
    def cited(day: date) -> bool:
        return any(r.citation.startswith(instrument + "#") for r in book(day).rules)

    if last is not None:
        end = date.fromisoformat(last)
        assert cited(end)
        assert not cited(date.fromordinal(end.toordinal() + 1))
    if first is not None:
        start = date.fromisoformat(first)
        assert cited(start)
        assert not cited(date.fromordinal(start.toordinal() - 1))


def test_trap_8_older_aircraft_are_activated_only_from_may_2027() -> None:
    citation = next(
        p.citation
        for i in book().instruments
        if i.identifier == "cn/gb_46761_2025"
        for p in i.provisions.values()
        if p.in_force.start == date(2027, 5, 1)
    )
    assert status_of(citation, Facts({"is_unmanned": True}), date(2027, 4, 30)) is (
        Status.NOT_IN_FORCE
    )
    old = told(citation, Status.BREACHED)
    assert status_of(citation, old, date(2027, 5, 1)) is Status.BREACHED


# 9. A constraint of F3548 has 1000 vertices, an operational intent 10000; volumes are not counted.


def test_trap_9_vertices_of_an_intent_are_limited_to_ten_thousand() -> None:
    citation = "std/astm_f3548_21#max_vertices"
    (limit,) = (
        v
        for q in book().provision(citation).parameters.values()
        for _, v in q.values
        if isinstance(v, Quantity)
    )
    assert limit.value == 10_000
    assert status_of(citation, told(citation, Status.MET, vertex_count=10_000)) is Status.MET
    assert status_of(citation, told(citation, Status.MET, vertex_count=10_001)) is Status.BREACHED
    constraints = book().provision("std/astm_f3548_21#constraints")
    assert "1,000" in constraints.summary["en"] or "1000" in constraints.summary["en"]
    assert "number of volumes" not in constraints.summary["en"]


# 10. There is no VFR at night in Hong Kong.


def test_trap_10_no_visual_flight_at_night_in_hong_kong() -> None:
    citation = "hk/aip_hong_kong#enr_1_2__night"
    by_night = told(citation, Status.BREACHED)
    assert status_of(citation, by_night) is Status.BREACHED
    (leg,) = by_night.legs
    lit = Instance(leg.exists, {**leg.values, "leg_is_partly_at_night": False})
    assert status_of(citation, dataclasses.replace(by_night, legs=(lit,))) is not Status.BREACHED


# 11. Working days are those of the Chinese calendar.


def leaf_in_working_days(condition: Condition) -> CompareTimes | None:
    waiting: list[Any] = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, CompareTimes):
            if isinstance(node.offset, Span) and node.offset.unit is SpanUnit.WORKDAY:
                return node
        elif dataclasses.is_dataclass(node):
            waiting.extend(getattr(node, f.name) for f in dataclasses.fields(node))
        elif isinstance(node, tuple):
            waiting.extend(node)
    return None


def test_trap_11_working_days_count_make_up_days_and_stop_at_unknown_years() -> None:
    rule = next(r for r in book().rules if r.citation == f"{GA}art_9")
    assert rule.satisfied is not None
    leaf = leaf_in_working_days(rule.satisfied)
    assert leaf is not None
    assert isinstance(leaf.offset, Span)
    # 10 October 2026 is a Saturday on which offices work; 1 to 7 October and 25 to 27 September
    # are holidays.
    use = date(2026, 10, 12).toordinal()
    assert date.fromordinal(leaf.offset.from_day(use)) == date(2026, 9, 24)
    with pytest.raises(CalendarYearError):
        leaf.offset.from_day(date(2100, 10, 12).toordinal())


# 12. Coordinates read off a Chinese web map are offset, and refused.


@pytest.mark.parametrize("datum", ["GCJ02", "BD09", None, "Beijing54"])
def test_trap_12_coordinates_without_a_good_datum_are_refused(datum: str | None) -> None:
    plan = example("01")
    plan["datum"] = datum
    with pytest.raises(InvalidInputError) as caught:
        la.parse_plan(plan)
    assert "datum" in str(caught.value)


# 13. Rescue changes deadlines and priority, and nothing of airspace or papers.


def rescue() -> dict[str, Any]:
    plan = copy.deepcopy(example("04"))  # filed late, beside the airport
    plan["mission"] |= {
        "kind": "medical_rescue",
        "urgency": "urgent",
        "task_order": {
            "held": True,
            "issued_by": "emergency_centre",
            "issued_at": plan["submission"]["submitted_at"],
            "mission": "medical_rescue",
        },
    }
    plan["mission"].pop("scenario", None)
    return plan


def test_trap_13_a_rescue_is_freed_from_the_deadline_alone() -> None:
    verdict = assess(rescue())
    assert status(verdict, f"{DECREE}art_26__para_1__time") is Status.WAIVED
    assert status(verdict, f"{DECREE}art_19__para_2__item_1") is Status.REQUIRED
    assert verdict.best.rank >= Decision.APPROVAL_REQUIRED.rank


def test_trap_13_a_rescue_without_papers_stays_prohibited() -> None:
    plan = rescue()
    plan["aircraft"]["registration"]["state"] = "cancelled"
    verdict = assess(plan)
    assert status(verdict, f"{DECREE}art_10__para_1") is Status.BREACHED
    assert verdict.decision is Decision.PROHIBITED


def test_trap_13_a_rescue_in_a_prohibited_area_needs_its_own_leave() -> None:
    zone = Instance(
        Truth.TRUE,
        {
            "zone_jurisdiction": Jurisdiction.MAINLAND,
            "zone_kind": ZoneKind.PROHIBITED_AREA,
            "zone_is_verified": True,
            "holds_zone_approval": False,
        },
    )
    facts = dataclasses.replace(told(f"{DECREE}art_29", Status.MET), encounters=(zone,))
    assert judge(facts, rulebook=book()).best is Decision.PROHIBITED
