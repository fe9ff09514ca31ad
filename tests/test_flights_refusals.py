"""Flight plans that are wrong: every problem is named with its field and its remedy."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan, read_plan
from lowalt.flights.reading import MAX_DOCUMENT_BYTES, MAX_PROBLEMS

LEVEL = {"value_m": 100, "reference": "AGL"}

ROUTE: dict[str, Any] = {
    "plan_id": "p",
    "datum": "WGS84",
    "route_buffer_m": 10,
    "waypoints": [
        {"lon_deg": 114.05, "lat_deg": 22.5, "level": LEVEL, "time": "2026-06-01T09:00:00+08:00"},
        {"lon_deg": 114.06, "lat_deg": 22.5, "level": LEVEL, "time": "2026-06-01T09:05:00+08:00"},
        {"lon_deg": 114.07, "lat_deg": 22.5, "level": LEVEL, "time": "2026-06-01T09:10:00+08:00"},
    ],
}

AREA: dict[str, Any] = {
    "plan_id": "p",
    "datum": "WGS84",
    "operating_area": {
        "polygon": [[114.0, 22.5], [114.01, 22.5], [114.01, 22.51]],
        "floor": {"value_m": 0, "reference": "AGL"},
        "ceiling": LEVEL,
        "start": "2026-06-01T09:00:00+08:00",
        "end": "2026-06-01T10:00:00+08:00",
    },
}

APPROVAL = {
    "kind": "task",
    "number": "7",
    "authority": "中部战区",
    "valid_from": "2026-06-01T00:00:00+08:00",
    "valid_until": "2026-07-01T00:00:00+08:00",
}

GONE = object()


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy with the value at a dotted path set, or taken out where it is ``GONE``."""
    result = json.loads(json.dumps(document))
    holder: Any = result
    *outer, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for key in outer:
        holder = holder.setdefault(key, {}) if isinstance(key, str) else holder[key]
    if value is GONE:
        del holder[last]
    else:
        holder[last] = value
    return result  # type: ignore[no-any-return]  # a plan document, walked as Any


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    return changed(AREA, "operating_area.polygon", [list(corner) for corner in corners])


def problems_of(document: Any) -> dict[str, str]:
    """What is said about each field of a document that must be refused."""
    with pytest.raises(InvalidInputError) as caught:
        parse_plan(document)
    assert all(str(problem) in str(caught.value) for problem in caught.value.problems)
    return {problem.where: str(problem) for problem in caught.value.problems}


# Each: the document, the field it is refused for, and what the message must say.
REFUSED: dict[str, tuple[Any, str, str]] = {
    # identity and datum
    "no identifier": (changed(ROUTE, "plan_id", GONE), "plan_id", "required"),
    "blank identifier": (changed(ROUTE, "plan_id", "  "), "plan_id", "expected some text"),
    "no datum": (changed(ROUTE, "datum", GONE), "datum", "GCJ02 or BD09, offset by hundreds"),
    "GCJ-02": (changed(ROUTE, "datum", "GCJ02"), "datum", "convert them to WGS84"),
    "BD-09": (changed(ROUTE, "datum", "bd-09"), "datum", "convert them to WGS84"),
    "other datum": (changed(ROUTE, "datum", "ED50"), "datum", "expected WGS84 or CGCS2000"),
    # shape
    "no shape": ({"plan_id": "p", "datum": "WGS84"}, "operating_area", "exactly one of"),
    "two shapes": ({**ROUTE, **AREA}, "operating_area", "given both waypoints and"),
    "null shape": (changed(ROUTE, "waypoints", None), "operating_area", "neither waypoints"),
    "one waypoint": (
        changed(ROUTE, "waypoints", ROUTE["waypoints"][:1]),
        "waypoints",
        "given 1 waypoint; a route has at least 2",
    ),
    "no waypoints": (changed(ROUTE, "waypoints", []), "waypoints", "given 0 waypoints"),
    "no buffer": (changed(ROUTE, "route_buffer_m", GONE), "route_buffer_m", "need the half-width"),
    "negative buffer": (changed(ROUTE, "route_buffer_m", -1), "route_buffer_m", "at least 0"),
    "endless buffer": (changed(ROUTE, "route_buffer_m", 1e300), "route_buffer_m", "at most 1e+07"),
    "buffer of an area": (
        changed(AREA, "route_buffer_m", 5),
        "route_buffer_m",
        "given 5 beside an operating area; a buffer belongs to waypoints",
    ),
    "vertical buffer of an area": (
        changed(AREA, "vertical_buffer_m", 5),
        "vertical_buffer_m",
        "a buffer belongs to waypoints",
    ),
    # times
    "naive time": (
        changed(ROUTE, "waypoints.1.time", "2026-06-01T09:05:00"),
        "waypoints[1].time",
        "add +08:00 for local time, 2026-06-01T09:05:00+08:00",
    ),
    "number for a time": (
        changed(ROUTE, "waypoints.1.time", 1780275900),
        "waypoints[1].time",
        "expected a time such as",
    ),
    "quoted number for a time": (
        changed(ROUTE, "waypoints.1.time", "1780275900"),
        "waypoints[1].time",
        "expected a time such as",
    ),
    "date for a time": (
        changed(ROUTE, "waypoints.1.time", "2026-06-01"),
        "waypoints[1].time",
        "expected a time such as",
    ),
    "no such day": (
        changed(ROUTE, "waypoints.1.time", "2026-02-30T09:00:00+08:00"),
        "waypoints[1].time",
        "expected a time such as",
    ),
    "time for a date": (
        changed(ROUTE, "aircraft.produced_on", "2026-01-01T00:00:00+08:00"),
        "aircraft.produced_on",
        "expected a date such as",
    ),
    "quoted number for a date": (
        changed(ROUTE, "aircraft.produced_on", "86400"),
        "aircraft.produced_on",
        "expected a date such as",
    ),
    "end of the calendar": (
        changed(AREA, "operating_area.end", "9999-12-31T23:59:59-12:00"),
        "operating_area.end",
        "expected less than 2200-01-01",
    ),
    "backwards": (
        changed(ROUTE, "waypoints.2.time", "2026-06-01T09:04:00+08:00"),
        "waypoints[2].time",
        "before waypoints[1] at 2026-06-01T09:05:00+08:00",
    ),
    "two places at once": (
        changed(ROUTE, "waypoints.2.time", "2026-06-01T01:05:00Z"),
        "waypoints[2].time",
        "the time of waypoints[1] at another place or level",
    ),
    "two levels at once": (
        changed(
            changed(ROUTE, "waypoints.1", ROUTE["waypoints"][0]), "waypoints.1.level.value_m", 5
        ),
        "waypoints[1].time",
        "the time of waypoints[0] at another place or level",
    ),
    "no duration": (
        changed(ROUTE, "waypoints", [ROUTE["waypoints"][0]] * 2),
        "waypoints[1].time",
        "a plan has a duration",
    ),
    "area without duration": (
        changed(AREA, "operating_area.end", "2026-06-01T09:00:00+08:00"),
        "operating_area.end",
        "not after the start at 2026-06-01T09:00:00+08:00",
    ),
    "approval that ends first": (
        changed(ROUTE, "approvals", [{**APPROVAL, "valid_until": APPROVAL["valid_from"]}]),
        "approvals[0].valid_until",
        "validity ends after it begins",
    ),
    # levels
    "bare height": (
        changed(ROUTE, "waypoints.0.level", 120),
        "waypoints[0].level",
        'write {"value_m": 120, "reference": "AGL"}',
    ),
    "height without reference": (
        changed(ROUTE, "waypoints.0.level", {"value_m": 120}),
        "waypoints[0].level.reference",
        "a height without its reference is not accepted",
    ),
    "unknown reference": (
        changed(ROUTE, "waypoints.0.level.reference", "MSL"),
        "waypoints[0].level.reference",
        "expected one of AGL, AMSL, HAE, ATO; did you mean AMSL?",
    ),
    "level not a number": (
        changed(ROUTE, "waypoints.0.level.value_m", float("nan")),
        "waypoints[0].level.value_m",
        "given NaN; expected a finite number",
    ),
    "level in millimetres": (
        changed(ROUTE, "waypoints.0.level.value_m", 120_000),
        "waypoints[0].level.value_m",
        "check the unit",
    ),
    "key unknown in a level": (
        changed(ROUTE, "waypoints.0.level.refernce", "AGL"),
        "waypoints[0].level.refernce",
        "did you mean reference?",
    ),
    "ceiling below floor": (
        changed(AREA, "operating_area.floor.value_m", 101),
        "operating_area.ceiling",
        "given 100 m AGL, below the floor at 101 m AGL",
    ),
    # positions
    "infinite": (
        changed(ROUTE, "waypoints.0.lon_deg", float("inf")),
        "waypoints[0].lon_deg",
        "given Infinity; expected a finite number",
    ),
    "longitude": (
        changed(ROUTE, "waypoints.0.lon_deg", 180.5),
        "waypoints[0].lon_deg",
        "expected at most 180",
    ),
    "latitude": (
        changed(ROUTE, "waypoints.0.lat_deg", -90.5),
        "waypoints[0].lat_deg",
        "between -90 and 90",
    ),
    "swapped": (
        changed(changed(ROUTE, "waypoints.0.lon_deg", 22.5), "waypoints.0.lat_deg", 114.05),
        "waypoints[0].lat_deg",
        "these look swapped: longitude comes first; if so write longitude 114.05, latitude 22.5",
    ),
    "swapped within range": (
        changed(changed(ROUTE, "waypoints.0.lon_deg", 43.8), "waypoints.0.lat_deg", 87.6),
        "waypoints[0].lat_deg",
        "look swapped",
    ),
    "swapped corner": (
        ring((114.0, 22.5), (22.5, 114.1), (114.1, 22.6)),
        "operating_area.polygon[1]",
        "look swapped",
    ),
    "half a position": (
        changed(ROUTE, "landing_site", {"lon_deg": 114}),
        "landing_site",
        "a longitude alone; give lon_deg and lat_deg together",
    ),
    # areas
    "no area": (
        changed(AREA, "operating_area.polygon", GONE),
        "operating_area",
        "exactly one of polygon and circle",
    ),
    "two areas": (
        changed(AREA, "operating_area.circle", {"lon_deg": 114, "lat_deg": 22.5, "radius_m": 5}),
        "operating_area",
        "given polygon and circle",
    ),
    "no radius": (
        changed(
            changed(AREA, "operating_area.polygon", GONE),
            "operating_area.circle",
            {"lon_deg": 114, "lat_deg": 22.5, "radius_m": 0},
        ),
        "operating_area.circle.radius_m",
        "more than 0",
    ),
    "empty ring": (ring(), "operating_area.polygon", "0 different corners"),
    "there and back": (
        ring((114, 22), (115, 22), (114, 22)),
        "operating_area.polygon",
        "2 different corners; a polygon has at least 3",
    ),
    "line": (
        ring((114, 22), (115, 22), (116, 22)),
        "operating_area.polygon",
        "corners on one line",
    ),
    "bow tie": (
        ring((114, 22), (115, 23), (115, 22), (114, 23)),
        "operating_area.polygon",
        "Self-intersection[114.5 22.5]",
    ),
    "corner with height": (
        changed(AREA, "operating_area.polygon.0", [114, 22, 100]),
        "operating_area.polygon[0]",
        "expected at most 2",
    ),
    # words, keys, types
    "word": (
        changed(ROUTE, "mission.kind", "delivry"),
        "mission.kind",
        "recreation, other; did you mean delivery?",
    ),
    "far from any word": (
        changed(ROUTE, "operator.kind", "xyz"),
        "operator.kind",
        "expected one of unit, individual, police, customs, emergency_management",
    ),
    "word in capitals": (
        changed(ROUTE, "mission.control_mode", "VLOS"),
        "mission.control_mode",
        "expected one of vlos, bvlos",
    ),
    "key": (changed(ROUTE, "misson", {}), "misson", "did you mean mission?"),
    "key inside": (
        changed(ROUTE, "aircraft.empty_mass", 5),
        "aircraft.empty_mass",
        "did you mean empty_mass_kg?",
    ),
    "key inside a list": (
        changed(ROUTE, "pilots", [{"license": {}}]),
        "pilots[0].license",
        "did you mean licence?",
    ),
    "key unlike any": (
        changed(ROUTE, "payload.zzz", 1),
        "payload.zzz",
        "expected one of description, mass_kg",
    ),
    "endless key": (
        {**ROUTE, "k" * 100_000: 1},
        "k" * 57 + "...",
        "unknown key",
    ),
    "quoted number": (
        changed(ROUTE, "aircraft.empty_mass_kg", "5"),
        "aircraft.empty_mass_kg",
        "a number, without quotes",
    ),
    "no mass": (
        changed(ROUTE, "aircraft.takeoff_mass_kg", 0),
        "aircraft.takeoff_mass_kg",
        "expected more than 0",
    ),
    "part of an aircraft": (
        changed(ROUTE, "aircraft.count", 1.5),
        "aircraft.count",
        "expected a whole number",
    ),
    "quoted truth": (
        changed(ROUTE, "mission.indoor", "true"),
        "mission.indoor",
        "expected true or false, without quotes",
    ),
    "one for true": (
        changed(ROUTE, "mission.indoor", 1),
        "mission.indoor",
        "expected true or false",
    ),
    "true for one": (
        changed(ROUTE, "aircraft.count", True),
        "aircraft.count",
        "a whole number, without quotes",
    ),
    "object for a list": (changed(ROUTE, "pilots", {}), "pilots", "expected a list in [ ]"),
    "list for an object": (changed(ROUTE, "mission", []), "mission", "expected an object in { }"),
    "country": (
        changed(ROUTE, "operator.nationality", "China"),
        "operator.nationality",
        "ISO 3166-1 alpha-3 code, such as CHN",
    ),
    # claims that cannot be checked, and contradictions
    "approval without number": (
        changed(ROUTE, "approvals", [{**APPROVAL, "number": ""}]),
        "approvals[0].number",
        "expected some text",
    ),
    "approval without authority": (
        changed(ROUTE, "approvals", [{k: v for k, v in APPROVAL.items() if k != "authority"}]),
        "approvals[0].authority",
        "required: Who gave it",
    ),
    "approval without end": (
        changed(ROUTE, "approvals", [{**APPROVAL, "valid_until": None}]),
        "approvals[0].valid_until",
        "expected a time such as",
    ),
    "details of a certificate not held": (
        changed(ROUTE, "operator.certificate", {"held": False, "number": "7"}),
        "operator.certificate.held",
        "given false, and yet number",
    ),
    "number of no licence": (
        changed(ROUTE, "pilots", [{"licence": {"largest_class": "none", "number": "7"}}]),
        "pilots[0].licence.largest_class",
        "none, and yet a number",
    ),
    "dropping denied": (
        changed(
            changed(ROUTE, "payload.drops_objects", True),
            "special_operations.dangerous_goods_or_dropping",
            False,
        ),
        "special_operations.dangerous_goods_or_dropping",
        "payload.drops_objects is true",
    ),
    "taking off elsewhere": (
        changed(ROUTE, "departure_site", {"lon_deg": 114.05, "lat_deg": 22.5181}),
        "departure_site",
        "2.0 km from the first waypoint",
    ),
    "landing elsewhere": (
        changed(ROUTE, "landing_site", {"lon_deg": 114.152369, "lat_deg": 22.288868}),
        "landing_site",
        "25.0 km from the last waypoint; it lands where its route is, within 2 km",
    ),
    # JSON itself
    "not an object": ("[1]", "document", "expected an object"),
    "broken": ('{"plan_id": "p",\n "datum": }', "line 2, column 11", "not JSON"),
    "empty": ("", "line 1, column 1", "given the end; not JSON"),
    "repeated key": ('{"plan_id": "a", "plan_id": "b"}', "plan_id", "the key more than once"),
    "repeated key inside": (
        json.dumps(changed(ROUTE, "pilots", [{}])).replace(
            '"pilots": [{}]', '"pilots": [{"name": "a", "name": "b"}]'
        ),
        "pilots[0].name",
        "give each key once only",
    ),
    "endless digits": ('{"plan_id": ' + "1" * 5000 + "}", "document", "thousands of digits"),
    "deep": ("[" * 100_000, "document", "deeply nested"),
    "deeper than a plan": ("[" * 300 + "]" * 300, "document", "recursion limit"),
    "half a character": ('{"plan_id": "\\ud800"}', "document", "text that is not JSON"),
    "not UTF-8": (b'{"plan_id": "\xff"}', "document", "byte 0xff at offset 13"),
    "too large": (b" " * (MAX_DOCUMENT_BYTES + 1), "document", "at most 67,108,864 bytes"),
    # mappings
    "a set": ({"pilots": [{"name": {1}}]}, "pilots[0].name", "given a set"),
    "no mapping": (5, "document", "expected a mapping or JSON text"),
}


@pytest.mark.parametrize(("document", "where", "phrase"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_plan_is_refused_by_field(document: Any, where: str, phrase: str) -> None:
    problems = problems_of(document)
    assert where in problems
    assert phrase in problems[where]


ALONE = {
    name: row
    for name, row in REFUSED.items()
    if isinstance(row[0], dict) and name not in {"two shapes", "no shape", "a set"}
}


@pytest.mark.parametrize(("document", "where", "phrase"), ALONE.values(), ids=ALONE.keys())
def test_one_fault_gives_one_problem(document: Any, where: str, phrase: str) -> None:
    assert list(problems_of(document)) == [where]


def test_the_plans_that_the_table_spoils_are_right() -> None:
    assert parse_plan(ROUTE).plan_id == parse_plan(AREA).plan_id == "p"
    assert parse_plan({**ROUTE, "approvals": [APPROVAL]}).approvals is not None


def test_a_site_may_be_told_by_a_point_near_the_end_of_the_route_or_without_one() -> None:
    near = {"lon_deg": 114.05, "lat_deg": 22.5179}  # 1990 m
    for site in (near, {"name": "over there"}):
        assert parse_plan(changed(ROUTE, "departure_site", site)).departure_site is not None
    far = {"lon_deg": 116.4, "lat_deg": 39.9}
    assert parse_plan(changed(AREA, "landing_site", far)).landing_site is not None


def test_all_problems_are_named_at_once() -> None:
    document = changed(ROUTE, "datum", "GCJ02")
    document["waypoints"][0].update(time="2026-06-01T09:00:00", lat_deg=95, level=3)
    document["waypoints"][1].update(speed=3)
    document.pop("route_buffer_m")
    document["aircraft"] = {"empty_mass_kg": "5", "registration": {"state": "lost"}}
    document["operating_area"] = {**AREA["operating_area"], "end": "2026-06-01T08:00:00+08:00"}
    assert set(problems_of(document)) == {
        "datum",
        "waypoints[0].time",
        "waypoints[0].lat_deg",
        "waypoints[0].level",
        "waypoints[1].speed",
        "operating_area.end",
        "aircraft.empty_mass_kg",
        "aircraft.registration.state",
    }


def test_both_backward_steps_are_named() -> None:
    document = copy.deepcopy(ROUTE)
    times = [waypoint["time"] for waypoint in document["waypoints"]]
    for waypoint, time in zip(document["waypoints"], reversed(times), strict=True):
        waypoint["time"] = time
    assert set(problems_of(document)) == {"waypoints[1].time", "waypoints[2].time"}


def test_beyond_the_first_hundred_problems_the_rest_is_only_mentioned() -> None:
    document = {**ROUTE, "pilots": [{"name": 5}] * (MAX_PROBLEMS + 1)}
    with pytest.raises(InvalidInputError, match="more than 100 problems") as caught:
        parse_plan(document)
    assert len(caught.value.problems) == MAX_PROBLEMS
    document["pilots"] = document["pilots"][:MAX_PROBLEMS]
    with pytest.raises(InvalidInputError, match=r"^flight plan: 100 problems"):
        parse_plan(document)


def test_a_fault_in_a_file_is_reported_with_the_file_and_the_line(tmp_path: Path) -> None:
    path = tmp_path / "blood.json"
    path.write_text('{\n  "plan_id": "p",,\n}', encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"^blood\.json: 1 problem\n  line 2, column 18: "):
        read_plan(path)
    path.write_text(json.dumps(changed(ROUTE, "datum", GONE)), encoding="utf-8")
    with pytest.raises(InvalidInputError, match=r"^blood\.json: 1 problem\n  datum: "):
        read_plan(str(path))


def test_many_keys_of_which_one_is_repeated_are_read_in_time() -> None:
    # Counting each key among all others would take hours here.
    keys = [f'"k{i}": 1' for i in range(200_000)]
    with pytest.raises(InvalidInputError) as caught:
        parse_plan("{" + ", ".join([*keys, keys[7]]) + "}")
    assert caught.value.problems[0].where == "k7"


def test_a_file_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_plan(tmp_path / "none.json")


def test_a_file_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(json.dumps(ROUTE).encode() + b" " * MAX_DOCUMENT_BYTES)
    with pytest.raises(InvalidInputError, match="at most 67,108,864 bytes"):
        read_plan(path)


def test_a_mapping_that_holds_itself_is_refused() -> None:
    document = copy.deepcopy(ROUTE)
    document["mission"] = document
    assert problems_of(document) == {
        "document": "document: given Circular reference detected; expected only what JSON can"
        " hold, dates, times, levels and terms"
    }


def refusal_of(document: Any) -> InvalidInputError | None:
    """Return the refusal, if it is one; any other exception is let through and fails the test."""
    try:
        parse_plan(document)
    except InvalidInputError as error:
        return error
    return None


def speaks_our_words(error: InvalidInputError) -> bool:
    """Whether no word of the parser stands in what is expected; what was given may say anything."""
    expected = " ".join(problem.expected for problem in error.problems)
    foreign = ("pydantic", "Input should", "Value error", "lowalt_problems", "Assertion")
    return bool(error.problems) and not any(word in expected for word in foreign)


LEAVES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-06-01", "2026-06-01T09:00:00Z", "AGL", "none", 1e400, 10**30])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
PATHS = [
    *FlightPlan.model_fields,
    *(f"waypoints.0.{name}" for name in ("lon_deg", "lat_deg", "level", "time")),
    *("waypoints.0", "waypoints.0.level.value_m", "waypoints.0.level.reference"),
    *("aircraft.count", "aircraft.empty_mass_kg", "aircraft.produced_on", "mission.kind"),
    *("operator.certificate", "operator.nationality", "submission.submitted_at", "payload.mass_kg"),
]


@given(st.sampled_from(PATHS), ANYTHING)
def test_whatever_stands_in_a_field_is_read_or_refused_in_our_words(path: str, value: Any) -> None:
    document = changed(ROUTE, path, value)
    error = refusal_of(document)
    if error is not None:
        assert speaks_our_words(error)
    else:
        plan = parse_plan(document)
        assert parse_plan(plan.model_dump(mode="json")) == plan


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 2)), max_size=8))
def test_whatever_ring_is_given_is_read_or_refused_in_our_words(
    corners: list[tuple[float, float]],
) -> None:
    error = refusal_of(ring(*corners))
    assert error is None or speaks_our_words(error)


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_whatever_is_no_plan_is_refused_in_our_words(document: str | bytes) -> None:
    error = refusal_of(document)
    assert error is not None
    assert speaks_our_words(error)
