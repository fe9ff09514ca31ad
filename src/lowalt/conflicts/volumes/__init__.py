"""Volumes of airspace in space and time, against flights and against one another."""

from lowalt.conflicts.volumes.array import VolumeArray

__all__ = ["VolumeArray"]
