"""The density of a day as few numbers, and where it is above a capacity."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from lowalt.density import Crowding, DensityTable
from lowalt.flights.plan import BEIJING
from lowalt.paths import IntArray
from lowalt.report.day.drawing import UNITS_PER_DEGREE, coded
from lowalt.report.day.rows import shortened

_MOST_ROWS: Final = 60_000
"""So many counts are drawn at most; cells with the fewest flights are left out before that."""

_MOST_NAMED: Final = 20


def least_drawn(table: DensityTable) -> int:
    """Say how many flights a cell needs to be drawn, so that there are not too many."""
    if len(table) <= _MOST_ROWS:
        return 1
    return int(np.sort(table.flights)[-_MOST_ROWS]) + 1


def drawn(table: DensityTable, capacity: int | None) -> dict[str, Any]:
    """Write counts slot by slot: slots with flights, and the first without after each run of them.

    So plans of many days make no more numbers than those of one.

    Returns
    -------
    dict
        ``first`` slot and ``slot_s``; ``times``, slots after the first; ``bands`` as names, and
        ``cells`` as a line through their middles with the half size of one, ``half``, in degrees;
        ``slots``: of each, the bands by number with cell (as difference from the one before) and
        flights in turn; ``by_slot``:
        flights under way and most in one cell.
    """
    kept = np.flatnonzero(table.flights >= least_drawn(table))
    cells, number = np.unique(table.cells[kept], axis=0, return_inverse=True)
    bands = sorted(set(table.band.tolist()))
    by_slot = _with_ends(table.by_slot)
    first = int(by_slot[0, 0]) if len(by_slot) else 0
    times = (by_slot[:, 0] - first).tolist()
    place_of = {time: place for place, time in enumerate(times)}
    slots: list[dict[int, list[int]]] = [{} for _ in times]
    last: dict[tuple[int, int], int] = {}
    columns = (table.slot[kept] - first, table.band[kept], number.ravel(), table.flights[kept])
    # Rows of one slot and band come in the order of their cells, so that differences are small.
    order = np.lexsort(columns[2::-1])
    for slot, band, cell, flights in np.column_stack(columns)[order].tolist():
        place = bands.index(band)
        slots[place_of[slot]].setdefault(place, []).extend(
            (cell - last.get((slot, place), 0), flights)
        )
        last[slot, place] = cell
    grid = table.grid
    return {
        "first": first,
        "slot_s": grid.slot_s,
        "times": times,
        "bands": [[grid.band_name(band, lang) for lang in ("zh", "en")] for band in bands],
        "cells": coded(grid.centres(cells)) if len(cells) else [],
        "half": _half(table, cells),
        "slots": slots,
        "by_slot": by_slot[:, 1:].tolist(),
        "capacity": capacity,
    }


def _with_ends(by_slot: IntArray) -> IntArray:
    """Put a slot without flights behind each run of those with some, where lines go down to 0."""
    if not len(by_slot):
        return by_slot
    slots = by_slot[:, 0]
    ends = slots[np.append(np.diff(slots) > 1, True)] + 1
    none = np.column_stack((ends, np.zeros((len(ends), 2), dtype=np.int64)))
    whole = np.concatenate((by_slot, none))
    return whole[np.argsort(whole[:, 0])]


def _half(table: DensityTable, cells: Any) -> list[float]:
    """Half the size of a cell in longitude and latitude, degrees; they hardly differ in a city."""
    if not len(cells):
        return [0.0, 0.0]
    corners = table.grid.corners(cells[len(cells) // 2 :][:1])[0]
    return [round(float(size_deg), 7) for size_deg in np.abs(corners[2] - corners[0]) / 2.0]


def row_of(crowding: Crowding, table: DensityTable) -> dict[str, Any]:
    """Write where it is too crowded as a row of a table."""
    start, end = (moment.astimezone(BEIJING) for moment in (crowding.start, crowding.end))
    same_day = start.date() == end.date()
    return {
        "lon": f"{crowding.lon_deg:.4f}",
        "lat": f"{crowding.lat_deg:.4f}",
        "units": [
            round(crowding.lon_deg * UNITS_PER_DEGREE),
            round(crowding.lat_deg * UNITS_PER_DEGREE),
        ],
        "band": {lang: table.grid.band_name(crowding.band, lang) for lang in ("zh", "en")},
        "period": f"{start:%m-%d %H:%M}–{end:{'%H:%M' if same_day else '%m-%d %H:%M'}}",
        "slot": int(crowding.peak.timestamp()) // table.grid.slot_s,
        "most": crowding.most,
        "plans": [shortened(name) for name in crowding.plans[:_MOST_NAMED]],
        "others": max(len(crowding.plans) - _MOST_NAMED, 0),
    }
