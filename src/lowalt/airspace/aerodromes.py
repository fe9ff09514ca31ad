"""Shapes that rules draw round a runway, for those who build datasets.

Places are ``(longitude, latitude)`` in degrees; polygons come back in degrees, counter-clockwise,
with edges short enough to be read as geodesics or as straight lines
(:func:`lowalt.geodesy.densify_geodesic`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry import Polygon
from shapely.geometry.polygon import orient

from lowalt.airspace.shapes import Arc, Outline, Place
from lowalt.geodesy import arc_centre, densify_geodesic, geodesic_azimuth_deg, geodesic_direct

PROTECTION_RING = ("A1", "A2", "C2", "B2", "B3", "C3", "A3", "A4", "C4", "B4", "B1", "C1")
"""Points of a CAAC protection range, clockwise: A1-A2 and A3-A4 end the approach sectors."""

PROTECTION_ARCS = frozenset({("C2", "B2"), ("B3", "C3"), ("C4", "B4"), ("B1", "C1")})
"""The edges that are arcs and bulge outwards; the others are straight."""


def ring_polygon(ring: Iterable[Sequence[float]]) -> Polygon:
    """Make a polygon with geodesic edges from an open ring of places."""
    corners = np.array([*ring], dtype=float)
    return orient(Polygon(densify_geodesic(np.vstack((corners, corners[:1])))))


def protection_outline(points: Mapping[str, Place], *, arc_radius_m: float) -> Outline:
    """Make an obstacle-surface protection range from its twelve points.

    Parameters
    ----------
    points
        The points of :data:`PROTECTION_RING`.
    arc_radius_m
        Radius of the four arcs.
    """
    after = PROTECTION_RING[1:] + PROTECTION_RING[:1]
    arcs = {
        # The ring runs clockwise, so outward is to the left.
        number: Arc(
            *arc_centre(points[a], points[b], radius_m=arc_radius_m, bulges="left"), clockwise=True
        )
        for number, (a, b) in enumerate(zip(PROTECTION_RING, after, strict=True))
        if (a, b) in PROTECTION_ARCS
    }
    return Outline(tuple(points[name] for name in PROTECTION_RING), arcs)


@dataclass(frozen=True, slots=True)
class Runway:
    """A runway by its two ends.

    Parameters
    ----------
    low, high
        Ends with the low and the high number (15 and 33, say), longitude and latitude.
    """

    low: Place
    high: Place

    def beyond(self, *, high_end: bool, beyond_m: float, aside_m: float) -> Place:
        """Give the place reached by flying out over an end and then turning right.

        Parameters
        ----------
        high_end
            Over the high-numbered end, or the low-numbered one.
        beyond_m
            How far past the end.
        aside_m
            How far to the right of the centre line, seen flying out; to the left if negative.
        """
        end, other = (self.high, self.low) if high_end else (self.low, self.high)
        # A geodesic turns on its way, so the direction is taken anew at each corner, looking back.
        outbound_deg = geodesic_azimuth_deg([end], [other]) + 180.0
        abeam = geodesic_direct([end], azimuth_deg=outbound_deg, distance_m=beyond_m)
        onward_deg = geodesic_azimuth_deg(abeam, [other]) + 180.0
        corner = geodesic_direct(abeam, azimuth_deg=onward_deg + 90.0, distance_m=aside_m)
        return float(corner[0, 0]), float(corner[0, 1])

    def rectangle(self, *, beyond_m: float, aside_m: float) -> Polygon:
        """Make the rectangle so far past both ends and to both sides of the centre line."""
        return ring_polygon(
            self.beyond(high_end=high_end, beyond_m=beyond_m, aside_m=side * aside_m)
            for high_end, side in ((False, -1.0), (False, 1.0), (True, -1.0), (True, 1.0))
        )

    def protection_points(self, corners: Mapping[str, tuple[float, float]]) -> dict[str, Place]:
        """Give the twelve points of a protection range from its shape in runway coordinates.

        Parameters
        ----------
        corners
            For ``A``, ``B`` and ``C``: metres beyond the runway end, and to either side.
        """
        quarters = {"1": (True, -1.0), "2": (True, 1.0), "3": (False, -1.0), "4": (False, 1.0)}
        return {
            letter + number: self.beyond(
                high_end=high_end, beyond_m=beyond_m, aside_m=side * aside_m
            )
            for letter, (beyond_m, aside_m) in corners.items()
            for number, (high_end, side) in quarters.items()
        }
