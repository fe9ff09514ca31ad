"""Who yields to whom, as text for a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from lowalt.errors import InvalidInputError
from lowalt.priority import Outcome, Precedence
from lowalt.regulations.model import Instrument, Provision
from lowalt.regulations.sources import held_sources
from lowalt.report.lines import wrap
from lowalt.report.text import Language

_WORDS = MappingProxyType(
    {
        "zh": {
            "yields": "{yields} 让行，{keeps} 保持",
            "isolates": "{isolates} 隔离飞行",
            "inference": "；次序为我们的推论",
            "rests_on": "依据：",
            "in_the_air": "空中相遇仍须遵守：",
            "none": "没有冲突",
            "permits": "保持位次不等于获准飞行：各计划仍须办妥自身结论所要求的事项。",
            "between": "、",
            "then": "：",
        },
        "en": {
            "yields": "{yields} yields, {keeps} keeps its place",
            "isolates": "{isolates} is kept apart",
            "inference": "; the order is our inference",
            "rests_on": "rests on: ",
            "in_the_air": "Where they meet in the air all the same: ",
            "none": "No conflicts",
            "permits": "To keep a place permits nothing: each flight still needs what its own"
            " verdict asks for.",
            "between": "; ",
            "then": ": ",
        },
    }
)


def explain_precedence(
    found: Iterable[Precedence], *, lang: Language = "en", width: int = 100
) -> str:
    """Say of each conflict who yields, why, and by what law.

    Parameters
    ----------
    found
        What :func:`lowalt.settle` found.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal, 40 or more.

    Returns
    -------
    str
        Lines of text, without a final newline.

    Raises
    ------
    InvalidInputError
        If the language is not one of the two, or the width is too small.
    """
    if lang not in _WORDS:
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    if width < 40:
        raise InvalidInputError(f"width={width}: a conflict needs 40 columns or more")
    settled = tuple(found)
    lines = [line for each in settled for line in _lines(each, lang, width)]
    lines += _for_all(settled, lang, width)
    return "\n".join(lines or [_WORDS[lang]["none"]])


def _lines(found: Precedence, lang: Language, width: int) -> Iterator[str]:
    words, indent = _WORDS[lang], "    "
    yield from wrap(" × ".join(found.between), width=width, first="", rest="  ")
    yield from wrap(headline(found, lang), width=width, first="==> ", rest=indent)
    reason = found.reason[lang] + (words["inference"] if found.is_inference else "")
    yield from wrap(reason, width=width, first=indent)
    if found.citations:
        cited = words["between"].join(_cited(citation, lang) for citation in found.citations)
        yield from wrap(words["rests_on"] + cited, width=width, first=indent, rest=indent + "  ")


def _for_all(settled: Sequence[Precedence], lang: Language, width: int) -> Iterator[str]:
    """Say once what holds of all of them."""
    words = _WORDS[lang]
    for citation in dict.fromkeys(c for found in settled for c in found.in_the_air):
        _, provision = _provisions()[citation]
        text = f"{_cited(citation, lang)}{words['then']}{provision.summary[lang]}"
        yield from wrap(words["in_the_air"] + text, width=width, first="* ", rest="  ")
    if any(found.keeps is not None for found in settled):
        yield from wrap(words["permits"], width=width, first="* ", rest="  ")


def headline(found: Precedence, lang: Language) -> str:
    """Say in a few words what becomes of two plans that conflict."""
    words = _WORDS[lang]
    if found.outcome is Outcome.ONE_YIELDS:
        return words["yields"].format(yields=found.yields, keeps=found.keeps)
    if found.outcome is Outcome.SEPARATE:
        return words["isolates"].format(isolates=found.isolates)
    return found.outcome.label(lang)


def _cited(citation: str, lang: Language) -> str:
    """Write a citation for people; a rule of the user's own stays as it is."""
    if citation not in _provisions():
        return citation
    instrument, provision = _provisions()[citation]
    space = "" if lang == "zh" else " "
    return f"{instrument.short_title[lang]}{space}{provision.label[lang]}"


@cache
def _provisions() -> Mapping[str, tuple[Instrument, Provision]]:
    """Every provision that comes with lowalt, whatever the day."""
    sources, _ = held_sources("shenzhen")
    return {
        provision.citation: (source.instrument, provision)
        for source in sources
        for provision in source.instrument.provisions.values()
    }
