"""Plans judged again and again under one law, one airspace and one budget."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from lowalt.airspace import AirspaceDataset, Zone
from lowalt.assessment import assess
from lowalt.errors import LowaltError, UnknownNameError
from lowalt.facts import Facts
from lowalt.flights import FlightPlan
from lowalt.judgement import CONSEQUENCE, Judgement, RuleResult, judge
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.remedy.supposing import Supposed, supposed
from lowalt.situation import Situation, facts_of, lay
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Decision, Verdict

T = TypeVar("T")

WHERE_AND_WHEN = (
    "datum",
    "coordinates_checked",
    "waypoints",
    "operating_area",
    "route_buffer_m",
    "vertical_buffer_m",
    "take_off_elevation_amsl_m",
    "departure_site",
    "landing_site",
    "crossing",
)
"""All of a plan that it takes to lay it over an airspace."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A plan, what it meets, and what the law says of it.

    Attributes
    ----------
    supposes
        Facts that the plan leaves open, and what they were taken to be.
    """

    plan: FlightPlan
    situation: Situation
    facts: Facts
    judgement: Judgement
    supposes: Supposed = field(default_factory=dict)

    @property
    def submitted_at_ms(self) -> int | None:
        """When the application is made, epoch milliseconds, if that is known."""
        value = self.facts.flight.get("submitted_at")
        return value if isinstance(value, int) else None

    def zones(self, encounters: Iterable[int]) -> list[Zone]:
        """Return the zones of some of its encounters, each once."""
        met = (self.situation.encounters[number].zone for number in encounters)
        return list({zone.identifier: zone for zone in met}.values())

    @property
    def deciding(self) -> tuple[RuleResult, ...]:
        """Rules that hold the decision where it is: at its better end, or at its worse."""
        best, worst = self.judgement.best, self.judgement.worst
        return tuple(
            result
            for result in self.judgement.results
            if (outcome := CONSEQUENCE[result.rule.effect]) is not Decision.PERMITTED
            and (
                (outcome is worst and result.violations)
                or (outcome is best and any(v.certain for v in result.violations))
            )
        )

    @property
    def against(self) -> tuple[str, ...]:
        """Citations of all the rules that stand against the flight, or may, in their order."""
        return tuple(
            result.rule.citation
            for result in self.judgement.results
            if result.violations and CONSEQUENCE[result.rule.effect] is not Decision.PERMITTED
        )

    def is_better_than(self, other: Hearing) -> bool:
        """Whether the worse end of the decision is more lenient, and the better no stricter.

        A chance of a better end is no remedy while the worse one still threatens.
        """
        return self.is_as_good_as(other) and self.judgement.worst.rank < other.judgement.worst.rank

    def is_as_good_as(self, other: Hearing) -> bool:
        """Whether neither end of the decision is stricter."""
        ends = zip(_ends(self.judgement), _ends(other.judgement), strict=True)
        return all(own <= others for own, others in ends)

    @property
    def would_pass(self) -> bool:
        """Whether the plan is permitted, whatever the unknowns but those supposed turn out."""
        return self.judgement.worst is Decision.PERMITTED

    @property
    def passes(self) -> bool:
        """Whether the plan is permitted, whatever the unknowns turn out to be."""
        return self.would_pass and not self.supposes

    def is_nearer_than(self, other: Hearing) -> bool:
        """Whether less holds the decision where it is, at one end at least."""
        own, others = _burden(self.judgement), _burden(other.judgement)
        return own != others and all(a <= b for a, b in zip(own, others, strict=True))


def _ends(judgement: Judgement) -> tuple[int, int]:
    return judgement.best.rank, judgement.worst.rank


def _burden(judgement: Judgement) -> tuple[tuple[int, int], tuple[int, int]]:
    """Count, for both ends of the decision, what is broken or may be at that end."""
    best, worst = judgement.best, judgement.worst
    surely = maybe = 0
    for result in judgement.results:
        outcome = CONSEQUENCE[result.rule.effect]
        surely += sum(v.certain for v in result.violations) if outcome is best else 0
        maybe += len(result.violations) if outcome is worst else 0
    return (best.rank, surely), (worst.rank, maybe)


class Court:
    """Where one plan, and what becomes of it by changes, is heard.

    Parameters
    ----------
    plan
        The plan as it is.
    airspace, rulebook, submitted_at, terrain, geoid
        As for :func:`lowalt.remedies`.
    budget
        How many plans may be heard in search of a remedy; none is heard twice.
    """

    def __init__(
        self,
        plan: FlightPlan,
        *,
        airspace: AirspaceDataset,
        rulebook: Rulebook | None,
        submitted_at: datetime | None,
        terrain: TerrainModel | None,
        geoid: GeoidModel | None,
        budget: int,
    ) -> None:
        self._plan, self._rulebook = plan, rulebook
        self._airspace, self._submitted_at = airspace, submitted_at
        self._terrain, self._geoid = terrain, geoid
        self.left = budget - 1  # the plan as it is comes first
        self._heard: dict[Hashable, Hearing | None] = {}
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Make something once for a key; the next time it is the same."""
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def lay(self, plan: FlightPlan) -> Situation:
        """Lay a plan over the airspace, once for all plans that differ in papers alone."""

        def laid() -> Situation:
            return lay(plan, airspace=self._airspace, terrain=self._terrain, geoid=self._geoid)

        key = tuple(getattr(plan, name) for name in WHERE_AND_WHEN)
        return replace(self.once(key, laid), plan=plan)

    def facts(self, situation: Situation) -> Facts:
        """Derive the facts of a flight."""
        return facts_of(situation, submitted_at=self._submitted_at)

    def hear(self, plan: FlightPlan, supposing: Supposed | None = None) -> Hearing:
        """Judge a plan, some facts supposed where it leaves them open."""
        rulebook = self._law_of(plan)
        situation = self.lay(plan)
        facts, used = supposed(self.facts(situation), supposing or {})
        return Hearing(plan, situation, facts, judge(facts, rulebook=rulebook), used)

    def verdict(self, plan: FlightPlan) -> Verdict:
        """Judge a plan in full, as anybody else would."""
        return assess(
            plan,
            airspace=self._airspace,
            rulebook=self._law_of(plan),
            submitted_at=self._submitted_at,
            terrain=self._terrain,
            geoid=self._geoid,
        )

    def _law_of(self, plan: FlightPlan) -> Rulebook:
        """Find the law of the day to which a plan may have been moved.

        Raises
        ------
        UnknownNameError
            If the one given is not that of the day of the plan as it is, and so imagined.
        RegulationError
            If it was made of rules, of one day.
        """
        given, day, home = self._rulebook, plan.departure.date(), self._plan.departure.date()
        if given is None:
            return load_rulebook("shenzhen", on=day)
        if day == home:
            return given
        if given.on != home:
            raise UnknownNameError(
                f"rulebook {given.name} is that of {given.on} and the flight one of {home};"
                f" its law of {day} is not known"
            )
        return given.of_day(day)

    def try_hearing(
        self,
        plan: FlightPlan,
        supposing: Supposed | None = None,
        *,
        found: bool = False,
    ) -> Hearing | None:
        """Judge a changed plan; ``None`` where it cannot be judged, or the budget is spent.

        A plan moved in place or time may leave what is known: where a map would have shifted it,
        in a year without a calendar, or on a day whose law was not given. That is no remedy.
        What was found is made smaller whatever is left: that takes a few hearings, of plans near
        to one another.
        """
        key = plan.digest, frozenset((supposing or {}).items())
        if key not in self._heard:
            if self.left <= 0 and not found:
                return None
            self.left -= not found
            try:
                self._heard[key] = self.hear(plan, supposing)
            except LowaltError:
                self._heard[key] = None
        return self._heard[key]
