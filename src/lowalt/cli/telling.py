"""Options that say of plans what their files leave open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lowalt.cli.options import fail, read_time

if TYPE_CHECKING:
    from lowalt.formats.plans.exchange import Told
    from lowalt.formats.plans.profile import OperatorProfile

OperatorFile = Annotated[
    Path | None,
    typer.Option(
        "--operator",
        metavar="FILE",
        help="What the operator says of every flight; by default operator.toml beside the plans.",
    ),
]
Departure = Annotated[
    str | None,
    typer.Option(
        "--departure",
        metavar="TIME",
        help="When a flight begins whose file has no times, as 2026-06-11T10:00:00+08:00.",
    ),
]
Height = Annotated[
    str | None,
    typer.Option(
        "--height",
        metavar="LEVEL",
        help="How high a flight is whose file has no heights, as '120 m AGL'.",
    ),
]
Buffer = Annotated[
    float | None,
    typer.Option(
        "--buffer",
        metavar="METRES",
        min=0.0,
        help="Half-width of the airspace of routes whose file does not say it.",
    ),
]
AircraftName = Annotated[
    str | None,
    typer.Option(
        "--aircraft",
        metavar="NAME",
        help="Which aircraft of the operator's [fleet] flies, where it is not the usual one.",
    ),
]


def told_of(
    source: Path,
    *,
    operator: Path | None,
    departure: str | None,
    height: str | None,
    buffer_m: float | None,
    aircraft: str | None = None,
) -> Told:
    """Bring together what options and the operator's profile say of the plans of a file.

    Beside standard input is what lies in the working folder.
    """
    from lowalt.errors import InvalidInputError, UnknownNameError
    from lowalt.formats.plans.exchange import Told
    from lowalt.levels import Level

    profile = _profile(source, operator)
    if buffer_m is not None:
        profile = replace(profile, route=replace(profile.route, buffer_m=buffer_m))
    try:
        profile = profile if aircraft is None else profile.with_aircraft(aircraft)
    except UnknownNameError as error:
        fail(f"--aircraft: {error}")
    try:
        level = None if height is None else Level.parse(height)
    except InvalidInputError as error:
        fail(f"--height: {error}")
    return Told(departure=read_time(departure, option="--departure"), level=level, profile=profile)


def _profile(source: Path, operator: Path | None) -> OperatorProfile:
    from lowalt.errors import LowaltError
    from lowalt.formats.plans.profile import OperatorProfile, profile_beside, read_profile

    try:
        if operator is not None:
            return read_profile(operator)
        return profile_beside(source) or OperatorProfile()
    except (LowaltError, OSError) as error:
        fail(f"--operator: {error}")
