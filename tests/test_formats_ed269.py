"""ED-269: what others see of a zone errs on the safe side, and their zones are read as they say."""

from __future__ import annotations

import json
import math
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, box

from lowalt import testing
from lowalt.airspace import (
    BasisVerification,
    Circle,
    Feature,
    FeatureStatus,
    Restriction,
    Strip,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.formats import Loss, Origin, ed269
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, DaylightEvent, Schedule, TimeInterval, Weekday, WeeklyHours
from lowalt.terms import CorridorKind, ZoneKind

ORIGIN = Origin(citation="a test", as_of=date(2026, 1, 1), accuracy_m=50.0)
TITLE = {"zh": "试验", "en": "a test"}
CHINA = timezone(timedelta(hours=8))
AGL, AMSL, HAE = VerticalReference.AGL, VerticalReference.AMSL, VerticalReference.HAE
SHENZHEN = load_airspace("shenzhen")


def read(*records: Any, title: str = "zones") -> tuple[tuple[Feature, ...], list[str]]:
    document = {"title": title, "description": None, "features": records}
    reading = ed269.read(json.dumps(document).encode(), name="f", origin=ORIGIN)
    return reading.features, [str(loss) for loss in reading.losses]


def written(feature: Feature) -> tuple[Any, list[str]]:
    """Write a feature; return its record, or nothing, and the losses."""
    result = ed269.write([feature], title=TITLE)
    records = json.loads(result.content)["features"]
    return (records[0] if records else None), [str(loss) for loss in result.losses]


def seen_by_others(feature: Feature) -> Zone | None:
    """Write a feature and read it as one who knows nothing of our own record."""
    record, _ = written(feature)
    if record is None:
        return None
    del record["extendedProperties"]
    (zone,), _ = read(record)
    assert isinstance(zone, Zone)
    return zone


def zone(**changes: Any) -> Zone:
    return Zone(
        **{
            "identifier": "LP01",
            "name": {"zh": "口岸", "en": "port"},
            "country": "CHN",
            "kind": ZoneKind.LAND_PORT,
            "restriction": Restriction.REQ_AUTHORIZATION,
            "volumes": (Volume3D.of(Circle(114.1133, 22.5322, 750.0)),),
            "status": FeatureStatus.DERIVED,
            "basis": BasisVerification.PARTLY,
            "accuracy_m": 250.0,
            "citation": "measures",
            "sources": ("a page",),
            "as_of": date(2019, 3, 1),
            **changes,
        }
    )


# Writing


def test_a_zone_reads_as_it_should_in_the_eyes_of_others() -> None:
    weekend = frozenset({Weekday.SAT, Weekday.SUN})
    feature = zone(
        volumes=(
            Volume3D.of(
                Circle(114.1133, 22.5322, 750.0),
                layer=VerticalLayer(Level(60.96, AGL), Level(304.8, AMSL)),
            ),
        ),
        authority={"zh": "口岸办", "en": "Port office"},
        remarks={"zh": "须申请", "en": "ask first"},
        schedule=Schedule.of(
            [TimeInterval(datetime(2026, 1, 1, tzinfo=CHINA), datetime(2026, 1, 2, tzinfo=CHINA))],
            weekly=[WeeklyHours(time(16), time(0), CHINA, days=weekend)],
        ),
    )
    record, losses = written(feature)
    assert record.pop("extendedProperties")["lowalt"]["properties"]["identifier"] == "LP01"
    assert record == {
        "identifier": "LP01",
        "country": "CHN",
        "name": "口岸 / port",
        "type": "COMMON",
        "restriction": "REQ_AUTHORISATION",
        "restrictionConditions": "须申请 / ask first",
        "applicability": [
            {
                "permanent": "NO",
                "startDateTime": "2026-01-01T00:00:00+08:00",
                "endDateTime": "2026-01-02T00:00:00+08:00",
            },
            {
                "permanent": "NO",
                "schedule": [
                    {
                        "day": ["SAT", "SUN"],
                        "startTime": "08:00:00.00Z",
                        "endTime": "16:00:00.00Z",
                    }
                ],
            },
        ],
        "zoneAuthority": [{"name": "口岸办 / Port office", "purpose": "AUTHORIZATION"}],
        "geometry": [
            {
                "uomDimensions": "M",
                "lowerLimit": 60,
                "lowerVerticalReference": "AGL",
                "upperLimit": 305,
                "upperVerticalReference": "AMSL",
                "horizontalProjection": {
                    "type": "Circle",
                    "center": [114.1133, 22.5322],
                    "radius": 750.0,
                },
            }
        ],
    }
    assert losses == ["LP01: limits: 60.96 m AGL - 304.8 m AMSL: written as 60 m AGL - 305 m AMSL"]


@pytest.mark.parametrize(
    ("opens", "closes", "days", "expected"),
    [
        (time(6), time(9), {"MON", "TUE"}, (["MON", "SUN"], "22:00:00.00Z", "01:00:00.00Z")),
        (time(8), time(8), {"MON"}, (["MON"], "00:00:00.00Z", "00:00:00.00Z")),
        (time(0), time(0), None, (["ANY"], "16:00:00.00Z", "16:00:00.00Z")),
        (time(23, 59, 30, 500), time(0), {"SUN"}, (["SUN"], "15:59:30.000500Z", "16:00:00.00Z")),
    ],
)
def test_hours_are_written_in_utc_on_the_day_it_is_there(
    opens: time, closes: time, days: set[str] | None, expected: tuple[Any, ...]
) -> None:
    named = None if days is None else frozenset(map(Weekday, days))
    hours = WeeklyHours(opens, closes, CHINA, days=named)
    record, _ = written(zone(schedule=Schedule(weekly=(hours,))))
    (daily,) = record["applicability"][0]["schedule"]
    assert (daily["day"], daily["startTime"], daily["endTime"]) == expected


def test_from_the_surface_without_limit_and_always_is_written_so() -> None:
    record, losses = written(zone())
    assert record["applicability"] == [{"permanent": "YES"}]
    (volume,) = record["geometry"]
    assert (volume["lowerLimit"], volume["lowerVerticalReference"]) == (0, "AGL")
    assert "upperLimit" not in volume
    assert volume["upperVerticalReference"] == "AGL"
    assert losses == []


def test_several_polygons_are_several_volumes() -> None:
    parts = MultiPolygon([box(113.8, 22.4, 113.9, 22.5), box(114.3, 22.6, 114.4, 22.7)])
    feature = zone(volumes=(Volume3D(parts),))
    record, losses = written(feature)
    types = [volume["horizontalProjection"]["type"] for volume in record["geometry"]]
    assert types == ["Polygon", "Polygon"]
    assert losses == []
    assert read(record) == ((feature,), [])
    seen = seen_by_others(feature)
    assert seen is not None
    assert seen.geometry.equals(parts)


def test_a_strip_is_drawn_as_a_polygon_that_covers_it() -> None:
    strip = Strip(((114.0, 22.5), (114.1, 22.5)), 250.0)
    feature = zone(volumes=(Volume3D.of(strip),))
    _, losses = written(feature)
    assert losses == ["LP01: arcs: drawn as a polygon that covers the exact shape"]
    seen = seen_by_others(feature)
    assert seen is not None
    assert seen.volumes[0].shape is None
    assert seen.volumes[0].geometry.buffer(1e-8).covers(strip.covering_polygon())


LAYERS = {
    VerticalLayer(Level(10.5, AGL), Level(120.5, AGL)): ((10, 121), (11, 120)),
    VerticalLayer(Level(-0.5, AMSL), Level(0.5, AMSL)): ((-1, 1), (0, 0)),
    VerticalLayer(Level(10.2, AGL), Level(10.4, AGL)): ((10, 11), None),
    VerticalLayer(Level(10.0, HAE), Level(120.0, AMSL)): ((0, 120), None),
    VerticalLayer(Level(10.0, AMSL), Level(120.0, HAE)): ((10, None), None),
    VerticalLayer(None, Level(120.0, AGL)): ((0, 120), (0, 120)),
}


@pytest.mark.parametrize("layer", LAYERS)
def test_limits_become_whole_metres_on_the_safe_side(layer: VerticalLayer) -> None:
    outward, inward = LAYERS[layer]
    volumes = (Volume3D.of(Circle(114.1, 22.5, 750.0), layer=layer),)
    for kind, expected in (
        (ZoneKind.LAND_PORT, outward),
        (ZoneKind.OBSTACLE, outward),
        (ZoneKind.SUITABLE_AIRSPACE, inward),
        (ZoneKind.UAS_ZONE, inward),
    ):
        asks = Restriction.NO_RESTRICTION
        record, losses = written(zone(kind=kind, restriction=asks, volumes=volumes))
        if expected is None:
            assert record is None
            assert losses[-1].startswith("LP01: feature: nothing is left")
            continue
        (volume,) = record["geometry"]
        assert (volume["lowerLimit"], volume.get("upperLimit")) == expected
        exact = layer.floor is None or layer.floor.value_m == expected[0]
        assert (losses == []) is (exact and layer.ceiling == Level(120.0, AGL))


def test_a_helicopter_route_grows_and_a_uav_route_shrinks() -> None:
    track = next(c for c in SHENZHEN.corridors if not c.example)
    layers = tuple(VerticalLayer(Level(100.5, AMSL), Level(200.5, AMSL)) for _ in track.layers)
    for kind, expected in (
        (CorridorKind.HELICOPTER_ROUTE, (100, 201)),
        (CorridorKind.UAV_ROUTE, (101, 200)),
    ):
        record, _ = written(replace(track, kind=kind, layers=layers))
        assert {(v["lowerLimit"], v["upperLimit"]) for v in record["geometry"]} == {expected}


DAYLIGHT = WeeklyHours(DaylightEvent.SR, time(18), CHINA)
SUMMER_TIME = WeeklyHours(time(8), time(18), ZoneInfo("Europe/Berlin"))
JANUARY = TimeInterval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize("hours", [DAYLIGHT, SUMMER_TIME])
def test_hours_that_cannot_be_said_are_the_whole_day_or_left_out(hours: WeeklyHours) -> None:
    dated = replace(hours, start=JANUARY.start, end=JANUARY.end)
    schedule = Schedule(weekly=(dated,))
    record, losses = written(zone(schedule=schedule))
    assert record["applicability"] == [
        {
            "permanent": "NO",
            "startDateTime": "2026-01-01T00:00:00+00:00",
            "endDateTime": "2026-02-01T00:00:00+00:00",
        }
    ]
    assert losses == ["LP01: hours: by daylight or with summer time: written as the whole day"]
    record, losses = written(zone(schedule=schedule, kind=ZoneKind.SUITABLE_AIRSPACE))
    assert record is None
    assert losses[0] == "LP01: hours: by daylight or with summer time: left out"


def test_a_zone_that_is_never_in_force_and_what_has_no_area_are_left_out() -> None:
    never = zone(schedule=Schedule.of([]))
    features = [never, SHENZHEN.sites[0], SHENZHEN.lines[0], zone(example=True)]
    result = ed269.write(features, title={})
    assert json.loads(result.content) == {"features": []}
    assert [loss.what for loss in result.losses] == ["feature"] * 4


def test_long_names_are_cut() -> None:
    feature = zone(name={"zh": "区" * 150, "en": "zone" * 40})
    record, losses = written(feature)
    assert len(record["name"]) == 200
    assert record["name"].endswith("…")
    assert losses == ["LP01: name: cut to 200 characters"]
    assert read(record) == ((feature,), [])


# What others see: an oracle that knows only the standard part


@given(testing.zones())
def test_what_others_see_is_no_smaller_and_hardly_larger(original: Zone) -> None:
    seen = seen_by_others(original)
    inviting = original.kind in (
        ZoneKind.SUITABLE_AIRSPACE,
        ZoneKind.AVIATION_CAMP,
        ZoneKind.TEST_AREA,
    ) or (original.kind is ZoneKind.UAS_ZONE and original.restriction is Restriction.NO_RESTRICTION)
    if seen is None:
        assert inviting or original.schedule == Schedule.of([])
        return
    assert seen.restriction is original.restriction
    assert seen.geometry.equals(original.geometry)
    (given_,), (got,) = original.volumes, seen.volumes
    assert got.shape == given_.shape
    floor, ceiling = given_.layer.floor, given_.layer.ceiling
    sign = -1.0 if inviting else 1.0
    for asked, found, way in ((floor, got.layer.floor, 1.0), (ceiling, got.layer.ceiling, -1.0)):
        if asked is None or asked.reference is HAE:
            assert found in (None, Level(0.0, AGL))
            continue
        assert found is not None
        assert found.reference is asked.reference
        assert 0.0 <= sign * way * (asked.value_m - found.value_m) < 1.0
        assert math.modf(found.value_m)[0] == 0.0


@given(testing.schedules(), st.lists(st.integers(0, 365 * 96 - 1), min_size=20, max_size=20))
def test_what_others_see_is_in_force_whenever_the_zone_is(
    schedule: Schedule, quarters: list[int]
) -> None:
    original = zone(schedule=schedule)
    _, losses = written(original)
    seen = seen_by_others(original)
    for quarter in quarters:
        when = datetime(2026, 1, 1, tzinfo=CHINA) + timedelta(minutes=15 * quarter, seconds=7)
        in_force = seen is not None and seen.is_active_at(when)
        if losses and seen is not None:
            assert in_force or not original.is_active_at(when)
        else:
            assert in_force is original.is_active_at(when)


# Our own record


EDITS: list[tuple[str, Any]] = [
    ("country", "MAC"),
    ("name", "another"),
    ("restriction", "PROHIBITED"),
    ("applicability", [{"permanent": "NO", "endDateTime": "2026-01-01T00:00:00Z"}]),
    ("message", "closed"),
]


@pytest.mark.parametrize(("key", "value"), EDITS)
def test_a_zone_edited_in_one_place_only_is_refused(key: str, value: Any) -> None:
    record, _ = written(zone())
    record[key] = value
    with pytest.raises(InvalidInputError, match=rf"^zone LP01: {key}: .*in one place only; drop"):
        read(record)
    del record["extendedProperties"]
    assert read(record)[0][0].identifier == "LP01"


def test_an_edited_geometry_is_refused_and_a_rounded_one_is_not() -> None:
    polygon = zone(volumes=(Volume3D(box(113.8, 22.4, 113.9, 22.5)),))
    record, _ = written(polygon)
    for path, value in ((("upperLimit",), 50), (("horizontalProjection", "coordinates"), None)):
        edited = deepcopy(record)
        target = edited["geometry"][0]
        for key in path[:-1]:
            target = target[key]
        ring = [[113.8, 22.4], [113.9, 22.4], [113.9, 22.6], [113.8, 22.4]]
        target[path[-1]] = value or [ring]
        with pytest.raises(InvalidInputError, match=r"^zone LP01: "):
            read(edited)
    (corner, *_) = record["geometry"][0]["horizontalProjection"]["coordinates"][0]
    corner[0] += 1e-10
    record["geometry"][0]["horizontalProjection"]["coordinates"][0][-1] = corner
    assert read(record) == ((polygon,), [])


# Reading files of others: after the forms that national files have


AUTHORITY = {
    "name": "Regional office",
    "service": "UAS",
    "email": "uas@example.org",
    "contactName": None,
    "siteURL": "",
    "purpose": "AUTHORIZATION",
    "intervalBefore": "PT72H",
}
OF_OTHERS: dict[str, Any] = {
    "identifier": "EDR0010",
    "country": "DEU",
    "name": "Kraftwerk",
    "type": "COMMON",
    "restriction": "REQ_AUTHORISATION",
    "restrictionConditions": ["below 30 m", "by day"],
    "region": None,
    "reason": ["SENSITIVE", "FOREIGN_TERRITORY"],
    "otherReasonInfo": "",
    "regulationExemption": "NO",
    "uSpaceClass": None,
    "message": "Ask first",
    "applicability": {
        "permanent": "NO",
        "startDateTime": "2026-01-01T00:00:00.00Z",
        "endDateTime": "",
        "schedule": [
            {"day": ["MON", "TUE"], "startTime": "06:00Z", "endTime": "24:00:00.00Z"},
            {"day": ["ANY"], "startTime": "00:00:00.00Z", "endTime": "05:30Z"},
        ],
    },
    "zoneAuthority": [AUTHORITY],
    "geometry": [
        {
            "uomDimensions": "FT",
            "lowerLimit": 100,
            "lowerVerticalReference": "AGL",
            "upperLimit": 1000,
            "upperVerticalReference": "AMSL",
            "horizontalProjection": {"type": "Circle", "center": [8.5, 49.7], "radius": 1500},
        },
        {
            "uomDimensions": "M",
            "lowerLimit": None,
            "lowerVerticalReference": "AGL",
            "upperVerticalReference": "AGL",
            "horizontalProjection": {
                "type": "Polygon",
                "coordinates": [[[8.4, 49.6], [8.6, 49.6], [8.6, 49.8], [8.4, 49.6]]],
            },
        },
    ],
}


def test_a_zone_of_others_is_read_as_it_says() -> None:
    (found,), losses = read(OF_OTHERS)
    assert isinstance(found, Zone)
    assert (found.identifier, found.country) == ("EDR0010", "DEU")
    assert found.name == {"zh": "Kraftwerk", "en": "Kraftwerk"}
    assert (found.kind, found.restriction) == (ZoneKind.UAS_ZONE, Restriction.REQ_AUTHORIZATION)
    circle, polygon = found.volumes
    assert circle.shape == Circle(8.5, 49.7, 1500.0)
    assert circle.layer == VerticalLayer(Level(30.48, AGL), Level(304.8, AMSL))
    assert polygon.layer == VerticalLayer()
    assert polygon.geometry.bounds == (8.4, 49.6, 8.6, 49.8)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = frozenset({Weekday.MON, Weekday.TUE})
    assert found.schedule.weekly == (
        WeeklyHours(time(6), time(0), UTC, days, start),
        WeeklyHours(time(0), time(5, 30), UTC, None, start),
    )
    assert found.authority["en"] == "Regional office"
    assert found.remarks["en"] == (
        "Ask first / below 30 m / by day / reason: SENSITIVE, FOREIGN_TERRITORY"
        " / regulationExemption: NO"
    )
    assert (found.citation, found.accuracy_m) == ("a test", 50.0)
    (loss,) = losses
    assert loss.startswith("EDR0010: zoneAuthority: only the name of the first is kept, not its ")
    assert loss.endswith("email, intervalBefore, service")


def of_others(**changes: Any) -> dict[str, Any]:
    return {**OF_OTHERS, "zoneAuthority": [{"purpose": "INFORMATION"}], **changes}


@pytest.mark.parametrize(
    ("changes", "losses"),
    [
        (
            {"applicability": None},
            ["EDR0010: applicability: not stated: read as always in force"],
        ),
        ({"applicability": []}, ["EDR0010: applicability: not stated: read as always in force"]),
        ({"applicability": [{"permanent": "YES"}]}, []),
        (
            {"applicability": [{"permanent": "YES", "startDateTime": "2026-01-01T00:00:00Z"}]},
            ["EDR0010: applicability: permanent beside other times: read as permanent"],
        ),
        (
            {"applicability": {"permanent": "YES"}, "type": "CUSTOMIZED"},
            ["EDR0010: type: 'CUSTOMIZED': not kept"],
        ),
        (
            {"applicability": {"permanent": "YES"}, "extendedProperties": {"x": 1}, "region": 0},
            ["EDR0010: extendedProperties: not kept", "EDR0010: region: not kept"],
        ),
    ],
)
def test_what_of_others_is_not_kept_is_said(changes: Any, losses: list[str]) -> None:
    (found,), said = read(of_others(**changes))
    assert said == losses
    assert found.schedule == ALWAYS


def test_without_dates_a_zone_that_is_not_permanent_has_no_end() -> None:
    (found,), _ = read(of_others(applicability=[{"permanent": "NO"}]))
    assert found.is_active_at(datetime(2300, 1, 1, tzinfo=UTC))


def volume(**changes: Any) -> list[dict[str, Any]]:
    return [{**OF_OTHERS["geometry"][0], **changes}]


def projection(**changes: Any) -> list[dict[str, Any]]:
    return volume(horizontalProjection=changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"restriction": "FORBIDDEN"}, "restriction: given 'FORBIDDEN', expected one of PROHIB"),
        ({"restriction": None}, "restriction: given nothing"),
        ({"country": 276}, "country: given 276"),
        ({"name": ["a"]}, r"name: given \['a'\]"),
        ({"message": {"en": "x"}}, "message: given"),
        ({"zoneAuthority": [3]}, r"zoneAuthority\[0\]: given 3"),
        ({"zoneAuthority": "office"}, "zoneAuthority: given 'office', expected a list"),
        ({"applicability": "always"}, "applicability: given 'always'"),
        ({"applicability": [3]}, r"applicability\[0\]: permanent: given nothing"),
        ({"applicability": [{"permanent": True}]}, r"applicability\[0\]: permanent: given True"),
        ({"applicability": [{"permanent": "PERHAPS"}]}, r"applicability\[0\]: permanent"),
        (
            {"applicability": [{"permanent": "NO", "startDateTime": "2026-01-01T00:00:00"}]},
            r"applicability\[0\]\.startDateTime: .*no time zone",
        ),
        (
            {
                "applicability": [
                    {"permanent": "NO", "schedule": [{"day": ["MON"], "startTime": "06:00"}]}
                ]
            },
            r"applicability\[0\]\.schedule\[0\]\.startTime: given '06:00', expected a clock time",
        ),
        ({"geometry": None}, "geometry: given nothing"),
        ({"geometry": []}, "a GeometryCollection without geometries"),
        ({"geometry": [3]}, r"geometry\[0\]: horizontalProjection: given nothing"),
        ({"geometry": volume(uomDimensions="KM")}, r"geometry\[0\]: uomDimensions: given 'KM'"),
        ({"geometry": volume(uomDimensions=None)}, r"geometry\[0\]: uomDimensions: given noth"),
        (
            {"geometry": volume(upperVerticalReference="WGS84")},
            r"geometry\[0\]: upperVerticalReference: given 'WGS84', expected AGL or AMSL",
        ),
        ({"geometry": volume(lowerLimit="100")}, r"geometry\[0\]: lowerLimit: given '100'"),
        (
            {"geometry": volume(upperLimit=50, upperVerticalReference="AGL")},
            r"geometry\[0\]: layer from .*: the ceiling lies below",
        ),
        ({"geometry": projection(type="Ellipse")}, "geometry of type 'Ellipse'"),
        ({"geometry": projection(type="Circle", center=[8, 50])}, "given nothing, which is no"),
        ({"geometry": projection(type="Circle", center=[8, 50], radius=0)}, "circle of 0.0 m"),
        ({"geometry": projection(type="Circle", center=[8, 50], radius=-5)}, "circle of -5.0 m"),
        ({"geometry": projection(type="Circle", center=[50, 114], radius=5)}, "longitude then"),
    ],
)
def test_what_is_wrong_is_refused_by_its_name(changes: Any, message: str) -> None:
    with pytest.raises((InvalidInputError, GeometryError), match=f"^zone EDR0010: .*{message}"):
        read(of_others(**changes))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[]", r"f: given \[\], expected an object with features"),
        (b'{"features": {}}', "f: given .*expected an object with features"),
        (b'{"features": [7]}', r"f: features\[0\]: identifier: given nothing"),
        (b'{"features": [{"identifier": ""}]}', r"f: features\[0\]: identifier: given ''"),
    ],
)
def test_what_is_no_ed_269_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{message}"):
        ed269.read(content, name="f", origin=ORIGIN)


def test_the_title_of_a_file_is_its_name_in_every_language() -> None:
    content = b'{"title": "UAS-Zonen", "features": []}'
    reading = ed269.read(content, name="f", origin=ORIGIN)
    assert reading.title == {"zh": "UAS-Zonen", "en": "UAS-Zonen"}
    assert reading.losses == ()
    assert Loss("", "x", "y") not in reading.losses
