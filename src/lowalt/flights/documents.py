"""What every part of a flight-plan document has in common.

A document says what its author knows. A key that is absent or ``null`` means *unknown*, an empty
list means *none*, and nothing has a default that helps. Types are strict: ``"5"`` is no number and
``1`` is no truth value. Times carry their offset, numbers are finite and within what is physically
conceivable, and every number names its unit in the schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, NoReturn

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from lowalt.errors import Problem


class Document(BaseModel):
    """A frozen, strict part of a document; unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        # Schemas are compiled when the first plan is read, so that importing stays cheap.
        defer_build=True,
    )


def fact(description: str, **schema: Any) -> Any:
    """Declare something that the author of a document may not know."""
    return Field(default=None, description=description, **schema)


def refuse(problems: Iterable[Problem]) -> NoReturn:
    """Fail the validation of a field for several reasons at once.

    Parameters
    ----------
    problems
        Their ``where`` is relative to the field being validated: ``""``, ``"[2].time"``, ``"end"``.
    """
    found = tuple(problems)
    raise PydanticCustomError(
        PROBLEMS, "{text}", {"problems": found, "text": "; ".join(map(str, found))}
    )


PROBLEMS = "lowalt_problems"
"""Type of the validation errors that carry ready-made problems."""


def _number(unit: str, **limits: Any) -> Any:
    return Field(json_schema_extra={"unit": unit}, **limits)


# The upper ends only keep out what can be no aircraft; none of them is a number of the law.
Metres = Annotated[float, _number("m", ge=0, le=1e7)]
PositiveMetres = Annotated[float, _number("m", gt=0, le=1e7)]
ElevationMetres = Annotated[float, _number("m", ge=-1e3, le=1e4)]
Kilograms = Annotated[float, _number("kg", gt=0, le=1e6)]
MetresPerSecond = Annotated[float, _number("m/s", ge=0, le=1e4)]
Seconds = Annotated[float, _number("s", ge=0, le=1e9)]
Hours = Annotated[float, _number("h", ge=0, le=1e6)]
Percent = Annotated[float, _number("%", ge=0, le=100)]
Megahertz = Annotated[float, _number("MHz", gt=0, le=1e6)]
Joules = Annotated[float, _number("J", ge=0, le=1e12)]
PerSquareKilometre = Annotated[float, _number("1/km2", ge=0, le=1e6)]
PerHour = Annotated[float, _number("1/h", ge=0, le=1)]
Count = Annotated[int, _number("1", ge=1, le=1_000_000)]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 3166-1 alpha-3, such as CHN."""


def _written_as(kind: type[date], pattern: str, example: str) -> Callable[[Any], Any]:
    """Refuse the other forms that the parser knows, above all seconds since 1970."""
    matches = re.compile(pattern).match

    def check(value: Any) -> Any:
        if type(value) is kind or (isinstance(value, str) and matches(value)):
            return value
        given = f'"{value[:60]}"' if isinstance(value, str) else f"{value!r:.60}"
        noun = "time" if kind is datetime else "date"
        refuse([Problem("", given, f"expected a {noun} such as {example}")])

    return check


# Away from the ends of the calendar, so that no offset and no added year can overflow.
_FIRST, _END = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

# Not strict inside, because behind a check of ours the parser no longer knows that the text came
# from JSON; the check lets nothing else through.
Moment = Annotated[
    AwareDatetime,
    Field(
        ge=_FIRST,
        lt=_END,
        strict=False,
        json_schema_extra={"pattern": r"^\d{4}-.*([Zz]|[+-]\d\d:?\d\d)$"},
    ),
    BeforeValidator(_written_as(datetime, r"\d{4}-\d\d-\d\d[Tt ]", "2026-03-01T09:00:00+08:00")),
]
"""A time with its offset."""

Day = Annotated[
    date,
    Field(
        ge=_FIRST.date(),
        lt=_END.date(),
        strict=False,
        json_schema_extra={"pattern": r"^\d{4}-\d\d-\d\d$"},
    ),
    BeforeValidator(_written_as(date, r"\d{4}-\d\d-\d\d\Z", "2026-03-01")),
]
"""A calendar day where the flight takes place."""
