"""The page of a day, with the pages of its plans beside it where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lowalt.cli.check.progress import progress
from lowalt.cli.options import EXIT_AGAINST, EXIT_CLEAR, fail
from lowalt.cli.report.single import Single, write_page

if TYPE_CHECKING:
    from lowalt.assessment.many import VerdictTable
    from lowalt.density import DensityTable
    from lowalt.flights import FlightPlan
    from lowalt.report.conflicts import PlanConflict
    from lowalt.verdicts import Verdict

_ESCAPED = str.maketrans({"%": "%25", "#": "%23", "?": "%3F"})
"""What ends or changes a link though it may stand in the name of a folder."""


@dataclass(frozen=True, slots=True)
class Day:
    """What the page of a day shows."""

    single: Single
    conflicts: bool
    pages: Path | None
    capacity: int | None
    cell_m: float
    bands_m: tuple[float, ...]

    def write(self, plans: Sequence[FlightPlan], out: Path) -> int:
        """Judge the plans, write the page, and return the exit code."""
        from lowalt.errors import LowaltError
        from lowalt.report.day import day_page
        from lowalt.verdicts import Decision

        world, links_to = self.single.world, self._folder(out)
        try:
            table = self._judged(plans)
            found = self._conflicts(plans) if self.conflicts else None
            verdicts = self._in_full(plans, table)
            page = day_page(
                plans,
                table,
                verdicts=verdicts.values(),
                density=self._density(plans),
                capacity=self.capacity,
                conflicts=found,
                pages=self._pages(plans, verdicts, found, links_to),
                airspace=world.airspace,
                rulebook=world.law(min(plan.departure for plan in plans).date()),
                lang=self.single.lang,
                now=self.single.as_of,
            )
        except LowaltError as error:
            fail(str(error))
        write_page(out, page)
        counts = table.counts()
        against = counts.get(Decision.PROHIBITED) or counts.get(Decision.INDETERMINATE)
        return EXIT_AGAINST if against else EXIT_CLEAR

    def _judged(self, plans: Sequence[FlightPlan]) -> VerdictTable:
        from lowalt.assessment.many import assess_many

        world, asked = self.single.world, self.single.asked
        days = {plan.departure.date() for plan in plans}
        if asked.rules and len(days) > 1:
            fail("--rules: rules of your own are added to the law of one day; report each day")
        return assess_many(
            plans,
            airspace=world.airspace,
            rulebook=world.law(min(days)) if asked.rules else None,
            submitted_at=asked.submitted_at,
            terrain=world.terrain,
            geoid=world.geoid,
        )

    def _in_full(self, plans: Sequence[FlightPlan], table: VerdictTable) -> dict[str, Verdict]:
        """Judge in full what is not simply permitted; all, where each has a page."""
        from lowalt.verdicts import Decision

        asked = [
            plan
            for plan, decision in zip(plans, table.decisions, strict=True)
            if self.pages is not None or decision is not Decision.PERMITTED
        ]
        verdicts: dict[str, Verdict] = {}
        with progress("verdicts", total=len(asked)) as told:
            for plan in asked:
                verdicts[plan.plan_id] = self.single.judge(plan)
                told(1)
        return verdicts

    def _conflicts(self, plans: Sequence[FlightPlan]) -> list[PlanConflict]:
        from lowalt.cli.searching import Search

        world = self.single.world
        return Search(plans, terrain=world.terrain, geoid=world.geoid).answer().found

    def _density(self, plans: Sequence[FlightPlan]) -> DensityTable:
        from lowalt.density import density_table

        world = self.single.world
        return density_table(
            plans,
            cell_m=self.cell_m,
            bands_m=self.bands_m,
            terrain=world.terrain,
            geoid=world.geoid,
        )

    def _folder(self, out: Path) -> str:
        """Make the folder of pages, and say how the page of the day links to it."""
        if self.pages is None:
            return ""
        beside = out.resolve().parent
        try:
            link = self.pages.resolve().relative_to(beside).as_posix()
        except ValueError:
            fail(
                f"--pages: given {str(self.pages)!r}, expected a folder in that of {out}: {beside}"
            )
        try:
            self.pages.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(f"--pages: given {str(self.pages)!r}, expected a folder to write to: {error}")
        return link.translate(_ESCAPED)

    def _pages(
        self,
        plans: Sequence[FlightPlan],
        verdicts: dict[str, Verdict],
        found: Sequence[PlanConflict] | None,
        links_to: str,
    ) -> dict[str, str]:
        """Write the page of each plan, and say where it is beside the page of the day."""
        if self.pages is None:
            return {}
        links: dict[str, str] = {}
        with progress("pages", total=len(plans)) as told:
            for number, plan in enumerate(plans, start=1):
                own = None
                if found is not None:
                    own = [each for each in found if plan.plan_id in each.between]
                # Numbered: a name may hold what no file may be called.
                name = f"plan-{number:05}.html"
                page = self.single.page(plan, verdicts[plan.plan_id], conflicts=own)
                write_page(self.pages / name, page)
                links[plan.plan_id] = f"{links_to}/{name}"
                told(1)
        return links
