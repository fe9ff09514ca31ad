"""Plans written as operational intents."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lowalt.errors import InvalidInputError
from lowalt.flights import Circle, Datum, FlightPlan
from lowalt.formats.exchange import Loss, Written
from lowalt.formats.plans.f3548.volumes import MOST_CORNERS
from lowalt.formats.plans.volumes import CoveringVolume, covering_volumes
from lowalt.levels import VerticalReference
from lowalt.temporal import rfc3339
from lowalt.terrain import FloatArray, GeoidModel, TerrainModel

_MOST_VOLUMES: Final = 300  # of a hover each, they would have nearly the most corners there may be
_TO_THE_METRE: Final = 1000.0  # altitudes are written in whole millimetres
_SLIP: Final = 1e-4  # of a millimetre: what binary fractions can be off by is no reason for another
_ALMOST_A_SECOND: Final = timedelta(microseconds=999_999)


def write(
    plans: Sequence[FlightPlan],
    *,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Written:
    """Write plans as operational intents: one volume a leg, or just the operating area.

    Whatever place the aircraft is at within its buffers, a volume of that time holds it. Times are
    rounded outwards to whole seconds, altitudes to millimetres. Only ``details`` is written; the
    ``reference`` is for the USS to make that manages the flight.

    Parameters
    ----------
    plans
        The plans.
    terrain, geoid
        Models to bring levels above the ground, the sea or the take-off point to the ellipsoid.

    Returns
    -------
    Written
        One object, or for several plans one with a list. Losses tell what it does not say.

    Raises
    ------
    InvalidInputError
        If there is no plan, or where one is above the ellipsoid is not known.

    Examples
    --------
    >>> from lowalt.flights import parse_plan
    >>> plan = parse_plan({
    ...     "plan_id": "hover", "datum": "WGS84",
    ...     "operating_area": {
    ...         "circle": {"lon_deg": 113.95, "lat_deg": 22.54, "radius_m": 300},
    ...         "floor": {"value_m": 5, "reference": "HAE"},
    ...         "ceiling": {"value_m": 100, "reference": "HAE"},
    ...         "start": "2026-06-10T10:00:00+08:00", "end": "2026-06-10T10:20:00+08:00",
    ...     },
    ... })
    >>> details = json.loads(write([plan]).content)["operational_intent"]["details"]
    >>> details["volumes"][0]["time_start"]["value"], details["priority"]
    ('2026-06-10T02:00:00Z', 0)
    """
    if not plans:
        raise InvalidInputError("no plan to write as an operational intent")
    intents: list[dict[str, Any]] = []
    losses: list[Loss] = []
    for plan in plans:
        volumes = _volumes(plan, terrain=terrain, geoid=geoid)
        losses += _losses(plan, len(volumes))
        details = {
            "volumes": [_volume4d(volume) for volume in volumes],
            "off_nominal_volumes": [],
            "priority": 0,
        }
        intents.append({"plan_id": plan.plan_id, "operational_intent": {"details": details}})
    document = intents[0] if len(intents) == 1 else {"operational_intents": intents}
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    return Written(f"{text}\n".encode(), tuple(losses))


def _volumes(
    plan: FlightPlan, *, terrain: TerrainModel | None, geoid: GeoidModel | None
) -> tuple[CoveringVolume, ...]:
    """Cover a plan with as many volumes as an operational intent has room for."""
    most = _MOST_VOLUMES
    while most:
        volumes = covering_volumes(
            plan, surface=VerticalReference.HAE, terrain=terrain, geoid=geoid, most=most
        )
        corners = sum(map(_corners, volumes))
        if corners <= MOST_CORNERS:
            return volumes
        most = min(len(volumes) - 1, len(volumes) * MOST_CORNERS // corners)
    raise InvalidInputError(
        f"plan {plan.plan_id!r}: it needs more than the {MOST_CORNERS:,} vertices that an"
        " operational intent has at most; split the flight, or give it a simpler area"
    )


def _corners(volume: CoveringVolume) -> int:
    return 1 if isinstance(volume.outline, Circle) else len(volume.outline)


def _losses(plan: FlightPlan, count: int) -> Iterator[Loss]:
    if plan.waypoints is not None:
        volumes = "a volume" if count == 1 else f"{count} volumes"
        how = f"{len(plan.waypoints)} waypoints as {volumes} that cover their airspace"
        yield Loss(plan.plan_id, "route", how)
    if plan.datum is not Datum.WGS84:
        how = f"{plan.datum} written as WGS84, which differs from it by centimetres"
        yield Loss(plan.plan_id, "datum", how)
    yield Loss(
        plan.plan_id,
        "details",
        "an operational intent tells nobody who flies, with what, or why; left out",
    )
    yield Loss(plan.plan_id, "reference", "for the USS to make that manages the flight; left out")


def _volume4d(volume: CoveringVolume) -> dict[str, Any]:
    lower_m = math.floor(volume.bottom_m * _TO_THE_METRE + _SLIP) / _TO_THE_METRE
    upper_m = math.ceil(volume.top_m * _TO_THE_METRE - _SLIP) / _TO_THE_METRE
    return {
        "volume": {
            **_outline(volume.outline),
            "altitude_lower": _altitude(lower_m),
            "altitude_upper": _altitude(max(upper_m, lower_m + 1.0 / _TO_THE_METRE)),
        },
        "time_start": _time(volume.start.replace(microsecond=0)),
        "time_end": _time((volume.end + _ALMOST_A_SECOND).replace(microsecond=0)),
    }


def _outline(outline: Circle | FloatArray) -> dict[str, Any]:
    if isinstance(outline, Circle):
        centre = {"lng": outline.lon_deg, "lat": outline.lat_deg}
        radius = {"value": outline.radius_m, "units": "M"}
        return {"outline_circle": {"center": centre, "radius": radius}}
    vertices = [{"lng": lon_deg, "lat": lat_deg} for lon_deg, lat_deg in outline.tolist()]
    return {"outline_polygon": {"vertices": vertices}}


def _altitude(value_m: float) -> dict[str, Any]:
    return {"value": value_m, "reference": "W84", "units": "M"}


def _time(moment: datetime) -> dict[str, str]:
    return {"value": rfc3339(moment.astimezone(UTC)), "format": "RFC3339"}
