"""Three-valued truth: true, false, or not known.

A fact that nobody stated is neither true nor false. Reading it as false would let a missing answer
permit a flight, so conditions answer in Kleene's strong three-valued logic: an operation is
unknown exactly where the missing answer could still change its result.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Truth(Enum):
    """A truth value of Kleene's strong logic.

    ``&``, ``|`` and ``~`` are its conjunction, disjunction and negation. A truth value is not a
    ``bool``: ``if truth`` raises, because it would have to guess for ``UNKNOWN``.

    References
    ----------
    S. C. Kleene, *Introduction to Metamathematics*, 1952, section 64.

    Examples
    --------
    >>> Truth.UNKNOWN & Truth.FALSE, Truth.UNKNOWN | Truth.FALSE, ~Truth.UNKNOWN
    (<Truth.FALSE: 'false'>, <Truth.UNKNOWN: 'unknown'>, <Truth.UNKNOWN: 'unknown'>)
    """

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"

    @classmethod
    def of(cls, value: bool | None) -> Truth:
        """Return the truth value of an answer, ``None`` being no answer.

        Examples
        --------
        >>> Truth.of(True), Truth.of(None)
        (<Truth.TRUE: 'true'>, <Truth.UNKNOWN: 'unknown'>)
        """
        if value is None:
            return cls.UNKNOWN
        return cls.TRUE if value else cls.FALSE

    @classmethod
    def all_of(cls, values: Iterable[Truth]) -> Truth:
        """Return the conjunction of any number of values; of none, ``TRUE``.

        Reading stops at the first ``FALSE``.

        Examples
        --------
        >>> Truth.all_of([Truth.TRUE, Truth.UNKNOWN])
        <Truth.UNKNOWN: 'unknown'>
        """
        result = cls.TRUE
        for value in values:
            if value is cls.FALSE:
                return value
            result &= value
        return result

    @classmethod
    def any_of(cls, values: Iterable[Truth]) -> Truth:
        """Return the disjunction of any number of values; of none, ``FALSE``.

        Reading stops at the first ``TRUE``.

        Examples
        --------
        >>> Truth.any_of([Truth.UNKNOWN, Truth.TRUE])
        <Truth.TRUE: 'true'>
        """
        result = cls.FALSE
        for value in values:
            if value is cls.TRUE:
                return value
            result |= value
        return result

    @property
    def is_certain(self) -> bool:
        """Whether it is true whatever the unknowns turn out to be."""
        return self is Truth.TRUE

    @property
    def is_possible(self) -> bool:
        """Whether it is true, or may turn out to be."""
        return self is not Truth.FALSE

    def __and__(self, other: Truth) -> Truth:
        return other if self is Truth.TRUE or other is Truth.FALSE else self

    def __or__(self, other: Truth) -> Truth:
        return other if self is Truth.FALSE or other is Truth.TRUE else self

    def __invert__(self) -> Truth:
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self} has no yes or no: ask .is_certain (true for sure) or .is_possible (true, or"
            " not known)"
        )
