"""Volumes as GeoJSON geometries with ED-318 layers, and back.

A circle is a Point with an ``extent``, as in ED-318. Other exact shapes are Polygons that cover
them, for every reader, with the shape itself in the member ``shape``, for us. Where the two
disagree the file was edited in one place only, and it is refused.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, mapping

from lowalt.airspace.capacity import (
    MOST_CROSSINGS,
    points_of_polygon,
    points_of_shape,
    require_few_crossings,
    require_few_points,
)
from lowalt.airspace.shapes import Arc, Circle, Outline, Place, Sector, Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.errors import GeometryError, InvalidInputError, naming, shown
from lowalt.geodesy import FloatArray
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.units import METRES_PER_FOOT

COORDINATE_DECIMALS: Final = 8
"""Decimals of a degree in documents: 0.8 mm, well within ``BOUNDARY_TOLERANCE_M``."""

_REFERENCE_WORDS = {
    VerticalReference.AGL: "AGL",
    VerticalReference.AMSL: "AMSL",
    VerticalReference.HAE: "WGS84",
}
_REFERENCES = {word: reference for reference, word in _REFERENCE_WORDS.items()}
_METRES = {"m": 1.0, "ft": METRES_PER_FOOT}
_NUMBERS = {float, int}  # a bool is an int as well, and float() reads texts: both are slips
_SAME_DEG = 1e-7

# Writing


def volumes_to_json(volumes: Sequence[Volume3D], *, where: str) -> dict[str, Any]:
    """Write volumes as one geometry; several make a GeometryCollection.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, which ED-318 cannot say.
    """
    geometries = [_volume_to_json(volume, where=where) for volume in volumes]
    if len(geometries) == 1:
        return geometries[0]
    return {"type": "GeometryCollection", "geometries": geometries}


def coordinates_of(geometry: Polygon | MultiPolygon | LineString | MultiLineString) -> Any:
    """Write coordinates, rounded to :data:`COORDINATE_DECIMALS`."""
    rounded = shapely.transform(geometry, lambda xy: xy.round(COORDINATE_DECIMALS))
    return mapping(rounded)["coordinates"]


def layer_to_json(layer: VerticalLayer, *, where: str) -> dict[str, Any]:
    """Write a floor and a ceiling as an ED-318 layer, metres."""
    record: dict[str, Any] = {"uom": "m"}
    for end, level in (("lower", layer.floor), ("upper", layer.ceiling)):
        if level is None:
            continue
        if level.reference not in _REFERENCE_WORDS:
            raise InvalidInputError(
                f"{where}: {end} limit {level}: ED-318 knows heights above ground, sea level and"
                " the ellipsoid only; convert it first (lowalt.terrain)"
            )
        record[end], record[f"{end}Reference"] = level.value_m, _REFERENCE_WORDS[level.reference]
    return record


def _volume_to_json(volume: Volume3D, *, where: str) -> dict[str, Any]:
    layer = layer_to_json(volume.layer, where=where)
    if isinstance(volume.shape, Circle):
        return {
            "type": "Point",
            "coordinates": [volume.shape.lon_deg, volume.shape.lat_deg],
            "extent": {"subType": "Circle", "radius": volume.shape.radius_m},
            "layer": layer,
        }
    exact = {} if volume.shape is None else {"shape": _shape_to_json(volume.shape)}
    return {
        "type": volume.geometry.geom_type,
        "coordinates": coordinates_of(volume.geometry),
        **exact,
        "layer": layer,
    }


def _shape_to_json(shape: Sector | Outline | Strip) -> dict[str, Any]:
    if isinstance(shape, Sector):
        return {
            "type": "Sector",
            "centre": [shape.lon_deg, shape.lat_deg],
            "radius_m": shape.radius_m,
            "inner_radius_m": shape.inner_radius_m,
            "start_azimuth_deg": shape.start_azimuth_deg,
            "end_azimuth_deg": shape.end_azimuth_deg,
        }
    if isinstance(shape, Strip):
        return {
            "type": "Strip",
            "line": [list(place) for place in shape.line],
            "half_width_m": shape.half_width_m,
        }
    return {
        "type": "Outline",
        "corners": [list(corner) for corner in shape.corners],
        "arcs": [
            {"corner": corner, "centre": [arc.lon_deg, arc.lat_deg], "clockwise": arc.clockwise}
            for corner, arc in shape.arcs.items()
        ],
    }


# Reading


@contextmanager
def refusing(where: str, expected: str) -> Iterator[None]:
    """Turn what the shape library or a wrong type raises into a refusal that names the feature."""
    try:
        yield
    except (
        GeometryError,
        shapely.errors.ShapelyError,
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        OverflowError,
    ) as error:
        detail = str(error)
        message = detail if detail.startswith(where) else f"{where}: {detail}; {expected}"
        raise GeometryError(message) from None


def volumes_from_json(record: Mapping[str, Any], *, where: str) -> tuple[Volume3D, ...]:
    """Read the volumes of a geometry that :func:`volumes_to_json` writes.

    Raises
    ------
    GeometryError
        If the shape is not sound, or too large (:mod:`lowalt.airspace.capacity`); the message
        begins with ``where``.
    InvalidInputError
        If a layer cannot be read.
    """
    parts: Any = [record]
    if record.get("type") == "GeometryCollection":
        parts = record.get("geometries")
        if not isinstance(parts, list) or not parts:
            raise GeometryError(f"{where}: a GeometryCollection without geometries")
    volumes: list[Volume3D] = []
    points = 0
    for part in parts:
        volumes.append(_volume_from_json(part, where=where))
        points += points_of_polygon(volumes[-1].geometry)
        require_few_points(points, where=where)
    require_few_crossings(volumes, most=MOST_CROSSINGS, where=where)
    return tuple(volumes)


def _volume_from_json(record: Any, *, where: str) -> Volume3D:
    if not isinstance(record, Mapping):
        raise GeometryError(f"{where}: given {shown(record)}, expected a GeoJSON geometry")
    layer = layer_from_json(record.get("layer") or {}, where=where)
    kind: Any = record.get("type")
    coordinates: Any = record.get("coordinates")
    with refusing(where, "expected coordinates as in GeoJSON, and an extent for a Point"):
        if kind == "Point":
            circle = Circle(*_place(coordinates), _number(record["extent"]["radius"]))
            return Volume3D.of(circle, layer=layer)
        geometry = _polygons(kind, coordinates, where=where)
        if geometry is not None and "shape" in record:
            exact = _shape_from_json(record["shape"])
            require_few_points(points_of_shape(exact), where=where)
            volume = Volume3D.of(exact, layer=layer)
            require_same(volume.geometry, geometry, where=where)
            return volume
        if geometry is not None:
            return Volume3D(geometry, layer)
    raise GeometryError(
        f"{where}: geometry of type {shown(kind)}: expected Polygon, MultiPolygon, Point with an"
        " extent (a circle), or a GeometryCollection of them"
    )


def _polygons(kind: Any, coordinates: Any, *, where: str) -> Polygon | MultiPolygon | None:
    if kind == "Polygon":
        return _polygon(coordinates, where=where)
    if kind == "MultiPolygon":
        return MultiPolygon([_polygon(rings, where=where) for rings in coordinates])
    return None


def _polygon(rings: Any, *, where: str) -> Polygon:
    outer, *holes = (
        _ring(ring, where=f"{where}: ring {number}") for number, ring in enumerate(rings)
    )
    return Polygon(outer, holes)


def _ring(points: Any, *, where: str) -> FloatArray:
    if len(points) < 4 or points[0] != points[-1]:
        raise GeometryError(
            f"{where} has {len(points)} points, first {shown(points[0])}, last"
            f" {shown(points[-1])}: a ring has at least 4 points and ends where it began"
        )
    return places_from_json(points, where=where)


def places_from_json(rows: Any, *, where: str) -> FloatArray:
    """Read longitudes and latitudes, ``(N, 2)`` degrees.

    Raises
    ------
    GeometryError
        If there is anything but two finite numbers for each place.
    """
    with refusing(where, "expected longitude and latitude of places, as in GeoJSON"):
        numbers = list(chain.from_iterable(rows))
        if {*map(len, rows)} != {2} or not {*map(type, numbers)} <= _NUMBERS:
            raise GeometryError(f"{shown(rows)} is no list of two numbers for each place")
        places = np.array(numbers, dtype=np.float64).reshape(-1, 2)
        if not np.isfinite(places).all():
            raise GeometryError("a coordinate is not a number")
        return places


def _place(point: Any) -> Place:
    lon_deg, lat_deg = point
    return _number(lon_deg), _number(lat_deg)


def _number(value: Any) -> float:
    if type(value) not in _NUMBERS or not math.isfinite(value):
        raise GeometryError(f"given {shown(value)}, which is not a number")
    return float(value)


def _shape_from_json(record: Mapping[str, Any]) -> Sector | Outline | Strip:
    kind = record["type"]
    if kind == "Sector":
        return Sector(
            *_place(record["centre"]),
            _number(record["radius_m"]),
            _number(record["start_azimuth_deg"]),
            _number(record["end_azimuth_deg"]),
            _number(record["inner_radius_m"]),
        )
    if kind == "Strip":
        return Strip(_places(record["line"]), _number(record["half_width_m"]))
    if kind == "Outline":
        return Outline(_places(record["corners"]), dict(map(_arc, record["arcs"])))
    raise GeometryError(f"shape of type {shown(kind)}: expected Sector, Strip or Outline")


def _arc(record: Mapping[str, Any]) -> tuple[int, Arc]:
    corner, clockwise = record["corner"], record["clockwise"]
    if type(corner) is not int or not isinstance(clockwise, bool):
        raise GeometryError(f"arc {shown(record)}: expected the number of a corner, true or false")
    return corner, Arc(*_place(record["centre"]), clockwise)


def _places(rows: Any) -> tuple[Place, ...]:
    return tuple(_place(row) for row in rows)


def require_same(
    made: Polygon | MultiPolygon, given: Polygon | MultiPolygon, *, where: str
) -> None:
    """Refuse a polygon that is not the one made of its exact shape, but for rounding.

    Raises
    ------
    GeometryError
        The message begins with ``where``.
    """
    boxes = np.abs(np.array(made.bounds) - np.array(given.bounds)).max()
    # Rounded corners move each stretch of the boundary by less than that, and the area with it.
    if boxes > _SAME_DEG or abs(made.area - given.area) > _SAME_DEG * made.length:
        raise GeometryError(
            f"{where}: its coordinates are not those of its shape; change both, or drop the member"
            " 'shape'"
        )


def layer_from_json(record: Any, *, where: str) -> VerticalLayer:
    """Read an ED-318 layer; what is left out is the surface, or no upper limit.

    Raises
    ------
    InvalidInputError
        If a unit, a reference or a number cannot be read; the message begins with ``where``.
    """
    if not isinstance(record, Mapping):
        raise InvalidInputError(f"{where}: layer: given {shown(record)}, expected an object")
    unit = record.get("uom", "m")
    if not isinstance(unit, str) or unit not in _METRES:
        raise InvalidInputError(f"{where}: layer.uom: given {shown(unit)}, expected m or ft")

    def level(end: str) -> Level | None:
        value = record.get(end)
        if value is None:
            return None
        word = record.get(f"{end}Reference")
        if not isinstance(word, str) or word not in _REFERENCES:
            raise InvalidInputError(
                f"{where}: layer.{end}Reference: given {shown(word)}, expected one of"
                f" {', '.join(_REFERENCES)}"
            )
        if type(value) not in _NUMBERS:
            raise InvalidInputError(
                f"{where}: layer: {end}: given {shown(value)}, expected a number"
            )
        return Level(float(value) * _METRES[unit], _REFERENCES[word])

    with naming(where):
        return VerticalLayer(level("lower"), level("upper"))
