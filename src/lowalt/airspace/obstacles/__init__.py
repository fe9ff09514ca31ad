"""Obstacle limitation surfaces of ICAO Annex 14: their dimensions, their shapes, and their use."""

from lowalt.airspace.obstacles.dimensions import Edition, RunwayClass, RunwayData
from lowalt.airspace.obstacles.shapes import Surface
from lowalt.airspace.obstacles.surfaces import AerodromeSurfaces, SurfaceAbove

__all__ = [
    "AerodromeSurfaces",
    "Edition",
    "RunwayClass",
    "RunwayData",
    "Surface",
    "SurfaceAbove",
]
