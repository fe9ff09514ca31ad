"""Flight plans as tracks: from degrees and heights above this and that to metres, to a bound."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lowalt.conflicts.arrays import FloatArray, IntArray, T
from lowalt.conflicts.limits import MAX_RADIUS_M, MAX_SPEED_M_S
from lowalt.conflicts.planning.given import given_plans
from lowalt.conflicts.planning.heights import common_surface, heights_m, sampling_m
from lowalt.conflicts.planning.measures import Measures
from lowalt.conflicts.planning.plane import MOST_ERROR_M, Plane, pair_error_m
from lowalt.conflicts.tracks import TrackArray
from lowalt.errors import GeometryError, InvalidInputError, Problem, shown
from lowalt.flights import FlightPlan, Waypoint
from lowalt.flights.plan import BEIJING
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.paths import REFERENCES, Paths, Routes, epoch_us, from_epoch_us

if TYPE_CHECKING:
    from lowalt.terrain import GeoidModel, TerrainModel


def tracks_of(
    plans: Sequence[FlightPlan],
    *,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    tolerance_m: float = BOUNDARY_TOLERANCE_M,
    time_uncertainty_s: ArrayLike = 0.0,
    vertical_radius_m: float | None = None,
    position_error_m: float = 0.0,
    like: TrackArray | None = None,
) -> TrackArray:
    """Bring the routes of flight plans to metres in one plane and above one surface.

    Between two waypoints a flight is the geodesic on WGS 84, flown uniformly, and keeps straight in
    the reference of its levels: one above ground follows the ground, sampled as the terrain model
    asks for. Legs are cut into pieces that are straight in the plane to half a millimetre;
    :func:`plan_legs` tells which leg of the plan a piece is of. The cylinder around a flight is
    ``route_buffer_m`` wide and ``vertical_buffer_m`` high, to either side.

    Parameters
    ----------
    plans
        Plans that hold a route, each with an identifier of its own.
    terrain, geoid
        Models to convert levels with.
    tolerance_m
        Chosen on the safe side: flights count as in conflict that are farther apart than their
        buffers together by less than this.
    time_uncertainty_s
        How much earlier or later each flight may be, one number or one for each.
    vertical_radius_m
        Half-height for plans that do not state theirs.
    position_error_m
        Least bound to state, from 0 to 0.01. With 0.01 there is room to lay other plans beside
        these later, farther out and with wider buffers.
    like
        Tracks to compare these with: plane, epoch, surface, bound and tolerance become theirs.

    Returns
    -------
    TrackArray
        Flights in the order of the plans, known by ``plan_id``. ``position_error_m`` bounds what
        the plane can be wrong by in the horizontal distance of two flights where that decides; it
        is *added* to ``tolerance_m``, so that no conflict of the geodesics is lost to the plane.
        ``surface`` is the ellipsoid where every level is above it, and else mean sea level.

    Raises
    ------
    InvalidInputError
        If a plan holds an area, does not say how high its airspace is, or has a level that is not
        known above the surface; it names plan and waypoint, and what to give.
    GeometryError
        If the bound would be more than a centimetre, because the plans reach too far from west to
        east for the width of their buffers; or more than that of the tracks to compare with.

    Notes
    -----
    Not in the bound is what the models do not know of the ground and the geoid (see
    :class:`~lowalt.terrain.TerrainModel` for the ground between samples): two flights near one
    another share most of it. Nor is the drift of CGCS2000 against WGS 84, some 3 cm a year since
    2000: coordinates of the two are taken as the same, and where plans differ in this, buffers
    must hold it. Distances are those on the ellipsoid; at 300 m above it they are 0.005 % longer.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> from lowalt.terrain import UniformTerrain
    >>> plan = read_plan("examples/plans/03_delivery_near_airport_filed_in_time.json")
    >>> tracks = tracks_of([plan], terrain=UniformTerrain(4.0), vertical_radius_m=5.0)
    >>> len(tracks), tracks.surface, tracks.position_error_m < 0.002
    (1, <VerticalReference.AMSL: 'AMSL'>, True)
    """
    _check(
        tolerance_m=tolerance_m,
        position_error_m=position_error_m,
        vertical_radius_m=0.0 if vertical_radius_m is None else vertical_radius_m,
    )
    plans = given_plans(plans)
    _refuse_unbounded(plans, vertical_radius_m)
    if not plans:
        return _NONE if like is None else like.take([])
    routes = Routes.of(plans)
    _refuse_fast(plans, routes)
    measures = _measures(routes) if like is None else Measures.of(like)
    plane, surface, epoch = measures.plane, measures.surface, measures.epoch
    routes = _cut(routes, measures, terrain=terrain)
    paths = Paths.of(routes, frame=plane.frame, terrain=terrain, geoid=geoid)
    error_m = max(_error_m(plans, paths, plane, like=like), position_error_m)
    if like is not None:
        error_m = _within(like, error_m)
    east_m, north_m = plane.origin_m
    return TrackArray.from_local(
        paths.first,
        x_m=paths.xy[:, 0] - east_m,
        y_m=paths.xy[:, 1] - north_m,
        z_m=heights_m(plans, routes, paths, surface),
        t_s=((paths.epoch_us - epoch_us(epoch)) / 1e6)[paths.owner] + paths.t_s,
        horizontal_radius_m=paths.horizontal_m,
        vertical_radius_m=_stated(paths.vertical_m, otherwise=vertical_radius_m),
        time_uncertainty_s=time_uncertainty_s,
        tolerance_m=_rounded_up(tolerance_m + error_m) if like is None else like.tolerance_m,
        ids=[plan.plan_id for plan in plans],
        epoch=epoch,
        frame=plane.frame,
        origin_m=plane.origin_m,
        position_error_m=error_m,
        surface=surface,
    )


def plan_legs(
    plans: Sequence[FlightPlan], tracks: TrackArray, flights: ArrayLike, legs: ArrayLike
) -> IntArray:
    """Tell which legs of their plans some legs of tracks are pieces of.

    Parameters
    ----------
    plans
        What :func:`tracks_of` made the tracks of, in the same order.
    tracks
        What it made.
    flights, legs
        Numbers of flights and of legs of their tracks, as conflicts have them, ``(N,)`` each.

    Returns
    -------
    numpy.ndarray
        For each the number of the waypoint that the leg of the plan begins at, ``(N,)``.
    """
    numbers = np.asarray(flights, dtype=np.intp)
    begins = tracks.offsets[numbers] + np.asarray(legs, dtype=np.intp)
    assert tracks.epoch is not None  # they are made of plans
    # The middle of a piece is within one leg, whatever rounding does to its ends.
    middles_s = (tracks.vertices[begins, T] + tracks.vertices[begins + 1, T]) / 2.0
    return np.array(
        [
            bisect_right(
                plans[number].waypoints or (), tracks.epoch + timedelta(seconds=middle_s), key=_time
            )
            - 1
            for number, middle_s in zip(numbers.tolist(), middles_s.tolist(), strict=True)
        ],
        dtype=np.intp,
    )


def _time(waypoint: Waypoint) -> datetime:
    return waypoint.time


_NONE = TrackArray.from_local(
    [0], [], [], [], [], horizontal_radius_m=[], vertical_radius_m=[], ids=()
)


_MOST_M = {
    "tolerance_m": MAX_RADIUS_M,
    "position_error_m": MOST_ERROR_M,
    "vertical_radius_m": MAX_RADIUS_M,
}


def _check(**sizes_m: object) -> None:
    problems = [
        Problem(name, shown(size_m), f"0 to {_MOST_M[name]:g} metres")
        for name, size_m in sizes_m.items()
        if not (
            isinstance(size_m, (float, int, np.floating, np.integer))
            and 0.0 <= size_m <= _MOST_M[name]
        )
    ]
    if problems:
        raise InvalidInputError("plans cannot be compared so:", problems=problems)


def _refuse_unbounded(plans: Sequence[FlightPlan], vertical_radius_m: float | None) -> None:
    """Refuse plans of which it is not known where around a line their airspace ends."""
    problems = []
    for plan in plans:
        where = f"plan {plan.plan_id!r}"
        if plan.waypoints is None:
            expected = (
                "a route has waypoints; compare areas as volumes (conflicts.areas.volumes_of)"
            )
            problems.append(Problem(where, "an operating area", expected))
        elif plan.vertical_buffer_m is None and vertical_radius_m is None:
            expected = (
                "how high its airspace reaches is not known: give it in the plan, or"
                " vertical_radius_m= (--vertical-radius) for all plans without one"
            )
            problems.append(Problem(f"{where}, vertical_buffer_m", "nothing", expected))
    if problems:
        raise InvalidInputError("plans that cannot be compared as tracks:", problems=problems)


def _refuse_fast(plans: Sequence[FlightPlan], routes: Routes) -> None:
    """Refuse legs that nothing flies, once and by their waypoints, before they are cut."""
    length_m = routes.pieces * routes.piece_m
    taken_s = np.diff(routes.t_s, append=np.inf)  # negative from route to route, where length is 0
    problems = []
    for waypoint in np.flatnonzero(length_m > MAX_SPEED_M_S * np.abs(taken_s)).tolist():
        route = int(np.searchsorted(routes.first, waypoint, side="right")) - 1
        number = waypoint + 1 - int(routes.first[route])
        where = f"plan {plans[route].plan_id!r}, waypoints[{number}]"
        far = f"{length_m[waypoint]:.0f} m in {taken_s[waypoint]:g} s"
        expected = f"at most {MAX_SPEED_M_S:.0f} m/s: look for coordinates and times that are wrong"
        problems.append(Problem(where, far, expected))
    if problems:
        raise InvalidInputError("plans that nothing flies:", problems=problems)


def _rounded_up(tolerance_m: float) -> float:
    """Round up to a multiple of 2**-20 m, with which usual radii add without rounding."""
    return math.ceil(tolerance_m * 2.0**20) / 2.0**20


def _within(like: TrackArray, error_m: float) -> float:
    """Give the bound of some tracks, which that of others to compare with them must not exceed."""
    if error_m > like.position_error_m:
        raise GeometryError(
            f"beside the tracks of like=, the distance of two flights may be wrong by"
            f" {error_m:.6f} m, and those allow for {like.position_error_m:.6f} m: make them with"
            f" position_error_m={MOST_ERROR_M:g}, which leaves room for others"
        )
    return like.position_error_m


def _stated(values_m: FloatArray, *, otherwise: float | None) -> FloatArray:
    return values_m if otherwise is None else np.where(np.isnan(values_m), otherwise, values_m)


def _measures(routes: Routes) -> Measures:
    references = [REFERENCES[number] for number in np.unique(routes.reference).tolist()]
    epoch = from_epoch_us(int(routes.epoch_us.min())).astimezone(BEIJING)
    return Measures(Plane.amid(routes.lon_lat), common_surface(references), epoch)


def _cut(routes: Routes, measures: Measures, *, terrain: TerrainModel | None) -> Routes:
    """Cut legs so that they are straight in the plane, and models are asked as often as need be."""
    at_waypoints = measures.plane.frame.to_plane(routes.lon_lat)
    straight_m = measures.plane.longest_pieces_m(at_waypoints)
    return routes.cut(np.minimum(straight_m, sampling_m(routes, measures.surface, terrain=terrain)))


def _error_m(
    plans: Sequence[FlightPlan], paths: Paths, plane: Plane, *, like: TrackArray | None
) -> float:
    """Bound the error of the plane where it decides, and refuse more than a centimetre."""
    radius_m = paths.horizontal_m
    others_m = 0.0 if like is None else float(like.horizontal_radius_m.max(initial=0.0))
    reach_m = np.sort(radius_m)[-2:].sum() + others_m + 1.0
    distortion = plane.distortion(paths.boxes, reach_m=reach_m)
    error_m = pair_error_m(distortion, radius_m, others_m=others_m)
    if error_m <= MOST_ERROR_M:
        return error_m
    worst = np.argsort(distortion * radius_m)[-2:][::-1]
    west_m, east_m = paths.boxes[:, 0].min(), paths.boxes[:, 2].max()
    which = " and ".join(f"{plans[n].plan_id!r} ({radius_m[n]:g} m)" for n in worst)
    raise GeometryError(
        f"plans that reach {(east_m - west_m) / 1000.0:.0f} km from west to east: in one plane the"
        f" distance of two that are about to conflict may be wrong by {error_m:.3f} m, and at most"
        f" {MOST_ERROR_M:g} m is accepted. Widest for where they are: {which}. Compare the plans"
        " region by region, or those with wide buffers by themselves"
    )
