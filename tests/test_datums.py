"""Datums: GCJ-02, BD-09 and HK1980 to WGS 84 and back, and GCJ-02 recognised."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from pyproj import Transformer

from lowalt.datums import (
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    hk1980_from_wgs84,
    looks_like_gcj02,
    wgs84_from_bd09,
    wgs84_from_gcj02,
    wgs84_from_hk1980,
)
from lowalt.errors import GeometryError
from lowalt.geodesy import FloatArray, geodesic_direct, geodesic_distance_m

MANY = settings(deadline=None, max_examples=200)

lons = st.floats(113.0, 115.0)
lats = st.floats(21.7, 23.2)
places = st.tuples(lons, lats)
azimuths = st.floats(0.0, 360.0)
Conversion = Callable[[ArrayLike], FloatArray]
CONVERSIONS = [
    bd09_from_gcj02,
    bd09_from_wgs84,
    gcj02_from_bd09,
    gcj02_from_wgs84,
    hk1980_from_wgs84,
    wgs84_from_bd09,
    wgs84_from_gcj02,
    wgs84_from_hk1980,
]


@pytest.mark.parametrize("convert", CONVERSIONS)
def test_many_places_at_once_are_converted_as_one_by_one(convert: Conversion) -> None:
    many = np.random.default_rng(1).uniform([113.0, 21.7], [115.0, 23.2], (50, 2))
    before = many.copy()
    one_by_one = np.vstack([convert([place]) for place in many])
    np.testing.assert_allclose(convert(many), one_by_one, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(many, before)


@pytest.mark.parametrize("convert", CONVERSIONS)
def test_no_places_convert_to_no_places(convert: Conversion) -> None:
    assert convert(np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("convert", CONVERSIONS)
def test_places_of_another_shape_are_refused(convert: Conversion) -> None:
    with pytest.raises(GeometryError, match=r"shape \(2,\).*\(N, 2\)"):
        convert([114.0, 22.5])


# GCJ-02


@pytest.mark.parametrize(
    ("place", "shift"),
    [((113.81, 22.64), (0.005067, -0.002917)), ((114.06, 22.54), (0.005116, -0.002714))],
)
def test_gcj02_displaces_as_measured_elsewhere(
    place: tuple[float, float], shift: tuple[float, float]
) -> None:
    moved = gcj02_from_wgs84([place])[0] - place
    np.testing.assert_allclose(moved, shift, rtol=0, atol=6e-7)


@MANY
@given(places)
def test_gcj02_undone_is_the_same_place(place: tuple[float, float]) -> None:
    back = wgs84_from_gcj02(gcj02_from_wgs84([place]))
    np.testing.assert_allclose(back, [place], rtol=0, atol=1e-9)


NANTOU = (113.924824, 22.558993)
UPPER_HILLS = (114.066750, 22.559550)


@MANY
@given(st.sampled_from([NANTOU, UPPER_HILLS]), azimuths, st.floats(0.0, 55.0))
def test_a_place_read_off_a_gcj02_map_is_noticed(
    known: tuple[float, float], azimuth: float, miss: float
) -> None:
    shown = geodesic_direct(gcj02_from_wgs84([known]), azimuth_deg=azimuth, distance_m=miss)[0]
    found = looks_like_gcj02(lon_deg=shown[0], lat_deg=shown[1], known_points=[NANTOU, UPPER_HILLS])
    assert found == [NANTOU, UPPER_HILLS].index(known)


@pytest.mark.parametrize(("distance", "noticed"), [(59.0, True), (61.0, False)])
def test_the_match_ends_at_60_m(distance: float, noticed: bool) -> None:
    shown = geodesic_direct(gcj02_from_wgs84([NANTOU]), azimuth_deg=45, distance_m=distance)[0]
    found = looks_like_gcj02(lon_deg=shown[0], lat_deg=shown[1], known_points=[NANTOU])
    assert (found is not None) is noticed


def test_a_place_near_a_known_point_is_left_alone_even_where_another_would_be_drawn() -> None:
    drawn = gcj02_from_wgs84([NANTOU])[0]
    beside = geodesic_direct([drawn], azimuth_deg=0, distance_m=299.0)[0]
    apart = geodesic_direct([drawn], azimuth_deg=0, distance_m=301.0)[0]
    lon, lat = drawn
    assert looks_like_gcj02(lon_deg=lon, lat_deg=lat, known_points=[NANTOU, beside]) is None
    assert looks_like_gcj02(lon_deg=lon, lat_deg=lat, known_points=[NANTOU, apart]) == 0


def test_without_known_points_nothing_looks_like_gcj02() -> None:
    empty = np.empty((0, 2))
    assert looks_like_gcj02(lon_deg=113.9, lat_deg=22.5, known_points=empty) is None


# BD-09


def textbook_bd09(lon: float, lat: float) -> tuple[float, float]:
    """One place as a complex number, stretched and turned about the origin."""
    ripple = 3000.0 * math.radians(1.0)
    place = complex(lon, lat)
    stretch = 1.0 + 0.00002 * math.sin(lat * ripple) / abs(place)
    moved = place * cmath.rect(stretch, 0.000003 * math.cos(lon * ripple))
    return moved.real + 0.0065, moved.imag + 0.006


def test_gcj02_and_bd09_draw_tiananmen_where_open_converters_do() -> None:
    # The published example of several independent converters, in JavaScript, Java and Rust.
    given_place = [(116.404, 39.915)]
    np.testing.assert_allclose(
        bd09_from_gcj02(given_place), [(116.41036949371029, 39.92133699351021)], rtol=0, atol=1e-12
    )
    np.testing.assert_allclose(
        gcj02_from_wgs84(given_place), [(116.41024449916938, 39.91640428150164)], rtol=0, atol=1e-12
    )


@MANY
@given(places)
def test_bd09_displaces_as_the_textbook_formula(place: tuple[float, float]) -> None:
    np.testing.assert_allclose(
        bd09_from_gcj02([place]), [textbook_bd09(*place)], rtol=0, atol=1e-12
    )


@MANY
@given(st.floats(73.0, 136.0), st.floats(3.0, 54.0))
def test_bd09_undone_is_the_same_place_all_over_the_country(lon: float, lat: float) -> None:
    back = gcj02_from_bd09([textbook_bd09(lon, lat)])
    np.testing.assert_allclose(back, [(lon, lat)], rtol=0, atol=1e-12)


@MANY
@given(places)
def test_bd09_to_wgs84_goes_through_gcj02(place: tuple[float, float]) -> None:
    shown = textbook_bd09(*gcj02_from_wgs84([place])[0])
    np.testing.assert_allclose(bd09_from_wgs84([place]), [shown], rtol=0, atol=1e-12)
    np.testing.assert_allclose(wgs84_from_bd09([shown]), [place], rtol=0, atol=1e-9)


def test_the_civic_centre_read_off_a_baidu_map_is_the_civic_centre() -> None:
    # Known to 200 m only, which is enough to tell the three datums apart.
    baidu, known = [(114.064478, 22.549528)], [(114.0532, 22.5463)]
    assert geodesic_distance_m(wgs84_from_bd09(baidu), known)[0] < 200.0
    assert geodesic_distance_m(gcj02_from_bd09(baidu), known)[0] > 500.0
    assert geodesic_distance_m(baidu, known)[0] > 1000.0


# HK1980


def test_hk1980_moves_the_boundary_of_1898_to_that_of_order_221() -> None:
    degrees_of_1898 = [(113 + 52 / 60, 22 + 9 / 60)]
    order_221 = [(113 + 52 / 60 + 8.8 / 3600, 22 + 8 / 60 + 54.5 / 3600)]
    np.testing.assert_allclose(wgs84_from_hk1980(degrees_of_1898), order_221, rtol=0, atol=1e-12)


@MANY
@given(st.floats(113.82, 114.51), st.floats(22.13, 22.58))
def test_the_hk1980_shift_is_within_3_m_of_the_full_transformation(lon: float, lat: float) -> None:
    full = Transformer.from_crs(4611, 4326, always_xy=True)
    miss_m = geodesic_distance_m(wgs84_from_hk1980([(lon, lat)]), [full.transform(lon, lat)])
    assert miss_m[0] < 3.0


def test_the_hk1980_shift_is_near_1_m_from_the_full_transformation_in_kowloon() -> None:
    full = Transformer.from_crs(4611, 4326, always_xy=True).transform(114.17, 22.32)
    assert geodesic_distance_m(wgs84_from_hk1980([(114.17, 22.32)]), [full])[0] < 1.1


@MANY
@given(places)
def test_hk1980_undone_is_the_same_place(place: tuple[float, float]) -> None:
    np.testing.assert_allclose(
        hk1980_from_wgs84(wgs84_from_hk1980([place])), [place], rtol=0, atol=1e-12
    )
