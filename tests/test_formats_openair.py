"""OpenAir files: what they say is read, what zones say is written, the rest is refused or told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon, box

from lowalt.airspace import (
    EVERY_HEIGHT,
    Arc,
    BasisVerification,
    BoundaryPart,
    Circle,
    Containment,
    Corridor,
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
)
from lowalt.errors import GeometryError, InvalidInputError, LowaltError
from lowalt.formats import Origin, Reading
from lowalt.formats.openair import read, write
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, Schedule, TimeInterval, WeeklyHours
from lowalt.terms import CorridorKind, LineKind, SiteKind, ZoneKind
from lowalt.testing import zones

KARNEY = Geod(ellps="WGS84")
AGL, AMSL, HAE = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE
ORIGIN = Origin(
    citation="a file for a test",
    as_of=date(2026, 1, 1),
    sources=("made up",),
    status=FeatureStatus.AUTHORITATIVE,
    country="HKG",
)

# Numbers that anybody can check with a map and a calculator.
SAMPLE = """\
*VERSION: 2.1
* Made up, in the forms that files have

AC P
AY P
AN VHP8 West, Stanley
AI VHP8W
AF 118.100
AL GND
AH 1000ft AMSL   * an inline comment
V X=22:11:54 N 114:13:04 E
DC 0.5

AC D
AN SHENZHEN CTR
AL SFC
AH FL 65
V D=-
V X=22:38.3 N 113:48.7 E
DB 22:38:18 N 114:00:00 E, 22:38:18 N 113:37:24 E
DP 22:20:00 N 113:37:24 E    c7
DP 22:20:00 N 114:00:00 E

AC R
AN Range
AI RANGE
AA 2026-03-01T00:00Z/2026-03-01T24:00Z
AA 2026-05-01T00:00Z/NONE
AL 100m AGL
AH UNLIM
V X=22:30:00 N 114:00:00 E
DA 5, 350, 10
DP 22:30:00 N 114:00:00 E
"""


def parsed(text: str | bytes, origin: Origin = ORIGIN) -> Reading:
    content = text if isinstance(text, bytes) else text.encode()
    return read(content, name="test.txt", origin=origin)


def block(*, ac: str = "R", head: str = "", limits: str = "AL GND\nAH UNL", drawn: str = "") -> str:
    drawn = drawn or "V X=22:30:00 N 114:00:00 E\nDC 1"
    return f"AC {ac}\nAN Field\n{head}\n{limits}\n{drawn}\n"


def the_zone(text: str | bytes) -> Zone:
    (zone,) = parsed(text).features
    assert isinstance(zone, Zone)
    return zone


def layer_of(al: str, ah: str) -> VerticalLayer:
    return the_zone(block(limits=f"AL {al}\nAH {ah}")).volumes[0].layer


# Reading


def test_a_file_written_by_hand_is_read_as_it_says() -> None:
    reading = parsed(SAMPLE)
    circle, zone, sector = reading.features
    assert isinstance(circle, Zone)
    assert isinstance(zone, Zone)
    assert isinstance(sector, Zone)

    assert circle.identifier == "VHP8W"
    assert circle.name["en"] == circle.name["zh"] == "VHP8 West, Stanley"
    assert (circle.kind, circle.restriction) == (ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED)
    (volume,) = circle.volumes
    assert isinstance(volume.shape, Circle)
    assert volume.shape.lon_deg == pytest.approx(114.217778, abs=1e-6)
    assert volume.shape.lat_deg == pytest.approx(22.198333, abs=1e-6)
    assert volume.shape.radius_m == 926.0
    assert volume.layer == VerticalLayer(None, Level(304.8, AMSL))
    assert circle.schedule == ALWAYS
    assert (circle.country, circle.citation, circle.as_of) == (
        ("HKG", "a file for a test", date(2026, 1, 1))
    )

    assert zone.identifier == "SHENZHE"
    assert (zone.kind, zone.restriction) == (ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
    (volume,) = zone.volumes
    assert isinstance(volume.shape, Outline)
    assert volume.shape.corners[0] == pytest.approx((114.0, 22.638333), abs=1e-6)
    assert len(volume.shape.corners) == 4
    (arc,) = volume.shape.arcs.values()
    assert (arc.lon_deg, arc.lat_deg) == pytest.approx((113.811667, 22.638333), abs=1e-6)
    assert not arc.clockwise

    assert sector.schedule == Schedule.of(
        [
            TimeInterval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)),
            TimeInterval(datetime(2026, 5, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        ]
    )
    assert sector.volumes[0].layer == VerticalLayer(Level(100.0, AGL), None)
    area_m2 = abs(KARNEY.geometry_area_perimeter(sector.geometry)[0])
    assert area_m2 == pytest.approx(np.pi * 9260.0**2 * 20.0 / 360.0, rel=1e-4)

    assert list(map(str, reading.losses)) == [
        "the file: records: frequencies, station names and transponder codes are left out",
        (
            "SHENZHE: reference: ceiling FL65 moves with the air pressure: read as 2890 m AMSL, the"
            " highest it can lie in any weather"
        ),
    ]


@pytest.mark.parametrize(
    ("al", "ah", "expected"),
    [
        ("GND", "UNL", (None, None)),
        ("SFC", "UNLIMITED", (None, None)),
        ("0", "8400 ft", (None, Level(8400 * 0.3048, AMSL))),
        ("0 ft AGL", "3600m MSL", (Level(0.0, AGL), Level(3600.0, AMSL))),
        ("500 ft agl", "1500ft AMSL", (Level(152.4, AGL), Level(457.2, AMSL))),
        ("1000", "2000 MSL", (Level(304.8, AMSL), Level(609.6, AMSL))),
        ("120.5m AGL", "300 M GND", (Level(120.5, AGL), Level(300.0, AGL))),
        ("FL100", "FL195 STD", (Level(1299.0, AMSL), Level(7727.0, AMSL))),
        ("10000ft STD", "UNLIM", (Level(1299.0, AMSL), None)),
    ],
)
def test_limits_are_read_with_unit_and_reference(
    al: str, ah: str, expected: tuple[Level | None, Level | None]
) -> None:
    layer = layer_of(al, ah)
    for given_level, level in zip((layer.floor, layer.ceiling), expected, strict=True):
        if level is None or given_level is None:
            assert given_level is level
        else:
            assert given_level.reference is level.reference
            assert given_level.value_m == pytest.approx(level.value_m, abs=1e-9)


@pytest.mark.parametrize(
    ("ac", "ay", "kind", "restriction"),
    [
        ("P", "", ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED),
        ("r", "", ZoneKind.RESTRICTED_AREA, Restriction.REQ_AUTHORIZATION),
        ("Q", "", ZoneKind.DANGER_AREA, Restriction.REQ_AUTHORIZATION),
        ("CTR", "", ZoneKind.AIRPORT_CONTROL_ZONE, Restriction.REQ_AUTHORIZATION),
        ("UNC", "P", ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED),
        ("D", "CTR", ZoneKind.AIRPORT_CONTROL_ZONE, Restriction.REQ_AUTHORIZATION),
        ("D", "", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
        ("C", "TMA", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
        ("G", "", ZoneKind.UAS_ZONE, Restriction.CONDITIONAL),
        ("UNC", "FIS", ZoneKind.UAS_ZONE, Restriction.NO_RESTRICTION),
        ("G", "FIS", ZoneKind.UAS_ZONE, Restriction.CONDITIONAL),
        ("UNC", "", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
    ],
)
def test_class_and_type_say_what_a_zone_is(
    ac: str, ay: str, kind: ZoneKind, restriction: Restriction
) -> None:
    zone = the_zone(block(ac=ac, head=f"AY {ay}" if ay else ""))
    assert (zone.kind, zone.restriction) == (kind, restriction)


def test_what_nobody_knows_asks_for_authorization_and_says_so() -> None:
    reading = parsed(block(ac="ZSM", head="AY FIS"))
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    assert (zone.kind, zone.restriction) == (ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
    assert "FIELD: class: AC ZSM is not known" in str(reading.losses[0])


def test_blocks_with_one_identifier_are_one_zone() -> None:
    parts = [block(head="AI EAR1", limits=f"AL {al}\nAH {ah}") for al, ah in (("GND", "500ft"),)]
    parts.append(block(head="AI EAR1", limits="AL 500ft\nAH FL100"))
    parts.append(block(ac="P", head="AI EAR1"))
    first, second = parsed("".join(parts)).features
    assert isinstance(first, Zone)
    assert len(first.volumes) == 2
    assert (first.identifier, second.identifier) == ("EAR1", "FIELD")


def test_what_only_notice_activates_is_always_active() -> None:
    reading = parsed(block(head="AA NONE"))
    assert reading.features[0].schedule == ALWAYS
    assert reading.losses[0].what == "hours"


def test_a_limit_that_is_not_stated_is_none_and_says_so() -> None:
    reading = parsed("AC R\nAN Field\nAL GND\nV X=22:30:00 N 114:00:00 E\nDC 1")
    assert isinstance(reading.features[0], Zone)
    assert reading.features[0].volumes[0].layer == EVERY_HEIGHT
    assert reading.losses[0].what == "limits"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(ends: str) -> None:
    assert parsed(SAMPLE.replace("\n", ends)).features == parsed(SAMPLE).features


def test_latin_1_and_utf_8_with_and_without_mark_are_read() -> None:
    text = block().replace("Field", "Zürich")
    assert the_zone(text).name["en"] == "Zürich"
    assert the_zone(b"\xef\xbb\xbf" + text.encode()).name["en"] == "Zürich"
    old = parsed(text.encode("latin-1"))
    assert old.features[0].name["en"] == "Zürich"
    assert old.losses[0].what == "encoding"


def test_terrain_is_left_out_and_said_so() -> None:
    terrain = "TO Lake\nSP 0,1,0,0,255\nDP 22:00:00 N 113:00:00 E\nDP 22:01:00 N 113:00:00 E\n"
    reading = parsed(terrain + block())
    assert len(reading.features) == 1
    assert {loss.what for loss in reading.losses} == {"records"}


def test_an_end_of_an_arc_and_the_point_beside_it_are_one_corner() -> None:
    # The point lies 10 m from where 90 degrees and one mile lead to.
    lon, lat, _ = KARNEY.fwd(*KARNEY.fwd(114.0, 22.5, 90.0, 1852.0)[:2], 135.0, 10.0)
    minutes = (lon - 114.0) * 60.0, (lat - 22.0) * 60.0
    drawn = (
        "V X=22:30:00 N 114:00:00 E\nDA 1,270,90\n"
        f"DP 22:{minutes[1]:.6f} N 114:{minutes[0]:.6f} E\n"
        "DP 22:28:00 N 114:00:00 E\n"
    )
    shape = the_zone(block(drawn=drawn)).volumes[0].shape
    assert isinstance(shape, Outline)
    assert len(shape.corners) == 3
    assert shape.corners[1] == pytest.approx((lon, lat), abs=1e-6)


# Exact shapes, by Karney's geodesics

azimuths = st.integers(0, 359).map(float)


@given(st.floats(0.1, 20.0), azimuths, st.integers(10, 350), st.booleans(), st.floats(0.0, 1.0))
def test_an_arc_is_at_its_radius_to_a_centimetre(
    miles: float, start: float, sweep: int, clockwise: bool, share: float
) -> None:
    end = (start + (sweep if clockwise else -sweep)) % 360.0
    lines = f"V D={'+' if clockwise else '-'}\nV X=22:30:00 N 114:00:00 E\n"
    zone = the_zone(
        block(drawn=f"{lines}DA {miles:.6f}, {start}, {end}\nDP 22:30:00 N 114:00:00 E")
    )
    radius = float(f"{miles:.6f}") * 1852.0
    # Leave the two sides alone: near them the centre is near too.
    inner = share * (sweep - 2.0) + 1.0
    azimuth = start + (inner if clockwise else -inner)
    assert is_in(zone.geometry, azimuth, radius - 0.01)
    assert not is_in(zone.geometry, azimuth, radius + 0.01)


@given(st.floats(0.01, 50.0), azimuths)
def test_a_circle_is_at_its_radius_to_a_centimetre(miles: float, azimuth: float) -> None:
    zone = the_zone(block(drawn=f"V X=22:30:00 N 114:00:00 E\nDC {miles:.6f}"))
    radius = float(f"{miles:.6f}") * 1852.0
    assert is_in(zone.geometry, azimuth, radius - 0.01)
    assert not is_in(zone.geometry, azimuth, radius + 0.01)


def is_in(area: Polygon | MultiPolygon, azimuth: float, distance: float) -> bool:
    lon, lat, _ = KARNEY.fwd(114.0, 22.5, azimuth, distance)
    return bool(area.contains(Point(lon, lat)))


# Writing, and both ways


def zone_of(*volumes: Volume3D, **changes: Any) -> Zone:
    facts: dict[str, Any] = {
        "identifier": "FIELD",
        "name": {"zh": "场地", "en": "Field"},
        "kind": ZoneKind.RESTRICTED_AREA,
        "restriction": Restriction.REQ_AUTHORIZATION,
        "country": "CHN",
        "status": FeatureStatus.DERIVED,
        "basis": BasisVerification.PARTLY,
        "accuracy_m": 10.0,
        "citation": "a test",
        "sources": (),
        "as_of": date(2026, 1, 1),
    }
    return Zone(volumes=volumes, **{**facts, **changes})


CIRCLE = Circle(113.9248, 22.559, 3000.0)
SECTOR = Sector(114.217778, 22.198333, 914.4, 230.0, 270.0)
RING_SECTOR = Sector(114.2, 22.2, 5000.0, 300.0, 100.0, 1000.0)
HALF = Outline(((113.99028, 22.5), (114.00972, 22.5)), {0: Arc(114.0, 22.5, clockwise=True)})
LENS = Outline(
    ((113.99028, 22.5), (114.00972, 22.5)),
    {0: Arc(114.0, 22.5, clockwise=True), 1: Arc(114.0, 22.5, clockwise=True)},
)
BITTEN = Outline(
    ((113.98, 22.49), (114.02, 22.49), (114.00972, 22.5), (113.99028, 22.5)),
    {2: Arc(114.0, 22.5, clockwise=False)},
)
STRIP = Strip(((114.0, 22.5), (114.1, 22.55)), 500.0)


def test_a_zone_is_written_as_expected() -> None:
    circle = zone_of(
        Volume3D.of(CIRCLE, layer=VerticalLayer(None, Level(609.6, AMSL))),
        Volume3D.of(HALF, layer=VerticalLayer(Level(120.0, AGL), None)),
        schedule=Schedule.of(
            [TimeInterval(datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))]
        ),
    )
    written = write([circle], title={"zh": "试验", "en": "test"})
    head = """\
* 空中限制区 / restricted area
* derived, partly, 2026-01-01: a test
AC R
AI FIELD
AN Field
"""
    times = "AA 2026-03-01T08:00:00Z/2026-03-02T00:00:00Z\n"
    expected = f"""\
*VERSION: 2.1
*WRITTEN_BY: lowalt
* 试验
* test

{head}AL GND
AH 2000ft AMSL
{times}V X=22:33:32.4 N 113:55:29.28 E
DC 1.6198704103671706

{head}AL 120m AGL
AH UNL
{times}V D=+
V X=22:30:00 N 114:00:00 E
DB 22:30:00 N 113:59:25.008 E, 22:30:00 N 114:00:34.992 E
DP 22:30:00 N 113:59:25.008 E
"""
    assert written.content.decode() == expected.replace("\n", "\r\n")
    assert [str(loss) for loss in written.losses] == [
        "FIELD: name: only 'Field' is written",
        "FIELD: provenance: status, citation and the like stand in comments only",
    ]


def metres_apart(one: Polygon | MultiPolygon, other: Polygon | MultiPolygon) -> float:
    """Greatest distance of a place in one area from the other, from above."""
    degrees = shapely.hausdorff_distance(one, other)
    return float(degrees) * 111_700.0


def same_level(level: Level | None) -> Level | None:
    return level if level is None or level.reference in (AGL, AMSL) else None


def assert_comes_back(zone: Zone) -> None:
    again = the_zone(write([zone], title={}).content)
    assert again.identifier == zone.identifier
    assert again.name["en"] == zone.name["en"]
    has_hours = zone.schedule.windows and not zone.schedule.weekly
    assert again.schedule == (zone.schedule if has_hours else ALWAYS)
    layers = {
        VerticalLayer(same_level(v.layer.floor), same_level(v.layer.ceiling)) for v in zone.volumes
    }
    assert {volume.layer for volume in again.volumes} == layers
    assert metres_apart(again.geometry, zone.geometry) < 0.01


@settings(max_examples=50)
@given(zones())
def test_a_zone_comes_back_as_far_as_the_format_can_hold_it(zone: Zone) -> None:
    assert_comes_back(zone)
    again = the_zone(write([zone], title={}).content)
    if isinstance(zone.volumes[0].shape, Circle):
        shape = again.volumes[0].shape
        assert isinstance(shape, Circle)
        assert shape.radius_m == pytest.approx(zone.volumes[0].shape.radius_m, rel=1e-12)
        assert shape.lon_deg == pytest.approx(zone.volumes[0].shape.lon_deg, abs=1e-9)
    losses = {loss.what for loss in write([zone], title={}).losses}
    assert ("kind" in losses) == ((again.kind, again.restriction) != (zone.kind, zone.restriction))
    assert ("hours" in losses) == (bool(zone.schedule.weekly) or zone.schedule.windows == ())
    levels = (zone.volumes[0].layer.floor, zone.volumes[0].layer.ceiling)
    assert ("reference" in losses) == any(level and level.reference is HAE for level in levels)


@pytest.mark.parametrize("shape", [CIRCLE, SECTOR, RING_SECTOR, HALF, LENS, BITTEN, STRIP])
def test_exact_shapes_come_back_to_a_centimetre(shape: Shape) -> None:
    assert_comes_back(zone_of(Volume3D.of(shape)))


@pytest.mark.parametrize("outline", [HALF, LENS, BITTEN])
def test_arcs_come_back_exactly(outline: Outline) -> None:
    zone = zone_of(Volume3D.of(outline))
    again = the_zone(write([zone], title={}).content).volumes[0].shape
    assert isinstance(again, Outline)
    assert np.allclose(again.corners, outline.corners, atol=1e-9)
    assert again.arcs.keys() == outline.arcs.keys()


def test_several_volumes_come_back_as_one_zone() -> None:
    low = Volume3D.of(CIRCLE, layer=VerticalLayer(None, Level(100.0, AGL)))
    high = Volume3D.of(SECTOR, layer=VerticalLayer(Level(100.0, AGL), None))
    assert_comes_back(zone_of(low, high))


def test_places_in_the_south_and_west_come_back_and_are_read() -> None:
    assert_comes_back(zone_of(Volume3D.of(Circle(-70.55, -33.25, 500.0))))
    zone = the_zone(block(drawn="V X=33:30:00 S 070:15:00 W\nDC 1"))
    assert zone.volumes[0].shape == Circle(-70.25, -33.5, 1852.0)


def test_long_edges_come_back_straight_in_longitude_and_latitude() -> None:
    assert_comes_back(zone_of(Volume3D(box(113.0, 22.0, 114.0, 23.0))))


@pytest.mark.parametrize(
    "holes",
    [
        [box(113.3, 22.3, 113.4, 22.4)],
        [
            box(113.3, 22.3, 113.4, 22.4),
            box(113.35, 22.6, 113.36, 22.7),
            box(113.7, 22.1, 113.8, 22.2),
        ],
        [box(113.3, 22.3, 113.30000001, 22.4)],
    ],
)
def test_holes_are_left_out_exactly(holes: list[Polygon]) -> None:
    area = Polygon(box(113.0, 22.0, 114.0, 23.0).exterior, [hole.exterior for hole in holes])
    written = write([zone_of(Volume3D(area))], title={})
    again = the_zone(written.content)
    assert len(again.volumes) > 1
    assert metres_apart(again.geometry, area) < 0.01
    assert again.geometry.area == pytest.approx(area.area, rel=1e-6)
    for hole in holes:
        assert not again.geometry.contains(hole.centroid)
    assert {loss.what for loss in written.losses} == {"name", "provenance"}


def test_no_seam_runs_where_the_parts_of_a_zone_with_a_hole_meet() -> None:
    hole = box(113.3, 22.3, 113.4, 22.4)
    area = Polygon(box(113.0, 22.0, 114.0, 23.0).exterior, [hole.exterior])
    again = the_zone(write([zone_of(Volume3D(area))], title={}).content)
    for lat in (22.1, 22.9):
        answer = again.containment(lon_deg=hole.centroid.x, lat_deg=lat)
        assert answer is Containment.INSIDE


def test_what_has_no_record_is_said_to_be_lost() -> None:
    zone = zone_of(
        Volume3D.of(STRIP, layer=VerticalLayer(Level(50.0, HAE), Level(90.0, HAE))),
        kind=ZoneKind.LAND_PORT,
        restriction=Restriction.CONDITIONAL,
        micro_volumes=(),
        less_accurate=(BoundaryPart(shapely.LineString([(114, 22), (114, 23)]), 450.0),),
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        schedule=Schedule(weekly=(WeeklyHours(time(8), time(9), UTC),)),
    )
    assert [str(loss) for loss in write([zone], title={}).losses] == [
        "FIELD: name: only 'Field' is written",
        "FIELD: kind: port of entry and its surroundings: written as AC Q",
        "FIELD: kind: CONDITIONAL: AC Q stands for REQ_AUTHORIZATION",
        "FIELD: reference: floor 50 m HAE: no such reference; written as the ground",
        "FIELD: reference: ceiling 90 m HAE: no such reference; written as no limit",
        "FIELD: hours: weekly hours: written as always active",
        "FIELD: shape: left out",
        "FIELD: micro: left out",
        "FIELD: less_accurate: left out",
        "FIELD: notice: left out",
        "FIELD: provenance: status, citation and the like stand in comments only",
    ]


def test_corridors_are_written_and_what_is_no_airspace_is_not() -> None:
    shared: dict[str, Any] = {
        "name": {"en": "x"},
        "country": "HKG",
        "status": FeatureStatus.ILLUSTRATIVE,
        "basis": BasisVerification.VERIFIED,
        "accuracy_m": 1.0,
        "citation": "c",
        "sources": (),
        "as_of": date(2026, 1, 1),
    }
    points = [
        RoutePoint(n, lon, 22.5, FeatureStatus.AUTHORITATIVE)
        for n, lon in (("A", 114.0), ("B", 114.1), ("C", 114.2))
    ]
    layers = (VerticalLayer(None, Level(609.6, AMSL)), VerticalLayer(None, Level(304.8, AMSL)))
    corridor = Corridor(
        identifier="C",
        kind=CorridorKind.HELICOPTER_ROUTE,
        points=tuple(points),
        half_width_m=500.0,
        layers=layers,
        **shared,
    )
    site = Site(identifier="S", kind=SiteKind.LANDING_SITE, lon_deg=114.0, lat_deg=22.5, **shared)
    line = Line(
        identifier="L",
        kind=LineKind.RUNWAY,
        line=shapely.LineString([(114, 22), (114, 23)]),
        **shared,
    )
    example = zone_of(Volume3D.of(CIRCLE), example=True)
    written = write([site, corridor, line, example], title={})
    zone = the_zone(written.content)
    assert (zone.identifier, [v.layer for v in zone.volumes]) == ("C", list(layers))
    lost = {(loss.feature, loss.what) for loss in written.losses}
    assert {("S", "feature"), ("L", "feature"), ("FIELD", "feature"), ("C", "kind")} <= lost


def test_a_name_cannot_break_out_of_its_line() -> None:
    zone = zone_of(Volume3D.of(CIRCLE), name={"en": "A\nAC P\r*B\x85\ud800"}, identifier="A\nB*")
    written = write([zone], title={"en": "x\nAC P\nAN injected"})
    again = the_zone(written.content)
    assert again.name["en"] == "A AC P B ?"
    assert again.kind is ZoneKind.RESTRICTED_AREA
    assert {"name", "identifier"} <= {loss.what for loss in written.losses}


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no airspace"),
        ("* only a comment", "no airspace"),
        ("Dear pilot,\nplease", "line 1: given 'Dear pilot,'"),
        ("DP 22:00:00 N 113:00:00 E", "line 1: DP stands before any AC"),
        (block().replace("AC R\n", ""), "airspace 'Field': has no AC"),
        (block(head="AN Two"), "line 3, airspace 'Field': AN stands twice"),
        (block(head="AZ x"), "line 3: record AZ is not known"),
        (block(limits="AL 100 furlongs\nAH UNL"), "line 4, .*AL: given '100 furlongs'"),
        (block(limits="AL UNL\nAH UNL"), "AL: given 'UNL'"),
        (block(limits="AL GND\nAH GND"), "AH: given 'GND'"),
        (block(limits="AL nan\nAH UNL"), "AL: given 'nan'"),
        (block(limits="AL 300m AGL/500m AMSL\nAH UNL"), "AL: given"),
        (block(limits="AL 900m\nAH 300m"), "'Field': .*ceiling lies below"),
        (block(limits="AL GND\nAH 999999999ft"), "ceiling at .*check its unit"),
        (block(head="AA 2026-01-01T00:00/NONE"), "AA: .*no time zone"),
        (block(head="AA tomorrow"), "AA: given 'tomorrow'"),
        (block(head="AA soon/NONE"), "AA: given 'soon'"),
        (block(head="AA 2026-01-02T00:00Z/2026-01-01T00:00Z"), "AA: .*ends before"),
        (block(drawn="DC 1"), "DC: no centre"),
        (block(drawn="V X=22:30:00 N 114:00:00 E"), "outline without points"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC -1"), "DC: given '-1'"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC nan"), "DC: given 'nan'"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC 0"), "circle of 0.0 m"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC 999"), "circle of .*less than 1000 km"),
        (
            block(drawn="V X=22:30:00 N 114:00:00 E\nDP 22:00:00 N 113:00:00 E\nDC 1"),
            "DC: a circle beside",
        ),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC 1\nDC 2"), "DC: a line beside"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDC 1\nDP 22:00:00 N 113:00:00 E"), "DP: a line"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDA 5,10,10"), "DA: an arc that ends in"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDA 5,10"), "DA: given '5,10'"),
        (block(drawn="V X=22:30:00 N 114:00:00 E\nDA 999,10,20"), "DA: an arc of radius"),
        (block(drawn="V D=left"), "V D: given 'left'"),
        (block(drawn="DY 22:30:00 N 114:00:00 E"), "DY: airways"),
        (block(drawn="DP 114:00:00 E 22:30:00 N"), "DP: an angle ends with 'E'"),
        (block(drawn="DP 114:00:00 N 22:30:00 E"), "DP: an angle of 114 degrees N"),
        (block(drawn="DP 22:61:00 N 114:00:00 E"), "DP: an angle of 61 minutes"),
        (block(drawn="DP 22:30:61 N 114:00:00 E"), "DP: an angle of 30 minutes, 61 seconds"),
        (block(drawn="DP 22.5 N 114.0 E"), "DP: given '22.5 N 114.0 E'"),
        (block(drawn="DP 22:30:00 N"), "DP: given '22:30:00 N'"),
        (block(drawn="DP 22:30:00 N 114:00:00 E 1:2"), "DP: given"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_name(text: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^test.txt: .*{message}"):
        parsed(text)


def points(*pairs: tuple[str, str]) -> str:
    return "\n".join(f"DP {lat} N {lon} E" for lat, lon in pairs)


@pytest.mark.parametrize(
    ("drawn", "message"),
    [
        (
            points(
                ("22:00:00", "113:00:00"),
                ("22:10:00", "113:10:00"),
                ("22:10:00", "113:00:00"),
                ("22:00:00", "113:10:00"),
            ),
            "Self-intersection",
        ),
        (points(("22:00:00", "113:00:00"), ("22:10:00", "113:10:00")), "outline of 2 corners"),
        (points(*[("22:00:00", "113:00:00")] * 5), "outline of 1 corners"),
        (
            "V X=22:00:00 N 113:00:00 E\nDB 22:10:00 N 113:00:00 E, 22:00:00 N 113:20:00 E\n"
            + points(("22:00:00", "113:00:00")),
            "arc from corner 0: it begins 18",
        ),
        (
            "V X=22:00:00 N 113:00:00 E\nDB 22:10:00 N 113:00:00 E, 22:10:00 N 113:00:00 E",
            "DB: an arc that ends where it begins",
        ),
    ],
)
def test_a_shape_that_is_not_sound_is_refused_by_name(drawn: str, message: str) -> None:
    with pytest.raises(GeometryError, match=f"^test.txt: line .*'Field': .*{message}"):
        parsed(block(drawn=drawn))


def test_an_arc_all_the_way_round_is_a_circle() -> None:
    drawn = "V X=22:30:00 N 114:00:00 E\nDA 1,0,360"
    assert the_zone(block(drawn=drawn)).volumes[0].shape == Circle(114.0, 22.5, 1852.0)


def test_a_time_at_the_end_of_the_calendar_is_none() -> None:
    zone = the_zone(block(head="AA 2026-01-01T00:00Z/9999-12-31T24:00Z"))
    assert zone.schedule.windows is not None
    assert zone.schedule.windows[0].end == datetime(9999, 12, 31, tzinfo=UTC)


def test_an_open_outline_is_closed() -> None:
    corners = [("22:00:00", "113:00:00"), ("22:10:00", "113:00:00"), ("22:00:00", "113:10:00")]
    opened, closed = points(*corners), points(*corners, corners[0])
    assert the_zone(block(drawn=opened)) == the_zone(block(drawn=closed))


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfeA\0C\0 \0R\0",
        b"\x00" * 1000,
        b"AC R\nAN " + b"x" * 100_000,
        b"AC R\n" + b"DP 22:00:00 N" + b" " * 1_000_000 + b"113:00:00 E",
        block(drawn="DP 00:00:00 N 000:00:00 E\nDP 00:00:00 N 179:00:00 E\n" * 300).encode(),
    ],
    ids=["utf-16", "null", "long name", "long line", "round the earth"],
)
def test_hostile_files_are_refused_soon(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"^test.txt: "):
        parsed(content)


LINES = SAMPLE.splitlines()
TOKENS = [
    "",
    "*",
    "AC",
    "AN",
    "V X=",
    "V D=-",
    "DC 1",
    "DA 1,2,3",
    "DB",
    "DP",
    "\0",
    "é",
    "９",
    "-",
    "9" * 30,
    ":",
    "AA NONE",
    "AH FL9999",
    "AL -5m",
    "E",
    "N,",
]


@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_fails(data: st.DataObject) -> None:
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        what = data.draw(st.sampled_from(["drop", "twice", "swap", "cut", "insert", "token"]))
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "twice":
            lines.insert(at, lines[at])
        elif what == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif what == "token":
            lines.insert(at, data.draw(st.sampled_from(TOKENS)))
        else:
            column = data.draw(st.integers(0, len(lines[at])))
            middle = data.draw(st.sampled_from(TOKENS)) if what == "insert" else ""
            lines[at] = lines[at][:column] + middle + lines[at][column + (what == "cut") :]
    assert_read_or_refused("\n".join(lines).encode())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert_read_or_refused(content)


def assert_read_or_refused(content: bytes) -> None:
    try:
        reading = parsed(content)
    except LowaltError as error:
        refusal = str(error)
    else:
        assert reading.features
        return
    assert refusal.startswith("test.txt: ")


# Another reader's opinion


def rust_reader() -> Any:
    return pytest.importorskip("openair")


@settings(max_examples=50)
@given(zones())
def test_another_reader_finds_the_same_in_what_we_write(zone: Zone) -> None:
    openair = rust_reader()
    # It knows no more than one time of activation.
    assume(len(zone.schedule.windows or ()) < 2 or zone.schedule.weekly)
    (found,) = openair.parse_string(write([zone], title={}).content.decode())
    assert found["name"] == zone.name["en"]
    shape = zone.volumes[0].shape
    if isinstance(shape, Circle):
        centre = found["geom"]["centerpoint"]
        assert (centre["lng"], centre["lat"]) == pytest.approx(
            (shape.lon_deg, shape.lat_deg), abs=1e-8
        )
        assert found["geom"]["radius"] * 1852.0 == pytest.approx(shape.radius_m, rel=1e-6)
    else:
        theirs = Polygon([(s["lng"], s["lat"]) for s in found["geom"]["segments"]])
        assert metres_apart(theirs, zone.geometry) < 0.01


def test_another_reader_finds_the_same_in_a_file_by_hand() -> None:
    openair = rust_reader()
    ours = parsed(SAMPLE.replace("AA 2026-05-01T00:00Z/NONE\n", "")).features
    theirs = openair.parse_string(SAMPLE.replace("AA 2026-05-01T00:00Z/NONE\n", ""))
    assert [zone.name["en"] for zone in ours] == [found["name"] for found in theirs]
    arc = theirs[1]["geom"]["segments"][0]
    shape = ours[1].volumes[0].shape  # type: ignore[attr-defined]
    assert (arc["start"]["lng"], arc["start"]["lat"]) == pytest.approx(shape.corners[0])
    assert (arc["end"]["lng"], arc["end"]["lat"]) == pytest.approx(shape.corners[1])
    assert arc["direction"] == "ccw"
