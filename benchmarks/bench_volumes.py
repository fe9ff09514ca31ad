"""Flights against zones, and operational intents against one another, with what users would pick.

Flights of a city over a day, and zones with holes and dents, limits of height and windows of time;
beside them shapely's tree of flown lines with prepared zones, which knows neither height nor time.
Then the intents of flights, a rectangle a minute, against one another; beside them shapely's tree,
the same filters of height, time and intent, and shapely's intersection test. Answers that must
agree are compared. Run it from the checkout::

    python benchmarks/bench_volumes.py [flights] [zones] [flights with intents]

The default is small; 100000 200 10000 are the figures in the documentation.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from lowalt.conflicts import TrackArray
from lowalt.conflicts.arrays import T, X, Z
from lowalt.conflicts.engines import IS_BUILT
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.volumes import VolumeArray, detect_intrusions, volume_conflicts
from measuring import in_turn, machine, median_s, ratio, versions

DAY_S, HOUR_S = 86_400.0, 3_600.0
ROUNDS = 5
BUDGET_S = 30.0
SEED = 20261124

PIECE_S, EARLY_S = 60.0, 15.0
BUFFER_M, BAND_M = 60.0, 15.0


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description="Time flights against zones, and intents.")
    parser.add_argument("flights", nargs="?", type=int, default=10_000)
    parser.add_argument("zones", nargs="?", type=int, default=200)
    parser.add_argument("with_intents", nargs="?", type=int, default=2_000, help="flights")
    given = parser.parse_args()
    print(machine())
    print(versions(("numpy", "shapely")))
    flights_against_zones(given.flights, given.zones)
    for window_s in (DAY_S, HOUR_S):
        intents_against_intents(given.with_intents, window_s)


def flights_against_zones(flights: int, zones: int) -> None:
    """Time every engine at the same flights and zones."""
    tracks = scenario("city", flights, window_s=DAY_S)
    volumes = zones_over(tracks, zones)
    works: dict[str, Callable[[], Any]] = {
        "numpy": lambda: detect_intrusions(tracks, volumes, engine="numpy"),
        "shapely's tree, plane only": lambda: lines_in_zones(tracks, volumes),
    }
    if IS_BUILT:
        works = {
            "native": lambda: detect_intrusions(tracks, volumes, engine="native"),
            "native, 2 threads": lambda: detect_intrusions(
                tracks, volumes, engine="native", threads=2
            ),
            "native, cylinders": lambda: detect_intrusions(
                tracks, volumes, engine="native", protection="cylinder"
            ),
            **works,
        }
    print(f"\n{flights:,} flights, {zones} zones of {len(volumes.vertices):,} edges")
    results = table(works)
    print(f"{len(results['numpy']):,} stays")
    if IS_BUILT:
        same = all(
            getattr(results["native"], column).tobytes()
            == getattr(results[other], column).tobytes()
            for other in ("numpy", "native, 2 threads")
            for column in ("flight", "volume", "t_in_s", "t_out_s")
        )
        print(f"engines agree to the byte: {same}")


def zones_over(tracks: TrackArray, count: int) -> VolumeArray:
    """Make star-shaped zones over where flights are, a third with a hole, a third with a window."""
    random = np.random.default_rng(SEED)
    low, high = tracks.vertices[:, X:Z].min(axis=0), tracks.vertices[:, X:Z].max(axis=0)
    shapes = []
    for centre in random.uniform(low, high, (count, 2)):
        corners = int(random.integers(6, 80))
        angle = (np.arange(corners) + random.uniform(-0.4, 0.4, corners)) * 2 * np.pi / corners
        size_m = float(np.exp(random.uniform(np.log(200.0), np.log(3000.0))))
        outer = size_m * random.uniform(0.6, 1.0, corners)
        around = np.column_stack((np.cos(angle), np.sin(angle)))
        octagon = np.exp(0.25j * np.pi * np.arange(8)) * 0.15 * size_m
        hole = centre + np.column_stack((octagon.real, octagon.imag))
        holes = [hole] if random.random() < 1 / 3 else []
        shapes.append(shapely.Polygon(centre + outer[:, np.newaxis] * around, holes))
    bottom_m = random.choice([0.0, 0.0, 60.0, 120.0], count)
    start_s = random.uniform(0.0, DAY_S, count)
    is_timed = random.random(count) < 1 / 3
    return VolumeArray.from_shapes(
        shapes,
        bottom_m=bottom_m,
        top_m=bottom_m + random.choice([60.0, 120.0, 900.0], count),
        start_s=np.where(is_timed, start_s, -np.inf),
        end_s=np.where(is_timed, start_s + random.uniform(600.0, 7200.0, count), np.inf),
    )


def lines_in_zones(tracks: TrackArray, volumes: VolumeArray) -> int:
    """Count pairs whose line meets the zone, and cut the lines: no height, no time."""
    flight = np.repeat(np.arange(len(tracks)), np.diff(tracks.offsets))
    lines = np.asarray(shapely.linestrings(tracks.vertices[:, X:Z], indices=flight))
    zones = volumes.polygons(np.arange(len(volumes)))
    shapely.prepare(zones)
    zone, line = shapely.STRtree(lines).query(zones, predicate="intersects")
    return int(np.size(shapely.intersection(lines[line], zones[zone])))


def intents_against_intents(flights: int, window_s: float) -> None:
    """Time every engine, and shapely's tree, at the same intents."""
    volumes = intents_of(scenario("city", flights, window_s=window_s))
    works: dict[str, Callable[[], Any]] = {
        "numpy": lambda: volume_conflicts(volumes, engine="numpy").pairs,
        "shapely's tree": lambda: pairs_by_tree(volumes),
    }
    if IS_BUILT:
        works = {"native": lambda: volume_conflicts(volumes, engine="native").pairs, **works}
    print(f"\n{len(volumes):,} volumes of {flights:,} intents within {window_s / HOUR_S:.0f} h")
    results = table(works)
    print(f"{len(results['numpy']):,} conflicts")
    agree = all((pairs == results["numpy"]).all() for pairs in results.values())
    print(f"all agree: {agree}")


def intents_of(tracks: TrackArray) -> VolumeArray:
    """Let every flight have a rectangle a minute, wider and longer than what it flies in it."""
    ends, owner = [], []
    for n in range(len(tracks)):
        path = tracks.vertices[tracks.offsets[n] : tracks.offsets[n + 1]]
        times = np.append(np.arange(path[0, T], path[-1, T], PIECE_S), path[-1, T])
        at = np.column_stack(
            [times, *(np.interp(times, path[:, T], path[:, k]) for k in (1, 2, 3))]
        )
        ends.append(np.stack((at[:-1], at[1:]), axis=1))
        owner.append(np.full(len(at) - 1, n))
    piece = np.concatenate(ends)
    a, b = piece[:, 0, X:Z], piece[:, 1, X:Z]
    along = (b - a) / (np.hypot(*(b - a).T) + 1e-9)[:, np.newaxis] * BUFFER_M
    left = np.column_stack((-along[:, 1], along[:, 0]))
    corners = np.stack((a - along - left, b + along - left, b + along + left, a - along + left), 1)
    count = len(piece)
    x_m, y_m = corners.reshape(-1, 2).T
    return VolumeArray.from_local(
        np.arange(count + 1),
        np.arange(0, 4 * count + 1, 4),
        x_m,
        y_m,
        bottom_m=piece[:, :, Z].min(axis=1) - BAND_M,
        top_m=piece[:, :, Z].max(axis=1) + BAND_M,
        start_s=piece[:, 0, T] - EARLY_S,
        end_s=piece[:, 1, T] + EARLY_S,
        intent=np.concatenate(owner),
    )


def pairs_by_tree(volumes: VolumeArray) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Do the same with shapely: a tree of boxes, filters, then the exact test on what is left."""
    shapes = volumes.polygons(np.arange(len(volumes)))
    one, other = shapely.STRtree(shapes).query(shapes)
    kept = one < other
    one, other = one[kept], other[kept]
    assert volumes.intent is not None
    kept = volumes.intent[one] != volumes.intent[other]
    for low, high in ((volumes.start_s, volumes.end_s), (volumes.bottom_m, volumes.top_m)):
        kept &= np.maximum(low[one], low[other]) < np.minimum(high[one], high[other])
    one, other = one[kept], other[kept]
    kept = shapely.intersects(shapes[one], shapes[other])
    pairs = np.column_stack((one[kept], other[kept]))
    return pairs[np.lexsort(pairs.T[::-1])]


def table(works: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    """Time works in turn and print a line for each; the first is what others are compared with."""
    timed = in_turn(works, rounds=ROUNDS, budget_s=BUDGET_S)
    first = next(iter(timed.values())).taken_s
    for name, work in timed.items():
        taken_s = median_s(work.taken_s)
        print(f"  {name:28} {taken_s:8.3f} s  {ratio(work.taken_s, first):7.1f}")
    return {name: work.result for name, work in timed.items()}


if __name__ == "__main__":
    main()
