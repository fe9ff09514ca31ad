"""The pages of the site are all led to, and what they name or take from elsewhere is there."""

from __future__ import annotations

import importlib
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

import lowalt as la

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SITE = runpy.run_path(str(DOCS / "from_the_checkout.py"))


def led_to(nav: Any) -> Iterator[str]:
    for part in nav.values() if isinstance(nav, dict) else nav:
        if isinstance(part, str):
            yield part
        else:
            yield from led_to(part)


def named() -> list[str]:
    pages = (DOCS / "reference").glob("*.md")
    return [name for page in pages for name in re.findall(r"^::: (\S+)$", page.read_text(), re.M)]


def test_every_page_is_led_to_once_and_is_there() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert sorted(led_to(nav)) == sorted(pages)


def test_the_reference_names_what_is_there_and_documented() -> None:
    names = named()
    assert len(names) == len(set(names)) > 60
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert getattr(importlib.import_module(module), attribute).__doc__, name


def test_the_reference_holds_most_of_the_door() -> None:
    at_hand = {name.rpartition(".")[2] for name in named()}
    assert len(set(la.__all__) - at_hand) < len(la.__all__) / 3


def test_pages_take_sections_of_the_readme_and_lose_links_that_lead_out() -> None:
    page = "<!-- README: Measured -->\n[a](../src/a.py#L1) and [b](tutorial.md)"
    filled = SITE["on_page_markdown"](page)
    assert "benchmarks/bench_assess.py" in filled
    assert "## " not in filled
    assert filled.endswith("a and [b](tutorial.md)")
    with pytest.raises(ValueError, match="no section 'Nowhere'"):
        SITE["on_page_markdown"]("<!-- README: Nowhere -->")


@pytest.mark.parametrize(
    "element",
    [
        '<script src="https://cdn.example/a.js"></script>',
        "<img src=//cdn.example/a.png>",
        '<link rel="stylesheet" href="https://fonts.example/css">',
    ],
)
def test_a_page_that_would_fetch_something_is_refused(element: str) -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri="index.md"))
    local = '<script src="assets/a.js"></script><a href="https://example.org">a link</a>'
    assert SITE["on_post_page"](local, page=page) == local
    with pytest.raises(ValueError, match=r"index\.md would fetch"):
        SITE["on_post_page"](local + element, page=page)


def test_the_sources_of_a_dataset_count_every_feature() -> None:
    rows = SITE["sources_of"]("shenzhen").splitlines()[2:]
    counted = sum(int(row.split("|")[-2]) for row in rows)
    assert counted == len(la.load_airspace("shenzhen").features)
    assert any("Hong Kong AIP of 2025-02-20, ENR 5.1" in row for row in rows)
