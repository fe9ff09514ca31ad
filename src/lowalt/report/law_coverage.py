"""The law-coverage page: what of each instrument is read, how, and how far it is sure.

``make docs-law`` writes it to ``docs/law-coverage.md``; a test compares the two.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from types import FunctionType

from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.cases import cases_of
from lowalt.regulations.catalogue import catalogue
from lowalt.regulations.contents import Entry, contents
from lowalt.regulations.model import Bilingual, Instrument
from lowalt.regulations.rulebook import load_rulebook
from lowalt.report.law_words import (
    CONFIDENCES,
    CRAFTS,
    VERIFICATIONS,
    effect_of,
    last_day,
)

_ANY_DAY = date(2026, 1, 1)
"""The page tells of every day, so it does not matter which day's rulebook it is made from."""

_INTRODUCTION = """\
# Law coverage / 法规覆盖

This page is generated: do not edit it, run `make docs-law`. It lists every provision that lowalt
holds: what it says in our own words, the function that reads it or the reason why none does, what
follows from a breach, how many golden cases try it, how far its text was read, and the days on
which it is in force. lowalt is not legal advice. A provision known only from memory advises and
never decides.

本页由程序生成，请勿手改，运行 `make docs-law` 即可更新。它列出 lowalt 收录的全部条文：内容概要、
判断它的函数或不作判断的原因、违反的后果、案例数、原文核对程度和施行日期。lowalt 不构成法律意见；
凭记忆收录的条文只作提示，不单独决定结论。
"""


def coverage_page() -> str:
    """Write the page.

    Returns
    -------
    str
        Markdown, the same for the same rulebook, whatever the day it is written on.

    Examples
    --------
    >>> print(coverage_page().splitlines()[0])
    # Law coverage / 法规覆盖
    """
    entries = contents(load_rulebook(on=_ANY_DAY, engine="reference"))
    parts = [[_INTRODUCTION], _summary(entries)]
    for _, held in groupby(entries, key=lambda entry: entry.instrument.identifier):
        provisions = list(held)
        parts.append(_instrument(provisions[0].instrument, provisions))
    parts.append(_rows(entries))
    return "\n".join(line for part in parts for line in part)


def _summary(entries: Iterable[Entry]) -> Iterator[str]:
    counted = Counter(
        "unread" if entry.provision.unread["en"] else entry.provision.verification.value
        for entry in entries
    )
    total = sum(counted.values())
    read = total - counted["unread"]
    yield "## In numbers / 概况"
    yield ""
    yield (
        f"{total} provisions, of which {read} are read"
        f" ({counted['verified']} from the verified text, {counted['partly']} from part of it,"
        f" {counted['memory']} from memory) and {counted['unread']} are not, each with its reason."
    )
    yield ""
    yield (
        f"共 {total} 条，其中 {read} 条有判断（已核对原文 {counted['verified']} 条、"
        f"部分核对 {counted['partly']} 条、凭记忆 {counted['memory']} 条），"
        f"{counted['unread']} 条不作判断并说明原因。"
    )
    yield ""


def _instrument(instrument: Instrument, entries: list[Entry]) -> Iterator[str]:
    days = instrument.in_force
    until = f" to {last_day(days)}" if days.end is not None else ""
    yield f"## {instrument.title['en']} / {instrument.title['zh']}"
    yield ""
    yield f"- `{instrument.identifier}`, {_both(CRAFTS[instrument.craft])}"
    yield f"- issued by / 发布机关: {_both(instrument.issuer)}"
    yield f"- adopted / 通过 {instrument.adopted}, in force / 施行 from {days.start}{until}"
    yield f"- source / 来源: {instrument.source}"
    if instrument.not_held["en"]:
        yield f"- not held / 未收录: {_both(instrument.not_held)}"
    yield ""
    yield from _table(
        "article / 条款",
        "what it says / 内容",
        "reading / 判断",
        "effect / 后果",
        "cases / 案例",
        "text / 文本",
        "from / 起",
        "to / 止",
        "rows / 规则",
    )
    tried = Counter(case.asked for case in cases_of(instrument.identifier))
    for entry in entries:
        yield _provision(entry, tried)
    yield ""
    yield from _choices(entries)


def _provision(entry: Entry, tried: Mapping[str, int]) -> str:
    provision = entry.provision
    asked = (entry.citation, *(definition.term for definition in entry.definitions))
    last = last_day(provision.in_force)
    return _line(
        f"`{provision.key}` {_both(provision.label)}",
        _both(provision.summary),
        _both(provision.unread) if provision.unread["en"] else "<br>".join(_marks(entry)),
        _both(effect_of(entry)),
        str(sum(tried[name] for name in asked)),
        _both(VERIFICATIONS[provision.verification]),
        provision.in_force.start.isoformat(),
        "" if last is None else last.isoformat(),
        " ".join(provision.catalogue),
    )


def _marks(entry: Entry) -> Iterator[str]:
    """Link the functions that read a provision or define its terms."""
    marks: list[Reading | Definition | None] = [entry.reading, *entry.definitions]
    for mark in marks:
        if mark is None:
            continue
        assert isinstance(mark.write, FunctionType)
        file = f"../src/lowalt/regulations/{entry.instrument.identifier}.py"
        line = mark.write.__code__.co_firstlineno
        term = f" (defines `{mark.term}`)" if isinstance(mark, Definition) else ""
        yield f"[{mark.write.__name__}]({file}#L{line}){term}"


def _choices(entries: Iterable[Entry]) -> Iterator[str]:
    """List the choices of reading that a finding mentions."""
    noted = [entry for entry in entries if entry.provision.note["en"]]
    if not noted:
        return
    yield "Documented choices / 记录在案的选择:"
    yield ""
    for entry in noted:
        yield f"- {_both(entry.provision.label)}: {entry.provision.note['en']}"
        yield f"  {entry.provision.note['zh']}"
    yield ""


def _rows(entries: Iterable[Entry]) -> Iterator[str]:
    answering: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        for row in entry.provision.catalogue:
            answering[row].append(f"`{entry.citation}`")
    yield "## The catalogue of rules / 规则目录"
    yield ""
    yield from _table(
        "row / 规则",
        "what is checked / 核对内容",
        "verdict / 后果",
        "confidence / 把握",
        "answered by / 对应条款",
    )
    for name, checked in catalogue().items():
        doubt = f"<br>less sure / 存疑: {_both(checked.doubtful)}" if checked.doubtful["en"] else ""
        yield _line(
            name,
            _both(checked.checks),
            ", ".join(outcome.value for outcome in checked.outcomes),
            _both(CONFIDENCES[checked.confidence]) + doubt,
            "<br>".join(answering[name]),
        )
    yield ""


def _both(text: Bilingual) -> str:
    return f"{text['en']} / {text['zh']}"


def _table(*heads: str) -> Iterator[str]:
    yield _line(*heads)
    yield "|" + " --- |" * len(heads)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(coverage_page(), "utf-8")
