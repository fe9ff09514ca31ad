"""What one rule says of a flight, and what is not known that would settle more."""

from __future__ import annotations

from dataclasses import dataclass

from lowalt.regulations.model import Bilingual, Verification
from lowalt.temporal import TimeInterval
from lowalt.verdicts.decisions import Decision, Status


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding arises.

    Attributes
    ----------
    text
        The zone or leg, for people.
    zone
        Identifier of the zone, if it is one.
    lon_deg, lat_deg
        Where it is first met.
    """

    text: Bilingual
    zone: str | None
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of the flight.

    Attributes
    ----------
    citation
        Such as ``cn/order_761_2023#art_19__para_2``.
    instrument, label
        Short title of the instrument, and how lawyers write the place in it.
    status
        What became of the rule.
    consequence
        Outcome that the rule asks for where it is breached, required or open; ``None`` where it
        can only advise.
    text
        The provision in our own words.
    because
        The facts that decided it; empty where it does not concern the flight.
    action
        What to do; empty where nothing is to be done.
    observed, limit, margin
        Value seen, the number of law, and the room left (negative: exceeded), where there is one.
    where, when
        Place and time concerned, where it is not the whole flight.
    waived_by
        Citations of the rules that took the duty away.
    verification
        How far the provision's text was read.
    note
        A choice of reading to know of.
    """

    citation: str
    instrument: Bilingual
    label: Bilingual
    status: Status
    consequence: Decision | None
    text: Bilingual
    because: Bilingual
    action: Bilingual
    observed: str | None
    limit: str | None
    margin: str | None
    where: Place | None
    when: TimeInterval | None
    waived_by: tuple[str, ...]
    verification: Verification
    note: Bilingual

    def cited(self, lang: str) -> str:
        """Write the citation for people: instrument and place in it."""
        return f"{self.instrument[lang]}{'' if lang == 'zh' else ' '}{self.label[lang]}"


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact, or a question of law, that would narrow the decision.

    Attributes
    ----------
    fact
        Name of the fact; ``None`` for a question that only an authority can settle.
    text
        What is not known.
    field
        Path in the plan to fill in; empty where it is derived from place and time.
    worst
        Strictest outcome that hangs on it.
    citations
        Rules that wait for it.
    """

    fact: str | None
    text: Bilingual
    field: str
    worst: Decision
    citations: tuple[str, ...]
