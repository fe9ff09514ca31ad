"""Out of zones: round them, off them, or without the part of an area that is in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset, Restriction, Zone
from lowalt.flights import FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, FloatArray
from lowalt.levels import Level
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.detours import length_m, nearest_outside, simplified, way_off, way_round
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Court, Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.situation import HeldArea, Path, Situation
from lowalt.terms import ZoneKind
from lowalt.wording import both

Way = Callable[[Hearing, BaseGeometry, Bilingual], Change | None]
"""Makes a change that keeps a flight off obstacles, of which it says the name."""

_REACH_M = 5000.0
"""Farther away it is another flight."""

_ROOM_M = 0.1
"""Left beside an outline, so that what rounding a coordinate moves stays out."""

_ROUNDS = 4
"""How often zones that a new way meets are added to those to keep out of."""

_DIGITS = 8
"""Of coordinates in degrees: a millimetre."""


def sideways(court: Court, hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield a way round the zones in question, an area without them, or a place off them.

    And the same of every zone where something is asked, if those in question are not all.
    """
    zones = tuple(_zones(hearing, causes))
    if not zones:
        return
    met = {e.zone.identifier: e.zone for e in hearing.situation.encounters}
    restricting = (zone for _, zone in sorted(met.items()) if _restricts(zone))
    every = tuple({zone.identifier: zone for zone in (*zones, *restricting)}.values())
    yield from _off(court, hearing, zones, frozenset(met))
    if len(every) > len(zones):
        yield from _off(court, hearing, every, frozenset())


def _off(
    court: Court, hearing: Hearing, zones: tuple[Zone, ...], met: frozenset[str]
) -> Iterator[Change]:
    """Yield the changes that keep off zones; what is drawn is drawn once for each way flown."""
    path, plan = hearing.situation.path, hearing.plan
    ways = (_cut, _moved_off) if isinstance(path, HeldArea) else (_round, _moved_off)
    for way in ways:
        key = (way, tuple(zone.identifier for zone in zones), plan.waypoints, plan.operating_area)
        change = court.once(key, partial(_settled, court, hearing, zones, way, met))
        if change is not None:
            yield change


def _zones(hearing: Hearing, causes: Causes) -> Iterator[Zone]:
    """Yield zones and jurisdictions whose stays or legs would have to fall away, each once."""
    situation = hearing.situation
    yield from hearing.zones(causes.encounters)
    homes = {situation.legs[i].jurisdiction for i in causes.legs}
    for number in situation.airspace.near(situation.path.bounds):
        zone = situation.airspace.zones[number]
        if zone.kind is ZoneKind.JURISDICTION and zone.jurisdiction in homes:
            yield zone


def _settled(
    court: Court, hearing: Hearing, zones: Sequence[Zone], way: Way, known: frozenset[str]
) -> Change | None:
    """Make a change, and make it again round what it newly meets, until it meets nothing new."""
    avoided = list(zones)
    for _ in range(_ROUNDS):
        obstacle = _obstacle(hearing.situation, avoided)
        change = way(hearing, obstacle, _named(zones))
        plan = None if change is None else change.apply(hearing.plan)
        if plan is None:
            return None
        met = {e.zone.identifier: e.zone for e in court.lay(plan).encounters if _restricts(e.zone)}
        new = [zone for name, zone in sorted(met.items()) if name not in known]
        if not new:
            return change
        avoided += new
    return None


def _restricts(zone: Zone) -> bool:
    return zone.restriction is not Restriction.NO_RESTRICTION


def _named(zones: Sequence[Zone]) -> Bilingual:
    return both(
        "、".join(f"{z.name['zh']}（{z.identifier}）" for z in zones),
        ", ".join(f"{z.name['en']} ({z.identifier})" for z in zones),
    )


def _obstacle(situation: Situation, zones: Sequence[Zone]) -> BaseGeometry:
    """Draw where the centre line of the flight must not be, as far as it may be moved."""
    path, airspace = situation.path, situation.airspace
    width_m = path.horizontal_m if isinstance(path, Path) else 0.0
    grown_m = (width_m + BOUNDARY_TOLERANCE_M + _ROOM_M) * path.scale
    west, south, east, north = path.bounds
    near = shapely.box(west - _REACH_M, south - _REACH_M, east + _REACH_M, north + _REACH_M)
    drawn = [
        limits.possibly.drawn(grown_by_m=grown_m)
        for number in _numbers(airspace, zones)
        for limits in airspace.limits(number)
    ]
    return shapely.intersection(shapely.union_all(drawn), near)


def _numbers(airspace: AirspaceDataset, zones: Sequence[Zone]) -> list[int]:
    wanted = {zone.identifier for zone in zones}
    return [n for n, zone in enumerate(airspace.zones) if zone.identifier in wanted]


# Routes -----------------------------------------------------------------------------------------


def _round(hearing: Hearing, obstacle: BaseGeometry, named: Bilingual) -> Change | None:
    """Go round with the ends of the route where they are."""
    path, plan = hearing.situation.path, hearing.plan
    if plan.waypoints is None or len({w.level.reference for w in plan.waypoints}) > 1:
        return None  # between two references no level can be given to a corner
    xy = path.frame.to_plane([(w.lon_deg, w.lat_deg) for w in plan.waypoints])
    outline = simplified(obstacle)
    if shapely.intersects_xy(outline, *xy[[0, -1]].T).any():
        return None
    stations = [nearest_outside(place, outline) for place in xy]
    legs = [way_round(a, b, outline) for a, b in pairwise(stations)]
    if any(leg is None for leg in legs):
        return None
    ways = [leg for leg in legs if leg is not None]
    document = _flown(plan, xy, ways, path)
    longer_m = sum(map(length_m, ways)) - length_m(xy)
    added = len(document) - len(plan.waypoints)
    moved = int((np.hypot(*(np.array(stations) - xy).T) > 0.0).sum())
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"绕开{named['zh']}：移动 {moved} 个、新增 {added} 个航路点，起降点不变，"
            f"航程{'增加' if longer_m >= 0.0 else '减少'} {abs(longer_m):.0f} m",
            f"go round {named['en']}: waypoints moved: {moved}, added: {added}, take-off and"
            f" landing where they are, {abs(longer_m):.0f} m"
            f" {'longer' if longer_m >= 0.0 else 'shorter'}",
        ),
        cost=costs.DETOUR + costs.DETOUR_PER_M * abs(longer_m),
        apply=lambda plan: with_values(plan, {"waypoints": document}),
    )


def _flown(
    plan: FlightPlan, xy: FloatArray, ways: list[FloatArray], path: Path | HeldArea
) -> list[dict[str, Any]]:
    """Set waypoints along the ways, each leg flown as fast as it was planned."""
    waypoints = plan.waypoints or ()
    at = waypoints[0].time
    flown = [_waypoint(path, ways[0][0], waypoints[0].level, at)]
    for number, ((a, b), way) in enumerate(zip(pairwise(waypoints), ways, strict=True)):
        planned_m, along_m = length_m(xy[number : number + 2]), _along_m(way)
        duration = b.time - a.time
        if planned_m > 0.0:
            duration *= float(along_m[-1]) / planned_m
        for place, share in zip(way[1:], along_m[1:] / max(along_m[-1], 1e-9), strict=True):
            last = share >= 1.0 or along_m[-1] == 0.0
            value_m = a.level.value_m + float(share) * (b.level.value_m - a.level.value_m)
            level = b.level if last else Level(round(value_m, 3), a.level.reference)
            time = at + duration * (1.0 if last else float(share))
            flown.append(_waypoint(path, place, level, time))
        at += duration
    return flown


def _along_m(way: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))))


def _waypoint(
    path: Path | HeldArea, place: FloatArray, level: Level, time: datetime
) -> dict[str, Any]:
    ((lon_deg, lat_deg),) = path.frame.to_lonlat([place]).round(_DIGITS).tolist()
    return {
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "level": {"value_m": level.value_m, "reference": level.reference.value},
        "time": time.isoformat(timespec="milliseconds"),
    }


# Areas ------------------------------------------------------------------------------------------


def _cut(hearing: Hearing, obstacle: BaseGeometry, named: Bilingual) -> Change | None:
    """Give up the part of an area that is inside; of several parts left, the largest is kept."""
    path = hearing.situation.path
    assert isinstance(path, HeldArea)
    parts = shapely.get_parts(shapely.difference(path.footprint, obstacle))
    if not len(parts) or not parts[0].area:
        return None
    kept = max(parts, key=lambda part: float(part.area))
    if kept.interiors:
        return None  # an area has no holes
    lost = 100.0 * (1.0 - kept.area / path.footprint.area)
    ring = path.frame.to_lonlat(shapely.get_coordinates(kept.exterior)).round(_DIGITS).tolist()
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"从作业区域中划出{named['zh']}：面积减少 {lost:.1f}%",
            f"leave {named['en']} out of the operating area, which loses {lost:.1f} %",
        ),
        cost=costs.DETOUR + costs.CUT_PER_PERCENT * lost,
        apply=lambda plan: with_values(
            plan, {"operating_area.circle": None, "operating_area.polygon": ring}
        ),
    )


# Routes and areas -------------------------------------------------------------------------------


def _moved_off(hearing: Hearing, obstacle: BaseGeometry, named: Bilingual) -> Change | None:
    """Move the whole flight off, the shortest way."""
    path = hearing.situation.path
    way = way_off(path.footprint, obstacle, most_m=_REACH_M)
    if way is None:
        return None
    distance_m = float(np.hypot(*way))
    return _move(hearing, way / distance_m, math.ceil(distance_m * 10.0), named)


def _move(hearing: Hearing, unit: FloatArray, by_dm: int, named: Bilingual) -> Change:
    by = unit * (by_dm / 10.0)
    azimuth_deg = float(np.degrees(np.arctan2(unit[0], unit[1]))) % 360.0
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"整体平移，离开{named['zh']}：向方位 {azimuth_deg:.0f}° 移动 {by_dm / 10.0:.1f} m，"
            "起降点随之改变，须重新核对下方地面情况",
            f"move the whole flight off {named['en']}: {by_dm / 10.0:.1f} m towards"
            f" {azimuth_deg:.0f} degrees, take-off and landing with it; what the plan says of the"
            " ground below has to be checked again",
        ),
        cost=costs.DETOUR + costs.MOVE_PER_M * by_dm / 10.0,
        apply=lambda plan: moved(plan, by, hearing.situation.path),
        series=f"off {named['en']}",
        amount=by_dm,
        sized=lambda amount: _move(hearing, unit, amount, named),
    )


def moved(plan: FlightPlan, by: FloatArray, path: Path | HeldArea) -> FlightPlan | None:
    """Move a whole flight in the plane; what is known of its take-off point is not of the new one.

    Parameters
    ----------
    plan
        The plan.
    by
        Metres in the plane, ``(2,)``.
    path
        Its geometry, for the plane.
    """
    values: dict[str, Any] = {}

    def at(lon_deg: float, lat_deg: float) -> tuple[float, float]:
        xy = path.frame.to_plane([(lon_deg, lat_deg)]) + by
        ((lon_deg, lat_deg),) = path.frame.to_lonlat(xy).round(_DIGITS).tolist()
        return lon_deg, lat_deg

    area = plan.operating_area
    if area is not None and area.circle is not None:
        lon_deg, lat_deg = at(area.circle.lon_deg, area.circle.lat_deg)
        values |= {
            "operating_area.circle.lon_deg": lon_deg,
            "operating_area.circle.lat_deg": lat_deg,
        }
    elif area is not None:
        values["operating_area.polygon"] = [at(*place) for place in area.polygon or ()]
    else:
        values["waypoints"] = [
            {**w.model_dump(mode="json"), "lon_deg": lon_deg, "lat_deg": lat_deg}
            for w in plan.waypoints or ()
            for lon_deg, lat_deg in [at(w.lon_deg, w.lat_deg)]
        ]
        for name, w in (
            ("departure_site", values["waypoints"][0]),
            ("landing_site", values["waypoints"][-1]),
        ):
            if getattr(plan, name) is not None:
                values[name] = {"lon_deg": w["lon_deg"], "lat_deg": w["lat_deg"]}
    values["take_off_elevation_amsl_m"] = None
    return with_values(plan, values)
