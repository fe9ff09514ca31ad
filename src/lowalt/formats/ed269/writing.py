"""Zones into ED-269 files.

Limits are whole metres above ground or sea level. Zones are written larger where they must be, and
those that invite to fly smaller: whoever believes the file errs on the safe side.
Our own record of each feature is carried along, so that lowalt reads it back whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import Any, Final

import shapely

from lowalt.airspace import Circle, Corridor, Feature, Restriction, Volume3D, Zone
from lowalt.airspace.geojson.geometry import coordinates_of
from lowalt.airspace.geojson.hours import keeps_one_offset, write_hours
from lowalt.airspace.geojson.texts import conditions
from lowalt.errors import InvalidInputError
from lowalt.formats.carried import carry
from lowalt.formats.ed318 import LONGEST_TEXT, shortened
from lowalt.formats.exchange import Loss, Written, json_lines, without_examples
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.temporal import Weekday
from lowalt.terms import CorridorKind, ZoneKind

RESTRICTION_WORDS: Final = {
    Restriction.PROHIBITED: "PROHIBITED",
    Restriction.REQ_AUTHORIZATION: "REQ_AUTHORISATION",
    Restriction.CONDITIONAL: "CONDITIONAL",
    Restriction.NO_RESTRICTION: "NO_RESTRICTION",
}

Lost = tuple[str, str]
"""What was lost, and how."""

_INVITING = {
    *(ZoneKind.SUITABLE_AIRSPACE, ZoneKind.AVIATION_CAMP, ZoneKind.TEST_AREA),
    CorridorKind.UAV_ROUTE,
}
_WEEK = tuple(Weekday)
_A_MONDAY = date(2001, 1, 1)
_SURFACE = Level(0.0, VerticalReference.AGL)


def write(features: Sequence[Feature], *, title: Mapping[str, str]) -> Written:
    """Write features.

    Parameters
    ----------
    features
        Zones and corridors. Sites and lines, which have no area, and examples are left out.
    title
        What the file is called, by language.

    Returns
    -------
    Written
        A loss says what other readers do not see; lowalt reads everything again of what is not
        left out.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, or weekly hours are in several time zones.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> zone = load_airspace()["ZGSZ01"]
    >>> for loss in write([zone], title={"en": "One zone"}).losses:
    ...     print(loss)
    ZGSZ01: arcs: drawn as a polygon that covers the exact shape
    """
    kept, losses = without_examples(features)
    records = []
    for feature in kept:
        record, lost = record_of(feature)
        if record:
            records.append(record)
        losses.extend(Loss(feature.identifier, what, how) for what, how in lost)
    head = {"title": shortened(" / ".join(title.values()))} if title else {}
    return Written(json_lines(head, records), tuple(losses))


def record_of(feature: Feature) -> tuple[dict[str, Any], list[Lost]]:
    """Write a feature; also say what of it other readers do not see. It may be all of it."""
    if not isinstance(feature, Zone | Corridor):
        return {}, [("feature", "it has no area: left out")]
    extended = carry(feature)
    asks = feature.restriction if isinstance(feature, Zone) else Restriction.NO_RESTRICTION
    lost: list[Lost] = []
    outward = not _invites(feature)
    applicability = _applicability(feature, lost, outward=outward)
    parts = (_volume(volume, lost, outward=outward) for volume in feature.volumes)
    geometry = list(chain.from_iterable(parts))
    if not (applicability and geometry):
        lost.append(("feature", "nothing is left that ED-269 could say of it: left out"))
        return {}, lost
    name = " / ".join(dict.fromkeys(feature.name.values()))
    if len(name) > LONGEST_TEXT:
        lost.append(("name", f"cut to {LONGEST_TEXT} characters"))
    remarks = conditions(feature.remarks)
    if isinstance(feature, Zone) and feature.micro_volumes is not None:
        lost.append(("micro", "where it binds micro UAV is known to lowalt only"))
    record = {
        "identifier": feature.identifier,
        "country": feature.country,
        "name": shortened(name),
        "type": "COMMON",
        "restriction": RESTRICTION_WORDS[asks],
        **({} if remarks is None else {"restrictionConditions": remarks}),
        "applicability": applicability,
        "zoneAuthority": [_authority(feature, asks)],
        "geometry": geometry,
        "extendedProperties": extended,
    }
    return record, list(dict.fromkeys(lost))


def _invites(feature: Zone | Corridor) -> bool:
    """Whether its readers take it for a place to fly in, rather than to mind."""
    if isinstance(feature, Zone) and feature.kind is ZoneKind.UAS_ZONE:
        return feature.restriction is Restriction.NO_RESTRICTION
    return feature.kind in _INVITING


def _volume(volume: Volume3D, lost: list[Lost], *, outward: bool) -> list[dict[str, Any]]:
    """Write a volume; of several polygons each is one."""
    layer, shape = _whole(volume.layer, outward=outward), volume.shape
    if layer != volume.layer:
        lost.append(("limits", f"{volume.layer}: written as {layer}" if layer else "left out"))
    if layer is None:
        return []
    if isinstance(shape, Circle):
        centre = [shape.lon_deg, shape.lat_deg]
        projections = [{"type": "Circle", "center": centre, "radius": shape.radius_m}]
    else:
        if shape is not None:
            lost.append(("arcs", "drawn as a polygon that covers the exact shape"))
        parts = shapely.get_parts(volume.geometry)
        projections = [{"type": "Polygon", "coordinates": coordinates_of(part)} for part in parts]
    return [{**_limits(layer), "horizontalProjection": projection} for projection in projections]


def _whole(layer: VerticalLayer, *, outward: bool) -> VerticalLayer | None:
    """Round a layer to whole metres above ground or sea level; ``None`` if nothing is left."""
    floor, ceiling = layer.floor, layer.ceiling
    if not outward and any(
        end and end.reference is VerticalReference.HAE for end in (floor, ceiling)
    ):
        return None
    down, up = (math.floor, math.ceil) if outward else (math.ceil, math.floor)
    try:
        return VerticalLayer(_rounded(floor, down), _rounded(ceiling, up))
    except InvalidInputError:  # rounded inward, the two have passed each other
        return None


def _rounded(level: Level | None, to_whole: Callable[[float], int]) -> Level | None:
    if level is None or level.reference is VerticalReference.HAE:
        return None
    return Level(float(to_whole(level.value_m)), level.reference)


def _limits(layer: VerticalLayer) -> dict[str, Any]:
    floor, ceiling = layer.floor or _SURFACE, layer.ceiling
    upper = {} if ceiling is None else {"upperLimit": int(ceiling.value_m)}
    return {
        "uomDimensions": "M",
        "lowerLimit": int(floor.value_m),
        "lowerVerticalReference": floor.reference.value,
        **upper,
        "upperVerticalReference": (ceiling or _SURFACE).reference.value,
    }


def _applicability(
    feature: Zone | Corridor, lost: list[Lost], *, outward: bool
) -> list[dict[str, Any]]:
    periods, _ = write_hours(feature.schedule, where=feature.label)
    if periods is None:
        return [{"permanent": "YES"}]
    has_one_offset = keeps_one_offset(feature.schedule)
    written = []
    for period in periods:
        dates = {key: value for key, value in period.items() if key != "schedule"}
        daily = period.get("schedule", [])
        if has_one_offset and not any(key.endswith("Event") for hours in daily for key in hours):
            hours = {"schedule": [_daily(record) for record in daily]} if daily else {}
            written.append({"permanent": "NO", **dates, **hours})
        elif outward:
            written.append({"permanent": "NO", **dates})
            lost.append(("hours", "by daylight or with summer time: written as the whole day"))
        else:
            lost.append(("hours", "by daylight or with summer time: left out"))
    return written


def _daily(record: Mapping[str, Any]) -> dict[str, Any]:
    """Write hours in UTC, as all public files have them; they may open on another day there."""
    opens, closes = (_in_utc(record[key]) for key in ("startTime", "endTime"))
    shift = (opens.date() - _A_MONDAY).days
    days = {_WEEK[(_WEEK.index(day) + shift) % 7] for day in record["day"] if day in _WEEK}
    return {
        "day": [day for day in _WEEK if day in days] or record["day"],
        "startTime": _clock(opens),
        "endTime": _clock(closes),
    }


def _in_utc(text: str) -> datetime:
    return datetime.combine(_A_MONDAY, time.fromisoformat(text)).astimezone(UTC)


def _clock(moment: datetime) -> str:
    """Write a time as the examples of the standard do, with hundredths."""
    clock = moment.time().isoformat()
    return f"{clock if '.' in clock else clock + '.00'}Z"


def _authority(feature: Zone | Corridor, asks: Restriction) -> dict[str, Any]:
    authorizes = asks in (Restriction.PROHIBITED, Restriction.REQ_AUTHORIZATION)
    name = shortened(" / ".join(dict.fromkeys(feature.authority.values())))
    purpose = {"purpose": "AUTHORIZATION" if authorizes else "INFORMATION"}
    return {"name": name, **purpose} if name else purpose
