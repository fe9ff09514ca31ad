"""``lowalt report``: plans as a page that anybody can open, one plan or a whole day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowalt.cli.options import Geoid, Lang, Rules, SubmittedAt, Terrain, fail, read_time
from lowalt.cli.sources import Recursive
from lowalt.cli.telling import Buffer, Departure, Height, OperatorFile

_DAY = "Of a day: "


def report(
    plans: Annotated[
        list[Path],
        typer.Argument(
            help="A plan in any format that lowalt reads, or several and folders of them for the"
            " report of a day; - for standard input.",
            metavar="PLAN...",
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="The page to write, in .html.")
    ],
    lang: Annotated[Lang, typer.Option(help="Language shown first; both are in it.")] = Lang.ZH,
    submitted_at: SubmittedAt = None,
    now: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help="Moment for which to say what is met and what is late; by default when the"
            " application is made.",
        ),
    ] = None,
    airspace: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="Airspace dataset, or a file of zones.")
    ] = "shenzhen",
    rules: Rules = None,
    operator: OperatorFile = None,
    departure: Departure = None,
    height: Height = None,
    buffer_m: Buffer = None,
    terrain: Terrain = None,
    geoid: Geoid = False,
    with_remedies: Annotated[
        bool,
        typer.Option("--remedies", help="Say what would make a plan pass; takes some seconds."),
    ] = False,
    conflicts_with: Annotated[
        list[Path] | None,
        typer.Option(
            "--conflicts-with",
            metavar="OTHERS",
            help="Plans, or folders of them, to look for conflicts with; may be given more than"
            " once.",
        ),
    ] = None,
    with_conflicts: Annotated[
        bool, typer.Option("--conflicts", help=f"{_DAY}look for conflicts among its plans.")
    ] = False,
    pages: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=f"{_DAY}write the page of each plan too, and link it."),
    ] = None,
    capacity: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            help=f"{_DAY}flights that are accepted in a cell, height band and quarter of an hour.",
        ),
    ] = None,
    cell_m: Annotated[
        float, typer.Option("--cell", metavar="METRES", help=f"{_DAY}side of the cells.")
    ] = 500.0,
    bands: Annotated[
        str,
        typer.Option(metavar="METRES,...", help=f"{_DAY}where height bands begin, as true height."),
    ] = "0,60,120,300",
    recursive: Recursive = False,
) -> None:
    """Write what was decided of plans as one HTML page, which opens without any network.

    One plan gives its decision, deadlines, findings with their sources, missing facts, a map and a
    vertical profile; several give a table of the day, a map and the density. Exit code: as for
    check.
    """
    from lowalt.cli.check.asked import Asked
    from lowalt.cli.report.day import Day
    from lowalt.cli.report.plans import Telling, read_all
    from lowalt.cli.report.single import Single

    if out.suffix.lower() not in (".html", ".htm"):
        fail(f"--out: given {str(out)!r}, expected a page in .html")
    bands_m = _bands(bands)
    telling = Telling(operator=operator, departure=departure, height=height, buffer_m=buffer_m)
    given = read_all(plans, telling, recursive=recursive)
    asked = Asked(
        airspace=airspace,
        rules=tuple(rules or ()),
        submitted_at=read_time(submitted_at, option="--submitted-at"),
        terrain=terrain,
        geoid=geoid,
    )
    as_of = read_time(now, option="--now")
    single = Single(asked, as_of=as_of, lang=lang.value, remedies=with_remedies)
    if len(given) == 1 and not with_conflicts and pages is None:
        others = None
        if conflicts_with is not None:
            others = read_all(conflicts_with, telling, recursive=recursive)
        raise typer.Exit(single.write(given[0], out, others=others))
    if conflicts_with is not None:
        fail("--conflicts-with is for the report of one plan; a day's own are --conflicts")
    day = Day(
        single,
        conflicts=with_conflicts,
        pages=pages,
        capacity=capacity,
        cell_m=cell_m,
        bands_m=bands_m,
    )
    raise typer.Exit(day.write(given, out))


def _bands(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(number) for number in text.split(","))
    except ValueError:
        fail(f"--bands: given {text!r}, expected increasing metres such as 0,60,120,300")
