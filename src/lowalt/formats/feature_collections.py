"""What GeoJSON files of zones say beside their features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowalt.airspace import Feature
from lowalt.airspace.geojson.texts import by_language
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.formats.exchange import Loss, Reading
from lowalt.temporal import OPEN_END, OPEN_START, TimeInterval, read_time


def records_of(document: Any, *, name: str) -> Sequence[Any]:
    """Return the features of a collection; a feature may also stand alone.

    Raises
    ------
    InvalidInputError
        If it is neither.
    """
    kind = document.get("type") if isinstance(document, Mapping) else None
    if kind == "Feature":
        return [document]
    features = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise InvalidInputError(
            f"{name}: given {shown(document)}, expected a GeoJSON FeatureCollection with features"
        )
    return features


def read_head(
    document: Mapping[str, Any], features: tuple[Feature, ...], losses: Sequence[Loss], *, name: str
) -> Reading:
    """Add title and validity of a collection to its features.

    Raises
    ------
    InvalidInputError
        If they cannot be read.
    """
    metadata = document.get("metadata") or {}
    if not isinstance(metadata, Mapping):
        raise InvalidInputError(f"{name}: metadata: given {shown(metadata)}, expected an object")
    title = by_language(metadata.get("description") or [], where=f"{name}: metadata.description")
    plain = document.get("name") or document.get("title")
    if not title and isinstance(plain, str):
        title = {"en": plain}
    limits = [metadata.get(key) for key in ("validFrom", "validTo")]
    start, end = (
        otherwise if limit is None else read_time(limit, where=f"{name}: metadata.{key}")
        for key, limit, otherwise in zip(
            ("validFrom", "validTo"), limits, (OPEN_START, OPEN_END), strict=True
        )
    )
    with naming(f"{name}: metadata"):
        valid = None if limits == [None, None] else TimeInterval(start, end)
    return Reading(features, tuple(losses), title, valid)
