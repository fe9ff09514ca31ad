"""What law is not held is said of every flight that it may bind, and of no other."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la
from lowalt.regulations.model import Craft
from lowalt.report.text import explain
from lowalt.report.timeline import explain_timeline
from lowalt.terms import Jurisdiction
from lowalt.verdicts import NotHeld, Verdict

PLANS = Path(__file__).parent.parent / "examples" / "plans"
MAINLAND, HONG_KONG, MACAO = Jurisdiction
OUTER_HARBOUR = {"lon_deg": 113.5592, "lat_deg": 22.1972}


def example(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PLANS / f"{name}.json").read_text("utf-8"))
    return document


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def assess(document: dict[str, Any]) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=airspace())


@cache
def to_hong_kong() -> Verdict:
    return assess(example("25_helicopter_baoan_to_shun_tak"))


@cache
def to_macao() -> Verdict:
    document = example("25_helicopter_baoan_to_shun_tak")
    del document["crossing"]["prescribed_route"]
    document["landing_site"] = {"name": "Outer Harbour", **OUTER_HARBOUR}
    for waypoint in document["waypoints"][-2:]:
        waypoint.update(OUTER_HARBOUR)
    document["waypoints"][2:-2] = []
    return assess(document)


def named(gaps: tuple[NotHeld, ...]) -> list[tuple[Jurisdiction | None, Craft]]:
    return [(gap.jurisdiction, gap.craft) for gap in gaps]


def test_a_helicopter_is_told_what_is_not_held_of_each_law_that_it_is_under() -> None:
    gaps = to_hong_kong().not_held
    assert named(gaps) == [(MAINLAND, Craft.MANNED), (HONG_KONG, Craft.MANNED)]
    mainland, hong_kong = (gap.text["en"] for gap in gaps)
    assert "crew licences" in mainland
    assert "ask the CAAC" in mainland
    assert "immigration, customs and port health" in hong_kong
    assert "ask the CAD" in hong_kong


def test_where_no_law_is_held_all_of_it_is_not() -> None:
    gaps = [gap for gap in to_macao().not_held if gap.jurisdiction is MACAO]
    assert named(tuple(gaps)) == [(MACAO, Craft.MANNED)]
    assert gaps[0].said("en") == "Macao, manned aircraft: all of it; ask the AACM."
    assert gaps[0].said("zh") == "澳门，有人驾驶航空器：全部法规；请向民航局核实。"


def test_an_unmanned_flight_on_the_mainland_is_told_nothing() -> None:
    answer = assess(example("01_light_uav_suitable_airspace"))
    assert answer.not_held == ()
    assert "not held" not in explain(answer)


def test_an_unmanned_flight_across_the_boundary_hears_of_hong_kong_alone() -> None:
    answer = assess(example("23_blood_drone_to_hong_kong"))
    assert named(answer.not_held) == [(HONG_KONG, Craft.UNMANNED)]


def test_of_an_aircraft_not_known_to_be_manned_both_are_said() -> None:
    document = example("25_helicopter_baoan_to_shun_tak")
    del document["aircraft"]["is_unmanned"]
    assert named(assess(document).not_held) == [
        (MAINLAND, Craft.MANNED),
        (HONG_KONG, Craft.UNMANNED),
        (HONG_KONG, Craft.MANNED),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_and_json_and_timeline_say_it(lang: Any) -> None:
    for verdict in (to_hong_kong(), to_macao()):
        steps = la.timeline(verdict)
        texts = (
            explain(verdict, lang=lang, width=10_000, notices=False),
            explain_timeline(steps, lang=lang, width=10_000),
        )
        assert verdict.not_held
        for gap in verdict.not_held:
            assert all(gap.said(lang) in text for text in texts)
        assert [row["text"][lang] for row in verdict.to_dict()["not_held"]] == [
            gap.text[lang] for gap in verdict.not_held
        ]
        assert steps.to_dict()["not_held"] == verdict.to_dict()["not_held"]


def test_a_law_that_is_not_in_force_yet_says_nothing_of_itself(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    good = """\
instrument: own/manual
title: {zh: 手册, en: Manual}
short_title: {zh: 手册, en: Manual}
issuer: {zh: 某公司, en: Some company}
adopted: 2026-01-01
in_force: {from: 2026-06-09}
time_zone: Asia/Shanghai
source: made up for a test
not_held: {zh: 第二章；请向签派核实。, en: chapter 2; ask dispatch.}
provisions:
  ch_1:
    label: {zh: 第一章, en: chapter 1}
    summary: {zh: 摘要。, en: Summary.}
    verification: verified
    unread: {zh: 约束他人, en: it binds others}
"""
    (tmp_path / "own" / "manual.yaml").write_text(good, "utf-8")
    (tmp_path / "own" / "manual.py").write_text('"""Nothing is read."""\n', "utf-8")
    plan = la.parse_plan(example("01_light_uav_suitable_airspace"))
    said = {}
    for day in (8, 9):
        book = la.load_rulebook("shenzhen", on=date(2026, 6, day), own_rules=tmp_path)
        gaps = la.assess(plan, airspace=airspace(), rulebook=book).not_held
        said[day] = [gap.said("en") for gap in gaps]
    assert said == {8: [], 9: ["chapter 2; ask dispatch."]}
