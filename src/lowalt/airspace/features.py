"""Zones as GeoJSON features with ED-318 properties, and back.

What ED-318 has a word for stands under that word; our own facts (kind, status, accuracy,
citation and so on) stand in ``extendedProperties``. A circle is a Point with an ``extent``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar

import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, mapping

from lowalt.airspace.hours import read_hours, read_time, shown, write_hours
from lowalt.airspace.zones import (
    BasisVerification,
    BoundaryPart,
    Circle,
    FeatureStatus,
    Restriction,
    Zone,
)
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.terms import Notice, ZoneKind

COORDINATE_DECIMALS: Final = 8
"""Decimals of a degree in documents: 0.8 mm, well within ``BOUNDARY_TOLERANCE_M``."""

_REFERENCE_WORDS = {
    VerticalReference.AGL: "AGL",
    VerticalReference.AMSL: "AMSL",
    VerticalReference.HAE: "WGS84",
}
_REFERENCES = {word: reference for reference, word in _REFERENCE_WORDS.items()}
_METRES = {"m": 1.0, "ft": 0.3048}

_OWN_KEYS = {
    *("kind", "status", "basis", "accuracy_m", "less_accurate"),
    *("citation", "sources", "as_of", "notice", "published_at", "remarks", "time_zone"),
}

AnyEnum = TypeVar("AnyEnum", bound=Enum)


def zone_to_feature(zone: Zone) -> dict[str, Any]:
    """Write a zone as a GeoJSON feature with ED-318 properties.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, or the weekly hours are in several time zones,
        which ED-318 cannot say.
    """
    properties: dict[str, Any] = {
        "identifier": zone.identifier,
        "country": zone.country,
        "name": texts(zone.name),
        "type": zone.restriction.value,
        "variant": "COMMON",
        "zoneAuthority": [_authority(zone)],
    }
    if zone.remarks:
        properties["restrictionConditions"] = " / ".join(zone.remarks.values())
    hours, time_zone = write_hours(zone.schedule, where=f"zone {zone.identifier}")
    if hours is not None:
        properties["limitedApplicability"] = hours
    extended: dict[str, Any] = {
        "kind": zone.kind.value,
        "status": zone.status.value,
        "basis": zone.basis.value,
        "accuracy_m": zone.accuracy_m,
        "citation": zone.citation,
        "sources": list(zone.sources),
        "as_of": zone.as_of.isoformat(),
    }
    if zone.less_accurate:
        extended["less_accurate"] = [
            {"accuracy_m": part.accuracy_m, "line": _coordinates(part.line)}
            for part in zone.less_accurate
        ]
    if zone.notice is not None:
        extended["notice"] = zone.notice.value
    if zone.published_at is not None:
        extended["published_at"] = zone.published_at.isoformat()
    if time_zone is not None:
        extended["time_zone"] = time_zone
    if zone.remarks:
        extended["remarks"] = dict(zone.remarks)
    properties["extendedProperties"] = extended
    return {"type": "Feature", "properties": properties, "geometry": _geometry_to_json(zone)}


def zone_from_feature(feature: Mapping[str, Any], *, where: str = "feature") -> Zone:
    """Read a zone from a GeoJSON feature of the form :func:`zone_to_feature` writes.

    Parameters
    ----------
    feature
        The feature.
    where
        What to call it in messages until its identifier is known.

    Raises
    ------
    GeometryError
        If the shape is not valid.
    InvalidInputError
        If anything else cannot be read; the message names the feature and the field.
    """
    properties = _get(feature, "properties", dict, where=where)
    identifier = _get(properties, "identifier", str, where=where)
    where = f"zone {identifier}"
    extended = _get(properties, "extendedProperties", dict, where=where)
    for key in extended.keys() - _OWN_KEYS:
        raise InvalidInputError(
            f"{where}: extendedProperties has {key!r}, which means nothing here; known are"
            f" {', '.join(sorted(_OWN_KEYS))}"
        )
    geometry, circle, layer = _geometry_from_json(
        _get(feature, "geometry", dict, where=where), where=where
    )
    notice = extended.get("notice")
    published_at = extended.get("published_at")
    return Zone(
        identifier=identifier,
        name=by_language(_get(properties, "name", list, where=where), where=f"{where}: name"),
        kind=_word(ZoneKind, extended, "kind", where=where),
        restriction=_word(Restriction, properties, "type", where=where),
        country=_get(properties, "country", str, where=where),
        geometry=geometry,
        circle=circle,
        layer=layer,
        schedule=read_hours(
            properties.get("limitedApplicability"),
            time_zone=extended.get("time_zone"),
            lon_deg=geometry.centroid.x,
            where=where,
        ),
        status=_word(FeatureStatus, extended, "status", where=where),
        basis=_word(BasisVerification, extended, "basis", where=where),
        accuracy_m=_get(extended, "accuracy_m", float, where=where),
        less_accurate=tuple(_part(part, where=where) for part in extended.get("less_accurate", ())),
        citation=_get(extended, "citation", str, where=where),
        sources=tuple(_get(extended, "sources", list, where=where)),
        as_of=_as_of(extended, where=where),
        authority=_authority_name(properties, where=where),
        notice=None if notice is None else _word(Notice, extended, "notice", where=where),
        published_at=None
        if published_at is None
        else read_time(published_at, where=f"{where}: published_at"),
        remarks=extended.get("remarks", {}),
    )


# Writing


def texts(by_lang: Mapping[str, str]) -> list[dict[str, str]]:
    """Write a text in several languages as ED-318 does."""
    return [{"lang": lang, "text": text} for lang, text in by_lang.items()]


def _authority(zone: Zone) -> dict[str, Any]:
    asks = zone.restriction in (Restriction.PROHIBITED, Restriction.REQ_AUTHORIZATION)
    name = {"name": texts(zone.authority)} if zone.authority else {}
    return {**name, "purpose": "AUTHORIZATION" if asks else "INFORMATION"}


def _coordinates(geometry: Polygon | MultiPolygon | LineString) -> Any:
    rounded = shapely.transform(geometry, lambda xy: xy.round(COORDINATE_DECIMALS))
    return mapping(rounded)["coordinates"]


def _geometry_to_json(zone: Zone) -> dict[str, Any]:
    if zone.circle is not None:
        shape: dict[str, Any] = {
            "type": "Point",
            "coordinates": [zone.circle.lon_deg, zone.circle.lat_deg],
            "extent": {"subType": "Circle", "radius": zone.circle.radius_m},
        }
    else:
        shape = {"type": zone.geometry.geom_type, "coordinates": _coordinates(zone.geometry)}
    layer: dict[str, Any] = {"uom": "m"}
    for end, level in (("lower", zone.layer.floor), ("upper", zone.layer.ceiling)):
        if level is None:
            continue
        if level.reference not in _REFERENCE_WORDS:
            raise InvalidInputError(
                f"zone {zone.identifier}: {end} limit {level}: ED-318 knows heights above ground,"
                " sea level and the ellipsoid only; convert it first (lowalt.terrain)"
            )
        layer[end], layer[f"{end}Reference"] = level.value_m, _REFERENCE_WORDS[level.reference]
    return {**shape, "layer": layer}


# Reading


def _get(record: Any, key: str, kind: type, *, where: str) -> Any:
    value = record.get(key) if isinstance(record, Mapping) else None
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind):
        raise InvalidInputError(
            f"{where}: {key}: given {shown(value)}, expected {_KIND_NAMES[kind]}"
        )
    return value


_KIND_NAMES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a text",
    float: "a number",
}


def _word(words: type[AnyEnum], record: Mapping[str, Any], key: str, *, where: str) -> AnyEnum:
    value = record.get(key)
    try:
        return words(value)
    except ValueError:
        allowed = ", ".join(str(word.value) for word in words)
        raise InvalidInputError(
            f"{where}: {key}: given {shown(value)}, expected one of {allowed}"
        ) from None


def by_language(items: Any, *, where: str) -> dict[str, str]:
    """Read a text in several languages as ED-318 writes it; ``en-GB`` counts as ``en``."""
    try:
        return {item["lang"].split("-")[0]: item["text"] for item in items}
    except (AttributeError, KeyError, TypeError):
        raise InvalidInputError(
            f"{where}: given {shown(items)}, expected a list of objects with lang and text"
        ) from None


def _authority_name(properties: Mapping[str, Any], *, where: str) -> dict[str, str]:
    authorities = _get(properties, "zoneAuthority", list, where=where)
    first = authorities[0] if authorities else {}
    if "name" not in first:
        return {}
    return by_language(first["name"], where=f"{where}: zoneAuthority[0].name")


def _as_of(extended: Mapping[str, Any], *, where: str) -> date:
    value = _get(extended, "as_of", str, where=where)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInputError(
            f"{where}: as_of: given {value!r}, expected a date such as 2025-11-02"
        ) from None


@contextmanager
def refusing(where: str, expected: str) -> Iterator[None]:
    """Turn what the shape library or a wrong type raises into a refusal that names the feature."""
    try:
        yield
    except (GeometryError, shapely.errors.ShapelyError, TypeError, ValueError, KeyError) as error:
        detail = str(error)
        message = detail if detail.startswith(where) else f"{where}: {detail}; {expected}"
        raise GeometryError(message) from None


def _part(part: Any, *, where: str) -> BoundaryPart:
    with refusing(where, "a less accurate part is an object with accuracy_m and line"):
        return BoundaryPart(LineString(part["line"]), float(part["accuracy_m"]))


def _closed(rings: Any, *, where: str) -> Any:
    for number, ring in enumerate(rings):
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise GeometryError(
                f"{where}: ring {number} has {len(ring)} points, first {ring[0]}, last {ring[-1]}:"
                " a ring has at least 4 points and ends where it began"
            )
        if not all(math.isfinite(value) for point in ring for value in point):
            raise GeometryError(f"{where}: ring {number} has a coordinate that is not a number")
    return rings


def _polygon(rings: Any, *, where: str) -> Polygon:
    outer, *holes = _closed(rings, where=where)
    return Polygon(outer, holes)


def _geometry_from_json(
    record: Mapping[str, Any], *, where: str
) -> tuple[Polygon | MultiPolygon, Circle | None, VerticalLayer]:
    layer = _layer(record.get("layer") or {}, where=where)
    shape: Any = record.get("type")
    coordinates: Any = record.get("coordinates")
    with refusing(where, "expected coordinates as in GeoJSON, and an extent for a Point"):
        if shape == "Point":
            lon_deg, lat_deg = coordinates
            circle = Circle(lon_deg, lat_deg, float(record["extent"]["radius"]))
            return circle.covering_polygon(), circle, layer
        if shape == "Polygon":
            return _polygon(coordinates, where=where), None, layer
        if shape == "MultiPolygon":
            parts = [_polygon(rings, where=where) for rings in coordinates]
            return MultiPolygon(parts), None, layer
    raise GeometryError(
        f"{where}: geometry of type {shown(shape)}: expected Polygon, MultiPolygon, or Point with"
        " an extent (a circle)"
    )


def _layer(record: Mapping[str, Any], *, where: str) -> VerticalLayer:
    unit = record.get("uom", "m")
    if unit not in _METRES:
        raise InvalidInputError(f"{where}: layer.uom: given {unit!r}, expected m or ft")

    def level(end: str) -> Level | None:
        if record.get(end) is None:
            return None
        word = record.get(f"{end}Reference")
        if word not in _REFERENCES:
            raise InvalidInputError(
                f"{where}: layer.{end}Reference: given {shown(word)}, expected one of"
                f" {', '.join(_REFERENCES)}"
            )
        value = _get(record, end, float, where=f"{where}: layer")
        return Level(value * _METRES[unit], _REFERENCES[word])

    return VerticalLayer(level("lower"), level("upper"))
