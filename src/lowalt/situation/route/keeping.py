"""Which route a flight states, and how it keeps to it: margins, hours and direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from shapely.geometry import LineString

from lowalt.airspace import AirspaceDataset, Corridor, FeatureStatus
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan, PrescribedRoute
from lowalt.route_keeping import Departure, DepartureKind, RouteKeeping, RouteSource
from lowalt.situation.enclosure import keeps_to
from lowalt.situation.path import HeldArea, Path
from lowalt.situation.route.line import RouteLine
from lowalt.situation.route.margins import RouteMargins, margins_of
from lowalt.situation.route.order import against_order
from lowalt.temporal import left_over
from lowalt.terms import CorridorDirection
from lowalt.truth import Truth

Route = Corridor | PrescribedRoute


def route_keeping(
    plan: FlightPlan, path: Path | HeldArea, airspace: AirspaceDataset
) -> RouteKeeping | None:
    """Measure a flight against the route that its plan states.

    Parameters
    ----------
    plan, path
        The plan, and as geometry.
    airspace
        Where corridors are looked up.

    Returns
    -------
    RouteKeeping or None
        ``None`` where the plan states no route.

    Raises
    ------
    InvalidInputError
        If it names a corridor that the dataset does not have.
    """
    route = _stated(plan, airspace)
    if route is None:
        return None
    line = RouteLine.of(route, frame=airspace.frame)
    if isinstance(path, HeldArea):
        return _keeping(route, None, _holds_area(line, route, path), ())
    if not np.isfinite(path.paths.xy).all():  # the plane does not go round the earth
        return _keeping(route, None, Truth.UNKNOWN, ())
    margins = margins_of(path, line)
    departures = sorted(
        (*margins.departures, *_out_of_hours(route, path), *_the_wrong_way(route, path, line)),
        key=lambda departure: departure.period.start,
    )
    keeps = Truth.of(True if margins.is_height_known else None) & Truth.of(not departures)
    return _keeping(route, margins, keeps, tuple(departures))


def _stated(plan: FlightPlan, airspace: AirspaceDataset) -> Route | None:
    """Return the route of a plan; what the approval prescribes goes before a corridor."""
    crossing = plan.crossing
    if crossing is None or crossing.prescribed_route is not None or crossing.corridor is None:
        return None if crossing is None else crossing.prescribed_route
    known = {corridor.identifier: corridor for corridor in airspace.corridors}
    if crossing.corridor not in known:
        problem = Problem(
            "crossing.corridor",
            f'"{crossing.corridor}"',
            f"the dataset {airspace.name} has the corridors {', '.join(known) or '(none)'}; state"
            " another route as crossing.prescribed_route",
        )
        raise InvalidInputError(f"plan {plan.plan_id}: no such corridor", problems=[problem])
    return known[crossing.corridor]


def _keeping(
    route: Route,
    margins: RouteMargins | None,
    keeps: Truth,
    departures: tuple[Departure, ...],
) -> RouteKeeping:
    source, identifier, name = _named(route)
    return RouteKeeping(
        source=source,
        identifier=identifier,
        name=name,
        is_certain=_is_certain(route),
        keeps=keeps,
        lateral=None if margins is None else margins.lateral,
        vertical=None if margins is None else margins.vertical,
        is_height_known=margins is not None and margins.is_height_known,
        departures=departures,
    )


def _named(route: Route) -> tuple[RouteSource, str | None, Mapping[str, str]]:
    if isinstance(route, Corridor):
        return RouteSource.CORRIDOR, route.identifier, route.name
    number = "" if route.number is None else f" {route.number}"
    name = {"zh": f"规定航线{number}", "en": f"prescribed route{number}"}
    return RouteSource.PRESCRIBED_ROUTE, route.number, name


def _is_certain(route: Route) -> bool:
    """Whether a route is the one prescribed; one that was drawn only shows where one flies."""
    if isinstance(route, PrescribedRoute):
        return True
    return route.status is FeatureStatus.AUTHORITATIVE and not route.example


def _the_wrong_way(route: Route, path: Path, line: RouteLine) -> Iterator[Departure]:
    # A prescribed route is flown in the order of its points.
    if isinstance(route, PrescribedRoute) or route.direction is CorridorDirection.IN_ORDER:
        yield from against_order(path, line)


def _out_of_hours(route: Route, path: Path) -> Iterator[Departure]:
    if isinstance(route, PrescribedRoute):
        return
    for period in left_over(path.period, route.active_within(path.period)):
        place = path.place((period.start - path.epoch).total_seconds())
        yield Departure(DepartureKind.HOURS, period, *place, None)


def _holds_area(line: RouteLine, route: Route, area: HeldArea) -> Truth:
    """Whether a flight somewhere in an area keeps to a route wherever it is; else it may not.

    The strip is drawn from within, by a ten-thousandth of the half-width at most, and the height
    held to every layer: so what is true is true. An area is not flown along, so that direction does
    not count.
    """
    xy = line.vertices.view(np.float64).reshape(-1, 2)
    half_width_m = line.half_width_m * float(area.frame.scale(xy).min())
    strip = shapely.buffer(LineString(xy), half_width_m, quad_segs=64)
    is_open = isinstance(route, PrescribedRoute) or not left_over(
        area.period, route.active_within(area.period)
    )
    levels = Truth.all_of(
        keeps_to(area, limit, sign=sign)
        for layer in line.layers
        for limit, sign in ((layer.floor, 1.0), (layer.ceiling, -1.0))
    )
    is_in = strip.covers(area.footprint) and is_open and levels is Truth.TRUE
    return Truth.TRUE if is_in else Truth.UNKNOWN
