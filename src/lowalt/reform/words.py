"""What comparisons of the law say by themselves, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lowalt.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Words:
    """All that is said in one language."""

    colon: str
    comma: str
    none: str
    law: str
    same: str
    entered: str
    left: str
    amended: str
    value: str
    changed: Mapping[str, str]
    parts: Mapping[str, str]
    always: str
    when: str
    must: str
    waives: str
    counts: str
    matrix: str
    articles: str
    others: str
    plans: str
    touched: str
    more: str


_WORDS = {
    "zh": Words(
        colon="：",
        comma="、",
        none="无",
        law="法律：{before} → {after}",
        same="两者无差别。",
        entered="新生效",
        left="不再有效",
        amended="有变更",
        value="{name}：{before} → {after}",
        changed={"text": "{name}变更", "reading": "理解变更{name}"},
        parts={"summary": "内容", "action": "办法", "addressee": "对象", "note": "说明"},
        always="任何飞行",
        when="当{what}时",
        must="，须{what}",
        waives="；免除{what}",
        counts="共{total}份计划：结论变化{changed}份，其中放宽{eased}份、收紧{tightened}份、"
        "其他{other}份。",
        matrix="结论（由 → 至）",
        articles="起决定作用的条款（按受影响计划数）",
        others="结果随之不同的其他条款",
        plans="结论变化的计划",
        touched="另有{count}份计划结论不变，但个别条款的结果不同。",
        more="另有{count}份",
    ),
    "en": Words(
        colon=": ",
        comma=", ",
        none="nothing",
        law="Law: {before} -> {after}",
        same="Nothing differs.",
        entered="Entered into force",
        left="No longer in force",
        amended="Amended",
        value="{name}: {before} -> {after}",
        changed={"text": "{name} changed", "reading": "read otherwise{name}"},
        parts={
            "summary": "summary",
            "action": "what to do",
            "addressee": "addressee",
            "note": "note",
        },
        always="every flight",
        when="where {what}",
        must=", it must hold that {what}",
        waives="; takes away {what}",
        counts="{total} plans: the decision on {changed} changes; {eased} are eased, {tightened}"
        " tightened, {other} changed otherwise.",
        matrix="Decisions (from -> to)",
        articles="By which article (plans changed, most first)",
        others="Other articles whose answer differs with it",
        plans="Plans whose decision changes",
        touched="On {count} more plans the decision stays, and the answer of some article differs.",
        more="and {count} more",
    ),
}


def words_of(lang: str) -> Words:
    """Return the words of a language.

    Raises
    ------
    InvalidInputError
        If it is not ``zh`` or ``en``.
    """
    if lang not in _WORDS:
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    return _WORDS[lang]
