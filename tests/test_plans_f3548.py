"""Operational intents: read as areas, and volumes written that hold the whole flight."""

from __future__ import annotations

import copy
import csv
import json
import math
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import Point, Polygon

from lowalt.conflicts.volumes.f3548 import volumes_of
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan, read_plan
from lowalt.formats.plans import f3548
from lowalt.formats.plans.exchange import Told
from lowalt.formats.plans.files import plan_format_of, read_plans, read_plans_bytes
from lowalt.geodesy import LocalFrame
from lowalt.terrain import FloatArray, UniformTerrain, load_geoid

DATA = Path(__file__).parent / "data" / "plans" / "f3548"
EXAMPLES = Path(__file__).parent.parent / "examples" / "plans"
ELLIPSOID = Geod(ellps="WGS84")
START = datetime(2026, 6, 10, 2, tzinfo=UTC)
GEOID = load_geoid()


def document(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))


def read(value: Any, name: str = "intent.json") -> FlightPlan:
    (plan,) = read_plans_bytes(json.dumps(value).encode(), name=name).plans
    return plan


def written(plan: FlightPlan, **models: Any) -> list[dict[str, Any]]:
    content = json.loads(f3548.write([plan], **models).content)
    volumes: list[dict[str, Any]] = content["operational_intent"]["details"]["volumes"]
    return volumes


# Reading


def test_a_single_volume_is_the_operating_area_as_it_is() -> None:
    reading = read_plans(DATA / "details.json")
    (plan,) = reading.plans
    area = plan.operating_area
    assert plan.plan_id == "2f8343be-6482-4d1b-a474-16847e01af1e"
    assert plan.datum == "WGS84"
    assert area is not None
    assert area.circle is not None
    circle = (area.circle.lon_deg, area.circle.lat_deg, area.circle.radius_m)
    assert circle == (113.95, 22.54, 300.183)
    assert (str(area.floor), str(area.ceiling)) == ("5 m HAE", "100 m HAE")
    assert (area.start, area.end) == (START, START + timedelta(minutes=20))
    assert [loss.what for loss in reading.losses] == ["reference"]


def test_an_intent_is_read_in_whatever_it_is_wrapped() -> None:
    details = document("details.json")["operational_intent"]["details"]
    volumes = details["volumes"]
    area = read(details).operating_area
    for wrapped in (
        {"operational_intent": {"details": details}},
        {"details": details},
        {"extents": volumes, "state": "Accepted"},
        {"intended_flight": {"basic_information": {"area": volumes}}},
        {"operational_intents": [{"details": details}]},
        [{"operational_intent": {"details": details}}],
        volumes,
    ):
        plan = read(wrapped)
        assert plan.operating_area == area
        assert plan.plan_id == "intent"
        assert plan_format_of(json.dumps(wrapped).encode(), name="x.json") == "f3548"


def test_several_volumes_are_covered_for_all_of_their_time() -> None:
    reading = read_plans(DATA / "put.json")
    area = reading.plans[0].operating_area
    assert area is not None
    assert (str(area.floor), str(area.ceiling)) == ("20 m HAE", "90 m HAE")
    assert (area.start, area.end) == (START, START + timedelta(minutes=6))
    assert [loss.what for loss in reading.losses] == ["volumes"]
    assert "2 volumes" in reading.losses[0].how
    rim_lon, rim_lat, _ = ELLIPSOID.fwd(
        [113.95] * 72, [22.548] * 72, np.arange(0, 360, 5), [120.0] * 72
    )
    corners = [(113.94, 22.54), (113.94, 22.5404), (113.95, 22.5404), (113.95, 22.54)]
    outline = np.array(area.polygon)
    for lon_deg, lat_deg in [*corners, *zip(rim_lon, rim_lat, strict=True)]:
        assert around(outline, lon_deg, lat_deg).contains(Point(0, 0))
    west_lon, south_lat, east_lon, north_lat = Polygon(outline).bounds
    assert (west_lon, south_lat) == pytest.approx((113.94, 22.54), abs=1e-6)
    assert (east_lon, north_lat) == pytest.approx((113.951167, 22.549085), abs=1e-5)


def test_off_nominal_volumes_and_priority_are_told_of() -> None:
    reading = read_plans(DATA / "contingent.json")
    assert [loss.what for loss in reading.losses] == ["state", "priority"]
    assert reading.plans[0].mission is None  # a priority is no urgency of law


def test_a_broken_intent_does_not_stop_the_others_and_all_its_faults_are_named() -> None:
    reading = read_plans(DATA / "two_intents.json")
    assert [plan.plan_id for plan in reading.plans] == ["two_intents#1"]
    (refusal,) = reading.refused
    assert {problem.where.rpartition("volumes[0].")[2] for problem in refusal.problems} == {
        "volume.outline_circle.radius.units",
        "volume.altitude_lower.reference",
        "volume.altitude_upper",
        "time_start.value",
    }


def changed(path: str, value: Any) -> Any:
    """Details with another value, or without one, at a path of the first volume."""
    found = copy.deepcopy(document("details.json"))
    *parents, last = path.split(".")
    at = found["operational_intent"]["details"]["volumes"][0]
    for key in parents:
        at = at[key]
    at[last] = value
    return found


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("volume", [], "volumes[0].volume:"),
        ("volume.outline_polygon", {"vertices": []}, "given both"),
        ("volume.outline_circle", None, "given neither"),
        ("volume.outline_circle.radius.value", 0, "radius.value"),
        ("volume.outline_circle.radius.value", 1e300, "radius.value"),
        ("volume.outline_circle.center", [113.95, 22.54], "center.lng"),
        ("volume.outline_circle.center.lat", "22.54", "center.lat"),
        ("volume.outline_circle.center.lat", True, "center.lat"),
        ("volume.altitude_lower.value", 100.5, "no less than 100.5"),
        ("time_end.value", "2026-06-10T02:00:00Z", "a time after"),
        ("time_end.value", 1781057000, "time_end.value"),
        ("time_start", None, "time_start"),
    ],
)
def test_what_is_wrong_with_a_volume_is_named(path: str, value: Any, named: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        read(changed(path, value))
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"extents": []}, "given none"),
        ({"volumes": "all"}, "expected a list"),
        ({"operational_intents": []}, "an empty list"),
        ({"operational_intent_references": []}, "ask the USS"),
        ("volumes", "expected an operational intent"),
        ([[[]]], "expected"),
    ],
)
def test_what_is_no_operational_intent_is_refused(value: Any, named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        f3548.read(json.dumps(value).encode(), name="x.json", told=Told())


def test_more_vertices_than_an_intent_may_have_are_refused() -> None:
    angles = np.linspace(0.0, 2.0 * math.pi, 10_001, endpoint=False)
    vertices = [
        {"lng": 113.95 + 0.01 * math.cos(angle), "lat": 22.54 + 0.01 * math.sin(angle)}
        for angle in angles
    ]
    given = changed("volume", document("put.json")["extents"][0]["volume"])
    volume = given["operational_intent"]["details"]["volumes"][0]["volume"]
    volume["outline_polygon"]["vertices"] = vertices
    with pytest.raises(InvalidInputError, match="10,001 vertices"):
        read(given)


def test_volumes_on_two_continents_are_no_one_flight() -> None:
    given = document("put.json")
    given["extents"][1]["volume"]["outline_circle"]["center"] = {"lng": 22.548, "lat": 80.0}
    with pytest.raises(InvalidInputError, match="the right way round"):
        read(given)


# Writing: the oracle knows geodesics, the geoid's table and the ground, and nothing of the writer


class Slope:
    """Ground that rises to the east, the same along every leg however it is sampled."""

    name, spacing_m = "slope", 100.0

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        return 40.0 + 3000.0 * (lon_lat[:, 0] - 113.95)


@cache
def geoid_table() -> dict[tuple[int, int], float]:
    folder = resources.files("lowalt") / "airspace_data" / "geoid"
    text = (folder / "egm2008_pearl_river_delta.csv").read_text("utf-8")
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    table = {}
    for lon, lat, value in rows:
        table[round(float(lon) * 10), round(float(lat) * 10)] = float(value)
    return table


def undulation_m(lon_deg: float, lat_deg: float) -> float:
    """Bilinear between the nodes of the table, a tenth of a degree apart."""
    x, y = lon_deg * 10, lat_deg * 10
    i, j = math.floor(x), math.floor(y)
    u, v, table = x - i, y - j, geoid_table()
    south = (1 - u) * table[i, j] + u * table[i + 1, j]
    north = (1 - u) * table[i, j + 1] + u * table[i + 1, j + 1]
    return (1 - v) * south + v * north


def hae_m(level_m: float, reference: str, lon_deg: float, lat_deg: float) -> float:
    if reference == "HAE":
        return level_m
    zero_m = {"AMSL": 0.0, "ATO": 12.5, "AGL": 40.0 + 3000.0 * (lon_deg - 113.95)}[reference]
    return level_m + zero_m + undulation_m(lon_deg, lat_deg)


def around(outline: Any, lon_deg: float, lat_deg: float) -> Polygon:
    """A polygon as seen from a place, which is at 0, 0 and from which distances are true."""
    seen = Proj(f"+proj=aeqd +lon_0={lon_deg!r} +lat_0={lat_deg!r} +ellps=WGS84")
    lon, lat = np.asarray(outline, dtype=float).T
    return Polygon(np.column_stack(seen(lon, lat)))


def moment(given: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(given[name]["value"])


def holds(volume: dict[str, Any], *, lon_deg: float, lat_deg: float, at: datetime) -> bool:
    vertices = volume["volume"]["outline_polygon"]["vertices"]
    outline = [(vertex["lng"], vertex["lat"]) for vertex in vertices]
    in_time = moment(volume, "time_start") <= at <= moment(volume, "time_end")
    return in_time and around(outline, lon_deg, lat_deg).contains(Point(0, 0))


def between(volume: dict[str, Any], bottom_m: float, top_m: float) -> bool:
    lower, upper = (
        volume["volume"][name]["value"] for name in ("altitude_lower", "altitude_upper")
    )
    return bool(lower <= bottom_m + 0.005 and top_m - 0.005 <= upper)


def covered_throughout(
    plan: FlightPlan, volumes: list[dict[str, Any]], shares: list[float]
) -> bool:
    """Whether places at the edge of the airspace, on each leg, lie in volumes of their time."""
    waypoints, half_m = plan.waypoints or (), plan.route_buffer_m or 0.0
    beside_m = plan.vertical_buffer_m or 0.0
    for leg, (here, there) in enumerate(pairwise(waypoints)):
        azimuth, _, length_m = ELLIPSOID.inv(
            here.lon_deg, here.lat_deg, there.lon_deg, there.lat_deg
        )
        for number, share in enumerate(shares):
            lon, lat, _ = ELLIPSOID.fwd(here.lon_deg, here.lat_deg, azimuth, share * length_m)
            side = azimuth + 90.0 * number + 37.0 * leg * share
            edge_lon, edge_lat, _ = ELLIPSOID.fwd(lon, lat, side, half_m)
            level_m = here.level.value_m + share * (there.level.value_m - here.level.value_m)
            middle_m = hae_m(level_m, str(here.level.reference), lon, lat)
            at = here.time + share * (there.time - here.time)
            if not any(
                holds(volume, lon_deg=edge_lon, lat_deg=edge_lat, at=at)
                and between(volume, middle_m - beside_m, middle_m + beside_m)
                for volume in volumes
            ):
                return False
    return True


metres = st.floats(-3000.0, 3000.0)
steps = st.tuples(metres, metres, st.floats(0.0, 300.0), st.floats(5.0, 600.0))


def route(
    moves: list[tuple[float, float, float, float]], reference: str, **buffers: float
) -> FlightPlan:
    waypoints, time = [], START
    for east_m, north_m, level_m, seconds in moves:
        time += timedelta(seconds=seconds)
        waypoints.append(
            {
                "lon_deg": 113.95 + east_m / 102_800.0,
                "lat_deg": 22.54 + north_m / 110_800.0,
                "level": {"value_m": level_m, "reference": reference},
                "time": time,
            }
        )
    return parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "waypoints": waypoints,
            "take_off_elevation_amsl_m": 12.5,
            **buffers,
        }
    )


@given(
    st.lists(steps, min_size=2, max_size=4),
    st.sampled_from(["HAE", "AMSL", "ATO", "AGL"]),
    st.floats(0.0, 200.0),
    st.floats(0.0, 20.0),
    st.lists(st.floats(0.0, 1.0), min_size=2, max_size=4),
)
def test_every_place_of_a_flight_is_in_a_volume_of_its_time(
    moves: list[tuple[float, float, float, float]],
    reference: str,
    half_m: float,
    beside_m: float,
    shares: list[float],
) -> None:
    plan = route(moves, reference, route_buffer_m=half_m, vertical_buffer_m=beside_m)
    volumes = written(plan, terrain=Slope(), geoid=GEOID)
    assert len(volumes) == len(moves) - 1
    assert covered_throughout(plan, volumes, shares)


def test_a_hover_and_a_climb_are_covered_and_not_by_much() -> None:
    plan = route(
        [(0, 0, 0, 0.25), (0, 0, 80, 20), (1000, 0, 80, 100), (1000, 0, 80, 60)],
        "ATO",
        route_buffer_m=25.0,
        vertical_buffer_m=5.0,
    )
    climb, leg, hover = written(plan, geoid=GEOID)
    assert covered_throughout(plan, [climb, leg, hover], [0.0, 0.3, 0.9, 1.0])
    assert climb["time_start"]["value"] == "2026-06-10T02:00:00Z"
    assert climb["time_end"]["value"] == "2026-06-10T02:00:21Z"
    # 12.5 m above the sea, which is 3.4 m below the ellipsoid there.
    assert climb["volume"]["altitude_lower"]["value"] == pytest.approx(12.5 - 5.0 - 3.4, abs=0.3)
    assert climb["volume"]["altitude_upper"]["value"] == pytest.approx(12.5 + 85.0 - 3.4, abs=0.3)
    for volume, area_m2 in ((leg, 2 * 25 * 1000 + math.pi * 25**2), (hover, math.pi * 25**2)):
        vertices = volume["volume"]["outline_polygon"]["vertices"]
        outline = [(vertex["lng"], vertex["lat"]) for vertex in vertices]
        assert around(outline, 113.95, 22.54).area == pytest.approx(area_m2, rel=0.01)


def test_a_leg_of_120_km_is_covered_in_parts() -> None:
    plan = route(
        [(0, 0, 500, 1), (0, -80_000, 300, 1800)],
        "AMSL",
        route_buffer_m=900.0,
        vertical_buffer_m=50.0,
    )
    volumes = written(plan, geoid=GEOID)
    assert len(volumes) == 2
    assert covered_throughout(plan, volumes, [0.0, 0.2, 0.61, 0.63, 0.8, 1.0])


def test_a_survey_of_900_legs_fits_the_vertices_of_an_intent() -> None:
    moves = [
        (20.0 * (n // 2 % 80), 1500.0 * ((n + 1) // 2 % 2), 100.0, 1.0 + n % 2) for n in range(901)
    ]
    plan = route(moves, "HAE", route_buffer_m=10.0, vertical_buffer_m=5.0)
    volumes = written(plan)
    outlines = [volume["volume"]["outline_polygon"]["vertices"] for volume in volumes]
    assert sum(map(len, outlines)) <= 10_000
    assert 100 < len(volumes) <= 300
    some = plan.model_copy(update={"waypoints": (plan.waypoints or ())[600:609]})
    assert covered_throughout(some, volumes, [0.0, 0.5, 1.0])


def test_what_is_written_is_what_the_conflict_checker_reads() -> None:
    plan = read_plan(EXAMPLES / "03_delivery_near_airport_filed_in_time.json")
    volumes = written(plan, terrain=UniformTerrain(6.0), geoid=GEOID)
    array = volumes_of(volumes, frame=LocalFrame(114.0), epoch=START)
    assert len(array.start_s) == 5
    assert array.position_error_m < 0.001


@pytest.mark.parametrize("name", ["details.json", "put.json"])
def test_areas_come_back_as_they_were(name: str) -> None:
    area = read_plans(DATA / name).plans[0].operating_area
    again = read(json.loads(f3548.write(read_plans(DATA / name).plans).content)).operating_area
    assert again is not None
    assert area is not None
    assert again.model_copy(update={"polygon": None}) == area.model_copy(update={"polygon": None})
    # The same ring, from whichever corner and whichever way round.
    assert Polygon(again.polygon or []).equals(Polygon(area.polygon or []))


def test_nobody_is_told_who_flies_with_what_or_why() -> None:
    plans = [
        read_plan(EXAMPLES / "03_delivery_near_airport_filed_in_time.json"),
        read_plan(EXAMPLES / "01_light_uav_suitable_airspace.json"),
    ]
    found = f3548.write(plans, terrain=UniformTerrain(6.0), geoid=GEOID)
    text = found.content.decode()
    assert {"Wang", "EXAMPLE", 'delivery"'}.isdisjoint(text.split())
    assert "EXAMPLE" not in text
    assert {loss.what for loss in found.losses} == {"route", "details", "reference"}
    again = read_plans_bytes(found.content, name="day.json")
    assert [plan.plan_id for plan in again.plans] == [plan.plan_id for plan in plans]


def test_heights_that_are_not_known_are_refused_all_at_once() -> None:
    plan = route([(0, 0, 50, 1), (500, 0, 50, 60)], "AGL", route_buffer_m=10.0)
    with pytest.raises(InvalidInputError) as refusal:
        f3548.write([plan])
    assert [problem.where for problem in refusal.value.problems] == [
        "vertical_buffer_m",
        "heights AGL",
        "heights HAE",
    ]
    assert "--terrain" in str(refusal.value)


def test_a_leg_between_two_references_is_refused() -> None:
    plan = route([(0, 0, 50, 1), (500, 0, 50, 60)], "AGL", route_buffer_m=10, vertical_buffer_m=5)
    first, last = plan.waypoints or ()
    mixed = plan.model_copy(
        update={
            "waypoints": (first, last.model_copy(update={"level": last.level.parse("90 m HAE")}))
        }
    )
    with pytest.raises(InvalidInputError, match=r"waypoints\[0\].level"):
        f3548.write([mixed], terrain=Slope(), geoid=GEOID)
