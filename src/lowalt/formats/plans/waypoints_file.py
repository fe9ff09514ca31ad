"""Missions as text, ``QGC WPL 110``: what Mission Planner writes, ``.waypoints``.

A line is an item: its index, whether it is the current one, frame, command, four parameters,
latitude, longitude, height, and whether the mission goes on by itself. The first is the home.
Nothing says what flies, or how fast.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from lowalt.documents import require_size
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.mavlink.drafting import draft_of
from lowalt.formats.plans.mavlink.items import AMSL_FRAME, Item
from lowalt.formats.plans.mavlink.jumps import MOST_STEPS
from lowalt.formats.plans.mavlink.missions import Mission
from lowalt.formats.plans.numbers import number_of

_FIRST_LINE: Final = ("QGC", "WPL", "110")
_COLUMNS: Final = 12
_MOST_LINES: Final = MOST_STEPS + 1  # all of them flown once
_INDEX, _FRAME, _COMMAND = 0, 2, 3
_PARAMS: Final = slice(4, 11)


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft, ...]:
    """Read the mission of a file of waypoints.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file; without its ending it is the plan's identifier.
    told
        The departure, and what the operator says of all flights: the speed among it.

    Returns
    -------
    tuple of Draft
        One.

    Raises
    ------
    InvalidInputError
        If it is no such file, an item in it cannot be read or leads nobody knows where, or
        something is missing; the message names the file and the line, or all that is missing.

    Examples
    --------
    >>> from datetime import datetime
    >>> from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
    >>> content = b'''QGC WPL 110
    ... 0 1 0 16 0 0 0 0 22.5431 113.9502 12.5 1
    ... 1 0 3 22 0 0 0 0 0 0 50 1
    ... 2 0 3 16 0 0 0 0 22.5440 113.9510 50 1
    ... 3 0 3 21 0 0 0 0 22.5440 113.9510 0 1
    ... '''
    >>> told = Told(
    ...     departure=datetime.fromisoformat("2026-06-10T10:00:00+08:00"),
    ...     profile=OperatorProfile(
    ...         route=RouteRules(buffer_m=20.0),
    ...         performance=Performance(cruise_m_s=5.0, climb_m_s=3.0, descent_m_s=2.0),
    ...     ),
    ... )
    >>> (draft,) = read(content, name="roof.waypoints", told=told)
    >>> draft.document["plan_id"], draft.document["waypoints"][-1]["time"].strftime("%H:%M:%S")
    ('roof', '10:01:07')
    """
    require_size(content, name=name)
    with naming(name):
        home, *items = _rows(content)
        where = home.place
        if where is None or home.frame != AMSL_FRAME:
            raise InvalidInputError(
                f"{home.where}: expected the home, with a place and frame {AMSL_FRAME}; set the"
                " home position in Mission Planner and save the mission"
            )
        mission = Mission(
            items=items,
            home=where,
            home_amsl_m=home.param(7) or None,
            is_ardupilot=True,  # Mission Planner knows no other autopilot
        )
    return (draft_of(mission, name=name, plan_id=Path(name).stem or name, told=told),)


def _rows(content: bytes) -> list[Item]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"not UTF-8 text: {error.reason}") from None
    first, *lines = text.splitlines() or [""]
    if tuple(first.split()) != _FIRST_LINE:
        raise InvalidInputError(f"begins with {shown(first)}, expected {' '.join(_FIRST_LINE)!r}")
    if len(lines) > _MOST_LINES:
        raise InvalidInputError(f"{len(lines):,} lines, expected at most {_MOST_LINES:,}")
    rows = [
        _item(line.split(), where=f"line {number}")
        for number, line in enumerate(lines, start=2)
        if line.strip()
    ]
    if not rows:
        raise InvalidInputError("no items in it; expected the home and at least one more")
    return rows


def _item(columns: list[str], *, where: str) -> Item:
    if len(columns) != _COLUMNS:
        raise InvalidInputError(f"{where}: {len(columns)} columns, expected {_COLUMNS}")
    index, frame, command = (
        _whole(columns[column], where=f"{where}: column {column + 1}")
        for column in (_INDEX, _FRAME, _COMMAND)
    )
    return Item(
        command=command,
        frame=frame,
        params=tuple(_param(text, where=where) for text in columns[_PARAMS]),
        where=where,
        jump_id=index,
    )


def _whole(text: str, *, where: str) -> int:
    number = number_of(text, where=where)
    if not number.is_integer() or abs(number) > 2**31:
        raise InvalidInputError(f"{where}: given {text[:40]!r}, expected a whole number")
    return int(number)


def _param(text: str, *, where: str) -> float | None:
    return None if text.lower() == "nan" else number_of(text, where=where)
