"""How much airspace a file may hold: counted before it is made, and refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from lowalt import testing
from lowalt.airspace import (
    Arc,
    Circle,
    Feature,
    Outline,
    Sector,
    Shape,
    Strip,
    Volume3D,
    Zone,
    capacity,
    load_airspace,
)
from lowalt.airspace.capacity import (
    gather,
    joined,
    points_of_polygon,
    points_of_shape,
    require_few_crossings,
    require_few_points,
)
from lowalt.errors import GeometryError, InvalidInputError

PORT = load_airspace("shenzhen")["LP01"]

radii = st.floats(1.0, 200_000.0)
shapes: st.SearchStrategy[Shape] = st.one_of(
    radii.map(lambda r: Circle(114.0, 22.5, r)),
    radii.map(lambda r: Sector(114.0, 22.5, r, 10.0, 300.0, r / 2.0)),
    radii.map(lambda r: Strip(((114.0, 22.5), (114.5, 22.5), (114.5, 23.0)), r)),
    st.just(Outline(((113.99, 22.5), (114.01, 22.5)), {0: Arc(114.0, 22.5, clockwise=True)})),
    st.just(Outline(((100.0, 10.0), (110.0, 10.0), (110.0, 20.0)))),
)


@given(shapes)
def test_the_points_of_a_shape_are_known_before_they_are_made(shape: Shape) -> None:
    drawn = len(shape.covering_polygon().exterior.coords)
    assert drawn / 2.0 <= points_of_shape(shape) <= 10 * drawn


@given(radii)
def test_the_points_of_a_circle_are_known_well(radius_m: float) -> None:
    circle = Circle(114.0, 22.5, radius_m)
    drawn = len(circle.covering_polygon().exterior.coords)
    assert points_of_shape(circle) == pytest.approx(drawn, rel=0.15, abs=3)


def test_long_edges_count_for_the_points_they_are_cut_at() -> None:
    # A box of one degree has four edges, cut every 0.002 degrees.
    assert points_of_polygon(box(113, 22, 114, 23)) == 5 + 2000
    assert points_of_polygon(Polygon([(0, 0), (1e300, 0), (0, 1e300)])) == 4


def test_a_feature_of_too_many_points_is_refused() -> None:
    require_few_points(1_000_000, where="zone A")
    with pytest.raises(GeometryError, match=r"^zone A: .*more than 1000000 points: simplify it"):
        require_few_points(1_000_001, where="zone A")


# Files


def test_features_are_gathered_in_order() -> None:
    zones = [replace(PORT, identifier=name) for name in "CAB"]
    assert gather(iter(zones), name="f") == tuple(zones)
    assert gather([], name="f") == ()


def test_what_comes_after_a_refusal_is_not_made() -> None:
    def features() -> Iterator[Feature]:
        yield PORT
        yield PORT
        raise AssertionError("made too much")

    with pytest.raises(InvalidInputError, match=r"^f: two features are called LP01"):
        gather(features(), name="f")


@pytest.mark.parametrize("bound", ["MOST_FEATURES", "MOST_POINTS"])
def test_a_file_that_holds_too_much_is_refused(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    zones = [replace(PORT, identifier=name) for name in "ABC"]
    points = sum(points_of_polygon(volume.geometry) for volume in PORT.volumes)
    points += sum(points_of_polygon(volume.geometry) for volume in PORT.micro_volumes or ())
    most = {"MOST_FEATURES": 2, "MOST_POINTS": 2 * points}[bound]
    monkeypatch.setattr(capacity, bound, most)
    assert len(gather(zones[:2], name="f")) == 2
    with pytest.raises(InvalidInputError, match=r"^f: up to zone C it has 3 features"):
        gather(zones, name="f")


# Crossings


def star(at_lon: float, *, corners: int, seed: int) -> Volume3D:
    """Polygon with a rough boundary round a centre."""
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    reach = 0.1 * np.random.default_rng(seed).uniform(0.7, 1.0, corners)
    ring = np.column_stack((at_lon + reach * np.cos(turn), 22.5 + reach * np.sin(turn)))
    return Volume3D(Polygon(ring))


def crossings(first: Volume3D, second: Volume3D) -> int:
    """Count pairs of edges that cross, by looking at every pair."""

    def edges(volume: Volume3D) -> list[shapely.LineString]:
        ring = shapely.get_coordinates(volume.geometry)
        return [shapely.LineString(pair) for pair in pairwise(ring)]

    return sum(a.crosses(b) for a, b in product(edges(first), edges(second)))


@pytest.mark.parametrize("seed", range(3))
def test_as_many_crossings_as_allowed_are_read_and_one_more_is_not(seed: int) -> None:
    first, second = star(114.0, corners=120, seed=seed), star(114.02, corners=120, seed=seed + 9)
    count = crossings(first, second)
    assert count > 10
    require_few_crossings([first, second], most=count, where="zone A")
    with pytest.raises(GeometryError, match=rf"^zone A: its 240 edges .*\(up to {count - 1} cross"):
        require_few_crossings([first, second], most=count - 1, where="zone A")


def test_volumes_upon_one_another_do_not_cross() -> None:
    volume = star(114.0, corners=500, seed=1)
    stacked = [volume, *(replace(volume, layer=layer) for layer in LAYERS)]
    require_few_crossings(stacked, most=0, where="zone A")
    require_few_crossings([], most=0, where="zone A")


LAYERS = [volume.layer for zone in load_airspace("shenzhen").zones[:20] for volume in zone.volumes]


def test_a_smooth_polygon_of_many_corners_is_read() -> None:
    turn = np.linspace(0.0, 2.0 * np.pi, 50_000, endpoint=False)
    ring = np.column_stack((114.0 + 0.1 * np.cos(turn), 22.5 + 0.1 * np.sin(turn)))
    require_few_crossings([Volume3D(Polygon(ring))], most=0, where="zone A")


def test_one_whose_edges_all_lie_near_one_another_is_not() -> None:
    n = np.arange(2000) * 1e-6
    ring = np.empty((4000, 2))
    ring[0::2] = np.column_stack((114.0 + n, 22.5 + n))
    ring[1::2] = np.column_stack((114.1 + n, 22.55 + n))
    tangled = Volume3D(Polygon([*ring, (114.15, 22.4)]))
    with pytest.raises(GeometryError, match=r"^zone A: its 4001 edges lie across each other"):
        require_few_crossings([tangled], most=2000, where="zone A")


def test_no_zone_of_the_dataset_comes_near_the_bounds() -> None:
    for zone in load_airspace("shenzhen").zones:
        require_few_crossings(zone.volumes, most=200, where=zone.label)
        assert sum(points_of_polygon(volume.geometry) for volume in zone.volumes) < 100_000


@settings(max_examples=50)
@given(st.lists(testing.zones(max_radius_m=500.0), min_size=1, max_size=4))
def test_what_is_joined_covers_every_zone_and_nothing_else(zones: list[Zone]) -> None:
    volumes = [volume for zone in zones for volume in zone.volumes]
    union = joined(volumes, where="f")
    assert union.is_valid
    assert all(union.buffer(1e-9).covers(volume.geometry) for volume in volumes)
    assert union.area <= sum(volume.geometry.area for volume in volumes) * (1.0 + 1e-9)


def test_without_zones_there_is_nothing_to_join() -> None:
    with pytest.raises(GeometryError, match=r"^f: has no zone"):
        joined([], where="f")
