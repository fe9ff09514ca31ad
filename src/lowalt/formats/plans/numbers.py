"""Numbers, times and places out of the text of XML routes: what is meant, or a refusal.

Python reads much as a number that no format of routes has: ``1_0``, ``nan``, digits of other
scripts. One such number in a route would put an aircraft anywhere.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from lowalt.errors import InvalidInputError

_SPELLED_WITH: Final = re.compile(r"[0-9eE+.\-]+", re.ASCII)
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE
)
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
# As in a plan: no offset and no duration leads out of the calendar.
_FIRST, _END = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def number_of(text: str | None, *, where: str) -> float:
    """Read a decimal number.

    Parameters
    ----------
    text
        Text of an element or attribute; ``None`` if there is none.
    where
        What messages call it.

    Raises
    ------
    InvalidInputError
        If it is none, or not finite.

    Examples
    --------
    >>> number_of(" 22.5431 ", where="lat")
    22.5431
    >>> number_of("22,5431", where="lat")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: lat: given '22,5431', expected a number with a point, not a ...
    """
    spelled = (text or "").strip()
    value = math.nan
    if _SPELLED_WITH.fullmatch(spelled):
        with suppress(ValueError):
            value = float(spelled)
    if not math.isfinite(value):
        point = " with a point, not a comma" if "," in spelled else ""
        raise InvalidInputError(f"{where}: given {spelled[:40]!r}, expected a number{point}")
    return value


def count_of(text: str | None, *, where: str) -> int:
    """Read a whole number of at most nine digits, zero or more.

    Raises
    ------
    InvalidInputError
        If it is none.

    Examples
    --------
    >>> count_of("12", where="index")
    12
    """
    spelled = (text or "").strip()
    if not (spelled.isascii() and spelled.isdigit() and len(spelled) <= 9):
        raise InvalidInputError(f"{where}: given {spelled[:40]!r}, expected a whole number")
    return int(spelled)


def time_of(text: str | None, *, where: str) -> datetime:
    """Read a time of XML, which must say its offset.

    Raises
    ------
    InvalidInputError
        If it is none, or says no offset: what local time is meant nobody could tell.

    Examples
    --------
    >>> time_of("2026-06-10T02:00:30Z", where="time").isoformat()
    '2026-06-10T02:00:30+00:00'
    >>> time_of("2026-06-10T02:00:30", where="time")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: time: given '2026-06-10T02:00:30', without its offset; ...
    """
    spelled = (text or "").strip()
    match = _TIME.fullmatch(spelled)
    if (match and not match[1]) or _DATE.fullmatch(spelled):
        raise InvalidInputError(
            f"{where}: given {spelled!r}, without its offset; write it as 2026-06-10T10:00:00+08:00"
        )
    try:
        moment = datetime.fromisoformat(spelled.upper()) if match else None
    except ValueError:
        moment = None
    if moment is None or not _FIRST <= moment < _END:
        raise InvalidInputError(
            f"{where}: given {spelled[:40]!r}, expected a time between 1900 and 2200, such as"
            " 2026-06-10T10:00:00+08:00"
        )
    return moment


def place_of(lon: str | None, lat: str | None, *, where: str) -> tuple[float, float]:
    """Read a longitude and a latitude in degrees.

    Raises
    ------
    InvalidInputError
        If they are none, or no place on earth; where the other order would make one, it says so.

    Examples
    --------
    >>> place_of("113.9502", "22.5431", where="point 1")
    (113.9502, 22.5431)
    >>> place_of("22.5431", "113.9502", where="point 1")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: point 1: longitude 22.5431, latitude 113.95: expected ...
    """
    lon_deg = number_of(lon, where=f"{where}: longitude")
    lat_deg = number_of(lat, where=f"{where}: latitude")
    if abs(lon_deg) > 180.0 or abs(lat_deg) > 90.0:
        hint = "; they look swapped" if abs(lon_deg) <= 90.0 and abs(lat_deg) <= 180.0 else ""
        raise InvalidInputError(
            f"{where}: longitude {lon_deg:g}, latitude {lat_deg:g}: expected at most 180 and 90"
            f" degrees{hint}"
        )
    return lon_deg, lat_deg
