"""Documents from outside, read within bounds: size, depth, and nothing that only pretends.

Whatever a file holds, reading it ends in bounded time and memory, with a document or with a
refusal that says why. Files larger than :data:`LARGEST_BYTES` are not read; who trusts a larger
one says so with ``largest_bytes``. A document that is read needs some 70 bytes of memory for each
of its values, of which there are at most :data:`MOST_VALUES`: 350 MB.
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from pathlib import Path
from typing import Any, Final, NoReturn
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lowalt.errors import InvalidInputError

LARGEST_BYTES: Final = 32 * 1024 * 1024
"""Largest file read: national files of zones have a few million bytes, parsed ten times that."""

MOST_VALUES: Final = 5_000_000
"""Most values of a JSON document, or elements and attributes of an XML document: empty ones take
two bytes of a file and sixty of memory. A million corners of polygons are three million values."""

_LONGEST_INTEGER = 20  # characters; nothing is counted in larger numbers than 64 bits hold

# Looking at each number takes longer than all the rest of parsing, and few files have such ones.
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789E", b"000000000e")
_HUGE_NUMBERS = (b"0" * _LONGEST_INTEGER, b"e000", b"e+000")


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


def write_document(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place, and into it at once.

    Raises
    ------
    OSError
        If it cannot be written; what stood there before still stands.
    """
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


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
    """Parse JSON of UTF-8, refusing what is none or is no number: NaN, 1e999, a key twice.

    Raises
    ------
    InvalidInputError
        If it is not JSON, has more than :data:`MOST_VALUES` values or is nested too deeply; the
        message begins with ``name``.

    Examples
    --------
    >>> parse_json(b'{"a": [1, 2]}', name="plan")
    {'a': [1, 2]}
    >>> parse_json(b'{"a": NaN}', name="plan")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: plan: NaN is no number in JSON; leave unknown members out
    """
    _require_few(sum(map(content.count, (b",", b"[", b"{"))), name=name)
    numbers = content.translate(_DIGITS_AS_ZEROS)
    has_huge_numbers = any(huge in numbers for huge in _HUGE_NUMBERS)
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_constant=_refuse_constant,
            parse_float=_finite if has_huge_numbers else None,
            parse_int=_moderate if has_huge_numbers else None,
            object_pairs_hook=_once,
        )
        if b"\\u" in content:  # an escape can spell half a character, which no file can hold
            json.dumps(document, ensure_ascii=False).encode()
    except InvalidInputError as error:
        raise InvalidInputError(f"{name}: {error}") from None
    except RecursionError:
        raise InvalidInputError(f"{name}: not a document: it is nested too deeply") from None
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise InvalidInputError(f"{name}: not UTF-8 text: {error.reason}") from None
    except ValueError as error:
        raise InvalidInputError(f"{name}: not a JSON document: {error}") from None
    return document


def _require_few(values: int, *, name: str) -> None:
    if values > MOST_VALUES:
        raise InvalidInputError(f"{name}: more than {MOST_VALUES} values; split the file")


def _refuse_constant(word: str) -> NoReturn:
    raise InvalidInputError(f"{word} is no number in JSON; leave unknown members out")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise InvalidInputError(f"{text[:60]} is larger than any number that can be held")
    return value


def _moderate(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise InvalidInputError(
            f"an integer of {len(text)} characters: at most {_LONGEST_INTEGER} are read"
        )
    return int(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        (key, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise InvalidInputError(f"the key {key[:60]!r} stands twice in one object; keep one")
    return record


def parse_xml(content: bytes, *, name: str) -> Element:
    """Parse XML without entities, document types or anything fetched from elsewhere.

    Raises
    ------
    InvalidInputError
        If it is not XML, declares a document type, or has more than :data:`MOST_VALUES` elements
        and attributes; the message begins with ``name``.
    """
    _require_few(content.count(b"<") + content.count(b"="), name=name)
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
