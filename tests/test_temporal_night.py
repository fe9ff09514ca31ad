"""Night, told from the sun of the place itself, however many flights share a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from astral import Observer
from astral.sun import sunrise, sunset
from hypothesis import assume, event, given
from hypothesis import strategies as st

from lowalt.temporal import TimeInterval, overlaps_night


def light_at(lon_deg: float, lat_deg: float, day: date) -> tuple[datetime, datetime] | None:
    """Sunrise and sunset by astral, on a day of the sun's; ``None`` where it finds none."""
    solar = timezone(timedelta(hours=round(lon_deg / 15.0)))
    place = Observer(latitude=lat_deg, longitude=lon_deg)
    try:
        return (
            sunrise(place, date=day, tzinfo=solar).astimezone(UTC),
            sunset(place, date=day, tzinfo=solar).astimezone(UTC),
        )
    except ValueError:
        return None


@st.composite
def flights(draw: st.DrawFn) -> tuple[float, float, TimeInterval, bool]:
    """A place, a period that begins or ends near dawn or dusk, and whether it reaches the night."""
    lon_deg = draw(st.floats(-180.0, 180.0) | st.floats(113.7, 114.7))
    lat_deg = draw(st.floats(-66.0, 66.0) | st.floats(22.4, 22.9) | st.floats(59.5, 60.5))
    day = date(2020, 1, 1) + timedelta(days=draw(st.integers(0, 6000)))
    light = light_at(lon_deg, lat_deg, day)
    assume(light is not None)
    assert light is not None
    near = st.integers(-900, 900).map(lambda seconds: timedelta(seconds=seconds))
    start = draw(st.sampled_from(light)) + draw(near)
    end = draw(st.sampled_from([start, light[0], light[1]])) + abs(draw(near))
    assume(start <= end)
    solar = timezone(timedelta(hours=round(lon_deg / 15.0)))
    assume(start.astimezone(solar).date() == day)
    return lon_deg, lat_deg, TimeInterval(start, end), start < light[0] or light[1] < end


@given(flights())
def test_a_flight_is_at_night_by_the_sun_of_its_own_place(
    flight: tuple[float, float, TimeInterval, bool],
) -> None:
    lon_deg, lat_deg, period, at_night = flight
    event("at night" if at_night else "by day")
    assert overlaps_night(period, lon_deg=lon_deg, lat_deg=lat_deg) == at_night


def test_a_second_before_sunset_is_day_and_a_second_after_is_night() -> None:
    # Two places that share the sun of the nearest whole tenth of a degree; the eastern is darker.
    west, east = (114.051, 22.55), (114.149, 22.55)
    day = date(2026, 6, 9)
    light = [light_at(*place, day) for place in (west, east)]
    assert all(light)
    dusks = [found[1] for found in light if found is not None]
    assert timedelta(seconds=20) < dusks[0] - dusks[1] < timedelta(seconds=30)
    for place, dusk in zip((west, east), dusks, strict=True):
        for beside_s, at_night in ((-1, False), (1, True)):
            period = TimeInterval(dusk - timedelta(hours=1), dusk + timedelta(seconds=beside_s))
            assert overlaps_night(period, lon_deg=place[0], lat_deg=place[1]) is at_night
