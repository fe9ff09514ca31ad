"""Times: half-open intervals and the hours of a zone, by date, by week and by daylight.

Every time carries its zone; there is no clock in here, "now" is always an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from lowalt.errors import InvalidInputError, NaiveDatetimeError


def require_aware(value: datetime, *, field: str) -> datetime:
    """Return the time unchanged, or refuse it if it has no time zone.

    Raises
    ------
    NaiveDatetimeError
        If the time is naive; the message names the field.

    Examples
    --------
    >>> require_aware(datetime(2026, 3, 1, 9), field="submitted_at")
    Traceback (most recent call last):
    ...
    lowalt.errors.NaiveDatetimeError: submitted_at: 2026-03-01T09:00:00 has no time zone; ...
    """
    if value.utcoffset() is None:
        raise NaiveDatetimeError(
            f"{field}: {value.isoformat()} has no time zone; write it with an offset, such as"
            f" {value.isoformat()}+08:00"
        )
    return value


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_ms(value: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z, exactly.

    Examples
    --------
    >>> epoch_ms(datetime(1970, 1, 2, tzinfo=UTC))
    86400000
    """
    return (require_aware(value, field="time") - _EPOCH) // timedelta(milliseconds=1)


def from_epoch_ms(instant_ms: int) -> datetime:
    """Return the time of so many milliseconds since 1970-01-01T00:00Z, in UTC.

    Examples
    --------
    >>> from_epoch_ms(86_400_000).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return _EPOCH + timedelta(milliseconds=instant_ms)


@dataclass(frozen=True, slots=True)
class TimeInterval:
    """A half-open interval of time ``[start, end)``, both with a time zone."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        require_aware(self.start, field="start")
        require_aware(self.end, field="end")
        if self.end < self.start:
            raise InvalidInputError(
                f"interval from {self.start.isoformat()} to {self.end.isoformat()}: it ends before"
                " it starts"
            )

    def overlaps(self, other: TimeInterval) -> bool:
        """Whether the two share a moment; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def intersection(self, other: TimeInterval) -> TimeInterval | None:
        """Return the part both have, or ``None``."""
        if not self.overlaps(other):
            return None
        return TimeInterval(max(self.start, other.start), min(self.end, other.end))

    def covers(self, other: TimeInterval) -> bool:
        """Whether the other lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end


class Weekday(StrEnum):
    """Days of the week, in ED-318's words."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"

    @classmethod
    def of(cls, day: date) -> Weekday:
        """Return the day of the week of a date."""
        return tuple(cls)[day.weekday()]


class DaylightEvent(StrEnum):
    """What the sun does in the course of a day, in ED-318's words."""

    BMCT = "BMCT"
    """Begin of morning civil twilight: the sun's centre 6 degrees below the horizon."""

    SR = "SR"
    """Sunrise."""

    SS = "SS"
    """Sunset."""

    EECT = "EECT"
    """End of evening civil twilight."""


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours that come back every day, or on some days of the week.

    Parameters
    ----------
    opens, closes
        Local clock times without a zone, or events of daylight. Hours that close at or before
        the time they open run on into the next day; ``time(0)`` as closing time is 24:00.
    time_zone
        Whose clock it is. A time the clock skips is the moment of the change; where a time comes
        twice, hours open at its first and close at its second occurrence.
    days
        Days on which they open; ``None`` means every day. What runs past midnight belongs to
        the day on which it opened.
    start, end
        When the pattern begins and lapses, half-open; hours under way are cut there.

    Raises
    ------
    NaiveDatetimeError
        If ``start`` or ``end`` has no time zone.
    InvalidInputError
        If a clock time has one, ``days`` is empty, or ``start`` and ``end`` make no interval.

    Examples
    --------
    >>> beijing = timezone(timedelta(hours=8))
    >>> night = WeeklyHours(time(22), time(6), beijing, days=frozenset({Weekday.FRI}))
    >>> july = datetime(2026, 7, 31, tzinfo=beijing)  # a Friday
    >>> (found,) = night.active_within(TimeInterval(july, july + timedelta(days=7)))
    >>> print(found.start, found.end)
    2026-07-31 22:00:00+08:00 2026-08-01 06:00:00+08:00
    """

    opens: time | DaylightEvent
    closes: time | DaylightEvent
    time_zone: ZoneInfo | timezone
    days: frozenset[Weekday] | None = None
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        for name, clock in (("opens", self.opens), ("closes", self.closes)):
            if isinstance(clock, time) and clock.tzinfo is not None:
                raise InvalidInputError(
                    f"{name}: {clock.isoformat()} has an offset of its own; give the local clock"
                    " time, and its zone as time_zone"
                )
        if self.days is not None and not self.days:
            raise InvalidInputError(
                "days: there are none; name one at least, or None for every day"
            )
        for name, limit in (("start", self.start), ("end", self.end)):
            if limit is not None and not 1 < require_aware(limit, field=name).year < MAXYEAR:
                raise InvalidInputError(
                    f"{name}: {limit.isoformat()} is at the edge of the calendar; write None where"
                    " the pattern has no limit"
                )
        if self.start is not None and self.end is not None and self.end < self.start:
            raise InvalidInputError(
                f"hours from {self.start.isoformat()} to {self.end.isoformat()}: they end before"
                " they start"
            )

    @property
    def follows_the_sun(self) -> bool:
        """Whether the hours depend on the place."""
        return isinstance(self.opens, DaylightEvent) or isinstance(self.closes, DaylightEvent)

    def active_within(
        self, interval: TimeInterval, *, lon_deg: float | None = None, lat_deg: float | None = None
    ) -> tuple[TimeInterval, ...]:
        """Return the hours within an interval, joined where they meet, in order.

        Parameters
        ----------
        interval
            When. The answer is in the offset of its start.
        lon_deg, lat_deg
            The place, degrees; needed for events of daylight only.

        Raises
        ------
        InvalidInputError
            If the hours follow the sun and there is no place, or no such event at the place.
        """
        asked = self._in_force(interval)
        if asked is None:
            return ()
        sun = _Sun.at(lon_deg=lon_deg, lat_deg=lat_deg) if self.follows_the_sun else None
        # The first of these days reaches into the interval past midnight, or because the sun's
        # day is not the zone's; the calendar itself has a first and a last day.
        first = asked.start.astimezone(self.time_zone).toordinal() - 2
        last = asked.end.astimezone(self.time_zone).toordinal() + 1
        days = map(date.fromordinal, range(max(first, 2), min(last, _LAST_DAY) + 1))
        windows = (
            self._window(day, sun=sun)
            for day in days
            if self.days is None or Weekday.of(day) in self.days
        )
        parts = (window.intersection(asked) for window in windows if window is not None)
        offset = asked.start.tzinfo
        return tuple(
            TimeInterval(part.start.astimezone(offset), part.end.astimezone(offset))
            for part in _joined(part for part in parts if part is not None)
        )

    def first_start(
        self, *, lon_deg: float | None = None, lat_deg: float | None = None
    ) -> datetime | None:
        """Return when the pattern first opens; ``None`` if it never does or always did."""
        if self.start is None:
            return None
        # A day of the week comes back within 7; a clock change can skip it once.
        fortnight = TimeInterval(self.start, self.start + timedelta(days=15))
        found = self.active_within(fortnight, lon_deg=lon_deg, lat_deg=lat_deg)
        return found[0].start if found else None

    def _in_force(self, interval: TimeInterval) -> TimeInterval | None:
        """Cut an interval to the pattern's own, in a fixed offset.

        Python compares two times of one ZoneInfo by their clock faces, wrongly where a time comes
        twice; fixed offsets are compared as moments.
        """
        fixed = timezone(interval.start.utcoffset() or timedelta(0))
        start, end = interval.start.astimezone(fixed), interval.end.astimezone(fixed)
        if self.start is not None:
            start = max(start, self.start.astimezone(fixed))
        if self.end is not None:
            end = min(end, self.end.astimezone(fixed))
        return TimeInterval(start, end) if start <= end else None

    def _window(self, day: date, *, sun: _Sun | None) -> TimeInterval | None:
        """Return the hours that open on a day, in UTC; ``None`` if the clock skips them."""
        opens = self._moment(self.opens, day, opening=True, sun=sun)
        closes = self._moment(self.closes, day, opening=False, sun=sun)
        if isinstance(self.opens, time) and isinstance(self.closes, time):
            runs_over = self.closes <= self.opens
        else:
            runs_over = closes <= opens
        if runs_over:
            closes = self._moment(self.closes, day + timedelta(days=1), opening=False, sun=sun)
        return TimeInterval(opens, closes) if opens < closes else None

    def _moment(
        self, what: time | DaylightEvent, day: date, *, opening: bool, sun: _Sun | None
    ) -> datetime:
        if isinstance(what, time):
            return _clock_moment(datetime.combine(day, what, tzinfo=self.time_zone), first=opening)
        assert sun is not None
        # The sun's day is that of the place, even where the zone's clock is far from it.
        return sun.moment(what, datetime.combine(day, time(12), tzinfo=self.time_zone))


_LAST_DAY: Final = date.max.toordinal() - 2


def _clock_moment(wall: datetime, *, first: bool) -> datetime:
    """Return the moment, in UTC, at which a clock shows a time; of two, the first or second."""
    early, late = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if early <= late:
        return early if first else late
    # The clock skips the time; the change lies between what the old and new offset make of it.
    before, after = late, early
    zone = wall.tzinfo
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > timedelta.resolution:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def _joined(windows: Iterable[TimeInterval]) -> tuple[TimeInterval, ...]:
    """Sort windows and join those that overlap or touch."""
    joined: list[TimeInterval] = []
    for window in sorted(windows, key=lambda w: w.start):
        if joined and window.start <= joined[-1].end:
            joined[-1] = TimeInterval(joined[-1].start, max(joined[-1].end, window.end))
        else:
            joined.append(window)
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a zone is active: always, in dated windows, in weekly hours, or in both of these.

    Parameters
    ----------
    windows
        Sorted, disjoint dated windows; ``None`` means always. Beside weekly hours ``None`` is
        read as no windows, so that a schedule is permanent exactly when ``windows is None``.
    weekly
        Hours that come back.

    Examples
    --------
    >>> beijing = timezone(timedelta(hours=8))
    >>> weekend = frozenset({Weekday.FRI, Weekday.SAT, Weekday.SUN})
    >>> hours = Schedule(weekly=(WeeklyHours(time(16), time(23), beijing, days=weekend),))
    >>> thursday = datetime(2026, 7, 2, tzinfo=beijing)
    >>> for window in hours.active_within(TimeInterval(thursday, thursday + timedelta(days=3))):
    ...     print(window.start, window.end.time())
    2026-07-03 16:00:00+08:00 23:00:00
    2026-07-04 16:00:00+08:00 23:00:00
    """

    windows: tuple[TimeInterval, ...] | None = None
    weekly: tuple[WeeklyHours, ...] = ()

    def __post_init__(self) -> None:
        if self.weekly and self.windows is None:
            object.__setattr__(self, "windows", ())

    @classmethod
    def of(
        cls, windows: Iterable[TimeInterval] = (), *, weekly: Iterable[WeeklyHours] = ()
    ) -> Schedule:
        """Build a schedule from windows in any order, joining those that touch."""
        return cls(_joined(windows), tuple(weekly))

    def active_within(
        self, interval: TimeInterval, *, lon_deg: float | None = None, lat_deg: float | None = None
    ) -> Sequence[TimeInterval]:
        """Return the parts of an interval in which the schedule is active, in order.

        Parameters
        ----------
        interval
            When.
        lon_deg, lat_deg
            The place, degrees; needed only where hours follow the sun.

        Raises
        ------
        InvalidInputError
            If hours follow the sun and there is no place, or no such event at the place.
        """
        if self.windows is None:
            return (interval,)
        dated = (window.intersection(interval) for window in self.windows)
        found = tuple(part for part in dated if part is not None)
        if not self.weekly:
            return found
        weekly = (
            part
            for hours in self.weekly
            for part in hours.active_within(interval, lon_deg=lon_deg, lat_deg=lat_deg)
        )
        return _joined((*found, *weekly))

    def first_start(
        self, *, lon_deg: float | None = None, lat_deg: float | None = None
    ) -> datetime | None:
        """Return when the schedule is active for the first time.

        ``None`` if it always is, never is, or holds weekly hours without a ``start``.
        """
        if any(hours.start is None for hours in self.weekly):
            return None
        starts = [window.start for window in self.windows or ()]
        for hours in self.weekly:
            start = hours.first_start(lon_deg=lon_deg, lat_deg=lat_deg)
            if start is not None:
                starts.append(start)
        return min(starts, default=None)


ALWAYS = Schedule()


def solar_zone(*, lon_deg: float) -> timezone:
    """Return the whole-hour offset nearest to the sun's time; dawn and dusk fall on one date."""
    return timezone(timedelta(hours=round(lon_deg / 15.0)))


@dataclass(frozen=True, slots=True)
class _Sun:
    """The sun as seen from a place."""

    lon_deg: float
    lat_deg: float

    @classmethod
    def at(cls, *, lon_deg: float | None, lat_deg: float | None) -> _Sun:
        if lon_deg is None or lat_deg is None:
            raise InvalidInputError(
                "hours that follow the sun depend on the place: give lon_deg and lat_deg, degrees"
            )
        return cls(lon_deg, lat_deg)

    def moment(self, event: DaylightEvent, noon: datetime) -> datetime:
        """Return when an event happens, in UTC, on the sun's day in which a moment falls."""
        solar = solar_zone(lon_deg=self.lon_deg)
        return self.event(event, noon.astimezone(solar).date(), solar)

    def event(self, event: DaylightEvent, day: date, solar: timezone) -> datetime:
        """Return when an event happens, in UTC, on a day of the sun's."""
        # Loaded only when asked: most of what lowalt does needs no sun.
        from astral import Observer  # noqa: PLC0415
        from astral.sun import dawn, dusk, sunrise, sunset  # noqa: PLC0415

        moments: dict[DaylightEvent, Callable[..., datetime]] = {
            DaylightEvent.BMCT: dawn,
            DaylightEvent.SR: sunrise,
            DaylightEvent.SS: sunset,
            DaylightEvent.EECT: dusk,
        }
        place = Observer(latitude=self.lat_deg, longitude=self.lon_deg)
        try:
            return moments[event](place, date=day, tzinfo=solar).astimezone(UTC)
        except ValueError as error:
            raise InvalidInputError(
                f"{event.value} on {day} at longitude {self.lon_deg:g}, latitude"
                f" {self.lat_deg:g}: {error}; hours there need clock times"
            ) from None


def overlaps_night(period: TimeInterval, *, lon_deg: float, lat_deg: float) -> bool:
    """Whether any part of a period lies between sunset and sunrise at a place.

    Parameters
    ----------
    period
        The period.
    lon_deg, lat_deg
        The place, degrees, outside the polar circles.

    Examples
    --------
    >>> beijing = timezone(timedelta(hours=8))
    >>> dusk = [datetime(2026, 6, 9, 19, minute, tzinfo=beijing) for minute in (0, 5, 10)]
    >>> overlaps_night(TimeInterval(dusk[0], dusk[1]), lon_deg=114.1, lat_deg=22.6)
    False
    >>> overlaps_night(TimeInterval(dusk[0], dusk[2]), lon_deg=114.1, lat_deg=22.6)
    True
    """
    solar = solar_zone(lon_deg=lon_deg)
    day = period.start.astimezone(solar).date()
    nearby = _light_nearby(round(lon_deg, 1), round(lat_deg, 1), day, solar)
    if nearby is not None:
        if nearby.start + _NEARBY <= period.start and period.end <= nearby.end - _NEARBY:
            return False
        if period.start < nearby.start - _NEARBY or nearby.end + _NEARBY < period.end:
            return True
    return not _light(lon_deg, lat_deg, day, solar).covers(period)


def _light(lon_deg: float, lat_deg: float, day: date, solar: timezone) -> TimeInterval:
    """From sunrise to sunset of one of the sun's days at a place."""
    sun = _Sun(lon_deg, lat_deg)
    return TimeInterval(
        sun.event(DaylightEvent.SR, day, solar), sun.event(DaylightEvent.SS, day, solar)
    )


_STEADY_LAT_DEG = 60.0
_NEARBY = timedelta(minutes=5)
"""By less than this sunrise and sunset differ between a place and the nearest one of whole tenths
of a degree, up to that latitude: by 12 seconds for the longitude, and for the latitude by half a
minute even there at midsummer, where a degree makes 10.5 minutes."""


@lru_cache(maxsize=1024)
def _light_nearby(
    lon_deg: float, lat_deg: float, day: date, solar: timezone
) -> TimeInterval | None:
    """Light at a place that stands for those around it; ``None`` where it cannot.

    Of ten thousand flights in a city on a day nearly all are far from dawn and dusk, and need no
    sun of their own.
    """
    if abs(lat_deg) > _STEADY_LAT_DEG:
        return None
    try:
        return _light(lon_deg, lat_deg, day, solar)
    except InvalidInputError:
        return None
