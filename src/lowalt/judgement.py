"""The law half in one function: facts in, a status for every rule out.

Nothing here knows of places or shapes; a violation names the leg or encounter by its number, and
:mod:`lowalt.assessment` says where and when that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lowalt.facts import Facts
from lowalt.regulations.case import Case, View
from lowalt.regulations.conditions import All, Leaf, expanded
from lowalt.regulations.model import Craft, Effect
from lowalt.regulations.rulebook import Rule, Rulebook
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status
from lowalt.vocabulary import Scope

CONSEQUENCE = {
    Effect.PROHIBITS: Decision.PROHIBITED,
    Effect.REQUIRES_APPROVAL: Decision.APPROVAL_REQUIRED,
    Effect.REQUIRES_CONFIRMATION: Decision.CONFIRMATION_REQUIRED,
    Effect.REQUIRES_FILING: Decision.FILING_REQUIRED,
    Effect.ADVISES: Decision.PERMITTED,
    Effect.NONE: Decision.PERMITTED,
}
"""Outcome that follows where a rule of an effect is not met."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A flight, leg or encounter for which a rule is not met, or may not be.

    Attributes
    ----------
    index
        Number of the instance within the rule's scope.
    certain
        Whether it is so whatever the unknowns turn out to be.
    asked
        Leaves for which what should hold does not, or may not.
    triggers
        Leaves for which the rule applies, or may.
    """

    index: int
    certain: bool
    asked: tuple[Leaf, ...]
    triggers: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule.

    Attributes
    ----------
    violations
        Instances that break it or may; empty where it is met, waived or does not apply.
    satisfied
        Whether what it asks for holds wherever it applies.
    fires
        Whether its duty stands, waivers considered.
    waived_by
        Rules that take its duty away.
    """

    rule: Rule
    status: Status
    violations: tuple[Violation, ...]
    satisfied: Truth
    fires: Truth
    waived_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the law says of one set of facts.

    Attributes
    ----------
    best, worst
        Most lenient and strictest outcome that the unknowns allow.
    results
        Every rule in force, in the order of the rulebook.
    ungoverned
        Jurisdictions that the flight touches, or may touch, each with the craft that it is, or may
        be, and for which the rulebook holds no law there in force on the day.
    outside_dataset
        Whether the flight may leave what the airspace dataset knows.
    grounds
        What decided each rule, for whoever explains the judgement.
    """

    rulebook: Rulebook
    best: Decision
    worst: Decision
    results: tuple[RuleResult, ...]
    ungoverned: tuple[tuple[Jurisdiction, Craft], ...]
    outside_dataset: bool
    grounds: Grounds = field(repr=False, compare=False)

    @property
    def decision(self) -> Decision:
        """The decision, indeterminate where the ends differ."""
        return self.best if self.best is self.worst else Decision.INDETERMINATE

    def status_of(self, citation: str) -> Status:
        """Status of a provision's rule.

        Raises
        ------
        UnknownNameError
            If the rulebook has no such provision.
        """
        for result in self.results:
            if result.rule.citation == citation:
                return result.status
        self.rulebook.provision(citation)
        return Status.NOT_IN_FORCE


def judge(facts: Facts, *, rulebook: Rulebook) -> Judgement:
    """Judge facts by the law of one day.

    Parameters
    ----------
    facts
        What is known of the flight.
    rulebook
        The law.

    Returns
    -------
    Judgement
        With a status for every rule in force.

    Raises
    ------
    CalendarYearError
        If a rule that applies, or may, and does more than advise hangs on working days of a year
        whose holidays are not known. Advice that does is unknown.
    """
    grounds = Grounds(facts, rulebook)
    results = tuple(grounds.result(rule) for rule in rulebook.rules)
    ungoverned = _ungoverned(facts, rulebook)
    outside = facts.flight.get("is_within_dataset") is not True
    best = worst = Decision.PERMITTED
    for result in results:
        outcome = CONSEQUENCE[result.rule.effect]
        if result.violations:
            worst = stricter(worst, outcome)
        if any(v.certain for v in result.violations):
            best = stricter(best, outcome)
    if ungoverned or outside:
        # Where no law or no map is known, nothing is known to be allowed.
        worst = Decision.PROHIBITED
    return Judgement(rulebook, best, worst, results, ungoverned, outside, grounds)


def stricter(first: Decision, second: Decision) -> Decision:
    """Return the stricter of two outcomes."""
    return first if first.rank >= second.rank else second


class Grounds:
    """One flight before one rulebook: conditions evaluated once, inference run once.

    What a result rests on is asked for afterwards, since most flights are judged without being
    explained.
    """

    def __init__(self, facts: Facts, rulebook: Rulebook) -> None:
        self._facts, self._definitions = facts, rulebook.definitions
        self.case = Case(facts, rulebook.definitions)
        self.rules = {rule.citation: rule for rule in rulebook.rules}
        self._addressed: dict[str, Truth] = {}
        self.applies = {rule.citation: list(self._applies(rule)) for rule in rulebook.rules}
        self.hits = {name: Truth.any_of(truths) for name, truths in self.applies.items()}
        self.inference = rulebook.engine.infer(self.hits)

    @cached_property
    def _advised(self) -> Case:
        """The same flight as advice sees it: no advice is worth leaving a flight unjudged."""
        return Case(self._facts, self._definitions, undated_is_unknown=True)

    def views(self, rule: Rule) -> list[tuple[Truth, View]]:
        """Return the views of a rule's scope, each with whether its instance exists."""
        case = self._advised if rule.effect is Effect.ADVISES else self.case
        return case.views(rule.scope)

    def _applies(self, rule: Rule) -> Iterator[Truth]:
        addressed = self.addressed(rule)
        for exists, view in self.views(rule):
            reaches = exists & addressed
            yield reaches if reaches is Truth.FALSE else reaches & rule.applies.truth(view)

    def addressed(self, rule: Rule) -> Truth:
        """Whether the instrument of a rule speaks of the flight, asked once an instrument."""
        identifier = rule.instrument.identifier
        if identifier not in self._addressed:
            self._addressed[identifier] = rule.addressed.truth(self.case.flight)
        return self._addressed[identifier]

    def instances(self, rule: Rule) -> Iterator[tuple[Truth, View]]:
        """Yield each instance of a rule's scope with whether the rule applies to it."""
        views = (view for _, view in self.views(rule))
        return zip(self.applies[rule.citation], views, strict=True)

    def fires(self, citation: str) -> Truth:
        """Whether a rule's duty stands, needs and waivers considered."""
        if citation in self.inference.certain:
            return Truth.TRUE
        return Truth.UNKNOWN if citation in self.inference.possible else Truth.FALSE

    def result(self, rule: Rule) -> RuleResult:
        """Settle what became of one rule."""
        fires = self.fires(rule.citation)
        satisfied = Truth.TRUE
        violations: list[Violation] = []
        for index, (applies, view) in enumerate(self.instances(rule)):
            if applies is Truth.FALSE:
                continue
            met = rule.satisfied.truth(view) if rule.satisfied is not None else Truth.TRUE
            satisfied = satisfied & (~applies | met)
            violated = fires & applies & ~met
            if violated is Truth.FALSE:
                continue
            asked = tuple(rule.satisfied.deciding(view)) if rule.satisfied is not None else ()
            triggers = _triggers(rule, view)
            violations.append(Violation(index, violated is Truth.TRUE, asked, triggers))
        return RuleResult(
            rule=rule,
            status=self._status(rule, fires, violations),
            violations=tuple(violations),
            satisfied=satisfied,
            fires=fires,
            waived_by=self._waived_by(rule, fires),
        )

    def open_leaves(self, result: RuleResult) -> Iterator[Leaf]:
        """Unknown facts and questions of its own that a result waits for."""
        for violation in result.violations:
            if not violation.certain:
                yield from _open((*violation.asked, *violation.triggers))

    def linked_leaves(self, result: RuleResult) -> Iterator[Leaf]:
        """Those of the rules that may waive it or bring it about."""
        if result.violations and result.fires is Truth.UNKNOWN:
            yield from self._open_elsewhere(result.rule)

    def parts(self, result: RuleResult) -> Iterator[Leaf]:
        """Each thing that a duty of the whole flight asks for, of several, with its truth."""
        rule = result.rule
        if result.fires is Truth.FALSE:
            return
        if rule.scope is Scope.FLIGHT and isinstance(rule.satisfied, All):
            ((_, view),) = self.views(rule)
            for part in rule.satisfied.parts:
                yield Leaf(part, part.truth(view), view)

    def witnesses(self, result: RuleResult) -> tuple[Leaf, ...]:
        """Leaves for which a rule without violations is met or does not apply."""
        rule = result.rule
        if result.violations:
            return ()
        for applies, view in self.instances(rule):
            if rule.satisfied is None or applies is not Truth.TRUE:
                return _triggers(rule, view)
            return tuple(rule.satisfied.deciding(view))
        return ()

    def _waived_by(self, rule: Rule, fires: Truth) -> tuple[str, ...]:
        if fires is not Truth.FALSE or self.hits[rule.citation] is Truth.FALSE:
            return ()
        return self.inference.waived_by(rule.citation, certainly=True)

    def _status(self, rule: Rule, fires: Truth, violations: list[Violation]) -> Status:
        if any(v.certain for v in violations):
            barred = rule.effect in (Effect.PROHIBITS, Effect.ADVISES)
            return Status.BREACHED if barred else Status.REQUIRED
        if violations:
            return Status.MISSING_INFO
        if fires is Truth.FALSE:
            return Status.WAIVED if self._waived_by(rule, fires) else Status.NOT_APPLICABLE
        if rule.effect is Effect.NONE and fires is Truth.UNKNOWN:
            return Status.MISSING_INFO
        return Status.MET

    def _open_elsewhere(self, rule: Rule) -> Iterator[Leaf]:
        """Unknown leaves of the rules that may waive this one, or bring it about."""
        seen, queue = {rule.citation}, [rule.citation]
        while queue:
            name = queue.pop()
            linked = [*self.inference.waived_by(name, certainly=False)]
            for need in self.rules[name].needs:
                linked.extend(self.inference.makers.get(need, ()))
            for other in linked:
                if other in seen:
                    continue
                seen.add(other)
                queue.append(other)
                if self.hits[other] is Truth.UNKNOWN:
                    yield from self._unknown_hit(self.rules[other])

    def _unknown_hit(self, rule: Rule) -> Iterator[Leaf]:
        for applies, view in self.instances(rule):
            if applies is Truth.UNKNOWN:
                yield from _open(_triggers(rule, view))


def _triggers(rule: Rule, view: View) -> tuple[Leaf, ...]:
    """Leaves for which a rule applies, or not; whom it speaks of only where that matters."""
    if rule.addressed.truth(view) is Truth.TRUE:
        return tuple(rule.applies.deciding(view))
    return (*rule.addressed.deciding(view), *rule.applies.deciding(view))


def _open(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Unknown leaves, with each legal term replaced by the facts that leave it open."""
    return expanded(leaf for leaf in leaves if leaf.truth is Truth.UNKNOWN)


def _ungoverned(facts: Facts, rulebook: Rulebook) -> tuple[tuple[Jurisdiction, Craft], ...]:
    touched: set[Jurisdiction] = set()
    for leg in facts.legs:
        if leg.exists is Truth.FALSE:
            continue
        where = leg.values.get("jurisdiction")
        # A leg of unknown jurisdiction may be under any.
        touched.update([where] if isinstance(where, Jurisdiction) else Jurisdiction)
    if not facts.legs:
        touched.add(Jurisdiction.MAINLAND)
    unmanned = facts.flight.get("is_unmanned")
    crafts = [Craft.UNMANNED] * (unmanned is not False) + [Craft.MANNED] * (unmanned is not True)
    return tuple(
        (home, craft)
        for home in Jurisdiction
        for craft in crafts
        if home in touched and craft not in rulebook.governed.get(home, ())
    )
