"""The inference in plain Python: the specification that every other engine must equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from lowalt.engine.rules import Inference, InferenceRule, check_hits, check_table, conclude
from lowalt.truth import Truth


class ReferenceEngine:
    """Settles a rule table by the definition itself; holds a table of any size.

    A rule fires *certainly* if its hit is true, every need certainly stands and no bar possibly
    does; *possibly* if its hit is true or unknown, every need possibly stands and no bar certainly
    does.

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
    The rule that voids an exemption may apply or not, so the duty may stand or not:

    >>> engine = ReferenceEngine([
    ...     InferenceRule("duty"),
    ...     InferenceRule("exemption", waives=("duty",)),
    ...     InferenceRule("voids", waives=("exemption",)),
    ... ])
    >>> answer = engine.infer(
    ...     {"duty": Truth.TRUE, "exemption": Truth.TRUE, "voids": Truth.UNKNOWN}
    ... )
    >>> sorted(answer.certain), sorted(answer.possible)
    ([], ['duty', 'exemption', 'voids'])
    """

    name: Final = "reference"

    def __init__(self, rules: Iterable[InferenceRule]) -> None:
        self._rules = tuple(rules)
        self._strata = check_table(self._rules)
        self._names = frozenset(rule.name for rule in self._rules)

    @property
    def rules(self) -> tuple[InferenceRule, ...]:
        """The table."""
        return self._rules

    def infer(self, hits: Mapping[str, Truth]) -> Inference:
        """Settle which rules fire; see `InferenceEngine.infer`."""
        check_hits(hits, names=self._names)
        certain: set[str] = set()
        possible: set[str] = set()
        standing: set[str] = set()  # facts that certainly stand
        feasible: set[str] = set()  # facts that possibly stand
        for stratum in self._strata:
            sure = [rule for rule in stratum if hits[rule.name].is_certain]
            open_ = [rule for rule in stratum if hits[rule.name].is_possible]
            certain |= _fire(sure, facts=standing, bars=feasible)
            possible |= _fire(open_, facts=feasible, bars=standing)
        return conclude(self._rules, certain=certain, possible=possible)


def _fire(rules: Iterable[InferenceRule], *, facts: set[str], bars: AbstractSet[str]) -> set[str]:
    """Fire rules of one stratum until none is left that can; add to the facts what they make."""
    fired: set[str] = set()
    waiting = [rule for rule in rules if bars.isdisjoint(rule.barred_by)]
    while ready := [rule for rule in waiting if facts.issuperset(rule.needs)]:
        for rule in ready:
            fired.add(rule.name)
            facts.update(rule.makes)
        waiting = [rule for rule in waiting if rule.name not in fired]
    return fired
