"""How many flights are where and when, and where there are more than a capacity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from lowalt.density.grid import Cell, Grid, is_count
from lowalt.density.presence import BAND, COLUMN, PLAN, ROW, SLOT, Presences, firsts
from lowalt.errors import InvalidInputError, shown
from lowalt.flights import FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.paths import IntArray, from_epoch_us
from lowalt.terrain import FloatArray


@dataclass(frozen=True, slots=True)
class Crowding:
    """A cell and band with more flights than a capacity, in slots without a break.

    Attributes
    ----------
    cell, band
        Where.
    lon_deg, lat_deg
        Middle of the cell.
    start, end
        From the beginning of the first slot to the end of the last.
    most, peak
        Most flights in one of its slots, and when the first such slot begins.
    plans
        Identifiers of all flights present in them, sorted.
    """

    cell: Cell
    band: int
    lon_deg: float
    lat_deg: float
    start: datetime
    end: datetime
    most: int
    peak: datetime
    plans: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, eq=False)  # no slots: columns are worked out once, on first use
class DensityTable:
    """Flights present, one row a slot, band and cell, sorted by them.

    Attributes
    ----------
    grid
        What the sky is counted by.
    plan_ids
        The plans that were counted.
    slot, band
        Number of the slot (of `Grid.slot_s` seconds since 1970) and of the band, ``(K,)``.
    cells
        Column and row of the cell, ``(K, 2)``.
    flights
        How many flights are present, ``(K,)``.
    stay_s
        How long all of them together, ``(K,)``; divided by the length of a slot, how many there
        are at once on average.
    """

    grid: Grid
    plan_ids: tuple[str, ...] = field(repr=False)
    slot: IntArray = field(repr=False)
    band: IntArray = field(repr=False)
    cells: IntArray = field(repr=False)
    flights: IntArray = field(repr=False)
    stay_s: FloatArray = field(repr=False)
    _plan: IntArray = field(repr=False)
    _first: IntArray = field(repr=False)

    @classmethod
    def of(cls, plans: Sequence[FlightPlan], grid: Grid, presences: Presences) -> DensityTable:
        """Count presences."""
        keys = presences.keys
        first = firsts(keys[:, :PLAN])
        rows = keys[first]
        ends = np.append(first, len(keys)).astype(np.int64)
        stay_s = np.add.reduceat(presences.stay_s, first) if len(first) else np.zeros(0)
        return cls(
            grid=grid,
            plan_ids=tuple(plan.plan_id for plan in plans),
            slot=rows[:, SLOT],
            band=rows[:, BAND],
            cells=rows[:, [COLUMN, ROW]],
            flights=np.diff(ends),
            stay_s=stay_s,
            _plan=keys[:, PLAN],
            _first=ends,
        )

    def __len__(self) -> int:
        return len(self.slot)

    def plans_in(self, row: int) -> tuple[str, ...]:
        """Name the flights of a row, in the order of the plans."""
        numbers = self._plan[self._first[row] : self._first[row + 1]]
        return tuple(self.plan_ids[number] for number in numbers.tolist())

    def begins(self, slot: int) -> datetime:
        """When a slot begins, in UTC+8."""
        return from_epoch_us(slot * self.grid.slot_s * 1_000_000).astimezone(BEIJING)

    @cached_property
    def by_slot(self) -> IntArray:
        """Slots with flights: number, flights under way, most in one cell and band, ``(S, 3)``."""
        slots, row = np.unique(self.slot, return_inverse=True)
        under_way = np.unique(
            np.column_stack((np.repeat(row.ravel(), self.flights), self._plan)), axis=0
        )
        busiest = np.zeros(len(slots), dtype=np.int64)
        np.maximum.at(busiest, row.ravel(), self.flights)
        flights = np.bincount(under_way[:, 0], minlength=len(slots))
        return np.column_stack((slots, flights, busiest)).astype(np.int64)

    def above(self, capacity: int) -> tuple[Crowding, ...]:
        """Find where there are more flights than a capacity, the most crowded first.

        Parameters
        ----------
        capacity
            So many flights in a cell, band and slot are still accepted.

        Raises
        ------
        InvalidInputError
            If the capacity is no whole number of flights, 0 or more.

        Examples
        --------
        >>> from lowalt.density import density_table
        >>> from lowalt.flights import read_plan
        >>> plan = read_plan("examples/plans/02_light_show_swarm.json")
        >>> found = density_table([plan]).above(0)
        >>> sorted({(f"{c.start:%H:%M}", f"{c.end:%H:%M}", c.most) for c in found})
        [('15:00', '15:45', 1)]
        """
        if not is_count(capacity, least=0):
            raise InvalidInputError(
                f"capacity: given {shown(capacity)}, expected a whole number of flights, 0 or more"
            )
        row = np.flatnonzero(self.flights > capacity)
        row = row[np.lexsort((self.slot[row], *self.cells[row].T, self.band[row]))]
        apart = (self.cells[row][1:] != self.cells[row][:-1]).any(axis=1)
        apart |= (self.band[row][1:] != self.band[row][:-1]) | (np.diff(self.slot[row]) != 1)
        runs = np.split(row, np.flatnonzero(apart) + 1) if len(row) else []
        found = [self._crowding(run) for run in runs]
        return tuple(sorted(found, key=lambda c: (-c.most, c.start, c.band, c.cell)))

    def _crowding(self, rows: IntArray) -> Crowding:
        cells = self.cells[rows[:1]]
        ((lon_deg, lat_deg),) = self.grid.centres(cells).tolist()
        start = self.begins(int(self.slot[rows[0]]))
        peak = rows[self.flights[rows].argmax()]
        return Crowding(
            cell=Cell(*cells[0].tolist()),
            band=int(self.band[rows[0]]),
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            start=start,
            end=start + len(rows) * timedelta(seconds=self.grid.slot_s),
            most=int(self.flights[peak]),
            peak=self.begins(int(self.slot[peak])),
            plans=tuple(sorted({name for row in rows.tolist() for name in self.plans_in(row)})),
        )

    def columns(self) -> dict[str, list[Any]]:
        """Write the table out, one list a column, for a data frame or a file.

        Examples
        --------
        >>> from lowalt.density import density_table
        >>> list(density_table([]).columns())
        ['start', 'band', 'lon_deg', 'lat_deg', 'column', 'row', 'flights', 'stay_s']
        """
        centres = self.grid.centres(self.cells)
        return {
            "start": [self.begins(slot) for slot in self.slot.tolist()],
            "band": [self.grid.band_name(band) for band in self.band.tolist()],
            "lon_deg": centres[:, 0].tolist(),
            "lat_deg": centres[:, 1].tolist(),
            "column": self.cells[:, 0].tolist(),
            "row": self.cells[:, 1].tolist(),
            "flights": self.flights.tolist(),
            "stay_s": self.stay_s.tolist(),
        }
