"""Conflicts between flights in space and time, found among many and decided exactly."""

from lowalt.conflicts.detection import TooManyConflictsError, detect_conflicts
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import TrackArray

__all__ = ["ConflictTable", "TooManyConflictsError", "TrackArray", "detect_conflicts"]
