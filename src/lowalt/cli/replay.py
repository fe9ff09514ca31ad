"""``lowalt replay``: judge what was recorded again, and say what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowalt.cli.options import (
    EXIT_AGAINST,
    EXIT_BAD_INPUT,
    EXIT_CLEAR,
    RECORD,
    Rules,
    files_of,
    open_airspace,
)


def replay(
    records: Annotated[
        list[Path],
        typer.Argument(
            help="Records that lowalt check --record wrote, or folders of them.",
            metavar="RECORD...",
        ),
    ],
    airspace: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE", help="Airspace dataset, where it does not come with lowalt."
        ),
    ] = None,
    rules: Rules = None,
) -> None:
    """Judge recorded plans again: exit code 0 if every verdict is the same, 1 if any differs."""
    from lowalt.documents import read_document
    from lowalt.errors import LowaltError, ReplayDiffersError
    from lowalt.records import replay as replayed

    dataset = open_airspace(airspace) if airspace is not None else None
    worst = EXIT_CLEAR
    for file in files_of(records, lambda file: file.name.endswith(RECORD), what="records"):
        try:
            verdict = replayed(read_document(file), airspace=dataset, own_rules=rules or ())
        except ReplayDiffersError as error:
            typer.echo(f"{file}: {error}")
            worst = max(worst, EXIT_AGAINST)
        except (LowaltError, OSError) as error:
            typer.echo(f"lowalt: {file}: {error}", err=True)
            worst = EXIT_BAD_INPUT
        else:
            typer.echo(f"{file}: the same, {verdict.decision.value}")
    raise typer.Exit(worst)
