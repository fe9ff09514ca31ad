"""How fast a new flight is checked against many accepted ones, and the index kept up to date.

Flights of a city over a day. For both engines: building, memory beyond the vertices, queries of one
flight each, saving, and a new process that opens the file and asks once; then adding, queries while
2,000 flights wait to be merged, adding and asking in turn while they are, and what queries take
while all levels are merged into one. Run it from the checkout::

    python benchmarks/bench_conflict_index.py [flights ...]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts import TrackArray
from lowalt.conflicts.engines import IS_BUILT
from lowalt.conflicts.index import ConflictIndex, merging
from lowalt.conflicts.scenarios import scenario
from measuring import machine, versions

DAY_S = 86_400.0
QUERIES = 2_000
PENDING = 2_000
PAUSES_S = 3

FIRST_QUERY = """
import sys, time
began = time.perf_counter()
from lowalt.conflicts.index import ConflictIndex
from lowalt.conflicts.scenarios import scenario
imported = time.perf_counter()
index = ConflictIndex.load(sys.argv[1], engine=sys.argv[2])
opened = time.perf_counter()
asked = scenario("city", 1, window_s=86400.0, seed=7)
began_query = time.perf_counter()
index.query(asked)
done = time.perf_counter()
print(imported - began, opened - imported, done - began_query)
"""


def main() -> None:
    """Print the figures for the sizes asked for."""
    parser = argparse.ArgumentParser(description="Time lowalt's index of accepted flights.")
    parser.add_argument("flights", nargs="*", type=int, default=[10_000])
    arguments = parser.parse_args()
    print(machine())
    print(versions(("numpy",)))
    say("none", "a loop beside a busy one", percentiles(pauses_us()))
    for flights in arguments.flights:
        tracks = scenario("city", flights + QUERIES + 2 * PENDING, window_s=DAY_S)
        print(f"\n{flights:,} flights over a day")
        accepted = tracks.take(np.arange(flights))
        asked = singles(tracks, range(flights, flights + QUERIES))
        more = singles(tracks, range(flights + QUERIES, len(tracks)))
        del tracks
        for engine in ("native", "numpy") if IS_BUILT else ("numpy",):
            measure(engine, accepted, asked, more)


def singles(tracks: TrackArray, numbers: Iterable[int]) -> list[TrackArray]:
    """Take flights one by one."""
    return [tracks.take([number]) for number in numbers]


def measure(
    engine: str, accepted: TrackArray, asked: Sequence[TrackArray], more: Sequence[TrackArray]
) -> None:
    """Print the figures of one engine."""
    began = time.perf_counter()
    index = ConflictIndex(accepted, engine=engine)
    index.merge()
    say(engine, "build", f"{time.perf_counter() - began:.2f} s")
    say(engine, "memory beyond vertices", f"{memory_bytes(index) / len(accepted):,.0f} B a flight")
    query_us = times_us(index.query, asked)
    say(engine, "query", percentiles(query_us))
    save_and_load(engine, index)

    merge_by_itself = merging.LATEST_MOST
    merging.LATEST_MOST = len(more)
    say(engine, "add", percentiles(times_us(index.add, more[:PENDING])))
    say(engine, f"query, {PENDING:,} pending", percentiles(times_us(index.query, asked)))
    merging.LATEST_MOST = merge_by_itself
    change = alternating(index, asked)
    say(engine, "add, and query", percentiles(times_us(change, more[PENDING:])))
    merger = threading.Thread(target=index.merge)
    waits = []
    began = time.perf_counter()
    merger.start()
    while merger.is_alive():
        waits += times_us(index.query, asked[:50])
    say(engine, "merge of all levels", f"{time.perf_counter() - began:.2f} s")
    say(engine, "query meanwhile", percentiles(waits))


def pauses_us() -> list[float]:
    """Tell how long a loop is kept from its core beside a busy process, whoever is to blame.

    What a query takes at most cannot be told more finely than this.
    """
    busy = subprocess.Popen([sys.executable, "-c", "while True: sum(range(1000))"])
    steps = [time.perf_counter_ns()]
    while steps[-1] < steps[0] + PAUSES_S * 1_000_000_000:
        steps.append(time.perf_counter_ns())
    busy.kill()
    busy.wait()
    return [(end - begin) / 1e3 for begin, end in pairwise(steps)]


def alternating(
    index: ConflictIndex, asked: Sequence[TrackArray]
) -> Callable[[TrackArray], object]:
    """Add a flight each time, and ask about another; what is timed is the pair."""
    turn = iter(asked)

    def step(flight: TrackArray) -> None:
        index.add(flight)
        index.query(next(turn))

    return step


def save_and_load(engine: str, index: ConflictIndex) -> None:
    """Print how long a file takes to be written, and to answer in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "accepted.index"
        began = time.perf_counter()
        index.save(path)
        say(engine, "save", f"{time.perf_counter() - began:.2f} s")
        run = subprocess.run(
            [sys.executable, "-c", FIRST_QUERY, str(path), engine],
            check=True,
            capture_output=True,
            text=True,
        )
    imported, opened, first = (float(text) * 1e3 for text in run.stdout.split())
    say(
        engine,
        "new process",
        f"import {imported:.0f} ms, open {opened:.1f} ms, first query {first:.1f} ms",
    )


def memory_bytes(index: ConflictIndex) -> int:
    """Count the arrays of an index, but the vertices that flights came with."""
    total = 0
    for level in index._state.levels:
        flights = level.flights
        arrays: list[NDArray[Any]] = [level.starts, level.entries, level.boxes, level.links]
        arrays += [flights.offsets, flights.horizontal_radius_m, flights.vertical_radius_m]
        arrays += [flights.time_uncertainty_s, flights.numbers, flights.gone, flights.directory]
        total += sum(array.nbytes for array in arrays)
    return total


def times_us(call: Callable[[TrackArray], object], flights: Iterable[TrackArray]) -> list[float]:
    """Call for each flight, and give how long each took."""
    times = []
    for flight in flights:
        began = time.perf_counter_ns()
        call(flight)
        times.append((time.perf_counter_ns() - began) / 1e3)
    return times


def percentiles(times: Sequence[float]) -> str:
    """Give the middle, the slowest of a hundred, of a thousand, and the slowest."""
    half, slow, slower = np.percentile(times, [50, 99, 99.9])
    return (
        f"p50 {half:,.1f} us, p99 {slow:,.1f} us, p99.9 {slower:,.1f} us,"
        f" most {max(times):,.0f} us, {len(times):,} of them"
    )


def say(engine: str, what: str, figure: str) -> None:
    """Print a line."""
    print(f"  {engine:6}  {what:24} {figure}", flush=True)


if __name__ == "__main__":
    main()
