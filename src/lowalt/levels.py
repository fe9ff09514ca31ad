"""Vertical references and the levels named by them.

A height is a thing, and AGL, AMSL, HAE are names of it: 120 m above ground is not 120 m above the
ellipsoid. Levels of different reference refuse to compare; converting one into another asks for a
place and a model (:mod:`lowalt.terrain`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from lowalt.errors import InvalidInputError, VerticalReferenceError


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
