"""Half-open intervals of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.temporal.instants import require_aware

OPEN_START: Final = datetime(1, 1, 2, tzinfo=UTC)
"""Start of an interval that has none; a day off the edge, so that every clock can show it."""

OPEN_END: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""End of an interval that has none."""


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


def joined(windows: Iterable[TimeInterval]) -> tuple[TimeInterval, ...]:
    """Sort windows and join those that overlap or touch."""
    found: list[TimeInterval] = []
    for window in sorted(windows, key=lambda w: w.start):
        if found and window.start <= found[-1].end:
            found[-1] = TimeInterval(found[-1].start, max(found[-1].end, window.end))
        else:
            found.append(window)
    return tuple(found)


def left_over(whole: TimeInterval, periods: Iterable[TimeInterval]) -> list[TimeInterval]:
    """Parts of a period, longer than nothing, that others within it leave over, in order.

    Examples
    --------
    >>> from datetime import UTC
    >>> two, three, five = (datetime(2026, 6, 1, hour, tzinfo=UTC) for hour in (2, 3, 5))
    >>> (rest,) = left_over(TimeInterval(two, five), [TimeInterval(two, three)])
    >>> print(rest.start.time(), rest.end.time())
    03:00:00 05:00:00
    """
    windows = joined(periods)
    starts = [whole.start, *(window.end for window in windows)]
    ends = [*(window.start for window in windows), whole.end]
    return [TimeInterval(a, b) for a, b in zip(starts, ends, strict=True) if a < b]
