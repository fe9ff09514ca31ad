"""When flights are filed and reported: in time, or too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from lowalt.flights import Submission
from lowalt.flights.plan import BEIJING
from lowalt.traffic.chance import Chance

Filing = Callable[[datetime, bool, Chance], Submission]
"""Files a flight that departs at a time, too late or not; what is late is not answered yet."""


def drone_filing(departure: datetime, late: bool, chance: Chance) -> Submission:
    """File before noon of the day before (decree 761, art. 26), and report an hour before.

    Who filed late has nothing approved to be ready for.
    """
    hour = chance.uniform(12.2, 17.0) if late else chance.uniform(8.5, 11.5)
    return Submission(
        submitted_at=_day_before(departure, hour),
        answered_at=None if late else _day_before(departure, chance.uniform(18.0, 20.0)),
        readiness_reported_at=None if late else departure - timedelta(minutes=chance.whole(65, 90)),
        take_off_confirmed=not late,
        periodic_filing_made=False,
    )


def helicopter_filing(departure: datetime, late: bool, chance: Chance) -> Submission:
    """File before 15:00 of the day before (decree 371, art. 16)."""
    hour = chance.uniform(15.2, 18.0) if late else chance.uniform(9.0, 14.5)
    return Submission(
        submitted_at=_day_before(departure, hour),
        answered_at=None if late else _day_before(departure, chance.uniform(18.0, 20.0)),
        take_off_confirmed=not late,
    )


def rescue_filing(departure: datetime, late: bool, chance: Chance) -> Submission:
    """File on the telephone before the rotors turn, or only once the helicopter is away."""
    minutes = chance.whole(3, 9)
    told_at = departure + timedelta(minutes=minutes if late else -minutes)
    return Submission(submitted_at=told_at, take_off_confirmed=not late)


def _day_before(departure: datetime, hour: float) -> datetime:
    midnight = datetime.combine(departure.date() - timedelta(days=1), time(), BEIJING)
    return midnight + timedelta(minutes=int(60.0 * hour))
