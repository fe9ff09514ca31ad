"""The formats of files of plans, and which of them a file has."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, UnknownNameError


@dataclass(frozen=True, slots=True)
class PlanFormat:
    """A format of files of plans.

    Attributes
    ----------
    name
        What it is called here.
    title
        What it is called elsewhere.
    extensions
        Endings of its files.
    module
        The module of :mod:`lowalt.formats.plans` that knows it.
    reads, writes
        Whether it can be read, and written.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    module: str
    reads: bool = True
    writes: bool = False


PLAN_FORMATS: Final[Mapping[str, PlanFormat]] = {
    known.name: known
    for known in (
        PlanFormat("lowalt", "JSON of lowalt", (".json",), "lowalt_json", writes=True),
        PlanFormat("geojson", "GeoJSON", (".geojson", ".json"), "geojson", writes=True),
        PlanFormat("csv", "CSV of waypoints", (".csv", ".tsv"), "tables", writes=True),
        PlanFormat("parquet", "Parquet of waypoints", (".parquet",), "parquet", writes=True),
        PlanFormat("qgroundcontrol", "QGroundControl plan", (".plan",), "qgroundcontrol"),
        PlanFormat("waypoints", "QGC WPL text", (".waypoints", ".txt"), "waypoints_file"),
        PlanFormat("wpml", "DJI WPML", (".kmz", ".wpml"), "wpml"),
        PlanFormat("kml", "KML tracks", (".kml", ".kmz", ".xml"), "kml", writes=True),
        PlanFormat("gpx", "GPX", (".gpx", ".xml"), "gpx"),
        PlanFormat("f3548", "ASTM F3548 operational intent", (".json",), "f3548", writes=True),
        PlanFormat("uom", "UOM-USS application (draft)", (".json",), "uom", writes=True),
    )
}
"""The formats by name."""

_HEAD_BYTES = 65_536
_XML_NAME = re.compile(rb"<(?:[\w.-]+:)?(\w+)[\s>/]")
_XML_ROOTS = {b"kml": "kml", b"gpx": "gpx"}
_WPML_NAMESPACE = re.compile(rb"xmlns:[\w.-]+\s*=\s*[\"']http://www\.(?:dji|uav)\.com/wpmz/")
_INTENT_KEYS = {
    *("operational_intent", "operational_intents", "extents", "intended_flight"),
    *("operational_intent_reference", "operational_intent_references"),
}
_WPML_TEMPLATE = "wpmz/template.kml"
_OWN_KEYS = {"plan_id", "plans", "datum", "waypoints", "operating_area"}
_TABLE_ENDINGS = (".csv", ".tsv")
_TABLE_WORDS = {b"lon", b"lng", b"lon_deg", b"longitude"}


def plan_format(name: str) -> PlanFormat:
    """Return a format by its name.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    if name not in PLAN_FORMATS:
        raise UnknownNameError(f"no format of plans {name!r}; there are: {', '.join(PLAN_FORMATS)}")
    return PLAN_FORMATS[name]


def plan_format_of(content: bytes, *, name: str) -> str:
    r"""Tell the format of a file of plans by its content.

    Parameters
    ----------
    content
        The file.
    name
        Its name, with the ending.

    Returns
    -------
    str
        A name of :data:`PLAN_FORMATS`.

    Raises
    ------
    InvalidInputError
        If it is none of them.

    Examples
    --------
    >>> plan_format_of(b"QGC WPL 110\n", name="survey.txt")
    'waypoints'
    """
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    found: str | None = None
    if head.startswith((b"{", b"[")):
        found = _json_format(parse_json(content, name=name))
    elif head.startswith(b"PK\x03\x04"):
        found = _zip_format(content, name=name)
    elif head.startswith(b"PAR1"):
        found = "parquet"
    elif head.startswith(b"QGC WPL"):
        found = "waypoints"
    elif head.startswith(b"<"):
        names = (match[1] for match in _XML_NAME.finditer(head))
        found = next((_XML_ROOTS[root] for root in names if root in _XML_ROOTS), None)
        if found == "kml" and _WPML_NAMESPACE.search(head):
            found = "wpml"
    elif Path(name).suffix.lower() in _TABLE_ENDINGS or _is_table(head):
        found = "csv"
    if found is None:
        readable = (known.title for known in PLAN_FORMATS.values() if known.reads)
        raise InvalidInputError(
            f"{name}: not a file of plans in a format that is known: {', '.join(readable)}"
        )
    return found


def _json_format(document: Any) -> str | None:
    if isinstance(document, list):
        first = document[0] if document else None
        if not isinstance(first, Mapping):
            return None
        return "f3548" if "volume" in first else _json_format(first)
    if not isinstance(document, Mapping):
        return None
    if document.get("fileType") in ("Plan", "Mission"):
        return "qgroundcontrol"
    if str(document.get("format", "")).startswith("lowalt/uom"):
        return "uom"
    if document.get("type") in ("Feature", "FeatureCollection"):
        return "geojson"
    if _INTENT_KEYS & document.keys() or isinstance(document.get("volumes"), list):
        return "f3548"
    if isinstance(document.get("details"), Mapping):
        return "f3548"
    return "lowalt" if _OWN_KEYS & document.keys() else None


def _zip_format(content: bytes, *, name: str) -> str | None:
    """Tell DJI's archives from KML's by the names in them; nothing is unpacked."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            names = [entry.lower() for entry in archive.namelist()]
    except (BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InvalidInputError(f"{name}: not an archive that can be read: {error}") from None
    if any(entry.endswith(".wpml") or entry == _WPML_TEMPLATE for entry in names):
        return "wpml"
    return "kml" if any(entry.endswith(".kml") for entry in names) else None


def _is_table(head: bytes) -> bool:
    """Whether the first line names columns, longitudes among them."""
    line = head.splitlines()[0] if head else b""
    return bool(_TABLE_WORDS & {word.strip(b' "') for word in re.split(rb"[,;\t]", line.lower())})
