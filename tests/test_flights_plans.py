"""Flight plans that are right: what is read, kept, written again and described by the schema."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from lowalt.errors import InvalidInputError
from lowalt.flights import (
    Datum,
    FlightPlan,
    Waypoint,
    canonical_json,
    parse_plan,
    read_plan,
)
from lowalt.levels import Level, VerticalReference
from lowalt.terms import ApprovalKind, LicenceClass, MissionKind

SCHEMA_FILE = Path(__file__).parents[1] / "docs" / "flight-plan.schema.json"

SITE = {"name": "血液中心", "identifier": "SZ-BLOOD", "lon_deg": 114.07, "lat_deg": 22.55}

# A plan that states every field there is, save what excludes another.
EVERYTHING: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "full_plan.json").read_text("utf-8")
)

AREA_PLAN: dict[str, Any] = {
    "plan_id": "area-1",
    "datum": "CGCS2000",
    "operating_area": {
        "polygon": [[114.0, 22.5], [114.01, 22.5], [114.01, 22.51], [114.0, 22.5]],
        "floor": {"value_m": 0.0, "reference": "AGL"},
        "ceiling": {"value_m": 90.0, "reference": "AGL"},
        "start": "2026-06-01T09:00:00+08:00",
        "end": "2026-06-01T10:00:00+08:00",
    },
}

SMALL: dict[str, Any] = {
    key: EVERYTHING[key] for key in ("plan_id", "datum", "waypoints", "route_buffer_m")
}

Key = str | int


def keys_of(document: Any, location: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """Locations of all keys of all objects, outer ones first."""
    items: Any = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        if isinstance(key, str):
            yield (*location, key)
        if isinstance(value, (dict, list)):
            yield from keys_of(value, (*location, key))


def without(document: Any, location: tuple[Key, ...]) -> dict[str, Any]:
    result: Any = json.loads(json.dumps(document))  # shares nothing, even what it repeats
    holder = result
    for key in location[:-1]:
        holder = holder[key]
    del holder[location[-1]]
    return result  # type: ignore[no-any-return]  # a plan document, walked as Any


def is_optional(location: tuple[Key, ...]) -> bool:
    names = [key for key in location if isinstance(key, str)]
    required = {
        "plan_id", "datum", "waypoints", "route_buffer_m", "held", "document", "value_m",
        "reference", "text", "points", "half_width_m",
    }  # fmt: skip
    if names[-1] == "largest_class":
        return "approvals" in names  # of a licence it is required
    if names[-1] in required or names[-1] in {"lon_deg", "lat_deg", "radius_m", "circle"}:
        return False
    if names[0] == "waypoints":
        return False
    mandatory_of_an_approval = {"kind", "number", "authority", "valid_from", "valid_until"}
    return not (
        len(names) == 2 and names[0] == "approvals" and names[1] in mandatory_of_an_approval
    )


OPTIONAL = [location for location in keys_of(EVERYTHING) if is_optional(location)]


def documents(value: object) -> Iterator[BaseModel]:
    if isinstance(value, BaseModel):
        yield value
        for _, item in value:
            yield from documents(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from documents(item)


def test_the_full_example_states_every_field_there_is() -> None:
    unstated = {
        f"{type(part).__name__}.{name}"
        for part in documents(parse_plan(EVERYTHING))
        for name, value in part
        if value is None
    }
    assert unstated == {"FlightPlan.operating_area", "Area.polygon"}


def test_a_plan_holds_what_its_document_says() -> None:
    plan = parse_plan(EVERYTHING)
    assert plan.datum is Datum.WGS84
    assert plan.waypoints is not None
    assert plan.waypoints[1].level == Level(100.0, VerticalReference.AGL)
    assert plan.mission is not None
    assert plan.mission.kind is MissionKind.BLOOD_TRANSPORT
    assert plan.approvals is not None
    assert plan.approvals[0].kind is ApprovalKind.FLIGHT_ACTIVITY
    assert plan.operator is not None
    assert plan.operator.certificate is not None
    assert plan.operator.certificate.issued_on == date(2025, 6, 1)
    assert plan.aircraft is not None
    assert plan.aircraft.max_takeoff_mass_kg == 24.9


@pytest.mark.parametrize("document", [SMALL, AREA_PLAN])
def test_what_is_not_stated_is_unknown_and_nothing_else(document: dict[str, Any]) -> None:
    plan = parse_plan(document)
    stated = {name for name, value in plan if value is not None}
    assert stated == {*document, "coordinates_checked"}
    assert plan.coordinates_checked is False


def test_an_empty_list_says_none_and_null_says_unknown() -> None:
    assert parse_plan({**SMALL, "approvals": []}).approvals == ()
    assert parse_plan({**SMALL, "approvals": None}).approvals is None


def test_a_pilot_without_a_licence_differs_from_one_whose_licence_is_unknown() -> None:
    plan = parse_plan({**SMALL, "pilots": [{"licence": {"largest_class": "none"}}, {}]})
    assert plan.pilots is not None
    assert plan.pilots[0].licence is not None
    assert plan.pilots[0].licence.largest_class is LicenceClass.NONE
    assert plan.pilots[1].licence is None


@pytest.mark.parametrize("location", OPTIONAL, ids=lambda at: ".".join(map(str, at)))
def test_leaving_out_any_optional_field_changes_no_other(location: tuple[Key, ...]) -> None:
    document = without(EVERYTHING, location)
    assert json.loads(canonical_json(parse_plan(document))) == {
        "coordinates_checked": False,
        **document,
    }


@given(st.lists(st.sampled_from(OPTIONAL), unique=True, max_size=40))
def test_leaving_out_many_optional_fields_changes_no_other(removed: list[tuple[Key, ...]]) -> None:
    document = EVERYTHING
    for location in sorted(removed, key=len, reverse=True):
        document = without(document, location)
    assert json.loads(canonical_json(parse_plan(document))) == {
        "coordinates_checked": False,
        **document,
    }


REQUIRED = [location for location in keys_of(EVERYTHING) if not is_optional(location)]


@pytest.mark.parametrize("location", REQUIRED, ids=lambda at: ".".join(map(str, at)))
def test_leaving_out_a_required_field_is_refused(location: tuple[Key, ...]) -> None:
    with pytest.raises(InvalidInputError):
        parse_plan(without(EVERYTHING, location))


def test_departure_and_arrival_are_on_beijing_time() -> None:
    document = copy.deepcopy(SMALL)
    document["waypoints"][0]["time"] = "2026-05-31T16:30:00Z"
    plan = parse_plan(document)
    assert plan.departure.isoformat() == "2026-06-01T00:30:00+08:00"
    assert plan.departure.date() == date(2026, 6, 1)
    assert plan.arrival.isoformat() == "2026-06-01T09:05:00+08:00"


def test_an_operating_area_gives_departure_and_arrival() -> None:
    plan = parse_plan(AREA_PLAN)
    assert plan.departure.isoformat() == "2026-06-01T09:00:00+08:00"
    assert plan.arrival.isoformat() == "2026-06-01T10:00:00+08:00"


def test_open_and_closed_rings_are_the_same_area() -> None:
    opened = copy.deepcopy(AREA_PLAN)
    opened["operating_area"]["polygon"].pop()
    assert parse_plan(opened) == parse_plan(AREA_PLAN)


def test_a_hover_of_some_duration_is_a_plan() -> None:
    hover = {**SMALL["waypoints"][0], "time": "2026-06-01T09:00:01+08:00"}
    plan = parse_plan({**SMALL, "waypoints": [SMALL["waypoints"][0], hover]})
    assert plan.arrival - plan.departure == timedelta(seconds=1)


@pytest.mark.parametrize("document", [EVERYTHING, SMALL, AREA_PLAN])
def test_writing_and_reading_again_gives_the_same_plan(document: dict[str, Any]) -> None:
    plan = parse_plan(document)
    again = parse_plan(canonical_json(plan))
    assert again == plan
    assert canonical_json(again) == canonical_json(plan)
    assert parse_plan(plan.model_dump_json()) == plan


def test_the_canonical_form_is_fixed() -> None:
    document = {**AREA_PLAN, "plan_id": "深-1"}
    assert canonical_json(parse_plan(document)).decode() == (
        '{"coordinates_checked":false,"datum":"CGCS2000","operating_area":{"ceiling":'
        '{"reference":"AGL","value_m":90.0},"end":"2026-06-01T10:00:00+08:00","floor":'
        '{"reference":"AGL","value_m":0.0},"polygon":[[114.0,22.5],[114.01,22.5],[114.01,22.51],'
        '[114.0,22.5]],"start":"2026-06-01T09:00:00+08:00"},"plan_id":"深-1"}'
    )
    # The digest of the text above, taken with sha256sum.
    assert (
        parse_plan(document).digest
        == "8451fe8dc3fd996a401679245de9efaf69c2b0d3aa6cae73d4c35786d9b8558d"
    )


def test_equal_plans_have_equal_digests_however_they_were_written() -> None:
    other = copy.deepcopy(SMALL)
    other["waypoints"][0]["time"] = "2026-06-01T01:00:00Z"
    other["waypoints"][0]["level"]["value_m"] = -0.0
    other["waypoints"][1]["level"]["value_m"] = 100
    other["operator"] = None
    one, two = parse_plan(SMALL), parse_plan(json.dumps(other, indent=3))
    assert one == two
    assert hash(one) == hash(two)
    assert one.digest == two.digest


def test_any_changed_field_changes_the_digest() -> None:
    digests = {parse_plan(without(EVERYTHING, location)).digest for location in OPTIONAL}
    assert len(digests) == len(OPTIONAL)


def test_a_mapping_may_hold_python_values() -> None:
    first, second = SMALL["waypoints"]
    time = datetime(2026, 6, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    plan = parse_plan(
        {
            **SMALL,
            "datum": Datum.WGS84,
            "waypoints": (
                {**first, "level": Level(0.0, VerticalReference.ATO), "time": time},
                Waypoint.model_validate_json(json.dumps(second)),
            ),
            "mission": {"kind": MissionKind.DELIVERY},
            "operator": {"last_operation_of_kind_on": date(2026, 5, 1)},
        }
    )
    expected = {
        **SMALL,
        "mission": {"kind": "delivery"},
        "operator": {"last_operation_of_kind_on": "2026-05-01"},
    }
    assert plan == parse_plan(expected)


def test_a_plan_may_be_built_from_its_parts() -> None:
    start = datetime(2026, 6, 1, 1, tzinfo=UTC)
    level = Level(100.0, VerticalReference.AGL)
    waypoints = tuple(
        Waypoint(lon_deg=114.0, lat_deg=22.5, level=level, time=start + timedelta(minutes=i))
        for i in range(3)
    )
    plan = FlightPlan(plan_id="p", datum=Datum.WGS84, waypoints=waypoints, route_buffer_m=5.0)
    assert plan.arrival - plan.departure == timedelta(minutes=2)
    assert parse_plan(canonical_json(plan)) == plan
    with pytest.raises(ValueError, match="a route has at least 2 waypoints"):
        FlightPlan(plan_id="p", datum=Datum.WGS84, waypoints=waypoints[:1], route_buffer_m=5.0)


def test_a_plan_travels_between_processes() -> None:
    plan = parse_plan(EVERYTHING)
    again = pickle.loads(pickle.dumps(plan))
    assert again == plan
    assert again.digest == plan.digest


def test_a_plan_cannot_be_changed() -> None:
    plan = parse_plan(SMALL)
    with pytest.raises(ValidationError, match="frozen"):
        plan.plan_id = "other"  # type: ignore[misc]  # the refusal is what is tested


@given(st.text(min_size=1, max_size=50).filter(str.strip))
def test_any_text_is_kept(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair is no text
        return
    plan = parse_plan({**SMALL, "plan_id": text})
    assert plan.plan_id.strip() == text.strip()
    assert parse_plan(canonical_json(plan)) == plan


@given(st.floats(min_value=1e-300, max_value=1e6), st.floats(-1e5, 1e5))
def test_numbers_keep_every_digit(mass_kg: float, value_m: float) -> None:
    document = copy.deepcopy(SMALL)
    document["aircraft"] = {"empty_mass_kg": mass_kg}
    document["waypoints"][0]["level"]["value_m"] = value_m
    plan = parse_plan(document)
    assert plan.aircraft is not None
    assert plan.aircraft.empty_mass_kg == mass_kg
    assert plan.waypoints is not None
    assert plan.waypoints[0].level.value_m == value_m
    assert parse_plan(canonical_json(plan)) == plan


def test_a_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    text = json.dumps(EVERYTHING, ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig"):
        path = tmp_path / f"{encoding}.json"
        path.write_text(text, encoding=encoding)
        assert read_plan(path) == read_plan(str(path)) == parse_plan(EVERYTHING)


def route_of(n: int) -> dict[str, Any]:
    start = datetime(2026, 6, 1, tzinfo=UTC)
    waypoints = [
        {
            "lon_deg": 114 + i * 1e-6,
            "lat_deg": 22.5,
            "level": {"value_m": 100, "reference": "AGL"},
            "time": (start + timedelta(seconds=i)).isoformat(),
        }
        for i in range(n)
    ]
    return {**SMALL, "waypoints": waypoints}


def seconds_to_parse(text: str) -> float:
    def once() -> float:
        start = perf_counter()
        parse_plan(text)
        return perf_counter() - start

    return min(once() for _ in range(3))


def test_ten_thousand_waypoints_take_time_in_proportion() -> None:
    few, many = (json.dumps(route_of(n)) for n in (1_000, 10_000))
    plan = parse_plan(many)
    assert plan.waypoints is not None
    assert len(plan.waypoints) == 10_000
    # Proportional would be 10, quadratic 100; the bound leaves room for a busy machine.
    assert seconds_to_parse(many) < 40 * seconds_to_parse(few)


def test_importing_plans_loads_no_geometry() -> None:
    code = "import lowalt.flights, sys; print({'shapely', 'numpy', 'pyproj'} & set(sys.modules))"
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert shown == "set()\n"


def schema_text() -> str:
    return json.dumps(FlightPlan.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_published_schema_is_that_of_the_code() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "write schema_text() of this test to docs/flight-plan.schema.json"
    )


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = FlightPlan.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("document", [EVERYTHING, SMALL, AREA_PLAN])
def test_the_schema_accepts_what_is_right(
    document: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    validator.validate(document)


WRONG = {
    "no datum": without(SMALL, ("datum",)),
    "foreign datum": {**SMALL, "datum": "GCJ02"},
    "no shape": {"plan_id": "p", "datum": "WGS84"},
    "both shapes": {**SMALL, **AREA_PLAN},
    "route without buffer": without(SMALL, ("route_buffer_m",)),
    "bare height": without(SMALL, ("waypoints", 0, "level", "reference")),
    "unknown key": {**SMALL, "misson": {}},
    "unknown key in a level": {
        **AREA_PLAN,
        "operating_area": {
            **AREA_PLAN["operating_area"],
            "floor": {"value_m": 0, "reference": "AGL", "datum": "x"},
        },
    },
    "quoted number": {**SMALL, "route_buffer_m": "5"},
    "one waypoint": {**SMALL, "waypoints": SMALL["waypoints"][:1]},
    "naive time": {
        **SMALL,
        "submission": {"submitted_at": "2026-05-31T11:00:00"},
    },
    "latitude": {**SMALL, "landing_site": {"lon_deg": 1, "lat_deg": 91}},
    "word": {**SMALL, "mission": {"kind": "delivry"}},
    "truth value in quotes": {**SMALL, "mission": {"indoor": "true"}},
    "approval without number": {**SMALL, "approvals": [{"kind": "task", "authority": "x"}]},
}


@pytest.mark.parametrize("document", WRONG.values(), ids=WRONG.keys())
def test_the_schema_and_the_reader_refuse_what_is_wrong(
    document: dict[str, Any], validator: jsonschema.Draft202012Validator
) -> None:
    assert not validator.is_valid(document)
    with pytest.raises(InvalidInputError):
        parse_plan(document)


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for title, part in {"FlightPlan": schema, **schema["$defs"]}.items():
        for name, field in part.get("properties", {}).items():
            yield f"{title}.{name}", field


def numbers(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if schema.get("type") in {"number", "integer"}:
            yield schema
        for value in schema.values():
            yield from numbers(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from numbers(value)


def test_every_field_of_the_schema_is_described_and_every_number_has_a_unit() -> None:
    schema = FlightPlan.model_json_schema()
    fields = dict(properties(schema))
    assert len(fields) > 150
    assert [name for name, field in fields.items() if not field.get("description")] == []
    no_unit = [name for name, field in fields.items() for n in numbers(field) if not n.get("unit")]
    assert no_unit == []
