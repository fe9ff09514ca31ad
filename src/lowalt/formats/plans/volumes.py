"""Volumes that a flight stays in: each an outline between two heights for a time.

A route is covered leg by leg. Whatever place the aircraft is at, within the half-width and the
half-height that its plan states, at whatever time, a volume of that time holds it; the volumes are
larger than that by as little as corners for arcs and whole centimetres ask.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from lowalt.errors import InvalidInputError, Problem, naming
from lowalt.flights import Circle, FlightPlan
from lowalt.geodesy import (
    BOUNDARY_TOLERANCE_M,
    LocalFrame,
    densify_geodesic,
    geodesic_distance_m,
)
from lowalt.held_areas import HeldArea
from lowalt.levels import VerticalReference
from lowalt.paths import REFERENCES, STEP_M, Paths, Routes
from lowalt.terrain import FloatArray, GeoidModel, Ground, TerrainModel

_LONGEST_M = 50_000.0
"""Longest part of a leg in one volume; a plane of its own is true to it."""

_LONGEST_LINE_M = 5e6
_LARGEST_SCALE = 1.01  # some 900 km from the meridian
_MOST_CORNERS_FOLLOWED = 250

_DECIMALS = 8  # of degrees: a millimetre, where outlines have a centimetre to spare
_CORNERS_OF_A_QUARTER = 8
# The sides of the polygon touch the circle that its corners stand outside of.
_OUTWARDS = 1.0 / math.cos(math.pi / (4 * _CORNERS_OF_A_QUARTER))


@dataclass(frozen=True, slots=True)
class CoveringVolume:
    """Where a flight is for a time.

    Attributes
    ----------
    outline
        A circle, or the corners of a polygon in degrees, ``(N, 2)``, counter-clockwise, the first
        not repeated. Its sides are geodesics; at most a kilometre long where a route is covered,
        so that it hardly matters how they are drawn.
    bottom_m, top_m
        Heights above the surface asked for.
    start, end
        The time, half open.
    """

    outline: Circle | FloatArray
    bottom_m: float
    top_m: float
    start: datetime
    end: datetime


def covering_volumes(
    plan: FlightPlan,
    *,
    surface: VerticalReference,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    most: int | None = None,
) -> tuple[CoveringVolume, ...]:
    """Cover a flight with volumes, in order of time.

    Parameters
    ----------
    plan
        The plan. An operating area is one volume, just as the plan has it; a route is one a leg.
    surface
        What heights are to be above.
    terrain, geoid
        Models to convert levels with, where the plan has them above something else.
    most
        Cover a route with no more volumes than so many, each for several legs, and convex.

    Returns
    -------
    tuple of CoveringVolume
        Polygons around a route stand outside its airspace by 1 cm at least and by half a per cent
        of the half-width more at most, but for what a volume for several legs encloses. Between
        two samples the ground may be higher than at both, by what
        :class:`~lowalt.terrain.TerrainModel` says; nothing is added for it.

    Raises
    ------
    InvalidInputError
        If a height is not known: all that is lacking is named.

    Examples
    --------
    >>> from lowalt.flights import parse_plan
    >>> level = {"value_m": 100, "reference": "HAE"}
    >>> plan = parse_plan({
    ...     "plan_id": "p", "datum": "WGS84", "route_buffer_m": 20, "vertical_buffer_m": 5,
    ...     "waypoints": [
    ...         {"lon_deg": 113.95, "lat_deg": 22.54, "level": level,
    ...          "time": "2026-06-10T10:00:00+08:00"},
    ...         {"lon_deg": 113.96, "lat_deg": 22.54, "level": level,
    ...          "time": "2026-06-10T10:01:00+08:00"},
    ...     ],
    ... })
    >>> (volume,) = covering_volumes(plan, surface=VerticalReference.HAE)
    >>> volume.bottom_m, volume.top_m, volume.end.isoformat()
    (95.0, 105.0, '2026-06-10T10:01:00+08:00')
    """
    if plan.operating_area is not None:
        return (_held(plan, surface=surface, terrain=terrain, geoid=geoid),)
    flown = _Flown.of(plan, surface=surface, terrain=terrain, geoid=geoid)
    with naming(f"plan {plan.plan_id!r}"):
        return tuple(flown.volumes(most))


def height_range(
    plan: FlightPlan,
    *,
    surface: VerticalReference,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> tuple[float, float]:
    """Least and greatest height above a surface that a flight may have, metres.

    Parameters
    ----------
    plan, surface, terrain, geoid
        As for :func:`covering_volumes`.

    Raises
    ------
    InvalidInputError
        If a height is not known: all that is lacking is named.
    """
    if plan.operating_area is not None:
        held = _held(plan, surface=surface, terrain=terrain, geoid=geoid)
        return held.bottom_m, held.top_m
    flown = _Flown.of(plan, surface=surface, terrain=terrain, geoid=geoid)
    return flown.height_range(slice(None, -1))


@dataclass(frozen=True, slots=True)
class _Flown:
    """A route with the heights of its pieces."""

    plan: FlightPlan
    routes: Routes
    paths: Paths
    heights_m: FloatArray  # of the two ends of each piece, (V, 2)

    @classmethod
    def of(
        cls,
        plan: FlightPlan,
        *,
        surface: VerticalReference,
        terrain: TerrainModel | None,
        geoid: GeoidModel | None,
    ) -> _Flown:
        routes = Routes.of([plan], terrain=terrain)
        frame = _frame(routes.lon_lat)
        paths = Paths.of(routes, frame=frame, terrain=terrain, geoid=geoid)
        heights_m = paths.heights(surface)
        problems = [] if plan.vertical_buffer_m is not None else [_NO_VERTICAL_BUFFER]
        if np.isnan(heights_m[:-1]).any():
            zero_amsl_m = dict(zip(REFERENCES, paths.zero_amsl_m, strict=True))
            used = {waypoint.level.reference for waypoint in plan.waypoints or ()}
            problems += _mixed(routes)
            problems += _lacking(used, surface, lambda reference: zero_amsl_m[reference])
        _refuse(plan, problems)
        return cls(plan, routes, paths, heights_m)

    def height_range(self, pieces: slice) -> tuple[float, float]:
        """Least and greatest height of some pieces, with the half-height of the airspace."""
        heights_m, beside_m = self.heights_m[pieces], float(self.paths.vertical_m[0])
        return float(heights_m.min()) - beside_m, float(heights_m.max()) + beside_m

    def volumes(self, most: int | None) -> Iterator[CoveringVolume]:
        """Cover parts of the route one after another."""
        is_waypoint, cuts = self._cuts()
        count = len(cuts) - 1 if most is None else min(most, len(cuts) - 1)
        bounds = cuts[np.linspace(0, len(cuts) - 1, count + 1).astype(np.intp)].tolist()
        radius_m = float(self.paths.horizontal_m[0])
        for first, last in pairwise(bounds):
            within = np.arange(first, last + 1)
            corners = within[is_waypoint[within] | (within == first) | (within == last)]
            bottom_m, top_m = self.height_range(slice(first, last))
            yield CoveringVolume(
                outline_around(
                    self.paths.lon_lat[corners], radius_m=radius_m, convex=count < len(cuts) - 1
                ),
                bottom_m,
                top_m,
                self._time(first),
                self._time(last),
            )

    def _cuts(self) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
        """Tell which vertices are waypoints, and at which one volume may follow another."""
        pieces = np.maximum(self.routes.pieces, 1)
        step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        piece_m = np.maximum(self.routes.piece_m, 1.0)
        in_one = np.repeat(np.maximum(_LONGEST_M // piece_m, 1.0).astype(np.intp), pieces)
        return step == 0, np.flatnonzero(step % in_one == 0)

    def _time(self, vertex: int) -> datetime:
        return self.plan.departure + timedelta(seconds=float(self.paths.t_s[vertex]))


def _held(
    plan: FlightPlan,
    *,
    surface: VerticalReference,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
) -> CoveringVolume:
    area = plan.operating_area
    assert area is not None
    middle = [(area.circle.lon_deg, area.circle.lat_deg)] if area.circle else area.polygon
    held = HeldArea.of(plan, frame=_frame(np.array(middle)), terrain=terrain, geoid=geoid)
    bottom_m, _ = held.range_m(area.floor, surface)
    _, top_m = held.range_m(area.ceiling, surface)
    if math.isnan(bottom_m) or math.isnan(top_m):
        used = {area.floor.reference, area.ceiling.reference}
        _refuse(plan, _lacking(used, surface, lambda reference: _zero_m(held.ground, reference)))
    outline: Circle | FloatArray
    if area.circle is not None:
        outline = area.circle
    else:
        ring = shapely.orient_polygons(shapely.Polygon(area.polygon))
        outline = shapely.get_coordinates(ring.exterior)[:-1]
    return CoveringVolume(outline, bottom_m, top_m, area.start, area.end)


def _zero_m(ground: Ground, reference: VerticalReference) -> FloatArray:
    zeros = np.zeros(len(ground.elevation_amsl_m))
    return ground.convert(zeros, source=reference, target=VerticalReference.AMSL)


def _frame(lon_lat: FloatArray) -> LocalFrame:
    return LocalFrame(float(round(lon_lat[:, 0].mean())))


def outline_around(corners: FloatArray, *, radius_m: float, convex: bool = False) -> FloatArray:
    """Cover all places nearer to a line than a radius, and what they enclose, with a polygon.

    A line of more than 250 corners is covered as its convex hull is: how often such a line crosses
    itself has no bound, nor has the effort to follow it.

    Parameters
    ----------
    corners
        Of the line, degrees, ``(N, 2)``; the geodesics between them are its sides.
    radius_m
        Metres on the ground, 0 or more.
    convex
        Whether to cover any line so.

    Returns
    -------
    numpy.ndarray
        Corners in degrees, ``(M, 2)``, counter-clockwise, the first not repeated. They stand
        outside by 1 cm at least, and half a per cent of the radius more at most.

    Raises
    ------
    InvalidInputError
        If the line is longer than 5,000 km, or too wide for a plane.

    Examples
    --------
    >>> len(outline_around(np.array([[113.95, 22.54]]), radius_m=20.0))
    32
    """
    if float(geodesic_distance_m(corners[:-1], corners[1:]).sum()) > _LONGEST_LINE_M:
        raise InvalidInputError(
            f"a line of more than {_LONGEST_LINE_M / 1000.0:,.0f} km: no one volume is so long"
        )
    line = densify_geodesic(corners, max_step_m=STEP_M)
    frame = _frame(line)
    xy = frame.to_plane(line)
    farthest = np.column_stack((np.abs(xy[:, 0]) + radius_m, xy[:, 1]))
    scale = float(frame.scale(farthest).max())
    if not scale <= _LARGEST_SCALE:  # NaN where the plane ends
        raise InvalidInputError("a line too wide from west to east for a plane of its own")
    shape: Any = shapely.LineString(xy) if (xy != xy[0]).any() else shapely.Point(xy[0])
    if convex or len(corners) > _MOST_CORNERS_FOLLOWED:
        shape = shape.convex_hull
    reach_m = radius_m * scale * _OUTWARDS + BOUNDARY_TOLERANCE_M
    airspace = shapely.Polygon(shape.buffer(reach_m, quad_segs=_CORNERS_OF_A_QUARTER).exterior)
    ring = shapely.segmentize(shapely.orient_polygons(airspace).exterior, STEP_M)
    return frame.to_lonlat(shapely.get_coordinates(ring)[:-1]).round(_DECIMALS)


# What is not known

_NO_VERTICAL_BUFFER: Final = Problem(
    "vertical_buffer_m",
    "nothing",
    "say the half-height of its airspace in the plan, or vertical_buffer_m under [route] in"
    " --operator FILE",
)

_REMEDIES: Final = {
    VerticalReference.AGL: "the ground below it is not known: give a terrain model that covers it"
    " (terrain=, or --terrain of the command line)",
    VerticalReference.HAE: "the geoid is not known there: give one that covers it"
    " (geoid=load_geoid(), or --geoid of the command line)",
    VerticalReference.ATO: "the take-off point is not known: give take_off_elevation_amsl_m in the"
    " plan",
}


def _mixed(routes: Routes) -> Iterator[Problem]:
    here, onward = routes.reference[:-1], routes.reference[1:]
    for number in np.flatnonzero(here != onward).tolist():
        yield Problem(
            f"waypoints[{number}].level",
            f"a level {REFERENCES[here[number]]}, and the next one {REFERENCES[onward[number]]}",
            "what lies between is not known: give both ends of a leg in one reference",
        )


def _lacking(
    used: Iterable[VerticalReference],
    surface: VerticalReference,
    zero_amsl_m: Callable[[VerticalReference], FloatArray],
) -> Iterator[Problem]:
    """Name the references that cannot be converted everywhere."""
    for reference in sorted({surface, *used}):
        if np.isnan(zero_amsl_m(reference)).any():
            yield Problem(
                f"heights {reference}", "nothing to convert them by", _REMEDIES[reference]
            )


def _refuse(plan: FlightPlan, problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise InvalidInputError(
            f"plan {plan.plan_id!r}: its volumes cannot be told", problems=found
        )
