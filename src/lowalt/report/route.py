"""How a flight keeps to its route, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from lowalt.route_keeping import Departure, RouteKeeping, RouteMargin
from lowalt.truth import Truth


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said in one language."""

    title: str
    certain: str
    shown: str
    keeps: dict[Truth, str]
    lateral: str
    vertical: str
    margin: str
    heights: str
    departure: str
    excursion: str
    colon: str
    comma: str


_ZH = _Words(
    title="对照所述航线",
    certain="规定的航线，据此判定",
    shown="示意航线，仅供参照，不据此判定",
    keeps={Truth.TRUE: "全程保持", Truth.FALSE: "偏离", Truth.UNKNOWN: "是否保持尚不能确定"},
    lateral="侧向最小余量",
    vertical="垂直最小余量",
    margin="{label} {value:+.2f} 米，{time:%H:%M:%S}，{lat:.5f} N {lon:.5f} E",
    heights="部分航段的高度无法换算到航线的基准，或者未写明垂直缓冲，故高度未知",
    departure="{kind}{excursion}，{start:%H:%M:%S}–{end:%H:%M:%S}（{length:.1f} 秒），"
    "始于 {lat:.5f} N {lon:.5f} E",
    excursion="最多 {value:.2f} 米",
    colon="：",
    comma="，",
)
_EN = _Words(
    title="Against the route stated",
    certain="the route prescribed, which decides",
    shown="drawn only: for comparison, it decides nothing",
    keeps={
        Truth.TRUE: "kept throughout",
        Truth.FALSE: "left",
        Truth.UNKNOWN: "whether it is kept is not known",
    },
    lateral="least margin to the sides",
    vertical="least margin in height",
    margin="{label} {value:+.2f} m, {time:%H:%M:%S}, {lat:.5f} N {lon:.5f} E",
    heights="heights on part of the route are not known: they cannot be brought to its reference,"
    " or the vertical buffer is not stated",
    departure="{kind}{excursion}, {start:%H:%M:%S}–{end:%H:%M:%S} ({length:.1f} s), from"
    " {lat:.5f} N {lon:.5f} E",
    excursion=" by up to {value:.2f} m",
    colon=": ",
    comma=", ",
)


def route_title(lang: str) -> str:
    """Head the section in ``zh`` or ``en``."""
    return (_ZH if lang == "zh" else _EN).title


def route_lines(
    route: RouteKeeping, *, lang: str, zone: tzinfo | None
) -> Iterator[tuple[str, str]]:
    """Say how a flight keeps to a route: each line with the sign before it.

    Parameters
    ----------
    route
        The answer.
    lang
        ``zh`` or ``en``.
    zone
        In whose time it is said.
    """
    words = _ZH if lang == "zh" else _EN
    standing = words.certain if route.is_certain else words.shown
    name = words.comma.join((route.name[lang], standing))
    yield "-", f"{name}{words.colon}{words.keeps[route.keeps]}"
    for label, margin in ((words.lateral, route.lateral), (words.vertical, route.vertical)):
        if margin is not None:
            yield ">", _margin(label, margin, words, zone)
    if route.lateral is not None and not route.is_height_known:
        yield "?", words.heights
    for departure in route.departures:
        yield "x", _departure(departure, words, lang, zone)


def _margin(label: str, margin: RouteMargin, words: _Words, zone: tzinfo | None) -> str:
    return words.margin.format(
        label=label,
        value=margin.value_m,
        time=margin.time.astimezone(zone),
        lat=margin.lat_deg,
        lon=margin.lon_deg,
    )


def _departure(departure: Departure, words: _Words, lang: str, zone: tzinfo | None) -> str:
    start, end = departure.period.start, departure.period.end
    far = departure.excursion_m
    return words.departure.format(
        kind=departure.kind.label(lang),
        excursion="" if far is None else words.excursion.format(value=far),
        start=start.astimezone(zone),
        end=end.astimezone(zone),
        length=(end - start).total_seconds(),
        lat=departure.lat_deg,
        lon=departure.lon_deg,
    )
