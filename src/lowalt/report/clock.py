"""Times of day as reports write them, each in the zone that it is given in."""

from __future__ import annotations

from datetime import datetime, timedelta


def clock(moment: datetime) -> str:
    """Write a moment to the minute.

    >>> from zoneinfo import ZoneInfo
    >>> midnight = datetime(2026, 5, 27, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> clock(midnight), latest(midnight), offset(midnight)
    ('2026-05-27 00:00', '2026-05-26 24:00', 'UTC+8')
    """
    return f"{moment:%Y-%m-%d %H:%M}"


def latest(moment: datetime) -> str:
    """Write a moment that ends what comes before it: what lasts to midnight ends on its day."""
    if moment.hour == moment.minute == moment.second == 0:
        return f"{moment - timedelta(days=1):%Y-%m-%d} 24:00"
    return clock(moment)


def offset(moment: datetime) -> str:
    """Write the offset of a moment from UTC, such as ``UTC+8``."""
    hours = (moment.utcoffset() or timedelta()) / timedelta(hours=1)
    return f"UTC{hours:+g}"
