"""Plans written as applications."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.flights import Aircraft, FlightPlan, Operator, Pilot, SpecialOperations
from lowalt.formats.exchange import LANGUAGES, Loss, Written
from lowalt.formats.plans.uom.form import BASIS, FORMAT, TASK_CODES, TYPE_OF_URGENCY, PlanType
from lowalt.formats.plans.volumes import height_range
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, densify_geodesic
from lowalt.levels import VerticalReference
from lowalt.terms import LicenceClass, MissionKind, RegistrationState
from lowalt.terrain import GeoidModel, TerrainModel

FLAGS: Final = tuple(SpecialOperations.model_fields)
"""The five ways of flying of article 31(2), in its order."""

_OF_EACH: Final = ("plan_id", "start", "end", "volumes")  # of plans that are one long-term plan
_SLIP: Final = 1e-6  # of a decimetre: what binary fractions can be off by is no reason for another


def write(
    plans: Sequence[FlightPlan],
    *,
    plan_type: PlanType | str | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Written:
    """Write plans as applications for flight activity, after the draft of the UOM-USS interface.

    Parameters
    ----------
    plans
        The plans: one application each. As long-term plans (21) those that differ by place and
        time only are one application with several volumes.
    plan_type
        A :class:`PlanType`; without it the urgency of the mission decides between 11, 12 and 13.
    terrain, geoid
        Models to bring levels to true height.

    Returns
    -------
    Written
        Losses tell what it does not say. True heights are rounded outwards to decimetres.

    Raises
    ------
    InvalidInputError
        If one of the five flags of article 31, the type or the true height of a plan is not
        known, which ``problems`` names all at once; a form that leaves a flag out would declare it
        away. Nothing is written then.
    """
    chosen = None if plan_type is None else _type(plan_type)
    applications: list[dict[str, Any]] = []
    losses: list[Loss] = []
    problems: list[Problem] = []
    for plan in plans:
        found = list(_problems(plan, chosen))
        try:
            volume = _volume(plan, terrain=terrain, geoid=geoid)
        except InvalidInputError as error:
            found += error.problems
        if found:
            problems += [_of(plan, problem, alone=len(plans) == 1) for problem in found]
            continue
        applications.append(_application(plan, volume, chosen))
        losses += _losses(plan, applications[-1])
    if problems or not plans:
        raise InvalidInputError("no application can be made of the plans given", problems=problems)
    if chosen is PlanType.LONG_TERM:
        applications = [_long_term(applications)]
    document = {"format": FORMAT, "status": "draft", "basis": BASIS, "applications": applications}
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    return Written(f"{text}\n".encode(), tuple(losses))


def _type(plan_type: str) -> PlanType:
    for known in PlanType:
        if plan_type == known:
            return known
    types = ", ".join(f"{each} ({each.en})" for each in PlanType)
    raise InvalidInputError(f"plan type: given {shown(plan_type)}, expected one of {types}")


def _of(plan: FlightPlan, problem: Problem, *, alone: bool) -> Problem:
    where = problem.where if alone else f"{plan.plan_id}: {problem.where}"
    return Problem(where, problem.given, problem.expected)


def _problems(plan: FlightPlan, chosen: PlanType | None) -> Iterator[Problem]:
    special = plan.special_operations or SpecialOperations()
    for flag in FLAGS:
        if getattr(special, flag) is None:
            yield Problem(
                f"special_operations.{flag}",
                "nothing",
                "say true or false: left out, the form would declare that there is none",
            )
    urgency = None if plan.mission is None else plan.mission.urgency
    stated = None if urgency is None else TYPE_OF_URGENCY[urgency]
    if stated is None and chosen is None:
        expected = (
            "say it, or name the type of the plan: plan_type=, --plan-type 11, 12, 13, 21, 31"
        )
        yield Problem("mission.urgency", "nothing", expected)
    elif stated is not None and chosen in TYPE_OF_URGENCY.values() and chosen is not stated:
        expected = f"its type is {stated} then, and not {chosen}: correct one of them"
        yield Problem("mission.urgency", str(urgency), expected)


def _application(
    plan: FlightPlan, volume: dict[str, Any], chosen: PlanType | None
) -> dict[str, Any]:
    mission, special = plan.mission, plan.special_operations
    assert special is not None
    kind = None if mission is None else mission.kind
    flags = "".join("01"[getattr(special, flag)] for flag in FLAGS)
    codes = () if kind is None else TASK_CODES.get(kind, ())
    urgency = None if mission is None else mission.urgency
    return {
        "plan_id": plan.plan_id,
        "plan_type": chosen or (urgency and TYPE_OF_URGENCY[urgency]),
        "task": {
            "code": codes[0] if len(codes) == 1 else None,
            "kind": kind,
            "name": None if kind is None else {lang: kind.label(lang) for lang in LANGUAGES},
        },
        "special_flags": flags,
        **_people_and_aircraft(plan),
        "datum": plan.datum,
        "start": plan.departure.isoformat(),
        "end": plan.arrival.isoformat(),
        "volumes": [volume],
        "attachments_needed": [
            *(["approval_document"] if "1" in flags else []),
            *(["surveying_certificate"] if kind is MissionKind.AERIAL_PHOTOGRAPHY else []),
        ],
        "unknown": list(_unknown(plan)),
    }


def _people_and_aircraft(plan: FlightPlan) -> dict[str, Any]:
    operator = plan.operator or Operator()
    certificate = operator.certificate
    aircraft = plan.aircraft or Aircraft()
    registration = aircraft.registration
    return {
        "applicant": {
            "name": operator.name,
            "certificate_number": None if certificate is None else certificate.number,
        },
        "pilots": None if plan.pilots is None else [_pilot(pilot) for pilot in plan.pilots],
        "aircraft": {
            "registration_mark": None if registration is None else registration.mark,
            "model": aircraft.model,
            "serial_number": aircraft.serial_number,
            "count": aircraft.count,
        },
    }


def _pilot(pilot: Pilot) -> dict[str, Any]:
    licence = pilot.licence
    known = licence and {"largest_class": licence.largest_class, "number": licence.number}
    return {"name": pilot.name, "licence": known}


def _unknown(plan: FlightPlan) -> Iterator[str]:
    """Name what the form has room for and nobody has stated; what there is none of is known."""
    operator, aircraft = plan.operator or Operator(), plan.aircraft or Aircraft()
    certificate, registration = operator.certificate, aircraft.registration
    facts: dict[str, object] = {
        "mission.kind": plan.mission and plan.mission.kind,
        "operator.name": operator.name,
        "operator.certificate.number": certificate and (not certificate.held or certificate.number),
        "pilots": plan.pilots is not None,
        "aircraft.registration.mark": registration
        and (registration.state is RegistrationState.NOT_REGISTERED or registration.mark),
        "aircraft.model": aircraft.model,
        "aircraft.serial_number": aircraft.serial_number,
        "aircraft.count": aircraft.count,
    }
    for number, pilot in enumerate(plan.pilots or ()):
        licence = pilot.licence
        has_none = licence is not None and licence.largest_class is LicenceClass.NONE
        facts[f"pilots[{number}].name"] = pilot.name
        facts[f"pilots[{number}].licence.number"] = has_none or (licence and licence.number)
    return (name for name, value in facts.items() if not value)


def _volume(
    plan: FlightPlan, *, terrain: TerrainModel | None, geoid: GeoidModel | None
) -> dict[str, Any]:
    bottom_m, top_m = height_range(
        plan, surface=VerticalReference.AGL, terrain=terrain, geoid=geoid
    )
    heights = {
        # Below the ground there is no airspace, whatever the half-height.
        "bottom_true_height_m": max(math.floor(bottom_m * 10.0 + _SLIP) / 10.0, 0.0),
        "top_true_height_m": max(math.ceil(top_m * 10.0 - _SLIP) / 10.0, 0.0),
    }
    area = plan.operating_area
    if area is not None and area.circle is not None:
        return {"shape": "circle", "circle": area.circle.model_dump(), **heights}
    if area is not None:
        return {"shape": "polygon", "polygon": area.polygon, **heights}
    assert plan.waypoints is not None
    assert plan.route_buffer_m is not None
    places = [(waypoint.lon_deg, waypoint.lat_deg) for waypoint in plan.waypoints]
    line = [place for place, _ in groupby(places)]
    if len(line) == 1:
        (lon_deg, lat_deg), radius_m = line[0], max(plan.route_buffer_m, BOUNDARY_TOLERANCE_M)
        circle = {"lon_deg": lon_deg, "lat_deg": lat_deg, "radius_m": radius_m}
        return {"shape": "circle", "circle": circle, **heights}
    # With a corner each kilometre it does not matter how a receiver draws the line between them.
    corners = densify_geodesic(line).tolist()
    width = {"width_m": 2.0 * plan.route_buffer_m, "width_is": "full"}
    return {"shape": "line_buffer", "line": corners, **width, **heights}


def _long_term(applications: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make one long-term application of several that differ by place and time only."""
    first, *others = applications
    for other in others:
        for key, value in first.items():
            if key not in _OF_EACH and other[key] != value:
                raise InvalidInputError(
                    f"a long-term plan of {first['plan_id']!r} and {other['plan_id']!r}: given"
                    f" another {key} for each, expected plans that differ by place and time only;"
                    " write each to a file of its own"
                )
    return {
        **first,
        "start": min(each["start"] for each in applications),
        "end": max(each["end"] for each in applications),
        "volumes": [volume for each in applications for volume in each["volumes"]],
    }


def _losses(plan: FlightPlan, application: dict[str, Any]) -> Iterator[Loss]:
    if plan.waypoints is not None:
        how = "its times and levels along the route; one volume for all of it, from start to end"
        yield Loss(plan.plan_id, "waypoints", how)
    kind = application["task"]["kind"]
    if kind is not None and application["task"]["code"] is None:
        codes = " or ".join(TASK_CODES.get(kind, ()))
        how = f"{codes}: for the operator to choose" if codes else "the draft's code is not known"
        yield Loss(plan.plan_id, "task code", f"{kind.en}: {how}; left open")
    for unknown in application["unknown"]:
        yield Loss(plan.plan_id, unknown, "nobody has stated it; left open")
    for needed in application["attachments_needed"]:
        yield Loss(plan.plan_id, "attachment", f"{needed} has to go with it")
    yield Loss(plan.plan_id, "the rest", "what else the plan states has no place in the form")
