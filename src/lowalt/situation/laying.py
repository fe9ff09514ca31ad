"""The plan laid over the world: legs by jurisdiction and encounters with zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lowalt.airspace import AirspaceDataset, Containment, Zone
from lowalt.datums import looks_like_gcj02
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import VerticalLayer, VerticalReference
from lowalt.situation.crossings import (
    NO_SPANS,
    Reach,
    Spans,
    area_meets,
    cross,
    cut_to,
    grow,
    join,
    near_zones,
    not_below,
    reach,
)
from lowalt.situation.path import HeldArea, Path, path_of
from lowalt.temporal import TimeInterval, overlaps_night
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.truth import Truth

_JURISDICTION = {"HKG": Jurisdiction.HONG_KONG, "MAC": Jurisdiction.MACAO}
_NO_RULE = {ZoneKind.JURISDICTION, ZoneKind.ADMINISTRATIVE_AREA}
"""Kinds of zone that say where one is, not what one may do."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of the flight under one jurisdiction.

    Attributes
    ----------
    exists
        Unknown where the path runs nearer to the boundary than the boundary is known.
    period
        When it is flown.
    lon_deg, lat_deg
        Where it begins.
    """

    jurisdiction: Jurisdiction
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay of the flight's airspace in one active zone.

    Attributes
    ----------
    zone
        The zone.
    containment
        ``INSIDE``, or ``WITHIN_TOLERANCE`` where it only touches the zone or comes nearer to its
        boundary than that is known.
    exists
        Whether the stay is certain; touching counts as being inside.
    period
        Entry and exit.
    lon_deg, lat_deg
        Where it is entered, on the centre line.
    """

    zone: Zone
    containment: Containment
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Situation:
    """One plan over one airspace.

    Attributes
    ----------
    path
        The plan as geometry.
    legs, encounters
        In order of time.
    is_within_dataset
        Whether the airspace around the path lies wholly inside what the dataset knows, in place
        and time.
    is_in_camp
        Whether the airspace around the path lies wholly inside one aviation camp while that is
        active; unknown where the camp's limits are.
    max_true_height_m
        Greatest true height, vertical buffer included; ``None`` where not known.
    is_partly_at_night
        Whether any part of it lies between sunset and sunrise where it begins.
    """

    plan: FlightPlan
    airspace: AirspaceDataset
    path: Path | HeldArea
    legs: tuple[Leg, ...]
    encounters: tuple[Encounter, ...]
    is_within_dataset: bool
    is_in_camp: Truth
    max_true_height_m: float | None
    is_partly_at_night: bool


def lay(
    plan: FlightPlan,
    *,
    airspace: AirspaceDataset,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Situation:
    """Lay a plan over an airspace.

    Parameters
    ----------
    plan
        The plan.
    airspace
        The zones and jurisdictions.
    terrain, geoid
        Models to convert levels with. Without terrain, a level above sea level has an unknown
        true height.

    Returns
    -------
    Situation
        Legs, encounters and heights.

    Raises
    ------
    InvalidInputError
        If the plan begins or ends where a GCJ-02 map draws a place that the dataset knows.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> lay(plan, airspace=load_airspace("shenzhen")).max_true_height_m
    100.0
    """
    _refuse_gcj02(plan, airspace)
    path = path_of(plan, frame=airspace.frame, terrain=terrain, geoid=geoid)
    find = _path_encounters if isinstance(path, Path) else _area_encounters
    found = sorted(
        (e for index in _candidates(path, airspace) for e in find(path, airspace, index)),
        key=lambda e: (e.period.start, e.zone.identifier),
    )
    return Situation(
        plan=plan,
        airspace=airspace,
        path=path,
        legs=tuple(_legs(path, [e for e in found if e.zone.kind is ZoneKind.JURISDICTION])),
        encounters=tuple(e for e in found if e.zone.kind not in _NO_RULE),
        is_within_dataset=_is_within(path, airspace),
        is_in_camp=Truth.any_of(
            _lies_in(path, airspace, index)
            for index in _candidates(path, airspace)
            if airspace.zones[index].kind is ZoneKind.AVIATION_CAMP
        ),
        max_true_height_m=_max_true_height_m(path),
        is_partly_at_night=_is_partly_at_night(path),
    )


def _width_m(path: Path | HeldArea) -> float:
    return path.horizontal_m if isinstance(path, Path) else 0.0


def _candidates(path: Path | HeldArea, airspace: AirspaceDataset) -> Iterator[int]:
    for index in near_zones(path, airspace, width_m=_width_m(path)):
        if airspace.zones[index].kind is not ZoneKind.ADMINISTRATIVE_AREA:
            yield index


def _path_encounters(
    path: Path | HeldArea, airspace: AirspaceDataset, index: int
) -> Iterator[Encounter]:
    assert isinstance(path, Path)
    zone = airspace.zones[index]
    scale, width = path.scale, path.horizontal_m
    margin_m = 2.0 * (width + zone.reach_m) * scale + 100.0
    surely, possibly, deep = [NO_SPANS], [NO_SPANS], False
    for volume, planar in zip(zone.volumes, airspace.planar(index), strict=True):
        outline = cut_to(planar, path, margin_m=margin_m)
        shapes = reach(zone, outline, frame=path.frame, width_m=width, scale=scale)
        crossing = cross(path, zone, volume.layer, shapes)
        surely.append(crossing.surely)
        possibly.append(crossing.possibly)
        if len(crossing.surely) and not deep:
            core = grow(shapes.surely, -2.0 * BOUNDARY_TOLERANCE_M * scale)
            deep = bool(core.intersects(path.footprint))
    surely_in = join(np.concatenate(surely))
    for first, last in join(np.concatenate(possibly)).tolist():
        certain = _within(surely_in, first, last)
        if len(certain):
            first, last = float(certain[0, 0]), float(certain[-1, 1])  # noqa: PLW2901 - narrowed
        lon_deg, lat_deg = path.place(first)
        inside = len(certain) and deep
        yield Encounter(
            zone=zone,
            containment=Containment.INSIDE if inside else Containment.WITHIN_TOLERANCE,
            exists=Truth.TRUE if len(certain) else Truth.UNKNOWN,
            period=TimeInterval(path.time(first), path.time(last)),
            lon_deg=lon_deg,
            lat_deg=lat_deg,
        )


def _within(spans: Spans, first: float, last: float) -> Spans:
    return spans[(spans[:, 1] >= first) & (spans[:, 0] <= last)]


def _area_encounters(
    area: Path | HeldArea, airspace: AirspaceDataset, index: int
) -> Iterator[Encounter]:
    assert isinstance(area, HeldArea)
    zone = airspace.zones[index]
    margin_m = 2.0 * zone.reach_m * area.scale + 100.0
    certain = possible = inside = False
    for volume, planar in zip(zone.volumes, airspace.planar(index), strict=True):
        outline = cut_to(planar, area, margin_m=margin_m)
        shapes = reach(zone, outline, frame=area.frame, width_m=0.0, scale=area.scale)
        surely, possibly = area_meets(area, volume.layer, shapes)
        certain, possible = certain or surely, possible or possibly
        deep = grow(shapes.surely, -2.0 * BOUNDARY_TOLERANCE_M * area.scale)
        inside = inside or (surely and bool(deep.intersects(area.footprint)))
    for period in zone.active_within(area.period) if possible else ():
        lon_deg, lat_deg = area.centre
        yield Encounter(
            zone=zone,
            containment=Containment.INSIDE if inside else Containment.WITHIN_TOLERANCE,
            exists=Truth.TRUE if certain else Truth.UNKNOWN,
            period=period,
            lon_deg=lon_deg,
            lat_deg=lat_deg,
        )


def _legs(path: Path | HeldArea, abroad: Sequence[Encounter]) -> Iterator[Leg]:
    """Legs in order of time; what is surely in no other jurisdiction is the Mainland's."""
    legs = [
        Leg(_JURISDICTION[e.zone.country], e.exists, e.period, e.lon_deg, e.lat_deg) for e in abroad
    ]
    if isinstance(path, HeldArea):
        surely_home = not abroad
        lon_deg, lat_deg = path.centre
        exists = Truth.TRUE if surely_home else Truth.UNKNOWN
        legs.append(Leg(Jurisdiction.MAINLAND, exists, path.period, lon_deg, lat_deg))
    else:
        legs.extend(_mainland_legs(path, abroad))
    yield from sorted(legs, key=lambda leg: (leg.period.start, leg.jurisdiction))


def _mainland_legs(path: Path, abroad: Sequence[Encounter]) -> Iterator[Leg]:
    start = path.epoch

    def spans(encounters: list[Encounter]) -> Spans:
        rows = [
            [(e.period.start - start).total_seconds(), (e.period.end - start).total_seconds()]
            for e in encounters
        ]
        return join(np.array(rows)) if rows else NO_SPANS

    possibly_abroad = spans(list(abroad))
    surely_abroad = spans([e for e in abroad if e.exists is Truth.TRUE])
    end = float(path.t_s[-1])
    for first, last in _gaps(surely_abroad, end):
        home = _gaps(_within(possibly_abroad, first, last), end)
        surely = any(a < last and b > first for a, b in home)
        lon_deg, lat_deg = path.place(first)
        yield Leg(
            Jurisdiction.MAINLAND,
            Truth.TRUE if surely else Truth.UNKNOWN,
            TimeInterval(path.time(first), path.time(last)),
            lon_deg,
            lat_deg,
        )


def _gaps(spans: Spans, end: float) -> list[tuple[float, float]]:
    """Stretches of ``[0, end]`` between spans, longer than nothing."""
    edges = [0.0, *spans.ravel().tolist(), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]


def _is_within(path: Path | HeldArea, airspace: AirspaceDataset) -> bool:
    extent = airspace.planar_extent
    around = path.footprint
    width = _width_m(path) * path.scale
    return (
        airspace.valid.covers(path.period)
        and bool(extent.covers(around))
        and bool(extent.boundary.distance(around) >= width)
    )


def _lies_in(path: Path | HeldArea, airspace: AirspaceDataset, index: int) -> Truth:
    """Whether all airspace of a flight is in one volume of a zone: buffers count against it."""
    zone = airspace.zones[index]
    return Truth.any_of(
        _lies_in_volume(
            path,
            zone,
            volume.layer,
            reach(zone, planar, frame=path.frame, width_m=-_width_m(path), scale=path.scale),
        )
        for volume, planar in zip(zone.volumes, airspace.planar(index), strict=True)
    )


def _lies_in_volume(
    path: Path | HeldArea, zone: Zone, layer: VerticalLayer, shapes: Reach
) -> Truth:
    if isinstance(path, HeldArea):
        return _area_lies_in(path, zone, layer, shapes)
    crossing = cross(replace(path, vertical_m=-path.vertical_m), zone, layer, shapes)

    def throughout(spans: Spans) -> bool:
        return len(spans) == 1 and bool(spans[0, 0] <= 0.0 and spans[0, 1] >= path.t_s[-1])

    if throughout(crossing.surely):
        return Truth.TRUE
    return Truth.UNKNOWN if throughout(crossing.possibly) else Truth.FALSE


def _area_lies_in(area: HeldArea, zone: Zone, layer: VerticalLayer, shapes: Reach) -> Truth:
    active = list(zone.active_within(area.period)) == [area.period]
    if not active or not shapes.possibly.covers(area.footprint):
        return Truth.FALSE
    lowest = Truth.of(not_below(area, area.floor, layer.floor))
    highest = Truth.of(not_below(area, area.ceiling, layer.ceiling, reverse=True))
    surely = shapes.surely.covers(area.footprint)
    return lowest & highest & (Truth.TRUE if surely else Truth.UNKNOWN)


def _max_true_height_m(path: Path | HeldArea) -> float | None:
    if isinstance(path, HeldArea):
        height_m = path.extreme(path.ceiling, VerticalReference.AGL)
    else:
        # One unknown piece makes the greatest height unknown: numpy's max passes NaN on.
        height_m = float(path.heights(VerticalReference.AGL).max()) + path.vertical_m
    return None if np.isnan(height_m) else height_m


def _is_partly_at_night(path: Path | HeldArea) -> bool:
    lon_deg, lat_deg = path.centre if isinstance(path, HeldArea) else path.place(0.0)
    return overlaps_night(path.period, lon_deg=lon_deg, lat_deg=lat_deg)


def _refuse_gcj02(plan: FlightPlan, airspace: AirspaceDataset) -> None:
    """Refuse a plan whose ends lie where a GCJ-02 map draws places that the dataset knows."""
    known = airspace.known_points
    if plan.coordinates_checked or not known:
        return
    names, points = list(known), list(known.values())
    for where, lon_deg, lat_deg in _ends(plan):
        index = looks_like_gcj02(lon_deg=lon_deg, lat_deg=lat_deg, known_points=points)
        if index is None:
            continue
        lon, lat = points[index]
        raise InvalidInputError(
            f"plan {plan.plan_id} looks as if it was drawn on a GCJ-02 map",
            problems=[
                Problem(
                    where,
                    f"longitude {lon_deg:.6f}, latitude {lat_deg:.6f}, where such a map draws"
                    f" {names[index]} (WGS 84: {lon:.6f}, {lat:.6f}), some 600 m off",
                    "expected WGS 84: convert every coordinate of the plan"
                    " (lowalt.datums.wgs84_from_gcj02), or set coordinates_checked to true if"
                    " they are right",
                )
            ],
        )


def _ends(plan: FlightPlan) -> Iterator[tuple[str, float, float]]:
    if plan.waypoints is not None:
        last = len(plan.waypoints) - 1
        for i in (0, last):
            yield f"waypoints[{i}]", plan.waypoints[i].lon_deg, plan.waypoints[i].lat_deg
    for name in ("departure_site", "landing_site"):
        site = getattr(plan, name)
        if site is not None and site.lon_deg is not None and site.lat_deg is not None:
            yield name, site.lon_deg, site.lat_deg
