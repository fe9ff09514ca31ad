"""Where zones surely are and may be in the plane, against geodesic distances."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from lowalt import testing
from lowalt.airspace import (
    BoundaryPart,
    Circle,
    FeatureStatus,
    Strip,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.airspace.containment import project
from lowalt.airspace.regions import Region, grow, limits_of
from lowalt.geodesy import COVERING_OVERSHOOT_M, LocalFrame

KARNEY = Geod(ellps="WGS84")
FRAME = LocalFrame(114.0)
SHENZHEN = load_airspace("shenzhen")
PORT = SHENZHEN["LP01"]
HERE = testing.Region(113.8, 22.4, 114.6, 22.8)


def zone_of(*volumes: Volume3D, accuracy_m: float = 0.0, **changes: Any) -> Zone:
    status = FeatureStatus.DERIVED if accuracy_m else FeatureStatus.AUTHORITATIVE
    return dataclasses.replace(
        PORT, volumes=volumes, status=status, accuracy_m=accuracy_m, **changes
    )


def round_about(circle: Circle, radius_m: float) -> NDArray[np.float64]:
    """Places of the plane at a geodesic distance from the centre of a circle."""
    azimuth = np.linspace(0.0, 360.0, 1441)
    lon, lat, _ = KARNEY.fwd(
        np.full(1441, circle.lon_deg),
        np.full(1441, circle.lat_deg),
        azimuth,
        np.full(1441, radius_m),
    )
    return FRAME.to_plane(np.column_stack((lon, lat)))


@given(
    st.floats(113.5, 115.4),
    st.floats(21.8, 23.2),
    st.one_of(st.floats(1.0, 500.0), st.floats(500.0, 10_000.0)),
)
def test_a_circle_is_a_disc_that_covers_it_by_millimetres(
    lon: float, lat: float, radius_m: float
) -> None:
    circle = Circle(lon, lat, radius_m)
    limits = limits_of(zone_of(Volume3D.of(circle)), Volume3D.of(circle), frame=FRAME)
    region = limits.possibly
    assert limits.surely is region
    assert isinstance(region.geometry, Point)
    far_m = np.hypot(*(round_about(circle, radius_m) - region.geometry.coords[0]).T)
    assert far_m.max() <= region.by_m + 1e-6
    assert far_m.min() >= region.by_m - COVERING_OVERSHOOT_M - 1e-6


def test_a_circle_too_large_to_be_one_in_the_plane_keeps_its_polygon() -> None:
    circle = Circle(114.2, 22.5, 30_000.0)
    region = limits_of(zone_of(Volume3D.of(circle)), Volume3D.of(circle), frame=FRAME).possibly
    assert region.by_m == 0.0
    for radius_m, inside in ((29_999.9, True), (30_000.1, False)):
        points = shapely.points(round_about(circle, radius_m))
        assert (shapely.contains(region.geometry, points) == inside).all()


def test_a_strip_is_its_line_and_half_its_width() -> None:
    volume = Volume3D.of(Strip(((114.0, 22.5), (114.3, 22.55)), 400.0))
    region = limits_of(zone_of(volume), volume, frame=FRAME).possibly
    assert isinstance(region.geometry, LineString)
    assert region.by_m == pytest.approx(400.0, rel=2e-5)
    # Beside the geodesic, by Karney's azimuths, not by the plane's.
    azimuth, _, length_m = KARNEY.inv(114.0, 22.5, 114.3, 22.55)
    for share in (0.0, 0.3, 0.5, 1.0):
        lon, lat, back = KARNEY.fwd(114.0, 22.5, azimuth, share * length_m)
        heading = azimuth if share == 0.0 else back + 180.0
        for apart_m, within in ((399.9, True), (400.1, False)):
            beside = FRAME.to_plane([KARNEY.fwd(lon, lat, heading + 90.0, apart_m)[:2]])
            assert region.is_within(0.0, of=Point(beside[0])) is within


@pytest.mark.parametrize(("radius_m", "surely_m"), [(1000.0, 700.0), (301.0, 1.0), (299.0, None)])
def test_what_is_known_to_300_m_reaches_300_m_further_and_surely_300_m_less_far(
    radius_m: float, surely_m: float | None
) -> None:
    volume = Volume3D.of(Circle(114.0, 22.5, radius_m))
    limits = limits_of(zone_of(volume, accuracy_m=300.0), volume, frame=FRAME)
    assert limits.possibly.by_m == pytest.approx(radius_m + 300.0, abs=0.01)
    if surely_m is None:
        assert limits.surely.geometry.is_empty
        assert [sure for _, sure in limits.regions] == [False]
        assert np.isnan(limits.surely.bounds).all()
        assert not limits.surely.is_within(10.0, of=Point(limits.possibly.geometry.coords[0]))
    else:
        assert limits.surely.by_m == pytest.approx(surely_m, abs=0.01)
        assert [sure for _, sure in limits.regions] == [True, False]


@settings(max_examples=40)
@given(testing.zones(region=HERE, max_radius_m=3000.0), st.floats(0, 360), st.floats(0, 1))
def test_surely_and_possibly_lie_on_both_sides_of_the_published_outline(
    zone: Zone, azimuth: float, share: float
) -> None:
    (volume,) = zone.volumes
    limits = limits_of(zone, volume, frame=FRAME)
    corners = shapely.get_coordinates(volume.geometry)
    lon, lat = corners[int(share * (len(corners) - 1))]
    # No farther from its outline than that is uncertain, but for what the plane makes of it.
    apart_m = 0.98 * zone.uncertainty_m
    place = Point(FRAME.to_plane([KARNEY.fwd(lon, lat, azimuth, apart_m)[:2]])[0])
    assert limits.possibly.is_within(0.01, of=place)
    if zone.uncertainty_m > 0.0:
        assert not limits.surely.is_within(0.0, of=place)
    known = Region(project(volume.geometry, frame=FRAME))
    assert limits.possibly.drawn(grown_by_m=0.01).covers(known.geometry)
    drawn_too_large_m = 0.02 + 2e-4 * 3000.0
    outside = limits.surely.drawn() - known.drawn(grown_by_m=drawn_too_large_m)
    assert outside.is_empty


def test_a_doubtful_stretch_adds_to_where_a_zone_may_be_and_takes_from_where_it_surely_is() -> None:
    square = Polygon([(114.0, 22.5), (114.1, 22.5), (114.1, 22.6), (114.0, 22.6)])
    south = BoundaryPart(LineString([(114.0, 22.5), (114.1, 22.5)]), 250.0)
    zone = zone_of(Volume3D(square), less_accurate=(south,))
    limits = limits_of(zone, zone.volumes[0], frame=FRAME)
    for north_m, surely, possibly in (
        (-260.0, False, False), (-240.0, False, True), (240.0, False, True), (260.0, True, True)
    ):  # fmt: skip
        place = Point(FRAME.to_plane([KARNEY.fwd(114.05, 22.5, 0.0, north_m)[:2]])[0])
        assert limits.surely.is_within(0.0, of=place) is surely
        assert limits.possibly.is_within(0.0, of=place) is possibly


def test_a_negative_distance_asks_for_depth() -> None:
    disc, square = Region(Point(0, 0), 10.0), Region(shapely.box(-10, -10, 10, 10))
    for region in (disc, square):
        assert region.is_within(-1.0, of=Point(8.9, 0))
        assert not region.is_within(-1.0, of=Point(9.1, 0))
        assert not region.is_within(-10.1, of=Point(0, 0))


holes = Polygon([(0, 0), (900, 0), (900, 700), (0, 700)], [[(100, 100), (200, 100), (150, 300)]])


@pytest.mark.parametrize(
    "geometry",
    [
        holes,
        MultiPolygon([holes, shapely.box(2000, 0, 2010, 4000)]),
        LineString([(0, 0), (3000, 10), (3000, 4000)]),
        shapely.MultiLineString([[(0, 0), (10, 10)], [(50, 0), (50, 90)]]),
        Point(5, 6),
        Point(5, 6).buffer(300.0, 200),
    ],
    ids=lambda geometry: geometry.geom_type,
)
def test_edges_are_those_of_the_geometry_in_runs_that_their_boxes_hold(geometry: Any) -> None:
    region = Region(geometry, 7.0)
    boundary = geometry if geometry.area == 0.0 else geometry.boundary
    ends = region.edges.view(np.float64).reshape(-1, 2, 2)
    edges = np.array([LineString(pair) for pair in ends])
    assert np.sum(shapely.length(edges)) == pytest.approx(boundary.length)
    assert (shapely.distance(boundary, shapely.points(ends)) < 1e-9).all()
    assert {tuple(place) for place in shapely.get_coordinates(geometry)} == {
        tuple(place) for place in ends.reshape(-1, 2)
    }
    runs = np.split(np.arange(len(edges)), region.runs[1:])
    far_m = np.array([-7.0, -7.0, 7.0, 7.0])
    assert len(runs) == len(region.boxes) == len(region.drawn_boxes)
    for run, drawn in zip(runs, region.drawn_boxes, strict=True):
        assert drawn.bounds == pytest.approx(shapely.total_bounds(edges[run]) + far_m)
        assert len(run) <= 16
        assert len(run) == 1 or shapely.length(edges[run]).sum() < 4500.0
    assert region.bounds == pytest.approx(np.array(geometry.bounds) + far_m)


@given(st.floats(1.0, 2000.0))
def test_growing_covers_and_shrinking_takes_away_enough(distance_m: float) -> None:
    grown = grow(Point(0, 0), distance_m)
    ring = np.exp(1j * np.linspace(0, 2 * np.pi, 999)) * distance_m
    assert shapely.covers(shapely.buffer(grown, 1e-6), shapely.points(ring.real, ring.imag)).all()
    # An inner corner is where shrinking rounds.
    corner = Polygon([(0, 0), (9e3, 0), (9e3, 9e3), (-9e3, 9e3), (-9e3, -9e3), (0, -9e3)])
    shrunk = grow(corner, -distance_m)
    assert shapely.distance(shrunk, corner.boundary) >= distance_m - 1e-6
