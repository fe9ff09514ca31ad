"""One item of a mission: a command, what its height is measured from, and seven parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lowalt.errors import InvalidInputError, shown
from lowalt.formats.plans.mavlink.fields import (
    Place,
    integer_of,
    list_of,
    number_of,
    require_on_earth,
)
from lowalt.levels import Level, VerticalReference

RELATIVE_FRAME: Final = 3
"""Heights above home."""

AMSL_FRAME: Final = 0
"""Altitudes above mean sea level."""

TERRAIN_FRAME: Final = 10
"""Heights above the ground below."""

MISSION_FRAME: Final = 2
"""No place at all: the frame of commands that are not about one."""

# MAV_FRAME of MAVLink's common.xml. In files the frames of integers, 5, 6 and 11, hold degrees too.
_REFERENCES: Final[Mapping[int, VerticalReference]] = {
    AMSL_FRAME: VerticalReference.AMSL,
    5: VerticalReference.AMSL,
    RELATIVE_FRAME: VerticalReference.ATO,
    6: VerticalReference.ATO,
    TERRAIN_FRAME: VerticalReference.AGL,
    11: VerticalReference.AGL,
}

PARAMETERS: Final = 7
_LATITUDE, _LONGITUDE, _HEIGHT = 5, 6, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A command as it is sent to the autopilot.

    Parameters
    ----------
    command
        Number of MAV_CMD.
    frame
        Number of MAV_FRAME: what place and height are measured from.
    params
        Seven numbers, ``None`` where there is none.
    where
        What messages call it: ``item 4``.
    jump_id
        By which jumps name it, if they can.
    """

    command: int
    frame: int
    params: tuple[float | None, ...]
    where: str
    jump_id: int | None = None

    def __post_init__(self) -> None:
        if len(self.params) != PARAMETERS:
            raise InvalidInputError(
                f"{self.where}: {len(self.params)} parameters, expected {PARAMETERS}"
            )

    def param(self, number: int) -> float | None:
        """Give a parameter by its number from 1 to 7, as MAVLink counts them."""
        return self.params[number - 1]

    def number(self, number: int) -> float:
        """Give a parameter for which nothing means 0."""
        return self.params[number - 1] or 0.0

    @property
    def is_global(self) -> bool:
        """Whether its frame is one in which places are on earth."""
        return self.frame in _REFERENCES

    @property
    def reference(self) -> VerticalReference:
        """What its heights are measured from.

        Raises
        ------
        InvalidInputError
            If that is no thing on earth.
        """
        try:
            return _REFERENCES[self.frame]
        except KeyError:
            raise InvalidInputError(
                f"{self.where}: frame {self.frame} has no place on earth; expected"
                f" {AMSL_FRAME} (mean sea level), {RELATIVE_FRAME} (above home) or"
                f" {TERRAIN_FRAME} (above terrain)"
            ) from None

    @property
    def place(self) -> Place | None:
        """Where it leads; ``None`` is wherever the aircraft is, which is also written as 0, 0.

        Raises
        ------
        InvalidInputError
            If half of it is missing, or it is not on earth.
        """
        lat_deg, lon_deg = self.param(_LATITUDE), self.param(_LONGITUDE)
        if not lat_deg and not lon_deg:
            return None
        if lat_deg is None or lon_deg is None:
            raise InvalidInputError(f"{self.where}: half a place: give latitude and longitude")
        require_on_earth(lon_deg, lat_deg, where=self.where)
        return lon_deg, lat_deg

    @property
    def level(self) -> Level:
        """How high it leads.

        Raises
        ------
        InvalidInputError
            If it does not say, or not on earth.
        """
        return self.level_at(_HEIGHT)

    @property
    def states_level(self) -> bool:
        """Whether it says how high it leads."""
        return self.param(_HEIGHT) is not None

    def level_at(self, number: int) -> Level:
        """Read a parameter as a height in the item's frame.

        Raises
        ------
        InvalidInputError
            If there is none, or the frame has none.
        """
        height_m = self.param(number)
        if height_m is None:
            raise InvalidInputError(
                f"{self.where}: no height; open the plan in QGroundControl, with terrain data if"
                " its heights follow the terrain, and save it"
            )
        return Level(height_m, self.reference)


def simple_item(document: Mapping[str, Any], *, where: str, has_jump_id: bool = True) -> Item:
    """Read an item as QGroundControl writes it.

    What flies is ``frame`` and the seventh parameter. ``Altitude`` and ``AltitudeMode`` are what
    its editor shows, and mean different things in files of different years.

    Parameters
    ----------
    document
        The object.
    where
        What messages call it.
    has_jump_id
        Whether jumps may lead to it: not to those within a pattern.

    Raises
    ------
    InvalidInputError
        If a member is missing or none of its kind.

    Examples
    --------
    >>> item = simple_item(
    ...     {"command": 16, "frame": 3, "params": [0, 0, 0, None, 22.5440, 113.9510, 65]},
    ...     where="item 2",
    ... )
    >>> item.place, str(item.level)
    ((113.951, 22.544), '65 m ATO')
    """
    jump_id = document.get("doJumpId") if has_jump_id else None
    return Item(
        command=integer_of(document.get("command"), where=f"{where}: command"),
        frame=integer_of(document.get("frame"), where=f"{where}: frame"),
        params=_params(document, where=where),
        where=where,
        jump_id=None if jump_id is None else integer_of(jump_id, where=f"{where}: doJumpId"),
    )


def _params(document: Mapping[str, Any], *, where: str) -> tuple[float | None, ...]:
    if "params" not in document and "coordinate" in document:
        raise InvalidInputError(
            f"{where}: written by a QGroundControl of before 2017, with a coordinate instead of"
            " params; open the plan in a newer one and save it"
        )
    given: Sequence[Any] = list_of(document.get("params"), where=f"{where}: params")
    if len(given) != PARAMETERS:
        raise InvalidInputError(
            f"{where}: params: given {shown(given)}, expected {PARAMETERS} numbers or null"
        )
    return tuple(
        None if value is None else number_of(value, where=f"{where}: params[{index}]")
        for index, value in enumerate(given)
    )
