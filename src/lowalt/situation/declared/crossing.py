"""Facts of crossing the boundary: ports, border inspection, customs and quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lowalt.flights import Crossing, FlightPlan, Payload
from lowalt.situation.declared.values import Known, instant, part
from lowalt.situation.laying import Leg, Situation
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth


def crossing_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of crossing the boundary."""
    crossing = part(plan.crossing, Crossing)
    return {
        "exit_port": crossing.exit_port,
        "entry_port": crossing.entry_port,
        "has_special_port_approval": crossing.special_port_approval,
        "border_inspection_is_told": _before_take_off(crossing.border_inspection_told_at, plan),
        "customs_told_at": instant(crossing.customs_told_at),
        "customs_is_told": _before_take_off(crossing.customs_told_at, plan),
        "lists_are_declared": crossing.lists_declared,
        "keeps_prescribed_route": crossing.keeps_prescribed_route,
        "carries_biological_material": part(plan.payload, Payload).biological_material,
        "biological_material_is_medicine": crossing.regulated_as_drug_or_device,
        "has_quarantine_approval": crossing.quarantine_approval,
    }


def _before_take_off(told_at: datetime | None, plan: FlightPlan) -> bool | None:
    return None if told_at is None else told_at < plan.departure


def end_facts(situation: Situation) -> dict[str, Known]:
    """Say on which side of the boundary the flight begins and ends."""
    legs = situation.legs
    start = min([leg.period.start for leg in legs])
    end = max([leg.period.end for leg in legs])
    return {
        "departs_from_mainland": _on_mainland([leg for leg in legs if leg.period.start == start]),
        "lands_on_mainland": _on_mainland([leg for leg in legs if leg.period.end == end]),
    }


def _on_mainland(legs: Sequence[Leg]) -> bool | None:
    """Whether the legs at one end are the Mainland's; not known where the flight may be either."""
    homes = {
        leg.jurisdiction is Jurisdiction.MAINLAND if leg.exists is Truth.TRUE else None
        for leg in legs
    }
    return homes.pop() if len(homes) == 1 else None
