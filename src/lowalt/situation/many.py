"""Many plans laid over the world at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lowalt.airspace import AirspaceDataset
from lowalt.flights import FlightPlan
from lowalt.paths import Paths
from lowalt.situation.batch import laid_out
from lowalt.situation.datum import refuse_gcj02
from lowalt.situation.encounters import EncounterTable
from lowalt.situation.laying import Situation, is_asked, lay, situation_of
from lowalt.situation.path import Path
from lowalt.situation.reach import are_within, true_heights_m
from lowalt.terrain import GeoidModel, TerrainModel


def lay_many(
    plans: Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> list[Situation]:
    """Lay plans over an airspace, each as :func:`lowalt.situation.lay` does, in less time.

    Routes are laid out together; plans that hold an area are laid one by one.

    Parameters
    ----------
    plans
        The plans.
    airspace, terrain, geoid
        As for :func:`lowalt.situation.lay`.

    Returns
    -------
    list of Situation
        In the order of the plans.

    Raises
    ------
    InvalidInputError
        If a plan begins or ends where a GCJ-02 map draws a place that the dataset knows.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> [s.max_true_height_m for s in lay_many([plan, plan], airspace=load_airspace("shenzhen"))]
    [100.0, 100.0]
    """
    refuse_gcj02(plans, airspace)
    found: dict[int, Situation] = {}
    for paths, met in laid_out(plans, airspace, is_asked, terrain=terrain, geoid=geoid):
        numbers = paths.plan.tolist()
        found.update(zip(numbers, _situations(plans, paths, met, airspace), strict=True))
    for number, plan in enumerate(plans):
        if plan.waypoints is None:
            found[number] = lay(plan, airspace=airspace, terrain=terrain, geoid=geoid)
    return [found[number] for number in range(len(plans))]


def _situations(
    plans: Sequence[FlightPlan], paths: Paths, met: EncounterTable, airspace: AirspaceDataset
) -> Iterator[Situation]:
    """Put together what is known of some routes."""
    each = list(Path.each(paths, plans))
    within = are_within(
        airspace,
        paths.footprints,
        width_m=paths.horizontal_m * paths.scales,
        periods=[path.period for path in each],
    )
    heights_m = true_heights_m(paths)
    met = met.in_order()
    encounters = list(met)
    first, beyond = (np.searchsorted(met.plan, paths.plan, side=s) for s in ("left", "right"))
    for number, path in enumerate(each):
        plan = plans[int(paths.plan[number])]
        yield situation_of(
            plan,
            path,
            encounters[first[number] : beyond[number]],
            airspace=airspace,
            is_within_dataset=bool(within[number]),
            max_true_height_m=float(heights_m[number]),
        )
