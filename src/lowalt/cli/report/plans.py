"""The plans of a report: all of them must be there, since a page left out says nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lowalt.cli.options import EXIT_BAD_INPUT
from lowalt.cli.sources import sources_of
from lowalt.cli.telling import told_of

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the command line says of plans beside their files."""

    operator: Path | None
    departure: str | None
    height: str | None
    buffer_m: float | None


def read_all(paths: Iterable[Path], telling: Telling, *, recursive: bool) -> list[FlightPlan]:
    """Read the plans of files and folders; what cannot be read is said, and ends the command."""
    from lowalt.errors import LowaltError
    from lowalt.formats.plans.files import read_plans_bytes

    plans: dict[str, FlightPlan] = {}
    refused: list[str] = []
    for source in sources_of(paths, recursive=recursive):
        told = told_of(
            source.path,
            operator=telling.operator,
            departure=telling.departure,
            height=telling.height,
            buffer_m=telling.buffer_m,
        )
        try:
            reading = read_plans_bytes(source.content(), name=source.name, told=told)
        except (LowaltError, OSError) as error:
            refused.append(_said(source.label, error))
            continue
        for loss in reading.losses:
            typer.echo(f"lowalt: {loss}", err=True)
        refused += (_said(source.label, error) for error in reading.refused)
        for plan in reading.plans:
            if plan.plan_id in plans:
                refused.append(f"{source.label}: plan_id {plan.plan_id!r} was given before")
            plans[plan.plan_id] = plan
    if refused:
        for said in refused:
            typer.echo(f"lowalt: {said}", err=True)
        raise typer.Exit(EXIT_BAD_INPUT)
    return list(plans.values())


def _said(label: str, error: Exception) -> str:
    said = str(getattr(error, "strerror", None) or error)
    return said if said.startswith((label, Path(label).name)) else f"{label}: {said}"
