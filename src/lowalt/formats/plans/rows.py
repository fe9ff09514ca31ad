"""From the rows of a table of waypoints to plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.cells import LONGEST_CELL, CellError, fact, is_empty, number
from lowalt.formats.plans.columns import Columns, fact_kinds
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.flown import MOST_WAYPOINTS, Move, flown

MOST_CELLS: Final = 20_000_000
"""Most cells of a table, empty ones too."""

_MOST_PROBLEMS = 100  # of a plan; more tell nothing new


@dataclass(slots=True)
class _Route:
    """What the rows of one plan have said so far."""

    moves: list[Move] = field(default_factory=list)
    times: list[datetime] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def drafts_of(
    columns: Columns,
    rows: Iterable[tuple[int, Sequence[Any]]],
    *,
    row: str,
    name: str,
    told: Told,
) -> tuple[Draft | InvalidInputError, ...]:
    """Make drafts of plans from rows, which need not stand together.

    Parameters
    ----------
    columns
        What they mean.
    rows
        Their numbers and their cells, as many as there are columns; an empty cell says nothing.
    row
        What messages call one.
    name
        The file, for messages; its stem names the plan of a table that names none.
    told
        What the table does not say.

    Returns
    -------
    tuple
        In the order in which the plans begin; in the place of one that is broken stands why, with
        every cell at fault.

    Raises
    ------
    InvalidInputError
        If a row does not say of which plan it is, or there are too many cells.
    """
    routes: dict[str, _Route] = {}
    stem = Path(name).stem
    for count, (at, cells) in enumerate(rows, start=1):
        where = f"{row} {at}"
        if count * len(columns.names) > MOST_CELLS:
            raise InvalidInputError(f"{name}: {where}: more than {MOST_CELLS:,} cells; split it")
        plan_id = stem
        if columns.plan_id is not None:
            cell = cells[columns.plan_id]
            plan_id = "" if is_empty(cell) else str(cell).strip()
            if not 0 < len(plan_id) <= LONGEST_CELL:
                given = shown(cell)
                raise InvalidInputError(f"{name}: {where}: plan_id: given {given}, expected a name")
        _add(routes.setdefault(plan_id, _Route()), cells, columns, told, where=where)
    drafts = [
        _draft(route, columns, told, plan_id=plan_id, name=name)
        for plan_id, route in routes.items()
    ]
    for at, draft in enumerate(drafts):
        if isinstance(draft, Draft):  # what concerns the whole file is told once
            drafts[at] = Draft(draft.document, (*columns.losses, *draft.losses))
            break
    return tuple(drafts)


def _add(route: _Route, cells: Sequence[Any], columns: Columns, told: Told, *, where: str) -> None:
    """Take a row in, noting what is wrong with it."""
    is_full = len(route.moves) == MOST_WAYPOINTS
    if len(route.problems) >= _MOST_PROBLEMS or (is_full and route.problems):
        return
    at = columns.lon  # the cell being read
    try:
        if is_full:
            raise CellError(f"a plan has at most {MOST_WAYPOINTS:,} waypoints")
        lon_deg = number(cells[at])
        at = columns.lat
        lat_deg = number(cells[at])
        level, speed_m_s = told.level, None
        if columns.level is not None:
            at = columns.level.at
            level = columns.level.read(cells)
        if columns.time is not None and columns.read_time is not None:
            at = columns.time
            route.times.append(columns.read_time(cells[at]))
        elif columns.speed is not None and not is_empty(cells[columns.speed]):
            at = columns.speed
            speed_m_s = number(cells[at])
        assert level is not None
        route.moves.append(
            Move(lon_deg=lon_deg, lat_deg=lat_deg, level=level, speed_m_s=speed_m_s, where=where)
        )
        for at, path in columns.facts.items():
            _add_fact(route.facts, path, cells[at])
    except CellError as error:
        place = f"{where}, {columns.names[at]}"
        route.problems.append(Problem(place, shown(cells[at]), str(error)))


def _add_fact(facts: dict[str, Any], path: str, cell: Any) -> None:
    if is_empty(cell):
        return
    if isinstance(cell, str) and len(cell) > LONGEST_CELL:
        raise CellError(f"expected at most {LONGEST_CELL:,} characters")
    value = fact(cell, fact_kinds()[path])
    if facts.setdefault(path, value) != value:
        raise CellError(f"one for the whole plan, and it was {shown(facts[path])} before")


def _draft(
    route: _Route, columns: Columns, told: Told, *, plan_id: str, name: str
) -> Draft | InvalidInputError:
    if route.problems:
        count = len(route.problems)
        return InvalidInputError(
            f"{name}: {plan_id}: {count} problem{'s' * (count != 1)}", problems=route.problems
        )
    losses: tuple[Loss, ...] = ()
    if columns.time is not None:
        waypoints = [
            {"lon_deg": move.lon_deg, "lat_deg": move.lat_deg, "level": move.level, "time": time}
            for move, time in zip(route.moves, route.times, strict=True)
        ]
    else:
        stated = "route_buffer_m" in route.facts
        try:
            waypoints, losses = flown(route.moves, plan_id=plan_id, told=told, states_buffer=stated)
        except InvalidInputError as error:
            return error
    document = {"plan_id": plan_id, "waypoints": waypoints, **_nested(route.facts)}
    return Draft(document, losses)


def _nested(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Bring facts by their paths into the shape of a plan document."""
    document: dict[str, Any] = {}
    for path, value in facts.items():
        *parts, key = path.split(".")
        inner = document
        for part in parts:
            inner = inner.setdefault(part, {})
        inner[key] = value
    return document


def flat(document: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Give the single facts of a plan document by their paths, lists under their own.

    Examples
    --------
    >>> flat({"aircraft": {"count": 1, "registration": {"state": "normal"}}})
    {'aircraft.count': 1, 'aircraft.registration.state': 'normal'}
    """
    facts: dict[str, Any] = {}
    for key, value in document.items():
        path = f"{within}.{key}" if within else key
        facts.update(flat(value, path) if isinstance(value, Mapping) else {path: value})
    return facts
