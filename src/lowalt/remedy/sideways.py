"""Out of zones: round them, off them, or without the part of an area that is in them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset, Restriction, Zone
from lowalt.flights import FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, FloatArray
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.detours import way_off
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Court, Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.rerouting import DIGITS, rerouted
from lowalt.situation import HeldArea, Path, Situation
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.truth import Truth
from lowalt.wording import both

Way = Callable[[Hearing, BaseGeometry, Bilingual], Change | None]
"""Makes a change that keeps a flight off obstacles, of which it says the name."""

_REACH_M = 5000.0
"""Farther away it is another flight."""

_ROOM_M = 0.1
"""Left beside an outline, so that what rounding a coordinate moves stays out."""

_ROUNDS = 4
"""How often zones that a new way meets are added to those to keep out of."""


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
    homes = {situation.legs[i].jurisdiction for i in causes.legs} - _ends(situation)
    for number in situation.airspace.near(situation.path.bounds):
        zone = situation.airspace.zones[number]
        if zone.kind is ZoneKind.JURISDICTION and zone.jurisdiction in homes:
            yield zone


def _ends(situation: Situation) -> set[Jurisdiction]:
    """Where it takes off and lands: a flight that is kept out of there is another one."""
    start, end = situation.path.period.start, situation.path.period.end
    return {
        leg.jurisdiction
        for leg in situation.legs
        if leg.exists is Truth.TRUE and (leg.period.start == start or leg.period.end == end)
    }


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
    found = rerouted(hearing.plan, hearing.situation.path, obstacle)
    if found is None:
        return None
    return Change(
        kind=Kind.SIDEWAYS,
        text=both(
            f"绕开{named['zh']}：{found.said['zh']}", f"go round {named['en']}: {found.said['en']}"
        ),
        cost=found.cost,
        apply=lambda plan: with_values(plan, {"waypoints": found.waypoints}),
    )


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
    ring = path.frame.to_lonlat(shapely.get_coordinates(kept.exterior)).round(DIGITS).tolist()
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
        ((lon_deg, lat_deg),) = path.frame.to_lonlat(xy).round(DIGITS).tolist()
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
