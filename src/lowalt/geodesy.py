"""Places on the WGS 84 ellipsoid: a local plane, geodesics, covering arcs.

Coordinates are degrees, longitude first; arrays are float64 of shape ``(N, 2)``. Distances are
metres along the ground (on the ellipsoid). This is the only module that meets pyproj.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod, Proj

from lowalt.errors import GeometryError

FloatArray = NDArray[np.float64]

BOUNDARY_TOLERANCE_M: Final = 0.01
"""How near a boundary a place must be for "inside or outside" to be left open."""

COVERING_OVERSHOOT_M: Final = 0.005
"""How far the corners of a covering arc may stand outside the true one."""

# Sides of a covering arc stand this far outside too, so that rounding coordinates to eight
# decimals (0.8 mm) cannot bring one inside.
_COVERING_MARGIN_M = 0.001

_ELLIPSOID = Geod(ellps="WGS84")
_LOCAL = threading.local()


def as_points(values: ArrayLike) -> FloatArray:
    """Read places as float64 of shape ``(N, 2)``.

    Raises
    ------
    GeometryError
        If they have another shape.
    """
    points = np.asarray(values, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 2:
        raise GeometryError(
            f"points of shape {points.shape}: expected (N, 2), longitude then latitude"
        )
    return points


def _projection(central_meridian_deg: float) -> Proj:
    # One a thread: pyproj does not promise that a Proj may be shared between threads.
    cached: dict[float, Proj] = _LOCAL.__dict__.setdefault("projections", {})
    if central_meridian_deg not in cached:
        cached[central_meridian_deg] = Proj(
            f"+proj=tmerc +lat_0=0 +lon_0={central_meridian_deg!r} +k=1 +x_0=0 +y_0=0 +ellps=WGS84"
        )
    return cached[central_meridian_deg]


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """A transverse-Mercator (Gauss-Krueger) plane on WGS 84.

    ``x`` is metres east of the central meridian, ``y`` metres north of the equator, scale 1 on the
    meridian unless it is given another. The plane is conformal: small shapes are true, and lengths
    are too long by :meth:`scale`, the same in every direction.

    Parameters
    ----------
    central_meridian_deg
        Longitude of the central meridian; 114 degrees is Shenzhen's. Meant for places within
        about 150 km of it.
    scale_on_meridian
        Scale there. A little below 1, it shares out over a wide area what the plane is too long by.

    Examples
    --------
    >>> frame = LocalFrame(114.0)
    >>> frame.to_plane([[114.0, 22.5], [114.1, 22.5]]).round(2)
    array([[      0.  , 2489167.31],
           [  10289.63, 2489170.75]])
    """

    central_meridian_deg: float
    scale_on_meridian: float = 1.0

    def to_plane(self, lon_lat: ArrayLike) -> FloatArray:
        """Project degrees ``(N, 2)`` to metres ``(N, 2)``."""
        points = as_points(lon_lat)
        x_m, y_m = _projection(self.central_meridian_deg)(points[:, 0], points[:, 1])
        return np.column_stack((x_m, y_m)) * self.scale_on_meridian

    def to_lonlat(self, xy: ArrayLike) -> FloatArray:
        """Bring metres ``(N, 2)`` back to degrees ``(N, 2)``."""
        points = as_points(xy) / self.scale_on_meridian
        lon_deg, lat_deg = _projection(self.central_meridian_deg)(
            points[:, 0], points[:, 1], inverse=True
        )
        return np.column_stack((lon_deg, lat_deg))

    def scale(self, xy: ArrayLike) -> FloatArray:
        """Length in the plane for one metre on the ground, at each place ``(N, 2)`` in metres.

        Closed form (two terms in ``x``), good to 1e-9 within 150 km of the central meridian.

        Examples
        --------
        >>> LocalFrame(114.0).scale([[0.0, 2.49e6], [100_000.0, 2.49e6]]).round(8)
        array([1.       , 1.0001235])
        """
        points = as_points(xy) / self.scale_on_meridian
        u = (points[:, 0] / _mean_curvature_radius_m(points[:, 1])) ** 2
        return np.asarray(self.scale_on_meridian * (1.0 + u / 2.0 + u * u / 24.0))

    def ground_distance_m(self, a_xy: ArrayLike, b_xy: ArrayLike) -> FloatArray:
        """Distance on the ground between places of the plane, row by row.

        The distance in the plane divided by the line's mean scale (Simpson's rule). Over
        Shenzhen, Hong Kong and Macao it is within 1 mm of the geodesic up to 20 km and within
        1 cm up to 80 km.

        Parameters
        ----------
        a_xy, b_xy
            Metres, ``(N, 2)`` each.

        Returns
        -------
        numpy.ndarray
            Metres, ``(N,)``.
        """
        a, b = as_points(a_xy), as_points(b_xy)
        mean_scale = (self.scale(a) + 4.0 * self.scale((a + b) / 2.0) + self.scale(b)) / 6.0
        return np.asarray(np.hypot(*(b - a).T) / mean_scale)


def _mean_curvature_radius_m(y_m: FloatArray) -> FloatArray:
    """Geometric mean of the two radii of curvature where a northing meets the central meridian.

    The latitude comes from the first term of the footpoint series: 10 m are lost, 3 km could be
    before the scale noticed at 1e-9.
    """
    e2 = _ELLIPSOID.es
    n = _ELLIPSOID.f / (2.0 - _ELLIPSOID.f)
    rectifying_radius_m = _ELLIPSOID.a / (1.0 + n) * (1.0 + n * n / 4.0)
    mu = y_m / rectifying_radius_m
    sin_lat = np.sin(mu + 1.5 * n * np.sin(2.0 * mu))
    return np.asarray(_ELLIPSOID.a * math.sqrt(1.0 - e2) / (1.0 - e2 * sin_lat * sin_lat))


def geodesic_distance_m(a_lon_lat: ArrayLike, b_lon_lat: ArrayLike) -> FloatArray:
    """Length of the geodesic between places in degrees, ``(N, 2)`` each, row by row.

    Examples
    --------
    >>> geodesic_distance_m([[113.81167, 22.63833]], [[113.91472, 22.30889]]).round(1)
    array([37991.4])
    """
    a, b = np.broadcast_arrays(as_points(a_lon_lat), as_points(b_lon_lat))
    return np.asarray(_ELLIPSOID.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])


def geodesic_azimuth_deg(a_lon_lat: ArrayLike, b_lon_lat: ArrayLike) -> FloatArray:
    """Azimuth, clockwise from north, in which the geodesic from ``a`` to ``b`` leaves ``a``."""
    a, b = np.broadcast_arrays(as_points(a_lon_lat), as_points(b_lon_lat))
    return np.asarray(_ELLIPSOID.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[0])


def geodesic_direct(
    lon_lat: ArrayLike, *, azimuth_deg: ArrayLike, distance_m: ArrayLike
) -> FloatArray:
    """Places reached by going a distance in a direction.

    Parameters
    ----------
    lon_lat
        Starts in degrees, ``(N, 2)``; one row serves all.
    azimuth_deg
        Degrees clockwise from north, ``(N,)`` or one number.
    distance_m
        Metres, ``(N,)`` or one number.

    Returns
    -------
    numpy.ndarray
        Degrees, ``(N, 2)``.

    Examples
    --------
    >>> geodesic_direct([[114.0, 22.5]], azimuth_deg=90.0, distance_m=1000.0).round(7)
    array([[114.0097185,  22.4999997]])
    """
    points = as_points(lon_lat)
    lon, lat, azimuth, distance = np.broadcast_arrays(
        points[:, 0], points[:, 1], np.asarray(azimuth_deg, float), np.asarray(distance_m, float)
    )
    end_lon, end_lat, _ = _ELLIPSOID.fwd(lon, lat, azimuth, distance)
    return np.column_stack((end_lon, end_lat))


def densify_geodesic(lon_lat: ArrayLike, *, max_step_m: float = 1000.0) -> FloatArray:
    """Insert points on the geodesics between the points of a line; those given stay as they are.

    With steps of 1 km it no longer matters how an edge is read: straight in longitude and
    latitude, straight in a local plane, or as a geodesic differ by less than 1 cm in this region
    (8.2 mm along a parallel at 22.5 degrees; it grows with the square of the step).

    Parameters
    ----------
    lon_lat
        Degrees, ``(N, 2)``.
    max_step_m
        Longest step allowed.

    Returns
    -------
    numpy.ndarray
        Degrees, ``(M, 2)`` with ``M >= N``.

    Examples
    --------
    >>> len(densify_geodesic([[114.0, 22.5], [114.1, 22.5]]))
    12
    """
    points = as_points(lon_lat)
    starts, _, _ = cut_geodesic(points, max_step_m=max_step_m)
    return np.vstack((starts, points[-1:]))


def cut_geodesic(
    lon_lat: ArrayLike, *, max_step_m: float = 1000.0
) -> tuple[FloatArray, NDArray[np.intp], FloatArray]:
    """Cut the geodesics between the points of a line into pieces no longer than a step.

    Parameters
    ----------
    lon_lat
        Degrees, ``(N, 2)``.
    max_step_m
        Longest piece allowed.

    Returns
    -------
    starts : (M, 2) float64
        Where each piece begins, degrees; the points given are among them as they are.
    edge : (M,) intp
        Number of the edge each piece belongs to; an edge of no length is one piece.
    share : (M,) float64
        Share of its edge that lies before each piece.
    """
    points = as_points(lon_lat)
    a, b = points[:-1], points[1:]
    azimuth_deg, _, length_m = _ELLIPSOID.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    steps = np.maximum(np.ceil(length_m / max_step_m), 1.0).astype(np.intp)
    edge = np.repeat(np.arange(len(a)), steps)
    first = np.cumsum(steps) - steps
    step = np.arange(len(edge)) - first[edge]
    starts = geodesic_direct(
        a[edge], azimuth_deg=azimuth_deg[edge], distance_m=step * (length_m / steps)[edge]
    )
    starts[first] = a
    return starts, edge, step / steps[edge]


def arc_points(
    centre: tuple[float, float],
    *,
    radius_m: float,
    start_azimuth_deg: float,
    end_azimuth_deg: float,
    clockwise: bool = True,
    from_outside: bool = True,
) -> FloatArray:
    """Corners of a line that covers a circular arc from one of its sides.

    From outside, the line's sides touch the arc (1 mm outside it) and its corners stand at most 5
    mm outside. From inside, its corners stand on the arc (1 mm inside it) and its sides sag at most
    5 mm inwards. Its first and last points lie on the arc in either case.

    Parameters
    ----------
    centre
        Longitude and latitude in degrees.
    radius_m
        Radius along the ground.
    start_azimuth_deg, end_azimuth_deg
        Directions of the ends seen from the centre.
    clockwise
        The way round from start to end; equal ends make no arc.
    from_outside
        Whether what is to be covered lies on the side of the centre, or beyond the arc.

    Returns
    -------
    numpy.ndarray
        Degrees, ``(N, 2)``.
    """
    turn = 1.0 if clockwise else -1.0
    sweep_deg = (turn * (end_azimuth_deg - start_azimuth_deg)) % 360.0
    inner = radius_m + _COVERING_MARGIN_M
    half_step = math.acos(inner / (radius_m + COVERING_OVERSHOOT_M))
    count = max(1, math.ceil(math.radians(sweep_deg) / (2.0 * half_step)))
    half_deg = sweep_deg / count / 2.0
    if from_outside:
        steps_deg = half_deg * (2.0 * np.arange(count) + 1.0)
        corner_m = inner / math.cos(math.radians(half_deg))
    else:
        steps_deg = 2.0 * half_deg * np.arange(1, count)
        corner_m = radius_m - _COVERING_MARGIN_M
    azimuths = np.concatenate(
        ([start_azimuth_deg], start_azimuth_deg + turn * steps_deg, [end_azimuth_deg])
    )
    radii = np.full(len(azimuths), corner_m)
    radii[[0, -1]] = radius_m
    return geodesic_direct([centre], azimuth_deg=azimuths, distance_m=radii)


def arc_centre(
    start: tuple[float, float], end: tuple[float, float], *, radius_m: float, bulges: str
) -> tuple[float, float]:
    """Find the centre of the shorter arc of a given radius between two points.

    Parameters
    ----------
    start, end
        Longitude and latitude in degrees.
    radius_m
        Radius along the ground, at least half the distance between the points.
    bulges
        ``"left"`` or ``"right"``: the side of the chord, seen from start to end, the arc is on.

    Returns
    -------
    tuple of float
        Longitude and latitude in degrees; both points are ``radius_m`` from it to a micrometre.

    Raises
    ------
    GeometryError
        If no such arc exists.

    Examples
    --------
    >>> lon, lat = arc_centre((114.0, 22.5), (114.1, 22.5), radius_m=7070.0, bulges="left")
    >>> round(lon, 4), round(lat, 4)
    (114.05, 22.4562)
    """
    ends = np.array([start, end])
    chord_m = float(geodesic_distance_m(ends[:1], ends[1:])[0])
    if not 0.0 < chord_m <= 2.0 * radius_m or bulges not in ("left", "right"):
        raise GeometryError(
            f"arc of radius {radius_m:g} m over a chord of {chord_m:.1f} m bulging {bulges!r}: the"
            " chord must be longer than nothing and no longer than twice the radius, and the side"
            " 'left' or 'right'"
        )
    turn = 1.0 if bulges == "left" else -1.0
    chord_azimuth = float(geodesic_azimuth_deg(ends[:1], ends[1:])[0])
    to_centre_deg = turn * math.degrees(math.acos(chord_m / (2.0 * radius_m)))
    centre = geodesic_direct(
        ends[:1], azimuth_deg=chord_azimuth + to_centre_deg, distance_m=radius_m
    )
    # The triangle was flat and the earth is not: move the centre until both ends lie on the
    # circle. Each round solves the two distances for a shift, and gains six digits.
    for _ in range(3):
        azimuths = np.radians(geodesic_azimuth_deg(centre, ends))
        towards = np.column_stack((np.sin(azimuths), np.cos(azimuths)))
        excess_m = geodesic_distance_m(centre, ends) - radius_m
        east, north = np.linalg.lstsq(towards, excess_m, rcond=None)[0]
        centre = geodesic_direct(
            centre,
            azimuth_deg=math.degrees(math.atan2(east, north)),
            distance_m=math.hypot(east, north),
        )
    return float(centre[0, 0]), float(centre[0, 1])


def circle_ring(*, lon_deg: float, lat_deg: float, radius_m: float) -> FloatArray:
    """Cover a circle with a closed counter-clockwise ring; corners at most 5 mm outside.

    Returns
    -------
    numpy.ndarray
        Degrees, ``(N, 2)``; the last point repeats the first.
    """
    inner = radius_m + _COVERING_MARGIN_M
    half_step = math.acos(inner / (radius_m + COVERING_OVERSHOOT_M))
    count = max(8, math.ceil(math.pi / half_step))
    azimuths = -360.0 / count * np.arange(count)
    ring = geodesic_direct(
        [(lon_deg, lat_deg)],
        azimuth_deg=azimuths,
        distance_m=inner / math.cos(math.pi / count),
    )
    return np.vstack((ring, ring[:1]))
