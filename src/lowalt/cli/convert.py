"""``lowalt convert``: airspace from one format to another, saying what is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lowalt.cli.options import fail

_ZONES = "Airspace: GeoJSON, ED-269, ED-318, KML or KMZ, OpenAir, AIXM 5.1.1."


def convert(
    source: Annotated[Path, typer.Argument(metavar="IN", help=_ZONES)],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="The file to write; its ending says the format.")
    ],
    form: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="FORMAT", help="geojson, ed318, ed269, kml or openair, if it does not."
        ),
    ] = None,
) -> None:
    """Convert a file of airspace.

    What the new format cannot hold is listed on standard error, feature by feature. The file is
    written whole or not at all.
    """
    from lowalt.errors import LowaltError
    from lowalt.formats import read_features, write_features

    try:
        reading = read_features(source)
        losses = write_features(reading.features, target, format=form, title=reading.title or None)
    except (LowaltError, OSError) as error:
        fail(str(error))
    for loss in (*reading.losses, *losses):
        typer.echo(f"lowalt: {loss}", err=True)
    left_out = sum(loss.what == "feature" for loss in losses)
    typer.echo(f"{target}: {len(reading.features) - left_out} features, {left_out} left out")
