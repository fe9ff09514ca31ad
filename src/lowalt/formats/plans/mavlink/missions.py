"""What a mission makes an aircraft do: its items carried out one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.exchange import Need, Told
from lowalt.formats.plans.mavlink.commands import (
    LAST_NAVIGATION,
    MAY_DROP,
    UNFORESEEN,
    WITHOUT_MOVEMENT,
    Command,
)
from lowalt.formats.plans.mavlink.fields import Place
from lowalt.formats.plans.mavlink.flying import Aircraft
from lowalt.formats.plans.mavlink.items import Item
from lowalt.formats.plans.mavlink.jumps import in_order
from lowalt.formats.plans.mavlink.manoeuvres import MANOEUVRES
from lowalt.formats.plans.mavlink.turns import Course
from lowalt.formats.plans.mavlink.vehicles import Vehicle, vehicle_by
from lowalt.levels import VerticalReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """Items, and what they start from.

    Parameters
    ----------
    items
        As they are sent to the autopilot: patterns are already taken apart.
    home
        Where it takes off: the zero of relative heights.
    home_amsl_m
        Elevation there, metres; ``None`` if not known.
    vehicle
        What flies, if the file says so.
    is_ardupilot
        Whether the autopilot is ArduPilot, whose multirotors take off straight up only.
    cruise_m_s, hover_m_s
        Speeds in forward flight and of multirotors, if the file says so.
    """

    items: Sequence[Item]
    home: Place
    home_amsl_m: float | None = None
    vehicle: Vehicle | None = None
    is_ardupilot: bool = False
    cruise_m_s: float | None = None
    hover_m_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """What comes of a mission.

    Parameters
    ----------
    course
        The places it leads to, and how.
    landing
        Where it ends on the ground, if it does.
    needs
        What is missing to tell.
    losses
        What its reader should know: the part, and a sentence.
    """

    course: Course
    landing: Place | None
    needs: frozenset[Need]
    losses: tuple[tuple[str, str], ...]


def fly(mission: Mission, *, told: Told) -> Flight:
    """Carry out a mission.

    Parameters
    ----------
    mission
        The mission.
    told
        What the operator says of all flights: height of returns, radius of loiters, rates.

    Raises
    ------
    InvalidInputError
        If an item cannot be read, or makes the aircraft go where nobody could tell; the message
        names the item.

    Examples
    --------
    >>> def item(number, command, *place, frame=3):
    ...     params = (0.0, 0.0, 0.0, None, *place)
    ...     return Item(command=command, frame=frame, params=params, where=f"item {number}")
    >>> mission = Mission(
    ...     items=[
    ...         item(1, 22, 22.5431, 113.9502, 50.0),
    ...         item(2, 16, 22.5440, 113.9510, 65.0),
    ...         item(3, 21, 22.5440, 113.9510, 0.0),
    ...     ],
    ...     home=(113.9502, 22.5431),
    ...     vehicle=Vehicle.MULTIROTOR,
    ... )
    >>> flight = fly(mission, told=Told())
    >>> [str(move.level) for move in flight.course.moves]  # up, up to item 2's, down
    ['0 m ATO', '50 m ATO', '50 m ATO', '65 m ATO', '65 m ATO', '0 m ATO']
    >>> flight.landing
    (113.951, 22.544)
    """
    vehicle = mission.vehicle or vehicle_by(mission.items)
    turns_in_circles = told.profile.performance.turn_radius_m is not None
    presumed = Vehicle.FIXED_WING if turns_in_circles else Vehicle.MULTIROTOR
    aircraft = Aircraft(
        vehicle=vehicle or presumed,
        home=mission.home,
        home_amsl_m=mission.home_amsl_m,
        cruise_m_s=mission.cruise_m_s,
        hover_m_s=mission.hover_m_s,
        takes_off_upwards_only=mission.is_ardupilot,
        has_landing_sequence=any(item.command == Command.DO_LAND_START for item in mission.items),
        told=told,
    )
    if vehicle is None:
        how = (
            "the file does not say what flies: read as a fixed wing, since the operator states"
            " turn_radius_m"
            if turns_in_circles
            else "the file does not say what flies: read as a multirotor"
        )
        aircraft.tell("vehicle", how)
    if aircraft.vehicle is not Vehicle.MULTIROTOR and not turns_in_circles:
        how = "how widely it turns is not known: state turn_radius_m under [performance]"
        aircraft.tell("turns", how)
    for item in in_order(mission.items):
        if aircraft.is_over:
            aircraft.tell("mission", f"ends before {item.where}: what follows is not flown")
            break
        _carry_out(item, aircraft)
    if aircraft.is_aloft and not aircraft.is_over:
        aircraft.tell("landing", "the mission does not land: what comes after it is not known")
    return Flight(
        course=aircraft.course(),
        landing=None if aircraft.is_aloft else aircraft.landing,
        needs=frozenset(aircraft.needs),
        losses=tuple(aircraft.losses.items()),
    )


def _carry_out(item: Item, aircraft: Aircraft) -> None:
    if item.command in MAY_DROP:
        aircraft.tell(
            "payload", f"{item.where} may drop something: say so in payload.drops_objects"
        )
    if item.command in WITHOUT_MOVEMENT:
        return
    if item.command in UNFORESEEN:
        raise InvalidInputError(f"{item.where}: command {item.command} {UNFORESEEN[item.command]}")
    if item.command not in MANOEUVRES:
        _pass_over(item, aircraft)
        return
    if aircraft.has_moved_home and _is_relative(item):
        raise InvalidInputError(
            f"{item.where}: measured from a home that an item before it moves in flight; plan it"
            " above mean sea level"
        )
    MANOEUVRES[item.command](item, aircraft)


def _pass_over(item: Item, aircraft: Aircraft) -> None:
    """Leave out a command that nobody here knows, unless it leads somewhere."""
    if item.command <= LAST_NAVIGATION or (item.is_global and item.place is not None):
        raise InvalidInputError(
            f"{item.where}: command {item.command} is not known here and may move the aircraft;"
            " plan waypoints instead"
        )
    aircraft.tell(
        f"command {item.command}",
        f"{item.where}: not known here: left out, since it leads nowhere",
    )


def _is_relative(item: Item) -> bool:
    return item.command == Command.RETURN_TO_LAUNCH or (
        item.is_global and item.reference is VerticalReference.ATO
    )
