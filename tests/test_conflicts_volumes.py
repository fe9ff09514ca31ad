"""Volumes against flights and against one another.

The oracle is exact: places of a flight as rationals, whether a polygon winds round them, and the
squares of their distances from edges. It asks at single instants, and shares nothing with the
closed form, which asks for intervals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lowalt.conflicts import TrackArray
from lowalt.conflicts.engines import IS_BUILT, Engine
from lowalt.conflicts.volumes import (
    TooManyVolumesError,
    VolumeArray,
    detect_intrusions,
    volume_conflicts,
)
from lowalt.conflicts.volumes.boxes import Boxes, overlapping_among, overlapping_between
from lowalt.conflicts.volumes.turns import exact_signs
from lowalt.errors import InvalidInputError, LowaltError
from lowalt.geodesy import LocalFrame, geodesic_azimuth_deg, geodesic_direct, geodesic_distance_m
from lowalt.levels import VerticalReference

ENGINES: tuple[Engine, ...] = ("numpy", "native") if IS_BUILT else ("numpy",)
ENGINES_AND_THREADS: tuple[tuple[Engine, int], ...] = (("numpy", 1), ("native", 1), ("native", 2))
HAE, AMSL = VerticalReference.HAE, VerticalReference.AMSL
EPOCH, FRAME = datetime(2026, 6, 1, tzinfo=UTC), LocalFrame(114.0)
SHAPES: tuple[shapely.Polygon | tuple[float, float, float], ...] = (
    shapely.box(0, 0, 4, 4),
    shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (3, 1), (3, 3), (1, 3)]]),
    shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 2), (0, 4)]),
    shapely.Polygon([(0, 2), (2, 0), (4, 2), (2, 4)]),
    shapely.Polygon([(0, 0), (5, 0), (5, 3), (4, 3), (4, 1), (3, 1), (3, 3), (0, 3)]),
    shapely.Polygon([(0, 0), (4, 0), (2, 1)]),
    (2.0, 2.0, 2.0),  # a disc: centre and radius
    (1.0, 3.0, 1.0),
)

Place = tuple[Fraction, Fraction]


def volumes_at(
    shapes: Sequence[shapely.Polygon | tuple[float, float, float]],
    shifts: Sequence[tuple[float, float]],
    **limits: Any,
) -> VolumeArray:
    """Polygons and discs, each moved, as one array."""
    rings, offsets, radius, places = [0], [0], [], []
    for shape, shift in zip(shapes, shifts, strict=True):
        parts = (
            [shapely.get_coordinates(part) for part in (shape.exterior, *shape.interiors)]
            if isinstance(shape, shapely.Polygon)
            else [np.array([shape[:2]])]
        )
        radius.append(0.0 if isinstance(shape, shapely.Polygon) else shape[2])
        places += [part + np.array(shift) for part in parts]
        rings += [rings[-1] + n for n in np.cumsum([len(part) for part in parts]).tolist()]
        offsets.append(len(rings) - 1)
    x_m, y_m = np.concatenate(places).T
    return VolumeArray.from_local(offsets, rings, x_m, y_m, radius_m=radius, **limits)


def flights(*paths: Sequence[tuple[float, float, float, float]], **more: Any) -> TrackArray:
    """Flights as rows of time, x, y and z."""
    rows = np.array([row for path in paths for row in path], dtype=float)
    offsets = np.cumsum([0, *map(len, paths)])
    given = {"horizontal_radius_m": 0.0, "vertical_radius_m": 0.0} | more
    return TrackArray.from_local(offsets, rows[:, 1], rows[:, 2], rows[:, 3], rows[:, 0], **given)


def intervals(tracks: TrackArray, volumes: VolumeArray, **more: Any) -> list[tuple[float, float]]:
    found = detect_intrusions(tracks, volumes, **more)
    return list(zip(found.t_in_s.tolist(), found.t_out_s.tolist(), strict=True))


# ---- the oracle --------------------------------------------------------------------------------


def edges_of(volumes: VolumeArray, n: int) -> Iterator[tuple[Place, Place]]:
    for ring in range(volumes.offsets[n], volumes.offsets[n + 1]):
        corners = [
            (Fraction(x), Fraction(y))
            for x, y in volumes.vertices[volumes.rings[ring] : volumes.rings[ring + 1]].tolist()
        ]
        yield from zip(corners, corners[1:] + corners[:1], strict=True)


def winds_round(volumes: VolumeArray, n: int, p: Place) -> bool:
    """Whether the rings wind round a place: upward edges to its right less downward ones."""
    winding = 0
    for (ax, ay), (bx, by) in edges_of(volumes, n):
        turn = (bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax)
        winding += (ay <= p[1] < by and turn > 0) - (by <= p[1] < ay and turn < 0)
    return winding != 0


def distance2(volumes: VolumeArray, n: int, p: Place) -> Fraction:
    """Square of the distance from the boundary, or from the centre of a disc."""
    least = None
    for (ax, ay), (bx, by) in edges_of(volumes, n):
        length2 = (bx - ax) ** 2 + (by - ay) ** 2
        along = (p[0] - ax) * (bx - ax) + (p[1] - ay) * (by - ay)
        share = min(max(along / length2, Fraction(0)), Fraction(1)) if length2 else Fraction(0)
        d2 = (ax + share * (bx - ax) - p[0]) ** 2 + (ay + share * (by - ay) - p[1]) ** 2
        least = d2 if least is None else min(least, d2)
    assert least is not None
    return least


def is_within(
    volumes: VolumeArray, n: int, at: tuple[Fraction, ...], across: Fraction, height: Fraction
) -> bool:
    """Whether a place in time and space is no further from a volume than that."""
    t, x, y, z = at
    start, end, bottom, top = (
        column[n] for column in (volumes.start_s, volumes.end_s, volumes.bottom_m, volumes.top_m)
    )
    if not start <= t <= end:
        return False
    if (np.isfinite(bottom) and z < Fraction(bottom) - height) or (
        np.isfinite(top) and z > Fraction(top) + height
    ):
        return False
    reach = Fraction(volumes.radius_m[n]) + across
    return distance2(volumes, n, (x, y)) <= reach**2 or winds_round(volumes, n, (x, y))


def place_at(path: Sequence[tuple[float, ...]], t: Fraction) -> tuple[Fraction, ...]:
    for a, b in pairwise(path):
        if a[0] <= t <= b[0]:
            share = (t - Fraction(a[0])) / (Fraction(b[0]) - Fraction(a[0]))
            return (
                t,
                *(
                    Fraction(p) + share * (Fraction(q) - Fraction(p))
                    for p, q in zip(a[1:], b[1:], strict=True)
                ),
            )
    raise AssertionError(t)


def crossing_instants(
    path: Sequence[tuple[float, ...]], volumes: VolumeArray, n: int
) -> Iterator[Fraction]:
    """Instants when a path is over an edge or a corner, or at a limit: where answers change."""
    for a, b in pairwise(path):
        t0, x, y, z, t1 = *map(Fraction, a), Fraction(b[0])
        vx, vy, vz = (Fraction(q) - Fraction(p) for p, q in zip(a[1:], b[1:], strict=True))
        shares = {Fraction(k, 8) for k in range(9)}
        for (ax, ay), (bx, by) in edges_of(volumes, n):
            across = vx * (by - ay) - vy * (bx - ax)
            if across:
                shares.add(((ax - x) * (by - ay) - (ay - y) * (bx - ax)) / across)
            if vx or vy:
                shares.add(((ax - x) * vx + (ay - y) * vy) / (vx * vx + vy * vy))
        if vz:
            limits = (volumes.bottom_m[n], volumes.top_m[n])
            shares |= {(Fraction(limit) - z) / vz for limit in limits if np.isfinite(limit)}
        yield from (t0 + share * (t1 - t0) for share in shares if 0 <= share <= 1)
    for limit in (volumes.start_s[n], volumes.end_s[n]):
        if np.isfinite(limit) and path[0][0] <= limit <= path[-1][0]:
            yield Fraction(limit)


def check_against_oracle(
    path: Sequence[tuple[float, float, float, float]],
    volumes: VolumeArray,
    found: Sequence[tuple[int, float, float]],
    *,
    across: float,
    height: float,
) -> None:
    far = Fraction(1, 1_000_000)
    for n in range(len(volumes)):
        stays = [(t_in, t_out) for volume, t_in, t_out in found if volume == n]
        assert all(t_in <= t_out for t_in, t_out in stays)
        assert all(a[1] < b[0] for a, b in pairwise(stays))
        for t in crossing_instants(path, volumes, n):
            if is_within(volumes, n, place_at(path, t), Fraction(across), Fraction(height)):
                slack = 1e-12 * max(1.0, abs(float(t)))
                assert any(a - slack <= t <= b + slack for a, b in stays), (n, float(t), stays)
        for t_in, t_out in stays:
            for t in (Fraction(t_in), Fraction(t_out), (Fraction(t_in) + Fraction(t_out)) / 2):
                assert is_within(
                    volumes, n, place_at(path, t), Fraction(across) + far, Fraction(height) + far
                ), (n, float(t), stays)


# ---- flights against volumes -------------------------------------------------------------------


def lattice_path(random: np.random.Generator) -> list[tuple[float, float, float, float]]:
    """A path on whole numbers, on which hovers, climbs on the spot and edges are common."""
    count = int(random.integers(2, 6))
    steps = random.integers(-3, 4, (count, 3)) * (random.random((count, 3)) < 0.7)
    places = np.cumsum(np.vstack((random.integers(-1, 6, (1, 3)), steps)), axis=0)
    times = np.cumsum(random.integers(1, 4, count + 1))
    return [(float(t), *map(float, p)) for t, p in zip(times, places.tolist(), strict=True)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("protection", "tolerance_m"), [("none", 0.0), ("none", 0.01), ("cylinder", 0.0)]
)
def test_intervals_are_those_of_the_exact_oracle(protection: Any, tolerance_m: float) -> None:
    random = np.random.default_rng(7)
    bottom = random.choice([-np.inf, 0.0, 1.0, 2.0], len(SHAPES))
    start = random.choice([-np.inf, 2.0, 3.0], len(SHAPES))
    volumes = volumes_at(
        SHAPES,
        [(0.0, 0.0)] * len(SHAPES),
        bottom_m=bottom,
        top_m=np.where(random.random(len(SHAPES)) < 0.3, np.inf, np.maximum(bottom, 0.0) + 2.0),
        start_s=start,
        end_s=np.where(random.random(len(SHAPES)) < 0.5, np.inf, np.maximum(start, 0.0) + 4.0),
    )
    paths = [lattice_path(random) for _ in range(14)]
    tracks = flights(*paths, horizontal_radius_m=1.0, vertical_radius_m=0.5)
    found = detect_intrusions(tracks, volumes, protection=protection, tolerance_m=tolerance_m)
    own = protection == "cylinder"
    for n, path in enumerate(paths):
        mine = found.flight == n
        check_against_oracle(
            path,
            volumes,
            list(zip(found.volume[mine], found.t_in_s[mine], found.t_out_s[mine], strict=True)),
            across=own * 1.0 + tolerance_m,
            height=own * 0.5 + tolerance_m,
        )


def test_times_of_entry_and_exit_are_known() -> None:
    holed = volumes_at(SHAPES[1:2], [(0.0, 0.0)])
    across = flights([(0, -2, 2, 0), (8, 6, 2, 0)])
    exact = [(2.0, 3.0), (5.0, 6.0)]
    assert intervals(across, holed, tolerance_m=0.0) == [pytest.approx(p, abs=1e-6) for p in exact]
    grown = [(1.99, 3.01), (4.99, 6.01)]  # 1 cm at 1 m/s, into the hole as well
    assert intervals(across, holed) == [pytest.approx(pair, abs=1e-6) for pair in grown]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param([(0, 2, 0, 1), (9, 2, 0, 1)], [(0, 9)], id="hovering on an edge"),
        pytest.param([(0, 0, 0, 1), (9, 0, 0, 1)], [(0, 9)], id="hovering on a corner"),
        pytest.param([(0, 2, 2, 1), (9, 2, 2, 1)], [], id="hovering in a hole"),
        pytest.param([(0, 1, 2, 1), (9, 1, 2, 1)], [(0, 9)], id="hovering on the hole's edge"),
        pytest.param([(0, 9, 2, 1), (9, 9, 2, 1)], [], id="hovering outside"),
        pytest.param([(0, -4, 0, 1), (12, 8, 0, 1)], [(4, 8)], id="along an edge"),
        pytest.param([(0, -2, 2, 1), (4, 2, -2, 1)], [(2, 2)], id="past a corner"),
        pytest.param([(0, 0.5, 2, 0), (8, 0.5, 2, 8)], [(1, 3)], id="climbing on the spot"),
        pytest.param([(0, 0.5, 2, 5), (2, 0.5, 2, 3), (4, 0.5, 2, 5)], [(2, 2)], id="dipping"),
        pytest.param([(0, -2, 0.5, 3), (8, 6, 0.5, 3)], [(2, 6)], id="along the top"),
        pytest.param([(-5, 0.5, 2, 1), (0, 0.5, 2, 1)], [(0, 0)], id="leaving as it begins"),
        pytest.param([(20, 0.5, 2, 1), (30, 0.5, 2, 1)], [(20, 20)], id="arriving as it ends"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_touching_is_being_in(path: Any, expected: Any, engine: Any) -> None:
    volumes = volumes_at(
        SHAPES[1:2], [(0.0, 0.0)], bottom_m=1.0, top_m=3.0, start_s=0.0, end_s=20.0
    )
    found = intervals(flights(path), volumes, tolerance_m=0.0, engine=engine)
    assert found == [pytest.approx(pair, abs=1e-6) for pair in expected]
    # What only touches, touches from 1 cm away as well, and from 1.1 cm no longer.
    if expected and np.ptp(expected) == 0.0:
        nudged = [(t, x - 0.0001, y, z) for t, x, y, z in path]
        assert intervals(flights(nudged), volumes, tolerance_m=0.01, engine=engine)


@pytest.mark.parametrize("y_m", [-0.009, 0.0, 0.009, 3.991, 4.0, 4.009])
@pytest.mark.parametrize("heading", [1, -1])
def test_flying_along_an_edge_is_being_in_all_the_way(y_m: float, heading: int) -> None:
    along = flights([(0, 2 - 6 * heading, y_m, 0), (12, 2 + 6 * heading, y_m, 0)])
    for engine in ENGINES:
        found = intervals(along, volumes_at(SHAPES[:1], [(0.0, 0.0)]), engine=engine)
        assert found == [pytest.approx((4.0, 8.0), abs=0.011)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_disc_is_entered_where_a_chord_says(engine: Any) -> None:
    disc = volumes_at([(0.0, 0.0, 5.0)], [(0.0, 0.0)])
    chord = flights([(0, -10, 3, 0), (20, 10, 3, 0)])
    assert intervals(chord, disc, tolerance_m=0.0, engine=engine) == [
        pytest.approx((6.0, 14.0), abs=1e-6)
    ]
    at_2_m = flights([(0, -10, 7.0, 0), (20, 10, 7.0, 0)], horizontal_radius_m=2.0)
    touching = intervals(at_2_m, disc, tolerance_m=0.0, protection="cylinder", engine=engine)
    assert touching == [pytest.approx((10.0, 10.0), abs=2e-3)]  # the square root of rounding
    clear = flights([(0, -10, 7.00001, 0), (20, 10, 7.00001, 0)], horizontal_radius_m=2.0)
    assert not intervals(clear, disc, tolerance_m=0.0, protection="cylinder", engine=engine)


@pytest.mark.parametrize(("gap_m", "is_found"), [(0.0099, True), (0.01, True), (0.010002, False)])
@pytest.mark.parametrize("far_m", [0.0, 1e6])
def test_the_tolerance_is_a_centimetre_to_the_micrometre(
    gap_m: float, is_found: bool, far_m: float
) -> None:
    square = volumes_at(SHAPES[:1], [(far_m, 0.0)])
    past = flights([(0, far_m + 4.0 + gap_m, -9, 0), (1, far_m + 4.0 + gap_m, 9, 0)])
    assert bool(intervals(past, square)) == is_found


def test_uncertain_times_widen_what_is_found_within_the_window() -> None:
    path = [(0.0, -2.0, 2.0, 0.0), (8.0, 6.0, 2.0, 0.0)]
    holed = volumes_at(SHAPES[1:2], [(0.0, 0.0)], end_s=6.25)
    early = intervals(flights(path, time_uncertainty_s=0.5), holed, tolerance_m=0.0)
    assert early == [pytest.approx(p, abs=1e-6) for p in [(1.5, 3.5), (4.5, 6.25)]]
    joined = intervals(flights(path, time_uncertainty_s=1.0), holed, tolerance_m=0.0)
    assert joined == [pytest.approx((1.0, 6.25), abs=1e-6)]


def busy_scene(seed: int, flight_count: int, volume_count: int) -> tuple[TrackArray, VolumeArray]:
    random = np.random.default_rng(seed)
    shapes = [SHAPES[k] for k in random.integers(0, len(SHAPES), volume_count)]
    start = random.choice([-np.inf, 0.0, 10.0], volume_count)
    volumes = volumes_at(
        shapes,
        random.uniform(0, 30, (volume_count, 2)).tolist(),
        bottom_m=random.integers(0, 4, volume_count),
        top_m=random.integers(4, 9, volume_count),
        start_s=start,
        end_s=np.where(random.random(volume_count) < 0.5, np.inf, np.maximum(start, 0) + 9),
    )
    paths = []
    for _ in range(flight_count):
        path = np.array(lattice_path(random))
        paths.append(path * [1, 3, 3, 1] + [0, *random.uniform(0, 20, 2), 0])
    tracks = flights(
        *paths,
        horizontal_radius_m=random.uniform(0, 2, flight_count),
        vertical_radius_m=1.0,
        time_uncertainty_s=random.choice([0.0, 0.7], flight_count),
    )
    return tracks, volumes


@pytest.mark.skipif(not IS_BUILT, reason="the C core is not built here")
@pytest.mark.parametrize("protection", ["none", "cylinder"])
def test_engines_and_threads_give_the_same_bytes(
    protection: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"numpy": 70, "native": 64}
    monkeypatch.setattr("lowalt.conflicts.volumes.intrusions._FLIGHTS_AT_ONCE", few)
    tracks, volumes = busy_scene(3, 150, 300)
    tables = [
        detect_intrusions(tracks, volumes, protection=protection, engine=engine, threads=threads)
        for engine, threads in ENGINES_AND_THREADS
    ]
    assert len(tables[0]) > 300
    for column in ("flight", "volume", "t_in_s", "t_out_s", "leg_in", "leg_out"):
        first, *others = (getattr(table, column).tobytes() for table in tables)
        assert others == [first, first], column


@pytest.mark.skipif(not IS_BUILT, reason="the C core is not built here")
@pytest.mark.parametrize("legs", [7, 8, 9, 16, 17, 61])
def test_engines_agree_about_flights_of_many_legs(legs: int) -> None:
    random = np.random.default_rng(legs)
    _, volumes = busy_scene(9, 1, 200)
    steps = random.uniform(-1, 1, (30, legs + 1, 3)) * [3.0, 3.0, 0.2]
    steps[random.random((30, legs + 1)) < 0.2] = 0.0
    places = np.cumsum(steps, axis=1) + random.uniform([9, 9, 3], [21, 21, 6], (30, 1, 3))
    times = np.cumsum(random.uniform(0.1, 40.0 / legs, (30, legs + 1, 1)), axis=1)
    tracks = flights(*np.concatenate((times, places), axis=2).tolist(), time_uncertainty_s=0.2)
    numpy, native = (detect_intrusions(tracks, volumes, engine=engine) for engine in ENGINES)
    assert len(numpy) > 100
    assert numpy.leg_out.max() == legs - 1  # the last leg is not forgotten
    for column in ("flight", "volume", "t_in_s", "t_out_s", "leg_in", "leg_out"):
        assert getattr(numpy, column).tobytes() == getattr(native, column).tobytes(), column


def test_the_order_of_flights_and_volumes_does_not_matter() -> None:
    tracks, volumes = busy_scene(4, 60, 60)
    whole = detect_intrusions(tracks, volumes)
    flight_order, volume_order = (np.random.default_rng(s).permutation(60) for s in (1, 2))
    other = detect_intrusions(tracks.take(flight_order), volumes.take(volume_order))

    def keyed(table: Any, of_flight: Any, of_volume: Any) -> set[tuple[Any, ...]]:
        return set(
            zip(
                of_flight[table.flight].tolist(),
                of_volume[table.volume].tolist(),
                table.t_in_s.tolist(),
                table.t_out_s.tolist(),
                strict=True,
            )
        )

    assert keyed(whole, np.arange(60), np.arange(60)) == keyed(other, flight_order, volume_order)


@given(
    shape=st.sampled_from(SHAPES),
    seed=st.integers(0, 2**32 - 1),
    shift=st.tuples(st.integers(-(2**20), 2**20), st.integers(-(2**20), 2**20)),
    hold=st.booleans(),
)
def test_moving_all_or_splitting_a_leg_changes_nothing(
    shape: Any, seed: int, shift: tuple[int, int], hold: bool
) -> None:
    path = lattice_path(np.random.default_rng(seed))
    volumes = volumes_at([shape], [(0.0, 0.0)])
    as_it_is = intervals(flights(path), volumes, tolerance_m=0.01)
    a, b = path[:2]
    middle = tuple((p + q) / 2 for p, q in zip(a, b, strict=True))
    halved = [a, middle, *path[1:]] if hold else path
    moved = [(t, x + shift[0], y + shift[1], z) for t, x, y, z in halved]
    elsewhere = volumes_at([shape], [tuple(map(float, shift))])  # type: ignore[list-item]
    assert intervals(flights(moved), elsewhere, tolerance_m=0.01) == [
        pytest.approx(pair, abs=1e-6) for pair in as_it_is
    ]


def test_legs_of_entry_and_exit_are_told() -> None:
    square = volumes_at(SHAPES[:1], [(0.0, 0.0)])
    turning = flights([(0, -9, 2, 0), (1, -5, 2, 0), (5, 2, 2, 0), (9, 2, 9, 0), (10, 3, 9, 0)])
    found = detect_intrusions(turning, square)
    assert (found.leg_in.tolist(), found.leg_out.tolist()) == ([1], [2])
    assert next(found.rows())["flight"] == 0


# ---- volumes against one another ---------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_conflicts_of_polygons_are_those_whose_insides_share_a_point(engine: Any) -> None:
    polygons = [s for s in SHAPES if isinstance(s, shapely.Polygon)]
    random = np.random.default_rng(5)
    shapes = [polygons[k] for k in random.integers(0, len(polygons), 55)]
    shifts = random.integers(0, 12, (55, 2)).astype(float)
    volumes = volumes_at(shapes, shifts.tolist())
    given_shapes = volumes.polygons(np.arange(55))
    one, other = np.triu_indices(55, 1)
    shared = shapely.relate_pattern(given_shapes[one], given_shapes[other], "T********")
    touching = shapely.touches(given_shapes[one], given_shapes[other])
    assert shared.sum() > 100 < touching.sum()
    found = volume_conflicts(volumes, engine=engine)
    assert found.pairs.tolist() == np.column_stack((one, other))[shared].tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_volume_conflicts_with_its_like_and_not_with_what_fills_its_hole(engine: Any) -> None:
    for shape in SHAPES:
        assert len(volume_conflicts(volumes_at([shape] * 2, [(0, 0)] * 2), engine=engine)) == 1
    filler: list[Any] = [shapely.box(1, 1, 3, 3), (2.0, 2.0, 1.0), (2.0, 2.0, 1.001)]
    held = volumes_at([SHAPES[1], *filler], [(0, 0)] * 4)
    found = volume_conflicts(held.take([0]), held.take([1, 2, 3]), engine=engine)
    assert found.pairs.tolist() == [[0, 2]]


def test_slivers_too_thin_for_floats_are_told_from_touching() -> None:
    # A slanted edge, and squares whose corners are on it, and next to it by one step of floats.
    slope = shapely.Polygon([(0.0, 0.0), (3.0, 1.0), (0.0, 1.0)])
    x, y = 1.5, 0.5
    for corner, is_in in ((y, False), (np.nextafter(y, 1), True), (np.nextafter(y, 0), False)):
        below = shapely.Polygon([(x, corner), (x - 0.5, corner - 1.0), (x + 0.5, corner - 1.0)])
        dented = shapely.Polygon(
            [(x, corner), (x - 0.5, corner - 1.0), (x, corner - 0.9), (x + 0.5, corner - 1.0)]
        )
        for other in (below, dented):
            found = volume_conflicts(VolumeArray.from_shapes([slope, other]))
            assert len(found) == is_in, (corner, other)


@pytest.mark.parametrize("engine", ENGINES)
def test_discs_are_exact(engine: Any) -> None:
    discs = [(float(x), float(y), float(r)) for x, y, r in np.ndindex(5, 5, 4) if r]
    volumes = volumes_at(discs, [(0.0, 0.0)] * len(discs))
    found = set(map(tuple, volume_conflicts(volumes, engine=engine).pairs.tolist()))
    for i, (x, y, r) in enumerate(discs):
        for j in range(i + 1, len(discs)):
            u, v, s = discs[j]
            assert ((i, j) in found) == ((x - u) ** 2 + (y - v) ** 2 < (r + s) ** 2), (i, j)


@pytest.mark.parametrize("engine", ENGINES)
def test_discs_against_polygons_are_exact(engine: Any) -> None:
    polygons = volumes_at([s for s in SHAPES if isinstance(s, shapely.Polygon)], [(0.0, 0.0)] * 6)
    places = [(x, y, r) for x in range(-2, 7) for y in range(-2, 7) for r in (1.0, 2.0)]
    discs = volumes_at(places, [(0.0, 0.0)] * len(places))
    found = set(map(tuple, volume_conflicts(discs, polygons, engine=engine).pairs.tolist()))
    touching = 0
    for i, (x, y, r) in enumerate(places):
        centre = Fraction(x), Fraction(y)
        for j in range(len(polygons)):
            d2 = distance2(polygons, j, centre)
            overlaps = d2 < Fraction(r) ** 2 or winds_round(polygons, j, centre)
            touching += d2 == Fraction(r) ** 2
            assert ((i, j) in found) == overlaps, (places[i], j)
    assert touching > 50


@pytest.mark.parametrize(
    ("limits", "is_conflict"),
    [
        pytest.param({}, True, id="no limits"),
        pytest.param({"top_m": [50, 90], "bottom_m": [0, 50]}, False, id="one on the other"),
        pytest.param({"top_m": [50.01, 90], "bottom_m": [0, 50]}, True, id="1 cm in the other"),
        pytest.param({"end_s": [60, 90], "start_s": [0, 60]}, False, id="one after the other"),
        pytest.param({"end_s": [61, 90], "start_s": [0, 60]}, True, id="one second together"),
        pytest.param({"top_m": [5, 9], "bottom_m": [5, 0]}, False, id="one of no height"),
        pytest.param({"end_s": [5, 9], "start_s": [5, 0]}, False, id="one of no duration"),
        pytest.param({"intent": [4, 4]}, False, id="of one intent"),
        pytest.param({"intent": [4, 5]}, True, id="of two intents"),
    ],
)
def test_touching_in_height_or_time_is_no_conflict(limits: Any, is_conflict: bool) -> None:
    volumes = volumes_at([SHAPES[0], SHAPES[3]], [(0.0, 0.0)] * 2, **limits)
    assert len(volume_conflicts(volumes)) == is_conflict


def test_what_volumes_share_is_told() -> None:
    volumes = volumes_at(
        [SHAPES[0]] * 2, [(0, 0), (1, 1)], bottom_m=[0, 20], top_m=[30, 50], start_s=[0, 60],
        end_s=[90, np.inf], ids=["a", "b"],
    )  # fmt: skip
    [row] = volume_conflicts(volumes).rows()
    assert row == {
        "first": "a", "second": "b", "t_in": 60.0, "t_out": 90.0, "bottom_m": 20.0, "top_m": 30.0,
    }  # fmt: skip


def test_rows_tell_times_of_the_epoch_and_no_limit_as_none() -> None:
    volumes = volumes_at([SHAPES[0]] * 2, [(0, 0), (1, 1)], end_s=90.5, epoch=EPOCH)
    [row] = volume_conflicts(volumes).rows()
    assert (row["t_in"], row["t_out"]) == (None, "2026-06-01T00:01:30.500000+00:00")
    assert (row["bottom_m"], row["top_m"]) == (None, None)
    through = flights([(0, -2, 2, 0), (8, 6, 2, 0)], epoch=EPOCH)
    [stay] = detect_intrusions(through, volumes.take([0]), tolerance_m=2.0).rows()
    assert stay == {
        "flight": 0, "volume": 0,
        "t_in": "2026-06-01T00:00:00+00:00", "t_out": "2026-06-01T00:00:08+00:00",
    }  # fmt: skip


@pytest.mark.parametrize(("gap_m", "is_conflict"), [(0.0, 1), (0.5, 1), (0.500002, 0), (2.0, 0)])
@pytest.mark.parametrize("shape", SHAPES[:5])
def test_a_tolerance_counts_what_is_near(gap_m: float, is_conflict: int, shape: Any) -> None:
    width = shape.bounds[2]
    beside = volumes_at([shape, SHAPES[0]], [(-width - gap_m, 0.0), (0.0, 0.0)])
    above = volumes_at(
        [shape, SHAPES[0]], [(0.0, 0.0)] * 2, bottom_m=[-9.0, gap_m], top_m=[0.0, 9.0]
    )
    for volumes in (beside, above):
        assert len(volume_conflicts(volumes, tolerance_m=0.5)) == is_conflict
        assert len(volume_conflicts(volumes)) == 0


@pytest.mark.skipif(not IS_BUILT, reason="the C core is not built here")
def test_engines_find_the_same_conflicts() -> None:
    _, volumes = busy_scene(6, 1, 500)
    _, others = busy_scene(7, 1, 200)
    for against in (None, others):
        numpy, native = (volume_conflicts(volumes, against, engine=e) for e in ENGINES)
        assert len(numpy) > 500
        for column in ("pairs", "t_in_s", "t_out_s", "bottom_m", "top_m"):
            assert getattr(numpy, column).tobytes() == getattr(native, column).tobytes()


@pytest.mark.parametrize("engine", ENGINES)
def test_too_many_pairs_are_refused_and_so_many_are_not(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    volumes = volumes_at([SHAPES[0]] * 40, [(0.0, 0.0)] * 40)
    monkeypatch.setattr("lowalt.conflicts.volumes.overlaps.MAX_PAIRS", 780)
    assert len(volume_conflicts(volumes, engine=engine)) == 780
    monkeypatch.setattr("lowalt.conflicts.volumes.overlaps.MAX_PAIRS", 779)
    with pytest.raises(TooManyVolumesError, match="more than 779 pairs"):
        volume_conflicts(volumes, engine=engine)


def test_no_pair_of_boxes_is_lost_or_found_twice() -> None:
    random = np.random.default_rng(8)
    for scale in (1.0, 30.0, 1e5):
        low = random.integers(0, 40, (2, 150, 4)) * scale
        high = low + random.choice([0, 1, 2, 30], (2, 150, 4)) * scale
        low[random.random(low.shape) < 0.05] = -np.inf
        high[random.random(low.shape) < 0.05] = np.inf
        boxes, others = (Boxes(a, b) for a, b in zip(low, high, strict=True))

        def meet(a: Boxes, b: Boxes) -> Any:
            return ((a.low[:, None] <= b.high[None]) & (b.low[None] <= a.high[:, None])).all(axis=2)

        for found, expected in (
            (overlapping_among(boxes), np.argwhere(np.triu(meet(boxes, boxes), 1))),
            (overlapping_between(boxes, others), np.argwhere(meet(boxes, others))),
        ):
            pairs = np.vstack([np.column_stack(part) for part in found])
            assert pairs[np.lexsort(pairs.T[::-1])].tolist() == expected.tolist()


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 1e-3, 1e7]), st.sampled_from([0, 1, 2**40]))
def test_sides_of_lines_are_exact(seed: int, scale: float, steps: int) -> None:
    random = np.random.default_rng(seed)
    a, b = random.uniform(-scale, scale, (2, 8, 2))
    c = a + random.uniform(-1, 2, (8, 1)) * (b - a)
    c[:, 1] += steps * np.spacing(c[:, 1])
    expected = [
        (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        for (ax, ay, bx, by, cx, cy) in (
            map(Fraction, row) for row in np.hstack((a, b, c)).tolist()
        )
    ]
    assert exact_signs(a, b, c).tolist() == [(p > 0) - (p < 0) for p in expected]


def volumes_at_origin(**more: Any) -> VolumeArray:
    return volumes_at(SHAPES[:1], [(0.0, 0.0)], **more)


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"x_m": [0, 4, np.nan, 0]}, "volume 0, vertex 2"),
        ({"y_m": [0, 0, 4, 1e9]}, "volume 0, vertex 3"),
        ({"rings": [0, 2], "x_m": [0, 4], "y_m": [0, 0]}, "a ring of 2 vertices"),
        ({"x_m": [1, 1, 1, 2], "y_m": [1, 1, 1, 2]}, "2 different places"),
        ({"x_m": [0, 4, 0, 4]}, "Self-intersection[2 2]"),
        ({"x_m": [0, 1, 2, 3], "y_m": [0, 0, 0, 0]}, "volume 0"),
        ({"top_m": 1.0, "bottom_m": 2.0}, "bottom_m 2.0 and top_m 1.0"),
        ({"start_s": 9.0, "end_s": 8.0}, "start_s 9.0 and end_s 8.0"),
        ({"top_m": -np.inf}, "top_m -inf"),
        ({"radius_m": 3.0}, "a disc of one vertex"),
        ({"radius_m": -1.0}, "radius_m -1.0"),
        ({"offsets": [0, 2]}, "offsets"),
        ({"rings": [0, 3]}, "rings"),
        ({"y_m": [0, 0, 4]}, "x_m, y_m"),
        ({"top_m": [1.0, 2.0]}, "top_m"),
        ({"ids": ["a", "b"]}, "2 identifiers"),
        ({"intent": [0.5]}, "intent"),
        ({"intent": [[0], [1, 2]]}, "intent"),
        ({"x_m": ["a", 4, 4, 0]}, "x_m: given ['a', 4, 4, 0]; numbers"),
        ({"top_m": 10**400}, "top_m: given 1000"),
        ({"rings": [[0], [4, 5]]}, "rings"),
    ],
)
def test_wrong_volumes_are_refused_and_named(change: Any, named: str) -> None:
    good = {"offsets": [0, 1], "rings": [0, 4], "x_m": [0, 4, 4, 0], "y_m": [0, 0, 4, 4]}
    with pytest.raises(InvalidInputError) as refusal:
        VolumeArray.from_local(**(good | change))
    assert named in str(refusal.value)


def test_wrong_shapes_and_repeated_identifiers_are_named() -> None:
    box = shapely.box(0, 0, 1, 1)
    wrong: list[tuple[Any, Any, str]] = [
        ([box, None], {}, "shapes[1]"),
        ([shapely.MultiPolygon([box])], {}, "MultiPolygon; a Polygon: make each of its parts"),
        (box, {}, "one Polygon; a list"),
        ([box, box], {"ids": "ab"}, "ids: given 'ab'"),
        ([box, box], {"ids": ["a", ["b"]]}, "ids[1]: given ['b']"),
        ([box, box], {"ids": ["a", "a"]}, "ids[1]"),
        ([box, shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])], {}, "volume 1, vertex"),
    ]
    for shapes, more, named in wrong:
        with pytest.raises(InvalidInputError) as refusal:
            VolumeArray.from_shapes(shapes, **more)
        assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("ask", "named"),
    [
        (lambda t, v: detect_intrusions(t, v, tolerance_m=-1.0), "tolerance_m"),
        (lambda t, v: detect_intrusions(t, v, tolerance_m=float("nan")), "tolerance_m"),
        (lambda t, v: detect_intrusions(t, v, engine=cast(Any, "fortran")), "fortran"),
        (lambda t, v: detect_intrusions(t, v, threads=0), "threads"),
        (lambda t, v: detect_intrusions(t, v, protection=cast(Any, "armour")), "armour"),
        (lambda t, _: detect_intrusions(t, volumes_at_origin(origin_m=(1.0, 0.0))), "origin_m"),
        (
            lambda *_: volume_conflicts(
                *(volumes_at_origin(surface=surface) for surface in (HAE, AMSL))
            ),
            "surface",
        ),
        (
            lambda t, _: detect_intrusions(t, volumes_at_origin(surface=HAE)),
            "surface: given nothing",
        ),
        (lambda t, _: detect_intrusions(t, volumes_at_origin(epoch=EPOCH)), "epoch: given nothing"),
        (lambda _, v: volume_conflicts(volumes_at_origin(frame=FRAME), v), "state it where"),
        (lambda _, v: volume_conflicts(v, tolerance_m=float("inf")), "tolerance_m"),
        (
            lambda *_: volume_conflicts(
                *(volumes_at_origin(frame=LocalFrame(meridian)) for meridian in (114.0, 117.0))
            ),
            "frame",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(ask: Callable[..., Any], named: str) -> None:
    tracks, volumes = flights([(0, 0, 0, 0), (1, 1, 1, 1)]), volumes_at(SHAPES[:1], [(0, 0)])
    with pytest.raises(LowaltError, match=named):
        ask(tracks, volumes)


def test_nothing_against_nothing_is_nothing() -> None:
    none = volumes_at(SHAPES[:1], [(0, 0)]).take([])
    one = volumes_at(SHAPES[:1], [(0, 0)])
    tracks = flights([(0, 0, 0, 0), (1, 1, 1, 1)])
    for engine in ENGINES:
        assert len(detect_intrusions(tracks, none, engine=engine)) == 0
        assert len(detect_intrusions(tracks.take([]), one, engine=engine)) == 0
        assert len(volume_conflicts(none, engine=engine)) == 0
        assert len(volume_conflicts(none, one, engine=engine)) == 0


# ---- volumes as ASTM F3548 writes them ---------------------------------------------------------


def document(**change: Any) -> dict[str, Any]:
    """A Volume4D; keys of a change are paths."""
    volume: dict[str, Any] = {
        "volume": {
            "outline_polygon": {
                "vertices": [
                    {"lng": 115.3, "lat": 22.5},
                    {"lng": 115.4, "lat": 22.5},
                    {"lng": 115.4, "lat": 22.6},
                ]
            },
            "altitude_lower": {"value": 40, "reference": "W84", "units": "M"},
            "altitude_upper": {"value": 120.5, "reference": "W84", "units": "M"},
        },
        "time_start": {"value": "2026-06-01T00:10:00Z", "format": "RFC3339"},
        "time_end": {"value": "2026-06-01T08:20:00.5+08:00", "format": "RFC3339"},
    }
    for path, value in change.items():
        *parents, last = path.split("__")
        inner: Any = volume
        for name in parents:
            inner = inner[int(name) if name.isdigit() else name]
        inner[int(last) if last.isdigit() else last] = value
    return volume


def test_volumes_of_f3548_are_read() -> None:
    circle = {"center": {"lng": 114.3, "lat": 22.4}, "radius": {"value": 2000, "units": "M"}}
    given_volumes = [
        document(),
        document(volume={"outline_circle": circle}, time_start=None, time_end=None),
    ]
    read = VolumeArray.from_f3548(
        given_volumes, frame=FRAME, epoch=EPOCH, origin_m=(1000.0, 2.5e6), ids=["p", "c"]
    )
    assert (read.bottom_m[0], read.top_m[0], read.surface) == (40.0, 120.5, HAE)
    assert (read.start_s[0], read.end_s[0]) == (600.0, 1200.5)
    assert np.isinf([read.bottom_m[1], read.top_m[1], read.start_s[1], read.end_s[1]]).all()
    assert 0.0 < read.position_error_m < 0.01
    # Half way between corners 10 km apart is on the boundary; so is the circle's rim.
    corners = np.array([[115.3, 22.5], [115.4, 22.5]])
    south = geodesic_direct(
        corners[:1],
        azimuth_deg=geodesic_azimuth_deg(corners[:1], corners[1:]),
        distance_m=geodesic_distance_m(corners[:1], corners[1:]) / 2.0,
    )
    rim = geodesic_direct(
        [[114.3, 22.4]], azimuth_deg=np.arange(0.0, 360.0, 7.0), distance_m=2000.0
    )
    xy = FRAME.to_plane(np.vstack((south, rim))) - np.array([1000.0, 2.5e6])
    polygon = read.polygons([0])[0]
    assert shapely.distance(polygon.exterior, shapely.Point(xy[0])) <= read.position_error_m
    off = np.hypot(*(xy[1:] - read.vertices[-1]).T) - read.radius_m[1]
    assert np.abs(off).max() <= read.position_error_m


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"volume": None}, "volumes[0].volume"),
        ({"volume__outline_polygon": None}, "given neither"),
        ({"volume__outline_circle": {}}, "given both"),
        ({"volume__outline_polygon__vertices": [{"lng": 114, "lat": 22}] * 2}, "3 or more"),
        ({"volume__outline_polygon__vertices__1__lat": float("nan")}, "vertices[1].lat"),
        ({"volume__outline_polygon__vertices__2__lng": "114"}, "vertices[2].lng"),
        ({"volume__outline_polygon__vertices__2__lng": 181}, "vertices[2].lng"),
        ({"volume__outline_polygon__vertices__2": {"lng": 115.3, "lat": 22.5}}, "vertices[0]"),
        ({"volume__altitude_lower__units": "FT"}, "altitude_lower.units"),
        ({"volume__altitude_upper__reference": "AGL"}, "altitude_upper.reference"),
        ({"volume__altitude_upper__value": 30}, "altitude_upper 30"),
        ({"volume__altitude_lower": 5}, "volume.altitude_lower"),
        ({"time_end__value": "2026-06-01T00:00:00Z"}, "time_end"),
        ({"time_start__value": "2026-06-01T00:00:00"}, "time_start.value"),
        ({"time_start__format": "ISO"}, "time_start.format"),
        ({"volume__outline_polygon__vertices__2__lng": 10.0}, "meridian"),
        ({"volume__outline_polygon__vertices__2__lng": 10**400}, "vertices[2].lng"),
        ({"volume__altitude_upper__value": 10**400}, "altitude_upper.value"),
        ({"volume__outline_polygon__vertices__0": {"lng": 22.5, "lat": 115.3}}, "vertices[0].lat"),
        ({"volume__outline_polygon__vertices": {"a": 1, "b": 2, "c": 3}}, "list of 3 or more"),
    ],
)
def test_faults_of_f3548_volumes_are_named(change: Any, named: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        VolumeArray.from_f3548([document(**change)], frame=FRAME, epoch=EPOCH)
    assert named in str(refusal.value)


def test_an_outline_that_crosses_itself_is_named_by_the_vertices_given() -> None:
    bow = [(115.3, 22.5), (115.4, 22.6), (115.4, 22.5), (115.3, 22.61)]
    vertices = [{"lng": lng, "lat": lat} for lng, lat in bow]
    crossed = document(volume__outline_polygon__vertices=vertices)
    named = r"volumes\[1\]\.volume\.outline_polygon\.vertices\[[0-3]\] or beside it: given Self-"
    with pytest.raises(InvalidInputError, match=named):
        VolumeArray.from_f3548([document(), crossed], frame=FRAME, epoch=EPOCH)


@pytest.mark.parametrize("alone", [document(), "volumes", None, 5])
def test_what_is_no_list_of_volumes_is_refused(alone: Any) -> None:
    with pytest.raises(InvalidInputError, match="a list of Volume4D objects"):
        VolumeArray.from_f3548(alone, frame=FRAME, epoch=EPOCH)


def test_a_circle_that_no_circle_of_the_plane_is_near_to_is_refused() -> None:
    circle = {"center": {"lng": 116.9, "lat": 22.4}, "radius": {"value": 60_000, "units": "M"}}
    with pytest.raises(InvalidInputError, match="would move by"):
        VolumeArray.from_f3548(
            [document(volume={"outline_circle": circle})], frame=FRAME, epoch=EPOCH
        )
    later = EPOCH + timedelta(hours=1)
    assert VolumeArray.from_f3548([document()], frame=FRAME, epoch=later).start_s[0] == -3000.0
