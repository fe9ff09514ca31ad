"""Flights on a map, and their heights over time, each alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes

from lowalt.report.picture.chart import draw_chart
from lowalt.report.picture.drawing import Marks
from lowalt.report.picture.figures import legend, new_figure, written_in
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.profile import draw_profile
from lowalt.report.plots.plot import Plot
from lowalt.report.scene import Scene

_MAP_IN, _PROFILE_IN = (9.5, 5.6), (9.5, 3.2)
_LEFT, _WIDE, _FOOT_IN, _HEAD_IN = 0.08, 0.63, 0.5, 0.15
"""Where the axes stand: shares of the width, and inches of the height."""


def draw_map(scenes: Sequence[Scene], lettering: Lettering) -> Plot:
    """Draw the map of flights."""
    return _plot(draw_chart, scenes, lettering, size_in=_MAP_IN)


def draw_heights(scenes: Sequence[Scene], lettering: Lettering) -> Plot:
    """Draw the vertical profile of flights."""
    return _plot(draw_profile, scenes, lettering, size_in=_PROFILE_IN)


def _plot(
    draw: Callable[[Axes, Sequence[Scene], Lettering], Marks],
    scenes: Sequence[Scene],
    lettering: Lettering,
    *,
    size_in: tuple[float, float],
) -> Plot:
    high_in = size_in[1]
    with written_in(lettering):
        figure = new_figure(size_in)
        inside = 1.0 - (_FOOT_IN + _HEAD_IN) / high_in
        axes = figure.add_axes((_LEFT, _FOOT_IN / high_in, _WIDE, inside))
        legend(axes, draw(axes, scenes, lettering))
    return Plot(figure, lettering)
