"""``lowalt convert``: airspace or plans from one format to another, saying what is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lowalt.cli.options import EXIT_BAD_INPUT, fail, open_terrain
from lowalt.cli.sources import Source, sources_of
from lowalt.cli.telling import AircraftName, Buffer, Departure, Height, OperatorFile, told_of

if TYPE_CHECKING:
    from lowalt.formats import Loss
    from lowalt.formats.plans.exchange import Told

_IN = (
    "Airspace: GeoJSON, ED-269, ED-318, KML or KMZ, OpenAir, AIXM 5.1.1. Or plans: JSON of lowalt,"
    " GeoJSON, CSV, Parquet, QGroundControl, QGC WPL, DJI WPML, KML, GPX, ASTM F3548, UOM-USS;"
    " plans also as - for standard input."
)
_TO = (
    "If the ending does not say it: geojson, ed318, ed269, kml or openair for airspace; lowalt,"
    " geojson, csv, parquet, kml, f3548 or uom for plans."
)


class About(StrEnum):
    """What a file is about; the room that can tell it loads when the command runs."""

    ZONES = "zones"
    PLANS = "plans"


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help=_IN)],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="The file to write; its ending says the format.")
    ],
    form: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help=_TO)] = None,
    about: Annotated[
        About | None,
        typer.Option("--as", help="What the file is about, where its content does not say it."),
    ] = None,
    operator: OperatorFile = None,
    aircraft: AircraftName = None,
    departure: Departure = None,
    height: Height = None,
    buffer_m: Buffer = None,
    plan_type: Annotated[
        str | None,
        typer.Option(
            "--plan-type",
            metavar="CODE",
            help="Of a UOM-USS application: 11, 12, 13, 21 or 31; by default by the urgency.",
        ),
    ] = None,
    terrain: Annotated[
        str | None,
        typer.Option(
            metavar="METRES|FOLDER|FILE",
            help="Ground below plans, for formats with another reference of heights: one elevation,"
            " a folder of SRTM tiles, or a GeoTIFF.",
        ),
    ] = None,
    geoid: Annotated[
        bool,
        typer.Option("--geoid", help="Use the geoid of the region for that."),
    ] = False,
) -> None:
    """Convert a file of airspace or of plans.

    What the new format cannot hold, and what was taken from the operator's profile, is listed on
    standard error. The file is written whole or not at all.
    """
    from lowalt.errors import LowaltError
    from lowalt.formats.subjects import subject_of

    for_plans = {
        "--operator": operator,
        "--aircraft": aircraft,
        "--departure": departure,
        "--height": height,
        "--buffer": buffer_m,
        "--plan-type": plan_type,
        "--terrain": terrain,
        "--geoid": geoid or None,
    }
    try:
        if source.is_dir():
            fail(f"{source}: a folder; name a file in it")
        if not target.parent.is_dir():
            fail(f"{target}: there is no folder {target.parent} to write it to; make it first")
        (given,) = sources_of([source])
        content = given.content()
        if (about or subject_of(content, name=given.name)) == About.ZONES:
            _refuse_options(for_plans)
            if given.given is not None:
                fail("standard input: airspace is read from files only; name its file")
            _convert_zones(source, target, form)
            return
        told = told_of(
            source,
            operator=operator,
            departure=departure,
            height=height,
            buffer_m=buffer_m,
            aircraft=aircraft,
        )
        options = {"plan_type": plan_type, "terrain": terrain, "geoid": geoid}
        _convert_plans(content, given, target, form, told, options)
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except LowaltError as error:
        fail(str(error))


def _refuse_options(given: Mapping[str, Any]) -> None:
    names = [name for name, value in given.items() if value is not None]
    if names:
        fail(
            f"{', '.join(names)}: for plans, and this is a file of airspace; --as plans reads it so"
        )


def _convert_zones(source: Path, target: Path, form: str | None) -> None:
    from lowalt.formats import read_features, write_features

    reading = read_features(source)
    losses = write_features(reading.features, target, format=form, title=reading.title or None)
    _tell((*reading.losses, *losses))
    left_out = sum(loss.what == "feature" for loss in losses)
    typer.echo(f"{target}: {len(reading.features) - left_out} features, {left_out} left out")


def _convert_plans(
    content: bytes,
    source: Source,
    target: Path,
    form: str | None,
    told: Told,
    given: Mapping[str, Any],
) -> None:
    """Write what can be read; that anything could not, the exit code says."""
    from lowalt.formats.plans.files import read_plans_bytes, write_plans

    reading = read_plans_bytes(content, name=source.name, told=told)
    losses = write_plans(reading.plans, target, format=form, **_options(form, given))
    _tell((*reading.losses, *losses))
    for refusal in reading.refused:
        typer.echo(f"lowalt: {refusal}", err=True)
    typer.echo(f"{target}: {len(reading.plans)} plans, {len(reading.refused)} refused")
    if reading.refused:
        raise typer.Exit(EXIT_BAD_INPUT)


def _options(form: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Give a writer what it asks for beside the plans."""
    from lowalt.terrain import load_geoid

    if given["plan_type"] is not None and form != "uom":
        fail("--plan-type: of an application only; give --to uom too")
    if form not in ("f3548", "uom"):
        if given["terrain"] is not None or given["geoid"]:
            fail(
                "--terrain and --geoid: only --to f3548 and --to uom bring heights to another zero"
            )
        return {}
    models = {
        "terrain": open_terrain(given["terrain"]),
        "geoid": load_geoid() if given["geoid"] else None,
    }
    return {**models, "plan_type": given["plan_type"]} if form == "uom" else models


def _tell(losses: Iterable[Loss]) -> None:
    for loss in losses:
        typer.echo(f"lowalt: {loss}", err=True)
