"""What of one plan decides whether it yields to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lowalt.errors import InvalidInputError
from lowalt.flights import Aircraft, FlightPlan, Mission, Operator, Submission
from lowalt.missions import LEISURE, Rank, rank_of
from lowalt.regulations.model import Bilingual
from lowalt.situation.declared.tasks import task_facts
from lowalt.temporal import require_aware
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.wording import both

FLYING_TOGETHER = "cn/order_761_2023#art_22__para_2"
"""The duty to have fusion flight approved; met or waived, it lets unmanned among manned fly."""

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
        if accepted_at is not None:
            require_aware(accepted_at, field=f"accepted_at[{plan.plan_id!r}]")
        rank, doubt = _rank(plan)
        return cls(
            plan_id=plan.plan_id,
            verdict=verdict,
            is_unmanned=(plan.aircraft or Aircraft()).is_unmanned,
            rank=rank,
            doubt=doubt,
            is_accepted=accepted_at is not None,
            came_at=accepted_at or (plan.submission or Submission()).submitted_at,
        )

    @property
    def may_fly(self) -> bool:
        """Whether it is not known to be prohibited."""
        return self.verdict is None or self.verdict.decision is not Decision.PROHIBITED

    @property
    def may_fly_with_manned(self) -> bool:
        """Whether the law was found to let it fly among manned aircraft, as it asks to."""
        findings = () if self.verdict is None else self.verdict.findings
        return any(
            finding.citation == FLYING_TOGETHER and finding.status in {Status.MET, Status.WAIVED}
            for finding in findings
        )


def _rank(plan: FlightPlan) -> tuple[Rank, Bilingual | None]:
    """Rank that a plan has, and why it is not the one it claims."""
    kind = (plan.mission or Mission()).kind
    office = (plan.operator or Operator()).kind
    if kind is None:
        return LEISURE, both(
            f"{plan.plan_id} 未说明任务性质，按末位计",
            f"{plan.plan_id} does not state its mission, and counts as the last",
        )
    is_assigned = task_facts(plan)["task_is_assigned"]
    rank = rank_of(kind, office, is_assigned=is_assigned is True)
    if rank == rank_of(kind, office):
        return rank, None
    zh, en = _UNSUPPORTED[is_assigned is False]
    return rank, both(
        f"{plan.plan_id} 所称“{kind.zh}”不计：{zh}",
        f"{plan.plan_id}'s claim of {kind.en} does not count: {en}",
    )
