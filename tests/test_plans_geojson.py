"""Plans as GeoJSON."""

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import shapely

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, OperatingArea, Waypoint, parse_plan, read_plan
from lowalt.formats.plans.exchange import PlanReading, Told
from lowalt.formats.plans.files import read_plans_bytes, write_plans_bytes
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.levels import Level, VerticalReference

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "plans").glob("*.json"))
ROUTE = read_plan(EXAMPLES[0])
AREA = next(plan for plan in map(read_plan, EXAMPLES) if plan.operating_area is not None)
LINE = [[113.9502, 22.5431], [113.9502, 22.5521]]
TIMES = ["2026-06-10T02:00:00Z", "2026-06-10T02:02:00Z"]
BUFFERED = Told(profile=OperatorProfile(route=RouteRules(buffer_m=20.0)))


def waypoints(plan: FlightPlan) -> tuple[Waypoint, ...]:
    assert plan.waypoints is not None
    return plan.waypoints


def operating_area(plan: FlightPlan) -> OperatingArea:
    assert plan.operating_area is not None
    return plan.operating_area


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    more = {"id": properties.pop("id")} if "id" in properties else {}
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties, **more}


def read(*features: Any, told: Told = BUFFERED, **more: Any) -> PlanReading:
    document = {"type": "FeatureCollection", "features": features, **more}
    return read_plans_bytes(json.dumps(document).encode(), name="day.geojson", told=told)


def line(**properties: Any) -> dict[str, Any]:
    stated = {"times": TIMES, "levels_m": [0, 80.5], "reference": "AGL", **properties}
    return feature("LineString", LINE, **stated)


def refusal(*features: Any, **more: Any) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(*features, **more)
    return str(refused.value)


def test_a_line_with_times_and_levels_is_a_route() -> None:
    [plan] = read(line(plan_id="hop", route_buffer_m=25, operator={"kind": "unit"})).plans
    assert plan == parse_plan(
        {
            "plan_id": "hop",
            "datum": "WGS84",
            "waypoints": [
                {
                    "lon_deg": 113.9502,
                    "lat_deg": lat_deg,
                    "level": {"value_m": value_m, "reference": "AGL"},
                    "time": time,
                }
                for lat_deg, value_m, time in zip(
                    (22.5431, 22.5521), (0.0, 80.5), TIMES, strict=True
                )
            ],
            "route_buffer_m": 25.0,
            "operator": {"kind": "unit"},
        }
    )


@pytest.mark.parametrize(
    "properties", [{"coordTimes": TIMES}, {"coordinateProperties": {"times": TIMES}}]
)
def test_times_stand_where_tools_write_them(properties: dict[str, Any]) -> None:
    written = feature("MultiLineString", [LINE], level="120 m AGL", id="t", **properties)
    [plan] = read(written).plans
    assert plan.plan_id == "t"
    assert plan.arrival.astimezone(UTC) == datetime(2026, 6, 10, 2, 2, tzinfo=UTC)
    assert waypoints(plan)[0].level == Level.parse("120 m AGL")


def test_third_ordinates_are_above_the_ellipsoid_unless_the_file_says_otherwise() -> None:
    high = [[*place, 95.0] for place in LINE]
    silent = read(feature("LineString", high, times=TIMES))
    assert waypoints(silent.plans[0])[0].level == Level.parse("95 m HAE")
    assert "as RFC 7946 says" in str(silent.losses[0])
    stated = read(feature("LineString", high, times=TIMES, reference="AMSL"))
    assert waypoints(stated.plans[0])[0].level == Level.parse("95 m AMSL")
    assert "RFC" not in " ".join(map(str, stated.losses))


def test_levels_of_a_list_say_what_they_are_measured_from() -> None:
    assert "reference: given nothing, expected one of" in refusal(line(reference=None))
    mixed = read(line(reference=None, references=["ATO", "AMSL"]))
    assert [str(w.level) for w in waypoints(mixed.plans[0])] == ["0 m ATO", "80.5 m AMSL"]


def test_a_line_without_times_is_timed_from_the_departure() -> None:
    told = Told(
        departure=datetime(2026, 6, 10, 2, 0, tzinfo=UTC),
        level=Level(80.0, VerticalReference.ATO),
        profile=OperatorProfile(
            route=RouteRules(buffer_m=20.0), performance=Performance(cruise_m_s=10.0)
        ),
    )
    reading = read(feature("LineString", LINE), told=told)
    [plan] = reading.plans
    assert plan.plan_id == "day"
    assert (plan.arrival - plan.departure).total_seconds() == pytest.approx(99.67, abs=0.01)
    assert [loss.what for loss in reading.losses] == ["level", "times", "route_buffer_m"]


def test_all_that_a_line_lacks_is_told_at_once() -> None:
    message = refusal(feature("LineString", LINE), told=Told())
    for words in ("--departure TIME", "--height", "--buffer M", "cruise_m_s"):
        assert words in message
    message = refusal(feature("LineString", LINE, times=TIMES), told=Told())
    assert "--height" in message
    assert "--buffer M" in message


def test_a_polygon_with_levels_and_a_period_is_an_operating_area() -> None:
    ring = [[113.9, 22.5], [113.91, 22.5], [113.91, 22.51], [113.9, 22.5]]
    hole = [[113.901, 22.501], [113.902, 22.501], [113.902, 22.502], [113.901, 22.501]]
    reading = read(
        feature(
            "Polygon", [ring, hole], floor="0 m AGL", start=TIMES[0], end=TIMES[1],
            ceiling={"value_m": 100, "reference": "AGL"},
        )
    )  # fmt: skip
    area = operating_area(reading.plans[0])
    assert area.polygon == tuple(map(tuple, ring))
    assert (str(area.floor), str(area.ceiling)) == ("0 m AGL", "100 m AGL")
    assert [str(loss) for loss in reading.losses] == [
        "day: holes: filled: an operating area has none"
    ]


def test_a_declaration_of_flight_blender_is_an_operating_area() -> None:
    ring = [[113.9, 22.5], [113.91, 22.5], [113.91, 22.51], [113.9, 22.5]]
    declared = feature(
        "Polygon", [ring], min_altitude={"meters": 50, "datum": "agl"},
        max_altitude={"meters": 120, "datum": "w84"}, start_datetime=TIMES[0],
        end_datetime=TIMES[1],
    )  # fmt: skip
    area = operating_area(read(declared).plans[0])
    assert (str(area.floor), str(area.ceiling)) == ("50 m AGL", "120 m HAE")


def test_points_with_times_are_waypoints_of_the_plan_they_name() -> None:
    points = [
        feature("Point", [*place, 50.0], plan_id=plan_id, time=time, reference="AGL")
        for place, time in zip(LINE, TIMES, strict=True)
        for plan_id in ("b", "a")
    ]
    plans = read(*points).plans
    assert [(plan.plan_id, len(waypoints(plan))) for plan in plans] == [("b", 2), ("a", 2)]
    assert waypoints(plans[0])[1].level == Level.parse("50 m AGL")


def test_a_broken_point_breaks_its_own_plan_only() -> None:
    good = [
        feature("Point", [*place, 50.0], plan_id="a", time=time)
        for place, time in zip(LINE, TIMES, strict=True)
    ]
    bad = [feature("Point", LINE[0], plan_id="b", time=TIMES[0]), line(plan_id="c", times=3)]
    reading = read(*good, *bad)
    assert [plan.plan_id for plan in reading.plans] == ["a"]
    assert [str(error).partition("; ")[0] for error in reading.refused] == [
        "b: features[2]: level: given nothing",
        "day.geojson: features[3]: times: given 3, expected a list, one a position",
    ]


def test_what_is_not_of_a_plan_is_left_out_and_said_so() -> None:
    reading = read(line(route_bufer_m=3, **{f"stroke{n}": 1 for n in range(30)}))
    told_of = [str(loss) for loss in reading.losses]
    assert told_of[0].endswith("left out: not of a plan; did you mean route_buffer_m?")
    assert "day: 11 more properties: left out: not of a plan" in told_of


def test_all_comes_back_and_other_readers_see_the_most_of_it() -> None:
    written = write_plans_bytes([ROUTE, AREA], format="geojson").content
    reading = read_plans_bytes(written, name="day.geojson")
    assert list(reading.plans) == [ROUTE, AREA]
    route, area = json.loads(written)["features"]
    properties = route["properties"]
    first = waypoints(ROUTE)[0]
    assert route["geometry"]["coordinates"][0] == [first.lon_deg, first.lat_deg]
    assert properties["levels_m"][0] == first.level.value_m
    assert properties["times"][0] == first.time.isoformat()
    polygon = shapely.geometry.shape(area["geometry"])
    assert isinstance(polygon, shapely.Polygon)
    assert shapely.is_ccw(polygon.exterior)

    del properties["lowalt"]
    [others] = read(route, told=Told()).plans
    assert others.waypoints == ROUTE.waypoints


def test_heights_stand_in_coordinates_only_where_they_mean_the_ellipsoid() -> None:
    document = json.loads(EXAMPLES[0].read_bytes())
    for waypoint in document["waypoints"]:
        waypoint["level"]["reference"] = "HAE"
    written = write_plans_bytes([parse_plan(document)], format="geojson").content
    [hae] = json.loads(written)["features"]
    assert len(hae["geometry"]["coordinates"][0]) == 3


def test_a_circle_comes_back_and_others_see_a_polygon() -> None:
    circle = {
        "plan_id": "c", "datum": "WGS84",
        "operating_area": {
            "circle": {"lon_deg": 113.95, "lat_deg": 22.54, "radius_m": 200.0},
            "floor": {"value_m": 0.0, "reference": "AGL"},
            "ceiling": {"value_m": 100.0, "reference": "AGL"},
            "start": TIMES[0], "end": TIMES[1],
        },
    }  # fmt: skip
    plan = parse_plan(circle)
    written = write_plans_bytes([plan], format="geojson").content
    assert read_plans_bytes(written, name="c.geojson").plans == (plan,)
    geometry = json.loads(written)["features"][0]["geometry"]
    assert geometry["type"] == "Polygon"


def test_a_plan_whose_geometry_was_edited_is_not_read_as_it_was() -> None:
    written = json.loads(write_plans_bytes([ROUTE], format="geojson").content)
    moved = copy.deepcopy(written)
    moved["features"][0]["geometry"]["coordinates"][1][0] += 1e-4
    with pytest.raises(InvalidInputError, match="its geometry is not that of the plan"):
        read_plans_bytes(json.dumps(moved).encode(), name="day.geojson")
    rounded = copy.deepcopy(written)
    rounded["features"][0]["geometry"]["coordinates"][1][0] += 4e-7
    rounded["features"][0]["properties"]["lowalt"] = json.dumps(
        rounded["features"][0]["properties"]["lowalt"]  # as programs write objects
    )
    assert read_plans_bytes(json.dumps(rounded).encode(), name="d.geojson").plans == (ROUTE,)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (feature("LineString", LINE, times=TIMES[:1], level="1 m AGL"), "1 times for 2 positions"),
        (feature("LineString", [["x", 1], [2, 3]], level="1 m AGL"), "coordinates[0]: given"),
        (feature("LineString", [[1]], level="1 m AGL"), "expected [lon, lat] or a height too"),
        (feature("LineString", [[1, 2, 3], [1, 2]], times=TIMES), "1 levels for 2 positions"),
        (feature("LineString", None), "coordinates: given nothing, expected a list"),
        (feature("LineString", [[22.5, 113.9], [22.6, 113.9]], times=TIMES, level="1 m AGL"),
         "these look swapped"),
        (feature("MultiLineString", [LINE, LINE]), "a MultiLineString of 2 parts"),
        (feature("GeometryCollection", []), "expected a LineString, which is a route"),
        (feature("Polygon", [LINE]), "lacks floor, ceiling, start, end"),
        (feature("Polygon", [LINE], identifier="Z1"), "a file of zones is no file of plans"),
        (feature("Polygon", [], floor="1 m AGL", ceiling="2 m AGL", start="x", end="y"),
         "expected a polygon's rings"),
        (line(level="120"), "level: given '120', expected a level such as"),
        (line(level=120), "expected one such as '120 m AGL'"),
        (line(reference=[]), "reference: given []"),
        (line(references=["AGL"]), "references: expected a list"),
        (line(lowalt=3), "lowalt: given 3, expected a plan"),
        (line(lowalt={"plan_id": 3}), "lowalt: flight plan: "),
        (line(lowalt="{"), "lowalt: not a JSON document"),
        (line(plan_id=3), "plan_id: given 3; expected text in quotes"),
        (3, "features[0]: given 3, expected an object"),
        ({"type": "Feature", "geometry": None, "properties": {}}, "expected properties and a"),
    ],
)  # fmt: skip
def test_a_feature_that_is_no_plan_is_refused_by_its_number(broken: Any, message: str) -> None:
    assert message in refusal(broken)


def test_coordinates_of_another_datum_are_refused() -> None:
    crs: dict[str, Any] = {"type": "name", "properties": {"name": "EPSG:4490"}}
    assert "crs: given 'EPSG:4490', expected none or urn:ogc" in refusal(line(), crs=crs)
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert len(read(line(), crs=crs).plans) == 1
