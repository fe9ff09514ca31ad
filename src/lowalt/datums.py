"""The datums of maps around Shenzhen, to WGS 84 and back, and how to recognise the wrong one.

=========  ==================================  ===============================================
datum      met in                              towards WGS 84
=========  ==================================  ===============================================
CGCS2000   surveys and law of the Mainland     equal to better than 1 m here: plates have moved
                                               about 0.03 m a year since its epoch, 2000.0.
                                               Nothing is computed, so there is no function
GCJ-02     public maps of the Mainland         590 to 620 m off: :func:`wgs84_from_gcj02`
BD-09      Baidu's maps                        about 1.2 km off: :func:`wgs84_from_bd09`
HK1980     Hong Kong's older maps, surveys     about 300 m off: :func:`wgs84_from_hk1980`
=========  ==================================  ===============================================

Most vendors' maps leave Hong Kong and Macao undisplaced, so that a place there reads the same in
GCJ-02 as in WGS 84. Which maps do, and exactly where they begin to, is not published; these
functions therefore displace whatever they are given, and whether to call them is the caller's
knowledge of the map.

All take and return degrees ``(N, 2)``, longitude first, and refuse another shape with
:class:`~lowalt.errors.GeometryError`.
"""

from __future__ import annotations

from collections.abc import Callable
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
    whatever is given: most maps leave Hong Kong and Macao undisplaced, which is for the caller to
    know.

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
    # The displacement changes by 1 part in 1000 over its own length, so each round gains three
    # digits; six leave nothing.
    return _undone(gcj02_from_wgs84, lon_lat, rounds=6)


def _undone(
    displace: Callable[[ArrayLike], FloatArray], lon_lat: ArrayLike, *, rounds: int
) -> FloatArray:
    """Find what ``displace`` moves to the places given, where it moves neighbours nearly alike."""
    shown = as_points(lon_lat)
    guess = shown.copy()
    for _ in range(rounds):
        guess += shown - displace(guess)
    return guess


# BD-09 reads the longitude and latitude of GCJ-02 as one plane vector in degrees, stretches and
# turns it by a ripple (this many radians of the ripple to a degree), and adds an offset.
_BD_RIPPLE = np.pi * 3000.0 / 180.0
_BD_STRETCH_DEG = 2e-5
_BD_TURN_RAD = 3e-6
_BD_OFFSET_DEG = (0.0065, 0.006)


def bd09_from_gcj02(lon_lat: ArrayLike) -> FloatArray:
    """Where Baidu's maps draw places given in GCJ-02, degrees ``(N, 2)``.

    Examples
    --------
    >>> bd09_from_gcj02([[116.404, 39.915]]).round(8)
    array([[116.41036949,  39.92133699]])
    """
    lon, lat = as_points(lon_lat).T
    radius = np.hypot(lon, lat) + _BD_STRETCH_DEG * np.sin(lat * _BD_RIPPLE)
    angle = np.arctan2(lat, lon) + _BD_TURN_RAD * np.cos(lon * _BD_RIPPLE)
    turned = radius[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    return np.asarray(turned + _BD_OFFSET_DEG)


def gcj02_from_bd09(lon_lat: ArrayLike) -> FloatArray:
    """Undo :func:`bd09_from_gcj02`, to 1e-9 degrees (0.1 mm); degrees ``(N, 2)``.

    The closed form in common use takes the ripple at the wrong place and is up to 0.1 m off in
    Shenzhen; this inverse is iterated.

    Examples
    --------
    >>> gcj02_from_bd09(bd09_from_gcj02([[113.929832, 22.556080]])).round(9)
    array([[113.929832,  22.55608 ]])
    """
    # The ripple moves neighbours by up to 1 part in 50 of the step between them, so each round
    # gains nearly two digits; seven leave nothing.
    return _undone(bd09_from_gcj02, lon_lat, rounds=7)


def bd09_from_wgs84(lon_lat: ArrayLike) -> FloatArray:
    """Where Baidu's maps draw places given in WGS 84: through GCJ-02; degrees ``(N, 2)``."""
    return bd09_from_gcj02(gcj02_from_wgs84(lon_lat))


def wgs84_from_bd09(lon_lat: ArrayLike) -> FloatArray:
    """Undo :func:`bd09_from_wgs84`, to 1e-9 degrees (0.1 mm); degrees ``(N, 2)``."""
    return wgs84_from_gcj02(gcj02_from_bd09(lon_lat))


_HK1980_SHIFT_DEG = (8.8 / 3600.0, -5.5 / 3600.0)


def wgs84_from_hk1980(lon_lat: ArrayLike) -> FloatArray:
    """Geographic HK1980 to WGS 84 by Hong Kong's published shift, degrees ``(N, 2)``.

    Latitude -5.5 and longitude +8.8 arc-seconds, about 300 m: the same that carries the boundary
    of 1898 (113 degrees 52 minutes east) to the one of State Council Order 221 of 1997. One shift
    for all of Hong Kong is good to 1 to 2 m, and to 3 m at its corners, measured against the
    seven-parameter transformation EPSG:1825 (itself good to 1 m); elsewhere it means nothing.
    Coordinates of the HK1980 grid (EPSG:2326) must be unprojected first.

    Examples
    --------
    >>> (wgs84_from_hk1980([[114.0, 22.3]]) * 3600 - [[410400, 80280]]).round(1)
    array([[ 8.8, -5.5]])
    """
    return np.asarray(as_points(lon_lat) + _HK1980_SHIFT_DEG)


def hk1980_from_wgs84(lon_lat: ArrayLike) -> FloatArray:
    """Undo :func:`wgs84_from_hk1980`; degrees ``(N, 2)``."""
    return np.asarray(as_points(lon_lat) - _HK1980_SHIFT_DEG)


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
