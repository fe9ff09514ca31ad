"""Who is to be asked or told what, by when: in order, in local time, with what became of it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

import lowalt as la
from lowalt.cli import app
from lowalt.errors import InvalidInputError, NaiveDatetimeError, RegulationError
from lowalt.regulations.model import Deadline, Span, SpanUnit, Verification
from lowalt.regulations.rulebook import load_rulebook
from lowalt.report.timeline import explain_timeline
from lowalt.terms import Jurisdiction
from lowalt.timelines import RowState, Step, Timeline, TimelineRow
from lowalt.vocabulary import VOCABULARY, Measure, fact

ROOT = Path(__file__).parent.parent
PLANS, DATA = ROOT / "examples" / "plans", ROOT / "tests" / "data"
LATE_DELIVERY = PLANS / "04_delivery_near_airport_filed_late.json"
DECREE_371 = "cn/order_371_2003"
Document = dict[str, Any]
MET, PLANNED, OPEN, LATE, UNKNOWN = RowState


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def shuttle(filed: str = "2026-06-09T14:59", *, day: str = "2026-06-10", **parts: Any) -> Document:
    """Document of a helicopter from Bao'an to Shun Tak, by default on Wednesday 10 June 2026.

    Each of ``parts`` replaces keys of that part.
    """
    text = (DATA / "helicopter_shuttle.json").read_text("utf-8")
    plan: Document = json.loads(text.replace("2026-06-10T", f"{day}T"))
    plan["submission"]["submitted_at"] = f"{filed}:00+08:00"
    for name, part in parts.items():
        plan[name] |= part
    return plan


def approved(plan: Document) -> Document:
    """Give a plan an approval that covers all of it."""
    approval = {
        "kind": "flight_activity",
        "number": "1",
        "authority": "飞行管制分区",
        "valid_from": plan["waypoints"][0]["time"],
        "valid_until": plan["waypoints"][-1]["time"],
        "area": {"circle": {"lon_deg": 113.98, "lat_deg": 22.46, "radius_m": 60_000.0}},
        "ceiling": {"value_m": 600.0, "reference": "AMSL"},
        "missions": [plan["mission"]["kind"]],
    }
    return {**plan, "approvals": [approval]}


def complete() -> Document:
    """Document of the shuttle with everything applied for, answered and told in time."""
    plan = approved(shuttle("2026-06-09T14:00"))
    plan["submission"]["answered_at"] = "2026-06-09T20:30:00+08:00"
    plan["manned"] |= {"task_requested_on": "2026-05-13"}
    plan["crossing"] |= {
        "customs_told_at": "2026-06-10T07:00:00+08:00",
        "border_inspection_told_at": "2026-06-10T07:30:00+08:00",
    }
    plan["hong_kong"] = {**plan.get("hong_kong", {}), "plan_filed_at": "2026-06-10T08:00:00+08:00"}
    return plan


def assessed(plan: Document) -> la.Verdict:
    return la.assess(la.parse_plan(plan), airspace=airspace())


@cache
def verdict(filed: str = "2026-06-09T14:59") -> la.Verdict:
    return assessed(shuttle(filed))


@cache
def example(name: str) -> la.Verdict:
    return la.assess(la.read_plan(PLANS / f"{name}.json"), airspace=airspace())


def row(timeline: Timeline, citation: str, kind: Step | None = None) -> TimelineRow:
    (found,) = (r for r in timeline.rows if r.citation == citation and kind in (None, r.kind))
    return found


# The order of things


def test_the_shuttle_has_its_rows_from_thirteen_working_days_to_ten_days_after() -> None:
    told = [
        (r.lead["en"], r.kind, r.addressee["en"], r.jurisdiction.value)
        for r in la.timeline(verdict()).rows
        if r.jurisdiction is not None and r.verification is not None
    ]
    plan_unit = "unit of the flight-control sub-zone, or of the airport inside whose area it stays"
    expected = [
        ("13 working days before", Step.ASK, "CAAC", "CN"),
        ("15:00 on the day before", Step.ASK, plan_unit, "CN"),
        ("15:00 on the day before", Step.ASK, "CAAC", "CN"),
        ("21:00 on the day before", Step.ANSWER, plan_unit, "CN"),
        ("2 h before take-off", Step.FILE, "customs", "CN"),
        ("20 min before take-off", Step.FILE, "Hong Kong air traffic control", "HK"),
        ("", Step.FILE, "border inspection", "CN"),
        ("10 days after landing", Step.REPORT, "", "HK"),
    ]
    assert [e for e in told if e in expected] == [*expected[:7], expected[6], expected[7]]


def test_times_are_those_of_the_place_whose_law_sets_them() -> None:
    rows = la.timeline(verdict()).rows
    times = {r.lead["en"]: r.time for r in rows if r.time is not None}
    # Back from 10 June, a Wednesday: 9, 8, 5, 4, 3, 2, 1 June, 29, 28, 27, 26, 25, 22 May.
    assert times["13 working days before"] == beijing("2026-05-23T00:00")
    assert times["15:00 on the day before"] == beijing("2026-06-09T15:00")
    assert times["21:00 on the day before"] == beijing("2026-06-09T21:00")
    assert times["2 h before take-off"] == beijing("2026-06-10T08:00")
    assert times["20 min before take-off"] == beijing("2026-06-10T09:40")
    assert times["10 days after landing"] == beijing("2026-06-20T10:27")
    zones = {r.jurisdiction: str(r.time.tzinfo) for r in rows if r.time is not None}
    assert zones == {
        Jurisdiction.MAINLAND: "Asia/Shanghai",
        Jurisdiction.HONG_KONG: "Asia/Hong_Kong",
    }
    languages = {r.jurisdiction: r.correspondence["en"] for r in rows}
    assert languages == {
        Jurisdiction.MAINLAND: "Simplified Chinese",
        Jurisdiction.HONG_KONG: "English or Chinese",
    }


def test_dated_rows_stand_in_order_of_time_whoever_asks() -> None:
    for name in ("03_delivery_near_airport_filed_in_time", "15_strays_into_hong_kong_waters"):
        times = [r.time for r in la.timeline(example(name)).rows if r.time is not None]
        assert len(times) >= 3
        assert times == sorted(times)


def test_what_has_no_time_in_law_says_so_and_stands_where_it_is_seen_to() -> None:
    rows = list(la.timeline(verdict()).rows)
    notice = rows.index(row(la.timeline(verdict()), "cn/border_inspection_regulation_1995#art_17"))
    clearance = next(i for i, r in enumerate(rows) if "clearance" in r.action["en"])
    assert rows[notice].time is None
    assert rows[notice].lead["en"] == ""
    assert not rows[notice].is_uncounted
    dated = [i for i, r in enumerate(rows) if r.time is not None]
    before_take_off = [i for i in dated if rows[i].lead["en"].endswith("before take-off")]
    assert max(before_take_off) < notice < len(rows) - 1
    hong_kong = [i for i in dated if rows[i].jurisdiction is Jurisdiction.HONG_KONG]
    assert clearance < min(hong_kong)


def test_a_permission_without_a_time_comes_before_everything_else() -> None:
    # Its authority answers when it likes.
    rows = la.timeline(example("15_strays_into_hong_kong_waters")).rows
    crossing = row(la.timeline(example("15_strays_into_hong_kong_waters")), "hk/cap_448g#crossing")
    assert crossing.time is None
    assert rows.index(crossing) < min(i for i, r in enumerate(rows) if r.time is not None)


def test_an_unmanned_flight_waits_for_its_answer_its_confirmation_and_reports_after_landing() -> (
    None
):
    steps = la.timeline(example("03_delivery_near_airport_filed_in_time"))
    decree = "cn/order_761_2023"
    asked = row(steps, f"{decree}#art_26__para_1", Step.ASK)
    answer = row(steps, f"{decree}#art_26__para_1", Step.ANSWER)
    assert answer.time is not None
    assert asked.time is not None
    assert answer.time - asked.time == timedelta(hours=9)  # noon to 21:00
    ready = row(steps, f"{decree}#art_30", Step.CONFIRM)
    assert ready.time == steps.departure - timedelta(hours=1)
    confirmed = row(steps, f"{decree}#art_30", Step.ANSWER)
    assert confirmed.time is None  # the law sets none
    occurrence = row(steps, f"{decree}#art_40")
    assert occurrence.kind is Step.REPORT
    assert occurrence.lead["zh"] == "降落后24小时"
    assert occurrence.state is UNKNOWN
    assert not occurrence.certain


@pytest.mark.parametrize(("minutes", "state", "answer"), [(35, MET, OPEN), (20, LATE, LATE)])
def test_an_urgent_flight_is_answered_ten_minutes_before(
    minutes: int, state: RowState, answer: RowState
) -> None:
    steps = la.timeline(
        example(f"{10 if minutes == 35 else 11}_urgent_antivenom_{minutes}_minutes")
    )
    rows = [r for r in steps.rows if r.citation == "cn/order_761_2023#art_26__para_1"]
    assert [r.kind for r in rows] == [Step.ASK, Step.ANSWER]
    leads = [(steps.departure - r.time) / timedelta(minutes=1) for r in rows if r.time]
    assert leads == [30, 10]
    assert [r.state for r in rows] == [state, answer]


RESCUE = {"kind": "medical_rescue", "urgency": "urgent", "commercial": False}
CALL = {
    "held": True,
    "issued_by": "emergency_centre",
    "issued_at": "2026-06-10T08:10:00+08:00",
    "mission": "medical_rescue",
}
PAPERS = "cn/ga_task_rule_2013#art_6__hong_kong_macao"


def test_an_urgent_helicopter_hands_its_papers_in_an_hour_before_and_is_answered_after() -> None:
    called = shuttle("2026-06-10T08:30", mission=RESCUE | {"task_order": CALL})
    steps = la.timeline(assessed(called))
    asked = row(steps, f"{DECREE_371}#art_16__para_2", Step.ASK)
    answer = row(steps, f"{DECREE_371}#art_16__para_2", Step.ANSWER)
    assert asked.time == row(steps, PAPERS).time == beijing("2026-06-10T09:00")
    assert answer.time == beijing("2026-06-10T09:45")
    # Urgent tasks are asked for at any time.
    assert "cn/ga_task_rule_2013#lead_time" not in {r.citation for r in steps.rows}


def test_while_it_is_open_whether_a_task_is_urgent_papers_are_due_by_the_earlier_time() -> None:
    # Nothing is said of who ordered it.
    steps = la.timeline(assessed(shuttle("2026-06-10T08:30", mission=RESCUE)))
    urgent, ordinary = (row(steps, f"{DECREE_371}#art_16__para_{n}", Step.ASK) for n in (2, 1))
    assert not urgent.certain
    assert not ordinary.certain
    assert row(steps, PAPERS).time == ordinary.time == beijing("2026-06-09T15:00")


def test_a_temporary_route_is_asked_for_two_days_before_and_answered_by_six() -> None:
    steps = la.timeline(assessed(shuttle("2026-06-08T10:00", manned={"temporary_route": True})))
    rows = [r for r in steps.rows if r.citation == f"{DECREE_371}#art_18"]
    assert [(r.kind, r.time, r.state) for r in rows] == [
        (Step.ASK, beijing("2026-06-08T10:00"), MET),
        (Step.ANSWER, beijing("2026-06-09T18:00"), OPEN),
    ]


# What became of it


@pytest.mark.parametrize(
    ("filed", "asked", "answer"),
    [("14:59", MET, OPEN), ("15:00", LATE, LATE), ("15:01", LATE, LATE)],
)
def test_the_plan_is_filed_before_three_in_the_afternoon(
    filed: str, asked: RowState, answer: RowState
) -> None:
    steps = la.timeline(verdict(f"2026-06-09T{filed}"))
    assert row(steps, f"{DECREE_371}#art_16__para_1", Step.ASK).state is asked
    # No answer is owed to what came too late.
    assert row(steps, f"{DECREE_371}#art_16__para_1", Step.ANSWER).state is answer


def test_a_plan_filed_in_time_stays_filed_while_its_answer_falls_overdue() -> None:
    states = [
        [r.state for r in la.timeline(verdict(), now=beijing(now)).rows if r.citation == plan]
        for plan in [f"{DECREE_371}#art_16__para_1"]
        for now in ("2026-06-09T16:00", "2026-06-09T20:59", "2026-06-09T21:00")
    ]
    assert states == [[MET, OPEN], [MET, OPEN], [MET, LATE]]


def test_an_approval_held_is_met_and_answered() -> None:
    steps = la.timeline(assessed(approved(shuttle())))
    rows = [r for r in steps.rows if r.citation == f"{DECREE_371}#art_16__para_1"]
    assert [(r.kind, r.state) for r in rows] == [(Step.ASK, MET), (Step.ANSWER, MET)]


DONE_AT = {
    ("cn/ga_task_rule_2013#lead_time", Step.ASK): "2026-05-14T00:00",  # a day, to its end
    (f"{DECREE_371}#art_16__para_1", Step.ASK): "2026-06-09T14:00",
    (f"{DECREE_371}#art_16__para_1", Step.ANSWER): "2026-06-09T20:30",
    ("cn/customs_law_2021#art_16__departure", Step.FILE): "2026-06-10T07:00",
    ("cn/border_inspection_regulation_1995#art_17", Step.FILE): "2026-06-10T07:30",
    ("hk/aip_hong_kong#ad_2_20__vfr", Step.FILE): "2026-06-10T08:00",
}
"""When each is done in the complete plan."""


def test_what_the_plan_dates_is_planned_until_then_and_met_from_then_on() -> None:
    said = assessed(complete())
    for (citation, kind), text in DONE_AT.items():
        moment = beijing(text)
        for now, state in ((moment - timedelta(seconds=1), PLANNED), (moment, MET)):
            found = row(la.timeline(said, now=now), citation, kind)
            assert (found.state, found.done_at) == (state, moment), (citation, now)


def test_seen_from_when_it_applies_what_comes_later_is_not_met_yet() -> None:
    states = {(r.citation, r.kind): r.state for r in la.timeline(assessed(complete())).rows}
    assert [states[key] for key in DONE_AT] == [MET, MET, PLANNED, PLANNED, PLANNED, PLANNED]


def test_seen_from_nowhere_what_is_dated_is_planned() -> None:
    plan = complete()
    del plan["submission"]
    steps = la.timeline(assessed(plan))
    assert steps.as_of is None
    assert row(steps, "cn/customs_law_2021#art_16__departure").state is PLANNED


def test_papers_that_go_with_an_application_are_handed_in_with_it() -> None:
    plan = complete()
    plan["approvals"].append({**plan["approvals"][0], "kind": "task", "authority": "民航局"})
    for now, state in (("2026-06-09T13:59", PLANNED), ("2026-06-09T14:00", MET)):
        papers = row(la.timeline(assessed(plan), now=beijing(now)), PAPERS)
        assert (papers.state, papers.done_at) == (state, beijing("2026-06-09T14:00"))
    # Without them nothing is handed in.
    assert row(la.timeline(assessed(complete())), PAPERS).done_at is None


def test_an_approval_that_nobody_dated_is_not_given_before_it_is_asked_for() -> None:
    said = assessed(approved(shuttle("2026-06-09T14:00")))
    plan = f"{DECREE_371}#art_16__para_1"
    states = [
        [r.state for r in la.timeline(said, now=beijing(now)).rows if r.citation == plan]
        for now in ("2026-06-09T13:59", "2026-06-09T14:00")
    ]
    assert states == [[PLANNED, PLANNED], [MET, MET]]


def test_border_inspection_told_after_take_off_is_told_too_late_whenever_one_looks() -> None:
    plan = complete()
    plan["crossing"]["border_inspection_told_at"] = "2026-06-10T10:00:00+08:00"
    for now in ("2026-05-01T00:00", "2026-06-10T09:59", "2026-06-10T10:00"):
        told = row(la.timeline(assessed(plan), now=beijing(now)), BORDER_TOLD)
        assert (told.state, told.done_at) == (LATE, beijing("2026-06-10T10:00"))


BORDER_TOLD = "cn/border_inspection_regulation_1995#art_17"


def test_a_row_is_never_met_before_it_is_done_nor_again_after_it_was_late() -> None:
    late = complete()
    late["crossing"]["customs_told_at"] = "2026-06-10T08:01:00+08:00"
    late["hong_kong"]["plan_filed_at"] = "2026-06-10T09:41:00+08:00"
    moments = [beijing("2026-05-12T00:00") + timedelta(hours=7, minutes=30) * i for i in range(100)]
    for said in (assessed(complete()), assessed(late), example(LATE_DELIVERY.stem)):
        was: dict[tuple[str, Step], RowState] = {}
        for now in moments:
            for each in la.timeline(said, now=now).rows:
                key = each.citation, each.kind
                if each.done_at is not None and now < each.done_at:
                    assert each.state is not MET
                before = was.get(key)
                assert not (before is LATE and each.state is not LATE), key
                assert not (before is MET and each.state is not MET), key
                was[key] = each.state
        assert {MET, LATE} <= set(was.values()) or said.decision is la.Decision.PERMITTED


def test_what_dates_a_deed_is_a_time() -> None:
    dated = [known for known in VOCABULARY.values() if known.dated_by]
    assert {known.name for known in dated} == {"border_inspection_is_told", "customs_is_told"}
    for known in dated:
        assert fact(known.dated_by).measure in {Measure.INSTANT, Measure.DAY}


@pytest.mark.parametrize(
    ("told", "now", "state"),
    [
        ("2026-06-10T07:59:00+08:00", "2026-06-10T09:00", MET),
        ("2026-06-10T08:00:00+08:00", "2026-06-10T09:00", MET),
        ("2026-06-10T08:01:00+08:00", "2026-06-10T07:00", LATE),  # as planned, too late
        (None, "2026-06-10T08:00", UNKNOWN),
        (None, "2026-06-10T08:01", LATE),
    ],
)
def test_customs_is_told_two_hours_before(told: str | None, now: str, state: RowState) -> None:
    plan = shuttle() if told is None else shuttle(crossing={"customs_told_at": told})
    steps = la.timeline(assessed(plan), now=beijing(now))
    assert row(steps, "cn/customs_law_2021#art_16__departure").state is state


def test_what_the_plan_says_is_not_done_is_open_until_take_off() -> None:
    said = assessed(shuttle(crossing={"lists_declared": False}))
    lists = "cn/border_inspection_regulation_1995#art_17__lists"
    states = [
        row(la.timeline(said, now=beijing(now)), lists).state
        for now in ("2026-06-10T09:59", "2026-06-10T10:00")
    ]
    assert states == [OPEN, LATE]


def test_time_only_ever_makes_things_late() -> None:
    moments = [beijing("2026-05-20T00:00") + timedelta(hours=11 * i) for i in range(60)]
    late = [
        {(r.citation, r.kind) for r in la.timeline(verdict(), now=now).rows if r.state is LATE}
        for now in moments
    ]
    assert all(before <= after for before, after in pairwise(late))
    assert len(late[0]) < len(late[-1])


def test_without_a_time_of_asking_nothing_is_late() -> None:
    plan = shuttle()
    del plan["submission"]
    steps = la.timeline(assessed(plan))
    assert steps.as_of is None
    assert LATE not in {r.state for r in steps.rows}
    assert row(steps, f"{DECREE_371}#art_16__para_1", Step.ASK).state is not MET


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError, match="now"):
        la.timeline(verdict(), now=datetime.fromisoformat("2026-06-09T15:00"))


# Working days


WORKED = [
    # By the notice for 2026: the week of 1 October off, Sunday 20 September and Saturday
    # 10 October worked, 25 to 27 September off.
    "2026-10-10", "2026-10-09", "2026-10-08", "2026-09-30", "2026-09-29", "2026-09-28",
    "2026-09-24", "2026-09-23", "2026-09-22", "2026-09-21", "2026-09-20", "2026-09-18",
    "2026-09-17",
]  # fmt: skip
"""Working days before Monday 12 October 2026, counted by hand, the last first."""


def end_of(day: str) -> datetime:
    return beijing(f"{day}T00:00") + timedelta(days=1)


def temporary(day: str) -> Document:
    held = {"temporary_airspace": {"held": True}}
    return shuttle("2026-09-01T10:00", day=day, manned=held)


def test_working_days_are_counted_over_the_national_day_with_its_made_up_days() -> None:
    steps = la.timeline(assessed(temporary("2026-10-12")))
    asked = row(steps, f"{DECREE_371}#art_9", Step.ASK)
    answer = row(steps, f"{DECREE_371}#art_9", Step.ANSWER)
    task = row(steps, "cn/ga_task_rule_2013#lead_time")
    assert asked.lead["en"] == "7 working days before"
    assert asked.time == end_of(WORKED[6])
    assert answer.time == end_of(WORKED[2])
    assert task.time == end_of(WORKED[12])


def test_a_year_whose_holidays_are_not_announced_leaves_the_row_uncounted() -> None:
    steps = la.timeline(assessed(temporary("2032-03-01")))
    asked = row(steps, f"{DECREE_371}#art_9", Step.ASK)
    assert (asked.time, asked.is_uncounted) == (None, True)
    assert asked.lead["en"] == "7 working days before"
    assert asked.to_dict()["uncounted"] is True
    assert steps.rows.index(asked) < min(i for i, r in enumerate(steps.rows) if r.time)
    assert "cannot be counted yet" in explain_timeline(steps)
    assert "放假安排未公布" in explain_timeline(steps, lang="zh")


# What is only advice


def test_a_time_limit_from_memory_is_advice_and_marked() -> None:
    steps = la.timeline(verdict())
    loose = [r for r in steps.rows if not r.binding]
    assert [r.citation for r in loose] == ["cn/ga_task_rule_2013#lead_time"]
    assert loose[0].verification is Verification.MEMORY
    assert "unconfirmed" in explain_timeline(steps)
    bound = {r.verification for r in steps.rows if r.binding}
    assert Verification.MEMORY not in bound


# Nothing is left out


NO_TIME_OF_THE_OPERATORS = {
    "cn/order_761_2023#art_20__notice.event_notice": "for who sets the airspace up",
    "cn/order_761_2023#art_20__notice.urgent_notice": "for who sets the airspace up",
    "cn/ccar_92_2024#art_92_61.validity": "how long a licence lasts",
    "cn/ccar_92_2024#art_92_81.interval": "how old a check may be",
    "cn/ccar_92_2024#art_92_83.interval": "how old a check may be",
    "cn/ccar_92_2024#art_92_655.validity": "how long a certificate lasts",
    "cn/ccar_92_2024#art_92_655__b.gap_with_people": "from when on a pause counts",
    "cn/ccar_92_2024#art_92_655__b.gap_without_people": "from when on a pause counts",
    "cn/ap_45_01r6_2026#sec_4_6.interval": "how old a confirmation may be",
    "cn/order_371_2003#art_10.longest": "how long the airspace may last",
    "cn/order_371_2003#art_17.longest": "how long the plan may last",
    "hk/cap_448g#flight_data.kept_for": "how long data are kept",
    "std/astm_f3548_21#max_plan_horizon.horizon": "how early a plan may come, not how late",
}


def test_every_time_of_law_is_in_a_timeline_or_is_none_of_the_operators() -> None:
    book = load_rulebook("shenzhen", on=date(2027, 6, 1), engine="reference")
    claimed = {t.citation for rule in book.rules for t in (rule.deadline, rule.answer) if t}
    times = {
        f"{parameter.citation}.{parameter.name}": parameter.name == provision.afterwards
        for instrument in book.instruments
        for provision in instrument.provisions.values()
        for parameter in provision.parameters.values()
        if any(isinstance(value, Span | Deadline) for _, value in parameter.values)
    }
    for citation, is_afterwards in times.items():
        shown = is_afterwards or citation in claimed
        assert shown is (citation not in NO_TIME_OF_THE_OPERATORS), citation
    assert set(NO_TIME_OF_THE_OPERATORS) <= set(times)


@pytest.mark.parametrize(
    ("time", "zh", "en"),
    [
        (Span(-13, SpanUnit.WORKDAY), "起飞前13个工作日", "13 working days before"),
        (Span(-1, SpanUnit.HOUR), "起飞前1小时", "1 h before take-off"),
        (Span(-2, SpanUnit.DAY), "起飞前2日", "2 days before"),
        (Span(24, SpanUnit.HOUR), "降落后24小时", "24 h after landing"),
    ],
)
def test_a_lead_is_written_as_the_law_counts_it(time: Span, zh: str, en: str) -> None:
    assert (time.lead("zh"), time.lead("en")) == (zh, en)


MANUAL_TEXT = """\
instrument: own/desk
title: {zh: 本公司手册, en: Our manual}
short_title: {zh: 本公司手册, en: Our manual}
issuer: {zh: 本公司, en: We}
adopted: 2026-01-01
in_force: {from: 2026-01-01}
time_zone: Asia/Shanghai
source: made up for a test
provisions:
  ch_1:
    label: {zh: 第一章, en: chapter 1}
    summary: {zh: 提前两日报运行部批准。, en: The desk approves two days before.}
    action: {zh: 报运行部批准。, en: Ask the desk.}
    addressee: {zh: 运行部, en: operations desk}
    verification: verified
    parameters:
      lead: {unit: span, values: [{from: 2026-01-01, value: -2 d}]}
      answer: {unit: deadline, values: [{from: 2026-01-01, value: 'day -1 10:00'}]}
"""
MANUAL_CODE = """\
from lowalt.regulations.authoring import F, Norm, must, reading
from lowalt.regulations.model import Effect, Parameters


@reading("ch_1", effect=Effect.REQUIRES_APPROVAL, deadline="lead", answer="answer")
def asked_in_time(p: Parameters) -> Norm:
    return must(F.submitted_at <= F.departure_at.shifted(p.ch_1.lead))
"""


def test_a_rule_of_ones_own_has_its_times_in_the_timeline_too(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "desk.yaml").write_text(MANUAL_TEXT, "utf-8")
    (folder / "desk.py").write_text(MANUAL_CODE, "utf-8")
    book = la.load_rulebook("shenzhen", on=date(2026, 6, 10), own_rules=tmp_path)
    plan = la.parse_plan(shuttle("2026-06-07T09:00"))
    steps = la.timeline(la.assess(plan, airspace=airspace(), rulebook=book))
    asked, answer = (r for r in steps.rows if r.citation == "own/desk#ch_1")
    assert (asked.time, answer.time) == (beijing("2026-06-08T10:00"), beijing("2026-06-09T10:00"))
    assert (asked.jurisdiction, asked.correspondence["en"]) == (None, "")
    assert (asked.state, answer.lead["zh"]) == (MET, "前1日10:00")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('answer="answer"', 'accompanies=("ch_9",)', "own/desk#ch_9, which has no reading"),
        ("value: 'day -1 10:00'", "value: 10", "own/desk#ch_1.answer is not a time"),
    ],
)
def test_a_time_or_a_duty_that_there_is_not_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    text = MANUAL_TEXT.replace("unit: deadline", "unit: h") if new.startswith("v") else MANUAL_TEXT
    (folder / "desk.yaml").write_text(text.replace(old, new), "utf-8")
    (folder / "desk.py").write_text(MANUAL_CODE.replace(old, new), "utf-8")
    with pytest.raises(RegulationError, match=says):
        la.load_rulebook("shenzhen", on=date(2026, 6, 10), own_rules=tmp_path)


# Shown


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [40, 72, 100])
def test_the_table_keeps_to_its_width_and_leaves_no_row_out(lang: Any, width: int) -> None:
    steps = la.timeline(verdict())
    text = explain_timeline(steps, lang=lang, width=width)
    assert max(map(cell_len, text.splitlines())) <= width
    # Words wrap; what is left without spaces does not care where.
    bare = "".join(text.split())
    for each in steps.rows:
        assert "".join(each.label[lang].split()) in bare
        assert "".join(each.lead[lang].split()) in bare


@pytest.mark.parametrize(("lang", "take_off"), [("zh", "起飞"), ("en", "take-off")])
def test_take_off_stands_between_what_comes_before_and_after(lang: Any, take_off: str) -> None:
    lines = explain_timeline(la.timeline(verdict()), lang=lang).splitlines()
    (flying,) = (i for i, line in enumerate(lines) if line.split()[2:] == [take_off])
    assert lines[flying].startswith("2026-06-10 10:00")
    (ten_days,) = (i for i, line in enumerate(lines) if line.startswith("2026-06-20 10:27"))
    (twenty,) = (i for i, line in enumerate(lines) if line.startswith("2026-06-10 09:40"))
    assert twenty < flying < ten_days


def test_the_texts_of_all_rows_begin_in_one_column_in_both_languages() -> None:
    for lang, leads in (("zh", ("起飞前", "前1日")), ("en", ("13 working", "15:00 on", "2 h"))):
        lines = explain_timeline(la.timeline(verdict()), lang=lang).splitlines()  # type: ignore[arg-type]
        starts = {
            cell_len(line[: line.index(lead)])
            for line in lines
            if line.startswith("2026-0")
            for lead in leads
            if lead in line
        }
        assert len(starts) == 1, lang


def test_a_day_counted_to_its_end_is_shown_as_that_day_by_verdict_and_timeline() -> None:
    for text in (explain_timeline(la.timeline(verdict())), la.explain(verdict())):
        assert "2026-05-22 24:00" in text
        assert "2026-05-23 00:00" not in text


def test_a_take_off_at_midnight_is_on_the_day_that_begins() -> None:
    plan = shuttle()
    first, *others = plan["waypoints"]
    plan["waypoints"] = [{**first, "time": "2026-06-10T00:00:00+08:00"}, *others]
    assert "take-off 2026-06-10 00:00" in explain_timeline(la.timeline(assessed(plan)))


@pytest.mark.parametrize(
    ("lang", "planned", "says"),
    [("en", "planned", "the plan says "), ("zh", "拟办", "计划所载时间 ")],
)
def test_what_is_planned_says_for_when(lang: Any, planned: str, says: str) -> None:
    text = explain_timeline(la.timeline(assessed(complete())), lang=lang, width=160)
    assert any(planned in line and "2026-06-10 08:00" in line for line in text.splitlines())
    assert f"{says}2026-06-10 07:00" in text


def test_a_row_without_a_time_does_not_look_as_if_it_had_the_time_above() -> None:
    lines = explain_timeline(la.timeline(verdict())).splitlines()
    assert any(line.startswith("—") and "tell border inspection" in line for line in lines)


def test_a_table_in_another_language_or_narrower_is_refused() -> None:
    steps = la.timeline(verdict())
    with pytest.raises(InvalidInputError, match="'zh' and 'en'"):
        explain_timeline(steps, lang="pt")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="40 columns"):
        explain_timeline(steps, width=39)


def test_as_json_it_is_plain_values_with_all_that_a_row_says() -> None:
    steps = la.timeline(verdict(), now=beijing("2026-06-09T16:00"))
    said = json.loads(json.dumps(steps.to_dict(), ensure_ascii=False))
    assert list(said) == ["departure", "as_of", "rows", "not_held"]
    assert said["as_of"] == "2026-06-09T16:00:00+08:00"
    customs = next(r for r in said["rows"] if r["citation"].startswith("cn/customs_law"))
    assert customs == {
        "time": "2026-06-10T08:00:00+08:00",
        "lead": {"zh": "起飞前2小时", "en": "2 h before take-off"},
        "uncounted": False,
        "kind": "file",
        "addressee": {"zh": "海关", "en": "customs"},
        "action": customs["action"],
        "jurisdiction": "CN",
        "correspondence": {"zh": "简体中文", "en": "Simplified Chinese"},
        "citation": "cn/customs_law_2021#art_16__departure",
        "label": {"zh": "海关法第十六条（离境）", "en": "Customs Law art. 16, departure"},
        "certain": True,
        "binding": True,
        "verification": "partly",
        "state": "unknown",
        "done_at": None,
    }
    dated = la.timeline(assessed(complete())).to_dict()["rows"]
    assert {
        "2026-06-09T14:00:00+08:00", "2026-06-09T20:30:00+08:00", "2026-06-10T07:00:00+08:00"
    } < {r["done_at"] for r in dated}  # fmt: skip


def test_an_obligation_says_the_same_in_a_verdict() -> None:
    said = verdict().to_dict()["obligations"]
    plan = next(o for o in said if o["citation"] == f"{DECREE_371}#art_16__para_1")
    assert plan["jurisdiction"] == "CN"
    assert plan["lead"]["en"] == "15:00 on the day before"
    assert (plan["asked"], plan["answered"], plan["met"]) == (True, False, False)
    assert plan["answer_by"] == "2026-06-09T21:00:00+08:00"
    assert plan["answer_lead"]["zh"] == "前1日21:00"
    assert (plan["done_at"], plan["answered_at"]) == ("2026-06-09T14:59:00+08:00", None)
    given = next(
        o
        for o in assessed(complete()).to_dict()["obligations"]
        if o["citation"] == plan["citation"]
    )
    assert given["answered_at"] == "2026-06-09T20:30:00+08:00"


def test_the_command_line_prints_it_as_text_and_as_json() -> None:
    run = CliRunner().invoke
    text = run(app, ["check", "--timeline", str(LATE_DELIVERY)]).output
    assert "12:00 on the day before: ask" in text
    assert "LATE" in text
    plain = run(app, ["check", "--timeline", "--format", "json", str(LATE_DELIVERY)]).output
    assert json.loads(plain)["timeline"]["rows"][0]["kind"] == "ask"


def test_the_command_line_tells_the_states_of_any_moment(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(complete()), "utf-8")
    run = CliRunner().invoke
    args = ["check", str(file), "--timeline", "--format", "json", "--now"]
    for now, state in (("2026-06-10T06:59:00+08:00", "planned"), ("2026-06-10T07:00Z", "met")):
        rows = json.loads(run(app, [*args, now]).output)["timeline"]["rows"]
        customs = next(r for r in rows if r["citation"].startswith("cn/customs_law"))
        assert customs["state"] == state


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--now", "2026-06-10T07:00:00+08:00"], "give --timeline too"),
        (["--timeline", "--now", "2026-06-10T07:00:00"], "--now"),
        (["--timeline", "--now", "soon"], "expected a time such as"),
    ],
)
def test_a_moment_that_says_nothing_is_refused(options: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["check", str(LATE_DELIVERY), *options])
    assert result.exit_code == 2
    assert says in result.output
