"""Working days of the Chinese calendar, make-up days included.

The State Council moves holidays by its notice of each year, and makes some Saturdays and Sundays
working days in return; the kept table of those notices is `chinesecalendar`. A year for which no
notice is known has no answer: a deadline counted in working days would be a guess.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar

from lowalt.errors import CalendarYearError


@cache
def is_working_day(day: date) -> bool:
    """Whether offices in the Mainland work on a day.

    Raises
    ------
    CalendarYearError
        If the holiday notice for that year is not known.

    Examples
    --------
    The Sunday before the National Day holiday of 2026 was made a working day.

    >>> is_working_day(date(2026, 9, 20)), is_working_day(date(2026, 10, 1))
    (True, False)
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarYearError(
            f"the working days of {day.year} are not known: the State Council's holiday notice for"
            f" that year is not in the installed chinesecalendar {chinese_calendar.__version__};"
            " update it (pip install -U chinesecalendar) once the notice is out"
        ) from None


def shift_working_days(day: date, *, by: int) -> date:
    """Count working days forward, or backward where ``by`` is negative.

    Parameters
    ----------
    day
        Day to count from; it is not counted itself.
    by
        Number of working days, 0 for the day itself.

    Returns
    -------
    date
        The last working day counted.

    Raises
    ------
    CalendarYearError
        If the count runs into a year whose holiday notice is not known.

    Examples
    --------
    Seven working days before 12 October 2026, over two holidays and two make-up days:

    >>> shift_working_days(date(2026, 10, 12), by=-7)
    datetime.date(2026, 9, 24)
    """
    step = timedelta(days=1 if by > 0 else -1)
    left = abs(by)
    while left:
        day += step
        left -= is_working_day(day)
    return day
