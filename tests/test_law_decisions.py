"""Whole flights before the whole law: what the operator may do in the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from lowalt.facts import Facts, Instance
from lowalt.judgement import Judgement, judge
from lowalt.regulations.model import Craft
from lowalt.regulations.rulebook import load_rulebook
from lowalt.temporal import epoch_ms
from lowalt.terms import (
    AircraftClass,
    AirworthinessDocument,
    Capacity,
    ControlMode,
    Jurisdiction,
    LicenceClass,
    MissionKind,
    Notice,
    OperatorKind,
    RegistrationState,
    StandardScenario,
    Urgency,
    ZoneKind,
)
from lowalt.truth import Truth
from lowalt.verdicts import Decision

DEPARTURE = "2026-11-23T10:00:00+08:00"


def instant(text: str) -> int:
    return epoch_ms(datetime.fromisoformat(text))


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


# A company photographs a park with a light camera drone, low, in sight, all papers in order.
PARK: dict[str, Any] = {
    "is_unmanned": True,
    "carries_dangerous_goods": False,
    "departure_at": instant(DEPARTURE),
    "departure_on": day("2026-11-23"),
    "is_within_dataset": True,
    "is_wholly_in_aviation_camp": False,
    "max_true_height_mm": 80_000,
    "empty_mass_g": 1_200,
    "max_takeoff_mass_g": 1_500,
    "capable_height_mm": 500_000,
    "capable_speed_mm_h": 60_000_000,
    "has_micro_power_radio": False,
    "human_can_intervene": True,
    "keeps_airspace": True,
    "is_reliably_surveilled": True,
    "has_altitude_hold": True,
    "has_position_hold": True,
    "is_agricultural_uav": False,
    "is_modified": False,
    "built_on": day("2026-06-01"),
    "sold_on": day("2026-06-10"),
    "is_activated": True,
    "registration_state": RegistrationState.NORMAL,
    "registration_mark_is_well_formed": True,
    "registered_on": day("2026-07-10"),
    "has_nationality_registration": False,
    "is_foreign_aircraft": False,
    "airworthiness_document": AirworthinessDocument.NONE,
    "is_insured": True,
    "has_broadcast_identification": True,
    "has_network_identification": True,
    "identification_interval_ms": 1_000,
    "identifies_by_adsb": False,
    "identification_can_be_switched_off": False,
    "reports_to_uom": True,
    "uom_interval_ms": 2_000,
    "uom_delay_ms": 1_000,
    "uses_designated_frequencies": True,
    "operator_kind": OperatorKind.UNIT,
    "operator_is_for_profit": True,
    "has_operator_certificate": True,
    "certificate_covers_operation": True,
    "operator_certificate_issued_on": day("2026-01-10"),
    "last_operation_of_kind_on": day("2026-11-20"),
    "pilot_capacity": Capacity.FULL,
    "pilot_is_foreign": False,
    "licence_class": LicenceClass.NONE,
    "time_since_alcohol_ms": 86_400_000,
    "blood_alcohol_ppm": 0,
    "pilot_is_impaired": False,
    "mission_kind": MissionKind.AERIAL_PHOTOGRAPHY,
    "urgency": Urgency.NORMAL,
    "is_commercial": True,
    "is_indoor": False,
    "control_mode": ControlMode.VLOS,
    "is_partly_at_night": False,
    "is_in_low_visibility": False,
    "requests_fusion": False,
    "is_international_ifr": False,
    "is_over_own_ground": False,
    "is_on_public_route": False,
    "shares_site": False,
    "has_emergency_plan": True,
    "has_working_e_fence": True,
    "standard_scenario": StandardScenario.NONE,
    "operation_control_interval_ms": 1_000,
    "is_over_dense_population": False,
    "is_airport_work_in_control_zone": False,
    "is_special_ga_task": False,
    "carries_people": False,
    "relays_by_network": False,
    "carries_dangerous_goods_or_drops": False,
    "overflies_crowd": False,
    "is_flown_from_moving_vehicle": False,
    "is_distributed_or_swarm": False,
    "holds_flight_approval": False,
    "holds_long_term_approval": False,
}
CONTENTS = {
    f"application_names_{part}": True
    for part in (
        "organiser", "aircraft", "task", "sites", "communication", "entry_exit", "c2_link",
        "surveillance", "transponder", "emergency", "special_support", "period", "other_data",
    )
}  # fmt: skip
HIGH: dict[str, Any] = {
    "max_true_height_mm": 150_000,
    "has_theory_certificate": True,
    "submitted_at": instant("2026-11-22T09:00:00+08:00"),
    "take_off_is_confirmed": False,
    **CONTENTS,
}
RESCUE: dict[str, Any] = {
    **HIGH,
    "urgency": Urgency.URGENT,
    "mission_kind": MissionKind.MEDICAL_RESCUE,
    "task_is_assigned": True,
    "submitted_at": instant("2026-11-23T09:20:00+08:00"),
}
LOW_OVER_A_CROWD: dict[str, Any] = {**HIGH, "max_true_height_mm": 80_000, "overflies_crowd": True}
APPROVED = {"holds_flight_approval": True, "flight_approval_class": AircraftClass.LARGE}
READY = {
    "take_off_is_confirmed": True,
    "readiness_reported_at": instant("2026-11-23T08:50:00+08:00"),
}
MAINLAND = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})


def judged(*changes: dict[str, Any], zones: tuple[Instance, ...] = (), on: str = "") -> Judgement:
    known = dict(PARK)
    for change in changes:
        known |= change
    facts = Facts(
        {name: value for name, value in known.items() if value is not None}, (MAINLAND,), zones
    )
    when = date.fromisoformat(on or "2026-11-23")
    return judge(facts, rulebook=load_rulebook("shenzhen", on=when))


def zone(kind: ZoneKind, **more: Any) -> Instance:
    given = {"zone_is_verified": True, "holds_zone_approval": False, **more}
    here: dict[str, Any] = {"zone_jurisdiction": Jurisdiction.MAINLAND, "zone_binds_micro": True}
    return Instance(Truth.TRUE, {"zone_kind": kind, **here, **given})


def test_a_light_drone_low_over_a_park_just_flies() -> None:
    assert judged().decision is Decision.PERMITTED


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ((HIGH,), Decision.APPROVAL_REQUIRED),
        ((HIGH, {"submitted_at": instant("2026-11-22T12:00:00+08:00")}), Decision.PROHIBITED),
        ((HIGH, {"submitted_at": None}), Decision.INDETERMINATE),
        ((HIGH, APPROVED), Decision.CONFIRMATION_REQUIRED),
        ((HIGH, APPROVED, READY), Decision.PERMITTED),
        ((RESCUE,), Decision.APPROVAL_REQUIRED),
        ((RESCUE, APPROVED), Decision.CONFIRMATION_REQUIRED),
        ((RESCUE, APPROVED, {"take_off_is_confirmed": True}), Decision.PERMITTED),
        (
            (RESCUE, {"submitted_at": instant("2026-11-23T09:40:00+08:00")}),
            Decision.PROHIBITED,
        ),
        (({"relays_by_network": True}, HIGH, {"max_true_height_mm": 80_000}),
         Decision.APPROVAL_REQUIRED),
        (({"has_network_identification": False},), Decision.PROHIBITED),
        (({"is_modified": True, "performance_is_updated": False},), Decision.FILING_REQUIRED),
        (({"is_within_dataset": False},), Decision.INDETERMINATE),
        (({"is_indoor": True, "registration_state": RegistrationState.NOT_REGISTERED},),
         Decision.PERMITTED),
    ],
    ids=[
        "high flight applied for in time",
        "high flight applied for at noon",
        "high flight, unknown when applied for",
        "high flight approved",
        "high flight approved and confirmed",
        "rescue applied for 40 minutes before",
        "rescue approved",
        "rescue approved and confirmed without the hour",
        "rescue applied for 20 minutes before",
        "relayed flight in suitable airspace",
        "no network identification",
        "modified and not updated",
        "beyond the dataset",
        "unregistered indoors",
    ],
)  # fmt: skip
def test_a_change_to_that_flight_decides(
    changes: tuple[dict[str, Any], ...], decision: Decision
) -> None:
    assert judged(*changes).decision is decision


def test_a_prohibited_area_prohibits() -> None:
    found = judged(HIGH, APPROVED, zones=(zone(ZoneKind.PROHIBITED_AREA),))
    assert found.decision is Decision.PROHIBITED


def test_an_unverified_aerodrome_zone_leaves_it_open() -> None:
    found = judged(HIGH, {"max_true_height_mm": 80_000},
                   zones=(zone(ZoneKind.CLEAR_ZONE, zone_is_verified=False),))  # fmt: skip
    assert (found.best, found.worst) == (Decision.PERMITTED, Decision.APPROVAL_REQUIRED)


def test_the_games_keep_pleasure_out_and_approved_deliveries_in() -> None:
    games = (
        zone(
            ZoneKind.TEMPORARY_CONTROL,
            zone_notice=Notice.NATIONAL_GAMES_2025,
            zone_starts_at=instant("2025-11-15T00:00:00+08:00"),
            zone_published_at=instant("2025-10-30T00:00:00+08:00"),
        ),
    )
    at_games = {
        "departure_at": instant("2025-11-15T10:00:00+08:00"),
        "departure_on": day("2025-11-15"),
        "operator_certificate_issued_on": day("2025-01-10"),
        "last_operation_of_kind_on": day("2025-11-10"),
        "built_on": day("2025-01-01"),
        "max_true_height_mm": 80_000,
        "take_off_is_confirmed": True,
        "readiness_reported_at": instant("2025-11-15T08:00:00+08:00"),
    }
    delivery = {"mission_kind": MissionKind.DELIVERY}
    on = "2025-11-15"
    assert judged(HIGH, at_games, zones=games, on=on).decision is Decision.PROHIBITED
    found = judged(HIGH, at_games, APPROVED, delivery, zones=games, on=on)
    assert found.decision is Decision.PERMITTED


def test_before_the_decree_nothing_is_permitted() -> None:
    found = judged(on="2023-06-01")
    assert found.ungoverned == ((Jurisdiction.MAINLAND, Craft.UNMANNED),)
    assert found.decision is Decision.INDETERMINATE


@pytest.mark.parametrize(
    "change",
    [{}, HIGH, HIGH | APPROVED, RESCUE, LOW_OVER_A_CROWD],
    ids=["low", "high", "high approved", "rescue", "low over a crowd"],
)
def test_leaving_out_a_fact_only_widens_what_may_come_out(change: dict[str, Any]) -> None:
    known = judged(change)
    assert known.best is known.worst
    wider = []
    for name in PARK | change:
        found = judged(change, {name: None})
        assert found.best.rank <= known.best.rank, name
        assert found.worst.rank >= known.worst.rank, name
        wider.append(found.best is not found.worst)
    assert any(wider)
