"""A timeline as a table for a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len

from lowalt.errors import InvalidInputError
from lowalt.regulations.model import Verification
from lowalt.report.clock import clock, latest, offset
from lowalt.report.lines import padded, wrap
from lowalt.report.text import Language
from lowalt.timelines import RowState, Step, Timeline, TimelineRow

_NARROWEST = 40
_LEAST_FOR_TEXTS = 34
"""Columns that the texts of a row need beside its cells; with fewer they stand below."""
_GAP, _INDENT = 2, 4
_NO_TIME = "—"


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """Everything that a timeline says by itself, in one language."""

    head: str
    as_of: str
    columns: tuple[str, str, str, str]
    nothing: str
    take_off: str
    no_time: str
    uncounted: str
    steps: dict[Step, str]
    states: dict[RowState, str]
    stated: str
    perhaps: str
    unverified: dict[Verification, str]
    write_in: str
    not_held: str
    somebody: str
    colon: str
    list: str
    brackets: str


TIMELINE_WORDS = {
    "zh": TimelineWords(
        head="时间表 · 计划 {plan} · 起飞 {departure}",
        as_of="状态截至 {as_of}",
        columns=("最迟时间", "状态", "法域", "事项"),
        nothing="没有须事先办理的事项。",
        take_off="起飞",
        no_time="法定时限未规定",
        uncounted="尚不能计算：该年放假安排未公布",
        steps={
            Step.ASK: "向{}申请",
            Step.FILE: "向{}报备",
            Step.CONFIRM: "请{}确认",
            Step.ANSWER: "等候{}答复",
            Step.REPORT: "向{}报告",
        },
        states={
            RowState.MET: "已办",
            RowState.PLANNED: "拟办",
            RowState.OPEN: "待办",
            RowState.LATE: "已迟",
            RowState.UNKNOWN: "未知",
        },
        stated="计划所载时间 {}",
        perhaps="视所缺信息而定",
        unverified={
            Verification.VERIFIED: "",
            Verification.PARTLY: "条文未经完整核实",
            Verification.MEMORY: "凭记忆，未经核实，仅供参考",
        },
        write_in="{where}：以{language}行文",
        not_held="未收录，可能另有要求：{gap}",
        somebody="主管机构",
        colon="：",
        list="；",
        brackets="〔{}〕",
    ),
    "en": TimelineWords(
        head="Timeline · plan {plan} · take-off {departure}",
        as_of="states as of {as_of}",
        columns=("at the latest", "state", "law of", "what"),
        nothing="Nothing has to be seen to beforehand.",
        take_off="take-off",
        no_time="no time in law",
        uncounted="cannot be counted yet: the holidays of that year are not announced",
        steps={
            Step.ASK: "ask {}",
            Step.FILE: "tell {}",
            Step.CONFIRM: "confirm with {}",
            Step.ANSWER: "answer expected from {}",
            Step.REPORT: "report to {}",
        },
        states={
            RowState.MET: "met",
            RowState.PLANNED: "planned",
            RowState.OPEN: "open",
            RowState.LATE: "LATE",
            RowState.UNKNOWN: "unknown",
        },
        stated="the plan says {}",
        perhaps="may be owed, depending on what is missing",
        unverified={
            Verification.VERIFIED: "",
            Verification.PARTLY: "text not fully verified",
            Verification.MEMORY: "from memory, unconfirmed, advice only",
        },
        write_in="{where}: write in {language}",
        not_held="not held here, and may ask for more: {gap}",
        somebody="the authority",
        colon=": ",
        list="; ",
        brackets="[{}]",
    ),
}


def explain_timeline(timeline: Timeline, *, lang: Language = "en", width: int = 100) -> str:
    """Lay a timeline out as a table.

    Parameters
    ----------
    timeline
        What :func:`lowalt.timeline` made.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal, 40 or more; Chinese characters take two.

    Returns
    -------
    str
        Lines of text, without a final newline. Times are local to the law that sets them.

    Raises
    ------
    InvalidInputError
        If the language is not one of the two, or the width is too small.
    """
    if lang not in TIMELINE_WORDS:
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    if width < _NARROWEST:
        raise InvalidInputError(f"width={width}: a timeline needs {_NARROWEST} columns or more")
    return "\n".join(_Table(timeline, lang, width).lines())


class _Table:
    """Lays the rows of one timeline out in one language."""

    def __init__(self, timeline: Timeline, lang: Language, width: int) -> None:
        self.timeline, self.lang, self.width = timeline, lang, width
        self.words = TIMELINE_WORDS[lang]
        self.zone = timeline.departure.tzinfo

    def lines(self) -> Iterator[str]:
        words, timeline = self.words, self.timeline
        head = words.head.format(plan=timeline.plan_id, departure=clock(timeline.departure))
        if timeline.as_of is not None:
            as_of = words.as_of.format(as_of=clock(timeline.as_of.astimezone(self.zone)))
            head += f" · {as_of}"
        yield from wrap(f"{head} · {offset(timeline.departure)}", width=self.width)
        yield ""
        if not timeline.rows:
            yield from wrap(words.nothing, width=self.width, first="  ")
            yield from self.gaps()
            return
        cells = [self.cells(row) for row in timeline.rows]
        table = _Layout([words.columns[:-1], *cells], self.width)
        yield from table.lines(words.columns[:-1], words.columns[-1:])
        flying = False
        for row, texts in zip(timeline.rows, cells, strict=True):
            if not flying and row.time is not None and row.time > timeline.departure:
                yield from self.take_off(table)
                flying = True
            yield from table.lines(texts, self.what(row))
        if not flying:
            yield from self.take_off(table)
        yield ""
        yield from self.languages()
        yield from self.gaps()

    def take_off(self, table: _Layout) -> Iterator[str]:
        moment = clock(self.timeline.departure)
        yield from table.lines((moment, "", ""), (self.words.take_off,))

    def cells(self, row: TimelineRow) -> tuple[str, ...]:
        where = "" if row.jurisdiction is None else row.jurisdiction.value
        if self.lang == "zh" and row.jurisdiction is not None:
            where = row.jurisdiction.zh
        time = _NO_TIME if row.time is None else self.moment(row.time)
        return time, self.words.states[row.state], where

    def what(self, row: TimelineRow) -> tuple[str, ...]:
        """Say when by the law and to whom, then what to do, then what it rests on."""
        words, lang = self.words, self.lang
        step = words.steps[row.kind].format(row.addressee[lang] or words.somebody)
        remarks = (
            row.label[lang],
            "" if row.done_at is None else words.stated.format(self.moment(row.done_at)),
            "" if row.certain or row.kind is Step.REPORT else words.perhaps,
            words.unverified[row.verification],
            words.uncounted if row.is_uncounted else "",
        )
        basis = words.brackets.format(words.list.join(filter(None, remarks)))
        action = () if row.kind is Step.ANSWER else (row.action[lang],)
        return (row.lead[lang] or words.no_time) + words.colon + step, *action, basis

    def languages(self) -> Iterator[str]:
        """Yield in which language to write, once for every law in the table."""
        met = {row.jurisdiction: row.correspondence for row in self.timeline.rows}
        for where, language in met.items():
            if where is None:
                continue
            name = where.zh if self.lang == "zh" else f"{where.value} ({where.en})"
            text = self.words.write_in.format(where=name, language=language[self.lang])
            yield from wrap(text, width=self.width, first="  ")

    def gaps(self) -> Iterator[str]:
        """Yield what law is not in the table, since it is not held."""
        for gap in self.timeline.not_held:
            text = self.words.not_held.format(gap=gap.said(self.lang))
            yield from wrap(text, width=self.width, first="  ", rest="    ")

    def moment(self, moment: datetime) -> str:
        """Write a time of the table; one in another zone than the flight's with its own."""
        here = self.timeline.departure.utcoffset()
        written = latest(moment)
        return written if moment.utcoffset() == here else f"{written} {offset(moment)}"


class _Layout:
    """Columns as wide as their longest cell, with texts in what room there is beside them."""

    def __init__(self, rows: Iterable[tuple[str, ...]], width: int) -> None:
        self.width = width
        self.widths = [max(map(cell_len, column)) + _GAP for column in zip(*rows, strict=True)]

    def lines(self, cells: tuple[str, ...], texts: tuple[str, ...]) -> Iterator[str]:
        margin = sum(self.widths)
        first = "".join(padded(c, w) for c, w in zip(cells, self.widths, strict=True))
        if self.width - margin < _LEAST_FOR_TEXTS:
            yield from wrap(" ".join(filter(None, cells)), width=self.width)
            first, margin = " " * _INDENT, _INDENT
        for text in texts:
            yield from wrap(text, width=self.width, first=first, rest=" " * margin)
            first = " " * margin
