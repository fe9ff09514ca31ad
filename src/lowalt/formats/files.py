"""Files of airspace in any format: which one it is, reading it, writing it whole or not at all."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, cast

from lowalt.airspace import AirspaceDataset, Feature, Zone
from lowalt.airspace.capacity import joined
from lowalt.airspace.geojson import states_our_facts
from lowalt.airspace.loading import parse_zones
from lowalt.documents import LARGEST_BYTES, parse_json, read_document, write_document
from lowalt.errors import InvalidInputError, UnknownNameError
from lowalt.formats.exchange import Loss, Origin, Reading, Written, everywhere
from lowalt.geodesy import LocalFrame
from lowalt.temporal import OPEN_END, OPEN_START, TimeInterval


@dataclass(frozen=True, slots=True)
class Format:
    """A format of airspace files.

    Attributes
    ----------
    name
        What it is called here, and the module of :mod:`lowalt.formats` that knows it.
    title
        What it is called elsewhere.
    extensions
        Endings of its files.
    writes
        Whether it can be written; every format can be read.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    writes: bool = True


FORMATS: Final[Mapping[str, Format]] = {
    known.name: known
    for known in (
        Format("geojson", "GeoJSON of lowalt", (".geojson", ".json")),
        Format("ed318", "EUROCAE ED-318", (".geojson", ".json")),
        Format("ed269", "EUROCAE ED-269", (".json",)),
        Format("kml", "KML 2.2", (".kml", ".kmz", ".xml")),
        Format("openair", "OpenAir", (".txt", ".openair")),
        Format("aixm", "AIXM 5.1.1", (".aixm", ".xml"), writes=False),
    )
}
"""The formats by name."""

# What a file without a telling ending is written as.
_FIRST_CHOICE = {".geojson": "geojson", ".kml": "kml", ".txt": "openair", ".openair": "openair"}
_HEAD_BYTES = 65_536
_XML_NAME = re.compile(rb"<(?:[\w.-]+:)?(\w+)[\s>/]")
_XML_FORMATS = {b"kml": "kml", b"AIXMBasicMessage": "aixm"}
_OPENAIR_START = re.compile(rb"^\s*AC[ \t]", re.MULTILINE)


class _Module(Protocol):
    def read(self, content: bytes, *, name: str, origin: Origin) -> Reading: ...
    def write(self, features: Sequence[Feature], *, title: Mapping[str, str]) -> Written: ...


def _module(name: str) -> _Module:
    # Loaded when needed: some bring libraries along that few readers want.
    return cast(_Module, importlib.import_module(f"lowalt.formats.{name}"))


# Reading


def read_features(
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    origin: Origin | None = None,
    largest_bytes: int = LARGEST_BYTES,
) -> Reading:
    """Read the features of a file of any format.

    Parameters
    ----------
    path
        The file.
    format
        A name of :data:`FORMATS`; without it the file's content decides.
    origin
        What the file does not say; by default that nobody vouches for it.
    largest_bytes
        Largest file read.

    Raises
    ------
    InvalidInputError
        If the file cannot be read; the message names the file or the feature.
    UnknownNameError
        If there is no such format.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from lowalt.airspace import load_airspace
    >>> port = load_airspace().feature("LP01")
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_features([port], Path(folder) / "port.json", format="ed269")
    ...     read_features(Path(folder) / "port.json").features == (port,)
    True
    """
    path = Path(path)
    content = read_document(path, largest_bytes=largest_bytes)
    chosen = format_of(content, name=path.name) if format is None else _known(format).name
    origin = Origin.of_file(path) if origin is None else origin
    return _module(chosen).read(content, name=path.name, origin=origin)


def read_airspace(
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    origin: Origin | None = None,
) -> AirspaceDataset:
    """Read a file of any format as a dataset that flights can be judged by.

    Parameters
    ----------
    path, format, origin
        As for :func:`read_features`.

    Returns
    -------
    AirspaceDataset
        It speaks for its own zones only, unless the file is one of ours and says more; at all
        times, unless the file says less. Its remarks tell how much of the file is not in it.

    Raises
    ------
    InvalidInputError
        If the file cannot be read, or has no zone.
    UnknownNameError
        If there is no such format.
    OSError
        If the file cannot be opened.
    """
    path = Path(path)
    content = read_document(path)
    chosen = format_of(content, name=path.name) if format is None else _known(format).name
    if chosen == "geojson":
        return parse_zones(content, name=path.stem)
    origin = Origin.of_file(path) if origin is None else origin
    reading = _module(chosen).read(content, name=path.name, origin=origin)
    volumes = [v for zone in reading.features if isinstance(zone, Zone) for v in zone.volumes]
    extent = joined(volumes, where=path.name)
    return AirspaceDataset(
        name=path.stem,
        title=reading.title or everywhere(path.stem),
        features=reading.features,
        extent=extent,
        valid=reading.valid or TimeInterval(OPEN_START, OPEN_END),
        coverage={},
        known_points={},
        frame=LocalFrame(float(round(extent.centroid.x))),
        digest=hashlib.sha256(content).hexdigest(),
        disclaimer={},
        remarks=_remarks(reading.losses),
    )


def _remarks(losses: Sequence[Loss]) -> dict[str, str]:
    if not losses:
        return {}
    return {
        "zh": f"文件中有 {len(losses)} 处内容未能读入，见 lowalt.formats.read_features。",
        "en": f"{len(losses)} things of the file are not in it; see lowalt.formats.read_features.",
    }


def format_of(content: bytes, *, name: str) -> str:
    r"""Tell the format of a file by its content.

    Parameters
    ----------
    content
        The file.
    name
        Its name, with the ending.

    Returns
    -------
    str
        A name of :data:`FORMATS`.

    Raises
    ------
    InvalidInputError
        If it is none of them.

    Examples
    --------
    >>> format_of(b"AC R\nAN Range\n", name="zones.txt")
    'openair'
    """
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    found: str | None = None
    if head.startswith((b"{", b"[")):
        found = _json_format(parse_json(content, name=name))
    elif head.startswith(b"PK\x03\x04"):
        found = "kml"
    elif head.startswith(b"<"):
        names = (match[1] for match in _XML_NAME.finditer(head))
        found = next((_XML_FORMATS[root] for root in names if root in _XML_FORMATS), None)
    elif Path(name).suffix.lower() in FORMATS["openair"].extensions or _OPENAIR_START.search(head):
        found = "openair"
    if found is None:
        raise InvalidInputError(
            f"{name}: not a file of airspace in a format that is known:"
            f" {', '.join(known.title for known in FORMATS.values())}"
        )
    return found


def _json_format(document: Any) -> str | None:
    if not isinstance(document, Mapping):
        return None
    if document.get("type") == "Feature":
        features: Any = [document]
    else:
        features = document.get("features")
    if not isinstance(features, list):
        return None
    if document.get("type") not in ("Feature", "FeatureCollection"):
        return "ed269"
    ours = all(
        isinstance(feature, Mapping) and states_our_facts(feature.get("properties"))
        for feature in features
    )
    return "geojson" if ours else "ed318"


def _known(name: str) -> Format:
    if name not in FORMATS:
        raise UnknownNameError(f"no format {name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[name]


# Writing


def write_features(
    features: Iterable[Feature],
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    title: Mapping[str, str] | None = None,
) -> tuple[Loss, ...]:
    """Write features to a file, whole or not at all.

    Parameters
    ----------
    features
        Zones, corridors, sites and lines.
    path
        The file; one that is there is replaced when the new one is finished.
    format
        A name of :data:`FORMATS`; without it the ending of the path decides.
    title
        What the file is called, by language; by default the name of the path.

    Returns
    -------
    tuple of Loss
        What other readers of the format do not see.

    Raises
    ------
    InvalidInputError
        If a feature cannot be written, or the ending does not tell the format.
    UnknownNameError
        If there is no such format.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    chosen = _format_to_write(path) if format is None else _known(format)
    if not chosen.writes:
        raise InvalidInputError(f"{chosen.title} is only read; it cannot be written")
    title = everywhere(path.stem) if title is None else title
    written = _module(chosen.name).write(tuple(features), title=title)
    write_document(path.resolve(), written.content)
    return written.losses


def _format_to_write(path: Path) -> Format:
    suffix = path.suffix.lower()
    if suffix not in _FIRST_CHOICE:
        raise InvalidInputError(
            f"{path.name}: its ending does not tell the format to write; name one:"
            f" {', '.join(known.name for known in FORMATS.values() if known.writes)}"
        )
    return FORMATS[_FIRST_CHOICE[suffix]]
