"""GPX files: tracks as they were flown, routes as they will be, and no height that is a guess."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.files import plan_format_of, read_plans_bytes
from lowalt.formats.plans.gpx import read
from lowalt.formats.plans.numbers import number_of, time_of
from lowalt.formats.plans.profile import OperatorProfile, Performance, ReadingRules, RouteRules
from lowalt.levels import Level, VerticalReference

FILE = (Path(__file__).parent / "data" / "plans" / "gpx" / "flights.gpx").read_bytes()
KARNEY = Geod(ellps="WGS84")
AGL, AMSL, HAE = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE
DEPARTURE = datetime.fromisoformat("2026-06-10T10:00:00+08:00")
PROFILE = OperatorProfile(route=RouteRules(buffer_m=20.0), performance=Performance(cruise_m_s=10.0))
TOLD = Told(departure=DEPARTURE, elevation_reference=AMSL, profile=PROFILE)


def point(
    lon: object = 113.95, lat: object = 22.54, ele: object = 90, time: str = "", tag: str = "trkpt"
) -> str:
    stated = "" if ele is None else f"<ele>{ele}</ele>"
    stated += f"<time>{time}</time>" if time else ""
    return f'<{tag} lat="{lat}" lon="{lon}">{stated}</{tag}>'


def gpx(body: str, *, version: str = "1/1") -> bytes:
    return (
        f'<gpx version="1.1" creator="a test" xmlns="http://www.topografix.com/GPX/{version}">'
        f"{body}</gpx>"
    ).encode()


def track(*points: str, name: str = "p") -> bytes:
    return gpx(f"<trk><name>{name}</name><trkseg>{''.join(points)}</trkseg></trk>")


def moment(seconds: float) -> str:
    time = datetime(2026, 6, 10, 2, tzinfo=UTC) + timedelta(seconds=seconds)
    return time.isoformat().replace("+00:00", "Z")


def one(content: bytes, *, told: Told = TOLD) -> Draft:
    (draft,) = read(content, name="log.gpx", told=told)
    if isinstance(draft, InvalidInputError):
        raise draft
    return draft


# What is read


def test_tracks_and_routes_of_a_file_are_flights() -> None:
    assert plan_format_of(FILE, name="flights.xml") == "gpx"
    reading = read_plans_bytes(FILE, name="flights.gpx", told=TOLD)
    route, flown = reading.plans
    assert (route.plan_id, flown.plan_id) == ("survey", "flight 7")
    assert route.waypoints is not None
    assert flown.waypoints is not None
    assert [(w.lon_deg, w.lat_deg, str(w.level)) for w in flown.waypoints] == [
        (113.9502, 22.5431, "12.5 m AMSL"),
        (113.9502, 22.5431, "92 m AMSL"),
        (113.9561, 22.5488, "92 m AMSL"),
    ]
    assert flown.departure == DEPARTURE
    assert flown.arrival == DEPARTURE + timedelta(seconds=130.5)
    length_m = KARNEY.inv(113.95, 22.54, 113.95, 22.55)[2]
    assert route.arrival - DEPARTURE == pytest.approx(
        timedelta(seconds=length_m / 10.0), abs=timedelta(microseconds=2)
    )
    assert (route.arrival - DEPARTURE).total_seconds() == pytest.approx(110.737699, abs=1e-5)
    told = {str(loss) for loss in reading.losses}
    assert "flight 7: track: segments: 2; straight where reception was lost between them" in told
    assert "the file: wpt: waypoints that belong to no route: 1 left out" in told


def test_the_older_version_is_read_too() -> None:
    body = f"<trk><trkseg>{point(time=moment(0))}{point(113.96, time=moment(9))}</trkseg></trk>"
    draft = one(gpx(body, version="1/0"))
    assert draft.document["plan_id"] == "log"
    assert len(draft.document["waypoints"]) == 2


def test_what_elevations_are_measured_from_is_told_or_refused() -> None:
    content = track(point(time=moment(0)), point(113.96, time=moment(60)))
    with pytest.raises(InvalidInputError, match=r"gpx_elevation under \[reading\]"):
        one(content, told=replace(TOLD, elevation_reference=None))
    # A level that is told is for files without elevations, not for those that leave them open.
    with pytest.raises(InvalidInputError, match="gpx_elevation"):
        one(content, told=replace(TOLD, elevation_reference=None, level=Level(120.0, AGL)))
    rules = replace(PROFILE, reading=ReadingRules(gpx_elevation=HAE))
    draft = one(content, told=replace(TOLD, elevation_reference=None, profile=rules))
    assert draft.document["waypoints"][0]["level"] == Level(90.0, HAE)


def test_a_route_without_elevations_flies_at_the_level_that_is_told() -> None:
    content = track(point(ele=None, time=moment(0)), point(113.96, ele=None, time=moment(60)))
    with pytest.raises(InvalidInputError, match="--height"):
        one(content)
    draft = one(content, told=replace(TOLD, level=Level(120.0, AGL)))
    assert [at["level"] for at in draft.document["waypoints"]] == [Level(120.0, AGL)] * 2


def test_all_that_is_missing_is_named_at_once() -> None:
    content = gpx(f"<rte>{point(tag='rtept')}{point(113.96, tag='rtept')}</rte>")
    with pytest.raises(InvalidInputError) as caught:
        one(content, told=Told())
    given = [problem.where for problem in caught.value.problems]
    assert given == ["departure", "route_buffer_m", "elevation", "speed"]
    timed = track(point(time=moment(0)), point(113.96, time=moment(60)))
    with pytest.raises(InvalidInputError) as caught:
        one(timed, told=Told())
    assert [problem.where for problem in caught.value.problems] == ["route_buffer_m", "elevation"]


def test_a_broken_track_does_not_stop_the_others() -> None:
    good = f"<trk><trkseg>{point(time=moment(0))}{point(113.96, time=moment(9))}</trkseg></trk>"
    bad = f"<trk><name>bad</name><trkseg>{point(lat='x')}{point()}</trkseg></trk>"
    reading = read_plans_bytes(gpx(bad + good + good), name="day.gpx", told=TOLD)
    assert [plan.plan_id for plan in reading.plans] == ["day", "day#2"]
    (refused,) = reading.refused
    assert "day.gpx: trk 1 'bad': point 1: latitude: given 'x'" in str(refused)


# Times


def test_a_repeated_fix_is_one_and_a_contradicting_one_is_refused() -> None:
    same = track(point(time=moment(0)), point(time=moment(0)), point(113.96, time=moment(9)))
    assert len(one(same).document["waypoints"]) == 2
    with pytest.raises(InvalidInputError, match=r"point 2: .* one place at a time"):
        one(track(point(time=moment(0)), point(113.96, time=moment(0))))
    with pytest.raises(InvalidInputError, match=r"point 2: .* before the one before it"):
        one(track(point(time=moment(9)), point(113.96, time=moment(0))))
    with pytest.raises(InvalidInputError, match="1 places with a time"):
        one(track(point(time=moment(9))))


@given(
    st.lists(
        st.tuples(st.integers(-179_000, 179_000), st.integers(-89_000, 89_000)),
        min_size=2,
        max_size=6,
    ),
    st.lists(st.integers(1, 10**9), min_size=6, max_size=6),
)
def test_places_and_times_come_back_as_they_were(
    places: list[tuple[int, int]], steps_us: list[int]
) -> None:
    times = [datetime(2026, 6, 10, tzinfo=UTC)]
    for step_us in steps_us:
        times.append(times[-1] + timedelta(microseconds=step_us))
    expected = [
        (lon / 1000.0, lat / 1000.0, time) for (lon, lat), time in zip(places, times, strict=False)
    ]
    points = [point(lon, lat, time=time.isoformat()) for lon, lat, time in expected]
    waypoints = one(track(*points)).document["waypoints"]
    assert [(at["lon_deg"], at["lat_deg"], at["time"]) for at in waypoints] == expected


# What is refused


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        (point(22.54, 113.95, time=moment(0)), "point 1: .*they look swapped"),
        (point(None, time=moment(0)), "longitude: given 'None'"),
        (point("1e400", time=moment(0)), "longitude: given '1e400'"),
        (point("113,95", time=moment(0)), "with a point, not a comma"),
        (point(lat="nan", time=moment(0)), "latitude: given 'nan'"),
        (point(ele="1_0", time=moment(0)), "ele: given '1_0'"),
        (point(ele="inf", time=moment(0)), "ele: given 'inf'"),
        (point(ele=None, time=moment(0)), "point 1: no ele, where others have one"),
        (point(), "point 1: no time, where others have one"),
        (point(time="2026-06-10T02:00:00"), "without its offset"),
        (point(time="2026-06-10"), "without its offset"),
        (point(time="1800-06-10T02:00:00Z"), "between 1900 and 2200"),
        (point(time="2026-02-30T02:00:00Z"), "expected a time"),
        (point(time="1781056800"), "expected a time"),
    ],
)
def test_a_fault_is_refused_by_name(faulty: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"log.gpx: trk 1 'p': .*{message}"):
        one(track(faulty, point(113.96, time=moment(60))))


def test_a_place_without_an_attribute_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="point 1: longitude: given ''"):
        one(track('<trkpt lat="22.5"><ele>1</ele></trkpt>', point(113.96)))


@pytest.mark.parametrize(
    "content",
    [
        b"<gpx><trk/></gpx>",
        b'<kml xmlns="http://www.opengis.net/kml/2.2"/>',
        b'<gpx xmlns="http://www.topografix.com/GPX/2/0"/>',
    ],
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"expected gpx of namespace http://www.topografix"):
        read(content, name="log.gpx", told=TOLD)


def test_files_without_a_flight_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="no flight in it"):
        read(gpx(point(tag="wpt")), name="log.gpx", told=TOLD)
    with pytest.raises(InvalidInputError, match="it goes nowhere"):
        one(gpx("<trk/>"))


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


def test_entities_are_refused() -> None:
    content = b'<!DOCTYPE gpx [<!ENTITY a "x">]>' + track(point())
    with pytest.raises(InvalidInputError, match="refused: it declares a document type"):
        read(content, name="log.gpx", told=TOLD)


def test_more_plans_than_anybody_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowalt.formats.plans.identifiers.MOST_PLANS", 100)
    assert len(read(gpx("<trk/>" * 100), name="log.gpx", told=TOLD)) == 100
    with pytest.raises(InvalidInputError, match=r"log\.gpx: more than 100 plans; split the file"):
        read(gpx("<trk/>" * 101), name="log.gpx", told=TOLD)


def test_many_empty_tracks_take_no_longer_than_their_file() -> None:
    with bounded(seconds=5.0, megabytes=6.0):
        drafts = read(gpx("<trk/>" * 3_000), name="log.gpx", told=TOLD)
    assert len(drafts) == 3_000
    assert all(isinstance(draft, InvalidInputError) for draft in drafts)


# Numbers and times of XML


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 0.1 + 0.2, -1e-7, 5e-324, 1.7976931348623157e308, 1e22]
)
def test_every_number_is_read_as_it_is_written(value: float) -> None:
    assert number_of(repr(value), where="x") == value
    assert number_of(f"\n {value!r}\t", where="x") == value


@pytest.mark.parametrize(
    "text", ["", "-", "e5", "1 2", "0x10", "infinity", "NaN", "١٢", "1__0", "+"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="x: given"):
        number_of(text, where="x")


@pytest.mark.parametrize(
    "local",
    [datetime(1901, 1, 1), datetime(2026, 2, 28, 23, 59, 59, 1), datetime(2199, 1, 1, 0, 0, 0, 10)],  # noqa: DTZ001
)
def test_every_time_is_read_as_it_is_written(local: datetime) -> None:
    time = local.replace(tzinfo=UTC)
    assert time_of(time.isoformat().replace("+00:00", "z"), where="t") == time
    assert time_of(time.astimezone(DEPARTURE.tzinfo).isoformat(), where="t") == time
