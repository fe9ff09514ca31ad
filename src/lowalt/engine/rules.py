"""Rule tables and what an inference over them answers.

A rule *hits* where its own condition holds. Whether it then *fires* depends on other rules: it may
need facts that they derive, be barred by such facts, and be waived. Waiving is nothing special:
"X waives R" means that X makes the fact ``waived:R``, and every rule is barred by its own. So
exceptions to exceptions need no further machinery.

Rules are settled stratum by stratum: whatever could bar a rule is complete before the rule itself
is looked at. A table in which rules bar one another in a circle has no strata and is refused.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol

from lowalt.errors import CircularWaiverError, RuleEvaluationError, RuleTableError
from lowalt.truth import Truth

_WAIVED = "waived:"


def waived(name: str) -> str:
    """Name the fact that a rule is switched off.

    Examples
    --------
    >>> waived("cn/order_761_2023#art_26__para_1")
    'waived:cn/order_761_2023#art_26__para_1'
    """
    return _WAIVED + name


@dataclass(frozen=True, slots=True)
class InferenceRule:
    """One rule as the inference sees it: a name and its links to other rules.

    Parameters
    ----------
    name
        The citation. Made by whoever compiles the rulebook, never by a user.
    needs
        Derived facts that must stand.
    unless
        Derived facts that bar the rule.
    derives
        Facts it makes when it fires.
    waives
        Names of rules it switches off when it fires.
    """

    name: str
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    waives: tuple[str, ...] = ()

    @property
    def makes(self) -> tuple[str, ...]:
        """Every fact it makes, its waivers included."""
        return self.derives + tuple(map(waived, self.waives))

    @property
    def barred_by(self) -> tuple[str, ...]:
        """Every fact that bars it, its own waiver included."""
        return (*self.unless, waived(self.name))


@dataclass(frozen=True, slots=True)
class Inference:
    """Which rules fire, over all the ways in which the unknown hits may turn out.

    Attributes
    ----------
    certain
        Rules that fire whatever the unknowns turn out to be.
    possible
        Rules that fire for some way they may turn out; holds all of ``certain``. Hits are taken
        one by one: two that can never hold together still count as possible together, so this
        may hold a rule too many, and ``certain`` one too few, never the other way round.
    makers
        For each fact that possibly stands (``waived:R`` included) the rules that possibly make
        it, in the order of the table.
    """

    certain: frozenset[str]
    possible: frozenset[str]
    makers: Mapping[str, tuple[str, ...]]

    def waived_by(self, name: str, *, certainly: bool) -> tuple[str, ...]:
        """Return the rules that switch a rule off, in the order of the table.

        Parameters
        ----------
        name
            The rule switched off.
        certainly
            Only those that fire whatever the unknowns turn out to be.
        """
        makers = self.makers.get(waived(name), ())
        return tuple(maker for maker in makers if maker in self.certain or not certainly)


class InferenceEngine(Protocol):
    """Anything that can settle a rule table, any number of times and from any thread."""

    @property
    def name(self) -> str:
        """Which engine it is, for records."""

    @property
    def rules(self) -> tuple[InferenceRule, ...]:
        """The table."""

    def infer(self, hits: Mapping[str, Truth]) -> Inference:
        """Settle which rules fire.

        Parameters
        ----------
        hits
            For every rule of the table, whether its own condition holds.

        Raises
        ------
        RuleEvaluationError
            If ``hits`` does not fit the table, or the engine fails. No answer is given then.
        """


def check_table(rules: Sequence[InferenceRule]) -> tuple[tuple[InferenceRule, ...], ...]:
    """Refuse a table that no engine may hold; return its strata.

    Raises
    ------
    RuleTableError
        If two rules share a name, a link leads nowhere, or a rule needs what bars it. The message
        lists every such fault.
    CircularWaiverError
        If rules bar one another in a circle.

    Examples
    --------
    >>> check_table([InferenceRule("exemption", waives=("artcile_26",))])
    Traceback (most recent call last):
    ...
    lowalt.errors.RuleTableError: the rule table has 1 fault:
      'exemption' waives 'artcile_26', which is no rule of the table: correct the name, or ...
    """
    names = Counter(rule.name for rule in rules)
    derived = {fact for rule in rules for fact in rule.makes}
    faults = [
        f"{n} rules are named {name!r}: a name is one rule's" for name, n in names.items() if n > 1
    ]
    for rule in rules:
        faults += _faults_of(rule, names=names.keys(), derived=derived)
    if faults:
        count = f"{len(faults)} fault" + "s" * (len(faults) > 1)
        raise RuleTableError("\n  ".join([f"the rule table has {count}:", *faults]))
    return stratify(rules)


def _faults_of(
    rule: InferenceRule, *, names: AbstractSet[str], derived: AbstractSet[str]
) -> Iterable[str]:
    for other in rule.waives:
        if other not in names:
            yield (
                f"{rule.name!r} waives {other!r}, which is no rule of the table: correct the name,"
                " or add the rule"
            )
    for verb, facts in (("needs", rule.needs), ("is barred by", rule.unless)):
        for fact in facts:
            if fact not in derived:
                yield (
                    f"{rule.name!r} {verb} {fact!r}, which no rule derives: correct the name, or"
                    " add a rule that derives it"
                )
    for fact in rule.needs:
        if fact in rule.barred_by:
            yield f"{rule.name!r} both needs {fact!r} and is barred by it: it could never fire"
    for fact in rule.derives:
        if fact.startswith(_WAIVED):
            yield (
                f"{rule.name!r} derives {fact!r}: a waiver is written"
                f" waives=({fact.removeprefix(_WAIVED)!r},)"
            )


@dataclass(frozen=True, slots=True)
class _Link:
    """One rule depends on another through a fact."""

    maker: str
    fact: str
    bars: bool

    def __str__(self) -> str:
        return (
            f"{self.maker!r} makes {self.fact!r}, which {'bars' if self.bars else 'is needed by'}"
        )


def stratify(rules: Sequence[InferenceRule]) -> tuple[tuple[InferenceRule, ...], ...]:
    """Part a table into strata, in the order in which they are to be settled.

    Every maker of a fact that a rule needs lies in the rule's own stratum or below; every maker
    of one that bars it lies strictly below. Within a stratum the order is the table's.

    Raises
    ------
    CircularWaiverError
        If rules bar one another in a circle; the message names it link by link.

    Examples
    --------
    >>> duty = InferenceRule("duty")
    >>> exemption = InferenceRule("exemption", waives=("duty",))
    >>> [[rule.name for rule in stratum] for stratum in stratify([duty, exemption])]
    [['exemption'], ['duty']]
    """
    links = _links(rules)
    dependents: dict[str, list[str]] = {rule.name: [] for rule in rules}
    for name, its_links in links.items():
        for link in its_links:
            dependents[link.maker].append(name)
    level = dict.fromkeys(links, 0)
    raised_by: dict[str, _Link] = {}
    waiting = deque(links)
    while waiting:
        name = waiting.popleft()
        for link in links[name]:
            floor = level[link.maker] + link.bars
            if floor <= level[name]:
                continue
            level[name], raised_by[name] = floor, link
            waiting.extend(dependents[name])
            if floor >= len(links):  # more bars in a row than rules: some rule is passed twice
                raise CircularWaiverError(_circle(name, raised_by))
    strata: list[list[InferenceRule]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for rule in rules:
        strata[level[rule.name]].append(rule)
    return tuple(map(tuple, strata))


def _links(rules: Sequence[InferenceRule]) -> dict[str, list[_Link]]:
    makers: dict[str, list[str]] = {}
    for rule in rules:
        for fact in rule.makes:
            makers.setdefault(fact, []).append(rule.name)
    return {
        rule.name: [
            _Link(maker, fact, bars)
            for facts, bars in ((rule.needs, False), (rule.barred_by, True))
            for fact in facts
            for maker in makers.get(fact, ())
        ]
        for rule in rules
    }


def _circle(name: str, raised_by: Mapping[str, _Link]) -> str:
    # Going back from a rule that is too high, a chain without a circle would end at level 0 after
    # fewer bars than there are rules; so the chain closes, and not through needs alone.
    seen: list[str] = []
    while name not in seen:
        seen.append(name)
        name = raised_by[name].maker
    circle = seen[seen.index(name) :]
    steps = [f"{raised_by[member]} {member!r}" for member in reversed(circle)]
    return "\n  ".join(
        ["rules bar one another in a circle, so none can be settled first; drop one link:", *steps]
    )


def check_hits(hits: Mapping[str, Truth], *, names: AbstractSet[str]) -> None:
    """Refuse hits that do not answer for exactly the rules of a table.

    Raises
    ------
    RuleEvaluationError
        If a rule is missing or unknown, or an answer is not a `Truth`.
    """
    if hits.keys() != names:
        missing, strange = sorted(names - hits.keys()), sorted(hits.keys() - names)
        said = [f"no hit for {', '.join(map(repr, missing))}"] if missing else []
        said += (
            [f"hits for no rule of the table: {', '.join(map(repr, strange))}"] if strange else []
        )
        raise RuleEvaluationError(
            f"{'; '.join(said)}: give one Truth for each of the table's {len(names)} rules"
            " (Truth.UNKNOWN where a fact is missing)"
        )
    if not set(map(type, hits.values())) <= {Truth}:
        wrong = next(name for name, hit in hits.items() if type(hit) is not Truth)
        raise RuleEvaluationError(
            f"the hit of {wrong!r} is {hits[wrong]!r}: it must be a Truth; Truth.of() makes one"
            " from a bool or None"
        )


def conclude(
    rules: Iterable[InferenceRule], *, certain: Iterable[str], possible: Iterable[str]
) -> Inference:
    """Put together the answer from the rules that fire."""
    possible = frozenset(possible)
    makers: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        if rule.name in possible:
            for fact in dict.fromkeys(rule.makes):
                makers[fact] = (*makers.get(fact, ()), rule.name)
    return Inference(certain=frozenset(certain), possible=possible, makers=makers)
