"""Daylight: what the sun does in the course of a day at a place, and whether it is night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache

from lowalt.errors import InvalidInputError
from lowalt.temporal.intervals import TimeInterval


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


def solar_zone(*, lon_deg: float) -> timezone:
    """Return the whole-hour offset nearest to the sun's time; dawn and dusk fall on one date."""
    return _zone(round(lon_deg / 15.0))


@lru_cache
def _zone(hours: int) -> timezone:
    return timezone(timedelta(hours=hours))


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun as seen from a place."""

    lon_deg: float
    lat_deg: float

    @classmethod
    def at(cls, *, lon_deg: float | None, lat_deg: float | None) -> Sun:
        """Take the place, or refuse it where it is not stated."""
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
        surely, possibly = nearby
        if surely.covers(period):
            return False
        if not possibly.covers(period):
            return True
    return not _light(lon_deg, lat_deg, day, solar).covers(period)


def _light(lon_deg: float, lat_deg: float, day: date, solar: timezone) -> TimeInterval:
    """From sunrise to sunset of one of the sun's days at a place."""
    sun = Sun(lon_deg, lat_deg)
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
) -> tuple[TimeInterval, TimeInterval] | None:
    """When it surely is light around a place, and when it may be; ``None`` where none can tell.

    Of ten thousand flights in a city on a day nearly all are far from dawn and dusk, and need no
    sun of their own.
    """
    if abs(lat_deg) > _STEADY_LAT_DEG:
        return None
    try:
        light = _light(lon_deg, lat_deg, day, solar)
    except InvalidInputError:
        return None
    return (
        TimeInterval(light.start + _NEARBY, light.end - _NEARBY),
        TimeInterval(light.start - _NEARBY, light.end + _NEARBY),
    )
