"""Orders of public tasks: who gave a task to the operator, and when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lowalt.flights import TaskOrder
from lowalt.flights.plan import BEIJING
from lowalt.terms import MissionKind, OrderingBody

_STANDING_AT = time(8)
"""When the tasks of the next day are given out, before anything is filed for it; assumed."""


def order(
    by: OrderingBody, issuer: str, mission: MissionKind, *, number: str, at: datetime
) -> TaskOrder:
    """Order a task at a moment."""
    return TaskOrder(
        held=True,
        issued_by=by,
        issuer_name=issuer,
        number=f"EXAMPLE-ORDER-{number}",
        issued_at=at,
        mission=mission,
    )


def order_of_the_day(
    by: OrderingBody, issuer: str, mission: MissionKind, *, number: str, on: date
) -> TaskOrder:
    """Order the flights of a day, on the morning before."""
    at = datetime.combine(on, _STANDING_AT, BEIJING) - timedelta(days=1)
    return order(by, issuer, mission, number=number, at=at)
