"""Flight plans in, a table of how many are where and when out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from lowalt.density.areas import of_area
from lowalt.density.grid import BANDS_M, CELL_M, SLOT_S, Grid
from lowalt.density.presence import Presences, of_paths, refuse_too_many
from lowalt.density.table import DensityTable
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan
from lowalt.held_areas import HeldArea, area_outline
from lowalt.levels import VerticalReference
from lowalt.paths import Paths, Routes
from lowalt.terrain import GeoidModel, TerrainModel

_PIECES_AT_ONCE: Final = 100_000


def density_table(
    plans: Sequence[FlightPlan],
    *,
    cell_m: float = CELL_M,
    bands_m: Sequence[float] = BANDS_M,
    reference: VerticalReference = VerticalReference.AGL,
    slot_s: int = SLOT_S,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> DensityTable:
    """Count flights present by cell, height band and time slot.

    Parameters
    ----------
    plans
        The plans.
    cell_m
        Side of the square cells, metres.
    bands_m
        Where the height bands begin, increasing metres; the last is open above. Heights below the
        first and heights that are not known have bands of their own, so that nobody is left out.
    reference
        What heights are above; by default the ground, as true height.
    slot_s
        Length of the time slots in whole seconds, by default a quarter of an hour.
    terrain, geoid
        Models to convert levels with; without them such heights are not known.

    Returns
    -------
    DensityTable
        A row for each cell, band and slot in which a flight is present. A flight counts once in a
        row, however long it stays or often it comes back. Its planned line counts, without the
        airspace around it; a flight that holds an area counts everywhere in it.

    Raises
    ------
    InvalidInputError
        If something else than plans is given, a size makes no grid, or the grid is too fine for
        the flights.
    GeometryError
        If the plans lie too far apart for one plane.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> table = density_table([plan])
    >>> int(table.flights.max()), round(float(table.stay_s.sum() / 60.0), 1)
    (1, 2.7)
    """
    given = _checked(plans)
    routes = Routes.of(given, terrain=terrain)
    outlines = {
        number: area_outline(plan.operating_area)
        for number, plan in enumerate(given)
        if plan.operating_area is not None
    }
    places = np.concatenate([routes.lon_lat, *outlines.values()])
    grid = Grid.over(places, cell_m=cell_m, bands_m=bands_m, reference=reference, slot_s=slot_s)
    parts: list[Presences] = []
    counted = 0
    for part in _parts(given, routes, outlines, grid, terrain=terrain, geoid=geoid):
        counted += len(part.keys)
        refuse_too_many(counted)
        parts.append(part)
    return DensityTable.of(given, grid, Presences.all_of(parts))


def _parts(
    plans: Sequence[FlightPlan],
    routes: Routes,
    areas: Iterable[int],
    grid: Grid,
    *,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
) -> Iterator[Presences]:
    """Find presences batch by batch of routes, and then area by area."""
    for batch in routes.batches(most_pieces=_PIECES_AT_ONCE):
        paths = Paths.of(routes, batch, frame=grid.frame, terrain=terrain, geoid=geoid)
        yield of_paths(paths, grid)
    for number in areas:
        area = HeldArea.of(plans[number], frame=grid.frame, terrain=terrain, geoid=geoid)
        yield of_area(area, grid, plan=number)


def _checked(plans: object) -> tuple[FlightPlan, ...]:
    """Refuse what is no list of plans."""
    # A plan can be gone through too, field by field.
    if isinstance(plans, FlightPlan) or not isinstance(plans, Iterable):
        given = type(plans).__name__
        raise InvalidInputError(f"plans: given {given}, expected a list of FlightPlan")
    found = tuple(plans)
    problems = [
        Problem(f"plans[{number}]", type(plan).__name__, "expected a FlightPlan")
        for number, plan in enumerate(found)
        if not isinstance(plan, FlightPlan)
    ]
    if problems:
        raise InvalidInputError("not all of them are plans", problems=problems)
    return found
