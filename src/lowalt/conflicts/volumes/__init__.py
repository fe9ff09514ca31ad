"""Volumes of airspace in space and time, against flights and against one another."""

from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.intrusions import IntrusionTable, detect_intrusions

__all__ = ["IntrusionTable", "VolumeArray", "detect_intrusions"]
