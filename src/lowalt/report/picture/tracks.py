"""Flights on the map: their tracks, ends, directions, and where they leave their routes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lowalt.flights.plan import BEIJING
from lowalt.report.picture.drawing import HALO, HEADING, Marks, fill
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import (
    DEPARTURE,
    FLIGHTS,
    INK,
    JURISDICTIONS,
    MOST_NAMED,
    flight_style,
)
from lowalt.report.scene import Scene
from lowalt.terms import Jurisdiction
from lowalt.terrain import FloatArray
from lowalt.truth import Truth

_EDGE = 0.25
"""Nearer than so much of the width to an edge of the map, text goes inwards."""

_LONGEST = 40
"""Characters of the name of a place; the rest is left out."""

_SAME_PLACE_DEG = 1e-4
"""Some ten metres."""


class End(NamedTuple):
    """Where a track begins or ends, and what is to be written there."""

    place: FloatArray
    is_low: bool
    text: str
    colour: str


def draw_tracks(axes: Axes, scenes: Sequence[Scene], lettering: Lettering) -> Marks:
    """Draw each flight with the airspace around it."""
    marks: Marks = []
    ends: list[End] = []
    for number, scene in enumerate(scenes):
        colour = FLIGHTS[number % len(FLIGHTS)]
        alone = len(scenes) == 1
        shape = scene.airspace_around
        around = JURISDICTIONS[Jurisdiction.MAINLAND] if alone else colour
        fill(axes, shape, facecolor=(around, 0.15), edgecolor="none", zorder=4)
        if scene.area is not None:
            fill(axes, shape, facecolor="none", edgecolor=around, linewidth=1.4, zorder=6)
            own = lettering.words.area if alone else scene.plan.plan_id
            if number < MOST_NAMED:
                marks.append((Patch(facecolor=(around, 0.15), edgecolor=around), own))
        elif alone:
            marks += _by_leg(axes, scene, lettering)
        else:
            style = flight_style(number)
            axes.plot(*scene.track.T, zorder=6, **style)
            if number < MOST_NAMED:
                marks.append((Line2D([], [], **style), scene.plan.plan_id))
        if scene.path is not None:
            _direction(axes, scene, None if alone else colour)
            ends += _ends(axes, scene, None if alone else colour, lettering)
        marks += _departures(axes, scene, lettering)
    if len(scenes) <= MOST_NAMED:
        _write_ends(axes, ends)
    else:
        more = lettering.words.more_flights.format(count=len(scenes) - MOST_NAMED)
        marks.append((HEADING, more))
    return marks


def _by_leg(axes: Axes, scene: Scene, lettering: Lettering) -> Marks:
    """Colour a track by whose law it is flown under; where that is not certain it is dotted."""
    words = lettering.words
    marks: dict[str, Artist] = {}
    for leg in sorted(scene.situation.legs, key=lambda leg: leg.exists is not Truth.TRUE):
        certain = leg.exists is Truth.TRUE
        style: dict[str, Any] = {
            "color": JURISDICTIONS[leg.jurisdiction],
            "linewidth": 2.2 if certain else 3.0,
            "linestyle": "-" if certain else (0, (1.0, 1.2)),
        }
        axes.plot(*scene.along(leg.period).T, zorder=6 if certain else 6.2, **style)
        text = f"{words.track}: {words.places[leg.jurisdiction]}"
        marks[text + ("" if certain else words.uncertain)] = Line2D([], [], **style)
    return [(mark, text) for text, mark in marks.items()]


def _direction(axes: Axes, scene: Scene, colour: str | None) -> None:
    """Put an arrow head on the middle of the track, where that moves."""
    middle, step = scene.seconds[-1] / 2.0, scene.seconds[-1] / 200.0
    before, place, after = scene.places(np.array([middle - step, middle, middle + step]))
    if np.allclose(before, after, atol=1e-12):
        return
    east, north = (after - before) * (math.cos(math.radians(place[1])), 1.0)
    turn_deg = math.degrees(math.atan2(north, east)) - 90.0
    axes.plot(
        *place,
        marker=(3, 0, turn_deg),
        color=colour or INK,
        markersize=9,
        markeredgecolor="white",
        markeredgewidth=0.6,
        zorder=6.5,
    )


def _ends(axes: Axes, scene: Scene, colour: str | None, lettering: Lettering) -> Iterator[End]:
    """Mark take-off and landing, and yield what is to be written there."""
    words, period = lettering.words, scene.situation.path.period
    start, end = period.start.astimezone(BEIJING), period.end.astimezone(BEIJING)
    first, last = scene.track[0], scene.track[-1]
    took_off, landed = f"{words.take_off} {start:%H:%M:%S}", f"{words.landing} {end:%H:%M:%S}"
    departure, landing = scene.plan.departure_site, scene.plan.landing_site
    if np.allclose(first, last, atol=_SAME_PLACE_DEG):
        ends = [(first, "o", departure, f"{took_off}, {landed}")]
    else:
        ends = [(first, "o", departure, took_off), (last, "D", landing, landed)]
    for place, marker, site, text in ends:
        axes.plot(
            *place, marker, color=colour or INK, markersize=6, markeredgecolor="white", zorder=8
        )
        name = "" if site is None else lettering.written(site.name or "")
        if len(name) > _LONGEST:
            name = f"{name[: _LONGEST - 1].rstrip()}…"
        is_low = bool(place[1] < scene.track[:, 1].mean())
        yield End(place, is_low, "\n".join(filter(None, (name, text))), colour or INK)


def _write_ends(axes: Axes, ends: Iterable[End]) -> None:
    """Write at the ends of tracks, inwards near the edge of the map, and once at each place."""
    west, east = axes.get_xlim()
    written: list[FloatArray] = []
    for end in ends:
        if any(np.allclose(end.place, other, atol=_SAME_PLACE_DEG) for other in written):
            continue
        written.append(end.place)
        share = (end.place[0] - west) / (east - west)
        left = _EDGE < share < 0.5 or share > 1.0 - _EDGE
        axes.annotate(
            end.text,
            (float(end.place[0]), float(end.place[1])),
            xytext=(-7 if left else 7, -7 if end.is_low else 7),
            textcoords="offset points",
            ha="right" if left else "left",
            va="top" if end.is_low else "bottom",
            size=7.5,
            color=end.colour,
            path_effects=HALO,
            zorder=8,
        )


def _departures(axes: Axes, scene: Scene, lettering: Lettering) -> Marks:
    """Mark where a flight leaves the route that it is to keep to."""
    keeping = scene.situation.route
    marks: Marks = []
    for departure in () if keeping is None else keeping.departures:
        style: dict[str, Any] = {
            "marker": "X",
            "color": DEPARTURE,
            "markersize": 9,
            "markeredgecolor": "white",
        }
        axes.plot(departure.lon_deg, departure.lat_deg, linestyle="", zorder=9, **style)
        period = departure.period
        start, end = (at.astimezone(BEIJING) for at in (period.start, period.end))
        how = departure.kind.label(lettering.lang)
        if departure.excursion_m is not None:
            how += f" {departure.excursion_m:.0f} {lettering.words.metres}"
        text = f"{lettering.words.departure}\n{how}\n{start:%H:%M:%S}–{end:%H:%M:%S}"
        marks.append((Line2D([], [], linestyle="", **style), text))
    return marks
