"""The examples of the two services tell the story that they are there to tell."""

from __future__ import annotations

import runpy
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la

EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def script(name: str) -> dict[str, Any]:
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


def told(
    name: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
) -> str:
    """Run an example in this process, where the law and the airspace are loaded already."""
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    assert script(name)["main"]() == 0
    return capsys.readouterr().out


def test_the_cross_border_helicopter_turns_on_one_thing_at_a_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = told("cross_border_helicopter", capsys, monkeypatch)
    opening, _, compared = text.partition("One thing changed at a time\n")
    for line in ("the Mainland: PERMITTED", "Hong Kong: PERMITTED", "15:00 on the day before"):
        assert line in opening
    blocks = [block.splitlines() for block in compared.split("- ")[1:]]
    said = {block[0]: [line.strip() for line in block[1:]] for block in blocks}
    decisions = {name: lines[0].partition("  [") for name, lines in said.items()}
    assert {name: (found, why.rstrip("]")) for name, (found, _, why) in decisions.items()} == {
        "Bao'an, as planned": ("PERMITTED", ""),
        "filed at 14:59 the day before": (
            "APPROVAL REQUIRED",
            "Decree 371 art. 16(1); Basic Rules of Flight art. 35",
        ),
        "filed at 15:01 the day before": (
            "APPROVAL REQUIRED",
            "; ".join(
                [
                    "Decree 371 art. 16(1)",
                    "Decree 371 art. 16(1), time limit",
                    "Basic Rules of Flight art. 35",
                ]
            ),
        ),
        "take-off at 20:00": ("PROHIBITED", "AIP Hong Kong ENR 1.2 para 2.2"),
        "visibility 5,000 m in Hong Kong": ("PERMITTED", ""),
        "visibility 4,900 m in Hong Kong": ("PROHIBITED", "AIP Hong Kong ENR 1.2 para 2.1"),
        "50 m out of the route for 20 s": (
            "PROHIBITED",
            "Border inspection regulation art. 19, route; Customs Law art. 15",
        ),
        "a liver, no quarantine approval": (
            "APPROVAL REQUIRED",
            "Quarantine Law arts 22 and 46",
        ),
        "a liver, quarantine approved": ("PERMITTED", ""),
        "Shekou, the day before it opened": (
            "PROHIBITED",
            "Border inspection regulation arts 5 and 16, exit",
        ),
        "Shekou, the day it opened": ("PERMITTED", ""),
    }
    late = [name for name, lines in said.items() if any("too late" in line for line in lines)]
    assert late == ["filed at 15:01 the day before"]
    strayed = said["50 m out of the route for 20 s"]
    assert any(line.startswith("to the side 50 m, 10:02:59-10:03:19 (20 s)") for line in strayed)


def test_the_air_rescue_is_in_time_by_a_minute_and_the_false_one_is_late(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = told("air_rescue", capsys, monkeypatch)
    called, filed, claimed, conflicts = parts(text)
    assert "PERMITTED" in called
    in_time, _, late = filed.partition("11:52")
    assert "11:50  APPROVAL REQUIRED" in in_time
    assert "too late" not in in_time
    assert "too late: Decree 371 art. 16(2), 01-18 11:51" in late
    assert "too late: Decree 371 art. 16(1), 01-17 15:00" in claimed
    for line in (
        "air-120-meishajian × delivery-drone: nearest at 12:55:2",
        "air-120-meishajian × blood-drone: nearest at 12:55:2",
        "delivery-drone × blood-drone: nearest at 12:55:20, 0 m apart and 0 m in height",
    ):
        assert line in conflicts
    for line in (
        "delivery-drone is kept apart",
        "blood-drone is kept apart",
        "delivery-drone yields, blood-drone keeps its place",
        "sightseeing yields, air-120-meishajian keeps its place",
        "self-styled-rescue yields, sightseeing keeps its place",
    ):
        assert f"==> {line}" in conflicts


def test_the_rescue_meets_only_who_is_there_at_its_time_and_height() -> None:
    example = script("air_rescue")
    called = la.parse_plan(example["document"](example["RESCUE"]))
    crossing = example["drone"]("crossing", example["EASTWARDS"])
    met = example["meeting"](called, crossing)
    # Half way along its lane, at 12:55:20, the drone is over the scene at 110 m; and so about is
    # the helicopter, which comes down from 150 m to 40 m in the minute from 12:55:00 on.
    assert abs((met.time - called.departure).total_seconds() - 260.0) <= 1.0
    assert met.apart_m < 2.0 * 15.5
    assert met.height_apart_m < 4.0

    def moved(**shift: Any) -> la.FlightPlan:
        waypoints = [
            w.model_copy(
                update={
                    "time": w.time + shift.get("later", timedelta(0)),
                    "lat_deg": w.lat_deg + shift.get("north_deg", 0.0),
                }
            )
            for w in crossing.waypoints or ()
        ]
        plan: la.FlightPlan = crossing.model_copy(update={"waypoints": tuple(waypoints)})
        return plan

    assert example["meeting"](called, moved(later=timedelta(minutes=3))) is None  # it hovers below
    assert example["meeting"](called, moved(later=timedelta(hours=2))) is None
    assert example["meeting"](called, moved(north_deg=0.0025)) is None  # 260 m across its lane
    assert example["meeting"](called, moved(north_deg=0.0010)) is not None


def parts(text: str) -> list[str]:
    """Split the story at its four headings."""
    starts = [text.index(f"{number}. ") for number in (1, 2, 3, 4)]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


@pytest.mark.parametrize("name", ["cross_border_helicopter", "air_rescue"])
def test_they_speak_chinese_and_draw(
    name: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[Path] = []

    def note(*plans: object, file: Path, **options: object) -> None:
        drawn.append(file)

    module = script(name)["main"].__globals__
    monkeypatch.setitem(module, "draw_flight", note)
    monkeypatch.setitem(module, "VARIATIONS", module.get("VARIATIONS", ())[:1])
    text = told(name, capsys, monkeypatch, "--lang", "zh", "--out", str(tmp_path))
    assert "可以飞行" in text
    assert "PERMITTED" not in text
    assert drawn
    assert all(file.name in text for file in drawn)
