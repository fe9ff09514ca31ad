"""Remedies as text for a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from lowalt.remedy import Kind, Remedy
from lowalt.report.lines import wrap
from lowalt.report.text import Language, headline

_TITLE = {
    "zh": "怎样改会更好（由易到难）",
    "en": "What would make it better, the least trouble first",
}
_NONE = {
    "zh": "未找到由运营人可以作出、使结论更好的改动",
    "en": "no change was found that is the operator's to make and leads to a better decision",
}
_KINDS = MappingProxyType(
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
    """List remedies for the operator, each with the decision that it leads to.

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
    yield from wrap(_TITLE[lang], width=width, first="")
    if not remedies:
        yield from wrap(_NONE[lang], width=width, first="  - ", rest="    ")
    for number, remedy in enumerate(remedies, start=1):
        kind = _KINDS[remedy.kind][lang == "en"]
        text = f"[{kind}] {remedy.text[lang]}"
        yield from wrap(text, width=width, first=f"  {number}. ", rest="     ")
        yield from wrap(headline(remedy.verdict, lang=lang), width=width, first="     ==> ")
