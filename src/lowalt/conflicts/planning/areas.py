"""Operating areas of flight plans as volumes, in the plane of tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from lowalt.conflicts.limits import MAX_TIME_S
from lowalt.conflicts.planning.given import given_plans
from lowalt.conflicts.planning.heights import LACKING, common_surface
from lowalt.conflicts.planning.measures import Measures
from lowalt.conflicts.planning.plane import Plane
from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes import VolumeArray
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan, OperatingArea
from lowalt.flights.plan import BEIJING
from lowalt.held_areas import HeldArea, area_outline
from lowalt.levels import VerticalReference
from lowalt.paths import STEP_M

if TYPE_CHECKING:
    from lowalt.terrain import GeoidModel, TerrainModel


def volumes_of(
    plans: Sequence[FlightPlan],
    *,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    time_uncertainty_s: float = 0.0,
    like: TrackArray | None = None,
) -> VolumeArray:
    """Bring the operating areas of flight plans to metres in one plane and above one surface.

    Parameters
    ----------
    plans
        Plans that hold an area, each with an identifier of its own; at least one.
    terrain, geoid
        Models to convert levels with.
    time_uncertainty_s
        How much earlier or later each may be held, which makes it longer at both ends.
    like
        Tracks to compare these with: plane, epoch and surface become theirs.

    Returns
    -------
    VolumeArray
        Areas in the order of the plans, known by ``plan_id``. A circle is a polygon that covers it,
        with corners 6 mm outside at most. Where the ground or the geoid is not level, a volume
        reaches from the lowest that its floor may be over the area to the highest that its ceiling
        may be: more than is stated, never less. ``position_error_m`` bounds what the plane moves
        its sides by.

    Raises
    ------
    InvalidInputError
        If a plan has a route, or an area's levels are not known above the surface; it names the
        plan, and what to give. If the uncertainty is no number of seconds in range.
    GeometryError
        If areas lie too far apart for a plane.

    Notes
    -----
    The first and the last instant belong to a volume. Of an operating area, the end does not.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> from lowalt.terrain import UniformTerrain
    >>> show = read_plan("examples/plans/02_light_show_swarm.json")
    >>> volumes = volumes_of([show], terrain=UniformTerrain(30.0))
    >>> volumes.bottom_m.tolist(), volumes.top_m.tolist()
    ([30.0], [130.0])
    """
    plans = given_plans(plans)
    areas = _areas(plans)
    if not 0.0 <= time_uncertainty_s <= MAX_TIME_S:
        late = Problem("time_uncertainty_s", str(time_uncertainty_s), f"0 to {MAX_TIME_S:g} s")
        raise InvalidInputError("plans cannot be compared so:", problems=[late])
    measures = _measures(areas) if like is None else Measures.of(like)
    surface, epoch = measures.surface, measures.epoch
    held = [
        HeldArea.of(
            plan,
            frame=measures.plane.frame,
            # Asking the ground all over an area takes long: not where no level is above it.
            terrain=terrain if VerticalReference.AGL in _references(area) else None,
            geoid=geoid if VerticalReference.HAE in {surface, *_references(area)} else None,
        )
        for plan, area in zip(plans, areas, strict=True)
    ]
    problems = [
        p for plan, area in zip(plans, held, strict=True) for p in _unknown(plan, area, surface)
    ]
    if problems:
        raise InvalidInputError("plans with levels that cannot be compared:", problems=problems)
    shapes = [area.footprint for area in held]
    bow_m = measures.plane.bow_m(shapely.get_coordinates(shapes), length_m=STEP_M)
    found = VolumeArray.from_shapes(
        shapely.transform(shapes, lambda xy: xy - measures.plane.origin_m),
        bottom_m=[area.range_m(area.floor, surface)[0] for area in held],
        top_m=[area.range_m(area.ceiling, surface)[1] for area in held],
        start_s=[(area.start - epoch).total_seconds() - time_uncertainty_s for area in areas],
        end_s=[(area.end - epoch).total_seconds() + time_uncertainty_s for area in areas],
        ids=[plan.plan_id for plan in plans],
        epoch=epoch,
        frame=measures.plane.frame,
        origin_m=measures.plane.origin_m,
        surface=surface,
    )
    return replace(found, position_error_m=bow_m)


def _areas(plans: Sequence[FlightPlan]) -> list[OperatingArea]:
    areas = [plan.operating_area for plan in plans if plan.operating_area is not None]
    if not plans or len(areas) < len(plans):
        problems = [
            Problem(f"plan {plan.plan_id!r}", "a route", "an operating area; routes are tracks")
            for plan in plans
            if plan.operating_area is None
        ]
        none = [Problem("plans", "none", "at least one with an operating area")]
        raise InvalidInputError("no volumes:", problems=problems or none)
    return areas


def _references(area: OperatingArea) -> set[VerticalReference]:
    return {area.floor.reference, area.ceiling.reference}


def _measures(areas: Sequence[OperatingArea]) -> Measures:
    corners = np.vstack([area_outline(area) for area in areas])
    surface = common_surface(reference for area in areas for reference in _references(area))
    epoch = min(area.start for area in areas).astimezone(BEIJING)
    return Measures(Plane.amid(corners), surface, epoch)


def _unknown(plan: FlightPlan, area: HeldArea, surface: VerticalReference) -> Iterator[Problem]:
    """Say of the levels of an area that are not known above a surface what is lacking."""
    zeros_m = {
        VerticalReference.AGL: area.ground.elevation_amsl_m,
        VerticalReference.AMSL: np.zeros(1),
        VerticalReference.HAE: area.ground.undulation_m,
        VerticalReference.ATO: np.array([area.ground.take_off_amsl_m]),
    }
    for name, level in (("floor", area.floor), ("ceiling", area.ceiling)):
        if not np.isnan(area.range_m(level, surface)).any():
            continue
        lacking = next(r for r in (level.reference, surface) if np.isnan(zeros_m[r]).any())
        where = f"plan {plan.plan_id!r}, operating_area.{name}"
        yield Problem(where, str(level), LACKING[lacking].format("all over the area"))
