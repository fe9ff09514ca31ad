"""Hours of a zone in ED-318's ``limitedApplicability``, and back.

ED-318 gives clock times an offset and no time zone. Where that is not enough (summer time, hours
by daylight only), ``extendedProperties.time_zone`` says whose clock it is: a name of the IANA
database or an offset. Clock times are then those of that zone, whatever the season.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from lowalt.errors import InvalidInputError, naming, shown
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
    solar_zone,
)

_ANY_DAY = "ANY"
_PERIOD_KEYS = {"startDateTime", "endDateTime", "schedule"}
_DAILY_KEYS = {"day", "startTime", "startEvent", "endTime", "endEvent"}

TimeZone = ZoneInfo | timezone


# Writing


def write_hours(
    schedule: Schedule, *, where: str
) -> tuple[list[dict[str, Any]] | None, str | None]:
    """Write hours as ED-318 does.

    Returns
    -------
    periods
        ``limitedApplicability``; ``None`` for a permanent zone, which leaves it out.
    time_zone
        ``extendedProperties.time_zone``, where the periods do not say it all.

    Raises
    ------
    InvalidInputError
        If a time zone is needed and the weekly hours have several, or one without a name.
    """
    if schedule.windows is None:
        return None, None
    periods: list[dict[str, Any]] = [_dates(w.start, w.end) for w in schedule.windows]
    last: WeeklyHours | None = None
    for hours in schedule.weekly:
        # Neighbours of the same dates share a period.
        if last is not None and (last.start, last.end) == (hours.start, hours.end):
            periods[-1]["schedule"].append(_daily(hours))
        else:
            periods.append({**_dates(hours.start, hours.end), "schedule": [_daily(hours)]})
        last = hours
    return periods, _time_zone_text(schedule, where=where)


def _dates(start: datetime | None, end: datetime | None) -> dict[str, Any]:
    period = {}
    if start is not None and start > OPEN_START:
        period["startDateTime"] = start.isoformat()
    if end is not None and end < OPEN_END:
        period["endDateTime"] = end.isoformat()
    return period


def _daily(hours: WeeklyHours) -> dict[str, Any]:
    days = [_ANY_DAY] if hours.days is None else [d.value for d in Weekday if d in hours.days]
    daily: dict[str, Any] = {"day": days}
    for end, what in (("start", hours.opens), ("end", hours.closes)):
        if isinstance(what, DaylightEvent):
            daily[f"{end}Event"] = what.value
        else:
            offset = timezone(_offsets(hours.time_zone, near=hours.start)[0])
            daily[f"{end}Time"] = what.replace(tzinfo=offset, fold=0).isoformat()
    return daily


def _time_zone_text(schedule: Schedule, *, where: str) -> str | None:
    zones = {hours.time_zone for hours in schedule.weekly}
    if all(isinstance(h.time_zone, timezone) and _has_clock(h) for h in schedule.weekly):
        return None
    if len(zones) > 1:
        raise InvalidInputError(
            f"{where}: weekly hours in the time zones {', '.join(sorted(map(str, zones)))}: a file"
            " can name one only; give all hours in the zone's own"
        )
    (zone,) = zones
    if isinstance(zone, timezone):
        return datetime(2000, 1, 1, tzinfo=zone).isoformat()[19:]
    if zone.key is None:
        raise InvalidInputError(
            f"{where}: the time zone of its weekly hours has no name; make it with ZoneInfo(name)"
        )
    return zone.key


def keeps_one_offset(schedule: Schedule) -> bool:
    """Whether the clock times of weekly hours mean the same moments in summer and in winter.

    Where they do not, formats that give times with an offset and no time zone cannot say them.
    """
    return all(
        len({*_offsets(hours.time_zone, near=hours.start)}) == 1
        for hours in schedule.weekly
        if _has_clock(hours)
    )


def _has_clock(hours: WeeklyHours) -> bool:
    return isinstance(hours.opens, time) or isinstance(hours.closes, time)


def _offsets(zone: TimeZone, *, near: datetime | None) -> list[timedelta]:
    """Offsets of a zone in a January and the July after it."""
    year = 2000 if near is None else near.year
    seasons = (datetime(year, month, 1, tzinfo=zone) for month in (1, 7))
    return [moment.utcoffset() or timedelta(0) for moment in seasons]


# Reading


def read_hours(
    periods: Any,
    *,
    time_zone: Any,
    lon_deg: float,
    where: str,
    member: str = "limitedApplicability",
) -> Schedule:
    """Read hours as ED-318 writes them.

    Parameters
    ----------
    periods
        ``limitedApplicability``; ``None`` means always.
    time_zone
        ``extendedProperties.time_zone``, if it is stated.
    lon_deg
        Longitude of the zone, degrees. Hours by daylight that say nothing of a time zone are
        those of the sun's days there.
    where, member
        What to call the zone and the member in messages.

    Raises
    ------
    InvalidInputError
        If anything cannot be read; the message names the zone and the field.
    """
    if periods is None:
        return ALWAYS
    if not isinstance(periods, list):
        raise InvalidInputError(f"{where}: {member}: given {shown(periods)}, expected a list")
    stated = None if time_zone is None else _time_zone(time_zone, where=f"{where}: time_zone")
    windows: list[TimeInterval] = []
    weekly: list[WeeklyHours] = []
    for number, period in enumerate(periods):
        field = f"{where}: {member}[{number}]"
        _require_keys(period, _PERIOD_KEYS, where=field)
        start = _date(period, "startDateTime", open_in=OPEN_START.year, where=field)
        end = _date(period, "endDateTime", open_in=OPEN_END.year, where=field)
        if "schedule" not in period:
            with naming(field):
                windows.append(TimeInterval(start or OPEN_START, end or OPEN_END))
            continue
        for at, daily in _daily_records(period["schedule"], where=f"{field}.schedule"):
            weekly.append(_weekly(daily, start, end, stated=stated, lon_deg=lon_deg, where=at))
    return Schedule.of(windows, weekly=weekly)


def _date(period: Mapping[str, Any], key: str, *, open_in: int, where: str) -> datetime | None:
    if period.get(key) is None:
        return None
    moment = read_time(period[key], where=f"{where}.{key}")
    # Files write the first or last year of the calendar where there is no limit.
    return None if moment.year == open_in else moment


def _require_keys(record: Any, known: set[str], *, where: str) -> None:
    if not isinstance(record, Mapping) or record.keys() - known:
        raise InvalidInputError(
            f"{where}: given {shown(record)}, expected an object with {', '.join(sorted(known))}"
        )


def _daily_records(schedule: Any, *, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(schedule, list) or not schedule:
        raise InvalidInputError(
            f"{where}: given {shown(schedule)}, expected a weekly schedule, a list of one object or"
            " more"
        )
    for number, daily in enumerate(schedule):
        at = f"{where}[{number}]"
        _require_keys(daily, _DAILY_KEYS, where=at)
        yield at, daily


def _weekly(
    daily: Mapping[str, Any],
    start: datetime | None,
    end: datetime | None,
    *,
    stated: TimeZone | None,
    lon_deg: float,
    where: str,
) -> WeeklyHours:
    opens, opens_in = _hour(daily, "start", where=where)
    closes, closes_in = _hour(daily, "end", where=where)
    offsets = {offset for offset in (opens_in, closes_in) if offset is not None}
    if stated is not None:
        seasons = _offsets(stated, near=start)
        if not offsets <= set(seasons):
            raise InvalidInputError(
                f"{where}: its times have an offset that the stated time_zone {stated} does not;"
                " give them on that zone's clock, with an offset of that zone"
            )
    elif len(offsets) > 1:
        raise InvalidInputError(
            f"{where}: startTime and endTime have different offsets; give them the same, or state"
            " extendedProperties.time_zone"
        )
    zone: TimeZone = stated or _fallback(offsets, start, end, lon_deg=lon_deg)
    days = _days(daily, where=where)
    with naming(where):
        return WeeklyHours(opens, closes, zone, days=days, start=start, end=end)


def _fallback(
    offsets: set[timedelta], start: datetime | None, end: datetime | None, *, lon_deg: float
) -> timezone:
    for offset in (*offsets, *(limit.utcoffset() for limit in (start, end) if limit is not None)):
        if offset is not None:
            return timezone(offset)
    return solar_zone(lon_deg=lon_deg)


def _hour(
    daily: Mapping[str, Any], end: str, *, where: str
) -> tuple[time | DaylightEvent, timedelta | None]:
    """Read when hours open or close, and the offset of a clock time; unstated, it is midnight."""
    clock, event = daily.get(f"{end}Time"), daily.get(f"{end}Event")
    if clock is not None and event is not None:
        raise InvalidInputError(f"{where}: has both {end}Time and {end}Event; give one of them")
    if event is not None:
        if event not in tuple(DaylightEvent):
            raise InvalidInputError(
                f"{where}.{end}Event: given {shown(event)}, expected one of"
                f" {', '.join(DaylightEvent)}"
            )
        return DaylightEvent(event), None
    if clock is None:
        return time(0), None
    # As a closing time 24:00 is the midnight after, which is what 00:00 means there.
    is_text = isinstance(clock, str)
    text = "00:00" + clock[5:] if is_text and end == "end" and _ends_day(clock) else clock
    try:
        read = time.fromisoformat(text)
    except (TypeError, ValueError):
        read = None
    if read is None or read.utcoffset() is None:
        raise InvalidInputError(
            f"{where}.{end}Time: given {shown(clock)}, expected a clock time with its offset, such"
            " as 16:00:00+08:00"
        )
    return read.replace(tzinfo=None), read.utcoffset()


def _ends_day(clock: str) -> bool:
    digits = clock.partition("+")[0].partition("-")[0].removesuffix("Z")
    return digits.startswith("24:00") and not digits[5:].strip(":.0")


def _days(daily: Mapping[str, Any], *, where: str) -> frozenset[Weekday] | None:
    words = daily.get("day")
    known = (*Weekday, _ANY_DAY)
    if not isinstance(words, list) or not words or any(word not in known for word in words):
        raise InvalidInputError(
            f"{where}.day: given {shown(words)}, expected a list with one or more of"
            f" {', '.join(known)}"
        )
    return None if _ANY_DAY in words else frozenset(map(Weekday, words))


def _time_zone(name: Any, *, where: str) -> TimeZone:
    try:
        if name[:1] in ("+", "-"):
            offset = datetime.fromisoformat(f"2000-01-01T00:00:00{name}").utcoffset()
            return timezone(offset or timedelta(0))
        return ZoneInfo(name)
    except (KeyError, OSError, TypeError, ValueError):
        raise InvalidInputError(
            f"{where}: given {shown(name)}, expected an IANA name such as Asia/Hong_Kong or an"
            " offset such as +08:00"
        ) from None
