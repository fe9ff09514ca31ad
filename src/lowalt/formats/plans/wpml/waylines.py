"""Lines that a DJI aircraft flies, as ``waylines.wpml`` states them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.numbers import place_of
from lowalt.formats.plans.wpml.elements import Reader
from lowalt.formats.plans.wpml.hovers import LAST_INDEX, Hovers
from lowalt.levels import Level, VerticalReference

_REFERENCES: Final = {
    "relativeToStartPoint": VerticalReference.ATO,
    "WGS84": VerticalReference.HAE,
    "realTimeFollowSurface": VerticalReference.AGL,
}
FOLLOWS_SURFACE: Final = "realTimeFollowSurface"
"""The maker's word for heights above whatever a sensor sees below."""


class Turn(StrEnum):
    """How the aircraft goes through a waypoint."""

    CUTS_THE_CORNER = "coordinateTurn"
    STOPS = "toPointAndStopWithDiscontinuityCurvature"
    CURVES_AND_STOPS = "toPointAndStopWithContinuityCurvature"
    CURVES = "toPointAndPassWithContinuityCurvature"


@dataclass(frozen=True, slots=True)
class Turning:
    """How the aircraft goes through a waypoint, and how near to the lines.

    Parameters
    ----------
    turn
        The maker's word for it.
    begins_m
        How far before the waypoint it begins.
    is_straight
        Whether curves are kept to the lines between waypoints, but for their corners.
    """

    turn: Turn
    begins_m: float
    is_straight: bool

    @property
    def passes(self) -> bool:
        """Whether it keeps to the lines as far as it can without a stop."""
        return self.turn is Turn.CURVES and self.is_straight

    @property
    def cuts_the_corner(self) -> bool:
        """Whether it keeps to the lines, but for the corner."""
        return self.turn is Turn.CUTS_THE_CORNER or self.passes

    @property
    def curves(self) -> bool:
        """Whether it leaves the lines for a curve of which the maker does not tell the law."""
        return self.turn in (Turn.CURVES, Turn.CURVES_AND_STOPS) and not self.is_straight


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A waypoint of a line.

    Parameters
    ----------
    lon_deg, lat_deg, level
        The place.
    speed_m_s
        On the way to the next; ``None`` where the file does not say.
    hold_s
        How long it hovers here.
    turning
        How the aircraft goes through it.
    where
        What messages call it.
    """

    lon_deg: float
    lat_deg: float
    level: Level
    speed_m_s: float | None
    hold_s: float = 0.0
    turning: Turning
    where: str


@dataclass(frozen=True, slots=True)
class Wayline:
    """A line flown in one go.

    Parameters
    ----------
    points
        One or more, all of one vertical reference.
    follows_surface
        Whether heights are kept above whatever a sensor sees below.
    cautions
        What of it could not be read as it is flown.
    """

    points: tuple[Point, ...]
    follows_surface: bool
    cautions: tuple[str, ...] = ()


def waylines_in(document: Reader) -> Iterator[Wayline]:
    """Read the lines of ``waylines.wpml``, in the order in which they are flown.

    Raises
    ------
    InvalidInputError
        If one cannot be read; the message names the line and the waypoint.
    """
    for folder in document.each("Folder", called="wayline"):
        mode = folder.word("executeHeightMode")
        if mode not in _REFERENCES:
            raise InvalidInputError(
                f"{folder.where}: executeHeightMode: given {mode[:40]!r}, expected one of"
                f" {', '.join(_REFERENCES)}"
            )

        def point(
            placemark: Reader,
            *,
            reference: VerticalReference = _REFERENCES[mode],
            speed_m_s: float | None = folder.number("autoFlightSpeed"),
        ) -> Point:
            own_m_s = placemark.number("waypointSpeed")
            return point_at(
                placemark,
                Level(placemark.number_that_must_be("executeHeight"), reference),
                speed_m_s=speed_m_s if own_m_s is None else own_m_s,
                turning=own_turning(placemark),
            )

        yield wayline_of(folder, point, follows_surface=mode == FOLLOWS_SURFACE)


def wayline_of(
    folder: Reader, point: Callable[[Reader], Point], *, follows_surface: bool
) -> Wayline:
    """Read the waypoints of a folder.

    Parameters
    ----------
    folder
        The folder.
    point
        Reads a placemark.
    follows_surface
        As in a :class:`Wayline`.

    Raises
    ------
    InvalidInputError
        If there are none, or they do not stand in the order of their indices.
    """
    points: list[Point] = []
    hovers = Hovers()
    last = -1
    for placemark in folder.each("Placemark", called="waypoint"):
        index = placemark.count("index")
        if index is None or not last < index <= LAST_INDEX:
            given = "nothing" if index is None else index
            raise InvalidInputError(
                f"{placemark.where}: index: given {given}, expected more than {last}, and at most"
                f" {LAST_INDEX}: waypoints stand in the order in which they are flown"
            )
        last = index
        points.append(point(placemark))
        hovers.take(placemark, index=index)
    if not points:
        raise InvalidInputError(f"{folder.where}: it has no waypoints")
    held = zip(points, hovers.seconds(), strict=True)
    return Wayline(
        tuple(replace(at, hold_s=hold_s) if hold_s else at for at, hold_s in held),
        follows_surface=follows_surface,
        cautions=hovers.cautions,
    )


def point_at(
    placemark: Reader, level: Level, *, speed_m_s: float | None, turning: Turning
) -> Point:
    """Put a waypoint where its placemark is.

    Raises
    ------
    InvalidInputError
        If that is no place.
    """
    coordinates = placemark.word("Point/coordinates")
    parts = coordinates.split(",")
    if len(parts) not in (2, 3):
        raise InvalidInputError(
            f"{placemark.where}: coordinates: given {coordinates[:60]!r}, expected"
            " longitude,latitude"
        )
    lon_deg, lat_deg = place_of(parts[0], parts[1], where=placemark.where)
    return Point(
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        level=level,
        speed_m_s=speed_m_s,
        turning=turning,
        where=placemark.where,
    )


def own_turning(placemark: Reader) -> Turning:
    """Read how the aircraft goes through a waypoint that says so itself.

    Raises
    ------
    InvalidInputError
        As :func:`turning_of`.
    """
    return turning_of(
        placemark,
        turn="waypointTurnParam/waypointTurnMode",
        begins="waypointTurnParam/waypointTurnDampingDist",
        straight="useStraightLine",
    )


def turning_of(element: Reader, *, turn: str, begins: str, straight: str) -> Turning:
    """Read how the aircraft goes through a waypoint, from elements of these names.

    Raises
    ------
    InvalidInputError
        If it is not stated, in a word that is not known, or without the distance it needs.
    """
    mode = element.word(turn)
    if mode not in tuple(Turn):
        raise InvalidInputError(
            f"{element.where}: {turn}: given {mode[:60]!r}, expected one of {', '.join(Turn)}"
        )
    begins_m = element.number(begins)
    if begins_m is None and mode == Turn.CUTS_THE_CORNER:
        raise InvalidInputError(
            f"{element.where}: {begins}: given nothing, expected how far before the waypoint its"
            f" {mode} begins"
        )
    if begins_m is not None and begins_m < 0.0:
        raise InvalidInputError(
            f"{element.where}: {begins}: given {begins_m:g}, expected 0 or more"
        )
    return Turning(Turn(mode), begins_m or 0.0, element.is_set(straight))
