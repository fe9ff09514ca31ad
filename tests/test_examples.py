"""The example plans say what their README says, for the one reason that it gives."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la
from lowalt import Decision, Status

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "examples" / "plans"
SCRIPT = ROOT / "examples" / "validate_flight_plan.py"
EXPECTED_OUTPUT = ROOT / "tests" / "expected" / "validate_flight_plan.txt"

PERMITTED, PROHIBITED = Decision.PERMITTED, Decision.PROHIBITED
APPROVAL, CONFIRMATION = Decision.APPROVAL_REQUIRED, Decision.CONFIRMATION_REQUIRED

Document = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """What a plan is expected to show.

    ``status`` is that of the provision cited, which is what decides; an indeterminate plan names
    the question that decides instead.
    """

    best: Decision
    worst: Decision
    citation: str
    status: Status
    asks: str = ""


def decided(decision: Decision, citation: str, status: Status) -> Story:
    return Story(decision, decision, citation, status)


def undecided(best: Decision, worst: Decision, citation: str, *, asks: str) -> Story:
    return Story(best, worst, citation, Status.MISSING_INFO, asks)


DECREE = "cn/order_761_2023#"
STORIES = {
    "01_light_uav_suitable_airspace": decided(PERMITTED, f"{DECREE}art_26__para_1", Status.WAIVED),
    "02_light_show_swarm": decided(APPROVAL, f"{DECREE}art_26__para_1", Status.REQUIRED),
    "03_delivery_near_airport_filed_in_time": decided(
        APPROVAL, f"{DECREE}art_19__para_2__item_1", Status.REQUIRED
    ),
    "04_delivery_near_airport_filed_late": decided(
        PROHIBITED, f"{DECREE}art_26__para_1__time", Status.BREACHED
    ),
    "05_delivery_near_airport_approved": decided(
        PERMITTED, f"{DECREE}art_19__para_2__item_1", Status.MET
    ),
    "06_exactly_120_m": decided(APPROVAL, f"{DECREE}art_19__para_2__height", Status.REQUIRED),
    "07_one_centimetre_above_120_m": decided(
        APPROVAL, f"{DECREE}art_19__para_2__height", Status.REQUIRED
    ),
    "08_medium_cargo": decided(APPROVAL, f"{DECREE}art_26__para_1", Status.REQUIRED),
    "09_micro_that_is_not_micro": decided(PROHIBITED, f"{DECREE}art_8__para_1", Status.BREACHED),
    "10_urgent_antivenom_35_minutes": decided(APPROVAL, f"{DECREE}art_26__para_1", Status.REQUIRED),
    "11_urgent_antivenom_20_minutes": decided(PROHIBITED, f"{DECREE}art_29__time", Status.BREACHED),
    "12_police_training_confirmed": decided(
        PERMITTED, f"{DECREE}art_31__para_1__item_3__confirmation", Status.MET
    ),
    "13_police_training_not_confirmed": decided(
        CONFIRMATION, f"{DECREE}art_31__para_1__item_3__confirmation", Status.REQUIRED
    ),
    "14_half_the_facts_missing": undecided(
        PERMITTED, PROHIBITED, f"{DECREE}art_8__para_1", asks="keeps_airspace"
    ),
    "15_strays_into_hong_kong_waters": decided(
        PROHIBITED, f"{DECREE}art_10__para_2", Status.BREACHED
    ),
    "16_games_day_photography": decided(
        PROHIBITED, "sz/games_notice_2025#prohibition", Status.BREACHED
    ),
    "17_games_day_event_support": decided(
        PERMITTED, "sz/games_notice_2025#prohibition__approval", Status.MET
    ),
    "18_before_the_decree": Story(
        PERMITTED,
        PROHIBITED,
        f"{DECREE}art_26__para_1",
        Status.NOT_IN_FORCE,
        asks="no law on unmanned aircraft in force in the Mainland",
    ),
    "19_survey_area": decided(PERMITTED, f"{DECREE}art_27__item_3", Status.WAIVED),
    "20_amsl_over_unknown_ground": undecided(
        PERMITTED, APPROVAL, f"{DECREE}art_19__para_2__height", asks="max_true_height_mm"
    ),
    "21_pocket_drone_that_is_light": decided(
        PERMITTED, f"{DECREE}art_8__para_1", Status.NOT_APPLICABLE
    ),
    "22_beside_the_hong_kong_boundary": undecided(
        PERMITTED, PROHIBITED, f"{DECREE}art_10__para_2", asks="Hong Kong"
    ),
    "23_blood_drone_to_hong_kong": decided(PROHIBITED, f"{DECREE}art_10__para_2", Status.BREACHED),
    "24_blood_drone_to_macao": decided(PROHIBITED, f"{DECREE}art_10__para_2", Status.BREACHED),
    "25_helicopter_baoan_to_shun_tak": decided(
        PERMITTED, "cn/border_inspection_regulation_1995#art_19__route", Status.MET
    ),
    "26_helicopter_shekou_to_shun_tak": decided(
        PERMITTED, "sz/shekou_port_opening_2025#opening__exit", Status.MET
    ),
    "27_air_rescue_meishajian": decided(PERMITTED, "cn/order_371_2003#art_16__para_2", Status.MET),
}


def document(name: str) -> Document:
    loaded: Document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def verdict_of(name: str) -> la.Verdict:
    return la.assess(la.read_plan(PLANS / f"{name}.json"), airspace=airspace())


def decide(plan: Document, **options: Any) -> Decision:
    return la.assess(la.parse_plan(plan), airspace=airspace(), **options).decision


def test_every_plan_has_a_story_and_every_story_a_plan() -> None:
    assert sorted(path.stem for path in PLANS.glob("*.json")) == sorted(STORIES)


def test_no_two_plans_have_the_same_identifier() -> None:
    identifiers = [document(name)["plan_id"] for name in STORIES]
    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize("name", STORIES)
def test_the_decision_is_the_expected_one(name: str) -> None:
    verdict, story = verdict_of(name), STORIES[name]
    assert (verdict.best, verdict.worst) == (story.best, story.worst)
    decision = story.best if story.best is story.worst else Decision.INDETERMINATE
    assert verdict.decision is decision


@pytest.mark.parametrize("name", STORIES)
def test_the_decision_rests_on_the_provision_of_the_story(name: str) -> None:
    story = STORIES[name]
    statuses = {f.status for f in verdict_of(name).findings if f.citation == story.citation}
    assert statuses == {story.status}


@pytest.mark.parametrize("name", STORIES)
def test_facts_are_missing_only_where_the_story_is_about_that(name: str) -> None:
    missing, story = verdict_of(name).missing, STORIES[name]
    if not story.asks:
        assert missing == ()
    else:
        assert any(story.asks in (m.fact or m.text["en"]) for m in missing)


def test_the_known_restrictions_of_the_delivery_are_the_airport_alone() -> None:
    findings = verdict_of("03_delivery_near_airport_filed_in_time").findings
    zones = {f.where.zone for f in findings if f.where is not None}
    assert zones == {"ZGSZ01", "ZGSZ04A", "ZGSZ04B"}


def test_the_swarm_takes_the_exemption_away() -> None:
    findings = {f.citation: f for f in verdict_of("02_light_show_swarm").findings}
    exemption = findings[f"{DECREE}art_31__para_1__item_1"]
    assert exemption.status is Status.WAIVED
    assert exemption.waived_by == (f"{DECREE}art_31__para_2__item_5",)


def test_a_drone_that_is_not_micro_costs_its_pilot_five_papers() -> None:
    verdict = verdict_of("09_micro_that_is_not_micro")
    breached = {f.citation for f in verdict.findings if f.status is Status.BREACHED}
    articles = ("art_8__para_1", "art_12", "art_16__para_1", "art_24__para_1")
    assert {DECREE + article for article in articles} <= breached
    assert any(o.citation == f"{DECREE}art_26__para_1" for o in verdict.obligations)


def test_the_deadlines_of_a_late_delivery_are_named() -> None:
    verdict = verdict_of("04_delivery_near_airport_filed_late")
    approval = next(o for o in verdict.obligations if o.citation == f"{DECREE}art_26__para_1")
    assert approval.due == datetime.fromisoformat("2026-06-09T12:00:00+08:00")
    assert approval.reachable is False


# What the story is about, changed; nothing else is.


def at_height(height_m: float) -> Callable[[Document], None]:
    def change(plan: Document) -> None:
        for waypoint in plan["waypoints"]:
            if waypoint["level"]["value_m"]:
                waypoint["level"]["value_m"] = height_m

    return change


def moved(*, north_deg: float) -> Callable[[Document], None]:
    def change(plan: Document) -> None:
        for waypoint in plan["waypoints"]:
            waypoint["lat_deg"] += north_deg

    return change


def later(days: int) -> Callable[[Document], None]:
    def change(plan: Document) -> None:
        for waypoint in plan["waypoints"]:
            time = datetime.fromisoformat(waypoint["time"]) + timedelta(days=days)
            waypoint["time"] = time.isoformat()

    return change


def stated(path: str, value: object) -> Callable[[Document], None]:
    *parents, last = path.split(".")

    def change(plan: Document) -> None:
        part = plan
        for key in parents:
            part = part[key]
        assert last in part
        part[last] = value

    return change


def all_at_home(plan: Document) -> None:
    for waypoint in plan["waypoints"]:
        waypoint["lat_deg"] = max(waypoint["lat_deg"], 22.58)


@pytest.mark.parametrize(
    ("name", "change", "decision"),
    [
        (
            "02_light_show_swarm",
            stated("special_operations.distributed_or_swarm", False),
            PERMITTED,
        ),
        ("06_exactly_120_m", at_height(119.999), PERMITTED),
        ("07_one_centimetre_above_120_m", at_height(119.999), PERMITTED),
        (
            "05_delivery_near_airport_approved",
            stated("submission.take_off_confirmed", False),
            CONFIRMATION,
        ),
        ("05_delivery_near_airport_approved", stated("approvals", []), APPROVAL),
        ("08_medium_cargo", stated("aircraft.airworthiness", {"document": "none"}), PROHIBITED),
        ("12_police_training_confirmed", at_height(120.0), PERMITTED),
        ("12_police_training_confirmed", at_height(120.01), PROHIBITED),
        ("12_police_training_confirmed", stated("operator.own_grounds", []), PROHIBITED),
        ("15_strays_into_hong_kong_waters", all_at_home, PERMITTED),
        ("16_games_day_photography", later(1), PERMITTED),
        (
            "16_games_day_photography",
            stated("mission.kind", "event_support"),
            Decision.INDETERMINATE,
        ),
        ("17_games_day_event_support", stated("mission.kind", "recreation"), PROHIBITED),
        ("17_games_day_event_support", stated("mission.task_order", {"held": False}), PROHIBITED),
        ("18_before_the_decree", later(1), PERMITTED),
        ("19_survey_area", stated("operator.surveying_qualification", False), PROHIBITED),
        ("19_survey_area", stated("aircraft.max_takeoff_mass_kg", 7.01), APPROVAL),
        ("21_pocket_drone_that_is_light", stated("mission.commercial", True), PROHIBITED),
        ("22_beside_the_hong_kong_boundary", moved(north_deg=0.01), PERMITTED),
    ],
)
def test_the_decision_turns_on_the_one_thing_of_the_story(
    name: str, change: Callable[[Document], None], decision: Decision
) -> None:
    plan = document(name)
    change(plan)
    assert plan != document(name)
    assert decide(plan) is decision


def test_ground_that_is_known_settles_a_height_above_the_sea() -> None:
    plan = document("20_amsl_over_unknown_ground")
    assert decide(plan, terrain=la.UniformTerrain(ground_amsl_m=140.0)) is PERMITTED
    assert decide(plan, terrain=la.UniformTerrain(ground_amsl_m=100.0)) is APPROVAL


def without(plan: Document, *keys: str) -> Document:
    return {key: value for key, value in plan.items() if key not in {"plan_id", *keys}}


@pytest.mark.parametrize(
    ("first", "second", "keys"),
    [
        (1, 6, ["waypoints"]),
        (1, 7, ["waypoints"]),
        (3, 4, ["submission"]),
        (3, 5, ["submission", "approvals"]),
        (9, 21, ["aircraft"]),
        (10, 11, ["submission"]),
        (12, 13, ["submission"]),
    ],
)
def test_siblings_differ_in_what_their_story_is_about(
    first: int, second: int, keys: list[str]
) -> None:
    one, other = (document(sorted(STORIES)[number - 1]) for number in (first, second))
    assert without(one, *keys) == without(other, *keys)
    assert all(one[key] != other[key] for key in keys)


def test_the_half_filled_plan_is_the_first_with_facts_left_out() -> None:
    whole = copy.deepcopy(document("01_light_uav_suitable_airspace"))
    half = document("14_half_the_facts_missing")

    def is_part(part: object, of: object) -> bool:
        if isinstance(part, dict) and isinstance(of, dict):
            return all(key in of and is_part(value, of[key]) for key, value in part.items())
        if isinstance(part, list) and isinstance(of, list):
            return len(part) == len(of) and all(map(is_part, part, of))
        return part == of

    assert is_part(without(half), without(whole))
    assert without(half) != without(whole)


def test_readme_and_stories_agree() -> None:
    text = (PLANS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.json` \| .+? \| (.+?) \| .+ \|$", text, flags=re.MULTILINE)
    assert dict(rows) == {name: _in_words(story) for name, story in STORIES.items()}
    assert len(rows) == len(STORIES)


def _in_words(story: Story) -> str:
    best, worst = (d.value.replace("_", " ") for d in (story.best, story.worst))
    return best if best == worst else f"indeterminate ({best} to {worst})"


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Where durable_rules does not import, that is said on stderr; it is no part of the story.
        [sys.executable, "-W", "ignore::UserWarning", "-X", "utf8", str(SCRIPT), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def test_the_script_prints_what_is_expected() -> None:
    result = run_script()
    assert result.stderr == ""
    expected = EXPECTED_OUTPUT.read_text(encoding="utf-8")
    assert result.stdout == expected, (
        "if the change is meant: python examples/validate_flight_plan.py >"
        " tests/expected/validate_flight_plan.txt"
    )
    assert result.returncode == 1


def test_the_script_succeeds_for_a_permitted_plan_and_explains_nothing() -> None:
    result = run_script(str(PLANS / "01_light_uav_suitable_airspace.json"))
    assert result.stdout.split() == ["01_light_uav_suitable_airspace", "permitted"]
    assert result.returncode == 0


def test_the_script_speaks_chinese() -> None:
    result = run_script("--lang", "zh", str(PLANS / "04_delivery_near_airport_filed_late.json"))
    assert "不得飞行" in result.stdout


def test_the_script_names_the_fault_of_a_plan_it_cannot_read(tmp_path: Path) -> None:
    plan = document("01_light_uav_suitable_airspace") | {"datum": "GCJ02"}
    path = tmp_path / "from_a_web_map.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    result = run_script(str(path))
    assert result.returncode == 2
    assert "from_a_web_map.json: 1 problem" in result.stderr
    assert 'datum: given "GCJ02"' in result.stderr
