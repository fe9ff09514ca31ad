"""An approval as it would be if it were given for exactly this flight."""

from __future__ import annotations

import math

import shapely

from lowalt.levels import VerticalReference
from lowalt.regulations.conditions import CompareTimes
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.situation import HeldArea
from lowalt.terms import AircraftClass, ApprovalKind
from lowalt.truth import Truth

TO_BE_GIVEN = "待批 (to be given)"
_ROOM_M = 10.0
"""An approved area is drawn with a little room round the flight."""

_APPLIED_FOR = (ApprovalKind.FLIGHT_ACTIVITY, ApprovalKind.LONG_TERM)


def approval(hearing: Hearing, causes: Causes, kind: ApprovalKind) -> Values | None:
    """State one more approval.

    ``None`` where it was applied for too late to be given.
    """
    if kind in _APPLIED_FOR and _is_late(causes):
        return None
    plan, mission = hearing.plan, hearing.plan.mission
    given: dict[str, object] = {
        "kind": kind.value,
        "number": TO_BE_GIVEN,
        "authority": TO_BE_GIVEN,
        "valid_from": plan.departure.isoformat(),
        "valid_until": plan.arrival.isoformat(),
    }
    if mission is not None and mission.kind is not None:
        given["missions"] = [mission.kind.value]
    if kind in _APPLIED_FOR:
        # What class the aircraft is, the law says; an approval of this flight allows it.
        given |= {"area": _area(hearing), "largest_class": AircraftClass.LARGE.value}
        given |= _ceiling(hearing)
    if kind is ApprovalKind.SPECIAL_ZONE:
        given["zones"] = [zone.identifier for zone in hearing.zones(causes.encounters)]
    return {"approvals[+]": given}


def _is_late(causes: Causes) -> bool:
    return any(
        isinstance(leaf.condition, CompareTimes)
        and leaf.condition.fact.name == "submitted_at"
        and leaf.truth is Truth.FALSE
        for leaf in causes.leaves
    )


def _area(hearing: Hearing) -> dict[str, object]:
    path = hearing.situation.path
    west, south, east, north = path.bounds
    box = shapely.box(west - _ROOM_M, south - _ROOM_M, east + _ROOM_M, north + _ROOM_M)
    corners = path.frame.to_lonlat(shapely.get_coordinates(box))[:-1]
    return {"polygon": corners.round(7).tolist()}


def _ceiling(hearing: Hearing) -> dict[str, object]:
    """Take the top of the flight, in a reference in which it is known."""
    path = hearing.situation.path
    for reference in VerticalReference:
        if isinstance(path, HeldArea):
            top_m = path.range_m(path.ceiling, reference)[1]
        else:
            top_m = float(path.heights(reference).max()) + path.vertical_m
        if not math.isnan(top_m):
            return {"ceiling": {"value_m": top_m, "reference": reference.value}}
    return {}
