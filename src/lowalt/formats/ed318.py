"""ED-318: the GeoJSON of EUROCAE for geographical zones of unmanned aircraft.

Written after the JSON schema that EUROCONTROL publishes (EUROCONTROL/UASGeoZones, May 2025), to
which the output conforms. The standard's own text was not read.

Corridors become one polygon for each segment, sites and lines stay points and lines, and our own
facts stand in ``extendedProperties``. Zones of others become UAS zones: they say what they ask,
but not by what law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from lowalt.airspace import (
    Circle,
    Corridor,
    Feature,
    Restriction,
    Zone,
    to_geojson,
)
from lowalt.airspace.capacity import gather
from lowalt.airspace.geojson import states_our_facts
from lowalt.airspace.geojson.geometry import volumes_from_json, volumes_to_json
from lowalt.airspace.geojson.hours import keeps_one_offset, read_hours
from lowalt.airspace.geojson.members import get, read_country, read_identifier, read_word
from lowalt.airspace.geojson.texts import authority_name, by_language, texts
from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.carried import (
    carried,
    carry,
    is_carried,
    is_written_so,
    require_same_volumes,
    require_unedited,
)
from lowalt.formats.exchange import (
    Loss,
    Origin,
    Reading,
    Written,
    everywhere,
    in_each_language,
    json_lines,
    without_examples,
)
from lowalt.formats.feature_collections import read_head, records_of
from lowalt.formats.geojson import read_own
from lowalt.terms import ZoneKind

LONGEST_TEXT: Final = 200
"""Longest name or short text, characters."""

_READ = {
    *("identifier", "country", "name", "type", "variant", "restrictionConditions", "reason"),
    *("otherReasonInfo", "message", "regulationExemption", "limitedApplicability"),
    *("zoneAuthority", "dataSource"),
}
_UNREAD_HEAD = {"otherGeoid", "provider", "technicalLimitations"}
_LANGUAGE_LENGTH = 5
_CAUTION = {
    "zh": "extendedProperties.status 为 derived 或 illustrative 的范围由规则推得或为示意，"
    "并非公布的界线。",
    "en": "Limits whose extendedProperties.status is derived or illustrative were constructed or"
    " drawn by us; they are not published ones.",
}


# Reading


def read(content: bytes, *, name: str, origin: Origin) -> Reading:
    """Read the features of an ED-318 file, of ours or of others.

    Parameters
    ----------
    content
        The file.
    name
        What messages call it.
    origin
        What the file does not say. Zones of others take status, basis and accuracy from it; what
        they ask beside their type becomes remarks. Where the language of a text is not known, it
        stands for every language.

    Returns
    -------
    Reading
        U-space airspace is read as conditional, which is said as a loss.

    Raises
    ------
    InvalidInputError
        If it is not ED-318, or a zone cannot be read; the message names the zone.
    """
    document = parse_json(content, name=name)
    losses: list[Loss] = []
    features = gather(_features(document, losses, origin=origin, name=name), name=name)
    head = read_head(document, features, (), name=name)
    losses.extend(
        Loss("", key, f"{shown(value)}: not kept")
        for key, value in (document.get("metadata") or {}).items()
        if key in _UNREAD_HEAD and value != texts(_CAUTION)
    )
    return replace(head, losses=tuple(losses))


def _features(document: Any, losses: list[Loss], *, origin: Origin, name: str) -> Iterator[Feature]:
    """Read feature by feature, adding what was lost to the list."""
    for number, record in enumerate(records_of(document, name=name)):
        where = f"{name}: features[{number}]"
        properties = get(record, "properties", dict, where=where)
        if is_carried(properties):
            feature = carried(properties, where=where)
            _require_unedited(record, feature)
            yield feature
        elif states_our_facts(properties):
            feature, lost = read_own(record, where=where)
            losses.extend(lost)
            yield feature
        else:
            where = f"zone {read_identifier(properties, where=where)}"
            with naming(where):
                zone, unread = _zone_of_others(record, properties, origin=origin, where=where)
            losses.extend(unread)
            yield zone


def _require_unedited(record: Mapping[str, Any], feature: Feature) -> None:
    made, _ = _record(feature)
    where = feature.label
    require_unedited(
        record["properties"], made["properties"], but=("extendedProperties",), where=where
    )
    if not is_written_so(record.get("geometry"), made["geometry"]):
        geometry = get(record, "geometry", dict, where=where)
        given = volumes_from_json(geometry, where=where)
        written = volumes_from_json(made["geometry"], where=where)
        require_same_volumes(given, written, where=where)


def _zone_of_others(
    record: Mapping[str, Any], properties: Mapping[str, Any], *, origin: Origin, where: str
) -> tuple[Zone, list[Loss]]:
    identifier = properties["identifier"]
    volumes = volumes_from_json(get(record, "geometry", dict, where=where), where=where)
    asks, restriction = properties.get("type"), Restriction.CONDITIONAL
    if asks != "USPACE":
        restriction = read_word(Restriction, properties, "type", where=where)
    name = by_language(properties.get("name") or [], where=f"{where}: name")
    schedule = read_hours(
        properties.get("limitedApplicability") or None,
        time_zone=None,
        lon_deg=volumes[0].geometry.bounds[0],
        where=where,
    )
    stated = {
        "identifier": identifier,
        "name": in_each_language([name or everywhere(identifier)]),
        "country": read_country(properties, where=where),
        "authority": authority_name(properties, where=where) or origin.authority,
        "as_of": _as_of(properties, where=where) or origin.as_of,
        "remarks": _remarks(properties, where=where),
        "schedule": schedule,
    }
    zone = Zone(
        **{**origin.facts, **stated},
        kind=ZoneKind.UAS_ZONE,
        restriction=restriction,
        volumes=volumes,
    )
    return zone, [Loss(identifier, what, how) for what, how in _lost(properties, name)]


def _remarks(properties: Mapping[str, Any], *, where: str) -> dict[str, str]:
    """Gather what a zone asks or tells beside its type."""
    remarks = [by_language(properties.get("message") or [], where=f"{where}: message")]
    if properties.get("restrictionConditions"):
        remarks.append(everywhere(get(properties, "restrictionConditions", str, where=where)))
    if properties.get("reason"):
        reasons = get(properties, "reason", list, where=where)
        remarks.append(everywhere(f"reason: {', '.join(map(str, reasons))}"[:LONGEST_TEXT]))
    other = properties.get("otherReasonInfo") or []
    remarks.append(by_language(other, where=f"{where}: otherReasonInfo"))
    if properties.get("regulationExemption"):
        exempt = get(properties, "regulationExemption", str, where=where)
        remarks.append(everywhere(f"regulationExemption: {exempt}"))
    if properties.get("type") == "USPACE":
        remarks.append({"zh": "U-space 空域", "en": "U-space airspace"})
    return in_each_language(remarks)


def _lost(properties: Mapping[str, Any], name: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Say what of a zone of others is not kept."""
    if properties.get("type") == "USPACE":
        yield "type", "USPACE: read as CONDITIONAL, with a remark"
    if properties.get("variant") != "COMMON":
        yield "variant", f"{shown(properties.get('variant'))}: not kept"
    if properties.get("limitedApplicability") == []:
        yield "limitedApplicability", "an empty list: read as always in force"
    if len(properties.get("name") or []) > len(name):
        yield "name", "one of several in the same language is kept"
    yield from authorities_lost(properties["zoneAuthority"])
    for key in sorted(properties.keys() - _READ):
        yield key[:LONGEST_TEXT], "not kept"


def authorities_lost(authorities: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Say what of the authorities is not kept but the name of the first."""
    first = authorities[0] if authorities else {}
    unread = sorted({key for key in first if first[key]} - {"name", "purpose"})
    if len(authorities) > 1 or unread:
        of = f" of {len(authorities)}" if len(authorities) > 1 else ""
        but = f", not its {', '.join(unread)}" if unread else ""
        yield "zoneAuthority", f"only the name of the first{of} is kept{but}"


def _as_of(properties: Mapping[str, Any], *, where: str) -> date | None:
    source = properties.get("dataSource") or {}
    where = f"{where}: dataSource"
    for key in ("updateDateTime", "creationDate"):
        if isinstance(source, Mapping) and source.get(key) is not None:
            text = get(source, key, str, where=where)
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                raise InvalidInputError(
                    f"{where}: {key}: given {shown(text)}, expected a date or a time"
                ) from None
    return None


# Writing


def write(features: Sequence[Feature], *, title: Mapping[str, str]) -> Written:
    """Write features; the file conforms to the published schema.

    Parameters
    ----------
    features
        Zones, corridors, sites and lines. Examples are left out.
    title
        What the file is called, by language.

    Returns
    -------
    Written
        A loss says what other readers do not see; lowalt reads everything again.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, or weekly hours are in several time zones.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> track = load_airspace().corridors[0]
    >>> for loss in write([track], title={"en": "One track"}).losses:
    ...     print(loss.what, "-", loss.how)
    line - written as a polygon for each segment
    """
    kept, losses = without_examples(features)
    records = []
    for feature in kept:
        record, lost = _record(feature)
        records.append(record)
        losses.extend(Loss(feature.identifier, what, how) for what, how in lost)
    shortened, _ = _short_texts(texts(title))
    head = {
        "type": "FeatureCollection",
        **({"name": shortened[0]["text"]} if shortened else {}),
        "metadata": {"description": shortened, "technicalLimitations": texts(_CAUTION)},
    }
    return Written(json_lines(head, records), tuple(losses))


def _record(feature: Feature) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Write a feature; also say what of it other readers do not see."""
    record = to_geojson(feature)
    properties: dict[str, Any] = record["properties"]
    lost: list[tuple[str, str]] = []
    if isinstance(feature, Corridor):
        record["geometry"] = volumes_to_json(feature.volumes, where=feature.label)
        lost.append(("line", "written as a polygon for each segment"))
    elif isinstance(feature, Zone):
        if any(v.shape is not None and not isinstance(v.shape, Circle) for v in feature.volumes):
            lost.append(("arcs", "drawn as a polygon that covers the exact shape"))
        if feature.micro_volumes is not None:
            lost.append(("micro", "where it binds micro UAV is known to lowalt only"))
    if not keeps_one_offset(feature.schedule):
        lost.append(("hours", "clock times are those of winter, for there is no summer time"))
    properties["name"], name_is_cut = _short_texts(properties["name"])
    authority = properties["zoneAuthority"][0]
    authority_is_cut = False
    if "name" in authority:
        authority["name"], authority_is_cut = _short_texts(authority["name"])
    if name_is_cut or authority_is_cut:
        lost.append(("name", f"cut to {LONGEST_TEXT} characters"))
    if isinstance(feature, Corridor) or name_is_cut or authority_is_cut:
        properties["extendedProperties"] = carry(feature)
    return record, lost


def _short_texts(items: Sequence[Mapping[str, str]]) -> tuple[list[dict[str, str]], bool]:
    """Cut texts and names of languages to what the schema allows; say whether that was needed."""
    short = [
        {
            "lang": item["lang"].split("-")[0][:_LANGUAGE_LENGTH],
            "text": shortened(item["text"]),
        }
        for item in items
    ]
    return short, short != list(items)


def shortened(text: str) -> str:
    """Cut a text to :data:`LONGEST_TEXT` characters, and show that it was cut."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
