"""GPX: recorded tracks and planned routes, as receivers and planners exchange them.

Its elevations are metres, but of what the format leaves open: some receivers write them above mean
sea level, some above the ellipsoid. Which is for the operator to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from xml.etree.ElementTree import Element

from lowalt.documents import parse_xml
from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Need, Told
from lowalt.formats.plans.flown import Move, flown
from lowalt.formats.plans.identifiers import PlanIdentifiers, gather
from lowalt.formats.plans.numbers import number_of, place_of, time_of
from lowalt.formats.plans.recorded import Fix, recorded
from lowalt.levels import Level, VerticalReference

_NAMESPACES: Final = tuple(f"{{http://www.topografix.com/GPX/1/{minor}}}" for minor in (1, 0))

# Takes the place of a level that is missing, in what is only looked through for more of that.
_ANY_LEVEL: Final = Level(0.0, VerticalReference.AGL)


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:
    """Read the flights of a GPX file: each track and each route is one.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file; plans without a name are called by it.
    told
        What elevations are measured from, unless there are none and the level is told; the
        departure and speeds, where points have no times.

    Returns
    -------
    tuple
        In the order of the file. In the place of a flight that cannot be read, or leaves open what
        is not told either, stands why.

    Raises
    ------
    InvalidInputError
        If the file is not GPX 1.1 or 1.0, or has neither track nor route.

    Examples
    --------
    >>> content = b'''<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
    ...     <trk><name>p1</name><trkseg>
    ...     <trkpt lat="22.5431" lon="113.9502"><ele>92.0</ele>
    ...     <time>2026-06-10T02:00:30Z</time></trkpt>
    ...     <trkpt lat="22.5431" lon="113.9602"><ele>92.0</ele>
    ...     <time>2026-06-10T02:02:30Z</time></trkpt></trkseg></trk></gpx>'''
    >>> told = Told(elevation_reference=VerticalReference.AMSL)
    >>> (draft,) = read(content, name="log.gpx", told=told)
    >>> draft.document["plan_id"], str(draft.document["waypoints"][0]["level"])
    ('p1', '92 m AMSL')
    """
    root = parse_xml(content, name=name)
    namespace = root.tag.rpartition("gpx")[0]
    if namespace not in _NAMESPACES or root.tag != f"{namespace}gpx":
        raise InvalidInputError(
            f"{name}: begins with {root.tag[:60]!r}; expected gpx of namespace"
            f" {_NAMESPACES[0][1:-1]}"
        )
    drafts = gather(_Reader(root, namespace, name=name, told=told).drafts(), name=name)
    if not drafts:
        raise InvalidInputError(f"{name}: no flight in it; expected a trk or a rte")
    waypoints = len(root.findall(f"{namespace}wpt"))
    for number, draft in enumerate(drafts):
        if waypoints and isinstance(draft, Draft):  # told with the first plan of the file
            lost = Loss("", "wpt", f"waypoints that belong to no route: {waypoints} left out")
            drafts[number] = replace(draft, losses=(*draft.losses, lost))
            break
    return tuple(drafts)


class _Reader:
    """Goes through the tracks and routes of a file."""

    def __init__(self, root: Element, namespace: str, *, name: str, told: Told) -> None:
        self._root, self._namespace, self._name, self._told = root, namespace, name, told
        self._identifiers = PlanIdentifiers(name)
        self._reference = told.elevation_reference or told.profile.reading.gpx_elevation

    def drafts(self) -> Iterator[Draft | InvalidInputError]:
        """Draft the flights."""
        number = 0
        for element in self._root:
            word = element.tag.removeprefix(self._namespace)
            if word not in ("trk", "rte"):
                continue
            number += 1
            title = (element.findtext(f"{self._namespace}name") or "").strip()
            where = f"{self._name}: {word} {number} {title[:60]!r}"
            try:
                yield self._draft(element, word, plan_id=self._identifiers.take(title), where=where)
            except InvalidInputError as error:
                yield error

    def _draft(self, element: Element, word: str, *, plan_id: str, where: str) -> Draft:
        segments = 0
        points: list[Element] = []
        if word == "rte":
            points = element.findall(f"{self._namespace}rtept")
        for segment in element.findall(f"{self._namespace}trkseg"):
            found = segment.findall(f"{self._namespace}trkpt")
            segments += bool(found)
            points += found
        losses = []
        if segments > 1:
            how = f"segments: {segments}; straight where reception was lost between them"
            losses.append(Loss(plan_id, "track", how))
        levels, needs = self._levels(points, where=where)
        document: dict[str, Any] = {"plan_id": plan_id, "datum": "WGS84"}
        if points and self._stated(points, "time", where=where):
            fixes = (
                Fix(
                    *self._place(point, at), level, time_of(self._text(point, "time"), where=at), at
                )
                for point, level, at in self._each(points, levels, where)
            )
            document["waypoints"] = recorded(fixes, plan_id=plan_id, told=self._told, needs=needs)
            return Draft(document, tuple(losses))
        moves = (
            Move(lon_deg=place[0], lat_deg=place[1], level=level, where=at)
            for point, level, at in self._each(points, levels, where)
            for place in [self._place(point, at)]
        )
        document["waypoints"], of_times = flown(
            moves, plan_id=plan_id, told=self._told, needs=needs
        )
        return Draft(document, (*losses, *of_times))

    @staticmethod
    def _each(
        points: Sequence[Element], levels: Sequence[Level], where: str
    ) -> Iterator[tuple[Element, Level, str]]:
        for number, (point, level) in enumerate(zip(points, levels, strict=True), start=1):
            yield point, level, f"{where}: point {number}"

    def _text(self, point: Element, word: str) -> str:
        return (point.findtext(self._namespace + word) or "").strip()

    def _place(self, point: Element, where: str) -> tuple[float, float]:
        return place_of(point.get("lon"), point.get("lat"), where=where)

    def _stated(self, points: Sequence[Element], word: str, *, where: str) -> bool:
        """Whether points have something; all of them, or none."""
        missing = [i for i, point in enumerate(points, start=1) if not self._text(point, word)]
        if missing and len(missing) < len(points):
            raise InvalidInputError(
                f"{where}: point {missing[0]}: no {word}, where others have one; give it its own,"
                " or remove the point"
            )
        return not missing

    def _levels(self, points: Sequence[Element], *, where: str) -> tuple[list[Level], set[Need]]:
        if not self._stated(points, "ele", where=where):
            level = self._told.level
            needs = {Need.LEVEL} if level is None else set()
            return [level or _ANY_LEVEL] * len(points), needs
        if self._reference is None:
            return [_ANY_LEVEL] * len(points), {Need.ELEVATION_REFERENCE}
        return [
            Level(
                number_of(self._text(point, "ele"), where=f"{where}: point {number}: ele"),
                self._reference,
            )
            for number, point in enumerate(points, start=1)
        ], set()
