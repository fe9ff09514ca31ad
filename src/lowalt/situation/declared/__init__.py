"""The waist's supply: from a plan and its situation to facts.

One line a fact. A fact that the plan does not state is left out, and a rounded one is rounded to
the side that is unfavourable to the flight.
"""

from __future__ import annotations

from datetime import datetime

from lowalt.facts import Facts, Instance
from lowalt.flights import FlightPlan
from lowalt.situation.declared.aircraft import aircraft_facts, paper_facts
from lowalt.situation.declared.crossing import crossing_facts
from lowalt.situation.declared.filing import application_facts, approval_facts, filing_facts
from lowalt.situation.declared.hong_kong import hong_kong_facts
from lowalt.situation.declared.macao import macao_facts
from lowalt.situation.declared.manned import manned_facts
from lowalt.situation.declared.mission import mission_facts
from lowalt.situation.declared.people import operator_facts, pilot_facts
from lowalt.situation.declared.place import encounter_facts, place_facts
from lowalt.situation.declared.scenario import scenario_facts
from lowalt.situation.declared.values import Known, known
from lowalt.situation.laying import Situation

__all__ = ["facts_of", "plan_facts"]


def facts_of(situation: Situation, *, submitted_at: datetime | None = None) -> Facts:
    """Derive the facts of a flight.

    Parameters
    ----------
    situation
        The plan laid over the world.
    submitted_at
        When the application is or was made, if it is not what the plan states.

    Returns
    -------
    Facts
        What is known; the rest is absent.
    """
    flight = {
        **plan_facts(situation.plan, submitted_at=submitted_at),
        **approval_facts(situation),
        **place_facts(situation),
    }
    legs = (Instance(leg.exists, {"jurisdiction": leg.jurisdiction}) for leg in situation.legs)
    encounters = (
        Instance(e.exists, known(encounter_facts(situation, e))) for e in situation.encounters
    )
    return Facts(known(flight), tuple(legs), tuple(encounters))


def plan_facts(plan: FlightPlan, *, submitted_at: datetime | None = None) -> dict[str, Known]:
    """Derive what a plan states by itself, wherever it is flown; ``None`` is not known."""
    return {
        **aircraft_facts(plan.aircraft),
        **paper_facts(plan),
        **operator_facts(plan),
        **pilot_facts(plan),
        **mission_facts(plan),
        **scenario_facts(plan),
        **filing_facts(plan, submitted_at),
        **application_facts(plan),
        **manned_facts(plan),
        **crossing_facts(plan),
        **hong_kong_facts(plan),
        **macao_facts(plan),
    }
