"""Features that placemarks of ours carry, as GeoJSON in their ``ExtendedData``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from lowalt.airspace import Feature, from_geojson, to_geojson
from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming

_NAMESPACE: Final = "urn:lowalt:feature:1"


def add_own(placemark: Element, feature: Feature) -> None:
    """Let a placemark carry its feature.

    Raises
    ------
    InvalidInputError
        If GeoJSON cannot say it.
    """
    data = SubElement(placemark, "ExtendedData")
    element = SubElement(data, "feature", {"xmlns": _NAMESPACE})
    # Escaped to ASCII, no text of a feature can upset the XML round it.
    element.text = json.dumps(to_geojson(feature))


def own_feature(placemark: Element, *, namespace: str, where: str) -> Feature | None:
    """Return the feature that a placemark carries, if it does.

    Raises
    ------
    InvalidInputError
        If it cannot be read; the message begins with ``where``.
    """
    element = placemark.find(f"{namespace}ExtendedData/{{{_NAMESPACE}}}feature")
    if element is None:
        return None
    record = parse_json((element.text or "").encode(), name=where)
    if not isinstance(record, Mapping):
        raise InvalidInputError(f"{where}: its element 'feature' holds no GeoJSON feature")
    with naming(where):
        return from_geojson(record)
