"""Boundaries of the Shenzhen dataset: jurisdictions, lines, strips, limits of the sea."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from pyproj import Geod, Proj
from shapely.geometry import LineString, MultiLineString, Point, Polygon

from lowalt.airspace import (
    BasisVerification,
    Containment,
    FeatureStatus,
    Line,
    Restriction,
    load_airspace,
)
from lowalt.terms import LineKind

KARNEY = Geod(ellps="WGS84")
SHENZHEN = load_airspace("shenzhen")


def area_km2(identifier: str) -> float:
    return abs(float(KARNEY.geometry_area_perimeter(SHENZHEN[identifier].geometry)[0])) / 1e6


def line_of(identifier: str) -> Line:
    line = SHENZHEN.feature(identifier)
    assert isinstance(line, Line)
    return line


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


# Lines


def test_the_two_boundaries_as_lines_are_the_edges_of_the_two_areas() -> None:
    whole = shapely.union_all([line_of("BDY01A").line, line_of("BDY01B").line])
    for lines, area in ((whole, "BDY06"), (line_of("BDY02").line, "BDY07")):
        edge = SHENZHEN[area].geometry.boundary
        assert shapely.hausdorff_distance(lines, edge) < 3e-8
    assert line_of("BDY01A").status is FeatureStatus.AUTHORITATIVE
    assert line_of("BDY01B").status is FeatureStatus.DERIVED
    assert line_of("BDY01B").accuracy_m == 1000.0
    p6, p1 = (113.995056, 22.510064), (114.226347, 22.543669)
    ends = shapely.get_coordinates(line_of("BDY01A").line)[[0, -1]]
    assert ends == pytest.approx(np.array([p6, p1]), abs=1e-6)


def test_the_fir_boundary_runs_along_the_north_of_both() -> None:
    fir = line_of("BDY05")
    assert fir.kind is LineKind.FIR_BOUNDARY
    assert fir.basis is BasisVerification.VERIFIED
    assert isinstance(fir.line, MultiLineString)
    hong_kong, macao = fir.line.geoms
    for part, area in ((hong_kong, "BDY06"), (macao, "BDY07")):
        assert SHENZHEN[area].geometry.boundary.buffer(1e-7).covers(part)
    # From Mirs Bay, 22.545 N 114.455 E, to the corner of Deep Bay, 22.429 N 113.869 E.
    assert hong_kong.coords[0] == pytest.approx((114.455139, 22.544972), abs=1e-6)
    assert hong_kong.coords[-1] == pytest.approx((113.869111, 22.428806), abs=1e-6)
    south_m = shapely.get_coordinates(hong_kong)[:, 1].min()
    assert south_m > 22.42


def test_limits_of_the_sea_join_the_boundary_of_hong_kong() -> None:
    west, east = line_of("BDY08").line, line_of("BDY09").line
    assert west.coords[0] == pytest.approx((113.754167, 22.739167))
    assert west.coords[-1] == pytest.approx((113.869111, 22.428806), abs=1e-6)  # point 8
    assert east.coords[-1] == pytest.approx((114.883333, 22.148472))
    assert east.coords[-1][1] == pytest.approx(22.148472, abs=1e-6)  # the parallel of point 21
    for line in (line_of("BDY08"), line_of("BDY09")):
        assert line.basis is BasisVerification.UNVERIFIED


# Strips

# Points of Order 221 that bound Hong Kong at sea where Shenzhen's sea meets it.
WESTERN = (
    (113.995056, 22.510064),
    (113.947806, 22.472358),
    (113.869111, 22.428806),
    (113.869111, 22.333333),
    (113.847389, 22.273111),
)
EASTERN = (
    (114.502444, 22.365139),
    (114.454889, 22.468722),
    (114.455139, 22.544972),
    (114.433972, 22.562000),
    (114.332972, 22.568333),
    (114.309083, 22.566667),
)


def beside(a: tuple[float, float], b: tuple[float, float], distance_m: float, side: float) -> Point:
    """Place so far from the middle of a geodesic, to its right if side is positive."""
    lon, lat = KARNEY.npts(*a, *b, 1)[0]
    azimuth, _, _ = KARNEY.inv(lon, lat, *b)
    x, y, _ = KARNEY.fwd(lon, lat, azimuth + 90.0 * side, distance_m)
    return Point(x, y)


@pytest.mark.parametrize(
    ("a", "b", "shenzhen"),
    # Both lead northwards about Hong Kong, or southwards; Shenzhen is to the right or the left.
    [*((a, b, 1.0) for a, b in pairwise(WESTERN)), *((a, b, 1.0) for a, b in pairwise(EASTERN))],
)
def test_strips_lie_on_shenzhens_side_and_are_as_wide_as_they_say(
    a: tuple[float, float], b: tuple[float, float], shenzhen: float
) -> None:
    micro, light = SHENZHEN["BDY03"], SHENZHEN["BDY04"]
    assert not SHENZHEN["BDY06"].geometry.contains(beside(a, b, 5.0, shenzhen))
    inside = {50.0: (True, True), 99.0: (True, True), 101.0: (False, True)}
    inside |= {499.0: (False, True), 501.0: (False, False)}
    for distance_m, expected in inside.items():
        place = beside(a, b, distance_m, shenzhen)
        found = tuple(bool(zone.geometry.contains(place)) for zone in (micro, light))
        assert found == expected, distance_m
        there = beside(a, b, distance_m, -shenzhen)
        assert not micro.geometry.contains(there)
        assert not light.geometry.contains(there)
    # The line is printed to 3 m, and so are the edges of the strips known.
    for distance_m, answer in (
        (496.0, Containment.INSIDE),
        (499.0, Containment.WITHIN_TOLERANCE),
        (501.0, Containment.WITHIN_TOLERANCE),
        (504.0, Containment.OUTSIDE),
    ):
        place = beside(a, b, distance_m, shenzhen)
        assert light.containment(lon_deg=place.x, lat_deg=place.y) is answer, distance_m


def test_strips_agree_with_distances_to_the_whole_line() -> None:
    # Distances in an azimuthal equidistant plane about each place, which are exact from there.
    places = np.random.default_rng(2).uniform((113.83, 22.40), (114.52, 22.58), (4000, 2))
    area = SHENZHEN["BDY06"].geometry
    assert isinstance(area, Polygon)
    near = [p for p in places if area.boundary.distance(Point(p)) < 0.007]
    assert len(near) > 150
    for lon, lat in near:
        proj = Proj(f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84")
        edge = LineString(np.column_stack(proj(*shapely.get_coordinates(area.exterior).T)))
        distance_m = edge.distance(Point(0.0, 0.0))
        outside = not area.contains(Point(lon, lat))
        for identifier, width_m in (("BDY03", 100.0), ("BDY04", 500.0)):
            if abs(distance_m - width_m) > 0.1:
                found = SHENZHEN[identifier].geometry.contains(Point(lon, lat))
                assert bool(found) is (outside and distance_m < width_m), (lon, lat)


def test_there_is_no_strip_where_the_sea_is_not_shenzhens() -> None:
    south = ((114.236000, 22.148472), (113.939556, 22.148472))  # points 18 and 17
    west = ((113.817111, 22.217056), (113.832389, 22.183861))  # points 13 and 14
    for a, b in (south, west):
        for side in (-1.0, 1.0):
            place = beside(a, b, 50.0, side)
            answer = SHENZHEN["BDY04"].containment(lon_deg=place.x, lat_deg=place.y)
            assert answer is Containment.OUTSIDE


@pytest.mark.parametrize("identifier", ["BDY03", "BDY04"])
def test_along_the_rivers_nothing_is_surely_in_a_strip_nor_surely_out_of_it(
    identifier: str,
) -> None:
    zone = SHENZHEN[identifier]
    width_m = {"BDY03": 100.0, "BDY04": 500.0}[identifier]
    # A straight piece of the Shenzhen River as Natural Earth draws it, known to 600 m.
    a, b = (114.1085, 22.5346), (114.0905, 22.5346)
    answers = {
        width_m / 2.0: Containment.WITHIN_TOLERANCE,
        width_m + 590.0: Containment.WITHIN_TOLERANCE,
        width_m + 610.0: Containment.OUTSIDE,
    }
    for distance_m, answer in answers.items():
        place = beside(a, b, distance_m, 1.0)  # northwards, for the line leads west
        assert zone.containment(lon_deg=place.x, lat_deg=place.y) is answer, distance_m
    for distance_m, answer in ((590.0, Containment.WITHIN_TOLERANCE), (610.0, Containment.OUTSIDE)):
        place = beside(a, b, distance_m, -1.0)
        assert zone.containment(lon_deg=place.x, lat_deg=place.y) is answer, -distance_m


def test_the_strip_of_500_m_spares_micro_and_that_of_100_m_does_not() -> None:
    micro, light = SHENZHEN["BDY03"], SHENZHEN["BDY04"]
    assert micro.micro_volumes is None
    assert light.micro_volumes == ()
    assert light.geometry.buffer(1e-7).covers(micro.geometry)
    for zone in (micro, light):
        assert zone.restriction is Restriction.REQ_AUTHORIZATION
        assert zone.basis is BasisVerification.PARTLY
