"""Golden cases of law: facts in, the status of a provision or the truth of a legal term out.

The cases lie beside their instruments, in words that a lawyer can read. Each
number of law must be met by a case one unit below it, one at it and one above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, reduce
from itertools import product
from operator import and_, or_

import pytest

from lowalt.judgement import judge
from lowalt.regulations.authoring import F, Norm, unclear, when
from lowalt.regulations.case import Case
from lowalt.regulations.cases import LawCase, cases_of
from lowalt.regulations.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Compare,
    CompareTimes,
    Condition,
    Not,
    Some,
    Unclear,
)
from lowalt.regulations.contents import Entry, contents
from lowalt.regulations.model import Effect
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.verdicts import Status
from lowalt.vocabulary import Scope, fact

TODAY = date(2026, 11, 23)


def book_on(day: date) -> Rulebook:
    # The reference engine: that durable_rules answers the same is proved elsewhere.
    return load_rulebook("shenzhen", on=day, engine="reference")


def today() -> Rulebook:
    return book_on(TODAY)


def rulebook_of(case: LawCase) -> Rulebook:
    return book_on(case.day)


@cache
def readings() -> tuple[Entry, ...]:
    return tuple(entry for entry in contents(today()) if entry.reading is not None)


def answer(case: LawCase) -> Status | Truth:
    book = rulebook_of(case)
    if case.is_term:
        bench = Case(case.facts, book.definitions)
        return Truth.of(bench.define(case.asked, bench.flight))
    return judge(case.facts, rulebook=book).status_of(case.asked)


def expected(case: LawCase) -> Status | Truth:
    return Truth(case.expected) if case.is_term else Status(case.expected)


@cache
def all_cases() -> tuple[LawCase, ...]:
    return tuple(case for held in today().instruments for case in cases_of(held.identifier))


def case_id(case: LawCase) -> str:
    return f"{case.asked.rpartition('/')[2]}: {case.name}"


@pytest.mark.parametrize("case", all_cases(), ids=case_id)
def test_the_law_says(case: LawCase) -> None:
    assert answer(case) is expected(case)


def test_no_two_cases_share_a_name() -> None:
    ids = [case_id(case) for case in all_cases()]
    assert sorted(ids) == sorted(set(ids))


Outcome = tuple[Truth, Truth]
"""Whether a duty applies, and whether what it asks for holds."""


def leaves(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    elif condition is not ALWAYS:
        yield condition


def truth(condition: Condition, of: Mapping[Condition, Truth]) -> Truth:
    if isinstance(condition, All):
        return reduce(and_, (truth(part, of) for part in condition.parts), Truth.TRUE)
    if isinstance(condition, AnyOf):
        return reduce(or_, (truth(part, of) for part in condition.parts), Truth.FALSE)
    if isinstance(condition, Not):
        return ~truth(condition.part, of)
    return Truth.TRUE if condition is ALWAYS else of[condition]


def possible(condition: Condition) -> set[Truth]:
    """Truths that a condition can have, were each of its leaves a question of its own."""
    if isinstance(condition, All | AnyOf):
        join = and_ if isinstance(condition, All) else or_
        return reduce(
            lambda found, part: {join(one, other) for one in found for other in possible(part)},
            condition.parts,
            {Truth.TRUE if join is and_ else Truth.FALSE},
        )
    if isinstance(condition, Not):
        return {~one for one in possible(condition.part)}
    if condition is ALWAYS:
        return {Truth.TRUE}
    return {Truth.UNKNOWN} if isinstance(condition, Unclear) else set(Truth)


def reachable(norm: Norm) -> set[Outcome]:
    """Outcomes that a reading can have, its leaves taken to be independent of one another."""
    asked = ALWAYS if norm.satisfied is None else norm.satisfied
    distinct = list(dict.fromkeys([*leaves(norm.applies), *leaves(asked)]))
    if len(distinct) > 7:
        # Too many to be tried out together.
        return set(product(possible(norm.applies), possible(asked)))
    found = set()
    for truths in product(*(possible(leaf) for leaf in distinct)):
        of = dict(zip(distinct, truths, strict=True))
        found.add((truth(norm.applies, of), truth(asked, of)))
    return found


def statuses(effect: Effect, outcomes: set[Outcome]) -> set[Status]:
    """Statuses that a lawyer would want to see a case of."""
    if effect is Effect.NONE:
        of = {
            Truth.TRUE: Status.MET,
            Truth.FALSE: Status.NOT_APPLICABLE,
            Truth.UNKNOWN: Status.MISSING_INFO,
        }
        return {of[applies] for applies, _ in outcomes}
    barred = effect in (Effect.PROHIBITS, Effect.ADVISES)
    failing = Status.BREACHED if barred else Status.REQUIRED
    of = {Truth.TRUE: failing, Truth.UNKNOWN: Status.MISSING_INFO}
    violated = {of[applies & ~holds] for applies, holds in outcomes if applies & ~holds in of}
    return violated | {Status.MET for outcome in outcomes if outcome == (Truth.TRUE, Truth.TRUE)}


def norm_of(entry: Entry) -> Norm:
    rule = entry.rule(entry.nearest_day(TODAY))
    assert rule is not None
    return Norm(rule.applies, rule.satisfied)


# Statuses that no facts lead to although the leaves of the reading, taken one by one, would.
OUT_OF_REACH: Mapping[str, Mapping[Status, str]] = {}


def test_every_reading_has_a_case_of_every_status_it_can_have() -> None:
    tried: dict[str, set[object]] = defaultdict(set)
    for case in all_cases():
        tried[case.asked].add(expected(case))
    lacking = {}
    for entry in readings():
        assert entry.effect is not None
        wanted = statuses(entry.effect, reachable(norm_of(entry)))
        excused = OUT_OF_REACH.get(entry.citation, {})
        assert wanted >= set(excused), f"{entry.citation}: an excuse that excuses nothing"
        if lost := wanted - tried[entry.citation] - set(excused):
            lacking[entry.citation] = "no case " + ", ".join(sorted(lost))
    assert not lacking, "\n".join(f"{name}: {what}" for name, what in sorted(lacking.items()))


def test_every_legal_term_has_a_case_where_it_holds_and_one_where_it_does_not() -> None:
    tried: dict[str, set[object]] = defaultdict(set)
    for case in all_cases():
        tried[case.asked].add(expected(case))
    terms = [term for entry in contents(today()) for term in entry.meanings(TODAY)]
    poor = [t for t in terms if not {Truth.TRUE, Truth.FALSE} <= tried[t] and not covered(t)]
    assert not poor


def test_a_reading_that_can_go_wrong_in_every_way_needs_three_cases() -> None:
    x, y = F.is_indoor, F.is_commercial
    duty = reachable(when(x).must(y))
    assert statuses(Effect.PROHIBITS, duty) == {Status.BREACHED, Status.MISSING_INFO, Status.MET}
    # What is forbidden outright is breached or does not concern the flight.
    ban = reachable(when(x).must(~x.as_condition()))
    assert statuses(Effect.REQUIRES_FILING, ban) == {Status.REQUIRED, Status.MISSING_INFO}
    question = reachable(when(x).must(unclear(zh="?", en="?")))
    assert statuses(Effect.ADVISES, question) == {Status.MISSING_INFO}
    everywhere = reachable(Norm(ALWAYS))
    assert statuses(Effect.NONE, everywhere) == {Status.MET}


def covered(term: str) -> bool:
    """Whether a term of zones, which no flight can be asked for, decides some case."""
    return fact(term).scope is not Scope.FLIGHT


def comparisons(condition: Condition) -> Iterator[Compare | CompareTimes]:
    if isinstance(condition, Compare | CompareTimes):
        yield condition
    elif isinstance(condition, All | AnyOf):
        for part in condition.parts:
            yield from comparisons(part)
    elif isinstance(condition, Not | Some):
        yield from comparisons(condition.part)


def asked_conditions(book: Rulebook) -> Iterator[tuple[str, Scope, Condition]]:
    for rule in book.rules:
        yield rule.citation, rule.scope, rule.applies
        if rule.satisfied is not None:
            yield rule.citation, rule.scope, rule.satisfied
    for term, condition in book.definitions.items():
        yield term, fact(term).scope, condition


def compared(leaf: Compare | CompareTimes) -> str:
    if isinstance(leaf, Compare):
        return leaf.fact.name
    return f"{leaf.fact.name} with {leaf.base.name}"


@cache
def asked_on(day: date) -> Mapping[str, list[tuple[Scope, Compare | CompareTimes]]]:
    """Comparisons with a number of law on a day, by what is asked."""
    found: dict[str, list[tuple[Scope, Compare | CompareTimes]]] = defaultdict(list)
    for asked, scope, condition in asked_conditions(book_on(day)):
        found[asked] += [(scope, leaf) for leaf in comparisons(condition)]
    return found


@cache
def distances() -> Mapping[tuple[str, str, str], Mapping[int, frozenset[Status | Truth]]]:
    """Answers by distance from each number of law: (asked, fact, number) -> {distance: answers}."""
    found: dict[tuple[str, str, str], dict[int, set[Status | Truth]]] = {
        (asked, compared(leaf), leaf.citation): defaultdict(set)
        for day in {TODAY, *(case.day for case in all_cases())}
        for asked, held in asked_on(day).items()
        for _, leaf in held
    }
    for case in all_cases():
        bench = Case(case.facts, rulebook_of(case).definitions)
        for scope, leaf in asked_on(case.day).get(case.asked, ()):
            reached = found[case.asked, compared(leaf), leaf.citation]
            for _, view in bench.views(scope):
                given = view.value(leaf.fact.name)
                assert not isinstance(given, Term)
                limit = leaf.limit(view) if isinstance(leaf, CompareTimes) else leaf.limit
                if given is not None and limit is not None:
                    reached[int(given - limit)].add(expected(case))
    return {
        key: {distance: frozenset(answers) for distance, answers in reached.items()}
        for key, reached in found.items()
    }


def numbers_compared() -> list[tuple[str, str, str]]:
    return sorted(distances())


@pytest.mark.parametrize(("asked", "what", "number"), numbers_compared())
def test_each_number_of_law_is_tried_below_at_and_above(asked: str, what: str, number: str) -> None:
    reached = distances()[asked, what, number]
    assert {-1, 0, 1} <= set(reached), f"tried at {sorted(reached)} from {number}"
    near = frozenset().union(*(reached[distance] for distance in (-1, 0, 1)))
    assert len(near) > 1, f"{near} on both sides of {number}: the limit does not show"


def test_every_number_of_law_is_compared_with_a_fact_or_is_a_deadline() -> None:
    used = {number for *_, number in distances()}
    book = load_rulebook("shenzhen", on=date(2027, 6, 1), engine="reference")
    times = {t.citation for rule in book.rules for t in (rule.deadline, rule.answer) if t}
    idle = [
        parameter.citation + "." + parameter.name
        for instrument in book.instruments
        for provision in instrument.provisions.values()
        for parameter in provision.parameters.values()
        if f"{parameter.citation}.{parameter.name}" not in used | times
        and parameter.name != provision.afterwards
    ]
    assert not idle
