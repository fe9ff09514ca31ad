"""Obstacle limitation surfaces: the tables, the shapes, the heights, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod

from lowalt.airspace.aerodromes import Runway
from lowalt.airspace.obstacles.dimensions import (
    APPROACH_TABLE,
    TAKE_OFF_TABLE,
    Edition,
    RunwayClass,
    RunwayData,
)
from lowalt.airspace.obstacles.shapes import Surface
from lowalt.airspace.obstacles.surfaces import AerodromeSurfaces
from lowalt.errors import GeometryError, InvalidInputError, LowaltError

FloatArray = NDArray[np.float64]
WGS84 = Geod(ellps="WGS84")
BAOAN = (113.8105, 22.6393)

# Shenzhen/Bao'an, longitude and latitude of the ends (OurAirports, 2026-08-22): 5 to 30 m off.
RUNWAY_1 = Runway((113.80300, 22.65300), (113.81800, 22.62560))
RUNWAY_2 = Runway((113.784851, 22.654461), (113.801620, 22.623880))
RUNWAY_3 = Runway((113.776337, 22.659056), (113.792221, 22.630083))


def runway(ends: Runway, **fields: Any) -> RunwayData:
    plain: dict[str, Any] = {
        "designation": "test",
        "runway": ends,
        "elevations_amsl_m": (4.0, 4.0),
        "code_number": 4,
        "classification": RunwayClass.PRECISION_I,
    }
    return RunwayData(**(plain | fields))


def aerodrome(*runways: RunwayData, datum_m: float = 4.0, **fields: Any) -> AerodromeSurfaces:
    return AerodromeSurfaces.of(runways, aerodrome_elevation_amsl_m=datum_m, **fields)


SHENZHEN = aerodrome(
    runway(RUNWAY_1, designation="15/33"),
    runway(RUNWAY_2, designation="16L/34R"),
    runway(RUNWAY_3, designation="16R/34L"),
)


# --- an independent ruler: geodesics by pyproj


class Ruler:
    """A straight runway laid out by geodesics, and places by metres along and to its right."""

    def __init__(self, middle: tuple[float, float], *, azimuth_deg: float, length_m: float) -> None:
        self.middle, self.azimuth_deg, self.length_m = middle, azimuth_deg, length_m

    @property
    def ends(self) -> Runway:
        (low, high) = (self.foot(side * self.length_m / 2.0)[0] for side in (-1.0, 1.0))
        return Runway(low, high)

    def foot(self, along_m: float) -> tuple[tuple[float, float], float]:
        """Give a place of the centre line, and the direction of the line there."""
        ahead = along_m >= 0.0
        lon, lat, back_deg = WGS84.fwd(
            *self.middle, self.azimuth_deg + (0.0 if ahead else 180.0), abs(along_m)
        )
        return (lon, lat), back_deg + (180.0 if ahead else 0.0)

    def at(self, along_m: float, aside_m: float = 0.0) -> tuple[float, float]:
        place, direction_deg = self.foot(along_m)
        lon, lat, _ = WGS84.fwd(*place, direction_deg + 90.0, aside_m)
        return lon, lat

    def beyond(self, out_m: float, aside_m: float = 0.0) -> tuple[float, float]:
        """Give a place beyond the high end."""
        return self.at(self.length_m / 2.0 + out_m, aside_m)


LEVEL = Ruler(BAOAN, azimuth_deg=153.0, length_m=3400.0)
ONE = aerodrome(runway(LEVEL.ends))


def limit(surfaces: AerodromeSurfaces, *places: tuple[float, float]) -> list[float]:
    return [float(height_m) for height_m in surfaces.limit_amsl_m(np.array(places))]


def above(surfaces: AerodromeSurfaces, place: tuple[float, float]) -> dict[Surface, float]:
    found = surfaces.explain(lon_deg=place[0], lat_deg=place[1])
    assert len({one.surface for one in found}) == len(found)
    return {one.surface: one.limit_amsl_m for one in found}


# --- the tables


def test_the_table_of_approaches_is_the_one_of_the_annex() -> None:
    # Columns as printed: cone, radius, inner edge, from threshold, divergence %, transitional %,
    # total length, height at its outer edge.
    printed = {
        (1, "non_instrument"): (35, 2000, 60, 30, 10, 20, 1600, 80.0),
        (2, "non_instrument"): (55, 2500, 80, 60, 10, 20, 2500, 100.0),
        (3, "non_instrument"): (75, 4000, 150, 60, 10, 14.3, 3000, 99.9),
        (4, "non_instrument"): (100, 4000, 150, 60, 10, 14.3, 3000, 75.0),
        (1, "non_precision"): (60, 3500, 140, 60, 15, 20, 2500, 83.25),
        (2, "non_precision"): (60, 3500, 140, 60, 15, 20, 2500, 83.25),
        (3, "non_precision"): (75, 4000, 280, 60, 15, 14.3, 15000, 150.0),
        (4, "non_precision"): (100, 4000, 280, 60, 15, 14.3, 15000, 150.0),
        (1, "precision_i"): (60, 3500, 140, 60, 15, 14.3, 15000, 435.0),
        (2, "precision_i"): (60, 3500, 140, 60, 15, 14.3, 15000, 435.0),
        (3, "precision_i"): (100, 4000, 280, 60, 15, 14.3, 15000, 150.0),
        (4, "precision_i"): (100, 4000, 280, 60, 15, 14.3, 15000, 150.0),
        (3, "precision_ii_iii"): (100, 4000, 280, 60, 15, 14.3, 15000, 150.0),
        (4, "precision_ii_iii"): (100, 4000, 280, 60, 15, 14.3, 15000, 150.0),
    }
    held: Any = {
        (code, str(kind)): (
            c.conical_height_m,
            c.radius_m,
            c.inner_edge_m,
            c.threshold_distance_m,
            pytest.approx(100.0 * c.divergence),
            pytest.approx(100.0 * c.transitional_slope),
            sum(length_m for length_m, _ in c.sections),
            pytest.approx(sum(length_m * slope for length_m, slope in c.sections)),
        )
        for (code, kind), c in APPROACH_TABLE.items()
    }
    assert held == printed


def test_the_table_of_take_offs_is_the_one_of_the_annex() -> None:
    assert {
        code: (
            c.inner_edge_m,
            c.end_distance_m,
            c.divergence,
            c.final_width_m,
            c.turning_width_m,
            c.length_m,
            c.slope,
        )
        for code, c in TAKE_OFF_TABLE.items()
    } == {
        1: (60, 30, 0.10, 380, 380, 1600, 0.05),
        2: (80, 60, 0.10, 580, 580, 2500, 0.04),
        3: (180, 60, 0.125, 1200, 1800, 15000, 0.02),
        4: (180, 60, 0.125, 1200, 1800, 15000, 0.02),
    }


def test_every_column_says_how_sure_it_is_and_where_it_was_read() -> None:
    columns: list[Any] = [*APPROACH_TABLE.values(), *TAKE_OFF_TABLE.values()]
    assert {column.confidence for column in columns} == {"high", "medium"}
    assert all("Annex 14" in column.source for column in columns)


@pytest.mark.parametrize("key", APPROACH_TABLE, ids=lambda key: f"{key[0]} {key[1]}")
def test_the_seventh_edition_is_wider_only_for_instrument_runways(
    key: tuple[int, RunwayClass],
) -> None:
    data = runway(LEVEL.ends, code_number=key[0], classification=key[1])
    newer, older = (
        data.dimensions(edition) for edition in (Edition.EIGHTH_2018, Edition.SEVENTH_2016)
    )
    wider = {140: 150, 280: 300}.get(int(newer.inner_edge_m), newer.inner_edge_m)
    assert older == replace(newer, inner_edge_m=wider)
    assert (older == newer) is (key[1] is RunwayClass.NON_INSTRUMENT)


# --- heights worked out by hand: level runway at 4 m, code 4, precision approach category I


@pytest.mark.parametrize(
    ("out_m", "expected"),
    [
        (30.0, {"strip": 4.0, "inner_horizontal": 49.0}),
        (
            1000.0,
            {
                "approach": 4.0 + 940.0 * 0.02,
                "take_off_climb": 4.0 + 940.0 * 0.02,
                "inner_horizontal": 49.0,
            },
        ),
        (3060.0, {"approach": 64.0, "take_off_climb": 64.0, "inner_horizontal": 49.0}),
        (
            5000.0,
            {
                "approach": 4.0 + 60.0 + 1940.0 * 0.025,
                "take_off_climb": 4.0 + 4940.0 * 0.02,
                "conical": 49.0 + 940.0 * 0.05,
            },
        ),
        (
            6660.0,
            {"approach": 154.0, "take_off_climb": 4.0 + 6600.0 * 0.02},
        ),
        (12_000.0, {"approach": 154.0, "take_off_climb": 4.0 + 11_940.0 * 0.02}),
        (15_060.0, {"approach": 154.0, "take_off_climb": 304.0}),
        (15_061.0, {}),
    ],
)
def test_heights_on_the_extended_centre_line(out_m: float, expected: dict[str, float]) -> None:
    place = LEVEL.beyond(out_m)
    assert above(ONE, place) == pytest.approx(expected, abs=1e-3)
    if expected:
        assert limit(ONE, place) == pytest.approx([min(expected.values())], abs=1e-3)
    else:
        assert limit(ONE, place) == [pytest.approx(math.nan, nan_ok=True)]
        assert ONE.governing([place]).tolist() == [None]


@pytest.mark.parametrize(
    ("aside_m", "expected", "governs"),
    [
        (0.0, 4.0, Surface.STRIP),
        (139.0, 4.0, Surface.STRIP),
        (300.0, 4.0 + 160.0 * 0.143, Surface.TRANSITIONAL),
        (500.0, 49.0, Surface.INNER_HORIZONTAL),
        (3000.0, 49.0, Surface.INNER_HORIZONTAL),
        (5000.0, 99.0, Surface.CONICAL),
        (6000.0, 149.0, Surface.CONICAL),
    ],
)
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_heights_abeam_the_middle(
    aside_m: float, expected: float, governs: Surface, side: float
) -> None:
    place = LEVEL.at(0.0, side * aside_m)
    assert limit(ONE, place) == pytest.approx([expected], abs=1e-3)
    assert ONE.governing([place]).tolist() == [governs]


def test_heights_off_the_corners_of_the_strip() -> None:
    # On the ray at 45 degrees from the middle of the strip's end, 3.9, 4.5 and 6.1 km out.
    step = math.sqrt(0.5)
    places = [LEVEL.beyond(60.0 + step * out_m, step * out_m) for out_m in (3900, 4500, 6100)]
    assert limit(ONE, *places[:2]) == pytest.approx([49.0, 49.0 + 500.0 * 0.05], abs=1e-3)
    assert math.isnan(limit(ONE, places[2])[0])
    # Beside the approach surface, 1 km out: half as wide as 140 + 0.15 * 1000, and 20 m high.
    beside = [LEVEL.beyond(1060.0, 290.0 + more_m) for more_m in (-1.0, 50.0, 180.0)]
    assert limit(ONE, *beside) == pytest.approx([24.0, 24.0 + 50.0 * 0.143, 49.0], abs=1e-3)


def test_the_approach_is_wider_than_the_climb_which_stops_widening() -> None:
    far = {aside_m: set(above(ONE, LEVEL.beyond(14_060.0, aside_m))) for aside_m in (800, 1000)}
    assert far == {800: {Surface.APPROACH, Surface.TAKE_OFF_CLIMB}, 1000: {Surface.APPROACH}}
    straight = aerodrome(runway(LEVEL.ends, departures_turn=False))
    assert set(above(straight, LEVEL.beyond(14_060.0, 590.0))) == far[800]
    assert set(above(straight, LEVEL.beyond(14_060.0, 610.0))) == far[1000]
    assert set(above(ONE, LEVEL.beyond(14_060.0, 2239.0))) == {Surface.APPROACH}
    assert above(ONE, LEVEL.beyond(14_060.0, 2241.0)) == {}


def test_a_clearway_moves_the_climb_out_and_a_short_one_does_not() -> None:
    cleared = aerodrome(runway(LEVEL.ends, clearways_m=(40.0, 500.0)))
    heights = [
        above(surfaces, place).get(Surface.TAKE_OFF_CLIMB)
        for surfaces in (ONE, cleared)
        for place in (LEVEL.at(-2700.0), LEVEL.beyond(400.0), LEVEL.beyond(1500.0))
    ]
    expected = [4.0 + 940.0 * 0.02, 4.0 + 340.0 * 0.02, 4.0 + 1440.0 * 0.02]
    expected_cleared = [expected[0], None, 4.0 + 1000.0 * 0.02]
    assert heights == [
        pytest.approx(height_m, abs=1e-3) if height_m else None
        for height_m in expected + expected_cleared
    ]


def test_the_sides_rise_from_the_height_of_the_nearest_point_of_the_centre_line() -> None:
    sloping = aerodrome(runway(LEVEL.ends, elevations_amsl_m=(2.0, 12.0)), datum_m=12.0)
    places = [LEVEL.at(along_m, 240.0) for along_m in (-1760.0, -1700.0, 0.0, 1700.0, 1760.0)]
    assert limit(sloping, *places) == pytest.approx(
        [ground_m + 100.0 * 0.143 for ground_m in (2.0, 2.0, 7.0, 12.0, 12.0)], abs=1e-3
    )
    # The approach starts at its own threshold, the inner horizontal surface at the datum.
    assert above(sloping, LEVEL.at(-2760.0))[Surface.APPROACH] == pytest.approx(22.0, abs=1e-3)
    assert above(sloping, LEVEL.at(2760.0))[Surface.APPROACH] == pytest.approx(32.0, abs=1e-3)
    assert limit(sloping, LEVEL.at(0.0, 3000.0)) == [57.0]


def test_a_small_runway_has_a_short_strip_and_one_section() -> None:
    small = Ruler(BAOAN, azimuth_deg=20.0, length_m=700.0)
    surfaces = aerodrome(
        runway(small.ends, code_number=1, classification=RunwayClass.NON_INSTRUMENT)
    )
    assert limit(surfaces, small.beyond(29.0), small.beyond(1030.0 - 500.0)) == pytest.approx(
        [4.0, 4.0 + 500.0 * 0.05], abs=1e-3
    )
    assert limit(surfaces, small.at(0.0, 130.0)) == pytest.approx([4.0 + 100.0 * 0.2], abs=1e-3)
    assert limit(surfaces, small.at(0.0, 2700.0)) == pytest.approx([49.0 + 35.0], abs=1e-3)
    assert math.isnan(limit(surfaces, small.at(0.0, 2701.0))[0])


def test_the_height_available_counts_from_the_ground_and_may_be_negative() -> None:
    places = [LEVEL.at(0.0, 3000.0), LEVEL.at(0.0, 5000.0), LEVEL.at(0.0, 5000.0), (114.3, 22.6)]
    available_m = ONE.height_available_m(places, [9.0, 120.0, math.nan, 3.0])
    assert available_m.tolist() == pytest.approx(
        [40.0, -21.0, math.nan, math.nan], abs=1e-3, nan_ok=True
    )
    assert ONE.height_available_m(places, 9.0)[:2] == pytest.approx([40.0, 90.0], abs=1e-3)


# --- where surfaces meet


def test_surfaces_meet_where_the_annex_joins_them() -> None:
    top_m = 140.0 + 45.0 / 0.143
    side_m = 290.0 + 25.0 / 0.143
    joints = {
        "strip and transitional": (LEVEL.at(500.0, 140.0), LEVEL.at(500.0, 140.02)),
        "transitional and inner horizontal": (
            LEVEL.at(500.0, top_m - 0.02),
            LEVEL.at(500.0, top_m + 0.02),
        ),
        "strip and approach": (LEVEL.beyond(59.98), LEVEL.beyond(60.02)),
        "strip's and approach's transitional": (
            LEVEL.beyond(59.98, 200.0),
            LEVEL.beyond(60.02, 200.0),
        ),
        "approach and transitional": (LEVEL.beyond(1060.0, 289.98), LEVEL.beyond(1060.0, 290.02)),
        "approach's transitional and inner horizontal": (
            LEVEL.beyond(1060.0, side_m - 0.02),
            LEVEL.beyond(1060.0, side_m + 0.02),
        ),
        "inner horizontal and conical": (LEVEL.at(0.0, 3999.98), LEVEL.at(0.0, 4000.02)),
        "approach and inner horizontal": (LEVEL.beyond(2309.98), LEVEL.beyond(2310.02)),
    }
    for joint, places in joints.items():
        one_m, other_m = limit(ONE, *places)
        assert one_m == pytest.approx(other_m, abs=0.006), joint
    around = [set(above(ONE, LEVEL.at(0.0, aside_m))) for aside_m in (3999.0, 4001.0)]
    assert around == [{Surface.INNER_HORIZONTAL}, {Surface.CONICAL}]
    before_m, after_m = (above(ONE, LEVEL.beyond(m))[Surface.APPROACH] for m in (6659.98, 6660.02))
    assert before_m == pytest.approx(after_m, abs=0.001)


@given(azimuth_deg=st.floats(0.0, 360.0))
def test_the_conical_surface_rises_outwards_from_the_inner_horizontal_one(
    azimuth_deg: float,
) -> None:
    # Away from the runway's own direction, where approach and climb do not cut it.
    (lon, lat), direction_deg = LEVEL.foot(LEVEL.length_m / 2.0 + 60.0)
    turned_deg = direction_deg - 60.0 + 120.0 * azimuth_deg / 360.0
    steps_m = np.linspace(3900.0, 6000.0, 22)
    there = np.array([WGS84.fwd(lon, lat, turned_deg, step_m)[:2] for step_m in steps_m])
    found = [above(ONE, (float(x), float(y))) for x, y in there]
    rising = [here.get(Surface.CONICAL, here.get(Surface.INNER_HORIZONTAL)) for here in found]
    assert rising[:2] == pytest.approx([49.0, 49.0], abs=1e-3)
    assert np.diff(np.array(rising, dtype=float))[1:] == pytest.approx(5.0, abs=1e-3)


def test_where_two_surfaces_are_one_the_first_named_governs() -> None:
    places = [LEVEL.beyond(out_m) for out_m in np.linspace(60.5, 2309.0, 500)]
    assert set(ONE.governing(places)) == {Surface.APPROACH}
    assert all(above(ONE, place)[Surface.TAKE_OFF_CLIMB] for place in places[::50])


def test_the_transitional_surface_ends_at_the_inner_horizontal_one() -> None:
    beside = {aside_m: set(above(ONE, LEVEL.at(0.0, aside_m))) for aside_m in (454.0, 455.0)}
    assert beside == {
        454.0: {Surface.TRANSITIONAL, Surface.INNER_HORIZONTAL},
        455.0: {Surface.INNER_HORIZONTAL},
    }
    # Where an approach ends below the inner horizontal surface, it ends with the approach.
    small = Ruler(BAOAN, azimuth_deg=20.0, length_m=700.0)
    low = aerodrome(
        runway(small.ends, code_number=1, classification=RunwayClass.NON_INSTRUMENT),
        datum_m=44.0,
    )
    ends = {out_m: set(above(low, small.beyond(out_m, 205.0))) for out_m in (1629.0, 1631.0)}
    assert ends == {
        1629.0: {Surface.TRANSITIONAL, Surface.INNER_HORIZONTAL},
        1631.0: {Surface.INNER_HORIZONTAL},
    }
    assert set(above(low, small.beyond(1631.0, 10.0))) == {Surface.INNER_HORIZONTAL}


def test_what_touches_an_edge_is_under_the_surface() -> None:
    edges = [
        LEVEL.beyond(15_060.0),
        LEVEL.beyond(15_060.0, 2390.0),
        LEVEL.beyond(15_060.005, -2390.0),
        LEVEL.at(0.0, 6000.005),
    ]
    assert np.isfinite(limit(ONE, *edges)).all()
    of_climb = [LEVEL.beyond(7060.0, 900.005), LEVEL.beyond(7060.0, 900.015)]
    assert ONE.governing(of_climb).tolist() == [Surface.TAKE_OFF_CLIMB, Surface.APPROACH]
    outside = [LEVEL.beyond(15_060.03), LEVEL.beyond(14_000.0, 2231.05), LEVEL.at(0.0, 6000.03)]
    assert np.isnan(limit(ONE, *outside)).all()


# --- a second construction: triangles in space


def ring(points: Iterable[tuple[float, float]], radius_m: float, z: float) -> list[list[float]]:
    return [[x * radius_m, y * radius_m, z] for x, y in points]


def faces(rows: Sequence[Sequence[float]], others: Sequence[Sequence[float]]) -> list[Any]:
    """Triangles between two lines of corners."""
    return [
        triangle
        for a, b, c, d in zip(rows, rows[1:], others, others[1:], strict=False)
        for triangle in ((a, b, c), (b, c, d))
    ]


def triangles_of_code_4(
    half_m: float, *, low_m: float, high_m: float, datum_m: float, strip_m: float
) -> FloatArray:
    """Lay out the surfaces of a code 4 precision runway as corners ``(T, 3, 3)`` in its axes."""
    top_m, found = datum_m + 45.0, []

    def rise(z: float) -> float:
        return (top_m - z) / 0.143

    for mirror in (1.0, -1.0):
        profile = [(-half_m - 60.0, low_m), (-half_m, low_m), (half_m, high_m)]
        profile.append((half_m + 60.0, high_m))
        edge = [(x, mirror * strip_m / 2.0, z) for x, z in profile]
        found += faces([(x, 0.0, z) for x, z in profile], edge)
        found += faces(edge, [(x, y + mirror * rise(z), top_m) for x, y, z in edge])
        for way, end_m in ((1.0, high_m), (-1.0, low_m)):
            start_m = half_m + 60.0

            def corner(out: float, aside: float, z: float) -> tuple[float, float, float]:
                return way * (start_m + out), mirror * aside, z  # noqa: B023

            knots = [(0.0, 0.0), (3000.0, 60.0), (6600.0, 150.0), (15_000.0, 150.0)]
            side = [corner(s, 140.0 + 0.15 * s, end_m + z) for s, z in knots]
            found += faces([corner(s, 0.0, end_m + z) for s, z in knots], side)
            # The transitional surface follows the side until that reaches the inner horizontal.
            last_m = (top_m - end_m) / 0.02
            assert last_m <= 3000.0
            found.append(
                (
                    corner(0.0, 140.0, end_m),
                    corner(last_m, 140.0 + 0.15 * last_m, top_m),
                    corner(0.0, 140.0 + rise(end_m), top_m),
                )
            )
            climb = [(0.0, 90.0), (6480.0, 900.0), (15_000.0, 900.0)]
            found += faces(
                [corner(s, 0.0, end_m + 0.02 * s) for s, _ in climb],
                [corner(s, w, end_m + 0.02 * s) for s, w in climb],
            )
    angles = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 1201)
    right = [(math.cos(t), math.sin(t)) for t in angles]
    around: dict[float, list[list[float]]] = {}
    for radius_m, z in ((4000.0, top_m), (6000.0, top_m + 100.0)):
        high = [[x + half_m + 60.0, y, z] for x, y, z in ring(right, radius_m, z)]
        low = [[-x, -y, z] for x, y, z in high]
        around[radius_m] = [*high, *low, high[0]]
    found += faces([[0.0, 0.0, top_m]] * len(around[4000.0]), around[4000.0])
    found += faces(around[4000.0], around[6000.0])
    return np.array(found)


def lowest_triangle(corners: FloatArray, places: FloatArray) -> FloatArray:
    """Give the lowest triangle over each place, by barycentric shares; NaN where none is."""

    def cross(u: FloatArray, v: FloatArray) -> FloatArray:
        return np.asarray(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])

    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = cross(b - a, c - a)
    solid = np.abs(area) > 1e-6
    a, b, c, area = a[solid], b[solid], c[solid], area[solid]
    heights_m = np.full(len(places), np.inf)
    for number, place in enumerate(places):
        there = place - a[:, :2]
        of_b, of_c = cross(there, c - a) / area, cross(b - a, there) / area
        over = (of_b >= 0.0) & (of_c >= 0.0) & (of_b + of_c <= 1.0)
        z = a[:, 2] + of_b * (b[:, 2] - a[:, 2]) + of_c * (c[:, 2] - a[:, 2])
        heights_m[number] = z[over].min(initial=np.inf)
    return np.where(np.isinf(heights_m), np.nan, heights_m)


@pytest.mark.parametrize(
    ("azimuth_deg", "low_m", "high_m", "datum_m", "strip_m"),
    [(153.0, 4.0, 4.0, 4.0, 280.0), (61.0, 1.0, 9.0, 9.0, 280.0), (270.0, 30.0, 21.0, 25.0, 300.0)],
)
def test_heights_are_those_of_triangles_in_space(
    azimuth_deg: float, low_m: float, high_m: float, datum_m: float, strip_m: float
) -> None:
    ruler = Ruler(BAOAN, azimuth_deg=azimuth_deg, length_m=3000.0)
    surfaces = aerodrome(
        runway(ruler.ends, elevations_amsl_m=(low_m, high_m), strip_width_m=strip_m),
        datum_m=datum_m,
    )
    corners = triangles_of_code_4(
        1500.0, low_m=low_m, high_m=high_m, datum_m=datum_m, strip_m=strip_m
    )
    rng = np.random.default_rng(14)
    reaches = [(18_000.0, 3000.0), (8000.0, 6500.0), (5000.0, 600.0), (2500.0, 500.0)]
    places = np.vstack([rng.uniform(-1.0, 1.0, (500, 2)) * reach for reach in reaches])
    expected_m = lowest_triangle(corners, places)
    found_m = np.array(limit(surfaces, *(ruler.at(x, y) for x, y in places)))
    differ = ~np.isclose(found_m, expected_m, rtol=0.0, atol=2e-3, equal_nan=True)
    # What may differ is within centimetres of an edge, where the heights jump.
    corner_m = np.array([(0.05, 0.05), (-0.05, 0.05), (0.05, -0.05), (-0.05, -0.05)])
    for place in places[differ]:
        round_about = lowest_triangle(corners, place + corner_m)
        assert np.isnan(round_about).any() or np.ptp(round_about) > 0.02, place
    assert differ.sum() <= 5
    assert 400 < np.isfinite(expected_m).sum() < 1900


@pytest.mark.parametrize("azimuth_deg", [0.0, 37.0, 90.0, 153.0, 301.0])
@pytest.mark.parametrize("middle", [(113.81, 22.64), (-0.1, 0.1), (179.97, -45.0), (20.0, 70.0)])
def test_edges_are_where_geodesics_put_them(
    middle: tuple[float, float], azimuth_deg: float
) -> None:
    ruler = Ruler(middle, azimuth_deg=azimuth_deg, length_m=3600.0)
    # The plane that places are read in belongs to the first runway, here one 15 km off.
    first = Ruler(ruler.at(0.0, 15_000.0), azimuth_deg=azimuth_deg + 70.0, length_m=700.0)
    tiny = runway(first.ends, code_number=1, classification=RunwayClass.NON_INSTRUMENT)
    surfaces = aerodrome(tiny, runway(ruler.ends))
    for way, along_m, aside_m in [
        *((way, 16_860.0, aside_m) for way in (-1.0, 1.0) for aside_m in (-2300.0, 0.0, 2300.0)),
        *((way, along_m, 6000.0) for way in (-1.0, 1.0) for along_m in (-1800.0, 0.0, 1800.0)),
    ]:
        # Outermost edges, across the one and along the other; 1 cm behind them still touches.
        for step_m, is_under in ((-0.003, True), (0.007, True), (0.013, False)):
            place = (
                ruler.at(along_m, way * (aside_m + step_m))
                if aside_m == 6000.0
                else ruler.at(way * (along_m + step_m), aside_m)
            )
            assert np.isfinite(limit(surfaces, place)[0]) == is_under, (way, along_m, aside_m)


# --- several runways, and what must not matter


places_near = st.lists(
    st.tuples(st.floats(113.62, 114.0), st.floats(22.47, 22.81)), min_size=1, max_size=40
)
azimuths = st.floats(0.0, 360.0, exclude_max=True)


@st.composite
def runways(draw: st.DrawFn) -> RunwayData:
    code, kind = draw(st.sampled_from(list(APPROACH_TABLE)))
    lon, lat = draw(st.tuples(st.floats(113.78, 113.84), st.floats(22.61, 22.67)))
    ruler = Ruler((lon, lat), azimuth_deg=draw(azimuths), length_m=draw(st.floats(500.0, 4000.0)))
    return runway(
        ruler.ends,
        code_number=code,
        classification=kind,
        elevations_amsl_m=draw(st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 20.0))),
        clearways_m=draw(st.tuples(st.floats(0.0, 400.0), st.floats(0.0, 400.0))),
        strip_width_m=draw(st.none() | st.floats(60.0, 300.0)),
        departures_turn=draw(st.booleans()),
    )


@given(some=st.lists(runways(), min_size=2, max_size=3), places=places_near)
def test_the_limit_of_an_aerodrome_is_the_lowest_of_its_runways(
    some: list[RunwayData], places: list[tuple[float, float]]
) -> None:
    together = limit(aerodrome(*some, datum_m=20.0), *places)
    alone = [limit(aerodrome(one, datum_m=20.0), *places) for one in some]
    assert together == pytest.approx(np.fmin.reduce(alone).tolist(), abs=1e-3, nan_ok=True)


@given(one=runways(), places=places_near)
def test_it_does_not_matter_which_end_is_named_first(
    one: RunwayData, places: list[tuple[float, float]]
) -> None:
    turned = replace(
        one,
        runway=Runway(one.runway.high, one.runway.low),
        elevations_amsl_m=one.elevations_amsl_m[::-1],
        clearways_m=one.clearways_m[::-1],
    )
    a, b = aerodrome(one, datum_m=20.0), aerodrome(turned, datum_m=20.0)
    assert limit(a, *places) == pytest.approx(limit(b, *places), abs=1e-3, nan_ok=True)


@given(one=runways(), places=places_near)
def test_the_seventh_edition_allows_nowhere_more(
    one: RunwayData, places: list[tuple[float, float]]
) -> None:
    one = replace(one, strip_width_m=None)
    newer, older = (
        np.array(limit(aerodrome(one, datum_m=20.0, edition=edition), *places))
        for edition in (Edition.EIGHTH_2018, Edition.SEVENTH_2016)
    )
    assert (np.isnan(newer) | (older <= newer + 1e-6)).all()


@given(some=st.lists(runways(), min_size=1, max_size=3), places=places_near)
def test_an_explanation_lists_what_governs_first_and_outlines_show_the_same(
    some: list[RunwayData], places: list[tuple[float, float]]
) -> None:
    surfaces = aerodrome(*some, datum_m=20.0)
    outlines = {surface: surfaces.outline(surface) for surface in Surface}
    assert all(outline.is_valid for outline in outlines.values())
    governing = surfaces.governing(places)
    for place, governs, limit_m in zip(places, governing, limit(surfaces, *places), strict=True):
        found = surfaces.explain(lon_deg=place[0], lat_deg=place[1])
        heights_m = [one.limit_amsl_m for one in found]
        assert heights_m == sorted(heights_m)
        if found:
            assert limit_m == pytest.approx(heights_m[0], abs=1e-5)
            lowest = {one.surface for one in found if one.limit_amsl_m < heights_m[0] + 1e-5}
            assert governs in lowest
        else:
            assert math.isnan(limit_m)
            assert governs is None
        there = {one.surface for one in found}
        for surface, outline in outlines.items():
            # An arc is drawn with up to 3 cm cut off, and an edge 1 cm out.
            if shapely.distance(outline.boundary, shapely.Point(place)) > 1e-6:
                assert outline.covers(shapely.Point(place)) is (surface in there), surface


def test_many_places_are_worked_through_in_their_order() -> None:
    rng = np.random.default_rng(4)
    many = np.array(BAOAN) + rng.uniform(-0.1, 0.1, (70_000, 2))
    limits_m = SHENZHEN.limit_amsl_m(many)
    assert limits_m.shape == (70_000,)
    assert limits_m.dtype == np.float64
    some = rng.choice(len(many), 50)
    one_by_one = [limit(SHENZHEN, (float(x), float(y)))[0] for x, y in many[some]]
    assert limits_m[some].tolist() == pytest.approx(one_by_one, nan_ok=True, rel=1e-12)
    assert SHENZHEN.limit_amsl_m(np.empty((0, 2))).shape == (0,)
    assert SHENZHEN.governing(np.empty((0, 2))).shape == (0,)


def test_the_other_side_of_the_earth_has_no_limit_and_no_warning() -> None:
    far = [(-66.2, -22.6), (0.0, 90.0), (0.0, -90.0), (-180.0, 0.0), (23.8, 0.0), (113.8, 25.0)]
    assert np.isnan(SHENZHEN.limit_amsl_m(far)).all()
    assert SHENZHEN.governing(far).tolist() == [None] * len(far)
    assert SHENZHEN.explain(lon_deg=-66.2, lat_deg=-22.6) == ()


# --- Shenzhen's three runways


def runway_coordinates(ends: Runway, place: tuple[float, float]) -> tuple[float, float]:
    """Find metres past the nearer end and aside, by walking to the foot on the geodesic."""
    azimuth_deg, _, length_m = WGS84.inv(*ends.low, *ends.high)
    along_m = 0.0
    for _ in range(30):
        lon, lat, back_deg = WGS84.fwd(*ends.low, azimuth_deg, along_m)
        to_deg, _, distance_m = WGS84.inv(lon, lat, *place)
        off_deg = to_deg - (back_deg + 180.0)
        along_m += distance_m * math.cos(math.radians(off_deg))
    return max(-along_m, along_m - length_m), abs(distance_m * math.sin(math.radians(off_deg)))


def limit_of_code_4(out_m: float, aside_m: float) -> float:
    """Work out the limit of a level code 4 precision runway at 4 m from the Annex's words."""
    found = [math.inf]
    past_m = out_m - 60.0
    if past_m <= 0.0:
        found.append(4.0 + max(aside_m - 140.0, 0.0) * 0.143)
    elif past_m <= 15_000.0:
        half_m = 140.0 + 0.15 * past_m
        height_m = min(
            0.02 * past_m if past_m < 3000.0 else 60.0 + 0.025 * (past_m - 3000.0), 150.0
        )
        if aside_m <= half_m:
            found.append(4.0 + height_m)
        elif height_m + 0.143 * (aside_m - half_m) <= 45.0:
            found.append(4.0 + height_m + 0.143 * (aside_m - half_m))
        if aside_m <= min(90.0 + 0.125 * past_m, 900.0):
            found.append(4.0 + 0.02 * past_m)
    from_m = math.hypot(max(past_m, 0.0), aside_m)
    if from_m <= 6000.0:
        found.append(49.0 + max(from_m - 4000.0, 0.0) * 0.05)
    return min(found) if min(found) < math.inf else math.nan


@pytest.mark.parametrize(
    ("place", "expected_m", "governs"),
    [
        ((113.924824, 22.558993), math.nan, None),  # Nantou heliport
        ((113.81167, 22.63833), 4.0, Surface.STRIP),  # the reference point of the aerodrome
        ((113.8075, 22.6393), 23.304, Surface.TRANSITIONAL),
        ((113.8205, 22.6655), 49.0, Surface.INNER_HORIZONTAL),
        ((113.8, 22.61), 49.0, Surface.INNER_HORIZONTAL),  # under an approach that is higher
        ((113.7715, 22.6975), 60.499, Surface.CONICAL),
        ((113.85, 22.66), 81.893, Surface.CONICAL),
        ((113.75, 22.72), 147.644, Surface.TAKE_OFF_CLIMB),
        ((113.87, 22.55), 154.0, Surface.APPROACH),  # its level section
    ],
)
def test_limits_round_shenzhen(
    place: tuple[float, float], expected_m: float, governs: Surface | None
) -> None:
    by_hand = [
        limit_of_code_4(*runway_coordinates(ends, place)) for ends in (RUNWAY_1, RUNWAY_2, RUNWAY_3)
    ]
    assert limit(SHENZHEN, place) == pytest.approx([expected_m], abs=1e-3, nan_ok=True)
    assert limit(SHENZHEN, place) == pytest.approx([np.fmin.reduce(by_hand)], abs=2e-3, nan_ok=True)
    assert SHENZHEN.governing([place]).tolist() == [governs]


# --- what is refused


SWAPPED = Runway((22.653, 113.803), (22.6256, 113.818))
AT_ONE_PLACE = Runway((113.803, 22.653), (113.803, 22.653))
NOWHERE = Runway((math.nan, 22.653), (113.818, 22.6256))
FAR_APART = Runway((113.8, 22.6), (114.8, 22.6))


@pytest.mark.parametrize(
    ("ends", "fields", "message"),
    [
        (SWAPPED, {}, r"runway: given \(\(22.653.*longitude, then latitude"),
        (AT_ONE_PLACE, {}, r"0\.0 m long; expected two ends"),
        (NOWHERE, {}, r"runway: given \(\(nan"),
        (FAR_APART, {}, r"m long; expected two ends, at most 10000 m apart"),
        (RUNWAY_1, {"elevations_amsl_m": (None, 4.0)}, r"given \(None, 4\.0\); expected metres"),
        (RUNWAY_1, {"elevations_amsl_m": (4.0, math.nan)}, r"elevations_amsl_m: given \(4\.0, nan"),
        (RUNWAY_1, {"elevations_amsl_m": 4.0}, r"elevations_amsl_m: given 4\.0"),
        (RUNWAY_1, {"code_number": 5}, r"given 5, .*the table holds 1 non_instrument, 2"),
        (RUNWAY_1, {"code_number": [4]}, r"given \[4\], .*the table holds"),
        (RUNWAY_1, {"classification": "cat_i"}, r"given 4, 'cat_i'; the table holds"),
        (
            RUNWAY_1,
            {"code_number": 2, "classification": RunwayClass.PRECISION_II_III},
            r"given 2, .*precision_ii_iii.*; the table holds",
        ),
        (RUNWAY_1, {"strip_width_m": 0.0}, r"strip_width_m: given 0\.0; expected metres or None"),
        (RUNWAY_1, {"strip_width_m": math.nan}, r"strip_width_m: given nan"),
        (RUNWAY_1, {"clearways_m": (0.0, -1.0)}, r"clearways_m: given \(0\.0, -1\.0\)"),
        (RUNWAY_1, {"clearways_m": (0.0, 9000.0)}, r"no more than the runway has"),
        (RUNWAY_1, {"clearways_m": (0.0,)}, r"clearways_m: given \(0\.0,\)"),
    ],
)
def test_a_runway_that_cannot_be_is_refused(
    ends: Runway, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=rf"(?s)runway test.*{message}"):
        runway(ends, **fields)


def test_all_that_is_wrong_with_a_runway_is_said_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        runway(RUNWAY_1, code_number=0, elevations_amsl_m=None, strip_width_m=-3.0)
    assert [problem.where for problem in refused.value.problems] == [
        "code_number, classification",
        "elevations_amsl_m",
        "strip_width_m",
    ]


ELSEWHERE = Runway((113.9, 22.31), (113.93, 22.32))
GOOD = runway(RUNWAY_1)


@pytest.mark.parametrize(
    ("some", "fields", "message"),
    [
        ([], {}, r"runways: given none; expected one or more"),
        ([GOOD, runway(ELSEWHERE)], {}, r"runways\[1\] \(test\): given 39 km away"),
        ([GOOD], {"datum_m": math.nan}, r"aerodrome_elevation_amsl_m: given nan"),
        ([GOOD], {"datum_m": None}, r"aerodrome_elevation_amsl_m: given None"),
        ([GOOD], {"datum_m": -41.0}, r"expected ends below the inner horizontal surface"),
        ([GOOD], {"edition": "9"}, r"edition: given '9'; expected one of 7th, 2016, 8th, 2018"),
    ],
)
def test_runways_that_make_no_aerodrome_are_refused(
    some: list[RunwayData], fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        aerodrome(*some, **fields)


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ([(22.6, 113.8)], r"places\[0\]: given \(22\.6, 113\.8\).*longitude first"),
        ([(113.8, 22.6), (math.nan, 22.6)], r"places\[1\]: given \(nan, 22\.6\), like 1 of 2"),
        ([(113.8, math.inf)], r"places\[0\]"),
        ([113.8, 22.6], r"shape \(2,\)"),
        ([("east", "north")], r"expected degrees"),
        ([(113.8, 22.6), (113.8,)], r"expected degrees"),
        (None, r"places: "),
    ],
)
def test_places_that_are_none_are_refused_and_not_called_free(places: Any, message: str) -> None:
    for ask in (ONE.limit_amsl_m, ONE.governing):
        with pytest.raises(GeometryError, match=message):
            ask(places)
    with pytest.raises(LowaltError):
        ONE.explain(lon_deg=22.6, lat_deg=113.8)


@pytest.mark.parametrize("ground", [[1.0, 2.0, 3.0], ["high", "low"], [[1.0], [2.0]]])
def test_ground_that_does_not_fit_the_places_is_refused(ground: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"ground_amsl_m: .*one a place"):
        ONE.height_available_m([(113.8, 22.6), (113.81, 22.6)], ground)
