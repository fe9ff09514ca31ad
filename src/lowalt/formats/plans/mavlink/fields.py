"""Members of a JSON document of a mission, each as what it must be, or a refusal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lowalt.errors import InvalidInputError, shown

Place = tuple[float, float]
"""Longitude and latitude, degrees."""


def object_of(value: Any, *, where: str) -> Mapping[str, Any]:
    """Take an object.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    if not isinstance(value, Mapping):
        raise InvalidInputError(f"{where}: given {shown(value)}, expected an object")
    return value


def list_of(value: Any, *, where: str) -> list[Any]:
    """Take a list.

    Raises
    ------
    InvalidInputError
        If it is none.
    """
    if not isinstance(value, list):
        raise InvalidInputError(f"{where}: given {shown(value)}, expected a list")
    return value


def number_of(value: Any, *, where: str) -> float:
    """Take a number.

    Raises
    ------
    InvalidInputError
        If it is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidInputError(f"{where}: given {shown(value)}, expected a number")
    return float(value)


def integer_of(value: Any, *, where: str) -> int:
    """Take a whole number, which JSON may write as ``3.0``.

    Raises
    ------
    InvalidInputError
        If it is none.

    Examples
    --------
    >>> integer_of(3.0, where="item 4: frame")
    3
    """
    number = number_of(value, where=where)
    if not number.is_integer() or abs(number) > 2**53:
        raise InvalidInputError(f"{where}: given {shown(value)}, expected a whole number")
    return int(number)


def place_of(value: Any, *, where: str) -> Place:
    """Take a place written latitude first, as QGroundControl does; a height after it is left.

    Raises
    ------
    InvalidInputError
        If it is none, or not on earth; where the other order would be, it says so.

    Examples
    --------
    >>> place_of([22.5431, 113.9502, 12.0], where="plannedHomePosition")
    (113.9502, 22.5431)
    """
    numbers = list_of(value, where=where)
    if len(numbers) not in (2, 3):
        raise InvalidInputError(
            f"{where}: given {shown(value)}, expected latitude, longitude and at most a height"
        )
    lat_deg, lon_deg = (number_of(number, where=where) for number in numbers[:2])
    require_on_earth(lon_deg, lat_deg, where=where)
    return lon_deg, lat_deg


def require_on_earth(lon_deg: float, lat_deg: float, *, where: str) -> None:
    """Refuse degrees that are no place.

    Raises
    ------
    InvalidInputError
        If they are none; where the other order would be one, it says so.
    """
    if abs(lat_deg) > 90.0 or abs(lon_deg) > 180.0:
        hint = "; they look swapped" if abs(lon_deg) <= 90.0 and abs(lat_deg) <= 180.0 else ""
        raise InvalidInputError(
            f"{where}: latitude {lat_deg:g}, longitude {lon_deg:g}: expected at most 90 and 180"
            f" degrees, latitude first{hint}"
        )
