"""The page of one plan, judged and written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lowalt.cli.check.asked import Asked, World
from lowalt.cli.options import EXIT_AGAINST, EXIT_CLEAR, fail

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan
    from lowalt.report.conflicts import PlanConflict
    from lowalt.verdicts import Verdict


class Single:
    """Judges plans one by one and writes their pages.

    Parameters
    ----------
    asked
        What is asked of every plan.
    as_of
        Moment for which to say what is late.
    lang
        Language shown first.
    remedies
        Whether to look for what would make a plan pass.
    """

    def __init__(
        self,
        asked: Asked,
        *,
        as_of: datetime | None,
        lang: Literal["zh", "en"],
        remedies: bool,
    ) -> None:
        self.asked, self.as_of, self.lang, self._remedies = asked, as_of, lang, remedies
        self.world = World(asked)

    def write(
        self, plan: FlightPlan, out: Path, *, others: Sequence[FlightPlan] | None = None
    ) -> int:
        """Judge a plan, write its page, and return the exit code."""
        from lowalt.errors import LowaltError

        try:
            verdict = self.judge(plan)
            conflicts = None if others is None else self._conflicts(plan, others)
            page = self.page(plan, verdict, conflicts=conflicts)
        except LowaltError as error:
            fail(f"{plan.plan_id}: {error}")
        write_page(out, page)
        return exit_code(verdict)

    def judge(self, plan: FlightPlan) -> Verdict:
        """Say what the law of its day says of a plan."""
        from lowalt.assessment import assess

        return assess(plan, **self._given(plan))

    def page(
        self, plan: FlightPlan, verdict: Verdict, *, conflicts: Sequence[PlanConflict] | None
    ) -> str:
        """Write the page of a plan that was judged."""
        from lowalt.remedy import remedies
        from lowalt.report.page import report_page
        from lowalt.verdicts import Decision

        given = self._given(plan)
        offered = None
        if self._remedies and verdict.decision is not Decision.PERMITTED:
            offered = remedies(plan, **given)
        return report_page(
            verdict,
            plan,
            airspace=self.world.airspace,
            terrain=self.world.terrain,
            geoid=self.world.geoid,
            conflicts=conflicts,
            remedies=offered,
            rulebook=given["rulebook"],
            lang=self.lang,
            now=self.as_of,
        )

    def _given(self, plan: FlightPlan) -> dict[str, Any]:
        return {
            "airspace": self.world.airspace,
            "rulebook": self.world.law(plan.departure.date()),
            "submitted_at": self.asked.submitted_at,
            "terrain": self.world.terrain,
            "geoid": self.world.geoid,
        }

    def _conflicts(self, plan: FlightPlan, others: Sequence[FlightPlan]) -> list[PlanConflict]:
        """Find the conflicts of a plan with others; a folder of others may hold the plan itself."""
        from lowalt.cli.searching import Search

        apart = [other for other in others if other.plan_id != plan.plan_id]
        search = Search([plan, *apart], terrain=self.world.terrain, geoid=self.world.geoid)
        return [found for found in search.answer().found if plan.plan_id in found.between]


def write_page(out: Path, page: str) -> None:
    """Write a page whole or not at all."""
    from lowalt.documents import write_document

    try:
        write_document(out.resolve(), page.encode())
    except OSError as error:
        fail(f"{out}: {error.strerror or error}; name a file in a folder that can be written to")


def exit_code(verdict: Verdict) -> int:
    """Say whether something stands against a flight, or is open."""
    from lowalt.verdicts import Decision

    against = verdict.decision in (Decision.PROHIBITED, Decision.INDETERMINATE)
    return EXIT_AGAINST if against else EXIT_CLEAR
