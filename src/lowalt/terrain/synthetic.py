"""Ground made up around published peaks: to try things on, not to fly by."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from lowalt.terrain.ground import FloatArray


class Peak(NamedTuple):
    """A summit.

    Attributes
    ----------
    name
        Its name in English.
    lon_deg, lat_deg
        Where it stands, WGS 84 degrees.
    elevation_amsl_m
        How high it is, metres above mean sea level.
    """

    name: str
    lon_deg: float
    lat_deg: float
    elevation_amsl_m: float


PEAKS = (
    # Elevations as in Wikipedia, except Xiao Wutong and Lianhua (web), Castle Peak (helipad,
    # OurAirports). Positions of Wutong, Xiao Wutong, Qiniang and Lianhua are good to some 400 m.
    Peak("Wutong Mountain", 114.214, 22.583, 943.7),
    Peak("Xiao Wutong", 114.195, 22.574, 692.0),
    Peak("Qiniang Mountain", 114.55, 22.53, 869.7),
    Peak("Yangtai Mountain", 113.955147, 22.655906, 587.3),
    Peak("Lianhua Hill", 114.055, 22.556, 106.0),
    Peak("Tai Mo Shan", 114.1252, 22.4123, 957.0),
    Peak("Castle Peak", 113.95305, 22.38947, 536.0),
)
_PLAIN_AMSL_M = 4.0
_WIDTH_BY_HEIGHT = 1.5
"""A hill's standard deviation over its height: a single hill is then nowhere steeper than 0.41."""
_WEST_DEG, _SOUTH_DEG, _EAST_DEG, _NORTH_DEG = 113.0, 21.7, 115.0, 23.2
_DEGREE_M = 111_000.0
_COS_LAT = math.cos(math.radians(22.5))


class SyntheticTerrain:
    """Illustrative ground: Gaussian hills through seven published peaks, on a plain of 4 m AMSL.

    It is right at the peaks and made up everywhere else, the sea included. It serves examples and
    tests; no function uses it unless it is given, and its name says what it is. It covers 113.0
    to 115.0 E and 21.7 to 23.2 N.

    Attributes
    ----------
    name
        ``synthetic, illustrative``.
    spacing_m
        50 m.

    Examples
    --------
    >>> ground = SyntheticTerrain()
    >>> ground.name
    'synthetic, illustrative'
    >>> ground.elevation_amsl_m(np.array([[114.214, 22.583], [113.3, 22.0]])).round(1)
    array([943.7,   4. ])
    """

    name = "synthetic, illustrative"
    spacing_m = 50.0

    def __init__(self) -> None:
        self._tops = np.array([(p.lon_deg, p.lat_deg) for p in PEAKS])
        heights_m = np.array([p.elevation_amsl_m for p in PEAKS]) - _PLAIN_AMSL_M
        self._widths_m = _WIDTH_BY_HEIGHT * heights_m
        # Hills overlap; so their own heights are what makes the *sum* right at every peak.
        self._rises_m = np.linalg.solve(self._shares(self._tops), heights_m)

    def _shares(self, lon_lat: FloatArray) -> FloatArray:
        """Return the share of each hill's own height that it has at places: ``(N, hills)``."""
        offset_m = (lon_lat[:, None] - self._tops) * (_DEGREE_M * np.array([_COS_LAT, 1.0]))
        return np.asarray(np.exp(-0.5 * (offset_m**2).sum(axis=2) / self._widths_m**2))

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)`` in degrees: ``(N,)``, NaN outside the region."""
        lon_deg, lat_deg = lon_lat.T
        inside = (lon_deg >= _WEST_DEG) & (lon_deg <= _EAST_DEG)
        inside &= (lat_deg >= _SOUTH_DEG) & (lat_deg <= _NORTH_DEG)
        ground_m = _PLAIN_AMSL_M + self._shares(lon_lat) @ self._rises_m
        return np.where(inside, ground_m, np.nan)
