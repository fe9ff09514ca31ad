"""Sums, differences and products of float64 numbers without any rounding, many at once.

What rounding takes from the sum or the product of two float64 numbers is a float64 number itself,
and a few operations tell it. A value is therefore kept as an *expansion*: float64 parts that add up
to it, each smaller than the lowest bit of the next. Its sign is that of its last part.

The algorithms and their proofs are those of J. R. Shewchuk, "Adaptive precision floating-point
arithmetic and fast robust geometric predicates", Discrete & Computational Geometry 18 (1997):
theorem 7 (the sum of two numbers), 10 (a number added to an expansion), 17 and 18 (a number split,
and the product of two). They hold for any numbers, as long as nothing overflows or falls below the
smallest number there is: who asks sees to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowalt.conflicts.arrays import FloatArray

_SPLITTER: Final = 2.0**27 + 1.0
"""Cuts 53 bits into two halves, whose products carry no rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """Numbers, each an exact sum of parts.

    Attributes
    ----------
    parts
        ``(K, ...)``: the parts of each number, those that are zero first, then by size.

    Examples
    --------
    A tenth is no float64; ten of what is taken for one are more than 1, and rounding hides it.

    >>> tenth, one = Expansion.of([0.1]), Expansion.of([1.0])
    >>> 10.0 * 0.1 - 1.0, (Expansion.of([10.0]) * tenth - one).sign().tolist()
    (0.0, [1])
    """

    parts: FloatArray

    @classmethod
    def of(cls, values: ArrayLike) -> Expansion:
        """Take float64 numbers as they are."""
        return cls(np.asarray(values, dtype=np.float64)[np.newaxis])

    def __getitem__(self, index: Any) -> Expansion:
        """Give some of the numbers."""
        chosen = index if isinstance(index, tuple) else (index,)
        return Expansion(self.parts[(slice(None), *chosen)])

    def __neg__(self) -> Expansion:
        return Expansion(-self.parts)

    def __add__(self, other: Expansion) -> Expansion:
        return _total([*self.parts], [*other.parts])

    def __sub__(self, other: Expansion) -> Expansion:
        return self + -other

    def __mul__(self, other: Expansion) -> Expansion:
        first, *more = (_product(a, b) for a in self.parts for b in other.parts)
        return _total(first, [part for pair in more for part in pair])

    def sign(self) -> NDArray[np.intp]:
        """Tell the sign of each number: -1, 0 or 1."""
        signs: NDArray[np.intp] = np.sign(self.parts[-1]).astype(np.intp)
        return signs


def _total(expansion: Sequence[FloatArray], numbers: Sequence[FloatArray]) -> Expansion:
    """Add numbers to an expansion, one after another."""
    shape = np.broadcast_shapes(*(part.shape for part in (*expansion, *numbers)))
    for number in numbers:
        if number.any():
            grown, rest = [], number
            for part in expansion:
                rest, lost = _sum(rest, part)
                grown.append(lost)
            expansion = [*grown, rest]
    kept = [part for part in expansion if part.any()] or [np.zeros(shape)]
    parts = np.stack([np.broadcast_to(part, shape) for part in kept])
    if len(parts) > 1:  # or all numbers are round
        parts = np.take_along_axis(parts, np.argsort(parts != 0.0, axis=0, kind="stable"), axis=0)
    return Expansion(parts)


def _sum(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Add two numbers; give the sum and what rounding took from it."""
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _product(a: FloatArray, b: FloatArray) -> list[FloatArray]:
    """Multiply two numbers; give what rounding took from the product, and the product."""
    product = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    lost = a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)
    return [lost, product]


def _halves(a: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Split a number into two of at most 26 bits."""
    scaled = _SPLITTER * a
    high = scaled - (scaled - a)
    return high, a - high
