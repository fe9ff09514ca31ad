"""A standard scenario from the plan to the verdict: what is stated, how rounded, what binds."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import lowalt as la
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.situation.declared import plan_facts
from lowalt.situation.declared.scenario import ground_buffer_facts
from lowalt.terms import AirRisk, StandardScenario
from lowalt.units import FactUnit, at_least, factor, shown
from lowalt.verdicts import Status

DELIVERY = Path(__file__).parents[1] / "examples/plans/03_delivery_near_airport_filed_in_time.json"
GUIDE = "cn/ib_tm_2022_05"
SECTIONS = ("height", "aircraft", "population", "buffer", "route")
WITHIN_LIMITS: dict[str, Any] = {
    "kind": "urban_logistics",
    "fixed_isolated_route": True,
    "exit_probability_per_h": 0.00005,
    # 90 m and half the vertical buffer of 5 m beside it: the flight is at most 95 m high.
    "ground_buffer_m": 95.0,
}


def delivery(scenario: dict[str, Any] | None, **mission: Any) -> FlightPlan:
    document = json.loads(DELIVERY.read_text("utf-8"))
    document["mission"] |= {"scenario": scenario, "population_density_per_km2": 9000.0, **mission}
    document["aircraft"]["max_kinetic_energy_j"] = 9000.0
    return parse_plan(document)


def section(name: str) -> str:
    """Citation of the sections of the guide, by what they limit."""
    return f"{GUIDE}#secs_3_4_7__{name}"


def statuses(plan: FlightPlan) -> dict[str, Status]:
    facts = la.facts_of(la.lay(plan, airspace=la.load_airspace("shenzhen")))
    judgement = la.judge(facts, rulebook=la.load_rulebook(on=plan.departure.date()))
    return {name: judgement.status_of(section(name)) for name in SECTIONS}


# From the plan to facts


def test_a_plan_that_says_nothing_of_a_scenario_supplies_nothing_of_it() -> None:
    assert "standard_scenario" not in known(delivery(None))
    assert known(delivery({"kind": "none"}))["standard_scenario"] is StandardScenario.NONE


def test_each_figure_of_a_scenario_is_rounded_against_the_flight() -> None:
    facts = known(
        delivery(
            {
                "exit_probability_per_h": 0.0001,
                "air_buffer_m": 4999.9999,
                "descent_to_safe_height_s": 60.0001,
                "adjacent_air_risk": "d",
                "obstacle": {
                    "distance_m": 40.0001,
                    "height_m": 19.9991,
                    "height_above_m": 25.0001,
                },
            },
            isolated_area={
                "used": True,
                "horizontal_gap_m": 9999.9999,
                "vertical_gap_m": 599.9999,
                "inner_margin_m": 4999.9999,
            },
        )
    )
    assert facts["exit_rate_per_gh"] == 100_000
    assert facts["air_buffer_mm"] == 4_999_999
    assert facts["descent_time_ms"] == 60_001
    assert facts["adjacent_air_risk"] is AirRisk.D
    assert facts["obstacle_distance_mm"] == 40_001
    assert facts["obstacle_height_mm"] == 20_000
    assert facts["height_above_obstacle_mm"] == 25_001
    assert facts["isolated_area_gap_mm"] == 9_999_999
    assert facts["isolated_area_vertical_gap_mm"] == 599_999
    assert facts["isolated_area_margin_mm"] == 4_999_999


def known(plan: FlightPlan) -> dict[str, Any]:
    return {name: value for name, value in plan_facts(plan).items() if value is not None}


LENGTHS_M = st.integers(1, 500_000).map(lambda mm: mm / 1000)


@given(buffer_m=LENGTHS_M, height_m=LENGTHS_M)
@example(buffer_m=119.9, height_m=119.9)
def test_the_ground_buffer_is_wide_enough_exactly_where_it_is_as_wide_as_the_flight_is_high(
    buffer_m: float, height_m: float
) -> None:
    facts = ground_buffer_facts(delivery({"ground_buffer_m": buffer_m}), height_m)
    ratio = facts["ground_buffer_ratio_ppm"]
    assert isinstance(ratio, int)
    exact = Fraction(round(buffer_m * 1000), round(height_m * 1000)) * 1_000_000
    # Rounded down, past no more than the noise of a float.
    assert exact - 1 - Fraction(exact, 10**12) <= ratio <= exact + Fraction(1, 1000)
    assert (ratio >= 1_000_000) is (buffer_m >= height_m)


@pytest.mark.parametrize("height_m", [None, 0.0])
def test_without_a_height_nothing_is_said_of_the_ground_buffer(height_m: float | None) -> None:
    assert ground_buffer_facts(delivery({"ground_buffer_m": 50.0}), height_m) == {}


def test_the_ground_buffer_is_measured_against_the_height_the_route_reaches() -> None:
    facts = la.facts_of(la.lay(delivery(WITHIN_LIMITS), airspace=la.load_airspace("shenzhen")))
    assert facts.flight["max_true_height_mm"] == 95_000
    assert facts.flight["ground_buffer_ratio_ppm"] == 1_000_000


def test_a_licence_that_is_not_there_covers_no_night() -> None:
    document = json.loads(DELIVERY.read_text("utf-8"))
    document["pilots"][0]["licence"] = {"largest_class": "none"}
    assert known(parse_plan(document))["has_night_rating"] is False


@pytest.mark.parametrize(
    ("scenario", "where"),
    [
        ({"kind": "suburban"}, "mission.scenario.kind"),
        ({"exit_probability_per_h": 1.5}, "mission.scenario.exit_probability_per_h"),
        ({"ground_buffer_m": -1.0}, "mission.scenario.ground_buffer_m"),
        ({"adjacent_air_risk": "D"}, "mission.scenario.adjacent_air_risk"),
        ({"colour": "green"}, "mission.scenario.colour"),
    ],
)
def test_a_scenario_that_means_nothing_is_refused_by_its_place(
    scenario: dict[str, Any], where: str
) -> None:
    with pytest.raises(InvalidInputError, match=where):
        delivery(scenario)


# Units of law


def test_units_of_law_stand_to_those_of_facts_as_physics_says() -> None:
    assert factor("kJ", to=FactUnit.JOULE) == 1000
    assert at_least(1e-4, "/h", to=FactUnit.PER_GIGAHOUR) == 100_000
    assert at_least(300.2, "/km2", to=FactUnit.PER_KM2) == 301
    assert shown(34_000, FactUnit.JOULE) == "34 kJ"
    assert shown(100_000, FactUnit.PER_GIGAHOUR) == "0.0001 /h"
    assert shown(15_000, FactUnit.PER_KM2) == "15000 /km2"


# Whole plans


def test_a_delivery_within_the_scenario_it_claims_meets_all_of_it() -> None:
    assert set(statuses(delivery(WITHIN_LIMITS)).values()) == {Status.MET}


def test_a_delivery_that_claims_no_scenario_is_asked_nothing_of_it() -> None:
    assert set(statuses(delivery({"kind": "none"})).values()) == {Status.NOT_APPLICABLE}


def test_a_delivery_that_leaves_open_whether_it_claims_one_is_open() -> None:
    assert statuses(delivery(None))["route"] is Status.MISSING_INFO


@pytest.mark.parametrize(
    ("change", "provision"),
    [
        ({"ground_buffer_m": 94.999}, "buffer"),
        ({"exit_probability_per_h": 0.0001}, "route"),
        ({"fixed_isolated_route": False}, "route"),
    ],
)
def test_a_delivery_beyond_one_limit_needs_an_approval_by_that_section(
    change: dict[str, Any], provision: str
) -> None:
    found = statuses(delivery(WITHIN_LIMITS | change))
    required = {name for name, status in found.items() if status is Status.REQUIRED}
    assert required == {provision}


def test_a_finding_says_the_limit_in_the_unit_of_the_law() -> None:
    plan = delivery(WITHIN_LIMITS, population_density_per_km2=15_001.0)
    found = la.assess(plan, airspace=la.load_airspace("shenzhen")).findings
    (finding,) = (f for f in found if f.citation == section("population"))
    assert (finding.observed, finding.limit) == ("15001 /km2", "15000 /km2")
