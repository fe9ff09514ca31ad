"""Zones as GeoJSON features: both ways, and what is refused."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, box

from lowalt.airspace import (
    BasisVerification,
    BoundaryPart,
    Circle,
    FeatureStatus,
    Restriction,
    Volume3D,
    Zone,
    from_geojson,
    load_airspace,
    to_geojson,
)
from lowalt.airspace.zones import FOREIGN_JURISDICTIONS
from lowalt.errors import GeometryError, InvalidInputError, NaiveDatetimeError
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, Schedule, TimeInterval
from lowalt.terms import Notice, ZoneKind

CHINA = timezone(timedelta(hours=8))

# One feature written out by hand: what a reader of the file finds.
CIRCLE_FEATURE: dict[str, Any] = {
    "type": "Feature",
    "properties": {
        "identifier": "LP01",
        "country": "CHN",
        "name": [{"lang": "zh", "text": "口岸"}, {"lang": "en", "text": "port"}],
        "type": "REQ_AUTHORIZATION",
        "variant": "COMMON",
        "zoneAuthority": [
            {"name": [{"lang": "en", "text": "Port office"}], "purpose": "AUTHORIZATION"}
        ],
        "restrictionConditions": "light UAV",
        "limitedApplicability": [
            {
                "startDateTime": "2025-11-02T00:00:00+08:00",
                "endDateTime": "2025-11-03T00:00:00+08:00",
            },
            {"startDateTime": "2025-12-07T00:00:00+08:00"},
        ],
        "extendedProperties": {
            "kind": "land_port",
            "status": "derived",
            "basis": "partly",
            "accuracy_m": 250.0,
            "citation": "measures",
            "sources": ["a page"],
            "as_of": "2019-03-01",
            "remarks": {"en": "light UAV"},
        },
    },
    "geometry": {
        "type": "Point",
        "coordinates": [114.1133, 22.5322],
        "extent": {"subType": "Circle", "radius": 750.0},
        "layer": {
            "uom": "m",
            "lower": 50.0,
            "lowerReference": "AGL",
            "upper": 300.0,
            "upperReference": "WGS84",
        },
    },
}
POLYGON_FEATURE: dict[str, Any] = {
    **CIRCLE_FEATURE,
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[113.9, 22.5], [114.0, 22.5], [114.0, 22.6], [113.9, 22.5]]],
    },
}


def read(record: dict[str, Any]) -> Zone:
    zone = from_geojson(record)
    assert isinstance(zone, Zone)
    return zone


def test_a_feature_written_by_hand_is_read_as_it_says() -> None:
    zone = read(CIRCLE_FEATURE)
    assert zone.identifier == "LP01"
    assert zone.kind is ZoneKind.LAND_PORT
    assert zone.name == {"zh": "口岸", "en": "port"}
    (volume,) = zone.volumes
    assert volume.shape == Circle(114.1133, 22.5322, 750.0)
    assert volume.layer == VerticalLayer(
        Level(50.0, VerticalReference.AGL), Level(300.0, VerticalReference.HAE)
    )
    assert zone.authority == {"en": "Port office"}
    assert zone.as_of == date(2019, 3, 1)
    first, second = zone.schedule.windows or ()
    assert first == TimeInterval(
        datetime(2025, 11, 1, 16, tzinfo=UTC), datetime(2025, 11, 2, 16, tzinfo=UTC)
    )
    assert second.end.year == 9999


def test_and_is_written_back_the_same() -> None:
    assert to_geojson(from_geojson(CIRCLE_FEATURE)) == CIRCLE_FEATURE


degrees = st.decimals(113, 114, places=8).map(float)
levels = st.one_of(
    st.none(),
    st.builds(
        Level,
        st.integers(0, 5000).map(float),
        st.sampled_from([VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE]),
    ),
)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(CHINA))  # noqa: DTZ001  # the bounds must be naive
schedules = st.one_of(
    st.just(ALWAYS),
    st.lists(
        st.tuples(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=9))),
        min_size=1,
        max_size=4,
    ).map(lambda pairs: Schedule.of(TimeInterval(at, at + length) for at, length in pairs)),
)


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    floor, ceiling = draw(levels), draw(levels)
    if floor and ceiling and floor.reference is ceiling.reference and ceiling < floor:
        floor, ceiling = ceiling, floor
    layer = VerticalLayer(floor, ceiling)
    west = draw(degrees)
    if draw(st.booleans()):
        circle = Circle(west, 22.5, draw(st.floats(1.0, 9000.0)))
        return {"volumes": (Volume3D.of(circle, layer=layer),)}
    south = draw(st.decimals(21, 22, places=8).map(float))
    part = box(west, south, round(west + 0.25, 8), round(south + 0.125, 8))
    if draw(st.booleans()):
        return {"volumes": (Volume3D(part, layer), Volume3D(box(115.5, 21.0, 115.75, 21.25)))}
    return {
        "volumes": (Volume3D(MultiPolygon([part, box(115.5, 21.0, 115.75, 21.25)]), layer),),
        "less_accurate": (BoundaryPart(LineString([(west, south), (west, 23.5)]), 450.0),),
    }


@st.composite
def zones(draw: st.DrawFn) -> Zone:
    words = st.dictionaries(st.sampled_from(["zh", "en"]), st.text(max_size=20))
    kind = draw(st.sampled_from(ZoneKind))
    countries = FOREIGN_JURISDICTIONS if kind is ZoneKind.JURISDICTION else ("CHN", "HKG", "MAC")
    return Zone(
        identifier=draw(st.text("ABC012", min_size=1, max_size=7)),
        name=draw(words),
        kind=kind,
        restriction=draw(st.sampled_from(Restriction)),
        country=draw(st.sampled_from(countries)),
        schedule=draw(schedules),
        status=draw(st.sampled_from(FeatureStatus)),
        basis=draw(st.sampled_from(BasisVerification)),
        accuracy_m=draw(st.floats(0.0, 5000.0)),
        citation=draw(st.text(max_size=20)),
        sources=tuple(draw(st.lists(st.text(max_size=9), max_size=3))),
        as_of=draw(st.dates()),
        authority=draw(words),
        notice=draw(st.one_of(st.none(), st.sampled_from(Notice))),
        published_at=draw(st.one_of(st.none(), moments)),
        remarks=draw(words),
        **draw(shapes()),
    )


@settings(deadline=None, max_examples=150)
@given(zones())
def test_a_zone_written_as_json_and_read_back_is_equal(zone: Zone) -> None:
    assert from_geojson(json.loads(json.dumps(to_geojson(zone)))) == zone


def test_a_limit_above_take_off_cannot_be_written() -> None:
    zone = read(POLYGON_FEATURE)
    above_take_off = VerticalLayer(ceiling=Level(100.0, VerticalReference.ATO))
    changed = replace(zone, volumes=(replace(zone.volumes[0], layer=above_take_off),))
    with pytest.raises(InvalidInputError, match=r"zone LP01: upper limit 100 m ATO"):
        to_geojson(changed)


def test_limits_in_feet_are_read_as_metres() -> None:
    feature = deepcopy(POLYGON_FEATURE)
    feature["geometry"]["layer"] = {"uom": "ft", "upper": 400, "upperReference": "AGL"}
    ceiling = read(feature).volumes[0].layer.ceiling
    assert ceiling is not None
    assert ceiling.value_m == pytest.approx(121.92)


def test_a_regional_language_counts_as_its_language() -> None:
    feature = broken("properties.name", [{"lang": "en-GB", "text": "port"}])
    assert from_geojson(feature).name == {"en": "port"}


def broken(path: str, value: Any, *, of: dict[str, Any] = POLYGON_FEATURE) -> dict[str, Any]:
    feature = deepcopy(of)
    *parents, last = path.split(".")
    record = feature
    for parent in parents:
        record = record[parent]
    record[last] = value
    return feature


SQUARE = [[113.9, 22.5], [114.0, 22.5], [114.0, 22.6], [113.9, 22.6], [113.9, 22.5]]


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        ([SQUARE[:-1]], "ring 0 .* ends where it began"),
        ([[*SQUARE[:2], [float("nan"), 22.6], SQUARE[0]]], "not a number"),
        ([[point[::-1] for point in SQUARE]], "look swapped"),
        ([[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]], "Self-intersection"),
        ([SQUARE[:2]], "ring 0 has 2 points"),
        ([], "GeoJSON"),
        (None, "GeoJSON"),
        ([[1, 2, 3, 1]], "GeoJSON"),
        ([[["a", "b"]] * 4], "GeoJSON"),
    ],
)
def test_a_malformed_polygon_is_refused_naming_the_feature(coordinates: Any, message: str) -> None:
    with pytest.raises(GeometryError, match=f"^zone LP01: .*{message}"):
        from_geojson(broken("geometry.coordinates", coordinates))


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (broken("geometry.type", "LineString"), "type 'LineString'"),
        (broken("geometry.extent", None, of=CIRCLE_FEATURE), "an extent for a Point"),
        (broken("geometry.coordinates", [22.5, 113.9], of=CIRCLE_FEATURE), "longitude then lat"),
        (broken("properties.extendedProperties.less_accurate", [{"line": 3}]), "less accurate"),
    ],
)
def test_a_malformed_shape_is_refused_naming_the_feature(feature: Any, message: str) -> None:
    with pytest.raises(GeometryError, match=f"^zone LP01: .*{message}"):
        from_geojson(feature)


@pytest.mark.parametrize(
    ("feature", "message"),
    [
        (
            broken("properties.extendedProperties.kind", "harbour"),
            "kind: given 'harbour'.*land_port",
        ),
        (broken("properties.type", "USPACE"), "type: given 'USPACE'.*PROHIBITED"),
        (broken("properties.extendedProperties.status", None), "status: given nothing"),
        (broken("properties.extendedProperties.notice", "x"), "notice: given 'x'"),
        (broken("properties.extendedProperties.as_of", "yesterday"), "as_of: given 'yesterday'"),
        (broken("properties.extendedProperties.accuracy_m", "90"), "accuracy_m: given '90'"),
        (broken("properties.extendedProperties", None), "extendedProperties: given nothing"),
        (broken("properties.extendedProperties.less_acurate", []), "has 'less_acurate'.*known are"),
        (broken("properties.name", [{"text": "x"}]), "name: lang: given nothing"),
        (broken("properties.zoneAuthority", None), "zoneAuthority: given nothing"),
        (broken("geometry.layer", {"upper": 1.0}), "layer.upperReference: given nothing"),
        (broken("geometry.layer", {"uom": "km"}), "layer.uom: given 'km'"),
        (broken("properties.limitedApplicability", [{"schedule": []}]), "weekly schedule"),
        (
            broken("properties.limitedApplicability", [{"startDateTime": "soon"}]),
            r"limitedApplicability\[0\].startDateTime: given 'soon'",
        ),
    ],
)
def test_a_wrong_fact_is_refused_naming_feature_and_field(feature: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^zone LP01: .*{message}"):
        from_geojson(feature)


@pytest.mark.parametrize(
    "feature",
    [
        broken("properties.limitedApplicability", [{"endDateTime": "2025-11-02T00:00:00"}]),
        broken("properties.extendedProperties.published_at", "2025-11-02T00:00:00"),
    ],
)
def test_a_time_without_a_zone_is_refused_naming_the_feature(feature: Any) -> None:
    with pytest.raises(NaiveDatetimeError, match=r"zone LP01: .*no time zone"):
        from_geojson(feature)


@pytest.mark.parametrize("feature", [[], {}, {"properties": {"identifier": 7}}])
def test_what_is_no_feature_is_refused_by_its_place(feature: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"^features\[3\]: "):
        from_geojson(feature, where="features[3]")


def test_a_jurisdiction_that_no_law_of_lowalt_knows_is_refused() -> None:
    feature = to_geojson(load_airspace("shenzhen")["BDY06"])
    feature["properties"]["country"] = "CHN"
    with pytest.raises(InvalidInputError, match="HKG or MAC, given 'CHN'"):
        from_geojson(feature)
