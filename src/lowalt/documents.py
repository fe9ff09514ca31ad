"""Documents from outside, read within bounds: size, depth, and nothing that only pretends.

Whatever a file holds, reading it ends in bounded time and memory, with a document or with a
refusal that says why. Files larger than :data:`LARGEST_BYTES` are not opened; who trusts a larger
one says so with ``largest_bytes``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final, NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lowalt.errors import InvalidInputError

LARGEST_BYTES: Final = 32 * 1024 * 1024
"""Largest file read: national files of zones have a few million bytes, parsed ten times that."""


def read_document(path: str | Path, *, largest_bytes: int = LARGEST_BYTES) -> bytes:
    """Read a file whole, unless it is too large.

    Raises
    ------
    InvalidInputError
        If it is larger than ``largest_bytes``.
    OSError
        If it cannot be read.
    """
    with Path(path).open("rb") as file:
        content = file.read(largest_bytes + 1)
    require_size(content, name=Path(path).name, largest_bytes=largest_bytes)
    return content


def require_size(content: bytes, *, name: str, largest_bytes: int = LARGEST_BYTES) -> None:
    """Refuse content that is too large.

    Raises
    ------
    InvalidInputError
        The message begins with ``name``.
    """
    if len(content) > largest_bytes:
        raise InvalidInputError(
            f"{name}: more than {largest_bytes} bytes; split the file, or allow more with"
            " largest_bytes if you trust it"
        )


def parse_json(content: bytes, *, name: str) -> Any:
    """Parse JSON, refusing what JSON does not have: NaN, a key twice, endless nesting.

    Raises
    ------
    InvalidInputError
        The message begins with ``name``.

    Examples
    --------
    >>> parse_json(b'{"a": [1, 2]}', name="plan")
    {'a': [1, 2]}
    >>> parse_json(b'{"a": NaN}', name="plan")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: plan: NaN is no number in JSON; leave unknown members out
    """

    def refuse_constant(word: str) -> NoReturn:
        raise InvalidInputError(f"{name}: {word} is no number in JSON; leave unknown members out")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise InvalidInputError(
                f"{name}: the key {twice!r} stands twice in one object; keep one of them"
            )
        return record

    try:
        return json.loads(content, parse_constant=refuse_constant, object_pairs_hook=once)
    except InvalidInputError:
        raise
    except RecursionError:
        raise InvalidInputError(f"{name}: not a document: it is nested too deeply") from None
    except ValueError as error:
        raise InvalidInputError(f"{name}: not a JSON document: {error}") from None


def parse_xml(content: bytes, *, name: str) -> Element:
    """Parse XML without entities, document types or anything fetched from elsewhere.

    Raises
    ------
    InvalidInputError
        The message begins with ``name``.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise InvalidInputError(
            f"{name}: refused: it declares a document type or entities ({type(error).__name__}),"
            " with which small files can grow without bound; remove the declaration"
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise InvalidInputError(f"{name}: not an XML document: {error}") from None
    return root
