"""What a flight in Hong Kong states beside what every plan does."""

from __future__ import annotations

from lowalt.flights.documents import Document


class HongKong(Document):
    """Papers, permissions and clearances of Hong Kong."""
