"""What was decided can be written down, kept, and judged again to the same bytes."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import lowalt as la
from lowalt.cli import app
from lowalt.errors import InvalidInputError, LowaltError, ReplayDiffersError
from lowalt.testing import plans

ROOT = Path(__file__).parent.parent
PLANS = ROOT / "examples" / "plans"
RULES = ROOT / "examples" / "rules"
LATE = PLANS / "04_delivery_near_airport_filed_late.json"
ON_AMSL = PLANS / "20_amsl_over_unknown_ground.json"
CEILING = "cn/order_761_2023#art_19__para_2.ceiling"
DAY = date(2026, 6, 9)


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


@cache
def late() -> str:
    return recorded(LATE)


def recorded(file: Path, **with_: Any) -> str:
    plan = la.read_plan(file)
    return la.record(la.assess(plan, airspace=airspace(), **with_), plan=plan)


def changed(edit: Callable[[Any], object], text: str | None = None) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text or late())
    edit(document)
    return document


# The same ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", sorted(PLANS.glob("*.json")), ids=lambda file: file.stem[:2])
def test_every_example_is_replayed_to_the_same_bytes(file: Path) -> None:
    text = recorded(file)
    plan = la.read_plan(file)
    assert la.record(la.replay(text), plan=plan) == text


@settings(max_examples=8)
@given(plans())
def test_any_plan_is_replayed_to_the_same_bytes(plan: la.FlightPlan) -> None:
    verdict = la.assess(plan, airspace=airspace())
    text = la.record(verdict, plan=plan)
    assert la.replay(text.encode()) == verdict


def test_a_record_is_one_canonical_line_and_holds_all_that_it_rests_on() -> None:
    document = json.loads(late())
    assert late() == json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "\n" not in late()
    assert set(document) == {"format", "version", "plan", "verdict"}
    assert (document["format"], document["version"]) == ("lowalt verdict record", 1)
    rests_on = document["verdict"]["record"]
    assert (rests_on["airspace_name"], rests_on["rulebook_name"]) == ("shenzhen", "shenzhen")
    assert rests_on["plan"] == la.read_plan(LATE).digest
    assert rests_on["library"].startswith("lowalt ")
    for key in ("airspace", "rulebook", "plan"):
        assert len(bytes.fromhex(rests_on[key])) == 32


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_writes_the_same_bytes(seed: str) -> None:
    program = (
        "import sys, lowalt as la\n"
        "plan = la.read_plan(sys.argv[1])\n"
        "text = la.record(la.assess(plan, airspace=la.load_airspace()), plan=plan)\n"
        "sys.stdout.buffer.write(text.encode())"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore::UserWarning", "-c", program, str(LATE)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout.decode() == late()


def test_a_verdict_out_of_a_table_of_many_is_recorded_as_one_alone() -> None:
    given_plans = [la.read_plan(file) for file in sorted(PLANS.glob("*.json"))]
    table = la.assess_many(given_plans, airspace=airspace())
    (row,) = (i for i, plan in enumerate(given_plans) if plan == la.read_plan(LATE))
    assert la.record(table.verdict(row), plan=given_plans[row]) == late()


def test_the_other_engine_replays_it_too() -> None:
    text = recorded(LATE, rulebook=la.load_rulebook(on=DAY, engine="reference"))
    other = la.load_rulebook(on=DAY)
    verdict = la.replay(text, rulebook=other)
    assert verdict.record.engine == other.engine.name


def test_amended_law_is_found_again_by_what_was_changed() -> None:
    book = la.amend(la.load_rulebook(on=DAY), parameters={CEILING: "150 m"})
    text = recorded(LATE, rulebook=book)
    rests_on = json.loads(text)["verdict"]["record"]
    assert rests_on["rulebook_name"] == "shenzhen (amended)"
    assert rests_on["amendments"] == [[CEILING, "150 m"]]
    assert la.replay(text).record.rulebook == book.digest != la.load_rulebook(on=DAY).digest


def test_rules_of_ones_own_are_asked_for() -> None:
    book = la.load_rulebook(on=DAY, own_rules=RULES)
    text = recorded(LATE, rulebook=book)
    assert set(json.loads(text)["verdict"]["record"]["own_rules"]) == {
        "own/acme_manual",
        "sz/marathon_notice_example",
    }
    with pytest.raises(InvalidInputError, match=r"instruments of your own \(own/acme_manual, sz/"):
        la.replay(text)
    assert la.replay(text, own_rules=RULES) == la.replay(text, rulebook=book)


def test_the_geoid_of_lowalt_is_found_again_and_the_ground_is_asked_for() -> None:
    ground = la.SyntheticTerrain()
    text = recorded(ON_AMSL, terrain=ground, geoid=la.load_geoid())
    with pytest.raises(InvalidInputError, match="terrain 'synthetic, illustrative', which must be"):
        la.replay(text)
    assert la.replay(text, terrain=ground).record.geoid == la.load_geoid().name


def test_a_record_of_another_airspace_asks_for_it(tmp_path: Path) -> None:
    held = airspace()
    file = tmp_path / "ours.geojson"
    la.write_features(list(held.zones)[:3], file, title={"zh": "我方", "en": "Ours"})
    ours = la.load_airspace(file)
    plan = la.read_plan(LATE)
    text = la.record(la.assess(plan, airspace=ours), plan=plan)
    with pytest.raises(InvalidInputError, match="airspace 'ours', which does not come with lowalt"):
        la.replay(text)
    assert la.replay(text, airspace=ours).record.airspace == ours.digest


# Not the same ------------------------------------------------------------------------------------


def differences(document: dict[str, Any], **with_: Any) -> dict[str, tuple[Any, Any]]:
    with pytest.raises(ReplayDiffersError) as refusal:
        la.replay(document, **with_)
    assert isinstance(refusal.value.verdict, la.Verdict)
    assert str(refusal.value).startswith("the verdict on ")
    return {d.path: (d.recorded, d.replayed) for d in refusal.value.differences}


def test_another_digest_is_named_first() -> None:
    def edit(document: Any) -> None:
        document["verdict"]["record"]["airspace"] = "0" * 64
        document["verdict"]["decision"] = "permitted"

    with pytest.raises(ReplayDiffersError, match="2 differences:") as refusal:
        la.replay(changed(edit))
    first, second = refusal.value.differences
    assert (first.path, first.replayed) == ("record.airspace", airspace().digest)
    assert (second.path, second.recorded, second.replayed) == (
        "decision", "permitted", "prohibited"
    )  # fmt: skip


def test_a_finding_is_named_by_what_it_cites() -> None:
    def edit(document: Any) -> None:
        finding = document["verdict"]["findings"][0]
        assert finding["citation"] == "cn/order_761_2023#art_26__para_1__time"
        finding["status"] = "met"

    assert differences(changed(edit)) == {
        "findings[cn/order_761_2023#art_26__para_1__time].status": ("met", "breached")
    }


def test_one_finding_less_is_one_difference() -> None:
    found = differences(changed(lambda d: d["verdict"]["findings"].pop(5)))
    ((path, (then, now)),) = found.items()
    assert path.startswith("findings[")
    assert then is None
    assert now["citation"] in path


def test_another_order_is_a_difference() -> None:
    def edit(document: Any) -> None:
        findings = document["verdict"]["findings"]
        findings.append(findings.pop(0))

    ((path, (then, now)),) = differences(changed(edit)).items()
    assert path == "findings"
    assert then == [*now[1:], now[0]]


def test_another_version_of_the_library_is_named() -> None:
    def edit(document: Any) -> None:
        document["verdict"]["record"]["library"] = "lowalt 0.0.1"

    ((path, (then, _)),) = differences(changed(edit)).items()
    assert (path, then) == ("record.library", "lowalt 0.0.1")


def test_an_edited_plan_is_found_out() -> None:
    def edit(document: Any) -> None:
        document["plan"]["aircraft"]["empty_mass_kg"] += 0.001

    assert "record.plan" in differences(changed(edit))


def test_the_same_law_of_another_day_differs() -> None:
    book = la.load_rulebook(on=date(2026, 7, 1))
    found = differences(json.loads(late()), rulebook=book)
    assert found["on"] == ("2026-06-10", "2026-07-01")
    # The files are the same; what differs is which of their articles are in force.
    assert "record.rulebook" not in found
    assert any(path.startswith("findings[cn/civil_aviation_law_") for path in found)


def test_a_number_is_not_a_truth() -> None:
    def edit(document: Any) -> None:
        obligation = next(o for o in document["verdict"]["obligations"] if o["certain"] is True)
        obligation["certain"] = 1

    (found,) = differences(changed(edit)).values()
    assert found == (1, True)


# No records --------------------------------------------------------------------------------------


def test_a_verdict_on_another_plan_is_not_recorded() -> None:
    verdict = la.assess(la.read_plan(LATE), airspace=airspace())
    with pytest.raises(InvalidInputError, match="is not the one judged: its digest is"):
        la.record(verdict, plan=la.read_plan(ON_AMSL))


@pytest.mark.parametrize("end", [0, 1, 100, -1])
def test_a_record_cut_short_is_refused(end: int) -> None:
    with pytest.raises(InvalidInputError, match="record: "):
        la.replay(late()[:end])


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d.pop("format"), "expected a JSON object with format"),
        (lambda d: d.update(version=2), "given version 2, expected 1; replay it with the version"),
        (lambda d: d.update(version=True), "given version True, expected 1"),
        (lambda d: d.update(extra=1), "unknown members extra"),
        (lambda d: d.pop("plan"), "record: plan: given None, expected an object"),
        (lambda d: d["plan"].pop("datum"), "record: flight plan: 1 problem"),
        (lambda d: d.update(verdict=[]), r"verdict\.record: expected an object"),
        (lambda d: d["verdict"].update(record=None), r"verdict\.record: expected an object"),
        (lambda d: d["verdict"].update(on="tomorrow"), "on: given 'tomorrow', expected a day"),
        (lambda d: d["verdict"].pop("on"), "on: given None, expected a text"),
        (lambda d: d["verdict"].update(submitted_at="2026-06-08T10:00"), "a time with its offset"),
        (lambda d: d["verdict"].update(submitted_at=5), "submitted_at: given 5, expected a text"),
        (lambda d: rests_on(d).update(airspace_name="../shenzhen"), "does not come with lowalt"),
        (lambda d: rests_on(d).update(airspace_name="zones.geojson"), "does not come with lowalt"),
        (lambda d: rests_on(d).update(airspace_name=None), "airspace_name: given None, expected"),
        (lambda d: rests_on(d).update(law="../shenzhen"), "no rulebook is called '../shenzhen'"),
        (lambda d: rests_on(d).update(law="catalogue"), "no rulebook is called 'catalogue'"),
        (lambda d: rests_on(d).update(law=""), "give it as rulebook"),
        (lambda d: rests_on(d).update(own_rules=7), "given 7, expected digests by instrument"),
        (lambda d: rests_on(d).update(amendments=[7]), "expected pairs of path and value"),
        (lambda d: rests_on(d).update(amendments=[[CEILING, None]]), "give it as rulebook"),
        (lambda d: rests_on(d).update(amendments=[["x", "1 m"]]), "no provision is cited 'x'"),
        (lambda d: rests_on(d).update(terrain="hills"), "terrain 'hills', which must be given"),
        (lambda d: rests_on(d).update(geoid="egg"), "geoid 'egg', which must be given as geoid"),
    ],
)
def test_what_is_no_record_is_refused(edit: Callable[[Any], object], said: str) -> None:
    with pytest.raises(LowaltError, match=said):
        la.replay(changed(edit))


def rests_on(document: Any) -> dict[str, Any]:
    found: dict[str, Any] = document["verdict"]["record"]
    return found


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe", b"[]", b"7", b'"lowalt"', b"{}", b"NaN", b"[" * 100_000,
        b'{"format":"lowalt verdict record","format":1}', "\ud800",
    ],
)  # fmt: skip
def test_other_documents_are_refused(text: bytes | str) -> None:
    with pytest.raises(InvalidInputError, match="record: "):
        la.replay(text)


def test_a_mapping_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="record: not a JSON document"):
        la.replay({"format": {1, 2}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=12)
@given(st.data())
def test_a_record_spoilt_anywhere_differs_or_is_refused_in_words(data: st.DataObject) -> None:
    document = json.loads(late())
    before = copy.deepcopy(document)
    place: Any = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        place = inner
    place[key] = data.draw(JSON)
    engine = rests_on(before)["engine"]
    try:
        la.replay(document)
    except LowaltError:
        return
    # It may still be the same: null for null, or another engine.
    document["verdict"]["record"]["engine"] = engine
    assert document["verdict"] == before["verdict"]
    assert la.parse_plan(document["plan"]) == la.parse_plan(before["plan"])


# The command line --------------------------------------------------------------------------------


def lowalt(*args: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, where the dataset is parsed once."""
    done = CliRunner().invoke(app, [*map(str, args)])
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


def test_the_command_line_records_and_replays(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    lowalt("check", "--brief", "--record", folder, LATE, ON_AMSL)
    files = sorted(folder.iterdir())
    digest = sha256(late().encode()).hexdigest()
    assert files[0].name == f"{LATE.stem}-{digest[:12]}.record.json"
    assert files[0].read_text("utf-8") == late()
    cut, edited = folder / "cut.json", folder / "edited.json"
    permitted = late().replace('"decision":"prohibited"', '"decision":"permitted"', 1)
    edited.write_text(permitted, "utf-8")
    replayed = lowalt("replay", *files, edited)
    assert replayed.returncode == 1
    first, second, third, difference = replayed.stdout.splitlines()
    assert first == f"{files[0]}: the same, prohibited"
    assert second.startswith(f"{files[1]}: the same, ")
    assert third.endswith("does not come out as recorded; 1 difference:")
    assert difference == "  decision: recorded 'permitted', now 'prohibited'"
    cut.write_text(late()[:-5], "utf-8")
    refused = lowalt("replay", cut)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"lowalt: {cut}: record: not a JSON document")


def test_a_record_is_written_over_only_by_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    lowalt("check", "--brief", "--record", folder, LATE)
    (first,) = folder.iterdir()
    lowalt("check", "--brief", "--record", folder, LATE)
    assert list(folder.iterdir()) == [first]
    lowalt("check", "--brief", "--record", folder, "--rules", RULES, LATE)
    lowalt(
        "check", "--brief", "--record", folder, "--submitted-at", "2026-06-01T10:00:00+08:00", LATE
    )
    assert len(list(folder.iterdir())) == 3
    assert first.read_text("utf-8") == late()


def test_a_folder_of_records_is_replayed_and_is_no_folder_of_plans(tmp_path: Path) -> None:
    lowalt("check", "--brief", "--record", tmp_path, LATE, ON_AMSL)
    replayed = lowalt("replay", tmp_path)
    assert replayed.returncode == 0
    assert [line.partition(": ")[0] for line in replayed.stdout.splitlines()] == [
        str(file) for file in sorted(tmp_path.iterdir())
    ]
    for command, folder, what in (("check", tmp_path, "plans"), ("replay", PLANS, "records")):
        refused = lowalt(command, folder)
        assert refused.returncode == 2
        assert refused.stderr.startswith(f"lowalt: {folder}: the folder holds no {what} in .json")


def test_a_place_where_no_record_can_be_written_is_no_fault_of_the_plan(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", "utf-8")
    refused = lowalt("check", "--brief", "--record", taken, LATE)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"lowalt: --record: given '{taken}', expected a folder to")
    # A folder stands where the record is to.
    digest = sha256(late().encode()).hexdigest()
    (tmp_path / "r" / f"{LATE.stem}-{digest[:12]}.record.json" / "x").mkdir(parents=True)
    refused = lowalt("check", "--brief", "--record", tmp_path / "r", LATE)
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"lowalt: --record: the record of {LATE} cannot be written: ")
