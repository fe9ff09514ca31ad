"""The geometry of one conflict: the two tracks from above, and how far apart they are when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from lowalt.conflicts import ConflictTable
from lowalt.conflicts.arrays import FloatArray, T, X, Z
from lowalt.flights.plan import BEIJING
from lowalt.report.picture.drawing import Marks
from lowalt.report.picture.figures import new_figure, written_in
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import DEPARTURE, FLIGHTS, GREY
from lowalt.report.plots.plot import Plot

_SIZE_IN = (11.0, 5.2)
_AROUND_S = 45.0
"""So long before and after the conflict is drawn."""

_SAMPLES = 400

_WORDS = MappingProxyType(
    {
        "zh": {
            "east": "向东，米",
            "north": "向北，米",
            "level": "水平间隔，米",
            "height": "垂直间隔，米",
            "least": "所需间隔",
            "during": "冲突期间",
            "closest": "最近时刻的保护范围",
            "clock": "时间（UTC+8）",
            "seconds": "秒",
        },
        "en": {
            "east": "metres east",
            "north": "metres north",
            "level": "level distance, m",
            "height": "height difference, m",
            "least": "distance needed",
            "during": "in conflict",
            "closest": "kept free when closest",
            "clock": "time, UTC+8",
            "seconds": "seconds",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two flights around one conflict, as they were planned.

    Attributes
    ----------
    names
        What the two are called.
    t_s
        Moments, those at which either turns among them, ``(N,)``.
    places_m
        Metres east, north and up of each flight at each moment, from midway between the two when
        they are closest, ``(2, N, 3)``; NaN while it is not on its way.
    period_s
        From when to when they are in conflict.
    closest_s
        When they are closest.
    radii_m
        Radius of the cylinder around each.
    least_m
        Level distance and height difference that they should have.
    """

    names: tuple[str, str]
    t_s: FloatArray
    places_m: FloatArray
    period_s: tuple[float, float]
    closest_s: float
    radii_m: tuple[float, float]
    least_m: tuple[float, float]

    @property
    def apart_m(self) -> FloatArray:
        """Level distance and height difference at each moment, ``(2, N)``."""
        between = self.places_m[1] - self.places_m[0]
        return np.stack((np.hypot(between[:, 0], between[:, 1]), np.abs(between[:, 2])))


def meeting_of(table: ConflictTable, number: int) -> Meeting:
    """Lay out one conflict of a table."""
    tracks, pair = table.tracks, table.pairs[number]
    start_s, end_s = float(table.t_in_s[number]), float(table.t_out_s[number])
    closest_s = float(table.t_cpa_s[number])
    flown = [tracks.vertices[tracks.offsets[n] : tracks.offsets[n + 1]] for n in pair]
    around = np.linspace(start_s - _AROUND_S, end_s + _AROUND_S, _SAMPLES)
    turns = np.concatenate([vertices[:, T] for vertices in flown])
    turns = turns[(turns > around[0]) & (turns < around[-1])]
    t_s = np.unique(np.concatenate((around, turns, [start_s, end_s, closest_s])))
    places_m = np.stack([_places(vertices, t_s) for vertices in flown])
    # One that may be early or late is in conflict at times when it is not planned to fly.
    near = np.stack([_places(vertices, np.array([closest_s]), held=True)[0] for vertices in flown])
    horizontal, vertical = tracks.horizontal_radius_m[pair], tracks.vertical_radius_m[pair]
    names = tuple(str(n) if tracks.ids is None else tracks.ids[n] for n in pair.tolist())
    return Meeting(
        names=(names[0], names[1]),
        t_s=t_s,
        places_m=places_m - np.array([*near.mean(axis=0)[:2], 0.0]),
        period_s=(start_s, end_s),
        closest_s=closest_s,
        radii_m=(float(horizontal[0]), float(horizontal[1])),
        least_m=(
            float(horizontal.sum()) + tracks.tolerance_m,
            float(vertical.sum()) + tracks.tolerance_m,
        ),
    )


def _places(vertices: FloatArray, t_s: FloatArray, *, held: bool = False) -> FloatArray:
    """Where a flight is at some moments; before and after it nowhere, or `held` at its ends."""
    outside = None if held else np.nan
    return np.column_stack(
        [
            np.interp(t_s, vertices[:, T], vertices[:, axis], left=outside, right=outside)
            for axis in range(X, Z + 1)
        ]
    )


def draw_conflict(table: ConflictTable, number: int, lettering: Lettering) -> Plot:
    """Draw one conflict of a table."""
    meeting, words = meeting_of(table, number), _WORDS[lettering.lang]
    with written_in(lettering):
        figure = new_figure(_SIZE_IN)
        seen = figure.add_axes((0.07, 0.11, 0.4, 0.72))
        level, height = (figure.add_axes((0.55, low, 0.43, 0.31)) for low in (0.52, 0.11))
        figure.text(
            0.07, 0.94, lettering.written(" × ".join(meeting.names)), size=11, weight="bold"
        )
        marks = _from_above(seen, meeting, lettering)
        seen.set(xlabel=words["east"], ylabel=words["north"])
        for axes, apart, least, name in (
            (level, meeting.apart_m[0], meeting.least_m[0], words["level"]),
            (height, meeting.apart_m[1], meeting.least_m[1], words["height"]),
        ):
            _apart(axes, meeting, apart, least)
            axes.set_ylabel(name)
            _clock(axes, table)
        level.tick_params(labelbottom=False)
        height.set_xlabel(words["seconds" if table.tracks.epoch is None else "clock"])
        marks.append((Line2D([], [], color=DEPARTURE, linestyle="--"), words["least"]))
        marks.append((Patch(facecolor=(DEPARTURE, 0.15)), words["during"]))
        figure.legend(
            [mark for mark, _ in marks],
            [text for _, text in marks],
            loc="upper left",
            bbox_to_anchor=(0.06, 0.93),
            ncols=len(marks),
            frameon=False,
            fontsize=7.5,
        )
    return Plot(figure, lettering)


def _from_above(axes: Axes, meeting: Meeting, lettering: Lettering) -> Marks:
    """Draw the tracks, thick while in conflict, and the cylinders when they are closest."""
    during = (meeting.t_s >= meeting.period_s[0]) & (meeting.t_s <= meeting.period_s[1])
    closest = int(np.searchsorted(meeting.t_s, meeting.closest_s))
    marks: Marks = []
    for name, places_m, radius_m, colour in zip(
        meeting.names, meeting.places_m, meeting.radii_m, FLIGHTS, strict=False
    ):
        axes.plot(*places_m[:, :2].T, color=colour, linewidth=1.2)
        axes.plot(*places_m[during, :2].T, color=colour, linewidth=4.0, alpha=0.5)
        at = places_m[closest, :2]
        if np.isfinite(at).all():
            east_m, north_m = at.tolist()
            axes.add_patch(
                Circle((east_m, north_m), radius_m, facecolor=(colour, 0.15), edgecolor=colour)
            )
            axes.plot(east_m, north_m, "o", color=colour, markersize=4)
        _arrow(axes, places_m, colour)
        marks.append((Line2D([], [], color=colour), lettering.written(name)))
    axes.set_aspect("equal", adjustable="datalim")
    _plain(axes)
    words = _WORDS[lettering.lang]
    return [*marks, (Patch(facecolor=(GREY, 0.15), edgecolor=GREY), words["closest"])]


def _arrow(axes: Axes, places_m: FloatArray, colour: str) -> None:
    """Show where a flight goes, at the last place drawn of it to which it moved."""
    flown = places_m[np.isfinite(places_m).all(axis=1), :2]
    moved = np.flatnonzero((np.diff(flown, axis=0) != 0.0).any(axis=1))
    if len(moved):
        axes.annotate(
            "",
            xy=tuple(flown[moved[-1] + 1]),
            xytext=tuple(flown[moved[-1]]),
            arrowprops={"arrowstyle": "-|>", "color": colour, "mutation_scale": 14},
        )


def _apart(axes: Axes, meeting: Meeting, apart_m: FloatArray, least_m: float) -> None:
    axes.axvspan(*meeting.period_s, color=DEPARTURE, alpha=0.15, linewidth=0.0)
    axes.axhline(least_m, color=DEPARTURE, linestyle="--", linewidth=1.0)
    axes.axvline(meeting.closest_s, color=GREY, linewidth=0.8)
    axes.plot(meeting.t_s, apart_m, color="#222222", linewidth=1.4)
    axes.set_xlim(meeting.t_s[0], meeting.t_s[-1])
    # What is zero is seen, too.
    axes.set_ylim(bottom=-0.03 * axes.get_ylim()[1])
    _plain(axes)


def _plain(axes: Axes) -> None:
    axes.tick_params(labelsize=7.5, length=2)
    axes.set_facecolor("#f8f9fa")
    axes.grid(color="#e6e9ec", linewidth=0.5)


def _clock(axes: Axes, table: ConflictTable) -> None:
    epoch = table.tracks.epoch
    if epoch is None:
        return
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(
        FuncFormatter(
            lambda t_s, _: f"{(epoch + timedelta(seconds=t_s)).astimezone(BEIJING):%H:%M:%S}"
        )
    )
