"""From fixes with times, as recorders write them, to waypoints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.exchange import Need, Told, refuse_missing
from lowalt.formats.plans.flown import MOST_WAYPOINTS
from lowalt.levels import Level


@dataclass(frozen=True, slots=True)
class Fix:
    """Where an aircraft is at a time.

    Parameters
    ----------
    lon_deg, lat_deg, level, time
        Where and when.
    where
        What messages call it.
    """

    lon_deg: float
    lat_deg: float
    level: Level
    time: datetime
    where: str


def recorded(
    fixes: Iterable[Fix], *, plan_id: str, told: Told, needs: Iterable[Need] = ()
) -> list[dict[str, Any]]:
    """Give the waypoints of a plan document.

    Parameters
    ----------
    fixes
        In order of time. One that repeats the one before is left out.
    plan_id
        The plan, for messages.
    told
        What the file does not say.
    needs
        What the reader found missing; levels of the fixes that lack it do not matter then.

    Raises
    ------
    InvalidInputError
        If something is missing, which the message names all at once; if times run backwards, or
        stand still while the aircraft does not; if there are fewer than two fixes, or more than a
        plan may have.

    Examples
    --------
    >>> from lowalt.levels import VerticalReference
    >>> at, level = datetime.fromisoformat, Level(90.0, VerticalReference.AMSL)
    >>> fixes = [
    ...     Fix(113.95, 22.54, level, at("2026-06-10T02:00:00Z"), "point 1"),
    ...     Fix(113.95, 22.54, level, at("2026-06-10T02:00:00Z"), "point 2"),
    ...     Fix(113.96, 22.54, level, at("2026-06-10T02:01:00Z"), "point 3"),
    ... ]
    >>> [waypoint["lon_deg"] for waypoint in recorded(fixes, plan_id="p", told=Told())]
    [113.95, 113.96]
    """
    missing = set(needs)
    if missing and told.profile.route.buffer_m is None:
        missing.add(Need.BUFFER)
    refuse_missing(missing, name=plan_id)
    waypoints: list[dict[str, Any]] = []
    last: Fix | None = None
    for fix in fixes:
        if last is not None and fix.time <= last.time:
            _require_repetition(fix, last)
            continue
        if len(waypoints) == MOST_WAYPOINTS:
            raise InvalidInputError(
                f"{plan_id}: more than {MOST_WAYPOINTS:,} waypoints: {fix.where}: split the flight"
            )
        waypoints.append(
            {
                "lon_deg": fix.lon_deg,
                "lat_deg": fix.lat_deg,
                "level": fix.level,
                "time": fix.time,
            }
        )
        last = fix
    if len(waypoints) < 2:
        raise InvalidInputError(
            f"{plan_id}: {len(waypoints)} places with a time: a flight has two at least"
        )
    return waypoints


def _require_repetition(fix: Fix, last: Fix) -> None:
    if fix.time < last.time:
        raise InvalidInputError(
            f"{fix.where}: at {fix.time.isoformat()}, before the one before it at"
            f" {last.time.isoformat()}; expected times that run forward"
        )
    if (fix.lon_deg, fix.lat_deg, fix.level) != (last.lon_deg, last.lat_deg, last.level):
        raise InvalidInputError(
            f"{fix.where}: at {fix.time.isoformat()}, the time of the one before it at another"
            " place; expected one place at a time: remove one, or give it its own time"
        )
