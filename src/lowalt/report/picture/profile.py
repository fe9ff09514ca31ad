"""The vertical profile: how high the flights are, over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from lowalt.levels import VerticalReference
from lowalt.report.heights import ground_m, own_levels
from lowalt.report.picture.drawing import Marks
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import (
    CORRIDOR,
    DASHES,
    DEPARTURE,
    GROUND,
    INK,
    JURISDICTIONS,
    MOST_NAMED,
    RESTRICTIONS,
    flight_style,
)
from lowalt.report.scene import Scene, ceiling_m, common_reference, floor_m
from lowalt.situation.encounters import Encounter
from lowalt.truth import Truth

_SAMPLES = 400
"""Moments at which the limits of a route and the ground are asked for."""

_HEADROOM = 1.35
"""The axis goes so much higher than the flight, so that what lies above it is seen."""

_LEAST_M = 30.0
"""Height that the axis shows at least."""

_TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200)
_MOST_TICKS = 8

_ALONE: dict[str, Any] = {"color": INK, "linewidth": 1.6}


def draw_profile(axes: Axes, scenes: Sequence[Scene], lettering: Lettering) -> Marks:
    """Draw the heights, and return the marks with what they mean."""
    reference = common_reference(scenes)
    low_m, high_m = _range(scenes, reference)
    _frame(axes, scenes, low_m, high_m)
    words = lettering.words
    axes.set_ylabel(words.mixed if reference is None else words.height[reference.value])
    axes.set_xlabel(words.clock)
    marks: Marks = []
    for number, scene in enumerate(scenes):
        alone = len(scenes) == 1
        if alone:
            _legs(axes, scene, lettering)
        style = _ALONE if alone else flight_style(number)
        name = lettering.words.planned if alone else scene.plan.plan_id
        if number < MOST_NAMED:
            marks.append((Line2D([], [], **style), name))
        marks += _level(axes, scene, reference, style, lettering)
        if reference is not None:
            marks += _route(axes, scene, reference, lettering)
            marks += _ground(axes, scene, reference, lettering)
            _zones(axes, scene, reference, (low_m, high_m))
        _departures(axes, scene)
    distinct = {text: mark for mark, text in reversed(marks)}
    return [(mark, text) for text, mark in reversed(distinct.items())]


def _range(scenes: Sequence[Scene], reference: VerticalReference | None) -> tuple[float, float]:
    values = np.concatenate([level for scene in scenes for level in own_levels(scene, reference)])
    buffers = [scene.vertical_m for scene in scenes if np.isfinite(scene.vertical_m)]
    high_m = max(float(values.max()) + max(buffers, default=0.0), _LEAST_M)
    return min(0.0, float(values.min())), high_m * _HEADROOM


def _frame(axes: Axes, scenes: Sequence[Scene], low_m: float, high_m: float) -> None:
    start = min(scene.start_s for scene in scenes)
    end = max(scene.start_s + scene.seconds[-1] for scene in scenes)
    room = 0.02 * (end - start)
    axes.set(xlim=(start - room, end + room), ylim=(low_m, high_m))
    steps = (step for step in _TICKS_S if (end - start) / step <= _MOST_TICKS)
    step = next(steps, 86400)
    # From midnight of the flight's own day, so that ticks are full minutes or hours there.
    ticks = np.arange(np.ceil(start / step) * step, end + 1e-9, step)
    axes.xaxis.set_major_locator(FixedLocator(ticks.tolist()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: _clock(at, seconds=step < 60)))
    axes.tick_params(labelsize=7.5, length=2)
    axes.set_facecolor("#f8f9fa")
    axes.grid(color="#e6e9ec", linewidth=0.5, zorder=0)


def _clock(at_s: float, *, seconds: bool) -> str:
    """Write a time after midnight.

    Examples
    --------
    >>> _clock(47_460.0, seconds=False), _clock(86_405.0, seconds=True)
    ('13:11', '00:00:05')
    """
    minutes, second = divmod(round(at_s) % 86400, 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{text}:{second:02}" if seconds else text


def _legs(axes: Axes, scene: Scene, lettering: Lettering) -> None:
    """Write along the top whose law each stretch is flown under."""
    for leg in scene.situation.legs:
        start, end = scene.midnight_s(leg.period.start), scene.midnight_s(leg.period.end)
        colour = JURISDICTIONS[leg.jurisdiction]
        certain = leg.exists is Truth.TRUE
        axes.axvspan(
            start, end, ymin=0.955, color=colour, alpha=0.85 if certain else 0.3, linewidth=0.0
        )
        wide = (end - start) / np.diff(axes.get_xlim())[0]
        if certain and wide > 0.12:
            axes.text(
                (start + end) / 2.0,
                0.925,
                lettering.words.places[leg.jurisdiction],
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="top",
                color=colour,
                size=7.5,
                zorder=8,
            )


def _level(
    axes: Axes,
    scene: Scene,
    reference: VerticalReference | None,
    style: dict[str, Any],
    lettering: Lettering,
) -> Marks:
    at = scene.start_s + scene.seconds
    low, high = own_levels(scene, reference)
    around_m = np.nan_to_num(scene.vertical_m)
    shade: dict[str, Any] = {"facecolor": (style["color"], 0.15), "linewidth": 0.0}
    axes.fill_between(at, low - around_m, high + around_m, zorder=4, **shade)
    for level in (low,) if scene.path is not None else (low, high):
        axes.plot(at, level, zorder=6, **style)
    return [(Patch(**shade), lettering.words.around)] if around_m else []


def _route(axes: Axes, scene: Scene, reference: VerticalReference, lettering: Lettering) -> Marks:
    """Draw floor and ceiling of the route that it is to keep to."""
    seconds = np.linspace(scene.seconds[0], scene.seconds[-1], _SAMPLES)
    limits = scene.route_limits(seconds, reference)
    if limits is None or not np.isfinite(limits).any():
        return []
    at = scene.start_s + seconds
    bottom, top = axes.get_ylim()
    floor, ceiling = (np.clip(limit, bottom, top) for limit in limits)
    style: dict[str, Any] = {"facecolor": (CORRIDOR, 0.12), "edgecolor": CORRIDOR}
    axes.fill_between(at, floor, ceiling, linewidth=0.9, zorder=2, **style)
    return [(Patch(**style), lettering.words.limits)]


def _ground(axes: Axes, scene: Scene, reference: VerticalReference, lettering: Lettering) -> Marks:
    if reference is VerticalReference.AGL:
        axes.axhline(0.0, color=GROUND, linewidth=1.6, zorder=3)
        return [(Line2D([], [], color=GROUND, linewidth=1.6), lettering.words.ground)]
    seconds = np.linspace(scene.seconds[0], scene.seconds[-1], _SAMPLES)
    heights_m = ground_m(scene, seconds, reference)
    if np.isnan(heights_m).all():
        return []
    bottom, _ = axes.get_ylim()
    style: dict[str, Any] = {"facecolor": (GROUND, 0.35), "edgecolor": GROUND}
    axes.fill_between(scene.start_s + seconds, bottom, heights_m, zorder=3, **style)
    return [(Patch(**style), lettering.words.ground)]


def _zones(
    axes: Axes, scene: Scene, reference: VerticalReference, room: tuple[float, float]
) -> None:
    """Draw when each zone is met, and between which levels where they can be compared."""
    asking = {zone.identifier for zone in scene.asking_zones}
    for encounter in scene.situation.encounters:
        if encounter.zone.identifier not in asking:
            continue
        low_m, high_m = _band(encounter, reference, room)
        if high_m <= low_m:
            continue
        start = scene.midnight_s(encounter.period.start)
        wide = scene.midnight_s(encounter.period.end) - start
        colour = RESTRICTIONS[encounter.zone.restriction]
        axes.add_patch(
            Rectangle(
                (start, low_m),
                wide,
                high_m - low_m,
                facecolor=(colour, 0.05),
                edgecolor=(colour, 0.7),
                linestyle=DASHES[encounter.zone.status],
                linewidth=0.8,
                zorder=1,
            )
        )


def _band(
    encounter: Encounter, reference: VerticalReference, room: tuple[float, float]
) -> tuple[float, float]:
    """Levels of a zone on the axis: all of it where they are measured from something else."""
    layers = [volume.layer for volume in encounter.zone.volumes]
    floors = [floor_m(layer, reference) for layer in layers]
    ceilings = [ceiling_m(layer, reference) for layer in layers]
    low_m, high_m = min(floors), max(ceilings)
    if np.isnan(floors).any() or np.isnan(ceilings).any():
        return room
    return max(low_m, room[0]), min(high_m, room[1])


def _departures(axes: Axes, scene: Scene) -> None:
    keeping = scene.situation.route
    for departure in () if keeping is None else keeping.departures:
        start, end = (scene.midnight_s(at) for at in (departure.period.start, departure.period.end))
        axes.axvspan(start, end, color=DEPARTURE, alpha=0.25, linewidth=0.0, zorder=1.5)
