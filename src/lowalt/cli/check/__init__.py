"""``lowalt check``: judge flight plans, a few in full or a day of them at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lowalt.cli.options import (
    Format,
    Geoid,
    Lang,
    Rules,
    SubmittedAt,
    Terrain,
    fail,
    read_time,
    terminal,
)
from lowalt.cli.sources import Recursive, Source, sources_of
from lowalt.cli.telling import Buffer, Departure, Height, OperatorFile, told_of

if TYPE_CHECKING:
    from lowalt.cli.check.rows import Part
    from lowalt.formats.plans.exchange import Told

MOST_IN_FULL = 20
"""More plans than these are summed up, unless something is asked of each."""


def check(
    plans: Annotated[
        list[Path],
        typer.Argument(
            help="Plans in any format that lowalt reads, folders of them, or - for standard input.",
            metavar="PLAN...",
        ),
    ],
    lang: Annotated[Lang, typer.Option(help="Language of the explanation.")] = Lang.EN,
    form: Annotated[
        Format, typer.Option("--format", help="text, or one JSON object per plan.")
    ] = Format.TEXT,
    submitted_at: SubmittedAt = None,
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
    recursive: Recursive = False,
    brief: Annotated[bool, typer.Option("--brief", help="One line per plan.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Explain every plan, however many there are.")
    ] = False,
    summary: Annotated[
        bool,
        typer.Option(
            "--summary", help="Count instead of explaining; as is done with more than 20 plans."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a row for each plan to a file in .jsonl, .csv or .parquet.",
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with --out where a run was stopped; files that changed are read again.",
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Processes to use; by default as many as are worth it."
        ),
    ] = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--record", metavar="DIR", help="Write a record of each verdict, for lowalt replay."
        ),
    ] = None,
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
            help="Moment for which --timeline or a summary says what is met and what is late; by"
            " default when the application is made.",
        ),
    ] = None,
) -> None:
    """Judge flight plans by the rules in force on the day of each flight.

    With more than 20 plans the day is summed up; --full explains each all the same. Exit code: 0
    nothing stands against any, 1 something does or is open, 2 something could not be read, 130
    stopped by Ctrl-C.
    """
    from lowalt.cli.check.asked import Asked
    from lowalt.cli.check.day import Day
    from lowalt.cli.check.full import Shown, check_in_full

    if resume and out is None:
        fail("--resume goes on with a file: give --out FILE too")
    asked = Asked(
        airspace=airspace,
        rules=tuple(rules or ()),
        submitted_at=read_time(submitted_at, option="--submitted-at"),
        as_of=read_time(now, option="--now"),
        terrain=terrain,
        geoid=geoid,
    )
    of_each = {
        "--full": full,
        "--remedies": with_remedies,
        "--timeline": with_timeline,
        "--record": records is not None,
    }
    of_all = {"--summary": summary, "--out": out is not None}
    _refuse_both(of_each, of_all)
    told = partial(
        told_of, operator=operator, departure=departure, height=height, buffer_m=buffer_m
    )
    leave_out = () if out is None else (out.resolve(),)
    parts = _parts(sources_of(plans, recursive=recursive, leave_out=leave_out), told)
    in_full = any(of_each.values()) or form is Format.JSON
    if any(of_all.values()) or (not in_full and _are_many(parts)):
        telling = {"departure": departure, "height": height, "buffer_m": buffer_m}
        day = Day(
            asked=asked,
            telling={**telling, "profiles": _profiles(parts)},
            lang=lang,
            form=form,
            brief=brief,
            summary=summary,
            out=out,
            resume=resume,
            jobs=jobs,
        )
        raise typer.Exit(day.check(parts))
    if asked.as_of is not None and not with_timeline:
        fail("--now says for when --timeline tells what is late: give --timeline too")
    shown = Shown(
        asked=asked,
        lang=lang,
        form=form,
        width=terminal()[1],
        brief=brief,
        remedies=with_remedies,
        timeline=with_timeline,
        records=records,
    )
    raise typer.Exit(check_in_full(shown, parts, jobs=jobs))


def _refuse_both(of_each: Mapping[str, bool], of_all: Mapping[str, bool]) -> None:
    """Refuse wishes for every plan beside those for a day, which looks at none so closely."""
    each, every = ([name for name, given in some.items() if given] for some in (of_each, of_all))
    if each and every:
        fail(
            f"{', '.join(each)}: said of each plan, and {', '.join(every)} sums them up: run it"
            " once for the one and once for the other"
        )


def _parts(sources: Iterable[Source], told_of_file: Callable[[Path], Told]) -> list[Part]:
    """Join each file with what is told of it, which is the same for the files of a folder."""
    from lowalt.cli.check.rows import Part

    told = cache(lambda folder: told_of_file(folder / "plan"))
    return [Part(source, told(source.path.parent)) for source in sources]


def _profiles(parts: Iterable[Part]) -> dict[str, str]:
    """List the operators' profiles that files are read with, by folder."""
    return {
        str(part.source.path.parent): part.told.profile.digest
        for part in parts
        if part.told.profile.digest
    }


def _are_many(parts: Sequence[Part]) -> bool:
    """Whether there are more plans than anybody reads about; a file may hold many."""
    from lowalt.errors import LowaltError
    from lowalt.formats.plans.files import read_plans_bytes

    if len(parts) > MOST_IN_FULL:
        return True
    count = 0
    for part in parts:
        with suppress(LowaltError, OSError):  # told when it is judged
            source = part.source
            count += len(read_plans_bytes(source.content(), name=source.name, told=part.told).plans)
    return count > MOST_IN_FULL
