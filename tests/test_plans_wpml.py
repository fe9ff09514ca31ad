"""DJI's route files: what is flown is read whole, what is missing is named, the rest is refused."""

from __future__ import annotations

import io
import math
import re
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.completing import completed
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.files import read_plans_bytes
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.formats.plans.wpml import read
from lowalt.geodesy import LocalFrame

DATA = Path(__file__).parent / "data" / "plans" / "wpml"
WAYLINES = (DATA / "inspection" / "wpmz" / "waylines.wpml").read_text(encoding="utf-8")
TEMPLATE = (DATA / "inspection" / "wpmz" / "template.kml").read_text(encoding="utf-8")
CONSUMER = (DATA / "fly.wpml").read_text(encoding="utf-8")

KARNEY = Geod(ellps="WGS84")
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")
PROFILE = OperatorProfile(
    name="operator.toml",
    route=RouteRules(buffer_m=20.0),
    performance=Performance(cruise_m_s=10.0, climb_m_s=4.0, descent_m_s=3.0),
)
TOLD = Told(departure=DEPARTURE, profile=PROFILE)
SITE = replace(
    PROFILE,
    departure_site={"lon_deg": 113.9490, "lat_deg": 22.5420, "elevation_amsl_m": 12.0},
)


def package(entries: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def inspection(waylines: str = WAYLINES, template: str = TEMPLATE) -> bytes:
    return package(
        {
            "wpmz/template.kml": template,
            "wpmz/waylines.wpml": waylines,
            "wpmz/res/image/0.jpg": b"\xff\xd8",
        }
    )


def one(content: bytes | str, *, name: str = "inspection.kmz", told: Told = TOLD) -> Draft:
    content = content.encode() if isinstance(content, str) else content
    (draft,) = read(content, name=name, told=told)
    return draft


def flight(draft: Draft) -> list[tuple[float, float, str, float]]:
    """Places, levels and seconds after departure."""
    return [
        (at["lon_deg"], at["lat_deg"], str(at["level"]), (at["time"] - DEPARTURE).total_seconds())
        for at in draft.document["waypoints"]
    ]


def levels(draft: Draft) -> list[str]:
    return [level for _, _, level, _ in flight(draft)]


def told_of(draft: Draft, what: str) -> list[str]:
    return [loss.how for loss in draft.losses if loss.what == what]


def without(text: str, element: str) -> str:
    found = re.subn(rf"\s*<wpml:{element}>.*?</wpml:{element}>", "", text, flags=re.DOTALL)
    assert found[1]
    return found[0]


def changed(text: str, old: str, new: str, *, count: int = -1) -> str:
    assert old in text
    return text.replace(old, new, count)


# What is read


def test_a_route_is_flown_from_take_off_to_home_at_the_heights_and_speeds_of_its_file() -> None:
    draft = one(inspection())
    home, a, b, c, d = (
        (113.949, 22.542),
        (113.9502, 22.5431),
        (113.953, 22.5455),
        (113.956, 22.5431),
        (113.956, 22.541),
    )

    def leg_s(start: tuple[float, float], end: tuple[float, float], speed_m_s: float) -> float:
        return float(KARNEY.inv(*start, *end)[2]) / speed_m_s

    # Up at 4 m/s, there at 10; the line at 7, 5 and 7; a hover of 15 s; up to 100 m and home at 10.
    steps = [
        (*home, "0 m ATO", 0.0),
        (*home, "80 m ATO", 20.0),
        (*a, "80 m ATO", leg_s(home, a, 10.0)),
        (*b, "80 m ATO", leg_s(a, b, 7.0)),
        (*c, "60 m ATO", leg_s(b, c, 5.0)),
        (*c, "60 m ATO", 15.0),
        (*d, "60 m ATO", leg_s(c, d, 7.0)),
        (*d, "100 m ATO", 10.0),
        (*home, "100 m ATO", leg_s(d, home, 10.0)),
        (*home, "0 m ATO", 100.0 / 3.0),
    ]
    found = flight(draft)
    assert [step[:3] for step in found] == [step[:3] for step in steps]
    durations = [after[3] - before[3] for before, after in pairwise(found)]
    assert durations == pytest.approx([step[3] for step in steps[1:]], abs=2e-6)
    assert found[-1][3] == pytest.approx(339.187629, abs=1e-5)
    assert draft.document["aircraft"] == {"is_unmanned": True, "model": "DJI M30T"}
    assert draft.document["departure_site"] == {"lon_deg": 113.949, "lat_deg": 22.542}
    assert draft.document["landing_site"] == {"lon_deg": 113.949, "lat_deg": 22.542}


def test_its_plan_is_one_that_can_be_judged() -> None:
    reading = read_plans_bytes(inspection(), name="inspection.kmz", told=TOLD)
    (plan,) = reading.plans
    assert plan.plan_id == "inspection"
    assert plan.datum == "WGS84"
    assert not plan.coordinates_checked
    assert plan.route_buffer_m == 20.0
    assert plan.take_off_elevation_amsl_m is None
    assert plan.arrival == DEPARTURE + timedelta(seconds=339, microseconds=187629)


def test_what_was_edited_is_flown_as_what_is_ready_to_fly() -> None:
    assert flight(one(TEMPLATE, name="template.kml")) == flight(one(inspection()))
    only_template = package({"wpmz/template.kml": TEMPLATE})
    assert flight(one(only_template)) == flight(one(inspection()))


def test_names_in_an_archive_may_be_at_its_top_and_of_any_case() -> None:
    content = package({"Template.KML": TEMPLATE, "WAYLINES.wpml": WAYLINES})
    assert flight(one(content)) == flight(one(inspection()))


@pytest.mark.parametrize(
    "maker", ["dji.com/wpmz/1.0.0", "dji.com/wpmz/1.0.6", "uav.com/wpmz/1.0.2"]
)
def test_versions_that_are_known_are_read_alike(maker: str) -> None:
    draft = one(changed(WAYLINES, "dji.com/wpmz/1.0.6", maker))
    assert not told_of(draft, "version")


def test_a_newer_version_is_read_and_told() -> None:
    draft = one(changed(WAYLINES, "wpmz/1.0.6", "wpmz/1.0.11"))
    assert told_of(draft, "version") == ["1.0.11 is newer than those known: read as 1.0.6"]


@pytest.mark.parametrize(
    ("mode", "reference"),
    [("relativeToStartPoint", "ATO"), ("WGS84", "HAE"), ("realTimeFollowSurface", "AGL")],
)
def test_heights_are_above_what_the_mode_says(mode: str, reference: str) -> None:
    content = changed(WAYLINES, "relativeToStartPoint", mode)
    content = changed(content, "goHome", "noAction")
    draft = one(content)
    assert {level.split()[2] for level in levels(draft)} == {reference}
    follows = [how for how in told_of(draft, "heights") if "roofs" in how]
    assert bool(follows) == (reference == "AGL")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("EGM96", "60 m AMSL"), ("aboveGroundLevel", "60 m AGL"), ("WGS84", "68.5 m HAE")],
)
def test_a_template_has_modes_of_its_own(mode: str, expected: str) -> None:
    content = changed(TEMPLATE, "relativeToStartPoint", mode)
    content = changed(content, "<wpml:useGlobalHeight>1", "<wpml:useGlobalHeight>0")
    assert expected in levels(one(content))


def test_a_global_height_is_only_read_where_its_reference_is_certain() -> None:
    content = changed(TEMPLATE, "relativeToStartPoint", "EGM96")
    with pytest.raises(InvalidInputError, match="global height with heightMode EGM96"):
        one(content)


@pytest.mark.parametrize(
    ("mode", "vertical_m"), [("realTimeFollowSurface", None), ("relativeToStartPoint", 5.0)]
)
def test_above_roofs_and_trees_the_true_height_stays_unknown(
    mode: str, vertical_m: float | None
) -> None:
    content = re.sub(r"(executeHeightMode>)\w+", rf"\1{mode}", WAYLINES)
    profile = replace(PROFILE, route=replace(PROFILE.route, vertical_buffer_m=5.0))
    draft = one(inspection(content), told=replace(TOLD, profile=profile))
    plan, losses = completed(draft, profile=profile, name="oblique.kmz")
    assert plan.vertical_buffer_m == vertical_m
    assert any("roofs and trees" in loss.how for loss in losses) is (vertical_m is None)


def test_a_template_of_another_datum_is_refused() -> None:
    mode = "<wpml:coordinateMode>WGS84<"
    content = changed(TEMPLATE, mode, mode.replace("WGS84", "GCJ02"))
    with pytest.raises(InvalidInputError, match="coordinateMode: given 'GCJ02', expected WGS84"):
        one(content)


def test_heights_above_the_ellipsoid_take_those_above_take_off_with_them() -> None:
    # Take-off is at 8.5 m HAE, so that the return at 100 m above it is at 108.5.
    draft = one(inspection(changed(WAYLINES, "relativeToStartPoint", "WGS84")))
    heights = ["8.5", "80", "80", "80", "60", "60", "60", "108.5", "108.5", "8.5"]
    assert levels(draft) == [f"{height} m HAE" for height in heights]


def test_a_return_whose_height_nobody_knows_is_left_unknown_or_refused() -> None:
    content = changed(WAYLINES, "relativeToStartPoint", "WGS84")
    with pytest.raises(InvalidInputError, match=r"goes home at 100 m ATO.*\[sites.departure\]"):
        one(content)
    draft = one(content, told=replace(TOLD, profile=SITE))
    assert levels(draft)[-3:] == ["60 m HAE", "100 m ATO", "0 m ATO"]
    assert any("two references" in how for how in told_of(draft, "reference"))


def test_a_line_above_the_ground_comes_and_goes_above_take_off() -> None:
    content = changed(WAYLINES, "relativeToStartPoint", "realTimeFollowSurface")
    expected = ["80 m AGL", "80 m AGL", "60 m AGL", "60 m AGL", "60 m AGL"]
    draft = one(inspection(content))
    assert levels(draft) == ["0 m ATO", "20 m ATO", *expected, "100 m ATO", "0 m ATO"]
    assert any("two references" in how for how in told_of(draft, "reference"))
    assert levels(one(content)) == [*expected, "100 m ATO"]


def test_a_waypoint_without_a_speed_is_left_at_that_of_its_line() -> None:
    content = without(
        changed(WAYLINES, "autoFlightSpeed>7<", "autoFlightSpeed>9<"), "waypointSpeed"
    )
    found = flight(one(content))
    length_m = KARNEY.inv(113.9502, 22.5431, 113.953, 22.5455)[2]
    assert found[1][3] - found[0][3] == pytest.approx(length_m / 9.0, abs=2e-6)


# The way there and back


def test_without_a_take_off_place_it_begins_above_the_first_waypoint() -> None:
    draft = one(WAYLINES)
    assert flight(draft)[0] == (113.9502, 22.5431, "80 m ATO", 0.0)
    assert "departure_site" not in draft.document
    assert [how for how in told_of(draft, "take-off") if "not judged" in how]
    assert levels(draft)[-2:] == ["60 m ATO", "100 m ATO"]  # home is elsewhere, but so high
    assert [how for how in told_of(draft, "return") if "not judged" in how]


def test_the_highest_place_of_the_way_there_counts_even_if_take_off_is_not_known() -> None:
    draft = one(
        changed(WAYLINES, "<wpml:takeOffSecurityHeight>20", "<wpml:takeOffSecurityHeight>95")
    )
    assert levels(draft)[:2] == ["95 m ATO", "80 m ATO"]


def test_a_site_of_the_operator_closes_the_way_if_it_is_near() -> None:
    told = replace(TOLD, profile=SITE)
    assert flight(one(WAYLINES, told=told)) == flight(one(inspection()))
    far = replace(SITE, departure_site={"lon_deg": 113.92, "lat_deg": 22.54})
    assert flight(one(WAYLINES, told=replace(TOLD, profile=far))) == flight(one(WAYLINES))


def test_a_slanting_approach_goes_up_to_the_security_height_only() -> None:
    draft = one(inspection(changed(WAYLINES, "safely", "pointToPoint")))
    assert levels(draft)[:3] == ["0 m ATO", "20 m ATO", "80 m ATO"]


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("autoLand", [(113.956, 22.541, "60 m ATO"), (113.956, 22.541, "0 m ATO")]),
        ("noAction", [(113.956, 22.5431, "60 m ATO"), (113.956, 22.541, "60 m ATO")]),
        ("gotoFirstWaypoint", [(113.956, 22.541, "60 m ATO"), (113.9502, 22.5431, "80 m ATO")]),
    ],
)
def test_a_flight_ends_as_its_file_says(
    finish: str, expected: list[tuple[float, float, str]]
) -> None:
    draft = one(changed(WAYLINES, "goHome", finish))
    assert [at[:3] for at in flight(draft)[-2:]] == expected
    assert told_of(draft, "end")


def test_a_return_height_may_be_told() -> None:
    content = without(WAYLINES, "globalRTHHeight")
    route = replace(PROFILE.route, return_height_ato_m=70.0)
    draft = one(content, told=replace(TOLD, profile=replace(PROFILE, route=route)))
    assert levels(draft)[-1] == "70 m ATO"


def test_a_line_higher_than_the_return_goes_home_as_high_as_it_is() -> None:
    content = changed(WAYLINES, "<wpml:executeHeight>60", "<wpml:executeHeight>115")
    assert levels(one(inspection(content)))[-3:] == ["115 m ATO", "115 m ATO", "0 m ATO"]


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        one(inspection(without(WAYLINES, "globalRTHHeight")), told=Told())
    message = str(caught.value)
    for word in ("--departure", "--buffer", "return_height_ato_m", "climb_m_s", "inspection"):
        assert word in message
    assert len(caught.value.problems) == 4


# Turns, curves, hovers


def test_a_turn_begun_early_widens_a_narrow_airspace() -> None:
    draft = one(inspection())
    # Half of 10 m, times the sine of the angle at the corner.
    before = KARNEY.inv(113.953, 22.5455, 113.9502, 22.5431)[0]
    after = KARNEY.inv(113.953, 22.5455, 113.956, 22.5431)[0]
    sine = abs(math.sin(math.radians(after - before)))
    assert draft.least_buffer_m == pytest.approx(5.0 * sine, abs=1e-6)
    assert draft.least_buffer_m == pytest.approx(4.97, abs=0.01)
    narrow = replace(PROFILE, route=RouteRules(buffer_m=1.0))
    reading = read_plans_bytes(inspection(), name="a.kmz", told=replace(TOLD, profile=narrow))
    assert reading.plans[0].route_buffer_m == 5.0


def test_curves_are_drawn_through_the_waypoints_and_the_straight_line_is_covered_too() -> None:
    draft = one(CONSUMER, name="fly.wpml")
    places = [at[:2] for at in flight(draft)]
    corners = [(113.962, 22.53), (113.963, 22.531), (113.964, 22.53)]
    assert set(corners) < set(places)
    assert len(places) > 10
    frame = LocalFrame(113.963)
    drawn, straight = LineString(frame.to_plane(places)), LineString(frame.to_plane(corners))
    for metres in range(0, int(straight.length), 5):
        assert straight.interpolate(metres).distance(drawn) <= draft.least_buffer_m
    # The curve strays most where 4/27 of its direction at the middle waypoint weighs: half of the
    # way past it, as far as that leads away from the leg. The line may stray 2 m from the curve.
    (there, here, then) = corners
    azimuth_deg, _, past_m = KARNEY.inv(*there, *then)
    beside = math.sin(math.radians(azimuth_deg - KARNEY.inv(*there, *here)[0]))
    expected_m = 4.0 / 27.0 * past_m / 2.0 * beside + 2.0
    assert expected_m - 0.5 < draft.least_buffer_m < expected_m
    assert 5.0 < drawn.hausdorff_distance(straight) < draft.least_buffer_m
    (how,) = told_of(draft, "curves")
    # Directions are half of 0 and of 10 m, weighed 4/27 and no more: 0.74 m; the rest is level.
    assert how.endswith("within 0.74 m")
    vertical = replace(PROFILE, route=RouteRules(buffer_m=20.0, vertical_buffer_m=0.5))
    widened = one(CONSUMER, name="fly.wpml", told=replace(TOLD, profile=vertical))
    assert widened.document["vertical_buffer_m"] == pytest.approx(20.0 / 27.0)


def test_curves_kept_to_the_lines_are_corners() -> None:
    content = changed(CONSUMER, "<wpml:useStraightLine>0", "<wpml:useStraightLine>1")
    draft = one(content, name="fly.wpml")
    assert len(flight(draft)) == 3
    assert not told_of(draft, "curves")
    assert ["not published" in how for how in told_of(draft, "turns")] == [True]


def test_one_group_of_actions_may_hover_at_many_waypoints() -> None:
    content = changed(WAYLINES, "StartIndex>2", "StartIndex>1")
    content = changed(content, "EndIndex>2", "EndIndex>3")
    stays = [
        before[:2]
        for before, after in pairwise(flight(one(content)))
        if before[:3] == after[:3] and after[3] - before[3] == pytest.approx(15.0)
    ]
    assert stays == [(113.953, 22.5455), (113.956, 22.5431), (113.956, 22.541)]


ranges = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 99)).map(
    lambda r: (min(r[:2]), max(r[:2]), r[2] / 10.0)
)


@given(st.lists(ranges, max_size=6))
def test_hovers_of_overlapping_groups_add_up(groups: list[tuple[int, int, float]]) -> None:
    written = "".join(
        f"<wpml:actionGroup><wpml:actionGroupStartIndex>{first}</wpml:actionGroupStartIndex>"
        f"<wpml:actionGroupEndIndex>{last}</wpml:actionGroupEndIndex><wpml:actionTrigger>"
        "<wpml:actionTriggerType>reachPoint</wpml:actionTriggerType></wpml:actionTrigger>"
        "<wpml:action><wpml:actionActuatorFunc>hover</wpml:actionActuatorFunc>"
        f"<wpml:actionActuatorFuncParam><wpml:hoverTime>{hold}</wpml:hoverTime>"
        "</wpml:actionActuatorFuncParam></wpml:action></wpml:actionGroup>"
        for first, last, hold in groups
    )
    content = without(WAYLINES, "actionGroup").replace("</Placemark>", f"{written}</Placemark>", 1)
    expected = {
        index: sum(hold for first, last, hold in groups if first <= index <= last)
        for index in range(4)
    }
    found = dict.fromkeys(range(4), 0.0)
    at = [(113.9502, 22.5431), (113.953, 22.5455), (113.956, 22.5431), (113.956, 22.541)]
    for before, after in pairwise(flight(one(content.replace("goHome", "noAction")))):
        if before[:3] == after[:3]:
            found[at.index(before[:2])] = after[3] - before[3]
    assert found == pytest.approx(expected, abs=2e-6)


def test_a_hover_between_waypoints_is_told() -> None:
    content = changed(WAYLINES, ">reachPoint<", ">multipleTiming<")
    assert any("hovers between" in how for how in told_of(one(content), "route"))


def test_several_lines_are_flights_one_after_another() -> None:
    folder = WAYLINES[WAYLINES.index("    <Folder>") : WAYLINES.index("  </Document>")]
    content = inspection(changed(WAYLINES, "  </Document>", f"{folder}  </Document>"))
    first, second = read(content, name="oblique.kmz", told=TOLD)
    assert [draft.document["plan_id"] for draft in (first, second)] == ["oblique", "oblique#2"]
    ends, begins = first.document["waypoints"][-1], second.document["waypoints"][0]
    assert ends["time"] == begins["time"]
    assert all("one of 2 lines" in told_of(draft, "departure")[0] for draft in (first, second))


# What flies


def test_a_number_of_the_fleet_is_the_aircraft_of_the_fleet() -> None:
    fleet = {"big": {"model": "DJI M30T", "max_takeoff_mass_kg": 4.069}}
    profile = replace(PROFILE, fleet=fleet, wpml_drones={(67, 1): "big"})
    draft = one(inspection(), told=replace(TOLD, profile=profile))
    assert (draft.aircraft_name, draft.document["aircraft"]) == ("big", {"is_unmanned": True})
    plan, _ = completed(draft, profile=profile, name="oblique.kmz")
    assert plan.aircraft is not None
    assert (plan.aircraft.model, plan.aircraft.max_takeoff_mass_kg) == ("DJI M30T", 4.069)


@pytest.mark.parametrize("content", [inspection(), CONSUMER], ids=["M30T", "68/0"])
def test_another_aircraft_than_the_usual_one_gets_nothing_of_it(content: bytes) -> None:
    usual: dict[str, Any] = {"aircraft": {"model": "Mini", "max_takeoff_mass_kg": 0.249}}
    profile = replace(PROFILE, document=usual)
    draft = one(content, name="fly.wpml", told=replace(TOLD, profile=profile))
    plan, losses = completed(draft, profile=profile, name="fly.wpml")
    assert plan.aircraft is not None
    assert plan.aircraft.max_takeoff_mass_kg is None
    assert any("not the usual one" in loss.how for loss in losses)


def test_a_number_of_the_maker_that_is_not_known_leaves_the_model_open() -> None:
    unknown = one(CONSUMER, name="fly.wpml")
    assert "model" not in unknown.document["aircraft"]
    assert "68/0 is not known" in told_of(unknown, "aircraft")[0]


def test_what_may_leave_the_route_is_told() -> None:
    reroute = (
        "<wpml:autoRerouteInfo><wpml:missionAutoRerouteMode>1</wpml:missionAutoRerouteMode>"
        "</wpml:autoRerouteInfo></wpml:missionConfig>"
    )
    draft = one(changed(WAYLINES, "</wpml:missionConfig>", reroute))
    assert told_of(draft, "route") == ["it may leave its route to go round obstacles"]


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("113.953000,22.545500", "22.545500,113.953000", "waypoint 2.*look swapped"),
        ("113.953000,22.545500", "113,953000;22,545500", "waypoint 2: latitude: given '953000;22'"),
        ("113.953000,22.545500", "113,95,22,54", "waypoint 2: coordinates: given"),
        ("113.953000,22.545500", "113.953000,nan", "waypoint 2: latitude: given 'nan'"),
        ("113.953000,22.545500", "113.953000,1e400", "latitude: given '1e400'"),
        ("113.953000,22.545500", "113.953000,２２.5", "expected a number"),
        ("113.953000,22.545500", "113.95_3,22.5455", "given '113.95_3'"),
        ("executeHeight>60<", "executeHeight>60,5<", "with a point, not a comma"),
        ("executeHeight>60<", "executeHeight><", "executeHeight: given ''"),
        ("executeHeight>60<", "executeHeight>inf<", "executeHeight: given 'inf'"),
        ("waypointSpeed>5<", "waypointSpeed>0<", "a speed of 0 m/s"),
        ("waypointSpeed>5<", "waypointSpeed>-5<", "a speed of -5 m/s"),
        ("index>3<", "index>2<", "waypoint 4: index: given 2, expected more than 2"),
        ("index>3<", "index>65536<", "at most 65535"),
        ("index>3<", "index>-1<", "expected a whole number"),
        ("index>3<", "index><", "given nothing"),
        ("coordinateTurn", "loop", "waypoint 2: .*TurnMode: given 'loop'"),
        ("DampingDist>10<", "DampingDist><", "how far before the waypoint"),
        ("DampingDist>10<", "DampingDist>-1<", "expected 0 or more"),
        ("relativeToStartPoint", "barometer", "executeHeightMode: given 'barometer'"),
        ("safely", "slowly", "flyToWaylineMode: given 'slowly'"),
        ("RTHHeight>100<", "RTHHeight>-1<", "globalRTHHeight: given -1"),
        ("goHome", "crash", "finishAction: given 'crash'"),
        ("hoverTime>15<", "hoverTime>-15<", "hovers for -15 s"),
        ("hoverTime>15<", "hoverTime>1e9<", "hovers for 1e\\+09 s"),
        ("StartIndex>2<", "StartIndex>3<", "from waypoint 3 to 2"),
        ("EndIndex>2<", "EndIndex>99999<", "expected a range up to 65535"),
        ("wpmz/1.0.6", "wpmz/2.0.0", "version .*2.0.0 of the format is not known"),
        ("http://www.dji.com/wpmz/1.0.6", "urn:x", "expected kml with elements of"),
        ("<Folder>", "<folder>", "not an XML document"),
    ],
)
def test_a_fault_is_refused_by_name(old: str, new: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"(?s)inspection.*{message}"):
        one(changed(WAYLINES, old, new))


def test_take_off_is_latitude_first_and_checked() -> None:
    template = changed(TEMPLATE, "22.542000,113.949000,8.500000", "113.949,22.542,8.5")
    with pytest.raises(InvalidInputError, match=r"takeOffRefPoint.*look swapped"):
        one(inspection(template=template))
    template = changed(TEMPLATE, "22.542000,113.949000,8.500000", "22.542,113.949")
    with pytest.raises(InvalidInputError, match="expected latitude,longitude,height"):
        one(inspection(template=template))


def test_a_template_of_an_area_has_no_lines_to_fly() -> None:
    content = changed(TEMPLATE, "<wpml:templateType>waypoint", "<wpml:templateType>mapping2d")
    with pytest.raises(InvalidInputError, match=r"mapping2d.*export the route again"):
        one(content)


def test_a_file_without_lines_or_waypoints_is_refused() -> None:
    start, end = WAYLINES.index("    <Folder>"), WAYLINES.index("  </Document>")
    with pytest.raises(InvalidInputError, match="no lines in it"):
        one(WAYLINES[:start] + WAYLINES[end:])
    empty = re.sub(r"<Placemark>.*</Placemark>", "", WAYLINES, flags=re.DOTALL)
    with pytest.raises(InvalidInputError, match="it has no waypoints"):
        one(empty)
    with pytest.raises(InvalidInputError, match="no missionConfig"):
        one(without(WAYLINES, "missionConfig"))


# Archives that mean harm


@contextmanager
def bounded(*, seconds: float, megabytes: float) -> Iterator[None]:
    tracemalloc.start()
    began = process_time()
    try:
        yield
        spent = process_time() - began
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1e6
        assert spent < seconds
    finally:
        tracemalloc.stop()


def test_a_bomb_is_not_unpacked() -> None:
    bomb = package({"wpmz/waylines.wpml": bytes(50 * 2**20)})
    assert len(bomb) < 200_000
    with (
        bounded(seconds=5.0, megabytes=120.0),
        pytest.raises(InvalidInputError, match=r"waylines.wpml: more than \d+ bytes"),
    ):
        one(bomb)


def test_pictures_are_never_unpacked() -> None:
    content = package({"wpmz/waylines.wpml": WAYLINES, "wpmz/res/dsm.tif": bytes(50 * 2**20)})
    with bounded(seconds=5.0, megabytes=20.0):
        assert flight(one(content)) == flight(one(WAYLINES))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_documents_of_one_name_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("wpmz/waylines.wpml", WAYLINES)
        archive.writestr("wpmz/waylines.wpml", WAYLINES.replace(">60<", ">600<"))
    with pytest.raises(InvalidInputError, match=r"waylines\.wpml is in it 2 times"):
        one(buffer.getvalue())
    with pytest.raises(InvalidInputError, match=r"waylines\.wpml is in it 2 times"):
        one(package({"wpmz/waylines.wpml": WAYLINES, "waylines.wpml": WAYLINES}))


def test_other_packings_damage_and_other_archives_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="a method that the format does not have"):
        one(package({"wpmz/waylines.wpml": WAYLINES}, method=zipfile.ZIP_LZMA))
    whole = inspection()
    with pytest.raises(InvalidInputError, match="not an archive that can be read"):
        one(whole[: len(whole) // 2])
    middle = whole.index(b"waylines.wpml") + 40
    damaged = whole[:middle] + bytes(20) + whole[middle + 20 :]
    with pytest.raises(InvalidInputError, match="not an archive that can be read"):
        one(damaged)
    with pytest.raises(InvalidInputError, match=r"neither wpmz/waylines.wpml nor"):
        one(package({"doc.kml": TEMPLATE}))


def test_entities_are_refused() -> None:
    entity = '<!DOCTYPE kml [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><kml'
    with pytest.raises(InvalidInputError, match="refused: it declares a document type"):
        one(inspection(changed(WAYLINES, "<kml", entity)))
    with pytest.raises(InvalidInputError, match="refused: it declares a document type"):
        one(inspection(template=changed(TEMPLATE, "<kml", entity)))


def test_long_curves_are_refused_before_they_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowalt.formats.plans.flown.MOST_WAYPOINTS", 3_000)
    placemark = re.search(r"<Placemark>.*?</Placemark>", CONSUMER, re.DOTALL)
    assert placemark is not None
    many = "".join(
        placemark[0].replace("index>0<", f"index>{i}<").replace("113.96", f"11{i % 2 + 3}.96")
        for i in range(3, 200)
    )
    told = replace(TOLD, profile=replace(PROFILE, route=RouteRules(buffer_m=0.001)))
    with (
        bounded(seconds=5.0, megabytes=30.0),
        pytest.raises(InvalidInputError, match="more than 3,000 waypoints"),
    ):
        one(changed(CONSUMER, "</Folder>", f"{many}</Folder>"), name="fly.wpml", told=told)


def test_ranges_of_actions_over_all_waypoints_take_no_longer_than_their_file() -> None:
    group = re.search(r"<wpml:actionGroup>.*?</wpml:actionGroup>", WAYLINES, re.DOTALL)
    assert group is not None
    wide = group[0].replace("EndIndex>2", "EndIndex>65535").replace("StartIndex>2", "StartIndex>0")
    with bounded(seconds=5.0, megabytes=60.0):
        draft = one(changed(WAYLINES, group[0], wide * 1000))
    places = pairwise(flight(draft))
    stay_s = [after[3] - before[3] for before, after in places if before[:3] == after[:3]]
    assert stay_s == pytest.approx([15_000.0] * 4)
