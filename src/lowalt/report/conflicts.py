"""Conflicts among plans: where, when, how close and who yields, as data and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from lowalt.conflicts import ConflictTable, TrackArray
from lowalt.conflicts.plans import meeting_places, plan_legs
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
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
            "legs": " and ",
            "inference": " (the order is our inference)",
            "reason": ": ",
            "count": "{count} conflicts of {pairs} pairs among {flights} flights.",
            "none": "No conflicts among {flights} flights.",
            "bounds": "On the safe side: flights count as in conflict that are apart by less than"
            " their buffers and {tolerance} m together, of which {error} m bound the error of the"
            " plane. Heights are above {surface}.",
            "amsl": "mean sea level",
            "hae": "the WGS 84 ellipsoid",
        },
    }
)


@dataclass(frozen=True, slots=True)
class PlanConflict:
    """Two plans whose airspaces meet, for as long as they do without a break.

    Attributes
    ----------
    between
        Identifiers of the plans.
    start, end
        From when to when.
    closest_at, distance_m
        When they are closest, and how far apart then, horizontally.
    place
        Longitude and latitude midway between the two at that time, degrees.
    legs
        Which leg of its plan each flies then, by the number of the waypoint it begins at.
    precedence
        Who yields.
    """

    between: tuple[str, str]
    start: datetime
    end: datetime
    closest_at: datetime
    distance_m: float
    place: tuple[float, float]
    legs: tuple[int, int]
    precedence: Precedence

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON values."""
        lon_deg, lat_deg = self.place
        return {
            "first": self.between[0],
            "second": self.between[1],
            "t_in": self.start.isoformat(),
            "t_out": self.end.isoformat(),
            "t_cpa": self.closest_at.isoformat(),
            "d_cpa_m": self.distance_m,
            "place": {"lon_deg": round(lon_deg, 7), "lat_deg": round(lat_deg, 7)},
            "legs": list(self.legs),
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
    epoch = table.tracks.epoch
    if epoch is None:
        raise InvalidInputError("these conflicts are not of plans: their tracks have no epoch")
    pairs = list(map(tuple, table.pairs.tolist()))
    once = dict.fromkeys(pairs)
    precedence = dict(zip(once, settle(plans, list(once)), strict=True))
    legs = [
        plan_legs(plans, table.tracks, table.pairs[:, side], table.legs_cpa[:, side]).tolist()
        for side in (0, 1)
    ]
    times = zip(table.t_in_s.tolist(), table.t_out_s.tolist(), table.t_cpa_s.tolist(), strict=True)
    places = meeting_places(table).tolist()
    found = []
    for pair, at, distance_m, place, *flown in zip(
        pairs, times, table.d_cpa_m.tolist(), places, *legs, strict=True
    ):
        start, end, closest = (epoch + timedelta(seconds=t_s) for t_s in at)
        one, other = (plans[number].plan_id for number in pair)
        found.append(
            PlanConflict(
                between=(one, other),
                start=start,
                end=end,
                closest_at=closest,
                distance_m=distance_m,
                place=(place[0], place[1]),
                legs=(flown[0], flown[1]),
                precedence=precedence[pair],
            )
        )
    return found


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
    found: Iterable[PlanConflict], tracks: TrackArray, *, lang: Language = "en", width: int = 100
) -> Iterator[str]:
    """Say how many conflicts there are among some flights, and how they were looked for.

    Parameters
    ----------
    found, lang, width
        As for :func:`explain_conflicts`.
    tracks
        The flights.

    Yields
    ------
    str
        Lines of text.
    """
    words = _WORDS[lang]
    pairs = [conflict.between for conflict in found]
    summary = words["count" if pairs else "none"].format(
        count=len(pairs), pairs=len(set(pairs)), flights=len(tracks)
    )
    yield from wrap(summary, width=width)
    if tracks.surface is not None:
        bounds = words["bounds"].format(
            tolerance=f"{tracks.tolerance_m:.4f}",
            error=f"{tracks.position_error_m:.4f}",
            surface=words[tracks.surface.value.lower()],
        )
        yield from wrap(bounds, width=width)


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
    closest = words["closest"].format(
        distance=f"{conflict.distance_m:.1f}",
        at=f"{conflict.closest_at:%H:%M:%S}",
        place="{:.5f}, {:.5f}".format(*conflict.place),
        legs=words["legs"].join(map(str, conflict.legs)),
    )
    yield from wrap(closest, width=width, first=indent)
    settled = conflict.precedence
    reason = settled.reason[lang] + (words["inference"] if settled.is_inference else "")
    text = headline(settled, lang) + words["reason"] + reason
    yield from wrap(text, width=width, first="==> ", rest=indent)
