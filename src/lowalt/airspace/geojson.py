"""Features as GeoJSON with ED-318 properties, and back: the form of our own files.

What ED-318 has a word for stands under that word; our own facts (kind, status, accuracy,
citation and so on) stand in ``extendedProperties``. Its ``feature`` says whether it is a zone (if
left out), a corridor, a site or a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from shapely.geometry import LineString, MultiLineString, Point, shape
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.containment import BoundaryPart
from lowalt.airspace.corridors import Corridor, RoutePoint
from lowalt.airspace.features import BasisVerification, Feature, FeatureStatus
from lowalt.airspace.geometry_json import (
    coordinates_of,
    layer_from_json,
    layer_to_json,
    refusing,
    volumes_from_json,
    volumes_to_json,
)
from lowalt.airspace.hours import read_hours, read_time, shown, write_hours
from lowalt.airspace.landmarks import Line, Site
from lowalt.airspace.zones import Restriction, Zone
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.terms import CorridorKind, LineKind, Notice, SiteKind, ZoneKind

_SHARED_KEYS = {
    *("feature", "kind", "status", "basis", "accuracy_m", "citation", "sources", "as_of"),
    *("remarks", "time_zone", "example"),
}
_OWN_KEYS = {
    "zone": {"less_accurate", "notice", "published_at", "micro"},
    "corridor": {"points", "half_width_m", "layers"},
    "site": {"elevation_amsl_m"},
    "line": set[str](),
}

AnyEnum = TypeVar("AnyEnum", bound=Enum)


# Writing


def to_geojson(feature: Feature) -> dict[str, Any]:
    """Write a feature as GeoJSON with ED-318 properties.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, or the weekly hours are in several time zones,
        which ED-318 cannot say.
    """
    where = feature.label
    asks = feature.restriction if isinstance(feature, Zone) else Restriction.NO_RESTRICTION
    properties: dict[str, Any] = {
        "identifier": feature.identifier,
        "country": feature.country,
        "name": texts(feature.name),
        "type": asks.value,
        "variant": "COMMON",
        "zoneAuthority": [_authority(feature, asks)],
    }
    if feature.remarks:
        properties["restrictionConditions"] = " / ".join(feature.remarks.values())
    hours, time_zone = write_hours(feature.schedule, where=where)
    if hours is not None:
        properties["limitedApplicability"] = hours
    extended: dict[str, Any] = {
        "status": feature.status.value,
        "basis": feature.basis.value,
        "accuracy_m": feature.accuracy_m,
        "citation": feature.citation,
        "sources": list(feature.sources),
        "as_of": feature.as_of.isoformat(),
    }
    if time_zone is not None:
        extended["time_zone"] = time_zone
    if feature.remarks:
        extended["remarks"] = dict(feature.remarks)
    if feature.example:
        extended["example"] = True
    geometry, own = _own(feature, where=where)
    properties["extendedProperties"] = {**own, **extended}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _own(feature: Feature, *, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the geometry of a feature and the facts that only its sort has."""
    if isinstance(feature, Zone):
        return volumes_to_json(feature.volumes, where=where), _zone_facts(feature)
    if isinstance(feature, Corridor):
        line = [[point.lon_deg, point.lat_deg] for point in feature.points]
        return {"type": "LineString", "coordinates": line}, {
            "feature": "corridor",
            "kind": feature.kind.value,
            "points": [{"name": p.name, "status": p.status.value} for p in feature.points],
            "half_width_m": feature.half_width_m,
            "layers": [layer_to_json(layer, where=where) for layer in feature.layers],
        }
    if isinstance(feature, Site):
        point = {"type": "Point", "coordinates": [feature.lon_deg, feature.lat_deg]}
        elevation = feature.elevation_amsl_m
        known = {} if elevation is None else {"elevation_amsl_m": elevation}
        return point, {"feature": "site", "kind": feature.kind.value, **known}
    assert isinstance(feature, Line)
    line_json = {"type": feature.line.geom_type, "coordinates": coordinates_of(feature.line)}
    return line_json, {"feature": "line", "kind": feature.kind.value}


def _zone_facts(zone: Zone) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": zone.kind.value}
    if zone.micro_volumes is not None:
        facts["micro"] = [volumes_to_json([v], where=zone.label) for v in zone.micro_volumes]
    if zone.less_accurate:
        facts["less_accurate"] = [
            {"accuracy_m": part.accuracy_m, "line": coordinates_of(part.line)}
            for part in zone.less_accurate
        ]
    if zone.notice is not None:
        facts["notice"] = zone.notice.value
    if zone.published_at is not None:
        facts["published_at"] = zone.published_at.isoformat()
    return facts


def texts(by_lang: Mapping[str, str]) -> list[dict[str, str]]:
    """Write a text in several languages as ED-318 does."""
    return [{"lang": lang, "text": text} for lang, text in by_lang.items()]


def _authority(feature: Feature, asks: Restriction) -> dict[str, Any]:
    authorizes = asks in (Restriction.PROHIBITED, Restriction.REQ_AUTHORIZATION)
    name = {"name": texts(feature.authority)} if feature.authority else {}
    return {**name, "purpose": "AUTHORIZATION" if authorizes else "INFORMATION"}


# Reading


def from_geojson(record: Mapping[str, Any], *, where: str = "feature") -> Feature:
    """Read a feature of the form :func:`to_geojson` writes.

    Parameters
    ----------
    record
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
    properties = get(record, "properties", dict, where=where)
    identifier = get(properties, "identifier", str, where=where)
    extended = get(properties, "extendedProperties", dict, where=f"zone {identifier}")
    sort = extended.get("feature", "zone")
    if sort not in _OWN_KEYS:
        raise InvalidInputError(
            f"{where}: feature: given {shown(sort)}, expected one of {', '.join(_OWN_KEYS)}"
        )
    where = f"{sort} {identifier}"
    known = _SHARED_KEYS | _OWN_KEYS[sort]
    for key in extended.keys() - known:
        raise InvalidInputError(
            f"{where}: extendedProperties has {key!r}, which means nothing here; known are"
            f" {', '.join(sorted(known))}"
        )
    geometry = get(record, "geometry", dict, where=where)
    if sort == "zone":
        return _zone(geometry, properties, extended, where=where)
    with refusing(where, "expected a GeoJSON geometry"):
        placed = shape(dict(geometry))
    shared = _shared(properties, extended, lon_deg=placed.centroid.x, where=where)
    if sort == "corridor":
        return _corridor(shared, placed, extended, where=where)
    if sort == "site":
        return _site(shared, placed, extended, where=where)
    return _line(shared, placed, extended, where=where)


def _shared(
    properties: Mapping[str, Any], extended: Mapping[str, Any], *, lon_deg: float, where: str
) -> dict[str, Any]:
    example = extended.get("example", False)
    if not isinstance(example, bool):
        raise InvalidInputError(f"{where}: example: given {shown(example)}, expected true or false")
    return {
        "identifier": properties["identifier"],
        "name": by_language(get(properties, "name", list, where=where), where=f"{where}: name"),
        "country": get(properties, "country", str, where=where),
        "status": _word(FeatureStatus, extended, "status", where=where),
        "basis": _word(BasisVerification, extended, "basis", where=where),
        "accuracy_m": get(extended, "accuracy_m", float, where=where),
        "citation": get(extended, "citation", str, where=where),
        "sources": tuple(get(extended, "sources", list, where=where)),
        "as_of": _as_of(extended, where=where),
        "authority": _authority_name(properties, where=where),
        "remarks": extended.get("remarks", {}),
        "example": example,
        "schedule": read_hours(
            properties.get("limitedApplicability"),
            time_zone=extended.get("time_zone"),
            lon_deg=lon_deg,
            where=where,
        ),
    }


def _zone(
    geometry: Mapping[str, Any],
    properties: Mapping[str, Any],
    extended: Mapping[str, Any],
    *,
    where: str,
) -> Zone:
    volumes = volumes_from_json(geometry, where=where)
    shared = _shared(properties, extended, lon_deg=volumes[0].geometry.centroid.x, where=where)
    notice, published_at = extended.get("notice"), extended.get("published_at")
    micro = extended.get("micro")
    if micro is not None:
        with refusing(where, "micro is a list of geometries"):
            micro = tuple(v for part in micro for v in volumes_from_json(part, where=where))
    return Zone(
        **shared,
        kind=_word(ZoneKind, extended, "kind", where=where),
        restriction=_word(Restriction, properties, "type", where=where),
        volumes=volumes,
        micro_volumes=micro,
        less_accurate=tuple(_part(part, where=where) for part in extended.get("less_accurate", ())),
        notice=None if notice is None else _word(Notice, extended, "notice", where=where),
        published_at=None
        if published_at is None
        else read_time(published_at, where=f"{where}: published_at"),
    )


def _part(part: Any, *, where: str) -> BoundaryPart:
    with refusing(where, "a less accurate part is an object with accuracy_m and line"):
        return BoundaryPart(LineString(part["line"]), float(part["accuracy_m"]))


def _corridor(
    shared: dict[str, Any], line: BaseGeometry, extended: Mapping[str, Any], *, where: str
) -> Corridor:
    if not isinstance(line, LineString):
        raise GeometryError(f"{where}: geometry of type {line.geom_type}: expected LineString")
    points = get(extended, "points", list, where=where)
    layers = get(extended, "layers", list, where=where)
    if len(points) != len(line.coords):
        raise InvalidInputError(
            f"{where}: {len(points)} points for a line of {len(line.coords)}: expected a name and a"
            " status for each"
        )
    return Corridor(
        **shared,
        kind=_word(CorridorKind, extended, "kind", where=where),
        points=tuple(
            RoutePoint(
                get(point, "name", str, where=f"{where}: points"),
                lon_deg,
                lat_deg,
                _word(FeatureStatus, point, "status", where=f"{where}: points"),
            )
            for point, (lon_deg, lat_deg) in zip(points, line.coords, strict=True)
        ),
        half_width_m=get(extended, "half_width_m", float, where=where),
        layers=tuple(layer_from_json(layer, where=where) for layer in layers),
    )


def _site(
    shared: dict[str, Any], place: BaseGeometry, extended: Mapping[str, Any], *, where: str
) -> Site:
    if not isinstance(place, Point):
        raise GeometryError(f"{where}: geometry of type {place.geom_type}: expected Point")
    known = "elevation_amsl_m" in extended
    return Site(
        **shared,
        kind=_word(SiteKind, extended, "kind", where=where),
        lon_deg=place.x,
        lat_deg=place.y,
        elevation_amsl_m=get(extended, "elevation_amsl_m", float, where=where) if known else None,
    )


def _line(
    shared: dict[str, Any], line: BaseGeometry, extended: Mapping[str, Any], *, where: str
) -> Line:
    if not isinstance(line, LineString | MultiLineString):
        raise GeometryError(
            f"{where}: geometry of type {line.geom_type}: expected LineString or MultiLineString"
        )
    return Line(**shared, kind=_word(LineKind, extended, "kind", where=where), line=line)


# Values


def get(record: Any, key: str, kind: type, *, where: str) -> Any:
    """Return a member of an object, refused if it is missing or of another type.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
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


def _word(words: type[AnyEnum], record: Any, key: str, *, where: str) -> AnyEnum:
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
    authorities = get(properties, "zoneAuthority", list, where=where)
    first = authorities[0] if authorities else {}
    if "name" not in first:
        return {}
    return by_language(first["name"], where=f"{where}: zoneAuthority[0].name")


def _as_of(extended: Mapping[str, Any], *, where: str) -> date:
    value = get(extended, "as_of", str, where=where)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise InvalidInputError(
            f"{where}: as_of: given {value!r}, expected a date such as 2025-11-02"
        ) from None
