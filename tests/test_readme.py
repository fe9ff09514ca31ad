"""The README's commands and code do what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").glob("*.md"))]
BIN = Path(sys.executable).parent


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "page", [p for p in PAGES if blocks(p, "python")], ids=lambda page: page.name
)
def test_the_code_of_a_page_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), namespace)


def test_the_readme_prints_a_decision_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec(compile(blocks(README, "python")[0], README.name, "exec"), {})
    assert "不得飞行" in capsys.readouterr().out


def test_commands_print_what_is_shown() -> None:
    shown = [line for block in blocks(README, "console") for line in block.splitlines()]
    assert any(line.startswith("$ ") for line in shown)
    printed: list[str] = []
    for line in shown:
        if line.startswith("$ "):
            printed.append(line)
            # Its exit code speaks of the plans; what is compared here is what it prints.
            done = subprocess.run(
                line[2:],
                shell=True,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
                env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
            )
            printed.extend(done.stdout.splitlines())
    assert printed == shown


def test_make_knows_both_commands() -> None:
    assert {"make demo", "make test"} <= set(re.findall(r"make \w+", README.read_text("utf-8")))
    for target in ("demo", "test"):
        planned = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert planned.returncode == 0, planned.stderr
    # What CI runs is the very command that a person is told.
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("make test")


def test_links_lead_somewhere() -> None:
    for document in PAGES:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
