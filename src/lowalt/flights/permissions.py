"""What the aviation authorities of Hong Kong and Macao permit."""

from __future__ import annotations

from lowalt.flights.documents import Day, Text, fact
from lowalt.flights.people import HeldDocument


class Permission(HeldDocument):
    """A permission of such an authority for what goes beyond its limits."""

    number: Text | None = fact("Number of the permission.")
    valid_until: Day | None = fact("Last day of validity.")
    covers_operation: bool | None = fact(
        "Whether it covers everything in which this flight goes beyond the limits."
    )
    covers_crossing: bool | None = fact(
        "Whether it allows this flight to cross the authority's boundary."
    )
