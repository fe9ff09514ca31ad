"""What readers and writers of formats give and take.

Every format leaves something out. What a file does not say of itself its reader is told, as an
:class:`Origin`; what a format cannot hold its writer says, as a :class:`Loss`, feature by feature.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from lowalt.airspace import BasisVerification, Feature, FeatureStatus
from lowalt.temporal import TimeInterval

LANGUAGES: Final = ("zh", "en")
"""Languages in which every feature has a name."""


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

    @property
    def facts(self) -> dict[str, Any]:
        """What it says of every feature, by the names of a feature's parameters."""
        return {
            "citation": self.citation,
            "as_of": self.as_of,
            "sources": self.sources,
            "status": self.status,
            "basis": self.basis,
            "accuracy_m": self.accuracy_m,
            "country": self.country,
            "authority": self.authority,
        }


@dataclass(frozen=True, slots=True)
class Loss:
    """Something of a feature that did not go through.

    What our own members of a format carry is not lost to us; it is a loss all the same where
    other readers of the format get something else.

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
    """Features read from a file, and what of the file is not in them.

    Parameters
    ----------
    features
        In the order of the file.
    losses
        What of the file is not in them.
    title
        What the file is called, by language, if it says so.
    valid
        When it holds, if it says so.
    """

    features: tuple[Feature, ...]
    losses: tuple[Loss, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    valid: TimeInterval | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file's content, and what of the features its readers do not see."""

    content: bytes
    losses: tuple[Loss, ...] = ()


def without_examples(features: Iterable[Feature]) -> tuple[list[Feature], list[Loss]]:
    """Leave out what was made up: others would take it for airspace."""
    kept, losses = [], []
    for feature in features:
        if feature.example:
            losses.append(Loss(feature.identifier, "feature", "made up as an example: left out"))
        else:
            kept.append(feature)
    return kept, losses


def everywhere(text: str) -> dict[str, str]:
    """Give a text of which nobody says the language for every language."""
    return dict.fromkeys(LANGUAGES, text)


def in_each_language(texts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Join texts by language; one that a language lacks stands there in another.

    Examples
    --------
    >>> in_each_language([{"en": "Port"}, {"zh": "须申请", "en": "ask first"}])
    {'zh': 'Port / 须申请', 'en': 'Port / ask first'}
    """
    stated = [text for text in texts if any(text.values())]
    languages = dict.fromkeys((*LANGUAGES, *(lang for text in stated for lang in text)))
    return {
        language: " / ".join(_in(text, language) for text in stated)
        for language in languages
        if stated
    }


def _in(text: Mapping[str, str], language: str) -> str:
    choice = (language, *reversed(LANGUAGES), *text)
    return next(text[key] for key in choice if text.get(key))


def json_lines(head: Mapping[str, Any], features: Sequence[Mapping[str, Any]]) -> bytes:
    """Write a JSON object with ``features``, one a line, always the same bytes."""

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)

    members = [f"{compact(key)}:{compact(value)}" for key, value in head.items()]
    lines = ",\n".join(map(compact, features))
    return ("{" + ",\n".join([*members, f'"features":[\n{lines}\n]']) + "}\n").encode()
