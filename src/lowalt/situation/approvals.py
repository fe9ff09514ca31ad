"""What the approvals that an operator holds cover: time, area, height, zones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely
from shapely.geometry import Polygon

from lowalt.airspace import Zone
from lowalt.flights import Approval
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.situation.encounters import Encounter
from lowalt.situation.laying import Situation
from lowalt.situation.path import HeldArea, Path, area_outline
from lowalt.temporal import TimeInterval
from lowalt.terms import ApprovalKind
from lowalt.truth import Truth


def holds(situation: Situation, kind: ApprovalKind) -> Truth:
    """Whether an approval of a kind covers the airspace of the whole flight."""
    return _any_approval(situation, kind, _covers_flight)


def holds_for_period(situation: Situation, kind: ApprovalKind) -> Truth:
    """Whether an approval of a kind is valid throughout the flight, wherever it is flown."""
    return _any_approval(situation, kind, lambda a, s: Truth.of(_is_valid(a, s.path.period)))


def holds_for_zone(situation: Situation, encounter: Encounter) -> Truth:
    """Whether a special approval names the zone and is valid while the flight is in it."""
    return _any_approval(
        situation,
        ApprovalKind.SPECIAL_ZONE,
        lambda a, _: Truth.of(_is_valid(a, encounter.period)) & _names(a, encounter.zone),
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
    return (
        Truth.of(_is_valid(approval, path.period))
        & _covers_area(approval, path)
        & _reaches_height(approval, path)
    )


def _covers_area(approval: Approval, path: Path | HeldArea) -> Truth:
    if approval.area is None:
        return Truth.UNKNOWN
    outline = Polygon(path.frame.to_plane(area_outline(approval.area)))
    width = path.horizontal_m * path.scale if isinstance(path, Path) else 0.0
    outside = shapely.distance(path.footprint, outline)
    room = shapely.distance(path.footprint, shapely.boundary(outline))
    # The approved area was drawn to hold the flight: meeting its edge is still inside.
    covered = outside == 0.0 and shapely.covers(
        shapely.buffer(outline, BOUNDARY_TOLERANCE_M), path.footprint
    )
    return Truth.of(bool(covered and room >= width - BOUNDARY_TOLERANCE_M))


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
