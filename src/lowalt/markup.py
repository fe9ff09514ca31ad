"""Small tables of HTML, as notebooks show a value; every text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

Said = str | Mapping[str, str]
"""A text, or one in Chinese and English, which stand below each other."""

MOST_ROWS = 10
"""Rows that a notebook is shown; the rest are counted."""


def said(text: Said) -> str:
    """Write a text as HTML.

    Examples
    --------
    >>> said("<b>")
    '&lt;b&gt;'
    >>> said({"zh": "禁止", "en": "prohibited"})
    '<span lang="zh">禁止</span><br><span lang="en">prohibited</span>'
    """
    if isinstance(text, str):
        return escape(text)
    return "<br>".join(
        f'<span lang="{lang}">{escape(text[lang])}</span>' for lang in ("zh", "en") if text[lang]
    )


def html_table(
    title: Said,
    heads: Sequence[Said],
    rows: Iterable[Sequence[Said]],
    *,
    more: int = 0,
) -> str:
    """Write a table with a title; how many rows were left out is said below it.

    Parameters
    ----------
    title
        What it is about.
    heads
        A head for each column; none leaves them out.
    rows
        As many cells a row.
    more
        Rows that there are besides.

    Examples
    --------
    >>> written = html_table("a < b", ["head"], [["cell"]])
    >>> "a &lt; b" in written, written.count("<tr>")
    (True, 2)
    """
    style = "text-align:left;vertical-align:top"
    head = "".join(f'<th style="{style}">{said(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f'<td style="{style}">{said(cell)}</td>' for cell in row) + "</tr>"
        for row in rows
    )
    rest = said({"zh": f"另有 {more} 行", "en": f"and {more} more"}) if more else ""
    return (
        f'<table><caption style="text-align:left">{said(title)}</caption>'
        + (f"<thead><tr>{head}</tr></thead>" if head else "")
        + f"<tbody>{body}</tbody></table>"
        + (f"<p>{rest}</p>" if rest else "")
    )
