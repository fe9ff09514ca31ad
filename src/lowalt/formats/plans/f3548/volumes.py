"""Volumes as operational intents write them, read one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.temporal import read_time

Place = tuple[float, float]
"""Longitude, then latitude, degrees."""

MOST_CORNERS: Final = 10_000
"""Most corners of all volumes of an operational intent together, a circle counted as one: the
limit OiMaxVertices of ASTM F3548-21."""

_WIDEST_M = 1e6
_HIGHEST_M = 1e5  # the schema's own bounds are within it


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume as it was read.

    Attributes
    ----------
    corners
        Of a polygon, once round; of a circle, its centre.
    radius_m
        Of a circle; 0 of a polygon.
    floor_m, ceiling_m
        Metres above the WGS 84 ellipsoid.
    start, end
        The time.
    """

    corners: tuple[Place, ...]
    radius_m: float
    floor_m: float
    ceiling_m: float
    start: datetime
    end: datetime


def volume_of(given: Any, *, where: str, problems: list[Problem]) -> Volume | None:
    """Read a ``Volume4D``, or say all that is wrong with it.

    Parameters
    ----------
    given
        As the file has it.
    where
        What messages call it.
    problems
        What is wrong is added to it.

    Returns
    -------
    Volume or None
        ``None`` if anything is wrong.

    Examples
    --------
    >>> problems = []
    >>> volume_of({"volume": {}}, where="volumes[0]", problems=problems) is None
    True
    >>> print(problems[0])
    volumes[0].volume: given neither; expected an outline_polygon or an outline_circle
    """
    found = _Found(where, problems)
    before = len(problems)
    volume = found.member(given, "volume")
    corners, radius_m = found.outline(volume)
    floor_m, ceiling_m = (
        found.measure(volume, f"volume.{name}", least=-_HIGHEST_M, most=_HIGHEST_M, above="W84")
        for name in ("altitude_lower", "altitude_upper")
    )
    start, end = (found.time(given, name) for name in ("time_start", "time_end"))
    if floor_m > ceiling_m:
        found.refuse("volume.altitude_upper", f"{ceiling_m:g}", f"no less than {floor_m:g}")
    if start is not None and end is not None and end <= start:
        found.refuse("time_end", end.isoformat(), f"a time after {start.isoformat()}")
    if len(problems) > before or start is None or end is None:
        return None
    return Volume(corners, radius_m, floor_m, ceiling_m, start, end)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is found wrong with a volume, while it is read."""

    where: str
    problems: list[Problem]

    def refuse(self, path: str, given: str, expected: str) -> None:
        self.problems.append(Problem(f"{self.where}.{path}", given, f"expected {expected}"))

    def member(self, parent: Any, path: str) -> Mapping[str, Any]:
        value = parent.get(path.rpartition(".")[2]) if isinstance(parent, Mapping) else None
        if isinstance(value, Mapping):
            return value
        self.refuse(path, shown(value), "an object")
        return {}

    def outline(self, volume: Mapping[str, Any]) -> tuple[tuple[Place, ...], float]:
        polygon, circle = volume.get("outline_polygon"), volume.get("outline_circle")
        if (polygon is None) == (circle is None):
            given = "neither" if polygon is None else "both"
            self.refuse("volume", given, "an outline_polygon or an outline_circle")
            return (), 0.0
        if circle is None:
            return self._corners(self.member(volume, "volume.outline_polygon")), 0.0
        circle = self.member(volume, "volume.outline_circle")
        centre = self._place(circle.get("center"), "volume.outline_circle.center")
        path = "volume.outline_circle.radius"
        return (centre,), self.measure(circle, path, least=0.0, most=_WIDEST_M)

    def _corners(self, polygon: Mapping[str, Any]) -> tuple[Place, ...]:
        path = "volume.outline_polygon.vertices"
        vertices = polygon.get("vertices")
        if not isinstance(vertices, Sequence) or isinstance(vertices, str) or len(vertices) < 3:
            self.refuse(path, shown(vertices), "a list of 3 or more vertices")
            return ()
        return tuple(self._place(vertex, f"{path}[{n}]") for n, vertex in enumerate(vertices))

    def _place(self, vertex: Any, path: str) -> Place:
        vertex = vertex if isinstance(vertex, Mapping) else {}
        lon_deg, lat_deg = (
            self._number(vertex.get(name), f"{path}.{name}", least=-most, most=most, what="degrees")
            for name, most in (("lng", 180.0), ("lat", 90.0))
        )
        return lon_deg, lat_deg

    def measure(
        self,
        parent: Mapping[str, Any],
        path: str,
        *,
        least: float,
        most: float,
        above: str | None = None,
    ) -> float:
        """Read a number of metres with its unit, and of a height what it is above."""
        given = self.member(parent, path)
        if not given:
            return math.nan
        for key, right in (("units", "M"), ("reference", above)):
            if right is not None and given.get(key) != right:
                self.refuse(f"{path}.{key}", shown(given.get(key)), repr(right))
        value_m = self._number(given.get("value"), f"{path}.value", least=least, most=most)
        if value_m == 0.0 and above is None:
            self.refuse(f"{path}.value", "0", "more than 0 metres")
        return value_m

    def time(self, parent: Any, name: str) -> datetime | None:
        given = self.member(parent, name)
        if not given:
            return None
        if given.get("format") != "RFC3339":
            self.refuse(f"{name}.format", shown(given.get("format")), "'RFC3339'")
        try:
            return read_time(given.get("value"), where=name)
        except InvalidInputError:
            expected = "a time with its offset, such as 2026-06-10T02:00:00Z"
            self.refuse(f"{name}.value", shown(given.get("value")), expected)
            return None

    def _number(
        self, value: Any, path: str, *, least: float, most: float, what: str = "metres"
    ) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if is_number and least <= value <= most:
            return float(value)
        self.refuse(path, shown(value), f"a number of {what} from {least:g} to {most:g}")
        return math.nan
