"""The records of OpenAir, one a line: how their values are spelled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lowalt.errors import InvalidInputError
from lowalt.formats.limits import METRES_PER_FLIGHT_LEVEL, Limit, PressureAltitude
from lowalt.formats.rings import Place
from lowalt.levels import Level, VerticalReference
from lowalt.temporal import OPEN_END, OPEN_START, TimeInterval, read_time
from lowalt.units import METRES_PER_FOOT


@dataclass(frozen=True, slots=True)
class Record:
    """A line: its number, its key (``AN``, ``DP``, ``V X``) and what follows."""

    line: int
    key: str
    value: str


_LONGEST_RECORD = 1000
_RECORD = re.compile(r"(?:V\s+([A-Z])\s*=|([A-Z]{2})(?!\S))\s*(.*)", re.IGNORECASE | re.ASCII)


def records_of(text: str, *, name: str) -> Iterator[Record]:
    r"""Cut a text into records; ``*`` begins a comment wherever it stands.

    Raises
    ------
    InvalidInputError
        If a line is none.

    Examples
    --------
    >>> for record in records_of("* noise\nAC R\nV D=-  * turn left", name="zones.txt"):
    ...     print(record)
    Record(line=2, key='AC', value='R')
    Record(line=3, key='V D', value='-')
    """
    for number, line in enumerate(io.StringIO(text, newline=None), start=1):
        body = line.partition("*")[0].strip()
        if not body:
            continue
        found = _RECORD.fullmatch(body) if len(body) <= _LONGEST_RECORD else None
        if found is None:
            raise InvalidInputError(
                f"{name}: line {number}: given {body[:40]!r}, expected an OpenAir record such as"
                " 'AN name', 'DP point' or 'V X=point'; comments begin with *"
            )
        variable, word, value = found.groups()
        key = f"V {variable}" if variable else word
        yield Record(number, key.upper(), value)


# Points

_ANGLE = r"(\d{1,3}):(\d{1,2}(?:\.\d+)?)(?::(\d{1,2}(?:\.\d+)?))?\s*([NSEW])"
_POINT = re.compile(rf"\s*{_ANGLE}\s*,?\s*{_ANGLE}", re.IGNORECASE | re.ASCII)
# WinPilot's own sample numbers its points: DP 36:41:00 N 115:56:10 W    c29
_LABEL = re.compile(r"(\s+[A-Z]\w*)?\s*", re.IGNORECASE | re.ASCII)


def read_points(text: str, *, count: int) -> tuple[Place, ...]:
    """Read points, latitude first, in degrees, minutes and seconds or in decimal minutes.

    Raises
    ------
    InvalidInputError
        If there are others than ``count`` points, or they are no places on earth.

    Examples
    --------
    >>> read_points("22:33:00 N 113:54.5 E", count=1)
    ((113.908333..., 22.55),)
    """
    places, end = [], 0
    for number in range(count):
        if number:
            end = len(text) - len(text[end:].lstrip().removeprefix(",").lstrip())
        found = _POINT.match(text, end)
        if found is None:
            break
        lat_deg = _angle(found.group(1, 2, 3, 4), "NS", 90.0)
        lon_deg = _angle(found.group(5, 6, 7, 8), "EW", 180.0)
        places.append((lon_deg, lat_deg))
        end = found.end()
    if len(places) < count or not _LABEL.fullmatch(text, end):
        raise InvalidInputError(
            f"given {text[:60]!r}, expected {count} point{'s' if count > 1 else ''} such as"
            " 22:33:32 N 113:55:29 E or 22:33.53 N 113:55.48 E"
        )
    return tuple(places)


def _angle(parts: tuple[str, ...], hemispheres: str, greatest_deg: float) -> float:
    degrees, minutes, seconds, hemisphere = parts
    if hemisphere.upper() not in hemispheres:
        raise InvalidInputError(
            f"an angle ends with {hemisphere!r}, expected {' or '.join(hemispheres)}: latitude"
            " comes first"
        )
    if float(minutes) > 60.0 or float(seconds or 0) > 60.0:
        raise InvalidInputError(
            f"an angle of {minutes} minutes{f', {seconds} seconds' if seconds else ''}: expected"
            " at most 60 of each"
        )
    value_deg = int(degrees) + (float(minutes) + float(seconds or 0) / 60.0) / 60.0
    if value_deg > greatest_deg:
        raise InvalidInputError(
            f"an angle of {value_deg:g} degrees {hemisphere.upper()}: expected at most"
            f" {greatest_deg:g}; latitude comes first"
        )
    return -value_deg if hemisphere.upper() in "SW" else value_deg


_NUMBER = re.compile(r"\d{1,9}(\.\d*)?|\.\d+", re.ASCII)


def read_numbers(text: str, *, count: int) -> tuple[float, ...]:
    """Read numbers with commas between them.

    Raises
    ------
    InvalidInputError
        If there are others than ``count``.
    """
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != count or not all(_NUMBER.fullmatch(p) for p in parts):
        raise InvalidInputError(
            f"given {text[:60]!r}, expected {count} number{'s' if count > 1 else ''}, 0 or more"
        )
    return tuple(map(float, parts))


# Limits

_SURFACE = {"GND", "SFC", "SURFACE", "0"}
_UNLIMITED = {"UNL", "UNLIM", "UNLTD", "UNLIMITED"}
_FLIGHT_LEVEL = re.compile(r"FL\s*(\d{1,4}(?:\.\d+)?)(\s*STD)?", re.ASCII)
_HEIGHT = re.compile(
    r"([+-]?\d{1,9}(?:\.\d+)?)\s*(FT|F|M)?\s*(AMSL|MSL|AGL|AGND|ASFC|GND|SFC|STD)?",
    re.ASCII,
)
_METRES = {None: METRES_PER_FOOT, "F": METRES_PER_FOOT, "FT": METRES_PER_FOOT, "M": 1.0}


def read_limit(text: str, *, is_floor: bool) -> Limit:
    """Read a limit; without a unit it is in feet, without a reference above mean sea level.

    Raises
    ------
    InvalidInputError
        If it is none.

    Examples
    --------
    >>> print(read_limit("3600m MSL", is_floor=True), read_limit("FL 120", is_floor=False))
    3600 m AMSL FL120
    """
    word = text.upper()
    if word in (_SURFACE if is_floor else _UNLIMITED):
        return None
    if found := _FLIGHT_LEVEL.fullmatch(word):
        return PressureAltitude(float(found[1]) * METRES_PER_FLIGHT_LEVEL)
    found = _HEIGHT.fullmatch(word)
    if found is None:
        raise InvalidInputError(
            f"given {text[:60]!r}, expected a limit such as 3600m AMSL, 500ft AGL, FL120 or"
            f" {'GND' if is_floor else 'UNL'}"
        )
    value_m = float(found[1]) * _METRES[found[2]]
    if found[3] == "STD":
        return PressureAltitude(value_m)
    is_altitude = found[3] in (None, "AMSL", "MSL")
    return Level(value_m, VerticalReference.AMSL if is_altitude else VerticalReference.AGL)


# Times


def read_times(text: str) -> TimeInterval | None:
    """Read when an airspace is active; ``None`` for one that a notice will activate.

    Raises
    ------
    InvalidInputError
        If it is no interval of times in UTC.

    Examples
    --------
    >>> read_times("2024-12-17T00:00Z/2024-12-17T24:00Z").end.isoformat()
    '2024-12-18T00:00:00+00:00'
    """
    if text.upper() == "NONE":
        return None
    start, slash, end = text.partition("/")
    if not slash:
        raise InvalidInputError(
            f"given {text[:60]!r}, expected two times such as"
            " 2023-12-16T12:00Z/2023-12-16T13:00Z, or NONE"
        )
    return TimeInterval(_time(start, OPEN_START), _time(end, OPEN_END))


def _time(text: str, unstated: datetime) -> datetime:
    text = text.strip()
    if text.upper() == "NONE":
        return unstated
    midnight = re.fullmatch(r"(.*T)24:00(:00)?Z", text)
    if midnight is None:
        return read_time(text, where="AA")
    try:
        return read_time(f"{midnight[1]}00:00Z", where="AA") + timedelta(days=1)
    except OverflowError:
        return OPEN_END
