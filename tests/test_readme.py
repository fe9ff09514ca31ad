"""The README's commands and code do what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    namespace: dict[str, object] = {}
    code = blocks("python")
    assert len(code) >= 2
    for block in code:
        exec(compile(block, "README.md", "exec"), namespace)
    assert "不得飞行" in capsys.readouterr().out


def test_commands_print_what_is_shown() -> None:
    shown = [line for block in blocks("console") for line in block.splitlines()]
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
    assert "make demo" in README
    assert "make test" in README
    for target in ("demo", "test"):
        planned = subprocess.run(
            ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert planned.returncode == 0, planned.stderr
    # What CI runs is the very command that a person is told.
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("make test")


def test_links_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for document in documents:
        for link in re.findall(r"\]\(([^)#:]+)\)", document.read_text("utf-8")):
            assert (document.parent / link).exists(), f"{document.name}: {link}"
