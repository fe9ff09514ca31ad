"""What kind of aircraft a mission is for: one that hovers, one that circles, one that does both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.mavlink.commands import Command
from lowalt.formats.plans.mavlink.items import Item


class Vehicle(Enum):
    """How it waits, takes off and lands."""

    MULTIROTOR = auto()
    FIXED_WING = auto()
    VTOL = auto()


# MAV_TYPE of MAVLink's common.xml; helicopters fly as multirotors do.
_KINDS: Final[Mapping[int, Vehicle]] = {
    1: Vehicle.FIXED_WING,
    **dict.fromkeys((2, 3, 4, 13, 14, 15, 29, 35), Vehicle.MULTIROTOR),
    **dict.fromkeys(range(19, 26), Vehicle.VTOL),
}
_GENERIC = 0

_ONLY_VTOL = frozenset({Command.VTOL_TAKE_OFF, Command.VTOL_LAND, Command.DO_VTOL_TRANSITION})


def vehicle_of(mav_type: int) -> Vehicle | None:
    """Tell the kind by its MAV_TYPE; ``None`` if that leaves it open.

    Raises
    ------
    InvalidInputError
        If it is no aircraft, or one of which the ways are not known here.

    Examples
    --------
    >>> vehicle_of(2)
    <Vehicle.MULTIROTOR: 1>
    """
    if mav_type == _GENERIC:
        return None
    try:
        return _KINDS[mav_type]
    except KeyError:
        raise InvalidInputError(
            f"vehicleType {mav_type}: not an aircraft whose missions can be read; expected a fixed"
            " wing (1), a rotorcraft (2, 3, 4, 13, 14, 15, 29, 35) or a VTOL (19 to 25)"
        ) from None


def vehicle_by(items: Iterable[Item]) -> Vehicle | None:
    """Tell the kind by what only one can do; ``None`` if nothing does."""
    return Vehicle.VTOL if any(item.command in _ONLY_VTOL for item in items) else None
