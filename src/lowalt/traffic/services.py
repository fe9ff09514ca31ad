"""How much of each service a day sees: published yearly figures, and assumptions marked as such."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from lowalt.errors import InvalidInputError, Problem, shown

_DAYS_OF_2024 = 366.0

_SHARES = ("inspection_share", "filed_late", "paper_missing", "strays")


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Flights of an ordinary day by service, and the share of them with something wrong.

    Parameters
    ----------
    blood_flights
        Blood drones, flights a day: 7,070 in 2024 over 16 routes (Shenzhen Daily, 2025-01-09).
    uav_flights
        Commercial unmanned flights a day: 776,000 in 2024 (landing-site plan of Shenzhen for 2026
        to 2035, published 2025-10-30). Most are delivery.
    inspection_share
        How much of them is inspection. Assumed.
    patrol_flights
        Patrols by public bodies, flights a day: one from each of the 178 governance sites of the
        end of 2024 (same plan). That each sends one is assumed.
    marine_patrols, forest_patrols
        Patrols along the coast by customs, and of the hills by emergency management, flights a
        day. Assumed.
    helicopter_flights
        Helicopter flights a day, the shuttles across the boundary included: 28,000 movements in
        2024 (same plan), each counted here as one flight.
    shuttle_flights
        How many of them cross to Hong Kong or Macao. Assumed: the services are charters.
    rescue_calls
        Air-120 calls a day. Assumed.
    fire_calls
        Forest fires a day to which a helicopter is called. Assumed.
    filed_late, paper_missing, strays
        Shares of the flights that were filed too late, lack a paper, or are planned beside what
        their approval covers. Assumed; a flight has at most one such fault.

    Examples
    --------
    >>> round(Services().blood_flights, 1), round(Services().uav_flights)
    (19.3, 2120)
    """

    blood_flights: float = 7_070 / _DAYS_OF_2024
    uav_flights: float = 776_000 / _DAYS_OF_2024
    inspection_share: float = 0.03
    patrol_flights: float = 178.0
    marine_patrols: float = 6.0
    forest_patrols: float = 6.0
    helicopter_flights: float = 28_000 / _DAYS_OF_2024
    shuttle_flights: float = 12.0
    rescue_calls: float = 2.0
    fire_calls: float = 0.3
    filed_late: float = 0.02
    paper_missing: float = 0.01
    strays: float = 0.01

    def __post_init__(self) -> None:
        problems = [
            Problem(name, shown(value), "a share from 0 to 1" if name in _SHARES else "0 or more")
            for name in (f.name for f in fields(self))
            if not _is_so_much(value := getattr(self, name), most=1.0 if name in _SHARES else None)
        ]
        if not problems and self.filed_late + self.paper_missing + self.strays > 1.0:
            wrong = self.filed_late + self.paper_missing + self.strays
            problems = [Problem("filed_late", f"{wrong:g} with the other two", "1 at most")]
        if problems:
            raise InvalidInputError("services of a day", problems=problems)

    @property
    def inspection_flights(self) -> float:
        """Commercial unmanned flights a day that inspect."""
        return self.uav_flights * self.inspection_share

    @property
    def delivery_flights(self) -> float:
        """Commercial unmanned flights a day that deliver."""
        return self.uav_flights - self.inspection_flights

    @property
    def city_helicopter_flights(self) -> float:
        """Helicopter flights a day that stay in Shenzhen, rescue apart."""
        return max(0.0, self.helicopter_flights - self.shuttle_flights)

    @property
    def flights(self) -> float:
        """Flights that an ordinary day is expected to see."""
        return (
            self.blood_flights
            + self.uav_flights
            + self.patrol_flights
            + self.marine_patrols
            + self.forest_patrols
            + self.city_helicopter_flights
            + self.shuttle_flights
            + self.rescue_calls
            + self.fire_calls
        )


def _is_so_much(value: object, *, most: float | None) -> bool:
    """Whether it is a finite number of 0 or more, and not more than the most."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    return bool(math.isfinite(value) and value >= 0.0 and (most is None or value <= most))


ORDINARY = Services()
"""The day that the published figures give."""
