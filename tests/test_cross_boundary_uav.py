"""Unmanned flights across the boundary: what is missing is said, and each paper settles its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lowalt as la
from lowalt.terms import Jurisdiction
from lowalt.verdicts import Decision, Status, Verdict

PLANS = Path(__file__).parent.parent / "examples" / "plans"
Document = dict[str, Any]

DECREE, REGULATION = "cn/order_761_2023", "cn/border_inspection_regulation_1995"
ORDER_448G, ANR = "hk/cap_448g", "mo/air_navigation_regulation_2021"
STANDING_ROUTE = f"{REGULATION}#art_19__standing_route"


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def _read(name: str) -> str:
    return (PLANS / f"{name}.json").read_text("utf-8")


def to_hong_kong() -> Document:
    document: Document = json.loads(_read("23_blood_drone_to_hong_kong"))
    return document


def to_macao() -> Document:
    document: Document = json.loads(_read("24_blood_drone_to_macao"))
    return document


def assess(document: Document) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=airspace())


def against(verdict: Verdict) -> set[str]:
    """Rules that stand, or may stand, against the flight; advice is left out."""
    open_or_worse = (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
    return {
        f.citation
        for f in verdict.findings
        if f.status in open_or_worse and f.consequence is not None
    }


# The papers of the Mainland


def nationality(document: Document) -> None:
    document["aircraft"]["registration"]["nationality_registered"] = True


def national_approval(document: Document) -> None:
    """Hold the approval of the flight, which also counts for the zones it names."""
    points = [(w["lon_deg"], w["lat_deg"]) for w in document["waypoints"]]
    west, east = (f(lon for lon, _ in points) for f in (min, max))
    south, north = (f(lat for _, lat in points) for f in (min, max))
    by = 0.02
    document["approvals"] = [
        {
            "kind": "flight_activity",
            "number": "EXAMPLE",
            "authority": "国家授权的机构 (body authorised at national level)",
            "valid_from": "2026-06-24T09:00:00+08:00",
            "valid_until": "2026-06-24T12:00:00+08:00",
            "area": {
                "polygon": [
                    [west - by, south - by],
                    [east + by, south - by],
                    [east + by, north + by],
                    [west - by, north + by],
                ]
            },
            "ceiling": {"value_m": 150.0, "reference": "AGL"},
            "largest_class": "small",
            "missions": ["blood_transport"],
            "zones": ["LP02", "LP03", "BDY03", "BDY04", "SP02", "SP03", "ZGSZ04A"],
        }
    ]


def readiness(document: Document) -> None:
    document["submission"] |= {
        "readiness_reported_at": "2026-06-24T08:30:00+08:00",
        "take_off_confirmed": True,
    }


def port(document: Document) -> None:
    document["crossing"]["special_port_approval"] = True


def border_notice(document: Document) -> None:
    document["crossing"]["border_inspection_told_at"] = "2026-06-23T10:00:00+08:00"


def customs_notice(document: Document) -> None:
    document["crossing"]["customs_told_at"] = "2026-06-23T10:00:00+08:00"


def quarantine(document: Document) -> None:
    document["crossing"]["quarantine_approval"] = True


def route(document: Document) -> None:
    """State the route that the approval prescribes; the track is measured against it."""
    points = [[w["lon_deg"], w["lat_deg"]] for w in document["waypoints"]]
    document["crossing"]["prescribed_route"] = {
        "number": "EXAMPLE",
        "points": [
            p for p, before in zip(points, [None, *points[:-1]], strict=True) if p != before
        ],
        "half_width_m": 200.0,
        "ceiling": {"value_m": 150.0, "reference": "AGL"},
    }


# The papers of Hong Kong and of Macao


def hong_kong_registration(document: Document) -> None:
    document["hong_kong"] |= {"registered": True, "labelled": True}


def hong_kong_permission(document: Document) -> None:
    """Hold the permission for an advanced operation, with the insurance and data it asks for."""
    permission = {"held": True, "valid_until": "2026-12-31", "covers_operation": True}
    crosses = document["hong_kong"]["cad_permission"].get("covers_crossing", False)
    document["hong_kong"]["cad_permission"] = {**permission, "covers_crossing": crosses}
    _insured(document)


def hong_kong_crossing(document: Document) -> None:
    permission = {"held": True, "valid_until": "2026-12-31", "covers_crossing": True}
    operates = document["hong_kong"]["cad_permission"].get("covers_operation", False)
    document["hong_kong"]["cad_permission"] = {**permission, "covers_operation": operates}
    _insured(document)


def _insured(document: Document) -> None:
    document["hong_kong"] |= {
        "insurance_hkd": 10_000_000,
        "flight_data_kept_until": "2026-12-31",
        "flight_data_accessible": True,
    }


def macao_papers(document: Document) -> None:
    document["macao"] |= dict.fromkeys(
        ("registered", "labelled", "flight_notified", "operator_permit", "activity_permit"), True
    ) | {
        "insured": True,
        "authorisation": {
            "held": True,
            "valid_until": "2026-12-31",
            "covers_operation": True,
            "covers_crossing": True,
        },
    }


Paper = Callable[[Document], None]

MAINLAND: dict[Paper, set[str]] = {
    nationality: {f"{DECREE}#art_10__para_2"},
    national_approval: {f"{DECREE}#art_26__para_1"},
    readiness: {f"{DECREE}#art_30"},
    port: {f"{REGULATION}#art_16__exit"},
    border_notice: {f"{REGULATION}#art_17"},
    customs_notice: {"cn/customs_law_2021#art_16__departure"},
    quarantine: {"cn/quarantine_law_2024#art_22"},
    route: {f"{REGULATION}#art_19__route", "cn/customs_law_2021#art_15"},
}
HONG_KONG: dict[Paper, set[str]] = {
    hong_kong_registration: {f"{ORDER_448G}#registration"},
    hong_kong_permission: {
        f"{ORDER_448G}#operating__sight",
        f"{ORDER_448G}#operating__size",
        f"{ORDER_448G}#advanced__category_b",
    },
    hong_kong_crossing: {f"{ORDER_448G}#crossing"},
}
PAPERS = MAINLAND | HONG_KONG
"""Each paper with what stands against a flight to Hong Kong that lacks it."""


def with_papers(document: Document, papers: Iterable[Paper]) -> Document:
    held = copy.deepcopy(document)
    for paper in papers:
        paper(held)
    return held


def test_without_any_paper_the_list_is_plain_and_whole() -> None:
    verdict = assess(to_hong_kong())
    assert verdict.decision is Decision.PROHIBITED
    assert against(verdict) == set().union(*PAPERS.values())
    duties = {o.citation: o for o in verdict.obligations}
    assert "national" in duties[f"{DECREE}#art_26__para_1"].addressee["en"]
    assert "CAD" in duties[f"{ORDER_448G}#crossing"].addressee["en"]
    assert "customs" in duties["cn/quarantine_law_2024#art_22"].addressee["en"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            (
                "Obtain nationality registration first",
                "ATM body authorised at national level",
                "Leave through a port open to such flights",
                "Tell customs",
                "Tell border inspection",
                "quarantine approval of customs",
                "Apply to the CAD for a permission to cross the boundary",
                "No standing route across the boundary",
            ),
        ),
        (
            "zh",
            (
                "起飞前办理国籍登记",
                "国家授权的空中交通管理机构",
                "改从已开放直升机功能的口岸出境",
                "通知边防检查机关",
                "海关卫生检疫审批",
                "向民航处申请跨境飞行许可",
                "未查到供无人机使用的常设跨境航线",
            ),
        ),
    ],
)
def test_what_is_missing_is_said_in_plain_words(lang: Any, said: tuple[str, ...]) -> None:
    text = la.explain(assess(to_hong_kong()), lang=lang, width=10_000)
    assert [words for words in said if words not in text] == []


def test_each_paper_takes_away_what_stood_for_it_and_nothing_else() -> None:
    held: list[Paper] = []
    before = against(assess(to_hong_kong()))
    for paper, settles in PAPERS.items():
        held.append(paper)
        after = against(assess(with_papers(to_hong_kong(), held)))
        assert after == before - settles, paper.__name__
        before = after
    assert before == set()


@settings(max_examples=12)
@given(st.sets(st.sampled_from(list(PAPERS))))
def test_whatever_papers_are_held_the_others_are_asked_for(held: set[Paper]) -> None:
    verdict = assess(with_papers(to_hong_kong(), [paper for paper in PAPERS if paper in held]))
    assert against(verdict) == set().union(*(c for p, c in PAPERS.items() if p not in held))
    assert (verdict.decision is Decision.PERMITTED) is (len(held) == len(PAPERS))


def test_with_every_paper_it_flies_and_what_still_stands_is_said() -> None:
    verdict = assess(with_papers(to_hong_kong(), PAPERS))
    assert verdict.decision is Decision.PERMITTED
    assert [leg.decision for leg in verdict.legs] == [Decision.PERMITTED] * 2
    assert {o.met for o in verdict.obligations if o.certain} == {True}
    (advice,) = (f for f in verdict.findings if f.citation == STANDING_ROUTE)
    assert (advice.status, advice.consequence) == (Status.BREACHED, None)
    assert "prescribed_route" in advice.action["en"]


def test_each_side_asks_for_its_own_papers() -> None:
    verdict = assess(with_papers(to_hong_kong(), MAINLAND))
    mainland, hong_kong = verdict.legs
    assert mainland.decision is Decision.PERMITTED
    assert hong_kong.decision is Decision.APPROVAL_REQUIRED
    assert set(hong_kong.citations) == set().union(*HONG_KONG.values())


def test_a_port_claimed_where_there_is_none_does_not_stand_in_for_the_special_approval() -> None:
    document = with_papers(to_hong_kong(), [paper for paper in PAPERS if paper is not port])
    document["crossing"]["exit_port"] = "baoan_airport"  # Futian is 25 km from there
    verdict = assess(document)
    assert verdict.decision is Decision.PROHIBITED
    assert against(verdict) == {f"{REGULATION}#art_16__exit"}


def test_blood_that_is_regulated_as_a_drug_takes_no_quarantine_approval() -> None:
    document = with_papers(to_hong_kong(), [paper for paper in PAPERS if paper is not quarantine])
    document["crossing"]["regulated_as_drug_or_device"] = True
    assert assess(document).decision is Decision.PERMITTED


# To Macao


def test_to_macao_the_list_names_the_papers_of_macao() -> None:
    verdict = assess(to_macao())
    assert verdict.decision is Decision.PROHIBITED
    found = against(verdict)
    assert found >= set().union(*MAINLAND.values())
    assert {c for c in found if c.startswith(("hk/", "mo/"))} == {
        f"{ANR}#para_67__limits",
        f"{ANR}#para_67__registration",
        f"{ANR}#para_67__permits",
        f"{ANR}#para_67__crossing",
    }
    assert STANDING_ROUTE in {f.citation for f in verdict.findings if f.status is Status.BREACHED}


def test_to_macao_every_paper_leaves_open_what_the_map_does_not_hold() -> None:
    verdict = assess(with_papers(to_macao(), [*MAINLAND, macao_papers]))
    assert (verdict.best, verdict.worst) == (Decision.PERMITTED, Decision.PROHIBITED)
    assert verdict.missing[0].citations == ()
    assert "dataset" in verdict.missing[0].text["en"]
    macao = next(leg for leg in verdict.legs if leg.jurisdiction is Jurisdiction.MACAO)
    assert (macao.citations, macao.open_citations) == ((), ())
