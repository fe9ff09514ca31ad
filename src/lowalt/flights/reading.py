"""Reading flight plans: from a file, a text or a mapping, with every problem named.

There is one path: whatever comes in becomes JSON text, so that a mapping and a file are judged by
the same strict rules.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from itertools import chain, islice
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from lowalt.errors import InvalidInputError, Problem
from lowalt.flights.plan import FlightPlan
from lowalt.flights.problems import describe, path_of, shorten

MAX_DOCUMENT_BYTES = 64 * 2**20
"""Documents above this size are refused before they are parsed."""

MAX_PROBLEMS = 100
"""At most so many problems are carried; the message says that there are more."""


def read_plan(path: str | PathLike[str]) -> FlightPlan:
    """Read a flight plan from a JSON file.

    Parameters
    ----------
    path
        The file, UTF-8.

    Returns
    -------
    FlightPlan
        The plan.

    Raises
    ------
    InvalidInputError
        If the document is faulty; the message begins with the file's name, and ``problems`` holds
        every problem found.
    OSError
        If the file cannot be read.
    """
    path = Path(path)
    with path.open("rb") as file:
        content = file.read(MAX_DOCUMENT_BYTES + 1)
    return _parse(content, name=path.name)


def parse_plan(document: Mapping[str, Any] | str | bytes) -> FlightPlan:
    """Read a flight plan from JSON text or from a mapping of the same shape.

    Parameters
    ----------
    document
        JSON as text or UTF-8 bytes, or a mapping. A mapping may also hold dates, aware datetimes,
        members of the vocabularies, :class:`~lowalt.levels.Level` and parts of plans.

    Returns
    -------
    FlightPlan
        The plan.

    Raises
    ------
    InvalidInputError
        If the document is faulty; ``problems`` holds every problem found.

    Examples
    --------
    >>> parse_plan({"plan_id": "p", "datum": "GCJ02"})
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: flight plan: 2 problems
      datum: given "GCJ02"; GCJ02 coordinates are offset by hundreds of metres: convert them to
      WGS84 ...
      operating_area: given neither waypoints nor operating_area; a plan has exactly one of ...
    """
    if isinstance(document, (str, bytes)):
        content = document
    elif isinstance(document, Mapping):
        content = _dump(document)
    else:
        raise _refusal(
            "flight plan",
            [Problem("document", type(document).__name__, "expected a mapping or JSON text")],
        )
    return _parse(content, name="flight plan")


def _parse(content: str | bytes, *, name: str) -> FlightPlan:
    text = _decode(content, name=name)
    repeated = _repeated_keys(text, name=name)
    try:
        plan = FlightPlan.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False)
        problems = chain.from_iterable(map(describe, faults))
        raise _refusal(name, chain(repeated, problems)) from None
    if repeated:
        raise _refusal(name, repeated)
    return plan


def _decode(content: str | bytes, *, name: str) -> str:
    if len(content) > MAX_DOCUMENT_BYTES:
        given, limit = f"{len(content):,} bytes or more", f"{MAX_DOCUMENT_BYTES:,} bytes"
        raise _refusal(name, [Problem("document", given, f"a plan has at most {limit}")])
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            given = f"byte 0x{content[error.start]:02x} at offset {error.start}"
            raise _refusal(
                name, [Problem("document", given, "a plan is written in UTF-8")]
            ) from None
    return content


def _repeated_keys(text: str, *, name: str) -> list[Problem]:
    """Parse the text once only to find what the validating parser lets pass or says too little."""
    any_repeated = False

    def watch(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal any_repeated
        result = dict(pairs)
        if len(result) != len(pairs):
            any_repeated = True
            return _Repeating(pairs)
        return result

    try:
        document = json.loads(text, object_pairs_hook=watch)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        given = shorten(text[error.pos : error.pos + 20]) if text[error.pos :] else "the end"
        raise _refusal(name, [Problem(where, given, f"not JSON: {error.msg}")]) from None
    except RecursionError:
        expected = "a plan nests only a few levels deep"
        raise _refusal(name, [Problem("document", "deeply nested JSON", expected)]) from None
    except ValueError:  # Python reads no integer of more than some thousand digits
        given = "a number of thousands of digits"
        raise _refusal(name, [Problem("document", given, "expected numbers")]) from None
    return list(_locate_repeated(document, ())) if any_repeated else []


class _Repeating(dict[str, Any]):
    """A JSON object in which a key stands twice."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        times = Counter(key for key, _ in pairs)
        self.repeated = sorted(key for key, n in times.items() if n > 1)


def _locate_repeated(value: Any, location: tuple[str | int, ...]) -> Iterator[Problem]:
    if isinstance(value, _Repeating):
        for name in value.repeated:
            yield Problem(
                path_of((*location, name)), "the key more than once", "give each key once only"
            )
    for key, item in _items(value):
        yield from _locate_repeated(item, (*location, key))


def _items(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, (list, tuple)):
        yield from enumerate(value)


def _dump(document: Mapping[str, Any]) -> str:
    try:
        return json.dumps(document, default=_plain)
    except RecursionError:
        given = "deeply nested values"
    except (TypeError, ValueError) as error:
        given = str(error)
    foreign = _first_foreign(document, ())
    where = "document"
    if foreign is not None:
        location, value = foreign
        where, given = path_of(location), f"a {type(value).__name__}"
    expected = "expected only what JSON can hold, dates, times, levels and terms"
    raise _refusal("flight plan", [Problem(where, given, expected)])


def _plain(value: Any) -> Any:
    """Turn a value of ours into what JSON can hold."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__}")


def _first_foreign(
    value: Any, location: tuple[str | int, ...], *, depth: int = 0
) -> tuple[tuple[str | int, ...], Any] | None:
    if depth > 50 or value is None or isinstance(value, (str, bool, int, float)):
        return None
    if not isinstance(value, (Mapping, list, tuple)):
        try:
            _plain(value)
        except TypeError:
            return location, value
        return None
    for key, item in _items(value):
        found = _first_foreign(item, (*location, key), depth=depth + 1)
        if found is not None:
            return found
    return None


def _refusal(name: str, problems: Iterable[Problem]) -> InvalidInputError:
    found = list(islice(problems, MAX_PROBLEMS + 1))
    if len(found) > MAX_PROBLEMS:
        return InvalidInputError(
            f"{name}: more than {MAX_PROBLEMS} problems, of which the first are",
            problems=found[:MAX_PROBLEMS],
        )
    count = f"{len(found)} problem{'s' * (len(found) != 1)}"
    return InvalidInputError(f"{name}: {count}", problems=found)
