"""Both engines, on random rule tables: equal to each other, and sound by an independent oracle.

The oracle knows neither strata nor three values. It settles a table whose hits are all known by
the alternating fixpoint of the well-founded semantics (Van Gelder, Gelfond and Ross, 1991), and
unknown hits by trying every way in which they may turn out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lowalt.engine import InferenceEngine, make_engine
from lowalt.engine.reference_engine import ReferenceEngine
from lowalt.engine.rules import InferenceRule
from lowalt.testing import hits, rule_tables
from lowalt.truth import Truth

Table = list[InferenceRule]
Hits = dict[str, Truth]

# Cases are small: four times as many as of other properties, in whatever profile.
_MANY = 4 * settings().max_examples
many = settings(max_examples=_MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def settled_tables(
    draw: st.DrawFn, *, min_rules: int = 1, max_rules: int = 16, most_unknown: int | None = None
) -> tuple[Table, Hits]:
    """A table, and hits that favour true so that chains run far."""
    rules = draw(rule_tables(min_rules=min_rules, max_rules=max_rules))
    return rules, draw(hits(rules, max_unknown=most_unknown))


@pytest.fixture(params=["durable", "reference"], scope="module")
def engine_name(request: pytest.FixtureRequest) -> str:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    return str(request.param)


def build(name: str, rules: Iterable[InferenceRule]) -> InferenceEngine:
    return make_engine(rules, prefer="durable" if name == "durable" else "reference")


def consequences(rules: Table, hit: set[str], assumed: set[str]) -> set[str]:
    """Return the rules that fire if exactly the assumed facts could bar any."""
    fired: set[str] = set()
    while True:
        standing = facts_of(rules, fired)
        more = {
            rule.name
            for rule in rules
            if rule.name in hit
            and set(rule.needs) <= standing
            and not set(rule.unless) & assumed
            and f"waived:{rule.name}" not in assumed
        }
        if more == fired:
            return fired
        fired = more


def facts_of(rules: Table, fired: set[str]) -> set[str]:
    made: set[str] = set()
    for rule in rules:
        if rule.name in fired:
            made |= set(rule.derives) | {f"waived:{name}" for name in rule.waives}
    return made


def well_founded(rules: Table, hit: set[str]) -> set[str]:
    """Return the rules that fire, all hits being known."""
    low: set[str] = set()
    while True:
        high = consequences(rules, hit, facts_of(rules, low))
        new = consequences(rules, hit, facts_of(rules, high))
        if new == low:
            assert low == high, "a table with strata leaves nothing undecided"
            return low
        low = new


def completions(hits: Mapping[str, Truth]) -> Iterable[set[str]]:
    unknown = [name for name, hit in hits.items() if hit is Truth.UNKNOWN]
    surely = {name for name, hit in hits.items() if hit is Truth.TRUE}
    for chosen in itertools.product((False, True), repeat=len(unknown)):
        yield surely | set(itertools.compress(unknown, chosen))


@many
@given(settled_tables())
def test_the_durable_engine_equals_the_reference(case: tuple[Table, Hits]) -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    rules, hits = case
    expected = ReferenceEngine(rules).infer(hits)
    event("some rule is waived" if any("waived:" in f for f in expected.makers) else "no waiver")
    event("unknown matters" if expected.certain != expected.possible else "unknown is idle")
    engine = make_engine(rules, prefer="durable")
    assert engine.infer(hits) == expected
    assert engine.infer(hits) == expected, "the second inference saw the first"
    known = {name: Truth.of(hit.is_possible) for name, hit in hits.items()}
    assert engine.infer(known) == ReferenceEngine(rules).infer(known)


@settings(many, max_examples=_MANY // 8)
@given(settled_tables(min_rules=30, max_rules=50))
def test_they_are_equal_on_larger_tables(case: tuple[Table, Hits]) -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    rules, hits = case
    assert make_engine(rules, prefer="durable").infer(hits) == ReferenceEngine(rules).infer(hits)


@settings(many, max_examples=_MANY // 2)
@given(settled_tables(max_rules=10, most_unknown=4))
def test_whatever_the_unknowns_turn_out_to_be_the_answer_lies_between(
    engine_name: str, case: tuple[Table, Hits]
) -> None:
    rules, hits = case
    answer = build(engine_name, rules).infer(hits)
    for world in completions(hits):
        fired = well_founded(rules, world)
        assert answer.certain <= fired <= answer.possible


@settings(many, max_examples=_MANY // 2)
@given(settled_tables(most_unknown=0))
def test_with_nothing_unknown_the_answer_is_exactly_the_well_founded_one(
    engine_name: str, case: tuple[Table, Hits]
) -> None:
    rules, hits = case
    answer = build(engine_name, rules).infer(hits)
    fired = well_founded(rules, {name for name, hit in hits.items() if hit is Truth.TRUE})
    assert answer.certain == answer.possible == fired
    assert set(answer.makers) == facts_of(rules, fired)


@settings(many, max_examples=_MANY // 2)
@given(settled_tables(), st.data())
def test_learning_more_never_makes_the_answer_vaguer(
    engine_name: str, case: tuple[Table, Hits], data: st.DataObject
) -> None:
    rules, hits = case
    learnt = {
        name: data.draw(st.sampled_from(Truth)) if hit is Truth.UNKNOWN else hit
        for name, hit in hits.items()
    }
    engine = build(engine_name, rules)
    before, after = engine.infer(hits), engine.infer(learnt)
    assert before.certain <= after.certain <= after.possible <= before.possible


@settings(many, max_examples=_MANY // 2)
@given(settled_tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(
    engine_name: str, case: tuple[Table, Hits], random: Random
) -> None:
    rules, hits = case
    shuffled = list(rules)
    random.shuffle(shuffled)
    first, second = (build(engine_name, table).infer(hits) for table in (rules, shuffled))
    assert (first.certain, first.possible) == (second.certain, second.possible)
    assert {fact: set(by) for fact, by in first.makers.items()} == {
        fact: set(by) for fact, by in second.makers.items()
    }


# Two words that durable_rules itself would take for one, and others that it would have to escape.
AWKWARD = [
    "attr49199",
    "attr108832",
    "第二十六条",
    'a "quote"',
    "back\\slash",
    "",
    "$s",
    "sid",
    "r0",
]


@settings(many, max_examples=_MANY // 2)
@given(settled_tables(), st.permutations(AWKWARD))
def test_what_the_rules_are_called_does_not_matter(
    engine_name: str, case: tuple[Table, Hits], awkward: list[str]
) -> None:
    rules, hits = case
    new = {f"rule_{i}": name for i, name in enumerate(awkward)}
    new |= {f"fact_{i}": name for i, name in enumerate(reversed(awkward))}

    def called(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(new.get(name, name) for name in names)

    renamed = [
        InferenceRule(
            new.get(rule.name, rule.name),
            needs=called(rule.needs),
            unless=called(rule.unless),
            derives=called(rule.derives),
            waives=called(rule.waives),
        )
        for rule in rules
    ]
    first = build(engine_name, rules).infer(hits)
    second = build(engine_name, renamed).infer(
        {new.get(name, name): hit for name, hit in hits.items()}
    )
    assert set(called(first.certain)) == second.certain
    assert set(called(first.possible)) == second.possible


def test_a_known_case_three_deep(engine_name: str) -> None:
    """Decree 761: an exemption from applying, voided by a swarm, unless (made up) a show permit."""
    rules = [
        InferenceRule("apply"),
        InferenceRule("suitable airspace", derives=("suitable",)),
        InferenceRule("exempt", needs=("suitable",), waives=("apply",)),
        InferenceRule("swarm", waives=("exempt",)),
        InferenceRule("permit", waives=("swarm",)),
    ]
    hits = dict.fromkeys([rule.name for rule in rules], Truth.TRUE)
    engine = build(engine_name, rules)
    assert engine.infer(hits).certain == {"suitable airspace", "exempt", "permit"}
    no_permit = engine.infer(hits | {"permit": Truth.FALSE})
    assert no_permit.certain == {"apply", "suitable airspace", "swarm"}
    unsure = engine.infer(hits | {"permit": Truth.UNKNOWN})
    assert unsure.certain == {"suitable airspace"}
    assert unsure.possible == set(hits)
