"""Encounters of flights with zones, singly and as a table of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.airspace import Containment, Zone
from lowalt.data_frames import data_frame, geo_data_frame
from lowalt.flights.plan import BEIJING
from lowalt.paths import IntArray, epoch_us
from lowalt.situation.columns import Columns
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray
from lowalt.truth import Truth

Moments = NDArray[np.datetime64]
Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay of the flight's airspace in one active zone.

    Attributes
    ----------
    zone
        The zone.
    containment
        ``INSIDE``, or ``WITHIN_TOLERANCE`` where it only touches the zone or comes nearer to its
        boundary than that is known.
    exists
        Whether the stay is certain; touching counts as being inside.
    period
        Entry and exit.
    lon_deg, lat_deg
        Where it is entered, on the centre line.
    binds_micro
        Whether the stay meets the part of the zone that binds micro UAV; true where the zone has
        no part of its own for them.
    """

    zone: Zone
    containment: Containment
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float
    binds_micro: Truth


@dataclass(frozen=True, slots=True)
class EncounterTable(Columns):
    """Encounters of many flights, one a row, ``(N,)`` each.

    Attributes
    ----------
    plan
        Number of the plan.
    zone
        ``Zone``.
    containment, exists, binds_micro
        ``Containment`` and ``Truth``, as in :class:`Encounter`.
    entered, left
        Entry and exit in UTC, ``datetime64[us]``.
    lon_deg, lat_deg
        Where the zone is entered.
    """

    plan: IntArray
    zone: Objects
    containment: Objects
    exists: Objects
    binds_micro: Objects
    entered: Moments
    left: Moments
    lon_deg: FloatArray
    lat_deg: FloatArray

    @classmethod
    def of(cls, number: int, encounters: Sequence[Encounter]) -> EncounterTable:
        """Tabulate the encounters of one plan."""
        return cls(
            plan=np.full(len(encounters), number, dtype=np.int64),
            zone=np.array([e.zone for e in encounters], dtype=np.object_),
            containment=np.array([e.containment for e in encounters], dtype=np.object_),
            exists=np.array([e.exists for e in encounters], dtype=np.object_),
            binds_micro=np.array([e.binds_micro for e in encounters], dtype=np.object_),
            entered=moments([epoch_us(e.period.start) for e in encounters]),
            left=moments([epoch_us(e.period.end) for e in encounters]),
            lon_deg=np.array([e.lon_deg for e in encounters], dtype=np.float64),
            lat_deg=np.array([e.lat_deg for e in encounters], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.plan)

    def in_order(self) -> EncounterTable:
        """Sort the rows by plan, time of entry and identifier of the zone."""
        identifiers = np.array([zone.identifier for zone in self.zone], dtype=np.str_)
        return self.rows(np.lexsort((identifiers, self.entered, self.plan)))

    def of_plan(self, number: int) -> tuple[Encounter, ...]:
        """Return the encounters of one plan, in the order of the table."""
        return tuple(self.rows(self.plan == number))

    def columns(self) -> dict[str, Any]:
        """Write the table out, one value a row, for a data frame or a file.

        ``plan`` is the number of the plan; zones are named by identifier, and what is certain or
        not by its word.
        """
        return {
            "plan": self.plan,
            "zone": [zone.identifier for zone in self.zone],
            "containment": [containment.name.lower() for containment in self.containment],
            "exists": [truth.name.lower() for truth in self.exists],
            "binds_micro": [truth.name.lower() for truth in self.binds_micro],
            "entered": self.entered,
            "left": self.left,
            "lon_deg": self.lon_deg,
            "lat_deg": self.lat_deg,
        }

    def to_pandas(self) -> Any:
        """Give the table as a data frame.

        Returns
        -------
        pandas.DataFrame
            The columns of :meth:`columns`; times in UTC.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return data_frame(self.columns())

    def to_geopandas(self) -> Any:
        """Give the table as a data frame with the place where each zone is entered.

        Returns
        -------
        geopandas.GeoDataFrame
            As :meth:`to_pandas`, with a point, WGS 84.

        Raises
        ------
        MissingExtraError
            If geopandas is not installed.
        """
        return geo_data_frame(self.columns(), lon_deg=self.lon_deg, lat_deg=self.lat_deg)

    def __iter__(self) -> Iterator[Encounter]:
        """Go through the encounters of all plans."""
        # numpy knows no time zones.
        ahead = np.timedelta64(BEIJING.utcoffset(None), "us")
        entered, left = (
            [t.replace(tzinfo=BEIJING) for t in (times + ahead).tolist()]
            for times in (self.entered, self.left)
        )
        rows = zip(
            *(column.tolist() for column in (self.zone, self.containment, self.exists)),
            map(TimeInterval, entered, left),
            *(column.tolist() for column in (self.lon_deg, self.lat_deg, self.binds_micro)),
            strict=True,
        )
        return starmap(Encounter, rows)


def moments(epoch_us: Sequence[int] | IntArray) -> Moments:
    """Bring microseconds since 1970 to times of numpy."""
    return np.asarray(epoch_us, dtype=np.int64).astype("datetime64[us]")
