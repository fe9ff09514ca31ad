"""Zones out of AIXM messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.airspace import Zone
from lowalt.airspace.capacity import gather
from lowalt.documents import parse_xml
from lowalt.errors import InvalidInputError, naming
from lowalt.formats.adoption import Identifiers, adopt
from lowalt.formats.airspace_types import AIXM_TYPES, UNKNOWN
from lowalt.formats.aixm.curves import distance_m
from lowalt.formats.aixm.elements import children, local, text_of
from lowalt.formats.aixm.timesheets import schedule_of
from lowalt.formats.aixm.volumes import Assembly, Baseline
from lowalt.formats.exchange import Loss, Origin, Reading

_NAMESPACES: Final = (
    "http://www.aixm.aero/schema/5.1.1",
    "http://www.aixm.aero/schema/5.1",
)
_GML_ID: Final = "{http://www.opengis.net/gml/3.2}id"
_READ: Final = {"type", "designator", "name", "geometryComponent", "activation", "annotation"}
_OF_THE_SLICE: Final = {
    *("validTime", "interpretation", "sequenceNumber", "correctionNumber", "featureLifetime"),
    *("timeSliceMetadata", "extension"),
}


def read(content: bytes, *, name: str, origin: Origin) -> Reading:
    """Read the airspace of an AIXM 5.1 or 5.1.1 message.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file.
    origin
        What the file does not say. Its accuracy gives way to the horizontal accuracy of surfaces.

    Returns
    -------
    Reading
        A zone for each baseline, in the order of the file, for the time in which it holds. Types P,
        R, D, CTR and ATZ become prohibited, restricted and danger areas and control zones, every
        other a UAS zone. Circles and arcs stay exact.

    Raises
    ------
    InvalidInputError
        If the file is not AIXM or an airspace cannot be read; the message names the airspace.
    GeometryError
        If a shape is not sound.
    """
    root = parse_xml(content, name=name)
    found = [
        airspace for namespace in _NAMESPACES for airspace in root.iter(f"{{{namespace}}}Airspace")
    ]
    if not found:
        raise InvalidInputError(
            f"{name}: no airspace in it; expected a message of AIXM 5.1 or 5.1.1 with features"
            " Airspace"
        )
    losses: dict[Loss, None] = dict.fromkeys(_other_features(root))
    features = gather(_zones(found, losses, name=name, origin=origin), name=name)
    if not features:
        raise InvalidInputError(f"{name}: no airspace in it that has a baseline with geometry")
    return Reading(features, tuple(losses))


def _other_features(root: Element) -> Iterator[Loss]:
    words = {local(feature) for feature in children(root, "hasMember") for feature in feature}
    for word in sorted(words - {"Airspace"}):
        yield Loss("", "features", f"{word[:40]}: left out")


def _zones(
    airspaces: Sequence[Element], losses: dict[Loss, None], *, name: str, origin: Origin
) -> Iterator[Zone]:
    of_each = [(airspace, _baselines(airspace, name=name)) for airspace in airspaces]
    by_reference: dict[str, list[Baseline]] = {}
    for airspace, baselines in of_each:
        references = {text_of(airspace, "identifier"), airspace.get(_GML_ID, "")}
        for reference in references - {""}:
            by_reference.setdefault(reference, []).extend(baselines)
    assembly, identifiers = Assembly(by_reference), Identifiers()
    for airspace, baselines in of_each:
        slices = list(children(airspace, "timeSlice", "AirspaceTimeSlice"))
        if len(slices) > len(baselines):
            label = text_of(slices[0], "designator") or text_of(airspace, "identifier")
            how = f"{len(slices) - len(baselines)} time slices that change it are not applied"
            losses[Loss(label, "changes", how)] = None
        for baseline in baselines:
            yield from _zone(baseline, losses, assembly, identifiers, origin=origin)


def _baselines(airspace: Element, *, name: str) -> list[Baseline]:
    found = []
    for time_slice in children(airspace, "timeSlice", "AirspaceTimeSlice"):
        if text_of(time_slice, "interpretation") in ("BASELINE", "SNAPSHOT"):
            label = (
                text_of(time_slice, "designator")
                or text_of(time_slice, "name")
                or text_of(airspace, "identifier")
            )
            found.append(Baseline(time_slice, f"{name}: airspace {label[:60]!r}"))
    return found


def _zone(
    baseline: Baseline,
    losses: dict[Loss, None],
    assembly: Assembly,
    identifiers: Identifiers,
    *,
    origin: Origin,
) -> Iterator[Zone]:
    """Make the zone of a baseline, unless it states no geometry."""
    time_slice, where = baseline.time_slice, baseline.where
    designator, title = text_of(time_slice, "designator"), text_of(time_slice, "name")
    assembled = assembly.of(baseline)
    if not assembled.volumes:
        losses[Loss(designator or title, "feature", "has no geometry: left out")] = None
        return
    identifier = identifiers.take(designator, name=designator or title)
    lost = list(assembled.lost)
    kind = text_of(time_slice, "type")
    meaning = AIXM_TYPES.get(kind, UNKNOWN)
    if kind not in AIXM_TYPES:
        how = f"type {kind[:40]!r} is not known: read as a UAS zone that asks for authorization"
        lost.append(("class", how))
    with naming(where):
        schedule, hows = schedule_of(time_slice)
        accuracy_m = _accuracy_m(time_slice)
    lost += [("hours", how) for how in hows]
    others = {local(part) for part in time_slice} - _READ - _OF_THE_SLICE
    lost += [("properties", f"{', '.join(sorted(others))}: left out")] if others else []
    losses.update((Loss(identifier, what, how), None) for what, how in lost)
    yield adopt(
        origin if accuracy_m is None else replace(origin, accuracy_m=accuracy_m),
        identifier=identifier,
        name=title or designator or identifier,
        kind=meaning.kind,
        restriction=meaning.restriction,
        volumes=assembled.volumes,
        schedule=schedule,
        remarks=_remarks(time_slice),
        where=where,
    )


def _accuracy_m(time_slice: Element) -> float | None:
    """Worst horizontal accuracy of its own surfaces, if they state one."""
    path = ("geometryComponent", "AirspaceGeometryComponent", "theAirspaceVolume", "AirspaceVolume")
    surfaces = (*path, "horizontalProjection", "Surface")
    stated = children(time_slice, *surfaces, "horizontalAccuracy")
    return max(map(distance_m, stated), default=None)


def _remarks(time_slice: Element) -> dict[str, str]:
    """Read notes on the airspace, by language; what is in none of ours counts as English."""
    texts: dict[str, list[str]] = {}
    for note in children(
        time_slice, "annotation", "Note", "translatedNote", "LinguisticNote", "note"
    ):
        lang = "zh" if note.get("lang", "")[:2] in ("zh", "ch") else "en"
        text = " ".join((note.text or "").split())
        if text:
            texts.setdefault(lang, []).append(text)
    return {lang: " / ".join(dict.fromkeys(found)) for lang, found in texts.items()}
