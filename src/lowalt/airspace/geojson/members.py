"""Members of JSON objects from outside: read as what they must be, or refused by their name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from lowalt.airspace.features import IDENTIFIER_LENGTH
from lowalt.errors import InvalidInputError, shown

AnyEnum = TypeVar("AnyEnum", bound=Enum)


def get(record: Any, key: str, kind: type, *, where: str) -> Any:
    """Return a member of an object, refused if it is missing or of another type.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    value = record.get(key) if isinstance(record, Mapping) else None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind):
        raise InvalidInputError(
            f"{where}: {key}: given {shown(value)}, expected {_KIND_NAMES[kind]}"
        )
    return value


_KIND_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    float: "a number",
}


def read_word(words: type[AnyEnum], record: Any, key: str, *, where: str) -> AnyEnum:
    """Return a member that is a word of a vocabulary.

    Raises
    ------
    InvalidInputError
        The message begins with ``where``, names the member and lists the words.
    """
    value = record.get(key) if isinstance(record, Mapping) else None
    try:
        return words(value)
    except ValueError:
        allowed = ", ".join(str(word.value) for word in words)
        raise InvalidInputError(
            f"{where}: {key}: given {shown(value)}, expected one of {allowed}"
        ) from None


def read_texts(record: Any, key: str, *, where: str) -> dict[str, str]:
    """Return a member that holds a text by language; nothing if it is not there.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    if not isinstance(record, Mapping) or key not in record:
        return {}
    texts = get(record, key, dict, where=where)
    if not all(isinstance(text, str) for text in (*texts, *texts.values())):
        raise InvalidInputError(f"{where}: {key}: given {shown(texts)}, expected texts")
    return dict(texts)


def read_day(record: Any, key: str, *, where: str) -> date:
    """Return a member that is a day.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    value = get(record, key, str, where=where)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInputError(
            f"{where}: {key}: given {shown(value)}, expected a date such as 2025-11-02"
        ) from None


def require_keys(record: Any, known: Iterable[str], *, where: str) -> None:
    """Refuse what is no object, or has a member that means nothing.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and lists the members known.
    """
    if not isinstance(record, Mapping):
        raise InvalidInputError(f"{where}: given {shown(record)}, expected an object")
    for key in record.keys() - set(known):
        raise InvalidInputError(
            f"{where} has {shown(key)}, which means nothing here; known are"
            f" {', '.join(sorted(known))}"
        )


def read_identifier(properties: Any, *, where: str) -> str:
    """Return the identifier of a feature, fit for messages.

    Raises
    ------
    InvalidInputError
        If it is no short text of printable characters.
    """
    identifier: str = get(properties, "identifier", str, where=where)
    if not 0 < len(identifier) <= IDENTIFIER_LENGTH or not identifier.isprintable():
        raise InvalidInputError(
            f"{where}: identifier: given {shown(identifier)}, expected 1 to {IDENTIFIER_LENGTH}"
            " printable characters"
        )
    return identifier


def read_country(properties: Mapping[str, Any], *, where: str) -> str:
    """Return the country of a feature.

    Raises
    ------
    InvalidInputError
        If it is not three capital letters (ISO 3166-1).
    """
    country: str = get(properties, "country", str, where=where)
    if not (len(country) == 3 and country.isascii() and country.isalpha() and country.isupper()):
        raise InvalidInputError(
            f"{where}: country: given {shown(country)}, expected three capital letters such as CHN"
        )
    return country
