"""Facts that a plan leaves open, taken to be something: what the weather of another time may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lowalt.facts import Facts, Instance
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import FactValue

Supposed = Mapping[tuple[Jurisdiction | None, str], FactValue]
"""Values by the name of a fact, and where: on the legs under a jurisdiction, or in the whole."""


def supposed(facts: Facts, supposing: Supposed) -> tuple[Facts, Supposed]:
    """Fill in what is left open, and nothing that is known.

    Parameters
    ----------
    facts
        What is known of a flight.
    supposing
        What the rest may be taken to be.

    Returns
    -------
    facts, used
        The facts with it, and what of it was left open.
    """
    used: dict[tuple[Jurisdiction | None, str], FactValue] = {}

    def filled(where: object, known: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
        added = {key: v for key, v in supposing.items() if key[0] is where and key[1] not in known}
        used.update(added)
        return {**known, **{name: value for (_, name), value in added.items()}}

    legs = (
        Instance(leg.exists, filled(leg.values.get("jurisdiction"), leg.values))
        for leg in facts.legs
    )
    found = replace(facts, flight=filled(None, facts.flight), legs=tuple(legs))
    return (found, used) if used else (facts, used)
