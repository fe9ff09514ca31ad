"""Reading the typed facts: numbers as they were published, places, limits, hours, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from lowalt.airspace.features import BasisVerification, FeatureStatus
from lowalt.airspace.shapes import Circle, Place
from lowalt.airspace.zones import Restriction
from lowalt.levels import Level, VerticalLayer
from lowalt.temporal import (
    ALWAYS,
    OPEN_END,
    DaylightEvent,
    Schedule,
    TimeInterval,
    Weekday,
    WeeklyHours,
)
from lowalt.terms import CorridorKind, LineKind, SiteKind, ZoneKind
from lowalt.units import METRES_PER_FOOT

SOURCES = Path(__file__).parents[1] / "sources"
CHINA_TIME = timezone(timedelta(hours=8))

_TIME_ZONES = {"CHN": "Asia/Shanghai", "HKG": "Asia/Hong_Kong", "MAC": "Asia/Macau"}
_KINDS = {
    kind.value: kind for kinds in (ZoneKind, CorridorKind, SiteKind, LineKind) for kind in kinds
}
_METRES = {"m": 1.0, "ft": METRES_PER_FOOT}

Facts = dict[str, Any]


@cache
def read(name: str) -> Facts:
    """Read one file of facts."""
    with (SOURCES / f"{name}.yaml").open(encoding="utf-8") as file:
        facts: Facts = yaml.load(file, Loader=yaml.CSafeLoader)
    return facts


def degrees(text: str) -> float:
    """Read degrees-minutes or degrees-minutes-seconds, such as ``113-55.2``."""
    return sum(float(part) / 60.0**power for power, part in enumerate(text.split("-")))


def places(points: Mapping[Any, Sequence[str]]) -> dict[Any, Place]:
    """Read named points, longitude then latitude."""
    return {name: (degrees(lon), degrees(lat)) for name, (lon, lat) in points.items()}


def circle(place: Sequence[float], radius_m: float) -> Circle:
    """Make a circle round a place, longitude then latitude."""
    lon_deg, lat_deg = place
    return Circle(lon_deg, lat_deg, radius_m)


def metres(text: str) -> float:
    """Read a length with its unit, such as ``23 ft``."""
    number, unit = text.split()
    return float(number) * _METRES[unit]


def vertical_layer(limits: Sequence[str] | None) -> VerticalLayer:
    """Read a floor and a ceiling as charts print them: ``[SFC, 1000 ft AMSL]``, ``[SFC, UNL]``."""
    if limits is None:
        return VerticalLayer()
    floor, ceiling = limits
    return VerticalLayer(_level(floor, open_end="SFC"), _level(ceiling, open_end="UNL"))


def _level(text: str, *, open_end: str) -> Level | None:
    return None if text == open_end else Level.parse(text)


def local_time(value: date | datetime) -> datetime:
    """Read a time; a bare date is its first moment in China."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA_TIME)
    return datetime(value.year, value.month, value.day, tzinfo=CHINA_TIME)


def _schedule(facts: Facts, *, time_zone: ZoneInfo) -> Schedule:
    """Read ``since`` (a day), ``windows`` (pairs of times) and ``hours`` (of the week), or always.

    Hours have ``opens`` and ``closes``, clock times or events of daylight, and ``days``, if not
    every day.
    """
    dated = [*facts.get("windows", ())]
    if facts.get("since") is not None:
        dated.append((facts["since"], OPEN_END))
    if not dated and "hours" not in facts:
        return ALWAYS
    windows = (TimeInterval(local_time(start), local_time(end)) for start, end in dated)
    weekly = (
        WeeklyHours(
            _hour(hours["opens"]),
            _hour(hours["closes"]),
            time_zone,
            days=frozenset(map(Weekday, hours["days"])) if "days" in hours else None,
        )
        for hours in facts.get("hours", ())
    )
    return Schedule.of(windows, weekly=weekly)


def _hour(text: str) -> time | DaylightEvent:
    return DaylightEvent(text) if text in tuple(DaylightEvent) else time.fromisoformat(text)


def described(identifier: str, *layers: Facts) -> Facts:
    """Collect what a feature is, when it is in force and where that was read.

    A later layer overrides an earlier one. Kinds are spelled as in documents; one that is no kind
    of zone makes a corridor, a site or a line, which ask nothing.
    """
    facts = {key: value for layer in layers for key, value in layer.items()}
    country = facts.get("country", "CHN")
    kind = _KINDS[facts["kind"]]
    restriction = (
        {"restriction": Restriction(facts["restriction"])} if isinstance(kind, ZoneKind) else {}
    )
    texts = read("dataset")["sources"]
    return {
        "identifier": identifier,
        "country": country,
        "kind": kind,
        **restriction,
        "status": FeatureStatus(facts["status"]),
        "basis": BasisVerification(facts["basis"]),
        "sources": tuple(texts[key] for key in facts["sources"]),
        "schedule": _schedule(facts, time_zone=ZoneInfo(_TIME_ZONES[country])),
        "example": facts.get("example", False),
        **{
            key: facts[key]
            for key in ("name", "authority", "accuracy_m", "citation", "as_of", "remarks")
        },
    }


def honest_status(status: FeatureStatus, *, point_error_m: float, radius_m: float) -> FeatureStatus:
    """Demote a derived zone whose point may lie outside its own radius to illustrative."""
    if status is FeatureStatus.DERIVED and point_error_m > radius_m:
        return FeatureStatus.ILLUSTRATIVE
    return status
