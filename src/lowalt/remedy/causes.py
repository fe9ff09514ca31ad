"""What a decision hangs on: facts, zones and jurisdictions that would have to be otherwise.

A rule that stands against the flight no longer does where it does not apply, where what it asks
for holds, where an exemption takes hold of it, or where what voids the exemption falls away. The
leaves on all these ways are gathered; which of them lead anywhere is for the judge to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lowalt.engine.rules import waived
from lowalt.judgement import RuleResult
from lowalt.regulations.case import View
from lowalt.regulations.conditions import Leaf, expanded
from lowalt.regulations.rulebook import Rule
from lowalt.remedy.hearing import Hearing
from lowalt.truth import Truth
from lowalt.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class Causes:
    """What a decision hangs on.

    Attributes
    ----------
    leaves
        Comparisons of facts of the whole flight that would have to come out otherwise, in the
        order in which they were met, each once.
    asked
        For each rule that asks for several things at once, those that are not surely there.
    encounters, legs
        Numbers of the stays in zones, and of the legs, that would have to fall away.
    """

    leaves: tuple[Leaf, ...]
    asked: tuple[tuple[Leaf, ...], ...]
    encounters: tuple[int, ...]
    legs: tuple[int, ...]


def causes_of(hearing: Hearing) -> Causes:
    """Gather what the decision on a plan hangs on."""
    search = _Search(hearing)
    for result in hearing.deciding:
        search.stop(result.rule.citation)
    asked = [
        tuple(leaf for leaf in expanded(leaves) if leaf.truth is not Truth.TRUE)
        for result in hearing.deciding
        for leaves in _asked(hearing, result)
    ]
    places: Mapping[Scope, dict[int, None]] = search.places
    return Causes(
        tuple(search.leaves.values()),
        tuple(leaves for leaves in asked if len(leaves) > 1),
        tuple(places[Scope.ENCOUNTER]),
        tuple(places[Scope.LEG]),
    )


def _asked(hearing: Hearing, result: RuleResult) -> Iterable[Iterable[Leaf]]:
    """List all that a duty of the whole flight asks for, or what fails at each place."""
    parts = tuple(hearing.judgement.grounds.parts(result))
    return [parts] if parts else [violation.asked for violation in result.violations]


@dataclass(slots=True)
class _Search:
    """A walk along the links between rules; every rule is passed once each way."""

    hearing: Hearing
    leaves: dict[object, Leaf] = field(default_factory=dict)
    places: dict[Scope, dict[int, None]] = field(
        default_factory=lambda: {Scope.ENCOUNTER: {}, Scope.LEG: {}}
    )
    results: dict[str, RuleResult] = field(init=False)
    makers: dict[str, list[str]] = field(default_factory=dict)
    _seen: set[tuple[str, bool]] = field(default_factory=set)

    def __post_init__(self) -> None:
        judgement = self.hearing.judgement
        self.results = {r.rule.citation: r for r in judgement.results}
        for rule in judgement.rulebook.engine.rules:
            for fact in rule.makes:
                self.makers.setdefault(fact, []).append(rule.name)

    def stop(self, citation: str) -> None:
        """Look for what would keep a rule from standing against the flight."""
        if self._passed(citation, stopped=True):
            return
        result = self.results[citation]
        for violation in result.violations:
            self._note(violation.asked)
        for view in self._views(result.rule):
            if result.rule.applies.truth(view) is not Truth.FALSE:
                self._note(result.rule.applies.deciding(view))
                self._note_place(view)
        for waiver in self.makers.get(waived(citation), ()):
            self.start(waiver)
        for need in result.rule.needs:
            for maker in self.makers.get(need, ()):
                self.stop(maker)

    def start(self, citation: str) -> None:
        """Look for what would make an exemption hold."""
        if self._passed(citation, stopped=False):
            return
        rule = self.results[citation].rule
        for view in self._views(rule):
            if rule.applies.truth(view) is not Truth.TRUE:
                self._note(rule.applies.deciding(view))
        for bar in self.makers.get(waived(citation), ()):
            if self.results[bar].fires is not Truth.FALSE:
                self.stop(bar)

    def _passed(self, citation: str, *, stopped: bool) -> bool:
        passed = (citation, stopped) in self._seen
        self._seen.add((citation, stopped))
        return passed

    def _views(self, rule: Rule) -> Iterator[View]:
        for exists, view in self.hearing.judgement.grounds.case.views(rule.scope):
            if exists is not Truth.FALSE:
                yield view

    def _note(self, leaves: Iterable[Leaf]) -> None:
        for leaf in expanded(leaves):
            self._note_place(leaf.view)
            key = (leaf.condition, leaf.view.scope, leaf.view.index)
            self.leaves.setdefault(key, leaf)

    def _note_place(self, view: View) -> None:
        if view.scope is not Scope.FLIGHT:
            self.places[view.scope][view.index] = None
