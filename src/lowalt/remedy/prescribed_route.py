"""A flight measured off its prescribed route: flown within it, or another one prescribed.

What is measured no statement makes otherwise, so that none is offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from lowalt.flights import FlightPlan
from lowalt.levels import Level, VerticalLayer
from lowalt.regulations.conditions import Holds
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.approvals import TO_BE_GIVEN
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values, with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.rerouting import Rerouted, rerouted
from lowalt.route_keeping import DepartureKind, RouteKeeping
from lowalt.situation import HeldArea, Path
from lowalt.situation.route import RouteLine
from lowalt.truth import Truth
from lowalt.wording import both

FACT = "keeps_prescribed_route"

_ROOM_M = 0.1
"""Left to the edge, so that what rounding a coordinate moves stays in."""

_AROUND_M = 1000.0
"""How far beyond a flight and its route the outside is drawn."""

_MOST_WAYPOINTS = 200
"""Every leg is measured against every leg of the route."""


def is_measured_off(hearing: Hearing) -> bool:
    """Whether the flight is measured against a route that is surely the one, and leaves it."""
    route = hearing.situation.route
    return route is not None and route.is_certain and route.keeps is Truth.FALSE


def along_the_route(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to keep within the prescribed route, and to have another one prescribed."""
    asked = any(
        isinstance(leaf.condition, Holds) and leaf.condition.fact.name == FACT
        for leaf in causes.leaves
    )
    plan, path, route = hearing.plan, hearing.situation.path, hearing.situation.route
    if not asked or not is_measured_off(hearing) or route is None or isinstance(path, HeldArea):
        return
    if len(plan.waypoints or ()) > _MOST_WAYPOINTS:
        return
    change = _within(hearing, path, route)
    if change is not None:
        yield change
    yield _another(route)


# Within it --------------------------------------------------------------------------------------


def _within(hearing: Hearing, path: Path, route: RouteKeeping) -> Change | None:
    line = _line(hearing)
    levelled, levels = _levelled(hearing.plan, line.layers)
    outside = _outside(path, line)
    found = None if levelled is None or outside is None else rerouted(levelled, path, outside)
    if found is None:
        return None
    said = _said(found, levels)
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"全程保持在{route.name['zh']} 以内：{said['zh']}",
            f"keep within the {route.name['en']}: {said['en']}",
        ),
        cost=found.cost,
        apply=lambda plan: with_values(plan, {"waypoints": found.waypoints}),
    )


def _said(found: Rerouted, levels: int) -> Bilingual:
    """Say how places and levels of waypoints change, whichever do."""
    parts = [found.said] if found.moved or found.added else []
    if levels:
        parts.append(both(f"调整 {levels} 个航路点的高度", f"levels changed: {levels}"))
    return both("，".join(part["zh"] for part in parts), ", ".join(part["en"] for part in parts))


def _line(hearing: Hearing) -> RouteLine:
    """Return the route in the plane of the flight."""
    crossing, airspace = hearing.plan.crossing, hearing.situation.airspace
    assert crossing is not None  # it states a route
    stated = crossing.prescribed_route or next(
        corridor for corridor in airspace.corridors if corridor.identifier == crossing.corridor
    )
    return RouteLine.of(stated, frame=airspace.frame)


def _outside(path: Path, line: RouteLine) -> BaseGeometry | None:
    """Draw where the centre line of the flight must not be; ``None`` where that is everywhere."""
    xy = line.vertices.view(float).reshape(-1, 2)
    room_m = (line.half_width_m - path.horizontal_m - _ROOM_M) * float(path.frame.scale(xy).min())
    if room_m <= 0.0:
        return None
    strip = shapely.buffer(LineString(xy), room_m)
    west, south, east, north = shapely.union(strip, path.footprint).bounds
    around = shapely.box(west, south, east, north).buffer(_AROUND_M, join_style="mitre")
    return shapely.difference(around, strip)


def _levelled(plan: FlightPlan, layers: tuple[VerticalLayer, ...]) -> tuple[FlightPlan | None, int]:
    """Bring levels between floor and ceiling, and count those changed.

    They stay as they are on a route of several layers, and where a limit has another reference.
    """
    waypoints, margin_m = plan.waypoints or (), plan.vertical_buffer_m or 0.0
    if len(layers) > 1:
        return plan, 0
    (layer,) = layers
    first, last = _cruise(plan)
    document, changed = [], 0
    for number, waypoint in enumerate(waypoints):
        level = waypoint.level
        value_m = level.value_m
        if layer.floor and layer.floor.reference is level.reference and first <= number <= last:
            value_m = max(value_m, layer.floor.value_m + margin_m)
        if layer.ceiling and layer.ceiling.reference is level.reference:
            value_m = min(value_m, layer.ceiling.value_m - margin_m)
        changed += value_m != level.value_m
        stated: dict[str, Any] = waypoint.model_dump(mode="json")
        document.append({**stated, "level": _stated(value_m, level)})
    return (with_values(plan, {"waypoints": document}) if changed else plan), changed


def _stated(value_m: float, like: Level) -> dict[str, Any]:
    return {"value_m": value_m, "reference": like.reference.value}


def _cruise(plan: FlightPlan) -> tuple[int, int]:
    """First and last waypoint between the climb after take-off and the descent to land."""
    waypoints = plan.waypoints or ()
    levels_m = [waypoint.level.value_m for waypoint in waypoints]
    last = len(levels_m) - 1
    first = 0
    while first < last and levels_m[first + 1] > levels_m[first]:
        first += 1
    while last > first and levels_m[last - 1] > levels_m[last]:
        last -= 1
    return first, last


# Another one ------------------------------------------------------------------------------------


def _another(route: RouteKeeping) -> Change:
    keeps_level = all(d.kind is not DepartureKind.VERTICAL for d in route.departures)
    return Change(
        kind=Kind.OBTAIN,
        text=both(
            "取得规定本次所飞航线的批准，代替原规定航线",
            "obtain an approval that prescribes the way as it is flown instead",
        ),
        cost=costs.ROUTE_APPROVAL,
        apply=lambda plan: with_values(plan, prescribed_as_flown(plan, keeps_level=keeps_level)),
    )


def prescribed_as_flown(plan: FlightPlan, *, keeps_level: bool) -> Values:
    """State that the way of a plan is the route prescribed, as wide as the one it has.

    Parameters
    ----------
    plan
        The plan.
    keeps_level
        Whether floor and ceiling stay as they are; else none are prescribed.
    """
    crossing = plan.crossing
    old = None if crossing is None else crossing.prescribed_route
    places = [[w.lon_deg, w.lat_deg] for w in plan.waypoints or ()]
    points = [place for n, place in enumerate(places) if n == 0 or place != places[n - 1]]
    least_m = (plan.route_buffer_m or 0.0) + 1.0
    width_m = least_m if old is None else max(old.half_width_m, least_m)
    route: dict[str, Any] = {"number": TO_BE_GIVEN, "points": points, "half_width_m": width_m}
    if keeps_level and old is not None:
        for name, level in (("floor", old.floor), ("ceiling", old.ceiling)):
            if level is not None:
                route[name] = _stated(level.value_m, level)
    return {"crossing.prescribed_route": route}
