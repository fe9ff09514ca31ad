"""Finding a provision by what people call it: its citation, or its name as findings print it.

A provision answers to its citation, and to its key or label alone or behind a name of its
instrument: ``art_26__para_1``, ``Decree 761 art. 26(1)``, ``第二十六条第一款``. The name of a whole
article stands for its parts. What fits several instruments, or ends a key without being one, is
refused and never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from lowalt.errors import UnknownNameError
from lowalt.regulations.contents import Entry

_MOST_NAMED = 20
"""How many candidates of an ambiguous name are listed."""

_MOST_MEANT = 3
"""How many names are offered for one that there is not."""

_LANGS = ("en", "zh")
_BEGINS_A_PART = ("__", "(", ",", "第")
_SEEN_AS_NOTHING = re.compile(r"[\s《》]+|(?<=art)\.")


def look_up(entries: Iterable[Entry], text: str, *, on: date) -> tuple[Entry, ...]:
    """Find the provision that a text names, or the parts of the article that it names.

    Parameters
    ----------
    entries
        What the rulebook contains.
    text
        A name, in Chinese or English; spaces, brackets of either width and case do not matter.
    on
        Day that settles which of several instruments is meant, where only one is in force.

    Returns
    -------
    tuple of Entry
        Of one instrument, in its order; several only where the text names what holds them.

    Raises
    ------
    UnknownNameError
        If it names nothing, or what several instruments have; the message lists candidates.

    Examples
    --------
    >>> from lowalt.regulations.contents import contents
    >>> from lowalt.regulations.rulebook import load_rulebook
    >>> day = date(2026, 6, 1)
    >>> held = contents(load_rulebook(on=day))
    >>> [entry.citation for entry in look_up(held, "Decree 761 art. 26(1)", on=day)]
    ['cn/order_761_2023#art_26__para_1']
    >>> len(look_up(held, "无人机条例第二十六条", on=day))
    3
    """
    held = tuple(entries)
    given = _plain(text)
    found = [entry for entry in held if _rests(entry, given)]
    if len(_instruments(found)) > 1:
        found = [entry for entry in found if on in entry.provision.in_force] or found
    if len(_instruments(found)) > 1:
        raise UnknownNameError(_several(text, found, "fits provisions of several instruments"))
    if found:
        return tuple(entry for entry in found if "" in _rests(entry, given)) or tuple(found)
    if ended := [entry for entry in held if _ends_a_part(entry.provision.key, text)]:
        raise UnknownNameError(_several(text, ended, "is only the end of a key"))
    names = [name for entry in held for name in (entry.citation, entry.provision.key)]
    names += [f"{e.instrument.short_title[x]} {e.provision.label[x]}" for e in held for x in _LANGS]
    raise UnknownNameError(f"the rulebook has no provision {text!r}.{near(text, names)}")


def near(text: str, names: list[str]) -> str:
    """Ask whether a name like the one given was meant, or one that it is part of.

    Examples
    --------
    >>> near("CN-APP-1", ["CN-APP-01", "HK-OPS-01"])
    ' Did you mean CN-APP-01?'
    """
    close = get_close_matches(text, names) or [name for name in names if text in name]
    meant = list(dict.fromkeys(close))[:_MOST_MEANT]
    return f" Did you mean {' or '.join(meant)}?" if meant else ""


@lru_cache(maxsize=8192)  # the names of a whole rulebook, which every look-up goes through
def _plain(text: str) -> str:
    return _SEEN_AS_NOTHING.sub("", unicodedata.normalize("NFKC", text).casefold())


def _rests(entry: Entry, given: str) -> set[str]:
    """Collect what names go on with after the given one: nothing for its own, or a part of it."""
    rests = set()
    for behind, name in _names(entry):
        own = given.removeprefix(behind)
        if own and given.startswith(behind) and name.startswith(own):
            rest = name.removeprefix(own)
            if not rest or rest.startswith(_BEGINS_A_PART):
                rests.add(rest)
    return rests


def _names(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield names of a provision, each with what of its instrument may stand before it."""
    instrument, provision = entry.instrument, entry.provision
    file = instrument.identifier.partition("/")[2]
    for behind in ("", f"{instrument.identifier}#", f"{file}#"):
        yield behind, _plain(provision.key)
    for title in ("", *instrument.short_title.values(), *instrument.title.values()):
        for label in provision.label.values():
            yield _plain(title), _plain(label)


def _instruments(entries: Iterable[Entry]) -> set[str]:
    return {entry.instrument.identifier for entry in entries}


def _ends_a_part(key: str, text: str) -> bool:
    return any(part == text or part.endswith(f"_{text}") for part in key.split("__"))


def _several(text: str, entries: list[Entry], said: str) -> str:
    lines = [
        f"{entry.citation}  {entry.instrument.short_title['en']} {entry.provision.label['en']}"
        for entry in entries[:_MOST_NAMED]
    ]
    if len(entries) > _MOST_NAMED:
        lines.append(f"... and {len(entries) - _MOST_NAMED} more")
    return "\n  ".join([f"{text!r} {said}. Say more of the one you mean:", *lines])
