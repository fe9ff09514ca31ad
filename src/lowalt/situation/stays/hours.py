"""The hours of zones, worked out once for many flights and compared with all of them at once.

Moments are whole microseconds since 1970; windows are half-open, in order and disjoint, one a row.
"""

from __future__ import annotations

import numpy as np

from lowalt.airspace import Zone
from lowalt.paths import BoolArray, IntArray, epoch_us, from_epoch_us
from lowalt.situation.stays.spans import expand
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray

_DAY_US = 86_400_000_000
_SECOND_US = 1_000_000


def periods_of(start_us: IntArray, end_us: IntArray) -> IntArray:
    """Gather the times of some flights into few periods, ``(K, 2)``, in order.

    Each flight lies in one of them with a second to spare, so that only windows cut it, and
    flights less than a day apart share one.

    Examples
    --------
    >>> hour = 3_600_000_000
    >>> periods_of(np.array([30, 0, 90]) * hour, np.array([31, 20, 99]) * hour) // hour
    array([[-1, 31],
           [89, 99]])
    """
    order = np.argsort(start_us, kind="stable")
    start_us, end_us = start_us[order], end_us[order]
    reached_us = np.maximum.accumulate(end_us)
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = start_us[1:] > reached_us[:-1] + _DAY_US
    ends = np.append(begins[1:], True)[: len(order)]
    return np.column_stack((start_us[begins] - _SECOND_US, reached_us[ends] + _SECOND_US))


def windows_of(zone: Zone, periods_us: IntArray) -> IntArray | None:
    """List the windows of a zone in some periods, ``(K, 2)``; ``None`` if it is always active."""
    if zone.schedule.windows is None:
        return None
    found = [
        (epoch_us(window.start), epoch_us(window.end))
        for start_us, end_us in periods_us.tolist()
        for window in zone.active_within(
            TimeInterval(from_epoch_us(start_us), from_epoch_us(end_us))
        )
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def is_open_within(windows_us: IntArray, start_us: IntArray, end_us: IntArray) -> BoolArray:
    """Whether some window is open at some moment of spans that hold their ends, ``(N,)``."""
    following = np.searchsorted(windows_us[:, 1], start_us, side="right")
    opens_us = np.append(windows_us[:, 0], np.iinfo(np.int64).max)
    return np.asarray(opens_us[following] <= end_us)


def cut(
    windows_us: IntArray, origin_us: IntArray, start_s: FloatArray, end_s: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Cut spans of time, ``(N,)``, to the windows.

    Parameters
    ----------
    windows_us
        The windows.
    origin_us
        When each span's seconds begin.
    start_s, end_s
        The spans, seconds; they hold their ends.

    Returns
    -------
    span, start_s, end_s
        What is left, ``(M,)`` each, and the number of the span it is of.
    """
    first_us = origin_us + np.floor(start_s * 1e6).astype(np.int64)
    last_us = origin_us + np.ceil(end_s * 1e6).astype(np.int64)
    first = np.searchsorted(windows_us[:, 1], first_us, side="left")
    beyond = np.searchsorted(windows_us[:, 0], last_us, side="right")
    span, step = expand(np.maximum(beyond - first, 0))
    opens_s, closes_s = ((windows_us[first[span] + step] - origin_us[span, None]) / 1e6).T
    low, high = np.maximum(start_s[span], opens_s), np.minimum(end_s[span], closes_s)
    # A span that begins when the window ends is outside it.
    kept = (low <= high) & (low < closes_s)
    return span[kept], low[kept], high[kept]
