"""What the approvals that an operator holds cover: time, area, height, mission, class, zones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from lowalt.airspace import Zone
from lowalt.flights import Approval, FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.situation.encounters import Encounter
from lowalt.situation.laying import Situation
from lowalt.situation.path import HeldArea, Path, area_shape
from lowalt.temporal import TimeInterval
from lowalt.terms import AircraftClass, ApprovalKind
from lowalt.truth import Truth

_CLASSES = tuple(AircraftClass)
"""From the smallest to the largest."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the approvals of one kind cover the mission and the airspace of the whole flight.

    Attributes
    ----------
    reach
        For each approval of the kind whether it covers them, and the largest class that it allows;
        ``None`` where it is not known what approvals are held.
    """

    reach: tuple[tuple[Truth, AircraftClass | None], ...] | None

    @property
    def holds(self) -> Truth:
        """Whether one of them covers the flight."""
        if self.reach is None:
            return Truth.UNKNOWN
        return Truth.any_of(covers for covers, _ in self.reach)

    @property
    def largest_class(self) -> AircraftClass | None:
        """Largest class of aircraft allowed by those that cover the flight.

        What class an aircraft is, the law says. Not known where none surely covers the flight, or
        where one that may cover it may allow a larger class.
        """
        reach = self.reach or ()
        sure = [c for covers, c in reach if covers is Truth.TRUE and c is not None]
        largest = max(sure, key=_CLASSES.index, default=None)
        if largest is None or largest is _CLASSES[-1]:
            return largest
        smaller = _CLASSES[: _CLASSES.index(largest) + 1]
        settled = all(covers is Truth.FALSE or c in smaller for covers, c in reach)
        return largest if settled else None


def coverage(situation: Situation, kind: ApprovalKind) -> Coverage:
    """Work out how the approvals of a kind cover the flight."""
    approvals = situation.plan.approvals
    if approvals is None:
        return Coverage(None)
    return Coverage(
        tuple((_covers_flight(a, situation), a.largest_class) for a in approvals if a.kind is kind)
    )


def holds_for_period(situation: Situation, kind: ApprovalKind) -> Truth:
    """Whether an approval of a kind is valid throughout the flight, wherever it is flown."""
    return _any_approval(
        situation,
        kind,
        lambda a, s: Truth.of(_is_valid(a, s.path.period)) & _allows_mission(a, s.plan),
    )


def holds_for_zone(situation: Situation, encounter: Encounter) -> Truth:
    """Whether a special approval names the zone and is valid while the flight is in it."""
    return _any_approval(
        situation,
        ApprovalKind.SPECIAL_ZONE,
        lambda a, s: (
            Truth.of(_is_valid(a, encounter.period))
            & _names(a, encounter.zone)
            & _allows_mission(a, s.plan)
        ),
    )


def _any_approval(
    situation: Situation,
    kind: ApprovalKind,
    covers: Callable[[Approval, Situation], Truth],
) -> Truth:
    approvals = situation.plan.approvals
    if approvals is None:
        return Truth.UNKNOWN
    return Truth.any_of(covers(a, situation) for a in approvals if a.kind is kind)


def _is_valid(approval: Approval, period: TimeInterval) -> bool:
    return approval.valid_from <= period.start and period.end <= approval.valid_until


def _covers_flight(approval: Approval, situation: Situation) -> Truth:
    path = situation.path
    covers = Truth.of(_is_valid(approval, path.period)) & _allows_mission(approval, situation.plan)
    if covers is Truth.FALSE:  # most approvals are of other days, and nothing need be drawn
        return covers
    return covers & _covers_area(approval, path) & _reaches_height(approval, path)


def _allows_mission(approval: Approval, plan: FlightPlan) -> Truth:
    if approval.missions == ():
        return Truth.FALSE
    kind = plan.mission.kind if plan.mission is not None else None
    if approval.missions is None or kind is None:
        return Truth.UNKNOWN
    return Truth.of(kind in approval.missions)


def _covers_area(approval: Approval, path: Path | HeldArea) -> Truth:
    if approval.area is None:
        return Truth.UNKNOWN
    outline = area_shape(approval.area, path.frame)
    # The approved area was drawn to hold the flight: meeting its edge is still inside.
    around = shapely.buffer(outline, BOUNDARY_TOLERANCE_M)
    if not (around.covers(path.footprint) and outline.intersects(path.footprint)):
        return Truth.FALSE
    room_m = shapely.distance(path.footprint, shapely.boundary(outline))
    return Truth.of(bool(room_m >= path.width_m - BOUNDARY_TOLERANCE_M))


def _reaches_height(approval: Approval, path: Path | HeldArea) -> Truth:
    ceiling = approval.ceiling
    if ceiling is None:
        return Truth.UNKNOWN
    if isinstance(path, HeldArea):
        _, top_m = path.range_m(path.ceiling, ceiling.reference)
    else:
        top_m = float(path.heights(ceiling.reference).max()) + path.vertical_m
    return Truth.of(None if np.isnan(top_m) else top_m <= ceiling.value_m)


def _names(approval: Approval, zone: Zone) -> Truth:
    return Truth.of(None if approval.zones is None else zone.identifier in approval.zones)
