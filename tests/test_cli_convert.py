"""``lowalt convert``: airspace or plans, by what the file holds; losses on standard error."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lowalt.airspace import load_airspace
from lowalt.cli import app
from lowalt.errors import InvalidInputError
from lowalt.flights import read_plan
from lowalt.formats import write_features
from lowalt.formats.plans.exchange import Told
from lowalt.formats.plans.files import read_plans
from lowalt.formats.subjects import Subject, subject_of

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "examples" / "plans" / "03_delivery_near_airport_filed_in_time.json"
INTENTS = ROOT / "tests" / "data" / "plans" / "f3548" / "two_intents.json"
FORM = ROOT / "tests" / "data" / "plans" / "uom" / "delivery.json"

LINE = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>inspection</name>
<LineString><altitudeMode>clampToGround</altitudeMode>
<coordinates>113.95,22.54 113.96,22.54</coordinates></LineString></Placemark></Document></kml>
"""


def lowalt(*args: str | Path, given: bytes | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in this process."""
    done = CliRunner().invoke(app, ["convert", *map(str, args)], input=given)
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    file = tmp_path / "zones.kml"
    write_features([load_airspace().feature("LP01")], file)
    return file


@pytest.fixture
def line(tmp_path: Path) -> Path:
    file = tmp_path / "line.kml"
    file.write_text(LINE, "utf-8")
    return file


def test_plans_become_volumes_and_what_is_lost_is_said(tmp_path: Path) -> None:
    out = tmp_path / "intent.json"
    result = lowalt(PLAN, out, "--to", "f3548", "--terrain", "6", "--geoid")
    assert result.returncode == 0, result.stderr
    assert result.stdout == f"{out}: 1 plans, 0 refused\n"
    assert "lowalt: baoan-delivery-in-time: route: 6 waypoints as 5 volumes" in result.stderr
    assert len(json.loads(out.read_bytes())["operational_intent"]["details"]["volumes"]) == 5


def test_an_application_is_written_and_read_again(tmp_path: Path) -> None:
    out, again = tmp_path / "form.json", tmp_path / "plan.json"
    assert lowalt(PLAN, out, "--to", "uom").returncode == 0
    assert json.loads(out.read_bytes()) == json.loads(FORM.read_bytes())
    assert lowalt(out, again).returncode == 0
    plan, original = read_plans(again).plans[0], read_plan(PLAN)
    assert (plan.plan_id, plan.departure) == (original.plan_id, original.departure)


def test_the_type_of_an_application_is_an_option(tmp_path: Path) -> None:
    out = tmp_path / "form.json"
    assert lowalt(PLAN, out, "--to", "uom", "--plan-type", "31").returncode == 0
    assert json.loads(out.read_bytes())["applications"][0]["plan_type"] == "31"
    refused = lowalt(PLAN, tmp_path / "x.csv", "--plan-type", "31")
    assert refused.returncode == 2
    assert "--to uom" in refused.stderr


def test_an_unknown_flag_of_article_31_writes_no_form(tmp_path: Path) -> None:
    document = json.loads(PLAN.read_text("utf-8"))
    del document["special_operations"]["from_moving_vehicle"]
    plan, out = tmp_path / "plan.json", tmp_path / "form.json"
    plan.write_text(json.dumps(document), "utf-8")
    result = lowalt(plan, out, "--to", "uom")
    assert result.returncode == 2
    assert "special_operations.from_moving_vehicle: given nothing" in result.stderr
    assert not out.exists()


def test_all_that_a_route_leaves_open_is_asked_for_at_once_and_can_be_told(
    tmp_path: Path, line: Path
) -> None:
    out = tmp_path / "plan.json"
    refused = lowalt(line, out)
    assert refused.returncode == 2
    for option in ("--departure", "--height", "--buffer", "--operator"):
        assert option in refused.stderr
    assert not out.exists()
    profile = tmp_path / "mine.toml"
    profile.write_text("[performance]\ncruise_m_s = 10.0\n[operator]\nkind = 'unit'\n", "utf-8")
    told = ("--departure", "2026-06-10T10:00:00+08:00", "--height", "80 m AGL", "--buffer", "25")
    result = lowalt(line, out, *told, "--operator", profile)
    assert result.returncode == 0, result.stderr
    (plan,) = read_plans(out).plans
    first, last = plan.waypoints or ()
    assert str(last.level) == "80 m AGL"
    assert plan.route_buffer_m == 25.0
    # 0.01 degrees of the parallel, 1028.5 m, at 10 m/s.
    assert (last.time - first.time).total_seconds() == pytest.approx(102.85, abs=0.1)
    assert "operator: taken from mine.toml" in result.stderr


def test_plans_come_by_standard_input_and_airspace_by_its_name(tmp_path: Path, zones: Path) -> None:
    out = tmp_path / "plan.json"
    result = lowalt("-", out, given=PLAN.read_bytes())
    assert (result.returncode, result.stdout) == (0, f"{out}: 1 plans, 0 refused\n")
    assert read_plans(out).plans == (read_plan(PLAN),)
    refused = lowalt("-", tmp_path / "zones.txt", given=zones.read_bytes())
    assert refused.returncode == 2
    assert "airspace is read from files only" in refused.stderr


def test_what_is_told_in_vain_is_said(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    told = ("--departure", "2026-06-11T10:00:00+08:00", "--height", "70 m AGL")
    result = lowalt(PLAN, out, *told)
    assert read_plans(out).plans == (read_plan(PLAN),)
    for what in ("departure", "height"):
        assert f"{what}: what was told is not used: the file says its own" in result.stderr
    first = read_plan(PLAN).waypoints[0]  # type: ignore[index]
    told = ("--departure", first.time.isoformat(), "--height", str(first.level))
    assert "not used" not in lowalt(PLAN, out, *told).stderr


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    missing = tmp_path / "no.csv"
    assert lowalt(missing, tmp_path / "x.json").stderr.startswith(f"lowalt: {missing}: No such")
    result = lowalt(PLAN, tmp_path / "no" / "x.json")
    assert (result.returncode, "there is no folder" in result.stderr) == (2, True)
    assert "a folder; name a file" in lowalt(tmp_path, tmp_path / "x.json").stderr


def test_another_aircraft_of_the_fleet_is_an_option_and_the_profile_beside_is_found(
    tmp_path: Path, line: Path
) -> None:
    (tmp_path / "operator.toml").write_text(
        "performance.cruise_m_s = 10.0\naircraft = { model = 'A', max_takeoff_mass_kg = 9.0 }\n"
        "fleet.small = { model = 'B', count = 1 }\n",
        "utf-8",
    )
    told = ("--departure", "2026-06-10T10:00:00+08:00", "--height", "80 m ATO", "--buffer", "25")
    out = tmp_path / "plan.json"
    result = lowalt(line, out, *told, "--aircraft", "small")
    assert result.returncode == 0, result.stderr
    (plan,) = read_plans(out, told=Told()).plans
    assert plan.aircraft is not None
    assert (plan.aircraft.model, plan.aircraft.max_takeoff_mass_kg) == ("B", None)
    unknown = lowalt(line, out, *told, "--aircraft", "big")
    assert unknown.returncode == 2
    assert "--aircraft: no aircraft 'big' in operator.toml; its fleet has: small" in unknown.stderr


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--departure", "2026-06-10T10:00:00", "has no time zone"),
        ("--height", "80", "--height: given '80'"),
        ("--operator", "no-such.toml", "no-such.toml"),
        ("--buffer", "-1", "--buffer"),
    ],
)
def test_bad_options_are_refused_with_what_is_expected(
    tmp_path: Path, line: Path, option: str, value: str, says: str
) -> None:
    result = lowalt(line, tmp_path / "plan.json", option, value)
    assert result.returncode == 2
    assert says in result.stderr


def test_a_broken_plan_does_not_stop_the_others_and_the_exit_code_tells(tmp_path: Path) -> None:
    out = tmp_path / "plans.json"
    result = lowalt(INTENTS, out)
    assert result.returncode == 2
    assert result.stdout == f"{out}: 1 plans, 1 refused\n"
    assert "expected 'M'" in result.stderr
    assert [plan.plan_id for plan in read_plans(out).plans] == ["two_intents#1"]


def test_airspace_is_converted_as_before(tmp_path: Path, zones: Path) -> None:
    out = tmp_path / "zones.txt"
    result = lowalt(zones, out)
    assert result.returncode == 0
    assert result.stdout == f"{out}: 1 features, 0 left out\n"
    assert "LP01" in result.stderr
    assert "AN " in out.read_text("utf-8")


def test_options_of_plans_are_refused_for_airspace(tmp_path: Path, zones: Path) -> None:
    result = lowalt(zones, tmp_path / "zones.txt", "--buffer", "20", "--geoid")
    assert result.returncode == 2
    assert "--buffer, --geoid: for plans" in result.stderr


def test_a_file_of_either_is_read_as_told(tmp_path: Path, line: Path) -> None:
    result = lowalt(line, tmp_path / "zones.json", "--to", "ed269", "--as", "zones")
    assert result.returncode == 2  # a line encloses no airspace
    assert "--departure" not in result.stderr
    unknown = lowalt(PLAN, tmp_path / "x.json", "--to", "ed269")
    assert unknown.returncode == 2
    assert "no format of plans 'ed269'" in unknown.stderr


def feature(geometry: str, **properties: object) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": properties,
                    "geometry": {"type": geometry, "coordinates": []},
                }
            ],
        }
    ).encode()


@pytest.mark.parametrize(
    ("name", "content", "subject"),
    [
        ("a.json", PLAN.read_bytes(), Subject.PLANS),
        ("a.json", FORM.read_bytes(), Subject.PLANS),
        ("a.json", INTENTS.read_bytes(), Subject.PLANS),
        ("a.kml", LINE.encode(), Subject.PLANS),
        ("a.kml", LINE.replace("LineString", "Polygon").encode(), Subject.ZONES),
        ("a.json", feature("LineString"), Subject.PLANS),
        ("a.json", feature("Polygon"), Subject.ZONES),
        ("a.kml", LINE.replace("LineString", "TimeStamp").encode(), Subject.PLANS),
        ("a.json", feature("Polygon", plan_id="p"), Subject.PLANS),
        ("a.json", feature("Polygon", lowalt='{"plan_id": "p"}'), Subject.PLANS),
        ("a.json", feature("Point", time="2026-06-10T02:00:00Z"), Subject.PLANS),
        ("a.json", feature("Point", name="pad"), Subject.ZONES),
        ("a.txt", b"QGC WPL 110\n", Subject.PLANS),
        ("a.txt", b"AC R\nAN Range\n", Subject.ZONES),
        ("a.json", b'{"features": []}', Subject.ZONES),
    ],
)
def test_what_a_file_is_about_its_content_says(name: str, content: bytes, subject: Subject) -> None:
    assert subject_of(content, name=name) is subject


def test_what_is_neither_is_refused_with_all_that_is_known() -> None:
    with pytest.raises(InvalidInputError, match=r"ED-269.*QGroundControl"):
        subject_of(b"\x00\x01", name="a.bin")
    with pytest.raises(InvalidInputError, match="not a JSON document"):
        subject_of(b"{", name="a.json")
