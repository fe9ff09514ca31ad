"""From calls to sorties: which aircraft flies which task when, and back."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Generic

from lowalt.traffic.chance import Chance, Item
from lowalt.traffic.city import Place
from lowalt.traffic.tracks import Track

# Against the wind, without it, and with it.
PACES = (1.06, 1.0, 0.94)


@dataclass(frozen=True, slots=True)
class Task:
    """What does not change from flight to flight along one way of a route.

    Parameters
    ----------
    code
        Short name of the route within its service; part of the plans' identifiers.
    origin, destination
        Where it takes off and lands.
    track
        How it flies.
    parts
        Parts of the plan, validated, by field.
    stray_m
        How far a flight that strays leaves its track: further than its approval reaches.
    """

    code: str
    origin: Place
    destination: Place
    track: Track
    parts: Mapping[str, Any]
    stray_m: float = 400.0
    _paced: dict[float, Track] = field(default_factory=dict, compare=False, repr=False)

    def paced(self, pace: float) -> Track:
        """Track at a pace."""
        if pace not in self._paced:
            self._paced[pace] = self.track.paced(pace)
        return self._paced[pace]


@dataclass(frozen=True, slots=True)
class Sortie:
    """One flight: a task, a time of the day, and the number of the aircraft."""

    departure_s: int
    task: Task
    crew: int
    pace: float = 1.0

    @property
    def arrival_s(self) -> int:
        """Second of the day of the landing."""
        return self.departure_s + self.task.paced(self.pace).duration_s


class Fleet:
    """The aircraft of one base, as many as its busiest moment asks for.

    Parameters
    ----------
    numbers
        Numbers for new aircraft; the bases of a service draw from the same ones.
    """

    def __init__(self, numbers: Iterator[int]) -> None:
        self._numbers = numbers
        self._ready: list[tuple[int, int]] = []

    def take(self, when_s: int) -> int:
        """Take an aircraft that is ready at a second of the day; calls come in order of time."""
        if self._ready and self._ready[0][0] <= when_s:
            return heapq.heappop(self._ready)[1]
        return next(self._numbers)

    def give_back(self, number: int, ready_s: int) -> None:
        """Give an aircraft back that will be ready at a second of the day."""
        heapq.heappush(self._ready, (ready_s, number))


@dataclass(frozen=True, slots=True)
class Shuttle:
    """A route out from a base and back to it."""

    out: Task
    back: Task

    def fly(
        self, call_s: int, fleet: Fleet, *, stop_s: int, turnaround_s: int, pace: float
    ) -> tuple[Sortie, Sortie]:
        """Fly out at a call, stop at the other end, and come back to be made ready."""
        number = fleet.take(call_s)
        out = Sortie(call_s, self.out, number, pace)
        back = Sortie(out.arrival_s + stop_s, self.back, number, PACES[-1 - PACES.index(pace)])
        fleet.give_back(number, back.arrival_s + turnaround_s)
        return out, back


class Weighted(Generic[Item]):
    """Things to choose from, some more often than others."""

    def __init__(self, items: Iterable[tuple[Item, float]]) -> None:
        pairs = list(items)
        self.items: Sequence[Item] = [item for item, _ in pairs]
        self._until = list(accumulate(weight for _, weight in pairs))

    def choose(self, chance: Chance) -> Item:
        """Choose one."""
        at = bisect_right(self._until, chance.share() * self._until[-1])
        return self.items[min(at, len(self.items) - 1)]
