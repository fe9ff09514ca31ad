"""Plans of QGroundControl, ``.plan``: mission, fence and rally points of a MAVLink autopilot.

Such a plan says where to fly and how fast, and no times; heights are measured from its planned
home, from mean sea level or from the ground, item by item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.mavlink.drafting import draft_of
from lowalt.formats.plans.mavlink.fences import Fence, fence_of
from lowalt.formats.plans.mavlink.fields import (
    Place,
    integer_of,
    list_of,
    number_of,
    object_of,
    place_of,
)
from lowalt.formats.plans.mavlink.items import Item, simple_item
from lowalt.formats.plans.mavlink.missions import Mission
from lowalt.formats.plans.mavlink.patterns import items_of_pattern
from lowalt.formats.plans.mavlink.vehicles import Vehicle, vehicle_of

_ARDUPILOT: Final = 3  # MAV_AUTOPILOT
_OPEN_AND_SAVE: Final = "open it in QGroundControl and save it"
_FENCE_VERSION: Final = 2


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft, ...]:
    """Read the plan of a file of QGroundControl.

    Its mission is carried out item by item; times follow from the departure and the speeds. What
    an autopilot's parameters decide is told as a loss, or taken from the operator's profile.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file; without its ending it is the plan's identifier.
    told
        The departure, and what the operator says of all flights.

    Returns
    -------
    tuple of Draft
        One.

    Raises
    ------
    InvalidInputError
        If it is no such file, an item in it cannot be read or leads nobody knows where, or
        something is missing; the message names the file and the item, or all that is missing.

    Examples
    --------
    >>> import json
    >>> from datetime import datetime
    >>> from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
    >>> def item(command, *place):
    ...     params = [0, 0, 0, None, *place]
    ...     return {"type": "SimpleItem", "command": command, "frame": 3, "params": params}
    >>> content = json.dumps({"fileType": "Plan", "version": 1, "mission": {
    ...     "version": 2, "firmwareType": 12, "vehicleType": 2, "hoverSpeed": 5,
    ...     "plannedHomePosition": [22.5431, 113.9502, 12.5], "items": [
    ...         item(22, 22.5431, 113.9502, 50), item(16, 22.5440, 113.9510, 50),
    ...         item(21, 22.5440, 113.9510, 0)]}}).encode()
    >>> told = Told(
    ...     departure=datetime.fromisoformat("2026-06-10T10:00:00+08:00"),
    ...     profile=OperatorProfile(
    ...         route=RouteRules(buffer_m=20.0),
    ...         performance=Performance(climb_m_s=3.0, descent_m_s=2.0),
    ...     ),
    ... )
    >>> (draft,) = read(content, name="roof.plan", told=told)
    >>> document = draft.document
    >>> document["plan_id"], document["take_off_elevation_amsl_m"], len(document["waypoints"])
    ('roof', 12.5, 4)
    >>> document["waypoints"][-1]["time"].strftime("%H:%M:%S")
    '10:01:07'
    """
    losses: list[tuple[str, str]] = []
    with naming(name):
        plan = _plan_of(parse_json(content, name=name))
        mission = _mission_of(plan, losses)
        fence = _fence(plan, losses)
        rally_points = list(_rally_points(plan))
    draft = draft_of(
        mission,
        name=name,
        plan_id=Path(name).stem or name,
        told=told,
        losses=losses,
        fence=fence,
        rally_points=rally_points,
    )
    return (draft,)


def _plan_of(document: Any) -> Mapping[str, Any]:
    kind = document.get("fileType") if isinstance(document, Mapping) else None
    if kind == "Plan":
        return object_of(document, where="plan")
    if kind == "Mission" or (isinstance(document, Mapping) and "MAV_AUTOPILOT" in document):
        raise InvalidInputError(f"a mission of an old QGroundControl; {_OPEN_AND_SAVE} as a plan")
    raise InvalidInputError(
        f"fileType: given {shown(kind)}, expected 'Plan', as QGroundControl writes it"
    )


# The mission


def _mission_of(plan: Mapping[str, Any], losses: list[tuple[str, str]]) -> Mission:
    given = object_of(plan.get("mission"), where="mission")
    version = given.get("version")
    if version != 2:
        raise InvalidInputError(f"mission: version {shown(version)}, expected 2; {_OPEN_AND_SAVE}")
    home, home_amsl_m = _home_of(given)
    firmware = integer_of(given.get("firmwareType"), where="mission: firmwareType")
    documents = list_of(given.get("items"), where="mission: items")
    return Mission(
        items=list(_items(documents, losses)),
        home=home,
        home_amsl_m=home_amsl_m,
        vehicle=_vehicle_of(given, documents),
        is_ardupilot=firmware == _ARDUPILOT,
        cruise_m_s=_speed(given, "cruiseSpeed"),
        hover_m_s=_speed(given, "hoverSpeed"),
    )


def _home_of(given: Mapping[str, Any]) -> tuple[Place, float | None]:
    where = "mission: plannedHomePosition"
    position = given.get("plannedHomePosition")
    if isinstance(position, Mapping):
        raise InvalidInputError(f"{where}: as an old QGroundControl wrote it; {_OPEN_AND_SAVE}")
    home = place_of(position, where=where)
    elevation_m = list_of(position, where=where)[2:]
    # Without a connection to terrain data QGroundControl writes 0: that is no elevation.
    known = any(elevation_m)
    return home, number_of(elevation_m[0], where=where) if known else None


def _vehicle_of(given: Mapping[str, Any], documents: list[Any]) -> Vehicle | None:
    mav_type = given.get("vehicleType")
    stated = None
    if mav_type is not None:
        stated = vehicle_of(integer_of(mav_type, where="mission: vehicleType"))
    lands_as_wing = any(
        isinstance(document, Mapping) and document.get("complexItemType") == "fwLandingPattern"
        for document in documents
    )
    return stated or (Vehicle.FIXED_WING if lands_as_wing else None)


def _speed(given: Mapping[str, Any], key: str) -> float | None:
    speed_m_s = given.get(key)
    return None if not speed_m_s else number_of(speed_m_s, where=f"mission: {key}")


def _items(documents: list[Any], losses: list[tuple[str, str]]) -> Iterator[Item]:
    def tell(what: str, how: str) -> None:
        losses.append((what, how))

    for number, given in enumerate(documents, start=1):
        where = f"item {number}"
        document = object_of(given, where=where)
        match document.get("type"):
            case "SimpleItem":
                if document.get("autoContinue") is False:
                    tell("times", f"{where} does not go on by itself: read as if it did")
                yield simple_item(document, where=where)
            case "ComplexItem":
                yield from items_of_pattern(document, where=where, tell=tell)
            case kind:
                raise InvalidInputError(
                    f"{where}: type {shown(kind)}, expected SimpleItem or ComplexItem"
                )


# What else the plan has


def _rally_points(plan: Mapping[str, Any]) -> Iterator[Place]:
    rally = object_of(plan.get("rallyPoints") or {}, where="rallyPoints")
    points = list_of(rally.get("points") or [], where="rallyPoints: points")
    for number, point in enumerate(points, start=1):
        yield place_of(point, where=f"rallyPoints: point {number}")


def _fence(plan: Mapping[str, Any], losses: list[tuple[str, str]]) -> Fence | None:
    """Read the fence; one that cannot be read is no reason not to read the route."""
    document = object_of(plan.get("geoFence") or {}, where="geoFence")
    if document.get("version") != _FENCE_VERSION:  # nor does QGroundControl read another
        return None
    try:
        return fence_of(document, where="geoFence")
    except InvalidInputError as error:
        losses.append(("fence", f"not compared with the route: {error}"))
        return None
