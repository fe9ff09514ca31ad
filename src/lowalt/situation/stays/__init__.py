"""When flights are in which zones: exactly along each piece of path, for many flights at once.

Where a path is near enough to the edges of a zone (``claims``, ``crossings``), when it is between
floor and ceiling (``layers``) and when the zone has its hours (``hours``) are worked out apart;
:class:`Survey` puts them together.
"""

from lowalt.situation.stays.hours import periods_of
from lowalt.situation.stays.survey import Survey

__all__ = ["Survey", "periods_of"]
