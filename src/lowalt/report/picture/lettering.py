"""What a picture says, in a language that the fonts of the machine can write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matplotlib import font_manager

from lowalt.report.text import Language
from lowalt.terms import Jurisdiction

_CHINESE_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Heiti SC",
    "Hiragino Sans GB",
    "Microsoft YaHei",
    "SimHei",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
_ALWAYS_THERE = "DejaVu Sans"
"""The font that comes with matplotlib; it has no Chinese."""


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that a picture says by itself, in one language."""

    take_off: str
    landing: str
    area: str
    track: str
    planned: str
    around: str
    departure: str
    route: str
    corridor: str
    limits: str
    jurisdiction_line: str
    fir_line: str
    sea_line: str
    port: str
    site: str
    reporting_point: str
    zones: str
    asks: Mapping[str, str]
    elsewhere: str
    flights: str
    more_flights: str
    asks_nothing: str
    no_zones: str
    ground: str
    height: Mapping[str, str]
    mixed: str
    clock: str
    kilometres: str
    metres: str
    north: str
    places: Mapping[Jurisdiction, str]
    uncertain: str
    not_for_navigation: str
    no_chinese: str


EN = Words(
    take_off="take-off",
    landing="landing",
    area="area held",
    track="track",
    planned="planned level",
    around="airspace around it",
    departure="leaves its route",
    route="prescribed route {name}",
    corridor="corridor {name}",
    limits="floor and ceiling of the route",
    jurisdiction_line="boundary of jurisdictions",
    fir_line="FIR boundary",
    sea_line="limit of sea area",
    port="port of entry",
    site="landing site",
    reporting_point="reporting point",
    zones="Zones met",
    asks={
        "PROHIBITED": "no flight unless approved",
        "REQ_AUTHORIZATION": "needs an approval",
        "CONDITIONAL": "conditional",
        "NO_RESTRICTION": "information",
    },
    elsewhere="and {count} more",
    flights="{count} flights",
    more_flights="and {count} more flights",
    asks_nothing="Met, but nothing is asked there",
    no_zones="none of this dataset",
    ground="ground",
    height={
        "AMSL": "height above mean sea level, m",
        "AGL": "true height above ground, m",
        "ATO": "height above take-off, m",
        "HAE": "height above the ellipsoid, m",
    },
    mixed="levels as planned, each above its own reference, m",
    clock="time, UTC+8",
    kilometres="km",
    metres="m",
    north="N",
    places={
        Jurisdiction.MAINLAND: "Mainland",
        Jurisdiction.HONG_KONG: "Hong Kong",
        Jurisdiction.MACAO: "Macao",
    },
    uncertain=" (not certain)",
    not_for_navigation="Drawn by lowalt from the dataset {name}. Not for navigation, no legal"
    " advice.",
    no_chinese="No Chinese font was found on this machine, so the picture is in English.",
)

ZH = Words(
    take_off="起飞",
    landing="降落",
    area="占用区域",
    track="航迹",
    planned="计划高度",
    around="航迹周边空域",
    departure="偏离航线",
    route="规定航线 {name}",
    corridor="走廊 {name}",
    limits="航线的下限和上限",
    jurisdiction_line="行政区域界线",
    fir_line="飞行情报区界线",
    sea_line="海域界线",
    port="口岸",
    site="起降场",
    reporting_point="报告点",
    zones="遇到的空域",
    asks={
        "PROHIBITED": "禁止（获批除外）",
        "REQ_AUTHORIZATION": "须经批准",
        "CONDITIONAL": "有条件",
        "NO_RESTRICTION": "提示",
    },
    elsewhere="另有{count}个",
    flights="{count}架次",
    more_flights="另有{count}架次",
    asks_nothing="遇到但对本次飞行无要求",
    no_zones="数据集中没有",
    ground="地面",
    height={
        "AMSL": "海拔高度，米",
        "AGL": "真高，米",
        "ATO": "相对起飞点高度，米",
        "HAE": "椭球高，米",
    },
    mixed="按计划所述高度，基准各异，米",
    clock="时间（UTC+8）",
    kilometres="公里",
    metres="米",
    north="北",
    places={
        Jurisdiction.MAINLAND: "内地",
        Jurisdiction.HONG_KONG: "香港",
        Jurisdiction.MACAO: "澳门",
    },
    uncertain="（不确定）",
    not_for_navigation="由lowalt按数据集{name}绘制，不用于导航，不是法律意见。",
    no_chinese="",
)


@dataclass(frozen=True, slots=True)
class Lettering:
    """A language with a font that can write it.

    Attributes
    ----------
    lang
        The language drawn in, which is English where no font can write Chinese.
    words
        What the picture says by itself.
    font
        Family of the font.
    note
        That it was not the language asked for; empty where it was.
    """

    lang: Language
    words: Words
    font: str
    note: str

    @classmethod
    def of(cls, lang: Language) -> Lettering:
        """Choose a font for a language."""
        chinese = _chinese_font()
        if lang == "zh" and chinese is not None:
            return cls("zh", ZH, chinese, "")
        note = EN.no_chinese if lang == "zh" else ""
        # Names of places may be Chinese in an English picture, too.
        return cls("en", EN, chinese or _ALWAYS_THERE, note)

    def written(self, text: str) -> str:
        """Leave out of a text of others' what the font cannot write, and what is then left bare.

        Examples
        --------
        >>> Lettering("en", EN, "DejaVu Sans", "").written("大鹏救护点 (Dapeng post)")
        'Dapeng post'
        """
        known = _characters(self.font)
        kept = "".join(c for c in text if ord(c) in known or c.isspace())
        if kept == text:
            return text
        kept = " ".join(kept.split()).strip(" ,;:")
        bare = kept.startswith("(") and kept.endswith(")") and kept.count("(") == 1
        return kept[1:-1] if bare else kept

    def can_write(self, text: str) -> bool:
        """Whether the font has every character of a text."""
        return self.written(text) == text

    def named(self, name: Mapping[str, str]) -> str:
        """Name a feature in the language of the picture, or as far as the font can write it."""
        texts = (name.get(self.lang), name.get("en"), *name.values())
        return next((said for text in texts if text and (said := self.written(text))), "")


@cache
def _chinese_font() -> str | None:
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE_FONTS if name in installed), None)


@cache
def _characters(family: str) -> frozenset[int]:
    path = font_manager.findfont(family)
    return frozenset(font_manager.get_font(path).get_charmap())
