"""The law-coverage page: it is what is generated, and it leaves nothing out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from lowalt.regulations.catalogue import catalogue
from lowalt.regulations.model import Provision
from lowalt.regulations.rulebook import load_rulebook
from lowalt.report.law_coverage import coverage_page

DOCS = Path(__file__).parent.parent / "docs"
PAGE = DOCS / "law-coverage.md"
REGENERATE = "the law has changed: run `make docs-law` and commit docs/law-coverage.md"
LINK = re.compile(r"\[(\w+)\]\(([^)#]+)#L(\d+)\)")


@cache
def page() -> str:
    return coverage_page()


def provisions() -> list[Provision]:
    book = load_rulebook(on=date(2026, 11, 23), engine="reference")
    return [p for i in book.instruments for p in i.provisions.values()]


def section(title: str) -> list[str]:
    """Find the table lines of the section that holds a text in its first lines."""
    for part in page().split("\n## "):
        if title in part.partition("\n|")[0]:
            return [line for line in part.splitlines() if line.startswith("|")]
    raise AssertionError(f"no section {title}")


def test_the_page_is_the_one_that_is_generated() -> None:
    # Compared as a whole, without a difference of ten thousand lines.
    assert PAGE.read_text("utf-8") == page() or pytest.fail(REGENERATE)


def test_the_page_is_the_same_from_another_process(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    subprocess.run(
        [sys.executable, "-m", "lowalt.report.law_coverage", str(file)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "20261124"},
    )
    assert file.read_text("utf-8") == page()


def test_every_provision_has_one_line_in_the_section_of_its_instrument() -> None:
    for provision in provisions():
        identifier, _, key = provision.citation.partition("#")
        lines = [line for line in section(f"`{identifier}`") if line.startswith(f"| `{key}` ")]
        assert len(lines) == 1, provision.citation
        for said in (
            *provision.summary.values(),
            *provision.unread.values(),
            *provision.catalogue,
        ):
            assert said in lines[0]
        assert f"| {provision.in_force.start.isoformat()} |" in lines[0]


def test_every_note_is_listed_as_a_documented_choice() -> None:
    for provision in provisions():
        for note in provision.note.values():
            assert note in page()


def test_every_row_of_the_catalogue_names_the_provisions_that_answer_it() -> None:
    lines = {line.split(" | ")[0].lstrip("| "): line for line in section("The catalogue of rules")}
    for name in catalogue():
        answers = [p.citation for p in provisions() if name in p.catalogue]
        assert re.findall(r"`(\S+?)`", lines[name]) == answers


def test_every_cell_stands_under_its_head() -> None:
    width = 0
    for line in page().splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.split(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line


def test_every_reading_is_linked_to_the_line_it_stands_on() -> None:
    links = LINK.findall(page())
    assert len(links) > 100
    for name, target, line in set(links):
        lines = (DOCS / target).read_text("utf-8").splitlines()
        at = int(line) - 1
        assert lines[at].startswith(("@reading(", "@definition(")), (target, line)
        written = next(text for text in lines[at:] if text.startswith("def "))
        assert written.startswith(f"def {name}("), (target, line)


def test_an_end_is_the_last_day_in_force() -> None:
    games = section("`sz/games_notice_2025`")
    assert any("| 2025-11-02 | 2025-12-15 |" in line for line in games)
