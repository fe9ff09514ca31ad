"""The UOM-USS application form: what it declares, what it refuses to declare, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod
from shapely.geometry import Polygon

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan, read_plan
from lowalt.formats.exchange import Loss
from lowalt.formats.plans import uom
from lowalt.formats.plans.files import plan_format_of, read_plans, read_plans_bytes
from lowalt.terms import MissionKind
from lowalt.terrain import UniformTerrain

DATA = Path(__file__).parent / "data" / "plans" / "uom"
PLAN = (
    Path(__file__).parent.parent
    / "examples"
    / "plans"
    / "03_delivery_near_airport_filed_in_time.json"
)
ELLIPSOID = Geod(ellps="WGS84")

# Decree 761 art. 31(2), in its order; written down here once more, for the form has names of none.
ARTICLE_31 = (
    "relay_by_base_station_or_internet",
    "dangerous_goods_or_dropping",
    "over_assembled_crowd",
    "from_moving_vehicle",
    "distributed_or_swarm",
)


def plan_with(**changes: Any) -> FlightPlan:
    """The delivery plan with parts of it changed; ``None`` takes one away."""
    document = json.loads(PLAN.read_text("utf-8"))
    for key, value in changes.items():
        within = document
        *parents, last = key.split("__")
        for parent in parents:
            within = within[parent]
        within[last] = value
    return parse_plan(document)


def flags(**stated: bool | None) -> dict[str, bool | None]:
    return {name: stated.get(name, False) for name in ARTICLE_31}


def form_of(plan: FlightPlan, **options: Any) -> tuple[dict[str, Any], tuple[Loss, ...]]:
    written = uom.write([plan], **options)
    (application,) = json.loads(written.content)["applications"]
    return application, written.losses


def test_a_delivery_is_written_as_the_form_kept_here() -> None:
    written = uom.write([read_plan(PLAN)])
    assert json.loads(written.content) == json.loads((DATA / "delivery.json").read_bytes())
    assert {loss.what for loss in written.losses} == {"waypoints", "the rest"}
    assert plan_format_of(written.content, name="form.json") == "uom"


def test_the_form_says_that_it_is_a_draft_and_whose_names_it_has() -> None:
    form = json.loads(uom.write([read_plan(PLAN)]).content)
    assert (form["format"], form["status"]) == ("lowalt/uom-uss-application", "draft")
    assert set(form["basis"]) == {"zh", "en"}


@pytest.mark.parametrize("flag", ARTICLE_31)
def test_one_unknown_flag_refuses_the_whole_form_and_is_named(flag: str) -> None:
    unknown = plan_with(special_operations={**flags(), flag: None})
    with pytest.raises(InvalidInputError) as refusal:
        uom.write([read_plan(PLAN).model_copy(update={"plan_id": "whole"}), unknown])
    (problem,) = refusal.value.problems
    assert problem.where == f"baoan-delivery-in-time: special_operations.{flag}"


def test_all_that_is_missing_is_named_at_once() -> None:
    bare = plan_with(special_operations=None, mission=None, vertical_buffer_m=None)
    with pytest.raises(InvalidInputError) as refusal:
        uom.write([bare])
    assert [problem.where for problem in refusal.value.problems] == [
        *(f"special_operations.{flag}" for flag in ARTICLE_31),
        "mission.urgency",
        "vertical_buffer_m",
    ]


@pytest.mark.parametrize(("place", "flag"), list(enumerate(ARTICLE_31)))
def test_each_flag_has_its_place_in_the_order_of_article_31(place: int, flag: str) -> None:
    plan = plan_with(special_operations=flags(**{flag: True}), payload=None)
    application, _ = form_of(plan)
    assert application["special_flags"] == "0" * place + "1" + "0" * (4 - place)
    assert application["attachments_needed"] == ["approval_document"]
    again = read_plans_bytes(uom.write([plan]).content).plans[0].special_operations
    assert again == plan.special_operations


@pytest.mark.parametrize(
    ("urgency", "asked", "code"),
    [
        ("normal", None, "11"),
        ("urgent", None, "12"),
        ("specially_urgent", None, "13"),
        ("normal", "21", "21"),
        (None, "31", "31"),
        (None, "12", "12"),
    ],
)
def test_the_type_is_that_of_the_urgency_or_the_one_asked_for(
    urgency: str | None, asked: str | None, code: str
) -> None:
    application, _ = form_of(plan_with(mission__urgency=urgency), plan_type=asked)
    assert application["plan_type"] == code


@pytest.mark.parametrize(
    ("urgency", "asked", "named"),
    [
        ("normal", "12", "its type is 11"),
        (None, None, "--plan-type"),
        ("normal", "14", r"13 \(specially urgent plan\)"),
    ],
)
def test_a_type_that_is_wrong_or_unknown_is_refused(
    urgency: str | None, asked: str | None, named: str
) -> None:
    with pytest.raises(InvalidInputError, match=named):
        uom.write([plan_with(mission__urgency=urgency)], plan_type=asked)


KNOWN_CODES = {
    "medical_rescue": "113",
    "forest_firefighting": "121",
    "forest_patrol": "121",
    "city_firefighting": "122",
    "patrol": "129",
    "delivery": "140",
}


@pytest.mark.parametrize("kind", list(MissionKind))
def test_a_task_has_a_code_only_where_the_draft_has_one_for_it(kind: MissionKind) -> None:
    application, losses = form_of(plan_with(mission__kind=str(kind)))
    assert application["task"]["code"] == KNOWN_CODES.get(kind)
    assert application["task"]["name"] == {"zh": kind.zh, "en": kind.en}
    assert (kind in KNOWN_CODES) != ("task code" in {loss.what for loss in losses})


def test_blood_may_be_aeromedical_or_cargo_and_is_left_to_the_operator() -> None:
    _, losses = form_of(plan_with(mission__kind="blood_transport"))
    (loss,) = [loss for loss in losses if loss.what == "task code"]
    assert "113 or 140" in loss.how


def test_aerial_photography_needs_a_surveying_certificate() -> None:
    application, _ = form_of(plan_with(mission__kind="aerial_photography"))
    assert application["attachments_needed"] == ["surveying_certificate"]


def test_what_nobody_has_stated_is_listed_and_what_there_is_none_of_is_not() -> None:
    application, losses = form_of(
        plan_with(
            aircraft=None,
            mission__kind=None,
            operator__certificate={"held": False},
            pilots=[{"licence": {"largest_class": "none"}}, {"name": "示例"}],
        )
    )
    assert application["unknown"] == [
        "mission.kind",
        "aircraft.registration.mark",
        "aircraft.model",
        "aircraft.serial_number",
        "aircraft.count",
        "pilots[0].name",
        "pilots[1].licence.number",
    ]
    assert set(application["unknown"]) <= {loss.what for loss in losses}


def route(*levels: tuple[float, str], **buffers: float) -> FlightPlan:
    waypoints = [
        {
            "lon_deg": 113.95 + 0.01 * number,
            "lat_deg": 22.54,
            "level": {"value_m": value_m, "reference": reference},
            "time": f"2026-06-10T10:{number:02}:00+08:00",
        }
        for number, (value_m, reference) in enumerate(levels)
    ]
    return plan_with(
        waypoints=waypoints,
        departure_site=None,
        landing_site=None,
        alternate_sites=None,
        **buffers,
    )


@pytest.mark.parametrize(
    ("plan", "bottom_m", "top_m"),
    [
        (route((80, "AGL"), (100.01, "AGL"), vertical_buffer_m=5.0), 75.0, 105.1),
        (route((100, "AMSL"), (120, "AMSL"), vertical_buffer_m=5.0), 65.0, 95.0),
        (route((60, "ATO"), (60, "ATO"), vertical_buffer_m=2.5), 57.5 - 24.0, 62.5 - 24.0),
        (route((0, "AGL"), (3, "AGL"), vertical_buffer_m=5.0), 0.0, 8.0),
    ],
)
def test_true_heights_are_those_over_the_ground_rounded_outwards(
    plan: FlightPlan, bottom_m: float, top_m: float
) -> None:
    application, _ = form_of(plan, terrain=UniformTerrain(30.0))  # take-off is at 6 m
    (volume,) = application["volumes"]
    heights = (volume["bottom_true_height_m"], volume["top_true_height_m"])
    assert heights == pytest.approx((bottom_m, top_m))


def test_a_true_height_over_unknown_ground_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="--terrain"):
        uom.write([route((100, "AMSL"), (100, "AMSL"), vertical_buffer_m=5.0)])


def test_a_long_leg_has_corners_on_its_geodesic_for_who_draws_it_otherwise() -> None:
    plan = plan_with(
        waypoints=[
            {**json.loads(PLAN.read_text("utf-8"))["waypoints"][0], "lon_deg": lon_deg, "time": at}
            for lon_deg, at in (
                (113.9, "2026-06-10T10:00:00+08:00"),
                (114.0, "2026-06-10T10:20:00+08:00"),
            )
        ],
        departure_site=None,
        landing_site=None,
    )
    application, _ = form_of(plan)
    line = application["volumes"][0]["line"]
    assert len(line) == 12  # 10.3 km
    expected = ELLIPSOID.npts(113.9, 22.5655, 114.0, 22.5655, 10)
    for corner, place in zip(line[1:-1], expected, strict=True):
        assert corner == pytest.approx(place, abs=1e-9)


def test_a_hover_is_a_circle_and_an_area_is_itself() -> None:
    waypoints = json.loads(PLAN.read_text("utf-8"))["waypoints"][:2]
    application, _ = form_of(plan_with(waypoints=waypoints, landing_site=None))
    circle = {"lon_deg": 113.879, "lat_deg": 22.5655, "radius_m": 30.0}
    assert application["volumes"] == [
        {
            "shape": "circle",
            "circle": circle,
            "bottom_true_height_m": 0.0,
            "top_true_height_m": 95.0,
        }
    ]
    plan = read_plans_bytes(uom.write([plan_with(waypoints=waypoints, landing_site=None)]).content)
    again, _ = form_of(plan.plans[0])
    assert again["volumes"] == application["volumes"]


# Back


def test_a_form_is_read_as_the_area_its_line_covers() -> None:
    reading = read_plans(DATA / "delivery.json")
    (plan,) = reading.plans
    area, original = plan.operating_area, read_plan(PLAN)
    assert area is not None
    assert plan.plan_id == "baoan-delivery-in-time"
    assert (str(area.floor), str(area.ceiling)) == ("0 m AGL", "95 m AGL")
    assert (area.start, area.end) == (original.departure, original.arrival)
    assert plan.special_operations == original.special_operations
    assert plan.mission is not None
    assert original.mission is not None
    assert plan.mission.urgency is original.mission.urgency
    assert plan.mission.kind is original.mission.kind
    assert plan.aircraft is not None
    assert plan.aircraft.registration is not None
    assert plan.aircraft.registration.mark == "UASEXAMPL03"
    assert (plan.pilots or ())[0].licence is not None
    assert [loss.what for loss in reading.losses] == ["line"]
    # 1510 m of route, 60 m wide, and half a circle at each end.
    lon, lat = zip(*(area.polygon or ()), strict=True)
    assert abs(ELLIPSOID.polygon_area_perimeter(lon, lat)[0]) == pytest.approx(93_400.0, rel=0.01)


def test_what_is_read_back_makes_the_same_form_but_for_its_line() -> None:
    application, _ = form_of(read_plans(DATA / "delivery.json").plans[0])
    (original,) = json.loads((DATA / "delivery.json").read_bytes())["applications"]
    for key in set(original) - {"volumes"}:
        assert application[key] == original[key], key


def test_plans_that_differ_by_place_and_time_are_one_long_term_plan() -> None:
    here, there = plan_with(), route((50, "AGL"), (60, "AGL"), vertical_buffer_m=5.0)
    written = uom.write([here, there.model_copy(update={"plan_id": "b"})], plan_type="21")
    (application,) = json.loads(written.content)["applications"]
    assert [volume["top_true_height_m"] for volume in application["volumes"]] == [95.0, 65.0]
    assert (application["start"], application["end"]) == (
        "2026-06-10T10:00:00+08:00",
        "2026-06-10T10:03:08+08:00",
    )
    reading = read_plans_bytes(written.content, name="long.json")
    assert [plan.plan_id for plan in reading.plans] == [f"{here.plan_id}#{n}" for n in (1, 2)]
    assert reading.plans[0].mission is not None
    assert reading.plans[0].mission.urgency is None  # 21 does not say it
    other = plan_with(aircraft__count=2, plan_id="other")
    with pytest.raises(InvalidInputError, match="another aircraft"):
        uom.write([here, other], plan_type="21")


def broken(path: str, value: Any) -> bytes:
    form = json.loads((DATA / "delivery.json").read_bytes())
    at: Any = form
    *parents, last = path.split(".")
    for key in parents:
        at = at[int(key)] if key.isdigit() else at[key]
    at[last] = value
    return json.dumps(form).encode()


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("status", "final", "draft"),
        ("applications", [], "at least 1"),
        ("applications.0.special_flags", "0000", "special_flags"),
        ("applications.0.special_flags", "00002", "special_flags"),
        ("applications.0.plan_type", "14", "plan_type"),
        ("applications.0.colour", "red", "no such key"),
        ("applications.0.start", "2026-06-10T10:00:00", "start"),
        ("applications.0.volumes.0.width_is", "half", "width_is"),
        ("applications.0.volumes.0.shape", "sphere", "shape"),
        ("applications.0.volumes.0.line", [[113.9, 22.5], [22.5, 113.9]], "swapped"),
        ("applications.0.volumes.0.line", [[-113.9, 22.5], [113.9, 22.5]], "5,000 km"),
    ],
)
def test_what_is_wrong_with_a_form_is_named(path: str, value: Any, named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        read_plans_bytes(broken(path, value), name="form.json", format="uom")


def test_a_line_that_crosses_itself_a_million_times_is_covered_by_its_hull() -> None:
    line = [[113.9 + 0.0007 * (n * n % 7), 22.5 + 0.0011 * (n * n * n % 11)] for n in range(1500)]
    content = broken("applications.0.volumes.0.line", line)
    (plan,) = read_plans_bytes(content, name="form.json").plans
    assert plan.operating_area is not None
    lon, lat = zip(*line, strict=True)
    west, south, east, north = Polygon(plan.operating_area.polygon or ()).bounds
    assert west < min(lon) < max(lon) < east
    assert south < min(lat) < max(lat) < north
