"""What the public strategies promise to those who test their own systems with them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from shapely.geometry import Point

from lowalt import testing
from lowalt.airspace import (
    AirspaceDataset,
    Restriction,
    Zone,
    from_geojson,
    load_airspace,
    to_geojson,
)
from lowalt.assessment import assess
from lowalt.facts import Facts
from lowalt.flights import FlightPlan, canonical_json, parse_plan
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import ZoneKind
from lowalt.testing.breaches import BREACHES
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.vocabulary import VOCABULARY, Scope

SHENZHEN = load_airspace("shenzhen")


def judged(plan: FlightPlan) -> Verdict:
    return assess(plan, airspace=SHENZHEN)


@given(testing.plan_cases(kind="lawful"))
def test_lawful_plans_are_permitted(case: testing.PlanCase) -> None:
    verdict = judged(case.plan)
    assert verdict.decision is Decision.PERMITTED, [
        (f.citation, f.status) for f in verdict.findings if f.status in ("breached", "required")
    ]
    assert case.breaks is None
    assert not case.removed


@given(
    testing.plan_cases(
        kind="lawful",
        period=TimeInterval(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)),
    )
)
def test_they_are_permitted_in_other_years_too(case: testing.PlanCase) -> None:
    assert judged(case.plan).decision is Decision.PERMITTED
    assert case.plan.departure.year in (2024, 2025)


@pytest.mark.parametrize("citation", [breach.citation for breach in BREACHES])
@settings(max_examples=max(10, settings().max_examples // 5))
@given(data=st.data())
def test_unlawful_plans_show_the_citation_they_break(citation: str, data: st.DataObject) -> None:
    case = data.draw(testing.plan_cases(kind="unlawful", breaks=citation))
    verdict = judged(case.plan)
    assert case.breaks == citation
    shown = {f.status for f in verdict.findings if f.citation == citation}
    assert shown & {Status.BREACHED, Status.REQUIRED}
    assert verdict.best is not Decision.PERMITTED


@given(testing.plan_cases(kind="incomplete"))
def test_incomplete_plans_may_be_lawful_and_are_never_surely_unlawful(
    case: testing.PlanCase,
) -> None:
    verdict = judged(case.plan)
    assert verdict.best is Decision.PERMITTED
    assert verdict.decision in (Decision.PERMITTED, Decision.INDETERMINATE)
    assert case.removed
    assert not set(case.removed) & set(testing.facts_stated(case.plan))


@pytest.mark.parametrize("field", ["pilots", "aircraft", "special_operations", "operator"], ids=str)
@settings(max_examples=10)
@given(plan=testing.plans(kind="lawful"))
def test_a_plan_that_lacks_what_decides_is_not_permitted(field: str, plan: FlightPlan) -> None:
    verdict = judged(testing.without(plan, (field,)))
    assert verdict.decision is Decision.INDETERMINATE
    assert any(m.field.startswith(field) for m in verdict.missing)


@given(testing.plan_cases())
def test_any_plan_survives_being_written_and_is_judged(case: testing.PlanCase) -> None:
    assert parse_plan(canonical_json(case.plan)) == case.plan
    assert judged(case.plan).findings


def test_plans_of_any_kind_reach_every_decision() -> None:
    seen: set[Decision] = set()

    @settings(max_examples=400, database=None, derandomize=True)
    @given(testing.plans())
    def watch(plan: FlightPlan) -> None:
        verdict = judged(plan)
        seen.update((verdict.decision, verdict.best, verdict.worst))

    watch()
    assert seen >= {
        Decision.PERMITTED,
        Decision.FILING_REQUIRED,
        Decision.APPROVAL_REQUIRED,
        Decision.PROHIBITED,
        Decision.INDETERMINATE,
    }


@settings(max_examples=20)
@given(testing.plans(kind="lawful"), st.data())
def test_what_is_left_out_is_out_and_the_rest_stays(plan: FlightPlan, data: st.DataObject) -> None:
    stated = list(testing.facts_stated(plan))
    assert ("aircraft", "identification", "network") in stated
    field = data.draw(st.sampled_from(stated))
    left = set(testing.facts_stated(testing.without(plan, field)))
    assert left == {other for other in stated if other[: len(field)] != field}
    assert testing.without(plan, field, (*field, "inside")) == testing.without(plan, field)


@given(testing.plans(kind="lawful"))
def test_lawful_plans_keep_clear_of_every_permanent_zone_that_asks(plan: FlightPlan) -> None:
    area = plan.operating_area
    corners = [(w.lon_deg, w.lat_deg) for w in plan.waypoints or ()]
    if area is not None and area.circle is not None:
        corners = [(area.circle.lon_deg, area.circle.lat_deg)]
    for zone in SHENZHEN.zones:
        informs = zone.restriction is Restriction.NO_RESTRICTION
        if zone.kind is ZoneKind.TEMPORARY_CONTROL or (
            informs and zone.kind is not ZoneKind.JURISDICTION
        ):
            continue
        assert not any(zone.geometry.contains(Point(corner)) for corner in corners)


# Values


@given(testing.levels(references=[VerticalReference.AGL], min_m=0.5, max_m=2.5))
def test_levels_stay_within_what_was_asked(level: Level) -> None:
    assert level.reference is VerticalReference.AGL
    assert 0.5 <= level.value_m <= 2.5


@given(testing.vertical_layers())
def test_layers_are_the_right_way_up(layer: VerticalLayer) -> None:
    both = layer.floor is not None and layer.ceiling is not None
    if both and layer.floor.reference is layer.ceiling.reference:  # type: ignore[union-attr]  # both
        assert layer.floor <= layer.ceiling  # type: ignore[operator]  # both


@given(testing.intervals(max_duration=timedelta(hours=1)))
def test_intervals_lie_in_their_period(interval: TimeInterval) -> None:
    assert testing.YEAR.covers(interval)
    assert interval.end - interval.start <= timedelta(hours=1)


@given(testing.schedules())
def test_schedules_are_sorted_and_their_windows_do_not_touch(schedule: Schedule) -> None:
    windows = schedule.windows or ()
    assert all(a.end < b.start for a, b in pairwise(windows))
    assert all(w.start < w.end for w in windows)


@given(testing.places(region=testing.Region(114.0, 22.5, 114.1, 22.6)))
def test_places_lie_in_their_region(place: tuple[float, float]) -> None:
    assert 114.0 <= place[0] <= 114.1
    assert 22.5 <= place[1] <= 22.6


@given(testing.zones())
def test_zones_survive_being_written_as_features(zone: Zone) -> None:
    again = from_geojson(to_geojson(zone))
    assert isinstance(again, Zone)
    assert (again.identifier, again.kind) == (zone.identifier, zone.kind)
    assert [(v.layer, v.shape) for v in again.volumes] == [(v.layer, v.shape) for v in zone.volumes]
    assert shapely.hausdorff_distance(again.geometry, zone.geometry) < 1e-7


@given(testing.datasets(max_zones=3))
def test_datasets_answer_for_their_region_and_period(airspace: AirspaceDataset) -> None:
    assert len(airspace.zones) <= 3
    assert len({zone.identifier for zone in airspace.zones}) == len(airspace.zones)
    assert airspace.covers(lon_deg=114.1, lat_deg=22.6, when=testing.YEAR.start)


@given(testing.tracks(min_points=2, max_points=5, max_speed_m_s=20.0))
def test_tracks_run_forward_in_time_within_their_speed(track: testing.Polyline4D) -> None:
    count = len(track.t_s)
    assert 2 <= count <= 5
    assert track.lon_lat.shape == (count, 2)
    assert track.level_m.shape == (count,)
    steps_s = np.diff(track.t_s)
    assert (steps_s > 0).all()
    lengths_m = geodesic_distance_m(track.lon_lat[:-1], track.lon_lat[1:])
    assert (lengths_m <= 20.0 * steps_s * 1.001).all()


# Law


@given(testing.facts(kind="complete"))
def test_complete_facts_leave_nothing_out(facts: Facts) -> None:
    asked = {f.name for f in VOCABULARY.values() if f.scope is Scope.FLIGHT and not f.defined}
    assert facts.flight.keys() == asked
    assert all(i.exists is Truth.TRUE for i in (*facts.legs, *facts.encounters))


@given(testing.rulebooks(kind="synthetic", min_rules=3, max_rules=3))
def test_synthetic_rulebooks_hold_the_rules_asked_for(book: Rulebook) -> None:
    assert len(book.rules) == 3
    for rule in book.rules:
        assert book.provision(rule.citation) is rule.provision
        assert rule.applies.sentence("en")


def test_the_days_of_the_shenzhen_rulebook_come_from_the_period() -> None:
    first = datetime(2026, 5, 1, tzinfo=UTC)
    seen: set[date] = set()

    @settings(max_examples=20, database=None)
    @given(testing.rulebooks(kind="shenzhen", period=TimeInterval(first, first)))
    def watch(book: Rulebook) -> None:
        seen.add(book.on)
        assert book.rules == load_rulebook("shenzhen", on=book.on).rules

    watch()
    assert seen == {date(2026, 5, 1)}


# At the door


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: testing.levels(references=[]), "name at least one"),
        (lambda: testing.levels(min_m=2, max_m=1), "the first is the smaller"),
        (lambda: testing.intervals(max_duration=timedelta(-1)), "not negative"),
        (lambda: testing.Region(114, 23, 113, 24), "west comes before east"),
        (lambda: testing.Region(113, 24, 114, 23), "south comes before north"),
        (lambda: testing.zones(kinds=[]), "at least one of each"),
        (lambda: testing.zones(min_radius_m=0), "has a size"),
        (lambda: testing.datasets(max_zones=-1), "0 or more"),
        (lambda: testing.plans(kind="legal"), "expected one of any, lawful"),  # type: ignore[arg-type]  # the mistake
        (lambda: testing.plans(region=testing.Region(113.8, 22.6, 113.82, 22.62)), "widen it"),
        (
            lambda: testing.plans(
                kind="lawful",
                period=TimeInterval(
                    datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC)
                ),
            ),
            "is valid from",
        ),
        (lambda: testing.plan_cases(kind="unlawful", breaks="art. 26"), "can break cn/order"),
        (lambda: testing.plan_cases(breaks=BREACHES[0].citation), "unlawful plans"),
        (lambda: testing.facts(kind="some"), "expected one of any, complete"),
        (lambda: testing.facts(max_legs=-1), "0 and max_legs"),
        (lambda: testing.conditions(names=["is_indor"]), "is_indor"),
        (lambda: testing.rule_tables(min_rules=0), "has 1 of each"),
        (lambda: testing.rulebooks(kind="macao"), "expected one of any, shenzhen"),
        (lambda: testing.tracks(min_points=1), "2 points at least"),
        (lambda: testing.tracks(references=()), "name VerticalReference members"),
    ],
)
def test_wrong_arguments_are_refused_at_the_door(call: Any, says: str) -> None:
    with pytest.raises(InvalidArgument, match=says):
        call()


def test_without_hypothesis_the_import_says_what_to_install() -> None:
    program = "import sys; sys.modules['hypothesis'] = None; import lowalt.testing"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install lowalt[testing]" in done.stderr
