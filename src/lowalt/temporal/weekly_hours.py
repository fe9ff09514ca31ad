"""Hours that come back every day or week, by the clock of a time zone or by daylight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from lowalt.errors import InvalidInputError
from lowalt.temporal.daylight import DaylightEvent, Sun
from lowalt.temporal.instants import require_aware
from lowalt.temporal.intervals import TimeInterval, joined


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
        sun = Sun.at(lon_deg=lon_deg, lat_deg=lat_deg) if self.follows_the_sun else None
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
            for part in joined(part for part in parts if part is not None)
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

    def _window(self, day: date, *, sun: Sun | None) -> TimeInterval | None:
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
        self, what: time | DaylightEvent, day: date, *, opening: bool, sun: Sun | None
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
