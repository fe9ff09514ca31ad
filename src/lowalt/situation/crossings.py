"""When a flight is in a zone: exactly along each leg, with buffer, height and hours.

For each zone two shapes are crossed with the path: the places where the flight's airspace *surely*
meets the zone, and those where it *may*. They are the same where the zone's limits are known, and
part by the accuracy of its boundary where they are not. Entry and exit are the ends of the exact
intersection of each piece of the path with the shape, not the nearest waypoints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset, BoundaryPart, Zone
from lowalt.airspace.containment import project
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame
from lowalt.levels import Level, VerticalLayer
from lowalt.situation.path import HeldArea, Path
from lowalt.temporal import TimeInterval

# Chords of a buffer's round corners lie inside the circle by r (1 - cos(pi / 4q)): with 64 to a
# quarter and 1 km that is 7.5 cm, made good by the factor below so that buffers cover.
_QUARTER_SEGMENTS = 64
_COVERING = 1.0 / np.cos(np.pi / (4 * _QUARTER_SEGMENTS))

_JOIN_S = 1e-6
"""Intervals nearer in time than this are one."""

Spans = NDArray[np.float64]
"""Spans of time ``(K, 2)`` in seconds after the path's epoch, sorted and disjoint."""

NO_SPANS: Spans = np.empty((0, 2))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the airspace around a path meets a zone, in the plane.

    Attributes
    ----------
    surely
        Centre-line places from which the zone is surely met.
    possibly
        Those from which it may be; covers ``surely``.
    """

    surely: BaseGeometry
    possibly: BaseGeometry


def grow(geometry: BaseGeometry, distance_m: float) -> BaseGeometry:
    """Buffer a planar geometry so that it covers; negative distances shrink it."""
    if distance_m > 0:
        distance_m *= _COVERING
    return shapely.buffer(geometry, distance_m, quad_segs=_QUARTER_SEGMENTS)


def reach(
    zone: Zone, outline: BaseGeometry, *, frame: LocalFrame, width_m: float, scale: float
) -> Reach:
    """Work out the two shapes of a zone for a path of some half-width.

    Parameters
    ----------
    zone, outline
        The zone and its polygon in the plane, possibly cut to the surroundings of the path.
    frame
        The plane.
    width_m
        Half-width of the airspace around the path, ground metres.
    scale
        Length in the plane of a ground metre.
    """
    touch = (width_m + BOUNDARY_TOLERANCE_M) * scale
    unsure = zone.uncertainty_m * scale
    if not unsure and not zone.less_accurate:
        both = grow(outline, touch)
        return Reach(both, both)
    blurred = [_blur(part, frame, scale) for part in zone.less_accurate]
    core = grow(outline, -unsure) if unsure else outline
    surely = shapely.difference(core, shapely.union_all(blurred)) if blurred else core
    possibly = shapely.union_all([grow(outline, unsure) if unsure else outline, *blurred])
    return Reach(grow(surely, touch), grow(possibly, touch))


def _blur(part: BoundaryPart, frame: LocalFrame, scale: float) -> BaseGeometry:
    return grow(project(part.line, frame=frame), part.accuracy_m * scale)


def cut_to(outline: BaseGeometry, path: Path | HeldArea, *, margin_m: float) -> BaseGeometry:
    """Cut a zone to the surroundings of a path, far enough off to leave its answers alone."""
    west, south, east, north = path.footprint.bounds
    box = (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
    return shapely.clip_by_rect(outline, *box)


def spans_inside(path: Path, shape: BaseGeometry) -> tuple[NDArray[np.intp], Spans]:
    """Cross every piece of a path with a shape.

    Returns
    -------
    pieces : (K,) intp
        Number of the piece of each crossing.
    shares : (K, 2) float64
        Where it begins and ends, as shares of the piece from 0 to 1.
    """
    shapely.prepare(shape)
    hit = np.flatnonzero(shapely.intersects(shape, path.pieces))
    within = shapely.covers(shape, path.pieces[hit])
    whole, cut = hit[within], hit[~within]
    piece, shares = _cut(path, cut, shape)
    return (
        np.concatenate((whole, piece)),
        np.concatenate((np.tile((0.0, 1.0), (len(whole), 1)), shares)),
    )


def _cut(path: Path, cut: NDArray[np.intp], shape: BaseGeometry) -> tuple[NDArray[np.intp], Spans]:
    """Intersect the pieces that a shape holds in part."""
    parts, owner = shapely.get_parts(
        shapely.intersection(path.pieces[cut], shape), return_index=True
    )
    piece = cut[owner]
    start, end = path.xy[piece], path.xy[piece + 1]
    along = end - start
    length_2 = np.einsum("ij,ij->i", along, along)
    still = shapely.get_type_id(path.pieces[piece]) == shapely.GeometryType.POINT
    shares = np.zeros((len(parts), 2))
    for side, of in enumerate(_ends(parts)):
        offset = np.einsum("ij,ij->i", of - start, along)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares[:, side] = np.where(still, float(side), offset / length_2)
    return piece, np.clip(np.sort(shares, axis=1), 0.0, 1.0)


def _ends(parts: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and last vertex of each part, which is a line or a point."""
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    first = np.searchsorted(owner, np.arange(len(parts)), side="left")
    last = np.searchsorted(owner, np.arange(len(parts)), side="right") - 1
    return coordinates[first], coordinates[last]


def spans_at_height(
    path: Path, pieces: NDArray[np.intp], shares: Spans, layer: VerticalLayer, *, surely: bool
) -> tuple[NDArray[np.intp], Spans]:
    """Keep the parts of crossings that are between a floor and a ceiling.

    Levels are linear along a piece, so each limit keeps one stretch of it. Where the level is not
    known in the limit's reference, the crossing stays among the possible ones only.
    """
    low, high = shares[:, 0].copy(), shares[:, 1].copy()
    slack = path.vertical_m + BOUNDARY_TOLERANCE_M
    for limit, sign in ((layer.floor, 1.0), (layer.ceiling, -1.0)):
        if limit is None:
            continue
        # Above the floor: h + slack >= floor; below the ceiling: -h + slack >= -ceiling.
        ends = sign * (path.heights(limit.reference)[pieces] - limit.value_m) + slack
        keep_low, keep_high = _where_not_negative(ends[:, 0], ends[:, 1])
        unknown = np.isnan(ends).any(axis=1)
        low = np.maximum(low, np.where(unknown, 2.0 if surely else 0.0, keep_low))
        high = np.minimum(high, np.where(unknown, 1.0, keep_high))
    kept = low <= high
    return pieces[kept], np.column_stack((low[kept], high[kept]))


def _where_not_negative(a: Spans, b: Spans) -> tuple[Spans, Spans]:
    """Stretch of [0, 1] on which the line from a to b is not negative; empty: (2, 1)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        root = a / (a - b)
    low = np.where(a >= 0, 0.0, np.where(b >= 0, root, 2.0))
    high = np.where(b >= 0, 1.0, np.where(a >= 0, root, 1.0))
    return low, high


def to_times(path: Path, pieces: NDArray[np.intp], shares: Spans) -> Spans:
    """Bring shares of pieces to spans of time, joining those that meet."""
    start, end = path.t_s[pieces], path.t_s[pieces + 1]
    spans = start[:, None] + shares * (end - start)[:, None]
    return join(spans)


def join(spans: Spans) -> Spans:
    """Sort spans and join those that overlap or meet."""
    joined: list[list[float]] = []
    for first, last in spans[np.lexsort((spans[:, 1], spans[:, 0]))].tolist():
        if joined and first <= joined[-1][1] + _JOIN_S:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    return np.array(joined) if joined else NO_SPANS


def in_hours(path: Path, spans: Spans, zone: Zone) -> Spans:
    """Keep the parts of spans in which a zone is active; its windows are half-open."""
    if zone.schedule.windows is None or not len(spans):
        return spans
    # A second more on either side, so that only the windows themselves cut spans.
    asked = TimeInterval(
        path.time(float(spans[:, 0].min()) - 1.0), path.time(float(spans[:, 1].max()) + 1.0)
    )
    kept = []
    for window in zone.active_within(asked):
        opens = (window.start - path.epoch) / timedelta(seconds=1)
        closes = (window.end - path.epoch) / timedelta(seconds=1)
        low, high = np.maximum(spans[:, 0], opens), np.minimum(spans[:, 1], closes)
        # A span that begins when the window ends is outside it.
        inside = (low <= high) & (low < closes)
        kept.append(np.column_stack((low, high))[inside])
    return join(np.concatenate(kept)) if kept else NO_SPANS


@dataclass(frozen=True, slots=True)
class Crossing:
    """When a path is surely, and when it is possibly, in a zone; ``possibly`` covers ``surely``."""

    surely: Spans
    possibly: Spans


def cross(path: Path, zone: Zone, layer: VerticalLayer, shapes: Reach) -> Crossing:
    """Cross a path with one volume of a zone, in place, height and hours."""

    def spans(crossed: tuple[NDArray[np.intp], Spans], *, surely: bool) -> Spans:
        pieces, shares = spans_at_height(path, *crossed, layer, surely=surely)
        return in_hours(path, to_times(path, pieces, shares), zone)

    possibly = spans_inside(path, shapes.possibly)
    # Most zones have one shape for both; it is crossed once.
    surely = possibly if shapes.surely is shapes.possibly else spans_inside(path, shapes.surely)
    return Crossing(spans(surely, surely=True), spans(possibly, surely=False))


def area_meets(area: HeldArea, layer: VerticalLayer, shapes: Reach) -> tuple[bool, bool]:
    """Tell whether an area surely, and possibly, meets a volume."""
    floor = not_below(area, area.ceiling, layer.floor)
    ceiling = not_below(area, area.floor, layer.ceiling, reverse=True)
    possible = floor is not False and ceiling is not False
    certain = floor is True and ceiling is True
    return (
        certain and bool(shapes.surely.intersects(area.footprint)),
        possible and bool(shapes.possibly.intersects(area.footprint)),
    )


def not_below(
    area: HeldArea, level: Level, limit: Level | None, *, reverse: bool = False
) -> bool | None:
    """Whether a level of the area reaches a zone's limit; unknown where the ground is."""
    if limit is None:
        return True
    value = area.extreme(level, limit.reference) - limit.value_m
    if np.isnan(value):
        return None
    return (-value if reverse else value) >= -BOUNDARY_TOLERANCE_M


def near_zones(
    path: Path | HeldArea, airspace: AirspaceDataset, *, width_m: float
) -> Iterable[int]:
    """Numbers of the zones that the airspace around a path can touch."""
    west, south, east, north = path.footprint.bounds
    grown = (width_m + 1.0) * path.scale
    return airspace.near((west - grown, south - grown, east + grown, north + grown))
