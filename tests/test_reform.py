"""The law as somebody would change it: amended, told apart, and put to the same plans."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
from lowalt.assessment import many
from lowalt.errors import (
    InvalidInputError,
    NotInForceError,
    RegulationError,
    RegulationFileError,
    UnknownNameError,
)
from lowalt.facts import Facts, Instance
from lowalt.reform.comparison import Change, Outcome
from lowalt.regulations.authoring import F, Norm, definition, must, reading
from lowalt.regulations.case import Case
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters, Quantity
from lowalt.situation.many import lay_many
from lowalt.temporal import epoch_ms
from lowalt.terms import Jurisdiction
from lowalt.testing.rulebooks import rulebook_of, synthetic_rule
from lowalt.truth import Truth
from lowalt.verdicts import Decision

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "examples" / "plans"
EXPECTED = ROOT / "tests" / "expected" / "raise_the_ceiling.txt"
DAY = date(2026, 6, 9)
DECREE = "cn/order_761_2023"
CEILING = f"{DECREE}#art_19__para_2.ceiling"
HEIGHT = f"{DECREE}#art_19__para_2__height"
NOON = f"{DECREE}#art_26__para_1.application_deadline"
REPORT = f"{DECREE}#art_30.report_lead"
BEIJING = timezone(timedelta(hours=8))


def law(on: date = DAY) -> la.Rulebook:
    return la.load_rulebook("shenzhen", on=on, engine="reference")


@cache
def higher() -> la.Rulebook:
    return la.amend(law(), parameters={CEILING: "150 m"})


@cache
def plans() -> tuple[la.FlightPlan, ...]:
    return tuple(map(la.read_plan, sorted(PLANS.glob("*.json"))))


def over_mainland(**flight: bool | int) -> Facts:
    leg = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})
    return Facts({"is_unmanned": True, "is_indoor": False, **flight}, (leg,), ())


# Amended -----------------------------------------------------------------------------------------


def is_controlled(height_mm: int, book: la.Rulebook) -> bool:
    """Whether a flight of that height needs an approval, unless another rule exempts it."""
    judged = la.judge(over_mainland(max_true_height_mm=height_mm), rulebook=book)
    hit = judged.grounds.hits[HEIGHT]
    assert hit is not Truth.UNKNOWN
    return hit is Truth.TRUE


def test_a_raised_ceiling_stands_where_it_was_put() -> None:
    assert [is_controlled(mm, law()) for mm in (119_999, 120_000, 149_999)] == [False, True, True]
    assert [is_controlled(mm, higher()) for mm in (120_000, 149_999)] == [False, False]
    assert is_controlled(150_000, higher())


def test_the_law_as_it_is_stays_as_it_is() -> None:
    before = law().digest
    assert higher().digest != before
    assert law().digest == before
    limit = law().provision(f"{DECREE}#art_19__para_2").parameters["ceiling"]
    assert limit.on(DAY) == Quantity(Fraction(120), "m", "AGL")


def test_name_and_digest_say_what_was_changed_and_not_how_it_was_written() -> None:
    assert higher().name == "shenzhen (amended)"
    for written in ("150.0 m", "+150 m", "150 m AGL"):
        assert la.amend(law(), parameters={CEILING: written}).digest == higher().digest
    digests = {
        la.amend(law(), parameters={CEILING: written}).digest
        for written in ("140 m", "150 m", "500 ft", "0.15 km")
    }
    assert len(digests) == 4


def test_another_unit_of_the_same_measure_is_counted_exactly() -> None:
    feet = la.amend(law(), parameters={CEILING: "500 ft"})
    assert not is_controlled(152_399, feet)
    assert is_controlled(152_400, feet)


def test_a_time_limit_can_be_moved() -> None:
    later = la.amend(law(), parameters={NOON: "day -1 18:00"})
    departure, applied = (
        epoch_ms(datetime(2026, 6, day, hour, tzinfo=BEIJING)) for day, hour in ((9, 10), (8, 15))
    )
    in_time = []
    for book in (law(), later):
        (rule,) = (r for r in book.rules if r.citation == f"{DECREE}#art_26__para_1__time")
        assert rule.deadline is not None
        limit = rule.deadline.offset.from_instant(departure)
        assert rule.satisfied is not None
        (leaf,) = rule.satisfied.deciding(
            Case(over_mainland(departure_at=departure, submitted_at=applied), {}).flight
        )
        assert (applied < limit) is (leaf.truth is Truth.TRUE)
        in_time.append(leaf.truth)
    assert in_time == [Truth.FALSE, Truth.TRUE]


@pytest.mark.parametrize(
    ("path", "written", "said"),
    [
        (CEILING, "150", "expected a number with its unit: '120 m AGL'"),
        (CEILING, "high", "given 'high', expected a number"),
        (CEILING, "150 kg", "a unit that does not measure what 120 m AGL measures"),
        (CEILING, "150 furlong", "a unit that does not measure"),
        (CEILING, "150 m AMSL", "another reference would be another reading"),
        (CEILING, "1e9 m", "expected a number"),
        (CEILING, "٣ m", "expected a number"),
        (CEILING, "day -1 12:00", "expected a number"),
        (CEILING, "-5 m", "below zero; expected such as '120 m AGL'"),
        (REPORT, "1 fortnight", "expected a span such as"),
        (REPORT, "1 h", "on the other side of what it is counted from; it stands with -1"),
        (REPORT, "-101 year", "expected no more than a century"),
        (REPORT, "-99999999999999999999 min", "expected no more than a century"),
        (NOON, "day 1 12:00", "on the other side of what it is counted from"),
        (NOON, "day -36601 12:00", "expected no more than a century"),
        (f"{DECREE}#art_61.built_before", "soon", "expected a day such as 2024-01-01"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_stand_there_is_refused(path: str, written: str, said: str) -> None:
    book = law(date(2025, 6, 1))  # art. 61 was in force then
    with pytest.raises(RegulationFileError) as refusal:
        la.amend(book, parameters={path: written})
    assert said in str(refusal.value)
    assert str(refusal.value).startswith(f"amendment: {path}: given ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{DECREE}#art_19__para_3.ceiling", "near ones: .*art_19__para_2"),
        (CEILING.replace("761", "716"), "near ones: .*cn/order_761_2023"),
        (f"{DECREE}#art_19__para_2.cieling", "has no parameter 'cieling'; .* it has ceiling"),
        ("", "no provision is cited ''"),
    ],
)
def test_what_is_not_there_cannot_be_changed(path: str, said: str) -> None:
    with pytest.raises(UnknownNameError, match=said):
        la.amend(law(), parameters={path: "150 m"})


def test_a_change_of_nothing_is_refused() -> None:
    with pytest.raises(RegulationError, match="'120 m', which stands there already on 2026-06-09"):
        la.amend(law(), parameters={CEILING: "120 m"})
    with pytest.raises(RegulationError, match="nothing is given to change"):
        la.amend(law())
    with pytest.raises(RegulationError, match="no rule in force reads the change"):
        # Art. 61 ended when GB 46750 came.
        la.amend(law(), parameters={f"{DECREE}#art_61.built_before": "2023-01-01"})
    with pytest.raises(NotInForceError, match="has no value on 2023-06-01"):
        la.amend(law(date(2023, 6, 1)), parameters={CEILING: "150 m"})


def test_rulebooks_made_of_rules_are_not_amended_compared_or_pickled() -> None:
    made = rulebook_of([synthetic_rule("duty")])
    with pytest.raises(RegulationError, match="made of rules; amend one that load_rulebook gave"):
        la.amend(made, parameters={CEILING: "150 m"})
    with pytest.raises(RegulationError, match="made of rules; compare those that load_rulebook"):
        la.difference(made, made)
    with pytest.raises(TypeError, match="made of rules, not loaded, and cannot be pickled"):
        pickle.dumps(made)


# Read otherwise ----------------------------------------------------------------------------------


@reading(f"{DECREE}#art_12", effect=Effect.ADVISES)
def insurance_only_advised(_: Parameters) -> Norm:
    """Advise every flight to be insured."""
    return must(F.is_insured)


@definition(f"{DECREE}#art_19__para_2", term="is_above_ceiling")
def is_strictly_above_ceiling(p: Parameters) -> Condition:
    """Leave exactly 120 m to suitable airspace."""
    return F.max_true_height_mm > p.art_19__para_2.ceiling


def test_a_provision_can_be_read_otherwise() -> None:
    book = la.amend(law(), readings=[insurance_only_advised])
    (rule,) = (rule for rule in book.rules if rule.citation == f"{DECREE}#art_12")
    assert rule.effect is Effect.ADVISES
    assert len(book.rules) == len(law().rules)
    assert [r.citation for r in book.rules] == [r.citation for r in law().rules]
    uninsured = over_mainland(is_commercial=True, is_insured=False)
    status = [la.judge(uninsured, rulebook=b).status_of(rule.citation) for b in (law(), book)]
    assert status == [la.Status.BREACHED, la.Status.BREACHED]


def test_a_term_can_be_defined_otherwise() -> None:
    book = la.amend(law(), readings=[is_strictly_above_ceiling])
    assert book.definitions["is_above_ceiling"].sentence("en").endswith("is above 120 m AGL")
    both = la.amend(book, parameters={CEILING: "150 m"})
    assert both.definitions["is_above_ceiling"].sentence("en").endswith("is above 150 m AGL")
    assert len(both.amendments) == 2
    assert len({book.digest, both.digest, higher().digest, law().digest}) == 4


def test_a_reading_of_what_has_none_is_refused() -> None:
    @reading(f"{DECREE}#art_18", effect=Effect.ADVISES)
    def of_an_unread_article(_: Parameters) -> Norm:
        return must(F.is_insured)

    with pytest.raises(RegulationError, match=r"has no reading to replace; .*own_rules"):
        la.amend(law(), readings=[of_an_unread_article])

    @definition(f"{DECREE}#art_12", term="is_micro")
    def elsewhere(_: Parameters) -> Condition:
        return F.is_toy.as_condition()

    with pytest.raises(RegulationError, match="has no definition of is_micro to replace"):
        la.amend(law(), readings=[elsewhere])
    with pytest.raises(RegulationError, match="expected functions marked with @reading"):
        la.amend(law(), readings=[len])  # type: ignore[list-item] # a wrong one
    with pytest.raises(UnknownNameError, match="no provision is cited 'art_12'"):
        la.amend(law(), readings=[reading("art_12")(lambda _: must(F.is_insured))])


# Elsewhere ---------------------------------------------------------------------------------------


def test_an_amended_rulebook_comes_out_of_another_process_the_same() -> None:
    book = la.amend(higher(), readings=[is_strictly_above_ceiling])
    sent = pickle.dumps(book)
    assert pickle.loads(sent) is book
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_digest_of, (sent,)) == book.digest


def _digest_of(sent: bytes) -> str:
    book = pickle.loads(sent)
    assert isinstance(book, la.Rulebook)
    return book.digest


def test_a_reading_that_no_other_process_could_find_is_not_pickled() -> None:
    @reading(f"{DECREE}#art_12", effect=Effect.ADVISES)
    def hidden(_: Parameters) -> Norm:
        return must(F.is_insured)

    book = la.amend(law(), readings=[hidden])
    assert la.amend(law(), readings=[insurance_only_advised]).digest == book.digest
    with pytest.raises(pickle.PicklingError, match=r"hidden .* does not stand at the top of"):
        pickle.dumps(book)


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_every_engine_runs_it(engine: str) -> None:
    if engine == "durable":
        pytest.importorskip("durable_rules_engine")
    book = la.load_rulebook("shenzhen", on=DAY, engine=engine)  # type: ignore[arg-type] # one of them
    amended = la.amend(book, parameters={CEILING: "150 m"})
    assert amended.engine.name == book.engine.name
    assert amended.digest == higher().digest
    airspace = la.load_airspace("shenzhen")
    (plan,) = (p for p in plans() if p.plan_id == "pingshan-roof-120m")
    one, other = (
        la.assess(plan, airspace=airspace, rulebook=b).to_dict() for b in (amended, higher())
    )
    one["record"].pop("engine")
    other["record"].pop("engine")
    assert one == other


# Told apart --------------------------------------------------------------------------------------


def in_force(book: la.Rulebook) -> set[str]:
    return {
        provision.citation
        for instrument in book.instruments
        for provision in instrument.provisions.values()
        if book.on in provision.in_force
    }


TURNS = ["2023-12-31", "2024-03-31", "2025-11-01", "2025-12-15", "2026-04-30", "2026-06-30"]


@pytest.mark.parametrize("eve", TURNS)
def test_what_entered_and_left_is_what_is_in_force_on_one_day_only(eve: str) -> None:
    old = law(date.fromisoformat(eve))
    new = law(date.fromisoformat(eve) + timedelta(days=1))
    found = la.difference(old, new)
    assert {a.citation for a in found.entered} == in_force(new) - in_force(old)
    assert {a.citation for a in found.left} == in_force(old) - in_force(new)
    back = la.difference(new, old)
    assert {a.citation for a in back.entered} == {a.citation for a in found.left}
    assert {a.citation for a in back.left} == {a.citation for a in found.entered}


def test_the_identification_standard_enters_and_the_approval_for_old_aircraft_goes() -> None:
    found = la.difference(law(date(2026, 4, 30)), law(date(2026, 5, 1)))
    assert {a.citation.partition("#")[0] for a in found.entered} >= {"cn/gb_46750_2025"}
    assert f"{DECREE}#art_61" in {a.citation for a in found.left}
    text = found.text("en")
    assert text.startswith("Law: shenzhen 2026-04-30 -> shenzhen 2026-05-01\n")
    assert "\n  GB 46750\n" in text
    assert "新生效" in found.text("zh")


def test_the_civil_aviation_law_is_exchanged_on_its_day() -> None:
    found = la.difference(law(date(2026, 6, 30)), law(date(2026, 7, 1)))
    assert any(a.citation.startswith("cn/civil_aviation_law_2025#") for a in found.entered)
    assert any(a.citation.startswith("cn/civil_aviation_law_2021#") for a in found.left)


def test_a_changed_number_is_said_from_what_to_what() -> None:
    (amended,) = la.difference(law(), higher()).amended
    assert (amended.kind, amended.name) == ("parameter", "ceiling")
    assert (amended.before["en"], amended.after["en"]) == ("120 m AGL", "150 m AGL")
    assert "第十九条第二款：ceiling：120 m AGL → 150 m AGL" in la.difference(law(), higher()).text(
        "zh"
    )


def test_a_changed_reading_is_said_in_words_and_a_number_that_flows_into_one_is_not() -> None:
    book = la.amend(higher(), readings=[insurance_only_advised, is_strictly_above_ceiling])
    found = la.difference(law(), book)
    assert [(a.kind, a.name) for a in found.amended] == [
        ("reading", ""),
        ("parameter", "ceiling"),
        ("reading", "is_above_ceiling"),
    ]
    insurance, _, term = found.amended
    assert insurance.before["en"].startswith("prohibits: where ")
    assert insurance.after["en"].startswith("advises: every flight, it must hold that ")
    assert term.before["en"].endswith("is at or above 120 m AGL")
    assert term.after["en"].endswith("is above 150 m AGL")


def test_one_law_does_not_differ_from_itself() -> None:
    for book in (law(), higher()):
        found = la.difference(book, book)
        assert not found
        assert found.text("en").endswith("\nNothing differs.")
        assert found.to_dict()["amended"] == []


def test_a_number_dated_within_the_law_is_amended_when_its_day_comes() -> None:
    own = ROOT / "examples" / "rules" / "own" / "acme_manual.yaml"
    old, new = (
        la.load_rulebook("shenzhen", on=on, own_rules=own, engine="reference")
        for on in (date(2026, 9, 30), date(2026, 10, 1))
    )
    (ours,) = (a for a in la.difference(old, new).amended if a.citation.startswith("own/"))
    assert (ours.before["en"], ours.after["en"]) == ("100 m AGL", "110 m AGL")


def test_a_rulebook_stands_on_another_day_with_all_that_was_added_and_changed() -> None:
    own = ROOT / "examples" / "rules" / "own" / "acme_manual.yaml"

    def changed(on: date) -> la.Rulebook:
        book = la.load_rulebook("shenzhen", on=on, own_rules=own, engine="reference")
        return la.amend(book, parameters={CEILING: "150 m"})

    before, after = date(2026, 9, 30), date(2026, 10, 1)
    assert changed(before).of_day(after) is changed(after)
    assert changed(before).of_day(after).of_day(before) is changed(before)
    assert changed(before).of_day(before) is changed(before)


def test_an_amended_value_is_none_of_a_day_on_which_the_law_had_none() -> None:
    early = date(2023, 6, 1)
    found = higher().of_day(early)
    assert found.amendments == higher().amendments
    assert found.rules == law(early).rules


def test_only_a_rulebook_that_was_loaded_stands_on_another_day() -> None:
    made = rulebook_of([synthetic_rule("duty")])
    assert made.of_day(made.on) is made
    with pytest.raises(RegulationError, match=r"made of rules of .* can be had of 2030-01-01 too"):
        made.of_day(date(2030, 1, 1))


# Put to plans ------------------------------------------------------------------------------------


@cache
def compared() -> la.Comparison:
    return la.compare(plans(), airspace=la.load_airspace("shenzhen"), before=law(), after=higher())


def test_a_comparison_says_what_assessing_each_plan_twice_says() -> None:
    airspace = la.load_airspace("shenzhen")
    counts: Counter[tuple[Decision, Decision]] = Counter()
    changes, touched = {}, set()
    for plan in plans():
        verdicts = [la.assess(plan, airspace=airspace, rulebook=b) for b in (law(), higher())]
        old, new = (
            {f.citation: f.status for f in reversed(verdict.findings)} for verdict in verdicts
        )
        then, now = (Outcome(v.decision, v.best, v.worst) for v in verdicts)
        counts[then.decision, now.decision] += 1
        differ = {c: (old[c], new[c]) for c in old if old[c] is not new[c]}
        if then != now:
            changes[plan.plan_id] = (then, now, differ)
        elif differ:
            touched.add(plan.plan_id)
    found = compared()
    assert found.counts == counts
    assert set(found.touched) == touched
    assert {
        c.plan_id: (c.before, c.after, {a.citation: (a.before, a.after) for a in c.articles})
        for c in found.changes
    } == changes
    assert len(changes) >= 2


def test_a_comparison_goes_through_the_world_once(monkeypatch: pytest.MonkeyPatch) -> None:
    laid: list[int] = []

    def counting(given: Sequence[la.FlightPlan], **world: Any) -> list[la.Situation]:
        laid.append(len(given))
        return lay_many(given, **world)

    monkeypatch.setattr(many, "lay_many", counting)
    again = la.compare(plans(), airspace=la.load_airspace("shenzhen"), before=law(), after=higher())
    assert laid == [len(plans())]
    assert again == compared()


def test_by_which_article_counts_the_plans_changed() -> None:
    deciding, others = (compared().by_article(decides=d) for d in (True, False))
    assert deciding[HEIGHT].total() == len(compared().changes)
    assert f"{DECREE}#art_31__para_1__item_1" in others
    for change in compared().changes:
        assert any(article.decides for article in change.articles)


def test_nothing_changes_under_one_law() -> None:
    same = la.compare(plans()[:4], airspace=la.load_airspace("shenzhen"), before=law(), after=law())
    assert not same
    assert (same.changes, same.touched, same.total) == ((), (), 4)
    assert "4 plans: the decision on 0 changes" in same.text("en")


def test_no_plans_are_compared_without_complaint_and_two_of_one_name_are_not() -> None:
    airspace = la.load_airspace("shenzhen")
    assert la.compare([], airspace=airspace, before=law(), after=higher()).total == 0
    with pytest.raises(InvalidInputError, match="share an identifier"):
        la.compare([plans()[0]] * 2, airspace=airspace, before=law(), after=higher())


def test_a_comparison_is_written_for_people_and_programs() -> None:
    document = json.loads(json.dumps(compared().to_dict(), ensure_ascii=False))
    assert document["total"] == len(plans())
    assert document["after"]["name"] == "shenzhen (amended)"
    assert document["before"]["digest"] != document["after"]["digest"]
    assert sum(entry["plans"] for entry in document["counts"]) == len(plans())
    assert [change["plan_id"] for change in document["changes"]] == [
        change.plan_id for change in compared().changes
    ]
    assert "APPROVAL REQUIRED → " in compared().text("en")
    assert "须经批准 → " in compared().text("zh")
    with pytest.raises(InvalidInputError, match="lowalt speaks 'zh' and 'en'"):
        compared().text("fr")  # type: ignore[arg-type] # a wrong one


RANKED = [d for d in Decision if d is not Decision.INDETERMINATE]


@given(st.lists(st.sampled_from(RANKED), min_size=4, max_size=4))
def test_a_change_is_eased_tightened_or_neither(ends: list[Decision]) -> None:
    best, worst, new_best, new_worst = ends
    change = Change(
        "plan",
        Outcome(Decision.INDETERMINATE, best, worst),
        Outcome(Decision.INDETERMINATE, new_best, new_worst),
        (),
    )
    steps = {new_best.rank - best.rank, new_worst.rank - worst.rank} - {0}
    expected = {1 if step > 0 else -1 for step in steps}
    assert change.direction == (expected.pop() if len(expected) == 1 else 0)


def test_the_example_prints_what_is_expected() -> None:
    done = subprocess.run(
        [
            sys.executable, "-W", "ignore::UserWarning", "-X", "utf8",
            str(ROOT / "examples" / "raise_the_ceiling.py"),
        ],
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout == EXPECTED.read_text("utf-8"), (
        "if the change is meant: python examples/raise_the_ceiling.py >"
        " tests/expected/raise_the_ceiling.txt"
    )
    # Raising one number is not raising the ceiling: other instruments write it too.
    reforms = done.stdout.split("-" * 100)
    assert "APPROVAL REQUIRED → PERMITTED" not in reforms[0]
    assert "APPROVAL REQUIRED → PERMITTED" in reforms[2]
