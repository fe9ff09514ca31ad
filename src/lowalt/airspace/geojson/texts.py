"""Texts in several languages as ED-318 writes them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowalt.airspace.geojson.members import get
from lowalt.errors import InvalidInputError, shown


def texts(by_lang: Mapping[str, str]) -> list[dict[str, str]]:
    """Write a text in several languages as ED-318 does."""
    return [{"lang": lang, "text": text} for lang, text in by_lang.items()]


def conditions(remarks: Mapping[str, str]) -> str | None:
    """Write remarks as the one text that ED-318 has for them; ``None`` if there are none."""
    return " / ".join(remarks.values()) if remarks else None


def by_language(items: Any, *, where: str) -> dict[str, str]:
    """Read a text in several languages as ED-318 writes it; ``en-GB`` counts as ``en``.

    A language without text says nothing, which the schema allows.

    Raises
    ------
    InvalidInputError
        The message begins with ``where``.
    """
    if not isinstance(items, list):
        raise InvalidInputError(
            f"{where}: given {shown(items)}, expected a list of objects with lang and text"
        )
    return {
        get(item, "lang", str, where=where).split("-")[0]: get(item, "text", str, where=where)
        for item in items
        if not isinstance(item, Mapping) or item.get("text") is not None
    }


def authority_name(properties: Mapping[str, Any], *, where: str) -> dict[str, str]:
    """Return what the first authority of a feature is called, by language.

    Raises
    ------
    InvalidInputError
        If there is no list of authorities, or the first has no sound name.
    """
    authorities = get(properties, "zoneAuthority", list, where=where)
    first = authorities[0] if authorities else {}
    if not isinstance(first, Mapping):
        raise InvalidInputError(
            f"{where}: zoneAuthority[0]: given {shown(first)}, expected an object"
        )
    return by_language(first.get("name") or [], where=f"{where}: zoneAuthority[0].name")
