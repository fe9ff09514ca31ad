"""Weather: waited for where it is too bad, told where it is not, and never made better by a form.

A report speaks of its own time. What the weather of another time will be nobody knows, so a plan
that is moved to it leaves that open. To tell what else such a plan would need, the search supposes
weather: as good as now, or as good as the law asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from lowalt.remedy.supposing import Supposed
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth
from lowalt.vocabulary import FactValue, Scope, fact
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


def carried(hearing: Hearing) -> Supposed:
    """Return what the reports of a plan tell: as good as that the weather may be later too."""
    weather = hearing.plan.weather
    return {} if weather is None or not weather.reports else _expected(hearing)


def _expected(hearing: Hearing) -> Supposed:
    """Return the worst that is known of the legs under each jurisdiction."""
    worst: dict[tuple[Jurisdiction | None, str], FactValue] = {}
    for leg in hearing.facts.legs:
        home = leg.values.get("jurisdiction")
        for name in _REPORTED:
            value = leg.values.get(name)
            if isinstance(home, Jurisdiction) and isinstance(value, int):
                worst[home, name] = min(int(worst.get((home, name), value)), value)
    return worst


def await_weather(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to wait, where the weather told is worse than the law asks."""
    if not any(leaf.truth is Truth.FALSE for leaf in _leaves(causes)):
        return
    needed = _needed(hearing, causes)
    emptied = _without(hearing.plan, (*_REPORTED, *(name for _, name in needed)))
    yield Change(
        kind=Kind.LATER,
        text=both(
            "等待天气好转，再按届时的气象报告重新申报起飞时间",
            "wait for better weather, then state the time of take-off and the reports anew",
        ),
        cost=costs.WEATHER,
        apply=lambda plan: with_values(plan, emptied),
        supposes={**_expected(hearing), **needed},
    )


def tell_weather(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield to tell the weather, where the plan leaves it open.

    What reports leave open no plain value makes up for: then it takes other reports.
    """
    if not any(leaf.truth is Truth.UNKNOWN for leaf in _leaves(causes)):
        return
    weather = hearing.plan.weather
    by_reports = _REPORTED if weather is not None and weather.reports else ()
    needed = _needed(hearing, causes)
    told: dict[str, FactValue] = {}
    for (_, name), value in needed.items():
        if name not in by_reports:
            told[name] = max(told.get(name, value), value)
    values = {_FIELDS[n][0]: _in_plan(v) for n, v in told.items() if n != _CLEARANCE}
    zh, en = (_listed(told, lang) for lang in ("zh", "en"))
    yield Change(
        kind=Kind.STATE,
        text=both(
            "补充气象报告（METAR、TAF）" + (f"或者数值（须属实）：{zh}，或者更好" if told else ""),
            "state the weather, by reports (METAR, TAF)"
            + (f" or as values, if they are true: {en}, or better" if told else ""),
        ),
        cost=costs.STATE,
        apply=lambda plan: with_values(plan, values),
        supposes={key: value for key, value in needed.items() if key[1] in by_reports},
    )


def provided(supposed: Supposed) -> Bilingual | None:
    """Say which weather was supposed, and where, if any."""
    if not supposed:
        return None
    zh, en = ("；".join(_places(supposed, "zh")), "; ".join(_places(supposed, "en")))
    return both(
        f"须有覆盖届时全程的气象报告，且不劣于：{zh}",
        f"given weather reports for all of that flight that are no worse than: {en}",
    )


def _places(supposed: Supposed, lang: str) -> Iterator[str]:
    for home in dict.fromkeys(where for where, _ in supposed):
        told = {name: value for (where, name), value in supposed.items() if where is home}
        said = _listed(told, lang)
        where = {"zh": "{}", "en": "in {} "}[lang]
        yield said if home is None else where.format(home.label(lang)) + said


def _listed(told: dict[str, FactValue], lang: str) -> str:
    """Name weather; the room below a cloud that is told follows from it."""
    named = [name for name in told if name != _CLEARANCE or _BASE not in told]
    return ("、" if lang == "zh" else ", ").join(_said(name, told[name], lang) for name in named)


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


def _needed(hearing: Hearing, causes: Causes) -> dict[tuple[Jurisdiction | None, str], FactValue]:
    """Find the weather with which all of it holds, on the legs under each jurisdiction."""
    least: dict[tuple[Jurisdiction | None, str], FactValue] = {}
    for leaf in _leaves(causes):
        condition, home = leaf.condition, _home(leaf)
        if isinstance(condition, Holds):
            least[home, condition.fact.name] = True
        elif isinstance(condition, Compare) and condition.comparison in (">", ">="):
            key, value = (home, condition.fact.name), edge(condition, holds=True)
            least[key] = max(int(least.get(key, value)), value)
    top_mm = hearing.facts.flight.get(_TOP)
    for home in {where for where, name in least if name == _CLEARANCE}:
        if isinstance(top_mm, int):
            # Clear of the flight it is high enough; the law asks for so high a base only instead.
            least[home, _BASE] = int(least[home, _CLEARANCE]) + top_mm
    return least


def _home(leaf: Leaf) -> Jurisdiction | None:
    """Say under which law the weather counts; that of the whole flight under none."""
    (name,) = leaf.condition.facts()
    home = leaf.view.value("jurisdiction") if fact(name).scope is Scope.LEG else None
    return home if isinstance(home, Jurisdiction) else None


def _in_plan(value: FactValue) -> object:
    """Bring a length or a truth to what the plan states."""
    return value if isinstance(value, bool) else int(value) / 1000.0


def _without(plan: FlightPlan, names: Iterable[str]) -> Values:
    """Take out what a plan says of some weather, reports and plain values."""
    stated = {"weather.reports": None} | {p: None for name in names for p in _FIELDS[name]}
    return {p: v for p, v in stated.items() if getattr(plan, p.split(".")[0]) is not None}
