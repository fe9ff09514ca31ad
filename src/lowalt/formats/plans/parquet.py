"""Tables of waypoints as Parquet: one row a waypoint, columns as in the text of a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from lowalt.errors import InvalidInputError, MissingExtraError, shown
from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Written
from lowalt.formats.plans.cells import LONGEST_CELL
from lowalt.formats.plans.columns import Columns, fact_kinds
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.rows import MOST_CELLS, drafts_of
from lowalt.formats.plans.tables import columns_of, table_of

LARGEST_UNPACKED_BYTES: Final = 512 * 1024 * 1024
"""Most that the columns of a file may unpack to."""

_BATCH_ROWS = 65_536


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:
    """Read plans from a Parquet file.

    Parameters
    ----------
    content
        The file. What its columns mean: :mod:`lowalt.formats.plans.columns`; times are timestamps
        with a time zone, or text as in CSV. Columns that mean nothing are not read.
    name
        What messages call it.
    told
        What it does not say.

    Returns
    -------
    tuple
        Drafts in the order in which the plans begin; in the place of a broken one stands why.

    Raises
    ------
    InvalidInputError
        If it is no such table.
    MissingExtraError
        If pyarrow is not installed.
    """
    arrow, parquet = _libraries()
    try:
        return _read(content, arrow, parquet, name=name, told=told)
    except (arrow.ArrowException, OSError, MemoryError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise InvalidInputError(f"{name}: no Parquet that can be read: {reason}") from None


def _read(
    content: bytes, arrow: Any, parquet: Any, *, name: str, told: Told
) -> tuple[Draft | InvalidInputError, ...]:
    source = arrow.BufferReader(content)
    schema = parquet.read_schema(source)
    columns = Columns.of(schema.names, name=name, told=told)
    kinds = [schema.field(at).type for at in columns.used]
    for at, kind in zip(columns.used, kinds, strict=True):
        if arrow.types.is_nested(kind):
            raise InvalidInputError(
                f"{name}: column {columns.names[at]}: given {shown(str(kind))}, expected single"
                " values: make it a column for each"
            )
    wanted = [schema.names[at] for at in columns.used]
    # Text stays a list of the words that occur, with numbers of words, until each has been seen to
    # be short: so a small file cannot unpack to one long text a million times.
    texts = [
        column
        for column, kind in zip(wanted, kinds, strict=True)
        if arrow.types.is_string(kind) or arrow.types.is_large_string(kind)
    ]
    file = parquet.ParquetFile(source, read_dictionary=texts)
    _require_small(file.metadata, columns=len(wanted), name=name)

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        cells: list[Any] = [None] * len(schema.names)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=wanted):
            read_columns = [_values(batch.column(column), arrow, name=name) for column in wanted]
            for values in zip(*read_columns, strict=True):
                number += 1
                for at, value in zip(columns.used, values, strict=True):
                    cells[at] = value
                yield number, cells

    return drafts_of(columns, rows(), row="row", name=name, told=told)


def _require_small(metadata: Any, *, columns: int, name: str) -> None:
    unpacked = sum(metadata.row_group(at).total_byte_size for at in range(metadata.num_row_groups))
    if metadata.num_rows * columns > MOST_CELLS or unpacked > LARGEST_UNPACKED_BYTES:
        raise InvalidInputError(
            f"{name}: {metadata.num_rows:,} rows that unpack to {unpacked:,} bytes: at most"
            f" {MOST_CELLS:,} cells and {LARGEST_UNPACKED_BYTES:,} bytes are read; split the file"
        )


def _values(column: Any, arrow: Any, *, name: str) -> Any:
    if arrow.types.is_dictionary(column.type):
        words = column.dictionary.to_pylist()
        if any(isinstance(word, str) and len(word) > LONGEST_CELL for word in words):
            raise InvalidInputError(f"{name}: a text of more than {LONGEST_CELL:,} characters")
        return [None if at is None else words[at] for at in column.indices.to_pylist()]
    if arrow.types.is_timestamp(column.type):
        column = column.cast(arrow.timestamp("us", tz=column.type.tz), safe=False)
    return column.to_pylist()


def write(plans: Sequence[FlightPlan]) -> Written:
    """Write plans as Parquet; their facts stand in the first row of each.

    Parameters
    ----------
    plans
        Plans with routes.

    Raises
    ------
    InvalidInputError
        If one has no route.
    MissingExtraError
        If pyarrow is not installed.
    """
    arrow, parquet = _libraries()
    rows = table_of(plans)
    for row in rows:
        row["time"] = datetime.fromisoformat(row["time"]).astimezone(UTC)
    kinds = {
        "plan_id": arrow.string(),
        "lon_deg": arrow.float64(),
        "lat_deg": arrow.float64(),
        "level_m": arrow.float64(),
        "reference": arrow.string(),
        "time": arrow.timestamp("us", tz="UTC"),
    }
    of_facts = {
        "number": arrow.float64(),
        "integer": arrow.int64(),
        "boolean": arrow.bool_(),
        "string": arrow.string(),
        "array": arrow.string(),
    }
    schema = arrow.schema(
        [
            (column, kinds.get(column) or of_facts[fact_kinds()[column]])
            for column in columns_of(rows)
        ]
    )
    target = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows, schema=schema), target)
    return Written(target.getvalue())


def _libraries() -> tuple[Any, Any]:
    if find_spec("pyarrow") is None:
        raise MissingExtraError(
            "Parquet needs pyarrow: pip install lowalt[parquet]; tables are also read and written"
            " as CSV without it"
        )
    return import_module("pyarrow"), import_module("pyarrow.parquet")
