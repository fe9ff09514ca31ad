"""What becomes of two plans that conflict."""

from __future__ import annotations

from dataclasses import dataclass

from lowalt.regulations.model import Bilingual
from lowalt.terms import Term


class Outcome(Term):
    """What becomes of two plans that conflict."""

    ONE_YIELDS = "one_yields", "一方让行", "one yields"
    SEPARATE = "separate", "隔离飞行", "fly apart"
    NEITHER = "neither", "均不得飞行", "neither may fly"
    UNDECIDED = "undecided", "无法确定", "undecided"


@dataclass(frozen=True, slots=True)
class Precedence:
    """What becomes of two plans that conflict, whichever was named first.

    Attributes
    ----------
    between
        Identifiers of the two plans, sorted.
    outcome
        Whether one yields, both fly apart, neither may fly, or nothing decides.
    yields, keeps
        Identifiers of the plan that gives way and of the one that keeps its place; ``None`` where
        it is not a question of yielding.
    isolates
        Identifier of the unmanned flight that must be kept apart from the manned one.
    reason
        Why, in Chinese and English.
    citations
        Provisions that it rests on.
    in_the_air
        Citations of what holds all the same where the two meet in flight.
    is_inference
        Whether it is our inference, and no text read says so.
    """

    between: tuple[str, str]
    outcome: Outcome
    reason: Bilingual
    citations: tuple[str, ...]
    is_inference: bool
    yields: str | None = None
    keeps: str | None = None
    isolates: str | None = None
    in_the_air: tuple[str, ...] = ()
