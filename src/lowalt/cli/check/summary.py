"""A day on one screen: what was decided, why, by when something is to be done, what failed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.cells import cell_len, set_cell_size

from lowalt.cli.check.rows import Row
from lowalt.report.clock import latest, offset
from lowalt.report.lines import padded
from lowalt.report.text import Language
from lowalt.report.timeline import TIMELINE_WORDS
from lowalt.timelines import RowState, Step
from lowalt.verdicts import Decision

if TYPE_CHECKING:
    from lowalt.regulations.model import Bilingual

MOST_PLANS: Final = 20
"""So many plans that are not permitted are named; the others are counted."""

_MOST_LINES = 8
_FEWER_LINES = 5
_WORST_FIRST = (
    Decision.PROHIBITED,
    Decision.INDETERMINATE,
    Decision.APPROVAL_REQUIRED,
    Decision.CONFIRMATION_REQUIRED,
    Decision.FILING_REQUIRED,
    Decision.PERMITTED,
)
_KEYS = ("breached", "required", "open")

_WORDS = {
    "zh": {
        "head": "已判断{plans}份计划（{files}个文件）",
        "decisions": "结论",
        "findings": "最常见的问题（计划数）",
        "breached": "不符合",
        "required": "待办",
        "open": "不确定",
        "missing": "最常缺的信息（计划数）",
        "deadlines": "最早的时限（已迟的在前）",
        "plan": "{count}份计划：{plan}",
        "plans": "{count}份计划，最早：{plan}",
        "perhaps": "可能须",
        "unread": "未能读取或判断（{count}）",
        "plan_list": "不能直接飞行的计划",
        "more": "……另有{count}份：用 --out 文件名 写出全部",
        "more_out": "……另有{count}份，见 {out}",
        "more_lines": "……另有{count}项",
        "colon": "：",
    },
    "en": {
        "head": "Plans judged: {plans} (files: {files})",
        "decisions": "Decisions",
        "findings": "Most frequent findings (plans)",
        "breached": "not met",
        "required": "to do",
        "open": "open",
        "missing": "What is missing most often (plans)",
        "deadlines": "Earliest deadlines (late ones first)",
        "plan": "{count} plan: {plan}",
        "plans": "{count} plans, the first: {plan}",
        "perhaps": "perhaps ",
        "unread": "Not read or not judged ({count})",
        "plan_list": "Plans that may not be flown as they are",
        "more": "... and {count} more: --out FILE has them all",
        "more_out": "... and {count} more: {out} has them all",
        "more_lines": "... and {count} more",
        "colon": ": ",
    },
}


@dataclass(frozen=True, slots=True)
class Duty:
    """What many plans have to see to alike, each in its own time.

    Attributes
    ----------
    kind
        What is to be done.
    state
        Whether it is late, open, or not known to be done.
    certain
        Whether it is owed whatever the unknowns turn out to be.
    citation
        What it rests on.
    zh, en
        To whom it is owed.
    """

    kind: Step
    state: RowState
    certain: bool
    citation: str
    zh: str
    en: str


@dataclass(slots=True)
class Deadline:
    """When a duty is due first.

    Attributes
    ----------
    due
        The earliest of its times.
    plan
        The plan that has it.
    plans
        How many plans have the duty at all.
    """

    due: datetime
    plan: str
    plans: int = 0

    def add(self, due: datetime, plan: str) -> None:
        """Count a plan in."""
        self.plans += 1
        self.due, self.plan = min((self.due, self.plan), (due, plan))


@dataclass(slots=True)
class Summary:
    """Counts of a day; rows are counted in and forgotten.

    Attributes
    ----------
    files
        Files that had a row.
    decisions
        Plans by decision.
    notes
        Remarks on how files were read.
    """

    files: set[str] = field(default_factory=set)
    decisions: Counter[Decision] = field(default_factory=Counter)
    notes: int = 0
    _findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    _missing: Counter[str] = field(default_factory=Counter)
    _deadlines: dict[Duty, Deadline] = field(default_factory=dict)
    _failed: list[Row] = field(default_factory=list)
    _worst: dict[Decision, list[Row]] = field(default_factory=dict)

    def add(self, rows: Iterable[Row]) -> None:
        """Count some rows in."""
        for row in rows:
            self.files.add(row["file"])
            if "error" in row:
                self._failed.append(row)
            else:
                self._add(row)

    def _add(self, row: Row) -> None:
        decision = Decision(row["decision"])
        self.decisions[decision] += 1
        self.notes += len(row["notes"])
        self._findings.update((key, citation) for key in _KEYS for citation in row[key])
        self._missing.update(row["missing"])
        for step in row["deadlines"]:
            due = datetime.fromisoformat(step["due"])
            deadline = self._deadlines.setdefault(_duty(step), Deadline(due, row["plan_id"]))
            deadline.add(due, row["plan_id"])
        listed = self._worst.setdefault(decision, [])
        if len(listed) < MOST_PLANS:
            listed.append(row)

    @property
    def plans(self) -> int:
        """Plans that were judged."""
        return self.decisions.total()

    @property
    def failed(self) -> list[Row]:
        """Rows of what could not be read or judged."""
        return self._failed

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {
            "files": len(self.files),
            "plans": self.plans,
            "decisions": {d.value: self.decisions[d] for d in _WORST_FIRST if self.decisions[d]},
            "findings": [
                {"status": key, "citation": citation, "plans": count}
                for (key, citation), count in self.findings()
            ],
            "missing": [{"field": name, "plans": n} for name, n in self.missing()],
            "deadlines": [
                {
                    "first_due": first.due.isoformat(),
                    "first_plan_id": first.plan,
                    "plans": first.plans,
                    "kind": duty.kind.value,
                    "state": duty.state.value,
                    "certain": duty.certain,
                    "citation": duty.citation,
                    "addressee": {"zh": duty.zh, "en": duty.en},
                }
                for duty, first in self.deadlines()
            ],
            "failed": [{"file": row["file"], "error": row["error"]} for row in self._failed],
        }

    def findings(self) -> list[tuple[tuple[str, str], int]]:
        """List rules that stand against plans by key and citation, the most frequent first."""
        return _most(self._findings)

    def missing(self) -> list[tuple[str, int]]:
        """List fields that plans leave open, the most frequent first."""
        return _most(self._missing)

    def deadlines(self) -> list[tuple[Duty, Deadline]]:
        """List duties with their first deadlines, late ones first, each by their times."""

        def place(item: tuple[Duty, Deadline]) -> tuple[Any, ...]:
            duty, deadline = item
            is_late = duty.state is RowState.LATE
            return not is_late, deadline.due, not duty.certain, duty.citation, duty.en

        return sorted(self._deadlines.items(), key=place)

    def against(self) -> tuple[list[Row], int]:
        """List some plans that are not permitted, the worst first, and count the others."""
        decisions = [d for d in _WORST_FIRST if d is not Decision.PERMITTED]
        rows = [row for d in decisions for row in self._worst.get(d, ())][:MOST_PLANS]
        return rows, sum(self.decisions[d] for d in decisions) - len(rows)

    def lines(
        self,
        *,
        lang: Language,
        width: int,
        cited: Callable[[str], Bilingual],
        out: str | None = None,
    ) -> Iterator[str]:
        """Yield the summary as lines of text.

        Parameters
        ----------
        lang, width
            Language, and columns of the terminal.
        cited
            Writes a citation for people.
        out
            The file that has all rows, if there is one.
        """
        yield from _Page(self, lang, width, cited, out).lines()


@dataclass(frozen=True, slots=True)
class _Page:
    """Lays a summary out in one language."""

    summary: Summary
    lang: Language
    width: int
    cited: Callable[[str], Bilingual]
    out: str | None

    @property
    def words(self) -> Mapping[str, str]:
        return _WORDS[self.lang]

    def lines(self) -> Iterator[str]:
        summary = self.summary
        yield self.words["head"].format(plans=f"{summary.plans:,}", files=f"{len(summary.files):,}")
        yield from self.section("decisions", self.decisions())
        yield from self.section("findings", self.findings())
        yield from self.section("missing", self.missing())
        yield from self.section("deadlines", self.deadlines())
        yield from self.section("plan_list", self.worst())
        yield from self.section("unread", self.failed(), count=len(summary.failed))

    def section(self, title: str, lines: Iterator[str], **values: int) -> Iterator[str]:
        """Yield a section, if there is anything in it."""
        found = list(lines)
        if found:
            yield ""
            yield self.words[title].format(**values)
            yield from (f"  {line}" for line in found)

    def decisions(self) -> Iterator[str]:
        found, total = self.summary.decisions, self.summary.plans
        names = {d: d.label(self.lang) for d in _WORST_FIRST if found[d]}
        column = max(map(cell_len, names.values()), default=0) + 2
        for decision, name in names.items():
            share = found[decision] / total
            yield f"{padded(name, column)}{found[decision]:>9,}{share:>8.1%}"

    def findings(self) -> Iterator[str]:
        ordered = self.summary.findings()
        column = max(cell_len(self.words[key]) for key in _KEYS) + 2
        for (key, citation), count in ordered[:_MOST_LINES]:
            what = padded(self.words[key], column) + self.cited(citation)[self.lang]
            yield self.cut(f"{count:>7,}  {what}")
        yield from self.more(len(ordered) - _MOST_LINES)

    def missing(self) -> Iterator[str]:
        ordered = self.summary.missing()
        for name, count in ordered[:_FEWER_LINES]:
            yield f"{count:>7,}  {name}"
        yield from self.more(len(ordered) - _FEWER_LINES)

    def deadlines(self) -> Iterator[str]:
        ordered, words = self.summary.deadlines(), TIMELINE_WORDS[self.lang]
        for duty, first in ordered[:_FEWER_LINES]:
            step = words.steps[duty.kind].format(duty.zh if self.lang == "zh" else duty.en)
            yield self.cut(
                f"{latest(first.due)} {offset(first.due)}  {words.states[duty.state]}  "
                f"{self.cited(duty.citation)[self.lang]}{words.colon}"
                f"{'' if duty.certain else self.words['perhaps']}{step}"
            )
            said = self.words["plan" if first.plans == 1 else "plans"]
            yield self.cut("    " + said.format(count=f"{first.plans:,}", plan=first.plan))
        yield from self.more(len(ordered) - _FEWER_LINES)

    def worst(self) -> Iterator[str]:
        """Yield the plans that are not permitted, the worst first, each with its first reason."""
        listed, left = self.summary.against()
        decided = [Decision(row["decision"]).label(self.lang) for row in listed]
        column = max(map(cell_len, decided), default=0) + 2
        for row, decision, name in zip(listed, decided, _names(listed), strict=True):
            yield self.cut(f"{padded(decision, column)}{name}{self.why(row)}")
        if left:
            yield self.words["more_out" if self.out else "more"].format(
                count=f"{left:,}", out=self.out
            )

    def why(self, row: Row) -> str:
        """Say what stands first against a plan, and how much more does."""
        reasons = [citation for key in _KEYS for citation in row[key]]
        if not reasons:
            return ""
        more = f" +{len(reasons) - 1}" if len(reasons) > 1 else ""
        return f"{self.words['colon']}{self.cited(reasons[0])[self.lang]}{more}"

    def failed(self) -> Iterator[str]:
        failed = self.summary.failed
        for row in failed[:_MOST_LINES]:
            yield self.cut(f"{row['file']}: {row['error'].splitlines()[0]}")
        yield from self.more(len(failed) - _MOST_LINES)

    def more(self, count: int) -> Iterator[str]:
        """Yield how many lines were left out, if any were."""
        if count > 0:
            yield self.words["more_lines"].format(count=f"{count:,}")

    def cut(self, text: str) -> str:
        """Keep a line to the width, which the indent of a section leaves."""
        room = self.width - 2
        return text if cell_len(text) <= room else set_cell_size(text, room - 1).rstrip() + "…"


def _duty(step: Mapping[str, Any]) -> Duty:
    return Duty(
        kind=Step(step["kind"]),
        state=RowState(step["state"]),
        certain=step["certain"],
        citation=step["citation"],
        zh=step["addressee"]["zh"],
        en=step["addressee"]["en"],
    )


def _names(rows: Sequence[Row]) -> Iterator[str]:
    """Name plans by their files, without the folder that all are in; by their own name in one."""
    folders = [Path(row["file"]).parent for row in rows]
    shared = Path(os.path.commonpath(folders)) if len(set(folders)) > 1 else None
    for row in rows:
        file = Path(row["file"])
        short = file.name if shared is None else str(file.relative_to(shared))
        yield f"{short}: {row['plan_id']}" if row["items"] > 1 else short


def _most(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """List by count, and alphabetically where that is the same, whatever came first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
