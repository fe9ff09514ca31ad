"""How plans are drawn: a route as a track in time, an area as a block, a plate or a plan view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement

import numpy as np
from shapely.geometry import Polygon

from lowalt.flights import FlightPlan, OperatingArea, Waypoint
from lowalt.formats.kml.figures import MODES, ON_GROUND, Figure, add_figures, figures_in
from lowalt.formats.plans.kml.tracks import Track, tracks_in
from lowalt.geodesy import circle_ring
from lowalt.levels import Level, VerticalReference

GOOGLE: Final = "http://www.google.com/kml/ext/2.2"
"""Namespace of Google's extensions, which tracks are."""

_SAME_DEG: Final = 1e-7
_SAME_M: Final = 1e-3
_SAME_S: Final = 1e-3
_GROUND: Final = Level(0.0, VerticalReference.AGL)


def mode_of_route(waypoints: Sequence[Waypoint]) -> str:
    """Say what heights of a route are drawn above, in KML's words; on the ground, if none fits.

    KML knows neither heights above the ellipsoid nor above take-off, nor two references in one
    track.
    """
    references = {waypoint.level.reference for waypoint in waypoints}
    return MODES.get(references.pop(), ON_GROUND) if len(references) == 1 else ON_GROUND


def draw(placemark: Element, plan: FlightPlan) -> None:
    """Put the figure of a plan into its placemark."""
    if plan.waypoints is None:
        assert plan.operating_area is not None
        add_figures(placemark, [figure_of(plan.operating_area)])
        return
    mode = mode_of_route(plan.waypoints)
    track = SubElement(placemark, "gx:Track")
    SubElement(track, "altitudeMode").text = mode
    for waypoint in plan.waypoints:
        SubElement(track, "when").text = moment(waypoint.time)
    for waypoint in plan.waypoints:
        height_m = 0.0 if mode == ON_GROUND else waypoint.level.value_m
        SubElement(track, "gx:coord").text = " ".join(
            np.format_float_positional(value, trim="-")
            for value in (waypoint.lon_deg, waypoint.lat_deg, height_m)
        )


def moment(time: datetime) -> str:
    """Write a time as XML does, in UTC."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def figure_of(area: OperatingArea) -> Figure:
    """Draw an area: a block from the ground up, or what it covers where it begins above that."""
    if area.circle is not None:
        circle = area.circle
        ring = circle_ring(
            lon_deg=circle.lon_deg, lat_deg=circle.lat_deg, radius_m=circle.radius_m
        ).tolist()
    else:
        assert area.polygon is not None
        ring = list(area.polygon)
    mode = MODES.get(area.ceiling.reference)
    if mode is None:
        return Figure(Polygon(ring))
    height_m = area.ceiling.value_m
    return Figure(Polygon(ring), mode, height_m, height_m, has_curtain=area.floor == _GROUND)


def is_drawn_in(placemark: Element, plan: FlightPlan, *, where: str) -> bool:
    """Whether the figure in a placemark is that of a plan, but for rounding."""
    if plan.waypoints is not None:
        tracks = list(tracks_in(placemark, where=where))
        return len(tracks) == 1 and _is_track_of(tracks[0], plan.waypoints)
    assert plan.operating_area is not None
    namespace = placemark.tag.rpartition("Placemark")[0]
    figures, others = figures_in(placemark, namespace=namespace, where=where)
    # Drawn and read, its corners are rounded as in the file: else some could change places.
    again = Element("Placemark")
    draw(again, plan)
    (expected,), _ = figures_in(again, namespace="", where=where)
    return (
        len(figures) == 1
        and not others
        and (figures[0].mode, figures[0].has_curtain) == (expected.mode, expected.has_curtain)
        and abs(figures[0].highest_m - expected.highest_m) < _SAME_M
        and figures[0].shape.normalize().equals_exact(expected.shape.normalize(), _SAME_DEG)
    )


def _is_track_of(track: Track, waypoints: Sequence[Waypoint]) -> bool:
    if len(track.times) != len(waypoints) or track.mode != mode_of_route(waypoints):
        return False
    has_heights = track.mode != ON_GROUND
    return all(
        abs(at.lon_deg - waypoint.lon_deg) < _SAME_DEG
        and abs(at.lat_deg - waypoint.lat_deg) < _SAME_DEG
        and abs((time - waypoint.time).total_seconds()) < _SAME_S
        and (
            not has_heights
            or (at.altitude_m is not None and abs(at.altitude_m - waypoint.level.value_m) < _SAME_M)
        )
        for at, time, waypoint in zip(track.places, track.times, waypoints, strict=True)
    )
