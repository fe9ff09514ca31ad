"""Times: half-open intervals and the hours of a zone.

Every time carries its zone; there is no clock in here, "now" is always an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

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


def epoch_ms(value: datetime) -> int:
    """Milliseconds since 1970-01-01T00:00Z, exactly.

    Examples
    --------
    >>> epoch_ms(datetime(1970, 1, 2, tzinfo=UTC))
    86400000
    """
    delta = require_aware(value, field="time") - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


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


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a zone is active: always, or in dated windows.

    Parameters
    ----------
    windows
        Sorted, disjoint windows; ``None`` means always.
    """

    windows: tuple[TimeInterval, ...] | None = None

    @classmethod
    def of(cls, windows: Iterable[TimeInterval]) -> Schedule:
        """Build a schedule from windows in any order, joining those that touch."""
        joined: list[TimeInterval] = []
        for window in sorted(windows, key=lambda w: w.start):
            if joined and window.start <= joined[-1].end:
                joined[-1] = TimeInterval(joined[-1].start, max(joined[-1].end, window.end))
            else:
                joined.append(window)
        return cls(tuple(joined))

    def active_within(self, interval: TimeInterval) -> Sequence[TimeInterval]:
        """Return the parts of an interval in which the schedule is active, in order."""
        if self.windows is None:
            return (interval,)
        parts = (window.intersection(interval) for window in self.windows)
        return tuple(part for part in parts if part is not None)


ALWAYS = Schedule()


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
    # Loaded only when asked: most of what lowalt does needs no sun.
    from astral import Observer  # noqa: PLC0415
    from astral.sun import sunrise, sunset  # noqa: PLC0415

    place = Observer(latitude=lat_deg, longitude=lon_deg)
    # In the solar day of the place, dawn and dusk fall on one date.
    solar = timezone(timedelta(hours=round(lon_deg / 15.0)))
    day = period.start.astimezone(solar).date()
    light = TimeInterval(
        sunrise(place, date=day, tzinfo=solar), sunset(place, date=day, tzinfo=solar)
    )
    return not light.covers(period)
