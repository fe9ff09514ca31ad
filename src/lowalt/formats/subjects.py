"""What a file is about: airspace, or flights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError
from lowalt.formats.files import FORMATS, format_of
from lowalt.formats.kml.archive import is_archive, kml_in
from lowalt.formats.plans.geojson.own import OWN
from lowalt.formats.plans.recognition import PLAN_FORMATS, plan_format_of


class Subject(StrEnum):
    """What a file is about."""

    ZONES = "zones"
    PLANS = "plans"


# Whose placemarks they are, before what is drawn in them.
_KML_SIGNS: Final = (
    (b"urn:lowalt:plan:", Subject.PLANS),
    (b"urn:lowalt:feature:", Subject.ZONES),
    (b"Track>", Subject.PLANS),
    (b"Polygon>", Subject.ZONES),
    (b"LineString>", Subject.PLANS),
    (b"TimeStamp>", Subject.PLANS),
)

_PLAN_PROPERTIES: Final = {
    *("plan_id", "levels_m", "start_datetime"),
    *("time", "times", "coordTimes", "coordinateProperties"),
}


def subject_of(content: bytes, *, name: str) -> Subject:
    r"""Tell by its content whether a file holds airspace or plans.

    Where a format has both, lines and tracks are flights, and areas are airspace unless the file
    says more of them.

    Parameters
    ----------
    content
        The file.
    name
        Its name, with the ending.

    Raises
    ------
    InvalidInputError
        If it is neither in a format that is known.

    Examples
    --------
    >>> print(subject_of(b"QGC WPL 110\n", name="survey.txt"))
    plans
    >>> print(subject_of(b"AC R\nAN Range\n", name="zones.txt"))
    zones
    """
    found, refusals = {}, []
    for subject, tell in ((Subject.PLANS, plan_format_of), (Subject.ZONES, format_of)):
        try:
            found[subject] = tell(content, name=name)
        except InvalidInputError as error:
            refusals.append(error)
    if not found:
        if str(refusals[0]) == str(refusals[1]):  # no document at all
            raise refusals[0]
        titles = [known.title for known in FORMATS.values()]
        titles += [known.title for known in PLAN_FORMATS.values()]
        raise InvalidInputError(
            f"{name}: neither airspace nor plans in a format that is known:"
            f" {', '.join(dict.fromkeys(titles))}"
        )
    if len(found) == 1:
        return next(iter(found))
    if found[Subject.PLANS] == "kml":
        return _of_kml(kml_in(content, name=name) if is_archive(content) else content)
    if found[Subject.PLANS] == "geojson":
        own_zones = found[Subject.ZONES] == "geojson"
        return Subject.ZONES if own_zones else _of_geojson(parse_json(content, name=name))
    return Subject.PLANS


def _of_kml(document: bytes) -> Subject:
    return next((subject for sign, subject in _KML_SIGNS if sign in document), Subject.ZONES)


def _of_geojson(document: Any) -> Subject:
    return Subject.PLANS if any(map(_is_flight, _features(document))) else Subject.ZONES


def _features(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = document.get("features", [document])
    return (each for each in listed if isinstance(each, Mapping))


def _is_flight(feature: Mapping[str, Any]) -> bool:
    properties, geometry = feature.get("properties"), feature.get("geometry")
    stated = properties if isinstance(properties, Mapping) else {}
    drawn = geometry.get("type") if isinstance(geometry, Mapping) else None
    own = stated.get(OWN)  # an object; or text, as programs have it that know none in properties
    return (
        drawn in ("LineString", "MultiLineString")
        or not _PLAN_PROPERTIES.isdisjoint(stated)
        or (isinstance(own, Mapping | str) and "plan_id" in own)
    )
