"""Made-up traffic, the same on every machine: for benchmarks and exact counts."""

from lowalt.conflicts.scenarios.shipped import DEPTH_M, WIDTH_M, scenario

__all__ = ["DEPTH_M", "WIDTH_M", "scenario"]
