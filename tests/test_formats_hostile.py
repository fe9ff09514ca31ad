"""Hostile files of the JSON formats: refused by name and reason, in bounded time and memory."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from datetime import UTC, date, datetime, time
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, box

from lowalt import testing
from lowalt.airspace import (
    BasisVerification,
    BoundaryPart,
    Circle,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Restriction,
    RoutePoint,
    Sector,
    Site,
    Volume3D,
    Zone,
    capacity,
)
from lowalt.errors import GeometryError, InvalidInputError, LowaltError
from lowalt.formats import Origin, ed269, ed318, geojson, read_airspace, read_features
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import DaylightEvent, Schedule, WeeklyHours
from lowalt.terms import CorridorKind, LineKind, Notice, SiteKind, ZoneKind

ORIGIN = Origin(citation="a test", as_of=date(2026, 1, 1))
TITLE = {"en": "a test"}
SQUARE = [[113.9, 22.5], [114.0, 22.5], [114.0, 22.6], [113.9, 22.6], [113.9, 22.5]]

Document = dict[str, Any]


# One zone in each format, its polygon or circle open to change


def in_geojson(geometry: Any, *, identifier: str = "X1") -> Document:
    record = of_others(geometry, identifier=identifier)
    record["properties"]["name"] = [{"lang": "en", "text": "a zone"}]
    record["properties"]["extendedProperties"] = {
        "kind": "danger_area",
        "status": "authoritative",
        "basis": "verified",
        "accuracy_m": 0.0,
        "citation": "a notice",
        "sources": [],
        "as_of": "2026-01-01",
    }
    return record


def of_others(geometry: Any, *, identifier: str = "X1") -> Document:
    properties = {
        "identifier": identifier,
        "country": "CHN",
        "type": "PROHIBITED",
        "variant": "COMMON",
        "zoneAuthority": [{"purpose": "INFORMATION"}],
    }
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def in_ed269(geometry: Any, *, identifier: str = "X1") -> Document:
    projection = dict(geometry)
    layer = projection.pop("layer", {})
    if "extent" in projection:
        centre, extent = projection.pop("coordinates"), projection.pop("extent")
        projection = {"type": "Circle", "center": centre, **extent}
    volume = {
        "uomDimensions": {"m": "M", "ft": "FT"}.get(layer.get("uom", "m"), layer.get("uom")),
        "lowerLimit": layer.get("lower"),
        "lowerVerticalReference": layer.get("lowerReference", "AGL"),
        "upperLimit": layer.get("upper"),
        "upperVerticalReference": layer.get("upperReference", "AGL"),
        "horizontalProjection": projection,
    }
    return {
        "identifier": identifier,
        "country": "CHN",
        "type": "COMMON",
        "restriction": "PROHIBITED",
        "applicability": [{"permanent": "YES"}],
        "geometry": [volume],
    }


MAKERS: dict[str, Callable[..., Document]] = {
    "geojson": in_geojson,
    "ed318": of_others,
    "ed269": in_ed269,
}
every_format = pytest.mark.parametrize("name", MAKERS)


def content_of(name: str, *records: Document) -> bytes:
    head = {} if name == "ed269" else {"type": "FeatureCollection"}
    # Only json.dumps writes what is no JSON, such as NaN; that is what is wanted here.
    return json.dumps({**head, "features": records}).encode()


def read(folder: Path, name: str, *records: Document) -> tuple[Feature, ...]:
    path = folder / "hostile.json"
    path.write_bytes(content_of(name, *records))
    return read_features(path, format=name, origin=ORIGIN).features


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


@every_format
def test_the_zone_that_is_made_hostile_below_is_sound(name: str, tmp_path: Path) -> None:
    circle = {"type": "Point", "coordinates": [114.0, 22.5], "extent": {"radius": 500}}
    for geometry in ({"type": "Polygon", "coordinates": [SQUARE]}, circle):
        (zone,) = read(tmp_path, name, MAKERS[name](geometry))
        assert zone.identifier == "X1"


# Shapes


def polygon(*rings: Any) -> Document:
    return {"type": "Polygon", "coordinates": list(rings)}


def circle(radius: Any, *, at: Any = (114.0, 22.5)) -> Document:
    return {"type": "Point", "coordinates": list(at), "extent": {"radius": radius}}


SHAPES: list[tuple[Document, str]] = [
    (polygon(SQUARE[:-1]), "ring 0 has 4 points, .*ends where it began"),
    (polygon(SQUARE[:2]), "ring 0 has 2 points"),
    (polygon([]), "GeoJSON"),
    (polygon(), "GeoJSON"),
    (polygon(SQUARE, SQUARE[:3]), "ring 1 has 3 points"),
    (polygon([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]), "Self-intersection"),
    (polygon([SQUARE[0]] * 5), "may not cross|Too few points"),
    (polygon(SQUARE, [[1, 1], [2, 1], [2, 2], [1, 1]]), "Hole lies outside shell"),
    (polygon([point[::-1] for point in SQUARE]), "look swapped"),
    (polygon([[*point, 7.0] for point in SQUARE]), "expected longitude and latitude"),
    (polygon([point[:1] for point in SQUARE]), "expected longitude and latitude"),
    (polygon([[str(x), str(y)] for x, y in SQUARE]), "expected longitude and latitude"),
    (polygon([[True, False]] * 4), "expected longitude and latitude"),
    (polygon([[None, None]] * 4), "expected longitude and latitude"),
    (polygon([1, 2, 3, 1]), "expected longitude and latitude"),
    (polygon("abca"), "expected longitude and latitude"),
    (polygon(None), "GeoJSON"),
    (polygon({"0": SQUARE}), "GeoJSON"),
    (polygon([[10**19, 10**19]] * 4), "expected longitude first"),
    (polygon([[1e308, -1e308]] * 4), "expected longitude first"),
    ({"type": "Polygon", "coordinates": 7}, "GeoJSON"),
    ({"type": "Polygon"}, "GeoJSON"),
    ({"type": ["Polygon"], "coordinates": [SQUARE]}, "geometry of type"),
    ({"type": "Circle9", "coordinates": [SQUARE]}, "geometry of type 'Circle9'"),
    (circle(0), "circle of 0.0 m"),
    (circle(-500), "circle of -500.0 m"),
    (circle(1e6), "less than 1000 km"),
    (circle(1e300), "less than 1000 km"),
    (circle("500"), "'500', which is not a number"),
    (circle(None), "nothing, which is not a number"),
    (circle(True), "True, which is not a number"),
    (circle(500, at=(22.5, 114.0)), "longitude then latitude"),
    (circle(500, at=(114.0,)), "GeoJSON"),
    (circle(500, at=("114", "22")), "'114', which is not a number"),
    ({**circle(500), "layer": {"uom": "km", "upper": 1, "upperReference": "AGL"}}, "'km'"),
    ({**circle(500), "layer": {"upper": 1, "upperReference": "MSL"}}, "'MSL', expected"),
    ({**circle(500), "layer": {"upper": "1", "upperReference": "AGL"}}, "'1', expected a num"),
    ({**circle(500), "layer": {"upper": [1], "upperReference": "AGL"}}, "expected a number"),
    ({**circle(500), "layer": {"upper": 1, "upperReference": ["AGL"]}}, "'AGL'"),
    ({**circle(500), "layer": {"uom": 7, "upper": 1, "upperReference": "AGL"}}, "given 7"),
]


@every_format
@pytest.mark.parametrize(("geometry", "message"), SHAPES)
def test_a_shape_that_is_not_sound_is_refused_by_the_name_of_its_zone(
    name: str, geometry: Document, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInputError, match=f"^zone X1: .*({message})"):
        read(tmp_path, name, MAKERS[name](geometry))


@every_format
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_no_number_is_refused_by_the_name_of_the_file(
    name: str, bad: float, tmp_path: Path
) -> None:
    ring = [*SQUARE[:2], [bad, 22.6], *SQUARE[3:]]
    for geometry in (polygon(ring), circle(bad)):
        with pytest.raises(InvalidInputError, match=r"^hostile\.json: -?(NaN|Infinity) is no num"):
            read(tmp_path, name, MAKERS[name](geometry))


@every_format
def test_two_zones_of_one_name_are_refused(name: str, tmp_path: Path) -> None:
    record = MAKERS[name](polygon(SQUARE))
    with pytest.raises(InvalidInputError, match=r"^hostile\.json: two features are called X1"):
        read(tmp_path, name, record, record)


# Sizes: what a file may hold


def wave(count: int) -> list[list[float]]:
    """Ring of a sound polygon with many corners."""
    turn = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    reach = 0.1 + 0.0001 * np.sin(turn * count / 20)
    ring = np.column_stack((114.0 + reach * np.cos(turn), 22.5 + reach * np.sin(turn)))
    return [*ring.round(8).tolist(), ring[0].round(8).tolist()]


def comb(teeth: int, *, turned: bool) -> list[list[float]]:
    """Ring of a sound polygon with many thin teeth beside one another."""
    at = np.linspace(0.0, 1.0, 2 * teeth)
    points = [(-0.1, -0.1)]
    for left, right in zip(at[::2], at[1::2], strict=True):
        points += [(left, -0.05), (left, 1.1), (right, 1.1), (right, -0.05)]
    ring = np.array([*points, (1.1, -0.05), (1.1, -0.1), (-0.1, -0.1)])
    ring = ring[:, ::-1] if turned else ring
    return (ring * 0.01 + (114.0, 22.5)).tolist()  # type: ignore[no-any-return]


def zigzag(count: int) -> list[list[float]]:
    """Ring of a sound polygon whose edges all lie near one another."""
    n = np.arange(count // 2) * 1e-7
    ring = np.empty((count, 2))
    ring[0::2] = np.column_stack((114.0 + n, 22.5 + n))
    ring[1::2] = np.column_stack((114.1 + n, 22.55 + n))
    return [*ring.tolist(), [114.15, 22.4], ring[0].tolist()]


@every_format
def test_a_ring_of_a_hundred_megabytes_is_not_even_parsed(name: str, tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.write(b'{"features": [[')
        for _ in range(100):
            file.write(b"[113.12345678,22.12345678]," * 40_000)
    assert path.stat().st_size > 100e6
    with (
        bounded(seconds=1.0, megabytes=80.0),
        pytest.raises(InvalidInputError, match=r"^large\.json: more than 33554432 bytes"),
    ):
        read_features(path, format=name)


@every_format
def test_a_ring_of_many_corners_is_read_in_bounded_time(name: str, tmp_path: Path) -> None:
    with bounded(seconds=10.0, megabytes=50.0):
        (zone,) = read(tmp_path, name, MAKERS[name](polygon(wave(30_000))))
    assert zone.identifier == "X1"


LARGE: list[tuple[list[Document], str]] = [
    ([polygon(zigzag(8_000))], "lie across each other so often"),
    ([polygon(comb(400, turned=False)), polygon(comb(400, turned=True))], "across each other"),
    ([circle(999_999)] * 40, "more than 1000000 points"),
    (
        [polygon([[-170, n], [170, n], [170, n + 1], [-170, n]]) for n in range(-80, 80)] * 3,
        "more than 1000000 points",
    ),
]


@pytest.mark.parametrize(("geometries", "message"), LARGE)
def test_a_zone_that_asks_for_too_much_is_refused_in_bounded_time(
    geometries: list[Document], message: str, tmp_path: Path
) -> None:
    collection = {"type": "GeometryCollection", "geometries": geometries}
    geometry = collection if len(geometries) > 1 else geometries[0]
    content = content_of("ed318", of_others(geometry))
    with (
        bounded(seconds=20.0, megabytes=500.0),
        pytest.raises(GeometryError, match=f"^zone X1: .*{message}"),
    ):
        ed318.read(content, name="f", origin=ORIGIN)


def test_a_short_file_of_huge_circles_is_refused_in_bounded_time() -> None:
    records = [of_others(circle(999_999), identifier=f"C{n}") for n in range(1000)]
    content = content_of("ed318", *records)
    assert len(content) < 300_000
    with (
        bounded(seconds=60.0, megabytes=500.0),
        pytest.raises(InvalidInputError, match=r"^f: up to zone C\d+ it has .*10000000 are read"),
    ):
        ed318.read(content, name="f", origin=ORIGIN)


def test_a_file_of_too_many_zones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "MOST_FEATURES", 100)
    triangle = polygon([[114, 22], [114.1, 22], [114.1, 22.1], [114, 22]])
    records = [of_others(triangle, identifier=f"Z{n}") for n in range(101)]
    assert (
        len(ed318.read(content_of("ed318", *records[1:]), name="f", origin=ORIGIN).features) == 100
    )
    with pytest.raises(InvalidInputError, match=r"^f: up to zone Z100 it has 101 features"):
        ed318.read(content_of("ed318", *records), name="f", origin=ORIGIN)


EXACT: list[tuple[Any, str]] = [
    ({"type": "Strip", "line": [[114, 22], [114, 22]], "half_width_m": 5}, "two different points"),
    ({"type": "Strip", "line": [[n / 9, 22] for n in range(999)], "half_width_m": 9e5}, "points"),
    (
        {"type": "Outline", "corners": [[n % 2 * 170, n / 99] for n in range(999)], "arcs": []},
        "more than 1000000 points",
    ),
    (
        {
            "type": "Outline",
            "corners": SQUARE[:4],
            "arcs": [{"corner": 9, "centre": [114, 22], "clockwise": True}],
        },
        "an arc begins at corner 9",
    ),
    (
        {
            "type": "Outline",
            "corners": SQUARE[:4],
            "arcs": [{"corner": 0, "centre": [114, 22], "clockwise": 1}],
        },
        "expected the number of a corner, true or false",
    ),
    ({"type": "Sector", "centre": [114, 22], "radius_m": "9"}, "GeoJSON"),
    ({"type": "Blob"}, "shape of type 'Blob'"),
    ({}, "GeoJSON"),
    (None, "GeoJSON"),
    (
        {
            "type": "Sector",
            "centre": [114, 22],
            "radius_m": 900,
            "inner_radius_m": 0,
            "start_azimuth_deg": 0,
            "end_azimuth_deg": 90,
        },
        "not those of its shape",
    ),
]


@pytest.mark.parametrize(("exact", "message"), EXACT)
def test_an_exact_shape_that_is_not_sound_is_refused(exact: Any, message: str) -> None:
    record = in_geojson({**polygon(SQUARE), "shape": exact})
    with (
        bounded(seconds=5.0, megabytes=50.0),
        pytest.raises(GeometryError, match=f"^zone X1: .*{message}"),
    ):
        geojson.read(content_of("geojson", record), name="f", origin=ORIGIN)


def test_a_corridor_that_asks_for_too_much_is_refused() -> None:
    count = 200
    record = in_geojson({"type": "LineString", "coordinates": [[n / 9, 22] for n in range(count)]})
    record["properties"]["extendedProperties"] |= {
        "feature": "corridor",
        "kind": "uav_route",
        "points": [{"name": "", "status": "derived"}] * count,
        "layers": [{}] * (count - 1),
        "half_width_m": 999_999.0,
    }
    with pytest.raises(GeometryError, match=r"^corridor X1: .*more than 1000000 points"):
        geojson.read(content_of("geojson", record), name="f", origin=ORIGIN)


def test_words_in_messages_stay_short_however_large_they_were() -> None:
    deep: Any = []
    for _ in range(300):
        deep = [deep]
    for bad in ("x" * 100_000, ["x"] * 100_000, {str(n): n for n in range(100_000)}, deep):
        record = of_others(polygon(SQUARE))
        record["properties"]["type"] = bad
        with pytest.raises(InvalidInputError) as refused:
            ed318.read(content_of("ed318", record), name="f", origin=ORIGIN)
        assert len(str(refused.value)) < 300


# Fuzzing: sound files with something in them changed


def seeds() -> dict[str, Document]:
    """Small sound documents that hold every part a format has."""
    shared: dict[str, Any] = {
        "country": "CHN",
        "name": {"zh": "名", "en": "name"},
        "status": FeatureStatus.DERIVED,
        "basis": BasisVerification.PARTLY,
        "accuracy_m": 10.0,
        "citation": "a notice",
        "sources": ("a page",),
        "as_of": date(2026, 1, 1),
        "authority": {"en": "an office"},
        "remarks": {"en": "a remark"},
    }
    ends = [RoutePoint(f"P{n}", 114.0 + n / 99, 22.5, FeatureStatus.DERIVED) for n in (0, 1)]
    limits = VerticalLayer(Level(50.0, VerticalReference.AGL), Level(90.5, VerticalReference.AMSL))
    square = Volume3D(box(113.9, 22.5, 114.0, 22.6), limits)
    small: list[Feature] = [
        Zone(
            **shared,
            identifier="A",
            kind=ZoneKind.TEMPORARY_CONTROL,
            restriction=Restriction.PROHIBITED,
            volumes=(square, Volume3D.of(Circle(114.1, 22.5, 5.0))),
            micro_volumes=(Volume3D.of(Sector(114.0, 22.5, 2.0, 0.0, 90.0)),),
            less_accurate=(BoundaryPart(LineString([(113.9, 22.5), (114.0, 22.5)]), 90.0),),
            notice=Notice.OTHER,
            published_at=datetime(2026, 1, 1, tzinfo=UTC),
            schedule=Schedule.of(
                [testing.YEAR], weekly=[WeeklyHours(time(6), DaylightEvent.SS, ZoneInfo("UTC"))]
            ),
        ),
        Corridor(
            **shared,
            identifier="B",
            kind=CorridorKind.UAV_ROUTE,
            points=tuple(ends),
            half_width_m=1.0,
            layers=(limits,),
        ),
        Site(**shared, identifier="C", kind=SiteKind.LANDING_SITE, lon_deg=114.0, lat_deg=22.5),
        Line(**shared, identifier="D", kind=LineKind.RUNWAY, line=LineString([(0, 1), (1, 2)])),
    ]
    features = {
        "geojson": geojson.write(small, title=TITLE),
        "ed318": ed318.write(small, title=TITLE),
        "ed269": ed269.write(small, title=TITLE),
    }
    documents = {name: json.loads(written.content) for name, written in features.items()}
    for name, make in MAKERS.items():
        documents[f"{name} of others"] = json.loads(
            content_of(name, make(polygon(SQUARE)), make(circle(500), identifier="X2"))
        )
    limited = {
        "startDateTime": "2026-01-01T00:00:00Z",
        "endDateTime": "2027-01-01T00:00:00Z",
        "schedule": [{"day": ["MON"], "startTime": "06:00:00Z", "endEvent": "SS"}],
    }
    documents["ed318 of others"]["features"][0]["properties"] |= {
        "limitedApplicability": [limited],
        "message": [{"lang": "en", "text": "x"}],
        "reason": ["OTHER"],
        "dataSource": {"creationDate": "2020-01-01"},
    }
    schedule = [{"day": ["ANY"], "startTime": "06:00Z", "endTime": "07:00Z"}]
    documents["ed269 of others"]["features"][0] |= {
        "applicability": [{"permanent": "NO", "schedule": schedule}],
        "restrictionConditions": ["x"],
        "zoneAuthority": [{"name": "x", "purpose": "INFORMATION"}],
    }
    return documents


SEEDS = seeds()
SLIPS = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 10**19, 1e308, -1e308, 5e-324, 0.1]),
    st.text(max_size=5),
    st.sampled_from(
        [
            *("NaN", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"),
            *("2026-01-01", "24:00:00Z", "25:00", "Feature", "Polygon", "Point", "LineString"),
            *("GeometryCollection", "MultiPolygon", "corridor", "site", "line", "zone", "USPACE"),
            *("ft", "AGL", "WGS84", "YES", "Europe/Berlin", "+25:00", "\x00", "\U0001f681"),
        ]
    ),
    st.lists(st.integers(-200, 200), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.just([[]] * 3),
)


def paths(value: Any, *, prefix: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, of long lists the first and the last ones."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*prefix, key)
            yield from paths(inner, prefix=(*prefix, key))
    elif isinstance(value, list):
        for index in sorted(
            {*range(min(len(value), 5)), *range(max(len(value) - 2, 0), len(value))}
        ):
            yield (*prefix, index)
            yield from paths(value[index], prefix=(*prefix, index))


PATHS = {name: list(paths(document)) for name, document in SEEDS.items()}


@st.composite
def mutated(draw: st.DrawFn, name: str) -> Document:
    """Change, drop or double something in a sound document, once or several times."""
    document = deepcopy(SEEDS[name])
    for _ in range(draw(st.integers(1, 3))):
        *parents, last = draw(st.sampled_from(PATHS[name]))
        target: Any = document
        with suppress(KeyError, IndexError, TypeError):  # an earlier change took it away
            for key in parents:
                target = target[key]
            match draw(st.sampled_from(["change", "drop", "double", "rename"])):
                case "change":
                    target[last] = deepcopy(draw(SLIPS))
                case "drop":
                    del target[last]
                case "double" if isinstance(target, list):
                    target.insert(last, deepcopy(target[last]))
                case "rename" if isinstance(target, dict):
                    target[draw(st.text(max_size=4))] = target.pop(last)
    return document


@pytest.mark.parametrize("name", SEEDS)
@given(data=st.data())
def test_a_sound_file_with_something_changed_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    content = json.dumps(data.draw(mutated(name))).encode()
    module = {"geojson": geojson, "ed318": ed318, "ed269": ed269}[name.removesuffix(" of others")]
    began = process_time()
    # Whatever else is raised fails the test.
    with suppress(LowaltError):
        for feature in module.read(content, name="f", origin=ORIGIN).features:
            assert feature.is_active_at(testing.YEAR.start) in (True, False)
            assert not isinstance(feature, Zone) or feature.geometry.is_valid
    assert process_time() - began < 5.0


@given(data=st.data(), name=st.sampled_from(sorted(SEEDS)))
def test_a_damaged_file_is_read_or_refused_through_the_door(
    data: st.DataObject, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(json.dumps(SEEDS[name]).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 1, 2, 50]))
        content[start : start + length] = data.draw(st.binary(max_size=4))
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    path.write_bytes(content)
    for reader in (read_features, read_airspace):
        with suppress(LowaltError):
            reader(path)
