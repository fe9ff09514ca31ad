"""Facts of the weather: the worst of what a plan says plainly and of what its reports allow.

A report counts cloud from its aerodrome, law from the ground or from the flight. Over ground higher
than the aerodrome the gap below the cloud shrinks, so the lowest cloud is taken to lie over the
highest ground. Where that is not stated, the reports tell no cloud base.
"""

from __future__ import annotations

from typing import NamedTuple

from lowalt.flights import FlightPlan, Weather
from lowalt.flights.weather import WeatherReport
from lowalt.situation.declared.values import MM, Known, down, part, up
from lowalt.temporal import Schedule, TimeInterval
from lowalt.weather import worst_during


class _Expected(NamedTuple):
    """The worst weather expected; ``None`` where not known."""

    visibility_m: float | None
    cloud_base_agl_m: float | None


def weather_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what weather is expected."""
    weather, expected = part(plan.weather, Weather), _expected(plan)
    abroad_m = None if plan.hong_kong is None else plan.hong_kong.cloud_distance_m
    stated_m = [d for d in (weather.cloud_distance_m, abroad_m) if d is not None]
    return {
        "visibility_mm": down(expected.visibility_m, "m", MM),
        "cloud_base_mm": down(expected.cloud_base_agl_m, "m", MM),
        "cloud_distance_mm": down(min(stated_m, default=None), "m", MM),
        "weather_meets_minima": weather.meets_commander_minima,
        "stays_clear_of_cloud": weather.surface_stays_in_sight,
    }


def cloud_facts(plan: FlightPlan, max_true_height_m: float | None) -> dict[str, Known]:
    """How far below the cloud base the flight stays, at its highest."""
    base_mm = down(_expected(plan).cloud_base_agl_m, "m", MM)
    top_mm = up(max_true_height_m, "m", MM)
    if base_mm is None or top_mm is None:
        return {}
    return {"cloud_clearance_mm": base_mm - top_mm}


def _expected(plan: FlightPlan) -> _Expected:
    weather = part(plan.weather, Weather)
    if not weather.reports:
        return _Expected(weather.visibility_m, weather.cloud_base_agl_m)
    reported = _reported(plan, weather.reports)
    return _Expected(
        _worse(weather.visibility_m, reported.visibility_m),
        _worse(weather.cloud_base_agl_m, _above_ground_m(reported.cloud_base_amsl_m, weather)),
    )


def _worse(stated: float | None, reported: float | None) -> float | None:
    """Worse of the two; what reports leave open no plain value makes up for."""
    if stated is None or reported is None:
        return reported
    return min(stated, reported)


def _above_ground_m(base_amsl_m: float | None, weather: Weather) -> float | None:
    if base_amsl_m is None or weather.highest_ground_amsl_m is None:
        return None
    return base_amsl_m - weather.highest_ground_amsl_m


class _Reported(NamedTuple):
    """The worst that reports allow; ``None`` where they do not stand for the whole flight."""

    visibility_m: float | None
    cloud_base_amsl_m: float | None


def _reported(plan: FlightPlan, reports: tuple[WeatherReport, ...]) -> _Reported:
    """Return the worst of all parts of a flight, each by the reports of its own aerodrome."""
    whole = TimeInterval(plan.departure, plan.arrival)
    of_station = [(report, report.read(departure=plan.departure)) for report in reports]
    parts, seen_m, bases_m = [], [], []
    for report, read in of_station:
        period = TimeInterval(report.start or whole.start, report.end or whole.end)
        same = [other for _, other in of_station if other.station == read.station]
        worst = worst_during(same, period)
        parts.append(period)
        seen_m.append(worst.visibility_m)
        elevation_m = report.aerodrome_elevation_amsl_m or 0.0
        bases_m.append(None if worst.cloud_base_m is None else worst.cloud_base_m + elevation_m)
    if list(Schedule.of(parts).active_within(whole)) != [whole]:
        return _Reported(None, None)
    return _Reported(_least(seen_m), _least(bases_m))


def _least(values_m: list[float | None]) -> float | None:
    known_m = [value_m for value_m in values_m if value_m is not None]
    return min(known_m) if len(known_m) == len(values_m) else None
