"""When levels of an index are merged, and which."""

from __future__ import annotations

from typing import Final

import numpy as np

from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.states import State

LATEST_MOST = 1024
"""Flights accepted last that are looked through; more are merged into a level with cells."""

LEVELS_MOST: Final = 16
"""Levels that a query looks at one after another; more are merged. Large batches are one each."""

LEVELS_LIMIT: Final = 48
"""Levels at which whoever adds one more has to wait for a merge: the C core takes 64."""

_GROWTH = 8
"""A level is merged into a new one that would be more than an eighth of it."""


def is_due(state: State) -> bool:
    """Whether there are too many flights to look through, or too many levels."""
    return state.count >= LATEST_MOST or len(state.levels) > LEVELS_MOST


def first_to_merge(state: State) -> int:
    """Give the first level to merge: each is small beside what is merged into it, or half gone.

    Levels beyond half of what there may be are merged whatever their size.
    """
    size, first = state.count, len(state.levels)
    for number in range(len(state.levels) - 1, -1, -1):
        level = state.levels[number]
        if (
            number < LEVELS_MOST // 2
            and len(level) >= _GROWTH * size
            and 2 * np.count_nonzero(level.flights.gone) < len(level)
        ):
            break
        size, first = size + len(level), number
    return first


def alive(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """Leave out levels that all flights have left."""
    return tuple(level for level in levels if not level.flights.gone.all())
