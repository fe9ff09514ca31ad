"""The operator's profile, and how it completes what a file says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lowalt.errors import InvalidInputError, UnknownNameError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.formats.plans.completing import completed
from lowalt.formats.plans.exchange import Draft
from lowalt.formats.plans.profile import (
    OperatorProfile,
    Performance,
    ReadingRules,
    RouteRules,
    parse_profile,
    profile_beside,
    read_profile,
)
from lowalt.levels import VerticalReference

START = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
WHOLE = """
[route]
buffer_m = 20
vertical_buffer_m = 5.0
return_height_ato_m = 60.0
[performance]
cruise_m_s = 10.0
climb_m_s = 3.0
[reading]
gpx_elevation = "AMSL"
datum = "WGS84"
[operator]
name = "示例无人机公司"
kind = "unit"
certificate = { held = true, issued_on = 2025-08-18, valid_until = 2027-08-17 }
[[pilots]]
name = "示例飞手"
licence = { largest_class = "small", bvlos_rating = true }
[mission]
kind = "inspection"
task_order = { held = true, issued_at = 2026-06-09T10:00:00+08:00 }
[special_operations]
distributed_or_swarm = false
[sites.departure]
name = "基地"
lon_deg = 113.9502
lat_deg = 22.5431
elevation_amsl_m = 12.0
[aircraft]
count = 1
is_unmanned = true
[fleet.m30t]
wpml_drone = [67, 1]
model = "DJI M30T"
registration = { state = "normal", mark = "UAS12345678" }
"""


def profile(text: str, *, name: str = "operator.toml") -> OperatorProfile:
    return parse_profile(text.encode(), name=name)


def refusal(text: str) -> str:
    with pytest.raises(InvalidInputError) as refused:
        profile(text)
    return str(refused.value)


def draft(
    *,
    at: tuple[float, float] = (113.9502, 22.5431),
    least_buffer_m: float = 0.0,
    **more: Any,
) -> Draft:
    """A hop of a hundred metres north."""
    waypoints = [
        {
            "lon_deg": at[0],
            "lat_deg": at[1] + step / 1000.0,
            "level": {"value_m": 80.0, "reference": "ATO"},
            "time": f"2026-06-10T10:0{step}:00+08:00",
        }
        for step in (0, 1)
    ]
    document = {"plan_id": "p", "datum": "WGS84", "waypoints": waypoints, **more}
    return Draft(document, least_buffer_m=least_buffer_m)


def complete(a_draft: Draft, text: str = "") -> tuple[FlightPlan, list[str]]:
    plan, losses = completed(
        a_draft, profile=profile(text) if text else OperatorProfile(), name="hop.plan"
    )
    return plan, [f"{loss.what}: {loss.how}" for loss in losses]


# The file


def test_a_whole_profile_is_read_in_the_plans_own_names() -> None:
    told = profile(WHOLE)
    assert told.route == RouteRules(buffer_m=20.0, vertical_buffer_m=5.0, return_height_ato_m=60.0)
    assert told.performance == Performance(cruise_m_s=10.0, climb_m_s=3.0)
    assert told.reading == ReadingRules(gpx_elevation=VerticalReference.AMSL, datum="WGS84")
    assert told.departure_site == {
        "name": "基地", "lon_deg": 113.9502, "lat_deg": 22.5431, "elevation_amsl_m": 12.0,
    }  # fmt: skip
    assert told.wpml_drones == {(67, 1): "m30t"}
    assert told.fleet["m30t"]["registration"]["mark"] == "UAS12345678"
    assert told.document["operator"]["certificate"]["issued_on"] == "2025-08-18"
    assert told.document["mission"]["task_order"]["issued_at"] == "2026-06-09T10:00:00+08:00"
    assert set(told.document) == {
        "operator", "pilots", "mission", "special_operations", "aircraft",
    }  # fmt: skip


def test_the_digest_is_of_the_file() -> None:
    # sha256sum of nothing
    assert profile("").digest.startswith("e3b0c44298fc1c14")


def test_one_of_the_fleet_stands_in_for_the_usual_aircraft_of_which_nothing_stays() -> None:
    told = profile(WHOLE).with_aircraft("m30t")
    assert told.document["aircraft"] == told.fleet["m30t"]
    with pytest.raises(UnknownNameError, match=r"no aircraft 'm300' in operator.toml.*: m30t"):
        profile(WHOLE).with_aircraft("m300")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rout]", "rout: given an empty object; unknown key: did you mean route?"),
        ("[route]\nbufer_m = 2", "route.bufer_m: given 2; unknown key: did you mean buffer_m?"),
        ("[route]\nbuffer_m = -3", "route.buffer_m: given -3; expected a number, 0 or more"),
        ("[route]\nbuffer_m = nan", "route.buffer_m: given NaN; expected a number, 0 or more"),
        ("[route]\nbuffer_m = true", "route.buffer_m: given true; expected a number"),
        ("[performance]\nclimb_m_s = 0", "expected a number, more than 0"),
        ("[performance]\nloiter_radius_m = 0", "expected a number, more than 0"),
        ("[performance]\nturn_radius_m = 0.0", "expected a number, more than 0"),
        ("route = 3", "route: given 3; expected a table: [route]"),
        ("[reading]\ndatum = 'GCJ02'", 'reading.datum: given "GCJ02"; expected WGS84 or CGCS2000'),
        ("[reading]\ngpx_elevation = 'AGL'", "expected AMSL or HAE"),
        ("[operator]\nnam = 'x'", "operator.nam: given \"x\"; unknown key: did you mean name?"),
        ("[operator]\nkind = 'unt'", "did you mean unit?"),
        ("datum = 'WGS84'", "say it as datum under [reading]"),
        ("plan_id = 'x'", "every plan has its own"),
        ("[departure_site]", "say it under [sites.departure]"),
        ("[sites.home]", "sites.home: given an empty object; unknown key: expected one of"),
        ("[sites.departure]\nelevation = 1", "did you mean elevation_amsl_m?"),
        ("[sites.departure]\nlon_deg = 22.5\nlat_deg = 113.9", "these look swapped"),
        ("[fleet.a]\nwpml_drone = [67]", "fleet.a.wpml_drone: given a list of 1; expected"),
        ("[fleet.a]\nemty_mass_kg = 1", "fleet.a.emty_mass_kg: given 1; unknown key"),
        ("[fleet]\na.wpml_drone = [67, 1]\nb.wpml_drone = [67, 1]", "the code of a too"),
        ("[mission]\ntask_order.issued_at = 2026-06-09T10:00:00", "task_order.issued_at: given"),
        ("[mission]\ntask_order.issued_at = 10:00:00", "expected a time"),
        ("[[pilots]]\nname = ''", "pilots[0].name: given \"\"; expected some text"),
        ("[special_operations]\ndistributed_or_swarm = 1", "expected true or false"),
        ("special_support = 3", "special_support: given 3; expected text in quotes"),
        ("coordinates_checked = true", "nobody can say so of every file"),
        ("a = 1\na = 2", "operator.toml: not a TOML document"),
        ("a = " + "[" * 5000, "operator.toml: not a "),
        ("a = " + "9" * 5000, "operator.toml: not a TOML document"),
    ],
)  # fmt: skip
def test_a_key_at_fault_is_named_with_the_next_step(text: str, message: str) -> None:
    assert message in refusal(text)


def test_all_faults_are_told_at_once() -> None:
    message = refusal("[route]\nbufer_m = 2\n[operator]\nnam = 'x'\nkind = 'unt'")
    assert message.startswith("operator.toml: 3 problems")


def test_a_profile_that_is_no_utf_8_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="not UTF-8"):
        parse_profile("operator.name = '示例'".encode("gbk"))


def test_the_profile_beside_a_plan_is_found_and_none_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    assert profile_beside(tmp_path / "a.plan") is None
    (tmp_path / "operator.toml").write_text("route.buffer_m = 7", encoding="utf-8")
    for path in (tmp_path / "a.plan", tmp_path):
        beside = profile_beside(path)
        assert beside is not None
        assert beside.route.buffer_m == 7.0
    assert profile_beside(tmp_path / "plans" / "a.plan") is None
    assert read_profile(tmp_path / "operator.toml").name == "operator.toml"


def test_a_profile_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "operator.toml"
    with path.open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(InvalidInputError, match="more than 1048576 bytes"):
        read_profile(path)


# Completing


def test_what_the_plan_says_goes_before_the_profile_key_by_key_and_lists_as_a_whole() -> None:
    plan, told_of = complete(
        draft(operator={"name": "another"}, pilots=[{"name": "x"}], route_buffer_m=3.0), WHOLE
    )
    assert plan.operator is not None
    assert plan.operator.name == "another"
    assert plan.operator.kind == "unit"
    assert plan.pilots is not None
    assert [pilot.name for pilot in plan.pilots] == ["x"]
    assert plan.pilots[0].licence is None
    assert plan.route_buffer_m == 3.0
    assert "operator.kind: taken from operator.toml" in told_of
    assert not any(line.startswith(("pilots", "operator.name")) for line in told_of)


def test_an_empty_list_of_the_plan_says_none_and_is_not_filled() -> None:
    plan, _ = complete(draft(pilots=[], route_buffer_m=3.0), WHOLE)
    assert plan.pilots == ()


def test_every_key_taken_is_told_once_at_its_outermost() -> None:
    _, told_of = complete(draft(), WHOLE)
    assert told_of == [
        f"{key}: taken from operator.toml"
        for key in (
            "route_buffer_m", "vertical_buffer_m", "operator", "pilots", "mission",
            "special_operations", "aircraft", "departure_site", "take_off_elevation_amsl_m",
        )
    ]  # fmt: skip


FLEET = """
[aircraft]
model = "DJI M300 RTK"
serial_number = "1"
max_takeoff_mass_kg = 9.0
registration = { mark = "UAS1" }
[fleet.near]
model = "DJI M30T"
registration = { mark = "UAS2" }
[fleet.far]
model = "dji  m3e"
registration = { mark = "UAS3" }
[fleet.farther]
model = "DJI M3E"
registration = { mark = "UAS4" }
"""


@pytest.mark.parametrize(
    ("stated", "mass_kg", "mark", "tells"),
    [
        ({}, 9.0, "UAS1", "aircraft: taken"),
        ({"model": " dji m300 RTK"}, 9.0, "UAS1", "aircraft.max_takeoff_mass_kg: taken"),
        ({"model": "DJI M30T"}, None, "UAS2", "aircraft: 'near' of the fleet"),
        ({"model": "DJI M3E"}, None, None, "aircraft: the file is for 'dji m3e', which is not"),
        ({"registration": {"mark": "UAS4"}}, None, "UAS4", "aircraft: 'farther' of the fleet"),
        ({"registration": {"mark": "UAS9"}}, None, "UAS9", "aircraft: the file is for 'uas9'"),
        ({"model": "DJI M300 RTK", "serial_number": "2"}, None, None, "aircraft: the file is for"),
        ({"model": "DJI M300 RTK", "registration": {"mark": "UAS9"}}, None, "UAS9", "not the usua"),
    ],
)
def test_masses_and_papers_are_of_the_aircraft_that_the_file_names(
    stated: dict[str, Any], mass_kg: float | None, mark: str | None, tells: str
) -> None:
    plan, told_of = complete(draft(route_buffer_m=3.0, aircraft=stated or None), FLEET)
    assert any(tells in line for line in told_of)
    assert plan.aircraft is not None
    assert plan.aircraft.max_takeoff_mass_kg == mass_kg
    assert (plan.aircraft.registration and plan.aircraft.registration.mark) == mark


def test_a_usual_aircraft_without_a_name_is_every_aircraft() -> None:
    plan, _ = complete(
        draft(route_buffer_m=3.0, aircraft={"model": "DJI M30T"}), "aircraft.count = 1"
    )
    assert plan.aircraft is not None
    assert (plan.aircraft.model, plan.aircraft.count) == ("DJI M30T", 1)


def test_a_draft_that_says_all_is_the_plan_itself() -> None:
    said = draft(route_buffer_m=3.0)
    plan, losses = complete(said)
    assert plan == parse_plan(said.document)
    assert losses == []


@pytest.mark.parametrize("name", ["a\x1b[2JPERMITTED", "a\nPlan b: PERMITTED", "a\u202eb"])
def test_a_name_that_would_write_elsewhere_on_a_terminal_is_refused(name: str) -> None:
    with pytest.raises(InvalidInputError, match="with a control character") as refused:
        complete(draft(plan_id=name, route_buffer_m=3.0))
    assert name not in str(refused.value)


def test_without_buffer_and_datum_both_are_asked_for() -> None:
    incomplete = draft(datum=None)
    with pytest.raises(InvalidInputError) as refused:
        complete(incomplete)
    assert str(refused.value).startswith("hop.plan: p: it leaves open what a plan must say")
    assert [problem.where for problem in refused.value.problems] == ["datum", "route_buffer_m"]


def test_a_buffer_too_narrow_for_its_turns_is_widened_and_said_so() -> None:
    plan, told_of = complete(draft(least_buffer_m=40.21), WHOLE)
    assert plan.route_buffer_m == 40.3
    assert told_of[0] == (
        "route_buffer_m: widened from 20 m to 40.3 m, which turns and curves need"
    )


def test_a_buffer_wide_enough_stays() -> None:
    plan, _ = complete(draft(least_buffer_m=19.9), WHOLE)
    assert plan.route_buffer_m == 20.0


def test_a_site_more_than_2_km_from_where_the_flight_begins_is_left_out() -> None:
    near, told_of_near = complete(draft(at=(113.9502, 22.5431 + 0.0179)), WHOLE)
    far, told_of_far = complete(draft(at=(113.9502, 22.5431 + 0.0182)), WHOLE)
    assert near.departure_site is not None
    assert near.departure_site.name == "基地"
    assert near.take_off_elevation_amsl_m == 12.0
    assert far.departure_site is None
    assert far.take_off_elevation_amsl_m is None
    assert "departure_site: that of operator.toml is 2.0 km away: left out" in told_of_far
    assert not any("away" in line for line in told_of_near)


def test_the_elevation_of_a_site_is_not_that_of_a_take_off_point_elsewhere() -> None:
    site = {"lon_deg": 113.9502, "lat_deg": 22.5451}  # 220 m north of the profile's
    plan, _ = complete(draft(departure_site=site), WHOLE)
    assert plan.departure_site is not None
    assert plan.departure_site.name is None
    assert plan.take_off_elevation_amsl_m is None


def test_the_landing_site_is_compared_with_the_end() -> None:
    text = "route.buffer_m = 3\n[sites.landing]\nname = '场'\nlon_deg = 113.9502\nlat_deg = 22.5441"
    plan, _ = complete(draft(), text)
    assert plan.landing_site is not None
    assert plan.landing_site.name == "场"
    plan, told_of = complete(draft(at=(114.2, 22.6)), text)
    assert plan.landing_site is None
    assert any(line.startswith("landing_site: that of operator.toml is 2") for line in told_of)


def area(**shape: Any) -> Draft:
    levels = {
        key: {"value_m": value_m, "reference": "AGL"}
        for key, value_m in (("floor", 0.0), ("ceiling", 100.0))
    }
    period = {"start": "2026-06-10T10:00:00+08:00", "end": "2026-06-10T10:20:00+08:00"}
    document = {"plan_id": "p", "datum": "WGS84", "operating_area": {**shape, **levels, **period}}
    return Draft(document)


@pytest.mark.parametrize(
    ("shape", "is_near"),
    [
        ({"circle": {"lon_deg": 113.9502, "lat_deg": 22.58, "radius_m": 2200.0}}, True),
        ({"circle": {"lon_deg": 113.9502, "lat_deg": 22.58, "radius_m": 2000.0}}, False),
        ({"polygon": [[113.94, 22.56], [113.96, 22.56], [113.96, 22.6]]}, True),
        ({"polygon": [[113.94, 22.57], [113.96, 22.57], [113.96, 22.6]]}, False),
    ],
)
def test_of_an_area_the_nearest_place_counts_and_no_buffer_is_taken(
    shape: dict[str, Any], is_near: bool
) -> None:
    plan, _ = complete(area(**shape), WHOLE)
    assert (plan.departure_site is not None) is is_near
    assert plan.route_buffer_m is None


def test_what_contradicts_the_profile_is_refused_with_its_name() -> None:
    dropping = draft(payload={"drops_objects": True}, route_buffer_m=3.0)
    with pytest.raises(InvalidInputError) as refused:
        complete(dropping, "special_operations.dangerous_goods_or_dropping = false")
    assert str(refused.value).startswith(
        "hop.plan: p: no plan, with what operator.toml says: 1 problem"
    )


def test_a_faulty_draft_is_refused_with_every_problem() -> None:
    faulty = draft(route_buffer_m="wide", operator={"nam": "x"}, departure_site="home")
    with pytest.raises(InvalidInputError) as refused:
        complete(faulty)
    assert str(refused.value).startswith("hop.plan: p: no plan: 3 problems")


@pytest.mark.parametrize(
    "broken",
    [
        {"waypoints": None}, {"waypoints": 3}, {"waypoints": []}, {"waypoints": [3, None]},
        {"waypoints": [{"lon_deg": "x"}]}, {"operating_area": 3},
        {"operating_area": {"circle": 3}}, {"operating_area": {"polygon": [1, 2]}},
        {"operating_area": {"polygon": [["a", "b"]]}}, {"operating_area": {"circle": {}}},
    ],
)  # fmt: skip
def test_a_draft_of_nonsense_is_refused_in_our_words(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        complete(Draft({"plan_id": "p", "datum": "WGS84", **broken}), WHOLE)


def test_every_part_of_a_plan_can_be_said_by_a_profile_or_says_where_it_is() -> None:
    for key in FlightPlan.model_fields:
        message = ""
        try:
            profile(f"{key} = 'x'")
        except InvalidInputError as error:
            message = str(error)
        assert "unknown key" not in message, key
