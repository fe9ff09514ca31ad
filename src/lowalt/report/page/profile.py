"""The vertical profile of a page: columns over time and over the distance along the track."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from lowalt.airspace import Zone
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import VerticalReference
from lowalt.regulations.model import Bilingual
from lowalt.report.heights import ground_m, limit_m, own_levels
from lowalt.report.page.words import HEIGHTS, WORDS, filled
from lowalt.report.page.zones import zone_css
from lowalt.report.scene import Scene, common_reference
from lowalt.terms import Jurisdiction
from lowalt.terrain import FloatArray

_SAMPLES = 240
"""Moments between which everything is drawn straight; vertices and entries are added to them."""

_MOST_ZONES = 6
"""Zones whose floor and ceiling are drawn; the others stand in the table."""

_MOST_TURNS = 1500
_TOLERANCES_M = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
"""Of a track with more vertices those are left out that change the line by less than this."""

_STRETCH = 1e6

_HEADROOM = 1.35
_LEAST_M = 30.0

_SUITABLE_M = 120.0
"""True height to which airspace of the Mainland may be suitable: decree 761, art. 19."""

Column = list[float | None]


def profile(scene: Scene) -> dict[str, Any]:
    """Lay out the profile of one flight.

    Returns
    -------
    dict
        Columns of one length, ``None`` where something is not known or not there: ``t`` (seconds
        after midnight, UTC+8), ``d`` (kilometres along the track), ``lon``, ``lat``, ``low``,
        ``high``, ``around_low``, ``around_high``, ``ground``, ``suitable``, ``route_floor`` and
        ``route_ceiling``; ``zones`` with a ``floor`` and a ``ceiling`` column each; ``range``, the
        ends of the axis; ``axis``, its name; and ``remarks``, what could not be drawn.
    """
    reference = common_reference([scene])
    seconds = _moments(scene, reference)
    low, high = (np.interp(seconds, scene.seconds, level) for level in own_levels(scene, reference))
    ground = ground_m(scene, seconds, reference)
    room = _room(scene, low, high, ground)
    places = _places(scene, seconds)
    floors, ceilings = _route(scene, seconds, reference, room)
    zones, remarks = _zones(scene, seconds, reference, ground, room)
    return {
        "t": _column(scene.start_s + seconds, decimals=3),
        "d": None if scene.path is None else _column(_along_km(scene, seconds), decimals=4),
        "lon": _column(places[:, 0], decimals=6),
        "lat": _column(places[:, 1], decimals=6),
        "low": _column(low),
        "high": _column(high),
        "around_low": _column(low - scene.vertical_m),
        "around_high": _column(high + scene.vertical_m),
        "ground": _column(ground),
        "suitable": _column(_suitable(scene, seconds, ground)),
        "route_floor": _column(floors),
        "route_ceiling": _column(ceilings),
        "zones": zones,
        "range": list(room),
        "axis": dict(HEIGHTS[reference]),
        "remarks": [dict(said) for said in (*_unknown(scene, reference, ground), *remarks)],
    }


def _moments(scene: Scene, reference: VerticalReference | None) -> FloatArray:
    """Choose the moments of the columns: where heights turn, where zones begin and end."""
    end_s = float(scene.seconds[-1])
    edges = [
        scene.moment_s(moment)
        for encounter in scene.situation.encounters
        for moment in (encounter.period.start, encounter.period.end)
    ]
    inner = np.clip(edges, 0.0, end_s) if edges else np.empty(0)
    even = np.linspace(0.0, end_s, _SAMPLES) if scene.path is not None else np.empty(0)
    turns = _turns(scene, reference)
    return np.unique(np.concatenate((turns, even, inner)).round(3))


def _turns(scene: Scene, reference: VerticalReference | None) -> FloatArray:
    """Moments at which the planned level turns; of a long track those that matter most."""
    low, _ = own_levels(scene, reference)
    if len(scene.seconds) <= _MOST_TURNS:
        return scene.seconds
    # Stretched in time, so that what is measured across the line is a difference in height.
    line = shapely.linestrings(np.column_stack((scene.seconds * _STRETCH, low)))
    thinned = line
    for tolerance_m in _TOLERANCES_M:
        thinned = shapely.simplify(line, tolerance_m)
        if shapely.get_num_coordinates(thinned) <= _MOST_TURNS:
            break
    return shapely.get_coordinates(thinned)[:, 0] / _STRETCH


def _places(scene: Scene, seconds: FloatArray) -> FloatArray:
    if scene.path is not None:
        return scene.places(seconds)
    middle = scene.airspace_around.centroid
    return np.tile((middle.x, middle.y), (len(seconds), 1))


def _along_km(scene: Scene, seconds: FloatArray) -> FloatArray:
    """Distance flown along the track until some moments, ``(N,)``."""
    steps = geodesic_distance_m(scene.track[:-1], scene.track[1:])
    flown = np.concatenate(([0.0], np.cumsum(steps)))
    return np.interp(seconds, scene.seconds, flown / 1000.0)


def _room(
    scene: Scene, low: FloatArray, high: FloatArray, ground: FloatArray
) -> tuple[float, float]:
    """Choose the ends of the axis: all of the flight, with room for what lies above it."""
    around = float(np.nan_to_num(scene.vertical_m))
    known = ground[np.isfinite(ground)]
    top = max(float(high.max()) + around, *known.tolist(), _LEAST_M)
    bottom = min(0.0, float(low.min()) - around, *known.tolist())
    return round(bottom, 1), round(bottom + (top - bottom) * _HEADROOM, 1)


def _suitable(scene: Scene, seconds: FloatArray, ground: FloatArray) -> FloatArray:
    """Height of 120 m above the ground, where the law of the Mainland is flown under."""
    over = np.zeros(len(seconds), dtype=np.bool_)
    for leg in scene.situation.legs:
        if leg.jurisdiction is Jurisdiction.MAINLAND:
            start, end = scene.moment_s(leg.period.start), scene.moment_s(leg.period.end)
            over |= (seconds >= start) & (seconds <= end)
    return np.where(over, ground + _SUITABLE_M, np.nan)


def _route(
    scene: Scene,
    seconds: FloatArray,
    reference: VerticalReference | None,
    room: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Floor and ceiling of the route that it is to keep to, cut to the axis."""
    nowhere = np.full(len(seconds), np.nan)
    if reference is None or scene.path is None:
        return nowhere, nowhere
    limits = scene.route_limits(seconds, reference)
    if limits is None:
        return nowhere, nowhere
    floor, ceiling = (np.clip(limit, *room) for limit in limits)
    return floor, ceiling


def _zones(
    scene: Scene,
    seconds: FloatArray,
    reference: VerticalReference | None,
    ground: FloatArray,
    room: tuple[float, float],
) -> tuple[list[dict[str, Any]], Sequence[Bilingual]]:
    """Floor and ceiling of the zones that ask something, where they are met."""
    asking = scene.asking_zones
    remarks: list[Bilingual] = []
    drawn: list[dict[str, Any]] = []
    unknown: list[str] = []
    for zone in asking[:_MOST_ZONES]:
        if reference is None:
            break
        inside = _inside(scene, zone, seconds)
        floor, ceiling = _band(zone, reference, ground, room)
        if not np.isfinite(np.where(inside, ceiling - floor, np.nan)).any():
            unknown.append(zone.identifier)
            continue
        drawn.append(
            {
                "id": zone.identifier,
                "class": zone_css(zone),
                "floor": _column(np.where(inside, np.clip(floor, *room), np.nan)),
                "ceiling": _column(np.where(inside, np.clip(ceiling, *room), np.nan)),
            }
        )
    if unknown:
        remarks.append(filled(WORDS["other_reference"], ", ".join(unknown)))
    if len(asking) > _MOST_ZONES:
        remarks.append(filled(WORDS["not_drawn"], len(asking) - _MOST_ZONES))
    return drawn, remarks


def _inside(scene: Scene, zone: Zone, seconds: FloatArray) -> np.ndarray[Any, np.dtype[np.bool_]]:
    inside = np.zeros(len(seconds), dtype=np.bool_)
    for encounter in scene.situation.encounters:
        if encounter.zone.identifier == zone.identifier:
            start, end = (
                round(scene.moment_s(moment), 3)
                for moment in (encounter.period.start, encounter.period.end)
            )
            inside |= (seconds >= start) & (seconds <= end)
    return inside


def _band(
    zone: Zone, reference: VerticalReference, ground: FloatArray, room: tuple[float, float]
) -> tuple[FloatArray, FloatArray]:
    """Lowest floor and highest ceiling of its volumes; NaN where one of them is not known."""
    layers = [volume.layer for volume in zone.volumes]
    floors = [limit_m(layer.floor, reference, ground, open_m=room[0]) for layer in layers]
    ceilings = [limit_m(layer.ceiling, reference, ground, open_m=room[1]) for layer in layers]
    return np.min(floors, axis=0), np.max(ceilings, axis=0)


def _unknown(
    scene: Scene, reference: VerticalReference | None, ground: FloatArray
) -> Sequence[Bilingual]:
    said = []
    if reference is None:
        said.append(WORDS["mixed_heights"])
    elif np.isnan(ground).all():
        said.append(WORDS["no_ground" if scene.terrain is None else "other_ground"])
    if np.isnan(scene.vertical_m):
        said.append(WORDS["no_buffer"])
    return said


def _column(values: FloatArray, *, decimals: int = 1) -> Column:
    rounded = np.round(values, decimals)
    return [
        value if known else None
        for value, known in zip(rounded.tolist(), np.isfinite(rounded).tolist(), strict=True)
    ]
