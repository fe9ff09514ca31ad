"""The search with legs met by float64 alone: what exactness is measured against.

Both engines meet two legs in one place: the C core in ``encounter.h``, numpy by the function
``meet`` that its sweep calls. Those are replaced here, for as long as a benchmark asks, by what one
would write who trusts float64: a comparison where the library has a bound of rounding on either
side, and nothing left over to be settled. All else stays as it is. The C core is compiled twice, as
it is and so, with the same flags.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import shlex
import shutil
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import numpy as np

import lowalt.conflicts
from lowalt.conflicts import ConflictTable, TrackArray, detect_conflicts
from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, Z
from lowalt.conflicts.search import native_sweep, numpy_sweep
from lowalt.conflicts.search.encounters import ENDS_INSIDE, STARTS_INSIDE, Meetings

FLAGS = ("-O3", "-ffp-contract=off", "-fPIC", "-shared", "-DPy_LIMITED_API=0x030B0000")
"""Those of the package's own build."""


def meet(
    columns: FloatArray,
    a: IntArray,
    b: IntArray,
    *,
    radius_m: FloatArray,
    height_m: FloatArray,
    exact: BoolArray | bool,  # noqa: ARG001  it does not matter here
) -> Meetings:
    """Meet legs as ``lowalt.conflicts.search.encounters.meet`` does, by float64 alone."""
    rows = np.arange(len(a))
    for column, size in ((Z, height_m), (X, radius_m), (Y, radius_m)):
        at, p, q = columns[column], a.take(rows), b.take(rows)
        a_ends, b_ends = ((at.take(n), at.take(n + 1)) for n in (p, q))
        above = np.minimum(*b_ends) - np.maximum(*a_ends)
        below = np.minimum(*a_ends) - np.maximum(*b_ends)
        rows = rows.compress(np.maximum(above, below) < size.take(rows))
    a0, a1, b0, b1 = (columns.take(n, axis=1) for p in (a[rows], b[rows]) for n in (p, p + 1))
    radius, height = radius_m.take(rows), height_m.take(rows)
    start, end = np.maximum(a0[T], b0[T]), np.minimum(a1[T], b1[T])
    rate_a, rate_b = (
        (last[X:] - first[X:]) / (last[T] - first[T]) for first, last in ((a0, a1), (b0, b1))
    )
    x, y, z = (a0[X:] + rate_a * (start - a0[T])) - (b0[X:] + rate_b * (start - b0[T]))
    u, v, w = rate_a - rate_b
    duration, level = end - start, w == 0.0
    speed2, closing, excess = u * u + v * v, x * u + y * v, x * x + y * y - radius * radius
    still = speed2 == 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = (-height - z) / w, (height - z) / w
        root = np.sqrt(closing * closing - speed2 * excess)
        near, far = (-closing - root) / speed2, (-closing + root) / speed2
        closest = -closing / speed2
    from_ = np.fmax(0.0, np.where(level, 0.0, np.minimum(p, q)))
    to = np.fmin(duration, np.where(level, duration, np.maximum(p, q)))
    from_ = np.where(still, from_, np.maximum(from_, near))
    to = np.where(still, to, np.minimum(to, far))
    k = np.flatnonzero((from_ < to) & (~level | (np.abs(z) < height)) & (~still | (excess < 0.0)))
    start, from_, to, duration = start[k], from_[k], to[k], duration[k]
    closest = np.where(still[k], from_, np.minimum(np.maximum(closest[k], from_), to))
    x, y = x[k] + u[k] * closest, y[k] + v[k] * closest
    inside = (from_ == 0.0) * np.int32(STARTS_INSIDE) + (to == duration) * np.int32(ENDS_INSIDE)
    return Meetings(
        rows=rows[k],
        t_in_s=start + from_,
        t_out_s=np.minimum(start + to, end[k]),
        t_cpa_s=start + closest,
        d_cpa_m=np.sqrt(x * x + y * y),
        inside=inside,
        undecided=np.zeros(0, dtype=np.intp),
        undecided_s=np.zeros(0),
    )


def numpy_only(tracks: TrackArray) -> ConflictTable:
    """Search by numpy with legs met so."""
    with patch.object(numpy_sweep, "meet", meet):
        return detect_conflicts(tracks, engine="numpy")


def natives(folder: Path) -> tuple[ModuleType, ModuleType]:
    """Compile the C core as it is, and by float64 alone.

    Raises
    ------
    OSError, subprocess.CalledProcessError
        Without a C compiler.
    """
    sources = Path(lowalt.conflicts.__file__).parent / "native"
    cores = []
    for name in ("exact", "float64_only"):
        copied = shutil.copytree(sources, folder / name)
        if name == "float64_only":
            (copied / "encounter.h").rename(copied / "encounter_exactly.h")
            shutil.copy(Path(__file__).with_suffix(".h"), copied / "encounter.h")
        cores.append(_compiled(copied))
    exact, float64_only = cores
    return exact, float64_only


def _compiled(sources: Path) -> ModuleType:
    library = sources / "_native.so"
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")
    include = f"-I{sysconfig.get_path('include')}"
    files = map(str, sorted(sources.glob("*.c")))
    command = [*compiler, *FLAGS, include, *files, "-o", str(library), "-lm"]
    subprocess.run(command, check=True, capture_output=True)
    loader = importlib.machinery.ExtensionFileLoader("lowalt.conflicts._native", str(library))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def by_core(core: ModuleType) -> Callable[[TrackArray], ConflictTable]:
    """Give the search by one thread of a C core."""

    def find(tracks: TrackArray) -> ConflictTable:
        with patch.object(native_sweep, "_native", core):
            return detect_conflicts(tracks, engine="native", threads=1)

    return find
