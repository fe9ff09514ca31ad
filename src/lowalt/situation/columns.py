"""Dataclasses whose fields are arrays of one length: tables, row by row one thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Columns:
    """Base of such dataclasses.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Places(Columns):
    ...     x_m: NDArray[np.float64]
    ...     y_m: NDArray[np.float64]
    >>> places = Places(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> Places.together([places, places.rows(places.x_m > 1.0)])
    Places(x_m=array([1., 2., 2.]), y_m=array([3., 4., 4.]))
    """

    def rows(self, which: NDArray[Any]) -> Self:
        """Pick rows by a mask or by their numbers."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))

    @classmethod
    def together(cls, parts: Iterable[Self]) -> Self:
        """Put the rows of one table or more below each other."""
        tables = list(parts)
        return cls(
            *(
                np.concatenate([getattr(table, field.name) for table in tables])
                for field in fields(cls)
            )
        )
