"""What a coded report says, spell by spell, and the worst that it allows in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lowalt.temporal import Schedule, TimeInterval

CLEAR_M = 20_000.0
"""Height that stands for a sky without cloud, or without a ceiling, metres."""


class ReportKind(StrEnum):
    """Whether a report tells of what was observed or of what is forecast."""

    METAR = "METAR"
    SPECI = "SPECI"
    TAF = "TAF"


class Change(StrEnum):
    """How a spell comes about."""

    FIRST = "FIRST"
    """What the report begins with."""

    FM = "FM"
    BECMG = "BECMG"
    TEMPO = "TEMPO"
    PROB = "PROB"

    @property
    def passes(self) -> bool:
        """Whether it may come and go beside what prevails, instead of taking its place."""
        return self in {Change.TEMPO, Change.PROB}


@dataclass(frozen=True, slots=True)
class Sky:
    """Cloud above an aerodrome.

    Attributes
    ----------
    base_m
        Height of the lowest cloud, a few eighths of it included, or the vertical visibility into
        an obscured sky; metres above the aerodrome, ``None`` where not known.
    ceiling_m
        The same of the lowest cloud that covers more than half of the sky.
    """

    base_m: float | None
    ceiling_m: float | None

    def raised(self, *, by_m: float) -> Sky:
        """Return the same cloud, counted from so many metres lower."""
        base_m, ceiling_m = (
            None if height_m is None else height_m + by_m
            for height_m in (self.base_m, self.ceiling_m)
        )
        return Sky(base_m, ceiling_m)


@dataclass(frozen=True, slots=True)
class Spell:
    """Weather that is, or may be, for a time.

    Attributes
    ----------
    change
        How it comes about. A passing one lies beside what prevails.
    period
        The longest time in which it may be: one that becomes begins with the change, and what it
        takes the place of lasts until the end of the change.
    visibility_m
        Prevailing visibility, or the least one where the report gives that too, metres; 10,000 is
        that or more. ``None`` where not known or, of a passing one, where it stays as it is.
    sky
        Cloud; ``None`` where not known or, of a passing one, where it stays as it is.
    weather
        Codes of what falls or obscures, such as ``+TSRA``.
    probability
        Per cent, where the forecast gives one.
    """

    change: Change
    period: TimeInterval
    visibility_m: float | None = None
    sky: Sky | None = None
    weather: tuple[str, ...] = ()
    probability: int | None = None


class Worst(NamedTuple):
    """The worst of a period; each ``None`` where the reports do not tell for all of it.

    Attributes
    ----------
    visibility_m
        Least visibility, metres.
    cloud_base_m, ceiling_m
        Lowest cloud and lowest ceiling, metres above the aerodrome.
    """

    visibility_m: float | None
    cloud_base_m: float | None
    ceiling_m: float | None


@dataclass(frozen=True, slots=True)
class AerodromeReport:
    """A METAR, SPECI or TAF.

    Attributes
    ----------
    station
        Location indicator of the aerodrome, such as ``VHHH``.
    issued_at
        When it was observed or issued.
    period
        What it stands for; ``None`` where it is cancelled or missing (``CNL``, ``NIL``).
    spells
        What it says: those that prevail follow each other, passing ones lie beside them.
    text
        As it was given.
    """

    kind: ReportKind
    station: str
    issued_at: datetime
    period: TimeInterval | None
    spells: tuple[Spell, ...]
    text: str

    def worst_during(self, period: TimeInterval) -> Worst:
        """Return the worst that this report alone allows; see :func:`worst_during`."""
        return worst_during([self], period)


def worst_during(reports: Sequence[AerodromeReport], period: TimeInterval) -> Worst:
    """Return the worst weather that any group of some reports allows in a period.

    What may pass counts like what prevails, at any probability; what becomes counts from its
    beginning, and what it takes the place of until its end.

    Parameters
    ----------
    reports
        Reports of one aerodrome, or of several with cloud counted from one level. Where several
        speak of a time, the worst of them counts.
    period
        When.

    Returns
    -------
    Worst
        Each value ``None`` where the reports together do not tell it for all of the period.

    Examples
    --------
    >>> from datetime import datetime
    >>> from lowalt.weather import read_report
    >>> noon = datetime.fromisoformat("2026-06-04T12:00:00+08:00")
    >>> report = read_report(
    ...     "TAF VHHH 032300Z 0400/0506 09012KT 9999 FEW015 TEMPO 0403/0406 3000 SHRA BKN010",
    ...     near=noon,
    ... )
    >>> worst_during([report], TimeInterval(noon.replace(hour=9), noon.replace(hour=10)))
    Worst(visibility_m=10000.0, cloud_base_m=457.2, ceiling_m=20000.0)
    >>> worst_during([report], TimeInterval(noon, noon.replace(hour=13)))
    Worst(visibility_m=3000.0, cloud_base_m=304.8, ceiling_m=304.8)
    """
    met = [s for report in reports for s in report.spells if s.period.overlaps(period)]
    seen = [(s, s.visibility_m) for s in met if s.visibility_m is not None]
    skies = [(s, s.sky) for s in met if s.sky is not None]
    return Worst(
        _least(seen, period),
        _least([(spell, sky.base_m) for spell, sky in skies], period),
        _least([(spell, sky.ceiling_m) for spell, sky in skies], period),
    )


def _least(told: Sequence[tuple[Spell, float | None]], period: TimeInterval) -> float | None:
    """Least of what is told; ``None`` where it is not told for all of a period."""
    known = [(spell, value) for spell, value in told if value is not None]
    prevailing = Schedule.of(spell.period for spell, _ in known if not spell.change.passes)
    if list(prevailing.active_within(period)) != [period]:
        return None
    if any(value is None and spell.change.passes for spell, value in told):
        return None  # an obscured sky of unknown depth may come, and be lower than all else
    return min(value for _, value in known)
