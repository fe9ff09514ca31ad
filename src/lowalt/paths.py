"""Many flights at once as 4D paths in the plane, in flat arrays.

Between two waypoints a flight is the geodesic, flown uniformly; it is cut into pieces short enough
that straight in the plane is the geodesic to well below a centimetre. The arrays of all flights
follow one another: what one call works out for all of them costs little more than for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from lowalt.flights import FlightPlan
from lowalt.geodesy import (
    LocalFrame,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)
from lowalt.levels import VerticalReference
from lowalt.terrain import FloatArray, GeoidModel, Ground, TerrainModel

STEP_M = 1000.0
"""Longest piece of a path."""

ComplexArray = NDArray[np.complex128]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Bounds = tuple[float, float, float, float]
"""West, south, east and north, metres of a plane."""

REFERENCES = tuple(VerticalReference)
"""Vertical references by number."""

MIXED = -1
"""In place of that number, where the two ends of a leg have different references."""

_NUMBER = {reference: number for number, reference in enumerate(REFERENCES)}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_us(moment: datetime) -> int:
    """Whole microseconds since 1970-01-01T00:00Z."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_epoch_us(instant_us: int) -> datetime:
    """Return the time of so many microseconds since 1970-01-01T00:00Z, in UTC."""
    return _EPOCH + timedelta(microseconds=instant_us)


@dataclass(frozen=True, slots=True)
class Routes:
    """Waypoints of many plans, one route after another, before their legs are cut.

    Attributes
    ----------
    plan
        Number of each route's plan, ``(R,)``.
    first
        Number of each route's first waypoint, ``(R + 1,)``; the last number is their count.
    lon_lat
        Degrees, ``(W, 2)``.
    t_s
        Seconds after the first waypoint of the route, ``(W,)``.
    level_m, reference
        Level and number of its reference, ``(W,)`` each.
    pieces, piece_m
        Into how many pieces the leg to the next waypoint is cut, and how long they are, ``(W,)``
        each; at the last waypoint of a route, 0.
    epoch_us
        Microseconds since 1970 at each route's first waypoint, ``(R,)``.
    horizontal_m, vertical_m
        Half-width and half-height of the airspace around each route, ``(R,)``. The half-height is
        NaN where the plan does not state it.
    take_off_amsl_m
        Elevation of the take-off point, ``(R,)``, NaN where not stated.
    """

    plan: IntArray
    first: IntArray
    lon_lat: FloatArray
    t_s: FloatArray
    level_m: FloatArray
    reference: IntArray
    pieces: IntArray
    piece_m: FloatArray
    epoch_us: IntArray
    horizontal_m: FloatArray
    vertical_m: FloatArray
    take_off_amsl_m: FloatArray

    @classmethod
    def of(cls, plans: Sequence[FlightPlan], *, terrain: TerrainModel | None = None) -> Routes:
        """Gather the routes among some plans; plans that hold an area are passed over.

        Legs are cut so that pieces are no longer than the spacing at which terrain is sampled.
        """
        flown = [(i, p, p.waypoints) for i, p in enumerate(plans) if p.waypoints is not None]
        waypoints = list(chain.from_iterable(found for _, _, found in flown))
        first = np.cumsum([0, *(len(found) for _, _, found in flown)], dtype=np.int64)
        lon_lat = np.column_stack(
            (_stated(w.lon_deg for w in waypoints), _stated(w.lat_deg for w in waypoints))
        )
        length_m = geodesic_distance_m(lon_lat, np.roll(lon_lat, -1, axis=0))
        length_m[first[1:] - 1] = 0.0
        step_m = STEP_M if terrain is None else min(STEP_M, terrain.spacing_m)
        pieces = np.maximum(np.ceil(length_m / step_m), 1.0).astype(np.int64)
        piece_m = length_m / pieces
        pieces[first[1:] - 1] = 0
        return cls(
            plan=np.array([i for i, _, _ in flown], dtype=np.int64),
            first=first,
            lon_lat=lon_lat,
            t_s=_stated((w.time - f[0].time).total_seconds() for _, _, f in flown for w in f),
            level_m=_stated(w.level.value_m for w in waypoints),
            reference=np.array([_NUMBER[w.level.reference] for w in waypoints], dtype=np.int64),
            pieces=pieces,
            piece_m=piece_m,
            epoch_us=np.array([epoch_us(f[0].time) for _, _, f in flown], dtype=np.int64),
            horizontal_m=_stated(p.route_buffer_m for _, p, _ in flown),
            vertical_m=_stated(p.vertical_buffer_m for _, p, _ in flown),
            take_off_amsl_m=_stated(p.take_off_elevation_amsl_m for _, p, _ in flown),
        )

    def cut(self, step_m: FloatArray) -> Routes:
        """Cut the legs anew, into pieces no longer than so much.

        Parameters
        ----------
        step_m
            Longest piece of the leg that begins at each waypoint, metres, ``(W,)``.
        """
        length_m = self.pieces * self.piece_m
        pieces = np.maximum(np.ceil(length_m / step_m), np.minimum(self.pieces, 1)).astype(np.int64)
        piece_m = length_m / np.maximum(pieces, 1)
        return replace(self, pieces=pieces, piece_m=piece_m)

    @property
    def end_us(self) -> IntArray:
        """Microseconds since 1970 at each route's last waypoint, ``(R,)``."""
        last_s = self.t_s[self.first[1:] - 1]
        return self.epoch_us + np.rint(last_s * 1e6).astype(np.int64)

    def bounds(self, frame: LocalFrame) -> Bounds:
        """Box of the plane that holds the airspace around every route; of none, an empty one."""
        xy = frame.to_plane(self.lon_lat)
        if not np.isfinite(xy).all():  # the plane does not go round the earth
            return -np.inf, -np.inf, np.inf, np.inf
        # No place of a leg is farther than half of it from both its ends.
        leg_m = (self.pieces * self.piece_m).max(initial=0.0)
        reach_m = leg_m / 2.0 + self.horizontal_m.max(initial=0.0) + 1.0
        reach_m *= frame.scale(xy).max(initial=1.0)
        west, south = xy.min(axis=0, initial=np.inf) - reach_m
        east, north = xy.max(axis=0, initial=-np.inf) + reach_m
        return float(west), float(south), float(east), float(north)

    def batches(self, *, most_pieces: int) -> Iterator[slice]:
        """Split the routes, in order, into batches of no more pieces than so many.

        A route with more pieces is a batch of its own.
        """
        ends = np.cumsum(np.add.reduceat(self.pieces, self.first[:-1]) if len(self.plan) else [])
        start = 0
        while start < len(ends):
            before = ends[start - 1] if start else 0
            stop = int(np.searchsorted(ends, before + most_pieces, side="right"))
            yield slice(start, max(stop, start + 1))
            start = max(stop, start + 1)


def _stated(values: Iterable[float | None]) -> FloatArray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


@dataclass(frozen=True)  # no slots: derived arrays are worked out once, on first use
class Paths:
    """Flights as pieces, each straight and uniform in place, height and time.

    Pieces are numbered by the vertex they begin at; the last vertex of a path begins none.

    Attributes
    ----------
    plan
        Number of each path's plan, ``(P,)``.
    first
        Number of each path's first vertex, ``(P + 1,)``; the last number is their count.
    lon_lat
        Vertices in degrees, ``(V, 2)``.
    xy
        Vertices in the frame, metres, ``(V, 2)``.
    t_s
        Seconds after the first vertex of the path, ``(V,)``.
    level_m
        Level at the two ends of each piece, ``(V, 2)``.
    reference
        Number of the reference of a piece's levels, ``(V,)``; -1 where the two ends have
        different ones, and at the last vertex of a path.
    zero_amsl_m
        Where each reference has its zero, above mean sea level, ``(4, V)``; NaN where not known.
        Ground beside the line does not count, however wide the airspace around it: true height is
        measured from the ground directly below the aircraft, and the line is where the plan puts
        it. An aircraft that keeps its altitude while it strays to the edge of that airspace gains
        true height by at most the half-width times the slope of the ground; that is for the
        half-height to hold, like every other departure from the planned level. For the usual
        half-width it is less than what a grid of 30 m can tell.
    epoch_us
        Microseconds since 1970 at each path's first vertex, ``(P,)``.
    horizontal_m, vertical_m
        Half-width and half-height of the airspace around each path, ``(P,)``. The half-height is
        NaN where the plan does not state it: how high the airspace reaches is then not known.
    """

    frame: LocalFrame
    plan: IntArray
    first: IntArray
    lon_lat: FloatArray
    xy: FloatArray
    t_s: FloatArray
    level_m: FloatArray
    reference: IntArray
    zero_amsl_m: FloatArray
    epoch_us: IntArray
    horizontal_m: FloatArray
    vertical_m: FloatArray

    @classmethod
    def of(
        cls,
        routes: Routes,
        which: slice = slice(None),
        *,
        frame: LocalFrame,
        terrain: TerrainModel | None = None,
        geoid: GeoidModel | None = None,
    ) -> Paths:
        """Cut routes into pieces, project them, and ask the models what lies below.

        Parameters
        ----------
        routes, which
            The routes, and which of them.
        frame
            The plane.
        terrain, geoid
            Models to convert levels with; without them such levels are not known.
        """
        start, stop, _ = which.indices(len(routes.plan))
        waypoints = slice(routes.first[start], routes.first[stop])
        pieces = routes.pieces[waypoints]
        # A leg begins as many vertices as it has pieces; the last waypoint is one more.
        count = np.maximum(pieces, 1)
        begin = np.cumsum(count) - count
        at = np.repeat(np.arange(len(count)), count)
        step = np.arange(len(at)) - begin[at]
        lon_lat = _along(routes, waypoints, at, step)
        share = np.column_stack((step, step + 1)) / count[at, None]

        def between(values: FloatArray) -> FloatArray:
            onward = np.roll(values, -1)
            return values[at, None] + share * (onward - values)[at, None]

        first = np.append(begin, len(at))[routes.first[start : stop + 1] - waypoints.start]
        reference = routes.reference[waypoints]
        reference = np.where(reference == np.roll(reference, -1), reference, MIXED)[at]
        reference[first[1:] - 1] = MIXED
        ground = Ground.below(lon_lat, terrain=terrain, geoid=geoid, take_off_amsl_m=None)
        zero_amsl_m = _zeros(ground, len(at))
        zero_amsl_m[_NUMBER[VerticalReference.ATO]] = np.repeat(
            routes.take_off_amsl_m[start:stop], np.diff(first)
        )
        return cls(
            frame=frame,
            plan=routes.plan[start:stop],
            first=first,
            lon_lat=lon_lat,
            xy=frame.to_plane(lon_lat),
            t_s=between(routes.t_s[waypoints])[:, 0],
            level_m=between(routes.level_m[waypoints]),
            reference=reference,
            zero_amsl_m=zero_amsl_m,
            epoch_us=routes.epoch_us[start:stop],
            horizontal_m=routes.horizontal_m[start:stop],
            vertical_m=routes.vertical_m[start:stop],
        )

    @cached_property
    def owner(self) -> IntArray:
        """Number of the path that each vertex belongs to, ``(V,)``."""
        return np.repeat(np.arange(len(self.plan)), np.diff(self.first))

    @cached_property
    def begins_piece(self) -> NDArray[np.intp]:
        """Numbers of the pieces: all vertices but the last of each path."""
        kept = np.ones(len(self.t_s), dtype=bool)
        kept[self.first[1:] - 1] = False
        return np.flatnonzero(kept)

    @cached_property
    def place(self) -> ComplexArray:
        """Vertices in the frame as x + iy, ``(V,)``."""
        return self.xy.view(np.complex128)[:, 0]

    @cached_property
    def boxes(self) -> FloatArray:
        """West, south, east and north of each path in the frame, ``(P, 4)``."""
        return self._boxes(self.xy)

    @cached_property
    def boxes_deg(self) -> FloatArray:
        """West, south, east and north of each path in degrees, ``(P, 4)``."""
        return self._boxes(self.lon_lat)

    def _boxes(self, places: FloatArray) -> FloatArray:
        first = self.first[:-1]
        return np.hstack((np.minimum.reduceat(places, first), np.maximum.reduceat(places, first)))

    @cached_property
    def footprints(self) -> NDArray[Any]:
        """Each path on the ground, in the frame, ``(P,)``; of one that stays in place, a point."""
        lines = shapely.linestrings(self.xy, indices=self.owner)
        start = self.xy[self.first[:-1]]
        moves = np.zeros(len(start), dtype=bool)
        moves[self.owner[(self.xy != start[self.owner]).any(axis=1)]] = True
        return np.where(moves, np.asarray(lines), np.asarray(shapely.points(start)))

    @cached_property
    def scales(self) -> FloatArray:
        """Greatest scale of the plane along each path, ``(P,)``."""
        return self.per_path(np.maximum, self.scale)

    def per_path(self, how: np.ufunc, values: FloatArray) -> FloatArray:
        """Bring a value of each piece, ``(V,)``, down to one of each path, ``(P,)``."""
        first = self.first[:-1] - np.arange(len(self.plan))
        return np.asarray(how.reduceat(values[self.begins_piece], first))

    def one(self, number: int) -> Paths:
        """Return one of the paths by itself."""
        first, beyond = self.first[number : number + 2].tolist()
        path, vertices = slice(number, number + 1), slice(first, beyond)
        return Paths(
            frame=self.frame,
            plan=self.plan[path],
            first=np.array([0, beyond - first], dtype=np.int64),
            lon_lat=self.lon_lat[vertices],
            xy=self.xy[vertices],
            t_s=self.t_s[vertices],
            level_m=self.level_m[vertices],
            reference=self.reference[vertices],
            zero_amsl_m=self.zero_amsl_m[:, vertices],
            epoch_us=self.epoch_us[path],
            horizontal_m=self.horizontal_m[path],
            vertical_m=self.vertical_m[path],
        )

    @cached_property
    def scale(self) -> FloatArray:
        """Greatest scale of the plane along each piece, ``(V,)``: ground metres become so long."""
        with np.errstate(invalid="ignore"):
            at_vertices = self.frame.scale(self.xy)
        # The plane does not go round the earth; where it ends its scale is beyond all bounds.
        at_vertices[np.isnan(at_vertices)] = np.inf
        return np.maximum(at_vertices, np.roll(at_vertices, -1))

    def heights(self, reference: VerticalReference) -> FloatArray:
        """Level at the two ends of each piece in a reference, ``(V, 2)``; NaN: not known."""
        target = _NUMBER[reference]
        vertices = np.arange(len(self.reference))
        result = np.empty(self.level_m.shape)
        for end, at in ((0, vertices), (1, np.roll(vertices, -1))):
            source_zero = self.zero_amsl_m[self.reference, at]
            result[:, end] = self.level_m[:, end] + source_zero - self.zero_amsl_m[target, at]
        own = self.reference == target
        result[own] = self.level_m[own]
        result[self.reference == MIXED] = np.nan
        return result

    def places(self, path: IntArray, t_s: FloatArray) -> FloatArray:
        """Longitude and latitude, degrees ``(N, 2)``, of paths at some of their times, ``(N,)``."""
        piece, last = self.first[path], self.first[path + 1] - 2
        # Bisection in all paths at once for the last piece that begins no later.
        while (piece < last).any():
            middle = (piece + last + 1) // 2
            later = self.t_s[middle] > t_s
            piece, last = np.where(later, piece, middle), np.where(later, middle - 1, last)
        start_s = self.t_s[piece]
        share = np.clip((t_s - start_s) / (self.t_s[piece + 1] - start_s), 0.0, 1.0)[:, None]
        with np.errstate(invalid="ignore"):
            xy = self.xy[piece] + share * (self.xy[piece + 1] - self.xy[piece])
        # A piece outside the plane, on another continent, is where it begins.
        outside = ~np.isfinite(xy).all(axis=1)
        xy[outside] = 0.0
        lon_lat = self.frame.to_lonlat(xy)
        lon_lat[outside] = self.lon_lat[piece[outside]]
        return lon_lat


def _along(routes: Routes, waypoints: slice, at: IntArray, step: IntArray) -> FloatArray:
    """Vertices in degrees: waypoints as they are, and between them places on the geodesics."""
    ends = routes.lon_lat[waypoints]
    lon_lat = ends[at]
    inner = step > 0
    leg, number = np.unique(at[inner], return_inverse=True)
    azimuth_deg = geodesic_azimuth_deg(ends[leg], np.roll(ends, -1, axis=0)[leg])
    lon_lat[inner] = geodesic_direct(
        lon_lat[inner],
        azimuth_deg=azimuth_deg[number],
        distance_m=step[inner] * routes.piece_m[waypoints][at[inner]],
    )
    return lon_lat


def _zeros(ground: Ground, count: int) -> FloatArray:
    """Where each reference has its zero above mean sea level, but for the take-off point's."""
    amsl = VerticalReference.AMSL
    return np.array(
        [ground.convert(np.zeros(count), source=source, target=amsl) for source in REFERENCES]
    )
