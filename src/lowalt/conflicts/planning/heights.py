"""Heights of flights above one surface, whatever their plans give them above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan
from lowalt.levels import VerticalReference
from lowalt.paths import MIXED, REFERENCES, STEP_M, Paths, Routes

if TYPE_CHECKING:
    from lowalt.terrain import TerrainModel

_AGL, _AMSL = VerticalReference.AGL, VerticalReference.AMSL
_HAE, _ATO = VerticalReference.HAE, VerticalReference.ATO


def common_surface(references: Iterable[VerticalReference]) -> VerticalReference:
    """Choose what heights are to be above: the ellipsoid if all are, as that needs no model."""
    return _HAE if set(references) == {_HAE} else _AMSL


def sampling_m(
    routes: Routes, surface: VerticalReference, *, terrain: TerrainModel | None
) -> FloatArray:
    """At what distance models are to be asked along the leg from each waypoint, ``(W,)``."""
    spacing_m = STEP_M if terrain is None else min(STEP_M, terrain.spacing_m)
    # The take-off point is at one height, however far the flight goes.
    unbent = {surface, _ATO} if surface is _AMSL else {surface}
    by_reference = [
        np.inf if reference in unbent else spacing_m if reference is _AGL else STEP_M
        for reference in REFERENCES
    ]
    return np.array(by_reference)[routes.reference]


def heights_m(
    plans: Sequence[FlightPlan], routes: Routes, paths: Paths, surface: VerticalReference
) -> FloatArray:
    """Heights of the vertices above a surface, ``(V,)``; refuses what is not known."""
    ends_m = paths.heights(surface)
    last = paths.first[1:] - 1
    unknown = np.isnan(ends_m[:, 0]) | np.isnan(ends_m[:, 1])
    unknown[last] = False
    if unknown.any():
        raise InvalidInputError(
            "plans with levels that cannot be compared:",
            problems=_unknown_levels(plans, routes, paths, surface, np.flatnonzero(unknown)),
        )
    begins_m = ends_m[:, 0]
    begins_m[last] = ends_m[last - 1, 1]
    return begins_m


def _unknown_levels(
    plans: Sequence[FlightPlan],
    routes: Routes,
    paths: Paths,
    surface: VerticalReference,
    pieces: IntArray,
) -> Iterator[Problem]:
    """Say of each leg with pieces whose height is not known what is lacking."""
    waypoint = np.repeat(np.arange(len(routes.t_s)), np.maximum(routes.pieces, 1))
    _, firsts = np.unique(waypoint[pieces], return_index=True)
    for piece in pieces[firsts].tolist():
        path = int(paths.owner[piece])
        plan, number = plans[path], int(waypoint[piece] - routes.first[path])
        assert plan.waypoints is not None  # it has a path
        begin, end = plan.waypoints[number : number + 2]
        where = f"plan {plan.plan_id!r}, waypoints[{number}].level"
        if paths.reference[piece] == MIXED:
            expected = "what lies between is not known: give both ends of a leg in one reference"
            yield Problem(where, f"{begin.level}, and then {end.level}", expected)
            continue
        at, lacking = next(
            (vertex, reference)
            for vertex in (piece, piece + 1)
            for reference in (begin.level.reference, surface)
            if np.isnan(paths.zero_amsl_m[REFERENCES.index(reference), vertex])
        )
        lon_deg, lat_deg = paths.lon_lat[at].tolist()
        place = f"at {lon_deg:.5f}, {lat_deg:.5f}"
        yield Problem(where, str(begin.level), f"{LACKING[lacking].format(place)}")


LACKING = {
    _AGL: "the ground is not known {}: give a terrain model that covers the place (terrain=,"
    " or --terrain of the command line)",
    _HAE: "the geoid is not known {}: give one that covers the place, such as geoid=load_geoid()"
    " (--geoid of the command line)",
    _ATO: "the take-off point is not known: give take_off_elevation_amsl_m in the plan",
}
"""What to say where it is not known where a reference has its zero."""
