"""Patterns of QGroundControl, taken apart into the items that it sends to the autopilot.

Surveys and corridors carry those items in the file. Of scans of structures and of landings it has
the measures only, from which they are made again as QGroundControl makes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from lowalt.errors import InvalidInputError, shown
from lowalt.formats.plans.mavlink.commands import Command
from lowalt.formats.plans.mavlink.fields import (
    Place,
    integer_of,
    list_of,
    number_of,
    object_of,
    place_of,
)
from lowalt.formats.plans.mavlink.items import (
    AMSL_FRAME,
    MISSION_FRAME,
    RELATIVE_FRAME,
    TERRAIN_FRAME,
    Item,
    simple_item,
)
from lowalt.formats.plans.mavlink.jumps import MOST_STEPS
from lowalt.geodesy import FloatArray, LocalFrame

_OPEN_AND_SAVE = "open the plan in a newer QGroundControl and save it"

_MOST_CORNERS: Final = 10_000  # of a structure


def items_of_pattern(
    document: Mapping[str, Any], *, where: str, tell: Callable[[str, str], None]
) -> Iterator[Item]:
    """Take a ComplexItem apart.

    Parameters
    ----------
    document
        The object.
    where
        What messages call it.
    tell
        Called with what its reader should know: the part, and a sentence.

    Raises
    ------
    InvalidInputError
        If it is no pattern that can be read.

    Examples
    --------
    >>> landing = {
    ...     "complexItemType": "vtolLandingPattern", "version": 1, "altitudesAreRelative": True,
    ...     "landCoordinate": [22.5431, 113.9502, 0], "loiterRadius": 75,
    ...     "landingApproachCoordinate": [22.5451, 113.9572, 40], "loiterClockwise": True,
    ...     "useLoiterToAlt": True,
    ... }
    >>> for item in items_of_pattern(landing, where="item 5", tell=print):
    ...     print(item.where, item.command, item.params)
    item 5 189 (None, None, None, None, None, None, None)
    item 5 31 (None, 75.0, None, 1.0, 22.5451, 113.9572, 40.0)
    item 5 85 (None, None, None, None, 22.5431, 113.9502, 0.0)
    """
    kind = document.get("complexItemType")
    where_of_kind = f"{where} ({kind})"
    match kind:
        case "survey" | "CorridorScan":
            return _transects(document, where=where_of_kind, tell=tell)
        case "StructureScan":
            return _structure(document, where=where_of_kind)
        case "fwLandingPattern":
            return _landing(document, Command.LAND, where=where)
        case "vtolLandingPattern":
            return _landing(document, Command.VTOL_LAND, where=where)
    raise InvalidInputError(
        f"{where}: a pattern of type {shown(kind)}; expected survey, CorridorScan, StructureScan,"
        " fwLandingPattern or vtolLandingPattern"
    )


def _going(command: Command, place: Place, height_m: float, *, frame: int, where: str) -> Item:
    lon_deg, lat_deg = place
    return Item(
        command=command,
        frame=frame,
        params=(None, None, None, None, lat_deg, lon_deg, height_m),
        where=where,
    )


# Surveys and corridors

_FRAMES: Final = {1: RELATIVE_FRAME, 2: AMSL_FRAME, 4: TERRAIN_FRAME}
"""By DistanceMode. Mode 3 is worked out over the terrain, and no single height."""


def _transects(
    document: Mapping[str, Any], *, where: str, tell: Callable[[str, str], None]
) -> Iterator[Item]:
    style = object_of(document.get("TransectStyleComplexItem"), where=f"{where}: transects")
    sent = list_of(style.get("Items") or [], where=f"{where}: Items")
    for number, given in enumerate(sent, start=1):
        at = f"{where} {number}"
        yield simple_item(object_of(given, where=at), where=at, has_jump_id=False)
    if not sent:
        tell("survey", f"{where} has no items of its own: read from the lines it draws")
        yield from _drawn(style, where=where)


def _drawn(style: Mapping[str, Any], *, where: str) -> Iterator[Item]:
    """Make waypoints of the lines that a survey draws, where it has none."""
    drawn = list_of(style.get("VisualTransectPoints") or [], where=f"{where}: lines")
    if not drawn:
        raise InvalidInputError(
            f"{where}: neither items nor lines; open the plan in QGroundControl and save it"
        )
    camera = object_of(style.get("CameraCalc"), where=f"{where}: CameraCalc")
    frame = _FRAMES.get(integer_of(camera.get("DistanceMode"), where=f"{where}: DistanceMode"))
    if frame is None:
        raise InvalidInputError(
            f"{where}: heights over the terrain that were not worked out; open the plan in"
            " QGroundControl with terrain data and save it"
        )
    height_m = number_of(camera.get("DistanceToSurface"), where=f"{where}: DistanceToSurface")
    for number, point in enumerate(drawn, start=1):
        at = f"{where} {number}"
        yield _going(Command.WAYPOINT, place_of(point, where=at), height_m, frame=frame, where=at)


# Scans of structures


def _structure(document: Mapping[str, Any], *, where: str) -> Iterator[Item]:
    """Go round a structure at a distance, layer by layer, from above its first corner."""
    if document.get("version") != 3:
        raise InvalidInputError(
            f"{where}: version {shown(document.get('version'))}, expected 3; {_OPEN_AND_SAVE}"
        )
    camera = object_of(document.get("CameraCalc"), where=f"{where}: CameraCalc")
    distance_m = number_of(camera.get("DistanceToSurface"), where=f"{where}: DistanceToSurface")
    corners = list_of(document.get("polygon"), where=f"{where}: polygon")
    if not 3 <= len(corners) <= _MOST_CORNERS:
        raise InvalidInputError(
            f"{where}: polygon: {len(corners)} corners, expected 3 to {_MOST_CORNERS:,}"
        )
    ring = _outside([place_of(corner, where=f"{where}: polygon") for corner in corners], distance_m)
    heights_m = _layers(document, camera, corners=len(ring), where=where)
    entrance_m = number_of(document.get("EntranceAltitude"), where=f"{where}: EntranceAltitude")
    around = [(place, height_m) for height_m in heights_m for place in (*ring, ring[0])]
    for place, height_m in ((ring[0], entrance_m), *around, (ring[0], entrance_m)):
        yield _going(Command.WAYPOINT, place, height_m, frame=RELATIVE_FRAME, where=where)


def _layers(
    document: Mapping[str, Any], camera: Mapping[str, Any], *, corners: int, where: str
) -> list[float]:
    def measure(source: Mapping[str, Any], key: str) -> float:
        return number_of(source.get(key), where=f"{where}: {key}")

    layers = integer_of(document.get("Layers"), where=f"{where}: Layers")
    if not 1 <= layers <= MOST_STEPS // (corners + 1):
        raise InvalidInputError(
            f"{where}: {layers} layers of {corners} corners; expected at least 1, and at most"
            f" {MOST_STEPS:,} places"
        )
    step_m = measure(camera, "AdjustedFootprintFrontal")
    if document.get("StartFromTop") is True:
        first_m, step_m = measure(document, "StructureHeight"), -step_m
    else:
        first_m = measure(document, "ScanBottomAlt")
    return [first_m + (layer + 0.5) * step_m for layer in range(layers)]


def _outside(corners: list[Place], distance_m: float) -> list[Place]:
    """Move each side of a polygon outwards; corners are where sides meet that were neighbours."""
    frame = LocalFrame(corners[0][0])
    at: FloatArray = frame.to_plane(corners)
    onward = np.roll(at, -1, axis=0) - at
    lengths_m = np.hypot(*onward.T)
    at, onward, lengths_m = (rows[lengths_m > 0.0] for rows in (at, onward, lengths_m))
    if len(at) < 3:
        raise InvalidInputError("a structure whose corners are all in one or two places")
    turn = np.sign(np.sum(_cross(at - at[0], np.roll(at - at[0], -1, axis=0)))) or 1.0
    side = onward / lengths_m[:, None]
    outward = turn * np.column_stack((side[:, 1], -side[:, 0]))
    outward_before = np.roll(outward, 1, axis=0)
    # Both sides pass at the distance from the corner: along the sum of their normals, farther the
    # sharper it is. Where a side turns back on itself there is no such place.
    meet = 1.0 + np.sum(outward * outward_before, axis=1)
    if np.any(meet < 1e-6):
        raise InvalidInputError("a structure with a corner that turns back on itself")
    moved = at + distance_m * (outward + outward_before) / meet[:, None]
    return [(lon_deg, lat_deg) for lon_deg, lat_deg in frame.to_lonlat(moved).tolist()]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


# Landings


def _landing(document: Mapping[str, Any], touch_down: Command, *, where: str) -> Iterator[Item]:
    """Circle down at the approach, or pass it, and land."""
    approach = _height_and_place(
        document,
        "landingApproachCoordinate",
        older="loiterCoordinate",
        relative="loiterAltitudeRelative",
        where=where,
    )
    landing = _height_and_place(
        document, "landCoordinate", relative="landAltitudeRelative", where=where
    )
    yield Item(command=Command.DO_LAND_START, frame=MISSION_FRAME, params=(None,) * 7, where=where)
    place, height_m, frame = approach
    lon_deg, lat_deg = place
    if document.get("useLoiterToAlt", True):
        radius_m = number_of(document.get("loiterRadius"), where=f"{where}: loiterRadius")
        clockwise = document.get("loiterClockwise") is True
        yield Item(
            command=Command.LOITER_TO_HEIGHT,
            frame=frame,
            params=(
                None,
                radius_m if clockwise else -radius_m,
                None,
                1.0,
                lat_deg,
                lon_deg,
                height_m,
            ),
            where=where,
        )
    else:
        yield _going(Command.WAYPOINT, place, height_m, frame=frame, where=where)
    place, height_m, frame = landing
    yield _going(touch_down, place, height_m, frame=frame, where=where)


def _height_and_place(
    document: Mapping[str, Any], key: str, *, relative: str, where: str, older: str = ""
) -> tuple[Place, float, int]:
    at = f"{where}: {key}"
    given = list_of(document.get(key, document.get(older)), where=at)
    is_relative = document.get("altitudesAreRelative", document.get(relative))
    if len(given) != 3 or not isinstance(is_relative, bool):
        raise InvalidInputError(
            f"{at}: expected latitude, longitude and height, and altitudesAreRelative to say from"
            f" where; {_OPEN_AND_SAVE}"
        )
    height_m = number_of(given[2], where=at)
    return place_of(given, where=at), height_m, RELATIVE_FRAME if is_relative else AMSL_FRAME
