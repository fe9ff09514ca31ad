"""The examples about airspace run and say what a newcomer would check."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from lowalt.airspace import load_airspace

EXAMPLES = Path(__file__).parent.parent / "examples"


def run(script: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(EXAMPLES / script), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_beside_the_airport_the_ranges_and_the_obstacle_surface_apply() -> None:
    where = ("113.8205,22.6655", "60 m AGL", "2026-06-11T10:00:00+08:00")
    result = run("what_applies_here.py", *where)
    assert (result.returncode, result.stderr) == (0, "")
    here, _, perhaps = result.stdout.partition("Perhaps here:")
    assert "ZGSZ01  REQ_AUTHORIZATION" in here
    assert "HELSH1  corridor" in perhaps
    # 45 m above the aerodrome, which lies at 4 m.
    assert "surface: 49.0 m AMSL (inner horizontal, ZGSZ 15/33)" in result.stdout
    assert "may still be restricted" in result.stdout


def test_a_notice_applies_while_it_stands_only() -> None:
    place, level = "114.05028,22.53667", "150 m AGL"
    during = run("what_applies_here.py", place, level, "2026-09-01T10:00:00+08:00").stdout
    after = run("what_applies_here.py", place, level, "2026-11-24T10:00:00+08:00").stdout
    assert "TMP07   PROHIBITED" in during.partition("Perhaps here:")[2]
    assert "TMP07" not in after
    assert "that is no permission" in after


def test_it_answers_in_chinese() -> None:
    where = ("113.924824,22.558993", "50 m AGL", "2026-06-11T10:00:00+08:00", "--lang", "zh")
    assert "南头直升机场" in run("what_applies_here.py", *where).stdout


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("113.2,23.6", "50 m AGL", "2026-06-11T10:00:00+08:00"), "which says nothing about it"),
        (("114.0,22.6", "50 m AGL", "2026-06-11T10:00:00"), "has no time zone"),
        (("114.0,22.6", "50", "2026-06-11T10:00:00+08:00"), "expected a level such as"),
    ],
)
def test_what_cannot_be_asked_is_refused(args: tuple[str, ...], says: str) -> None:
    result = run("what_applies_here.py", *args)
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_the_whole_dataset_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    pictures = {}
    for name, more in (("all", ()), ("bay", ("--box", "113.80,22.40,114.05,22.60"))):
        pictures[name] = tmp_path / f"{name}.png"
        result = run("draw_airspace.py", "-o", pictures[name], *more)
        assert result.returncode == 0, result.stderr
    content = {name: path.read_bytes() for name, path in pictures.items()}
    assert content["all"] != content["bay"]
    for picture in content.values():
        # A PNG of the size asked for, with more in it than empty axes (some 40 KiB).
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", picture[16:24]) == (1760, 1320)
        assert len(picture) > 100_000


def test_drawing_reaches_every_sort_of_feature() -> None:
    kinds = {type(feature).__name__ for feature in load_airspace("shenzhen").features}
    assert kinds == {"Zone", "Corridor", "Site", "Port", "Line"}
