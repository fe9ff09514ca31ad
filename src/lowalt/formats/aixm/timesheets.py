"""Times of AIXM: when a baseline holds, and at what hours its airspace is active.

Time sheets say more than weekly hours can hold: holidays, days of the year, summer time, offsets
from sunrise. Where one does, it is read as hours that cover its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, time, timedelta, timezone
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.errors import InvalidInputError
from lowalt.formats.aixm.elements import child, children, text_of
from lowalt.temporal import (
    ALWAYS,
    OPEN_END,
    OPEN_START,
    DaylightEvent,
    Schedule,
    TimeInterval,
    Weekday,
    WeeklyHours,
    read_time,
)

_REFERENCE = re.compile(r"UTC([+-]\d{1,2})?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_MIDNIGHT: Final = time(0)
_EVENTS: Final = {"SR": DaylightEvent.SR, "SS": DaylightEvent.SS}


@dataclass(frozen=True, slots=True)
class Validity:
    """When a time slice holds; ``None`` where it has no limit."""

    start: datetime | None = None
    end: datetime | None = None

    @property
    def always(self) -> Schedule:
        """Every moment of it."""
        if self.start is None and self.end is None:
            return ALWAYS
        return Schedule.of([TimeInterval(self.start or OPEN_START, self.end or OPEN_END)])


def validity_of(time_slice: Element) -> Validity:
    """Read when a time slice holds.

    Raises
    ------
    InvalidInputError
        If a time cannot be read.
    """
    period = child(time_slice, "validTime", "TimePeriod")
    if period is None:
        return Validity()
    return Validity(_moment(period, "beginPosition"), _moment(period, "endPosition"))


def _moment(period: Element, name: str) -> datetime | None:
    text = text_of(period, name)
    if not text:
        return None
    moment = read_time(text, where=name)
    # Years at the edge of the calendar stand for no limit.
    return moment if 1 < moment.year < MAXYEAR else None


def schedule_of(time_slice: Element) -> tuple[Schedule, list[str]]:
    """Read when an airspace is active.

    Returns
    -------
    schedule
        Hours that cover all those in which it is, or may be, active.
    hows
        What had to be read more widely than it says.

    Raises
    ------
    InvalidInputError
        If a time cannot be read.
    """
    validity = validity_of(time_slice)
    weekly: list[WeeklyHours] = []
    hows: list[str] = []
    activations = list(children(time_slice, "activation", "AirspaceActivation"))
    is_always = not activations
    for activation in activations:
        status = text_of(activation, "status")
        sheets = list(children(activation, "timeInterval", "Timesheet"))
        if status == "INACTIVE":
            hows.append("times at which it is not active are left out")
            continue
        if not sheets:
            is_always = True
            if status != "ACTIVE":
                hows.append(f"{status or 'activation without status'}: read as always active")
        if child(activation, "levels") is not None:
            hows.append("levels of a single activity are left out")
        for sheet in sheets:
            found = _hours(sheet, validity, hows)
            is_always = is_always or found is None
            weekly += found or []
    if is_always or not weekly:
        # Only times of rest were stated; of the others nothing is known.
        return validity.always, hows
    return Schedule(weekly=tuple(weekly)), hows


def _hours(sheet: Element, validity: Validity, hows: list[str]) -> list[WeeklyHours] | None:
    """Read a time sheet as hours that cover its own; ``None`` for all hours."""
    if text_of(sheet, "excluded") == "YES":
        hows.append("excluded times are not taken out")
        return []
    if text_of(sheet, "startDate") or text_of(sheet, "endDate"):
        hows.append("days of the year: read as every day of it")
    opens, closes = _edge(sheet, "start"), _edge(sheet, "end")
    day = text_of(sheet, "day") or "ANY"
    is_weekday = day in tuple(Weekday)
    if opens == closes == _MIDNIGHT and not is_weekday:
        return None
    reason = _why_not_weekly(sheet, day)
    if reason:
        hows.append(f"{reason}: read as active at all hours")
        return None
    if not is_weekday and day != "ANY":
        hows.append(f"day {day[:20]}: read as every day")
    days = frozenset({Weekday(day)}) if is_weekday else None
    zone = _time_zone(sheet)
    return [WeeklyHours(opens, closes, zone, days=days, start=validity.start, end=validity.end)]


def _why_not_weekly(sheet: Element, day: str) -> str:
    """Say what of a time sheet weekly hours cannot hold."""
    until = text_of(sheet, "dayTil")
    if until and until != day:
        return f"from {day[:20]} to {until[:20]}"
    if not _REFERENCE.fullmatch(text_of(sheet, "timeReference")):
        return "hours without a time zone"
    if text_of(sheet, "daylightSavingAdjust") == "YES":
        return "hours that move with summer time"
    for end in ("start", "end"):
        event = text_of(sheet, f"{end}Event")
        if event and event not in _EVENTS:
            return f"event {event[:20]}"
        if event and text_of(sheet, f"{end}Time"):
            return "the earlier or later of a time and an event"
        if text_of(sheet, f"{end}TimeRelativeEvent").strip("+-0."):
            return "hours some time from an event"
    return ""


def _edge(sheet: Element, end: str) -> time | DaylightEvent:
    event, clock = text_of(sheet, f"{end}Event"), text_of(sheet, f"{end}Time")
    if event in _EVENTS:
        return _EVENTS[event]
    if not clock:
        return _MIDNIGHT
    found = _CLOCK.fullmatch(clock)
    is_end_of_day = end == "end" and clock == "24:00"
    if found is None or (found[1] == "24" and not is_end_of_day):
        raise InvalidInputError(f"{end}Time: given {clock[:20]!r}, expected hours such as 07:30")
    return _MIDNIGHT if is_end_of_day else time(int(found[1]), int(found[2]))


def _time_zone(sheet: Element) -> timezone:
    hours = int(text_of(sheet, "timeReference").removeprefix("UTC") or 0)
    if abs(hours) > 14:
        raise InvalidInputError(f"timeReference: UTC{hours:+d}: expected at most 14 hours")
    return timezone(timedelta(hours=hours))
