"""GeoJSON in lowalt's own form, in which nothing is lost.

Features have the property names of ED-318, and what it has no word for in ``extendedProperties``
(:mod:`lowalt.airspace.geojson`). Such a file with extent, validity and texts is a dataset
(:func:`lowalt.airspace.read_zones`); here only its features are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lowalt.airspace import Feature, from_geojson, to_geojson
from lowalt.airspace.capacity import gather
from lowalt.airspace.geojson.texts import conditions, texts
from lowalt.documents import parse_json
from lowalt.formats.exchange import Loss, Origin, Reading, Written, json_lines
from lowalt.formats.feature_collections import read_head, records_of

_OWN_PROPERTIES = {
    *("identifier", "country", "name", "type", "variant", "zoneAuthority"),
    *("restrictionConditions", "limitedApplicability", "extendedProperties"),
}


def read(content: bytes, *, name: str, origin: Origin) -> Reading:  # noqa: ARG001 - it says it all
    """Read features of lowalt's own form.

    Parameters
    ----------
    content
        The file.
    name
        What messages call it.
    origin
        Not needed: such a file says everything itself.

    Raises
    ------
    InvalidInputError
        If it is of another form, or a feature cannot be read; the message names the feature.
    """
    document = parse_json(content, name=name)
    losses: list[Loss] = []
    features = gather(_features(document, losses, name=name), name=name)
    return read_head(document, features, losses, name=name)


def _features(document: Any, losses: list[Loss], *, name: str) -> Iterator[Feature]:
    for number, record in enumerate(records_of(document, name=name)):
        feature, lost = read_own(record, where=f"{name}: features[{number}]")
        losses.extend(lost)
        yield feature


def read_own(record: Any, *, where: str) -> tuple[Feature, list[Loss]]:
    """Read a feature of lowalt's own form, and say what others added to it.

    Raises
    ------
    InvalidInputError
        If it cannot be read; the message names the feature.
    """
    feature = from_geojson(record, where=where)
    properties = record["properties"]
    added = [key for key in properties if key not in _OWN_PROPERTIES]
    if properties.get("restrictionConditions") != conditions(feature.remarks):
        added.append("restrictionConditions")
    return feature, [Loss(feature.identifier, key[:60], "not ours: not kept") for key in added]


def write(features: Sequence[Feature], *, title: Mapping[str, str]) -> Written:
    """Write features, whole.

    Parameters
    ----------
    features
        Zones, corridors, sites and lines.
    title
        What the file is called, by language.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, or weekly hours are in several time zones.

    Examples
    --------
    >>> from datetime import date
    >>> from lowalt.airspace import load_airspace
    >>> port = load_airspace().feature("LP01")
    >>> written = write([port], title={"en": "One port"})
    >>> written.losses
    ()
    >>> origin = Origin(citation="a file", as_of=date(2026, 1, 1))
    >>> read(written.content, name="ports", origin=origin).features == (port,)
    True
    """
    head = {"type": "FeatureCollection", "metadata": {"description": texts(title)}}
    return Written(json_lines(head, [to_geojson(feature) for feature in features]))
