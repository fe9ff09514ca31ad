"""The map: north up, drawn from the features of the dataset round the flights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.ticker import FuncFormatter, MaxNLocator
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from lowalt.report.picture.drawing import HALO, METRES_PER_DEGREE, Marks, Window
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.places import draw_jurisdictions, draw_lines, draw_routes, draw_sites
from lowalt.report.picture.styles import INK, MOST_NAMED
from lowalt.report.picture.tracks import draw_tracks
from lowalt.report.picture.zones import draw_zones
from lowalt.report.scene import Scene


def draw_chart(axes: Axes, scenes: Sequence[Scene], lettering: Lettering) -> Marks:
    """Draw the map, and return its marks with what they mean."""
    window = _window(axes, scenes)
    _frame(axes, window)
    draw_jurisdictions(axes, scenes[0], window, lettering)
    marks: Marks = []
    marks += draw_tracks(axes, scenes, lettering)
    marks += draw_routes(axes, scenes, lettering)
    marks += draw_lines(axes, scenes[0], window, lettering)
    marks += draw_sites(axes, scenes, window, lettering)
    marks += draw_zones(axes, scenes, window, lettering)
    _scale_bar(axes, window, _free_corner(window, scenes), lettering)
    _north(axes, window, lettering)
    return marks


def _window(axes: Axes, scenes: Sequence[Scene]) -> Window:
    # The airspace around a line without a width is nothing: the line itself counts too.
    shapes: list[BaseGeometry] = [shapely.MultiPoint(scene.track) for scene in scenes]
    shapes += [scene.airspace_around for scene in scenes]
    box = axes.get_position()
    figure = axes.get_figure(root=True)
    assert figure is not None
    wide_in, high_in = figure.get_size_inches()
    form = float(box.width * wide_in / (box.height * high_in))
    return Window.round(shapes, width_to_height=form)


def _frame(axes: Axes, window: Window) -> None:
    axes.set(xlim=(window.west, window.east), ylim=(window.south, window.north))
    axes.set_aspect(METRES_PER_DEGREE / window.metres_per_degree_lon, adjustable="box")
    axes.set_facecolor("#f8f9fa")
    axes.grid(color="#e6e9ec", linewidth=0.5, zorder=0)
    for axis, letters in ((axes.xaxis, "WE"), (axes.yaxis, "SN")):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        axis.set_major_formatter(FuncFormatter(_degrees(letters)))
    axes.tick_params(labelsize=7.5, length=2)


def _degrees(letters: str) -> Any:
    return lambda value, _: f"{abs(value):.6g}° {letters[int(value >= 0.0)]}"


# Scale and north


_CORNERS = ((0.035, 0.035), (0.73, 0.035), (0.035, 0.93))
"""Where the scale bar may begin, as shares of the map; the north arrow has the fourth corner."""

_BAR = shapely.box(-0.025, -0.025, 0.235, 0.06)
"""Room that the bar with its numbers takes at most, round where it begins."""

_END = shapely.box(-0.27, -0.08, 0.27, 0.08)
"""Room that is written on at an end of a track."""


def _free_corner(window: Window, scenes: Sequence[Scene]) -> tuple[float, float]:
    """Choose a corner for the scale bar that no track leads through, nor what is written there."""
    tracks = [window.shares(scene.track) for scene in scenes]
    taken: list[BaseGeometry] = [shapely.MultiPoint(track) for track in tracks]
    taken += [shapely.LineString(track) for track in tracks if len(track) > 1]
    if len(scenes) <= MOST_NAMED:
        taken += [translate(_END, *end) for track in tracks for end in track[[0, -1]]]
    everything = shapely.union_all(taken)
    free = (at for at in _CORNERS if not translate(_BAR, *at).intersects(everything))
    return next(free, _CORNERS[0])


def _scale_bar(
    axes: Axes, window: Window, begin: tuple[float, float], lettering: Lettering
) -> None:
    wide_m = (window.east - window.west) * window.metres_per_degree_lon
    length_m = _round_length(wide_m / 5.0)
    (west, south), length = window.at(*begin), length_m / window.metres_per_degree_lon
    high = 0.008 * (window.north - window.south)
    for number, colour in enumerate((INK, "white", INK, "white")):
        axes.add_patch(
            PathPatch(
                Outline(_rectangle(west + number * length / 4.0, south, length / 4.0, high)),
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.6,
                zorder=9,
            )
        )
    words = lettering.words
    kilometres = length_m >= 1000.0
    unit = words.kilometres if kilometres else words.metres
    text = f"{length_m / 1000.0 if kilometres else length_m:g} {unit}"
    axes.text(
        west + length, south + 2.0 * high, text, size=7.5, ha="center", path_effects=HALO, zorder=9
    )
    axes.text(west, south + 2.0 * high, "0", size=7.5, ha="center", path_effects=HALO, zorder=9)


def _rectangle(west: float, south: float, wide: float, high: float) -> list[tuple[float, float]]:
    return [
        (west, south),
        (west + wide, south),
        (west + wide, south + high),
        (west, south + high),
        (west, south),
    ]


def _round_length(most_m: float) -> float:
    """Greatest of 1, 2 and 5 times a power of ten that is not longer.

    Examples
    --------
    >>> _round_length(3700.0), _round_length(999.0)
    (2000.0, 500.0)
    """
    # The logarithm of a number just below a power of ten is rounded up to that power's.
    power = 10.0 ** (math.floor(math.log10(most_m)) - 1)
    steps = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
    return max(step * power for step in steps if step * power <= most_m)


def _north(axes: Axes, window: Window, lettering: Lettering) -> None:
    lon_deg, low = window.at(0.965, 0.885)
    _, high = window.at(0.965, 0.955)
    axes.annotate(
        "",
        xy=(lon_deg, high),
        xytext=(lon_deg, low),
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.2},
        zorder=9,
    )
    axes.text(
        lon_deg,
        low,
        lettering.words.north,
        size=9,
        ha="center",
        va="top",
        path_effects=HALO,
        zorder=9,
    )
