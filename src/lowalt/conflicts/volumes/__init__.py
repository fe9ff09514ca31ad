"""Volumes of airspace in space and time, against flights and against one another."""

from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.intrusions import IntrusionTable, detect_intrusions
from lowalt.conflicts.volumes.overlaps import (
    TooManyVolumesError,
    VolumeConflictTable,
    volume_conflicts,
)

__all__ = [
    "IntrusionTable",
    "TooManyVolumesError",
    "VolumeArray",
    "VolumeConflictTable",
    "detect_intrusions",
    "volume_conflicts",
]
