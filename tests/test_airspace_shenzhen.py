"""The Shenzhen dataset: rebuilt from its facts, and checked against published numbers."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import shapely
from airspace_data.shenzhen import build
from airspace_data.shenzhen.build import build_features
from airspace_data.shenzhen.recipes.facts import honest_status
from pyproj import Geod, Proj
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import (
    BasisVerification,
    Circle,
    Containment,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Zone,
    load_airspace,
)
from lowalt.geodesy import geodesic_distance_m
from lowalt.terms import Notice, ZoneKind

KARNEY = Geod(ellps="WGS84")
CHINA = timezone(timedelta(hours=8))
SHENZHEN = load_airspace("shenzhen")


BUILT = {"volumes", "micro_volumes", "geometry", "less_accurate", "line", "points"}


def shapes_of(feature: Feature) -> list[BaseGeometry]:
    """What was computed, to be compared with a tolerance."""
    if isinstance(feature, Zone):
        return [v.geometry for v in (*feature.volumes, *(feature.micro_volumes or ()))]
    if isinstance(feature, Corridor):
        return [v.geometry for v in feature.volumes]
    return [feature.line] if isinstance(feature, Line) else []


def circle_of(zone: Zone) -> Circle:
    (volume,) = zone.volumes
    assert isinstance(volume.shape, Circle)
    return volume.shape


def area_km2(identifier: str) -> float:
    return abs(float(KARNEY.geometry_area_perimeter(SHENZHEN[identifier].geometry)[0])) / 1e6


# The file and its facts


def test_the_file_is_what_its_facts_build() -> None:
    # Libraries may differ in the last decimal of a degree (1 mm), so numbers are compared to two
    # of them and all else exactly.
    rebuilt = build_features()
    assert [f.identifier for f in rebuilt] == [f.identifier for f in SHENZHEN.features]
    for fresh, kept in zip(rebuilt, SHENZHEN.features, strict=True):
        assert type(fresh) is type(kept)
        for mine, theirs in zip(shapes_of(fresh), shapes_of(kept), strict=True):
            assert shapely.equals_exact(mine, theirs, tolerance=2e-8)
        same = [f.name for f in fields(fresh) if f.name not in BUILT]
        assert [getattr(fresh, name) for name in same] == [getattr(kept, name) for name in same]


def test_the_check_notices_a_file_that_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TARGET", tmp_path / "zones.geojson")
    assert build.main(["--check"]) == 1
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    (tmp_path / "zones.geojson").write_bytes(
        build.TARGET.read_bytes().replace(b"ZGNT01", b"ZGNT02")
    )
    assert build.main(["--check"]) == 1


def test_every_zone_has_names_sources_and_a_citation() -> None:
    for zone in SHENZHEN.zones:
        assert zone.name["zh"], zone.identifier
        assert zone.name["en"], zone.identifier
        assert zone.authority["zh"], zone.identifier
        assert zone.remarks["en"], zone.identifier
        assert zone.citation, zone.identifier
        assert zone.sources, zone.identifier
        assert all(zone.sources), zone.identifier
        assert len(zone.identifier) <= 7
    assert len({zone.identifier for zone in SHENZHEN.zones}) == len(SHENZHEN.zones)


def test_what_the_dataset_does_not_hold_is_said_in_both_languages() -> None:
    for texts in (SHENZHEN.coverage, SHENZHEN.disclaimer, SHENZHEN.remarks, SHENZHEN.title):
        assert texts["zh"]
        assert texts["en"]
    assert "article 19" in SHENZHEN.coverage["en"]


def test_a_derived_zone_smaller_than_its_point_error_is_demoted() -> None:
    derived, drawn = FeatureStatus.DERIVED, FeatureStatus.ILLUSTRATIVE
    assert honest_status(derived, point_error_m=500.0, radius_m=100.0) is drawn
    assert honest_status(derived, point_error_m=100.0, radius_m=100.0) is derived
    authoritative = FeatureStatus.AUTHORITATIVE
    assert honest_status(authoritative, point_error_m=500.0, radius_m=1.0) is authoritative


def test_no_derived_circle_is_smaller_than_its_accuracy() -> None:
    for zone in SHENZHEN.zones:
        circles = [v.shape for v in zone.volumes if isinstance(v.shape, Circle)]
        if zone.status is FeatureStatus.DERIVED:
            assert all(zone.accuracy_m <= c.radius_m for c in circles), zone.identifier


# Aerodromes


@pytest.mark.parametrize(("identifier", "published_km2"), [("ZGSZ01", 312.35), ("ZGSZ02", 317.76)])
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


# Ports and heliport


def test_land_ports_are_circles_of_750_m_with_the_status_of_their_points() -> None:
    ports = [zone for zone in SHENZHEN.zones if zone.kind is ZoneKind.LAND_PORT]
    assert [zone.identifier for zone in ports] == [f"LP{n:02}" for n in range(1, 8)]
    assert {circle_of(zone).radius_m for zone in ports} == {750.0}
    derived = [zone.identifier for zone in ports if zone.status is FeatureStatus.DERIVED]
    assert derived == ["LP01", "LP06", "LP07"]


def test_nantou_is_a_circle_of_3_km() -> None:
    circle = circle_of(SHENZHEN["ZGNT01"])
    assert (circle.lon_deg, circle.lat_deg, circle.radius_m) == (113.924824, 22.558993, 3000.0)


# Boundaries


@pytest.mark.parametrize(
    ("identifier", "place", "answer"),
    [
        ("BDY06", (114.17, 22.28), Containment.INSIDE),  # Hong Kong Island
        ("BDY06", (114.0571, 22.5431), Containment.OUTSIDE),  # Futian
        ("BDY06", (114.1133, 22.5322), Containment.WITHIN_TOLERANCE),  # Luohu bridge
        (
            "BDY06",
            (113 + 52 / 60 + 8.8 / 3600, 22.38),
            Containment.WITHIN_TOLERANCE,
        ),  # on the line P8-P9
        ("BDY06", (113.8692, 22.38), Containment.INSIDE),  # 9 m east of it
        ("BDY07", (113.55, 22.19), Containment.INSIDE),
        ("BDY07", (113.55, 22.24), Containment.OUTSIDE),  # Zhuhai
    ],
)
def test_jurisdictions_know_their_places(
    identifier: str, place: tuple[float, float], answer: Containment
) -> None:
    lon, lat = place
    assert SHENZHEN[identifier].containment(lon_deg=lon, lat_deg=lat) is answer


def test_all_boundary_points_are_there_as_the_orders_print_them() -> None:
    hong_kong = shapely.get_coordinates(SHENZHEN["BDY06"].geometry)
    p8 = (113 + 52 / 60 + 8.8 / 3600, 22 + 25 / 60 + 43.7 / 3600)
    assert np.abs(hong_kong - p8).max(axis=1).min() < 1e-8
    assert area_km2("BDY06") == pytest.approx(2754.97, rel=0.003)  # land and sea, as published
    assert area_km2("BDY07") == pytest.approx(32.9 + 85.0, rel=0.05)


def test_hong_kong_is_exact_but_for_the_stretch_without_published_points() -> None:
    zone = SHENZHEN["BDY06"]
    assert zone.uncertainty_m == 0.0
    assert [part.accuracy_m for part in zone.less_accurate] == [100.0, 550.0, 600.0, 1000.0]
    for part in zone.less_accurate:
        assert zone.geometry.boundary.buffer(1e-7).covers(part.line)
    p6 = shapely.get_coordinates(zone.less_accurate[-1].line)[-1]
    assert p6 == pytest.approx([113.995056, 22.510064], abs=1e-6)


# Outlines and temporary control


@pytest.mark.parametrize(
    ("identifier", "place"),
    [
        ("BDY10", (114.10, 22.65)),
        ("BDY11", (113.94, 22.56)),
        ("BDY12", (114.05, 22.545)),
        ("BDY13", (113.83, 22.66)),
    ],
)
def test_outlines_hold_the_middle_of_their_area(
    identifier: str, place: tuple[float, float]
) -> None:
    lon, lat = place
    zone = SHENZHEN[identifier]
    assert zone.containment(lon_deg=lon, lat_deg=lat) is Containment.INSIDE
    assert zone.status is FeatureStatus.ILLUSTRATIVE
    assert zone.accuracy_m >= 1000.0


def windows(identifier: str) -> list[tuple[str, str]]:
    return [
        (window.start.strftime("%m-%d %H"), window.end.strftime("%m-%d %H"))
        for window in SHENZHEN[identifier].schedule.windows or ()
    ]


def test_temporary_control_has_the_windows_of_its_notices() -> None:
    assert windows("TMP01") == [("06-28 00", "07-04 00")]
    assert windows("TMP02") == [
        ("11-02 00", "11-03 00"),
        ("11-15 00", "11-22 00"),  # the 15th, and 16 to 21 November
        ("11-29 00", "11-30 00"),
        ("12-07 00", "12-08 00"),
        ("12-10 00", "12-16 00"),
    ]
    assert windows("TMP03") == [("11-02 00", "11-03 00"), ("12-07 00", "12-08 00")]
    assert windows("TMP04") == [
        ("11-16 00", "11-22 00"),
        ("12-07 00", "12-08 00"),
        ("12-10 00", "12-16 00"),
    ]
    closing = [("11-21 18", "11-22 00"), ("12-15 18", "12-16 00")]
    assert windows("TMP05") == closing
    assert windows("TMP06") == closing


def test_temporary_zones_name_their_notice_and_take_the_accuracy_of_the_outline() -> None:
    expected = {
        "TMP01": (Notice.HANDOVER_2022, "BDY10"),
        "TMP02": (Notice.NATIONAL_GAMES_2025, "BDY11"),
        "TMP03": (Notice.NATIONAL_GAMES_2025, "BDY12"),
        "TMP04": (Notice.NATIONAL_GAMES_2025, "BDY13"),
        "TMP05": (Notice.NATIONAL_GAMES_2025_CLOSING, "BDY11"),
        "TMP06": (Notice.NATIONAL_GAMES_2025_CLOSING, "BDY13"),
    }
    temporary = [zone for zone in SHENZHEN.zones if zone.kind is ZoneKind.TEMPORARY_CONTROL]
    assert [zone.identifier for zone in temporary] == list(expected)
    for zone in temporary:
        notice, area = expected[zone.identifier]
        assert zone.notice is notice
        assert zone.accuracy_m == SHENZHEN[area].accuracy_m
        assert zone.geometry == SHENZHEN[area].geometry
        assert zone.basis is BasisVerification.VERIFIED
        assert zone.status is FeatureStatus.ILLUSTRATIVE
