"""What single commands make an aircraft do.

Where autopilots differ, or a parameter of theirs decides, the plan is read as the file states it
and a loss tells so; where nothing states where the aircraft will be, the plan is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.exchange import Need
from lowalt.formats.plans.mavlink.commands import Command
from lowalt.formats.plans.mavlink.fields import Place
from lowalt.formats.plans.mavlink.flying import Aircraft
from lowalt.formats.plans.mavlink.items import Item
from lowalt.formats.plans.mavlink.vehicles import Vehicle
from lowalt.levels import Level, VerticalReference


def _leave_ground_for(item: Item, level: Level, aircraft: Aircraft) -> None:
    if not aircraft.is_aloft:
        aircraft.tell(
            "take-off", f"none before {item.where}: read as straight up from where it stands"
        )
        aircraft.leave_ground(item, level)


def _waypoint(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    _leave_ground_for(item, level, aircraft)
    aircraft.move(item, item.place or aircraft.place, level, hold_s=item.number(1))
    if aircraft.hovers and not item.number(1) and not item.number(2):
        aircraft.tell(
            "turns",
            "how near a waypoint is to be is a setting of the autopilot: corners may be cut by half"
            " of that, for which the buffer must have room",
        )
    aircraft.turn_near(item, accepted_m=item.number(2), passed_m=item.number(3))


def _gate(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    _leave_ground_for(item, level, aircraft)
    aircraft.move(item, item.place or aircraft.place, level)


def _spline(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    _leave_ground_for(item, level, aircraft)
    aircraft.tell("splines", "drawn with directions from the neighbouring waypoints")
    aircraft.move(item, item.place or aircraft.place, level, hold_s=item.number(1), on_curve=True)


def _take_off(item: Item, aircraft: Aircraft) -> None:
    level, place = item.level, item.place
    if aircraft.hovers:
        aircraft.leave_ground(item, level)
        if place is not None and not aircraft.takes_off_upwards_only:
            aircraft.move(item, place, level)
        return
    if place is None:
        aircraft.tell(
            "take-off",
            f"{item.where} does not say which way: a fixed wing climbs ahead, read as over home",
        )
        aircraft.leave_ground(item, level)
        return
    aircraft.tell(
        "take-off",
        f"{item.where} read as straight towards its place: a fixed wing climbs where it points",
    )
    aircraft.move(item, place, level)


def _vtol_take_off(item: Item, aircraft: Aircraft) -> None:
    level, place = item.level, item.place
    aircraft.leave_ground(item, level)
    aircraft.fly_forward(True)
    if place is not None and not aircraft.takes_off_upwards_only:
        aircraft.move(item, place, level)


def _land(item: Item, aircraft: Aircraft) -> None:
    _require_aloft(item, aircraft)
    place = item.place or aircraft.place
    if aircraft.hovers:
        aircraft.move(item, place, aircraft.level)
    _touch_down(item, place, aircraft)


def _vtol_land(item: Item, aircraft: Aircraft) -> None:
    _require_aloft(item, aircraft)
    place = item.place or aircraft.place
    aircraft.move(item, place, item.level_at(3) if item.number(3) else aircraft.level)
    aircraft.fly_forward(False)
    _touch_down(item, place, aircraft)


def _require_aloft(item: Item, aircraft: Aircraft) -> None:
    if not aircraft.is_aloft:
        raise InvalidInputError(f"{item.where}: lands where nothing flies; plan a take-off first")


def _touch_down(item: Item, place: Place, aircraft: Aircraft) -> None:
    level = item.level if item.states_level else aircraft.ground_like(aircraft.level)
    if level.value_m and level.reference is not VerticalReference.AMSL:
        aircraft.tell("landing", f"{item.where} is at {level}: read as the ground there")
    aircraft.move(item, place, level)
    aircraft.land()


def _payload_place(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    place = item.place or aircraft.place
    _leave_ground_for(item, level, aircraft)
    aircraft.move(item, place, level)
    ground = aircraft.ground_like(level)
    lowest = Level(level.value_m - item.number(1), level.reference) if item.number(1) else ground
    aircraft.move(item, place, lowest)
    aircraft.move(item, place, level)


def _loiter_turns(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    turns = item.number(1)
    if turns < 0.0:
        raise InvalidInputError(f"{item.where}: {turns:g} turns; expected 0 or more")
    _leave_ground_for(item, level, aircraft)
    place = item.place or aircraft.place
    aircraft.circle(item, place, level, radius_m=item.number(3), turns=turns)


def _loiter_time(item: Item, aircraft: Aircraft) -> None:
    _wait(item, item.number(1), aircraft)


def _loiter_unlimited(item: Item, aircraft: Aircraft) -> None:
    _wait(item, _stated_end(item, aircraft), aircraft)
    aircraft.is_over = True


def _wait(item: Item, seconds: float, aircraft: Aircraft) -> None:
    """Stay about a place for a time: at it, or round it."""
    level = item.level
    _require_time(item, seconds)
    _leave_ground_for(item, level, aircraft)
    place = item.place or aircraft.place
    if aircraft.hovers:
        aircraft.move(item, place, level, hold_s=seconds)
    else:
        aircraft.circle(item, place, level, radius_m=item.number(3), seconds=seconds)


def _require_time(item: Item, seconds: float) -> None:
    if seconds < 0.0:
        raise InvalidInputError(f"{item.where}: waits for {seconds:g} s; expected 0 or more")


def _stated_end(item: Item, aircraft: Aircraft) -> float:
    seconds = aircraft.told.profile.route.unlimited_loiter_s
    if seconds is None:
        aircraft.needs.add(Need.UNLIMITED_LOITER)
        return 0.0
    aircraft.tell(
        "landing",
        f"{item.where} has no end: read as {seconds:g} s, as the operator says; what comes after"
        " it is not known",
    )
    return seconds


def _loiter_to_height(item: Item, aircraft: Aircraft) -> None:
    level = item.level
    place = item.place or aircraft.place
    _leave_ground_for(item, level, aircraft)
    if aircraft.hovers:
        aircraft.move(item, place, aircraft.level)
        aircraft.move(item, place, level)
    else:
        aircraft.circle(item, place, level, radius_m=item.number(2), climbs=True)


def _delay(item: Item, aircraft: Aircraft) -> None:
    seconds = item.number(1)
    if seconds < 0.0:
        raise InvalidInputError(
            f"{item.where}: waits for a time of day; say for how many seconds instead"
        )
    if aircraft.is_aloft and aircraft.hovers:
        aircraft.move(item, aircraft.place, aircraft.level, hold_s=seconds)
    elif aircraft.is_aloft:
        aircraft.circle(item, aircraft.place, aircraft.level, radius_m=0.0, seconds=seconds)
    else:
        aircraft.tell("times", f"{item.where} waits {seconds:g} s on the ground: left out")


def _return(item: Item, aircraft: Aircraft) -> None:
    aircraft.is_over = True
    if not aircraft.is_aloft:
        return
    if aircraft.has_landing_sequence:
        raise InvalidInputError(
            f"{item.where}: returns, and another item begins a landing: which of the two is flown"
            " a setting of the autopilot decides; remove one of them"
        )
    height_m = aircraft.told.profile.route.return_height_ato_m
    if height_m is None:
        aircraft.needs.add(Need.RETURN_HEIGHT)
    height = Level(height_m or 0.0, VerticalReference.ATO)
    level = aircraft.return_level(height)
    if level is not None:
        aircraft.move(item, aircraft.place, level)
    # From a height above the terrain no one knows how high it returns: both legs then have two
    # references, which says that their heights are not known.
    aircraft.move(item, aircraft.home, level or height)
    aircraft.tell("return", f"{item.where} read as straight home at {level or height}")
    if aircraft.vehicle is Vehicle.FIXED_WING:
        seconds = _stated_end(item, aircraft)
        aircraft.circle(item, aircraft.home, aircraft.level, radius_m=0.0, seconds=seconds)
        return
    aircraft.fly_forward(False)
    reference = VerticalReference.ATO if level is not None else VerticalReference.AGL
    aircraft.move(item, aircraft.home, Level(0.0, reference))
    aircraft.land()


_KEEPS_SPEED, _USUAL_SPEED = -1.0, -2.0
_AIRSPEED, _GROUND_SPEED, _CLIMB, _DESCENT = range(4)


def _change_speed(item: Item, aircraft: Aircraft) -> None:
    kind, speed_m_s = item.number(1), item.param(2)
    if speed_m_s is None or speed_m_s == _KEEPS_SPEED:
        return
    if kind in (_CLIMB, _DESCENT):
        aircraft.tell(
            "climbs", f"{item.where} sets a rate of climb or descent: the operator's are used"
        )
        return
    if speed_m_s != _USUAL_SPEED and speed_m_s <= 0.0:
        raise InvalidInputError(
            f"{item.where}: a speed of {speed_m_s:g} m/s; expected more than 0, -1 or -2"
        )
    if kind == _AIRSPEED and not aircraft.hovers:
        aircraft.tell("speeds", f"{item.where} sets an airspeed: read as in still air")
    aircraft.command_speed(None if speed_m_s == _USUAL_SPEED else speed_m_s)


def _set_home(_: Item, aircraft: Aircraft) -> None:
    aircraft.has_moved_home = True


_HOVER, _FORWARD = 3.0, 4.0


def _transition(item: Item, aircraft: Aircraft) -> None:
    state = item.param(1)
    if state not in (_HOVER, _FORWARD):
        raise InvalidInputError(
            f"{item.where}: changes into state {state}; expected 3 (multirotor) or 4 (fixed wing)"
        )
    aircraft.fly_forward(state == _FORWARD)


MANOEUVRES: Final[Mapping[int, Callable[[Item, Aircraft], None]]] = {
    Command.WAYPOINT: _waypoint,
    Command.LOITER_UNLIMITED: _loiter_unlimited,
    Command.LOITER_TURNS: _loiter_turns,
    Command.LOITER_TIME: _loiter_time,
    Command.RETURN_TO_LAUNCH: _return,
    Command.LAND: _land,
    Command.TAKE_OFF: _take_off,
    Command.LOITER_TO_HEIGHT: _loiter_to_height,
    Command.SPLINE_WAYPOINT: _spline,
    Command.VTOL_TAKE_OFF: _vtol_take_off,
    Command.VTOL_LAND: _vtol_land,
    Command.DELAY: _delay,
    Command.PAYLOAD_PLACE: _payload_place,
    Command.DO_CHANGE_SPEED: _change_speed,
    Command.DO_SET_HOME: _set_home,
    Command.DO_VTOL_TRANSITION: _transition,
    Command.CONDITION_GATE: _gate,
}
"""What each command makes an aircraft do, by its number."""
