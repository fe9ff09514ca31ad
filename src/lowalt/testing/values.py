"""Strategies for plain values: levels, layers, times and places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import (
    ALWAYS,
    DaylightEvent,
    Schedule,
    TimeInterval,
    Weekday,
    WeeklyHours,
)

BEIJING = timezone(timedelta(hours=8))

YEAR = TimeInterval(datetime(2026, 1, 1, tzinfo=BEIJING), datetime(2026, 12, 31, tzinfo=BEIJING))
"""Period that strategies draw times from unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box of longitude and latitude, degrees."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west_deg < self.east_deg <= 180):
            raise InvalidArgument(
                f"region from {self.west_deg} to {self.east_deg} E: west comes before east, both"
                " within 180 degrees"
            )
        if not (-90 <= self.south_deg < self.north_deg <= 90):
            raise InvalidArgument(
                f"region from {self.south_deg} to {self.north_deg} N: south comes before north,"
                " both within 90 degrees"
            )


REGION = Region(113.75, 22.40, 114.62, 22.86)
"""Shenzhen with the edges of its neighbours."""

EVERY_REFERENCE: tuple[VerticalReference, ...] = tuple(VerticalReference)


def require_kind(kind: str, known: Sequence[str]) -> None:
    """Refuse a kind that a strategy does not have."""
    if kind not in known:
        raise InvalidArgument(f"kind={kind!r}: expected one of {', '.join(known)}")


def require_range(low: float, high: float, *, names: str) -> None:
    """Refuse a least value above the greatest."""
    if not low <= high:
        raise InvalidArgument(f"{names}: given {low!r} and {high!r}; the first is the smaller")


def metres(low: float, high: float) -> st.SearchStrategy[float]:
    """Metres to the millimetre, whole ones often: what people write."""
    require_range(low, high, names="least and greatest metres")
    whole = st.integers(int(-(-low // 1)), int(high // 1)).map(float)
    exact = st.integers(int(-(-low * 1000 // 1)), int(high * 1000 // 1)).map(lambda mm: mm / 1000)
    return exact if -(-low // 1) > high // 1 else whole | exact


def levels(
    *,
    references: Sequence[VerticalReference] = EVERY_REFERENCE,
    min_m: float = -50.0,
    max_m: float = 1000.0,
) -> st.SearchStrategy[Level]:
    """Levels with their reference.

    Parameters
    ----------
    references
        References to draw from.
    min_m, max_m
        Least and greatest value, metres.

    Raises
    ------
    hypothesis.errors.InvalidArgument
        If there is nothing to draw from.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(levels(references=[VerticalReference.AGL], min_m=0), lambda level: level.value_m > 119)
    Level(value_m=120.0, reference=<VerticalReference.AGL: 'AGL'>)
    """
    if not references:
        raise InvalidArgument("references: given none; name at least one VerticalReference")
    return st.builds(Level, metres(min_m, max_m), st.sampled_from(tuple(references)))


@st.composite
def _layers(draw: st.DrawFn, ends: st.SearchStrategy[Level]) -> VerticalLayer:
    floor, ceiling = draw(st.none() | ends), draw(st.none() | ends)
    if floor is None or ceiling is None or floor.reference is not ceiling.reference:
        return VerticalLayer(floor, ceiling)
    return VerticalLayer(*sorted((floor, ceiling)))


def vertical_layers(
    *,
    references: Sequence[VerticalReference] = EVERY_REFERENCE,
    min_m: float = -50.0,
    max_m: float = 1000.0,
) -> st.SearchStrategy[VerticalLayer]:
    """Bands of height; either end may be open, and each may have its own reference.

    Parameters
    ----------
    references
        References to draw from.
    min_m, max_m
        Least and greatest value of either end, metres.

    Examples
    --------
    >>> from hypothesis import find
    >>> print(find(vertical_layers(), lambda layer: layer.floor is None))
    SFC - UNL
    """
    return _layers(levels(references=references, min_m=min_m, max_m=max_m))


def moments(*, period: TimeInterval) -> st.SearchStrategy[datetime]:
    """Draw times within a period, in its start's zone: to a minute, second or millisecond."""
    length_ms = (period.end - period.start) // timedelta(milliseconds=1)

    def of(step_ms: int) -> st.SearchStrategy[datetime]:
        return st.integers(0, length_ms // step_ms).map(
            lambda n: period.start + timedelta(milliseconds=n * step_ms)
        )

    return st.one_of(of(60_000), of(1000), of(1))


def intervals(
    *, period: TimeInterval = YEAR, max_duration: timedelta = timedelta(hours=3)
) -> st.SearchStrategy[TimeInterval]:
    """Half-open intervals within a period; some are empty.

    Parameters
    ----------
    period
        What they lie in.
    max_duration
        Longest duration.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(intervals(), lambda i: i.end > i.start).start.isoformat()
    '2026-01-01T00:00:00+08:00'
    """
    if max_duration < timedelta(0):
        raise InvalidArgument(f"max_duration={max_duration}: a duration is not negative")

    @st.composite
    def draw_one(draw: st.DrawFn) -> TimeInterval:
        start = draw(moments(period=period))
        longest = min(max_duration, period.end - start)
        return TimeInterval(start, draw(moments(period=TimeInterval(start, start + longest))))

    return draw_one()


def weekly_hours(*, period: TimeInterval = YEAR) -> st.SearchStrategy[WeeklyHours]:
    """Hours that come back: by clock or daylight, with and without days, dates and summer time.

    Parameters
    ----------
    period
        What the dates lie in from which they begin and at which they lapse.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(weekly_hours(), lambda hours: not hours.follows_the_sun).opens
    datetime.time(0, 0)
    """
    # Few times, whole quarters: windows that touch, run past midnight or last a day come often.
    clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
    limits = st.none() | intervals(period=period, max_duration=timedelta(days=40))

    def build(
        opens: time | DaylightEvent,
        closes: time | DaylightEvent,
        zone: ZoneInfo | timezone,
        days: frozenset[Weekday] | None,
        limit: TimeInterval | None,
    ) -> WeeklyHours:
        start, end = (None, None) if limit is None else (limit.start, limit.end)
        return WeeklyHours(opens, closes, zone, days=days, start=start, end=end)

    return st.builds(
        build,
        clocks | st.sampled_from(DaylightEvent),
        clocks | st.sampled_from(DaylightEvent),
        st.sampled_from([BEIJING, ZoneInfo("Asia/Hong_Kong"), ZoneInfo("Europe/Berlin")]),
        st.none() | st.frozensets(st.sampled_from(Weekday), min_size=1),
        limits,
    )


def schedules(
    *, period: TimeInterval = YEAR, max_duration: timedelta = timedelta(hours=3)
) -> st.SearchStrategy[Schedule]:
    """Hours of a zone: always, or up to four dated windows, or weekly hours, or both.

    Parameters
    ----------
    period
        What the windows lie in.
    max_duration
        Longest window before touching ones are joined; weekly hours last a day at most.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(schedules(), lambda schedule: schedule.windows is None)
    Schedule(windows=None, weekly=())
    """
    windows = st.lists(intervals(period=period, max_duration=max_duration), max_size=4)
    real = windows.map(lambda found: Schedule.of(w for w in found if w.start < w.end))
    # A file names one time zone, and so do the hours of one zone.
    weekly = st.lists(weekly_hours(period=period), min_size=1, max_size=3).map(
        lambda found: tuple(replace(hours, time_zone=found[0].time_zone) for hours in found)
    )
    return st.just(ALWAYS) | real | st.builds(_beside, real, weekly)


def _beside(dated: Schedule, weekly: tuple[WeeklyHours, ...]) -> Schedule:
    return replace(dated, weekly=weekly)


def places(*, region: Region = REGION) -> st.SearchStrategy[tuple[float, float]]:
    """Places as ``(longitude, latitude)`` in degrees, to a ten-millionth (a centimetre).

    Parameters
    ----------
    region
        Box to draw from.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(places(), lambda place: True)
    (113.75, 22.4)
    """

    def degrees(low: float, high: float) -> st.SearchStrategy[float]:
        span = round((high - low) * 10**7)
        return st.integers(0, span).map(lambda n: min(round(low + n / 10**7, 7), high))

    return st.tuples(
        degrees(region.west_deg, region.east_deg), degrees(region.south_deg, region.north_deg)
    )
