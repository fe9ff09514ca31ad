"""The decision on each leg: whose law speaks of it, and what daylight it is flown in."""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from astral import Observer
from astral.sun import sunset
from hypothesis import given, settings
from hypothesis import strategies as st

import lowalt as la
from lowalt.assessment.legs import leg_verdicts
from lowalt.flights.plan import BEIJING
from lowalt.judgement import CONSEQUENCE, Judgement
from lowalt.situation import Situation, facts_of, lay
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth
from lowalt.verdicts import Decision, LegVerdict, Status, Verdict

PLANS = Path(__file__).parent.parent / "examples" / "plans"
Document = dict[str, Any]

FUTIAN, FUTIAN_PORT = (114.056, 22.526), (114.066, 22.519)
SHEUNG_SHUI, SHEKOU = (114.116, 22.502), (113.905, 22.471)
XIAOMEISHA, MIRS_BAY = (114.3262, 22.6015), (114.36, 22.545)
COLOANE, OFF_DAPENG = (113.56, 22.125), (114.60, 22.50)
SHUN_TAK = (114.152369, 22.288868)
PLACES = (FUTIAN, FUTIAN_PORT, SHEUNG_SHUI, SHEKOU, XIAOMEISHA, MIRS_BAY, COLOANE)


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def example(name: str) -> Document:
    document: Document = json.loads((PLANS / f"{name}.json").read_text("utf-8"))
    return document


def routed(
    document: Document, start: datetime, *stops: tuple[tuple[float, float], float]
) -> Document:
    """Send a plan along places, each so many seconds after the start."""
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": 80.0, "reference": "AGL"},
            "time": (start + timedelta(seconds=after_s)).isoformat(),
        }
        for (lon_deg, lat_deg), after_s in stops
    ]
    ends = {"departure_site": waypoints[0], "landing_site": waypoints[-1]}
    sites = {
        name: {"name": name, "lon_deg": at["lon_deg"], "lat_deg": at["lat_deg"]}
        for name, at in ends.items()
        if name in document
    }
    return {**copy.deepcopy(document), "waypoints": waypoints, **sites}


def assess(document: Document) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=airspace())


def laid(document: Document) -> Situation:
    return lay(la.parse_plan(document), airspace=airspace())


def strictest(decisions: list[Decision]) -> Decision:
    return max(decisions, key=lambda decision: decision.rank)


MORNING = datetime(2026, 6, 24, 10, tzinfo=BEIJING)
HELICOPTER: Document = {
    "plan_id": "shuttle",
    "datum": "WGS84",
    "route_buffer_m": 200.0,
    "vertical_buffer_m": 30.0,
    "aircraft": {"is_unmanned": False},
}


# What is known of each


LANTAU, OFF_ZHUHAI, MACAU = (113.90, 22.18), (113.70, 22.19), (113.5575, 22.197)


def over_zhuhai_waters() -> Document:
    """Send a helicopter from Hong Kong to Macao over waters that the dataset does not hold."""
    stops = ((SHUN_TAK, 0.0), (LANTAU, 600.0), (OFF_ZHUHAI, 900.0), (MACAU, 1200.0))
    return routed(HELICOPTER, MORNING, *stops)


def test_only_the_leg_that_leaves_the_dataset_is_said_to() -> None:
    verdict = assess(over_zhuhai_waters())
    known = {leg.jurisdiction.value: (leg.is_within_dataset, leg.has_law) for leg in verdict.legs}
    assert known == {"HK": (True, True), "CN": (False, True), "MO": (True, False)}
    hong_kong, mainland, _ = verdict.legs
    assert mainland.worst is Decision.PROHIBITED
    # What is open in Hong Kong hangs on what the plan leaves out, and says so.
    assert hong_kong.decision is Decision.INDETERMINATE
    assert hong_kong.open_citations


def test_a_leg_inside_the_dataset_is_decided_though_another_leaves_it() -> None:
    helicopter = example("25_helicopter_baoan_to_shun_tak")
    for part in ("departure_site", "landing_site", "crossing"):
        del helicopter[part]
    helicopter["weather"] = {
        "visibility_m": 8000.0,
        "cloud_base_agl_m": 20000.0,
        "cloud_distance_m": 100000.0,
        "meets_commander_minima": True,
        "surface_stays_in_sight": True,
    }
    stops = ((SHUN_TAK, 0.0), (LANTAU, 600.0), (OFF_ZHUHAI, 900.0))
    hong_kong, mainland = assess(routed(helicopter, MORNING.replace(day=12), *stops)).legs
    assert (hong_kong.is_within_dataset, mainland.is_within_dataset) == (True, False)
    assert hong_kong.decision is Decision.PERMITTED
    assert mainland.worst is Decision.PROHIBITED


@pytest.mark.parametrize(
    "stops",
    [
        (((-66.0, -22.5), 0.0), ((-65.9, -22.5), 600.0)),  # the other side of the earth
        (((24.0, 0.0), 0.0), ((24.1, 0.0), 600.0)),  # a quarter of the way round
        ((SHUN_TAK, 0.0), ((114.2, 21.9), 600.0)),  # out to sea
        (((114.115, 22.1494), 0.0), ((114.118, 22.1494), 60.0)),  # beside it, with its buffer alone
    ],
)
def test_who_leaves_the_dataset_leaves_it_on_some_leg(stops: Any) -> None:
    situation = laid(routed(HELICOPTER, MORNING, *stops))
    assert not situation.is_within_dataset
    assert not all(leg.is_within_dataset for leg in situation.legs)


def test_a_flight_beyond_the_time_of_the_dataset_leaves_it_on_every_leg() -> None:
    legs = laid(
        routed(HELICOPTER, MORNING.replace(year=2031), (SHEKOU, 0.0), (SHUN_TAK, 900.0))
    ).legs
    assert [leg.is_within_dataset for leg in legs] == [False] * len(legs)


def test_a_flight_into_the_time_after_the_dataset_leaves_it_on_the_later_leg() -> None:
    ends = airspace().valid.end.astimezone(BEIJING)
    into = routed(HELICOPTER, ends - timedelta(minutes=10), (SHEKOU, 0.0), (SHUN_TAK, 1800.0))
    before, after = laid(into).legs
    assert before.period.end < ends < after.period.end
    assert (before.is_within_dataset, after.is_within_dataset) == (True, False)


@pytest.mark.parametrize(
    ("lang", "outside", "lawless"),
    [
        ("en", "leaves the airspace dataset here", "no law of this place"),
        ("zh", "超出空域数据集范围", "未收录当地适用于该航空器的飞行法规"),
    ],
)
def test_an_open_leg_says_why_in_text_and_json(lang: Any, outside: str, lawless: str) -> None:
    verdict = assess(over_zhuhai_waters())
    text = la.explain(verdict, lang=lang, width=200)
    assert text.count(outside) == text.count(lawless) == 1
    said = [(leg["is_within_dataset"], leg["has_law"]) for leg in verdict.to_dict()["legs"]]
    assert said == [(leg.is_within_dataset, leg.has_law) for leg in verdict.legs]


# The strictest leg is the whole


@st.composite
def flights(draw: st.DrawFn) -> Document:
    """Draw a flight between places of the three, with more or fewer papers."""
    base = draw(st.sampled_from(["15_strays_into_hong_kong_waters", "01", "helicopter"]))
    document = HELICOPTER if base == "helicopter" else example(_named(base))
    stops = draw(st.lists(st.sampled_from(PLACES), min_size=2, max_size=4, unique=True))
    start = MORNING.replace(hour=draw(st.sampled_from([10, 19])))
    document = routed(document, start, *((p, 900.0 * i) for i, p in enumerate(stops)))
    for part in draw(st.sets(st.sampled_from(["payload", "submission", "mission", "aircraft"]))):
        document.pop(part, None)
    return document


def _named(start: str) -> str:
    return next(file.stem for file in PLANS.glob(f"{start}*.json"))


@settings(max_examples=15)
@given(flights(), st.randoms(use_true_random=False))
def test_the_strictest_leg_is_the_whole_and_each_law_speaks_on_its_own_legs(
    document: Document, random: Any
) -> None:
    situation = laid(document)
    book = la.load_rulebook("shenzhen", on=situation.plan.departure.date())
    judgement = la.judge(facts_of(situation), rulebook=book)
    found = list(leg_verdicts(judgement, situation))
    assert strictest([leg.best for leg in found]) is judgement.best
    assert strictest([leg.worst for leg in found]) is judgement.worst
    for home in {leg.jurisdiction for leg in found}:
        said = strictest([leg.best for leg in found if leg.jurisdiction is home])
        assert said is asked_by(home, judgement)
    legs, encounters = list(situation.legs), list(situation.encounters)
    random.shuffle(legs)
    random.shuffle(encounters)
    other = dataclasses.replace(situation, legs=tuple(legs), encounters=tuple(encounters))
    again = list(leg_verdicts(la.judge(facts_of(other), rulebook=book), other))
    assert sorted(map(essence, again)) == sorted(map(essence, found))


FOLDERS = {"CN": ("cn/", "sz/", "std/"), "HK": ("hk/", "std/"), "MO": ("mo/", "std/")}


def asked_by(home: Jurisdiction, judgement: Judgement) -> Decision:
    """Strictest outcome that the law of one place surely asks for, read off the citations."""
    return strictest(
        [
            Decision.PERMITTED,
            *(
                CONSEQUENCE[result.rule.effect]
                for result in judgement.results
                if result.rule.citation.startswith(FOLDERS[home.value])
                and any(v.certain for v in result.violations)
            ),
        ]
    )


def essence(leg: LegVerdict) -> tuple[object, ...]:
    cited = sorted(leg.citations), sorted(leg.open_citations)
    return (leg.jurisdiction, leg.period.start, leg.best.rank, leg.worst.rank, *cited)


# Whose leg it is


def decisions(verdict: Verdict) -> list[tuple[Jurisdiction, Decision]]:
    return [(leg.jurisdiction, leg.decision) for leg in verdict.legs]


def test_a_flight_in_one_jurisdiction_has_one_leg_with_its_decision() -> None:
    verdict = assess(example(_named("01")))
    (leg,) = verdict.legs
    assert (leg.jurisdiction, leg.exists) == (Jurisdiction.MAINLAND, Truth.TRUE)
    assert (leg.decision, leg.citations, leg.open_citations) == (Decision.PERMITTED, (), ())
    assert (leg.period.start, leg.period.end) == (
        verdict.departure,
        datetime.fromisoformat("2026-06-09T10:02:42+08:00"),
    )


def test_each_side_of_the_boundary_says_what_its_own_law_asks() -> None:
    verdict = assess(example("23_blood_drone_to_hong_kong"))
    assert decisions(verdict) == [
        (Jurisdiction.MAINLAND, Decision.PROHIBITED),
        (Jurisdiction.HONG_KONG, Decision.APPROVAL_REQUIRED),
    ]
    mainland, hong_kong = verdict.legs
    # Nationality registration is asked for by the Mainland, of what is flown abroad.
    assert "cn/order_761_2023#art_10__para_2" in mainland.citations
    assert {citation[:3] for citation in hong_kong.citations} == {"hk/"}
    assert "hk/cap_448g#crossing" in hong_kong.citations
    assert mainland.period.end == hong_kong.period.start


def test_a_zone_is_held_against_the_legs_on_which_it_is_met() -> None:
    there_and_back = (FUTIAN, 0.0), (FUTIAN_PORT, 90.0), (SHEUNG_SHUI, 500.0)
    document = routed(
        example("23_blood_drone_to_hong_kong"),
        MORNING,
        *there_and_back,
        ((114.19, 22.535), 900.0),
        ((114.20, 22.60), 1300.0),
    )
    document["aircraft"]["registration"]["nationality_registered"] = True
    document["crossing"] = {"exit_port": "no_port", "special_port_approval": True}
    document["crossing"]["entry_port"] = "no_port"
    situation = laid(document)
    # The plan holds no approval; art. 19 asks for one for each zone.
    citation = "cn/order_761_2023#art_19__para_2__items_2_to_8"
    verdict = assess(document)
    met = [f.when for f in verdict.findings if f.citation == citation and f.when is not None]
    assert len(situation.legs) == 3
    for leg in verdict.legs:
        blamed = citation in (*leg.citations, *leg.open_citations)
        if leg.jurisdiction is Jurisdiction.HONG_KONG:
            assert not blamed
        else:
            assert blamed == any(leg.period.overlaps(when) for when in met)


def test_where_no_law_is_held_nothing_is_known_to_be_allowed_on_that_leg_alone() -> None:
    document = routed(HELICOPTER, MORNING, (SHEKOU, 0.0), (COLOANE, 1200.0))
    verdict = assess(document)
    book = la.load_rulebook("shenzhen", on=MORNING.date())
    judged = la.judge(facts_of(laid(document)), rulebook=book)
    lawless = {home for home, _ in judged.ungoverned}
    assert lawless == {Jurisdiction.MACAO}
    (macao,) = (leg for leg in verdict.legs if leg.jurisdiction is Jurisdiction.MACAO)
    assert (macao.best, macao.worst) == (Decision.PERMITTED, Decision.PROHIBITED)
    assert not [c for c in macao.open_citations if not c.startswith("std/")]


def test_beyond_the_dataset_no_leg_is_known_to_be_allowed() -> None:
    verdict = assess(routed(HELICOPTER, MORNING, (MIRS_BAY, 0.0), ((118.0, 23.0), 9000.0)))
    assert {leg.worst for leg in verdict.legs} == {Decision.PROHIBITED}


def test_beside_the_boundary_both_legs_are_in_doubt() -> None:
    verdict = assess(example("22_beside_the_hong_kong_boundary"))
    assert [leg.exists for leg in verdict.legs] == [Truth.UNKNOWN, Truth.UNKNOWN]
    assert {leg.decision for leg in verdict.legs} == {Decision.INDETERMINATE}
    for leg in verdict.legs:
        assert leg.citations == ()
        assert leg.open_citations


def test_rules_of_nobodys_law_count_on_every_leg() -> None:
    manual = PLANS.parent / "rules" / "own" / "acme_manual.yaml"
    book = la.load_rulebook("shenzhen", on=MORNING.date(), own_rules=[manual])
    plan = la.parse_plan(example("23_blood_drone_to_hong_kong"))  # 105 m, the manual says 100 m
    verdict = la.assess(plan, airspace=airspace(), rulebook=book)
    for leg in verdict.legs:
        assert "own/acme_manual#ch_4__height" in leg.citations


# As it is written down


def test_legs_are_written_with_the_verdict_and_replayed() -> None:
    plan = la.read_plan(PLANS / "23_blood_drone_to_hong_kong.json")
    verdict = la.assess(plan, airspace=airspace())
    written = verdict.to_dict()["legs"]
    assert [leg["jurisdiction"] for leg in written] == ["CN", "HK"]
    assert written[1]["exists"] is True
    assert written[1]["decision"] == "approval_required"
    assert written[1]["when"][1] == "2026-06-24T10:08:22+08:00"
    assert la.replay(la.record(verdict, plan=plan)) == verdict
    doubtful = assess(example("22_beside_the_hong_kong_boundary")).to_dict()["legs"]
    assert [leg["exists"] for leg in doubtful] == [None, None]


@pytest.mark.parametrize(
    ("lang", "title", "line"),
    [
        ("en", "By jurisdiction", "- Hong Kong, 10:03:06–10:08:22: APPROVAL REQUIRED"),
        ("zh", "分辖区结论", "- 香港，10:03:06–10:08:22：须经批准"),
    ],
)
def test_the_explanation_has_a_line_for_each_jurisdiction(lang: Any, title: str, line: str) -> None:
    text = la.explain(assess(example("23_blood_drone_to_hong_kong")), lang=lang)
    assert title in text.splitlines()
    assert line in text
    assert title not in la.explain(assess(example(_named("01"))), lang=lang)


def test_legs_of_which_the_same_is_said_are_named_together() -> None:
    verdict = assess(example("15_strays_into_hong_kong_waters"))
    text = la.explain(verdict, lang="en")
    assert len(verdict.legs) == 3
    assert "- the Mainland, 08:30:00–08:34:58, 08:36:26–08:43:24: " in text


# Daylight


def sunset_at(place: tuple[float, float]) -> datetime:
    lon_deg, lat_deg = place
    return sunset(Observer(latitude=lat_deg, longitude=lon_deg), MORNING.date(), tzinfo=BEIJING)


def over_mirs_bay(start: datetime) -> Document:
    return routed(
        example("15_strays_into_hong_kong_waters"), start, (XIAOMEISHA, 0.0), (MIRS_BAY, 600.0)
    )


def test_by_day_here_and_by_night_there_only_the_leg_by_night_breaks_the_rule() -> None:
    (mainland, hong_kong) = laid(over_mirs_bay(MORNING)).legs
    share = mainland.period.end - mainland.period.start
    assert hong_kong.jurisdiction is Jurisdiction.HONG_KONG
    # The sun sets a minute after the boundary is crossed.
    crossed = sunset_at((hong_kong.lon_deg, hong_kong.lat_deg)) - timedelta(minutes=1)
    document = over_mirs_bay((crossed - share).replace(microsecond=0))
    assert [leg.is_partly_at_night for leg in laid(document).legs] == [False, True]
    verdict = assess(document)
    (found,) = (f for f in verdict.findings if f.citation == "hk/cap_448g#operating__daylight")
    assert found.status is Status.MISSING_INFO  # no permission is stated
    assert found.where is not None
    assert found.where.text["en"] == "Hong Kong"
    assert found.when == verdict.legs[1].period
    # Ten minutes earlier all of it is by day, ten later all of it partly by night.
    for by, expected in ((-10, [False, False]), (10, [True, True])):
        moved = over_mirs_bay((crossed - share).replace(microsecond=0) + timedelta(minutes=by))
        assert [leg.is_partly_at_night for leg in laid(moved).legs] == expected


def test_a_helicopter_that_leaves_hong_kong_by_day_may_end_by_night_on_the_mainland() -> None:
    back = routed(HELICOPTER, MORNING, (MIRS_BAY, 0.0), (XIAOMEISHA, 600.0))
    back["manned"] = {"helicopter": True, "visual_flight": True}
    back["hong_kong"] = {"special_vfr_clearance": False}
    hong_kong, mainland = laid(back).legs
    share = hong_kong.period.end - hong_kong.period.start
    dusk = sunset_at((mainland.lon_deg, mainland.lat_deg)) + timedelta(minutes=1)
    start = (dusk - share).replace(microsecond=0) - timedelta(minutes=2)
    citation = "hk/aip_hong_kong#enr_1_2__night"

    def status(at: datetime) -> Status:
        moved = routed(back, at, (MIRS_BAY, 0.0), (XIAOMEISHA, 600.0))
        moved |= {key: back[key] for key in ("manned", "hong_kong")}
        return next(f.status for f in assess(moved).findings if f.citation == citation)

    assert status(start) is Status.NOT_APPLICABLE
    assert status(start + timedelta(minutes=4)) is Status.BREACHED


def test_the_night_of_the_far_end_counts() -> None:
    # Over Dapeng the sun sets four minutes before it does at Shekou, where the flight begins.
    assert sunset_at(SHEKOU) - sunset_at(OFF_DAPENG) > timedelta(minutes=2)
    start = sunset_at(OFF_DAPENG).replace(microsecond=0) + timedelta(seconds=30, minutes=-20)
    assert start + timedelta(minutes=20) < sunset_at(SHEKOU)
    situation = laid(routed(HELICOPTER, start, (SHEKOU, 0.0), (OFF_DAPENG, 1200.0)))
    assert situation.is_partly_at_night


@settings(max_examples=25)
@given(
    st.sampled_from(PLACES), st.sampled_from(PLACES), st.integers(-900, 900), st.integers(60, 1800)
)
def test_what_is_flown_after_sunset_anywhere_on_the_way_is_flown_by_night(
    begin: tuple[float, float], end: tuple[float, float], after_s: int, duration_s: int
) -> None:
    start = sunset_at(begin).replace(microsecond=0) + timedelta(seconds=after_s)
    stops = (begin, 0.0), (end, float(duration_s)), (begin, 2.0 * duration_s)
    situation = laid(routed(HELICOPTER, start, *stops))
    for leg in situation.legs:
        for share in (0.0, 0.5, 0.999):
            moment = leg.period.start + share * (leg.period.end - leg.period.start)
            at = situation.path.place((moment - start).total_seconds())  # type: ignore[union-attr]
            if moment > sunset_at(at) + timedelta(seconds=1):
                assert leg.is_partly_at_night
    assert situation.is_partly_at_night == any(x.is_partly_at_night for x in situation.legs)
