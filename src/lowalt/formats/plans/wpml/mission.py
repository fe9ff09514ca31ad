"""What holds for a whole DJI mission: how it begins and ends, and which aircraft flies it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.numbers import number_of, place_of
from lowalt.formats.plans.wpml.elements import Reader

# Only those that the maker's documents name.
_MODELS: Final = {
    (60, 0): "DJI M300 RTK",
    (89, 0): "DJI M350 RTK",
    (67, 0): "DJI M30",
    (67, 1): "DJI M30T",
    (77, 0): "DJI M3E",
    (77, 1): "DJI M3T",
    (77, 2): "DJI M3M",
    (91, 0): "DJI M3D",
    (91, 1): "DJI M3TD",
}


class Finish(StrEnum):
    """What the aircraft does after the last waypoint."""

    GO_HOME = "goHome"
    LAND = "autoLand"
    HOVER = "noAction"
    FIRST_WAYPOINT = "gotoFirstWaypoint"


class Approach(StrEnum):
    """How it goes from take-off to the first waypoint."""

    SAFELY = "safely"
    """Up to the height of the first waypoint at least, then across."""

    SLANTING = "pointToPoint"
    """Up to the security height, then straight to the first waypoint."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where it takes off.

    Parameters
    ----------
    lon_deg, lat_deg
        The place.
    height_hae_m, elevation_amsl_m
        Its height above the ellipsoid and above mean sea level, where known.
    """

    lon_deg: float
    lat_deg: float
    height_hae_m: float | None = None
    elevation_amsl_m: float | None = None


@dataclass(frozen=True, slots=True)
class Mission:
    """What holds for the whole mission; ``None`` where the file does not say.

    Parameters
    ----------
    approach, finish
        How it begins and ends.
    security_height_m, return_height_m
        Heights above take-off: of the first climb, and of going home.
    transit_speed_m_s
        Speed to the first waypoint.
    drone
        The maker's number and sub-number of the aircraft.
    cautions
        What it may do that no route shows.
    """

    approach: Approach
    finish: Finish
    security_height_m: float | None
    return_height_m: float | None
    transit_speed_m_s: float | None
    drone: tuple[int, int] | None
    cautions: tuple[str, ...]

    @property
    def model(self) -> str | None:
        """What the maker calls the aircraft, if that is known."""
        return None if self.drone is None else _MODELS.get(self.drone)


def mission_in(document: Reader) -> Mission:
    """Read the configuration of a mission.

    Raises
    ------
    InvalidInputError
        If there is none, or it holds a word or a number that is not known.
    """
    config = document.inside("missionConfig")
    if config is None:
        raise InvalidInputError(f"{document.where}: no missionConfig in it: not a route to fly")
    kind, sub_kind = (config.count(f"droneInfo/drone{part}Value") for part in ("Enum", "SubEnum"))
    return Mission(
        approach=Approach(_word(config, "flyToWaylineMode", Approach)),
        finish=Finish(_word(config, "finishAction", Finish)),
        security_height_m=_height_m(config, "takeOffSecurityHeight"),
        return_height_m=_height_m(config, "globalRTHHeight"),
        transit_speed_m_s=config.number("globalTransitionalSpeed"),
        drone=None if kind is None else (kind, sub_kind or 0),
        cautions=tuple(_cautions(config)),
    )


def _word(config: Reader, path: str, words: type[StrEnum]) -> str:
    given = config.word(path)
    if given not in tuple(words):
        raise InvalidInputError(
            f"{config.where}: {path}: given {given[:40]!r}, expected one of {', '.join(words)}"
        )
    return given


def _height_m(config: Reader, path: str) -> float | None:
    height_m = config.number(path)
    if height_m is not None and height_m < 0.0:
        raise InvalidInputError(
            f"{config.where}: {path}: given {height_m:g}, expected metres above take-off, 0 or more"
        )
    return height_m


def _cautions(config: Reader) -> Iterator[str]:
    if config.is_set("autoRerouteInfo/missionAutoRerouteMode"):
        yield "it may leave its route to go round obstacles"
    if config.is_set("waylineAvoidLimitAreaMode"):
        yield "it may leave its route to go round areas that its maker's software blocks"


def home_in(template: Reader) -> Home | None:
    """Read where a mission takes off; the maker has it there for reference only.

    Raises
    ------
    InvalidInputError
        If it is no place.
    """
    text = template.word("missionConfig/takeOffRefPoint")
    if not text:
        return None
    where = f"{template.where}: takeOffRefPoint"
    parts = text.split(",")
    if len(parts) != 3:
        raise InvalidInputError(f"{where}: given {text[:60]!r}, expected latitude,longitude,height")
    lon_deg, lat_deg = place_of(parts[1], parts[0], where=where)
    return Home(lon_deg, lat_deg, height_hae_m=number_of(parts[2], where=f"{where}: height"))
