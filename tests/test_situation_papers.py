"""What a plan states of toys, retrofitted identification, the transition and own aircraft."""

from __future__ import annotations

from typing import Any

import pytest

from lowalt.flights import parse_plan
from lowalt.situation.declared import plan_facts

SUPPLIED = {
    "aircraft.is_toy": "is_flying_toy",
    "aircraft.identification.retrofitted": "identification_is_retrofitted",
    "aircraft.airworthiness.by_transition_assessment": "airworthiness_rests_on_transition",
    "aircraft.airworthiness.type_certificate": "has_type_certificate",
    "mission.with_own_manned_aircraft": "fuses_with_own_aircraft_only",
    "emergency_plan.has_procedures": "has_emergency_plan",
}


def stating(path: str, value: bool | None) -> dict[str, Any]:
    plan: dict[str, Any] = {
        "plan_id": "made up",
        "datum": "WGS84",
        "operating_area": {
            "circle": {"lon_deg": 114.2, "lat_deg": 22.65, "radius_m": 300.0},
            "floor": {"value_m": 0.0, "reference": "AGL"},
            "ceiling": {"value_m": 100.0, "reference": "AGL"},
            "start": "2026-12-01T09:00:00+08:00",
            "end": "2026-12-01T09:30:00+08:00",
        },
        "aircraft": {
            "identification": {},
            "airworthiness": {"document": "special_certificate"},
        },
        "mission": {},
        "emergency_plan": {},
    }
    *parts, last = path.split(".")
    holder = plan
    for part in parts:
        holder = holder[part]
    holder[last] = value
    return plan


@pytest.mark.parametrize("value", [True, False, None])
@pytest.mark.parametrize(("path", "name"), SUPPLIED.items())
def test_what_is_stated_is_known_and_what_is_left_out_is_not(
    path: str, name: str, value: bool | None
) -> None:
    facts = plan_facts(parse_plan(stating(path, value)))
    assert facts[name] is value
    others = set(SUPPLIED.values()) - {name}
    assert {facts[other] for other in others} == {None}


def test_the_times_of_an_application_come_with_every_plan_and_other_data_do_not() -> None:
    plan = stating("aircraft.is_toy", None)
    assert plan_facts(parse_plan(plan))["application_names_period"] is True
    assert plan_facts(parse_plan(plan))["application_names_other_data"] is None
    asked = plan_facts(parse_plan({**plan, "other_data": "none asked for"}))
    assert asked["application_names_other_data"] is True
