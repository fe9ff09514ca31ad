"""``lowalt conflicts``: every conflict among flight plans."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

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
    from lowalt.conflicts.volumes import VolumeArray
    from lowalt.flights import FlightPlan
    from lowalt.levels import VerticalReference
    from lowalt.report.conflicts import Margin, PlanConflict
    from lowalt.terrain import GeoidModel, TerrainModel


_Kind = Literal["routes", "areas", "routes_with_areas"]


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
    search = _Search(
        routes=[plan for plan in given if plan.waypoints is not None],
        areas=[plan for plan in given if plan.waypoints is None],
        terrain=_ground(terrain),
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


@dataclass(frozen=True, slots=True)
class _Search:
    """What is to be compared with what, and how."""

    routes: list[FlightPlan]
    areas: list[FlightPlan]
    terrain: TerrainModel | None
    geoid: GeoidModel | None
    vertical_radius_m: float | None
    tolerance_m: float
    time_uncertainty_s: float
    engine: Literal["auto", "numpy", "native"]

    def answer(self) -> _Answer:
        """Search, in order of time."""
        tracks = self._tracks()
        volumes = self._volumes(tracks)
        margins = self._margins(tracks, volumes)
        found = sorted(
            self._conflicts(tracks, volumes, margins), key=lambda each: (each.start, each.between)
        )
        either = volumes if tracks is None else tracks
        return _Answer(found, margins, None if either is None else either.surface)

    def _tracks(self) -> TrackArray | None:
        """Take the plans that have a route."""
        from lowalt.conflicts import TrackArray

        if not self.routes:
            return None
        return TrackArray.from_plans(
            self.routes,
            terrain=self.terrain,
            geoid=self.geoid,
            tolerance_m=self.tolerance_m,
            time_uncertainty_s=self.time_uncertainty_s,
            vertical_radius_m=self.vertical_radius_m,
        )

    def _volumes(self, tracks: TrackArray | None) -> VolumeArray | None:
        """Take the plans that hold an area."""
        from lowalt.conflicts.planning.areas import volumes_of

        if not self.areas:
            return None
        return volumes_of(
            self.areas,
            terrain=self.terrain,
            geoid=self.geoid,
            time_uncertainty_s=self.time_uncertainty_s,
            like=tracks,
        )

    def _margins(
        self, tracks: TrackArray | None, volumes: VolumeArray | None
    ) -> dict[_Kind, Margin]:
        """Say what is added to the buffers of what is compared with what."""
        from lowalt.report.conflicts import Margin

        margins: dict[_Kind, Margin] = {}
        if tracks is not None:
            margins["routes"] = Margin(tracks.tolerance_m, tracks.position_error_m)
        if volumes is not None:
            error_m = 2.0 * volumes.position_error_m
            margins["areas"] = Margin(self.tolerance_m + error_m, error_m)
        if tracks is not None and volumes is not None:
            error_m = volumes.position_error_m
            margins["routes_with_areas"] = Margin(
                tracks.tolerance_m + error_m, tracks.position_error_m + error_m
            )
        return margins

    def _conflicts(
        self,
        tracks: TrackArray | None,
        volumes: VolumeArray | None,
        margins: Mapping[_Kind, Margin],
    ) -> Iterator[PlanConflict]:
        """Compare routes with routes, areas with areas, and the ones with the others."""
        from lowalt.conflicts import detect_conflicts
        from lowalt.conflicts.volumes import detect_intrusions, volume_conflicts
        from lowalt.report.conflicts import (
            conflicts_of_areas,
            conflicts_of_plans,
            conflicts_with_areas,
        )

        if tracks is not None:
            with _progress("conflicts") as progress:
                table = detect_conflicts(tracks, engine=self.engine, progress=progress)
            yield from conflicts_of_plans(table, self.routes)
        if volumes is not None:
            tolerance_m = margins["areas"].tolerance_m
            overlaps = volume_conflicts(volumes, tolerance_m=tolerance_m, engine=self.engine)
            yield from conflicts_of_areas(overlaps, self.areas)
        if tracks is not None and volumes is not None:
            stays = detect_intrusions(
                tracks,
                volumes,
                protection="cylinder",
                tolerance_m=margins["routes_with_areas"].tolerance_m,
                engine=self.engine,
            )
            yield from conflicts_with_areas(stays, self.routes, self.areas)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found, and how it was looked for."""

    found: list[PlanConflict]
    margins: dict[_Kind, Margin]
    surface: VerticalReference | None


def _read(files: list[Path]) -> list[FlightPlan]:
    """Read all plans; one that cannot be read would leave its conflicts out, so all must be."""
    from lowalt.errors import LowaltError
    from lowalt.flights import read_plan

    plans: list[FlightPlan] = []
    seen: dict[str, Path] = {}
    places: set[Path] = set()
    faulty = False
    with _progress("plans") as progress:
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
            progress(number / len(files))
    if faulty:
        raise typer.Exit(EXIT_BAD_INPUT)
    return plans


def _ground(text: str | None) -> TerrainModel | None:
    from lowalt.errors import LowaltError
    from lowalt.terrain import GeoTiffTerrain, HgtTerrain, UniformTerrain

    if text is None:
        return None
    path = Path(text)
    with suppress(ValueError):  # no number, so a path
        elevation_m = float(text)
        if math.isfinite(elevation_m):
            return UniformTerrain(elevation_m)
        fail(f"--terrain: given {text!r}, expected a number of metres")
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


def _show(answer: _Answer, *, flights: int, lang: Lang, form: Format) -> None:
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
