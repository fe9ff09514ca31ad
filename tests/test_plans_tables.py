"""Tables of waypoints: CSV and Parquet."""

import csv
import io
import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, Waypoint, parse_plan, read_plan
from lowalt.formats.plans import parquet, rows, tables
from lowalt.formats.plans.columns import fact_kinds
from lowalt.formats.plans.exchange import PlanReading, Told
from lowalt.formats.plans.files import read_plans_bytes, write_plans_bytes
from lowalt.formats.plans.profile import OperatorProfile, Performance, ReadingRules, RouteRules
from lowalt.levels import Level, VerticalReference

pa: Any = import_module("pyarrow")  # has no types
pq: Any = import_module("pyarrow.parquet")

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "plans").glob("*.json"))
ROUTES = [plan for plan in map(read_plan, EXAMPLES) if plan.waypoints is not None]
START = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
TOLD = Told(
    profile=OperatorProfile(
        route=RouteRules(buffer_m=20.0), reading=ReadingRules(datum="WGS84")
    )
)  # fmt: skip
HEAD = "plan_id,lon_deg,lat_deg,height_agl_m,time"
HOP = f"""{HEAD},route_buffer_m,aircraft.count,pilots
a,113.9502,22.5431,0,2026-06-10T10:00:00+08:00,25,1,"[{{""name"": ""Li""}}]"
a,113.9502,22.5431,80.5,2026-06-10T10:00:20+08:00,,,
"""


def waypoints(plan: FlightPlan) -> tuple[Waypoint, ...]:
    assert plan.waypoints is not None
    return plan.waypoints


def read(text: str, *, name: str = "day.csv", told: Told = TOLD) -> PlanReading:
    return read_plans_bytes(text.encode(), name=name, format="csv", told=told)


def refusal(text: str, *, told: Told = TOLD) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(text, told=told)
    return str(refused.value)


def test_a_table_says_what_its_columns_name() -> None:
    reading = read(HOP)
    [plan] = reading.plans
    assert plan == parse_plan(
        {
            "plan_id": "a",
            "datum": "WGS84",
            "waypoints": [
                {
                    "lon_deg": 113.9502,
                    "lat_deg": 22.5431,
                    "level": {"value_m": value_m, "reference": "AGL"},
                    "time": f"2026-06-10T02:00:{second}Z",
                }
                for value_m, second in ((0.0, "00"), (80.5, "20"))
            ],
            "route_buffer_m": 25.0,
            "aircraft": {"count": 1},
            "pilots": [{"name": "Li"}],
        }
    )
    assert [str(loss) for loss in reading.losses] == ["a: datum: taken from the operator's profile"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_semicolons_and_tabs_separate_too(delimiter: str) -> None:
    text = "\ufeff" + HEAD.replace(",", delimiter) + "\r\n"
    for up_m, minute in ((0, 0), (80, 1)):
        cells = ["a", "113.9", "22.5", str(up_m), f"2026-06-10T10:0{minute}:00Z"]
        text += delimiter.join(cells) + "\r\n\r\n"
    assert [w.level.value_m for w in waypoints(read(text).plans[0])] == [0.0, 80.0]


@pytest.mark.parametrize(
    ("columns", "cells", "level", "second"),
    [
        ("Longitude, LATITUDE ,altitude_amsl_ft,unix_s", "{},{},100,{s}", (30.48, "AMSL"), 20),
        ("lng,lat,altitude_hae_m,unix_ms", "{},{},7.5,{s}500", (7.5, "HAE"), 20.5),
        ("x,y,height_ato_m,Timestamp", "{},{},7.5,2026-06-10T02:00:{s2}Z", (7.5, "ATO"), 20),
        ("lon,lat,level_m,reference,utc", "{},{},7,agl,2026-06-10T02:00:{s2}Z", (7.0, "AGL"), 20),
    ],
)
def test_columns_have_the_names_that_people_give_them(
    columns: str, cells: str, level: tuple[float, str], second: float
) -> None:
    epoch_s = int(START.timestamp())
    text = columns + "".join(
        "\n" + cells.format(113.95, 22.54, s=epoch_s + s, s2=f"{s:02}") for s in (0, 20)
    )
    at = waypoints(read(text, name="one.csv").plans[0])[1]
    assert (at.lon_deg, at.lat_deg) == (113.95, 22.54)
    assert at.level.value_m == pytest.approx(level[0])
    assert at.level.reference == level[1]
    assert (at.time - START).total_seconds() == second


def test_seconds_in_a_column_of_milliseconds_are_not_a_day_of_1970() -> None:
    text = "lon,lat,height_agl_m,unix_ms\n113.9,22.5,0,1781056800\n113.9,22.5,9,1781056860"
    assert "these look like seconds" in refusal(text)


def test_rows_of_plans_may_stand_mixed_and_a_table_without_names_is_one_plan() -> None:
    rows_of = "".join(
        f"\n{plan},113.9,22.5,{up_m},2026-06-10T10:0{up_m}:00Z"
        for up_m in (0, 1)
        for plan in ("b", "a")
    )
    assert [plan.plan_id for plan in read(HEAD + rows_of).plans] == ["b", "a"]
    one = read("lon,lat,height_agl_m,time\n113.9,22.5,0,2026-06-10T10:00:00Z\n"
               "113.9,22.5,1,2026-06-10T10:01:00Z", name="survey 3.csv")  # fmt: skip
    assert [plan.plan_id for plan in one.plans] == ["survey 3"]


def test_a_table_without_times_is_timed_by_its_speeds() -> None:
    profile = OperatorProfile(
        route=TOLD.profile.route,
        reading=TOLD.profile.reading,
        performance=Performance(climb_m_s=4.0),
    )
    text = "lon,lat,height_ato_m,speed_m_s\n113.95,22.54,0,\n113.95,22.54,80,\n113.95,22.55,80,10"
    reading = read(text, told=Told(departure=START, profile=profile))
    times = [(w.time - START).total_seconds() for w in waypoints(reading.plans[0])]
    assert times == pytest.approx([0.0, 20.0, 20.0 + 110.74], abs=0.01)
    assert "times: worked out from 10 m/s" in " ".join(map(str, reading.losses))


def test_all_that_a_table_lacks_is_told_at_once() -> None:
    message = refusal("lon,lat\n1,2", told=Told())
    for words in (
        "--departure TIME",
        '--height "120 m AGL"',
        "--buffer M",
        "datum under [reading]",
    ):
        assert words in message


def test_one_height_may_be_told_for_the_whole_route() -> None:
    told = Told(level=Level.parse("120 m AGL"), profile=TOLD.profile)
    text = "lon,lat,alt,time\n113.9,22.5,7,2026-06-10T10:00:00Z\n113.9,22.6,8,2026-06-10T10:01:00Z"
    reading = read(text, told=told)
    assert {w.level for w in waypoints(reading.plans[0])} == {told.level}
    assert "level: every waypoint at 120 m AGL, as told" in " ".join(map(str, reading.losses))


def test_a_bare_altitude_is_read_if_somebody_says_what_it_is_measured_from() -> None:
    text = (
        "lon,lat,altitude (ft),time\n"
        "113.9,22.5,100,2026-06-10T10:00:00Z\n113.9,22.6,100,2026-06-10T10:01:00Z"
    )
    assert "measured from what? call the column one of height_agl_m" in refusal(text)
    told = Told(elevation_reference=VerticalReference.AMSL, profile=TOLD.profile)
    level = waypoints(read(text, told=told).plans[0])[0].level
    assert level.value_m == pytest.approx(30.48)
    assert level.reference is VerticalReference.AMSL


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("plan_id,lat,height_agl_m,time", "expected a column lon_deg with longitudes in degrees"),
        ("lon,lng,lat,height_agl_m,time", "'lon', 'lng'; they say the same: keep one"),
        ("lon,lat,height_agl_m,altitude_amsl_m,time", "a waypoint has one level"),
        ("lon,lat,height_agl_m,time,aircraft.cont", "did you mean aircraft.count?"),
        ("lon,lat,height_agl_m,time,datum,datum", "it stands twice: keep one"),
        (",".join(f"c{n}" for n in range(1001)), "1,001 columns; at most 1,000"),
    ],
)
def test_a_header_that_does_not_tell_waypoints_is_refused(header: str, message: str) -> None:
    assert message in refusal(header)


def test_columns_of_other_things_are_left_out_and_said_so() -> None:
    reading = read(HOP.replace("aircraft.count", "battery %"))
    assert str(reading.losses[0]) == "the file: column 'battery %': left out: not of a plan"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,x,22.5,0,2026-06-10T10:00:00Z", "line 2, 'lon_deg': given 'x'; expected a number"),
        ("a,nan,22.5,0,2026-06-10T10:00:00Z", "expected a finite number"),
        ("a,1e999,22.5,0,2026-06-10T10:00:00Z", "expected a finite number"),
        ("a,1_1,22.5,0,2026-06-10T10:00:00Z", "given '1_1'; expected a number"),
        ('a,"113,9",22.5,0,2026-06-10T10:00:00Z', "a number with a decimal point"),
        ("a,,22.5,0,2026-06-10T10:00:00Z", "given ''; expected a number"),
        ("a,113.9,22.5,,2026-06-10T10:00:00Z", "'height_agl_m': given ''"),
        ("a,113.9,22.5,0,2026-06-10T10:00:00", "2026-06-10T10:00:00+08:00 is local time"),
        ("a,113.9,22.5,0,10:00", "expected a time such as"),
        ("a,113.9,22.5,0,1781056800", "expected a time such as"),
        (",113.9,22.5,0,2026-06-10T10:00:00Z", "line 2: plan_id: given '', expected a name"),
        ("a,113.9,22.5,0", "line 2: 4 cells, and 5 columns"),
        ("a,113,9,22,5,0,2026-06-10T10:00:00Z", "numbers have a decimal point"),
        ('a,"113.9,22.5,0,2026', "no CSV"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(row: str, message: str) -> None:
    assert message in refusal(f"{HEAD}\n{row}\n")


def test_a_broken_row_breaks_its_own_plan_only() -> None:
    broken = "\nb,113.9,22.5,x,2026-06-10T10:00:00Z\nb,113.9,22.5,y,2026-06-10T10:00:00Z"
    reading = read(HOP.strip() + broken.replace("Z", "Z,,,"))
    assert [plan.plan_id for plan in reading.plans] == ["a"]
    [error] = reading.refused
    assert str(error).startswith("day.csv: b: 2 problems\n  line 4, 'height_agl_m': given 'x'")


def test_a_fact_is_one_for_the_whole_plan() -> None:
    assert "one for the whole plan, and it was 25.0 before" in refusal(
        HOP.replace(",,,\n", ",26,,\n")
    )


def test_a_list_that_is_no_json_is_refused() -> None:
    assert "expected a list as JSON writes it" in refusal(HOP.replace('"[', '"[['))


def test_a_table_in_another_encoding_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidInputError, match="save the table as CSV UTF-8"):
        read_plans_bytes(HOP.replace("Li", "李").encode("gbk"), name="day.csv", told=TOLD)


def test_more_cells_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_CELLS", 15)
    assert "line 3: more than 15 cells" in refusal(HOP)


def test_a_long_cell_is_refused() -> None:
    assert "at most 10,000 characters" in refusal(HOP.replace("Li", "x" * 10_001))


def test_every_fact_of_a_plan_has_a_column_and_places_have_none() -> None:
    kinds = fact_kinds()
    assert kinds["operator.certificate.issued_on"] == "string"
    assert kinds["special_operations.distributed_or_swarm"] == "boolean"
    assert kinds["aircraft.count"] == "integer"
    assert kinds["pilots"] == "array"
    assert not any(path.startswith(("waypoints", "operating_area", "plan_id")) for path in kinds)


@pytest.mark.parametrize("format_name", ["csv", "parquet"])
def test_all_routes_come_back_from_a_table(format_name: str) -> None:
    content = write_plans_bytes(ROUTES, format=format_name).content
    reading = read_plans_bytes(content, name="day.csv")
    assert list(reading.plans) == ROUTES
    assert (reading.losses, reading.refused) == ((), ())


def test_a_written_table_has_the_columns_it_says_and_facts_once_a_plan() -> None:
    written = tables.write(ROUTES[:1]).content.decode()
    records = list(csv.DictReader(io.StringIO(written)))
    first, second = waypoints(ROUTES[0])[:2]
    assert records[1]["lon_deg"] == str(second.lon_deg)
    assert records[0]["time"] == first.time.isoformat()
    assert records[0]["aircraft.is_unmanned"] == "true"
    assert records[1]["aircraft.is_unmanned"] == ""


# Parquet


def table(**columns: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target)
    return target.getvalue()


def places(**more: Any) -> dict[str, Any]:
    return {"lon_deg": [113.9, 113.9], "lat_deg": [22.5, 22.6], "height_agl_m": [1, 2], **more}


TIMES = pa.array([START, START.replace(minute=1)], pa.timestamp("ns", tz="Asia/Shanghai"))


def test_parquet_says_the_same_as_text() -> None:
    content = table(**places(time=TIMES), **{"aircraft.count": pa.array([1.0, None])})
    [plan] = read_plans_bytes(content, name="p.parquet", told=TOLD).plans
    assert [w.time for w in waypoints(plan)] == [START, START.replace(minute=1)]
    assert waypoints(plan)[1].level == Level(2.0, VerticalReference.AGL)
    assert plan.aircraft is not None
    assert plan.aircraft.count == 1


def test_parquet_times_without_a_zone_are_refused() -> None:
    naive = pa.array([0, 1], pa.timestamp("us"))
    with pytest.raises(InvalidInputError, match="expected a column of times with a time zone"):
        read_plans_bytes(table(**places(time=naive)), told=TOLD)


def test_parquet_of_lists_is_refused_where_they_mean_something() -> None:
    nested = pa.array([[1.0], [2.0]])
    with pytest.raises(InvalidInputError, match="expected single values"):
        read_plans_bytes(table(**places(time=TIMES, route_buffer_m=nested)), told=TOLD)
    reading = read_plans_bytes(table(**places(time=TIMES, other=nested)), told=TOLD)
    assert len(reading.plans) == 1


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\xff" * 100 + b"PAR1"])
def test_broken_parquet_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="no Parquet that can be read"):
        read_plans_bytes(content, told=TOLD)


def test_cut_parquet_is_refused() -> None:
    content = table(**places(time=TIMES))
    for length in range(4, len(content), 211):
        with pytest.raises(InvalidInputError):
            read_plans_bytes(content[:length], told=TOLD)


def test_a_small_file_of_long_texts_is_refused_before_they_are_unpacked() -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 60_000, pa.int32()), ["x" * 1_000_000])
    many = {key: [value[0]] * 60_000 for key, value in places(unix_s=[1e9]).items()}
    content = table(plan_id=long, **many)
    assert len(content) < 1_500_000  # and 60 GB as text
    with pytest.raises(InvalidInputError, match="a text of more than 10,000 characters"):
        read_plans_bytes(content, told=TOLD)


def test_a_footer_of_too_many_rows_is_refused_before_they_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet, "MOST_CELLS", 7)
    with pytest.raises(InvalidInputError, match="2 rows that unpack to"):
        read_plans_bytes(table(**places(time=TIMES)), told=TOLD)


def test_a_written_parquet_has_types() -> None:
    content = write_plans_bytes(ROUTES[:2], format="parquet").content
    schema = pq.read_schema(pa.BufferReader(content))
    assert schema.field("time").type == pa.timestamp("us", tz="UTC")
    assert schema.field("aircraft.is_unmanned").type == pa.bool_()
    assert json.loads(pq.read_table(pa.BufferReader(content))["pilots"][0].as_py())
