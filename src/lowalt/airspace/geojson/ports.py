"""What only sites and ports of entry state, as members of a JSON object, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowalt.airspace.geojson.hours import read_hours, write_hours
from lowalt.airspace.geojson.members import get, read_day, read_texts, read_word, require_keys
from lowalt.airspace.landmarks import Site
from lowalt.airspace.ports import Port, PortCheck
from lowalt.airspace.shapes import Place
from lowalt.errors import InvalidInputError, shown
from lowalt.temporal import Schedule
from lowalt.terms import CrossingPort, PortCheckKind, SiteKind

SITE_KEYS = frozenset(("elevation_amsl_m",))
PORT_KEYS = SITE_KEYS | {"port", "radius_m", "opened_on", "hours", "helicopters", "checks"}

_CHECK_KEYS = {"kind", "authority", "notice", "citation"}
_HOURS_KEYS = {"periods", "time_zone"}


# Writing


def site_to_json(site: Site, *, where: str) -> dict[str, Any]:
    """Write what only a site or port states; what is not known is left out.

    Raises
    ------
    InvalidInputError
        If the hours of a port are in several time zones, which a file cannot say.
    """
    facts: dict[str, Any] = {"kind": site.kind.value}
    if site.elevation_amsl_m is not None:
        facts["elevation_amsl_m"] = site.elevation_amsl_m
    return facts | _port_to_json(site, where=where) if isinstance(site, Port) else facts


def _port_to_json(port: Port, *, where: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"port": port.port.value, "radius_m": port.radius_m}
    if port.opened_on is not None:
        facts["opened_on"] = port.opened_on.isoformat()
    if port.hours is not None:
        periods, time_zone = write_hours(port.hours, where=f"{where}: hours")
        stated = {"periods": periods, "time_zone": time_zone}
        facts["hours"] = {key: value for key, value in stated.items() if value is not None}
    if port.helicopters is not None:
        facts["helicopters"] = port.helicopters
    if port.checks:
        facts["checks"] = [
            {
                "kind": check.kind.value,
                "authority": dict(check.authority),
                "notice": dict(check.notice),
                "citation": check.citation,
            }
            for check in port.checks
        ]
    return facts


# Reading


def site_from_json(
    shared: Mapping[str, Any], place: Place, facts: Mapping[str, Any], *, where: str
) -> Site:
    """Read a site that is no port.

    Parameters
    ----------
    shared
        What it states as any feature does, read.
    place
        Its longitude and latitude.
    facts
        The object that holds what only sites state.
    where
        What to call it in messages.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    return Site(**shared, **_site_facts(place, facts, where=where))


def port_from_json(
    shared: Mapping[str, Any], place: Place, facts: Mapping[str, Any], *, where: str
) -> Port:
    """Read a port of entry, as :func:`site_from_json` does a site."""
    known = "opened_on" in facts
    return Port(
        **shared,
        **_site_facts(place, facts, where=where),
        port=read_word(CrossingPort, facts, "port", where=where),
        radius_m=get(facts, "radius_m", float, where=where),
        opened_on=read_day(facts, "opened_on", where=where) if known else None,
        hours=_hours(facts["hours"], place, where=where) if "hours" in facts else None,
        helicopters=_helicopters(facts, where=where),
        checks=_checks(facts, where=where),
    )


def _site_facts(place: Place, facts: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    known = "elevation_amsl_m" in facts
    return {
        "kind": read_word(SiteKind, facts, "kind", where=where),
        "lon_deg": place[0],
        "lat_deg": place[1],
        "elevation_amsl_m": get(facts, "elevation_amsl_m", float, where=where) if known else None,
    }


def _hours(stated: Any, place: Place, *, where: str) -> Schedule:
    require_keys(stated, _HOURS_KEYS, where=f"{where}: hours")
    return read_hours(
        stated.get("periods"),
        time_zone=stated.get("time_zone"),
        lon_deg=place[0],
        where=where,
        member="hours.periods",
    )


def _helicopters(facts: Mapping[str, Any], *, where: str) -> bool | None:
    if "helicopters" not in facts:
        return None
    value = facts["helicopters"]
    if not isinstance(value, bool):
        raise InvalidInputError(
            f"{where}: helicopters: given {shown(value)}, expected true or false, or nothing where"
            " it is not known"
        )
    return value


def _checks(facts: Mapping[str, Any], *, where: str) -> tuple[PortCheck, ...]:
    records = get(facts, "checks", list, where=where) if "checks" in facts else []
    return tuple(
        _check(record, where=f"{where}: checks[{number}]") for number, record in enumerate(records)
    )


def _check(record: Any, *, where: str) -> PortCheck:
    require_keys(record, _CHECK_KEYS, where=where)
    return PortCheck(
        kind=read_word(PortCheckKind, record, "kind", where=where),
        authority=read_texts(record, "authority", where=where),
        notice=read_texts(record, "notice", where=where),
        citation=get(record, "citation", str, where=where),
    )
