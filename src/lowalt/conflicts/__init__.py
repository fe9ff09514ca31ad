"""Conflicts between flights in space and time, found among many and decided exactly."""

from lowalt.conflicts.tracks import TrackArray

__all__ = ["TrackArray"]
