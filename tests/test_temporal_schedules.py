"""Hours of zones, against an oracle that looks at the local clock every minute."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from astral import Observer
from astral.sun import elevation
from hypothesis import given, settings
from hypothesis import strategies as st

from lowalt import testing
from lowalt.airspace import Circle, Zone, from_geojson, load_airspace, to_geojson
from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.flights import parse_plan
from lowalt.situation import lay
from lowalt.temporal import ALWAYS, DaylightEvent, Schedule, TimeInterval, Weekday, WeeklyHours
from lowalt.testing.airspaces import dataset_of

CHINA = timezone(timedelta(hours=8))
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
SHENZHEN = {"lon_deg": 114.1, "lat_deg": 22.6}
HELIPORT = load_airspace("shenzhen")["ZGNT01"]


def china(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def weekly(*hours: WeeklyHours) -> Schedule:
    return Schedule(weekly=hours)


def spoken(windows: Iterable[TimeInterval]) -> list[str]:
    """Windows as a person would write them."""
    return [f"{w.start:%m-%d %H:%M} - {w.end:%m-%d %H:%M}" for w in windows]


# The oracle


def minutes_of(windows: Iterable[TimeInterval]) -> set[datetime]:
    found = set()
    for window in windows:
        moment = window.start.astimezone(UTC)
        while moment < window.end.astimezone(UTC):
            found.add(moment)
            moment += MINUTE
    return found


def minutes_by_the_clock(hours: WeeklyHours, interval: TimeInterval) -> set[datetime]:
    """Minutes from the first to the last moment at which the local clock is within the hours.

    The last is where the clock shows the closing time, the second one where it does so twice.
    """
    assert isinstance(hours.opens, time)
    assert isinstance(hours.closes, time)
    found: dict[date, list[datetime]] = {}
    first, last = (t.astimezone(UTC) for t in (interval.start, interval.end))
    moment = first - timedelta(days=3)
    while moment < last + timedelta(days=3):
        local = moment.astimezone(hours.time_zone)
        shown, today = local.time(), local.date()
        yesterday = today - timedelta(days=1)
        same_day = hours.opens < hours.closes
        if shown >= hours.opens and (not same_day or shown < hours.closes):
            found.setdefault(today, []).extend((moment, moment + MINUTE))
        if not same_day and shown < hours.closes:
            found.setdefault(yesterday, []).extend((moment, moment + MINUTE))
        if shown == hours.closes and (opened := today if same_day else yesterday) in found:
            found[opened].append(moment)
        moment += MINUTE
    spans = [
        TimeInterval(min(moments), max(moments))
        for opened, moments in found.items()
        if hours.days is None or list(Weekday)[opened.weekday()] in hours.days
    ]
    return {
        m
        for m in minutes_of(spans)
        if first <= m < last
        and (hours.start is None or m >= hours.start)
        and (hours.end is None or m < hours.end)
    }


# Days about the changes of the clock come as often as all others together.
days = st.sampled_from([date(2026, 3, 29), date(2026, 10, 25)]).flatmap(
    lambda change: st.integers(-2, 1).map(lambda by: change + timedelta(days=by))
) | st.dates(date(2026, 1, 1), date(2026, 12, 31))
clocks = st.builds(time, st.sampled_from([0, 1, 2, 3, 6, 12, 22]), st.sampled_from([0, 15, 45]))

time_zones: st.SearchStrategy[ZoneInfo | timezone] = st.sampled_from(
    [BERLIN, CHINA, ZoneInfo("America/St_Johns")]
)


@st.composite
def patterns(draw: st.DrawFn, near: date) -> WeeklyHours:
    start, end = sorted(
        datetime.combine(near, time(0), tzinfo=UTC) + timedelta(minutes=draw(minutes))
        for minutes in [st.integers(-4000, 4000)] * 2
    )
    return WeeklyHours(
        draw(clocks),
        draw(clocks),
        draw(time_zones),
        days=draw(st.none() | st.frozensets(st.sampled_from(Weekday), min_size=1)),
        start=draw(st.sampled_from([None, start])),
        end=draw(st.sampled_from([None, end])),
    )


@given(st.data(), days, st.integers(0, 24 * 60), st.integers(1, 3 * 24 * 60))
def test_weekly_hours_are_those_of_the_local_clock(
    data: st.DataObject, day: date, offset_min: int, length_min: int
) -> None:
    start = datetime.combine(day, time(0), tzinfo=UTC) + offset_min * MINUTE
    interval = TimeInterval(start, start + length_min * MINUTE)
    schedule = weekly(*data.draw(st.lists(patterns(day), min_size=1, max_size=2)))
    found = schedule.active_within(interval)
    expected = set().union(*(minutes_by_the_clock(hours, interval) for hours in schedule.weekly))
    assert minutes_of(found) == expected
    assert all(a.end < b.start for a, b in pairwise(found)), "sorted, and joined where they meet"


@given(testing.schedules(), testing.intervals(max_duration=timedelta(days=5)), st.data())
def test_asking_about_a_part_is_cutting_the_answer_for_the_whole(
    schedule: Schedule, whole: TimeInterval, data: st.DataObject
) -> None:
    part = data.draw(testing.intervals(period=whole, max_duration=timedelta(days=5)))
    if part.start == part.end:
        return
    direct = list(schedule.active_within(part, **SHENZHEN))
    cut = [w.intersection(part) for w in schedule.active_within(whole, **SHENZHEN)]
    assert direct == [w for w in cut if w is not None]


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from([CHINA, timezone(timedelta(0))])
)
def test_hours_by_twilight_are_those_of_the_suns_elevation(day: date, zone: timezone) -> None:
    hours = WeeklyHours(DaylightEvent.BMCT, DaylightEvent.EECT, zone)
    start = datetime.combine(day, time(0), tzinfo=CHINA)
    interval = TimeInterval(start, start + timedelta(days=1))
    (light,) = hours.active_within(interval, **SHENZHEN)
    place = Observer(latitude=SHENZHEN["lat_deg"], longitude=SHENZHEN["lon_deg"])
    for moment, sign in ((light.start, 1), (light.end, -1)):
        for minutes in (2, 30):
            inside, outside = (moment + s * sign * minutes * MINUTE for s in (1, -1))
            assert elevation(place, inside, with_refraction=False) > -6.0
            assert elevation(place, outside, with_refraction=False) < -6.0


# Patterns of published notices


def hong_kong_july_2025() -> Schedule:
    """Two kilometres about Kai Tak, July 2025: the hours differ from day to day."""
    morning = (time(9, 15), time(13, 30))

    def from_to(first: int, last: int, opens: time, closes: time) -> WeeklyHours:
        start, end = china(7, first, year=2025), china(7, last, year=2025) + timedelta(days=1)
        return WeeklyHours(opens, closes, ZoneInfo("Asia/Hong_Kong"), start=start, end=end)

    return weekly(
        from_to(22, 22, *morning),
        from_to(24, 26, *morning),
        from_to(23, 23, *morning),
        from_to(23, 23, time(16), time(19, 30)),
        from_to(29, 31, time(8, 30), time(13, 40)),
    )


HONG_KONG_WINDOWS = [
    "07-22 09:15 - 07-22 13:30",
    "07-23 09:15 - 07-23 13:30",
    "07-23 16:00 - 07-23 19:30",
    "07-24 09:15 - 07-24 13:30",
    "07-25 09:15 - 07-25 13:30",
    "07-26 09:15 - 07-26 13:30",
    "07-29 08:30 - 07-29 13:40",
    "07-30 08:30 - 07-30 13:40",
    "07-31 08:30 - 07-31 13:40",
]


def test_the_hours_about_kai_tak_in_july_2025() -> None:
    summer = TimeInterval(china(6, 1, year=2025), china(9, 1, year=2025))
    schedule = hong_kong_july_2025()
    assert spoken(schedule.active_within(summer)) == HONG_KONG_WINDOWS
    assert schedule.first_start() == china(7, 22, 9, 15, year=2025)


WEEKEND = frozenset({Weekday.FRI, Weekday.SAT, Weekday.SUN})
EVENT_HOURS = weekly(WeeklyHours(time(16), time(23), CHINA, days=WEEKEND))


@pytest.mark.parametrize(
    ("when", "active"),
    [
        (china(7, 2, 18), False),  # a Thursday
        (china(7, 3, 15, 59), False),
        (china(7, 3, 16), True),
        (china(7, 3, 22, 59), True),
        (china(7, 3, 23), False),
        (china(7, 5, 22), True),
        (china(7, 6, 18), False),
        (datetime(2026, 7, 3, 8, tzinfo=UTC), True),
    ],
)
def test_a_zone_of_weekend_evenings_is_active_then_only(when: datetime, active: bool) -> None:
    assert replace(HELIPORT, schedule=EVENT_HOURS).is_active_at(when) is active


def test_night_hours_run_over_the_end_of_a_month() -> None:
    nights = weekly(WeeklyHours(time(22), time(6), CHINA))
    assert spoken(nights.active_within(TimeInterval(china(2, 28), china(3, 2)))) == [
        "02-28 00:00 - 02-28 06:00",
        "02-28 22:00 - 03-01 06:00",
        "03-01 22:00 - 03-02 00:00",
    ]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    fridays = weekly(WeeklyHours(time(22), time(6), CHINA, days=frozenset({Weekday.FRI})))
    week = TimeInterval(china(6, 29), china(7, 6))
    assert spoken(fridays.active_within(week)) == ["07-03 22:00 - 07-04 06:00"]


def test_a_notice_that_begins_later_and_lapses_cuts_the_hours_under_way() -> None:
    notice = WeeklyHours(time(22), time(6), CHINA, start=china(7, 1, 23), end=china(7, 3, 5))
    month = TimeInterval(china(6, 1), china(8, 1))
    assert spoken(weekly(notice).active_within(month)) == [
        "07-01 23:00 - 07-02 06:00",
        "07-02 22:00 - 07-03 05:00",
    ]
    assert weekly(notice).first_start() == china(7, 1, 23)


def test_whole_days_join_to_one_window() -> None:
    month = TimeInterval(china(6, 1, 7), china(7, 1, 9))
    assert weekly(WeeklyHours(time(0), time(0), CHINA)).active_within(month) == (month,)


@pytest.mark.parametrize(
    ("opens", "closes", "day", "hours"),
    [
        (time(1), time(4), date(2026, 3, 29), 2),  # the clock skips from 2 to 3
        (time(2, 30), time(4), date(2026, 3, 29), 1),
        (time(1), time(2, 30), date(2026, 3, 29), 1),
        (time(2, 10), time(2, 50), date(2026, 3, 29), 0),
        (time(1), time(4), date(2026, 10, 25), 4),  # the hour from 2 to 3 comes twice
        (time(2, 30), time(4), date(2026, 10, 25), 2.5),
        (time(1), time(2, 30), date(2026, 10, 25), 2.5),
        (time(1), time(2), date(2026, 10, 25), 2),
    ],
)
def test_hours_on_the_nights_the_clock_changes(
    opens: time, closes: time, day: date, hours: float
) -> None:
    midnight = datetime.combine(day, time(0), tzinfo=BERLIN)
    interval = TimeInterval(midnight, midnight + timedelta(hours=12))
    found = WeeklyHours(opens, closes, BERLIN).active_within(interval)
    assert sum((w.end - w.start for w in found), timedelta(0)) == timedelta(hours=hours)


# Daylight

DAYLIGHT = WeeklyHours(DaylightEvent.SR, DaylightEvent.SS, CHINA)
JUNE_9 = TimeInterval(china(6, 9), china(6, 10))


def test_daylight_in_shenzhen_ends_at_the_sunset_of_the_day() -> None:
    (light,) = DAYLIGHT.active_within(JUNE_9, **SHENZHEN)
    assert light.end.isoformat(timespec="seconds") == "2026-06-09T19:07:16+08:00"
    assert light.start.isoformat(timespec="minutes") == "2026-06-09T05:38+08:00"


def test_a_night_by_the_sun_runs_from_sunset_to_the_next_sunrise() -> None:
    (light,) = DAYLIGHT.active_within(JUNE_9, **SHENZHEN)
    dark = WeeklyHours(DaylightEvent.SS, DaylightEvent.SR, CHINA)
    before, after = dark.active_within(JUNE_9, **SHENZHEN)
    assert (before.end, after.start) == (light.start, light.end)
    assert (before.start, after.end) == (JUNE_9.start, JUNE_9.end)


def test_an_event_and_a_clock_time_make_hours_together() -> None:
    evening = WeeklyHours(DaylightEvent.SS, time(0), CHINA)
    (found,) = evening.active_within(JUNE_9, **SHENZHEN)
    assert found.end == JUNE_9.end
    assert found.start == DAYLIGHT.active_within(JUNE_9, **SHENZHEN)[0].end


def test_a_zone_knows_the_place_its_sun_is_seen_from() -> None:
    zone = replace(HELIPORT, schedule=weekly(replace(DAYLIGHT, start=china(6, 9))))
    assert zone.is_active_at(china(6, 9, 12))
    assert not zone.is_active_at(china(6, 9, 19, 9))
    starts = zone.takes_effect_at
    assert starts is not None
    assert starts.isoformat(timespec="minutes") == "2026-06-09T05:39+08:00"


def test_daylight_without_a_place_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="give lon_deg and lat_deg"):
        weekly(DAYLIGHT).active_within(JUNE_9)


def test_daylight_where_the_sun_does_not_set_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"SR on 2026-06-\d\d at longitude 20, latitude 75"):
        DAYLIGHT.active_within(JUNE_9, lon_deg=20.0, lat_deg=75.0)


# When a schedule begins


def test_first_starts() -> None:
    dated = TimeInterval(china(5, 1), china(5, 2))
    later = WeeklyHours(time(16), time(23), CHINA, days=WEEKEND, start=china(6, 29))
    never = replace(later, end=china(7, 3, 16))
    assert ALWAYS.first_start() is None
    assert EVENT_HOURS.first_start() is None
    assert Schedule.of([dated], weekly=[later]).first_start() == china(5, 1)
    assert Schedule.of([dated], weekly=EVENT_HOURS.weekly).first_start() is None
    assert weekly(later).first_start() == china(7, 3, 16)
    assert weekly(never).first_start() is None
    assert Schedule.of([]).first_start() is None


def test_a_schedule_is_permanent_only_without_windows_and_weekly_hours() -> None:
    assert ALWAYS.windows is None
    assert EVENT_HOURS.windows == ()
    assert Schedule.of([]).active_within(JUNE_9) == ()


# Flights


def test_a_flight_in_a_zone_that_opens_on_the_way_is_in_it_from_then_on() -> None:
    """Through the middle of the zone from 9:00 to 9:10 on a Monday; it opens at 9:05."""
    takeoff = china(6, 1, 9)
    (volume,) = HELIPORT.volumes
    circle = volume.shape
    assert isinstance(circle, Circle)
    hours = WeeklyHours(time(9, 5), time(12), CHINA, days=frozenset({Weekday.MON}))
    zone = replace(HELIPORT, schedule=weekly(hours))
    waypoints = [
        {
            "lon_deg": circle.lon_deg + east_deg,
            "lat_deg": circle.lat_deg,
            "level": {"value_m": 50.0, "reference": "AGL"},
            "time": (takeoff + after).isoformat(),
        }
        for east_deg, after in ((0.0, timedelta(0)), (0.001, timedelta(minutes=10)))
    ]
    plan = {"plan_id": "p", "datum": "WGS84", "route_buffer_m": 0.0, "vertical_buffer_m": 0.0}

    def periods(zone: Zone) -> list[str]:
        situation = lay(parse_plan({**plan, "waypoints": waypoints}), airspace=dataset_of([zone]))
        return [
            f"{e.period.start:%H:%M:%S} - {e.period.end:%H:%M:%S}" for e in situation.encounters
        ]

    assert periods(zone) == ["09:05:00 - 09:10:00"]
    tuesday = replace(hours, days=frozenset({Weekday.TUE}))
    assert periods(replace(zone, schedule=weekly(tuesday))) == []
    twice = weekly(replace(hours, closes=time(9, 6)), replace(hours, opens=time(9, 8)))
    assert periods(replace(zone, schedule=twice)) == ["09:05:00 - 09:06:00", "09:08:00 - 09:10:00"]


# Documents

PERIODS: list[dict[str, Any]] = [
    {"startDateTime": "2026-05-01T00:00:00+08:00", "endDateTime": "2026-05-02T00:00:00+08:00"},
    {
        "startDateTime": "2026-07-01T00:00:00+08:00",
        "schedule": [
            {
                "day": ["FRI", "SAT", "SUN"],
                "startTime": "16:00:00+08:00",
                "endTime": "23:00:00+08:00",
            },
            {"day": ["ANY"], "startTime": "06:00:00+08:00", "endEvent": "SR"},
        ],
    },
]


def feature(periods: Any, **extended: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(to_geojson(HELIPORT)))
    made["properties"]["limitedApplicability"] = periods
    made["properties"]["extendedProperties"] |= extended
    return made


def read(*daily: dict[str, Any], **extended: Any) -> WeeklyHours:
    (hours,) = from_geojson(feature([{"schedule": list(daily)}], **extended)).schedule.weekly
    return hours


def test_periods_written_by_hand_are_read_as_they_say_and_written_back_the_same() -> None:
    zone = from_geojson(feature(PERIODS))
    begins = china(7, 1)
    assert zone.schedule == Schedule(
        (TimeInterval(china(5, 1), china(5, 2)),),
        (
            WeeklyHours(time(16), time(23), CHINA, days=WEEKEND, start=begins),
            WeeklyHours(time(6), DaylightEvent.SR, CHINA, start=begins),
        ),
    )
    assert to_geojson(zone)["properties"]["limitedApplicability"] == PERIODS


@settings(max_examples=100)
@given(testing.schedules())
def test_hours_written_as_json_and_read_back_are_equal(schedule: Schedule) -> None:
    written = json.dumps(to_geojson(replace(HELIPORT, schedule=schedule)))
    assert from_geojson(json.loads(written)).schedule == schedule


def test_a_named_time_zone_is_kept_beside_the_periods() -> None:
    written = to_geojson(replace(HELIPORT, schedule=hong_kong_july_2025()))["properties"]
    assert written["extendedProperties"]["time_zone"] == "Asia/Hong_Kong"
    assert written["limitedApplicability"][0] == {
        "startDateTime": "2025-07-22T00:00:00+08:00",
        "endDateTime": "2025-07-23T00:00:00+08:00",
        "schedule": [{"day": ["ANY"], "startTime": "09:15:00+08:00", "endTime": "13:30:00+08:00"}],
    }
    twice_a_day = written["limitedApplicability"][2]["schedule"]
    assert [daily["startTime"] for daily in twice_a_day] == ["09:15:00+08:00", "16:00:00+08:00"]


ANY = {"day": ["ANY"]}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("08:00Z", "24:00Z", (time(8), time(0), UTC)),
        ("00:00:00.00Z", "24:00:00.00Z", (time(0), time(0), UTC)),
        ("22:00:00+08:00", "24:00+08:00", (time(22), time(0), CHINA)),
        ("22:00:30+08:00", "06:00:00+08:00", (time(22, 0, 30), time(6), CHINA)),
    ],
)
def test_clock_times_are_read_in_every_form_that_is_published(
    start: str, end: str, expected: tuple[time, time, timezone]
) -> None:
    hours = read({**ANY, "startTime": start, "endTime": end})
    assert (hours.opens, hours.closes, hours.time_zone) == expected


def test_hours_by_daylight_have_the_zone_that_is_stated_or_the_suns() -> None:
    daily = {**ANY, "startEvent": "BMCT", "endEvent": "EECT"}
    assert read(daily).time_zone == CHINA
    assert read(daily, time_zone="+09:00").time_zone == timezone(timedelta(hours=9))
    assert read(daily, time_zone="Asia/Macau").time_zone is ZoneInfo("Asia/Macau")
    assert read({"day": ["MON"]}).opens == time(0)


@pytest.mark.parametrize(
    ("periods", "extended", "message"),
    [
        ({}, {}, "limitedApplicability: given {}, expected a list"),
        ([3], {}, r"limitedApplicability\[0\]: given 3"),
        ([{"schedul": []}], {}, "expected an object with endDateTime, schedule, startDateTime"),
        ([{"schedule": [3]}], {}, r"schedule\[0\]: given 3"),
        ([{"schedule": [{"day": []}]}], {}, r"schedule\[0\].day: given \[\].*MON.*ANY"),
        ([{"schedule": [{"day": ["Mon"]}]}], {}, "day: given"),
        ([{"schedule": [{"day": [["MON"]]}]}], {}, "day: given"),
        ([{"schedule": [{**ANY, "startTime": "16:00"}]}], {}, "startTime: given '16:00'.*offset"),
        ([{"schedule": [{**ANY, "startTime": "24:00Z"}]}], {}, "startTime: given '24:00Z'"),
        ([{"schedule": [{**ANY, "endTime": "24:01Z"}]}], {}, "endTime: given '24:01Z'"),
        ([{"schedule": [{**ANY, "endTime": 7}]}], {}, "endTime: given 7"),
        ([{"schedule": [{**ANY, "endEvent": "NOON"}]}], {}, "endEvent: given 'NOON'.*BMCT"),
        ([{"schedule": [{**ANY, "endEvent": ["SS"]}]}], {}, "endEvent: given"),
        ([{"schedule": [{**ANY, "endEvent": "SS", "endTime": "18:00Z"}]}], {}, "has both endTime"),
        (
            [{"schedule": [{**ANY, "startTime": "08:00Z", "endTime": "18:00+08:00"}]}],
            {},
            "different offsets",
        ),
        (
            [{"schedule": [{**ANY, "startTime": "08:00Z"}]}],
            {"time_zone": "Asia/Hong_Kong"},
            "an offset that the stated time_zone Asia/Hong_Kong does not",
        ),
        ([], {"time_zone": "Asia/Atlantis"}, "time_zone: given 'Asia/Atlantis'"),
        ([], {"time_zone": "../../etc/passwd"}, "time_zone: given"),
        ([], {"time_zone": 8}, "time_zone: given 8"),
        (
            [{"startDateTime": "9999-12-30T00:00:00Z", "schedule": [ANY]}],
            {},
            r"schedule\[0\]: start: 9999.*write None",
        ),
    ],
)
def test_wrong_hours_are_refused_naming_zone_and_field(
    periods: Any, extended: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"^zone ZGNT01: .*{message}"):
        from_geojson(feature(periods, **extended))


def test_hours_in_two_named_zones_cannot_be_written() -> None:
    two = weekly(*(WeeklyHours(time(8), time(9), zone) for zone in (BERLIN, CHINA)))
    with pytest.raises(InvalidInputError, match=r"zone ZGNT01: .*Europe/Berlin.*one only"):
        to_geojson(replace(HELIPORT, schedule=two))


def test_hours_that_mean_nothing_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="opens: 08:00:00\\+00:00 has an offset"):
        WeeklyHours(time(8, tzinfo=UTC), time(9), CHINA)
    with pytest.raises(InvalidInputError, match="days: there are none"):
        WeeklyHours(time(8), time(9), CHINA, days=frozenset())
    with pytest.raises(InvalidInputError, match="end before"):
        WeeklyHours(time(8), time(9), CHINA, start=china(7, 2), end=china(7, 1))
    with pytest.raises(NaiveDatetimeError, match="start: "):
        WeeklyHours(time(8), time(9), CHINA, start=datetime(2026, 7, 1))  # noqa: DTZ001  # naive is what is tested
