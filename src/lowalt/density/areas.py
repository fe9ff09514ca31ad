"""Flights that hold an area: they may be anywhere in it, so they count everywhere in it."""

from __future__ import annotations

import numpy as np
import shapely

from lowalt.density.grid import Grid
from lowalt.density.presence import BAND, COLUMN, PLAN, ROW, SLOT, Presences, refuse_too_many
from lowalt.held_areas import HeldArea
from lowalt.paths import IntArray, epoch_us
from lowalt.terrain import FloatArray


def of_area(area: HeldArea, grid: Grid, *, plan: int) -> Presences:
    """Count an area in every cell, band and slot that it reaches into."""
    cells, bands = _cells(area, grid), _bands(area, grid)
    slots, stay_s = _slots(area, grid)
    refuse_too_many(float(len(cells)) * len(bands) * len(slots))
    slot, band, cell = (
        numbers.ravel()
        for numbers in np.meshgrid(
            np.arange(len(slots)), np.arange(len(bands)), np.arange(len(cells)), indexing="ij"
        )
    )
    keys = np.empty((len(slot), 5), dtype=np.int64)
    keys[:, SLOT], keys[:, BAND], keys[:, PLAN] = slots[slot], bands[band], plan
    keys[:, COLUMN], keys[:, ROW] = cells[cell].T
    return Presences.gathered(keys, stay_s[slot])


def _cells(area: HeldArea, grid: Grid) -> IntArray:
    """Column and row of the cells that share more than a boundary with the area, ``(K, 2)``."""
    west, south, east, north = (bound / grid.cell_m for bound in area.footprint.bounds)
    columns = np.arange(np.floor(west), np.ceil(east))
    rows = np.arange(np.floor(south), np.ceil(north))
    refuse_too_many(float(len(columns)) * len(rows))
    corner = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    low, high = corner * grid.cell_m, (corner + 1.0) * grid.cell_m
    squares = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    shapely.prepare(area.footprint)
    reached = shapely.intersects(area.footprint, squares)
    reached[reached] = ~shapely.touches(area.footprint, squares[reached])
    return corner[reached].astype(np.int64)


def _bands(area: HeldArea, grid: Grid) -> IntArray:
    """Bands from the lowest that the floor may be to the highest that the ceiling may be."""
    low_m, _ = area.range_m(area.floor, grid.reference)
    _, high_m = area.range_m(area.ceiling, grid.reference)
    if np.isnan(low_m) or np.isnan(high_m):
        return np.array([grid.unknown_band])
    first = int(grid.bands_of(np.array([low_m]))[0])
    # A ceiling on the edge of a band does not reach into it.
    last = int(np.searchsorted(np.array(grid.bands_m), high_m, side="left")) - 1
    return np.arange(first, max(first, last) + 1)


def _slots(area: HeldArea, grid: Grid) -> tuple[IntArray, FloatArray]:
    """Slots of the period, and how many seconds of each are in it."""
    start_s, end_s = epoch_us(area.period.start) / 1e6, epoch_us(area.period.end) / 1e6
    slots = np.arange(start_s // grid.slot_s, np.ceil(end_s / grid.slot_s))
    begins_s = slots * grid.slot_s
    stay_s = np.minimum(end_s, begins_s + grid.slot_s) - np.maximum(start_s, begins_s)
    return slots.astype(np.int64), stay_s
