"""Zones out of ED-269 files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowalt.airspace import Feature, Restriction, Volume3D, Zone
from lowalt.airspace.capacity import gather
from lowalt.airspace.geojson.geometry import volumes_from_json
from lowalt.airspace.geojson.hours import read_hours
from lowalt.airspace.geojson.members import get, read_country, read_identifier
from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.carried import (
    carried,
    is_carried,
    is_written_so,
    require_same_volumes,
    require_unedited,
)
from lowalt.formats.ed269.writing import RESTRICTION_WORDS, Lost, record_of
from lowalt.formats.ed318 import LONGEST_TEXT, authorities_lost
from lowalt.formats.exchange import Loss, Origin, Reading, everywhere, in_each_language
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import ALWAYS, Schedule
from lowalt.terms import ZoneKind
from lowalt.units import METRES_PER_FOOT

# ED-318 spells one of them with a Z, and so do files that say they are ED-269.
_RESTRICTIONS = {word: asks for asks, word in RESTRICTION_WORDS.items()} | {
    asks.value: asks for asks in Restriction
}
_REFERENCES = {"AGL": VerticalReference.AGL, "AMSL": VerticalReference.AMSL}
_METRES = {"M": 1.0, "FT": METRES_PER_FOOT}
_READ = {
    *("identifier", "country", "name", "type", "restriction", "restrictionConditions", "reason"),
    *("otherReasonInfo", "regulationExemption", "uSpaceClass", "message", "applicability"),
    *("zoneAuthority", "geometry"),
}
_PERIOD_KEYS = ("startDateTime", "endDateTime", "schedule")


def read(content: bytes, *, name: str, origin: Origin) -> Reading:
    """Read the zones of an ED-269 file, of ours or of others.

    Parameters
    ----------
    content
        The file.
    name
        What messages call it.
    origin
        What the file does not say. Zones of others take status, basis and accuracy from it; what
        they ask beside their restriction becomes remarks in every language.

    Returns
    -------
    Reading
        Zones whose times of applicability are not stated are always in force, which is said as a
        loss.

    Raises
    ------
    InvalidInputError
        If it is not ED-269, or a zone cannot be read; the message names the zone.
    """
    document = parse_json(content, name=name)
    records = document.get("features") if isinstance(document, Mapping) else None
    if not isinstance(records, list):
        raise InvalidInputError(
            f"{name}: given {shown(document)}, expected an object with features"
        )
    losses: list[Loss] = []
    features = gather(_features(records, losses, origin=origin, name=name), name=name)
    title = document.get("title")
    return Reading(
        features, tuple(losses), everywhere(title) if isinstance(title, str) and title else {}
    )


def _features(
    records: Sequence[Any], losses: list[Loss], *, origin: Origin, name: str
) -> Iterator[Feature]:
    """Read feature by feature, adding what was lost to the list."""
    for number, record in enumerate(records):
        identifier = read_identifier(record, where=f"{name}: features[{number}]")
        where = f"zone {identifier}"
        with naming(where):
            if is_carried(record):
                feature = carried(record, where=where)
                _require_unedited(record, feature, where=where)
                yield feature
            else:
                zone, lost = _zone_of_others(record, origin=origin, where=where)
                losses.extend(Loss(identifier, what, how) for what, how in lost)
                yield zone


def _require_unedited(record: Mapping[str, Any], feature: Feature, *, where: str) -> None:
    made, _ = record_of(feature)
    require_unedited(record, made, but=("extendedProperties", "geometry"), where=where)
    if not is_written_so(record.get("geometry"), made.get("geometry")):
        given = _volumes(record, where=where)
        require_same_volumes(given, _volumes(made, where=where), where=where)


def _zone_of_others(
    record: Mapping[str, Any], *, origin: Origin, where: str
) -> tuple[Zone, list[Lost]]:
    # What is null or an empty text says no more than what is left out.
    stated = {key: value for key, value in record.items() if value not in (None, "")}
    word = stated.get("restriction")
    if not isinstance(word, str) or word not in _RESTRICTIONS:
        raise InvalidInputError(
            f"{where}: restriction: given {shown(word)}, expected one of"
            f" {', '.join(RESTRICTION_WORDS.values())}"
        )
    lost = [(key[:LONGEST_TEXT], "not kept") for key in sorted(stated.keys() - _READ)]
    if stated.get("type") != "COMMON":
        lost.append(("type", f"{shown(stated.get('type'))}: not kept"))
    identifier = stated["identifier"]
    name = get(stated, "name", str, where=where) if "name" in stated else identifier
    facts = {
        "identifier": identifier,
        "name": everywhere(name),
        "country": read_country(stated, where=where),
        "authority": _authority(stated, lost, where=where) or origin.authority,
        "remarks": _remarks(stated, where=where),
        "schedule": _schedule(stated, lost, where=where),
    }
    zone = Zone(
        **{**origin.facts, **facts},
        kind=ZoneKind.UAS_ZONE,
        restriction=_RESTRICTIONS[word],
        volumes=_volumes(stated, where=where),
    )
    return zone, lost


def _volumes(record: Mapping[str, Any], *, where: str) -> tuple[Volume3D, ...]:
    records = get(record, "geometry", list, where=where)
    layers, shapes = [], []
    for number, volume in enumerate(records):
        at = f"{where}: geometry[{number}]"
        projection = get(volume, "horizontalProjection", dict, where=at)
        layers.append(_layer(volume, where=at))
        if projection.get("type") == "Circle":
            extent = {"radius": projection.get("radius")}
            centre = projection.get("center")
            shapes.append({"type": "Point", "coordinates": centre, "extent": extent})
        else:
            shapes.append({key: projection.get(key) for key in ("type", "coordinates")})
    # They are drawn together, for bounds hold for the zone.
    drawn = volumes_from_json({"type": "GeometryCollection", "geometries": shapes}, where=where)
    return tuple(replace(volume, layer=layer) for volume, layer in zip(drawn, layers, strict=True))


def _layer(volume: Mapping[str, Any], *, where: str) -> VerticalLayer:
    def level(end: str) -> Level | None:
        value = volume.get(f"{end}Limit")
        if value is None:
            return None
        unit, word = volume.get("uomDimensions"), volume.get(f"{end}VerticalReference")
        if not isinstance(unit, str) or unit not in _METRES:
            raise InvalidInputError(
                f"{where}: uomDimensions: given {shown(unit)}, expected M or FT"
            )
        if not isinstance(word, str) or word not in _REFERENCES:
            raise InvalidInputError(
                f"{where}: {end}VerticalReference: given {shown(word)}, expected AGL or AMSL"
            )
        metres = get(volume, f"{end}Limit", float, where=where) * _METRES[unit]
        return Level(metres, _REFERENCES[word])

    with naming(where):
        return VerticalLayer(level("lower"), level("upper"))


def _schedule(record: Mapping[str, Any], lost: list[Lost], *, where: str) -> Schedule:
    periods = record.get("applicability")
    if periods in (None, []):
        lost.append(("applicability", "not stated: read as always in force"))
        return ALWAYS
    # Some national files have the one period itself instead of a list.
    periods = [periods] if isinstance(periods, Mapping) else periods
    if not isinstance(periods, list):
        raise InvalidInputError(
            f"{where}: applicability: given {shown(periods)}, expected a list of periods"
        )
    limited = []
    for number, period in enumerate(periods):
        at = f"{where}: applicability[{number}]"
        permanent = get(period, "permanent", str, where=at)
        if permanent not in ("YES", "NO"):
            raise InvalidInputError(
                f"{at}: permanent: given {shown(permanent)}, expected YES or NO"
            )
        if permanent == "YES":
            if len(periods) > 1 or any(period.get(key) for key in _PERIOD_KEYS):
                lost.append(("applicability", "permanent beside other times: read as permanent"))
            return ALWAYS
        limited.append({key: period[key] for key in _PERIOD_KEYS if period.get(key)})
    # There are no hours by daylight in ED-269, for which the place would matter.
    return read_hours(limited, time_zone=None, lon_deg=0.0, where=where, member="applicability")


def _authority(record: Mapping[str, Any], lost: list[Lost], *, where: str) -> Mapping[str, str]:
    if "zoneAuthority" not in record:
        return {}
    authorities = get(record, "zoneAuthority", list, where=where)
    if not authorities:
        return {}
    first = authorities[0]
    name = first.get("name") if isinstance(first, Mapping) else None
    if not isinstance(first, Mapping) or not isinstance(name, str | None):
        raise InvalidInputError(
            f"{where}: zoneAuthority[0]: given {shown(first)}, expected an object with a name"
        )
    lost.extend(authorities_lost(authorities))
    return everywhere(name) if name else {}


def _remarks(record: Mapping[str, Any], *, where: str) -> dict[str, str]:
    """Gather what a zone asks or tells beside its restriction."""
    texts: list[str] = []
    for key in ("message", "restrictionConditions", "otherReasonInfo"):
        # Some national files have a list of conditions.
        value = record.get(key, [])
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, str) for part in parts):
            raise InvalidInputError(f"{where}: {key}: given {shown(value)}, expected a text")
        texts.extend(parts)
    for key in ("reason", "uSpaceClass", "regulationExemption"):
        value = record.get(key, [])
        words = value if isinstance(value, list) else [value]
        if words:
            texts.append(f"{key}: {', '.join(map(str, words))}"[:LONGEST_TEXT])
    return in_each_language(map(everywhere, texts))
