"""Exact shapes: their polygons cover them and overshoot by millimetres, by Karney's geodesics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import Polygon

from lowalt.airspace import Arc, Circle, Outline, Sector, Strip
from lowalt.errors import GeometryError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M

KARNEY = Geod(ellps="WGS84")
SOME = settings(deadline=None, max_examples=60)

# The whole region: from Zhuhai to Daya Bay, far from the meridian of any one frame.
lons, lats = st.floats(113.0, 115.0), st.floats(21.7, 23.2)
places = st.tuples(lons, lats)
azimuths = st.floats(0.0, 360.0, exclude_max=True)
shares = st.floats(0.0, 1.0)


def there(place: tuple[float, float], azimuth: float, distance_m: float) -> tuple[float, float]:
    lon, lat, _ = KARNEY.fwd(*place, azimuth, distance_m)
    return lon, lat


def holds(polygon: Polygon, place: tuple[float, float]) -> bool:
    return bool(shapely.contains_xy(polygon, *place))


@SOME
@given(places, st.floats(1.0, 40_000.0), st.lists(azimuths, min_size=5, max_size=5))
def test_a_circle_holds_what_is_nearer_than_its_radius_and_nothing_a_centimetre_beyond(
    centre: tuple[float, float], radius_m: float, directions: list[float]
) -> None:
    polygon = Circle(*centre, radius_m).covering_polygon()
    for azimuth in directions:
        assert holds(polygon, there(centre, azimuth, radius_m - 1e-6))
        assert not holds(polygon, there(centre, azimuth, radius_m + BOUNDARY_TOLERANCE_M))


@SOME
@given(
    centre=places,
    radius_m=st.floats(50.0, 20_000.0),
    inner=st.floats(0.0, 0.9),
    start=azimuths,
    sweep=st.floats(1.0, 359.0),
    along=st.lists(shares, min_size=4, max_size=4),
)
def test_a_sector_holds_what_lies_between_its_arcs_and_sides(
    *,
    centre: tuple[float, float],
    radius_m: float,
    inner: float,
    start: float,
    sweep: float,
    along: list[float],
) -> None:
    inner_m = inner * radius_m if inner > 0.05 else 0.0
    sector = Sector(*centre, radius_m, start, start + sweep, inner_m)
    polygon = sector.covering_polygon()
    assert polygon.is_valid
    for share in along:
        azimuth = start + share * sweep
        # A centimetre from its sides seen from the centre, at whatever distance.
        margin = math.degrees(0.02 / max(inner_m, 1.0))
        if min(share, 1.0 - share) * sweep > margin:
            assert holds(polygon, there(centre, azimuth, radius_m - 1e-6))
            assert not holds(polygon, there(centre, azimuth, radius_m + BOUNDARY_TOLERANCE_M))
            if inner_m > 1.0:
                assert holds(polygon, there(centre, azimuth, inner_m + 1e-6))
                assert not holds(polygon, there(centre, azimuth, inner_m - BOUNDARY_TOLERANCE_M))
    middle_m = (inner_m + radius_m) / 2.0
    beside = math.degrees(0.02 / middle_m)
    for azimuth, inside in (
        (start + beside, True),
        (start - beside, False),
        (start + sweep - beside, True),
        (start + sweep + beside, False),
    ):
        if beside < sweep / 2.0 and beside < (360.0 - sweep) / 2.0:
            assert holds(polygon, there(centre, azimuth, middle_m)) is inside


@SOME
@given(
    centre=places,
    radius_m=st.floats(200.0, 20_000.0),
    start=azimuths,
    sweep=st.floats(20.0, 340.0),
    clockwise=st.booleans(),
    share=shares,
)
def test_an_outline_follows_its_arcs_on_either_side_of_the_chord(
    *,
    centre: tuple[float, float],
    radius_m: float,
    start: float,
    sweep: float,
    clockwise: bool,
    share: float,
) -> None:
    """Two corners on a circle, the arc between them, and a third corner to make a pie slice."""
    turn = 1.0 if clockwise else -1.0
    first, last = (there(centre, a, radius_m) for a in (start, start + turn * sweep))
    outline = Outline((first, last, centre), {0: Arc(*centre, clockwise=clockwise)})
    polygon = outline.covering_polygon()
    on_way = start + turn * sweep * (0.02 + 0.96 * share)
    assert holds(polygon, there(centre, on_way, radius_m - 1e-6))
    assert not holds(polygon, there(centre, on_way, radius_m + BOUNDARY_TOLERANCE_M))


@SOME
@given(
    centre=places,
    radius_m=st.floats(200.0, 9000.0),
    start=azimuths,
    sweep=st.floats(20.0, 130.0),
    turned=st.booleans(),
    share=shares,
)
def test_an_outline_bitten_by_an_arc_covers_up_to_it_and_no_further(
    *,
    centre: tuple[float, float],
    radius_m: float,
    start: float,
    sweep: float,
    turned: bool,
    share: float,
) -> None:
    """The part of a square beyond a circle: here the arc bulges inwards."""
    first, last = (there(centre, a, radius_m) for a in (start, start + sweep))
    far = [there(centre, a, radius_m * 3.0) for a in (start + sweep, start)]
    corners: tuple[tuple[float, float], ...] = (first, last, *far)
    arcs = {0: Arc(*centre, clockwise=True)}
    if turned:  # the same ring the other way round
        corners, arcs = (last, first, *far[::-1]), {0: Arc(*centre, clockwise=False)}
    polygon = Outline(corners, arcs).covering_polygon()
    on_way = start + sweep * (0.02 + 0.96 * share)
    assert holds(polygon, there(centre, on_way, radius_m + 1e-6))
    assert not holds(polygon, there(centre, on_way, radius_m - BOUNDARY_TOLERANCE_M))


@SOME
@given(
    start=places,
    azimuth=azimuths,
    length_m=st.floats(50.0, 30_000.0),
    bend=st.floats(-60.0, 60.0),
    half_width_m=st.floats(20.0, 2000.0),
    share=shares,
    right=st.booleans(),
)
def test_a_strip_reaches_its_half_width_on_both_sides_and_round_its_ends(
    *,
    start: tuple[float, float],
    azimuth: float,
    length_m: float,
    bend: float,
    half_width_m: float,
    share: float,
    right: bool,
) -> None:
    assume(length_m > 3.0 * half_width_m)  # else the second leg reaches round the first
    middle = there(start, azimuth, length_m)
    end = there(middle, azimuth + bend, length_m)
    polygon = Strip((start, middle, end), half_width_m).covering_polygon()
    side = 90.0 if right else -90.0
    # On the outside of the bend the first leg decides alone all the way along it.
    outer = side if (side > 0) is (bend <= 0) else -side
    on_line = there(start, azimuth, share * length_m)
    heading = azimuth if share < 1e-6 else KARNEY.inv(*on_line, *start)[0] + 180.0
    slack_m = 1e-4 * half_width_m * length_m / 50_000.0 + BOUNDARY_TOLERANCE_M
    assert holds(polygon, there(on_line, heading + outer, half_width_m - 1e-6))
    assert not holds(polygon, there(on_line, heading + outer, half_width_m + slack_m))
    for back in (100.0, 180.0, 260.0):
        assert holds(polygon, there(start, azimuth + back, half_width_m - 1e-6))
        assert not holds(polygon, there(start, azimuth + back, half_width_m + slack_m))


def test_a_strip_round_a_block_keeps_the_block_free() -> None:
    ring = ((114.00, 22.50), (114.05, 22.50), (114.05, 22.55), (114.00, 22.55), (114.00, 22.50))
    polygon = Strip(ring, 300.0).covering_polygon()
    assert holds(polygon, (114.001, 22.52))
    assert not holds(polygon, (114.025, 22.525))


def test_the_area_of_a_half_disc_is_that_of_half_a_circle() -> None:
    west, east = there((114.0, 22.5), 270.0, 7070.0), there((114.0, 22.5), 90.0, 7070.0)
    half = Outline((west, east), {0: Arc(114.0, 22.5, clockwise=True)})
    area_m2 = abs(KARNEY.geometry_area_perimeter(half.covering_polygon())[0])
    assert area_m2 == pytest.approx(math.pi * 7070.0**2 / 2.0, rel=1e-5)


HERE = (114.0, 22.5)
SQUARE = ((114.0, 22.5), (114.1, 22.5), (114.1, 22.6), (114.0, 22.6))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Circle(*HERE, 0.0), "circle of 0.0 m.*more than 0"),
        (lambda: Circle(22.5, 114.0, 10.0), "circle.*longitude then latitude"),
        (lambda: Circle(*HERE, math.nan), "circle of nan m"),
        (lambda: Sector(*HERE, 100.0, 30.0, 30.0), "two different directions"),
        (lambda: Sector(*HERE, 100.0, 0.0, 360.0), "a whole circle is a Circle"),
        (lambda: Sector(*HERE, 100.0, 0.0, 90.0, 100.0), "inner radius 100.0 m"),
        (lambda: Outline(SQUARE[:2]), "outline of 2 corners: expected three"),
        (lambda: Outline(SQUARE, {4: Arc(*HERE, clockwise=True)}), "begins at corner 4"),
        (
            lambda: Outline(SQUARE, {0: Arc(114.02, 22.5, clockwise=True)}).covering_polygon(),
            "arc from corner 0: it begins .* and ends .* from its centre",
        ),
        (
            lambda: Outline((SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])).covering_polygon(),
            "Self-intersection.*may not cross",
        ),
        (lambda: Outline(((113.0, 22.0), (114.0, 95.0), (115.0, 22.0))), "corner of an outline"),
        (lambda: Strip((HERE, HERE), 100.0), "two different points"),
        (lambda: Strip((HERE, SQUARE[2]), -1.0), "strip of -1.0 m"),
    ],
)
def test_what_is_no_shape_is_refused(make: Any, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        make()


@SOME
@given(places, st.floats(100.0, 5000.0), st.floats(-25.0, 25.0))
def test_ends_of_an_arc_that_rounding_put_at_different_distances_are_both_covered(
    centre: tuple[float, float], radius_m: float, off_m: float
) -> None:
    assume(radius_m + off_m > 50.0)
    first, last = there(centre, 0.0, radius_m), there(centre, 90.0, radius_m + off_m)
    polygon = Outline((first, last, centre), {0: Arc(*centre, clockwise=True)}).covering_polygon()
    assert polygon.is_valid
    covering = shapely.buffer(polygon, 1e-9)
    assert all(bool(shapely.covers(covering, shapely.Point(end))) for end in (first, last))
    wider = max(radius_m, radius_m + off_m)
    assert holds(polygon, there(centre, 45.0, wider - 1e-6))
    assert np.isfinite(polygon.area)
