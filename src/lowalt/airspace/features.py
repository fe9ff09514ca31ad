"""What every feature of a dataset states: what it is called, where that was read, how sure it is.

Zones, corridors, sites and lines are features; each adds where it is and what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from lowalt.errors import InvalidInputError
from lowalt.temporal import ALWAYS, Schedule, TimeInterval, require_aware
from lowalt.terms import Jurisdiction

_JURISDICTIONS = {"HKG": Jurisdiction.HONG_KONG, "MAC": Jurisdiction.MACAO}

IDENTIFIER_LENGTH = 7
"""Longest identifier ED-318 allows."""


class FeatureStatus(StrEnum):
    """Where the lateral limits of a feature come from."""

    AUTHORITATIVE = "authoritative"
    """Typed from an official publication."""

    DERIVED = "derived"
    """Constructed from a published rule around cited points."""

    ILLUSTRATIVE = "illustrative"
    """Drawn by us: it shows that something is there, not where it ends."""


class BasisVerification(StrEnum):
    """How far the legal basis of the feature was read at its source."""

    VERIFIED = "verified"
    PARTLY = "partly"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """The facts that all features share.

    Parameters
    ----------
    identifier
        Short code, 7 characters at most, unique in its dataset.
    name
        Name by language: ``zh`` and ``en``.
    country
        ``CHN``, ``HKG`` or ``MAC``.
    status, basis
        Where the limits come from, and how far their legal basis was read.
    accuracy_m
        How far the lateral limits may be off; for an authoritative feature the rounding of the
        published numbers.
    citation
        The provision, notice or publication the feature rests on.
    sources
        Where the facts were read.
    as_of
        Date for which the facts hold.
    schedule
        When it is in force; by default always.
    authority
        Who answers for it, by language.
    remarks
        What a reader should know, by language.
    example
        Whether it was made up to show what such a feature looks like. It then stands for nothing
        that exists, and no flight is judged by it.
    """

    identifier: str
    name: Mapping[str, str]
    country: str
    status: FeatureStatus
    basis: BasisVerification
    accuracy_m: float
    citation: str
    sources: tuple[str, ...]
    as_of: date
    schedule: Schedule = ALWAYS
    authority: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    example: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.identifier) <= IDENTIFIER_LENGTH:
            raise InvalidInputError(
                f"{self.label}: identifier: given {self.identifier!r}, expected 1 to"
                f" {IDENTIFIER_LENGTH} characters"
            )
        require_accuracy(self.accuracy_m, where=self.label)

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{type(self).__name__.lower()} {self.identifier or '(without identifier)'}"

    @property
    def jurisdiction(self) -> Jurisdiction:
        """Whose law made it: by its country, the Mainland's unless that is another of the two."""
        return _JURISDICTIONS.get(self.country, Jurisdiction.MAINLAND)

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude, degrees, where the hours that follow the sun are counted."""
        raise NotImplementedError  # each kind of feature knows where it is

    @property
    def uncertainty_m(self) -> float:
        """How far the legal limits may be from those given here.

        Zero for an authoritative feature: the published points are the limits.
        """
        return 0.0 if self.status is FeatureStatus.AUTHORITATIVE else self.accuracy_m

    def active_within(self, interval: TimeInterval) -> Sequence[TimeInterval]:
        """Return the parts of an interval in which the feature is in force, in order.

        Hours that follow the sun are those of the middle of the feature.
        """
        lon_deg, lat_deg = self.middle
        return self.schedule.active_within(interval, lon_deg=lon_deg, lat_deg=lat_deg)

    def is_active_at(self, when: datetime) -> bool:
        """Whether the feature is in force at a time; its windows are half-open."""
        moment = require_aware(when, field="when").astimezone(UTC)
        return bool(self.active_within(TimeInterval(moment, moment + timedelta.resolution)))

    @property
    def takes_effect_at(self) -> datetime | None:
        """When it is in force for the first time; ``None`` if it always was, or never is."""
        lon_deg, lat_deg = self.middle
        return self.schedule.first_start(lon_deg=lon_deg, lat_deg=lat_deg)


def require_accuracy(accuracy_m: float, *, where: str) -> None:
    """Refuse an accuracy that is no distance.

    Raises
    ------
    InvalidInputError
        The message names ``where``.
    """
    if not 0.0 <= accuracy_m < 1e6:
        raise InvalidInputError(
            f"{where}: accuracy {accuracy_m} m: expected metres, 0 or more; say how far off the"
            " limits may be"
        )
