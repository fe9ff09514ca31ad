"""Places in a flight-plan document: positions, levels, waypoints, areas and sites."""

from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, radians
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic_core import CoreSchema

from lowalt.errors import Problem
from lowalt.flights.documents import Document, Moment, PositiveMetres, Text, fact, refuse
from lowalt.levels import Level

LEVEL_LIMIT_M = 100_000.0
"""Levels beyond the edge of space are mistakes of unit."""


def _latitude(lat_deg: float, lon_deg: float | None) -> float:
    """Refuse latitudes that cannot be, and pairs that only make sense the other way round."""
    if lon_deg is not None and _looks_swapped(lon_deg=lon_deg, lat_deg=lat_deg):
        given = f"longitude {lon_deg:g}, latitude {lat_deg:g}"
        expected = (
            "these look swapped: longitude comes first; if so write longitude"
            f" {lat_deg:g}, latitude {lon_deg:g}"
        )
        refuse([Problem("", given, expected)])
    if not -90 <= lat_deg <= 90:
        refuse([Problem("", f"{lat_deg:g}", "a latitude lies between -90 and 90 degrees")])
    return lat_deg


def _looks_swapped(*, lon_deg: float, lat_deg: float) -> bool:
    if abs(lat_deg) > 90:
        return abs(lat_deg) <= 180 and abs(lon_deg) <= 90
    return _in_china(lon_deg=lat_deg, lat_deg=lon_deg) and not _in_china(
        lon_deg=lon_deg, lat_deg=lat_deg
    )


def _in_china(*, lon_deg: float, lat_deg: float) -> bool:
    # A box around China; only ever used to guess that two numbers were exchanged.
    return 73 <= lon_deg <= 135 and 3 <= lat_deg <= 54


def _latitude_after_longitude(lat_deg: float, info: ValidationInfo) -> float:
    return _latitude(lat_deg, info.data.get("lon_deg"))


def _position(pair: tuple[float, float]) -> tuple[float, float]:
    lon_deg, lat_deg = pair
    _latitude(lat_deg, lon_deg)
    return pair


_DEGREES_OF_LATITUDE = Field(json_schema_extra={"unit": "deg", "minimum": -90, "maximum": 90})

Longitude = Annotated[float, Field(ge=-180, le=180, json_schema_extra={"unit": "deg"})]
Latitude = Annotated[float, _DEGREES_OF_LATITUDE, AfterValidator(_latitude_after_longitude)]
Position = Annotated[
    tuple[Longitude, Annotated[float, _DEGREES_OF_LATITUDE]], AfterValidator(_position)
]
"""Longitude, then latitude."""


class _LevelSchema:
    """Describe the two parts of a level in the schema; a plain dataclass cannot."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        schema = handler(core_schema)
        level = handler.resolve_ref_schema(schema)
        level["description"] = "A height with what it is measured from; a bare number is refused."
        value = level["properties"]["value_m"]
        value.update(
            description="Metres above the reference.",
            unit="m",
            minimum=-LEVEL_LIMIT_M,
            maximum=LEVEL_LIMIT_M,
        )
        level["properties"]["reference"]["description"] = "What the level is measured from."
        return schema


def _conceivable(level: Level) -> Level:
    if abs(level.value_m) > LEVEL_LIMIT_M:
        expected = f"a level lies within {LEVEL_LIMIT_M:g} m of its reference; check the unit"
        refuse([Problem("value_m", f"{level.value_m:g}", expected)])
    return level


LevelField = Annotated[Level, _LevelSchema(), AfterValidator(_conceivable)]


class Waypoint(Document):
    """A place at a level and a time; between two of them the flight is straight and uniform."""

    lon_deg: Longitude = Field(description="Longitude, degrees east.")
    lat_deg: Latitude = Field(description="Latitude, degrees north.")
    level: LevelField = Field(description="Level at the waypoint.")
    time: Moment = Field(description="When the aircraft is there, with the offset.")


def check_route(waypoints: tuple[Waypoint, ...] | None) -> tuple[Waypoint, ...] | None:
    """Refuse a route whose times do not strictly increase: nothing is in two places at once."""
    if waypoints is None:
        return None
    if len(waypoints) < 2:
        given = f"{len(waypoints)} waypoint{'s' * (len(waypoints) != 1)}"
        refuse([Problem("", given, "a route has at least 2 waypoints")])
    steps = enumerate(pairwise(waypoints), start=1)
    problems = [_step_problem(i, before, at) for i, (before, at) in steps if at.time <= before.time]
    if problems:
        refuse(problems)
    return waypoints


def _step_problem(i: int, before: Waypoint, at: Waypoint) -> Problem:
    where = f"[{i}].time"
    if at.time < before.time:
        return Problem(
            where,
            f"{at.time.isoformat()}, before waypoints[{i - 1}] at {before.time.isoformat()}",
            "times run forward from waypoint to waypoint",
        )
    if at == before:
        return Problem(
            where,
            f"{at.time.isoformat()}, the same place, level and time as waypoints[{i - 1}]",
            "a plan has a duration: remove the repeated waypoint, or give a hover its later time",
        )
    return Problem(
        where,
        f"{at.time.isoformat()}, the time of waypoints[{i - 1}] at another place or level",
        "an aircraft is in one place at a time: give the later one its later time",
    )


class Circle(Document):
    """All places nearer to a centre than a radius."""

    lon_deg: Longitude = Field(description="Longitude of the centre, degrees east.")
    lat_deg: Latitude = Field(description="Latitude of the centre, degrees north.")
    radius_m: PositiveMetres = Field(description="Radius, metres.")


def _check_ring(ring: tuple[Position, ...] | None) -> tuple[Position, ...] | None:
    """Refuse a ring that bounds no area; return it closed."""
    if ring is None:
        return None
    distinct = len(set(ring))
    if distinct < 3:
        expected = "a polygon has at least 3 different corners"
        refuse([Problem("", f"{distinct} different corner{'s' * (distinct != 1)}", expected)])
    import shapely  # noqa: PLC0415 -- plans without an area are read without it

    closed = ring if ring[0] == ring[-1] else (*ring, ring[0])
    polygon = shapely.Polygon(closed)
    if polygon.convex_hull.area == 0:
        refuse([Problem("", "corners on one line", "a polygon encloses an area")])
    if not polygon.is_valid:
        reason = f"a boundary with {shapely.is_valid_reason(polygon)}"
        expected = "a boundary does not meet itself: list the corners once round, in order"
        refuse([Problem("", reason, expected)])
    return closed


# The least number of items is checked with the whole list: the parser counts only those without
# fault, and would report a list of faulty ones as too short as well.
Ring = Annotated[tuple[Position, ...], Field(max_length=100_000, json_schema_extra={"minItems": 3})]


class Area(Document):
    """A polygon or a circle, exactly one of the two."""

    polygon: Annotated[Ring | None, AfterValidator(_check_ring)] = fact(
        "Corners as [longitude, latitude] in degrees, once round; the first may be repeated at"
        " the end."
    )
    circle: Circle | None = fact("Centre and radius.")

    @model_validator(mode="after")
    def _one_shape(self) -> Self:
        if (self.polygon is None) == (self.circle is None):
            given = "neither polygon nor circle" if self.polygon is None else "polygon and circle"
            refuse([Problem("", given, "an area is exactly one of polygon and circle")])
        return self


class OperatingArea(Area):
    """Where and when a flight may be anywhere: an area between two levels for a time."""

    floor: LevelField = Field(description="Lower level of the volume.")
    ceiling: LevelField = Field(description="Upper level of the volume.")
    start: Moment = Field(description="First moment, with the offset.")
    end: Moment = Field(description="End of the period, not itself part of it, with the offset.")

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        problems = []
        floor, ceiling = self.floor, self.ceiling
        if floor.reference is ceiling.reference and ceiling < floor:
            problems.append(
                Problem("ceiling", f"{ceiling}, below the floor at {floor}", "exchange the two")
            )
        if self.end <= self.start:
            problems.append(
                Problem(
                    "end",
                    f"{self.end.isoformat()}, not after the start at {self.start.isoformat()}",
                    "a plan has a duration: the end comes after the start",
                )
            )
        if problems:
            refuse(problems)
        return self


FARTHEST_SITE_M = 2000.0
"""Farthest that a route may begin from the site of take-off, or end from that of landing."""

_METRES_OF_A_DEGREE = 111_200.0
"""On the sphere: within half a per cent of the earth's, and plans load no geodesy."""


class Site(Document):
    """A place to take off, land or divert to."""

    name: Text | None = fact("Name for people.")
    identifier: Text | None = fact("Identifier in an airspace dataset or a location indicator.")
    lon_deg: Longitude | None = fact("Longitude, degrees east.")
    lat_deg: Latitude | None = fact("Latitude, degrees north.")

    @model_validator(mode="after")
    def _whole_position(self) -> Self:
        if (self.lon_deg is None) != (self.lat_deg is None):
            given = "a longitude alone" if self.lat_deg is None else "a latitude alone"
            refuse([Problem("", given, "give lon_deg and lat_deg together, or neither")])
        return self


def refuse_elsewhere(site: Site, end: Waypoint, *, departs: bool) -> None:
    """Refuse a site that lies far from the end of the route where the flight is to be on it."""
    if site.lon_deg is None or site.lat_deg is None:
        return
    east_deg = (site.lon_deg - end.lon_deg) * cos(radians(end.lat_deg))
    apart_m = hypot(east_deg, site.lat_deg - end.lat_deg) * _METRES_OF_A_DEGREE
    if apart_m > FARTHEST_SITE_M:
        does, waypoint = ("takes off", "first") if departs else ("lands", "last")
        given = f"a place {apart_m / 1000.0:.1f} km from the {waypoint} waypoint"
        within = f"within {FARTHEST_SITE_M / 1000.0:g} km"
        refuse([Problem("", given, f"it {does} where its route is, {within}: correct one of them")])
