"""``lowalt conflicts``: what it finds among files, and what it says to those it cannot compare."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from lowalt.cli import app
from lowalt.conflicts import TrackArray, detect_conflicts
from lowalt.flights import read_plan

START = datetime.fromisoformat("2026-06-09T10:00:00+08:00")
ROOT = Path(__file__).parent.parent
PLANS = ROOT / "examples" / "plans"


def lowalt(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process."""
    done = CliRunner().invoke(app, ["conflicts", *map(str, args)])
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


def write(
    folder: Path,
    name: str,
    *,
    lon_deg: float,
    lat_deg: float,
    reference: str = "AMSL",
    **more: Any,
) -> Path:
    """Write a plan that goes north through a place, 30 s to it and 30 s from it, at 10 m/s."""
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg + north / 111_000.0,
            "level": {"value_m": 100.0, "reference": reference},
            "time": (START + timedelta(seconds=t_s)).isoformat(),
        }
        for t_s, north in ((0, -300.0), (30, 0.0), (60, 300.0))
    ]
    document = {
        "plan_id": name,
        "datum": "WGS84",
        "route_buffer_m": 20.0,
        "vertical_buffer_m": 5.0,
        "waypoints": waypoints,
    }
    file = folder / f"{name}.json"
    file.write_text(json.dumps({**document, **more}), "utf-8")
    return file


@pytest.fixture
def crossing(tmp_path: Path) -> Path:
    """A folder of three plans, of which two are side by side, 30 m apart, for all their way."""
    write(tmp_path, "alpha", lon_deg=114.0, lat_deg=22.6)
    write(tmp_path, "beside", lon_deg=114.00029, lat_deg=22.6)
    write(tmp_path, "clear", lon_deg=114.01, lat_deg=22.6)
    return tmp_path


def test_conflicts_are_printed_as_the_platform_reads_them_and_the_exit_code_is_1(
    crossing: Path,
) -> None:
    done = lowalt(crossing, "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["flights"] == 3
    assert 0.01 < found["tolerance_m"] < 0.02
    (conflict,) = found["conflicts"]
    assert (conflict["first"], conflict["second"]) == ("alpha", "beside")
    assert datetime.fromisoformat(conflict["t_in"]) == START
    assert conflict["t_in"].endswith("+08:00")
    assert datetime.fromisoformat(conflict["t_out"]) == START + timedelta(seconds=60)
    assert conflict["d_cpa_m"] == pytest.approx(29.8, abs=0.1)
    assert conflict["place"]["lon_deg"] == pytest.approx(114.000145, abs=1e-6)
    assert conflict["legs"] in ([0, 0], [1, 1])
    assert conflict["outcome"] == "undecided"  # neither says what it is, or when it was filed
    assert set(conflict["reason"]) == {"zh", "en"}


def write_areas(folder: Path) -> None:
    """Write two plans that hold a circle around one place."""
    for name, radius_m in (("show", 100.0), ("survey", 50.0)):
        level = {"reference": "AMSL"}
        area = {
            "circle": {"lon_deg": 114.01, "lat_deg": 22.6, "radius_m": radius_m},
            "floor": {"value_m": 0.0, **level},
            "ceiling": {"value_m": 100.0, **level},
            "start": START.isoformat(),
            "end": (START + timedelta(minutes=5)).isoformat(),
        }
        plan = {"plan_id": name, "datum": "WGS84", "operating_area": area}
        (folder / f"{name}.json").write_text(json.dumps(plan), "utf-8")


def test_an_area_is_compared_with_routes_and_areas(crossing: Path) -> None:
    write_areas(crossing)
    done = lowalt(crossing, "--format", "json")
    found = {(c["first"], c["second"]): c for c in json.loads(done.stdout)["conflicts"]}
    assert set(found) == {
        ("alpha", "beside"), ("clear", "show"), ("clear", "survey"), ("show", "survey")
    }  # fmt: skip
    stay = found["clear", "show"]
    assert stay["t_cpa"] is stay["d_cpa_m"] is stay["place"] is stay["legs"] is None
    # 100 m of area and 20 m of buffer, either side of the middle, at 10 m/s
    entered = datetime.fromisoformat(stay["t_in"]) - START
    assert entered.total_seconds() == pytest.approx(18.0, abs=0.2)
    assert "one holds an area" in lowalt(crossing).stdout
    only = lowalt(crossing / "show.json", crossing / "survey.json")
    assert only.returncode == 1
    assert "1 conflict of 1 pair among 2 flights." in only.stdout


def test_what_is_added_to_buffers_is_stated_for_areas_too(crossing: Path) -> None:
    write_areas(crossing)
    areas = (crossing / "show.json", crossing / "survey.json", "--tolerance", "0.5")
    found = json.loads(lowalt(*areas, "--format", "json").stdout)
    assert set(found["margins"]) == {"areas"}
    assert 0.0 < found["position_error_m"] < 0.001
    assert found["tolerance_m"] == 0.5 + found["position_error_m"]
    text = " ".join(lowalt(*areas).stdout.split())
    assert "less than their buffers and 0.5000 m together" in text
    assert "Heights are above mean sea level." in text
    found = json.loads(lowalt(crossing, "--format", "json").stdout)
    routes, held, both = (
        found["margins"][kind] for kind in ("routes", "areas", "routes_with_areas")
    )
    assert 2.0 * both["tolerance_m"] == pytest.approx(
        2.0 * routes["tolerance_m"] + held["position_error_m"], abs=1e-12
    )
    assert found["tolerance_m"] == max(each["tolerance_m"] for each in (routes, held, both))


def test_plans_that_keep_apart_end_with_exit_code_0(crossing: Path) -> None:
    done = lowalt(crossing / "alpha.json", crossing / "clear.json")
    assert done.returncode == 0
    assert "No conflicts among 2 flights." in done.stdout
    assert "No conflicts among 1 flight." in lowalt(crossing / "alpha.json").stdout
    done = lowalt(crossing / "alpha.json", crossing / "clear.json", "--format", "json")
    assert json.loads(done.stdout)["conflicts"] == []


@pytest.mark.parametrize(
    ("lang", "says"),
    [("en", "1 conflict of 1 pair among 3 flights."), ("zh", "3 架次中有 1 对冲突，共 1 次。")],
)
def test_text_fits_100_columns_and_says_when_where_and_how_close(
    crossing: Path, lang: str, says: str
) -> None:
    done = lowalt(crossing, "--lang", lang)
    assert done.returncode == 1
    assert says in done.stdout
    assert "alpha × beside" in done.stdout
    assert "2026-06-09 10:00:00" in done.stdout
    assert "114.000" in done.stdout
    assert max(map(cell_len, done.stdout.splitlines())) <= 100


def test_long_identifiers_are_not_cut_at_the_ends_of_chinese_lines(tmp_path: Path) -> None:
    names = [f"{name}-{'of-the-long-way-' * 2}home" for name in ("one", "another", "third")]
    for name in names:
        write(tmp_path, name, lon_deg=114.0, lat_deg=22.6)
    done = lowalt(tmp_path, "--lang", "zh")
    unbroken = "".join(done.stdout.split())
    for name in names:
        assert 0 < unbroken.count(name) == done.stdout.count(name)
    assert max(map(cell_len, done.stdout.splitlines())) <= 100


def test_engines_print_the_same(crossing: Path) -> None:
    assert lowalt(crossing, "--engine", "numpy").stdout == lowalt(crossing).stdout


def test_tolerance_and_uncertain_times_add_conflicts(tmp_path: Path) -> None:
    write(tmp_path, "alpha", lon_deg=114.0, lat_deg=22.6)
    write(tmp_path, "beside", lon_deg=114.0004, lat_deg=22.6)  # 41 m, the buffers hold 40 m
    write(tmp_path, "ahead", lon_deg=114.0, lat_deg=22.603)  # 333 m, or 33 s
    assert lowalt(tmp_path).returncode == 0
    assert lowalt(tmp_path, "--tolerance", "2").returncode == 1
    assert lowalt(tmp_path, "--time-uncertainty", "10").returncode == 0
    late = lowalt(tmp_path, "--time-uncertainty", "20", "--format", "json")
    assert {(c["first"], c["second"]) for c in json.loads(late.stdout)["conflicts"]} == {
        ("ahead", "alpha")
    }


def test_heights_above_ground_ask_for_the_ground(tmp_path: Path) -> None:
    write(tmp_path, "alpha", lon_deg=114.0, lat_deg=22.6, reference="AGL")
    write(tmp_path, "beside", lon_deg=114.0, lat_deg=22.6)
    done = lowalt(tmp_path)
    assert done.returncode == 2
    assert "'alpha', waypoints[0].level" in done.stderr
    assert "terrain" in done.stderr
    assert lowalt(tmp_path, "--terrain", "0").returncode == 1
    assert lowalt(tmp_path, "--terrain", "15").returncode == 0


def test_unreadable_files_are_all_named_and_nothing_is_compared(crossing: Path) -> None:
    (crossing / "broken.json").write_text("{", "utf-8")
    done = lowalt(crossing, crossing / "missing.json")
    assert done.returncode == 2
    assert "broken.json" in done.stderr
    said = f"lowalt: {crossing / 'missing.json'}: No such file or directory\n"
    assert said in done.stderr
    assert done.stdout == ""


def test_a_file_given_twice_is_called_that(crossing: Path) -> None:
    done = lowalt(crossing, crossing / ".." / crossing.name / "alpha.json")
    assert done.returncode == 2
    assert done.stderr.endswith("alpha.json: given twice; name each plan once\n")
    assert "plan_id" not in done.stderr


def test_one_identifier_in_two_files_is_refused_with_both_names(crossing: Path) -> None:
    write(crossing, "copy", lon_deg=114.0, lat_deg=22.6, plan_id="alpha")
    done = lowalt(crossing)
    assert done.returncode == 2
    assert "copy.json: given plan_id 'alpha', as in" in done.stderr
    assert "alpha.json" in done.stderr
    assert done.stdout == ""


def test_an_airspace_of_unknown_height_is_refused_unless_one_is_given(tmp_path: Path) -> None:
    write(tmp_path, "alpha", lon_deg=114.0, lat_deg=22.6, vertical_buffer_m=None)
    done = lowalt(tmp_path)
    assert done.returncode == 2
    assert "'alpha', vertical_buffer_m" in done.stderr
    assert lowalt(tmp_path, "--vertical-radius", "5").returncode == 0


def test_ground_that_is_nowhere_is_refused(crossing: Path) -> None:
    done = lowalt(crossing, "--terrain", "no-such-folder")
    assert done.returncode == 2
    assert "--terrain: given 'no-such-folder'" in done.stderr


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_ground_of_no_elevation_is_refused(crossing: Path, number: str) -> None:
    done = lowalt(crossing, f"--terrain={number}")
    assert done.returncode == 2
    assert done.stderr == f"lowalt: --terrain: given '{number}', expected a number of metres\n"


def test_examples_of_one_route_conflict_with_each_other() -> None:
    files = [PLANS / f"{name}.json" for name in (
        "03_delivery_near_airport_filed_in_time", "04_delivery_near_airport_filed_late"
    )]  # fmt: skip
    done = lowalt(*files, "--terrain", "4")
    assert done.returncode == 1
    assert "==> baoan-delivery-late yields" in done.stdout


def test_the_example_tells_of_a_day_what_it_is_expected_to(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["conflicts_of_a_day"])
    assert runpy.run_path(str(ROOT / "examples" / "conflicts_of_a_day.py"))["main"]() == 0
    expected = ROOT / "tests" / "expected" / "conflicts_of_a_day.txt"
    assert capsys.readouterr().out == expected.read_text("utf-8"), (
        "if the change is meant: python examples/conflicts_of_a_day.py >"
        " tests/expected/conflicts_of_a_day.txt"
    )


@pytest.mark.parametrize(("lang", "says"), [("en", "None conflict."), ("zh", "没有冲突。")])
def test_the_example_tells_of_a_day_without_conflicts(tmp_path: Path, lang: str, says: str) -> None:
    story = runpy.run_path(str(ROOT / "examples" / "conflicts_of_a_day.py"))["story"]
    plans = [read_plan(write(tmp_path, "alone", lon_deg=114.0, lat_deg=22.6))]
    for flown in (plans, []):
        tracks = TrackArray.from_plans(flown)
        told = story(flown, tracks, detect_conflicts(tracks), ground="none", lang=lang)
        assert list(told)[2:] == [says]
