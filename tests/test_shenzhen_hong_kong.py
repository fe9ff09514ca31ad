"""Zones of Hong Kong and Macao, against what the AIP prints."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import shapely
from airspace_data.shenzhen.recipes import hong_kong
from airspace_data.shenzhen.recipes.boundaries import jurisdiction_zones
from airspace_data.shenzhen.recipes.facts import read
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import Point

from lowalt.airspace import (
    EVERY_HEIGHT,
    BasisVerification,
    Circle,
    Containment,
    FeatureStatus,
    Restriction,
    Sector,
    Zone,
)
from lowalt.levels import VerticalReference
from lowalt.temporal import ALWAYS
from lowalt.terms import ZoneKind

KARNEY = Geod(ellps="WGS84")
ZONES = {zone.identifier: zone for zone in hong_kong.features() if isinstance(zone, Zone)}
JURISDICTIONS = {zone.country: zone.geometry for zone in jurisdiction_zones(read("boundaries"))}

STANLEY = (114.217778, 22.198333)  # 22 11 54 N 114 13 04 E
STANLEY_EXACT = (114 + 13 / 60 + 4 / 3600, 22 + 11 / 60 + 54 / 3600)
SIDES_DEG = ((90.0, 120.0), (230.0, 270.0))


def seen_from(place: tuple[float, float], azimuth_deg: float, distance_m: float) -> Point:
    lon, lat, _ = KARNEY.fwd(*place, azimuth_deg, distance_m)
    return Point(lon, lat)


def containment(identifier: str, place: Point) -> Containment:
    return ZONES[identifier].containment(lon_deg=place.x, lat_deg=place.y)


def printed(text: str) -> list[tuple[float, float]]:
    """Read places as the AIP prints them, such as 222653N 1135742E; longitude first."""

    def seconds(digits: str) -> float:
        return int(digits[:-4]) + int(digits[-4:-2]) / 60 + int(digits[-2:]) / 3600

    return [(seconds(lon), seconds(lat)) for lat, lon in re.findall(r"(\d+)N (\d+)E", text)]


# VHP8


def test_vhp8_is_two_sectors_of_one_circle() -> None:
    shapes = [volume.shape for volume in ZONES["VHP8"].volumes]
    for shape, sides in zip(shapes, SIDES_DEG, strict=True):
        assert isinstance(shape, Sector)
        assert (shape.lon_deg, shape.lat_deg) == pytest.approx(STANLEY, abs=5e-7)
        assert shape.radius_m == pytest.approx(914.4, abs=1e-9)
        assert (shape.start_azimuth_deg, shape.end_azimuth_deg) == sides


@given(sector=st.sampled_from(SIDES_DEG), share=st.floats(0.001, 0.999))
def test_vhp8_ends_at_3000_ft_to_a_centimetre(sector: tuple[float, float], share: float) -> None:
    azimuth_deg = sector[0] + share * (sector[1] - sector[0])
    geometry = ZONES["VHP8"].geometry
    assert geometry.covers(seen_from(STANLEY_EXACT, azimuth_deg, 914.39))
    assert not geometry.covers(seen_from(STANLEY_EXACT, azimuth_deg, 914.41))


@given(
    side=st.sampled_from([(90.0, 1), (120.0, -1), (230.0, 1), (270.0, -1)]),
    distance_m=st.floats(10.0, 914.0),
)
def test_vhp8_ends_at_its_bearings_to_a_centimetre(
    side: tuple[float, int], distance_m: float
) -> None:
    azimuth_deg, inwards = side
    turn_deg = inwards * math.degrees(0.01 / distance_m)
    geometry = ZONES["VHP8"].geometry
    assert geometry.covers(seen_from(STANLEY_EXACT, azimuth_deg + turn_deg, distance_m))
    assert not geometry.covers(seen_from(STANLEY_EXACT, azimuth_deg - turn_deg, distance_m))


@given(azimuth_deg=st.floats(0.0, 360.0), distance_m=st.floats(1.0, 2000.0))
def test_vhp8_agrees_with_azimuth_and_distance_everywhere(
    azimuth_deg: float, distance_m: float
) -> None:
    place = seen_from(STANLEY_EXACT, azimuth_deg, distance_m)
    off_side_m = min(
        abs(distance_m * math.sin(math.radians(azimuth_deg - side)))
        for sides in SIDES_DEG
        for side in sides
    )
    if off_side_m < 0.01 or abs(distance_m - 914.4) < 0.01:
        return
    inside = distance_m < 914.4 and any(a < azimuth_deg < b for a, b in SIDES_DEG)
    assert ZONES["VHP8"].geometry.covers(place) == inside


def test_near_the_sides_of_vhp8_nobody_knows_because_the_north_meant_is_not_said() -> None:
    # Variation 3 degrees west in 2020, 4 minutes a year more: 3.4 degrees in 2026.
    shift_m = 2.0 * 914.4 * math.sin(math.radians(3.4) / 2.0)
    assert {part.accuracy_m for part in ZONES["VHP8"].less_accurate} == {55.0}
    assert len(ZONES["VHP8"].less_accurate) == 4
    assert 50.0 < shift_m < 55.0
    for azimuth_deg, distance_m, answer in (
        (105.0, 500.0, Containment.INSIDE),
        (250.0, 900.0, Containment.INSIDE),
        (105.0, 914.38, Containment.INSIDE),
        (105.0, 914.42, Containment.OUTSIDE),
        (95.0, 500.0, Containment.WITHIN_TOLERANCE),  # 44 m from a side
        (88.0, 500.0, Containment.WITHIN_TOLERANCE),
        (83.0, 500.0, Containment.OUTSIDE),
        (180.0, 500.0, Containment.OUTSIDE),
    ):
        assert containment("VHP8", seen_from(STANLEY_EXACT, azimuth_deg, distance_m)) is answer
    assert "magnetic" in ZONES["VHP8"].remarks["en"]
    assert "磁方位" in ZONES["VHP8"].remarks["zh"]


# The other areas of ENR 5.1


@pytest.mark.parametrize(
    ("identifier", "centre", "radius_m", "nautical_miles"),
    [
        ("VHR12", (114.045556, 22.315433), 2500.0, 1.35),
        ("VHR13", (114.0205, 22.272), 350.0, 0.19),
    ],
)
def test_restricted_areas_are_the_printed_circles(
    identifier: str, centre: tuple[float, float], radius_m: float, nautical_miles: float
) -> None:
    (volume,) = ZONES[identifier].volumes
    assert isinstance(volume.shape, Circle)
    assert (volume.shape.lon_deg, volume.shape.lat_deg) == pytest.approx(centre, abs=5e-7)
    assert volume.shape.radius_m == radius_m
    assert radius_m == pytest.approx(nautical_miles * 1852.0, abs=0.005 * 1852.0)


RANGES = {
    "VHD5": "222653N 1135742E, 222448N 1135609E, 222454N 1135522E, 222337N 1135527E,"
    " 222243N 1135539E, 222233N 1135557E, 222228N 1135623E, 222358N 1135732E, 222613N 1135844E",
    "VHD11": "222000N 1142600E, 222000N 1143000E, 221600N 1143000E, 221600N 1142600E",
}


@pytest.mark.parametrize("identifier", RANGES)
def test_ranges_have_the_printed_corners_and_no_others(identifier: str) -> None:
    corners = printed(RANGES[identifier])
    ring = shapely.get_coordinates(ZONES[identifier].geometry)
    for corner in corners:
        assert np.abs(ring - corner).max(axis=1).min() < 1e-9
    lon, lat = zip(*corners, strict=True)
    area_m2 = abs(KARNEY.polygon_area_perimeter(lon, lat)[0])
    drawn_m2 = abs(KARNEY.geometry_area_perimeter(ZONES[identifier].geometry)[0])
    # Edges are cut at 1 km: what bulges between cuts is a few square metres.
    assert drawn_m2 == pytest.approx(area_m2, abs=200.0)


def test_ranges_are_always_listed_and_say_that_they_wait_for_a_notam() -> None:
    for identifier in RANGES:
        zone = ZONES[identifier]
        assert zone.schedule == ALWAYS
        assert zone.restriction is Restriction.CONDITIONAL
        assert "NOTAM" in zone.remarks["en"]
        assert "航行通告" in zone.remarks["zh"]


CEILINGS_FT = {
    "VHP8": 1000,
    "VHR12": 4000,
    "VHR13": 3000,
    "VHD5": 12000,
    "VHD11": 2000,
    "HKZ01": 500,
    "HKZ02": 1000,
    "HKZ03": 2000,
}


def test_ceilings_are_the_printed_feet_above_the_sea() -> None:
    for identifier, feet in CEILINGS_FT.items():
        for volume in ZONES[identifier].volumes:
            assert volume.layer.floor is None
            assert volume.layer.ceiling is not None
            assert volume.layer.ceiling.reference is VerticalReference.AMSL
            assert volume.layer.ceiling.value_m == pytest.approx(feet * 0.3048, abs=1e-9)


def test_every_zone_asks_what_its_source_says() -> None:
    assert {name: (zone.kind, zone.restriction.value) for name, zone in ZONES.items()} == {
        "VHP8": (ZoneKind.PROHIBITED_AREA, "PROHIBITED"),
        "VHR12": (ZoneKind.RESTRICTED_AREA, "PROHIBITED"),
        "VHR13": (ZoneKind.RESTRICTED_AREA, "REQ_AUTHORIZATION"),
        "VHD5": (ZoneKind.DANGER_AREA, "CONDITIONAL"),
        "VHD11": (ZoneKind.DANGER_AREA, "CONDITIONAL"),
        "HKZ01": (ZoneKind.VFR_ZONE, "NO_RESTRICTION"),
        "HKZ02": (ZoneKind.VFR_ZONE, "NO_RESTRICTION"),
        "HKZ03": (ZoneKind.VFR_ZONE, "NO_RESTRICTION"),
        "VHHH01": (ZoneKind.AERODROME_SURROUNDINGS, "REQ_AUTHORIZATION"),
        "VHSK01": (ZoneKind.RESTRICTED_AREA, "REQ_AUTHORIZATION"),
        "VMMC01": (ZoneKind.AIRPORT_CONTROL_ZONE, "REQ_AUTHORIZATION"),
        "HKTMA": (ZoneKind.TERMINAL_AREA, "NO_RESTRICTION"),
    }
    assert {zone.country for name, zone in ZONES.items() if name != "VMMC01"} == {"HKG"}
    assert ZONES["VMMC01"].country == "MAC"


# What was drawn


def test_only_what_the_aip_prints_is_authoritative() -> None:
    by_status = {status: set[str]() for status in FeatureStatus}
    for name, zone in ZONES.items():
        by_status[zone.status].add(name)
    assert by_status == {
        FeatureStatus.AUTHORITATIVE: {"VHP8", "VHR12", "VHR13", "VHD5", "VHD11"},
        FeatureStatus.DERIVED: {"HKTMA"},
        FeatureStatus.ILLUSTRATIVE: {"HKZ01", "HKZ02", "HKZ03", "VHHH01", "VHSK01", "VMMC01"},
    }


@pytest.mark.parametrize("identifier", ["HKZ01", "HKZ02", "HKZ03", "VHHH01", "VHSK01", "VMMC01"])
def test_nothing_is_surely_inside_a_zone_that_was_drawn(identifier: str) -> None:
    zone = ZONES[identifier]
    middle = zone.geometry.representative_point()
    proj = Proj(f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +ellps=WGS84")
    plane = shapely.transform(zone.geometry, lambda c: np.column_stack(proj(c[:, 0], c[:, 1])))
    # A circle as large as its accuracy leaves its centre, to the covering polygon's 5 mm.
    assert plane.buffer(-zone.accuracy_m - 0.01).is_empty
    assert containment(identifier, middle) is Containment.WITHIN_TOLERANCE
    assert zone.basis is BasisVerification.UNVERIFIED
    assert not zone.example  # it exists, its limits were not found


@pytest.mark.parametrize("identifier", ["VHHH01", "VHSK01", "VMMC01"])
def test_no_height_is_let_free_where_the_ceiling_was_not_found(identifier: str) -> None:
    assert [volume.layer for volume in ZONES[identifier].volumes] == [EVERY_HEIGHT]


RUNWAYS = [
    ((113.880692, 22.321074), (113.915558, 22.332306)),
    ((113.8960, 22.3104), (113.9310, 22.3216)),
    ((113.898003, 22.2962), (113.932819, 22.307431)),
]
ON_RUNWAYS = np.array([place for ends in RUNWAYS for place in KARNEY.npts(*ends[0], *ends[1], 400)])


@given(lon=st.floats(113.83, 114.00), lat=st.floats(22.23, 22.40))
def test_the_surroundings_of_the_airport_reach_5_km_within_hong_kong(
    lon: float, lat: float
) -> None:
    count = len(ON_RUNWAYS)
    away_m = KARNEY.inv(np.full(count, lon), np.full(count, lat), *ON_RUNWAYS.T)[2].min()
    if 4970.0 < away_m < 5002.0:  # drawn with few corners, 24 m short at worst
        return
    near = away_m < 5000.0 and bool(JURISDICTIONS["HKG"].covers(Point(lon, lat)))
    assert ZONES["VHHH01"].geometry.covers(Point(lon, lat)) == near


def test_macau_is_all_within_5_nautical_miles_of_its_airport() -> None:
    macao = JURISDICTIONS["MAC"]
    corners = shapely.get_coordinates(macao)
    reach_m = KARNEY.inv(
        np.full(len(corners), 113.5920), np.full(len(corners), 22.1496), *corners.T
    )[2]
    assert reach_m.max() < 9260.0
    assert shapely.symmetric_difference(ZONES["VMMC01"].geometry, macao).area < 1e-12


# The terminal area


@pytest.mark.parametrize(
    ("name", "place", "inside"),
    [
        ("Hong Kong airport", (113.91472, 22.30889), True),
        ("Stanley", STANLEY, True),
        ("UNIFORM", (113.678333, 22.15), True),
        ("QUBEC", (113.679250, 22.100472), True),
        ("HOTEL", (114.908333, 22.383333), True),
        ("VICTOR WHISKEY", (113.916667, 21.833333), True),
        # Printed as outside the Hong Kong FIR.
        ("AOTOU", (114.531944, 22.716667), False),
        ("HENGA", (114.2, 22.65), False),
        ("PINGSHAN", (114.35, 22.691667), False),
        ("Bao'an airport", (113.81167, 22.63833), False),
        ("Zhuhai/Jinwan airport", (113.376, 22.0064), False),
    ],
)
def test_the_terminal_area_holds_what_lies_in_the_hong_kong_fir(
    name: str, place: tuple[float, float], inside: bool
) -> None:
    assert ZONES["HKTMA"].geometry.covers(Point(place)) == inside


def test_the_terminal_area_is_cut_at_two_meridians_and_ends_on_its_printed_line() -> None:
    west, south, east, north = ZONES["HKTMA"].geometry.bounds
    assert (west, east) == (113.0, 115.0)
    # Half way along the southern edge, from 19 00 N 112 30 E to 18 56 N 115 49 E.
    start, end = (112.5, 19.0), (115 + 49 / 60, 18 + 56 / 60)
    azimuth_deg, _, length_m = KARNEY.inv(*start, *end)
    middle = KARNEY.fwd(*start, azimuth_deg, length_m / 2)[:2]
    geometry = ZONES["HKTMA"].geometry
    assert geometry.covers(seen_from(middle, azimuth_deg - 90.0, 0.02))
    assert not geometry.covers(seen_from(middle, azimuth_deg + 90.0, 0.02))
    assert south == pytest.approx(18.956, abs=0.002)
    assert north == pytest.approx(22.585, abs=0.002)


def test_the_terminal_area_is_blurred_where_its_north_was_drawn() -> None:
    zone = ZONES["HKTMA"]
    assert [part.accuracy_m for part in zone.less_accurate] == [20000.0, 6000.0]
    for place in ((113.2, 21.9), (114.7, 22.49)):  # off Zhuhai, at the mouth of Daya Bay
        assert containment("HKTMA", Point(place)) is Containment.WITHIN_TOLERANCE
    assert containment("HKTMA", Point(114.0, 21.5)) is Containment.INSIDE
