"""From a mission to the plan it is, as far as it says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from lowalt.errors import naming
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.flown import MOST_WAYPOINTS, flown
from lowalt.formats.plans.mavlink.fences import Fence
from lowalt.formats.plans.mavlink.fields import Place
from lowalt.formats.plans.mavlink.missions import Mission, fly


def draft_of(
    mission: Mission,
    *,
    name: str,
    plan_id: str,
    told: Told,
    losses: Sequence[tuple[str, str]] = (),
    fence: Fence | None = None,
    rally_points: Sequence[Place] = (),
) -> Draft:
    """Carry out a mission and write down where it leads and when.

    Parameters
    ----------
    mission
        The mission.
    name, plan_id
        What messages call the file, and the plan.
    told
        The departure, and what the operator says of all flights.
    losses
        What reading the file has told already: the part, and a sentence.
    fence
        Where the autopilot is to stay, if the file says so.
    rally_points
        Where it may land instead.

    Raises
    ------
    InvalidInputError
        If an item leads nobody knows where, or something is missing; the message names the file
        and the item, or all that is missing.
    """
    with naming(name):
        flight = fly(mission, told=told)
        # One more than there may be: who counts them refuses it.
        moves = list(islice(flight.course.drawn(), MOST_WAYPOINTS + 1))
        left_at = None if fence is None else fence.left_at(moves)
    waypoints, timing = flown(
        moves,
        plan_id=plan_id,
        told=told,
        needs=flight.needs,
        take_off_amsl_m=mission.home_amsl_m,
    )
    told_of = [*losses, *flight.losses]
    if mission.home_amsl_m is None:
        how = "the file does not know that of the planned home: left unknown"
        told_of.append(("take_off_elevation_amsl_m", how))
    if left_at is not None:
        told_of.append(("fence", f"the route leaves the plan's own on the way to {left_at}"))
    if rally_points and flight.landing == mission.home:
        how = "with rally points an autopilot may fly to one of them instead of home"
        told_of.append(("rally points", how))
    document: dict[str, Any] = {
        "plan_id": plan_id,
        "datum": "WGS84",
        "waypoints": waypoints,
        "departure_site": _site(mission.home),
    }
    if mission.home_amsl_m is not None:
        document["take_off_elevation_amsl_m"] = mission.home_amsl_m
    if flight.landing is not None:
        document["landing_site"] = _site(flight.landing)
    if rally_points:  # without any, other alternates may still be planned
        document["alternate_sites"] = [
            {"name": f"rally point {number}", **_site(place)}
            for number, place in enumerate(rally_points, start=1)
        ]
    stated = tuple(Loss(plan_id, what, how) for what, how in told_of)
    return Draft(document, (*stated, *timing), flight.course.buffer_m)


def _site(place: Place) -> dict[str, float]:
    lon_deg, lat_deg = place
    return {"lon_deg": lon_deg, "lat_deg": lat_deg}
