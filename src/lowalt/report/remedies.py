"""Remedies as text for a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from lowalt.remedy import Kind, Remedy
from lowalt.report.lines import wrap
from lowalt.report.text import Language, headline

_PASSES = {
    "zh": "怎样改可以通过（由易到难）",
    "en": "What passes, the least trouble first",
}
_STEPS = {
    "zh": "下一步：结论有所改善，但仅此一项尚不能通过（由易到难）",
    "en": "A next step: a better decision, but it does not pass with that alone",
}
_NONE_PASSES = {
    "zh": "未找到由运营人可以作出、肯定能通过的改动",
    "en": "no change was found that is the operator's to make and passes for sure",
}
KINDS = MappingProxyType(
    {
        Kind.LOWER: ("降低", "lower"),
        Kind.SLOWER: ("减速", "slower"),
        Kind.DISTANCE: ("距离", "distance"),
        Kind.EARLIER: ("提前", "earlier"),
        Kind.LATER: ("推迟", "later"),
        Kind.SIDEWAYS: ("改线", "sideways"),
        Kind.DROP: ("放弃", "drop"),
        Kind.FILE: ("报告", "file"),
        Kind.OBTAIN: ("取得", "obtain"),
        Kind.STATE: ("填写", "state"),
        Kind.COMBINATION: ("组合", "together"),
    }
)


def explain_remedies(remedies: Sequence[Remedy], *, lang: Language = "en", width: int = 100) -> str:
    """List remedies for the operator: what passes, and apart from it what only helps.

    Parameters
    ----------
    remedies
        What :func:`lowalt.remedies` found.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.

    Returns
    -------
    str
        Lines of text, without a final newline.
    """
    return "\n".join(_lines(remedies, lang, width))


def _lines(remedies: Sequence[Remedy], lang: Language, width: int) -> Iterator[str]:
    # Numbered through, so that a number names one remedy.
    numbered = list(enumerate(remedies, start=1))
    passing = [(n, remedy) for n, remedy in numbered if remedy.passes]
    yield from wrap(_PASSES[lang], width=width, first="")
    if not passing:
        yield from wrap(_NONE_PASSES[lang], width=width, first="  - ", rest="    ")
    for number, remedy in passing:
        yield from _remedy(number, remedy, lang, width)
    if len(passing) < len(numbered):
        yield from wrap(_STEPS[lang], width=width, first="")
    for number, remedy in numbered:
        if not remedy.passes:
            yield from _remedy(number, remedy, lang, width)


def _remedy(number: int, remedy: Remedy, lang: Language, width: int) -> Iterator[str]:
    kind = KINDS[remedy.kind][lang == "en"]
    yield from wrap(
        f"[{kind}] {remedy.text[lang]}", width=width, first=f"  {number}. ", rest="     "
    )
    yield from wrap(headline(remedy.verdict, lang=lang), width=width, first="     ==> ")
