"""Weather: waited for where it is too bad, told where it is not, and never made better by a form.

A report speaks of its own time. What the weather of another time will be nobody knows, so a plan
that is moved to it leaves that open. To tell what else such a plan would need, the search supposes
weather: as good as now, or as good as the law asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from lowalt.flights import FlightPlan
from lowalt.regulations.conditions import Compare, Holds, Leaf, value_text
from lowalt.regulations.model import Bilingual
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values, with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.quantities import edge
from lowalt.truth import Truth
from lowalt.vocabulary import FactValue, fact
from lowalt.wording import both

_BASE, _CLEARANCE, _TOP = "cloud_base_mm", "cloud_clearance_mm", "max_true_height_mm"
_REPORTED = ("visibility_mm", _BASE, _CLEARANCE)
"""Facts that reports tell."""

_FIELDS = MappingProxyType(
    {
        "visibility_mm": ("weather.visibility_m",),
        _BASE: ("weather.cloud_base_agl_m",),
        _CLEARANCE: ("weather.cloud_base_agl_m",),
        "cloud_distance_mm": ("weather.cloud_distance_m", "hong_kong.cloud_distance_m"),
        "weather_meets_minima": ("weather.meets_commander_minima",),
        "stays_clear_of_cloud": ("weather.surface_stays_in_sight",),
    }
)
"""Where a plan states the weather plainly, by fact."""

WEATHER = frozenset(_FIELDS)
"""Facts of the weather, which no form makes better."""


def carried(hearing: Hearing) -> Mapping[str, FactValue]:
    """Return what the reports of a plan tell: as good as that the weather may be later too."""
    weather = hearing.plan.weather
    if weather is None or not weather.reports:
        return {}
    known = hearing.facts.flight
    return {name: known[name] for name in _REPORTED if name in known}


def await_weather(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to wait, where the weather told is worse than the law asks."""
    if not any(leaf.truth is Truth.FALSE for leaf in _leaves(causes)):
        return
    needed = _needed(hearing, causes)
    now = {name: hearing.facts.flight[name] for name in _REPORTED if name in hearing.facts.flight}
    emptied = _without(hearing.plan, (*_REPORTED, *needed))
    yield Change(
        kind=Kind.LATER,
        text=both(
            "等待天气好转，再按届时的气象报告重新申报起飞时间",
            "wait for better weather, then state the time of take-off and the reports anew",
        ),
        cost=costs.WEATHER,
        apply=lambda plan: with_values(plan, emptied),
        supposes={**now, **needed},
    )


def tell_weather(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to tell the weather, where the plan leaves it open.

    What reports leave open no plain value makes up for: then it takes other reports.
    """
    if not any(leaf.truth is Truth.UNKNOWN for leaf in _leaves(causes)):
        return
    weather, known = hearing.plan.weather, hearing.facts.flight
    needed = {n: v for n, v in _needed(hearing, causes).items() if n not in known}
    by_reports = _REPORTED if weather is not None and weather.reports else ()
    supposed = {name: value for name, value in needed.items() if name in by_reports}
    told = {name: value for name, value in needed.items() if name not in by_reports}
    values = {_FIELDS[n][0]: _in_plan(v) for n, v in told.items() if n != _CLEARANCE}
    zh, en = _listed(told)
    yield Change(
        kind=Kind.STATE,
        text=both(
            "补充气象报告（METAR、TAF）" + (f"或者数值（须属实）：{zh}，或者更好" if told else ""),
            "state the weather, by reports (METAR, TAF)"
            + (f" or as values, if they are true: {en}, or better" if told else ""),
        ),
        cost=costs.STATE,
        apply=lambda plan: with_values(plan, values),
        supposes=supposed,
    )


def provided(supposed: Mapping[str, FactValue]) -> Bilingual | None:
    """Say which weather was supposed, if any."""
    if not supposed:
        return None
    zh, en = _listed(supposed)
    return both(
        f"须有覆盖届时全程的气象报告，且不劣于：{zh}",
        f"given weather reports for all of that flight that are no worse than: {en}",
    )


def _listed(told: Mapping[str, FactValue]) -> tuple[str, str]:
    """Name weather; the room below a cloud that is told follows from it."""
    named = [name for name in told if name != _CLEARANCE or _BASE not in told]
    zh, en = ([_said(name, told[name], lang) for name in named] for lang in ("zh", "en"))
    return "、".join(zh), ", ".join(en)


def _said(name: str, value: FactValue, lang: str) -> str:
    known = fact(name)
    label = known.label(lang)
    return label if isinstance(value, bool) else f"{label} {value_text(known, value, lang)}"


def _leaves(causes: Causes) -> Iterator[Leaf]:
    """Yield what is said of the weather and would have to come out otherwise."""
    for leaf in causes.leaves:
        condition = leaf.condition
        if isinstance(condition, Compare | Holds) and condition.fact.name in _FIELDS:
            yield leaf


def _needed(hearing: Hearing, causes: Causes) -> dict[str, FactValue]:
    """Find the weather with which all of it holds."""
    least: dict[str, int] = {}
    holds: dict[str, FactValue] = {}
    for leaf in _leaves(causes):
        condition = leaf.condition
        if isinstance(condition, Holds):
            holds[condition.fact.name] = True
        elif isinstance(condition, Compare) and condition.comparison in (">", ">="):
            name = condition.fact.name
            least[name] = max(least.get(name, 0), edge(condition, holds=True))
    top_mm = hearing.facts.flight.get(_TOP)
    if _CLEARANCE in least and isinstance(top_mm, int):
        # Clear of the flight it is high enough; the law asks for so high a base only instead.
        least[_BASE] = least[_CLEARANCE] + top_mm
    return {**least, **holds}


def _in_plan(value: FactValue) -> object:
    """Bring a length or a truth to what the plan states."""
    return value if isinstance(value, bool) else int(value) / 1000.0


def _without(plan: FlightPlan, names: Iterable[str]) -> Values:
    """Take out what a plan says of some weather, reports and plain values."""
    stated = {"weather.reports": None} | {p: None for name in names for p in _FIELDS[name]}
    return {p: v for p, v in stated.items() if getattr(plan, p.split(".")[0]) is not None}
