"""What of one plan decides whether it yields to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lowalt.errors import InvalidInputError
from lowalt.flights import Aircraft, Crossing, FlightPlan, Mission, Operator, Submission
from lowalt.geodesy import geodesic_distance_m
from lowalt.missions import LEISURE, MISSIONS, Rank, rank_of
from lowalt.regulations.model import Bilingual
from lowalt.situation.declared.tasks import task_facts
from lowalt.terms import Jurisdiction, MissionKind
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.wording import both

FLYING_TOGETHER = "cn/order_761_2023#art_22__para_2"
"""The duty to have fusion flight approved."""

_FUSION = (FLYING_TOGETHER, f"{FLYING_TOGETHER}__cases")
"""Duties that, met or waived, let unmanned among manned fly."""

_APPROVED_FLIGHT = ("cn/order_761_2023#art_26__para_1", "cn/order_288_2007#art_35")
"""Duties that are met by an approval held for the flight, unmanned or manned."""

_SIGHTSEEING_WITHIN_M = 1000.0
"""Passengers who are brought back to so near where they took off are shown the sights, and carried
along no line. No text that was read says; the figure is ours."""

_UNSUPPORTED = {
    True: ("与所述事实不符", "the facts stated contradict it"),
    False: ("未说明任务由谁下达", "it is not stated who ordered the task"),
}
"""Why a claim does not count, by whether the facts contradict it or only leave it open."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a plan decides whether it yields.

    Attributes
    ----------
    is_unmanned
        ``None`` where the plan does not say.
    operator
        Name of the operator; ``None`` where the plan does not say.
    shares_with_own_only
        Whether the only manned aircraft that it is to fly among are its operator's own.
    departs_on
        Day of take-off, Chinese time.
    is_over_mainland
        Whether any of it is flown over the Mainland; ``None`` where no verdict shows it.
    rank
        That of its mission, or of a flight without one where the claim does not count.
    doubt
        Why the mission it claims does not count; ``None`` where it does.
    is_accepted
        Whether it is accepted already.
    came_at
        When it was accepted, or else filed; ``None`` where that is not known.
    """

    plan_id: str
    verdict: Verdict | None
    is_unmanned: bool | None
    operator: str | None
    shares_with_own_only: bool
    departs_on: date
    is_over_mainland: bool | None
    rank: Rank
    doubt: Bilingual | None
    is_accepted: bool
    came_at: datetime | None

    @classmethod
    def of(
        cls, plan: FlightPlan, verdict: Verdict | None, accepted_at: datetime | None
    ) -> Standing:
        """Take from a plan what decides; refuse a verdict of another version of it."""
        if verdict is not None and verdict.record.plan != plan.digest:
            raise InvalidInputError(
                f"plan {plan.plan_id!r}: the verdict given is of another version of it; assess the"
                " plan as it stands"
            )
        rank, doubt = _rank(plan, verdict)
        return cls(
            plan_id=plan.plan_id,
            verdict=verdict,
            is_unmanned=(plan.aircraft or Aircraft()).is_unmanned,
            operator=(plan.operator or Operator()).name,
            shares_with_own_only=(plan.mission or Mission()).with_own_manned_aircraft is True,
            departs_on=plan.departure.date(),
            is_over_mainland=None if verdict is None else _is_over_mainland(verdict),
            rank=rank,
            doubt=doubt,
            is_accepted=accepted_at is not None,
            came_at=accepted_at or (plan.submission or Submission()).submitted_at,
        )

    @property
    def may_fly(self) -> bool:
        """Whether it is not known to be prohibited."""
        return self.verdict is None or self.verdict.decision is not Decision.PROHIBITED

    def may_fly_among(self, manned: Standing) -> bool:
        """Whether the law was found to let it fly among such manned aircraft, as it asks to."""
        if self.shares_with_own_only and (
            self.operator is None or self.operator != manned.operator
        ):
            return False
        return all(_status(self.verdict, duty) in {Status.MET, Status.WAIVED} for duty in _FUSION)


def _status(verdict: Verdict | None, citation: str) -> Status | None:
    """Find the status of a duty of the whole flight; ``None`` where no verdict shows it."""
    findings = () if verdict is None else verdict.findings
    return next((each.status for each in findings if each.citation == citation), None)


def _is_over_mainland(verdict: Verdict) -> bool | None:
    home = (leg.exists for leg in verdict.legs if leg.jurisdiction is Jurisdiction.MAINLAND)
    found = Truth.any_of(home)
    return None if found is Truth.UNKNOWN else found is Truth.TRUE


def _rank(plan: FlightPlan, verdict: Verdict | None) -> tuple[Rank, Bilingual | None]:
    """Rank that a plan has, and why it is not the one it claims."""
    kind = (plan.mission or Mission()).kind
    office = (plan.operator or Operator()).kind
    if kind is None:
        return LEISURE, both(
            f"{plan.plan_id} 未说明任务性质，按末位计",
            f"{plan.plan_id} does not state its mission, and counts as the last",
        )
    is_assigned = task_facts(plan)["task_is_assigned"]
    rank = rank_of(
        kind,
        office,
        is_assigned=is_assigned is True,
        is_on_approved_line=_is_on_approved_line(plan, verdict),
    )
    if rank == rank_of(kind, office):
        return rank, None
    if not MISSIONS[kind].needs_order:
        return rank, both(
            f"{plan.plan_id} 未见获批航线，按其他作业计",
            f"{plan.plan_id} is not shown to fly an approved route, and counts as other work",
        )
    zh, en = _UNSUPPORTED[is_assigned is False]
    return rank, both(
        f"{plan.plan_id} 所称“{kind.zh}”不计：{zh}",
        f"{plan.plan_id}'s claim of {kind.en} does not count: {en}",
    )


def _is_on_approved_line(plan: FlightPlan, verdict: Verdict | None) -> bool:
    """Whether a route is stated that others know, or an approval is shown to be held for it."""
    mission, crossing = plan.mission or Mission(), plan.crossing or Crossing()
    if mission.kind is MissionKind.PASSENGER and _is_sightseeing(plan):
        return False
    is_stated = mission.on_public_route or crossing.corridor or crossing.prescribed_route
    return bool(is_stated) or any(_status(verdict, duty) is Status.MET for duty in _APPROVED_FLIGHT)


def _is_sightseeing(plan: FlightPlan) -> bool:
    """Whether passengers are carried nowhere: round an area, or back to where they took off."""
    if plan.waypoints is None:
        return True
    first, last = plan.waypoints[0], plan.waypoints[-1]
    ends = ([(end.lon_deg, end.lat_deg)] for end in (first, last))
    return bool(geodesic_distance_m(*ends)[0] <= _SIGHTSEEING_WITHIN_M)
