"""The JSON formats, both ways, and files of any format: which one, read, written whole."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from lowalt import testing
from lowalt.airspace import (
    Arc,
    BasisVerification,
    Circle,
    Containment,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Outline,
    RoutePoint,
    Sector,
    Site,
    Strip,
    Volume3D,
    Zone,
    load_airspace,
    read_zones,
)
from lowalt.errors import GeometryError, InvalidInputError, LowaltError, UnknownNameError
from lowalt.formats import (
    FORMATS,
    Loss,
    Origin,
    ed269,
    ed318,
    format_of,
    geojson,
    read_airspace,
    read_features,
    write_features,
)
from lowalt.formats.exchange import in_each_language
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.terms import CorridorKind, LineKind, SiteKind, ZoneKind

SHENZHEN = load_airspace("shenzhen")
ORIGIN = Origin(citation="a test", as_of=date(2026, 1, 1))
TITLE = {"zh": "试验", "en": "a test"}
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)

# What every sort of feature states; zones come from lowalt.testing, and their shapes vary here.
SHARED: dict[str, Any] = {
    "identifier": "F1",
    "name": {"zh": "名", "en": "a name"},
    "country": "CHN",
    "status": FeatureStatus.ILLUSTRATIVE,
    "basis": BasisVerification.PARTLY,
    "accuracy_m": 30.0,
    "citation": "a notice",
    "sources": ("a page", "another"),
    "as_of": date(2026, 1, 2),
    "authority": {"zh": "局"},
    "remarks": {"zh": "须知", "en": "mind"},
}
layers = testing.vertical_layers(references=tuple(VerticalReference)[:3])
places = testing.places()
zones = testing.zones(max_radius_m=300.0)  # few points, for speed
EXACT = (
    Sector(114.2, 22.2, 91.4, 230.0, 270.0, 10.0),
    Strip(((114.0, 22.5), (114.01, 22.5), (114.01, 22.51)), 25.0),
    Outline(((113.999, 22.5), (114.001, 22.5)), {0: Arc(114.0, 22.5, clockwise=True)}),
)


@st.composite
def corridors(draw: st.DrawFn) -> Corridor:
    line = draw(st.lists(places, min_size=2, max_size=4, unique=True))
    points = [RoutePoint(f"P{n}", *at, FeatureStatus.DERIVED) for n, at in enumerate(line)]
    return Corridor(
        **SHARED,
        kind=draw(st.sampled_from(CorridorKind)),
        points=tuple(points),
        half_width_m=draw(st.sampled_from([5.0, 50.5])),
        layers=tuple(draw(layers) for _ in points[1:]),
        schedule=draw(testing.schedules()),
    )


@st.composite
def shaped_zones(draw: st.DrawFn) -> Zone:
    parts = MultiPolygon([box(113.8, 22.4, 113.9, 22.5), box(114.3, 22.6, 114.4, 22.7)])
    holed = box(114.0, 22.4, 114.2, 22.6) - box(114.05, 22.45, 114.1, 22.5)
    volumes = st.one_of(
        st.builds(Volume3D.of, st.sampled_from(EXACT), layer=layers),
        st.builds(Volume3D, st.sampled_from([parts, holed]), layers),
    )
    zone = draw(zones)
    micro = draw(st.none() | st.just(()) | st.tuples(volumes))
    several = tuple(draw(st.lists(volumes, min_size=1, max_size=3)))
    return replace(zone, volumes=several, micro_volumes=micro, remarks=SHARED["remarks"])


landmarks = st.one_of(
    places.map(lambda at: Site(**SHARED, kind=SiteKind.LANDING_SITE, lon_deg=at[0], lat_deg=at[1])),
    st.builds(
        lambda ends, several: Line(
            **SHARED,
            kind=LineKind.RUNWAY,
            line=MultiLineString([ends]) if several else LineString(ends),
        ),
        st.lists(places, min_size=2, max_size=5, unique=True),
        st.booleans(),
    ),
)
areas = zones | shaped_zones() | corridors()


# Round trips


@given(areas | landmarks)
def test_our_geojson_holds_everything(feature: Feature) -> None:
    written = geojson.write([feature], title=TITLE)
    reading = geojson.read(written.content, name="f", origin=ORIGIN)
    assert reading.features == (feature,)
    assert reading.title == TITLE
    assert written.losses == reading.losses == ()


@given(areas | landmarks)
def test_ed_318_carries_everything(feature: Feature) -> None:
    written = ed318.write([feature], title=TITLE)
    reading = ed318.read(written.content, name="f", origin=ORIGIN)
    assert reading.features == (feature,)
    assert reading.losses == ()


@given(areas)
def test_ed_269_carries_all_that_is_in_force_somewhere(feature: Feature) -> None:
    written = ed269.write([feature], title=TITLE)
    reading = ed269.read(written.content, name="f", origin=ORIGIN)
    left_out = any(loss.what == "feature" for loss in written.losses)
    assert reading.features == (() if left_out else (feature,))
    assert reading.losses == ()


EXAMPLES = {feature.identifier for feature in SHENZHEN.features if feature.example}
LANDMARKS = {feature.identifier for feature in (*SHENZHEN.sites, *SHENZHEN.lines)}


@pytest.mark.parametrize(
    ("module", "missing"), [(geojson, set()), (ed318, EXAMPLES), (ed269, EXAMPLES | LANDMARKS)]
)
def test_the_whole_dataset_goes_through_but_for_what_is_said(
    module: ModuleType, missing: set[str]
) -> None:
    written = module.write(SHENZHEN.features, title=SHENZHEN.title)
    reading = module.read(written.content, name="f", origin=ORIGIN)
    kept = tuple(f for f in SHENZHEN.features if f.identifier not in missing)
    assert reading.features == kept
    assert {loss.feature for loss in written.losses if loss.what == "feature"} == missing
    assert len(kept) > 80


def test_a_file_is_written_the_same_each_time_one_feature_a_line() -> None:
    first, again = (geojson.write(SHENZHEN.features, title=TITLE).content for _ in range(2))
    assert first == again
    assert first.count(b"\n") == len(SHENZHEN.features) + 4


def test_what_others_added_to_our_form_is_said() -> None:
    document = json.loads(geojson.write([SHENZHEN.feature("LP01")], title=TITLE).content)
    document["features"][0]["properties"]["message"] = [{"lang": "en", "text": "closed"}]
    document["features"][0]["properties"]["restrictionConditions"] = "edited"
    losses = geojson.read(json.dumps(document).encode(), name="f", origin=ORIGIN).losses
    assert [(loss.feature, loss.what) for loss in losses] == [
        ("LP01", "message"),
        ("LP01", "restrictionConditions"),
    ]


def test_a_text_that_a_language_lacks_stands_there_in_another() -> None:
    assert in_each_language([{"fr": "zone"}, {}, {"zh": "区", "en": ""}]) == {
        "zh": "zone / 区",
        "en": "zone / 区",
        "fr": "zone / 区",
    }
    assert in_each_language([{}]) == {}


# Which format


PORT = SHENZHEN.feature("LP01")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (geojson.write([PORT], title=TITLE).content, "a.json", "geojson"),
        (geojson.write([], title=TITLE).content, "a.geojson", "geojson"),
        (ed318.write(SHENZHEN.corridors, title=TITLE).content, "a.geojson", "ed318"),
        (b'{"type": "FeatureCollection", "features": [{"properties": null}]}', "a.json", "ed318"),
        (b'\xef\xbb\xbf {"type": "Feature", "properties": {}}', "a", "ed318"),
        (ed269.write([PORT], title=TITLE).content, "a.geojson", "ed269"),
        (b'{"features": []}', "a.json", "ed269"),
        (b'<?xml version="1.0"?>\n<!-- <x> -->\n<kml xmlns="k"><Document/></kml>', "a.kml", "kml"),
        (b"PK\x03\x04 and so on", "a.kmz", "kml"),
        (b'<message:AIXMBasicMessage xmlns:message="m"/>', "a.xml", "aixm"),
        (b"* comment\r\nAC R\r\nAN x\r\n", "zones", "openair"),
        (b"* nothing but a comment", "zones.txt", "openair"),
    ],
)
def test_the_content_tells_the_format(content: bytes, name: str, expected: str) -> None:
    assert format_of(content, name=name) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"[]",
        b"{}",
        b'{"type": "Topology"}',
        b'{"features": 1}',
        b"<html></html>",
        b"<",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xfe<\x00k\x00",
    ],
)
def test_what_is_no_file_of_airspace_is_refused_with_the_formats_there_are(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^a\.dat: not a file of airspace.*ED-269.*AIXM"):
        format_of(content, name="a.dat")


def test_a_format_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    with pytest.raises(UnknownNameError, match="no format 'shp'; there are: geojson, ed318"):
        write_features([PORT], path, format="shp")
    write_features([PORT], path)
    with pytest.raises(UnknownNameError, match="no format 'shp'"):
        read_features(path, format="shp")
    with pytest.raises(UnknownNameError, match="no format 'shp'"):
        read_airspace(path, format="shp")


# Files


@pytest.mark.parametrize("name", ["geojson", "ed318", "ed269"])
def test_a_file_is_read_in_the_format_it_was_written_in(tmp_path: Path, name: str) -> None:
    path = tmp_path / "zones.json"
    write_features(iter([PORT]), path, format=name)
    assert read_features(path).features == (PORT,)
    assert read_features(path, format=name).features == (PORT,)
    # Without corridors, what we write as ED-318 is our own form as well.
    assert format_of(path.read_bytes(), name=path.name) == name.replace("ed318", "geojson")


def test_the_ending_tells_the_format_to_write_if_it_can(tmp_path: Path) -> None:
    assert write_features([PORT], tmp_path / "zones.GeoJSON") == ()
    assert read_zones(tmp_path / "zones.GeoJSON")["LP01"] == PORT
    with pytest.raises(InvalidInputError, match=r"zones\.json: its ending.*ed318, ed269"):
        write_features([PORT], tmp_path / "zones.json")
    with pytest.raises(InvalidInputError, match=r"AIXM 5\.1\.1 is only read"):
        write_features([PORT], tmp_path / "zones.xml", format="aixm")


def test_what_cannot_be_written_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    write_features([PORT], path)
    before = path.read_bytes()
    assert isinstance(PORT, Zone)
    above_take_off = VerticalLayer(ceiling=Level(100.0, VerticalReference.ATO))
    bad = replace(PORT, volumes=(replace(PORT.volumes[0], layer=above_take_off),))
    for name in ("geojson", "ed318", "ed269"):
        with pytest.raises(InvalidInputError, match=r"zone LP01: upper limit 100 m ATO"):
            write_features([PORT, bad], path, format=name)
    assert path.read_bytes() == before
    with pytest.raises(OSError, match="missing"):
        write_features([PORT], tmp_path / "missing" / "zones.geojson")
    assert [entry.name for entry in tmp_path.iterdir()] == ["zones.geojson"]


def test_a_file_is_replaced_where_a_link_points_and_is_readable_as_others_are(
    tmp_path: Path,
) -> None:
    target, link = tmp_path / "target.geojson", tmp_path / "link.geojson"
    target.write_text("old")
    link.symlink_to(target)
    write_features([PORT], link)
    assert link.is_symlink()
    assert read_features(target).features == (PORT,)
    (tmp_path / "plain").write_text("")
    mode = stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert stat.S_IMODE(target.stat().st_mode) == mode


def test_a_file_larger_than_allowed_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "zones.geojson"
    write_features([PORT], path)
    with pytest.raises(InvalidInputError, match=r"zones\.geojson: more than 100 bytes"):
        read_features(path, largest_bytes=100)


def test_the_table_of_formats_names_what_there_is() -> None:
    assert [name for name, known in FORMATS.items() if not known.writes] == ["aixm"]
    assert all(known.name == name and known.extensions for name, known in FORMATS.items())


# Datasets


def foreign(tmp_path: Path) -> Path:
    """Write an ED-318 file as others have it, valid for 2026, of a circle in Shenzhen."""
    record = {
        "type": "Feature",
        "properties": {
            "identifier": "X1",
            "country": "CHN",
            "type": "PROHIBITED",
            "variant": "COMMON",
            "zoneAuthority": [{"purpose": "INFORMATION"}],
            "region": 7,
        },
        "geometry": {
            "type": "Point",
            "coordinates": [114.05, 22.54],
            "extent": {"subType": "Circle", "radius": 500},
        },
    }
    document = {
        "type": "FeatureCollection",
        "name": "Others' zones",
        "metadata": {"validFrom": "2026-01-01T00:00:00Z", "validTo": "2027-01-01T00:00:00Z"},
        "features": [record],
    }
    path = tmp_path / "others.json"
    path.write_text(json.dumps(document))
    return path


def test_a_file_of_others_is_a_dataset_that_speaks_for_its_zones_only(tmp_path: Path) -> None:
    path = foreign(tmp_path)
    dataset = read_airspace(path)
    (zone,) = dataset.zones
    assert (dataset.name, dataset.title["en"]) == ("others", "Others' zones")
    assert zone.kind is ZoneKind.UAS_ZONE
    assert (zone.status, zone.basis) == (FeatureStatus.DERIVED, BasisVerification.UNVERIFIED)
    assert zone.sources == ("others.json",)
    assert dataset.digest == sha256(path.read_bytes()).hexdigest()
    assert dataset.frame.central_meridian_deg == 114.0
    assert dataset.covers(lon_deg=114.05, lat_deg=22.541, when=NOON)
    assert not dataset.covers(lon_deg=114.05, lat_deg=22.55, when=NOON)
    assert not dataset.covers(lon_deg=114.05, lat_deg=22.54, when=NOON + timedelta(days=365))
    assert dataset.zones_at(lon_deg=114.05, lat_deg=22.54, when=NOON) == [
        (zone, Containment.INSIDE)
    ]
    assert dataset.remarks["en"].startswith("1 things of the file")
    assert read_features(path).losses == (Loss("X1", "region", "not kept"),)


def test_who_vouches_for_a_file_says_so(tmp_path: Path) -> None:
    origin = Origin(
        citation="AIP",
        as_of=date(2026, 2, 1),
        status=FeatureStatus.AUTHORITATIVE,
        basis=BasisVerification.VERIFIED,
        authority={"zh": "局", "en": "Office"},
    )
    (zone,) = read_airspace(foreign(tmp_path), origin=origin).zones
    assert (zone.citation, zone.as_of, zone.status) == ("AIP", date(2026, 2, 1), origin.status)
    assert zone.authority["en"] == "Office"


def test_our_own_file_is_the_dataset_it_says(tmp_path: Path) -> None:
    path = Path(str(load_airspace.__code__.co_filename)).parents[1] / "airspace_data"
    dataset = read_airspace(path / "shenzhen" / "zones.geojson")
    assert dataset.digest == SHENZHEN.digest
    assert dataset.extent == SHENZHEN.extent


def test_a_dataset_needs_a_zone(tmp_path: Path) -> None:
    path = tmp_path / "corridors.json"
    write_features(SHENZHEN.corridors[:1], path, format="ed318")
    with pytest.raises(GeometryError, match=r"corridors\.json: has no zone"):
        read_airspace(path)


def test_a_loss_reads_as_a_sentence() -> None:
    assert str(Loss("A1", "hours", "left out")) == "A1: hours: left out"
    assert str(Loss("", "title", "cut")) == "the file: title: cut"


def test_strips_of_zones_that_cross_too_often_make_no_dataset(tmp_path: Path) -> None:
    # Each of 2 x 500 thin strips crosses 500 others: a small file, a quarter of a million holes.
    strips: list[Zone] = []
    assert isinstance(PORT, Zone)
    for number in range(500):
        at = number / 1000
        for ring in (box(113 + at, 22, 113.0005 + at, 23), box(113, 22 + at, 114, 22.0005 + at)):
            name = f"S{len(strips)}"
            strips.append(replace(PORT, identifier=name, volumes=(Volume3D(ring),)))
    path = tmp_path / "strips.json"
    write_features(strips, path, format="ed269")
    with pytest.raises(LowaltError, match=r"strips\.json: its .* edges lie across each other"):
        read_airspace(path)


def test_circles_stay_exact_in_every_json_format() -> None:
    circle = Circle(113.924824, 22.558993, 3000.0)
    for module in (geojson, ed318, ed269):
        zone = SHENZHEN["ZGNT01"]
        (read,) = module.read(
            module.write([zone], title=TITLE).content, name="f", origin=ORIGIN
        ).features
        assert isinstance(read, Zone)
        assert read.volumes[0].shape == circle
