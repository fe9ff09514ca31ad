"""Rule tables: their strata, what is refused, and how an engine is chosen."""

from __future__ import annotations

import builtins
import functools
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import lowalt.engine
from lowalt.engine import InferenceEngine, ReferenceEngineWarning, make_engine
from lowalt.engine.reference_engine import ReferenceEngine
from lowalt.engine.rules import Inference, InferenceRule, check_table, stratify
from lowalt.errors import (
    CircularWaiverError,
    InvalidInputError,
    RuleEvaluationError,
    RuleTableError,
)
from lowalt.truth import Truth

R = InferenceRule
Build = Callable[[list[InferenceRule]], InferenceEngine]


def names(strata: tuple[tuple[InferenceRule, ...], ...]) -> list[list[str]]:
    return [[rule.name for rule in stratum] for stratum in strata]


def test_a_waiver_of_a_waiver_is_settled_first() -> None:
    rules = [R("duty"), R("exemption", waives=("duty",)), R("void", waives=("exemption",))]
    assert names(stratify(rules)) == [["void"], ["exemption"], ["duty"]]


def test_a_chain_of_needs_stays_in_one_stratum_in_the_order_of_the_table() -> None:
    rules = [R("c", needs=("y",)), R("b", needs=("x",), derives=("y",)), R("a", derives=("x",))]
    assert names(stratify(rules)) == [["c", "b", "a"]]


def test_a_need_lifts_a_rule_to_the_stratum_of_every_maker() -> None:
    rules = [
        R("late", needs=("x",)),
        R("quick", derives=("x",)),
        R("slow", unless=("y",), derives=("x",)),
        R("first", derives=("y",)),
    ]
    assert names(stratify(rules)) == [["quick", "first"], ["late", "slow"]]


def test_an_empty_table_has_no_strata_and_nothing_fires() -> None:
    assert stratify([]) == ()
    empty = Inference(certain=frozenset(), possible=frozenset(), makers={})
    assert make_engine([], prefer="reference").infer({}) == empty


def test_five_hundred_waivers_in_a_row_make_five_hundred_strata() -> None:
    rules = [R(f"r{i}", waives=(f"r{i + 1}",) if i < 499 else ()) for i in range(500)]
    assert names(stratify(rules)) == [[f"r{i}"] for i in range(500)]
    assert names(stratify(rules[::-1])) == [[f"r{i}"] for i in range(500)]


CIRCLES = {
    "a rule that waives itself": [R("a", waives=("a",))],
    "two that waive each other": [R("a", waives=("b",)), R("b", waives=("a",))],
    "through a need": [
        R("bystander", derives=("z",)),
        R("a", needs=("y",), waives=("b",)),
        R("b", derives=("y",)),
        R("downstream", needs=("y",)),
    ],
    "through unless, round three": [
        R("a", unless=("c did",), derives=("a did",)),
        R("b", unless=("a did",), derives=("b did",)),
        R("c", unless=("b did",), derives=("c did",)),
    ],
}


@pytest.fixture(params=["durable", "reference"])
def build(request: pytest.FixtureRequest) -> Build:
    if request.param == "durable":
        pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    return functools.partial(make_engine, prefer=request.param)


@pytest.mark.parametrize("rules", list(CIRCLES.values()), ids=CIRCLES)
def test_rules_that_bar_one_another_in_a_circle_are_refused(
    build: Build, rules: list[InferenceRule]
) -> None:
    with pytest.raises(CircularWaiverError, match="in a circle"):
        build(rules)


def test_the_circle_is_named_link_by_link_and_nothing_beside_it() -> None:
    with pytest.raises(CircularWaiverError) as refused:
        stratify(CIRCLES["through a need"])
    head, *links = str(refused.value).split("\n  ")
    assert "drop one link" in head
    assert set(links) == {
        "'a' makes 'waived:b', which bars 'b'",
        "'b' makes 'y', which is needed by 'a'",
    }


def test_needs_in_a_circle_are_no_fault_and_never_fire_by_themselves() -> None:
    rules = [R("a", needs=("y",), derives=("x",)), R("b", needs=("x",), derives=("y",))]
    answer = ReferenceEngine(rules).infer({"a": Truth.TRUE, "b": Truth.TRUE})
    assert answer.possible == frozenset()


TABLE_FAULTS = {
    "2 rules are named 'a'": [R("a"), R("a")],
    "'a' waives 'b', which is no rule": [R("a", waives=("b",))],
    "'a' needs 'x', which no rule derives": [R("a", needs=("x",))],
    "'a' is barred by 'x', which no rule derives": [R("a", unless=("x",))],
    "'a' both needs 'x' and is barred by it": [
        R("a", needs=("x",), unless=("x",)),
        R("b", derives=("x",)),
    ],
    "'a' both needs 'waived:a'": [R("a", needs=("waived:a",)), R("b", waives=("a",))],
    "a waiver is written waives=('a',)": [R("a"), R("b", derives=("waived:a",))],
}


@pytest.mark.parametrize(("message", "rules"), list(TABLE_FAULTS.items()), ids=TABLE_FAULTS)
def test_a_faulty_table_is_refused_by_every_engine_and_the_rule_named(
    build: Build, message: str, rules: list[InferenceRule]
) -> None:
    with pytest.raises(RuleTableError) as refused:
        build(rules)
    assert message in str(refused.value)


def test_every_fault_of_a_table_is_listed_at_once() -> None:
    with pytest.raises(RuleTableError) as refused:
        check_table([R("a", needs=("x",), waives=("b", "c"))])
    assert str(refused.value).startswith("the rule table has 3 faults:")
    assert str(refused.value).count("\n") == 3


@pytest.fixture
def exemption(build: Build) -> InferenceEngine:
    return build([R("duty"), R("second", waives=("duty",)), R("first", waives=("duty",))])


def test_waived_by_names_the_waivers_in_the_order_of_the_table(exemption: InferenceEngine) -> None:
    answer = exemption.infer({"duty": Truth.TRUE, "first": Truth.TRUE, "second": Truth.UNKNOWN})
    assert answer.certain == {"first"}
    assert answer.possible == {"first", "second"}
    assert answer.makers == {"waived:duty": ("second", "first")}
    assert answer.waived_by("duty", certainly=False) == ("second", "first")
    assert answer.waived_by("duty", certainly=True) == ("first",)
    assert answer.waived_by("first", certainly=False) == ()


BAD_HITS: list[tuple[Mapping[str, Any], str]] = [
    ({"duty": Truth.TRUE}, "no hit for 'first', 'second'"),
    (dict.fromkeys(("duty", "first", "second", "third"), Truth.TRUE), "no rule of the table"),
    ({"duty": True, "first": Truth.TRUE, "second": Truth.TRUE}, "the hit of 'duty' is True"),
]


@pytest.mark.parametrize(("hits", "message"), BAD_HITS)
def test_hits_that_do_not_fit_the_table_are_refused(
    exemption: InferenceEngine, hits: Mapping[str, Any], message: str
) -> None:
    with pytest.raises(RuleEvaluationError, match=message):
        exemption.infer(hits)


@pytest.fixture
def without_durable_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def refuse(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "lowalt.engine.durable_engine":
            raise ImportError("undefined symbol: PyEval_CallObject")
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "lowalt.engine.durable_engine", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr(lowalt.engine, "_said", [])


@pytest.mark.usefixtures("without_durable_rules")
def test_without_durable_rules_the_reference_engine_answers_and_says_so_once() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert [make_engine([R("a")]).name for _ in range(3)] == ["reference"] * 3
    assert [warning.category for warning in caught] == [ReferenceEngineWarning]
    assert caught[0].filename == __file__
    text = str(caught[0].message)
    assert "answers are the same" in text
    assert 'CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject"' in text


@pytest.mark.usefixtures("without_durable_rules")
def test_a_warning_turned_into_an_error_is_raised_once_only() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ReferenceEngineWarning):
            make_engine([R("a")])
        assert make_engine([R("a")]).name == "reference"


@pytest.mark.usefixtures("without_durable_rules")
def test_insisting_on_durable_rules_where_it_is_absent_is_refused_with_the_cure() -> None:
    with pytest.raises(RuleEvaluationError, match="CPPFLAGS"):
        make_engine([R("a")], prefer="durable")


def test_where_durable_rules_imports_it_is_taken() -> None:
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    assert make_engine([R("a")]).name == "durable"
    assert make_engine([R("a")], prefer="reference").name == "reference"


def test_an_engine_nobody_knows_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="'durable'"):
        make_engine([], prefer="drools")  # type: ignore[arg-type]  # the point of the test
