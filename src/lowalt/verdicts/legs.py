"""The decision under the law of one jurisdiction."""

from __future__ import annotations

from dataclasses import dataclass

from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth
from lowalt.verdicts.decisions import Decision


@dataclass(frozen=True, slots=True)
class LegVerdict:
    """What the law of one jurisdiction says of the flight, for a leg under it.

    A standard, or a rule of one's own, is nobody's law and counts on every leg. The strictest of
    all legs is the decision on the flight.

    Attributes
    ----------
    jurisdiction
        Under whose law it is flown.
    exists
        Unknown where the flight runs nearer to the boundary than the boundary is known.
    period
        When it is flown.
    lon_deg, lat_deg
        Where it begins.
    best, worst
        Most lenient and strictest outcome that the unknowns allow.
    is_within_dataset
        Whether the airspace around it lies inside what the dataset knows; what does not may be
        ``PROHIBITED``.
    has_law
        Whether the rulebook holds law on whoever flies there, without which the same is so.
    citations
        Rules that surely ask for ``best``; empty where that is ``PERMITTED``.
    open_citations
        Rules that may ask for more; empty where the ends agree, and where what is not known is
        the law, or the map, itself.
    """

    jurisdiction: Jurisdiction
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float
    best: Decision
    worst: Decision
    is_within_dataset: bool
    has_law: bool
    citations: tuple[str, ...]
    open_citations: tuple[str, ...]

    @property
    def decision(self) -> Decision:
        """The decision on the leg, indeterminate where the ends differ."""
        return self.best if self.best is self.worst else Decision.INDETERMINATE
