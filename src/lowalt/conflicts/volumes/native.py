"""The compiled kernels of volumes, where they were built: the same answers, to the bit."""

from __future__ import annotations

from typing import Final

import numpy as np

from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes.passages import PASSAGE, Reaches, Shapes
from lowalt.errors import InvalidInputError, MissingExtraError, Problem

try:
    from lowalt.conflicts import _native
except ImportError:  # installed where there was no compiler
    IS_BUILT: Final = False
else:
    IS_BUILT = True


def is_chosen(engine: str) -> bool:
    """Whether an engine asked for by name is the native one.

    Raises
    ------
    InvalidInputError
        If there is no engine of that name.
    MissingExtraError
        If it is the native one, and that was not built.
    """
    if engine not in {"auto", "numpy", "native"}:
        problem = Problem("engine", repr(engine), "'auto', 'numpy' or 'native'")
        raise InvalidInputError("this engine is not known:", problems=[problem])
    if engine == "native" and not IS_BUILT:
        raise MissingExtraError(
            "the native engine was not built when lowalt was installed: install it again where"
            " there is a C compiler, or use engine='numpy', which gives the same answers"
        )
    return engine != "numpy" and IS_BUILT


def passages(
    tracks: TrackArray, shapes: Shapes, reaches: Reaches, first: int, last: int
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Find the passages of flights from the first up to the last."""
    found = _native.volume_passages(
        first,
        last,
        tracks.vertices,
        tracks.offsets,
        reaches.across_m,
        reaches.height_m,
        reaches.early_s,
        shapes.x_m,
        shapes.y_m,
        shapes.radius_m,
        shapes.rings,
        shapes.offsets,
        shapes.boxes.low,
        shapes.boxes.high,
        shapes.by_start,
    )
    return np.frombuffer(found, dtype=PASSAGE)
