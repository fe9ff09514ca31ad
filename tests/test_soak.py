"""A long life: thousands of plans in one process, and several threads at once.

Memory is what the process holds after a warm-up; the answers of threads are those of one.
"""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from lowalt import testing
from lowalt.airspace import load_airspace
from lowalt.assessment import assess
from lowalt.flights import FlightPlan

SHENZHEN = load_airspace("shenzhen")
# As long as ten minutes for all tests allow; by night a long life.
PLANS = 3000 if settings().max_examples > 1000 else 1400
WARM_UP = 400
GROWTH_KIB = 11.5
"""Memory that a plan may leave behind, for what allocators keep."""


def drawn_plans(count: int) -> list[FlightPlan]:
    """Different plans of every kind, the same ones each time."""
    plans: list[FlightPlan] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
    )
    @given(testing.plans())
    def collect(plan: FlightPlan) -> None:
        plans.append(plan)

    collect()
    return plans


def shifted(plan: FlightPlan, minutes: int, *, name: str) -> FlightPlan:
    """Return the plan some minutes later under another name."""
    by = timedelta(minutes=minutes)

    def later(moment: datetime) -> datetime:
        return moment + by

    changes: dict[str, object] = {"plan_id": name}
    if plan.waypoints is not None:
        changes["waypoints"] = tuple(
            w.model_copy(update={"time": later(w.time)}) for w in plan.waypoints
        )
    if (area := plan.operating_area) is not None:
        times = {"start": later(area.start), "end": later(area.end)}
        changes["operating_area"] = area.model_copy(update=times)
    return plan.model_copy(update=changes)


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_thousands_of_plans_leave_no_memory_behind() -> None:
    drawn = drawn_plans(250)
    every = [shifted(drawn[i % 250], i // 250, name=f"plan {i}") for i in range(PLANS)]
    assert len({plan.digest for plan in every}) == PLANS
    before = 0.0
    for number, plan in enumerate(every):
        if number == WARM_UP:
            gc.collect()
            before = resident_mib()
        assert assess(plan, airspace=SHENZHEN).findings
    gc.collect()
    assert resident_mib() - before < (PLANS - WARM_UP) * GROWTH_KIB / 1024


def test_eight_threads_answer_as_one_does() -> None:
    drawn = drawn_plans(60)
    every = [shifted(plan, i % 2, name=f"plan {i}") for i, plan in enumerate(drawn * 2)]

    def answer(plan: FlightPlan) -> str:
        return assess(plan, airspace=SHENZHEN).to_json()

    alone = [answer(plan) for plan in every]
    # A dataset of their own, so that its lazily built shapes are built by all of them at once.
    fresh = load_airspace("shenzhen")
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda plan: assess(plan, airspace=fresh).to_json(), every * 2))
    assert together == alone * 2
    assert len(set(alone)) == len(every)
