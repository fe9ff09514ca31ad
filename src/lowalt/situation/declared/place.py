"""Facts of place and time: the flight, its legs and the zones it meets."""

from __future__ import annotations

from lowalt.airspace import BasisVerification, Restriction
from lowalt.flights import Mission
from lowalt.situation.airport_work import is_in_airport_control_zone
from lowalt.situation.approvals import holds_for_zone
from lowalt.situation.declared.corridors import corridor_facts
from lowalt.situation.declared.crossing import end_facts, route_facts, standing_route_facts
from lowalt.situation.declared.ports import port_facts
from lowalt.situation.declared.scenario import ground_buffer_facts
from lowalt.situation.declared.values import MM, Known, instant, part, settled, up
from lowalt.situation.declared.weather import leg_weather_facts
from lowalt.situation.encounters import Encounter
from lowalt.situation.laying import Leg, Situation
from lowalt.situation.own_grounds import is_over_own_grounds
from lowalt.terms import ControlArea
from lowalt.truth import Truth


def place_facts(situation: Situation) -> dict[str, Known]:
    """Say where and when the whole flight is flown."""
    return {
        "is_within_dataset": situation.is_within_dataset,
        "max_true_height_mm": up(situation.max_true_height_m, "m", MM),
        "is_partly_at_night": situation.is_partly_at_night,
        "is_wholly_in_aviation_camp": settled(situation.is_in_camp),
        **ground_buffer_facts(situation.plan, situation.max_true_height_m),
        **_control_area_facts(situation),
        **_own_ground_facts(situation),
        **_airport_work_facts(situation),
        **end_facts(situation),
        **route_facts(situation),
        **port_facts(situation),
        **standing_route_facts(situation),
        **corridor_facts(situation),
    }


def _control_area_facts(situation: Situation) -> dict[str, Known]:
    """Say how much of the map of flight control is reached over; the map before the plan."""
    stated = part(situation.plan.mission, Mission).control_area
    one_subzone = None if stated is None else stated is ControlArea.ONE_SUBZONE
    one_zone = None if stated is None else stated is not ControlArea.SEVERAL
    return {
        "is_within_one_control_subzone": _mapped(situation.is_in_one_subzone, one_subzone),
        "is_within_one_control_zone": _mapped(situation.is_in_one_zone, one_zone),
    }


def _mapped(shown: Truth, stated: bool | None) -> bool | None:
    return stated if shown is Truth.UNKNOWN else settled(shown)


def _own_ground_facts(situation: Situation) -> dict[str, Known]:
    """Say whether it keeps to its operator's own grounds; their outlines before the plan."""
    outlined = is_over_own_grounds(situation)
    stated = part(situation.plan.mission, Mission).over_own_ground
    return {"is_over_own_ground": stated if outlined is None else outlined}


def _airport_work_facts(situation: Situation) -> dict[str, Known]:
    """Say whether its work for an airport keeps to the control zone; the map before the plan."""
    stated = part(situation.plan.mission, Mission).airport_facility_work
    keeps = _mapped(is_in_airport_control_zone(situation), True) if stated else stated
    return {"is_airport_work_in_control_zone": keeps}


def leg_facts(situation: Situation, leg: Leg) -> dict[str, Known]:
    """Say under whose law a leg is flown, whether by day, and in which weather."""
    return {
        "jurisdiction": leg.jurisdiction,
        "leg_is_partly_at_night": leg.is_partly_at_night,
        **leg_weather_facts(situation, leg),
    }


def encounter_facts(situation: Situation, encounter: Encounter) -> dict[str, Known]:
    """Say what zone is met, and how."""
    zone = encounter.zone
    return {
        "zone_jurisdiction": zone.jurisdiction,
        "zone_kind": zone.kind,
        "zone_notice": zone.notice,
        "zone_is_closed": zone.restriction is Restriction.PROHIBITED,
        "zone_binds_micro": settled(encounter.binds_micro),
        "zone_is_verified": zone.basis is BasisVerification.VERIFIED,
        "holds_zone_approval": settled(holds_for_zone(situation, encounter)),
        "zone_starts_at": instant(zone.takes_effect_at),
        "zone_published_at": instant(zone.published_at),
    }
