"""Facts of the ports of exit and entry: what is stated, held against where the flight begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from lowalt.airspace import AirspaceDataset, Port
from lowalt.flights import Crossing, Site
from lowalt.geodesy import geodesic_distance_m
from lowalt.situation.declared.values import Known, part
from lowalt.situation.laying import Situation
from lowalt.situation.path import Path
from lowalt.temporal import TimeInterval
from lowalt.terms import CrossingPort, Jurisdiction

_Place = tuple[float, float] | None

_LEAST_DEGREE_M = 110_000.0
"""Less than a degree of latitude anywhere on earth."""


class _End(NamedTuple):
    """One end of a flight, if it is on the Mainland.

    Attributes
    ----------
    way
        Whether it is checked out or in there: ``exit`` or ``entry``.
    stated
        Port that the plan names.
    place
        Longitude and latitude, degrees; ``None`` where not known.
    """

    way: str
    stated: CrossingPort | None
    place: _Place
    when: datetime


def port_facts(situation: Situation) -> dict[str, Known]:
    """Say through which ports the flight leaves and enters the Mainland, and their hours.

    A port that the plan names counts only where the flight may be there; one that it does not
    name, where the flight surely is. A port without published hours is not closed, and not known
    to be open.
    """
    crosses = any(leg.jurisdiction is not Jurisdiction.MAINLAND for leg in situation.legs)
    if not crosses and situation.plan.crossing is None:
        return {}
    facts: dict[str, Known] = {}
    ports = _of_mainland(situation.airspace)
    for end in _ends(situation):
        word = _port_used(end, ports) if crosses else end.stated
        facts[f"{end.way}_port"] = word
        if word is not None and word is not CrossingPort.NO_PORT:
            hours = [p for p in ports if p.port is word and p.hours is not None]
            facts[f"{end.way}_port_hours_are_known"] = bool(hours)
            facts[f"{end.way}_port_is_closed"] = any(not _is_open(p, end.when) for p in hours)
    return facts


def _ends(situation: Situation) -> tuple[_End, _End]:
    plan, path = situation.plan, situation.path
    crossing = part(plan.crossing, Crossing)
    if isinstance(path, Path):
        start: _Place = path.start
        end: _Place = path.end
    else:
        start, end = _position(plan.departure_site), _position(plan.landing_site)
    return (
        _End("exit", crossing.exit_port, start, plan.departure),
        _End("entry", crossing.entry_port, end, plan.arrival),
    )


def _position(site: Site | None) -> _Place:
    if site is None or site.lon_deg is None or site.lat_deg is None:
        return None
    return site.lon_deg, site.lat_deg


def _of_mainland(airspace: AirspaceDataset) -> list[Port]:
    home = Jurisdiction.MAINLAND
    return [p for p in airspace.ports if p.jurisdiction is home and not p.example]


def _port_used(end: _End, ports: Sequence[Port]) -> CrossingPort | None:
    """Which port a flight begins or ends at, of what is stated and where that is."""
    asked = [p for p in ports if end.stated in {None, p.port}]
    if end.place is None or not asked:
        return end.stated
    found = list(_around(end.place, asked))
    if end.stated is not None:
        return end.stated if found else CrossingPort.NO_PORT
    surely = {p.port for p, inside_m in found if inside_m >= p.uncertainty_m}
    return surely.pop() if len(surely) == 1 else None


def _around(place: tuple[float, float], ports: Sequence[Port]) -> Iterator[tuple[Port, float]]:
    """Ports that a place may belong to, and how far inside their limits it is, metres."""
    for port in ports:
        if abs(place[1] - port.lat_deg) * _LEAST_DEGREE_M > port.radius_m + port.uncertainty_m:
            continue
        (apart_m,) = geodesic_distance_m([port.middle], [place]).tolist()
        inside_m = port.radius_m - apart_m
        if inside_m >= -port.uncertainty_m:
            yield port, inside_m


def _is_open(port: Port, when: datetime) -> bool:
    assert port.hours is not None  # asked of ports with hours only
    moment = TimeInterval(when, when + timedelta.resolution)
    lon_deg, lat_deg = port.middle
    return bool(port.hours.active_within(moment, lon_deg=lon_deg, lat_deg=lat_deg))
