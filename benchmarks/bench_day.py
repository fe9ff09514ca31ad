"""A day of plans by ``lowalt check``, from files to the summary: seconds and memory.

Complete plans of one synthetic day, as ``bench_assess_many`` makes them, are written one to a
file; the command runs over the folder as an operator would run it, in a process of its own and as
many workers as it is given, and writes a row for each plan. Memory is the most that the largest of
its processes held at once. Run it from the checkout::

    python benchmarks/bench_day.py [plans] [jobs ...]
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_assess_many import synthetic_day
from lowalt import load_airspace
from lowalt.flights import canonical_json


def write_plans(folder: Path, count: int) -> list[Path]:
    """Write a day of about so many plans, one to a file."""
    files = []
    for number, plan in enumerate(synthetic_day(count, load_airspace("shenzhen"))):
        # The sites are those of the plan that the papers are from, far from this route.
        own = plan.model_copy(update={"departure_site": None, "landing_site": None})
        files.append(folder / f"{number:06}.json")
        files[-1].write_bytes(canonical_json(own))
    return files


def run(folder: Path, out: Path, jobs: int) -> tuple[float, str]:
    """Run the command over a folder; return its seconds and the beginning of what it says."""
    command = [sys.executable, "-m", "lowalt.cli", "check", str(folder), "--out", str(out)]
    start = time.perf_counter()
    done = subprocess.run(
        [*command, "--jobs", str(jobs)], capture_output=True, text=True, check=False
    )
    taken_s = time.perf_counter() - start
    assert done.returncode in (0, 1), done.stderr
    return taken_s, done.stdout


def largest_mb() -> float:
    """Return the most that any process ended so far has held at once."""
    # Kilobytes, but for macOS, which counts bytes.
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit


def main(count: int = 10_000, *jobs: int) -> None:
    """Print the table."""
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    with TemporaryDirectory() as scratch:
        folder = Path(scratch) / "plans"
        folder.mkdir()
        files = write_plans(folder, count)
        size = sum(file.stat().st_size for file in files)
        print(f"{len(files)} plans in as many files, {size / 1e6:.0f} MB")
        for number in jobs or (1, os.cpu_count() or 1):
            out = Path(scratch) / f"{number}.jsonl"
            taken_s, said = run(folder, out, number)
            print(
                f"--jobs {number}: {taken_s:.1f} s, {len(files) / taken_s:,.0f} plans/s, at most"
                f" {largest_mb():.0f} MB a process; {out.stat().st_size / 1e6:.0f} MB of rows"
            )
    print(said)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
