"""Marks of a map: a shape as GeoJSON with its style and what it says, cut to a window.

The geometry is for display only: simplified and rounded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.regulations.model import Bilingual

_METRES_PER_DEGREE = 111_195.0
_FINEST_M = 3.0
"""Outlines are drawn to within so much, and no finer than a pixel of a map of this many:"""
_PIXELS = 4000.0

_MOST_CORNERS, _MOST_TIMES_COARSER = 4000, 10
"""A shape with more corners is drawn coarser, but not without end: it may be of many parts."""

_LEAST_ROOM_M, _ROOM = 6000.0, 0.6
"""Airspace is drawn so far round a flight at least, or so large a share of its own extent."""

_DECIMALS = 5
"""A metre, in degrees."""


@dataclass(frozen=True, slots=True)
class Window:
    """Degrees within which a map is drawn."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def round(cls, shapes: Sequence[BaseGeometry]) -> Window:
        """Choose one round some shapes, with room."""
        west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=np.object_))
        shrink = math.cos(math.radians((south + north) / 2.0))
        wide, high = (east - west) * shrink, north - south
        room = max(_LEAST_ROOM_M / _METRES_PER_DEGREE, _ROOM * max(wide, high))
        return cls(west - room / shrink, south - room, east + room / shrink, north + room)

    @property
    def box(self) -> BaseGeometry:
        """The window as a polygon."""
        return shapely.box(self.west, self.south, self.east, self.north)

    @property
    def tolerance_deg(self) -> float:
        """How far an outline may be drawn beside its place."""
        return max(_FINEST_M / _METRES_PER_DEGREE, (self.north - self.south) / _PIXELS)

    def to_json(self) -> list[list[float]]:
        """South-west and north-east corner, latitude first as a map library wants them."""
        return [[self.south, self.west], [self.north, self.east]]


def mark(
    shape: BaseGeometry,
    *,
    css: str,
    title: Mapping[str, str],
    rows: Iterable[Bilingual] = (),
    label: Mapping[str, str] | str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Make a GeoJSON feature of a shape with its style and what it says."""
    rounded = shapely.transform(shape, lambda xy: np.round(xy, _DECIMALS))
    said = {"class": css, "title": dict(title), "rows": [dict(row) for row in rows], **more}
    if label is not None:
        said["label"] = label if isinstance(label, str) else dict(label)
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(rounded)),
        "properties": said,
    }


def outlined(
    shape: BaseGeometry, window: Window, *, css: str, edge: str, **said: Any
) -> Iterator[dict[str, Any]]:
    """Draw an area; of one that leaves the window the fill and the true edge, not the cut."""
    if window.box.contains(shape):
        yield mark(drawn(shape, window), css=css, **said)
        return
    seen = shape.intersection(window.box)
    if seen.is_empty:
        return
    yield mark(drawn(seen, window), css=f"{css} is-cut", **said)
    border = shape.boundary.intersection(window.box)
    if edge and not border.is_empty:
        yield mark(drawn(border, window), css=edge, title=said["title"])


def drawn(shape: BaseGeometry, window: Window) -> BaseGeometry:
    """Simplify a shape as far as nobody sees it, and further where it has very many corners."""
    coarser = (window.tolerance_deg * 2.0**times for times in range(_MOST_TIMES_COARSER))
    for tolerance_deg in coarser:
        simple = shape.simplify(tolerance_deg)
        if shapely.get_num_coordinates(simple) <= _MOST_CORNERS:
            break
    return simple


def joined(places: list[Any]) -> BaseGeometry:
    """Join places; of a flight that stays in place, a point."""
    if all(place == after for place, after in pairwise(places)):
        return shapely.Point(places[0])
    return shapely.LineString(places)
