"""Draw a whole airspace dataset: zones, corridors, sites and lines, and how sure each is.

    python examples/draw_airspace.py -o airspace.png
    python examples/draw_airspace.py -o bay.png --box 113.80,22.40,114.05,22.60

Colour says what a zone asks, the outline how well its limits are known: solid is authoritative,
dashed is derived, dotted is illustrative. Examples, which judge no flight, are grey. It needs the
extra ``plot`` (``pip install "lowalt[plot]"``). Not for navigation.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import Literal

import matplotlib as mpl

mpl.use("Agg")  # a picture in a file needs no screen

import matplotlib.pyplot as plt
import shapely
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path as Outline
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

import lowalt as la
from lowalt.airspace import Corridor, Feature, FeatureStatus, Line, Restriction, Site
from lowalt.terms import SiteKind, ZoneKind

COLOURS = {
    Restriction.PROHIBITED: "#c0392b",
    Restriction.REQ_AUTHORIZATION: "#d9822b",
    Restriction.CONDITIONAL: "#b8a012",
    Restriction.NO_RESTRICTION: "#5d8aa8",
}
DASHES: dict[FeatureStatus, Literal["-", "--", ":"]] = {
    FeatureStatus.AUTHORITATIVE: "-",
    FeatureStatus.DERIVED: "--",
    FeatureStatus.ILLUSTRATIVE: ":",
}
CORRIDOR, BOUNDARY, EXAMPLE = "#2e7d5b", "#333333", "#9e9e9e"
SMALL_DEG2 = 4e-5
"""Zones smaller than this (about 0.5 km2) are drawn without their identifier."""


def draw(airspace: la.AirspaceDataset, *, box: tuple[float, float, float, float]) -> Figure:
    """Draw the features that lie in a box of west, south, east, north, degrees."""
    west, south, east, north = box
    figure, axes = plt.subplots(figsize=(16.0, 12.0), dpi=110)
    shown = shapely.box(*box)
    # The largest first, so that the small ones lie on top of them.
    for feature in sorted(airspace.features, key=_area, reverse=True):
        _feature(axes, feature, shown)
    axes.set(xlim=(west, east), ylim=(south, north), xlabel="longitude, °", ylabel="latitude, °")
    axes.set_aspect(1.0 / math.cos(math.radians((south + north) / 2.0)))
    axes.grid(color="#dddddd", linewidth=0.5)
    axes.set_title(
        f"{airspace.title.get('en', airspace.name)}: {len(airspace.features)} features."
        " Not for navigation."
    )
    _legend(axes)
    figure.tight_layout()
    return figure


def _area(feature: Feature) -> float:
    return float(feature.geometry.area) if isinstance(feature, la.Zone) else 0.0


def _feature(axes: Axes, feature: Feature, shown: BaseGeometry) -> None:
    if isinstance(feature, la.Zone):
        if feature.kind is not ZoneKind.ADMINISTRATIVE_AREA:
            _zone(axes, feature, shown)
    elif isinstance(feature, Corridor):
        _corridor(axes, feature)
    elif isinstance(feature, Line):
        for part in shapely.get_parts(feature.line):
            axes.plot(*shapely.get_coordinates(part).T, color=BOUNDARY, linewidth=1.2, zorder=3)
    elif isinstance(feature, Site):
        _site(axes, feature)


def _zone(axes: Axes, zone: la.Zone, shown: BaseGeometry) -> None:
    colour = EXAMPLE if zone.example else COLOURS[zone.restriction]
    jurisdiction = zone.kind is ZoneKind.JURISDICTION
    faint = jurisdiction or zone.example or zone.kind is ZoneKind.TEMPORARY_CONTROL
    style = {
        "facecolor": (colour, 0.04 if faint else 0.14),
        "edgecolor": colour,
        "linestyle": DASHES[zone.status],
        "linewidth": 0.9,
        "zorder": 2,
    }
    for part in shapely.get_parts(zone.geometry):
        axes.add_patch(PathPatch(_outline(part), **style))
    seen = zone.geometry.intersection(shown)
    if seen.area > SMALL_DEG2 * shown.area and not jurisdiction:
        place = seen.representative_point()
        axes.annotate(zone.identifier, (place.x, place.y), fontsize=6, color=colour, ha="center")


def _outline(polygon: Polygon) -> Outline:
    rings = [polygon.exterior, *polygon.interiors]
    return Outline.make_compound_path(*(Outline(shapely.get_coordinates(r)) for r in rings))


def _corridor(axes: Axes, corridor: Corridor) -> None:
    colour = EXAMPLE if corridor.example else CORRIDOR
    for volume in corridor.volumes:
        for part in shapely.get_parts(volume.geometry):
            axes.add_patch(
                PathPatch(
                    _outline(part), facecolor=(colour, 0.18), edgecolor=colour, lw=0.5, zorder=4
                )
            )
    lons = [point.lon_deg for point in corridor.points]
    lats = [point.lat_deg for point in corridor.points]
    axes.plot(lons, lats, color=colour, linewidth=0.8, linestyle=DASHES[corridor.status], zorder=5)
    middle = len(lons) // 2
    place = ((lons[middle - 1] + lons[middle]) / 2.0, (lats[middle - 1] + lats[middle]) / 2.0)
    axes.annotate(corridor.identifier, place, fontsize=6, color=colour, zorder=6)


def _site(axes: Axes, site: Site) -> None:
    reporting = site.kind is SiteKind.REPORTING_POINT
    marker, colour = ("^", "#6a1b9a") if reporting else ("P", "#1565c0")
    axes.plot(site.lon_deg, site.lat_deg, marker, color=colour, markersize=4, zorder=6)
    if reporting:
        place = (site.lon_deg, site.lat_deg)
        axes.annotate(f" {site.identifier}", place, fontsize=6, color=colour, zorder=6)


def _legend(axes: Axes) -> None:
    asks = {
        Restriction.PROHIBITED: "prohibited",
        Restriction.REQ_AUTHORIZATION: "authorization required",
        Restriction.CONDITIONAL: "conditional",
        Restriction.NO_RESTRICTION: "information",
    }
    handles: list[Patch | Line2D] = [
        Patch(facecolor=(COLOURS[ask], 0.3), edgecolor=COLOURS[ask], label=said)
        for ask, said in asks.items()
    ]
    handles.append(Patch(facecolor=(EXAMPLE, 0.3), label="example: judges no flight"))
    handles.append(Patch(facecolor=(CORRIDOR, 0.3), label="corridor"))
    handles += [
        Line2D([], [], color="black", linestyle=dashes, label=status.value)
        for status, dashes in DASHES.items()
    ]
    handles.append(Line2D([], [], color="#1565c0", marker="P", linestyle="", label="landing site"))
    handles.append(
        Line2D([], [], color="#6a1b9a", marker="^", linestyle="", label="reporting point")
    )
    axes.legend(handles=handles, loc="lower right", fontsize=8, ncols=2)


def read_box(text: str) -> tuple[float, float, float, float]:
    """Read west, south, east and north."""
    west, south, east, north = (float(part) for part in text.split(","))
    if not (west < east and south < north):
        raise ValueError("expected west,south,east,north in degrees, such as 113.8,22.4,114.1,22.6")
    return west, south, east, north


def main() -> int:
    """Draw what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--airspace", default="shenzhen", help="a dataset's name, or a file")
    parser.add_argument("--box", type=read_box, default=(113.15, 21.85, 114.95, 23.00))
    parser.add_argument("-o", "--output", type=Path, default=Path("airspace.png"))
    options = parser.parse_args()
    figure = draw(la.load_airspace(options.airspace), box=options.box)
    figure.savefig(options.output)
    print(f"{options.output}: {options.output.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
