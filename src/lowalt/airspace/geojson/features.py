"""Every sort of feature as a GeoJSON object, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import LineString, MultiLineString

from lowalt.airspace.containment import BoundaryPart
from lowalt.airspace.corridors import Corridor
from lowalt.airspace.features import BasisVerification, Feature, FeatureStatus
from lowalt.airspace.geojson.corridors import CORRIDOR_KEYS, corridor_from_json, corridor_to_json
from lowalt.airspace.geojson.geometry import (
    coordinates_of,
    places_from_json,
    refusing,
    volumes_from_json,
    volumes_to_json,
)
from lowalt.airspace.geojson.hours import read_hours, write_hours
from lowalt.airspace.geojson.members import (
    get,
    read_country,
    read_day,
    read_identifier,
    read_texts,
    read_word,
    require_keys,
)
from lowalt.airspace.geojson.ports import (
    PORT_KEYS,
    SITE_KEYS,
    port_from_json,
    site_from_json,
    site_to_json,
)
from lowalt.airspace.geojson.texts import authority_name, by_language, conditions, texts
from lowalt.airspace.landmarks import Line, Site
from lowalt.airspace.ports import Port
from lowalt.airspace.shapes import Place
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Restriction, Zone
from lowalt.errors import GeometryError, InvalidInputError, naming, shown
from lowalt.geodesy import FloatArray
from lowalt.temporal import read_time
from lowalt.terms import LineKind, Notice, ZoneKind

_SHARED_KEYS = {
    *("feature", "kind", "status", "basis", "accuracy_m", "citation", "sources", "as_of"),
    *("remarks", "time_zone", "example"),
}
_OWN_KEYS = {
    "zone": {"less_accurate", "notice", "published_at", "micro"},
    "corridor": CORRIDOR_KEYS,
    "site": SITE_KEYS,
    "port": PORT_KEYS,
    "line": set[str](),
}

_GEOMETRIES = {
    "corridor": ("LineString",),
    "site": ("Point",),
    "port": ("Point",),
    "line": ("LineString", "MultiLineString"),
}
_REQUIRED_KEYS = {"kind", "status", "basis", "accuracy_m", "citation", "as_of"}


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
        properties["restrictionConditions"] = conditions(feature.remarks)
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
            **corridor_to_json(feature, where=where),
        }
    if isinstance(feature, Site):
        point = {"type": "Point", "coordinates": [feature.lon_deg, feature.lat_deg]}
        sort = "port" if isinstance(feature, Port) else "site"
        return point, {"feature": sort, **site_to_json(feature, where=where)}
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
    identifier = read_identifier(properties, where=where)
    extended = get(properties, "extendedProperties", dict, where=f"zone {identifier}")
    sort = extended.get("feature", "zone")
    if not isinstance(sort, str) or sort not in _OWN_KEYS:
        raise InvalidInputError(
            f"{where}: feature: given {shown(sort)}, expected one of {', '.join(_OWN_KEYS)}"
        )
    where = f"{sort} {identifier}"
    known = _SHARED_KEYS | _OWN_KEYS[sort]
    require_keys(extended, known, where=f"{where}: extendedProperties")
    geometry = get(record, "geometry", dict, where=where)
    with naming(where):
        if sort == "zone":
            return _zone(geometry, properties, extended, where=where)
        lines = _lines(geometry, *_GEOMETRIES[sort], where=where)
        shared = _shared(properties, extended, lon_deg=float(lines[0][0, 0]), where=where)
        if sort == "corridor":
            return corridor_from_json(shared, _places(lines[0]), extended, where=where)
        if sort != "line":
            read = port_from_json if sort == "port" else site_from_json
            return read(shared, _places(lines[0])[0], extended, where=where)
        kind = read_word(LineKind, extended, "kind", where=where)
        with refusing(where, "expected two points or more for each line"):
            parts = [LineString(line) for line in lines]
            several = geometry["type"] == "MultiLineString"
            return Line(**shared, kind=kind, line=MultiLineString(parts) if several else parts[0])


def states_our_facts(properties: Any) -> bool:
    """Whether the properties of a feature hold what :func:`from_geojson` asks for."""
    extended = properties.get("extendedProperties") if isinstance(properties, Mapping) else None
    return isinstance(extended, Mapping) and extended.keys() >= _REQUIRED_KEYS


def _shared(
    properties: Mapping[str, Any], extended: Mapping[str, Any], *, lon_deg: float, where: str
) -> dict[str, Any]:
    example = extended.get("example", False)
    if not isinstance(example, bool):
        raise InvalidInputError(f"{where}: example: given {shown(example)}, expected true or false")
    return {
        "identifier": properties["identifier"],
        "name": by_language(get(properties, "name", list, where=where), where=f"{where}: name"),
        "country": read_country(properties, where=where),
        "status": read_word(FeatureStatus, extended, "status", where=where),
        "basis": read_word(BasisVerification, extended, "basis", where=where),
        "accuracy_m": get(extended, "accuracy_m", float, where=where),
        "citation": get(extended, "citation", str, where=where),
        "sources": _sources(extended, where=where),
        "as_of": read_day(extended, "as_of", where=where),
        "authority": authority_name(properties, where=where),
        "remarks": read_texts(extended, "remarks", where=where),
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
    shared = _shared(properties, extended, lon_deg=volumes[0].geometry.bounds[0], where=where)
    notice, published_at = extended.get("notice"), extended.get("published_at")
    parts = get(extended, "less_accurate", list, where=where) if "less_accurate" in extended else []
    return Zone(
        **shared,
        kind=read_word(ZoneKind, extended, "kind", where=where),
        restriction=read_word(Restriction, properties, "type", where=where),
        volumes=volumes,
        micro_volumes=_micro(extended, where=where),
        less_accurate=tuple(_part(part, where=where) for part in parts),
        notice=None if notice is None else read_word(Notice, extended, "notice", where=where),
        published_at=None
        if published_at is None
        else read_time(published_at, where=f"{where}: published_at"),
    )


def _micro(extended: Mapping[str, Any], *, where: str) -> tuple[Volume3D, ...] | None:
    if extended.get("micro") is None:
        return None
    parts = get(extended, "micro", list, where=where)
    if not parts:
        return ()
    return volumes_from_json({"type": "GeometryCollection", "geometries": parts}, where=where)


def _part(part: Any, *, where: str) -> BoundaryPart:
    where = f"{where}: less accurate part"
    record = part if isinstance(part, Mapping) else {}
    line = places_from_json(record.get("line"), where=where)
    if not (np.abs(line) <= (180.0, 90.0)).all():
        raise GeometryError(f"{where}: expected longitudes and latitudes in degrees")
    with refusing(where, "expected a line of two points or more"):
        return BoundaryPart(LineString(line), get(record, "accuracy_m", float, where=where))


def _lines(geometry: Mapping[str, Any], *expected: str, where: str) -> list[FloatArray]:
    """Read the lines of a geometry; a point is one of one place."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in expected:
        raise GeometryError(
            f"{where}: geometry of type {shown(kind)}: expected {' or '.join(expected)}"
        )
    parts = coordinates if kind == "MultiLineString" else [coordinates]
    if not isinstance(parts, list | tuple) or not parts:
        raise GeometryError(f"{where}: coordinates: given {shown(parts)}, expected lines")
    lines = [places_from_json([part] if kind == "Point" else part, where=where) for part in parts]
    if not all(map(len, lines)):
        raise GeometryError(f"{where}: coordinates: there are none")
    return lines


def _places(line: FloatArray) -> tuple[Place, ...]:
    return tuple((float(lon_deg), float(lat_deg)) for lon_deg, lat_deg in line)


def _sources(extended: Mapping[str, Any], *, where: str) -> tuple[str, ...]:
    sources = get(extended, "sources", list, where=where)
    if not all(isinstance(source, str) for source in sources):
        raise InvalidInputError(f"{where}: sources: given {shown(sources)}, expected texts")
    return tuple(sources)
