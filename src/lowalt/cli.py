"""The command line: ``lowalt check PLAN...``.

Exit codes: 0 no plan is prohibited or indeterminate, 1 some are, 2 bad input or usage.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from lowalt.verdicts import Verdict

EXIT_CLEAR, EXIT_AGAINST, EXIT_BAD_INPUT = 0, 1, 2

app = typer.Typer(
    help="Rules, airspace and conflicts of low-altitude flight in Shenzhen, Hong Kong and Macao."
    " Not legal advice, not for navigation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Lang(StrEnum):
    """Language of what is printed."""

    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """Form of what is printed."""

    TEXT = "text"
    JSON = "json"


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lowalt {version('lowalt')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Hold the options of every command."""


@app.command(
    epilog="Example: lowalt check plans/ --lang zh --submitted-at 2026-06-11T10:00:00+08:00"
)
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
    brief: Annotated[bool, typer.Option("--brief", help="One line per plan.")] = False,
) -> None:
    """Judge flight plans by the rules in force on the day of each flight."""
    from lowalt.airspace import load_airspace
    from lowalt.assessment import assess
    from lowalt.errors import LowaltError
    from lowalt.flights import read_plan

    when = _read_time(submitted_at)
    try:
        dataset = load_airspace(airspace)
    except (LowaltError, OSError) as error:
        _fail(f"--airspace: {error}")
    worst, last = EXIT_CLEAR, None
    for file in _files(plans):
        try:
            verdict = assess(read_plan(file), airspace=dataset, submitted_at=when)
        except (LowaltError, OSError) as error:
            # Errors of reading begin with the file already.
            said = (
                str(error) if str(error).startswith((str(file), file.name)) else f"{file}: {error}"
            )
            typer.echo(f"lowalt: {said}", err=True)
            worst = EXIT_BAD_INPUT
            continue
        _show(file, verdict, lang=lang, form=form, brief=brief)
        worst, last = max(worst, _exit_code(verdict)), verdict
    if last is not None and form is Format.TEXT and not brief:
        _show_notices(last, lang=lang)
    raise typer.Exit(worst)


def _files(plans: list[Path]) -> Iterator[Path]:
    """Files named, and the JSON files of folders named, in order."""
    for path in plans:
        if not path.is_dir():
            yield path
            continue
        found = sorted(path.glob("*.json"))
        if not found:
            _fail(f"{path}: the folder holds no .json file; name plans or a folder of plans")
        yield from found


def _read_time(text: str | None) -> datetime | None:
    if text is None:
        return None
    from lowalt.errors import NaiveDatetimeError
    from lowalt.temporal import require_aware

    try:
        return require_aware(datetime.fromisoformat(text), field="--submitted-at")
    except NaiveDatetimeError as error:
        _fail(str(error))
    except ValueError:
        _fail(f"--submitted-at: given {text!r}, expected a time such as 2026-06-11T10:00:00+08:00")


def _fail(message: str) -> NoReturn:
    typer.echo(f"lowalt: {message}", err=True)
    raise typer.Exit(EXIT_BAD_INPUT)


def _exit_code(verdict: Verdict) -> int:
    from lowalt.verdicts import Decision

    against = verdict.decision in (Decision.PROHIBITED, Decision.INDETERMINATE)
    return EXIT_AGAINST if against else EXIT_CLEAR


def _show(file: Path, verdict: Verdict, *, lang: Lang, form: Format, brief: bool) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps(verdict.to_dict(), ensure_ascii=False))
        return
    from lowalt.report.text import explain, headline

    console, width = _console()
    style = _STYLE[verdict.decision.value]
    if brief:
        console.print(f"{file.name}: ", end="", markup=False)
        console.print(headline(verdict, lang=lang.value), style=style, markup=False)
        return
    console.print("=" * width, markup=False)
    for line in explain(verdict, lang=lang.value, width=width, notices=False).splitlines():
        console.print(line, style=style if line.startswith("==>") else None, markup=False)
    console.print(markup=False)


def _show_notices(verdict: Verdict, *, lang: Lang) -> None:
    from lowalt.report.text import explain_notices

    console, width = _console()
    console.print("-" * width, markup=False)
    console.print(explain_notices(verdict, lang=lang.value, width=width), markup=False)


def _console() -> tuple[Console, int]:
    """Open the terminal with its width, at most 100; a file or pipe always gets 100 columns."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    return console, min(console.width, 100) if sys.stdout.isatty() else 100


_STYLE = {
    "prohibited": "bold red",
    "approval_required": "bold yellow",
    "confirmation_required": "bold yellow",
    "filing_required": "bold yellow",
    "permitted": "bold green",
    "indeterminate": "bold magenta",
}


def _say(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning for operators: what it says, not which line of code said it."""
    typer.echo(f"lowalt: {message}", err=True)


def main() -> None:
    """Run the command line."""
    warnings.showwarning = _say
    try:
        app()
    except BrokenPipeError:
        # Whoever read our output has stopped; so do we, without a traceback.
        sys.stderr.close()
        raise SystemExit(EXIT_CLEAR) from None


if __name__ == "__main__":
    main()
