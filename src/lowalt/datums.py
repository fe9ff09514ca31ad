"""GCJ-02, the datum of public maps of the Mainland: there and back, and how to recognise it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from lowalt.geodesy import FloatArray, as_points, geodesic_distance_m

# GCJ-02 is the datum of public maps of the Mainland: WGS 84 displaced by a smooth, published-by-use
# field on the Krasovsky ellipsoid. Its constants:
_GCJ_A_M = 6_378_245.0
_GCJ_E2 = 0.00669342162296594323
_GCJ_ORIGIN = (105.0, 35.0)


def gcj02_from_wgs84(lon_lat: ArrayLike) -> FloatArray:
    """Where a GCJ-02 map draws places given in WGS 84, degrees ``(N, 2)``.

    The displacement is 590 to 620 m towards the east-south-east in Shenzhen. It is applied to
    whatever is given: maps leave Hong Kong and Macao undisplaced, which is for the caller to know.

    Examples
    --------
    >>> (gcj02_from_wgs84([[113.81, 22.64]]) - [[113.81, 22.64]]).round(6)
    array([[ 0.005067, -0.002917]])
    """
    points = as_points(lon_lat)
    x, y = (points - _GCJ_ORIGIN).T

    def waves(t: FloatArray, terms: tuple[tuple[float, float], ...]) -> FloatArray:
        size, half_period = np.array(terms).T
        return np.asarray(np.sin(t[:, None] * np.pi / half_period) @ size * 2.0 / 3.0)

    root = np.sqrt(np.abs(x))
    ripple = waves(x, ((20.0, 1 / 6), (20.0, 1 / 2)))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east_m += waves(x, ((20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0)))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north_m += waves(y, ((20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0)))

    lat = np.radians(points[:, 1])
    w2 = 1.0 - _GCJ_E2 * np.sin(lat) ** 2
    meridian_radius_m = _GCJ_A_M * (1.0 - _GCJ_E2) / w2**1.5
    parallel_radius_m = _GCJ_A_M / np.sqrt(w2) * np.cos(lat)
    shift = np.column_stack((east_m / parallel_radius_m, north_m / meridian_radius_m))
    return np.asarray(points + np.degrees(shift))


def wgs84_from_gcj02(lon_lat: ArrayLike) -> FloatArray:
    """Undo :func:`gcj02_from_wgs84`, to 1e-9 degrees (0.1 mm); degrees ``(N, 2)``."""
    shown = as_points(lon_lat)
    guess = shown.copy()
    # The displacement changes by 1 part in 1000 over its own length, so each round gains three
    # digits; six leave nothing.
    for _ in range(6):
        guess += shown - gcj02_from_wgs84(guess)
    return guess


GCJ02_MATCH_M: Final = 60.0
"""A place this near to where a GCJ-02 map draws a known point may have been read off one."""

GCJ02_CLEAR_M: Final = 300.0
"""Unless it is this near to any known point as it stands."""


_FAR_DEG = 0.02


def looks_like_gcj02(*, lon_deg: float, lat_deg: float, known_points: ArrayLike) -> int | None:
    """Tell whether a place was probably read off a GCJ-02 map and passed on as WGS 84.

    Parameters
    ----------
    lon_deg, lat_deg
        The place as given.
    known_points
        Places people fly from, WGS 84 degrees, ``(N, 2)``.

    Returns
    -------
    int or None
        Index of the known point that was probably meant: the place lies within 60 m of where a
        GCJ-02 map draws it, and more than 300 m from every known point as it stands.

    Examples
    --------
    >>> nantou = [(113.924824, 22.558993)]
    >>> looks_like_gcj02(lon_deg=113.92983, lat_deg=22.55608, known_points=nantou)
    0
    >>> looks_like_gcj02(lon_deg=113.92482, lat_deg=22.55899, known_points=nantou) is None
    True
    """
    known = as_points(known_points)
    place = np.array([[lon_deg, lat_deg]])
    # The offset is below 1 km anywhere; most places are nowhere near a known point.
    if not (np.abs(known - place) < _FAR_DEG).all(axis=1).any():
        return None
    if geodesic_distance_m(place, known).min() <= GCJ02_CLEAR_M:
        return None
    misses_m = geodesic_distance_m(place, gcj02_from_wgs84(known))
    nearest = int(misses_m.argmin())
    return nearest if misses_m[nearest] <= GCJ02_MATCH_M else None
