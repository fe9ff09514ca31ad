"""What an operator reads: one story per section, in both languages, within the width asked."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from lowalt import Status, Verdict, assess, explain, load_airspace, parse_plan
from lowalt.errors import InvalidInputError
from lowalt.report.text import Language, headline

PLANS = Path(__file__).parent.parent / "examples" / "plans"


@cache
def verdict(name: str) -> Verdict:
    (path,) = PLANS.glob(f"{name}_*.json")
    return assess(parse_plan(path.read_bytes()), airspace=load_airspace("shenzhen"))


def changed(name: str, **parts: dict[str, Any]) -> Verdict:
    (path,) = PLANS.glob(f"{name}_*.json")
    plan = json.loads(path.read_bytes())
    for part, values in parts.items():
        plan[part] |= values
    return assess(parse_plan(plan), airspace=load_airspace("shenzhen"))


@pytest.mark.parametrize("width", [40, 60, 100, 200])
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["01", "04", "14", "16", "22"])
def test_no_line_is_wider_than_asked_and_none_begins_with_a_stop(
    name: str, lang: Language, width: int
) -> None:
    lines = explain(verdict(name), lang=lang, width=width).splitlines()
    # A field's path is one word and is not broken for a narrow terminal.
    words = max(cell_len(word) for word in " ".join(lines).split())
    assert max(map(cell_len, lines)) <= max(width, words + 7)
    assert not [line for line in lines if line.lstrip()[:1] in set("，。、；：）")]


def test_a_rule_that_concerns_several_zones_is_said_once() -> None:
    text = explain(verdict("04"))
    assert text.count("The airspace above an aerodrome and its surroundings is controlled") == 1
    assert all(zone in text for zone in ("(ZGSZ01)", "(ZGSZ04A)", "(ZGSZ04B)"))


def test_an_exemption_that_falls_away_says_by_what() -> None:
    text = explain(verdict("02"))
    lost = text.index("Exemptions that fall away")
    assert "a swarm loses the exemption" in text[lost : text.index("What to do")].replace("\n", " ")


def test_one_reason_that_frees_from_many_duties_is_given_once() -> None:
    text = " ".join(explain(changed("03", mission={"indoor": True})).split())
    assert text.count("The decree does not apply to a flight wholly indoors") == 1
    assert "Decree 761 art. 10(1), Decree 761 art. 11(1)" in text


def test_a_class_says_which_numbers_made_it() -> None:
    text = " ".join(explain(verdict("09")).split())
    assert "maximum level speed it is capable of: 60 km/h (limit 40 km/h)" in text


def test_advice_stands_apart_from_what_decides() -> None:
    # The format of the mark is advice from 2026-07-01 on.
    (path,) = PLANS.glob("01_*.json")
    plan = json.loads(path.read_text("utf-8").replace("2026-06-09", "2026-07-09"))
    plan["aircraft"]["registration"]["mark"] = "UAS-BAD"
    text = explain(assess(parse_plan(plan), airspace=load_airspace("shenzhen")))
    assert "==> PERMITTED" in text
    assert "What stands against it" not in text
    assert text.index("Advice") < text.index("AP-45-01R6 section 1.5")


@pytest.mark.parametrize("name", ["01", "04", "14", "25"])
def test_every_rule_is_counted_once(name: str) -> None:
    last = explain(verdict(name), width=200, notices=False).splitlines()[-1]
    total, *parts = map(int, re.findall(r"\d+", last))
    assert sum(parts) == total == len({f.citation for f in verdict(name).findings})


def test_open_advice_is_named() -> None:
    found = verdict("25")
    jackets = [f for f in found.findings if "annex_6" in f.citation and not f.consequence]
    assert [f.status for f in jackets] == [Status.MISSING_INFO] * 2
    text = " ".join(explain(found).split())
    assert "? Annex 6 part III flight over water" in text[text.index("Open, advice only") :]


def test_what_is_missing_is_named_with_its_field_and_long_lists_are_cut() -> None:
    text = explain(verdict("14"))
    assert "-> aircraft.empty_mass_kg" in text
    assert "more: " in text
    assert "sorted by" not in text


def test_the_headline_of_an_open_verdict_names_both_ends() -> None:
    assert headline(verdict("14"), lang="zh") == "无法确定 (可以飞行 – 不得飞行)"
    assert headline(verdict("14")) == "INDETERMINATE (PERMITTED – PROHIBITED)"
    assert headline(verdict("04"), lang="zh") == "不得飞行"


def test_deadlines_are_in_beijing_time_and_say_whether_there_is_time_left() -> None:
    assert "[too late] approval, by 2026-06-09 12:00 (UTC+8)" in explain(verdict("04"))
    early = changed("04", submission={"submitted_at": "2026-06-09T03:59:59Z"})
    assert "[open] approval, by 2026-06-09 12:00 (UTC+8)" in explain(early)


def test_addressees_stand_as_the_law_names_them() -> None:
    text = " ".join(explain(verdict("25")).split())
    for name in ("customs: Tell customs", "border inspection: Tell", "CAAC: Apply"):
        assert f"addressee {name}" in text


def test_a_label_does_not_repeat_the_title_before_it() -> None:
    assert "Shekou port opening, exit" in " ".join(explain(verdict("26")).split())
    assert "蛇口直升机口岸开通（出境）" in explain(verdict("26"), lang="zh")


def test_languages_and_widths_that_do_not_exist_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="'zh' and 'en'"):
        explain(verdict("01"), lang="fr")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(InvalidInputError, match="40 columns"):
        explain(verdict("01"), width=20)
