"""Plans as GeoJSON: a line is a route, a polygon an operating area, points are waypoints.

What geometry cannot say stands in the properties: ``times`` and ``levels_m`` of a line as lists as
long as it, ``floor``, ``ceiling``, ``start`` and ``end`` of a polygon, and every other part of a
plan under its own name. A file written here has the whole plan under ``lowalt`` too.
"""

from __future__ import annotations

from lowalt.formats.plans.geojson.reading import read
from lowalt.formats.plans.geojson.writing import write

__all__ = ["read", "write"]
