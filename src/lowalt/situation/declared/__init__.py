"""The waist's supply: from a plan and its situation to facts.

One line a fact. A fact that the plan does not state is left out, and a rounded one is rounded to
the side that is unfavourable to the flight.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

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
from lowalt.situation.declared.place import encounter_facts, leg_facts, place_facts
from lowalt.situation.declared.scenario import scenario_facts
from lowalt.situation.declared.tasks import task_facts
from lowalt.situation.declared.values import Known, known
from lowalt.situation.declared.weather import weather_facts
from lowalt.situation.laying import Situation

__all__ = ["Values", "facts_of", "plan_facts", "values_of"]


class Values(NamedTuple):
    """What is known of a flight, as it was derived: plain values, with nothing checked again.

    Attributes
    ----------
    flight
        Facts of the whole flight, by name; ``None`` is not known.
    legs, encounters
        Instances in the order of the path, with what is known of each.
    """

    flight: dict[str, Known]
    legs: list[Instance]
    encounters: list[Instance]


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
    flight, legs, encounters = values_of(situation, submitted_at=submitted_at)
    return Facts(known(flight), tuple(legs), tuple(encounters))


def values_of(situation: Situation, *, submitted_at: datetime | None = None) -> Values:
    """Derive what :func:`facts_of` wraps; a table of many flights checks whole columns instead."""
    return Values(
        {
            **plan_facts(situation.plan, submitted_at=submitted_at),
            **approval_facts(situation),
            **place_facts(situation),
        },
        [Instance(leg.exists, known(leg_facts(situation, leg))) for leg in situation.legs],
        [Instance(e.exists, known(encounter_facts(situation, e))) for e in situation.encounters],
    )


def plan_facts(plan: FlightPlan, *, submitted_at: datetime | None = None) -> dict[str, Known]:
    """Derive what a plan states by itself, wherever it is flown; ``None`` is not known."""
    return {
        **aircraft_facts(plan.aircraft),
        **paper_facts(plan),
        **operator_facts(plan),
        **pilot_facts(plan),
        **mission_facts(plan),
        **task_facts(plan),
        **scenario_facts(plan),
        **filing_facts(plan, submitted_at),
        **application_facts(plan),
        **manned_facts(plan),
        **weather_facts(plan),
        **crossing_facts(plan),
        **hong_kong_facts(plan),
        **macao_facts(plan),
    }
