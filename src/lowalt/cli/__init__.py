"""The command line: ``lowalt check``, ``report``, ``conflicts``, ``zones``, ``rules`` and others.

Exit codes: 0 nothing stands against it, 1 something does, 2 bad input or usage, 130 stopped.
"""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from lowalt.cli.check import check
from lowalt.cli.completion import completion
from lowalt.cli.conflicts import conflicts
from lowalt.cli.convert import convert
from lowalt.cli.options import EXIT_CLEAR
from lowalt.cli.replay import replay
from lowalt.cli.report import report
from lowalt.cli.rules import rules
from lowalt.cli.zones import zones

app = typer.Typer(
    help="Rules, airspace and conflicts of low-altitude flight in Shenzhen, Hong Kong and Macao."
    " Not legal advice, not for navigation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _examples(*lines: str) -> str:
    """Write examples so that each keeps its line in the help."""
    return "\n\n\b\n".join(["Examples:", "\n".join(lines)])


app.command(
    epilog=_examples(
        "lowalt check plan.json --lang zh",
        "lowalt check survey.plan --departure 2026-06-11T10:00:00+08:00 --buffer 20",
        "lowalt check plans/ --submitted-at 2026-06-10T09:00:00+08:00 --timeline --full",
        "lowalt check plans/ -r --out day.jsonl",
        "lowalt check plans/ -r --out day.jsonl --resume",
        "cat plan.json | lowalt check - --brief",
    )
)(check)
app.command(
    epilog=_examples(
        "lowalt conflicts plans/ --terrain 4 --lang zh",
        "lowalt conflicts mine.json others/ --time-uncertainty 30 --format json",
    )
)(conflicts)
app.command(
    epilog=_examples(
        "lowalt report plan.json -o report.html",
        "lowalt report survey.plan -o report.html --remedies --conflicts-with others/",
        "lowalt report plans/ -o day.html --conflicts --capacity 5 --pages plans-of-the-day",
    )
)(report)
app.command(
    epilog=_examples(
        "lowalt zones",
        "lowalt zones --at 113.9376,22.50869 --height '100 m AGL' --time 2026-06-11T10:00:00+08:00",
    )
)(zones)
app.command(
    epilog=_examples(
        "lowalt rules --lang zh",
        "lowalt rules art_26__para_1 --on 2026-06-11",
    )
)(rules)
app.command(
    epilog=_examples(
        "lowalt convert zones.txt zones.geojson --to ed318",
        "lowalt convert survey.plan survey.json --departure 2026-06-11T10:00:00+08:00 --buffer 20",
    )
)(convert)
app.command(epilog=_examples("lowalt replay records/"))(replay)
app.command(
    epilog=_examples(
        'eval "$(lowalt completion bash)"      # in ~/.bashrc',
        'eval "$(lowalt completion zsh)"       # in ~/.zshrc, after compinit',
        "lowalt completion fish | source       # in ~/.config/fish/config.fish",
        "lowalt completion powershell | Out-String | Invoke-Expression   # in $PROFILE",
    )
)(completion)


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
