"""Facts of crossing the boundary: ports, border inspection, customs and quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lowalt.flights import Crossing, FlightPlan, Payload
from lowalt.situation.declared.values import MM, Known, down, instant, part, settled
from lowalt.situation.laying import Leg, Situation
from lowalt.terms import CorridorKind, CorridorUsers, Jurisdiction
from lowalt.truth import Truth


def crossing_facts(plan: FlightPlan) -> dict[str, Known]:
    """Say what is stated of crossing the boundary."""
    crossing = part(plan.crossing, Crossing)
    return {
        "exit_port": crossing.exit_port,
        "entry_port": crossing.entry_port,
        "has_special_port_approval": crossing.special_port_approval,
        "border_inspection_is_told": _before_take_off(crossing.border_inspection_told_at, plan),
        "border_inspection_told_at": instant(crossing.border_inspection_told_at),
        "customs_told_at": instant(crossing.customs_told_at),
        "customs_is_told": _before_take_off(crossing.customs_told_at, plan),
        "lists_are_declared": crossing.lists_declared,
        "carries_biological_material": part(plan.payload, Payload).biological_material,
        "biological_material_is_medicine": crossing.regulated_as_drug_or_device,
        "has_quarantine_approval": crossing.quarantine_approval,
    }


def _before_take_off(told_at: datetime | None, plan: FlightPlan) -> bool | None:
    return None if told_at is None else told_at < plan.departure


def route_facts(situation: Situation) -> dict[str, Known]:
    """Say how it keeps to the prescribed route: what is measured goes before what is stated."""
    stated = part(situation.plan.crossing, Crossing).keeps_prescribed_route
    route = situation.route
    if route is None or not route.is_certain:
        return {"keeps_prescribed_route": stated, "prescribed_route_margin_mm": None}
    measured = settled(route.keeps)
    return {
        "keeps_prescribed_route": stated if measured is None else measured,
        "prescribed_route_margin_mm": down(route.least_margin_m, "m", MM),
    }


def standing_route_facts(situation: Situation) -> dict[str, Known]:
    """Say whether an unmanned flight names a route across the boundary that the dataset holds."""
    crossing = situation.plan.crossing
    if crossing is None and all(x.jurisdiction is Jurisdiction.MAINLAND for x in situation.legs):
        return {}
    named = part(crossing, Crossing).corridor
    return {
        "names_standing_route": any(
            corridor.identifier == named
            and corridor.users is CorridorUsers.UNMANNED
            and corridor.kind is CorridorKind.CROSS_BORDER_ROUTE
            and not corridor.example
            for corridor in situation.airspace.corridors
        )
    }


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
