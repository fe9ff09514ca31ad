"""What the plans of a file are called, and how many of them there may be."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.exchange import Draft, kept

MOST_PLANS: Final = 50_000
"""Most plans of a file: an empty one takes six bytes, and what there is to say of it a thousand."""


def gather(
    drafts: Iterable[Draft | InvalidInputError], *, name: str
) -> list[Draft | InvalidInputError]:
    """Gather the plans of a file, unless there are too many.

    Parameters
    ----------
    drafts
        Drafts, and why others could not be read, which is made one to be kept.
    name
        The file, for messages.

    Raises
    ------
    InvalidInputError
        If there are more than :data:`MOST_PLANS`.
    """
    gathered: list[Draft | InvalidInputError] = []
    for draft in drafts:
        if len(gathered) == MOST_PLANS:
            raise InvalidInputError(f"{name}: more than {MOST_PLANS:,} plans; split the file")
        if isinstance(draft, InvalidInputError):
            kept(draft)
        gathered.append(draft)
    return gathered


class PlanIdentifiers:
    """Gives each plan of a file an identifier of its own, the same at each reading.

    Parameters
    ----------
    name
        Name of the file, which plans without a name are called by.

    Examples
    --------
    >>> identifiers = PlanIdentifiers("survey.kml")
    >>> [identifiers.take(stated) for stated in ("north", "", "north", " ")]
    ['north', 'survey', 'north#2', 'survey#2']
    """

    def __init__(self, name: str) -> None:
        self._stem = PurePath(name).stem.strip() or "plan"
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def take(self, stated: str = "") -> str:
        """Return what a plan states, or the name of its file, told apart from those before it."""
        stem = " ".join(stated.split())[:200] or self._stem
        made = stem
        while made in self._taken:
            self._counts[stem] = self._counts.get(stem, 1) + 1
            made = f"{stem}#{self._counts[stem]}"
        self._taken.add(made)
        return made
