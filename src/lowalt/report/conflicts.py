"""Conflicts among plans: where, when, how close and who yields, as data and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from lowalt.conflicts import ConflictTable
from lowalt.conflicts.arrays import FloatArray
from lowalt.conflicts.planning.plans import plan_legs
from lowalt.conflicts.table import meeting_places
from lowalt.conflicts.volumes import IntrusionTable, VolumeConflictTable
from lowalt.flights import FlightPlan
from lowalt.levels import VerticalReference
from lowalt.priority import Precedence, settle
from lowalt.report.clock import offset
from lowalt.report.lines import wrap
from lowalt.report.precedence import headline
from lowalt.report.text import Language

_WORDS = MappingProxyType(
    {
        "zh": {
            "when": "{start} 至 {end}（{offset}），历时 {lasts} 秒",
            "closest": "最近 {distance} 米：{at}，约在 {place}，分别在第 {legs} 航段",
            "area": "其中一方占用一片区域，区域内任何位置均可能出现",
            "legs": "、",
            "inference": "（次序为我们的推论）",
            "reason": "：",
            "count": "{flights} 架次中有 {pairs} 对冲突，共 {count} 次。",
            "none": "{flights} 架次之间没有冲突。",
            "bounds": "宁多勿漏：间隔不足两机保护范围之和再加 {tolerance} 米即计为冲突，其中"
            " {error} 米为换算到平面的误差上限。高度基准：{surface}。",
            "amsl": "平均海平面",
            "hae": "WGS 84 椭球面",
        },
        "en": {
            "when": "{start} to {end} ({offset}), {lasts} s",
            "closest": "closest {distance} m at {at}, near {place}, on legs {legs}",
            "area": "one holds an area and may be anywhere in it",
            "legs": " and ",
            "inference": " (the order is our inference)",
            "reason": ": ",
            "count": "{count} of {pairs} among {flights}.",
            "none": "No conflicts among {flights}.",
            "bounds": "On the safe side: flights count as in conflict that are apart by less than"
            " their buffers and {tolerance} m together, of which {error} m bound the error of the"
            " plane. Heights are above {surface}.",
            "amsl": "mean sea level",
            "hae": "the WGS 84 ellipsoid",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Margin:
    """What was added to the buffers of two plans before they were compared.

    Attributes
    ----------
    tolerance_m
        All of it.
    position_error_m
        The part of it that bounds what the plane may have moved the two by.
    """

    tolerance_m: float
    position_error_m: float


@dataclass(frozen=True, slots=True)
class Closest:
    """Where two flights are closest.

    Attributes
    ----------
    at, distance_m
        When, and how far apart then, horizontally.
    place
        Longitude and latitude midway between the two, degrees.
    legs
        Which leg of its plan each flies, by the number of the waypoint it begins at.
    """

    at: datetime
    distance_m: float
    place: tuple[float, float]
    legs: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PlanConflict:
    """Two plans whose airspaces meet, for as long as they do without a break.

    Attributes
    ----------
    between
        Identifiers of the plans.
    start, end
        From when to when.
    precedence
        Who yields.
    closest
        Where they are closest; ``None`` where one holds an area, in which it may be anywhere.
    """

    between: tuple[str, str]
    start: datetime
    end: datetime
    precedence: Precedence
    closest: Closest | None

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON values."""
        closest, place = self.closest, None
        if closest is not None:
            lon_deg, lat_deg = closest.place
            place = {"lon_deg": round(lon_deg, 7), "lat_deg": round(lat_deg, 7)}
        return {
            "first": self.between[0],
            "second": self.between[1],
            "t_in": self.start.isoformat(),
            "t_out": self.end.isoformat(),
            "t_cpa": None if closest is None else closest.at.isoformat(),
            "d_cpa_m": None if closest is None else closest.distance_m,
            "place": place,
            "legs": None if closest is None else list(closest.legs),
            "outcome": self.precedence.outcome.value,
            "yields": self.precedence.yields,
            "reason": dict(self.precedence.reason),
        }


def conflicts_of_plans(table: ConflictTable, plans: Sequence[FlightPlan]) -> list[PlanConflict]:
    """Say of each conflict which plans are in it, where, and who yields.

    Parameters
    ----------
    table
        Conflicts among the tracks of the plans.
    plans
        What the tracks were made of, in the same order.
    """
    if len(table) == 0:
        return []
    epoch = table.tracks.epoch
    assert epoch is not None  # they are made of plans
    legs = [
        plan_legs(plans, table.tracks, table.pairs[:, side], table.legs_cpa[:, side]).tolist()
        for side in (0, 1)
    ]
    closest = [
        Closest(epoch + timedelta(seconds=t_s), distance_m, (lon_deg, lat_deg), (one, other))
        for t_s, distance_m, (lon_deg, lat_deg), one, other in zip(
            table.t_cpa_s.tolist(),
            table.d_cpa_m.tolist(),
            meeting_places(table).tolist(),
            *legs,
            strict=True,
        )
    ]
    pairs = [(plans[one], plans[other]) for one, other in table.pairs.tolist()]
    return list(_settled(pairs, table.t_in_s, table.t_out_s, closest, epoch=epoch))


def conflicts_with_areas(
    stays: IntrusionTable, routes: Sequence[FlightPlan], areas: Sequence[FlightPlan]
) -> list[PlanConflict]:
    """Say of each stay of a flight in the area of another which plans they are of, and who yields.

    Parameters
    ----------
    stays
        Stays of the tracks of some plans in the volumes of others.
    routes, areas
        What tracks and volumes were made of, in the same order.
    """
    epoch = stays.tracks.epoch
    assert epoch is not None  # they are made of plans
    pairs = [
        (routes[flight], areas[volume])
        for flight, volume in zip(stays.flight.tolist(), stays.volume.tolist(), strict=True)
    ]
    nowhere = [None] * len(pairs)
    return list(_settled(pairs, stays.t_in_s, stays.t_out_s, nowhere, epoch=epoch))


def conflicts_of_areas(
    table: VolumeConflictTable, areas: Sequence[FlightPlan]
) -> list[PlanConflict]:
    """Say of each two areas that overlap which plans they are of, and who yields.

    Parameters
    ----------
    table
        Conflicts among the volumes of the plans.
    areas
        What the volumes were made of, in the same order.
    """
    epoch = table.volumes.epoch
    assert epoch is not None  # they are made of plans
    pairs = [(areas[one], areas[other]) for one, other in table.pairs.tolist()]
    nowhere = [None] * len(pairs)
    return list(_settled(pairs, table.t_in_s, table.t_out_s, nowhere, epoch=epoch))


def _settled(
    pairs: Sequence[tuple[FlightPlan, FlightPlan]],
    starts_s: FloatArray,
    ends_s: FloatArray,
    closest: Iterable[Closest | None],
    *,
    epoch: datetime,
) -> Iterator[PlanConflict]:
    """Ask who yields, once for each pair of plans."""
    plans = {plan.plan_id: plan for pair in pairs for plan in pair}
    between = [(one.plan_id, other.plan_id) for one, other in pairs]
    once = list(dict.fromkeys(between))
    precedence = dict(zip(once, settle(list(plans.values()), once), strict=True))
    for pair, start_s, end_s, near in zip(
        between, starts_s.tolist(), ends_s.tolist(), closest, strict=True
    ):
        start, end = (epoch + timedelta(seconds=t_s) for t_s in (start_s, end_s))
        yield PlanConflict(pair, start, end, precedence[pair], near)


def explain_conflicts(
    found: Iterable[PlanConflict], *, lang: Language = "en", width: int = 100
) -> Iterator[str]:
    """Say of each conflict when, where and how close it is, and who yields.

    Parameters
    ----------
    found
        What :func:`conflicts_of_plans` found.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal, 40 or more.

    Yields
    ------
    str
        Lines of text.
    """
    for number, conflict in enumerate(found, start=1):
        yield from _lines(number, conflict, lang, width)


def explain_count(
    found: Iterable[PlanConflict],
    *,
    flights: int,
    margins: Sequence[Margin],
    surface: VerticalReference | None,
    lang: Language = "en",
    width: int = 100,
) -> Iterator[str]:
    """Say how many conflicts there are among some flights, and how they were looked for.

    Parameters
    ----------
    found, lang, width
        As for :func:`explain_conflicts`.
    flights
        How many flights there are.
    margins
        What was added to their buffers: for routes, for areas, and for the ones with the others,
        as far as there were any.
    surface
        What their heights were brought above.

    Yields
    ------
    str
        Lines of text.
    """
    words = _WORDS[lang]
    pairs = [conflict.between for conflict in found]
    summary = words["count" if pairs else "none"].format(
        count=_counted(len(pairs), "conflict", lang),
        pairs=_counted(len(set(pairs)), "pair", lang),
        flights=_counted(flights, "flight", lang),
    )
    yield from wrap(summary, width=width)
    if margins and surface is not None:
        bounds = words["bounds"].format(
            tolerance=_range(margin.tolerance_m for margin in margins),
            error=_range(margin.position_error_m for margin in margins),
            surface=words[surface.value.lower()],
        )
        yield from wrap(bounds, width=width)


def _counted(count: int, noun: str, lang: Language) -> str:
    if lang == "zh":
        return str(count)
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _range(lengths_m: Iterable[float]) -> str:
    texts = sorted({f"{length_m:.4f}" for length_m in lengths_m})
    return "–".join(dict.fromkeys((texts[0], texts[-1])))


def _lines(number: int, conflict: PlanConflict, lang: Language, width: int) -> Iterator[str]:
    words, indent = _WORDS[lang], "    "
    yield from wrap(" × ".join(conflict.between), width=width, first=f"{number}. ", rest=indent)
    when = words["when"].format(
        start=f"{conflict.start:%Y-%m-%d %H:%M:%S}",
        end=f"{conflict.end:%H:%M:%S}",
        offset=offset(conflict.start),
        lasts=f"{(conflict.end - conflict.start).total_seconds():.1f}",
    )
    yield from wrap(when, width=width, first=indent)
    closest = words["area"]
    if (near := conflict.closest) is not None:
        closest = words["closest"].format(
            distance=f"{near.distance_m:.1f}",
            at=f"{near.at:%H:%M:%S}",
            place="{:.5f}, {:.5f}".format(*near.place),
            legs=words["legs"].join(map(str, near.legs)),
        )
    yield from wrap(closest, width=width, first=indent)
    settled = conflict.precedence
    reason = settled.reason[lang] + (words["inference"] if settled.is_inference else "")
    text = headline(settled, lang) + words["reason"] + reason
    yield from wrap(text, width=width, first="==> ", rest=indent)
