"""Every benchmark starts as ``make bench`` runs it: as a file, from wherever one stands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parent.parent / "benchmarks").glob("bench_*.py"))


def test_there_are_benchmarks() -> None:
    assert len(SCRIPTS) >= 4


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_benchmark_finds_all_that_it_imports(script: Path, tmp_path: Path) -> None:
    # Python puts the folder of a script first on its path, and nothing else of the checkout.
    program = f"import sys; sys.path[0] = {str(script.parent)!r}; import {script.stem}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
