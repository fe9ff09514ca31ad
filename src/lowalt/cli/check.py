"""``lowalt check``: judge flight plans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lowalt.cli.options import (
    EXIT_AGAINST,
    EXIT_BAD_INPUT,
    EXIT_CLEAR,
    RECORD,
    Format,
    Lang,
    Rules,
    fail,
    files_of,
    is_plan,
    open_airspace,
    open_rulebook,
    read_time,
    terminal,
)

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan
    from lowalt.remedy import Remedy
    from lowalt.timelines import Timeline
    from lowalt.verdicts import Verdict


def check(
    plans: Annotated[
        list[Path],
        typer.Argument(help="Plans in lowalt JSON, or folders of them.", metavar="PLAN..."),
    ],
    lang: Annotated[Lang, typer.Option(help="Language of the explanation.")] = Lang.EN,
    form: Annotated[
        Format, typer.Option("--format", help="text, or one JSON object per plan.")
    ] = Format.TEXT,
    submitted_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="When the application is made, such as 2026-06-11T10:00:00+08:00; by default what"
            " each plan states.",
        ),
    ] = None,
    airspace: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Airspace dataset, or a GeoJSON file of zones.")
    ] = "shenzhen",
    rules: Rules = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--record", metavar="DIR", help="Write a record of each verdict, for lowalt replay."
        ),
    ] = None,
    brief: Annotated[bool, typer.Option("--brief", help="One line per plan.")] = False,
    with_remedies: Annotated[
        bool, typer.Option("--remedies", help="Say what would make each plan pass.")
    ] = False,
    with_timeline: Annotated[
        bool,
        typer.Option(
            "--timeline", help="Say who is to be asked or told what, by when, and what is late."
        ),
    ] = False,
    now: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Moment for which --timeline says what is met and what is late; by default when"
            " the application is made.",
        ),
    ] = None,
) -> None:
    """Judge flight plans by the rules in force on the day of each flight."""
    from lowalt.assessment import assess
    from lowalt.errors import LowaltError
    from lowalt.flights import read_plan
    from lowalt.remedy import remedies
    from lowalt.timelines import timeline

    when = read_time(submitted_at, option="--submitted-at")
    as_of = read_time(now, option="--now")
    if as_of is not None and not with_timeline:
        fail("--now says for when --timeline tells what is late: give --timeline too")
    dataset = open_airspace(airspace)
    if records is not None:
        _make_folder(records)
    worst, last = EXIT_CLEAR, None
    for file in files_of(plans, is_plan, what="plans"):
        try:
            plan = read_plan(file)
            book = open_rulebook(rules, on=plan.departure.date())
            verdict = assess(plan, airspace=dataset, rulebook=book, submitted_at=when)
            offered = None
            if with_remedies and not brief:
                offered = remedies(plan, airspace=dataset, rulebook=book, submitted_at=when)
        except (LowaltError, OSError) as error:
            # Errors of reading begin with the file already.
            said = (
                str(error) if str(error).startswith((str(file), file.name)) else f"{file}: {error}"
            )
            typer.echo(f"lowalt: {said}", err=True)
            worst = EXIT_BAD_INPUT
            continue
        if records is not None:
            _write_record(records, file, verdict, plan)
        steps = timeline(verdict, now=as_of) if with_timeline and not brief else None
        _show(file, verdict, offered, steps, lang=lang, form=form, brief=brief)
        worst, last = max(worst, _exit_code(verdict)), verdict
    if last is not None and form is Format.TEXT and not brief:
        _show_notices(last, lang=lang)
    raise typer.Exit(worst)


def _make_folder(records: Path) -> None:
    try:
        records.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fail(f"--record: given {str(records)!r}, expected a folder to write to: {error}")


def _write_record(folder: Path, file: Path, verdict: Verdict, plan: FlightPlan) -> None:
    """Write a record under a digest of all it holds: only the same is ever written over."""
    from lowalt.documents import write_document
    from lowalt.records import record

    content = record(verdict, plan=plan).encode()
    target = folder / f"{file.stem}-{sha256(content).hexdigest()[:12]}{RECORD}"
    try:
        write_document(target, content)
    except OSError as error:
        fail(f"--record: the record of {file} cannot be written: {error}")


def _exit_code(verdict: Verdict) -> int:
    from lowalt.verdicts import Decision

    against = verdict.decision in (Decision.PROHIBITED, Decision.INDETERMINATE)
    return EXIT_AGAINST if against else EXIT_CLEAR


def _show(
    file: Path,
    verdict: Verdict,
    remedies: Sequence[Remedy] | None,
    steps: Timeline | None,
    *,
    lang: Lang,
    form: Format,
    brief: bool,
) -> None:
    if form is Format.JSON:
        more: dict[str, Any] = {}
        if steps is not None:
            more["timeline"] = steps.to_dict()
        if remedies is not None:
            more["remedies"] = [r.to_dict() for r in remedies]
        typer.echo(json.dumps({**verdict.to_dict(), **more}, ensure_ascii=False))
        return
    from lowalt.report.text import explain, headline

    console, width = terminal()
    style = _STYLE[verdict.decision.value]
    if brief:
        console.print(f"{file.name}: ", end="", markup=False)
        console.print(headline(verdict, lang=lang.value), style=style, markup=False)
        return
    console.print("=" * width, markup=False)
    for line in explain(verdict, lang=lang.value, width=width, notices=False).splitlines():
        console.print(line, style=style if line.startswith("==>") else None, markup=False)
    if steps is not None:
        from lowalt.report.timeline import explain_timeline

        console.print(markup=False)
        console.print(explain_timeline(steps, lang=lang.value, width=width), markup=False)
    if remedies is not None and verdict.decision.value != "permitted":
        from lowalt.report.remedies import explain_remedies

        console.print(markup=False)
        console.print(explain_remedies(remedies, lang=lang.value, width=width), markup=False)
    console.print(markup=False)


def _show_notices(verdict: Verdict, *, lang: Lang) -> None:
    from lowalt.report.text import explain_notices

    console, width = terminal()
    console.print("-" * width, markup=False)
    console.print(explain_notices(verdict, lang=lang.value, width=width), markup=False)


_STYLE = {
    "prohibited": "bold red",
    "approval_required": "bold yellow",
    "confirmation_required": "bold yellow",
    "filing_required": "bold yellow",
    "permitted": "bold green",
    "indeterminate": "bold magenta",
}
