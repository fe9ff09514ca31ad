"""Facts of crossing the boundary: ports, border inspection, customs and quarantine."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.situation.declared.values import Known


def crossing_facts(plan: FlightPlan) -> dict[str, Known]:  # noqa: ARG001
    """Say what is stated of crossing the boundary."""
    return {}
