"""From features of GeoJSON to plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.exchange import Loss
from lowalt.formats.feature_collections import records_of
from lowalt.formats.plans.exchange import Draft, Need, Told, refuse_missing
from lowalt.formats.plans.flown import Move, flown
from lowalt.formats.plans.geojson.own import OWN, own_draft
from lowalt.formats.plans.geojson.values import (
    as_level,
    as_numbers,
    as_position,
    as_reference,
    one_part,
    parts_of_a_plan,
)
from lowalt.levels import Level, VerticalReference

_CRS = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326")
_TIMES = ("times", "coordTimes", "coordinateProperties")
_OF_A_LINE = (*_TIMES, "levels_m", "level", "reference", "references")
_OF_A_POINT = ("time", "level", "levels_m", "reference", "references")
_AS_RFC_7946_SAYS = (
    "reference",
    "third ordinates read as above the ellipsoid, as RFC 7946 says; the file is silent",
)
# As Flight Blender's declarations have them.
_AREA_ALIASES = {
    "floor": "min_altitude",
    "ceiling": "max_altitude",
    "start": "start_datetime",
    "end": "end_datetime",
}


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:
    """Read plans from GeoJSON.

    Parameters
    ----------
    content
        The file: a feature, or a collection of them.
    name
        What messages call it; its stem names a plan that has neither ``plan_id`` nor an id.
    told
        What it does not say.

    Returns
    -------
    tuple
        Drafts in the order of the file; in the place of a broken one stands why.

    Raises
    ------
    InvalidInputError
        If it is no such file, or its coordinates are not of WGS 84.

    Examples
    --------
    >>> line = b'''{"type": "Feature", "id": "hop",
    ... "geometry": {"type": "LineString", "coordinates": [[113.95, 22.54], [113.96, 22.54]]},
    ... "properties": {"times": ["2026-06-10T02:00:00Z", "2026-06-10T02:02:00Z"],
    ...   "levels_m": [80, 80], "reference": "AGL", "route_buffer_m": 20}}'''
    >>> [draft] = read(line, name="hop.geojson", told=Told())
    >>> draft.document["plan_id"], len(draft.document["waypoints"])
    ('hop', 2)
    """
    document = parse_json(content, name=name)
    _refuse_other_datum(document, name=name)
    points: dict[str, _Points] = {}
    found: list[Draft | InvalidInputError | _Points] = []
    for at, feature in enumerate(records_of(document, name=name)):
        try:
            found += _feature(feature, at, points, name=name, told=told)
        except InvalidInputError as error:
            found.append(error)
    return tuple(one.draft() if isinstance(one, _Points) else one for one in found)


def _refuse_other_datum(document: Any, *, name: str) -> None:
    crs = document.get("crs") if isinstance(document, Mapping) else None
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    stated = properties.get("name") if isinstance(properties, Mapping) else None
    if stated not in _CRS:
        raise InvalidInputError(
            f"{name}: crs: given {shown(stated)}, expected none or {_CRS[0]}: longitude and"
            " latitude of WGS 84; convert the file first"
        )


def _feature(
    feature: Any, at: int, points: dict[str, _Points], *, name: str, told: Told
) -> Iterator[Draft | _Points]:
    where = f"{name}: features[{at}]"
    if not isinstance(feature, Mapping):
        raise InvalidInputError(f"{where}: given {shown(feature)}, expected an object")
    properties, geometry = feature.get("properties") or {}, feature.get("geometry")
    if not isinstance(properties, Mapping) or not isinstance(geometry, Mapping):
        raise InvalidInputError(f"{where}: expected properties and a geometry, each an object")
    if OWN in properties:
        yield own_draft(properties[OWN], geometry, where=where)
        return
    plan_id = _plan_id(feature, properties, at, name=name)
    with naming(where):
        kind, coordinates = one_part(geometry)
        if kind == "LineString":
            yield _line(coordinates, properties, plan_id=plan_id, told=told)
        elif kind == "Polygon":
            yield _area(coordinates, properties, plan_id=plan_id)
        elif kind == "Point":
            if plan_id not in points:
                points[plan_id] = _Points(plan_id)
                yield points[plan_id]
            points[plan_id].add(coordinates, properties, told, where=f"features[{at}]")
        else:
            raise InvalidInputError(
                f"a {shown(kind)}: expected a LineString, which is a route, a Polygon, which is an"
                " operating area, or Points, which are waypoints"
            )


def _plan_id(
    feature: Mapping[str, Any], properties: Mapping[str, Any], at: int, *, name: str
) -> str:
    stated = properties.get("plan_id", feature.get("id"))
    if stated is not None:
        return stated if isinstance(stated, str) else shown(stated)
    return Path(name).stem if at == 0 else f"{Path(name).stem}#{at + 1}"


# Routes


def _line(
    coordinates: list[Any], properties: Mapping[str, Any], *, plan_id: str, told: Told
) -> Draft:
    places = [as_position(p, what=f"coordinates[{i}]") for i, p in enumerate(coordinates)]
    document, losses = parts_of_a_plan(properties, _OF_A_LINE, plan_id=plan_id)
    levels, how = _levels(places, properties, told)
    losses += [Loss(plan_id, *loss) for loss in how]
    needs = [] if levels else [Need.LEVEL]
    levels = levels or [Level(0.0, VerticalReference.ATO)] * len(places)
    states_buffer = document.get("route_buffer_m") is not None
    times = _times(properties)
    if times is not None:
        if len(times) != len(places):
            raise InvalidInputError(f"{len(times)} times for {len(places)} positions: one for each")
        if not states_buffer and told.profile.route.buffer_m is None:
            needs.append(Need.BUFFER)
        refuse_missing(needs, name=plan_id)
        document["waypoints"] = [
            {"lon_deg": place[0], "lat_deg": place[1], "level": level, "time": time}
            for place, level, time in zip(places, levels, times, strict=True)
        ]
        return Draft(document, tuple(losses))
    moves = (
        Move(lon_deg=place[0], lat_deg=place[1], level=level, where=f"coordinates[{i}]")
        for i, (place, level) in enumerate(zip(places, levels, strict=True))
    )
    document["waypoints"], timing = flown(
        moves, plan_id=plan_id, told=told, needs=needs, states_buffer=states_buffer
    )
    return Draft(document, (*losses, *timing))


def _times(properties: Mapping[str, Any]) -> list[Any] | None:
    """Find the times of a line, under one of the names that tools give them."""
    stated = next((properties[key] for key in _TIMES if key in properties), None)
    if isinstance(stated, Mapping):
        stated = stated.get("times")
    if stated is not None and not isinstance(stated, list):
        raise InvalidInputError(f"times: given {shown(stated)}, expected a list, one a position")
    return stated


def _levels(
    places: list[list[float]], properties: Mapping[str, Any], told: Told
) -> tuple[list[Level], list[tuple[str, str]]]:
    """Find a level for each position, or none; and tell what was read into them."""
    if "level" in properties:
        return [as_level(properties["level"], what="level")] * len(places), []
    values_m = [place[2] for place in places if len(place) == 3]
    if "levels_m" in properties:
        values_m = as_numbers(properties["levels_m"], what="levels_m")
    if not values_m:
        if told.level is None:
            return [], []
        how = f"every waypoint at {told.level}, as told; the file says none"
        return [told.level] * len(places), [("level", how)]
    if len(values_m) != len(places):
        raise InvalidInputError(f"{len(values_m)} levels for {len(places)} positions: one for each")
    words = properties.get("references", [properties.get("reference")] * len(places))
    if not isinstance(words, list) or len(words) != len(places):
        raise InvalidInputError("references: expected a list, one a position")
    losses = []
    if "levels_m" not in properties and set(map(str, words)) == {"None"}:
        words, losses = [VerticalReference.HAE] * len(places), [_AS_RFC_7946_SAYS]
    levels = zip(values_m, map(as_reference, words), strict=True)
    return [Level(value_m, reference) for value_m, reference in levels], losses


class _Points:
    """A plan whose waypoints are features of their own."""

    def __init__(self, plan_id: str) -> None:
        self._plan_id = plan_id
        self._waypoints: list[dict[str, Any]] = []
        self._document: dict[str, Any] = {}
        self._losses: dict[Loss, None] = {}  # each once, in order
        self._broken: InvalidInputError | None = None

    def add(
        self, coordinates: list[Any], properties: Mapping[str, Any], told: Told, *, where: str
    ) -> None:
        """Take the next waypoint in; one that is broken breaks the plan."""
        try:
            place = as_position(coordinates, what="coordinates")
            parts, losses = parts_of_a_plan(properties, _OF_A_POINT, plan_id=self._plan_id)
            levels, how = _levels([place], properties, told)
            if not levels:
                raise InvalidInputError("level: given nothing; expected one such as '120 m AGL'")
            if "time" not in properties:
                raise InvalidInputError("time: given nothing; points of a plan have one each")
        except InvalidInputError as error:
            self._broken = self._broken or InvalidInputError(f"{self._plan_id}: {where}: {error}")
            return
        self._document = {**parts, **self._document}
        losses += [Loss(self._plan_id, *loss) for loss in how]
        self._losses |= dict.fromkeys(losses)
        self._waypoints.append(
            {
                "lon_deg": place[0],
                "lat_deg": place[1],
                "level": levels[0],
                "time": properties["time"],
            }
        )

    def draft(self) -> Draft | InvalidInputError:
        """Give the plan, when all its points were added."""
        if self._broken is not None:
            return self._broken
        return Draft({**self._document, "waypoints": self._waypoints}, tuple(self._losses))


# Areas


def _area(rings: list[Any], properties: Mapping[str, Any], *, plan_id: str) -> Draft:
    stated = {
        key: properties.get(key, properties.get(alias)) for key, alias in _AREA_ALIASES.items()
    }
    missing = [key for key, value in stated.items() if value is None]
    if missing:
        zones = "; a file of zones is no file of plans" if "identifier" in properties else ""
        raise InvalidInputError(
            f"an operating area that lacks {', '.join(missing)} among its properties; expected"
            f" levels such as '120 m AGL' and times with their offset{zones}"
        )
    outline = rings[0] if rings else None
    if not isinstance(outline, list):
        raise InvalidInputError(f"coordinates: given {shown(rings)}, expected a polygon's rings")
    read_already = (*_AREA_ALIASES, *_AREA_ALIASES.values())
    document, losses = parts_of_a_plan(properties, read_already, plan_id=plan_id)
    if len(rings) > 1:
        losses.append(Loss(plan_id, "holes", "filled: an operating area has none"))
    document["operating_area"] = {
        "polygon": [as_position(p, what=f"coordinates[0][{i}]")[:2] for i, p in enumerate(outline)],
        "floor": as_level(stated["floor"], what="floor"),
        "ceiling": as_level(stated["ceiling"], what="ceiling"),
        "start": stated["start"],
        "end": stated["end"],
    }
    return Draft(document, tuple(losses))
