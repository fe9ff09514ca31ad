"""Tracks and lines of a placemark: where they lead, when if they say so, and above what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.errors import InvalidInputError
from lowalt.formats.kml.figures import ON_GROUND
from lowalt.formats.plans.flown import MOST_WAYPOINTS
from lowalt.formats.plans.numbers import number_of, place_of, time_of

_TUPLE: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a track.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees.
    altitude_m
        Altitude, if it is stated; what above, the track's mode says.
    """

    lon_deg: float
    lat_deg: float
    altitude_m: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """A line that a flight follows.

    Parameters
    ----------
    places
        In order.
    times
        When it is there, one for each place; empty if the line has no times of its own.
    mode
        What altitudes are measured from, in KML's words.
    unknown
        How many times have no place.
    where
        What messages call it.
    """

    places: tuple[Place, ...]
    times: tuple[datetime, ...]
    mode: str
    unknown: int
    where: str


@dataclass(frozen=True, slots=True)
class Period:
    """When a placemark is shown: a flight along it begins, and ends if that is stated."""

    begin: datetime | None = None
    end: datetime | None = None


def tracks_in(placemark: Element, *, where: str) -> Iterator[Track]:
    """Read the lines and tracks of a placemark, however deep in geometries of several.

    Raises
    ------
    InvalidInputError
        If one cannot be read.
    """
    waiting = [placemark]
    while waiting:
        element = waiting.pop()
        word = local(element)
        if element is placemark or word in ("MultiGeometry", "MultiTrack"):
            waiting.extend(reversed(element))
        elif word == "LineString":
            places = tuple(_places(element, where=where))
            yield Track(places, (), mode_of(element), 0, where)
        elif word == "Track":
            yield _track(element, where=where)


def point_in(placemark: Element, *, where: str) -> Track | None:
    """Read a placemark that is a point in time as a track of one place.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    point = next((child for child in placemark if local(child) == "Point"), None)
    moment = text_of(placemark, "TimeStamp", "when")
    if point is None or not moment:
        return None
    places = tuple(_places(point, where=where))
    if len(places) != 1:
        raise InvalidInputError(f"{where}: a Point of {len(places)} places; expected one")
    return Track(places, (time_of(moment, where=where),), mode_of(point), 0, where)


def period_of(placemark: Element, *, where: str) -> Period:
    """Read when a placemark is shown.

    Raises
    ------
    InvalidInputError
        If a time cannot be read or has no offset, or the period ends before it begins.
    """
    begin = text_of(placemark, "TimeSpan", "begin") or text_of(placemark, "TimeStamp", "when")
    end = text_of(placemark, "TimeSpan", "end")
    period = Period(
        time_of(begin, where=f"{where}: begin") if begin else None,
        time_of(end, where=f"{where}: end") if end else None,
    )
    if period.begin is not None and period.end is not None and period.end <= period.begin:
        raise InvalidInputError(f"{where}: it ends at {end}, not after it begins at {begin}")
    return period


def _places(element: Element, *, where: str) -> Iterator[Place]:
    """Read ``coordinates``, longitude, latitude and often altitude with commas between them."""
    text = text_of(element, "coordinates")
    for number, found in enumerate(_TUPLE.finditer(text), start=1):
        if number > MOST_WAYPOINTS:
            raise InvalidInputError(
                f"{where}: more than {MOST_WAYPOINTS:,} places: split the flight"
            )
        parts = found[0].split(",", 3)
        if len(parts) not in (2, 3) or not all(parts[:2]):
            raise InvalidInputError(
                f"{where}: place {number}: given {found[0][:60]!r}, expected longitude,latitude or"
                " longitude,latitude,altitude, without blanks between them"
            )
        yield _place(parts, where=f"{where}: place {number}")


def _track(element: Element, *, where: str) -> Track:
    """Read a track: as many times as places, in two lists side by side."""
    times = [child for child in element if local(child) == "when"]
    coords = [child for child in element if local(child) == "coord"]
    if len(times) != len(coords):
        raise InvalidInputError(
            f"{where}: a track of {len(times)} times and {len(coords)} places; expected as many of"
            " each"
        )
    places, known = [], []
    for number, (when, coord) in enumerate(zip(times, coords, strict=True), start=1):
        at = f"{where}: place {number}"
        parts = (coord.text or "").split()
        if not parts:  # it was not known where it was then
            continue
        if len(parts) not in (2, 3):
            raise InvalidInputError(
                f"{at}: given {(coord.text or '')[:60]!r}, expected longitude, latitude and"
                " altitude with blanks between them"
            )
        places.append(_place(parts, where=at))
        known.append(time_of(when.text, where=at))
    unknown = len(times) - len(places)
    return Track(tuple(places), tuple(known), mode_of(element), unknown, where)


def _place(parts: list[str], *, where: str) -> Place:
    lon_deg, lat_deg = place_of(parts[0], parts[1], where=where)
    has_altitude = len(parts) == 3 and parts[2].strip()
    altitude_m = number_of(parts[2], where=f"{where}: altitude") if has_altitude else None
    return Place(lon_deg, lat_deg, altitude_m)


def mode_of(geometry: Element) -> str:
    """Say what altitudes are measured from, in KML's words; by default they do not count."""
    return text_of(geometry, "altitudeMode") or ON_GROUND


def local(element: Element) -> str:
    """Name of an element without its namespace: tracks are Google's in one version, KML's later."""
    return element.tag.rpartition("}")[2]


def text_of(element: Element, *path: str) -> str:
    """Text of the first descendant by these names; empty if there is none."""
    found: Element | None = element
    for word in path:
        if found is None:
            return ""
        found = next((child for child in found if local(child) == word), None)
    return "" if found is None else (found.text or "").strip()
