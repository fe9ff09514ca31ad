"""Working days of the Chinese calendar: holidays, make-up days, and years that are not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.errors import CalendarYearError, LowaltError
from lowalt.regulations.model import Span, SpanUnit
from lowalt.working_days import is_working_day, shift_working_days

# Years whose notices are out; the counting below stays inside them.
DAYS = st.dates(date(2019, 3, 1), date(2026, 8, 31))


# The State Council's notices for 2025 and 2026, as published.
@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-26", True),  # a Sunday before the Spring Festival, made a working day
        ("2025-01-28", False),  # eve of the Spring Festival
        ("2025-10-08", False),  # last day of the National Day holiday
        ("2025-10-11", True),  # a Saturday made a working day
        ("2026-02-14", True),  # a Saturday made a working day
        ("2026-02-16", False),
        ("2026-05-09", True),  # a Saturday made a working day
        ("2026-10-07", False),
        ("2026-10-10", True),  # a Saturday made a working day
        ("2026-11-24", True),  # an ordinary Tuesday
        ("2026-11-22", False),  # an ordinary Sunday
    ],
)
def test_holidays_and_make_up_days_are_those_of_the_notices(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


def test_seven_working_days_before_a_flight_count_the_make_up_day() -> None:
    flight = date(2026, 10, 12)
    # Back from the 12th: 10 (make-up Saturday), 9, 8 October; 30, 29, 28 September; 24 September.
    assert shift_working_days(flight, by=-7) == date(2026, 9, 24)
    assert Span(-7, SpanUnit.WORKDAY).from_day(flight.toordinal()) == date(2026, 9, 24).toordinal()


def one_by_one(day: date, by: int) -> date:
    """Count over a list of working days written out beforehand: the oracle."""
    around = [day + timedelta(days=n) for n in range(-120, 121)]
    working = [d for d in around if is_working_day(d)]
    if by == 0:
        return day
    if by > 0:
        return [d for d in working if d > day][by - 1]
    return [d for d in working if d < day][by]


@given(DAYS, st.integers(-30, 30))
def test_counting_is_picking_from_the_list_of_working_days(day: date, by: int) -> None:
    assert shift_working_days(day, by=by) == one_by_one(day, by)


@given(DAYS, st.integers(1, 20))
def test_counting_back_and_forth_returns_to_a_working_day(day: date, by: int) -> None:
    back = shift_working_days(shift_working_days(day, by=-by), by=by)
    assert back == (day if is_working_day(day) else shift_working_days(day, by=1))


@pytest.mark.parametrize("year", [1999, 2003, 2100])
def test_a_year_without_a_notice_is_an_error_that_says_what_to_do(year: int) -> None:
    with pytest.raises(CalendarYearError, match=f"{year}.*chinesecalendar") as caught:
        shift_working_days(date(year, 6, 1), by=-7)
    assert isinstance(caught.value, LowaltError)


def test_counting_into_a_year_that_is_not_known_is_an_error_too() -> None:
    with pytest.raises(CalendarYearError):
        shift_working_days(date(2004, 1, 5), by=-7)
