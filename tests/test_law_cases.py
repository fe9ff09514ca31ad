"""Golden cases of law: facts in, the status of a provision or the truth of a legal term out.

The cases lie beside their instruments, in words that a lawyer can read. Each
number of law must be met by a case one unit below it, one at it and one above it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

import pytest

from lowalt.judgement import judge
from lowalt.regulations.case import Case
from lowalt.regulations.cases import LawCase, cases_of
from lowalt.regulations.conditions import (
    All,
    AnyOf,
    Compare,
    CompareTimes,
    Condition,
    Not,
    Some,
)
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.verdicts import Status
from lowalt.vocabulary import Scope, fact


def rulebook_of(case: LawCase) -> Rulebook:
    # The reference engine: that durable_rules answers the same is proved elsewhere.
    return load_rulebook("shenzhen", on=case.day, engine="reference")


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
    book = load_rulebook("shenzhen", on=date(2026, 11, 23), engine="reference")
    return tuple(case for held in book.instruments for case in cases_of(held.identifier))


def case_id(case: LawCase) -> str:
    return f"{case.asked.rpartition('/')[2]}: {case.name}"


@pytest.mark.parametrize("case", all_cases(), ids=case_id)
def test_the_law_says(case: LawCase) -> None:
    assert answer(case) is expected(case)


def test_no_two_cases_share_a_name() -> None:
    ids = [case_id(case) for case in all_cases()]
    assert sorted(ids) == sorted(set(ids))


def test_every_provision_with_a_reading_has_cases_that_differ() -> None:
    seen: dict[str, set[object]] = defaultdict(set)
    for case in all_cases():
        seen[case.asked].add(expected(case))
    book = load_rulebook("shenzhen", on=date(2026, 11, 23), engine="reference")
    citations = [rule.citation for rule in book.rules] + [p.citation for p in book.dormant]
    poor = {c: sorted(map(str, seen[c])) for c in citations if len(seen[c]) < 2}
    assert not poor
    assert not [term for term in book.definitions if len(seen[term]) < 2 and not covered(term)]


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
def distances() -> Mapping[tuple[str, str, str], Mapping[int, frozenset[Status | Truth]]]:
    """Answers by distance from each number of law: (asked, fact, number) -> {distance: answers}."""
    found: dict[tuple[str, str, str], dict[int, set[Status | Truth]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for case in all_cases():
        book = rulebook_of(case)
        bench = Case(case.facts, book.definitions)
        for asked, scope, condition in asked_conditions(book):
            for leaf in comparisons(condition):
                reached = found[asked, compared(leaf), leaf.citation]
                if asked != case.asked:
                    continue
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
    deadlines = {rule.citation for rule in book.rules if rule.deadline is not None}
    idle = [
        parameter.citation + "." + parameter.name
        for instrument in book.instruments
        for provision in instrument.provisions.values()
        for parameter in provision.parameters.values()
        if f"{parameter.citation}.{parameter.name}" not in used
        and provision.citation not in deadlines
    ]
    assert not idle
