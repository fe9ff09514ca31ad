"""Lines of a width, in which Chinese breaks between any two characters but before no stop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

_NEVER_FIRST = "，。、；：）】”"
"""Punctuation that does not begin a line of Chinese."""

_LATIN_LAST = re.compile(r"(?<=[^\s!-~])[（《“]*[!-~]+$")
"""A word of Latin letters that ends a line of Chinese, with what opens before it."""


def wrap(text: str, *, width: int, first: str = "", rest: str | None = None) -> Iterator[str]:
    """Wrap a text to a width.

    Parameters
    ----------
    text
        The text.
    width
        Columns; Chinese characters take two.
    first, rest
        What the first line and the others begin with; the same if only one is given.

    Examples
    --------
    >>> list(wrap("one two three", width=12, first="- ", rest="  "))
    ['- one two', '  three']
    """
    rest = first if rest is None else rest
    room = width - max(cell_len(first), cell_len(rest))
    # Room for one Chinese character more, which mending the breaks may add to a line.
    lines = [line.rstrip() for line in _broken(text, room - 2)]
    for i, line in enumerate(_mend_breaks(lines)):
        yield (rest if i else first) + line


@cache
def _console() -> Console:
    return Console(no_color=True)


def _broken(text: str, room: int) -> list[str]:
    """Break a text; a word of Latin letters that would be cut amid Chinese goes down whole."""
    lines = [line.plain for line in Text(text).wrap(_console(), room)]
    for i, (line, after) in enumerate(pairwise(lines)):
        word = _LATIN_LAST.search(line)
        if word and "!" <= after[:1] <= "~" and (begin := text.find(line + after[0])) >= 0:
            rest = text[begin + word.start() :]
            return [*lines[:i], line[: word.start()], *_broken(rest, room)]
    return lines


def padded(text: str, width: int) -> str:
    """Fill a text up with spaces to a width."""
    return text + " " * max(width - cell_len(text), 0)


def _mend_breaks(lines: list[str]) -> list[str]:
    """Let no line begin with a stop: take a single one back, else bring a character down to it."""
    mended = list(lines)
    for i in range(len(mended) - 1):
        line, after = mended[i], mended[i + 1]
        stops = len(after) - len(after.lstrip(_NEVER_FIRST))
        if stops == 1:
            mended[i], mended[i + 1] = line + after[0], after[1:]
        elif stops and len(line) > 1:
            mended[i], mended[i + 1] = line[:-1], line[-1] + after
    return [line for line in mended if line]
