"""KML files: ours come back whole, others' are read with care, the rest is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from lowalt.airspace import (
    EVERY_HEIGHT,
    Arc,
    BasisVerification,
    BoundaryPart,
    Circle,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Outline,
    Restriction,
    RoutePoint,
    Sector,
    Shape,
    Site,
    Strip,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.errors import GeometryError, InvalidInputError, LowaltError
from lowalt.formats import Origin, Reading
from lowalt.formats.kml import read, write
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, DaylightEvent, Schedule, TimeInterval, WeeklyHours
from lowalt.terms import CorridorKind, LineKind, SiteKind, ZoneKind
from lowalt.testing import zones

KARNEY = Geod(ellps="WGS84")
AGL, AMSL, HAE = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE
ORIGIN = Origin(citation="a file for a test", as_of=date(2026, 1, 1), country="MAC")
KML = "{http://www.opengis.net/kml/2.2}"

SQUARE = "114,22,{h} 114.1,22,{h} 114.1,22.1,{h} 114,22.1,{h} 114,22,{h}"
HOLE = "114.02,22.02,{h} 114.02,22.04,{h} 114.04,22.04,{h} 114.02,22.02,{h}"


def ring(coordinates: str, tag: str = "outerBoundaryIs") -> str:
    return f"<{tag}><LinearRing><coordinates>{coordinates}</coordinates></LinearRing></{tag}>"


def polygon(
    rings: str = "", *, mode: str = "", curtain: bool = False, height: float | str = 0
) -> str:
    rings = (rings or ring(SQUARE)).replace("{h}", str(height))
    mode = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    return f"<Polygon>{'<extrude>1</extrude>' if curtain else ''}{mode}{rings}</Polygon>"


def placemark(body: str, *, name: str = "Field") -> str:
    return f"<Placemark><name>{name}</name>{body}</Placemark>"


def document(*placemarks: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"'
        ' xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>'
        f"{''.join(placemarks)}</Document></kml>"
    ).encode()


def parsed(content: bytes) -> Reading:
    return read(content, name="test.kml", origin=ORIGIN)


def the_zone(content: bytes) -> Zone:
    (zone,) = parsed(content).features
    assert isinstance(zone, Zone)
    return zone


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return packed.getvalue()


# Files of others

GOOGLE_EARTH = document(
    """
    <Style id="s"><PolyStyle><color>7f0000ff</color></PolyStyle></Style>
    <Folder><name>Zones</name><Folder>
      <Placemark id="R1">
        <name>限制区 &amp; Range</name><description>No drones</description>
        <TimeSpan><begin>2026-03-01T00:00:00Z</begin><end>2026-03-02T08:00:00+08:00</end></TimeSpan>
        <styleUrl>#s</styleUrl>
        <MultiGeometry>
    """
    + polygon(
        ring(SQUARE) + ring(HOLE, "innerBoundaryIs"), mode="absolute", curtain=True, height=300
    )
    + """<MultiGeometry>
          <Polygon><outerBoundaryIs><LinearRing><coordinates>
            115,22 115.1,22
            115,22.1 115,22
          </coordinates></LinearRing></outerBoundaryIs></Polygon>
         </MultiGeometry></MultiGeometry>
      </Placemark>
      <Placemark><name>Path</name>
        <LineString><coordinates>1,2 3,4</coordinates></LineString>
      </Placemark>
      <Placemark><gx:Track/></Placemark>
    </Folder></Folder>
    <NetworkLink/>
    """
)


def test_a_file_of_google_earth_is_read_as_zones_that_ask_for_authorization() -> None:
    reading = parsed(GOOGLE_EARTH)
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    assert zone.identifier == "R1"
    assert zone.name == {"zh": "限制区 & Range", "en": "限制区 & Range"}
    assert zone.remarks["en"] == "No drones"
    assert (zone.kind, zone.restriction) == (ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
    assert (zone.country, zone.citation, zone.basis) == (
        ("MAC", "a file for a test", BasisVerification.UNVERIFIED)
    )
    assert zone.schedule == Schedule.of(
        [TimeInterval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))]
    )
    first, second = zone.volumes
    assert first.layer == VerticalLayer(None, Level(300.0, AMSL))
    assert second.layer == EVERY_HEIGHT
    assert first.geometry.equals(
        Polygon(
            [(114, 22), (114.1, 22), (114.1, 22.1), (114, 22.1)],
            [[(114.02, 22.02), (114.02, 22.04), (114.04, 22.04)]],
        )
    )
    assert [str(loss) for loss in reading.losses] == [
        "Path: figure: LineString: encloses no area; left out",
        "the file: figure: Track: encloses no area; left out",
        "the file: links: NetworkLink: left out",
    ]


@pytest.mark.parametrize(
    ("body", "layer", "lost"),
    [
        (polygon(), EVERY_HEIGHT, ""),
        (polygon(mode="clampToGround", height=500, curtain=True), EVERY_HEIGHT, ""),
        (polygon(mode="relativeToGround", curtain=True), EVERY_HEIGHT, ""),
        (
            polygon(mode="relativeToGround", curtain=True, height=120),
            VerticalLayer(None, Level(120.0, AGL)),
            "",
        ),
        (
            polygon(mode="absolute", curtain=True, height=120.5),
            VerticalLayer(None, Level(120.5, AMSL)),
            "",
        ),
        (polygon(mode="absolute", height=120), EVERY_HEIGHT, "plate at 120 m AMSL with no curtain"),
        (
            polygon(
                ring(SQUARE.replace("114.1,22,{h}", "114.1,22,90")),
                mode="absolute",
                curtain=True,
                height=120,
            ),
            VerticalLayer(None, Level(120.0, AMSL)),
            "slopes from 90 m: read as level at 120 m AMSL",
        ),
        (
            polygon(height=5).replace(
                "<Polygon>", "<Polygon><gx:altitudeMode>relativeToSeaFloor</gx:altitudeMode>"
            ),
            EVERY_HEIGHT,
            "relativeToSeaFloor: read as every height",
        ),
    ],
)
def test_a_figure_stands_for_the_heights_that_it_surely_has(
    body: str, layer: VerticalLayer, lost: str
) -> None:
    reading = parsed(document(placemark(body)))
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    assert zone.volumes[0].layer == layer
    assert [loss.what for loss in reading.losses] == (["limits"] if lost else [])
    assert lost in "".join(map(str, reading.losses))


@pytest.mark.parametrize(
    ("times", "start", "end", "exact"),
    [
        (
            "<begin>2026-03-01T08:00:00+08:00</begin>",
            "2026-03-01T00:00Z",
            "9999-12-31T00:00Z",
            True,
        ),
        ("<end>2026-03-01T00:00:00.5Z</end>", "0001-01-02T00:00Z", "2026-03-01T00:00:00.5Z", True),
        (
            "<begin>2026-03-01</begin><end>2026-03-01</end>",
            "2026-02-28T10:00Z",
            "2026-03-02T12:00Z",
            False,
        ),
        (
            "<begin>2026-12</begin><end>2026-12</end>",
            "2026-11-30T10:00Z",
            "2027-01-01T12:00Z",
            False,
        ),
        ("<begin>2026</begin><end>2026</end>", "2025-12-31T10:00Z", "2027-01-01T12:00Z", False),
        (
            "<begin>2026-11</begin><end>2026-11</end>",
            "2026-10-31T10:00Z",
            "2026-12-01T12:00Z",
            False,
        ),
        (
            "<begin>2026-03-01T08:00:00</begin><end>2026-03-01T09:00:00</end>",
            "2026-02-28T18:00Z",
            "2026-03-01T21:00Z",
            False,
        ),
        ("<begin>0001</begin><end>9999</end>", "0001-01-02T00:00Z", "9999-12-31T00:00Z", False),
    ],
)
def test_times_without_a_zone_are_read_as_the_longest_they_can_mean(
    times: str, start: str, end: str, exact: bool
) -> None:
    reading = parsed(document(placemark(f"<TimeSpan>{times}</TimeSpan>{polygon()}")))
    expected = TimeInterval(datetime.fromisoformat(start), datetime.fromisoformat(end))
    assert reading.features[0].schedule == Schedule.of([expected])
    assert [loss.what for loss in reading.losses] == ([] if exact else ["hours"])


def test_times_that_are_no_periods_are_always_and_said_so() -> None:
    stamp = "<TimeStamp><when>2026</when></TimeStamp>"
    for content in (
        document(placemark(stamp + polygon())),
        document(f"<Folder>{stamp}{placemark(polygon())}</Folder>"),
    ):
        reading = parsed(content)
        assert reading.features[0].schedule == ALWAYS
        assert [loss.what for loss in reading.losses] == ["hours"]
    assert parsed(document(placemark("<TimeSpan/>" + polygon()))).losses == ()


def test_upright_walls_are_left_out_and_said_so() -> None:
    wall = polygon(ring("114,22,0 114.1,22,0 114.1,22,90 114,22,90 114,22,0"), mode="absolute")
    reading = parsed(document(placemark(f"<MultiGeometry>{wall}{polygon()}</MultiGeometry>")))
    assert isinstance(reading.features[0], Zone)
    assert len(reading.features[0].volumes) == 1
    assert "upright polygon" in str(reading.losses[0])


def test_data_of_other_programs_are_left_out_and_said_so() -> None:
    data = '<ExtendedData><Data name="a"><value>1</value></Data></ExtendedData>'
    reading = parsed(document(placemark(data + polygon())))
    assert [loss.what for loss in reading.losses] == ["data"]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://earth.google.com/kml/2.0",
        "http://earth.google.com/kml/2.2",
        "http://www.opengis.net/kml/2.3",
        "",
    ],
)
def test_older_namespaces_and_none_are_read(namespace: str) -> None:
    content = document(placemark(polygon()))
    old = content.replace(b"http://www.opengis.net/kml/2.2", namespace.encode())
    assert parsed(old).features == parsed(content).features


def test_the_document_of_an_archive_is_read() -> None:
    content = document(placemark(polygon()))
    for entries in (
        {"doc.kml": content},
        {"files/icon.png": b"x", "other.kml": b"<kml/>", "doc.kml": content},
        {"Zones.KML": content},
    ):
        assert parsed(archive(entries)).features == parsed(content).features
    assert parsed(archive({"doc.kml": content}, zipfile.ZIP_STORED)).features


def test_placemarks_of_one_name_get_identifiers_of_their_own() -> None:
    content = document(placemark(polygon()), placemark(polygon()), placemark(polygon(), name="区"))
    assert [feature.identifier for feature in parsed(content).features] == ["FIELD", "FIELD2", "Z"]


# Ours

CIRCLE = Circle(113.9248, 22.559, 3000.0)
HALF = Outline(((113.99028, 22.5), (114.00972, 22.5)), {0: Arc(114.0, 22.5, clockwise=True)})
STRIP = Strip(((114.0, 22.5), (114.1, 22.55)), 500.0)
SECTOR = Sector(114.217778, 22.198333, 914.4, 230.0, 270.0, 100.0)
FACTS: dict[str, Any] = {
    "identifier": "FIELD",
    "name": {"zh": "场地", "en": "Field"},
    "country": "CHN",
    "status": FeatureStatus.DERIVED,
    "basis": BasisVerification.PARTLY,
    "accuracy_m": 10.0,
    "citation": "a test",
    "sources": ("S1",),
    "as_of": date(2026, 1, 1),
}
ZONE: dict[str, Any] = {
    **FACTS,
    "kind": ZoneKind.LAND_PORT,
    "restriction": Restriction.REQ_AUTHORIZATION,
}


def assert_comes_back(feature: Feature) -> None:
    written = write([feature], title={"zh": "test"})
    title = {"zh": "test", "en": "test"}
    assert parsed(written.content) == Reading((feature,), title=title)


several = st.lists(
    zones(max_radius_m=1500.0), min_size=1, max_size=3, unique_by=lambda zone: zone.identifier
)


@settings(max_examples=40)
@given(several)
def test_zones_come_back_whole(found: list[Zone]) -> None:
    written = write(found, title={"zh": "试验", "en": "test"})
    assert parsed(written.content).features == tuple(found)


@pytest.mark.parametrize("shape", [CIRCLE, HALF, STRIP, SECTOR])
@pytest.mark.parametrize(
    "layer",
    [
        EVERY_HEIGHT,
        VerticalLayer(None, Level(120.0, AGL)),
        VerticalLayer(Level(50.5, AGL), Level(609.6, AMSL)),
        VerticalLayer(Level(300.0, AMSL), None),
        VerticalLayer(Level(50.0, HAE), Level(90.0, HAE)),
    ],
)
def test_exact_shapes_and_limits_come_back_whole(shape: Shape, layer: VerticalLayer) -> None:
    assert_comes_back(Zone(**ZONE, volumes=(Volume3D.of(shape, layer=layer),)))


def test_every_fact_of_a_zone_comes_back() -> None:
    holed = box(114.0, 22.0, 114.2, 22.2) - box(114.05, 22.05, 114.1, 22.1)
    assert isinstance(holed, Polygon)
    volume = Volume3D(MultiPolygon([holed, box(114.5, 22.0, 114.6, 22.1)]))
    assert_comes_back(
        Zone(
            **ZONE,
            volumes=(volume, Volume3D.of(CIRCLE)),
            micro_volumes=(Volume3D.of(SECTOR),),
            less_accurate=(BoundaryPart(LineString([(114.0, 22.0), (114.2, 22.0)]), 450.0),),
            published_at=datetime(2025, 12, 1, tzinfo=UTC),
            schedule=Schedule(
                (TimeInterval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),),
                (WeeklyHours(DaylightEvent.SR, time(16), UTC),),
            ),
            authority={"en": "port office"},
            remarks={"en": "light < UAV & micro > ]]>"},
            example=True,
        )
    )


def test_corridors_sites_and_lines_come_back() -> None:
    points = tuple(
        RoutePoint(name, lon, 22.5, FeatureStatus.AUTHORITATIVE)
        for name, lon in (("A", 114.0), ("B", 114.1), ("C", 114.2))
    )
    layers = (VerticalLayer(None, Level(609.6, AMSL)), EVERY_HEIGHT)
    for feature in (
        Corridor(
            **FACTS,
            kind=CorridorKind.UAV_ROUTE,
            points=points,
            half_width_m=500.0,
            layers=layers,
        ),
        Site(
            **FACTS, kind=SiteKind.LANDING_SITE, lon_deg=114.0, lat_deg=22.5, elevation_amsl_m=9.0
        ),
        Line(**FACTS, kind=LineKind.RUNWAY, line=LineString([(114.0, 22.0), (114.0, 22.1)])),
    ):
        assert_comes_back(feature)


def test_the_dataset_that_comes_with_lowalt_comes_back_whole() -> None:
    found = load_airspace("shenzhen").features
    small = [
        feature
        for feature in found
        if not isinstance(feature, Zone) or feature.geometry.area < 0.002
    ]
    assert len(small) > 10
    written = write(small, title={"en": "Shenzhen"})
    assert [parsed(written.content).features] == [tuple(small)]


def test_a_zone_is_drawn_as_expected() -> None:
    field = Polygon(
        [(114.0, 22.0), (114.1, 22.0), (114.1, 22.1)],
        [[(114.05, 22.02), (114.06, 22.02), (114.06, 22.03)]],
    )
    zone = Zone(
        **ZONE,
        volumes=(
            Volume3D(field, VerticalLayer(None, Level(120.0, AGL))),
            Volume3D(
                box(115.0, 22.0, 115.1, 22.1), VerticalLayer(Level(300.5, AMSL), Level(600.0, AGL))
            ),
            Volume3D(box(116.0, 22.0, 116.1, 22.1), VerticalLayer(Level(50.0, HAE), None)),
        ),
        schedule=Schedule.of(
            [
                TimeInterval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),
                TimeInterval(datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)),
            ]
        ),
    )
    root = ET.fromstring(write([zone], title={"zh": "试验", "en": "test"}).content)
    assert root.tag == f"{KML}kml"
    assert root.findtext(f"{KML}Document/{KML}name") == "试验 / test"
    (found,) = root.iter(f"{KML}Placemark")
    assert found.findtext(f"{KML}name") == "场地 / Field"
    assert found.findtext(f"{KML}styleUrl") == "#REQ_AUTHORIZATION"
    assert root.find(f".//{KML}Style[@id='REQ_AUTHORIZATION']") is not None
    assert "SFC - 120 m AGL\n300.5 m AMSL - 600 m AGL\n50 m HAE - UNL" in (
        found.findtext(f"{KML}description") or ""
    )
    assert [e.text for e in found.find(f"{KML}TimeSpan") or ()] == [
        "2026-03-01T00:00:00Z",
        "2026-04-02T00:00:00Z",
    ]
    drawn = [
        (
            element.findtext(f"{KML}altitudeMode"),
            element.findtext(f"{KML}extrude"),
            len(element.findall(f"{KML}innerBoundaryIs")),
            (element.findtext(f".//{KML}coordinates") or "").split()[0],
        )
        for element in found.iter(f"{KML}Polygon")
    ]
    assert drawn == [
        ("relativeToGround", "1", 1, "114,22,120"),
        ("absolute", None, 0, drawn[1][3]),
        ("relativeToGround", None, 0, drawn[2][3]),
        ("clampToGround", None, 0, drawn[3][3]),
    ]
    assert [place.rpartition(",")[2] for *_, place in drawn] == ["120", "300.5", "600", "0"]


@given(st.floats(50.0, 9000.0), st.floats(0.0, 360.0))
@settings(max_examples=30)
def test_a_drawn_circle_covers_it_and_no_more_than_a_centimetre(
    radius: float, azimuth: float
) -> None:
    zone = Zone(**ZONE, volumes=(Volume3D.of(Circle(114.0, 22.5, radius)),))
    content = write([zone], title={}).content
    foreign = re.sub(rb"<ExtendedData>.*</ExtendedData>", b"", content)
    drawn = the_zone(foreign).geometry
    for offset, inside in ((-0.01, True), (0.0, True), (0.01, False)):
        lon, lat, _ = KARNEY.fwd(114.0, 22.5, azimuth, radius + offset)
        assert drawn.contains(Point(lon, lat)) is inside


def test_no_text_of_a_feature_upsets_the_document() -> None:
    nasty = "</name>]]><!-- \x00\x08￾ &amp; \n\r\t'\""
    zone = Zone(
        **{**ZONE, "name": {"en": nasty}, "citation": nasty}, volumes=(Volume3D.of(CIRCLE),)
    )
    assert_comes_back(zone)


# What is refused

FIELD = write(
    [
        Zone(
            **ZONE,
            volumes=(
                Volume3D(box(114.0, 22.0, 114.1, 22.1), VerticalLayer(None, Level(120.0, AGL))),
            ),
        )
    ],
    title={},
).content


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"114.1,22.1,120", b"114.1,22.10001,120"),
        (b"114.1,22.1,120", b"114.09,22.09,120"),
        (b",120", b",121"),
        (b"<extrude>1</extrude>", b""),
        (b"relativeToGround", b"absolute"),
        (b"114.1, 22.1", b"114.1, 22.2"),
        (b"<Polygon>", b"<Point><coordinates>1,2</coordinates></Point><Polygon>"),
    ],
)
def test_a_placemark_of_ours_that_was_changed_in_one_place_only_is_refused(
    old: bytes, new: bytes
) -> None:
    assert old in FIELD
    with pytest.raises(
        GeometryError, match=r"placemark 1 '场地 / Field': .*one of the two was changed"
    ):
        parsed(FIELD.replace(old, new))


def test_a_placemark_of_ours_whose_facts_are_damaged_is_refused_by_name() -> None:
    for old, new in (
        (b'"kind": "land_port"', b'"kind": "harbour"'),
        (b'{"type": "Feature"', b'["type": "Feature"'),
    ):
        assert old in FIELD
        with pytest.raises(InvalidInputError, match=r"^test.kml: placemark 1 '场地 / Field': "):
            parsed(FIELD.replace(old, new))
    with pytest.raises(InvalidInputError, match="holds no GeoJSON feature"):
        parsed(re.sub(rb"(<feature[^>]*>)[^<]*", rb"\1[]", FIELD))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (polygon(ring("114,22 114.1,22 114.1,22.1")), "ring of 3 points"),
        (polygon(ring("114,22 114.1,22 114.1,22.1 114,22.1")), "ends where it began"),
        (polygon(ring("114,22 114.1,22.1 114.1,22 114,22.1 114,22")), "Self-intersection"),
        (
            polygon(
                ring(SQUARE) + ring("114.5,22 114.6,22 114.6,22.1 114.5,22", "innerBoundaryIs")
            ),
            "Hole lies outside",
        ),
        (polygon(ring("22,114 22.1,114 22.1,114.1 22,114")), "look swapped"),
        (polygon(ring("114,22 999,22 114.1,22.1 114,22")), "at most 180 and 90"),
        (polygon(ring("114,22 nan,22 114.1,22.1 114,22")), "given 'nan,22'"),
        (polygon(ring("114,22 1e999,22 114.1,22.1 114,22")), "given '1e999,22'"),
        (polygon(ring("114, 22, 0 114.1, 22, 0")), "given '114,'"),
        (polygon(ring("114,22,0,9 114.1,22,0")), "given '114,22,0,9'"),
        (polygon(ring("114 22 0 114.1 22 0")), "given '114'"),
        (polygon(ring("")), "ring of 0 points"),
        ("<Polygon/>", "without an outerBoundaryIs"),
        (polygon(ring(SQUARE) + ring(SQUARE)), "2 outer boundaries"),
        ("<LineString><coordinates>1,2</coordinates></LineString>", "LineString of 1 points"),
        ("<Point/>", "Point of 0 points"),
        (polygon(mode="absolute", curtain=True, height="2e5"), "at most 100000 m"),
        (f"<TimeSpan><begin>soon</begin></TimeSpan>{polygon()}", "begin: given 'soon'"),
        (f"<TimeSpan><begin>2026-02-30</begin></TimeSpan>{polygon()}", "begin: given '2026-02-30'"),
        (f"<TimeSpan><begin>2027</begin><end>2025</end></TimeSpan>{polygon()}", "ends before"),
    ],
)
def test_what_cannot_be_read_is_refused_naming_the_placemark(body: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^test.kml: placemark 2 'Field': .*{message}"):
        parsed(document(placemark(polygon(), name="sound"), placemark(body)))


BOMB = b'<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><kml>&b;</kml>'
STEAL = b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not an XML document"),
        (b"<kml", "not an XML document"),
        (b"<gpx/>", "begins with 'gpx'"),
        (b'<kml xmlns="http://example.org/kml"/>', "begins with '{http://example.org/kml}kml'"),
        (document(), "no airspace"),
        (document(placemark("")), "no airspace"),
        (BOMB, "document type or entities"),
        (STEAL, "document type or entities"),
        (document(placemark(polygon(ring("1,2 " * 1_100_000)))), "more than 1000000 points"),
        (archive({"readme.txt": b"x"}), "archive without a .kml"),
        (archive({"doc.kml": BOMB}), "document type or entities"),
        (archive({"doc.kml": b"<kml>" + b" " * 40_000_000}), "'doc.kml': more than 33554432 bytes"),
        (archive({"doc.kml": b"<kml/>"}, zipfile.ZIP_LZMA), "by a method that KMZ does not have"),
        (archive({"doc.kml": b"<kml/>"})[:-30], "not a KMZ archive"),
        (archive({"doc.kml": b"<kml/>"}).replace(b"kml/", b"kmz/", 1)[:60], "not a KMZ archive"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_files_are_refused_soon(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^test.kml: .*{re.escape(message)}"):
        parsed(content)


def test_a_placemark_cannot_carry_shapes_without_bound() -> None:
    circle = {
        "type": "Point",
        "coordinates": [114.0, 22.5],
        "extent": {"subType": "Circle", "radius": 9e5},
    }
    (own,) = re.findall(rb"<feature[^>]*>([^<]*)", FIELD)
    facts = json.loads(own)
    facts["geometry"] = {"type": "GeometryCollection", "geometries": [circle] * 2000}
    bomb = FIELD.replace(own, json.dumps(facts).encode())
    with pytest.raises(InvalidInputError, match=r"placemark 1 .*more than \d+ points"):
        parsed(bomb)


def test_what_other_programs_do_not_see_is_said_to_be_lost() -> None:
    plain = Zone(
        **ZONE, volumes=(Volume3D(box(114, 22, 115, 23), VerticalLayer(None, Level(9.0, AGL))),)
    )
    assert [loss.what for loss in write([plain], title={}).losses] == ["provenance"]
    layer = VerticalLayer(Level(50.0, HAE), Level(90.0, AGL))
    full = replace(
        plain,
        volumes=(Volume3D.of(CIRCLE, layer=layer),),
        schedule=Schedule(weekly=(WeeklyHours(time(8), time(9), UTC),)),
    )
    assert [str(loss) for loss in write([full], title={}).losses] == [
        "FIELD: arcs: drawn as polygons of straight edges",
        "FIELD: limits: 50 m HAE - 90 m AGL: drawn without walls",
        "FIELD: reference: 50 m HAE - 90 m AGL: heights above the ellipsoid are not drawn",
        "FIELD: hours: only the time from the first to the last window is stated, if any",
        "FIELD: provenance: what it is, what it asks and where that was read stand in text",
    ]


def test_deep_folders_are_read_or_refused() -> None:
    deep = b"<Folder>" * 50_000 + b"</Folder>" * 50_000
    with pytest.raises(InvalidInputError, match=r"^test.kml: "):
        parsed(b"<kml>" + deep + b"</kml>")


TOKENS = [
    b"",
    b"<",
    b"</Polygon>",
    b"<Placemark>",
    b"nan",
    b"999",
    b"-",
    b",",
    b" ",
    b"\x00",
    b"\xff",
    b"&",
    b'"',
    b"1e9",
    b"<!DOCTYPE x>",
    b"true",
]


@pytest.mark.parametrize(
    "whole",
    [GOOGLE_EARTH, FIELD, archive({"doc.kml": GOOGLE_EARTH})],
    ids=["others", "ours", "archive"],
)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_fails(
    whole: bytes, data: st.DataObject
) -> None:
    content = whole
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.sampled_from([0, 0, 1, 1, 2, 5, 20, 200]))
        content = content[:start] + data.draw(st.sampled_from(TOKENS)) + content[start + length :]
    try:
        reading = parsed(content)
    except LowaltError as error:
        refusal = str(error)
    else:
        assert reading.features
        return
    assert refusal.startswith("test.kml: ")
