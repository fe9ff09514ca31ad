"""Features out of KML and KMZ files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from lowalt.airspace import Feature
from lowalt.airspace.capacity import gather
from lowalt.documents import parse_xml
from lowalt.errors import InvalidInputError
from lowalt.formats.adoption import Identifiers
from lowalt.formats.exchange import Loss, Origin, Reading, everywhere
from lowalt.formats.kml.archive import is_archive, kml_in
from lowalt.formats.kml.figures import NAMESPACE, figures_in, require_same
from lowalt.formats.kml.foreign import zone_of
from lowalt.formats.kml.own import own_feature

_NAMESPACES = re.compile(r"\{http://(www\.opengis\.net|earth\.google\.com)/kml/2\.\d\}|", re.ASCII)


def read(content: bytes, *, name: str, origin: Origin) -> Reading:
    """Read the features of a KML or KMZ file.

    Placemarks that we wrote are read back as they were. Of others each that has polygons is a UAS
    zone that asks for authorization: KML does not say what a figure means. A polygon with a curtain
    reaches from the ground to its height; any other stands for every height.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file.
    origin
        What the file does not say.

    Raises
    ------
    InvalidInputError
        If the file is not KML or anything in it cannot be read; the message names the placemark.
    GeometryError
        If a figure is not sound.

    Examples
    --------
    >>> from datetime import date
    >>> content = b'''<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>Field</name>
    ... <Polygon><extrude>1</extrude><altitudeMode>relativeToGround</altitudeMode><outerBoundaryIs>
    ... <LinearRing><coordinates>114,22,120 114.1,22,120 114,22.1,120 114,22,120</coordinates>
    ... </LinearRing></outerBoundaryIs></Polygon></Placemark></kml>'''
    >>> origin = Origin(citation="a made-up file", as_of=date(2026, 1, 1))
    >>> (zone,) = read(content, name="field.kml", origin=origin).features
    >>> zone.identifier, str(zone.volumes[0].layer)
    ('FIELD', 'SFC - 120 m AGL')
    """
    root = parse_xml(kml_in(content, name=name) if is_archive(content) else content, name=name)
    namespace = root.tag.rpartition("kml")[0]
    if root.tag != f"{namespace}kml" or not _NAMESPACES.fullmatch(namespace):
        raise InvalidInputError(
            f"{name}: begins with {root.tag[:60]!r}; expected kml of namespace {NAMESPACE}"
        )
    losses: list[Loss] = []
    features = gather(
        _features(root, losses, name=name, namespace=namespace, origin=origin), name=name
    )
    if not features:
        raise InvalidInputError(f"{name}: no airspace in it; expected placemarks with polygons")
    title = (root.findtext(f"{namespace}Document/{namespace}name") or "").strip()
    return Reading(
        features,
        (*losses, *_left_out(root, namespace=namespace)),
        title=everywhere(title) if title else {},
    )


def _features(
    root: Element, losses: list[Loss], *, name: str, namespace: str, origin: Origin
) -> Iterator[Feature]:
    """Read every placemark, however deep in folders."""
    identifiers = Identifiers()
    for number, placemark in enumerate(root.iter(f"{namespace}Placemark"), start=1):
        title = (placemark.findtext(f"{namespace}name") or "").strip()
        where = f"{name}: placemark {number} {title[:60]!r}"
        figures, others = figures_in(placemark, namespace=namespace, where=where)
        own = own_feature(placemark, namespace=namespace, where=where)
        if own is not None:
            require_same(figures, own, where=where)
            identifiers.take(own.identifier, name=own.identifier)
            yield own
            continue
        zone, lost = zone_of(
            placemark,
            figures,
            others,
            title=title,
            namespace=namespace,
            origin=origin,
            identifiers=identifiers,
            where=where,
        )
        losses.extend(lost)
        if zone is not None:
            yield zone


def _left_out(root: Element, *, namespace: str) -> Iterator[Loss]:
    """Say what of the file stands in no placemark."""
    for word in ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay"):
        if next(root.iter(namespace + word), None) is not None:
            yield Loss("", "links", f"{word}: left out")
    for word in ("Document", "Folder"):
        times = (namespace + time for time in ("TimeSpan", "TimeStamp"))
        if any(
            element.find(time) is not None
            for time in times
            for element in root.iter(namespace + word)
        ):
            how = f"the time of a {word}: left out; what is in it is read by its own times"
            yield Loss("", "hours", how)
