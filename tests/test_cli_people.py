"""The command line as people expect it: help, completion, colours, pipes, what to do next."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lowalt.cli import app
from lowalt.cli.check.full import FullWorker
from lowalt.cli.check.progress import progress

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "examples" / "plans" / "01_light_uav_suitable_airspace.json"
LATE = ROOT / "examples" / "plans" / "04_delivery_near_airport_filed_late.json"
SURVEY = ROOT / "tests" / "data" / "plans" / "qgroundcontrol" / "survey.plan"
COMMANDS = ("check", "conflicts", "zones", "rules", "convert", "replay", "completion", "report")
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-7]m")


def lowalt(
    *args: str | Path, stdin: str | bytes | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the command in this process."""
    done = CliRunner().invoke(app, [*map(str, args)], input=stdin, env=env)
    return subprocess.CompletedProcess(args, done.exit_code, done.stdout, done.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_examples_each_on_its_line(command: str) -> None:
    said = lowalt(command, "--help").stdout
    examples = said.partition("Examples:\n")[2].split("\n")
    shown = [line.strip() for line in examples if line.strip()]
    assert shown
    # One that was wrapped would go on in a line of its own, without the name.
    assert all("lowalt" in line for line in shown), shown


def test_examples_of_check_name_options_that_there_are() -> None:
    said = lowalt("check", "--help").stdout
    options, _, examples = said.partition("Examples:")
    named = set(re.findall(r"(?<=\s)--?[a-z][a-z-]*", examples))
    assert {"--out", "--resume", "-r"} <= named
    assert all(re.search(rf"(?m)^\s+(-\w, )?{name}\b|^\s+{name},", options) for name in named)


@pytest.mark.parametrize(
    ("shell", "sign"),
    [
        ("bash", "complete -o default -F"),
        ("zsh", "#compdef lowalt"),
        ("fish", "complete --command lowalt"),
        ("powershell", "Register-ArgumentCompleter"),
    ],
)
def test_a_shell_is_given_its_script(shell: str, sign: str) -> None:
    done = lowalt("completion", shell)
    assert done.returncode == 0
    assert sign in done.stdout
    assert f"_LOWALT_COMPLETE=complete_{shell}" in done.stdout.replace("Env:", "").replace(
        ' = "complete', "=complete"
    )
    assert "_LOWALT_COMPLETE" not in os.environ
    assert lowalt("completion", SHELL=f"/usr/bin/{shell}").stdout == done.stdout


def test_where_the_shell_is_not_known_it_says_what_to_name() -> None:
    done = lowalt("completion", SHELL="/bin/tcsh")
    assert done.returncode == 2
    assert "lowalt completion bash | zsh | fish | powershell" in done.stderr
    assert lowalt("completion", "tcsh").returncode == 2


def test_what_the_script_asks_is_answered() -> None:
    words = {"_LOWALT_COMPLETE": "complete_bash", "COMP_CWORD": "1", "COMP_WORDS": "lowalt c"}
    done = CliRunner().invoke(app, [], prog_name="lowalt", env=words)
    assert done.stdout.split() == ["check", "conflicts", "convert", "completion"]


def test_colours_are_for_terminals_that_want_them() -> None:
    terminal = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}
    arguments = ("check", "--brief", LATE)
    assert COLOUR.search(lowalt(*arguments, **terminal).stdout)
    assert not COLOUR.search(lowalt(*arguments, **terminal, NO_COLOR="1").stdout)
    assert "\x1b" not in lowalt(*arguments).stdout  # a pipe
    assert "\x1b" not in lowalt(*arguments, "--summary").stderr


def test_no_bar_is_drawn_where_nobody_looks(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("plans", total=2) as advance:
        advance(2)
    assert capfd.readouterr() == ("", "")


def test_a_plan_comes_by_standard_input(tmp_path: Path) -> None:
    done = lowalt("check", "-", "--brief", stdin=PLAN.read_bytes())
    assert (done.returncode, done.stdout) == (0, "standard input: PERMITTED\n")
    out = tmp_path / "day.jsonl"
    assert lowalt("check", "-", PLAN, "--out", out, stdin=PLAN.read_bytes()).returncode == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()[1:]]
    assert [row["file"] for row in rows] == ["standard input", str(PLAN)]
    assert rows[0]["sha256"] == rows[1]["sha256"]
    bad = lowalt("check", "-", stdin=b"\x00\x01")
    assert bad.returncode == 2
    assert bad.stderr.startswith("lowalt: standard input: ")


OPERATOR = """
[route]
buffer_m = 20.0
return_height_ato_m = 60.0
[performance]
climb_m_s = 3.0
descent_m_s = 2.0
"""


def test_what_a_file_leaves_open_is_asked_at_once_and_told_by_options(tmp_path: Path) -> None:
    survey = Path(shutil.copy(SURVEY, tmp_path))
    asked = lowalt("check", "--brief", survey)
    assert asked.returncode == 2
    assert all(
        word in asked.stderr for word in ("--departure TIME", "--buffer M", "--operator FILE")
    )
    operator = tmp_path / "mine.toml"
    operator.write_text(OPERATOR, "utf-8")
    when = ("--departure", "2026-06-09T10:00:00+08:00")
    told = lowalt("check", "--brief", survey, *when, "--operator", operator)
    assert told.stdout.startswith("survey.plan: "), told.stderr
    operator.rename(tmp_path / "operator.toml")
    assert lowalt("check", "--brief", tmp_path, *when).stdout == told.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("no-such-plan.json",), "no-such-plan.json: No such file or directory"),
        ((PLAN, "--resume"), "give --out FILE too"),
        ((PLAN, "--out", "day.xlsx"), "expected a file in .jsonl, .csv, .parquet"),
        ((PLAN, "--out", "nowhere/day.csv"), "no such folder; make it first"),
        ((PLAN, "--full", "--summary"), "run it once for the one and once for the other"),
        ((PLAN, "--height", "high"), "--height"),
        ((PLAN, "--operator", "nobody.toml"), "--operator"),
        ((PLAN, "--terrain", "nan"), "--terrain: given 'nan', expected a number of metres"),
        ((PLAN, "--now", "2026-06-09T10:00:00+08:00"), "give --timeline too"),
    ],
)
def test_a_refusal_says_what_to_do(
    arguments: tuple[str | Path, ...], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = lowalt("check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_ctrl_c_ends_with_the_code_that_shells_give(monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(FullWorker, "__call__", pressed)
    done = lowalt("check", PLAN)
    assert done.returncode == 130
    assert "stopped" in done.stderr
