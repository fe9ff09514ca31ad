"""How time and memory grow with the number of flights among which conflicts are sought.

Flights of a scenario depart within a day, and within an hour, so that the traffic gets denser as
there are more of them. Up to 100,000 flights are asked about, in two minutes or so; a million of a
day, which take 0.8 GiB, with ``--to 1000000 --hours 24``. Each way of finding them is measured in a
process of its own, which is given the flights in files: their making leaves no free memory behind
that would hide what the search takes. Memory is the highest that the process ever held during the
first search, the result included, beyond what it held before; it is told on Linux only. Times are
medians. A picture of time and memory over the number of flights, with the exponents fitted, is
drawn where a file is named for it, ``.png`` or ``.svg``; that takes matplotlib. Run it from the
checkout::

    python benchmarks/bench_conflicts_scaling.py [--to 1000000] [--hours 24] [--draw FILE.png]
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np

from conflict_peers import tree_of_passages
from lowalt.conflicts import TrackArray, detect_conflicts
from lowalt.conflicts.engines import IS_BUILT
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.scenarios.shipped import Kind
from measuring import machine, median_s, seconds, versions

HOUR_S = 3_600.0

HOURS = (24.0, 1.0)
"""Within how many hours flights depart, unless others are asked for."""

ARRAYS = (
    "vertices", "offsets", "horizontal_radius_m", "vertical_radius_m", "time_uncertainty_s",
)  # fmt: skip

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)

FITTED_FROM = 10_000
"""Flights from which on exponents are fitted; with fewer, what does not grow weighs in."""

MIB = 2.0**20

STYLES = ("o-", "s--", "^:", "d-.")
"""How lines are drawn, by the hours of departures."""


class Way(NamedTuple):
    """A way to find conflicts, and of how many flights it is asked at most."""

    name: str
    find: Callable[[TrackArray], Any]
    most_flights: int


def ways() -> Iterator[Way]:
    """Give those that there are here."""
    for threads in (1, 2) if IS_BUILT else ():
        name = f"native, {threads} thread{'s' * (threads > 1)}"
        yield Way(name, partial(detect_conflicts, engine="native", threads=threads), SIZES[-1])
    yield Way("numpy", partial(detect_conflicts, engine="numpy"), SIZES[-1])
    yield Way("STRtree a slab", tree_of_passages, 100_000)


@dataclass(frozen=True)
class Measured:
    """What a way took over a scenario: ``extra_mib`` is ``None`` where it cannot be told."""

    way: str
    window_s: float
    flights: int
    input_mib: float
    pairs: int
    taken_s: float
    extra_mib: float | None


# In a process of its own


def measured(folder: Path, find: Callable[[TrackArray], Any]) -> tuple[int, float, float | None]:
    """Find the pairs in conflict of a folder: how many, seconds, and extra memory, MiB."""
    few = scenario("city", 100, window_s=60.0)
    find(few)  # loads what is loaded once
    tracks = replace(few, **{name: np.load(folder / f"{name}.npy") for name in ARRAYS})
    before = _forget_peak()
    start = time.perf_counter()
    found = find(tracks)
    taken_s = [time.perf_counter() - start]
    peak = _memory_mib("VmHWM")
    pairs = len(found if isinstance(found, np.ndarray) else np.unique(found.pairs, axis=0))
    while len(taken_s) < 5 and sum(taken_s) < 2.0:
        taken_s.append(seconds(lambda: find(tracks)))
    extra = None if before is None or peak is None else peak - before
    return pairs, median_s(taken_s), extra


def _forget_peak() -> float | None:
    """Reset the highest memory held to what is held now, and give that, MiB."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return None
    return _memory_mib("VmRSS")


def _memory_mib(field: str) -> float | None:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024.0 for line in lines if line.startswith(field))


# The whole


def measure(kind: Kind, window_s: float, sizes: Sequence[int]) -> Iterator[Measured]:
    """Measure all ways over scenarios of growing size."""
    fresh = partial(
        ProcessPoolExecutor, max_workers=1, mp_context=multiprocessing.get_context("spawn")
    )
    for flights in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            tracks = scenario(kind, flights, window_s=window_s)
            for array in ARRAYS:
                np.save(folder / f"{array}.npy", getattr(tracks, array))
            input_mib = tracks.vertices.nbytes / MIB
            del tracks
            for way in ways():
                if flights <= way.most_flights:
                    with fresh() as process:
                        found = process.submit(measured, folder, way.find).result()
                    yield Measured(way.name, window_s, flights, input_mib, *found)


def exponent(rows: Sequence[Measured], value: Callable[[Measured], float | None]) -> float:
    """Fit ``e`` of a value that grows with the number of flights to the power of ``e``."""
    points = [(r.flights, v) for r in rows if r.flights >= FITTED_FROM and (v := value(r))]
    if len({flights for flights, _ in points}) < 2:
        return float("nan")
    flights, values = np.log(np.array(points, dtype=float).clip(min=1e-9)).T
    return float(np.polyfit(flights, values, 1)[0])


def print_exponents(rows: Sequence[Measured]) -> None:
    """Print how the ways grow."""
    print(f"\nexponents from {FITTED_FROM:,} flights on: {'':>8}seconds  extra MiB      pairs")
    for window_s in dict.fromkeys(row.window_s for row in rows):
        for way in dict.fromkeys(row.way for row in rows):
            some = [row for row in rows if (row.way, row.window_s) == (way, window_s)]
            taken, memory = (
                exponent(some, value) for value in (lambda r: r.taken_s, lambda r: r.extra_mib)
            )
            found = exponent(some, lambda r: float(r.pairs))
            print(
                f"  {way:<20}{window_s / HOUR_S:>6g} h{'':>13}"
                f"{taken:>7.2f}{memory:>11.2f}{found:>11.2f}"
            )


def draw(rows: Sequence[Measured], file: Path, *, title: str) -> None:
    """Draw time and memory over the number of flights."""
    from matplotlib.figure import Figure  # noqa: PLC0415  not everybody draws

    figure = Figure(figsize=(11.0, 6.5), layout="constrained")
    figure.suptitle(title)
    panels = figure.subplots(1, 2)
    styles = dict(zip(dict.fromkeys(row.window_s for row in rows), STYLES, strict=False))
    quantities: tuple[tuple[str, Callable[[Measured], float | None]], ...] = (
        ("seconds", lambda row: row.taken_s),
        ("MiB beyond the input", lambda row: row.extra_mib),
    )
    for axes, (label, value) in zip(panels, quantities, strict=True):
        for n, way in enumerate(dict.fromkeys(row.way for row in rows)):
            for window_s, style in styles.items():
                some = [row for row in rows if (row.way, row.window_s) == (way, window_s)]
                points = [(row.flights, v) for row in some if (v := value(row))]
                if points:
                    e = exponent(some, value)
                    power = "" if np.isnan(e) else f": N$^{{{e:.2f}}}$"
                    name = f"{way}, {window_s / HOUR_S:g} h{power}"
                    axes.loglog(*zip(*points, strict=True), style, color=f"C{n}", label=name)
        axes.set_xlabel("flights")
        axes.set_ylabel(label)
        axes.grid(visible=True, which="both", alpha=0.3)
    inputs = sorted({(row.flights, row.input_mib) for row in rows})
    panels[1].loglog(*zip(*inputs, strict=True), ":", color="grey", label="the input itself")
    for axes in panels:
        axes.legend(fontsize="small", ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.12))
    figure.savefig(file, dpi=150)


def main(kind: Kind, *, to: int, hours: Sequence[float], file: Path | None) -> None:
    """Print the table, and draw it where a file is named."""
    print(f"{machine()}\n{versions(('numpy', 'shapely'))}; {kind}")
    print(
        f"{'':<20}{'flights':>10}{'within':>8}{'input MiB':>11}{'pairs':>11}"
        f"{'seconds':>10}{'extra MiB':>11}{'of input':>10}"
    )
    rows = []
    for each in hours:
        for row in measure(kind, each * HOUR_S, [size for size in SIZES if size <= to]):
            rows.append(row)
            memory = f"{'-':>11}{'-':>10}"
            if row.extra_mib is not None:
                memory = f"{row.extra_mib:>11.1f}{row.extra_mib / row.input_mib:>10.2f}"
            print(
                f"{row.way:<20}{row.flights:>10,}{row.window_s / HOUR_S:>6g} h"
                f"{row.input_mib:>11.1f}{row.pairs:>11,}{row.taken_s:>10.4f}{memory}",
                flush=True,
            )
    print_exponents(rows)
    if file is not None:
        fitted = f"exponents fitted from {FITTED_FROM:,} flights on"
        draw(rows, file, title=f"{kind}; {fitted}\n{machine()}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", choices=get_args(Kind), default="city", help="scenario (city)")
    parser.add_argument("--to", type=int, default=100_000, help="most flights (100000)")
    parser.add_argument(
        "--hours", type=float, nargs="+", default=HOURS, help="of departures, up to four (24 1)"
    )
    parser.add_argument("--draw", type=Path, metavar="FILE.png", help="draw the curves")
    given = parser.parse_args()
    if given.draw is not None:  # rather now than when all is measured
        if importlib.util.find_spec("matplotlib") is None:
            parser.error("--draw takes matplotlib: pip install matplotlib")
        if not given.draw.absolute().parent.is_dir():
            parser.error(f"--draw: there is no folder {given.draw.parent}")
    main(given.kind, to=given.to, hours=given.hours, file=given.draw)
