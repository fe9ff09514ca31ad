"""ED-318: schema-valid out, and in from others, with what is lost said."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
import shapely
from hypothesis import given
from referencing import Registry, Resource

from lowalt import testing
from lowalt.airspace import (
    BasisVerification,
    Circle,
    Feature,
    FeatureStatus,
    Restriction,
    Sector,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.airspace.geojson.hours import read_hours
from lowalt.airspace.geojson.texts import authority_name
from lowalt.errors import InvalidInputError
from lowalt.formats import Loss, Origin, ed318
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, Schedule, Weekday, WeeklyHours
from lowalt.terms import ZoneKind

DATA = Path(__file__).parent / "data" / "ed318"
ORIGIN = Origin(citation="a test", as_of=date(2026, 1, 1), accuracy_m=50.0)
TITLE = {"zh": "试验", "en": "a test"}
SHENZHEN = load_airspace("shenzhen")


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """Of the schema that EUROCONTROL publishes (MIT licence, beside it)."""
    schemas = {
        f"https://schema.invalid/{path.name}": Resource.from_contents(json.loads(path.read_text()))
        for path in (DATA / "schema").glob("*.json")
    }
    registry: Registry[Any] = Registry().with_resources(schemas.items())
    return jsonschema.Draft7Validator(
        {"$ref": "https://schema.invalid/Schema_GeoZones.json"}, registry=registry
    )


def read(document: Any, origin: Origin = ORIGIN) -> tuple[tuple[Feature, ...], list[str]]:
    reading = ed318.read(json.dumps(document).encode(), name="f", origin=origin)
    return reading.features, [str(loss) for loss in reading.losses]


def example(name: str) -> Any:
    return json.loads((DATA / "examples" / name).read_text(encoding="utf-8"))


# Writing


def test_the_whole_dataset_conforms_to_the_schema(validator: jsonschema.Draft7Validator) -> None:
    document = json.loads(ed318.write(SHENZHEN.features, title=SHENZHEN.title).content)
    validator.validate(document)
    written = {record["properties"]["identifier"] for record in document["features"]}
    examples = {feature.identifier for feature in SHENZHEN.features if feature.example}
    assert written == {feature.identifier for feature in SHENZHEN.features} - examples
    assert examples
    # The validator does see what it should.
    document["features"][0]["properties"]["identifier"] = "TOOLONGANAME"
    assert not validator.is_valid(document)


@given(zone=testing.zones())
def test_every_zone_conforms_to_the_schema(
    validator: jsonschema.Draft7Validator, zone: Zone
) -> None:
    validator.validate(json.loads(ed318.write([zone], title=TITLE).content))


def zone(**changes: Any) -> Zone:
    layer = VerticalLayer(Level(60.96, VerticalReference.AGL), Level(300.0, VerticalReference.HAE))
    return Zone(
        **{
            "identifier": "LP01",
            "name": {"zh": "口岸", "en": "port"},
            "country": "CHN",
            "kind": ZoneKind.LAND_PORT,
            "restriction": Restriction.REQ_AUTHORIZATION,
            "volumes": (Volume3D.of(Circle(114.1133, 22.5322, 750.0), layer=layer),),
            "status": FeatureStatus.DERIVED,
            "basis": BasisVerification.PARTLY,
            "accuracy_m": 250.0,
            "citation": "measures",
            "sources": ("a page",),
            "as_of": date(2019, 3, 1),
            **changes,
        }
    )


def test_a_zone_reads_as_it_should_in_the_eyes_of_others() -> None:
    (record,) = json.loads(ed318.write([zone()], title=TITLE).content)["features"]
    own = record["properties"].pop("extendedProperties")
    assert own["kind"] == "land_port"
    assert record == {
        "type": "Feature",
        "properties": {
            "identifier": "LP01",
            "country": "CHN",
            "name": [{"lang": "zh", "text": "口岸"}, {"lang": "en", "text": "port"}],
            "type": "REQ_AUTHORIZATION",
            "variant": "COMMON",
            "zoneAuthority": [{"purpose": "AUTHORIZATION"}],
        },
        "geometry": {
            "type": "Point",
            "coordinates": [114.1133, 22.5322],
            "extent": {"subType": "Circle", "radius": 750.0},
            "layer": {
                "uom": "m",
                "lower": 60.96,
                "lowerReference": "AGL",
                "upper": 300.0,
                "upperReference": "WGS84",
            },
        },
    }


def test_a_corridor_is_a_polygon_for_each_segment_with_its_own_heights() -> None:
    track = next(c for c in SHENZHEN.corridors if len(c.points) > 2 and not c.example)
    written = ed318.write([track], title=TITLE)
    (record,) = json.loads(written.content)["features"]
    parts = record["geometry"]["geometries"]
    assert len(parts) == len(track.points) - 1
    for part, layer in zip(parts, track.layers, strict=True):
        assert part["type"] == "Polygon"
        ceiling = None if layer.ceiling is None else layer.ceiling.value_m
        assert part["layer"].get("upper") == ceiling
    assert [loss.what for loss in written.losses] == ["line"]


BERLIN = WeeklyHours(time(8), time(18), ZoneInfo("Europe/Berlin"))
LONG = "x" * 201


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({}, []),
        ({"volumes": (Volume3D.of(Sector(114.2, 22.2, 900.0, 230.0, 270.0)),)}, ["arcs"]),
        ({"micro_volumes": ()}, ["micro"]),
        ({"schedule": Schedule(weekly=(BERLIN,))}, ["hours"]),
        (
            {"schedule": Schedule(weekly=(replace(BERLIN, time_zone=ZoneInfo("Asia/Hong_Kong")),))},
            [],
        ),
        ({"name": {"zh": LONG, "en": "x"}}, ["name"]),
        ({"authority": {"zh": LONG}}, ["name"]),
        ({"example": True}, ["feature"]),
    ],
)
def test_what_others_do_not_see_is_said_and_read_again(
    changes: dict[str, Any], lost: list[str], validator: jsonschema.Draft7Validator
) -> None:
    feature = zone(**changes)
    written = ed318.write([feature], title={"en": LONG})
    assert [(loss.feature, loss.what) for loss in written.losses] == [("LP01", w) for w in lost]
    document = json.loads(written.content)
    validator.validate(document)
    features, losses = read(document)
    assert losses == []
    assert features == (() if feature.example else (feature,))


def test_a_feature_edited_in_one_place_only_is_refused() -> None:
    track = SHENZHEN.corridors[0]
    (record,) = json.loads(ed318.write([track], title=TITLE).content)["features"]
    (first, *_) = record["geometry"].get("geometries", [record["geometry"]])
    assert read(record)[0] == (track,)
    edits: list[tuple[str, Any]] = [
        ("country", "MAC"),
        ("message", [{"lang": "en", "text": "closed"}]),
    ]
    for key, value in edits:
        edited = deepcopy(record)
        edited["properties"][key] = value
        with pytest.raises(InvalidInputError, match=f"{track.label}: {key}: .*in one place only"):
            read(edited)
    first["layer"]["upper"] = first["layer"].get("upper", 0) + 1.0
    first["layer"]["upperReference"] = "AMSL"
    with pytest.raises(InvalidInputError, match=f"{track.label}: geometry: .*one place only"):
        read(record)


# Reading the published examples


@pytest.mark.parametrize(
    "name",
    [
        "Example_Collection.json",
        "Example_GeoZone_2_Layers.json",
        "Example_GeoZone_Circle.json",
        "Example_GeoZone_with_extension.json",
        "PartialExample_featureGeoJSON.json",
    ],
)
def test_the_published_examples_are_read(name: str) -> None:
    document = example(name)
    features, _ = read(document)
    records = document.get("features", [document])
    given = [record["properties"]["identifier"] for record in records]
    assert [feature.identifier for feature in features] == given


def test_the_published_collection_is_read_as_it_says() -> None:
    reading = ed318.read(
        (DATA / "examples" / "Example_Collection.json").read_bytes(), name="f", origin=ORIGIN
    )
    assert reading.title == {"en": "SampleUAS GeoZones"}
    assert reading.valid is not None
    assert reading.valid.start == datetime(2018, 12, 31, 15, 59, 59, tzinfo=UTC)
    airport, castle = reading.features
    assert isinstance(airport, Zone)
    assert isinstance(castle, Zone)
    agl = VerticalReference.AGL
    assert [volume.layer for volume in airport.volumes] == [
        VerticalLayer(Level(50.0, agl), Level(150.0, agl)),
        VerticalLayer(Level(0.0, agl), Level(50.0, agl)),
    ]
    second = shapely.get_coordinates(airport.volumes[1].geometry)
    assert second[1].tolist() == [2.701263, 49.007301]
    assert airport.restriction is Restriction.REQ_AUTHORIZATION
    start, end = (datetime(year, 12, 31, 15, 59, 59, tzinfo=UTC) for year in (2018, 2019))
    assert airport.schedule.weekly == (
        WeeklyHours(time(16), time(17), UTC, start=start, end=end),
        WeeklyHours(time(10), time(12), UTC, frozenset({Weekday.SUN}), start, end),
    )
    assert airport.authority == {"en": "LFPG-UASZoneManager"}
    assert airport.remarks["fr"] == ("reason: AIR_TRAFFIC, OTHER / Baleines Volantes 2-ème partie")
    assert castle.volumes[0].shape == Circle(2.636866, 50.122901, 3500.0)
    assert castle.schedule == ALWAYS
    assert castle.name == {"zh": "Fictitious circle", "en": "Fictitious circle"}
    # What the file does not say its origin says.
    assert (castle.kind, castle.accuracy_m) == (ZoneKind.UAS_ZONE, 50.0)
    assert (castle.status, castle.basis) == (ORIGIN.status, ORIGIN.basis)
    assert (castle.citation, castle.as_of) == ("a test", date(2026, 1, 1))


def test_the_published_invalid_example_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"^zone NFZ6547: type: given 'REQ_AUTHORISATION'"):
        read(example("InvalidExample_GeoZone_2_Layers.json"))
    document = example("InvalidExample_GeoZone_2_Layers.json")
    properties = document["features"][0]["properties"]
    properties["type"] = "REQ_AUTHORIZATION"
    with pytest.raises(InvalidInputError, match=r"^zone NFZ6547: name: lang: given nothing"):
        read(document)
    properties["name"][0]["lang"] = "en"
    with pytest.raises(InvalidInputError, match=r"^f: metadata\.validFrom: given \{'purposely_inv"):
        read(document)


def test_the_published_parts_of_examples_are_read_as_parts() -> None:
    record = example("PartialExample_featureGeoJSON.json")
    record["properties"] = example("PartialExample_GeoZoneProperties.json")
    assert [feature.identifier for feature in read(record)[0]] == ["NFZ6547"]
    period = example("PartialExample_TimePeriod.json")
    hours = read_hours([period], time_zone=None, lon_deg=2.6, where="zone")
    assert [w.days for w in hours.weekly] == [None, frozenset({Weekday.SUN})]
    authority = {"zoneAuthority": [example("PartialExample_ZoneAuthority.json")]}
    assert authority_name(authority, where="zone")["fr"] == " Civil Aviation Authority"
    for name in ("GeoZoneProperties", "TimePeriod", "ZoneAuthority"):
        with pytest.raises(InvalidInputError, match=r"^f: given .*expected a GeoJSON F"):
            read(example(f"PartialExample_{name}.json"))


# Reading files of others


def of_others(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """Make a feature that says as little as the schema allows."""
    circle = {
        "type": "Point",
        "coordinates": [114.05, 22.54],
        "extent": {"subType": "Circle", "radius": 500},
    }
    return {
        "type": "Feature",
        "properties": {
            "identifier": "X1",
            "country": "CHN",
            "type": "PROHIBITED",
            "variant": "COMMON",
            "zoneAuthority": [{"purpose": "INFORMATION"}],
            **properties,
        },
        "geometry": geometry or circle,
    }


def test_a_feature_that_says_as_little_as_it_may_is_a_zone(
    validator: jsonschema.Draft7Validator,
) -> None:
    validator.validate({"type": "FeatureCollection", "features": [of_others()]})
    (found,), losses = read(of_others())
    assert losses == []
    assert isinstance(found, Zone)
    assert found.volumes == (Volume3D.of(Circle(114.05, 22.54, 500.0)),)
    assert found.name == {"zh": "X1", "en": "X1"}
    assert found.remarks == {}


@pytest.mark.parametrize(
    ("properties", "losses"),
    [
        ({"type": "USPACE"}, ["X1: type: USPACE: read as CONDITIONAL, with a remark"]),
        ({"variant": "CUSTOMIZED"}, ["X1: variant: 'CUSTOMIZED': not kept"]),
        ({"region": 3}, ["X1: region: not kept"]),
        ({"extendedProperties": {"colour": "red"}}, ["X1: extendedProperties: not kept"]),
        (
            {"limitedApplicability": []},
            ["X1: limitedApplicability: an empty list: read as always in force"],
        ),
        (
            {"name": [{"lang": "en-GB", "text": "a"}, {"lang": "en-US", "text": "b"}]},
            ["X1: name: one of several in the same language is kept"],
        ),
        (
            {"zoneAuthority": [{"purpose": "INFORMATION", "email": "a@b"}, {}]},
            ["X1: zoneAuthority: only the name of the first of 2 is kept, not its email"],
        ),
    ],
)
def test_what_of_others_is_not_kept_is_said(properties: Any, losses: list[str]) -> None:
    (found,), said = read(of_others(**properties))
    assert said == losses
    assert found.schedule == ALWAYS


def test_what_others_ask_beside_their_type_becomes_remarks() -> None:
    (found,), _ = read(
        of_others(
            type="USPACE",
            message=[{"lang": "zh", "text": "关闭"}, {"lang": "en", "text": "closed"}],
            restrictionConditions="below 30 m",
            reason=["NATURE"],
            otherReasonInfo=[{"lang": "en"}],
            regulationExemption="YES",
            dataSource={"creationDate": "2020-01-01", "updateDateTime": "2024-05-06T07:08:09Z"},
        )
    )
    assert isinstance(found, Zone)
    assert found.restriction is Restriction.CONDITIONAL
    assert found.remarks["zh"] == (
        "关闭 / below 30 m / reason: NATURE / regulationExemption: YES / U-space 空域"
    )
    assert found.remarks["en"].startswith("closed / below 30 m / ")
    assert found.as_of == date(2024, 5, 6)


def test_metadata_that_is_not_kept_is_said() -> None:
    document = {
        "type": "FeatureCollection",
        "metadata": {
            "otherGeoid": "urn:x",
            "description": [{"lang": "zh", "text": "名"}],
            "validFrom": "2026-01-01T00:00:00+08:00",
        },
        "features": [],
    }
    reading = ed318.read(json.dumps(document).encode(), name="f", origin=ORIGIN)
    assert reading.losses == (Loss("", "otherGeoid", "'urn:x': not kept"),)
    assert reading.title == {"zh": "名"}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (of_others(type="FORBIDDEN"), "zone X1: type: given 'FORBIDDEN'"),
        (of_others(country="China"), "zone X1: country: given 'China'"),
        (of_others(identifier="TOOLONG8"), r"f: features\[0\]: identifier: given 'TOOLONG8'"),
        (of_others(identifier="A\nB"), r"f: features\[0\]: identifier: given 'A\\nB'"),
        (of_others(zoneAuthority=None), "zone X1: zoneAuthority: given nothing"),
        (of_others(zoneAuthority=[7]), r"zone X1: zoneAuthority\[0\]: given 7"),
        (of_others(name=[{"lang": "en", "text": 3}]), "zone X1: name: text: given 3"),
        (of_others(message="closed"), "zone X1: message: given 'closed'"),
        (of_others(reason="NATURE"), "zone X1: reason: given 'NATURE'"),
        (of_others(dataSource={"creationDate": "May"}), "zone X1: dataSource: creationDate"),
        (of_others({"type": "LineString", "coordinates": []}), "zone X1: geometry of type"),
        (
            of_others({"type": "Point", "coordinates": [114.05, 22.54]}),
            "zone X1: .*an extent for a Point",
        ),
        ({"type": "Feature", "properties": {}, "geometry": None}, r"f: features\[0\]: identifier"),
        ({"type": "FeatureCollection", "features": 3}, "f: given .*FeatureCollection"),
        (
            {"type": "FeatureCollection", "features": [], "metadata": [1]},
            r"f: metadata: given \[1\]",
        ),
        (
            {
                "type": "FeatureCollection",
                "features": [],
                "metadata": {"validFrom": "2026-01-01T00:00:00Z", "validTo": "2025-01-01T00:00Z"},
            },
            "f: metadata: .*ends before",
        ),
        (
            {"type": "FeatureCollection", "features": [of_others(), of_others()]},
            "f: two features are called X1",
        ),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(record: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{message}"):
        read(record)
