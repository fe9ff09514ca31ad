"""Tables of waypoints as comma-separated text: one row a waypoint."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, canonical_json
from lowalt.formats.exchange import Written
from lowalt.formats.plans.cells import LONGEST_CELL
from lowalt.formats.plans.columns import Columns
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.rows import drafts_of, flat

_DELIMITERS = ",;\t"
WAYPOINT_COLUMNS = ("plan_id", "lon_deg", "lat_deg", "level_m", "reference", "time")
"""Columns that every table written has."""


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:
    """Read plans from a table whose first line names its columns.

    Parameters
    ----------
    content
        UTF-8 text; cells are separated by commas, semicolons or tabs, as the first line shows.
        What its columns mean: :mod:`lowalt.formats.plans.columns`.
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

    Examples
    --------
    >>> from lowalt.formats.plans.profile import OperatorProfile, ReadingRules
    >>> table = b'''lon,lat,height_agl_m,time,route_buffer_m
    ... 113.9502,22.5431,0,2026-06-10T10:00:00+08:00,20
    ... 113.9502,22.5431,80,2026-06-10T10:00:20+08:00,
    ... '''
    >>> told = Told(profile=OperatorProfile(reading=ReadingRules(datum="WGS84")))
    >>> [draft] = read(table, name="hover.csv", told=told)
    >>> draft.document["plan_id"], draft.document["waypoints"][1]["level"].value_m
    ('hover', 80.0)
    """
    lines = _lines(content, name=name)
    _, header = next(lines, (0, []))
    columns = Columns.of(header, name=name, told=told)

    def rows() -> Iterator[tuple[int, Sequence[str]]]:
        for line, cells in lines:
            if len(cells) != len(header):
                raise InvalidInputError(
                    f"{name}: line {line}: {len(cells)} cells, and {len(header)} columns; numbers"
                    " have a decimal point, and text with a separator in it stands in quotes"
                )
            yield line, cells

    return drafts_of(columns, rows(), row="line", name=name, told=told)


def _lines(content: bytes, *, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give the cells of each line that has any, with its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"{name}: not UTF-8 text: {error.reason}; save the table as CSV UTF-8"
        ) from None
    header = text.lstrip().partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise InvalidInputError(f"{name}: line {reader.line_num}: no CSV: {error}") from None


def write(plans: Sequence[FlightPlan]) -> Written:
    """Write plans as a table; their facts stand in the first row of each.

    Parameters
    ----------
    plans
        Plans with routes.

    Raises
    ------
    InvalidInputError
        If one has no route.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> written = write([read_plan("examples/plans/06_exactly_120_m.json")])
    >>> print(written.content.decode().splitlines()[0][:51])
    plan_id,lon_deg,lat_deg,level_m,reference,time,airc
    """
    rows = table_of(plans)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns_of(rows), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _written(value) for key, value in row.items()} for row in rows)
    return Written(text.getvalue().encode())


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, bool) else value


def columns_of(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Give the columns of rows: those of waypoints, then those of facts."""
    facts = {key for row in rows for key in row} - set(WAYPOINT_COLUMNS)
    return [*WAYPOINT_COLUMNS, *sorted(facts)]


def table_of(plans: Sequence[FlightPlan]) -> list[dict[str, Any]]:
    """Give the rows of plans by the names of their columns; lists as JSON writes them.

    Raises
    ------
    InvalidInputError
        If a plan has no route, or a list that no cell can hold.
    """
    rows: list[dict[str, Any]] = []
    for plan in plans:
        if plan.waypoints is None:
            raise InvalidInputError(
                f"{plan.plan_id}: an area has no waypoints; write it as lowalt or geojson"
            )
        document = json.loads(canonical_json(plan))
        del document["plan_id"]
        first = len(rows)
        for waypoint in document.pop("waypoints"):
            level = waypoint.pop("level")
            rows.append({"plan_id": plan.plan_id, **waypoint, **_level_cells(level)})
        facts = flat(document)
        rows[first] |= {path: _cell(plan, path, value) for path, value in facts.items()}
    return rows


def _level_cells(level: dict[str, Any]) -> dict[str, Any]:
    return {"level_m": level["value_m"], "reference": level["reference"]}


def _cell(plan: FlightPlan, path: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > LONGEST_CELL:
        raise InvalidInputError(
            f"{plan.plan_id}: {path}: a list of {len(text):,} characters, and a cell has at most"
            f" {LONGEST_CELL:,}; write it as lowalt or geojson"
        )
    return text
