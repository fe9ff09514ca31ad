"""Places on the map: jurisdictions, boundaries, routes to keep to, ports and other sites."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from lowalt.airspace import Corridor, Port, Site
from lowalt.report.picture.drawing import HALO, Marks, Window, fill
from lowalt.report.picture.lettering import Lettering
from lowalt.report.picture.styles import (
    CORRIDOR,
    DASHES,
    GREY,
    INK,
    JURISDICTIONS,
)
from lowalt.report.scene import Scene
from lowalt.terms import Jurisdiction, LineKind, SiteKind


def draw_jurisdictions(axes: Axes, scene: Scene, window: Window, lettering: Lettering) -> None:
    """Tint what lies in another jurisdiction, and write whose each part is where there are two."""
    parts = {Jurisdiction.MAINLAND: window.box}
    for zone in scene.airspace.jurisdictions:
        seen = zone.geometry.intersection(window.box)
        parts[zone.jurisdiction] = parts.get(zone.jurisdiction, shapely.Polygon()).union(seen)
        parts[Jurisdiction.MAINLAND] = parts[Jurisdiction.MAINLAND].difference(zone.geometry)
        colour = JURISDICTIONS[zone.jurisdiction]
        fill(axes, zone.geometry, facecolor=(colour, 0.05), edgecolor="none", zorder=0.5)
    worth = {of: seen for of, seen in parts.items() if seen.area > 0.02 * window.box.area}
    for of, seen in worth.items() if len(worth) > 1 else ():
        largest = max(shapely.get_parts(seen), key=lambda part: part.area)
        circle = shapely.maximum_inscribed_circle(largest, tolerance=window.box.length / 400.0)
        lon_deg, lat_deg = shapely.get_coordinates(circle)[0]
        axes.text(
            lon_deg,
            lat_deg,
            lettering.words.places[of],
            color=(JURISDICTIONS[of], 0.45),
            size=13,
            ha="center",
            va="center",
            zorder=1,
        )


def draw_lines(axes: Axes, scene: Scene, window: Window, lettering: Lettering) -> Marks:
    """Draw boundaries of jurisdictions, of flight information regions, and of the sea."""
    words = lettering.words
    styles: dict[LineKind, tuple[str, dict[str, Any]]] = {
        LineKind.JURISDICTION_BOUNDARY: (
            words.jurisdiction_line,
            {"color": INK, "linewidth": 1.2, "linestyle": (0, (8, 2, 1.5, 2))},
        ),
        LineKind.FIR_BOUNDARY: (
            words.fir_line,
            {"color": "#7e57c2", "linewidth": 1.0, "linestyle": (0, (1, 1.5))},
        ),
        LineKind.SEA_LIMIT: (words.sea_line, {"color": GREY, "linewidth": 0.8, "linestyle": "--"}),
    }
    marks: dict[str, Artist] = {}
    for line in scene.airspace.lines:
        if line.kind in styles and line.line.intersects(window.box):
            text, style = styles[line.kind]
            for part in shapely.get_parts(line.line):
                axes.plot(*shapely.get_coordinates(part).T, zorder=3, **style)
            marks[text] = Line2D([], [], **style)
    return [(mark, text) for text, mark in marks.items()]


def draw_routes(axes: Axes, scenes: Sequence[Scene], lettering: Lettering) -> Marks:
    """Draw, with its width, the route that each flight is to keep to."""
    marks: dict[str, Artist] = {}
    for scene in scenes:
        route, strip = scene.route, scene.route_strip
        if route is None or strip is None:
            continue
        words = lettering.words
        if isinstance(route, Corridor):
            points = [(point.lon_deg, point.lat_deg) for point in route.points]
            text, dashes = words.corridor.format(name=route.identifier), DASHES[route.status]
        else:
            points = list(route.points)
            text = words.route.format(name=lettering.written(route.number or ""))
            dashes = "-"
        fill(axes, strip, facecolor=(CORRIDOR, 0.16), edgecolor=CORRIDOR, linewidth=0.8, zorder=3)
        axes.plot(*np.array(points).T, color=CORRIDOR, linewidth=0.8, linestyle=dashes, zorder=3.5)
        marks[text.strip()] = Patch(
            facecolor=(CORRIDOR, 0.25), edgecolor=CORRIDOR, linestyle=dashes
        )
    return [(mark, text) for text, mark in marks.items()]


def draw_sites(axes: Axes, scenes: Sequence[Scene], window: Window, lettering: Lettering) -> Marks:
    """Mark ports, landing sites and reporting points."""
    words = lettering.words
    marks: dict[str, Artist] = {}
    ends = np.concatenate([scene.track[[0, -1]] for scene in scenes])
    for site in scenes[0].airspace.sites:
        if site.example or not window.holds(site.lon_deg, site.lat_deg):
            continue
        text, style, size = _site_style(site, lettering)
        axes.plot(site.lon_deg, site.lat_deg, linestyle="", zorder=5, **style)
        marks[text] = Line2D([], [], linestyle="", **style)
        # Where a flight begins or ends it says so itself.
        apart = np.abs(ends - (site.lon_deg, site.lat_deg)).max(axis=1).min()
        if size and apart > 0.02 * (window.north - window.south):
            axes.annotate(
                site.identifier,
                (site.lon_deg, site.lat_deg),
                xytext=(4, -7),
                textcoords="offset points",
                size=size,
                color=style["color"],
                path_effects=HALO,
                zorder=7,
            )
    order = [words.port, words.site, words.reporting_point]
    return [(marks[text], text) for text in order if text in marks]


def _site_style(site: Site, lettering: Lettering) -> tuple[str, dict[str, Any], float]:
    words = lettering.words
    if isinstance(site, Port):
        return words.port, {"marker": "s", "color": "#00695c", "markersize": 5.5}, 6.5
    if site.kind is SiteKind.REPORTING_POINT:
        return words.reporting_point, {"marker": "^", "color": "#6a1b9a", "markersize": 4.5}, 6.5
    return words.site, {"marker": "+", "color": "#1565c0", "markersize": 4.5}, 0.0
