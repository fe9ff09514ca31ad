"""Strategies for flight plans: lawful, unlawful with the article broken, incomplete, and any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import shapely
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from lowalt.airspace import AirspaceDataset, Restriction, load_airspace
from lowalt.flights import FlightPlan, parse_plan
from lowalt.geodesy import geodesic_direct
from lowalt.levels import VerticalReference
from lowalt.temporal import TimeInterval
from lowalt.terms import AircraftClass, ApprovalKind, MissionKind, ZoneKind
from lowalt.testing.breaches import BREACHES, Breach
from lowalt.testing.omissions import Field, facts_stated, without
from lowalt.testing.ordinary import AIRCRAFT, Document, ordinary_plan
from lowalt.testing.values import (
    BEIJING,
    EVERY_REFERENCE,
    REGION,
    YEAR,
    Region,
    levels,
    moments,
    places,
    require_kind,
)

PlanKind = Literal["any", "lawful", "unlawful", "incomplete"]
_KINDS: tuple[PlanKind, ...] = ("any", "lawful", "unlawful", "incomplete")

# A lawful flight stays this near to its place, and its place so far from every zone.
_ROAM_M = 1000.0
_CLEAR_M = 2500.0
_ALWAYS_MET = (ZoneKind.JURISDICTION, ZoneKind.AVIATION_CAMP)
"""Kinds of zone that bear on a flight without restricting it; other information does not."""


@dataclass(frozen=True, slots=True)
class PlanCase:
    """A plan with what was done to it.

    Attributes
    ----------
    plan
        The plan.
    kind
        ``lawful``, ``unlawful``, ``incomplete`` or, of an arbitrary plan, ``any``.
    breaks
        Of an unlawful plan, the citation of the rule that it breaks, or whose duty it leaves
        open: the verdict shows it ``breached`` or ``required``.
    removed
        Of an incomplete plan, what was left out.
    """

    plan: FlightPlan
    kind: PlanKind
    breaks: str | None = None
    removed: tuple[Field, ...] = ()


# Where a lawful flight can be -------------------------------------------------------------------


@lru_cache(maxsize=8)
def _suitable(region: Region, airspace_digest: str) -> tuple[tuple[float, float], ...]:
    airspace = _DATASETS[airspace_digest]
    lon, lat = np.meshgrid(
        np.arange(region.west_deg, region.east_deg, 0.01),
        np.arange(region.south_deg, region.north_deg, 0.01),
    )
    lon_lat = np.column_stack((lon.ravel(), lat.ravel())).round(6)
    points = shapely.points(airspace.frame.to_plane(lon_lat))
    extent = airspace.planar_extent
    clear = shapely.contains(extent, points) & (
        shapely.distance(shapely.boundary(extent), points) > _CLEAR_M
    )
    for index, zone in enumerate(airspace.zones):
        if zone.restriction is not Restriction.NO_RESTRICTION or zone.kind in _ALWAYS_MET:
            parts = np.array(airspace.planar(index))
            distance = shapely.distance(parts[:, None], points).min(axis=0)
            # Zones of days gone by count too: a place is good on every day.
            far = distance > _CLEAR_M + zone.reach_m
            clear &= far if zone.kind is not ZoneKind.TEMPORARY_CONTROL else True
    return tuple((float(x), float(y)) for x, y in lon_lat[clear])


_DATASETS: dict[str, AirspaceDataset] = {}


def suitable_places(
    *, region: Region = REGION, airspace: AirspaceDataset | None = None
) -> tuple[tuple[float, float], ...]:
    """Places far from every permanent zone of an airspace, on a grid of a hundredth of a degree.

    Parameters
    ----------
    region
        Where to look.
    airspace
        The airspace; by default Shenzhen's.

    Raises
    ------
    hypothesis.errors.InvalidArgument
        If there is no such place.

    Examples
    --------
    >>> len(suitable_places()) > 100
    True
    """
    airspace = airspace or _shenzhen()
    _DATASETS[airspace.digest] = airspace
    found = _suitable(region, airspace.digest)
    if not found:
        raise InvalidArgument(
            f"region {region}: no place in it is {_CLEAR_M:g} m from every zone of"
            f" {airspace.name}; widen it"
        )
    return found


@lru_cache
def _shenzhen() -> AirspaceDataset:
    return load_airspace("shenzhen")


# Routes and areas -------------------------------------------------------------------------------


def _level(value_m: float, reference: str = "AGL") -> Document:
    return {"value_m": value_m, "reference": reference}


@st.composite
def _route(draw: st.DrawFn, centre: tuple[float, float], start: datetime) -> Document:
    """Draw a low route or area round a place, everything above ground."""
    buffer_m = float(draw(st.sampled_from([0, 15, 30, 100])))
    vertical_m = float(draw(st.integers(0, 20)))
    top_m = 119 - int(vertical_m)
    if draw(st.integers(0, 3)) == 0:
        return {"operating_area": _area(draw, centre, start, top_m)}
    steps = draw(st.integers(2, 5))
    at, waypoints = start, []
    for _ in range(steps):
        azimuth_deg, share = draw(st.integers(0, 359)), draw(st.integers(0, 10)) / 10.0
        place = geodesic_direct([centre], azimuth_deg=azimuth_deg, distance_m=share * _ROAM_M)[0]
        height_m = float(draw(st.integers(0, top_m)))
        waypoints.append(_waypoint(place, _level(height_m), at))
        at += timedelta(seconds=draw(st.sampled_from([60, 90, 300, 900])))
    return {
        "waypoints": waypoints,
        "route_buffer_m": buffer_m,
        "vertical_buffer_m": vertical_m,
    }


def _waypoint(place: Any, level: Document, at: datetime) -> Document:
    return {
        "lon_deg": round(float(place[0]), 7),
        "lat_deg": round(float(place[1]), 7),
        "level": level,
        "time": at.isoformat(),
    }


def _area(draw: st.DrawFn, centre: tuple[float, float], start: datetime, top_m: int) -> Document:
    area: Document = {
        "floor": _level(0.0),
        "ceiling": _level(float(draw(st.integers(1, top_m)))),
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=draw(st.integers(1, 120)))).isoformat(),
    }
    radius_m = float(draw(st.integers(10, int(_ROAM_M))))
    if draw(st.booleans()):
        area["circle"] = {"lon_deg": centre[0], "lat_deg": centre[1], "radius_m": radius_m}
    else:
        corners = draw(st.integers(3, 6))
        azimuth_deg = np.arange(corners) * 360.0 / corners
        ring = geodesic_direct([centre], azimuth_deg=azimuth_deg, distance_m=radius_m)
        area["polygon"] = ring.round(7).tolist()
    return area


# Kinds of plan ----------------------------------------------------------------------------------


@st.composite
def _lawful(
    draw: st.DrawFn,
    region: Region,
    period: TimeInterval,
    airspace: AirspaceDataset,
    breach: Breach | None = None,
) -> Document:
    """Document of a plan that nothing speaks against, fit for a breach to be put in."""
    aircraft = draw(st.sampled_from(breach.aircraft if breach else AIRCRAFT))
    operator = draw(st.sampled_from(breach.operators if breach else ("individual", "unit")))
    last = period.end - timedelta(hours=4)  # so that the flight ends within the period
    departure = draw(moments(period=TimeInterval(period.start, max(last, period.start))))
    centre = draw(st.sampled_from(suitable_places(region=region, airspace=airspace)))
    return {
        **ordinary_plan(
            draw, aircraft=aircraft, operator=operator, on=departure.astimezone(BEIJING).date()
        ),
        **draw(_route(centre, departure)),
    }


@st.composite
def _lawful_cases(
    draw: st.DrawFn, region: Region, period: TimeInterval, airspace: AirspaceDataset
) -> PlanCase:
    return PlanCase(parse_plan(draw(_lawful(region, period, airspace))), "lawful")


@st.composite
def _unlawful_cases(
    draw: st.DrawFn,
    region: Region,
    period: TimeInterval,
    airspace: AirspaceDataset,
    *,
    breaks: str | None,
) -> PlanCase:
    breach = draw(st.sampled_from([b for b in BREACHES if breaks in (None, b.citation)]))
    document = draw(_lawful(region, period, airspace, breach))
    breach.put_into(document, draw)
    return PlanCase(parse_plan(document), "unlawful", breaks=breach.citation)


@st.composite
def _incomplete_cases(
    draw: st.DrawFn, region: Region, period: TimeInterval, airspace: AirspaceDataset
) -> PlanCase:
    plan = parse_plan(draw(_lawful(region, period, airspace)))
    stated = st.sampled_from(list(facts_stated(plan)))
    removed = tuple(draw(st.lists(stated, min_size=1, max_size=6, unique=True)))
    return PlanCase(without(plan, *removed), "incomplete", removed=removed)


@st.composite
def _any_cases(
    draw: st.DrawFn, region: Region, period: TimeInterval, airspace: AirspaceDataset
) -> PlanCase:
    """Anywhere in the region, at any level, breaking any number of rules, with anything missing."""
    breach = draw(st.none() | st.sampled_from(BREACHES))
    document = draw(_lawful(region, period, airspace, breach))
    if breach is not None:
        breach.put_into(document, draw)
    if draw(st.booleans()):
        _fly_anywhere(document, draw, region)
    if draw(st.booleans()):
        document["take_off_elevation_amsl_m"] = float(draw(st.integers(-5, 300)))
    if draw(st.booleans()):
        document["approvals"] = [_approval(document, draw) for _ in range(draw(st.integers(0, 2)))]
    plan = parse_plan(document)
    if draw(st.booleans()):
        stated = st.sampled_from(list(facts_stated(plan)))
        plan = without(plan, *draw(st.lists(stated, max_size=12, unique=True)))
    return PlanCase(plan, "any")


def _fly_anywhere(document: Document, draw: st.DrawFn, region: Region) -> None:
    level = levels(references=EVERY_REFERENCE, min_m=0.0, max_m=400.0)
    if "waypoints" in document:
        reference = draw(st.none() | st.sampled_from(EVERY_REFERENCE))
        for waypoint in document["waypoints"]:
            # Coming back to a place exactly makes hovers and vertical legs.
            if draw(st.integers(0, 4)):
                waypoint["lon_deg"], waypoint["lat_deg"] = draw(places(region=region))
            drawn = draw(level)
            waypoint["level"] = _level(drawn.value_m, reference or drawn.reference)
        document["route_buffer_m"] = float(draw(st.sampled_from([0, 30, 500])))
        return
    area = document["operating_area"]
    lon_deg, lat_deg = draw(places(region=region))
    area.pop("polygon", None)
    radius_m = float(draw(st.integers(10, 5000)))
    area["circle"] = {"lon_deg": lon_deg, "lat_deg": lat_deg, "radius_m": radius_m}
    area["ceiling"] = _level(area["ceiling"]["value_m"], draw(st.sampled_from(EVERY_REFERENCE)))


def _approval(document: Document, draw: st.DrawFn) -> Document:
    """Draw an approval that may or may not cover the flight, in whole or in part."""
    area = document.get("operating_area")
    start = datetime.fromisoformat(area["start"] if area else document["waypoints"][0]["time"])
    place = area.get("circle") or {} if area else document["waypoints"][0]
    early = timedelta(hours=draw(st.sampled_from([-1, 0, 24])))
    approval: Document = {
        "kind": draw(st.sampled_from(ApprovalKind)).value,
        "number": "2026-1",
        "authority": "空中交通管理机构",
        "valid_from": (start - early).isoformat(),
        "valid_until": (start - early + timedelta(days=draw(st.sampled_from([1, 30])))).isoformat(),
    }
    if draw(st.booleans()) and "lon_deg" in place:
        approval["area"] = {
            "circle": {
                "lon_deg": place["lon_deg"],
                "lat_deg": place["lat_deg"],
                "radius_m": float(draw(st.sampled_from([500, 5000, 90_000]))),
            }
        }
    if draw(st.booleans()):
        reference = draw(st.sampled_from([VerticalReference.AGL, VerticalReference.AMSL]))
        approval["ceiling"] = _level(float(draw(st.sampled_from([60, 120, 500]))), reference)
    if draw(st.booleans()):
        approval["largest_class"] = draw(st.sampled_from(AircraftClass)).value
    if draw(st.booleans()):
        kinds = st.lists(st.sampled_from(MissionKind), max_size=2, unique=True)
        stated = document["mission"]["kind"] if "mission" in document else "other"
        approval["missions"] = [stated, *(kind.value for kind in draw(kinds))]
    if draw(st.booleans()):
        approval["zones"] = draw(st.lists(st.sampled_from(["ZGSZ01", "ZGNT01"]), unique=True))
    return approval


# The doors --------------------------------------------------------------------------------------


def plan_cases(
    *,
    kind: PlanKind = "any",
    region: Region = REGION,
    period: TimeInterval = YEAR,
    airspace: AirspaceDataset | None = None,
    breaks: str | None = None,
) -> st.SearchStrategy[PlanCase]:
    """Flight plans with what was done to them.

    Parameters
    ----------
    kind
        ``lawful``: complete plans for micro, light and small aircraft that the rulebook of
        Shenzhen permits; ``unlawful``: such a plan with one breach put in, and its citation;
        ``incomplete``: a lawful plan with facts left out; ``any``: all these and plans that fly
        anywhere, at any level, with approvals that may or may not fit.
    region
        Where they fly.
    period
        When they depart and arrive. For lawful plans it begins in 2024 or later, when the law that
        permits came into force, and holds no day with temporary airspace over all the city.
    airspace
        The airspace to stay clear of; by default Shenzhen's.
    breaks
        Citation of the one rule that unlawful plans are to break; by default any of those that
        can be broken.

    Raises
    ------
    hypothesis.errors.InvalidArgument
        If there is no such kind, no suitable place, or no way to break that rule; the message
        lists what there is.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=3, database=None)
    ... @given(plan_cases(kind="unlawful"))
    ... def test_an_unlawful_plan_says_what_it_breaks(case):
    ...     assert case.breaks.startswith("cn/")
    >>> test_an_unlawful_plan_says_what_it_breaks()
    """
    require_kind(kind, _KINDS)
    airspace = airspace or _shenzhen()
    if not (airspace.valid.covers(period) or kind == "any"):
        raise InvalidArgument(
            f"period from {period.start.date()} to {period.end.date()}: the airspace"
            f" {airspace.name} is valid from {airspace.valid.start.date()} to"
            f" {airspace.valid.end.date()}"
        )
    known = [breach.citation for breach in BREACHES]
    if breaks is not None and (kind != "unlawful" or breaks not in known):
        raise InvalidArgument(
            f"breaks={breaks!r} with kind={kind!r}: unlawful plans can break {', '.join(known)}"
        )
    suitable_places(region=region, airspace=airspace)  # refuses here, not in the middle of a test
    lawful = _lawful_cases(region, period, airspace)
    unlawful = _unlawful_cases(region, period, airspace, breaks=breaks)
    incomplete = _incomplete_cases(region, period, airspace)
    if kind == "any":
        anything = _any_cases(region, period, airspace)
        return st.one_of(anything, anything, lawful, unlawful, incomplete)
    return {"lawful": lawful, "unlawful": unlawful, "incomplete": incomplete}[kind]


def plans(
    *,
    kind: PlanKind = "any",
    region: Region = REGION,
    period: TimeInterval = YEAR,
    airspace: AirspaceDataset | None = None,
) -> st.SearchStrategy[FlightPlan]:
    """Flight plans; see :func:`plan_cases` for the keywords, and for what was done to each.

    Parameters
    ----------
    kind, region, period, airspace
        As for :func:`plan_cases`.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=3, database=None)
    ... @given(plans(kind="lawful"))
    ... def test_plans_take_time(plan):
    ...     assert plan.departure < plan.arrival
    >>> test_plans_take_time()
    """
    cases = plan_cases(kind=kind, region=region, period=period, airspace=airspace)
    return cases.map(lambda case: case.plan)
