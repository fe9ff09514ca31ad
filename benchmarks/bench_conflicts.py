"""How fast the conflicts among many flights are found, beside what else one could use.

Each case is a scenario of ``lowalt.conflicts.scenarios``. All who take part find its pairs in turn,
some rounds long, in one process, and all must find the same ones; ratios are medians over the
rounds. What takes long is asked once, and what would take minutes is not asked unless ``--all`` is
given. Of a city it is told too what exactness costs, beside the same search by float64 alone
(``float64_only``). A last table asks BlueSky's compiled detector and lowalt which of 10,000
aircraft, seen at one instant, will be in conflict within a minute. Run it from the checkout::

    python benchmarks/bench_conflicts.py [kind:flights:window in seconds ...]

Peers that are not installed are named with what they take. PostGIS is asked where psycopg finds a
server by PGHOST, PGUSER and PGDATABASE; nothing stays behind in the database.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import cast, get_args

import numpy as np

import bluesky_detector
import float64_only
from conflict_peers import PEERS, Peer
from lowalt.conflicts import TrackArray, detect_conflicts
from lowalt.conflicts.arrays import IntArray
from lowalt.conflicts.engines import IS_BUILT
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.scenarios.shipped import Kind
from lowalt.conflicts.table import ConflictTable
from measuring import in_turn, machine, median_s, ratio, versions

PACKAGES = ("numpy", "shapely", "rtree", "duckdb", "psycopg", "bluesky-simulator")

INSTANT_AIRCRAFT = 10_000
INSTANT_S, INSTANT_RADIUS_M, INSTANT_HEIGHT_M = 60.0, 50.0, 20.0
"""How far ahead aircraft are looked at, and their zones."""

BESIDE_M = 0.1
"""What BlueSky's sphere and lowalt's plane may differ by, over the ways of a minute."""


@dataclass(frozen=True)
class Case:
    """A scenario to be asked about."""

    kind: Kind
    flights: int
    window_s: float

    @classmethod
    def read(cls, text: str) -> Case:
        """Read a case from the command line."""
        try:
            kind, flights, window_s = text.split(":")
            if kind not in get_args(Kind):
                raise ValueError
            return cls(cast(Kind, kind), int(flights), float(window_s))
        except ValueError:
            kinds = "|".join(get_args(Kind))
            expected = f"({kinds}):flights:seconds, such as city:10000:3600"
            raise argparse.ArgumentTypeError(f"{text!r}: expected {expected}") from None

    def __str__(self) -> str:
        return f"{self.kind}, {self.flights:,} flights within {self.window_s:,.0f} s"


CASES = (
    Case("city", 1_000, 3_600.0),
    Case("city", 10_000, 3_600.0),
    Case("city", 100_000, 86_400.0),
    Case("city", 100_000, 3_600.0),
    Case("hub", 1_000, 3_600.0),
    Case("corridor", 2_000, 3_600.0),
    Case("crossers", 20_000, 3_600.0),
    Case("hops", 100_000, 86_400.0),
    Case("lattice", 2_000, 3_600.0),
    Case("swarm", 1_000, 60.0),
)

WAYS = ("exactly", "by float64 alone")

MOST_ROUNDS = 60
"""In which two ways of one search are compared: they differ by less than single runs do."""

Finder = Callable[[TrackArray], ConflictTable]


def engines() -> dict[str, Finder]:
    """Give the engines of lowalt by name, the one that others are compared with first."""
    native = {
        f"native, {n} thread{'s' * (n > 1)}": partial(detect_conflicts, engine="native", threads=n)
        for n in (1, 2)
        if IS_BUILT
    }
    return {**native, "numpy": partial(detect_conflicts, engine="numpy")}


def pairs_of(table: ConflictTable) -> IntArray:
    """Give the pairs of a table once each."""
    return np.unique(table.pairs, axis=0)


def are_same(one: ConflictTable, other: ConflictTable) -> bool:
    """Whether two tables are the same to the byte."""
    columns = (f.name for f in fields(ConflictTable) if f.name != "tracks")
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in columns)


def judge(case: Case, peers: tuple[Peer, ...], *, rounds: int, budget_s: float) -> None:
    """Ask all about a case and print what they took."""
    tracks = scenario(case.kind, case.flights, window_s=case.window_s)
    timed = in_turn(
        {
            **{name: partial(find, tracks) for name, find in engines().items()},
            **{peer.name: partial(peer.find, tracks) for peer in peers},
        },
        rounds=rounds,
        budget_s=budget_s,
    )
    tables = [cast(ConflictTable, timed[name].result) for name in engines()]
    pairs = pairs_of(tables[0])
    assert all(are_same(tables[0], table) for table in tables), "engines differ"
    for peer in peers:
        assert np.array_equal(timed[peer.name].result, pairs), f"{peer.name} finds other pairs"
    legs = len(tracks.vertices) - len(tracks)
    print(f"\n{case}: {legs:,} legs; {len(pairs):,} pairs conflict, {len(tables[0]):,} times")
    print_table({name: work.taken_s for name, work in timed.items()})


def compiled_cores(folder: Path) -> tuple[ModuleType, ...]:
    """Give the C core as it is, and by float64 alone; neither where none can be compiled."""
    if not IS_BUILT:
        return ()
    try:
        return float64_only.natives(folder)
    except (OSError, subprocess.CalledProcessError):
        print("what exactness costs the C core: no C compiler to leave it out with")
        return ()


def judge_exactness(case: Case, cores: tuple[ModuleType, ...], *, budget_s: float) -> None:
    """Search exactly and by float64 alone, in turn, and print what is dearer by how much."""
    tracks = scenario(case.kind, case.flights, window_s=case.window_s)
    searches: dict[str, tuple[Finder, Finder]] = {
        "numpy": (partial(detect_conflicts, engine="numpy"), float64_only.numpy_only)
    }
    if cores:
        exact, by_float64 = map(float64_only.by_core, cores)
        searches["native, 1 thread"] = exact, by_float64
    print("  what exactness costs, beside the same search by float64 alone:")
    for name, both in searches.items():
        timed = in_turn(
            {way: partial(find, tracks) for way, find in zip(WAYS, both, strict=True)},
            rounds=MOST_ROUNDS,
            budget_s=budget_s,
        )
        exactly, alone = (timed[way] for way in WAYS)
        true, given = (
            {tuple(row) for row in work.result.pairs.tolist()} for work in timed.values()
        )
        print(
            f"  {name:<24}{ratio(exactly.taken_s, alone.taken_s) - 1.0:>+10.1%}"
            f"{len(exactly.taken_s):>6} runs; float64 has {len(true ^ given)} pairs otherwise"
        )


def print_table(times: Mapping[str, list[float]]) -> None:
    """Print seconds and ratios."""
    names = list(times)
    to = [name for name in (names[0], "numpy") if name in times]
    print(f"  {'':<24}{'seconds':>10}{'runs':>6}" + "".join(f"{'to ' + n:>22}" for n in to))
    for name, taken_s in times.items():
        ratios = "".join(f"{ratio(taken_s, times[n]):>22.1f}" for n in to)
        print(f"  {name:<24}{median_s(taken_s):>10.4f}{len(taken_s):>6}{ratios}")


def judge_instant(*, rounds: int, budget_s: float) -> None:
    """Ask BlueSky and lowalt who will be in conflict, and print what they took."""
    print(
        f"\n{INSTANT_AIRCRAFT:,} aircraft at one instant, {INSTANT_S:.0f} s ahead, zones of"
        f" {INSTANT_RADIUS_M:.0f} m and {INSTANT_HEIGHT_M:.0f} m"
    )
    detect = bluesky_detector.loaded()
    if detect is None:
        print(f"  BlueSky: not installed: {bluesky_detector.INSTALL}")
        return
    instant = bluesky_detector.Instant.of(scenario("city", INSTANT_AIRCRAFT, window_s=3_600.0))

    def ahead(find: Finder, wider_m: float = 0.0) -> ConflictTable:
        radius_m, height_m = INSTANT_RADIUS_M + wider_m, INSTANT_HEIGHT_M + wider_m
        return find(instant.ahead(INSTANT_S, radius_m=radius_m, height_m=height_m))

    def bluesky() -> IntArray:
        return bluesky_detector.pairs_ahead(
            detect, instant, INSTANT_S, radius_m=INSTANT_RADIUS_M, height_m=INSTANT_HEIGHT_M
        )

    timed = in_turn(
        {**{name: partial(ahead, find) for name, find in engines().items()}, "BlueSky": bluesky},
        rounds=rounds,
        budget_s=budget_s,
    )
    find = next(iter(engines().values()))
    fewest, ours, most = (
        {tuple(pair) for pair in pairs_of(ahead(find, wider_m)).tolist()}
        for wider_m in (-BESIDE_M, 0.0, BESIDE_M)
    )
    theirs = {tuple(pair) for pair in timed["BlueSky"].result.tolist()}
    assert fewest <= theirs <= most, "BlueSky finds other pairs"
    print(
        f"  {len(ours):,} pairs will conflict; BlueSky has {len(ours ^ theirs)} of them otherwise"
    )
    print_table({name: work.taken_s for name, work in timed.items()})


def main(cases: tuple[Case, ...], *, rounds: int, budget_s: float, ask_all: bool) -> None:
    """Print the tables."""
    print(f"{machine()}\n{versions(PACKAGES)}; up to {rounds} rounds in turn")
    if not IS_BUILT:
        print("lowalt's C core is not built: install a C compiler, and lowalt again")
    able = []
    warm_up = scenario("city", 100, window_s=60.0)
    for find in engines().values():
        find(warm_up)
    for peer in PEERS:
        if missing := peer.missing():
            print(f"{peer.name}: {missing}")
        else:
            able.append(peer)
            peer.find(warm_up)
    with tempfile.TemporaryDirectory() as folder:
        cores = compiled_cores(Path(folder))
        for case in cases:
            asked = (peer for peer in able if ask_all or case.flights <= peer.most_flights)
            judge(case, tuple(asked), rounds=rounds, budget_s=budget_s)
            if case.kind == "city":
                judge_exactness(case, cores, budget_s=budget_s)
    judge_instant(rounds=rounds, budget_s=budget_s)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", type=Case.read, metavar="kind:flights:seconds")
    parser.add_argument("--rounds", type=int, default=9, help="at most (9)")
    parser.add_argument("--budget", type=float, default=2.0, help="seconds for each (2)")
    parser.add_argument("--all", action="store_true", help="ask all peers, however long they take")
    given = parser.parse_args()
    main(
        tuple(given.cases) or CASES,
        rounds=given.rounds,
        budget_s=given.budget,
        ask_all=given.all,
    )
