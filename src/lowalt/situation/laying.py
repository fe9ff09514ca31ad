"""The plan laid over the world: legs by jurisdiction and encounters with zones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from lowalt.airspace import AirspaceDataset, Zone
from lowalt.flights import FlightPlan
from lowalt.levels import VerticalReference
from lowalt.route_keeping import FactPlace, RouteKeeping
from lowalt.situation.batch import encounters_of, has_rule
from lowalt.situation.datum import refuse_gcj02
from lowalt.situation.daylight import corners, is_partly_at_night
from lowalt.situation.enclosure import lies_in
from lowalt.situation.encounters import Encounter
from lowalt.situation.extent import is_leg_within, is_within
from lowalt.situation.path import HeldArea, Path, path_of
from lowalt.situation.reach import true_heights_m
from lowalt.situation.route import route_keeping
from lowalt.temporal import TimeInterval, left_over
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.truth import Truth


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
    is_partly_at_night
        Whether any part of it lies between sunset and sunrise where it is flown.
    is_within_dataset
        Whether the airspace around it, as far as it may be under its law, lies wholly inside what
        the dataset knows.
    """

    jurisdiction: Jurisdiction
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float
    is_partly_at_night: bool
    is_within_dataset: bool


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
    is_in_one_subzone, is_in_one_zone
        Whether it lies wholly inside one sub-zone, or one zone, of flight control; unknown where
        the dataset does not show them.
    max_true_height_m
        Greatest true height, vertical buffer included; ``None`` where not known.
    route
        How it keeps to the route that it states; ``None`` where it states none.
    """

    plan: FlightPlan
    airspace: AirspaceDataset
    path: Path | HeldArea
    legs: tuple[Leg, ...]
    encounters: tuple[Encounter, ...]
    is_within_dataset: bool
    is_in_camp: Truth
    is_in_one_subzone: Truth
    is_in_one_zone: Truth
    max_true_height_m: float | None
    route: RouteKeeping | None

    def place_of(self, fact: str) -> FactPlace | None:
        """Say where and when a fact of the whole flight is decided, if that is at one place."""
        if self.route is None:
            return None
        decided = "keeps_prescribed_route" if self.route.is_certain else "is_off_named_corridor"
        return self.route.deciding_place if fact == decided else None

    @property
    def is_partly_at_night(self) -> bool:
        """Whether any part of it lies between sunset and sunrise where it is flown."""
        return any(leg.is_partly_at_night for leg in self.legs)


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
    refuse_gcj02([plan], airspace)
    path = path_of(plan, frame=airspace.frame, terrain=terrain, geoid=geoid)
    return situation_of(
        plan,
        path,
        encounters_of(path, airspace, is_asked),
        airspace=airspace,
        is_within_dataset=is_within(path, airspace),
        max_true_height_m=_max_true_height_m(path),
    )


def situation_of(
    plan: FlightPlan,
    path: Path | HeldArea,
    met: Sequence[Encounter],
    *,
    airspace: AirspaceDataset,
    is_within_dataset: bool,
    max_true_height_m: float,
) -> Situation:
    """Put together what is known of a plan over an airspace.

    Parameters
    ----------
    plan, path
        The plan, and as geometry.
    met
        Its encounters with all zones that are asked about (`is_asked`).
    airspace, is_within_dataset
        As in `Situation`.
    max_true_height_m
        Greatest true height; NaN where not known.
    """
    in_one_subzone, in_one_zone = _control_areas(path, airspace, met)
    legs = _legs(path, [e for e in met if _is_abroad(e.zone)])
    return Situation(
        plan=plan,
        airspace=airspace,
        path=path,
        legs=tuple(legs if is_within_dataset else _leaving(legs, path, airspace)),
        encounters=tuple(e for e in met if has_rule(e.zone)),
        is_within_dataset=is_within_dataset,
        is_in_camp=_lies_in_one(ZoneKind.AVIATION_CAMP, path, airspace),
        is_in_one_subzone=in_one_subzone,
        is_in_one_zone=in_one_zone,
        max_true_height_m=None if np.isnan(max_true_height_m) else max_true_height_m,
        route=route_keeping(plan, path, airspace),
    )


def is_asked(zone: Zone) -> bool:
    """Whether a situation tells of a zone: by its encounters, its legs or the map of control."""
    return has_rule(zone) or _is_abroad(zone) or _is_control(zone)


def _is_abroad(zone: Zone) -> bool:
    return zone.kind is ZoneKind.JURISDICTION


_CONTROL = (ZoneKind.CONTROL_SUBZONE, ZoneKind.CONTROL_ZONE)
"""Kinds of the map of flight control, the smaller first."""


def _is_control(zone: Zone) -> bool:
    return zone.kind in _CONTROL


def _legs(path: Path | HeldArea, abroad: Sequence[Encounter]) -> Iterator[Leg]:
    """Legs in order of time; what is surely in no other jurisdiction is the Mainland's."""
    legs = [
        *((e.zone.jurisdiction, e.exists, e.period, (e.lon_deg, e.lat_deg)) for e in abroad),
        *_mainland_legs(path, abroad),
    ]
    # By day as a whole, it is so on every leg.
    at_night = is_partly_at_night(path.period, corners(path, path.period))
    for jurisdiction, exists, period, begin in sorted(legs, key=_in_order):
        here = at_night and (
            period == path.period or is_partly_at_night(period, corners(path, period))
        )
        yield Leg(jurisdiction, exists, period, *begin, here, is_within_dataset=True)


_Stretch = tuple[Jurisdiction, Truth, TimeInterval, tuple[float, float]]


def _in_order(stretch: _Stretch) -> tuple[datetime, Jurisdiction]:
    jurisdiction, _, period, _ = stretch
    return period.start, jurisdiction


def _mainland_legs(path: Path | HeldArea, abroad: Sequence[Encounter]) -> Iterator[_Stretch]:
    if isinstance(path, HeldArea) or not abroad:
        surely = Truth.UNKNOWN if abroad else Truth.TRUE
        yield Jurisdiction.MAINLAND, surely, path.period, path.start
        return
    surely_home = left_over(path.period, [e.period for e in abroad])
    for period in left_over(path.period, [e.period for e in abroad if e.exists is Truth.TRUE]):
        at_home = any(period.overlaps(home) for home in surely_home)
        after_s = (period.start - path.epoch).total_seconds()
        place = path.place(after_s) if after_s else path.start
        yield Jurisdiction.MAINLAND, Truth.TRUE if at_home else Truth.UNKNOWN, period, place


def _leaving(
    legs: Iterable[Leg], path: Path | HeldArea, airspace: AirspaceDataset
) -> Iterator[Leg]:
    """Say on which of its legs a flight leaves the dataset."""
    legs = list(legs)
    if len(legs) == 1:  # there it must be
        yield replace(legs[0], is_within_dataset=False)
        return
    known = [
        (leg, is_leg_within(path, airspace, jurisdiction=leg.jurisdiction, period=leg.period))
        for leg in legs
    ]
    # Beside a boundary it may leave it where it has no leg: then that is said of all.
    hidden = all(within for _, within in known)
    for leg, within in known:
        yield replace(leg, is_within_dataset=within and not hidden)


def _control_areas(
    path: Path | HeldArea, airspace: AirspaceDataset, met: Sequence[Encounter]
) -> tuple[Truth, Truth]:
    """Whether a flight keeps to one sub-zone and to one zone, a sub-zone being part of one zone."""
    if airspace.kinds.isdisjoint(_CONTROL):
        return Truth.UNKNOWN, Truth.UNKNOWN
    subzone, zone = (_is_in_one(kind, path, airspace, met) for kind in _CONTROL)
    if subzone is Truth.TRUE:
        return subzone, Truth.TRUE
    return (zone, zone) if zone is Truth.FALSE else (subzone, zone)


def _is_in_one(
    kind: ZoneKind,
    path: Path | HeldArea,
    airspace: AirspaceDataset,
    met: Sequence[Encounter],
) -> Truth:
    """Whether a flight keeps to one zone of a map; unknown where the map does not show it."""
    is_on_map = Truth.any_of(e.exists for e in met if e.zone.kind is kind)
    return _lies_in_one(kind, path, airspace) | (Truth.UNKNOWN & ~is_on_map)


def _lies_in_one(kind: ZoneKind, path: Path | HeldArea, airspace: AirspaceDataset) -> Truth:
    """Whether all airspace of a flight is in one volume of one active zone of a kind."""
    if kind not in airspace.kinds:
        return Truth.FALSE
    return Truth.any_of(
        lies_in_zone(path, airspace, number)
        for number in airspace.near(path.bounds)
        if airspace.zones[number].kind is kind
    )


def lies_in_zone(path: Path | HeldArea, airspace: AirspaceDataset, number: int) -> Truth:
    """Whether all airspace of a flight is in one volume of an active zone."""
    if list(airspace.zones[number].active_within(path.period)) != [path.period]:
        return Truth.FALSE
    return Truth.any_of(lies_in(path, limits) for limits in airspace.limits(number))


def _max_true_height_m(path: Path | HeldArea) -> float:
    if isinstance(path, HeldArea):
        return path.range_m(path.ceiling, VerticalReference.AGL)[1]
    return float(true_heights_m(path.paths)[0])
