"""Flights laid over the zones of an airspace, many at once or one.

One flight and ten thousand go through the same code, so that their answers are the same. Many are
worked on in batches, which bound the memory and leave the answers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from lowalt.airspace import AirspaceDataset, Containment, Restriction, Zone
from lowalt.flights import FlightPlan
from lowalt.paths import Paths, Routes
from lowalt.situation.areas import is_inside_any, meets_any
from lowalt.situation.datum import refuse_gcj02
from lowalt.situation.encounters import Encounter, EncounterTable, moments
from lowalt.situation.path import HeldArea, Path, path_of
from lowalt.situation.stays import Survey, periods_of
from lowalt.terms import ZoneKind
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.truth import Truth

PIECES_AT_ONCE = 8192
"""So many pieces of path make a batch: little memory, and little lost on starting batches."""

_PAIRS_AT_ONCE = 1 << 22
"""A batch has no more pairs of a path and a region than this, for the memory they take."""

_MAPS = {
    *(ZoneKind.JURISDICTION, ZoneKind.ADMINISTRATIVE_AREA),
    *(ZoneKind.CONTROL_SUBZONE, ZoneKind.CONTROL_ZONE),
}
"""Kinds of zone that say whose ground or airspace it is, and never what one may do there."""

# Words for answers of arrays: by a yes, and by certain yes less certain no.
_CONTAINMENT = np.array([Containment.WITHIN_TOLERANCE, Containment.INSIDE], dtype=np.object_)
_TRUTH = np.array([Truth.UNKNOWN, Truth.TRUE, Truth.FALSE], dtype=np.object_)


def has_rule(zone: Zone) -> bool:
    """Whether a zone says what one may do, and not only where one is or what stands there."""
    if zone.kind in _MAPS:
        return False
    informs = zone.restriction is Restriction.NO_RESTRICTION
    return not informs or zone.kind is ZoneKind.AVIATION_CAMP


def encounter_table(
    plans: Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    pieces_at_once: int = PIECES_AT_ONCE,
) -> EncounterTable:
    """Find the encounters of many plans with the zones of an airspace.

    They are those that :func:`lowalt.situation.lay` finds plan by plan, found together.

    Parameters
    ----------
    plans
        The plans.
    airspace
        The zones.
    terrain, geoid
        Models to convert levels with, as for :func:`lowalt.situation.lay`.
    pieces_at_once
        Paths are worked on in batches of about so many pieces of at most a kilometre. The answers
        do not depend on it.

    Returns
    -------
    EncounterTable
        By plan, time of entry and identifier of the zone.

    Raises
    ------
    InvalidInputError
        If a plan begins or ends where a GCJ-02 map draws a place that the dataset knows.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> len(encounter_table([plan, plan], airspace=load_airspace("shenzhen")))
    0
    """
    refuse_gcj02(plans, airspace)
    parts = [EncounterTable.of(0, ())]
    parts.extend(
        found
        for _, found in laid_out(
            plans,
            airspace,
            has_rule,
            terrain=terrain,
            geoid=geoid,
            pieces_at_once=pieces_at_once,
        )
    )
    for number, plan in enumerate(plans):
        if plan.waypoints is None:
            area = path_of(plan, frame=airspace.frame, terrain=terrain, geoid=geoid)
            parts.append(EncounterTable.of(number, encounters_of(area, airspace, has_rule)))
    return EncounterTable.together(parts).in_order()


def laid_out(
    plans: Sequence[FlightPlan],
    airspace: AirspaceDataset,
    asked: Callable[[Zone], bool],
    *,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
    pieces_at_once: int = PIECES_AT_ONCE,
) -> Iterator[tuple[Paths, EncounterTable]]:
    """Yield the routes among some plans in batches, in order, each with its encounters.

    Parameters
    ----------
    plans, airspace, terrain, geoid, pieces_at_once
        As for :func:`encounter_table`.
    asked
        Which zones are asked about.
    """
    routes = Routes.of(plans, terrain=terrain)
    survey = Survey(
        airspace,
        asked,
        bounds=routes.bounds(airspace.frame),
        periods_us=periods_of(routes.epoch_us, routes.end_us),
    )
    most = min(pieces_at_once, _PAIRS_AT_ONCE // max(survey.size, 1) + 1)
    for batch in routes.batches(most_pieces=most):
        paths = Paths.of(routes, batch, frame=airspace.frame, terrain=terrain, geoid=geoid)
        yield paths, _of_paths(paths, survey, airspace)


def encounters_of(
    path: Path | HeldArea, airspace: AirspaceDataset, asked: Callable[[Zone], bool]
) -> tuple[Encounter, ...]:
    """Find the encounters of one flight with zones of an airspace.

    Parameters
    ----------
    path
        The flight.
    airspace, asked
        The airspace, and which of its zones are asked about.

    Returns
    -------
    tuple of Encounter
        By time of entry and identifier of the zone.
    """
    if isinstance(path, HeldArea):
        table = EncounterTable.of(0, tuple(_of_area(path, airspace, asked)))
    else:
        begins_us = path.paths.epoch_us
        ends_us = begins_us + round(path.duration_s * 1e6)
        survey = Survey(
            airspace, asked, bounds=path.bounds, periods_us=periods_of(begins_us, ends_us)
        )
        table = _of_paths(path.paths, survey, airspace)
    return tuple(table.in_order())


def _of_paths(paths: Paths, survey: Survey, airspace: AirspaceDataset) -> EncounterTable:
    stays = survey.stays(paths)
    begins_us = paths.epoch_us[stays.path]
    lon_deg, lat_deg = paths.places(stays.path, stays.start_s).T
    return EncounterTable(
        plan=paths.plan[stays.path],
        zone=np.array(airspace.zones, dtype=np.object_)[stays.zone],
        containment=_CONTAINMENT[stays.is_inside.astype(np.int64)],
        exists=_TRUTH[stays.is_certain.astype(np.int64)],
        binds_micro=_TRUTH[stays.meets_micro.astype(np.int64) - stays.misses_micro],
        entered=moments(begins_us + np.rint(stays.start_s * 1e6).astype(np.int64)),
        left=moments(begins_us + np.rint(stays.end_s * 1e6).astype(np.int64)),
        lon_deg=lon_deg,
        lat_deg=lat_deg,
    )


def _of_area(
    area: HeldArea, airspace: AirspaceDataset, asked: Callable[[Zone], bool]
) -> Iterator[Encounter]:
    for number in airspace.near(area.bounds):
        zone, volumes = airspace.zones[number], airspace.limits(number)
        exists = meets_any(area, volumes) if asked(zone) else Truth.FALSE
        if exists is Truth.FALSE:
            continue
        inside = is_inside_any(area, volumes)
        micro = Truth.TRUE
        if zone.micro_volumes is not None:
            micro = meets_any(area, airspace.limits(number, micro=True))
        lon_deg, lat_deg = area.start
        for period in zone.active_within(area.period):
            yield Encounter(
                zone=zone,
                containment=Containment.INSIDE if inside else Containment.WITHIN_TOLERANCE,
                exists=exists,
                period=period,
                lon_deg=lon_deg,
                lat_deg=lat_deg,
                binds_micro=micro,
            )
