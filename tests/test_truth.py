"""Kleene's strong logic, against its published tables and against the completions it stands for."""

from __future__ import annotations

import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowalt.truth import Truth

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

# Kleene 1952, section 64: rows and columns in the order false, unknown, true.
AND_TABLE = [[F, F, F], [F, U, U], [F, U, T]]
OR_TABLE = [[F, U, T], [U, U, T], [T, T, T]]


@pytest.mark.parametrize(("i", "j"), list(itertools.product(range(3), repeat=2)))
def test_and_and_or_follow_the_published_tables(i: int, j: int) -> None:
    values = [F, U, T]
    assert values[i] & values[j] is AND_TABLE[i][j]
    assert values[i] | values[j] is OR_TABLE[i][j]


def test_negation_swaps_true_and_false_and_keeps_unknown() -> None:
    assert [~F, ~U, ~T] == [T, U, F]


def completions(value: Truth) -> tuple[bool, ...]:
    """Return what the value may turn out to be."""
    return (False, True) if value is U else (value is T,)


@given(st.lists(st.sampled_from(Truth), max_size=6))
def test_all_and_any_are_unknown_exactly_where_completions_differ(values: list[Truth]) -> None:
    worlds = list(itertools.product(*map(completions, values)))
    for whole, fold in ((Truth.all_of, all), (Truth.any_of, any)):
        outcomes = {fold(world) for world in worlds}
        assert whole(iter(values)) is (U if len(outcomes) == 2 else Truth.of(outcomes.pop()))


def test_of_nothing_all_is_true_and_any_is_false() -> None:
    assert Truth.all_of([]) is T
    assert Truth.any_of([]) is F


def test_no_answer_is_unknown_and_never_false() -> None:
    assert [Truth.of(False), Truth.of(None), Truth.of(True)] == [F, U, T]


def test_unknown_is_possible_but_not_certain() -> None:
    assert [value.is_certain for value in (F, U, T)] == [False, False, True]
    assert [value.is_possible for value in (F, U, T)] == [False, True, True]


@pytest.mark.parametrize("value", list(Truth))
def test_a_truth_value_refuses_to_be_read_as_a_bool(value: Truth) -> None:
    with pytest.raises(TypeError, match="is_possible"):
        bool(value)


@pytest.mark.parametrize("value", list(Truth))
def test_pickling_keeps_identity(value: Truth) -> None:
    assert pickle.loads(pickle.dumps(value)) is value
