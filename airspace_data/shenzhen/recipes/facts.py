"""Reading the typed facts: numbers as they were published, places, times, provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from lowalt.airspace.features import BasisVerification, FeatureStatus
from lowalt.airspace.hours import OPEN_END
from lowalt.airspace.shapes import Place
from lowalt.airspace.zones import Restriction
from lowalt.temporal import ALWAYS, Schedule, TimeInterval
from lowalt.terms import ZoneKind

SOURCES = Path(__file__).parents[1] / "sources"
CHINA_TIME = timezone(timedelta(hours=8))

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


def local_time(value: date | datetime) -> datetime:
    """Read a time; a bare date is its first moment in China."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA_TIME)
    return datetime(value.year, value.month, value.day, tzinfo=CHINA_TIME)


def since(opened: date | None) -> Schedule:
    """Active from a day on, or always."""
    if opened is None:
        return ALWAYS
    return Schedule.of([TimeInterval(local_time(opened), OPEN_END)])


def described(identifier: str, *layers: Facts) -> Facts:
    """Collect what a zone is and where that was read; a later layer overrides an earlier one."""
    facts = {key: value for layer in layers for key, value in layer.items()}
    sources = read("dataset")["sources"]
    return {
        "identifier": identifier,
        "country": facts.get("country", "CHN"),
        "kind": ZoneKind[facts["kind"].upper()],
        "restriction": Restriction(facts["restriction"]),
        "status": FeatureStatus(facts["status"]),
        "basis": BasisVerification(facts["basis"]),
        "sources": tuple(sources[key] for key in facts["sources"]),
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
