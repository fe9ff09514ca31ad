"""Ports of entry: the one where a flight is named, or the flight taken to one that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from lowalt.airspace import Port
from lowalt.airspace.containment import Containment
from lowalt.flights import FlightPlan, Waypoint
from lowalt.geodesy import geodesic_distance_m
from lowalt.regulations.conditions import Holds, OneOf
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.prescribed_route import prescribed_as_flown
from lowalt.remedy.rerouting import DIGITS
from lowalt.temporal import TimeInterval
from lowalt.terms import CrossingPort, Jurisdiction
from lowalt.wording import both

_WAYS = {"exit": ("出境", "exit", "起飞", "takes off"), "entry": ("入境", "entry", "降落", "lands")}


def another_port(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to name the port where the flight really is, and to fly from or to another port."""
    ports = _of_mainland(hearing)
    for way, end in _asked(hearing, causes):
        here = [port for port in ports if _is_at(port, end)]
        for port in here:
            if hearing.facts.flight.get(f"{way}_port") is CrossingPort.NO_PORT:
                yield _named(way, port)
        for port in ports:
            if port not in here and port.helicopters and _is_manned(hearing):
                yield _flown_to(hearing.plan, way, port)


def while_open(hearing: Hearing, causes: Causes, *, around: TimeInterval) -> Iterator[timedelta]:
    """Yield the moves in time that bring a flight to its port once it is open.

    Parameters
    ----------
    hearing, causes
        The plan, and what the decision hangs on.
    around
        How far it may be moved.
    """
    plan = hearing.plan
    for _way, end in _asked(hearing, causes):
        for port in _of_mainland(hearing):
            if not _is_at(port, end):
                continue
            if port.opened_on is not None and port.opened_on > plan.departure.date():
                yield port.opened_on - plan.departure.date()
            if port.hours is None:
                continue
            lon_deg, lat_deg = port.middle
            for window in port.hours.active_within(around, lon_deg=lon_deg, lat_deg=lat_deg):
                yield window.start - end.time
                yield window.end - timedelta(seconds=1) - end.time


def _asked(hearing: Hearing, causes: Causes) -> Iterator[tuple[str, Waypoint]]:
    """Yield the ways through ports on which the decision hangs, and that end of the route."""
    facts = {
        leaf.condition.fact.name
        for leaf in causes.leaves
        if isinstance(leaf.condition, Holds | OneOf)
    }
    for way in _WAYS if hearing.plan.waypoints else ():
        if facts & {f"{way}_port", f"{way}_port_is_closed"}:
            yield way, (hearing.plan.waypoints or ())[0 if way == "exit" else -1]


def _of_mainland(hearing: Hearing) -> list[Port]:
    home, ports = Jurisdiction.MAINLAND, hearing.situation.airspace.ports
    return [port for port in ports if port.jurisdiction is home and not port.example]


def _is_manned(hearing: Hearing) -> bool:
    return hearing.facts.flight.get("is_unmanned") is False


def _is_at(port: Port, place: Waypoint) -> bool:
    found = port.containment(lon_deg=place.lon_deg, lat_deg=place.lat_deg)
    return found is Containment.INSIDE


def _named(way: str, port: Port) -> Change:
    way_zh, way_en, does_zh, does_en = _WAYS[way]
    return Change(
        kind=Kind.FILE,
        text=both(
            f"{way_zh}口岸改填实际{does_zh}处：{port.name['zh']}",
            f"file as the port of {way_en} the one where it {does_en}: {port.name['en']}",
        ),
        cost=costs.SUBMIT,
        apply=lambda plan: with_values(plan, {f"crossing.{way}_port": port.port.value}),
    )


def _flown_to(plan: FlightPlan, way: str, port: Port) -> Change:
    way_zh, way_en, does_zh, _ = _WAYS[way]
    prescribed = plan.crossing is not None and plan.crossing.prescribed_route is not None
    verb = "take off from" if way == "exit" else "land at"
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"改由{port.name['zh']}{way_zh}：在该处{does_zh}"
            + ("，并重新办理规定航线" if prescribed else ""),
            f"{verb} another port of {way_en}, {port.name['en']}"
            + (", and have the route prescribed anew" if prescribed else ""),
        ),
        cost=costs.OTHER_PORT + (costs.ROUTE_APPROVAL if prescribed else 0.0),
        apply=lambda plan: flown_to(plan, way, port),
    )


def flown_to(plan: FlightPlan, way: str, port: Port) -> FlightPlan | None:
    """Begin or end a plan at a port, the rest of its way as it is.

    It takes off when it did; the leg that changes is flown as fast as it was.

    Parameters
    ----------
    plan
        The plan.
    way
        ``exit`` for the port where it takes off, ``entry`` for the one where it lands.
    port
        The port.

    Returns
    -------
    FlightPlan or None
        The plan; ``None`` of an area, and of a flight that never leaves its place.
    """
    waypoints = plan.waypoints or ()
    is_exit = way == "exit"
    number = _at_one_place(waypoints if is_exit else waypoints[::-1])
    if number >= len(waypoints):
        return None
    joint = number if is_exit else len(waypoints) - number
    a, b = waypoints[joint - 1], waypoints[joint]
    kept = b if is_exit else a
    before_m, after_m = (
        float(geodesic_distance_m([place], [(kept.lon_deg, kept.lat_deg)])[0])
        for place in (_position(a if is_exit else b), (port.lon_deg, port.lat_deg))
    )
    longer = (b.time - a.time) * (after_m / before_m - 1.0)
    at_port = {"lon_deg": round(port.lon_deg, DIGITS), "lat_deg": round(port.lat_deg, DIGITS)}
    document = [
        {
            **w.model_dump(mode="json"),
            **(at_port if (n < joint) is is_exit else {}),
            "time": (w.time + (longer if n >= joint else timedelta())).isoformat(),
        }
        for n, w in enumerate(waypoints)
    ]
    return _with_route(with_values(plan, _values(plan, way, port, document, longer)))


def _at_one_place(waypoints: Sequence[Waypoint]) -> int:
    """How many of the first waypoints are at one place."""
    others = (n for n, w in enumerate(waypoints) if _position(w) != _position(waypoints[0]))
    return next(others, len(waypoints))


def _position(waypoint: Waypoint) -> tuple[float, float]:
    return waypoint.lon_deg, waypoint.lat_deg


def _values(
    plan: FlightPlan, way: str, port: Port, waypoints: list[dict[str, Any]], longer: timedelta
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "waypoints": waypoints,
        f"crossing.{way}_port": port.port.value,
        "departure_site" if way == "exit" else "landing_site": {
            "name": f"{port.name['zh']} ({port.name['en']})",
            "lon_deg": port.lon_deg,
            "lat_deg": port.lat_deg,
        },
    }
    if way == "exit":
        values["take_off_elevation_amsl_m"] = None
    if plan.manned is not None and plan.manned.route_time_s is not None:
        values["manned.route_time_s"] = plan.manned.route_time_s + longer.total_seconds()
    return values


def _with_route(plan: FlightPlan | None) -> FlightPlan | None:
    """Have the new way prescribed, where the old one was."""
    if plan is None or plan.crossing is None or plan.crossing.prescribed_route is None:
        return plan
    return with_values(plan, prescribed_as_flown(plan, keeps_level=True))
