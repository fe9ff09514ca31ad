"""The errors of lowalt: one tree, each also the fitting builtin.

A message says what was given, what was expected, where, and what to do. A breach of law is a
finding of the verdict, never an exception.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final


class LowaltError(Exception):
    """Anything lowalt refuses to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input.

    Attributes
    ----------
    where
        Path of the field, such as ``waypoints[2].level.reference``.
    given
        What stood there, shortened for reading.
    expected
        What would have been accepted, and what to do.
    """

    where: str
    given: str
    expected: str

    def __str__(self) -> str:
        return f"{self.where}: given {self.given}; {self.expected}"


_MOST_LISTED = 50
"""More than a person reads at once."""


class InvalidInputError(LowaltError, ValueError):
    """An input that cannot be read; carries every problem found, not only the first."""

    def __init__(self, message: str, *, problems: Iterable[Problem] = ()) -> None:
        self.problems = tuple(problems)
        lines = [message, *map(str, self.problems[:_MOST_LISTED])]
        if len(self.problems) > _MOST_LISTED:
            lines.append(f"and {len(self.problems) - _MOST_LISTED} more, of the same error")
        super().__init__("\n  ".join(lines))


class VerticalReferenceError(InvalidInputError):
    """Two levels of different vertical reference were compared or subtracted."""


class NaiveDatetimeError(InvalidInputError):
    """A time without a time zone was given."""


class GeometryError(InvalidInputError):
    """A shape that is not valid."""


class OutsideDatasetError(LowaltError):
    """A place or time that the airspace dataset says nothing about."""


class UnknownNameError(LowaltError, LookupError):
    """A name that is not in the collection asked; the message lists those that are."""


class CalendarYearError(LowaltError, LookupError):
    """A year whose holiday notice is not known, so that its working days cannot be counted."""


class MissingExtraError(LowaltError, ImportError):
    """A library that is not installed with lowalt itself; the message names the extra it is in."""


class RegulationError(LowaltError):
    """The rulebook itself is at fault."""


class RegulationFileError(RegulationError, ValueError):
    """A regulation file that breaks the rules of its form.

    Parameters
    ----------
    file
        The file's name.
    where
        Key path inside it, with the line where known.
    problem
        What is wrong and what would be right.
    """

    def __init__(self, file: str, where: str, problem: str) -> None:
        self.file, self.where = file, where
        super().__init__(f"{file}: {where}: {problem}")


class NotInForceError(RegulationError, LookupError):
    """A number of law was asked for on a day on which it has no value."""


class CircularWaiverError(RegulationError, ValueError):
    """Rules that waive each other in a circle, so that none could be settled first."""


class RuleTableError(RegulationError, ValueError):
    """A rule table that the inference engine cannot hold."""


class RuleEvaluationError(LowaltError, RuntimeError):
    """The inference engine failed; no verdict is given."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which a verdict differs from the one recorded.

    Attributes
    ----------
    path
        Where, such as ``record.airspace`` or ``findings[cn/ccar_92_2024#art_92_617].status``.
    recorded, replayed
        What stood there and what stands there now, as JSON values; ``None`` where nothing does.
    """

    path: str
    recorded: Any
    replayed: Any

    def __str__(self) -> str:
        return f"{self.path}: recorded {_at_length(self.recorded)}, now {_at_length(self.replayed)}"


def _at_length(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


class ReplayDiffersError(LowaltError):
    """A recorded verdict that does not come out the same; carries what does.

    Attributes
    ----------
    differences
        Every one, those in what the verdict rests on first.
    verdict
        The verdict of now.
    """

    def __init__(self, message: str, *, differences: Iterable[Difference], verdict: Any) -> None:
        self.differences, self.verdict = tuple(differences), verdict
        super().__init__("\n  ".join([message, *map(str, self.differences)]))


def shown(value: object) -> str:
    """Show a value in a message, shortened, however large and deep it is."""
    return "nothing" if value is None else _SHORT.repr(value)[:60]


_SHORT: Final = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxlong = _SHORT.maxother = 60


@contextmanager
def naming(where: str) -> Iterator[None]:
    """Put the name of a feature before the message of a refusal that does not know it."""
    try:
        yield
    except InvalidInputError as error:
        if str(error).startswith(where):
            raise
        raise type(error)(f"{where}: {error}") from None
