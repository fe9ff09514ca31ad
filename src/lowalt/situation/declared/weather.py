"""Facts of the weather: the worst of what a plan says plainly and of what its reports allow.

It is told leg by leg. What a plan says plainly counts on every leg. Where it gives reports, each
leg needs one of its own: what they leave open no plain value makes up for, so that nothing is won
by leaving out the report of a place where the weather is bad.

A report counts cloud from its aerodrome, law from the ground or from the flight. Over ground higher
than the aerodrome the gap below the cloud shrinks, so the lowest cloud is taken to lie over the
highest ground. Where that is not stated, the reports tell no cloud base.
"""

from __future__ import annotations

from typing import NamedTuple

from lowalt.flights import FlightPlan, Weather
from lowalt.situation.declared.values import MM, Known, down, part, up
from lowalt.situation.laying import Leg, Situation
from lowalt.situation.weather import worst_reported
from lowalt.terms import Jurisdiction


class _Expected(NamedTuple):
    """The worst weather expected on a leg; ``None`` where not known."""

    visibility_m: float | None
    cloud_base_agl_m: float | None


def weather_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of the weather as a whole."""
    weather = part(plan.weather, Weather)
    return {
        "weather_meets_minima": weather.meets_commander_minima,
        "stays_clear_of_cloud": weather.surface_stays_in_sight,
    }


def leg_weather_facts(situation: Situation, leg: Leg) -> dict[str, Known]:
    """Say what weather is expected on a leg, and how far off the clouds the flight stays there.

    The height below cloud is that of the highest point of the whole flight.
    """
    expected = _expected(situation, leg)
    base_mm = down(expected.cloud_base_agl_m, "m", MM)
    top_mm = up(situation.max_true_height_m, "m", MM)
    return {
        "visibility_mm": down(expected.visibility_m, "m", MM),
        "cloud_base_mm": base_mm,
        "cloud_clearance_mm": None if base_mm is None or top_mm is None else base_mm - top_mm,
        "cloud_distance_mm": down(_cloud_distance_m(situation.plan, leg), "m", MM),
    }


def _cloud_distance_m(plan: FlightPlan, leg: Leg) -> float | None:
    stated_m = [part(plan.weather, Weather).cloud_distance_m]
    if leg.jurisdiction is Jurisdiction.HONG_KONG and plan.hong_kong is not None:
        stated_m.append(plan.hong_kong.cloud_distance_m)
    return min((d for d in stated_m if d is not None), default=None)


def _expected(situation: Situation, leg: Leg) -> _Expected:
    weather = part(situation.plan.weather, Weather)
    if not weather.reports:
        return _Expected(weather.visibility_m, weather.cloud_base_agl_m)
    reported = worst_reported(situation, leg)
    return _Expected(
        _worse(weather.visibility_m, reported.visibility_m),
        _worse(weather.cloud_base_agl_m, _above_ground_m(reported.cloud_base_m, weather)),
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
