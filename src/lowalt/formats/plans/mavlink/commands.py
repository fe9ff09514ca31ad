"""Which commands move an aircraft, which do not, and which nobody could foretell.

Numbers and meanings are those of MAV_CMD in MAVLink's ``common.xml`` and ``ardupilotmega.xml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Command(IntEnum):
    """Commands that a flight is worked out from."""

    WAYPOINT = 16
    LOITER_UNLIMITED = 17
    LOITER_TURNS = 18
    LOITER_TIME = 19
    RETURN_TO_LAUNCH = 20
    LAND = 21
    TAKE_OFF = 22
    LOITER_TO_HEIGHT = 31
    SPLINE_WAYPOINT = 82
    VTOL_TAKE_OFF = 84
    VTOL_LAND = 85
    DELAY = 93
    PAYLOAD_PLACE = 94
    DO_JUMP = 177
    DO_CHANGE_SPEED = 178
    DO_SET_HOME = 179
    DO_LAND_START = 189
    DO_VTOL_TRANSITION = 3000
    CONDITION_GATE = 4501


_LEAVES = "whoever flies it then the plan does not say"
_ELSEWHERE = "where that leads the plan does not say; plan waypoints instead"

UNFORESEEN: Final[Mapping[int, str]] = {
    30: f"keeps its course until it is at a height: {_ELSEWHERE}",
    34: "orbits without end; plan a loiter with turns instead",
    83: f"drifts with the wind until it is at a height: {_ELSEWHERE}",
    92: f"hands over to a guide: {_LEAVES}",
    113: f"changes height while it flies on: {_ELSEWHERE}",
    176: f"changes the mode of flight: {_LEAVES}",
    185: "ends the flight where it is; plan a landing instead",
    186: f"changes height while it flies on: {_ELSEWHERE}",
    192: "goes elsewhere beside its mission; plan a waypoint instead",
    213: f"turns and flies on: {_ELSEWHERE}",
    224: "goes on at another item; plan a jump that repeats a number of times instead",
    601: "jumps to a tag; plan a jump to an item instead",
    42702: f"hands over to a script: {_LEAVES}",
    42703: f"holds an attitude for a time: {_ELSEWHERE}",
    **dict.fromkeys(
        (*range(5000, 5005), 5100), "belongs to a fence or a rally point, not to a mission"
    ),
}
"""Commands that make a plan unreadable, by what they do."""

MAY_DROP: Final = frozenset({94, 211, 216, 42600})
"""Placing a load, gripper, sprayer, winch."""

WITHOUT_MOVEMENT: Final = frozenset(
    {
        *(80, 195, 196, 197, 198, 201, 204, 205, 1000, 1001),  # where a camera looks
        95,  # end of the commands of navigation
        *(112, 114, 115, 159),  # they hold back other commands, not the aircraft
        *(180, 181, 182, 183, 184, 187),  # parameters, relays, servos
        *(188, Command.DO_LAND_START, 191, 600),  # marks
        *(200, 202, 203, 206, 214, 260, 530, 531, 532, 533, 534),  # camera
        *(2000, 2001, 2003, 2500, 2501),
        *(207, 208, 209, 211, 212, 216, 217, 218, 222, 223),  # fence, parachute, gripper, engine
        *(300, 42600),  # start of the mission, winch
    }
)
"""Commands that leave the aircraft on its way."""

LAST_NAVIGATION: Final = 95
"""Commands up to this number move the aircraft, by the rule of MAVLink."""
