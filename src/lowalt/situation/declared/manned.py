"""Facts of manned aircraft: crew, weather, fuel and what general aviation files."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import Known


def manned_facts(plan: FlightPlan) -> dict[str, Known]:  # noqa: ARG001
    """Say what is stated of a manned flight."""
    return {}
