"""What tiles cost: the search in one piece, tile by tile, and by two worker processes of Dask.

A made-up day over a city (``lowalt.conflicts.scenarios``), one thread each, in turn. Tables are
held to the same bytes. Printed are, besides the times: legs cut per leg there is, what a tile
carries to a worker and a result back, seconds that cutting takes where it is done, and bytes a
flight. ``docs/nation.md`` reckons with these figures. Run it from the checkout::

    python benchmarks/bench_tiles.py [flights] [hours of departures] [legs a tile]
"""

from __future__ import annotations

import argparse
import pickle
import time
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster

from lowalt.conflicts import ConflictTable, TrackArray, detect_conflicts
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.tiling.portions import LEGS_A_TILE, Tiling, portions, tiling_for
from lowalt.conflicts.tiling.tiles import detect_conflicts_tiled
from measuring import in_turn, machine, median_s, ratio, versions

ROUNDS = 3
COLUMNS = ("pairs", "t_in_s", "t_out_s", "t_cpa_s", "d_cpa_m", "legs_in", "legs_cpa", "legs_out")


def same(table: ConflictTable, other: ConflictTable) -> bool:
    """Whether two tables are the same to the bit."""
    return all(getattr(table, n).tobytes() == getattr(other, n).tobytes() for n in COLUMNS)


def say_what_is_cut(tracks: TrackArray, tiling: Tiling) -> None:
    """Print how much is cut, and how long that takes."""
    start = time.perf_counter()
    cut = [(len(p.tracks.vertices) - len(p.tracks), p) for p in portions(tracks, tiling)]
    taken_s = time.perf_counter() - start
    legs = len(tracks.vertices) - len(tracks)
    carried = [len(pickle.dumps(p)) for _, p in cut]
    arrays = (tracks.vertices, tracks.offsets, tracks.horizontal_radius_m)
    own = sum(a.nbytes for a in arrays) + 2 * tracks.horizontal_radius_m.nbytes
    print(
        f"{legs:,} legs, {own / len(tracks):.0f} bytes a flight; {len(cut)} tiles {tiling}:"
        f" {sum(n for n, _ in cut) / legs:.2f} legs cut for each, at most"
        f" {max(n for n, _ in cut):,} in a tile; {sum(carried) / len(tracks):.0f} bytes carried a"
        f" flight, at most {max(carried) / 1e6:.1f} MB a tile; cutting takes {taken_s:.2f} s"
    )


def compare(tracks: TrackArray, tiling: Tiling, client: Any) -> None:
    """Search in three ways in turn, and print the times."""
    timed = in_turn(
        {
            "one piece": lambda: detect_conflicts(tracks, threads=1),
            "tiles here": lambda: detect_conflicts_tiled(tracks, tiles=tiling),
            "two workers": lambda: detect_conflicts_tiled(tracks, tiles=tiling, client=client),
        },
        rounds=ROUNDS,
        budget_s=120.0,
    )
    whole = timed["one piece"]
    print(f"{len(whole.result):,} conflicts, {len(whole.result) / len(tracks):.2f} a flight")
    for name, work in timed.items():
        print(
            f"{name:12} {median_s(work.taken_s):7.2f} s,"
            f" {ratio(work.taken_s, whole.taken_s):5.2f} times one piece;"
            f" same bytes: {same(work.result, whole.result)}"
        )


def most_memory_mib() -> float:
    """Greatest memory that this process ever had; told on Linux only."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(x.split()[1]) / 1024.0 for x in lines if x.startswith("VmHWM")), 0.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the search in one piece and in tiles.")
    parser.add_argument("flights", nargs="?", type=int, default=100_000)
    parser.add_argument("hours", nargs="?", type=float, default=24.0, help="of departures (24)")
    parser.add_argument("legs", nargs="?", type=int, default=LEGS_A_TILE, help="a tile")
    given = parser.parse_args()
    print(machine())
    print(versions(["lowalt", "numpy", "distributed"]))
    tracks = scenario("city", given.flights, window_s=3600.0 * given.hours)
    tiling = tiling_for(tracks, legs=given.legs)
    say_what_is_cut(tracks, tiling)
    with (
        LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=2, threads_per_worker=1, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,  # type: ignore[no-untyped-call]
    ):
        idle = max(client.run(most_memory_mib).values())
        compare(tracks, tiling, client)
        busy = max(client.run(most_memory_mib).values())
        print(f"a worker: {idle:.0f} MiB idle, {busy:.0f} MiB at most")


if __name__ == "__main__":
    main()
