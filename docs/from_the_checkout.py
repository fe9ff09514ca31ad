"""What the site takes from the checkout around docs/, so that nothing is written twice.

A line ``<!-- README: Heading -->`` becomes that section of the README, and
``<!-- sources: NAME -->`` the publications that a dataset rests on. Links that lead out of docs/
become plain text: the site is read where there is no checkout.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from lowalt.airspace import load_airspace

ROOT = Path(__file__).parent.parent
_SECTION = re.compile(r"^<!-- README: (.+?) -->$", re.MULTILINE)
_SOURCES = re.compile(r"^<!-- sources: (.+?) -->$", re.MULTILINE)
_FETCHED = re.compile(r"""(?:src|<link[^>]*href)=["']?(?:https?:)?//[^"'\s>]*""")
_OUTSIDE = re.compile(r"\[([^\]]+)\]\(\.\./[^)]*\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill in what a page takes from elsewhere; mkdocs calls this for every page."""
    markdown = _SECTION.sub(lambda found: section_of_readme(found[1]), markdown)
    markdown = _SOURCES.sub(lambda found: sources_of(found[1]), markdown)
    return _OUTSIDE.sub(r"\1", markdown)


def on_post_page(output: str, *, page: Any, **_: Any) -> str:
    """Refuse a page that would fetch something from elsewhere; mkdocs calls this for every page."""
    if found := _FETCHED.search(output):
        raise ValueError(f"{page.file.src_uri} would fetch {found[0]}: the site needs no network")
    return output


def section_of_readme(heading: str) -> str:
    """Take a section of the README, without its heading."""
    text = (ROOT / "README.md").read_text("utf-8")
    _, found, rest = text.partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f"README.md has no section {heading!r}, which a page of docs/ takes")
    return rest.partition("\n## ")[0].replace("](docs/", "](").strip()


def sources_of(name: str) -> str:
    """List the publications that a dataset rests on, with the features that each is cited for."""
    found = Counter(
        (feature.citation.replace("|", "/"), feature.status.value, feature.as_of.isoformat())
        for feature in load_airspace(name).features
    )
    rows = [
        f"| {citation} | {status} | {day} | {n} |"
        for (citation, status, day), n in sorted(found.items())
    ]
    return "\n".join(["| publication | status | as of | features |", "|---|---|---|---|", *rows])
