"""Many plans assessed at once: each gets the answer it gets by itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString

from lowalt import (
    Decision,
    FlightPlan,
    InvalidInputError,
    Status,
    Verdict,
    VerdictTable,
    assess,
    assess_many,
    day_of_services,
    load_airspace,
    load_rulebook,
    read_plan,
    testing,
)
from lowalt.airspace import AirspaceDataset
from lowalt.assessment import many
from lowalt.errors import NaiveDatetimeError, UnknownNameError
from lowalt.judgement_table import DECISIONS, STATUSES
from lowalt.situation import lay
from lowalt.situation.many import lay_many
from lowalt.situation.reach import are_within
from lowalt.temporal import TimeInterval
from lowalt.terrain import SyntheticTerrain, load_geoid

EXAMPLES = Path(__file__).parent.parent / "examples" / "plans"
SHENZHEN = load_airspace("shenzhen")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
few = settings(max_examples=25)


def examples() -> list[FlightPlan]:
    return [read_plan(path) for path in sorted(EXAMPLES.glob("*.json"))]


def named_apart(plans: Sequence[FlightPlan]) -> list[FlightPlan]:
    """Give each plan an identifier of its own."""
    return [
        plan.model_copy(update={"plan_id": f"plan-{number}"}) for number, plan in enumerate(plans)
    ]


def statuses_of(verdict: Verdict) -> dict[str, Status]:
    """Status of every provision: the worst of its findings."""
    found: dict[str, Status] = {}
    for finding in verdict.findings:
        known = found.get(finding.citation, finding.status)
        found[finding.citation] = min(known, finding.status, key=STATUSES.index)
    return found


def assert_same(table: VerdictTable, verdicts: Sequence[Verdict]) -> None:
    assert table.plan_ids == tuple(verdict.plan_id for verdict in verdicts)
    assert table.decisions == [verdict.decision for verdict in verdicts]
    for row, verdict in enumerate(verdicts):
        assert DECISIONS[table.best[row]] is verdict.best
        assert DECISIONS[table.worst[row]] is verdict.worst
        codes = table.status[row].tolist()
        found = {c: STATUSES[code] for c, code in zip(table.citations, codes, strict=True)}
        assert found == statuses_of(verdict)


@few
@given(st.lists(testing.plans(), max_size=4))
def test_plans_of_any_days_are_assessed_as_each_is(drawn: list[FlightPlan]) -> None:
    plans = named_apart(drawn)
    assert_same(
        assess_many(plans, airspace=SHENZHEN), [assess(p, airspace=SHENZHEN) for p in plans]
    )


@few
@given(
    testing.datasets(),
    st.lists(testing.plans(), min_size=1, max_size=3),
    st.integers(0, 365 * 24).map(lambda hours: NEW_YEAR + timedelta(hours=hours)),
)
def test_so_are_plans_over_any_airspace_filed_at_any_time(
    airspace: AirspaceDataset, drawn: list[FlightPlan], submitted_at: datetime
) -> None:
    plans = named_apart(drawn)
    book = load_rulebook("shenzhen", on=plans[0].departure.date())
    table = assess_many(plans, airspace=airspace, rulebook=book, submitted_at=submitted_at)
    assert_same(
        table,
        [assess(p, airspace=airspace, rulebook=book, submitted_at=submitted_at) for p in plans],
    )


@few
@given(st.lists(testing.plans(), min_size=1, max_size=4))
def test_plans_laid_together_lie_as_each_does(plans: list[FlightPlan]) -> None:
    terrain = SyntheticTerrain()
    for ground, geoid in ((None, None), (terrain, load_geoid())):
        together = lay_many(plans, airspace=SHENZHEN, terrain=ground, geoid=geoid)
        for plan, found in zip(plans, together, strict=True):
            alone = lay(plan, airspace=SHENZHEN, terrain=ground, geoid=geoid)
            for part in ("plan", "legs", "encounters", "is_within_dataset", "is_in_camp"):
                assert getattr(found, part) == getattr(alone, part)
            for part in ("is_in_one_subzone", "is_in_one_zone", "is_partly_at_night"):
                assert getattr(found, part) == getattr(alone, part)
            assert found.max_true_height_m == alone.max_true_height_m
            assert found.path.footprint.equals(alone.path.footprint)
            assert (found.path.period, found.path.bounds) == (alone.path.period, alone.path.bounds)


@given(
    st.lists(
        st.tuples(
            st.floats(0.0, 1.0),
            st.floats(-300.0, 300.0),
            st.floats(-400.0, 400.0),
            st.sampled_from([0.0, 15.0, 100.0]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_lies_within_the_dataset_keeps_its_width_from_the_edge(
    drawn: list[tuple[float, float, float, float]],
) -> None:
    edge = SHENZHEN.planar_extent.boundary
    period = examples_period()
    lines = []
    for share, beside_m, along_m, _ in drawn:
        place = edge.interpolate(share, normalized=True)
        start = place.x + beside_m, place.y + beside_m / 2.0
        lines.append(LineString([start, (start[0] + along_m, start[1] + 50.0)]))
    found = are_within(
        SHENZHEN,
        np.array(lines, dtype=np.object_),
        width_m=np.array([width_m for *_, width_m in drawn]),
        periods=[period] * len(drawn),
    )
    expected = [
        SHENZHEN.planar_extent.contains(line) and line.distance(edge) >= width_m
        for line, (*_, width_m) in zip(lines, drawn, strict=True)
    ]
    assert found.tolist() == expected


def examples_period() -> TimeInterval:
    plan = examples()[0]
    return TimeInterval(plan.departure, plan.arrival)


def test_the_example_plans_are_assessed_as_each_is() -> None:
    plans = examples()
    verdicts = [assess(plan, airspace=SHENZHEN) for plan in plans]
    table = assess_many(plans, airspace=SHENZHEN)
    assert_same(table, verdicts)
    assert len({verdict.on for verdict in verdicts}) > 1, "they fly on several days"
    assert sum(table.counts().values()) == len(table) == len(plans)
    number = table.plan_ids.index("pingshan-roof-20260609")
    assert table.verdict(number) == verdicts[number]
    assert table.verdict(-1) == verdicts[-1]


def test_so_are_the_flights_of_a_day_of_services() -> None:
    day = day_of_services(date(2026, 6, 9), seed=7, airspace=SHENZHEN, scale=0.05)
    by_service: dict[str, list[FlightPlan]] = {}
    for plan in day:
        by_service.setdefault(plan.plan_id.partition("-")[0], []).append(plan)
    assert len(by_service) > 3
    plans = [plan for service in by_service.values() for plan in service[:6]]
    assert_same(
        assess_many(plans, airspace=SHENZHEN), [assess(p, airspace=SHENZHEN) for p in plans]
    )


def test_plans_are_laid_once_and_judged_by_one_law_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plans = examples()
    monkeypatch.setattr(many, "PLANS_AT_ONCE", 7)
    tabulated = many.tabulate(plans, airspace=SHENZHEN)
    assert sum(map(len, tabulated.tables)) == len(plans)
    monkeypatch.undo()
    books = [load_rulebook("shenzhen", on=date(year, 6, 1)) for year in (2023, 2026)]
    for book in (*books, None):
        found, expected = (
            tabulated.judge(book),
            assess_many(plans, airspace=SHENZHEN, rulebook=book),
        )
        assert found.columns() == expected.columns()
        assert found.verdict(0) == expected.verdict(0)


def test_the_answers_do_not_depend_on_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = examples()
    whole = assess_many(plans, airspace=SHENZHEN)
    monkeypatch.setattr(many, "PLANS_AT_ONCE", 5)
    parts = assess_many(plans, airspace=SHENZHEN)
    assert (parts.status == whole.status).all()
    assert parts.decisions == whole.decisions


def test_one_plan_is_a_table_of_one() -> None:
    plan = read_plan(EXAMPLES / "01_light_uav_suitable_airspace.json")
    table = assess_many([plan], airspace=SHENZHEN)
    assert_same(table, [assess(plan, airspace=SHENZHEN)])
    assert table.counts() == {table.decisions[0]: 1}


def test_no_plans_are_an_empty_table() -> None:
    table = assess_many([], airspace=SHENZHEN)
    assert (len(table), table.decisions, table.counts(), table.most_frequent()) == (0, [], {}, [])
    assert table.columns() == {"plan_id": [], "decision": [], "best": [], "worst": []}


def test_a_rule_of_one_day_is_not_in_force_on_another() -> None:
    before = read_plan(EXAMPLES / "18_before_the_decree.json")
    after = read_plan(EXAMPLES / "01_light_uav_suitable_airspace.json")
    table = assess_many([before, after], airspace=SHENZHEN)
    statuses = table.status_of("cn/order_761_2023#art_26__para_1")
    assert statuses[0] is Status.NOT_IN_FORCE
    assert statuses[1] is not Status.NOT_IN_FORCE


def test_a_table_says_what_was_broken_most_often() -> None:
    table = assess_many(examples(), airspace=SHENZHEN)
    found = table.most_frequent(Status.BREACHED)
    counted = {citation: table.status_of(citation).count(Status.BREACHED) for citation, _ in found}
    assert counted == dict(found)
    assert [n for _, n in found] == sorted(counted.values(), reverse=True)
    assert sum(n for _, n in found) == (table.status == STATUSES.index(Status.BREACHED)).sum()


def test_columns_say_it_in_words() -> None:
    plans = examples()[:3]
    table = assess_many(plans, airspace=SHENZHEN)
    columns = table.columns()
    assert columns["plan_id"] == [plan.plan_id for plan in plans]
    assert [Decision(word) for word in columns["decision"]] == table.decisions
    citation = table.citations[0]
    assert [Status(word) for word in columns[citation]] == table.status_of(citation)
    assert list(columns)[4:] == list(table.citations)


def test_two_plans_of_one_name_are_refused() -> None:
    plan, other = examples()[:2]
    with pytest.raises(InvalidInputError, match=r"plans\[2\]\.plan_id: given pingshan.*plans\[0\]"):
        assess_many([plan, other, plan], airspace=SHENZHEN)


def test_of_a_thousand_faults_a_message_lists_what_a_person_reads() -> None:
    plans = examples()[:1] * 1001
    with pytest.raises(InvalidInputError, match=r"and 950 more, of the same error$") as caught:
        assess_many(plans, airspace=SHENZHEN)
    assert len(caught.value.problems) == 1000
    assert len(str(caught.value).splitlines()) == 52


@pytest.mark.parametrize("wrong", [None, 7, examples()[0]], ids=["None", "7", "a plan"])
def test_what_is_no_list_of_plans_is_refused(wrong: object) -> None:
    with pytest.raises(InvalidInputError, match="expected a list of FlightPlan"):
        assess_many(wrong, airspace=SHENZHEN)  # type: ignore[arg-type]


def test_what_is_no_plan_in_the_list_is_named() -> None:
    with pytest.raises(InvalidInputError, match=r"plans\[1\]: given dict; expected a FlightPlan"):
        assess_many([examples()[0], {}], airspace=SHENZHEN)  # type: ignore[list-item]


def test_a_time_of_filing_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError, match="submitted_at"):
        assess_many([], airspace=SHENZHEN, submitted_at=NEW_YEAR.replace(tzinfo=None))


def test_what_is_not_in_the_table_is_refused() -> None:
    table = assess_many(examples()[:1], airspace=SHENZHEN)
    with pytest.raises(InvalidInputError, match="number: given 1, expected one below 1"):
        table.verdict(1)
    with pytest.raises(UnknownNameError, match="no provision 'art_26'"):
        table.status_of("art_26")


def test_one_plan_is_assessed_without_the_machinery_for_many() -> None:
    code = (
        "import sys, lowalt.assessment; print(sorted(m for m in sys.modules if m.startswith("
        "('lowalt.fact_table', 'lowalt.judgement_table', 'lowalt.regulations.masks'))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
