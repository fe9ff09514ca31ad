"""Features as KML files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from lowalt.airspace import Corridor, Feature, Line, Restriction, Site, Zone
from lowalt.formats.exchange import Loss, Written
from lowalt.formats.kml.figures import MODES, NAMESPACE, add_figures, figures_of
from lowalt.formats.kml.own import add_own
from lowalt.temporal import OPEN_END, OPEN_START, Schedule

# Colours are alpha, blue, green, red.
_LINE_COLOURS: Final = {
    Restriction.PROHIBITED.value: "ff0000d0",
    Restriction.REQ_AUTHORIZATION.value: "ff0070ff",
    Restriction.CONDITIONAL.value: "ff00c8ff",
    Restriction.NO_RESTRICTION.value: "ff30a030",
    "OTHER": "ffd08030",
}
_FILL_ALPHA: Final = "40"

# XML has no way to spell these.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(features: Sequence[Feature], *, title: Mapping[str, str]) -> Written:
    """Write features as KML, each a placemark that carries all its facts.

    Parameters
    ----------
    features
        Features of every sort.
    title
        What the file is called, by language.

    Returns
    -------
    Written
        A KML document. Nothing is lost to who reads it with lowalt; other programs show limits,
        hours and what a zone asks as text at best.

    Raises
    ------
    InvalidInputError
        If a feature cannot be said in GeoJSON either (:func:`lowalt.airspace.to_geojson`).

    Examples
    --------
    >>> content = write([], title={"en": "nothing"}).content
    >>> b"<name>nothing</name>" in content
    True
    """
    root = Element("kml", {"xmlns": NAMESPACE})
    document = SubElement(root, "Document")
    _add_text(document, "name", _joined(title))
    for word, colour in _LINE_COLOURS.items():
        style = SubElement(document, "Style", {"id": word})
        line = SubElement(style, "LineStyle")
        SubElement(line, "color").text = colour
        SubElement(line, "width").text = "2"
        SubElement(SubElement(style, "PolyStyle"), "color").text = _FILL_ALPHA + colour[2:]
    losses: list[Loss] = []
    for feature in features:
        _add_placemark(document, feature)
        losses.extend(_losses(feature))
    return Written(tostring(root, encoding="utf-8", xml_declaration=True), tuple(losses))


def _add_placemark(document: Element, feature: Feature) -> None:
    placemark = SubElement(document, "Placemark")
    _add_text(placemark, "name", _joined(feature.name) or feature.identifier)
    _add_text(placemark, "description", "\n".join(_description(feature)))
    _add_time_span(placemark, feature.schedule)
    style = feature.restriction.value if isinstance(feature, Zone) else "OTHER"
    SubElement(placemark, "styleUrl").text = f"#{style}"
    add_own(placemark, feature)
    add_figures(placemark, figures_of(feature))


def _add_text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _UNSPEAKABLE.sub("\ufffd", text)


def _joined(texts: Mapping[str, str]) -> str:
    return " / ".join(dict.fromkeys(text for text in texts.values() if text))


def _description(feature: Feature) -> Iterator[str]:
    """Say in a few lines what a balloon should."""
    assert isinstance(feature, Zone | Corridor | Site | Line)
    asks = f" ({feature.restriction})" if isinstance(feature, Zone) else ""
    yield f"{feature.identifier}: {feature.kind.zh} / {feature.kind.en}{asks}"
    if isinstance(feature, Zone | Corridor):
        yield from dict.fromkeys(str(volume.layer) for volume in feature.volumes)
    if feature.schedule.windows is not None:
        yield "not always active; see its source for the hours"
    if feature.example:
        yield "made up as an example"
    yield f"{feature.status}, {feature.basis}, {feature.as_of}: {feature.citation}"
    yield from feature.remarks.values()


def _add_time_span(placemark: Element, schedule: Schedule) -> None:
    """State the time from the first to the last window; KML has no gaps."""
    if not schedule.windows or schedule.weekly:
        return
    span = SubElement(placemark, "TimeSpan")
    start, end = schedule.windows[0].start, schedule.windows[-1].end
    if start > OPEN_START:
        SubElement(span, "begin").text = start.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if end < OPEN_END:
        SubElement(span, "end").text = end.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _losses(feature: Feature) -> Iterator[Loss]:
    """Say what other programs do not see of a feature in its figures."""

    def lost(what: str, how: str) -> Loss:
        return Loss(feature.identifier, what, how)

    if isinstance(feature, Zone | Corridor):
        if any(volume.shape is not None for volume in feature.volumes):
            yield lost("arcs", "drawn as polygons of straight edges")
        for layer in dict.fromkeys(volume.layer for volume in feature.volumes):
            levels = [level for level in (layer.floor, layer.ceiling) if level is not None]
            if layer.floor is not None or layer.ceiling is None:
                yield lost("limits", f"{layer}: drawn without walls")
            if any(level.reference not in MODES for level in levels):
                yield lost("reference", f"{layer}: heights above the ellipsoid are not drawn")
    windows = feature.schedule.windows
    if feature.schedule.weekly or (windows is not None and len(windows) != 1):
        yield lost("hours", "only the time from the first to the last window is stated, if any")
    yield lost("provenance", "what it is, what it asks and where that was read stand in text")
