"""The command line: ``lowalt check``, ``conflicts``, ``rules``, ``zones``, ``convert``, ``replay``.

Exit codes: 0 nothing stands against it, 1 something does, 2 bad input or usage.
"""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from lowalt.cli.check import check
from lowalt.cli.conflicts import conflicts
from lowalt.cli.convert import convert
from lowalt.cli.options import EXIT_CLEAR
from lowalt.cli.replay import replay
from lowalt.cli.rules import rules
from lowalt.cli.zones import zones

app = typer.Typer(
    help="Rules, airspace and conflicts of low-altitude flight in Shenzhen, Hong Kong and Macao."
    " Not legal advice, not for navigation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(
    epilog="Example: lowalt check plans/ --lang zh --submitted-at 2026-06-11T10:00:00+08:00"
)(check)
app.command(epilog="Example: lowalt conflicts plans/ --terrain 4 --lang zh")(conflicts)
app.command(
    epilog="Example: lowalt zones --at 113.9376,22.50869 --height '100 m AGL'"
    " --time 2026-06-11T10:00:00+08:00"
)(zones)
app.command(epilog="Example: lowalt rules art_26__para_1 --on 2026-06-11 --lang zh")(rules)

app.command(epilog="Example: lowalt convert zones.txt zones.geojson --to ed318")(convert)
app.command(epilog="Example: lowalt replay records")(replay)


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
