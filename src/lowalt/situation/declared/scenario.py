"""Facts of the standard scenario claimed, and of an isolated area."""

from __future__ import annotations

from lowalt.flights import FlightPlan, InspectedObstacle, IsolatedArea, Mission, Scenario
from lowalt.situation.declared.values import GH, MM, MS, PPM, Known, down, part, up


def scenario_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of the scenario claimed and of the isolated area used."""
    mission = part(plan.mission, Mission)
    return {
        **_claimed_facts(mission.scenario),
        **_isolated_area_facts(mission.isolated_area),
    }


def _claimed_facts(scenario: Scenario | None) -> dict[str, Known]:
    if scenario is None:
        return {}
    obstacle = part(scenario.obstacle, InspectedObstacle)
    return {
        "standard_scenario": scenario.kind,
        "has_fixed_isolated_route": scenario.fixed_isolated_route,
        "exit_rate_per_gh": up(scenario.exit_probability_per_h, "/h", GH),
        "is_beside_residential_area": scenario.beside_residential_area,
        "is_over_controlled_ground": scenario.controlled_ground_area,
        "adjacent_air_risk": scenario.adjacent_air_risk,
        "air_buffer_mm": down(scenario.air_buffer_m, "m", MM),
        "descent_time_ms": up(scenario.descent_to_safe_height_s, "s", MS),
        "pilot_flies_several": scenario.pilot_flies_several,
        "hands_over_control": scenario.hands_over_control,
        "obstacle_distance_mm": up(obstacle.distance_m, "m", MM),
        # A lower structure allows more height above it, so its height is rounded up.
        "obstacle_height_mm": up(obstacle.height_m, "m", MM),
        "height_above_obstacle_mm": up(obstacle.height_above_m, "m", MM),
    }


def _isolated_area_facts(area: IsolatedArea | None) -> dict[str, Known]:
    if area is None:
        return {}
    return {
        "is_in_isolated_area": area.used,
        "isolated_area_gap_mm": down(area.horizontal_gap_m, "m", MM),
        "isolated_area_vertical_gap_mm": down(area.vertical_gap_m, "m", MM),
        "isolated_area_margin_mm": down(area.inner_margin_m, "m", MM),
    }


def ground_buffer_facts(plan: FlightPlan, max_true_height_m: float | None) -> dict[str, Known]:
    """Say how the ground buffer stands to the height, which only the ground below tells."""
    buffer_m = part(part(plan.mission, Mission).scenario, Scenario).ground_buffer_m
    if buffer_m is None or max_true_height_m is None or max_true_height_m <= 0.0:
        return {}
    percent = 100.0 * (buffer_m / max_true_height_m)
    return {"ground_buffer_ratio_ppm": down(percent, "%", PPM)}
