"""The stories in examples/ that an operator copies say, word for word, what they are to say."""

from __future__ import annotations

import json
import runpy
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lowalt as la

ROOT = Path(__file__).parent.parent
EXAMPLES, EXPECTED = ROOT / "examples", ROOT / "tests" / "expected"


@cache
def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run an example in this process, where the law and the airspace are loaded already."""

    def run(name: str, *arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        status: int = script(name)["main"]()
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("name", "arguments", "status"),
    [
        ("check_a_qgroundcontrol_plan", (), 0),
        ("check_a_day", (), 0),
        ("bring_your_own_zones", (), 0),
        # One day's plans: the law of each day is loaded twice.
        ("company_rule", ("examples/plans/06_exactly_120_m.json",), 0),
        ("is_my_mission_clear", (), 1),
    ],
)
def test_a_story_is_told_word_for_word(
    name: str, arguments: tuple[str, ...], status: int, told: Any
) -> None:
    found, out, err = told(name, *(ROOT / argument for argument in arguments))
    assert (found, err) == (status, "")
    command = " ".join(("python", f"examples/{name}.py", *arguments))
    assert out == (EXPECTED / f"{name}.txt").read_text("utf-8"), (
        f"if the change is meant: {command} > tests/expected/{name}.txt"
    )


def test_zones_that_are_vouched_for_decide(told: Any) -> None:
    _, out, _ = told("bring_your_own_zones", "--vouch")
    assert "PERMITTED -> PROHIBITED" in out
    assert "PERMITTED -> APPROVAL REQUIRED" in out
    assert "INDETERMINATE" not in out


def test_a_broken_plan_of_a_day_is_named_and_the_others_are_judged(
    tmp_path: Path, told: Any
) -> None:
    (tmp_path / "broken.json").write_text('{"plan_id": ')
    whole = EXAMPLES / "plans" / "01_light_uav_suitable_airspace.json"
    (tmp_path / "whole.json").write_bytes(whole.read_bytes())
    status, out, _ = told("check_a_day", tmp_path, "--day", "2026-06-09")
    assert status == 2
    assert "2026-06-09: 1 plans of 1 in 2 files" in out
    assert "not read: broken.json" in out
    assert "1  PERMITTED" in out


def test_the_longest_conflict_of_a_day_is_drawn(tmp_path: Path, told: Any) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "longest.png"
    assert told("conflicts_of_a_day", "--scale", "0.2", "--draw", picture)[0] == 0
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_mission_over_the_sea_is_clear_at_once(tmp_path: Path, told: Any) -> None:
    mission = tmp_path / "mission.json"
    level = {"value_m": 100, "reference": "AGL"}
    waypoints = [
        {
            "lon_deg": lon,
            "lat_deg": 22.45,
            "level": level,
            "time": f"2026-06-09T12:{minute}:00+08:00",
        }
        for lon, minute in ((113.7, "00"), (113.72, "05"))
    ]
    plan = {"plan_id": "sea", "datum": "WGS84", "route_buffer_m": 20, "vertical_buffer_m": 5}
    mission.write_text(json.dumps({**plan, "waypoints": waypoints}))
    status, out, _ = told("is_my_mission_clear", mission, "--flights", "2000")
    assert (status, out.splitlines()[-1]) == (0, "take-off 12:00:00: clear")


def test_the_conflict_of_the_mission_is_where_two_plain_interpolations_meet() -> None:
    """An oracle for what the story tells: both flights sampled each hundredth of a second."""
    story = script("is_my_mission_clear")
    others = story["flights_of_others"](40_000, seed=2026)
    mission = la.TrackArray.from_plans([story["our_mission"]()], like=others)
    other = others.take([5135])
    t_s = np.arange(12 * 3600 + 17 * 60 - 30, 12 * 3600 + 17 * 60 + 30, 0.01)
    ours, theirs = (
        np.stack([np.interp(t_s, v[:, 0], v[:, n]) for n in (1, 2, 3)])
        for v in (mission.vertices, other.vertices)
    )
    apart_m = np.hypot(*(ours - theirs)[:2])
    meet = (apart_m < 45.0) & (np.abs((ours - theirs)[2]) < 15.0)
    assert apart_m[meet].min() == pytest.approx(2.0, abs=0.5)
    start, end = (f"12:17:{at:04.1f}" for at in t_s[meet][[0, -1]] - 12 * 3600 - 17 * 60)
    said = (EXPECTED / "is_my_mission_clear.txt").read_text("utf-8")
    assert f"with {other.ids[0] if other.ids else ''} from {start} to {end}, closest 2 m" in said
