"""``lowalt check`` over a day: rows as full verdicts say them, kept, resumed, and summed up."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from lowalt.airspace import AirspaceDataset, load_airspace
from lowalt.assessment import assess, many
from lowalt.cli import app
from lowalt.cli.check import day as day_module
from lowalt.cli.check.asked import Asked
from lowalt.cli.check.rows import Part, Row, RowWorker, world_of_rows
from lowalt.cli.check.tables import COLUMNS
from lowalt.cli.check.work import in_processes, jobs_for
from lowalt.cli.sources import Source
from lowalt.errors import InvalidInputError
from lowalt.flights import canonical_json, read_plan
from lowalt.formats.plans.exchange import Told
from lowalt.regulations.rulebook import load_rulebook
from lowalt.timelines import RowState, Step, timeline
from lowalt.verdicts import Decision, Verdict

PLANS = Path(__file__).parent.parent / "examples" / "plans"
# Of few days, since the law of each is compiled; on their own, abroad, manned, in time and late.
FILES = [
    next(PLANS.glob(f"{number:02}_*.json")) for number in (1, 3, 4, 5, 6, 7, 14, 20, 23, 24, 25, 26)
]
FEW = [PLANS / name for name in (
    "01_light_uav_suitable_airspace.json",
    "04_delivery_near_airport_filed_late.json",
    "06_exactly_120_m.json",
    "14_half_the_facts_missing.json",
)]  # fmt: skip


def lowalt(*args: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``lowalt check`` in this process, where the dataset is parsed once."""
    done = CliRunner().invoke(app, ["check", *map(str, args)], input=stdin)
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def airspace() -> AirspaceDataset:
    return load_airspace("shenzhen")


@pytest.fixture(scope="module")
def worker() -> RowWorker:
    return RowWorker(world_of_rows(Asked()))


@pytest.fixture(scope="module")
def verdicts(airspace: AirspaceDataset) -> dict[str, Verdict]:
    """Full verdicts, by file: the oracle."""
    found = {}
    for file in FILES:
        plan = read_plan(file)
        # The engine of the rows, for their rulebooks are compiled already; all answer alike.
        law = load_rulebook("shenzhen", on=plan.departure.date(), engine="reference")
        found[str(file)] = assess(plan, airspace=airspace, rulebook=law)
    return found


@pytest.fixture(scope="module")
def rows(worker: RowWorker) -> list[Row]:
    return worker(parts(FILES))


@pytest.fixture(scope="module")
def many_plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of more plans than anybody reads about: each three times."""
    found = tmp_path_factory.mktemp("day")
    for file in FILES:
        for number in range(3):
            shutil.copy(file, found / f"{number}_{file.name}")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A day of a few plans."""
    found = tmp_path / "plans"
    found.mkdir()
    for file in FEW:
        shutil.copy(file, found)
    return found


def parts(files: Iterable[Path]) -> list[Part]:
    return [Part(Source(file), Told()) for file in files]


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Rows of JSON lines, without the line above them."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()[1:]]


def stop_after(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    """Press Ctrl-C when so many batches of one file each are done."""
    judge, done = RowWorker.__call__, Counter[str]()

    def pressed(self: RowWorker, batch: Sequence[Part]) -> list[Row]:
        if done["calls"] == calls:
            raise KeyboardInterrupt
        done["calls"] += 1
        return judge(self, batch)

    monkeypatch.setattr(day_module, "_TOGETHER", 1)
    monkeypatch.setattr(RowWorker, "__call__", pressed)


# Rows ---------------------------------------------------------------------------------------------


def test_a_row_says_what_the_full_verdict_says(
    rows: list[Row], verdicts: dict[str, Verdict]
) -> None:
    assert [row["file"] for row in rows] == list(verdicts)
    for row in rows:
        verdict = verdicts[row["file"]]
        ends = (verdict.decision, verdict.best, verdict.worst)
        assert (row["decision"], row["best"], row["worst"]) == tuple(end.value for end in ends)
        for key, status in (("breached", "breached"), ("required", "required"),
                            ("open", "missing_info")):  # fmt: skip
            assert set(row[key]) == {
                finding.citation
                for finding in verdict.findings
                if finding.status == status
                and finding.consequence not in (None, Decision.PERMITTED)
            }, (row["file"], key)
        assert set(row["missing"]) == {each.field for each in verdict.missing if each.field}


def test_deadlines_of_a_row_are_the_open_steps_of_the_timeline(
    rows: list[Row], verdicts: dict[str, Verdict]
) -> None:
    to_do = (RowState.OPEN, RowState.LATE, RowState.UNKNOWN)
    for row in rows:
        steps = [
            step.to_dict()
            for step in timeline(verdicts[row["file"]]).rows
            if step.time and step.binding and step.state in to_do
            and step.kind not in (Step.ANSWER, Step.REPORT)
        ]  # fmt: skip
        assert [(d["due"], d["kind"], d["state"], d["citation"]) for d in row["deadlines"]] == [
            (s["time"], s["kind"], s["state"], s["citation"]) for s in steps
        ]
    late = next(row for row in rows if "filed_late" in row["file"])
    assert ("2026-06-09T12:00:00+08:00", "late") in {
        (d["due"], d["state"]) for d in late["deadlines"]
    }


def test_a_large_file_is_shared_plan_by_plan(worker: RowWorker, tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    plans = b",".join(canonical_json(read_plan(each)) for each in FEW)
    file.write_bytes(b'{"plans": [' + plans + b',{"plan_id": "torn"}]}')
    whole = worker(parts([file]))
    shares = [worker([Part(Source(file), Told(), number, 2)]) for number in range(2)]
    assert [len(share) for share in shares] == [3, 2]
    assert sorted(chain(*shares), key=lambda row: row["item"]) == whole
    assert ["error" in row for row in whole] == [False] * 4 + [True]
    assert {row["items"] for row in whole} == {5}


def test_one_plan_that_cannot_be_judged_does_not_stop_those_beside_it(
    worker: RowWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tabulate, asked = many.tabulate, []

    def choosy(plans: Sequence[Any], **more: Any) -> Any:
        asked.append(len(plans))
        if any(plan.plan_id == "pingshan-half-a-plan" for plan in plans):
            raise InvalidInputError("it looks like GCJ-02")
        return tabulate(plans, **more)

    monkeypatch.setattr(many, "tabulate", choosy)
    found = worker(parts(FEW))
    assert ["error" in row for row in found] == [False, False, False, True]
    assert found[3]["error"] == "it looks like GCJ-02"
    assert asked[0] > 1  # together first, and by halves then


def test_plans_of_one_name_in_several_files_are_all_judged(
    worker: RowWorker, rows: list[Row], tmp_path: Path
) -> None:
    copies = [shutil.copy(FEW[0], tmp_path / f"{number}.json") for number in range(3)]
    found = worker(parts(map(Path, copies)))
    told = next(row for row in rows if row["file"] == str(FEW[0]))
    assert [{**row, "file": told["file"]} for row in found] == [told] * 3


# The command --------------------------------------------------------------------------------------


def test_many_plans_are_summed_up_on_one_screen(
    verdicts: dict[str, Verdict], many_plans: Path
) -> None:
    done = lowalt(many_plans)
    assert done.returncode == 1
    counts = Counter([verdict.decision for verdict in verdicts.values()] * 3)
    lines = done.stdout.splitlines()
    assert lines[0] == "Plans judged: 36 (files: 36)"
    for decision, count in counts.items():
        (line,) = (each for each in lines[1:10] if each.startswith(f"  {decision.label('en')} "))
        assert line.split()[-2] == str(count)
    assert len(lines) < 70
    assert max(map(cell_len, lines)) <= 100
    against = 36 - counts[Decision.PERMITTED]
    named = lines[lines.index("Plans that may not be flown as they are") + 1 :]
    assert len(named) == 20 + 1
    assert named[-1] == f"  ... and {against - 20} more: --out FILE has them all"
    late = lines[lines.index("Earliest deadlines (late ones first)") + 1]
    assert late.startswith("  2026-06-09 12:00 UTC+8  LATE  Decree 761")


def test_the_summary_speaks_chinese_within_the_width() -> None:
    lines = lowalt("--summary", "--lang", "zh", *FEW).stdout.splitlines()
    assert lines[0] == "已判断4份计划（4个文件）"
    assert max(map(cell_len, lines)) <= 100
    assert any("不得飞行" in line and "filed_late" in line for line in lines)


def test_summary_as_json_counts_what_the_rows_have(rows: list[Row]) -> None:
    summary = json.loads(lowalt("--summary", "--format", "json", *FILES).stdout)
    assert summary["plans"] == len(rows)
    assert summary["decisions"] == Counter(row["decision"] for row in rows)
    counted = Counter(citation for row in rows for citation in row["required"])
    listed = {f["citation"]: f["plans"] for f in summary["findings"] if f["status"] == "required"}
    assert listed == counted
    dues = [(d["due"], row["plan_id"], d["citation"]) for row in rows for d in row["deadlines"]]
    first = {(d["first_due"], d["first_plan_id"], d["citation"]) for d in summary["deadlines"]}
    assert first <= set(dues)
    assert min(dues)[0] in {due for due, _, _ in first}
    assert sum(each["plans"] for each in summary["deadlines"]) == len(dues)
    states = [due["state"] == "late" for due in summary["deadlines"]]
    assert states == sorted(states, reverse=True)


def test_one_broken_file_is_reported_and_the_others_are_judged(folder: Path) -> None:
    (folder / "broken.json").write_text('{"plan_id": "x"')
    out = folder.parent / "day.jsonl"
    done = lowalt(folder, "--out", out)
    assert done.returncode == 2
    assert "Not read or not judged (1)" in done.stdout
    assert "lowalt check FILE says all that is wrong" in done.stderr
    found = lines_of(out)
    assert [Path(row["file"]).name for row in found if "error" in row] == ["broken.json"]
    assert len(found) == 5


def test_in_brief_a_day_is_a_line_for_each_plan(folder: Path) -> None:
    done = lowalt(folder, "--brief", "--out", folder.parent / "day.csv")
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == [
        "PERMITTED", "PROHIBITED", "APPROVAL REQUIRED", "INDETERMINATE (PERMITTED – PROHIBITED)",
    ]  # fmt: skip


def test_a_file_of_many_plans_is_a_day_too_and_full_explains_each(tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    plan = json.loads(FEW[0].read_text("utf-8"))
    file.write_text(json.dumps([{**plan, "plan_id": f"p{n}"} for n in range(21)]), "utf-8")
    assert lowalt(file).stdout.startswith("Plans judged: 21 (files: 1)\n")
    file.write_text(json.dumps([{**plan, "plan_id": f"p{n}"} for n in range(2)]), "utf-8")
    assert lowalt(file, "--full").stdout.count("==>") == 2
    assert lowalt(file, "--brief").stdout.splitlines()[1] == "day.json: p1: PERMITTED"


def test_folders_are_searched_for_plans_of_all_formats_but_not_for_results(
    folder: Path,
) -> None:
    deep = folder / "deeper"
    (deep / ".hidden").mkdir(parents=True)
    for place in (deep / "a.json", deep / ".hidden" / "b.json", folder / "old.record.json"):
        shutil.copy(FEW[0], place)
    (folder / "notes.txt").write_text("no plan")
    out = folder / "day.csv"
    for arguments, count in (([], 4), (["-r"], 5)):
        assert lowalt(folder, *arguments, "--out", out).returncode == 1
        assert len(out.read_text("utf-8").splitlines()) == 1 + count


# Keeping and resuming -----------------------------------------------------------------------------


def test_ctrl_c_keeps_what_is_done_and_resume_ends_as_if_nothing_had_been(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, whole = folder.parent / "day.jsonl", folder.parent / "whole.jsonl"
    assert lowalt(folder, "--out", whole).returncode == 1
    with monkeypatch.context() as patch:
        stop_after(patch, 2)
        done = lowalt(folder, "--out", out)
    assert done.returncode == 130
    assert "Plans judged: 2 " in done.stdout
    assert "2 of 4 files are done; the same command with --resume" in done.stderr
    assert not out.exists()
    assert len(lines_of(out.with_name("day.jsonl.part"))) == 2
    with monkeypatch.context() as patch:
        stop_after(patch, 2)  # and so fails if it judged more than the two that are left
        again = lowalt(folder, "--out", out, "--resume")
    assert again.returncode == 1
    assert "Plans judged: 4 " in again.stdout
    assert out.read_bytes() == whole.read_bytes()
    assert not out.with_name("day.jsonl.part").exists()


def test_a_line_torn_off_is_judged_again(folder: Path) -> None:
    out = folder.parent / "day.jsonl"
    lowalt(folder, "--out", out)
    whole = out.read_bytes()
    for cut in (1, 60):
        out.rename(out.with_name("day.jsonl.part")).write_bytes(whole[:-cut])
        assert lowalt(folder, "--out", out, "--resume").returncode == 1
        assert out.read_bytes() == whole


def test_a_file_done_with_in_part_is_judged_again_as_a_whole(folder: Path) -> None:
    file = folder.parent / "two.json"
    plan = json.loads(FEW[0].read_text("utf-8"))
    file.write_text(json.dumps([plan, {**plan, "plan_id": "other"}]), "utf-8")
    out = folder.parent / "day.jsonl"
    lowalt(file, "--out", out)
    whole = out.read_bytes()
    out.rename(out.with_name("day.jsonl.part")).write_bytes(
        b"\n".join(whole.split(b"\n")[:2]) + b"\n"
    )
    lowalt(file, "--out", out, "--resume")
    assert out.read_bytes() == whole


def test_resume_judges_only_what_has_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = folder.parent / "day.jsonl"
    lowalt(folder, "--out", out)
    changed = folder / FEW[1].name
    changed.write_bytes(changed.read_bytes() + b"\n")
    (folder / FEW[0].name).unlink()
    stop_after(monkeypatch, 1)
    assert lowalt(folder, "--out", out, "--resume").returncode == 1
    assert [Path(row["file"]).name for row in lines_of(out)] == [each.name for each in FEW[1:]]


def test_rows_of_other_questions_are_not_mixed(folder: Path) -> None:
    out = folder.parent / "day.jsonl"
    lowalt(folder, "--out", out)
    for option, value, names in (
        ("--submitted-at", "2026-06-01T08:00:00+08:00", "options.submitted_at"),
        ("--terrain", "4", "options.terrain"),
        ("--buffer", "20", "options.buffer_m"),
    ):
        done = lowalt(folder, "--out", out, "--resume", option, value)
        assert done.returncode == 2
        assert f"({names} then and now differ)" in done.stderr


def test_what_a_stopped_run_found_is_not_written_over(folder: Path) -> None:
    out = folder.parent / "day.csv"
    part = out.with_name("day.csv.part")
    part.write_text("precious\n")
    done = lowalt(folder, "--out", out)
    assert done.returncode == 2
    assert "go on with --resume, or delete it" in done.stderr
    assert part.read_text() == "precious\n"
    assert "line 1 is none that lowalt wrote" in lowalt(folder, "--out", out, "--resume").stderr


# Tables -------------------------------------------------------------------------------------------


def test_csv_and_parquet_hold_what_the_lines_hold(folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (folder / "broken.json").write_text("[")
    for ending in ("jsonl", "csv", "parquet"):
        assert lowalt(folder, "--out", folder.parent / f"day.{ending}").returncode == 2
    found = lines_of(folder.parent / "day.jsonl")
    text = (folder.parent / "day.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")  # else spreadsheets take it for another encoding
    cells = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    table = parquet.read_table(folder.parent / "day.parquet")
    assert tuple(table.column_names) == tuple(cells[0]) == COLUMNS
    assert json.loads(table.schema.metadata[b"lowalt"])["airspace_name"] == "shenzhen"
    for row, cell, typed in zip(found, cells, table.to_pylist(), strict=True):
        for key in ("file", "plan_id", "decision", "error"):
            assert (row.get(key) or "") == cell[key] == (typed[key] or "")
        for key in ("breached", "required", "open", "missing"):
            assert row.get(key) == typed[key]
            assert "; ".join(row.get(key, [])) == cell[key]
        first = next(iter(row.get("deadlines", [])), {"due": "", "citation": ""})
        assert first["due"] == cell["first_due"]
        assert first["citation"] == cell["first_due_citation"]
        assert (typed["first_due"] is not None) == bool(first["due"])
    late = next(typed for typed in table.to_pylist() if "late" in str(typed["plan_id"]))
    assert late["first_due"].isoformat() == "2026-06-09T04:00:00+00:00"


def test_no_cell_of_a_table_is_a_formula(folder: Path) -> None:
    plan = json.loads(FEW[0].read_text("utf-8"))
    (folder / "evil.json").write_text(json.dumps({**plan, "plan_id": '=HYPERLINK("x")'}), "utf-8")
    lowalt(folder, "--out", folder.parent / "day.csv")
    text = (folder.parent / "day.csv").read_text("utf-8-sig")
    assert {row["plan_id"][:2] for row in csv.DictReader(io.StringIO(text))} >= {"'="}


# Processes ----------------------------------------------------------------------------------------


def test_processes_answer_in_order_and_say_what_fails_in_them() -> None:
    answers = in_processes(partial(partial, pow), 2, range(5), jobs=2)
    assert list(answers) == [1, 2, 4, 8, 16]


def test_as_many_processes_as_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    counts = [jobs_for(n, given=None, worth_a_process=100) for n in (0, 99, 250, 10_000)]
    assert counts == [1, 1, 2, 8]


def test_files_are_shared_out_whole_and_large_ones_by_plans(tmp_path: Path) -> None:
    small = [tmp_path / f"{n}.json" for n in range(5)]
    for file in small:
        file.write_bytes(b"{}")
    large = tmp_path / "large.csv"
    large.touch()
    os.truncate(large, 2_000_000)
    batches = day_module._batches(parts([*small, large]), 2)
    assert [[part.source.path.name for part in batch] for batch in batches] == [
        ["0.json", "1.json", "2.json"], ["3.json", "4.json"], ["large.csv"], ["large.csv"],
    ]  # fmt: skip
    assert [(part.number, part.of) for part in batches[2] + batches[3]] == [(0, 2), (1, 2)]
    alone: Callable[[], list[list[Part]]] = partial(day_module._batches, parts([*small, large]), 1)
    assert [len(batch) for batch in alone()] == [6]
