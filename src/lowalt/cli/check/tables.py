"""The rows of a day as a file: JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from lowalt.cli.check.rows import Row
from lowalt.errors import MissingExtraError

COLUMNS: Final = (
    "file",
    "sha256",
    "item",
    "items",
    "plan_id",
    "departure",
    "decision",
    "best",
    "worst",
    "breached",
    "required",
    "open",
    "missing",
    "first_due",
    "first_due_kind",
    "first_due_state",
    "first_due_to_zh",
    "first_due_to_en",
    "first_due_citation",
    "notes",
    "error",
)
"""Columns of a table, one row a plan; JSON lines have ``deadlines`` for the six of the first."""

_LISTS = ("breached", "required", "open", "missing", "notes")
_NUMBERS = ("item", "items")
_TIMES = ("departure", "first_due")
_BETWEEN = "; "
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def line(row: Mapping[str, Any]) -> bytes:
    """Write a row, or what stands above them, as a line of JSON."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def json_lines(header: Row, rows: Sequence[Row]) -> bytes:
    """Write what the rows rest on as the first line, and each row as one more."""
    return b"".join(map(line, (header, *rows)))


def csv_table(header: Row, rows: Sequence[Row]) -> bytes:  # noqa: ARG001 - a table has no place for it
    """Write a table that spreadsheets read as it is meant.

    It begins with the mark by which they know UTF-8, and no cell is a formula: a plan may be named
    like one.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in map(_flat, rows):
        writer.writerow([_cell(row.get(column)) for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def parquet_table(header: Row, rows: Sequence[Row]) -> bytes:
    """Write a table with typed columns, and with what it rests on under ``lowalt``.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    require_parquet()
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    kinds = dict.fromkeys(COLUMNS, arrow.string())
    kinds |= dict.fromkeys(_LISTS, arrow.list_(arrow.string()))
    kinds |= dict.fromkeys(_NUMBERS, arrow.int32())
    kinds |= dict.fromkeys(_TIMES, arrow.timestamp("us", tz="UTC"))
    schema = arrow.schema(kinds.items(), metadata={"lowalt": json.dumps(header)})
    found = [_timed(_flat(row)) for row in rows]
    table = arrow.table(
        {column: [row.get(column) for row in found] for column in COLUMNS}, schema=schema
    )
    content = io.BytesIO()
    parquet.write_table(table, content)
    return content.getvalue()


def require_parquet() -> None:
    """Refuse Parquet where the library for it is missing.

    Raises
    ------
    MissingExtraError
        If pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtraError(
            "Parquet needs pyarrow: pip install 'lowalt[parquet]', or write .csv or .jsonl"
        )


WRITERS: Final[Mapping[str, Callable[[Row, Sequence[Row]], bytes]]] = {
    ".jsonl": json_lines,
    ".csv": csv_table,
    ".parquet": parquet_table,
}
"""What writes a table, by the ending of its file."""


def _flat(row: Row) -> Row:
    """Give the first deadline for them all."""
    first = next(iter(row.get("deadlines", ())), None)
    if first is None:
        return row
    return {
        **row,
        "first_due": first["due"],
        "first_due_kind": first["kind"],
        "first_due_state": first["state"],
        "first_due_to_zh": first["addressee"]["zh"],
        "first_due_to_en": first["addressee"]["en"],
        "first_due_citation": first["citation"],
    }


def _timed(row: Row) -> Row:
    times = {key: row[key] for key in _TIMES if row.get(key) is not None}
    return {
        **row,
        **{key: datetime.fromisoformat(text).astimezone(UTC) for key, text in times.items()},
    }


def _cell(value: Any) -> str:
    text = _BETWEEN.join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
