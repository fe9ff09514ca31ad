"""The inference for many flights at once, stratum by stratum, on arrays of truth.

It is :class:`lowalt.engine.reference_engine.ReferenceEngine`, said of columns instead of one
flight; the tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lowalt.engine.rules import InferenceRule, check_table, waived

BoolArray = NDArray[np.bool_]
Masks = Mapping[str, BoolArray]
"""For each name the flights, ``(N,)``, of which it holds; a name that is absent holds of none."""


@dataclass(frozen=True, slots=True)
class BatchInference:
    """For which flights rules fire, over all the ways in which the unknown hits may turn out.

    Attributes
    ----------
    certain, possible
        As in :class:`lowalt.engine.rules.Inference`.
    standing
        For each fact, flights for which it certainly stands.
    """

    certain: Masks
    possible: Masks
    standing: Masks

    def waived(self, name: str) -> BoolArray | None:
        """Flights for which some rule that waives this one certainly fires; ``None``: none."""
        return self.standing.get(waived(name))


class BatchEngine:
    """Settles a rule table for many flights.

    Parameters
    ----------
    rules
        The table.

    Raises
    ------
    RuleTableError, CircularWaiverError
        If the table is at fault (`lowalt.engine.rules.check_table`).

    Examples
    --------
    Two flights; for the first the exemption surely applies, for the second it may:

    >>> engine = BatchEngine([
    ...     InferenceRule("duty"), InferenceRule("exemption", waives=("duty",))
    ... ])
    >>> both, first = np.array([True, True]), np.array([True, False])
    >>> answer = engine.infer(
    ...     {"duty": both, "exemption": first}, {"duty": both, "exemption": both}
    ... )
    >>> "duty" in answer.certain, answer.possible["duty"]
    (False, array([False,  True]))
    """

    def __init__(self, rules: Iterable[InferenceRule]) -> None:
        self._strata = check_table(tuple(rules))

    def infer(self, certain: Masks, possible: Masks) -> BatchInference:
        """Settle which rules fire.

        Parameters
        ----------
        certain, possible
            For each rule the flights for which its condition certainly, and possibly, holds.
        """
        standing: dict[str, BoolArray] = {}
        feasible: dict[str, BoolArray] = {}
        sure: dict[str, BoolArray] = {}
        open_: dict[str, BoolArray] = {}
        for stratum in self._strata:
            # What bars a rule lies in the strata below, so neither call sees the other's facts.
            sure.update(_fire(stratum, certain, facts=standing, bars=feasible))
            open_.update(_fire(stratum, possible, facts=feasible, bars=standing))
        return BatchInference(sure, open_, standing)


def _fire(
    rules: Iterable[InferenceRule], hits: Masks, *, facts: dict[str, BoolArray], bars: Masks
) -> dict[str, BoolArray]:
    """Fire rules of one stratum until nothing changes; add to the facts what they make."""
    fired: dict[str, BoolArray] = {}
    chained: list[tuple[InferenceRule, BoolArray]] = []
    for rule in rules:
        if rule.name not in hits:
            continue
        open_ = hits[rule.name]
        for fact in rule.barred_by:
            if fact in bars:
                open_ = open_ & ~bars[fact]
        if not rule.needs:
            _note(rule, open_, fired, facts)
        elif open_.any():
            chained.append((rule, open_))
    moved = True
    while moved:
        moved = False
        for rule, open_ in chained:
            if not facts.keys() >= set(rule.needs):
                continue
            now = np.logical_and.reduce([open_, *(facts[need] for need in rule.needs)])
            if not np.array_equal(now, fired.get(rule.name, np.zeros_like(now))):
                _note(rule, now, fired, facts)
                moved = True
    return fired


def _note(
    rule: InferenceRule,
    now: BoolArray,
    fired: dict[str, BoolArray],
    facts: dict[str, BoolArray],
) -> None:
    if not now.any():
        return
    fired[rule.name] = now
    for fact in rule.makes:
        facts[fact] = facts[fact] | now if fact in facts else now
