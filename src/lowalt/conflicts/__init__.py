"""Conflicts between flights in space and time, found among many and decided exactly."""

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
