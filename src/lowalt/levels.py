"""Vertical references and the levels named by them.

A height is a thing, and AGL, AMSL, HAE are names of it: 120 m above ground is not 120 m above the
ellipsoid. Levels of different reference refuse to compare; converting one into another asks for a
place and a model (:mod:`lowalt.terrain`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum

from lowalt.errors import InvalidInputError, VerticalReferenceError
from lowalt.units import METRES_PER_FOOT

_WRITTEN = re.compile(r"(-?\d+(?:\.\d+)?)\s*(m|ft)?\s*(AGL|AMSL|HAE|ATO)", re.IGNORECASE)


class VerticalReference(StrEnum):
    """What a level is measured from."""

    AGL = "AGL"
    """Above the ground directly below: the law's true height (真高)."""

    AMSL = "AMSL"
    """Above mean sea level: an altitude."""

    HAE = "HAE"
    """Above the WGS 84 ellipsoid, as a GNSS receiver reports."""

    ATO = "ATO"
    """Above the take-off point, as most autopilots report."""


@dataclass(frozen=True, slots=True)
class Level:
    """A height with its reference.

    Parameters
    ----------
    value_m
        Metres, finite.
    reference
        What it is measured from.

    Examples
    --------
    >>> Level(100.0, VerticalReference.AGL) < Level(120.0, VerticalReference.AGL)
    True
    >>> Level(100.0, VerticalReference.AGL) < Level(120.0, VerticalReference.HAE)
    Traceback (most recent call last):
    ...
    lowalt.errors.VerticalReferenceError: cannot compare 100 m AGL with 120 m HAE: convert one ...
    """

    value_m: float
    reference: VerticalReference

    def __post_init__(self) -> None:
        if not math.isfinite(self.value_m):
            raise InvalidInputError(
                f"level {self.value_m} {self.reference}: a level is a finite number of metres"
            )

    @classmethod
    def parse(cls, text: str) -> Level:
        """Read a level as people write it, metres or feet with what they are measured from.

        Raises
        ------
        InvalidInputError
            If it is no such text.

        Examples
        --------
        >>> print(Level.parse("100 m AGL"), Level.parse("500ft amsl"))
        100 m AGL 152.4 m AMSL
        """
        match = _WRITTEN.fullmatch(text.strip())
        if match is None:
            raise InvalidInputError(
                f"given {text!r}, expected a level such as '100 m AGL' or '500 ft AMSL'"
            )
        factor = METRES_PER_FOOT if (match[2] or "m").lower() == "ft" else 1.0
        return cls(float(match[1]) * factor, VerticalReference(match[3].upper()))

    def _same(self, other: Level) -> None:
        if self.reference is not other.reference:
            raise VerticalReferenceError(
                f"cannot compare {self} with {other}: convert one to the other's reference first"
                " (lowalt.terrain)"
            )

    def __lt__(self, other: Level) -> bool:
        self._same(other)
        return self.value_m < other.value_m

    def __le__(self, other: Level) -> bool:
        self._same(other)
        return self.value_m <= other.value_m

    def __str__(self) -> str:
        return f"{self.value_m:g} m {self.reference}"


@dataclass(frozen=True, slots=True)
class VerticalLayer:
    """A band of height; each end may have its own reference, and either may be open.

    Parameters
    ----------
    floor
        Lower limit; ``None`` is the surface.
    ceiling
        Upper limit; ``None`` is unlimited.
    """

    floor: Level | None = None
    ceiling: Level | None = None

    def __post_init__(self) -> None:
        if (
            self.floor is not None
            and self.ceiling is not None
            and self.floor.reference is self.ceiling.reference
            and self.ceiling < self.floor
        ):
            raise InvalidInputError(
                f"layer from {self.floor} to {self.ceiling}: the ceiling lies below the floor"
            )

    def __str__(self) -> str:
        return f"{self.floor or 'SFC'} - {self.ceiling or 'UNL'}"
