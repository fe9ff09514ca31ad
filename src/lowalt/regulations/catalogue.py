"""The catalogue of rules: every check that lowalt undertakes to answer, row by row.

A provision names the rows it answers (``catalogue: [CN-APP-01]``); the catalogue says what each
row checks, what a breach of it leads to, and how far the law behind it was read. That every row
is answered, and answered with an effect of its own, is tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar

from lowalt.errors import RegulationFileError
from lowalt.regulations.model import Bilingual, Effect
from lowalt.regulations.strict_yaml import read_yaml

Word = TypeVar("Word", bound=Enum)

_ROW_KEYS, _ROW_OPTIONS = {"verdict", "confidence", "checks"}, {"doubtful"}


class Outcome(Enum):
    """What a breach of a row leads to, or that the row takes a duty away."""

    PROHIBIT = "prohibit"
    APPROVAL = "approval"
    CONFIRMATION = "confirmation"
    FILING = "filing"
    ADVISORY = "advisory"
    EXEMPT = "exempt"

    @property
    def effect(self) -> Effect:
        """Effect of a reading that answers such a row."""
        return _EFFECTS[self]


_EFFECTS = {
    Outcome.PROHIBIT: Effect.PROHIBITS,
    Outcome.APPROVAL: Effect.REQUIRES_APPROVAL,
    Outcome.CONFIRMATION: Effect.REQUIRES_CONFIRMATION,
    Outcome.FILING: Effect.REQUIRES_FILING,
    Outcome.ADVISORY: Effect.ADVISES,
    Outcome.EXEMPT: Effect.NONE,
}


class Confidence(Enum):
    """How far the law behind a row was read."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One check of the catalogue.

    Attributes
    ----------
    identifier
        Such as ``CN-APP-01``.
    outcomes
        What a breach leads to; several where the row has several.
    confidence
        How far the law behind it was read.
    checks
        What is checked, in our own words, as what must hold.
    doubtful
        The part of the row that is less sure than the rest; empty texts where none is.
    """

    identifier: str
    outcomes: tuple[Outcome, ...]
    confidence: Confidence
    checks: Bilingual
    doubtful: Bilingual


@cache
def catalogue() -> Mapping[str, CatalogueRow]:
    """Rows of the catalogue by identifier, in order.

    Examples
    --------
    >>> row = catalogue()["CN-APP-01"]
    >>> row.checks["en"], row.confidence.value
    ('The application is made before noon of the day before.', 'high')
    """
    return read_catalogue(files("lowalt.regulations").joinpath("catalogue.yaml"))


def read_catalogue(file: Traversable) -> Mapping[str, CatalogueRow]:
    """Read a file of catalogue rows.

    Raises
    ------
    RegulationFileError
        If a row breaks the rules of its form.
    """
    data = read_yaml(file)
    if not isinstance(data, dict) or set(data) != {"rows"} or not isinstance(data["rows"], dict):
        raise RegulationFileError(file.name, "the file", "expected one key, 'rows', with the rows")
    return MappingProxyType(
        {str(name): _row(file.name, str(name), body) for name, body in data["rows"].items()}
    )


def _row(file: str, name: str, body: Any) -> CatalogueRow:
    keys = set(body) if isinstance(body, dict) else set()
    if not _ROW_KEYS <= keys <= _ROW_KEYS | _ROW_OPTIONS:
        raise RegulationFileError(
            file,
            name,
            f"given the keys {', '.join(sorted(map(str, keys))) or 'none'}, expected"
            f" {', '.join(sorted(_ROW_KEYS))} and, where part of it is, doubtful",
        )
    verdict = body["verdict"]
    if not isinstance(verdict, list) or not verdict:
        raise RegulationFileError(file, f"{name}.verdict", f"given {verdict!r}, expected a list")
    return CatalogueRow(
        identifier=name,
        outcomes=tuple(_word(file, f"{name}.verdict", Outcome, word) for word in verdict),
        confidence=_word(file, f"{name}.confidence", Confidence, body["confidence"]),
        checks=_bilingual(file, f"{name}.checks", body["checks"]),
        doubtful=_bilingual(file, f"{name}.doubtful", body["doubtful"])
        if "doubtful" in body
        else MappingProxyType({"zh": "", "en": ""}),
    )


def _word(file: str, where: str, words: type[Word], given: Any) -> Word:
    try:
        return words(given)
    except ValueError:
        known = ", ".join(str(word.value) for word in words)
        raise RegulationFileError(
            file, where, f"given {given!r}, expected one of {known}"
        ) from None


def _bilingual(file: str, where: str, given: Any) -> Bilingual:
    texts = given if isinstance(given, dict) else {}
    if set(texts) != {"zh", "en"} or not all(isinstance(t, str) and t for t in texts.values()):
        raise RegulationFileError(file, where, f"given {given!r}, expected texts zh and en")
    return MappingProxyType(dict(texts))
