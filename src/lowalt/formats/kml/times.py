"""Times of KML: when a feature is to be shown, read as when it is active."""

from __future__ import annotations

import re
from datetime import MAXYEAR, datetime, timedelta, timezone
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.errors import InvalidInputError
from lowalt.temporal import ALWAYS, OPEN_END, OPEN_START, Schedule, TimeInterval

# A day without a time zone begins first on Kiritimati, and ends last on Baker Island.
_FIRST: Final = timezone(timedelta(hours=14))
_LAST: Final = timezone(timedelta(hours=-12))

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def schedule_of(feature: Element, *, namespace: str) -> tuple[Schedule, str]:
    """Read when a placemark, a folder or a document is active.

    Returns
    -------
    schedule
        Always, if it does not say.
    how
        What had to be read more widely than it says, if anything.

    Raises
    ------
    InvalidInputError
        If a time cannot be read, or the span ends before it begins.
    """
    if feature.find(f"{namespace}TimeStamp") is not None:
        return ALWAYS, "a single moment: read as always active"
    span = feature.find(f"{namespace}TimeSpan")
    if span is None:
        return ALWAYS, ""
    begin, end = ((span.findtext(f"{namespace}{tag}") or "").strip() for tag in ("begin", "end"))
    if not begin and not end:
        return ALWAYS, ""
    start, start_is_exact = _moment(begin, is_end=False)
    stop, stop_is_exact = _moment(end, is_end=True)
    exact = start_is_exact and stop_is_exact
    how = "" if exact else "without a time zone: read as the longest time that it can mean"
    return Schedule.of([TimeInterval(start, stop)]), how


def _moment(text: str, *, is_end: bool) -> tuple[datetime, bool]:
    """Read a time, and tell whether it says all that a time needs."""
    if not text:
        return (OPEN_END if is_end else OPEN_START), True
    try:
        date = _DATE.fullmatch(text)
        read = _edge(*date.groups(), is_end=is_end) if date else datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(
            f"{'end' if is_end else 'begin'}: given {text[:40]!r}, expected a date such as"
            " 2025-11-02 or a time such as 2025-11-02T00:00:00+08:00"
        ) from None
    is_exact = read.utcoffset() is not None
    if not is_exact:
        read = read.replace(tzinfo=_LAST if is_end else _FIRST)
    if not 1 < read.year < MAXYEAR:
        read = OPEN_START if read.year == 1 else OPEN_END
    return read, is_exact


def _edge(year: str, month: str | None, day: str | None, *, is_end: bool) -> datetime:
    """First moment of a year, a month or a day, or the first after it."""
    first = datetime(int(year), int(month or 1), int(day or 1))  # noqa: DTZ001  # it has none
    if not is_end or first.year == MAXYEAR:
        return first
    if day:
        return first + timedelta(days=1)
    if month and first.month < 12:
        return first.replace(month=first.month + 1)
    return first.replace(year=first.year + 1, month=1)
