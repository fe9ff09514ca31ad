"""Rings of lines and arcs, put together from the pieces that files draw.

Files round the ends of arcs and the points beside them apart: to seconds of arc in one format, by
bearings in another. An end that was computed and a point that was stated near it are one corner,
and the stated point is where it is.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from lowalt.airspace import Arc, Outline
from lowalt.errors import GeometryError
from lowalt.geodesy import geodesic_direct, geodesic_distance_m

Place = tuple[float, float]
"""Longitude and latitude, degrees."""

ROUNDING_M: Final = 30.0
"""How far apart two things lie at most that are the same but for rounding to seconds of arc."""


class Corner(NamedTuple):
    """A corner of a ring.

    Parameters
    ----------
    place
        Where it is.
    slack_m
        How far off it may be because it was computed; 0 for one that the file states.
    """

    place: Place
    slack_m: float = 0.0

    def meets(self, other: Corner) -> bool:
        """Whether the two are one corner."""
        slack_m = max(self.slack_m, other.slack_m)
        return self.place == other.place or (slack_m > 0.0 and self.distance_m(other) <= slack_m)

    def distance_m(self, other: Corner) -> float:
        """Distance along the ground."""
        return float(geodesic_distance_m([self.place], [other.place])[0])


def arc_ends(
    centre: Place, *, radius_m: float, start_deg: float, end_deg: float, slack_m: float
) -> tuple[Corner, Corner]:
    """Compute the ends of an arc from the directions in which its centre sees them.

    Raises
    ------
    GeometryError
        If the radius is none, or the arc ends in the direction in which it begins.
    """
    if not 0.0 < radius_m < 1e6:
        raise GeometryError(f"an arc of radius {radius_m:g} m; expected more than 0, less than 1e6")
    if start_deg % 360.0 == end_deg % 360.0:
        raise GeometryError("an arc that ends in the direction in which it begins")
    ends = geodesic_direct([centre], azimuth_deg=[start_deg, end_deg], distance_m=radius_m)
    start, end = (Corner((float(lon), float(lat)), slack_m) for lon, lat in ends)
    return start, end


class Ring:
    """A ring that grows piece by piece.

    Examples
    --------
    A half disc on a rectangle:

    >>> ring, centre = Ring(), (114.0, 22.5)
    >>> ring.add_arc(
    ...     *arc_ends(centre, radius_m=1852.0, start_deg=270.0, end_deg=90.0, slack_m=30.0),
    ...     centre=centre, clockwise=True)
    >>> for place in [(114.018, 22.48), (113.982, 22.48)]:
    ...     ring.add(Corner(place))
    >>> outline = ring.outline()
    >>> len(outline.corners), list(outline.arcs)
    (4, [0])
    """

    def __init__(self) -> None:
        self._corners: list[Corner] = []
        self._arcs: dict[int, Arc] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn yet."""
        return not self._corners

    def add(self, corner: Corner) -> None:
        """Draw a line to a corner."""
        if self._corners and corner.meets(self._corners[-1]):
            self._corners[-1] = _better(self._corners[-1], corner)
        else:
            self._corners.append(corner)

    def add_arc(self, start: Corner, end: Corner, *, centre: Place, clockwise: bool) -> None:
        """Draw a line to where an arc begins, and the arc.

        Raises
        ------
        GeometryError
            If the arc ends where it begins.
        """
        if start.place == end.place:
            raise GeometryError("an arc that ends where it begins; a whole circle is no arc")
        self.add(start)
        self._arcs[len(self._corners) - 1] = Arc(*centre, clockwise)
        self._corners.append(end)

    def gap_m(self, corner: Corner) -> float:
        """Distance from where the ring ends so far to a corner that should be there."""
        if not self._corners or corner.meets(self._corners[-1]):
            return 0.0
        return corner.distance_m(self._corners[-1])

    def opening_m(self) -> float:
        """Distance between its ends."""
        return self.gap_m(self._corners[0]) if self._corners else 0.0

    def outline(self) -> Outline:
        """Return the finished ring, closed by a line if its last corner is not its first.

        Raises
        ------
        GeometryError
            If it is no outline.
        """
        if not self._corners:
            raise GeometryError("an outline without points")
        corners = self._corners
        if len(corners) > 1 and corners[-1].meets(corners[0]):
            *corners, last = corners
            corners[0] = _better(corners[0], last)
        return Outline(tuple(corner.place for corner in corners), self._arcs)


def _better(one: Corner, other: Corner) -> Corner:
    return min(one, other, key=lambda corner: corner.slack_m)
