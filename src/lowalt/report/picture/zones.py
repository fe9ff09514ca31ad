"""Zones on the map: those that ask something of a flight, and faintly those that do not."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from lowalt.airspace import Restriction, Zone
from lowalt.report.picture.drawing import HALO, HEADING, Marks, Window, fill
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import (
    DASHES,
    GREY,
    RESTRICTIONS,
)
from lowalt.report.scene import Scene

_MOST_ZONES = 12
"""Zones that the legend names; the rest are counted."""

_COLUMNS = 40
"""Characters in a line of the legend."""

_STRICTEST_LAST = (
    Restriction.NO_RESTRICTION,
    Restriction.CONDITIONAL,
    Restriction.REQ_AUTHORIZATION,
    Restriction.PROHIBITED,
)

_NOTHING = Patch(facecolor="none", edgecolor="none")


def draw_zones(axes: Axes, scenes: Sequence[Scene], window: Window, lettering: Lettering) -> Marks:
    """Draw the zones met, the strictest last and so on top; those that ask nothing are faint."""
    met = {zone.identifier: zone for scene in scenes for zone in scene.zones}
    asking = {zone.identifier for scene in scenes for zone in scene.asking_zones}
    order = sorted(
        met.values(),
        key=lambda zone: (_STRICTEST_LAST.index(zone.restriction), -zone.geometry.area),
    )
    for zone in order:
        _zone(axes, zone, window, faint=zone.identifier not in asking)
    words = lettering.words
    marks: Marks = []
    named = [zone for zone in reversed(order) if zone.identifier in asking]
    for restriction, zones in groupby(named[:_MOST_ZONES], key=lambda zone: zone.restriction):
        marks.append((HEADING, f"{words.zones}: {words.asks[restriction.value]}"))
        for zone in zones:
            colour = RESTRICTIONS[restriction]
            key = Patch(facecolor=(colour, 0.2), edgecolor=colour, linestyle=DASHES[zone.status])
            marks.append((key, _one_line(f"{zone.identifier} {lettering.named(zone.name)}")))
    if len(named) > _MOST_ZONES:
        marks.append((_NOTHING, words.elsewhere.format(count=len(named) - _MOST_ZONES)))
    if rest := [zone.identifier for zone in order if zone.identifier not in asking]:
        marks.append((HEADING, words.asks_nothing))
        text = textwrap.fill(", ".join(rest), _COLUMNS, max_lines=4, placeholder=" …")
        marks.append((Patch(facecolor="none", edgecolor=(GREY, 0.7)), text))
    if not met:
        marks += [(HEADING, words.zones), (_NOTHING, words.no_zones)]
    return marks


def _one_line(text: str) -> str:
    # A Chinese character is as wide as two letters.
    room = _COLUMNS if text.isascii() else _COLUMNS * 5 // 8
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def _zone(axes: Axes, zone: Zone, window: Window, *, faint: bool) -> None:
    colour = GREY if faint else RESTRICTIONS[zone.restriction]
    fill(
        axes,
        zone.geometry,
        facecolor="none" if faint else (colour, 0.09),
        edgecolor=(colour, 0.7 if faint else 1.0),
        linestyle=DASHES[zone.status],
        linewidth=0.6 if faint else 0.9,
        zorder=1.5 if faint else 2,
    )
    inner = window.box.buffer(-0.03 * (window.north - window.south))
    edge = zone.geometry.boundary.intersection(inner)
    if faint or edge.is_empty:
        return
    # On its outline, where the map shows it: the inside is the flight's.
    longest = max(shapely.get_parts(edge), key=lambda part: part.length)
    place = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    axes.text(
        place.x,
        place.y,
        zone.identifier,
        color=colour,
        size=6.5,
        ha="center",
        va="center",
        zorder=7,
        path_effects=HALO,
        clip_on=True,
    )
