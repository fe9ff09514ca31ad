"""What readers and writers of formats give and take.

Every format leaves something out. What a file does not say of itself its reader is told, as an
:class:`Origin`; what a format cannot hold its writer says, as a :class:`Loss`, feature by feature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from lowalt.airspace import BasisVerification, Feature, FeatureStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a file does not say: where it comes from, and how far it is to be trusted.

    The defaults are the cautious ones. Zones that nobody vouches for leave a verdict open; they
    neither permit nor refuse. Where a file does say it, the file is believed.

    Parameters
    ----------
    citation
        Publication that the zones rest on.
    as_of
        Date for which they hold.
    sources
        Where the file was found.
    status, basis
        Where its limits come from, and how far their legal basis was read.
    accuracy_m
        How far its limits may be off.
    country
        ``CHN``, ``HKG`` or ``MAC``, for formats that do not say.
    authority
        Who answers for the zones, by language.
    """

    citation: str
    as_of: date
    sources: tuple[str, ...] = ()
    status: FeatureStatus = FeatureStatus.DERIVED
    basis: BasisVerification = BasisVerification.UNVERIFIED
    accuracy_m: float = 0.0
    country: str = "CHN"
    authority: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_file(cls, path: str | Path) -> Origin:
        """Take what a file says by being there: its name, and the day it was last changed."""
        path = Path(path)
        changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC).date()
        return cls(citation=path.name, sources=(path.name,), as_of=changed)


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a feature that did not go through.

    Parameters
    ----------
    feature
        Identifier of the feature; empty if it concerns the whole file.
    what
        The part that was lost or changed, such as ``hours``, ``arcs``, ``reference``.
    how
        What became of it, in a sentence.
    """

    feature: str
    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.feature or 'the file'}: {self.what}: {self.how}"


@dataclass(frozen=True, slots=True)
class Reading:
    """Features read from a file, and what of the file is not in them."""

    features: tuple[Feature, ...]
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A file's content, and what of the features is not in it."""

    content: bytes
    losses: tuple[Loss, ...] = ()
