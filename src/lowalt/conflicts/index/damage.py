"""What is said of a file that cannot be right, wherever that is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lowalt.errors import InvalidInputError, LowaltError


@contextmanager
def damage_is_told() -> Iterator[None]:
    """Tell what happens where arrays of a file are not those that were written.

    Raises
    ------
    InvalidInputError
        Instead of the index, letter or number that there is not.
    """
    try:
        yield
    except LowaltError:
        raise
    except (IndexError, ValueError, OverflowError) as error:
        raise InvalidInputError(
            "the file of this index is damaged: find out where with"
            " ConflictIndex.load(path, verify=True), and make it anew from the flights"
        ) from error
