"""Which facts a plan supplies, from where, rounded to which side; what approvals cover."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowalt import testing
from lowalt.airspace import (
    AirspaceDataset,
    Circle,
    FeatureStatus,
    Restriction,
    Volume3D,
    load_airspace,
)
from lowalt.facts import Facts
from lowalt.flights import FlightPlan, parse_plan
from lowalt.situation import Situation, facts_of, lay
from lowalt.situation.declared import plan_facts
from lowalt.situation.declared.weather import leg_weather_facts
from lowalt.temporal import ALWAYS, TimeInterval
from lowalt.terms import ApprovalKind, Jurisdiction, ZoneKind
from lowalt.testing.airspaces import dataset_of
from lowalt.testing.ordinary import AIRCRAFT, ordinary_plan
from lowalt.vocabulary import VOCABULARY, Measure, Scope, fact

SHENZHEN = load_airspace("shenzhen")
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
EMPTY = dataset_of((), period=EVER)
DAY = date(2026, 6, 1)
HERE = (114.2, 22.65)
Document = dict[str, Any]


def first(strategy: st.SearchStrategy[Any]) -> Any:
    """Draw one value, the same each time."""
    found: list[Any] = []

    @settings(max_examples=1, database=None, derandomize=True)
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found[0]


@st.composite
def _ordinary(draw: st.DrawFn) -> Document:
    return ordinary_plan(draw, aircraft=AIRCRAFT[0], operator="unit", on=DAY)


ORDINARY: Document = first(_ordinary())

FULL: Document = json.loads((Path(__file__).parent / "data" / "full_plan.json").read_text("utf-8"))
"""A plan that states everything there is to state."""

# Without terrain, only a level above ground has a true height.
LEVELS_ABOVE_GROUND = {
    f"waypoints__{i}__level": {"value_m": 100.0, "reference": "AGL"}
    for i in range(len(FULL["waypoints"]))
}

APPROVED_FOR_ALL: Document = {
    "number": "1",
    "authority": "ATM unit",
    "valid_from": "2026-05-01T00:00:00+08:00",
    "valid_until": "2026-07-01T00:00:00+08:00",
    "area": {"circle": {"lon_deg": 114.07, "lat_deg": 22.55, "radius_m": 30_000.0}},
    "ceiling": {"value_m": 1000.0, "reference": "AGL"},
    "largest_class": "large",
    "missions": ["blood_transport"],
}


def waypoint(minute: int, *, east_deg: float = 0.0, height_m: float = 50.0) -> Document:
    return {
        "lon_deg": HERE[0] + east_deg,
        "lat_deg": HERE[1],
        "level": {"value_m": height_m, "reference": "AGL"},
        "time": f"2026-06-01T09:{minute:02d}:00+08:00",
    }


def document(**changes: Any) -> Document:
    """An ordinary plan with values changed at paths; ``__`` stands for the dot."""
    result: Document = {
        **copy.deepcopy(ORDINARY),
        "waypoints": [waypoint(0), waypoint(5, east_deg=0.005)],
        "route_buffer_m": 10.0,
        "vertical_buffer_m": 5.0,
        "submission": {
            "submitted_at": "2026-05-30T10:00:00+08:00",
            "readiness_reported_at": "2026-06-01T07:00:00+08:00",
            "take_off_confirmed": True,
            "periodic_filing_made": False,
        },
    }
    return changed(result, changes)


def changed(document: Document, changes: dict[str, Any]) -> Document:
    """A document with values changed at paths; ``__`` stands for the dot."""
    result = copy.deepcopy(document)
    for path, value in changes.items():
        *parts, last = path.split("__")
        holder: Any = result
        for part in parts:
            holder = holder[int(part)] if part.isdigit() else holder[part]
        holder[last] = value
    return result


def facts(**changes: Any) -> Facts:
    return facts_in(EMPTY, **changes)


def facts_in(airspace: AirspaceDataset, /, **changes: Any) -> Facts:
    return facts_of(lay(parse_plan(document(**changes)), airspace=airspace))


# The vocabulary and the plan

ASKED = [f for f in VOCABULARY.values() if not f.defined]


@cache
def schema() -> Document:
    return FlightPlan.model_json_schema()


def schema_has(path: str) -> bool:
    """Whether the published schema of plans has a field at a path such as ``pilots[].name``."""
    whole = schema()
    nodes: list[Any] = [whole]
    for name in re.sub(r"\[\d*\]", "", path).split("."):
        found = []
        for node in nodes:
            found += [inner["properties"][name] for inner in opened(node, whole)
                      if name in inner.get("properties", {})]  # fmt: skip
        nodes = found
    return bool(nodes)


def opened(node: Any, whole: Any) -> list[Any]:
    """What a node may be, references and alternatives and lists looked through."""
    if "$ref" in node:
        return opened(whole["$defs"][node["$ref"].rpartition("/")[2]], whole)
    inside = [*node.get("anyOf", ()), *([node["items"]] if "items" in node else ())]
    return [node, *(found for item in inside for found in opened(item, whole))]


@pytest.mark.parametrize("name", [f.name for f in VOCABULARY.values() if f.field])
def test_the_field_of_a_fact_is_a_field_of_the_plan(name: str) -> None:
    for path in fact(name).field.split(", "):
        assert schema_has(path), f"{name} points to {path}, which no plan has"


def test_a_field_that_no_plan_has_would_be_noticed() -> None:
    assert schema_has("pilots[].licence.issued_on")
    assert not schema_has("pilots[].licence.colour")
    assert not schema_has("colour")


def test_legal_terms_and_only_they_are_left_to_the_law() -> None:
    assert {f.name for f in ASKED}.isdisjoint(f.name for f in VOCABULARY.values() if f.defined)
    assert not [f.name for f in VOCABULARY.values() if f.defined and f.field]


def test_a_plan_that_states_everything_supplies_every_fact_of_the_flight() -> None:
    of_all_kinds = [APPROVED_FOR_ALL | {"kind": kind.value} for kind in ApprovalKind]
    plan = changed(FULL | {"approvals": of_all_kinds}, LEVELS_ABOVE_GROUND)
    supplied = facts_of(lay(parse_plan(plan), airspace=EMPTY)).flight
    assert [f.name for f in ASKED if f.scope is Scope.FLIGHT and f.name not in supplied] == []


def test_a_plan_that_states_next_to_nothing_supplies_only_time_and_place() -> None:
    bare = {
        key: document()[key]
        for key in ("plan_id", "datum", "waypoints", "route_buffer_m", "vertical_buffer_m")
    }
    known = facts_of(lay(parse_plan(bare), airspace=EMPTY))
    assert set(known.flight) == {
        *("departure_at", "departure_on", "is_within_dataset", "max_true_height_mm"),
        *("is_wholly_in_aviation_camp", "is_partly_at_night", "application_names_period"),
        *("vertex_count", "departs_from_mainland", "lands_on_mainland", "plan_names_route"),
    }


@given(testing.plans(), testing.datasets(period=EVER))
def test_whatever_the_plan_its_facts_fit_the_vocabulary(
    plan: FlightPlan, airspace: AirspaceDataset
) -> None:
    known = facts_of(lay(plan, airspace=airspace))
    for scope in Scope:
        for instance in known.instances(scope):
            for name, value in instance.values.items():
                fact(name).check(value)


# Rounding

M, S = 1000.0, 1000.0  # millimetres in a metre, milliseconds in a second
UP = [
    ("aircraft__empty_mass_kg", "empty_mass_g", 1000.0),
    ("aircraft__max_takeoff_mass_kg", "max_takeoff_mass_g", 1000.0),
    ("aircraft__takeoff_mass_kg", "takeoff_mass_g", 1000.0),
    ("aircraft__max_dimension_m", "max_dimension_mm", M),
    ("aircraft__max_kinetic_energy_j", "kinetic_energy_j", 1.0),
    ("aircraft__max_true_height_m", "capable_height_mm", M),
    ("aircraft__max_radius_m", "capable_radius_mm", M),
    ("aircraft__max_level_speed_m_s", "capable_speed_mm_h", 3_600_000.0),
    ("aircraft__identification__interval_s", "identification_interval_ms", S),
    ("aircraft__identification__uom_interval_s", "uom_interval_ms", S),
    ("aircraft__identification__uom_delay_s", "uom_delay_ms", S),
    ("operator__operation_control_interval_s", "operation_control_interval_ms", S),
    ("pilots__0__blood_alcohol_percent", "blood_alcohol_ppm", 10_000.0),
    ("mission__max_distance_from_pilot_m", "max_distance_from_pilot_mm", M),
    ("mission__population_density_per_km2", "population_density_per_km2", 1.0),
    ("mission__scenario__descent_to_safe_height_s", "descent_time_ms", S),
    ("mission__scenario__obstacle__distance_m", "obstacle_distance_mm", M),
    ("mission__scenario__obstacle__height_m", "obstacle_height_mm", M),
    ("mission__scenario__obstacle__height_above_m", "height_above_obstacle_mm", M),
    ("hong_kong__max_altitude_amsl_m", "max_altitude_mm", M),
    ("manned__max_altitude_amsl_m", "highest_altitude_mm", M),
    ("manned__over_water__max_time_from_land_s", "time_from_land_ms", S),
]
DOWN = [
    ("pilots__0__hours_since_alcohol", "time_since_alcohol_ms", 3_600_000.0),
    ("mission__scenario__air_buffer_m", "air_buffer_mm", M),
    ("mission__isolated_area__horizontal_gap_m", "isolated_area_gap_mm", M),
    ("mission__isolated_area__vertical_gap_m", "isolated_area_vertical_gap_mm", M),
    ("mission__isolated_area__inner_margin_m", "isolated_area_margin_mm", M),
    ("weather__visibility_m", "visibility_mm", M),
    ("weather__cloud_base_agl_m", "cloud_base_mm", M),
    ("manned__distance_to_land_border_m", "land_border_distance_mm", M),
    ("manned__min_height_over_population_m", "height_over_population_mm", M),
    ("hong_kong__distance_to_uninvolved_m", "distance_to_uninvolved_mm", M),
    ("hong_kong__cloud_distance_m", "cloud_distance_mm", M),
    ("weather__cloud_distance_m", "cloud_distance_mm", M),
    ("hong_kong__low_flying__height_above_obstacles_m", "height_above_obstacles_mm", M),
    ("hong_kong__low_flying__distance_to_people_or_structures_m", "distance_to_people_mm", M),
    ("hong_kong__low_flying__distance_to_crowd_m", "crowd_distance_mm", M),
    ("macao__distance_to_aerodrome_m", "macao_aerodrome_distance_mm", M),
    ("macao__distance_to_listed_building_m", "macao_building_distance_mm", M),
]
ELSEWHERE = {
    # Tried with what else they hang on: heights below, buffer and rate of exit with the scenario,
    # cloud and fuel with manned flights, speed and sum (a whole number) with Hong Kong.
    *("max_true_height_mm", "ground_buffer_ratio_ppm", "exit_rate_per_gh", "cloud_clearance_mm"),
    *("fuel_reserve_ms", "planned_speed_mm_h", "insured_sum_hkd", "vertex_count"),
    "prescribed_route_margin_mm",  # measured; tried with the keeping of routes
}


PLAIN_WEATHER = {"weather": {**FULL["weather"], "reports": None}}


@cache
def laid() -> Situation:
    return lay(parse_plan(FULL), airspace=SHENZHEN)


def supplied(path: str, value: float, name: str) -> int:
    plan = parse_plan(changed(FULL, {**PLAIN_WEATHER, path: value}))
    in_hong_kong = dataclasses.replace(laid().legs[0], jurisdiction=Jurisdiction.HONG_KONG)
    weather = leg_weather_facts(dataclasses.replace(laid(), plan=plan), in_hong_kong)
    known = {**plan_facts(plan), **weather}[name]
    assert isinstance(known, int)
    return known


@pytest.mark.parametrize(("path", "name", "factor"), UP, ids=[name for _, name, _ in UP])
@given(value=st.floats(0.01, 90.0))
def test_what_must_not_be_too_big_is_rounded_up(
    path: str, name: str, factor: float, value: float
) -> None:
    assert -1e-5 <= supplied(path, value, name) - value * factor < 1.0


@pytest.mark.parametrize(("path", "name", "factor"), DOWN, ids=[name for _, name, _ in DOWN])
@given(value=st.floats(0.01, 1000.0))
def test_what_must_not_be_too_small_is_rounded_down(
    path: str, name: str, factor: float, value: float
) -> None:
    assert -1e-5 <= value * factor - supplied(path, value, name) < 1.0


def test_every_quantity_has_its_side_of_rounding_tested() -> None:
    tested = {name for _, name, _ in (*UP, *DOWN)} | ELSEWHERE
    quantities = {f.name for f in ASKED if f.kind is int and f.measure is Measure.QUANTITY}
    assert tested == quantities


@pytest.mark.parametrize(
    ("path", "value", "name", "expected"),
    [
        ("aircraft__empty_mass_kg", 0.25, "empty_mass_g", 250),
        ("aircraft__empty_mass_kg", 0.2500001, "empty_mass_g", 251),
        ("aircraft__max_level_speed_m_s", 40 / 3.6, "capable_speed_mm_h", 40_000_000),
        ("aircraft__max_level_speed_m_s", 11.2, "capable_speed_mm_h", 40_320_000),
        ("pilots__0__hours_since_alcohol", 8.0, "time_since_alcohol_ms", 28_800_000),
        ("pilots__0__blood_alcohol_percent", 0.04, "blood_alcohol_ppm", 400),
    ],
)
def test_numbers_written_exactly_stay_exact(
    path: str, value: float, name: str, expected: int
) -> None:
    assert facts(**{path: value}).flight[name] == expected


def test_a_time_within_a_millisecond_counts_as_its_start() -> None:
    late = facts(submission__submitted_at="2026-05-30T10:00:00.000900+08:00").flight
    sharp = facts(submission__submitted_at="2026-05-30T10:00:00+08:00").flight
    assert late["submitted_at"] == sharp["submitted_at"]


# The worst placed pilot

PILOT: Document = ORDINARY["pilots"][0]


@pytest.mark.parametrize(
    ("second", "name", "expected"),
    [
        ({"impaired": True}, "pilot_is_impaired", True),
        ({"impaired": None}, "pilot_is_impaired", None),
        ({"capacity": "limited"}, "pilot_capacity", "limited"),
        ({"capacity": "none"}, "pilot_capacity", "none"),
        ({"capacity": None}, "pilot_capacity", None),
        ({"licence": {"largest_class": "none"}}, "licence_class", "none"),
        ({"licence": None}, "licence_class", None),
        ({"nationality": "USA"}, "pilot_is_foreign", True),
        ({"nationality": None}, "pilot_is_foreign", None),
        ({"hours_since_alcohol": 2.0}, "time_since_alcohol_ms", 7_200_000),
        ({"hours_since_alcohol": None}, "time_since_alcohol_ms", None),
        ({"blood_alcohol_percent": 0.02}, "blood_alcohol_ppm", 200),
        ({"theory_certificate": False}, "has_theory_certificate", False),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_several_pilots_the_worst_placed_counts(
    second: Document, name: str, expected: object, turned: bool
) -> None:
    pilots = [PILOT, {**PILOT, **second}]
    assert facts(pilots=pilots[::-1] if turned else pilots).flight.get(name) == expected


def test_papers_must_be_current_on_the_last_day_of_the_flight() -> None:
    over_midnight = [
        {**waypoint(0), "time": "2026-06-01T23:50:00+08:00"},
        {**waypoint(1, east_deg=0.005), "time": "2026-06-02T00:10:00+08:00"},
    ]
    for until, insured in (("2026-06-01", False), ("2026-06-02", True)):
        policy = {"held": True, "valid_from": "2026-01-01", "valid_until": until}
        known = facts(waypoints=over_midnight, aircraft__insurance=policy).flight
        assert known["is_insured"] is insured


# Approvals


def approval(**changes: Any) -> Document:
    return {
        "kind": "flight_activity",
        "number": "2026-1",
        "authority": "ATM",
        "valid_from": "2026-06-01T09:00:00+08:00",
        "valid_until": "2026-06-01T09:05:00+08:00",
        "area": {"circle": {"lon_deg": HERE[0], "lat_deg": HERE[1], "radius_m": 2000.0}},
        "ceiling": {"value_m": 55.0, "reference": "AGL"},
        "missions": [ORDINARY["mission"]["kind"]],
        **changes,
    }


def circle(radius_m: float) -> Document:
    return {"circle": {"lon_deg": HERE[0], "lat_deg": HERE[1], "radius_m": radius_m}}


# The flight ends 513.9 m east of the centre, its airspace 10 m further.
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"valid_from": "2026-06-01T09:00:01+08:00"}, False),
        ({"valid_until": "2026-06-01T09:04:59+08:00"}, False),
        ({"ceiling": {"value_m": 54.999, "reference": "AGL"}}, False),
        ({"ceiling": {"value_m": 500.0, "reference": "AMSL"}}, None),
        ({"ceiling": None}, None),
        ({"area": None}, None),
        ({"area": circle(524.0)}, True),
        ({"area": circle(523.9)}, False),
        ({"area": circle(505.0)}, False),
        ({"area": {"circle": {"lon_deg": 113.9, "lat_deg": 22.65, "radius_m": 500.0}}}, False),
        ({"kind": "long_term"}, False),
    ],
)
def test_an_approval_covers_time_area_and_height_or_does_not(
    changes: Document, expected: bool | None
) -> None:
    known = facts(approvals=[approval(**changes)]).flight
    assert known.get("holds_flight_approval") is expected


def test_no_approvals_are_none_and_unstated_ones_are_unknown() -> None:
    assert facts(approvals=[]).flight["holds_flight_approval"] is False
    assert "holds_flight_approval" not in facts(approvals=None).flight


def test_one_approval_that_covers_is_enough_beside_others_that_do_not() -> None:
    elsewhere = approval(valid_from="2026-06-01T09:01:00+08:00")
    assert facts(approvals=[elsewhere, approval()]).flight["holds_flight_approval"] is True
    unknown = approval(area=None)
    assert "holds_flight_approval" not in facts(approvals=[elsewhere, unknown]).flight


@pytest.mark.parametrize(
    ("kind", "name"),
    [("task", "holds_task_approval"), ("fusion", "holds_fusion_approval")],
)
def test_some_approvals_count_wherever_it_is_flown(kind: str, name: str) -> None:
    anywhere = approval(kind=kind, area=None, ceiling=None)
    assert facts(approvals=[anywhere]).flight[name] is True
    late = approval(kind=kind, valid_from="2026-06-01T09:01:00+08:00")
    assert facts(approvals=[late]).flight[name] is False


ZONE = dataclasses.replace(
    first(testing.zones(kinds=[ZoneKind.PROHIBITED_AREA])),
    identifier="Z1",
    restriction=Restriction.PROHIBITED,
    volumes=(Volume3D.of(Circle(*HERE, 3000.0)),),
    schedule=ALWAYS,
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"zones": ["Z1"]}, True),
        ({"zones": ["Z2"]}, False),
        ({"zones": []}, False),
        ({}, None),
        ({"zones": ["Z1"], "valid_until": "2026-06-01T09:04:00+08:00"}, False),
        ({"zones": ["Z1"], "kind": "flight_activity"}, False),
    ],
)
def test_a_special_approval_covers_the_zones_it_names(
    changes: Document, expected: bool | None
) -> None:
    held = approval(**{"kind": "special_zone", **changes})
    known = facts_in(dataset_of([ZONE], period=EVER), approvals=[held])
    (encounter,) = known.encounters
    assert encounter.values["zone_kind"] is ZoneKind.PROHIBITED_AREA
    assert encounter.values.get("holds_zone_approval") is expected


FAR_IN_THE_ZONE = (HERE[0], HERE[1] + 0.024)


@pytest.mark.parametrize(
    ("micro", "accuracy_m", "expected"),
    [
        (None, 0.0, True),
        ((), 0.0, False),
        ((Volume3D.of(Circle(*HERE, 2500.0)),), 0.0, True),
        ((Volume3D.of(Circle(*FAR_IN_THE_ZONE, 100.0)),), 0.0, False),
        ((Volume3D.of(Circle(*FAR_IN_THE_ZONE, 100.0)),), 2900.0, None),
    ],
)
def test_a_zone_binds_micro_uav_where_its_volumes_for_them_are_met(
    micro: tuple[Volume3D, ...] | None, accuracy_m: float, expected: bool | None
) -> None:
    zone = dataclasses.replace(
        ZONE,
        restriction=Restriction.PROHIBITED,
        status=FeatureStatus.DERIVED,
        accuracy_m=accuracy_m,
        micro_volumes=micro,
    )
    (encounter,) = facts_in(dataset_of([zone], period=EVER)).encounters
    assert encounter.values.get("zone_binds_micro") is expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("CHN", Jurisdiction.MAINLAND),
        ("HKG", Jurisdiction.HONG_KONG),
        ("MAC", Jurisdiction.MACAO),
    ],
)
def test_a_zone_belongs_to_the_jurisdiction_of_its_country(
    country: str, expected: Jurisdiction
) -> None:
    zone = dataclasses.replace(ZONE, country=country)
    (encounter,) = facts_in(dataset_of([zone], period=EVER)).encounters
    assert encounter.values["zone_jurisdiction"] is expected


@pytest.mark.parametrize("kind", [ZoneKind.PROHIBITED_AREA, ZoneKind.WATER_SOURCE])
def test_a_zone_that_only_informs_is_no_encounter(kind: ZoneKind) -> None:
    zone = dataclasses.replace(ZONE, kind=kind, restriction=Restriction.NO_RESTRICTION)
    assert facts_in(dataset_of([zone], period=EVER)).encounters == ()
    asks = dataclasses.replace(zone, restriction=Restriction.CONDITIONAL)
    assert len(facts_in(dataset_of([asks], period=EVER)).encounters) == 1


def test_an_example_is_no_encounter() -> None:
    example = dataclasses.replace(ZONE, restriction=Restriction.PROHIBITED, example=True)
    assert facts_in(dataset_of([example], period=EVER)).encounters == ()


@given(testing.plans(), st.integers(1, 2000), st.sampled_from([-1, 1]))
def test_a_longer_approval_never_covers_less(plan: FlightPlan, minutes: int, side: int) -> None:
    if not plan.approvals:
        return
    by = timedelta(minutes=minutes)
    longer = [
        a.model_copy(
            update={"valid_from": a.valid_from - by} if side < 0
            else {"valid_until": a.valid_until + by}
        )
        for a in plan.approvals
    ]  # fmt: skip
    wider = plan.model_copy(update={"approvals": tuple(longer)})
    before, after = (facts_of(lay(p, airspace=SHENZHEN)).flight for p in (plan, wider))
    for name in ("holds_flight_approval", "holds_long_term_approval", "holds_task_approval"):
        if before.get(name) is True:
            assert after.get(name) is True
