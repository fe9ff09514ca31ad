"""Documents of ordinary plans: small operators and aircraft with every paper in order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AircraftSize:
    """An aircraft comfortably inside its class."""

    name: str
    empty_mass_kg: float
    max_takeoff_mass_kg: float
    max_true_height_m: float
    max_level_speed_m_s: float
    micro_power_radio: bool


MICRO = AircraftSize("micro", 0.2, 0.24, 50.0, 10.0, True)
LIGHT = AircraftSize("light", 3.0, 5.0, 500.0, 20.0, False)
SMALL = AircraftSize("small", 12.0, 20.0, 500.0, 25.0, False)
AIRCRAFT = (LIGHT, MICRO, SMALL)

_MISSIONS = ("delivery", "inspection", "aerial_photography", "training", "recreation", "other")
_SITE = {"name": "一号起降点", "identifier": "P1"}


def ordinary_plan(draw: st.DrawFn, *, aircraft: AircraftSize, operator: str, on: date) -> Document:
    """Everything of a plan but its route, so that nothing speaks against the flight.

    Parameters
    ----------
    aircraft
        What flies.
    operator
        Kind of operator; a unit has its certificate.
    on
        Day of the flight; papers are current on it.
    """
    in_sight = aircraft is MICRO or draw(st.booleans())
    return {
        "plan_id": f"plan-{draw(st.integers(0, 9999))}",
        "datum": draw(st.sampled_from(["WGS84", "CGCS2000"])),
        # Places drawn at random may lie where a GCJ-02 map draws others.
        "coordinates_checked": True,
        "take_off_elevation_amsl_m": 20.0,
        "departure_site": _SITE,
        "landing_site": _SITE,
        "alternate_sites": [],
        "entry_exit_method": "直接进出",
        "operator": _operator(operator, on),
        "pilots": [_pilot(on) for _ in range(draw(st.integers(1, 2)))],
        "aircraft": _aircraft(aircraft, on),
        "mission": {
            "kind": draw(st.sampled_from(_MISSIONS)),
            "urgency": "normal",
            "task_order": {"held": False},
            "commercial": operator == "unit" and draw(st.booleans()),
            "is_public_welfare": draw(st.booleans()),
            "control_mode": "vlos" if in_sight else "bvlos",
            "requests_fusion": False,
            "indoor": False,
            "over_own_ground": False,
            "over_farmland": False,
            "over_dense_population": False,
            "airport_facility_work": False,
            "is_special_ga_task": False,
            "international_ifr": False,
            "low_visibility": False,
            "avoidance_measure": True,
            "traffic_service": True,
            "on_public_route": False,
            "shares_site": False,
            "with_own_manned_aircraft": False,
            "control_area": "one_subzone",
            "scenario": {"kind": "none"},
            "isolated_area": {"used": False},
            "max_distance_from_pilot_m": 300.0,
        },
        "payload": {
            "mass_kg": 0.02,
            "carries_people": False,
            "dangerous_goods": False,
            "drops_objects": False,
            "biological_material": draw(st.booleans()),
        },
        "special_operations": {
            "relay_by_base_station_or_internet": False,
            "dangerous_goods_or_dropping": False,
            "over_assembled_crowd": False,
            "from_moving_vehicle": False,
            "distributed_or_swarm": False,
        },
        "approvals": [],
        "communication": {
            "means": "电话",
            "c2_frequency_mhz": 1430.0,
            "c2_bandwidth_mhz": 10.0,
            "navigation_means": "GNSS",
            "surveillance_means": "网络识别",
            "surveillance_code_requested": False,
        },
        "emergency_plan": {"has_procedures": True, "landing_sites": []},
        "special_support": "无",
        "other_data": "无",
    }


def _before(on: date, days: int) -> str:
    return (on - timedelta(days=days)).isoformat()


def _operator(kind: str, on: date) -> Document:
    certificate: Document = {"held": False}
    if kind == "unit":
        certificate = {
            "held": True,
            "number": "OC-1",
            "issued_on": _before(on, 200),
            "valid_until": _before(on, -500),
            "covers_operation": True,
        }
    return {
        "name": "深圳某运营人",
        "kind": kind,
        "nationality": "CHN",
        "is_for_profit_legal_person": kind == "unit",
        "certificate": certificate,
        "surveying_qualification": True,
        "last_operation_of_kind_on": _before(on, 5),
        "resumption_notice_given": False,
        "operation_control_interval_s": 1.0,
    }


def _pilot(on: date) -> Document:
    return {
        "name": "操控员",
        "nationality": "CHN",
        "capacity": "full",
        "licence": {
            "largest_class": "small",
            "number": "L-1",
            "issued_on": _before(on, 300),
            "last_check_on": _before(on, 100),
            "last_proficiency_check_on": _before(on, 100),
            "covers_aircraft": True,
            "bvlos_rating": True,
            "night_rating": True,
            "language_and_radio_qualification": True,
        },
        "theory_certificate": True,
        "agricultural_certificate": False,
        "competent_adult_on_site": False,
        "hours_since_alcohol": 1000.0,
        "blood_alcohol_percent": 0.0,
        "impaired": False,
    }


def _aircraft(size: AircraftSize, on: date) -> Document:
    return {
        "model": f"试验 {size.name}",
        "count": 1,
        "is_unmanned": True,
        "is_agricultural": False,
        "is_toy": False,
        "empty_mass_kg": size.empty_mass_kg,
        "max_takeoff_mass_kg": size.max_takeoff_mass_kg,
        "max_true_height_m": size.max_true_height_m,
        "max_level_speed_m_s": size.max_level_speed_m_s,
        "max_radius_m": 5000.0,
        "micro_power_radio": size.micro_power_radio,
        "human_can_intervene": True,
        "keeps_airspace": True,
        "reliably_surveilled": True,
        "altitude_hold": True,
        "position_hold": True,
        "modified": False,
        "performance_updated": False,
        "produced_on": _before(on, 400),
        "sold_on": _before(on, 390),
        "activated": True,
        "registration": {
            "state": "normal",
            "mark": "UAS0000000A",
            "registered_on": _before(on, 380),
            "last_confirmed_on": _before(on, 100),
            "country": "CHN",
            "nationality_registered": False,
            "other_nationality": False,
        },
        "airworthiness": {"document": "none"},
        "insurance": {
            "held": True,
            "valid_from": _before(on, 100),
            "valid_until": _before(on, -100),
        },
        "identification": {
            "broadcast": True,
            "network": True,
            "interval_s": 1.0,
            "uses_adsb": False,
            "can_be_switched_off": False,
            "reports_automatically": True,
            "retrofitted": False,
            "reports_to_uom": True,
            "uom_interval_s": 1.0,
            "uom_delay_s": 0.5,
        },
        "electronic_fence": {"fitted": True, "in_use": True, "data_current": True},
        "lights_working": True,
        "designated_frequency": True,
        "radio_type_approved": True,
        "radio_licence": False,
    }
