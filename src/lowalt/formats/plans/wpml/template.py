"""Routes of ``template.kml``, read where a package has nothing that is ready to fly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.wpml.elements import Reader
from lowalt.formats.plans.wpml.waylines import (
    FOLLOWS_SURFACE,
    Point,
    Turning,
    Wayline,
    own_turning,
    point_at,
    turning_of,
    wayline_of,
)
from lowalt.levels import Level, VerticalReference

_HEIGHTS: Final = {
    "EGM96": ("height", VerticalReference.AMSL),
    "relativeToStartPoint": ("height", VerticalReference.ATO),
    "aboveGroundLevel": ("height", VerticalReference.AGL),
    FOLLOWS_SURFACE: ("height", VerticalReference.AGL),
    "WGS84": ("ellipsoidHeight", VerticalReference.HAE),
}
_MODE_PATH: Final = "waylineCoordinateSysParam/heightMode"
_DATUM_PATH: Final = "waylineCoordinateSysParam/coordinateMode"


def waylines_of_template(document: Reader) -> Iterator[Wayline]:
    """Read the lines of ``template.kml`` that are made of waypoints.

    Raises
    ------
    InvalidInputError
        If one cannot be read, or is made of an area or a strip: the lines of those are worked out
        by the maker's software when it exports what is flown.
    """
    for folder in document.each("Folder", called="wayline"):
        kind = folder.word("templateType")
        if kind != "waypoint":
            raise InvalidInputError(
                f"{folder.where}: templateType {kind[:40]!r}: the lines over an area or a strip are"
                " not in a template; export the route again, so that it has wpmz/waylines.wpml"
            )
        datum = folder.word(_DATUM_PATH)
        if datum not in ("", "WGS84"):
            raise InvalidInputError(
                f"{folder.where}: coordinateMode: given {datum[:40]!r}, expected WGS84: other"
                " coordinates are hundreds of metres off"
            )
        mode = folder.word(_MODE_PATH)
        if mode not in _HEIGHTS:
            raise InvalidInputError(
                f"{folder.where}: heightMode: given {mode[:40]!r}, expected one of"
                f" {', '.join(_HEIGHTS)}"
            )
        yield wayline_of(folder, _Points(folder, mode), follows_surface=mode == FOLLOWS_SURFACE)


class _Points:
    """Reads waypoints, which take from their folder what they do not say themselves."""

    def __init__(self, folder: Reader, mode: str) -> None:
        self._folder, self._mode = folder, mode
        self._height, self._reference = _HEIGHTS[mode]

    def __call__(self, placemark: Reader) -> Point:
        own_speed = not placemark.is_set("useGlobalSpeed")
        own_m_s = placemark.number("waypointSpeed") if own_speed else None
        return point_at(
            placemark,
            Level(self._height_m(placemark), self._reference),
            speed_m_s=self._folder.number("autoFlightSpeed") if own_m_s is None else own_m_s,
            turning=self._turning(placemark),
        )

    def _height_m(self, placemark: Reader) -> float:
        if not placemark.is_set("useGlobalHeight"):
            return placemark.number_that_must_be(self._height)
        if self._reference is VerticalReference.ATO:
            return self._folder.number_that_must_be("globalHeight")
        # By the maker's documents it is measured from take-off, whatever the mode.
        raise InvalidInputError(
            f"{placemark.where}: a global height with heightMode {self._mode}: what it is measured"
            " from is not certain; export the route again, so that it has wpmz/waylines.wpml"
        )

    def _turning(self, placemark: Reader) -> Turning:
        if not placemark.is_set("useGlobalTurnParam"):
            return own_turning(placemark)
        return turning_of(
            self._folder,
            turn="globalWaypointTurnMode",
            begins="globalWaypointTurnDampingDist",
            straight="globalUseStraightLine",
        )
