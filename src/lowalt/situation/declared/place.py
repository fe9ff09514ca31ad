"""Facts of place and time: the flight, its legs and the zones it meets."""

from __future__ import annotations

from lowalt.airspace import BasisVerification
from lowalt.situation.approvals import holds_for_zone
from lowalt.situation.declared.values import MM, Known, instant, settled, up
from lowalt.situation.encounters import Encounter
from lowalt.situation.laying import Situation


def place_facts(situation: Situation) -> dict[str, Known]:
    """Say where and when the whole flight is flown."""
    return {
        "is_within_dataset": situation.is_within_dataset,
        "max_true_height_mm": up(situation.max_true_height_m, "m", MM),
        "is_partly_at_night": situation.is_partly_at_night,
        "is_wholly_in_aviation_camp": settled(situation.is_in_camp),
    }


def encounter_facts(situation: Situation, encounter: Encounter) -> dict[str, Known]:
    """Say what zone is met, and how."""
    zone = encounter.zone
    return {
        "zone_jurisdiction": zone.jurisdiction,
        "zone_kind": zone.kind,
        "zone_notice": zone.notice,
        "zone_binds_micro": settled(encounter.binds_micro),
        "zone_is_verified": zone.basis is BasisVerification.VERIFIED,
        "holds_zone_approval": settled(holds_for_zone(situation, encounter)),
        "zone_starts_at": instant(zone.takes_effect_at),
        "zone_published_at": instant(zone.published_at),
    }
