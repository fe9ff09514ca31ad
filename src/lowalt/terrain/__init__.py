"""Heights from one vertical reference to another: models of the ground and of the geoid.

A model is anything that answers :class:`TerrainModel` or :class:`GeoidModel`. None is used unless
the caller names it, and what a model does not know is NaN, never a guess.
"""

from lowalt.terrain.geoid import RegionalGeoid, load_geoid
from lowalt.terrain.geotiff import GeoTiffTerrain
from lowalt.terrain.grids import GridTerrain
from lowalt.terrain.ground import FloatArray, GeoidModel, Ground, TerrainModel, UniformTerrain
from lowalt.terrain.hgt import HgtTerrain
from lowalt.terrain.synthetic import PEAKS, SyntheticTerrain

__all__ = [
    "PEAKS",
    "FloatArray",
    "GeoTiffTerrain",
    "GeoidModel",
    "GridTerrain",
    "Ground",
    "HgtTerrain",
    "RegionalGeoid",
    "SyntheticTerrain",
    "TerrainModel",
    "UniformTerrain",
    "load_geoid",
]
