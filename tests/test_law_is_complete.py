"""What must hold of the law as a whole: complete, bilingual, dated, cited, and free of numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from types import FunctionType

import pytest

import lowalt
from lowalt.errors import LowaltError
from lowalt.judgement import CONSEQUENCE
from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.catalogue import Confidence, Outcome, catalogue
from lowalt.regulations.contents import Entry, contents
from lowalt.regulations.model import Craft, Effect, Instrument, Provision, Verification
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.terms import Jurisdiction
from lowalt.verdicts import Decision
from lowalt.vocabulary import VOCABULARY

SOURCES = Path(lowalt.__file__).parent
REGULATIONS = SOURCES / "regulations"
TESTS = Path(__file__).parent
CHINESE = re.compile("[一-鿿]")
CITATION = re.compile(r"\b(?:cn|sz|hk|mo|std)/[a-z0-9_]+#[a-z0-9_]+")
# Tests of the engines and of the loader judge rules that they make up.
INVENTED = {p.stem for p in TESTS.glob("test_engine_*.py")} | {"test_law_loader"}
DAYS = [
    "2001-07-31",  # before the first of the instruments
    "2022-06-30", "2023-06-01", "2023-12-31", "2024-01-01", "2024-06-01", "2024-11-15",
    "2025-11-15", "2026-05-01", "2026-06-01", "2026-11-23", "2027-05-01", "2027-06-01",
]  # fmt: skip


def book(day: str = "2026-11-23") -> Rulebook:
    return load_rulebook("shenzhen", on=date.fromisoformat(day), engine="reference")


@cache
def instruments() -> tuple[Instrument, ...]:
    return book().instruments


def provisions() -> list[Provision]:
    return [p for i in instruments() for p in i.provisions.values()]


def reading_files() -> list[Path]:
    return [REGULATIONS / f"{instrument.identifier}.py" for instrument in instruments()]


def by_citation(provision: Provision) -> str:
    return provision.citation


@cache
def entries() -> tuple[Entry, ...]:
    return contents(book())


@pytest.mark.parametrize("day", DAYS)
def test_the_rulebook_loads_on_every_kind_of_day(day: str) -> None:
    on_day = book(day)
    known = {p.citation for p in provisions()}
    in_force = {rule.citation for rule in on_day.rules}
    dormant = {p.citation for p in on_day.dormant}
    assert not in_force & dormant
    assert in_force | dormant <= known
    for rule in on_day.rules:
        assert date.fromisoformat(day) in rule.provision.in_force


def test_the_rulebook_loads_on_every_day_on_which_something_changes() -> None:
    turns = set()
    for instrument in instruments():
        ranges = [instrument.in_force, *(p.in_force for p in instrument.provisions.values())]
        for provision in instrument.provisions.values():
            ranges += [d for q in provision.parameters.values() for d, _ in q.values]
        turns |= {r.start for r in ranges} | {r.end for r in ranges if r.end is not None}
    assert date(2026, 5, 1) in turns
    for turn in sorted(turns):
        for day in (turn - timedelta(days=1), turn):
            assert load_rulebook("shenzhen", on=day, engine="reference").on == day


# The instruments that say who may fly, each with the first day on which it does.
GOVERNING = {
    "cn/order_761_2023": (Jurisdiction.MAINLAND, Craft.UNMANNED, "2024-01-01"),
    "cn/order_371_2003": (Jurisdiction.MAINLAND, Craft.MANNED, "2003-05-01"),
    "hk/cap_448g": (Jurisdiction.HONG_KONG, Craft.UNMANNED, "2022-12-01"),
    "hk/aip_hong_kong": (Jurisdiction.HONG_KONG, Craft.MANNED, "2025-02-20"),
    "mo/air_navigation_regulation_2021": (Jurisdiction.MACAO, Craft.UNMANNED, "2021-10-06"),
}


def test_only_the_laws_named_here_say_who_may_fly() -> None:
    assert {i.identifier for i in instruments() if i.governs_flight} == set(GOVERNING)


@pytest.mark.parametrize("identifier", GOVERNING)
def test_such_a_law_lets_nobody_fly_before_its_first_day(identifier: str) -> None:
    home, craft, first = GOVERNING[identifier]
    eve = date.fromisoformat(first) - timedelta(days=1)
    assert craft not in book(eve.isoformat()).governed.get(home, ())
    assert craft in book(first).governed[home]


@pytest.mark.parametrize("provision", provisions(), ids=by_citation)
def test_a_provision_speaks_both_languages(provision: Provision) -> None:
    for texts in (
        provision.label, provision.summary, provision.action, provision.addressee, provision.note,
        provision.unread,
    ):  # fmt: skip
        assert bool(texts["zh"]) is bool(texts["en"])
        assert not CHINESE.search(texts["en"])
        assert texts["zh"] == "" or CHINESE.search(texts["zh"]) or provision.label is texts
    assert CHINESE.search(provision.summary["zh"])


@pytest.mark.parametrize("provision", provisions(), ids=by_citation)
def test_a_provision_is_said_in_our_own_words(provision: Provision) -> None:
    for lang, longest in (("zh", 80), ("en", 240)):
        text = provision.summary[lang]
        assert len(text) <= longest, "a summary is one sentence"
        assert text.endswith("。" if lang == "zh" else ".")


def test_every_duty_says_what_to_do() -> None:
    mute = [
        rule.citation
        for day in DAYS
        for rule in book(day).rules
        if rule.effect is not Effect.NONE and not rule.provision.action["zh"]
    ]
    assert not mute


def test_every_approval_confirmation_and_filing_has_an_addressee() -> None:
    asked = (Effect.REQUIRES_APPROVAL, Effect.REQUIRES_CONFIRMATION, Effect.REQUIRES_FILING)
    nobody = [
        rule.citation
        for day in DAYS
        for rule in book(day).rules
        if rule.effect in asked and not rule.provision.addressee["zh"]
    ]
    assert not nobody


def test_a_reading_that_rests_on_part_of_the_text_says_so() -> None:
    silent = [
        p.citation
        for p in provisions()
        if p.verification is not Verification.VERIFIED and not p.note["zh"]
    ]
    assert not silent


def test_nothing_known_only_from_memory_binds() -> None:
    for day in DAYS:
        for rule in book(day).rules:
            if rule.provision.verification is Verification.MEMORY:
                assert CONSEQUENCE[rule.effect] is Decision.PERMITTED


def test_readings_stand_in_the_order_of_the_file() -> None:
    for identifier, held in groupby(entries(), key=lambda entry: entry.instrument.identifier):
        lines = [line for entry in held for line in sorted(first_lines(entry))]
        assert lines == sorted(lines), identifier


def first_lines(entry: Entry) -> Iterator[int]:
    marks: list[Reading | Definition | None] = [entry.reading, *entry.definitions]
    for mark in marks:
        if mark is not None:
            assert isinstance(mark.write, FunctionType)
            yield mark.write.__code__.co_firstlineno


@pytest.mark.parametrize("day", DAYS)
def test_a_legal_term_means_something_on_the_days_of_its_definition(day: str) -> None:
    on = date.fromisoformat(day)
    defined = {d.term for e in entries() if on in e.provision.in_force for d in e.definitions}
    assert set(book(day).definitions) == defined


def test_every_legal_term_is_defined_today() -> None:
    assert set(book().definitions) == {f.name for f in VOCABULARY.values() if f.defined}


# Readings that follow from the law but answer no row of the catalogue.
WITHOUT_A_ROW = {
    "cn/gb_46750_2025#sec_1": "says whom the standard does not bind",
    "cn/ccar_92_2024#art_92_633": "a pilot can take over out of sight at any time; no row asks it",
    "cn/order_371_2003#art_3__other_rules": "keeps open what the exemption of GA-PLN-08 frees",
    "cn/order_371_2003#art_15__item_2": "says who approves",
    "cn/order_371_2003#art_15__item_3": "says who approves",
    "cn/order_371_2003#art_15__item_4": "says who approves",
    "cn/order_288_2007#art_35": "that a flight is approved at all, which the GA rows take as given",
    "cn/order_761_2023#art_29__claim": "says in words that a claim is false; the rows only rank it",
    "cn/order_761_2023#art_31__para_1__item_3__claim": "says in words that a claim is false",
    "cn/order_761_2023#art_31__para_1__item_4__claim": "says in words that a claim is false",
    "cn/order_371_2003#art_16__para_2__claim": "says in words that a claim is false",
    "cn/ga_task_rule_2013#art_4__foreign": "bars outright what GA-TSK-01 would have approved",
    "cn/ccar_91#art_91_155__b__aeroplane": "GA-OPS-02 speaks of helicopters alone",
    "cn/ccar_91#art_91_155__b__clear_of_cloud": "GA-OPS-02 speaks of visibility alone",
    "cn/ccar_91#art_91_155__higher": "GA-OPS-02 speaks of low levels alone",
    "cn/ccar_91#art_91_155__highest": "GA-OPS-02 speaks of low levels alone",
    "cn/border_inspection_regulation_1995#art_16__hours": "advice: hours of a port not published",
    "cn/border_inspection_regulation_1995#art_19__named_corridor": "advice: what a map shows",
    "cn/border_inspection_regulation_1995#art_19__standing_route": "advice: there is none",
    "cn/ccar_135#certificate": "advice from memory; the rows on operators speak of unmanned ones",
    "cn/civil_aviation_law_2021#art_90__registration": "papers of manned aircraft, without a row",
    "cn/civil_aviation_law_2021#art_90__airworthiness": "papers of manned aircraft, without a row",
    "cn/civil_aviation_law_2025#art_78__registration": "papers of manned aircraft, without a row",
    "cn/civil_aviation_law_2025#art_78__airworthiness": "papers of manned aircraft, without a row",
    "cn/civil_aviation_law_2021#art_177": "bars outright what XB-FOR-01 would have approved",
    "cn/civil_aviation_law_2025#art_206": "bars outright what XB-FOR-01 would have approved",
    "hk/cap_448c#above_small": "the order that HK-UAV-01 sends heavier aircraft to",
    "hk/cap_448c#sch_14__congested": "low flying, which the rows of Hong Kong leave out",
    "hk/cap_448c#sch_14__persons": "low flying, which the rows of Hong Kong leave out",
    "hk/cap_448c#sch_14__crowd": "low flying, which the rows of Hong Kong leave out",
    "std/icao_annex_6_part_3#over_water__class_1_2": "equipment, which the rows leave out",
    "std/icao_annex_6_part_3#over_water__class_3": "equipment, which the rows leave out",
    "hk/aip_hong_kong#enr_1_2__clearance": "without a clearance no helicopter flies in Hong Kong",
    "hk/aip_hong_kong#enr_5_1": "the areas beside Penny's Bay of HK-AIR-01",
    "mo/air_navigation_regulation_2021#para_67__limits": "limits that the rows of Macao leave out",
}
# Readings that are stricter than their row, whose outcome can no longer be reached.
STRICTER = {
    "cn/order_761_2023#art_26__para_1__time": "an approval asked for too late is not given",
    "cn/order_761_2023#art_29__time": "an approval asked for too late is not given",
}


def outcomes(entry: Entry) -> set[Outcome]:
    rows = entry.provision.catalogue
    return {outcome for row in rows for outcome in catalogue()[row].outcomes}


def follows_from_its_rows(entry: Entry) -> bool:
    assert entry.reading is not None
    assert entry.effect is not None
    if entry.citation in STRICTER:
        decisions = {CONSEQUENCE[outcome.effect] for outcome in outcomes(entry)}
        return all(CONSEQUENCE[entry.effect].rank > d.rank for d in decisions)
    if entry.effect is Effect.NONE:
        links = entry.reading.derives, entry.reading.waives, entry.reading.addresses
        return any(links) or bool(outcomes(entry) & {Outcome.EXEMPT, Outcome.ADVISORY})
    from_memory = entry.provision.verification is Verification.MEMORY
    return from_memory or entry.effect in {outcome.effect for outcome in outcomes(entry)}


def test_what_follows_from_a_breach_is_what_the_catalogue_says() -> None:
    wrong = {
        entry.citation: f"{entry.effect.value}, expected {sorted(o.value for o in outcomes(entry))}"
        for entry in entries()
        if entry.effect is not None and entry.provision.catalogue
        if not follows_from_its_rows(entry)
    }
    assert not wrong


def test_every_reading_answers_a_row_or_says_why_not() -> None:
    rowless = {e.citation for e in entries() if e.reading and not e.provision.catalogue}
    assert rowless == set(WITHOUT_A_ROW)
    assert {e.citation for e in entries()} >= set(STRICTER)


def test_every_row_of_the_catalogue_is_answered() -> None:
    answered = {row for p in provisions() for row in p.catalogue}
    assert sorted(set(catalogue()) - answered) == []
    assert sorted(answered - set(catalogue())) == [], "no such row"


def test_what_is_known_with_low_confidence_only_advises() -> None:
    for entry in entries():
        rows = [catalogue()[row] for row in entry.provision.catalogue]
        if any(row.confidence is Confidence.LOW for row in rows):
            assert entry.effect in (None, Effect.NONE, Effect.ADVISES), entry.citation


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("cn/order_761_2023#art_19__para_2__height", "Exactly 120 m counts as controlled"),
        ("cn/order_761_2023#art_31__para_1__item_1", "Exactly 120 m counts as controlled"),
        ("cn/order_761_2023#art_31__para_1__item_3", "Exactly 120 m is exempt here"),
        ("cn/order_761_2023#art_8__para_1", "whether the battery counts is not settled"),
        ("cn/order_761_2023#art_16__para_1", "whether the battery counts is not settled"),
        ("cn/gb_46750_2025#sec_9", "Where the 36 months begin is unclear"),
        ("sz/micro_light_measures_2019#light_list__height", "still hold was not established"),
    ],
)
def test_what_the_law_leaves_open_is_noted_where_it_decides(citation: str, said: str) -> None:
    assert said in book().provision(citation).note["en"]


def test_a_provision_that_is_not_read_says_why_in_more_than_a_word_or_two() -> None:
    unread = [p for p in provisions() if p.unread["en"]]
    assert unread
    assert not [(p.citation, p.unread) for p in unread if len(p.unread["en"].split()) < 5]
    assert not [(p.citation, p.unread) for p in unread if len(CHINESE.findall(p.unread["zh"])) < 6]


def numbers(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex):
            yield f"{path.name}:{node.lineno}: {node.value!r}"


@pytest.mark.parametrize("path", reading_files(), ids=lambda path: path.stem)
def test_no_reading_holds_a_number(path: Path) -> None:
    assert not list(numbers(path))


def test_a_number_in_a_reading_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("LIMIT = 120\n")
    assert list(numbers(path)) == ["bad.py:1: 120"]


@pytest.mark.parametrize("path", reading_files(), ids=lambda path: path.stem)
def test_no_reading_knows_a_day_or_another_folder(path: Path) -> None:
    text = path.read_text("utf-8")
    imported = re.findall(r"^from (\S+) import|^import (\S+)", text, flags=re.MULTILINE)
    allowed = {"__future__", "lowalt.missions", "lowalt.terms", "lowalt.vocabulary"} | {
        f"lowalt.regulations.{room}" for room in ("authoring", "conditions", "model")
    }
    assert {first or second for first, second in imported} <= allowed


def citations() -> list[tuple[str, str]]:
    """List every citation written in Python or YAML of the library or its tests."""
    found = set()
    for folder in (SOURCES, TESTS):
        for path in folder.rglob("*"):
            if path.suffix not in (".py", ".yaml") or "regulations_bad" in path.parts:
                continue
            for citation in CITATION.findall(path.read_text("utf-8")):
                found.add((path.name, citation))
    return sorted(found)


def test_every_citation_resolves() -> None:
    written = citations()
    assert any(citation == "cn/order_761_2023#art_20" for _, citation in written)
    lost = []
    for file, citation in written:
        if Path(file).stem in INVENTED:
            continue
        try:
            book().provision(citation)
        except LowaltError:
            lost.append((file, citation))
    assert not lost
