"""``lowalt conflicts``: every conflict among flight plans."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lowalt.cli.options import (
    EXIT_AGAINST,
    EXIT_BAD_INPUT,
    EXIT_CLEAR,
    Format,
    Lang,
    fail,
    files_of,
    is_plan,
    terminal,
)

if TYPE_CHECKING:
    from lowalt.conflicts import TrackArray
    from lowalt.flights import FlightPlan
    from lowalt.report.conflicts import PlanConflict
    from lowalt.terrain import TerrainModel


class Engine(StrEnum):
    """What searches."""

    AUTO = "auto"
    NUMPY = "numpy"
    NATIVE = "native"


def conflicts(
    plans: Annotated[
        list[Path],
        typer.Argument(help="Plans in lowalt JSON, or folders of them.", metavar="PLAN..."),
    ],
    lang: Annotated[Lang, typer.Option(help="Language of the list.")] = Lang.EN,
    form: Annotated[
        Format, typer.Option("--format", help="text, or one JSON object with all conflicts.")
    ] = Format.TEXT,
    terrain: Annotated[
        str | None,
        typer.Option(
            metavar="METRES|FOLDER|FILE",
            help="Ground below plans that give heights above it: one elevation for all, a folder"
            " of SRTM tiles, or a GeoTIFF.",
        ),
    ] = None,
    geoid: Annotated[
        bool,
        typer.Option(
            "--geoid", help="Use the geoid of the region for heights above the ellipsoid."
        ),
    ] = False,
    vertical_radius: Annotated[
        float | None,
        typer.Option(
            metavar="METRES", min=0.0, help="Half-height of the airspace of plans that state none."
        ),
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(
            metavar="METRES", min=0.0, help="Count as conflicts what misses one by less than this."
        ),
    ] = 0.01,
    time_uncertainty: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0.0, help="How early or late every flight may be."),
    ] = 0.0,
    engine: Annotated[Engine, typer.Option(help="The C core, numpy, or what there is.")] = (
        Engine.AUTO
    ),
) -> None:
    """Find every conflict among plans: exit code 0 if there is none, 1 if there are some."""
    from lowalt.conflicts import TrackArray, detect_conflicts
    from lowalt.errors import LowaltError
    from lowalt.report.conflicts import conflicts_of_plans
    from lowalt.terrain import load_geoid

    given = _read(list(files_of(plans, is_plan, what="plans")))
    try:
        tracks = TrackArray.from_plans(
            given,
            terrain=_ground(terrain),
            geoid=load_geoid() if geoid else None,
            tolerance_m=tolerance,
            time_uncertainty_s=time_uncertainty,
            vertical_radius_m=vertical_radius,
        )
        with _progress("conflicts") as progress:
            table = detect_conflicts(tracks, engine=engine.value, progress=progress)
        found = conflicts_of_plans(table, given)
    except LowaltError as error:
        fail(str(error))
    _show(found, tracks, lang=lang, form=form)
    raise typer.Exit(EXIT_AGAINST if found else EXIT_CLEAR)


def _read(files: list[Path]) -> list[FlightPlan]:
    """Read all plans; one that cannot be read would leave its conflicts out, so all must be."""
    from lowalt.errors import LowaltError
    from lowalt.flights import read_plan

    plans: list[FlightPlan] = []
    seen: dict[str, Path] = {}
    faulty = False
    with _progress("plans") as progress:
        for number, file in enumerate(files, start=1):
            try:
                plan = read_plan(file)
            except (LowaltError, OSError) as error:
                said = str(error)
                named = said.startswith((str(file), file.name))
                typer.echo(f"lowalt: {said if named else f'{file}: {said}'}", err=True)
                faulty = True
                continue
            if plan.plan_id in seen:
                typer.echo(
                    f"lowalt: {file}: given plan_id {plan.plan_id!r}, as in {seen[plan.plan_id]};"
                    " expected an identifier of its own for each plan",
                    err=True,
                )
                faulty = True
            seen.setdefault(plan.plan_id, file)
            plans.append(plan)
            progress(number / len(files))
    if faulty:
        raise typer.Exit(EXIT_BAD_INPUT)
    return plans


def _ground(text: str | None) -> TerrainModel | None:
    from lowalt.errors import LowaltError
    from lowalt.terrain import GeoTiffTerrain, HgtTerrain, UniformTerrain

    if text is None:
        return None
    try:
        return UniformTerrain(float(text))
    except ValueError:  # no number, so a path
        path = Path(text)
    if not path.exists():
        fail(f"--terrain: given {text!r}, expected metres, a folder of SRTM tiles or a GeoTIFF")
    try:
        return HgtTerrain(path) if path.is_dir() else GeoTiffTerrain(path)
    except (LowaltError, OSError) as error:
        fail(f"--terrain: {error}")


@contextmanager
def _progress(title: str) -> Iterator[Callable[[float], None]]:
    """Show a bar for what takes long, where somebody looks on."""
    from rich.console import Console
    from rich.progress import Progress

    watched = sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not watched) as bars:
        bar = bars.add_task(title, total=1.0)
        yield lambda share: bars.update(bar, completed=share)


def _show(found: list[PlanConflict], tracks: TrackArray, *, lang: Lang, form: Format) -> None:
    if form is Format.JSON:
        document = {
            "conflicts": [conflict.to_dict() for conflict in found],
            "flights": len(tracks),
            "tolerance_m": tracks.tolerance_m,
            "position_error_m": tracks.position_error_m,
        }
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    from lowalt.report.conflicts import explain_conflicts, explain_count

    console, width = terminal()
    for line in explain_conflicts(found, lang=lang.value, width=width):
        console.print(line, style="bold" if line.startswith("==>") else None, markup=False)
    for line in explain_count(found, tracks, lang=lang.value, width=width):
        console.print(line, markup=False)
