"""What there is to see to before take-off, on an axis that shows weeks and minutes alike."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from lowalt.flights.plan import BEIJING
from lowalt.report.clock import latest
from lowalt.report.picture.drawing import HALO
from lowalt.report.picture.figures import new_figure, written_in
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import INK
from lowalt.report.plots.plot import Plot
from lowalt.report.timeline import TIMELINE_WORDS
from lowalt.timelines import RowState, Timeline, TimelineRow

_WIDE_IN, _ROW_IN, _FOOT_IN, _HEAD_IN = 10.0, 0.5, 0.55, 0.5
_LEFT, _RIGHT = 0.42, 0.03
_COLUMNS = 46
"""Characters that have room beside the axis."""

_HOUR_S, _DAY_S = 3600.0, 86400.0
_TICKS_S = (0, _HOUR_S, 6 * _HOUR_S, _DAY_S, 3 * _DAY_S, 7 * _DAY_S, 30 * _DAY_S, 90 * _DAY_S)

_MARKS = MappingProxyType(
    {
        # Shapes differ as colours do, for those who cannot tell these apart.
        RowState.MET: ("o", "#2e7d32"),
        RowState.PLANNED: ("D", "#1f5fa8"),
        RowState.OPEN: ("s", "#b3541e"),
        RowState.LATE: ("X", "#b71c1c"),
        RowState.UNKNOWN: ("d", "#5d5d5d"),
    }
)
_WORDS = MappingProxyType(
    {
        "zh": {"axis": "距起飞的时间", "day": "{:g} 天", "hour": "{:g} 小时", "minute": "{:g} 分"},
        "en": {"axis": "before take-off", "day": "{:g} d", "hour": "{:g} h", "minute": "{:g} min"},
    }
)


def draw_timeline(timeline: Timeline, lettering: Lettering) -> Plot:
    """Draw the rows of a timeline below each other."""
    rows = timeline.rows
    high_in = _FOOT_IN + _HEAD_IN + _ROW_IN * max(len(rows), 1)
    words = TIMELINE_WORDS[lettering.lang]
    with written_in(lettering):
        figure = new_figure((_WIDE_IN, high_in))
        inside = (high_in - _FOOT_IN - _HEAD_IN) / high_in
        axes = figure.add_axes((_LEFT, _FOOT_IN / high_in, 1.0 - _LEFT - _RIGHT, inside))
        departure = timeline.departure.astimezone(BEIJING)
        head = words.head.format(plan=timeline.plan_id, departure=f"{departure:%Y-%m-%d %H:%M}")
        figure.text(0.015, 1.0 - 0.3 / high_in, lettering.written(head), size=10, weight="bold")
        _frame(axes, timeline, lettering)
        for number, row in enumerate(rows):
            _row(axes, number, row, timeline.departure, lettering)
        if not rows:
            axes.text(0.5, 0.5, words.nothing, ha="center", transform=axes.transAxes)
    return Plot(figure, lettering)


def place(moment: datetime, departure: datetime) -> float:
    """Say where a moment stands on the axis: 0 at take-off, a day before and after at about 4.

    Examples
    --------
    >>> from datetime import timedelta
    >>> off = datetime(2026, 6, 10, 10, tzinfo=BEIJING)
    >>> round(place(off - timedelta(days=1), off), 2), place(off, off)
    (-3.87, 0.0)
    """
    return float(np.arcsinh((moment - departure).total_seconds() / _HOUR_S))


def _frame(axes: Axes, timeline: Timeline, lettering: Lettering) -> None:
    departure, words = timeline.departure, _WORDS[lettering.lang]
    moments = [row.time for row in timeline.rows if row.time is not None]
    if timeline.as_of is not None:
        moments.append(timeline.as_of)
    at = [place(moment, departure) for moment in moments]
    axes.set(xlim=(min([*at, -2.0]) - 1.0, max([*at, 0.0]) + 1.2))
    axes.set_ylim(max(len(timeline.rows), 1) - 0.5, -0.5)
    axes.xaxis.set_major_locator(FixedLocator([-np.arcsinh(s / _HOUR_S) for s in _TICKS_S]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: _span(x, lettering)))
    axes.set_yticks([])
    axes.set_xlabel(words["axis"])
    axes.tick_params(labelsize=7.5, length=2)
    axes.set_facecolor("#f8f9fa")
    axes.grid(axis="x", color="#e6e9ec", linewidth=0.5)
    axes.axvline(0.0, color=INK, linewidth=1.2)
    if timeline.as_of is not None:
        axes.axvline(place(timeline.as_of, departure), color=INK, linewidth=1.0, linestyle=":")
        said = TIMELINE_WORDS[lettering.lang].as_of.format(
            as_of=f"{timeline.as_of.astimezone(BEIJING):%m-%d %H:%M}"
        )
        axes.text(place(timeline.as_of, departure), -0.55, said, size=7, ha="center", va="bottom")


def _span(x: float, lettering: Lettering) -> str:
    """Write how long before take-off a place on the axis is."""
    words = _WORDS[lettering.lang]
    before_s = round(float(np.sinh(-x)) * _HOUR_S)
    if before_s == 0:
        return TIMELINE_WORDS[lettering.lang].take_off
    for unit, length_s in (("day", _DAY_S), ("hour", _HOUR_S), ("minute", 60.0)):
        if before_s >= length_s:
            return words[unit].format(before_s / length_s)
    return ""


def _row(
    axes: Axes, number: int, row: TimelineRow, departure: datetime, lettering: Lettering
) -> None:
    words, lang = TIMELINE_WORDS[lettering.lang], lettering.lang
    marker, colour = _MARKS[row.state]
    step = words.steps[row.kind].format(row.addressee[lang] or words.somebody)
    axes.text(
        -0.015,
        number,
        lettering.written(f"{_in_a_line(step)}\n{_in_a_line(row.label[lang])}"),
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        size=7.5,
    )
    said = words.states[row.state]
    at, reach = 0.0, axes.get_xlim()[0]
    if row.time is not None:
        at, reach = place(row.time, departure), 0.0
        said = f"{latest(row.time)[5:]} {said}"
    # Where the law sets no time, it is any before take-off.
    dashes = "-" if row.time is not None else ":"
    axes.hlines(number, min(at, reach), max(at, reach), color=colour, linestyle=dashes)
    axes.plot(at, number, marker, color=colour, markersize=8, markeredgecolor="white", zorder=3)
    axes.annotate(
        said,
        (at, number),
        xytext=(0, 6),
        textcoords="offset points",
        ha="center",
        size=7,
        color=colour,
        path_effects=HALO,
    )


def _in_a_line(text: str) -> str:
    # A Chinese character is as wide as two letters.
    columns = _COLUMNS if text.isascii() else _COLUMNS * 5 // 8
    return text if len(text) <= columns else f"{text[: columns - 1].rstrip()}…"
