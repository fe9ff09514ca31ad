"""Outlines of conditions: what is joined how, and what becomes of it under a *not*."""

from __future__ import annotations

from lowalt.regulations.authoring import F, some
from lowalt.regulations.conditions import Condition
from lowalt.report.outline import outline
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope

INDOOR, COMMERCIAL, INSURED = (
    fact.as_condition() for fact in (F.is_indoor, F.is_commercial, F.is_insured)
)


def lines(condition: Condition, lang: str = "en") -> list[str]:
    return ["  " * depth + line for depth, line in outline(condition).lines(lang)]


def test_a_single_test_is_one_line() -> None:
    assert lines(INDOOR) == ["flown wholly indoors"]
    assert lines(~INDOOR) == ["not: flown wholly indoors"]


def test_what_binds_closer_stands_deeper() -> None:
    assert lines(INDOOR & (COMMERCIAL | INSURED)) == [
        "all of:",
        "  flown wholly indoors",
        "  at least one of:",
        "    commercial flight",
        "    liability insurance covers the flight",
    ]


def test_not_all_is_at_least_one_not() -> None:
    assert lines(~(INDOOR & COMMERCIAL)) == [
        "at least one of:",
        "  not: flown wholly indoors",
        "  not: commercial flight",
    ]
    assert lines(~(INDOOR | COMMERCIAL))[0] == "all of:"
    assert lines(~(INDOOR & ~COMMERCIAL))[2] == "  commercial flight"


def test_on_no_leg_a_thing_is_so_keeps_the_thing() -> None:
    here = F.jurisdiction.in_(Jurisdiction.MACAO)
    assert lines(some(Scope.LEG, here)) == ["on some leg: the jurisdiction is Macao"]
    assert lines(~some(Scope.LEG, here)) == ["on no leg: the jurisdiction is Macao"]
    assert lines(~some(Scope.LEG, ~here)) == ["on no leg: the jurisdiction is not Macao"]


def test_an_outline_of_several_under_one_is_indented() -> None:
    both = F.jurisdiction.in_(Jurisdiction.MACAO) & INDOOR
    assert lines(some(Scope.LEG, both))[:2] == ["on some leg:", "  all of:"]


def test_chinese_says_the_same() -> None:
    assert lines(~(INDOOR & COMMERCIAL), "zh") == [
        "至少满足其一：",
        "  否：全程室内飞行",
        "  否：经营性飞行",
    ]


def test_for_programs_it_is_a_tree() -> None:
    assert outline(INDOOR & COMMERCIAL).to_dict() == {
        "zh": "同时满足",
        "en": "all of",
        "parts": [
            {"zh": "全程室内飞行", "en": "flown wholly indoors"},
            {"zh": "经营性飞行", "en": "commercial flight"},
        ],
    }
