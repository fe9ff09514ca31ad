"""The fence that a plan brings for its autopilot, and whether the plan stays in it.

It is no fact of the law: the electronic fence that rules ask for is one of published airspace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.flown import Move
from lowalt.formats.plans.mavlink.fields import Place, list_of, number_of, object_of, place_of
from lowalt.geodesy import circle_ring

_MOST_CORNERS: Final = 10_000
_LARGEST_M: Final = 100_000.0


@dataclass(frozen=True, slots=True)
class Fence:
    """Where an autopilot is to stay, and where it is not to go.

    Parameters
    ----------
    inside
        It stays in one of them, if there are any; autopilots may be set to ask for all.
    outside
        It stays out of all of them.
    """

    inside: tuple[Polygon, ...] = ()
    outside: tuple[Polygon, ...] = ()

    def left_at(self, moves: Sequence[Move]) -> str | None:
        """Say where a route leaves the fence first; ``None`` if it keeps to it.

        Edges are straight in longitude and latitude, as QGroundControl draws them.
        """
        if not (self.inside or self.outside) or len(moves) < 2:
            return None
        places = np.array([(move.lon_deg, move.lat_deg) for move in moves])
        legs = np.asarray(shapely.linestrings(np.stack((places[:-1], places[1:]), axis=1)))
        breaks = _touching(legs, self.outside)
        if self.inside:
            breaks |= ~_touching(legs, self.inside, wholly=True)
        return moves[int(np.argmax(breaks)) + 1].where if breaks.any() else None


def _touching(
    legs: NDArray[np.object_], polygons: Sequence[Polygon], *, wholly: bool = False
) -> NDArray[np.bool_]:
    """Whether each leg lies in polygons, at all or as a whole."""
    area = shapely.union_all(polygons)
    shapely.prepare(area)
    return np.asarray(area.covers(legs) if wholly else area.intersects(legs), dtype=np.bool_)


def fence_of(document: Mapping[str, Any], *, where: str) -> Fence:
    """Read the ``geoFence`` of a plan.

    Parameters
    ----------
    document
        The object.
    where
        What messages call it.

    Raises
    ------
    InvalidInputError
        If a polygon or a circle in it cannot be read.

    Examples
    --------
    >>> document = {"version": 2, "polygons": [], "circles": [
    ...     {"circle": {"center": [22.5431, 113.9502], "radius": 300.0}, "inclusion": True}]}
    >>> len(fence_of(document, where="geoFence").inside)
    1
    """
    areas: dict[bool, list[Polygon]] = {True: [], False: []}
    corners = 0
    for key, kind, shape in (("polygons", "polygon", _polygon), ("circles", "circle", _circle)):
        given = list_of(document.get(key) or [], where=f"{where}: {key}")
        for number, one in enumerate(given, start=1):
            at = f"{where}: {kind} {number}"
            part = object_of(one, where=at)
            polygon = shape(part, where=at)
            corners += len(polygon.exterior.coords)
            if corners > _MOST_CORNERS:
                raise InvalidInputError(f"{at}: more than {_MOST_CORNERS:,} corners in all")
            areas[_keeps_in(part, where=at)].append(polygon)
    return Fence(tuple(areas[True]), tuple(areas[False]))


def _keeps_in(part: Mapping[str, Any], *, where: str) -> bool:
    inclusion = part.get("inclusion")
    if not isinstance(inclusion, bool):
        raise InvalidInputError(f"{where}: expected inclusion to be true or false")
    return inclusion


def _polygon(document: Mapping[str, Any], *, where: str) -> Polygon:
    corners: list[Place] = [
        place_of(corner, where=where) for corner in list_of(document.get("polygon"), where=where)
    ]
    if not 3 <= len(corners) <= _MOST_CORNERS:
        raise InvalidInputError(f"{where}: {len(corners)} corners; expected 3 to {_MOST_CORNERS:,}")
    polygon = Polygon(corners)
    if not polygon.is_valid:
        raise InvalidInputError(f"{where}: {shapely.is_valid_reason(polygon)}; draw it once round")
    return polygon


def _circle(document: Mapping[str, Any], *, where: str) -> Polygon:
    circle = object_of(document.get("circle"), where=where)
    lon_deg, lat_deg = place_of(circle.get("center"), where=f"{where}: center")
    radius_m = number_of(circle.get("radius"), where=f"{where}: radius")
    if not 0.0 < radius_m <= _LARGEST_M:
        raise InvalidInputError(
            f"{where}: a radius of {radius_m:g} m; expected more than 0, at most {_LARGEST_M:g}"
        )
    return Polygon(circle_ring(lon_deg=lon_deg, lat_deg=lat_deg, radius_m=radius_m))
