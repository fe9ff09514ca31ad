"""Hovers of a line: groups of actions ask for them, each at a range of waypoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.wpml.elements import Reader

LAST_INDEX: Final = 65_535
"""Greatest index of a waypoint."""

_LONGEST_HOVER_S: Final = 1e6


class Hovers:
    """Sums them up, waypoint by waypoint.

    Attributes
    ----------
    cautions
        What of them is not in the sums.
    """

    def __init__(self) -> None:
        # What the hover grows by from a waypoint to the next: groups take their time once each,
        # however many there are and however long their ranges. Whole milliseconds sum to nothing.
        self._steps_ms = np.zeros(LAST_INDEX + 2, dtype=np.int64)
        self._indices: list[int] = []
        self.cautions: tuple[str, ...] = ()

    def take(self, placemark: Reader, *, index: int) -> None:
        """Note the hovers that a waypoint states.

        Raises
        ------
        InvalidInputError
            If one has no time, or no waypoints.
        """
        self._indices.append(index)
        for group in placemark.each("actionGroup", called="action group"):
            hold_s = sum(
                action.number_that_must_be("actionActuatorFuncParam/hoverTime")
                for action in group.each("action", called="action")
                if action.word("actionActuatorFunc") == "hover"
            )
            if not 0.0 <= hold_s <= _LONGEST_HOVER_S:
                raise InvalidInputError(
                    f"{group.where}: it hovers for {hold_s:g} s; expected 0 to {_LONGEST_HOVER_S:g}"
                )
            if hold_s and group.word("actionTrigger/actionTriggerType") != "reachPoint":
                self.cautions = ("it hovers between waypoints, which is not in its times",)
            elif hold_s:
                self._hover(group, round(1000.0 * hold_s), index=index)

    def _hover(self, group: Reader, hold_ms: int, *, index: int) -> None:
        first, last = (group.count(f"actionGroup{end}Index") for end in ("Start", "End"))
        first = index if first is None else first
        last = first if last is None else last
        if not first <= last <= LAST_INDEX:
            raise InvalidInputError(
                f"{group.where}: from waypoint {first} to {last}; expected a range up to"
                f" {LAST_INDEX}"
            )
        self._steps_ms[first] += hold_ms
        self._steps_ms[last + 1] -= hold_ms

    def seconds(self) -> Sequence[float]:
        """How long it hovers at each waypoint, in the order in which they were taken."""
        steps_ms = np.cumsum(self._steps_ms)[self._indices]
        return [hold_ms / 1000.0 for hold_ms in steps_ms.tolist()]
