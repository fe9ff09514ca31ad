"""Cells of tables: numbers, times and facts, as text or as values of their own."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, NaiveDatetimeError
from lowalt.temporal import read_time

LONGEST_CELL: Final = 10_000
"""Most characters of a cell: as many as a text of a plan may have."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END_S = 7_258_118_400.0  # the year 2200, as in a plan


class CellError(ValueError):
    """A cell that cannot be read; the message says what was expected."""


def is_empty(cell: Any) -> bool:
    """Whether a cell says nothing: empty text, or a missing value as tables have them."""
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))


def number(cell: Any) -> float:
    """Read a finite number.

    Raises
    ------
    CellError
        If it is none.

    Examples
    --------
    >>> number(" 22.5431 "), number(80)
    (22.5431, 80.0)
    >>> number("22,5431")
    Traceback (most recent call last):
    ...
    lowalt.formats.plans.cells.CellError: expected a number with a decimal point
    """
    if isinstance(cell, str):
        try:
            value = float(cell)
        except ValueError:
            with_point = " with a decimal point" if "," in cell else ""
            raise CellError(f"expected a number{with_point}") from None
        if "_" in cell:  # which Python lets stand between digits
            raise CellError("expected a number")
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = _as_float(cell)
    else:
        raise CellError("expected a number")
    if not math.isfinite(value):
        raise CellError("expected a finite number")
    return value


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def moment(cell: Any) -> datetime:
    """Read a time with its offset.

    Raises
    ------
    CellError
        If it is none.
    """
    if isinstance(cell, datetime):
        if cell.tzinfo is None:
            raise CellError("a time needs its offset: expected a column of times with a time zone")
        return cell
    try:
        return read_time(cell.strip() if isinstance(cell, str) else None, where="time")
    except NaiveDatetimeError:
        raise CellError(f"a time needs its offset: {cell.strip()}+08:00 is local time") from None
    except InvalidInputError:
        raise CellError("expected a time such as 2026-03-01T09:00:00+08:00") from None


def unix_seconds(cell: Any) -> datetime:
    """Read seconds since 1970.

    Raises
    ------
    CellError
        If they are no such number.
    """
    value_s = number(cell)
    if not 0.0 <= value_s < _END_S:
        raise CellError("expected seconds since 1970 of a time before 2200")
    return _EPOCH + timedelta(seconds=value_s)


def unix_milliseconds(cell: Any) -> datetime:
    """Read milliseconds since 1970.

    Raises
    ------
    CellError
        If they are no such number, or look like seconds.
    """
    value_ms = number(cell)
    if 0.0 <= value_ms < _END_S:  # as milliseconds a day of early 1970: nobody plans for that
        raise CellError("expected milliseconds since 1970; these look like seconds, unix_s")
    return unix_seconds(value_ms / 1000.0)


def fact(cell: Any, kind: str) -> Any:
    """Read a single fact as JSON has it, for the plan's own rules to judge.

    Parameters
    ----------
    cell
        The cell.
    kind
        ``number``, ``integer``, ``boolean``, ``string`` or ``array``.

    Raises
    ------
    CellError
        If a list is not JSON.

    Examples
    --------
    >>> fact("TRUE", "boolean"), fact("4.069", "number"), fact("12", "string")
    (True, 4.069, '12')
    >>> fact('[{"name": "Li"}]', "array")
    [{'name': 'Li'}]
    """
    if isinstance(cell, str):
        cell = cell.strip()
        if kind == "array":
            return _list(cell)
        if kind == "boolean":
            return {"true": True, "false": False}.get(cell.lower(), cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if kind not in ("number", "integer"):
        return cell
    try:
        value = number(cell)
    except CellError:
        return cell
    return int(value) if kind == "integer" and value.is_integer() else value


def _list(cell: str) -> Any:
    try:
        return parse_json(cell.encode(), name="list")
    except InvalidInputError as error:
        raise CellError(f"expected a list as JSON writes it: {error}") from None
