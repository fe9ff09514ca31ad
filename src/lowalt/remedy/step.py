"""One thing that an operator can do about one fact, and what the plan states afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Kind

Wanted = Callable[[Hearing, Causes, Leaf], Values | None]
"""Works out what the plan then states, from what it says and what the decision hangs on."""


@dataclass(frozen=True, slots=True)
class Step:
    """What an operator can do about one fact.

    Attributes
    ----------
    wants
        Whether the fact holds afterwards, of a fact that does or does not.
    values
        What the plan then states.
    whom
        Says whom to ask, where that depends on the flight.
    """

    kind: Kind
    cost: float
    zh: str
    en: str
    values: Wanted
    wants: bool = True
    whom: Callable[[Hearing, Leaf], Bilingual] | None = None


def states(**values: object) -> Wanted:
    """Build what the plan states; ``__`` in a name stands for the dot of a path."""
    stated = {name.replace("__", "."): value for name, value in values.items()}
    return lambda _hearing, _causes, _leaf: stated


def dated(**values: object) -> Wanted:
    """Build the same with days: ``first`` and ``last`` are those of the flight."""

    def build(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values:
        plan = hearing.plan
        days = {
            "first": plan.departure.date().isoformat(),
            "last": plan.arrival.date().isoformat(),
        }
        return {
            name.replace("__", "."): days.get(value, value) if isinstance(value, str) else value
            for name, value in values.items()
        }

    return build


def every_pilot(**values: object) -> Wanted:
    """Build what the plan states of every pilot, in the same way."""
    stated = {f"pilots[].{name.replace('__', '.')}": value for name, value in values.items()}
    return lambda _hearing, _causes, _leaf: stated
