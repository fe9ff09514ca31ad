"""The page: a map, a vertical profile, and beside them what the marks mean."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lowalt.flights.plan import BEIJING
from lowalt.report.picture.chart import draw_chart
from lowalt.report.picture.drawing import HEADING, Marks
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.profile import draw_profile
from lowalt.report.picture.scene import Scene
from lowalt.report.picture.styles import DECISIONS, GREY, INK, MOST_NAMED
from lowalt.report.text import Language, headline
from lowalt.report.words import EN, ZH
from lowalt.verdicts import Decision

_SIZE_IN = (11.7, 9.6)
_DOTS_PER_INCH = 110
_LEFT = 0.065
_LONGEST_TITLE = 75
"""Characters that have room above the map."""

_HEAD, _LINE = 0.934, 0.02
"""Where the lines below the title begin, and how far they are apart, as shares of the height."""

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


def render(
    scenes: Sequence[Scene], *, title: str | Mapping[str, str], lang: Language, file_format: str
) -> bytes:
    """Draw flights, and return the picture as a file of the format, ``png`` or ``svg``."""
    lettering = Lettering.of(lang)
    settings: Any = {**_SETTINGS, "font.family": [lettering.font, "DejaVu Sans"]}
    with mpl.rc_context(settings):
        figure = Figure(figsize=_SIZE_IN, dpi=_DOTS_PER_INCH)
        FigureCanvasAgg(figure)
        _lay_out(figure, scenes, title, lettering)
        content = io.BytesIO()
        # Neither the day nor the version stands in the file, so that equal pictures are equal.
        metadata = {"Date": None} if file_format == "svg" else {"Software": None}
        figure.savefig(content, format=file_format, metadata=metadata)
    return content.getvalue()


def _lay_out(
    figure: Figure, scenes: Sequence[Scene], title: str | Mapping[str, str], lettering: Lettering
) -> None:
    head = _LINE * (0 if _is_crowded(scenes) else len(scenes) - 1)
    chart = figure.add_axes((_LEFT, 0.36, 0.66, 0.555 - head))
    profile = figure.add_axes((_LEFT, 0.075, 0.66, 0.215))
    _head(figure, scenes, title, lettering)
    _legend(chart, draw_chart(chart, scenes, lettering))
    _legend(profile, draw_profile(profile, scenes, lettering))
    foot = lettering.words.not_for_navigation.format(name=lettering.named(scenes[0].airspace.title))
    figure.text(_LEFT, 0.012, " ".join(filter(None, (foot, lettering.note))), color=GREY, size=7.5)


def _head(
    figure: Figure, scenes: Sequence[Scene], title: str | Mapping[str, str], lettering: Lettering
) -> None:
    named = title if isinstance(title, str) else lettering.named(title)
    if not (named and lettering.can_write(named)):
        named = lettering.written(", ".join(scene.plan.plan_id for scene in scenes))
        if len(scenes) > 1 and len(named) > _LONGEST_TITLE:
            named = lettering.words.flights.format(count=len(scenes))
    figure.text(_LEFT, 0.962, named, size=14, weight="bold")
    if _is_crowded(scenes):
        _decisions_in_all(figure, scenes, lettering)
        return
    for number, scene in enumerate(scenes):
        own = f"{scene.plan.plan_id}: " if len(scenes) > 1 else ""
        decided = []
        if scene.verdict is not None:
            said = headline(scene.verdict, lang=lettering.lang)
            decided.append((said, scene.verdict.decision))
        _line(figure, _HEAD - _LINE * number, own + _when([scene]), decided)


def _is_crowded(scenes: Sequence[Scene]) -> bool:
    """Whether there are too many flights to name each."""
    return len(scenes) > MOST_NAMED


def _decisions_in_all(figure: Figure, scenes: Sequence[Scene], lettering: Lettering) -> None:
    """Count what was decided, the best first."""
    counts = Counter(scene.verdict.decision for scene in scenes if scene.verdict is not None)
    words = (ZH if lettering.lang == "zh" else EN).decisions
    decided = [
        (f"{words[decision][0]} {counts[decision]}", decision)
        for decision in DECISIONS
        if counts[decision]
    ]
    _line(figure, _HEAD, _when(scenes), decided)


def _when(scenes: Sequence[Scene]) -> str:
    """Write from when to when flights last."""
    periods = [scene.situation.path.period for scene in scenes]
    start = min(period.start for period in periods).astimezone(BEIJING)
    end = max(period.end for period in periods).astimezone(BEIJING)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def _line(figure: Figure, high: float, text: str, decided: Sequence[tuple[str, Decision]]) -> None:
    """Write a line below the title, and behind it decisions in their colours."""
    written = figure.text(_LEFT, high, text, size=9.5)
    for said, decision in decided:
        after = written.get_window_extent().x1 / figure.bbox.width
        written = figure.text(
            after + 0.015, high, said, size=9.5, weight="bold", color=DECISIONS[decision]
        )


def _legend(axes: Axes, marks: Marks) -> None:
    """Put what the marks mean to the right of the axes; a mark without a line is a heading."""
    legend = axes.legend(
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
    for (mark, _), text in zip(marks, legend.get_texts(), strict=True):
        if mark is HEADING:
            text.set_fontweight("bold")
