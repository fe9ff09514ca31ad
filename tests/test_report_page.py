"""The page of a plan: what stands in it, that it asks for nothing, and that names stay names."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from typer.testing import CliRunner

import lowalt as la
from lowalt.cli import app
from lowalt.cli.searching import Search
from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.report.page import report_page
from lowalt.report.page.charting import chart
from lowalt.report.page.marks import Window, drawn
from lowalt.report.page.profile import profile
from lowalt.report.page.zones import labelled
from lowalt.report.scene import Scene, scenes_of
from lowalt.terrain import UniformTerrain

PLANS = Path(__file__).parent.parent / "examples" / "plans"
LATE, ROOF, HALF, AREA = "04_delivery", "01_light", "14_half", "19_survey"
HELICOPTER, POLICE = "26_heli", "13_police"
LARGEST_BYTES = 2_000_000


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def document(start: str) -> dict[str, Any]:
    (file,) = PLANS.glob(f"{start}*.json")
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded


@cache
def plan(start: str) -> la.FlightPlan:
    return la.parse_plan(document(start))


@cache
def verdict(start: str) -> la.Verdict:
    return la.assess(plan(start), airspace=airspace())


@cache
def page(start: str) -> str:
    return report_page(verdict(start), plan(start), airspace=airspace())


@cache
def scene(start: str, ground_m: float | None = None) -> Scene:
    terrain = None if ground_m is None else UniformTerrain(ground_m)
    judged = (verdict(start),)
    (laid,) = scenes_of((plan(start),), judged, airspace=airspace(), terrain=terrain, geoid=None)
    return laid


def data(text: str) -> dict[str, Any]:
    """What the page hands to its script."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    assert found is not None
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def layer(name: str, of: dict[str, Any]) -> list[dict[str, Any]]:
    return next((each["features"] for each in of["layers"] if each["id"] == name), [])


def body(text: str) -> str:
    """What a page holds beside its scripts and styles."""
    return text[text.index("<body>") : text.index('<script type="application/json"')]


def first_screen(text: str) -> str:
    """What is read before the findings, in both languages."""
    return words(text[text.index("<body>") : text.index('class="columns"')])


def words(body: str) -> str:
    """What is read, in both languages."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


# The whole


def test_the_same_plan_gives_the_same_page_and_another_another() -> None:
    again = report_page(verdict(LATE), plan(LATE), airspace=airspace())
    assert again == page(LATE) != page(ROOF)


@pytest.mark.parametrize("start", [LATE, HALF, AREA, HELICOPTER])
def test_a_page_is_far_below_two_megabytes(start: str) -> None:
    assert len(page(start).encode()) < LARGEST_BYTES / 3


def test_a_page_asks_for_nothing_and_runs_no_script_but_its_own() -> None:
    text = page(LATE)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    scripts = re.findall(r"<script>(.*?)</script>", text, re.S)
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in scripts]
    assert re.findall(r"sha256-([^&]+?)&#39;", policy[1]) == digests
    assert len(digests) == 3
    assert policy[1].startswith("default-src &#39;none&#39;; img-src data:;")
    assert re.findall(r"(?:src|href)=\"(?!#)([^\"]*)", body(text)) == []
    styles = "".join(re.findall(r"<style>(.*?)</style>", text, re.S))
    assert set(re.findall(r"url\((?!data:)[^)]*\)", styles)) == set()
    assert "@import" not in styles
    assert "sourceMappingURL" not in text


def test_the_libraries_are_those_published_and_their_licences_are_in_the_page() -> None:
    home = files("lowalt.report.page").joinpath("vendor")
    listed = re.findall(
        r"`(\w+/[\w.]+)` \| `([0-9a-f]{64})`", home.joinpath("VENDORED.md").read_text()
    )
    assert len(listed) == 5
    for name, digest in listed:
        assert hashlib.sha256(home.joinpath(name).read_bytes()).hexdigest() == digest, name
    for library in ("leaflet", "uplot"):
        assert home.joinpath(library, "LICENSE").read_text().strip() in page(ROOF)


def test_hostile_names_stay_text() -> None:
    hostile = "</script><script>pwned=1</script><img src=x onerror=pwned=1>\"'&{{7*7}}"
    changed = copy.deepcopy(document(LATE))
    changed["plan_id"] = hostile
    changed.setdefault("departure_site", {"lon_deg": 113.879, "lat_deg": 22.5655})["name"] = hostile
    strange = la.parse_plan(changed)
    judged = la.assess(strange, airspace=airspace())
    text = report_page(judged, strange, airspace=airspace())
    assert text.count("<script") == page(LATE).count("<script")
    assert "<img" not in text
    assert "49" not in re.findall(r"<title>(.*?)</title>", text)[0]
    ends = [f["properties"] for f in layer("route", data(text)["chart"])]
    assert any(row["en"] == hostile for said in ends for row in said["rows"])


# What it says


def test_the_first_screen_names_decision_deadline_and_what_to_do() -> None:
    first = first_screen(page(LATE))
    for said in ("不得飞行", "PROHIBITED", "已迟", "LATE", "2026-06-09 12:00 UTC+8", "22 h before"):
        assert said in first
    assert "Move the flight to a later day" in first
    assert 'class="decision is-prohibited"' in page(LATE)
    # Octagons are for what is prohibited, breached or too late.
    assert page(LATE).count("glyph is-stop") >= 3
    assert "glyph is-stop" not in page(ROOF)


def test_every_finding_of_concern_unfolds_to_its_provision_and_source() -> None:
    text = page(HALF)
    shown = set(re.findall(r"· <code>([^<]+)</code>", text))
    silent = {la.Status.NOT_APPLICABLE, la.Status.NOT_IN_FORCE}
    concerning = {f.citation for f in verdict(HALF).findings if f.status not in silent}
    assert shown == concerning
    decree = next(part for part in text.split("<details") if "art_12</code>" in part)
    for said in ("liability insurance", "责任保险", "Gazette of the State Council"):
        assert said in decree


def test_what_is_missing_is_a_checklist_with_where_to_state_it() -> None:
    text = body(page(HALF))
    assert text.count('type="checkbox"') == len(verdict(HALF).missing) > 50
    assert "&#34;pilots&#34;: [{&#34;licence&#34;: {&#34;issued_on&#34;: …}}]" in text
    assert 'type="checkbox"' not in body(page(ROOF))


def test_the_timeline_holds_every_row_and_its_place_before_take_off() -> None:
    rows = la.timeline(verdict(LATE)).rows
    text = page(LATE)
    assert len(re.findall(r'<li class="is-\w+">\s*<p><span class="chip', text)) == len(rows)
    places = [float(at) for at in re.findall(r'class="dot [^"]+" style="--at:([\d.]+)"', text)]
    dated = [r.time for r in rows if r.time is not None and r.time <= plan(LATE).departure]
    start, end = min(dated), plan(LATE).departure
    assert places == [round(100 * ((at - start) / (end - start)), 2) for at in dated]


def test_what_is_late_follows_the_moment_given() -> None:
    early, late = (
        report_page(
            verdict("03_delivery"),
            plan("03_delivery"),
            airspace=airspace(),
            now=datetime.fromisoformat(f"2026-06-{day}T08:00:00+08:00"),
        )
        for day in ("08", "10")
    )
    assert "chip is-late" not in early
    assert "chip is-late" in late


def test_both_languages_say_everything_and_lang_only_chooses_the_first() -> None:
    english = report_page(verdict(LATE), plan(LATE), airspace=airspace(), lang="en")
    assert page(LATE).count('<span lang="zh">') == page(LATE).count('<span lang="en">') > 300
    swapped = english.replace('<html lang="en">', '<html lang="zh">')
    swapped = swapped.replace('value="en" checked>', 'value="en">')
    assert swapped.replace('value="zh">', 'value="zh" checked>') == page(LATE)


def test_remedies_that_pass_stand_on_the_first_screen() -> None:
    (remedy, *_) = found = la.remedies(plan(POLICE), airspace=airspace())
    assert remedy.passes
    text = report_page(verdict(POLICE), plan(POLICE), airspace=airspace(), remedies=found)
    first = first_screen(text)
    assert remedy.text["zh"] in first
    assert "What would make it pass" in first
    none = report_page(verdict(POLICE), plan(POLICE), airspace=airspace(), remedies=())
    assert "No change was found" in words(body(none))


def test_conflicts_are_listed_and_marked_where_they_are_closest() -> None:
    other = la.parse_plan({**copy.deepcopy(document(LATE)), "plan_id": "other"})
    found = Search([plan(LATE), other], terrain=UniformTerrain(4.0)).answer().found
    assert len(found) == 1
    text = report_page(verdict(LATE), plan(LATE), airspace=airspace(), conflicts=found)
    (mark,) = layer("conflicts", data(text)["chart"])
    assert found[0].closest is not None
    assert mark["geometry"]["coordinates"] == pytest.approx(found[0].closest.place, abs=1e-5)
    assert "baoan-delivery-late × other" in words(body(text))
    assert 'id="conflicts"' not in page(LATE)
    none = report_page(verdict(LATE), plan(LATE), airspace=airspace(), conflicts=())
    assert "None was found." in words(body(none))


# The map


def test_the_map_holds_the_zones_near_by_and_names_those_that_ask_something() -> None:
    drawn = chart(scene(LATE))
    (south, west), (north, east) = drawn["window"]
    window = shapely.box(west, south, east, north)
    near = {
        zone.identifier
        for zone in airspace().zones
        if zone.geometry.intersects(window) and zone not in airspace().jurisdictions
    }
    zones = {
        f["properties"]["id"]: f["properties"]
        for f in layer("zones", drawn)
        if "id" in f["properties"]
    }
    assert set(zones) == near
    labelled = {name for name, said in zones.items() if "label" in said}
    assert (
        labelled
        == {zone.identifier for zone in scene(LATE).asking_zones}
        == {
            "ZGSZ01",
            "ZGSZ04A",
            "ZGSZ04B",
        }
    )


def test_a_zone_is_named_on_its_edge_or_inside_it_or_where_it_is_nearest() -> None:
    zone = airspace()["ZGNT01"]
    west, south, east, north = zone.geometry.bounds
    middle = shapely.Point(zone.middle)
    across = shapely.box(west - 0.01, south, zone.middle[0], north)
    within = middle.buffer(1e-4).envelope
    beside = shapely.box(east + 0.01, south, east + 0.02, north)
    for flight, where in ((across, zone.geometry.boundary), (within, middle), (beside, None)):
        lat_deg, lon_deg = labelled(zone, flight)["label_at"]
        place = shapely.Point(lon_deg, lat_deg)
        if where is None:
            assert zone.geometry.distance(place) < 2e-5
            assert place.distance(beside) == pytest.approx(zone.geometry.distance(beside), abs=2e-5)
        else:
            assert place.distance(where) < 2e-5


def test_stretches_that_are_highlighted_lie_in_their_zones_and_on_the_track() -> None:
    drawn = layer("encounters", chart(scene(LATE)))
    lines = [f for f in drawn if f["geometry"]["type"] == "LineString"]
    track = shapely.LineString(scene(LATE).track)
    assert len(lines) == 3
    for feature in lines:
        line = shapely.from_geojson(json.dumps(feature["geometry"]))
        name = feature["properties"]["title"]["en"].split()[0]
        # The airspace around the track meets the zone, so the track may be a buffer away from it.
        assert airspace()[name].geometry.buffer(0.001).contains(line)
        assert track.buffer(2e-5).contains(line)
    first = next(f for f in lines if "ZGSZ01" in f["properties"]["title"]["en"])
    assert first["properties"]["rows"][1]["en"] == "10:00:00–10:00:35"


def test_a_stretch_abroad_is_highlighted_though_it_is_in_no_zone_that_asks() -> None:
    (stretch,) = layer("encounters", chart(scene("15_strays")))
    assert stretch["properties"]["class"] == "lw-encounter is-at-odds"
    line = shapely.from_geojson(json.dumps(stretch["geometry"]))
    (hong_kong,) = (z for z in airspace().jurisdictions if z.country == "HKG")
    assert hong_kong.geometry.buffer(0.002).contains(line)


def test_the_drawing_stays_in_its_window_and_small() -> None:
    drawn = chart(scene(HELICOPTER))
    (south, west), (north, east) = drawn["window"]
    window = shapely.box(west, south, east, north).buffer(1e-4)
    for name in ("land", "lines", "zones", "sites"):
        for feature in layer(name, drawn):
            assert window.contains(shapely.from_geojson(json.dumps(feature["geometry"])))
    assert len(json.dumps(drawn)) < 300_000


def test_a_line_of_very_many_corners_is_drawn_coarser_but_where_it_is() -> None:
    window = Window(113.9, 22.5, 114.1, 22.7)
    rng = np.random.default_rng(7)
    along = np.linspace(113.91, 114.09, 6000)
    line = shapely.LineString(np.column_stack((along, 22.6 + rng.normal(0.0, 4e-5, 6000))))
    simple = drawn(line, window)
    assert shapely.get_num_coordinates(simple) <= 4000
    assert shapely.hausdorff_distance(line, simple) < 8 * window.tolerance_deg < 0.0004
    # What cannot be made simpler is drawn as it is.
    many = shapely.MultiPolygon(
        [shapely.box(west, 22.55, west + 2e-6, 22.56) for west in along[::5].tolist()]
    )
    assert shapely.get_num_coordinates(drawn(many, window)) > 4000


# The profile


def test_heights_at_waypoints_are_those_of_the_plan_and_distances_add_up() -> None:
    columns = profile(scene(LATE))
    waypoints = plan(LATE).waypoints
    assert waypoints is not None
    midnight = scene(LATE).midnight
    for waypoint in waypoints:
        number = columns["t"].index((waypoint.time - midnight).total_seconds())
        assert columns["low"][number] == columns["high"][number] == waypoint.level.value_m
        place = (waypoint.lon_deg, waypoint.lat_deg)
        assert (columns["lon"][number], columns["lat"][number]) == pytest.approx(place, abs=1e-6)
    steps = np.hypot(
        np.diff(columns["lon"]) * np.cos(np.radians(22.57)) * 111.32,
        np.diff(columns["lat"]) * 110.75,
    )
    assert columns["d"][-1] == pytest.approx(steps.sum(), rel=2e-3)
    assert all(
        len(columns[name]) == len(columns["t"]) for name in ("d", "low", "ground", "suitable")
    )


def test_the_ground_and_120_m_above_it_are_drawn_where_they_are_known() -> None:
    level = plan("20_amsl")
    assert level.waypoints is not None
    assert level.waypoints[0].level.reference is la.VerticalReference.AMSL
    unknown, known = profile(scene("20_amsl")), profile(scene("20_amsl", 30.0))
    assert set(unknown["ground"]) == set(unknown["suitable"]) == {None}
    assert "The ground is not known" in unknown["remarks"][0]["en"]
    assert set(known["ground"]) == {30.0}
    assert set(known["suitable"]) == {150.0}
    assert known["remarks"] == []


def test_zones_stand_in_the_profile_only_while_they_are_met() -> None:
    columns = profile(scene(LATE))
    (first,) = (zone for zone in columns["zones"] if zone["id"] == "ZGSZ01")
    (stay,) = (e for e in scene(LATE).situation.encounters if e.zone.identifier == "ZGSZ01")
    end = (stay.period.end - scene(LATE).midnight).total_seconds()
    inside = [floor is not None for floor in first["floor"]]
    assert inside == [at <= end + 1e-3 for at in columns["t"]]
    # It has no ceiling: what is drawn ends with the axis.
    assert max(filter(None, first["ceiling"])) == columns["range"][1]


def test_a_long_track_is_thinned_where_its_height_hardly_turns() -> None:
    changed = copy.deepcopy(document(ROOF))
    first = changed["waypoints"][0]
    start, count = datetime.fromisoformat(first["time"]), 3000
    heights = 60.0 + 30.0 * np.sin(np.arange(count) / 80.0)
    changed["waypoints"] = [
        {
            **copy.deepcopy(first),
            "time": (start + timedelta(seconds=number)).isoformat(),
            "lon_deg": round(first["lon_deg"] + number * 2e-6, 7),
            "level": {"value_m": round(height, 2), "reference": "AGL"},
        }
        for number, height in enumerate(heights.tolist())
    ]
    (long,) = scenes_of(
        (la.parse_plan(changed),), (), airspace=airspace(), terrain=None, geoid=None
    )
    columns = profile(long)
    assert len(columns["t"]) < 2000
    seconds = np.array(columns["t"]) - long.start_s
    between = np.interp(np.arange(count), seconds, columns["low"])
    assert np.abs(between - heights).max() < 0.3


# What is refused


def test_a_verdict_of_another_plan_another_language_or_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no such plan is drawn"):
        report_page(verdict(LATE), plan(ROOF), airspace=airspace())
    with pytest.raises(InvalidInputError, match="speaks 'zh' and 'en'"):
        report_page(verdict(LATE), plan(LATE), airspace=airspace(), lang="fr")  # type: ignore[arg-type]
    with pytest.raises(NaiveDatetimeError):
        report_page(verdict(LATE), plan(LATE), airspace=airspace(), now=datetime(2026, 6, 9))  # noqa: DTZ001


# The command


def run(*args: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["report", *map(str, args)])
    return done.exit_code, done.stderr


def test_the_command_writes_the_page_and_its_exit_code_is_that_of_check(tmp_path: Path) -> None:
    (late,), (roof,) = PLANS.glob(f"{LATE}_near_airport_filed_late*"), PLANS.glob(f"{ROOF}*")
    assert run(late, "-o", tmp_path / "late.html") == (1, "")
    assert (tmp_path / "late.html").read_text("utf-8") == page(LATE)
    others = ("--conflicts-with", late, "--terrain", "4")
    assert run(roof, "-o", tmp_path / "roof.html", *others) == (0, "")
    assert "None was found." in words(body((tmp_path / "roof.html").read_text("utf-8")))


def test_several_plans_give_the_page_of_the_day_with_links_to_theirs(tmp_path: Path) -> None:
    two = sorted(PLANS.glob("1[23]_*"))
    asked = ("--pages", tmp_path / "own", "--conflicts", "--terrain", "4")
    assert run(*two, "-o", tmp_path / "day.html", *asked) == (0, "")
    day = (tmp_path / "day.html").read_text("utf-8")
    for number, file in enumerate(two, start=1):
        own = (tmp_path / "own" / f"plan-{number:05}.html").read_text("utf-8")
        assert json.loads(file.read_text("utf-8"))["plan_id"] in own
        assert f"own/plan-{number:05}.html" in day


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-o", "a.pdf"), "expected a page in .html"),
        (("-o", "nowhere/a.html"), "name a file in a folder that can be written to"),
        (("-o", "a.html", "--now", "2026-06-09T08:00"), "--now"),
        (("-o", "a.html", "--bands", "low"), "expected increasing metres"),
        (("-o", "a.html", "--pages", "/elsewhere"), "expected a folder in that of a.html"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    options: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (roof,) = PLANS.glob(f"{ROOF}*")
    code, error = run(roof, *options)
    assert code == 2
    assert said in error
    assert not list(tmp_path.iterdir())


def test_a_plan_that_cannot_be_read_ends_the_command(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"plan_id": 1')
    (roof,) = PLANS.glob(f"{ROOF}*")
    code, error = run(roof, broken, "-o", tmp_path / "day.html")
    assert code == 2
    assert "broken.json" in error
    assert not (tmp_path / "day.html").exists()
