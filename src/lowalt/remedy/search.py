"""The search: changes that bear on the causes, judged in order of cost, chained until they pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count, product
from math import inf

from lowalt.airspace import AirspaceDataset
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.rulebook import Rulebook
from lowalt.remedy.awaited import await_weather, provided, tell_weather
from lowalt.remedy.causes import Causes, causes_of
from lowalt.remedy.filing import file, file_in_time
from lowalt.remedy.hearing import Court, Hearing
from lowalt.remedy.height import lower
from lowalt.remedy.offers import Change, Kind, Remedy
from lowalt.remedy.own_ground import over_own_ground
from lowalt.remedy.ports import another_port
from lowalt.remedy.prescribed_route import along_the_route
from lowalt.remedy.settings import settings
from lowalt.remedy.sideways import sideways
from lowalt.remedy.speeds import slower
from lowalt.remedy.statements import statements
from lowalt.remedy.steps import step, steps
from lowalt.remedy.supposing import Supposed
from lowalt.remedy.telling import cured, told
from lowalt.remedy.times import shift
from lowalt.temporal import require_aware
from lowalt.terrain import GeoidModel, TerrainModel

MOST_CHANGES = 3
"""Beside a move in time; nobody carries out a longer list, by then it is another plan."""


@dataclass(frozen=True, slots=True)
class _Trial:
    """Changes that were made, and what came of them."""

    changes: tuple[Change, ...]
    hearing: Hearing

    @property
    def kind(self) -> Kind:
        kinds = {change.kind for change in self.changes}
        return kinds.pop() if len(kinds) == 1 else Kind.COMBINATION

    @property
    def cost(self) -> float:
        return _cost_of(self.changes)

    @property
    def passes(self) -> bool:
        return self.hearing.passes

    @property
    def would_pass(self) -> bool:
        return self.hearing.would_pass


def remedies(
    plan: FlightPlan,
    *,
    airspace: AirspaceDataset,
    rulebook: Rulebook | None = None,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    limit: int = 5,
    budget: int = 60,
) -> tuple[Remedy, ...]:
    """Find the smallest changes that pass, and the single steps that lead nearer to it.

    Each change is made in the plan and the plan is judged again before it is offered. Single
    changes are offered where the worst that the law may say becomes more lenient, and the best no
    stricter. Beside them stands the cheapest chain of them that is permitted for sure, if there is
    one: of three changes at most beside a move in time, each of them needed. What an operator
    cannot choose (mass, capability, nationality, age, kind of operator) is never changed, nor what
    the mission is for; what a plan leaves out may be stated, and is then offered as a statement to
    be made if it is true.

    Weather reports speak of their own time. A flight that is moved to another, or waits for better
    weather, is offered as what it is: a step, that passes once reports say what
    :attr:`Remedy.provided` names.

    Parameters
    ----------
    plan
        The plan.
    airspace, terrain, geoid
        As for :func:`lowalt.assess`.
    rulebook
        The law on the day of the plan, by default Shenzhen's. A flight moved to another day is
        judged by the law of that day, and is not moved so far where rules were added or amended.
    submitted_at
        When the application is made, where that is not what the plan states. No flight is moved
        to before it.
    limit
        How many remedies at most.
    budget
        How many plans may be judged in search of them, 1 or more; it bounds the time taken.
        What was found is made smaller beyond it, by a few more.

    Returns
    -------
    tuple of Remedy
        Those that pass, then the steps, each the least costly first; empty for a plan that is
        permitted, and where none was found.

    Raises
    ------
    InvalidInputError
        If ``limit`` or ``budget`` is below 1, or as :func:`lowalt.assess` does.
    NaiveDatetimeError
        If ``submitted_at`` has no time zone.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/07_one_centimetre_above_120_m.json")
    >>> lower, *_ = remedies(plan, airspace=load_airspace("shenzhen"))
    >>> lower.kind, lower.verdict.decision
    (<Kind.LOWER: 'lower'>, <Decision.PERMITTED: 'permitted'>)
    """
    for name, value in (("limit", limit), ("budget", budget)):
        if value < 1:
            raise InvalidInputError(f"{name}={value}: expected a whole number from 1 up")
    if submitted_at is not None:
        require_aware(submitted_at, field="submitted_at")
    court = Court(
        plan,
        airspace=airspace,
        rulebook=rulebook,
        submitted_at=submitted_at,
        terrain=terrain,
        geoid=geoid,
        budget=budget,
    )
    search = _Search(court, court.hear(plan))
    found = sorted(search.trials(), key=lambda trial: (not trial.passes, trial.cost))[:limit]

    def offered(trial: _Trial) -> Remedy:
        cures = cured(search.original, trial.hearing)
        return Remedy(
            kind=trial.kind,
            parts=tuple(change.kind for change in trial.changes),
            text=told(trial.changes, search.original, trial.hearing, cures),
            provided=provided(trial.hearing.supposes),
            cures=cures,
            cost=trial.cost,
            plan=trial.hearing.plan,
            verdict=court.verdict(trial.hearing.plan),
        )

    return tuple(map(offered, found))


class _Search:
    """One plan before one court."""

    def __init__(self, court: Court, original: Hearing) -> None:
        self.court, self.original = court, original
        self.start = _Trial((), original)

    def trials(self) -> list[_Trial]:
        """Find the single steps that help, and the cheapest chain of them that passes.

        Where no single step helps, several are combined that do.
        """
        if not self.original.deciding:
            return []
        tried = list(self.tried(self.start))
        steps = [t for t in tried if t.hearing.is_better_than(self.original)]
        found = [t for t in steps if not _is_half_of_any(t, steps)]
        cheapest = min((t.cost for t in steps if t.would_pass), default=inf)
        longer = self.chains(tried, below=cheapest)
        passing = [t for t in longer if t.would_pass]
        found += sorted(passing, key=_cost)[:1]
        if not found:
            found += sorted(longer, key=_cost)[:1]
        smallest = map(self.smallest, found)
        return list({trial.hearing.plan.digest: trial for trial in smallest}.values())

    def tried(self, so_far: _Trial, *, below: float = inf) -> Iterator[_Trial]:
        """Make each change that bears on what is left, the cheapest first.

        Of changes that differ only in how much, the least that is enough ends the asking.
        """
        settled = {change.series for change in so_far.changes if change.series}
        for changes in self.candidates(so_far.hearing):
            longer = (*so_far.changes, *changes)
            if _cost_of(longer) >= below or self.court.left <= 0:
                return
            series = changes[0].series
            if series in settled or not _is_in_reach(longer):
                continue
            trial = self.made(so_far, changes)
            if trial is None:
                continue
            if series and trial.hearing.is_better_than(so_far.hearing):
                settled.add(series)
            yield trial

    def candidates(self, hearing: Hearing) -> list[tuple[Change, ...]]:
        """List the changes that bear on the causes, the cheapest first, each once."""
        causes = causes_of(hearing)
        single = [
            *steps(hearing, causes),
            *file(hearing, causes),
            *await_weather(hearing, causes),
            *tell_weather(hearing, causes),
            *along_the_route(hearing, causes),
            *another_port(hearing, causes),
            *over_own_ground(hearing, causes),
            *lower(self.court, hearing, causes),
            *shift(hearing, causes),
            *settings(hearing, causes),
            *slower(hearing, causes),
            *sideways(self.court, hearing, causes),
        ]
        groups = [
            *((change,) for change in single),
            *_together(hearing, causes),
            *statements(causes),
        ]
        unique = {tuple(c.text["en"] for c in group): group for group in groups}
        return sorted(unique.values(), key=_cost_of)

    def made(
        self, so_far: _Trial, changes: Iterable[Change], *, found: bool = False
    ) -> _Trial | None:
        """Make changes beside those made; ``None`` where that is impossible or does nothing."""
        changes = tuple(changes)
        plan: FlightPlan | None = so_far.hearing.plan
        for change in changes:
            plan = None if plan is None else change.apply(plan)
        supposing = _supposed((*so_far.changes, *changes))
        if plan is None or (plan == so_far.hearing.plan and not supposing):
            return None
        hearing = self.court.try_hearing(plan, supposing, found=found)
        return None if hearing is None else _Trial((*so_far.changes, *changes), hearing)

    def chains(self, tried: Iterable[_Trial], *, below: float) -> list[_Trial]:
        """Find changes that help together, the last of them the cheapest that pass.

        Every change brings the plan nearer. The cheapest chain is always the next to be made
        longer, and none is that costs as much as one that passes: of all chains, none is missed
        that is cheaper, as long as the budget lasts.
        """
        order, found, seen = count(), list[_Trial](), set[str]()
        unfinished = [(t.cost, next(order), t) for t in tried if self._is_nearer(t, self.start)]
        heapify(unfinished)
        while unfinished and unfinished[0][0] < below and self.court.left > 0:
            _, _, trial = heappop(unfinished)
            for longer in self.tried(trial, below=below):
                digest = longer.hearing.plan.digest
                if digest in seen or not self._is_nearer(longer, trial):
                    continue
                seen.add(digest)
                if longer.hearing.is_better_than(self.original):
                    found.append(longer)
                if longer.would_pass:
                    below = longer.cost
                    break
                heappush(unfinished, (longer.cost, next(order), longer))
        return found

    def _is_nearer(self, trial: _Trial, than: _Trial) -> bool:
        return trial.hearing.is_nearer_than(than.hearing)

    def smallest(self, found: _Trial) -> _Trial:
        """Ask for no more than it takes: without what is not needed, and as little of each."""
        trial = self.pruned(found)
        for number, change in enumerate(trial.changes):
            if change.sized is not None:
                trial = self.least(trial, number)
        return trial

    def pruned(self, trial: _Trial) -> _Trial:
        """Leave out every change without which the end is as good, and the others still to be had.

        An approval that is held for good covers a late plan too, but nobody gives it to one.
        """
        for change in trial.changes if len(trial.changes) > 1 else ():
            rest = [other for other in trial.changes if other is not change]
            without = self.made(self.start, rest, found=True)
            if without is None or not without.hearing.is_as_good_as(trial.hearing):
                continue
            if self.are_offered(rest):
                return self.pruned(without)
        return trial

    def are_offered(self, changes: Iterable[Change]) -> bool:
        """Whether each thing to be obtained is offered where those before it are made."""
        trial: _Trial | None = self.start
        for change in changes:
            if trial is None:
                return False
            if change.kind is Kind.OBTAIN:
                hearing = trial.hearing
                offered = {change.text["en"] for change in steps(hearing, causes_of(hearing))}
                if change.text["en"] not in offered:
                    return False
            trial = self.made(trial, [change], found=True)
        return True

    def least(self, enough: _Trial, number: int) -> _Trial:
        """Make one change by as little as ends as well: back by longer steps, then between.

        The number of law is nearly always met at once, so that one step back shows it.
        """
        end, step, too_little = enough.hearing, 1, 0
        while (most := enough.changes[number].amount) - too_little > 1:
            amount = max(most - step, (most + too_little) // 2)
            trial = self.made(self.start, _resized(enough.changes, number, amount), found=True)
            if trial is not None and trial.hearing.is_as_good_as(end):
                enough, step = trial, step * 2
            else:
                too_little = amount
        return enough


def _resized(changes: tuple[Change, ...], number: int, amount: int) -> tuple[Change, ...]:
    """Make one of some changes by another number of steps; none at all where that cannot be."""
    sized = changes[number].sized
    change = None if sized is None else sized(amount)
    return () if change is None else (*changes[:number], change, *changes[number + 1 :])


def _cost(trial: _Trial) -> float:
    return trial.cost


def _cost_of(changes: Iterable[Change]) -> float:
    return sum(change.cost for change in changes)


def _supposed(changes: Iterable[Change]) -> Supposed:
    return {key: value for change in changes for key, value in change.supposes.items()}


def _is_in_reach(changes: Iterable[Change]) -> bool:
    """Whether a list is short enough; the same list on another day is no longer for it."""
    moves = [change.kind in (Kind.EARLIER, Kind.LATER) for change in changes]
    return sum(moves) <= 1 and len(moves) - sum(moves) <= MOST_CHANGES


def _together(hearing: Hearing, causes: Causes) -> Iterator[tuple[Change, ...]]:
    """Yield changes that only help together: all that one rule asks for and that is not there."""
    for leaves in causes.asked:
        made = [list(_about(hearing, causes, leaf)) for leaf in leaves]
        if len(leaves) <= MOST_CHANGES and all(made):
            yield from product(*made)


def _about(hearing: Hearing, causes: Causes, leaf: Leaf) -> Iterator[Change]:
    for change in (step(hearing, causes, leaf), file_in_time(hearing, leaf)):
        if change is not None:
            yield change


def _is_half_of_any(trial: _Trial, others: Iterable[_Trial]) -> bool:
    """Whether another trial makes all the same changes, and more, to a better end."""
    own = {change.text["en"] for change in trial.changes}
    return any(
        own < {change.text["en"] for change in other.changes}
        and other.hearing.is_better_than(trial.hearing)
        for other in others
    )
