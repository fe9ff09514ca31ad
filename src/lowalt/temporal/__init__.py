"""Times: instants, half-open intervals, and the hours of a zone, by date, by week and by daylight.

Every time carries its zone; there is no clock in here, "now" is always an argument.
"""

from lowalt.temporal.daylight import DaylightEvent, overlaps_night, solar_zone
from lowalt.temporal.instants import epoch_ms, from_epoch_ms, read_time, require_aware, rfc3339
from lowalt.temporal.intervals import OPEN_END, OPEN_START, TimeInterval, left_over
from lowalt.temporal.schedules import ALWAYS, Schedule
from lowalt.temporal.weekly_hours import Weekday, WeeklyHours

__all__ = [
    "ALWAYS",
    "OPEN_END",
    "OPEN_START",
    "DaylightEvent",
    "Schedule",
    "TimeInterval",
    "Weekday",
    "WeeklyHours",
    "epoch_ms",
    "from_epoch_ms",
    "left_over",
    "overlaps_night",
    "read_time",
    "require_aware",
    "rfc3339",
    "solar_zone",
]
