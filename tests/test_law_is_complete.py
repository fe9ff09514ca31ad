"""What must hold of the law as a whole: complete, bilingual, dated, cited, and free of numbers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import lowalt
from lowalt.errors import LowaltError
from lowalt.judgement import CONSEQUENCE
from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.model import Effect, Instrument, Provision, Verification
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.verdicts import Decision
from lowalt.vocabulary import VOCABULARY

SOURCES = Path(lowalt.__file__).parent
REGULATIONS = SOURCES / "regulations"
TESTS = Path(__file__).parent
CHINESE = re.compile("[一-鿿]")
CITATION = re.compile(r"\b(?:cn|sz|hk|mo)/[a-z0-9_]+#[a-z0-9_]+")
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


def marks(instrument: Instrument) -> list[Reading | Definition]:
    module = import_module(f"lowalt.regulations.{instrument.identifier.replace('/', '.')}")
    return [v for v in vars(module).values() if isinstance(v, Reading | Definition)]


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


def test_only_the_decree_says_who_may_fly_and_only_from_2024() -> None:
    assert [i.identifier for i in instruments() if i.governs_flight] == ["cn/order_761_2023"]
    assert not book("2023-12-31").governed
    assert book("2024-01-01").governed


@pytest.mark.parametrize("provision", provisions(), ids=by_citation)
def test_a_provision_speaks_both_languages(provision: Provision) -> None:
    for texts in (
        provision.label, provision.summary, provision.action, provision.addressee, provision.note,
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
    for instrument in instruments():
        order = list(instrument.provisions)
        keys = [mark.key for mark in marks(instrument)]
        assert keys == sorted(keys, key=order.index), instrument.identifier


def test_every_legal_term_is_defined_while_the_decree_is_in_force() -> None:
    terms = {f.name for f in VOCABULARY.values() if f.defined}
    for day in DAYS:
        expected = terms if book(day).governed else set()
        assert set(book(day).definitions) == expected


# What the catalogue of rules says follows where a duty is not met; all other duties prohibit.
MILDER = {
    Effect.REQUIRES_APPROVAL: {
        "cn/order_288_2007#art_18",
        "cn/order_761_2023#art_19__para_2__areas",
        "cn/order_761_2023#art_19__para_2__height",
        "cn/order_761_2023#art_19__para_2__item_1",
        "cn/order_761_2023#art_20",
        "cn/order_761_2023#art_22__para_2",
        "cn/order_761_2023#art_26__para_1",
        "cn/order_761_2023#art_27",
        "cn/order_761_2023#art_27__item_3",
        "sz/games_notice_2025#prohibition__approval",
        "sz/handover_notice_2022#para_2__approval",
    },
    Effect.REQUIRES_CONFIRMATION: {
        "cn/order_761_2023#art_29__confirmation",
        "cn/order_761_2023#art_30",
        "cn/order_761_2023#art_31__para_1__item_3__confirmation",
        "cn/order_761_2023#art_31__para_1__item_4__confirmation",
    },
    Effect.REQUIRES_FILING: {
        "cn/ap_45_01r6_2026#sec_4_6",
        "cn/ccar_92_2024#art_92_655__b",
        "cn/order_761_2023#art_14__para_2",
        "cn/order_761_2023#art_26__para_2",
        "cn/order_761_2023#art_31__para_1__item_4__filing",
    },
    Effect.ADVISES: {"cn/ap_45_01r6_2026#sec_1_5", "cn/order_761_2023#art_20__notice"},
}


def test_what_follows_from_a_breach_is_what_the_catalogue_says() -> None:
    rules = {rule.citation: rule for day in DAYS for rule in book(day).rules}
    milder = {citation: effect for effect, named in MILDER.items() for citation in named}
    for citation, rule in rules.items():
        duty = Effect.NONE if rule.satisfied is None else Effect.PROHIBITS
        assert rule.effect is milder.get(citation, duty), citation
    assert set(milder) <= set(rules)


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
    allowed = {"__future__", "lowalt.terms", "lowalt.vocabulary"} | {
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
