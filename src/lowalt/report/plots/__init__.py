"""Plots for notebooks: a map, a vertical profile, a timeline, and the geometry of a conflict.

They need matplotlib, which comes with the extra ``plot`` and is imported when a plot is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from lowalt.airspace import AirspaceDataset
from lowalt.conflicts import ConflictTable
from lowalt.errors import InvalidInputError, MissingExtraError, shown
from lowalt.flights import FlightPlan
from lowalt.report.scene import Scene, scenes_of
from lowalt.report.text import Language
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.timelines import timeline
from lowalt.verdicts import Verdict

if TYPE_CHECKING:
    from lowalt.report.picture.lettering import Lettering
    from lowalt.report.plots.plot import Plot

__all__ = ["plot_conflict", "plot_map", "plot_profile", "plot_timeline"]


def plot_map(
    plans: FlightPlan | Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    verdict: Verdict | Sequence[Verdict] = (),
    lang: Language = "en",
) -> Plot:
    """Draw flights on a map with the zones that they meet.

    Parameters
    ----------
    plans
        One plan, or some that belong on one map.
    airspace
        The zones, corridors, sites and boundaries.
    verdict
        What was decided of the plans; zones in which it asks nothing of them are then faint.
    lang
        ``zh`` or ``en``. Without a Chinese font on the machine it is drawn in English.

    Returns
    -------
    Plot
        What a notebook shows; ``figure`` is matplotlib's, ``save`` writes it.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InvalidInputError
        If the language is not one of the two, there is no plan, or a verdict is of none of the
        plans.
    """
    lettering = _lettering(lang)
    from lowalt.report.plots.flights import draw_map  # noqa: PLC0415 -- it imports the extra

    return draw_map(_scenes(plans, verdict, airspace, None, None), lettering)


def plot_profile(
    plans: FlightPlan | Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    verdict: Verdict | Sequence[Verdict] = (),
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    lang: Language = "en",
) -> Plot:
    """Draw how high flights are over time, with the ground and the floors and ceilings they meet.

    Parameters
    ----------
    plans, airspace, verdict, lang
        As for :func:`plot_map`.
    terrain, geoid
        Models to convert levels with; terrain is drawn too.

    Returns
    -------
    Plot
        What a notebook shows.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InvalidInputError
        As :func:`plot_map`.
    """
    lettering = _lettering(lang)
    from lowalt.report.plots.flights import draw_heights  # noqa: PLC0415 -- it imports the extra

    return draw_heights(_scenes(plans, verdict, airspace, terrain, geoid), lettering)


def plot_timeline(verdict: Verdict, *, now: datetime | None = None, lang: Language = "en") -> Plot:
    """Draw what there is to see to before take-off: who, by when, and what became of it.

    The axis shows minutes and weeks before take-off alike; times are local to the law that sets
    them. What the law sets no time for is dotted, up to take-off.

    Parameters
    ----------
    verdict
        The verdict.
    now
        Moment for which to say what is open and what is late, as for :func:`lowalt.timeline`.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    Plot
        What a notebook shows.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InvalidInputError
        If the language is not one of the two.
    NaiveDatetimeError
        If ``now`` has no time zone.
    """
    lettering = _lettering(lang)
    from lowalt.report.plots.deadlines import draw_timeline  # noqa: PLC0415 -- it imports the extra

    return draw_timeline(timeline(verdict, now=now), lettering)


def plot_conflict(table: ConflictTable, number: int = 0, *, lang: Language = "en") -> Plot:
    """Draw one conflict: the two tracks from above, and how far apart they are over time.

    Parameters
    ----------
    table
        Conflicts.
    number
        Row of the table.
    lang
        ``zh`` or ``en``.

    Returns
    -------
    Plot
        What a notebook shows. Flights are drawn as planned, however early or late they may be.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InvalidInputError
        If the table has no such row, or the language is not one of the two.
    """
    if not 0 <= number < len(table):
        have = f"0 to {len(table) - 1}" if len(table) else "none: the table is empty"
        raise InvalidInputError(f"number: given {shown(number)}, expected a row of it, {have}")
    lettering = _lettering(lang)
    from lowalt.report.plots.meeting import draw_conflict  # noqa: PLC0415 -- it imports the extra

    return draw_conflict(table, number, lettering)


def _lettering(lang: Language) -> Lettering:
    if lang not in ("zh", "en"):
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    if find_spec("matplotlib") is None:
        raise MissingExtraError("a plot needs matplotlib: pip install lowalt[plot]")
    from lowalt.report.picture.lettering import Lettering  # noqa: PLC0415 -- it imports the extra

    return Lettering.of(lang)


def _scenes(
    plans: FlightPlan | Sequence[FlightPlan],
    verdict: Verdict | Sequence[Verdict],
    airspace: AirspaceDataset,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
) -> tuple[Scene, ...]:
    drawn = (plans,) if isinstance(plans, FlightPlan) else tuple(plans)
    decided = (verdict,) if isinstance(verdict, Verdict) else tuple(verdict)
    return scenes_of(drawn, decided, airspace=airspace, terrain=terrain, geoid=geoid)
