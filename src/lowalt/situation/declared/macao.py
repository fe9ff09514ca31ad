"""Facts that the law of Macao asks for."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import Known


def macao_facts(plan: FlightPlan) -> dict[str, Known]:  # noqa: ARG001
    """Say what is stated for Macao."""
    return {}
