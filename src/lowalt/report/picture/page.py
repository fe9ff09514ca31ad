"""The page: a map, a vertical profile, and beside them what the marks mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from lowalt.flights.plan import BEIJING
from lowalt.report.picture.chart import draw_chart
from lowalt.report.picture.figures import content_of, legend, new_figure, written_in
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.profile import draw_profile
from lowalt.report.picture.styles import DECISIONS, GREY, MOST_NAMED
from lowalt.report.scene import Scene
from lowalt.report.text import Language, headline
from lowalt.verdicts import Decision

_SIZE_IN = (11.7, 9.6)
_LEFT = 0.065
_LONGEST_TITLE = 75
"""Characters that have room above the map."""

_HEAD, _LINE = 0.934, 0.02
"""Where the lines below the title begin, and how far they are apart, as shares of the height."""


def render(
    scenes: Sequence[Scene], *, title: str | Mapping[str, str], lang: Language, file_format: str
) -> bytes:
    """Draw flights, and return the picture as a file of the format, ``png`` or ``svg``."""
    lettering = Lettering.of(lang)
    with written_in(lettering):
        figure = new_figure(_SIZE_IN)
        _lay_out(figure, scenes, title, lettering)
        return content_of(figure, file_format)


def _lay_out(
    figure: Figure, scenes: Sequence[Scene], title: str | Mapping[str, str], lettering: Lettering
) -> None:
    head = _LINE * (0 if _is_crowded(scenes) else len(scenes) - 1)
    chart = figure.add_axes((_LEFT, 0.36, 0.66, 0.555 - head))
    profile = figure.add_axes((_LEFT, 0.075, 0.66, 0.215))
    _head(figure, scenes, title, lettering)
    legend(chart, draw_chart(chart, scenes, lettering))
    legend(profile, draw_profile(profile, scenes, lettering))
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
    decided = [
        (f"{decision.label(lettering.lang)} {counts[decision]}", decision)
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
