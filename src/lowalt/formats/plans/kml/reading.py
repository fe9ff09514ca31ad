"""Plans out of KML and KMZ files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.documents import parse_xml
from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.kml.archive import is_archive, kml_in
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.identifiers import PlanIdentifiers, gather
from lowalt.formats.plans.kml.areas import area_draft
from lowalt.formats.plans.kml.own import own_plan
from lowalt.formats.plans.kml.routes import route_draft
from lowalt.formats.plans.kml.tracks import Track, local, period_of, point_in, text_of, tracks_in

_ROOTS: Final = re.compile(
    r"(?:\{http://(?:www\.opengis\.net|earth\.google\.com)/kml/2\.\d\})?kml", re.ASCII
)
_CONTAINERS: Final = ("Document", "Folder")
_MOST_PLACEMARKS: Final = 200_000


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:
    """Read the flights of a KML or KMZ file.

    Placemarks that we wrote are read back as they were. Of others, each track and each line is a
    flight, and so are the points in time of one folder, together. In a file without any, each
    polygon with a period is the area of a flight.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file; plans without a name are called by it.
    told
        The departure, for lines without times; the level, for those clamped to the ground.

    Returns
    -------
    tuple
        In the order of the file. In the place of a flight that cannot be read, or leaves open what
        is not told either, stands why.

    Raises
    ------
    InvalidInputError
        If the file is not KML, or has no flight.

    Examples
    --------
    >>> content = b'''<kml xmlns="http://www.opengis.net/kml/2.2"
    ...     xmlns:gx="http://www.google.com/kml/ext/2.2"><Placemark><name>delivery 12</name>
    ...     <gx:Track><altitudeMode>absolute</altitudeMode>
    ...     <when>2026-06-10T02:00:00Z</when><when>2026-06-10T02:00:30Z</when>
    ...     <gx:coord>113.9502 22.5431 12</gx:coord><gx:coord>113.9502 22.5431 92</gx:coord>
    ...     </gx:Track></Placemark></kml>'''
    >>> (draft,) = read(content, name="log.kml", told=Told())
    >>> draft.document["plan_id"], [str(at["level"]) for at in draft.document["waypoints"]]
    ('delivery 12', ['12 m AMSL', '92 m AMSL'])
    """
    root = parse_xml(kml_in(content, name=name) if is_archive(content) else content, name=name)
    if not _ROOTS.fullmatch(root.tag):
        raise InvalidInputError(
            f"{name}: begins with {root.tag[:60]!r}; expected kml of namespace"
            " http://www.opengis.net/kml/2.2"
        )
    reader = _Reader(root, name=name, told=told)
    drafts = gather(reader.routes(), name=name) or gather(reader.areas(), name=name)
    if not drafts:
        raise InvalidInputError(
            f"{name}: no flight in it; expected placemarks with gx:Track, LineString, Points with a"
            " TimeStamp, or a Polygon with a TimeSpan"
        )
    for number, draft in enumerate(drafts):
        if isinstance(draft, Draft):  # what concerns the file is told with its first plan
            drafts[number] = replace(draft, losses=(*draft.losses, *reader.left_out()))
            break
    return tuple(drafts)


class _Reader:
    """Goes through the placemarks of a file."""

    def __init__(self, root: Element, *, name: str, told: Told) -> None:
        self._root, self._name, self._told = root, name, told
        self._identifiers = PlanIdentifiers(name)
        self._points_left_out = 0
        self._polygons_left_out = 0

    def _placemarks(self) -> Iterator[tuple[Element, list[tuple[Element, str]]]]:
        """Give each folder with its placemarks and what messages call them."""
        number = 0
        for container in self._root.iter():
            if container is not self._root and local(container) not in _CONTAINERS:
                continue
            placemarks = []
            for child in container:
                if local(child) == "Placemark":
                    number += 1
                    placemarks.append((child, self._called(child, number)))
            yield container, placemarks

    def _called(self, placemark: Element, number: int) -> str:
        if number > _MOST_PLACEMARKS:
            raise InvalidInputError(
                f"{self._name}: more than {_MOST_PLACEMARKS:,} placemarks; split the file"
            )
        return f"{self._name}: placemark {number} {text_of(placemark, 'name')[:60]!r}"

    def routes(self) -> Iterator[Draft | InvalidInputError]:
        """Draft the flights along tracks and lines, and those that carry their plan."""
        for container, placemarks in self._placemarks():
            points: list[Track] = []
            for placemark, where in placemarks:
                try:
                    drafts = gather(self._routes_of(placemark, where), name=where)
                    point = None if drafts else point_in(placemark, where=where)
                except InvalidInputError as error:
                    yield error
                    continue
                yield from drafts
                if point is not None:
                    points.append(point)
                elif not drafts:
                    self._count(placemark)
            if len(points) == 1:
                self._points_left_out += 1
            elif points:
                yield self._from_points(points, container)

    def _routes_of(self, placemark: Element, where: str) -> Iterator[Draft]:
        own = own_plan(placemark, where=where)
        if own is not None:
            self._identifiers.take(own.document["plan_id"])
            yield own
            return
        tracks = list(tracks_in(placemark, where=where))
        for track in tracks:
            plan_id = self._identifiers.take(text_of(placemark, "name"))
            period = period_of(placemark, where=where)
            draft = route_draft(track, period, plan_id=plan_id, told=self._told)
            if len(tracks) > 1:
                how = f"one of {len(tracks)} in its placemark; the flight between is not known"
                draft = replace(draft, losses=(*draft.losses, Loss(plan_id, "lines", how)))
            yield draft

    def _from_points(self, points: list[Track], container: Element) -> Draft | InvalidInputError:
        """Draft the flight that points in time of one folder are."""
        points.sort(key=lambda point: point.times[0])
        modes = {point.mode for point in points}
        if len(modes) > 1:
            return InvalidInputError(
                f"{points[0].where}: points in time with {len(modes)} altitude modes in one folder;"
                " expected one"
            )
        track = Track(
            tuple(point.places[0] for point in points),
            tuple(point.times[0] for point in points),
            points[0].mode,
            0,
            points[0].where,
        )
        plan_id = self._identifiers.take(text_of(container, "name"))
        try:
            draft = route_draft(track, None, plan_id=plan_id, told=self._told)
        except InvalidInputError as error:
            return error
        how = f"from {len(points)} points in time: straight from each to the next"
        return replace(draft, losses=(*draft.losses, Loss(plan_id, "track", how)))

    def _count(self, placemark: Element) -> None:
        kinds = {local(child) for child in placemark}
        self._points_left_out += "Point" in kinds
        self._polygons_left_out += "Polygon" in kinds

    def areas(self) -> Iterator[Draft | InvalidInputError]:
        """Draft the flights that stay in an area; only of files without any line."""
        self._polygons_left_out = 0
        for _, placemarks in self._placemarks():
            for placemark, where in placemarks:
                try:
                    yield from area_draft(
                        placemark, identifiers=self._identifiers, told=self._told, where=where
                    )
                except InvalidInputError as error:
                    yield error

    def left_out(self) -> Iterator[Loss]:
        """Say what of the file is in no plan."""
        for count, what in (
            (self._points_left_out, "points that make no track"),
            (self._polygons_left_out, "polygons beside lines"),
        ):
            if count:
                yield Loss("", "figures", f"{what}: {count} left out")
        if any(local(element) == "NetworkLink" for element in self._root.iter()):
            yield Loss("", "links", "NetworkLink: left out")
