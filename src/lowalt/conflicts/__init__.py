"""Conflicts between flights in space and time, found among many and decided exactly.

Each name is loaded when it is first asked for: who asks an index needs no volumes, and no geometry
library.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowalt.conflicts.detection import TooManyConflictsError, detect_conflicts
    from lowalt.conflicts.index import ConflictIndex, IndexConflicts
    from lowalt.conflicts.table import ConflictTable
    from lowalt.conflicts.tiling.tiles import WorkersLostError, detect_conflicts_tiled
    from lowalt.conflicts.tracks import TrackArray
    from lowalt.conflicts.volumes import (
        IntrusionTable,
        TooManyVolumesError,
        VolumeArray,
        VolumeConflictTable,
        detect_intrusions,
        volume_conflicts,
    )

_HOME = {
    "ConflictIndex": "index",
    "ConflictTable": "table",
    "IndexConflicts": "index",
    "IntrusionTable": "volumes",
    "TooManyConflictsError": "detection",
    "TooManyVolumesError": "volumes",
    "TrackArray": "tracks",
    "VolumeArray": "volumes",
    "VolumeConflictTable": "volumes",
    "WorkersLostError": "tiling.tiles",
    "detect_conflicts": "detection",
    "detect_conflicts_tiled": "tiling.tiles",
    "detect_intrusions": "volumes",
    "volume_conflicts": "volumes",
}

__all__ = [
    "ConflictIndex",
    "ConflictTable",
    "IndexConflicts",
    "IntrusionTable",
    "TooManyConflictsError",
    "TooManyVolumesError",
    "TrackArray",
    "VolumeArray",
    "VolumeConflictTable",
    "WorkersLostError",
    "detect_conflicts",
    "detect_conflicts_tiled",
    "detect_intrusions",
    "volume_conflicts",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'lowalt.conflicts' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"lowalt.conflicts.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
