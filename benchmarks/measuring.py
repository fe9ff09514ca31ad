"""What benchmarks measure by, and on which machine."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass(frozen=True)
class Timed:
    """What a work gave, and what its runs took, the first round's first."""

    result: Any
    taken_s: list[float]


def in_turn(
    works: Mapping[str, Callable[[], Any]], *, rounds: int, budget_s: float
) -> dict[str, Timed]:
    """Time works in turn, so that a machine which is busy is busy for all.

    A work that has taken its budget sits out the rounds that are left.
    """
    timed: dict[str, Timed] = {}
    for name, work in works.items():
        start = time.perf_counter()
        result = work()
        timed[name] = Timed(result, [time.perf_counter() - start])
    for _ in range(rounds - 1):
        for name, work in works.items():
            if sum(timed[name].taken_s) < budget_s:
                timed[name].taken_s.append(seconds(work))
    return timed


def median_s(taken_s: Sequence[float]) -> float:
    """Median of some runs."""
    return statistics.median(taken_s)


def ratio(of: Sequence[float], to: Sequence[float]) -> float:
    """Median of the ratios within rounds; of medians, where one took part in less than three."""
    together = [a / b for a, b in zip(of, to, strict=False)]
    return median_s(together) if len(together) > 2 else median_s(of) / median_s(to)


def machine() -> str:
    """Name the processor, cores, memory and system."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        model = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), model)
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    return f"{model}, {os.cpu_count()} cores{memory}, {platform.system()} {platform.machine()}"


def versions(packages: Iterable[str]) -> str:
    """Name Python and the packages that are installed, with their versions."""
    found = [f"{platform.python_implementation()} {platform.python_version()}"]
    for package in packages:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
