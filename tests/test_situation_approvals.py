"""Held approvals count only for the period, area, missions and class of aircraft they allow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.flights import parse_plan
from lowalt.judgement import judge
from lowalt.regulations.rulebook import load_rulebook
from lowalt.situation import Situation, facts_of, lay
from lowalt.situation.approvals import coverage
from lowalt.temporal import TimeInterval
from lowalt.terms import AircraftClass, ApprovalKind, MissionKind
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth
from lowalt.verdicts import Status

Document = dict[str, Any]

EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
EMPTY = dataset_of((), period=EVER)
CIRCLE = {"circle": {"lon_deg": 114.2, "lat_deg": 22.65, "radius_m": 300.0}}
FLIGHT_ACTIVITY = ApprovalKind.FLIGHT_ACTIVITY
CLASSES = tuple(AircraftClass)
LIGHT = {
    "is_unmanned": True,
    "empty_mass_kg": 3.0,
    "max_takeoff_mass_kg": 5.0,
    "max_true_height_m": 500.0,
    "max_level_speed_m_s": 20.0,
    "micro_power_radio": False,
    "human_can_intervene": True,
    "keeps_airspace": True,
    "reliably_surveilled": True,
}
SMALL = {**LIGHT, "empty_mass_kg": 12.0, "max_takeoff_mass_kg": 20.0}
ELSEWHERE = {"indoor": False, "over_own_ground": False, "airport_facility_work": False}
OUTDOORS = {"kind": "inspection", **ELSEWHERE}


def approval(**changes: Any) -> Document:
    """An approval that exactly covers the period, with room in place and height."""
    return {
        "kind": "flight_activity",
        "number": "2026-1",
        "authority": "made up",
        "valid_from": "2026-06-01T09:00:00+08:00",
        "valid_until": "2026-06-01T09:30:00+08:00",
        "area": CIRCLE,
        "ceiling": {"value_m": 150.0, "reference": "AGL"},
        "missions": ["inspection"],
        "largest_class": "small",
        **changes,
    }


def laid(*held: Document, mission: Document | None = OUTDOORS, aircraft: Document = LIGHT) -> Any:
    document = {
        "plan_id": "made up",
        "datum": "WGS84",
        "coordinates_checked": True,
        "operating_area": {
            **CIRCLE,
            "floor": {"value_m": 0.0, "reference": "AGL"},
            # From 120 m up every flight needs an approval.
            "ceiling": {"value_m": 130.0, "reference": "AGL"},
            "start": "2026-06-01T09:00:00+08:00",
            "end": "2026-06-01T09:30:00+08:00",
        },
        "aircraft": aircraft,
        "mission": mission,
        "approvals": list(held),
    }
    return lay(parse_plan(document), airspace=EMPTY)


def class_of(*held: Document) -> AircraftClass | None:
    return coverage(laid(*held), FLIGHT_ACTIVITY).largest_class


@pytest.mark.parametrize(
    ("missions", "mission", "expected"),
    [
        (["inspection"], OUTDOORS, Truth.TRUE),
        (["delivery", "inspection"], OUTDOORS, Truth.TRUE),
        (["delivery"], OUTDOORS, Truth.FALSE),
        ([], OUTDOORS, Truth.FALSE),
        (None, OUTDOORS, Truth.UNKNOWN),
        (["inspection"], ELSEWHERE, Truth.UNKNOWN),
        (["inspection"], None, Truth.UNKNOWN),
        ([], None, Truth.FALSE),
    ],
)
def test_an_approval_covers_the_missions_it_names(
    missions: list[str] | None, mission: Document | None, expected: Truth
) -> None:
    assert (
        coverage(laid(approval(missions=missions), mission=mission), FLIGHT_ACTIVITY).holds
        is expected
    )


def test_a_mission_left_out_matters_no_more_where_the_period_is_over() -> None:
    late = approval(missions=None, valid_until="2026-06-01T09:29:59+08:00")
    assert coverage(laid(late), FLIGHT_ACTIVITY).holds is Truth.FALSE


@pytest.mark.parametrize("kind", ["task", "fusion"])
def test_papers_for_a_task_and_for_fusion_name_missions_too(kind: str) -> None:
    def held(**changes: Any) -> object:
        flight = facts_of(laid(approval(kind=kind, area=None, ceiling=None, **changes))).flight
        return flight.get(f"holds_{kind}_approval")

    assert held() is True
    assert held(missions=["delivery"]) is False
    assert held(missions=None) is None


def test_the_largest_class_is_that_of_approvals_that_surely_cover_the_flight() -> None:
    over = "2026-06-01T09:29:00+08:00"
    assert class_of() is None
    assert class_of(approval()) is AircraftClass.SMALL
    assert class_of(approval(), approval(largest_class="medium")) is AircraftClass.MEDIUM
    assert class_of(approval(), approval(largest_class="medium", valid_until=over)) is (
        AircraftClass.SMALL
    )
    assert class_of(approval(missions=["delivery"])) is None
    assert class_of(approval(kind="long_term")) is None


def test_the_largest_class_is_open_while_an_approval_may_allow_a_larger_one() -> None:
    assert class_of(approval(largest_class=None)) is None
    assert class_of(approval(), approval(largest_class=None)) is None
    assert class_of(approval(), approval(area=None, largest_class="medium")) is None
    assert class_of(approval(), approval(area=None, largest_class="light")) is AircraftClass.SMALL
    # Beyond large there is nothing.
    assert class_of(approval(largest_class="large"), approval(largest_class=None)) is (
        AircraftClass.LARGE
    )


def uncertain(word: object) -> st.SearchStrategy[Document]:
    """Approvals that cover or may cover, of a class that is stated or not."""
    area = st.sampled_from([CIRCLE, None])
    classes = st.sampled_from([None, *(c.value for c in CLASSES)])
    return st.builds(
        lambda where, size: approval(area=where, largest_class=size, number=str(word)),
        area,
        classes,
    )


@given(st.lists(uncertain("1"), max_size=4), st.data())
def test_what_is_known_of_class_stays_so_whatever_is_filled_in(
    held: list[Document], data: st.DataObject
) -> None:
    """Oracle: fill in every area, inside or elsewhere, and every class, and look again."""
    known = class_of(*held)
    elsewhere = {"circle": {"lon_deg": 113.9, "lat_deg": 22.65, "radius_m": 300.0}}
    filled = []
    for document in held:
        area = document["area"] or data.draw(st.sampled_from([CIRCLE, elsewhere]))
        size = document["largest_class"] or data.draw(st.sampled_from([c.value for c in CLASSES]))
        filled.append({**document, "area": area, "largest_class": size})
    covering = [d["largest_class"] for d in filled if d["area"] == CIRCLE]
    truly = max(covering, key=[c.value for c in CLASSES].index, default=None)
    assert class_of(*filled) == truly
    assert known is None or known == truly


def status(situation: Situation) -> Status:
    book = load_rulebook("shenzhen", on=date(2026, 6, 1), engine="reference")
    return judge(facts_of(situation), rulebook=book).status_of("cn/order_761_2023#art_26__para_1")


@pytest.mark.parametrize(
    ("changes", "aircraft", "expected"),
    [
        ({}, SMALL, Status.MET),
        ({"kind": "long_term"}, SMALL, Status.MET),
        ({"valid_from": "2026-06-01T09:00:01+08:00"}, SMALL, Status.REQUIRED),
        ({"valid_until": "2026-06-01T09:29:59+08:00"}, SMALL, Status.REQUIRED),
        ({"area": {"circle": {**CIRCLE["circle"], "radius_m": 299.0}}}, SMALL, Status.REQUIRED),
        ({"area": None}, SMALL, Status.MISSING_INFO),
        ({"ceiling": {"value_m": 130.0, "reference": "AGL"}}, SMALL, Status.MET),
        ({"ceiling": {"value_m": 129.99, "reference": "AGL"}}, SMALL, Status.REQUIRED),
        ({"ceiling": None}, SMALL, Status.MISSING_INFO),
        ({"missions": ["delivery"]}, SMALL, Status.REQUIRED),
        ({"missions": None}, SMALL, Status.MISSING_INFO),
        ({"largest_class": "light"}, LIGHT, Status.MET),
        ({"largest_class": "light"}, SMALL, Status.REQUIRED),
        ({"largest_class": "medium"}, SMALL, Status.MET),
        ({"largest_class": None}, SMALL, Status.MISSING_INFO),
        ({"largest_class": "large"}, {"is_unmanned": True}, Status.MET),
        ({"largest_class": "medium"}, {"is_unmanned": True}, Status.MISSING_INFO),
    ],
)
def test_the_decree_asks_for_an_approval_of_period_area_height_mission_and_class(
    changes: Document, aircraft: Document, expected: Status
) -> None:
    assert status(laid(approval(**changes), aircraft=aircraft)) is expected


def test_every_mission_can_be_named() -> None:
    for kind in MissionKind:
        situation = laid(approval(missions=[kind.value]), mission={"kind": kind.value, **ELSEWHERE})
        assert coverage(situation, FLIGHT_ACTIVITY).holds is Truth.TRUE
