"""What a flight in Macao states beside what every plan does."""

from __future__ import annotations

from lowalt.flights.documents import Document


class Macao(Document):
    """Papers, permissions and notices of Macao."""
