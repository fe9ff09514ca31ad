"""What the map of a page shows, layer by layer, as GeoJSON that a map library draws as it is.

What a mark says stands with it in both languages, so that the script of the page knows no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import Corridor, Port, Site
from lowalt.regulations.model import Bilingual
from lowalt.report.airspace import kind
from lowalt.report.conflicts import PlanConflict
from lowalt.report.page.marks import Window, drawn, joined, mark, outlined
from lowalt.report.page.words import WORDS, each, filled, same
from lowalt.report.page.zones import labelled, named, status_of, zone_css, zone_rows
from lowalt.report.scene import Scene
from lowalt.situation.encounters import Encounter
from lowalt.terms import LineKind, SiteKind
from lowalt.truth import Truth
from lowalt.verdicts import Status
from lowalt.wording import both

_SAME_PLACE_DEG = 1e-4
"""Some ten metres."""

_LINES = (LineKind.JURISDICTION_BOUNDARY, LineKind.FIR_BOUNDARY, LineKind.SEA_LIMIT)

_STRICTEST_LAST = ("NO_RESTRICTION", "CONDITIONAL", "REQ_AUTHORIZATION", "PROHIBITED")


def chart(scene: Scene, conflicts: Sequence[PlanConflict] = ()) -> dict[str, Any]:
    """Lay out the map of one flight.

    Parameters
    ----------
    scene
        The flight over its airspace.
    conflicts
        Conflicts with other plans to mark.

    Returns
    -------
    dict
        ``window`` and ``flight`` (corners), and ``layers``, the lowest first: each with ``id``,
        ``name`` and ``features``.
    """
    around = [shapely.MultiPoint(scene.track), scene.airspace_around]
    window = Window.round(around)
    flight = shapely.total_bounds(np.array(around, dtype=np.object_))
    west, south, east, north = flight.tolist()
    layers = {
        "land": _land(scene, window),
        "lines": _lines(scene, window),
        "zones": _zones(scene, window, shapely.box(*flight)),
        "corridor": _corridor(scene),
        "sites": _sites(scene, window),
        "around": _around(scene, window),
        "encounters": _encounters(scene, window),
        "route": _route(scene, window),
        "conflicts": _conflicts(conflicts),
    }
    return {
        "window": window.to_json(),
        "flight": [[south, west], [north, east]],
        "layers": [
            {"id": name, "name": dict(WORDS[f"layers_{name}"]), "features": found}
            for name, features in layers.items()
            if (found := list(features))
        ],
    }


# Keys


def laws_of(scene: Scene) -> tuple[tuple[str, Bilingual], ...]:
    """Name the jurisdictions that a track is coloured by, each with its style."""
    laws = dict.fromkeys(leg.jurisdiction for leg in scene.situation.legs)
    return tuple((law.value.lower(), each(law.label)) for law in laws)


# Airspace


def _land(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    """Tint what lies in another jurisdiction."""
    for zone in scene.airspace.jurisdictions:
        css = f"lw-land law-{zone.jurisdiction.value.lower()}"
        title = both(zone.jurisdiction.zh, zone.jurisdiction.en)
        yield from outlined(zone.geometry, window, css=css, title=title, edge="")


def _lines(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    for line in scene.airspace.lines:
        shape = line.line.intersection(window.box)
        if line.kind in _LINES and not shape.is_empty:
            css = f"lw-line {line.kind.value.replace('_', '-')}"
            rows = [both(line.kind.zh, line.kind.en), status_of(line)]
            yield mark(drawn(shape, window), css=css, title=named(line), rows=rows)


def _zones(scene: Scene, window: Window, flight: BaseGeometry) -> Iterator[dict[str, Any]]:
    """Draw the zones near by, the strictest last and so on top; who is met says so."""
    asking = {zone.identifier for zone in scene.asking_zones}
    met = {zone.identifier for zone in scene.zones}
    near = [
        zone
        for zone in scene.airspace.zones
        if zone not in scene.airspace.jurisdictions and zone.geometry.intersects(window.box)
    ]
    near.sort(key=lambda zone: (_STRICTEST_LAST.index(zone.restriction), -zone.geometry.area))
    for zone in near:
        role = "is-asking" if zone.identifier in asking else "is-met"
        rows = zone_rows(zone)
        if zone.identifier not in met:
            role = "is-near"
            rows.append(WORDS["not_met"])
        elif zone.identifier not in asking:
            rows.append(WORDS["nothing_asked"])
        yield from outlined(
            zone.geometry,
            window,
            css=f"lw-zone {role} {zone_css(zone)}",
            edge=f"lw-zone-edge {role} {zone_css(zone)}",
            title=named(zone),
            rows=rows,
            id=zone.identifier,
            **(labelled(zone, flight) if role == "is-asking" else {}),
        )


def _sites(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    for site in scene.airspace.sites:
        place = shapely.Point(site.lon_deg, site.lat_deg)
        if not site.example and window.box.contains(place):
            said = [both(kind(site, lang="zh"), kind(site, lang="en")), same(site.identifier)]
            yield mark(place, css=f"lw-site {_site_css(site)}", title=named(site), rows=said)


def _site_css(site: Site) -> str:
    if isinstance(site, Port):
        return "is-port"
    return "is-reporting" if site.kind is SiteKind.REPORTING_POINT else "is-landing"


# The flight


def _corridor(scene: Scene) -> Iterator[dict[str, Any]]:
    route, strip = scene.route, scene.route_strip
    if route is None or strip is None:
        return
    if isinstance(route, Corridor):
        title, points = named(route), [(point.lon_deg, point.lat_deg) for point in route.points]
    else:
        title = filled(both("规定航线 {}", "prescribed route {}"), route.number or "")
        points = list(route.points)
    yield mark(strip, css="lw-corridor", title=title)
    yield mark(shapely.LineString(points), css="lw-corridor-line", title=title)


def _around(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    title = WORDS["area_held" if scene.area is not None else "layers_around"]
    if not scene.airspace_around.is_empty:
        yield mark(drawn(scene.airspace_around, window), css="lw-around", title=title)


def _route(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    """Draw the track by whose law it is flown under, then where it begins and ends."""
    if scene.path is None:
        return
    for leg in sorted(scene.situation.legs, key=lambda leg: leg.exists is not Truth.TRUE):
        certain = leg.exists is Truth.TRUE
        doubt = both("", "") if certain else WORDS["uncertain"]
        sure = "is-sure" if certain else "is-unsure"
        yield mark(
            drawn(joined(scene.along(leg.period).tolist()), window),
            css=f"lw-route law-{leg.jurisdiction.value.lower()} {sure}",
            title=filled(same("{}{}"), each(leg.jurisdiction.label), doubt),
            rows=[_period(leg.period.start, leg.period.end)],
        )
    yield from _ends(scene)
    yield from _departures(scene)


def _ends(scene: Scene) -> Iterator[dict[str, Any]]:
    """Mark take-off and landing; one mark for both where they are at one place."""
    period, zone = scene.situation.path.period, scene.midnight.tzinfo
    moments = (period.start.astimezone(zone), period.end.astimezone(zone))
    took_off, landed = (
        filled(same("{} {}"), WORDS[name], f"{moment:%H:%M:%S}")
        for name, moment in zip(("take_off", "landing"), moments, strict=True)
    )
    first, last = scene.track[[0, -1]]
    ends = [
        (last, landed, scene.plan.landing_site, "is-landing"),
        (first, took_off, scene.plan.departure_site, "is-take-off"),
    ]
    if np.allclose(first, last, atol=_SAME_PLACE_DEG):
        ends = [(first, filled(same("{} – {}"), took_off, landed), *ends[1][2:])]
    for place, said, site, role in ends:
        rows = [] if site is None or not site.name else [same(site.name)]
        yield mark(shapely.Point(*place), css=f"lw-end {role}", title=said, rows=rows, label=said)


def _departures(scene: Scene) -> Iterator[dict[str, Any]]:
    """Mark where it leaves the route that it is to keep to."""
    keeping = scene.situation.route
    for left in () if keeping is None else keeping.departures:
        far = "" if left.excursion_m is None else f" {left.excursion_m:.0f} m"
        rows = [
            filled(same("{}{}"), each(left.kind.label), far),
            _period(left.period.start, left.period.end),
        ]
        place = shapely.Point(left.lon_deg, left.lat_deg)
        yield mark(place, css="lw-departure", title=WORDS["leaves_route"], rows=rows)


def _encounters(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    """Lay over the track the stretches in zones that ask something, and mark where they begin."""
    asking = {zone.identifier for zone in scene.asking_zones}
    for number, encounter in enumerate(scene.situation.encounters):
        zone = encounter.zone
        if zone.identifier not in asking:
            continue
        css = f"lw-encounter {zone_css(zone)}"
        rows = [WORDS["met_here"], encounter_when(encounter), *zone_rows(zone)]
        shared: dict[str, Any] = {"title": named(zone), "rows": rows, "encounter": number}
        yield mark(drawn(_met(scene, encounter), window), css=css, **shared)
        if scene.path is not None:
            entry = shapely.Point(encounter.lon_deg, encounter.lat_deg)
            yield mark(entry, css=f"lw-entry {zone_css(zone)}", **shared)

    yield from _at_odds(scene, window)


def _at_odds(scene: Scene, window: Window) -> Iterator[dict[str, Any]]:
    """Lay over the track what breaks a rule or needs an approval on a part of it, zone or not."""
    if scene.verdict is None or scene.path is None:
        return
    against = {
        (finding.where.text["en"], finding.when.start): finding
        for finding in scene.verdict.findings
        if finding.status in (Status.BREACHED, Status.REQUIRED)
        and finding.where is not None
        and finding.where.zone is None
        and finding.when not in (None, scene.situation.path.period)
    }
    for finding in against.values():
        assert finding.where is not None  # only those are taken
        assert finding.when is not None
        yield mark(
            drawn(joined(scene.along(finding.when).tolist()), window),
            css="lw-encounter is-at-odds",
            title=finding.where.text,
            rows=[_period(finding.when.start, finding.when.end), finding.text],
        )


def encounter_when(encounter: Encounter) -> Bilingual:
    """Say from when to when a zone is met, and whether that is certain."""
    when = _period(encounter.period.start, encounter.period.end)
    if encounter.exists is Truth.TRUE:
        return when
    return filled(same("{}{}"), when, WORDS["uncertain"])


def _met(scene: Scene, encounter: Encounter) -> BaseGeometry:
    if scene.path is not None:
        return joined(scene.along(encounter.period).tolist())
    return scene.airspace_around.intersection(encounter.zone.geometry)


# Other flights


def _conflicts(conflicts: Sequence[PlanConflict]) -> Iterator[dict[str, Any]]:
    for number, conflict in enumerate(conflicts):
        if (near := conflict.closest) is None:
            continue
        closest = filled(WORDS["closest"], f"{near.distance_m:.1f}", f"{near.at:%H:%M:%S}")
        yield mark(
            shapely.Point(*near.place),
            css="lw-conflict",
            title=same(" × ".join(conflict.between)),
            rows=[_period(conflict.start, conflict.end), closest],
            conflict=number,
        )


def _period(start: datetime, end: datetime) -> Bilingual:
    return same(f"{start:%H:%M:%S}–{end:%H:%M:%S}")
