"""The law as text: provisions in two lines each, or one in full with how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from lowalt.regulations.authoring import WHOLE_INSTRUMENT
from lowalt.regulations.cases import LawCase
from lowalt.regulations.catalogue import CatalogueRow, catalogue
from lowalt.regulations.conditions import Condition
from lowalt.regulations.contents import Entry
from lowalt.report.law_words import (
    ANSWERS,
    CONFIDENCES,
    CRAFTS,
    SCOPES,
    VERIFICATIONS,
    Language,
    days_text,
    effect_of,
    value_text,
)
from lowalt.report.lines import padded, wrap
from lowalt.report.outline import outline
from lowalt.vocabulary import fact

_INDENT = "    "


def listed(entry: Entry, *, lang: Language, width: int = 100) -> Iterator[str]:
    """Sum a provision up: its citation, then how lawyers write it and what it does.

    Parameters
    ----------
    entry
        The provision.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.
    """
    provision = entry.provision
    facts = [
        f"{entry.instrument.short_title[lang]} {provision.label[lang]}",
        effect_of(entry)[lang],
        days_text(provision.in_force, lang=lang),
        VERIFICATIONS[provision.verification][lang],
        " ".join(provision.catalogue),
    ]
    yield entry.citation
    yield from wrap(" · ".join(filter(None, facts)), width=width, first=_INDENT)


def describe(
    entry: Entry, *, cases: Iterable[LawCase], on: date, lang: Language, width: int = 100
) -> str:
    """Show one provision in full.

    Parameters
    ----------
    entry
        The provision.
    cases
        Golden cases that ask for it, or for a term that it defines.
    on
        Day whose numbers its reading is shown with; where it is not in force then, the nearest
        day on which it is.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.

    Returns
    -------
    str
        Lines of text, without a final newline.
    """
    page = _Page(entry, lang, width)
    day = entry.nearest_day(on)
    parts = page.head(on), page.text(), page.reading(day), page.links(), page.ground(cases)
    return "\n".join(line for part in parts for line in part)


def row_text(row: CatalogueRow, *, lang: Language) -> str:
    """Write a row of the catalogue in one sentence.

    Examples
    --------
    >>> row_text(catalogue()["CN-RID-03"], lang="en")
    'CN-RID-03 Retrofitted aircraft may conform in part for 36 months. (confidence medium; less
    sure: when the 36 months begin)'
    """
    confidence, doubtful = CONFIDENCES[row.confidence][lang], row.doubtful[lang]
    if lang == "zh":
        doubt = f"；存疑：{doubtful}" if doubtful else ""
        return f"{row.identifier}：{row.checks[lang]}（把握{confidence}{doubt}）"
    doubt = f"; less sure: {doubtful}" if doubtful else ""
    return f"{row.identifier} {row.checks[lang]} (confidence {confidence}{doubt})"


class _Page:
    """Lays one provision out in one language."""

    def __init__(self, entry: Entry, lang: Language, width: int) -> None:
        self.entry, self.provision, self.lang, self.width = entry, entry.provision, lang, width
        self.words = _WORDS[lang]

    def point(self, word: str, *texts: str) -> Iterator[str]:
        """Yield a word in the margin and texts beside it; nothing without a text."""
        margin = self.words["margin"]
        first = padded(self.words[word], len(margin))
        for text in filter(None, texts):
            yield from wrap(text, width=self.width, first=first, rest=margin)
            first = margin

    def head(self, on: date) -> Iterator[str]:
        instrument, lang = self.entry.instrument, self.lang
        yield self.entry.citation
        if on not in self.provision.in_force:
            said = self.words["not_in_force"].format(
                on.isoformat(), days_text(self.provision.in_force, lang=lang)
            )
            yield from wrap(said, width=self.width, first="==> ")
        title = f"{instrument.title[lang]} {self.provision.label[lang]}"
        yield from wrap(title, width=self.width)
        yield ""
        yield from self.point("issuer", instrument.issuer[lang])
        yield from self.point("craft", CRAFTS[instrument.craft][lang])
        yield from self.point("days", days_text(self.provision.in_force, lang=lang))

    def text(self) -> Iterator[str]:
        provision, lang = self.provision, self.lang
        yield from self.point("says", provision.summary[lang])
        yield from self.point("effect", effect_of(self.entry)[lang])
        yield from self.point("action", provision.action[lang])
        yield from self.point("addressee", provision.addressee[lang])
        yield from self.point("note", provision.note[lang])
        yield from self.point("unread", provision.unread[lang])
        yield from self.point("not_held", self.entry.instrument.not_held[lang])

    def reading(self, day: date) -> Iterator[str]:
        """Say when the duty stands and what must then hold, with the numbers of a day."""
        rule = self.entry.rule(day)
        if rule is not None:
            yield from self.point("asked", SCOPES[rule.scope][self.lang])
            yield from self.condition("applies", rule.applies)
            if rule.satisfied is not None:
                yield from self.condition("must", rule.satisfied)
            if rule.deadline is not None:
                yield from self.point("deadline", value_text(rule.deadline.offset, lang=self.lang))
            if rule.answer is not None:
                yield from self.point("answer", value_text(rule.answer.offset, lang=self.lang))
        for term, condition in self.entry.meanings(day).items():
            yield from self.point("defines", fact(term).label(self.lang))
            yield from self.condition("means", condition)

    def condition(self, word: str, condition: Condition) -> Iterator[str]:
        margin = self.words["margin"]
        first = padded(self.words[word], len(margin))
        for depth, line in outline(condition).lines(self.lang):
            bullet = "  " * (depth - 1) + "- " if depth else ""
            rest = margin + " " * len(bullet)
            yield from wrap(line, width=self.width, first=first + bullet, rest=rest)
            first = margin

    def links(self) -> Iterator[str]:
        """Name the provisions that this one bears on, and that bear on it."""
        entry, reading = self.entry, self.entry.reading
        if reading is not None and WHOLE_INSTRUMENT in reading.waives:
            yield from self.point("waives", self.words["whole"])
        else:
            yield from self.point("waives", *entry.waives)
        yield from self.point("waived_by", *entry.waived_by)
        yield from self.point("addresses", *entry.addresses)
        yield from self.point("addressed_by", *entry.addressed_by)
        if reading is not None:
            yield from self.point("needs", *reading.needs)
            yield from self.point("derives", *reading.derives)

    def ground(self, cases: Iterable[LawCase]) -> Iterator[str]:
        """Say what it all rests on: numbers over time, rows, cases, and the text that was read."""
        lang, provision = self.lang, self.provision
        yield from self.point("numbers", *self.numbers())
        rows = catalogue()
        yield from self.point("rows", *(row_text(rows[r], lang=lang) for r in provision.catalogue))
        yield from self.point("verified", VERIFICATIONS[provision.verification][lang])
        yield from self.point("source", self.entry.instrument.source)
        yield from self.point("cases", *(f"{c.name} → {ANSWERS[c.expected][lang]}" for c in cases))

    def numbers(self) -> Iterator[str]:
        for parameter in self.provision.parameters.values():
            for days, value in parameter.values:
                written = value_text(value, lang=self.lang)
                yield f"{parameter.name} = {written} ({days_text(days, lang=self.lang)})"


_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "margin": " " * 15,
        "not_in_force": "NOT IN FORCE on {}: in force {}, and shown as it was or will be then.",
        "issuer": "issuer",
        "craft": "speaks of",
        "days": "in force",
        "says": "says",
        "effect": "effect",
        "action": "do",
        "addressee": "to",
        "note": "note",
        "unread": "not read",
        "not_held": "not held",
        "asked": "asked",
        "applies": "applies",
        "must": "must hold",
        "defines": "defines",
        "means": "means",
        "waives": "waives",
        "whole": "every other duty of its instrument",
        "waived_by": "waived by",
        "addresses": "addressee for",
        "addressed_by": "to whom, see",
        "needs": "needs",
        "derives": "derives",
        "deadline": "due by",
        "answer": "answered",
        "numbers": "numbers",
        "rows": "answers",
        "verified": "text",
        "source": "source",
        "cases": "cases",
    },
    "zh": {
        "margin": " " * 12,
        "not_in_force": "{}不在施行期内：施行期为{}，以下按施行期内的内容显示。",
        "issuer": "发布机关",
        "craft": "适用对象",
        "days": "施行",
        "says": "内容",
        "effect": "效果",
        "action": "办法",
        "addressee": "向谁",
        "note": "说明",
        "unread": "不判原因",
        "not_held": "另未收录",
        "asked": "判断",
        "applies": "适用条件",
        "must": "须满足",
        "defines": "定义",
        "means": "是指",
        "waives": "免除",
        "whole": "本文件其他各项义务",
        "waived_by": "可被免除于",
        "addresses": "受理机关于",
        "addressed_by": "受理机关见",
        "needs": "前提",
        "derives": "得出",
        "deadline": "期限",
        "answer": "答复",
        "numbers": "数值",
        "rows": "对应规则",
        "verified": "文本",
        "source": "来源",
        "cases": "案例",
    },
}
