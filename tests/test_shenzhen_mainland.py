"""Shenzhen's own airspace: aerodromes, sites with their surroundings, what planners draw."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
import shapely
from airspace_data.shenzhen.recipes.facts import read
from pyproj import Geod, Proj
from shapely.geometry import LineString, Point

from lowalt.airspace import (
    BasisVerification,
    Circle,
    Containment,
    FeatureStatus,
    Restriction,
    Strip,
    Zone,
    load_airspace,
)
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalReference
from lowalt.terms import ZoneKind

KARNEY = Geod(ellps="WGS84")
CHINA = timezone(timedelta(hours=8))
SHENZHEN = load_airspace("shenzhen")


def zone_of(identifier: str) -> Zone:
    """Examples are no zones that judge, but they are zones."""
    zone = SHENZHEN.feature(identifier)
    assert isinstance(zone, Zone)
    return zone


def circle_of(zone: Zone, *, micro: bool = False) -> Circle:
    (volume,) = (zone.micro_volumes or ()) if micro else zone.volumes
    assert isinstance(volume.shape, Circle)
    return volume.shape


def area_km2(identifier: str) -> float:
    return abs(float(KARNEY.geometry_area_perimeter(SHENZHEN[identifier].geometry)[0])) / 1e6


# Aerodromes


@pytest.mark.parametrize(
    ("identifier", "published_km2"), [("ZGSZ01", 312.35), ("ZGSZ02", 317.76), ("ZGSD01", 324.89)]
)
def test_protection_ranges_have_the_area_of_the_announced_ones(
    identifier: str, published_km2: float
) -> None:
    zone = SHENZHEN[identifier]
    assert area_km2(identifier) == pytest.approx(published_km2, abs=0.1)
    assert zone.status is FeatureStatus.AUTHORITATIVE
    assert zone.basis is BasisVerification.VERIFIED


def test_announced_points_stand_on_the_boundary_where_they_were_announced() -> None:
    # A1 of 16/34: N22 30.6, E113 54.2.
    corners = shapely.get_coordinates(SHENZHEN["ZGSZ02"].geometry)
    a1 = (113 + 54.2 / 60, 22 + 30.6 / 60)
    assert np.abs(corners - a1).max(axis=1).min() < 1e-8


def test_the_arcs_bulge_outwards() -> None:
    # Half way along the arc from C4 to B4 of 15/33 the chord and the arc lie 450 m apart.
    chord = LineString([(113 + 47.5 / 60, 22 + 43.1 / 60), (113 + 51.8 / 60, 22 + 41.0 / 60)])
    middle = chord.interpolate(0.5, normalized=True)
    answer = SHENZHEN["ZGSZ01"].containment(lon_deg=middle.x, lat_deg=middle.y)
    assert answer is Containment.INSIDE


def test_the_third_runway_is_by_analogy_and_counts_from_its_opening() -> None:
    zone = SHENZHEN["ZGSZ03"]
    assert zone.status is FeatureStatus.DERIVED
    assert zone.basis is BasisVerification.UNVERIFIED
    opening = datetime(2025, 11, 29, tzinfo=CHINA)
    assert zone.is_active_at(opening)
    assert not zone.is_active_at(opening - timedelta(seconds=1))
    assert SHENZHEN["ZGSZ04B"].is_active_at(opening)
    assert not SHENZHEN["ZGSZ04B"].is_active_at(opening - timedelta(seconds=1))


def test_the_third_runway_has_the_corners_of_the_template() -> None:
    corners = shapely.get_coordinates(SHENZHEN["ZGSZ03"].geometry)
    for lat, lon in [(22.51625, 113.89437), (22.77285, 113.67398), (22.65855, 113.85379)]:
        misses_m = geodesic_distance_m([(lon, lat)], corners)
        assert misses_m.min() < 5.0


def test_the_clear_zone_is_rectangles_of_10_and_20_km() -> None:
    # One runway: 20 km by the runway's 3 600 m and 20 km at either end.
    assert area_km2("ZGSZ04B") == pytest.approx(20.0 * (40.0 + 3.6), abs=0.1)
    both = SHENZHEN["ZGSZ04A"].geometry.union(SHENZHEN["ZGSZ04B"].geometry)
    both_km2 = abs(KARNEY.geometry_area_perimeter(both)[0]) / 1e6
    assert both_km2 == pytest.approx(999, abs=5)
    assert SHENZHEN["ZGSZ04A"].accuracy_m == 30.0


def test_jinwan_has_a_clear_zone_of_6_and_15_km() -> None:
    # 12 km by the runway's 4 005 m and 15 km at either end; corners as others worked them out.
    assert area_km2("ZGSD02") == pytest.approx(12.0 * (30.0 + 4.005), abs=0.1)
    corners = shapely.get_coordinates(SHENZHEN["ZGSD02"].geometry)
    for lat, lon in [(22.1554, 113.4531), (22.0791, 113.5357), (21.8611, 113.3036)]:
        assert geodesic_distance_m([(lon, lat)], corners).min() < 12.0


def test_the_3_km_for_micro_count_from_the_runways_and_add_nothing_for_others() -> None:
    zones = [SHENZHEN["ZGSZ05A"], SHENZHEN["ZGSZ05B"]]
    strips = [volume.shape for zone in zones for volume in zone.volumes]
    assert len(strips) == 3
    # Half way along the runway of 1991, to its right.
    ends = ((113.80300, 22.65300), (113.81800, 22.62560))
    lon, lat = KARNEY.npts(*ends[0], *ends[1], 1)[0]
    azimuth, _, _ = KARNEY.inv(lon, lat, *ends[1])
    for distance_m, inside in ((3299.5, True), (3300.5, False)):
        x, y, _ = KARNEY.fwd(lon, lat, azimuth - 90.0, distance_m)
        assert bool(zones[0].geometry.contains(Point(x, y))) is inside
    protection = shapely.union_all([SHENZHEN[f"ZGSZ0{n}"].geometry for n in (1, 2, 3)])
    assert all(protection.covers(zone.geometry) for zone in zones)
    assert all(isinstance(strip, Strip) for strip in strips)
    opening = datetime(2025, 11, 29, tzinfo=CHINA)
    assert [z.is_active_at(opening - timedelta(seconds=1)) for z in zones] == [True, False]
    assert [z.is_active_at(opening) for z in zones] == [True, True]


def test_made_up_tiers_of_the_airport_have_the_limits_they_state() -> None:
    control, cores = zone_of("ZGSZ06"), zone_of("ZGSZ07")
    assert control.volumes[0].layer.ceiling == Level(600.0, VerticalReference.AMSL)
    assert circle_of(control).radius_m == 13000.0
    areas = [abs(KARNEY.geometry_area_perimeter(v.geometry)[0]) / 1e6 for v in cores.volumes]
    assert areas == pytest.approx([3.0 * (8.0 + km) for km in (3.403, 3.8, 3.6)], abs=0.02)


ORACLE = [  # place; in 15/33, in 16/34, in the clear zone; km to the Hong Kong line
    ("Bao'an airport", (113.8117, 22.6383), (True, True, True), 22.95),
    ("Qianhai tower", (113.89526, 22.53444), (True, False, True), 8.67),
    ("Nantou heliport", (113.924824, 22.558993), (False, False, True), 8.82),
    ("Shekou VOR", (113.9020, 22.4983), (False, False, True), 4.88),
    ("One Shenzhen Bay", (113.9376, 22.50869), (False, False, True), 3.74),
    ("Mawan power station", (113.872019, 22.481821), (False, False, True), 4.89),
    # The published distances of the next two are to the chord across the land boundary.
    ("Ping An tower", (114.05028, 22.53667), (False, False, False), None),
    ("Huanggang port", (114.07496, 22.52074), (False, False, False), None),
    ("Wutong mountain", (114.214, 22.583), (False, False, False), 3.03),
    ("Daya Bay", (114.54, 22.60), (False, False, False), 10.64),
]


@pytest.mark.parametrize(("name", "place", "inside", "line_km"), ORACLE)
def test_places_lie_where_an_independent_construction_puts_them(
    name: str, place: tuple[float, float], inside: tuple[bool, bool, bool], line_km: float | None
) -> None:
    lon, lat = place
    first, second, *clear = (
        SHENZHEN[identifier].containment(lon_deg=lon, lat_deg=lat)
        for identifier in ("ZGSZ01", "ZGSZ02", "ZGSZ04A", "ZGSZ04B")
    )
    assert Containment.WITHIN_TOLERANCE not in {first, second, *clear}
    found = (first, second, max(clear, key=lambda answer: answer is Containment.INSIDE))
    assert tuple(answer is Containment.INSIDE for answer in found) == inside
    if line_km is not None:
        proj = Proj(f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84")
        line = shapely.transform(
            SHENZHEN["BDY06"].geometry.boundary, lambda c: np.column_stack(proj(c[:, 0], c[:, 1]))
        )
        assert round(line.distance(Point(0, 0)) / 1000.0, 2) == line_km


# Heliports and sites


def test_nantou_is_a_circle_of_3_km() -> None:
    circle = circle_of(SHENZHEN["ZGNT01"])
    assert (circle.lon_deg, circle.lat_deg, circle.radius_m) == (113.924824, 22.558993, 3000.0)


def test_jiuzhou_is_so_unsure_that_nothing_is_surely_in_it() -> None:
    zone = SHENZHEN["ZGUH01"]
    assert zone.basis is BasisVerification.UNVERIFIED
    answer = zone.containment(lon_deg=113.59634, lat_deg=22.25068)
    assert answer is Containment.WITHIN_TOLERANCE


# Distances of the measures of 2019: for light UAV and for micro.
MEASURES_2019 = {
    ZoneKind.LAND_PORT: (500.0, 200.0),
    ZoneKind.STATE_ORGAN: (500.0, 200.0),
    ZoneKind.NAVIGATION_STATION: (2000.0, 1000.0),
    ZoneKind.RADAR_STATION: (1000.0, 500.0),
    ZoneKind.NUCLEAR_FACILITY: (200.0, 100.0),
    ZoneKind.HAZARDOUS_STORE: (150.0, 100.0),
    ZoneKind.POWER_STATION: (100.0, 50.0),
    ZoneKind.SEA_PORT: (100.0, 50.0),
}
SITES = {  # place, and the radius for light UAV
    "LP01": ((114.1133, 22.5322), 750.0),
    "LP06": ((114.152422, 22.554286), 750.0),
    "SP02": ((113.905, 22.475), 1300.0),
    "SP03": ((113.883, 22.472), 1300.0),
    "SP04": ((113.872, 22.488), 1300.0),
    "SP05": ((113.8535, 22.564), 1800.0),
    "NPP01": ((114.543, 22.597), 600.0),
    "NPP02": ((114.551, 22.605), 800.0),
    "PP01": ((113.872019, 22.481821), 500.0),
    "PP02": ((113.85, 22.51), 500.0),
    "PP03": ((114.44, 22.57), 500.0),
    "PP04": ((113.8547, 22.8386), 500.0),
    "NAV01": ((113.8030, 22.6450), 2000.0),
    "NAV02": ((114.0333, 22.7083), 2000.0),
    "NAV03": ((113.9020, 22.4983), 2000.0),
    "NAV04": ((113.7300, 22.7950), 2000.0),
    "WR01": ((114.002, 22.540), 1000.0),
    "WR02": ((113.86, 22.67), 1000.0),
    "GOV01": ((114.0532, 22.5463), 700.0),
}


@pytest.mark.parametrize("identifier", SITES)
def test_sites_are_circles_round_their_points_nearer_for_micro(identifier: str) -> None:
    zone = SHENZHEN[identifier]
    place, radius_m = SITES[identifier]
    light, micro = circle_of(zone), circle_of(zone, micro=True)
    assert (light.lon_deg, light.lat_deg) == (micro.lon_deg, micro.lat_deg) == place
    light_m, micro_m = MEASURES_2019[zone.kind]
    assert light.radius_m == radius_m >= light_m
    assert light.radius_m - micro.radius_m == light_m - micro_m
    assert zone.restriction is Restriction.REQ_AUTHORIZATION
    assert f"{light_m:.0f}" in zone.name["zh"]


def test_land_ports_have_the_status_of_their_points() -> None:
    ports = [zone for zone in SHENZHEN.zones if zone.kind is ZoneKind.LAND_PORT]
    assert [zone.identifier for zone in ports] == [f"LP{n:02}" for n in range(1, 8)]
    assert {circle_of(zone).radius_m for zone in ports} == {750.0}
    assert {circle_of(zone, micro=True).radius_m for zone in ports} == {450.0}
    derived = [zone.identifier for zone in ports if zone.status is FeatureStatus.DERIVED]
    assert derived == ["LP01", "LP06", "LP07"]


def test_yantian_is_a_box_and_a_rim_round_it() -> None:
    zone = SHENZHEN["SP01"]
    (micro,) = zone.micro_volumes or ()
    middle = (114.275, 22.588)  # of the northern side
    for distance_m, for_light, for_micro in (
        (49, True, True),
        (51, True, False),
        (101, False, False),
    ):
        x, y, _ = KARNEY.fwd(*middle, 0.0, distance_m)
        assert bool(zone.geometry.contains(Point(x, y))) is for_light
        assert bool(micro.geometry.contains(Point(x, y))) is for_micro
    # Its corners are rounded: 80 m to the north and to the east are 113 m.
    x, y, _ = KARNEY.fwd(114.295, 22.588, 45.0, 113.0)
    assert not zone.geometry.contains(Point(x, y))


def test_the_nuclear_base_has_a_wider_ring_that_nobody_verified() -> None:
    zone = SHENZHEN["NPP03"]
    assert circle_of(zone).radius_m == 5000.0
    assert zone.micro_volumes is None
    assert zone.basis is BasisVerification.UNVERIFIED
    for inner in ("NPP01", "NPP02"):
        assert zone.geometry.contains(SHENZHEN[inner].geometry)


def test_the_reservoir_is_for_information_up_to_120_m() -> None:
    zone = SHENZHEN["RES01"]
    assert zone.restriction is Restriction.NO_RESTRICTION
    assert zone.volumes[0].layer.ceiling == Level(120.0, VerticalReference.AGL)


def test_the_made_up_depot_lies_on_the_open_sea() -> None:
    depot = circle_of(zone_of("FUEL01"))
    for area in ("BDY06", "BDY07", "BDY10"):
        nearest = shapely.get_coordinates(SHENZHEN[area].geometry)
        assert geodesic_distance_m([(depot.lon_deg, depot.lat_deg)], nearest).min() > 10_000.0


# What planners would draw


def test_suitable_airspace_is_the_city_without_every_zone_that_asks_anything() -> None:
    free = zone_of("SUIT01")
    assert free.volumes[0].layer.ceiling == Level(120.0, VerticalReference.AGL)
    bound = [
        zone
        for zone in SHENZHEN.zones
        if (zone.country == "CHN" or zone.kind is ZoneKind.JURISDICTION)
        and zone.kind is not ZoneKind.TEMPORARY_CONTROL
        and zone.restriction is not Restriction.NO_RESTRICTION
    ]
    assert len(bound) > 30
    places = np.random.default_rng(1).uniform((113.75, 22.44), (114.63, 22.87), (600, 2))
    city = SHENZHEN["BDY10"].geometry
    frame = SHENZHEN.frame
    taken = shapely.union_all([zone.geometry for zone in bound])
    edges = shapely.transform(shapely.union_all([taken.boundary, city.boundary]), frame.to_plane)
    judged = 0
    for lon, lat in places:
        place = Point(lon, lat)
        # It is drawn with few corners, nowhere outside itself.
        near = edges.distance(Point(frame.to_plane([(lon, lat)])[0])) < 60.0
        expected = bool(city.contains(place) and not taken.contains(place))
        found = bool(free.geometry.contains(place))
        assert found <= expected
        if not near:
            judged += 1
            assert found is expected, (lon, lat)
    assert judged > 500


def test_the_layer_for_micro_reaches_nearer_to_sites() -> None:
    micro, light = zone_of("SUIT02"), zone_of("SUIT01")
    assert micro.volumes[0].layer.ceiling == Level(50.0, VerticalReference.AGL)
    for distance_m, for_light, for_micro in (
        (300, False, False),
        (550, False, True),
        (800, True, True),
    ):
        x, y, _ = KARNEY.fwd(114.0532, 22.5463, 0.0, distance_m)
        assert bool(light.geometry.contains(Point(x, y))) is for_light
        assert bool(micro.geometry.contains(Point(x, y))) is for_micro


def test_grid_cells_are_nine_by_three_layers_round_the_civic_centre() -> None:
    zone = zone_of("GRID01")
    assert len(zone.volumes) == 27
    # The middle one begins at 114 03 08 and 22 32 44, and is 4 seconds wide and high.
    west, south = 114 + 3 / 60 + 8 / 3600, 22 + 32 / 60 + 44 / 3600
    step = 4 / 3600
    box = (west - step, south - step, west + 2 * step, south + 2 * step)
    assert zone.geometry.bounds == pytest.approx(box, abs=1e-8)
    layers = {str(volume.layer) for volume in zone.volumes}
    assert layers == {"SFC - 100 m AGL", "100 m AGL - 200 m AGL", "200 m AGL - 300 m AGL"}
    assert zone.geometry.contains(Point(114.0532, 22.5463))
    assert len(set(read("planned")["grid"]["cells"])) == 9
