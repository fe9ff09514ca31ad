"""The command line as an operator uses it: output, exit codes, and what it says to bad input."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from lowalt.cli import app

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "examples" / "plans"
PERMITTED = PLANS / "01_light_uav_suitable_airspace.json"
TOO_LATE = PLANS / "04_delivery_near_airport_filed_late.json"
APPROVAL = PLANS / "03_delivery_near_airport_filed_in_time.json"
INCOMPLETE = PLANS / "14_half_the_facts_missing.json"


def lowalt(*args: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where the dataset is parsed once."""
    done = CliRunner().invoke(app, [*map(str, args)], input=stdin)
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("plan", "code"), [(PERMITTED, 0), (APPROVAL, 0), (TOO_LATE, 1), (INCOMPLETE, 1)]
)
def test_exit_code_tells_whether_anything_is_prohibited_or_open(plan: Path, code: int) -> None:
    assert lowalt("check", "--brief", plan).returncode == code


def test_one_bad_plan_is_reported_and_the_others_are_still_judged(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"plan_id": "x", "datum": "WGS84"')
    result = lowalt("check", "--brief", broken, PERMITTED)
    assert result.returncode == 2
    assert "broken.json" in result.stderr
    assert "line 1" in result.stderr
    assert f"{PERMITTED.name}: PERMITTED" in result.stdout


def test_a_naive_waypoint_time_is_refused_by_field(tmp_path: Path) -> None:
    document = json.loads(PERMITTED.read_text("utf-8"))
    document["waypoints"][1]["time"] = "2026-06-09T10:01:00"
    plan = tmp_path / "naive.json"
    plan.write_text(json.dumps(document), "utf-8")
    result = lowalt("check", plan)
    assert result.returncode == 2
    assert "waypoints[1].time" in result.stderr
    assert "+08:00" in result.stderr


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--submitted-at", "2026-06-08T10:00:00"), "has no time zone"),
        (("--submitted-at", "yesterday"), "expected a time such as"),
        (("--airspace", "atlantis"), "there are: shenzhen"),
    ],
)
def test_bad_options_are_refused_with_what_is_expected(args: tuple[str, str], says: str) -> None:
    result = lowalt("check", PERMITTED, *args)
    assert result.returncode == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_an_empty_folder_is_bad_input(tmp_path: Path) -> None:
    result = lowalt("check", tmp_path)
    assert result.returncode == 2
    assert "holds no plans in .json" in result.stderr


def test_a_missing_file_is_named() -> None:
    result = lowalt("check", "no-such-plan.json")
    assert result.returncode == 2
    assert "no-such-plan.json" in result.stderr


def test_json_is_one_object_a_plan_with_what_platforms_read() -> None:
    result = lowalt("check", "--format", "json", PERMITTED, TOO_LATE)
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["decision"] == first["best"] == first["worst"] == "permitted"
    assert second["decision"] == "prohibited"
    worst = second["findings"][0]
    assert worst["citation"] == "cn/order_761_2023#art_26__para_1__time"
    assert worst["status"] == "breached"
    assert (worst["observed"], worst["limit"]) == ("2026-06-09 13:30", "2026-06-09 12:00")
    assert set(worst["text"]) == {"zh", "en"}
    zone = next(f for f in second["findings"] if f["where"] is not None)
    assert zone["where"]["zone"].startswith("ZGSZ")
    assert zone["when"][0].endswith("+08:00")
    assert set(second["record"]) == {
        "library", "airspace", "airspace_name", "rulebook", "rulebook_name", "law", "own_rules",
        "amendments", "terrain", "geoid", "plan", "engine",
    }  # fmt: skip
    application = next(o for o in second["obligations"] if o["due"] == "2026-06-09T12:00:00+08:00")
    assert (application["kind"], application["met"], application["reachable"]) == (
        "approval",
        False,
        False,
    )


def test_filing_earlier_makes_the_late_delivery_reachable() -> None:
    early = lowalt(
        "check", "--format", "json", "--submitted-at", "2026-06-09T09:00:00+08:00", TOO_LATE
    )
    assert json.loads(early.stdout)["decision"] == "approval_required"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_text_fits_100_columns_and_is_in_one_language(lang: str) -> None:
    result = lowalt("check", "--lang", lang, PLANS)
    lines = result.stdout.splitlines()
    assert max(cell_len(line) for line in lines) <= 100
    assert ("不得飞行" in result.stdout) == (lang == "zh")
    assert ("PROHIBITED" in result.stdout) == (lang == "en")
    assert "\x1b[" not in result.stdout  # no colours into a pipe


def test_limits_of_the_data_are_said_once_not_for_every_plan() -> None:
    result = lowalt("check", PERMITTED, APPROVAL)
    assert result.stdout.count("not for navigation") == 1


def test_version_and_help() -> None:
    assert lowalt("--version").stdout.startswith("lowalt ")
    assert "PLAN..." in lowalt("check", "--help").stdout
    assert lowalt("check").returncode == 2


def test_a_users_own_zones_are_used(tmp_path: Path) -> None:
    data = json.loads((ROOT / "airspace_data" / "shenzhen" / "zones.geojson").read_text("utf-8"))
    template = next(f for f in data["features"] if f["properties"]["identifier"] == "ZGNT01")
    plan = json.loads(PERMITTED.read_text("utf-8"))["waypoints"][0]
    template["geometry"]["coordinates"] = [plan["lon_deg"], plan["lat_deg"]]
    template["properties"]["extendedProperties"]["basis"] = "verified"
    own = tmp_path / "own.geojson"
    data["features"] = [template]
    own.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    result = lowalt("check", "--format", "json", "--airspace", own, PERMITTED)
    verdict = json.loads(result.stdout)
    assert verdict["decision"] != "permitted"
    assert any(f["where"] and f["where"]["zone"] == "ZGNT01" for f in verdict["findings"])
