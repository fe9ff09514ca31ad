"""The search: changes that bear on the causes, judged in order of cost, combined if need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import product

from lowalt.airspace import AirspaceDataset
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual
from lowalt.regulations.rulebook import Rulebook
from lowalt.remedy.causes import Causes, causes_of
from lowalt.remedy.filing import file, file_in_time
from lowalt.remedy.hearing import Court, Hearing
from lowalt.remedy.height import lower
from lowalt.remedy.offers import Change, Kind, Remedy
from lowalt.remedy.settings import settings
from lowalt.remedy.sideways import sideways
from lowalt.remedy.speeds import slower
from lowalt.remedy.statements import statements
from lowalt.remedy.steps import step, steps
from lowalt.remedy.times import shift
from lowalt.temporal import require_aware
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.wording import both

MOST_CHANGES = 3
"""Nobody carries out a longer list; by then it is another plan."""


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
        return sum(change.cost for change in self.changes)


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
    """Find the smallest changes that lead to a better decision.

    A decision is better where one of its ends is more lenient and neither is stricter. Each change
    is made in the plan and the plan is judged again before it is offered; where no single change
    is enough, two or three are combined. What an operator cannot choose (mass, capability,
    nationality, age, kind of operator) is never changed; what a plan leaves out may be stated, and
    is then offered as a statement to be made if it is true.

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

    Returns
    -------
    tuple of Remedy
        The least costly first; empty for a plan that is permitted, and where none was found.

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
    found = sorted(search.trials(), key=lambda trial: trial.cost)[:limit]

    def offered(trial: _Trial) -> Remedy:
        cures = _cures(search.original, trial.hearing)
        return Remedy(
            kind=trial.kind,
            parts=tuple(change.kind for change in trial.changes),
            text=_text(trial, search.original, cures),
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

    def trials(self) -> Iterator[_Trial]:
        """Yield what is enough: single changes, else one combination."""
        if not self.original.deciding:
            return
        tried = list(self.tried(_Trial((), self.original)))
        enough = [t for t in tried if t.hearing.is_better_than(self.original)]
        if enough:
            yield from (t for t in map(self.pruned, enough) if not _is_half_of_any(t, enough))
            return
        combined = self.combined(tried)
        if combined is not None:
            yield self.pruned(combined)

    def tried(self, so_far: _Trial) -> Iterator[_Trial]:
        """Make each change that bears on what is left, the cheapest first.

        Of changes that differ only in how much, the least that is enough ends the asking.
        """
        settled = {change.kind for change in so_far.changes if change.sized is not None}
        for changes in self.candidates(so_far.hearing):
            sized = changes[0].kind if changes[0].sized is not None else None
            if sized in settled or len(so_far.changes) + len(changes) > MOST_CHANGES:
                continue
            trial = self.made(so_far, changes)
            if trial is None:
                continue
            if sized is not None and trial.hearing.is_better_than(self.original):
                settled.add(sized)
                trial = self.least(so_far, trial)
            yield trial

    def candidates(self, hearing: Hearing) -> list[tuple[Change, ...]]:
        """List the changes that bear on the causes, the cheapest first, each once."""
        causes = causes_of(hearing)
        single = [
            *steps(hearing, causes),
            *file(hearing, causes),
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
        return sorted(unique.values(), key=lambda group: sum(change.cost for change in group))

    def made(self, so_far: _Trial, changes: Iterable[Change]) -> _Trial | None:
        """Make changes beside those made; ``None`` where that is impossible or does nothing."""
        changes = tuple(changes)
        plan: FlightPlan | None = so_far.hearing.plan
        for change in changes:
            plan = None if plan is None else change.apply(plan)
        if plan is None or plan == so_far.hearing.plan:
            return None
        hearing = self.court.try_hearing(plan)
        return None if hearing is None else _Trial((*so_far.changes, *changes), hearing)

    def least(self, so_far: _Trial, enough: _Trial) -> _Trial:
        """Make a change by as little as is enough: back by longer and longer steps, then between.

        The number of law is nearly always met at once, so that one step back shows it.
        """
        sized, step, too_little = enough.changes[-1].sized, 1, 0
        assert sized is not None
        while (most := enough.changes[-1].amount) - too_little > 1:
            amount = max(most - step, (most + too_little) // 2)
            change = sized(amount)
            trial = None if change is None else self.made(so_far, (change,))
            if trial is not None and trial.hearing.is_better_than(self.original):
                enough, step = trial, step * 2
            else:
                too_little = amount
        return enough

    def combined(self, tried: list[_Trial]) -> _Trial | None:
        """Take the cheapest change that brings the plan nearer, again and again."""
        trial = _Trial((), self.original)
        while True:
            nearer = [t for t in tried if t.hearing.is_nearer_than(trial.hearing)]
            if not nearer:
                return None
            trial = min(nearer, key=lambda t: t.cost)
            if trial.hearing.is_better_than(self.original):
                return trial
            if len(trial.changes) >= MOST_CHANGES:
                return None
            tried = list(self.tried(trial))

    def pruned(self, trial: _Trial) -> _Trial:
        """Leave out every change without which the end is as good."""
        for change in trial.changes if len(trial.changes) > 1 else ():
            rest = [other for other in trial.changes if other is not change]
            without = self.made(_Trial((), self.original), rest)
            if without is not None and without.hearing.is_as_good_as(trial.hearing):
                return self.pruned(without)
        return trial


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


def _cures(before: Hearing, after: Hearing) -> tuple[str, ...]:
    """Rules that stood against the flight, or may have, and no longer do: the sure ones first."""
    sure = {
        result.rule.citation
        for result in before.deciding
        if any(violation.certain for violation in result.violations)
    }
    gone = [citation for citation in before.against if citation not in after.against]
    return tuple(sorted(gone, key=lambda citation: citation not in sure))


def _text(trial: _Trial, original: Hearing, cures: tuple[str, ...]) -> Bilingual:
    """Say what to change, and which provisions then no longer stand against the flight."""
    provisions = {
        r.rule.citation: (r.rule.instrument.short_title, r.rule.provision.label)
        for r in original.judgement.results
    }
    cited = [provisions[citation] for citation in cures[:3]]
    more = len(cures) - len(cited)
    zh = "；并".join(change.text["zh"] for change in trial.changes)
    en = "; and ".join(change.text["en"] for change in trial.changes)
    if not cited:
        return both(zh, en)
    named = (
        "、".join(f"{title['zh']}{label['zh']}" for title, label in cited),
        ", ".join(f"{title['en']} {label['en']}" for title, label in cited),
    )
    return both(
        f"{zh}（不再涉及{named[0]}{f'等 {len(cures)} 条' if more else ''}）",
        f"{en} (no longer concerned: {named[1]}{f' and {more} more' if more else ''})",
    )
