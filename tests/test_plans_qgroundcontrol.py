"""Plans of QGroundControl: what it writes is read as it would be flown, the rest is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.completing import completed
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.formats.plans.qgroundcontrol import read
from lowalt.formats.plans.waypoints_file import read as read_waypoints
from lowalt.levels import Level, VerticalReference

KARNEY = Geod(ellps="WGS84")
FOLDER = Path(__file__).parent / "data" / "plans" / "qgroundcontrol"
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")
AGL, AMSL, ATO = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.ATO

ROUTE = RouteRules(buffer_m=20.0, return_height_ato_m=60.0)
PERFORMANCE = Performance(cruise_m_s=10.0, climb_m_s=3.0, descent_m_s=2.0)
PROFILE = OperatorProfile(name="operator.toml", route=ROUTE, performance=PERFORMANCE)
TOLD = Told(departure=DEPARTURE, profile=PROFILE)

HOME = (113.9502, 22.5431)


def file(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / name).read_bytes())
    return document


def draft_of(document: Any, *, name: str = "a.plan", told: Told = TOLD) -> Draft:
    (draft,) = read(json.dumps(document).encode(), name=name, told=told)
    return draft


def waypoints_of(draft: Draft) -> list[tuple[float, float, Level, float]]:
    return [
        (
            waypoint["lon_deg"],
            waypoint["lat_deg"],
            waypoint["level"],
            (waypoint["time"] - DEPARTURE) / timedelta(seconds=1),
        )
        for waypoint in draft.document["waypoints"]
    ]


def told_of(draft: Draft) -> dict[str, str]:
    return {loss.what: loss.how for loss in draft.losses}


def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(KARNEY.inv(*a, *b)[2])


def simple(command: int, *place: float, frame: int = 3) -> dict[str, Any]:
    params = [0, 0, 0, None, *(place or (0, 0, 0))]
    return {"type": "SimpleItem", "command": command, "frame": frame, "params": params}


def plan(*items: dict[str, Any], **mission: Any) -> dict[str, Any]:
    return {
        "fileType": "Plan",
        "version": 1,
        "mission": {
            "version": 2,
            "firmwareType": 12,
            "vehicleType": 2,
            "hoverSpeed": 5,
            "plannedHomePosition": [22.5431, 113.9502, 12.5],
            "items": list(items),
            **mission,
        },
    }


UP = simple(22, 22.5431, 113.9502, 50)
OVER = simple(16, 22.5440, 113.9510, 50)
DOWN = simple(21, 22.5440, 113.9510, 0)


# What the tool writes


def test_a_survey_is_flown_up_along_its_lines_home_and_down() -> None:
    draft = draft_of(file("survey.plan"), name="survey.plan")
    lines = [(113.951, 22.544), (113.951, 22.546), (113.952, 22.546), (113.952, 22.544)]
    heights_m = [0.0, 50.0, 65.0, 65.0, 65.0, 65.0, 65.0, 0.0]
    places = [HOME, HOME, *lines, HOME, HOME]
    flown = waypoints_of(draft)
    assert [(lon, lat) for lon, lat, _, _ in flown] == places
    assert [level for _, _, level, _ in flown] == [Level(height_m, ATO) for height_m in heights_m]
    # 8 m/s from the speed item on; 3 m/s up and 2 m/s down are the operator's.
    seconds = [0.0, 50.0 / 3.0]
    seconds += [metres(a, b) / 8.0 for a, b in pairwise(places[1:7])]
    seconds += [65.0 / 2.0]
    after = [sum(seconds[: i + 1]) for i in range(len(seconds))]
    assert [at for *_, at in flown] == pytest.approx(after, abs=1e-5)
    assert flown[-1][3] == pytest.approx(159.833450, abs=1e-5)


def test_a_survey_says_where_it_takes_off_lands_and_may_divert_to() -> None:
    draft = draft_of(file("survey.plan"), name="survey.plan")
    document = draft.document
    home = {"lon_deg": 113.9502, "lat_deg": 22.5431}
    assert document["plan_id"] == "survey"
    assert document["datum"] == "WGS84"
    assert document["departure_site"] == document["landing_site"] == home
    assert document["take_off_elevation_amsl_m"] == 12.5
    rally = {"name": "rally point 1", "lon_deg": 113.9509, "lat_deg": 22.5436}
    assert document["alternate_sites"] == [rally]
    assert "one of them instead of home" in told_of(draft)["rally points"]
    assert "straight home at 65 m ATO" in told_of(draft)["return"]


def test_a_draft_completed_by_the_profile_is_a_plan() -> None:
    draft = draft_of(file("survey.plan"), name="survey.plan")
    made, _ = completed(draft, profile=PROFILE, name="survey.plan")
    assert made.waypoints is not None
    assert (len(made.waypoints), made.route_buffer_m) == (8, 20.0)
    assert made.waypoints[2].level == Level(65.0, ATO)
    assert made.departure == DEPARTURE


def test_a_fixed_wing_circles_counter_clockwise_and_comes_down_on_a_helix() -> None:
    draft = draft_of(file("fixed_wing.plan"), name="fixed_wing.plan")
    flown = waypoints_of(draft)
    about = (113.9642, 22.5551)
    circle = [(lon, lat) for lon, lat, _, _ in flown if abs(metres(about, (lon, lat)) - 90) < 1]
    azimuths = [KARNEY.inv(*about, *place)[0] for place in circle]
    turned = [(before - after) % 360.0 for before, after in pairwise(azimuths)]
    assert max(turned) < 40.0
    assert 3 * 360 <= sum(turned) < 4 * 360  # two turns, one more, and round to the way on
    approach = (113.9572, 22.5451)
    helix = [
        (lon, lat, level.value_m)
        for lon, lat, level, _ in flown
        if abs(metres(approach, (lon, lat)) - 75) < 1
    ]
    heights_m = [height_m for *_, height_m in helix]
    assert heights_m == sorted(heights_m, reverse=True)
    assert (heights_m[0], heights_m[-1]) == (80.0, 40.0)
    azimuths = [KARNEY.inv(*approach, lon, lat)[0] for lon, lat, _ in helix]
    assert all(0.0 < (after - before) % 360.0 < 40.0 for before, after in pairwise(azimuths))
    assert flown[-1][:3] == (*HOME, Level(0.0, ATO))
    assert draft.document["landing_site"] == {"lon_deg": 113.9502, "lat_deg": 22.5431}


def test_levels_above_home_and_above_the_sea_are_brought_to_the_sea_by_the_home_of_the_file() -> (
    None
):
    draft = draft_of(file("vtol.plan"), name="vtol.plan")
    levels = [level for _, _, level, _ in waypoints_of(draft)]
    assert {level.reference for level in levels} == {AMSL}
    assert [level.value_m for level in levels[:4]] == [12.5, 72.5, 72.5, 112.5]
    assert levels[-1].value_m == 12.5  # 0 m above home
    assert levels[-2].value_m == 52.5  # the landing begins 40 m above home


def test_a_structure_is_gone_round_at_its_distance_in_the_middle_of_each_layer() -> None:
    draft = draft_of(file("tower.plan"), name="tower.plan")
    flown = waypoints_of(draft)
    heights_m = [level.value_m for _, _, level, _ in flown]
    assert heights_m == [0, 60, 60, *[25] * 5, *[35] * 5, 60, 60, 60, 0]
    south_west = (113.9510, 22.5440)
    assert metres(flown[3][:2], south_west) == pytest.approx(15.0 * 2**0.5, abs=0.01)
    assert flown[3][0] < 113.9510
    assert flown[3][1] < 22.5440
    assert flown[-2][3] - flown[-3][3] == pytest.approx(3 * 10.0)  # a hold, and two jumps back
    assert "take_off_elevation_amsl_m" not in draft.document
    assert "left unknown" in told_of(draft)["take_off_elevation_amsl_m"]
    assert "alternate_sites" not in draft.document  # none in the file is not none planned


def test_a_mission_of_mission_planner_has_its_jumps_by_line_and_its_splines_drawn() -> None:
    content = (FOLDER / "mission_planner.waypoints").read_bytes()
    (draft,) = read_waypoints(content, name="mission_planner.waypoints", told=TOLD)
    flown = waypoints_of(draft)
    assert draft.document["take_off_elevation_amsl_m"] == 12.5
    assert [place[:2] for place in flown[:3]] == [HOME, HOME, (113.951, 22.544)]
    visits = [index for index, place in enumerate(flown) if place[:2] == (113.953, 22.546)]
    assert len(visits) == 2
    assert visits[0] > 4  # more than its two waypoints on the way there
    assert "multirotor" in told_of(draft)["vehicle"]
    assert "neighbouring" in told_of(draft)["splines"]


# What decides, where the file says two things


def test_what_flies_is_the_seventh_parameter_and_not_what_the_editor_shows() -> None:
    shown = {**OVER, "Altitude": 500, "AltitudeMode": 0, "AMSLAltAboveTerrain": None}
    levels = [level for _, _, level, _ in waypoints_of(draft_of(plan(UP, shown, DOWN)))]
    assert max(levels) == Level(50.0, ATO)


@pytest.mark.parametrize(
    ("frame", "reference"), [(0, AMSL), (5, AMSL), (3, ATO), (6, ATO), (10, AGL), (11, AGL)]
)
def test_frames_say_what_a_height_is_measured_from(
    frame: int, reference: VerticalReference
) -> None:
    items = [simple(command, 22.544, 113.951, 80, frame=frame) for command in (22, 16)]
    *_, last = waypoints_of(draft_of(plan(*items)))
    assert last[2] == Level(80.0, reference)


def test_all_that_is_missing_is_said_at_once() -> None:
    document = file("survey.plan")
    del document["mission"]["hoverSpeed"]
    document["mission"]["items"][1]["params"][1] = -1
    with pytest.raises(InvalidInputError, match=r"survey: ") as refusal:
        draft_of(document, name="survey.plan", told=Told())
    missing = {problem.where for problem in refusal.value.problems}
    assert {"departure", "route_buffer_m", "return height", "speed"} <= missing
    assert "--departure TIME" in str(refusal.value)
    assert "return_height_ato_m" in str(refusal.value)


def test_the_plans_own_fence_is_told_where_the_route_leaves_it() -> None:
    document = file("survey.plan")
    assert "fence" not in told_of(draft_of(document))
    document["geoFence"]["circles"][0]["circle"]["radius"] = 300
    assert "on the way to item 3 (survey) 3" in told_of(draft_of(document))["fence"]
    document = file("survey.plan")
    corners = [[22.5450, 113.9500], [22.5450, 113.9515], [22.5455, 113.9515], [22.5455, 113.9500]]
    document["geoFence"]["polygons"][0]["polygon"] = corners
    assert "on the way to item 3 (survey) 3" in told_of(draft_of(document))["fence"]
    document["geoFence"]["polygons"][0]["polygon"] = corners[:2]
    assert "not compared" in told_of(draft_of(document))["fence"]
    document["geoFence"]["version"] = 1
    assert "fence" not in told_of(draft_of(document))


def test_an_item_that_waits_for_somebody_is_told_of() -> None:
    draft = draft_of(plan(UP, {**OVER, "autoContinue": False}, DOWN))
    assert any("item 2 does not go on by itself" in loss.how for loss in draft.losses)


def test_a_wing_whose_turns_nobody_states_is_told_of() -> None:
    document = file("fixed_wing.plan")
    assert "turn_radius_m" in told_of(draft_of(document))["turns"]
    performance = replace(PERFORMANCE, turn_radius_m=200.0)
    told = replace(TOLD, profile=replace(PROFILE, performance=performance))
    draft = draft_of(document, told=told)
    assert "turns" not in told_of(draft)
    assert draft.least_buffer_m > draft_of(document).least_buffer_m


def test_a_survey_without_items_is_read_from_its_lines() -> None:
    document = file("survey.plan")
    document["mission"]["items"][2]["TransectStyleComplexItem"]["Items"] = []
    drawn = draft_of(document)
    assert waypoints_of(drawn) == waypoints_of(draft_of(file("survey.plan")))
    assert "lines it draws" in told_of(drawn)["survey"]


# What is refused


def _without_items(document: dict[str, Any]) -> None:
    style = document["mission"]["items"][2]["TransectStyleComplexItem"]
    style["Items"], style["VisualTransectPoints"] = [], []


def _over_terrain(document: dict[str, Any]) -> None:
    style = document["mission"]["items"][2]["TransectStyleComplexItem"]
    style["Items"], style["CameraCalc"]["DistanceMode"] = [], 3


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


ITEM = ("mission", "items", 0)
HOME_AT = ("mission", "plannedHomePosition")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("fileType", to="Mission"), "old QGroundControl"),
        (_set("fileType", to="Params"), "fileType: given 'Params', expected 'Plan'"),
        (_set("mission", to=[]), "mission: given"),
        (_set("mission", "version", to=1), "version 1, expected 2"),
        (_set("mission", "items", to={}), "mission: items: given"),
        (_set("mission", "firmwareType", to=None), "firmwareType"),
        (_set("mission", "vehicleType", to=10), "vehicleType 10: not an aircraft"),
        (_set("mission", "hoverSpeed", to="fast"), "hoverSpeed: given 'fast'"),
        (_set(*HOME_AT, to=[113.9502, 22.5431, 0]), "look swapped"),
        (_set(*HOME_AT, to={"coordinate": [0, 0, 0]}), "old QGroundControl"),
        (_set(*HOME_AT, to=[22.5]), "expected latitude, longitude"),
        (_set(*ITEM, to=7), "item 1: given 7, expected an object"),
        (_set(*ITEM, "type", to="Simple"), "item 1: type 'Simple'"),
        (_set(*ITEM, "frame", to=1), "item 1: frame 1 has no place on earth"),
        (_set(*ITEM, "frame", to=True), "item 1: frame: given True"),
        (_set(*ITEM, "command", to=16.5), "item 1: command: given 16.5"),
        (_set(*ITEM, "command", to=92), "item 1: command 92 hands over"),
        (_set(*ITEM, "command", to=90), "item 1: command 90 is not known"),
        (_set(*ITEM, "command", to=31000), "item 1: command 31000 is not known"),
        (_set(*ITEM, "params", to=[0] * 6), "item 1: params"),
        (_set(*ITEM, "params", 6, to=None), "item 1: no height; open the plan"),
        (_set(*ITEM, "params", 4, to=None), "item 1: half a place"),
        (_set(*ITEM, "params", 4, to=95), "item 1: latitude 95"),
        (_set(*ITEM, "params", 4, to="22.5"), "item 1: params[4]: given '22.5'"),
        (_set("mission", "items", 2, "complexItemType", to="Survey"), "a pattern of type 'Survey'"),
        (_set("rallyPoints", "points", to=[[1]]), "rallyPoints: point 1"),
        (_without_items, "item 3 (survey): neither items nor lines"),
        (_over_terrain, "item 3 (survey): heights over the terrain"),
    ],
)
def test_what_cannot_be_read_is_refused_by_file_item_and_next_step(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    document = file("survey.plan")
    change(document)
    with pytest.raises(InvalidInputError) as refusal:
        draft_of(document, name="survey.plan")
    assert str(refusal.value).startswith("survey.plan: ")
    assert says in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"nothing", b"[" * 100_000, b'{"fileType": NaN}'])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^broken\.plan: "):
        read(content, name="broken.plan", told=TOLD)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"QGC WPL 120\n", "begins with 'QGC WPL 120'"),
        (b"QGC WPL 110\n", "no items"),
        (b"QGC WPL 110\n0 1 0 16\n", "line 2: 4 columns"),
        (b"QGC WPL 110\n0 1 3 16 0 0 0 0 22.5 113.9 0 1\n", "line 2: expected the home"),
        (b"QGC WPL 110\n0 1 0 16 0 0 0 0 22.5 inf 0 1\n", "line 2: given 'inf'"),
        (b"QGC WPL 110\n0 1 x 16 0 0 0 0 22.5 113.9 0 1\n", "line 2: column 3: given 'x'"),
        (b"QGC WPL 110\n\xff", "not UTF-8"),
        (b"QGC WPL 110\n" + b"\n" * 100_002, "100,002 lines, expected at most 100,001"),
    ],
)
def test_what_is_no_file_of_waypoints_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^a\.waypoints: ") as refusal:
        read_waypoints(content, name="a.waypoints", told=TOLD)
    assert says in str(refusal.value)


FIXTURES = [file(name) for name in ("survey.plan", "fixed_wing.plan", "tower.plan")]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "survey", [], {}, [0, 0], 16, 17, 31, 82, 177, 1e9, -1]),
)


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, part in inner:
        found.append((*path, key))
        if isinstance(part, dict | list):
            found += _leaves(part, (*path, key))
    return found


@given(st.data())
def test_a_file_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(FIXTURES)))
    path = data.draw(st.sampled_from(_leaves(document)))
    _set(*path, to=data.draw(ANYTHING))(document)
    content = json.dumps(document).encode()
    try:
        (draft,) = read(content, name="changed.plan", told=TOLD)
    except InvalidInputError:
        with pytest.raises(InvalidInputError, match=r"^changed"):
            read(content, name="changed.plan", told=TOLD)
    else:
        times = [waypoint["time"] for waypoint in draft.document["waypoints"]]
        assert all(before < after for before, after in pairwise(times))
