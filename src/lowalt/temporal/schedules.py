"""When a zone is active: always, in dated windows, in hours that come back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lowalt.temporal.intervals import TimeInterval, joined
from lowalt.temporal.weekly_hours import WeeklyHours


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
    >>> from datetime import time, timedelta, timezone
    >>> from lowalt.temporal import Weekday
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
        return cls(joined(windows), tuple(weekly))

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
        return joined((*found, *weekly))

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
