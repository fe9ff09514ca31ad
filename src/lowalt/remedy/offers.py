"""What is offered: a change of the plan, why it helps, what it costs and what the law then says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from lowalt.flights import FlightPlan
from lowalt.regulations.model import Bilingual
from lowalt.remedy.supposing import Supposed
from lowalt.verdicts import Decision, Verdict


class Kind(StrEnum):
    """What an operator is asked to do."""

    LOWER = "lower"
    """Fly lower."""

    SLOWER = "slower"
    """Fly slower."""

    DISTANCE = "distance"
    """Stay nearer to the pilot, or farther from other people."""

    EARLIER = "earlier"
    LATER = "later"
    """Fly the same at another time."""

    SIDEWAYS = "sideways"
    """Go round a zone, give up the part of an area inside it, or move away from it."""

    DROP = "drop"
    """Fly in a simpler way."""

    FILE = "file"
    """Hand in, report or have confirmed, by a time."""

    OBTAIN = "obtain"
    """Get a document, an approval, a service or a fitting."""

    STATE = "state"
    """Fill in what the plan leaves out, if it is true."""

    COMBINATION = "combination"
    """Several of these together, each of them needed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to change, which can be made in any plan that allows it.

    Attributes
    ----------
    text
        What to change, from what to what.
    cost
        Minutes of work and of flight lost; see :mod:`lowalt.remedy.costs`.
    apply
        Makes the change; ``None`` where the plan does not allow it.
    series, amount, sized
        Of a change that can be made by more or less: what it shares with those that differ from
        it only in that, by how many steps it is made, and the same by another number of steps.
    supposes
        What the search takes facts to be that the changed plan leaves open: the weather of
        another time, which nobody knows before it is reported.
    """

    kind: Kind
    text: Bilingual
    cost: float
    apply: Callable[[FlightPlan], FlightPlan | None]
    series: str = ""
    amount: int = 0
    sized: Callable[[int], Change | None] | None = None
    supposes: Supposed = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of the plan that leads to a better decision: it passes, or is a step nearer.

    Attributes
    ----------
    kind
        What is asked of the operator.
    parts
        Kinds of the changes that it is made of; one, unless it is a combination.
    text
        What to change from what to what, and the provisions that no longer stand against the
        flight.
    provided
        Weather on which that rests, and which no report in the changed plan tells: until one does,
        the plan does not pass. ``None`` where nothing of the kind is needed.
    cures
        Citations of those provisions.
    cost
        Minutes of work and of flight lost, roughly; see :mod:`lowalt.remedy.costs`.
    plan
        The changed plan.
    verdict
        What :func:`lowalt.assess` says of it.
    """

    kind: Kind
    parts: tuple[Kind, ...]
    text: Bilingual
    provided: Bilingual | None
    cures: tuple[str, ...]
    cost: float
    plan: FlightPlan
    verdict: Verdict

    @property
    def passes(self) -> bool:
        """Whether the changed plan may be flown as it is, whatever the unknowns turn out to be."""
        return self.verdict.decision is Decision.PERMITTED

    def to_dict(self) -> dict[str, Any]:
        """Return the remedy as JSON values, as ``lowalt check --remedies`` prints it."""
        return {
            "kind": self.kind.value,
            "passes": self.passes,
            "parts": [part.value for part in self.parts],
            "text": dict(self.text),
            "provided": None if self.provided is None else dict(self.provided),
            "cures": list(self.cures),
            "cost_min": round(self.cost, 1),
            "decision": self.verdict.decision.value,
            "best": self.verdict.best.value,
            "worst": self.verdict.worst.value,
            "plan": self.plan.model_dump(mode="json", exclude_none=True),
        }
