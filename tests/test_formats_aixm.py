"""AIXM messages: airspace is read exactly, or larger and said so, or refused by its name."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon

from lowalt.airspace import (
    EVERY_HEIGHT,
    Circle,
    FeatureStatus,
    Outline,
    Restriction,
    Strip,
    Zone,
)
from lowalt.errors import InvalidInputError, LowaltError
from lowalt.formats import Origin, Reading
from lowalt.formats.aixm import read
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, DaylightEvent, Schedule, TimeInterval, Weekday, WeeklyHours
from lowalt.terms import ZoneKind

KARNEY = Geod(ellps="WGS84")
AGL, AMSL, HAE = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE
EPSG, CRS84 = "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:OGC:1.3:CRS84"
ORIGIN = Origin(
    citation="a file for a test",
    as_of=date(2026, 1, 1),
    status=FeatureStatus.AUTHORITATIVE,
    country="HKG",
)


# Messages, put together as the schema wants them


def element(tag: str, body: object = "", **attributes: str) -> str:
    stated = "".join(f' {name.replace("_", ":")}="{value}"' for name, value in attributes.items())
    return f"<{tag}{stated}>{body}</{tag}>"


_numbers = itertools.count()


def identified(tag: str, body: str, **attributes: str) -> str:
    return element(tag, body, gml_id=f"i{next(_numbers)}", **attributes)


def pos_list(*places: tuple[float, float]) -> str:
    return element("gml:posList", " ".join(f"{a!r} {b!r}" for a, b in places))


def line(*places: tuple[float, float], kind: str = "GeodesicString") -> str:
    return element(f"gml:{kind}", pos_list(*places))


def circle(lat: float = 22.5, lon: float = 114.0, radius: float = 5, uom: str = "NM") -> str:
    return element(
        "gml:CircleByCenterPoint",
        element("gml:pos", f"{lat!r} {lon!r}") + element("gml:radius", radius, uom=uom),
        numArc="1",
    )


def arc(
    start: float,
    end: float,
    centre: tuple[float, float] = (22.5, 114.0),
    radius: float = 5,
    uom: str = "NM",
) -> str:
    return element(
        "gml:ArcByCenterPoint",
        element("gml:pos", f"{centre[0]!r} {centre[1]!r}")
        + element("gml:radius", radius, uom=uom)
        + element("gml:startAngle", start, uom="deg")
        + element("gml:endAngle", end, uom="deg"),
        numArc="1",
    )


def ring(*segments: str, tag: str = "exterior") -> str:
    curve = identified("gml:Curve", element("gml:segments", "".join(segments)))
    return element(f"gml:{tag}", element("gml:Ring", element("gml:curveMember", curve)))


def linear_ring(*places: tuple[float, float], tag: str = "exterior") -> str:
    return element(f"gml:{tag}", element("gml:LinearRing", pos_list(*places)))


def surface(*patches: str, srs: str = EPSG, accuracy: str = "") -> str:
    body = element("gml:patches", "".join(element("gml:PolygonPatch", rings) for rings in patches))
    stated = {"srsName": srs} if srs else {}
    return element(
        "aixm:horizontalProjection", identified("aixm:Surface", body + accuracy, **stated)
    )


SQUARE = ((22.0, 114.0), (22.0, 114.1), (22.1, 114.1), (22.1, 114.0), (22.0, 114.0))
FIELD = surface(ring(line(*SQUARE)))


def limit(end: str, value: object, uom: str = "FT", reference: str = "") -> str:
    stated = {"uom": uom} if uom else {}
    return element(f"aixm:{end}Limit", value, **stated) + (
        element(f"aixm:{end}LimitReference", reference) if reference else ""
    )


WHOLE = limit("upper", "UNL") + limit("lower", "GND")


def component(body: str = "", *, limits: str = WHOLE, operation: str = "", number: int = 1) -> str:
    stated = (
        element("aixm:operation", operation) + element("aixm:operationSequence", number)
        if operation
        else ""
    )
    volume = identified("aixm:AirspaceVolume", limits + (body or FIELD))
    return element(
        "aixm:geometryComponent",
        identified(
            "aixm:AirspaceGeometryComponent", stated + element("aixm:theAirspaceVolume", volume)
        ),
    )


def contributor(reference: str, dependency: str = "FULL_GEOMETRY") -> str:
    return element(
        "aixm:contributorAirspace",
        identified(
            "aixm:AirspaceVolumeDependency",
            element("aixm:dependency", dependency)
            + f'<aixm:theAirspace xlink:href="{reference}"/>',
        ),
    )


def period(begin: str = "2026-01-01T00:00:00Z", end: str = "") -> str:
    end = (
        element("gml:endPosition", end)
        if end
        else '<gml:endPosition indeterminatePosition="unknown"/>'
    )
    return element(
        "gml:validTime",
        identified("gml:TimePeriod", element("gml:beginPosition", begin) + end),
    )


def time_slice(body: str, *, valid: str = "", interpretation: str = "BASELINE") -> str:
    return element(
        "aixm:timeSlice",
        identified(
            "aixm:AirspaceTimeSlice",
            (valid or period())
            + element("aixm:interpretation", interpretation)
            + element("aixm:sequenceNumber", 1)
            + body,
        ),
    )


def named(kind: str = "R", designator: str = "VHR1", title: str = "FIELD") -> str:
    return (
        element("aixm:type", kind)
        + element("aixm:designator", designator)
        + element("aixm:name", title)
    )


def airspace(*slices: str, uuid: str = "") -> str:
    identifier = element("gml:identifier", uuid or f"u{next(_numbers)}", codeSpace="urn:uuid:")
    return element("message:hasMember", identified("aixm:Airspace", identifier + "".join(slices)))


def simple(components: str = "", **names: str) -> str:
    return airspace(time_slice(named(**names) + (components or component())))


def message(*members: str, version: str = "5.1.1") -> bytes:
    namespace = f"http://www.aixm.aero/schema/{version}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<message:AIXMBasicMessage xmlns:message="{namespace}/message" xmlns:aixm="{namespace}"'
        ' xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' gml:id="m">{"".join(members)}</message:AIXMBasicMessage>'
    ).encode()


def parsed(*members: str) -> Reading:
    return read(message(*members), name="test.xml", origin=ORIGIN)


def the_zone(*members: str) -> Zone:
    (zone,) = parsed(*members).features
    assert isinstance(zone, Zone)
    return zone


def area_of(body: str) -> Polygon | MultiPolygon:
    return the_zone(simple(component(body))).geometry


FROM_2026 = Schedule.of(
    [TimeInterval(datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))]
)

SAMPLE = message(
    simple(
        component(
            surface(
                ring(circle(22.198333, 114.217778, 0.5)),
                accuracy=element("aixm:horizontalAccuracy", "0.1", uom="KM"),
            ),
            limits=limit("upper", 1000, "FT", "MSL") + limit("lower", "GND"),
        ),
        kind="P",
        designator="VHP8W",
        title="STANLEY",
    ),
    airspace(
        time_slice(
            named("TMA", "SZTMA", "SHENZHEN")
            + component(
                surface(
                    ring(
                        line((22.5, 113.9), (22.6, 113.9), (22.6, 114.0), (22.5, 114.0)),
                        arc(90, 270, (22.5, 113.95), 5.14, "KM"),
                    )
                ),
                limits=limit("upper", 195, "FL", "STD") + limit("lower", 300, "M", "SFC"),
            )
            + element(
                "aixm:annotation",
                identified(
                    "aixm:Note",
                    element("aixm:purpose", "REMARK")
                    + element(
                        "aixm:translatedNote",
                        identified(
                            "aixm:LinguisticNote", element("aixm:note", "Ask first", lang="eng")
                        ),
                    ),
                ),
            ),
            valid=period("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        )
    ),
)


def test_a_message_written_by_hand_is_read_as_it_says() -> None:
    reading = read(SAMPLE, name="test.xml", origin=ORIGIN)
    stanley, tma = reading.features
    assert isinstance(stanley, Zone)
    assert isinstance(tma, Zone)

    assert (stanley.identifier, stanley.name["en"]) == ("VHP8W", "STANLEY")
    assert (stanley.kind, stanley.restriction) == (ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED)
    (volume,) = stanley.volumes
    assert volume.shape == Circle(114.217778, 22.198333, 926.0)
    assert volume.layer == VerticalLayer(None, Level(304.8, AMSL))
    assert stanley.schedule == FROM_2026
    assert (stanley.accuracy_m, stanley.country, stanley.status) == (
        (100.0, "HKG", FeatureStatus.AUTHORITATIVE)
    )

    assert (tma.identifier, tma.name["zh"]) == ("SZTMA", "SHENZHEN")
    assert (tma.kind, tma.restriction) == (ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
    assert tma.accuracy_m == 0.0
    assert tma.remarks == {"en": "Ask first"}
    (volume,) = tma.volumes
    assert volume.layer == VerticalLayer(Level(300.0, AGL), Level(7727.0, AMSL))
    assert isinstance(volume.shape, Outline)
    assert volume.shape.corners == ((113.9, 22.5), (113.9, 22.6), (114.0, 22.6), (114.0, 22.5))
    (found,) = volume.shape.arcs.values()
    assert (found.lon_deg, found.lat_deg, found.clockwise) == (113.95, 22.5, True)
    assert tma.schedule == Schedule.of(
        [TimeInterval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))]
    )
    assert [(loss.feature, loss.what) for loss in reading.losses] == [("SZTMA", "reference")]


def test_both_versions_are_read() -> None:
    old = SAMPLE.replace(b"schema/5.1.1", b"schema/5.1")
    assert read(old, name="x", origin=ORIGIN) == read(SAMPLE, name="x", origin=ORIGIN)


@pytest.mark.parametrize(
    ("kind", "expected", "restriction"),
    [
        ("P", ZoneKind.PROHIBITED_AREA, Restriction.PROHIBITED),
        ("R", ZoneKind.RESTRICTED_AREA, Restriction.REQ_AUTHORIZATION),
        ("D", ZoneKind.DANGER_AREA, Restriction.REQ_AUTHORIZATION),
        ("CTR", ZoneKind.AIRPORT_CONTROL_ZONE, Restriction.REQ_AUTHORIZATION),
        ("ATZ_P", ZoneKind.AIRPORT_CONTROL_ZONE, Restriction.REQ_AUTHORIZATION),
        ("TMA", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
        ("TSA", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
        ("W", ZoneKind.UAS_ZONE, Restriction.CONDITIONAL),
        ("FIR", ZoneKind.UAS_ZONE, Restriction.NO_RESTRICTION),
        ("OTHER:MOA", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
        ("", ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION),
    ],
)
def test_a_type_says_what_a_zone_is(
    kind: str, expected: ZoneKind, restriction: Restriction
) -> None:
    reading = parsed(simple(kind=kind))
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    assert (zone.kind, zone.restriction) == (expected, restriction)
    is_known = kind and ":" not in kind
    assert [loss.what for loss in reading.losses] == ([] if is_known else ["class"])


@pytest.mark.parametrize(
    ("limits", "layer", "lost"),
    [
        (WHOLE, EVERY_HEIGHT, []),
        (
            limit("upper", 2000, "FT", "MSL") + limit("lower", 500, "FT", "SFC"),
            VerticalLayer(Level(152.4, AGL), Level(609.6, AMSL)),
            [],
        ),
        (
            limit("upper", 120.5, "M", "W84") + limit("lower", 0, "M", "SFC"),
            VerticalLayer(Level(0.0, AGL), Level(120.5, HAE)),
            [],
        ),
        (
            limit("upper", 195, "FL", "STD") + limit("lower", 100, "FL"),
            VerticalLayer(Level(1299.0, AMSL), Level(7727.0, AMSL)),
            ["reference", "reference"],
        ),
        (
            limit("upper", 10000, "FT", "STD") + limit("lower", "GND"),
            VerticalLayer(None, Level(4147.0, AMSL)),
            ["reference"],
        ),
        (
            limit("upper", 304.8, "SM", "STD") + limit("lower", "GND"),
            VerticalLayer(None, Level(4147.0, AMSL)),
            ["reference"],
        ),
        (limit("upper", 900, "M") + limit("lower", 100, "M"), EVERY_HEIGHT, ["limits", "limits"]),
        (limit("upper", "CEILING") + limit("lower", "FLOOR"), EVERY_HEIGHT, ["limits", "limits"]),
        ("", EVERY_HEIGHT, ["limits", "limits"]),
        (
            limit("upper", 900, "M", "SFC")
            + element("aixm:maximumLimit", 2000, uom="M")
            + limit("lower", 100, "M", "SFC")
            + element("aixm:minimumLimit", 300, uom="M"),
            EVERY_HEIGHT,
            ["limits", "limits"],
        ),
    ],
)
def test_limits_are_read_or_made_wider_and_said_so(
    limits: str, layer: VerticalLayer, lost: list[str]
) -> None:
    reading = parsed(simple(component(limits=limits)))
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    found = zone.volumes[0].layer
    for level, expected in ((found.floor, layer.floor), (found.ceiling, layer.ceiling)):
        assert (level is None) == (expected is None)
        if level is not None and expected is not None:
            assert level.reference is expected.reference
            assert level.value_m == pytest.approx(expected.value_m, abs=1e-9)
    assert [loss.what for loss in reading.losses] == lost


# Shapes, by Karney's geodesics


def is_in(area: Polygon | MultiPolygon, azimuth: float, distance: float) -> bool:
    lon, lat, _ = KARNEY.fwd(114.0, 22.5, azimuth, distance)
    return bool(area.contains(Point(lon, lat)))


@given(st.floats(0.1, 50.0), st.floats(0.0, 360.0))
def test_a_circle_is_at_its_radius_to_a_centimetre(radius: float, azimuth: float) -> None:
    area = area_of(surface(ring(circle(radius=radius, uom="KM"))))
    assert is_in(area, azimuth, radius * 1000.0 - 0.01)
    assert not is_in(area, azimuth, radius * 1000.0 + 0.01)


@given(
    st.integers(-360, 360),
    st.integers(20, 340),
    st.booleans(),
    st.floats(0.0, 1.0),
    st.sampled_from([EPSG, CRS84]),
)
def test_an_arc_runs_as_its_numbers_and_axes_say(
    start: int, sweep: int, rises: bool, share: float, srs: str
) -> None:
    end = start + (sweep if rises else -sweep)
    lat_first = srs == EPSG
    centre = (22.5, 114.0) if lat_first else (114.0, 22.5)

    def bearing(angle: float) -> float:
        return angle if lat_first else 90.0 - angle

    def place(angle: float) -> tuple[float, float]:
        lon, lat, _ = KARNEY.fwd(114.0, 22.5, bearing(angle), 9260.0)
        return (lat, lon) if lat_first else (lon, lat)

    sides = line(place(end), centre, place(start))
    area = area_of(surface(ring(arc(start, end, centre), sides), srs=srs))
    # Stay off the sides: near them the centre is near too.
    inner = 5.0 + share * (sweep - 10.0)
    azimuth = bearing(start + (inner if rises else -inner))
    assert is_in(area, azimuth, 9260.0 - 0.01)
    assert not is_in(area, azimuth, 9260.0 + 0.01)
    outer = bearing(start - 5.0 if rises else start + 5.0)
    assert not is_in(area, outer, 5000.0)


def test_a_quarter_circle_by_hand() -> None:
    # North to east, clockwise: angles from north with latitude first, from east with it second.
    for srs, start, end, centre in (
        (EPSG, 0, 90, (22.5, 114.0)),
        (CRS84, 90, 0, (114.0, 22.5)),
        (CRS84, -270, -360, (114.0, 22.5)),
    ):
        area = area_of(surface(ring(arc(start, end, centre), line(*[*ends(srs)])), srs=srs))
        assert is_in(area, 45.0, 9000.0)
        for elsewhere in (135.0, 225.0, 315.0):
            assert not is_in(area, elsewhere, 9000.0)


def ends(srs: str) -> list[tuple[float, float]]:
    east, north = KARNEY.fwd(114.0, 22.5, 90.0, 9260.0), KARNEY.fwd(114.0, 22.5, 0.0, 9260.0)
    corners = [(east[0], east[1]), (114.0, 22.5), (north[0], north[1])]
    return [(lat, lon) for lon, lat in corners] if srs == EPSG else corners


def test_a_stated_corner_counts_more_than_an_angle_rounded_to_degrees() -> None:
    # The line begins 0.3 degrees beside the bearing that the arc states.
    lon, lat, _ = KARNEY.fwd(114.0, 22.5, 90.3, 9260.0)
    shape = (
        the_zone(
            simple(
                component(
                    surface(ring(arc(-90, 90), line((lat, lon), (22.3, 114.0), (22.5, 113.91)))),
                )
            )
        )
        .volumes[0]
        .shape
    )
    assert isinstance(shape, Outline)
    assert shape.corners[1] == (lon, lat)
    assert len(shape.corners) == 3


def test_lines_are_geodesics_or_straight_in_degrees_as_they_say() -> None:
    wide = ((22.0, 113.0), (22.0, 115.0), (23.0, 115.0), (23.0, 113.0), (22.0, 113.0))
    geodesic = area_of(surface(ring(line(*wide))))
    straight = area_of(surface(ring(line(*wide, kind="LineStringSegment"))))
    # The geodesic along the southern edge passes 280 m north of the parallel.
    azimuth, _, length = KARNEY.inv(113.0, 22.0, 115.0, 22.0)
    lon, lat, _ = KARNEY.fwd(113.0, 22.0, azimuth, length / 2.0)
    assert lat - 22.0 > 0.002
    assert not geodesic.contains(Point(lon, (lat + 22.0) / 2.0))
    assert straight.contains(Point(lon, 22.0 + 1e-7))
    assert not straight.contains(Point(lon, 22.0 - 1e-7))
    linear = area_of(surface(linear_ring(*wide)))
    assert linear.equals(Polygon([(lon, lat) for lat, lon in wide]))


def test_holes_of_lines_are_cut_and_holes_with_arcs_are_filled() -> None:
    hole = ((22.02, 114.02), (22.02, 114.04), (22.04, 114.04), (22.02, 114.02))
    for inner in (
        ring(line(*hole), tag="interior"),
        linear_ring(*hole, tag="interior"),
    ):
        reading = parsed(simple(component(surface(ring(line(*SQUARE)) + inner))))
        assert reading.losses == ()
        (zone,) = reading.features
        assert isinstance(zone, Zone)
        assert not zone.geometry.contains(Point(114.035, 22.03))
        assert zone.geometry.contains(Point(114.03, 22.035))
    inner = ring(circle(22.05, 114.05, 1, "KM"), tag="interior")
    reading = parsed(simple(component(surface(ring(line(*SQUARE)) + inner))))
    assert isinstance(reading.features[0], Zone)
    assert reading.features[0].geometry.contains(Point(114.05, 22.05))
    assert [loss.what for loss in reading.losses] == ["shape"]


def test_each_patch_is_a_volume() -> None:
    other = tuple((lat + 1.0, lon) for lat, lon in SQUARE)
    zone = the_zone(simple(component(surface(ring(line(*SQUARE)), linear_ring(*other)))))
    assert len(zone.volumes) == 2
    assert zone.geometry.contains(Point(114.05, 23.05))


def test_a_corridor_is_a_strip_of_half_its_width() -> None:
    curve = identified(
        "aixm:Curve", element("gml:segments", line((22.0, 114.0), (22.1, 114.1))), srsName=EPSG
    )
    body = element("aixm:width", 10, uom="KM") + element("aixm:centreline", curve)
    (volume,) = the_zone(simple(component(body))).volumes
    assert volume.shape == Strip(((114.0, 22.0), (114.1, 22.1)), 5000.0)


# Airspace made of airspace


def test_unions_are_kept_and_what_is_taken_away_stays_and_is_said() -> None:
    north = surface(ring(line(*((lat + 1.0, lon) for lat, lon in SQUARE))))
    reading = parsed(
        simple(
            component(operation="BASE")
            + component(north, operation="UNION", number=2)
            + component(surface(ring(circle())), operation="SUBTR", number=3)
            + component(surface(ring(circle())), operation="INTERS", number=4)
        )
    )
    (zone,) = reading.features
    assert isinstance(zone, Zone)
    assert len(zone.volumes) == 2
    assert [str(loss) for loss in reading.losses] == [
        "VHR1: shape: SUBTR is not applied: read larger than it is",
        "VHR1: shape: INTERS is not applied: read larger than it is",
    ]


def test_airspace_takes_shape_and_limits_or_the_shape_alone_of_another() -> None:
    low = limit("upper", 300, "M", "SFC") + limit("lower", "GND")
    part = airspace(time_slice(named("PART", "ONE", "ONE") + component(limits=low)), uuid="aaaa")
    whole = simple(component(contributor("urn:uuid:aaaa"), limits=""), designator="TWO")
    above = simple(
        component(
            contributor("urn:uuid:aaaa", "HORZ_PROJECTION"),
            limits=limit("upper", 900, "M", "MSL") + limit("lower", 300, "M", "SFC"),
        ),
        designator="THREE",
    )
    _, two, three = parsed(part, whole, above).features
    assert isinstance(two, Zone)
    assert isinstance(three, Zone)
    assert str(two.volumes[0].layer) == "SFC - 300 m AGL"
    assert str(three.volumes[0].layer) == "300 m AGL - 900 m AMSL"
    assert two.geometry.equals(three.geometry)


def test_a_shape_of_its_own_beside_that_of_another_is_kept_too() -> None:
    part = airspace(time_slice(named("PART", "ONE", "ONE") + component()), uuid="aaaa")
    north = surface(ring(line(*((lat + 1.0, lon) for lat, lon in SQUARE))))
    both = simple(component(north + contributor("urn:uuid:aaaa")), designator="TWO")
    _, two = parsed(part, both).features
    assert isinstance(two, Zone)
    assert len(two.volumes) == 2


@pytest.mark.parametrize(
    ("members", "message_"),
    [
        (
            [simple(component(contributor("urn:uuid:gone")))],
            "airspace 'urn:uuid:gone': expected FULL_GEOMETRY or HORZ_PROJECTION of one that is in",
        ),
        ([simple(component(contributor("urn:uuid:x", "PARTLY")))], "made by 'PARTLY'"),
        (
            [airspace(time_slice(named() + component(contributor("urn:uuid:a"))), uuid="a")],
            "made of airspace that is made of airspace",
        ),
        (
            [
                airspace(
                    time_slice(named() + component(contributor(f"urn:uuid:{n + 1}")) * 30),
                    uuid=str(n),
                )
                for n in range(15)
            ]
            + [airspace(time_slice(named() + component()), uuid="15")],
            "more than 500 volumes",
        ),
        (
            [
                airspace(time_slice(named(), interpretation="TEMPDELTA"), uuid="empty"),
                simple(component(contributor("urn:uuid:empty"))),
            ],
            "urn:uuid:empty', which has no baseline with geometry",
        ),
        (
            [simple(component(contributor(""))).replace(' gml:id="', ' id="')],
            "of airspace '': expected",
        ),
        ([simple(component(operation="SUBTR"))], "takes airspace away from none"),
        ([simple(component(operation="XOR"))], "operation 'XOR'"),
        ([simple(component("<aixm:annotation/>"))], "volume without shape"),
    ],
    ids=[
        *("missing", "unknown", "circle", "explosion", "changes only", "no reference"),
        *("taken away", "operation", "nothing"),
    ],
)
def test_airspace_that_cannot_be_put_together_is_refused(members: list[str], message_: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^test.xml: airspace 'VHR1': .*{message_}"):
        parsed(*members)


# Times


def activation(*sheets: str, status: str = "ACTIVE") -> str:
    body = "".join(element("aixm:timeInterval", sheet) for sheet in sheets)
    stated = element("aixm:status", status) if status else ""
    return element("aixm:activation", identified("aixm:AirspaceActivation", body + stated))


def sheet(**fields: str) -> str:
    stated = {"timeReference": "UTC", **fields}
    body = "".join(
        element(f"aixm:{name}", value, **({"uom": "MIN"} if "Relative" in name else {}))
        for name in (
            *("timeReference", "startDate", "endDate", "day", "dayTil", "startTime"),
            *("startEvent", "startTimeRelativeEvent", "endTime", "endEvent"),
            *("daylightSavingAdjust", "excluded"),
        )
        if (value := stated.get(name))
    )
    return identified("aixm:Timesheet", body)


START = datetime(2026, 1, 1, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


def weekly(opens: Any, closes: Any, zone: timezone = UTC, *days: Weekday) -> Schedule:
    hours = WeeklyHours(opens, closes, zone, days=frozenset(days) if days else None, start=START)
    return Schedule(weekly=(hours,))


@pytest.mark.parametrize(
    ("activations", "schedule", "lost"),
    [
        ("", FROM_2026, []),
        (activation(), FROM_2026, []),
        (
            activation(sheet(day="ANY", dayTil="ANY", startTime="00:00", endTime="00:00")),
            FROM_2026,
            [],
        ),
        (activation(sheet(startTime="00:00", endTime="24:00", timeReference="")), FROM_2026, []),
        (
            activation(sheet(day="MON", startTime="08:30", endTime="17:00", timeReference="UTC+8")),
            weekly(time(8, 30), time(17), BEIJING, Weekday.MON),
            [],
        ),
        (
            activation(sheet(day="ANY", startEvent="SR", endEvent="SS")),
            weekly(DaylightEvent.SR, DaylightEvent.SS),
            [],
        ),
        (
            activation(sheet(day="SUN", dayTil="SUN", startTime="22:00", endTime="24:00")),
            weekly(time(22), time(0), UTC, Weekday.SUN),
            [],
        ),
        (
            activation(sheet(day="HOL", startTime="08:00", endTime="09:00")),
            weekly(time(8), time(9)),
            ["day HOL: read as every day"],
        ),
        (
            activation(
                sheet(startDate="01-10", endDate="31-07", startTime="08:00", endTime="09:00")
            ),
            weekly(time(8), time(9)),
            ["days of the year: read as every day of it"],
        ),
        (
            activation(sheet(day="MON", dayTil="FRI", startTime="08:00", endTime="09:00")),
            FROM_2026,
            ["from MON to FRI: read as active at all hours"],
        ),
        (
            activation(sheet(startTime="08:00", endTime="09:00", timeReference="")),
            FROM_2026,
            ["hours without a time zone: read as active at all hours"],
        ),
        (
            activation(sheet(startTime="08:00", endTime="09:00", daylightSavingAdjust="YES")),
            FROM_2026,
            ["hours that move with summer time: read as active at all hours"],
        ),
        (
            activation(sheet(startEvent="OTHER", endEvent="SS")),
            FROM_2026,
            ["event OTHER: read as active at all hours"],
        ),
        (
            activation(sheet(startTime="08:00", endTime="09:00")).replace(
                "<aixm:status>", "<aixm:levels/><aixm:status>"
            ),
            weekly(time(8), time(9)),
            ["levels of a single activity are left out"],
        ),
        (
            activation(sheet(startTime="08:00", startEvent="SR", endTime="09:00")),
            FROM_2026,
            ["the earlier or later of a time and an event: read as active at all hours"],
        ),
        (
            activation(sheet(startEvent="SR", startTimeRelativeEvent="-30", endEvent="SS")),
            FROM_2026,
            ["hours some time from an event: read as active at all hours"],
        ),
        (
            activation(sheet(startTime="08:00", endTime="09:00"))
            + activation(sheet(day="MON", startTime="00:00", endTime="00:00", excluded="YES")),
            weekly(time(8), time(9)),
            ["excluded times are not taken out"],
        ),
        (
            activation(sheet(day="MON", startTime="08:00", endTime="09:00", excluded="YES")),
            FROM_2026,
            ["excluded times are not taken out"],
        ),
        (
            activation(status="AVBL_FOR_ACTIVATION"),
            FROM_2026,
            ["AVBL_FOR_ACTIVATION: read as always active"],
        ),
        (
            activation(sheet(startTime="08:00", endTime="09:00"), status="INACTIVE"),
            FROM_2026,
            ["times at which it is not active are left out"],
        ),
    ],
)
def test_hours_are_read_or_made_longer_and_said_so(
    activations: str, schedule: Schedule, lost: list[str]
) -> None:
    reading = parsed(airspace(time_slice(named() + component() + activations)))
    assert reading.features[0].schedule == schedule
    assert [(loss.what, loss.how) for loss in reading.losses] == [("hours", how) for how in lost]


def test_each_baseline_is_a_zone_for_its_time_and_changes_are_not_applied() -> None:
    reading = parsed(
        airspace(
            time_slice(named() + component(), valid=period(end="2026-06-01T00:00:00Z")),
            time_slice(
                named() + component(surface(ring(circle()))), valid=period("2026-06-01T00:00:00Z")
            ),
            time_slice(named(), interpretation="TEMPDELTA"),
            uuid="u-1",
        )
    )
    first, second = reading.features
    assert (first.identifier, second.identifier) == ("VHR1", "VHR12")
    june = datetime(2026, 6, 1, tzinfo=UTC)
    assert not first.is_active_at(june)
    assert second.is_active_at(june)
    assert not second.is_active_at(june - timedelta(seconds=1))
    assert [str(loss) for loss in reading.losses] == [
        "VHR1: changes: 1 time slices that change it are not applied"
    ]


def test_positions_of_named_points_and_plain_lines_are_read() -> None:
    def point(lat: float, lon: float) -> str:
        inner = identified("aixm:Point", element("gml:pos", f"{lat} {lon}"), srsName=EPSG)
        return element("gml:pointProperty", inner)

    named_points = "".join(point(*place) for place in SQUARE)
    by_points = surface(ring(element("gml:GeodesicString", named_points)), srs="")
    assert area_of(by_points).equals(area_of(FIELD))
    plain = element("gml:LineString", pos_list(*SQUARE))
    by_line = element("gml:exterior", element("gml:Ring", element("gml:curveMember", plain)))
    assert area_of(surface(by_line)).equals(
        area_of(surface(ring(line(*SQUARE, kind="LineStringSegment"))))
    )


def test_notes_in_chinese_are_remarks_in_chinese() -> None:
    notes = "".join(
        element(
            "aixm:annotation",
            identified(
                "aixm:Note",
                element(
                    "aixm:translatedNote",
                    identified("aixm:LinguisticNote", element("aixm:note", text, lang=lang)),
                ),
            ),
        )
        for text, lang in (("须申请", "zho"), ("ask  first", "eng"), ("ask first", "eng"), ("", ""))
    )
    zone = the_zone(airspace(time_slice(named() + component() + notes)))
    assert zone.remarks == {"zh": "须申请", "en": "ask first"}


def test_a_time_without_limits_is_always() -> None:
    for valid in (period("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), "<gml:validTime/>"):
        assert the_zone(airspace(time_slice(named() + component(), valid=valid))).schedule == ALWAYS


def test_what_a_zone_does_not_hold_is_said_to_be_lost() -> None:
    navaid = element("message:hasMember", identified("aixm:Navaid", ""))
    place = airspace(time_slice(named("FIR", "ZGZU", "GUANGZHOU")))
    full = simple(element("aixm:controlType", "MIL") + component())
    reading = parsed(navaid, place, full)
    assert [feature.identifier for feature in reading.features] == ["VHR1"]
    assert [str(loss) for loss in reading.losses] == [
        "the file: features: Navaid: left out",
        "ZGZU: feature: has no geometry: left out",
        "VHR1: properties: controlType: left out",
    ]


# What is refused


@pytest.mark.parametrize(
    ("body", "message_"),
    [
        (surface(ring(line(*SQUARE)), srs="urn:ogc:def:crs:EPSG::4490"), "srsName .*4490"),
        (surface(ring(line(*SQUARE)), srs="EPSG:4326"), "leave the order of axes open"),
        (surface(ring(line(*SQUARE)), srs=""), "positions without srsName"),
        (surface(ring(line(*SQUARE)), srs=CRS84), "expected longitude, latitude.*look swapped"),
        (
            surface(ring(line(*((lon, lat) for lat, lon in SQUARE)))),
            "expected latitude, longitude.*look swapped",
        ),
        (surface(ring(line(*SQUARE[:-1]))), "ends 1[01]...? m from where it began"),
        (surface(linear_ring(*SQUARE[:-1])), "ring of 4 points, first"),
        (surface(linear_ring()), "ring of 0 points"),
        (
            surface(
                ring(
                    line((22.0, 114.0), (22.1, 114.1), (22.0, 114.1), (22.1, 114.0), (22.0, 114.0))
                )
            ),
            "Self-intersection",
        ),
        (
            surface(
                linear_ring(
                    (22.0, 114.0), (22.1, 114.1), (22.0, 114.1), (22.1, 114.0), (22.0, 114.0)
                )
            ),
            "Self-intersection",
        ),
        (
            surface(
                ring(line(*SQUARE))
                + linear_ring(*((la + 9, lo) for la, lo in SQUARE), tag="interior")
            ),
            "Hole lies outside",
        ),
        (FIELD.replace("22.0 114.1", "22.0 nan"), "not a finite number"),
        (FIELD.replace("22.0 114.1", "22.0 x"), "expected numbers"),
        (FIELD.replace("22.0 114.1", "22.0"), "9 numbers in a posList"),
        (FIELD.replace("<gml:posList>", '<gml:posList srsDimension="3">'), "expected pairs"),
        (
            surface(ring(line((22.0, 114.0), (22.1, 114.0)), line((22.2, 114.0), (22.0, 114.0)))),
            "begins 11... m from",
        ),
        (surface(ring(arc(0, 90), line((22.5, 114.0), (22.58, 114.0)))), "begins .* m from"),
        (surface(ring(arc(0, 400))), "more than a circle"),
        (surface(ring(arc(10, 10))), "direction in which it begins"),
        (surface(ring(circle(radius=0))), "circle of 0.0 m"),
        (surface(ring(circle(radius=999))), "less than 1000 km"),
        (surface(ring(circle(uom="furlong"))), "radius in 'furlong'"),
        (surface(ring(circle(), circle())), "a CircleByCenterPoint is not read"),
        (
            surface(ring(circle().replace("22.5 114.0", "22.5 114.0 22.6 114.0"))),
            "with 2 centres",
        ),
        (surface(ring(line(SQUARE[0], kind="LineStringSegment"))), "outline of 1 corners"),
        (
            element("aixm:width", 1, uom="KM")
            + element(
                "aixm:centreline",
                element("aixm:Curve", element("gml:segments", arc(0, 90)), srsName=EPSG),
            ),
            "a centreline with a ArcByCenterPoint",
        ),
        (surface(ring(element("gml:Arc", pos_list(*SQUARE[:3])))), "a Arc is not read"),
        (surface(ring()), "outline without points"),
        (surface(ring(arc(0, 90)).replace('"deg"', '"rad"')), "startAngle in 'rad'"),
        (surface(ring(arc(0, 90)).replace(">90<", ">x<")), "endAngle: given 'x'"),
        (
            surface(
                element("gml:exterior", element("gml:Ring", '<gml:curveMember xlink:href="#b"/>'))
            ),
            "border by reference",
        ),
        (
            surface(ring(element("gml:GeodesicString", '<gml:pointProperty xlink:href="#p"/>'))),
            "position by reference",
        ),
        (surface("<gml:exterior/>"), "an exterior without a Ring"),
        (surface(""), "patch without exterior"),
        (surface(), "surface without patches"),
        (surface("").replace("PolygonPatch", "Cone"), "a Cone is not read"),
        (element("aixm:width", 1, uom="KM") + "<aixm:centreline/>", "centreline by reference"),
    ],
)
def test_a_shape_that_cannot_be_read_is_refused_by_name(body: str, message_: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^test.xml: airspace 'VHR1': .*{message_}"):
        parsed(simple(designator="SOUND"), simple(component(body)))


@pytest.mark.parametrize(
    ("slice_", "message_"),
    [
        (named() + component(limits=limit("upper", 5, "KM", "MSL")), "limit in 'KM'"),
        (named() + component(limits=limit("upper", 5, "", "MSL")), "limit in ''"),
        (named() + component(limits=limit("upper", "high", "M", "MSL")), "given 'high'"),
        (named() + component(limits=limit("upper", "NaN", "M", "MSL")), "given 'NaN'"),
        (named() + component(limits=limit("upper", 1e9, "M", "MSL")), "at most 100000 m"),
        (
            named()
            + component(limits=limit("upper", 1, "M", "MSL") + limit("lower", 9, "M", "MSL")),
            "ceiling lies below",
        ),
        (named() + component() + activation(sheet(startTime="25:00")), "startTime: given '25:00'"),
        (named() + component() + activation(sheet(startTime="24:00")), "startTime: given '24:00'"),
        (
            named() + component() + activation(sheet(startTime="08:00", timeReference="UTC+15")),
            "UTC.15: expected at most",
        ),
        (
            named()
            + component(surface(ring(circle()), accuracy=element("aixm:horizontalAccuracy", 1))),
            "horizontalAccuracy in ''",
        ),
    ],
)
def test_a_fact_that_cannot_be_read_is_refused_by_name(slice_: str, message_: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^test.xml: airspace 'VHR1': .*{message_}"):
        parsed(airspace(time_slice(slice_)))


@pytest.mark.parametrize("begin", ["yesterday", "2026-01-01T00:00:00"])
def test_a_time_that_cannot_be_read_is_refused_by_name(begin: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^test.xml: airspace 'VHR1': beginPosition"):
        parsed(airspace(time_slice(named() + component(), valid=period(begin))))


ROUND_THE_EARTH = [*[(0.0, 0.0), (0.0, 179.0)] * 500, (0.0, 0.0)]
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><a>&b;</a>'
STEAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("content", "message_"),
    [
        (b"", "not an XML document"),
        (b"<kml/>", "no airspace"),
        (message(), "no airspace"),
        (message(simple()).replace(b"schema/5.1.1", b"schema/5.2"), "AIXM 5.1 or 5.1.1"),
        (message(airspace()), "no airspace in it that has a baseline"),
        (BOMB, "document type or entities"),
        (STEAL, "document type or entities"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, ""),
        (
            message(simple(component(surface(ring(line(*ROUND_THE_EARTH)))))),
            "more than 1000000 points",
        ),
        (
            message(
                simple(component(surface(ring(line(*ROUND_THE_EARTH, kind="LineStringSegment")))))
            ),
            "more than 1000000 points",
        ),
        (
            message(simple(component(surface(ring(circle(radius=500))) * 1) * 400)),
            "more than 1000000 points",
        ),
    ],
    ids=[
        "empty",
        "kml",
        "none",
        "5.2",
        "no slice",
        "bomb",
        "steal",
        "deep",
        "geodesics",
        "lines",
        "circles",
    ],
)
def test_hostile_files_are_refused_soon(content: bytes, message_: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"^test.xml: .*{re.escape(message_)}"):
        read(content, name="test.xml", origin=ORIGIN)


RICH = message(
    airspace(
        time_slice(
            named()
            + component(
                surface(
                    ring(line(*SQUARE))
                    + linear_ring(
                        (22.02, 114.02),
                        (22.02, 114.04),
                        (22.04, 114.04),
                        (22.02, 114.02),
                        tag="interior",
                    )
                ),
                operation="BASE",
            )
            + component(contributor("urn:uuid:other"), operation="UNION", number=2)
            + activation(sheet(day="MON", startTime="08:00", endEvent="SS"))
        )
    ),
    airspace(
        time_slice(
            named("CTR", "VHHH", "HONG KONG")
            + component(
                surface(ring(arc(0, 90), line(*ends(EPSG)))),
                limits=limit("upper", 65, "FL", "STD") + limit("lower", 300, "M", "SFC"),
            )
        ),
        uuid="other",
    ),
)
TOKENS = [
    "",
    "<",
    "</gml:Ring>",
    "nan",
    "999",
    "-",
    " ",
    "\x00",
    "\ufffe",
    "&",
    '"',
    "1e9",
    "GND",
    "UNL",
    "SUBTR",
    "INACTIVE",
    "YES",
    "FL",
    "KM",
    "urn:uuid:",
    "ArcByCenterPoint",
    "<aixm:day>",
]


@given(st.data())
def test_a_damaged_file_is_read_or_refused_and_never_fails(data: st.DataObject) -> None:
    text = RICH.decode()
    places = [m.start() for m in re.finditer(r'[>"\s]', text)]
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.sampled_from(places) | st.integers(0, len(text)))
        length = data.draw(st.sampled_from([0, 0, 1, 2, 5, 20, 200]))
        text = text[:start] + data.draw(st.sampled_from(TOKENS)) + text[start + length :]
    assert_read_or_refused(text.encode())


@given(st.data())
def test_elements_that_are_missing_twice_or_swapped_never_fail(data: st.DataObject) -> None:
    text = RICH.decode()
    for _ in range(data.draw(st.integers(1, 3))):
        leaves = list(re.finditer(r"<(\w+:\w+)[^<>]*>[^<>]*</\1>", text))
        one, other = (leaves[data.draw(st.integers(0, len(leaves) - 1))] for _ in range(2))
        change = data.draw(st.sampled_from([one[0] * 2, "", other[0], one[0].replace("1", "9")]))
        text = text[: one.start()] + change + text[one.end() :]
    assert_read_or_refused(text.encode())


def assert_read_or_refused(content: bytes) -> None:
    try:
        reading = read(content, name="test.xml", origin=ORIGIN)
    except LowaltError as error:
        refusal = str(error)
    else:
        assert reading.features
        return
    assert refusal.startswith("test.xml: ")


# The library that reads AIXM, and why we do not read with it


def library() -> Any:
    return pytest.importorskip("aviconv_aixm")


@pytest.mark.parametrize("content", [SAMPLE, RICH], ids=["sample", "rich"])
@pytest.mark.filterwarnings("ignore")
def test_our_messages_are_those_of_the_schema(content: bytes) -> None:
    aviconv = library()
    aviconv.validate_aixm(content, aviconv.profile_for("5.1.1"))


@pytest.mark.filterwarnings("ignore")
def test_the_library_finds_what_we_find_as_far_as_it_looks(tmp_path: Any) -> None:
    aviconv = library()
    file = tmp_path / "sample.xml"
    file.write_bytes(SAMPLE)
    found = [feature.time_slices[0].properties for feature in aviconv.read_aixm(file)]
    ours = read(SAMPLE, name="x", origin=ORIGIN).features
    assert [p.designator for p in found] == [zone.identifier for zone in ours]
    for properties, zone in zip(found, ours, strict=True):
        assert isinstance(zone, Zone)
        theirs = Polygon([(p.lon, p.lat) for p in properties.geometry.geometry.rings[0]])
        # It draws arcs on a sphere in steps of five degrees: here 30 m off.
        assert shapely.hausdorff_distance(theirs, zone.geometry) < 4e-4
