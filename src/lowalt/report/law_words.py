"""Words for the law itself: effects, how far a text was read, days, values and statuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from lowalt.regulations.catalogue import Confidence
from lowalt.regulations.contents import Entry
from lowalt.regulations.model import (
    Bilingual,
    Craft,
    DateRange,
    Effect,
    ParameterValue,
    Span,
    Verification,
)
from lowalt.truth import Truth
from lowalt.verdicts import Status
from lowalt.vocabulary import Scope

Language = Literal["zh", "en"]


def _both(zh: str, en: str) -> Bilingual:
    return MappingProxyType({"zh": zh, "en": en})


EFFECTS: Mapping[Effect, Bilingual] = {
    Effect.PROHIBITS: _both("禁止", "prohibits"),
    Effect.REQUIRES_APPROVAL: _both("须批准", "requires approval"),
    Effect.REQUIRES_CONFIRMATION: _both("须确认", "requires confirmation"),
    Effect.REQUIRES_FILING: _both("须备案", "requires filing"),
    Effect.ADVISES: _both("提示", "advises"),
    Effect.NONE: _both("不设义务", "no duty of its own"),
}
VERIFICATIONS: Mapping[Verification, Bilingual] = {
    Verification.VERIFIED: _both("已核对原文", "verified"),
    Verification.PARTLY: _both("部分核对", "partly verified"),
    Verification.MEMORY: _both("凭记忆，仅作提示", "from memory, only advises"),
}
CONFIDENCES: Mapping[Confidence, Bilingual] = {
    Confidence.HIGH: _both("高", "high"),
    Confidence.MEDIUM: _both("中", "medium"),
    Confidence.LOW: _both("低", "low"),
}
CRAFTS: Mapping[Craft, Bilingual] = {
    Craft.UNMANNED: _both("无人驾驶航空器", "unmanned aircraft"),
    Craft.MANNED: _both("有人驾驶航空器", "manned aircraft"),
    Craft.ALL: _both("所有航空器", "all aircraft"),
}
SCOPES: Mapping[Scope, Bilingual] = {
    Scope.FLIGHT: _both("对整个飞行", "of the flight as a whole"),
    Scope.LEG: _both("对每一航段", "of each leg"),
    Scope.ENCOUNTER: _both("对遇到的每一区域", "of each zone met"),
}
ANSWERS: Mapping[str, Bilingual] = {
    Status.BREACHED: _both("违反", "breached"),
    Status.REQUIRED: _both("须办理", "required"),
    Status.MISSING_INFO: _both("信息不足", "missing information"),
    Status.WAIVED: _both("已免除", "waived"),
    Status.MET: _both("已满足", "met"),
    Status.NOT_APPLICABLE: _both("不适用", "not applicable"),
    Status.NOT_IN_FORCE: _both("未生效", "not in force"),
    Truth.TRUE.value: _both("是", "true"),
    Truth.FALSE.value: _both("否", "false"),
    Truth.UNKNOWN.value: _both("未知", "unknown"),
}
"""What a golden case expects: the status of a provision, or the truth of a term."""

_DEFINES = _both("定义用语", "defines a term")
_UNREAD = _both("不作判断", "not judged")


def effect_of(entry: Entry) -> Bilingual:
    """Say what a provision does to a flight."""
    if entry.effect is not None:
        return EFFECTS[entry.effect]
    return _DEFINES if entry.definitions else _UNREAD


def days_text(days: DateRange, *, lang: Language) -> str:
    """Write days in force, both ends included.

    Examples
    --------
    >>> days_text(DateRange(date(2025, 11, 2), date(2025, 12, 16)), lang="en")
    '2025-11-02 to 2025-12-15'
    >>> days_text(DateRange(date(2024, 1, 1)), lang="zh")
    '2024-01-01起'
    """
    start, last = days.start.isoformat(), last_day(days)
    if last is None:
        return f"{start}起" if lang == "zh" else f"from {start}"
    joint = "至" if lang == "zh" else " to "
    return start + joint + last.isoformat()


def last_day(days: DateRange) -> date | None:
    """Return the last day of a range; ``None`` where it has no end."""
    return None if days.end is None else days.end - timedelta(days=1)


def value_text(value: ParameterValue, *, lang: Language) -> str:
    """Write a value of law for people, a span with the side it lies on.

    Examples
    --------
    >>> from lowalt.regulations.model import SpanUnit
    >>> value_text(Span(-60, SpanUnit.MINUTE), lang="en")
    '60 min before'
    """
    if isinstance(value, date):
        return value.isoformat()
    text = value.text(lang)
    if isinstance(value, Span) and value.amount < 0:
        return f"提前{text}" if lang == "zh" else f"{text} before"
    return text
