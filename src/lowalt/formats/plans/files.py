"""Files of plans in any format: reading them, and writing them whole or not at all."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from lowalt.documents import read_document, write_document
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Loss, Written
from lowalt.formats.plans.completing import completed
from lowalt.formats.plans.exchange import Draft, PlanReading, Told, kept
from lowalt.formats.plans.profile import profile_beside
from lowalt.formats.plans.recognition import (
    PLAN_FORMATS,
    PlanFormat,
    plan_format,
    plan_format_of,
)
from lowalt.levels import Level

__all__ = [
    "LARGEST_PLAN_BYTES",
    "PLAN_FORMATS",
    "PlanFormat",
    "plan_format",
    "plan_format_of",
    "read_plans",
    "read_plans_bytes",
    "write_plans",
    "write_plans_bytes",
]

LARGEST_PLAN_BYTES: Final = 64 * 1024 * 1024
"""Largest file of plans that is read: a million waypoints of a table."""

# What a file is written as whose format nobody names.
_FIRST_CHOICE = {
    ".json": "lowalt",
    ".geojson": "geojson",
    ".csv": "csv",
    ".parquet": "parquet",
    ".kml": "kml",
}

Reader = Callable[..., Sequence[Draft | InvalidInputError]]
"""``read(content, *, name, told)``: drafts in the order of the file. In the place of one that is
broken alone stands why."""

Writer = Callable[..., Written]
"""``write(plans, **options)``."""


def _door(known: PlanFormat, what: str) -> Any:
    # Loaded when needed: some bring libraries along that few readers want.
    return getattr(importlib.import_module(f"lowalt.formats.plans.{known.module}"), what)


# Reading


def read_plans(
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    told: Told | None = None,
    largest_bytes: int = LARGEST_PLAN_BYTES,
) -> PlanReading:
    """Read the plans of a file of any format.

    Parameters
    ----------
    path
        The file.
    format
        A name of :data:`PLAN_FORMATS`; without it the file's content decides.
    told
        What the file does not say; by default what an ``operator.toml`` beside it says.
    largest_bytes
        Largest file read.

    Returns
    -------
    PlanReading
        The plans, what of the file is not in them, and why some of several were not read.

    Raises
    ------
    InvalidInputError
        If no plan can be read; the message names the file or the plan.
    UnknownNameError
        If there is no such format.
    OSError
        If the file cannot be opened.

    Examples
    --------
    >>> reading = read_plans("examples/plans/06_exactly_120_m.json")
    >>> [plan.plan_id for plan in reading.plans]
    ['pingshan-roof-120m']
    """
    path = Path(path)
    content = read_document(path, largest_bytes=largest_bytes)
    if told is None:
        profile = profile_beside(path)
        told = Told() if profile is None else Told(profile=profile)
    return read_plans_bytes(content, name=path.name, format=format, told=told)


def read_plans_bytes(
    content: bytes,
    *,
    name: str = "standard input",
    format: str | None = None,  # noqa: A002 - what everybody calls it
    told: Told | None = None,
) -> PlanReading:
    """Read plans of any format from what a file holds.

    Parameters
    ----------
    content
        The file.
    name
        What messages call it; its stem names plans that have no name of their own.
    format, told
        As for :func:`read_plans`; nothing is looked for beside it.

    Raises
    ------
    InvalidInputError
        If no plan can be read.
    UnknownNameError
        If there is no such format.
    """
    known = plan_format(plan_format_of(content, name=name) if format is None else format)
    if not known.reads:
        raise InvalidInputError(f"{name}: {known.title} is only written; it cannot be read")
    told = Told() if told is None else told
    drafts = cast(Reader, _door(known, "read"))(content, name=name, told=told)
    plans: dict[str, FlightPlan] = {}
    losses: list[Loss] = []
    refused: list[InvalidInputError] = []
    for draft in drafts:
        try:
            plan, lost = _one(draft, told, plans, name=name)
        except InvalidInputError as error:
            refused.append(kept(error))
            continue
        plans[plan.plan_id] = plan
        losses += lost
    if not plans:
        raise _nothing(refused, name=name)
    losses += _not_needed(plans.values(), told)
    return PlanReading(tuple(plans.values()), tuple(losses), tuple(refused))


def _not_needed(plans: Collection[FlightPlan], told: Told) -> Iterator[Loss]:
    """Tell of what was told in vain: whoever told it may think that the flights are so."""
    how = "what was told is not used: the file says its own"
    if told.departure is not None and told.departure not in {plan.departure for plan in plans}:
        yield Loss("", "departure", how)
    if told.level is not None and not any(told.level in _levels(plan) for plan in plans):
        yield Loss("", "height", how)


def _levels(plan: FlightPlan) -> Iterator[Level | None]:
    if plan.operating_area is not None:
        yield from (plan.operating_area.floor, plan.operating_area.ceiling)
    yield from (waypoint.level for waypoint in plan.waypoints or ())


def _one(
    draft: Draft | InvalidInputError, told: Told, before: Mapping[str, FlightPlan], *, name: str
) -> tuple[FlightPlan, tuple[Loss, ...]]:
    if isinstance(draft, InvalidInputError):
        raise draft
    plan, losses = completed(draft, profile=told.profile, name=name)
    if plan.plan_id in before:
        raise InvalidInputError(
            f"{name}: {plan.plan_id}: a plan of this name stands before it; names tell plans apart"
        )
    return plan, losses


def _nothing(refused: Sequence[InvalidInputError], *, name: str) -> InvalidInputError:
    if not refused:
        return InvalidInputError(f"{name}: there is no plan in it")
    if len(refused) == 1:
        return refused[0]
    return InvalidInputError(
        f"{name}: none of {len(refused)} plans can be read; the first: {refused[0]}"
    )


# Writing


def write_plans(
    plans: Iterable[FlightPlan],
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - what everybody calls it
    **options: Any,
) -> tuple[Loss, ...]:
    """Write plans to a file, whole or not at all.

    Parameters
    ----------
    plans
        The plans.
    path
        The file; one that is there is replaced when the new one is finished.
    format
        A name of :data:`PLAN_FORMATS`; without it the ending of the path decides.
    options
        What the writer of the format asks beside.

    Returns
    -------
    tuple of Loss
        What other readers of the format do not see.

    Raises
    ------
    InvalidInputError
        If a plan cannot be written, or the ending does not tell the format.
    UnknownNameError
        If there is no such format.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> plans = read_plans("examples/plans/06_exactly_120_m.json").plans
    >>> with TemporaryDirectory() as folder:
    ...     _ = write_plans(plans, Path(folder) / "day.geojson")
    ...     read_plans(Path(folder) / "day.geojson").plans == plans
    True
    """
    path = Path(path)
    written = write_plans_bytes(plans, format=format or _format_to_write(path), **options)
    write_document(path.resolve(), written.content)
    return written.losses


def write_plans_bytes(
    plans: Iterable[FlightPlan],
    *,
    format: str,  # noqa: A002 - what everybody calls it
    **options: Any,
) -> Written:
    """Write plans as what a file of a format holds.

    Parameters
    ----------
    plans, format, options
        As for :func:`write_plans`.

    Raises
    ------
    InvalidInputError
        If a plan cannot be written.
    UnknownNameError
        If there is no such format.
    """
    known = plan_format(format)
    if not known.writes:
        raise InvalidInputError(f"{known.title} is only read; it cannot be written")
    plans = tuple(plans)
    if not plans:
        raise InvalidInputError(f"no plans to write as {known.title}")
    return cast(Writer, _door(known, "write"))(plans, **options)


def _format_to_write(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in _FIRST_CHOICE:
        writable = (known.name for known in PLAN_FORMATS.values() if known.writes)
        raise InvalidInputError(
            f"{path.name}: its ending does not tell the format to write; name one:"
            f" {', '.join(writable)}"
        )
    return _FIRST_CHOICE[suffix]
