"""The weather of each leg, as the reports of a plan tell it.

A report stands for the legs under the jurisdiction in which its aerodrome lies, as far as they are
near to it and flown in the part of the flight for which the plan gives it. Of an aerodrome that the
dataset does not know nothing is known but a name, and its report stands for nothing.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from lowalt.airspace import AirspaceDataset
from lowalt.airspace.containment import Containment
from lowalt.flights.weather import WeatherReport
from lowalt.geodesy import geodesic_distance_m
from lowalt.situation.laying import Leg, Situation
from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction
from lowalt.weather import AerodromeReport, Worst, worst_during

REACH_M = 50_000.0
"""A report stands for places no farther from its aerodrome, metres. Our reading: it describes the
aerodrome and its vicinity, and no text says how far from there a flight may rely on it."""


class Bearing(StrEnum):
    """Whether a report stands for a leg, or for which reason it does not."""

    STANDS = "stands"
    ELSEWHERE = "elsewhere"
    """Its aerodrome lies under another jurisdiction."""

    NOT_THEN = "not_then"
    """The plan gives it for another part of the flight."""

    UNKNOWN_AERODROME = "unknown_aerodrome"
    TOO_FAR = "too_far"
    """Some of the places for which the plan gives it are too far from its aerodrome."""


class LegReport(NamedTuple):
    """A report of a plan, as one leg sees it.

    Attributes
    ----------
    station
        Location indicator of its aerodrome.
    told
        What it says of the leg, cloud counted from mean sea level; ``None`` where it does not
        stand for it.
    """

    station: str
    bearing: Bearing
    told: AerodromeReport | None


class _Station(NamedTuple):
    """An aerodrome that the dataset knows: its middle, degrees, and whose law holds there."""

    place: tuple[float, float]
    jurisdiction: Jurisdiction


def worst_reported(situation: Situation, leg: Leg) -> Worst:
    """Return the worst weather that the reports of a plan allow on a leg.

    Cloud is counted from mean sea level. Each value is ``None`` where the reports that stand for
    the leg do not tell it for all of its time.
    """
    told = [report.told for report in reports_on(situation, leg) if report.told is not None]
    return worst_during(told, leg.period)


def reports_on(situation: Situation, leg: Leg) -> list[LegReport]:
    """Say of every report of a plan, in its order, whether it stands for a leg."""
    plan = situation.plan
    given = () if plan.weather is None else plan.weather.reports or ()
    return [_seen_from(situation, leg, report) for report in given]


def _seen_from(situation: Situation, leg: Leg, report: WeatherReport) -> LegReport:
    read = report.read(departure=situation.plan.departure)
    station = _station(situation.airspace, read.station)
    part = _part(leg, report)
    if station is None:
        return LegReport(read.station, Bearing.UNKNOWN_AERODROME, None)
    if station.jurisdiction is not leg.jurisdiction:
        return LegReport(read.station, Bearing.ELSEWHERE, None)
    if part is None:
        return LegReport(read.station, Bearing.NOT_THEN, None)
    if not _is_near(station, situation, part):
        return LegReport(read.station, Bearing.TOO_FAR, None)
    return LegReport(read.station, Bearing.STANDS, _cut(read, part, report))


def _part(leg: Leg, report: WeatherReport) -> TimeInterval | None:
    """Part of a leg for which a plan gives a report; what is not said begins or ends with it."""
    start = max(report.start or leg.period.start, leg.period.start)
    end = min(report.end or leg.period.end, leg.period.end)
    return TimeInterval(start, end) if start < end else None


def _station(airspace: AirspaceDataset, indicator: str) -> _Station | None:
    surfaces = airspace.aerodromes.get(indicator)
    if surfaces is None:
        return None
    ends = [end for data in surfaces.runways for end in (data.runway.low, data.runway.high)]
    lon_deg, lat_deg = np.mean(ends, axis=0).tolist()
    abroad = (
        zone.jurisdiction
        for zone in airspace.jurisdictions
        if zone.containment(lon_deg=lon_deg, lat_deg=lat_deg) is not Containment.OUTSIDE
    )
    return _Station((lon_deg, lat_deg), next(abroad, Jurisdiction.MAINLAND))


def _is_near(station: _Station, situation: Situation, part: TimeInterval) -> bool:
    """Whether all of a part of a flight is near; what is farthest of a straight line is an end."""
    distance_m = geodesic_distance_m([station.place], situation.path.places_within(part))
    return bool(np.max(distance_m) <= REACH_M)


def _cut(read: AerodromeReport, part: TimeInterval, report: WeatherReport) -> AerodromeReport:
    """Keep what a report says of a part of a flight, its cloud counted from mean sea level."""
    up_m = report.aerodrome_elevation_amsl_m or 0.0
    spells = []
    for spell in read.spells:
        period = spell.period.intersection(part)
        if period is not None:
            sky = None if spell.sky is None else spell.sky.raised(by_m=up_m)
            spells.append(replace(spell, period=period, sky=sky))
    return replace(read, period=part, spells=tuple(spells))
