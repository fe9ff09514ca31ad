"""Law judged in columns is law judged flight by flight."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from lowalt import testing
from lowalt.engine import make_engine
from lowalt.engine.batch_engine import BatchEngine
from lowalt.engine.rules import InferenceRule
from lowalt.errors import CalendarYearError, InvalidInputError, RegulationError
from lowalt.fact_table import FactTable
from lowalt.facts import Facts, Instance
from lowalt.judgement import judge
from lowalt.judgement_table import CRAFT_ABROAD, DECISIONS, STATUSES, judge_many
from lowalt.regulations.authoring import F
from lowalt.regulations.case import Case
from lowalt.regulations.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Compare,
    CompareTimes,
    Condition,
    Holds,
)
from lowalt.regulations.masks import Answers, KeptConditions
from lowalt.regulations.model import Deadline, Effect, Quantity, Span, SpanUnit
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.temporal import epoch_ms
from lowalt.terms import Jurisdiction, Notice
from lowalt.testing.rulebooks import rulebook_of, synthetic_rule
from lowalt.truth import Truth
from lowalt.vocabulary import VOCABULARY, Scope, fact

some = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(some, max_examples=25)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TERMS = [word.name for word in VOCABULARY.values() if word.defined]
LAW_DAYS = (date(2023, 6, 1), date(2024, 6, 1), date(2025, 11, 21), date(2026, 8, 1))


def assert_same(book: Rulebook, flights: Sequence[Facts], *, rows_at_once: int = 3) -> None:
    """Hold the table to the judgement of every flight."""
    table = FactTable.of(flights)
    judged = judge_many(table, rulebook=book, rows_at_once=rows_at_once)
    assert judged.status.shape == (len(flights), len(book.rules))
    for row, facts in enumerate(flights):
        one = judge(facts, rulebook=book)
        statuses = [STATUSES[code] for code in judged.status[row]]
        expected = [result.status for result in one.results]
        assert dict(zip(judged.citations, statuses, strict=True)) == dict(
            zip(judged.citations, expected, strict=True)
        )
        found = judged.decision[row], judged.best[row], judged.worst[row]
        assert tuple(DECISIONS[code] for code in found) == (one.decision, one.best, one.worst)
        assert judged.outside_dataset[row] == one.outside_dataset
        found_abroad = zip(CRAFT_ABROAD, judged.ungoverned[row].tolist(), strict=True)
        nobodys = {pair for pair, is_so in found_abroad if is_so}
        assert nobodys == set(one.ungoverned)


@some
@given(testing.rulebooks(kind="synthetic"), st.lists(testing.facts(), max_size=5))
def test_many_are_judged_as_each_is_by_any_law(book: Rulebook, flights: list[Facts]) -> None:
    assert_same(book, flights)


@few
@given(st.sampled_from(LAW_DAYS), st.lists(testing.facts(), min_size=1, max_size=4))
def test_many_are_judged_as_each_is_by_the_law_of_shenzhen(on: date, flights: list[Facts]) -> None:
    assert_same(load_rulebook("shenzhen", on=on), flights)


@few
@given(st.sampled_from(LAW_DAYS), testing.facts())
def test_three_engines_agree_on_the_law_of_shenzhen(on: date, facts: Facts) -> None:
    judged = [
        [r.status for r in judge(facts, rulebook=load_rulebook(on=on, engine=engine)).results]
        for engine in ("durable", "reference")
    ]
    table = judge_many(FactTable.of([facts]), rulebook=load_rulebook(on=on))
    assert judged[0] == judged[1] == [STATUSES[code] for code in table.status[0]]


@some
@given(
    testing.rule_tables().flatmap(
        lambda table: st.tuples(
            st.just(table), st.lists(testing.hits(table), min_size=1, max_size=5)
        )
    )
)
def test_the_batch_engine_equals_the_reference(
    case: tuple[list[InferenceRule], list[dict[str, Truth]]],
) -> None:
    rules, flights = case
    reference = make_engine(rules, prefer="reference")
    names = [rule.name for rule in rules]
    answer = BatchEngine(rules).infer(
        {n: np.array([hits[n] is Truth.TRUE for hits in flights]) for n in names},
        {n: np.array([hits[n] is not Truth.FALSE for hits in flights]) for n in names},
    )
    nobody = np.zeros(len(flights), dtype=bool)
    for row, hits in enumerate(flights):
        expected = reference.infer(hits)
        assert {n for n in names if answer.certain.get(n, nobody)[row]} == expected.certain
        assert {n for n in names if answer.possible.get(n, nobody)[row]} == expected.possible
        for name in names:
            waived = answer.waived(name)
            surely = bool(expected.waived_by(name, certainly=True))
            assert (waived is not None and bool(waived[row])) == surely


@settings(some, max_examples=100)
@given(
    st.sampled_from(Scope).flatmap(
        lambda scope: st.tuples(st.just(scope), testing.conditions(scope=scope))
    ),
    st.lists(testing.facts(), min_size=1, max_size=3),
)
def test_a_mask_is_the_truth_of_the_condition_row_by_row(
    case: tuple[Scope, Condition], flights: list[Facts]
) -> None:
    scope, condition = case
    definitions = load_rulebook(on=date(2026, 6, 1)).definitions
    kept = KeptConditions(definitions)
    number = kept.keep(condition, scope)
    mask = Answers(kept, FactTable.of(flights))[number]
    truths = [
        condition.truth(view)
        for facts in flights
        for _, view in Case(facts, definitions).views(scope)
    ]
    assert mask.true.tolist() == [truth is Truth.TRUE for truth in truths]
    assert mask.false.tolist() == [truth is Truth.FALSE for truth in truths]
    for truth in truths:
        event(truth.value)


@few
@given(st.lists(testing.facts(), max_size=4))
def test_a_table_gives_back_the_facts_it_was_made_of(flights: list[Facts]) -> None:
    table = FactTable.of(flights)
    assert len(table) == len(flights)
    assert [table.facts(row) for row in range(len(flights))] == flights


@few
@given(st.lists(testing.facts(), min_size=1, max_size=4), st.data())
def test_flights_are_taken_from_a_table_with_all_that_is_theirs(
    flights: list[Facts], data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(st.integers(0, len(flights) - 1), max_size=6))
    table = FactTable.of(flights).take(numbers)
    assert [table.facts(row) for row in range(len(table))] == [flights[n] for n in numbers]


def test_what_is_known_of_no_flight_has_no_column_and_is_looked_at_all_the_same() -> None:
    table = FactTable.of_values([{"is_indoor": None}, {"is_indoor": None}], [(), ()], [(), ()])
    assert len(table) == 2
    assert not table.flights.columns
    with pytest.raises(InvalidInputError, match="zone_kind is of"):
        FactTable.of_values([{"zone_kind": None}], [()], [()])


@few
@given(st.lists(testing.facts(), min_size=3, max_size=5), st.integers(1, 6))
def test_answers_do_not_depend_on_the_batches(flights: list[Facts], rows_at_once: int) -> None:
    table, book = FactTable.of(flights), load_rulebook(on=date(2026, 6, 1))
    whole = judge_many(table, rulebook=book)
    parts = judge_many(table, rulebook=book, rows_at_once=rows_at_once)
    for column in ("status", "best", "worst", "ungoverned", "outside_dataset"):
        assert (getattr(whole, column) == getattr(parts, column)).all()


def truths(condition: Condition, *flights: Facts) -> list[bool | None]:
    """Answer a condition by masks, and hold that to its truth."""
    kept = KeptConditions({})
    mask = Answers(kept, FactTable.of(flights))[kept.keep(condition, Scope.FLIGHT)]
    assert not (mask.true & mask.false).any()
    found = [
        True if true else False if false else None
        for true, false in zip(mask.true.tolist(), mask.false.tolist(), strict=True)
    ]
    assert [Truth.of(value) for value in found] == [
        condition.truth(Case(facts, {}).flight) for facts in flights
    ]
    return found


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("<", [True, False, None]),
        ("<=", [True, False, None]),
        (">", [False, True, None]),
        (">=", [False, True, None]),
        ("==", [False, False, None]),
    ],
)
def test_an_integer_is_compared_with_a_fraction_exactly(
    comparison: str, expected: list[bool | None]
) -> None:
    mass = fact("empty_mass_g")
    limit = Compare(mass, comparison, Fraction(7, 2), Quantity(Fraction(7, 2), "g"), "test")
    flights = [Facts({"empty_mass_g": 3}), Facts({"empty_mass_g": 4}), Facts({})]
    assert truths(limit, *flights) == expected


def test_an_integer_at_the_limit_is_at_it() -> None:
    flights = [Facts({"empty_mass_g": grams}) for grams in (249, 250, 251)]
    quantity = Quantity(Fraction(250), "g")

    def compared(comparison: str) -> list[bool | None]:
        limit = Compare(fact("empty_mass_g"), comparison, Fraction(250), quantity, "test")
        return truths(limit, *flights)

    assert compared("<") == [True, False, False]
    assert compared("<=") == [True, True, False]
    assert compared("==") == [False, True, False]


def test_an_integer_beyond_a_machine_word_is_compared_exactly() -> None:
    flights = [Facts({"empty_mass_g": 2**70 + grams}) for grams in (0, 1)]
    limit = Fraction(2**70)
    above = Compare(fact("empty_mass_g"), ">", limit, Quantity(limit, "g"), "test")
    assert truths(above, *flights) == [False, True]
    assert FactTable.of(flights).facts(1) == flights[1]


def test_a_span_of_law_does_not_run_over_the_end_of_a_machine_word() -> None:
    last = 2**63 - 1
    flights = [Facts({"submitted_at": last, "departure_at": last})]
    hour = Span(60, SpanUnit.MINUTE)
    before = CompareTimes(fact("submitted_at"), "<", fact("departure_at"), hour, "test")
    assert truths(before, *flights) == [True]


def test_a_deadline_is_noon_of_the_day_before_in_local_time() -> None:
    noon = Deadline(-1, time(12), SHANGHAI)
    in_time = CompareTimes(fact("submitted_at"), "<=", fact("departure_at"), noon, "test")

    def filed(departure: datetime, submitted: datetime) -> Facts:
        return Facts({"departure_at": epoch_ms(departure), "submitted_at": epoch_ms(submitted)})

    midnight = datetime(2026, 6, 2, tzinfo=SHANGHAI)
    first_noon = datetime(2026, 5, 31, 12, tzinfo=SHANGHAI)
    moment = timedelta(milliseconds=1)
    assert truths(
        in_time,
        filed(midnight, first_noon + timedelta(days=1)),
        filed(midnight, first_noon + timedelta(days=1) + moment),
        filed(midnight - moment, first_noon),
        filed(midnight - moment, first_noon + moment),
        Facts({"departure_at": epoch_ms(midnight)}),
    ) == [True, False, True, False, None]


def test_a_deadline_keeps_to_clocks_that_were_minutes_off() -> None:
    # Until 1901 the clocks of Shanghai were 8 h 5 min 43 s ahead of UTC.
    noon = Deadline(-1, time(12), SHANGHAI)
    in_time = CompareTimes(fact("submitted_at"), "<=", fact("departure_at"), noon, "test")
    midnight = datetime(1899, 12, 31, 15, 54, 17, tzinfo=UTC)
    before, after = midnight - timedelta(seconds=1), midnight
    filed = datetime(1899, 12, 31, tzinfo=SHANGHAI) + timedelta(hours=12)
    flights = [
        Facts({"departure_at": epoch_ms(departure), "submitted_at": epoch_ms(filed)})
        for departure in (before, after)
    ]
    assert truths(in_time, *flights) == [False, True]


def test_a_month_ends_where_the_calendar_says() -> None:
    month = Span(1, SpanUnit.MONTH)
    late = CompareTimes(fact("departure_on"), ">", fact("licence_issued_on"), month, "test")
    issued = date(2026, 1, 31).toordinal()
    flights = [
        Facts({"licence_issued_on": issued, "departure_on": date(2026, *day).toordinal()})
        for day in ((2, 28), (3, 1))
    ]
    assert truths(late, *flights) == [False, True]


def test_nothing_asked_for_is_all_there_and_none_of_it_is() -> None:
    assert truths(All(()), Facts({}), Facts({})) == [True, True]
    assert truths(AnyOf(()), Facts({}), Facts({})) == [False, False]


def test_a_rule_on_zones_is_broken_by_one_zone_of_many_flights() -> None:
    rule = synthetic_rule(
        "keep_out", scope=Scope.ENCOUNTER, satisfied=F.holds_zone_approval.as_condition()
    )
    book = rulebook_of([rule])

    def meets(*held: bool) -> Facts:
        home = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})
        zones = tuple(Instance(Truth.TRUE, {"holds_zone_approval": one}) for one in held)
        return Facts({"is_within_dataset": True, "is_unmanned": True}, (home,), zones)

    flights = [meets(), meets(True), meets(True, False), meets(), meets(False)]
    judged = judge_many(FactTable.of(flights), rulebook=book)
    assert [STATUSES[code].value for code in judged.status[:, 0]] == [
        *("not_applicable", "met", "breached", "not_applicable", "breached"),
    ]
    assert [DECISIONS[code].value for code in judged.decision] == [
        *("permitted", "permitted", "prohibited", "permitted", "prohibited"),
    ]


def in_working_days(*, applies: Condition = ALWAYS) -> Rulebook:
    """Make the law that one files seven working days ahead."""
    week = Span(-7, SpanUnit.WORKDAY)
    in_time = CompareTimes(fact("licence_issued_on"), "<=", fact("departure_on"), week, "test")
    return rulebook_of([synthetic_rule("in_time", applies=applies, satisfied=in_time)])


def filed_in(year: int, *, indoor: bool) -> Facts:
    on = date(year, 6, 1).toordinal()
    return Facts({"licence_issued_on": on - 30, "departure_on": on, "is_indoor": indoor})


def test_working_days_of_an_unknown_year_are_refused_by_both() -> None:
    book, facts = in_working_days(), filed_in(2200, indoor=False)
    with pytest.raises(CalendarYearError) as one:
        judge(facts, rulebook=book)
    with pytest.raises(CalendarYearError) as many:
        judge_many(FactTable.of([filed_in(2024, indoor=False), facts]), rulebook=book)
    assert str(many.value) == str(one.value)


def test_working_days_are_refused_only_for_those_whom_the_rule_concerns() -> None:
    book = in_working_days(applies=~F.is_indoor)
    assert_same(book, [filed_in(2200, indoor=True), filed_in(2024, indoor=False)])
    unstated = Facts({"departure_on": date(2200, 6, 1).toordinal(), "is_indoor": False})
    assert_same(book, [unstated])
    with pytest.raises(CalendarYearError):
        judge_many(FactTable.of([filed_in(2200, indoor=False)]), rulebook=book)


def test_working_days_of_an_unknown_year_are_unknown_to_advice_and_refused_beside_it() -> None:
    (rule,) = in_working_days().rules
    advice = synthetic_rule("advice", effect=Effect.ADVISES, satisfied=rule.satisfied)
    late = {
        **filed_in(2024, indoor=False).flight,
        "licence_issued_on": date(2024, 6, 1).toordinal(),
    }
    flights = [filed_in(2200, indoor=False), filed_in(2024, indoor=False), Facts(late)]
    assert_same(rulebook_of([advice]), flights)
    statuses = [judge(f, rulebook=rulebook_of([advice])).results[0].status for f in flights]
    assert [status.value for status in statuses] == ["missing_info", "met", "breached"]
    both = rulebook_of([advice, rule])
    with pytest.raises(CalendarYearError):
        judge(flights[0], rulebook=both)
    with pytest.raises(CalendarYearError):
        judge_many(FactTable.of(flights), rulebook=both)


def test_no_flights_are_judged_to_nothing() -> None:
    book = load_rulebook(on=date(2026, 6, 1))
    judged = judge_many(FactTable.of([]), rulebook=book)
    assert judged.status.shape == (0, len(book.rules))
    assert judged.decision.tolist() == []


def test_what_is_no_table_is_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"given list, expected a FactTable"):
        judge_many([Facts({})], rulebook=load_rulebook(on=date(2026, 6, 1)))  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="rows_at_once: given 0, expected 1 or more"):
        judge_many(FactTable.of([]), rulebook=load_rulebook(on=date(2026, 6, 1)), rows_at_once=0)
    with pytest.raises(InvalidInputError, match="given dict, expected the Facts"):
        FactTable.of([{}])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"is_indoor": 1}, "fact is_indoor: given 1 "),
        ({"empty_mass_g": True}, "fact empty_mass_g: given True"),
        ({"operator_kind": "unit"}, "fact operator_kind: given 'unit'"),
        ({"zone_kind": None}, "fact zone_kind is of a encounter"),
        (dict.fromkeys(TERMS[:1], True), "is defined by law"),
    ],
)
def test_values_of_the_wrong_type_or_scope_are_refused(
    values: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        FactTable.of_values([{}, values], [[], []], [[], []])  # type: ignore[list-item]


def test_a_condition_on_zones_cannot_be_asked_of_a_flight() -> None:
    kept = KeptConditions({})
    with pytest.raises(RegulationError, match="zone_notice of a encounter were asked of a flight"):
        kept.keep(F.zone_notice.in_(*Notice), Scope.FLIGHT)
    with pytest.raises(RegulationError, match="not a boolean"):
        kept.keep(Holds(fact("empty_mass_g")), Scope.FLIGHT)


def test_each_condition_is_kept_once() -> None:
    kept = KeptConditions({})
    first = kept.keep(F.is_indoor & ~F.is_modified, Scope.FLIGHT)
    assert kept.keep(F.is_indoor & ~F.is_modified, Scope.FLIGHT) == first
    assert kept.keep(F.is_indoor.as_condition(), Scope.FLIGHT) in kept.within(first)
    assert dataclasses.is_dataclass(Answers(kept, FactTable.of([Facts({})]))[first])
