"""Features of a dataset as text: a line each, or one in full with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Literal

from lowalt.airspace import (
    IDENTIFIER_LENGTH,
    BasisVerification,
    BoundaryPart,
    Circle,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Outline,
    Restriction,
    Sector,
    Site,
    Strip,
    Volume3D,
    Zone,
)
from lowalt.levels import VerticalLayer
from lowalt.report.lines import padded, wrap
from lowalt.temporal import Schedule, Weekday, WeeklyHours

Language = Literal["zh", "en"]

_CHINA_TIME = timezone(timedelta(hours=8))
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
"""Windows that begin before or end after these years were written without a limit."""


def listed(
    feature: Feature, *, lang: Language, width: int = 100, maybe: bool = False
) -> Iterator[str]:
    """Sum a feature up in two lines or three.

    Parameters
    ----------
    feature
        The feature.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.
    maybe
        Whether it is not sure that the feature is met where it was asked for.
    """
    words = _WORDS[lang]
    facts = [
        kind(feature, lang=lang),
        words.asks[feature.restriction] if isinstance(feature, Zone) else "",
        ", ".join(dict.fromkeys(map(str, _layers(feature)))),
        hours(feature.schedule, lang=lang, most=1),
        words.example if feature.example else words.statuses[feature.status],
        words.maybe if maybe else "",
    ]
    indent = " " * (IDENTIFIER_LENGTH + 2)
    head = padded(feature.identifier, IDENTIFIER_LENGTH + 2)
    yield from wrap(in_language(feature.name, lang), width=width, first=head, rest=indent)
    yield from wrap(" · ".join(filter(None, facts)), width=width, first=indent)


def describe(feature: Feature, *, lang: Language, width: int = 100) -> str:
    """Show one feature in full, with where it was read and how far it is known.

    Parameters
    ----------
    feature
        The feature.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.

    Returns
    -------
    str
        Lines of text, without a final newline.
    """
    words = _WORDS[lang]
    other: Language = "en" if lang == "zh" else "zh"
    head = f"{feature.identifier}  {in_language(feature.name, lang)}"
    lines = [head, *([in_language(feature.name, other)] if other in feature.name else []), ""]
    for label, text in _facts(feature, lang):
        first = padded(label, words.label_width)
        lines.extend(wrap(text, width=width, first=first, rest=" " * words.label_width))
    return "\n".join(lines)


def _facts(feature: Feature, lang: Language) -> Iterator[tuple[str, str]]:
    words = _WORDS[lang]
    if feature.example:
        yield words.note, words.example_note
    yield words.kind, kind(feature, lang=lang)
    if isinstance(feature, Zone):
        yield words.restriction, words.asks[feature.restriction]
    for text in _places(feature, words):
        yield words.where, text
    yield words.when, hours(feature.schedule, lang=lang)
    yield words.status, words.status_notes[feature.status]
    yield words.accuracy, words.accuracy_of.format(feature.accuracy_m)
    parts: Sequence[BoundaryPart] = feature.less_accurate if isinstance(feature, Zone) else ()
    for part in parts:
        yield words.accuracy, words.part_of.format(part.accuracy_m)
    yield words.basis, f"{feature.citation} {words.bases[feature.basis]}"
    if feature.authority:
        yield words.authority, in_language(feature.authority, lang)
    if feature.remarks:
        yield words.remarks, in_language(feature.remarks, lang)
    for source in feature.sources:
        yield words.source, source
    yield words.as_of, feature.as_of.isoformat()


def in_language(text: Mapping[str, str], lang: Language) -> str:
    """Give a text in a language, or in whichever there is."""
    return text.get(lang) or next(iter(text.values()), "")


def kind(feature: Feature, *, lang: Language) -> str:
    """Name what a feature is."""
    if isinstance(feature, Zone | Corridor | Site | Line):
        return feature.kind.label(lang)
    return ""


def _layers(feature: Feature) -> Iterator[VerticalLayer]:
    if isinstance(feature, Zone | Corridor):
        yield from (volume.layer for volume in feature.volumes)


# Places


def _places(feature: Feature, words: _Words) -> Iterator[str]:
    if isinstance(feature, Zone):
        for volume in feature.volumes:
            yield f"{_shape(volume, words)}, {volume.layer}"
        for volume in feature.micro_volumes or ():
            yield f"{words.micro}{_shape(volume, words)}, {volume.layer}"
        if feature.micro_volumes == ():
            yield words.no_micro
    elif isinstance(feature, Corridor):
        yield words.corridor.format(feature.half_width_m)
        for number, point in enumerate(feature.points):
            after = f", {feature.layers[number]}" if number < len(feature.layers) else ""
            place = degrees(lon_deg=point.lon_deg, lat_deg=point.lat_deg)
            yield f"{point.name}  {place} ({words.statuses[point.status]}){after}"
    elif isinstance(feature, Site):
        elevation = feature.elevation_amsl_m
        known = "" if elevation is None else f", {elevation:g} m AMSL"
        yield degrees(lon_deg=feature.lon_deg, lat_deg=feature.lat_deg) + known
    elif isinstance(feature, Line):
        west, south, east, north = feature.line.bounds
        yield words.box.format(west, east, south, north)


def _shape(volume: Volume3D, words: _Words) -> str:
    shape = volume.shape
    if isinstance(shape, Circle):
        place = degrees(lon_deg=shape.lon_deg, lat_deg=shape.lat_deg)
        return words.circle.format(shape.radius_m, place)
    if isinstance(shape, Sector):
        place = degrees(lon_deg=shape.lon_deg, lat_deg=shape.lat_deg)
        ends = (shape.start_azimuth_deg % 360.0, shape.end_azimuth_deg % 360.0)
        return words.sector.format(shape.radius_m, place, *ends)
    if isinstance(shape, Outline):
        return words.outline.format(len(shape.corners), len(shape.arcs))
    if isinstance(shape, Strip):
        return words.strip.format(shape.half_width_m, len(shape.line))
    west, south, east, north = volume.geometry.bounds
    return words.polygon + words.box.format(west, east, south, north)


def degrees(*, lon_deg: float, lat_deg: float) -> str:
    """Write a place as people read it.

    Examples
    --------
    >>> degrees(lon_deg=113.924824, lat_deg=22.558993)
    '22.558993 N 113.924824 E'
    """
    north, east = "NS"[lat_deg < 0], "EW"[lon_deg < 0]
    return f"{abs(lat_deg):.6f} {north} {abs(lon_deg):.6f} {east}"


# Hours


def hours(schedule: Schedule, *, lang: Language, most: int | None = None) -> str:
    """Write when a schedule is active, in China's time unless it names another.

    Parameters
    ----------
    schedule
        The schedule.
    lang
        ``zh`` or ``en``.
    most
        How many windows and weekly hours to write before saying how many more there are.

    Examples
    --------
    >>> hours(Schedule(), lang="en")
    'H24'
    """
    words = _WORDS[lang]
    if schedule.windows is None:
        return "H24"
    found = [_window(w.start, w.end) for w in schedule.windows]
    found += [_weekly(w, words) for w in schedule.weekly]
    if not found:
        return words.never
    if most is not None and len(found) > most:
        return words.join.join(found[:most]) + words.more.format(len(found) - most)
    return words.join.join(found)


def _window(start: datetime | None, end: datetime | None) -> str:
    first = "" if start is None or start.year < _FIRST_YEAR else _moment(start)
    last = "" if end is None or end.year > _LAST_YEAR else _moment(end)
    return f"{first or '…'} – {last or '…'}"


def _moment(at: datetime) -> str:
    return at.astimezone(_CHINA_TIME).strftime("%Y-%m-%d %H:%M")


def _weekly(weekly: WeeklyHours, words: _Words) -> str:
    days = (
        words.daily
        if weekly.days is None
        else " ".join(words.days[day] for day in Weekday if day in weekly.days)
    )
    opens, closes = (
        f"{end:%H:%M}" if isinstance(end, time) else words.events[end.value]
        for end in (weekly.opens, weekly.closes)
    )
    text = f"{days} {opens}–{closes}"
    if weekly.start is None and weekly.end is None:
        return text
    return f"{text} ({_window(weekly.start, weekly.end)})"


# Words


@dataclass(frozen=True, slots=True)
class _Words:
    label_width: int
    kind: str
    restriction: str
    where: str
    when: str
    status: str
    accuracy: str
    basis: str
    authority: str
    remarks: str
    source: str
    as_of: str
    note: str
    example: str
    maybe: str
    example_note: str
    micro: str
    no_micro: str
    circle: str
    sector: str
    outline: str
    strip: str
    polygon: str
    corridor: str
    box: str
    accuracy_of: str
    part_of: str
    never: str
    daily: str
    join: str
    more: str
    asks: dict[Restriction, str]
    statuses: dict[FeatureStatus, str]
    status_notes: dict[FeatureStatus, str]
    bases: dict[BasisVerification, str]
    days: dict[Weekday, str]
    events: dict[str, str]


_WORDS: dict[Language, _Words] = {
    "en": _Words(
        label_width=13,
        kind="kind",
        restriction="asks",
        where="where",
        when="when",
        status="limits",
        accuracy="accuracy",
        basis="rests on",
        authority="authority",
        remarks="remarks",
        source="source",
        as_of="as of",
        note="note",
        example="EXAMPLE",
        maybe="maybe",
        example_note="Made up to show what such a feature looks like; no flight is judged by it.",
        micro="for micro UAV: ",
        no_micro="micro UAV are not bound",
        circle="circle of {:,.1f} m round {}",
        sector="sector of {:,.1f} m round {}, {:g}° clockwise to {:g}° true",
        outline="outline of {} corners, {} of the edges arcs",
        strip="strip of {:,.1f} m to either side of a line of {} points",
        polygon="polygon within ",
        corridor="{:,.0f} m to either side of the line through:",
        box="{:.4f} to {:.4f} E, {:.4f} to {:.4f} N",
        accuracy_of="{:,.0f} m",
        part_of="a stretch of it {:,.0f} m",
        never="never",
        daily="daily",
        join="; ",
        more=" (+{} more)",
        asks={
            Restriction.PROHIBITED: "prohibited",
            Restriction.REQ_AUTHORIZATION: "authorization required",
            Restriction.CONDITIONAL: "conditional",
            Restriction.NO_RESTRICTION: "information only",
        },
        statuses={
            FeatureStatus.AUTHORITATIVE: "authoritative",
            FeatureStatus.DERIVED: "derived",
            FeatureStatus.ILLUSTRATIVE: "illustrative",
        },
        status_notes={
            FeatureStatus.AUTHORITATIVE: "authoritative: typed from an official publication",
            FeatureStatus.DERIVED: "derived: constructed from a published rule round cited points",
            FeatureStatus.ILLUSTRATIVE: "illustrative: drawn by us; it shows that something is"
            " there, not where it ends",
        },
        bases={
            BasisVerification.VERIFIED: "(read at its source)",
            BasisVerification.PARTLY: "(read in part)",
            BasisVerification.UNVERIFIED: "(not verified)",
        },
        days={day: day.value for day in Weekday},
        events={
            "BMCT": "begin of morning twilight (BMCT)",
            "SR": "sunrise (SR)",
            "SS": "sunset (SS)",
            "EECT": "end of evening twilight (EECT)",
        },
    ),
    "zh": _Words(
        label_width=10,
        kind="类别",
        restriction="要求",
        where="范围",
        when="时间",
        status="边界",
        accuracy="精度",
        basis="依据",
        authority="主管机构",
        remarks="说明",
        source="来源",
        as_of="截至",
        note="注意",
        example="示例",
        maybe="不能确定是否及于此处",
        example_note="为说明此类要素的样式而虚构，不据此判断任何飞行。",
        micro="微型无人驾驶航空器：",
        no_micro="不约束微型无人驾驶航空器",
        circle="以 {1} 为圆心、半径 {0:,.1f} 米的圆",
        sector="以 {1} 为圆心、半径 {0:,.1f} 米、真方位 {2:g}° 顺时针至 {3:g}° 的扇形",
        outline="{} 个角点的轮廓，其中 {} 条边为圆弧",
        strip="{1} 个点连线两侧各 {0:,.1f} 米",
        polygon="多边形，",
        corridor="下列各点连线两侧各 {:,.0f} 米：",
        box="东经 {:.4f} 至 {:.4f}、北纬 {:.4f} 至 {:.4f}",
        accuracy_of="{:,.0f} 米",
        part_of="其中一段 {:,.0f} 米",
        never="从不",
        daily="每日",
        join="；",
        more="（另有 {} 段）",
        asks={
            Restriction.PROHIBITED: "禁止",
            Restriction.REQ_AUTHORIZATION: "须经批准",
            Restriction.CONDITIONAL: "有条件",
            Restriction.NO_RESTRICTION: "仅供参考",
        },
        statuses={
            FeatureStatus.AUTHORITATIVE: "权威",
            FeatureStatus.DERIVED: "推导",
            FeatureStatus.ILLUSTRATIVE: "示意",
        },
        status_notes={
            FeatureStatus.AUTHORITATIVE: "权威：据官方公布的数据录入",
            FeatureStatus.DERIVED: "推导：按公布的规则围绕所引点位构造",
            FeatureStatus.ILLUSTRATIVE: "示意：由本库绘制，只表示存在，不表示界限",
        },
        bases={
            BasisVerification.VERIFIED: "（已核对原文）",
            BasisVerification.PARTLY: "（部分核对）",
            BasisVerification.UNVERIFIED: "（未核实）",
        },
        days={
            Weekday.MON: "周一",
            Weekday.TUE: "周二",
            Weekday.WED: "周三",
            Weekday.THU: "周四",
            Weekday.FRI: "周五",
            Weekday.SAT: "周六",
            Weekday.SUN: "周日",
        },
        events={
            "BMCT": "晨光始（BMCT）",
            "SR": "日出（SR）",
            "SS": "日落（SS）",
            "EECT": "昏影终（EECT）",
        },
    ),
}
