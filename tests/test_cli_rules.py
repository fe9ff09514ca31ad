"""``lowalt rules``: list the law, narrow it, and show how one provision is read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from lowalt.cli import app
from lowalt.errors import UnknownNameError
from lowalt.regulations.cases import LawCase, cases_of
from lowalt.regulations.contents import Entry, contents
from lowalt.regulations.lookup import look_up
from lowalt.regulations.model import Effect, Provision, Verification
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.report.law import describe, listed
from lowalt.report.law_json import in_full
from lowalt.report.law_words import Language

DAY = "2026-06-11"
BOOK = load_rulebook(on=date.fromisoformat(DAY), engine="reference")
APPLICATION = "cn/order_761_2023#art_26__para_1"
SMALL_EXEMPTION = "cn/order_761_2023#art_31__para_1__item_1"


def lowalt(*args: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["rules", *args])
    assert result.exit_code == code, result.output
    return result.output


def refusal(*args: str) -> str:
    return lowalt(*args, code=2)


def citations(output: str) -> list[str]:
    return re.findall(r"^(\S+#\S+)$", output, re.MULTILINE)


def document(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lowalt(*args, "--format", "json"))
    return found


def held(test: Callable[[Provision], bool], *, book: Rulebook = BOOK) -> set[str]:
    """Find provisions by reading the instruments, beside what the command line does."""
    return {
        p.citation
        for instrument in book.instruments
        for p in instrument.provisions.values()
        if test(p)
    }


def in_force(provision: Provision) -> bool:
    return date.fromisoformat(DAY) in provision.in_force


@cache
def all_cases(instrument: str) -> tuple[LawCase, ...]:
    return cases_of(instrument)


def cases(entry: Entry) -> list[LawCase]:
    return [c for c in all_cases(entry.instrument.identifier) if c.asked == entry.citation]


# The list


def test_it_lists_what_is_in_force_on_the_day_in_the_order_of_the_law() -> None:
    output = lowalt("--on", DAY)
    found = citations(output)
    assert set(found) == held(in_force)
    order = [p.citation for i in BOOK.instruments for p in i.provisions.values()]
    assert found == sorted(found, key=order.index)
    assert f"{len(found)} of {len(order)} provisions, in force on {DAY}." in output
    assert max(map(cell_len, output.splitlines())) <= 100


def test_it_lists_what_is_not_in_force_when_asked() -> None:
    assert set(citations(lowalt("--on", DAY, "--all"))) == held(lambda _: True)
    assert "in force or not" in lowalt("--all")


def test_without_a_day_it_is_the_law_of_today_in_china() -> None:
    now = datetime.now(timezone(timedelta(hours=8)))
    given = document("--search", "order_761")["on"]
    # Midnight may strike in between.
    assert given in (now.date().isoformat(), (now + timedelta(minutes=5)).date().isoformat())


@pytest.mark.parametrize(
    ("day", "listed_then"), [("2025-11-01", False), ("2025-11-02", True), ("2025-12-16", False)]
)
def test_a_notice_is_listed_within_its_window_only(day: str, listed_then: bool) -> None:
    notices = citations(lowalt("--on", day, "--instrument", "games_notice_2025"))
    assert bool(notices) is listed_then


def test_a_line_says_the_article_the_effect_the_days_the_text_and_the_rows() -> None:
    lines = lowalt("--on", DAY, "--catalogue", "CN-REG-05").splitlines()
    at = lines.index("cn/order_761_2023#art_10__para_2")
    assert lines[at + 1].split(" · ") == [
        "    Decree 761 art. 10(2)", "prohibits", "from 2024-01-01", "verified", "CN-REG-05",
    ]  # fmt: skip


def test_the_list_speaks_chinese() -> None:
    output = lowalt("--on", DAY, "--lang", "zh", "--instrument", "order_761_2023")
    assert "无人机条例 第十条第二款 · 禁止 · 2024-01-01起 · 已核对原文 · CN-REG-05" in output
    assert f"为 {DAY} 施行中的。" in output


@pytest.mark.parametrize("effect", Effect)
def test_an_effect_narrows_the_list_to_the_rules_that_have_it(effect: Effect) -> None:
    found = set(citations(lowalt("--on", DAY, "--effect", effect.value)))
    rules = {rule.citation for rule in BOOK.rules if rule.effect is effect}
    dormant = {p.citation for p in BOOK.dormant}
    assert rules <= found
    assert found - rules <= dormant, "in force, but nothing brings it about on that day"


@pytest.mark.parametrize("word", Verification)
def test_how_far_a_text_was_read_narrows_the_list(word: Verification) -> None:
    found = citations(lowalt("--on", DAY, "--all", "--verification", word.value))
    assert set(found) == held(lambda p: p.verification is word)


def test_a_row_of_the_catalogue_narrows_the_list_to_what_answers_it() -> None:
    found = citations(lowalt("--on", DAY, "--all", "--catalogue", "cn-app-01"))
    assert set(found) == held(lambda p: "CN-APP-01" in p.catalogue)
    assert APPLICATION in found


@pytest.mark.parametrize("name", ["cn/order_761_2023", "order_761_2023"])
def test_an_instrument_narrows_the_list_to_its_own(name: str) -> None:
    found = citations(lowalt("--on", DAY, "--all", "--instrument", name))
    assert set(found) == held(lambda p: p.citation.startswith("cn/order_761_2023#"))


@pytest.mark.parametrize(
    ("home", "folders"),
    [("CN", {"cn", "sz", "std"}), ("HK", {"hk", "std"}), ("mo", {"mo", "std"})],
)
def test_a_jurisdiction_narrows_the_list_to_what_is_law_there(home: str, folders: set[str]) -> None:
    found = citations(lowalt("--on", DAY, "--all", "--jurisdiction", home))
    assert set(found) == held(lambda p: p.citation.partition("/")[0] in folders)


@pytest.mark.parametrize(
    "text", ["THIRTEEN items", "十三项内容", "order_761_2023#art_27", "第二十七条"]
)
def test_a_text_is_searched_in_citations_and_in_both_languages(text: str) -> None:
    found = citations(lowalt("--on", DAY, "--search", text))
    assert "cn/order_761_2023#art_27" in found
    assert APPLICATION not in found


@pytest.mark.parametrize("text", ["telemetry", "遥测"])
def test_the_reason_why_a_provision_is_not_read_is_searched_too(text: str) -> None:
    found = citations(lowalt("--on", DAY, "--search", text))
    assert "std/astm_f3548_21#conformance" in found


def test_filters_narrow_together() -> None:
    found = citations(
        lowalt("--on", DAY, "--instrument", "order_761_2023", "--effect", "requires_confirmation")
    )
    assert "cn/order_761_2023#art_30" in found
    assert all(name.startswith("cn/order_761_2023#") for name in found)
    assert APPLICATION not in found


def test_nothing_found_is_said_and_is_no_error() -> None:
    output = lowalt("--on", DAY, "--search", "no law speaks of this")
    assert output.strip().startswith("0 of ")
    assert "Nothing fits. --search looks for the text as it stands: try one word" in output
    assert "没有符合的条文。" in lowalt("--search", "no law speaks of this", "--lang", "zh")
    assert document("--search", "no law speaks of this")["provisions"] == []


def test_what_fits_only_at_other_times_is_said() -> None:
    output = lowalt("--on", DAY, "--instrument", "games_notice_2025")
    count = len(held(lambda p: p.citation.startswith("sz/games_notice_2025#")))
    assert f"Nothing in force on that day fits; {count} not in force then would: add" in output


# One provision


@pytest.mark.parametrize("name", [APPLICATION, "order_761_2023#art_26__para_1"])
def test_a_provision_is_found_by_its_citation_or_the_end_of_one(name: str) -> None:
    assert citations(lowalt(name, "--on", DAY))[0] == APPLICATION


def test_a_provision_is_shown_in_full() -> None:
    text = " ".join(lowalt(APPLICATION, "--on", DAY).split())
    for said in (
        "Interim Regulations on the Administration of Unmanned Aircraft Flights art. 26(1)",
        "issuer State Council and Central Military Commission",
        "in force from 2024-01-01",
        "effect requires approval",
        "do Apply for the flight in time",
        "to ATM unit",
        "applies every flight",
        "must hold at least one of:",
        f"waived by {SMALL_EXEMPTION}",
        "derives application_required",
        "application_deadline = 12:00 local time, 1 day(s) before the flight (from 2024-01-01)",
        "CN-APP-01 The application is made before noon of the day before. (confidence high)",
        "text verified",
        "source Gazette of the State Council",
        "a light aircraft above 120 m applies → required",
    ):
        assert said in text, said


def test_a_provision_is_shown_in_chinese() -> None:
    text = " ".join(lowalt(APPLICATION, "--on", DAY, "--lang", "zh").split())
    for said in (
        "无人驾驶航空器飞行管理暂行条例 第二十六条第一款",
        "发布机关 国务院、中央军事委员会",
        "施行 2024-01-01起",
        "效果 须批准",
        "适用条件 所有飞行",
        "须满足 至少满足其一：",
        f"可被免除于 {SMALL_EXEMPTION}",
        "application_deadline = 飞行前1日12:00 (2024-01-01起)",
        "CN-APP-01：飞行活动申请在前一日十二时前提出。（把握高）",
        "文本 已核对原文",
        "a light aircraft above 120 m applies → 须办理",
    ):
        assert said in text, said


def test_what_it_takes_away_is_shown_from_the_other_side_too() -> None:
    assert f"waives {APPLICATION}" in " ".join(lowalt(SMALL_EXEMPTION).split())


def test_a_provision_without_a_reading_says_why_in_either_language() -> None:
    text = " ".join(lowalt("cn/order_761_2023#art_18", "--on", DAY).split())
    assert "not judged" in text
    assert "not read it binds the authorities that design airspace" in text
    text = " ".join(lowalt("cn/order_761_2023#art_18", "--on", DAY, "--lang", "zh").split())
    assert "不判原因 约束划设空域的机关" in text
    assert "it binds" not in text


def test_a_definition_shows_the_term_and_what_it_means() -> None:
    text = " ".join(lowalt("cn/order_761_2023#art_19__para_5", "--on", DAY).split())
    assert "effect defines a term defines" in text
    assert " means " in text


def test_a_row_of_the_catalogue_shows_what_it_checks_and_every_answer() -> None:
    output = lowalt("cn-app-02", "--on", DAY)
    assert output.startswith("CN-APP-02 Micro, light and small wholly in suitable airspace")
    assert SMALL_EXEMPTION in citations(output)
    assert set(citations(output)) >= held(lambda p: "CN-APP-02" in p.catalogue)


def test_a_provision_not_in_force_is_shown_with_the_numbers_of_its_nearest_day() -> None:
    found = document("prohibition__approval", "--on", DAY)["provisions"][0]
    assert found["in_force"] == {"from": "2025-11-02", "before": "2025-12-16"}
    assert found["reading"]["on"] == "2025-12-15"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "==> NOT IN FORCE on 2026-06-11: in force 2025-11-02 to 2025-12-15, and shown as"),
        ("zh", "==> 2026-06-11不在施行期内：施行期为2025-11-02至2025-12-15，以下按"),
    ],
)
def test_a_provision_shown_outside_its_time_says_so_first(lang: str, said: str) -> None:
    second = lowalt("prohibition__approval", "--on", DAY, "--lang", lang).splitlines()[1]
    assert second.startswith(said)
    within = lowalt("prohibition__approval", "--on", "2025-12-15", "--lang", lang)
    assert "==>" not in within


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_provision_can_be_shown_within_the_width(lang: Language, width: int) -> None:
    for entry in contents(BOOK):
        shown = describe(entry, cases=cases(entry), on=BOOK.on, lang=lang, width=width).splitlines()
        for line in (*listed(entry, lang=lang, width=width), *shown[1:]):
            # A citation is not broken.
            assert cell_len(line) <= width or "#" in line, line


# For programs

SUMMARY_KEYS = [
    "citation", "instrument", "label", "summary", "effect", "defines", "in_force",
    "verification", "catalogue",
]  # fmt: skip
FULL_KEYS = [
    *SUMMARY_KEYS, "title", "issuer", "craft", "source", "not_held", "action", "addressee", "note",
    "unread", "parameters", "reading", "definitions", "waives", "waived_by", "addresses",
    "addressed_by", "needs", "derives", "rows", "cases",
]  # fmt: skip


def test_the_keys_of_the_list_stay_as_they_are() -> None:
    found = document("--on", DAY)
    assert list(found) == ["rulebook", "on", "provisions"]
    assert (found["rulebook"], found["on"]) == ("shenzhen", DAY)
    assert all(list(provision) == SUMMARY_KEYS for provision in found["provisions"])
    by_citation = {p["citation"]: p for p in found["provisions"]}
    assert by_citation["cn/order_761_2023#art_10__para_2"] == {
        "citation": "cn/order_761_2023#art_10__para_2",
        "instrument": "cn/order_761_2023",
        "label": {"zh": "第十条第二款", "en": "art. 10(2)"},
        "summary": dict(BOOK.provision("cn/order_761_2023#art_10__para_2").summary),
        "effect": "prohibits",
        "defines": ["leaves_mainland"],
        "in_force": {"from": "2024-01-01", "before": None},
        "verification": "verified",
        "catalogue": ["CN-REG-05"],
    }


def test_the_keys_of_a_provision_stay_as_they_are() -> None:
    for entry in contents(BOOK):
        assert list(in_full(entry, cases=cases(entry), on=BOOK.on)) == FULL_KEYS
    (found,) = document(APPLICATION, "--on", DAY)["provisions"]
    assert list(found["reading"]) == ["on", "scope", "applies", "must", "deadline", "answer"]
    assert found["reading"]["applies"] == {"zh": "所有飞行", "en": "every flight"}
    assert found["reading"]["must"]["en"] == "at least one of"
    assert found["parameters"] == [
        {
            "name": "application_deadline",
            "values": [
                {
                    "zh": "飞行前1日12:00",
                    "en": "12:00 local time, 1 day(s) before the flight",
                    "in_force": {"from": "2024-01-01", "before": None},
                }
            ],
        },
        {
            "name": "answer_deadline",
            "values": [
                {
                    "zh": "飞行前1日21:00",
                    "en": "21:00 local time, 1 day(s) before the flight",
                    "in_force": {"from": "2024-01-01", "before": None},
                }
            ],
        },
    ]
    assert document("cn/order_761_2023#art_30")["provisions"][0]["reading"]["deadline"] == {
        "zh": "提前1小时",
        "en": "1 h before",
    }
    assert found["unread"] is None
    (not_read,) = document("cn/order_761_2023#art_32__item_6")["provisions"]
    assert not_read["unread"] == {
        "zh": "未查到公布的此类限制",
        "en": "those limits were not found published",
    }
    assert list(found["rows"][0]) == ["id", "checks", "verdict", "confidence", "doubtful"]
    assert list(found["cases"][0]) == ["name", "day", "expected"]


# Rules of one's own


def test_rules_of_ones_own_are_listed_with_the_law(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "acme.yaml").write_text(
        "instrument: own/acme\n"
        "title: {zh: 手册, en: Manual of Acme}\n"
        "short_title: {zh: 手册, en: Acme}\n"
        "issuer: {zh: 艾克米, en: Acme}\n"
        "adopted: 2026-01-01\n"
        "in_force: {from: 2026-01-01}\n"
        "time_zone: Asia/Shanghai\n"
        "source: the manual\n"
        "provisions:\n"
        "  rule_1:\n"
        "    label: {zh: 第一条, en: rule 1}\n"
        "    summary: {zh: 只在室外飞行。, en: We fly outdoors only.}\n"
        "    action: {zh: 到室外飞行。, en: Fly outdoors.}\n"
        "    verification: verified\n",
        "utf-8",
    )
    (tmp_path / "own" / "acme.py").write_text(
        "from lowalt.regulations.authoring import F, must, reading\n"
        "from lowalt.regulations.model import Effect\n\n\n"
        '@reading("rule_1", effect=Effect.PROHIBITS)\n'
        "def outdoors(_):\n"
        '    """Fly outdoors."""\n'
        "    return must(~F.is_indoor.as_condition())\n",
        "utf-8",
    )
    given = ("--on", DAY, "--rules", str(tmp_path))
    assert citations(lowalt(*given, "--instrument", "acme")) == ["own/acme#rule_1"]
    text = " ".join(lowalt("rule_1", *given).split())
    assert "must hold not: flown wholly indoors" in text
    assert "own/acme#rule_1" not in lowalt("--on", DAY)


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    assert "--rules" in refusal("--rules", str(tmp_path / "nowhere"))


# Refusals


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["art_26__para_1x"], "Did you mean art_26__para_1 "),
        (["CN-APP-99"], "Did you mean CN-APP-09"),
        (["order_761"], "Did you mean cn/order_761_2023#"),
        (["qqqq"], "has no provision 'qqqq'. List all of them with lowalt rules --all."),
        (["--on", "2026-13-01"], "--on: given '2026-13-01', expected a day such as 2026-06-11"),
        (["--on", "today"], "--on: given 'today'"),
        (["--effect", "prohibit"], "--effect: given 'prohibit', expected one of prohibits, "),
        (["--verification", "yes"], "--verification: given 'yes', expected one of verified"),
        (["--jurisdiction", "SZ"], "--jurisdiction: given 'SZ', expected one of CN, HK, MO"),
        (["--instrument", "order_1"], "--instrument: given 'order_1', expected one of cn/order"),
        (["--catalogue", "CN-APP-1"], "the catalogue has no row 'CN-APP-1'. Did you mean CN-APP-"),
    ],
)
def test_what_is_not_there_is_refused_with_what_there_is(args: list[str], said: str) -> None:
    assert said in " ".join(refusal(*args).split())


# Names of provisions


NAMES = [
    "Decree 761 art. 26(1)",
    "decree 761 ART 26 (1)",
    "art. 26(1)",
    "无人机条例第二十六条第一款",
    "无人机条例 第二十六条第一款",
    "《无人驾驶航空器飞行管理暂行条例》第二十六条第一款",
    "第二十六条第一款",
    "art_26__para_1",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_provision_is_found_by_the_names_that_people_use(name: str) -> None:
    assert citations(lowalt(name, "--on", DAY))[0] == APPLICATION


def test_every_provision_is_found_by_what_findings_print_in_both_languages() -> None:
    held_now = contents(BOOK)
    for entry in held_now:
        short, label = entry.instrument.short_title, entry.provision.label
        for name in (f"{short['zh']}{label['zh']}", f"{short['en']} {label['en']}"):
            assert look_up(held_now, name, on=BOOK.on) == (entry,)


def test_the_name_of_an_article_shows_all_its_parts() -> None:
    found = document("无人机条例第二十六条", "--on", DAY)["provisions"]
    assert {p["citation"] for p in found} == held(
        lambda p: p.citation.startswith(APPLICATION.removesuffix("para_1"))
    )
    assert document("order_761_2023#art_26", "--on", DAY)["provisions"] == found


@pytest.mark.parametrize("name", ["第二十六条", "art. 26", "art_26"])
def test_a_name_that_fits_several_instruments_is_refused_with_all_it_fits(name: str) -> None:
    said = refusal(name, "--on", DAY)
    assert "fits provisions of several instruments" in said
    for citation in (APPLICATION, "cn/border_inspection_regulation_1995#art_26"):
        assert f"  {citation}  " in said
    assert "Decree 761 art. 26(1)" in said


@pytest.mark.parametrize("name", ["26", "para_1", "time"])
def test_the_end_of_a_key_is_refused_with_what_it_ends(name: str) -> None:
    said = refusal(name, "--on", DAY)
    assert f"{name!r} is only the end of a key. Say more of the one you mean:" in said
    named = re.findall(r"^  (\S+)  ", said, re.MULTILINE)
    assert named
    assert all(re.search(rf"[#_]{name}(__|$)", citation) for citation in named)


def test_a_key_of_several_instruments_in_force_is_refused_with_all_of_them() -> None:
    having: dict[str, list[str]] = {}
    for citation in held(in_force):
        having.setdefault(citation.partition("#")[2], []).append(citation)
    several = {key: names for key, names in having.items() if len(names) > 1}
    assert len(several) > 5
    for key, names in several.items():
        with pytest.raises(UnknownNameError, match="fits provisions of several") as no:
            look_up(contents(BOOK), key, on=BOOK.on)
        assert all(f"  {name}  " in str(no.value) for name in names)


@pytest.mark.parametrize("name", ["art_78", "第七十八条", "art. 78"])
@pytest.mark.parametrize(("day", "edition"), [("2026-06-30", "2021"), ("2026-07-01", "2025")])
def test_the_day_settles_which_of_two_editions_is_meant(name: str, day: str, edition: str) -> None:
    shown = citations(lowalt(name, "--on", day))
    assert shown[0] == f"cn/civil_aviation_law_{edition}#art_78"


def test_a_pipe_gets_plain_text() -> None:
    command = [sys.executable, "-m", "lowalt.cli", "rules", APPLICATION, "--on", DAY]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.startswith(APPLICATION + "\n")
    assert "\x1b" not in result.stdout
