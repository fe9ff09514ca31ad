"""Rules of one's own: added without touching lowalt, never laxer than the law, refused in words."""

from __future__ import annotations

import multiprocessing
import pickle
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

import lowalt as la
from lowalt.errors import LowaltError, RegulationError, RegulationFileError
from lowalt.facts import Facts, Instance
from lowalt.regulations.cases import LawCase, read_cases
from lowalt.terms import AircraftClass, Jurisdiction, MissionKind, Notice, ZoneKind
from lowalt.testing import facts
from lowalt.truth import Truth
from lowalt.vocabulary import FactValue

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "own_rules.md").read_text("utf-8")
EXAMPLES = ROOT / "examples" / "rules"
DAY = date(2026, 6, 9)
OURS = "harbour_manual#ch_1__height"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (my_rules/\S+)\n")
REFUSALS = dict(re.findall(r"^\| ([^|]+?) \| `(harbour_manual.+?)` \|$", PAGE, re.MULTILINE))


@pytest.fixture(name="page")
def folder_that_the_page_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the files that the page shows, and go where they are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for _, block in BLOCK.findall(PAGE):
        if named := FILE.match(block):
            file = tmp_path / named[1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block, "utf-8")
    return tmp_path / "my_rules"


def load(folder: Path, *, on: date = DAY) -> la.Rulebook:
    return la.load_rulebook("shenzhen", on=on, own_rules=folder, engine="reference")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


# The page --------------------------------------------------------------------------------------


def test_the_code_of_the_page_runs_and_prints_what_it_shows(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    namespace: dict[str, object] = {}
    blocks = [block for kind, block in BLOCK.findall(PAGE) if kind == "py"]
    for block in blocks:
        if not FILE.match(block):
            exec(compile(block, "own_rules.md", "exec"), namespace)
    (shown,) = (block for kind, block in BLOCK.findall(PAGE) if kind == "text")
    assert capsys.readouterr().out == shown
    assert len(blocks) == 3


SECOND = "{label: {zh: 二, en: '2'}, summary: {zh: 二。, en: Two.}, verification: verified}"

# Which file of the page is spoilt how; without a text it is not there at all.
SPOILT = {
    "no `.py` beside the `.yaml`": (".py", "", ""),
    "a key that means nothing": (".yaml", "summary", "sumary"),
    "a provision without reading": (
        ".yaml",
        "provisions:\n",
        f"provisions:\n  ch_2: {SECOND}\n",
    ),
    "a fact that there is not": (".py", "max_true_height_mm", "max_height_mm"),
    "a number in a reading": (".py", "p.ch_1__height.limit", "90"),
    "a unit that does not fit": (".yaml", "unit: m", "unit: kg"),
    "a day that there is not": (".yaml", "adopted: 2026-03-01", "adopted: 2026-02-30"),
    "a height of another reference": (".yaml", "reference: AGL", "reference: AMSL"),
    "a slip of the pen": (".py", "limit)", "limit"),
    "a waiver of law": (
        ".py", "Effect.PROHIBITS", "Effect.PROHIBITS, waives=('cn/order_761_2023#art_12',)"
    ),
}  # fmt: skip


def test_the_page_and_this_file_list_the_same_refusals() -> None:
    assert REFUSALS.keys() == SPOILT.keys()


@pytest.mark.parametrize("what", SPOILT)
def test_a_refusal_says_what_the_page_says(what: str, page: Path) -> None:
    suffix, old, new = SPOILT[what]
    file = page / "own" / f"harbour_manual{suffix}"
    if old:
        edit(file, old, new)
    else:
        file.unlink()
    with pytest.raises(RegulationFileError) as refusal:
        load(page)
    said = " ".join(str(refusal.value).split())
    place = 0
    for part in REFUSALS[what].split("..."):
        place = said.find(part.strip(), place)
        assert place >= 0, f"{part!r} is not in {said!r}"


# What may be asked -----------------------------------------------------------------------------


def golden() -> list[LawCase]:
    files = sorted(EXAMPLES.glob("*/*.cases.yaml"))
    assert len(files) == 2
    return [case for file in files for case in read_cases(file)]


@pytest.mark.parametrize("case", golden(), ids=lambda case: case.name)
def test_golden_case(case: LawCase) -> None:
    judged = la.judge(case.facts, rulebook=load(EXAMPLES, on=case.day))
    assert judged.status_of(case.asked).value == case.expected


@given(facts())
def test_a_manual_of_ones_own_never_makes_the_law_laxer(known: Facts) -> None:
    law = la.load_rulebook("shenzhen", on=DAY, engine="reference")
    before = la.judge(known, rulebook=law)
    after = la.judge(known, rulebook=load(EXAMPLES / "own" / "acme_manual.yaml"))
    assert after.best.rank >= before.best.rank
    assert after.worst.rank >= before.worst.rank
    # Nothing of the law is judged otherwise for its being there.
    assert [r.status for r in after.results[: len(before.results)]] == [
        r.status for r in before.results
    ]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("waives=('cn/order_761_2023#art_12',)", "waives cn/order_761_2023#art_12; a rule of your"),
        (
            "addresses=('cn/order_761_2023#art_26__para_1',)",
            "addresses cn/order_761_2023#art_26__para_1; a rule",
        ),
        ("derives=('{needed}',)", "derives {needed}, which a provision of law needs"),
    ],
)
def test_a_rule_of_ones_own_that_reaches_into_the_law_is_refused(
    page: Path, how: str, said: str
) -> None:
    book = la.load_rulebook("shenzhen", on=DAY)
    needed = next(name for rule in book.rules for name in rule.needs)
    how, said = how.format(needed=needed), said.format(needed=needed)
    edit(page / "own" / "harbour_manual.py", "Effect.PROHIBITS", f"Effect.PROHIBITS, {how}")
    with pytest.raises(RegulationFileError, match=re.escape(said)):
        load(page)


def test_a_rule_of_ones_own_defines_no_legal_term(page: Path) -> None:
    with (page / "own" / "harbour_manual.py").open("a", encoding="utf-8") as file:
        file.write(
            "\nfrom lowalt.regulations.authoring import definition\n"
            "@definition('ch_1__height', term='is_micro')\ndef all_are(_): return ~F.is_toy\n"
        )
    with pytest.raises(RegulationFileError, match="defines is_micro; a rule of your own"):
        load(page)


def test_a_rule_of_ones_own_makes_no_flying_lawful(page: Path) -> None:
    edit(page / "own" / "harbour_manual.yaml", "craft:", "governs_flight: true\ncraft:")
    with pytest.raises(RegulationFileError, match="it would make flying lawful"):
        load(page)


def test_a_notice_may_take_away_what_the_law_asks() -> None:
    course: dict[str, FactValue] = {
        "zone_jurisdiction": Jurisdiction.MAINLAND, "zone_kind": ZoneKind.TEMPORARY_CONTROL,
        "zone_notice": Notice.OTHER, "zone_is_verified": True, "holds_zone_approval": False,
    }  # fmt: skip
    leg = Instance(Truth.TRUE, {"jurisdiction": Jurisdiction.MAINLAND})
    status = {}
    for mission in (MissionKind.EVENT_SUPPORT, MissionKind.DELIVERY):
        known: dict[str, FactValue] = {
            "is_unmanned": True, "is_indoor": False, "mission_kind": mission,
            "task_is_assigned": True,
            "holds_flight_approval": True, "flight_approval_class": AircraftClass.LARGE,
        }  # fmt: skip
        case = Facts(known, (leg,), (Instance(Truth.TRUE, course),))
        judged = la.judge(case, rulebook=load(EXAMPLES, on=date(2026, 12, 6)))
        status[mission] = judged.status_of("cn/order_761_2023#art_20")
    assert status[MissionKind.EVENT_SUPPORT] is la.Status.WAIVED
    assert status[MissionKind.DELIVERY] is not la.Status.WAIVED


def test_a_notice_is_put_to_flights_of_its_place_alone(page: Path) -> None:
    (page / "hk").mkdir()
    for file in (page / "own").glob("harbour_manual.*"):
        moved = page / "hk" / file.name
        moved.write_text(file.read_text("utf-8").replace("own/harbour", "hk/harbour"), "utf-8")
    book = load(page)
    tall: dict[str, FactValue] = {"is_unmanned": True, "max_true_height_mm": 95_000}
    for jurisdiction, expected in (
        (Jurisdiction.MAINLAND, la.Status.NOT_APPLICABLE),
        (Jurisdiction.HONG_KONG, la.Status.BREACHED),
    ):
        leg = Instance(Truth.TRUE, {"jurisdiction": jurisdiction})
        judged = la.judge(Facts(tall, (leg,), ()), rulebook=book)
        assert judged.status_of(f"hk/{OURS}") is expected
        assert judged.status_of(f"own/{OURS}") is la.Status.BREACHED


# Files -----------------------------------------------------------------------------------------


def test_one_file_may_be_named_instead_of_its_folder(page: Path) -> None:
    by_file = load(page / "own" / "harbour_manual.yaml")
    assert by_file.name == "shenzhen + own/harbour_manual"
    assert by_file is load(page)


def test_where_the_files_lie_does_not_matter_and_what_they_hold_does(page: Path) -> None:
    book = load(page)
    moved = page.parent / "elsewhere"
    shutil.copytree(page, moved)
    assert load(moved).digest == book.digest
    assert book.digest != la.load_rulebook("shenzhen", on=DAY, engine="reference").digest
    edit(moved / "own" / "harbour_manual.py", "lower than", "lower, than")
    assert load(moved).digest != book.digest


def test_what_is_changed_is_read_again_and_what_is_not_is_not_compiled_again(page: Path) -> None:
    book = load(page)
    assert load(page) is book
    edit(page / "own" / "harbour_manual.yaml", "value: 90", "value: 80")
    at_85_m = Facts({"is_unmanned": True, "max_true_height_mm": 85_000})
    citation = f"own/{OURS}"
    assert la.judge(at_85_m, rulebook=book).status_of(citation) is la.Status.MET
    assert la.judge(at_85_m, rulebook=load(page)).status_of(citation) is la.Status.BREACHED


def test_what_was_changed_is_said_and_a_word_of_comment_is_no_change(page: Path) -> None:
    book = load(page)
    edit(page / "own" / "harbour_manual.py", "lower than", "much lower than")
    assert not la.difference(book, load(page))
    edit(page / "own" / "harbour_manual.yaml", "at or below 90 m", "below")
    edit(page / "own" / "harbour_manual.py", "<=", "<")
    points = la.difference(book, load(page)).amended
    assert [(point.kind, point.name) for point in points] == [("text", "summary"), ("reading", "")]
    assert points[1].before["en"].endswith("greatest true height is not above 90 m AGL")
    assert points[1].after["en"].endswith("greatest true height is below 90 m AGL")


def test_nothing_is_written_beside_the_rules(page: Path) -> None:
    before = sorted(page.rglob("*"))
    load(page)
    assert sorted(page.rglob("*")) == before


@pytest.mark.parametrize(
    ("moved_to", "said"),
    [
        ("harbour_manual", "it lies at the top of"),
        ("acme/harbour_manual", "/my_rules/acme; expected <folder>/<name>.yaml"),
        ("own/Harbour-Manual", "expected a name of a to z"),
        ("own/other_name", "given 'own/harbour_manual', expected 'own/other_name'"),
    ],
)
def test_a_file_in_the_wrong_place_is_refused(page: Path, moved_to: str, said: str) -> None:
    (page / "acme").mkdir()
    for suffix in (".yaml", ".py"):
        (page / f"own/harbour_manual{suffix}").rename(page / f"{moved_to}{suffix}")
    with pytest.raises(RegulationFileError, match=re.escape(said)):
        load(page)


def test_readings_without_a_text_are_refused(page: Path) -> None:
    (page / "own" / "forgotten.py").write_text("", "utf-8")
    with pytest.raises(RegulationFileError, match=r"forgotten\.py: .*expected forgotten\.yaml"):
        load(page)


@pytest.mark.parametrize(
    ("stray", "said"),
    [
        (
            "own/manual.py",
            r"manual\.py: .*of no text in .*rules/own; expected manual\.yaml",
        ),
        (
            "hk/manual.yml",
            r"manual\.yml: .*in .*rules/hk and is not read; call it manual\.yaml",
        ),
        (
            "manual.yml",
            r"manual\.yml: .*lies at the top of .*rules; expected <folder>/<name>\.yaml",
        ),
        ("manual.py", r"manual\.py: .*lies at the top of .*rules; expected <folder>/<name>\.yaml"),
        (
            "acme/manual.yml",
            r"rules: the folder: it holds no instrument, only acme/manual\.yml; exp",
        ),
    ],
)
def test_half_an_instrument_is_named_and_what_is_expected(
    tmp_path: Path, stray: str, said: str
) -> None:
    file = tmp_path / "rules" / stray
    file.parent.mkdir(parents=True)
    file.write_text("", "utf-8")
    with pytest.raises(RegulationFileError, match=said):
        load(tmp_path / "rules")


def test_a_file_that_is_no_text_is_not_called_missing(tmp_path: Path) -> None:
    (tmp_path / "rules.zip").write_bytes(b"")
    with pytest.raises(RegulationFileError, match=r"it is no \.yaml file; name a folder of rules"):
        load(tmp_path / "rules.zip")


def test_a_folder_that_is_not_there_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegulationFileError, match="there is none; name a folder"):
        load(tmp_path / "nowhere")
    with pytest.raises(RegulationFileError, match="it holds no instrument; expected"):
        load(tmp_path)
    with pytest.raises(RegulationFileError, match=r"none\.yaml: the file: there is none"):
        load(tmp_path / "own" / "none.yaml")


def test_an_identifier_that_is_taken_is_refused(page: Path) -> None:
    with pytest.raises(RegulationFileError, match="a second instrument is called 'own/harbour"):
        la.load_rulebook("shenzhen", on=DAY, own_rules=[page, page / "own/harbour_manual.yaml"])
    (page / "cn").mkdir()
    for file in (page / "own").glob("harbour_manual.*"):
        text = file.read_text("utf-8").replace("own/harbour_manual", "cn/order_761_2023")
        (page / "cn" / file.name.replace("harbour_manual", "order_761_2023")).write_text(text)
    with pytest.raises(RegulationFileError, match="is held by lowalt already; give yours another"):
        load(page)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return F.is_indoor == True", "line 9: fact is_indoor is compared with =="),
        ("return 5", r"below_our_limit returns 5; expected when\(\.\.\.\), must\(\.\.\.\)"),
        ("return F.is_indoor & True", "line 9: AttributeError: .*; a reading joins facts"),
        ("return 1 / 0", "line 9: ZeroDivisionError: division by zero"),
        ("return must(F.is_indoor and F.is_toy)", "line 9: fact is_indoor has no truth of its own"),
        ("return must(F.max_true_height_mm <= p.ch_9.limit)", "line 9: .* has no provision 'ch_9'"),
        ("return must(F.max_true_height_mm <= p.ch_1__height.x)", "line 9: .* no parameter 'x'"),
    ],
)
def test_a_reading_that_fails_is_refused_with_its_line_and_no_foreign_error(
    page: Path, body: str, said: str
) -> None:
    code = page / "own" / "harbour_manual.py"
    edit(code, "return must(F.max_true_height_mm <= p.ch_1__height.limit)", body)
    with pytest.raises(RegulationFileError, match=said) as refusal:
        load(page)
    assert str(refusal.value).startswith("harbour_manual.py: ")


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("import no_such_library", "line 1: ModuleNotFoundError: No module named"),
        ("from lowalt.terms import Color", "line 1: ImportError: cannot import name 'Color'"),
        ("raise SystemError('no')", "line 1: SystemError: no"),
        ("\x00", "source code string cannot contain null bytes"),
    ],
)
def test_code_that_does_not_run_is_refused(page: Path, first: str, said: str) -> None:
    code = page / "own" / "harbour_manual.py"
    code.write_text(f"{first}\n{code.read_text('utf-8')}", "utf-8")
    with pytest.raises(RegulationFileError, match=said):
        load(page)


def test_a_failed_import_gets_advice_on_imports_alone(page: Path) -> None:
    edit(page / "own" / "harbour_manual.py", "from lowalt", "import our_limits\nfrom lowalt")
    with pytest.raises(RegulationFileError, match=r"import from lowalt\.regulations") as refusal:
        load(page)
    assert "a reading joins facts" not in str(refusal.value)


def test_a_time_limit_that_there_is_not_is_refused_in_words(page: Path) -> None:
    edit(page / "own/harbour_manual.py", "Effect.PROHIBITS", "Effect.PROHIBITS, deadline='lead'")
    with pytest.raises(LowaltError, match="has no parameter 'lead'; it has limit"):
        load(page)


def test_waivers_between_rules_of_ones_own_must_lead_somewhere(page: Path) -> None:
    edit(page / "own/harbour_manual.py", "Effect.PROHIBITS", "Effect.PROHIBITS, waives=('ch_7',)")
    with pytest.raises(RegulationError, match="waives own/harbour_manual#ch_7, which has no read"):
        load(page)


# Elsewhere -------------------------------------------------------------------------------------


def test_a_rulebook_with_rules_of_ones_own_can_be_sent_to_another_process(page: Path) -> None:
    book = load(page)
    sent = pickle.dumps(book)
    assert pickle.loads(sent) is book
    shutil.rmtree(page)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_digest_of, (sent,)) == book.digest


def _digest_of(sent: bytes) -> str:
    book = pickle.loads(sent)
    assert isinstance(book, la.Rulebook)
    return book.digest


@pytest.mark.parametrize("engine", ["durable", "reference"])
def test_every_engine_judges_by_them(engine: str) -> None:
    if engine == "durable":
        pytest.importorskip("durable_rules_engine")
    book = la.load_rulebook("shenzhen", on=DAY, own_rules=EXAMPLES, engine=engine)  # type: ignore[arg-type] # one of them
    assert book.engine.name.startswith(engine)
    known = Facts({"is_unmanned": True, "max_true_height_mm": 119_000,
                   "mission_kind": MissionKind.MEDICAL_RESCUE})  # fmt: skip
    judged = la.judge(known, rulebook=book)
    assert judged.status_of("own/acme_manual#ch_4__height") is la.Status.WAIVED


def lowalt(*args: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lowalt.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_line_takes_them(page: Path) -> None:
    plan = ROOT / "examples/plans/01_light_uav_suitable_airspace.json"
    judged = lowalt("check", "--rules", page, plan)
    assert judged.returncode == 1
    assert "Our manual chapter 1" in judged.stdout
    (page / "own" / "harbour_manual.py").unlink()
    refused = lowalt("check", "--rules", page, plan)
    assert refused.returncode == 2
    assert refused.stderr.startswith("lowalt: --rules: harbour_manual.py: the file: there is none")


def test_the_example_names_the_plans_that_a_company_rule_stands_against() -> None:
    script = ROOT / "examples" / "company_rule.py"
    plan = ROOT / "examples/plans/08_medium_cargo.json"
    done = subprocess.run(
        [sys.executable, "-W", "ignore::UserWarning", "-X", "utf8", str(script), str(plan)],
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    first, second, third = done.stdout.splitlines()
    assert first.endswith("-> prohibited")
    assert second.strip() == (
        "Acme manual chapter 4, height: greatest true height: 110 m (limit 100 m AGL)"
    )
    assert third.strip() == "Lower the flight to the limit of the manual."
