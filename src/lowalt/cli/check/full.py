"""A few plans in full: what stands against each, what to do, what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.text import Text

from lowalt.cli.check.asked import Asked, World
from lowalt.cli.check.rows import Part, said
from lowalt.cli.check.work import in_processes, jobs_for
from lowalt.cli.options import (
    EXIT_AGAINST,
    EXIT_BAD_INPUT,
    EXIT_CLEAR,
    EXIT_STOPPED,
    RECORD,
    Format,
    Lang,
    fail,
    terminal,
)
from lowalt.cli.sources import Source
from lowalt.errors import LowaltError
from lowalt.report.text import Language, explain, explain_notices, outcome
from lowalt.verdicts import Decision, Verdict

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan
    from lowalt.remedy import Remedy
    from lowalt.timelines import Timeline

_WORTH_A_PROCESS = 80  # files, for the seconds that it takes to open the world once more

STYLES = {
    Decision.PROHIBITED: "bold red",
    Decision.APPROVAL_REQUIRED: "bold yellow",
    Decision.CONFIRMATION_REQUIRED: "bold yellow",
    Decision.FILING_REQUIRED: "bold yellow",
    Decision.PERMITTED: "bold green",
    Decision.INDETERMINATE: "bold magenta",
}
"""Colours of the decisions; their words say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be shown of each plan."""

    asked: Asked
    lang: Lang
    form: Format
    width: int
    brief: bool = False
    remedies: bool = False
    timeline: bool = False
    records: Path | None = None


@dataclass(slots=True)
class Answer:
    """What there is to say of a file's plans, ready for the terminal.

    Attributes
    ----------
    lines
        For standard output.
    errors
        For standard error.
    code
        Exit code.
    notices
        Limits of the data, which are said once for all.
    """

    lines: list[str | Text] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    code: int = EXIT_CLEAR
    notices: str = ""


class FullWorker:
    """Judges the plans of a file and says all there is to say of them."""

    def __init__(self, shown: Shown) -> None:
        self._shown, self._world = shown, World(shown.asked)

    def __call__(self, part: Part) -> Answer:
        """Answer for a file."""
        from lowalt.formats.plans.files import read_plans_bytes

        answer, source = Answer(), part.source
        try:
            reading = read_plans_bytes(source.content(), name=source.name, told=part.told)
        except (LowaltError, OSError) as error:
            _refuse(answer, source, error)
            return answer
        answer.errors += map(str, reading.losses)
        several = len(reading.plans) + len(reading.refused) > 1
        for plan in reading.plans:
            try:
                self._add(answer, source, plan, several=several)
            except (LowaltError, OSError) as error:
                _refuse(answer, source, error)
        for refusal in reading.refused:
            _refuse(answer, source, refusal)
        return answer

    def _add(self, answer: Answer, source: Source, plan: FlightPlan, *, several: bool) -> None:
        from lowalt.assessment import assess
        from lowalt.remedy import remedies
        from lowalt.timelines import timeline

        shown, world = self._shown, self._world
        given: dict[str, Any] = {
            "airspace": world.airspace,
            "rulebook": world.law(plan.departure.date()),
            "submitted_at": shown.asked.submitted_at,
            "terrain": world.terrain,
            "geoid": world.geoid,
        }
        verdict = assess(plan, **given)
        offered = remedies(plan, **given) if shown.remedies and not shown.brief else None
        if shown.records is not None:
            _write_record(shown.records, source, verdict, plan)
        steps = None
        if shown.timeline and not shown.brief:
            steps = timeline(verdict, now=shown.asked.as_of)
        answer.code = max(answer.code, exit_code(verdict.decision))
        if shown.form is Format.JSON:
            answer.lines.append(_as_json(verdict, offered, steps))
        elif shown.brief:
            name = f"{source.name}: {plan.plan_id}" if several else source.name
            ends = verdict.decision, verdict.best, verdict.worst
            answer.lines.append(in_brief(name, *ends, lang=shown.lang))
        else:
            answer.lines += _in_full(verdict, offered, steps, shown)
            answer.notices = explain_notices(verdict, lang=shown.lang.value, width=shown.width)


def check_in_full(shown: Shown, parts: Sequence[Part], *, jobs: int | None) -> int:
    """Judge the plans of files and print all there is to say of each; return the exit code."""
    if shown.records is not None:
        _make_folder(shown.records)
    count = jobs_for(len(parts), given=jobs, worth_a_process=_WORTH_A_PROCESS)
    answers: Iterable[Answer]
    if count == 1:
        answers = map(FullWorker(shown), parts)
    else:
        World(shown.asked)  # to refuse what cannot be opened once, and here
        answers = in_processes(FullWorker, shown, parts, jobs=count)
    console, _ = terminal()
    code, notices = EXIT_CLEAR, ""
    try:
        for answer in answers:
            for error in answer.errors:
                typer.echo(f"lowalt: {error}", err=True)
            for line in answer.lines:
                if isinstance(line, Text):
                    console.print(line)
                else:
                    typer.echo(line)
            code, notices = max(code, answer.code), answer.notices or notices
    except KeyboardInterrupt:
        typer.echo("lowalt: stopped; --out FILE keeps what is done, for --resume", err=True)
        return EXIT_STOPPED
    if notices:
        console.print(Text("-" * shown.width))
        console.print(Text(notices))
    return code


def _make_folder(records: Path) -> None:
    try:
        records.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"--record: given {str(records)!r}, expected a folder to write to: {error}")


def exit_code(decision: Decision) -> int:
    """Say of a decision whether anything stands against the flight."""
    against = decision in (Decision.PROHIBITED, Decision.INDETERMINATE)
    return EXIT_AGAINST if against else EXIT_CLEAR


def in_brief(name: str, decision: Decision, best: Decision, worst: Decision, *, lang: Lang) -> Text:
    """Say a decision in one line."""
    decided = outcome(decision, best, worst, lang=lang.value)
    return Text.assemble(f"{name}: ", (decided, STYLES[decision]))


def _refuse(answer: Answer, source: Source, error: LowaltError | OSError) -> None:
    text = said(error)
    # Errors of reading begin with the file already.
    named = text.startswith((source.label, source.name))
    answer.errors.append(text if named else f"{source.label}: {text}")
    answer.code = EXIT_BAD_INPUT


def _write_record(folder: Path, source: Source, verdict: Verdict, plan: FlightPlan) -> None:
    """Write a record under a digest of all it holds: only the same is ever written over."""
    from lowalt.documents import write_document
    from lowalt.records import record

    content = record(verdict, plan=plan).encode()
    stem = Path(source.name).stem
    target = folder / f"{stem}-{sha256(content).hexdigest()[:12]}{RECORD}"
    try:
        write_document(target, content)
    except OSError as error:
        fail(f"--record: the record of {source.label} cannot be written: {error}")


def _as_json(verdict: Verdict, offered: Sequence[Remedy] | None, steps: Timeline | None) -> str:
    more: dict[str, Any] = {}
    if steps is not None:
        more["timeline"] = steps.to_dict()
    if offered is not None:
        more["remedies"] = [remedy.to_dict() for remedy in offered]
    return json.dumps({**verdict.to_dict(), **more}, ensure_ascii=False)


def _in_full(
    verdict: Verdict, offered: Sequence[Remedy] | None, steps: Timeline | None, shown: Shown
) -> Iterator[Text]:
    from lowalt.report.remedies import explain_remedies
    from lowalt.report.timeline import explain_timeline

    lang: Language = shown.lang.value
    width = shown.width
    yield Text("=" * width)
    for line in explain(verdict, lang=lang, width=width, notices=False).splitlines():
        yield Text(line, style=STYLES[verdict.decision] if line.startswith("==>") else "")
    if steps is not None:
        yield Text("")
        yield Text(explain_timeline(steps, lang=lang, width=width))
    if offered is not None and verdict.decision is not Decision.PERMITTED:
        yield Text("")
        yield Text(explain_remedies(offered, lang=lang, width=width))
    yield Text("")
