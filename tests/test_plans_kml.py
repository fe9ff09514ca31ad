"""KML files of flights: ours come back whole, others' are read by what they say, not by guesses."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from lowalt.errors import InvalidInputError, LowaltError
from lowalt.flights import FlightPlan, parse_plan, read_plan
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.files import plan_format_of, read_plans_bytes
from lowalt.formats.plans.kml import read, write
from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
from lowalt.levels import Level, VerticalReference

HERE = Path(__file__).parent
FILE = (HERE / "data" / "plans" / "kml" / "flights.kml").read_bytes()
KARNEY = Geod(ellps="WGS84")
AGL, AMSL = VerticalReference.AGL, VerticalReference.AMSL
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")
PROFILE = OperatorProfile(route=RouteRules(buffer_m=20.0), performance=Performance(cruise_m_s=10.0))
TOLD = Told(departure=DEPARTURE, profile=PROFILE)
SPAN = "<TimeSpan><begin>2026-06-10T02:00:00Z</begin><end>2026-06-10T02:10:00Z</end></TimeSpan>"
GX = "{http://www.google.com/kml/ext/2.2}"


def kml(*bodies: str, name: str = "flight") -> bytes:
    placemarks = "".join(f"<Placemark><name>{name}</name>{body}</Placemark>" for body in bodies)
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"'
        ' xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
        f"{placemarks}</Document></kml>"
    ).encode()


def line(coordinates: str = "113.95,22.54,60 113.95,22.55,60", mode: str = "absolute") -> str:
    stated = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    return f"<LineString>{stated}<coordinates>{coordinates}</coordinates></LineString>"


def track(*fixes: tuple[str, str], mode: str = "absolute") -> str:
    stated = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    times = "".join(f"<when>{when}</when>" for when, _ in fixes)
    places = "".join(f"<gx:coord>{place}</gx:coord>" for _, place in fixes)
    return f"<gx:Track>{stated}{times}{places}</gx:Track>"


GOOD = track(
    ("2026-06-10T02:00:00Z", "113.95 22.54 60"), ("2026-06-10T02:01:00Z", "113.96 22.54 60")
)
SQUARE = "113.95,22.54,{h} 113.96,22.54,{h} 113.96,22.55,{h} 113.95,22.55,{h} 113.95,22.54,{h}"


def polygon(
    mode: str = "relativeToGround", *, curtain: bool = True, height: float = 120, holes: str = ""
) -> str:
    ring = f"<LinearRing><coordinates>{SQUARE.format(h=height)}</coordinates></LinearRing>"
    return (
        f"<Polygon><extrude>{int(curtain)}</extrude><altitudeMode>{mode}</altitudeMode>"
        f"<outerBoundaryIs>{ring}</outerBoundaryIs>{holes}</Polygon>"
    )


def one(content: bytes, *, told: Told = TOLD) -> Draft:
    (draft,) = read(content, name="day.kml", told=told)
    if isinstance(draft, InvalidInputError):
        raise draft
    return draft


def places(draft: Draft) -> list[tuple[float, float, str, float]]:
    return [
        (at["lon_deg"], at["lat_deg"], str(at["level"]), (at["time"] - DEPARTURE).total_seconds())
        for at in draft.document["waypoints"]
    ]


# What is read


def test_tracks_and_lines_of_a_file_are_flights() -> None:
    assert plan_format_of(FILE, name="flights.xml") == "kml"
    drafts = read(FILE, name="flights.kml", told=Told(profile=PROFILE))
    delivery, patrol = (draft for draft in drafts if isinstance(draft, Draft))
    assert delivery.document["plan_id"] == "delivery 12"
    assert places(delivery) == [
        (113.9502, 22.5431, "12 m AMSL", 0.0),
        (113.9502, 22.5431, "92 m AMSL", 30.0),
        (113.9561, 22.5488, "92 m AMSL", 130.5),
    ]
    assert [str(loss) for loss in delivery.losses] == [
        "delivery 12: track: times without a place: 1; straight from the place before to the next",
        "the file: figures: points that make no track: 1 left out",
    ]
    # 1,107 m across and 40 m up in 5 minutes, at one speed.
    across_m = KARNEY.inv(113.95, 22.54, 113.95, 22.55)[2]
    assert places(patrol) == [
        (113.95, 22.54, "60 m AGL", 0.0),
        (113.95, 22.55, "60 m AGL", pytest.approx(300.0 * across_m / (across_m + 40.0), abs=1e-5)),
        (113.95, 22.55, "100 m AGL", 300.0),
    ]
    assert places(patrol)[1][3] == pytest.approx(289.541363, abs=1e-5)


def test_an_archive_is_read_as_the_document_in_it() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", FILE)
    assert plan_format_of(buffer.getvalue(), name="flights.kmz") == "kml"
    packed = read_plans_bytes(buffer.getvalue(), name="flights.kmz", told=TOLD)
    assert packed.plans == read_plans_bytes(FILE, name="flights.kml", told=TOLD).plans


def test_a_line_without_times_departs_when_told_or_when_it_is_stamped() -> None:
    length_m = KARNEY.inv(113.95, 22.54, 113.95, 22.55)[2]
    assert places(one(kml(line())))[-1][3] == pytest.approx(length_m / 10.0, abs=1e-5)
    stamp = "<TimeStamp><when>2026-06-10T03:00:00Z</when></TimeStamp>"
    assert places(one(kml(stamp + line())))[0][3] == 3600.0
    with pytest.raises(InvalidInputError, match="--departure"):
        one(kml(line()), told=Told(profile=PROFILE))


def test_points_in_time_of_one_folder_are_one_flight() -> None:
    stamped = [
        f"<TimeStamp><when>2026-06-10T02:0{minute}:00Z</when></TimeStamp><Point><altitudeMode>"
        f"absolute</altitudeMode><coordinates>113.9{minute},22.54,60</coordinates></Point>"
        for minute in (2, 0, 1)
    ]
    draft = one(kml(*stamped))
    assert [(lon, seconds) for lon, _, _, seconds in places(draft)] == [
        (113.90, 0.0),
        (113.91, 60.0),
        (113.92, 120.0),
    ]
    mixed = [*stamped[:2], stamped[2].replace("absolute", "relativeToGround")]
    with pytest.raises(InvalidInputError, match="2 altitude modes"):
        one(kml(*mixed))


def test_tracks_and_lines_of_one_placemark_are_flights_of_their_own() -> None:
    several = f"<gx:MultiTrack>{GOOD}{GOOD}</gx:MultiTrack>"
    first, second = read(kml(several), name="day.kml", told=TOLD)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert [d.document["plan_id"] for d in (first, second)] == ["flight", "flight#2"]
    assert "one of 2 in its placemark" in first.losses[-1].how
    assert (
        len(read(kml(f"<MultiGeometry>{line()}{line()}</MultiGeometry>"), name="x", told=TOLD)) == 2
    )


def test_tracks_of_the_newer_version_are_read_too() -> None:
    content = re.sub(rb"gx:(Track|coord)", rb"\1", kml(GOOD)).replace(b"kml/2.2", b"kml/2.3", 1)
    assert places(one(content)) == places(one(kml(GOOD)))


@pytest.mark.parametrize("mode", ["", "clampToGround", "relativeToSeaFloor", "clampToSeaFloor"])
def test_altitudes_that_do_not_count_need_a_level(mode: str) -> None:
    content = kml(line(mode=mode))
    with pytest.raises(InvalidInputError, match="--height"):
        one(content)
    draft = one(content, told=replace(TOLD, level=Level(120.0, AGL)))
    assert {level for _, _, level, _ in places(draft)} == {"120 m AGL"}
    assert any(loss.what == "heights" for loss in draft.losses)


def test_a_level_that_is_told_does_not_replace_one_that_is_stated() -> None:
    draft = one(kml(line()), told=replace(TOLD, level=Level(120.0, AGL)))
    assert {level for _, _, level, _ in places(draft)} == {"60 m AMSL"}


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        one(kml(line(mode="")), told=Told())
    given = [problem.where for problem in caught.value.problems]
    assert given == ["departure", "height", "route_buffer_m", "speed"]


def test_a_broken_placemark_does_not_stop_the_others() -> None:
    reading = read_plans_bytes(kml(line("x,y"), GOOD), name="day.kml", told=TOLD)
    assert [plan.plan_id for plan in reading.plans] == ["flight"]
    (refused,) = reading.refused
    assert "day.kml: placemark 1 'flight': place 1: longitude: given 'x'" in str(refused)


# Areas


@pytest.mark.parametrize(("mode", "reference"), [("relativeToGround", AGL), ("absolute", AMSL)])
def test_a_polygon_with_a_curtain_and_a_period_is_an_area(
    mode: str, reference: VerticalReference
) -> None:
    (plan,) = read_plans_bytes(kml(SPAN + polygon(mode)), name="day.kml", told=Told()).plans
    area = plan.operating_area
    assert area is not None
    assert area.floor == Level(0.0, AGL)
    assert area.ceiling == Level(120.0, reference)
    assert (area.start, area.end) == (DEPARTURE, DEPARTURE + timedelta(minutes=10))
    assert area.polygon is not None
    assert set(area.polygon) == {
        (113.95, 22.54),
        (113.96, 22.54),
        (113.96, 22.55),
        (113.95, 22.55),
    }


def test_a_polygon_on_the_ground_reaches_up_to_the_level_that_is_told() -> None:
    content = kml(SPAN + polygon("clampToGround"))
    with pytest.raises(InvalidInputError, match="--height"):
        one(content)
    draft = one(content, told=replace(TOLD, level=Level(90.0, AGL)))
    assert draft.document["operating_area"]["ceiling"] == Level(90.0, AGL)


def test_polygons_that_do_not_say_when_or_how_high_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="give it a TimeSpan"):
        one(kml(polygon()))
    with pytest.raises(InvalidInputError, match="a plate at 120 m AGL"):
        one(kml(SPAN + polygon(curtain=False)))


def test_holes_are_covered_and_polygons_beside_lines_are_left_out() -> None:
    hole = (
        "<innerBoundaryIs><LinearRing><coordinates>113.952,22.542,120 113.954,22.542,120"
        " 113.954,22.544,120 113.952,22.542,120</coordinates></LinearRing></innerBoundaryIs>"
    )
    draft = one(kml(SPAN + polygon(holes=hole)))
    assert [loss.what for loss in draft.losses] == ["area"]
    beside = one(kml(SPAN + polygon(), GOOD))
    assert "waypoints" in beside.document
    assert any("polygons beside lines: 1" in loss.how for loss in beside.losses)


# What is refused


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (line("113.95, 22.54,60 113.96,22.54,60"), "without blanks between them"),
        (line("22.54,113.95,60 22.55,113.95,60"), "place 1: .*they look swapped"),
        (line("113.95,22.54,60 113.96,22.54"), "place 2: no altitude, where others have one"),
        (line("113.95,22.54,nan 113.96,22.54,60"), "altitude: given 'nan'"),
        (line("113.95,22.54,1e400 113.96,22.54,60"), "altitude: given '1e400'"),
        (line("113.95,22.54,60"), "it goes nowhere"),
        (line(""), "it goes nowhere"),
        (GOOD.replace("<when>2026-06-10T02:00:00Z</when>", ""), "1 times and 2 places"),
        (GOOD.replace("02:01:00Z", "02:01:00"), "place 2: given .* without its offset"),
        (GOOD.replace("2026-06-10T02:01:00Z", "2026-06-10"), "without its offset"),
        (GOOD.replace("02:01:00Z", "02:00:00Z"), "place 2: .*one place at a time"),
        (GOOD.replace("02:01:00Z", "01:59:00Z"), "place 2: .*before the one before it"),
        (GOOD.replace("113.95 22.54 60", "113.95,22.54,60"), "place 1: given .*with blanks"),
        (GOOD.replace("113.95 22.54 60", ""), "1 places with a time"),
        (SPAN.replace("02:10:00Z", "02:00:00Z") + line(), "not after it begins"),
        (SPAN.replace("02:10:00Z", "02:10:00") + line(), "end: given .* without its offset"),
    ],
)
def test_a_fault_is_refused_by_name(body: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"flight.*{message}"):
        one(kml(body))


def test_other_files_are_refused() -> None:
    for content in (b"<gpx/>", b'<kml xmlns="urn:x"/>'):
        with pytest.raises(InvalidInputError, match="expected kml of namespace"):
            read(content, name="day.kml", told=TOLD)
    with pytest.raises(InvalidInputError, match="no flight in it"):
        read(kml("<Point><coordinates>1,2</coordinates></Point>"), name="x.kml", told=TOLD)
    entities = b'<!DOCTYPE kml [<!ENTITY a "x">]>' + kml(GOOD)
    with pytest.raises(InvalidInputError, match="refused: it declares a document type"):
        read(entities, name="x.kml", told=TOLD)


# Files that mean harm


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


def test_many_empty_placemarks_take_no_longer_than_their_file() -> None:
    with (
        bounded(seconds=5.0, megabytes=15.0),
        pytest.raises(InvalidInputError, match="no flight in it"),
    ):
        read(kml(*[""] * 4_000), name="day.kml", told=TOLD)


def test_more_placemarks_or_lines_than_anybody_flies_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lowalt.formats.plans.kml.reading._MOST_PLACEMARKS", 10)
    with pytest.raises(InvalidInputError, match="more than 10 placemarks; split the file"):
        read(kml(*[GOOD] * 11), name="day.kml", told=TOLD)
    monkeypatch.setattr("lowalt.formats.plans.identifiers.MOST_PLANS", 5)
    with pytest.raises(InvalidInputError, match=r"day\.kml: more than 5 plans"):
        read(kml(*[GOOD] * 6), name="day.kml", told=TOLD)
    with pytest.raises(InvalidInputError, match="placemark 1 'flight': more than 5 plans"):
        one(kml(f"<MultiGeometry>{line() * 6}</MultiGeometry>"))


def test_a_line_of_too_many_places_is_refused_before_they_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lowalt.formats.plans.kml.tracks.MOST_WAYPOINTS", 1000)
    content = kml(line("1,1 " * 300_000))
    with (
        bounded(seconds=5.0, megabytes=30.0),
        pytest.raises(InvalidInputError, match="more than 1,000 places"),
    ):
        one(content)


# What we write


def plan_of(
    *levels: Level, area: bool = False, floor: Level | None = None, ceiling: Level | None = None
) -> FlightPlan:
    document: dict[str, object] = {"plan_id": "配送 & <12>", "datum": "WGS84"}
    if area:
        document["operating_area"] = {
            "circle": {"lon_deg": 113.95, "lat_deg": 22.54, "radius_m": 200.0},
            "floor": floor or Level(0.0, AGL),
            "ceiling": ceiling or Level(100.0, AGL),
            "start": "2026-06-10T10:00:00+08:00",
            "end": "2026-06-10T10:20:00+08:00",
        }
    else:
        document["route_buffer_m"] = 20.0
        document["waypoints"] = [
            {
                "lon_deg": 113.95 + i / 300.0,
                "lat_deg": 22.54,
                "level": level,
                "time": DEPARTURE + timedelta(seconds=100.0 * i / 3.0),
            }
            for i, level in enumerate(levels)
        ]
    return parse_plan(document)


@pytest.fixture(scope="module")
def full() -> FlightPlan:
    return read_plan(HERE / "data" / "full_plan.json")


def test_a_written_plan_comes_back_whole(full: FlightPlan) -> None:
    plans = (
        full,
        *(
            plan_of(Level(0.0, reference), Level(1.0 / 3.0, reference))
            for reference in VerticalReference
        ),
    )
    for plan in plans:
        assert read_plans_bytes(write([plan]).content, name="day.kml", told=Told()).plans == (plan,)


@pytest.mark.parametrize("reference", list(VerticalReference))
@pytest.mark.parametrize("floor_m", [0.0, 30.0])
def test_a_written_area_comes_back_whole(reference: VerticalReference, floor_m: float) -> None:
    plan = plan_of(area=True, floor=Level(floor_m, AGL), ceiling=Level(100.0, reference))
    reading = read_plans_bytes(write([plan]).content, name="day.kml", told=Told())
    assert reading.plans == (plan,)


@given(
    st.lists(
        st.tuples(st.floats(100.0, 120.0), st.floats(10.0, 40.0), st.floats(-400.0, 9000.0)),
        min_size=2,
        max_size=5,
    )
)
def test_every_route_comes_back_to_the_last_bit(at: list[tuple[float, float, float]]) -> None:
    plan = plan_of(Level(0.0, AMSL), Level(0.0, AMSL))
    assert plan.waypoints is not None
    waypoints = tuple(
        plan.waypoints[0].model_copy(
            update={
                "lon_deg": lon_deg,
                "lat_deg": lat_deg,
                "level": Level(value_m, AMSL),
                "time": DEPARTURE + timedelta(microseconds=i + 1),
            }
        )
        for i, (lon_deg, lat_deg, value_m) in enumerate(at)
    )
    plan = plan.model_copy(update={"waypoints": waypoints})
    (draft,) = read(write([plan]).content, name="x.kml", told=Told())
    assert isinstance(draft, Draft)
    assert parse_plan(draft.document) == plan


def test_what_is_drawn_is_what_others_read() -> None:
    plan = plan_of(Level(12.5, AMSL), Level(92.0, AMSL))
    root = ET.fromstring(write([plan]).content)
    (drawn,) = root.iter(f"{GX}Track")
    assert [element.text for element in drawn] == [
        "absolute",
        "2026-06-10T02:00:00Z",
        "2026-06-10T02:00:33.333333Z",
        "113.95 22.54 12.5",
        f"{113.95 + 1 / 300!r} 22.54 92",
    ]
    # Without the plan beside it the figure is read by what it says.
    stripped = re.sub(rb"<ExtendedData>.*</ExtendedData>", b"", write([plan]).content)
    (alone,) = read_plans_bytes(stripped, name="x.kml", told=TOLD).plans
    assert alone.waypoints == plan.waypoints


def test_heights_that_kml_cannot_say_are_not_drawn_and_told() -> None:
    written = write([plan_of(Level(50.0, VerticalReference.ATO), Level(60.0, AMSL))])
    assert b"clampToGround" in written.content
    assert b"22.54 0<" in written.content
    assert "reference" in {loss.what for loss in written.losses}
    area = write([plan_of(area=True, floor=Level(20.0, AGL))])
    assert {"circle", "floor"} <= {loss.what for loss in area.losses}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"22.54 92<", b"22.54 93<"),
        (b"113.95 22.54 12.5<", b"113.95 22.55 12.5<"),
        (b"02:00:00Z</when>", b"01:59:00Z</when>"),
        (b"absolute", b"relativeToGround"),
    ],
)
def test_a_figure_that_was_changed_beside_its_plan_is_refused(old: bytes, new: bytes) -> None:
    content = write([plan_of(Level(12.5, AMSL), Level(92.0, AMSL))]).content
    assert old in content
    with pytest.raises(InvalidInputError, match="its figure is not that of the plan"):
        one(content.replace(old, new))


def test_an_area_that_was_changed_beside_its_plan_is_refused() -> None:
    content = write([plan_of(area=True)]).content
    moved = re.sub(rb"<coordinates>\d+\.\d+", b"<coordinates>113.96", content)
    for changed in (
        moved.replace(b"</coordinates>", b" 113.96,22.5399,100</coordinates>"),
        content.replace(b",100", b",110"),
        content.replace(b"<extrude>1", b"<extrude>0"),
    ):
        assert changed != content
        with pytest.raises(LowaltError, match=r"not that of the plan|ends where it began"):
            one(changed)


def test_a_plan_that_is_none_is_refused_by_its_placemark() -> None:
    content = write([plan_of(Level(12.5, AMSL), Level(92.0, AMSL))]).content
    for faulty, message in (
        (re.sub(rb'(<plan xmlns="[^"]*">).*</plan>', rb"\1[1]</plan>", content), "holds no plan"),
        (
            content.replace(b"plan_id&quot;", b"plan&quot;").replace(b'"plan_id"', b'"plan"'),
            "plan_id",
        ),
        (content.replace(b'"datum"', b"datum"), "not a JSON document"),
    ):
        with pytest.raises(InvalidInputError, match=f"placemark 1.*(?s:.*){message}"):
            one(faulty)


def test_times_are_written_in_utc() -> None:
    content = write([plan_of(area=True)]).content
    assert b"<begin>2026-06-10T02:00:00Z</begin><end>2026-06-10T02:20:00Z</end>" in content
    assert DEPARTURE.astimezone(UTC).isoformat() == "2026-06-10T02:00:00+00:00"
