"""What a flight across the boundary states: ports, notices, lists and permits."""

from __future__ import annotations

from lowalt.flights.documents import Document


class Crossing(Document):
    """Ports of exit and entry, and what border inspection, customs and quarantine were told."""
