"""Pictures of flights: what is drawn where, in which words, and that equal pictures are equal."""

from __future__ import annotations

import copy
import itertools
import json
import math
import sys
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.text import Text

import lowalt as la
from lowalt.errors import InvalidInputError, MissingExtraError
from lowalt.levels import VerticalReference
from lowalt.report.picture import draw_flight, lettering
from lowalt.report.picture.chart import _free_corner, _round_length, draw_chart
from lowalt.report.picture.drawing import Window
from lowalt.report.picture.lettering import EN, ZH, Lettering
from lowalt.report.picture.page import render
from lowalt.report.picture.profile import draw_profile
from lowalt.report.picture.styles import DEPARTURE, JURISDICTIONS
from lowalt.report.scene import Scene, common_reference, scenes_of
from lowalt.terms import Jurisdiction
from lowalt.terrain import FloatArray
from lowalt.verdicts import Decision

PLANS = Path(__file__).parent.parent / "examples" / "plans"
HELICOPTER, ROOF, AREA = "26_helicopter", "01_light", "19_survey"
PNG = b"\x89PNG\r\n\x1a\n"


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


def scenes(*plans: la.FlightPlan, **models: Any) -> tuple[Scene, ...]:
    given = {"terrain": None, "geoid": None, **models}
    return scenes_of(plans, (), airspace=airspace(), **given)


@cache
def drawn(*plans: la.FlightPlan, **models: Any) -> tuple[Axes, Axes, list[str]]:
    """Map and profile with all that their legends say."""
    figure = Figure(figsize=(9.0, 8.0))
    chart, profile = figure.add_axes((0.1, 0.4, 0.8, 0.5)), figure.add_axes((0.1, 0.1, 0.8, 0.2))
    shown, english = scenes(*plans, **models), Lettering.of("en")
    marks = [*draw_chart(chart, shown, english), *draw_profile(profile, shown, english)]
    return chart, profile, [text for _, text in marks]


def outline(path: Outline) -> FloatArray:
    return np.asarray(path.vertices, dtype=np.float64)


def strayed() -> la.FlightPlan:
    """Fly 600 m beside the line of the route, which with its airspace is 300 m out."""
    changed = copy.deepcopy(document(HELICOPTER))
    changed["waypoints"][3]["lat_deg"] += 600.0 / 110_800.0
    return la.parse_plan(changed)


# The file


def test_equal_flights_give_equal_bytes_and_another_decision_another_picture(
    tmp_path: Path,
) -> None:
    verdict = la.assess(plan(AREA), airspace=airspace())
    assert verdict.decision is Decision.PERMITTED
    for name, judged in (("a.svg", ()), ("b.svg", ()), ("c.svg", verdict), ("a.png", ())):
        draw_flight(plan(AREA), airspace=airspace(), verdict=judged, file=tmp_path / name)
    first, second, decided = ((tmp_path / f"{name}.svg").read_bytes() for name in "abc")
    assert ET.fromstring(first).tag.endswith("svg")
    assert first == second != decided
    png = (tmp_path / "a.png").read_bytes()
    assert png.startswith(PNG)
    assert png == render(scenes(plan(AREA)), title="", lang="en", file_format="png")


def test_without_matplotlib_it_says_what_to_install_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"pip install lowalt\[plot\]"):
        draw_flight(plan(ROOF), airspace=airspace(), file=tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"file": "a.pdf"}, r"\.png or \.svg"),
        ({"file": "nowhere/a.png"}, r"nowhere.a\.png: there is no folder .*nowhere: make it first"),
        ({"lang": "fr"}, "'zh' and 'en'"),
        ({"plans": []}, "no plan to draw"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    options: dict[str, Any], said: str, tmp_path: Path
) -> None:
    given = {"plans": plan(ROOF), "file": "a.png", **options}
    given["file"] = tmp_path / given["file"]
    with pytest.raises(InvalidInputError, match=said):
        draw_flight(given.pop("plans"), airspace=airspace(), **given)
    assert not list(tmp_path.iterdir())


def test_a_verdict_of_none_of_the_plans_is_refused(tmp_path: Path) -> None:
    verdict = la.assess(plan(ROOF), airspace=airspace())
    with pytest.raises(InvalidInputError, match=f"verdict of {verdict.plan_id}"):
        draw_flight(plan(AREA), airspace=airspace(), verdict=verdict, file=tmp_path / "a.png")


def fleet(count: int) -> tuple[la.FlightPlan, ...]:
    """Copy a flight, each an hour after the one before."""
    return tuple(
        la.parse_plan(
            document(ROOF)
            | {
                "plan_id": f"flight-{number:02d}",
                "waypoints": [
                    point | {"time": f"{point['time'][:11]}{number % 24:02d}{point['time'][13:]}"}
                    for point in document(ROOF)["waypoints"]
                ],
            }
        )
        for number in range(count)
    )


def page(*plans: la.FlightPlan, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw, and give all that stands above the map."""
    said: list[str] = []
    text = Figure.text

    def note(figure: Figure, x: float, y: float, s: str, **style: Any) -> Text:
        said.append(s)
        return text(figure, x, y, s, **style)

    monkeypatch.setattr(Figure, "text", note)
    verdicts = [la.assess(plan, airspace=airspace()) for plan in plans[:1]]
    shown = scenes_of(plans, verdicts, airspace=airspace(), terrain=None, geoid=None)
    assert render(shown, title="", lang="en", file_format="png").startswith(PNG)
    return said[:-1]


def test_forty_flights_are_drawn_the_first_six_named_and_the_decisions_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans = fleet(40)
    title, when, decided = page(*plans, monkeypatch=monkeypatch)
    assert title == "40 flights"
    assert when.endswith("00:00–23:02")
    assert decided == "PERMITTED 1"
    chart, _, legend = drawn(*plans)
    assert [text for text in legend if text.startswith("flight-")][:6] == [
        f"flight-{number:02d}" for number in range(6)
    ]
    assert "and 34 more flights" in legend
    assert "flight-06" not in legend
    assert not any("take-off" in text.get_text() for text in chart.texts)


def test_six_flights_are_each_named_with_their_times(monkeypatch: pytest.MonkeyPatch) -> None:
    title, *lines = page(*fleet(6), monkeypatch=monkeypatch)
    assert title.startswith("flight-00, flight-01")
    assert sum(line.startswith("flight-0") for line in lines) == 6
    assert "PERMITTED" in lines


@pytest.mark.parametrize("aside_deg", [(-0.02, -0.02), (0.02, -0.02), (0.0, 0.02)])
def test_the_scale_bar_stands_where_no_end_of_a_flight_is(
    aside_deg: tuple[float, float],
) -> None:
    lon_deg, lat_deg = aside_deg
    changed = copy.deepcopy(document(ROOF))
    del changed["departure_site"], changed["landing_site"]  # the flight is moved away from them
    first = changed["waypoints"][0]
    centre = first["lon_deg"], first["lat_deg"]
    for point, share in zip(changed["waypoints"], (-1.0, -1.0, 1.0, 1.0), strict=False):
        point["lon_deg"] = round(centre[0] + share * lon_deg, 6)
        point["lat_deg"] = round(centre[1] + share * lat_deg, 6)
    shown = scenes(la.parse_plan(changed))
    window = Window.round([shown[0].airspace_around], width_to_height=1.4)
    begin = _free_corner(window, shown)
    for end in window.shares(shown[0].track[[0, -1]]):
        assert max(abs(end - begin)) > 0.1


def test_a_permitted_flight_is_not_said_to_meet_what_prohibits_it_outright() -> None:
    games = plan("17_games")
    assert la.assess(games, airspace=airspace()).decision is Decision.PERMITTED
    _, _, legend = drawn(games)
    assert "Zones met: no flight unless approved" in legend
    assert not any(text.endswith("prohibited") for text in legend)


# Words


def test_without_a_chinese_font_it_is_english_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lettering, "_chinese_font", lambda: None)
    chosen = Lettering.of("zh")
    assert (chosen.lang, chosen.words, chosen.font) == ("en", EN, "DejaVu Sans")
    assert "No Chinese font" in chosen.note
    assert Lettering.of("en").note == ""
    # A missing glyph would be a warning, and warnings are errors here.
    shown = scenes(plan(ROOF))
    assert render(shown, title="梅沙尖", lang="zh", file_format="png").startswith(PNG)


def test_with_a_chinese_font_it_is_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_chinese_font", lambda: "SimHei")
    chosen = Lettering.of("zh")
    assert (chosen.lang, chosen.words, chosen.font, chosen.note) == ("zh", ZH, "SimHei", "")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("大鹏救护点 (Dapeng post)", "Dapeng post"),
        ("Air-120 梅沙尖 (Meishajian)", "Air-120 (Meishajian)"),
        ("梅沙尖", ""),
    ],
)
def test_what_the_font_has_not_is_left_out(text: str, written: str) -> None:
    english = Lettering("en", EN, "DejaVu Sans", "")
    assert english.written(text) == written
    assert english.can_write(text) is (text == written)


def test_a_name_is_taken_in_a_language_that_can_be_written() -> None:
    english = Lettering("en", EN, "DejaVu Sans", "")
    assert english.named({"zh": "深圳", "en": "Shenzhen"}) == "Shenzhen"
    assert english.named({"zh": "深圳"}) == ""


# The map


def test_the_track_is_coloured_by_whose_law_it_is_flown_under() -> None:
    chart, _, said = drawn(plan(HELICOPTER))
    assert {"track: Mainland", "track: Hong Kong"} <= set(said)
    (zone,) = (z for z in airspace().jurisdictions if z.jurisdiction is Jurisdiction.HONG_KONG)
    for home, inside in ((Jurisdiction.HONG_KONG, True), (Jurisdiction.MAINLAND, False)):
        tracks = [line for line in chart.lines if line.get_color() == JURISDICTIONS[home]]
        assert tracks
        for line in tracks:
            places = shapely.linestrings(np.asarray(line.get_xydata()))
            middle = shapely.line_interpolate_point(places, 0.5, normalized=True)
            assert zone.geometry.contains(middle) is inside


def test_the_map_holds_the_flight_and_keeps_its_proportions() -> None:
    chart, _, _ = drawn(plan(HELICOPTER))
    (west, east), (south, north) = chart.get_xlim(), chart.get_ylim()
    for point in plan(HELICOPTER).waypoints or ():
        assert west < point.lon_deg < east
        assert south < point.lat_deg < north
    assert chart.get_aspect() == pytest.approx(1.0 / math.cos(math.radians(22.38)), rel=1e-3)


@given(
    st.floats(-179.0, 179.0),
    st.floats(-70.0, 70.0),
    st.floats(0.0, 0.5),
    st.floats(0.0, 0.5),
    st.sampled_from([0.5, 1.5, 2.0]),
)
def test_a_window_has_its_form_and_room_on_all_sides(
    lon: float, lat: float, wide: float, high: float, form: float
) -> None:
    shape = shapely.box(lon, lat, lon + wide, lat + high)
    window = Window.round([shape], width_to_height=form)
    assert window.box.contains_properly(shape)
    wide_m = (window.east - window.west) * window.metres_per_degree_lon
    assert wide_m / ((window.north - window.south) * 111_195.0) == pytest.approx(form, rel=0.01)


@given(st.floats(0.2, 1e6))
def test_a_scale_bar_has_a_round_length_and_is_no_shorter_than_need_be(most_m: float) -> None:
    length_m = _round_length(most_m)
    rounds = [step * 10.0**power for power in range(-2, 7) for step in (1.0, 2.0, 5.0)]
    assert any(math.isclose(length_m, r) for r in rounds)
    assert length_m <= most_m
    assert not [r for r in rounds if length_m * 1.001 < r < most_m * 0.999]


def test_the_prescribed_route_is_drawn_with_its_width() -> None:
    (scene,) = scenes(plan(HELICOPTER))
    route = document(HELICOPTER)["crossing"]["prescribed_route"]
    strip = scene.route_strip
    assert strip is not None
    for lon_deg, lat_deg in route["points"]:
        assert strip.contains(shapely.Point(lon_deg, lat_deg))
    north_m = (strip.bounds[3] - route["points"][0][1]) * 110_750.0
    assert north_m == pytest.approx(route["half_width_m"], rel=0.01)
    _, _, said = drawn(plan(HELICOPTER))
    assert f"prescribed route {route['number']}" in said
    assert "floor and ceiling of the route" in said


def test_departures_from_it_are_marked_where_they_begin() -> None:
    beside = strayed()
    chart, profile, said = drawn(beside)
    (scene,) = scenes(beside)
    keeping = scene.situation.route
    assert keeping is not None
    assert keeping.departures
    marks = [
        tuple(np.asarray(line.get_xydata())[0].tolist())
        for line in chart.lines
        if line.get_color() == DEPARTURE
    ]
    assert sorted(marks) == sorted((d.lon_deg, d.lat_deg) for d in keeping.departures)
    assert len([text for text in said if text.startswith("leaves its route")]) == len(
        keeping.departures
    )
    assert DEPARTURE in {to_hex(patch.get_facecolor()) for patch in profile.patches}
    assert not [line for line in drawn(plan(HELICOPTER))[0].lines if line.get_color() == DEPARTURE]


def test_zones_that_ask_nothing_are_told_apart_from_those_that_do() -> None:
    delivery = plan("03_delivery")
    verdict = la.assess(delivery, airspace=airspace())
    (bare,), (judged,) = (
        scenes_of([delivery], verdicts, airspace=airspace(), terrain=None, geoid=None)
        for verdicts in ([], [verdict])
    )
    assert bare.asking_zones == bare.zones
    asking = {zone.identifier for zone in judged.asking_zones}
    assert asking == {"ZGSZ01", "ZGSZ04A", "ZGSZ04B"}
    assert asking < {zone.identifier for zone in judged.zones}
    axes = Figure(figsize=(9.0, 6.0)).add_axes((0.0, 0.0, 1.0, 1.0))
    said = [text for _, text in draw_chart(axes, [judged], Lettering.of("en"))]
    start = said.index("Met, but nothing is asked there")
    assert not [text for text in said[start:] if "ZGSZ01" in text]


# The profile


def test_heights_are_drawn_over_the_clock_of_the_flight() -> None:
    _, profile, _ = drawn(plan(HELICOPTER))
    waypoints = plan(HELICOPTER).waypoints or ()
    level = max(profile.lines, key=lambda line: len(np.asarray(line.get_xdata())))
    places = np.asarray(level.get_xydata())
    assert places[0].tolist() == [10.0 * 3600.0, 0.0]  # 10:00 after midnight in UTC+8
    for point in waypoints:
        at = (point.time - waypoints[0].time).total_seconds() + 36_000.0
        assert np.interp(at, places[:, 0], places[:, 1]) == pytest.approx(point.level.value_m)
    (scene,) = scenes(plan(HELICOPTER))
    labels = [
        profile.xaxis.get_major_formatter()(tick)
        for tick in profile.xaxis.get_major_locator().tick_values(0, 1)
    ]
    assert labels[0] == "10:00"
    assert scene.start_s == 36_000.0


def test_ground_is_drawn_where_its_model_is_given() -> None:
    changed = copy.deepcopy(document(ROOF))
    for waypoint in changed["waypoints"]:
        waypoint["level"] = {"value_m": 150.0, "reference": "AMSL"}
    high = la.parse_plan(changed)
    assert "ground" not in drawn(high)[2]
    _, profile, said = drawn(high, terrain=la.UniformTerrain(42.0))
    assert "ground" in said
    assert profile.get_ylabel() == EN.height["AMSL"]
    tops = [outline(c.get_paths()[0])[:, 1].max() for c in profile.collections]
    assert 42.0 in tops


def test_levels_that_have_nothing_in_common_are_drawn_as_planned() -> None:
    changed = copy.deepcopy(document(ROOF))
    changed["take_off_elevation_amsl_m"] = None
    for waypoint, reference in zip(
        changed["waypoints"], itertools.cycle(["AGL", "AMSL"]), strict=False
    ):
        waypoint["level"] = {"value_m": 50.0, "reference": reference}
    mixed = la.parse_plan(changed)
    assert common_reference(scenes(mixed)) is None
    _, profile, _ = drawn(mixed)
    assert profile.get_ylabel() == EN.mixed


def test_two_flights_are_drawn_above_the_sea_where_the_ground_is_known() -> None:
    changed = copy.deepcopy(document(ROOF))
    changed["plan_id"] = "above the sea"
    for waypoint in changed["waypoints"]:
        waypoint["level"] = {"value_m": 150.0, "reference": "AMSL"}
    both = plan(ROOF), la.parse_plan(changed)
    assert common_reference(scenes(*both)) is None
    known = scenes(*both, terrain=la.UniformTerrain(10.0))
    assert common_reference(known) is VerticalReference.AMSL
    assert common_reference(known[:1]) is VerticalReference.AGL


def test_an_area_is_drawn_with_its_floor_and_ceiling_for_its_period() -> None:
    chart, profile, said = drawn(plan(AREA))
    area = document(AREA)["operating_area"]
    assert "area held" in said
    outlines = [outline(patch.get_path()) for patch in chart.patches]
    corner = np.array(area["polygon"][0])
    assert any(np.abs(o - corner).max(axis=1).min() < 1e-6 for o in outlines)
    levels = {float(np.asarray(line.get_ydata())[0]) for line in profile.lines}
    assert {area["floor"]["value_m"], area["ceiling"]["value_m"]} <= levels


def test_several_flights_are_told_apart_by_name_and_colour() -> None:
    others = [plan(ROOF), plan("03_delivery")]
    chart, _, said = drawn(*others)
    assert [text for text in said if text in {p.plan_id for p in others}] == [
        p.plan_id for p in others
    ] * 2
    assert not [text for text in said if text.startswith("track:")]
    texts = [child.get_text() for child in chart.get_children() if isinstance(child, Text)]
    assert len([text for text in texts if EN.take_off in text]) == 2


def test_a_flight_that_stays_in_place_without_airspace_is_drawn_all_the_same() -> None:
    changed = copy.deepcopy(document(ROOF))
    changed |= {"route_buffer_m": 0.0, "vertical_buffer_m": None}
    for waypoint in changed["waypoints"]:
        waypoint |= {"lon_deg": 114.345, "lat_deg": 22.691}
    chart, _, said = drawn(la.parse_plan(changed))
    (west, east), (south, north) = chart.get_xlim(), chart.get_ylim()
    assert ((west + east) / 2.0, (south + north) / 2.0) == pytest.approx((114.345, 22.691))
    assert EN.around not in said
