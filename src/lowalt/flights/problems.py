"""What is wrong with a document, in words that name the field and the remedy."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from lowalt.errors import Problem
from lowalt.flights.documents import PROBLEMS
from lowalt.flights.plan import FlightPlan
from lowalt.levels import Level, VerticalReference

Location = tuple[str | int, ...]

_LEVEL_EXAMPLE = '{"value_m": 100, "reference": "AGL"}'
_REFERENCES = ", ".join(VerticalReference)
_FOREIGN_DATUMS = ("GCJ02", "GCJ-02", "BD09", "BD-09")

_EXPECTED = {
    "float_type": "expected a number, without quotes",
    "float_parsing": "expected a number",
    "finite_number": "expected a finite number",
    "int_type": "expected a whole number, without quotes",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false, without quotes",
    "string_type": "expected text in quotes",
    "string_too_short": "expected some text; leave out what is not known",
    "string_too_long": "expected at most {max_length} characters",
    "tuple_type": "expected a list in [ ]",
    "too_long": "expected at most {max_length}",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected at least {ge}",
    "less_than": "expected less than {lt}",
    "less_than_equal": "expected at most {le}",
}
"""What was expected, by type of error; the fields in braces come with the error."""


def describe(error: ErrorDetails) -> Iterator[Problem]:
    """Turn one validation error into problems in our words.

    Parameters
    ----------
    error
        As pydantic details it.

    Yields
    ------
    Problem
        One, or several where a check found several.
    """
    location = tuple(error["loc"])
    if error["type"] == PROBLEMS:
        for problem in error["ctx"]["problems"]:
            where = _joined(path_of(location), problem.where)
            yield Problem(where or "document", problem.given, problem.expected)
        return
    yield Problem(path_of(location) or "document", _given(error), _expected(error, location))


def path_of(location: Iterable[str | int]) -> str:
    """Write a location as a path, such as ``waypoints[2].level.reference``."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path = f"{path}[{part}]"
        else:
            path = _joined(path, part if len(part) <= 60 else f"{part[:57]}...")
    return path


def shorten(value: Any) -> str:
    """Show what was given in a few words."""
    if isinstance(value, dict):
        keys = [shorten(key) for key in list(value)[:6]]
        more = ", ..." if len(value) > 6 else ""
        return f"an object with the keys {', '.join(keys)}{more}" if keys else "an empty object"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # Python writes no integer of more than some thousand digits
        return "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _given(error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "nothing"
    if error["type"] == "json_invalid":
        return "text that is not JSON"
    return shorten(error["input"])


def _joined(path: str, part: str) -> str:
    if not path or not part or part.startswith("["):
        return path + part
    return f"{path}.{part}"


def _expected(error: ErrorDetails, location: Location) -> str:
    kind = error["type"]
    if kind == "missing":
        return _required(location)
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(location)
    if kind == "string_pattern_mismatch":
        return f"expected an {_descriptions(_type_at(location[:-1]))[str(location[-1])]}"
    if kind == "enum":
        return _word(error["input"], location)
    if kind == "timezone_aware":
        return f"a time needs its offset: add +08:00 for local time, {_aware_example(error)}"
    if kind in {"dataclass_type", "model_type", "model_attributes_type"}:
        return _object(error["input"], location)
    if kind == "json_invalid":
        return str(error["ctx"]["error"])
    if kind.startswith(("datetime_", "timezone_")):
        return "expected a time such as 2026-03-01T09:00:00+08:00"
    if kind.startswith("date_"):
        return "expected a date such as 2026-03-01"
    if kind in _EXPECTED:
        limits = {name: _limit(value) for name, value in error.get("ctx", {}).items()}
        return _EXPECTED[kind].format(**limits)
    return error["msg"]


def _limit(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _aware_example(error: ErrorDetails) -> str:
    given = error["input"]
    return f"{given}+08:00" if isinstance(given, str) else "as in 2026-03-01T09:00:00+08:00"


def _required(location: Location) -> str:
    if location == ("datum",):
        return (
            "the datum is required, WGS84 or CGCS2000; coordinates from Chinese web maps are"
            " GCJ02 or BD09, offset by hundreds of metres: convert them to WGS84 first"
        )
    parent = _type_at(location[:-1])
    if parent is Level and location[-1] == "reference":
        return (
            f"a height without its reference is not accepted: add one of {_REFERENCES}, as in"
            f" {_LEVEL_EXAMPLE}"
        )
    description = _descriptions(parent).get(str(location[-1]))
    return f"this key is required: {description}" if description else "this key is required"


def _unknown_key(location: Location) -> str:
    key = str(location[-1])
    known = list(_descriptions(_type_at(location[:-1])))
    close = get_close_matches(key, known, n=1)
    if close:
        return f"unknown key: did you mean {close[0]}?"
    return f"unknown key: expected one of {', '.join(known)}"


def _word(given: Any, location: Location) -> str:
    if location == ("datum",):
        if isinstance(given, str) and given.upper() in _FOREIGN_DATUMS:
            return (
                f"{given} coordinates are offset by hundreds of metres: convert them to WGS84"
                " first, then say so here"
            )
        return "expected WGS84 or CGCS2000"
    vocabulary = _type_at(location)
    words = [str(member.value) for member in vocabulary] if _is_enum(vocabulary) else []
    close = get_close_matches(given, words, n=1) if isinstance(given, str) else []
    suggestion = f"; did you mean {close[0]}?" if close else ""
    return f"expected one of {', '.join(words)}{suggestion}"


def _object(given: Any, location: Location) -> str:
    if _type_at(location) is Level:
        value = f"{given:g}" if isinstance(given, (int, float)) else "100"
        return (
            f"a height without its reference is not accepted: write"
            f' {{"value_m": {value}, "reference": "AGL"}} with one of {_REFERENCES}'
        )
    return "expected an object in { }"


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _type_at(location: Location) -> Any:
    """Class of the value at a location: a document, a level, a vocabulary; ``None`` if unknown."""
    current: Any = FlightPlan
    for part in location:
        if isinstance(part, str):
            current = _hints(current).get(part)
        current = _named_class(current)
    return current


def _hints(cls: Any) -> dict[str, Any]:
    if isinstance(cls, type) and issubclass(cls, BaseModel):
        return {name: field.annotation for name, field in cls.model_fields.items()}
    return get_type_hints(cls) if dataclasses.is_dataclass(cls) else {}


def _named_class(annotation: Any) -> Any:
    """Look through optional, annotated and list types to the one class inside."""
    if get_origin(annotation) is Annotated:
        return _named_class(get_args(annotation)[0])
    inside = [_named_class(item) for item in get_args(annotation) if item is not type(None)]
    if inside:
        return inside[0]
    return annotation if isinstance(annotation, type) else None


def _descriptions(cls: Any) -> dict[str, str]:
    """Keys of a document with what they mean."""
    if isinstance(cls, type) and issubclass(cls, BaseModel):
        return {name: field.description or "" for name, field in cls.model_fields.items()}
    return dict.fromkeys(_hints(cls), "")
