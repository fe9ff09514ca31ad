"""What the commands share: languages, forms, exit codes, and how bad input is refused."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from lowalt.airspace import AirspaceDataset
    from lowalt.regulations.rulebook import Rulebook
    from lowalt.terrain import TerrainModel

EXIT_CLEAR, EXIT_AGAINST, EXIT_BAD_INPUT = 0, 1, 2
EXIT_STOPPED = 130
"""What shells give a command that Ctrl-C stopped."""

RECORD = ".record.json"
"""How the name of a record ends, which tells it from a plan."""


class Lang(StrEnum):
    """Language of what is printed."""

    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    """Form of what is printed."""

    TEXT = "text"
    JSON = "json"


SubmittedAt = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="When the application is made, such as 2026-06-11T10:00:00+08:00; by default what"
        " each plan states.",
    ),
]

Rules = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        metavar="DIR|FILE",
        help="Rules of your own to add to the law; may be given more than once. Their Python files"
        " are run: docs/own_rules.md.",
    ),
]


Terrain = Annotated[
    str | None,
    typer.Option(
        "--terrain",
        metavar="METRES|FOLDER|FILE",
        help="Ground below plans: one elevation for all, a folder of SRTM tiles, or a GeoTIFF.",
    ),
]
Geoid = Annotated[
    bool,
    typer.Option("--geoid", help="Use the geoid of the region for heights above the ellipsoid."),
]


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with the exit code of bad input."""
    typer.echo(f"lowalt: {message}", err=True)
    raise typer.Exit(EXIT_BAD_INPUT)


def files_of(paths: Iterable[Path], test: Callable[[Path], bool], *, what: str) -> Iterator[Path]:
    """Yield the files named, and those of the folders named that pass a test, in order."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted(filter(test, path.iterdir()))
        if not found:
            fail(f"{path}: the folder holds no {what} in .json; name {what} or a folder of them")
        yield from found


def is_plan(file: Path) -> bool:
    """Tell a plan by the name of its file."""
    return file.suffix == ".json" and not file.name.endswith(RECORD)


def read_time(text: str | None, *, option: str) -> datetime | None:
    """Read the time of an option, refusing one without an offset."""
    if text is None:
        return None
    from lowalt.errors import NaiveDatetimeError
    from lowalt.temporal import require_aware

    try:
        return require_aware(datetime.fromisoformat(text), field=option)
    except NaiveDatetimeError as error:
        fail(str(error))
    except ValueError:
        fail(f"{option}: given {text!r}, expected a time such as 2026-06-11T10:00:00+08:00")


def open_airspace(name: str) -> AirspaceDataset:
    """Load the dataset of an option: one that comes with lowalt, or a file of any format."""
    from lowalt.errors import LowaltError

    try:
        if Path(name).suffix:
            from lowalt.formats import read_airspace

            return read_airspace(name)
        from lowalt.airspace import load_airspace

        return load_airspace(name)
    except (LowaltError, OSError) as error:
        fail(f"--airspace: {error}")


def open_terrain(text: str | None) -> TerrainModel | None:
    """Open the ground of an option: a number of metres, tiles or a file."""
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


def open_rulebook(
    rules: Sequence[Path] | None,
    *,
    on: date,
    engine: Literal["auto", "durable", "reference"] = "auto",
) -> Rulebook:
    """Load the law of a day, with the instruments of an option added to it."""
    from lowalt.errors import RegulationError
    from lowalt.regulations.rulebook import load_rulebook

    try:
        return load_rulebook("shenzhen", on=on, own_rules=rules or (), engine=engine)
    except (RegulationError, OSError) as error:
        fail(f"--rules: {error}" if rules else str(error))


def terminal() -> tuple[Console, int]:
    """Open the terminal with its width, at most 100; a file or pipe always gets 100 columns."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    return console, min(console.width, 100) if sys.stdout.isatty() else 100
