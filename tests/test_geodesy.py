"""Geodesy: frames and distances against Karney's geodesics, covering arcs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import Point, Polygon

from lowalt.errors import GeometryError
from lowalt.geodesy import (
    COVERING_OVERSHOOT_M,
    LocalFrame,
    arc_centre,
    arc_points,
    circle_ring,
    densify_geodesic,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)

KARNEY = Geod(ellps="WGS84")
FRAME = LocalFrame(114.0)
MANY = settings(deadline=None, max_examples=200)

lons = st.floats(113.0, 115.0)
lats = st.floats(21.7, 23.2)
places = st.tuples(lons, lats)
azimuths = st.floats(0.0, 360.0)


def on_the_ground_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(FRAME.ground_distance_m(FRAME.to_plane([a]), FRAME.to_plane([b]))[0])


def karney_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(KARNEY.inv(*a, *b)[2])


# Frames


def test_plane_coordinates_are_those_of_the_114_degree_belt() -> None:
    # 10 289.63 m east and 3.44 m above the meridian's northing: a parallel bends northwards.
    xy = FRAME.to_plane([[114.0, 22.5], [114.1, 22.5]])
    np.testing.assert_allclose(
        xy, [[0.0, 2_489_167.3112], [10_289.6287, 2_489_170.7474]], rtol=0, atol=1e-3
    )


@MANY
@given(places)
def test_plane_and_back_is_the_same_place(place: tuple[float, float]) -> None:
    np.testing.assert_allclose(
        FRAME.to_lonlat(FRAME.to_plane([place])), [place], rtol=0, atol=1e-11
    )


@MANY
@given(st.floats(112.56, 115.44), lats)
def test_scale_is_that_of_the_projection_to_1e_9(lon: float, lat: float) -> None:
    proj = Proj("+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=0 +y_0=0 +ellps=WGS84")
    exact = proj.get_factors(lon, lat).meridional_scale
    assert FRAME.scale(FRAME.to_plane([[lon, lat]]))[0] == pytest.approx(exact, abs=1e-9, rel=0)


def test_a_scale_on_the_meridian_is_that_of_the_whole_plane() -> None:
    proj = Proj("+proj=tmerc +lat_0=0 +lon_0=114 +k=0.9996 +x_0=0 +y_0=0 +ellps=WGS84")
    shrunk, places = LocalFrame(114.0, scale_on_meridian=0.9996), np.array([[115.2, 22.6]])
    xy = shrunk.to_plane(places)
    np.testing.assert_allclose(xy, [proj(115.2, 22.6)], rtol=0, atol=1e-6)
    np.testing.assert_allclose(shrunk.to_lonlat(xy), places, rtol=0, atol=1e-11)
    exact = proj.get_factors(115.2, 22.6).meridional_scale
    assert shrunk.scale(xy)[0] == pytest.approx(exact, abs=1e-9, rel=0)


@MANY
@given(places, azimuths, st.floats(0.0, 20_000.0))
def test_ground_distance_is_the_geodesic_to_1_mm_up_to_20_km(
    a: tuple[float, float], azimuth: float, distance: float
) -> None:
    lon, lat, _ = KARNEY.fwd(*a, azimuth, distance)
    b = (float(np.clip(lon, 113.0, 115.0)), float(np.clip(lat, 21.7, 23.2)))
    assert abs(on_the_ground_m(a, b) - karney_m(a, b)) < 0.001


@MANY
@given(places, azimuths, st.floats(20_000.0, 80_000.0))
def test_ground_distance_is_the_geodesic_to_1_cm_up_to_80_km(
    a: tuple[float, float], azimuth: float, distance: float
) -> None:
    lon, lat, _ = KARNEY.fwd(*a, azimuth, distance)
    b = (float(np.clip(lon, 113.0, 115.0)), float(np.clip(lat, 21.7, 23.2)))
    assert abs(on_the_ground_m(a, b) - karney_m(a, b)) < 0.01


def test_plane_distance_without_the_scale_would_be_wrong_by_metres() -> None:
    a, b = FRAME.to_plane([[115.0, 22.0]]), FRAME.to_plane([[115.0, 22.5]])
    excess_m = math.hypot(*(b - a)[0]) - karney_m((115.0, 22.0), (115.0, 22.5))
    assert excess_m == pytest.approx(7.3, abs=0.2)


def test_points_of_another_shape_are_refused() -> None:
    with pytest.raises(GeometryError, match=r"shape \(2,\).*\(N, 2\)"):
        FRAME.to_plane([114.0, 22.5])


def test_many_places_at_once_are_projected_as_one_by_one() -> None:
    many = np.random.default_rng(1).uniform([113.0, 21.7], [115.0, 23.2], (50, 2))
    one_by_one = np.vstack([FRAME.to_plane([place]) for place in many])
    np.testing.assert_array_equal(FRAME.to_plane(many), one_by_one)


# Geodesics


def test_distance_between_two_airports_is_that_of_karney() -> None:
    bao_an, hong_kong = (113.81167, 22.63833), (113.91472, 22.30889)
    assert geodesic_distance_m([bao_an], [hong_kong])[0] == karney_m(bao_an, hong_kong)
    assert karney_m(bao_an, hong_kong) == pytest.approx(37_991.4, abs=0.1)


@MANY
@given(places, azimuths, st.floats(1.0, 80_000.0))
def test_going_a_distance_arrives_that_far_away(
    a: tuple[float, float], azimuth: float, distance: float
) -> None:
    b = geodesic_direct([a], azimuth_deg=azimuth, distance_m=distance)
    assert geodesic_distance_m([a], b)[0] == pytest.approx(distance, abs=1e-6)
    turn = (geodesic_azimuth_deg([a], b)[0] - azimuth + 180.0) % 360.0 - 180.0
    assert math.radians(abs(turn)) * distance < 1e-5


@MANY
@given(places, places)
def test_a_densified_edge_reads_the_same_in_degrees_plane_and_geodesic(
    a: tuple[float, float], b: tuple[float, float]
) -> None:
    line = densify_geodesic([a, b])
    starts, ends = line[:-1], line[1:]
    azimuth, _, length = KARNEY.inv(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    assert np.all(length <= 1000.0 + 1e-6)
    in_degrees = (starts + ends) / 2.0
    half_m = np.asarray(length) / 2.0
    on_geodesic = np.column_stack(KARNEY.fwd(starts[:, 0], starts[:, 1], azimuth, half_m)[:2])
    # Offsets sideways from the chord in the plane, which is the third reading.
    chord = FRAME.to_plane(ends) - FRAME.to_plane(starts)
    norm = np.hypot(*chord.T)
    side = np.column_stack((-chord[:, 1], chord[:, 0])) / np.where(norm > 0, norm, 1.0)[:, None]
    offsets = [
        ((FRAME.to_plane(middle) - FRAME.to_plane(starts)) * side).sum(axis=1)
        for middle in (in_degrees, on_geodesic)
    ]
    readings = np.column_stack((*offsets, np.zeros(len(chord))))
    assert np.all(np.ptp(readings, axis=1) < 0.01)


def test_an_edge_of_10_km_left_alone_would_differ_by_80_cm() -> None:
    a, b = np.array([114.0, 22.5]), geodesic_direct([[114.0, 22.5]], azimuth_deg=90, distance_m=1e4)
    azimuth, _, length = KARNEY.inv(*a, *b[0])
    lat = KARNEY.fwd(a[0], a[1], azimuth, length / 2.0)[1]
    assert abs(lat - (a[1] + b[0, 1]) / 2.0) * 110_700.0 == pytest.approx(0.81, abs=0.03)


def test_densifying_keeps_the_points_given() -> None:
    given_points = np.array([[113.9, 22.5], [114.0, 22.5], [114.0, 22.6], [114.0, 22.6]])
    line = densify_geodesic(given_points)
    kept = {tuple(point) for point in line}
    assert all(tuple(point) in kept for point in given_points)
    assert len(line) == 11 + 12 + 1 + 1


# Covering circles and arcs


@MANY
@given(places, st.floats(1.0, 20_000.0))
def test_a_circle_ring_covers_its_circle_and_overshoots_5_mm_at_most(
    centre: tuple[float, float], radius: float
) -> None:
    ring = circle_ring(lon_deg=centre[0], lat_deg=centre[1], radius_m=radius)
    polygon = Polygon(ring)
    assert polygon.is_valid
    assert polygon.exterior.is_ccw
    corners_m = geodesic_distance_m([centre], ring)
    sides_m = geodesic_distance_m([centre], (ring[:-1] + ring[1:]) / 2.0)
    assert corners_m.max() <= radius + COVERING_OVERSHOOT_M + 1e-6
    assert sides_m.min() >= radius
    around = np.linspace(0.0, 360.0, 50)
    lon, lat, _ = KARNEY.fwd(
        np.full(50, centre[0]), np.full(50, centre[1]), around, np.full(50, radius)
    )
    assert all(polygon.contains(Point(point)) for point in zip(lon, lat, strict=True))


@MANY
@given(
    places,
    st.floats(500.0, 20_000.0),
    azimuths,
    st.floats(1.0, 170.0),
    st.sampled_from(["left", "right"]),
)
def test_the_centre_of_an_arc_is_found_from_its_ends_and_side(
    centre: tuple[float, float], radius: float, start: float, sweep: float, bulges: str
) -> None:
    end = start + sweep if bulges == "left" else start - sweep
    first, last = (KARNEY.fwd(*centre, azimuth, radius)[:2] for azimuth in (start, end))
    found = arc_centre(first, last, radius_m=radius, bulges=bulges)
    # How far the centre is fixed by its two ends weakens as they close in on each other.
    assert karney_m(found, centre) <= 1e-6 / math.sin(math.radians(sweep) / 2.0) ** 2
    assert karney_m(found, first) == pytest.approx(radius, abs=1e-5)


@MANY
@given(places, st.floats(200.0, 20_000.0), azimuths, st.floats(1.0, 359.0), st.booleans())
def test_a_line_covers_an_arc_from_either_side(
    centre: tuple[float, float], radius: float, start: float, sweep: float, from_outside: bool
) -> None:
    arc = arc_points(
        centre,
        radius_m=radius,
        start_azimuth_deg=start,
        end_azimuth_deg=start + sweep,
        from_outside=from_outside,
    )
    corners_m = geodesic_distance_m([centre], arc)
    sides_m = geodesic_distance_m([centre], (arc[:-1] + arc[1:]) / 2.0)
    if from_outside:
        assert corners_m.max() <= radius + COVERING_OVERSHOOT_M + 1e-6
        assert sides_m.min() >= radius - 1e-6
    else:
        assert corners_m.max() <= radius + 1e-6
        assert sides_m.min() >= radius - COVERING_OVERSHOOT_M - 0.001 - 1e-6


def test_an_arc_can_be_given_by_its_azimuths() -> None:
    arc = arc_points((113.9, 22.5), radius_m=7070.0, start_azimuth_deg=350, end_azimuth_deg=20)
    directions = geodesic_azimuth_deg([(113.9, 22.5)], arc)
    assert directions[0] == pytest.approx(-10.0)
    assert directions[-1] == pytest.approx(20.0)
    assert np.all(np.diff(directions) > 0)
    other_way = arc_points(
        (113.9, 22.5),
        radius_m=7070.0,
        start_azimuth_deg=350,
        end_azimuth_deg=20,
        clockwise=False,
    )
    assert len(other_way) == pytest.approx(11 * len(arc), rel=0.02)


def test_an_arc_whose_ends_lie_too_far_apart_is_refused() -> None:
    with pytest.raises(GeometryError, match="no longer than twice the radius"):
        arc_centre((113.9, 22.5), (114.1, 22.5), radius_m=10_000.0, bulges="left")
