"""``lowalt conflicts``: every conflict among flight plans."""

from __future__ import annotations

import json
from dataclasses import asdict
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
    open_terrain,
    terminal,
)
from lowalt.cli.searching import Answer, Search, progress

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan


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
    from lowalt.errors import LowaltError
    from lowalt.terrain import load_geoid

    given = _read(list(files_of(plans, is_plan, what="plans")))
    search = Search(
        plans=given,
        terrain=open_terrain(terrain),
        geoid=load_geoid() if geoid else None,
        vertical_radius_m=vertical_radius,
        tolerance_m=tolerance,
        time_uncertainty_s=time_uncertainty,
        engine=engine.value,
    )
    try:
        answer = search.answer()
    except LowaltError as error:
        fail(str(error))
    _show(answer, flights=len(given), lang=lang, form=form)
    raise typer.Exit(EXIT_AGAINST if answer.found else EXIT_CLEAR)


def _read(files: list[Path]) -> list[FlightPlan]:
    """Read all plans; one that cannot be read would leave its conflicts out, so all must be."""
    from lowalt.errors import LowaltError
    from lowalt.flights import read_plan

    plans: list[FlightPlan] = []
    seen: dict[str, Path] = {}
    places: set[Path] = set()
    faulty = False
    with progress("plans") as told:
        for number, file in enumerate(files, start=1):
            place = file.resolve()
            if place in places:
                typer.echo(f"lowalt: {file}: given twice; name each plan once", err=True)
                faulty = True
                continue
            places.add(place)
            try:
                plan = read_plan(file)
            except (LowaltError, OSError) as error:
                said = str(getattr(error, "strerror", None) or error)
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
            told(number / len(files))
    if faulty:
        raise typer.Exit(EXIT_BAD_INPUT)
    return plans


def _show(answer: Answer, *, flights: int, lang: Lang, form: Format) -> None:
    margins = list(answer.margins.values())
    if form is Format.JSON:
        widest = max(margins, key=lambda margin: margin.tolerance_m)
        document = {
            "conflicts": [conflict.to_dict() for conflict in answer.found],
            "flights": flights,
            **asdict(widest),
            "margins": {kind: asdict(margin) for kind, margin in answer.margins.items()},
        }
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    from lowalt.report.conflicts import explain_conflicts, explain_count

    console, width = terminal()
    for line in explain_conflicts(answer.found, lang=lang.value, width=width):
        console.print(line, style="bold" if line.startswith("==>") else None, markup=False)
    summary = explain_count(
        answer.found,
        flights=flights,
        margins=margins,
        surface=answer.surface,
        lang=lang.value,
        width=width,
    )
    for line in summary:
        console.print(line, markup=False)
