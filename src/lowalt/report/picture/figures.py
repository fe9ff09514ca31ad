"""Figures: made without a display, in the font of a language, and written as files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lowalt.report.picture.drawing import HEADING, Marks
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import GREY, INK

_DOTS_PER_INCH = 110

_SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "font.size": 8.5,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "svg.hashsalt": "lowalt",
        "svg.fonttype": "path",
        # A minus sign of its own is missing from Chinese fonts.
        "axes.unicode_minus": False,
    }
)


def written_in(lettering: Lettering) -> AbstractContextManager[None]:
    """Draw, while it lasts, in the font of a language."""
    settings: Any = {**_SETTINGS, "font.family": [lettering.font, "DejaVu Sans"]}
    return mpl.rc_context(settings)


def new_figure(size_in: tuple[float, float]) -> Figure:
    """Make a figure of so many inches that needs no display."""
    figure = Figure(figsize=size_in, dpi=_DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    return figure


def content_of(figure: Figure, file_format: str) -> bytes:
    """Write a figure as a file of a format, ``png`` or ``svg``."""
    content = io.BytesIO()
    # Neither the day nor the version stands in the file, so that equal pictures are equal.
    metadata = {"Date": None} if file_format == "svg" else {"Software": None}
    figure.savefig(content, format=file_format, metadata=metadata)
    return content.getvalue()


def legend(axes: Axes, marks: Marks) -> None:
    """Put what the marks mean to the right of the axes; a mark without a line is a heading."""
    shown = axes.legend(
        [mark for mark, _ in marks],
        [text for _, text in marks],
        loc="upper left",
        bbox_to_anchor=(1.012, 1.015),
        frameon=False,
        fontsize=7.8,
        handlelength=2.0,
        labelspacing=0.6,
        borderaxespad=0.0,
    )
    for (mark, _), text in zip(marks, shown.get_texts(), strict=True):
        if mark is HEADING:
            text.set_fontweight("bold")
