"""METAR and TAF: what they say, the worst they allow, what is refused, what plans make of it."""

from __future__ import annotations

import ast
import copy
import itertools
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
import lowalt.weather.decoding
from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.geodesy import geodesic_direct
from lowalt.situation import facts_of, lay
from lowalt.situation.weather import REACH_M, Bearing, reports_on
from lowalt.temporal import TimeInterval
from lowalt.verdicts import Decision, Finding, Status, Verdict
from lowalt.weather import CLEAR_M, Change, ReportKind, Sky, Worst, read_report, worst_during

NOON = datetime(2026, 6, 4, 4, tzinfo=UTC)
"""The fourth of June 2026, 12:00 in Hong Kong."""

FT = 0.3048


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=UTC)


def between(start: datetime, end: datetime) -> TimeInterval:
    return TimeInterval(start, end)


def metar(body: str) -> str:
    return f"METAR VHHH 040400Z 09012KT {body} 28/24 Q1008"


# What a report says


@pytest.mark.parametrize(
    ("body", "visibility_m", "base_m", "ceiling_m"),
    [
        ("4900 HZ FEW012", 4900.0, 1200 * FT, CLEAR_M),
        ("0800 FG BKN002 OVC010", 800.0, 200 * FT, 200 * FT),
        ("9999 FEW012 SCT025 BKN040", 10_000.0, 1200 * FT, 4000 * FT),
        ("9999 SCT040 FEW012CB OVC090", 10_000.0, 1200 * FT, 9000 * FT),  # in any order
        ("CAVOK", 10_000.0, 1500.0, 1500.0),
        ("7000 NSC", 7000.0, 1500.0, 1500.0),
        ("7000 SKC", 7000.0, CLEAR_M, CLEAR_M),
        ("P6SM CLR", 6 * 1609.344, 12_000 * FT, 12_000 * FT),
        ("1 1/2SM OVC008", 1.5 * 1609.344, 800 * FT, 800 * FT),
        ("M1/4SM VV001", 0.0, 100 * FT, 100 * FT),  # less than it, so anything down to 0
        ("0000 FG VV///", 0.0, None, None),
        ("5000 2000SW FEW030", 2000.0, 3000 * FT, CLEAR_M),  # the least direction counts
        ("2000 1200NW 7000S FEW030", 1200.0, 3000 * FT, CLEAR_M),
        ("5000NDV NCD", 5000.0, None, None),  # a machine that sees no cloud is no proof of none
        ("3000 FEW010 BKN///", 3000.0, None, None),  # what is not known may be the lowest
        ("//// //////CB", None, None, None),
        ("FEW012", None, 1200 * FT, CLEAR_M),  # no visibility is not a good one
        ("4900", 4900.0, None, None),
    ],
)
def test_an_observation_tells_visibility_and_cloud(
    body: str, visibility_m: float | None, base_m: float | None, ceiling_m: float | None
) -> None:
    report = read_report(metar(body), near=NOON)
    worst = report.worst_during(between(at(4, 4), at(4, 5)))
    assert worst == pytest.approx(Worst(visibility_m, base_m, ceiling_m), abs=1e-6)
    assert (report.kind, report.station, report.issued_at) == (ReportKind.METAR, "VHHH", NOON)


def test_weather_and_probability_are_kept_as_they_are_written() -> None:
    text = "TAF VMMC 040300Z 0406/0506 VRB03KT 8000 -SHRA FEW015 PROB30 TEMPO 0408/0412 1000 +TSRA"
    first, passing = read_report(text, near=NOON).spells
    assert (first.change, first.weather, first.probability) == (Change.FIRST, ("-SHRA",), None)
    assert (passing.change, passing.weather, passing.probability) == (
        Change.TEMPO, ("+TSRA",), 30,
    )  # fmt: skip
    assert (passing.visibility_m, passing.sky) == (1000.0, None)
    assert passing.period == between(at(4, 8), at(4, 12))


def test_what_bears_on_neither_visibility_nor_cloud_is_passed_over() -> None:
    text = (
        "SPECI COR VHHH 040417Z AUTO 20020G35KT 160V230 3500 R07L/0600V1200D R25R/P2000N VCTS RERA"
        " SCT010TCU M02/M05 A2992 Q1002 WS RWY07L W19/S4 RMK AO2 FEWO12 9999"
    )
    report = read_report(text.lower() + " =", near=NOON)
    assert report.kind is ReportKind.SPECI
    assert report.spells[0].visibility_m == 3500.0
    assert report.spells[0].sky == Sky(304.8, CLEAR_M)


@pytest.mark.parametrize(
    ("near", "issued"),
    [
        ("2026-07-01T02:00:00+08:00", "2026-06-30T17:00:00+00:00"),
        ("2026-06-30T02:00:00+08:00", "2026-06-30T17:00:00+00:00"),
        ("2026-03-01T02:00:00+08:00", "2026-01-30T17:00:00+00:00"),  # February has no 30th
        ("2026-03-20T02:00:00+08:00", "2026-03-30T17:00:00+00:00"),
        ("2027-01-03T02:00:00+08:00", "2026-12-30T17:00:00+00:00"),
    ],
)
def test_a_day_of_the_month_is_the_nearest_one(near: str, issued: str) -> None:
    report = read_report("VHHH 301700Z 9999 FEW020", near=datetime.fromisoformat(near))
    assert report.issued_at.isoformat() == issued


def test_a_forecast_runs_over_the_end_of_a_month_and_to_24_hours() -> None:
    report = read_report(
        "TAF ZGSZ 311700Z 3118/0124 09004MPS 6000 NSC BECMG 0100/0102 3000 BR",
        near=datetime(2026, 5, 31, 20, tzinfo=UTC),
    )
    start = datetime(2026, 5, 31, 18, tzinfo=UTC)
    assert report.period == between(start, datetime(2026, 6, 2, tzinfo=UTC))
    assert [s.period.start for s in report.spells] == [start, datetime(2026, 6, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("trend", "hours"), [("", 1), (" NOSIG", 2), (" TEMPO 3000", 2), (" BECMG 3000", 2)]
)
def test_an_observation_stands_for_an_hour_and_with_a_trend_for_two(trend: str, hours: int) -> None:
    report = read_report(metar("8000 NSC") + trend, near=NOON)
    end = NOON + timedelta(hours=hours)
    assert report.period == between(NOON, end)
    assert report.worst_during(between(NOON, end)).visibility_m is not None
    beyond = between(NOON, end + timedelta(milliseconds=1))
    before = between(NOON - timedelta(milliseconds=1), end)
    nothing = Worst(None, None, None)
    assert report.worst_during(beyond) == report.worst_during(before) == nothing


@pytest.mark.parametrize("text", ["TAF VHHH 032300Z NIL", "TAF VHHH 032300Z 0400/0506 CNL"])
def test_a_report_that_is_missing_or_cancelled_tells_nothing(text: str) -> None:
    report = read_report(text, near=NOON)
    assert (report.period, report.spells) == (None, ())
    assert report.worst_during(between(at(4, 4), at(4, 5))) == Worst(None, None, None)


# The worst of a period


@pytest.mark.parametrize(
    ("start", "end", "visibility_m", "base_ft"),
    [
        ((4, 0), (4, 2), 10_000.0, 4000),
        ((4, 0), (4, 3), 3000.0, 1000),  # what becomes worse counts from the beginning
        ((4, 4), (4, 6), 3000.0, 1000),  # and what becomes better not before the end
        ((4, 8), (4, 10), 6000.0, 1000),
        ((4, 10), (4, 12), 800.0, 200),  # what may pass
        ((4, 13), (4, 15), 1500.0, 1000),  # at any probability
        ((4, 15), (4, 18), 6000.0, 1000),
        ((4, 18), (4, 20), 9000.0, 2000),  # from here all is new
    ],
)
def test_the_worst_of_a_forecast(
    start: tuple[int, int], end: tuple[int, int], visibility_m: float, base_ft: int
) -> None:
    report = read_report(
        "TAF VHHH 032300Z 0400/0506 09012KT 9999 FEW040 BECMG 0402/0404 3000 BR BKN010"
        " BECMG 0405/0407 6000 NSW TEMPO 0410/0412 0800 FG VV002 PROB30 0413/0415 1500"
        " FM041800 27005KT 9000 SCT020",
        near=NOON,
    )
    worst = report.worst_during(between(at(*start), at(*end)))
    assert worst.visibility_m == visibility_m
    assert worst.cloud_base_m == pytest.approx(base_ft * FT)


def test_a_change_that_leaves_an_element_out_leaves_it_as_it_was() -> None:
    report = read_report(
        "TAF VHHH 032300Z 0400/0424 09012KT 4000 BKN008 BECMG 0402/0404 9999 BECMG 0406/0408 NSC",
        near=NOON,
    )
    middle = report.worst_during(between(at(4, 4), at(4, 6)))
    assert (middle.visibility_m, middle.cloud_base_m) == (10_000.0, 243.84)
    late = report.worst_during(between(at(4, 8), at(4, 10)))
    assert (late.visibility_m, late.cloud_base_m) == (10_000.0, 1500.0)


def test_from_here_on_everything_is_new_and_what_is_not_said_is_unknown() -> None:
    report = read_report("TAF VHHH 032300Z 0400/0424 9999 NSC FM040600 4000 BR", near=NOON)
    late = report.worst_during(between(at(4, 6), at(4, 8)))
    assert (late.visibility_m, late.cloud_base_m) == (4000.0, None)


@pytest.mark.parametrize(
    ("trend", "minutes", "visibility_m"),
    [
        ("BECMG 3000", (0, 10), 3000.0),
        ("BECMG FM0430 3000", (0, 30), 8000.0),
        ("BECMG FM0430 3000", (0, 31), 3000.0),
        ("BECMG AT0430 3000", (0, 30), 8000.0),
        ("BECMG AT0430 9999", (30, 60), 10_000.0),
        ("BECMG TL0430 9999", (29, 60), 8000.0),
        ("BECMG TL0430 9999", (30, 60), 10_000.0),
        ("TEMPO FM0430 TL0500 0900 TSRA", (0, 30), 8000.0),
        ("TEMPO FM0430 TL0500 0900 TSRA", (59, 61), 900.0),
        ("TEMPO FM0430 TL0500 0900 TSRA", (60, 90), 8000.0),
        ("TEMPO AT0430 0900 TSRA", (90, 100), 900.0),
    ],
)
def test_the_times_of_a_trend(trend: str, minutes: tuple[int, int], visibility_m: float) -> None:
    report = read_report(metar("8000 NSC") + f" {trend}", near=NOON)
    period = between(*(NOON + timedelta(minutes=m) for m in minutes))
    assert report.worst_during(period).visibility_m == visibility_m


def test_a_trend_until_midnight() -> None:
    text = "METAR VHHH 042300Z 8000 NSC TEMPO TL2400 2000"
    report = read_report(text, near=NOON)
    assert report.worst_during(between(at(4, 23, 30), at(5, 0))).visibility_m == 2000.0
    assert report.worst_during(between(at(5, 0), at(5, 1))).visibility_m == 8000.0


def test_a_sky_that_may_be_obscured_to_an_unknown_depth_leaves_the_cloud_unknown() -> None:
    report = read_report(metar("8000 NSC") + " TEMPO 0300 FG VV///", near=NOON)
    assert report.worst_during(between(at(4, 4), at(4, 5))) == Worst(300.0, None, None)


def test_several_reports_cover_together_and_the_worst_of_them_counts() -> None:
    observed = read_report(metar("4000 BKN008"), near=NOON)
    forecast = read_report("TAF VHHH 040300Z 0405/0506 9999 FEW030", near=NOON)
    both = [observed, forecast]
    assert worst_during(both, between(at(4, 4), at(4, 7))).visibility_m == 4000.0
    assert worst_during(both, between(at(4, 5), at(4, 7))).visibility_m == 10_000.0
    assert worst_during([forecast], between(at(4, 4), at(4, 7))).visibility_m is None
    assert worst_during([], between(at(4, 4), at(4, 7))) == Worst(None, None, None)


# An oracle that lays a forecast out hour by hour and knows no intervals

HOURS = 12
STEPS = st.tuples(
    st.sampled_from(["BECMG", "TEMPO", "PROB30", "PROB40 TEMPO", "FM"]),
    st.integers(0, HOURS - 1),
    st.integers(1, 4),
    st.sampled_from([800, 1500, 3000, 5000, 7000]),
)


def possible(steps: list[tuple[str, int, int, int]]) -> list[set[int]]:
    """Visibilities that each hour may have."""
    prevailing = [{9000} for _ in range(HOURS)]
    passing: list[set[int]] = [set() for _ in range(HOURS)]
    for kind, start, length, value in steps:
        end = min(start + length, HOURS)
        for hour in range(start, HOURS):
            if "TEMPO" in kind or "PROB" in kind:
                passing[hour] |= {value} if hour < end else set()
            elif kind == "FM" or hour >= end:
                prevailing[hour] = {value}
            else:
                prevailing[hour] = prevailing[hour] | {value}
    return [a | b for a, b in zip(prevailing, passing, strict=True)]


@given(st.lists(STEPS, max_size=4), st.integers(0, HOURS - 1), st.integers(1, 5))
def test_the_worst_is_that_of_any_hour_laid_out_one_by_one(
    steps: list[tuple[str, int, int, int]], start: int, length: int
) -> None:
    free = 0  # what takes the place of what prevails does so one after the other
    ordered = []
    for kind, begins, lasts, value in sorted(steps, key=lambda step: step[1]):
        lasting = kind in {"BECMG", "FM"}
        if lasting and begins < free:
            continue
        ordered.append((kind, begins, lasts, value))
        free = begins + (lasts if kind == "BECMG" else 0) if lasting else free
    groups = [
        f"FM04{begins:02}00 {value:04}" if kind == "FM"
        else f"{kind} 04{begins:02}/04{min(begins + lasts, HOURS):02} {value:04}"
        for kind, begins, lasts, value in ordered
    ]  # fmt: skip
    text = " ".join([f"TAF VHHH 032300Z 0400/04{HOURS} 09012KT 9000", *groups])
    end = min(start + length, HOURS)
    worst = read_report(text, near=NOON).worst_during(between(at(4, start), at(4, end)))
    assert worst.visibility_m == min(itertools.chain(*possible(ordered)[start:end]))


# What is refused


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        (metar("4900 FEWO12"), '"FEWO12"', "a cloud group such as FEW012"),
        (metar("49000 FEW012"), '"49000"', "a visibility group such as 4900"),
        (metar("4900 FEW012").replace("09012KT", "0912KT"), '"0912KT"', "a wind group"),
        (metar("4900 +TSRAX FEW012"), '"+TSRAX"', "a weather group such as -RA"),
        (metar("4900 FEW012 XYZ"), '"XYZ"', "a group of a METAR or TAF"),
        (metar("4900 3000 FEW012"), '"4900 3000"', "one prevailing visibility"),
        (metar("CAVOK 3000"), '"CAVOK 3000"', "one prevailing visibility"),
        (metar("4900 NSC") + " TEMPO FM0900 3000", '"TEMPO 0900"', "within that of the report"),
        (metar("0400/0506 4900 NSC"), '"0400/0506"', "only a TAF"),
        ("METAR VHHH 322500Z 4900", '"322500Z"', "day and time"),
        ("METAR VHHH", "nothing more", "day and time"),
        ("what a day", '"A"', "day and time"),
        ("=", "nothing more", "location indicator"),
        ("TAF VHHH 032300Z 9999 NSC", '"TAF"', "one period of validity"),
        ("TAF VHHH 032300Z 0400/0499 9999", '"0400/0499"', "a period group"),
        ("TAF VHHH 032300Z 0400/0512 9999", '"0400/0512"', "30 hours at the most"),
        ("TAF VHHH 032300Z 0404/0402 9999", '"0404/0402"', "30 hours at the most"),
        (
            "TAF VHHH 032300Z 0400/0412 9999 NSC TEMPO 0410/0414 3000",
            '"TEMPO 041000 041400"',
            "within that of the report, 040000Z to 041200Z",
        ),
        (
            "TAF VHHH 032300Z 0400/0412 9999 NSC FM040800 3000 FM040600 2000",
            '"FM 040600"',
            "in the order in which they come about",
        ),
    ],
)
def test_a_faulty_group_is_refused_by_its_name(text: str, given: str, expected: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_report(text, near=NOON)
    (problem,) = refusal.value.problems
    assert problem.given == given
    assert expected in problem.expected


def test_every_faulty_group_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read_report("TAF VHHH 032300Z 0400/0506 99999 FEWO15 BECMG 0402/0404 BKN1", near=NOON)
    assert [p.given for p in refusal.value.problems] == ['"99999"', '"FEWO15"', '"BKN1"']


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError, match="near"):
        read_report(metar("4900 NSC"), near=datetime(2026, 6, 4))  # noqa: DTZ001


SAMPLES = (
    metar("4900 2000SW HZ FEW012CB SCT025 VV002") + " BECMG FM0430 TL0530 3000 BR TEMPO 0800",
    "TAF AMD KJFK 032330Z 0400/0506 P6SM SKC FM040300 30010KT 1 1/2SM BR OVC008 PROB40 0405/0407",
)


@given(
    st.sampled_from(SAMPLES),
    st.integers(0, 200),
    st.integers(0, 4),
    st.text(alphabet="0159/ VVFKMSTZ+-", max_size=4),
)
def test_a_mistyped_report_is_read_or_refused_and_never_anything_else(
    text: str, where: int, cut: int, typed: str
) -> None:
    mistyped = text[: where % len(text)] + typed + text[where % len(text) + cut :]
    try:
        report = read_report(mistyped, near=NOON)
    except InvalidInputError:
        return
    assert all(report.period.covers(s.period) for s in report.spells if report.period)


def test_the_parser_is_loaded_only_when_a_report_is_read() -> None:
    tree = ast.parse(Path(lowalt.weather.decoding.__file__).read_text("utf-8"))
    at_the_top = [n.module for n in tree.body if isinstance(n, ast.ImportFrom)]
    assert "lowalt.weather.groups" in at_the_top
    assert not [module for module in at_the_top if (module or "").startswith("metar_taf_parser")]


# What a plan makes of them

SAI_KUNG = {"lon_deg": 114.2700, "lat_deg": 22.3600}
GOOD = "TAF VHHH 032300Z 0400/0506 09012KT 9999 FEW030"


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def document(**weather: Any) -> dict[str, Any]:
    """A helicopter by day in class C of Hong Kong, 10:00 to 11:00, with all that is asked of it."""
    return {
        "plan_id": "helicopter",
        "datum": "WGS84",
        "waypoints": [
            {
                **place,
                "level": {"value_m": 300.0, "reference": "AGL"},
                "time": f"2026-06-04T{hour}:00:00+08:00",
            }
            for hour, place in ((10, SAI_KUNG), (11, {**SAI_KUNG, "lon_deg": 114.2800}))
        ],
        "route_buffer_m": 100.0,
        "vertical_buffer_m": 0.0,
        "aircraft": {"is_unmanned": False},
        "manned": {"helicopter": True, "visual_flight": True, "over_water": {"held": False}},
        "weather": weather,
        "hong_kong": {
            "atc_clearance": True,
            "special_vfr_clearance": False,
            "airspace_class": "c",
            "max_altitude_amsl_m": 500.0,
            "cloud_distance_m": 3000.0,
            "plan_filed_at": "2026-06-04T09:00:00+08:00",
            "macao_route": False,
            "low_flying": {
                "over_congested_area": False,
                "distance_to_people_or_structures_m": 200.0,
                "distance_to_crowd_m": 100_000.0,
            },
        },
    }


def facts(**weather: Any) -> dict[str, Any]:
    """Facts of the one leg of the flight."""
    (leg,) = facts_of(lay(la.parse_plan(document(**weather)), airspace=airspace())).legs
    return dict(leg.values)


def assess(**weather: Any) -> Verdict:
    return la.assess(la.parse_plan(document(**weather)), airspace=airspace())


def minima(verdict: Verdict) -> Finding:
    return next(f for f in verdict.findings if f.citation == "hk/aip_hong_kong#enr_1_2__minima")


@pytest.mark.parametrize(
    ("text", "decision", "status"),
    [
        ("METAR VHHH 040200Z 09012KT 4900 HZ FEW030", Decision.PROHIBITED, Status.BREACHED),
        ("METAR VHHH 040200Z 09012KT 5000 HZ FEW030", Decision.PERMITTED, Status.MET),
        (f"{GOOD} TEMPO 0402/0404 4900 SHRA", Decision.PROHIBITED, Status.BREACHED),
        (f"{GOOD} TEMPO 0403/0405 4900 SHRA", Decision.PERMITTED, Status.MET),
    ],
)
def test_the_report_of_the_aerodrome_decides_a_visual_flight(
    text: str, decision: Decision, status: Status
) -> None:
    verdict = assess(reports=[{"text": text}], highest_ground_amsl_m=100.0)
    assert minima(verdict).status is status
    assert verdict.decision is decision, [m.field for m in verdict.missing]


def test_the_answer_says_by_how_much_the_visibility_falls_short() -> None:
    text = "METAR VHHH 040200Z 09012KT 4900 HZ FEW030"
    found = minima(assess(reports=[{"text": text}], highest_ground_amsl_m=100.0))
    shown = [str(value) for value in (found.observed, found.limit, found.margin)]
    assert shown == ["4900 m", "5 km", "-100 m"]


@pytest.mark.parametrize(
    "weather",
    [
        {},
        {"reports": [{"text": "METAR VHHH 040159Z 09012KT 9999 FEW030"}]},  # ends 10:59
        {"reports": [{"text": "TAF VHHH 032300Z NIL"}]},
        {"reports": [{"text": GOOD.replace("9999", "////")}], "visibility_m": 9000.0},
        {"reports": [{"text": GOOD, "start": "2026-06-04T10:01:00+08:00"}]},
    ],
)
def test_without_weather_for_the_whole_flight_the_answer_is_open_and_names_it(
    weather: dict[str, Any],
) -> None:
    verdict = assess(**weather)
    assert verdict.decision is Decision.INDETERMINATE
    assert minima(verdict).status is Status.MISSING_INFO
    assert any("weather.visibility_m" in m.field for m in verdict.missing)


@pytest.mark.parametrize(("stated_m", "counts_m"), [(3000.0, 3000), (9000.0, 6000)])
def test_of_plain_values_and_reports_the_worse_counts(stated_m: float, counts_m: int) -> None:
    reports = [{"text": GOOD.replace("9999", "6000")}]
    known = facts(reports=reports, visibility_m=stated_m)
    assert known["visibility_mm"] == counts_m * 1000


def test_each_part_of_a_flight_has_the_report_that_is_given_for_it() -> None:
    half = "2026-06-04T10:30:00+08:00"
    known = facts(
        reports=[
            {"text": "METAR VHHH 040200Z 7000 FEW010", "end": half},
            {"text": "TAF VHHH 032300Z 0400/0506 8000 FEW020", "start": half},
        ],
        highest_ground_amsl_m=0.0,
    )
    assert known["visibility_mm"] == 7_000_000
    assert known["cloud_base_mm"] == 304_800


def test_a_report_that_ends_too_soon_leaves_the_rest_to_another() -> None:
    short = {"text": "METAR VHHH 040130Z 7000 FEW010"}  # until 10:30
    assert "visibility_mm" not in facts(reports=[short])
    assert facts(reports=[short, {"text": GOOD}])["visibility_mm"] == 7_000_000


@pytest.mark.parametrize(
    ("aerodrome", "ground", "base_mm"),
    [
        (None, 0.0, 914_400),
        (None, 400.0, 514_400),  # over a hill of 400 m the cloud is that much nearer
        (8.5, 400.0, 522_900),
        (8.5, None, None),
    ],
)
def test_cloud_above_an_aerodrome_is_taken_to_lie_over_the_highest_ground(
    aerodrome: float | None, ground: float | None, base_mm: int | None
) -> None:
    report = {"text": GOOD, "aerodrome_elevation_amsl_m": aerodrome}
    known = facts(reports=[report], highest_ground_amsl_m=ground)
    assert known.get("cloud_base_mm") == base_mm
    gap = None if base_mm is None else base_mm - 300_000  # the flight reaches 300 m
    assert known.get("cloud_clearance_mm") == gap


def test_a_faulty_report_refuses_the_plan_and_names_its_field() -> None:
    reports = [{"text": GOOD}, {"text": metar("4900 FEWO12 BKNO20")}]
    with pytest.raises(InvalidInputError) as refusal:
        la.parse_plan(document(reports=reports))
    assert [(p.where, p.given) for p in refusal.value.problems] == [
        ("weather.reports[1].text", '"FEWO12"'),
        ("weather.reports[1].text", '"BKNO20"'),
    ]


def test_a_part_that_ends_before_it_begins_is_refused() -> None:
    part = {"text": GOOD, "start": "2026-06-04T10:30:00+08:00", "end": "2026-06-04T10:30:00+08:00"}
    with pytest.raises(InvalidInputError, match=r"weather\.reports\[0\]\.end: .*not after"):
        la.parse_plan(document(reports=[part]))


# Whose report it is


MINIMA = "hk/aip_hong_kong#enr_1_2__minima"
CLOUD = "cn/order_288_2007#art_74__cloud"
PLANS = Path(__file__).parents[1] / "examples" / "plans"


def crossing(number: str, **replaced: tuple[str, str]) -> dict[str, Any]:
    """An example plan; in the report of a station one text may be replaced by another."""
    (path,) = PLANS.glob(f"{number}_*.json")
    plan: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for station, (old, new) in replaced.items():
        (report,) = (r for r in plan["weather"]["reports"] if f" {station} " in r["text"])
        assert old in report["text"]
        report["text"] = report["text"].replace(old, new)
    return plan


def judged(plan: dict[str, Any]) -> Verdict:
    parsed = la.parse_plan(plan)
    verdict = la.assess(parsed, airspace=airspace())
    table = la.assess_many([parsed], airspace=airspace())
    assert table.decisions == [verdict.decision]
    return verdict


def against(verdict: Verdict) -> dict[str, str]:
    """Provisions that a verdict finds breached, and where."""
    return {
        f.citation: f.where.text["en"]
        for f in verdict.findings
        if f.status is Status.BREACHED and f.consequence and f.where
    }


@pytest.mark.parametrize(
    ("worse", "found"),
    [
        ({"VHHH": ("9999", "3000")}, {MINIMA: "Hong Kong"}),
        ({"ZGSZ": ("9999", "3000")}, {}),  # 800 m are asked on the Mainland
        ({"VHHH": ("FEW035", "FEW012")}, {MINIMA: "Hong Kong"}),
        ({"ZGSZ": ("SCT040", "SCT012")}, {CLOUD: "the Mainland"}),
    ],
)
def test_weather_counts_where_it_is(
    worse: dict[str, tuple[str, str]], found: dict[str, str]
) -> None:
    verdict = judged(crossing("25", **worse))
    assert verdict.decision is (Decision.PROHIBITED if found else Decision.PERMITTED)
    assert against(verdict) == found
    for leg in verdict.legs:
        bad = leg.jurisdiction.en in found.values()
        assert leg.decision is (Decision.PROHIBITED if bad else Decision.PERMITTED)


def test_a_plain_value_counts_on_every_leg() -> None:
    plan = crossing("25")
    plan["weather"]["visibility_m"] = 700.0
    assert against(judged(plan)) == {
        MINIMA: "Hong Kong",
        "cn/ccar_135#art_135_215__b__day": "the Mainland",
    }


@pytest.mark.parametrize("number", ["25", "26", "27"])
def test_to_leave_weather_out_never_helps(number: str) -> None:
    """Neither a plain value nor a report, be it good or bad."""
    plan = crossing(number)
    reports, whole = plan["weather"].get("reports", []), judged(plan)
    for left_out in plan["weather"]:
        less = copy.deepcopy(plan)
        del less["weather"][left_out]
        assert judged(less).worst.rank >= whole.worst.rank, left_out
    for left_out in range(len(reports)):
        less = copy.deepcopy(plan)
        del less["weather"]["reports"][left_out]
        less["weather"]["cloud_base_agl_m"] = 900.0  # nor do plain values make up for it
        verdict = judged(less)
        assert verdict.best is Decision.PERMITTED
        assert verdict.worst is Decision.PROHIBITED
        assert any("no report of an aerodrome there" in m.text["en"] for m in verdict.missing)


@pytest.mark.parametrize(
    ("report", "why"),
    [
        ({"text": GOOD.replace("VHHH", "ZBAA")}, "ZBAA is no aerodrome that the airspace dataset"),
        ({"text": GOOD.replace("VHHH", "ZGSZ")}, "no report of an aerodrome there is given"),
        ({"text": "METAR VHHH 040159Z 9999 FEW030"}, "VHHH does not report it for all of the leg"),
        ({"text": GOOD, "start": "2026-06-04T11:00:00+08:00"}, "for another time"),
        ({"text": GOOD, "start": "2026-06-04T12:00:00+08:00"}, "for another time"),
        ({"text": GOOD, "end": "2026-06-04T09:00:00+08:00"}, "for another time"),
    ],
)
def test_a_report_of_another_place_or_time_stands_for_nothing_and_the_answer_says_why(
    report: dict[str, Any], why: str
) -> None:
    verdict = assess(reports=[report], highest_ground_amsl_m=100.0)
    assert verdict.decision is Decision.INDETERMINATE
    (seen,) = (m for m in verdict.missing if m.fact == "visibility_mm")
    assert why in seen.text["en"]
    assert seen.field == "weather.visibility_m, weather.reports"


@pytest.mark.parametrize(("off_m", "bearing"), [(-1.0, Bearing.STANDS), (1.0, Bearing.TOO_FAR)])
def test_a_report_stands_for_places_near_its_aerodrome(off_m: float, bearing: Bearing) -> None:
    ends = [
        end
        for data in airspace().aerodromes["VHHH"].runways
        for end in (data.runway.low, data.runway.high)
    ]
    middle = np.mean(ends, axis=0)[np.newaxis]
    ((lon_deg, lat_deg),) = geodesic_direct(middle, azimuth_deg=80.0, distance_m=REACH_M + off_m)
    plan = document(reports=[{"text": GOOD}])
    plan["waypoints"][1] |= {"lon_deg": lon_deg, "lat_deg": lat_deg}
    situation = lay(la.parse_plan(plan), airspace=airspace())
    (seen,) = reports_on(situation, situation.legs[0])
    assert seen.bearing is bearing
    # A report that is given for the part of the flight that is near stands for that.
    plan["weather"]["reports"][0]["end"] = "2026-06-04T10:30:00+08:00"
    situation = lay(la.parse_plan(plan), airspace=airspace())
    (seen,) = reports_on(situation, situation.legs[0])
    assert seen.bearing is Bearing.STANDS


def test_low_flying_near_people_is_prohibited_in_hong_kong() -> None:
    plan = document(reports=[{"text": GOOD}], highest_ground_amsl_m=100.0)
    low = {"distance_to_people_or_structures_m": 152.39, "saves_life": False}
    plan["hong_kong"]["low_flying"] |= low
    verdict = la.assess(la.parse_plan(plan), airspace=airspace())
    assert verdict.decision is Decision.PROHIBITED
    (found,) = (f for f in verdict.findings if f.citation == "hk/cap_448c#sch_14__persons")
    assert found.status is Status.BREACHED
