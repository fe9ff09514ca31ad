"""Why the reports of a plan leave the weather of a leg open."""

from __future__ import annotations

from collections.abc import Iterator

from lowalt.regulations.model import Bilingual
from lowalt.situation import Leg, Situation
from lowalt.situation.weather import REACH_M, Bearing, LegReport, reports_on, worst_reported
from lowalt.units import FactUnit, shown
from lowalt.wording import both

_REACH = shown(int(REACH_M * 1000), FactUnit.MILLIMETRE)
_REASONS = {
    Bearing.UNKNOWN_AERODROME: (
        "空域数据集中没有代码为{station}的机场",
        "{station} is no aerodrome that the airspace dataset knows",
    ),
    Bearing.TOO_FAR: (
        f"该段有的位置距{{station}}超过{_REACH}",
        f"part of the leg is farther than {_REACH} from {{station}}",
    ),
    Bearing.NOT_THEN: (
        "计划中{station}的报告用于另一段时间",
        "the plan gives the report of {station} for another time",
    ),
}


def why_unreported(fact: str, situation: Situation, leg: Leg) -> Bilingual | None:
    """Say why reports leave a fact of the weather on a leg open; ``None`` where they do not."""
    reports = reports_on(situation, leg)
    told = worst_reported(situation, leg)
    is_told = told.visibility_m if fact == "visibility_mm" else told.cloud_base_m
    if not reports or is_told is not None:
        return None
    zh, en = zip(*_reasons(reports), strict=True)
    return both("；".join(zh), "; ".join(en))


def _reasons(reports: list[LegReport]) -> Iterator[tuple[str, str]]:
    standing = {r.station for r in reports if r.bearing is Bearing.STANDS}
    if standing:
        names = ", ".join(sorted(standing))
        yield f"{names}的报告未说明该段全程的情况", f"{names} does not report it for all of the leg"
    unheard = [r for r in reports if r.bearing in _REASONS]
    for report in dict.fromkeys((r.station, r.bearing) for r in unheard):
        station, bearing = report
        zh, en = _REASONS[bearing]
        yield zh.format(station=station), en.format(station=station)
    if not standing and not unheard:
        yield "没有当地机场的报告", "no report of an aerodrome there is given"
