"""``lowalt zones``: list, filter by place, height and time, and show one with its source."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from lowalt.airspace import Zone, from_geojson, load_airspace
from lowalt.cli import app
from lowalt.report.airspace import describe, hours, listed

SHENZHEN = load_airspace("shenzhen")
NANTOU = "113.924824,22.558993"


def lowalt(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where the dataset is parsed once."""
    done = CliRunner().invoke(app, ["zones", *map(str, args)])
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


def identifiers(output: str) -> list[str]:
    return re.findall(r"^([A-Z][A-Z0-9]{2,6}) ", output, re.MULTILINE)


def test_it_lists_every_feature_and_says_what_is_not_listed() -> None:
    result = lowalt()
    assert result.returncode == 0
    assert identifiers(result.stdout) == [f.identifier for f in SHENZHEN.features]
    assert f"{len(SHENZHEN.features)} of {len(SHENZHEN.features)} features" in result.stdout
    assert "may still be restricted" in " ".join(result.stdout.split())
    assert max(map(cell_len, result.stdout.splitlines())) <= 100


def test_a_place_is_in_the_zones_around_it_only() -> None:
    found = identifiers(lowalt("--at", NANTOU).stdout)
    assert {"ZGNT01", "ZGSZ04A"} <= set(found)
    assert "LP01" not in found


def test_what_is_nearer_than_its_limits_are_known_is_marked() -> None:
    text = lowalt("--at", "113.9447,22.4975", "--matching", "LP04").stdout
    assert "maybe" in text
    assert "maybe" not in lowalt("--at", "113.9447,22.5039", "--matching", "LP04").stdout


def test_a_time_leaves_out_what_is_not_in_force() -> None:
    nanshan = "113.94,22.55"
    during = lowalt("--at", nanshan, "--time", "2025-11-15T12:00:00+08:00").stdout
    after = lowalt("--at", nanshan, "--time", "2025-11-22T12:00:00+08:00").stdout
    assert "TMP02" in identifiers(during)
    assert "TMP02" not in identifiers(after)


def test_a_height_leaves_out_what_does_not_reach_it(tmp_path: Path) -> None:
    feature = json.loads(lowalt("ZGNT01", "--format", "json").stdout)["features"][0]
    feature["geometry"]["layer"] = {"uom": "m", "upper": 150.0, "upperReference": "AGL"}
    file = tmp_path / "mine.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    asked = ("--airspace", file, "--at", NANTOU, "--height")
    assert identifiers(lowalt(*asked, "150 m AGL").stdout) == ["ZGNT01"]
    assert identifiers(lowalt(*asked, "151m agl").stdout) == []
    assert identifiers(lowalt(*asked, "492 ft AGL").stdout) == ["ZGNT01"]
    # Above sea level over unknown ground it may be either.
    assert "maybe" in lowalt(*asked, "151 m AMSL").stdout


def test_a_text_finds_identifiers_names_in_both_languages_and_kinds() -> None:
    for text in ("zgnt01", "nantou heliport and", "南头直升机场"):
        assert "ZGNT01" in identifiers(lowalt("--matching", text).stdout)
    ports = identifiers(lowalt("--matching", "port of entry").stdout)
    assert ports == [f"LP{n:02}" for n in range(1, 8)] + [p.identifier for p in SHENZHEN.ports]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_one_is_shown_with_its_source_its_doubts_and_both_names(lang: str) -> None:
    text = lowalt("ZGSZ03", "--lang", lang).stdout
    zone = SHENZHEN["ZGSZ03"]
    assert zone.name["zh"] in text
    assert zone.name["en"] in text
    assert ("not verified" if lang == "en" else "未核实") in text
    assert "2025-11-29 00:00 – …" in text
    assert "OurAirports" in text
    assert max(map(cell_len, text.splitlines())) <= 100


def test_one_as_json_is_the_feature_of_the_file() -> None:
    (record,) = json.loads(lowalt("ZGSZ01", "--format", "json").stdout)["features"]
    zone = from_geojson(record)
    assert isinstance(zone, Zone)
    assert zone.citation == SHENZHEN["ZGSZ01"].citation
    assert zone.volumes[0].shape == SHENZHEN["ZGSZ01"].volumes[0].shape


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("NOWHERE",), "no feature 'NOWHERE' in shenzhen; there are ZGSZ01"),
        (("--at", "22.5"), "--at: given '22.5', expected longitude and latitude"),
        (("--at", "22.5,114.0"), "latitude 114"),
        (("--height", "100 m AGL"), "give --at LON,LAT too"),
        (("--at", NANTOU, "--height", "100 m"), "expected a level such as '100 m AGL'"),
        (("--time", "2026-06-08T10:00:00"), "--time: 2026-06-08T10:00:00 has no time zone"),
        (("--airspace", "atlantis"), "there are: shenzhen"),
    ],
)
def test_bad_input_is_refused_with_the_next_step(args: tuple[str, ...], says: str) -> None:
    result = lowalt(*args)
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_feature_is_described_within_any_width(lang: str) -> None:
    assert lang in ("en", "zh")
    for feature in SHENZHEN.features:
        text = describe(feature, lang="zh" if lang == "zh" else "en", width=60)
        lines = [*text.splitlines()[3:], *listed(feature, lang="en", width=60)]
        assert max(map(cell_len, lines)) <= 60, feature.identifier
        assert feature.citation.split()[0] in text
        assert "{" not in text


def test_hours_are_written_in_the_zones_words() -> None:
    assert hours(SHENZHEN["ZGSZ01"].schedule, lang="en") == "H24"
    games = SHENZHEN["TMP03"].schedule
    assert hours(games, lang="en") == (
        "2025-11-02 00:00 – 2025-11-03 00:00; 2025-12-07 00:00 – 2025-12-08 00:00"
    )
    assert hours(games, lang="zh", most=1).endswith("（另有 1 段）")
