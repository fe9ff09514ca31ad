"""What only manned aircraft state: weather, fuel, and what general aviation files."""

from __future__ import annotations

from lowalt.flights.documents import Document


class Weather(Document):
    """The weather expected along the flight, as plain values; its worst value counts."""


class MannedFlight(Document):
    """What a manned flight (a helicopter) states beside what every plan does."""
