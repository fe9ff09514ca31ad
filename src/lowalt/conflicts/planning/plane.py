"""The plane that flights are compared in, and how far its distances can be from the earth's.

Distances in a transverse Mercator plane are longer than on the ellipsoid by its scale, which is
known at every place. A plane laid through the middle of some flights, its scale shared out, keeps
the distance of two that are near one another to millimetres over a whole city; what is left is
bounded here, from the flights themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lowalt.errors import GeometryError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, FloatArray, LocalFrame

MOST_ERROR_M: Final = BOUNDARY_TOLERANCE_M
"""Greatest error of a distance that decides a conflict: beyond it, no answer is given."""

MOST_HALF_WIDTH_M: Final = 300_000.0
"""Farthest from the central meridian that places are accepted; the scale is known to 2e-8 there."""

_SCALE_ERROR: Final = 2e-8
_ROUNDING_M: Final = 1e-6
"""Of projection and geodesics together; pyproj promises better."""

_BOW_M: Final = 0.0005
"""Farthest that a piece, straight and uniform in the plane, may be from the geodesic it is of."""

_LEAST_RADIUS_M: Final = 6_356_752.0
"""Least mean radius of curvature of WGS 84: at the equator, where it is the polar semi-axis."""

_SLOPE_RESERVE: Final = 1.01
"""For what :func:`_bow_m` leaves out of the slope of the scale, under 0.1 % within 300 km."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane with its zero amid some flights, so that their coordinates are small numbers.

    Attributes
    ----------
    frame
        The projection.
    origin_m
        Where its own zero lies in the frame, x and y.
    """

    frame: LocalFrame
    origin_m: tuple[float, float]

    @classmethod
    def amid(cls, lon_lat: FloatArray) -> Plane:
        """Lay a plane through the middle of some places, degrees ``(N, 2)``.

        The mean of its least and greatest scale over them is 1.

        Raises
        ------
        GeometryError
            If they reach too far from west to east for any plane.
        """
        west_deg, east_deg = lon_lat[:, 0].min(), lon_lat[:, 0].max()
        # To a hundredth of a degree: each meridian is prepared once and kept.
        meridian_deg = round(float(west_deg + east_deg) / 2.0, 2)
        as_it_is = LocalFrame(meridian_deg)
        xy = as_it_is.to_plane(lon_lat)
        _refuse_far(xy)
        scales = as_it_is.scale(xy)
        frame = LocalFrame(meridian_deg, scale_on_meridian=2.0 / float(scales.min() + scales.max()))
        middle = (xy.min(axis=0) + xy.max(axis=0)) / 2.0 * frame.scale_on_meridian
        x_m, y_m = np.round(middle).tolist()
        return cls(frame, (x_m, y_m))

    def longest_pieces_m(self, xy: FloatArray) -> FloatArray:
        """How long the pieces of legs may be that join places of the frame, ``(N, 2)``, in order.

        Returns
        -------
        numpy.ndarray
            Metres for the leg from each place to the next, ``(N,)``.
        """
        _refuse_far(xy)
        off_m = np.abs(xy[:, 0])
        off_m = np.maximum(off_m, np.roll(off_m, -1))  # of the farther end of the leg
        return np.asarray(np.sqrt(_BOW_M / _bow_m(off_m)))

    def bow_m(self, xy: FloatArray, *, length_m: float) -> float:
        """Bound of how far a straight piece of a length among places is from its geodesic.

        Raises
        ------
        GeometryError
            If places are too far from the meridian.
        """
        _refuse_far(xy)
        return float(_bow_m(np.abs(xy[:, 0]).max(initial=0.0, keepdims=True))[0]) * length_m**2

    def distortion(self, boxes: FloatArray, *, reach_m: float) -> FloatArray:
        """Greatest error of a short distance near each flight, as a share of it.

        Parameters
        ----------
        boxes
            West, south, east and north of each flight in the frame, ``(P, 4)``.
        reach_m
            How long the distances are.

        Returns
        -------
        numpy.ndarray
            ``(P,)``.
        """
        # The scale grows with the distance from the meridian, and a little towards the equator.
        west, south, east, north = boxes.T + reach_m * np.array([[-1.0], [-1.0], [1.0], [1.0]])
        near_x, far_x = _least_and_greatest(west, east)
        near_y, far_y = _least_and_greatest(south, north)
        least = self.frame.scale(np.column_stack((near_x, far_y)))
        greatest = self.frame.scale(np.column_stack((far_x, near_y)))
        return np.asarray(np.maximum(1.0 - least, greatest - 1.0).clip(min=0.0) + _SCALE_ERROR)


def pair_error_m(distortion: FloatArray, radius_m: FloatArray, *, others_m: float = 0.0) -> float:
    """Bound of the error in the distance of any two flights where they are about to conflict.

    The line between two such flights lies near both, so that the lesser of their distortions holds
    for it; it is about as long as their radii together. The sum of the two greatest products is
    therefore no less than the error for any pair.

    Parameters
    ----------
    distortion
        As :meth:`Plane.distortion` gives it, ``(P,)``.
    radius_m
        Radii of the flights, ``(P,)``.
    others_m
        Greatest radius of other flights that these will be compared with, in the same plane.

    Examples
    --------
    >>> error_m = pair_error_m(np.full(3, 1e-5), np.array([30.0, 50.0, 200.0]))
    >>> round(error_m, 6)  # 1e-5 of 250 m, half a millimetre for each, and rounding
    0.003501
    """
    among_m = np.sort(distortion * radius_m)[-2:].sum()
    with_others_m = (distortion * (radius_m + others_m)).max()
    return float(max(among_m, with_others_m)) + 2.0 * _BOW_M + _ROUNDING_M


def _refuse_far(xy: FloatArray) -> None:
    # The plane does not go round the earth: beyond its end there are no numbers.
    far_m = float(np.abs(xy[:, 0]).max(initial=0.0))
    if not np.isfinite(xy).all() or far_m > MOST_HALF_WIDTH_M:
        reach = f"{far_m / 1000.0:.0f} km" if np.isfinite(far_m) else "to the other side of earth"
        raise GeometryError(
            f"plans that reach {reach} west or east of the middle of all: no plane keeps distances"
            f" to the centimetre beyond {MOST_HALF_WIDTH_M / 1000.0:.0f} km. Split them by region,"
            " and look for coordinates that are wrong"
        )


def _bow_m(off_meridian_m: FloatArray) -> FloatArray:
    """How far a piece one metre long is at most from its geodesic; it goes with the square.

    A geodesic, flown uniformly, has in a conformal plane an acceleration of the scale times its
    slope, across or along; a chord is at most an eighth of the square of its length times that
    away. The slope is x / R**2 to a thousandth. A kilometre is the least x that is reckoned with,
    as a leg along the meridian itself might otherwise be without end.
    """
    slope = np.maximum(off_meridian_m, 1000.0) / _LEAST_RADIUS_M**2
    return np.asarray(_SLOPE_RESERVE * slope / 8.0)


def _least_and_greatest(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Least and greatest size of the numbers from low to high."""
    return np.maximum(np.maximum(low, -high), 0.0), np.maximum(-low, high)
