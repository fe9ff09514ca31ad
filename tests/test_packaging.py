"""The wheel is whole: it works outside a checkout, with its airspace and its law."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "examples" / "plans" / "04_delivery_near_airport_filed_late.json"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = ["pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(out)]
    subprocess.run(
        [sys.executable, "-m", *command, str(ROOT)], check=True, capture_output=True, cwd=out
    )
    (built,) = out.glob("lowalt-*.whl")
    return built


def test_it_carries_airspace_law_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "lowalt/airspace_data/shenzhen/zones.geojson" in names
    assert "lowalt/airspace_data/geoid/egm2008_pearl_river_delta.csv" in names
    assert "lowalt/regulations/shenzhen.yaml" in names
    assert "lowalt/regulations/cn/order_761_2023.yaml" in names
    assert "lowalt/py.typed" in names
    pages = {"page/templates/page.html.j2", "page/page.js", "day/day.css", "day/day.js"}
    carried = {f"page/vendor/{name}" for name in ("leaflet/leaflet.js", "uplot/LICENSE")}
    assert {f"lowalt/report/{name}" for name in pages | carried} <= names
    assert not [n for n in names if n.startswith(("tests/", "examples/"))]


def test_it_judges_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    zipfile.ZipFile(wheel).extractall(site)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lowalt.cli", "check", "--format", "json", str(PLAN)],
        capture_output=True,
        text=True,
        check=False,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["decision"] == "prohibited"
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import lowalt; print(lowalt.__file__)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    assert where.stdout.startswith(str(site))


def test_where_durable_rules_is_absent_it_runs_and_says_so_once(tmp_path: Path) -> None:
    # A module of that name that cannot be imported stands in for Python 3.13.
    (tmp_path / "durable_rules_engine.py").write_text("raise ImportError('no symbol')\n")
    done = subprocess.run(
        [sys.executable, "-m", "lowalt.cli", "check", "--brief", *_two_days()],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1
    assert done.stderr.count("reference engine") == 1
    assert len(done.stdout.splitlines()) == 2


def _two_days() -> list[str]:
    """Plans of different days, so that two rulebooks and two engines are made."""
    return [str(PLAN), str(next(PLAN.parent.glob("16_*.json")))]
